/*-------------------------------------------------------------------------
 * times_common.c
 *		Words that are written alike in every language: zones by their letters.
 */
#include "pure/phrases/times_words.h"

/* By these indexes the tables of the languages name zones. */
const char *const va_phrase_zones[] = {
	[VA_ZONE_UTC] = "UTC",
	[VA_ZONE_LONDON] = "Europe/London",
	[VA_ZONE_CENTRAL_EUROPE] = "Europe/Berlin",
	[VA_ZONE_MADRID] = "Europe/Madrid",
	[VA_ZONE_PARIS] = "Europe/Paris",
	[VA_ZONE_ATLANTIC] = "America/Halifax",
	[VA_ZONE_EASTERN] = "America/New_York",
	[VA_ZONE_CENTRAL] = "America/Chicago",
	[VA_ZONE_MOUNTAIN] = "America/Denver",
	[VA_ZONE_PACIFIC] = "America/Los_Angeles",
	[VA_ZONE_ALASKA] = "America/Anchorage",
	[VA_ZONE_HAWAII] = "Pacific/Honolulu",
	[VA_ZONE_SYDNEY] = "Australia/Sydney",
	[VA_ZONE_ADELAIDE] = "Australia/Adelaide",
	[VA_ZONE_PERTH] = "Australia/Perth",
	[VA_ZONE_AUCKLAND] = "Pacific/Auckland",
	[VA_ZONE_MEXICO] = "America/Mexico_City",
	[VA_ZONE_BUENOS_AIRES] = "America/Argentina/Buenos_Aires",
	[VA_ZONE_BOGOTA] = "America/Bogota",
	[VA_ZONE_LIMA] = "America/Lima",
	[VA_ZONE_SANTIAGO] = "America/Santiago",
	[VA_ZONE_CANARY] = "Atlantic/Canary",
	[VA_ZONE_VIENNA] = "Europe/Vienna",
	[VA_ZONE_ZURICH] = "Europe/Zurich",
	[VA_ZONE_MONTREAL] = "America/Toronto",
	[VA_ZONE_TOKYO] = "Asia/Tokyo",
	[VA_ZONE_DUBLIN] = "Europe/Dublin",
	[VA_ZONE_LISBON] = "Europe/Lisbon",
};

static const VaPhraseEntry entries[] = {
	{ VA_WORD_ZONE, VA_ZONE_UTC, "utc|gmt|zulu time|greenwich mean time" },
	{ VA_WORD_ZONE, VA_ZONE_LONDON, "bst" },
	{ VA_WORD_ZONE, VA_ZONE_CENTRAL_EUROPE, "cest" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_CENTRAL_EUROPE, "cet|mez|mesz" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_ATLANTIC, "ast|adt" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_EASTERN, "est|edt|et" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_CENTRAL, "cst|cdt|ct" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_MOUNTAIN, "mst|mdt|mt" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_PACIFIC, "pst|pdt|pt" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_ALASKA, "akst|akdt" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_HAWAII, "hst" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_SYDNEY, "aest|aedt" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_ADELAIDE, "acst|acdt" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_PERTH, "awst" },
	{ VA_WORD_ZONE_WEAK, VA_ZONE_AUCKLAND, "nzst|nzdt" },
};

const VaPhraseTable va_times_common = { "", 0, entries, sizeof(entries) / sizeof(entries[0]) };
