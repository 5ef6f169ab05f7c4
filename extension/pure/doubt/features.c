/*-------------------------------------------------------------------------
 * features.c
 *		The features of a few turns: words, their neighbours, letters within
 *		them, and classes of words that stand near each other.
 *
 * The classes tie what the four languages say in their own words to one
 * feature ("never" and "nunca"), so that each language learns from the others.
 */
#include "pure/doubt/doubt.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "pure/text/utf8.h"

#define WORDS_MAX 400
#define TEXT_MAX (2 * VA_DOUBT_BYTES_MAX + 2)
/* At most so many words has a question that says nothing else. */
#define QUESTION_WORDS_MAX 12
/* Words between which classes are neighbours. */
#define NEAR 2
#define REACH 6
/* Words after a "not" that it may deny, and words at the end of the person's turn. */
#define DENIED_WORDS 3
#define LAST_WORDS 6

enum
{
	NEG = 1 << 0,
	CALL = 1 << 1,
	LIST = 1 << 2,
	REMOVE = 1 << 3,
	STOP = 1 << 4,
	AGAIN = 1 << 5,
	LEGAL = 1 << 6,
	PEACE = 1 << 7,
	BLOCK = 1 << 8,
	TIME = 1 << 9,
	OTHER = 1 << 10, /* another way to be reached */
	ME = 1 << 11,
	YOU = 1 << 12,
	WANT = 1 << 13,
	COUNT = 1 << 14,
	BACK = 1 << 15,
	THEY = 1 << 16, /* somebody who is neither */
	SAID = 1 << 17,
	YES = 1 << 18,
	SELL = 1 << 19,
	NOW = 1 << 20,
	UNTIL = 1 << 21,
	EVER = 1 << 22,
	ORDER = 1 << 23,
	ASKS = 1 << 24,
	PAST = 1 << 25,
	ONLY = 1 << 26,
	MUST = 1 << 27,
	ELSE = 1 << 28,
	/* These tie nothing: a voice that may be a machine's, and the words around it in a question who speaks. */
	VOICE = 1 << 29,
	ASKING = 1 << 30
};
/* A feature that counts only where the person says no more in the window. */
#define LAST (UINT32_C(1) << 31)
/* All classes before VOICE. */
#define TYING (VOICE - 1u)

typedef struct Stem
{
	const char *stem; /* a star at its end: and what goes on */
	uint32_t classes;
} Stem;

/* In the order of strcmp() without the star. */
static const Stem stems[] = {
#include "pure/doubt/lexicon.inc"
};

/* A turn in small plain letters, its words parted by one blank, with a blank at either end. */
typedef struct Plain
{
	char text[TEXT_MAX];
	size_t len;
	uint16_t begin[WORDS_MAX];
	uint16_t word_len[WORDS_MAX];
	uint32_t classes[WORDS_MAX];
	size_t words;
} Plain;

/* Letters from U+00C0 to U+017F without their accents; '?': not a letter. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuyty"
							"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln"
							"nnnnnnnnooooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* The classes of a window, or of a turn so far; nothing between two calls. */
static _Thread_local uint8_t seen[VA_DOUBT_FEATURES / 8];

/* The high bits of a product know of all bytes, the low ones only of low ones. */
static inline uint32_t
item_of(uint32_t hash)
{
	hash ^= hash >> 15;
	hash *= 0x2C1B3C6Du;
	return (hash ^ hash >> 12) & (VA_DOUBT_FEATURES - 1);
}

/* Room for as many features more, and for as many of a window; false: no memory. */
static bool
reserve(VaDoubtFeatures *features, size_t more)
{
	size_t size = 2 * (features->said_count + more);
	uint32_t *said;
	uint32_t *items;

	if (features->said_count + more <= features->size || features->failed)
		return !features->failed;
	said = realloc(features->said, size * sizeof(uint32_t));
	features->said = said != NULL ? said : features->said;
	items = realloc(features->items, size * sizeof(uint32_t));
	features->items = items != NULL ? items : features->items;
	features->failed = said == NULL || items == NULL;
	features->size = features->failed ? features->size : size;
	return !features->failed;
}

/* There is room for it. */
static inline void
put(VaDoubtFeatures *features, uint32_t hash, uint32_t flag)
{
	features->said[features->said_count++] = item_of(hash) | flag;
}

static inline uint32_t
hash_of(uint32_t hash, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char) text[i]) * 16777619u;
	return hash;
}

/* A character's spelling: nothing (a mark, an apostrophe), or letters; *ends: it parts words. */
static size_t
plain_of(int32_t code, const char *bytes, size_t len, char *out, bool *ends)
{
	*ends = false;
	if (code >= '0' && code <= '9')
		out[0] = '0';
	else if (code == '\'' || code == 0x2019 || (code >= 0x300 && code < 0x370))
		return 0;
	else if (code == 0xDF || code == 0xE6 || code == 0xC6 || code == 0x152 || code == 0x153)
	{
		memcpy(out, code == 0xDF ? "ss" : code < 0x100 ? "ae" : "oe", 2);
		return 2;
	}
	else if (code >= 0xC0 && code < 0xC0 + (int32_t) sizeof(latin) - 1 && latin[code - 0xC0] != '?')
		out[0] = latin[code - 0xC0];
	else if (code >= 0x180 && (code < 0x2000 || code > 0x206F))
	{
		memcpy(out, bytes, len);
		return len;
	}
	else
	{
		*ends = true;
		return 0;
	}
	return 1;
}

/* Where the stems begin of each two letters: of the second 0 is none, or a star. */
static uint16_t begins[26 * 27 + 1];
static pthread_once_t indexed = PTHREAD_ONCE_INIT;

static size_t
place_of(const char *stem)
{
	return (size_t) (stem[0] - 'a') * 27 + (stem[1] >= 'a' ? (size_t) (stem[1] - 'a') + 1 : 0);
}

static void
make_index(void)
{
	for (uint16_t i = 0; i < sizeof(stems) / sizeof(stems[0]); i++)
		begins[place_of(stems[i].stem) + 1] = (uint16_t) (i + 1);
	for (size_t i = 1; i < sizeof(begins) / sizeof(begins[0]); i++)
		begins[i] = begins[i] > begins[i - 1] ? begins[i] : begins[i - 1];
}

static bool
is_letter(char c)
{
	return (unsigned char) (c - 'a') < 26;
}

/* The classes of a word and of its beginnings; each letter narrows the range of stems. */
static uint32_t
classes_of(const char *word, size_t len)
{
	bool known = is_letter(word[0]) && (len == 1 || is_letter(word[1]));
	size_t place = known ? place_of(len == 1 ? (const char[]){ word[0], '\0' } : word) : 0;
	size_t low = begins[place];
	size_t high = begins[place + known];
	uint32_t classes = 0;

	for (size_t at = len == 1 ? 0 : 1; at < len && low < high; at++)
	{
		size_t end;

		while (low < high && stems[low].stem[at] < word[at])
			low++;
		for (end = low; end < high && stems[end].stem[at] == word[at];)
			end++;
		high = end;
		/* A word and a beginning of the same letters sort first, next to each other. */
		for (size_t i = low; i < high && stems[i].stem[at + 1] < 'a'; i++)
		{
			if (at + 1 == len || (at >= 2 && stems[i].stem[at + 1] == '*'))
				classes |= stems[i].classes;
		}
	}
	return classes;
}

/* The classes are those of a person's words: of the assistant's none counts. */
static void
end_word(Plain *plain, size_t begin, bool person)
{
	if (plain->len == begin || plain->words == WORDS_MAX)
	{
		plain->len = begin;
		return;
	}
	plain->begin[plain->words] = (uint16_t) begin;
	plain->word_len[plain->words] = (uint16_t) (plain->len - begin);
	plain->classes[plain->words++] = person ? classes_of(plain->text + begin, plain->len - begin) : 0;
	plain->text[plain->len++] = ' ';
}

static void
make_plain(Plain *plain, const VaDoubtTurn *turn)
{
	size_t len = turn->len < VA_DOUBT_BYTES_MAX ? turn->len : VA_DOUBT_BYTES_MAX;
	size_t begin = 1;

	plain->text[0] = ' ';
	plain->len = 1;
	plain->words = 0;
	for (size_t at = 0; at < len;)
	{
		int32_t code;
		size_t used;
		char out[8];
		bool ends;
		size_t letters;

		if ((unsigned char) ((turn->text[at] | 0x20) - 'a') < 26)
		{
			plain->text[plain->len++] = (char) (turn->text[at++] | 0x20);
			continue;
		}
		used = va_utf8_next((const unsigned char *) turn->text + at, len - at, &code);
		letters = plain_of(code, turn->text + at, used, out, &ends);
		memcpy(plain->text + plain->len, out, letters);
		plain->len += letters;
		if (ends)
		{
			end_word(plain, begin, turn->person);
			begin = plain->len;
		}
		at += used;
	}
	end_word(plain, begin, turn->person);
}

/* "Who is this?", "am I talking to a robot?", and no other word: people often ask this before they opt out. */
static bool
asks_who_speaks(const Plain *plain)
{
	uint32_t classes = 0;

	if (plain->words < 2 || plain->words > QUESTION_WORDS_MAX)
		return false;
	for (size_t i = 0; i < plain->words; i++)
	{
		if ((plain->classes[i] & (VOICE | ASKING)) == 0)
			return false;
		classes |= plain->classes[i];
	}
	return (classes & VOICE) != 0;
}

static uint32_t
word_hash(const Plain *plain, uint32_t hash, ptrdiff_t nth)
{
	if (nth < 0 || nth >= (ptrdiff_t) plain->words)
		return hash_of(hash, nth < 0 ? "<" : ">", 2);
	return hash_of(hash, plain->text + plain->begin[nth], plain->word_len[nth] + 1u);
}

/* A word under a mark, and with its neighbour. */
static void
add_marked(VaDoubtFeatures *features, const Plain *plain, char mark, size_t nth, uint32_t flag)
{
	uint32_t one = word_hash(plain, (unsigned char) mark, (ptrdiff_t) nth);

	put(features, one, flag);
	put(features, word_hash(plain, one, (ptrdiff_t) nth + 1), flag);
}

/* The person's last words take back the earlier ones. */
static void
add_words(VaDoubtFeatures *features, const Plain *plain)
{
	size_t denied = 0;

	for (ptrdiff_t i = -1; i < (ptrdiff_t) plain->words; i++)
	{
		uint32_t pair = word_hash(plain, word_hash(plain, '2', i), i + 1);

		if (i >= 0)
			put(features, word_hash(plain, '1', i), 0);
		put(features, pair, 0);
		if (i + 2 <= (ptrdiff_t) plain->words)
		{
			put(features, word_hash(plain, pair, i + 2), 0);
			put(features, word_hash(plain, word_hash(plain, 's', i), i + 2), 0);
		}
	}
	for (size_t i = 0; i < plain->words; i++)
	{
		if (denied > 0)
			add_marked(features, plain, 'N', i, 0);
		add_marked(features, plain, 'z', i, LAST);
		if (i + LAST_WORDS >= plain->words)
			put(features, word_hash(plain, 'E', (ptrdiff_t) i), LAST);
		denied = (plain->classes[i] & NEG) ? DENIED_WORDS : denied - (denied > 0);
	}
	for (size_t i = 0; i + 3 <= plain->len; i++)
	{
		uint32_t hash = hash_of('c', plain->text + i, 2);

		for (size_t n = 3; n <= 6 && i + n <= plain->len; n++)
		{
			hash = hash_of(hash, plain->text + i + n - 1, 1);
			put(features, hash, 0);
		}
	}
}

/* The assistant's words before: who calls whom about what. */
static void
add_context(VaDoubtFeatures *features, const Plain *plain)
{
	for (size_t i = 0; i < plain->words; i++)
		add_marked(features, plain, 'A', i, 0);
	for (size_t i = 0; i + 5 <= plain->len; i++)
		put(features, hash_of('e', plain->text + i, 5), 0);
}

/* A turn may say the same classes over and over. */
static void
add_once(VaDoubtFeatures *features, uint32_t hash)
{
	uint32_t item = item_of(hash);
	uint8_t *had = &features->had[item / 8];
	uint8_t bit = (uint8_t) (1u << item % 8);

	if ((*had & bit) == 0 && reserve(features, 1))
		put(features, hash, 0);
	*had |= bit;
}

/* The classes that stand at two words, and at three, each in its order. */
static void
add_classes(VaDoubtFeatures *features, const Plain *plain, size_t at, int class)
{
	uint32_t one = hash_of('L', (const char[]){ (char) class }, 1);

	add_once(features, one);
	for (size_t i = at + 1; i < plain->words && i - at <= REACH; i++)
	{
		for (uint32_t others = plain->classes[i] & TYING; others != 0; others &= others - 1)
		{
			uint32_t two = hash_of(one, (const char[]){ (char) __builtin_ctz(others) }, 1);

			add_once(features, two);
			add_once(features, hash_of(two, i - at <= NEAR ? "near" : "far", 3));
			for (size_t j = i + 1; j < plain->words && j - at <= REACH; j++)
			{
				for (uint32_t thirds = plain->classes[j] & TYING; thirds != 0; thirds &= thirds - 1)
					add_once(features, hash_of(two, (const char[]){ (char) __builtin_ctz(thirds), 'x' }, 2));
			}
		}
	}
}

bool
va_doubt_turn(VaDoubtFeatures *features, const VaDoubtTurn *turn)
{
	Plain plain;
	size_t first;

	pthread_once(&indexed, make_index);
	features->had = seen;
	make_plain(&plain, turn);
	/* A word has at most ten, a letter four. */
	if (!reserve(features, 10 * plain.words + 4 * plain.len + 16))
		return false;
	if (!turn->person)
		add_context(features, &plain);
	if (!turn->person || asks_who_speaks(&plain))
		return !features->failed;
	add_words(features, &plain);
	first = features->said_count;
	for (size_t at = 0; at < plain.words; at++)
	{
		for (uint32_t classes = plain.classes[at] & TYING; classes != 0; classes &= classes - 1)
			add_classes(features, &plain, at, __builtin_ctz(classes));
	}
	if (features->failed)
		memset(seen, 0, sizeof(seen));
	for (; first < features->said_count; first++)
		features->had[features->said[first] / 8] = 0;
	return !features->failed;
}

void
va_doubt_gather(VaDoubtFeatures *features, size_t from, size_t last, size_t to)
{
	const uint32_t *said = features->said;
	uint32_t *items = features->items;
	uint8_t *had = features->had;
	size_t count = 0;

	for (size_t i = from; i < to; i++)
	{
		uint32_t item = said[i] & ~LAST;
		uint8_t bit = (uint8_t) (1u << item % 8);

		if (item != said[i] && i < last)
			continue;
		items[count] = item;
		count += (had[item / 8] & bit) == 0;
		had[item / 8] |= bit;
	}
	for (size_t i = 0; i < count; i++)
		had[items[i] / 8] = 0;
	features->count = count;
}

bool
va_doubt_features(VaDoubtFeatures *features, const VaDoubtTurn *turns, size_t count)
{
	size_t last = 0;

	features->said_count = 0;
	for (size_t i = 0; i < count; i++)
	{
		last = turns[i].person ? features->said_count : last;
		if (!va_doubt_turn(features, &turns[i]))
			return false;
	}
	va_doubt_gather(features, 0, last, features->said_count);
	return true;
}

void
va_doubt_free(VaDoubtFeatures *features)
{
	free(features->items);
	free(features->said);
	*features = (VaDoubtFeatures){ 0 };
}
