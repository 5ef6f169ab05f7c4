/*-------------------------------------------------------------------------
 * chosen.c
 *		Which of the moments that were said is meant, what those of a list say
 *		for one another, and what was said beside them that leaves doubt.
 *-------------------------------------------------------------------------
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
	/* After a weekend it is Monday. */
	return end;
}

/* What moments of a list say for one another: the day before, the hour behind. */
void
va_share_in_list(VaMeant *first, size_t count)
{
	for (size_t i = count - 1; i-- > 0;)
	{
		VaMeant *one = &first[i];
		const VaMeant *next = &first[i + 1];

		if (one->a.has_day && !one->a.has_clock && one->a.part == VA_PART_NONE && one->shape == VA_SHAPE_ONE &&
			next->a.has_day && !next->a.moment && (next->a.has_clock || next->a.part != VA_PART_NONE))
		{
			VaSlots own = one->a;
			VaSlots end = next->b;

			one->a = next->a;
			one->a.day = own.day;
			one->a.has_period = own.has_period;
			one->a.period = own.period;
			one->b = end;
			if (end.has_day)
				one->b.day = own.day;
			one->shape = next->shape;
		}
		/* "at ten or half past ten on Wednesday" */
		if (one->a.has_clock && !one->a.moment && !one->a.has_day && !one->a.has_period && one->shape == VA_SHAPE_ONE &&
			next->a.has_day && next->a.day_behind && !next->a.moment)
		{
			one->a.has_day = true;
			one->a.day = next->a.day;
			if (one->a.part == VA_PART_NONE)
				one->a.part = next->a.part;
		}
		/* "Monday or Tuesday between two and four": the day may stand at the end of the range. */
		if (one->zone == NULL)
			one->zone = next->zone;
	}
	for (size_t i = 1; i < count; i++)
	{
		VaMeant *one = &first[i];
		const VaMeant *before = &first[i - 1];

		/* "por la mañana o a mediodía": parts of the day, both. */
		if (one->a.has_clock && one->a.clock.named && one->a.clock.minutes == 720 && !before->a.has_clock &&
			before->a.part != VA_PART_NONE && one->shape == VA_SHAPE_ONE)
		{
			one->a.has_clock = false;
			one->a.part = VA_PART_NOON;
		}
		/* "from nine to noon on Monday and Tuesday" */
		if (one->a.has_day && !one->a.has_clock && one->a.part == VA_PART_NONE && one->shape == VA_SHAPE_ONE &&
			before->shape == VA_SHAPE_RANGE && before->a.has_clock && before->b.has_clock && before->b.has_day &&
			!before->a.moment)
		{
			VaAtom day = one->a.day;

			one->a = before->a;
			one->b = before->b;
			one->a.has_day = one->b.has_day = true;
			one->a.day = one->b.day = day;
			one->shape = VA_SHAPE_RANGE;
		}
		else if (!one->a.has_day && !one->a.has_period && !one->b.has_day && (before->a.has_day || before->b.has_day))
		{
			const VaSlots *slots = before->a.has_day ? &before->a : &before->b;

			one->a.has_day = true;
			one->a.day = slots->day;
			one->a.has_period = slots->has_period;
			one->a.period = slots->period;
			if (one->a.has_clock && one->a.part == VA_PART_NONE)
				one->a.part = slots->part;
		}
		else if (one->a.has_day && one->a.day.weekday != 0 && one->a.day.plain && !one->a.has_period &&
				 before->a.has_period && before->a.period.grain == VA_GRAIN_WEEK)
		{
			one->a.has_period = true;
			one->a.period = before->a.period;
		}
		if (one->zone == NULL)
			one->zone = before->zone;
	}
}

static bool
is_now(const VaScan *scan, const VaMeant *meant)
{
	return meant->a.moment && meant->a.day.day == scan->now.day && meant->a.clock.minutes == scan->now.minutes;
}

/* How much is said of a moment: what says more is the one that is meant. */
static int
weight(const VaScan *scan, const VaMeant *meant)
{
	int weight = 0;

	if (meant->a.has_day || meant->a.has_period || meant->b.has_day)
		weight += 2;
	if (meant->a.has_clock || meant->b.has_clock || meant->a.part != VA_PART_NONE)
		weight += 1;
	if (meant->a.has_day && meant->a.day.day < scan->now.day)
		weight -= 4;
	/* "I've got yoga till eleven", "I'm driving right now" */
	if (meant->shape == VA_SHAPE_UNTIL || meant->shape == VA_SHAPE_BEFORE)
		weight -= 1;
	if (is_now(scan, meant))
		weight -= 2;
	if (meant->a.has_period && !meant->a.has_day && !meant->a.period.spread &&
		va_period_end(&meant->a.period) <= scan->now.day && meant->a.period.grain != VA_GRAIN_NONE)
		weight -= 4;
	return weight + (meant->asked ? 2 : 0) - (meant->away ? 1 : 0);
}

static bool
same_day(const VaMeant *one, const VaMeant *other)
{
	return (one->a.has_period && other->a.has_period && one->a.period.day == other->a.period.day) ||
		   (one->a.has_day && other->a.has_day && one->a.day.day == other->a.day.day &&
			   (!one->a.has_clock || (other->a.has_clock && one->a.clock.minutes == other->a.clock.minutes)));
}

/* "Tuesday at eleven, I'm there this month": no more is said than where the moment lies. */
static bool
is_around(const VaMeant *period, const VaMeant *meant)
{
	return period->a.has_period && !period->a.has_day && !period->a.period.spread && period->shape == VA_SHAPE_ONE &&
		   meant->a.has_day && meant->a.day.day >= period->a.period.day &&
		   meant->a.day.day < va_period_end(&period->a.period);
}

/* The one of a list that is said once more; it takes what it lacks from the list.  said->count: there is none. */
static size_t
one_of(VaSaid *said, size_t first, size_t length, size_t again)
{
	const VaMeant *meant = &said->items[again];

	if (!meant->a.has_day || meant->shape != VA_SHAPE_ONE)
		return said->count;
	va_share_in_list(&said->items[first], length);
	for (size_t i = first; i < first + length; i++)
		if (said->items[i].a.has_day && said->items[i].a.day.day == meant->a.day.day)
		{
			if (meant->a.has_clock || meant->a.part != VA_PART_NONE)
				said->items[i].a = meant->a;
			return i;
		}
	return said->count;
}

/* The list that is meant: the only one, or the last if it says as much as each before it; its length, 0: nobody can tell. */
size_t
va_choose_meant(const VaScan *scan, VaSaid *said, size_t *first)
{
	size_t count = 0;
	size_t length = 0;
	size_t narrowed;
	size_t last = 0;
	int best = 0;
	bool doubt = false;

	for (size_t i = 0; i < said->count;)
	{
		size_t end = i + 1;
		int here;

		if (said->items[i].denied)
		{
			i++;
			continue;
		}
		while (end < said->count && said->items[end].linked && !said->items[end].denied)
			end++;
		here = weight(scan, &said->items[i]);
		/* "this week's crazy, but Thursday or Friday at ten" */
		for (size_t j = i + 1; j < end; j++)
			here = weight(scan, &said->items[j]) > here && here >= 2 ? weight(scan, &said->items[j]) : here;
		/* "Wednesday or Thursday at ten, Thursday is better" */
		if (end > i + 2 && end - i <= VA_PHRASE_LIST_MAX && here >= best &&
			(narrowed = one_of(said, i, end - 1 - i, end - 1)) != said->count)
		{
			*first = narrowed;
			length = 1;
			last = end;
			best = here;
			doubt = false;
			count++;
			i = end;
			continue;
		}
		/* "I do yoga on Mondays, so Tuesday" */
		if (said->items[i].concluded && here >= 2 && count > 0)
			here = here > best ? here : best + 1;
		if (count == 0 || said->last || here > best || (here == best && here < 0))
		{
			*first = i;
			length = end - i;
			last = end;
			best = here;
			doubt = false;
		}
		else if (here == best && same_day(&said->items[*first], &said->items[i]))
		{
			*first = i;
			length = end - i;
			last = end;
		}
		/* "Monday or Tuesday, but Tuesday is better" */
		else if (length > 1 && end == i + 1 && (narrowed = one_of(said, *first, length, i)) != said->count)
		{
			*first = narrowed;
			length = 1;
			last = end;
		}
		else if (here == best)
			doubt = true;
		count++;
		i = end;
	}
	/* More is said behind it that may be meant as well. */
	for (size_t i = last; i < said->count && !doubt && length > 0; i++)
		doubt = !said->items[i].denied && weight(scan, &said->items[i]) > 0 && !is_now(scan, &said->items[i]) &&
				!(said->items[*first].a.has_clock && is_around(&said->items[i], &said->items[*first])) &&
				!(said->items[*first].asked && !said->items[i].asked);
	return doubt ? 0 : length;
}

/* Whether an hour that was said, and was not taken back, is in none of the moments that are meant. */
/* Whether a sentence ends between two moments, or "but" stands there. */
static bool
is_apart(const VaScan *scan, const VaMeant *one, const VaMeant *other)
{
	size_t from = one->end < other->end ? one->end : other->end;
	size_t to = one->first > other->first ? one->first : other->first;

	for (size_t i = from; i < to; i++)
		if (va_lexeme_is(scan, i, VA_LEXEME_STOP) ||
			(va_lexeme_is(scan, i, VA_WORD_BUT) && va_lexeme(scan, i)->value != 1))
			return true;
	return false;
}

bool
va_drops_hour(const VaScan *scan, const VaSaid *said, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++)
		if (said->items[i].a.has_clock || said->items[i].b.has_clock)
			return false;
	for (size_t i = 0; i < said->count; i++)
	{
		const VaMeant *meant = &said->items[i];

		if ((i < first || i >= first + count) && !is_apart(scan, meant, &said->items[first]) && !meant->denied &&
			meant->a.has_clock && !meant->a.moment && meant->shape == VA_SHAPE_ONE && !meant->a.has_day &&
			!meant->a.has_period)
			return true;
	}
	return false;
}

/* "it'll run you three fifty": an hour by its words alone, of no day, behind a word that says nothing of times. */
bool
va_is_price(const VaScan *scan, const VaMeant *meant)
{
	return meant->a.has_clock && meant->a.clock.weak && !meant->a.has_day && meant->a.part == VA_PART_NONE &&
		   meant->zone == NULL && meant->shape == VA_SHAPE_ONE && meant->first > 0 &&
		   va_lexeme_is(scan, meant->first - 1, VA_WORD_OTHER);
}

/* Words with fewer letters are prepositions and the like: "an Ostern", "por Navidad". */
#define NAME_LETTERS 4

/* A number that no moment took, also one with letters that are not understood ("9a"), or "of the month"; right beside a moment an ordinal
 * or any unit as well. */
static bool
counts_more(const VaLexeme *word, bool beside)
{
	return (word->class == VA_WORD_NUMBER && word->value >= 2) || word->class == VA_WORD_SPAN ||
		   (word->class == VA_WORD_OTHER && word->digits > 0) || (word->class == VA_WORD_ORDINAL && beside) ||
		   (word->class == VA_WORD_UNIT && word->value != VA_UNIT_DAY && (beside || word->value == VA_UNIT_MONTH));
}

/* "Thanksgiving three months ago": a time right beside those that are meant, which is not denied. */
static bool
is_lost(const VaScan *scan, const VaSaid *said, size_t first, size_t count, size_t at)
{
	if (!va_lexeme(scan, at)->read || va_lexeme(scan, at)->class == VA_WORD_ZONE ||
		va_lexeme(scan, at)->class == VA_WORD_ZONE_WEAK || va_lexeme(scan, at)->class == VA_WORD_ZONE_TIME)
		return false;
	for (size_t i = 0; i < said->count; i++)
		if (at >= said->items[i].first && at < said->items[i].end)
			return !said->items[i].denied && (i < first || i >= first + count);
	return true;
}

/* "Chinese New Year", "Orthodox Easter": another day than the one that is known by the name. */
static bool
is_other_holiday(const VaScan *scan, size_t at)
{
	const VaLexeme *before = va_lexeme(scan, at - 1);

	return at > 0 && va_lexeme_is(scan, at, VA_WORD_HOLIDAY) && before->class == VA_WORD_OTHER &&
		   before->end - before->offset >= NAME_LETTERS;
}

/* Whether what counts stands beside a moment, which is not understood then, with at most some unknown words between; way: 1
 * behind it, -1 before. */
static bool
counts_beside(const VaScan *scan, size_t from, int way, int unknown)
{
	for (size_t at = from;; at += (size_t) way)
	{
		const VaLexeme *word = at < scan->count ? va_lexeme(scan, at) : NULL;

		if (word == NULL || word->class >= VA_WORD_CLASSES || word->class == VA_WORD_BUT ||
			word->class == VA_WORD_COUNTED || word->read)
			return false;
		/* A row of them is a telephone's. */
		if (counts_more(word, at == from))
			return !(
				word->digits > 0 && at + (size_t) way < scan->count && va_lexeme(scan, at + (size_t) way)->digits > 0);
		if (word->class == VA_WORD_OTHER && unknown-- == 0)
			return false;
	}
}

bool
va_leaves_over(const VaScan *scan, const VaSaid *said, size_t first, size_t count)
{
	for (size_t i = 0; i < said->count; i++)
	{
		const VaMeant *meant = &said->items[i];

		/* Before a moment, a number with a noun counts that: "two showings on Thursday". */
		if (!meant->denied && counts_beside(scan, meant->first - 1, -1, 0))
			return true;
		if (i >= first && i < first + count &&
			(is_other_holiday(scan, meant->first) || is_lost(scan, said, first, count, meant->first - 1) ||
				is_lost(scan, said, first, count, meant->end) || counts_beside(scan, meant->end, 1, 1)))
			return true;
	}
	return false;
}
