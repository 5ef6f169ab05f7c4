/*
 * test_phrases_outcome.c
 *		What talks come to: as people speak on the telephone, in four languages.
 *
 * A talk is written a turn a line, "a" or "p" and a blank before its words.
 * All are held on Tuesday 2026-03-17 at 10:20.
 */
#include "pure/phrases/outcome.h"
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
	/* Both sides agree on a time. */
	{ "en",
		"a Hi, this is Acme Roofing about your estimate.\np Oh, right.\na Could someone come by Thursday at three?\n"
		"p Thursday at three is fine.\na Great, Thursday at three.\np Bye.",
		VA_OUTCOME_SCHEDULED, "2026-03-19T15:00", false },
	{ "en", "a Hello, Oak Dental.\np Hi.\na I have Friday at nine or Monday at two.\np Monday at two, please.\n"
			"a You're booked for Monday at two.\np Thank you.",
		VA_OUTCOME_SCHEDULED, "2026-03-23T14:00", false },
	{ "en", "a Hello, Oak Dental. Would Friday at nine suit?\np Friday at nine, yes. Oh wait, no, Friday I'm away. "
			"Monday?\na Monday at nine, then.\np Perfect.",
		VA_OUTCOME_SCHEDULED, "2026-03-23T09:00", false },
	{ "de", "a Guten Tag, Praxis Weber.\np Guten Tag.\na Ich h\303\244tte Donnerstag um zehn.\np Donnerstag um zehn, "
			"das passt.\na Dann bis Donnerstag.\np Danke.",
		VA_OUTCOME_SCHEDULED, "2026-03-19T10:00", false },
	{ "fr", "a Bonjour, cabinet Roux.\np Bonjour.\na Jeudi \303\240 dix heures ?\np Oui, parfait.\na C'est not\303\251, "
			"jeudi dix heures.\np Merci.",
		VA_OUTCOME_SCHEDULED, "2026-03-19T10:00", false },
	{ "es", "a Buenos d\303\255as, cl\303\255nica Sol.\np Hola.\na \302\277Le viene bien el jueves a las diez?\np S\303\255, "
			"el jueves a las diez.\na Le esperamos el jueves.\np Gracias.",
		VA_OUTCOME_SCHEDULED, "2026-03-19T10:00", false },
	/* One side alone is no agreement. */
	{ "en", "a Hi, Acme Roofing. Could someone come by Thursday at three?\np I'm not interested, thanks.\n"
			"a I understand. Goodbye.",
		VA_OUTCOME_NOT_INTERESTED, NULL, false },
	{ "en", "a Hi, Acme Roofing. Thursday at three?\np Thursday at three, okay.\na Lovely.\np You know what, forget it. "
			"We don't need it.\na I've cancelled it.\np Thanks.",
		VA_OUTCOME_NOT_INTERESTED, NULL, false },
	/* The person asks for another call. */
	{ "en", "a Hi, Acme Roofing.\np I'm driving. Can you call me back tomorrow at noon?\na I'll call you tomorrow at "
			"noon.\np Thanks.",
		VA_OUTCOME_CALLBACK, "2026-03-18T12:00", false },
	{ "de", "a Guten Tag, Praxis Weber.\np Ich bin gerade in einer Besprechung, rufen Sie bitte morgen um elf an.\n"
			"a Ich rufe Sie morgen um elf an.\np Danke.",
		VA_OUTCOME_CALLBACK, "2026-03-18T11:00", false },
	{ "fr", "a Bonjour, cabinet Roux.\np Je suis en r\303\251union, rappelez-moi demain \303\240 onze heures.\na Je vous "
			"rappelle demain \303\240 onze heures.\np Merci.",
		VA_OUTCOME_CALLBACK, "2026-03-18T11:00", false },
	{ "es", "a Buenos d\303\255as, cl\303\255nica Sol.\np Estoy manejando, ll\303\241meme ma\303\261ana a las once.\na Le llamo "
			"ma\303\261ana a las once.\np Gracias.",
		VA_OUTCOME_CALLBACK, "2026-03-18T11:00", false },
	/* An opt-out overrides whatever was agreed before; other people's words and denied ones are none. */
	{ "en", "a Hi, Acme Roofing. Thursday at three?\np Thursday at three, okay.\na And your address?\np Hang on, are you "
			"the ones that keep ringing? Cancel that and take me off your list.\na Done.",
		VA_OUTCOME_DO_NOT_CALL, NULL, true },
	{ "en", "a Hi, Acme Roofing. Do you want us to stop calling?\np Yes.\na We won't call you again.\np Good.",
		VA_OUTCOME_DO_NOT_CALL, NULL, true },
	{ "en", "a Hi, Acme Roofing.\np My neighbor said never call me again to you lot. But I'd like a quote, send me one.\n"
			"a I'll send it today.\np Thanks.",
		VA_OUTCOME_INTERESTED, NULL, false },
	{ "de", "a Guten Tag, Praxis Weber.\np Rufen Sie mich nie wieder an!\na Ich l\303\266sche Ihre Nummer.",
		VA_OUTCOME_DO_NOT_CALL, NULL, true },
	{ "fr", "a Bonjour, cabinet Roux.\np Ne m'appelez plus.\na C'est entendu.", VA_OUTCOME_DO_NOT_CALL, NULL, true },
	{ "es", "a Buenos d\303\255as.\np No me llamen m\303\241s.\na Disculpe.", VA_OUTCOME_DO_NOT_CALL, NULL, true },
	/* "On vous rappelle" promises a call, not the end of calls. */
	{ "fr", "a Bonjour, cabinet Roux.\np Je suis au volant, rappelez demain \303\240 midi.\na On vous rappelle demain "
			"\303\240 midi.\np D'accord.",
		VA_OUTCOME_CALLBACK, "2026-03-18T12:00", false },
	/* Machines, wrong numbers. */
	{ "en", "p You've reached the Millers. Leave a message after the beep.\na Hello, this is Acme Roofing.",
		VA_OUTCOME_VOICEMAIL, NULL, false },
	{ "de", "p Der Teilnehmer ist nicht erreichbar. Bitte sprechen Sie nach dem Signalton.\na Hier ist die Praxis Weber.",
		VA_OUTCOME_VOICEMAIL, NULL, false },
	{ "en", "a Hi, is this Paul?\np No, you've got the wrong number.\na Sorry to bother you.\np No worries.",
		VA_OUTCOME_WRONG_NUMBER, NULL, false },
	{ "es", "a \302\277El se\303\261or Ruiz?\np Se ha equivocado de n\303\272mero.\na Disculpe.", VA_OUTCOME_WRONG_NUMBER,
		NULL, false },
	{ "fr", "a Monsieur Petit ?\np Vous vous trompez de num\303\251ro.\na Excusez-moi.", VA_OUTCOME_WRONG_NUMBER, NULL,
		false },
	/* What the person wants in the end. */
	{ "en", "a Hi, Acme Roofing.\np Oh, great, another sales call. I'm not interested.\na Goodbye.",
		VA_OUTCOME_NOT_INTERESTED, NULL, false },
	{ "en", "a Hi, Acme Roofing. Do you have any questions?\np No. Let me think about it.\na Thank you for your time.",
		VA_OUTCOME_COMPLETED, NULL, false },
	{ "de", "a Guten Tag, haben Sie das Angebot gelesen?\np Noch nicht, ich schaue es mir noch an.\na Danke f\303\274r "
			"Ihre Zeit.",
		VA_OUTCOME_COMPLETED, NULL, false },
	{ "fr", "a Bonjour, voulez-vous le devis ?\np Oui, envoyez-moi le devis, \303\247a m'int\303\251resse.\na Je vous "
			"l'envoie.\np Merci.",
		VA_OUTCOME_INTERESTED, NULL, false },
	/* The line broke. */
	{ "en", "a Hi, Acme Roofing. We have Thursday or Friday.\np Let me see, I think Thurs\na Hello?\na Are you there?",
		VA_OUTCOME_UNFINISHED, NULL, false },
	{ "en", "a Hello, Acme Roofing.\np Hello? I can't hear you. I'm hanging up.\na Hello?", VA_OUTCOME_UNFINISHED, NULL,
		false },
	{ "en", "a Hello? Is anybody there?", VA_OUTCOME_UNFINISHED, NULL, false },
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
	ok(found.outcome == one->outcome && found.certain, "%s: %.60s", va_outcome_name(one->outcome), one->talk);
	ok(one->time == NULL ? !found.timed : strcmp(time, one->time) == 0, "at %s", one->time == NULL ? "no time" : one->time);
	ok(found.opt_out == one->opt_out, "%s opt-out", one->opt_out ? "an" : "no");
	if (found.outcome != one->outcome || !found.certain)
		diag("got %s, %s [%s]", va_outcome_name(found.outcome), found.certain ? "certain" : "not certain", time);
	va_arena_free(&arena);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_case(&cases[i]);
	return done_testing();
}
