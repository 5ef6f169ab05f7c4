/*-------------------------------------------------------------------------
 * reading.c
 *		SQL face of a reading: read_conversation().
 *
 * No state and no locks.  The words are judged in extension/pure/phrases/; here
 * an analysis becomes a flat list of values and their verdicts a new analysis.
 * An analysis, turns and a schema come from outside: whatever they hold, there
 * is no error, and no more than the limits of pure/phrases/verify/reading.h is read.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "core/arena.h"
#include "core/compat.h"
#include "core/statement.h"
#include "phrases/turns.h"
#include "pure/phrases/verify/reading.h"
#include "pure/phrases/verify/spoken.h"

PG_FUNCTION_INFO_V1(va_sql_read_conversation);
PG_FUNCTION_INFO_V1(va_sql_summary_stands);

/* A part of an analysis that is read: a value, or what holds values. */
typedef struct Part
{
	const char *key;
	int key_len;
	bool list;
	int leaf; /* which value; -1: it has children */
	JsonbValue value;
	struct Part **children;
	int count;
	int room;
} Part;

typedef struct Flat
{
	VaReadValue values[VA_READING_VALUES_MAX];
	size_t count;
	size_t unread;
	VaAskedField fields[VA_READING_FIELDS_MAX];
	size_t nfields;
	size_t parts;	 /* objects, lists and values */
	size_t nchoices; /* of all fields */
} Flat;

/* ---- the schema ---- */

static char *
text_member(JsonbContainer *object, const char *key)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL);

	if (value != NULL && value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data))
	{
		/* ["string", "null"] */
		for (uint32 i = 0; i < Min(JsonContainerSize(value->val.binary.data), 4); i++)
		{
			JsonbValue *item = getIthJsonbValueFromContainer(value->val.binary.data, i);

			if (item != NULL && item->type == jbvString &&
				(item->val.string.len != 4 || memcmp(item->val.string.val, "null", 4) != 0))
				return pnstrdup(item->val.string.val, item->val.string.len);
		}
	}
	if (value == NULL || value->type != jbvString || value->val.string.len > VA_READING_VALUE_MAX)
		return NULL;
	return pnstrdup(value->val.string.val, value->val.string.len);
}

static JsonbContainer *
object_member(JsonbContainer *object, const char *key)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL);

	return value != NULL && value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data)
			   ? value->val.binary.data
			   : NULL;
}

static void
take_choices(Flat *flat, JsonbContainer *schema, VaAskedField *field)
{
	JsonbValue *value = getKeyJsonValueFromContainer(schema, "enum", 4, NULL);
	uint32 count;

	if (value == NULL || value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data))
		return;
	/* Each is looked for in the talk; a field with more is read as a text. */
	count = JsonContainerSize(value->val.binary.data);
	if (count > VA_READING_CHOICES_MAX || flat->nchoices + count > VA_READING_ALL_CHOICES_MAX)
		return;
	flat->nchoices += count;
	field->choices = palloc0((count + 1) * sizeof(char *));
	for (uint32 i = 0; i < count; i++)
	{
		JsonbValue *item = getIthJsonbValueFromContainer(value->val.binary.data, i);

		if (item != NULL && item->type == jbvString)
			field->choices[field->nchoices++] = pnstrdup(item->val.string.val, item->val.string.len);
	}
}

static void take_fields(Flat *flat, JsonbContainer *properties, const char *path, int depth);

static void
take_schema(Flat *flat, const char *name, JsonbContainer *schema, int depth)
{
	JsonbContainer *properties = object_member(schema, "properties");
	JsonbContainer *items = object_member(schema, "items");
	VaAskedField *field;

	if (properties != NULL)
	{
		take_fields(flat, properties, name, depth + 1);
		return;
	}
	if (items != NULL)
	{
		if (depth < VA_READING_DEPTH_MAX)
			take_schema(flat, name, items, depth + 1);
		return;
	}
	if (flat->nfields == VA_READING_FIELDS_MAX)
		return;
	field = &flat->fields[flat->nfields++];
	*field = (VaAskedField){ .name = name,
		.type = text_member(schema, "type"),
		.format = text_member(schema, "format"),
		.about = text_member(schema, "description") };
	take_choices(flat, schema, field);
}

static void
take_fields(Flat *flat, JsonbContainer *properties, const char *path, int depth)
{
	JsonbIterator *iterator = JsonbIteratorInit(properties);
	JsonbIteratorToken token;
	JsonbValue value;
	char *name = NULL;

	if (depth > VA_READING_DEPTH_MAX)
		return;
	(void) JsonbIteratorNext(&iterator, &value, true);
	while (flat->nfields < VA_READING_FIELDS_MAX && (token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY && (size_t) value.val.string.len + strlen(path) < VA_READING_NAME_MAX)
			name = psprintf("%s%s%.*s", path, path[0] == '\0' ? "" : ".", value.val.string.len, value.val.string.val);
		else if (token == WJB_KEY)
			name = NULL;
		else if (token == WJB_VALUE && name != NULL && value.type == jbvBinary &&
				 JsonContainerIsObject(value.val.binary.data))
			take_schema(flat, name, value.val.binary.data, depth);
	}
}

/* ---- the analysis ---- */

/* The nth name that an analysis may have; NULL: there are no more. */
static const char *
known_name(const Flat *flat, size_t n)
{
	const char *name = va_reading_name(n);

	if (name != NULL)
		return name;
	n -= VA_READING_NAMES;
	return n < flat->nfields ? flat->fields[n].name : NULL;
}

/* The rest of a name behind a path; NULL: the name is not below it. */
static const char *
below(const char *name, const char *path)
{
	size_t len = strlen(path);

	if (len == 0)
		return name;
	return strncmp(name, path, len) == 0 && name[len] == '.' ? name + len + 1 : NULL;
}

static bool
is_parent(const Flat *flat, const char *path)
{
	const char *name;

	for (size_t i = 0; (name = known_name(flat, i)) != NULL; i++)
	{
		if (below(name, path) != NULL)
			return true;
	}
	return false;
}

static bool
is_known(const Flat *flat, const char *path)
{
	const char *name;

	for (size_t i = 0; (name = known_name(flat, i)) != NULL; i++)
	{
		if (strcmp(name, path) == 0)
			return true;
	}
	return false;
}

static Part *
add_child(Part *parent, const char *key, int key_len)
{
	Part *child = palloc0(sizeof(Part));

	if (parent->count == parent->room)
	{
		parent->room = parent->room == 0 ? 8 : 2 * parent->room;
		parent->children = parent->children == NULL ? palloc(parent->room * sizeof(Part *))
													: repalloc(parent->children, parent->room * sizeof(Part *));
	}
	child->key = key;
	child->key_len = key_len;
	child->leaf = -1;
	parent->children[parent->count++] = child;
	return child;
}

static Part *
child_of(const Part *parent, const char *key, int key_len)
{
	for (int i = 0; i < parent->count; i++)
	{
		if (parent->children[i]->key_len == key_len && memcmp(parent->children[i]->key, key, key_len) == 0)
			return parent->children[i];
	}
	return NULL;
}

static void
take_leaf(Flat *flat, Part *node, const char *path, const JsonbValue *value, bool unread)
{
	VaReadValue *leaf = &flat->values[flat->count];

	node->leaf = (int) flat->count++;
	node->value = *value;
	*leaf = (VaReadValue){
		.name = path, .type = VA_VALUE_WHOLE, .text = "", .support = unread ? VA_SUPPORT_UNREAD : VA_SUPPORT_SUPPORTED
	};
	switch (value->type)
	{
		case jbvNull:
			leaf->type = VA_VALUE_NULL;
			break;
		case jbvBool:
			leaf->type = VA_VALUE_BOOLEAN;
			leaf->text = value->val.boolean ? "true" : "false";
			break;
		case jbvNumeric:
			leaf->type = VA_VALUE_NUMBER;
			leaf->text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
			break;
		case jbvString:
			leaf->type = VA_VALUE_TEXT;
			leaf->text = pnstrdup(value->val.string.val, value->val.string.len);
			break;
		default:
			break;
	}
	leaf->len = strlen(leaf->text);
}

/* Objects and lists without values cost as much as values do. */
static bool
is_full(const Flat *flat)
{
	return flat->count == VA_READING_VALUES_MAX || flat->parts == VA_READING_PARTS_MAX;
}

static void take_value(
	Flat *flat, Part *parent, const char *path, const char *key, int key_len, const JsonbValue *value, int depth);

/* The names that are known come first, so that no number of others can push them out. */
static void
take_object(Flat *flat, Part *node, const char *path, JsonbContainer *object, int depth)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue value;
	JsonbValue key = { 0 };
	const char *name;

	for (size_t i = 0; (name = known_name(flat, i)) != NULL; i++)
	{
		const char *part = below(name, path);
		int len = part == NULL ? 0 : (int) strcspn(part, ".");
		JsonbValue *found;

		if (part == NULL || child_of(node, part, len) != NULL)
			continue;
		found = getKeyJsonValueFromContainer(object, part, len, NULL);
		if (found != NULL)
			take_value(flat, node, path, part, len, found, depth);
	}
	iterator = JsonbIteratorInit(object);
	(void) JsonbIteratorNext(&iterator, &value, true);
	while (!is_full(flat) && (token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token == WJB_KEY)
			key = value;
		else if (token == WJB_VALUE && child_of(node, key.val.string.val, key.val.string.len) == NULL)
			take_value(flat, node, path, key.val.string.val, key.val.string.len, &value, depth);
	}
	flat->unread += JsonContainerSize(object) - (uint32) node->count;
}

static void
take_list(Flat *flat, Part *node, const char *path, JsonbContainer *list, int depth)
{
	uint32 count = JsonContainerSize(list);

	node->list = true;
	for (uint32 i = 0; i < count; i++)
	{
		char *key;

		CHECK_FOR_INTERRUPTS();
		if (is_full(flat))
		{
			flat->unread += count - i;
			return;
		}
		key = psprintf("%u", i);
		take_value(flat, node, path, key, (int) strlen(key), getIthJsonbValueFromContainer(list, i), depth);
	}
}

/* A path without the places of lists. */
static char *
plain_path(const char *path)
{
	char *plain = palloc(strlen(path) + 1);
	size_t used = 0;

	while (*path != '\0')
	{
		size_t len = strcspn(path, ".");

		if (strspn(path, "0123456789") != len)
		{
			if (used > 0)
				plain[used++] = '.';
			memcpy(plain + used, path, len);
			used += len;
		}
		path += len + (path[len] == '.');
	}
	plain[used] = '\0';
	return plain;
}

static void
take_value(Flat *flat, Part *parent, const char *path, const char *key, int key_len, const JsonbValue *value, int depth)
{
	int path_len = (int) strlen(path);
	bool too_long = key_len + path_len >= VA_READING_NAME_MAX;
	char *name;
	char *plain;
	Part *node;

	if (is_full(flat))
		return;
	node = add_child(parent, key, key_len);
	flat->parts++;
	if (too_long)
	{
		key_len = pg_mbcliplen(key, key_len, VA_READING_NAME_MAX / 2);
		path_len = pg_mbcliplen(path, path_len, VA_READING_NAME_MAX / 2);
	}
	name = psprintf("%.*s%s%.*s", path_len, path, path_len == 0 ? "" : ".", key_len, key);
	plain = plain_path(name);
	if (value->type != jbvBinary || too_long || depth == VA_READING_DEPTH_MAX)
		take_leaf(flat, node, name, value, too_long || value->type == jbvBinary);
	else if (JsonContainerIsArray(value->val.binary.data) && is_known(flat, plain))
		take_list(flat, node, name, value->val.binary.data, depth + 1);
	else if (JsonContainerIsObject(value->val.binary.data) && is_parent(flat, plain))
		take_object(flat, node, name, value->val.binary.data, depth + 1);
	else
		take_leaf(flat, node, name, value, false);
}

/* ---- the data that count ---- */

static void
set_text(JsonbValue *value, const char *text, size_t len)
{
	value->type = jbvString;
	value->val.string.val = unconstify(char *, text);
	value->val.string.len = (int) len;
}

/* Adds what rules have found, in place of a value that does not count. */
static void
add_found(Part *root, const VaReadValue *found, int leaf)
{
	const char *part = found->name;
	Part *node = root;

	for (;;)
	{
		int len = (int) strcspn(part, ".");
		Part *child = child_of(node, part, len);

		if (child == NULL)
			child = add_child(node, part, len);
		node = child;
		if (part[len] == '\0')
			break;
		node->leaf = -1;
		node->list = false;
		part += len + 1;
	}
	node->leaf = leaf;
	if (found->type == VA_VALUE_BOOLEAN)
	{
		node->value.type = jbvBool;
		node->value.val.boolean = found->text[0] == 't';
	}
	else
		set_text(&node->value, found->text, found->len);
}

/* Whether anything is left of a node; what was empty stays. */
static bool
is_left(const Part *node, const VaReadValue *values)
{
	if (node->leaf >= 0)
		return values[node->leaf].counts;
	for (int i = 0; i < node->count; i++)
	{
		if (is_left(node->children[i], values))
			return true;
	}
	return node->count == 0;
}

static void
write_node(VaJsonState *state, Part *node, const VaReadValue *values)
{
	va_push_json(state, node->list ? WJB_BEGIN_ARRAY : WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < node->count; i++)
	{
		Part *child = node->children[i];

		if (!is_left(child, values))
			continue;
		if (!node->list)
		{
			JsonbValue key;

			set_text(&key, child->key, (size_t) child->key_len);
			va_push_json(state, WJB_KEY, &key);
		}
		if (child->leaf >= 0)
			va_push_json(state, node->list ? WJB_ELEM : WJB_VALUE, &child->value);
		else
			write_node(state, child, values);
	}
	va_push_json(state, node->list ? WJB_END_ARRAY : WJB_END_OBJECT, NULL);
}

/* NULL: the analysis stays as it is. */
static Jsonb *
counted_data(Part *root, const VaReading *reading, size_t unread)
{
	VaJsonState state = { 0 };
	bool changed = unread > 0 || reading->count > reading->given;

	for (size_t i = 0; i < reading->given && !changed; i++)
		changed = !reading->values[i].counts;
	if (!changed)
		return NULL;
	for (size_t i = reading->given; i < reading->count; i++)
		add_found(root, &reading->values[i], (int) i);
	write_node(&state, root, reading->values);
	return JsonbValueToJsonb(state.result);
}

/* ---- the function ---- */

/* false: it is not given, or of no year in which words are read. */
static bool
read_reference(FunctionCallInfo fcinfo, int arg, VaTimeReference *reference)
{
	Timestamp at;

	if (PG_ARGISNULL(arg))
		return false;
	at = PG_GETARG_TIMESTAMP(arg);
	if (!va_is_time_reference(at))
		return false;
	*reference = va_time_reference(at);
	return true;
}

static bool
is_object(Jsonb *value)
{
	return JB_ROOT_IS_OBJECT(value);
}

/* (turns, summary, language) -> boolean */
Datum
va_sql_summary_stands(PG_FUNCTION_ARGS)
{
	VaSpokenTurns talk = va_spoken_turns(PG_GETARG_JSONB_P(0));
	text *summary = PG_GETARG_TEXT_PP(1);
	VaReadingOrder order = { .turns = talk.turns, .places = talk.places, .count = talk.count };
	VaArena *arena = va_arena_here();
	bool stands;

	order.language = va_spoken_language(talk.turns, talk.count, text_to_cstring(PG_GETARG_TEXT_PP(2)));
	stands = va_summary_stands(arena, &order, VARDATA_ANY(summary), VARSIZE_ANY_EXHDR(summary));
	if (arena->oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	PG_RETURN_BOOL(stands);
}

/*
 * (turns, analysis, language, fields, reference) -> (reading, data).  A sixth
 * argument is what another classifier of doubt says, NULL for nothing:
 * regress/eval declares it, where an author is judged by what others taught.
 */
Datum
va_sql_read_conversation(PG_FUNCTION_ARGS)
{
	Jsonb *analysis = PG_ARGISNULL(1) ? NULL : PG_GETARG_JSONB_P(1);
	Jsonb *fields = PG_ARGISNULL(3) ? NULL : PG_GETARG_JSONB_P(3);
	Flat *flat = palloc(sizeof(Flat));
	Part root = { .leaf = -1 };
	VaReadingOrder order = { .fields = flat->fields };
	VaTimeReference reference;
	int doubt;
	VaReading reading = { 0 };
	Datum values[2] = { 0, analysis == NULL ? 0 : JsonbPGetDatum(analysis) };
	bool nulls[2] = { true, analysis == NULL };

	flat->count = flat->unread = flat->nfields = flat->parts = flat->nchoices = 0;
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(2))
	{
		VaSpokenTurns talk = va_spoken_turns(PG_GETARG_JSONB_P(0));

		order.turns = talk.turns;
		order.places = talk.places;
		order.count = talk.count;
		order.unknown = talk.unknown;
		order.language = va_spoken_language(talk.turns, talk.count, text_to_cstring(PG_GETARG_TEXT_PP(2)));
		if (read_reference(fcinfo, 4, &reference))
			order.reference = &reference;
		if (PG_NARGS() > 5)
		{
			doubt = PG_ARGISNULL(5) ? 0 : PG_GETARG_INT32(5);
			order.doubt = &doubt;
		}
	}
	if (order.count > 0)
	{
		VaArena *arena = va_arena_here();
		Jsonb *data;

		order.fields_known = fields != NULL && is_object(fields);
		if (order.fields_known)
			take_fields(flat, &fields->root, "", 1);
		order.nfields = flat->nfields;
		if (analysis != NULL && is_object(analysis))
			take_object(flat, &root, "", &analysis->root, 1);
		if (va_read_conversation(arena, &order, flat->values, flat->count, flat->unread, &reading))
		{
			values[0] = DirectFunctionCall1(jsonb_in, CStringGetDatum(reading.json));
			nulls[0] = false;
			data = counted_data(&root, &reading, flat->unread);
			if (data != NULL)
				values[1] = JsonbPGetDatum(data);
			nulls[1] = nulls[1] && data == NULL;
		}
		else if (arena->oom)
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	}
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}
