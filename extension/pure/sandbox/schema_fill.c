/*-------------------------------------------------------------------------
 * schema_fill.c
 *		Makes JSON that is valid for a schema (pure/models/schema.h) from a
 *		conversation, or from the sections of an order to write.
 *
 * Members such as booked, requested, phrase, interest and do_not_call are known
 * by name and get the result of the conversation.  Any other member gets the
 * answer to the question that names it as its field.  A value that was not said
 * is left out or null if the schema allows it.
 *-------------------------------------------------------------------------
 */
#include "talker.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "pure/models/schema.h"
#include "pure/text/utf8.h"

#define TEXT_CHARS 400
#define ITEMS_USUAL 2

/* The place in the schema where a value is wanted. */
typedef struct Filler
{
	Material *material;
	const char *parent; /* the name of the enclosing object; "" at the top */
	int index;			/* in the array */
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

static bool
is_called(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* ---- results of a conversation ---- */

static const char *
interest_of(const Talk *talk)
{
	if (talk->opted_out || talk->refused)
		return "none";
	if (talk->booked)
		return "high";
	return talk->interested && !talk->callback ? "medium" : "unknown";
}

/* 1 = true, 0 = false, -1 = unknown name. */
static int
known_boolean(const Talk *talk, const char *name)
{
	static const char *const bookings[] = { "booked", "slot_booked", "appointment_booked", NULL };
	static const char *const callbacks[] = { "requested", "callback", "callback_requested", NULL };
	static const char *const stops[] = { "do_not_call", "opted_out", NULL };
	static const char *const successes[] = { "qualified", "success", "goal_reached", NULL };

	if (talk == NULL)
		return -1;
	if (is_called(name, bookings))
		return talk->booked;
	if (is_called(name, callbacks))
		return talk->callback;
	if (is_called(name, stops))
		return talk->opted_out;
	if (is_called(name, successes))
		return talk->booked || (talk->interested && !talk->refused && !talk->opted_out);
	if (strcmp(name, "wrong_number") == 0)
		return talk->wrong_person;
	return strcmp(name, "voicemail") == 0 ? talk->machine : -1;
}

/* The answer to the question for this field; NULL if it was not answered. */
static const char *
given_answer(const Talk *talk, const char *name)
{
	for (int i = 0; talk != NULL && i < talk->assistant->nquestions; i++)
		if (talk->assistant->questions[i].field != NULL && strcmp(talk->assistant->questions[i].field, name) == 0)
			return talk->given[i];
	return NULL;
}

static const char *
summary_of(const Talk *talk)
{
	if (talk->opted_out)
		return "The person asked not to be called again.";
	if (talk->wrong_person)
		return "The number is not that of the person.";
	if (talk->machine)
		return "A voicemail box answered.";
	if (talk->booked && talk->when != NULL)
		return va_arena_join(talk->arena, "An appointment was agreed: ", talk->when, ".", (char *) NULL);
	if (talk->callback)
		return va_arena_join(talk->arena, "The person asked to be called back", talk->when == NULL ? "" : ": ",
			talk->when == NULL ? "" : talk->when, ".", (char *) NULL);
	if (talk->refused)
		return "The person is not interested.";
	return talk->interested ? "The person is interested." : "The conversation came to no clear result.";
}

static const char *
spoken_text(const Filler *filler, const json_t *schema, const char *name)
{
	static const char *const phrases[] = { "phrase", "starts_at", "when", "said", NULL };
	static const char *const summaries[] = { "summary", "notes", "result", NULL };
	const Talk *talk = filler->material->talk;
	bool appointment = strcmp(filler->parent, "appointment") == 0;
	bool callback = strcmp(filler->parent, "callback") == 0;

	if (is_called(name, phrases))
		return appointment ? (talk->booked ? talk->when : NULL)
			   : callback  ? (talk->callback ? talk->when : NULL)
						   : talk->when;
	if (strstr(name, "email") != NULL || strstr(name, "e_mail") != NULL)
		return talk->email;
	if (strcmp(name, "slot_booked") == 0)
		return talk->booked ? talk->when : NULL;
	if (appointment || callback)
		return NULL;
	if (is_called(name, summaries))
		return summary_of(talk);
	return given_answer(filler->material->talk, name);
}

/* ---- sections of an order to write ---- */

/* The text below "# Name", up to the next heading; NULL if no such heading exists. */
static const char *
section_of(const Filler *filler, const char *name)
{
	const char *at = filler->material->text;
	const char *end;

	for (; (at = strstr(at, "# ")) != NULL; at += 2)
		if (strncasecmp(at + 2, name, strlen(name)) == 0 && at[2 + strlen(name)] == '\n')
		{
			at += 3 + strlen(name);
			end = strstr(at, "\n# ");
			end = end == NULL ? at + strlen(at) : end;
			while (end > at && end[-1] == '\n')
				end--;
			return va_arena_strndup(filler->material->arena, at, (size_t) (end - at));
		}
	return NULL;
}

/* The nth line that begins with this mark ("- ", "> "), without mark and quotation marks; NULL if there are fewer. */
static const char *
line_of(const Filler *filler, const char *section, const char *mark, int n)
{
	for (const char *line = section; line != NULL && *line != '\0';)
	{
		size_t len = strcspn(line, "\n");

		if (strncmp(line, mark, 2) == 0 && n-- == 0)
		{
			bool quoted = len > 4 && line[2] == '"' && line[len - 1] == '"';

			return va_arena_strndup(filler->material->arena, line + (quoted ? 3 : 2), len - (quoted ? 4 : 2));
		}
		line += len;
		line += *line == '\n';
	}
	return NULL;
}

/* An item of a list is a line after "- "; its answer is the line below, after "> ". */
static const char *
written_text(const Filler *filler, const char *name)
{
	bool listed = filler->parent[0] != '\0';
	const char *section = section_of(filler, listed ? filler->parent : name);
	const char *text;

	if (section != NULL)
	{
		text = line_of(filler, section, strcmp(name, "answer") == 0 ? "> " : "- ", filler->index);
		if (text == NULL && !listed)
			text = section;
		if (text != NULL)
			return text;
	}
	/* Do not repeat a sentence of the order as if it had been said. */
	return strcmp(name, "summary") == 0 ? "Nothing was said." : "I am an automated assistant, and this I cannot write.";
}

/* ---- scalars ---- */

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

/* Fits a text to the lengths of the schema. */
static json_t *
bounded_text(Filler *filler, const json_t *schema, const char *text)
{
	double min = bound(schema, "minLength", 0);
	double max = bound(schema, "maxLength", TEXT_CHARS > min ? TEXT_CHARS : min);
	VaBuffer out = { 0 };
	const char *whole;

	if (min > 10000 || max < min)
		return refuse(filler, "the lengths of a string cannot be met");
	va_buffer_add(&out, text, strlen(text));
	for (size_t n = count_characters(text); (double) n < min && !out.failed; n++)
		va_buffer_add(&out, ".", 1);
	whole = va_buffer_finish(&out, filler->material->arena);
	if (whole != NULL)
		whole = va_utf8_cut(filler->material->arena, whole, max > 100000 ? 100000 : (size_t) max);
	return whole == NULL ? refuse(filler, "out of memory") : json_string(whole);
}

static json_t *
fill_string(Filler *filler, const json_t *schema, const char *name, bool may_lack)
{
	const char *text = filler->material->talk != NULL ? spoken_text(filler, schema, name) : written_text(filler, name);

	if (text == NULL && may_lack)
		return NULL;
	return bounded_text(filler, schema, text == NULL ? "" : text);
}

/* The first number in words, or NAN. */
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
fill_number(Filler *filler, const json_t *schema, const char *name, bool whole, bool may_lack)
{
	double min = bound(schema, "minimum", -1e15);
	double max = bound(schema, "maximum", 1e15);
	double value = filler->material->talk != NULL ? number_in(given_answer(filler->material->talk, name)) : 1;

	if (isnan(value) && may_lack)
		return NULL;
	value = fmin(fmax(isnan(value) ? 0 : value, min), max);
	if (whole)
		value = ceil(value);
	if (!(value >= min && value <= max))
		return refuse(filler, "the bounds of a number cannot be met");
	return whole ? json_integer((json_int_t) value) : json_real(value);
}

static json_t *
fill_boolean(Filler *filler, const json_t *schema, const char *name, bool may_lack)
{
	const Talk *talk = filler->material->talk;
	int known = known_boolean(talk, name);
	const char *given = known < 0 && talk != NULL ? given_answer(filler->material->talk, name) : NULL;
	Heard heard;

	if (known < 0 && given == NULL && talk != NULL && may_lack)
		return NULL;
	if (given != NULL)
	{
		va_talker_hear(given, talk->assistant->language, filler->material->arena, &heard);
		known = MEANS(&heard, MEANS_AGREE) && !MEANS(&heard, MEANS_REFUSE);
	}
	return json_boolean(known == 1);
}

static json_t *
fill_enum(Filler *filler, const json_t *schema, const json_t *choices, const char *name)
{
	const Talk *talk = filler->material->talk;
	VaArena *arena = filler->material->arena;
	const char *known = talk == NULL					? NULL
						: strcmp(name, "interest") == 0 ? interest_of(talk)
														: given_answer(filler->material->talk, name);
	const char *folded = known == NULL ? NULL : va_talker_fold(known, strlen(known), arena);
	json_t *choice;
	size_t i;

	json_array_foreach(choices, i, choice)
	{
		const char *text = json_string_value(choice);
		const char *one = text == NULL ? NULL : va_talker_fold(text, strlen(text), arena);

		if (folded != NULL && one != NULL && strlen(one) > 2 && strstr(folded, one) != NULL)
			return json_deep_copy(choice);
	}
	/* Prefer the choice that means unknown, if the schema has one. */
	json_array_foreach(choices, i, choice)
	{
		const char *text = json_string_value(choice);

		if (talk != NULL && (json_is_null(choice) || (text != NULL && strcmp(text, "unknown") == 0)))
			return json_deep_copy(choice);
	}
	return json_deep_copy(json_array_get(choices, 0));
}

/* ---- objects, arrays, types ---- */

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

static json_t *
fill_type(Filler *filler, const json_t *schema, const char *name, const char *type, bool may_lack)
{
	if (strcmp(type, "string") == 0)
		return fill_string(filler, schema, name, may_lack);
	if (strcmp(type, "number") == 0 || strcmp(type, "integer") == 0)
		return fill_number(filler, schema, name, type[0] == 'i', may_lack);
	if (strcmp(type, "boolean") == 0)
		return fill_boolean(filler, schema, name, may_lack);
	return strcmp(type, "null") == 0 ? json_null() : fill(filler, schema, name);
}

static json_t *
fill_object(Filler *filler, const json_t *schema, const char *name)
{
	json_t *object = va_json_new_object();
	const char *parent = filler->parent;
	const char *key;
	json_t *member;

	filler->parent = name;
	json_object_foreach(va_json_object(schema, "properties"), key, member)
	{
		const char *type = va_json_string(member, "type");
		bool required = is_required(schema, key);
		bool scalar = type != NULL && json_object_get(member, "enum") == NULL && filler->material->talk != NULL;
		/* A value that was not said may be left out, unless it is required. */
		json_t *value = scalar && !required ? fill_type(filler, member, key, type, true) : fill(filler, member, key);

		if (value != NULL)
			json_object_set_new(object, key, value);
		else if (required)
			break;
		else
			filler->why = NULL;
	}
	filler->parent = parent;
	if (filler->why == NULL)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *
fill_array(Filler *filler, const json_t *schema, const char *name)
{
	json_t *array = json_array();
	const json_t *items = va_json_object(schema, "items");
	double min = bound(schema, "minItems", 0);
	double max = bound(schema, "maxItems", fmax(min, ITEMS_USUAL));
	int n = (int) (filler->material->talk != NULL ? min : fmin(fmax(min, ITEMS_USUAL), max));
	int index = filler->index;
	const char *parent = filler->parent;
	const char *section = filler->material->talk == NULL ? section_of(filler, name) : NULL;
	const char *item;

	if (max < min || min > VA_MODEL_SCHEMA_VALUES)
		json_decref(array), array = refuse(filler, "the lengths of an array cannot be met");
	/* An order to write lists its items; "- none" means no items. */
	while (section != NULL && n > (int) min &&
		   ((item = line_of(filler, section, "- ", n - 1)) == NULL || strcmp(item, "none") == 0))
		n--;
	filler->parent = name;
	for (int i = 0; array != NULL && i < n; i++)
	{
		json_t *value;

		filler->index = i;
		value = items == NULL ? json_string("") : fill(filler, items, name);
		if (value == NULL)
		{
			json_decref(array);
			array = NULL;
		}
		else
			json_array_append_new(array, value);
	}
	filler->index = index;
	filler->parent = parent;
	return array;
}

/* "type": ["string", "null"]: takes the first type other than null, or null if the value is unknown. */
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
		if (strcmp(json_string_value(type), "null") == 0)
			nullable = true;
		else if (first == NULL)
			first = json_string_value(type);
	}
	if (first == NULL)
		return json_null();
	value = strcmp(first, "object") == 0  ? fill_object(filler, schema, name)
			: strcmp(first, "array") == 0 ? fill_array(filler, schema, name)
										  : fill_type(filler, schema, name, first, nullable);
	return value != NULL || filler->why != NULL ? value : json_null();
}

static json_t *
fill(Filler *filler, const json_t *schema, const char *name)
{
	const json_t *choices = va_json_array(schema, "enum");
	const json_t *type = json_object_get(schema, "type");
	const char *one = json_string_value(type);

	if (choices != NULL)
		return fill_enum(filler, schema, choices, name);
	if (json_is_array(type))
		return fill_one_of_types(filler, schema, type, name);
	if (strcmp(one, "object") == 0)
		return fill_object(filler, schema, name);
	return strcmp(one, "array") == 0 ? fill_array(filler, schema, name) : fill_type(filler, schema, name, one, false);
}

json_t *
va_talker_fill_schema(const json_t *schema, Material *material, const char **why)
{
	Filler filler = { .material = material, .parent = "" };
	json_t *value = va_schema_check(schema, material->arena, why) ? fill(&filler, schema, "") : NULL;

	if (value == NULL && filler.why != NULL)
		*why = filler.why;
	return value;
}
