/*
 * test_phrases_times_en_fr.c
 *		What English and French say of moments in more than one word: lists,
 *		corrections, counts, weeks beside a day, and what is no time or stays
 *		unread.
 *
 * Said on Tuesday, 17 March 2026, at 10:20.
 */
#include "tap.h"

#include "pure/phrases/times.h"

typedef struct Phrase
{
	const char *code;
	const char *words;
	const char *reading; /* of the first alternative; "none" */
} Phrase;

static const Phrase phrases[] = {
	{ "en", "two or two thirty on Monday", "2026-03-23T14:00, 2026-03-23T14:30" },
	{ "en", "four or four fifteen tomorrow", "2026-03-18T16:00, 2026-03-18T16:15" },
	{ "en", "w/c 30th March", "2026-W14" },
	{ "en", "w/c the 6th of April", "2026-W15" },
	{ "en", "we're at forty Sunday Street", "none" },
	{ "en", "deliver it to 12 May Avenue", "none" },
	{ "en", "by the end of the day Thursday", "..2026-03-19" },
	{ "en", "by end of day", "..2026-03-17" },
	{ "en", "Friday by the end of the day", "..2026-03-20" },
	{ "en", "I may or may not be around", "none" },
	{ "en", "they march to our beat", "none" },
	{ "en", "on the 17th at nine", "2026-03-17T21:00" },
	{ "en", "on the 17th at nine in the morning", "2026-04-17T09:00" },
	{ "en", "it'll cost four fifty plus tax", "none" },
	{ "en", "my code ends in nine thirty", "none" },
	{ "en", "my lease ends on the first of May, so the week before that", "2026-W17" },
	{ "en", "my boiler is serviced on the fifth of May, so the week after that", "2026-W20" },
	{ "en", "how about four", "2026-03-17T16:00" },
	{ "en", "what about eleven", "2026-03-17T11:00" },
	{ "en", "Thursday or the day after", "2026-03-19, 2026-03-20" },
	{ "en", "tomorrow at one, hang on, I'm out, tomorrow at four", "2026-03-18T16:00" },
	{ "en", "in twenty twenty nine", "2029" },
	{ "en", "not before 2028", "2028.." },
	{ "en", "sometime in two thousand twenty seven", "2027" },
	{ "en", "ring me back in twenty", "2026-03-17T10:40" },
	{ "en", "ten's fine tomorrow", "2026-03-18T10:00" },
	{ "en", "two's perfect", "2026-03-17T14:00" },
	{ "en", "give me an hour or two", "2026-03-17T11:20..2026-03-17T12:20" },
	{ "en", "in a week or two", "2026-03-24..2026-03-31" },
	{ "en", "in a day or two", "2026-03-18..2026-03-19" },
	{ "en", "thurs day at noon", "2026-03-19T12:00" },
	{ "en", "tomorrow at for fifteen", "2026-03-18T16:15" },
	{ "en", "Easter Monday, the Monday, at ten", "2026-04-06T10:00" },
	{ "en", "later in the week", "2026-W12" },
	{ "en", "the middle of next week", "2026-03-24..2026-03-26" },
	{ "en", "around seven in the evening, but Thursday", "2026-03-19T19" },
	{ "en", "when was the 3rd of June again? let's say the 4th of June", "2026-06-04" },
	{ "en", "Friday I'm in meetings but I could do four that day", "2026-03-20T16:00" },
	{ "en", "Friday at eleven, I'm free this month", "2026-03-20T11:00" },
	{ "en", "six thirty, on the dot, Friday", "none" },
	{ "fr", "le vingt-cinq décembre non, mais le vingt-trois oui", "2026-12-23" },
	{ "fr", "le trente mai on est fermés mais le deux ça va", "2026-06-02" },
	{ "fr", "j'habite au troisième, porte six", "none" },
	{ "fr", "au deuxième étage", "none" },
	{ "fr", "la quatrième porte à droite", "none" },
	{ "fr", "la livraison est le premier mai donc la semaine d'avant", "2026-W17" },
	{ "fr", "d'ici dix jours je vous dis", "..2026-03-27" },
	{ "fr", "d'ici une semaine je saurai, rappelez-moi à ce moment-là", "2026-03-24" },
	{ "fr", "sous huitaine", "..2026-03-24" },
	{ "fr", "ça prend trois heures aller-retour", "none" },
	{ "fr", "ça dure deux heures", "none" },
	{ "fr", "ça fait dix ans que j'habite ici", "none" },
	{ "fr", "dans une semaine ou deux", "2026-03-24..2026-03-31" },
	{ "fr", "dans une heure ou deux", "2026-03-17T11:20..2026-03-17T12:20" },
	{ "fr", "dans l'heure", "..2026-03-17T11:20" },
	{ "fr", "plus tard dans la semaine", "2026-W12" },
	{ "fr", "les deux prochaines semaines", "2026-03-18..2026-03-31" },
	{ "fr", "dans les trois prochains jours", "2026-03-18..2026-03-20" },
	{ "fr", "pas avant deux mille trente", "2030.." },
	{ "fr", "le samedi du pont de l'Ascension", "2026-05-16" },
	{ "fr", "le vendredi du pont du premier mai", "2026-05-01" },
	{ "fr", "mettez le 24 à la place du 23", "2026-03-24" },
	{ "fr", "le 20 au lieu du 19", "2026-03-20" },
	{ "fr", "au printemps, disons mai", "2026-05" },
	{ "fr", "la semaine après la prochaine", "2026-W14" },
	{ "fr", "au-delà du vingt", "2026-03-21.." },
	{ "fr", "je sors à cinq heures mais ce soir à huit heures", "2026-03-17T20:00" },
	{ "fr", "vers dix-neuf heures, mais jeudi", "2026-03-19T19" },
	{ "fr", "le lundi de Pâques, le lundi, à dix heures", "2026-04-06T10:00" },
	{ "fr", "au milieu de la semaine prochaine", "2026-03-24..2026-03-26" },
	{ "fr", "le sept avril tombe quand, disons le 8 avril", "2026-04-08" },
	{ "fr", "demain matin genre neuf heures", "2026-03-18T09:00" },
	{ "fr", "mardi à onze heures, je suis là ce mois-ci", "2026-03-24T11:00" },
	{ "fr", "jeudi on déjeune ensemble mais je peux à quinze heures ce jour-là", "2026-03-19T15:00" },
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
