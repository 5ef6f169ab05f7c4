/*
 * test_phrases_outcome.c
 *		What talks come to: as people speak on the telephone, in five languages.
 *
 * A talk is written a turn a line, "a" or "p" and a blank before its words.
 * All are held on Tuesday 2026-03-17 at 10:20.
 */
#include "pure/phrases/verify/outcome.h"
#include "tap.h"

#define TURNS_MAX 40

typedef struct Case
{
	const char *language;
	const char *talk;
	VaOutcome outcome;
	const char *time; /* NULL: none; "*": any */
	bool opt_out;
} Case;

static const Case cases[] = {
	/* An hour of something else that the person has stands in no way of one that it wants. */
	{ "en",
		"a Hi, this is Nova. When may we come?\np I have a meeting at nine, but Friday at ten would work.\n"
		"a Friday at ten, I have put you down.\np Thanks.",
		VA_OUTCOME_SCHEDULED, "2026-03-20T10:00", false },
	{ "en",
		"a Hi, this is Nova.\np I'd like to have an appointment on Friday at nine.\n"
		"a Friday at nine, you are booked.\np Thanks.",
		VA_OUTCOME_SCHEDULED, "2026-03-20T09:00", false },
	{ "de",
		"a Guten Tag, hier ist Nova. Wann passt es?\np Ich habe Zeit f\303\274r einen Termin am Freitag um neun.\n"
		"a Freitag um neun, ist eingetragen.\np Danke.",
		VA_OUTCOME_SCHEDULED, "2026-03-20T09:00", false },
	{ "it",
		"a Buongiorno, sono Nova. Quando possiamo passare?\np Venerd\303\254 alle dieci mi va bene.\n"
		"a Appuntamento fissato per venerd\303\254 alle dieci.\np Perfetto, grazie.",
		VA_OUTCOME_SCHEDULED, "2026-03-20T10:00", false },
	{ "it",
		"a Buongiorno, sono Nova.\np Adesso sto guidando, mi richiami domani alle cinque.\n"
		"a La richiamo domani alle cinque.\np Arrivederci.",
		VA_OUTCOME_CALLBACK, "2026-03-18T17:00", false },
	{ "it", "a Buongiorno, sono Nova.\np Basta con queste telefonate, toglietemi dalla vostra lista!",
		VA_OUTCOME_DO_NOT_CALL, NULL, true },
	{ "it", "a Buongiorno, parlo con il signor Bianchi?\np No, ha sbagliato numero.\na Mi scusi.",
		VA_OUTCOME_WRONG_NUMBER, NULL, false },
	{ "it", "a Buongiorno, sono Nova.\np Non mi interessa, grazie.\na Capisco, buona giornata.",
		VA_OUTCOME_NOT_INTERESTED, NULL, false },
#include "outcome_en.inc"
#include "outcome_es.inc"
#include "outcome_fr.inc"
#include "outcome_de.inc"
};

/* Said after a visit was agreed on: an end to all calls, or none. */
typedef struct Last
{
	const char *language;
	bool stops;
	const char *words;
} Last;

static const Last lasts[] = {
	{ "es", true, "Que no y que no llam\303\251is. Y punto." },
	{ "es", true, "Que no me llamen." },
	{ "es", false, "Mi hermano dijo que no llamen a mi madre el jueves." },
	{ "en", true, "And after that don't call me again." },
	{ "en", true, "After Thursday, don't call me again." },
	{ "en", true, "This is the last time you call." },
	{ "en", true, "That's the last time you call me, okay?" },
	{ "en", true, "Delete my number when we are done." },
	{ "en", true, "Once that's done, please delete my number." },
	{ "en", true, "And then no more calls, please." },
	{ "en", true, "When he's been, take me off your list." },
	{ "en", true, "After the visit I don't want any more calls." },
	{ "en", true, "And then you never call here again, understood?" },
	{ "en", true, "And that was the last call I take from you." },
	{ "en", true, "Once he has been, lose my number." },
	{ "en", true, "Don't contact me afterwards." },
	{ "en", true, "But no further calls after that, please." },
	{ "en", true, "After this I don't want to hear from you again." },
	{ "en", true, "And let this be the last call." },
	{ "en", true, "And if you're done, take my number out of your system." },
	{ "en", true, "That's fine, but stop calling after that." },
	{ "en", true, "And I don't want you people calling after Thursday ever again." },
	{ "en", true, "When it's done, erase my data." },
	{ "en", true, "Then that's it, no more phone calls from you." },
	{ "en", true, "And from then on, leave me alone." },
	{ "en", true, "After that you can delete me from your list." },
	{ "en", true, "I want my number removed once you've been here." },
	{ "en", true, "Make sure nobody calls me after that again." },
	{ "en", false, "Don't call me after six, though." },
	{ "en", false, "Call me after that if anything changes." },
	{ "en", false, "Don't call me again before Thursday." },
	{ "en", false, "No more questions, thanks." },
	{ "en", false, "And don't call before nine, please." },
	{ "en", false, "If he's late, call me again." },
	{ "en", false, "The last time you called I wasn't there." },
	{ "de", true, "Und danach rufen Sie mich nicht mehr an." },
	{ "de", true, "Und danach rufen Sie bitte nie wieder an." },
	{ "de", true, "Das ist das letzte Mal, dass Sie anrufen." },
	{ "de", true, "Das war das letzte Mal, dass Sie hier angerufen haben." },
	{ "de", true, "L\303\266schen Sie meine Nummer, wenn wir fertig sind." },
	{ "de", true, "Wenn das erledigt ist, l\303\266schen Sie bitte meine Nummer." },
	{ "de", true, "Danach will ich keine Anrufe mehr." },
	{ "de", true, "Und dann ist Schluss mit den Anrufen." },
	{ "de", true, "Nach dem Termin nehmen Sie mich von der Liste." },
	{ "de", true, "Nach Donnerstag m\303\266chte ich nicht mehr angerufen werden." },
	{ "de", true, "Und danach lassen Sie mich in Ruhe." },
	{ "de", true, "Aber danach keine weiteren Anrufe." },
	{ "de", true, "Und das ist Ihr letzter Anruf." },
	{ "de", true, "Danach m\303\266chte ich nichts mehr von Ihnen h\303\266ren." },
	{ "de", true, "Wenn er da war, streichen Sie mich aus der Kartei." },
	{ "de", true, "Meine Nummer l\303\266schen Sie danach." },
	{ "de", false, "Aber rufen Sie nicht nach achtzehn Uhr an." },
	{ "de", false, "Rufen Sie bitte vorher nicht mehr an." },
	{ "de", false, "Keine Fragen mehr, danke." },
	{ "de", false, "Das letzte Mal, als Sie anriefen, war ich nicht da." },
	{ "de", false, "Rufen Sie danach nochmal an." },
	{ "fr", true, "Et apr\303\250s \303\247a, ne m'appelez plus." },
	{ "fr", true, "Et ensuite vous ne m'appelez plus." },
	{ "fr", true, "C'est la derni\303\250re fois que vous appelez." },
	{ "fr", true, "C'est la derni\303\250re fois que vous m'appelez." },
	{ "fr", true, "Supprimez mon num\303\251ro quand on aura fini." },
	{ "fr", true, "Une fois que c'est fait, effacez mon num\303\251ro." },
	{ "fr", true, "Apr\303\250s, je ne veux plus d'appels." },
	{ "fr", true, "Apr\303\250s jeudi, je ne veux plus \303\252tre appel\303\251." },
	{ "fr", true, "Et apr\303\250s, plus d'appels, s'il vous pla\303\256t." },
	{ "fr", true, "Et ensuite, laissez-moi tranquille." },
	{ "fr", true, "Quand il sera pass\303\251, retirez-moi de votre liste." },
	{ "fr", true, "Et que ce soit le dernier appel." },
	{ "fr", true, "Apr\303\250s \303\247a, je ne veux plus entendre parler de vous." },
	{ "fr", true, "Et apr\303\250s \303\247a, arr\303\252tez de m'appeler." },
	{ "fr", true, "Apr\303\250s la visite, vous supprimez mon num\303\251ro." },
	{ "fr", false, "N'appelez pas apr\303\250s dix-huit heures." },
	{ "fr", false, "Plus de questions, merci." },
	{ "fr", false, "La derni\303\250re fois que vous avez appel\303\251, je n'\303\251tais pas l\303\240." },
	{ "es", true, "Y despu\303\251s de eso no me llamen m\303\241s." },
	{ "es", true, "Y despu\303\251s no me vuelvan a llamar." },
	{ "es", true, "Es la \303\272ltima vez que llaman." },
	{ "es", true, "Esta es la \303\272ltima vez que me llaman." },
	{ "es", true, "Borre mi n\303\272mero cuando terminemos." },
	{ "es", true, "Cuando acabemos, elimine mi n\303\272mero." },
	{ "es", true, "Despu\303\251s no quiero m\303\241s llamadas." },
	{ "es", true, "Y luego ya no me llamen." },
	{ "es", true, "Y despu\303\251s dejen de llamarme." },
	{ "es", true, "Cuando haya venido, qu\303\255tenme de la lista." },
	{ "es", true, "Y que sea la \303\272ltima llamada." },
	{ "es", true, "Despu\303\251s de la visita, borren mis datos." },
	{ "es", true, "Despu\303\251s de eso no quiero que me llamen." },
	{ "es", true, "Despu\303\251s del jueves no quiero saber m\303\241s de ustedes." },
	{ "es", true, "Y despu\303\251s me dejan en paz." },
	{ "es", true, "Y despu\303\251s me borra de la lista." },
	{ "es", false, "No me llame despu\303\251s de las seis." },
	{ "es", false, "No tengo m\303\241s preguntas, gracias." },
	{ "es", false, "La \303\272ltima vez que llamaron no estaba." },
};

static const char *const before_last[][2] = {
	{ "en", "a Could someone come by Thursday at three?\n"
			"p Thursday at three is fine.\n"
			"a Great, Thursday at three. Anything else?\n"
			"p " },
	{ "de", "a Passt Donnerstag um 15 Uhr?\n"
			"p Ja, Donnerstag um 15 Uhr passt.\n"
			"a Sehr gut, Donnerstag um 15 Uhr. Sonst noch etwas?\n"
			"p " },
	{ "fr", "a Jeudi \303\240 quinze heures, \303\247a vous va ?\n"
			"p Oui, jeudi \303\240 quinze heures.\n"
			"a C'est not\303\251, jeudi \303\240 quinze heures. Autre chose ?\n"
			"p " },
	{ "es", "a \302\277Le viene bien el jueves a las tres de la tarde?\n"
			"p S\303\255, el jueves a las tres de la tarde.\n"
			"a Perfecto, el jueves a las tres de la tarde. \302\277Algo m\303\241s?\n"
			"p " },
};

static size_t
cut_turns(const char *talk, VaTalkTurn *turns)
{
	size_t count = 0;

	while (*talk != '\0' && count < TURNS_MAX)
	{
		size_t len = strcspn(talk, "\n");

		turns[count++] = (VaTalkTurn){ .text = talk + 2, .len = len - 2, .person = talk[0] == 'p' };
		talk += len + (talk[len] == '\n');
	}
	return count;
}

static void
check_last(const Last *last)
{
	static const VaTimeReference reference = { .day = 20529, .minutes = 620 };
	VaArena arena = { 0 };
	VaTalkTurn turns[TURNS_MAX];
	char text[2048];
	VaTalk talk;
	VaTalkOutcome found;
	const char *before = "";

	for (size_t i = 0; i < sizeof(before_last) / sizeof(before_last[0]); i++)
	{
		if (strcmp(before_last[i][0], last->language) == 0)
			before = before_last[i][1];
	}
	snprintf(text, sizeof(text), "%s%s", before, last->words);
	if (!va_talk_read(&arena, turns, cut_turns(text, turns), last->language, &reference, &talk))
	{
		ok(false, "a talk can be read");
		return;
	}
	va_read_outcome(&talk, &found);
	ok(found.opt_out == last->stops, "%s opt-out after what was agreed: %s", last->stops ? "an" : "no", last->words);
	ok((found.outcome == VA_OUTCOME_DO_NOT_CALL) == last->stops, "is what the talk came to");
	va_arena_free(&arena);
}

/* Words alone are certain of stops; all else an author has to claim. */
static bool
is_stop(VaOutcome outcome)
{
	return outcome == VA_OUTCOME_DO_NOT_CALL || outcome == VA_OUTCOME_WRONG_NUMBER || outcome == VA_OUTCOME_VOICEMAIL ||
		   outcome == VA_OUTCOME_NOT_INTERESTED || outcome == VA_OUTCOME_UNFINISHED;
}

static void
check_case(const Case *one)
{
	static const VaTimeReference reference = { .day = 20529, .minutes = 620 };
	VaArena arena = { 0 };
	VaTalkTurn turns[TURNS_MAX];
	size_t count = cut_turns(one->talk, turns);
	VaTalk talk;
	VaTalkOutcome found;
	char time[VA_PHRASE_TIME_TEXT_MAX] = "";

	if (!va_talk_read(&arena, turns, count, one->language, &reference, &talk))
	{
		ok(false, "a talk can be read");
		return;
	}
	va_read_outcome(&talk, &found);
	if (found.timed)
		va_phrase_time_text(&found.time, time);
	ok(found.outcome == one->outcome && found.certain == is_stop(one->outcome), "%s: %.60s", va_outcome_name(one->outcome), one->talk);
	ok(one->time == NULL ? !found.timed : strcmp(time, one->time) == 0, "at %s",
		one->time == NULL ? "no time" : one->time);
	ok(found.opt_out == one->opt_out, "%s opt-out", one->opt_out ? "an" : "no");
	if (found.outcome != one->outcome || found.certain != is_stop(one->outcome))
		diag("got %s, %s [%s]", va_outcome_name(found.outcome), found.certain ? "certain" : "not certain", time);
	va_arena_free(&arena);
}

/* Two questions in one, and a no: it is completed by none of them, and no certain refusal. */
static const char *const twofold[][2] = {
	{ "en", "Anything else, or shall I book it?\np No thanks." },
	{ "en", "Is there anything else you need, or should I book that visit for you?\np No." },
	{ "en", "Anything else I can help with, or shall I call you back on Monday?\np No thank you." },
	{ "en", "Anything else, or may we come by and have a look?\np No, thanks." },
	{ "en", "Is there anything else, or shall I send you an email?\np Nope." },
	{ "en", "Do you want me to book it? Or is there anything else?\np No thanks." },
	{ "de", "Sonst noch etwas, oder soll ich den Termin eintragen?\np Nein danke." },
	{ "fr", "Autre chose, ou est-ce que je réserve le rendez-vous ?\np Non merci." },
	{ "es", "Â¿Algo mÃ¡s, o le reservo la cita?\np No, gracias." },
	{ "it", "Altro, o prenoto l'appuntamento?\np No, grazie." },
};

static void
check_twofold(size_t i)
{
	static const VaTimeReference reference = { .day = 20529, .minutes = 620 };
	VaArena arena = { 0 };
	VaTalkTurn turns[TURNS_MAX];
	VaTalk talk;
	VaTalkOutcome found = { 0 };
	char text[300];

	snprintf(text, sizeof(text), "a Nova, Acme.\np OK.\na %s", twofold[i][1]);
	if (va_talk_read(&arena, turns, cut_turns(text, turns), twofold[i][0], &reference, &talk))
		va_read_outcome(&talk, &found);
	ok(found.outcome == VA_OUTCOME_NOT_INTERESTED && !found.certain && !found.opt_out, "doubtful: %s", twofold[i][1]);
	if (found.outcome != VA_OUTCOME_NOT_INTERESTED || found.certain)
		diag("got %s, %s", va_outcome_name(found.outcome), found.certain ? "certain" : "not certain");
	va_arena_free(&arena);
}

/* Prompts of telephones that ask who calls; a person who takes the call behind one is a person. */
static const struct
{
	const char *language;
	const char *talk;
	bool screened;
} screeners[] = {
	{ "en", "p Hi, if you record your name and reason for calling, I'll see if this person is available.\na Ann from Acme, about your visit.\np Thanks. Please stay on the line.", true },
	{ "en", "p Hello.\np Please state your name and the reason for calling.\na This is Ann from Acme.", true },
	{ "en", "p The person you are calling is using a screening service from Google, and will get a copy of this conversation. Go ahead and say your name and why you're calling.\na Ann from Acme.", true },
	{ "en", "p This call may be screened.\na Ann from Acme.\np Please leave a message after the tone.", true },
	{ "en", "p If you record your name and reason for calling, I'll see if this person is available.\na Ann from Acme.\np Hello? Who is this?", false },
	{ "en", "p If you record your name and reason for calling, I'll see if this person is available.\na Ann from Acme.\np Take me off your list and never call me again.", false },
	{ "en", "p Can I ask who's calling, and what it's about?\na Ann from Acme.", false },
	{ "en", "p Yes, this is Linda Lee.\na This is Ann from Acme.\np Say your name again, and hold on, I am driving.", false },
	{ "de", "p Hallo, wenn du deinen Namen und den Grund f\303\274r deinen Anruf nennst, sehe ich nach, ob diese Person erreichbar ist.\na Hier ist Ann von Acme.\np Danke. Bitte bleib dran.", true },
	{ "de", "p Wie ist Ihr Name, und worum geht es?\na Hier ist Ann von Acme.", false },
	{ "es", "p Hola, si grabas tu nombre y el motivo de la llamada, ver\303\251 si esta persona est\303\241 disponible.\na Soy Ann, de Acme.", true },
	{ "es", "p \302\277De parte de qui\303\251n?\na Soy Ann, de Acme.", false },
	{ "fr", "p Bonjour, si vous enregistrez votre nom et la raison de votre appel, je vais voir si cette personne est disponible.\na Ann, d'Acme.\np Merci. Restez en ligne.", true },
	{ "fr", "p C'est de la part de qui ?\na Ann, d'Acme.", false },
};

static void
check_screener(size_t i)
{
	static const VaTimeReference reference = { .day = 20529, .minutes = 620 };
	VaArena arena = { 0 };
	VaTalkTurn turns[TURNS_MAX];
	VaTalk talk;
	VaTalkOutcome found;

	if (!va_talk_read(&arena, turns, cut_turns(screeners[i].talk, turns), screeners[i].language, &reference, &talk))
	{
		ok(false, "a talk can be read");
		return;
	}
	va_read_outcome(&talk, &found);
	ok(found.screened == screeners[i].screened, "%s: %.60s", screeners[i].screened ? "a screener" : "no screener", screeners[i].talk);
	ok(!found.screened || (found.outcome == VA_OUTCOME_VOICEMAIL && found.certain && !found.opt_out), "... is a machine, for certain");
	va_arena_free(&arena);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(twofold) / sizeof(twofold[0]); i++)
		check_twofold(i);
	for (size_t i = 0; i < sizeof(screeners) / sizeof(screeners[0]); i++)
		check_screener(i);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_case(&cases[i]);
	for (size_t i = 0; i < sizeof(lasts) / sizeof(lasts[0]); i++)
		check_last(&lasts[i]);
	return done_testing();
}
