/*-------------------------------------------------------------------------
 * times.c
 *		The meaning of the whole talk: one list of moments, resolved to
 *		days and hours, with the other reading where there is one.
 */
#include "pure/phrases/times/times.h"

#include <string.h>

#include "pure/phrases/times/times_internal.h"

typedef struct Resolve
{
	const VaScan *scan;
	bool any_day;
	int alternative; /* 0 or 1 */
	bool another;	 /* there is another reading */
} Resolve;

static int32_t
day_of(Resolve *resolve, const VaSlots *slots)
{
	if (slots->has_period && slots->has_day && slots->day.weekday != 0)
		return slots->period.day + slots->day.weekday - (slots->period.grain == VA_GRAIN_WEEKEND ? 6 : 1);
	/* "nächsten Monat am zehnten" */
	if (slots->has_period && slots->period.grain == VA_GRAIN_MONTH && slots->day.any_month)
		return slots->period.day + va_civil_day(slots->day.day).day - 1;
	if (slots->day.or_day != VA_NO_DAY)
	{
		resolve->another = true;
		if (resolve->alternative == 1)
			return slots->day.or_day;
	}
	return slots->day.day;
}

/* The words for a day or period, to somebody who heard another. */
static int
said_of_day(const VaSlots *slots)
{
	int said = slots->has_day || slots->has_period ? VA_SAID_DAY : 0;

	if (slots->has_day && slots->day.weekday != 0 && slots->day.plain && !slots->has_period)
		said |= VA_SAID_WEEKDAY;
	if (slots->has_day && slots->day.any_month && !slots->has_period)
		said |= VA_SAID_ANY_MONTH;
	if (slots->has_day && slots->day.counted)
		said |= VA_SAID_COUNTED;
	return said;
}

/* Minutes after midnight with the half of the day that is meant; up to 1440 and beyond for the night that follows. */
static int
half_of_day(int minutes, bool sure, VaDayPart part)
{
	int hour = minutes / 60;

	if (sure || minutes >= 780)
		return minutes;
	switch (part)
	{
		case VA_PART_MORNING:
			return minutes;
		case VA_PART_NOON:
			return hour < 4 ? minutes + 720 : minutes;
		case VA_PART_AFTERNOON:
			return hour < 12 ? minutes + 720 : minutes;
		case VA_PART_EVENING:
			return minutes + 720;
		case VA_PART_NIGHT:
			return hour >= 5 ? minutes + 720 : minutes;
		default:
			return hour >= 1 && hour <= 6 ? minutes + 720 : minutes;
	}
}

static VaTimePoint
clock_point(const VaSlots *slots, int minutes, bool dated, int32_t day)
{
	VaTimePoint point = { .grain = VA_GRAIN_MINUTE, .dated = dated, .day = day, .said = said_of_day(slots) };

	if (!slots->clock.sure && slots->part == VA_PART_NONE && slots->clock.minutes < 780)
		point.said |= VA_SAID_HALF_OPEN;
	if (minutes >= 1440)
	{
		minutes -= 1440;
		point.day++;
	}
	point.minutes = minutes;
	if (slots->clock.seconds >= 0)
	{
		point.grain = VA_GRAIN_SECOND;
		point.seconds = slots->clock.seconds;
	}
	else if (slots->clock.about && minutes % 60 == 0)
		point.grain = VA_GRAIN_HOUR;
	return point;
}

/* The same day of the next month that has it. */
static int32_t
next_month_day(int32_t day)
{
	int32_t next = va_add_months(day, 1);

	return va_civil_day(next).day == va_civil_day(day).day ? next : va_add_months(day, 2);
}

/* One moment. */
static VaTimePoint
point_of(Resolve *resolve, const VaSlots *slots)
{
	const VaScan *scan = resolve->scan;
	bool today = slots->has_day && slots->day.day == scan->now.day && slots->day.weekday == 0;
	VaTimePoint point;
	int32_t day;
	int minutes;

	if (slots->has_period && !slots->has_day)
		return (VaTimePoint){ .grain = slots->period.grain,
			.dated = true,
			.day = slots->period.day,
			.stage = slots->period.stage,
			.said = VA_SAID_DAY };
	day = slots->has_day ? day_of(resolve, slots) : scan->now.day;
	if (!slots->has_clock)
		return (VaTimePoint){ .grain = slots->part != VA_PART_NONE ? VA_GRAIN_PART : VA_GRAIN_DAY,
			.dated = slots->has_day,
			.day = day,
			.part = slots->part,
			.said = said_of_day(slots) };
	if (slots->moment)
		return (VaTimePoint){ .grain = slots->clock.seconds > 0 ? VA_GRAIN_SECOND : VA_GRAIN_MINUTE,
			.dated = true,
			.day = day,
			.minutes = slots->clock.minutes,
			.seconds = slots->clock.seconds > 0 ? slots->clock.seconds : 0,
			.said = VA_SAID_DAY | VA_SAID_MOMENT };
	minutes = half_of_day(slots->clock.minutes, slots->clock.sure, slots->part);
	if (resolve->any_day && !slots->has_day)
		return clock_point(slots, minutes % 1440, false, 0);
	if (!slots->has_day || today)
	{
		bool passed = minutes <= scan->now.minutes;
		bool open = !slots->clock.sure && slots->part == VA_PART_NONE && slots->clock.minutes < 780;
		int other = (minutes + 720) % 1440;

		if (passed && open && other > scan->now.minutes)
		{
			/* Said of today it is the other half; of no day, rather tomorrow's. */
			if (today || resolve->alternative == 1)
				minutes = other;
			else
				day++;
			resolve->another = resolve->another || !today;
		}
		else if (passed && !today)
			day++;
		/* "the 5th at noon", said on the 5th in the afternoon */
		else if (passed && slots->day.any_month)
			day = next_month_day(day);
	}
	point = clock_point(slots, minutes, true, day);
	point.implied = !slots->has_day;
	return point;
}

/* Both ends of a range share what only one of them says. */
static void
share(VaSlots *a, VaSlots *b)
{
	if (!a->has_day && !a->has_period && b->has_day)
	{
		a->has_day = true;
		a->day = b->day;
		a->has_period = b->has_period;
		a->period = b->period;
	}
	else if (!b->has_day && !b->has_period && (a->has_day || a->has_period))
	{
		b->has_day = a->has_day;
		b->day = a->day;
		b->has_period = a->has_period;
		b->period = a->period;
	}
	if (a->part == VA_PART_NONE && b->part != VA_PART_NONE && a->has_clock)
		a->part = b->part;
	else if (b->part == VA_PART_NONE && a->part != VA_PART_NONE && b->has_clock)
		b->part = a->part;
}

/* Hours of a range: the beginning is the last such before the end. */
static void
settle_halves(VaSlots *a, VaSlots *b)
{
	int from = half_of_day(a->clock.minutes, a->clock.sure, a->part);
	int to = half_of_day(b->clock.minutes, b->clock.sure, b->part);

	if (!a->clock.sure && b->clock.sure && a->clock.minutes < 720)
		from = a->clock.minutes + 720 < to ? a->clock.minutes + 720 : a->clock.minutes;
	/* "entre cinq et sept heures": no one is called at five in the morning. */
	else if (!a->clock.sure && !b->clock.sure && from >= 720 && to < 720 && to <= 9 * 60 && a->clock.minutes < to &&
			 a->part == VA_PART_NONE)
		to += 720;
	else if (!a->clock.sure && !b->clock.sure && from >= to && from >= 720 && a->clock.minutes < to)
		from = a->clock.minutes;
	if (to <= from && to < 720 && !b->clock.sure)
		to += 720;
	a->clock.minutes = from;
	b->clock.minutes = to;
	a->clock.sure = b->clock.sure = true;
}

/* "from 14 October to 2 November 2027": the year is said once. */
static void
share_year(const VaMeant *meant, VaPhraseTime *time)
{
	VaCivilDay from = va_civil_day(time->from.day);
	VaCivilDay to = va_civil_day(time->to.day);
	bool before = from.month > to.month || (from.month == to.month && from.day > to.day);

	if (!meant->a.has_day || !meant->b.has_day || !meant->a.day.in_month || meant->a.day.year_said ||
		!meant->b.day.year_said || !va_is_civil_day(to.year - (before ? 1 : 0), from.month, from.day))
		return;
	time->from.day = va_day_number(to.year - (before ? 1 : 0), from.month, from.day);
}

static bool
range_of(Resolve *resolve, VaMeant *meant, VaPhraseTime *time)
{
	share(&meant->a, &meant->b);
	if (meant->a.has_clock && meant->b.has_clock && !meant->a.moment)
		settle_halves(&meant->a, &meant->b);
	time->from = point_of(resolve, &meant->a);
	time->to = point_of(resolve, &meant->b);
	/* Without a day both are the day's of the later end. */
	if (!meant->a.has_day && meant->a.has_clock && time->from.dated && time->to.dated &&
		time->to.minutes > time->from.minutes)
		time->from.day = time->to.day;
	/* "du 1er au 5 juin": of the month that is said with the end. */
	if (meant->a.has_day && meant->b.has_day && meant->a.day.any_month && !meant->b.day.any_month &&
		meant->b.day.weekday == 0)
	{
		int day = va_civil_day(time->from.day).day;

		time->from.day = time->to.day - va_civil_day(time->to.day).day + day;
		if (time->from.day > time->to.day)
			return false;
	}
	share_year(meant, time);
	/* "from Friday to Monday": the end comes after the beginning. */
	if (meant->a.has_day && meant->b.has_day && meant->b.day.weekday != 0 && meant->b.day.plain &&
		time->to.day < time->from.day)
		time->to.day += (time->from.day - time->to.day + 6) / 7 * 7;
	if (time->from.dated && time->to.dated && time->to.day == time->from.day && time->to.grain <= VA_GRAIN_HOUR &&
		time->from.grain <= VA_GRAIN_HOUR && time->to.minutes < time->from.minutes)
		time->to.day++;
	if (time->from.dated && time->to.dated && time->to.day < time->from.day)
		return false;
	time->range = true;
	return true;
}

static bool
open_range(Resolve *resolve, const VaMeant *meant, VaPhraseTime *time)
{
	VaTimePoint point = point_of(resolve, &meant->a);
	VaTimePoint *end = meant->shape == VA_SHAPE_FROM || meant->shape == VA_SHAPE_AFTER ? &time->from : &time->to;

	/* "until the end of the week", "bis Ende März": until the last day. */
	if (meant->shape == VA_SHAPE_UNTIL && (point.grain == VA_GRAIN_STAGE || meant->a.period.spread) &&
		!meant->a.has_day && (point.grain != VA_GRAIN_STAGE || point.stage == 2))
		point = (VaTimePoint){ .grain = VA_GRAIN_DAY, .dated = true, .day = va_period_end(&meant->a.period) - 1 };
	if (point.grain == VA_GRAIN_PART && (meant->shape == VA_SHAPE_AFTER || meant->shape == VA_SHAPE_BEFORE))
		return false;
	if (point.grain >= VA_GRAIN_DAY && meant->shape == VA_SHAPE_AFTER)
		point = (VaTimePoint){ .grain = VA_GRAIN_DAY,
			.dated = true,
			.day = point.grain == VA_GRAIN_DAY && !meant->a.period.spread ? point.day + 1
																		  : va_period_end(&meant->a.period),
			.said = VA_SAID_DAY };
	else if (point.grain >= VA_GRAIN_DAY && point.grain != VA_GRAIN_STAGE && meant->shape == VA_SHAPE_BEFORE)
		point = (VaTimePoint){ .grain = VA_GRAIN_DAY, .dated = true, .day = point.day - 1, .said = VA_SAID_DAY };
	if (meant->shape == VA_SHAPE_BEFORE || meant->by)
		point.said |= VA_SAID_BY;
	*end = point;
	time->range = true;
	return true;
}

static bool
resolve_one(Resolve *resolve, VaMeant meant, VaPhraseTime *time)
{
	*time = (VaPhraseTime){ .alternative = resolve->alternative + 1, .zone = meant.zone };
	if (meant.shape == VA_SHAPE_RANGE)
		return range_of(resolve, &meant, time);
	if (meant.shape != VA_SHAPE_ONE)
		return open_range(resolve, &meant, time);
	time->from = point_of(resolve, &meant.a);
	if (meant.a.has_period && !meant.a.has_day && meant.a.period.spread)
	{
		time->range = true;
		time->to = time->from;
		time->to.day = meant.a.period.last;
	}
	return time->from.grain != VA_GRAIN_NONE && (time->from.grain != VA_GRAIN_DAY || time->from.dated);
}

void
va_scan_resolve(const VaScan *scan, VaSaid *said, VaPhraseTimes *times)
{
	Resolve resolve = { .scan = scan, .any_day = said->any_day };
	size_t first = 0;
	size_t count = va_choose_meant(scan, said, &first);

	if (count == 0 || count > VA_PHRASE_LIST_MAX || said->unread > 0 || va_leaves_over(scan, said, first, count))
		return;
	va_share_in_list(&said->items[first], count);
	for (resolve.alternative = 0; resolve.alternative < 2; resolve.alternative++)
	{
		for (size_t i = first; i < first + count; i++)
		{
			VaPhraseTime *time = &times->items[times->count];
			const VaMeant *meant = &said->items[i];

			if (!resolve_one(&resolve, *meant, time))
			{
				times->count = 0;
				return;
			}
			time->offset = va_lexeme(scan, meant->first)->offset;
			time->len = va_lexeme(scan, meant->end - 1)->end - time->offset;
			times->count++;
		}
		if (!resolve.another)
			break;
	}
}

void
va_scan_words(VaScan *scan, const char *text, size_t len, const VaPhraseLanguage *language, VaTimeReference reference,
	bool vague, VaSaid *said, VaPhraseTimes *times)
{
	times->count = 0;
	scan->language = language;
	scan->traits = va_phrase_traits(language);
	scan->vague = vague;
	scan->now = reference;
	va_phrase_tokens(&scan->tokens, text, len, language);
	times->cut = scan->tokens.cut;
	va_scan_lexemes(scan);
	va_scan_contexts(scan);
	va_scan_said(scan, said);
	va_scan_resolve(scan, said, times);
	times->doubt = times->count == 0 && said->count > 0;
}

void
va_phrase_times(
	const char *text, size_t len, const VaPhraseLanguage *language, VaTimeReference reference, VaPhraseTimes *times)
{
	VaScan scan;
	VaSaid said;

	va_scan_words(&scan, text, len, language, reference, false, &said, times);
	/* The name of an offset lives no longer than the scan. */
	for (size_t i = 0; i < times->count; i++)
		if (times->items[i].zone == scan.zone)
		{
			memcpy(times->zone, scan.zone, sizeof(times->zone));
			times->items[i].zone = times->zone;
		}
}
