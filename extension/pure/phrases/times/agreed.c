/*-------------------------------------------------------------------------
 * agreed.c
 *		What was said and what was heard of a moment, brought together: the day
 *		and the hour of an appointment.
 */
#include "pure/phrases/times/agreed_internal.h"

#include <string.h>

/* A person that names a weekday means none farther away than so many days, and a date within a year. */
#define WEEKDAY_REACH 62
#define DATE_REACH 366
/* "In a month" is a day within so many of that one. */
#define COUNT_REACH 31
/* Before it, in minutes, nobody meets: 03:30 of who has heard 15:30 is that. */
#define SMALL_HOURS 360

static void
put_option(VaOptions *options, const VaPhraseTime *time)
{
	bool until = time->from.grain == VA_GRAIN_NONE;
	const VaTimePoint *point = until ? &time->to : &time->from;
	VaOption *option = &options->items[options->count];
	int32_t end_day;
	int minutes;
	int end_minutes;

	*option = (VaOption){ .has_day = point->dated && (point->said & VA_SAID_DAY) != 0,
		.day = point->day,
		.last = point->day,
		.said = point->said,
		.grain = point->grain,
		.stage = point->stage,
		.part = point->grain == VA_GRAIN_PART ? point->part : VA_PART_NONE,
		.has_clock = point->grain <= VA_GRAIN_HOUR && point->grain != VA_GRAIN_NONE,
		.minutes = point->minutes,
		.seconds = point->grain == VA_GRAIN_SECOND ? point->seconds : 0,
		.end_minutes = point->minutes,
		.after = time->range && !until && time->to.grain == VA_GRAIN_NONE,
		.until = until };
	/* The other reading of an hour without a day is its other half, which is known to be open. */
	if (!option->has_day && time->alternative > 1)
		return;
	if (point->grain >= VA_GRAIN_WEEK && va_time_bounds(point, &option->day, &minutes, &end_day, &end_minutes))
		option->last = end_day - 1;
	if (time->range && !until && !option->after)
	{
		if (option->has_clock)
			option->end_minutes = time->to.minutes + (time->to.day > time->from.day ? 1440 : 0);
		else if (va_time_bounds(&time->to, &end_day, &minutes, &end_day, &end_minutes))
			option->last = end_day - (end_minutes == 0 ? 1 : 0);
	}
	if (options->zone == NULL && time->zone != NULL)
		options->zone = time->zone;
	options->count++;
}

static void
put_denied(VaOptions *options, const VaSlots *slots)
{
	VaTimePoint point = {
		.grain = slots->period.grain, .dated = true, .day = slots->period.day, .stage = slots->period.stage
	};
	VaDenied *denied = &options->denied[options->denied_count];
	int32_t end;
	int minutes;

	if (slots->moment)
		return;
	if (!slots->has_day && !slots->has_period)
	{
		if (!slots->has_clock && slots->part != VA_PART_NONE)
			options->denied_part = slots->part;
		return;
	}
	if (options->denied_count == VA_DENIED_MAX)
		return;
	denied->clock = slots->has_clock || slots->part != VA_PART_NONE;
	denied->first = denied->last = slots->day.day;
	if (!slots->has_day)
	{
		if (!va_time_bounds(&point, &denied->first, &minutes, &end, &minutes))
			return;
		denied->last = end - 1;
	}
	else if (denied->clock && !slots->has_clock)
		options->denied_part = slots->part;
	options->denied_count++;
}

/* Words that say of no day which it is. */
static void
put_far(VaOptions *options, const VaScan *scan, bool timed)
{
	for (size_t i = 0; i < scan->count; i++)
	{
		const VaLexeme *word = &scan->items[i];

		if (word->class == VA_WORD_FAR)
		{
			options->another_day = options->another_day || word->value == VA_FAR_ANOTHER_DAY;
			options->new_year = options->new_year || word->value == VA_FAR_NEW_YEAR;
			options->far = options->far || word->value == VA_FAR_PERIOD || word->value == VA_FAR_SOME_DAY;
		}
		options->far = options->far || (word->class == VA_WORD_NOT && word->value == 1);
		options->never = options->never || (word->class == VA_WORD_NOT && word->value == 6) ||
						 (word->class == VA_WORD_EXCEPT && !timed);
		options->later = options->later || (word->class == VA_WORD_FROM_NOW && va_lexeme_is(scan, i + 1, VA_WORD_THIS));
	}
}

/* "Next week at 3 pm": of an hour behind a period nobody can tell the day; to call again, it is the period's first. */
static void
read_apart(const VaScan *scan, VaSaid *said, VaPhraseTimes *times, VaOptions *options)
{
	size_t clock = said->count;
	bool period = false;

	if (times->count > 0 || said->unread > 0)
		return;
	for (size_t i = 0; i < said->count; i++)
	{
		const VaMeant *meant = &said->items[i];
		const VaSlots *slots = &meant->a;

		if (meant->denied)
			continue;
		if (meant->shape == VA_SHAPE_ONE && slots->has_period && !slots->has_day && !period)
			period = true;
		else if (meant->shape == VA_SHAPE_ONE && slots->has_clock && !slots->has_day && !slots->has_period &&
				 !slots->moment && period && clock == said->count)
			clock = i;
		else
			return;
	}
	if (clock == said->count || va_leaves_over(scan, said, 0, said->count))
		return;
	said->apart = true;
	options->has_clock = true;
	options->minutes = va_slots_minutes(&said->items[clock].a);
	said->count--;
	memmove(&said->items[clock], &said->items[clock + 1], (said->count - clock) * sizeof(VaMeant));
	va_scan_resolve(scan, said, times);
}

/*
 * A person that is away until Friday is back on Friday in some languages; in
 * others it is away on Friday, too, as the scanner reads it.
 */
static void
read_away(const VaScan *scan, const VaMeant *meant, VaOptions *options)
{
	VaOption *option = &options->items[0];
	int32_t first = meant->a.has_day ? meant->a.day.day : meant->a.period.day;
	bool until = false;

	if ((scan->traits & VA_LANGUAGE_BACK_THEN) == 0)
		return;
	if (meant->shape != VA_SHAPE_AFTER || meant->a.has_clock || options->count != 1 || !option->after ||
		option->grain != VA_GRAIN_DAY || !(meant->a.has_day || meant->a.has_period) ||
		(!meant->a.has_day && (meant->a.period.grain == VA_GRAIN_STAGE || meant->a.period.spread)))
		return;
	for (size_t i = meant->first < 2 ? 0 : meant->first - 2; i < meant->end; i++)
		until = until || va_lexeme_is(scan, i, VA_WORD_UNTIL);
	if (until && first > scan->now.day && first < option->day)
		option->day = option->last = first;
}

static void
read_in(VaAgreedText text, const VaPhraseLanguage *language, VaTimeReference now, bool vague, VaOptions *options)
{
	VaScan scan;
	VaSaid said;
	VaPhraseTimes times;

	memset(options, 0, sizeof(*options));
	va_scan_words(&scan, text.text, text.len, language, now, vague, &said, &times);
	if (vague)
		read_apart(&scan, &said, &times, options);
	for (size_t i = 0; i < times.count; i++)
		put_option(options, &times.items[i]);
	if (options->zone == scan.zone)
	{
		memcpy(options->zone_room, scan.zone, sizeof(options->zone_room));
		options->zone = options->zone_room;
	}
	options->unread = said.unread > 0;
	options->named = said.count > 0;
	for (size_t i = 0; i < said.count; i++)
	{
		const VaMeant *meant = &said.items[i];

		if (meant->denied)
			put_denied(options, &meant->a);
		else if (times.count == 0 && (meant->a.has_day || meant->a.has_period))
			options->doubt = true;
		else if (options->count == 1 && options->items[0].grain >= VA_GRAIN_WEEK && meant->shape == VA_SHAPE_ONE &&
				 meant->a.has_clock && !meant->a.has_day && !meant->a.has_period)
		{
			options->has_clock = true;
			options->minutes = va_slots_minutes(&meant->a);
		}
		else if (vague)
			read_away(&scan, meant, options);
	}
	if (vague)
		put_far(options, &scan, said.count > 0);
}

static bool
says_nothing(const VaOptions *options)
{
	return options->count == 0 && !options->named && !options->far && !options->never && !options->another_day &&
		   !options->new_year;
}

/* In its language; or else in English, in which programs write, or in another that the person has changed to. */
void
va_read_options(
	VaAgreedText text, const VaPhraseLanguage *language, VaTimeReference now, bool vague, VaOptions *options)
{
	VaOptions other;

	memset(options, 0, sizeof(*options));
	if (text.len == 0)
		return;
	read_in(text, language, now, vague, options);
	for (size_t n = 0; says_nothing(options) && va_phrase_language_code(n) != NULL; n++)
	{
		const VaPhraseLanguage *next = va_phrase_language(va_phrase_language_code(n));

		if (next == language)
			continue;
		read_in(text, next, now, vague, &other);
		if (says_nothing(&other))
			continue;
		*options = other;
		if (other.zone == other.zone_room)
			options->zone = options->zone_room;
	}
}

bool
va_option_fits(const VaOption *option, int32_t day, int32_t today)
{
	if (option->until)
		return day >= today && day <= option->last;
	if (day >= option->day && (option->after || day <= option->last))
		return true;
	if (day <= today)
		return false;
	if ((option->said & VA_SAID_WEEKDAY) && va_weekday(day) == va_weekday(option->day) && day <= today + WEEKDAY_REACH)
		return true;
	if ((option->said & VA_SAID_ANY_MONTH) && va_civil_day(day).day == va_civil_day(option->day).day &&
		day <= today + DATE_REACH)
		return true;
	return (option->said & VA_SAID_COUNTED) && day >= option->day - 7 && day <= option->day + COUNT_REACH;
}

bool
va_options_deny(const VaOptions *options, int32_t day)
{
	for (size_t i = 0; i < options->denied_count; i++)
		if (!options->denied[i].clock && day >= options->denied[i].first && day <= options->denied[i].last)
			return true;
	return false;
}

/* Whether two hours are the same of either half of the day. */
static bool
same_hour(int one, int other)
{
	return one % 720 == other % 720;
}

/* The one hour that options say; NULL: none, or several. */
static const VaOption *
only_clock(const VaOptions *options)
{
	const VaOption *found = NULL;

	for (size_t i = 0; i < options->count; i++)
	{
		const VaOption *option = &options->items[i];

		if (!option->has_clock)
			continue;
		if (found != NULL && found->minutes != option->minutes)
			return NULL;
		found = option;
	}
	return found;
}

/* The one day that options say; false: none, or several. */
static bool
only_day(const VaOptions *options, int32_t *day)
{
	bool found = false;

	for (size_t i = 0; i < options->count; i++)
	{
		const VaOption *option = &options->items[i];

		if (!option->has_day)
			continue;
		if (option->day != option->last || option->after || option->until || (option->said & VA_SAID_COUNTED) ||
			(found && *day != option->day))
			return false;
		*day = option->day;
		found = true;
	}
	return found;
}

void
va_read_heard(const VaAgreedWords *words, const VaOptions *phrase, VaHeard *heard)
{
	VaOptions day;
	VaOptions hour;
	const VaOption *clock;
	const VaOption *literal;
	const VaOption *said = only_clock(phrase);
	int there = words->instant_minutes;

	memset(heard, 0, sizeof(*heard));
	va_read_options(words->day, words->language, words->now, false, &day);
	va_read_options(words->hour, words->language, words->now, false, &hour);
	heard->has_day = only_day(&day, &heard->day) || only_day(&hour, &heard->day);
	heard->bad_day = !heard->has_day && day.count == 0 && words->day.len > 0;
	literal = only_clock(&day);
	clock = only_clock(&hour);
	for (size_t i = 0; i < hour.count && heard->part == VA_PART_NONE; i++)
		heard->part = hour.items[i].part;
	for (size_t i = 0; i < day.count && heard->part == VA_PART_NONE; i++)
		heard->part = day.items[i].part;
	if (words->no_clock)
	{
		heard->part = VA_PART_NONE;
		return;
	}
	/* Some write 3 pm there as 15:00Z: an offset by which neither the words nor the hour beside them hold is none. */
	if (words->instant)
	{
		const VaOption *given = clock != NULL ? clock : literal;
		bool wrong = given != NULL && (clock != NULL || (said != NULL && same_hour(said->minutes, given->minutes))) &&
					 !same_hour(there, given->minutes) && !(said != NULL && same_hour(there, said->minutes));

		if (!wrong)
		{
			heard->has_day = heard->instant = true;
			heard->day = words->instant_day;
			heard->has_clock = true;
			heard->minutes = there;
			return;
		}
	}
	if (clock == NULL)
		clock = literal;
	if (phrase->has_clock && (clock == NULL || !same_hour(clock->minutes, phrase->minutes)))
	{
		heard->has_clock = true;
		heard->minutes = phrase->minutes;
		return;
	}
	if (clock == NULL || clock->after || clock->until)
		return;
	heard->has_clock = true;
	heard->minutes = clock->minutes;
	heard->seconds = clock->seconds;
	heard->half_open = (clock->said & VA_SAID_HALF_OPEN) != 0;
}

int
va_option_clock(const VaOption *option, const VaHeard *heard)
{
	int given = heard->has_clock ? heard->minutes : -1;

	if (given >= 0)
	{
		/* Seven may be seven in the evening, which was said before. */
		if (given == option->minutes || (((option->said & VA_SAID_HALF_OPEN) || option->minutes < SMALL_HOURS) &&
											option->minutes < 720 && given == option->minutes + 720))
			return given;
		if ((option->after && given >= option->minutes) || (option->until && given <= option->minutes) ||
			(given > option->minutes && given <= option->end_minutes))
			return given;
	}
	return option->after || option->until ? -1 : option->minutes;
}

int
va_heard_clock(const VaHeard *heard, VaDayPart part)
{
	if (!heard->has_clock)
		return -1;
	if (part == VA_PART_MORNING && heard->minutes >= 780)
		return heard->minutes - 720 < 720 && heard->half_open ? heard->minutes - 720 : -1;
	/* 07:00 of "Friday at seven in the evening" */
	if ((part == VA_PART_AFTERNOON || part == VA_PART_EVENING) && heard->minutes < 720)
		return heard->minutes + 720;
	return heard->minutes;
}

/* The day of an appointment; false: it is not plain.  *said: the words name it. */
static bool
agreed_day(const VaOptions *phrase, const VaHeard *heard, int32_t today, int32_t *day, bool *said)
{
	*said = false;
	for (size_t i = 0; i < phrase->count; i++)
		*said = *said || phrase->items[i].has_day;
	if (!*said)
	{
		*day = heard->day;
		return heard->has_day && !phrase->doubt && !va_options_deny(phrase, heard->day);
	}
	if (only_day(phrase, day) && (!heard->has_day || heard->day == *day))
		return true;
	for (size_t i = 0; heard->has_day && i < phrase->count; i++)
		if (phrase->items[i].has_day && va_option_fits(&phrase->items[i], heard->day, today))
		{
			*day = heard->day;
			return true;
		}
	return only_day(phrase, day);
}

/* The hour of an appointment on that day; -1: it is not plain. */
static int
agreed_clock(const VaOptions *phrase, const VaHeard *heard, int32_t day, int32_t today, int *seconds, bool *half_open)
{
	const VaOption *found = NULL;
	VaDayPart part = VA_PART_NONE;
	bool several = false;

	*seconds = 0;
	*half_open = false;
	for (size_t i = 0; i < phrase->count; i++)
	{
		const VaOption *option = &phrase->items[i];

		if (option->has_day && !va_option_fits(option, day, today))
			continue;
		if (!option->has_clock)
		{
			part = part == VA_PART_NONE ? option->part : part;
			continue;
		}
		/* The one of several hours that was heard counts. */
		if (heard->has_clock && va_option_clock(option, heard) == heard->minutes)
		{
			*seconds = heard->seconds;
			*half_open = heard->half_open;
			return heard->minutes;
		}
		several = several || (found != NULL && found->minutes != option->minutes);
		found = option;
	}
	/* Two hours that are not one are none. */
	if (several || (found != NULL && heard->has_clock && !same_hour(found->minutes, heard->minutes) &&
					   !(found->said & VA_SAID_MOMENT)))
		return -1;
	if (found != NULL)
	{
		*seconds = found->seconds;
		*half_open = (found->said & VA_SAID_HALF_OPEN) != 0;
		return va_option_clock(found, heard);
	}
	*seconds = heard->seconds;
	*half_open = heard->half_open;
	return va_heard_clock(heard, part);
}

void
va_agreed_time(const VaAgreedWords *words, VaAgreed *agreed)
{
	VaOptions phrase;
	VaHeard heard;
	int32_t day;
	bool said;
	bool half_open;
	int minutes;

	memset(agreed, 0, sizeof(*agreed));
	if (words->no_clock)
		return;
	va_read_options(words->phrase, words->language, words->now, false, &phrase);
	va_read_heard(words, &phrase, &heard);
	if (!agreed_day(&phrase, &heard, words->now.day, &day, &said))
		return;
	minutes = agreed_clock(&phrase, &heard, day, words->now.day, &agreed->seconds, &half_open);
	if (minutes < 0)
		return;
	/* "Today at 7", said in the afternoon, means the evening. */
	if (day == words->now.day && minutes <= words->now.minutes && half_open && minutes < 720 &&
		minutes + 720 > words->now.minutes)
		minutes += 720;
	agreed->kind = VA_AGREED_TIME;
	agreed->day = day + minutes / 1440;
	agreed->minutes = minutes % 1440;
	agreed->instant = heard.instant && day == words->instant_day && minutes == words->instant_minutes;
}
