/*-------------------------------------------------------------------------
 * schema_values.c
 *		Whether a model's answer conforms (contract in schema.h).
 */
#include "schema_internal.h"

#include <math.h>
#include <string.h>

typedef struct Judge
{
	VaArena *arena;
	int values;
	const char *why;
} Judge;

/* ---- what may be left out ---- */

void
va_schema_prune(const json_t *schema, json_t *value)
{
	const char *name;
	json_t *property;

	if (json_is_array(value))
	{
		for (size_t i = 0; i < json_array_size(value); i++)
			va_schema_prune(json_object_get(schema, "items"), json_array_get(value, i));
		return;
	}
	if (!json_is_object(value))
		return;
	json_object_foreach(json_object_get(schema, "properties"), name, property)
	{
		json_t *member = json_object_get(value, name);

		if (json_is_null(member) && !va_schema_requires(schema, name) && !va_schema_has_type(property, "null"))
			json_object_del(value, name);
		else if (member != NULL)
			va_schema_prune(property, member);
	}
}

/* ---- whether it conforms ---- */

static bool
refuse(Judge *judge, const char *path, const char *what)
{
	judge->why = va_arena_join(judge->arena, path, " ", what, NULL);
	return false;
}

static bool
is_whole(const json_t *value)
{
	return json_is_integer(value) || (json_is_real(value) && json_real_value(value) == floor(json_real_value(value)));
}

static bool
has_a_type(const json_t *schema, const json_t *value)
{
	switch (json_typeof(value))
	{
		case JSON_STRING:
			return va_schema_has_type(schema, "string");
		case JSON_INTEGER:
		case JSON_REAL:
			return va_schema_has_type(schema, "number") || (is_whole(value) && va_schema_has_type(schema, "integer"));
		case JSON_TRUE:
		case JSON_FALSE:
			return va_schema_has_type(schema, "boolean");
		case JSON_NULL:
			return va_schema_has_type(schema, "null");
		case JSON_ARRAY:
			return va_schema_has_type(schema, "array");
		default:
			return va_schema_has_type(schema, "object");
	}
}

static const char *
type_words(const json_t *schema, VaArena *arena)
{
	const json_t *type = json_object_get(schema, "type");
	const char *words = json_string_value(type);

	for (size_t i = 0; i < json_array_size(type); i++)
		words = va_arena_join(
			arena, i == 0 ? "" : words, i == 0 ? "" : " or ", json_string_value(json_array_get(type, i)), NULL);
	return words != NULL ? words : "";
}

static bool
in_enum(const json_t *list, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(list); i++)
	{
		const json_t *allowed = json_array_get(list, i);

		if (json_equal(allowed, value) || (json_is_number(allowed) && json_is_number(value) &&
											  json_number_value(allowed) == json_number_value(value)))
			return true;
	}
	return false;
}

static size_t
characters(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char) text[i] & 0xc0) != 0x80;
	return n;
}

/* Between schema's least and most, where it names them; NULL, or the one that is broken. */
static const char *
broken_bound(const json_t *schema, const char *least, const char *most, double size, double *bound)
{
	if (va_json_number(schema, least, bound) && size < *bound)
		return "at least";
	if (va_json_number(schema, most, bound) && size > *bound)
		return "at most";
	return NULL;
}

static bool
check_size(Judge *judge, const json_t *schema, const json_t *value, const char *path)
{
	const char *broken = NULL;
	const char *unit = "";
	double bound = 0;

	if (json_is_string(value))
	{
		broken = broken_bound(schema, "minLength", "maxLength",
			(double) characters(json_string_value(value), json_string_length(value)), &bound);
		unit = " characters";
	}
	else if (json_is_array(value))
	{
		broken = broken_bound(schema, "minItems", "maxItems", (double) json_array_size(value), &bound);
		unit = " items";
	}
	else if (json_is_number(value))
		broken = broken_bound(schema, "minimum", "maximum", json_number_value(value), &bound);
	if (broken == NULL)
		return true;
	return refuse(judge, path,
		va_arena_printf(judge->arena, "must %s %s %g%s", unit[0] != '\0' ? "have" : "be", broken, bound, unit));
}

static bool judge_value(Judge *judge, const json_t *schema, json_t *value, const char *path);

static bool
judge_members(Judge *judge, const json_t *schema, json_t *value, const char *path)
{
	json_t *properties = json_object_get(schema, "properties");
	const json_t *required = json_object_get(schema, "required");
	const json_t *additional = json_object_get(schema, "additionalProperties");
	const char *name;
	json_t *member;

	for (size_t i = 0; i < json_array_size(required); i++)
	{
		name = json_string_value(json_array_get(required, i));
		if (json_object_get(value, name) == NULL)
			return refuse(judge, path, va_arena_printf(judge->arena, "lacks \"%s\"", name));
	}
	json_object_foreach(value, name, member)
	{
		json_t *property = json_object_get(properties, name);

		if (property == NULL && additional != NULL && json_is_false(additional))
			return refuse(
				judge, path, va_arena_printf(judge->arena, "has \"%.60s\", which the schema does not know", name));
		if (property != NULL &&
			!judge_value(judge, property, member, va_arena_join(judge->arena, path, ".", name, NULL)))
			return false;
	}
	return true;
}

static bool
judge_value(Judge *judge, const json_t *schema, json_t *value, const char *path)
{
	const json_t *list = json_object_get(schema, "enum");

	if (path == NULL)
		path = "$";
	if (++judge->values > VA_SCHEMA_VALUES)
		return refuse(judge, path, "is one value too many: 20000 are looked at");
	if (!has_a_type(schema, value))
		return refuse(
			judge, path, va_arena_join(judge->arena, "must be of type ", type_words(schema, judge->arena), NULL));
	if (list != NULL && !in_enum(list, value))
		return refuse(
			judge, path, va_arena_join(judge->arena, "must be one of ", va_json_text(judge->arena, list), NULL));
	if (!check_size(judge, schema, value, path))
		return false;
	if (json_is_object(value))
		return judge_members(judge, schema, value, path);
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!judge_value(judge, json_object_get(schema, "items"), json_array_get(value, i),
				va_arena_printf(judge->arena, "%s[%zu]", path, i)))
			return false;
	return true;
}

bool
va_schema_conforms(const json_t *schema, const json_t *value, VaArena *arena, const char **why)
{
	Judge judge = { arena, 0, NULL };
	bool good = judge_value(&judge, schema, (json_t *) value, "$");

	*why = judge.why;
	return good;
}

/* ---- from text ---- */

json_t *
va_schema_load(const char *text, VaArena *arena, const char **why)
{
	const char *blank = " \t\r\n";
	const char *from = text + strspn(text, blank);
	size_t len = strlen(from);

	if (strncmp(from, "```", 3) == 0)
	{
		const char *line = strchr(from, '\n');
		const char *end = line != NULL ? strstr(line, "```") : NULL;

		if (end != NULL)
		{
			from = line + 1;
			len = (size_t) (end - from);
		}
	}
	return va_json_load(arena, from, len, why);
}
