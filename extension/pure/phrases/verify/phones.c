/*-------------------------------------------------------------------------
 * phones.c
 *		The telephone number that a person gives.
 *
 * Pure: the state is the digits of a number that is not whole yet.
 */
#include "pure/phrases/verify/phones.h"

#include <stdio.h>
#include <string.h>

#define PHONE_DIGITS_MIN 7
#define PHONE_DIGITS_MAX 15
/* With so many a number is full: what follows does not go on it. */
#define PHONE_DIGITS_FULL 9

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

typedef struct Phone
{
	char digits[VA_DIGITS_MAX]; /* what is said so far, with its plus */
	size_t from;				/* units of the turn */
	size_t to;
} Phone;

/* Turn by turn. */
typedef struct PhoneReader
{
	VaArena *arena;
	const VaLexicon *lexicon;
	VaSaidPhone *value;
	Phone phone;
	VaUnits said; /* the turn that is read */
	size_t turn;
	size_t asked_turn;	 /* the assistant's last */
	const char *offered; /* what that one read back; NULL: nothing */
} PhoneReader;

static void
take(PhoneReader *reader, const char *digits, size_t from, size_t to)
{
	const VaUnits *units = &reader->said;

	reader->value->digits = digits;
	reader->value->turn = reader->turn;
	reader->value->agreed = 0;
	if (to == 0 || to > units->count)
		to = units->count;
	reader->value->offset = units->items[from].offset;
	reader->value->len = units->items[to - 1].end - units->items[from].offset;
}

static void
drop(PhoneReader *reader)
{
	*reader->value = (VaSaidPhone){ 0 };
}

/* The turn says yes to what the assistant's last one read back. */
static void
agree(PhoneReader *reader)
{
	/* What the person has said itself is the better proof. */
	if (reader->value->digits != NULL && strcmp(reader->value->digits, reader->offered) == 0)
		return;
	take(reader, reader->offered, 0, reader->said.count);
	reader->value->agreed = reader->asked_turn + 1;
}

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
read_runs(PhoneReader *reader, const VaUnits *units, bool mends, Phone *phone)
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
tells_other(PhoneReader *reader, const Phone *phone)
{
	Phone alone = { .digits = "" };

	if (count_digits(phone->digits) < PHONE_DIGITS_FULL || reader->offered != NULL ||
		va_units_have(&reader->said, VA_MEND | VA_LOST))
		return false;
	return read_runs(reader, &reader->said, false, &alone) && !is_whole(alone.digits);
}

static void
read_turn(PhoneReader *reader, bool person)
{
	Phone *phone = &reader->phone;
	VaYesNo answer = va_units_answer(&reader->said);
	bool found;

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
		take(reader, va_arena_strdup(reader->arena, phone->digits), phone->from, phone->to);
	else if (!found && answer == VA_ANSWER_YES && reader->offered != NULL)
		agree(reader);
	else if (!found && (va_units_have(&reader->said, VA_LOST) || (answer == VA_ANSWER_NO && reader->offered != NULL)))
	{
		phone->digits[0] = '\0';
		drop(reader);
	}
}

bool
va_read_phone(VaArena *arena, const VaLexicon *lexicon, const VaTalkTurn *turns, const VaUnits *units, size_t nturns,
	VaSaidPhone *value)
{
	PhoneReader reader = { .arena = arena, .lexicon = lexicon, .value = value };

	*value = (VaSaidPhone){ 0 };
	for (size_t i = 0; i < nturns && !arena->oom; i++)
	{
		reader.turn = i;
		reader.said = units[i];
		if (!turns[i].person)
		{
			reader.asked_turn = i;
			reader.offered = NULL;
		}
		if (reader.said.count > 0)
			read_turn(&reader, turns[i].person);
		if (turns[i].person)
			reader.offered = NULL;
	}
	return !arena->oom;
}
