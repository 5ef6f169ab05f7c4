/*-------------------------------------------------------------------------
 * provider.c
 *		The registry of dialects, and what all of them share.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "provider.h"

#include <string.h>
#include <strings.h>

#include "vapi_internal.h"

const VaDialect *
va_dialect(const char *name)
{
	static const VaDialect *const dialects[] = { &va_dialect_vapi, &va_dialect_sandbox };

	for (size_t i = 0; name != NULL && i < sizeof(dialects) / sizeof(dialects[0]); i++)
		if (strcmp(name, dialects[i]->name) == 0)
			return dialects[i];
	return NULL;
}

const char *
va_dial_kind_name(VaDialKind kind)
{
	switch (kind)
	{
		case VA_DIAL_ACCEPTED:
			return "accepted";
		case VA_DIAL_REFUSED_PERMANENT:
			return "refused_permanent";
		case VA_DIAL_REFUSED_RETRY:
			return "refused_retry";
		case VA_DIAL_RATE_LIMITED:
			return "rate_limited";
		case VA_DIAL_BAD_ACCOUNT:
			return "bad_account";
		case VA_DIAL_UNKNOWN:
			return "unknown";
	}
	return "unknown";
}

const char *
va_event_kind_name(VaEventKind kind)
{
	switch (kind)
	{
		case VA_EVENT_STATUS:
			return "status";
		case VA_EVENT_REPORT:
			return "report";
		case VA_EVENT_TRANSCRIPT:
			return "transcript";
		case VA_EVENT_TOOL_CALLS:
			return "tool_calls";
		case VA_EVENT_OTHER:
			return "other";
	}
	return "other";
}

/* ---- a call order from JSON ---- */

typedef struct OrderReader
{
	VaArena *arena;
	const char *why; /* the first thing that is wrong */
} OrderReader;

static const char *
order_text(OrderReader *reader, const json_t *json, const char *key)
{
	const json_t *value = json_object_get(json, key);

	if (value == NULL || json_is_null(value))
		return NULL;
	if (!json_is_string(value))
	{
		if (reader->why == NULL)
			reader->why = va_arena_printf(reader->arena, "%s must be a string", key);
		return NULL;
	}
	return va_arena_strdup(reader->arena, json_string_value(value));
}

static const char *
order_object(OrderReader *reader, const json_t *json, const char *key)
{
	const json_t *value = json_object_get(json, key);

	if (value == NULL || json_is_null(value))
		return NULL;
	if (!json_is_object(value))
	{
		if (reader->why == NULL)
			reader->why = va_arena_printf(reader->arena, "%s must be an object", key);
		return NULL;
	}
	return va_json_text(reader->arena, value);
}

static int
order_seconds(OrderReader *reader, const json_t *json, const char *key)
{
	const json_t *value = json_object_get(json, key);
	double number = json_number_value(value);

	if (value == NULL || json_is_null(value))
		return 0;
	if (!json_is_number(value) || !(number >= 0 && number <= 1000000))
	{
		if (reader->why == NULL)
			reader->why = va_arena_printf(reader->arena, "%s must be a number of seconds", key);
		return 0;
	}
	return (int) number;
}

bool
va_call_order_read(const char *text, size_t len, VaArena *arena, VaCallOrder *order, const char **why)
{
	OrderReader reader = { arena, NULL };
	json_t *json;
	const json_t *assistant;

	memset(order, 0, sizeof(*order));
	*why = NULL;
	json = va_json_load(arena, text, len, why);
	if (json == NULL)
		return false;
	if (!json_is_object(json))
		reader.why = "a call order must be an object";
	assistant = json_object_get(json, "assistant");
	if (assistant != NULL && !json_is_object(assistant))
		reader.why = "assistant must be an object";

	order->base_url = order_text(&reader, json, "base_url");
	order->api_key = order_text(&reader, json, "api_key");
	order->phone_number_id = order_text(&reader, json, "phone_number_id");
	order->assistant.name = order_text(&reader, assistant, "name");
	order->assistant.first_message = order_text(&reader, assistant, "first_message");
	order->assistant.system_prompt = order_text(&reader, assistant, "system_prompt");
	order->assistant.voice = order_text(&reader, assistant, "voice");
	order->assistant.model = order_text(&reader, assistant, "model");
	order->assistant.language = order_text(&reader, assistant, "language");
	order->assistant.settings = order_object(&reader, assistant, "settings");
	order->variables = order_object(&reader, json, "variables");
	order->to_number = order_text(&reader, json, "to_number");
	order->to_extension = order_text(&reader, json, "to_extension");
	order->customer_name = order_text(&reader, json, "customer_name");
	order->attempt_ref = order_text(&reader, json, "attempt_ref");
	order->server_url = order_text(&reader, json, "server_url");
	order->webhook_credential_id = order_text(&reader, json, "webhook_credential_id");
	order->webhook_headers = order_object(&reader, json, "webhook_headers");
	order->ring_timeout_s = order_seconds(&reader, json, "ring_timeout_s");
	order->max_duration_s = order_seconds(&reader, json, "max_duration_s");
	order->record = json_is_true(json_object_get(json, "record"));
	order->voicemail_detection = order_text(&reader, json, "voicemail_detection");
	json_decref(json);
	if (arena->oom)
		reader.why = "out of memory";
	*why = reader.why;
	return reader.why == NULL;
}

/* ---- masking ---- */

static void
mask_headers(json_t *json)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_array(json))
		json_array_foreach(json, i, value) mask_headers(value);
	json_object_foreach(json, key, value)
	{
		const char *inner;
		json_t *secret;

		if (strcmp(key, "headers") != 0 || !json_is_object(value))
			mask_headers(value);
		else
			json_object_foreach(value, inner, secret) json_object_set_new(value, inner, json_string("****"));
	}
}

void
va_request_mask(const VaHttpRequest *request, VaArena *arena, VaHttpRequest *masked)
{
	const char *why;
	json_t *body;

	*masked = *request;
	for (int i = 0; i < masked->nheaders; i++)
		if (strcasecmp(masked->headers[i].name, "authorization") == 0)
			masked->headers[i].value =
				strncmp(masked->headers[i].value, "Bearer ", 7) == 0 ? "Bearer ****" : "****";
	if (request->body == NULL)
		return;
	body = va_json_load(arena, request->body, request->body_len, &why);
	mask_headers(body);
	masked->body = va_json_text(arena, body);
	masked->body_len = masked->body == NULL ? 0 : strlen(masked->body);
	json_decref(body);
}
