/*-------------------------------------------------------------------------
 * intents_match.c
 *		Whether words fit a pattern of intents.
 *
 * Pure: bounded by the pattern's words.
 */
#include "intents.h"
#include "said_words.h"

#include <ctype.h>
#include <string.h>

/* ---- words ---- */

/* Whether a word is among some that have '|' between them, up to a blank. */
static bool
is_among(const VaSpokenWord *word, const char *list)
{
	for (;;)
	{
		size_t i = 0;

		while (i < word->len && list[i] == word->text[i])
			i++;
		if (i == word->len && (list[i] == '|' || list[i] == '\0' || list[i] == ' '))
			return true;
		for (list += i; *list != '|'; list++)
		{
			if (*list == '\0' || *list == ' ')
				return false;
		}
		list++;
	}
}

static bool
is_accented(const VaSpokenWords *words, size_t at)
{
	return ((unsigned char) words->turn[words->items[at].offset] & 0x80) != 0 ||
		   words->items[at].end - words->items[at].offset != words->items[at].len;
}

/* Whether words begin one of some of a list, which may be several with '+' between them; an accent makes another word of it: si, sí. */
bool
va_is_supposed(const VaSpokenWords *words, size_t at, const char *list)
{
	if (is_accented(words, at))
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
sentence_ends(const VaSpokenWords *words, size_t at)
{
	return at >= words->count || words->items[at].begins;
}

/* Where the pattern's rest ends that fits the words from at on; 0: it does not fit. */
static size_t
match(const VaSpokenWords *words, size_t at, const char *pattern)
{
	while (*pattern != '\0')
	{
		const char *end = strchrnul(pattern, ' ');
		const char *next = end + (*end == ' ');
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
			else if (end - pattern < 2 || end[-1] != '$' || end[-2] != '|' || !sentence_ends(words, at))
				return 0;
		}
		pattern = next;
	}
	return at;
}

/* The first word of a pattern may begin a sentence; those behind it may not. */
size_t
va_match_from(const VaSpokenWords *words, size_t at, const char *pattern)
{
	pattern += strspn(pattern, "=");
	if (pattern[0] == '^')
	{
		if (!words->items[at].clause)
			return 0;
		pattern += 2;
	}
	if (!is_among(&words->items[at], pattern))
		return 0;
	pattern = strchrnul(pattern, ' ');
	return match(words, at + 1, pattern + (*pattern == ' '));
}

size_t
va_count_words(const char *text, size_t len, size_t most)
{
	size_t words = 0;
	bool within = false;

	for (size_t i = 0; i < len && words <= most; i++)
	{
		unsigned char c = (unsigned char) text[i];
		bool letter = c >= 0x80 || isalnum(c);

		words += letter && !within;
		within = letter || (within && c == '\'');
	}
	return words;
}
