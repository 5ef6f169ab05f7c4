/*
 * test_phrases_intents.c
 *		What people do with words, and in which sense.
 */
#include "pure/phrases/words/intents.h"
#include "tap.h"

typedef struct Case
{
	const char *language;
	const char *turn;
	VaIntent intent;
	int sense; /* -1: it is not found */
} Case;

static const Case cases[] = {
	{ "en", "Take me off your list.", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "en", "I'm not interested, and take us off your list while you're at it.", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "en", "No more calls, please.", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "en", "I don\342\200\231t want you to call me again.", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "en", "Please stop bothering us", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "en", "Don't stop calling", VA_INTENT_OPT_OUT, VA_SENSE_DENIED },
	{ "en", "I'm not saying take me off your list", VA_INTENT_OPT_OUT, VA_SENSE_DENIED },
	{ "en", "He told them never call me again", VA_INTENT_OPT_OUT, VA_SENSE_QUOTED },
	{ "en", "Don't call me again before Monday", VA_INTENT_OPT_OUT, VA_SENSE_CONDITIONAL },
	{ "en", "If you call, never call me again", VA_INTENT_OPT_OUT, VA_SENSE_CONDITIONAL },
	{ "en", "Put me on your list", VA_INTENT_OPT_OUT, -1 },
	{ "en", "You have the wrong number.", VA_INTENT_WRONG_NUMBER, VA_SENSE_PLAIN },
	{ "en", "There's nobody here by that name", VA_INTENT_WRONG_NUMBER, VA_SENSE_PLAIN },
	{ "en", "Call me back tomorrow", VA_INTENT_CALLBACK, VA_SENSE_PLAIN },
	{ "en", "I will call you back", VA_INTENT_CALLBACK, -1 },
	{ "en", "No thanks.", VA_INTENT_REFUSAL, VA_SENSE_PLAIN },
	{ "en", "I'm not really interested", VA_INTENT_REFUSAL, VA_SENSE_PLAIN },
	{ "en", "Please leave a message after the tone.", VA_INTENT_VOICEMAIL, VA_SENSE_PLAIN },
	{ "en", "My mom isn't here", VA_INTENT_OTHER, VA_SENSE_PLAIN },
	{ "en", "This is his wife", VA_INTENT_OTHER, VA_SENSE_PLAIN },
	{ "en", "Never mind", VA_INTENT_WITHDRAWAL, VA_SENSE_PLAIN },
	{ "en", "Yes.", VA_INTENT_YES, VA_SENSE_PLAIN },
	{ "en", "Nope", VA_INTENT_NO, VA_SENSE_PLAIN },
	{ "es", "No me llamen m\303\241s.", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "es", "Qu\303\255teme de su lista", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "es", "no me llame antes del lunes", VA_INTENT_OPT_OUT, -1 },
	{ "es", "Ll\303\241meme ma\303\261ana", VA_INTENT_CALLBACK, VA_SENSE_PLAIN },
	{ "es", "m\303\241rcame ma\303\261ana", VA_INTENT_CALLBACK, VA_SENSE_PLAIN },
	{ "es", "ya no me marques nunca", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "es", "No me interesa", VA_INTENT_REFUSAL, VA_SENSE_PLAIN },
	{ "es", "Se ha equivocado de n\303\272mero", VA_INTENT_WRONG_NUMBER, VA_SENSE_PLAIN },
	{ "es", "Me gusta, de verdad.", VA_INTENT_REFUSAL, -1 },
	{ "fr", "Ne m\342\200\231appelez plus jamais.", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "fr", "Retirez-moi de votre liste", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "fr", "Je ne veux pas", VA_INTENT_OPT_OUT, -1 },
	{ "fr", "Rappelez-moi demain", VA_INTENT_CALLBACK, VA_SENSE_PLAIN },
	{ "fr", "\303\207a ne m'int\303\251resse pas", VA_INTENT_REFUSAL, VA_SENSE_PLAIN },
	{ "fr", "Je ne suis pas int\303\251ress\303\251.", VA_INTENT_REFUSAL, VA_SENSE_PLAIN },
	{ "fr", "Je ne dis pas que \303\247a ne m'int\303\251resse pas.", VA_INTENT_REFUSAL, VA_SENSE_DENIED },
	{ "fr", "Je ne suis pas s\303\273r.", VA_INTENT_WRONG_NUMBER, -1 },
	{ "fr", "Je ne suis pas cette personne.", VA_INTENT_WRONG_NUMBER, VA_SENSE_PLAIN },
	{ "fr", "Laissez un message apr\303\250s le bip", VA_INTENT_VOICEMAIL, VA_SENSE_PLAIN },
	{ "en", "I want off your list.", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "en", "Please don't call me.", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "en", "Don't call me, text me.", VA_INTENT_OPT_OUT, -1 },
	{ "es", "S\303\241came de la lista", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "fr", "Plus la peine de me rappeler", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "fr", "Arr\303\252tez d'appeler", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "de", "Ich w\303\274nsche keine weiteren Anrufe", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "de", "Tragen Sie mich bitte aus", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "de", "Rufen Sie mich nie wieder an!", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "de", "L\303\266schen Sie meine Nummer", VA_INTENT_OPT_OUT, VA_SENSE_PLAIN },
	{ "de", "Nehmen Sie ruhig die andere Nummer", VA_INTENT_OPT_OUT, -1 },
	{ "de", "Ich will auf jeden Fall mit", VA_INTENT_OPT_OUT, -1 },
	{ "de", "Rufen Sie mich morgen an", VA_INTENT_CALLBACK, VA_SENSE_PLAIN },
	{ "de", "Kein Interesse", VA_INTENT_REFUSAL, VA_SENSE_PLAIN },
	{ "en", "I've got the plumber on Monday.", VA_INTENT_REFUSAL, -1 },
	{ "en", "I just don't have a date yet.", VA_INTENT_REFUSAL, -1 },
	{ "en", "I've got one, thanks.", VA_INTENT_REFUSAL, VA_SENSE_PLAIN },
	{ "es", "El s\303\241bado, que no trabajo.", VA_INTENT_REFUSAL, -1 },
	{ "es", "A las ocho ya estoy en casa.", VA_INTENT_REFUSAL, -1 },
	{ "es", "He dicho que no.", VA_INTENT_REFUSAL, VA_SENSE_PLAIN },
	{ "fr", "C'est le permis qu'on n'a pas encore.", VA_INTENT_REFUSAL, -1 },
	{ "fr", "Elle n'a plus que moi.", VA_INTENT_REFUSAL, -1 },
	{ "fr", "Ne nous rayez surtout pas de la liste.", VA_INTENT_REFUSAL, -1 },
	{ "fr", "Y a pas de mal.", VA_INTENT_REFUSAL, -1 },
	{ "fr", "Je n'ai pas besoin de \303\247a.", VA_INTENT_REFUSAL, VA_SENSE_PLAIN },
	{ "de", "Falsch verbunden", VA_INTENT_WRONG_NUMBER, VA_SENSE_PLAIN },
};

static int
sense_of(const Case *c, VaFindings *findings)
{
	va_read_intents(c->language, c->turn, strlen(c->turn), findings);
	for (size_t i = 0; i < findings->count; i++)
	{
		if (findings->items[i].intent == c->intent)
			return (int) findings->items[i].sense;
	}
	return -1;
}

static void
test_intents(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		VaFindings findings;

		is_int(sense_of(&cases[i], &findings), cases[i].sense, "%s %d: %s", cases[i].language,
			(int) cases[i].intent, cases[i].turn);
	}
}

static void
test_words(void)
{
	const char *turn = "Well, um, take me off your list, okay?";
	VaFindings findings;

	ok(va_read_intents("en-GB", turn, strlen(turn), &findings), "a regional tag has its language's table");
	is_mem(turn + findings.items[0].offset, findings.items[0].len, "take me off your list", 21,
		"the words that show it, no more");
	ok(!va_read_intents("xx", turn, strlen(turn), &findings) && findings.count == 0, "no table, no findings");
	ok(va_read_intents("en", "", 0, &findings) && findings.count == 0, "no words, no findings");
	ok(va_asks_to_stop(turn, strlen(turn)), "asks to be called no more");
	ok(!va_asks_to_stop("Call me again.", 14), "... or again");
}

/* Many findings and a long turn end where their bounds are. */
static void
test_bounds(void)
{
	enum
	{
		LONG = 100000
	};
	char *text = malloc(LONG);
	VaFindings findings;

	for (size_t i = 0; i < LONG; i++)
		text[i] = "stop calling me. "[i % 17];
	va_read_intents("en", text, LONG, &findings);
	is_int(findings.count, VA_FINDINGS_MAX, "as many findings as there is room for");
	free(text);
}

int
main(void)
{
	test_intents();
	test_words();
	test_bounds();
	return done_testing();
}
