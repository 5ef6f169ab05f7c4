/*-------------------------------------------------------------------------
 * read_back.c
 *		The day and the hour that words of a person name, to be read back:
 *		where an ear has lost a word, the words themselves still sound right.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "pure/engines/said_time.h"
#include "pure/phrases/times/times.h"

#define DAY_S 86400
#define DAYS_AHEAD_MAX 366

/* The one day and hour of the words, ahead of now. */
static bool
understand(const char *words, const VaPhraseLanguage *language, VaTimeReference now, VaTimePoint *at)
{
	VaPhraseTimes times;

	va_phrase_times(words, strlen(words), language, now, &times);
	if (times.count != 1 || times.cut || times.items[0].range || times.items[0].zone != NULL)
		return false;
	*at = times.items[0].from;
	return at->dated && (at->grain == VA_GRAIN_MINUTE || at->grain == VA_GRAIN_HOUR) &&
		   at->day <= now.day + DAYS_AHEAD_MAX &&
		   (at->day > now.day || (at->day == now.day && at->minutes > now.minutes));
}

bool
va_read_back(const char *words, const char *language, int64_t local_s, VaReadBack *back)
{
	const VaPhraseLanguage *table = va_phrase_language(language);
	VaTimeReference now = { (int32_t) (local_s / DAY_S), (int) (local_s % DAY_S / 60) };
	VaTimePoint at;
	VaCivilDay day;
	VaBuffer said = { 0 };

	if (table == NULL || strlen(words) >= sizeof(back->words) || !understand(words, table, now, &at))
		return false;
	day = va_civil_day(at.day);
	va_say_moments(&said, language, &(VaMoment){ at.day, at.minutes }, 1);
	snprintf(back->said, sizeof(back->said), "%s", said.failed ? words : said.text);
	free(said.text);
	snprintf(back->local, sizeof(back->local), "%04d-%02d-%02dT%02d:%02d", day.year, day.month, day.day,
		at.minutes / 60, at.minutes % 60);
	strcpy(back->words, words);
	return true;
}
