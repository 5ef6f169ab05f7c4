/*-------------------------------------------------------------------------
 * agreed.c
 *		The moment that was agreed, or at which a person is to be called again.
 */
#include "pure/phrases/times/agreed.h"
#include "pure/phrases/times/times_internal.h"

#include <string.h>

/* A person that names a weekday means none farther away than so many days, and a date within a year. */
#define WEEKDAY_REACH 62
#define DATE_REACH 366
/* "In a month" is a day within so many of that one. */
#define COUNT_REACH 31
#define NO_MINUTES (-1)

typedef struct Reading
{
	VaPhraseTimes times;
	bool named;		  /* moments, be they ruled out */
	bool doubt;		  /* times are named, and which one is meant is unknown */
	bool far;		  /* a day that only a person can tell, or none ever */
	bool open;		  /* "when my wife is home": no time, but a condition */
	int32_t free_day; /* the first behind the days that are ruled out; 0: none are */
} Reading;

static void
note_denied(const VaSlots *slots, int32_t today, Reading *reading)
{
	VaTimePoint point = { .grain = VA_GRAIN_DAY, .dated = true, .day = slots->day.day };
	int32_t first;
	int32_t end;
	int minutes;

	if (slots->moment || slots->has_clock || slots->part != VA_PART_NONE || !(slots->has_day || slots->has_period))
		return;
	if (!slots->has_day)
		point = (VaTimePoint){
			.grain = slots->period.grain, .dated = true, .day = slots->period.day, .stage = slots->period.stage
		};
	/* A single day that is farther away rules out none that is near. */
	if (va_time_bounds(&point, &first, &minutes, &end, &minutes) && end > reading->free_day &&
		(first <= today + 1 || end > first + 1))
		reading->free_day = end;
}

static void
read_in(const VaAgreedWords *words, VaAgreedText text, const VaPhraseLanguage *language, Reading *reading)
{
	VaScan scan;
	VaSaid said;

	memset(reading, 0, sizeof(*reading));
	va_scan_words(&scan, text.text, text.len, language, words->now, words->callback, &said, &reading->times);
	/* The name of an offset lives no longer than the scan. */
	memcpy(reading->times.zone, scan.zone, sizeof(scan.zone));
	for (size_t i = 0; i < reading->times.count; i++)
		if (reading->times.items[i].zone == scan.zone)
			reading->times.items[i].zone = reading->times.zone;
	reading->named = said.count > 0;
	reading->doubt = reading->times.count == 0 && said.unread > 0;
	for (size_t i = 0; i < said.count; i++)
	{
		const VaMeant *meant = &said.items[i];

		if (meant->denied)
			note_denied(&meant->a, words->now.day, reading);
		else
			reading->doubt = reading->doubt || (reading->times.count == 0 && (meant->a.has_day || meant->a.has_period));
	}
	for (size_t i = 0; words->callback && i < scan.count; i++)
	{
		const VaLexeme *word = va_lexeme(&scan, i);

		if (word->class == VA_WORD_FAR && word->value == VA_FAR_ANOTHER_DAY && reading->free_day == 0)
			reading->free_day = words->now.day + 1;
		else if (said.count == 0 && (word->class == VA_WORD_AFTER || word->class == VA_WORD_UNTIL ||
										(word->class == VA_WORD_FAR && word->value == VA_FAR_WHEN)))
			reading->open = true;
		else
			reading->far = reading->far || (word->class == VA_WORD_FAR && word->value != VA_FAR_WHEN) ||
						   (word->class == VA_WORD_NOT && (word->value == 1 || word->value == 6)) ||
						   (word->class == VA_WORD_EXCEPT && said.count == 0);
	}
}

/* In their language; or else in English, in which programs write, or in another that the person has changed to. */
static void
read_words(const VaAgreedWords *words, VaAgreedText text, Reading *reading)
{
	const VaPhraseLanguage *language = words->language;

	for (size_t n = 0; language != NULL; n++)
	{
		read_in(words, text, language, reading);
		if (text.len == 0 || reading->named || reading->doubt || reading->far || reading->open ||
			reading->free_day != 0)
			return;
		language = va_phrase_language_code(n) == NULL ? NULL : va_phrase_language(va_phrase_language_code(n));
	}
}

static bool
has_clock(const VaPhraseTime *time)
{
	return time->from.grain != VA_GRAIN_NONE && time->from.grain <= VA_GRAIN_HOUR;
}

/* The one day that words name; false: none, or several. */
static bool
only_day(const VaPhraseTimes *times, int32_t *day)
{
	bool found = false;

	for (size_t i = 0; i < times->count; i++)
	{
		const VaTimePoint *from = &times->items[i].from;

		if (!(from->said & VA_SAID_DAY))
			continue;
		if (from->grain == VA_GRAIN_NONE || from->grain > VA_GRAIN_DAY || (from->said & VA_SAID_COUNTED) ||
			(times->items[i].range && !has_clock(&times->items[i])) || (found && *day != from->day))
			return false;
		*day = from->day;
		found = true;
	}
	return found;
}

/* Whether a day that was heard may be the one that words name. */
static bool
fits(const VaPhraseTime *time, int32_t day, int32_t today)
{
	const VaTimePoint *to = time->range ? &time->to : &time->from;
	int said = time->from.said | to->said;
	int32_t first = today;
	int32_t last = INT32_MAX;
	int32_t other;
	int minutes;

	if (!(said & VA_SAID_DAY) || day < today)
		return false;
	if (time->from.grain != VA_GRAIN_NONE && !va_time_bounds(&time->from, &first, &minutes, &other, &minutes))
		return false;
	if (to->grain != VA_GRAIN_NONE)
	{
		if (!va_time_bounds(to, &other, &minutes, &last, &minutes))
			return false;
		last -= minutes == 0 ? 1 : 0;
	}
	if (day >= first && day <= last)
		return true;
	if ((said & VA_SAID_WEEKDAY) && va_weekday(day) == va_weekday(first) && day <= today + WEEKDAY_REACH)
		return true;
	if ((said & VA_SAID_ANY_MONTH) && va_civil_day(day).day == va_civil_day(first).day && day <= today + DATE_REACH)
		return true;
	return (said & VA_SAID_COUNTED) && day >= first - 7 && day <= first + COUNT_REACH;
}

/* The hour that an analysis has heard; NO_MINUTES: none, or several. */
static int
only_clock(const VaPhraseTimes *times, int *seconds)
{
	int minutes = NO_MINUTES;

	for (size_t i = 0; i < times->count; i++)
	{
		const VaPhraseTime *time = &times->items[i];

		/* The other reading of an hour is its other half of the day. */
		if (!has_clock(time) || (time->range && time->to.grain == VA_GRAIN_NONE) || time->alternative > 1)
			continue;
		if (minutes != NO_MINUTES && minutes != time->from.minutes)
			return NO_MINUTES;
		minutes = time->from.minutes;
		*seconds = time->from.grain == VA_GRAIN_SECOND ? time->from.seconds : 0;
	}
	return minutes;
}

/* Whether an hour that was heard is the one of the words: seven may be seven in the evening, which was said before. */
static bool
same_clock(const VaPhraseTime *time, int heard)
{
	int from = time->from.minutes;

	if (time->range)
		return heard >= from && (time->to.grain == VA_GRAIN_NONE || heard <= time->to.minutes);
	return heard == from || (from < 360 && heard == from + 720) ||
		   ((time->from.said & VA_SAID_HALF_OPEN) && heard >= 360 && heard % 720 == from % 720);
}

/* The hour of a moment on a day; NO_MINUTES: it is not plain. */
static int
agreed_clock(const Reading *phrase, int heard, int32_t day, VaTimeReference now, int *seconds)
{
	const VaPhraseTime *found = NULL;
	VaDayPart part = VA_PART_NONE;

	for (size_t i = 0; i < phrase->times.count; i++)
	{
		const VaPhraseTime *time = &phrase->times.items[i];

		if ((time->from.said & VA_SAID_DAY) ? !fits(time, day, now.day) : time->alternative > 1)
			continue;
		if (!has_clock(time))
			part = part == VA_PART_NONE ? time->from.part : part;
		else if (heard != NO_MINUTES && same_clock(time, heard))
			/* "Today at 7", said in the afternoon, means the evening. */
			return day == now.day && heard <= now.minutes && !time->range ? time->from.minutes : heard;
		else if (found != NULL && found->from.minutes != time->from.minutes)
			return NO_MINUTES;
		else
			found = time;
	}
	if (found != NULL)
	{
		bool open = found->range && found->to.grain == VA_GRAIN_NONE;

		*seconds = found->from.grain == VA_GRAIN_SECOND ? found->from.seconds : 0;
		if (heard != NO_MINUTES && heard % 720 != found->from.minutes % 720 && !(found->from.said & VA_SAID_MOMENT))
			return NO_MINUTES;
		return open ? NO_MINUTES : found->from.minutes;
	}
	/* 07:00 of "Friday at seven in the evening" */
	if ((part == VA_PART_AFTERNOON || part == VA_PART_EVENING) && heard != NO_MINUTES && heard < 720)
		return heard + 720;
	return part == VA_PART_MORNING && heard >= 780 ? NO_MINUTES : heard;
}

/* When the first moment of these begins; an end from which on somebody may be called begins behind it. */
static bool
beginning(const VaPhraseTime *time, VaTimeReference now, int32_t heard_day, VaAgreed *agreed)
{
	bool until = time->from.grain == VA_GRAIN_NONE;
	const VaTimePoint *point = until ? &time->to : &time->from;
	int32_t end;
	int minutes;

	VaTimePoint day = *point;

	if (until && (point->said & VA_SAID_BY))
		return false;
	/* A part of whichever day is the next such, or of the day that was heard. */
	if (!point->dated)
	{
		day.dated = true;
		day.day = heard_day != 0 ? heard_day : now.day;
		point = &day;
	}
	if (!va_time_bounds(point, &agreed->day, &agreed->minutes, &end, &minutes))
		return false;
	if (until && point->grain > VA_GRAIN_HOUR)
		agreed->day = end, agreed->minutes = minutes;
	/* A morning begins with its day, and noon at twelve. */
	if (point->grain == VA_GRAIN_PART && agreed->minutes < 720)
		agreed->minutes = point->part == VA_PART_MORNING ? 0 : 720;
	if (point == &day && heard_day == 0 && agreed->minutes <= now.minutes)
		agreed->day++;
	/* "this afternoon", said in it */
	return point->grain != VA_GRAIN_PART || agreed->day != now.day || agreed->minutes > now.minutes;
}

static void
call_again(const VaAgreedWords *words, const Reading *phrase, const Reading *heard, int32_t heard_day, int clock,
	VaAgreed *agreed)
{
	const VaPhraseTimes *times = phrase->times.count > 0 ? &phrase->times : &heard->times;

	if (phrase->times.count == 0 && (phrase->far || phrase->doubt))
	{
		agreed->kind = heard_day >= words->now.day + 2 ? VA_AGREED_TIME : VA_AGREED_PERSON;
		agreed->day = heard_day;
		return;
	}
	if (phrase->times.count == 0 && phrase->free_day > words->now.day)
	{
		agreed->kind = VA_AGREED_TIME;
		agreed->day = heard_day > phrase->free_day ? heard_day : phrase->free_day;
		agreed->minutes = clock == NO_MINUTES ? 0 : clock;
		return;
	}
	if (times->count == 0 ||
		!beginning(&times->items[0], words->now, heard_day >= words->now.day ? heard_day : 0, agreed))
		return;
	agreed->kind = VA_AGREED_TIME;
	for (size_t i = 0; i < times->count; i++)
		if (heard_day != 0 && fits(&times->items[i], heard_day, words->now.day))
			agreed->day = heard_day;
	if (agreed->minutes == 0 && clock != NO_MINUTES && times->items[0].from.grain > VA_GRAIN_PART)
		agreed->minutes = clock;
}

void
va_agreed_time(const VaAgreedWords *words, VaAgreed *agreed)
{
	Reading phrase;
	Reading heard;
	int32_t heard_day = 0;
	int32_t day = 0;
	bool named = false;
	bool plain;
	int clock;

	memset(agreed, 0, sizeof(*agreed));
	read_words(words, words->phrase, &phrase);
	read_words(words, words->heard, &heard);
	if (!only_day(&heard.times, &heard_day))
		heard_day = 0;
	clock = only_clock(&heard.times, &agreed->seconds);
	plain = only_day(&phrase.times, &day);
	for (size_t i = 0; i < phrase.times.count; i++)
	{
		named = named || (phrase.times.items[i].from.said & VA_SAID_DAY) ||
				(phrase.times.items[i].to.said & VA_SAID_DAY);
		if (heard_day != 0 && fits(&phrase.times.items[i], heard_day, words->now.day))
		{
			day = heard_day;
			plain = true;
		}
	}
	if (!named && heard_day != 0 && !phrase.doubt && !(phrase.free_day > heard_day) && !phrase.far)
	{
		day = heard_day;
		plain = true;
	}
	agreed->day = day;
	agreed->minutes = plain ? agreed_clock(&phrase, clock, day, words->now, &agreed->seconds) : NO_MINUTES;
	if (agreed->minutes >= 0)
		agreed->kind = VA_AGREED_TIME;
	else
		agreed->minutes = 0;
	if (agreed->kind == VA_AGREED_NONE && words->callback)
		call_again(words, &phrase, &heard, heard_day, clock, agreed);
	if (agreed->kind == VA_AGREED_NONE && phrase.open)
		agreed->kind = VA_AGREED_PERSON;
	agreed->day += agreed->minutes / 1440;
	agreed->minutes %= 1440;
}

/* A zone by its name alone: those count, too, that do so only behind an hour. */
static const char *
zone_name(VaAgreedText text, const VaPhraseLanguage *language, char *room)
{
	VaScan scan;
	VaSaid said;
	VaPhraseTimes times;

	va_scan_words(&scan, text.text, text.len, language, (VaTimeReference){ 0 }, false, &said, &times);
	for (size_t i = 0; i < scan.count; i++)
	{
		VaAtom atom = va_scan_zone(&scan, i, true);

		if (atom.kind == VA_ATOM_ZONE)
			return atom.zone == scan.zone ? strcpy(room, scan.zone) : atom.zone;
		if (va_lexeme_is(&scan, i, VA_WORD_CITY))
			return va_phrase_zones[va_lexeme(&scan, i)->value];
	}
	return NULL;
}

const char *
va_named_zone(VaAgreedText text, bool name, const VaPhraseLanguage *language, char *room)
{
	VaAgreedWords words = { .phrase = text, .language = language };
	const char *zone = name ? zone_name(text, language, room) : NULL;
	Reading reading;

	if (name)
		return zone != NULL ? zone : zone_name(text, va_phrase_language("en"), room);
	read_words(&words, text, &reading);
	for (size_t i = 0; i < reading.times.count && zone == NULL; i++)
		zone = reading.times.items[i].zone;
	return zone == reading.times.zone ? strcpy(room, zone) : zone;
}

bool
va_is_time(const char *text, size_t len)
{
	/* Any day will do. */
	VaTimeReference now = { va_day_number(2026, 3, 17), 600 };

	for (size_t n = 0; va_phrase_language_code(n) != NULL; n++)
	{
		VaPhraseTimes times;
		size_t letters = 0;

		va_phrase_times(text, len, va_phrase_language(va_phrase_language_code(n)), now, &times);
		for (size_t i = 0; i < len && i < VA_PHRASE_BYTES_MAX; i++)
		{
			bool quoted = false;

			for (size_t j = 0; j < times.count && !quoted; j++)
				quoted = i >= times.items[j].offset && i < times.items[j].offset + times.items[j].len;
			quoted = quoted || (text[i] == 'Z' && i > 0 && text[i - 1] >= '0' && text[i - 1] <= '9');
			letters += !quoted && strchr(" \t\n.,;:!-/", text[i]) == NULL;
		}
		if (times.count > 0 && letters == 0)
			return true;
	}
	return false;
}
