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
	{ "en", "in a week or two", "none" },
	{ "en", "in a day or two", "none" },
	{ "en", "thurs day at noon", "2026-03-19T12:00" },
	{ "en", "tomorrow at for fifteen", "2026-03-18T16:15" },
	{ "en", "Easter Monday, the Monday, at ten", "2026-04-06T10:00" },
	{ "en", "later in the week", "2026-W12" },
	{ "en", "the middle of next week", "2026-03-24..2026-03-26" },
	{ "en", "around seven in the evening, but Thursday", "2026-03-19T19" },
	{ "en", "when was the 3rd of June again? let's say the 4th of June", "2026-06-04" },
	{ "en", "Friday I'm in meetings but I could do four that day", "none" },
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
	{ "fr", "dans une semaine ou deux", "none" },
	{ "fr", "dans une heure ou deux", "2026-03-17T11:20..2026-03-17T12:20" },
	{ "fr", "dans l'heure", "..2026-03-17T11:20" },
	{ "fr", "plus tard dans la semaine", "2026-W12" },
	{ "fr", "les deux prochaines semaines", "2026-03-18..2026-03-31" },
	{ "fr", "dans les trois prochains jours", "2026-03-18..2026-03-20" },
	{ "fr", "pas avant deux mille trente", "2030.." },
	{ "fr", "le samedi du pont de l'Ascension", "none" },
	{ "fr", "le vendredi du pont du premier mai", "none" },
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
	{ "en", "we moved in May, call me on Friday", "2026-03-20" },
	{ "en", "my appointment was on Thursday", "none" },
	{ "fr", "vous m'avez appelé jeudi", "none" },
	{ "fr", "j'ai attendu lundi toute la matinée", "none" },
	{ "fr", "on est passé lundi, rappelez-moi jeudi", "2026-03-19" },
	{ "fr", "il devait passer vendredi", "none" },
	{ "en", "either Monday or Friday, but Friday suits me better", "2026-03-20" },
	{ "en", "Wednesday or Thursday at ten, Thursday is better", "2026-03-19T10:00" },
	{ "fr", "soit lundi soit jeudi, mais jeudi c'est mieux", "2026-03-19" },
	{ "en", "at eight, I mean in the evening, on Friday", "2026-03-20T20:00" },
	{ "en", "25 to 4 tomorrow", "2026-03-18T15:35" },
	{ "en", "tomorrow 1700", "none" },
	{ "en", "she turns forty in April", "none" },
	{ "fr", "elle aura trente ans en juillet", "none" },
	{ "en", "10 till 4 on Friday", "2026-03-20T10:00..2026-03-20T16:00" },
	{ "en", "Thursday pm", "2026-03-19+afternoon" },
	{ "en", "Friday am", "2026-03-20+morning" },
	{ "en", "the bank holiday weekend", "none" },
	{ "en", "for three nights", "none" },
	{ "en", "the total is one twenty", "none" },
	{ "en", "next week, Monday or Thursday, mornings", "2026-03-23+morning, 2026-03-26+morning" },
	{ "en", "move my nine o'clock on Friday to two thirty", "2026-03-20T14:30" },
	{ "en", "this Friday not next", "2026-03-20" },
	{ "fr", "ce vendredi pas le prochain", "2026-03-20" },
	{ "en", "the end of this month or the beginning of next", "none" },
	{ "en", "after two but before five tomorrow", "2026-03-18T14:00..2026-03-18T17:00" },
	{ "fr", "après quatorze heures mais avant dix-sept heures demain", "2026-03-18T14:00..2026-03-18T17:00" },
	{ "en", "the first Tuesday of the month", "2026-04-07" },
	{ "fr", "le premier mardi du mois", "2026-04-07" },
	{ "en", "the last working day of April", "none" },
	{ "fr", "le premier jour ouvré de mai", "none" },
	{ "en", "on or after the 24th", "2026-03-24.." },
	{ "en", "on or before the 24th", "..2026-03-24" },
	{ "en", "I'm in class until noon, then free", "2026-03-17T12:00.." },
	{ "en", "I'm driving until two", "2026-03-17T14:00.." },
	{ "en", "I start at eleven, so before that", "..2026-03-17T11:00" },
	{ "en", "I've the dentist at three, so after that", "2026-03-17T15:00.." },
	{ "en", "Monday at two? no, I've the dentist. four?", "none" },
	{ "en", "Monday at two? no, I've the dentist", "none" },
	{ "fr", "et lundi à quinze heures ? ah non j'ai le dentiste", "none" },
	{ "fr", "on avait dit le vingt, non ?", "2026-03-20" },
	{ "en", "at two or at three? two", "none" },
	{ "fr", "le 23 ou le 24", "2026-03-23, 2026-03-24" },
	{ "fr", "demain ou le jour d'après", "2026-03-18, 2026-03-19" },
	{ "fr", "jeudi à l'heure habituelle", "none" },
	{ "en", "Friday, the usual time", "none" },
	{ "fr", "dans une heure dix", "2026-03-17T11:30" },
	{ "fr", "une heure trente vendredi", "2026-03-20T13:30" },
	{ "fr", "d'ici la fin du mois", "..2026-03-31" },
	{ "fr", "d'ici ce soir", "..2026-03-17+evening" },
	{ "fr", "changez de mardi dix heures à jeudi dix heures", "2026-03-19T10:00" },
	{ "fr", "mecredi à dix heures", "2026-03-18T10:00" },
	{ "en", "wendesday at nine", "2026-03-18T09:00" },
	{ "en", "on thrusday", "none" },
	{ "en", "mon mari is French for my husband", "none" },
	{ "fr", "mon mari rappelle", "none" },
	{ "fr", "lun. 9h", "2026-03-23T09:00" },
	{ "fr", "semaine 20", "2026-W20" },
	{ "fr", "la dernière semaine de mars ou la première d'avril", "none" },
	{ "en", "I was thinking Wednesday at four", "2026-03-18T16:00" },
	{ "en", "I'm at work on Thursday so the evening's better", "2026-03-19+evening" },
	{ "en", "actually four is better, on Friday", "2026-03-20T16:00" },
	{ "en", "later would be better, eleven on Thursday", "2026-03-19T11:00" },
	{ "en", "any morning but Monday", "none" },
	{ "en", "from ten to noon on Thursday and Friday",
		"2026-03-19T10:00..2026-03-19T12:00, 2026-03-20T10:00..2026-03-20T12:00" },
	{ "fr", "de dix heures à midi jeudi et vendredi",
		"2026-03-19T10:00..2026-03-19T12:00, 2026-03-20T10:00..2026-03-20T12:00" },
	{ "en", "it's ten now, so eleven", "none" },
	{ "en", "it's nearly noon here so call me on Friday", "2026-03-20" },
	{ "en", "they're closed until Thursday", "2026-03-19.." },
	{ "en", "the sale ends Friday, so before then", "..2026-03-19" },
	{ "en", "before the deadline on the 30th", "none" },
	{ "fr", "avant la date limite du 30", "none" },
	{ "en", "the first three weeks of May", "none" },
	{ "fr", "l'offre se termine vendredi donc avant", "..2026-03-19" },
	{ "en", "nineteen hundred, military time, Friday", "none" },
	{ "en", "I close at six but Friday is fine", "2026-03-20" },
	{ "en", "never after nine in the evening", "..2026-03-17T21:00" },
	{ "fr", "jamais après neuf heures du soir", "..2026-03-17T21:00" },
	{ "en", "early May, before the eighth anyway", "none" },
	{ "fr", "mettons lundi... non finalement non", "none" },
	{ "fr", "vendredi, pas celui-ci, celui d'après", "2026-03-27" },
	{ "en", "this week's crazy, but Thursday or Friday at ten", "2026-03-19T10:00, 2026-03-20T10:00" },
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
