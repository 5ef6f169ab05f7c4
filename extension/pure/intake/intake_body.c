/*-------------------------------------------------------------------------
 * intake_body.c
 *		The body of a request that leaves leads, to its fields: JSON, forms,
 *		and forms in parts, all walked as one tree.  See intake.h.
 */
#include "intake.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/text/form.h"
#include "pure/text/json.h"
#include "pure/text/utf8.h"

typedef struct Walk
{
	VaArena *arena;
	VaIntakeBody *body;
	int person;
	size_t used;
	char path[(VA_INTAKE_LEVELS_MAX + 1) * (VA_INTAKE_NAME_MAX + 1) + 1];
	const char *why;
} Walk;

bool
va_intake_is(const char *word, const char *const *words)
{
	while (*words != NULL && strcmp(word, *words) != 0)
		words++;
	return *words != NULL;
}

/* Requests are wrapped into words for a person, or for the message. */
static const char *const contacts[] = { "contact", "lead", "person", "people", "customer", "client", "prospect",
	"subscriber", "invitee", "applicant", "data", "payload", "body", "record", "item", "object", "new", "current",
	"result", "submission", "response", "formresponse", "rawrequest", "json", NULL };
static const char *const holders[] = { "properties", "attributes", "fields", "fielddata", "formfields", "formdata",
	"answers", "questionsandanswers", "usercolumndata", "core", "values", NULL };

VaIntakeHolder
va_intake_holder(const char *segment, size_t len)
{
	char word[VA_CSV_WORD_MAX];
	size_t n;

	(void) va_csv_reduce(segment, len, word);
	if (va_intake_is(word, holders))
		return VA_INTAKE_FIELDS;
	if (va_intake_is(word, contacts))
		return VA_INTAKE_CONTACT;
	n = strlen(word);
	if (n > 1 && word[n - 1] == 's')
		word[n - 1] = '\0';
	return va_intake_is(word, contacts) ? VA_INTAKE_CONTACT : VA_INTAKE_OTHER;
}

/* A form builder's prefix of a field's name: "q5_phoneNumber". */
const char *
va_intake_name(const char *name)
{
	size_t digits = name[0] == 'q' ? strspn(name + 1, "0123456789") : 0;

	return digits > 0 && name[digits + 1] == '_' && name[digits + 2] != '\0' ? name + digits + 2 : name;
}

/* ---- one field ---- */

static bool
add_field(Walk *walk, const char *value)
{
	VaIntakeField *field = &walk->body->fields[walk->body->count];

	if (walk->body->count == VA_INTAKE_FIELDS_MAX)
		return va_refuse(&walk->why, "a request has 1 to 200 fields");
	walk->body->count++;
	field->path = va_arena_strndup(walk->arena, walk->path, walk->used);
	field->value = value;
	field->person = walk->person;
	return field->path != NULL && value != NULL;
}

static const char *
scalar_text(Walk *walk, const json_t *json)
{
	if (json_is_string(json))
		return va_utf8_text(walk->arena, json_string_value(json), json_string_length(json), false, NULL);
	if (json_is_integer(json))
		return va_arena_printf(walk->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
	if (json_is_real(json))
	{
		const char *text = va_decimal_text(walk->arena, json_real_value(json));

		return text != NULL ? text : va_arena_printf(walk->arena, "%g", json_real_value(json));
	}
	return json_is_true(json) ? "true" : "false";
}

/* Goes one level down in the path; gives where it was. */
static size_t
enter(Walk *walk, const char *segment)
{
	size_t before = walk->used;
	size_t len = strlen(segment);

	if (len > VA_INTAKE_NAME_MAX)
		for (len = VA_INTAKE_NAME_MAX; len > 0 && ((unsigned char) segment[len] & 0xC0) == 0x80;)
			len--;
	if (walk->used > 0)
		walk->path[walk->used++] = '.';
	memcpy(walk->path + walk->used, segment, len);
	walk->used += len;
	return before;
}

/* ---- what is a field of another name ---- */

static const char *const value_words[] = { "value", "values", "answer", "string_value", NULL };
#define NAMED_MEMBERS_MAX 20
static const char *const naming_words[] = { "name", "key", "field", "question", "column_id", "alias", "title", "label",
	NULL };

/* "phones" are as "phone". */
static int
field_of(const char *name)
{
	char one[VA_CSV_WORD_MAX];
	int field = va_lead_field_by_name(name);

	if (field < 0 && va_csv_reduce(name, strlen(name), one) && one[strlen(one) - 1] == 's')
	{
		one[strlen(one) - 1] = '\0';
		field = va_lead_field_by_name(one);
	}
	return field;
}

static bool
is_number_name(const char *name)
{
	int field = field_of(name);

	return field == VA_LEAD_PHONE || (field >= VA_LEAD_PHONE2 && field <= VA_LEAD_PHONE5);
}

/* {"name": "phone_number", "values": ["..."]} is a field of that name; what has a number of its own is a person. */
static bool
is_named_value(const json_t *json)
{
	bool found = false;
	const char *key;
	json_t *member;

	if (!json_is_object(json) || json_object_size(json) > NAMED_MEMBERS_MAX)
		return false;
	for (const char *const *word = value_words; *word != NULL; word++)
		found = found || json_object_get(json, *word) != NULL;
	if (!found)
		return false;
	json_object_foreach((json_t *) json, key, member)
		found = found && (strcmp(key, "number") == 0 || !is_number_name(key));
	return found;
}

/* By which name a person would call it: one of ours, else its key, else whatever it says of its name. */
static const char *
name_of(const json_t *json, const char *key, bool is_index)
{
	const char *first = is_index ? NULL : key;

	if (va_lead_field_by_name(key) >= 0 && !is_index)
		return key;
	for (const char *const *word = naming_words; *word != NULL; word++)
	{
		const char *name = va_json_string(json, *word);

		if (name != NULL && first == NULL)
			first = name;
		if (name != NULL && (va_lead_field_by_name(name) >= 0 || va_csv_is_telling(name)))
			return name;
	}
	return first != NULL ? first : key;
}

/* ---- the tree ---- */

static bool walk_value(Walk *walk, json_t *json, const char *key, const char *list, bool own, int level);

/* {"area": "212", "phone": "555-0405"}: parts of one number. */
static bool
add_number_in_parts(Walk *walk, const json_t *json)
{
	const char *country = va_json_string(json, "country");
	const char *value = va_arena_printf(walk->arena, "%s%s%s %s", country != NULL && country[0] != '+' ? "+" : "",
		country != NULL ? country : "", va_json_string(json, "area"), va_json_string(json, "phone"));
	size_t before = enter(walk, "full");
	bool good = add_field(walk, value);

	walk->used = before;
	return good;
}

static bool
walk_object(Walk *walk, json_t *json, const char *key, bool is_value, bool own, int level)
{
	const char *name;
	json_t *member;

	if (is_number_name(va_intake_name(key)) && va_json_string(json, "area") != NULL &&
		va_json_string(json, "phone") != NULL)
		return add_number_in_parts(walk, json);
	json_object_foreach(json, name, member)
	{
		/* A field's description is no field, its history even less. */
		if (is_value && (va_intake_is(name, naming_words) || json_is_object(member) || json_is_array(member)) &&
			!va_intake_is(name, value_words) &&
			!(is_number_name(key) && (json_is_string(member) || json_is_string(json_array_get(member, 0)))))
			continue;
		if (!walk_value(walk, member, name, NULL, own, level))
			return false;
	}
	return true;
}

/* A list of people, each of whom is a lead: the body, or what is called so. */
static bool
is_people(const Walk *walk, const json_t *json, const char *key, bool own)
{
	int people = 0;

	if (walk->body->people > 0 || !own || (key != NULL && va_intake_holder(key, strlen(key)) != VA_INTAKE_CONTACT))
		return false;
	for (size_t i = 0; i < json_array_size(json); i++)
		people += json_is_object(json_array_get(json, i)) && !is_named_value(json_array_get(json, i));
	return people > 1;
}

static bool
walk_array(Walk *walk, const json_t *json, const char *key, bool own, int level)
{
	bool people = is_people(walk, json, key, own);
	char index[24];

	for (size_t i = 0; i < json_array_size(json); i++)
	{
		snprintf(index, sizeof(index), "%zu", i);
		if (people && walk->body->people == VA_INTAKE_PEOPLE_MAX)
			return va_refuse(&walk->why, "a request has at most 20 leads");
		if (people)
			walk->person = ++walk->body->people;
		if (!walk_value(walk, json_array_get(json, i), index, key != NULL ? key : "", own, level))
			return false;
	}
	if (people)
		walk->person = 0;
	return true;
}

/* list: the name of the list that it is an element of, or NULL. */
static bool
walk_value(Walk *walk, json_t *json, const char *key, const char *list, bool own, int level)
{
	bool is_value = level > 0 && is_named_value(json);
	/* Each entry of a list of numbers or addresses is one, by whatever name. */
	bool is_number = list != NULL && (is_number_name(list) || field_of(list) == VA_LEAD_EMAIL);
	const char *name = is_value && !is_number ? name_of(json, key, list != NULL) : key;
	size_t before = walk->used;
	bool good = true;

	if (json_is_null(json) || level > VA_INTAKE_LEVELS_MAX)
		return true;
	if (key != NULL)
		before = enter(walk, name);
	own = own && (key == NULL || list != NULL || va_intake_holder(name, strlen(name)) != VA_INTAKE_OTHER);
	if (json_is_object(json))
		good = walk_object(walk, json, is_number ? list : name != NULL ? name : "", is_value, own, level + 1);
	else if (json_is_array(json))
		good = walk_array(walk, json, name, own, level + 1);
	else
		good = add_field(walk, scalar_text(walk, json));
	walk->used = before;
	return good;
}

/* ---- forms ---- */

/* The member of that name, an object, made if need be; NULL: something else stands there. */
static json_t *
member_object(json_t *object, const char *name)
{
	json_t *member = json_object_get(object, name);

	if (member == NULL)
	{
		member = va_json_new_object();
		if (json_object_set_new(object, name, member) != 0)
			return NULL;
	}
	return json_is_object(member) ? member : NULL;
}

/* fields[phone][value] stands in objects; what begins like JSON is read as such. */
static void
add_to_tree(json_t *root, VaArena *arena, const VaFormField *field)
{
	const char *why;
	json_t *at = root;
	json_t *value = NULL;
	char *name = va_arena_strndup(arena, field->name, field->name_len);
	char *next = name == NULL ? NULL : strchr(name, '[');
	char count[24];

	if (name == NULL || name[0] == '\0' || name[0] == '[')
		return;
	for (int level = 0; next != NULL && strchr(next, ']') != NULL && level < VA_INTAKE_LEVELS_MAX; level++)
	{
		*next++ = '\0';
		at = member_object(at, name);
		if (at == NULL)
			return;
		name = next;
		next = strchr(name, ']');
		*next++ = '\0';
		next = *next == '[' ? next : NULL;
		if (name[0] == '\0')
		{
			snprintf(count, sizeof(count), "%zu", json_object_size(at));
			name = count;
		}
	}
	if (field->value[0] == '{' || field->value[0] == '[')
		value = va_json_load(arena, field->value, field->value_len, &why);
	if (value == NULL)
		value = json_stringn(field->value, field->value_len);
	if (value != NULL)
		(void) json_object_set_new(at, name, value);
}

static json_t *
read_form(const char *bytes, size_t len, bool in_parts, VaArena *arena, const char **why)
{
	VaForm form;
	json_t *root;

	if (in_parts ? !va_form_read_parts(bytes, len, arena, &form, why)
				 : !va_form_read(bytes, len, false, arena, &form, why))
		return NULL;
	root = va_json_new_object();
	for (int i = 0; root != NULL && i < form.count; i++)
		add_to_tree(root, arena, &form.fields[i]);
	return root;
}

bool
va_intake_read(const char *bytes, size_t len, const char *type, VaArena *arena, VaIntakeBody *body, const char **why)
{
	Walk walk = { .arena = arena, .body = body, .why = "a request has 1 to 200 fields" };
	json_t *json;
	bool good;

	memset(body, 0, sizeof(*body));
	if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
		bytes += 3, len -= 3;
	for (; len > 0 && isspace((unsigned char) bytes[0]); len--)
		bytes++;
	/* A sender that says nothing of JSON may send it. */
	if (len > 0 && bytes[0] != '{' && bytes[0] != '[' && type != NULL &&
		(strncasecmp(type, "multipart/form-data", 19) == 0 ||
			strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0))
		json = read_form(bytes, len, type[0] == 'm' || type[0] == 'M', arena, why);
	else
		json = va_json_load(arena, bytes, len, why);
	if (json == NULL)
		return va_refuse(why, "the body is neither JSON nor a form");
	good = walk_value(&walk, json, NULL, false, true, 0);
	json_decref(json);
	if (!good || body->count == 0 || arena->oom)
		return va_refuse(why, arena->oom ? "out of memory" : walk.why);
	if (body->people == 0)
		body->people = 1;
	return true;
}
