/*
 * test_phrases_mask.c
 *		What must not be kept: cards and codes, written in any groups and spoken in
 *		five languages, are masked wherever they stand; ordinary talks are not.
 */
#include "pure/phrases/words/mask.h"

#include <stdlib.h>
#include <string.h>

#include "pure/text/json.h"
#include "tap.h"

#define CARDS 200

typedef struct Language
{
	const char *code;
	const char *digits[10];
	const char *before;
	const char *code_before;
} Language;

static const Language languages[] = {
	{ "en", { "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine" }, "Sure, it is ",
		"My PIN is " },
	{ "es", { "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve" }, "Claro, es el ",
		"Mi clave es " },
	{ "fr", { "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf" }, "Oui, c'est le ",
		"Mon code est " },
	{ "de", { "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun" },
		"Ja, die Nummer ist ", "Meine Geheimzahl ist " },
	{ "it", { "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove" }, "Certo, è ",
		"Il codice è " },
};
static const char *const pairs_en[] = { "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
	"ninety" };

static unsigned int seed = 20261128;

static int
below(int most)
{
	seed = seed * 1103515245u + 12345u;
	return (int) (seed >> 16) % most;
}

/* A number of 16 digits that begins with 4 and passes Luhn's sum. */
static void
make_card(char *card)
{
	int sum = 0;

	card[0] = '4';
	for (int i = 1; i < 15; i++)
		card[i] = (char) ('0' + below(10));
	for (int i = 0; i < 15; i++)
	{
		int digit = card[i] - '0';

		digit = i % 2 == 0 ? 2 * digit : digit;
		sum += digit > 9 ? digit - 9 : digit;
	}
	card[15] = (char) ('0' + (10 - sum % 10) % 10);
	card[16] = '\0';
}

static void
say(char *text, size_t room, const char *card, int form, const Language *language)
{
	strcpy(text, language->before);
	for (int i = 0; card[i] != '\0'; i++)
	{
		size_t used = strlen(text);

		if (form == 0)
			snprintf(text + used, room - used, "%c", card[i]);
		else if (form == 1)
			snprintf(text + used, room - used, "%s%c", i > 0 && i % 4 == 0 ? " " : "", card[i]);
		else if (form == 2)
			snprintf(text + used, room - used, "%s%c", i > 0 && i % 4 == 0 ? "-" : "", card[i]);
		else if (form == 3)
			snprintf(text + used, room - used, "%s%c", i > 0 ? ", " : "", card[i]);
		else
			snprintf(text + used, room - used, "%s%s", i > 0 ? i % 4 == 0 ? ", " : " " : "",
				language->digits[card[i] - '0']);
	}
	strcat(text, ".");
}

static bool
masks(const char *text)
{
	VaArena memory = { 0 };
	VaArena *arena = &memory;
	const char *masked = va_mask_words(arena, NULL, text, strlen(text));
	bool is = masked != NULL && strstr(masked, VA_MASKED) != NULL;

	if (masked != NULL && is)
		for (const char *c = masked; *c != '\0'; c++)
			is = is && !(c[0] >= '0' && c[0] <= '9');
	va_arena_free(arena);
	return is;
}

static void
test_cards(void)
{
	int missed = 0;

	for (int i = 0; i < CARDS; i++)
	{
		char card[20];
		char text[1000];
		const Language *language = &languages[i % 5];

		make_card(card);
		for (int form = 0; form < 5; form++)
		{
			say(text, sizeof(text), card, form, language);
			if (!masks(text) || strstr(text, language->before) == NULL)
			{
				missed++;
				printf("# not masked (%s): %s\n", language->code, text);
			}
		}
		/* In pairs, as in English: forty-two fifty-one; "seventy one three" may be 71 3, and is not said so. */
		if (strspn(card + 1, "123456789") < 15)
			continue;
		strcpy(text, "it's ");
		for (int j = 0; j < 16; j += 2)
		{
			int tens = card[j] - '0';
			int ones = card[j + 1] - '0';
			size_t used = strlen(text);

			if (tens < 2)
				snprintf(
					text + used, sizeof(text) - used, "%s %s ", languages[0].digits[tens], languages[0].digits[ones]);
			else if (ones == 0)
				snprintf(text + used, sizeof(text) - used, "%s ", pairs_en[tens]);
			else
				snprintf(text + used, sizeof(text) - used, "%s %s ", pairs_en[tens], languages[0].digits[ones]);
		}
		if (!masks(text))
		{
			missed++;
			printf("# not masked (pairs): %s\n", text);
		}
	}
	is_int(missed, 0, "every card, in any groups and spoken in five languages, is masked");
	missed = 0;
	for (int i = 0; i < 5; i++)
		for (int form = 0; form < 3; form++)
		{
			char text[300];

			snprintf(text, sizeof(text),
				form == 0	? "%s4711."
				: form == 1 ? "%s%s %s %s %s, thanks."
							: "%s4 7 1 1",
				languages[i].code_before, languages[i].digits[4], languages[i].digits[7], languages[i].digits[1],
				languages[i].digits[1]);
			if (!masks(text))
			{
				missed++;
				printf("# not masked: %s\n", text);
			}
		}
	is_int(missed, 0, "... and so is every code behind a word that says so");
}

static void
test_kept(void)
{
	static const char *const kept[] = { "Call me at +1 415 555 0100 or 0049 170 1234567.", "My zip code is 90210.",
		"The postal code is 7 5 0 0 1.", "Le code postal est 75011.", "El código postal es 28013.",
		"Der Code ist mir egal, um 15 Uhr 30.", "Order 4242 4242 4242 4241 arrived.",
		"On 24 11 2026 at 10 30 at 1600 Pennsylvania Avenue.", "The area code is 212.",
		"One two three four five six seven eight nine ten eleven.", "1790000000500",
		"IBAN DE89 3704 0044 0532 0130 00" };
	VaArena memory = { 0 };
	VaArena *arena = &memory;
	int masked = 0;

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (va_mask_words(arena, NULL, kept[i], strlen(kept[i])) != NULL)
		{
			masked++;
			printf("# masked: %s\n", kept[i]);
		}
	is_int(masked, 0, "numbers to call, places, dates and a card that fails Luhn's sum are kept");
	va_arena_free(arena);
}

static void
test_bodies(void)
{
	static const char body[] = "{\"message\":{\"type\":\"end-of-call-report\",\"call\":{\"id\":\"4242424242424242\"},"
							   "\"timestamp\":1790000000500,"
							   "\"transcript\":\"User: it is 4242 4242 4242 4242\\nAI: "
							   "thanks\",\"analysis\":{\"structuredData\":{\"card\":4242424242424242,"
							   "\"phone\":\"+14155550100\",\"words\":[\"four two four two four two four two four two "
							   "four two four two four two\"]}}}}";
	static const char form[] = "CallSid=CA4242424242424242&SpeechResult=it+is+4242+4242+4242%204242&Confidence=0.9";
	static const char named[] = "{\"call\":{\"name\":\"va-68719476737-68719476738-01234567\"}}";
	VaArena memory = { 0 };
	VaArena *arena = &memory;
	VaArena unused = { 0 };
	size_t len = 0;
	char *masked = va_mask_body(arena, NULL, body, strlen(body), &len);

	ok(masked != NULL && strstr(masked, "\"id\":\"4242424242424242\"") != NULL &&
			strstr(masked, "1790000000500") != NULL && strstr(masked, "+14155550100") != NULL,
		"ids, times and numbers to call of a body are kept");
	ok(masked != NULL && strstr(masked, "4242 4242") == NULL && strstr(masked, "four two") == NULL &&
			strstr(masked, ":4242424242424242") == NULL,
		"... and cards are masked, in words and as a number");
	masked = va_mask_body(arena, NULL, form, strlen(form), &len);
	ok(masked != NULL && len == strlen(masked) &&
			strcmp(masked, "CallSid=CA4242424242424242&SpeechResult=it%20is%20%2A%2A%2A%2A&Confidence=0.9") == 0,
		"what a form says was heard is masked, and nothing else of it");
	ok(va_mask_body(&unused, NULL, named, strlen(named), &len) == NULL && unused.head == NULL,
		"the name that we gave a call is not worth a look, however long its numbers are");
	ok(va_mask_body(arena, NULL, "{\"a\":", 5, &len) == NULL && va_mask_body(arena, NULL, "", 0, &len) == NULL,
		"what cannot be read stays");
	va_arena_free(arena);
}

/* The talks that the outcomes are judged by: nobody tells a card there. */
static void
test_talks(void)
{
	FILE *list = popen("ls regress/eval/talks/*.jsonl", "r");
	char name[200];
	long turns = 0;
	long masked = 0;

	while (list != NULL && fgets(name, sizeof(name), list) != NULL)
	{
		FILE *file = fopen(strtok(name, "\n"), "r");
		char *line = NULL;
		size_t room = 0;
		ssize_t len;

		while (file != NULL && (len = getline(&line, &room, file)) > 0)
		{
			VaArena memory = { 0 };
			VaArena *arena = &memory;
			const char *why;
			json_t *talk = va_json_load(arena, line, (size_t) len, &why);
			json_t *turn;
			size_t i;

			/* As a whole, because a card may be told over several turns. */
			(void) va_mask_json(arena, NULL, json_object_get(talk, "turns"));
			json_array_foreach(json_object_get(talk, "turns"), i, turn)
			{
				const char *said = json_string_value(json_object_get(turn, "text"));

				turns++;
				if (said != NULL && strstr(said, VA_MASKED) != NULL)
				{
					masked++;
					printf("# masked: %s\n", said);
				}
			}
			json_decref(talk);
			va_arena_free(arena);
		}
		free(line);
		if (file != NULL)
			fclose(file);
	}
	if (list != NULL)
		pclose(list);
	printf("# %ld of %ld turns of ordinary talks are masked\n", masked, turns);
	ok(turns > 1000, "the talks are there");
	ok(masked * 200 < turns, "words masked wrongly: fewer than 0.5 %%");
}

/* A card told in pieces by one side, whoever speaks between; a code that is asked for and answered by digits alone. */
static void
test_pieces(void)
{
	static const char *const masked[] = {
		("[{\"role\":\"user\",\"message\":\"It is 4242 4242\"},{\"role\":\"bot\",\"message\":\"Go on.\"},"
		 "{\"role\":\"user\",\"message\":\"4242 4242.\"}]"),
		("[{\"speaker\":\"customer\",\"text\":\"four two four two\"},{\"speaker\":\"assistant\",\"text\":\"OK\"},"
		 "{\"speaker\":\"customer\",\"text\":\"four two four two\"},{\"speaker\":\"customer\",\"text\":\"Yes.\"},"
		 "{\"speaker\":\"customer\",\"text\":\"four two four two four two four two\"}]"),
		("[{\"speaker\":\"assistant\",\"text\":\"And what is your "
		 "PIN?\"},{\"speaker\":\"customer\",\"text\":\"4271.\"}]"),
		"{\"transcript\":\"User: It is 4242 4242\\nAI: Yes?\\nUser: 4242\\nUser: And 4242\\nAI: Your PIN?\\nUser: "
		"4271.\\nAI: Thank you.\"}",
		"{\"transcript\":\"AI: Wie lautet die Geheimzahl?\\nUser: vier zwei sieben eins\"}",
	};
	static const char *const kept[] = {
		"[{\"role\":\"user\",\"message\":\"It is 4242 4242\"},{\"role\":\"bot\",\"message\":\"4242 4242?\"}]",
		("[{\"role\":\"user\",\"message\":\"My number is 212 555 0100\"},{\"role\":\"bot\",\"message\":\"Thanks\"},"
		 "{\"role\":\"user\",\"message\":\"or 212 555 0199\"}]"),
		"[{\"speaker\":\"assistant\",\"text\":\"And your zip code?\"},{\"speaker\":\"customer\",\"text\":\"94110.\"}]",
		"{\"transcript\":\"AI: When?\\nUser: At 10:30 on 12/05/2026, or 16:45 on 17/05/2026.\\nAI: Fine.\"}",
	};

	for (size_t i = 0; i < sizeof(masked) / sizeof(masked[0]) + sizeof(kept) / sizeof(kept[0]); i++)
	{
		bool wanted = i < sizeof(masked) / sizeof(masked[0]);
		const char *body = wanted ? masked[i] : kept[i - sizeof(masked) / sizeof(masked[0])];
		VaArena memory = { 0 };
		size_t len = 0;
		char *said = va_mask_body(&memory, NULL, body, strlen(body), &len);

		ok((said != NULL) == wanted && (!wanted || (strstr(said, "4242") == NULL && strstr(said, "four two") == NULL &&
													   strstr(said, "4271") == NULL && strstr(said, "zwei") == NULL)),
			"told in pieces, %s: %s", wanted ? "masked" : "kept", said != NULL ? said : body);
		va_arena_free(&memory);
	}
}

/* What a tenant names: words, and shapes. */
static void
test_own(void)
{
	static const char lines[] = "  Policy   ###### \nProject Falcon\n\n@@-####\n######\nGEHEIMÖL\nstopping\n";
	static const struct
	{
		const char *said;
		const char *masked; /* NULL: kept */
	} cases[] = {
		{ "My POLICY  123456, please.", "My ****, please." },
		{ "my policy 12 34-56", "my ****" },
		{ "Policy 1234567.", NULL },
		{ "About project falcon and Project\tFALCON!", "About **** and ****!" },
		{ "Project Falconer", NULL },
		{ "It is AB-1234.", "It is ****." },
		{ "It is XAB-1234 or AB-12345.", NULL },
		{ "123 456 7890", NULL },
		{ "No. 123456!", "No. ****!" },
		{ "Das Geheimöl, bitte.", "Das ****, bitte." },
		{ "Policy #####, project", NULL },
		{ "", NULL },
	};
	static const char *const refused[] = { "stop calling me", "ok\nab", "STOP", "Yes", "nein", "sí, claro", "- -",
		"@@@@", "remove me from your list" };
	VaArena memory = { 0 };
	VaMaskOwn *own = va_mask_own(&memory, lines, false);
	const char *why = NULL;
	char long_line[300] = { 0 };
	static const char talk[] = "AI: the Falcon stone\nUser: stop calling me.";
	static const char raw[] = "{\"type\":\"ended\",\"duration\":123456,\"text\":\"It ended "
							  "so.\",\"said\":\"Falcon\",\"sessionId\":\"123456\","
							  "\"structuredData\":{\"policy\":123456,\"name\":\"Falcon\",\"text\":\"123456\"}}";
	char *body;
	size_t len;

	is_str(va_mask_check_own(&memory, lines, &why),
		"policy ######\nproject falcon\n@@-####\n######\ngeheimöl\nstopping", "lines as they are kept");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		const char *masked = va_mask_words(&memory, own, cases[i].said, strlen(cases[i].said));

		ok(cases[i].masked == NULL ? masked == NULL : masked != NULL && strcmp(masked, cases[i].masked) == 0,
			"named, or not: %s: %s", cases[i].said, masked != NULL ? masked : "kept");
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		why = NULL;
		ok(va_mask_check_own(&memory, refused[i], &why) == NULL && why != NULL, "not to be named: %s: %s", refused[i],
			why != NULL ? why : "kept");
	}
	memset(long_line, 'x', 101);
	why = NULL;
	ok(va_mask_check_own(&memory, long_line, &why) == NULL && why != NULL, "... nor what is too long");
	memset(long_line, 0, sizeof(long_line));
	for (int i = 0; i < 51; i++)
		memcpy(long_line + 4 * i, "abc\n", 4);
	why = NULL;
	ok(va_mask_check_own(&memory, long_line, &why) == NULL && why != NULL, "... nor more than 50");
	/* What the law reads stays, whatever is named. */
	own = va_mask_own(&memory, "calling\nfalcon", false);
	is_str(va_mask_words(&memory, own, talk, strlen(talk)), "AI: the **** stone\nUser: stop calling me.",
		"words by which somebody asks to be called no more stay");
	own = va_mask_own(&memory, "ended\nvoice\n######\nfalcon", true);
	body = va_mask_body(&memory, own, raw, strlen(raw), &len);
	is_str(body,
		"{\"duration\":123456,\"said\":\"****\",\"sessionId\":\"123456\","
		"\"structuredData\":{\"name\":\"****\",\"policy\":\"****\",\"text\":\"****\"},\"text\":\"It **** "
		"so.\",\"type\":\"ended\"}",
		"of a carrier's body what was said is masked, and its own signs stay");
	va_arena_free(&memory);
}

/* Signs that people, editors and telephones put between the groups of a number, and digits of other scripts. */
static void
test_scripts(void)
{
	static const char *const between[] = { ":", "][", "&nbsp;", "&#160;", "&#8209;", "&ndash;", "&nbsp; ", "}{", ";", "\xC2\xA0", "\n", "\r\n", "_", "\xE2\x80\x8B", "\xE3\x80\x80",
		"\xE2\x80\xAF", "*", " | ", "~", "\xE2\x80\xA2", "\xC2\xB7", "\xE2\x88\x92", "\xE2\x80\x91", "\xEF\xBB\xBF",
		"\t", "; ", ")(" };
	static const char *const zeros[] = { "\xEF\xBC\x90", "\xD9\xA0", "\xDB\xB0", "\xE0\xA5\xA6", "\xE0\xA7\xA6",
		"\xE0\xB9\x90", "\xF0\x9D\x9F\x8E" };
	static const char *const kept[] = { "Rooms 4242, *** 4242, *** 4242, *** 4242",
		"\xE6\x9D\xB1\xE4\xBA\xAC\xE3\x81\xAE 2026",
		"It\xE2\x80\x99s 4242 \xE2\x80\x9Cor\xE2\x80\x9D 4242, or 4242, or 4242", "4242: 4242: 4242: 4242",
		"\xD9\xA1\xD9\xA2 4242 4242" };
	VaArena memory = { 0 };
	VaArena *arena = &memory;
	char text[400];
	char body[600];
	char *masked;
	size_t len;

	for (size_t i = 0; i < sizeof(between) / sizeof(between[0]); i++)
	{
		snprintf(text, sizeof(text), "It is 4242%s4242%s4242%s4242.", between[i], between[i], between[i]);
		ok(masks(text), "groups of a card, and between them sign %d", (int) i);
		if (between[i][0] < 0x20 && between[i][0] > 0)
			continue;
		snprintf(body, sizeof(body), "{\"text\":\"%s\"}", text);
		ok(va_mask_body(arena, NULL, body, strlen(body), &len) != NULL, "... in JSON");
	}
	for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++)
	{
		size_t size = strlen(zeros[i]);

		strcpy(text, "It is ");
		for (int digit = 0; digit < 16; digit++)
		{
			strcat(text, zeros[i]);
			text[strlen(text) - 1] += digit % 2 == 0 ? 4 : 2;
			if (digit % 4 == 3)
				strcat(text, "-");
		}
		strcat(text, "ok");
		masked = va_mask_words(arena, NULL, text, strlen(text));
		ok(masked != NULL && strcmp(masked, "It is ****-ok") == 0, "digits of another script, of %d bytes", (int) size);
		snprintf(body, sizeof(body), "[{\"role\":\"user\",\"text\":\"My PIN is %s%s%s%s.\"}]", zeros[i], zeros[i],
			zeros[i], zeros[i]);
		ok((masked = va_mask_body(arena, NULL, body, strlen(body), &len)) != NULL && strstr(masked, zeros[i]) == NULL,
			"... a code in them");
	}
	strcpy(body, "{\"text\":\"4242\\u00a04242\\n4242\\uff14242\"}");
	ok(va_mask_body(arena, NULL, body, strlen(body), &len) != NULL, "as JSON may have them");
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		ok(va_mask_words(arena, NULL, kept[i], strlen(kept[i])) == NULL, "kept: %s", kept[i]);
	va_arena_free(arena);
}

int
main(void)
{
	test_own();
	test_scripts();
	test_pieces();
	test_cards();
	test_kept();
	test_bodies();
	test_talks();
	return done_testing();
}
