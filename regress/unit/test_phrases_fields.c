/*
 * test_phrases_fields.c
 *		Values that people give in talks; words that bear out a value.
 */
#include "pure/phrases/fields.h"
#include "tap.h"

typedef struct Case
{
	const char *language;
	const char *kind;
	const char *talk; /* turns with '|' between them; the assistant's begin with '>' */
	const char *expected;
} Case;

static const Case cases[] = {
	/* said, spelled, mended */
	{ "en", "name", "My name is Kathryn Boyle, B O Y L E.", "Kathryn Boyle" },
	{ "en", "name", ">Your last name?|Meyer. M as in Mike, E, Y, E, R.|>And your first name?|Joan.", "Joan Meyer" },
	{ "en", "name", "tom baxter|>B-A-C-K-S-T-E-R?|no, b a x t e r", "Tom Baxter" },
	{ "en", "name", ">Is it Catherine Moss with a C?|No, with a K.", "Katherine Moss" },
	{ "en", "name", ">Am I speaking with John Smith?|Yes, that's me.", "John Smith" },
	{ "en", "name", ">Am I speaking with John Smith?|No, wrong number.", NULL },
	{ "en", "name", "I would rather not say.", NULL },
	{ "en", "email", "it's mary dot jones at example dot com", "mary.jones@example.com" },
	{ "en", "email", "m underscore o double t nine at mail dot co dot uk", "m_ott9@mail.co.uk" },
	{ "en", "email", "You can write to Bob.Ross@example.org, thanks.", "bob.ross@example.org" },
	{ "en", "email", ">So bob at example dot com?|Yes.", "bob@example.com" },
	{ "en", "email", ">So bob at example dot com?|No.", NULL },
	{ "en", "email", "I am at home at the moment.", NULL },
	{ "en", "phone", "oh two oh, seven nine four six, oh double one three", "02079460113" },
	{ "en", "phone", "plus one 415 555 0134", "+14155550134" },
	{ "en", "phone", ">415 555 0134?|No, three five at the end.", "4155550135" },
	{ "en", "phone", "It was 415 555 0134, but that's the old one.", NULL },
	{ "en", "phone", "I have two kids and five dogs.", NULL },
	{ "en", "number", "two thousand three hundred and five", "2305" },
	{ "en", "number", "1,250.50 dollars", "1250.5" },
	{ "en", "number", "twelve dollars and fifty cents", "12.5" },
	{ "en", "number", "two and a half", "2.5" },
	{ "en", "number", "forty, no, sorry, fourteen", "14" },
	{ "en", "number", "1.5 million", "1500000" },
	{ "en", "number", "the last one was better", NULL },
	{ "en", "date", "the third of May, nineteen seventy-one", "1971-05-03" },
	{ "en", "date", "5/3/1971", "1971-05-03" },
	{ "en", "date", "1971-05-03", "1971-05-03" },
	{ "en", "date", "February 30th, 1990", NULL },
	{ "en", "date", ">May third, 1971?|The thirteenth.", "1971-05-13" },
	{ "en", "date", "May the third", NULL },
	{ "en", "address", "fourteen elm street boston massachusetts oh two one oh eight",
		"14 Elm Street, Boston, Massachusetts 02108" },
	{ "en", "address", "3 Mill Lane, Bath. B A one, two C D.", "3 Mill Lane, Bath BA1 2CD" },
	{ "en", "address", "3 Mill Lane, Bath", NULL },
	/* remarks about letters, orders, letters taken back, what is read back */
	{ "en", "name", ">Is that Mark Dunn with a K?|No, with a C.", "Marc Dunn" },
	{ "en", "name", "Anna Tobin. Two Ns in Anna, and no H.", "Anna Tobin" },
	{ "en", "name", "It's Hollis, first name Dana.", "Dana Hollis" },
	{ "en", "name", "Orr, Wesley.", "Wesley Orr" },
	{ "en", "name", "Ida O'Shea, O apostrophe S H E A.", "Ida O'Shea" },
	{ "en", "name", "Not Smith, Smythe. Carl Smythe.", "Carl Smythe" },
	{ "en", "name", ">Is this Paul Reed?|No, I'm his wife. Ellen Reed.", "Ellen Reed" },
	{ "en", "name", ">Your name?|My boss is Harold Dean, call him.", NULL },
	{ "en", "name", ">Hello, this is Anna Miller of Sunny Roofs.|Yes, hello?", NULL },
	{ "en", "name", ">Your name?|Pat Lowry.|>L-O-W-E-R-Y?|Exactly.", "Pat Lowery" },
	{ "en", "email", "j dot orr, o double r, no dot at the end, all lowercase, at mail dot com", "j.orr@mail.com" },
	{ "en", "email", "dana dot h, no wait, dana underscore h at mail dot com", "dana_h@mail.com" },
	{ "en", "email", ">So bob27@mail.com?|No, seven two.", "bob72@mail.com" },
	{ "en", "email", "something at mail dot com, I would have to look", NULL },
	{ "en", "email", "dana hollis at gmail", "danahollis@gmail.com" },
	{ "en", "number", ">Your customer number?|four four one, nine oh two", "441902" },
	{ "fr", "name", "Lacombe Odette.", "Odette Lacombe" },
	{ "fr", "email", "paul point goff, deux f, tout attach\303\251, arobase exemple point fr", "paul.goff@exemple.fr" },
	{ "de", "name", ">Ihr Name?|Berger, Urs. B, E, R, G, E, R.", "Urs Berger" },
	{ "de", "name", ">Ihr Name?|Lore Wenk: Berta, nein, Wilhelm, Emil, Nordpol, Kaufmann.", "Lore Wenk" },
	{ "de", "name", ">Ihr Name?|Ich h\303\244tte gern einen Termin.", NULL },
	{ "de", "email", "lore punkt wenk, mit k, at beispiel punkt at", "lore.wenk@beispiel.at" },
	{ "de", "address", "Marktplatz vier, nein, f\303\274nf, 80331 M\303\274nchen",
		"Marktplatz 5, 80331 M\303\274nchen" },
	{ "es", "name", "Soy Elena de la Fuente Mas, con ese.", "Elena de la Fuente Mas" },
	{ "es", "email", "nieves guion mas, ay no, nieves punto mas arroba ejemplo punto es", "nieves.mas@ejemplo.es" },
	{ "en", "address", "9 Castle Street in Ely, CB7 3AH.", "9 Castle Street, Ely CB7 3AH" },
	{ "en", "address", ">Your address?|It's 4 Mill Road.|>Which town?|Ely.|>The postcode?|C B seven two A D.",
		"4 Mill Road, Ely CB7 2AD" },
	/* as each language dictates them */
	{ "es", "name", "Soy Marta Iba\303\261ez, con zeta", "Marta Iba\303\261ez" },
	{ "es", "email", "pepe guion bajo ruiz arroba ejemplo punto es", "pepe_ruiz@ejemplo.es" },
	{ "es", "phone", "seis doce, treinta y cuatro, cincuenta y seis, setenta y ocho", "612345678" },
	{ "es", "number", "mil doscientos cincuenta", "1250" },
	{ "es", "number", "tres y medio", "3.5" },
	{ "es", "date", "el dos de mayo de mil novecientos ochenta y uno", "1981-05-02" },
	{ "es", "address", "calle mayor catorce, veintiocho cero trece madrid", "Calle Mayor 14, 28013 Madrid" },
	{ "fr", "name", "Je m'appelle Paul Le Goff", "Paul Le Goff" },
	{ "fr", "email", "paul tiret goff arobase exemple point fr", "paul-goff@exemple.fr" },
	{ "fr", "phone", "z\303\251ro six, douze, soixante-dix-huit, quatre-vingt-dix-neuf, quatre-vingts", "0612789980" },
	{ "fr", "number", "deux mille trois cent soixante et onze", "2371" },
	{ "fr", "date", "le 1er mars mille neuf cent soixante-douze", "1972-03-01" },
	{ "fr", "address", "quatorze rue des lilas, soixante-neuf mille trois lyon", "14 rue des Lilas, 69003 Lyon" },
	{ "de", "name", "Otto Wilhelm, W I L H E L M", "Otto Wilhelm" },
	{ "de", "email", "info at beispiel bindestrich firma punkt de", "info@beispiel-firma.de" },
	{ "de", "phone", "null eins f\303\274nf eins, dreiundzwanzig, f\303\274nfundvierzig, siebzig", "0151234570" },
	{ "de", "number", "dreieinhalb", "3.5" },
	{ "de", "number", "tausendzweihundertf\303\274nfzig", "1250" },
	{ "de", "date", "dritter zweiter f\303\274nfundachtzig", "1985-02-03" },
	{ "de", "address", "lindenstra\303\237e vierzehn, acht null drei drei eins m\303\274nchen",
		"Lindenstra\303\237e 14, 80331 M\303\274nchen" },
#include "fields_spoken.inc"
	/* nothing to read */
	{ "en", "number", "", NULL },
	{ "xx", "number", "5", NULL },
};

static const char *
read_case(VaArena *arena, const Case *c, char *talk, VaFieldValue *value, VaTalkTurn *turns)
{
	const VaLexicon *lexicon = va_lexicon(c->language);
	size_t nturns = 0;

	for (char *turn = strtok(talk, "|"); turn != NULL; turn = strtok(NULL, "|"))
	{
		bool person = turn[0] != '>';

		turns[nturns++] = (VaTalkTurn){ .text = turn + !person, .len = strlen(turn + !person), .person = person };
	}
	*value = (VaFieldValue){ 0 };
	if (lexicon != NULL)
		va_read_field(arena, lexicon, turns, nturns, va_field_kind(c->kind), value);
	return value->value;
}

static void
test_fields(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		VaArena arena = { 0 };
		char talk[1000];
		VaFieldValue value;
		VaTalkTurn turns[20];

		snprintf(talk, sizeof(talk), "%s", cases[i].talk);
		is_str(read_case(&arena, &cases[i], talk, &value, turns), cases[i].expected, "%s %s: %s", cases[i].language,
			cases[i].kind, cases[i].talk);
		if (value.value != NULL)
			ok(value.len > 0 && turns[value.turn].person && value.offset + value.len <= turns[value.turn].len,
				"... and a turn of the person is its proof");
		va_arena_free(&arena);
	}
}

static void
test_quote(void)
{
	VaArena arena = { 0 };
	Case c = { "en", "phone", NULL, NULL };
	char talk[] = ">Your number?|Sure, it's 415 555 0134, thanks.";
	VaFieldValue value;
	VaTalkTurn turns[4];

	read_case(&arena, &c, talk, &value, turns);
	is_int(value.turn, 1, "the turn that gave it");
	is_mem(turns[1].text + value.offset, value.len, "415 555 0134", 12, "and its words, no more");
	va_arena_free(&arena);
}

/* What stands behind a turn's bytes is not read: its end is where its length says. */
static void
test_slice(void)
{
	static const char text[] = "This is Anna Reed of Sunny Roofs. Is this Bob Hall?Yes.";
	VaTalkTurn turns[] = { { .text = text, .len = 33 }, { .text = text + 51, .len = 4, .person = true } };
	VaArena arena = { 0 };
	VaFieldValue value;

	ok(va_read_field(&arena, va_lexicon("en"), turns, 2, VA_FIELD_NAME, &value), "a turn is a part of a longer text");
	is_str(value.value, NULL, "whose question mark is none of the turn's");
	turns[0].len = 51;
	va_read_field(&arena, va_lexicon("en"), turns, 2, VA_FIELD_NAME, &value);
	is_str(value.value, "Bob Hall", "... and is where the turn has it");
	va_arena_free(&arena);
}

/* A turn as long as a report allows costs what its first bytes cost, and is read. */
static void
test_bounds(void)
{
	enum
	{
		LONG = 200000
	};
	char *text = malloc(LONG + 1);

	for (size_t i = 0; i < LONG; i++)
		text[i] = "a dot 5 at "[i % 11];
	text[LONG] = '\0';
	for (VaFieldKind kind = 0; kind < VA_FIELD_KINDS; kind++)
	{
		VaArena arena = { 0 };
		VaTalkTurn turn = { .text = text, .len = LONG, .person = true };
		VaFieldValue value;

		ok(va_read_field(&arena, va_lexicon("en"), &turn, 1, kind, &value), "200 kB as a %s", va_field_kind_name(kind));
		va_arena_free(&arena);
	}
	free(text);
}

/* Words of the name of which two are like one that is said now, and none like another: all places are taken. */
static void
test_full_name(void)
{
	static const char *const said[] = { "cette semaine hmm non la semaine prochaine", "cette semaine ou la prochaine" };
	VaTalkTurn turns[2];
	VaArena arena = { 0 };
	VaFieldValue value;

	for (size_t i = 0; i < 2; i++)
		turns[i] = (VaTalkTurn){ .text = said[i], .len = strlen(said[i]), .person = true };
	ok(va_read_field(&arena, va_lexicon("en"), turns, 2, VA_FIELD_NAME, &value), "a name of six words is said again");
	is_str(value.value, "Cette Semaine Non La Semaine Prochaine", "and stays as it was");
	va_arena_free(&arena);
}

int
main(void)
{
	test_fields();
	test_quote();
	test_slice();
	test_bounds();
	test_full_name();
	return done_testing();
}
