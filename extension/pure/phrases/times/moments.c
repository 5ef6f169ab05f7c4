/*-------------------------------------------------------------------------
 * moments.c
 *		One pass over the words of a phrase: combines atoms into moments and
 *		moments into ranges and lists, and marks those denied or taken back.
 *
 * This pass sees one phrase, not the conversation.  Words that choose between
 * moments, move one, or point back at one leave it ambiguous: unread is counted.
 */
#include "times_internal.h"

#include <string.h>

/* The most words between a denied word and the word that denies it. */
#define DENIAL_REACH 12
/* The most words unrelated to times between an hour and its day. */
#define GAP_MAX 4

/* ---- denials and corrections ---- */

/* Denying an open range reverses it: "not before ten", "not until Friday", "not after five". */
static void
deny(const VaPass *pass, VaMeant *meant)
{
	switch (meant->shape)
	{
		case VA_SHAPE_BEFORE:
			meant->shape = VA_SHAPE_FROM;
			break;
		case VA_SHAPE_UNTIL:
			meant->shape = pass->denial == 1 ? VA_SHAPE_AFTER : VA_SHAPE_FROM;
			break;
		case VA_SHAPE_AFTER:
			meant->shape = VA_SHAPE_UNTIL;
			meant->denied = pass->except;
			break;
		case VA_SHAPE_FROM:
			/* "je ne peux pas avant mardi": both words deny. */
			meant->denied = pass->denial == 1;
			break;
		default:
			/* "away for two weeks" */
			if (pass->scan->vague && va_lexeme_is(pass->scan, meant->first, VA_WORD_IN) &&
				(va_lexeme(pass->scan, meant->first)->value == VA_IN_FOR || pass->denial == 1))
				meant->shape = VA_SHAPE_FROM;
			else
				meant->denied = true;
			break;
	}
}

/* Ends a clause: a denial with nothing after it denies the moment before it. */
static void
end_clause(VaPass *pass)
{
	VaMeant *meant = pass->current;

	if (pass->denial != VA_NO_DENIAL && meant != NULL && meant->clause == pass->clause &&
		pass->denied_at - meant->end <= DENIAL_REACH)
	{
		/* "until Friday I have no time" */
		if (meant->shape == VA_SHAPE_UNTIL)
			pass->denial = 1;
		for (deny(pass, meant); meant->linked; meant--)
			meant[-1].denied = meant->denied;
	}
	pass->denial = VA_NO_DENIAL;
	pass->clause++;
}

/* Withdraws the earlier moments; the last one completes the new one ("at three, no, four"). */
static void
take_back(VaPass *pass, VaMeant *meant, const VaAtom *atom)
{
	const VaMeant *old = pass->current;

	if (atom->kind == VA_ATOM_CLOCK || atom->kind == VA_ATOM_PART)
	{
		meant->a.has_day = old->a.has_day;
		meant->a.day = old->a.day;
		meant->a.has_period = old->a.has_period;
		meant->a.period = old->a.period;
		if (atom->kind == VA_ATOM_CLOCK && !pass->concludes)
			meant->a.part = old->a.part;
	}
	else if (atom->kind == VA_ATOM_DAY && old->a.has_clock && !old->a.moment && old->shape == VA_SHAPE_ONE)
	{
		/* Kept in b until the phrase ends, in case no hour is said with the new day: see finish(). */
		meant->b.has_clock = true;
		meant->b.clock = old->a.clock;
		meant->b.part = old->a.part;
	}
	if (meant->zone == NULL)
		meant->zone = old->zone;
	for (VaMeant *each = pass->said->items; each < meant; each++)
		each->denied = true;
}

static void
read_denial(VaPass *pass, const VaLexeme *word, size_t at)
{
	bool adjacent = pass->current != NULL && pass->end == at;

	/* "no" alone between commas takes back; without commas between two days, it is ambiguous which one it denies. */
	if (word->value == 3 && pass->current != NULL && va_lexeme(pass->scan, at + 1)->class >= VA_WORD_CLASSES)
	{
		pass->instead = true;
		return;
	}
	pass->said->unread += word->value == 3 && adjacent && va_atom_at(pass, at + 1).kind == pass->last;
	/* The word denies the moment before it ("demain, impossible"), unless a time follows at once. */
	bool behind = (word->value == 5 || word->value == 9) && pass->current != NULL && at - pass->current->end <= 6;

	if (behind)
		pass->current->clause = pass->clause;
	pass->denial = word->value;
	pass->denied_at = at;
	pass->except = word->class == VA_WORD_EXCEPT;
	if (behind || (adjacent && (word->value == 2 || word->value == 7)) ||
		(adjacent && word->value != 4 && pass->open == 0 && va_atom_at(pass, at + 1).kind == VA_ATOM_NONE &&
			!va_lexeme_is(pass->scan, at + 1, VA_WORD_BEFORE) && !va_lexeme_is(pass->scan, at + 1, VA_WORD_UNTIL) &&
			!va_lexeme_is(pass->scan, at + 1, VA_WORD_AFTER)))
		end_clause(pass);
}

/* ---- placing ---- */

/* Applies a time zone to the moment before it, or to all moments that follow. */
static void
place_zone(VaPass *pass, const VaAtom *atom, size_t at)
{
	VaMeant *meant = pass->current;

	if (meant == NULL)
		pass->zone = atom->zone;
	else if (pass->end == at || va_lexeme_is(pass->scan, at, VA_WORD_ZONE_TIME) ||
			 (pass->end + 1 == at && va_lexeme_is(pass->scan, at - 1, VA_LEXEME_COMMA)))
	{
		meant->zone = atom->zone;
		pass->end = meant->end = at + atom->used;
	}
}

/* Adds an atom to a range, as its end or a detail.  Returns false if the atom belongs to no range. */
static bool
place_in_range(VaPass *pass, const VaAtom *atom, size_t at)
{
	VaMeant *meant = pass->current;
	bool to = pass->link == VA_WORD_TO;

	if (meant == NULL || pass->instead || pass->denial != VA_NO_DENIAL)
		return false;
	/* "de quatre à six heures": the word before an hour also belongs to that hour. */
	to = to || (pass->end == at && pass->link == 0 && va_lexeme_is(pass->scan, at, VA_WORD_AT) &&
				   va_lexeme(pass->scan, at)->value == 1 && pass->last == atom->kind &&
				   ((atom->kind == VA_ATOM_CLOCK && meant->a.has_clock)));
	/* "from nine until five", "after four but before six" */
	to = to || ((pass->open == VA_WORD_UNTIL || pass->open == VA_WORD_BEFORE) && pass->opened <= pass->end + 1 &&
				   (meant->shape == VA_SHAPE_FROM || meant->shape == VA_SHAPE_AFTER || meant->from ||
					   (pass->opened == pass->end && pass->open == VA_WORD_UNTIL)));
	if (to && meant->shape != VA_SHAPE_RANGE && va_slots_same_kind(&meant->a, atom) &&
		!(meant->a.has_clock && meant->a.clock.bare && atom->kind != VA_ATOM_CLOCK))
	{
		meant->shape = VA_SHAPE_RANGE;
		va_slots_put(pass->scan, &meant->b, atom);
		return true;
	}
	if (meant->shape != VA_SHAPE_RANGE || pass->open != 0 || !va_slots_fit(&meant->b, atom) ||
		!(pass->link == 0 ||
			(pass->link == VA_LEXEME_COMMA && pass->gap == 0 && (atom->kind == VA_ATOM_PART || !meant->a.has_day))))
		return false;
	if (atom->kind == VA_ATOM_DAY && meant->a.has_day)
		return false;
	va_slots_put(pass->scan, &meant->b, atom);
	return true;
}

/* Whether an atom adds to the moment before it. */
static bool
says_more(const VaPass *pass, const VaAtom *atom)
{
	const VaMeant *meant = pass->current;

	if (meant == NULL || meant->shape == VA_SHAPE_RANGE || pass->instead ||
		(pass->denial != VA_NO_DENIAL && !(atom->kind == VA_ATOM_PART && pass->denial == 6 && pass->gap == 0)) ||
		(pass->link != 0 && pass->link != VA_LEXEME_COMMA))
		return false;
	/* "not tomorrow at three": an hour right after the denied day belongs to that day. */
	if (meant->denied &&
		(pass->link != 0 || pass->gap > 0 || (pass->last != VA_ATOM_DAY && atom->kind != VA_ATOM_PART)))
		return false;
	if (pass->gap > 0 && (atom->kind == VA_ATOM_DAY || atom->kind == VA_ATOM_CLOCK) &&
		(meant->clause != pass->clause || pass->gap > GAP_MAX))
		return false;
	return va_slots_fit(&meant->a, atom);
}

/* Begins a new moment.  Returns NULL if there are too many. */
static VaMeant *
begin(VaPass *pass, const VaAtom *atom, size_t at)
{
	const VaMeant *before = pass->current;
	VaMeant *meant;

	if (pass->said->count == VA_MEANT_MAX)
		return NULL;
	meant = &pass->said->items[pass->said->count++];
	memset(meant, 0, sizeof(*meant));
	/* The words of a moment include "after", "between" and the like. */
	meant->first = pass->open != 0 && pass->opened >= pass->end ? pass->opened : at;
	meant->clause = pass->clause;
	meant->zone = pass->zone;
	/* "Thanksgiving three months ago"; "Montag vormittags nicht, aber nachmittags": ambiguous. */
	pass->said->unread += before != NULL && !pass->instead && pass->open == 0 && pass->denial == VA_NO_DENIAL &&
						  ((pass->link == 0 && pass->end == at));
	if (before != NULL && pass->instead)
		take_back(pass, meant, atom);
	else if (before != NULL && pass->link != 0 && pass->gap == 0 && pass->denial == VA_NO_DENIAL)
	{
		meant->linked = true;
		meant->denied = before->denied && pass->link != VA_LEXEME_COMMA;
		meant->linked = meant->denied == before->denied;
		meant->joined = pass->link == VA_WORD_AND || pass->link == VA_WORD_OR;
	}
	pass->current = meant;
	return meant;
}

/* "el doce de octubre no, el trece": a day without a month takes the month said before, or is ambiguous. */
static VaAtom
in_month_said(const VaPass *pass, VaAtom atom)
{
	const VaSlots *slots = pass->current == NULL					? NULL
						   : pass->current->shape == VA_SHAPE_RANGE ? &pass->current->b
																	: &pass->current->a;
	VaCivilDay civil;
	int day;

	if (atom.kind != VA_ATOM_DAY || !atom.any_month || slots == NULL || !slots->has_day || !slots->day.in_month)
		return atom;
	civil = va_civil_day(slots->day.day);
	day = va_civil_day(atom.day).day;
	pass->said->unread += day <= civil.day || !va_is_civil_day(civil.year, civil.month, day);
	atom.day = slots->day.day + day - civil.day;
	atom.any_month = false;
	atom.in_month = true;
	return atom;
}

static void
place(VaPass *pass, const VaAtom *found, size_t at)
{
	VaAtom in_month = in_month_said(pass, *found);
	const VaAtom *atom = &in_month;
	VaMeant *meant;
	bool more;

	if (atom->kind == VA_ATOM_ZONE)
	{
		place_zone(pass, atom, at);
		return;
	}
	pass->said->unread += atom->same;
	if (pass->link == VA_WORD_TO && pass->current != NULL && !va_slots_same_kind(&pass->current->a, atom))
		pass->link = 0;
	pass->said->any_day = pass->said->any_day || atom->any_day;
	if (!place_in_range(pass, atom, at))
	{
		more = says_more(pass, atom);
		meant = more ? pass->current : begin(pass, atom, at);
		if (meant == NULL)
			return;
		va_slots_put(pass->scan, &meant->a, atom);
		meant->clause = pass->clause;
		meant->from = meant->from || pass->open == VA_WORD_FROM;
		meant->between = meant->between || pass->open == VA_WORD_BETWEEN;
		if (pass->open != 0)
		{
			meant->shape = va_shape_of(pass->open, pass->open == VA_WORD_FROM && (pass->open_value & 1) != 0);
			meant->by = pass->open == VA_WORD_UNTIL && pass->open_value >= 2;
		}
		else if (atom->until)
		{
			/* "Within two hours" means at the latest then. */
			meant->shape = VA_SHAPE_UNTIL;
			meant->by = true;
		}
		if (pass->denial != VA_NO_DENIAL && !more &&
			(pass->denial == 4 ? at == pass->denied_at + 1 : at - pass->denied_at <= DENIAL_REACH))
		{
			deny(pass, meant);
			/* "neither ... nor" denies all that follows in the clause. */
			pass->denial = pass->denial == 6 ? 6 : VA_NO_DENIAL;
		}
	}
	pass->current->end = pass->end = at + atom->used;
	pass->last = atom->kind;
	pass->open = pass->link = 0;
	pass->instead = false;
	pass->gap = 0;
}

/* ---- the other words ---- */

/* A word that says nothing about a time, or more than we understand. */
static void
read_other(VaPass *pass, int class)
{
	pass->said->unread += va_is_time_word(class) && class != VA_WORD_HALF_DAY;
	/* "before the deadline on the 31st": the limit is unknown. */
	pass->said->unread += pass->open == VA_WORD_AFTER || pass->open == VA_WORD_BEFORE;
	pass->gap++;
	pass->open = 0;
	if (pass->link == VA_WORD_TO)
		pass->link = 0;
	else if (pass->link == VA_WORD_AND)
	{
		pass->link = 0;
		pass->clause++;
	}
}

/* "elf Uhr spätestens", "Monday or later": the word after a moment opens the range. */
static void
read_onward(VaPass *pass, bool until, size_t at)
{
	VaMeant *meant = pass->current;

	if (meant == NULL || pass->end != at || meant->shape == VA_SHAPE_RANGE)
		return;
	meant->shape = until ? VA_SHAPE_UNTIL : VA_SHAPE_FROM;
	meant->end = pass->end = at + 1;
}

static void
read_open(VaPass *pass, const VaLexeme *word, size_t at)
{
	if (va_is_end(pass->scan, at + 1) && (word->class == VA_WORD_UNTIL || word->class == VA_WORD_NOT_BEFORE))
		read_onward(pass, word->class == VA_WORD_UNTIL, at);
	/* "by the end of the day" means today. */
	else if (va_is_end(pass->scan, at + 1))
		pass->said->unread += pass->current != NULL;
	else
	{
		pass->open = word->class;
		pass->open_value = word->value;
		pass->opened = at;
	}
}

/* Handles a mark or a word that links, opens or chooses.  Returns false for any other word. */
static bool
read_link(VaPass *pass, const VaLexeme *word, size_t at)
{
	bool adjacent = pass->current != NULL && pass->end == at;

	switch (word->class)
	{
		case VA_LEXEME_COMMA:
			end_clause(pass);
			pass->link = pass->link == VA_WORD_OR ? VA_WORD_OR : VA_LEXEME_COMMA;
			return true;
		case VA_LEXEME_STOP:
			end_clause(pass);
			pass->link = 0;
			pass->gap++;
			return true;
		case VA_WORD_AT:
			/* "de lundi à mercredi" */
			if (word->value == 1 && adjacent)
				pass->link = VA_WORD_TO;
			return true;
		case VA_WORD_TO:
		case VA_LEXEME_DASH:
			pass->link = adjacent ? VA_WORD_TO : pass->link;
			return true;
		case VA_WORD_AND:
			pass->link = adjacent && pass->current->between ? VA_WORD_TO : VA_WORD_AND;
			return true;
		case VA_WORD_OR:
			pass->link = VA_WORD_OR;
			return true;
		case VA_WORD_BUT:
			end_clause(pass);
			/* "so": the moment that follows is meant. */
			pass->concludes = !pass->instead;
			pass->instead = pass->instead || (word->value == 1 && pass->current != NULL);
			pass->gap++;
			return true;
		case VA_WORD_WITHDRAW:
			end_clause(pass);
			pass->concludes = false;
			/* "do Thursday at one instead" */
			pass->instead = pass->current != NULL && !(word->value == 1 && va_is_end(pass->scan, at + 1));
			return true;
		case VA_WORD_IN:
			/* "d'ici vendredi", "d'ici ce soir" */
			if (word->value != 2)
				return false;
			pass->open = VA_WORD_UNTIL;
			pass->open_value = 0;
			pass->opened = at;
			return true;
		default:
			return false;
	}
}

/* Words that choose, move, or point back at a moment: they leave it ambiguous which one is meant. */
static void
read_doubt(VaPass *pass, const VaLexeme *word, size_t at)
{
	const VaMeant *meant = pass->current;
	bool alone = at == 0 || va_lexeme(pass->scan, at - 1)->class >= VA_WORD_CLASSES;

	switch (word->class)
	{
		case VA_WORD_ZONE_TIME:
			/* The time zone of an unknown place. */
			pass->said->unread += pass->last == VA_ATOM_CLOCK;
			return;
		case VA_WORD_SAME:
			/* "we are back on the 9th, so that day" */
			pass->instead = pass->instead && word->value != 1;
			pass->said->unread += word->value != 1 || (meant != NULL && !meant->a.has_day);
			return;
		case VA_WORD_UNCLEAR:
			pass->said->unread++;
			return;
		case VA_WORD_NUMBER:
			/* "not four, half four"; "Tomorrow. Three." */
			pass->said->unread += (pass->denial != VA_NO_DENIAL && pass->denied_at + 1 == at) ||
								  (alone && va_is_end(pass->scan, at + 1) && word->value >= 1 && word->value <= 24);
			return;
		default:
			return;
	}
}

static void
read_word(VaPass *pass, size_t at)
{
	const VaLexeme *word = va_lexeme(pass->scan, at);

	if (read_link(pass, word, at))
		return;
	switch (word->class)
	{
		case VA_WORD_THE:
		case VA_WORD_ON:
		case VA_WORD_OF:
		case VA_WORD_ABOUT:
			return;
		case VA_WORD_FROM:
		case VA_WORD_BETWEEN:
		case VA_WORD_AFTER:
		case VA_WORD_BEFORE:
		case VA_WORD_UNTIL:
		case VA_WORD_NOT_BEFORE:
			read_open(pass, word, at);
			return;
		case VA_WORD_ONWARD:
			read_onward(pass, word->value < 0, at);
			return;
		case VA_WORD_NOT:
		case VA_WORD_EXCEPT:
			read_denial(pass, word, at);
			return;
		case VA_WORD_ANY_DAY:
			pass->said->any_day = true;
			return;
		default:
			read_doubt(pass, word, at);
			read_other(pass, word->class);
			return;
	}
}

/* Completes a moment where the words end. */
static void
finish(VaMeant *meant)
{
	if (meant->shape != VA_SHAPE_RANGE && meant->b.has_clock)
	{
		/* A withdrawn hour applies to the new day if no hour was said with that day. */
		if (!meant->a.has_clock && meant->a.part == VA_PART_NONE)
		{
			meant->a.has_clock = true;
			meant->a.clock = meant->b.clock;
			meant->a.part = meant->b.part;
		}
		memset(&meant->b, 0, sizeof(meant->b));
	}
	if (meant->shape == VA_SHAPE_ONE && meant->from)
		meant->shape = VA_SHAPE_FROM;
}

void
va_scan_said(VaScan *scan, VaSaid *said)
{
	VaPass pass = { .scan = scan, .said = said, .denial = VA_NO_DENIAL };

	/* An item is cleared when it begins. */
	memset(&said->count, 0, sizeof(*said) - offsetof(VaSaid, count));
	for (size_t at = 0; at < scan->count;)
	{
		VaAtom atom = va_atom_at(&pass, at);

		if (atom.kind == VA_ATOM_NONE)
		{
			read_word(&pass, at++);
			continue;
		}
		place(&pass, &atom, at);
		for (size_t end = at + atom.used; at < end; at++)
			scan->items[at].read = true;
	}
	/* "Friday at two? no, I've got the plumber" */
	said->unread += pass.instead && !pass.concludes && !scan->tokens.cut;
	end_clause(&pass);
	for (size_t i = 0; i < said->count; i++)
		finish(&said->items[i]);
}
