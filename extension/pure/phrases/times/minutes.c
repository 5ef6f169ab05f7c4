/*-------------------------------------------------------------------------
 * minutes.c
 *		Hours and minutes from now.
 */
#include "pure/phrases/times/times_internal.h"

#define NOTHING ((VaAtom){ .kind = VA_ATOM_NONE })

static bool
is_unit(const VaScan *scan, size_t at, int unit)
{
	return va_lexeme_is(scan, at, VA_WORD_UNIT) && va_lexeme(scan, at)->value == unit;
}

/* The unit behind the next count: "five or ten minutes", "deux trois heures"; VA_UNIT_NONE: there is none. */
static int
unit_said_once(const VaScan *scan, size_t at)
{
	int link = va_lexeme(scan, at)->class;

	if (link == VA_WORD_OR || link == VA_LEXEME_COMMA || link == VA_WORD_TO || link == VA_WORD_UNTIL ||
		link == VA_LEXEME_DASH || (link == VA_WORD_AT && va_lexeme(scan, at)->value == 1))
		at++;
	if (!va_lexeme_is(scan, at, VA_WORD_NUMBER) || !va_lexeme_is(scan, at + 1, VA_WORD_UNIT))
		return VA_UNIT_NONE;
	return va_lexeme(scan, at + 1)->value;
}

/* "in 2.5 hours"; lexemes, 0: none. */
static size_t
decimal_hours(const VaScan *scan, size_t at, int *minutes)
{
	const VaLexeme *first = va_lexeme(scan, at);

	if (first->class == VA_LEXEME_POINT && first->digits == 1 && is_unit(scan, at + 1, VA_UNIT_HOUR))
	{
		*minutes = 60 * first->value + 6 * first->value2;
		return 2;
	}
	return 0;
}

/* "trente secondes", "trois prochaines heures" (*ahead: until then); lexemes, 0: none. */
static size_t
count_of_units(const VaScan *scan, size_t at, int *minutes, int *seconds, bool *ahead)
{
	size_t unit = va_lexeme_is(scan, at + 1, VA_WORD_NEXT) && va_lexeme(scan, at + 1)->value < 2 ? at + 2 : at + 1;
	int count = va_lexeme(scan, at)->value;

	if (!va_lexeme_is(scan, at, VA_WORD_NUMBER) || count < 1 || count >= 3600)
		return 0;
	*minutes = count;
	if (is_unit(scan, unit, VA_UNIT_SECOND))
	{
		*minutes = count / 60;
		*seconds = count % 60;
	}
	else if (is_unit(scan, unit, VA_UNIT_HOUR) && unit == at + 2)
		*minutes = 60 * count;
	else if (!is_unit(scan, unit, VA_UNIT_MINUTE) || unit == at + 1)
		return 0;
	*ahead = *ahead || unit == at + 2;
	return unit + 1 - at;
}

/* A count of hours and minutes; lexemes, 0: none. */
static size_t
count_of_minutes(const VaScan *scan, size_t from, int *minutes)
{
	size_t at = from;
	const VaLexeme *first = va_lexeme(scan, at);
	int count = 1;
	bool half = false;

	/* "in 1h30" */
	if (first->class == VA_LEXEME_CLOCK && first->digits == 1)
	{
		*minutes = first->value;
		return 1;
	}
	/* "in 1/2 hour" */
	if (first->class == VA_LEXEME_SLASH && first->value < first->value2 && first->value2 <= 4 && first->value2 != 3 &&
		is_unit(scan, at + 1, VA_UNIT_HOUR))
	{
		*minutes = 60 * first->value / first->value2;
		return 2;
	}
	if (decimal_hours(scan, at, minutes) > 0)
		return decimal_hours(scan, at, minutes);
	if (first->class == VA_WORD_SPAN && first->value > 0)
	{
		*minutes = first->value;
		return 1;
	}
	if (first->class != VA_WORD_NUMBER && first->class != VA_WORD_ARTICLE)
		return 0;
	count = first->value;
	at++;
	if (va_lexeme_is(scan, at, VA_WORD_AND_HALF) || va_lexeme_is(scan, at, VA_WORD_MINUTES))
	{
		half = true;
		at++;
	}
	if (count > 10000)
		return 0;
	/* "in an hour or two": of the unit before it. */
	if (!half && at > 2 && va_lexeme_is(scan, at - 2, VA_WORD_OR) && va_lexeme_is(scan, at - 3, VA_WORD_UNIT) &&
		va_may_follow_hour(scan, at) && (is_unit(scan, at - 3, VA_UNIT_HOUR) || is_unit(scan, at - 3, VA_UNIT_MINUTE)))
	{
		*minutes = is_unit(scan, at - 3, VA_UNIT_HOUR) ? 60 * count : count;
		return 1;
	}
	/* "in five or ten minutes": the unit is said once. */
	if (!half && !va_lexeme_is(scan, at, VA_WORD_UNIT))
	{
		int unit = unit_said_once(scan, at);

		*minutes = unit == VA_UNIT_HOUR ? 60 * count : count;
		return unit == VA_UNIT_HOUR || unit == VA_UNIT_MINUTE ? at - from : 0;
	}
	if (!va_lexeme_is(scan, at, VA_WORD_UNIT))
		return 0;
	if (is_unit(scan, at, VA_UNIT_MINUTE) && !half)
	{
		*minutes = count;
		return at + 1 - from;
	}
	if (!is_unit(scan, at, VA_UNIT_HOUR))
		return 0;
	at++;
	*minutes = 60 * count + (half ? 30 : 0);
	if (va_lexeme_is(scan, at, VA_WORD_AND_HALF) ||
		(va_lexeme_is(scan, at, VA_WORD_MINUTES) && va_lexeme(scan, at)->value > 0))
	{
		*minutes += va_lexeme_is(scan, at, VA_WORD_MINUTES) ? va_lexeme(scan, at)->value : 30;
		return at + 1 - from;
	}
	if (va_lexeme_is(scan, at, VA_WORD_AND) || va_lexeme_is(scan, at, VA_LEXEME_COMMA))
	{
		int more = 0;
		size_t used = 0;

		/* Only minutes come behind hours, so this goes no deeper. */
		if ((va_lexeme_is(scan, at + 1, VA_WORD_SPAN) && va_lexeme(scan, at + 1)->value < 60 &&
				va_lexeme_is(scan, at, VA_WORD_AND)) ||
			is_unit(scan, at + 2, VA_UNIT_MINUTE))
			used = count_of_minutes(scan, at + 1, &more);
		if (used > 0)
		{
			*minutes += more;
			at += 1 + used;
		}
	}
	else if (va_lexeme_is(scan, at, VA_WORD_NUMBER) && is_unit(scan, at + 1, VA_UNIT_MINUTE))
	{
		*minutes += va_lexeme(scan, at)->value;
		at += 2;
	}
	/* "dans une heure vingt" */
	else if ((scan->traits & VA_LANGUAGE_HOUR_UNIT) && va_lexeme_is(scan, at, VA_WORD_NUMBER) &&
			 va_lexeme(scan, at)->value >= 5 && va_lexeme(scan, at)->value < 60 && va_may_follow_hour(scan, at + 1))
	{
		*minutes += va_lexeme(scan, at)->value;
		at++;
	}
	return at - from;
}

static VaAtom
span_from_now(const VaScan *scan, size_t from, bool in)
{
	size_t at = from;
	bool ago = false;
	bool until = false;
	int minutes = 0;
	size_t used;
	int64_t moment;
	VaAtom atom = { .kind = VA_ATOM_MOMENT, .or_day = VA_NO_DAY, .seconds = -1, .sure = true };

	if (va_lexeme_is(scan, at, VA_WORD_NOW))
	{
		atom.used = 1;
		atom.day = scan->now.day;
		atom.minutes = scan->now.minutes;
		return atom;
	}
	while (va_lexeme_is(scan, at, VA_WORD_IN) || va_is_ago(scan, at) ||
		   ((in || ago) && va_lexeme_is(scan, at, VA_WORD_ABOUT)))
	{
		in = in || va_lexeme_is(scan, at, VA_WORD_IN);
		until = until || (va_lexeme_is(scan, at, VA_WORD_IN) && va_is_within(scan, at));
		ago = ago || va_is_ago(scan, at);
		at++;
	}
	/* "in the next two hours", "within the hour", "dans l'heure" */
	while (!ago && va_lexeme_is(scan, at, VA_WORD_THE))
		at++;
	if (in && !ago && at > from && va_lexeme_is(scan, at - 1, VA_WORD_THE) && is_unit(scan, at, VA_UNIT_HOUR))
		until = true;
	if (!ago && va_lexeme_is(scan, at, VA_WORD_NEXT) && va_lexeme(scan, at)->value < 2)
	{
		in = until = true;
		at++;
	}
	used = ago ? 0 : count_of_units(scan, at, &minutes, &atom.seconds, &until);
	in = in || until;
	if (used == 0)
		used = count_of_minutes(scan, at, &minutes);
	if (used == 0 && until && is_unit(scan, at, VA_UNIT_HOUR))
	{
		minutes = 60;
		used = 1;
	}
	/* "call me back in ten" */
	if (used == 0 && at == from + 1 && va_lexeme_is(scan, from, VA_WORD_IN) && va_lexeme(scan, from)->value == 0 &&
		(scan->traits & VA_LANGUAGE_HOUR_MINUTES) && va_lexeme_is(scan, at, VA_WORD_NUMBER) &&
		va_lexeme(scan, at)->value >= 5 && va_lexeme(scan, at)->value < 60 && va_is_end(scan, at + 1))
	{
		minutes = va_lexeme(scan, at)->value;
		used = 1;
	}
	if (used == 0)
		return NOTHING;
	at += used;
	if (va_lexeme_is(scan, at, VA_WORD_FROM_NOW))
	{
		in = true;
		at++;
	}
	else if (va_lexeme_is(scan, at, VA_WORD_AGO))
	{
		ago = true;
		at++;
	}
	if (!in && !ago)
		return NOTHING;
	moment = (int64_t) scan->now.day * 1440 + scan->now.minutes + (ago ? -minutes : minutes);
	atom.day = (int32_t) (moment >= 0 ? moment / 1440 : -((1439 - moment) / 1440));
	atom.minutes = (int) (moment - (int64_t) atom.day * 1440);
	atom.used = at - from;
	atom.until = until && !ago;
	return atom;
}

/* "una hora después de las cuatro", "zwei Stunden vor drei" */
VaAtom
va_scan_shifted_clock(const VaScan *scan, size_t from)
{
	int minutes = 0;
	size_t used = count_of_minutes(scan, from, &minutes);
	int sign = va_lexeme_is(scan, from + used, VA_WORD_BEFORE) ? -1 : 1;
	VaAtom clock;

	if (used < 2 || (sign > 0 && !va_lexeme_is(scan, from + used, VA_WORD_AFTER)))
		return NOTHING;
	clock = va_scan_clock(scan, from + used + 1, true);
	if (clock.kind != VA_ATOM_CLOCK || clock.about || clock.minutes + sign * minutes < 60 ||
		clock.minutes + sign * minutes >= 1440)
		return NOTHING;
	/* In the half of the day that the hour itself would be in. */
	if (!clock.sure && clock.minutes >= 60 && clock.minutes < 7 * 60)
	{
		clock.minutes += 720;
		clock.sure = true;
	}
	clock.minutes += sign * minutes;
	clock.used += used + 1;
	return clock;
}

VaAtom
va_scan_span(const VaScan *scan, size_t from)
{
	return span_from_now(scan, from, false);
}

VaAtom
va_scan_count(const VaScan *scan, size_t from)
{
	return span_from_now(scan, from, true);
}
