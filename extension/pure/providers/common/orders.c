/*-------------------------------------------------------------------------
 * orders.c
 *		What a driver is asked for, from JSON: orders of calls and provider requests,
 *		answers, the settings of an account.
 *
 * Members that are not known are passed over; one of a wrong type is refused
 * by its name.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "provider.h"

#include <string.h>

/* The most that a duration may be: more than 11 days is a mistake. */
#define SECONDS_MAX 1000000

typedef struct OrderReader
{
	VaArena *arena;
	const char *why; /* the first thing that is wrong */
} OrderReader;

/* NULL: it is no JSON, and *why says so. */
static json_t *
open_reader(OrderReader *reader, const char *text, size_t len, const char **why)
{
	*why = NULL;
	return va_json_load(reader->arena, text, len, why);
}

/* True when all that was read is well. */
static bool
close_reader(OrderReader *reader, json_t *json, const char **why)
{
	json_decref(json);
	*why = reader->arena->oom ? "out of memory" : reader->why;
	return *why == NULL;
}

/* NULL: it is not given.  One of another type is what is wrong, and not given either. */
static const json_t *
order_value(
	OrderReader *reader, const json_t *json, const char *key, bool (*is_right)(const json_t *), const char *what)
{
	const json_t *value = json_object_get(json, key);

	if (value == NULL || json_is_null(value))
		return NULL;
	if (is_right(value))
		return value;
	if (reader->why == NULL)
		reader->why = va_arena_printf(reader->arena, "%s must be %s", key, what);
	return NULL;
}

static bool
is_string(const json_t *value)
{
	return json_is_string(value);
}

static bool
is_object(const json_t *value)
{
	return json_is_object(value);
}

static bool
is_seconds(const json_t *value)
{
	return json_is_number(value) && json_number_value(value) >= 0 && json_number_value(value) <= SECONDS_MAX;
}

static const char *
order_text(OrderReader *reader, const json_t *json, const char *key)
{
	const json_t *value = order_value(reader, json, key, is_string, "a string");

	return value != NULL ? va_arena_strdup(reader->arena, json_string_value(value)) : NULL;
}

static const char *
order_object(OrderReader *reader, const json_t *json, const char *key)
{
	const json_t *value = order_value(reader, json, key, is_object, "an object");

	return value != NULL ? va_json_text(reader->arena, value) : NULL;
}

static int
order_seconds(OrderReader *reader, const json_t *json, const char *key)
{
	return (int) json_number_value(order_value(reader, json, key, is_seconds, "a number of seconds"));
}

/* The members of an object that are scalars, as text. */
static int
order_texts(OrderReader *reader, const json_t *json, const char *what, VaNamedText *texts)
{
	const char *key;
	json_t *value;
	int n = 0;

	if (json != NULL && !json_is_null(json) && !json_is_object(json) && reader->why == NULL)
		reader->why = va_arena_printf(reader->arena, "%s must be an object", what);
	json_object_foreach((json_t *) json, key, value)
	{
		if (json_is_object(value) || json_is_array(value) || json_is_null(value))
			continue;
		if (n == VA_CARRIER_FIELDS_MAX)
		{
			reader->why = va_arena_printf(reader->arena, "%s has too many members", what);
			break;
		}
		texts[n].name = va_arena_strdup(reader->arena, key);
		texts[n++].value = json_is_string(value) ? va_arena_strdup(reader->arena, json_string_value(value))
												 : va_json_text(reader->arena, value);
	}
	return n;
}

static void
read_carrier(OrderReader *reader, const json_t *json, VaCallOrder *order)
{
	VaProviderAccount *carrier = va_arena_alloc(reader->arena, sizeof(VaProviderAccount));

	if (carrier == NULL)
		return;
	if (json != NULL && !json_is_object(json))
		reader->why = "carrier must be an object";
	carrier->base_url = order_text(reader, json, "base_url");
	carrier->nonce = order_text(reader, json, "nonce");
	carrier->ncredentials = order_texts(
		reader, json_object_get(json, "credentials"), "credentials", carrier->credentials);
	carrier->nsettings = order_texts(reader, json_object_get(json, "settings"), "settings", carrier->settings);
	order->carrier = carrier;
}

bool
va_carrier_read_settings(const char *text, size_t len, VaArena *arena, VaProviderAccount *carrier, const char **why)
{
	OrderReader reader = { arena, NULL };
	json_t *json = open_reader(&reader, text, len, why);

	memset(carrier, 0, sizeof(*carrier));
	if (json == NULL)
		return false;
	carrier->nsettings = order_texts(&reader, json, "settings", carrier->settings);
	return close_reader(&reader, json, why);
}

static void
read_assistant(OrderReader *reader, const json_t *json, VaAssistant *assistant)
{
	if (json != NULL && !json_is_object(json))
		reader->why = "assistant must be an object";
	assistant->name = order_text(reader, json, "name");
	assistant->first_message = order_text(reader, json, "first_message");
	assistant->system_prompt = order_text(reader, json, "system_prompt");
	assistant->voice = order_text(reader, json, "voice");
	assistant->model = order_text(reader, json, "model");
	assistant->language = order_text(reader, json, "language");
	assistant->settings = order_object(reader, json, "settings");
}

/* What is said in a call, by whom and to whom; the same in a dial and in an answer. */
static void
read_conversation(OrderReader *reader, const json_t *json, VaCallOrder *order)
{
	read_assistant(reader, json_object_get(json, "assistant"), &order->assistant);
	order->variables = order_object(reader, json, "variables");
	order->customer_name = order_text(reader, json, "customer_name");
	order->max_duration_s = order_seconds(reader, json, "max_duration_s");
	order->record = json_is_true(json_object_get(json, "record"));
}

static const char *const answer_kinds[] = {
	[VA_ANSWER_SAY] = "say",
	[VA_ANSWER_PLAY] = "play",
	[VA_ANSWER_STREAM] = "stream",
	[VA_ANSWER_FORWARD] = "forward",
	[VA_ANSWER_REJECT] = "reject",
	[VA_ANSWER_CONVERSE] = "converse",
};

const char *
va_answer_kind_name(VaAnswerKind kind)
{
	return answer_kinds[kind];
}

static void
read_answer(OrderReader *reader, const json_t *json, VaAnswer *answer)
{
	const size_t n = sizeof(answer_kinds) / sizeof(answer_kinds[0]);
	const char *kind = order_text(reader, json, "kind");
	size_t i = 0;

	while (kind != NULL && i < n && strcmp(kind, answer_kinds[i]) != 0)
		i++;
	if (i == n)
		reader->why = "answer.kind must be say, play, stream, forward, reject or converse";
	else
		answer->kind = (VaAnswerKind) i;
	answer->attempt_ref = order_text(reader, json, "attempt_ref");
	answer->text = order_text(reader, json, "text");
	answer->language = order_text(reader, json, "language");
	answer->voice = order_text(reader, json, "voice");
	answer->media_url = order_text(reader, json, "media_url");
	answer->stream_url = order_text(reader, json, "stream_url");
	answer->forward_to = order_text(reader, json, "forward_to");
	answer->caller_id = order_text(reader, json, "caller_id");
	answer->whisper = order_text(reader, json, "whisper");
	answer->status_url = order_text(reader, json, "status_url");
	answer->opt_out_key = order_text(reader, json, "opt_out_key");
	answer->listens_for = order_text(reader, json, "listens_for");
	answer->ring_timeout_s = order_seconds(reader, json, "ring_timeout_s");
	answer->max_duration_s = order_seconds(reader, json, "max_duration_s");
	answer->record = json_is_true(json_object_get(json, "record"));
	answer->returns = json_is_true(json_object_get(json, "returns")) ? 1 : 0;
	answer->goes_on = json_is_true(json_object_get(json, "goes_on"));
	if (answer->kind == VA_ANSWER_CONVERSE)
	{
		VaCallOrder *order = va_arena_alloc(reader->arena, sizeof(VaCallOrder));

		if (order == NULL)
			return;
		read_conversation(reader, json, order);
		answer->order = order;
	}
}

bool
va_answer_read(const char *text, size_t len, VaArena *arena, VaAnswer *answer, const char **why)
{
	OrderReader reader = { arena, NULL };
	json_t *json = open_reader(&reader, text, len, why);

	memset(answer, 0, sizeof(*answer));
	if (json == NULL)
		return false;
	if (json_is_object(json))
		read_answer(&reader, json, answer);
	else
		reader.why = "an answer must be an object";
	return close_reader(&reader, json, why);
}

bool
va_provider_request_order_read(const char *text, size_t len, VaArena *arena, VaProviderRequest *order, const char **why)
{
	OrderReader reader = { arena, NULL };
	json_t *json = open_reader(&reader, text, len, why);

	memset(order, 0, sizeof(*order));
	if (json == NULL)
		return false;
	if (!json_is_object(json))
		reader.why = "a provider request's order must be an object";
	order->provider_call_id = order_text(&reader, json, "provider_call_id");
	order->control_url = order_text(&reader, json, "control_url");
	order->attempt_ref = order_text(&reader, json, "attempt_ref");
	order->provider_request_ref = order_text(&reader, json, "provider_request_ref");
	order->playback_ref = order_text(&reader, json, "playback_ref");
	read_answer(&reader, json_object_get(json, "answer"), &order->answer);
	order->digits = order_text(&reader, json, "digits");
	order->reason = order_text(&reader, json, "reason");
	order->number = order_text(&reader, json, "number");
	order->number_id = order_text(&reader, json, "number_id");
	order->name = order_text(&reader, json, "name");
	order->country = order_text(&reader, json, "country");
	order->area_code = order_text(&reader, json, "area_code");
	order->contains = order_text(&reader, json, "contains");
	order->limit = order_seconds(&reader, json, "limit");
	order->page = order_text(&reader, json, "page");
	order->recording_url = order_text(&reader, json, "recording_url");
	order->server_url = order_text(&reader, json, "server_url");
	order->webhook_headers = order_object(&reader, json, "webhook_headers");
	order->fallback_number = order_text(&reader, json, "fallback_number");
	order->credential_id = order_text(&reader, json, "credential_id");
	read_assistant(&reader, json_object_get(json, "assistant"), &order->assistant);
	order->carrier_assistant_id = order_text(&reader, json, "carrier_assistant_id");
	order->kept_ref = order_text(&reader, json, "kept_ref");
	order->kept_body = order_object(&reader, json, "kept_body");
	order->created_from = order_text(&reader, json, "created_from");
	order->facts = order_text(&reader, json, "facts");
	order->since = order_text(&reader, json, "since");
	order->dlt_entity = order_text(&reader, json, "dlt_entity");
	order->dlt_template = order_text(&reader, json, "dlt_template");
	order->dlt_header = order_text(&reader, json, "dlt_header");
	order->from_number = order_text(&reader, json, "from_number");
	order->text = order_text(&reader, json, "text");
	order->message_id = order_text(&reader, json, "message_id");
	if (order->answer.attempt_ref == NULL)
		order->answer.attempt_ref = order->attempt_ref;
	return close_reader(&reader, json, why);
}

bool
va_call_order_read(const char *text, size_t len, VaArena *arena, VaCallOrder *order, const char **why)
{
	OrderReader reader = { arena, NULL };
	json_t *json = open_reader(&reader, text, len, why);

	memset(order, 0, sizeof(*order));
	if (json == NULL)
		return false;
	if (!json_is_object(json))
		reader.why = "a call order must be an object";
	read_carrier(&reader, json_object_get(json, "carrier"), order);
	read_answer(&reader, json_object_get(json, "answer"), &order->answer);
	order->from_number = order_text(&reader, json, "from_number");
	order->from_number_id = order_text(&reader, json, "from_number_id");
	read_conversation(&reader, json, order);
	order->disclosure = order_text(&reader, json, "disclosure");
	order->opt_out_key = order_text(&reader, json, "opt_out_key");
	order->to_number = order_text(&reader, json, "to_number");
	order->to_extension = order_text(&reader, json, "to_extension");
	order->attempt_ref = order_text(&reader, json, "attempt_ref");
	order->server_url = order_text(&reader, json, "server_url");
	order->webhook_headers = order_object(&reader, json, "webhook_headers");
	order->ring_timeout_s = order_seconds(&reader, json, "ring_timeout_s");
	order->machine_detection = va_machine_detection(order_text(&reader, json, "machine_detection"));
	order->kept = order_object(&reader, json, "kept");
	order->answer.attempt_ref = order->attempt_ref;
	return close_reader(&reader, json, why);
}
