/*-------------------------------------------------------------------------
 * orders.c
 *		A driver's input, from JSON: orders of calls and provider requests,
 *		answers, the settings of an account.
 *
 * Members that are not known are passed over; one of a wrong type is refused
 * by its name.
 *
 * Pure: no backend, no locks, no global state.
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

/* A member that is a text, by its own name. */
#define TEXT(reader, of, member) of->member = order_text(reader, json, #member)

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
	TEXT(reader, assistant, name), TEXT(reader, assistant, first_message), TEXT(reader, assistant, system_prompt),
		TEXT(reader, assistant, voice), TEXT(reader, assistant, model), TEXT(reader, assistant, language);
	assistant->settings = order_object(reader, json, "settings");
}

/* The words in a call, by whom and to whom; the same in a dial and in an answer. */
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
	TEXT(reader, answer, attempt_ref), TEXT(reader, answer, text), TEXT(reader, answer, language),
		TEXT(reader, answer, voice), TEXT(reader, answer, media_url), TEXT(reader, answer, stream_url),
		TEXT(reader, answer, forward_to), TEXT(reader, answer, caller_id), TEXT(reader, answer, whisper),
		TEXT(reader, answer, untaken), TEXT(reader, answer, status_url), TEXT(reader, answer, opt_out_key),
		TEXT(reader, answer, listens_for);
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
	TEXT(&reader, order, provider_call_id), TEXT(&reader, order, control_url), TEXT(&reader, order, attempt_ref),
		TEXT(&reader, order, provider_request_ref), TEXT(&reader, order, playback_ref), TEXT(&reader, order, digits),
		TEXT(&reader, order, reason), TEXT(&reader, order, number), TEXT(&reader, order, number_id),
		TEXT(&reader, order, name), TEXT(&reader, order, country), TEXT(&reader, order, area_code),
		TEXT(&reader, order, contains), TEXT(&reader, order, page), TEXT(&reader, order, recording_url),
		TEXT(&reader, order, server_url), TEXT(&reader, order, fallback_number), TEXT(&reader, order, credential_id),
		TEXT(&reader, order, carrier_assistant_id), TEXT(&reader, order, kept_ref), TEXT(&reader, order, created_from),
		TEXT(&reader, order, facts), TEXT(&reader, order, since), TEXT(&reader, order, dlt_entity),
		TEXT(&reader, order, dlt_template), TEXT(&reader, order, dlt_header), TEXT(&reader, order, from_number),
		TEXT(&reader, order, text), TEXT(&reader, order, message_id);
	read_answer(&reader, json_object_get(json, "answer"), &order->answer);
	order->limit = order_seconds(&reader, json, "limit");
	order->webhook_headers = order_object(&reader, json, "webhook_headers");
	read_assistant(&reader, json_object_get(json, "assistant"), &order->assistant);
	order->kept_body = order_object(&reader, json, "kept_body");
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
	TEXT(&reader, order, from_number), TEXT(&reader, order, from_number_id), TEXT(&reader, order, disclosure),
		TEXT(&reader, order, opt_out_key), TEXT(&reader, order, to_number), TEXT(&reader, order, to_extension),
		TEXT(&reader, order, attempt_ref), TEXT(&reader, order, server_url);
	read_conversation(&reader, json, order);
	order->webhook_headers = order_object(&reader, json, "webhook_headers");
	order->ring_timeout_s = order_seconds(&reader, json, "ring_timeout_s");
	order->machine_detection = va_machine_detection(order_text(&reader, json, "machine_detection"));
	order->kept = order_object(&reader, json, "kept");
	order->answer.attempt_ref = order->attempt_ref;
	return close_reader(&reader, json, why);
}
