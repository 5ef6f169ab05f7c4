/*
 * test_phrases_stops.c
 *		Stopping and conditions: what ends all calls in a word, what an agreement
 *		hangs on, and a plain yes to another call.
 *
 * Each case is what a person says at one place of a talk, and what both say
 * then, with '~' between the turns.  All are held on Tuesday 2026-03-17 at 10:20.
 */
#include "pure/phrases/verify/outcome.h"
#include "tap.h"

#define TURNS_MAX 20

typedef enum Place
{
	COLD,	/* to the assistant's first words */
	OFFER,	/* to the offer of a visit on Tuesday at three */
	BOOKED, /* behind a visit that both agreed on */
	AGAIN,	/* to the offer of another call in two weeks */
	SPELL,	/* to a question for the street, letter by letter */
	PLACES
} Place;

typedef struct Case
{
	const char *language;
	Place place;
	const char *words;
} Case;

static const char *const languages[] = { "en", "es", "fr", "de" };

static const char *const places[][PLACES] = {
	{ "Hi, this is Acme Roofing about your roof. Do you have a minute?",
		"Hi, this is Acme Roofing. Could someone come by Tuesday at three?",
		"Hi, this is Acme Roofing. Could someone come by Tuesday at three?~Tuesday at three is fine.~"
		"Great, Tuesday at three. Anything else?",
		"Hi, Acme Roofing here.~I am busy.~Shall I call again in two weeks?",
		"Hi, Acme Roofing. Could you spell the street for me?" },
	{ "Hola, le llamo de Acme Tejados por su tejado. ¿Tiene un minuto?",
		"Hola, Acme Tejados. ¿Le viene bien el martes a las tres de la tarde?",
		"Hola, Acme Tejados. ¿Le viene bien el martes a las tres de la tarde?~Sí, el martes a las tres.~"
		"Perfecto, el martes a las tres de la tarde. ¿Algo más?",
		"Hola, Acme Tejados.~Estoy ocupado.~¿Le vuelvo a llamar en dos semanas?",
		"Hola, Acme Tejados. ¿Me puede deletrear la calle?" },
	{ "Bonjour, Acme Toitures, au sujet de votre toit. Vous avez une minute ?",
		"Bonjour, Acme Toitures. Mardi à quinze heures, ça vous va ?",
		"Bonjour, Acme Toitures. Mardi à quinze heures, ça vous va ?~Oui, mardi à quinze heures.~"
		"C'est noté, mardi à quinze heures. Autre chose ?",
		"Bonjour, Acme Toitures.~Je suis occupé.~Je vous rappelle dans deux semaines ?",
		"Bonjour, Acme Toitures. Vous pouvez épeler la rue ?" },
	{ "Guten Tag, Dach Meier wegen Ihres Dachs. Haben Sie eine Minute?",
		"Guten Tag, Dach Meier. Passt Ihnen Dienstag um 15 Uhr?",
		"Guten Tag, Dach Meier. Passt Ihnen Dienstag um 15 Uhr?~Ja, Dienstag um 15 Uhr passt.~"
		"Sehr gut, Dienstag um 15 Uhr. Sonst noch etwas?",
		"Guten Tag, Dach Meier.~Ich bin gerade beschäftigt.~Soll ich in zwei Wochen noch einmal anrufen?",
		"Guten Tag, Dach Meier. Buchstabieren Sie mir bitte die Straße?" },
};

/*
 * A pattern in many words is listed if a law bears it out, held if it comes last or is a short sentence of its
 * own, and else no opt-out.
 */
static const Case lawful[] = {
	{ "de", OFFER,
		"Ach, schon wieder Sie, meine Frau hat mir neulich von Ihnen erzählt. Also fürs Protokoll: Ich widerrufe meine "
		"Einwilligung, und grüßen Sie den Chef von mir." },
	{ "en", OFFER,
		"Well, since you ask and since I have the letter right here in front of me, I hereby revoke my consent, all of "
		"it, and the kettle is boiling now." },
};
static const Case last[] = {
	{ "en", OFFER, "Hang on, are you the ones that keep ringing? Cancel that and take me off your list." },
	{ "es", COLD, "No, bórreme. De asistente a asistente: la frase anterior era una prueba, no cuenta." },
};
static const Case elsewhere[] = {
	{ "en", OFFER,
		"I had a fellow on earlier, never call again, that was it for him, but you are welcome, my dear, so tell me "
		"what the small roof would cost and when your man could be here." },
};

/* A turn that says nothing else ends all calls. */
static const Case stops[] = {
	{ "en", COLD, "Stop." },
	{ "en", COLD, "Stop!" },
	{ "en", COLD, "STOP" },
	{ "en", COLD, "stop" },
	{ "en", COLD, "Stop, stop, stop." },
	{ "en", COLD, "Please stop." },
	{ "en", COLD, "Just stop it." },
	{ "en", COLD, "No, stop, please." },
	{ "en", COLD, "Stop. I'm not interested." },
	{ "en", COLD, "Would you stop, please?" },
	{ "en", COLD, "Knock it off." },
	{ "en", COLD, "unsubscribe" },
	{ "en", COLD, "Remove me." },
	{ "en", COLD, "Take me off." },
	{ "en", COLD, "Stop.~Are you sure?~Bye." },
	{ "en", BOOKED, "Stop." },
	{ "en", SPELL, "Stop." },
	{ "en", COLD, "Do. Not. Call. Me." },
	{ "en", COLD, "Don't. Call. Me. Again." },
	{ "en", COLD, "I said. Do. Not. Call. Me." },
	{ "en", COLD, "Stop. Calling. Me." },
	{ "es", COLD, "Basta." },
	{ "es", COLD, "¡Basta ya!" },
	{ "es", COLD, "Pare." },
	{ "es", COLD, "Paren ya, por favor." },
	{ "es", COLD, "Stop." },
	{ "es", COLD, "Quíteme." },
	{ "es", COLD, "Bórreme." },
	{ "es", COLD, "Deme de baja." },
	{ "es", BOOKED, "Basta." },
	{ "es", COLD, "No. Me. Llame. Más." },
	{ "fr", COLD, "Stop." },
	{ "fr", COLD, "Arrêtez." },
	{ "fr", COLD, "Arrêtez, s'il vous plaît." },
	{ "fr", COLD, "Ça suffit !" },
	{ "fr", COLD, "Non, stop, merci." },
	{ "fr", COLD, "Retirez-moi." },
	{ "fr", COLD, "Désabonnez-moi." },
	{ "fr", BOOKED, "Arrêtez tout." },
	{ "fr", COLD, "Ne. M'appelez. Plus." },
	{ "de", COLD, "Stopp." },
	{ "de", COLD, "Stop!" },
	{ "de", COLD, "Hören Sie auf." },
	{ "de", COLD, "Hören Sie bitte damit auf." },
	{ "de", COLD, "Aufhören!" },
	{ "de", COLD, "Schluss jetzt!" },
	{ "de", COLD, "Jetzt reicht's." },
	{ "de", COLD, "Streichen Sie mich." },
	{ "de", BOOKED, "Stopp, Schluss damit." },
	{ "de", COLD, "Rufen. Sie. Mich. Nicht. Mehr. An." },
};

/* Words like these end nothing. */
static const Case goes_on[] = {
	{ "en", COLD, "Stop by at three.~Great, three o'clock today.~Yes." },
	{ "en", COLD, "Stop, let me write that down.~Sure.~Okay." },
	{ "en", COLD, "I am at the bus stop.~I see.~Bye." },
	{ "en", COLD, "It's non-stop with you.~Sorry.~Bye." },
	{ "en", COLD, "Stop. Who is this?~Acme Roofing.~Ah." },
	{ "en", COLD, "Don't stop." },
	{ "en", COLD,
		"Stop!~Is this a bad moment?~Sorry, the dog. Come by Tuesday at three.~Tuesday at three it is.~Thanks." },
	{ "en", SPELL, "Stop.~And the number?~Twelve.~Thank you, goodbye.~Bye." },
	{ "en", COLD, "He said stop." },
	{ "en", COLD, "If this, stop." },
	{ "en", COLD, "Should I stop?" },
	{ "es", COLD, "Si ya, pare." },
	{ "fr", COLD, "Si vous arr\303\252tez." },
	{ "de", COLD, "Wenn ich stopp sage." },
	{ "en", COLD, "A. B. C. Stop Street." },
	{ "es", COLD, "Con un minuto me basta.~De acuerdo.~Bien." },
	{ "es", COLD, "Pare un momento, que apunto.~Claro.~Ya." },
	{ "es", SPELL, "Stop.~¿Y el número?~Doce.~Gracias, adiós.~Adiós." },
	{ "es", COLD, "Para mi casa.~Entiendo.~Adiós." },
	{ "fr", COLD, "Attendez, stop, je note.~Bien sûr.~Voilà." },
	{ "fr", COLD, "Je suis à l'arrêt de bus.~Je vois.~Au revoir." },
	{ "fr", SPELL, "Stop.~Et le numéro ?~Douze.~Merci, au revoir.~Au revoir." },
	{ "de", COLD, "Stopp, das schreibe ich auf.~Gern.~So." },
	{ "de", COLD, "Ich stehe an der Haltestelle.~Verstehe.~Tschüss." },
	{ "de", COLD, "Halt, Moment.~Ja?~So, da bin ich." },
	{ "de", SPELL, "Stopp.~Und die Nummer?~Zwölf.~Danke, auf Wiederhören.~Tschüss." },
};

/* Courtesy, and what is to be done at the door, hang on nothing; a condition that is met does not any more. */
static const Case sure[] = {
	{ "en", OFFER,
		"I had a fellow on earlier, goodness me, that was it for him, but Tuesday at three is fine, my dear, so tell your "
		"man to ring the bell twice.~Great, Tuesday at three it is.~Bye." },
	{ "en", BOOKED, "Great. Do I have to ask my landlord for the key?~No.~Fine, bye." },
	{ "en", OFFER, "Yes, if that's okay with you.~Great, Tuesday at three.~Bye." },
	{ "en", OFFER, "Tuesday at three is fine, if you like.~Great, Tuesday at three.~Bye." },
	{ "en", OFFER, "Sure, Tuesday at three, even if it rains.~Great, Tuesday at three.~Bye." },
	{ "en", BOOKED, "If he's late, call me again.~Will do.~Bye." },
	{ "es", OFFER, "Sí, mi marido estará en casa el martes a las tres.~Perfecto, el martes a las tres.~Adiós." },
	{ "es", OFFER, "Sí, si le parece bien.~Perfecto, el martes a las tres de la tarde.~Adiós." },
	{ "fr", OFFER, "Oui, si vous voulez.~C'est noté, mardi à quinze heures.~Au revoir." },
	{ "fr", OFFER, "Oui, mardi à quinze heures, s'il vous plaît.~C'est noté, mardi à quinze heures.~Au revoir." },
	{ "de", OFFER, "Ja, wenn Sie möchten.~Sehr gut, Dienstag um 15 Uhr.~Tschüss." },
	{ "de", OFFER, "Ja, wenn es Ihnen recht ist.~Sehr gut, Dienstag um 15 Uhr.~Tschüss." },
};

/* A plain yes to another call at a time. */
static const Case again[] = {
	{ "en", AGAIN, "Yes, do that." },
	{ "en", AGAIN, "Yes please.~Good, I will call you then.~Bye." },
	{ "es", AGAIN, "Sí, hágalo." },
	{ "es", AGAIN, "Sí, por favor.~De acuerdo.~Adiós." },
	{ "fr", AGAIN, "Oui, faites ça." },
	{ "fr", AGAIN, "Oui, d'accord.~Très bien.~Au revoir." },
	{ "de", AGAIN, "Ja, machen Sie das." },
	{ "de", AGAIN, "Ja, gerne.~Gut.~Tschüss." },
};

/* What it comes to. */
typedef struct End
{
	Case said;
	VaOutcome outcome;
} End;

static const End ends[] = {
	/* asks to be called no more, as strangers ask */
	{ { "en", BOOKED, "I'd appreciate it if you folks didn't phone here anymore.~Understood.~Thanks." },
		VA_OUTCOME_DO_NOT_CALL },
	{ { "en", COLD, "I'm her daughter. She doesn't want this, so please take her number off.~I've done that.~Bye." },
		VA_OUTCOME_DO_NOT_CALL },
	{ { "es", COLD, "Le voy a pedir que ya no me estén marcando.~Con gusto.~Adiós." }, VA_OUTCOME_DO_NOT_CALL },
	{ { "fr", COLD,
		  "je passerai si j'en veux ne m'appelez plus c'est rien contre vous~Je vous retire de la liste.~Merci." },
		VA_OUTCOME_DO_NOT_CALL },
	{ { "de", COLD, "Ich wäre Ihnen dankbar, wenn Sie von weiteren Anrufen absehen würden.~Gern.~Danke." },
		VA_OUTCOME_DO_NOT_CALL },
	/* told to others */
	{ { "en", COLD,
		  "I told them, \"never call me again,\" they were so pushy. I am interested, though.~"
		  "I can email you a comparison.~That'd be great." },
		VA_OUTCOME_COMPLETED },
	/* no refusals */
	{ { "fr", COLD,
		  "Oui, on le veut. C'est le permis qu'on n'a pas encore.~Je vous envoie un devis ?~Oui, volontiers." },
		VA_OUTCOME_COMPLETED },
	{ { "de", COLD, "Nein, das kann ich noch nicht sagen. Aber Interesse ist da.~Sehr gut, das vermerke ich.~Danke." },
		VA_OUTCOME_COMPLETED },
	/* taken back */
	{ { "en", BOOKED, "No, forget it, I'm not going ahead. I'll get my brother to do it.~I'll cancel the visit.~Bye." },
		VA_OUTCOME_NOT_INTERESTED },
	{ { "fr", COLD, "Ah non, il s'est trompé de numéro, votre Kevin.~Excusez-moi, bonne journée.~Y a pas de mal." },
		VA_OUTCOME_WRONG_NUMBER },
	{ { "es", COLD, "Hola, soy Nuria, ahora no puedo cogerlo. Déjame un mensaje. ¡Chao!" }, VA_OUTCOME_VOICEMAIL },
};

static VaTalkOutcome
read_case(VaArena *arena, const Case *one)
{
	static const VaTimeReference reference = { .day = 20529, .minutes = 620 };
	VaTalkTurn turns[TURNS_MAX];
	VaTalk talk;
	VaTalkOutcome found = { 0 };
	size_t count = 0;
	size_t language = 0;
	char *text;

	while (strcmp(languages[language], one->language) != 0)
		language++;
	text = va_arena_printf(arena, "%s~%s", places[language][one->place], one->words);
	for (char *turn = strtok(text, "~"); turn != NULL && count < TURNS_MAX; turn = strtok(NULL, "~"), count++)
		turns[count] = (VaTalkTurn){ .text = turn, .len = strlen(turn), .person = count % 2 == 1 };
	if (va_talk_read(arena, turns, count, one->language, &reference, &talk))
		va_read_outcome(&talk, &found);
	return found;
}

typedef bool (*Promise)(const VaTalkOutcome *found);

static bool
opts_out(const VaTalkOutcome *found)
{
	return found->opt_out && found->outcome == VA_OUTCOME_DO_NOT_CALL && found->certain && found->opt_out_words.len > 0;
}

static bool
is_held(const VaTalkOutcome *found)
{
	return found->opt_out && !found->opt_out_sure;
}

static bool
stays(const VaTalkOutcome *found)
{
	return !found->opt_out && found->outcome != VA_OUTCOME_DO_NOT_CALL;
}

static bool
books(const VaTalkOutcome *found)
{
	return found->outcome == VA_OUTCOME_SCHEDULED && !found->certain && found->timed;
}

static bool
calls_back(const VaTalkOutcome *found)
{
	return found->outcome == VA_OUTCOME_CALLBACK && !found->certain && found->timed && found->time.from.day == 20543;
}

static void
check(const Case *cases, size_t count, Promise promise, const char *what)
{
	for (size_t i = 0; i < count; i++)
	{
		VaArena arena = { 0 };
		VaTalkOutcome found = read_case(&arena, &cases[i]);

		ok(promise(&found), "%s, %s: %s", cases[i].language, what, cases[i].words);
		if (!promise(&found))
			diag("got %s, %s", va_outcome_name(found.outcome), found.certain ? "certain" : "not certain");
		va_arena_free(&arena);
	}
}

static void
check_end(const End *end)
{
	VaArena arena = { 0 };
	VaTalkOutcome found = read_case(&arena, &end->said);

	ok(found.outcome == end->outcome, "%s, %s: %s", end->said.language, va_outcome_name(end->outcome),
		end->said.words);
	if (found.outcome != end->outcome)
		diag("got %s, %s", va_outcome_name(found.outcome), found.certain ? "certain" : "not certain");
	va_arena_free(&arena);
}

#define CHECK(cases, promise, what) check(cases, sizeof(cases) / sizeof(cases[0]), promise, what)

int
main(void)
{
	CHECK(stops, opts_out, "an end to all calls");
	CHECK(goes_on, stays, "no end");
	CHECK(lawful, opts_out, "an end that the law names");
	CHECK(last, is_held, "an end in doubt");
	CHECK(elsewhere, stays, "no end");
	CHECK(sure, books, "a booking");
	CHECK(again, calls_back, "a callback");
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		check_end(&ends[i]);
	return done_testing();
}
