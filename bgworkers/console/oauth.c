/*-------------------------------------------------------------------------
 * oauth.c
 *		Programs that a member lets in, and members that log in at their
 *		tenant's provider (contract in console.h).
 *
 * Locks are those of oauth_answer() and sign_on_answer().
 */
#include "postgres.h"

#include <sodium.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "core/arena.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "console.h"
#include "pure/net/url.h"
#include "pure/text/form.h"
#include "pure/text/json.h"
#include "tenancy/vault.h"

static VaStatement answer_statement = { "SELECT o.* FROM voiceagent_private.oauth_answer($1, $2, $3::jsonb, $4) AS o",
	4, { TEXTOID, TEXTOID, TEXTOID, TEXTOID }, NULL };
static VaStatement sign_on_statement = { "SELECT voiceagent_private.sign_on_answer($1, $2::jsonb, $3, $4) AS answer", 4,
	{ TEXTOID, TEXTOID, TEXTOID, TEXTOID }, NULL };

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

/* ----- members and staff at their provider ----- */

/* NULL: the provider knows us without one. */
static char *
open_as_worker(int64 tenant)
{
	char *secret;
	Oid before;
	int context;

	GetUserIdAndSecContext(&before, &context);
	SetUserIdAndSecContext(get_role_oid(VA_ROLE_WORKER, false), context | SECURITY_LOCAL_USERID_CHANGE);
	secret = tenant > 0 ? va_open_secret(tenant, "sign_on") : va_open_platform_secret("sign_on");
	SetUserIdAndSecContext(before, context);
	return secret;
}

static char *
encoded(const char *text)
{
	char *out = palloc(3 * strlen(text) + 1);

	out[va_percent_encode(text, strlen(text), out)] = '\0';
	return out;
}

static char *
base64_of(const char *text)
{
	size_t size = sodium_base64_encoded_len(strlen(text), sodium_base64_VARIANT_ORIGINAL);

	return sodium_bin2base64(
		palloc(size), size, (const unsigned char *) text, strlen(text), sodium_base64_VARIANT_ORIGINAL);
}

/* By a header, or with the form, as the provider takes it (RFC 6749, 2.3.1); the text is the new one. */
static char *
with_secret(VaArena *arena, json_t *step, const char *secret)
{
	const char *basic_of = va_json_string(step, "basic_of");
	char *form = secret == NULL || basic_of != NULL
					 ? NULL
					 : psprintf("%s&client_secret=%s", va_json_string(step, "form"), encoded(secret));

	if (secret != NULL && basic_of != NULL)
		(void) json_object_set_new(step, "authorization",
			json_string(
				psprintf("authorization: Basic %s", base64_of(psprintf("%s:%s", encoded(basic_of), encoded(secret))))));
	else if (form != NULL)
		(void) json_object_set_new(step, "form", json_string(form));
	return va_json_text(arena, step);
}

static void
add_secret(int64 tenant, MemoryContext context, VaRpcAnswer *answer)
{
	VaArena *arena = va_arena_here();
	const char *why;
	json_t *step = va_json_load(arena, answer->body, answer->len, &why);
	char *secret = va_json_string(step, "form") != NULL ? open_as_worker(tenant) : NULL;
	char *text = with_secret(arena, step, secret);

	va_wipe(secret);
	json_decref(step);
	if (text == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	answer->body = MemoryContextStrdup(context, text);
	answer->len = strlen(text);
}

void
va_sign_on_run(const VaField *ask, MemoryContext context, VaRpcAnswer *answer)
{
	int64 tenant = strtoll(ask[VA_ASK_PATH].bytes + strlen(VA_SIGN_ON), NULL, 10);
	char *given = form_json(&ask[VA_ASK_QUERY]);
	Datum values[4] = { CStringGetTextDatum(ask[VA_ASK_PATH].bytes), CStringGetTextDatum(given != NULL ? given : "{}"),
		CStringGetTextDatum(ask[VA_ASK_FUNCTION].bytes), CStringGetTextDatum(ask[VA_ASK_BODY].bytes) };

	va_become("none");
	/*
	 * Not proved: the function tells a stranger only that a provider exists.
	 * The staff's has the number of no tenant.
	 */
	va_set_tenant(tenant > 0 ? tenant : PG_INT64_MAX);
	va_execute(&sign_on_statement, values, NULL);
	va_take_answer(context, answer);
	add_secret(tenant, context, answer);
	answer->secret = true;
	answer->status = 200;
}
