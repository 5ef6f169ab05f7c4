/*-------------------------------------------------------------------------
 * schema.c
 *		Schemas that are allowed, and as vendors take them (contract in schema.h).
 */
#include "schema.h"

#include <string.h>

#include "schema_internal.h"

typedef struct Check
{
	VaArena *arena;
	int nodes;
	const char *why;
} Check;

static const char *const types[] = { "string", "number", "integer", "boolean", "null", "array", "object", NULL };
#define TYPES "string, number, integer, boolean, null, array and object"

static bool
is_type(const char *word)
{
	for (int i = 0; types[i] != NULL; i++)
		if (strcmp(types[i], word) == 0)
			return true;
	return false;
}

bool
va_schema_has_type(const json_t *schema, const char *type)
{
	const json_t *given = json_object_get(schema, "type");

	if (json_is_string(given))
		return strcmp(json_string_value(given), type) == 0;
	for (size_t i = 0; i < json_array_size(given); i++)
		if (strcmp(json_string_value(json_array_get(given, i)), type) == 0)
			return true;
	return false;
}

bool
va_schema_requires(const json_t *schema, const char *name)
{
	const json_t *required = json_object_get(schema, "required");

	for (size_t i = 0; i < json_array_size(required); i++)
		if (strcmp(json_string_value(json_array_get(required, i)), name) == 0)
			return true;
	return false;
}

/* ---- what is allowed ---- */

static bool
refuse(Check *check, const char *path, const char *what)
{
	check->why = va_arena_join(check->arena, path, ": ", what, NULL);
	return false;
}

static bool
check_type(Check *check, const json_t *type, const char *path)
{
	path = va_arena_join(check->arena, path, ".type", NULL);
	if (json_is_string(type))
		return is_type(json_string_value(type)) ||
			   refuse(check, path,
				   va_arena_printf(
					   check->arena, "\"%.40s\" is not supported; allowed are " TYPES, json_string_value(type)));
	if (!json_is_array(type) || json_array_size(type) == 0 || json_array_size(type) > 7)
		return refuse(check, path, "it must be one type or a list of types; allowed are " TYPES);
	for (size_t i = 0; i < json_array_size(type); i++)
		if (!json_is_string(json_array_get(type, i)) || !is_type(json_string_value(json_array_get(type, i))))
			return refuse(check, path, "a type in the list is not supported; allowed are " TYPES);
	return true;
}

static bool
check_enum(Check *check, const json_t *list, const char *path)
{
	path = va_arena_join(check->arena, path, ".enum", NULL);
	if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > VA_SCHEMA_ENUM)
		return refuse(check, path, "it must be a list of 1 to 250 values");
	for (size_t i = 0; i < json_array_size(list); i++)
	{
		const json_t *value = json_array_get(list, i);

		if (json_is_object(value) || json_is_array(value))
			return refuse(check, path, "a value must be a text, a number, true, false or null");
		if (json_is_string(value) && json_string_length(value) > VA_SCHEMA_WORD)
			return refuse(check, path, "a text may have 500 bytes");
	}
	return true;
}

static bool check_node(Check *check, const json_t *schema, const char *path, int depth);

static bool
check_properties(Check *check, const json_t *schema, const char *path, int depth)
{
	json_t *properties = json_object_get(schema, "properties");
	const char *name;
	json_t *property;

	if (properties == NULL)
		return true;
	path = va_arena_join(check->arena, path, ".properties", NULL);
	if (!json_is_object(properties) || json_object_size(properties) > VA_SCHEMA_PROPERTIES)
		return refuse(check, path, "it must be an object of at most 100 properties");
	json_object_foreach(properties, name, property)
	{
		if (strlen(name) == 0 || strlen(name) > VA_SCHEMA_NAME)
			return refuse(check, path, "a property's name must have 1 to 64 bytes");
		if (!check_node(check, property, va_arena_join(check->arena, path, ".", name, NULL), depth + 1))
			return false;
	}
	return true;
}

static bool
check_required(Check *check, const json_t *schema, const char *path)
{
	const json_t *required = json_object_get(schema, "required");
	const json_t *properties = json_object_get(schema, "properties");

	path = va_arena_join(check->arena, path, ".required", NULL);
	if (required != NULL && (!json_is_array(required) || json_array_size(required) > VA_SCHEMA_PROPERTIES))
		return refuse(check, path, "it must be a list of at most 100 names");
	for (size_t i = 0; i < json_array_size(required); i++)
	{
		const char *name = json_string_value(json_array_get(required, i));

		if (name == NULL || json_object_get(properties, name) == NULL)
			return refuse(check, path, "each name must be one of the properties");
	}
	return true;
}

static bool
check_bounds(Check *check, const json_t *schema, const char *path)
{
	static const char *const counts[] = { "minItems", "maxItems", "minLength", "maxLength", NULL };
	static const char *const numbers[] = { "minimum", "maximum", NULL };
	static const char *const words[] = { "title", "description", NULL };

	for (int i = 0; counts[i] != NULL; i++)
	{
		const json_t *bound = json_object_get(schema, counts[i]);

		if (bound != NULL &&
			(!json_is_integer(bound) || json_integer_value(bound) < 0 || json_integer_value(bound) > 1000000))
			return refuse(check, va_arena_join(check->arena, path, ".", counts[i], NULL),
				"it must be a whole number from 0 to 1000000");
	}
	for (int i = 0; numbers[i] != NULL; i++)
		if (json_object_get(schema, numbers[i]) != NULL && !json_is_number(json_object_get(schema, numbers[i])))
			return refuse(check, va_arena_join(check->arena, path, ".", numbers[i], NULL), "it must be a number");
	for (int i = 0; words[i] != NULL; i++)
		if (json_object_get(schema, words[i]) != NULL && !json_is_string(json_object_get(schema, words[i])))
			return refuse(check, va_arena_join(check->arena, path, ".", words[i], NULL), "it must be a text");
	return true;
}

static bool
check_words(Check *check, json_t *schema, const char *path)
{
	static const char *const known[] = { "type", "enum", "properties", "required", "additionalProperties", "items",
		"minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum", "title", "description", NULL };
	const char *name;
	json_t *value;

	json_object_foreach(schema, name, value)
	{
		bool found = false;

		for (int i = 0; known[i] != NULL; i++)
			found = found || strcmp(known[i], name) == 0;
		if (!found)
			return refuse(check, va_arena_printf(check->arena, "%s.%.60s", path, name),
				"it is not supported; allowed are type, enum, properties, required, additionalProperties, items, "
				"minItems, "
				"maxItems, minLength, maxLength, minimum, maximum, title and description");
	}
	value = json_object_get(schema, "additionalProperties");
	if (value != NULL && !json_is_boolean(value))
		return refuse(
			check, va_arena_join(check->arena, path, ".additionalProperties", NULL), "it must be true or false");
	return true;
}

static bool
check_node(Check *check, const json_t *schema, const char *path, int depth)
{
	const json_t *type = json_object_get(schema, "type");
	const json_t *list = json_object_get(schema, "enum");
	const json_t *items = json_object_get(schema, "items");

	if (check->arena->oom)
		return refuse(check, path, "out of memory");
	if (!json_is_object(schema))
		return refuse(check, path, "it must be an object");
	if (depth > VA_SCHEMA_DEPTH)
		return refuse(check, path, "a schema may have 10 levels");
	if (++check->nodes > VA_SCHEMA_NODES)
		return refuse(check, path, "a schema may have 500 parts");
	if (type == NULL)
		return refuse(check, path, "it has no type; allowed are " TYPES);
	if (!check_type(check, type, path) || !check_words(check, (json_t *) schema, path) ||
		(list != NULL && !check_enum(check, list, path)) || !check_bounds(check, schema, path) ||
		!check_properties(check, schema, path, depth) || !check_required(check, schema, path))
		return false;
	if (va_schema_has_type(schema, "array") && items == NULL)
		return refuse(check, path, "an array has items");
	return items == NULL || check_node(check, items, va_arena_join(check->arena, path, ".items", NULL), depth + 1);
}

bool
va_schema_check(const json_t *schema, VaArena *arena, const char **why)
{
	Check check = { arena, 0, NULL };
	bool good = check_node(&check, schema, "schema", 1);

	if (good && (!json_is_string(json_object_get(schema, "type")) || !va_schema_has_type(schema, "object")))
		good = refuse(&check, "schema.type", "the schema itself must be of type object");
	if (good && json_object_size(json_object_get(schema, "properties")) == 0)
		good = refuse(&check, "schema.properties", "the schema needs properties");
	*why = check.why;
	return good;
}

/* ---- as vendors take it ---- */

/* The property may be left out: then it may be null. */
static void
allow_null(json_t *schema)
{
	json_t *type = json_object_get(schema, "type");
	json_t *list = json_object_get(schema, "enum");
	json_t *both;

	if (va_schema_has_type(schema, "null"))
		return;
	both = json_array();
	if (json_is_string(type))
		json_array_append(both, type);
	else
		json_array_extend(both, type);
	json_array_append_new(both, json_string("null"));
	json_object_set_new(schema, "type", both);
	if (list != NULL)
	{
		both = json_array();
		json_array_extend(both, list);
		json_array_append_new(both, json_null());
		json_object_set_new(schema, "enum", both);
	}
}

static void
copy_member(json_t *to, const json_t *from, const char *name)
{
	if (json_object_get(from, name) != NULL)
		json_object_set(to, name, json_object_get(from, name));
}

static void
make_strict_object(json_t *strict, const json_t *schema)
{
	json_t *properties = va_json_new_object();
	json_t *required = json_array();
	const char *name;
	json_t *property;

	json_object_foreach(json_object_get(schema, "properties"), name, property)
	{
		json_t *own = va_schema_strict(property);

		if (!va_schema_requires(schema, name))
			allow_null(own);
		json_object_set_new(properties, name, own);
		json_array_append_new(required, json_string(name));
	}
	json_object_set_new(strict, "properties", properties);
	json_object_set_new(strict, "required", required);
	json_object_set_new(strict, "additionalProperties", json_false());
}

json_t *
va_schema_strict(const json_t *schema)
{
	json_t *strict = va_json_new_object();

	copy_member(strict, schema, "type");
	copy_member(strict, schema, "enum");
	copy_member(strict, schema, "title");
	copy_member(strict, schema, "description");
	if (va_schema_has_type(schema, "object"))
		make_strict_object(strict, schema);
	if (json_object_get(schema, "items") != NULL)
		json_object_set_new(strict, "items", va_schema_strict(json_object_get(schema, "items")));
	return strict;
}
