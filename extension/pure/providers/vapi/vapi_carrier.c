/*-------------------------------------------------------------------------
 * vapi_carrier.c
 *		The carrier's side of Vapi's driver: read an order, write answers and
 *		webhooks.
 *
 * Pure: no backend, no locks, no global state.  Nothing here decides what a
 * call does; it only speaks.
 *-------------------------------------------------------------------------
 */
#include "vapi_carrier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/providers/common/analysis.h"
#include "pure/text/template.h"
#include "pure/net/url.h"
#include "vapi_internal.h"

#define MAX_DURATION_DEFAULT 600

/* ---- an incoming order ---- */

/* A text member within its limit; false when it is another type or too long. */
static bool
limited_text(
	const json_t *object, const char *key, size_t max_bytes, const char **out, VaArena *arena, const char **why)
{
	const json_t *value = json_object_get(object, key);

	*out = NULL;
	if (value == NULL || json_is_null(value))
		return true;
	if (!json_is_string(value) || json_string_length(value) > max_bytes)
		return va_refuse(why, va_arena_printf(arena, "%s must be a string of at most %zu bytes", key, max_bytes));
	*out = va_arena_strdup(arena, json_string_value(value));
	return true;
}

static bool
read_server(const json_t *assistant, VaArena *arena, VaCarrierOrder *order, const char **why)
{
	const json_t *server = va_json_object(assistant, "server");
	const char *name;
	json_t *value;
	VaUrl url;

	if (!limited_text(server, "url", VA_URL_MAX_LEN, &order->server_url, arena, why) ||
		!limited_text(server, "credentialId", 200, &order->credential_id, arena, why))
		return false;
	if (order->server_url != NULL && !va_url_parse(order->server_url, strlen(order->server_url), &url, why))
		return false;
	json_object_foreach(va_json_object(server, "headers"), name, value)
	{
		VaHeader *header = &order->server_headers[order->nserver_headers];

		if (!json_is_string(value) || strpbrk(name, "\r\n:") != NULL ||
			strpbrk(json_string_value(value), "\r\n") != NULL)
			return va_refuse(why, "server.headers must be texts of one line");
		if (order->nserver_headers == (int) (sizeof(order->server_headers) / sizeof(VaHeader)))
			return va_refuse(why, "server.headers are too many");
		header->name = va_arena_strdup(arena, name);
		header->value = va_arena_strdup(arena, json_string_value(value));
		order->nserver_headers++;
	}
	return true;
}

/* A prompt's text as the lead hears it. */
static bool
fill(const char *text, const json_t *variables, const char **filled, VaArena *arena, const char **why)
{
	*filled = text == NULL ? NULL : va_template_fill(arena, text, strlen(text), variables, NULL, why);
	return text == NULL || *filled != NULL;
}

/* What is asked for beside what everybody asks for. */
static const char *
read_extraction(const json_t *assistant, VaArena *arena)
{
	json_t *everybodys = va_analysis_schema(NULL);
	const json_t *plan = va_json_object(va_json_object(assistant, "analysisPlan"), "structuredDataPlan");
	json_t *asked = json_copy(va_json_object(va_json_object(plan, "schema"), "properties"));
	const char *text, *name;
	json_t *usual;

	/* A field of the assistant's own may have the name of a usual one. */
	json_object_foreach(json_object_get(everybodys, "properties"), name, usual)
	{
		if (json_equal(json_object_get(asked, name), usual))
			json_object_del(asked, name);
	}
	json_decref(everybodys);
	text = json_object_size(asked) == 0 ? NULL : va_json_text(arena, asked);
	json_decref(asked);
	return text;
}

static bool
read_assistant(
	const json_t *assistant, const json_t *overrides, VaArena *arena, VaCarrierOrder *order, const char **why)
{
	const json_t *messages = va_json_array(va_json_object(assistant, "model"), "messages");
	const json_t *variables = va_json_object(overrides, "variableValues");
	const json_t *transports = va_json_array(overrides, "transportConfigurations");
	double number;

	if (!limited_text(assistant, "name", 160, &order->assistant_name, arena, why) ||
		!read_server(assistant, arena, order, why) ||
		!fill(va_json_string(assistant, "firstMessage"), variables, &order->first_message, arena, why) ||
		!fill(va_json_string(json_array_get(messages, 0), "content"), variables, &order->system_prompt, arena, why))
		return false;
	order->max_duration_s = MAX_DURATION_DEFAULT;
	if (va_json_number(assistant, "maxDurationSeconds", &number))
	{
		if (!(number >= 10 && number <= 43200))
			return va_refuse(why, "maxDurationSeconds must be from 10 to 43200");
		order->max_duration_s = number;
	}
	if (va_json_number(json_array_get(transports, 0), "timeout", &number) && number >= 1 && number <= 600)
		order->ring_timeout_s = (int) number;
	order->record = json_is_true(json_object_get(va_json_object(assistant, "artifactPlan"), "recordingEnabled"));
	order->extraction = read_extraction(assistant, arena);
	order->variable_values = variables != NULL ? va_json_text(arena, variables) : "{}";
	return true;
}

bool
va_carrier_read_order(const void *body, size_t len, VaArena *arena, VaCarrierOrder *order, const char **why)
{
	json_t *root;
	const json_t *customer;
	const json_t *overrides;
	const json_t *metadata;
	bool good = false;

	memset(order, 0, sizeof(*order));
	*why = NULL;
	root = va_json_load(arena, body, len, why);
	if (root == NULL)
		return false;
	customer = va_json_object(root, "customer");
	overrides = va_json_object(root, "assistantOverrides");
	metadata = va_json_object(overrides, "metadata");
	if (!limited_text(root, "name", 160, &order->name, arena, why) ||
		!limited_text(root, "phoneNumberId", 200, &order->phone_number_id, arena, why) ||
		!limited_text(customer, "number", 40, &order->number, arena, why) ||
		!limited_text(customer, "name", 160, &order->customer_name, arena, why) ||
		!limited_text(customer, "externalId", 160, &order->external_id, arena, why) ||
		!limited_text(customer, "extension", 10, &order->extension, arena, why) ||
		!limited_text(metadata, "attempt", 160, &order->attempt, arena, why))
		;
	else if (order->number == NULL || strlen(order->number) < 3)
		*why = "customer.number must be a string of 3 to 40 characters";
	else if (va_json_object(root, "assistant") == NULL)
		*why = "assistant is missing";
	else
		good = read_assistant(va_json_object(root, "assistant"), overrides, arena, order, why);
	order->metadata = metadata != NULL ? va_json_text(arena, metadata) : "{}";
	json_decref(root);
	if (arena->oom)
	{
		*why = "out of memory";
		good = false;
	}
	return good;
}

/* ---- what the carrier says ---- */

static void
set_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL)
		json_object_set_new(object, key, json_string(text));
}

static void
set_time(json_t *object, const char *key, int64_t ms, VaArena *arena)
{
	if (ms != 0)
		set_text(object, key, va_time_text(arena, ms));
}

static void
set_money(json_t *object, const char *key, const char *decimal)
{
	if (decimal != NULL)
		json_object_set_new(object, key, json_real(strtod(decimal, NULL)));
}

/* A JSON text as a member; what is no JSON is left out. */
static void
set_json(json_t *object, const char *key, const char *text, VaArena *arena)
{
	const char *why;
	json_t *value = text == NULL ? NULL : va_json_load(arena, text, strlen(text), &why);

	if (value != NULL)
		json_object_set_new(object, key, value);
}

static json_t *
customer_object(const VaCarrierCall *call)
{
	json_t *customer = va_json_new_object();

	set_text(customer, "number", call->number);
	set_text(customer, "name", call->customer_name);
	set_text(customer, "externalId", call->external_id);
	return customer;
}

static json_t *
artifact_object(const VaCarrierCall *call, VaArena *arena)
{
	json_t *artifact = va_json_new_object();
	json_t *messages = json_array();
	size_t size = 1;
	char *transcript;
	char *end;

	for (int i = 0; i < call->nmessages; i++)
	{
		const VaCarrierMessage *message = &call->messages[i];
		json_t *item = va_json_new_object();

		set_text(item, "role", message->role);
		set_text(item, "message", message->text);
		json_object_set_new(item, "time", json_integer(message->at));
		json_object_set_new(item, "endTime", json_integer(message->ends_at));
		json_object_set_new(item, "secondsFromStart", json_real(message->seconds_from_start));
		json_object_set_new(item, "duration", json_real(message->duration * 1000));
		json_array_append_new(messages, item);
		size += strlen(message->text) + sizeof("User: \n");
	}
	json_object_set_new(artifact, "messages", messages);

	transcript = end = va_arena_alloc(arena, size);
	for (int i = 0; transcript != NULL && i < call->nmessages; i++)
	{
		const char *role = call->messages[i].role;

		if (strcmp(role, "bot") == 0 || strcmp(role, "user") == 0)
			end += snprintf(end, size - (size_t) (end - transcript), "%s: %s\n",
				strcmp(role, "bot") == 0 ? "AI" : "User", call->messages[i].text);
	}
	if (end != transcript)
		set_text(artifact, "transcript", transcript);
	set_text(artifact, "recordingUrl", call->recording_url);
	set_text(artifact, "stereoRecordingUrl", call->stereo_recording_url);
	set_json(artifact, "variableValues", call->variable_values, arena);
	return artifact;
}

static json_t *
analysis_object(const VaCarrierCall *call, VaArena *arena)
{
	json_t *analysis = va_json_new_object();

	set_text(analysis, "summary", call->summary);
	set_json(analysis, "structuredData", call->structured_data, arena);
	set_text(analysis, "successEvaluation", call->success_evaluation);
	return analysis;
}

static void
set_costs(json_t *object, const VaCarrierCall *call)
{
	json_t *breakdown;

	if (call->cost == NULL)
		return;
	set_money(object, "cost", call->cost);
	breakdown = va_json_new_object();
	set_money(breakdown, "transport", call->cost_transport);
	set_money(breakdown, "llm", call->cost_model);
	set_money(breakdown, "tts", call->cost_voice);
	set_money(breakdown, "stt", call->cost_transcriber);
	set_money(breakdown, "total", call->cost);
	json_object_set_new(object, "costBreakdown", breakdown);
}

/* What the times do not say of a call that runs faster than it tells. */
static void
set_duration(json_t *object, const VaCarrierCall *call)
{
	if (call->started_at != 0 && call->duration_s > 0)
		json_object_set_new(object, "durationSeconds", json_real(call->duration_s));
}

/* The call without what only an ended one has (full = with it). */
static json_t *
call_object(const VaCarrierCall *call, bool full, VaArena *arena)
{
	json_t *object = va_json_new_object();
	json_t *overrides = va_json_new_object();

	set_text(object, "id", call->id);
	set_text(object, "orgId", call->org_id != NULL ? call->org_id : "sandbox");
	set_text(object, "type", "outboundPhoneCall");
	set_text(object, "status", call->status);
	set_text(object, "name", call->name);
	set_text(object, "phoneNumberId", call->phone_number_id);
	json_object_set_new(object, "customer", customer_object(call));
	set_json(overrides, "metadata", call->metadata, arena);
	set_json(overrides, "variableValues", call->variable_values, arena);
	json_object_set_new(object, "assistantOverrides", overrides);
	if (call->control_url != NULL)
		json_object_set_new(object, "monitor", json_pack("{s:s}", "controlUrl", call->control_url));
	set_time(object, "createdAt", call->created_at, arena);
	set_time(object, "updatedAt", call->updated_at != 0 ? call->updated_at : call->created_at, arena);
	set_time(object, "startedAt", call->started_at, arena);
	if (full && call->ended_reason != NULL)
	{
		set_time(object, "endedAt", call->ended_at, arena);
		set_duration(object, call);
		set_text(object, "endedReason", call->ended_reason);
		set_costs(object, call);
		json_object_set_new(object, "artifact", artifact_object(call, arena));
		json_object_set_new(object, "analysis", analysis_object(call, arena));
	}
	return object;
}

static char *
finish(json_t *json, VaArena *arena)
{
	char *text = va_json_text(arena, json);

	json_decref(json);
	return text;
}

char *
va_carrier_call_body(const VaCarrierCall *call, VaArena *arena)
{
	return finish(call_object(call, true, arena), arena);
}

char *
va_carrier_list_body(const VaCarrierCall *const *calls, int ncalls, VaArena *arena)
{
	json_t *list = json_array();

	for (int i = 0; i < ncalls; i++)
		json_array_append_new(list, call_object(calls[i], true, arena));
	return finish(list, arena);
}

char *
va_carrier_status_body(const VaCarrierCall *call, const char *status, int64_t timestamp, VaArena *arena)
{
	json_t *message = json_pack(
		"{s:s,s:s,s:I}", "type", "status-update", "status", status, "timestamp", (json_int_t) timestamp);
	json_t *object = call_object(call, false, arena);

	set_text(object, "status", status);
	if (strcmp(status, "ended") == 0)
		set_text(message, "endedReason", call->ended_reason);
	else if (strcmp(status, "in-progress") != 0 && strcmp(status, "forwarding") != 0)
		json_object_del(object, "startedAt"); /* a late one is as it was when it happened */
	json_object_set_new(message, "call", object);
	json_object_set_new(message, "customer", customer_object(call));
	return finish(json_pack("{s:o}", "message", message), arena);
}

char *
va_carrier_report_body(const VaCarrierCall *call, int64_t timestamp, VaArena *arena)
{
	json_t *message = json_pack("{s:s,s:I}", "type", "end-of-call-report", "timestamp", (json_int_t) timestamp);

	set_text(message, "endedReason", call->ended_reason);
	set_time(message, "startedAt", call->started_at, arena);
	set_time(message, "endedAt", call->ended_at, arena);
	set_duration(message, call);
	set_costs(message, call);
	json_object_set_new(message, "artifact", artifact_object(call, arena));
	json_object_set_new(message, "analysis", analysis_object(call, arena));
	json_object_set_new(message, "call", call_object(call, false, arena));
	json_object_set_new(message, "customer", customer_object(call));
	return finish(json_pack("{s:o}", "message", message), arena);
}

char *
va_carrier_error_body(int status, const char *message, VaArena *arena)
{
	const char *error = status == 401	? "Unauthorized"
						: status == 404 ? "Not Found"
						: status == 429 ? "Too Many Requests"
						: status >= 500 ? "Internal Server Error"
										: "Bad Request";

	return finish(json_pack("{s:i,s:s,s:s}", "statusCode", status, "message", message, "error", error), arena);
}
