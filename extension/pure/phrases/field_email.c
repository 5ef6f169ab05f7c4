/*-------------------------------------------------------------------------
 * field_email.c
 *		E-mail addresses that a person says, spells and mends.
 *
 * A turn becomes atoms: words, runs of letters, runs of digits, symbols, and
 * noise.  An address stands around an at sign that a domain follows; what is
 * before it is read backwards until words that are none of it.  Letters behind
 * a word that they could spell take its place.
 *
 * Pure: the state is the address so far, as parts.
 */
#include "pure/phrases/fields_internal.h"

#include <string.h>

#include "pure/text/utf8.h"

#define ATOMS_MAX 160
#define PARTS_MAX 48
#define EMAIL_MAX 254

typedef enum AtomKind
{
	ATOM_NOISE = 0,
	ATOM_WORD,
	ATOM_LETTERS,
	ATOM_DIGITS,
	ATOM_SYMBOL
} AtomKind;

typedef struct Atom
{
	AtomKind kind;
	const char *text;
	size_t from; /* units */
	size_t to;
	int64_t kinds; /* of its first unit */
	bool begins;   /* behind a mark */
	bool stops;	   /* ... that ends a sentence */
} Atom;

typedef struct Atoms
{
	Atom items[ATOMS_MAX];
	size_t count;
} Atoms;

/* An address in the making: each part a word, letters, digits or a symbol. */
typedef struct Address
{
	const char *parts[PARTS_MAX];
	size_t count;
	size_t at;	 /* the part that is the at sign; count: none yet */
	size_t from; /* units of the turn */
	size_t to;
} Address;

typedef struct State
{
	Address said;
	Address offered;
	Address begun; /* what a turn ended with, where the at sign comes with another */
	bool pending;  /* ... or was its last word */
} State;

/* ---- atoms ---- */

static void
make_atom(VaFieldReader *reader, const VaUnits *units, size_t at, Atom *atom)
{
	char letters[VA_SPELLED_MAX];
	char digits[VA_DIGITS_MAX];
	size_t count;
	const VaUnit *unit = &units->items[at];
	size_t used;

	*atom = (Atom){
		.from = at, .to = at + 1, .kinds = unit->kinds, .text = unit->word, .begins = va_unit_begins(units, at)
	};
	atom->stops = atom->begins && at > 0 && (unit->joint == '.' || unit->joint == '?' || unit->joint == '!');
	/* "punkt at" is Austria's. */
	if ((unit->kinds & VA_SYMBOL) != 0 &&
		!((unit->kinds & VA_ENDING) != 0 && at > 0 && va_unit_is(units, at - 1, VA_SYMBOL) &&
			units->items[at - 1].text[0] == '.'))
	{
		atom->kind = ATOM_SYMBOL;
		atom->text = unit->text;
		return;
	}
	atom->to += va_spelling_remark(units, at);
	if (atom->to > at + 1)
		return;
	/* "two n's" */
	if (atom->begins && (unit->kinds & VA_DIGIT) != 0 && va_unit_is(units, at + 1, VA_LETTER) &&
		!va_unit_begins(units, at + 1) && !va_unit_is(units, at + 1, VA_DIGIT) &&
		(at + 2 >= units->count || va_unit_begins(units, at + 2)))
	{
		atom->to = at + 2;
		return;
	}
	used = va_read_digits(reader->lexicon, units, at, false, digits);
	if (used > 0 && !((unit->kinds & VA_LETTER) != 0 && (unit->kinds & VA_NUMERAL) == 0 && used == 1))
	{
		atom->kind = ATOM_DIGITS;
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
		atom->kind = ATOM_LETTERS;
		atom->text = va_arena_strdup(reader->arena, letters);
		atom->to = at + used;
		return;
	}
	if ((unit->kinds & VA_SYMBOL) != 0 ||
		(unit->kinds & ~(VA_ALPHABET | VA_MONTH | VA_STREET | VA_REGION | VA_ENDING | VA_ORDINAL | VA_NUMERAL |
						   VA_PARTICLE | VA_TENS | VA_MONEY | VA_OTHER | VA_GIVEN)) == 0)
		atom->kind = ATOM_WORD;
}

static void
make_atoms(VaFieldReader *reader, const VaUnits *units, Atoms *atoms)
{
	atoms->count = 0;
	for (size_t i = 0; i < units->count && atoms->count < ATOMS_MAX;)
	{
		Atom *atom = &atoms->items[atoms->count];

		/* A point without blanks around it is one of the address. */
		if (i > 0 && units->items[i].tight && (units->items[i].joint == '.' || units->items[i].joint == '-') &&
			atoms->count > 0 && atoms->count + 1 < ATOMS_MAX && atom[-1].kind != ATOM_SYMBOL &&
			(units->items[i].joint == '.' ||
				(atom[-1].kind == ATOM_WORD && (units->items[i].kinds & ~(VA_ENDING | VA_GIVEN)) == 0)))
		{
			*atom = (Atom){ .kind = ATOM_SYMBOL, .from = i, .to = i, .text = units->items[i].joint == '.' ? "." : "-" };
			atoms->count++;
			atom++;
		}
		make_atom(reader, units, i, atom);
		if (atom->text == NULL)
			return;
		i = atom->to;
		atoms->count++;
	}
}

static bool
is_symbol(const Atoms *atoms, size_t at, char symbol)
{
	return at < atoms->count && atoms->items[at].kind == ATOM_SYMBOL && atoms->items[at].text[0] == symbol;
}

/* ---- parts ---- */

static void
add_part(Address *address, const char *part)
{
	if (address->count < PARTS_MAX)
		address->parts[address->count++] = part;
}

static bool
is_mark(const char *part)
{
	return part[1] == '\0' && strchr("@.-_+", part[0]) != NULL;
}

/* Letters that spell the part before them take its place, else they follow it. */
static void
add_letters(Address *address, const Atom *atom, size_t at_least)
{
	size_t last = address->count;

	if (last > at_least && !is_mark(address->parts[last - 1]) && strlen(atom->text) > 1 &&
		va_words_alike(address->parts[last - 1], atom->text))
		address->parts[last - 1] = atom->text;
	else
		add_part(address, atom->text);
}

/* Addresses have no accents; German writes its umlauts in two letters. */
static void
add_plain(VaBuffer *out, const char *text, bool german)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len;)
	{
		int32_t code = 0;
		size_t step = va_utf8_next((const unsigned char *) text + i, len - i, &code);
		char bytes[4];

		if (code == 0xDF)
			va_buffer_add(out, "ss", 2);
		else if (code > 0 && code != ' ' && code != '\'' && !(code == '-' && len > 1))
		{
			va_buffer_add(out, bytes, va_utf8_write(va_plain_letter(va_small_letter(code)), bytes));
			if (german && (code == 0xE4 || code == 0xF6 || code == 0xFC))
				va_buffer_add(out, "e", 1);
		}
		i += step;
	}
}

static const char *
written(VaFieldReader *reader, const Address *address)
{
	VaBuffer out = { 0 };

	for (size_t i = 0; i < address->count; i++)
		add_plain(&out, address->parts[i], reader->lexicon->table->compounds);
	return va_buffer_finish(&out, reader->arena);
}

/* Letters behind the address spell the part that they are most like. */
static void
respell(VaFieldReader *reader, Address *address, const char *letters)
{
	size_t best = PARTS_MAX;
	size_t letters_len = strlen(letters);

	if (letters_len < 2)
		return;
	for (size_t i = 0; i < address->count; i++)
	{
		if (is_mark(address->parts[i]) || !va_words_alike(address->parts[i], letters))
			continue;
		if (strcmp(address->parts[i], letters) == 0)
			return;
		if (best == PARTS_MAX)
			best = i;
	}
	if (best == PARTS_MAX)
		return;
	/* The address has it among other letters. */
	if (strstr(written(reader, address), letters) != NULL)
		return;
	address->parts[best] = va_arena_strdup(reader->arena, letters);
}

/* ---- the domain ---- */

/* The point and the last part of a domain, somewhere behind the at sign. */
static bool
domain_follows(const Atoms *atoms, size_t at)
{
	for (size_t i = at + 1; i < atoms->count && i < at + 18; i++)
	{
		if (i > at + 1 && is_symbol(atoms, i, '@'))
			return false;
		if (i > at + 1 && is_symbol(atoms, i, '.') && i + 1 < atoms->count && atoms->items[i + 1].kind != ATOM_NOISE)
			return true;
		if (i > at + 1 && is_symbol(atoms, i, '.') && i + 1 < atoms->count &&
			(atoms->items[i + 1].kinds & VA_ENDING) != 0)
			return true;
		if (i > at + 1 && atoms->items[i].stops)
			return false;
	}
	return false;
}

/* The atoms behind one that begin a remark, such as "all one word,": up to the next mark. */
static size_t
skip_remark(const Atoms *atoms, size_t at)
{
	for (at++; at < atoms->count && !atoms->items[at].begins && atoms->items[at].kind != ATOM_SYMBOL;)
		at++;
	return at;
}

static size_t
read_domain(const Atoms *atoms, size_t at, Address *address)
{
	size_t first = address->count;

	while (at < atoms->count)
	{
		const Atom *atom = &atoms->items[at];
		bool ended = address->count > first + 1 && strcmp(address->parts[address->count - 2], ".") == 0;

		if (atom->stops && (ended || atom->kind != ATOM_LETTERS))
			break;
		if (ended && (atom->kind != ATOM_SYMBOL || (atom->text[0] != '.' && atom->text[0] != '-')))
			break;
		if (ended && at + 1 < atoms->count && atoms->items[at + 1].kind == ATOM_NOISE &&
			(atoms->items[at + 1].kinds & VA_ENDING) == 0)
			break;
		if (atom->kind == ATOM_NOISE && (atom->begins || (atom->kinds & (VA_WITH | VA_NO | VA_AS)) != 0))
		{
			bool leads = (atom->kinds & VA_LEAD) != 0 && at + 1 < atoms->count && atom[1].kind == ATOM_LETTERS;

			at = leads ? at + 1 : skip_remark(atoms, at);
			continue;
		}
		/* "punto... punto es" */
		if (atom->kind == ATOM_SYMBOL && address->count > first && strcmp(address->parts[address->count - 1], ".") == 0)
		{
			at++;
			continue;
		}
		if (atom->kind == ATOM_LETTERS)
			add_letters(address, atom, first);
		else
			add_part(address, atom->text);
		address->to = atom->to;
		at++;
	}
	return at;
}

/* ---- what is before the at sign ---- */

/* Whether the atoms of a part between marks are a remark: all noise, or begun by "no", "like". */
static bool
is_remark(const Atoms *atoms, size_t from, size_t to, size_t at)
{
	bool noise = true;

	if ((atoms->items[from].kinds & (VA_NO | VA_AS)) != 0 && atoms->items[from].kind == ATOM_NOISE)
		return true;
	if (to == at && to == from + 1)
		return false;
	for (size_t i = from; i < to; i++)
		noise = noise && atoms->items[i].kind == ATOM_NOISE;
	return noise;
}

/* Whether a part between marks may go on an address: it is spelled, digits, or begins with a symbol. */
static bool
goes_on(const Atoms *atoms, size_t from, size_t to)
{
	for (; from < to && atoms->items[from].kind == ATOM_NOISE; from++)
		;
	return from < to && (atoms->items[from].kind == ATOM_SYMBOL || atoms->items[from].kind == ATOM_LETTERS ||
							atoms->items[from].kind == ATOM_DIGITS);
}

/* The first atom that is no noise of a part, behind the last noise that is not beside a symbol. */
static size_t
start_in(const Atoms *atoms, size_t from, size_t to)
{
	size_t start = to;

	while (start > from)
	{
		const Atom *atom = &atoms->items[start - 1];

		if (atom->kind == ATOM_NOISE &&
			!(start < to && atoms->items[start].kind == ATOM_SYMBOL && (atom->kinds & VA_COMMON) != 0 &&
				(atom->kinds & VA_LEAD) == 0 && start - 1 > from && atoms->items[start - 2].kind == ATOM_SYMBOL))
			break;
		start--;
	}
	return start;
}

/* Reads backwards where the address begins; the parts between marks that are remarks are left out. */
/* What of a part between marks is the address: up to a remark ("sans accents", "with two n's") or noise at its end. */
static size_t
piece_end(const Atoms *atoms, size_t from, size_t end)
{
	size_t at = from;

	while (at < end && atoms->items[at].kind == ATOM_NOISE)
		at++;
	for (size_t i = at; i < end; i++)
	{
		if (atoms->items[i].kind == ATOM_NOISE && (atoms->items[i].kinds & (VA_NO | VA_WITH | VA_AS)) != 0)
			return i;
	}
	while (end > at && atoms->items[end - 1].kind == ATOM_NOISE)
		end--;
	return end;
}

/* Whether a part between marks is only spelled: it goes on behind its mark. */
static bool
is_only_spelled(const Atoms *atoms, size_t from, size_t end)
{
	for (; from < end; from++)
	{
		if (atoms->items[from].kind == ATOM_WORD || atoms->items[from].kind == ATOM_DIGITS)
			return false;
	}
	return true;
}

static size_t
part_start(const Atoms *atoms, size_t end)
{
	size_t from = end;

	while (from > 0 && !(from < end && atoms->items[from].begins))
		from--;
	return from;
}

static void
add_piece(const Atoms *atoms, size_t from, size_t to, Address *address)
{
	for (size_t i = from; i < to; i++)
	{
		const Atom *atom = &atoms->items[i];

		if (atom->kind == ATOM_LETTERS)
			add_letters(address, atom, 0);
		else if (atom->kind != ATOM_NOISE || to == from + 1 || (i > 0 && atoms->items[i - 1].kind == ATOM_SYMBOL))
			add_part(address, atom->text);
	}
}

/* Reads backwards where the address begins; the parts between marks that are remarks are left out. */
static void
read_local(const Atoms *atoms, size_t at, Address *address)
{
	size_t pieces[ATOMS_MAX][2];
	size_t npieces = 0;
	size_t end = at;
	bool open = at == atoms->count || !atoms->items[at].stops || at == 0;

	while (open && end > 0 && npieces < ATOMS_MAX)
	{
		size_t from = part_start(atoms, end);
		size_t limit = piece_end(atoms, from, end);
		size_t start = start_in(atoms, from, limit);
		bool lone = end == at && end == from + 1 && from == part_start(atoms, end) &&
					(atoms->items[from].kinds & (VA_LEAD | VA_NAMES | VA_YES | VA_NO)) == 0;

		if (start == limit && lone && at < atoms->count)
		{
			/* "hello at" is one, too */
			limit = end;
			start = from;
		}
		if (start < limit && !is_remark(atoms, from, end, at))
		{
			pieces[npieces][0] = start;
			pieces[npieces++][1] = limit;
			open = goes_on(atoms, from, limit) || (from > 0 && is_only_spelled(atoms, part_start(atoms, from), from));
			/* "it's k, l, at": nothing before it belongs to it. */
			if (start > from && (atoms->items[from].kinds & VA_LEAD) != 0 && atoms->items[start].kind != ATOM_LETTERS)
				open = false;
		}
		if (from == 0 || atoms->items[from].stops)
			break;
		end = from;
	}
	if (npieces > 0)
		address->from = atoms->items[pieces[npieces - 1][0]].from;
	while (npieces-- > 0)
		add_piece(atoms, pieces[npieces][0], pieces[npieces][1], address);
}

/* ---- a turn ---- */

static void
read_tail(VaFieldReader *reader, const Atoms *atoms, size_t at, Address *address)
{
	for (; at < atoms->count; at++)
	{
		if (atoms->items[at].kind == ATOM_LETTERS)
			respell(reader, address, atoms->items[at].text);
	}
}

/* The last address of a turn, its domain and all. */
static bool
read_whole(VaFieldReader *reader, const Atoms *atoms, const Address *pending, Address *found)
{
	bool any = false;

	for (size_t i = 0; i < atoms->count; i++)
	{
		Address address = { .count = 0 };

		if (!is_symbol(atoms, i, '@') || !domain_follows(atoms, i))
			continue;
		read_local(atoms, i, &address);
		if (address.count == 0 && pending != NULL)
		{
			address = *pending;
			address.from = atoms->items[i].from;
		}
		if (address.count == 0)
			continue;
		address.at = address.count;
		add_part(&address, "@");
		i = read_domain(atoms, i + 1, &address);
		read_tail(reader, atoms, i, &address);
		*found = address;
		any = true;
		if (i > 0)
			i--;
	}
	return any;
}

/* What is before the at sign alone, as it mends what was read back: "pippa, p i double p a, dot gough". */
static bool
mend_local(const Atoms *atoms, const Address *offered, Address *found)
{
	Address address = { .count = 0 };
	size_t dot = 0;
	size_t start;

	while (dot < atoms->count && !(atoms->items[dot].kind == ATOM_SYMBOL && strchr("._-", atoms->items[dot].text[0])))
		dot++;
	if (dot + 1 >= atoms->count || dot == 0 || atoms->items[dot + 1].kind == ATOM_NOISE)
		return false;
	start = dot;
	while (start > 0 && atoms->items[start - 1].kind == ATOM_LETTERS)
		start--;
	if (start == dot && start > 0 && atoms->items[start - 1].kind == ATOM_WORD)
		start--;
	if (start == dot)
		return false;
	for (size_t i = start;
		 i < atoms->count && atoms->items[i].kind != ATOM_NOISE && (i <= dot + 1 || !atoms->items[i].begins); i++)
	{
		if (is_symbol(atoms, i, '@'))
			return false;
		add_part(&address, atoms->items[i].text);
		address.to = atoms->items[i].to;
	}
	address.from = atoms->items[start].from;
	address.at = address.count;
	for (size_t i = offered->at; i < offered->count; i++)
		add_part(&address, offered->parts[i]);
	*found = address;
	return true;
}

static bool
is_email(const char *text)
{
	const char *at = text == NULL ? NULL : strchr(text, '@');
	const char *dot = at == NULL ? NULL : strrchr(at, '.');

	return dot != NULL && at > text && dot > at + 1 && strlen(dot) > 2 && strlen(text) <= EMAIL_MAX &&
		   strstr(text, "..") == NULL && strchr(at + 1, '@') == NULL && strstr(text, ".@") == NULL && text[0] != '.';
}

static void
take(VaFieldReader *reader, const Address *address)
{
	const char *text = written(reader, address);

	if (is_email(text))
		va_field_take(reader, text, address->from < reader->said.count ? address->from : 0, address->to);
}

/* An address whose domain comes with the next turn. */
static void
keep_pending(const Atoms *atoms, State *state)
{
	Address address = { .count = 0 };
	bool at = atoms->count > 1 && is_symbol(atoms, atoms->count - 1, '@');

	state->pending = at;
	read_local(atoms, atoms->count - at, &address);
	if (at || (address.count > 0 && state->said.count == 0))
		state->begun = address;
}

void
va_read_email(VaFieldReader *reader, bool person)
{
	State *state = reader->state;
	Atoms *atoms = va_arena_alloc(reader->arena, sizeof(Atoms));
	VaAnswer answer = va_field_answer(&reader->said);
	Address found;

	if (state == NULL)
		reader->state = state = va_arena_alloc(reader->arena, sizeof(State));
	if (state == NULL || atoms == NULL)
		return;
	make_atoms(reader, &reader->said, atoms);
	if (!person)
	{
		if (read_whole(reader, atoms, NULL, &state->offered))
			reader->offered = written(reader, &state->offered);
		return;
	}
	if (read_whole(reader, atoms, state->begun.count > 0 ? &state->begun : NULL, &found))
	{
		state->said = found;
		state->pending = false;
		state->begun.count = 0;
		take(reader, &found);
		return;
	}
	keep_pending(atoms, state);
	if (state->pending)
		return;
	if (reader->offered != NULL && mend_local(atoms, &state->offered, &found))
	{
		state->said = found;
		take(reader, &found);
	}
	else if (answer == VA_ANSWER_YES && reader->offered != NULL && is_email(reader->offered))
	{
		va_field_take(reader, reader->offered, 0, reader->said.count);
		state->said = state->offered;
	}
	else if (reader->value->value != NULL && state->said.count > 0)
	{
		read_tail(reader, atoms, 0, &state->said);
		state->said.from = 0;
		state->said.to = reader->said.count;
		if (strcmp(written(reader, &state->said), reader->value->value) != 0)
			take(reader, &state->said);
		else if (answer == VA_ANSWER_NO && reader->offered != NULL)
			va_field_drop(reader);
	}
	else if (answer == VA_ANSWER_NO && reader->offered != NULL)
		va_field_drop(reader);
}
