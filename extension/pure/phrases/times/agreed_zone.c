/*-------------------------------------------------------------------------
 * agreed_zone.c
 *		Instants as programs write them, the zone by whose clock a time is
 *		meant, and whether words name any time.
 */
#include "pure/phrases/times/agreed_internal.h"

#include <stdio.h>
#include <string.h>

/* No zone is farther from Greenwich, in minutes. */
#define MOST_EAST 840
#define MOST_WEST 720

static int
digits_at(VaAgreedText text, size_t at, size_t count)
{
	int value = 0;

	if (at + count > text.len)
		return -1;
	for (size_t i = at; i < at + count; i++)
	{
		if (text.text[i] < '0' || text.text[i] > '9')
			return -1;
		value = value * 10 + text.text[i] - '0';
	}
	return value;
}

static char
char_at(VaAgreedText text, size_t at)
{
	return at < text.len ? text.text[at] : '\0';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* +05:30, -0800 or Z, in minutes; false: none, or no zone's. */
static bool
read_offset(VaAgreedText text, size_t at, int *offset)
{
	char sign = char_at(text, at);
	bool colon = char_at(text, at + 3) == ':';
	int hours = digits_at(text, at + 1, 2);
	int minutes = digits_at(text, at + (colon ? 4 : 3), 2);
	size_t end = at + (colon ? 6 : 5);

	*offset = 0;
	if (sign == 'Z' || sign == 'z')
		return !is_letter(char_at(text, at + 1));
	if ((sign != '+' && sign != '-') || hours < 0 || minutes < 0 || minutes > 59 || digits_at(text, end, 1) >= 0 ||
		char_at(text, end) == ':')
		return false;
	*offset = (60 * hours + minutes) * (sign == '-' ? -1 : 1);
	return *offset <= MOST_EAST && *offset >= -MOST_WEST;
}

/* An instant that begins at a byte; false: none does. */
static bool
instant_at(VaAgreedText text, size_t from, VaAgreedInstant *instant)
{
	int year = digits_at(text, from, 4);
	int month = digits_at(text, from + 5, 2);
	int day = digits_at(text, from + 8, 2);
	int hour = digits_at(text, from + 11, 2);
	int minute = digits_at(text, from + 14, 2);
	char between = char_at(text, from + 10);
	size_t at = from + 16;
	bool seconds = false;
	int offset;
	int minutes;

	if (year < 1900 || year > 2199 || char_at(text, from + 4) != '-' || month < 1 || char_at(text, from + 7) != '-' ||
		day < 1 || (between != 'T' && between != 't' && between != ' ') || hour < 0 || hour > 23 ||
		char_at(text, from + 13) != ':' || minute < 0 || minute > 59 || !va_is_civil_day(year, month, day))
		return false;
	instant->seconds = 0;
	if (char_at(text, at) == ':' && digits_at(text, at + 1, 2) >= 0 && digits_at(text, at + 1, 2) < 60)
	{
		instant->seconds = digits_at(text, at + 1, 2);
		seconds = true;
		at += 3;
		if (char_at(text, at) == '.' && digits_at(text, at + 1, 1) >= 0)
			for (at++; digits_at(text, at, 1) >= 0; at++)
				;
	}
	instant->local = at;
	if (char_at(text, at) == ' ')
		at++;
	if (!read_offset(text, at, &offset))
		return false;
	/* The second part of "16:00-17:00" is the end. */
	if (between == ' ' && !seconds && offset < 0 && -offset > 60 * hour + minute)
		return false;
	minutes = 60 * hour + minute - offset;
	instant->day = va_day_number(year, month, day) + (minutes < 0 ? -1 : minutes / 1440);
	instant->minutes = (minutes + 1440) % 1440;
	return true;
}

bool
va_find_instant(const char *text, size_t len, VaAgreedInstant *instant)
{
	VaAgreedText all = { text, len < VA_PHRASE_BYTES_MAX ? len : VA_PHRASE_BYTES_MAX };

	for (size_t from = 0; from + 17 <= all.len; from++)
		if (text[from] >= '0' && text[from] <= '9' && (from == 0 || digits_at(all, from - 1, 1) < 0) &&
			instant_at(all, from, instant))
			return true;
	return false;
}

/* A zone by any name; those that count only behind an hour among times do here. */
static bool
zone_in_name(VaAgreedText heard, const VaPhraseLanguage *language, char *zone)
{
	VaScan scan;
	VaSaid said;
	VaPhraseTimes times;

	va_scan_words(&scan, heard.text, heard.len, language, (VaTimeReference){ 0 }, false, &said, &times);
	for (size_t i = 0; i < scan.count; i++)
	{
		VaAtom atom = va_scan_zone(&scan, i, true);

		if (atom.kind == VA_ATOM_NONE && va_lexeme_is(&scan, i, VA_WORD_CITY))
			atom = (VaAtom){ .kind = VA_ATOM_ZONE, .zone = va_phrase_zones[va_lexeme(&scan, i)->value] };
		if (atom.kind != VA_ATOM_ZONE)
			continue;
		snprintf(zone, VA_ZONE_NAME_MAX, "%s", atom.zone);
		return true;
	}
	return false;
}

/* The letters of a zone that several places have, as a word of their own. */
static bool
has_letters(VaAgreedText text, const char *letters)
{
	size_t len = strlen(letters);

	for (size_t at = 0; at + len <= text.len && at < VA_PHRASE_BYTES_MAX; at++)
		if (memcmp(text.text + at, letters, len) == 0 && (at == 0 || !is_letter(text.text[at - 1])) &&
			!is_letter(char_at(text, at + len)))
			return true;
	return false;
}

VaAgreedZone
va_agreed_zone(const VaAgreedWords *words, VaAgreedText heard, char *zone)
{
	const VaAgreedText texts[] = { words->phrase, words->hour, words->day };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (has_letters(texts[i], "IST"))
			return VA_ZONE_OPEN;
	if (has_letters(heard, "IST"))
		return VA_ZONE_OPEN;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		VaOptions options;

		va_read_options(texts[i], words->language, words->now, false, &options);
		if (options.zone == NULL)
			continue;
		snprintf(zone, VA_ZONE_NAME_MAX, "%s", options.zone);
		return VA_ZONE_NAMED;
	}
	if (zone_in_name(heard, words->language, zone) || zone_in_name(heard, va_phrase_language("en"), zone))
		return VA_ZONE_NAMED;
	return VA_ZONE_NOT_NAMED;
}

bool
va_names_time(const char *text, size_t len)
{
	VaAgreedText words = { text, len < VA_PHRASE_BYTES_MAX ? len : VA_PHRASE_BYTES_MAX };
	/* Any day will do. */
	VaTimeReference now = { va_day_number(2026, 3, 17), 600 };
	VaAgreedInstant instant;

	if (va_find_instant(text, len, &instant))
		return true;
	for (size_t n = 0; va_phrase_language_code(n) != NULL; n++)
	{
		VaOptions options;

		va_read_options(words, va_phrase_language(va_phrase_language_code(n)), now, false, &options);
		if (options.count > 0 || options.doubt || options.unread)
			return true;
	}
	return false;
}
