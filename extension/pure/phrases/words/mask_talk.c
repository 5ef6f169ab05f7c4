/*-------------------------------------------------------------------------
 * mask_talk.c
 *		Cards and codes that one side tells over several turns; forms.
 *
 * The turns of one side that have digits, with nothing of that side between
 * them but a word or two ("yes", "go on"), are read as one text; before it
 * stands what the other side said, which may ask for a code.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "pure/phrases/words/mask_internal.h"
#include "pure/text/json.h"

#define PARTS_MAX 24
#define TURNS_MAX 2000
/* Bytes of a turn that says no more than "yes, go on". */
#define SHORT_TURN 14
/* Bytes of the other side's turn that are read for the word of a code. */
#define ASKED_MAX 120

typedef struct Turn
{
	const char *speaker;
	size_t speaker_len;
	const char *text;
	size_t len;
	bool *hidden;
	bool told;
	bool codes;
	bool done;
} Turn;

char *
va_mask_hidden(VaArena *arena, const char *text, size_t len, const bool *hidden)
{
	VaBuffer masked = { 0 };
	bool before = false;

	for (size_t i = 0; i < len; i++)
	{
		/* A character is hidden whole. */
		bool now = hidden[i] || (before && ((unsigned char) text[i] & 0xC0) == 0x80);

		if (!now)
			va_buffer_add(&masked, text + i, 1);
		else if (!before)
			va_buffer_add(&masked, VA_MASKED, strlen(VA_MASKED));
		before = now;
	}
	return va_buffer_finish(&masked, arena);
}

static bool
same_speaker(const Turn *one, const Turn *other)
{
	return one->speaker_len == other->speaker_len && memcmp(one->speaker, other->speaker, one->speaker_len) == 0;
}

/* "And 4242": the bytes of a word by which a turn goes on with a number. */
static size_t
goes_on(const Turn *turn)
{
	static const char *const words[] = { "and ", "then ", "y ", "luego ", "et ", "puis ", "und ", "dann ", "e ",
		"poi " };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (turn->len > strlen(words[i]) && strncasecmp(turn->text, words[i], strlen(words[i])) == 0)
			return strlen(words[i]);
	return 0;
}

/*
 * The turns from one on that tell digits in one go, or it alone, as one text;
 * what of it must not be kept is marked in them.
 */
static void
read_together(Turn *turns, size_t count, size_t first, bool alone)
{
	char text[VA_MASK_PIECE + 1];
	bool hidden[VA_MASK_PIECE + 1] = { false };
	size_t parts[PARTS_MAX];
	size_t begins[PARTS_MAX];
	size_t skips[PARTS_MAX];
	size_t n = 0;
	size_t len = 0;
	VaMaskLook look;

	if (first > 0 && !same_speaker(&turns[first - 1], &turns[first]))
	{
		const Turn *asked = &turns[first - 1];
		size_t from = asked->len > ASKED_MAX ? asked->len - ASKED_MAX : 0;

		while (from > 0 && from < asked->len && asked->text[from] != ' ')
			from++;
		len = asked->len - from;
		memcpy(text, asked->text + from, len);
		/* Its own digits are another's. */
		text[len++] = '?';
		text[len++] = ' ';
	}
	for (size_t i = first; i < count && n < PARTS_MAX; i++)
	{
		if (!same_speaker(&turns[i], &turns[first]))
			continue;
		if (!turns[i].told && turns[i].len <= SHORT_TURN)
			continue;
		if (!turns[i].told || len + turns[i].len + 2 > VA_MASK_PIECE || (alone && n > 0))
			break;
		skips[n] = n > 0 ? goes_on(&turns[i]) : 0;
		parts[n] = i;
		begins[n++] = len;
		memcpy(text + len, turns[i].text + skips[n - 1], turns[i].len - skips[n - 1]);
		len += turns[i].len - skips[n - 1];
		/* A full stop would end the number. */
		while (len > begins[n - 1] && strchr(".,!? ", text[len - 1]) != NULL)
			len--;
		text[len++] = ',';
		text[len++] = ' ';
		turns[i].done = turns[i].done || !alone;
	}
	text[len] = '\0';
	(void) va_mask_look(text, len, &look);
	if (n < 2 && !look.codes)
		return;
	va_mask_read(text, len, look.spoken, hidden);
	for (size_t p = 0; p < n; p++)
	{
		Turn *turn = &turns[parts[p]];

		for (size_t i = skips[p]; i < turn->len && begins[p] + i - skips[p] < len; i++)
			turn->hidden[i] = turn->hidden[i] || hidden[begins[p] + i - skips[p]];
	}
}

static void
read_turns(Turn *turns, size_t count)
{
	for (size_t i = 0; i < count; i++)
	{
		VaMaskLook look;

		(void) va_mask_look(turns[i].text, turns[i].len, &look);
		turns[i].told = look.told;
		turns[i].codes = look.codes;
	}
	for (size_t i = 0; i < count; i++)
	{
		if (turns[i].told && i > 0 && turns[i - 1].codes)
			read_together(turns, count, i, true);
		if (turns[i].told && !turns[i].done)
			read_together(turns, count, i, false);
	}
}

void
va_mask_lines(VaArena *arena, const char *text, size_t len, bool *hidden)
{
	Turn *turns = va_arena_alloc(arena, TURNS_MAX * sizeof(Turn));
	size_t count = 0;

	for (size_t from = 0; turns != NULL && from < len && count < TURNS_MAX;)
	{
		const char *end = memchr(text + from, '\n', len - from);
		size_t to = end != NULL ? (size_t) (end - text) : len;
		const char *colon = memchr(text + from, ':', to - from);

		if (colon != NULL && colon - (text + from) <= 20)
		{
			size_t begin = (size_t) (colon - text) + 1;

			begin += begin < to && text[begin] == ' ';
			turns[count++] = (Turn){ text + from, (size_t) (colon - text) - from, text + begin, to - begin,
				hidden + begin, false, false, false };
		}
		from = to + 1;
	}
	if (turns != NULL)
		read_turns(turns, count);
}

static const char *
member(json_t *turn, const char *const *names, size_t count)
{
	const char *value = NULL;

	for (size_t i = 0; i < count && value == NULL; i++)
		value = json_string_value(json_object_get(turn, names[i]));
	return value;
}

bool
va_mask_turns(VaArena *arena, json_t *array)
{
	static const char *const speakers[] = { "speaker", "role" };
	static const char *const texts[] = { "text", "message", "content" };
	size_t count = json_array_size(array) < TURNS_MAX ? json_array_size(array) : TURNS_MAX;
	Turn *turns;
	size_t told = 0;
	bool changed = false;

	if (member(json_array_get(array, 0), speakers, 2) == NULL ||
		(turns = va_arena_alloc(arena, count * sizeof(Turn))) == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
	{
		const char *speaker = member(json_array_get(array, i), speakers, 2);
		const char *text = member(json_array_get(array, i), texts, 3);
		size_t len = text != NULL ? strlen(text) : 0;
		bool *hidden = va_arena_alloc(arena, len + 1);

		if (hidden == NULL)
			return false;
		memset(hidden, false, len + 1);
		turns[i] = (Turn){ speaker != NULL ? speaker : "", speaker != NULL ? strlen(speaker) : 0,
			text != NULL ? va_mask_plain(arena, text, len) : "", len, hidden, false, false, false };
		told++;
	}
	read_turns(turns, told);
	for (size_t i = 0; i < count; i++)
	{
		json_t *turn = json_array_get(array, i);
		const char *text = member(turn, texts, 3);
		char *masked;

		if (memchr(turns[i].hidden, true, turns[i].len) == NULL ||
			(masked = va_mask_hidden(arena, text, turns[i].len, turns[i].hidden)) == NULL)
			continue;
		for (size_t n = 0; n < sizeof(texts) / sizeof(texts[0]); n++)
			if (json_string_value(json_object_get(turn, texts[n])) == text)
			{
				changed = json_object_set_new(turn, texts[n], json_string(masked)) == 0 || changed;
				break;
			}
	}
	return changed;
}

/* The form's field for the heard words: SpeechResult=4242+4242+... */
char *
va_mask_form(VaArena *arena, const VaMaskOwn *own, const char *body, size_t len, size_t *masked_len)
{
	static const char *const heard[] = { "SpeechResult=", "UnstableSpeechResult=", "TranscriptionText=", "Speech=",
		"TranscriptionData=", "Body=", "Text=" };
	VaBuffer result = { 0 };
	bool changed = false;

	/* Most forms have none of them. */
	if (memmem(body, len, "peech", 5) == NULL && memmem(body, len, "Tra", 3) == NULL &&
		memmem(body, len, "Body=", 5) == NULL && memmem(body, len, "Text=", 5) == NULL)
		return NULL;
	for (size_t from = 0; from < len;)
	{
		const char *end = memchr(body + from, '&', len - from);
		size_t to = end != NULL ? (size_t) (end - body) : len;
		char *masked = NULL;

		for (size_t i = 0; i < sizeof(heard) / sizeof(heard[0]) && masked == NULL; i++)
		{
			size_t name = strlen(heard[i]);
			char *plain;
			size_t used = 0;

			if (to - from <= name || memcmp(body + from, heard[i], name) != 0 ||
				(plain = va_arena_alloc(arena, to - from + 1)) == NULL)
				continue;
			for (size_t j = from + name; j < to; j++)
			{
				unsigned int code;

				if (body[j] == '%' && j + 2 < to && sscanf(body + j + 1, "%2x", &code) == 1)
				{
					plain[used++] = (char) code;
					j += 2;
				}
				else
					plain[used++] = body[j] == '+' ? ' ' : body[j];
			}
			masked = va_mask_words(arena, own, plain, used);
			if (masked == NULL)
				break;
			va_buffer_add(&result, heard[i], name);
			for (const char *c = masked; *c != '\0'; c++)
				va_buffer_printf(&result, isalnum((unsigned char) *c) ? "%c" : "%%%02X", (unsigned char) *c);
		}
		changed = changed || masked != NULL;
		if (masked == NULL)
			va_buffer_add(&result, body + from, to - from);
		if (to < len)
			va_buffer_add(&result, "&", 1);
		from = to + 1;
	}
	*masked_len = result.used;
	body = va_buffer_finish(&result, arena);
	return changed ? (char *) body : NULL;
}
