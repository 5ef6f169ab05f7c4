/*-------------------------------------------------------------------------
 * said.c
 *		One pass over the words: atoms go together to moments, moments to ranges
 *		and lists, and what is denied or withdrawn is marked.
 */
#include "pure/phrases/times/join.h"

#include <string.h>

/* A clause ends: a word that denies and has found nothing behind it denies what stands before it. */
static void
end_clause(Join *join)
{
	va_join_deny_before(join);
	join->happened = false;
	join->lost = false;
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

/* "I am" is not of the morning. */
static bool
is_behind_number(const VaScan *scan, size_t at)
{
	int before = at > 0 ? va_lexeme(scan, at - 1)->class : VA_LEXEME_END;

	return before == VA_WORD_NUMBER || before == VA_LEXEME_CLOCK || before == VA_LEXEME_POINT;
}

/* A word that says nothing of a time. */
static void
read_other(Join *join, int class, size_t at)
{
	/* "early March, before the sixth anyway" */
	if (class == VA_WORD_ORDINAL && join->open != 0)
		join->said->unread++;
	/* "or the beginning of next" */
	if (class == VA_WORD_STAGE)
	{
		size_t behind = va_skip_of(join->scan, at + 1);

		join->said->unread += va_lexeme_is(join->scan, behind, VA_WORD_NEXT) || va_is_this(join->scan, behind) ? 1 : 0;
	}
	/* A word of time that stands in no moment: more is said than is understood. */
	/* "en cinco minutos o diez", "March third, fourth": a number that is not understood */
	if ((class == VA_WORD_ORDINAL || (class == VA_WORD_NUMBER && (join->to || join->link == VA_WORD_OR))) &&
		(join->to || join->link != 0) && join->current != NULL && join->end + 1 == at)
		join->said->unread++;
	if (va_is_time_word(class) && !(class == VA_WORD_HALF_DAY && !is_behind_number(join->scan, at)))
		join->said->unread++;
	if (join->link == VA_WORD_AND)
	{
		join->link = 0;
		join->clause++;
		/* "ando de viaje y regreso el 28" */
		join->not = join->not &&join->not_value != 1;
	}
	join->others++;
	join->concludes = false;
	join->to = false;
	/* "before the deadline on the 31st": before what, nobody can tell. */
	join->lost = join->lost ||
				 ((join->open == VA_WORD_AFTER || join->open == VA_WORD_BEFORE) && class == VA_WORD_OTHER);
	join->between = join->from = join->from_on = false;
	join->open = 0;
}

/* "je préfère mardi": a weekday, so that "à mercredi" is no end of a range. */
static bool
is_preferred(const Join *join)
{
	const VaMeant *meant = join->current;
	int before = meant->first > 0 ? va_lexeme(join->scan, meant->first - 1)->class : VA_LEXEME_END;

	return join->rather && meant->shape == VA_SHAPE_ONE && !meant->from && meant->a.has_day &&
		   meant->a.day.weekday != 0 && !meant->a.has_clock && before != VA_WORD_OF && before != VA_WORD_FROM;
}

/* A word that opens a range, with nothing behind it: of what stands before it. */
static void
read_open_end(Join *join, int class, size_t at)
{
	VaMeant *meant = join->current;
	int before = at > 0 ? va_lexeme(join->scan, at - 1)->class : VA_LEXEME_END;
	bool near = join->end == at || before == VA_LEXEME_COMMA || before == VA_WORD_BUT || before == VA_WORD_WITHDRAW;

	if (meant == NULL || meant->denied || meant->shape == VA_SHAPE_RANGE)
		return;
	/* "salgo a las tres, después", "trabajo hasta las seis, llámeme después", "mejor antes" */
	if (class == VA_WORD_AFTER && meant->a.has_clock && !meant->a.moment &&
		(meant->shape == VA_SHAPE_UNTIL || (meant->shape == VA_SHAPE_ONE && near)))
		meant->shape = VA_SHAPE_FROM;
	else if (class == VA_WORD_BEFORE && meant->a.has_clock && !meant->a.moment && meant->shape == VA_SHAPE_ONE && near)
		meant->shape = VA_SHAPE_BEFORE;
	/* "the offer ends Friday, so before" */
	else if ((class == VA_WORD_BEFORE || class == VA_WORD_AFTER) && meant->a.has_day && !meant->a.has_clock &&
			 meant->shape == VA_SHAPE_ONE && near && join->end != at)
		meant->shape = class == VA_WORD_AFTER ? VA_SHAPE_AFTER : VA_SHAPE_BEFORE;
	else if (join->end == at && class == VA_WORD_NOT_BEFORE)
		meant->shape = VA_SHAPE_FROM;
	else if (join->end == at && class == VA_WORD_UNTIL)
		meant->shape = VA_SHAPE_UNTIL;
}

/* "by the end of the day": of the day that is said with it, or today. */
static void
read_day_end(Join *join, size_t at)
{
	VaAtom today = va_day_atom(join->scan->now.day, 1);

	if (va_join_atom(join, at + 1).kind != VA_ATOM_DAY)
	{
		if (join->current != NULL && join->end == at && join->current->a.has_day)
		{
			read_onward(join, -1, at);
			return;
		}
		join->open = VA_WORD_UNTIL;
		join->by = true;
		va_join_place(join, &today, at);
		return;
	}
	join->open = VA_WORD_UNTIL;
	join->by = true;
}

/* A word that begins a range, ends one, or opens one. */
static void
read_range_word(Join *join, const VaLexeme *word, size_t at, bool adjacent)
{
	if (word->class != VA_WORD_TO && word->class != VA_LEXEME_DASH && word->class != VA_WORD_IN)
		join->opened = at;
	switch (word->class)
	{
		case VA_LEXEME_DASH:
			join->to = adjacent;
			break;
		case VA_WORD_TO:
			/* "prefiero el martes al miércoles" */
			if (adjacent && word->value == 1 && is_preferred(join))
			{
				join->not = true;
				join->not_value = 0;
				join->not_at = at;
				join->rather = false;
			}
			else
				join->to = adjacent;
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
			/* "elf Uhr spätestens" */
			if (adjacent && (word->class == VA_WORD_UNTIL || word->class == VA_WORD_NOT_BEFORE) &&
				va_join_ends_clause(join, at + 1))
				read_onward(join, word->class == VA_WORD_UNTIL ? -1 : 1, at);
			/* "lundi au plus tôt", "el martes a más tardar", "salgo a las tres, después" */
			else if (word->class == VA_WORD_UNTIL && word->value == VA_UNTIL_DAY_END)
				read_day_end(join, at);
			else if (va_is_end(join->scan, at + 1))
				read_open_end(join, word->class, at);
			else
			{
				join->open = word->class;
				join->by = word->class == VA_WORD_UNTIL && word->value >= 2;
			}
			break;
		case VA_WORD_IN:
			/* "d'ici vendredi", "d'ici ce soir" */
			if (word->value == 2 && (va_scan_day(join->scan, at + 1).kind == VA_ATOM_DAY ||
										va_lexeme_is(join->scan, at + 1, VA_WORD_TODAY_PART)))
			{
				join->open = VA_WORD_UNTIL;
				join->opened = at;
			}
			else
				read_other(join, word->class, at);
			break;
		default:
			break;
	}
}

/* A word that prefers, moves or puts forward. */
static void
read_wish(Join *join, const VaLexeme *word, size_t at, bool adjacent)
{
	switch (word->class)
	{
		case VA_WORD_WITHDRAW:
			end_clause(join);
			join->rather = join->rather || word->value == 3;
			/* "este mes no, el que viene mejor": what stands before it counts. */
			if (adjacent &&
				(va_lexeme_is(join->scan, at + 1, VA_LEXEME_END) || va_lexeme_is(join->scan, at + 1, VA_LEXEME_STOP)))
				join->said->last = true;
			join->withdraw = true;
			/* "Friday at two? no, I've got the plumber", but "the 19th, no?" */
			join->takes_back = join->takes_back ||
							   ((word->end - word->offset <= 3 || word->value == 5) && at > 0 &&
								   va_is_end(join->scan, at - 1) && !va_lexeme_is(join->scan, at + 1, VA_LEXEME_STOP) &&
								   !va_lexeme_is(join->scan, at + 1, VA_LEXEME_END));
			join->said->last = join->said->last || word->value == 1;
			break;
		case VA_WORD_RATHER:
			if (word->value == 1 && va_is_end(join->scan, at + 1))
				read_open_end(join, VA_WORD_BEFORE, at);
			else if (word->value == 2 && va_is_end(join->scan, at + 1))
				read_open_end(join, VA_WORD_AFTER, at);
			else if (word->value == 2)
				read_other(join, word->class, at);
			else
				join->rather = true;
			break;
		case VA_WORD_THAN:
			/* "prefiero el martes que el miércoles": what follows is not meant. */
			if (adjacent && join->rather && va_join_atom(join, at + 1).kind != VA_ATOM_NONE)
			{
				join->not = true;
				join->not_value = 0;
				join->not_at = at;
				join->rather = false;
			}
			else
				read_other(join, word->class, at);
			break;
		case VA_WORD_DO:
			/* "mon cours finit à seize heures, mettez seize heures dix" */
			if (join->current != NULL && join->current->a.has_clock && join->link != VA_WORD_OR && join->end != at &&
				va_join_atom(join, at + 1).kind == VA_ATOM_CLOCK)
				join->withdraw = true;
			else
			{
				/* "when is the 8th of May? well, let's say the 9th of May" */
				bool instead = join->current != NULL && join->current->a.has_day && join->link != VA_WORD_OR &&
							   join->end != at && va_join_atom(join, at + 1).kind == VA_ATOM_DAY;

				read_other(join, word->class, at);
				join->concludes = instead;
			}
			break;
		default:
			break;
	}
}

/* A number by itself between marks may be an hour. */
static bool
stands_alone(const Join *join, size_t at)
{
	const VaLexeme *word = va_lexeme(join->scan, at);

	return word->class == VA_WORD_NUMBER && at > 0 && va_lexeme(join->scan, at - 1)->class >= VA_WORD_CLASSES &&
		   va_join_ends_clause(join, at + 1) && word->value >= 1 && word->value <= 24;
}

/* Whether a day that ends the words is of the hour before it. */
static bool
adds_day(const Join *join, size_t at)
{
	const VaMeant *meant = join->current;
	VaAtom day;

	if (meant == NULL || !meant->a.has_clock || meant->a.has_day || meant->denied || meant->shape == VA_SHAPE_RANGE)
		return false;
	day = va_scan_day(join->scan, at);
	return day.kind == VA_ATOM_DAY && va_is_end(join->scan, at + day.used);
}

static void
read_connector(Join *join, const VaLexeme *word, size_t at)
{
	bool adjacent = join->current != NULL && join->end == at;

	switch (word->class)
	{
		case VA_LEXEME_COMMA:
			end_clause(join);
			/* "Freitag, oder, wenn nicht, Montag" */
			if (join->link != VA_WORD_OR)
				join->link = VA_LEXEME_COMMA;
			break;
		case VA_LEXEME_DASH:
		case VA_WORD_TO:
		case VA_WORD_BETWEEN:
		case VA_WORD_FROM:
		case VA_WORD_AFTER:
		case VA_WORD_BEFORE:
		case VA_WORD_UNTIL:
		case VA_WORD_NOT_BEFORE:
		case VA_WORD_IN:
			read_range_word(join, word, at, adjacent);
			break;
		case VA_WORD_WITHDRAW:
		case VA_WORD_RATHER:
		case VA_WORD_THAN:
		case VA_WORD_DO:
			read_wish(join, word, at, adjacent);
			break;
		case VA_LEXEME_STOP:
			end_clause(join);
			join->link = 0;
			join->asks = false;
			join->others++;
			break;
		case VA_WORD_BUT:
			if (join->link == VA_WORD_OR && join->others == 0)
				break;
			end_clause(join);
			join->but = true;
			/* "around eight in the evening, but Wednesday" */
			if (!adds_day(join, at + 1))
				join->others++;
			/* "a las cuatro me corto el pelo, así que a las cinco": what follows is meant, on the same day. */
			join->so = join->concludes = word->value == 1;
			break;
		case VA_WORD_AND:
			join->happened = join->lost = false;
			if (adjacent && join->current->between && join->current->shape != VA_SHAPE_RANGE)
				join->to = true;
			/* "mardi je ne peux pas, et mercredi ?": no list with what is denied. */
			else if (join->link != VA_LEXEME_COMMA || join->current == NULL || !join->current->denied)
				join->link = VA_WORD_AND;
			break;
		case VA_WORD_OR:
			join->link = VA_WORD_OR;
			break;
		case VA_WORD_ONWARD:
			read_onward(join, word->value, at);
			break;
		case VA_WORD_NOT:
		case VA_WORD_EXCEPT:
			va_join_read_denial(join, word, at, adjacent);
			break;
		case VA_WORD_MOVE:
			join->move = true;
			/* "Donnerstag auf Freitag verlegen" */
			for (VaMeant *each = join->said->items;
				 (join->scan->traits & VA_LANGUAGE_COMPOUNDS) && each < join->current; each++)
				each->denied = each->denied || !join->current->linked;
			break;
		case VA_WORD_ANY_DAY:
			join->said->any_day = true;
			break;
		case VA_WORD_OF:
			break;
		case VA_WORD_FITS:
		case VA_WORD_CALL:
			va_join_read_asking(join, word, at);
			break;
		case VA_WORD_NEXT:
			if (word->value == VA_NEXT_WEEK_BEFORE || word->value == VA_NEXT_WEEK_AFTER)
				va_join_read_week_beside(join, word->value, at);
			else
				va_join_read_next(join, word->value, at);
			break;
		case VA_WORD_SAME:
			va_join_read_same(join, at);
			break;
		case VA_WORD_THEN:
			va_join_read_then(join, word->value, at);
			break;
		case VA_WORD_UNCLEAR:
			join->said->unread++;
			read_other(join, word->class, at);
			break;
		case VA_WORD_HAPPENED:
			va_join_read_happened(join, at);
			read_other(join, word->class, at);
			break;
		default:
			if (stands_alone(join, at))
			{
				join->said->hours++;
				/* "Friday at two? no, I've got the plumber. Three?" */
				join->lone = join->lone || join->withdraw;
			}
			read_other(join, word->class, at);
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
	said->unread = said->hours = 0;
	said->apart = false;
	while (at < scan->count)
	{
		VaAtom atom = va_join_atom(&join, at);

		if (atom.kind != VA_ATOM_NONE)
		{
			va_join_place(&join, &atom, at);
			for (size_t end = at + atom.used; at < end; at++)
				scan->items[at].read = true;
		}
		else
		{
			const VaLexeme *word = va_lexeme(scan, at);

			/* "de lundi à mercredi" */
			if (word->class == VA_WORD_AT && word->value == 1 && join.current != NULL && join.end == at)
			{
				join.not = is_preferred(&join);
				join.to = !join.not ;
				join.not_at = at;
				join.rather = join.rather && !join.not ;
			}
			/* By the clock of a place that is not known. */
			if (word->class == VA_WORD_ZONE_TIME &&
				((word->value == 0 && (join.last == VA_ATOM_CLOCK || va_lexeme(scan, at + 1)->capital ||
										  va_lexeme_is(scan, at + 1, VA_WORD_CITY))) ||
					(join.last == VA_ATOM_CLOCK && at > 0 && va_lexeme(scan, at - 1)->class == VA_WORD_OTHER &&
						join.others <= 2)))
				said->unread++;
			/* "a las siete dos": an hour that is not understood. */
			if ((word->class == VA_WORD_AT || word->class == VA_WORD_ABOUT) &&
				va_lexeme_is(scan, at + 1, VA_WORD_NUMBER) && va_lexeme(scan, at + 1)->value <= 24 &&
				va_lexeme_is(scan, at + 2, VA_WORD_NUMBER))
				said->unread++;
			/* "a week after my birthday": counted from what is not known. */
			if ((word->class == VA_WORD_AFTER || word->class == VA_WORD_BEFORE || word->class == VA_WORD_FROM) &&
				at > 1 && va_lexeme_is(scan, at - 1, VA_WORD_UNIT) && !va_is_end(scan, at + 1) &&
				(va_lexeme_is(scan, at - 2, VA_WORD_NUMBER) || va_lexeme_is(scan, at - 2, VA_WORD_ARTICLE)))
				said->unread++;
			/* "the first two weeks of April" */
			if ((word->class == VA_WORD_ORDINAL || word->class == VA_WORD_LAST) &&
				va_lexeme_is(scan, at + 1, VA_WORD_NUMBER) && va_lexeme_is(scan, at + 2, VA_WORD_UNIT) &&
				va_lexeme_is(scan, at + 3, VA_WORD_OF))
				said->unread++;
			/* "tomorrow is no good, the day after" */
			if (word->class == VA_WORD_DAY_SHIFT && word->value == 1 && join.current != NULL &&
				join.current->a.has_day &&
				(join.withdraw || join.current->denied ||
					(join.link == VA_WORD_OR && va_join_ends_clause(&join, at + 1))))
			{
				va_join_read_next(&join, 5, at);
				at++;
				continue;
			}
			if (word->class != VA_WORD_THE && word->class != VA_WORD_ON && word->class != VA_WORD_AT &&
				word->class != VA_WORD_ABOUT)
				read_connector(&join, word, at);
			at++;
		}
	}
	/* "Friday at two? no, I've got the plumber" */
	if (!scan->tokens.cut && (join.lone || (join.withdraw && join.takes_back && join.current != NULL &&
											   !join.current->denied && !said->last)))
		said->unread++;
	end_clause(&join);
	for (size_t i = 0; i < said->count; i++)
		finish(&said->items[i]);
}
