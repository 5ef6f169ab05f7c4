/*
 * test_phrases_times_en_fr.c
 *		What English and French say of moments in more than one word: lists,
 *		corrections, counts, weeks beside a day, and what is no time or stays
 *		unread.
 *
 * Said on Tuesday, 17 March 2026, at 10:20.
 */
#include "tap.h"

#include "pure/phrases/times/times.h"

typedef struct Phrase
{
	const char *code;
	const char *words;
	const char *reading; /* of the first alternative; "none" */
} Phrase;

static const Phrase phrases[] = {
	{ "en", "Please call me back next Friday at 3 pm, March 20th.", "2026-03-20T15:00" },
	{ "en", "next Friday at 3 pm, March 27th", "2026-03-27T15:00" },
	{ "en", "Friday at 3 pm, March 20th", "2026-03-20T15:00" },
	{ "en", "at 3 pm on March 20th", "2026-03-20T15:00" },
	{ "en", "Friday, March 20th, at 3 pm", "2026-03-20T15:00" },
	{ "en", "Friday at 3 pm, the 27th at 4", "none" },
	{ "en", "Friday at 3 pm, March 21st", "none" },
	{ "fr", "vendredi à 15 heures, le 20 mars", "2026-03-20T15:00" },
	{ "en", "w/c 30th March", "none" },
	{ "en", "w/c the 6th of April", "none" },
	{ "en", "we're at forty Sunday Street", "none" },
	{ "en", "I may or may not be around", "none" },
	{ "en", "they march to our beat", "none" },
	{ "en", "on the 17th at nine", "2026-03-17T21:00" },
	{ "en", "on the 17th at nine in the morning", "2026-04-17T09:00" },
	{ "en", "it'll cost four fifty plus tax", "none" },
	{ "en", "my code ends in nine thirty", "none" },
	{ "en", "tomorrow at one, hang on, I'm out, tomorrow at four", "2026-03-18T16:00" },
	{ "en", "ten's fine tomorrow", "2026-03-18T10:00" },
	{ "en", "two's perfect", "2026-03-17T14:00" },
	{ "en", "in a week or two", "none" },
	{ "en", "in a day or two", "none" },
	{ "en", "thurs day at noon", "2026-03-19T12:00" },
	{ "en", "later in the week", "2026-W12" },
	{ "en", "the middle of next week", "2026-03-24..2026-03-26" },
	{ "en", "Friday I'm in meetings but I could do four that day", "none" },
	{ "en", "six thirty, on the dot, Friday", "none" },
	{ "fr", "j'habite au troisième, porte six", "none" },
	{ "fr", "au deuxième étage", "none" },
	{ "fr", "la quatrième porte à droite", "none" },
	{ "fr", "d'ici dix jours je vous dis", "..2026-03-27" },
	{ "fr", "sous huitaine", "..2026-03-24" },
	{ "fr", "ça prend trois heures aller-retour", "none" },
	{ "fr", "ça dure deux heures", "none" },
	{ "fr", "ça fait dix ans que j'habite ici", "none" },
	{ "fr", "dans une semaine ou deux", "none" },
	{ "fr", "plus tard dans la semaine", "2026-W12" },
	{ "fr", "le samedi du pont de l'Ascension", "none" },
	{ "fr", "le vendredi du pont du premier mai", "none" },
	{ "fr", "mettez le 24 à la place du 23", "2026-03-24" },
	{ "fr", "le 20 au lieu du 19", "2026-03-20" },
	{ "fr", "la semaine après la prochaine", "2026-W14" },
	{ "fr", "au-delà du vingt", "2026-03-21.." },
	{ "fr", "au milieu de la semaine prochaine", "2026-03-24..2026-03-26" },
	{ "fr", "demain matin genre neuf heures", "2026-03-18T09:00" },
	{ "en", "unless it's Thursday, I'm free", "none" },
	{ "en", "I can't do Friday unless it's after five", "none" },
	{ "fr", "à moins que ce soit lundi", "none" },
	{ "en", "a week after my exam, which is in May", "none" },
	{ "fr", "deux semaines après mon mariage qui est le trois mai", "none" },
	{ "en", "two weeks before the end of the year", "none" },
	{ "en", "every other Monday", "none" },
	{ "en", "every other Friday I'm off, so this Friday", "2026-03-20" },
	{ "fr", "un lundi sur deux", "none" },
	{ "en", "you called me on Monday", "none" },
	{ "en", "I waited in on Saturday and nobody came", "none" },
	{ "en", "my appointment was on Thursday", "none" },
	{ "fr", "vous m'avez appelé jeudi", "none" },
	{ "fr", "j'ai attendu lundi toute la matinée", "none" },
	{ "fr", "il devait passer vendredi", "none" },
	{ "en", "25 to 4 tomorrow", "2026-03-18T15:35" },
	{ "en", "tomorrow 1700", "none" },
	{ "en", "she turns forty in April", "none" },
	{ "fr", "elle aura trente ans en juillet", "none" },
	{ "en", "the bank holiday weekend", "none" },
	{ "en", "next week, Monday or Thursday, mornings", "2026-03-23+morning, 2026-03-26+morning" },
	{ "en", "the end of this month or the beginning of next", "none" },
	{ "en", "after two but before five tomorrow", "2026-03-18T14:00..2026-03-18T17:00" },
	{ "fr", "après quatorze heures mais avant dix-sept heures demain", "2026-03-18T14:00..2026-03-18T17:00" },
	{ "en", "the first Tuesday of the month", "none" },
	{ "fr", "le premier mardi du mois", "none" },
	{ "en", "the last working day of April", "none" },
	{ "fr", "le premier jour ouvré de mai", "none" },
	{ "en", "on or after the 24th", "2026-03-24.." },
	{ "en", "on or before the 24th", "..2026-03-24" },
	{ "en", "I'm driving until two", "2026-03-17T14:00.." },
	{ "en", "Monday at two? no, I've the dentist. four?", "none" },
	{ "en", "Monday at two? no, I've the dentist", "none" },
	{ "fr", "et lundi à quinze heures ? ah non j'ai le dentiste", "none" },
	{ "en", "at two or at three? two", "none" },
	{ "fr", "le 23 ou le 24", "2026-03-23, 2026-03-24" },
	{ "fr", "jeudi à l'heure habituelle", "none" },
	{ "en", "Friday, the usual time", "none" },
	{ "fr", "d'ici la fin du mois", "..2026-03-31" },
	{ "fr", "d'ici ce soir", "..2026-03-17+evening" },
	{ "fr", "mecredi à dix heures", "2026-03-18T10:00" },
	{ "en", "wendesday at nine", "2026-03-18T09:00" },
	{ "en", "on thrusday", "none" },
	{ "en", "mon mari is French for my husband", "none" },
	{ "fr", "mon mari rappelle", "none" },
	{ "fr", "la dernière semaine de mars ou la première d'avril", "none" },
	{ "en", "I was thinking Wednesday at four", "2026-03-18T16:00" },
	{ "en", "I'm at work on Thursday so the evening's better", "2026-03-19+evening" },
	{ "en", "later would be better, eleven on Thursday", "2026-03-19T11:00" },
	{ "en", "any morning but Monday", "none" },
	{ "en", "it's ten now, so eleven", "none" },
	{ "en", "it's nearly noon here so call me on Friday", "2026-03-20" },
	{ "en", "they're closed until Thursday", "2026-03-19.." },
	{ "en", "before the deadline on the 30th", "none" },
	{ "fr", "avant la date limite du 30", "none" },
	{ "en", "the first three weeks of May", "none" },
	{ "en", "never after nine in the evening", "..2026-03-17T21:00" },
	{ "fr", "jamais après neuf heures du soir", "..2026-03-17T21:00" },
	{ "en", "early May, before the eighth anyway", "none" },
	{ "fr", "mettons lundi... non finalement non", "none" },
};

static const char *
reading(const Phrase *phrase)
{
	static char out[VA_PHRASE_TIMES_MAX * VA_PHRASE_TIME_TEXT_MAX];
	VaTimeReference said = { va_day_number(2026, 3, 17), 10 * 60 + 20 };
	VaPhraseTimes times;
	size_t used = 0;

	va_phrase_times(phrase->words, strlen(phrase->words), va_phrase_language(phrase->code), said, &times);
	strcpy(out, "none");
	for (size_t i = 0; i < times.count && times.items[i].alternative == 1; i++)
	{
		char text[VA_PHRASE_TIME_TEXT_MAX];

		va_phrase_time_text(&times.items[i], text);
		used += (size_t) snprintf(out + used, sizeof(out) - used, "%s%s", i == 0 ? "" : ", ", text);
	}
	return out;
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		is_str(reading(&phrases[i]), phrases[i].reading, "%s: %s", phrases[i].code, phrases[i].words);
	return done_testing();
}
