/*-------------------------------------------------------------------------
 * atoms.c
 *		Which atom begins at a word: the longest, and whether a number there is
 *		an hour.
 */
#include "pure/phrases/times/join.h"

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
	if (behind == VA_WORD_COUNTED || behind == VA_WORD_COUNTING || behind == VA_WORD_UNIT ||
		behind == VA_WORD_MULTIPLE || behind == VA_WORD_SPAN)
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
			if (clock && (join->end + 1 == at || join->withdraw))
				return true;
			break;
		case VA_WORD_WITHDRAW:
			if (clock && join->withdraw)
				return true;
			break;
		case VA_WORD_DO:
			return va_may_follow_hour(scan, at + 1);
		case VA_WORD_BUT:
			/* "how about five" */
			if (va_lexeme(scan, last)->value == VA_BUT_ASKS && va_may_follow_hour(scan, at + 1))
				return true;
			/* "it's ten now, so eleven" */
			if (va_lexeme(scan, last)->value == 1 && (scan->traits & VA_LANGUAGE_HOUR_MINUTES) &&
				va_is_end(scan, at + 1))
				return true;
			break;
		case VA_WORD_BETWEEN:
			return behind == VA_WORD_AND;
		case VA_WORD_FROM:
			/* "a partir de las cinco estoy" */
			return (va_lexeme(scan, at - 1)->value & 4) || va_may_follow_hour(scan, at + 1);
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
	/* "two to four, that's my window"; "ten to twelve" may be before twelve. */
	if ((behind == VA_WORD_TO || behind == VA_LEXEME_DASH || behind == VA_WORD_UNTIL) &&
		(at == 0 || before == VA_LEXEME_COMMA || before == VA_LEXEME_STOP) &&
		va_lexeme_is(scan, at + 2, VA_WORD_NUMBER) && va_lexeme(scan, at + 2)->value <= 24 &&
		(va_lexeme(scan, at + 3)->class >= VA_WORD_CLASSES || va_lexeme_is(scan, at + 3, VA_WORD_FITS) ||
			va_scan_day(scan, at + 3).kind == VA_ATOM_DAY))
		return true;
	/* "Monday 1 to 3", "2 to 4 pm" */
	if ((behind == VA_WORD_TO || behind == VA_LEXEME_DASH ||
			(behind == VA_WORD_UNTIL && (scan->traits & VA_LANGUAGE_POINT_DATES))) &&
		va_lexeme(scan, at + 2)->class != VA_WORD_OTHER)
	{
		if (join->end == at && meant != NULL && join->last != VA_ATOM_CLOCK)
			return true;
		return va_scan_clock(scan, at + 2, false).kind != VA_ATOM_NONE;
	}
	/* "three or three thirty on Friday" */
	if (behind == VA_WORD_OR && (scan->traits & VA_LANGUAGE_HOUR_MINUTES) && (at == 0 || before >= VA_WORD_CLASSES) &&
		va_lexeme_is(scan, at + 2, VA_WORD_NUMBER) && va_scan_clock(scan, at + 2, false).kind != VA_ATOM_NONE)
		return true;
	/* "ten on Thursday" */
	if ((at == 0 || before >= VA_WORD_CLASSES) && behind == VA_WORD_ON && (scan->traits & VA_LANGUAGE_HOUR_MINUTES) &&
		va_lexeme_is(scan, at + 2, VA_WORD_WEEKDAY) && scan->items[at].value >= 1 && scan->items[at].value <= 12)
		return true;
	/* "9 tomorrow", "Friday, 3" is handled above */
	if ((at == 0 || before == VA_LEXEME_COMMA || before == VA_LEXEME_STOP) && scan->items[at].value >= 1 &&
		scan->items[at].value <= 24 &&
		(behind == VA_WORD_DAY || (behind == VA_WORD_MORNING && !(scan->traits & VA_LANGUAGE_AND_UNIT))))
		return true;
	if (behind == VA_WORD_FITS || (behind == VA_WORD_ONWARD && (at == 0 || before >= VA_WORD_CLASSES)))
		return true;
	return join->end == at && meant != NULL && (join->last == VA_ATOM_DAY || join->last == VA_ATOM_PART) &&
		   va_may_follow_hour(scan, at + 1);
}

/* "a y media", "à moins vingt", "a en punto": of the hour that was said, or the next such minute. */
static VaAtom
minutes_of_hour(const Join *join, size_t at)
{
	const VaScan *scan = join->scan;
	const VaLexeme *word = va_lexeme(scan, at);
	int before = at > 0 ? va_lexeme(scan, at - 1)->class : VA_LEXEME_END;
	VaAtom atom = { .kind = VA_ATOM_CLOCK, .used = 1, .seconds = -1, .or_day = VA_NO_DAY };
	int minutes = word->value;

	if (word->class == VA_WORD_PLUS && word->value == -1 && va_lexeme_is(scan, at + 1, VA_WORD_NUMBER) &&
		va_lexeme(scan, at + 1)->value < 60 && !va_lexeme_is(scan, at + 2, VA_WORD_UNIT))
	{
		minutes = -va_lexeme(scan, at + 1)->value;
		atom.used = 2;
	}
	else if (word->class != VA_WORD_MINUTES && (word->class != VA_WORD_SHARP || before == VA_WORD_FROM))
		return (VaAtom){ .kind = VA_ATOM_NONE };
	if (word->class == VA_WORD_SHARP)
		minutes = 0;
	if ((before != VA_WORD_AT && before != VA_WORD_TO && before != VA_WORD_FROM && before != VA_WORD_ABOUT) ||
		va_lexeme_is(scan, at + atom.used, VA_WORD_OTHER))
		return (VaAtom){ .kind = VA_ATOM_NONE };
	for (size_t i = join->said->count; i-- > 0;)
	{
		const VaSlots *slots = &join->said->items[i].a;

		if (slots->has_clock && !slots->moment && !slots->clock.same && minutes >= 0)
		{
			atom.minutes = slots->clock.minutes / 60 * 60 + minutes;
			atom.sure = slots->clock.sure;
			atom.of_said = true;
			return atom;
		}
	}
	atom.minutes = scan->now.minutes / 60 * 60 + (minutes < 0 ? 60 + minutes : minutes);
	if (atom.minutes <= scan->now.minutes)
		atom.minutes += 60;
	atom.minutes %= 1440;
	atom.sure = true;
	return atom;
}

/* "drauf", or "after" at the end of a clause. */
static bool
follows_day(const VaScan *scan, size_t at)
{
	int behind = va_lexeme(scan, at + 1)->class;

	return (va_lexeme_is(scan, at, VA_WORD_NEXT) && va_lexeme(scan, at)->value == 6) ||
		   (va_lexeme_is(scan, at, VA_WORD_THEN) && va_lexeme(scan, at)->value == 1) ||
		   (va_lexeme_is(scan, at, VA_WORD_AFTER) &&
			   (behind == VA_LEXEME_COMMA || behind == VA_LEXEME_END || behind == VA_LEXEME_STOP));
}

/* Most words are in no table: with them, and with marks, nothing begins. */
static bool
may_begin(int class)
{
	return class != VA_WORD_OTHER && class != VA_LEXEME_COMMA && class != VA_LEXEME_STOP && class != VA_LEXEME_DASH;
}

VaAtom
va_join_atom(Join *join, size_t at)
{
	VaScan *scan = join->scan;
	VaAtom best;
	VaAtom other;

	if (!may_begin(va_lexeme(scan, at)->class))
		return (VaAtom){ .kind = VA_ATOM_NONE };
	best = va_scan_zone(scan, at, join->end == at && join->last == VA_ATOM_CLOCK);
	/* "mein Name ist Montag", "chambre 12" */
	if (best.kind != VA_ATOM_NONE || (at > 0 && va_lexeme_is(scan, at - 1, VA_WORD_COUNTING)))
		return best;
	best = va_scan_day(scan, at);
	/* "am Montag drauf", "the Monday after" */
	if (best.kind == VA_ATOM_DAY && best.weekday != 0 && best.plain && join->current != NULL &&
		join->current->a.has_day && follows_day(scan, at + best.used))
	{
		int32_t base = join->current->a.day.day;

		best.day = base + (best.weekday - va_weekday(base) + 6) % 7 + 1;
		best.plain = false;
		best.used++;
		return best;
	}
	other = va_scan_period(scan, at);
	if (other.used > best.used)
		best = other;
	other = va_scan_span(scan, at);
	if (other.used > best.used)
		best = other;
	/* "in a quarter of an hour, no, half an hour" */
	if (best.kind == VA_ATOM_NONE && join->current != NULL && join->current->a.moment && !join->current->between &&
		(join->withdraw || join->end == at ||
			(join->end + 1 == at && (join->to || join->open == VA_WORD_UNTIL || join->link == VA_WORD_OR ||
										join->link == VA_LEXEME_COMMA))))
		best = va_scan_count(scan, at);
	if (best.kind == VA_ATOM_NONE)
		best = minutes_of_hour(join, at);
	if (best.kind == VA_ATOM_NONE || va_lexeme_is(scan, at, VA_WORD_AT) || va_lexeme_is(scan, at, VA_WORD_ABOUT))
	{
		other = va_scan_clock(scan, at, bare_hour(join, at));
		if (other.used > best.used)
			best = other;
	}
	other = va_scan_part(scan, at);
	if (other.used > best.used || (other.kind == VA_ATOM_PART && va_lexeme_is(scan, at, VA_WORD_MORNING)))
		best = other;
	/* "el jueves de mañana", but "las diez de mañana" */
	if (va_lexeme_is(scan, at, VA_WORD_OF) && va_lexeme_is(scan, at + 1, VA_WORD_DAY) &&
		va_lexeme(scan, at + 1)->value == 1 && (scan->traits & VA_LANGUAGE_AND_UNIT) &&
		((at == 0 && va_is_end(scan, 2)) || (join->current != NULL && join->end == at && join->last == VA_ATOM_DAY &&
												join->current->a.day.weekday != 0)))
		best = (VaAtom){
			.kind = VA_ATOM_PART, .used = 2, .part = VA_PART_MORNING, .day = VA_NO_DAY, .or_day = VA_NO_DAY
		};
	/* "Wednesday pm"; "Thursday am" only where the words end. */
	if (best.kind == VA_ATOM_NONE && va_lexeme_is(scan, at, VA_WORD_HALF_DAY) && join->current != NULL &&
		join->end == at && join->last == VA_ATOM_DAY && join->current->a.part == VA_PART_NONE &&
		(va_lexeme(scan, at)->value > 0 || va_is_end(scan, at + 1)))
		best = (VaAtom){ .kind = VA_ATOM_PART,
			.used = 1,
			.part = va_lexeme(scan, at)->value > 0 ? VA_PART_AFTERNOON : VA_PART_MORNING,
			.day = VA_NO_DAY,
			.or_day = VA_NO_DAY };
	/* "Montag Morgen": behind a day, the word is a part of it. */
	if (va_lexeme_is(scan, at, VA_WORD_MORNING) && join->current != NULL && join->end == at &&
		join->last == VA_ATOM_DAY && join->current->a.part == VA_PART_NONE && join->link == 0)
		best = (VaAtom){
			.kind = VA_ATOM_PART, .used = 1, .part = VA_PART_MORNING, .day = VA_NO_DAY, .or_day = VA_NO_DAY
		};
	return best;
}
