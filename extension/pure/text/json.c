/*-------------------------------------------------------------------------
 * json.c
 *		Tolerant reading of JSON, its members, and decimals.
 *
 * Pure: no backend, no locks, no global state.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem */
#endif
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Four hexadecimal digits, or -1. */
static int
hex4(const char *text)
{
	int value = 0;

	for (int i = 0; i < 4; i++)
	{
		char c = text[i];

		value <<= 4;
		if (c >= '0' && c <= '9')
			value |= c - '0';
		else if (c >= 'a' && c <= 'f')
			value |= c - 'a' + 10;
		else if (c >= 'A' && c <= 'F')
			value |= c - 'A' + 10;
		else
			return -1;
	}
	return value;
}

/*
 * Overwrite in place every escape that text cannot hold.  An escape and its
 * replacement have the same length, so nothing moves.
 */
static void
clean_escapes(char *text, size_t len)
{
	size_t i = 0;

	while (i + 1 < len)
	{
		const char *backslash = memchr(text + i, '\\', len - i);
		int unit;

		if (backslash == NULL)
			return;
		i = (size_t) (backslash - text);
		if (i + 6 > len || text[i + 1] != 'u' || (unit = hex4(text + i + 2)) < 0)
		{
			i += 2;
			continue;
		}
		if (unit >= 0xD800 && unit <= 0xDBFF && i + 12 <= len && text[i + 6] == '\\' && text[i + 7] == 'u')
		{
			int low = hex4(text + i + 8);

			if (low >= 0xDC00 && low <= 0xDFFF)
			{
				i += 12;
				continue;
			}
		}
		if (unit == 0 || (unit >= 0xD800 && unit <= 0xDFFF))
			memcpy(text + i + 2, "fffd", 4);
		i += 6;
	}
}

json_t *
va_json_load(VaArena *arena, const void *bytes, size_t len, const char **why)
{
	json_error_t error;
	json_t *json;
	char *copy = NULL;

	if (len == 0)
	{
		*why = "the body is empty";
		return NULL;
	}
	/* It reads none that has an escape by number. */
	json = va_json_read_quickly(bytes, len);
	if (json != NULL)
		return json;
	/* Most bodies hold no such escape and need no copy. */
	if (memmem(bytes, len, "\\u0000", 6) != NULL || memmem(bytes, len, "\\uD", 3) != NULL ||
		memmem(bytes, len, "\\ud", 3) != NULL)
	{
		copy = malloc(len);
		if (copy == NULL)
		{
			*why = "out of memory";
			return NULL;
		}
		memcpy(copy, bytes, len);
		clean_escapes(copy, len);
	}
	json = json_loadb(copy != NULL ? copy : bytes, len, JSON_DECODE_ANY, &error);
	free(copy);
	if (json == NULL)
	{
		/* jansson quotes the bytes near the fault; those may be half a character or a secret. */
		char *near = strstr(error.text, " near ");

		if (near != NULL)
			*near = '\0';
		for (char *c = error.text; *c != '\0'; c++)
			if ((unsigned char) *c < 0x20 || (unsigned char) *c > 0x7e)
				*c = '?';
		*why = va_arena_printf(arena, "not valid JSON at line %d, byte %d: %s", error.line, error.position, error.text);
		if (*why == NULL)
			*why = "out of memory";
	}
	return json;
}

json_t *
va_json_new_object(void)
{
	return json_pack("{}");
}

void
va_json_set_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_object_set_new(object, key, json_string(text));
}

const char *
va_json_string(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL && text[0] != '\0' ? text : NULL;
}

json_t *
va_json_object(const json_t *object, const char *key)
{
	json_t *member = json_object_get(object, key);

	return json_is_object(member) ? member : NULL;
}

json_t *
va_json_array(const json_t *object, const char *key)
{
	json_t *member = json_object_get(object, key);

	return json_is_array(member) ? member : NULL;
}

bool
va_json_number(const json_t *object, const char *key, double *value)
{
	json_t *member = json_object_get(object, key);

	if (!json_is_number(member))
		return false;
	*value = json_number_value(member);
	return true;
}

char *
va_decimal_text(VaArena *arena, double value)
{
	char text[64];

	if (!isfinite(value) || fabs(value) > 1e15)
		return NULL;
	if (value == 0)
		return va_arena_strdup(arena, "0");
	/* %.Nf with the fewest decimals that read back; small values keep 12 decimals at most */
	for (int decimals = 0; decimals <= 12; decimals++)
	{
		snprintf(text, sizeof(text), "%.*f", decimals, value);
		if (strtod(text, NULL) == value)
			return va_arena_strdup(arena, text);
	}
	return va_arena_strdup(arena, text);
}
