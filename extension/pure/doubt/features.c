/*-------------------------------------------------------------------------
 * features.c
 *		The features of a few turns: words, their neighbours, letters within
 *		them, and classes of words that stand near each other.
 *
 * The classes tie what the four languages say in their own words to one
 * feature ("never" and "nunca"), so that each language learns from the others.
 *-------------------------------------------------------------------------
 */
#include "pure/doubt/doubt.h"

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

static void
add(VaDoubtFeatures *features, uint32_t hash)
{
	uint32_t item;

	/* The high bits of a product know of all bytes, the low ones only of low ones. */
	hash ^= hash >> 15;
	hash *= 0x2C1B3C6Du;
	hash ^= hash >> 12;
	item = hash & (VA_DOUBT_FEATURES - 1);
	if (features->seen[item / 8] & (1 << item % 8))
		return;
	if (features->count == features->size)
	{
		size_t size = features->size == 0 ? 1024 : 2 * features->size;
		uint32_t *items = realloc(features->items, size * sizeof(uint32_t));

		if (items == NULL)
			return;
		features->items = items;
		features->size = size;
	}
	features->seen[item / 8] |= (uint8_t) (1 << item % 8);
	features->items[features->count++] = item;
}

static uint32_t
hash_of(uint32_t hash, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char) text[i]) * 16777619u;
	return hash;
}

/* What a character is written as: nothing (a mark, an apostrophe), or letters; *ends: it parts words. */
static size_t
plain_of(int32_t code, const char *bytes, size_t len, char *out, bool *ends)
{
	*ends = false;
	if ((code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z'))
		out[0] = (char) (code | 0x20);
	else if (code >= '0' && code <= '9')
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

/* Finds, among stems that begin alike, the first whose next letter is this one or a later one. */
static size_t
first_stem(size_t low, size_t high, size_t at, int letter)
{
	while (low < high)
	{
		size_t middle = (low + high) / 2;

		if ((unsigned char) stems[middle].stem[at] < letter)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The classes of a word and of its beginnings; each letter narrows the range of stems. */
static uint32_t
classes_of(const char *word, size_t len)
{
	size_t low = 0;
	size_t high = sizeof(stems) / sizeof(stems[0]);
	uint32_t classes = 0;

	for (size_t at = 0; at < len && low < high; at++)
	{
		low = first_stem(low, high, at, (unsigned char) word[at]);
		high = first_stem(low, high, at, (unsigned char) word[at] + 1);
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
		size_t used = va_utf8_next((const unsigned char *) turn->text + at, len - at, &code);
		char out[8];
		bool ends;
		size_t letters = plain_of(code, turn->text + at, used, out, &ends);

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
add_marked(VaDoubtFeatures *features, const Plain *plain, char mark, size_t nth)
{
	uint32_t one = word_hash(plain, (unsigned char) mark, (ptrdiff_t) nth);

	add(features, one);
	add(features, word_hash(plain, one, (ptrdiff_t) nth + 1));
}

/* last: the person says no more in the window; what it says at the end takes back what it said before. */
static void
add_words(VaDoubtFeatures *features, const Plain *plain, bool last)
{
	size_t denied = 0;

	for (ptrdiff_t i = -1; i < (ptrdiff_t) plain->words; i++)
	{
		uint32_t pair = word_hash(plain, word_hash(plain, '2', i), i + 1);

		if (i >= 0)
			add(features, word_hash(plain, '1', i));
		add(features, pair);
		if (i + 2 <= (ptrdiff_t) plain->words)
		{
			add(features, word_hash(plain, pair, i + 2));
			add(features, word_hash(plain, word_hash(plain, 's', i), i + 2));
		}
	}
	for (size_t i = 0; i < plain->words; i++)
	{
		if (denied > 0)
			add_marked(features, plain, 'N', i);
		if (last)
			add_marked(features, plain, 'z', i);
		if (last && i + LAST_WORDS >= plain->words)
			add(features, word_hash(plain, 'E', (ptrdiff_t) i));
		denied = (plain->classes[i] & NEG) ? DENIED_WORDS : denied - (denied > 0);
	}
	for (size_t i = 0; i + 3 <= plain->len; i++)
	{
		uint32_t hash = hash_of('c', plain->text + i, 2);

		for (size_t n = 3; n <= 6 && i + n <= plain->len; n++)
		{
			hash = hash_of(hash, plain->text + i + n - 1, 1);
			add(features, hash);
		}
	}
}

/* What the assistant said before: who calls whom about what. */
static void
add_context(VaDoubtFeatures *features, const Plain *plain)
{
	for (size_t i = 0; i < plain->words; i++)
		add_marked(features, plain, 'A', i);
	for (size_t i = 0; i + 5 <= plain->len; i++)
		add(features, hash_of('e', plain->text + i, 5));
}

/* The classes that stand at two words, and at three, each in its order. */
static void
add_classes(VaDoubtFeatures *features, const Plain *plain, size_t at, int class)
{
	uint32_t one = hash_of('L', (const char[]){ (char) class }, 1);

	add(features, one);
	for (size_t i = at + 1; i < plain->words && i - at <= REACH; i++)
	{
		for (uint32_t others = plain->classes[i] & TYING; others != 0; others &= others - 1)
		{
			uint32_t two = hash_of(one, (const char[]){ (char) __builtin_ctz(others) }, 1);

			add(features, two);
			add(features, hash_of(two, i - at <= NEAR ? "near" : "far", 3));
			for (size_t j = i + 1; j < plain->words && j - at <= REACH; j++)
			{
				for (uint32_t thirds = plain->classes[j] & TYING; thirds != 0; thirds &= thirds - 1)
					add(features, hash_of(two, (const char[]){ (char) __builtin_ctz(thirds), 'x' }, 2));
			}
		}
	}
}

bool
va_doubt_features(VaDoubtFeatures *features, const VaDoubtTurn *turns, size_t count)
{
	Plain *plain = malloc(sizeof(Plain));
	size_t last = count;

	if (plain == NULL)
		return false;
	for (size_t i = 0; i < features->count; i++)
		features->seen[features->items[i] / 8] = 0;
	features->count = 0;
	while (last > 0 && !turns[last - 1].person)
		last--;
	for (size_t i = 0; i < count; i++)
	{
		make_plain(plain, &turns[i]);
		if (!turns[i].person)
		{
			add_context(features, plain);
			continue;
		}
		if (asks_who_speaks(plain))
			continue;
		add_words(features, plain, i + 1 == last);
		for (size_t at = 0; at < plain->words; at++)
		{
			for (uint32_t classes = plain->classes[at] & TYING; classes != 0; classes &= classes - 1)
				add_classes(features, plain, at, __builtin_ctz(classes));
		}
	}
	free(plain);
	return true;
}

void
va_doubt_free(VaDoubtFeatures *features)
{
	free(features->items);
	features->items = NULL;
	features->count = features->size = 0;
}
