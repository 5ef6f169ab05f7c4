/*-------------------------------------------------------------------------
 * callback.c
 *		When a person that asked for it is to be called again.
 *
 * Unlike an appointment that needs no hour which both have agreed on: a week, a
 * month, or a day until which somebody wants to be left alone say when not to
 * call.  A day without an hour counts from its beginning, or from that of the
 * part of the day that is named.
 */
#include "pure/phrases/times/agreed_internal.h"

#include <string.h>

/* The last hour of an evening that is meant without being said, in minutes. */
#define LATEST 1260

typedef struct Callback
{
	const VaAgreedWords *words;
	VaOptions phrase;
	VaHeard heard;
	VaTimeReference now;
	VaAgreed *agreed;
} Callback;

/* When a part of the day begins, in minutes; a morning, with the day. */
static int
part_start(VaDayPart part)
{
	static const int starts[] = { 0, 0, 720, 720, 1020, 1200 };

	return starts[part];
}

static void
answer(Callback *callback, int32_t day, int minutes, int seconds)
{
	callback->agreed->kind = VA_AGREED_TIME;
	callback->agreed->day = day + minutes / 1440;
	callback->agreed->minutes = minutes % 1440;
	callback->agreed->seconds = seconds;
	callback->agreed->instant = callback->heard.instant && day == callback->words->instant_day &&
								minutes == callback->words->instant_minutes;
}

/* On a day whose hour the words do not say: at the one that was heard, or as their part of the day begins. */
static void
answer_day(Callback *callback, int32_t day, VaDayPart part)
{
	int clock = va_heard_clock(&callback->heard, part);

	if (part == VA_PART_NONE)
		part = callback->heard.part;
	if (clock < 0)
		clock = callback->phrase.denied_part == VA_PART_MORNING ? 720 : part_start(part);
	answer(callback, day, clock, callback->heard.has_clock ? callback->heard.seconds : 0);
}

/* The first day from this one on that the words do not rule out. */
static int32_t
allowed(const Callback *callback, int32_t day)
{
	for (size_t round = 0; round <= callback->phrase.denied_count; round++)
		for (size_t i = 0; i < callback->phrase.denied_count; i++)
		{
			const VaDenied *denied = &callback->phrase.denied[i];

			if (!denied->clock && day >= denied->first && day <= denied->last)
				day = denied->last + 1;
		}
	return day;
}

/* The first day of a period, from tomorrow on; 0: the period has begun, and nothing more is said of it. */
static int32_t
period_start(const Callback *callback, const VaOption *option)
{
	static const int week_stages[] = { 0, 2, 4 };
	static const int month_stages[] = { 0, 14, 24 };
	int32_t tomorrow = callback->now.day + 1;
	int32_t first = option->day;

	if (option->grain == VA_GRAIN_WEEK)
		first += week_stages[option->stage];
	else if (option->grain == VA_GRAIN_STAGE)
		first += month_stages[option->stage] - 10 * option->stage;
	if (first >= tomorrow)
		return first;
	if (callback->phrase.later)
		return tomorrow;
	if (option->grain == VA_GRAIN_WEEK && option->stage == 0)
		return 0;
	if (option->grain == VA_GRAIN_MONTH || option->grain == VA_GRAIN_QUARTER || option->grain == VA_GRAIN_YEAR)
		return 0;
	return option->last >= tomorrow ? tomorrow : first + 7;
}

/* Words that name a day or a period. */
static void
answer_dated(Callback *callback, const VaOption *option)
{
	const VaHeard *heard = &callback->heard;
	bool fits = heard->has_day && va_option_fits(option, heard->day, callback->now.day);
	int32_t day = option->day;
	int clock;

	if (option->until && (option->said & VA_SAID_BY))
	{
		/* Before Friday: soon.  Before five tomorrow: tomorrow. */
		if (fits)
			answer_day(callback, heard->day, option->part);
		else if (option->has_clock && day == callback->now.day + 1)
			answer(callback, day, 0, 0);
		return;
	}
	if (option->grain >= VA_GRAIN_WEEK || option->day != option->last)
	{
		if (option->after)
			day = option->day;
		/* Until May; until the end of the month */
		else if (option->until)
			day = option->stage == 0 && option->grain != VA_GRAIN_STAGE && option->day > callback->now.day
					  ? option->day
					  : option->last + 1;
		else if (fits && heard->day > callback->now.day)
			day = heard->day;
		else
			day = period_start(callback, option);
		if (day == 0)
			return;
		answer_day(callback, allowed(callback, day), option->part);
		return;
	}
	if (fits && !option->until)
		day = heard->day;
	if (!option->has_clock)
	{
		answer_day(callback, allowed(callback, day), option->part);
		return;
	}
	clock = option->after || option->until || callback->words->no_clock ? -1 : va_option_clock(option, heard);
	if (callback->words->no_clock)
		answer(callback, day, 0, 0);
	else
		answer(callback, day, clock < 0 ? option->minutes : clock, option->seconds);
}

/* The next such hour, or the next such part of a day. */
static void
answer_next(Callback *callback, int32_t day, int minutes, int seconds, bool half_open, bool tomorrow)
{
	bool free = day == 0;

	if (free)
		day = callback->now.day;
	if (day == callback->now.day && minutes <= callback->now.minutes && half_open && !free && minutes < 720)
		minutes += 720;
	/* "At seven", said in the afternoon, means the evening. */
	if (free && half_open && minutes < 720 && minutes <= callback->now.minutes &&
		minutes + 720 > callback->now.minutes && minutes + 720 <= LATEST)
		minutes += 720;
	if (free && (tomorrow || minutes <= callback->now.minutes))
		day++;
	if (free)
	{
		int32_t first = allowed(callback, day);

		/* "Not today, at three": said before three, too. */
		if (va_options_deny(&callback->phrase, callback->now.day) && first == callback->now.day)
			first = allowed(callback, first + 1);
		day = first;
	}
	answer(callback, day, minutes, seconds);
}

/* A day that was heard and that nothing rules out; 0: none. */
static int32_t
heard_day(const Callback *callback)
{
	const VaHeard *heard = &callback->heard;

	return heard->has_day && heard->day >= callback->now.day && !va_options_deny(&callback->phrase, heard->day)
			   ? heard->day
			   : 0;
}

/* Words that name an hour or a part of the day, and no day. */
static void
answer_undated(Callback *callback, const VaOption *option)
{
	int32_t day = heard_day(callback);
	int clock = option->has_clock ? va_option_clock(option, &callback->heard) : -1;

	if (option->until && (option->said & VA_SAID_BY))
		return;
	if (!option->has_clock)
	{
		clock = va_heard_clock(&callback->heard, option->part);
		if (clock >= 0)
			answer_next(callback, day, clock, callback->heard.seconds, false, false);
		else if (callback->phrase.denied_part == VA_PART_MORNING)
			answer_next(callback, day, 720, 0, false, false);
		else
			answer_next(callback, day, part_start(option->part), 0, false, option->part == VA_PART_MORNING);
		return;
	}
	if (callback->words->no_clock)
		return;
	if (clock < 0)
		clock = option->minutes;
	/* Which day comes next. */
	answer_next(callback, day, clock, option->seconds, (option->said & VA_SAID_HALF_OPEN) != 0, false);
}

/* The first day after those that words rule out; 0: they rule out none that is near. */
static int32_t
after_denied(const Callback *callback)
{
	int32_t today = callback->now.day;
	int32_t first = 0;

	for (size_t i = 0; i < callback->phrase.denied_count; i++)
	{
		const VaDenied *denied = &callback->phrase.denied[i];

		if (denied->first <= today + 1 || denied->last > denied->first)
			first = denied->last + 1 > first ? denied->last + 1 : first;
	}
	return first > today ? allowed(callback, first) : 0;
}

/* No day and no hour is named that would suit. */
static void
answer_heard(Callback *callback)
{
	const VaHeard *heard = &callback->heard;
	VaOptions *phrase = &callback->phrase;
	int32_t today = callback->now.day;
	int32_t first = after_denied(callback);
	int32_t day = heard_day(callback);

	if (phrase->another_day && first == 0)
		first = today + 1;
	if (phrase->new_year)
	{
		int32_t new_year = va_day_number(va_civil_day(today).year + 1, 1, 2);

		first = new_year > first ? new_year : first;
	}
	if (first != 0)
		answer_day(callback, day >= first ? day : first, VA_PART_NONE);
	else if (phrase->denied_count > 0 && day == 0)
		return;
	else if (phrase->denied_part == VA_PART_MORNING && day == 0 && !heard->has_clock)
		answer_next(callback, 0, 720, 0, false, false);
	else if (day != 0 && !heard->has_clock)
		answer_day(callback, day, heard->part);
	else if (heard->has_clock && !(heard->has_day && day == 0))
		answer_next(callback, day, heard->minutes, heard->seconds, heard->half_open, false);
	else if (heard->part != VA_PART_NONE && !heard->has_day)
		answer_next(callback, 0, part_start(heard->part), 0, false, heard->part == VA_PART_MORNING);
}

/* The one of several moments that was heard, or the first. */
static const VaOption *
pick(const Callback *callback)
{
	const VaOptions *phrase = &callback->phrase;

	if (phrase->count == 0)
		return NULL;
	for (size_t i = 0; callback->heard.has_day && i < phrase->count; i++)
		if (phrase->items[i].has_day && va_option_fits(&phrase->items[i], callback->heard.day, callback->now.day))
			return &phrase->items[i];
	for (size_t i = 0; callback->heard.has_clock && i < phrase->count; i++)
		if (phrase->items[i].has_clock && phrase->items[i].minutes == callback->heard.minutes)
			return &phrase->items[i];
	return &phrase->items[0];
}

void
va_callback_time(const VaAgreedWords *words, VaAgreed *agreed)
{
	Callback callback = { .words = words, .now = words->now, .agreed = agreed };
	const VaOption *option;
	bool far;

	memset(agreed, 0, sizeof(*agreed));
	va_read_options(words->phrase, words->language, words->now, true, &callback.phrase);
	va_read_heard(words, &callback.phrase, &callback.heard);
	option = pick(&callback);
	far = callback.phrase.far || (callback.phrase.never && option == NULL && callback.phrase.denied_count == 0) ||
		  (option == NULL && callback.phrase.doubt);
	if (option != NULL && option->has_day)
		answer_dated(&callback, option);
	else if (far)
	{
		/* A day that cannot be told is not tomorrow. */
		if (callback.heard.has_day && callback.heard.day >= words->now.day + 2)
			answer_day(&callback, callback.heard.day, VA_PART_NONE);
		else
			agreed->kind = VA_AGREED_PERSON;
	}
	else if (callback.heard.bad_day && callback.phrase.denied_count == 0 && !callback.phrase.another_day)
		return;
	else if (option != NULL)
		answer_undated(&callback, option);
	else
		answer_heard(&callback);
}
