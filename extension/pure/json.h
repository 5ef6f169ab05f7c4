/*-------------------------------------------------------------------------
 * json.h
 *		Bytes to JSON and back, for the pure part: an arena for results, a
 *		reader that survives what vendors really send, times and decimals.
 *
 * Nothing here knows the backend.  All memory is malloc'ed; results live in
 * a VaArena that its owner frees at once, so an error path frees as much as
 * a good one.  When memory runs out the arena's oom flag is set, functions
 * give NULL, and whoever owns the arena reports it.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_JSON_H
#define VOICEAGENT_PURE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The server exports a function json_object() of its own, and the dynamic
 * linker would bind ours to that one: jansson's is not declared here, and
 * nothing may call it.  va_json_new_object() does its work.
 */
#define json_object va_jansson_json_object_hidden
#include <jansson.h>
#undef json_object

typedef struct VaArenaBlock VaArenaBlock;

/* Zero-initialised is empty and valid. */
typedef struct VaArena
{
	VaArenaBlock *head;
	bool oom; /* an allocation failed: results are not whole */
} VaArena;

/* Zeroed memory, or NULL with oom set. */
extern void *va_arena_alloc(VaArena *arena, size_t size);
/* len bytes and a NUL. */
extern char *va_arena_strndup(VaArena *arena, const char *text, size_t len);
extern char *va_arena_strdup(VaArena *arena, const char *text);
extern char *va_arena_printf(VaArena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Texts up to a NULL, one behind the other: what printf does with %s alone, in a fraction of the time. */
extern char *va_arena_join(VaArena *arena, ...) __attribute__((sentinel));
/* Wipes (requests hold keys) and frees everything; the arena is empty and usable again. */
extern void va_arena_free(VaArena *arena);

/*
 * Parse one JSON document.  \u0000 and lone surrogates, which PostgreSQL's
 * text cannot hold and which truncating vendors do send, are read as U+FFFD.
 * Everything else that is not JSON in UTF-8 gives NULL and *why, which lives
 * in the arena.  json_decref() the result.
 */
extern json_t *va_json_load(VaArena *arena, const void *bytes, size_t len, const char **why);

/* Compact JSON text with keys sorted, in the arena; NULL when json is NULL. */
extern char *va_json_text(VaArena *arena, const json_t *json);

/* An empty object, or NULL. */
extern json_t *va_json_new_object(void);

/* A growing text.  Zero-initialised is empty; once memory is out it stays failed. */
typedef struct VaBuffer
{
	char *text;
	size_t used;
	size_t size;
	bool failed;
} VaBuffer;

extern void va_buffer_add(VaBuffer *buffer, const char *text, size_t len);
extern void va_buffer_printf(VaBuffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* UTF-8 text as a JSON string, with its quotes. */
extern void va_buffer_json_string(VaBuffer *buffer, const char *text, size_t len);
/* The text moves into the arena ("" if nothing was added; NULL with oom set if it failed); the buffer is
 * empty. */
extern char *va_buffer_finish(VaBuffer *buffer, VaArena *arena);

/* A member that is a non-empty string, else NULL; lives as long as the object. */
extern const char *va_json_string(const json_t *object, const char *key);
/* A member that is an object, else NULL. */
extern json_t *va_json_object(const json_t *object, const char *key);
extern json_t *va_json_array(const json_t *object, const char *key);
/* A member that is a number (or NULL member: false). */
extern bool va_json_number(const json_t *object, const char *key, double *value);

/* Cut to at most max_chars UTF-8 characters, in the arena. */
extern char *va_utf8_cut(VaArena *arena, const char *text, size_t max_chars);

/* The shortest decimal text that reads back as value, without an exponent and with at most 12 decimals (the
 * rest is rounded); NULL above 1e15, and for what is not finite. */
extern char *va_decimal_text(VaArena *arena, double value);

/*
 * RFC 3339 / ISO 8601 instants, milliseconds since 1970.  Only years
 * 1970..2199 count as an instant of a call.
 */
extern bool va_time_parse(const char *text, int64_t *ms);
extern bool va_time_in_range(int64_t ms);
extern char *va_time_text(VaArena *arena, int64_t ms); /* 2026-01-02T03:04:05.678Z */

/* Days since 1970-01-01 of a proleptic Gregorian date; month 1..12. */
extern int64_t va_days_from_civil(int64_t year, int month, int day);

#endif /* VOICEAGENT_PURE_JSON_H */
