/*-------------------------------------------------------------------------
 * json_quick.c
 *		Carriers' usual messages, read as jansson would, in a tenth of the time.
 *
 * At anything but what is plain here it gives up, and jansson reads the whole
 * anew: it decides alone what is no JSON.
 */
#include "json.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 32
#define NUMBER_MAX 17 /* an integer of fewer digits fits */

typedef struct Quick
{
	const char *at;
	const char *end;
	char *scratch; /* as long as all of it */
} Quick;

static json_t *read_value(Quick *quick, int depth);

/* The next byte that is no blank; NUL: none. */
static char
next_byte(Quick *quick)
{
	while (quick->at < quick->end && (unsigned char) *quick->at <= ' ' && memchr(" \n\r\t", *quick->at, 4) != NULL)
		quick->at++;
	return quick->at < quick->end ? *quick->at : '\0';
}

static bool
take(Quick *quick, char byte)
{
	bool there = next_byte(quick) == byte && quick->at < quick->end;

	quick->at += there;
	return there;
}

/* A string's bytes, behind its quote; they are overwritten by the next one.  NULL: it is not plain. */
static const char *
read_string(Quick *quick, size_t *len)
{
	static const char written[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	const char *from = quick->at;
	char *to = quick->scratch;

	for (const char *at = from; at < quick->end && (unsigned char) *at >= 0x20; at++)
	{
		const char *escape;

		if (*at != '"' && *at != '\\')
			continue;
		memcpy(to, from, (size_t) (at - from));
		to += at - from;
		if (*at == '"')
		{
			quick->at = at + 1;
			*len = (size_t) (to - quick->scratch);
			return quick->scratch;
		}
		if (++at == quick->end || (escape = memchr(written, *at, sizeof(written) - 1)) == NULL)
			return NULL;
		*to++ = meant[escape - written];
		from = at + 1;
	}
	return NULL;
}

/* No sign, no exponent.  Whether what follows may is asked by who reads it: none that may would go on with a number. */
static json_t *
read_number(Quick *quick)
{
	char number[NUMBER_MAX + 1] = "";
	size_t len = 0;
	double value;
	char *stop;

	while (len < NUMBER_MAX && quick->at < quick->end && memchr("0123456789.", *quick->at, 11) != NULL)
		number[len++] = *quick->at++;
	/* strtod() takes one point, and none where the locale has another. */
	if (len == 0 || len == NUMBER_MAX || number[0] == '.' || number[len - 1] == '.' ||
		(number[0] == '0' && len > 1 && number[1] != '.'))
		return NULL;
	if (memchr(number, '.', len) == NULL)
		return json_integer(strtoll(number, NULL, 10));
	value = strtod(number, &stop);
	return *stop == '\0' ? json_real(value) : NULL;
}

static json_t *
read_members(Quick *quick, bool object, int depth)
{
	json_t *whole = object ? va_json_new_object() : json_array();
	char close = object ? '}' : ']';
	bool good = whole != NULL && depth < DEPTH_MAX;

	if (take(quick, close))
		return whole;
	do
	{
		size_t len;
		const char *text = object && take(quick, '"') ? read_string(quick, &len) : NULL;
		char *key = text == NULL ? NULL : strndup(text, len);
		json_t *value = good && (!object || (key != NULL && take(quick, ':'))) ? read_value(quick, depth + 1) : NULL;

		/* They take the value, and refuse none. */
		good = (object ? json_object_set_new(whole, key, value) : json_array_append_new(whole, value)) == 0;
		free(key);
	} while (good && take(quick, ','));
	if (good && take(quick, close))
		return whole;
	json_decref(whole);
	return NULL;
}

static json_t *
read_value(Quick *quick, int depth)
{
	static const char *const words[] = { "true", "false", "null" };
	json_t *const values[] = { json_true(), json_false(), json_null() };
	const char *text;
	size_t len;

	if (take(quick, '"'))
		return (text = read_string(quick, &len)) == NULL ? NULL : json_stringn(text, len);
	if (take(quick, '{'))
		return read_members(quick, true, depth);
	if (take(quick, '['))
		return read_members(quick, false, depth);
	for (int i = 0; i < (int) (sizeof(words) / sizeof(words[0])); i++)
	{
		len = strlen(words[i]);
		if ((size_t) (quick->end - quick->at) >= len && memcmp(quick->at, words[i], len) == 0)
		{
			quick->at += len;
			return values[i];
		}
	}
	return read_number(quick);
}

json_t *
va_json_read_quickly(const char *bytes, size_t len)
{
	Quick quick = { .at = bytes, .end = bytes + len, .scratch = malloc(len) };
	json_t *json = quick.scratch == NULL ? NULL : read_value(&quick, 0);

	(void) next_byte(&quick);
	free(quick.scratch);
	if (quick.at == quick.end)
		return json;
	json_decref(json);
	return NULL;
}
