/*
 * test_phrases_times.c
 *		Which moment words name, in four languages; what they do not name; the
 *		days of the calendar; bounds.
 *
 * Said on Tuesday, 17 March 2026, at 10:20.
 */
#include "tap.h"

#include <stdint.h>
#include <time.h>

#include "pure/phrases/times/times.h"

typedef struct Phrase
{
	const char *code;
	const char *words;
	const char *reading; /* of the first alternative; "none" */
} Phrase;

static const Phrase phrases[] = {
	{ "en", "half past three", "2026-03-17T15:30" },
	{ "en", "tomorrow at quarter to nine", "2026-03-18T08:45" },
	{ "en", "at nine", "2026-03-18T09:00" },
	{ "en", "today at nine", "2026-03-17T21:00" },
	{ "en", "Friday the 20th at 3pm", "2026-03-20T15:00" },
	{ "en", "Tuesday", "2026-03-24" },
	{ "en", "this Tuesday", "2026-03-17" },
	{ "en", "a week from Friday", "2026-03-27" },
	{ "en", "between two and four on Thursday", "2026-03-19T14:00..2026-03-19T16:00" },
	{ "en", "Monday, no, Tuesday at three", "2026-03-24T15:00" },
	{ "en", "Wednesday at three, no, four", "2026-03-18T16:00" },
	{ "en", "not on Monday", "none" },
	{ "en", "any day but Friday", "none" },
	{ "en", "not before ten tomorrow", "2026-03-18T10:00.." },
	{ "en", "after Friday the 20th", "2026-03-21.." },
	{ "en", "before Friday", "..2026-03-19" },
	{ "en", "Monday or Wednesday", "2026-03-23, 2026-03-18" },
	{ "en", "tomorrow at two or three", "2026-03-18T14:00, 2026-03-18T15:00" },
	{ "en", "the week of the 20th", "none" },
	{ "en", "mid April", "2026-04+mid" },
	{ "en", "in two hours", "2026-03-17T12:20" },
	{ "en", "three-ish tomorrow", "2026-03-18T15" },
	{ "en", "Easter Monday", "2026-04-06" },
	{ "en", "Thanksgiving", "2026-11-26" },
	{ "en", "Tuesday at three Dubai time", "2026-03-24T15:00 @ Asia/Dubai" },
	{ "en", "May I ask who is calling", "none" },
	{ "en", "March is my name", "none" },
	{ "en", "I live on the second floor", "none" },
	{ "en", "it costs 3.50", "none" },
	{ "en", "my mother is seventy two", "none" },
	{ "en", "30 February", "none" },
	{ "en", "at 25:00", "none" },
	{ "en", "whenever suits you", "none" },
	{ "en", "June 3 to 5", "none" },
	{ "en", "from 3 to 5 June", "2026-06-03..2026-06-05" },
	{ "en", "the second or the ninth of May", "2026-05-02, 2026-05-09" },
	{ "en", "the last day of April", "2026-04-30" },
	{ "en", "within two hours", "..2026-03-17T12:20" },
	{ "en", "two Mondays from now", "none" },
	{ "en", "the end of next week", "2026-03-27..2026-03-29" },
	{ "en", "by the end of June", "..2026-06-30" },
	{ "en", "I sing on Wednesdays, so Thursday", "2026-03-19" },
	{ "en", "rather Monday than Friday", "2026-03-23" },
	{ "en", "Friday's out, Saturday", "2026-03-21" },
	{ "en", "the same time tomorrow", "none" },
	{ "en", "Tomorrow. Three.", "none" },
	{ "en", "usually around noon", "T12" },
	{ "en", "it takes about two hours", "none" },
	{ "en", "the last two days", "none" },
	{ "en", "it rained the last two days", "none" },
	{ "fr", "les trois prochaines heures", "none" },
	{ "en", "in 2.5 hours", "none" },
	{ "en", "in thirty seconds", "none" },
	{ "de", "vom 14.10. bis 15.10.2027", "2027-10-14..2027-10-15" },
	{ "en", "from December 20 to January 4, 2028", "2027-12-20..2028-01-04" },
	{ "en", "this summer", "none" },
	{ "en", "in the summer", "none" },
	{ "fr", "cet été", "none" },
	{ "fr", "j'ai été malade", "none" },
	{ "es", "15.30", "2026-03-17T15:30" },
	{ "es", "cuesta 15.30", "none" },
	{ "en", "Thanksgiving in three years", "none" },
	{ "fr", "le 20 02 27", "none" },
	{ "en", "tomorrow at 4 20", "2026-03-18T16:20" },
	{ "en", "10 tomorrow", "2026-03-18T10:00" },
	{ "en", "in 2h", "2026-03-17T12:20" },
	{ "en", "Tuesday, May 5", "2026-05-05" },
	{ "en", "Monday, May 5", "none" },
	{ "en", "just after three", "2026-03-17T15" },
	{ "en", "just after Easter", "2026-04-06.." },
	{ "en", "until Friday I'm busy", "2026-03-21.." },
	{ "en", "from five to six", "2026-03-17T17:00..2026-03-17T18:00" },
	{ "de", "bis Freitag hab ich keine Zeit", "2026-03-21.." },
	{ "de", "10 bis 12 Uhr am Freitag", "2026-03-20T10:00..2026-03-20T12:00" },
	{ "de", "täglich ab 17 Uhr", "T17:00.." },
	{ "de", "der fünfte oder der achte Juni", "2026-06-05, 2026-06-08" },
	{ "de", "binnen vier Tagen", "..2026-03-21" },
	{ "de", "Montag kann ich nicht, aber am Dienstag drauf", "2026-03-24" },
	{ "de", "mittwochs ist Training, also donnerstags", "2026-03-19" },
	{ "de", "lieber Montag als Freitag", "2026-03-23" },
	{ "de", "um fünfe am Nachmittag", "2026-03-17T17:00" },
	{ "de", "am Buß- und Bettag", "2026-11-18" },
	{ "de", "zum Monatsende", "2026-03+late" },
	{ "de", "Freitag fällt aus", "none" },
	{ "de", "in zwei Wochen, am Montag", "2026-03-30" },
	{ "de", "weder vormittags noch nachmittags", "none" },
	{ "de", "morgen um 7 Uhr 5", "2026-03-18T07:05" },
	{ "es", "a las tres y media", "2026-03-17T15:30" },
	{ "es", "mañana a las cinco menos cuarto", "2026-03-18T16:45" },
	{ "es", "pasado mañana por la tarde", "2026-03-19+afternoon" },
	{ "es", "el lunes 23 a las ocho de la noche", "2026-03-23T20:00" },
	{ "es", "dentro de quince días", "2026-03-31" },
	{ "es", "el viernes no, el lunes", "2026-03-23" },
	{ "es", "del 3 al 5 de abril", "2026-04-03..2026-04-05" },
	{ "es", "el martes en ocho", "2026-03-31" },
	{ "es", "mi apellido es Domingo", "none" },
	{ "es", "un momento", "none" },
	{ "es", "trabajo en la avenida Doce de Octubre", "none" },
	{ "es", "habla con Julio Domingo Pérez", "none" },
	{ "es", "no me llama el jueves a la tardecita", "2026-03-19+afternoon" },
	{ "es", "el sábado tempranito", "2026-03-21+morning" },
	{ "es", "el viernes después de cenar", "2026-03-20+night" },
	{ "es", "el jueves, déjelo", "none" },
	{ "es", "de lunes a jueves de diez a una", "none" },
	{ "es", "mañana por la tarde no, por la noche", "2026-03-18+night" },
	{ "es", "desde las once hasta la una", "2026-03-17T11:00..2026-03-17T13:00" },
	{ "es", "a partir de las tres y hasta las seis", "2026-03-17T15:00..2026-03-17T18:00" },
	{ "es", "dentro de tres jueves", "none" },
	{ "es", "dentro de diez o quince minutos", "none" },
	{ "es", "el jueves a las dos no, a las tres", "2026-03-19T15:00" },
	{ "es", "el sábado entre diez y doce", "2026-03-21T10:00..2026-03-21T12:00" },
	{ "es", "mañana a las seis de Lima", "2026-03-18T18:00 @ America/Lima" },
	{ "es", "de aquí al viernes", "..2026-03-20" },
	{ "es", "el martes a más tardar", "..2026-03-24" },
	{ "es", "el lunes tengo médico a las nueve, así que a las once", "2026-03-23T11:00" },
	{ "es", "el puente del uno de mayo", "none" },
	{ "es", "antes de Semana Santa", "none" },
	{ "es", "la semana después de Semana Santa", "none" },
	{ "es", "en la segunda quincena de abril", "none" },
	{ "es", "el primer trimestre del año que viene", "none" },
	{ "es", "a las nueve o nueve y media del jueves", "2026-03-19T09:00, 2026-03-19T09:30" },
	{ "es", "ayer por la noche", "2026-03-16+night" },
	{ "es", "el 30 de mayo no puedo, el 31", "2026-05-31" },
	{ "fr", "demain à quatorze heures trente", "2026-03-18T14:30" },
	{ "fr", "jeudi à cinq heures moins le quart", "2026-03-19T16:45" },
	{ "fr", "vendredi en huit", "2026-03-27" },
	{ "fr", "dans quinze jours", "2026-03-31" },
	{ "fr", "le quatorze juillet", "2026-07-14" },
	{ "fr", "de quatre à six heures vendredi", "2026-03-20T16:00..2026-03-20T18:00" },
	{ "fr", "midi et demi", "2026-03-17T12:30" },
	{ "fr", "pas avant jeudi", "2026-03-19.." },
	{ "fr", "tout à l'heure", "none" },
	{ "fr", "la brasserie du 12 mai", "none" },
	{ "fr", "je m'appelle Lucie Mars", "none" },
	{ "fr", "jeudi passé quinze heures", "2026-03-19T15:00.." },
	{ "fr", "ce mardi", "2026-03-17" },
	{ "fr", "dans une quinzaine", "2026-03-31" },
	{ "fr", "le lundi du Jeûne fédéral", "2026-09-21" },
	{ "fr", "vendredi en fin de journée", "2026-03-20+evening" },
	{ "fr", "mercredi sur les dix heures", "2026-03-18T10" },
	{ "fr", "jeudi, laissez tomber", "none" },
	{ "fr", "demain à une heure de l'après-midi", "2026-03-18T13:00" },
	{ "fr", "entre cinq et huit heures", "2026-03-17T17:00..2026-03-17T20:00" },
	{ "fr", "il est presque midi, rappelez jeudi", "2026-03-19" },
	{ "fr", "lundi à une heure et quart", "2026-03-23T13:15" },
	{ "fr", "à la place de lundi, mercredi", "2026-03-18" },
	{ "fr", "dans deux ou trois heures", "none" },
	{ "fr", "d'ici la Pentecôte", "..2026-05-24" },
	{ "fr", "lundi au plus tôt", "2026-03-23.." },
	{ "fr", "le douze zéro six à neuf heures", "none" },
	{ "fr", "demain ou après-demain", "2026-03-18, 2026-03-19" },
	{ "de", "halb vier", "2026-03-17T15:30" },
	{ "de", "morgen um drei viertel vier", "2026-03-18T15:45" },
	{ "de", "fünf vor halb vier", "2026-03-17T15:25" },
	{ "de", "Montagnachmittag", "2026-03-23+afternoon" },
	{ "de", "am dreiundzwanzigsten um zehn", "2026-03-23T10:00" },
	{ "de", "Freitag in acht Tagen", "2026-03-27" },
	{ "de", "morgen früh", "2026-03-18+morning" },
	{ "de", "Montag Morgen", "2026-03-23+morning" },
	{ "de", "vor zwei Stunden", "2026-03-17T08:20" },
	{ "de", "nicht am Donnerstag, am Montag", "2026-03-23" },
	{ "de", "in KW 38", "none" },
	{ "de", "einen Moment bitte", "none" },
	{ "de", "mein Name ist Freitag", "none" },
	/* What is left over beside a time, and is not understood, makes it none. */
	{ "en", "New Year's Day", "2027-01-01" },
	{ "en", "Thanksgiving three months ago", "none" },
	{ "en", "Friday from 9a to 11a", "none" },
	{ "en", "the 18th of December for 10 days", "none" },
	{ "en", "for 30 minutes from 4 pm", "none" },
	{ "en", "the last weekend of October", "none" },
	{ "en", "I've got two showings on Thursday", "2026-03-19" },
	{ "es", "mañana de una a dos", "none" },
	{ "es", "el quince de enero del dos mil veintisiete", "2027-01-15" },
	{ "de", "zu Weihnachten", "2026-12-25" },
	/* A day that is booked is not denied; a person that is booked denies it. */
	{ "en", "you're booked for Monday", "2026-03-23" },
	{ "en", "Monday is booked", "none" },
	{ "en", "I'm booked on Monday, Tuesday works", "2026-03-24" },
#include "times_spoken.inc"
};

static VaTimeReference said;

static const char *
readings(const char *code, const char *words, size_t len)
{
	static char out[VA_PHRASE_TIMES_MAX * VA_PHRASE_TIME_TEXT_MAX];
	VaPhraseTimes times;
	size_t used = 0;

	va_phrase_times(words, len, va_phrase_language(code), said, &times);
	strcpy(out, "none");
	for (size_t i = 0; i < times.count && times.items[i].alternative == 1; i++)
	{
		char text[VA_PHRASE_TIME_TEXT_MAX];

		va_phrase_time_text(&times.items[i], text);
		used += (size_t) snprintf(out + used, sizeof(out) - used, "%s%s", i == 0 ? "" : ", ", text);
	}
	return out;
}

static void
test_phrases(void)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		is_str(readings(phrases[i].code, phrases[i].words, strlen(phrases[i].words)), phrases[i].reading, "%s: %s",
			phrases[i].code, phrases[i].words);
}

static void
test_alternatives(void)
{
	const char *words = "I could do next Friday in the afternoon";
	VaPhraseTimes times;
	char text[VA_PHRASE_TIME_TEXT_MAX];

	va_phrase_times(words, strlen(words), va_phrase_language("en"), said, &times);
	is_int(times.count, 2, "next Friday has two readings");
	va_phrase_time_text(&times.items[1], text);
	ok(times.items[1].alternative == 2 && strcmp(text, "2026-03-20+afternoon") == 0, "the other is the coming one");
	ok(times.items[0].len == 28 && strncmp(words + times.items[0].offset, "next Friday", 11) == 0, "with its words");
	words = "on 02/03";
	va_phrase_times(words, strlen(words), va_phrase_language("en"), said, &times);
	is_int(times.count, 2, "02/03 has two readings in English");
	va_phrase_times(words, strlen(words), va_phrase_language("fr"), said, &times);
	is_int(times.count, 1, "and one in French");
}

static void
test_calendar(void)
{
	int32_t first = va_day_number(1, 1, 1);
	bool same = true;

	for (int32_t day = first; day <= va_day_number(9999, 12, 31) && same; day++)
	{
		VaCivilDay civil = va_civil_day(day);

		same = va_is_civil_day(civil.year, civil.month, civil.day) &&
			   va_day_number(civil.year, civil.month, civil.day) == day;
	}
	ok(same, "each day from the year 1 to 9999 is itself again");
	is_int(va_weekday(va_day_number(2026, 3, 17)), 2, "17 March 2026 is a Tuesday");
	is_int(va_easter(2026), va_day_number(2026, 4, 5), "Easter 2026");
	is_int(va_easter(2038), va_day_number(2038, 4, 25), "Easter 2038, the latest");
	is_int(va_easter(2285), va_day_number(2285, 3, 22), "Easter 2285, the earliest");
	is_int(va_add_months(va_day_number(2027, 1, 31), 13), va_day_number(2028, 2, 29), "13 months from 31 January");
	for (int32_t day = va_day_number(2019, 12, 20); day < va_day_number(2033, 1, 10); day++)
	{
		int years[2];
		int weeks[2];

		va_iso_week(day, &years[0], &weeks[0]);
		va_iso_week(day - va_weekday(day) + 1, &years[1], &weeks[1]);
		same = same && years[0] == years[1] && weeks[0] == weeks[1] && weeks[0] >= 1 && weeks[0] <= 53;
	}
	ok(same, "each day is in the week of its Monday");
	is_int(va_nth_weekday(2026, 2, 5, 1), -32768, "February 2026 has no fifth Monday");
}

static void
test_bounds(void)
{
	static char text[10241];
	static const char *const words[] = { "tomorrow at three or ", "not monday no ", "1 2 3 / . , ", "la una y ",
		"halbvier" };
	clock_t from = clock();

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		size_t len = strlen(words[i]);
		VaPhraseTimes times;

		for (size_t at = 0; at + len < sizeof(text); at += len)
			memcpy(text + at, words[i], len);
		for (size_t n = 0; va_phrase_language_code(n) != NULL; n++)
		{
			va_phrase_times(text, sizeof(text) - 1, va_phrase_language(va_phrase_language_code(n)), said, &times);
			ok(times.cut && times.count <= VA_PHRASE_TIMES_MAX, "10 KB of \"%s\" in %s", words[i],
				va_phrase_language_code(n));
		}
	}
	ok(clock() - from < CLOCKS_PER_SEC * 5, "in bounded time");
}

int
main(void)
{
	said = (VaTimeReference){ va_day_number(2026, 3, 17), 10 * 60 + 20 };
	test_phrases();
	test_alternatives();
	test_calendar();
	test_bounds();
	return done_testing();
}
