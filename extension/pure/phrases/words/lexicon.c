/*-------------------------------------------------------------------------
 * lexicon.c
 *		The index of each language's words for what is dictated.
 *
 * An open hash of phrases and of all that phrases begin with.  It is filled
 * once in a process, under pthread_once(), and only read afterwards.
 */
#include "pure/phrases/words/lexicon.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "pure/phrases/words/tokens.h"

#define WORDS_MAX 5
#define KEY_MAX (WORDS_MAX * (VA_PHRASE_WORD_MAX + 1) + 1)

static VaLexicon lexicons[VA_LANGUAGES_MAX];
static size_t nlexicons;

static VaArena forever;
static pthread_once_t indexed = PTHREAD_ONCE_INIT;

static VaLexiconEntry *
slot_of(const VaLexicon *lexicon, const char *key)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	size_t at;

	for (const char *c = key; *c != '\0'; c++)
		hash = (hash ^ (unsigned char) *c) * UINT64_C(1099511628211);
	at = (size_t) (hash ^ (hash >> 29)) & (lexicon->size - 1);
	while (lexicon->slots[at].key != NULL && strcmp(lexicon->slots[at].key, key) != 0)
		at = (at + 1) & (lexicon->size - 1);
	return &lexicon->slots[at];
}

/* A blank behind each word, so that a word is no beginning of a longer one. */
static size_t
add_word(char *key, size_t used, const char *word)
{
	size_t len = strlen(word);

	memcpy(key + used, word, len);
	key[used + len] = ' ';
	key[used + len + 1] = '\0';
	return used + len + 1;
}

/* word[=meaning] */
static void
learn(VaLexicon *lexicon, int64_t kinds, const char *word, size_t len)
{
	const char *equals = memchr(word, '=', len);
	VaPhraseTokens tokens;
	char key[KEY_MAX];
	size_t used = 0;
	VaLexiconEntry *slot = NULL;

	va_phrase_tokens(&tokens, word, equals == NULL ? len : (size_t) (equals - word), NULL);
	for (size_t i = 0; i < tokens.count && i < WORDS_MAX; i++)
	{
		used = add_word(key, used, tokens.items[i].word);
		slot = slot_of(lexicon, key);
		if (slot->key == NULL)
			*slot = (VaLexiconEntry){ .key = va_arena_strdup(&forever, key), .number = -1, .text = "" };
	}
	if (slot == NULL)
		return;
	slot->kinds |= kinds;
	if (equals != NULL && equals[1] >= '0' && equals[1] <= '9')
		slot->number = strtoll(equals + 1, NULL, 10);
	else if (equals != NULL)
		slot->text = va_arena_strndup(&forever, equals + 1, len - (size_t) (equals + 1 - word));
}

static void
make_index(VaLexicon *lexicon)
{
	const VaLexiconTable *table = lexicon->table;
	size_t words = 0;

	for (size_t i = 0; i < table->ngroups; i++)
	{
		for (const char *c = table->groups[i].words; *c != '\0'; c++)
			words += strchr("| '-", *c) != NULL;
		words++;
	}
	for (lexicon->size = 64; lexicon->size < 2 * words;)
		lexicon->size *= 2;
	lexicon->slots = va_arena_alloc(&forever, lexicon->size * sizeof(VaLexiconEntry));
	for (size_t i = 0; i < table->ngroups && !forever.oom; i++)
	{
		const char *word = table->groups[i].words;

		while (*word != '\0')
		{
			size_t len = strcspn(word, "|");

			learn(lexicon, table->groups[i].kinds, word, len);
			word += len + (word[len] == '|');
		}
	}
}

static void
make_indexes(void)
{
	for (; nlexicons < VA_LANGUAGES_MAX && va_lexicons[nlexicons] != NULL; nlexicons++)
	{
		lexicons[nlexicons].table = va_lexicons[nlexicons];
		make_index(&lexicons[nlexicons]);
	}
}

const VaLexicon *
va_lexicon(const char *tag)
{
	pthread_once(&indexed, make_indexes);
	for (size_t i = 0; tag != NULL && i < nlexicons && !forever.oom; i++)
	{
		const char *code = lexicons[i].table->language;

		if ((tag[0] | 0x20) == code[0] && (tag[1] | 0x20) == code[1] &&
			(tag[2] == '\0' || tag[2] == '-' || tag[2] == '_'))
			return &lexicons[i];
	}
	return NULL;
}

const VaLexiconEntry *
va_lexicon_find(const VaLexicon *lexicon, const char *const *words, size_t count, size_t *used)
{
	const VaLexiconEntry *found = NULL;
	char key[KEY_MAX];
	size_t len = 0;

	for (size_t i = 0; i < count && i < WORDS_MAX; i++)
	{
		const VaLexiconEntry *slot;

		len = add_word(key, len, words[i]);
		slot = slot_of(lexicon, key);
		if (slot->key == NULL)
			break;
		if (slot->kinds != 0)
		{
			found = slot;
			*used = i + 1;
		}
	}
	return found;
}

/* ---- letters ---- */

int32_t
va_small_letter(int32_t code)
{
	if ((code >= 'A' && code <= 'Z') || (code >= 0xC0 && code <= 0xDE && code != 0xD7))
		return code + 0x20;
	if ((code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177))
		return code | 1;
	if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E))
		return (code & 1) != 0 ? code + 1 : code;
	return code == 0x178 ? 0xFF : code;
}

int32_t
va_great_letter(int32_t code)
{
	if ((code >= 'a' && code <= 'z') || (code >= 0xE0 && code <= 0xFE && code != 0xF7))
		return code - 0x20;
	if ((code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177))
		return code & ~1;
	if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E))
		return (code & 1) != 0 ? code : code - 1;
	return code;
}

int32_t
va_plain_letter(int32_t code)
{
	static const char plain[] = "aaaaaaaceeeeiiiidnooooo/ouuuuyty";

	return code >= 0xE0 && code <= 0xFF ? plain[code - 0xE0] : code;
}
