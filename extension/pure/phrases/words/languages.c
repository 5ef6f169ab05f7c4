/*-------------------------------------------------------------------------
 * languages.c
 *		The languages, made by words/generate of the tables in words/.
 *
 * Pure.
 */
#include "pure/phrases/words/lexicon.h"
#include "pure/phrases/words/times_words.h"

#include <string.h>
#include <strings.h>

#include "pure/phrases/words.inc"

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
	[VA_ZONE_HAWAII] = "Pacific/Honolulu",
	[VA_ZONE_SYDNEY] = "Australia/Sydney",
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
	[VA_ZONE_MONTEVIDEO] = "America/Montevideo",
	[VA_ZONE_GUADELOUPE] = "America/Guadeloupe",
	[VA_ZONE_MARTINIQUE] = "America/Martinique",
	[VA_ZONE_REUNION] = "Indian/Reunion",
	[VA_ZONE_CASABLANCA] = "Africa/Casablanca",
	[VA_ZONE_DAKAR] = "Africa/Dakar",
	[VA_ZONE_WARSAW] = "Europe/Warsaw",
	[VA_ZONE_PRAGUE] = "Europe/Prague",
	[VA_ZONE_VANCOUVER] = "America/Vancouver",
	[VA_ZONE_PUERTO_RICO] = "America/Puerto_Rico",
	[VA_ZONE_LUXEMBOURG] = "Europe/Luxembourg",
	[VA_ZONE_LISBON] = "Europe/Lisbon",
	[VA_ZONE_SINGAPORE] = "Asia/Singapore",
	[VA_ZONE_DUBAI] = "Asia/Dubai",
	[VA_ZONE_HONG_KONG] = "Asia/Hong_Kong",
	[VA_ZONE_INDIA] = "Asia/Kolkata",
	[VA_ZONE_MOSCOW] = "Europe/Moscow",
	[VA_ZONE_ISTANBUL] = "Europe/Istanbul",
	[VA_ZONE_ROME] = "Europe/Rome",
	[VA_ZONE_AMSTERDAM] = "Europe/Amsterdam",
	[VA_ZONE_BRUSSELS] = "Europe/Brussels",
	[VA_ZONE_ATHENS] = "Europe/Athens",
	[VA_ZONE_PHOENIX] = "America/Phoenix",
	[VA_ZONE_SAO_PAULO] = "America/Sao_Paulo",
	[VA_ZONE_CARACAS] = "America/Caracas",
	[VA_ZONE_SHANGHAI] = "Asia/Shanghai",
};

const VaLanguage *
va_language(const char *tag)
{
	for (const VaLanguage *language = va_languages; language->code != NULL; language++)
	{
		if (strncasecmp(language->code, tag, 2) == 0)
			return language;
	}
	return NULL;
}

bool
va_lists_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list == NULL ? NULL : strstr(list, word); len > 0 && at != NULL; at = strstr(at + 1, word))
	{
		if (at > list && at[-1] == '|' && at[len] == '|')
			return true;
	}
	return false;
}
