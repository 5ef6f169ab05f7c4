/*-------------------------------------------------------------------------
 * provider.c
 *		SQL face of the vendor drivers: what a webhook or a lookup says, what
 *		a call request looks like, variables of a prompt.
 *
 * No state, no locks, no sockets.  The pure part keeps its results in a
 * malloc'ed arena; every function frees it whether or not the backend raises
 * while the results are turned into rows.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/arena.h"
#include "core/compat.h"
#include "core/errors.h"
#include "core/voiceagent.h"
#include "provider.h"
#include "pure/phone/phone.h"
#include "pure/phrases/words/mask.h"
#include "tenancy/setting.h"
#include "pure/providers/common/requests.h"
#include "pure/text/template.h"

#define WEBHOOK_MAX_HEADERS 256
#define BODY_MAX (16 * 1024 * 1024)

PG_FUNCTION_INFO_V1(va_sql_read_webhook);
PG_FUNCTION_INFO_V1(va_sql_build_call_request);
PG_FUNCTION_INFO_V1(va_sql_template_variables);
PG_FUNCTION_INFO_V1(va_sql_fill_template);

const VaDriver *
va_driver_or_error(const char *name)
{
	const VaDriver *driver = va_driver(name);

	if (driver == NULL)
		ereport(
			ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("unknown provider \"%s\"", name == NULL ? "" : va_shown(name)),
					   errhint("The view voiceagent.providers shows those that are known.")));
	return driver;
}

/* ---- events as rows ---- */

static Datum
text_or_null(const char *text, bool *isnull)
{
	*isnull = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

static Datum
jsonb_or_null(const char *text, bool *isnull)
{
	*isnull = text == NULL;
	return text == NULL ? (Datum) 0 : DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
}

static Datum
time_or_null(int64 ms, bool *isnull)
{
	*isnull = ms == 0;
	return TimestampTzGetDatum((ms - (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * 86400000) * 1000);
}

static Datum
numeric_or_null(const char *text, bool *isnull)
{
	*isnull = text == NULL;
	if (text == NULL)
		return (Datum) 0;
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/* Milliseconds are exact in numeric, not in a double. */
static Datum
seconds_or_null(const VaEvent *event, bool *isnull)
{
	*isnull = !event->has_duration;
	if (*isnull)
		return (Datum) 0;
	return NumericGetDatum(int64_div_fast_to_numeric((int64) (event->duration_seconds * 1000 + 0.5), 3));
}

/* Words that must not be kept are not handed on: here is where a carrier's words become ours. */
static const char *
masked(VaArena *arena, const VaMaskOwn *own, const char *text, bool is_json)
{
	const char *said;
	size_t len;

	if (text == NULL)
		return NULL;
	said = is_json ? va_mask_body(arena, own, text, strlen(text), &len) : va_mask_words(arena, own, text, strlen(text));
	if (arena->oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	return said != NULL ? said : text;
}

void
va_event_to_values(const VaEvent *event, Datum *values, bool *nulls)
{
	int i = 0;
	VaArena *arena = va_arena_here();
	bool tells = event->summary != NULL || event->transcript != NULL || event->turns != NULL ||
				 event->structured_data != NULL;
	VaPhone caller;
	VaMaskOwn *own = tells ? va_mask_own(arena, va_masked_words(), false) : NULL;

#define SAID(field) (values[i] = text_or_null(masked(arena, own, event->field, false), &nulls[i]), i++)
#define SAID_JSON(field) (values[i] = jsonb_or_null(masked(arena, own, event->field, true), &nulls[i]), i++)
#define TEXT(field) (values[i] = text_or_null(event->field, &nulls[i]), i++)
#define JSON(field) (values[i] = jsonb_or_null(event->field, &nulls[i]), i++)
#define TIME(field) (values[i] = time_or_null(event->field, &nulls[i]), i++)
	TEXT(event_key);
	values[i] = text_or_null(va_event_kind_name(event->kind), &nulls[i]);
	i++;
	TEXT(provider_call_id);
	TEXT(attempt_ref);
	TEXT(status);
	TEXT(cause);
	TEXT(cause_class);
	TIME(occurred_at);
	TIME(created_at);
	TIME(answered_at);
	TIME(ended_at);
	values[i] = seconds_or_null(event, &nulls[i]);
	i++;
	values[i] = numeric_or_null(event->cost, &nulls[i]);
	i++;
	TEXT(cost_currency);
	JSON(cost_breakdown);
	SAID(summary);
	SAID(transcript);
	SAID_JSON(turns);
	TEXT(recording_url);
	TEXT(stereo_recording_url);
	SAID_JSON(structured_data);
	TEXT(success_evaluation);
	values[i] = BoolGetDatum(event->unanalysed);
	nulls[i++] = false;
	TEXT(control_url);
	TEXT(machine);
	TEXT(machine_raw);
	/* A carrier may write a caller as the country once did; leads and stops have today's form.  Our own calls come from ours. */
	values[i] = text_or_null(event->from_number == NULL || event->attempt_ref != NULL
								 ? event->from_number
								 : va_phone_today(event->from_number, &caller),
		&nulls[i]);
	i++;
	TEXT(to_number);
	values[i] = BoolGetDatum(event->wants_answer);
	nulls[i++] = false;
	TEXT(key);
	SAID_JSON(details);
#undef SAID
#undef SAID_JSON
#undef TEXT
#undef JSON
#undef TIME
	Assert(i == VA_CALL_EVENT_NATTS);
	va_arena_free(arena);
}

static pg_noinline void
put_events(FunctionCallInfo fcinfo, const VaEvents *events)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	if (rsinfo->setDesc->natts != VA_CALL_EVENT_NATTS)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						   errmsg("type voiceagent.call_event has another shape than the library expects"),
						   errhint("Run ALTER EXTENSION voiceagent UPDATE.")));
	for (int i = 0; i < events->count; i++)
	{
		Datum values[VA_CALL_EVENT_NATTS];
		bool nulls[VA_CALL_EVENT_NATTS];

		CHECK_FOR_INTERRUPTS();
		va_event_to_values(&events->items[i], values, nulls);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* ---- arguments ---- */

/* A bytea argument; NULL is empty. */
static const char *
body_argument(FunctionCallInfo fcinfo, int n, size_t *len)
{
	bytea *body;

	*len = 0;
	if (PG_ARGISNULL(n))
		return "";
	body = PG_GETARG_BYTEA_PP(n);
	*len = VARSIZE_ANY_EXHDR(body);
	return VARDATA_ANY(body);
}

static char *
jsonb_text(Jsonb *jsonb)
{
	return JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb));
}

/* Headers from a JSON object of texts, or none, in palloc'ed memory; others are left out. */
static pg_noinline int
read_headers(Jsonb *jsonb, VaHeader *headers)
{
	JsonbIterator *it;
	JsonbValue value;
	JsonbIteratorToken token;
	int count = 0;

	if (jsonb == NULL)
		return 0;
	if (!JB_ROOT_IS_OBJECT(jsonb))
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("headers must be a JSON object")));
	it = JsonbIteratorInit(&jsonb->root);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		char *name;

		if (token != WJB_KEY)
			continue;
		name = pnstrdup(value.val.string.val, value.val.string.len);
		(void) JsonbIteratorNext(&it, &value, true);
		if (value.type != jbvString || count == WEBHOOK_MAX_HEADERS)
			continue;
		headers[count].name = name;
		headers[count++].value = pnstrdup(value.val.string.val, value.val.string.len);
	}
	return count;
}

/* Raises with a reason from the arena, which the caller's PG_FINALLY frees. */
VA_NORETURN static void
refuse(const char *message, const char *why)
{
	ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("%s", message),
					   errdetail("Reason: %s.", why == NULL ? "not known" : why)));
}

void
va_read_carrier(Jsonb *settings, VaArena *arena, VaProviderAccount *carrier)
{
	const char *json = settings == NULL ? "{}" : jsonb_text(settings);
	const char *why;

	if (!va_carrier_read_settings(json, strlen(json), arena, carrier, &why))
		refuse("the account's settings cannot be read", why);
}

/* ---- what is read ---- */

/* For whoever reads, from a request or from what was stored. */
static void
check_length(size_t body_len)
{
	if (body_len > BODY_MAX)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the body is too long"),
						   errdetail("It has %zu bytes; at most %d are read.", body_len, BODY_MAX)));
}

void
va_read_webhook(const VaDriver *driver, Jsonb *headers, const char *body, size_t body_len,
	const VaProviderAccount *carrier, VaArena *arena, VaEvents *events)
{
	VaSignedMessage message = { 0 };
	VaHeader *kept = palloc(sizeof(VaHeader) * WEBHOOK_MAX_HEADERS);
	const char *why;

	check_length(body_len);
	message.headers = kept;
	message.nheaders = read_headers(headers, kept);
	message.body = body;
	message.body_len = body_len;
	/* A value kept with the headers that is none; no header's name has a colon. */
	message.query = va_header_find(kept, message.nheaders, VA_KEPT_QUERY);
	message.method = va_header_find(kept, message.nheaders, VA_KEPT_METHOD);
	message.carrier = carrier;
	if (!driver->read_webhook(&message, arena, events, &why))
		refuse("the webhook is malformed", why);
}

void
va_read_lookup(const VaDriver *driver, int status, const char *body, size_t body_len, const VaProviderAccount *carrier,
	VaArena *arena, VaEvents *events)
{
	VaHttpResponse response = { .status = status, .body = body, .body_len = body_len, .carrier = carrier };
	VaLookup lookup;
	size_t blanks = 0;

	check_length(body_len);
	while (blanks < body_len && strchr(" \t\r\n", body[blanks]) != NULL && body[blanks] != '\0')
		blanks++;
	if (blanks < body_len && body[blanks] == '[')
		driver->read_list_response(&response, arena, &lookup);
	else
		driver->read_lookup_response(&response, arena, &lookup);
	if (lookup.kind != VA_LOOKUP_FOUND && lookup.kind != VA_LOOKUP_NOT_FOUND)
		refuse("the provider's answer does not say what became of the call",
			lookup.message != NULL ? lookup.message : psprintf("status %d", status));
	*events = lookup.events;
}

/* ---- functions ---- */

static Jsonb *
jsonb_argument(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : PG_GETARG_JSONB_P(n);
}

/*
 * read_webhook(provider, headers, body, settings) -> setof call_event
 * Reads, does not verify.  PT422 with the reason when the body is malformed.
 */
Datum
va_sql_read_webhook(PG_FUNCTION_ARGS)
{
	const VaDriver *driver = va_driver_or_error(VA_TEXT_ARGUMENT(0));
	VaArena *arena = va_arena_here();
	VaProviderAccount carrier;
	VaEvents events;
	size_t len;
	const char *body = body_argument(fcinfo, 2, &len);

	va_read_carrier(jsonb_argument(fcinfo, 3), arena, &carrier);
	va_read_webhook(driver, jsonb_argument(fcinfo, 1), body, len, &carrier, arena, &events);
	put_events(fcinfo, &events);
	return (Datum) 0;
}

static void
push_text(VaJsonState *state, const char *key, const char *text)
{
	JsonbValue value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, key);
	value.val.string.len = strlen(key);
	va_push_json(state, WJB_KEY, &value);
	if (text == NULL)
		value.type = jbvNull;
	else
	{
		value.val.string.val = pstrdup(text);
		value.val.string.len = strlen(text);
	}
	va_push_json(state, WJB_VALUE, &value);
}

/* {"method", "url", "headers": {..}, "body": ..} */
pg_noinline Jsonb *
va_request_jsonb(const VaHttpRequest *request)
{
	VaJsonState state = { 0 };
	JsonbValue key;
	JsonbValue value;

	va_push_json(&state, WJB_BEGIN_OBJECT, NULL);
	push_text(&state, "method", request->method);
	push_text(&state, "url", request->url);
	key.type = jbvString;
	key.val.string.val = "headers";
	key.val.string.len = strlen("headers");
	va_push_json(&state, WJB_KEY, &key);
	va_push_json(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < request->nheaders; i++)
		push_text(&state, request->headers[i].name, request->headers[i].value);
	va_push_json(&state, WJB_END_OBJECT, NULL);
	key.val.string.val = "body";
	key.val.string.len = strlen("body");
	va_push_json(&state, WJB_KEY, &key);
	if (request->body == NULL)
		value.type = jbvNull;
	else if (request->body[0] != '{' && request->body[0] != '[')
	{
		value.type = jbvString;
		value.val.string.val = pstrdup(request->body);
		value.val.string.len = strlen(request->body);
	}
	else
		JsonbToJsonbValue(DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(request->body))), &value);
	va_push_json(&state, WJB_VALUE, &value);
	va_push_json(&state, WJB_END_OBJECT, NULL);
	return JsonbValueToJsonb(state.result);
}

/* A preview needs no secrets. */
static void
fill_credentials(const VaDriver *driver, VaProviderAccount *carrier)
{
	for (const VaAccountField *field = driver->credentials; field->name != NULL; field++)
		if (va_carrier_credential(carrier, field->name) == NULL && field->required &&
			carrier->ncredentials < VA_CARRIER_FIELDS_MAX)
			carrier->credentials[carrier->ncredentials++] = (VaNamedText){ field->name, "****" };
	if (carrier->nonce == NULL)
		carrier->nonce = "00000000000000000000000000000000";
}

/*
 * build_call_request(provider, call_order) -> jsonb
 * Exactly what the dialer would send for this order, with secrets masked.
 */
Datum
va_sql_build_call_request(PG_FUNCTION_ARGS)
{
	const VaDriver *driver = va_driver_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	char *json = jsonb_text(PG_GETARG_JSONB_P(1));
	VaArena arena = { 0 };
	VaCallOrder order;
	VaHttpRequest request;
	VaHttpRequest masked;
	const char *why;
	Jsonb *volatile result = NULL;

	PG_TRY();
	{
		if (!va_call_order_read(json, strlen(json), &arena, &order, &why))
			refuse("the call order is not valid", why);
		fill_credentials(driver, (VaProviderAccount *) order.carrier);
		if (!driver->converses)
			va_plan_answer(&order, &arena);
		if (!driver->build_call(&order, &arena, &request, &why))
			refuse("the call order is not valid", why);
		va_request_mask(&request, order.carrier, &arena, &masked);
		result = va_request_jsonb(&masked);
	}
	PG_FINALLY();
	{
		va_arena_free(&arena);
	}
	PG_END_TRY();
	PG_RETURN_JSONB_P(result);
}

/* template_variables(template) -> text[] */
Datum
va_sql_template_variables(PG_FUNCTION_ARGS)
{
	text *template = PG_GETARG_TEXT_PP(0);
	VaArena arena = { 0 };
	VaTemplateNames names;
	ArrayType *volatile result = NULL;

	PG_TRY();
	{
		Datum *texts;
		const char *why;

		if (!va_template_variables(&arena, VARDATA_ANY(template), VARSIZE_ANY_EXHDR(template), false, &names, &why))
			refuse("the variables of the template cannot be listed", why);
		texts = palloc(sizeof(Datum) * (names.count + 1));
		for (int i = 0; i < names.count; i++)
			texts[i] = CStringGetTextDatum(names.names[i]);
		result = construct_array(texts, names.count, TEXTOID, -1, false, TYPALIGN_INT);
	}
	PG_FINALLY();
	{
		va_arena_free(&arena);
	}
	PG_END_TRY();
	PG_RETURN_ARRAYTYPE_P(result);
}

/* fill_template(template, variables) -> text; PT422 naming the variables that have no value */
Datum
va_sql_fill_template(PG_FUNCTION_ARGS)
{
	text *template = PG_GETARG_TEXT_PP(0);
	char *json = jsonb_text(PG_GETARG_JSONB_P(1));
	VaArena arena = { 0 };
	json_t *volatile variables = NULL;
	text *volatile result = NULL;

	PG_TRY();
	{
		VaTemplateNames missing;
		const char *why;
		char *filled;

		variables = va_json_load(&arena, json, strlen(json), &why);
		if (!json_is_object(variables))
			refuse("the variables are not valid", variables == NULL ? why : "they must be a JSON object");
		filled = va_template_fill(
			&arena, VARDATA_ANY(template), VARSIZE_ANY_EXHDR(template), variables, &missing, &why);
		if (filled == NULL)
			refuse("the template cannot be filled", why);
		if (missing.count > 0)
		{
			const char *names = missing.names[0];

			for (int i = 1; i < missing.count; i++)
				names = psprintf("%s, %s", names, missing.names[i]);
			ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the template has variables without a value"),
							   errdetail("Without a value: %s.", names),
							   errhint("Give the values, or write {{ name | default: \"text\" }}.")));
		}
		result = cstring_to_text(filled);
	}
	PG_FINALLY();
	{
		json_decref(variables);
		va_arena_free(&arena);
	}
	PG_END_TRY();
	PG_RETURN_TEXT_P(result);
}
