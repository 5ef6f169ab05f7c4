/*-------------------------------------------------------------------------
 * said.c
 *		One pass over the words: atoms go together to moments, moments to ranges
 *		and lists, and what is denied or withdrawn is marked.
 */
#include "pure/phrases/times_internal.h"

#include <string.h>

/* Between a denied word and what denies it, no more words than these. */
#define DENIAL_REACH 12

typedef struct Join
{
	VaScan *scan;
	VaSaid *said;
	VaMeant *current;
	size_t end;		  /* behind the last atom */
	VaAtomKind last;  /* the last atom's kind */
	const char *zone; /* named before any time */
	int clause;
	int open; /* AFTER, BEFORE, ... stands before what comes */
	int link; /* AND, OR, COMMA */
	bool to;  /* the end of a range follows */
	bool between;
	bool from;
	bool from_on;
	bool withdraw;
	bool move;
	bool not ;
	int not_value; /* of the word that denies: 1, a person is away; 2, what stands right behind it */
	bool except;   /* don't call me after eight: nothing is left */
	size_t not_at;
	size_t opened; /* where "after", "between" and the like stand */
	size_t others; /* words that say nothing since the last atom */
} Join;

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

/* A denied open range is the other one: "not before ten", "not until Friday", "not after five". */
static void
deny(Join *join, VaMeant *meant)
{
	switch (meant->shape)
	{
		case VA_SHAPE_BEFORE:
			meant->shape = VA_SHAPE_FROM;
			break;
		case VA_SHAPE_UNTIL:
			meant->shape = join->not_value == 1 ? VA_SHAPE_AFTER : VA_SHAPE_FROM;
			break;
		case VA_SHAPE_AFTER:
			meant->shape = VA_SHAPE_UNTIL;
			meant->denied = join->except;
			break;
		case VA_SHAPE_FROM:
			/* "je ne peux pas avant mardi": both words deny. */
			break;
		default:
			meant->denied = true;
			break;
	}
}

/* What was said before is not meant; what it says beyond the new words is ("at three, no, four"). */
static void
withdraw(Join *join, VaMeant *meant, const VaAtom *atom)
{
	VaMeant *old = join->current;

	if (old == NULL || old == meant)
		return;
	if (atom->kind == VA_ATOM_CLOCK || atom->kind == VA_ATOM_PART)
	{
		meant->a.has_day = old->a.has_day;
		meant->a.day = old->a.day;
		meant->a.has_period = old->a.has_period;
		meant->a.period = old->a.period;
		if (atom->kind == VA_ATOM_CLOCK)
			meant->a.part = old->a.part;
	}
	else if (atom->kind == VA_ATOM_DAY && old->a.has_clock && !old->a.moment)
	{
		/* Taken over only if no hour is said with the new day: see va_scan_said(). */
		meant->b.has_clock = true;
		meant->b.clock = old->a.clock;
		meant->b.part = old->a.part;
	}
	if (meant->zone == NULL)
		meant->zone = old->zone;
	for (VaMeant *each = join->said->items; each < meant; each++)
		each->denied = true;
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

static void
place(Join *join, const VaAtom *atom, size_t at)
{
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
		if (before != NULL && join->link != 0 && join->others == 0 && !join->withdraw && !join->not )
		{
			meant->linked = true;
			meant->denied = before->denied && join->link != VA_LEXEME_COMMA;
		}
		if (join->withdraw)
			withdraw(join, meant, atom);
		join->current = meant;
	}
	va_slots_put(join->scan, &meant->a, atom);
	if (join->open != 0 || join->from_on)
		meant->shape = va_shape_of(join->open, join->from_on);
	meant->between = meant->between || join->between;
	meant->from = meant->from || join->from;
	join->between = join->from = join->from_on = false;
	if (join->not &&(join->not_value == 2 ? at == join->not_at + 1 : at - join->not_at <= DENIAL_REACH))
	{
		deny(join, meant);
		join->not = false;
	}
	settle(join, at + atom->used, atom);
	/* "jeudi, mais pas le matin": what follows is of the day that was said. */
	if (meant->denied && !meant->a.has_day && meant > join->said->items && !meant[-1].denied && meant[-1].a.has_day)
		join->current = meant - 1;
}

/* Whether a number by itself is an hour here. */
static bool
bare_hour(const Join *join, size_t at)
{
	const VaScan *scan = join->scan;
	/* "entre las once y la una" */
	size_t last = at > 1 && va_lexeme_is(scan, at - 1, VA_WORD_THE) ? at - 2 : at - 1;
	int before = at > 0 ? va_lexeme(scan, last)->class : VA_LEXEME_END;
	int behind = va_lexeme(scan, at + 1)->class;
	const VaMeant *meant = join->current;
	bool clock = meant != NULL && meant->a.has_clock && !meant->a.moment;

	/* "después del 20" is the day: an hour there has its article. */
	if (!(scan->traits & (VA_LANGUAGE_HOUR_MINUTES | VA_LANGUAGE_POINT_DATES)) &&
		(before == VA_WORD_BEFORE || before == VA_WORD_AFTER || before == VA_WORD_UNTIL) &&
		va_lexeme(scan, at - 1)->value == 1)
		return false;
	if (behind == VA_WORD_COUNTED || behind == VA_WORD_UNIT || behind == VA_WORD_MULTIPLE || behind == VA_WORD_SPAN)
		return false;
	switch (before)
	{
		case VA_WORD_TO:
			return join->move || (clock && join->to);
		case VA_LEXEME_DASH:
			return clock && join->to;
		case VA_WORD_AND:
			return clock && (join->to || join->end + 1 == at);
		case VA_WORD_OR:
			return clock && join->end + 1 == at;
		case VA_LEXEME_COMMA:
			return clock && (join->end + 1 == at || join->withdraw);
		case VA_WORD_WITHDRAW:
			return clock && join->withdraw;
		case VA_WORD_DO:
			return va_may_follow_hour(scan, at + 1);
		case VA_WORD_BETWEEN:
			return behind == VA_WORD_AND;
		case VA_WORD_FROM:
			return va_may_follow_hour(scan, at + 1);
		case VA_WORD_BEFORE:
		case VA_WORD_AFTER:
		case VA_WORD_UNTIL:
		case VA_WORD_NOT_BEFORE:
			return true;
		default:
			break;
	}
	/* "de 10 a 12" */
	if ((before == VA_WORD_OF || before == VA_WORD_ON) &&
		(behind == VA_WORD_TO || behind == VA_LEXEME_DASH ||
			(behind == VA_WORD_AT && va_lexeme(scan, at + 1)->value == 1)) &&
		(va_lexeme_is(scan, at + 2, VA_WORD_NUMBER) || va_lexeme_is(scan, at + 2, VA_WORD_ARTICLE)))
		return true;
	/* "Monday 1 to 3", "2 to 4 pm" */
	if ((behind == VA_WORD_TO || behind == VA_LEXEME_DASH) && va_lexeme(scan, at + 2)->class != VA_WORD_OTHER)
	{
		if (join->end == at && meant != NULL && join->last != VA_ATOM_CLOCK)
			return true;
		return va_scan_clock(scan, at + 2, false).kind != VA_ATOM_NONE;
	}
	if (behind == VA_WORD_FITS)
		return true;
	return join->end == at && meant != NULL && (join->last == VA_ATOM_DAY || join->last == VA_ATOM_PART) &&
		   va_may_follow_hour(scan, at + 1);
}

static VaAtom
atom_at(Join *join, size_t at)
{
	VaScan *scan = join->scan;
	VaAtom best = va_scan_zone(scan, at, join->end == at && join->last == VA_ATOM_CLOCK);
	VaAtom other;

	/* "mein Name ist Montag", "chambre 12" */
	if (best.kind != VA_ATOM_NONE || (at > 0 && va_lexeme_is(scan, at - 1, VA_WORD_COUNTING)))
		return best;
	best = va_scan_day(scan, at);
	other = va_scan_period(scan, at);
	if (other.used > best.used)
		best = other;
	other = va_scan_span(scan, at);
	if (other.used > best.used)
		best = other;
	/* "in a quarter of an hour, no, half an hour" */
	if (best.kind == VA_ATOM_NONE && join->withdraw && join->current != NULL && join->current->a.moment)
		best = va_scan_count(scan, at);
	if (best.kind == VA_ATOM_NONE || va_lexeme_is(scan, at, VA_WORD_AT) || va_lexeme_is(scan, at, VA_WORD_ABOUT))
	{
		other = va_scan_clock(scan, at, bare_hour(join, at));
		if (other.used > best.used)
			best = other;
	}
	other = va_scan_part(scan, at);
	if (other.used > best.used || (other.kind == VA_ATOM_PART && va_lexeme_is(scan, at, VA_WORD_MORNING)))
		best = other;
	/* "Montag Morgen": behind a day, the word is a part of it. */
	if (va_lexeme_is(scan, at, VA_WORD_MORNING) && join->current != NULL && join->end == at &&
		join->last == VA_ATOM_DAY && join->current->a.part == VA_PART_NONE && join->link == 0)
		best = (VaAtom){
			.kind = VA_ATOM_PART, .used = 1, .part = VA_PART_MORNING, .day = VA_NO_DAY, .or_day = VA_NO_DAY
		};
	return best;
}

static void
deny_before(Join *join)
{
	if (join->not &&join->current != NULL && join->current->clause == join->clause &&
		join->not_at - join->current->end <= DENIAL_REACH)
		for (VaMeant *each = join->current; !each->denied; each--)
		{
			deny(join, each);
			if (!each->linked)
				break;
		}
	join->not = false;
}

/* A clause ends: a word that denies and has found nothing behind it denies what stands before it. */
static void
end_clause(Join *join)
{
	deny_before(join);
	join->clause++;
}

/* "no" by itself, between commas and the like, takes back what was said. */
static bool
stands_alone(const Join *join, size_t at)
{
	int behind = va_lexeme(join->scan, at + 1)->class;
	int before = at > 0 ? va_lexeme(join->scan, at - 1)->class : VA_LEXEME_END;

	return (behind == VA_LEXEME_COMMA || behind == VA_LEXEME_STOP || behind == VA_LEXEME_DASH) &&
		   (before == VA_LEXEME_COMMA || before == VA_LEXEME_STOP || before == VA_LEXEME_DASH || before == VA_WORD_OR);
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

/* A word that denies: of what follows in its clause, or of what stands before it. */
static void
read_denial(Join *join, const VaLexeme *word, size_t at, bool adjacent)
{
	/* "espere, no, el viernes" */
	if (join->withdraw && word->class == VA_WORD_NOT && word->value == 3 && join->current != NULL)
		return;
	/* "je vous ai appelés hier et personne n'a répondu" */
	if (join->link == VA_WORD_AND)
	{
		join->link = 0;
		join->clause++;
	}
	/* "demain, impossible": of what stands before it, also behind a comma. */
	if (word->value == 5 && join->current != NULL && at - join->current->end <= 6)
	{
		join->current->clause = join->clause;
		join->not = true;
		join->not_at = at;
		deny_before(join);
		return;
	}
	if (word->value == 3 && stands_alone(join, at))
	{
		join->withdraw = true;
		return;
	}
	/* "el viernes no me cuadra": of what stands before it, unless a time follows at once. */
	if (adjacent && word->class == VA_WORD_NOT && atom_at(join, at + 1).kind == VA_ATOM_NONE &&
		!va_lexeme_is(join->scan, at + 1, VA_WORD_BEFORE) && !va_lexeme_is(join->scan, at + 1, VA_WORD_UNTIL) &&
		!va_lexeme_is(join->scan, at + 1, VA_WORD_AFTER))
	{
		join->not = true;
		join->not_at = at;
		deny_before(join);
		return;
	}
	join->not = true;
	join->not_value = word->value;
	join->except = word->class == VA_WORD_EXCEPT;
	join->not_at = at;
}

/* "this week or the next", "la semana que viene, no, la siguiente" */
static void
read_next(Join *join, size_t at)
{
	VaAtom week;

	if (join->current == NULL || !join->current->a.has_period || (join->link == 0 && !join->withdraw) ||
		join->current->a.period.grain != VA_GRAIN_WEEK)
		return;
	week = join->current->a.period;
	week.day += 7;
	week.used = 1;
	place(join, &week, at);
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
			else
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
			read_denial(join, word, at, adjacent);
			break;
		case VA_WORD_WITHDRAW:
			end_clause(join);
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
		VaAtom atom = atom_at(&join, at);

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
