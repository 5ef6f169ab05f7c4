/*-------------------------------------------------------------------------
 * hear.c
 *		Interprets a person's turn for the embedded talker: phrases of its
 *		language, a time, an e-mail address, a name.
 *
 * Only the first VA_MODEL_HEARD_BYTES of a turn are read: a longer turn is a
 * monologue, and its beginning counts.
 *-------------------------------------------------------------------------
 */
#include "talker.h"

#include <ctype.h>
#include <string.h>

#include "pure/phrases/times/times.h"
#include "pure/phrases/verify/spoken.h"
#include "pure/phrases/words/lexicon.h"
#include "pure/text/utf8.h"

/* Any day will do: only the words of a time are wanted, not its date. */
#define SOME_DAY 20000
#define NAME_BYTES 60

/* ---- folding ---- */

/* Folds a character, never to more bytes than it had; all but letters and digits become a blank. */
static char *
fold_character(char *out, int32_t code)
{
	int32_t small = va_small_letter(code);
	int32_t plain = va_plain_letter(small);
	const char *two = small == 0xDF ? "ss" : small == 0xE6 ? "ae" : small == 0x153 ? "oe" : NULL;

	if (code == '\'' || code == 0x2019 || code == 0x2018)
		return out;
	if (two != NULL)
		out = (char *) memcpy(out, two, 2) + 2;
	else if (plain > 0 && plain < 0x80 && isalnum(plain))
	{
		*out++ = (char) plain;
		if (small == 0xE4 || small == 0xF6 || small == 0xFC)
			*out++ = 'e';
	}
	else if (out[-1] != ' ')
		*out++ = ' ';
	return out;
}

const char *
va_talker_fold(const char *text, size_t len, VaArena *arena)
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
va_talker_says(const char *folded, const char *const *phrases)
{
	for (; folded != NULL && phrases != NULL && *phrases != NULL; phrases++)
		if (strstr(folded, *phrases) != NULL)
			return true;
	return false;
}

int
va_talker_common_words(const char *folded, const char *other)
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

/* ---- an e-mail address ---- */

static bool
is_address_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
		   (byte != '\0' && strchr("._-+", byte) != NULL);
}

/* Finds an address in its written form: somebody@example.com. */
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

/* The character that a folded word of a spelled address stands for ("dot"), or NULL. */
static const char *
spelled_part(const char *word, size_t len)
{
	static const struct
	{
		const char *word;
		const char *means;
	} names[] = { { "at", "@" }, { "arroba", "@" }, { "arobase", "@" }, { "chiocciola", "@" }, { "aet", "@" },
		{ "klammeraffe", "@" }, { "dot", "." }, { "punto", "." }, { "point", "." }, { "punkt", "." }, { "dash", "-" },
		{ "guion", "-" }, { "tiret", "-" }, { "trattino", "-" }, { "minus", "-" }, { "bindestrich", "-" },
		{ "underscore", "_" }, { "unterstrich", "_" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].word) == len && strncmp(names[i].word, word, len) == 0)
			return names[i].means;
	return NULL;
}

/* Finds an address spelled letter by letter or word by word: "a n n at example dot com". */
static const char *
find_spelled_email(const char *folded, VaArena *arena)
{
	VaBuffer out = { 0 };
	const char *word = folded == NULL ? "" : folded + strspn(folded, " ");
	bool glue = false; /* the next word continues the address */
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

/* ---- a name, a time ---- */

/* The text after "my name is", or NULL. */
static const char *
after_phrase(const char *text, Language language, VaArena *arena)
{
	const char *const *phrases = va_talker_phrases(language, MEANS_NAME);

	for (const char *at = text; (at = strchr(at, ' ')) != NULL; at++)
	{
		const char *from = at - text > NAME_BYTES ? strchr(at - NAME_BYTES, ' ') : text;
		const char *folded = va_talker_fold(from, (size_t) (at - from), arena);
		size_t len = folded == NULL ? 0 : strlen(folded);

		for (int i = 0; phrases[i] != NULL; i++)
			if (len >= strlen(phrases[i]) && strcmp(folded + len - strlen(phrases[i]), phrases[i]) == 0)
				return at + 1;
	}
	return NULL;
}

/* "My name is Ann Miller, and I ...": takes up to three words with capitals, as speech-to-text writes names. */
static const char *
find_name(const char *text, Language language, VaArena *arena)
{
	const char *name = after_phrase(text, language, arena);
	size_t len = 0;

	for (int words = 0; name != NULL && words < 3 && len < NAME_BYTES; words++)
	{
		size_t from = len + (words > 0 && name[len] == ' ');
		size_t word = strcspn(name + from, " ,.;:!?");

		if (word == 0 || !((name[from] >= 'A' && name[from] <= 'Z') || (unsigned char) name[from] == 0xC3))
			break;
		len = from + word;
	}
	return len == 0 ? NULL : va_arena_strndup(arena, name, len);
}

const char *
va_talker_capitals(const char *text, VaArena *arena)
{
	const char *from = text;
	int words = 0;

	if (strlen(text) > NAME_BYTES)
		return NULL;
	while (*text != '\0')
	{
		size_t len = strcspn(text, " ,.;:!?");

		if (len == 0 || memchr(text, '\'', len) != NULL ||
			!((*text >= 'A' && *text <= 'Z') || (unsigned char) *text == 0xC3))
			words = 0;
		else if (words++ == 0)
			from = text;
		text += len;
		if (words >= 2 && *text != ' ')
			return va_arena_strndup(arena, from, (size_t) (text - from));
		words = *text == ' ' ? words : 0;
		text += *text != '\0';
	}
	return NULL;
}

const char *
va_talker_name(const Heard *heard, Language language, VaArena *arena)
{
	const char *name = after_phrase(heard->text, language, arena);
	char *written;
	size_t len;

	if (heard->name != NULL)
		return heard->name;
	name = name == NULL ? heard->text : name;
	len = strlen(name);
	while (len > 0 && strchr(" .,!?", name[len - 1]) != NULL)
		len--;
	name = va_utf8_text(arena, name, len < NAME_BYTES ? len : NAME_BYTES, false, NULL);
	written = name == NULL ? NULL : va_arena_strdup(arena, name);
	/* Some speech-to-text engines write no capitals. */
	for (size_t i = 0; written != NULL && written[i] != '\0'; i++)
		if (written[i] >= 'a' && written[i] <= 'z' && (i == 0 || written[i - 1] == ' '))
			written[i] = (char) (written[i] - 'a' + 'A');
	return written;
}

/*
 * The text without the word of whom or what the time is for ("a table for four on Tuesday"), which may seem to be a
 * time, or (all) without what follows it.
 */
static const char *
without_purpose(const char *text, Language language, bool all, VaArena *arena)
{
	static const char *const purposes[LANGUAGES] = { " for ", " para ", " pour ", " für ", " per " };
	const char *at = strstr(text, purposes[language]);
	const char *rest = at == NULL ? NULL : at + strlen(purposes[language]);

	if (at == NULL)
		return text;
	rest += strcspn(rest, " ");
	return va_arena_join(
		arena, va_arena_strndup(arena, text, (size_t) (at - text)), all ? "" : ",", all ? "" : rest, (char *) NULL);
}

static void
read_times(const char *text, Language language, VaPhraseTimes *times)
{
	va_phrase_times(text, strlen(text), va_phrase_language(va_talker_code(language)),
		(VaTimeReference){ .day = SOME_DAY, .minutes = 1 }, times);
}

/* Takes the words from the first to the last time that is named. */
static void
hear_time(Heard *heard, Language language, VaArena *arena)
{
	const char *text = heard->text;
	VaPhraseTimes times;
	size_t from = 0;
	size_t to = 0;

	heard->minutes = -1;
	read_times(text, language, &times);
	heard->unclear = times.count == 0 && times.doubt;
	for (int all = 0; all < 2 && times.count == 0 && heard->unclear; all++)
	{
		text = without_purpose(heard->text, language, all == 1, arena);
		read_times(text, language, &times);
	}
	heard->unclear = heard->unclear && times.count == 0;
	for (size_t i = 0; i < times.count; i++)
	{
		const VaPhraseTime *time = &times.items[i];

		heard->day = heard->day || (time->from.dated && !time->from.implied);
		if (i == 0 || time->offset < from)
			from = time->offset;
		if (time->offset + time->len > to)
			to = time->offset + time->len;
		if (time->from.grain == VA_GRAIN_MINUTE || time->from.grain == VA_GRAIN_HOUR)
			heard->minutes = time->from.minutes;
		if ((time->from.said & VA_SAID_WEEKDAY) != 0)
			heard->weekday = va_weekday(time->from.day);
	}
	if (to <= from)
		return;
	heard->when = va_arena_strndup(arena, text + from, to - from);
	/* "On Tuesday at eight, no, at nine": the words of the hour alone have lost the day. */
	if (heard->day && heard->when != NULL)
	{
		read_times(heard->when, language, &times);
		if (times.count > 0 && times.items[0].from.implied)
			heard->when = va_arena_strndup(arena, text, to);
	}
}

/* ---- all of it ---- */

static void
hear_other_language(Heard *heard, Language language)
{
	VaTalkTurn turn = { .person = true, .text = heard->text, .len = strlen(heard->text) };

	if (strcmp(va_spoken_language(&turn, 1, va_talker_code(language)), va_talker_code(language)) != 0)
		heard->meanings |= 1u << MEANS_OTHER_LANGUAGE;
}

void
va_talker_hear(const char *text, Language language, VaArena *arena, Heard *heard)
{
	size_t len = strlen(text);

	memset(heard, 0, sizeof(*heard));
	heard->text = len <= VA_MODEL_HEARD_BYTES ? va_arena_strdup(arena, text)
											  : va_utf8_text(arena, text, VA_MODEL_HEARD_BYTES, false, NULL);
	if (heard->text == NULL)
		heard->text = "";
	heard->folded = va_talker_fold(heard->text, strlen(heard->text), arena);
	if (heard->folded == NULL || strspn(heard->folded, " ") == strlen(heard->folded) ||
		strcmp(heard->folded, " silence ") == 0)
	{
		/* Letters of another script are not folded. */
		bool foreign = heard->folded != NULL && heard->folded[1] == '\0' && (heard->text[0] & 0x80) != 0;

		heard->folded = " ";
		heard->minutes = -1;
		heard->meanings = 1u << (foreign ? MEANS_OTHER_LANGUAGE : MEANS_SILENCE);
		return;
	}
	for (int i = 0; i < MEANINGS; i++)
		if (va_talker_says(heard->folded, va_talker_phrases(language, (Meaning) i)))
			heard->meanings |= 1u << i;
	/* "no" alone is a refusal; followed by more words it may mean anything. */
	if (strcmp(heard->folded, " no ") == 0 || strcmp(heard->folded, " non ") == 0 ||
		strcmp(heard->folded, " nein ") == 0)
		heard->meanings |= 1u << MEANS_REFUSE;
	/* "I am not so sure." contains "sure" but does not agree. */
	if (MEANS(heard, MEANS_DOUBT))
		heard->meanings &= ~(1u << MEANS_AGREE);
	hear_time(heard, language, arena);
	heard->email = find_written_email(heard->text, arena);
	if (heard->email == NULL)
		heard->email = find_spelled_email(heard->folded, arena);
	if (MEANS(heard, MEANS_NAME))
		heard->name = find_name(heard->text, language, arena);
	if ((heard->meanings & ~(1u << MEANS_NAME)) == 0 && heard->when == NULL)
		hear_other_language(heard, language);
}
