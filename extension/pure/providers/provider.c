/*-------------------------------------------------------------------------
 * provider.c
 *		The registry of dialects, and what all of them share.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "provider.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One line a carrier, in the order in which they are shown. */
#define DIALECTS(X)                                                                                          \
	X(sandbox)                                                                                               \
	X(vapi)                                                                                                  \
	X(twilio)                                                                                                \
	X(plivo)                                                                                                 \
	X(telnyx)                                                                                                \
	X(vonage)                                                                                                \
	X(exotel)                                                                                                \
	X(asterisk)

#define DECLARE(carrier) extern const VaDialect va_dialect_##carrier;
#define LIST(carrier) &va_dialect_##carrier,

DIALECTS(DECLARE)

static const VaDialect *const dialects[] = { DIALECTS(LIST) };

#define DIALECT_COUNT ((int) (sizeof(dialects) / sizeof(dialects[0])))

const VaDialect *
va_dialect(const char *name)
{
	for (int i = 0; name != NULL && i < DIALECT_COUNT; i++)
		if (strcmp(name, dialects[i]->name) == 0)
			return dialects[i];
	return NULL;
}

const VaDialect *
va_dialect_at(int position)
{
	return position >= 0 && position < DIALECT_COUNT ? dialects[position] : NULL;
}

static const char *
named_text(const VaNamedText *texts, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(texts[i].name, name) == 0)
			return texts[i].value != NULL && texts[i].value[0] != '\0' ? texts[i].value : NULL;
	return NULL;
}

const char *
va_carrier_credential(const VaCarrier *carrier, const char *name)
{
	return carrier == NULL ? NULL : named_text(carrier->credentials, carrier->ncredentials, name);
}

const char *
va_carrier_setting(const VaCarrier *carrier, const char *name)
{
	return carrier == NULL ? NULL : named_text(carrier->settings, carrier->nsettings, name);
}

/* Without an end: what is no whole name and value is no setting. */
static const char *
next_text(const char **from, const char *end)
{
	const char *text = *from;
	const char *nul = text < end ? memchr(text, '\0', (size_t) (end - text)) : NULL;

	if (nul == NULL)
		return NULL;
	*from = nul + 1;
	return text;
}

char *
va_carrier_pack_settings(const VaCarrier *carrier, size_t *len)
{
	char *bytes;
	char *to;

	*len = 0;
	for (int i = 0; i < carrier->nsettings; i++)
		if (carrier->settings[i].value != NULL)
			*len += strlen(carrier->settings[i].name) + strlen(carrier->settings[i].value) + 2;
	to = bytes = malloc(*len + 1);
	for (int i = 0; bytes != NULL && i < carrier->nsettings; i++)
		if (carrier->settings[i].value != NULL)
		{
			to = stpcpy(to, carrier->settings[i].name) + 1;
			to = stpcpy(to, carrier->settings[i].value) + 1;
		}
	return bytes;
}

void
va_carrier_unpack_settings(const char *bytes, size_t len, VaCarrier *carrier)
{
	const char *from = bytes;
	VaNamedText setting;

	memset(carrier, 0, sizeof(*carrier));
	while (carrier->nsettings < VA_CARRIER_FIELDS_MAX && (setting.name = next_text(&from, bytes + len)) != NULL &&
		   (setting.value = next_text(&from, bytes + len)) != NULL)
		carrier->settings[carrier->nsettings++] = setting;
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
		case VA_EVENT_MACHINE:
			return "machine";
		case VA_EVENT_RECORDING:
			return "recording";
		case VA_EVENT_COST:
			return "cost";
		case VA_EVENT_SPOKEN:
			return "spoken";
		case VA_EVENT_INCOMING:
			return "incoming";
		case VA_EVENT_HINT:
			return "hint";
		case VA_EVENT_OTHER:
			return "other";
	}
	return "other";
}

const char *
va_errand_name(VaErrandKind kind)
{
	static const char *const names[VA_ERRAND_KINDS] = {
		[VA_ERRAND_CHECK_ACCOUNT] = "check_account",
		[VA_ERRAND_BALANCE] = "balance",
		[VA_ERRAND_HANGUP] = "hangup",
		[VA_ERRAND_TRANSFER] = "transfer",
		[VA_ERRAND_SAY] = "say",
		[VA_ERRAND_PLAY] = "play",
		[VA_ERRAND_SEND_DTMF] = "send_dtmf",
		[VA_ERRAND_ANSWER] = "answer",
		[VA_ERRAND_STREAM] = "stream",
		[VA_ERRAND_RECORD] = "record",
		[VA_ERRAND_FETCH_RECORDING] = "fetch_recording",
		[VA_ERRAND_FETCH_COST] = "fetch_cost",
		[VA_ERRAND_LIST_NUMBERS] = "list_numbers",
		[VA_ERRAND_SEARCH_NUMBERS] = "search_numbers",
		[VA_ERRAND_BUY_NUMBER] = "buy_number",
		[VA_ERRAND_RELEASE_NUMBER] = "release_number",
		[VA_ERRAND_CONFIGURE_NUMBER] = "configure_number",
		[VA_ERRAND_CREATE_CREDENTIAL] = "create_credential",
		[VA_ERRAND_CREATE_NUMBER] = "create_number",
	};

	return kind >= 0 && kind < VA_ERRAND_KINDS ? names[kind] : NULL;
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
	VaCarrier *carrier = va_arena_alloc(reader->arena, sizeof(VaCarrier));

	if (carrier == NULL)
		return;
	if (json != NULL && !json_is_object(json))
		reader->why = "carrier must be an object";
	carrier->base_url = order_text(reader, json, "base_url");
	carrier->nonce = order_text(reader, json, "nonce");
	carrier->ncredentials =
		order_texts(reader, json_object_get(json, "credentials"), "credentials", carrier->credentials);
	carrier->nsettings = order_texts(reader, json_object_get(json, "settings"), "settings", carrier->settings);
	order->carrier = carrier;
}

bool
va_carrier_read_settings(const char *text, size_t len, VaArena *arena, VaCarrier *carrier, const char **why)
{
	OrderReader reader = { arena, NULL };
	json_t *json;

	memset(carrier, 0, sizeof(*carrier));
	*why = NULL;
	json = va_json_load(arena, text, len, why);
	if (json == NULL)
		return false;
	carrier->nsettings = order_texts(&reader, json, "settings", carrier->settings);
	json_decref(json);
	*why = arena->oom ? "out of memory" : reader.why;
	return *why == NULL;
}

static void
read_answer(OrderReader *reader, const json_t *json, VaAnswer *answer)
{
	static const char *const kinds[] = { "say", "play", "stream", "forward", "reject" };
	const size_t n = sizeof(kinds) / sizeof(kinds[0]);
	const char *kind = order_text(reader, json, "kind");
	size_t i = 0;

	while (kind != NULL && i < n && strcmp(kind, kinds[i]) != 0)
		i++;
	if (i == n)
		reader->why = "answer.kind must be say, play, stream, forward or reject";
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
	answer->status_url = order_text(reader, json, "status_url");
	answer->ring_timeout_s = order_seconds(reader, json, "ring_timeout_s");
	answer->max_duration_s = order_seconds(reader, json, "max_duration_s");
	answer->record = json_is_true(json_object_get(json, "record"));
}

bool
va_answer_read(const char *text, size_t len, VaArena *arena, VaAnswer *answer, const char **why)
{
	OrderReader reader = { arena, NULL };
	json_t *json;

	memset(answer, 0, sizeof(*answer));
	*why = NULL;
	json = va_json_load(arena, text, len, why);
	if (json == NULL)
		return false;
	if (json_is_object(json))
		read_answer(&reader, json, answer);
	else
		reader.why = "an answer must be an object";
	json_decref(json);
	*why = arena->oom ? "out of memory" : reader.why;
	return *why == NULL;
}

bool
va_errand_order_read(const char *text, size_t len, VaArena *arena, VaErrandOrder *order, const char **why)
{
	OrderReader reader = { arena, NULL };
	json_t *json;

	memset(order, 0, sizeof(*order));
	*why = NULL;
	json = va_json_load(arena, text, len, why);
	if (json == NULL)
		return false;
	if (!json_is_object(json))
		reader.why = "an errand's order must be an object";
	order->provider_call_id = order_text(&reader, json, "provider_call_id");
	order->control_url = order_text(&reader, json, "control_url");
	order->attempt_ref = order_text(&reader, json, "attempt_ref");
	order->errand_ref = order_text(&reader, json, "errand_ref");
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
	order->credential_id = order_text(&reader, json, "credential_id");
	if (order->answer.attempt_ref == NULL)
		order->answer.attempt_ref = order->attempt_ref;
	json_decref(json);
	*why = arena->oom ? "out of memory" : reader.why;
	return *why == NULL;
}

VaMachineDetection
va_machine_detection(const char *word)
{
	if (word == NULL || strcmp(word, "off") == 0)
		return VA_MACHINE_OFF;
	return strcmp(word, "message") == 0 ? VA_MACHINE_MESSAGE : VA_MACHINE_DETECT;
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

	read_carrier(&reader, json_object_get(json, "carrier"), order);
	read_answer(&reader, json_object_get(json, "answer"), &order->answer);
	order->from_number = order_text(&reader, json, "from_number");
	order->from_number_id = order_text(&reader, json, "from_number_id");
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
	order->webhook_headers = order_object(&reader, json, "webhook_headers");
	order->ring_timeout_s = order_seconds(&reader, json, "ring_timeout_s");
	order->max_duration_s = order_seconds(&reader, json, "max_duration_s");
	order->record = json_is_true(json_object_get(json, "record"));
	order->machine_detection = va_machine_detection(order_text(&reader, json, "machine_detection"));
	order->answer.attempt_ref = order->attempt_ref;
	json_decref(json);
	if (arena->oom)
		reader.why = "out of memory";
	*why = reader.why;
	return reader.why == NULL;
}

void
va_events_unproven(VaEvents *events)
{
	for (int i = 0; i < events->count; i++)
	{
		VaEvent *event = &events->items[i];
		VaEvent hint = { .kind = VA_EVENT_HINT };

		if (event->kind == VA_EVENT_INCOMING || event->kind == VA_EVENT_OTHER)
			continue;
		hint.event_key = event->event_key;
		hint.provider_call_id = event->provider_call_id;
		hint.attempt_ref = event->attempt_ref;
		hint.occurred_at = event->occurred_at;
		hint.from_number = event->from_number;
		hint.to_number = event->to_number;
		hint.wants_answer = event->wants_answer;
		if (event->status != NULL && strcmp(event->status, "initiated") == 0)
			hint.status = "initiated";
		else if (event->status != NULL && strcmp(event->status, "ringing") == 0)
			hint.status = "ringing";
		*event = hint;
	}
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

/* text with every occurrence of a credential as "****"; short ones are no secrets, and would mask too much. */
static const char *
mask_credentials(VaArena *arena, const VaCarrier *carrier, const char *text)
{
	for (int i = 0; carrier != NULL && text != NULL && i < carrier->ncredentials; i++)
	{
		const char *secret = carrier->credentials[i].value;
		VaBuffer buffer = { 0 };
		const char *found;

		if (secret == NULL || strlen(secret) < 6 || strstr(text, secret) == NULL)
			continue;
		for (; (found = strstr(text, secret)) != NULL; text = found + strlen(secret))
		{
			va_buffer_add(&buffer, text, (size_t) (found - text));
			va_buffer_add(&buffer, "****", 4);
		}
		va_buffer_add(&buffer, text, strlen(text));
		text = va_buffer_finish(&buffer, arena);
	}
	return text;
}

static const char *
mask_authorization(const char *value)
{
	if (strncmp(value, "Bearer ", 7) == 0)
		return "Bearer ****";
	return strncmp(value, "Basic ", 6) == 0 ? "Basic ****" : "****";
}

void
va_request_mask(const VaHttpRequest *request, const VaCarrier *carrier, VaArena *arena, VaHttpRequest *masked)
{
	const char *why;
	json_t *body;

	*masked = *request;
	masked->url = mask_credentials(arena, carrier, request->url);
	for (int i = 0; i < masked->nheaders; i++)
		if (strcasecmp(masked->headers[i].name, "authorization") == 0)
			masked->headers[i].value = mask_authorization(masked->headers[i].value);
	if (request->body == NULL)
		return;
	body = va_json_load(arena, request->body, request->body_len, &why);
	mask_headers(body);
	masked->body = mask_credentials(arena, carrier, body != NULL ? va_json_text(arena, body) : request->body);
	masked->body_len = masked->body == NULL ? 0 : strlen(masked->body);
	json_decref(body);
}
