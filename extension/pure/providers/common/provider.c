/*-------------------------------------------------------------------------
 * provider.c
 *		The registry of drivers, and what all of them share.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "provider.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One line a carrier, in the order in which they are shown. */
#define DRIVERS(X) \
	X(sandbox)     \
	X(vapi)        \
	X(twilio)      \
	X(plivo)       \
	X(telnyx)      \
	X(vonage)      \
	X(exotel)      \
	X(asterisk)

#define DECLARE(carrier) extern const VaDriver va_driver_##carrier;
#define LIST(carrier) &va_driver_##carrier,

DRIVERS(DECLARE)

static const VaDriver *const drivers[] = { DRIVERS(LIST) };

#define DRIVER_COUNT ((int) (sizeof(drivers) / sizeof(drivers[0])))

const VaDriver *
va_driver(const char *name)
{
	for (int i = 0; name != NULL && i < DRIVER_COUNT; i++)
		if (strcmp(name, drivers[i]->name) == 0)
			return drivers[i];
	return NULL;
}

const VaDriver *
va_driver_at(int position)
{
	return position >= 0 && position < DRIVER_COUNT ? drivers[position] : NULL;
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
va_carrier_credential(const VaProviderAccount *carrier, const char *name)
{
	return carrier == NULL ? NULL : named_text(carrier->credentials, carrier->ncredentials, name);
}

const char *
va_carrier_setting(const VaProviderAccount *carrier, const char *name)
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
va_carrier_pack_settings(const VaProviderAccount *carrier, size_t *len)
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
va_carrier_unpack_settings(const char *bytes, size_t len, VaProviderAccount *carrier)
{
	const char *from = bytes;
	VaNamedText setting;

	memset(carrier, 0, sizeof(*carrier));
	/* No bytes need no address. */
	if (len == 0)
		return;
	while (carrier->nsettings < VA_CARRIER_FIELDS_MAX && (setting.name = next_text(&from, bytes + len)) != NULL &&
		   (setting.value = next_text(&from, bytes + len)) != NULL)
		carrier->settings[carrier->nsettings++] = setting;
}

const char *
va_dial_kind_name(VaDialKind kind)
{
	static const char *const names[] = {
		[VA_DIAL_ACCEPTED] = "accepted",
		[VA_DIAL_REFUSED_PERMANENT] = "refused_permanent",
		[VA_DIAL_REFUSED_RETRY] = "refused_retry",
		[VA_DIAL_RATE_LIMITED] = "rate_limited",
		[VA_DIAL_BAD_ACCOUNT] = "bad_account",
		[VA_DIAL_UNKNOWN] = "unknown",
	};

	return names[kind];
}

const char *
va_event_kind_name(VaEventKind kind)
{
	static const char *const names[] = {
		[VA_EVENT_STATUS] = "status",
		[VA_EVENT_REPORT] = "report",
		[VA_EVENT_TRANSCRIPT] = "transcript",
		[VA_EVENT_TOOL_CALLS] = "tool_calls",
		[VA_EVENT_MACHINE] = "machine",
		[VA_EVENT_RECORDING] = "recording",
		[VA_EVENT_COST] = "cost",
		[VA_EVENT_SPOKEN] = "spoken",
		[VA_EVENT_UNTAKEN] = "untaken",
		[VA_EVENT_STREAM] = "stream",
		[VA_EVENT_SILENT] = "silent",
		[VA_EVENT_KEY] = "key",
		[VA_EVENT_INCOMING] = "incoming",
		[VA_EVENT_TEXT] = "text",
		[VA_EVENT_HINT] = "hint",
		[VA_EVENT_OTHER] = "other",
	};

	return names[kind];
}

const char *
va_provider_request_name(VaProviderRequestKind kind)
{
	static const char *const names[VA_PROVIDER_REQUEST_KINDS] = {
		[VA_REQUEST_CHECK_ACCOUNT] = "check_account",
		[VA_REQUEST_BALANCE] = "balance",
		[VA_REQUEST_HANGUP] = "hangup",
		[VA_REQUEST_TRANSFER] = "transfer",
		[VA_REQUEST_SAY] = "say",
		[VA_REQUEST_PLAY] = "play",
		[VA_REQUEST_SEND_DTMF] = "send_dtmf",
		[VA_REQUEST_ANSWER] = "answer",
		[VA_REQUEST_LIMIT] = "limit",
		[VA_REQUEST_CHECK_PLAYBACK] = "check_playback",
		[VA_REQUEST_STREAM] = "stream",
		[VA_REQUEST_END_STREAM] = "end_stream",
		[VA_REQUEST_RECORD] = "record",
		[VA_REQUEST_FETCH_RECORDING] = "fetch_recording",
		[VA_REQUEST_FETCH_COST] = "fetch_cost",
		[VA_REQUEST_LIST_NUMBERS] = "list_numbers",
		[VA_REQUEST_SEARCH_NUMBERS] = "search_numbers",
		[VA_REQUEST_BUY_NUMBER] = "buy_number",
		[VA_REQUEST_RELEASE_NUMBER] = "release_number",
		[VA_REQUEST_CONFIGURE_NUMBER] = "configure_number",
		[VA_REQUEST_CREATE_CREDENTIAL] = "create_credential",
		[VA_REQUEST_CREATE_NUMBER] = "create_number",
		[VA_REQUEST_LIST_VOICES] = "list_voices",
		[VA_REQUEST_CREATE_ASSISTANT] = "create_assistant",
		[VA_REQUEST_UPDATE_ASSISTANT] = "update_assistant",
		[VA_REQUEST_FETCH_ASSISTANT] = "fetch_assistant",
		[VA_REQUEST_FIND_ASSISTANT] = "find_assistant",
		[VA_REQUEST_DELETE_ASSISTANT] = "delete_assistant",
		[VA_REQUEST_SEND_TEXT] = "send_text",
		[VA_REQUEST_FETCH_TEXT] = "fetch_text",
		[VA_REQUEST_LOOKUP_NUMBER] = "lookup_number",
	};

	return kind >= 0 && kind < VA_PROVIDER_REQUEST_KINDS ? names[kind] : NULL;
}

VaMachineDetection
va_machine_detection(const char *word)
{
	if (word == NULL || strcmp(word, "off") == 0)
		return VA_MACHINE_OFF;
	return strcmp(word, "message") == 0 ? VA_MACHINE_MESSAGE : VA_MACHINE_DETECT;
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
		/* Its words stay: one that may be an opt-out counts until the carrier has been asked. */
		if (event->kind == VA_EVENT_TEXT)
		{
			event->status = "hint";
			event->cause = NULL;
			continue;
		}
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
mask_credentials(VaArena *arena, const VaProviderAccount *carrier, const char *text)
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

/* A header that is a credential of the account's, whatever it is called, or holds one. */
static const char *
mask_header(VaArena *arena, const VaProviderAccount *carrier, const VaHeader *header)
{
	if (strcasecmp(header->name, "authorization") == 0)
		return mask_authorization(header->value);
	for (int i = 0; carrier != NULL && i < carrier->ncredentials; i++)
		if (carrier->credentials[i].value != NULL && strcmp(carrier->credentials[i].value, header->value) == 0)
			return "****";
	return mask_credentials(arena, carrier, header->value);
}

void
va_request_mask(const VaHttpRequest *request, const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *masked)
{
	const char *why;
	json_t *body;

	*masked = *request;
	masked->url = mask_credentials(arena, carrier, request->url);
	for (int i = 0; i < masked->nheaders; i++)
		masked->headers[i].value = mask_header(arena, carrier, &masked->headers[i]);
	if (request->body == NULL)
		return;
	body = va_json_load(arena, request->body, request->body_len, &why);
	mask_headers(body);
	masked->body = mask_credentials(arena, carrier, body != NULL ? va_json_text(arena, body) : request->body);
	masked->body_len = masked->body == NULL ? 0 : strlen(masked->body);
	json_decref(body);
}
