/*
 * test_phrases_promises.c
 *		What an assistant promises of calls to come binds; what it offers on terms
 *		does not: the standing line of a script is said to everybody.
 *
 * A talk is written with '/' between its turns, the assistant's first.
 */
#include "pure/phrases/verify/outcome.h"
#include "tap.h"

#define TURNS_MAX 16

typedef struct Case
{
	const char *language;
	const char *talk;
	bool binds;
} Case;

static const Case cases[] = {
	/* Promised, also where nobody has heard the person ask for it. */
	{ "en", "Hi, Acme Roofing./Oh, it's you lot again./I understand. We won't call you again./Right. Bye.", true },
	{ "en", "Hi, Acme Roofing./Oh, you again./Sorry if this was a bad time. I've taken you off our list./Bye.", true },
	{ "en", "Hi, Acme Roofing./Oh, you again./Let me take you off our list right away. Anything else?/Bye.", true },
	{ "en", "Hi, Acme Roofing./Oh, you again./You can be sure that we won't call you again./Bye.", true },
	{ "es", "Buenos días, clínica Sol./Otra vez ustedes./Lo entiendo. No volveremos a llamarle./Vale.", true },
	{ "es", "Buenos días, clínica Sol./Otra vez ustedes./Sí, disculpe. Le borro de la lista./Vale.", true },
	{ "fr", "Bonjour, cabinet Roux./Encore vous./Je comprends. Nous ne vous appellerons plus./Bien.", true },
	{ "fr", "Bonjour, cabinet Roux./Encore vous./Vous pouvez être tranquille, on ne vous rappellera plus./Bien.",
		true },
	{ "de", "Guten Tag, Praxis Weber./Sie schon wieder./Ich verstehe. Wir rufen Sie nicht mehr an./Gut.", true },
	{ "de", "Guten Tag, Praxis Weber./Sie schon wieder./Dann lösche ich Ihre Nummer aus der Liste./Gut.", true },
	/* Asked, and the person repeats it. */
	{ "de", "Guten Tag, Praxis Weber./Sie schon wieder./Also keine Anrufe mehr?/Keine. Und jetzt Schluss./Gut.", true },
	{ "de", "Guten Tag, Praxis Weber./Hallo./Haben Sie noch Fragen?/Keine. Danke./Gut.", false },
	{ "en", "Hi, Acme Roofing./You again./So no more calls?/None./Right.", true },
	/* A no to calls. */
	{ "de", "D\303\274rfen wir Sie wieder anrufen?/Nein. Und wenn ich Nein sage, ist das so.", true },
	{ "fr", "Puis-je vous rappeler dans une semaine\302\240?/Non, plut\303\264t vendredi \303\240 dix heures.", false },
	{ "en", "Shall I ring again tomorrow?/No, Friday at ten, please./Right.", false },
	/* Offered, and nobody takes it up. */
	{ "en", "Hi, Acme Roofing./Hello./I'll send the quote. Say stop and we won't call you again./Okay, thanks.",
		false },
	{ "en",
		"Hi, Acme Roofing./Hello./If you ever want us to stop, just say so and we will take you off our list./Sure.",
		false },
	{ "en", "Hi, Acme Roofing./Hello./You can opt out at any time./Fine, bye.", false },
	{ "en", "Hi, Acme Roofing./Hello./To be removed from our list, press nine./Okay, bye.", false },
	{ "en", "Hi, Acme Roofing./Hello./We won't call you again if you tell us not to./Okay, bye.", false },
	{ "en", "Hi, Acme Roofing./Hello./Just let us know and we'll never call you again./Okay, bye.", false },
	{ "es",
		"Buenos días, clínica Sol./Hola./Si prefiere que no le llamemos más, dígalo y le borramos de la lista./Vale.",
		false },
	{ "es", "Buenos días, clínica Sol./Hola./Diga stop y no volveremos a llamarle./Bien, gracias.", false },
	{ "es", "Buenos días, clínica Sol./Hola./Puede pedirnos cuando quiera que le quitemos de la lista./Bien, gracias.",
		false },
	{ "fr", "Bonjour, cabinet Roux./Bonjour./Dites stop et nous ne vous appellerons plus./D'accord, merci.", false },
	{ "fr",
		"Bonjour, cabinet Roux./Bonjour./Si vous ne souhaitez plus être appelé, dites-le-moi et je vous retire de la "
		"liste./D'accord.",
		false },
	{ "fr", "Bonjour, cabinet Roux./Bonjour./Il suffit de le demander et on ne vous rappellera plus./D'accord.",
		false },
	{ "de", "Guten Tag, Praxis Weber./Hallo./Sagen Sie Stopp, und wir rufen Sie nicht mehr an./Gut, danke.", false },
	{ "de",
		"Guten Tag, Praxis Weber./Hallo./Wenn Sie keine weiteren Anrufe möchten, sagen Sie es einfach, dann lösche ich "
		"Ihre Nummer./Gut, danke.",
		false },
	{ "de", "Guten Tag, Praxis Weber./Hallo./Ein Wort genügt, und wir rufen Sie nicht mehr an./Gut, danke.", false },
	/* Offered at the beginning, and taken up. */
	{ "en", "Hi, Acme Roofing. Say stop and we won't call you again./Stop./Goodbye.", true },
	{ "es", "Buenos días, clínica Sol. Diga stop y no le llamaremos más./Stop./Adiós.", true },
	{ "fr", "Bonjour, cabinet Roux. Dites stop et nous ne vous appellerons plus./Stop./Au revoir.", true },
	{ "de", "Guten Tag, Praxis Weber. Sagen Sie Stopp, und wir rufen Sie nicht mehr an./Stopp./Auf Wiederhören.",
		true },
};

static void
check(const Case *one)
{
	VaArena arena = { 0 };
	VaTalkTurn turns[TURNS_MAX];
	VaTalk talk;
	VaTalkOutcome found;
	size_t count = 0;

	for (const char *at = one->talk; *at != '\0' && count < TURNS_MAX; count++)
	{
		size_t len = strcspn(at, "/");

		turns[count] = (VaTalkTurn){ .text = at, .len = len, .person = count % 2 == 1 };
		at += len + (at[len] == '/');
	}
	if (!va_talk_read(&arena, turns, count, one->language, NULL, &talk))
	{
		ok(false, "a talk can be read");
		return;
	}
	va_read_outcome(&talk, &found);
	ok(found.opt_out == one->binds && (found.outcome == VA_OUTCOME_DO_NOT_CALL) == one->binds, "%s: %s",
		one->binds ? "binds" : "does not bind", one->talk);
	va_arena_free(&arena);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(&cases[i]);
	return done_testing();
}
