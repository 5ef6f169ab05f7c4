/*-------------------------------------------------------------------------
 * json_read.c
 *		The quick way from bytes to a JSON document.
 *
 * jansson reads a byte at a time through a callback, and checks and copies
 * each of them twice.  Here strings are found by their end and taken whole.
 * Whatever is unusual ends the quick way: \u escapes, long numbers, deep
 * nesting, and every fault; so there is no second opinion about errors.
 *-------------------------------------------------------------------------
 */
#include "json_read.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 32
/* Digits of an integer that surely fits; bytes of a number at all. */
#define MAX_DIGITS 18
#define MAX_NUMBER 40

typedef struct Reader
{
	const char *at;
	const char *end;
	char *scratch; /* for a string with escapes; as long as the document */
	size_t len;
} Reader;

static json_t *read_value(Reader *reader, int depth);

static void
skip_blanks(Reader *reader)
{
	while (reader->at < reader->end &&
		   (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\t' || *reader->at == '\r'))
		reader->at++;
}

/* The next byte after blanks, 0 at the end. */
static char
peek(Reader *reader)
{
	skip_blanks(reader);
	return reader->at < reader->end ? *reader->at : '\0';
}

/* Bytes of the UTF-8 character at text, 0 when it is none. */
static size_t
utf8_length(const unsigned char *text, size_t left)
{
	size_t len = text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : text[0] < 0xf5 ? 4 : 0;

	if (len == 0 || len > left)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, and what lies beyond the last character. */
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
		(text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return len;
}

/* What stands between two escapes, or a quote: its end, NULL when it is nothing for us. */
static const char *
plain_end(const char *at, const char *end)
{
	while (at < end)
	{
		unsigned char c = (unsigned char) *at;

		if (c == '"' || c == '\\')
			return at;
		if (c < 0x20)
			return NULL;
		if (c < 0x80)
			at++;
		else
		{
			size_t len = utf8_length((const unsigned char *) at, (size_t) (end - at));

			if (len == 0)
				return NULL;
			at += len;
		}
	}
	return NULL;
}

static char
unescape(char c)
{
	switch (c)
	{
		case '"':
		case '\\':
		case '/':
			return c;
		case 'b':
			return '\b';
		case 'f':
			return '\f';
		case 'n':
			return '\n';
		case 'r':
			return '\r';
		case 't':
			return '\t';
		default:
			return '\0';
	}
}

/* A string at its opening quote.  *text points into the document or the scratch memory. */
static bool
read_string(Reader *reader, const char **text, size_t *len)
{
	const char *from = reader->at + 1;
	const char *to = plain_end(from, reader->end);
	size_t used = 0;

	if (to == NULL)
		return false;
	if (*to == '"')
	{
		*text = from;
		*len = (size_t) (to - from);
		reader->at = to + 1;
		return true;
	}
	if (reader->scratch == NULL)
		reader->scratch = malloc(reader->len);
	if (reader->scratch == NULL)
		return false;
	for (;;)
	{
		memcpy(reader->scratch + used, from, (size_t) (to - from));
		used += (size_t) (to - from);
		if (*to == '"')
			break;
		if (to + 1 >= reader->end || (reader->scratch[used] = unescape(to[1])) == '\0')
			return false;
		used++;
		from = to + 2;
		to = plain_end(from, reader->end);
		if (to == NULL)
			return false;
	}
	*text = reader->scratch;
	*len = used;
	reader->at = to + 1;
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits from at on; their end, or NULL when there is none. */
static const char *
digits_end(const char *at, const char *end)
{
	const char *from = at;

	while (at < end && is_digit(*at))
		at++;
	return at > from ? at : NULL;
}

static json_t *
read_number(Reader *reader)
{
	const char *from = reader->at;
	const char *digits = from + (*from == '-');
	const char *at = digits_end(digits, reader->end);
	char copy[MAX_NUMBER + 1];
	char *rest;
	double value;

	if (at == NULL || (*digits == '0' && at > digits + 1) || at - digits > MAX_DIGITS)
		return NULL;
	if (at == reader->end || (*at != '.' && *at != 'e' && *at != 'E'))
	{
		json_int_t integer = 0;

		for (const char *c = digits; c < at; c++)
			integer = integer * 10 + (*c - '0');
		reader->at = at;
		return json_integer(*from == '-' ? -integer : integer);
	}
	if (*at == '.' && (at = digits_end(at + 1, reader->end)) == NULL)
		return NULL;
	if (at < reader->end && (*at == 'e' || *at == 'E'))
		return NULL;
	if (at - from > MAX_NUMBER)
		return NULL;
	memcpy(copy, from, (size_t) (at - from));
	copy[at - from] = '\0';
	value = strtod(copy, &rest);
	/* In a locale with another decimal point strtod() stops there. */
	if (*rest != '\0')
		return NULL;
	reader->at = at;
	return json_real(value);
}

static json_t *
read_word(Reader *reader, const char *word, json_t *value)
{
	size_t len = strlen(word);

	if ((size_t) (reader->end - reader->at) < len || memcmp(reader->at, word, len) != 0)
		return NULL;
	reader->at += len;
	return value;
}

static bool
read_members(Reader *reader, json_t *object, int depth)
{
	reader->at++;
	if (peek(reader) == '}')
	{
		reader->at++;
		return true;
	}
	for (;;)
	{
		const char *key;
		size_t len;
		char name[128];
		json_t *value;

		if (peek(reader) != '"' || !read_string(reader, &key, &len) || len >= sizeof(name))
			return false;
		/* The scratch memory is the value's, too. */
		memcpy(name, key, len);
		if (peek(reader) != ':')
			return false;
		reader->at++;
		value = read_value(reader, depth);
		if (value == NULL || json_object_setn_new_nocheck(object, name, len, value) != 0)
			return false;
		switch (peek(reader))
		{
			case ',':
				reader->at++;
				break;
			case '}':
				reader->at++;
				return true;
			default:
				return false;
		}
	}
}

static bool
read_elements(Reader *reader, json_t *array, int depth)
{
	reader->at++;
	if (peek(reader) == ']')
	{
		reader->at++;
		return true;
	}
	for (;;)
	{
		json_t *value = read_value(reader, depth);

		if (value == NULL || json_array_append_new(array, value) != 0)
			return false;
		switch (peek(reader))
		{
			case ',':
				reader->at++;
				break;
			case ']':
				reader->at++;
				return true;
			default:
				return false;
		}
	}
}

static json_t *
read_container(Reader *reader, int depth)
{
	bool is_object = *reader->at == '{';
	json_t *json;

	if (depth >= MAX_DEPTH)
		return NULL;
	json = is_object ? va_json_new_object() : json_array();
	if (json == NULL)
		return NULL;
	if (is_object ? read_members(reader, json, depth + 1) : read_elements(reader, json, depth + 1))
		return json;
	json_decref(json);
	return NULL;
}

static json_t *
read_value(Reader *reader, int depth)
{
	const char *text;
	size_t len;

	switch (peek(reader))
	{
		case '{':
		case '[':
			return read_container(reader, depth);
		case '"':
			return read_string(reader, &text, &len) ? json_stringn_nocheck(text, len) : NULL;
		case 't':
			return read_word(reader, "true", json_true());
		case 'f':
			return read_word(reader, "false", json_false());
		case 'n':
			return read_word(reader, "null", json_null());
		default:
			return reader->at < reader->end && (*reader->at == '-' || is_digit(*reader->at)) ? read_number(reader) : NULL;
	}
}

json_t *
va_json_read(const char *bytes, size_t len)
{
	Reader reader = { bytes, bytes + len, NULL, len };
	json_t *json = read_value(&reader, 0);

	skip_blanks(&reader);
	if (json != NULL && reader.at != reader.end)
	{
		json_decref(json);
		json = NULL;
	}
	free(reader.scratch);
	return json;
}
