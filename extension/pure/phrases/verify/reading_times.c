/*-------------------------------------------------------------------------
 * reading_times.c
 *		Whether a talk names a moment that an analysis claims.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

/* Turns, the newest, whose moments are looked at. */
#define TIMED_TURNS_MAX 60
/* Sentences of a turn that are looked at one by one. */
#define SENTENCES_MAX 12
#define NO_MINUTES (-1)

/* The claim of a value. */
typedef struct Moment
{
	bool dated;
	int32_t day;
	int32_t end_day; /* exclusive */
	int minutes;	 /* NO_MINUTES: none */
	VaDayPart part;
	const char *zone;
} Moment;

static bool
two_digits(const char *text, int *value)
{
	if (!isdigit((unsigned char) text[0]) || !isdigit((unsigned char) text[1]))
		return false;
	*value = (text[0] - '0') * 10 + (text[1] - '0');
	return true;
}

/* 15:00, 15:00:00; what follows is a zone, or nothing. */
static bool
read_clock(const char *text, Moment *moment)
{
	int hour = 0;
	int minute = 0;

	if (!two_digits(text, &hour) || text[2] != ':' || !two_digits(text + 3, &minute) || hour > 23 || minute > 59 ||
		strpbrk(text + 5, "apAP") != NULL)
		return false;
	moment->minutes = hour * 60 + minute;
	return true;
}

/* 2026-03-18, 2026-03-18T15:00, 15:00, T15:00 */
static bool
read_iso(const char *text, Moment *moment)
{
	int parts[4];

	while (*text == ' ')
		text++;
	if (two_digits(text, &parts[0]) && two_digits(text + 2, &parts[1]) && text[4] == '-' &&
		two_digits(text + 5, &parts[2]) && text[7] == '-' && two_digits(text + 8, &parts[3]))
	{
		int year = parts[0] * 100 + parts[1];

		if (!va_is_civil_day(year, parts[2], parts[3]))
			return false;
		moment->dated = true;
		moment->day = va_day_number(year, parts[2], parts[3]);
		moment->end_day = moment->day + 1;
		text += 10;
		if (*text == '\0')
			return true;
		text++;
	}
	else if (*text == 'T')
		text++;
	return read_clock(text, moment);
}

static void
moment_of(const VaPhraseTime *time, Moment *moment)
{
	int end_minutes = 0;

	*moment = (Moment){ .minutes = NO_MINUTES, .part = time->from.part, .zone = time->zone };
	if (time->from.grain == VA_GRAIN_SECOND || time->from.grain == VA_GRAIN_MINUTE || time->from.grain == VA_GRAIN_HOUR)
		moment->minutes = time->from.minutes;
	if (time->from.dated)
	{
		int minutes = 0;

		moment->dated = va_time_bounds(&time->from, &moment->day, &minutes, &moment->end_day, &end_minutes);
		if (end_minutes > 0)
			moment->end_day++;
	}
}

/* In the talk's language, or in a model's English. */
static bool
read_words(VaReader *reader, const char *text, size_t len, Moment *moment)
{
	const char *const languages[] = { reader->talk.language, "en" };

	for (size_t i = 0; i < 2; i++)
	{
		VaPhraseTimes times;

		va_phrase_times(text, len, va_phrase_language(languages[i]), reader->talk.reference, &times);
		if (times.count == 0)
			continue;
		moment_of(&times.items[0], moment);
		/* "3 pm" is read as today's. */
		if (moment->minutes != NO_MINUTES && !(times.items[0].from.said & VA_SAID_DAY))
			moment->dated = false;
		return moment->dated || moment->minutes != NO_MINUTES || moment->part != VA_PART_NONE || moment->zone != NULL;
	}
	return false;
}

static bool
same_clock(const Moment *wanted, const VaPhraseTime *said)
{
	Moment from;
	bool to = said->range && (said->to.grain == VA_GRAIN_MINUTE || said->to.grain == VA_GRAIN_HOUR);

	moment_of(said, &from);
	if (wanted->minutes != NO_MINUTES)
		return from.minutes == wanted->minutes || (to && said->to.minutes == wanted->minutes);
	return wanted->part != VA_PART_NONE && from.part == wanted->part;
}

static bool
same_day(const Moment *wanted, const VaPhraseTime *said)
{
	Moment from;

	moment_of(said, &from);
	return from.dated && wanted->day >= from.day && wanted->day < from.end_day;
}

/* The said parts of a moment, by the moments that a turn names. */
static void
look(VaReader *reader, const Moment *wanted, const VaPhraseTime *said, VaWords words, bool *day, bool *clock,
	VaReadValue *value)
{
	bool here = false;

	if (wanted->dated && !*day && same_day(wanted, said))
		here = *day = true;
	if ((wanted->minutes != NO_MINUTES || wanted->part != VA_PART_NONE) && !*clock && same_clock(wanted, said))
		here = *clock = true;
	if (here && value->words.len == 0)
		value->words = words;
}

static size_t
sentence_end(const VaTalkTurn *turn, size_t from)
{
	while (from < turn->len && strchr(".?!;", turn->text[from]) == NULL)
		from++;
	return from;
}

/* The moments of a turn, whole or, where that is nothing and nothing is denied in it, sentence by sentence. */
static bool
look_at_turn(VaReader *reader, const Moment *wanted, size_t turn, bool *day, bool *clock, VaReadValue *value)
{
	const VaPhraseTimes *times = va_talk_times(&reader->talk, turn);
	const VaTalkTurn *said = &reader->talk.turns[turn];
	const VaFound *findings = &reader->talk.findings[turn];
	bool any = false;
	size_t from = 0;

	for (size_t i = 0; times != NULL && i < times->count; i++)
		look(reader, wanted, &times->items[i],
			(VaWords){ .turn = turn, .offset = times->items[i].offset, .len = times->items[i].len }, day, clock, value);
	if (times == NULL || times->count > 0 || sentence_end(said, 0) == said->len)
		return times != NULL && times->count > 0;
	for (size_t i = 0; i < findings->count; i++)
	{
		if (findings->items[i].intent == VA_INTENT_NO || findings->items[i].intent == VA_INTENT_WITHDRAWAL ||
			findings->items[i].intent == VA_INTENT_REFUSAL)
			return false;
	}
	for (size_t n = 0; n < SENTENCES_MAX && from < said->len; n++)
	{
		size_t to = sentence_end(said, from);
		VaPhraseTimes part;

		va_phrase_times(
			said->text + from, to - from, va_phrase_language(reader->talk.language), reader->talk.reference, &part);
		for (size_t i = 0; i < part.count; i++)
		{
			any = true;
			look(reader, wanted, &part.items[i],
				(VaWords){ .turn = turn, .offset = from + part.items[i].offset, .len = part.items[i].len }, day, clock,
				value);
		}
		from = to + 1;
	}
	return any;
}

static VaSupport
find_moment(VaReader *reader, const Moment *wanted, const VaPhraseTime *agreed, VaReadValue *value)
{
	bool day = !wanted->dated;
	bool clock = wanted->minutes == NO_MINUTES && wanted->part == VA_PART_NONE;
	bool any = false;
	size_t looked = 0;
	Moment said;

	if (agreed != NULL)
	{
		moment_of(agreed, &said);
		look(reader, wanted, agreed, reader->outcome.time_words, &day, &clock, value);
		if ((!day && said.dated) || (!clock && said.minutes != NO_MINUTES))
		{
			value->words = reader->outcome.time_words;
			return VA_SUPPORT_OTHER;
		}
	}
	for (size_t i = reader->talk.count; i-- > reader->first && looked < TIMED_TURNS_MAX && !(day && clock);)
	{
		if (!va_reading_vouched(reader, i))
			continue;
		looked++;
		any = look_at_turn(reader, wanted, i, &day, &clock, value) || any;
	}
	return day && clock ? VA_SUPPORT_SUPPORTED : any || agreed != NULL ? VA_SUPPORT_OTHER : VA_SUPPORT_MISSING;
}

/* A zone by its own name, by its city, or as people say it. */
static VaSupport
judge_zone(VaReader *reader, VaReadValue *value)
{
	const char *city = strrchr(value->text, '/');
	VaReadValue part = *value;
	Moment moment;
	char *words = va_arena_printf(reader->arena, "3 pm %s", value->text);
	bool named = words != NULL && read_words(reader, words, strlen(words), &moment) && moment.zone != NULL;

	for (size_t i = reader->talk.count, looked = 0; i-- > reader->first && looked < TIMED_TURNS_MAX; looked++)
	{
		const VaPhraseTimes *times = va_talk_times(&reader->talk, i);

		for (size_t j = 0; times != NULL && j < times->count; j++)
		{
			const VaPhraseTime *time = &times->items[j];

			if (time->zone == NULL ||
				(strcasecmp(time->zone, value->text) != 0 && (!named || strcmp(time->zone, moment.zone) != 0)))
				continue;
			value->words = (VaWords){ .turn = i, .offset = time->offset, .len = time->len };
			return VA_SUPPORT_SUPPORTED;
		}
	}
	part.text = city == NULL ? value->text : city + 1;
	part.len = strlen(part.text);
	if (va_judge_text(reader, &part) != VA_SUPPORT_SUPPORTED)
		return VA_SUPPORT_MISSING;
	value->words = part.words;
	return VA_SUPPORT_SUPPORTED;
}

VaSupport
va_judge_time(VaReader *reader, const char *kind, const VaPhraseTime *agreed, VaReadValue *value)
{
	Moment wanted = { .minutes = NO_MINUTES };
	bool phrase = strcmp(kind, "phrase") == 0;
	VaSupport support;

	if (value->type != VA_VALUE_TEXT)
		return VA_SUPPORT_FORM;
	if (strcmp(kind, "zone") == 0)
		return judge_zone(reader, value);
	if (!read_iso(value->text, &wanted))
	{
		wanted = (Moment){ .minutes = NO_MINUTES };
		if (!read_words(reader, value->text, value->len, &wanted))
			return phrase ? va_judge_text(reader, value) : VA_SUPPORT_FORM;
	}
	if ((strcmp(kind, "date") == 0 && !wanted.dated) ||
		(strcmp(kind, "time") == 0 && wanted.minutes == NO_MINUTES && wanted.part == VA_PART_NONE))
		return VA_SUPPORT_FORM;
	/* Which day "tomorrow" is, is unknown. */
	if (wanted.dated && !reader->talk.referenced)
		return VA_SUPPORT_UNCHECKED;
	support = find_moment(reader, &wanted, agreed, value);
	if (support != VA_SUPPORT_SUPPORTED && phrase && va_judge_text(reader, value) == VA_SUPPORT_SUPPORTED)
		return agreed != NULL ? support : VA_SUPPORT_SUPPORTED;
	/* "The third of the second, eighty-five" is no day to come. */
	if (support != VA_SUPPORT_SUPPORTED && strcmp(kind, "date") == 0)
	{
		VaReadValue day = *value;

		day.text = va_arena_strndup(reader->arena, value->text, value->len < 10 ? value->len : 10);
		if (day.text != NULL && va_judge_claim(reader, "date", &day) == VA_SUPPORT_SUPPORTED)
		{
			value->words = day.words;
			return VA_SUPPORT_SUPPORTED;
		}
	}
	return support;
}

bool
va_reading_names_time(VaReader *reader)
{
	size_t looked = 0;

	for (size_t i = reader->talk.count; i-- > reader->first && looked < TIMED_TURNS_MAX;)
	{
		const VaPhraseTimes *times;

		if (!va_reading_vouched(reader, i))
			continue;
		looked++;
		times = va_talk_times(&reader->talk, i);
		if (times != NULL && times->count > 0)
			return true;
	}
	return false;
}
