/*-------------------------------------------------------------------------
 * reading_facts.c
 *		A talk in one line: what it came to and when, in its language.
 *
 * The line holds what was found and nothing else.
 *
 * Pure.
 */
#include <strings.h>

#include "pure/phrases/verify/reading_internal.h"

/* A day, or an hour of it, as people of the language's country write it; false: it is of another form. */
static bool
add_time(VaBuffer *line, const VaLanguage *texts, const VaReader *reader)
{
	const VaPhraseTime *time = &reader->outcome.time;
	const VaTimePoint *point = &time->from;
	VaCivilDay day = va_civil_day(point->day);
	const char *weekday = texts->weekdays[va_weekday(point->day) - 1];
	const char *month = texts->months[day.month - 1];
	bool american = strcasecmp(reader->talk.language, "en-US") == 0;

	if (time->range || !point->dated || point->grain == VA_GRAIN_NONE || point->grain > VA_GRAIN_DAY ||
		point->grain == VA_GRAIN_PART)
		return false;
	if (american)
		va_buffer_printf(line, "%s, %s %d", weekday, month, day.day);
	else if (day.day == 1 && texts->first_day != NULL)
		va_buffer_printf(line, "%s %s %s", weekday, texts->first_day, month);
	else
		va_buffer_printf(line, texts->date, weekday, day.day, month);
	if (day.year != va_civil_day(reader->talk.reference.day).year)
		va_buffer_printf(line, american ? ", %d" : texts->year, day.year);
	if (point->grain == VA_GRAIN_DAY)
		return true;
	if (american)
		va_buffer_printf(line, ", %d:%02d %s", point->minutes / 60 % 12 == 0 ? 12 : point->minutes / 60 % 12,
			point->minutes % 60, point->minutes < 720 ? "AM" : "PM");
	else
		va_buffer_printf(line, texts->clock, point->minutes / 60, point->minutes % 60);
	if (time->zone != NULL)
		va_buffer_printf(line, " (%s)", time->zone);
	return true;
}

char *
va_reading_facts(VaReader *reader)
{
	const VaTalkOutcome *outcome = &reader->outcome;
	VaOutcome what = outcome->opt_out ? VA_OUTCOME_DO_NOT_CALL : outcome->outcome;
	bool certain = outcome->opt_out ? outcome->opt_out_sure : outcome->certain || outcome->words.len == 0;
	bool booked = what == VA_OUTCOME_SCHEDULED && certain;
	const VaLanguage *texts = va_language(reader->talk.language);
	VaBuffer line = { 0 };
	size_t used;

	texts = texts == NULL ? &va_languages[0] : texts;
	va_buffer_printf(&line, "%s", what == VA_OUTCOME_SCHEDULED && !booked ? texts->spoken_of : texts->outcomes[what]);
	used = line.used;
	if (outcome->timed && (what == VA_OUTCOME_SCHEDULED || what == VA_OUTCOME_CALLBACK))
	{
		va_buffer_printf(&line, "%s", booked ? texts->before_booked : texts->colon);
		if (!add_time(&line, texts, reader))
			line.used = used;
	}
	va_buffer_printf(&line, "%s.", certain ? "" : texts->uncertain);
	return va_buffer_finish(&line, reader->arena);
}
