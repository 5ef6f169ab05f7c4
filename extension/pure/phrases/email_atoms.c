/*-------------------------------------------------------------------------
 * email_atoms.c
 *		A turn as what an e-mail address is dictated of: words, runs of letters,
 *		runs of digits, symbols, and noise.
 *
 * Remarks about how it is written ("all one word", "with two Ts", "no dot
 * between") are left out here, so that what stands around them goes together.
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/email_internal.h"

#include <stdio.h>

/* Kinds that a word of an address may have by chance. */
#define ADDRESS_KINDS                                                                                               \
	(VA_ALPHABET | VA_MONTH | VA_STREET | VA_REGION | VA_ENDING | VA_ORDINAL | VA_NUMERAL | VA_PARTICLE | VA_TENS | \
		VA_MONEY | VA_OTHER | VA_GIVEN | VA_DOZEN | VA_QUARTER | VA_METRE | VA_CODE | VA_FORENAME)

static bool
is_one_letter(const VaUnit *unit)
{
	return unit->word[0] != '\0' &&
		   (unit->word[1] == '\0' || ((unsigned char) unit->word[0] >= 0xC0 && unit->word[2] == '\0'));
}

/* "no dot", "el guion", "der Punkt": a symbol that is spoken of. */
static bool
is_spoken_of(const VaUnits *units, size_t at)
{
	return (va_unit_is(units, at, VA_WITHOUT) ||
			   (va_unit_is(units, at, VA_ARTICLE) && !is_one_letter(&units->items[at]))) &&
		   va_unit_is(units, at + 1, VA_SYMBOL) && !va_unit_begins(units, at + 1) &&
		   units->items[at + 1].text[0] != '@';
}

/* How many units from one on are a remark; 0: they are none. */
static size_t
read_note(VaFieldReader *reader, const VaUnits *units, size_t at, bool goes_on)
{
	VaLetterRemark remark;
	size_t used;
	const VaUnit *unit = &units->items[at];

	if ((unit->kinds & VA_NOTE) != 0)
		return 1;
	if (is_spoken_of(units, at))
		return 2;
	used = va_letter_remark(reader->lexicon, reader->arena, units, at, goes_on, &remark);
	if (used == 0 || (unit->kinds & (VA_WITH | VA_WITHOUT)) != 0 || goes_on)
		return used;
	/* "two Ts", where a mark stands on both sides: else it could be a code. */
	return va_unit_begins(units, at) && (at + used >= units->count || va_unit_begins(units, at + used)) ? used : 0;
}

/* "punto es", "punkt at", and written: ".es", ".at". */
static bool
ends_domain(const VaUnits *units, size_t at)
{
	const VaUnit *unit = &units->items[at];

	if ((unit->kinds & VA_ENDING) == 0 || at == 0)
		return false;
	return (unit->tight && unit->joint == '.') ||
		   (va_unit_is(units, at - 1, VA_SYMBOL) && units->items[at - 1].text[0] == '.');
}

/* "m a s": plus is written with its accent, if it is no name. */
static bool
is_symbol_here(const VaUnits *units, size_t at)
{
	const VaUnit *unit = &units->items[at];

	if ((unit->kinds & VA_SYMBOL) == 0)
		return false;
	if (strcmp(unit->word, "mas") == 0)
		return false;
	/* "punkt at" is Austria's. */
	return !ends_domain(units, at);
}

/* "en gmail punto com": a word that stands before a provider for the at sign. */
static bool
is_spoken_at(const VaUnits *units, size_t at)
{
	static const char *const words[] = { "en", "bei", "on", "chez", NULL };
	static const char *const providers[] = { "gmail", "hotmail", "yahoo", "outlook", "icloud", "live", "gmx", "web",
		"aol", "orange", "free", NULL };
	bool found = false;

	for (size_t i = 0; words[i] != NULL && at + 1 < units->count; i++)
		found = found || strcmp(units->items[at].key, words[i]) == 0;
	if (!found || va_unit_begins(units, at + 1))
		return false;
	for (size_t i = 0; providers[i] != NULL; i++)
	{
		if (strcmp(units->items[at + 1].key, providers[i]) == 0)
			return true;
	}
	return false;
}

/* "two thousand five": a year, in one number. */
static size_t
read_year(VaFieldReader *reader, const VaUnits *units, size_t at, char digits[VA_DIGITS_MAX])
{
	int64_t year = 0;
	size_t used = va_read_cardinal(reader->lexicon, units, at, true, &year);

	if (used < 2 || year <= 2000 || year > 2099 || va_unit_is(units, at, VA_NUMERAL))
		return 0;
	snprintf(digits, VA_DIGITS_MAX, "%d", (int) year);
	return used;
}

static void
make_atom(VaFieldReader *reader, const VaUnits *units, size_t at, VaEmailAtom *atom)
{
	char letters[VA_SPELLED_MAX];
	char digits[VA_DIGITS_MAX];
	size_t count;
	const VaUnit *unit = &units->items[at];
	size_t used;

	if (ends_domain(units, at) && (at + 1 >= units->count || !va_unit_is(units, at + 1, VA_LETTER) ||
									  va_unit_begins(units, at + 1) || strlen(unit->word) > 2))
	{
		atom->kind = VA_EMAIL_WORD;
		return;
	}
	if (is_symbol_here(units, at))
	{
		atom->kind = VA_EMAIL_SYMBOL;
		atom->text = unit->text;
		return;
	}
	if (is_spoken_at(units, at))
	{
		atom->kind = VA_EMAIL_SYMBOL;
		atom->text = "@";
		return;
	}
	used = read_year(reader, units, at, digits);
	if (used == 0)
		used = va_read_digits(reader->lexicon, units, at, false, digits);
	if (used > 0 && !((unit->kinds & VA_LETTER) != 0 && (unit->kinds & VA_NUMERAL) == 0 && used == 1))
	{
		atom->kind = VA_EMAIL_DIGITS;
		atom->text = va_arena_strdup(reader->arena, digits);
		atom->to = at + used;
		return;
	}
	used = va_read_spelled(units, at, false, letters, &count);
	if (used == 0 && (unit->kinds & VA_LETTER) != 0 &&
		(unit->end - unit->offset > 2 || va_unit_is(units, at + 1, VA_SYMBOL) ||
			(at > 0 && va_unit_is(units, at - 1, VA_SYMBOL))))
	{
		used = 1;
		strcpy(letters, unit->text);
	}
	if (used > 0)
	{
		atom->kind = VA_EMAIL_LETTERS;
		atom->text = va_arena_strdup(reader->arena, letters);
		atom->to = at + used;
		return;
	}
	if (strcmp(unit->word, "mas") == 0 || (unit->kinds & ~ADDRESS_KINDS) == 0)
		atom->kind = VA_EMAIL_WORD;
	else if (is_one_letter(unit))
		atom->one = true;
}

/* A point, or a hyphen, without blanks around it is one of the address. */
static bool
is_written_mark(const VaUnits *units, size_t at, const VaEmailAtoms *atoms)
{
	const VaUnit *unit = &units->items[at];
	const VaEmailAtom *last = atoms->count == 0 ? NULL : &atoms->items[atoms->count - 1];

	if (!unit->tight || last == NULL || last->kind == VA_EMAIL_SYMBOL || atoms->count + 1 >= VA_EMAIL_ATOMS_MAX)
		return false;
	return unit->joint == '.' || (unit->joint == '-' && last->kind == VA_EMAIL_WORD &&
									 (unit->kinds & ~(VA_ENDING | VA_GIVEN | VA_FORENAME | VA_OTHER)) == 0);
}

/* the letter, solo la letra */
static bool
names_letter(const VaUnit *unit)
{
	return (unit->kinds & VA_NOTE) != 0 &&
		   (strstr(unit->key, "letter") != NULL || strstr(unit->key, "letra") != NULL ||
			   strstr(unit->key, "lettre") != NULL || strstr(unit->key, "buchstabe") != NULL);
}

void
va_email_atoms(VaFieldReader *reader, const VaUnits *units, VaEmailAtoms *atoms)
{
	bool begins = true;
	bool stops = false;
	bool noted = false;
	bool clause_noted = false;
	bool counted = false;

	memset(atoms, 0, sizeof(*atoms));
	for (size_t i = 0; i < units->count && atoms->count < VA_EMAIL_ATOMS_MAX;)
	{
		VaEmailAtom *atom = &atoms->items[atoms->count];
		const VaUnit *unit = &units->items[i];
		size_t used = read_note(reader, units, i, noted);

		begins = begins || va_unit_begins(units, i);
		clause_noted = (clause_noted && !va_unit_begins(units, i)) || used > 0;
		stops = stops ||
				(i > 0 && va_unit_begins(units, i) && strchr(".?!", unit->joint) != NULL && unit->joint != '\0');
		if (used > 0)
		{
			noted = true;
			counted = (unit->kinds & VA_NOTE) == 0;
			if (atoms->count > 0 && !counted && unit->text[0] != '\0' && unit->text[1] != '\0')
				atoms->items[atoms->count - 1].fused = true;
			if ((unit->kinds & VA_NOTE) != 0 && unit->text[0] != '\0' && unit->text[1] == '\0')
				atoms->without = unit->text[0];
			i += used;
			continue;
		}
		if (is_written_mark(units, i, atoms))
		{
			*atom = (VaEmailAtom){
				.kind = VA_EMAIL_SYMBOL, .from = i, .to = i, .text = unit->joint == '.' ? "." : "-"
			};
			atoms->count++;
			atom++;
		}
		*atom = (VaEmailAtom){ .from = i,
			.to = i + 1,
			.kinds = unit->kinds,
			.text = unit->word,
			.begins = begins,
			.stops = stops,
			.noted = clause_noted,
			.goes_on = noted,
			.counted = noted && counted };
		begins = stops = noted = false;
		make_atom(reader, units, i, atom);
		/* "the letter a", and a provider that is a number as well: "neuf point fr" */
		if (atom->kind == VA_EMAIL_NOISE && atom->one && i > 0 && names_letter(&units->items[i - 1]))
			atom->kind = VA_EMAIL_LETTERS;
		else if (atom->kind == VA_EMAIL_DIGITS && strcmp(unit->key, "neuf") == 0 && atoms->count > 0 &&
				 atom[-1].kind == VA_EMAIL_SYMBOL && atom[-1].text[0] == '@')
		{
			atom->kind = VA_EMAIL_WORD;
			atom->text = unit->word;
			atom->to = i + 1;
		}
		if (atom->text == NULL)
			return;
		i = atom->to;
		atoms->count++;
	}
}
