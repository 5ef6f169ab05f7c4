/*-------------------------------------------------------------------------
 * field_address.c
 *		Postal addresses: number and street, town, state, post code.
 *
 * Pure: the state is the parts so far; each turn may give all of them or mend
 * one.  Parts come in the language's order; marks part them where they are
 * written, and the words that end a street's name where they are not.
 */
#include "pure/phrases/address_internal.h"

#include <ctype.h>
#include <string.h>

typedef struct State
{
	VaAddressParts said;
	VaAddressParts offered;
} State;

void
va_address_mark(VaAddressScan *scan, size_t from, size_t to)
{
	if (scan->to == 0)
		scan->from = from;
	scan->to = to;
}

const char *
va_address_words(const VaAddressScan *scan, size_t from, size_t to)
{
	const char *text = "";
	VaArena *arena = scan->reader->arena;

	for (size_t i = from; i < to && text != NULL; i++)
	{
		const VaUnit *unit = &scan->units->items[i];
		const char *word = va_arena_strndup(arena, scan->units->turn + unit->offset, unit->end - unit->offset);
		bool small = ((unit->kinds & (VA_PARTICLE | VA_ARTICLE)) != 0 && i > from) ||
					 ((unit->kinds & VA_STREET) != 0 && scan->reader->lexicon->table->code_before_town);
		const char *blank = i == from || (unit->tight && unit->joint == '\0') ? "" : " ";

		if (unit->tight && (unit->joint == '-' || unit->joint == '\''))
			blank = unit->joint == '-' ? "-" : "'";
		if (word != NULL && !scan->cased && !small && (unit->kinds & VA_NUMERAL) == 0 && blank[0] != '\0' + 0)
			word = va_capitalised(arena, word, false);
		else if (word != NULL && !scan->cased && !small && i == from)
			word = va_capitalised(arena, word, false);
		text = va_arena_join(arena, text, blank, word == NULL ? "" : word, NULL);
	}
	return text == NULL ? "" : text;
}

/* ---- post codes ---- */

static bool
is_british(const char *code)
{
	size_t len = strlen(code);
	size_t at = 0;

	if (len < 5 || len > 7 || !isalpha((unsigned char) code[0]))
		return false;
	while (isalpha((unsigned char) code[at]))
		at++;
	if (at > 2 || !isdigit((unsigned char) code[at]))
		return false;
	return isdigit((unsigned char) code[len - 3]) && isalpha((unsigned char) code[len - 2]) &&
		   isalpha((unsigned char) code[len - 1]);
}

static bool
is_code(const char *code, bool british)
{
	size_t len = strlen(code);

	if (british)
		return is_british(code);
	return len == 5 && strspn(code, "0123456789") == len;
}

/* One letter, or one said twice. */
static size_t
read_letters(const VaUnits *units, size_t at, char letters[VA_SPELLED_MAX])
{
	size_t times = va_unit_is(units, at, VA_TIMES) ? 1 : 0;
	const char *text;

	if (!va_unit_is(units, at + times, VA_LETTER | VA_ALPHABET))
		return 0;
	text = units->items[at + times].text;
	strcpy(letters, text);
	if (times > 0)
		strcat(letters, text);
	return times + 1;
}

/* Letters and digits of a post code from a unit on; how many units. */
static size_t
read_code(const VaAddressScan *scan, size_t at, char code[VA_DIGITS_MAX])
{
	const VaUnits *units = scan->units;
	size_t from = at;
	bool british = scan->reader->lexicon->table->month_first;

	code[0] = '\0';
	while (at < units->count && strlen(code) < 10)
	{
		char piece[VA_SPELLED_MAX] = "";
		bool letters = false;
		size_t used = 0;
		const VaUnit *unit = &units->items[at];

		if (at > from && va_unit_begins(units, at) && (is_code(code, british) || unit->joint != ','))
			break;
		if (!va_unit_is(units, at, VA_LETTER) ||
			(va_unit_is(units, at, VA_DIGIT) &&
				(code[0] == '\0' ? va_unit_is(units, at + 1, VA_DIGIT | VA_NUMERAL)
								 : isdigit((unsigned char) code[strlen(code) - 1]) != 0)))
		{
			char digits[VA_DIGITS_MAX];

			used = va_read_digits(scan->reader->lexicon, units, at, false, digits);
			strcpy(piece, digits);
		}
		if (used == 0 && british)
		{
			used = read_letters(units, at, piece);
			letters = used > 0;
		}
		if (used == 0 && british && unit->end - unit->offset <= 4 && unit->word[0] < 0x7F &&
			((unit->capital && unit->key[0] != '\0' &&
				 toupper((unsigned char) units->turn[unit->end - 1]) == (unsigned char) units->turn[unit->end - 1]) ||
				(unit->tight && unit->joint == '\0') ||
				(at + 1 < units->count && units->items[at + 1].tight && units->items[at + 1].joint == '\0')) &&
			(unit->kinds & VA_SYMBOL) == 0)
		{
			strcpy(piece, unit->word);
			used = 1;
			letters = true;
		}
		if (used == 0 || (letters && strlen(piece) > 3) || strlen(code) + strlen(piece) > 10)
			break;
		strcat(code, piece);
		at += used;
	}
	for (char *c = code; *c != '\0'; c++)
		*c = (char) toupper((unsigned char) *c);
	return (british && is_british(code)) || is_code(code, false) ? at - from : 0;
}

static const char *
written_code(VaArena *arena, const char *code)
{
	size_t len = strlen(code);

	if (!is_british(code))
		return va_arena_strdup(arena, code);
	return va_arena_printf(arena, "%.*s %s", (int) (len - 3), code, code + len - 3);
}

/* ---- number and street ---- */

/* 12, twelve B, one-five-oh; how many units. */
static size_t
read_house(const VaAddressScan *scan, size_t at, const char **number)
{
	char digits[VA_DIGITS_MAX];
	int64_t value = 0;
	const VaUnits *units = scan->units;
	size_t used = va_read_digits(scan->reader->lexicon, units, at, false, digits);
	size_t cardinal = va_read_cardinal(scan->reader->lexicon, units, at, true, &value);
	char letter[2] = "";

	if ((used == 0 && cardinal == 0) || va_unit_is(units, at, VA_LETTER))
		return 0;
	if (cardinal >= used && cardinal > 0 && !va_unit_is(units, at, VA_NUMERAL))
		*number = va_arena_printf(scan->reader->arena, "%lld", (long long) value);
	else
		*number = va_arena_strdup(scan->reader->arena, digits);
	used = used > cardinal ? used : cardinal;
	if (*number == NULL || strlen(*number) > 5)
		return 0;
	/* 12B; "twelve B," but not "14th" */
	if (va_unit_is(units, at + used, VA_LETTER) && !va_unit_begins(units, at + used) &&
		units->items[at + used].end - units->items[at + used].offset == 1 &&
		(at + used + 1 >= units->count || va_unit_begins(units, at + used + 1) || units->items[at + used].tight) &&
		!va_unit_is(units, at + used, VA_ARTICLE))
	{
		letter[0] = (char) toupper((unsigned char) units->items[at + used].word[0]);
		*number = va_arena_join(scan->reader->arena, *number, letter, NULL);
		used++;
	}
	else if (at + used < units->count && units->items[at + used].tight && units->items[at + used].joint == '\0')
		return 0;
	return used;
}

bool
va_address_is_name(const VaAddressScan *scan, size_t at)
{
	return at < scan->units->count && (scan->units->items[at].kinds & (VA_SYMBOL | VA_YES | VA_NO | VA_MEND | VA_LEAD |
																		  VA_LOST | VA_WITH | VA_NAMES)) == 0;
}

/* Where the street's name ends: at a mark, else behind the last of the first words that end such names. */
static size_t
street_end(const VaAddressScan *scan, size_t at)
{
	const VaUnits *units = scan->units;
	size_t from = at;
	size_t street = 0;

	while (at < units->count && (at == from || !va_unit_begins(units, at)) && at < from + 8 &&
		   va_address_is_name(scan, at))
	{
		bool another = va_unit_is(units, at, VA_STREET);

		if (street > 0 && !another &&
			(street - from > 1 || !va_unit_is(units, at + 1, VA_STREET) || va_unit_begins(units, at + 1)))
			return street;
		if (another)
			street = at + 1;
		at++;
	}
	return street > 0 ? street : 0;
}

/* Number and street in this order, somewhere in the turn; where they end, 0: nowhere. */
static size_t
read_street(VaAddressScan *scan, size_t at)
{
	const char *number;
	size_t used = read_house(scan, at, &number);
	size_t start = at + used;
	size_t end;

	if (used == 0 || start >= scan->units->count)
		return 0;
	if (va_unit_begins(scan->units, start) && scan->units->items[start].joint != ',')
		return 0;
	end = street_end(scan, start);
	if (end == 0)
		return 0;
	scan->place->number = number;
	scan->place->street = va_address_words(scan, start, end);
	va_address_mark(scan, at, end);
	return end;
}

/* ---- town and state ---- */

/* The words up to a state, a post code or a mark. */
static size_t
read_town(VaAddressScan *scan, size_t at)
{
	const VaUnits *units = scan->units;
	size_t from = at;
	char code[VA_DIGITS_MAX];

	/* "in Edinburgh", "that's in Leeds" */
	while (at < from + 3 && va_unit_is(units, at, VA_COMMON | VA_LEAD | VA_AND) && at + 1 < units->count &&
		   !va_unit_begins(units, at + 1) && !(scan->cased && units->items[at].capital))
		at++;
	from = at;
	while (at < units->count && (at == from || !va_unit_begins(units, at)) && at < from + 5 &&
		   va_address_is_name(scan, at) && !(at > from && va_unit_is(units, at, VA_REGION)) &&
		   read_code(scan, at, code) == 0 && !va_unit_is(units, at, VA_DIGIT | VA_TEEN | VA_TENS) &&
		   (units->items[at].kinds & VA_NUMERAL) == 0 && units->items[at].end - units->items[at].offset > 1)
		at++;
	if (at == from)
		return from;
	scan->place->town = va_address_words(scan, from, at);
	va_address_mark(scan, from, at);
	return at;
}

static size_t
read_rest(VaAddressScan *scan, size_t at)
{
	const VaUnits *units = scan->units;
	char code[VA_DIGITS_MAX];
	char letters[VA_SPELLED_MAX];
	size_t count;
	size_t used;

	/* The street, or the town, is spelled. */
	used = va_read_spelled(units, at, false, letters, &count);
	if (used > 0 && count > 3 && scan->place->street != NULL)
		at += used;
	at = read_town(scan, at);
	used = va_read_spelled(units, at, false, letters, &count);
	if (used > 0 && count > 3)
		at += used;
	if (va_unit_is(units, at, VA_REGION))
	{
		scan->place->region = va_address_words(scan, at, at + 1);
		at++;
		va_address_mark(scan, at - 1, at);
	}
	used = read_code(scan, at, code);
	if (used > 0)
	{
		scan->place->code = written_code(scan->reader->arena, code);
		va_address_mark(scan, at, at + used);
	}
	return at + used;
}

/* Town and code without a street, where the street is known; or the code alone. */
static size_t
read_later(VaAddressScan *scan, size_t at)
{
	const VaUnits *units = scan->units;
	char code[VA_DIGITS_MAX];
	size_t used = read_code(scan, at, code);
	VaAddressParts before = *scan->place;

	if (used > 0)
	{
		scan->place->code = written_code(scan->reader->arena, code);
		va_address_mark(scan, at, at + used);
		return at + used;
	}
	if (before.street == NULL || before.code != NULL || !va_unit_begins(units, at) ||
		(units->items[at].kinds &
			~(int64_t) (VA_REGION | VA_STREET | VA_MONTH | VA_ALPHABET | VA_GIVEN | VA_FORENAME)) != 0)
		return 0;
	used = read_rest(scan, at) - at;
	/* "And which town?" */
	if (before.town == NULL && at == 0 && used == units->count && scan->place->town != NULL)
		return used;
	if (scan->place->code == NULL)
	{
		*scan->place = before;
		return 0;
	}
	return used;
}

static bool
scan_turn(VaFieldReader *reader, VaAddressParts *place, VaAddressScan *scan)
{
	*scan = (VaAddressScan){ .reader = reader, .units = &reader->said, .place = place, .cased = reader->said.capitals };
	if (!reader->lexicon->table->month_first)
	{
		va_address_scan_runs(scan);
		return scan->to > 0;
	}
	for (size_t i = 0; i < reader->said.count;)
	{
		size_t end = read_street(scan, i);

		if (end > 0)
		{
			place->town = place->region = place->code = NULL;
			i = read_rest(scan, end);
			continue;
		}
		end = read_later(scan, i);
		i += end > 0 ? end : 1;
	}
	return scan->to > 0;
}

static const char *
written(VaFieldReader *reader, const VaAddressParts *place)
{
	VaArena *arena = reader->arena;
	const char *region = place->region == NULL ? "" : va_arena_join(arena, ", ", place->region, NULL);

	if (reader->lexicon->table->number_last)
		return va_arena_printf(arena, "%s %s, %s %s", place->street, place->number, place->code, place->town);
	if (reader->lexicon->table->code_before_town)
		return va_arena_printf(arena, "%s %s, %s %s", place->number, place->street, place->code, place->town);
	return va_arena_printf(arena, "%s %s, %s%s %s", place->number, place->street, place->town, region, place->code);
}

static bool
is_whole(const VaAddressParts *place)
{
	return place->number != NULL && place->street != NULL && place->town != NULL && place->code != NULL;
}

void
va_read_address(VaFieldReader *reader, bool person)
{
	State *state = reader->state;
	VaAddressScan scan;
	VaYesNo answer = va_field_answer(&reader->said);

	if (state == NULL)
		reader->state = state = va_arena_alloc(reader->arena, sizeof(State));
	if (state == NULL)
		return;
	if (!person)
	{
		state->offered = (VaAddressParts){ 0 };
		scan_turn(reader, &state->offered, &scan);
		return;
	}
	if (!is_whole(&state->said) && (is_whole(&state->offered) || state->said.street == NULL))
		state->said = state->offered;
	if (scan_turn(reader, &state->said, &scan))
	{
		if (is_whole(&state->said))
			va_field_take(reader, written(reader, &state->said), scan.from, scan.to);
	}
	else if (answer == VA_ANSWER_YES && is_whole(&state->offered))
		va_field_agree(reader, written(reader, &state->offered));
	state->offered = (VaAddressParts){ 0 };
}
