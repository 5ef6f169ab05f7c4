/*-------------------------------------------------------------------------
 * model_hear.c
 *		What a person's turn means to the sandbox's language model: phrases
 *		of its language, the words for a time, an e-mail address.
 *
 * A turn is understood as far as VA_MODEL_HEARD_BYTES; what is longer is a
 * monologue of which the beginning counts.
 *-------------------------------------------------------------------------
 */
#include "model_internal.h"

#include <string.h>

#include "pure/text/utf8.h"

/* ---- folding ---- */

/* Latin letters with marks, by their code points from U+00C0; NULL = not a letter. */
static const char *
plain_letter(int32_t code)
{
	static const char *const latin[64] = { "a", "a", "a", "a", "ae", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",
		"i", "d", "n", "o", "o", "o", "o", "oe", NULL, "o", "u", "u", "u", "ue", "y", "th", "ss", "a", "a", "a", "a",
		"ae", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "oe", NULL, "o",
		"u", "u", "u", "ue", "y", "th", "y" };

	if (code >= 0xC0 && code <= 0xFF)
		return latin[code - 0xC0];
	return code == 0x152 || code == 0x153 ? "oe" : NULL;
}

static bool
is_apostrophe(int32_t code)
{
	return code == '\'' || code == 0x2019 || code == 0x2018;
}

/* One character, of no more bytes than it had; a blank stands for whatever is no letter and no digit. */
static char *
fold_character(char *out, int32_t code)
{
	const char *plain;

	if (is_apostrophe(code))
		return out;
	if (code >= 'A' && code <= 'Z')
		*out++ = (char) (code - 'A' + 'a');
	else if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9'))
		*out++ = (char) code;
	else if ((plain = plain_letter(code)) != NULL)
		while (*plain != '\0')
			*out++ = *plain++;
	else if (out[-1] != ' ')
		*out++ = ' ';
	return out;
}

const char *
va_model_fold(const char *text, size_t len, VaArena *arena)
{
	char *folded = va_arena_alloc(arena, len + 3);
	char *out = folded;
	size_t at = 0;

	if (folded == NULL)
		return NULL;
	*out++ = ' ';
	while (at < len)
	{
		int32_t code;
		size_t taken = va_utf8_next((const unsigned char *) text + at, len - at, &code);

		if (taken == 0)
			break;
		out = fold_character(out, code);
		at += taken;
	}
	if (out[-1] != ' ')
		*out++ = ' ';
	*out = '\0';
	return folded;
}

bool
va_model_says(const char *folded, const char *const *phrases)
{
	for (; folded != NULL && *phrases != NULL; phrases++)
		if (strstr(folded, *phrases) != NULL)
			return true;
	return false;
}

static int
count_said(const char *folded, const char *const *words)
{
	int said = 0;

	for (; folded != NULL && *words != NULL; words++)
		said += strstr(folded, *words) != NULL;
	return said;
}

Language
va_model_language(const char *folded, Language otherwise)
{
	int best = count_said(folded, va_model_stop_words(otherwise));

	for (int i = 0; i < LANGUAGES; i++)
	{
		int said = count_said(folded, va_model_stop_words((Language) i));

		if (said > best)
		{
			best = said;
			otherwise = (Language) i;
		}
	}
	return otherwise;
}

int
va_model_common_words(const char *folded, const char *other)
{
	int common = 0;
	const char *word = folded;

	while (word != NULL && other != NULL && *word != '\0')
	{
		const char *end = strchr(word + 1, ' ');
		char needle[32];
		size_t len;

		if (end == NULL)
			break;
		len = (size_t) (end - word) + 1;
		if (len >= 6 && len < sizeof(needle))
		{
			memcpy(needle, word, len);
			needle[len] = '\0';
			common += strstr(other, needle) != NULL;
		}
		word = end;
	}
	return common;
}

/* ---- words for a time ---- */

#define WORDS_MAX 400

typedef struct Word
{
	size_t from; /* in the text as it was said */
	size_t to;
	bool time;	  /* says a day or an hour */
	bool belongs; /* may stand beside one that does */
} Word;

static bool
has_digit(const char *text, size_t from, size_t to)
{
	return from + strcspn(text + from, "0123456789") < to;
}

/* A word that says a time behind a number alone: "I am" is none. */
static bool
is_unit(const char *folded)
{
	return strcmp(folded, " am ") == 0 || strcmp(folded, " pm ") == 0 || strcmp(folded, " h ") == 0 ||
		   strcmp(folded, " hora ") == 0;
}

static bool
is_word(const char *const *words, const char *folded)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, folded) == 0)
			return true;
	return false;
}

/* 15:30, 3pm, 10h, 10h30, 2026-03-09: a number that is a time by itself. */
static bool
is_clock(const char *text, size_t len)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 4 || digits >= len)
		return false;
	return (text[digits] == ':' && digits <= 2 && len > digits + 2) ||
		   ((text[digits] == 'h' || text[digits] == 'H') && digits <= 2) ||
		   (digits <= 2 && len >= digits + 2 && (text[digits + 1] == 'm' || text[digits + 1] == 'M') &&
			   strchr("apAP", text[digits]) != NULL) ||
		   (digits == 4 && text[digits] == '-');
}

static int
split_words(const char *text, Language language, VaArena *arena, Word *words)
{
	int n = 0;
	size_t at = 0;

	while (text[at] != '\0' && n < WORDS_MAX)
	{
		size_t len = strcspn(text + at, " \t\r\n,;!?.\"()");
		const char *folded;

		if (len > 0)
		{
			folded = va_model_fold(text + at, len < 40 ? len : 40, arena);
			if (folded == NULL)
				return n;
			words[n].from = at;
			words[n].to = at + len;
			words[n].time = is_clock(text + at, len) ||
							(is_unit(folded) ? n > 0 && has_digit(text, words[n - 1].from, words[n - 1].to)
											 : is_word(va_model_time_words(language), folded));
			words[n].belongs = has_digit(folded, 0, strlen(folded)) ||
							   is_word(va_model_time_prepositions(language), folded);
			n++;
		}
		at += len;
		if (text[at] != '\0')
			at++;
	}
	return n;
}

/*
 * "call me at 5": the preposition and the number say an hour together, if
 * nothing else does, and what is counted is nothing ("at 5 percent").
 */
static void
mark_bare_hours(const char *text, Language language, Word *words, int n)
{
	static const char *const at[LANGUAGES] = { "at", "las", "\xC3\xA0", "um" };

	for (int i = 0; i + 1 < n; i++)
	{
		size_t len = words[i].to - words[i].from;
		size_t digits = strspn(text + words[i + 1].from, "0123456789");

		if (len == strlen(at[language]) && strncmp(text + words[i].from, at[language], len) == 0 && digits > 0 &&
			digits <= 2 && digits == words[i + 1].to - words[i + 1].from && i + 2 == n)
			words[i + 1].time = true;
	}
}

/* The words from the first that says a time to the last, and those before and between that belong to them. */
static const char *
find_when(const char *text, Language language, VaArena *arena)
{
	Word *words = va_arena_alloc(arena, sizeof(Word) * WORDS_MAX);
	int n = words == NULL ? 0 : split_words(text, language, arena, words);
	int first = -1;
	int last = -1;

	mark_bare_hours(text, language, words, n);
	for (int i = 0; i < n; i++)
		if (words[i].time)
		{
			first = first < 0 ? i : first;
			last = i;
		}
	if (first < 0)
		return NULL;
	/* "I work in the morning and in the evening and what not": no time that anybody could mean. */
	if (last - first > 12)
		last = first + 12;
	while (first > 0 && words[first - 1].belongs && first + 12 > last)
		first--;
	while (last + 1 < n && words[last + 1].belongs && has_digit(text, words[last + 1].from, words[last + 1].to))
		last++;
	return va_arena_strndup(arena, text + words[first].from, words[last].to - words[first].from);
}

/* ---- an e-mail address ---- */

static bool
is_address_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
		   (byte != '\0' && strchr("._-+", byte) != NULL);
}

/* As it is written: somebody@example.com. */
static const char *
find_written_email(const char *text, VaArena *arena)
{
	const char *at = strchr(text, '@');
	const char *from = at;
	const char *to = at;

	if (at == NULL)
		return NULL;
	while (from > text && is_address_byte(from[-1]))
		from--;
	while (is_address_byte(to[1]))
		to++;
	while (to > at && strchr(".-", *to) != NULL)
		to--;
	if (from == at || to == at || memchr(at, '.', (size_t) (to - at)) == NULL)
		return NULL;
	return va_arena_strndup(arena, from, (size_t) (to - from) + 1);
}

/* One folded word of a spelled address, or NULL: a letter, a digit, "dot". */
static const char *
spelled_part(const char *word, size_t len)
{
	static const struct
	{
		const char *word;
		const char *means;
	} names[] = { { "at", "@" }, { "arroba", "@" }, { "arobase", "@" }, { "aet", "@" }, { "klammeraffe", "@" },
		{ "dot", "." }, { "punto", "." }, { "point", "." }, { "punkt", "." }, { "dash", "-" }, { "guion", "-" },
		{ "tiret", "-" }, { "minus", "-" }, { "bindestrich", "-" }, { "underscore", "_" }, { "unterstrich", "_" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].word) == len && strncmp(names[i].word, word, len) == 0)
			return names[i].means;
	return NULL;
}

/* Letter by letter, or word by word: "a n n at example dot com". */
static const char *
find_spelled_email(const char *folded, VaArena *arena)
{
	VaBuffer out = { 0 };
	const char *word = folded == NULL ? "" : folded + strspn(folded, " ");
	bool glue = false; /* the next word goes on with the address */
	bool at = false;

	while (*word != '\0')
	{
		size_t len = strcspn(word, " ");
		const char *means = spelled_part(word, len);

		if (means == NULL && len > 1 && !glue)
		{
			if (at)
				break;
			out.used = 0;
		}
		if (means != NULL && (out.used == 0 || (*means == '@' && at)))
			;
		else if (means != NULL)
		{
			at = at || *means == '@';
			va_buffer_add(&out, means, 1);
		}
		else
			va_buffer_add(&out, word, len);
		glue = means != NULL || len == 1;
		word += len;
		word += strspn(word, " ");
	}
	if (!at || out.failed)
	{
		out.used = 0;
		va_buffer_finish(&out, arena);
		return NULL;
	}
	return find_written_email(va_buffer_finish(&out, arena), arena);
}

const char *
va_model_find_email(const char *text, VaArena *arena)
{
	const char *written = find_written_email(text, arena);
	const char *folded;

	if (written != NULL)
		return written;
	folded = va_model_fold(text, strlen(text), arena);
	return find_spelled_email(folded, arena);
}

/* ---- all of it ---- */

static void
hear_other_language(Heard *heard, Language language)
{
	Language other = va_model_language(heard->folded, language);
	int ours = count_said(heard->folded, va_model_stop_words(language));

	if (other != language && ours < 2 && count_said(heard->folded, va_model_stop_words(other)) >= ours + 3)
		heard->meanings |= 1u << MEANS_OTHER_LANGUAGE;
}

void
va_model_hear(const char *text, Language language, VaArena *arena, Heard *heard)
{
	size_t len = strlen(text);

	memset(heard, 0, sizeof(*heard));
	heard->text = len <= VA_MODEL_HEARD_BYTES ? va_arena_strdup(arena, text)
											  : va_utf8_text(arena, text, VA_MODEL_HEARD_BYTES, false, NULL);
	if (heard->text == NULL)
		heard->text = "";
	heard->folded = va_model_fold(heard->text, strlen(heard->text), arena);
	if (heard->folded == NULL || strspn(heard->folded, " ") == strlen(heard->folded) ||
		strcmp(heard->folded, " silence ") == 0)
	{
		heard->folded = " ";
		heard->meanings = 1u << MEANS_SILENCE;
		return;
	}
	for (int i = 0; i < MEANINGS_BY_PHRASE; i++)
		if (va_model_says(heard->folded, va_model_phrases(language, (Meaning) i)))
			heard->meanings |= 1u << i;
	/* "I am not so sure." */
	if (MEANS(heard, MEANS_DOUBT))
		heard->meanings &= ~(1u << MEANS_AGREE);
	heard->when = find_when(heard->text, language, arena);
	heard->email = va_model_find_email(heard->text, arena);
	if (heard->when != NULL)
		heard->meanings |= 1u << MEANS_TIME;
	if (heard->email != NULL)
		heard->meanings |= 1u << MEANS_EMAIL;
	/* "no" alone is a refusal; before more words it may be anything. */
	if (strcmp(heard->folded, " no ") == 0 || strcmp(heard->folded, " non ") == 0 ||
		strcmp(heard->folded, " nein ") == 0)
		heard->meanings |= 1u << MEANS_REFUSE;
	if (heard->meanings == 0)
		hear_other_language(heard, language);
}
