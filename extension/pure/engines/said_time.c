/*-------------------------------------------------------------------------
 * said_time.c
 *		Days and hours as a person says them.
 *
 * No backend header, no clock, no state.
 */
#include "said_time.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

typedef struct Names
{
	const char *language;
	const char *day; /* weekday, day, month */
	const char *at;
	const char *behind;	 /* follows an hour */
	const char *between; /* stands between the last two moments */
	const char *days[7];
	const char *months[12];
} Names;

static const Names names[] = {
	{ "de", "%s, %d. %s", " um ", " Uhr", " oder ",
		{ "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" },
		{ "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
			"Dezember" } },
	{ "es", "el %s, %d de %s", " a las ", "", " o ",
		{ "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo" },
		{ "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
			"noviembre", "diciembre" } },
	{ "fr", "%s %d %s", " à ", "", " ou ", { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" },
		{ "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
			"décembre" } },
	{ "it", "%s %d %s", " alle ", "", " o ",
		{ "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica" },
		{ "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
			"novembre", "dicembre" } },
	{ "en", "%s, %d %s", " at ", "", " or ",
		{ "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
		{ "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
			"December" } },
};

#define LANGUAGES (sizeof(names) / sizeof(names[0]))

/* "3 pm", "3:30 pm", "15 h", "15 h 30", "15", "15:30". */
static void
say_hour(VaBuffer *out, const char *language, int minutes)
{
	int hour = minutes / 60;
	int twelve = hour % 12 == 0 ? 12 : hour % 12;
	bool english = strcmp(language, "en") == 0;

	if (english)
		va_buffer_printf(out, minutes % 60 == 0 ? "%d" : "%d:%02d", twelve, minutes % 60);
	else if (minutes % 60 == 0 && (strcmp(language, "fr") == 0 || strcmp(language, "de") == 0))
		va_buffer_printf(out, "%d%s", hour, language[0] == 'f' ? " h" : "");
	else
		va_buffer_printf(out, strcmp(language, "fr") == 0 ? "%d h %02d" : "%d:%02d", hour, minutes % 60);
	if (english)
		va_buffer_printf(out, " %s", hour < 12 ? "am" : "pm");
}

bool
va_moment_at(const char *text, VaMoment *moment)
{
	static const char form[] = "0000-00-00T00:00";
	int year, month, day, hour, minute;

	for (size_t i = 0; form[i] != '\0'; i++)
		if (form[i] == '0' ? !isdigit((unsigned char) text[i]) : text[i] != form[i])
			return false;
	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d", &year, &month, &day, &hour, &minute) != 5 ||
		!va_is_civil_day(year, month, day) || hour > 23 || minute > 59)
		return false;
	moment->day = va_day_number(year, month, day);
	moment->minutes = hour * 60 + minute;
	return true;
}

void
va_say_moments(VaBuffer *out, const char *language, const VaMoment *moments, size_t count)
{
	const Names *named = &names[LANGUAGES - 1];

	for (size_t i = 0; language != NULL && i < LANGUAGES; i++)
		if (strncmp(language, names[i].language, 2) == 0)
			named = &names[i];
	for (size_t i = 0; i < count; i++)
	{
		bool new_day = i == 0 || moments[i].day != moments[i - 1].day;
		bool last_of_day = i + 1 == count || moments[i].day != moments[i + 1].day;
		VaCivilDay day = va_civil_day(moments[i].day);

		if (i > 0)
			va_buffer_printf(out, "%s", i + 1 == count || new_day ? named->between : ", ");
		if (new_day)
		{
			va_buffer_printf(
				out, named->day, named->days[va_weekday(moments[i].day) - 1], day.day, named->months[day.month - 1]);
			va_buffer_printf(out, "%s", named->at);
		}
		say_hour(out, named->language, moments[i].minutes);
		if (last_of_day)
			va_buffer_printf(out, "%s", named->behind);
	}
}
