/*-------------------------------------------------------------------------
 * json.c
 *		Arena, tolerant JSON reading, instants and decimals.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem */
#endif
#include "json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define ARENA_BLOCK_SIZE 8192

struct VaArenaBlock
{
	VaArenaBlock *next;
	size_t size;
	size_t used;
	/* data follows, aligned as max_align_t because the header is padded */
	_Alignas(max_align_t) char data[];
};

void *
va_arena_alloc(VaArena *arena, size_t size)
{
	VaArenaBlock *block = arena->head;
	size_t aligned;
	void *result;

	if (size > SIZE_MAX / 2)
	{
		arena->oom = true;
		return NULL;
	}
	aligned = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);

	if (block == NULL || block->size - block->used < aligned)
	{
		size_t want = aligned > ARENA_BLOCK_SIZE ? aligned : ARENA_BLOCK_SIZE;

		block = malloc(sizeof(VaArenaBlock) + want);
		if (block == NULL)
		{
			arena->oom = true;
			return NULL;
		}
		block->size = want;
		block->used = 0;
		block->next = arena->head;
		arena->head = block;
	}
	result = block->data + block->used;
	block->used += aligned;
	memset(result, 0, aligned);
	return result;
}

char *
va_arena_strndup(VaArena *arena, const char *text, size_t len)
{
	char *copy = va_arena_alloc(arena, len + 1);

	if (copy != NULL && len > 0)
		memcpy(copy, text, len);
	return copy;
}

char *
va_arena_strdup(VaArena *arena, const char *text)
{
	return text == NULL ? NULL : va_arena_strndup(arena, text, strlen(text));
}

/* Most of what is printed fits behind what the newest block holds, where it is printed once. */
static __attribute__((format(printf, 2, 0))) char *
print_in_place(VaArena *arena, const char *format, va_list args)
{
	VaArenaBlock *block = arena->head;
	size_t room = block == NULL ? 0 : block->size - block->used;
	char *text;
	int len;
	size_t aligned;

	if (room < 64)
		return NULL;
	text = block->data + block->used;
	len = vsnprintf(text, room, format, args);
	if (len >= 0 && (size_t) len < room)
	{
		aligned = ((size_t) len + sizeof(max_align_t)) & ~(sizeof(max_align_t) - 1);
		block->used += aligned < room ? aligned : room;
		return text;
	}
	/* It may be a part of a secret. */
	sodium_memzero(text, room);
	return NULL;
}

char *
va_arena_printf(VaArena *arena, const char *format, ...)
{
	va_list args;
	int len;
	char *text;

	va_start(args, format);
	text = print_in_place(arena, format, args);
	va_end(args);
	if (text != NULL)
		return text;
	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return NULL;
	text = va_arena_alloc(arena, (size_t) len + 1);
	if (text == NULL)
		return NULL;
	va_start(args, format);
	vsnprintf(text, (size_t) len + 1, format, args);
	va_end(args);
	return text;
}

char *
va_arena_join(VaArena *arena, ...)
{
	va_list texts;
	const char *text;
	size_t size = 1;
	char *joined;
	char *end;

	va_start(texts, arena);
	while ((text = va_arg(texts, const char *)) != NULL)
		size += strlen(text);
	va_end(texts);
	joined = va_arena_alloc(arena, size);
	if (joined == NULL)
		return NULL;
	end = joined;
	va_start(texts, arena);
	while ((text = va_arg(texts, const char *)) != NULL)
		end = stpcpy(end, text);
	va_end(texts);
	return joined;
}

void
va_arena_free(VaArena *arena)
{
	VaArenaBlock *block = arena->head;

	while (block != NULL)
	{
		VaArenaBlock *next = block->next;

		sodium_memzero(block->data, block->used);
		free(block);
		block = next;
	}
	arena->head = NULL;
	arena->oom = false;
}

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
		*why = va_arena_printf(arena, "not valid JSON at line %d, byte %d: %s", error.line, error.position,
							   error.text);
		if (*why == NULL)
			*why = "out of memory";
	}
	return json;
}

/* ---- growing texts ---- */

/* Room for len bytes and a NUL at the end. */
static bool
buffer_reserve(VaBuffer *buffer, size_t len)
{
	size_t size;
	char *grown;

	if (buffer->failed)
		return false;
	if (buffer->size - buffer->used > len)
		return true;
	size = (buffer->used + len + 1) * 2;
	grown = realloc(buffer->text, size);
	if (grown == NULL)
	{
		buffer->failed = true;
		return false;
	}
	buffer->text = grown;
	buffer->size = size;
	return true;
}

void
va_buffer_add(VaBuffer *buffer, const char *text, size_t len)
{
	if (len == 0 || !buffer_reserve(buffer, len))
		return;
	memcpy(buffer->text + buffer->used, text, len);
	buffer->used += len;
	buffer->text[buffer->used] = '\0';
}

void
va_buffer_printf(VaBuffer *buffer, const char *format, ...)
{
	va_list args;
	int len;

	/* What is printed is short: once is enough nearly always. */
	if (!buffer_reserve(buffer, 128))
		return;
	for (;;)
	{
		va_start(args, format);
		len = vsnprintf(buffer->text + buffer->used, buffer->size - buffer->used, format, args);
		va_end(args);
		if (len < 0)
			return;
		if ((size_t) len < buffer->size - buffer->used)
			break;
		if (!buffer_reserve(buffer, (size_t) len))
			return;
	}
	buffer->used += (size_t) len;
}

void
va_buffer_json_string(VaBuffer *buffer, const char *text, size_t len)
{
	size_t done = 0;

	va_buffer_add(buffer, "\"", 1);
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		va_buffer_add(buffer, text + done, i - done);
		done = i + 1;
		if (c == '\n')
			va_buffer_add(buffer, "\\n", 2);
		else if (c >= 0x20)
			va_buffer_printf(buffer, "\\%c", c);
		else
			va_buffer_printf(buffer, "\\u%04x", c);
	}
	va_buffer_add(buffer, text + done, len - done);
	va_buffer_add(buffer, "\"", 1);
}

char *
va_buffer_finish(VaBuffer *buffer, VaArena *arena)
{
	char *text = NULL;

	if (buffer->failed)
		arena->oom = true;
	else
		text = va_arena_strndup(arena, buffer->text, buffer->used);
	if (buffer->text != NULL)
		sodium_memzero(buffer->text, buffer->used);
	free(buffer->text);
	memset(buffer, 0, sizeof(*buffer));
	return text;
}

/* ---- writing ---- */

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
	if (buffer->size - buffer->used > 1 || buffer_reserve(buffer, 1))
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
static void
write_string(VaBuffer *buffer, const char *text, size_t len)
{
	char *to;
	size_t i = 0;

	if (!buffer_reserve(buffer, len + 2))
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
		write_string(buffer, keys[k].text, strlen(keys[k].text));
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
			write_string(buffer, json_string_value(json), json_string_length(json));
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

/*
 * Jansson's own dump of the same takes three times as long, and a request is
 * little else.  Its values are what we or va_json_load() made: trees, in UTF-8.
 */
char *
va_json_text(VaArena *arena, const json_t *json)
{
	VaBuffer buffer = { 0 };

	if (json == NULL)
		return NULL;
	buffer_reserve(&buffer, 1000);
	write_value(&buffer, (json_t *) json);
	return va_buffer_finish(&buffer, arena);
}

json_t *
va_json_new_object(void)
{
	return json_pack("{}");
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
va_utf8_cut(VaArena *arena, const char *text, size_t max_chars)
{
	size_t chars = 0;
	size_t i = 0;

	if (text == NULL)
		return NULL;
	for (; text[i] != '\0'; i++)
	{
		if (((unsigned char) text[i] & 0xC0) == 0x80)
			continue;
		if (chars == max_chars)
			break;
		chars++;
	}
	return va_arena_strndup(arena, text, i);
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

int64_t
va_days_from_civil(int64_t year, int month, int day)
{
	/* Years begin in March here, so that the leap day is a year's last. */
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void
civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*day = (int) (of_year - (153 * m + 2) / 5 + 1);
	*month = (int) (m < 10 ? m + 3 : m - 9);
	*year = (int) (y + era * 400 + (*month <= 2));
}

/* Exactly count digits at *text, which moves past them; or -1. */
static int
digits(const char **text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++, (*text)++)
	{
		if (**text < '0' || **text > '9')
			return -1;
		value = value * 10 + (**text - '0');
	}
	return value;
}

static bool
skip(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

bool
va_time_in_range(int64_t ms)
{
	/* 2200-01-01 */
	return ms >= 0 && ms < INT64_C(7258118400000);
}

/* "Z", "+hh:mm", "+hhmm" or nothing (UTC) up to the end of the text. */
static bool
parse_zone(const char *p, int *minutes)
{
	int sign;
	int h;
	int m;

	*minutes = 0;
	if (*p == '\0' || (*p == 'Z' && p[1] == '\0') || (*p == 'z' && p[1] == '\0'))
		return true;
	if (*p != '+' && *p != '-')
		return false;
	sign = *p++ == '-' ? -1 : 1;
	h = digits(&p, 2);
	skip(&p, ':');
	m = h < 0 ? -1 : digits(&p, 2);
	if (h < 0 || h > 18 || m < 0 || m > 59 || *p != '\0')
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

bool
va_time_parse(const char *text, int64_t *ms)
{
	static const int month_days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const char *p = text;
	int year, month, day, hour, minute, second, zone;
	int milli = 0;
	int64_t value;

	if (text == NULL)
		return false;
	year = digits(&p, 4);
	if (year < 0 || !skip(&p, '-') || (month = digits(&p, 2)) < 1 || month > 12 || !skip(&p, '-') ||
		(day = digits(&p, 2)) < 1 || day > month_days[month - 1])
		return false;
	if (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
		return false;
	if (!skip(&p, 'T') && !skip(&p, 't') && !skip(&p, ' '))
		return false;
	if ((hour = digits(&p, 2)) < 0 || hour > 23 || !skip(&p, ':') || (minute = digits(&p, 2)) < 0 ||
		minute > 59 || !skip(&p, ':') || (second = digits(&p, 2)) < 0 || second > 60)
		return false;
	if (skip(&p, '.'))
	{
		int scale = 100;

		if (*p < '0' || *p > '9')
			return false;
		for (; *p >= '0' && *p <= '9'; p++, scale /= 10)
			milli += scale * (*p - '0');
	}
	if (!parse_zone(p, &zone))
		return false;
	value = (va_days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - zone * 60) *
				1000 +
			milli;
	if (!va_time_in_range(value))
		return false;
	*ms = value;
	return true;
}

char *
va_time_text(VaArena *arena, int64_t ms)
{
	int64_t days;
	int rest;
	int year, month, day;

	if (!va_time_in_range(ms))
		return NULL;
	days = ms / 86400000;
	rest = (int) (ms % 86400000);
	civil_from_days(days, &year, &month, &day);
	return va_arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day, rest / 3600000,
						   rest / 60000 % 60, rest / 1000 % 60, rest % 1000);
}
