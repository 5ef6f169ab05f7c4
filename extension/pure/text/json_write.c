/*-------------------------------------------------------------------------
 * json_write.c
 *		jansson's values as text, and texts as JSON strings.
 *
 * Jansson's own dump of the same takes three times as long, and a request is
 * little else.  What is written is what we or va_json_load() made: trees, in
 * UTF-8.  Real numbers alone are left to jansson.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "json.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_ON_STACK 16

typedef struct Key
{
	const char *text;
	json_t *value;
} Key;

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(((const Key *) a)->text, ((const Key *) b)->text);
}

/* Few keys, and mostly in order already: put each in its place. */
static void
sort_keys(Key *keys, size_t n)
{
	if (n > KEYS_ON_STACK)
	{
		qsort(keys, n, sizeof(Key), compare_keys);
		return;
	}
	for (size_t i = 1; i < n; i++)
	{
		Key key = keys[i];
		size_t j = i;

		for (; j > 0 && strcmp(keys[j - 1].text, key.text) > 0; j--)
			keys[j] = keys[j - 1];
		keys[j] = key;
	}
}

/* One of JSON's own characters; va_buffer_add() of one costs as much as of a word. */
static inline void
write_sign(VaBuffer *buffer, char sign)
{
	if (buffer->size - buffer->used > 1 || va_buffer_reserve(buffer, 1))
		buffer->text[buffer->used++] = sign;
}

/* As jansson escapes, byte for byte. */
static void
write_escaped(VaBuffer *buffer, const char *text, size_t len)
{
	static const char letters[] = "btn?fr";
	size_t done = 0;

	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		va_buffer_add(buffer, text + done, i - done);
		done = i + 1;
		if (c >= 0x20)
			va_buffer_printf(buffer, "\\%c", c);
		else if (c >= '\b' && c <= '\r' && c != '\v')
			va_buffer_printf(buffer, "\\%c", letters[c - '\b']);
		else
			va_buffer_printf(buffer, "\\u%04X", c);
	}
	va_buffer_add(buffer, text + done, len - done);
}

/* Most texts need no escape: they are copied while that is found out. */
void
va_buffer_json_string(VaBuffer *buffer, const char *text, size_t len)
{
	char *to;
	size_t i = 0;

	if (!va_buffer_reserve(buffer, len + 2))
		return;
	to = buffer->text + buffer->used;
	*to++ = '"';
	for (; i < len && (unsigned char) text[i] >= 0x20 && text[i] != '"' && text[i] != '\\'; i++)
		*to++ = text[i];
	buffer->used += i + 1;
	if (i < len)
		write_escaped(buffer, text + i, len - i);
	write_sign(buffer, '"');
}

/* printf() takes longer than all the rest of a small object. */
static void
write_integer(VaBuffer *buffer, json_int_t value)
{
	char digits[24];
	char *at = digits + sizeof(digits);
	unsigned long long rest = value < 0 ? 0 - (unsigned long long) value : (unsigned long long) value;

	do
		*--at = (char) ('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (value < 0)
		*--at = '-';
	va_buffer_add(buffer, at, (size_t) (digits + sizeof(digits) - at));
}

static void write_value(VaBuffer *buffer, json_t *json);

static void
write_object(VaBuffer *buffer, json_t *object)
{
	size_t n = json_object_size(object);
	Key on_stack[KEYS_ON_STACK];
	Key *keys = n <= KEYS_ON_STACK ? on_stack : malloc(n * sizeof(Key));
	size_t i = 0;

	if (keys == NULL)
	{
		buffer->failed = true;
		return;
	}
	for (void *at = json_object_iter(object); at != NULL && i < n; at = json_object_iter_next(object, at))
		keys[i++] = (Key){ json_object_iter_key(at), json_object_iter_value(at) };
	sort_keys(keys, i);
	write_sign(buffer, '{');
	for (size_t k = 0; k < i; k++)
	{
		if (k > 0)
			write_sign(buffer, ',');
		va_buffer_json_string(buffer, keys[k].text, strlen(keys[k].text));
		write_sign(buffer, ':');
		write_value(buffer, keys[k].value);
	}
	write_sign(buffer, '}');
	if (keys != on_stack)
		free(keys);
}

static void
write_value(VaBuffer *buffer, json_t *json)
{
	char *dumped;
	json_t *item;
	size_t i;

	switch (json_typeof(json))
	{
		case JSON_OBJECT:
			write_object(buffer, json);
			break;
		case JSON_ARRAY:
			write_sign(buffer, '[');
			json_array_foreach(json, i, item)
			{
				if (i > 0)
					write_sign(buffer, ',');
				write_value(buffer, item);
			}
			write_sign(buffer, ']');
			break;
		case JSON_STRING:
			va_buffer_json_string(buffer, json_string_value(json), json_string_length(json));
			break;
		case JSON_INTEGER:
			write_integer(buffer, json_integer_value(json));
			break;
		case JSON_REAL:
			dumped = json_dumps(json, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
			if (dumped == NULL)
				buffer->failed = true;
			else
				va_buffer_add(buffer, dumped, strlen(dumped));
			free(dumped);
			break;
		case JSON_TRUE:
			va_buffer_add(buffer, "true", 4);
			break;
		case JSON_FALSE:
			va_buffer_add(buffer, "false", 5);
			break;
		case JSON_NULL:
			va_buffer_add(buffer, "null", 4);
			break;
	}
}

char *
va_json_text(VaArena *arena, const json_t *json)
{
	VaBuffer buffer = { 0 };

	if (json == NULL)
		return NULL;
	va_buffer_reserve(&buffer, 1000);
	write_value(&buffer, (json_t *) json);
	return va_buffer_finish(&buffer, arena);
}
