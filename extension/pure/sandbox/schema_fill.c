/*-------------------------------------------------------------------------
 * schema_fill.c
 *		Makes JSON that is valid for a schema (pure/models/schema.h) from a
 *		conversation, or from the sections of an order to write.
 *
 * Members such as booked, requested, phrase, interest and do_not_call are known
 * by name and get the result of the conversation.  Any other member gets the
 * answer to the question that names it as its field.  A value that was not said
 * is left out or null if the schema allows it.
 */
#include "desk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/models/schema.h"
#include "pure/text/utf8.h"

#define TEXT_CHARS 400
#define TEXT_CHARS_LEAST_MAX 10000
#define ITEMS_USUAL 2

/* The place in the schema where a value is wanted. */
typedef struct Filler
{
	const Desk *desk; /* NULL without a conversation */
	const char *text; /* all messages */
	VaArena *arena;
	const char *parent; /* the name of the enclosing object; "" at the top */
	int index;			/* in the array */
	int left;			/* values that may yet be made */
} Filler;

static json_t *fill(Filler *filler, const json_t *schema, const char *name, bool may_lack);

/* Whether the name is one of these, each between blanks. */
static bool
is_one_of(const Filler *filler, const char *name, const char *names)
{
	const char *word = va_arena_join(filler->arena, " ", name, " ", (char *) NULL);

	return word != NULL && strstr(names, word) != NULL;
}

/* ---- results of a conversation ---- */

/* 1 = true, 0 = false, -1 = unknown name. */
static int
known_boolean(const Filler *filler, const char *name)
{
	const Desk *desk = filler->desk;
	const struct
	{
		const char *names;
		bool value;
	} known[] = { { " booked slot_booked appointment_booked ", desk->booked },
		{ " requested callback callback_requested ", desk->callback }, { " do_not_call opted_out ", desk->opted_out },
		{ " qualified success goal_reached ",
			desk->booked || (desk->interested && !desk->refused && !desk->opted_out) },
		{ " wrong_number ", desk->wrong_person }, { " voicemail ", desk->machine } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (is_one_of(filler, name, known[i].names))
			return known[i].value;
	return -1;
}

/* The answer to the question for this field; NULL if it was not answered. */
static const char *
given_answer(const Desk *desk, const char *name)
{
	for (int i = 0; i < desk->assistant->nquestions; i++)
		if (desk->assistant->questions[i].field != NULL && strcmp(desk->assistant->questions[i].field, name) == 0)
			return desk->given[i];
	return NULL;
}

static const char *
summary_of(const Desk *desk)
{
	const char *told = desk->opted_out		? "The person asked not to be called again"
					   : desk->wrong_person ? "The number is not that of the person"
					   : desk->machine		? "A voicemail box answered"
					   : desk->booked		? "An appointment was agreed"
					   : desk->callback		? "The person asked to be called back"
					   : desk->refused		? "The person is not interested"
					   : desk->interested	? "The person is interested"
											: "The conversation came to no clear result";
	bool timed = desk->when != NULL && desk->when[0] != '\0' && !desk->opted_out && !desk->wrong_person &&
				 (desk->booked || desk->callback);

	return va_arena_join(desk->arena, told, timed ? ": " : "", timed ? desk->when : "", ".", (char *) NULL);
}

/* The words for a member; NULL: none. */
static const char *
spoken_text(const Filler *filler, const char *name)
{
	const Desk *desk = filler->desk;
	bool appointment = strcmp(filler->parent, "appointment") == 0 || strcmp(name, "slot_booked") == 0;
	bool callback = strcmp(filler->parent, "callback") == 0;

	if (strcmp(name, "interest") == 0)
		return desk->opted_out || desk->refused		 ? "none"
			   : desk->booked						 ? "high"
			   : desk->interested && !desk->callback ? "medium"
													 : "unknown";
	if (is_one_of(filler, name, " phrase starts_at when said slot_booked "))
		return (appointment && !desk->booked) || (callback && !desk->callback) || desk->when == NULL ||
					   desk->when[0] == '\0'
				   ? NULL
				   : desk->when;
	if (appointment || callback)
		return NULL;
	return is_one_of(filler, name, " summary notes result ") ? summary_of(desk) : given_answer(desk, name);
}

/* ---- sections of an order to write ---- */

/* The text below "# Name", up to the next heading; NULL if no such heading exists. */
static const char *
section_of(const Filler *filler, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = filler->text; (at = strstr(at, "# ")) != NULL; at += 2)
		if (strncasecmp(at + 2, name, len) == 0 && at[2 + len] == '\n')
		{
			const char *end = strstr(at += 3 + len, "\n# ");

			end = end == NULL ? at + strlen(at) : end;
			while (end > at && end[-1] == '\n')
				end--;
			return va_arena_strndup(filler->arena, at, (size_t) (end - at));
		}
	return NULL;
}

/* The nth line that begins with this mark ("- ", "> "), without mark and quotation marks; NULL if there are fewer. */
static const char *
line_of(const Filler *filler, const char *section, const char *mark, int n)
{
	for (const char *line = section; line != NULL && *line != '\0'; line += *line == '\n')
	{
		size_t len = strcspn(line, "\n");
		bool quoted = len > 4 && line[2] == '"' && line[len - 1] == '"';

		if (strncmp(line, mark, 2) == 0 && n-- == 0)
			return va_arena_strndup(filler->arena, line + (quoted ? 3 : 2), len - (quoted ? 4 : 2));
		line += len;
	}
	return NULL;
}

/* An item of a list is a line after "- "; its answer is the line below, after "> ". */
static const char *
written_text(const Filler *filler, const char *name)
{
	bool listed = filler->parent[0] != '\0';
	const char *section = section_of(filler, listed ? filler->parent : name);
	const char *text = line_of(filler, section, strcmp(name, "answer") == 0 ? "> " : "- ", filler->index);

	if (text == NULL && !listed)
		text = section;
	if (text != NULL)
		return text;
	/* Do not repeat a sentence of the order as if it had been said. */
	return strcmp(name, "summary") == 0 ? "Nothing was said." : "I am an automated assistant, and this I cannot write.";
}

/* ---- values; what cannot be met is seen at the end ---- */

static double
bound(const json_t *schema, const char *key, double otherwise)
{
	double value;

	return va_json_number(schema, key, &value) ? value : otherwise;
}

/* Fits a text to the lengths of the schema. */
static json_t *
fill_text(const Filler *filler, const json_t *schema, const char *text)
{
	double min = fmin(bound(schema, "minLength", 0), TEXT_CHARS_LEAST_MAX);
	double max = bound(schema, "maxLength", fmax(TEXT_CHARS, min));
	VaBuffer out = { 0 };
	size_t n = 0;

	for (const char *c = text; *c != '\0'; c++)
		n += ((unsigned char) *c & 0xC0) != 0x80;
	va_buffer_add(&out, text, strlen(text));
	for (; (double) n < min && !out.failed; n++)
		va_buffer_add(&out, ".", 1);
	text = va_buffer_finish(&out, filler->arena);
	if (text != NULL)
		text = va_utf8_cut(filler->arena, text, max > 100000 ? 100000 : (size_t) fmax(max, 0));
	return text == NULL ? NULL : json_string(text);
}

static json_t *
fill_number(const Filler *filler, const json_t *schema, const char *figure, bool whole)
{
	double value = filler->desk == NULL ? 1 : figure == NULL ? 0 : strtod(figure, NULL);

	value = fmin(fmax(value, bound(schema, "minimum", -1e15)), bound(schema, "maximum", 1e15));
	return whole ? json_integer((json_int_t) fmin(fmax(ceil(value), -1e15), 1e15)) : json_real(value);
}

/* The choice that was said, else the one that means unknown, else the first. */
static json_t *
fill_enum(const Filler *filler, const json_t *choices, const char *name)
{
	const char *known = filler->desk == NULL ? NULL : spoken_text(filler, name);
	const char *folded = known == NULL ? NULL : va_desk_fold(known, strlen(known), filler->arena);
	json_t *unknown = json_array_get(choices, 0);
	json_t *choice;
	size_t i;

	json_array_foreach(choices, i, choice)
	{
		const char *text = json_string_value(choice);
		const char *one = text == NULL ? NULL : va_desk_fold(text, strlen(text), filler->arena);

		if (folded != NULL && one != NULL && strlen(one) > 2 && strstr(folded, one) != NULL)
			return json_deep_copy(choice);
		if (filler->desk != NULL && (json_is_null(choice) || (text != NULL && strcmp(text, "unknown") == 0)))
			unknown = choice;
	}
	return json_deep_copy(unknown);
}

static json_t *
fill_scalar(const Filler *filler, const json_t *schema, const char *name, const char *type, bool may_lack)
{
	const Desk *desk = filler->desk;
	bool boolean = strcmp(type, "boolean") == 0;
	bool number = strcmp(type, "number") == 0 || strcmp(type, "integer") == 0;
	int known = boolean && desk != NULL ? known_boolean(filler, name) : -1;
	const char *said = desk == NULL || known >= 0 ? NULL
					   : boolean				  ? given_answer(desk, name)
												  : spoken_text(filler, name);
	Heard heard;

	if (strcmp(type, "null") == 0)
		return json_null();
	if (number && said != NULL)
		said = strpbrk(said, "0123456789");
	if (may_lack && desk != NULL && said == NULL && known < 0)
		return NULL;
	if (number)
		return fill_number(filler, schema, said, strcmp(type, "integer") == 0);
	if (!boolean)
		return fill_text(filler, schema, desk == NULL ? written_text(filler, name) : said == NULL ? "" : said);
	if (said != NULL)
	{
		va_desk_hear_turn(said, desk->assistant->language, &desk->now, filler->arena, &heard);
		known = MEANS(&heard, MEANS_AGREE) && !MEANS(&heard, MEANS_REFUSE);
	}
	return json_boolean(known == 1);
}

static json_t *
fill_object(Filler *filler, const json_t *schema, const char *name)
{
	json_t *object = va_json_new_object();
	const char *parent = filler->parent;
	const char *key;
	json_t *member;
	json_t *one;
	size_t i;

	filler->parent = name;
	json_object_foreach(va_json_object(schema, "properties"), key, member)
	{
		bool required = false;
		json_t *value;

		json_array_foreach(va_json_array(schema, "required"), i, one)
			required = required || (json_is_string(one) && strcmp(json_string_value(one), key) == 0);
		value = fill(filler, member, key, !required);
		if (value != NULL)
			json_object_set_new(object, key, value);
	}
	filler->parent = parent;
	return object;
}

static json_t *
fill_array(Filler *filler, const json_t *schema, const char *name)
{
	json_t *array = json_array();
	const json_t *items = va_json_object(schema, "items");
	int min = (int) fmin(bound(schema, "minItems", 0), VA_MODEL_SCHEMA_VALUES);
	int n = filler->desk != NULL
				? min
				: (int) fmin(fmax(min, ITEMS_USUAL), bound(schema, "maxItems", fmax(min, ITEMS_USUAL)));
	Filler before = *filler;
	const char *section = filler->desk != NULL ? NULL : section_of(filler, name);
	const char *item;

	/* An order to write lists its items; "- none" means no items. */
	while (section != NULL && n > min &&
		   ((item = line_of(filler, section, "- ", n - 1)) == NULL || strcmp(item, "none") == 0))
		n--;
	filler->parent = name;
	for (int i = 0; i < n && filler->left > 0; i++)
	{
		filler->index = i;
		json_array_append_new(array, items == NULL ? json_string("") : fill(filler, items, name, false));
	}
	filler->parent = before.parent;
	filler->index = before.index;
	return array;
}

/* Takes the first type other than null, or null if the value is unknown. */
static json_t *
fill(Filler *filler, const json_t *schema, const char *name, bool may_lack)
{
	const json_t *choices = va_json_array(schema, "enum");
	json_t *types = json_object_get(schema, "type");
	const char *first = json_string_value(types);
	bool nullable = false;
	json_t *value;
	json_t *type;
	size_t i;

	filler->left--;
	if (choices != NULL)
		return fill_enum(filler, choices, name);
	json_array_foreach(types, i, type)
	{
		bool null = strcmp(json_string_value(type), "null") == 0;

		nullable = nullable || null;
		first = first == NULL && !null ? json_string_value(type) : first;
	}
	value = first == NULL				   ? json_null()
			: strcmp(first, "object") == 0 ? fill_object(filler, schema, name)
			: strcmp(first, "array") == 0  ? fill_array(filler, schema, name)
										   : fill_scalar(filler, schema, name, first, may_lack || nullable);
	return value == NULL && nullable ? json_null() : value;
}

json_t *
va_desk_fill_schema(const json_t *schema, const Desk *desk, const char *text, VaArena *arena, const char **why)
{
	Filler filler = { .desk = desk, .text = text, .arena = arena, .parent = "", .left = VA_MODEL_SCHEMA_VALUES };
	json_t *value = va_schema_check(schema, arena, why) ? fill(&filler, schema, "", false) : NULL;

	if (value == NULL || va_schema_conforms(schema, value, arena, why))
		return value;
	json_decref(value);
	return NULL;
}
