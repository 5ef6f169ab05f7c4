/*-------------------------------------------------------------------------
 * reading_turns.c
 *		Which words of a talk may bear a value out, and where they stand.
 *
 * Pure.
 */
#include "pure/phrases/reading_internal.h"

#include <strings.h>

#include "pure/text/utf8.h"

/* ---- what a person says to the model ---- */

typedef struct Spoken
{
	const char *language;
	const char *words; /* '|' between them */
} Spoken;

/* Words that no person says to a business: of the model, its rules, its records, its code.  Plain small letters. */
static const Spoken spoken[] = {
	{ "", "json|sql|drop table|drop database|union select|select everything|delete from|insert into|update users"
		  "|system prompt|prompt injection|curly bracket|debug mode|debug modus|modo debug|mode debug|developer mode"
		  "|tool call|opt out null|opt out false|opt out true|outcome completed|outcome scheduled|outcome interested" },
	{ "en", "ignore your instructions|ignore all instructions|ignore your previous|ignore all previous"
			"|ignore previous instructions|ignore the previous instructions|disregard your instructions"
			"|disregard all previous|forget your instructions|forget the script|your instructions are"
			"|new instruction|new instructions|system override|override the system|system message"
			"|you are no longer|you are now a|assistant write|assistant to assistant|assistant rule|assistant note"
			"|note to assistant|note to the assistant|set opt out|log consent|write into the|write in the field"
			"|summary of this call must|summary must read|summary colon|repeat after me|mark all leads|all leads"
			"|mark lead|every number in this campaign|set recording|set the webhook|daily call limit|budget guard"
			"|calls per day to|you must obey|your policy says|print your|pretend i m|pretend i am|say that i won"
			"|store outcome|new list price|return outcome|language model" },
	{ "es", "ignora tus instrucciones|ignore sus instrucciones|ignora las instrucciones|ignora todas las instrucciones"
			"|olvida tus instrucciones|olvida las instrucciones|tus instrucciones|nuevas instrucciones"
			"|nueva instruccion|eres ahora|ahora eres|ya no eres|modelo de lenguaje|todos los leads"
			"|mensaje del sistema|asistente escribe|asistente anota|devuelve como resultado" },
	{ "fr", "ignore tes instructions|ignorez vos instructions|ignore les instructions|oublie tes instructions"
			"|oubliez vos instructions|oublie les instructions|tes instructions|nouvelles instructions"
			"|nouvelle instruction|tu es maintenant|tu n es plus|modele de langage|tous les leads"
			"|message systeme|assistant ecris|assistant note|renvoie comme resultat" },
	{ "de", "ignoriere deine|ignorieren sie ihre anweisungen|ignoriere alle|vergiss deine|vergiss alles vorher"
			"|deine anweisungen|deine geheime|neue anweisung|neue anweisungen|neue aufgabe|du bist jetzt"
			"|du bist nun|du bist kein|sprachmodell|alle leads|systemnachricht|assistent schreib|protokoll der ki"
			"|gib als ergebnis|im datensatz|wartungsmodus|entwicklerkanal|feld ergebnis|feld opt" },
};

/* A turn as plain small letters and digits with one blank between words, and where each byte comes from. */
typedef struct Plain
{
	char text[VA_PHRASE_BYTES_MAX + 2];
	uint16_t from[VA_PHRASE_BYTES_MAX + 2];
	size_t len;
} Plain;

static void
make_plain(Plain *plain, const char *turn, size_t len)
{
	if (len > VA_PHRASE_BYTES_MAX)
		len = VA_PHRASE_BYTES_MAX;
	plain->len = 0;
	for (size_t i = 0; i < len;)
	{
		int32_t code = 0;
		size_t step = va_utf8_next((const unsigned char *) turn + i, len - i, &code);
		int32_t letter = code > 0 ? va_plain_letter(va_small_letter(code)) : ' ';
		bool word = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');

		if (word || (plain->len > 0 && plain->text[plain->len - 1] != ' '))
		{
			plain->text[plain->len] = word ? (char) letter : ' ';
			plain->from[plain->len++] = (uint16_t) i;
		}
		i += step;
	}
	plain->text[plain->len] = '\0';
}

static bool
in_table(const char *at, const char *words)
{
	while (*words != '\0')
	{
		size_t len = strcspn(words, "|");

		if (words[0] == at[0] && strncmp(words, at, len) == 0 && (at[len] == ' ' || at[len] == '\0'))
			return true;
		words += len + (words[len] == '|');
	}
	return false;
}

size_t
va_speaks_to_model(const char *turn, size_t len, const char *language)
{
	Plain plain;

	make_plain(&plain, turn, len);
	for (size_t i = 0; i < plain.len; i++)
	{
		if (i > 0 && plain.text[i - 1] != ' ')
			continue;
		for (size_t t = 0; t < sizeof(spoken) / sizeof(spoken[0]); t++)
		{
			size_t from = plain.from[i];

			if ((spoken[t].language[0] != '\0' && strncasecmp(spoken[t].language, language, 2) != 0) ||
				!in_table(plain.text + i, spoken[t].words))
				continue;
			/* From the beginning of its part of the sentence on; what follows belongs to it. */
			while (from > 0 && strchr(".?!;,:\n", turn[from - 1]) == NULL)
				from--;
			return from;
		}
	}
	return len;
}

/* ---- which turns vouch ---- */

static const VaFinding *
plain_finding(const VaReader *reader, size_t turn, VaIntent intent)
{
	const VaFindings *findings = &reader->talk.findings[turn];

	for (size_t i = 0; i < findings->count; i++)
	{
		if (findings->items[i].intent == intent && findings->items[i].sense == VA_SENSE_PLAIN)
			return &findings->items[i];
	}
	return NULL;
}

bool
va_reading_agreed(const VaReader *reader, size_t turn)
{
	bool agreed = false;

	for (size_t i = turn + 1; i < reader->talk.count && reader->talk.turns[i].person; i++)
	{
		VaAnswer answer = va_field_answer(&reader->units[i - reader->first]);

		if (answer == VA_ANSWER_NO || plain_finding(reader, i, VA_INTENT_NO) != NULL ||
			plain_finding(reader, i, VA_INTENT_REFUSAL) != NULL ||
			plain_finding(reader, i, VA_INTENT_WITHDRAWAL) != NULL ||
			plain_finding(reader, i, VA_INTENT_WRONG_NUMBER) != NULL ||
			plain_finding(reader, i, VA_INTENT_SARCASM) != NULL)
			return false;
		agreed = agreed || answer == VA_ANSWER_YES || plain_finding(reader, i, VA_INTENT_YES) != NULL;
	}
	return agreed;
}

VaWords
va_reading_sentence(const VaReader *reader, size_t turn, size_t from, size_t to)
{
	const VaTalkTurn *said = &reader->talk.turns[turn];

	if (from > said->len)
		from = said->len;
	if (to > said->len)
		to = said->len;
	while (from > 0 && strchr(".?!;\n", said->text[from - 1]) == NULL)
		from--;
	while (from < to && said->text[from] == ' ')
		from++;
	while (to < said->len && strchr(".?!;\n", said->text[to]) == NULL)
		to++;
	if (to < said->len)
		to++;
	return (VaWords){ .turn = turn, .offset = from, .len = to - from };
}
