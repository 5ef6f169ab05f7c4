/*-------------------------------------------------------------------------
 * mask_own.c
 *		A tenant's own list of what must not be kept: words, and shapes such as
 *		"policy ######".
 *
 * Every place of a text is tried with every shape, and a try ends with the shape: the work is bounded by the text times
 * what is named.  A person's request to be called no more stays, whatever is named: it is what the law reads.
 */
#include <string.h>
#include <strings.h>

#include "pure/phrases/words/intents.h"
#include "pure/phrases/words/lexicon.h"
#include "pure/phrases/words/mask_internal.h"
#include "pure/phrases/words/units.h"
#include "pure/text/json.h"
#include "pure/text/utf8.h"

#define SHAPES_MAX 50
/* Characters of one. */
#define SHAPE_LEAST 3
#define SHAPE_MOST 100
/* Blanks in a text that count as one of a shape. */
#define BLANKS_MOST 8

typedef struct VaMaskShape
{
	int32_t signs[SHAPE_MOST];
	size_t count;
} Shape;

static bool
is_digit(int32_t code)
{
	return code >= '0' && code <= '9';
}

/* A small one, or one of a script without; not the marks among them. */
static bool
is_letter(int32_t code)
{
	return (code >= 'a' && code <= 'z') ||
		   (code >= 0xC0 && code != 0xD7 && code != 0xF7 && !(code >= 0x2000 && code <= 0x206F));
}

static bool
is_of_word(int32_t code)
{
	return is_digit(code) || is_letter(code) || code == '_';
}

static bool
is_blank(int32_t code)
{
	return code == ' ' || (code >= '\t' && code <= '\r') || code == 0xA0;
}

/* Replies that stop texts, as text_means() reads it, among blanks and marks. */
static bool
is_stop(const int32_t *codes, size_t count)
{
	static const char *const words[] = { "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
		"remove", "arret", "stopp", "alto", "baja", "abmelden", "basta" };
	char word[16];
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
	{
		int32_t plain = va_plain_letter(codes[i]);

		if (plain >= 'a' && plain <= 'z')
		{
			if (len == sizeof(word) - 1)
				return false;
			word[len++] = (char) plain;
		}
	}
	word[len] = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

static size_t
next_small(const char *text, size_t len, int32_t *code)
{
	size_t taken = va_utf8_next((const unsigned char *) text, len, code);

	*code = *code < 0 ? 0xFFFD : va_small_letter(*code);
	return taken;
}

/* A line without the blanks around it, each run within it as one; false: it is too long. */
static bool
read_shape(const char *line, size_t len, Shape *shape)
{
	shape->count = 0;
	for (size_t i = 0; i < len;)
	{
		int32_t code;

		i += next_small(line + i, len - i, &code);
		if (is_blank(code) && (shape->count == 0 || shape->signs[shape->count - 1] == ' '))
			continue;
		if (shape->count == SHAPE_MOST)
			return false;
		shape->signs[shape->count++] = is_blank(code) ? ' ' : code;
	}
	shape->count -= shape->count > 0 && shape->signs[shape->count - 1] == ' ';
	return true;
}

/* The shapes of lines, some of which may be empty; *why: one is too long, or they are too many. */
static Shape *
read_shapes(VaArena *arena, const char *lines, size_t *count, const char **why)
{
	Shape *shapes = va_arena_alloc(arena, SHAPES_MAX * sizeof(Shape));

	*count = 0;
	for (const char *line = lines; shapes != NULL;)
	{
		size_t len = strcspn(line, "\n");
		Shape shape;

		if (!read_shape(line, len, &shape))
			*why = "a line is longer than 100 characters";
		else if (shape.count > 0 && *count == SHAPES_MAX)
			*why = "there are more than 50 lines";
		else if (shape.count > 0)
			shapes[(*count)++] = shape;
		if (line[len] == '\0' || *why != NULL)
			break;
		line += len + 1;
	}
	return shapes;
}

VaMaskOwn *
va_mask_own(VaArena *arena, const char *lines, bool raw)
{
	const char *why = NULL;
	VaMaskOwn *own;

	if (lines == NULL || lines[0] == '\0' || (own = va_arena_alloc(arena, sizeof(VaMaskOwn))) == NULL)
		return NULL;
	own->raw = raw;
	own->shapes = read_shapes(arena, lines, &own->count, &why);
	return own->shapes == NULL || own->count == 0 ? NULL : own;
}

/* Agreements, refusals and opt-outs are read in the kept words. */
static const char *
fault_of(VaArena *arena, const Shape *shape, const char *text, size_t len)
{
	static const char *const languages[] = { "en", "es", "fr", "de", "it" };
	size_t signs = 0;
	size_t named = 0;

	for (size_t i = 0; i < shape->count; i++)
	{
		named += is_of_word(shape->signs[i]) || shape->signs[i] == '#';
		signs += is_of_word(shape->signs[i]) || shape->signs[i] == '#' || shape->signs[i] == '@';
	}
	if (signs < SHAPE_LEAST || named == 0)
		return "a line has fewer than 3 letters and digits, or any letter fits it";
	if (va_asks_to_stop(text, len) || is_stop(shape->signs, shape->count))
		return "a line is what people say to be called no more";
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
	{
		VaUnits units;

		if (va_lexicon(languages[i]) != NULL && va_units(arena, va_lexicon(languages[i]), text, len, &units) &&
			va_units_answer(&units) != VA_ANSWER_NONE)
			return "a line is what people say to agree or to refuse";
	}
	return NULL;
}

const char *
va_mask_check_own(VaArena *arena, const char *lines, const char **why)
{
	VaBuffer kept = { 0 };
	const char *text;
	size_t count;
	const Shape *shapes = read_shapes(arena, lines, &count, why);

	for (size_t i = 0; shapes != NULL && i < count && *why == NULL; i++)
	{
		char line[SHAPE_MOST * 4];
		size_t len = 0;

		for (size_t j = 0; j < shapes[i].count; j++)
			len += va_utf8_write(shapes[i].signs[j], line + len);
		*why = fault_of(arena, &shapes[i], line, len);
		va_buffer_add(&kept, "\n", i > 0);
		va_buffer_add(&kept, line, len);
	}
	text = va_buffer_finish(&kept, arena);
	return *why != NULL || shapes == NULL ? NULL : text;
}

static bool
parts_digits(const int32_t *codes, size_t count, size_t at)
{
	return at + 1 < count && (codes[at] == ' ' || codes[at] == '-') && is_digit(codes[at + 1]);
}

/* Where a shape that begins at a place ends; 0: it is not there. */
static size_t
find_end(const Shape *shape, const int32_t *codes, size_t count, size_t from)
{
	size_t at = from;
	bool apart = false;

	for (size_t n = 0; n < shape->count; n++)
	{
		int32_t sign = shape->signs[n];
		size_t begin = at;

		if (sign == ' ')
		{
			while (at < count && at - begin < BLANKS_MOST && is_blank(codes[at]))
				at++;
			if (at == begin)
				return 0;
			continue;
		}
		/* Digits may be written in groups. */
		if (sign == '#' && n > 0 && shape->signs[n - 1] == '#' && parts_digits(codes, count, at))
		{
			at++;
			apart = true;
		}
		if (at == count || !(sign == '#'	 ? is_digit(codes[at])
							   : sign == '@' ? is_letter(codes[at])
											 : codes[at] == sign))
			return 0;
		at++;
	}
	/* Neither a part of a word, nor of a longer number that is written in groups. */
	if ((at < count && is_of_word(codes[at - 1]) && is_of_word(codes[at])) ||
		(from > 0 && is_of_word(codes[from - 1]) && is_of_word(codes[from])) ||
		(apart && shape->signs[shape->count - 1] == '#' && parts_digits(codes, count, at)) ||
		(apart && shape->signs[0] == '#' && from > 1 && is_digit(codes[from - 2]) &&
			parts_digits(codes, count, from - 1)))
		return 0;
	return at;
}

void
va_mask_shapes(VaArena *arena, const VaMaskOwn *own, const char *text, size_t len, bool *hidden)
{
	int32_t *codes = va_arena_alloc(arena, len * sizeof(int32_t));
	size_t *begins = va_arena_alloc(arena, (len + 1) * sizeof(size_t));
	bool *found = va_arena_alloc(arena, len);
	size_t count = 0;

	if (codes == NULL || begins == NULL || found == NULL)
		return;
	memset(found, false, len);
	for (size_t at = 0; at < len; count++)
	{
		begins[count] = at;
		at += next_small(text + at, len - at, &codes[count]);
	}
	begins[count] = len;
	for (size_t from = 0; from < count; from++)
		for (size_t i = 0; i < own->count; i++)
		{
			size_t end = find_end(&own->shapes[i], codes, count, from);

			if (end > 0 && !is_stop(codes + from, end - from))
				memset(found + begins[from], true, begins[end] - begins[from]);
		}
	for (size_t from = 0, to; from < len; from = to + 1)
	{
		const char *end = memchr(text + from, '\n', len - from);
		const char *masked;

		to = end != NULL ? (size_t) (end - text) : len;
		if (memchr(found + from, true, to - from) == NULL)
			continue;
		if (va_asks_to_stop(text + from, to - from) &&
			((masked = va_mask_hidden(arena, text + from, to - from, found + from)) == NULL ||
				!va_asks_to_stop(masked, strlen(masked))))
			continue;
		for (size_t i = from; i < to; i++)
			hidden[i] = hidden[i] || found[i];
	}
}

static bool
ends_with_one(const char *key, const char *const *ends, size_t count)
{
	for (size_t i = 0; key != NULL && i < count; i++)
		if (strlen(key) >= strlen(ends[i]) && strcasecmp(key + strlen(key) - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

const VaMaskOwn *
va_mask_own_of(const VaMaskOwn *own, const char *key, const json_t *value)
{
	static const char *const ours[] = { "speaker", "role", "turn" };
	static const char *const signs[] = { "type", "status", "state", "event", "reason", "direction", "cause", "kind",
		"name", "language", "provider", "model", "voice", "method", "result", "code" };
	const char *text = json_string_value(value);

	if (own == NULL || ends_with_one(key, ours, sizeof(ours) / sizeof(ours[0])))
		return NULL;
	if (!own->raw)
		return own;
	if (text == NULL)
		return NULL;
	/* A word alone, or a time. */
	return (strchr(text, ' ') == NULL && ends_with_one(key, signs, sizeof(signs) / sizeof(signs[0]))) ||
				   (strlen(text) > 10 && text[4] == '-' && text[7] == '-' && text[10] == 'T')
			   ? NULL
			   : own;
}

const VaMaskOwn *
va_mask_own_below(const VaMaskOwn *own, const char *key, VaMaskOwn *data)
{
	static const char *const ends[] = { "structuredData", "structured_data", "custom_analysis_data", "arguments",
		"parameters", "variables", "data_collection_results" };

	if (own == NULL || !own->raw || !ends_with_one(key, ends, sizeof(ends) / sizeof(ends[0])))
		return own;
	*data = *own;
	data->raw = false;
	return data;
}
