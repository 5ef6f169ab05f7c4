/*-------------------------------------------------------------------------
 * vapi_carrier.c
 *		The carrier's side of Vapi's driver: read an order, write answers and
 *		webhooks.
 *
 * Pure: no backend, no locks, no global state.  Nothing here decides what a
 * call does; it only speaks.
 */
#include "vapi_carrier.h"

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
		(order->server_url != NULL && !va_url_parse(order->server_url, strlen(order->server_url), &url, why)))
		return false;
	json_object_foreach(va_json_object(server, "headers"), name, value)
	{
		if (!json_is_string(value) || strpbrk(name, "\r\n:") != NULL ||
			strpbrk(json_string_value(value), "\r\n") != NULL ||
			order->nserver_headers == (int) (sizeof(order->server_headers) / sizeof(VaHeader)))
			return va_refuse(why, "server.headers must be at most 16 texts of one line");
		order->server_headers[order->nserver_headers++] = (VaHeader){ va_arena_strdup(arena, name),
			va_arena_strdup(arena, json_string_value(value)) };
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

/* Extra values to read, beside the common ones. */
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

	if (!read_server(assistant, arena, order, why) ||
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

static const char *
time_text(int64_t ms, VaArena *arena)
{
	return ms == 0 ? NULL : va_time_text(arena, ms);
}

static json_t *
money(const char *decimal)
{
	return decimal == NULL ? NULL : json_real(strtod(decimal, NULL));
}

/* A JSON text as a member; what is no JSON is left out. */
static json_t *
load(const char *text, VaArena *arena)
{
	const char *why;

	return text == NULL ? NULL : va_json_load(arena, text, strlen(text), &why);
}

static json_t *
customer_object(const VaCarrierCall *call)
{
	return json_pack(
		"{s:s*,s:s*,s:s*}", "number", call->number, "name", call->customer_name, "externalId", call->external_id);
}

static json_t *
artifact_object(const VaCarrierCall *call, VaArena *arena)
{
	json_t *messages = json_array();
	VaBuffer transcript = { 0 };
	const char *written;

	for (int i = 0; i < call->nmessages; i++)
	{
		const VaCarrierMessage *message = &call->messages[i];
		bool bot = strcmp(message->role, "bot") == 0;

		json_array_append_new(
			messages, json_pack("{s:s,s:s,s:I,s:I,s:f,s:f}", "role", message->role, "message", message->text, "time",
						  (json_int_t) message->at, "endTime", (json_int_t) message->ends_at, "secondsFromStart",
						  message->seconds_from_start, "duration", message->duration * 1000));
		if (bot || strcmp(message->role, "user") == 0)
			va_buffer_printf(&transcript, "%s: %s\n", bot ? "AI" : "User", message->text);
	}
	written = va_buffer_finish(&transcript, arena);
	return json_pack("{s:o,s:s*,s:s*,s:s*,s:o*}", "messages", messages, "transcript",
		written == NULL || written[0] == '\0' ? NULL : written, "recordingUrl", call->recording_url,
		"stereoRecordingUrl", call->stereo_recording_url, "variableValues", load(call->variable_values, arena));
}

/* The facts of a call that is over. */
static void
add_end(json_t *object, const VaCarrierCall *call, VaArena *arena)
{
	json_t *breakdown = call->cost == NULL
							? NULL
							: json_pack("{s:o*,s:o*,s:o*,s:o*,s:o*}", "transport", money(call->cost_transport), "llm",
								  money(call->cost_model), "tts", money(call->cost_voice), "stt",
								  money(call->cost_transcriber), "total", money(call->cost));

	json_object_update_new(object,
		json_pack("{s:s*,s:s*,s:s*,s:o*,s:o*,s:o,s:{s:s*,s:o*,s:s*}}", "startedAt", time_text(call->started_at, arena),
			"endedAt", time_text(call->ended_at, arena), "endedReason", call->ended_reason, "cost", money(call->cost),
			"costBreakdown", breakdown, "artifact", artifact_object(call, arena), "analysis", "summary", call->summary,
			"structuredData", load(call->structured_data, arena), "successEvaluation", call->success_evaluation));
	/* The times of a sped-up call do not show its length. */
	if (call->started_at != 0 && call->duration_s > 0)
		json_object_set_new(object, "durationSeconds", json_real(call->duration_s));
}

/* The call without what only an ended one has (full = with it). */
static json_t *
call_object(const VaCarrierCall *call, bool full, VaArena *arena)
{
	int64_t updated_at = call->updated_at != 0 ? call->updated_at : call->created_at;
	json_t *object = json_pack("{s:s*,s:s,s:s,s:s*,s:s*,s:s*,s:o,s:{s:o*,s:o*},s:{s:s*},s:s*,s:s*,s:s*}", "id",
		call->id, "orgId", "sandbox", "type", "outboundPhoneCall", "status", call->status, "name", call->name,
		"phoneNumberId", call->phone_number_id, "customer", customer_object(call), "assistantOverrides", "metadata",
		load(call->metadata, arena), "variableValues", load(call->variable_values, arena), "monitor", "controlUrl",
		call->control_url, "createdAt", time_text(call->created_at, arena), "updatedAt", time_text(updated_at, arena),
		"startedAt", time_text(call->started_at, arena));

	if (full && call->ended_reason != NULL)
		add_end(object, call, arena);
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
va_carrier_list_body(const VaCarrierCall *calls, int ncalls, VaArena *arena)
{
	json_t *list = json_array();

	for (int i = 0; i < ncalls; i++)
		json_array_append_new(list, call_object(&calls[i], true, arena));
	return finish(list, arena);
}

char *
va_carrier_status_body(const VaCarrierCall *call, const char *status, int64_t timestamp, VaArena *arena)
{
	bool ended = strcmp(status, "ended") == 0;
	json_t *object = call_object(call, false, arena);

	json_object_set_new(object, "status", json_string(status));
	if (!ended && strcmp(status, "in-progress") != 0 && strcmp(status, "forwarding") != 0)
		json_object_del(object, "startedAt"); /* a late one is as it was when it happened */
	return finish(json_pack("{s:{s:s,s:s,s:I,s:s*,s:o,s:o}}", "message", "type", "status-update", "status", status,
					  "timestamp", (json_int_t) timestamp, "endedReason", ended ? call->ended_reason : NULL, "call",
					  object, "customer", customer_object(call)),
		arena);
}

char *
va_carrier_report_body(const VaCarrierCall *call, int64_t timestamp, VaArena *arena)
{
	json_t *message = json_pack("{s:s,s:I,s:o,s:o}", "type", "end-of-call-report", "timestamp", (json_int_t) timestamp,
		"call", call_object(call, false, arena), "customer", customer_object(call));

	add_end(message, call, arena);
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
