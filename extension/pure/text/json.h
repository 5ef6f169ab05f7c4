/*-------------------------------------------------------------------------
 * json.h
 *		Bytes to JSON and back, for the pure part: jansson's values, a reader
 *		that survives what vendors really send, and a writer for requests.
 */
#ifndef VOICEAGENT_PURE_JSON_H
#define VOICEAGENT_PURE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "pure/memory.h"

/*
 * The server exports a function json_object() of its own, and the dynamic
 * linker would bind ours to that one: jansson's is not declared here, and
 * nothing may call it.  va_json_new_object() does its work.
 */
#define json_object va_jansson_json_object_hidden
#include <jansson.h>
#undef json_object

/*
 * Parse one JSON document.  \u0000 and lone surrogates, which PostgreSQL's
 * text cannot hold and which truncating vendors do send, are read as U+FFFD.
 * Everything else that is not JSON in UTF-8 gives NULL and *why, which lives
 * in the arena.  json_decref() the result.
 */
extern json_t *va_json_load(VaArena *arena, const void *bytes, size_t len, const char **why);

/* The same of what is plain (json_quick.c); NULL: va_json_load() has to look. */
extern json_t *va_json_read_quickly(const char *bytes, size_t len);

/* Compact JSON text with keys sorted, in the arena; NULL when json is NULL. */
extern char *va_json_text(VaArena *arena, const json_t *json);

/* UTF-8 text as a JSON string, with its quotes. */
extern void va_buffer_json_string(VaBuffer *buffer, const char *text, size_t len);

/* An empty object, or NULL. */
extern json_t *va_json_new_object(void);

/* Sets a member, unless the text is NULL or empty. */
extern void va_json_set_text(json_t *object, const char *key, const char *text);

/* A member that is a non-empty string, else NULL; lives as long as the object. */
extern const char *va_json_string(const json_t *object, const char *key);
/* A member that is an object, else NULL. */
extern json_t *va_json_object(const json_t *object, const char *key);
extern json_t *va_json_array(const json_t *object, const char *key);
/* A member that is a number (or NULL member: false). */
extern bool va_json_number(const json_t *object, const char *key, double *value);

/* The shortest decimal text that reads back as value, without an exponent and with at most 12 decimals (the
 * rest is rounded); NULL above 1e15, and for what is not finite. */
extern char *va_decimal_text(VaArena *arena, double value);

#endif /* VOICEAGENT_PURE_JSON_H */
