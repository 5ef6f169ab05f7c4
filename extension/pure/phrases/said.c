/*-------------------------------------------------------------------------
 * said.c
 *		One pass over the words: atoms go together to moments, moments to ranges
 *		and lists, and what is denied or withdrawn is marked.
 */
#include "pure/phrases/join.h"

#include <string.h>

static VaMeant *
begin(Join *join, size_t at)
{
	VaMeant *meant;

	if (join->said->count == VA_MEANT_MAX)
		return NULL;
	meant = &join->said->items[join->said->count++];
	memset(meant, 0, sizeof(*meant));
	/* "after", "between" and the like are of the words that say it. */
	meant->first = join->opened < at && join->opened >= join->end && (join->open != 0 || join->between || join->from)
					   ? join->opened
					   : at;
	meant->clause = join->clause;
	meant->zone = join->zone;
	return meant;
}

/* The end of a range, or more of it; false: the atom is none. */
static bool
place_in_range(Join *join, const VaAtom *atom, size_t at)
{
	VaMeant *meant = join->current;

	if (meant == NULL || join->withdraw || join->not )
		return false;
	if (join->to || (join->open == VA_WORD_UNTIL && join->end + 1 == at))
	{
		if (meant->shape == VA_SHAPE_RANGE || !va_slots_same_kind(&meant->a, atom))
			return false;
		if (meant->a.has_clock && meant->a.clock.bare && atom->kind != VA_ATOM_CLOCK)
			return false;
		meant->shape = VA_SHAPE_RANGE;
		va_slots_put(join->scan, &meant->b, atom);
		if (join->move)
		{
			/* Moved from one to the other. */
			meant->a = meant->b;
			memset(&meant->b, 0, sizeof(meant->b));
			meant->shape = VA_SHAPE_ONE;
			meant->from = false;
		}
		return true;
	}
	if (meant->shape == VA_SHAPE_RANGE && join->link == 0 && va_slots_fit(&meant->b, atom) && join->open == 0)
	{
		/* "between two and four on Tuesday", and "Monday, between two and four" has its day already. */
		if (atom->kind == VA_ATOM_DAY && meant->a.has_day)
			return false;
		va_slots_put(join->scan, &meant->b, atom);
		return true;
	}
	return false;
}

static void
settle(Join *join, size_t end, const VaAtom *atom)
{
	join->current->end = end;
	join->end = end;
	join->last = atom->kind;
	join->open = 0;
	join->link = 0;
	join->to = false;
	join->withdraw = false;
	join->others = 0;
}

static bool
is_past(const Join *join, const VaMeant *meant)
{
	return meant->a.has_day && meant->a.day.day < join->scan->now.day;
}

/* "right now, but Monday at three": what goes on is in no list with what is asked for. */
static bool
is_now(const Join *join, const VaAtom *atom)
{
	return atom->kind == VA_ATOM_MOMENT && atom->day == join->scan->now.day && atom->minutes == join->scan->now.minutes;
}

/* "el doce de octubre no, el trece": a day without month is of the month that was said, or of the one that follows. */
static VaAtom
in_month_said(const Join *join, VaAtom atom)
{
	const VaMeant *old = join->current;

	if (atom.kind == VA_ATOM_DAY && atom.any_month && old != NULL && old->a.has_day && old->a.day.in_month &&
		old->a.day.or_day == VA_NO_DAY && old->shape != VA_SHAPE_RANGE &&
		(old->denied || join->withdraw || join->link != 0))
	{
		VaCivilDay civil = va_civil_day(old->a.day.day);
		int day = va_civil_day(atom.day).day;

		if (day <= civil.day)
			civil = va_civil_day(va_add_months(old->a.day.day - civil.day + 1, 1));
		if (va_is_civil_day(civil.year, civil.month, day))
		{
			atom.day = va_day_number(civil.year, civil.month, day);
			atom.any_month = false;
			atom.in_month = true;
		}
	}
	return atom;
}

static void
place(Join *join, const VaAtom *found, size_t at)
{
	const VaAtom in_month = in_month_said(join, *found);
	const VaAtom *atom = &in_month;
	VaMeant *meant = join->current;
	bool merge;

	if (atom->kind == VA_ATOM_ZONE)
	{
		if (meant != NULL &&
			(join->end == at || (join->end + 1 == at && va_lexeme_is(join->scan, at - 1, VA_LEXEME_COMMA))))
		{
			meant->zone = atom->zone;
			join->end = meant->end = at + atom->used;
		}
		else if (meant == NULL)
			join->zone = atom->zone;
		return;
	}
	/* "de quatre à six heures": the word before an hour ends a range where an hour stands before it. */
	if (atom->kind == VA_ATOM_CLOCK && meant != NULL && meant->a.has_clock && !meant->a.moment && join->end == at &&
		va_lexeme_is(join->scan, at, VA_WORD_AT) && va_lexeme(join->scan, at)->value == 1)
		join->to = true;
	if (place_in_range(join, atom, at))
	{
		settle(join, at + atom->used, atom);
		return;
	}
	merge = meant != NULL && meant->shape != VA_SHAPE_RANGE && !join->withdraw && !join->not &&!join->to &&
			(join->link == 0 || join->link == VA_LEXEME_COMMA) && va_slots_fit(&meant->a, atom) && !meant->denied &&
			!(is_past(join, meant) && join->others > 0) &&
			!((atom->kind == VA_ATOM_DAY || atom->kind == VA_ATOM_CLOCK) && !meant->a.has_day && join->others > 0);
	/* "after six, Monday": an open range takes more only of what it lacks. */
	if (merge && join->open != 0 && meant->shape != VA_SHAPE_ONE)
		merge = false;
	if (!merge)
	{
		VaMeant *before = meant;

		meant = begin(join, at);
		if (meant == NULL)
			return;
		if (before != NULL && join->link != 0 && join->others == 0 && !join->withdraw &&
			!join->not &&!(join->link == VA_LEXEME_COMMA &&
						   (is_now(join, atom) || (before->a.moment && is_now(join, &before->a.clock)))))
		{
			meant->linked = true;
			meant->denied = before->denied && join->link != VA_LEXEME_COMMA;
		}
		if (join->withdraw)
			va_join_withdraw(join, meant, atom);
		join->current = meant;
	}
	va_slots_put(join->scan, &meant->a, atom);
	if (join->open != 0 || join->from_on)
		meant->shape = va_shape_of(join->open, join->from_on);
	else if (atom->until)
		meant->shape = VA_SHAPE_UNTIL;
	meant->between = meant->between || join->between;
	meant->from = meant->from || join->from;
	join->between = join->from = join->from_on = false;
	if (join->not &&(join->not_value == 2 ? at == join->not_at + 1 : at - join->not_at <= VA_DENIAL_REACH))
	{
		va_join_deny(join, meant);
		join->not = false;
	}
	settle(join, at + atom->used, atom);
	/* "jeudi, mais pas le matin": what follows is of the day that was said. */
	if (meant->denied && !meant->a.has_day && meant > join->said->items && !meant[-1].denied && meant[-1].a.has_day)
		join->current = meant - 1;
}

/* A clause ends: a word that denies and has found nothing behind it denies what stands before it. */
static void
end_clause(Join *join)
{
	va_join_deny_before(join);
	join->clause++;
}

static void
read_onward(Join *join, int value, size_t at)
{
	VaMeant *meant = join->current;

	if (meant == NULL || join->end != at || meant->shape == VA_SHAPE_RANGE)
		return;
	meant->shape = value < 0 ? VA_SHAPE_UNTIL : VA_SHAPE_FROM;
	meant->end = join->end = at + 1;
}

/* "this week or the next", "not this Friday, the one after": one further than what was said, at the same hour. */
static void
read_next(Join *join, size_t at)
{
	const VaMeant *old = join->current;
	bool instead = old != NULL && (old->denied || join->withdraw);
	VaAtom next;
	VaSlots slots;

	if (old == NULL || old->shape == VA_SHAPE_RANGE || (join->link == 0 && !instead) ||
		(va_lexeme(join->scan, at)->value == 3 && !instead && join->link != VA_WORD_OR))
		return;
	slots = old->a;
	next = slots.has_period ? slots.period : slots.day;
	if (slots.has_period && slots.period.grain == VA_GRAIN_MONTH)
		next.day = va_add_months(next.day, 1);
	else if (slots.has_period && !slots.period.spread &&
			 (slots.period.grain == VA_GRAIN_WEEK || slots.period.grain == VA_GRAIN_WEEKEND))
		next.day += 7;
	else if (!slots.has_period && slots.has_day && slots.day.weekday != 0)
	{
		next.day += 7;
		if (next.or_day != VA_NO_DAY)
			next.or_day += 7;
		next.plain = false;
	}
	else
		return;
	next.used = 1;
	place(join, &next, at);
	if (!instead || join->current == old)
		return;
	if (slots.has_period && slots.has_day)
	{
		join->current->a.has_day = true;
		join->current->a.day = slots.day;
	}
	join->current->a.has_clock = slots.has_clock;
	join->current->a.clock = slots.clock;
	join->current->a.part = slots.part;
}

/* A word that says nothing of a time. */
static void
read_other(Join *join, int class)
{
	/* A word of time that stands in no moment: more is said than is understood. */
	if (va_is_time_word(class))
		join->said->unread++;
	if (join->link == VA_WORD_AND)
	{
		join->link = 0;
		join->clause++;
	}
	join->others++;
	join->to = false;
	join->between = join->from = join->from_on = false;
	join->open = 0;
}

static void
read_connector(Join *join, const VaLexeme *word, size_t at)
{
	bool adjacent = join->current != NULL && join->end == at;

	if (word->class == VA_WORD_BETWEEN || word->class == VA_WORD_FROM || word->class == VA_WORD_AFTER ||
		word->class == VA_WORD_BEFORE || word->class == VA_WORD_UNTIL || word->class == VA_WORD_NOT_BEFORE)
		join->opened = at;

	switch (word->class)
	{
		case VA_LEXEME_COMMA:
			end_clause(join);
			join->link = VA_LEXEME_COMMA;
			break;
		case VA_LEXEME_STOP:
			end_clause(join);
			join->link = 0;
			join->others++;
			break;
		case VA_LEXEME_DASH:
			join->to = adjacent;
			break;
		case VA_WORD_BUT:
			end_clause(join);
			join->others++;
			break;
		case VA_WORD_TO:
			join->to = adjacent;
			break;
		case VA_WORD_AND:
			if (adjacent && join->current->between && join->current->shape != VA_SHAPE_RANGE)
				join->to = true;
			/* "mardi je ne peux pas, et mercredi ?": no list with what is denied. */
			else if (join->link != VA_LEXEME_COMMA || join->current == NULL || !join->current->denied)
				join->link = VA_WORD_AND;
			break;
		case VA_WORD_OR:
			join->link = VA_WORD_OR;
			break;
		case VA_WORD_BETWEEN:
			join->between = true;
			break;
		case VA_WORD_FROM:
			join->from = true;
			join->from_on = (word->value & 1) != 0;
			break;
		case VA_WORD_AFTER:
		case VA_WORD_BEFORE:
		case VA_WORD_UNTIL:
		case VA_WORD_NOT_BEFORE:
			join->open = word->class;
			break;
		case VA_WORD_ONWARD:
			read_onward(join, word->value, at);
			break;
		case VA_WORD_OF:
			break;
		case VA_WORD_NOT:
		case VA_WORD_EXCEPT:
			va_join_read_denial(join, word, at, adjacent);
			break;
		case VA_WORD_WITHDRAW:
			end_clause(join);
			/* "este mes no, el que viene mejor": what stands before it counts. */
			if (adjacent &&
				(va_lexeme_is(join->scan, at + 1, VA_LEXEME_END) || va_lexeme_is(join->scan, at + 1, VA_LEXEME_STOP)))
				join->said->last = true;
			join->withdraw = true;
			join->said->last = join->said->last || word->value == 1;
			break;
		case VA_WORD_MOVE:
			join->move = true;
			break;
		case VA_WORD_ANY_DAY:
			join->said->any_day = true;
			break;
		case VA_WORD_FITS:
			break;
		case VA_WORD_NEXT:
			read_next(join, at);
			break;
		default:
			read_other(join, word->class);
			break;
	}
}

/* What is left open where the words end. */
static void
finish(VaMeant *meant)
{
	if (meant->shape != VA_SHAPE_RANGE && meant->b.has_clock)
	{
		/* A withdrawn hour counts for the new day if that has none of its own. */
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
	Join join = { .scan = scan, .said = said };
	size_t at = 0;

	said->count = 0;
	said->any_day = said->last = false;
	said->unread = 0;
	while (at < scan->count)
	{
		VaAtom atom = va_join_atom(&join, at);

		if (atom.kind != VA_ATOM_NONE)
		{
			place(&join, &atom, at);
			at += atom.used;
		}
		else
		{
			const VaLexeme *word = va_lexeme(scan, at);

			/* "de lundi à mercredi" */
			if (word->class == VA_WORD_AT && word->value == 1 && join.current != NULL && join.end == at)
				join.to = true;
			/* By the clock of a place that is not known. */
			if (word->class == VA_WORD_ZONE_TIME &&
				(word->value == 0 ||
					(join.last == VA_ATOM_CLOCK && at > 0 && va_lexeme(scan, at - 1)->class == VA_WORD_OTHER &&
						va_lexeme(scan, at - 1)->capital && join.others <= 2)))
				said->unread++;
			/* "a las siete dos": an hour that is not understood. */
			if ((word->class == VA_WORD_AT || word->class == VA_WORD_ABOUT) &&
				va_lexeme_is(scan, at + 1, VA_WORD_NUMBER) && va_lexeme(scan, at + 1)->value <= 24 &&
				va_lexeme_is(scan, at + 2, VA_WORD_NUMBER))
				said->unread++;
			if (word->class != VA_WORD_THE && word->class != VA_WORD_ON && word->class != VA_WORD_AT &&
				word->class != VA_WORD_ABOUT)
				read_connector(&join, word, at);
			at++;
		}
	}
	end_clause(&join);
	for (size_t i = 0; i < said->count; i++)
		finish(&said->items[i]);
}
