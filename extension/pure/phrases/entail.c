/*-------------------------------------------------------------------------
 * entail.c
 *		Looking for a value in the words that it is said to come from.
 *
 * Pure: no state.
 */
#include "pure/phrases/entail.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/phrases/digits.h"
#include "pure/phrases/fields_internal.h"
#include "pure/phrases/intents.h"
#include "pure/phrases/units.h"

typedef struct Claim
{
	VaArena *arena;
	const VaLexicon *lexicon;
	const char *language;
	const char *value;
	VaTalkTurn turns[2]; /* question and quote */
	size_t nturns;
	VaUnits said;
	const VaTimeReference *reference; /* NULL: not known */
} Claim;

/* ---- numbers ---- */

/* Digits with one point and at most six decimals, as millionths; false: the value is no such number. */
static bool
parse_value(const char *value, int64_t *micros)
{
	size_t whole = strspn(value, "0123456789");
	size_t decimals = value[whole] == '.' ? strspn(value + whole + 1, "0123456789") : 0;
	int64_t part = 0;

	if (whole == 0 || whole > 12 || decimals > 6 || value[whole + decimals + (value[whole] == '.')] != '\0' ||
		(value[whole] == '.' && decimals == 0))
		return false;
	for (size_t i = 0; i < 6; i++)
		part = part * 10 + (i < decimals ? value[whole + 1 + i] - '0' : 0);
	*micros = strtoll(value, NULL, 10) * VA_MICRO + part;
	return true;
}

static VaEntailment
entails_number(const Claim *claim)
{
	int64_t wanted = 0;
	bool others = false;

	if (!parse_value(claim->value[0] == '-' ? claim->value + 1 : claim->value, &wanted))
		return VA_UNSUPPORTED_FORM;
	for (size_t i = 0; i < claim->said.count;)
	{
		int64_t micros = 0;
		int64_t whole = 0;
		size_t used = va_read_number(claim->lexicon, &claim->said, i, &micros);
		size_t cardinal = va_read_cardinal(claim->lexicon, &claim->said, i, true, &whole);

		if ((used > 0 && micros == wanted) || (cardinal > 0 && whole * VA_MICRO == wanted))
			return VA_SUPPORTED;
		others = others || used > 0;
		i += used > 0 ? used : 1;
	}
	return others ? VA_UNSUPPORTED_OTHER : VA_UNSUPPORTED_MISSING;
}

/* ---- what a reader of fields finds ---- */

bool
va_same_letters(const char *one, const char *other)
{
	for (;;)
	{
		while (*one != '\0' && (unsigned char) *one < 0x80 && !isalnum((unsigned char) *one))
			one++;
		while (*other != '\0' && (unsigned char) *other < 0x80 && !isalnum((unsigned char) *other))
			other++;
		if (*one == '\0' || *other == '\0')
			return *one == *other;
		if (tolower((unsigned char) *one) != tolower((unsigned char) *other))
			return false;
		one++;
		other++;
	}
}

static VaEntailment
entails_field(Claim *claim, VaFieldKind kind)
{
	VaFieldValue found;

	if (!va_read_field(claim->arena, claim->lexicon, claim->turns, claim->nturns, kind, &found) || found.value == NULL)
		return VA_UNSUPPORTED_MISSING;
	if (kind == VA_FIELD_EMAIL || kind == VA_FIELD_DATE)
		return strcasecmp(found.value, claim->value) == 0 ? VA_SUPPORTED : VA_UNSUPPORTED_OTHER;
	return va_same_letters(found.value, claim->value) ? VA_SUPPORTED : VA_UNSUPPORTED_OTHER;
}

/* ---- dates ---- */

/* 2026-03-18, or with a time of day behind T or a blank: minutes after midnight, else -1.  false: the value is neither. */
static bool
parse_moment(const char *value, int32_t *day, int *minutes)
{
	int year = 0;
	int month = 0;
	int date = 0;
	int hour = 0;
	int minute = 0;
	int used = 0;

	if (strspn(value, "0123456789") != 4 || sscanf(value, "%4d-%2d-%2d%n", &year, &month, &date, &used) != 3 ||
		used != 10 || !va_is_civil_day(year, month, date))
		return false;
	*day = va_day_number(year, month, date);
	*minutes = -1;
	if (value[used] == '\0')
		return true;
	if ((value[used] != 'T' && value[used] != ' ') || !isdigit((unsigned char) value[used + 1]) ||
		sscanf(value + used + 1, "%2d:%2d", &hour, &minute) != 2 || hour > 23 || minute < 0 || minute > 59)
		return false;
	*minutes = hour * 60 + minute;
	return true;
}

/* Whether one moment of the words is the one meant: a day, and its time of day where the value has one. */
static bool
says_moment(const VaPhraseTime *time, int32_t day, int minutes)
{
	const VaTimePoint *from = &time->from;
	const VaTimePoint *to = &time->to;

	if (from->grain == VA_GRAIN_NONE || from->grain > VA_GRAIN_DAY || !from->dated || from->day != day)
		return false;
	/* "Monday to Wednesday" is no Monday. */
	if (time->range && to->grain != VA_GRAIN_NONE && to->dated && to->day != day)
		return false;
	return minutes < 0 || (!time->range && from->grain <= VA_GRAIN_HOUR && from->minutes == minutes);
}

static VaEntailment
entails_moment(const Claim *claim, const VaTalkTurn *turn, int32_t day, int minutes)
{
	VaPhraseTimes *times = va_arena_alloc(claim->arena, sizeof(VaPhraseTimes));

	if (times == NULL)
		return VA_UNSUPPORTED_EMPTY;
	va_phrase_times(turn->text, turn->len, va_phrase_language(claim->language), *claim->reference, times);
	for (size_t i = 0; i < times->count; i++)
	{
		if (says_moment(&times->items[i], day, minutes))
			return VA_SUPPORTED;
	}
	return times->count > 0 ? VA_UNSUPPORTED_OTHER : VA_UNSUPPORTED_MISSING;
}

/* A date with its year by itself, "tomorrow" by the clock of the person; a yes agrees to the question's. */
static VaEntailment
entails_date(Claim *claim)
{
	int32_t day = 0;
	int minutes = -1;
	VaEntailment verdict;

	if (!parse_moment(claim->value, &day, &minutes))
		return VA_UNSUPPORTED_FORM;
	verdict = minutes < 0 ? entails_field(claim, VA_FIELD_DATE) : VA_UNSUPPORTED_MISSING;
	if (verdict != VA_UNSUPPORTED_MISSING || claim->reference == NULL)
		return verdict;
	verdict = entails_moment(claim, &claim->turns[claim->nturns - 1], day, minutes);
	if (verdict != VA_UNSUPPORTED_MISSING || claim->nturns < 2 || va_field_answer(&claim->said) != VA_ANSWER_YES)
		return verdict;
	return entails_moment(claim, &claim->turns[0], day, minutes);
}

/* ---- words ---- */

/* Where the words of a value begin in the quote, folded; the quote's count: nowhere. */
static size_t
find_words(const VaUnits *said, const VaUnits *value)
{
	for (size_t i = 0; i + value->count <= said->count; i++)
	{
		size_t j = 0;

		while (j < value->count &&
			   (value->items[j].key[0] != '\0' ? strcmp(said->items[i + j].key, value->items[j].key) == 0
											   : strcmp(said->items[i + j].text, value->items[j].text) == 0))
			j++;
		if (j == value->count)
			return i;
	}
	return said->count;
}

static VaEntailment
entails_words(const Claim *claim, bool may_deny)
{
	VaUnits value;
	size_t at;

	if (!va_units(claim->arena, claim->lexicon, claim->value, strlen(claim->value), &value) || value.count == 0)
		return VA_UNSUPPORTED_FORM;
	at = find_words(&claim->said, &value);
	if (at == claim->said.count)
		return VA_UNSUPPORTED_MISSING;
	for (size_t i = at > 3 ? at - 3 : 0; may_deny && i < at; i++)
	{
		if (va_unit_is(&claim->said, i, VA_NO) && !va_unit_begins(&claim->said, i + 1) &&
			(i + 1 == at || !va_unit_begins(&claim->said, at)))
			return VA_UNSUPPORTED_DENIED;
	}
	return VA_SUPPORTED;
}

/* A name is said, or spelled. */
static VaEntailment
entails_name(Claim *claim)
{
	VaEntailment said = entails_words(claim, true);

	if (said != VA_UNSUPPORTED_MISSING)
		return said;
	return entails_field(claim, VA_FIELD_NAME);
}

/* ---- yes and no ---- */

static VaEntailment
entails_boolean(const Claim *claim)
{
	bool wanted = strcmp(claim->value, "true") == 0;
	VaFindings findings;

	if (!wanted && strcmp(claim->value, "false") != 0)
		return VA_UNSUPPORTED_FORM;
	va_read_intents(
		claim->language, claim->turns[claim->nturns - 1].text, claim->turns[claim->nturns - 1].len, &findings);
	for (size_t i = 0; i < findings.count; i++)
	{
		VaIntent intent = findings.items[i].intent;

		if ((intent != VA_INTENT_YES && intent != VA_INTENT_NO) || findings.items[i].sense != VA_SENSE_PLAIN)
			continue;
		/* A yes answers a question; without one nobody knows which. */
		if (claim->nturns < 2)
			return VA_UNSUPPORTED_MISSING;
		return (intent == VA_INTENT_YES) == wanted ? VA_SUPPORTED : VA_UNSUPPORTED_DENIED;
	}
	return VA_UNSUPPORTED_MISSING;
}

VaEntailment
va_entails(VaArena *arena, const char *kind, const char *value, const char *quote, size_t quote_len,
	const char *language, const char *question, size_t question_len)
{
	return va_entails_at(arena, kind, value, quote, quote_len, language, question, question_len, NULL);
}

VaEntailment
va_entails_at(VaArena *arena, const char *kind, const char *value, const char *quote, size_t quote_len,
	const char *language, const char *question, size_t question_len, const VaTimeReference *reference)
{
	Claim claim = {
		.arena = arena, .lexicon = va_lexicon(language), .language = language, .value = value, .reference = reference
	};
	VaFieldKind field = va_field_kind(kind);

	if (claim.lexicon == NULL)
		return VA_UNSUPPORTED_LANGUAGE;
	if (value[0] == '\0' || quote_len == 0)
		return VA_UNSUPPORTED_EMPTY;
	if (question != NULL)
		claim.turns[claim.nturns++] = (VaTalkTurn){ .text = question, .len = question_len };
	claim.turns[claim.nturns++] = (VaTalkTurn){ .text = quote, .len = quote_len, .person = true };
	if (!va_units(arena, claim.lexicon, quote, quote_len, &claim.said))
		return VA_UNSUPPORTED_EMPTY;
	if (strcmp(kind, "boolean") == 0)
		return entails_boolean(&claim);
	if (strcmp(kind, "text") == 0 || strcmp(kind, "choice") == 0)
		return entails_words(&claim, strcmp(kind, "choice") == 0);
	if (field == VA_FIELD_NUMBER)
		return entails_number(&claim);
	if (field == VA_FIELD_NAME)
		return entails_name(&claim);
	if (field == VA_FIELD_DATE)
		return entails_date(&claim);
	return field == VA_FIELD_KINDS ? VA_UNSUPPORTED_KIND : entails_field(&claim, field);
}

const char *
va_entailment_name(VaEntailment entailment)
{
	static const char *const names[VA_ENTAILMENTS] = { "supported", "empty", "language", "kind", "form", "missing",
		"other", "denied" };

	return names[entailment];
}
