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

typedef struct Texts
{
	const char *language;
	const char *outcomes[VA_OUTCOMES];
	const char *spoken_of; /* an appointment that is not certain */
	const char *uncertain; /* behind all else that is not certain */
	const char *colon;	   /* before a time; of an appointment that is certain: before_booked */
	const char *before_booked;
	const char *weekdays[7];
	const char *months[12];
	const char *date; /* weekday, day, month */
	const char *clock;
} Texts;

#define OUTCOME(name) [VA_OUTCOME_##name]

static const Texts languages[] = {
	{ .language = "en",
		.outcomes = { OUTCOME(UNFINISHED) = "Broke off before a result", OUTCOME(SCHEDULED) = "Booked",
			OUTCOME(CALLBACK) = "Wants to be called back", OUTCOME(INTERESTED) = "Interested",
			OUTCOME(NOT_INTERESTED) = "Not interested", OUTCOME(COMPLETED) = "No clear result",
			OUTCOME(VOICEMAIL) = "A machine answered", OUTCOME(WRONG_NUMBER) = "Wrong number",
			OUTCOME(DO_NOT_CALL) = "Wants no more calls" },
		.spoken_of = "Spoke of an appointment",
		.uncertain = " (not certain)",
		.colon = ": ",
		.before_booked = " for ",
		.weekdays = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
		.months = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
			"November", "December" },
		.date = "%s %d %s",
		.clock = ", %02d:%02d" },
	{ .language = "es",
		.outcomes = { OUTCOME(UNFINISHED) = "Se cortó sin resultado", OUTCOME(SCHEDULED) = "Cita acordada",
			OUTCOME(CALLBACK) = "Pide otra llamada", OUTCOME(INTERESTED) = "Le interesa",
			OUTCOME(NOT_INTERESTED) = "No le interesa", OUTCOME(COMPLETED) = "Sin resultado claro",
			OUTCOME(VOICEMAIL) = "Contestó una máquina", OUTCOME(WRONG_NUMBER) = "Número equivocado",
			OUTCOME(DO_NOT_CALL) = "No quiere más llamadas" },
		.spoken_of = "Se habló de una cita",
		.uncertain = " (no es seguro)",
		.colon = ": ",
		.before_booked = ": ",
		.weekdays = { "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo" },
		.months = { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
			"noviembre", "diciembre" },
		.date = "%s %d de %s",
		.clock = ", %02d:%02d" },
	{ .language = "fr",
		.outcomes = { OUTCOME(UNFINISHED) = "Interrompu avant d'aboutir", OUTCOME(SCHEDULED) = "Rendez-vous pris",
			OUTCOME(CALLBACK) = "Souhaite un autre appel", OUTCOME(INTERESTED) = "Montre de l'intérêt",
			OUTCOME(NOT_INTERESTED) = "Ne montre pas d'intérêt", OUTCOME(COMPLETED) = "Sans résultat clair",
			OUTCOME(VOICEMAIL) = "Un répondeur a décroché", OUTCOME(WRONG_NUMBER) = "Faux numéro",
			OUTCOME(DO_NOT_CALL) = "Ne veut plus d'appels" },
		.spoken_of = "Il a été question d'un rendez-vous",
		.uncertain = " (incertain)",
		.colon = " : ",
		.before_booked = " : ",
		.weekdays = { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" },
		.months = { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
			"novembre", "décembre" },
		.date = "%s %d %s",
		.clock = ", %02d:%02d" },
	{ .language = "de",
		.outcomes = { OUTCOME(UNFINISHED) = "Ohne Ergebnis abgebrochen", OUTCOME(SCHEDULED) = "Termin vereinbart",
			OUTCOME(CALLBACK) = "Möchte noch einmal angerufen werden", OUTCOME(INTERESTED) = "Interessiert",
			OUTCOME(NOT_INTERESTED) = "Nicht interessiert", OUTCOME(COMPLETED) = "Ohne klares Ergebnis",
			OUTCOME(VOICEMAIL) = "Ein Anrufbeantworter hat abgenommen", OUTCOME(WRONG_NUMBER) = "Falsche Nummer",
			OUTCOME(DO_NOT_CALL) = "Möchte keine Anrufe mehr" },
		.spoken_of = "Von einem Termin war die Rede",
		.uncertain = " (nicht sicher)",
		.colon = ": ",
		.before_booked = ": ",
		.weekdays = { "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" },
		.months = { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
			"November", "Dezember" },
		.date = "%s, %d. %s",
		.clock = ", %02d:%02d Uhr" },
};

/* A day, or an hour of it, as people of the language's country write it; false: it is of another form. */
static bool
add_time(VaBuffer *line, const Texts *texts, const VaReader *reader)
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
	else if (day.day == 1 && strcmp(texts->language, "fr") == 0)
		va_buffer_printf(line, "%s 1er %s", weekday, month);
	else
		va_buffer_printf(line, texts->date, weekday, day.day, month);
	if (day.year != va_civil_day(reader->talk.reference.day).year)
		va_buffer_printf(line, american ? ", %d" : strcmp(texts->language, "es") == 0 ? " de %d" : " %d", day.year);
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
	const Texts *texts = &languages[0];
	VaBuffer line = { 0 };
	size_t used;

	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
	{
		if (strncasecmp(languages[i].language, reader->talk.language, 2) == 0)
			texts = &languages[i];
	}
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
