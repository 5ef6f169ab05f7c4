/*-------------------------------------------------------------------------
 * meant.c
 *		Chooses the moments that are meant, shares days and hours within a list
 *		of moments, and finds words beside them that leave doubt.
 */
#include "pure/phrases/times/times_internal.h"

/* The first day after a period. */
int32_t
va_period_end(const VaAtom *period)
{
	VaTimePoint point = { .grain = period->grain,
		.dated = true,
		.day = period->spread ? period->last : period->day,
		.stage = period->stage };
	int32_t day;
	int32_t end;
	int minutes;

	va_time_bounds(&point, &day, &minutes, &end, &minutes);
	return end;
}

/* "You called yesterday", "I can't right now": such a moment is not the one meant if another is said. */
static bool
lies_behind(const VaScan *scan, const VaMeant *meant)
{
	return (meant->a.moment && meant->a.day.day == scan->now.day && meant->a.clock.minutes == scan->now.minutes) ||
		   (meant->a.has_day && meant->a.day.day < scan->now.day);
}

size_t
va_choose_meant(const VaScan *scan, const VaSaid *said, size_t *first)
{
	size_t length = 0;
	bool behind = false;

	for (size_t i = 0; i < said->count;)
	{
		size_t end = i + 1;
		bool here;

		if (said->items[i].denied)
		{
			i++;
			continue;
		}
		while (end < said->count && said->items[end].linked && !said->items[end].denied && said->items[end].joined)
			end++;
		here = lies_behind(scan, &said->items[i]);
		if (length > 0 && !behind && !here)
			return 0;
		if (length == 0 || behind)
		{
			*first = i;
			length = end - i;
			behind = here;
		}
		i = end;
	}
	return length;
}

/* A number outside all moments, or "of the month"; right beside a moment, also an ordinal or any unit. */
static bool
counts_more(const VaLexeme *word, bool beside)
{
	return (word->class == VA_WORD_NUMBER && word->value >= 2) || word->class == VA_WORD_SPAN ||
		   (word->class == VA_WORD_OTHER && word->digits > 0) || (word->class == VA_WORD_ORDINAL && beside) ||
		   (word->class == VA_WORD_UNIT && word->value != VA_UNIT_DAY && (beside || word->value == VA_UNIT_MONTH));
}

/* Whether such a word stands after (way 1) or before (way -1) a moment, with at most unknown other words between. */
static bool
counts_beside(const VaScan *scan, size_t from, int way, int unknown)
{
	for (size_t at = from; at < scan->count; at += (size_t) way)
	{
		const VaLexeme *word = va_lexeme(scan, at);

		if (word->class >= VA_WORD_CLASSES || word->class == VA_WORD_BUT || word->class == VA_WORD_COUNTED ||
			word->read)
			return false;
		/* Several numbers in a row are a telephone number. */
		if (counts_more(word, at == from))
			return !(word->digits > 0 && va_lexeme(scan, at + (size_t) way)->digits > 0);
		if (word->class == VA_WORD_OTHER && unknown-- == 0)
			return false;
	}
	return false;
}

bool
va_leaves_over(const VaScan *scan, const VaSaid *said, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++)
	{
		const VaMeant *meant = &said->items[i];

		if (counts_beside(scan, meant->first - 1, -1, 0) || counts_beside(scan, meant->end, 1, 1))
			return true;
	}
	return false;
}

static void
copy_day(VaSlots *to, const VaSlots *from)
{
	to->has_day = from->has_day;
	to->day = from->day;
	to->has_period = from->has_period;
	to->period = from->period;
}

/* Completes the moments of a list from each other: days from earlier moments, hours from later ones. */
void
va_share_in_list(VaMeant *first, size_t count)
{
	for (size_t i = count - 1; i-- > 0;)
	{
		VaMeant *one = &first[i];
		const VaMeant *next = &first[i + 1];
		bool open = one->shape == VA_SHAPE_ONE && !next->a.moment && next->a.has_day;

		/* "Monday or Tuesday at three", "Monday or Tuesday between two and four" */
		if (open && one->a.has_day && !one->a.has_clock && one->a.part == VA_PART_NONE &&
			(next->a.has_clock || next->a.part != VA_PART_NONE))
		{
			VaSlots own = one->a;

			one->a = next->a;
			one->b = next->b;
			copy_day(&one->a, &own);
			one->shape = next->shape;
		}
		/* "at ten or half past ten on Wednesday" */
		else if (open && one->a.has_clock && !one->a.moment && !one->a.has_day && !one->a.has_period &&
				 next->a.day_behind)
			copy_day(&one->a, &next->a);
		if (one->zone == NULL)
			one->zone = next->zone;
	}
	for (size_t i = 1; i < count; i++)
	{
		VaMeant *one = &first[i];
		const VaMeant *before = &first[i - 1];
		const VaSlots *slots = before->a.has_day ? &before->a : &before->b;

		/* "next week, Monday or Thursday" */
		if (one->a.has_day && one->a.day.weekday != 0 && one->a.day.plain && !one->a.has_period && before->a.has_period)
		{
			one->a.has_period = true;
			one->a.period = before->a.period;
		}
		if (!one->a.has_day && !one->a.has_period && !one->b.has_day && slots->has_day)
			copy_day(&one->a, slots);
		if (one->zone == NULL)
			one->zone = before->zone;
	}
}
