/*
 * test_phrases_feasts.c
 *		Feasts of other calendars fall on the days on which they were, and are, held.
 *
 * Phrases are said on Tuesday, 17 March 2026, at 10:20.
 */
#include "tap.h"

#include "pure/phrases/feasts.h"
#include "pure/phrases/times.h"
#include "pure/phrases/times_words.h"

typedef struct Held
{
	int feast;
	int year, month, day;
} Held;

/* Hebrew feasts on the day in whose evening they begin. */
static const Held held[] = {
	{ VA_FEAST_PASSOVER, 2024, 4, 22 },
	{ VA_FEAST_PASSOVER, 2026, 4, 1 },
	{ VA_FEAST_ROSH_HASHANAH, 2023, 9, 15 },
	{ VA_FEAST_ROSH_HASHANAH, 2026, 9, 11 },
	{ VA_FEAST_YOM_KIPPUR, 2018, 9, 18 },
	{ VA_FEAST_YOM_KIPPUR, 2026, 9, 20 },
	{ VA_FEAST_HANUKKAH, 2024, 12, 25 },
	{ VA_FEAST_HANUKKAH, 2026, 12, 4 },
	{ VA_FEAST_PURIM, 2024, 3, 23 },
	{ VA_FEAST_PURIM, 2026, 3, 2 },
	{ VA_FEAST_TU_BISHVAT, 2018, 1, 30 },
	{ VA_FEAST_TISHA_BAV, 2018, 7, 21 },
	{ VA_FEAST_YOM_HAATZMAUT, 2018, 4, 18 },
	{ VA_FEAST_YOM_HAATZMAUT, 2026, 4, 21 },
	{ VA_FEAST_RAMADAN, 2024, 3, 11 },
	{ VA_FEAST_RAMADAN, 2026, 2, 18 },
	{ VA_FEAST_EID_AL_FITR, 2024, 4, 10 },
	{ VA_FEAST_EID_AL_FITR, 2026, 3, 20 },
	{ VA_FEAST_EID_AL_ADHA, 2024, 6, 16 },
	{ VA_FEAST_EID_AL_ADHA, 2026, 5, 27 },
	{ VA_FEAST_ISLAMIC_NEW_YEAR, 2018, 9, 11 },
	{ VA_FEAST_CHINESE_NEW_YEAR, 1985, 2, 20 },
	{ VA_FEAST_CHINESE_NEW_YEAR, 2025, 1, 29 },
	{ VA_FEAST_CHINESE_NEW_YEAR, 2026, 2, 17 },
	{ VA_FEAST_CHINESE_NEW_YEAR, 2034, 2, 19 },
	{ VA_FEAST_DIWALI, 2019, 10, 27 },
	{ VA_FEAST_DIWALI, 2024, 10, 31 },
	{ VA_FEAST_DIWALI, 2025, 10, 20 },
	{ VA_FEAST_DIWALI, 2026, 11, 8 },
	{ VA_FEAST_RAKSHA_BANDHAN, 2018, 8, 26 },
	{ VA_FEAST_GANESH_CHATURTHI, 2024, 9, 7 },
	{ VA_FEAST_DUSSEHRA, 2024, 10, 12 },
	{ VA_FEAST_PONGAL, 2019, 1, 15 },
	{ VA_FEAST_ONAM, 2018, 8, 24 },
	{ VA_FEAST_ONAM, 2024, 9, 15 },
	{ VA_FEAST_EASTERN_EASTER, 2024, 5, 5 },
	{ VA_FEAST_EASTERN_EASTER, 2026, 4, 12 },
};

typedef struct Phrase
{
	const char *code;
	const char *words;
	const char *reading; /* all alternatives */
} Phrase;

static const Phrase phrases[] = {
	{ "en", "after Yom Kippur 2018", "2018-09-19.. | 2018-09-20.." },
	{ "en", "Yom Kippur", "2026-09-20 | 2026-09-21" },
	{ "en", "call me on the day after Diwali at ten", "2026-11-09T10:00" },
	{ "en", "last Chinese New Year", "2026-02-17" },
	{ "en", "Passover", "2026-04-01..2026-04-09" },
	/* Ramadan has begun. */
	{ "en", "Ramadan", "2026-02-18..2026-03-19" },
	{ "de", "nach Ramadan", "2026-03-20.." },
	{ "de", "am Zuckerfest um zehn", "2026-03-20T10:00" },
	{ "de", "orthodoxer Ostermontag", "2026-04-13" },
	{ "es", "el año nuevo chino", "2027-02-06" },
	{ "fr", "pour la fête du mouton", "2026-05-27" },
	{ "fr", "le nouvel an chinois", "2027-02-06" },
	{ "en", "I lent him ten dollars", "none" },
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++)
	{
		VaCivilDay day = va_civil_day(va_feast_from(held[i].feast, va_day_number(held[i].year, 1, 1)));

		ok(day.year == held[i].year && day.month == held[i].month && day.day == held[i].day,
			"feast %d of %d: %d-%d, found %d-%d-%d", held[i].feast, held[i].year, held[i].month, held[i].day, day.year,
			day.month, day.day);
	}
	/* Two in one year: the next one is meant. */
	{
		VaCivilDay day = va_civil_day(va_feast_from(VA_FEAST_EID_AL_FITR, va_day_number(2033, 2, 1)));

		ok(day.year == 2033 && day.month == 12, "the second Eid al-Fitr of 2033 is in December");
	}
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
	{
		VaTimeReference said = { va_day_number(2026, 3, 17), 10 * 60 + 20 };
		VaPhraseTimes times;
		char out[VA_PHRASE_TIMES_MAX * VA_PHRASE_TIME_TEXT_MAX] = "none";
		size_t used = 0;

		va_phrase_times(phrases[i].words, strlen(phrases[i].words), va_phrase_language(phrases[i].code), said, &times);
		for (size_t n = 0; n < times.count; n++)
		{
			char text[VA_PHRASE_TIME_TEXT_MAX];

			va_phrase_time_text(&times.items[n], text);
			used += (size_t) snprintf(out + used, sizeof(out) - used, "%s%s", n == 0 ? "" : " | ", text);
		}
		is_str(out, phrases[i].reading, "%s: %s", phrases[i].code, phrases[i].words);
	}
	return done_testing();
}
