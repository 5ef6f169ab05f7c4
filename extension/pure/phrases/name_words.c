/*-------------------------------------------------------------------------
 * name_words.c
 *		The words of a name, and what letters and remarks about letters make of
 *		them.
 *
 * Letters take the place of the word that they could spell.  A remark ("with
 * a K") changes a word that does not have it yet, where the letter could have
 * been taken for another one.
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/fields_internal.h"

#include <string.h>
#include <strings.h>

#include "pure/text/utf8.h"

void
va_name_add(VaName *name, const char *word, bool front)
{
	if (name->count >= VA_NAME_WORDS_MAX)
		return;
	if (front)
		memmove(&name->words[1], &name->words[0], name->count * sizeof(name->words[0]));
	name->words[front ? 0 : name->count] = word;
	name->count++;
}

void
va_name_drop(VaName *name, size_t at)
{
	memmove(&name->words[at], &name->words[at + 1], (name->count - at - 1) * sizeof(name->words[0]));
	name->count--;
}

size_t
va_name_find(const VaName *name, const char *word)
{
	size_t best = name->count;
	int most = 0;

	for (size_t i = 0; i < name->count; i++)
	{
		int likeness = va_likeness(name->words[i], word);

		/* The last of two: surnames are spelled more often. */
		if (likeness > 0 && likeness >= most)
		{
			most = likeness;
			best = i;
		}
	}
	return best;
}

bool
va_name_has_part(const VaName *name, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < name->count; i++)
	{
		const char *hyphen = strchr(name->words[i], '-');

		if (hyphen != NULL && (strcasecmp(hyphen + 1, word) == 0 || ((size_t) (hyphen - name->words[i]) == len &&
																		strncasecmp(name->words[i], word, len) == 0)))
			return true;
	}
	return false;
}

/* ---- letters ---- */

const char *
va_name_spelled(VaArena *arena, bool irish, const char *letters, const char *word)
{
	/* Accents are often left out where letters are said. */
	bool same = va_same_word(word, letters);

	/* The first letter was heard as another word: "e, t, x" of Etxeberria. */
	for (size_t i = 1; !same && i <= 3 && strlen(word) > i + 2; i++)
		same = ((unsigned char) word[i] & 0xC0) != 0x80 && va_same_word(word + i, letters);
	return same ? word : va_capitalised(arena, letters, irish);
}

/* A part of a word behind or before a hyphen, where letters spell that part. */
static const char *
spell_part(VaArena *arena, bool irish, const char *word, const char *letters)
{
	const char *hyphen = strchr(word, '-');
	const char *before;
	int one;
	int two;

	if (hyphen == NULL || strchr(letters, '-') != NULL)
		return NULL;
	before = va_arena_strndup(arena, word, (size_t) (hyphen - word));
	if (before == NULL)
		return NULL;
	if (va_same_word(va_arena_join(arena, before, hyphen + 1, NULL), letters))
		return word;
	one = va_likeness(before, letters);
	two = va_likeness(hyphen + 1, letters);
	if (two > 0 && two >= one)
		return va_arena_join(arena, before, "-", va_name_spelled(arena, irish, letters, hyphen + 1), NULL);
	if (one > 0)
		return va_arena_join(arena, va_name_spelled(arena, irish, letters, before), "-", hyphen + 1, NULL);
	return NULL;
}

/* Some letters of a word: "it's q v", or in their order, but not from its first: "with an umlaut, z l". */
static bool
is_within(const char *word, const char *letters)
{
	size_t len = strlen(letters);
	const char *next = letters;

	for (const char *c = word; *c != '\0' && *next != '\0'; c++)
		next += (c[0] | 0x20) == (next[0] | 0x20);
	if (*next == '\0' && strlen(word) > len && (word[0] | 0x20) != (letters[0] | 0x20))
		return true;

	for (const char *c = word; strlen(word) > len && strlen(c) >= len; c++)
	{
		if (strncasecmp(c, letters, len) == 0)
			return true;
	}
	return false;
}

/* Letters that spell two words that stand together: the one's, then the other's. */
static bool
spell_both(VaArena *arena, bool irish, VaName *name, const char *letters)
{
	for (size_t i = 0; i + 1 < name->count && strlen(letters) > 5; i++)
	{
		size_t best = 0;
		int most = 0;
		const char *both = va_arena_join(arena, name->words[i], name->words[i + 1], NULL);

		if (both == NULL || va_likeness(both, letters) < 700)
			continue;
		for (size_t cut = 2; cut + 2 <= strlen(letters); cut++)
		{
			const char *one = va_arena_strndup(arena, letters, cut);
			int first = one == NULL ? 0 : va_likeness(name->words[i], one);
			int second = va_likeness(name->words[i + 1], letters + cut);

			if (((unsigned char) letters[cut] & 0xC0) != 0x80 && first > 0 && second > 0 && first + second > most)
			{
				most = first + second;
				best = cut;
			}
		}
		if (most < 1300)
			continue;
		name->words[i] = va_name_spelled(arena, irish, va_arena_strndup(arena, letters, best), name->words[i]);
		name->words[i + 1] = va_name_spelled(arena, irish, letters + best, name->words[i + 1]);
		return true;
	}
	return false;
}

static bool
has_vowel(const char *word)
{
	int32_t code = 0;

	while (*word != '\0')
	{
		word += va_utf8_next((const unsigned char *) word, strlen(word), &code);
		code = va_plain_letter(va_small_letter(code));
		if (code > 0 && code < 0x80 && strchr("aeiou", (char) code) != NULL)
			return true;
	}
	return false;
}

bool
va_name_spell(VaArena *arena, bool irish, VaName *name, const char *letters, size_t *at)
{
	size_t found;

	for (size_t i = name->count; i-- > 0;)
	{
		if (is_within(name->words[i], letters))
		{
			*at = i;
			return true;
		}
	}
	for (size_t i = 0; i < name->count; i++)
	{
		const char *part = spell_part(arena, irish, name->words[i], letters);

		if (part != NULL)
		{
			name->words[i] = part;
			*at = i;
			return true;
		}
	}
	found = va_name_find(name, letters);
	if ((found == name->count || va_likeness(name->words[found], letters) < 900) &&
		spell_both(arena, irish, name, letters))
		return true;
	/* "be, eñe y zeta" */
	if (found == name->count || (!has_vowel(letters) && has_vowel(name->words[found])))
		return false;
	name->words[found] = va_name_spelled(arena, irish, letters, name->words[found]);
	*at = found;
	return true;
}

/* ---- remarks ---- */

/* Letters of which one may be heard, or written, for another. */
static const char *const confused[][6] = { { "c", "k", "ck", "q", NULL }, { "f", "ph", "v", "ff", NULL },
	{ "s", "z", "ss", "\303\237", "c", NULL }, { "i", "y", "ie", "j", "ee", NULL }, { "b", "v", "w", NULL },
	{ "g", "j", "x", "h", NULL }, { "t", "th", "tt", "dt", "d", NULL }, { "ei", "ai", "ey", "ay", "eye", NULL },
	{ "ll", "y", "l", NULL }, { "tz", "z", "ts", NULL }, { "\303\244", "e", "ae", "a", NULL },
	{ "\303\266", "oe", "o", NULL }, { "\303\274", "ue", "y", "u", NULL }, { "x", "ks", "chs", "cks", "cs", NULL },
	{ "ch", "sh", "sch", "c", NULL }, { "\303\261", "n", NULL }, { "\303\237", "ss", "s", NULL }, { "p", "pp", NULL },
	{ "gt", "kt", "cht", NULL } };

#define CONFUSED (sizeof(confused) / sizeof(confused[0]))

/* Where letters stand in a word, as they are written; accents of one-byte letters count. */
static const char *
find_letters(const char *word, const char *letters, bool last)
{
	size_t len = strlen(letters);
	const char *found = NULL;

	for (const char *c = word; *c != '\0'; c++)
	{
		if (strncasecmp(c, letters, len) == 0 || (((unsigned char) c[0] | 0x20) == 0xE3 && c[0] == letters[0] &&
													 len == 2 && (c[1] | 0x20) == (letters[1] | 0x20)))
		{
			found = c;
			if (!last)
				break;
		}
	}
	return found;
}

/* A word in small letters without accents. */
static void
plain_word(const char *word, char plain[4 * VA_SPELLED_MAX])
{
	size_t used = 0;

	while (*word != '\0' && used + 4 < 4 * VA_SPELLED_MAX)
	{
		int32_t code = 0;

		word += va_utf8_next((const unsigned char *) word, strlen(word), &code);
		if (code > 0)
			used += va_utf8_write(va_plain_letter(va_small_letter(code)), plain + used);
	}
	plain[used] = '\0';
}

/* The same where the word may have accents that the letter is said without. */
static bool
has_letters(const char *word, const char *letters)
{
	char plain[4 * VA_SPELLED_MAX];

	if (find_letters(word, letters, false) != NULL)
		return true;
	plain_word(word, plain);
	return strstr(plain, letters) != NULL;
}

static const char *
replaced(VaArena *arena, const char *word, const char *at, size_t len, const char *letters)
{
	const char *made = va_arena_join(
		arena, va_arena_strndup(arena, word, (size_t) (at - word)), letters, at + len, NULL);

	if (made == NULL)
		return NULL;
	return at == word || (at > word && at[-1] == '-') ? va_capitalised(arena, made, false) : made;
}

/* A letter for another one for which it is taken: the longest of them that the word has. */
static const char *
replace_confused(VaArena *arena, const char *word, const char *letters, bool last)
{
	const char *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; i < CONFUSED; i++)
	{
		bool group = false;

		for (size_t j = 0; confused[i][j] != NULL; j++)
			group = group || strcmp(confused[i][j], letters) == 0;
		for (size_t j = 0; group && confused[i][j] != NULL; j++)
		{
			const char *found = find_letters(word, confused[i][j], last);

			if (found != NULL && strlen(confused[i][j]) > best_len)
			{
				best = found;
				best_len = strlen(confused[i][j]);
			}
		}
	}
	return best == NULL ? NULL : replaced(arena, word, best, best_len, letters);
}

/* An H that is not heard: behind a T or C, between vowel and the end. */
static const char *
insert_h(VaArena *arena, const char *word)
{
	const char *found = find_letters(word, "t", false);

	if (found == NULL)
		found = find_letters(word + (word[0] != '\0'), "c", false);
	if (found != NULL && strchr("tTcC", found[0]) != NULL && (found[1] | 0x20) != 'h' && found[1] != found[0])
		return replaced(arena, word, found + 1, 0, "h");
	return NULL;
}

/* One or two of a letter. */
static const char *
count_letter(VaArena *arena, const char *word, const VaLetterRemark *remark)
{
	const char *two = va_arena_join(arena, remark->letters, remark->letters, NULL);
	const char *found;

	if (two == NULL)
		return NULL;
	found = find_letters(word, two, remark->place == 3);
	if (remark->times == 1)
		return found == NULL ? NULL : replaced(arena, word, found, strlen(two), remark->letters);
	if (found != NULL)
		return NULL;
	found = find_letters(word + (word[0] != '\0'), remark->letters, true);
	return found == NULL ? NULL : replaced(arena, word, found, strlen(remark->letters), two);
}

/* The letter with its accent in the place of the plain one, if that is there once. */
static const char *
set_accent(VaArena *arena, const char *word, const char *letters)
{
	char plain[2] = { 0 };
	int32_t code = 0;
	const char *found;

	if (find_letters(word, letters, false) != NULL)
		return NULL;
	va_utf8_next((const unsigned char *) letters, strlen(letters), &code);
	code = va_plain_letter(code);
	if (code >= 0x80 || code <= 0)
		return NULL;
	plain[0] = (char) code;
	found = find_letters(word, plain, false);
	if (found == NULL || found != find_letters(word, plain, true))
		return NULL;
	return replaced(arena, word, found, 1, letters);
}

bool
va_name_holds(const char *word, const VaLetterRemark *remark)
{
	const char *letters = remark->letters;
	size_t len = strlen(letters);
	char two[2 * VA_SPELLED_MAX];

	if (len == 0)
		return true;
	if (remark->accent)
		return find_letters(word, letters, false) != NULL;
	if (remark->without)
		return find_letters(word, letters, false) == NULL;
	if (!has_letters(word, letters))
		return false;
	strcpy(two, letters);
	strcat(two, letters);
	if (remark->times > 0)
		return (remark->times > 1) == has_letters(word, two);
	if (remark->place == 1)
		return strncasecmp(word, letters, len) == 0;
	return remark->place != 3 || strcasecmp(word + strlen(word) - len, letters) == 0;
}

const char *
va_name_remarked(VaArena *arena, const char *word, const VaLetterRemark *remark, const char *old)
{
	const char *letters = remark->letters;
	const char *found;
	bool last = remark->place == 3;
	const char *made = NULL;

	if (letters[0] == '\0' || strlen(word) < 2)
		return NULL;
	if (remark->accent)
		return set_accent(arena, word, letters);
	if (remark->without)
	{
		found = find_letters(word, letters, last);
		return found == NULL ? NULL : replaced(arena, word, found, strlen(letters), "");
	}
	if (remark->times >= 1 && has_letters(word, letters))
		return count_letter(arena, word, remark);
	if (last && strlen(word) > strlen(letters) && strcasecmp(word + strlen(word) - strlen(letters), letters) != 0 &&
		!has_letters(word + strlen(word) / 2, letters))
	{
		size_t len = strlen(word);

		made = replace_confused(arena, word + len - 1, letters, true);
		if (made != NULL)
			return va_arena_join(arena, va_arena_strndup(arena, word, len - 1), letters, NULL);
		return va_arena_join(arena, word, letters, NULL);
	}
	if (old[0] != '\0' && strcmp(old, letters) != 0 && (found = find_letters(word, old, last)) != NULL &&
		!has_letters(word, letters))
		return replaced(arena, word, found, strlen(old), letters);
	if (has_letters(word, letters))
		return NULL;
	made = replace_confused(arena, word, letters, last);
	return made == NULL && strcmp(letters, "h") == 0 ? insert_h(arena, word) : made;
}
