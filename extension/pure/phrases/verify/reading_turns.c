/*-------------------------------------------------------------------------
 * reading_turns.c
 *		Which words of a talk may bear a value out, and where they stand.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

#include <pthread.h>
#include <strings.h>

#include "pure/text/utf8.h"

/* ---- what a person says to the model: of it, its rules, its records, its code ---- */

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
		int32_t letter = code > 0 ? va_plain_letter(va_small_letter(va_lookalike(code))) : ' ';
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

/* The phrases of a language, and those of all, by their first two letters; made once in a process. */
#define BUCKETS 64
#define PHRASES_MAX 400

typedef struct Phrase
{
	const char *words;
	size_t len;
	size_t next;		  /* in phrases, from 1 on; 0: none */
	const char *language; /* NULL: any */
} Phrase;

static pthread_once_t indexed = PTHREAD_ONCE_INIT;
static Phrase phrases[PHRASES_MAX + 1];
static size_t buckets[BUCKETS];

static size_t
bucket_of(const char *word)
{
	return ((unsigned char) word[0] * 7u + (unsigned char) word[1] * 3u) % BUCKETS;
}

static void
make_index(void)
{
	size_t used = 0;

	for (const VaLanguage *language = va_languages; language != NULL;
		 language = language->code == NULL ? NULL : language + 1)
	{
		for (const char *words = language->to_model; *words != '\0' && used < PHRASES_MAX;)
		{
			size_t len = strcspn(words, "|");
			size_t *bucket = &buckets[bucket_of(words)];

			phrases[++used] = (Phrase){ .words = words, .len = len, .next = *bucket, .language = language->code };
			*bucket = used;
			words += len + (words[len] == '|');
		}
	}
}

static bool
begins_phrase(const char *at, const char *language)
{
	for (size_t i = buckets[bucket_of(at)]; i > 0; i = phrases[i].next)
	{
		const Phrase *phrase = &phrases[i];

		if (strncmp(phrase->words, at, phrase->len) == 0 && (at[phrase->len] == ' ' || at[phrase->len] == '\0') &&
			(phrase->language == NULL || strncasecmp(phrase->language, language, 2) == 0))
			return true;
	}
	return false;
}

size_t
va_speaks_to_model(const char *turn, size_t len, const char *language)
{
	Plain plain;

	pthread_once(&indexed, make_index);
	make_plain(&plain, turn, len);
	for (size_t i = 0; i < plain.len; i++)
	{
		if (i > 0 && plain.text[i - 1] != ' ')
			continue;
		if (begins_phrase(plain.text + i, language))
		{
			size_t from = plain.from[i];

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
plain_finding(VaReader *reader, size_t turn, VaIntent intent)
{
	const VaFound *findings = &reader->talk.findings[turn];

	for (size_t i = 0; i < findings->count; i++)
	{
		if (findings->items[i].intent == intent && findings->items[i].sense == VA_SENSE_PLAIN)
			return &findings->items[i];
	}
	return NULL;
}

/* "Thanks", "lovely": what is said to what was offered or read back, where nothing is asked. */
static bool
takes_it(const VaUnits *units)
{
	static const char *const words[] = { "thanks", "thank", "cheers", "ta", "great", "lovely", "perfect", "good",
		"danke", "schon", "prima", "super", "gut", "gracias", "genial", "vale", "bien", "perfecto", "merci", "parfait",
		"tres", "entendu" };

	for (size_t i = 0; units->count > 0 && i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (strcmp(units->items[0].key, words[i]) == 0)
			return true;
	}
	return false;
}

bool
va_reading_agreed(VaReader *reader, size_t turn)
{
	bool agreed = false;

	for (size_t i = turn + 1; i < reader->talk.count && reader->talk.turns[i].person; i++)
	{
		VaYesNo answer = va_units_answer(va_reading_units(reader, i));

		if (answer == VA_ANSWER_NO || plain_finding(reader, i, VA_INTENT_NO) != NULL ||
			plain_finding(reader, i, VA_INTENT_REFUSAL) != NULL ||
			plain_finding(reader, i, VA_INTENT_WITHDRAWAL) != NULL ||
			plain_finding(reader, i, VA_INTENT_WRONG_NUMBER) != NULL)
			return false;
		agreed = agreed || answer == VA_ANSWER_YES || plain_finding(reader, i, VA_INTENT_YES) != NULL ||
				 takes_it(va_reading_units(reader, i));
	}
	return agreed;
}

const VaUnits *
va_reading_units(VaReader *reader, size_t turn)
{
	size_t at = turn - reader->first;
	const VaTalkTurn *said = &reader->talk.turns[turn];

	if (!reader->made[at])
	{
		reader->made[at] = true;
		if (!va_units(reader->arena, reader->lexicon, said->text, said->len, &reader->units[at]))
			reader->units[at] = (VaUnits){ 0 };
	}
	return &reader->units[at];
}

bool
va_reading_vouched(VaReader *reader, size_t turn)
{
	signed char *vouched = &reader->vouched[turn - reader->first];

	if (*vouched == 0)
	{
		size_t given = turn + reader->order->count - reader->talk.count;
		bool whole = reader->talk.turns[turn].len == reader->order->turns[given].len;

		/* A turn that speaks to the model gives no value. */
		*vouched = reader->talk.turns[turn].person ? whole : va_reading_agreed(reader, turn);
		*vouched = *vouched ? 1 : -1;
	}
	return *vouched > 0;
}

VaWords
va_reading_sentence(VaReader *reader, size_t turn, size_t from, size_t to)
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
