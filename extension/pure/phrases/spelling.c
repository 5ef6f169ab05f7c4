/*-------------------------------------------------------------------------
 * spelling.c
 *		Runs of letters that a person spells, and remarks about letters: "with a
 *		K", "two Ts", "no H", "e accent aigu".
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/fields_internal.h"

#include <string.h>

#include "pure/text/utf8.h"

/* S as in sugar: the units behind the letter; the word must begin with it. */
static size_t
read_example(const VaUnits *units, size_t at, const char *letter)
{
	size_t word = at + 1;

	if (!va_unit_is(units, at, VA_AS) || word >= units->count)
		return 0;
	if (va_unit_is(units, word, VA_ARTICLE) && !va_unit_is(units, word, VA_ALPHABET))
		word++;
	if (word >= units->count || va_unit_begins(units, word))
		return 0;
	return units->items[word].key[0] == letter[0] || (unsigned char) letter[0] >= 0x80 ||
				   (va_unit_is(units, word, VA_ALPHABET) && strcmp(units->items[word].text, letter) == 0)
			   ? word + 1 - at
			   : 0;
}

/* The points of initials: J.R. */
static bool
is_initials(const VaUnit *unit)
{
	return unit->text[0] != '\0' && unit->text[1] == '.' && unit->text[2] != '\0' && unit->kinds == 0;
}

static bool
is_letter(const VaUnits *units, size_t at)
{
	const VaUnit *unit = at < units->count ? &units->items[at] : NULL;

	return unit != NULL && ((unit->kinds & (VA_LETTER | VA_ALPHABET)) != 0 || is_initials(unit));
}

/* A letter that is a word as well: not where words stand around it. */
static bool
is_lone_word(const VaUnits *units, size_t at, size_t count)
{
	const VaUnit *unit = &units->items[at];
	size_t next = at + 1;

	if ((unit->kinds & (VA_COMMON | VA_ARTICLE | VA_AND | VA_PARTICLE)) == 0 || (unit->kinds & VA_LETTER) == 0)
		return false;
	if ((unit->kinds & VA_AND) != 0 && va_unit_is(units, next, VA_TURNED))
		return true;
	if (next < units->count && !va_unit_begins(units, next))
		return !is_letter(units, next) && !va_unit_is(units, next, VA_TIMES | VA_AS | VA_SYMBOL | VA_TURNED) &&
			   !(count > 0 && va_unit_is(units, next, VA_DIGIT | VA_NUMERAL));
	return count == 0 && !is_letter(units, next);
}

/* One letter, or one said twice, or initials; how many units. */
static size_t
read_letter(const VaUnits *units, size_t at, size_t count, char letters[VA_SPELLED_MAX])
{
	int64_t times = 1;
	size_t used = 0;
	const VaUnit *unit;

	/* "deux f": not where a code could be meant. */
	if (count > 0 && va_unit_is(units, at, VA_DIGIT) && units->items[at].number == 2 &&
		strcmp(units->items[at].key, "two") != 0 && va_unit_is(units, at + 1, VA_LETTER) &&
		!va_unit_begins(units, at + 1))
	{
		times = 2;
		used = 1;
	}
	else if (va_unit_is(units, at, VA_TIMES) && at + 1 < units->count)
	{
		times = units->items[at].number;
		used = va_unit_is(units, at + 1, VA_SYMBOL) && units->items[at + 1].text[0] == '-' ? 2 : 1;
	}
	unit = &units->items[at + used];
	if (!is_letter(units, at + used) || (used == 0 && is_lone_word(units, at, count)))
		return 0;
	if (is_initials(unit))
	{
		for (const char *c = unit->text; *c != '\0'; c++)
		{
			char one[2] = { *c, '\0' };

			if (*c != '.' && !va_append_times(letters, VA_SPELLED_MAX, one, 1))
				return 0;
		}
		return used + 1;
	}
	if (!va_append_times(letters, VA_SPELLED_MAX, unit->text, times))
		return 0;
	used++;
	return used + read_example(units, at + used, unit->text);
}

/* e accent aigu: changes the last letter. */
static size_t
read_turned(const VaUnits *units, size_t at, char letters[VA_SPELLED_MAX])
{
	static const char *const turned[] = { "aigu", "e\303\251a\303\241i\303\255o\303\263u\303\272y\303\275", "grave",
		"a\303\240e\303\250i\303\254o\303\262u\303\271", "circonflexe", "a\303\242e\303\252i\303\256o\303\264u\303\273",
		"trema", "a\303\244e\303\253i\303\257o\303\266u\303\274", "cedille", "c\303\247", "tilde",
		"n\303\261a\303\243o\303\265", NULL };
	size_t len = strlen(letters);

	if (!va_unit_is(units, at, VA_TURNED) || len == 0 || len + 2 >= VA_SPELLED_MAX)
		return 0;
	for (size_t i = 0; turned[i] != NULL; i += 2)
	{
		const char *found;

		if (strcmp(turned[i], units->items[at].text) != 0)
			continue;
		for (found = turned[i + 1]; *found != '\0'; found += 3)
		{
			if (*found == letters[len - 1])
			{
				memcpy(letters + len - 1, found + 1, 2);
				letters[len + 1] = '\0';
				return 1;
			}
		}
	}
	return 1;
}

/* Words of a spelling alphabet that are names here: "Otto Wilhelm, W I": no mark parts them, or the letter is theirs. */
static bool
are_names(const VaUnits *units, size_t from, size_t at)
{
	bool parted = false;

	for (size_t i = from + 1; i < at; i++)
		parted = parted || va_unit_begins(units, i);
	return !parted && !(at == from + 1 && va_unit_begins(units, at) && va_unit_is(units, at, VA_LETTER) &&
						  strcmp(units->items[from].text, units->items[at].text) != 0);
}

/* "B, no, W": the letter behind the mark takes the place of the last; how many units stand before it. */
static size_t
read_mended(const VaUnits *units, size_t at, char letters[VA_SPELLED_MAX])
{
	size_t next = at;
	size_t len = strlen(letters);

	while (next < units->count && next < at + 2 && va_unit_is(units, next, VA_NO | VA_MEND))
		next++;
	if (next == at || len == 0 || !va_unit_begins(units, at) || !va_unit_begins(units, next) || !is_letter(units, next))
		return 0;
	/* A whole word spelled again is no letter. */
	if (va_unit_is(units, next, VA_LETTER) && units->items[next].text[0] == letters[0] && len > 2)
		return 0;
	while (len > 0 && ((unsigned char) letters[len - 1] & 0xC0) == 0x80)
		len--;
	letters[len - 1] = '\0';
	return next - at;
}

/* "O apostrophe M": a mark that is said between letters of a name. */
static size_t
read_mark(const VaUnits *units, size_t at, char letters[VA_SPELLED_MAX])
{
	const VaUnit *unit = &units->items[at];

	if (!va_unit_is(units, at, VA_SYMBOL) || (unit->text[0] != '\'' && unit->text[0] != '-') || unit->text[1] != '\0' ||
		letters[0] == '\0' || (!is_letter(units, at + 1) && !va_unit_is(units, at + 1, VA_TIMES)) ||
		!va_append_times(letters, VA_SPELLED_MAX, unit->text, 1))
		return 0;
	return 1;
}

/* Whether a run of letters ends before this unit. */
static bool
run_ends(const VaUnits *units, size_t from, size_t at, size_t count, bool words_only)
{
	char joint = units->items[at].joint;

	if (at > from && (joint == '?' || joint == '!' || joint == ';' || (joint == ':' && !units->items[at].tight) ||
						 (joint == '.' && !is_letter(units, at))))
		return true;
	if (count > 0 && joint == '.' && !units->items[at].tight)
		return true;
	return words_only && count > 0 && count < 3 && !va_unit_is(units, at, VA_ALPHABET | VA_NO | VA_MEND) &&
		   are_names(units, from, at);
}

size_t
va_read_spelled(const VaUnits *units, size_t at, bool of_name, char letters[VA_SPELLED_MAX], size_t *count)
{
	size_t from = at;
	bool words_only = true; /* of a spelling alphabet */

	letters[0] = '\0';
	*count = 0;
	while (at < units->count && !run_ends(units, from, at, *count, words_only))
	{
		size_t used = read_turned(units, at, letters);

		if (used == 0 && of_name && *count > 0)
			used = read_mark(units, at, letters);
		if (used == 0 && *count > 0)
			at += read_mended(units, at, letters);
		/* "M, capital D", "A, then R" */
		if (used == 0 && *count > 0 && va_unit_is(units, at, VA_CAPITAL) && !is_letter(units, at) &&
			is_letter(units, at + 1) && !va_unit_begins(units, at + 1) && !is_lone_word(units, at + 1, 1))
			at++;
		if (used == 0)
		{
			used = read_letter(units, at, *count, letters);
			if (used == 0)
				break;
			words_only = words_only && va_unit_is(units, at, VA_ALPHABET) && !va_unit_is(units, at, VA_LETTER);
			++*count;
		}
		at += used;
	}
	/* A word or two of the alphabet alone are words, or a name: Otto Wilhelm. */
	return *count == 0 || (words_only && *count < 3) ? 0 : at - from;
}

/* ---- remarks ---- */

/* A short word that is letters: "mit tz". */
static bool
is_pair(const VaUnit *unit)
{
	return unit->kinds == 0 && unit->end - unit->offset <= 2;
}

/* Two Ps, dos eles: the letter of a plural; "": it is none. */
static const char *
plural_letter(const VaLexicon *lexicon, VaArena *arena, const VaUnit *unit)
{
	size_t len = strlen(unit->key);
	const char *word;
	const VaLexiconEntry *found;
	size_t used;

	if (len < 2 || unit->key[len - 1] != 's' || (unit->kinds & VA_LETTER) != 0)
		return "";
	word = va_arena_strndup(arena, unit->key, len - 1);
	if (word == NULL)
		return "";
	if (len == 2)
		return word;
	found = va_lexicon_find(lexicon, &word, 1, &used);
	return found != NULL && (found->kinds & VA_LETTER) != 0 ? found->text : "";
}

/* The letters of a remark from a unit on, and how many units they take. */
static size_t
remark_letters(const VaLexicon *lexicon, VaArena *arena, const VaUnits *units, size_t at, VaLetterRemark *remark)
{
	size_t from = at;

	while (at < units->count && (at == from || !va_unit_begins(units, at)) && strlen(remark->letters) < 4)
	{
		const VaUnit *unit = &units->items[at];
		const char *letter = (unit->kinds & VA_LETTER) != 0 || is_pair(unit) ? unit->text : "";
		bool joining = (unit->kinds & (VA_AND | VA_ARTICLE | VA_COMMON | VA_AS)) != 0 && at + 1 < units->count &&
					   !va_unit_begins(units, at + 1);

		if (letter[0] == '\0' && remark->times != 0)
			letter = plural_letter(lexicon, arena, unit);
		if (letter[0] == '\0' || strlen(letter) > 3 || (joining && (unit->kinds & VA_AS) == 0))
			break;
		if (joining && at > from)
			break;
		strcat(remark->letters, letter);
		at++;
		if (va_unit_is(units, at, VA_TURNED) && (at >= units->count || !va_unit_begins(units, at)))
			at += read_turned(units, at, remark->letters);
		at += read_example(units, at, letter);
	}
	return at - from;
}

/* The rest of a remark up to the next mark: where in the word the letters stand; how many units it takes. */
static size_t
remark_place(const VaUnits *units, size_t at, VaLetterRemark *remark)
{
	size_t from = at;

	while (at < units->count && !va_unit_begins(units, at) &&
		   va_unit_is(units, at, VA_COMMON | VA_ARTICLE | VA_PLACE | VA_PARTICLE) &&
		   !va_unit_is(units, at, VA_AND | VA_YES | VA_NO))
	{
		if (va_unit_is(units, at, VA_PLACE))
			remark->place = (int) units->items[at].number;
		at++;
	}
	return remark->place != 0 ? at - from : 0;
}

/* "avec un accent circonflexe sur le i", "con acento en la e": how many units; 0: none. */
static size_t
read_accent(const VaUnits *units, size_t at, VaLetterRemark *remark)
{
	size_t next = at;

	while (next < units->count && next < at + 3 && (next == at || !va_unit_begins(units, next)) &&
		   va_unit_is(units, next, VA_WITH | VA_ARTICLE) && !va_unit_is(units, next, VA_TURNED))
		next++;
	if (!va_unit_is(units, next, VA_TURNED) || (next > at && va_unit_begins(units, next)))
		return 0;
	for (size_t i = next + 1; i < units->count && i < next + 5 && !va_unit_begins(units, i); i++)
	{
		if (!va_unit_is(units, i, VA_LETTER) ||
			(i + 1 < units->count && !va_unit_begins(units, i + 1) && va_unit_is(units, i + 1, VA_LETTER)))
			continue;
		strcpy(remark->letters, units->items[i].text);
		read_turned(units, next, remark->letters);
		remark->accent = true;
		return i + 1 - at;
	}
	return next + 1 - at;
}

size_t
va_letter_remark(
	const VaLexicon *lexicon, VaArena *arena, const VaUnits *units, size_t at, bool goes_on, VaLetterRemark *remark)
{
	size_t next = at;
	size_t used;
	bool led = va_unit_is(units, at, VA_WITH | VA_WITHOUT) || (goes_on && va_unit_is(units, at, VA_AND | VA_WITH));

	memset(remark, 0, sizeof(*remark));
	used = read_accent(units, at, remark);
	if (used > 0)
		return used;
	remark->without = va_unit_is(units, at, VA_WITHOUT);
	if (led && va_unit_is(units, at, VA_PLACE))
		remark->place = (int) units->items[at].number;
	if (led)
		next++;
	for (size_t i = 0; i < 4 && next < units->count && (next == at || !va_unit_begins(units, next)); i++, next++)
	{
		const VaUnit *unit = &units->items[next];
		bool last = next + 1 >= units->count || va_unit_begins(units, next + 1);

		if ((unit->kinds & (VA_DIGIT | VA_TIMES)) != 0 && !(last && (unit->kinds & VA_LETTER) != 0))
			remark->times = unit->number == 1 && remark->times == 0 ? 1 : unit->number == 0 ? 0 : (int) unit->number;
		else if (!(led && (unit->kinds & (VA_ARTICLE | VA_COMMON)) != 0 && !last) &&
				 !((unit->kinds & VA_SYMBOL) != 0 && unit->text[0] == '-' && remark->times > 1))
			break;
	}
	if ((!led && remark->times == 0) || (next > at && next < units->count && va_unit_begins(units, next)))
		return 0;
	/* "nur ein I": one; "with a K", "mit einem K": any. */
	used = remark_letters(lexicon, arena, units, next, remark);
	if (used == 0 || remark->times > 3)
		return 0;
	next += used;
	/* Letters go on: they spell. */
	if (next < units->count && !va_unit_begins(units, next) && is_letter(units, next) &&
		!va_unit_is(units, next, VA_COMMON | VA_AND | VA_ARTICLE | VA_AS))
		return 0;
	return next + remark_place(units, next, remark) - at;
}

size_t
va_spelling_remark(const VaUnits *units, size_t at)
{
	size_t next = at + 1;
	size_t last = at;

	if (!va_unit_is(units, at, VA_WITH))
		return 0;
	while (next < units->count && !va_unit_begins(units, next))
	{
		if (is_letter(units, next) || is_pair(&units->items[next]))
		{
			last = next;
			if (va_unit_is(units, next + 1, VA_AS) && next + 2 < units->count && !va_unit_begins(units, next + 1) &&
				!va_unit_begins(units, next + 2))
				last = next = next + 2;
		}
		else if (!va_unit_is(units, next, VA_ARTICLE | VA_DIGIT | VA_TIMES | VA_AND | VA_WITH | VA_TURNED))
			break;
		next++;
	}
	return last - at;
}
