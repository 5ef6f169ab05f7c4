/*-------------------------------------------------------------------------
 * oauth.c
 *		Programs that a member lets in (contract in oauth.h).
 *
 * Locks are those of oauth_answer().
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "core/arena.h"
#include "core/statement.h"
#include "execute.h"
#include "mcp.h"
#include "oauth.h"
#include "pure/text/form.h"
#include "pure/text/json.h"

static VaStatement answer_statement = { "SELECT o.* FROM voiceagent_private.oauth_answer($1, $2, $3::jsonb, $4) AS o",
	4, { TEXTOID, TEXTOID, TEXTOID, TEXTOID }, NULL };

/* NULL: a name comes twice, or it is no form. */
static char *
form_json(const VaField *field)
{
	StringInfoData json;
	VaForm form;
	const char *why;

	if (!va_form_read(field->bytes, field->len, false, va_arena_here(), &form, &why))
		return NULL;
	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < form.count; i++)
	{
		for (int k = 0; k < i; k++)
			if (strcmp(form.fields[k].name, form.fields[i].name) == 0)
				return NULL;
		if (i > 0)
			appendStringInfoChar(&json, ',');
		escape_json(&json, form.fields[i].name);
		appendStringInfoChar(&json, ':');
		escape_json(&json, form.fields[i].value);
	}
	appendStringInfoChar(&json, '}');
	return json.data;
}

/* NULL: it is no object. */
static char *
object_json(const VaField *body)
{
	const char *why;
	char *text = NULL;
	json_t *json;

	if (va_mcp_is_deep(body))
		return NULL;
	json = va_json_load(va_arena_here(), body->bytes, body->len, &why);
	if (json_is_object(json))
		text = va_json_text(va_arena_here(), json);
	json_decref(json);
	return text;
}

static char *
given_json(const VaField *ask)
{
	static const char form[] = "application/x-www-form-urlencoded";
	const VaField *type = &ask[VA_ASK_TYPE];

	if (strcmp(ask[VA_ASK_METHOD].bytes, "POST") != 0)
		return form_json(&ask[VA_ASK_QUERY]);
	return pg_strncasecmp(type->bytes, form, strlen(form)) == 0 ? form_json(&ask[VA_ASK_BODY])
																: object_json(&ask[VA_ASK_BODY]);
}

void
va_oauth_run(const VaField *ask, MemoryContext context, VaRpcAnswer *answer)
{
	char *given = given_json(ask);
	Datum values[4] = { CStringGetTextDatum(ask[VA_ASK_METHOD].bytes), CStringGetTextDatum(ask[VA_ASK_PATH].bytes),
		CStringGetTextDatum(given != NULL ? given : "{}"), CStringGetTextDatum(ask[VA_ASK_FUNCTION].bytes) };
	char *header;

	if (given == NULL)
	{
		answer->status = 400;
		answer->body = "{\"error\":\"invalid_request\"}";
		answer->len = strlen(answer->body);
		return;
	}
	va_become("none");
	va_execute(&answer_statement, values, NULL);
	va_take_answer(context, answer);
	answer->secret = answer->len > 0;
	answer->type = MemoryContextStrdup(context, va_column_text(0, "type"));
	answer->status = (int) va_column_int(0, "status", 0);
	header = va_column_text(0, "header");
	answer->header = header != NULL ? MemoryContextStrdup(context, header) : "";
}
