/*-------------------------------------------------------------------------
 * field_address.c
 *		Postal addresses: number and street, town, state, post code.
 *
 * Pure: the state is the parts so far; each turn may give all of them or mend
 * one.  Parts come in the language's order; marks part them where they are
 * written, and the words that end a street's name where they are not.
 */
#include "pure/phrases/fields_internal.h"

#include <ctype.h>
#include <string.h>

#include "pure/text/utf8.h"

typedef struct Place
{
	const char *number; /* 12B; NULL: not known */
	const char *street;
	const char *town;
	const char *region;
	const char *code;
} Place;

typedef struct State
{
	Place said;
	Place offered;
} State;

typedef struct Scan
{
	VaFieldReader *reader;
	const VaUnits *units;
	Place *place;
	bool cased;
	size_t from; /* units that gave a part */
	size_t to;
} Scan;

static void
mark(Scan *scan, size_t from, size_t to)
{
	if (scan->to == 0)
		scan->from = from;
	scan->to = to;
}

static const char *
words(const Scan *scan, size_t from, size_t to)
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
read_code(const Scan *scan, size_t at, char code[VA_DIGITS_MAX])
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
read_house(const Scan *scan, size_t at, const char **number)
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

static bool
is_name(const Scan *scan, size_t at)
{
	return at < scan->units->count && (scan->units->items[at].kinds & (VA_SYMBOL | VA_YES | VA_NO | VA_MEND | VA_LEAD |
																		  VA_LOST | VA_WITH | VA_NAMES)) == 0;
}

/* Where the street's name ends: at a mark, else behind the last of the first words that end such names. */
static size_t
street_end(const Scan *scan, size_t at)
{
	const VaUnits *units = scan->units;
	size_t from = at;
	size_t street = 0;

	while (at < units->count && (at == from || !va_unit_begins(units, at)) && at < from + 8 && is_name(scan, at))
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
read_street(Scan *scan, size_t at)
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
	scan->place->street = words(scan, start, end);
	mark(scan, at, end);
	return end;
}

/* ---- town and state ---- */

/* The words up to a state, a post code or a mark. */
static size_t
read_town(Scan *scan, size_t at)
{
	const VaUnits *units = scan->units;
	size_t from = at;
	char code[VA_DIGITS_MAX];

	while (at < units->count && (at == from || !va_unit_begins(units, at)) && at < from + 5 && is_name(scan, at) &&
		   !(at > from && va_unit_is(units, at, VA_REGION)) && read_code(scan, at, code) == 0 &&
		   !va_unit_is(units, at, VA_DIGIT | VA_TEEN | VA_TENS) && (units->items[at].kinds & VA_NUMERAL) == 0 &&
		   units->items[at].end - units->items[at].offset > 1)
		at++;
	if (at == from)
		return from;
	scan->place->town = words(scan, from, at);
	mark(scan, from, at);
	return at;
}

static size_t
read_rest(Scan *scan, size_t at)
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
		scan->place->region = words(scan, at, at + 1);
		at++;
		mark(scan, at - 1, at);
	}
	used = read_code(scan, at, code);
	if (used > 0)
	{
		scan->place->code = written_code(scan->reader->arena, code);
		mark(scan, at, at + used);
	}
	return at + used;
}

/* Town and code without a street, where the street is known; or the code alone. */
static size_t
read_later(Scan *scan, size_t at)
{
	const VaUnits *units = scan->units;
	char code[VA_DIGITS_MAX];
	size_t used = read_code(scan, at, code);
	Place before = *scan->place;

	if (used > 0)
	{
		scan->place->code = written_code(scan->reader->arena, code);
		mark(scan, at, at + used);
		return at + used;
	}
	if (before.street == NULL || before.code != NULL || !va_unit_begins(units, at) ||
		(units->items[at].kinds & ~(int64_t) (VA_REGION | VA_STREET | VA_MONTH | VA_ALPHABET | VA_GIVEN)) != 0)
		return 0;
	used = read_rest(scan, at) - at;
	if (scan->place->code == NULL)
	{
		*scan->place = before;
		return 0;
	}
	return used;
}

/* ---- number or code in other places ---- */

typedef struct Run
{
	size_t from;
	size_t to;
	char digits[VA_DIGITS_MAX];
} Run;

#define RUNS_MAX 16

static size_t
find_runs(const Scan *scan, Run runs[RUNS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < scan->units->count && count < RUNS_MAX;)
	{
		Run *run = &runs[count];
		const VaUnit *unit = &scan->units->items[i];
		size_t used = va_read_digits(scan->reader->lexicon, scan->units, i, false, run->digits);

		/* One, as an article, counts no house: "una casa". */
		if (used == 0 || ((unit->kinds & VA_LETTER) != 0 && (unit->kinds & VA_NUMERAL) == 0))
		{
			i++;
			continue;
		}
		run->from = i;
		run->to = i + used;
		count++;
		i += used;
	}
	return count;
}

/* Words of a part between marks from a unit on, as far as they are words. */
static size_t
name_end(const Scan *scan, size_t at, size_t limit)
{
	size_t from = at;

	while (at < limit && (at == from || !va_unit_begins(scan->units, at)) && is_name(scan, at) &&
		   !va_unit_is(scan->units, at, VA_TEEN | VA_TENS | VA_HUNDREDS | VA_COUNTED | VA_NUMERAL) &&
		   !(va_unit_is(scan->units, at, VA_DIGIT) && !va_unit_is(scan->units, at, VA_ARTICLE)) &&
		   !(at > from && va_unit_is(scan->units, at, VA_LEAD | VA_AS | VA_COMMON) &&
			   !va_unit_is(scan->units, at, VA_PARTICLE | VA_ARTICLE)))
		at++;
	return at;
}

/* What stands before a street's name: "es la", "wohne in der". */
static size_t
skip_lead(const Scan *scan, size_t at, size_t limit)
{
	size_t first = at;
	bool led = false;

	for (size_t i = at; i < limit && !scan->reader->lexicon->table->compounds; i++)
	{
		if (va_unit_is(scan->units, i, VA_STREET))
			return i;
	}
	while (at < limit &&
		   va_unit_is(scan->units, at, VA_LEAD | VA_COMMON | VA_YES | VA_NO | VA_MEND | VA_NAMES | VA_AND | VA_WITH))
	{
		/* "Am Markt", "An der Alster": of the name itself. */
		if (va_unit_is(scan->units, at, VA_PARTICLE) && !led && at + 1 < limit)
			return at;
		led = true;
		at++;
	}
	return at == limit ? first : at;
}

/* "Calle Larios, el cinco": nothing but an article before the number. */
static bool
is_bare(const VaUnits *units, size_t from, size_t to)
{
	while (from < to && va_unit_is(units, from, VA_ARTICLE | VA_NAMES | VA_LEAD))
		from++;
	return from == to;
}

static size_t
clause_start(const VaUnits *units, size_t at)
{
	while (at > 0 && !va_unit_begins(units, at))
		at--;
	return at;
}

static const char *
with_capital(VaArena *arena, const char *text)
{
	int32_t code = 0;
	size_t used = va_utf8_next((const unsigned char *) text, strlen(text), &code);
	char first[5] = "";

	if (text[0] == '\0' || code <= 0)
		return text;
	va_utf8_write(va_great_letter(code), first);
	return va_arena_join(arena, first, text + used, NULL);
}

/* The street's name before its number. */
static bool
street_before(Scan *scan, size_t number)
{
	const VaUnits *units = scan->units;
	size_t end = number;
	size_t from;

	/* "número doscientos quince" */
	if (end > 0 && va_unit_is(units, end - 1, VA_NAMES))
		end--;
	if (end == 0)
		return false;
	from = clause_start(units, end);
	if (is_bare(units, from, end))
	{
		end = from;
		if (end == 0 || units->items[end].joint != ',')
			return false;
		from = clause_start(units, end - 1);
	}
	from = skip_lead(scan, from, end);
	if (from >= end || name_end(scan, from, end) != end)
		return false;
	scan->place->street = with_capital(scan->reader->arena, words(scan, from, end));
	mark(scan, from, number + 1);
	return true;
}

/* 27 bis */
static bool
is_twin(const VaUnit *unit)
{
	return strcmp(unit->key, "bis") == 0 || strcmp(unit->key, "ter") == 0;
}

/* The street's name behind its number: 14 rue des Lilas. */
static bool
street_behind(Scan *scan, size_t at, size_t limit)
{
	size_t end;

	if (at < limit && is_twin(&scan->units->items[at]))
		at++;
	if (at >= limit || !va_unit_is(scan->units, at, VA_STREET))
		return false;
	end = name_end(scan, at, limit);
	scan->place->street = words(scan, at, end);
	mark(scan, at, end);
	return true;
}

static bool
town_at(Scan *scan, size_t at, size_t limit)
{
	size_t end;

	while (at < limit && va_unit_is(scan->units, at, VA_COMMON | VA_LEAD | VA_NAMES | VA_YES | VA_AND) &&
		   !va_unit_is(scan->units, at, VA_STREET) &&
		   !(scan->cased && scan->units->items[at].capital && at + 1 < limit))
		at++;
	end = name_end(scan, at, limit);
	if (end == at || va_unit_is(scan->units, at, VA_STREET))
		return false;
	scan->place->town = words(scan, at, end);
	mark(scan, at, end);
	return true;
}

static bool
is_code_run(const Scan *scan, const Run *run)
{
	size_t len = strlen(run->digits);

	return len == 5 || len == 4;
}

static const char *
house_of(Scan *scan, const Run *run)
{
	const VaUnits *units = scan->units;
	const char *letter = "";

	if (run->to < units->count && !va_unit_begins(units, run->to))
	{
		if (va_unit_is(units, run->to, VA_LETTER) && units->items[run->to].end - units->items[run->to].offset == 1)
			letter = units->items[run->to].word;
		else if (is_twin(&units->items[run->to]))
			letter = va_arena_join(scan->reader->arena, " ", units->items[run->to].word, NULL);
	}
	return va_arena_join(scan->reader->arena, run->digits, letter, NULL);
}

/* The house's number with its street, and a town behind it: "nueve, en Cádiz"; false: this run is none. */
static bool
take_house(Scan *scan, const Run *run, size_t limit, bool *town)
{
	size_t behind = run->to;

	if (strlen(run->digits) > 4)
		return false;
	if (scan->reader->lexicon->table->number_last)
	{
		if (!street_before(scan, run->from))
			return false;
	}
	else
	{
		if (!street_behind(scan, run->to, limit))
			return false;
		behind = scan->to;
	}
	scan->place->number = house_of(scan, run);
	if (behind < limit && (va_unit_begins(scan->units, behind) || va_unit_is(scan->units, behind, VA_COMMON)))
		*town = town_at(scan, behind, limit) || *town;
	return true;
}

/* Digits that stand beside a street's name are the house's, those of four or five the post code. */
static void
scan_runs(Scan *scan)
{
	Run runs[RUNS_MAX];
	size_t count = find_runs(scan, runs);
	size_t end = scan->units->count;
	bool housed = false;
	bool town = false;

	for (size_t i = 0; i < count; i++)
	{
		size_t limit = i + 1 < count ? runs[i + 1].from : end;

		if (!(housed && is_code_run(scan, &runs[i])) && take_house(scan, &runs[i], limit, &town))
		{
			housed = true;
			continue;
		}
		if (is_code_run(scan, &runs[i]))
		{
			scan->place->code = va_arena_strdup(scan->reader->arena, runs[i].digits);
			mark(scan, runs[i].from, runs[i].to);
			if (!town)
				town = town_at(scan, runs[i].to, limit);
		}
		else if (!housed && scan->place->street != NULL && strlen(runs[i].digits) <= 4)
		{
			/* The number alone, which is mended. */
			scan->place->number = house_of(scan, &runs[i]);
			mark(scan, runs[i].from, runs[i].to);
			housed = true;
		}
	}
}

static bool
scan_turn(VaFieldReader *reader, Place *place, Scan *scan)
{
	*scan = (Scan){ .reader = reader, .units = &reader->said, .place = place, .cased = reader->said.capitals };
	if (!reader->lexicon->table->month_first)
	{
		scan_runs(scan);
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
written(VaFieldReader *reader, const Place *place)
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
is_whole(const Place *place)
{
	return place->number != NULL && place->street != NULL && place->town != NULL && place->code != NULL;
}

void
va_read_address(VaFieldReader *reader, bool person)
{
	State *state = reader->state;
	Scan scan;
	VaAnswer answer = va_field_answer(&reader->said);

	if (state == NULL)
		reader->state = state = va_arena_alloc(reader->arena, sizeof(State));
	if (state == NULL)
		return;
	if (!person)
	{
		state->offered = (Place){ 0 };
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
		va_field_take(reader, written(reader, &state->offered), 0, reader->said.count);
	state->offered = (Place){ 0 };
}
