/*-------------------------------------------------------------------------
 * place.c
 *		Atoms into moments: which go together, which end a range, and which
 *		begin a moment of their own.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/times/join.h"

#include <string.h>

/* A day without month so many days before the one that was said is of the same month. */
#define NEAR_DAYS 10

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
	if (join->to || (join->open == VA_WORD_UNTIL &&
						(join->end + 1 == at || (join->end + 2 == at && meant->shape == VA_SHAPE_FROM))))
	{
		if (meant->shape == VA_SHAPE_RANGE || !va_slots_same_kind(&meant->a, atom))
			return false;
		if (meant->a.has_clock && meant->a.clock.bare && atom->kind != VA_ATOM_CLOCK)
			return false;
		meant->shape = VA_SHAPE_RANGE;
		va_slots_put(join->scan, &meant->b, atom);
		if (join->move)
		{
			/* Moved from one to the other; an hour stays on its day. */
			if (!meant->b.has_day && !meant->b.has_period)
			{
				meant->b.has_day = meant->a.has_day;
				meant->b.day = meant->a.day;
				meant->b.has_period = meant->a.has_period;
				meant->b.period = meant->a.period;
			}
			meant->a = meant->b;
			memset(&meant->b, 0, sizeof(meant->b));
			meant->shape = VA_SHAPE_ONE;
			meant->from = false;
		}
		return true;
	}
	if (meant->shape == VA_SHAPE_RANGE &&
		(join->link == 0 || (join->link == VA_LEXEME_COMMA && join->others == 0 &&
								(atom->kind == VA_ATOM_PART || (atom->kind == VA_ATOM_DAY && !meant->a.has_day &&
																   va_is_end(join->scan, at + atom->used))))) &&
		va_slots_fit(&meant->b, atom) && join->open == 0)
	{
		/* "de lunes a viernes de nueve a dos": hours of each day, which nobody can name as one range. */
		if ((atom->kind == VA_ATOM_CLOCK || (atom->kind == VA_ATOM_PART && join->others == 0)) && meant->a.has_day &&
			!meant->a.has_clock && meant->a.part == VA_PART_NONE && meant->b.has_day && !meant->b.has_clock)
			join->said->unread++;
		/* "between two and four on Tuesday", and "Monday, between two and four" has its day already. */
		if (atom->kind == VA_ATOM_DAY && meant->a.has_day)
			return false;
		va_slots_put(join->scan, &meant->b, atom);
		return true;
	}
	return false;
}

/* Between "after" with an unknown word and the day that it stands for, no more words than these. */
#define LOST_REACH 5

static void
settle(Join *join, size_t end, const VaAtom *atom)
{
	if (join->lost && atom->kind == VA_ATOM_DAY && end - atom->used - join->opened <= LOST_REACH)
		join->said->unread++;
	join->current->end = end;
	join->end = end;
	join->last = atom->kind;
	join->open = 0;
	join->link = 0;
	join->to = false;
	join->withdraw = join->takes_back = false;
	join->concludes = false;
	join->but = false;
	join->lost = false;
	join->lone = join->lone && atom->kind != VA_ATOM_CLOCK;
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

	const VaSlots *slots = old != NULL && old->shape == VA_SHAPE_RANGE ? &old->b : old != NULL ? &old->a : NULL;

	if (atom.kind == VA_ATOM_DAY && atom.any_month && old != NULL && slots->has_day && slots->day.in_month &&
		slots->day.or_day == VA_NO_DAY && (old->denied || join->withdraw || join->link != 0 || join->but))
	{
		VaCivilDay civil = va_civil_day(slots->day.day);
		int day = va_civil_day(atom.day).day;

		/* "le 14 juillet on est fermés mais le 13": of the two, the nearer one. */
		if (day == civil.day || (day < civil.day && (civil.day - day > NEAR_DAYS ||
														slots->day.day - civil.day + day < join->scan->now.day)))
			civil = va_civil_day(va_add_months(slots->day.day - civil.day + 1, 1));
		if (va_is_civil_day(civil.year, civil.month, day))
		{
			atom.day = va_day_number(civil.year, civil.month, day);
			atom.any_month = false;
			atom.in_month = true;
		}
	}
	return atom;
}

/* By which clock: of the moment before it, or of all that follow. */
static void
place_zone(Join *join, const VaAtom *atom, size_t at)
{
	VaMeant *meant = join->current;

	if (meant != NULL && (join->end == at || va_lexeme_is(join->scan, at, VA_WORD_ZONE_TIME) ||
							 (join->end + 1 == at && va_lexeme_is(join->scan, at - 1, VA_LEXEME_COMMA))))
	{
		meant->zone = atom->zone;
		join->end = meant->end = at + atom->used;
	}
	else if (meant == NULL)
		join->zone = atom->zone;
}

/* Whether an atom right behind a moment ends a range with it, or is the other of two, without a word that says so. */
static void
read_neighbours(Join *join, const VaAtom *atom, size_t at)
{
	const VaMeant *meant = join->current;
	bool clocks = meant != NULL && atom->kind == VA_ATOM_CLOCK && meant->a.has_clock && !meant->a.moment;

	if (meant == NULL)
		return;
	/* "de quatre à six heures", "de mai à juillet": the word before an hour or a month is part of it. */
	if ((clocks || (atom->kind == VA_ATOM_PERIOD && meant->a.has_period)) && join->end == at &&
		va_lexeme_is(join->scan, at, VA_WORD_AT) && va_lexeme(join->scan, at)->value == 1)
		join->to = true;
	/* "after four but before six": from the one to the other. */
	if (clocks && (meant->shape == VA_SHAPE_AFTER || meant->shape == VA_SHAPE_FROM) && !meant->denied &&
		(join->open == VA_WORD_BEFORE || join->open == VA_WORD_UNTIL) && join->opened <= join->end + 2 &&
		!join->withdraw && !join->not )
		join->to = true;
	/* "in an hour or two": from the one to the other. */
	if (atom->kind == VA_ATOM_MOMENT && meant->a.moment && atom->used == 1 && join->link == VA_WORD_OR &&
		join->end + 1 == at && va_lexeme_is(join->scan, at - 2, VA_WORD_UNIT))
	{
		join->link = 0;
		join->to = true;
	}
	/* "mañana al cuarto para las nueve": no range from a day to an hour. */
	if (join->to && atom->kind == VA_ATOM_CLOCK && !meant->a.has_clock)
		join->to = false;
	/* "la plage huit heures douze heures" */
	if (clocks && meant->shape == VA_SHAPE_ONE && join->last == VA_ATOM_CLOCK && join->end == at &&
		(join->scan->traits & VA_LANGUAGE_HOUR_UNIT) && meant->a.clock.minutes < atom->minutes)
		join->to = true;
	/* "deux trois heures": the one or the other. */
	if (atom->kind == VA_ATOM_MOMENT && meant->a.moment && join->end == at && join->link == 0 &&
		!is_now(join, &meant->a.clock))
		join->link = VA_WORD_OR;
}

/* "not tomorrow at three": right behind the day that is ruled out, the hour is that day's. */
static bool
is_of_denied(const Join *join)
{
	const VaMeant *meant = join->current;

	return join->link == 0 && join->last == VA_ATOM_DAY && join->end == meant->end && meant->a.has_day &&
		   meant->shape == VA_SHAPE_ONE && join->others == 0;
}

/* Whether an atom says more of the moment before it. */
static bool
says_more(const Join *join, const VaAtom *atom, size_t at)
{
	const VaMeant *meant = join->current;
	bool clause;

	if (meant == NULL || meant->shape == VA_SHAPE_RANGE || join->withdraw || join->to ||
		(join->not &&!(join->not_value == 6 && atom->kind == VA_ATOM_PART && join->end == at)) ||
		(meant->denied && !is_of_denied(join)) || (join->open != 0 && meant->shape != VA_SHAPE_ONE) ||
		(is_past(join, meant) && join->others > 0))
		return false;
	/* "Monday or Tuesday, but Tuesday is better": the one of both. */
	if (atom->kind == VA_ATOM_DAY && meant->linked && join->others > 0 && meant->a.has_day &&
		meant->a.day.day == atom->day)
		return false;
	/* "I finish at four, but this afternoon at half past four" */
	if (join->but && atom->kind == VA_ATOM_PART && atom->day != VA_NO_DAY && meant->a.has_clock)
		return false;
	/* "Samstag heirate ich, also übernächste Woche": of no Saturday. */
	if (atom->kind == VA_ATOM_PERIOD && atom->grain != VA_GRAIN_YEAR && meant->a.has_day && (join->so || join->but) &&
		join->others > 0 && !va_lexeme_is(join->scan, at + atom->used, VA_WORD_WEEKDAY))
		return false;
	/* "um neun bei meiner Mutter am Sonntag" */
	if (atom->kind == VA_ATOM_DAY && meant->a.has_clock && !meant->a.has_day && !meant->a.has_period &&
		meant->shape == VA_SHAPE_ONE && join->link == 0 && !join->but && !join->so && meant->clause == join->clause &&
		join->others > 0 && join->others <= 5 && join->open == 0 && !join->from &&
		va_is_end(join->scan, at + atom->used))
		return va_slots_fit(&meant->a, atom);
	/* "Mittwoch oder Donnerstag, dann Donnerstag": it is chosen. */
	if (atom->kind == VA_ATOM_DAY && meant->linked && meant->a.has_day && meant->a.day.day == atom->day &&
		(join->link == VA_LEXEME_COMMA || join->others > 0))
		return false;
	/* "um sechs Uhr, also morgen" */
	if (join->so && atom->kind == VA_ATOM_DAY && meant->a.has_clock && !meant->a.has_day &&
		meant->shape == VA_SHAPE_ONE && join->others <= 2 && va_is_end(join->scan, at + atom->used))
		return va_slots_fit(&meant->a, atom);
	/* "el jueves viene mi hermana y a las once puedo": of that day. */
	clause = join->link == VA_WORD_AND && join->others > 0 && join->open == 0 && atom->kind == VA_ATOM_CLOCK &&
			 meant->shape == VA_SHAPE_ONE && meant->a.has_day && !meant->a.has_clock;
	if (!clause && join->link != 0 && join->link != VA_LEXEME_COMMA)
		return false;
	if ((atom->kind == VA_ATOM_DAY || atom->kind == VA_ATOM_CLOCK) && !meant->a.has_day && join->others > 0 &&
		!(meant->a.has_period && meant->a.period.grain == VA_GRAIN_YEAR))
		return false;
	return va_slots_fit(&meant->a, atom);
}

/* "trabajo hasta las seis, a las siete": what goes on until then is in no list with what is asked for. */
static bool
ends_open(const Join *join)
{
	return join->link == VA_LEXEME_COMMA && (join->current->shape == VA_SHAPE_UNTIL || join->current->away);
}

/* The day of the last moment that has one, where a part of the day was said of it. */
static void
share_day(const Join *join, VaMeant *meant)
{
	for (const VaMeant *each = meant; each-- > join->said->items && meant - each <= 2;)
		if (each->a.has_day && each->shape == VA_SHAPE_ONE && !each->a.moment &&
			(each->a.part != VA_PART_NONE || each + 1 < meant))
		{
			meant->a.has_day = true;
			meant->a.day = each->a.day;
			/* "at six, in the morning? no, in the afternoon" */
			meant->a.has_clock = each->denied && each->a.has_clock && !each->a.clock.sure &&
								 each->a.clock.minutes < 7 * 60;
			meant->a.clock = each->a.clock;
			return;
		}
}

/* A moment of its own, with what it shares with the one before; NULL: there are too many. */
static VaMeant *
begin_moment(Join *join, const VaAtom *atom, size_t at)
{
	const VaMeant *before = join->current;
	VaMeant *meant = begin(join, at);

	if (meant == NULL)
		return NULL;
	if (before != NULL && join->link != 0 && join->others == 0 && !join->withdraw && !ends_open(join) &&
		!join->not &&!(join->link == VA_LEXEME_COMMA &&
					   (is_now(join, atom) || (before->a.moment && is_now(join, &before->a.clock)))))
	{
		meant->linked = true;
		meant->denied = before->denied && join->link != VA_LEXEME_COMMA;
	}
	if (join->so && before != NULL &&
		(atom->kind == VA_ATOM_CLOCK || (atom->kind == VA_ATOM_PART && atom->day == VA_NO_DAY)) && before->a.has_day &&
		!before->a.moment)
	{
		meant->a.has_day = true;
		meant->a.day = before->a.day;
	}
	/* "Montag vormittags nicht, aber nachmittags": of that day. */
	else if (before != NULL && atom->kind == VA_ATOM_PART && atom->day == VA_NO_DAY && !atom->any_day &&
			 (join->but || before->denied))
		share_day(join, meant);
	if (join->so && atom->kind == VA_ATOM_CLOCK)
		join->said->last = true;
	join->so = false;
	/* "la cita del jueves la tengo que cambiar al viernes" */
	if (join->withdraw || (join->move && before != NULL && atom->kind == VA_ATOM_DAY && join->link == 0))
		va_join_withdraw(join, meant, atom);
	meant->concluded = join->concludes;
	meant->asked = join->asks;
	join->asks = false;
	join->current = meant;
	return meant;
}

/* "el miércoles a la misma hora": the last that was said, if one was. */
static void
hour_said(const Join *join, VaAtom *atom)
{
	for (size_t i = join->said->count; i-- > 0 && atom->same;)
	{
		const VaSlots *slots = &join->said->items[i].a;

		if (slots->has_clock && !slots->moment && !slots->clock.same)
		{
			atom->minutes = slots->clock.minutes;
			atom->sure = slots->clock.sure;
			atom->same = false;
		}
	}
}

void
va_join_place(Join *join, const VaAtom *found, size_t at)
{
	VaAtom in_month = in_month_said(join, *found);
	const VaAtom *atom = &in_month;
	VaMeant *meant = join->current;
	bool more;

	if (atom->kind == VA_ATOM_ZONE)
	{
		place_zone(join, atom, at);
		return;
	}
	if (atom->same)
		hour_said(join, &in_month);
	join->withdraw = join->withdraw || atom->of_said;
	join->said->any_day = join->said->any_day || atom->any_day;
	read_neighbours(join, atom, at);
	/* "no te puedo atender a las ocho de la noche": the part is of what is denied. */
	if (atom->kind == VA_ATOM_PART && meant != NULL && (meant->denied || join->not ) && meant->a.has_clock &&
		!meant->a.moment && join->end == at && join->link == 0)
	{
		va_slots_put(join->scan, &meant->a, atom);
		settle(join, at + atom->used, atom);
		return;
	}
	if (place_in_range(join, atom, at))
	{
		settle(join, at + atom->used, atom);
		return;
	}
	/* "at seven, I mean in the morning" */
	if (join->withdraw && !join->not &&atom->kind == VA_ATOM_PART && atom->day == VA_NO_DAY && meant != NULL &&
		meant->a.has_clock && !meant->a.clock.sure && !meant->a.moment && meant->a.part == VA_PART_NONE &&
		!meant->denied && meant->shape != VA_SHAPE_RANGE)
	{
		join->withdraw = false;
		join->link = 0;
	}
	/* "nie nach acht Uhr abends": the part is of what is denied already. */
	more = says_more(join, atom, at);
	if (!more)
		meant = begin_moment(join, atom, at);
	/* "montags, aber diesen Montag nicht": said once more, it is of this clause. */
	else if (atom->kind == VA_ATOM_DAY && meant->a.has_day)
		meant->clause = join->clause;
	if (meant == NULL)
		return;
	va_slots_put(join->scan, &meant->a, atom);
	if (join->open != 0 || join->from_on)
	{
		meant->shape = va_shape_of(join->open, join->from_on);
		meant->by = join->by;
	}
	else if (atom->until)
	{
		/* "Within two hours": at the latest then. */
		meant->shape = VA_SHAPE_UNTIL;
		meant->by = true;
	}
	meant->between = meant->between || join->between;
	meant->from = meant->from || join->from;
	join->between = join->from = join->from_on = false;
	if (join->not &&!more && (join->not_value == 2 ? at == join->not_at + 1 : at - join->not_at <= VA_DENIAL_REACH))
	{
		va_join_deny(join, meant);
		/* "neither ... nor": of all that follows in the clause. */
		join->not = join->not_value == 6;
		join->not_at = join->not ? at : join->not_at;
	}
	if (atom->kind != VA_ATOM_PART || !meant->a.has_day)
		meant->denied = meant->denied || va_join_has_happened(join, atom, at);
	settle(join, at + atom->used, atom);
	/* "jeudi, mais pas le matin": what follows is of the day that was said. */
	if (meant->denied && !meant->a.has_day && meant > join->said->items && !meant[-1].denied && meant[-1].a.has_day)
		join->current = meant - 1;
}
