/*-------------------------------------------------------------------------
 * call.c
 *		The SQL of a call (contract in call.h).
 *
 * Names of functions are not overloaded (sql/README.md), so the name finds one
 * function or none.  No locks.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "call.h"
#include "core/arena.h"
#include "core/statement.h"
#include "pure/text/form.h"
#include "pure/text/json.h"

/* PostgreSQL takes no function with more arguments. */
#define ARGUMENTS_MAX FUNC_MAX_ARGS
#define JSON_TYPE "application/json; charset=utf-8"

/* Argument 1: the name.  The input arguments in their order; an argument without a name has an empty one. */
static VaStatement shape_statement = {
	"SELECT a.names, a.types, p.pronargdefaults AS defaults, p.proretset AS many,"
	" p.prorettype = 'pg_catalog.void'::pg_catalog.regtype AS nothing,"
	" t.typtype = 'c' OR coalesce(p.proargmodes::text[] && '{t,b,o}', false) AS row,"
	" t.typname = 'text/csv' AS csv"
	" FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_type t ON t.oid = p.prorettype CROSS JOIN LATERAL ("
	"SELECT coalesce(pg_catalog.array_agg(coalesce(p.proargnames[i.n], '') ORDER BY i.n), '{}') AS names,"
	" coalesce(pg_catalog.array_agg(pg_catalog.format_type(i.type, NULL) ORDER BY i.n), '{}') AS types"
	" FROM pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS i(type, n)"
	" WHERE p.proargmodes IS NULL OR p.proargmodes[i.n] IN ('i', 'b', 'v')) AS a"
	" WHERE p.pronamespace = 'voiceagent'::pg_catalog.regnamespace AND p.proname = $1 AND p.prokind = 'f'",
	1, { NAMEOID }, NULL
};

typedef struct Shape
{
	bool found;
	int nargs;
	int needed; /* the first so many have no default */
	char **names;
	char **types;
	bool many;
	bool nothing;
	bool row;
	bool csv;
} Shape;

/* The given names, and values where they are texts (GET, a form). */
typedef struct Given
{
	int n;
	const char *names[ARGUMENTS_MAX];
	const char *values[ARGUMENTS_MAX];
	bool json;			 /* the values are in the body */
	const VaField *body; /* the whole body, for a function with one argument that has no name */
	const char *content; /* its type: "json", "bytea", "text"; NULL: it is no body */
} Given;

static void
refuse(VaCall *call, int status, const char *code, const char *message, const char *details)
{
	call->status = status;
	call->code = code;
	call->message = message;
	call->details = details;
}

static void
read_shape(const char *name, Shape *shape)
{
	NameData proname;
	Datum values[1] = { NameGetDatum(&proname) };
	int ntypes;

	memset(shape, 0, sizeof(*shape));
	if (strlen(name) >= NAMEDATALEN)
		return;
	namestrcpy(&proname, name);
	shape->found = va_execute(&shape_statement, values, NULL) == 1;
	if (!shape->found)
		return;
	shape->names = va_column_texts(0, "names", &shape->nargs);
	shape->types = va_column_texts(0, "types", &ntypes);
	shape->needed = shape->nargs - (int) va_column_int(0, "defaults", 0);
	shape->many = va_column_bool(0, "many");
	shape->nothing = va_column_bool(0, "nothing");
	shape->row = va_column_bool(0, "row");
	shape->csv = va_column_bool(0, "csv");
}

/* ----- what was given ----- */

/* The last of several of one name counts, as in JSON. */
static bool
give(Given *given, const char *name, const char *value)
{
	int i = 0;

	while (i < given->n && strcmp(given->names[i], name) != 0)
		i++;
	if (i == ARGUMENTS_MAX)
		return false;
	given->names[i] = name;
	given->values[i] = value;
	given->n = Max(given->n, i + 1);
	return true;
}

static bool
read_form(const char *text, size_t len, Given *given)
{
	VaForm form;
	const char *why;

	if (!va_form_read(text, len, false, va_arena_here(), &form, &why))
		return false;
	for (int i = 0; i < form.count; i++)
		if (!give(given, form.fields[i].name, form.fields[i].value))
			return false;
	return true;
}

static bool
read_json(const VaField *body, Given *given)
{
	const char *why;
	const char *key;
	json_t *value;
	json_t *json;
	bool good = true;

	given->json = true;
	given->content = "json";
	if (body->len == 0)
		return true;
	json = va_json_load(va_arena_here(), body->bytes, body->len, &why);
	if (json == NULL)
		return false;
	/* A value that is not an object can be the one argument of a function that takes the body whole. */
	json_object_foreach(json, key, value) good = good && give(given, pstrdup(key), NULL);
	json_decref(json);
	return good;
}

static bool
is_type(const VaField *type, const char *name)
{
	size_t len = strlen(name);

	return pg_strncasecmp(type->bytes, name, len) == 0 && strchr("; \t", type->bytes[len]) != NULL;
}

static void
read_given(const VaField *ask, Given *given, VaCall *call)
{
	const VaField *type = &ask[VA_ASK_TYPE];
	const VaField *body = &ask[VA_ASK_BODY];
	bool good = true;

	memset(given, 0, sizeof(*given));
	given->body = body;
	if (strcmp(ask[VA_ASK_METHOD].bytes, "POST") != 0)
		good = read_form(ask[VA_ASK_QUERY].bytes, ask[VA_ASK_QUERY].len, given);
	else if (type->len == 0 || is_type(type, "application/json"))
		good = pg_verify_mbstr(PG_UTF8, body->bytes, (int) body->len, true) && read_json(body, given);
	else if (is_type(type, "application/x-www-form-urlencoded"))
		good = read_form(body->bytes, body->len, given);
	else if (is_type(type, "application/octet-stream"))
		given->content = "bytea";
	else if (is_type(type, "text/plain"))
	{
		given->content = "text";
		good = pg_verify_mbstr(PG_UTF8, body->bytes, (int) body->len, true);
	}
	else
		refuse(call, 415, "PGRST102", psprintf("Content-Type not acceptable: %s", type->bytes), NULL);
	if (!good)
		refuse(call, 400, "PGRST102", "Empty or invalid json", NULL);
}

/* ----- does the one fit the other? ----- */

static int
place_of(const Shape *shape, const char *name)
{
	for (int i = 0; i < shape->nargs; i++)
		if (strcmp(shape->names[i], name) == 0 && name[0] != '\0')
			return i;
	return -1;
}

/* Does it take the body whole? */
static bool
takes_body(const Shape *shape, const Given *given)
{
	const char *type = shape->nargs == 1 && shape->names[0][0] == '\0' ? shape->types[0] : "";

	return given->content != NULL && strncmp(type, given->content, strlen(given->content)) == 0;
}

static bool
fits(const Shape *shape, const Given *given)
{
	if (!shape->found || (given->content != NULL && !given->json))
		return false;
	for (int i = 0; i < given->n; i++)
		if (place_of(shape, given->names[i]) < 0)
			return false;
	for (int i = 0; i < shape->needed; i++)
	{
		int g = 0;

		while (g < given->n && strcmp(given->names[g], shape->names[i]) != 0)
			g++;
		if (g == given->n)
			return false;
	}
	return true;
}

static void
refuse_unknown(const char *name, const Given *given, bool post, VaCall *call)
{
	StringInfoData names;
	const char *with;

	initStringInfo(&names);
	for (int i = 0; i < given->n; i++)
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "", given->names[i]);
	with = given->n == 0   ? "without parameters"
		   : given->n == 1 ? psprintf("with parameter %s", names.data)
						   : psprintf("with parameters %s", names.data);
	refuse(call, 404, "PGRST202",
		given->n == 0
			? psprintf("Could not find the function voiceagent.%s without parameters in the schema cache", name)
			: psprintf("Could not find the function voiceagent.%s(%s) in the schema cache", name, names.data),
		psprintf("Searched for the function voiceagent.%s %s%s, but no matches were found in the schema cache.", name,
			with, post ? " or with a single unnamed json/jsonb parameter" : ""));
}

/* ----- its SQL ----- */

static void
add_value(VaCall *call, Oid type, Datum value)
{
	call->types[call->nargs] = type;
	call->values[call->nargs++] = value;
}

static void
write_arguments(const Shape *shape, const Given *given, StringInfo from, StringInfo arguments, VaCall *call)
{
	if (given->json && given->n > 0)
		add_value(call, TEXTOID, PointerGetDatum(cstring_to_text_with_len(given->body->bytes, (int) given->body->len)));
	for (int i = 0; i < given->n; i++)
	{
		const char *name = quote_identifier(given->names[i]);
		const char *type = shape->types[place_of(shape, given->names[i])];

		if (given->json)
		{
			appendStringInfo(
				from, "%s%s %s", i > 0 ? ", " : "pg_catalog.json_to_record($1::json) AS given(", name, type);
			appendStringInfo(arguments, "%s%s := given.%s", i > 0 ? ", " : "", name, name);
			continue;
		}
		add_value(call, TEXTOID, CStringGetTextDatum(given->values[i]));
		appendStringInfo(arguments, "%s%s := CAST($%d AS %s)", i > 0 ? ", " : "", name, call->nargs, type);
	}
	if (given->json && given->n > 0)
		appendStringInfoString(from, ") CROSS JOIN LATERAL ");
}

static void
write_call(const char *name, const Shape *shape, const Given *given, bool whole, bool csv, VaCall *call)
{
	StringInfoData from;
	StringInfoData arguments;
	StringInfoData sql;
	const char *value = shape->row ? "r" : "r.value";

	initStringInfo(&from);
	initStringInfo(&arguments);
	initStringInfo(&sql);
	call->types = palloc(sizeof(Oid) * ARGUMENTS_MAX);
	call->values = palloc(sizeof(Datum) * ARGUMENTS_MAX);
	if (whole)
	{
		text *body = cstring_to_text_with_len(given->body->bytes, (int) given->body->len);

		/* A bytea has the same form, and takes the bytes as they are. */
		add_value(call, strcmp(given->content, "bytea") == 0 ? BYTEAOID : TEXTOID, PointerGetDatum(body));
		appendStringInfo(&arguments, "$1::%s", shape->types[0]);
	}
	else
		write_arguments(shape, given, &from, &arguments, call);
	if (shape->nothing)
		value = "NULL";
	else if (csv)
		value = "r.value";
	else if (shape->many)
		value = psprintf("coalesce(pg_catalog.json_agg(%s), '[]')", value);
	else
		value = psprintf("coalesce(pg_catalog.to_json(%s), 'null')", value);
	appendStringInfo(&sql, "SELECT (%s)::text AS answer FROM %svoiceagent.%s(%s) AS r%s", value, from.data,
		quote_identifier(name), arguments.data, shape->row ? "" : "(value)");
	call->sql = sql.data;
}

void
va_make_call(const VaField *ask, VaCall *call)
{
	const char *name = ask[VA_ASK_FUNCTION].bytes;
	bool post = strcmp(ask[VA_ASK_METHOD].bytes, "POST") == 0;
	Shape shape;
	Given given;
	bool whole;
	bool csv;

	memset(call, 0, sizeof(*call));
	read_given(ask, &given, call);
	if (call->status != 0)
		return;
	read_shape(name, &shape);
	whole = shape.found && takes_body(&shape, &given);
	if (!whole && !fits(&shape, &given))
	{
		refuse_unknown(name, &given, post, call);
		return;
	}
	csv = shape.csv && strstr(ask[VA_ASK_ACCEPT].bytes, "text/csv") != NULL;
	write_call(name, &shape, &given, whole, csv, call);
	call->nothing = shape.nothing;
	call->type = csv ? "text/csv; charset=utf-8" : JSON_TYPE;
}
