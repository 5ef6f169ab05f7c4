/*-------------------------------------------------------------------------
 * field_email.c
 *		E-mail addresses that a person says, spells and mends.
 *
 * A turn is read clause by clause.  What of a clause is the address goes on
 * what the clauses before it have said, spells a part of it, takes the place
 * of one ("no, jill underscore"), or begins anew.  An address whose at sign,
 * or whose domain, comes with another turn stays open until then.
 *
 * Pure: the state is the address so far, as parts.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/email_internal.h"

/* Noise that is a word of the address beside a symbol: "hello at", "at the tiny bakery". */
#define NEVER_KINDS \
	(VA_LEAD | VA_YES | VA_NO | VA_MEND | VA_LOST | VA_WITH | VA_WITHOUT | VA_VAGUE | VA_NAMES | VA_TIMES | VA_SYMBOL)

typedef struct State
{
	VaEmailAddress said;	/* whole */
	VaEmailAddress open;	/* begun; without parts: none is */
	VaEmailAddress offered; /* read back by the assistant */
	const char *ending;		/* "punkt com?" that the assistant asked after; NULL: it did not */
} State;

/* What of a clause is the address. */
typedef struct Piece
{
	size_t begin; /* of the clause; atoms */
	size_t from;
	size_t to;
	size_t end;	  /* of the clause */
	bool led;	  /* it's */
	bool mends;	  /* no, sorry */
	bool stops;	  /* a sentence begins */
	bool symbol;  /* it has one */
	bool at;	  /* ... the at sign */
	bool spelled; /* letters, and nothing else */
} Piece;

/* ---- clauses ---- */

static bool
is_symbol(const VaEmailAtoms *atoms, size_t at, char symbol)
{
	return at < atoms->count && atoms->items[at].kind == VA_EMAIL_SYMBOL &&
		   (symbol == '\0' || atoms->items[at].text[0] == symbol);
}

/* Whether an at sign follows somewhere. */
static bool
at_follows(const VaEmailAtoms *atoms, size_t at)
{
	for (; at < atoms->count; at++)
	{
		if (is_symbol(atoms, at, '@'))
			return true;
	}
	return false;
}

/* "then dot", "puis tiret" */
static bool
is_next(const char *word)
{
	static const char *const words[] = { "then", "puis", "ensuite", "luego", "despu\303\251s", "dann", NULL };

	for (size_t i = 0; words[i] != NULL; i++)
	{
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

/* Whether an atom of a clause from .. to is a part of an address; begun: one has begun. */
static bool
is_content(const VaEmailAtoms *atoms, size_t from, size_t at, size_t to, bool begun)
{
	const VaEmailAtom *atom = &atoms->items[at];
	bool before = at > from && (atoms->items[at - 1].kind != VA_EMAIL_NOISE);
	bool behind = at + 1 < to && atoms->items[at + 1].kind != VA_EMAIL_NOISE;

	if (atom->kind != VA_EMAIL_NOISE)
		return true;
	if (is_next(atom->text))
		return false;
	/* "a patel at", "y le goff" */
	if (atom->one && !(at == from && atoms->to_somebody && atom->text[0] == 'a') &&
		(behind || (at + 2 < to && atoms->items[at + 2].kind != VA_EMAIL_NOISE &&
					   (atoms->items[at + 1].kinds & (VA_PARTICLE | VA_ARTICLE)) != 0)) &&
		at_follows(atoms, at) && !is_symbol(atoms, at + 1, '@'))
		return true;
	if (at > from && is_symbol(atoms, at - 1, '\0') && (atom->kinds & (NEVER_KINDS & ~VA_NAMES)) == 0)
		return true;
	/* "at proton mail dot com" */
	if (before && (atom->kinds & VA_NAMES) != 0 && is_symbol(atoms, at + 1, '.') && at > from + 1 &&
		is_symbol(atoms, at - 2, '@'))
		return true;
	if ((atom->kinds & (NEVER_KINDS & ~VA_WITHOUT)) != 0)
		return false;
	if (at + 1 < to && is_symbol(atoms, at + 1, '\0') && !begun && !before)
		return true;
	/* "d gross, at", and what is the only word before the at sign: "büro, at" */
	if (at > from && atoms->items[at - 1].kind == VA_EMAIL_LETTERS && atoms->items[at - 1].text[1] == '\0' &&
		(at + 1 == to || is_symbol(atoms, at + 1, '@')) && at_follows(atoms, at))
		return true;
	if (at == from && to == at + 1 && !begun && is_symbol(atoms, to, '\0'))
		return true;
	/* "sunny side up, all one word" */
	if (before && atoms->items[to - 1].fused &&
		(atom->kinds == VA_COMMON || (atom->one && (atom->kinds & VA_AND) == 0)) && at_follows(atoms, to))
		return true;
	/* "c de villiers", "pritchard and sons" */
	if (behind && atoms->items[at + 1].noted)
		return before && (atom->kinds & VA_AND) != 0;
	return (before || (at > from && atoms->items[at - 1].one)) && behind && !is_symbol(atoms, at + 1, '\0') &&
		   (atom->kinds & (VA_PARTICLE | VA_ARTICLE | VA_AND)) != 0;
}

/* The run of content that counts: the last with an at sign, else the last with a symbol, else the last. */
static void
choose_run(const VaEmailAtoms *atoms, size_t from, size_t to, bool begun, Piece *piece)
{
	int best = 0;

	piece->from = piece->to = to;
	for (size_t i = from; i < to;)
	{
		size_t start = i;
		int worth = 1;

		while (i < to && is_content(atoms, from, i, to, begun))
		{
			if (is_symbol(atoms, i, '\0') && worth < 2)
				worth = 2;
			if (is_symbol(atoms, i, '@'))
				worth = 3;
			i++;
		}
		if (i > start && worth >= best)
		{
			best = worth;
			piece->from = start;
			piece->to = i;
		}
		if (i == start)
			i++;
	}
	piece->symbol = best >= 2;
	piece->at = best == 3;
	/* "no dot between", "con ene en vez de eñe": of a remark; or a letter said again. */
	if (piece->from < piece->to && !piece->symbol && atoms->items[piece->from].noted &&
		atoms->items[piece->from].kind == VA_EMAIL_WORD)
		piece->from = piece->to;
	/* "no, el bajo": a thing that is spoken of. */
	if (piece->from < piece->to && piece->to == piece->from + 1 && !piece->symbol && piece->from > from &&
		atoms->items[piece->from].kind == VA_EMAIL_WORD && (atoms->items[piece->from - 1].kinds & VA_ARTICLE) != 0 &&
		begun)
		piece->from = piece->to;
}

static void
read_clause(const VaEmailAtoms *atoms, size_t from, bool begun, Piece *piece)
{
	size_t to = from + 1;
	size_t limit;

	while (to < atoms->count && !atoms->items[to].begins)
		to++;
	*piece = (Piece){ .begin = from, .end = to, .stops = atoms->items[from].stops };
	/* "like the trees": the rest of the clause says what a word sounds like */
	for (limit = from; limit < to; limit++)
	{
		if (atoms->items[limit].kind == VA_EMAIL_NOISE && (atoms->items[limit].kinds & VA_AS) != 0 &&
			(atoms->items[limit].kinds & VA_PARTICLE) == 0)
			break;
	}
	/* "punto es, no punto com" */
	if (begun && (atoms->items[from].kinds & VA_NO) != 0 && is_symbol(atoms, from + 1, '.') &&
		!atoms->items[from + 1].begins)
		limit = from;
	choose_run(atoms, from, limit, begun, piece);
	piece->spelled = piece->to > piece->from;
	for (size_t i = piece->from; i < piece->to; i++)
		piece->spelled = piece->spelled && atoms->items[i].kind == VA_EMAIL_LETTERS;
	for (size_t i = from; i < to && (i < piece->from || piece->from == piece->to); i++)
	{
		if (atoms->items[i].kind != VA_EMAIL_NOISE)
			continue;
		piece->led = piece->led || (atoms->items[i].kinds & VA_LEAD) != 0;
		piece->mends = piece->mends || (atoms->items[i].kinds & (VA_NO | VA_MEND)) != 0;
	}
}

/* ---- a turn ---- */

typedef struct Dictation
{
	VaFieldReader *reader;
	const VaEmailAtoms *atoms;
	VaEmailAddress address;
	bool open; /* one was begun in another turn */
	bool mends;
	bool vague; /* something at ... */
} Dictation;

static void
begin(Dictation *dictation)
{
	dictation->address = (VaEmailAddress){ .at = SIZE_MAX, .from = SIZE_MAX };
}

/* The atoms of a piece go on the address; what stands behind its ending is left out. */
static void
append(Dictation *dictation, const Piece *piece)
{
	VaEmailAddress *address = &dictation->address;

	for (size_t i = piece->from; i < piece->to; i++)
	{
		const VaEmailAtom *atom = &dictation->atoms->items[i];
		bool mark = address->count > 0 && va_email_is_mark(address->parts[address->count - 1]);

		if (va_email_is_whole(address) && !(atom->kind == VA_EMAIL_SYMBOL && strchr(".-", atom->text[0]) != NULL))
			break;
		/* "p marsh and the digit two" */
		if (atom->kind == VA_EMAIL_NOISE && (atom->kinds & VA_AND) != 0 && i + 1 < piece->to && atom[1].noted)
			continue;
		/* "punto... punto es" */
		if (atom->kind == VA_EMAIL_SYMBOL && mark && atom->text[0] != '@' &&
			strcmp(address->parts[address->count - 1], atom->text) == 0)
			continue;
		if (atom->kind == VA_EMAIL_SYMBOL && atom->text[0] == '@' && address->at != SIZE_MAX)
			continue;
		if (atom->kind == VA_EMAIL_LETTERS)
			va_email_add_letters(address, atom->text);
		else
			va_email_add(address, atom->text);
		if (atom->from < address->from)
			address->from = atom->from;
		address->to = atom->to;
	}
}

/* "jill dot abbott, no, jill underscore abbott", "müller, no, moeller" */
static void
mend(Dictation *dictation, const Piece *piece)
{
	VaEmailAddress *address = &dictation->address;
	const VaEmailAtom *first = &dictation->atoms->items[piece->from];
	size_t part = va_email_find_part(address, first->text, 1);
	size_t limit = address->at == SIZE_MAX ? address->count : address->at;

	if (first->kind == VA_EMAIL_SYMBOL && first->text[0] != '@')
	{
		/* "no, underscore": the last one is another. */
		for (part = address->count; part > 0 && !va_email_is_mark(address->parts[part - 1]);)
			part--;
		if (part > 0)
			va_email_cut(address, part - 1);
	}
	else if (part < address->count)
		va_email_cut(address, part);
	else if (first->kind == VA_EMAIL_SYMBOL)
		part = 0;
	else if (piece->at || piece->symbol)
		begin(dictation);
	else if (address->count > 0 && address->count == limit && !va_email_is_mark(address->parts[address->count - 1]))
		va_email_cut(address, address->count - 1);
	append(dictation, piece);
}

static const char *
spelled_text(Dictation *dictation, const Piece *piece)
{
	const char *letters = "";

	for (size_t i = piece->from; i < piece->to && letters != NULL; i++)
		letters = va_arena_join(dictation->reader->arena, letters, dictation->atoms->items[i].text, NULL);
	return letters == NULL ? "" : letters;
}

/* Whether a piece is about what has been said: the word again, with nothing new. */
static bool
is_mention(const Dictation *dictation, const Piece *piece)
{
	const VaEmailAtom *only = &dictation->atoms->items[piece->from];
	const char *written = va_email_written(dictation->reader, &dictation->address);

	/* "la lettre h", "heyde" of vdheyde */
	if (piece->to == piece->from + 1 && only->kind == VA_EMAIL_LETTERS && only->noted &&
		strcmp(dictation->address.parts[dictation->address.count - 1], only->text) == 0)
		return true;
	if (piece->to == piece->from + 1 && only->kind == VA_EMAIL_WORD && strlen(only->text) > 3 &&
		strstr(written, only->text) != NULL)
		return true;
	for (size_t i = piece->from; i < piece->to; i++)
	{
		const VaEmailAtom *atom = &dictation->atoms->items[i];

		if (atom->kind != VA_EMAIL_WORD ||
			va_email_find_part(&dictation->address, atom->text, 1000) == dictation->address.count)
			return false;
	}
	return !piece->symbol;
}

/* "leroy, deux l, e": a letter behind a remark about letters is of the remark. */
static bool
is_remarked(const Dictation *dictation, const Piece *piece)
{
	const VaEmailAtom *only = &dictation->atoms->items[piece->from];
	const char *last = dictation->address.parts[dictation->address.count - 1];

	if (piece->to != piece->from + 1)
		return false;
	/* "zero nine, zero nine as digits" */
	if (only->kind == VA_EMAIL_DIGITS)
		return only->fused && strcmp(last, only->text) == 0;
	if (only->kind != VA_EMAIL_LETTERS || only->text[0] == '\0' || only->text[1] != '\0')
		return false;
	/* "g lambert 59, g comme Guy" */
	if (only->to - only->from > 2 && piece->from == piece->begin && last[1] != '\0' &&
		dictation->address.parts[0][0] == only->text[0])
		return true;
	return strchr(last, only->text[0]) != NULL && last[1] != '\0' &&
		   (only->counted ||
			   (piece->from > piece->begin && !only->goes_on &&
				   (only[-1].kinds & (VA_COMMON | VA_ARTICLE | VA_DIGIT)) != 0 && !is_next(only[-1].text)));
}

/* Whether a piece begins another address rather than going on with this one. */
static bool
begins_anew(const Dictation *dictation, const Piece *piece)
{
	const VaEmailAddress *address = &dictation->address;
	const VaEmailAtom *first = &dictation->atoms->items[piece->from];

	if (address->count == 0)
		return true;
	/* What goes on an address of the turn before. */
	if (dictation->open && piece->stops && is_symbol(dictation->atoms, piece->from, '@') && address->at == SIZE_MAX)
		return true;
	/* "the office one, info at" */
	if (address->count == 1 && first->kind == VA_EMAIL_WORD && piece->at &&
		strspn(address->parts[0], "0123456789") == strlen(address->parts[0]))
		return true;
	if (first->kind == VA_EMAIL_SYMBOL || va_email_is_mark(address->parts[address->count - 1]))
		return false;
	if (va_email_is_whole(address))
		return piece->at && first->kind != VA_EMAIL_SYMBOL;
	if (address->at != SIZE_MAX)
		return piece->at;
	if (first->kind == VA_EMAIL_LETTERS || first->kind == VA_EMAIL_DIGITS)
		return piece->led && piece->symbol;
	if (piece->stops || piece->led)
		return true;
	if (dictation->atoms->items[piece->from].goes_on)
		return false;
	/* "Caroline Hughes, caroline dot hughes at" */
	return va_email_find_part(address, first->text, 900) == 0 || (piece->at && strlen(address->parts[0]) > 2);
}

static void
take_piece(Dictation *dictation, const Piece *piece)
{
	VaEmailAddress *address = &dictation->address;
	bool whole = va_email_is_whole(address);

	if (piece->spelled && address->count > 0)
	{
		const char *letters = spelled_text(dictation, piece);

		if (strlen(letters) > 1 &&
			(whole || address->at == SIZE_MAX || va_email_find_part(address, letters, 1) < address->count) &&
			!va_email_is_mark(address->parts[address->count - 1]) &&
			va_email_respell(dictation->reader, address, letters))
		{
			address->to = dictation->atoms->items[piece->to - 1].to;
			return;
		}
	}
	if (address->count > 0 && (is_mention(dictation, piece) || is_remarked(dictation, piece)))
		return;
	if (dictation->mends && address->count > 0 && !(whole && !piece->symbol))
	{
		mend(dictation, piece);
		return;
	}
	if (begins_anew(dictation, piece))
	{
		begin(dictation);
		append(dictation, piece);
	}
	else if (!whole || is_symbol(dictation->atoms, piece->from, '.'))
		append(dictation, piece);
}

static void
dictate(Dictation *dictation)
{
	const VaEmailAtoms *atoms = dictation->atoms;

	for (size_t i = 0; i < atoms->count;)
	{
		Piece piece;

		read_clause(atoms, i, dictation->address.count > 0 && !dictation->mends, &piece);
		dictation->mends = dictation->mends || piece.mends;
		for (; i < piece.end; i++)
			dictation->vague = dictation->vague || (atoms->items[i].kinds & VA_VAGUE) != 0;
		if (piece.to > piece.from)
		{
			take_piece(dictation, &piece);
			dictation->mends = false;
		}
		i = piece.end;
	}
	va_email_finish(dictation->reader->lexicon, &dictation->address);
}

/* ---- the turn ---- */

static void
take(VaFieldReader *reader, const VaEmailAddress *address)
{
	const char *text = va_email_written(reader, address);
	size_t from = address->from < reader->said.count ? address->from : 0;

	if (!va_email_is_right(text))
		return;
	/* "... but I am not sure": it stays open. */
	for (size_t i = address->to; i < reader->said.count; i++)
	{
		if (va_unit_is(&reader->said, i, VA_LOST))
		{
			va_field_drop(reader);
			return;
		}
	}
	va_field_take(reader, text, from, address->to);
}

static void
hear_assistant(VaFieldReader *reader, const VaEmailAtoms *atoms, State *state)
{
	Dictation dictation = { .reader = reader, .atoms = atoms };
	const VaEmailAddress *address = &dictation.address;

	begin(&dictation);
	dictate(&dictation);
	state->ending = NULL;
	if (va_email_is_whole(address))
	{
		state->offered = *address;
		reader->offered = va_email_written(reader, address);
	}
	else if (address->count == 2 && address->parts[0][0] == '.')
		state->ending = address->parts[1];
}

/* An address that was begun goes on with this turn. */
static void
go_on(Dictation *dictation, const State *state, VaYesNo answer)
{
	VaEmailAddress begun = state->open;
	VaEmailAddress more = dictation->address;
	bool dotted = begun.at != SIZE_MAX && begun.count > begun.at + 1;

	if (begun.count == 0 || va_email_is_whole(&more))
		return;
	if (more.count == 0 && !(answer == VA_ANSWER_YES && state->ending != NULL && dotted))
		return;
	/* With its own local part it is another. */
	if (more.count > 0 && more.at != SIZE_MAX && more.at > 0)
		return;
	if (more.count > 0 && dotted && more.parts[0][0] != '.')
		return;
	if (more.count == 0)
	{
		va_email_add(&begun, ".");
		va_email_add(&begun, state->ending);
		more.from = 0;
		more.to = dictation->reader->said.count;
	}
	else if (begun.at == SIZE_MAX && more.at == SIZE_MAX)
		va_email_add(&begun, "@");
	for (size_t i = 0; i < more.count; i++)
	{
		if (!(more.parts[i][0] == '@' && begun.at != SIZE_MAX))
			va_email_add(&begun, more.parts[i]);
	}
	va_email_finish(dictation->reader->lexicon, &begun);
	begun.from = more.from;
	begun.to = more.to;
	if (va_email_is_whole(&begun))
		dictation->address = begun;
}

void
va_read_email(VaFieldReader *reader, bool person)
{
	State *state = reader->state;
	VaEmailAtoms *atoms = va_arena_alloc(reader->arena, sizeof(VaEmailAtoms));
	VaYesNo answer = va_field_answer(&reader->said);
	Dictation dictation = { .reader = reader, .atoms = atoms };
	VaEmailAddress known;

	if (state == NULL)
		reader->state = state = va_arena_alloc(reader->arena, sizeof(State));
	if (state == NULL || atoms == NULL)
		return;
	va_email_atoms(reader, &reader->said, atoms);
	if (!person)
	{
		hear_assistant(reader, atoms, state);
		return;
	}
	dictation.open = state->open.count > 0;
	atoms->to_somebody = reader->lexicon->table->needs_and;
	begin(&dictation);
	dictate(&dictation);
	known = reader->offered != NULL ? state->offered : state->said;
	if (reader->offered == NULL)
		go_on(&dictation, state, answer);
	if (va_email_is_whole(&dictation.address))
	{
		state->said = dictation.address;
		state->open.count = 0;
		if (!dictation.vague)
			take(reader, &state->said);
		return;
	}
	if (known.count > 0 && dictation.address.at == SIZE_MAX &&
		va_email_mend(&known, &dictation.address, atoms->without, answer == VA_ANSWER_NO))
	{
		known.from = 0;
		known.to = reader->said.count;
		state->said = known;
		take(reader, &known);
		return;
	}
	if (answer == VA_ANSWER_YES && reader->offered != NULL && va_email_is_right(reader->offered))
	{
		va_field_agree(reader, reader->offered);
		state->said = state->offered;
		return;
	}
	if (answer == VA_ANSWER_NO && reader->offered != NULL)
		va_field_drop(reader);
	state->open = dictation.address;
}
