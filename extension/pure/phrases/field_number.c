/*-------------------------------------------------------------------------
 * field_number.c
 *		Numbers and telephone numbers that a person gives.
 *
 * Pure: the state is the value itself, and the digits of a number that is not
 * whole yet.
 */
#include "pure/phrases/fields_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHONE_DIGITS_MIN 7
#define PHONE_DIGITS_MAX 15
/* With so many a number is full: what follows does not go on it. */
#define PHONE_DIGITS_FULL 9

static const char *
written(VaArena *arena, int64_t micros)
{
	char text[40];
	size_t len;

	if (micros % VA_MICRO == 0)
		return va_arena_printf(arena, "%" PRId64, micros / VA_MICRO);
	snprintf(text, sizeof(text), "%" PRId64 ".%06" PRId64, micros / VA_MICRO, micros % VA_MICRO);
	for (len = strlen(text); text[len - 1] == '0'; len--)
		text[len - 1] = '\0';
	return va_arena_strdup(arena, text);
}

/* "the one", "one of them", "no one": no number. */
static bool
is_pronoun(const VaUnits *units, size_t at, size_t used)
{
	const VaUnit *unit = &units->items[at];

	if (used != 1 || (unit->kinds & VA_DIGIT) == 0)
		return false;
	/* "une colle": an article, unless the answer begins with it. */
	if (unit->number == 1 && (unit->kinds & VA_COMMON) == 0 && strcmp(unit->key, "one") != 0)
		return at > 0 && !va_unit_is(units, at - 1, VA_LEAD | VA_DIGIT) && !va_unit_begins(units, at)
				   ? at + 1 < units->count && !va_unit_begins(units, at + 1) && !va_unit_is(units, at + 1, VA_DIGIT)
				   : at > 0 && va_unit_begins(units, at) && at + 1 < units->count && !va_unit_begins(units, at + 1) &&
						 !va_unit_is(units, at + 1, VA_DIGIT | VA_TEEN | VA_TENS);
	if ((unit->kinds & VA_COMMON) == 0)
		return false;
	if (at > 0 && !va_unit_begins(units, at) && va_unit_is(units, at - 1, VA_COMMON | VA_ARTICLE | VA_LOST))
		return !va_unit_is(units, at - 1, VA_LEAD | VA_MEND) && strcmp(units->items[at - 1].key, "so") != 0 &&
			   strcmp(units->items[at - 1].key, "just") != 0 && strcmp(units->items[at - 1].key, "only") != 0;
	return at + 1 < units->count && !va_unit_begins(units, at + 1) && strcmp(units->items[at + 1].key, "of") == 0;
}

/* A question about time asks for hours and years. */
static bool
counts_time(const VaFieldReader *reader, const VaUnits *units, size_t next)
{
	if (!va_unit_is(units, next, VA_SPAN) || va_unit_begins(units, next))
		return false;
	return reader->asked.count > 0 && !va_units_have(&reader->asked, VA_SPAN);
}

/* "fifty, not fifteen": what is denied behind a number. */
static bool
is_denied(const VaUnits *units, size_t at, bool found)
{
	if (!found || at == 0 || va_unit_begins(units, at))
		return false;
	return va_unit_is(units, at - 1, VA_NOT) || (va_unit_is(units, at - 1, VA_NO) && va_unit_begins(units, at - 1));
}

/* Whether the word behind a number is one of the question: "how many rooms?" "five rooms". */
static bool
is_asked(const VaFieldReader *reader, const VaUnits *units, size_t at)
{
	if (at >= units->count || va_unit_begins(units, at) || strlen(units->items[at].key) < 4)
		return false;
	for (size_t i = 0; i < reader->asked.count; i++)
	{
		if (strcmp(reader->asked.items[i].key, units->items[at].key) == 0)
			return true;
	}
	return false;
}

/* A code of five digits or more, with pauses: "seven seven three, oh nine one nine"; in groups, if it was asked for. */
static size_t
read_code(const VaFieldReader *reader, const VaUnits *units, size_t at, char digits[VA_DIGITS_MAX])
{
	size_t used = va_read_digits(reader->lexicon, units, at, true, digits);
	bool parted = false;
	bool dictated = va_units_have(&reader->asked, VA_CODE);

	if (used < 2 || (used != strlen(digits) && !dictated) || strlen(digits) < 5)
		return 0;
	dictated = dictated && (digits[0] == '0' || va_unit_is(units, at, VA_TIMES));
	for (size_t i = at + 1; i < at + used; i++)
		parted = parted || va_unit_begins(units, i);
	return parted || dictated ? used : 0;
}

static size_t
last_number(VaFieldReader *reader, const VaUnits *units, bool person, const char **value)
{
	size_t end = 0;
	bool asked = false;

	for (size_t i = 0; i < units->count;)
	{
		int64_t micros = 0;
		char digits[VA_DIGITS_MAX];
		size_t used = read_code(reader, units, i, digits);

		if (used > 0)
		{
			*value = va_arena_strdup(reader->arena, digits);
			if (person && *value != NULL)
				va_field_take(reader, *value, i, i + used);
			end = i += used;
			continue;
		}
		used = va_read_number(reader->lexicon, units, i, &micros);

		if (used == 0)
		{
			if (person && va_unit_is(units, i, VA_LOST))
			{
				*value = NULL;
				end = 0;
			}
			i++;
			continue;
		}
		if (!is_denied(units, i, *value != NULL) && !is_pronoun(units, i, used) &&
			!counts_time(reader, units, i + used) &&
			!(asked && va_unit_is(units, i - 1, VA_AND) && !is_asked(reader, units, i + used)))
		{
			asked = is_asked(reader, units, i + used);
			*value = written(reader->arena, micros);
			if (person)
				va_field_take(reader, *value, i, i + used);
			end = i + used;
		}
		i += used;
	}
	return end;
}

void
va_read_number_field(VaFieldReader *reader, bool person)
{
	const char *value = NULL;
	size_t end = last_number(reader, &reader->said, person, &value);

	if (!person)
	{
		reader->offered = value;
		return;
	}
	if (end > 0)
		return;
	switch (va_field_answer(&reader->said))
	{
		case VA_ANSWER_YES:
			if (reader->offered != NULL)
				va_field_agree(reader, reader->offered);
			break;
		case VA_ANSWER_NO:
			if (reader->offered != NULL)
				va_field_drop(reader);
			break;
		default:
			if (va_units_have(&reader->said, VA_LOST))
				va_field_drop(reader);
	}
}

/* ---- telephone numbers ---- */

typedef struct Phone
{
	char digits[VA_DIGITS_MAX]; /* what is said so far, with its plus */
	size_t from;				/* units of the turn */
	size_t to;
} Phone;

static size_t
count_digits(const char *digits)
{
	return strlen(digits) - (digits[0] == '+' ? 1 : 0);
}

static bool
is_whole(const char *digits)
{
	return count_digits(digits) >= PHONE_DIGITS_MIN && count_digits(digits) <= PHONE_DIGITS_MAX;
}

/*
 * A run of digits that follows others: the number said again from its
 * beginning, its end said again, or the number going on.
 */
static void
join_digits(char whole[VA_DIGITS_MAX], const char *run, bool mends)
{
	size_t len = strlen(whole);
	size_t more = strlen(run);
	size_t plain = count_digits(whole);

	if (run[0] == '+' || len == 0 || more >= 10)
		memmove(whole, run, more + 1);
	else if (more >= PHONE_DIGITS_MIN && (mends || plain >= PHONE_DIGITS_MIN))
		memmove(whole, run, more + 1);
	else if (more < len && (mends || plain >= 10))
		memcpy(whole + len - more, run, more);
	else if (mends || (plain >= 3 && more > plain && strncmp(whole, run, plain) == 0))
		memmove(whole, run, more + 1);
	else if (len + more < VA_DIGITS_MAX)
		memcpy(whole + len, run, more + 1);
}

static bool
mends_between(const VaUnits *units, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
	{
		if (va_unit_is(units, i, VA_NO | VA_MEND))
			return true;
	}
	return false;
}

/* The digits of a turn, joined to those that whole has. */
static bool
read_runs(VaFieldReader *reader, const VaUnits *units, bool mends, Phone *phone)
{
	bool found = false;
	size_t last = 0;

	for (size_t i = 0; i < units->count;)
	{
		char run[VA_DIGITS_MAX + 1] = "";
		bool plus = va_unit_is(units, i, VA_SYMBOL) && units->items[i].text[0] == '+';
		size_t used = va_read_digits(reader->lexicon, units, i + plus, true, run + plus);
		bool no = mends_between(units, last, i) || (mends && !found);

		if (used == 0 || is_pronoun(units, i + plus, used) || strlen(run + plus) + plus >= VA_DIGITS_MAX - 1)
		{
			if (va_unit_is(units, i, VA_LOST))
			{
				phone->digits[0] = '\0';
				found = false;
			}
			i += used == 0 ? 1 : used + plus;
			continue;
		}
		if (plus)
			run[0] = '+';
		/* Said again from the beginning, behind "hang on". */
		if (found && !plus && count_digits(phone->digits) < PHONE_DIGITS_MIN && strncmp(run, phone->digits, 3) == 0)
			phone->digits[0] = '\0';
		join_digits(phone->digits, run, no);
		if (!found)
			phone->from = i;
		phone->to = i + plus + used;
		found = true;
		i += plus + used;
		last = i;
	}
	return found;
}

/* "Wednesday at nine", behind a full number that nobody reads back or mends: of something else. */
static bool
tells_other(VaFieldReader *reader, const Phone *phone)
{
	Phone alone = { .digits = "" };

	if (count_digits(phone->digits) < PHONE_DIGITS_FULL || reader->offered != NULL ||
		va_units_have(&reader->said, VA_MEND | VA_LOST))
		return false;
	return read_runs(reader, &reader->said, false, &alone) && !is_whole(alone.digits);
}

void
va_read_phone(VaFieldReader *reader, bool person)
{
	Phone *phone = reader->state;
	VaYesNo answer = va_field_answer(&reader->said);
	bool found;

	if (phone == NULL)
		reader->state = phone = va_arena_alloc(reader->arena, sizeof(Phone));
	if (phone == NULL)
		return;
	if (!person)
	{
		Phone read = { .digits = "" };

		if (read_runs(reader, &reader->said, false, &read) && is_whole(read.digits))
			reader->offered = va_arena_strdup(reader->arena, read.digits);
		return;
	}
	if (tells_other(reader, phone))
		return;
	if (reader->offered != NULL && !is_whole(phone->digits))
		snprintf(phone->digits, sizeof(phone->digits), "%s", reader->offered);
	found = read_runs(reader, &reader->said, reader->offered != NULL || answer == VA_ANSWER_NO, phone);
	if (found && is_whole(phone->digits))
		va_field_take(reader, va_arena_strdup(reader->arena, phone->digits), phone->from, phone->to);
	else if (!found && answer == VA_ANSWER_YES && reader->offered != NULL)
		va_field_agree(reader, reader->offered);
	else if (!found && (va_units_have(&reader->said, VA_LOST) || (answer == VA_ANSWER_NO && reader->offered != NULL)))
	{
		phone->digits[0] = '\0';
		va_field_drop(reader);
	}
}
