/*-------------------------------------------------------------------------
 * read_back.c
 *		The day and the hour that words of a person name, to be read back:
 *		where an ear has lost a word, the words themselves still sound right.
 */
#include "read_back.h"

#include <stdio.h>
#include <string.h>

#include "pure/phrases/times/times.h"

#define DAY_S 86400
#define DAYS_AHEAD_MAX 366

typedef struct Names
{
	const char *language;
	const char *format; /* weekday, day, month, hour */
	const char *days[7];
	const char *months[12];
} Names;

/* As spoken_slot() of sql/45_campaign says them. */
static const Names names[] = {
	{ "de", "%s, %d. %s um %s Uhr", { "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" },
		{ "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
			"Dezember" } },
	{ "es", "%s, %d de %s a las %s", { "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo" },
		{ "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
			"noviembre", "diciembre" } },
	{ "fr", "%s %d %s à %s", { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" },
		{ "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
			"décembre" } },
	{ "en", "%s, %d %s at %s", { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
		{ "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
			"December" } },
};

/* "3 pm", "15 Uhr" without its last word, "15:30". */
static void
say_hour(char *hour, size_t size, const char *language, int minutes)
{
	int minute = minutes % 60;
	int of_day = minutes / 60;

	if (strcmp(language, "en") == 0)
	{
		int half = of_day % 12 == 0 ? 12 : of_day % 12;

		if (minute == 0)
			snprintf(hour, size, "%d %s", half, of_day < 12 ? "am" : "pm");
		else
			snprintf(hour, size, "%d:%02d %s", half, minute, of_day < 12 ? "am" : "pm");
	}
	else if (minute == 0 && strcmp(language, "fr") == 0)
		snprintf(hour, size, "%d h", of_day);
	else if (minute == 0 && strcmp(language, "de") == 0)
		snprintf(hour, size, "%d", of_day);
	else
		snprintf(hour, size, "%d:%02d", of_day, minute);
}

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
	const Names *named = &names[sizeof(names) / sizeof(names[0]) - 1];
	VaTimePoint at;
	VaCivilDay day;
	char hour[16];

	if (table == NULL || strlen(words) >= sizeof(back->words) || !understand(words, table, now, &at))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		if (strncmp(language, names[i].language, 2) == 0)
			named = &names[i];
	}
	day = va_civil_day(at.day);
	say_hour(hour, sizeof(hour), named->language, at.minutes);
	snprintf(back->said, sizeof(back->said), named->format, named->days[va_weekday(at.day) - 1], day.day,
		named->months[day.month - 1], hour);
	snprintf(back->local, sizeof(back->local), "%04d-%02d-%02dT%02d:%02d", day.year, day.month, day.day,
		at.minutes / 60, at.minutes % 60);
	strcpy(back->words, words);
	return true;
}
