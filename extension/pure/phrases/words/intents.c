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
#include "pure/phrases/words/intents.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "said_words.h"
#include "pure/phrases/words/language.h"

#define SLOTS 1024 /* a power of two */
#define FIRST_WORDS_MAX 4096

/* A word's effect on the sense of others, in its language's table. */
#define QUOTE 1
#define OTHER 2
#define SELF 4
#define DENIAL 8
#define HALF 16
#define CONDITION 32
#define SUPPOSITION 64 /* or the first word of one */
#define FILLER 128

typedef struct Role
{
	const char *word; /* NULL: free */
	size_t len;
	uint8_t roles;
} Role;

/* A word that patterns begin with, and the pattern. */
typedef struct First
{
	uint32_t hash;
	uint16_t pattern;
	uint16_t next;	  /* 0: none */
	uint64_t follows; /* the word behind it has one of these hashes, modulo 64; 0: or there is none, or another */
} First;

typedef struct Index
{
	const VaIntentTable *table;
	const struct Index *senses; /* the index that has its words' roles */
	Role roles[SLOTS];
	uint16_t slots[SLOTS]; /* in firsts, from 1 on */
	First firsts[FIRST_WORDS_MAX];
	size_t used;
} Index;

static Index persons[VA_LANGUAGES_MAX];
/* The words of turns without other content. */
static Index halts[VA_LANGUAGES_MAX];
static Index assistants[VA_LANGUAGES_MAX];
static Index ours[VA_LANGUAGES_MAX];
static Index promises[VA_LANGUAGES_MAX];
static size_t nindexes;

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

static size_t
place_of_role(const Index *index, const char *word, size_t len, uint32_t hash)
{
	size_t at = hash & (SLOTS - 1);

	while (
		index->roles[at].word != NULL && (index->roles[at].len != len || memcmp(index->roles[at].word, word, len) != 0))
		at = (at + 1) & (SLOTS - 1);
	return at;
}

/* A language has a fourth as many such words as there are slots, so a free one ends each search. */
static void
add_roles(Index *index, const char *words, uint8_t bit)
{
	while (words != NULL && *words != '\0')
	{
		size_t len = strcspn(words, "|+");
		Role *role = &index->roles[place_of_role(index, words, len, hash_of(words, len))];

		*role = (Role){ .word = words, .len = len, .roles = role->roles | bit };
		words += strcspn(words, "|");
		words += *words == '|';
	}
}

/* The words that may follow a pattern's first, as bits of their hashes; 0: any, or none. */
static uint64_t
followers_of(const char *list)
{
	uint64_t bits = 0;
	bool perhaps;

	do
	{
		perhaps = *list == '?';
		list += perhaps;
		if (*list == '\0' || strchr("!*^$", *list) != NULL)
			return 0;
		for (size_t len = 1; *list != '\0' && *list != ' '; list += len + (list[len] == '|'))
		{
			if (list[0] == '$')
				return 0;
			len = strcspn(list, "| ");
			bits |= UINT64_C(1) << hash_of(list, len) % 64;
		}
		list += *list == ' ';
	} while (perhaps);
	return bits;
}

static void
add_first(Index *index, const char *word, size_t len, size_t pattern)
{
	uint32_t hash = hash_of(word, len);
	First *first;

	if (index->used + 1 >= FIRST_WORDS_MAX)
		return;
	first = &index->firsts[++index->used];
	*first = (First){ .hash = hash,
		.pattern = (uint16_t) pattern,
		.next = index->slots[hash & (SLOTS - 1)],
		.follows = followers_of(word + strcspn(word, " ") + (strchr(word, ' ') != NULL)) };
	index->slots[hash & (SLOTS - 1)] = (uint16_t) index->used;
}

static void
make_index(Index *index, const Index *senses)
{
	index->senses = senses;
	if (senses == index)
	{
		add_roles(index, index->table->quotes, QUOTE);
		add_roles(index, index->table->others, OTHER);
		add_roles(index, index->table->selves, SELF);
		add_roles(index, index->table->denials, DENIAL);
		add_roles(index, index->table->halves, HALF);
		add_roles(index, index->table->conditions, CONDITION);
		add_roles(index, index->table->suppositions, SUPPOSITION);
		add_roles(index, index->table->halts == NULL ? NULL : index->table->halts->fillers, FILLER);
	}
	/* From the last on, so that the first pattern of a word is tried first. */
	for (size_t p = index->table->count; p-- > 0;)
	{
		const char *word = index->table->patterns[p].pattern;
		size_t len;

		word += strspn(word, "=");
		word += word[0] == '^' ? 2 : 0;
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
	for (size_t i = 0; i < VA_LANGUAGES_MAX && va_intents[i] != NULL; i++)
	{
		nindexes++;
		persons[i].table = va_intents[i];
		assistants[i].table = va_acts[i];
		halts[i].table = persons[i].table->halts;
		make_index(&persons[i], &persons[i]);
		make_index(&assistants[i], &assistants[i]);
		promises[i].table = va_promises[i];
		make_index(&promises[i], &persons[i]);
		make_index(&halts[i], &persons[i]);
		ours[i].table = va_ours[i];
		make_index(&ours[i], &ours[i]);
	}
}

static const Index *
index_of(const Index *indexes, const char *tag)
{
	pthread_once(&indexed, make_indexes);
	for (size_t i = 0; tag != NULL && i < nindexes; i++)
	{
		const char *code = indexes[i].table->language;

		if ((tag[0] | 0x20) == code[0] && (tag[1] | 0x20) == code[1] &&
			(tag[2] == '\0' || tag[2] == '-' || tag[2] == '_'))
			return &indexes[i];
	}
	return NULL;
}

/* ---- senses ---- */

static size_t
sentence_start(const VaSpokenWords *words, size_t at)
{
	while (at > 0 && !words->items[at].begins)
		at--;
	return at;
}

/* "Ne ... pas" is one denial; if its other half is in the words themselves, it is theirs. */
static bool
is_own_half(const VaSpokenWords *words, size_t at, size_t from, size_t to)
{
	if ((words->items[at].roles & HALF) == 0)
		return false;
	for (size_t i = from; i < to; i++)
	{
		if ((words->items[i].roles & (DENIAL | HALF)) == DENIAL)
			return true;
	}
	return false;
}

/* "I told them". */
static bool
says_to_others(const VaIntentTable *table, const VaSpokenWords *words, size_t from, size_t to)
{
	for (; from <= to && table->hearers != NULL; from++)
	{
		if (va_is_supposed(words, from, table->hearers))
			return true;
	}
	return false;
}

/* Between quotation marks, behind words that do not begin with the person itself: "my neighbor told them", not "I told you". */
static bool
is_quoted(const VaIntentTable *table, const VaSpokenWords *words, size_t from)
{
	size_t open = from;

	while (open > 0 && words->items[open].quoted)
		open--;
	if (!words->items[from].quoted || words->items[open].quoted)
		return false;
	for (size_t i = sentence_start(words, open); i <= open; i++)
	{
		if ((words->items[i].roles & OTHER) != 0)
			return true;
		if ((words->items[i].roles & SELF) != 0)
			return says_to_others(table, words, i, open);
	}
	return open > sentence_start(words, open);
}

static VaIntentSense
sense_of(const VaIntentTable *table, const VaSpokenWords *words, size_t from, size_t to, const VaIntentPattern *pattern)
{
	bool stop = pattern->intent == VA_INTENT_OPT_OUT;
	bool strict = pattern->pattern[0] == '=';
	bool firm = stop && strict;
	bool agrees = pattern->intent == VA_INTENT_YES || pattern->intent == VA_INTENT_ACCEPT;
	size_t start = sentence_start(words, from);
	bool other = false;

	if (is_quoted(table, words, from))
		return VA_SENSE_QUOTED;
	for (size_t i = start; i < from; i++)
	{
		const VaSpokenWord *word = &words->items[i];

		if ((word->roles & SELF) != 0)
			other = false;
		else if ((word->roles & OTHER) != 0)
			other = true;
		if (other && (word->roles & QUOTE) != 0 && from - i <= 8)
			return VA_SENSE_QUOTED;
		/* "'Cucumber' means that I take it": what stands behind a quotation in its sentence tells of that. */
		if (word->quoted && !words->items[from].quoted && agrees)
			return VA_SENSE_QUOTED;
		/* "Si, me interesa" is a yes. */
		if ((word->roles & SUPPOSITION) != 0 && from - i <= 6 && !words->items[i + 1].clause &&
			!(firm && words->items[from].clause) && va_is_supposed(words, i, table->suppositions))
			return VA_SENSE_CONDITIONAL;
	}
	for (size_t i = from > start + 4 ? from - 4 : start; i < from; i++)
	{
		if ((words->items[i].roles & DENIAL) == 0 || is_own_half(words, i, from, to))
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
	if (!stop || strict)
		return VA_SENSE_PLAIN;
	for (size_t i = to; i < words->count && i < to + 4 && !words->items[i].begins; i++)
	{
		if ((words->items[i].roles & CONDITION) != 0 && words->items[i].quoted == words->items[from].quoted)
			return VA_SENSE_CONDITIONAL;
		if (words->items[i].clause && i > to)
			break;
	}
	return VA_SENSE_PLAIN;
}

/* ---- a turn ---- */

/* The input: the words of a window that begins at a byte of the turn. */
typedef struct Reading
{
	size_t base;
	int windows;
	const Index *senses; /* whose roles the words have */
	VaSpokenWords words;
} Reading;

/* The words of the next window; false: there is none. */
static bool
next_window(Reading *reading, const char *turn, size_t len)
{
	VaSpokenWords *words = &reading->words;

	if (reading->windows > 0 && words->next == 0)
		return false;
	reading->base += reading->windows > 0 ? words->next : 0;
	if (reading->windows++ == VA_INTENT_WINDOWS_MAX || reading->base >= len)
		return false;
	va_said_words(words, turn + reading->base, len - reading->base);
	for (size_t i = 0; i < words->count; i++)
		words->items[i].hash = hash_of(words->items[i].text, words->items[i].len);
	reading->senses = NULL;
	return true;
}

/* The effect of words on others' sense is looked up where something is found. */
static void
know_roles(Reading *reading, const Index *senses)
{
	if (reading->senses == senses)
		return;
	reading->senses = senses;
	for (size_t i = 0; i < reading->words.count; i++)
	{
		VaSpokenWord *word = &reading->words.items[i];

		word->roles = senses->roles[place_of_role(senses, word->text, word->len, word->hash)].roles;
	}
}

static void
add_finding(
	Reading *reading, const Index *index, VaFindings *findings, size_t from, size_t to, const VaIntentPattern *pattern)
{
	VaIntent intent = (VaIntent) pattern->intent;
	const VaSpokenWords *words = &reading->words;
	VaFinding *last = findings->count > 0 ? &findings->items[findings->count - 1] : NULL;
	size_t offset = reading->base + words->items[from].offset;
	size_t end = reading->base + words->items[to - 1].end;

	if (last != NULL && last->offset + last->len >= end && last->intent <= intent)
		return;
	/* An intent that must not be missed takes the last place. */
	if (findings->count == VA_FINDINGS_MAX && intent == VA_INTENT_OPT_OUT)
		findings->count--;
	if (findings->count == VA_FINDINGS_MAX)
		return;
	know_roles(reading, index->senses);
	findings->items[findings->count++] = (VaFinding){ .intent = intent,
		.sense = sense_of(index->senses->table, words, from, to, pattern),
		.strict = pattern->pattern[0] == '=',
		.lawful = strncmp(pattern->pattern, "==", 2) == 0,
		.offset = offset,
		.len = end - offset };
}

/* Where a pattern of an index ends that begins at a word; 0: it does not fit.  Nearly all are ruled out by two words. */
static size_t
fit(const Index *index, const First *first, const VaSpokenWords *words, size_t at)
{
	bool follows = at + 1 < words->count && (first->follows >> words->items[at + 1].hash % 64 & 1) != 0;

	if (first->hash != words->items[at].hash || (first->follows != 0 && !follows))
		return 0;
	return va_match_from(words, at, index->table->patterns[first->pattern].pattern);
}

/* The longest pattern from a word on; of equal ones the first of the table. */
static size_t
find_from(const Index *index, const VaSpokenWords *words, size_t at, const VaIntentPattern **found)
{
	size_t longest = 0;

	for (size_t i = index->slots[words->items[at].hash & (SLOTS - 1)]; i > 0; i = index->firsts[i].next)
	{
		size_t end = fit(index, &index->firsts[i], words, at);

		if (end > longest)
		{
			longest = end;
			*found = &index->table->patterns[index->firsts[i].pattern];
		}
	}
	return longest;
}

/* Whether any pattern of an intent fits: if none does, nothing is found of it. */
static bool
fits_any(const Index *index, const VaSpokenWords *words, VaIntent intent)
{
	for (size_t at = 0; at < words->count; at++)
	{
		for (size_t i = index->slots[words->items[at].hash & (SLOTS - 1)]; i > 0; i = index->firsts[i].next)
		{
			if (index->table->patterns[index->firsts[i].pattern].intent == intent &&
				fit(index, &index->firsts[i], words, at) > 0)
				return true;
		}
	}
	return false;
}

static void
read_words(Reading *reading, const Index *index, VaFindings *findings)
{
	for (size_t i = 0, done = 0; i < reading->words.count; i++)
	{
		const VaIntentPattern *pattern = NULL;
		size_t end = find_from(index, &reading->words, i, &pattern);

		if (end <= done)
			continue;
		if (pattern->intent == VA_INTENT_NONE)
			done = end;
		else
			add_finding(reading, index, findings, i, end, pattern);
	}
}

/* The words of a turn that may be nothing but "Stop, stop, please stop it." */
#define HALT_WORDS_MAX 16

/* Whether something found lies at a word, or the word says nothing. */
static bool
is_spoken_for(const VaSpokenWord *word, const VaFindings *findings, size_t base)
{
	static const uint64_t with = UINT64_C(1) << VA_INTENT_HALT | UINT64_C(1) << VA_INTENT_OPT_OUT |
								 UINT64_C(1) << VA_INTENT_NO | UINT64_C(1) << VA_INTENT_REFUSAL |
								 UINT64_C(1) << VA_INTENT_GOODBYE;

	if ((word->roles & FILLER) != 0)
		return true;
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];

		if ((with >> finding->intent & 1) != 0 && finding->sense == VA_SENSE_PLAIN &&
			finding->offset <= base + word->offset && finding->offset + finding->len >= base + word->end)
			return true;
	}
	return false;
}

/* "Stop." is an end where the turn says nothing else: not in "stop by at three", "stop, let me write that down". */
static void
read_halts(Reading *reading, const Index *index, VaFindings *findings)
{
	VaFindings found;
	size_t at;

	if (reading->windows != 1 || reading->words.next != 0 || reading->words.count > HALT_WORDS_MAX ||
		findings->count == VA_FINDINGS_MAX)
		return;
	found.count = 0;
	read_words(reading, index, &found);
	if (found.count == 0 || found.items[0].sense != VA_SENSE_PLAIN)
		return;
	for (size_t i = 0; i < reading->words.count; i++)
	{
		if (!is_spoken_for(&reading->words.items[i], &found, reading->base) &&
			!is_spoken_for(&reading->words.items[i], findings, reading->base))
			return;
	}
	at = findings->count++;
	for (; at > 0 && findings->items[at - 1].offset > found.items[0].offset; at--)
		findings->items[at] = findings->items[at - 1];
	findings->items[at] = found.items[0];
}

VaIntent
va_read_ours(const char *language, bool person, const char *turn, size_t len)
{
	const Index *index = index_of(ours, language);
	VaFindings findings = { .count = 0 };
	Reading reading;

	reading.base = 0;
	reading.windows = 0;
	while (index != NULL && next_window(&reading, turn, len))
		read_words(&reading, index, &findings);
	for (size_t i = 0; i < findings.count; i++)
	{
		if ((findings.items[i].intent == VA_OURS_HUMAN) != person)
			return findings.items[i].intent;
	}
	return VA_INTENT_NONE;
}

static void
read_promises(Reading *reading, const Index *index, VaFindings *findings)
{
	VaFindings found;

	found.count = 0;
	read_words(reading, index, &found);
	for (size_t i = 0; i < found.count && findings->count < VA_FINDINGS_MAX; i++)
		findings->items[findings->count++] = found.items[i];
}

bool
va_read_done(const char *language, bool person, const char *turn, size_t len, VaFindings *findings)
{
	const Index *indexes = person ? persons : assistants;
	const Index *index = index_of(indexes, language);
	Reading reading;

	reading.base = 0;
	reading.windows = 0;
	findings->count = 0;
	while (index != NULL && next_window(&reading, turn, len))
	{
		read_words(&reading, index, findings);
		if (person)
			read_halts(&reading, &halts[index - indexes], findings);
		else
			read_promises(&reading, &promises[index - indexes], findings);
	}
	return index != NULL;
}

bool
va_read_intents(const char *language, const char *turn, size_t len, VaFindings *findings)
{
	return va_read_done(language, true, turn, len, findings);
}

/* Whether a person's turn says what counts, in any language; its words are taken apart once for all of them. */
static bool
is_said(
	const char *turn, size_t len, VaIntent intent, bool (*counts)(const VaFinding *finding, bool loosely), bool loosely)
{
	Reading reading;
	VaFindings findings;

	reading.base = 0;
	reading.windows = 0;
	pthread_once(&indexed, make_indexes);
	while (next_window(&reading, turn, len))
	{
		for (size_t i = 0; i < nindexes; i++)
		{
			findings.count = 0;
			if (fits_any(&persons[i], &reading.words, intent))
				read_words(&reading, &persons[i], &findings);
			for (size_t j = 0; j < findings.count; j++)
			{
				if (counts(&findings.items[j], loosely))
					return true;
			}
		}
	}
	return false;
}

static bool
asks_to_stop(const VaFinding *finding, bool short_turn)
{
	return finding->intent == VA_INTENT_OPT_OUT && finding->sense == VA_SENSE_PLAIN && (short_turn || finding->lawful);
}

bool
va_asks_to_stop(const char *turn, size_t len)
{
	return is_said(turn, len, VA_INTENT_OPT_OUT, asks_to_stop,
		va_count_words(turn, len, VA_PLAIN_STOP_WORDS) <= VA_PLAIN_STOP_WORDS);
}

static bool
screens(const VaFinding *finding, bool known)
{
	return finding->intent == VA_INTENT_SCREENER && (known || finding->strict);
}

bool
va_screens(const char *turn, size_t len, bool known)
{
	return is_said(turn, len, VA_INTENT_SCREENER, screens, known);
}
