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

#include <stdio.h>
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
	BACK = 1 << 15
};
#define CLASSES 16

typedef struct Stem
{
	const char *stem; /* a star at its end: and what goes on */
	uint16_t classes;
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
	uint16_t classes[WORDS_MAX];
	size_t words;
} Plain;

/* Letters from U+00C0 to U+017F without their marks; '?': none of them. */
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

static int
compare_stem(const char *word, size_t len, const Stem *stem)
{
	size_t stem_len = strcspn(stem->stem, "*");
	int order = memcmp(word, stem->stem, len < stem_len ? len : stem_len);

	return order != 0 ? order : (len > stem_len) - (len < stem_len);
}

/* The classes of exactly these letters: as a word, or as the beginning of one. */
static uint16_t
classes_at(const char *word, size_t len, bool whole)
{
	size_t low = 0;
	size_t high = sizeof(stems) / sizeof(stems[0]);
	uint16_t classes = 0;

	while (low < high)
	{
		size_t middle = (low + high) / 2;

		if (compare_stem(word, len, &stems[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	/* A word and a beginning of the same letters stand side by side. */
	for (; low < sizeof(stems) / sizeof(stems[0]) && compare_stem(word, len, &stems[low]) == 0; low++)
	{
		if (whole || stems[low].stem[len] == '*')
			classes |= stems[low].classes;
	}
	return classes;
}

static void
end_word(Plain *plain, size_t begin)
{
	uint16_t classes;

	if (plain->len == begin || plain->words == WORDS_MAX)
	{
		plain->len = begin;
		return;
	}
	classes = classes_at(plain->text + begin, plain->len - begin, true);
	for (size_t len = 3; len < plain->len - begin; len++)
		classes |= classes_at(plain->text + begin, len, false);
	plain->begin[plain->words] = (uint16_t) begin;
	plain->word_len[plain->words] = (uint16_t) (plain->len - begin);
	plain->classes[plain->words++] = classes;
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
			end_word(plain, begin);
			begin = plain->len;
		}
		at += used;
	}
	end_word(plain, begin);
}

/* "Who is this?", "am I talking to a robot?", and no word that says more: who is told to call no more is often asked first. */
static bool
asks_who_speaks(const Plain *plain)
{
	static const char voices[] =
		" ai aufnahme automat automate automated automatique automatisch bot computadora computer "
		"computerstimme contestador enregistrement grabacion humain humaine human humana humano ia "
		"ki kuenstliche machine maquina maschine mensch ordenador ordinateur person persona "
		"personne qui quien recording robot robota roboter wer who whos ";
	static const char asking[] =
		" a actual actually ah also am an appelle are attendez aufs aupres avec bin bist bitte "
		"c ca calling ce cest con d da das de denn des do dran du e echte echten echter ein eine "
		"einem einen einer en eres es espere est estan estoy et etes even excuse favor "
		"gerade habla hablando hablo hallo hang have hello hey hi hier hola hold i ich is isnt ist "
		"it je jetzt just kind la le live llama me mich mit moi moment momento no now o oder of oh "
		"ok okay on one or ou oye parle parler perdon phone plait please por qu que quoi real "
		"really rede reden reelle sie sil sind so some sorry sort speaking spreche spricht suis "
		"talking telefon that thats the there these thing things think this those to train tu uh um "
		"un una und une usted verdad verdadera virtual voice vous vrai vraie vraiment wait was well "
		"wirklich with y yeah you youre ";
	bool names = false;

	if (plain->words < 2 || plain->words > QUESTION_WORDS_MAX)
		return false;
	for (size_t i = 0; i < plain->words; i++)
	{
		char word[32];
		int len = snprintf(word, sizeof(word), " %.*s", plain->word_len[i] + 1, plain->text + plain->begin[i]);

		if (len >= (int) sizeof(word))
			return false;
		if (strstr(voices, word) != NULL)
			names = true;
		else if (strstr(asking, word) == NULL)
			return false;
	}
	return names;
}

static uint32_t
word_hash(const Plain *plain, uint32_t hash, ptrdiff_t nth)
{
	if (nth < 0 || nth >= (ptrdiff_t) plain->words)
		return hash_of(hash, nth < 0 ? "<" : ">", 2);
	return hash_of(hash, plain->text + plain->begin[nth], plain->word_len[nth] + 1u);
}

static void
add_words(VaDoubtFeatures *features, const Plain *plain)
{
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
	for (size_t n = 3; n <= 6; n++)
	{
		for (size_t i = 0; i + n <= plain->len; i++)
			add(features, hash_of('c', plain->text + i, n));
	}
}

/* What the assistant said before: who calls whom about what. */
static void
add_context(VaDoubtFeatures *features, const Plain *plain)
{
	for (ptrdiff_t i = 0; i < (ptrdiff_t) plain->words; i++)
	{
		add(features, word_hash(plain, 'A', i));
		add(features, word_hash(plain, word_hash(plain, 'B', i), i + 1));
	}
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
		for (int other = 0; other < CLASSES; other++)
		{
			uint32_t two = hash_of(one, (const char[]){ (char) other }, 1);

			if (!(plain->classes[i] & 1 << other))
				continue;
			add(features, two);
			add(features, hash_of(two, i - at <= NEAR ? "near" : "far", 3));
			for (size_t j = i + 1; j < plain->words && j - at <= REACH; j++)
			{
				for (int third = 0; third < CLASSES; third++)
				{
					if (plain->classes[j] & 1 << third)
						add(features, hash_of(two, (const char[]){ (char) third, 'x' }, 2));
				}
			}
		}
	}
}

bool
va_doubt_features(VaDoubtFeatures *features, const VaDoubtTurn *turns, size_t count)
{
	Plain *plain = malloc(sizeof(Plain));

	if (plain == NULL)
		return false;
	for (size_t i = 0; i < features->count; i++)
		features->seen[features->items[i] / 8] = 0;
	features->count = 0;
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
		add_words(features, plain);
		for (size_t at = 0; at < plain->words; at++)
		{
			for (int class = 0; class < CLASSES; class ++)
			{
				if (plain->classes[at] & 1 << class)
					add_classes(features, plain, at, class);
			}
		}
	}
	free(plain);
	return true;
}

void
va_doubt_free(VaDoubtFeatures *features)
{
	free(features->items);
	*features = (VaDoubtFeatures){ 0 };
}
