/*-------------------------------------------------------------------------
 * schema.h
 *		A small part of JSON Schema: what a model is asked to conform to, and
 *		whether its answer does.
 *
 * A schema is an object with type (string, number, integer, boolean, null,
 * array, object, or several of them), enum, and by the type: properties,
 * required, additionalProperties (true or false), items, minItems, maxItems,
 * minLength, maxLength (in characters), minimum, maximum; title and
 * description anywhere.  Everything else is refused by name and place, so that
 * no schema states a rule that is not checked.  There is no pattern: a
 * stranger's regular expression is never run.
 *
 * Work and recursion are bounded by the schema's own limits below: an answer
 * is followed only as deep as its schema goes.
 */
#ifndef VOICEAGENT_PURE_SCHEMA_H
#define VOICEAGENT_PURE_SCHEMA_H

#include "pure/text/json.h"

#define VA_SCHEMA_DEPTH 10
#define VA_SCHEMA_NODES 500
#define VA_SCHEMA_PROPERTIES 100
#define VA_SCHEMA_ENUM 250
/* Bytes of a property's name, and of a text in an enum. */
#define VA_SCHEMA_NAME 64
#define VA_SCHEMA_WORD 500
/* Values of an answer that are looked at. */
#define VA_SCHEMA_VALUES 20000

/* Can it be asked for?  *why, in the arena: the path and what is allowed there, such as
 * "schema.properties.age.type: ...". */
extern bool va_schema_check(const json_t *schema, VaArena *arena, const char **why);

/*
 * The same schema as vendors with strict schemas take it (json_decref() it):
 * every property is required, one that was not may be null; no other
 * properties; bounds are left out, which they do not know and we check.
 */
extern json_t *va_schema_strict(const json_t *schema);

/* Takes out of the value what va_schema_strict() made a model write for properties that it may leave out: null. */
extern void va_schema_prune(const json_t *schema, json_t *value);

/* Does the value conform?  *why, in the arena: "$.fields[2].key must be a string". */
extern bool va_schema_conforms(const json_t *schema, const json_t *value, VaArena *arena, const char **why);

/* The JSON of a model's text: the text itself, or what stands in a code fence; json_decref() it. NULL: none. */
extern json_t *va_schema_load(const char *text, VaArena *arena, const char **why);

#endif /* VOICEAGENT_PURE_SCHEMA_H */
