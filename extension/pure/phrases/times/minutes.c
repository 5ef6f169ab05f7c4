/*-------------------------------------------------------------------------
 * minutes.c
 *		Hours and minutes from now.
 */
#include "pure/phrases/times/times_internal.h"

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
	if (!va_lexeme_is(scan, at, VA_WORD_UNIT))
		return 0;
	if (va_is_unit(scan, at, VA_UNIT_MINUTE) && !half)
	{
		*minutes = count;
		return at + 1 - from;
	}
	if (!va_is_unit(scan, at, VA_UNIT_HOUR))
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
		if (va_is_unit(scan, at + 2, VA_UNIT_MINUTE))
			used = count_of_minutes(scan, at + 1, &more);
		if (used > 0)
		{
			*minutes += more;
			at += 1 + used;
		}
	}
	return at - from;
}

VaAtom
va_scan_span(const VaScan *scan, size_t from)
{
	size_t at = from;
	bool in = false;
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
	if (!ago && va_lexeme_is(scan, at, VA_WORD_NEXT) && va_lexeme(scan, at)->value < 2)
	{
		in = until = true;
		at++;
	}
	in = in || until;
	used = count_of_minutes(scan, at, &minutes);
	if (used == 0 && until && va_is_unit(scan, at, VA_UNIT_HOUR))
	{
		minutes = 60;
		used = 1;
	}
	if (used == 0)
		return VA_NOTHING;
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
		return VA_NOTHING;
	moment = (int64_t) scan->now.day * 1440 + scan->now.minutes + (ago ? -minutes : minutes);
	atom.day = (int32_t) (moment >= 0 ? moment / 1440 : -((1439 - moment) / 1440));
	atom.minutes = (int) (moment - (int64_t) atom.day * 1440);
	atom.used = at - from;
	atom.until = until && !ago;
	return atom;
}
