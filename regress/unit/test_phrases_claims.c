/*
 * test_phrases_claims.c
 *		Names, addresses, numbers and days that an author claims of a talk, held
 *		against its words.
 */
#include "pure/phrases/verify/reading.h"
#include "tap.h"

#define TURNS_MAX 20

typedef struct Case
{
	const char *language;
	const char *kind;
	const char *talk; /* turns with '|' between them; the assistant's begin with '>' */
	const char *claim;
	const char *label;
} Case;

static const Case cases[] = {
	{ "en", "name", "My name is Kathryn Boyle, B O Y L E.", "Kathryn Boyle", "supported" },
	{ "en", "name", ">Your last name?|Meyer. M as in Mike, E, Y, E, R.|>And your first name?|Joan.", "Joan Meyer",
		"supported" },
	{ "en", "name", "tom baxter|>B-A-C-K-S-T-E-R?|no, b a x t e r", "Tom Baxter", "supported" },
	{ "en", "name", ">Is it Catherine Moss with a C?|No, with a K.", "Katherine Moss", "supported" },
	{ "en", "name", ">Am I speaking with John Smith?|Yes, that's me.", "John Smith", "supported" },
	{ "en", "email", "it's mary dot jones at example dot com", "mary.jones@example.com", "supported" },
	{ "en", "email", "m underscore o double t nine at mail dot co dot uk", "m_ott9@mail.co.uk", "supported" },
	{ "en", "email", "You can write to Bob.Ross@example.org, thanks.", "bob.ross@example.org", "supported" },
	{ "en", "email", ">So bob at example dot com?|Yes.", "bob@example.com", "supported" },
	{ "en", "phone", "oh two oh, seven nine four six, oh double one three", "02079460113", "supported" },
	{ "en", "phone", "plus one 415 555 0134", "+14155550134", "supported" },
	{ "en", "phone", ">415 555 0134?|No, three five at the end.", "4155550135", "supported" },
	{ "en", "number", "two thousand three hundred and five", "2305", "supported" },
	{ "en", "number", "1,250.50 dollars", "1250.5", "supported" },
	{ "en", "number", "twelve dollars and fifty cents", "12.5", "supported" },
	{ "en", "number", "two and a half", "2.5", "supported" },
	{ "en", "number", "forty, no, sorry, fourteen", "14", "supported" },
	{ "en", "number", "1.5 million", "1500000", "supported" },
	{ "en", "date", "the third of May, nineteen seventy-one", "1971-05-03", "supported" },
	{ "en", "date", "5/3/1971", "1971-05-03", "supported" },
	{ "en", "date", "1971-05-03", "1971-05-03", "supported" },
	{ "en", "address", "fourteen elm street boston massachusetts oh two one oh eight",
		"14 Elm Street, Boston, Massachusetts 02108", "supported" },
	/* A street alone is in any town. */
	{ "en", "address", "On the mayor's, 3 Mill Lane, and send him the bill.", "3 Mill Lane", "missing" },
	{ "en", "address", "3 Mill Lane, Bath. B A one, two C D.", "3 Mill Lane, Bath BA1 2CD", "supported" },
	{ "en", "name", ">Is that Mark Dunn with a K?|No, with a C.", "Marc Dunn", "supported" },
	{ "en", "name", "Anna Tobin. Two Ns in Anna, and no H.", "Anna Tobin", "supported" },
	{ "en", "email", "j dot orr, o double r, no dot at the end, all lowercase, at mail dot com", "j.orr@mail.com",
		"supported" },
	{ "en", "email", "dana dot h, no wait, dana underscore h at mail dot com", "dana_h@mail.com", "supported" },
	{ "en", "email", "dana hollis at gmail", "danahollis@gmail.com", "supported" },
	{ "en", "number", ">Your customer number?|four four one, nine oh two", "441902", "supported" },
	{ "fr", "name", "Lacombe Odette.", "Odette Lacombe", "supported" },
	{ "fr", "email", "paul point goff, deux f, tout attach\303\251, arobase exemple point fr", "paul.goff@exemple.fr",
		"supported" },
	{ "de", "name", ">Ihr Name?|Berger, Urs. B, E, R, G, E, R.", "Urs Berger", "supported" },
	{ "de", "name", ">Ihr Name?|Lore Wenk: Berta, nein, Wilhelm, Emil, Nordpol, Kaufmann.", "Lore Wenk", "supported" },
	{ "de", "email", "lore punkt wenk, mit k, at beispiel punkt at", "lore.wenk@beispiel.at", "supported" },
	{ "de", "address", "Marktplatz vier, nein, f\303\274nf, 80331 M\303\274nchen", "Marktplatz 5, 80331 M\303\274nchen",
		"supported" },
	{ "es", "name", "Soy Elena de la Fuente Mas, con ese.", "Elena de la Fuente Mas", "supported" },
	{ "es", "email", "nieves guion mas, ay no, nieves punto mas arroba ejemplo punto es", "nieves.mas@ejemplo.es",
		"supported" },
	{ "en", "address", "9 Castle Street in Ely, CB7 3AH.", "9 Castle Street, Ely CB7 3AH", "supported" },
	{ "en", "address", ">Your address?|It's 4 Mill Road.|>Which town?|Ely.|>The postcode?|C B seven two A D.",
		"4 Mill Road, Ely CB7 2AD", "supported" },
	{ "es", "name", "Soy Marta Iba\303\261ez, con zeta", "Marta Iba\303\261ez", "supported" },
	{ "es", "email", "pepe guion bajo ruiz arroba ejemplo punto es", "pepe_ruiz@ejemplo.es", "supported" },
	{ "es", "phone", "seis doce, treinta y cuatro, cincuenta y seis, setenta y ocho", "612345678", "supported" },
	{ "es", "number", "mil doscientos cincuenta", "1250", "supported" },
	{ "es", "number", "tres y medio", "3.5", "supported" },
	{ "es", "date", "el dos de mayo de mil novecientos ochenta y uno", "1981-05-02", "supported" },
	{ "es", "address", "calle mayor catorce, veintiocho cero trece madrid", "Calle Mayor 14, 28013 Madrid",
		"supported" },
	{ "fr", "name", "Je m'appelle Paul Le Goff", "Paul Le Goff", "supported" },
	{ "fr", "email", "paul tiret goff arobase exemple point fr", "paul-goff@exemple.fr", "supported" },
	{ "fr", "phone", "z\303\251ro six, douze, soixante-dix-huit, quatre-vingt-dix-neuf, quatre-vingts", "0612789980",
		"supported" },
	{ "fr", "number", "deux mille trois cent soixante et onze", "2371", "supported" },
	{ "fr", "date", "le 1er mars mille neuf cent soixante-douze", "1972-03-01", "supported" },
	{ "fr", "address", "quatorze rue des lilas, soixante-neuf mille trois lyon", "14 rue des Lilas, 69003 Lyon",
		"supported" },
	{ "de", "name", "Otto Wilhelm, W I L H E L M", "Otto Wilhelm", "supported" },
	{ "de", "email", "info at beispiel bindestrich firma punkt de", "info@beispiel-firma.de", "supported" },
	{ "de", "phone", "null eins f\303\274nf eins, dreiundzwanzig, f\303\274nfundvierzig, siebzig", "0151234570",
		"supported" },
	{ "de", "number", "tausendzweihundertf\303\274nfzig", "1250", "supported" },
	{ "de", "date", "dritter zweiter f\303\274nfundachtzig", "1985-02-03", "supported" },
	{ "de", "address", "lindenstra\303\237e vierzehn, acht null drei drei eins m\303\274nchen",
		"Lindenstra\303\237e 14, 80331 M\303\274nchen", "supported" },
	{ "es", "name",
		">\302\277El se\303\261or Dom\303\255nguez?|S\303\255, d\303\255game.|>\302\277Me confirma su nombre de "
		"pila?|Arturo.",
		"Arturo Dom\303\255nguez", "supported" },
	{ "es", "name", ">\302\277Su nombre?|De la Cruz, Manuel.", "Manuel de la Cruz", "supported" },
	{ "es", "number", ">\302\277Cu\303\241nto pide?|Un mill\303\263n y medio.", "1500000", "supported" },
	{ "fr", "name", ">C'est \303\240 quel nom ?|Au nom de Lacroix. Lacroix, Damien.", "Damien Lacroix", "supported" },
	{ "fr", "name", ">Je parle \303\240 madame Delmas ?|Oui.|>Et votre pr\303\251nom ?|Colette.", "Colette Delmas",
		"supported" },
	{ "fr", "number", ">Num\303\251ro de dossier ?|Z\303\251ro quatre, vingt-deux, cent trois.", "0422103",
		"supported" },
	{ "de", "name", ">Herr Olsen?|Ja.|>Und der Vorname?|S\303\266nke.", "S\303\266nke Olsen", "supported" },
	{ "de", "number", ">Wie viele Fenster?|ein Dutzend", "12", "supported" },
	{ "de", "number", ">Wie viele Stunden?|dreiviertel Stunde", "0.75", "supported" },
	{ "fr", "number", "un demi-million", "500000", "supported" },
	{ "es", "email", ">\302\277Me da su correo?|octavio punto cabrera, con be, en gmail punto com",
		"octavio.cabrera@gmail.com", "supported" },
	{ "fr", "email", ">Votre mail ?|colette, sans majuscule, delmas, le chiffre trois, arobase wanadoo point fr",
		"colettedelmas3@wanadoo.fr", "supported" },
	{ "fr", "email", ">Votre mail ?|michelle point leroy, deux l, e, arobase bbox point fr", "michelle.leroy@bbox.fr",
		"supported" },
	/* said of nobody, of another, taken back, mended, denied */
	{ "en", "name", "I would rather not say.", "Anna Boyle", "missing" },
	{ "en", "name", ">Am I speaking with John Smith?|No, wrong number.", "John Smith", "missing" },
	{ "en", "name", ">Your name?|It's not Anna Boyle.", "Anna Boyle", "denied" },
	{ "en", "name", ">Your name?|Anna Boyle.", "Carla Boyle", "other" },
	{ "en", "name", ">Your name?|My name's Boyle, B O Y L E.", "Anna Doyle", "other" },
	{ "en", "name", "This is Anna.", "Anna Boyle", "missing" },
	{ "en", "name", ">Hello, this is Anna Miller of Sunny Roofs.|Yes, hello?", "Bob Hall", "missing" },
	{ "en", "email", ">So bob at example dot com?|No.", "bob@example.com", "missing" },
	{ "en", "email", "bob at example dot com, no, sorry, rob at example dot com", "bob@example.com", "other" },
	{ "en", "email", "bob at gmail dot com, no, at hotmail dot com", "bob@gmail.com", "other" },
	{ "en", "email", "mary jones at example dot com", "jones@example.com", "other" },
	{ "en", "email", "mary at example dot co dot uk", "mary@example.co", "other" },
	{ "en", "email", "mary at example dot com", "mary@example.org", "other" },
	{ "en", "email", "something at gmail dot com, I would have to look", "something@gmail.com", "other" },
	{ "en", "email", "I am at home at the moment.", "anna@example.com", "missing" },
	{ "en", "email", "mary at example dot com", "mary at example.com", "form" },
	{ "fr", "email", "anne arobase exemple point fr", "anna@exemple.fr", "other" },
	{ "de", "email", "p v a r n i m at beispiel punkt de", "m@beispiel.de", "other" },
	{ "es", "email", "pepe guion bajo ruiz arroba ejemplo punto es", "ruiz@ejemplo.es", "other" },
	{ "en", "phone", "It was 415 555 0134, but that's the old one.", "4155550134", "missing" },
	{ "en", "phone", ">Your number?|415 555 0134.", "4155550135", "other" },
	{ "en", "number", "forty, no, sorry, fourteen", "40", "other" },
	{ "en", "date", "May the third, nineteen seventy-one", "1971-05-13", "other" },
	{ "en", "date", "I was born in winter.", "1971-05-13", "missing" },
	{ "en", "date", ">May third, 1971?|The thirteenth.", "1971-05-13", "supported" },
	{ "en", "date", ">May third, 1971?|The thirteenth.", "1971-05-03", "other" },
	{ "en", "date", ">When?|Some Friday.", "friday", "supported" },
	{ "en", "address", "fourteen elm street boston", "15 Elm Street, Boston", "missing" },
	{ "en", "address", "fourteen elm street boston", "14 Oak Lane, Denver", "missing" },
	{ "de", "address", "lindenstra\303\237e vierzehn, acht null drei drei eins m\303\274nchen",
		"Lindenstra\303\237e 15, 80331 M\303\274nchen", "missing" },
};

static size_t
cut(char *talk, VaTalkTurn *turns)
{
	size_t count = 0;

	for (char *turn = strtok(talk, "|"); turn != NULL && count < TURNS_MAX; turn = strtok(NULL, "|"))
	{
		bool person = turn[0] != '>';

		turns[count++] = (VaTalkTurn){ .text = turn + !person, .len = strlen(turn + !person), .person = person };
	}
	return count;
}

/* values: of which the first is the claim, if there is one. */
static bool
read_claim(VaArena *arena, const Case *c, const VaTalkTurn *turns, size_t nturns, VaReading *reading)
{
	static const VaTimeReference reference = { .day = 20529, .minutes = 620 }; /* 2026-03-17T10:20 */
	VaAskedField field = { .name = c->kind,
		.type = strcmp(c->kind, "number") == 0 ? "number" : "string",
		.format = strcmp(c->kind, "date") == 0 ? "date" : NULL };
	VaReadingOrder order = { .turns = turns,
		.count = nturns,
		.language = c->language,
		.reference = &reference,
		.fields = &field,
		.nfields = 1,
		.fields_known = true };
	VaReadValue value = { .name = c->kind, .text = c->claim };

	value.len = c->claim == NULL ? 0 : strlen(c->claim);
	return va_read_conversation(arena, &order, &value, c->claim != NULL, 0, reading);
}

static void
test_claims(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		VaArena arena = { 0 };
		char talk[1000];
		VaTalkTurn turns[TURNS_MAX];
		VaReading reading;
		const VaReadValue *value;

		snprintf(talk, sizeof(talk), "%s", cases[i].talk);
		if (!read_claim(&arena, &cases[i], turns, cut(talk, turns), &reading))
			continue;
		value = &reading.values[0];
		is_str(va_support_name(value->support), cases[i].label, "%s %s \"%s\": %s", cases[i].language, cases[i].kind,
			cases[i].claim, cases[i].talk);
		if (value->support == VA_SUPPORT_SUPPORTED)
			ok(value->words.len > 0 && value->words.offset + value->words.len <= turns[value->words.turn].len,
				"... and a turn is its proof");
		va_arena_free(&arena);
	}
}

/* Without an author nothing is read. */
static void
test_unclaimed(void)
{
	static const char *const kinds[] = { "name", "email", "address", "phone" };
	static const char said[] =
		"Anna Boyle, 14 Elm Street, Boston 02108, anna dot boyle at example dot com, 415 555 0134.";

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
	{
		Case c = { "en", kinds[i], NULL, NULL, NULL };
		VaTalkTurn turns[] = { { .text = "Your name, address, e-mail and phone number?", .len = 44 },
			{ .text = said, .len = sizeof(said) - 1, .person = true } };
		VaArena arena = { 0 };
		VaReading reading;
		bool found = false;

		ok(read_claim(&arena, &c, turns, 2, &reading), "a talk that nobody analysed");
		for (size_t j = 0; j < reading.count; j++)
			found = found || strcmp(reading.values[j].name, kinds[i]) == 0;
		ok(!found, "... has no %s", kinds[i]);
		va_arena_free(&arena);
	}
}

/* Talks as long as a report allows, and claims of any length, cost what is bounded. */
static void
test_bounds(void)
{
	enum
	{
		LONG = 200000
	};
	static const char *const kinds[] = { "name", "email", "address", "phone", "number", "date" };
	char *text = malloc(LONG + 1);
	VaTalkTurn turns[TURNS_MAX];

	for (size_t i = 0; i < LONG; i++)
		text[i] = "a dot 5 at "[i % 11];
	text[LONG] = '\0';
	for (size_t i = 0; i < TURNS_MAX; i++)
		turns[i] = (VaTalkTurn){ .text = text, .len = LONG, .person = i % 2 == 1 };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
	{
		const char *claims[] = { "a.5@a.5", text + LONG - 3000, "1985-02-03" };

		for (size_t j = 0; j < 3; j++)
		{
			Case c = { "en", kinds[i], NULL, claims[j], NULL };
			VaArena arena = { 0 };
			VaReading reading;

			ok(read_claim(&arena, &c, turns, TURNS_MAX, &reading), "%zu bytes as a %s, of 4 MB", strlen(claims[j]),
				kinds[i]);
			va_arena_free(&arena);
		}
	}
	free(text);
}

int
main(void)
{
	test_claims();
	test_unclaimed();
	test_bounds();
	return done_testing();
}
