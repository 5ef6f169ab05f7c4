/*-------------------------------------------------------------------------
 * model_schema.c
 *		JSON that is valid for a schema, out of a conversation or of a prompt.
 *
 * It knows of JSON Schema type (also as a list), properties, required, items,
 * enum, const, anyOf, oneOf, $ref into the same document, minItems, maxItems,
 * minLength, maxLength, minimum, maximum, their exclusive forms, multipleOf
 * and the usual formats.  What it cannot promise (pattern, a type that there
 * is not) it refuses, unless it may leave it out.
 *
 * A member is known by its name: booked, requested, phrase, interest,
 * do_not_call and the like by what the conversation came to; any other by the
 * question whose words its name and description have.  What nobody said is
 * left out or null where the schema lets it.
 *-------------------------------------------------------------------------
 */
#include "model_internal.h"

#include <math.h>
#include <string.h>

#include "pure/text/utf8.h"

#define TEXT_CHARS 400
#define ITEMS_USUAL 2

typedef struct Filler
{
	const json_t *root;
	Member at;
	int levels;
	int values;
	const char *why;
} Filler;

static json_t *fill(Filler *filler, const json_t *schema, const char *name);

static json_t *
refuse(Filler *filler, const char *why)
{
	if (filler->why == NULL)
		filler->why = why;
	return NULL;
}

/* ---- scalars ---- */

static const char *
formatted(const char *format)
{
	static const char *const examples[][2] = { { "date", "2030-01-07" }, { "time", "10:00:00Z" },
		{ "date-time", "2030-01-07T10:00:00Z" }, { "email", "person@example.com" },
		{ "uuid", "00000000-0000-4000-8000-000000000000" }, { "uri", "https://example.com/" },
		{ "hostname", "example.com" }, { "ipv4", "192.0.2.1" }, { "ipv6", "2001:db8::1" }, { "duration", "PT1H" } };

	for (size_t i = 0; format != NULL && i < sizeof(examples) / sizeof(examples[0]); i++)
		if (strcmp(format, examples[i][0]) == 0)
			return examples[i][1];
	return NULL;
}

static size_t
count_characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char) *text & 0xC0) != 0x80;
	return n;
}

static double
bound(const json_t *schema, const char *key, double otherwise)
{
	double value;

	return va_json_number(schema, key, &value) ? value : otherwise;
}

/* As long as the schema wants it. */
static json_t *
bounded_text(Filler *filler, const json_t *schema, const char *text)
{
	double min = bound(schema, "minLength", 0);
	double max = bound(schema, "maxLength", TEXT_CHARS > min ? TEXT_CHARS : min);
	VaBuffer out = { 0 };
	const char *whole;

	if (min > 10000 || max < min || max < 0)
		return refuse(filler, "the lengths of a string cannot be met");
	va_buffer_add(&out, text, strlen(text));
	for (size_t n = count_characters(text); (double) n < min && !out.failed; n++)
		va_buffer_add(&out, ".", 1);
	whole = va_buffer_finish(&out, filler->at.material->arena);
	if (whole != NULL)
		whole = va_utf8_cut(filler->at.material->arena, whole, max > 100000 ? 100000 : (size_t) max);
	return whole == NULL ? refuse(filler, "out of memory") : json_string(whole);
}

static json_t *
fill_string(Filler *filler, const json_t *schema, const char *name, bool may_be_missing)
{
	const char *text = filler->at.material->talk != NULL ? va_model_spoken_text(&filler->at, schema, name)
														 : va_model_written_text(&filler->at, schema, name);
	const char *example = formatted(va_json_string(schema, "format"));

	if (text == NULL && may_be_missing)
		return NULL;
	if (va_json_string(schema, "pattern") != NULL && example == NULL)
		return refuse(filler, "this model meets no pattern of a string");
	if (example != NULL &&
		(text == NULL || strcmp(va_json_string(schema, "format"), "email") != 0 || strchr(text, '@') == NULL))
		text = example;
	return bounded_text(filler, schema, text == NULL ? "" : text);
}

/* The first number in words; NAN = none. */
static double
number_in(const char *text)
{
	double value = 0;
	double place = 0;
	const char *c = text == NULL ? "" : text + strcspn(text, "0123456789");
	int digits = 0;

	if (*c == '\0')
		return NAN;
	for (; digits < 12 && ((*c >= '0' && *c <= '9') || (*c == '.' && place == 0 && c[1] >= '0' && c[1] <= '9')); c++)
	{
		if (*c == '.')
			place = 1;
		else if (place > 0)
			value += (*c - '0') / (place *= 10);
		else
			value = value * 10 + (*c - '0');
		digits++;
	}
	return value;
}

static json_t *
fill_number(Filler *filler, const json_t *schema, const char *name, bool whole, bool may_be_missing)
{
	double step = bound(schema, "multipleOf", whole ? 1 : 0);
	double grain = whole || step > 0 ? (step > 0 ? step : 1) : 1e-6;
	double min = fmax(bound(schema, "minimum", -1e15), bound(schema, "exclusiveMinimum", -1e15 - 1) + grain);
	double max = fmin(bound(schema, "maximum", 1e15), bound(schema, "exclusiveMaximum", 1e15 + 1) - grain);
	double value = filler->at.material->talk != NULL ? number_in(va_model_given_answer(&filler->at, schema, name)) : 1;

	if (isnan(value) && may_be_missing)
		return NULL;
	if (isnan(value))
		value = 0;
	value = fmin(fmax(value, min), max);
	if (step > 0)
	{
		value = floor(value / step) * step;
		if (value < min)
			value += step;
	}
	else if (whole)
		value = ceil(value);
	if (!(value >= min && value <= max) || (whole && (floor(value) != value || fabs(value) > 9e15)))
		return refuse(filler, "the bounds of a number cannot be met");
	return whole ? json_integer((json_int_t) value) : json_real(value);
}

static json_t *
fill_boolean(Filler *filler, const json_t *schema, const char *name, bool may_be_missing)
{
	int known = va_model_known_boolean(&filler->at, name);
	const char *given;
	Heard heard;

	if (known < 0 && filler->at.material->talk != NULL)
	{
		given = va_model_given_answer(&filler->at, schema, name);
		if (given == NULL && may_be_missing)
			return NULL;
		if (given != NULL)
		{
			va_model_hear(given, filler->at.material->prompt->language, filler->at.material->arena, &heard);
			known = MEANS(&heard, MEANS_AGREE) && !MEANS(&heard, MEANS_REFUSE);
		}
	}
	return json_boolean(known == 1);
}

/* ---- choices ---- */

static json_t *
fill_enum(Filler *filler, const json_t *schema, const json_t *choices, const char *name)
{
	const char *known = filler->at.material->talk == NULL			  ? NULL
						: strcmp(name, "interest") == 0				  ? va_model_interest_of(filler->at.material->talk)
						: filler->at.material->prompt->nquestions > 0 ? va_model_given_answer(&filler->at, schema, name)
																	  : NULL;
	const char *folded = known == NULL ? NULL : va_model_fold(known, strlen(known), filler->at.material->arena);
	json_t *choice;
	size_t i;

	if (json_array_size(choices) == 0)
		return refuse(filler, "an enum has no values");
	json_array_foreach(choices, i, choice)
	{
		const char *text = json_string_value(choice);

		if (text != NULL && folded != NULL)
		{
			const char *one = va_model_fold(text, strlen(text), filler->at.material->arena);

			if (one != NULL && strlen(one) > 2 && strstr(folded, one) != NULL)
				return json_deep_copy(choice);
		}
	}
	/* What says that nothing is known, where there is one. */
	json_array_foreach(choices, i, choice)
	{
		const char *text = json_string_value(choice);

		if (filler->at.material->talk != NULL &&
			(json_is_null(choice) || (text != NULL && strcmp(text, "unknown") == 0)))
			return json_deep_copy(choice);
	}
	return json_deep_copy(json_array_get(choices, (size_t) filler->at.index % json_array_size(choices)));
}

/* #/a/b of the same document; NULL = it leads nowhere. */
static const json_t *
follow(const json_t *root, const char *path, VaArena *arena)
{
	const json_t *at = root;

	if (strncmp(path, "#/", 2) != 0)
		return strcmp(path, "#") == 0 ? root : NULL;
	for (path += 2; at != NULL && *path != '\0';)
	{
		size_t len = strcspn(path, "/");
		const char *step = va_arena_strndup(arena, path, len);

		at = step == NULL ? NULL : va_json_object(at, step);
		path += len;
		path += *path == '/';
	}
	return at;
}

/* ---- objects and arrays ---- */

static bool
is_required(const json_t *schema, const char *name)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(schema, "required"), i, one)
	{
		if (json_is_string(one) && strcmp(json_string_value(one), name) == 0)
			return true;
	}
	return false;
}

/* What nobody said may be left out of an object, unless it has to be there. */
static json_t *
fill_member(Filler *filler, const json_t *schema, const char *name, bool required)
{
	const char *type = va_json_string(schema, "type");
	bool scalar = type != NULL && json_object_get(schema, "enum") == NULL && json_object_get(schema, "const") == NULL;

	if (required || !scalar || filler->at.material->talk == NULL)
		return fill(filler, schema, name);
	if (strcmp(type, "string") == 0)
		return fill_string(filler, schema, name, true);
	if (strcmp(type, "number") == 0 || strcmp(type, "integer") == 0)
		return fill_number(filler, schema, name, type[0] == 'i', true);
	if (strcmp(type, "boolean") == 0)
		return fill_boolean(filler, schema, name, true);
	return fill(filler, schema, name);
}

static json_t *
fill_object(Filler *filler, const json_t *schema, const char *name)
{
	json_t *object = va_json_new_object();
	const char *parent = filler->at.parent;
	const char *key;
	json_t *member;

	filler->at.parent = name;
	json_object_foreach(va_json_object(schema, "properties"), key, member)
	{
		bool required = is_required(schema, key);
		json_t *value = fill_member(filler, member, key, required);

		if (value != NULL)
			json_object_set_new(object, key, value);
		else if (required || filler->why != NULL)
		{
			/* A member that need not be there is left out, whatever is wrong with it. */
			if (required || filler->values > VA_MODEL_SCHEMA_VALUES)
				break;
			filler->why = NULL;
		}
	}
	filler->at.parent = parent;
	if (filler->why != NULL)
	{
		json_decref(object);
		return NULL;
	}
	return object;
}

static json_t *
fill_array(Filler *filler, const json_t *schema, const char *name)
{
	json_t *array = json_array();
	const json_t *items = va_json_object(schema, "items");
	double min = bound(schema, "minItems", 0);
	double max = bound(schema, "maxItems", fmax(min, ITEMS_USUAL));
	double n = filler->at.material->talk != NULL ? min : fmin(fmax(min, ITEMS_USUAL), max);
	int index = filler->at.index;

	if (max < min || min > VA_MODEL_SCHEMA_VALUES)
		json_decref(array), array = refuse(filler, "the lengths of an array cannot be met");
	for (int i = 0; array != NULL && i < (int) n; i++)
	{
		json_t *value;

		filler->at.index = i;
		value = items == NULL ? json_string("") : fill(filler, items, name);
		if (value == NULL)
		{
			json_decref(array);
			array = NULL;
		}
		else
			json_array_append_new(array, value);
	}
	filler->at.index = index;
	return array;
}

static json_t *
fill_type(Filler *filler, const json_t *schema, const char *name, const char *type)
{
	if (strcmp(type, "object") == 0)
		return fill_object(filler, schema, name);
	if (strcmp(type, "array") == 0)
		return fill_array(filler, schema, name);
	if (strcmp(type, "string") == 0)
		return fill_string(filler, schema, name, false);
	if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0)
		return fill_number(filler, schema, name, type[0] == 'i', false);
	if (strcmp(type, "boolean") == 0)
		return fill_boolean(filler, schema, name, false);
	if (strcmp(type, "null") == 0)
		return json_null();
	return refuse(filler, "a schema has a type that there is not");
}

/* "type": ["string", "null"]: the first, or null where nothing is known. */
static json_t *
fill_one_of_types(Filler *filler, const json_t *schema, const json_t *types, const char *name)
{
	const char *first = NULL;
	bool nullable = false;
	json_t *type;
	json_t *value;
	size_t i;

	json_array_foreach(types, i, type)
	{
		if (!json_is_string(type))
			return refuse(filler, "a schema has a type that there is not");
		if (strcmp(json_string_value(type), "null") == 0)
			nullable = true;
		else if (first == NULL)
			first = json_string_value(type);
	}
	if (first == NULL)
		return nullable ? json_null() : refuse(filler, "a schema has no type");
	if (nullable && filler->at.material->talk != NULL)
	{
		if (strcmp(first, "string") == 0)
			value = fill_string(filler, schema, name, true);
		else if (strcmp(first, "number") == 0 || strcmp(first, "integer") == 0)
			value = fill_number(filler, schema, name, first[0] == 'i', true);
		else if (strcmp(first, "boolean") == 0)
			value = fill_boolean(filler, schema, name, true);
		else
			return fill_type(filler, schema, name, first);
		return value != NULL || filler->why != NULL ? value : json_null();
	}
	return fill_type(filler, schema, name, first);
}

static json_t *
fill_schema(Filler *filler, const json_t *schema, const char *name)
{
	const char *reference = va_json_string(schema, "$ref");
	const json_t *choices = va_json_array(schema, "enum");
	const json_t *any = va_json_array(schema, "anyOf");
	const json_t *type = json_object_get(schema, "type");
	const json_t *target;

	if (reference != NULL)
	{
		target = follow(filler->root, reference, filler->at.material->arena);
		return target == NULL ? refuse(filler, "a $ref of the schema leads nowhere") : fill(filler, target, name);
	}
	if (json_object_get(schema, "const") != NULL)
		return json_deep_copy(json_object_get(schema, "const"));
	if (choices != NULL)
		return fill_enum(filler, schema, choices, name);
	any = any != NULL ? any : va_json_array(schema, "oneOf");
	if (any != NULL)
		return fill(filler, json_array_get(any, 0), name);
	if (json_is_array(type))
		return fill_one_of_types(filler, schema, type, name);
	if (json_is_string(type))
		return fill_type(filler, schema, name, json_string_value(type));
	if (type != NULL)
		return refuse(filler, "a schema has a type that there is not");
	return fill_type(filler, schema, name,
		json_object_get(schema, "properties") != NULL ? "object"
		: json_object_get(schema, "items") != NULL	  ? "array"
													  : "string");
}

static json_t *
fill(Filler *filler, const json_t *schema, const char *name)
{
	json_t *value;

	if (!json_is_object(schema))
		return refuse(filler, "a schema is no object");
	if (++filler->values > VA_MODEL_SCHEMA_VALUES || filler->levels == VA_MODEL_SCHEMA_LEVELS)
		return refuse(filler, filler->levels == VA_MODEL_SCHEMA_LEVELS ? "the schema is too deep"
																	   : "the schema asks for too many values");
	filler->levels++;
	value = fill_schema(filler, schema, name);
	filler->levels--;
	if (value == NULL && filler->why == NULL)
		return refuse(filler, "out of memory");
	return value;
}

json_t *
va_model_fill_schema(const json_t *schema, Material *material, const char **why)
{
	Filler filler = { .root = schema, .at = { .material = material, .parent = "" } };
	json_t *value = fill(&filler, schema, "");

	if (value == NULL)
		*why = filler.why;
	return value;
}
