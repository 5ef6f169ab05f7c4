/*-------------------------------------------------------------------------
 * claim_phone.c
 *		The verdict on a telephone number that somebody claims of a talk.
 *
 * Its digits are looked for along what was said, with the country and without.
 * A person may mend its end: "no, three five".
 *
 * Pure.
 */
#include "pure/phrases/verify/claim.h"

#include <ctype.h>

/* Digits of a telephone number, and of one whose country is left out. */
#define PHONE_DIGITS_MIN 6
#define PHONE_DIGITS_MAX 15
/* The forms of a country. */
#define COUNTRY_DIGITS_MAX 3
/* So many digits behind one another are a telephone number. */
#define NUMBER_DIGITS_MIN 7
/* The repairs of a number. */
#define MENDED_DIGITS_MAX 8
/* Allowed between these: a small word or two. */
#define MENDED_COST_MAX 3

static const VaSpelling *
digits_at(const VaSpellings *said, size_t at)
{
	for (size_t i = said->first[at]; i < said->first[at + 1]; i++)
	{
		if (strspn(said->spellings[i].text, "0123456789") == said->spellings[i].len)
			return &said->spellings[i];
	}
	return NULL;
}

/* "... but that's the old one": behind a unit, with no other number. */
static bool
is_lost(const VaSpellings *said, size_t to)
{
	bool lost = false;

	for (size_t at = to; at < said->count && said->turns[at] == said->turns[to - 1]; at++)
	{
		lost = lost || (said->units[at]->kinds & VA_LOST) != 0;
		if (digits_at(said, at) != NULL && digits_at(said, at)->len > 1)
			return false;
	}
	return lost;
}

/* The digits of a turn from a unit on, up to what is none; the unit behind them. */
static size_t
read_run(const VaSpellings *said, size_t at, char digits[VA_CLAIM_MAX])
{
	size_t turn = said->turns[at];
	size_t len = 0;
	const VaSpelling *spelling;

	while (at < said->count && said->turns[at] == turn && (spelling = digits_at(said, at)) != NULL &&
		   len + spelling->len < VA_CLAIM_MAX)
	{
		memcpy(digits + len, spelling->text, spelling->len);
		len += spelling->len;
		at = spelling->to;
	}
	digits[len] = '\0';
	return at;
}

/* Whether the person says a telephone number, whichever it is. */
static bool
says_number(VaReader *reader, VaReadValue *value)
{
	const VaSpellings *said = reader->said;
	char digits[VA_CLAIM_MAX];
	size_t to;

	for (size_t at = 0; at < said->count; at = to + 1)
	{
		to = read_run(said, at, digits);
		if (strlen(digits) < NUMBER_DIGITS_MIN || !reader->talk.turns[said->turns[at]].person || is_lost(said, to))
			continue;
		va_claim_show(reader, &(VaClaimMatch){ .from = at, .to = to }, value);
		return true;
	}
	return false;
}

/* More digits of it may stand before, in its sentence: no more than a country has. */
static bool
begins_number(const VaSpellings *said, size_t from)
{
	size_t len = 0;

	for (size_t at = from; at > 0 && strchr(".?!", said->units[at]->joint) == NULL &&
						   said->turns[at - 1] == said->turns[from] && digits_at(said, at - 1) != NULL;
		 at--)
		len += digits_at(said, at - 1)->len;
	return len <= COUNTRY_DIGITS_MAX;
}

/* Nothing of it follows. */
static bool
ends_number(const VaSpellings *said, size_t to)
{
	return to == said->count || said->turns[to] != said->turns[to - 1] || digits_at(said, to) == NULL ||
		   said->units[to]->joint == ',' || said->units[to]->joint == '.';
}

/* The unit behind the newest number that begins as this one, and has as many digits; 0: there is none. */
static size_t
find_beginning(const VaSpellings *said, const char *digits, size_t len, size_t same)
{
	char run[VA_CLAIM_MAX];
	size_t behind = 0;
	size_t to;

	for (size_t at = 0; at<said->count; at = to> at ? to : at + 1)
	{
		to = read_run(said, at, run);
		if (strlen(run) == len && memcmp(run, digits, same) == 0)
			behind = to;
	}
	return behind;
}

/* Its beginning was said, and its end behind a no, a word that mends, or where the assistant reads it back. */
static bool
is_mended(VaReader *reader, const char *digits, size_t len, VaClaimMatch *match)
{
	const VaSpellings *said = reader->said;

	for (size_t more = 1; more <= MENDED_DIGITS_MAX && more + 2 < len; more++)
	{
		VaClaimPart tail = { .text = digits + len - more, .len = more };
		size_t behind = find_beginning(said, digits, len, len - more);

		if (behind == 0 || !va_claim_find(reader, &tail, VA_CLAIM_PERSONS, match) || match->from < behind ||
			match->cost > MENDED_COST_MAX || !ends_number(said, match->to))
			continue;
		if (!reader->talk.turns[said->turns[behind - 1]].person &&
			said->turns[match->from] == said->turns[behind - 1] + 1)
			return true;
		for (size_t at = match->from; at-- > behind;)
		{
			if (reader->talk.turns[said->turns[at]].person && (said->units[at]->kinds & (VA_NO | VA_MEND)) != 0)
				return true;
		}
	}
	return false;
}

/* As it is claimed, and without its country, with a zero in its place or without. */
static bool
is_said(VaReader *reader, const char *digits, VaClaimMatch *match, bool *other)
{
	VaClaimPart part = { .text = digits, .len = strlen(digits) };

	return part.len >= PHONE_DIGITS_MIN &&
		   ((va_claim_stands(reader, digits, &part, match, other) && begins_number(reader->said, match->from) &&
				ends_number(reader->said, match->to) && !is_lost(reader->said, match->to)) ||
			   is_mended(reader, digits, part.len, match));
}

VaSupport
va_claim_phone(VaReader *reader, VaReadValue *value)
{
	char digits[PHONE_DIGITS_MAX + 2] = "0";
	size_t len = 1;
	bool other = false;
	bool said;
	VaClaimMatch match;

	for (const char *c = value->text; *c != '\0'; c++)
	{
		if (isdigit((unsigned char) *c) && len <= PHONE_DIGITS_MAX)
			digits[len++] = *c;
	}
	digits[len] = '\0';
	if (len <= PHONE_DIGITS_MIN)
		return VA_SUPPORT_FORM;
	said = is_said(reader, digits + 1, &match, &other);
	for (size_t country = 1; country <= COUNTRY_DIGITS_MAX && !said && value->text[0] == '+'; country++)
	{
		char first = digits[country];

		said = is_said(reader, digits + country + 1, &match, &other);
		digits[country] = '0';
		said = said || is_said(reader, digits + country, &match, &other);
		digits[country] = first;
	}
	if (!said)
		return says_number(reader, value) || other ? VA_SUPPORT_OTHER : VA_SUPPORT_MISSING;
	va_claim_show(reader, &match, value);
	return VA_SUPPORT_SUPPORTED;
}
