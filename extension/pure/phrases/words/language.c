/*-------------------------------------------------------------------------
 * language.c
 *		The tables of languages, and the index of each.
 *
 * An index is an open hash of phrases and of all that phrases begin with, so
 * that a search goes on only while a longer phrase may fit.  It is filled once
 * in a process, under pthread_once(), and only read afterwards.
 */
#include "pure/phrases/words/language.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

#include "pure/phrases/words/tokens.h"

#define SLOTS 8192 /* a power of two; an index is filled to two thirds at most */
#define KEYS (SLOTS * 16)
#define KEY_MAX (VA_PHRASE_ENTRY_WORDS * (VA_PHRASE_WORD_MAX + 1))

typedef struct Slot
{
	uint32_t hash;
	uint32_t key; /* in keys, behind a NUL; 0 = the slot is free */
	int32_t value;
	uint8_t class; /* VA_WORD_OTHER: only the beginning of phrases */
	uint8_t words;
} Slot;

struct VaPhraseLanguage
{
	const VaPhraseTable *table;
	Slot slots[SLOTS];
	char keys[KEYS];
	size_t used;
	size_t filled;
	const char *twice; /* a phrase that two entries have, or for which there was no room */
};

static VaPhraseLanguage languages[VA_LANGUAGES_MAX];
static size_t nlanguages;

static pthread_once_t indexed = PTHREAD_ONCE_INIT;

static uint32_t
hash_on(uint32_t hash, const char *text)
{
	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char) *text) * 16777619u;
	return (hash ^ ' ') * 16777619u;
}

#define HASH_START 2166136261u

/* Where a key is, or would be. */
static uint32_t
place_of(const VaPhraseLanguage *language, uint32_t hash, const char *key)
{
	uint32_t at = hash & (SLOTS - 1);

	while (language->slots[at].key != 0 &&
		   (language->slots[at].hash != hash || strcmp(language->keys + language->slots[at].key, key) != 0))
		at = (at + 1) & (SLOTS - 1);
	return at;
}

static Slot *
add_key(VaPhraseLanguage *language, uint32_t hash, const char *key, size_t words)
{
	Slot *slot = &language->slots[place_of(language, hash, key)];
	size_t len = strlen(key) + 1;

	if (slot->key != 0)
		return slot;
	if (language->filled >= SLOTS / 3 * 2 || language->used + len > KEYS)
		return NULL;
	*slot = (Slot){ .hash = hash, .key = (uint32_t) language->used, .words = (uint8_t) words };
	memcpy(language->keys + language->used, key, len);
	language->used += len;
	language->filled++;
	return slot;
}

static void
add_phrase(VaPhraseLanguage *language, const VaPhraseEntry *entry, const char *phrase, size_t len, bool shared)
{
	VaPhraseTokens tokens;
	char key[KEY_MAX + 1] = "";
	size_t used = 0;
	uint32_t hash = HASH_START;
	Slot *slot = NULL;

	va_phrase_tokens(&tokens, phrase, len, NULL);
	if (tokens.count == 0 || tokens.count > VA_PHRASE_ENTRY_WORDS)
		language->twice = phrase;
	for (size_t i = 0; i < tokens.count && i < VA_PHRASE_ENTRY_WORDS; i++)
	{
		size_t word = strlen(tokens.items[i].word);

		memcpy(key + used, tokens.items[i].word, word);
		used += word;
		key[used++] = ' ';
		key[used] = '\0';
		hash = hash_on(hash, tokens.items[i].word);
		slot = add_key(language, hash, key, i + 1);
		if (slot == NULL)
		{
			language->twice = phrase;
			return;
		}
	}
	if (slot == NULL || (slot->class != VA_WORD_OTHER && shared))
		return;
	if (slot->class != VA_WORD_OTHER && (slot->class != entry->class || slot->value != entry->value))
		language->twice = phrase;
	slot->class = entry->class;
	slot->value = entry->value;
}

static void
add_table(VaPhraseLanguage *language, const VaPhraseTable *table, bool shared)
{
	for (size_t i = 0; i < table->count; i++)
	{
		const char *phrase = table->entries[i].phrases;

		while (*phrase != '\0')
		{
			size_t len = strcspn(phrase, "|");

			add_phrase(language, &table->entries[i], phrase, len, shared);
			phrase += len;
			if (*phrase == '|')
				phrase++;
		}
	}
}

static void
make_indexes(void)
{
	for (; nlanguages < VA_LANGUAGES_MAX && va_times[nlanguages] != NULL; nlanguages++)
	{
		VaPhraseLanguage *language = &languages[nlanguages];

		language->table = va_times[nlanguages];
		language->used = 1;
		add_table(language, language->table, false);
		add_table(language, &va_times_common, true);
	}
}

const VaPhraseLanguage *
va_phrase_language(const char *tag)
{
	pthread_once(&indexed, make_indexes);
	for (size_t i = 0; tag != NULL && i < nlanguages; i++)
	{
		const char *code = languages[i].table->code;

		if (tolower((unsigned char) tag[0]) == code[0] && tolower((unsigned char) tag[1]) == code[1] &&
			(tag[2] == '\0' || tag[2] == '-' || tag[2] == '_'))
			return &languages[i];
	}
	return NULL;
}

const char *
va_phrase_language_code(size_t n)
{
	pthread_once(&indexed, make_indexes);
	return n < nlanguages ? languages[n].table->code : NULL;
}

unsigned
va_phrase_traits(const VaPhraseLanguage *language)
{
	return language->table->traits;
}

const char *
va_phrase_fault(const VaPhraseLanguage *language)
{
	return language->twice;
}

VaWordMeaning
va_phrase_meaning(const VaPhraseLanguage *language, const char *const *words, size_t count)
{
	VaWordMeaning meaning = { .class = VA_WORD_OTHER, .words = 1 };
	char key[KEY_MAX + 1];
	size_t used = 0;
	uint32_t hash = HASH_START;

	for (size_t i = 0; i < count && i < VA_PHRASE_ENTRY_WORDS; i++)
	{
		const Slot *slot;

		for (const char *c = words[i]; *c != '\0'; c++)
		{
			key[used++] = *c;
			hash = (hash ^ (unsigned char) *c) * 16777619u;
		}
		key[used++] = ' ';
		key[used] = '\0';
		hash = (hash ^ ' ') * 16777619u;
		slot = &language->slots[place_of(language, hash, key)];
		if (slot->key == 0)
			break;
		if (slot->class != VA_WORD_OTHER)
			meaning = (VaWordMeaning){ .class = slot->class, .value = slot->value, .words = i + 1 };
	}
	return meaning;
}

/* The parts that words are put together from. */
static bool
is_part_of_words(const Slot *slot)
{
	switch (slot->class)
	{
		case VA_WORD_NUMBER:
		case VA_WORD_ARTICLE:
		case VA_WORD_MULTIPLE:
		case VA_WORD_ORDINAL:
		case VA_WORD_AND:
		case VA_WORD_WEEKDAY:
		case VA_WORD_MORNING:
		case VA_WORD_PART:
		case VA_WORD_OCLOCK:
		case VA_WORD_UNIT:
		case VA_WORD_NOON:
		case VA_WORD_DAY:
		case VA_WORD_ISH:
		case VA_WORD_HOLIDAY:
		case VA_WORD_MONTH:
		case VA_WORD_MONTH_WEAK:
			return slot->words == 1;
		default:
			return false;
	}
}

size_t
va_phrase_prefix(const VaPhraseLanguage *language, const char *letters, size_t len)
{
	char key[VA_PHRASE_WORD_MAX + 2];
	uint32_t hash = HASH_START;
	size_t longest = 0;

	for (size_t i = 0; i < len && i < VA_PHRASE_WORD_MAX; i++)
	{
		const Slot *slot;

		key[i] = letters[i];
		key[i + 1] = ' ';
		key[i + 2] = '\0';
		hash = (hash ^ (unsigned char) letters[i]) * 16777619u;
		slot = &language->slots[place_of(language, (hash ^ ' ') * 16777619u, key)];
		if (slot->key != 0 && is_part_of_words(slot))
			longest = i + 1;
	}
	return longest;
}
