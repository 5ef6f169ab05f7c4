/*-------------------------------------------------------------------------
 * clocks.c
 *		Times of the day and parts of the day.
 */
#include "pure/phrases/times/times_internal.h"

static VaAtom
a_clock(int minutes, size_t used)
{
	return (VaAtom){ .kind = VA_ATOM_CLOCK, .used = used, .minutes = minutes, .seconds = -1, .or_day = VA_NO_DAY };
}

/* An hour in words or digits; -1: none. */
static int
hour_at(const VaScan *scan, size_t at)
{
	const VaLexeme *lexeme = va_lexeme(scan, at);

	if (lexeme->class == VA_WORD_ARTICLE && !(scan->traits & VA_LANGUAGE_HOUR_MINUTES))
	{
		int behind = va_lexeme(scan, at + 1)->class;

		/* "um ein Uhr", "à une heure", "a la una"; but "à un moment" is none. */
		if (behind == VA_WORD_OCLOCK || behind == VA_WORD_MINUTES || behind == VA_WORD_HALF_DAY ||
			((scan->traits & VA_LANGUAGE_HOUR_UNIT) && va_is_unit(scan, at + 1, VA_UNIT_HOUR) && at > 0 &&
				va_lexeme(scan, at - 1)->class != VA_WORD_OTHER && va_lexeme(scan, at - 1)->class != VA_LEXEME_COMMA) ||
			((scan->traits & VA_LANGUAGE_AND_UNIT) && at > 0 &&
				(va_lexeme_is(scan, at - 1, VA_WORD_AT) || va_lexeme_is(scan, at - 1, VA_WORD_ABOUT) ||
					va_lexeme_is(scan, at - 1, VA_WORD_THE) || va_lexeme_is(scan, at - 1, VA_WORD_TO) ||
					va_lexeme_is(scan, at - 1, VA_WORD_PAST) ||
					((va_lexeme_is(scan, at - 1, VA_WORD_UNTIL) || va_lexeme_is(scan, at - 1, VA_WORD_FROM) ||
						 va_lexeme_is(scan, at - 1, VA_WORD_BEFORE) || va_lexeme_is(scan, at - 1, VA_WORD_AFTER)) &&
						va_may_follow_hour(scan, at + 1)))))
			return 1;
		return -1;
	}
	return lexeme->class == VA_WORD_NUMBER && lexeme->value <= 24 && lexeme->digits <= 2 ? lexeme->value : -1;
}

/* Hours before and after a fraction: half past three, ten to four, fünf vor halb vier, cuarto para las tres. */
static VaAtom
fraction_of_hour(const VaScan *scan, size_t from)
{
	size_t at = from;
	int minutes = 0;
	int hour;
	bool said = false;

	if (va_lexeme_is(scan, at, VA_WORD_NUMBER) && va_lexeme(scan, at)->value < 60 && va_lexeme(scan, at)->value > 0)
	{
		size_t behind = va_is_unit(scan, at + 1, VA_UNIT_MINUTE) ? at + 2 : at + 1;
		int count = va_lexeme(scan, at)->value;
		int sign;
		/* "from five to six" */
		if (from > 0 && va_lexeme_is(scan, from - 1, VA_WORD_FROM) && va_lexeme_is(scan, behind, VA_WORD_TO))
			return VA_NOTHING;
		if (va_lexeme_is(scan, behind, VA_WORD_PAST))
			sign = va_lexeme(scan, behind)->value;
		else if ((va_lexeme_is(scan, behind, VA_WORD_AFTER) || va_lexeme_is(scan, behind, VA_WORD_TO) ||
					 va_lexeme_is(scan, behind, VA_WORD_BEFORE)) &&
				 (behind == at + 2 || count == 5 || count == 10 || count == 20 || count == 25) &&
				 (scan->traits & (VA_LANGUAGE_HOUR_MINUTES | VA_LANGUAGE_POINT_DATES)) &&
				 (behind == at + 2 || ((va_lexeme(scan, behind)->class != VA_WORD_TO &&
										   va_lexeme(scan, behind)->class != VA_WORD_UNTIL) ||
										  va_lexeme(scan, at)->digits == 0 || count > 12)))
			sign = va_lexeme_is(scan, behind, VA_WORD_AFTER) ? 1 : -1;
		else
			return VA_NOTHING;
		minutes = sign * count;
		at = behind + 1;
		said = true;
	}
	if (va_lexeme_is(scan, at, VA_WORD_FRACTION))
	{
		minutes += va_lexeme(scan, at)->value;
		at++;
		said = true;
	}
	if (!said)
		return VA_NOTHING;
	while (va_lexeme_is(scan, at, VA_WORD_THE))
		at++;
	hour = hour_at(scan, at);
	if (hour < 0 || hour > 24)
		return VA_NOTHING;
	minutes += hour * 60;
	/* Half an hour before one is after twelve. */
	if (minutes < 60 && hour <= 1)
		minutes += 720;
	at++;
	return a_clock(minutes, at - from);
}

/* three thirty, three oh five; both in words */
static int
minutes_in_words(const VaScan *scan, size_t *at, bool *said)
{
	const VaLexeme *next = va_lexeme(scan, *at);

	if ((scan->traits & (VA_LANGUAGE_HOUR_MINUTES | VA_LANGUAGE_AND_UNIT)) && next->digits == 0 &&
		va_lexeme(scan, *at - 1)->digits == 0)
	{
		if (next->value == 0 &&
			((scan->traits & VA_LANGUAGE_HOUR_MINUTES) || *said || va_lexeme_is(scan, *at + 2, VA_WORD_HALF_DAY)) &&
			va_lexeme_is(scan, *at + 1, VA_WORD_NUMBER) && va_lexeme(scan, *at + 1)->value < 10)
		{
			*said = true;
			*at += 2;
			return va_lexeme(scan, *at - 1)->value;
		}
		if (next->value >= 10 && !va_lexeme_is(scan, *at + 1, VA_WORD_COUNTED))
		{
			*said = *said || next->value % 5 == 0;
			(*at)++;
			return next->value;
		}
	}
	return 0;
}

/* The minutes behind an hour: o'clock, thirty, y media, moins le quart, Uhr dreissig.  *said: it was an hour. */
static int
minutes_behind(const VaScan *scan, size_t *at, bool *said)
{
	bool oclock = false;
	const VaLexeme *next;

	if (va_lexeme_is(scan, *at, VA_WORD_OCLOCK) ||
		((scan->traits & VA_LANGUAGE_HOUR_UNIT) && va_is_unit(scan, *at, VA_UNIT_HOUR)))
	{
		oclock = true;
		*said = true;
		(*at)++;
	}
	next = va_lexeme(scan, *at);
	if (next->class == VA_WORD_MINUTES)
	{
		*said = true;
		(*at)++;
		return next->value;
	}
	if ((next->class == VA_WORD_PLUS || next->class == VA_WORD_AND) && !(scan->traits & VA_LANGUAGE_HOUR_MINUTES) &&
		va_lexeme_is(scan, *at + 1, VA_WORD_NUMBER) && va_lexeme(scan, *at + 1)->value < 60 &&
		(next->class == VA_WORD_PLUS ||
			((scan->traits & VA_LANGUAGE_AND_UNIT) &&
				(va_lexeme(scan, *at + 1)->digits == 0 ||
					(*said && va_lexeme(scan, *at + 1)->value >= 15 && va_lexeme(scan, *at + 1)->value % 5 == 0)) &&
				!(*at > 1 && va_lexeme_is(scan, *at - 2, VA_WORD_BETWEEN)))))
	{
		int value = va_lexeme(scan, *at + 1)->value;

		*said = *said || next->class == VA_WORD_PLUS;
		*at += 2;
		return next->class == VA_WORD_PLUS ? value * next->value : value;
	}
	if (next->class != VA_WORD_NUMBER || next->value > 59)
		return 0;
	if (oclock && (next->digits != 1 || va_lexeme(scan, *at + 1)->class >= VA_WORD_CLASSES) &&
		!va_lexeme_is(scan, *at + 1, VA_WORD_COUNTED))
	{
		(*at)++;
		return next->value;
	}
	return oclock ? 0 : minutes_in_words(scan, at, said);
}

/* An hour with its minutes; *said: there is a word that makes it one. */
static VaAtom
hour_and_minutes(const VaScan *scan, size_t from, bool *said)
{
	const VaLexeme *first = va_lexeme(scan, from);
	size_t at = from + 1;
	VaAtom atom;
	int hour, minutes;

	if (first->class == VA_LEXEME_CLOCK)
	{
		*said = true;
		if (va_lexeme_is(scan, at, VA_WORD_OCLOCK))
			at++;
		atom = a_clock(first->value, at - from);
		atom.seconds = first->value2;
		atom.sure = first->sure || first->value >= 780;
		return atom;
	}
	if (first->class == VA_LEXEME_POINT)
	{
		bool behind = va_lexeme_is(scan, at, VA_WORD_OCLOCK);

		if (first->digits != 2 || first->value > 23 || first->value2 > 59)
			return VA_NOTHING;
		/* "15.30", to the question when: all that is said */
		*said = *said || behind ||
				(scan->count == 1 && first->value >= 13 && (first->value2 == 0 || first->value2 > 12));
		return a_clock(first->value * 60 + first->value2, at - from);
	}
	/* "at 3 15", as numbers are written down that are said */
	if (first->class == VA_WORD_NUMBER && first->digits > 0 && first->digits <= 2 && first->value <= 23 && *said &&
		va_lexeme_is(scan, at, VA_WORD_NUMBER) && va_lexeme(scan, at)->digits == 2 && va_lexeme(scan, at)->value < 60 &&
		(va_lexeme_is(scan, at + 1, VA_WORD_HALF_DAY) || va_lexeme_is(scan, at + 1, VA_WORD_PART) ||
			va_lexeme(scan, at + 1)->class >= VA_WORD_CLASSES))
		return a_clock(first->value * 60 + va_lexeme(scan, at)->value, at + 1 - from);
	if (first->class == VA_WORD_NUMBER && first->digits == 4 && first->value % 100 < 60 && first->value <= 2359 &&
		*said && (first->value < 1900 || va_is_unit(scan, at, VA_UNIT_HOUR)))
		return a_clock(first->value / 100 * 60 + first->value % 100, at - from);
	hour = hour_at(scan, from);
	if (hour < 0)
		return VA_NOTHING;
	/* "a las 15 horas" */
	if (*said && va_is_unit(scan, at, VA_UNIT_HOUR) && !(scan->traits & VA_LANGUAGE_HOUR_UNIT))
	{
		/* "it takes about two hours" */
		if (from > 0 && va_lexeme_is(scan, from - 1, VA_WORD_ABOUT) && !(scan->traits & VA_LANGUAGE_AND_UNIT))
			return VA_NOTHING;
		at++;
	}
	minutes = minutes_behind(scan, &at, said);
	minutes += hour * 60;
	if (minutes < 60 && hour == 1)
		minutes += 720;
	if (minutes > 1440)
		return VA_NOTHING;
	atom = a_clock(minutes, at - from);
	atom.sure = first->sure;
	return atom;
}

/* The half of the day, and how exact it is. */
static void
read_behind_clock(const VaScan *scan, size_t from, VaAtom *atom, bool *said)
{
	for (int i = 0; i < 4; i++)
	{
		const VaLexeme *next = va_lexeme(scan, from + atom->used);

		if (next->class == VA_WORD_HALF_DAY && atom->minutes <= 12 * 60 + 59)
		{
			int hour = atom->minutes / 60 % 12 + next->value;

			atom->minutes = hour * 60 + atom->minutes % 60;
			atom->sure = true;
		}
		else if (next->class == VA_WORD_ISH)
			atom->about = true;
		else if (next->class != VA_WORD_SHARP && !(next->class == VA_WORD_OCLOCK && !atom->sure))
			return;
		*said = true;
		atom->used++;
	}
}

/* Words that cannot follow an hour that only "at" makes one. */
static bool
is_no_hour(const VaScan *scan, size_t behind, bool digits)
{
	const VaLexeme *next = va_lexeme(scan, behind);

	return next->class == VA_WORD_COUNTED || next->class == VA_WORD_UNIT || next->class == VA_WORD_SPAN ||
		   next->class == VA_WORD_MULTIPLE ||
		   (next->class == VA_WORD_NUMBER &&
			   !((scan->traits & VA_LANGUAGE_HOUR_UNIT) && va_is_unit(scan, behind + 1, VA_UNIT_HOUR))) ||
		   next->class == VA_WORD_MONTH ||
		   (next->class == VA_WORD_OTHER && next->capital && next->end - next->offset > 1 &&
			   (digits || (va_lexeme_is(scan, behind + 1, VA_WORD_OTHER) && va_lexeme(scan, behind + 1)->capital)));
}

/* Noon or midnight, with minutes behind it: "midi et demi", "midi quarante-cinq". */
static VaAtom
noon(const VaScan *scan, size_t at)
{
	VaAtom atom = a_clock(va_lexeme(scan, at)->value, 1);

	atom.sure = atom.minutes < 0 || atom.minutes >= 720;
	/* "a la misma hora" */
	if (atom.minutes < 0)
	{
		atom.minutes = scan->now.minutes;
		atom.same = true;
		return atom;
	}
	if (va_lexeme_is(scan, at + 1, VA_WORD_MINUTES))
	{
		atom.minutes += va_lexeme(scan, at + 1)->value;
		atom.used++;
	}
	return atom;
}

VaAtom
va_scan_clock(const VaScan *scan, size_t from, bool bare)
{
	size_t at = from;
	bool said = false;
	bool about = false;
	bool marked;
	VaAtom atom;

	if (from > 0 && (va_lexeme_is(scan, from - 1, VA_WORD_COUNTING) ||
						(from > 1 && va_lexeme_is(scan, from - 2, VA_WORD_COUNTING) &&
							va_lexeme_is(scan, from - 1, VA_WORD_OTHER))))
		return VA_NOTHING;
	for (;; at++)
	{
		int class = va_lexeme(scan, at)->class;

		if (class == VA_WORD_AT)
			said = true;
		else if (class == VA_WORD_ABOUT)
			said = about = true;
		else if (class == VA_WORD_SHARP || (class == VA_WORD_THE && said))
			;
		else
			break;
	}
	/* Digits that are said one by one are no hours. */
	if (!said && at > 1 && va_lexeme_is(scan, at - 1, VA_WORD_NUMBER) && va_lexeme_is(scan, at - 2, VA_WORD_NUMBER))
		return VA_NOTHING;
	marked = said;
	if (va_lexeme_is(scan, at, VA_WORD_NOON))
	{
		atom = noon(scan, at);
		said = true;
	}
	else
	{
		atom = fraction_of_hour(scan, at);
		if (atom.kind != VA_ATOM_NONE)
			said = true;
		else
			atom = hour_and_minutes(scan, at, &said);
	}
	if (atom.kind == VA_ATOM_NONE)
		return VA_NOTHING;
	/* "deux heures par jour" */
	if (va_lexeme_is(scan, at + atom.used, VA_WORD_COUNTED) && va_lexeme(scan, at + atom.used)->value == 1)
		return VA_NOTHING;
	read_behind_clock(scan, at, &atom, &said);
	if (!said || marked)
	{
		bool hour_words = said && !marked;

		if (!hour_words && atom.used == 1 && is_no_hour(scan, at + 1, va_lexeme(scan, at)->digits > 0))
			return VA_NOTHING;
	}
	/* "three in the afternoon", "3 Eastern" */
	if (!said &&
		(va_scan_part(scan, at + atom.used).kind != VA_ATOM_NONE || va_lexeme_is(scan, at + atom.used, VA_WORD_ZONE) ||
			va_lexeme_is(scan, at + atom.used, VA_WORD_ZONE_WEAK)))
		said = true;
	if (!said && !bare)
		return VA_NOTHING;
	atom.bare = !said;
	atom.about = atom.about || about;
	atom.sure = atom.sure || atom.minutes >= 780 || atom.minutes < 60;
	atom.used += at - from;
	return atom;
}

VaAtom
va_scan_part(const VaScan *scan, size_t from)
{
	size_t at = from;
	bool today = false;
	int back = 0;
	VaAtom atom = { .kind = VA_ATOM_PART, .or_day = VA_NO_DAY };

	if (va_lexeme_is(scan, at, VA_WORD_TODAY_PART))
	{
		atom.part = (VaDayPart) (va_lexeme(scan, at)->value % 16);
		back = va_lexeme(scan, at)->value / 16;
		today = true;
	}
	else
	{
		while (va_lexeme_is(scan, at, VA_WORD_ON) || va_lexeme_is(scan, at, VA_WORD_IN) ||
			   va_lexeme_is(scan, at, VA_WORD_OF) || va_lexeme_is(scan, at, VA_WORD_THE) ||
			   va_lexeme_is(scan, at, VA_WORD_STAGE))
			at++;
		if (va_lexeme_is(scan, at, VA_WORD_THIS))
		{
			today = true;
			at++;
		}
		if (!va_lexeme_is(scan, at, VA_WORD_PART))
			return VA_NOTHING;
		atom.part = (VaDayPart) (va_lexeme(scan, at)->value % VA_PART_PLURAL);
		atom.any_day = va_lexeme(scan, at)->value >= VA_PART_PLURAL;
		/* "the evening paper" */
		if (va_lexeme_is(scan, at + 1, VA_WORD_COUNTED))
			return VA_NOTHING;
	}
	atom.used = at + 1 - from;
	atom.day = today ? scan->now.day - back : VA_NO_DAY;
	return atom;
}
