/*-------------------------------------------------------------------------
 * intents.c
 *		Finding what a person does with words.
 *
 * Each word of a turn is looked up in the index of the words that patterns
 * begin with; only those patterns are tried.  A pattern has a bounded number
 * of words, so a turn costs what its length costs.
 *
 * Pure.
 */
#include "pure/phrases/intents.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "pure/phrases/tokens.h"

#define SLOTS 1024 /* a power of two */
#define FIRST_WORDS_MAX 4096

typedef struct Word
{
	const char *text;
	size_t len;
	size_t offset;
	size_t end;
	bool begins; /* a sentence */
	bool clause; /* ... or a part of one, behind a comma */
} Word;

typedef struct Words
{
	Word items[VA_PHRASE_TOKENS_MAX + 1];
	size_t count;
	const char *turn;
	size_t next; /* where the words behind these begin, in bytes; 0: these are all */
	char room[4 * VA_PHRASE_BYTES_MAX];
} Words;

/* A word that patterns begin with, and the pattern. */
typedef struct First
{
	uint32_t hash;
	uint16_t pattern;
	uint16_t next; /* 0: none */
} First;

typedef struct Index
{
	const VaIntentTable *table;
	uint16_t slots[SLOTS]; /* in firsts, from 1 on */
	First firsts[FIRST_WORDS_MAX];
	size_t used;
} Index;

#define LANGUAGES 4

static Index persons[LANGUAGES] = { { .table = &va_intents_en }, { .table = &va_intents_es },
	{ .table = &va_intents_fr }, { .table = &va_intents_de } };
static Index assistants[LANGUAGES] = { { .table = &va_acts_en }, { .table = &va_acts_es }, { .table = &va_acts_fr },
	{ .table = &va_acts_de } };

static pthread_once_t indexed = PTHREAD_ONCE_INIT;

static uint32_t
hash_of(const char *text, size_t len)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char) text[i]) * 16777619u;
	return hash ^ (hash >> 15);
}

/* ---- the index ---- */

static void
add_first(Index *index, const char *word, size_t len, size_t pattern)
{
	uint32_t hash = hash_of(word, len);
	First *first;

	if (index->used + 1 >= FIRST_WORDS_MAX)
		return;
	first = &index->firsts[++index->used];
	*first = (First){ .hash = hash, .pattern = (uint16_t) pattern, .next = index->slots[hash & (SLOTS - 1)] };
	index->slots[hash & (SLOTS - 1)] = (uint16_t) index->used;
}

static void
make_index(Index *index)
{
	/* From the last on, so that the first pattern of a word is tried first. */
	for (size_t p = index->table->count; p-- > 0;)
	{
		const char *word = index->table->patterns[p].pattern;
		size_t len;

		word += word[0] == '=' ? 1 : word[0] == '^' ? 2 : 0;
		for (; (len = strcspn(word, "| ")) > 0; word += len + 1)
		{
			add_first(index, word, len, p);
			if (word[len] != '|')
				break;
		}
	}
}

static void
make_indexes(void)
{
	for (size_t i = 0; i < LANGUAGES; i++)
	{
		make_index(&persons[i]);
		make_index(&assistants[i]);
	}
}

static const Index *
index_of(const Index *indexes, const char *tag)
{
	for (size_t i = 0; tag != NULL && i < LANGUAGES; i++)
	{
		const char *code = indexes[i].table->language;

		if ((tag[0] | 0x20) == code[0] && (tag[1] | 0x20) == code[1] &&
			(tag[2] == '\0' || tag[2] == '-' || tag[2] == '_'))
		{
			pthread_once(&indexed, make_indexes);
			return &indexes[i];
		}
	}
	return NULL;
}

/* ---- words ---- */

static bool
is_apostrophe(const char *turn, size_t at)
{
	return turn[at] == '\'' || turn[at] == '`' || ((unsigned char) turn[at] & 0x80) != 0;
}

/* Where the words of a turn are cut: before its last sentence here, if that leaves most of them. */
static void
cut_words(Words *words, const VaPhraseTokens *tokens)
{
	const VaPhraseToken *last = &tokens->items[tokens->count - 1];
	size_t count = words->count;

	words->next = tokens->count == 0 ? VA_PHRASE_BYTES_MAX : (size_t) last->offset + last->len;
	for (size_t i = count; i-- > count / 2 + 1;)
	{
		if (words->items[i].begins)
		{
			words->next = words->items[i].offset;
			words->count = i;
			return;
		}
	}
}

/* Words with the apostrophes left out ("don't" is dont), and what stands between them. */
static void
make_words(Words *words, const char *turn, size_t len)
{
	VaPhraseTokens tokens;
	size_t used = 0;
	bool begins = true;
	bool clause = true;
	const VaPhraseToken *before = NULL;

	words->count = 0;
	words->next = 0;
	words->turn = turn;
	va_phrase_tokens(&tokens, turn, len, NULL);
	for (size_t i = 0; i < tokens.count; i++)
	{
		const VaPhraseToken *token = &tokens.items[i];
		Word *word = &words->items[words->count];
		const char *text = token->kind == VA_TOKEN_WORD ? token->word : "0";
		size_t text_len = strlen(text);

		if (token->kind == VA_TOKEN_MARK)
		{
			begins = begins || (token->value < 0x80 && strchr(".?!;", (int) token->value) != NULL);
			clause = clause || begins || token->value == ',';
			before = NULL;
			continue;
		}
		if (used + text_len + 1 > sizeof(words->room))
			break;
		if (before != NULL && words->count > 0 && token->kind == VA_TOKEN_WORD && before->kind == VA_TOKEN_WORD &&
			token->glued && token->offset > before->offset + before->len && is_apostrophe(turn, token->offset - 1u) &&
			used > 0)
		{
			word--;
			memcpy(words->room + used - 1, text, text_len + 1);
			used += text_len;
			word->len += text_len;
			word->end = (size_t) token->offset + token->len;
			before = token;
			continue;
		}
		memcpy(words->room + used, text, text_len + 1);
		*word = (Word){ .text = words->room + used,
			.len = text_len,
			.offset = token->offset,
			.end = (size_t) token->offset + token->len,
			.begins = begins,
			.clause = clause };
		used += text_len + 1;
		words->count++;
		begins = clause = false;
		before = token;
	}
	if (tokens.cut)
		cut_words(words, &tokens);
}

/* Whether a word is among some that have '|' between them, up to a blank. */
static bool
is_among(const Word *word, const char *list)
{
	while (*list != '\0' && *list != ' ')
	{
		size_t len = strcspn(list, "| ");

		if (len == word->len && memcmp(list, word->text, len) == 0)
			return true;
		list += len;
		if (*list == '|')
			list++;
	}
	return false;
}

/* Whether words begin one of some of a list, which may be several with '+' between them; an accent makes another word of it: si, sí. */
static bool
is_supposed(const Words *words, size_t at, const char *list)
{
	if (((unsigned char) words->turn[words->items[at].offset] & 0x80) != 0 ||
		words->items[at].end - words->items[at].offset != words->items[at].len)
		return false;
	while (*list != '\0')
	{
		size_t i = at;

		for (;;)
		{
			size_t len = strcspn(list, "|+");

			if (i < words->count && words->items[i].len == len && memcmp(words->items[i].text, list, len) == 0)
				i++;
			else
				i = words->count + 1;
			list += len;
			if (*list != '+')
				break;
			list++;
		}
		if (i <= words->count)
			return true;
		list += *list == '|' ? 1 : 0;
	}
	return false;
}

/* ---- matching ---- */

static bool
sentence_ends(const Words *words, size_t at)
{
	return at >= words->count || words->items[at].begins;
}

/* Where the pattern's rest ends that fits the words from at on; 0: it does not fit. */
static size_t
match(const Words *words, size_t at, const char *pattern)
{
	while (*pattern != '\0')
	{
		size_t len = strcspn(pattern, " ");
		const char *next = pattern + len + (pattern[len] == ' ');
		bool here = at < words->count && !(words->items[at].begins && at > 0 && pattern[0] != '^');

		if (pattern[0] == '$')
		{
			if (!sentence_ends(words, at))
				return 0;
		}
		else if (pattern[0] == '^')
		{
			if (at >= words->count || !words->items[at].clause)
				return 0;
		}
		else if (pattern[0] == '!')
		{
			if (here && is_among(&words->items[at], pattern + 1))
				return 0;
		}
		else if (pattern[0] == '?')
		{
			size_t found = here && is_among(&words->items[at], pattern + 1) ? match(words, at + 1, next) : 0;

			if (found > 0)
				return found;
		}
		else if (pattern[0] == '*')
		{
			for (size_t skip = 0; skip <= (size_t) (pattern[1] - '0'); skip++)
			{
				size_t found = skip > 0 && sentence_ends(words, at + skip - 1) ? 0 : match(words, at + skip, next);

				if (found > 0)
					return found;
			}
			return 0;
		}
		else
		{
			if (here && is_among(&words->items[at], pattern))
				at++;
			else if (len < 2 || pattern[len - 1] != '$' || pattern[len - 2] != '|' || !sentence_ends(words, at))
				return 0;
		}
		pattern = next;
	}
	return at;
}

/* The first word of a pattern may begin a sentence; those behind it may not. */
static size_t
match_from(const Words *words, size_t at, const char *pattern)
{
	size_t len;

	if (pattern[0] == '=')
		pattern++;
	if (pattern[0] == '^')
	{
		if (!words->items[at].clause)
			return 0;
		pattern += 2;
	}
	len = strcspn(pattern, " ");
	if (!is_among(&words->items[at], pattern))
		return 0;
	return match(words, at + 1, pattern + len + (pattern[len] == ' '));
}

/* ---- senses ---- */

static size_t
sentence_start(const Words *words, size_t at)
{
	while (at > 0 && !words->items[at].begins)
		at--;
	return at;
}

static VaIntentSense
sense_of(const VaIntentTable *table, const Words *words, size_t from, size_t to, bool loose)
{
	size_t start = sentence_start(words, from);
	bool other = false;

	for (size_t i = start; i < from; i++)
	{
		const Word *word = &words->items[i];

		if (is_among(word, table->selves))
			other = false;
		else if (is_among(word, table->others))
			other = true;
		if (other && is_among(word, table->quotes) && from - i <= 8)
			return VA_SENSE_QUOTED;
		/* "Si, me interesa" is a yes. */
		if (is_supposed(words, i, table->suppositions) && from - i <= 6 && !words->items[i + 1].clause)
			return VA_SENSE_CONDITIONAL;
	}
	for (size_t i = from > start + 4 ? from - 4 : start; i < from; i++)
	{
		if (!is_among(&words->items[i], table->denials))
			continue;
		/* "No, stop": a comma parts them. */
		for (size_t j = i + 1; j <= from; j++)
		{
			if (words->items[j].clause)
				break;
			if (j == from)
				return VA_SENSE_DENIED;
		}
	}
	if (!loose)
		return VA_SENSE_PLAIN;
	for (size_t i = to; i < words->count && i < to + 4 && !words->items[i].begins; i++)
	{
		if (is_among(&words->items[i], table->conditions))
			return VA_SENSE_CONDITIONAL;
		if (words->items[i].clause && i > to)
			break;
	}
	return VA_SENSE_PLAIN;
}

/* ---- a turn ---- */

/* What is read: the words of a window that begins at a byte of the turn. */
typedef struct Reading
{
	const Index *index;
	VaFindings *findings;
	size_t base;
	Words words;
} Reading;

static void
add_finding(Reading *reading, size_t from, size_t to, const VaIntentPattern *pattern)
{
	VaIntent intent = pattern->intent;
	const Words *words = &reading->words;
	VaFindings *findings = reading->findings;
	VaFinding *last = findings->count > 0 ? &findings->items[findings->count - 1] : NULL;
	size_t offset = reading->base + words->items[from].offset;
	size_t end = reading->base + words->items[to - 1].end;

	if (last != NULL && last->offset + last->len >= end && last->intent <= intent)
		return;
	/* What must not be missed takes the last place. */
	if (findings->count == VA_FINDINGS_MAX && intent == VA_INTENT_OPT_OUT)
		findings->count--;
	if (findings->count < VA_FINDINGS_MAX)
		findings->items[findings->count++] = (VaFinding){ .intent = intent,
			.sense = sense_of(
				reading->index->table, words, from, to, intent == VA_INTENT_OPT_OUT && pattern->pattern[0] != '='),
			.offset = offset,
			.len = end - offset };
}

/* The longest pattern from a word on; of equal ones the first of the table. */
static size_t
find_from(const Index *index, const Words *words, size_t at, const VaIntentPattern **found)
{
	const Word *word = &words->items[at];
	uint32_t hash = hash_of(word->text, word->len);
	size_t longest = 0;

	for (size_t i = index->slots[hash & (SLOTS - 1)]; i > 0; i = index->firsts[i].next)
	{
		const VaIntentPattern *pattern = &index->table->patterns[index->firsts[i].pattern];
		size_t end = index->firsts[i].hash == hash ? match_from(words, at, pattern->pattern) : 0;

		if (end > longest)
		{
			longest = end;
			*found = pattern;
		}
	}
	return longest;
}

static void
read_words(Reading *reading)
{
	for (size_t i = 0; i < reading->words.count; i++)
	{
		const VaIntentPattern *pattern = NULL;
		size_t end = find_from(reading->index, &reading->words, i, &pattern);

		if (end > 0)
			add_finding(reading, i, end, pattern);
	}
}

/* A turn through some tables; until_stop: whether there is a plain opt-out is all that is asked, and given. */
static bool
read_turn(const char *turn, size_t len, const Index *indexes, size_t nindexes, VaFindings *findings, bool until_stop)
{
	Reading reading;

	reading.findings = findings;
	reading.base = 0;
	findings->count = 0;
	for (int window = 0; window < VA_INTENT_WINDOWS_MAX && reading.base < len; window++)
	{
		make_words(&reading.words, turn + reading.base, len - reading.base);
		for (size_t i = 0; i < nindexes; i++)
		{
			reading.index = &indexes[i];
			read_words(&reading);
			for (size_t j = 0; until_stop && j < findings->count; j++)
			{
				if (findings->items[j].intent == VA_INTENT_OPT_OUT && findings->items[j].sense == VA_SENSE_PLAIN)
					return true;
			}
			if (until_stop)
				findings->count = 0;
		}
		if (reading.words.next == 0)
			break;
		reading.base += reading.words.next;
	}
	return false;
}

bool
va_read_intents(const char *language, const char *turn, size_t len, VaFindings *findings)
{
	const Index *index = index_of(persons, language);

	findings->count = 0;
	if (index == NULL)
		return false;
	read_turn(turn, len, index, 1, findings, false);
	return true;
}

bool
va_read_acts(const char *language, const char *turn, size_t len, VaFindings *findings)
{
	const Index *index = index_of(assistants, language);

	findings->count = 0;
	if (index == NULL)
		return false;
	read_turn(turn, len, index, 1, findings, false);
	return true;
}

bool
va_asks_to_stop(const char *turn, size_t len)
{
	VaFindings findings;

	/* The first makes the indexes. */
	return read_turn(turn, len, index_of(persons, "en"), LANGUAGES, &findings, true);
}

const char *
va_intent_name(VaIntent intent)
{
	static const char *const names[VA_INTENTS] = { "none", "opt_out", "wrong_number", "callback", "refusal", "interest",
		"voicemail", "child", "third_person", "busy", "withdrawal", "sarcasm", "deferral", "yes", "no", "goodbye",
		"accept", "lost", "call", "visit", "send", "cancel", "stop", "sorry", "adult", "survey", "offer", "declined",
		"noted" };

	return names[intent];
}

const char *
va_sense_name(VaIntentSense sense)
{
	static const char *const names[] = { "plain", "quoted", "denied", "conditional" };

	return names[sense];
}
