/*
 * structs.c
 *		The drivers' structs from JSON, and back (contract in structs.h).
 */
#include "structs.h"

#include <stdlib.h>
#include <string.h>

typedef enum Type
{
	TEXT,
	JSON, /* a text that holds JSON: embedded */
	INT,
	INT64,
	BOOL,
	DOUBLE
} Type;

typedef struct Member
{
	const char *name; /* NULL ends a list */
	Type type;
	size_t offset;
} Member;

#define M(strct, field, type) { #field, type, offsetof(strct, field) }

static const Member lookup_order_members[] = {
	M(VaLookupOrder, provider_call_id, TEXT), M(VaLookupOrder, attempt_ref, TEXT),
	M(VaLookupOrder, from_number, TEXT),	  M(VaLookupOrder, to_number, TEXT),
	M(VaLookupOrder, created_from, INT64),	  M(VaLookupOrder, created_to, INT64),
	M(VaLookupOrder, limit, INT),			  M(VaLookupOrder, offset, INT),
	{ 0 },
};

static const Member provider_request_order_members[] = {
	M(VaProviderRequest, provider_call_id, TEXT), M(VaProviderRequest, control_url, TEXT),
	M(VaProviderRequest, attempt_ref, TEXT),	  M(VaProviderRequest, provider_request_ref, TEXT),
	M(VaProviderRequest, digits, TEXT),			  M(VaProviderRequest, reason, TEXT),
	M(VaProviderRequest, number, TEXT),			  M(VaProviderRequest, number_id, TEXT),
	M(VaProviderRequest, name, TEXT),			  M(VaProviderRequest, country, TEXT),
	M(VaProviderRequest, area_code, TEXT),		  M(VaProviderRequest, contains, TEXT),
	M(VaProviderRequest, limit, INT),			  M(VaProviderRequest, page, TEXT),
	M(VaProviderRequest, recording_url, TEXT),	  M(VaProviderRequest, server_url, TEXT),
	M(VaProviderRequest, other_provider, TEXT),	  M(VaProviderRequest, credential_id, TEXT),
	M(VaProviderRequest, carrier_assistant_id, TEXT), M(VaProviderRequest, kept_ref, TEXT),
	M(VaProviderRequest, kept_body, JSON),		  M(VaProviderRequest, created_from, TEXT),
	M(VaProviderRequest, from_number, TEXT),	  M(VaProviderRequest, text, TEXT),
	M(VaProviderRequest, facts, TEXT),			  M(VaProviderRequest, since, TEXT),
	M(VaProviderRequest, message_id, TEXT),
	M(VaProviderRequest, dlt_entity, TEXT),		  M(VaProviderRequest, dlt_template, TEXT),
	M(VaProviderRequest, dlt_header, TEXT),
	{ 0 },
};

static const Member answer_members[] = {
	M(VaAnswer, attempt_ref, TEXT), M(VaAnswer, text, TEXT),		 M(VaAnswer, language, TEXT),
	M(VaAnswer, voice, TEXT),		M(VaAnswer, media_url, TEXT),	 M(VaAnswer, stream_url, TEXT),
	M(VaAnswer, forward_to, TEXT),	M(VaAnswer, caller_id, TEXT),	 M(VaAnswer, status_url, TEXT),
	M(VaAnswer, ring_timeout_s, INT), M(VaAnswer, max_duration_s, INT), M(VaAnswer, record, BOOL),
	{ 0 },
};

static const Member outcome_members[] = {
	M(VaDialOutcome, provider_call_id, TEXT), M(VaDialOutcome, control_url, TEXT),
	M(VaDialOutcome, retry_after_s, INT64),	  M(VaDialOutcome, cause, TEXT),
	M(VaDialOutcome, message, TEXT),		  { 0 },
};

static const Member event_members[] = {
	M(VaEvent, event_key, TEXT),	   M(VaEvent, provider_call_id, TEXT),
	M(VaEvent, attempt_ref, TEXT),	   M(VaEvent, status, TEXT),
	M(VaEvent, cause, TEXT),		   M(VaEvent, cause_class, TEXT),
	M(VaEvent, occurred_at, INT64),	   M(VaEvent, created_at, INT64),
	M(VaEvent, answered_at, INT64),	   M(VaEvent, ended_at, INT64),
	M(VaEvent, has_duration, BOOL),	   M(VaEvent, duration_seconds, DOUBLE),
	M(VaEvent, cost, TEXT),			   M(VaEvent, cost_currency, TEXT),
	M(VaEvent, cost_breakdown, JSON),  M(VaEvent, machine, TEXT),
	M(VaEvent, machine_raw, TEXT),	   M(VaEvent, from_number, TEXT),
	M(VaEvent, to_number, TEXT),	   M(VaEvent, wants_answer, BOOL),
	M(VaEvent, summary, TEXT),		   M(VaEvent, transcript, TEXT),
	M(VaEvent, turns, JSON),		   M(VaEvent, recording_url, TEXT),
	M(VaEvent, stereo_recording_url, TEXT), M(VaEvent, structured_data, JSON),
	M(VaEvent, success_evaluation, TEXT), M(VaEvent, control_url, TEXT),
	M(VaEvent, details, JSON),		   { 0 },
};

static const Member lookup_members[] = {
	M(VaLookup, retry_after_s, INT64), M(VaLookup, message, TEXT), M(VaLookup, received, INT),
	M(VaLookup, unreadable, INT), M(VaLookup, oldest_created_at, INT64), { 0 },
};

static const Member reply_members[] = {
	M(VaProviderReply, retry_after_s, INT64), M(VaProviderReply, cause, TEXT),
	M(VaProviderReply, message, TEXT),		M(VaProviderReply, already, BOOL),
	M(VaProviderReply, account_ref, TEXT),	M(VaProviderReply, balance, TEXT),
	M(VaProviderReply, currency, TEXT),		M(VaProviderReply, cost, TEXT),
	M(VaProviderReply, next_page, TEXT),		M(VaProviderReply, number_id, TEXT),
	M(VaProviderReply, credential_id, TEXT),	M(VaProviderReply, recording_url, TEXT),
	M(VaProviderReply, content_type, TEXT),	{ 0 },
};

static const Member number_members[] = {
	M(VaCarrierNumber, number, TEXT), M(VaCarrierNumber, number_id, TEXT), M(VaCarrierNumber, name, TEXT),
	M(VaCarrierNumber, region, TEXT), M(VaCarrierNumber, monthly_cost, TEXT), M(VaCarrierNumber, currency, TEXT),
	{ 0 },
};

VaArena arena;

/* ---- members ---- */

static void
read_struct(const json_t *json, const Member *members, void *out)
{
	for (const Member *member = members; member->name != NULL; member++)
	{
		char *place = (char *) out + member->offset;
		const json_t *value = json_object_get(json, member->name);

		if (value == NULL || json_is_null(value))
			continue;
		switch (member->type)
		{
			case TEXT:
				if (json_is_string(value))
					*(const char **) place = va_arena_strdup(&arena, json_string_value(value));
				break;
			case JSON:
				*(const char **) place = va_json_text(&arena, value);
				break;
			case INT:
				*(int *) place = (int) json_number_value(value);
				break;
			case INT64:
				*(int64_t *) place = json_is_integer(value) ? json_integer_value(value) : (int64_t) json_number_value(value);
				break;
			case BOOL:
				*(bool *) place = json_is_true(value);
				break;
			case DOUBLE:
				*(double *) place = json_number_value(value);
				break;
		}
	}
}

void
set_text(json_t *object, const char *name, const char *text)
{
	const char *why;

	if (text == NULL)
		return;
	if (json_object_set_new(object, name, json_string(text)) != 0)
	{
		fprintf(stderr, "driver: %s is not UTF-8 (%s)\n", name, va_json_load(&arena, "", 0, &why) == NULL ? why : "");
		abort();
	}
}

/* What is NULL, 0 or false is left out. */
static json_t *
write_struct(json_t *object, const Member *members, const void *in)
{
	for (const Member *member = members; member->name != NULL; member++)
	{
		const char *place = (const char *) in + member->offset;
		const char *why;

		switch (member->type)
		{
			case TEXT:
				set_text(object, member->name, *(const char *const *) place);
				break;
			case JSON:
				if (*(const char *const *) place != NULL)
				{
					const char *text = *(const char *const *) place;

					json_object_set_new(object, member->name, va_json_load(&arena, text, strlen(text), &why));
				}
				break;
			case INT:
				if (*(const int *) place != 0)
					json_object_set_new(object, member->name, json_integer(*(const int *) place));
				break;
			case INT64:
				if (*(const int64_t *) place != 0)
					json_object_set_new(object, member->name, json_integer(*(const int64_t *) place));
				break;
			case BOOL:
				if (*(const bool *) place)
					json_object_set_new(object, member->name, json_true());
				break;
			case DOUBLE:
				if (*(const double *) place != 0)
					json_object_set_new(object, member->name, json_real(*(const double *) place));
				break;
		}
	}
	return object;
}

static int
read_texts(const json_t *json, VaNamedText *texts)
{
	const char *name;
	json_t *value;
	int n = 0;

	json_object_foreach((json_t *) json, name, value) if (n < VA_CARRIER_FIELDS_MAX && !json_is_object(value))
	{
		texts[n].name = va_arena_strdup(&arena, name);
		texts[n++].value = json_is_string(value) ? va_arena_strdup(&arena, json_string_value(value)) : va_json_text(&arena, value);
	}
	return n;
}

VaProviderAccount *
read_carrier(const json_t *json)
{
	VaProviderAccount *carrier = va_arena_alloc(&arena, sizeof(VaProviderAccount));

	carrier->base_url = va_arena_strdup(&arena, va_json_string(json, "base_url"));
	carrier->ncredentials = read_texts(json_object_get(json, "credentials"), carrier->credentials);
	carrier->nsettings = read_texts(json_object_get(json, "settings"), carrier->settings);
	carrier->now = json_integer_value(json_object_get(json, "now"));
	carrier->nonce = va_arena_strdup(&arena, va_json_string(json, "nonce"));
	if (carrier->now == 0)
		carrier->now = 1700000000;
	if (carrier->nonce == NULL)
		carrier->nonce = "0123456789abcdef0123456789abcdef";
	return carrier;
}

void
read_answer(const json_t *json, VaAnswer *answer)
{
	static const char *const kinds[] = { "say", "play", "stream", "forward", "reject", "converse" };
	const char *kind = va_json_string(json, "kind");
	const char *why;
	char *order;

	read_struct(json, answer_members, answer);
	for (size_t i = 0; kind != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kind, kinds[i]) == 0)
			answer->kind = (VaAnswerKind) i;
	if (answer->kind == VA_ANSWER_CONVERSE && (order = va_json_text(&arena, json_object_get(json, "order"))) != NULL)
	{
		VaCallOrder *read = va_arena_alloc(&arena, sizeof(VaCallOrder));

		if (va_call_order_read(order, strlen(order), &arena, read, &why))
			answer->order = read;
	}
}

VaProviderRequest
read_provider_request_order(const json_t *json)
{
	VaProviderRequest order = { 0 };
	const json_t *other = json_object_get(json, "other");

	read_struct(json, provider_request_order_members, &order);
	read_answer(json_object_get(json, "answer"), &order.answer);
	order.carrier = read_carrier(json_object_get(json, "carrier"));
	if (other != NULL)
		order.other = read_carrier(other);
	if (json_object_get(json, "assistant") != NULL)
	{
		/* As the order of a call has it. */
		const char *text = va_json_text(&arena, json);
		VaProviderRequest whole;
		const char *why;

		if (va_provider_request_order_read(text, strlen(text), &arena, &whole, &why))
			order.assistant = whole.assistant;
	}
	return order;
}

VaLookupOrder
read_lookup_order(const json_t *json)
{
	VaLookupOrder order = { 0 };

	read_struct(json, lookup_order_members, &order);
	order.carrier = read_carrier(json_object_get(json, "carrier"));
	return order;
}

void
read_event(const json_t *json, VaEvent *event)
{
	memset(event, 0, sizeof(*event));
	read_struct(json, event_members, event);
}

static const void *
read_body(const json_t *json, size_t *len)
{
	const json_t *encoded = json_object_get(json, "body_base64");
	const json_t *text = json_object_get(json, "body");
	unsigned char *bytes;

	*len = 0;
	if (json_is_string(encoded))
	{
		size_t size = json_string_length(encoded) + 1;

		bytes = va_arena_alloc(&arena, size);
		if (!va_base64_decode(json_string_value(encoded), json_string_length(encoded), bytes, size, len))
			fprintf(stderr, "driver: body_base64 is not base64\n");
		return bytes;
	}
	if (text != NULL && !json_is_string(text) && !json_is_null(text))
	{
		const char *dump = va_json_text(&arena, text);

		*len = strlen(dump);
		return dump;
	}
	*len = text == NULL ? 0 : json_string_length(text);
	return *len == 0 ? "" : va_arena_strndup(&arena, json_string_value(text), *len);
}

static const VaHeader *
read_headers(const json_t *json, int *n)
{
	size_t most = json_is_array(json) ? json_array_size(json) : json_object_size(json);
	VaHeader *headers = va_arena_alloc(&arena, sizeof(VaHeader) * (most + 1));
	const char *name;
	json_t *value;
	size_t i;

	*n = 0;
	json_array_foreach(json, i, value)
	{
		headers[*n].name = va_arena_strdup(&arena, json_string_value(json_array_get(value, 0)));
		headers[(*n)++].value = va_arena_strdup(&arena, json_string_value(json_array_get(value, 1)));
	}
	json_object_foreach((json_t *) json, name, value)
	{
		headers[*n].name = va_arena_strdup(&arena, name);
		headers[(*n)++].value = va_arena_strdup(&arena, json_string_value(value));
	}
	return headers;
}

void
read_response(const json_t *json, VaHttpResponse *response)
{
	memset(response, 0, sizeof(*response));
	response->status = (int) json_integer_value(json_object_get(json, "status"));
	response->sent = !json_is_false(json_object_get(json, "sent"));
	response->error = va_arena_strdup(&arena, va_json_string(json, "error"));
	response->headers = read_headers(json_object_get(json, "headers"), &response->nheaders);
	response->body = read_body(json, &response->body_len);
	response->now = 1700000000;
}

void
read_message(const json_t *json, VaSignedMessage *message)
{
	memset(message, 0, sizeof(*message));
	message->headers = read_headers(json_object_get(json, "headers"), &message->nheaders);
	message->body = read_body(json, &message->body_len);
	message->method = va_arena_strdup(&arena, va_json_string(json, "method"));
	message->url = va_arena_strdup(&arena, va_json_string(json, "url"));
	message->query = va_arena_strdup(&arena, va_json_string(json, "query"));
	message->peer = va_arena_strdup(&arena, va_json_string(json, "peer"));
}

/* ---- what drivers make ---- */

void
write_request(json_t *out, const VaHttpRequest *request)
{
	json_t *json = va_json_new_object();
	json_t *headers = va_json_new_object();

	set_text(json, "method", request->method);
	set_text(json, "url", request->url);
	for (int i = 0; i < request->nheaders; i++)
		set_text(headers, request->headers[i].name, request->headers[i].value);
	json_object_set_new(json, "headers", headers);
	set_text(json, "body", request->body);
	json_object_set_new(out, "request", json);
}

static json_t *
event_json(const VaEvent *event)
{
	json_t *json = va_json_new_object();

	set_text(json, "kind", va_event_kind_name(event->kind));
	return write_struct(json, event_members, event);
}

void
write_events(json_t *out, const VaEvents *events)
{
	json_t *list = json_array();

	for (int i = 0; i < events->count; i++)
		json_array_append_new(list, event_json(&events->items[i]));
	json_object_set_new(out, "events", list);
}

void
write_lookup(json_t *out, const VaLookup *lookup)
{
	static const char *const names[] = { "found", "not_found", "retry", "bad_account" };

	set_text(out, "kind", names[lookup->kind]);
	write_struct(out, lookup_members, lookup);
	write_events(out, &lookup->events);
}

void
write_outcome(json_t *out, const VaDialOutcome *outcome)
{
	set_text(out, "kind", va_dial_kind_name(outcome->kind));
	write_struct(out, outcome_members, outcome);
}

void
write_reply(json_t *out, const VaProviderReply *reply)
{
	set_text(out, "kind", va_dial_kind_name(reply->kind));
	write_struct(out, reply_members, reply);
	if (reply->nnumbers > 0)
	{
		json_t *list = json_array();

		for (int i = 0; i < reply->nnumbers; i++)
			json_array_append_new(list, write_struct(va_json_new_object(), number_members, &reply->numbers[i]));
		json_object_set_new(out, "numbers", list);
	}
}
