/*-------------------------------------------------------------------------
 * drivers.h
 *		What tests of a carrier's driver share: requests as text, replies,
 *		webhooks, and that nothing a carrier may send upsets it.  Include it
 *		in the one file of a test program.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_UNIT_DRIVERS_H
#define VOICEAGENT_UNIT_DRIVERS_H

#include "pure/text/form.h"
#include "pure/providers/common/provider.h"

#include "tap.h"

static VaArena arena;
static const char *why;

static inline VaHttpResponse
reply_of(int status, const char *body)
{
	return (VaHttpResponse){
		.status = status, .sent = true, .body = body, .body_len = body == NULL ? 0 : strlen(body), .now = 1700000000
	};
}

/* Arrays in arrays around it. */
static inline const char *
nested(int depth, const char *inner)
{
	VaBuffer buffer = { 0 };

	for (int i = 0; i < depth; i++)
		va_buffer_add(&buffer, "[", 1);
	va_buffer_add(&buffer, inner, strlen(inner));
	for (int i = 0; i < depth; i++)
		va_buffer_add(&buffer, "]", 1);
	return va_buffer_finish(&buffer, &arena);
}

/* A member of a JSON text by path, as JSON text; NULL when it is not there. */
static inline const char *
at(const char *text, const char *path)
{
	json_t *root = text == NULL ? NULL : va_json_load(&arena, text, strlen(text), &why);
	json_t *json = root;
	char copy[256];
	char *save;
	const char *result;

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *part = strtok_r(copy, "/", &save); part != NULL; part = strtok_r(NULL, "/", &save))
		json = json_is_array(json) ? json_array_get(json, (size_t) atoi(part)) : json_object_get(json, part);
	result = va_json_text(&arena, json);
	json_decref(root);
	return result;
}

/* "METHOD URL", the Authorization header, the body with a field of a form on each line. */
static inline const char *
request_text(const VaHttpRequest *request)
{
	const char *type = va_header_find(request->headers, request->nheaders, "content-type");
	const char *authorization = va_header_find(request->headers, request->nheaders, "authorization");
	VaBuffer buffer = { 0 };
	VaForm form;
	const char *error;

	va_buffer_printf(&buffer, "%s %s\n", request->method, request->url);
	if (authorization != NULL)
		va_buffer_printf(&buffer, "%s\n", authorization);
	if (request->body != NULL && type != NULL && strcmp(type, "application/x-www-form-urlencoded") == 0)
	{
		va_form_read(request->body, request->body_len, false, &arena, &form, &error);
		for (int i = 0; i < form.count; i++)
			va_buffer_printf(&buffer, "%s=%s\n", form.fields[i].name, form.fields[i].value);
	}
	else if (request->body != NULL)
		va_buffer_printf(&buffer, "%s\n", request->body);
	return va_buffer_finish(&buffer, &arena);
}

#define is_request(built, request, expected, ...) is_str((built) ? request_text(request) : why, expected, __VA_ARGS__)

/* "METHOD URL body" of a request, or its refusal. */
static inline const char *
request_line(bool built, const VaHttpRequest *request)
{
	if (!built)
		return va_arena_printf(&arena, "refused: %s", why);
	return va_arena_printf(&arena, "%s %s%s%s", request->method, request->url, request->body != NULL ? " " : "",
						   request->body != NULL ? request->body : "");
}

static inline const char *
call_line(const VaDriver *driver, const VaCallOrder *order)
{
	VaHttpRequest request;

	return request_line(driver->build_call(order, &arena, &request, &why), &request);
}

static inline const char *
provider_request_line(const VaDriver *driver, VaProviderRequestKind kind, const VaProviderRequest *order)
{
	VaHttpRequest request;

	return request_line(driver->provider_requests[kind].build(order, &arena, &request, &why), &request);
}

static inline VaProviderReply
provider_reply(const VaDriver *driver, VaProviderRequestKind kind, const VaProviderRequest *order, int status, const char *body)
{
	VaHttpResponse response = reply_of(status, body);
	VaProviderReply reply;

	driver->provider_requests[kind].read(order, &response, &arena, &reply);
	return reply;
}

static inline VaDialOutcome
dial_outcome(const VaDriver *driver, int status, const char *body)
{
	VaHttpResponse response = reply_of(status, body);
	VaDialOutcome outcome;

	driver->read_call_response(&response, &arena, &outcome);
	return outcome;
}

/* What an answer says of one call, or a list of calls. */
static inline VaLookup
looked_up(const VaDriver *driver, int status, const char *body, bool list)
{
	VaHttpResponse response = reply_of(status, body);
	VaLookup lookup;

	if (list)
		driver->read_list_response(&response, &arena, &lookup);
	else
		driver->read_lookup_response(&response, &arena, &lookup);
	return lookup;
}

/* One event of a webhook; NULL with why. */
static inline const VaEvent *
event_of(const VaDriver *driver, const char *query, const char *body)
{
	VaSignedMessage message = { .body = body, .body_len = strlen(body), .query = query };
	VaEvents events;

	return driver->read_webhook(&message, &arena, &events, &why) && events.count > 0 ? &events.items[0] : NULL;
}

static inline VaSignedMessage
posted(const char *query, const char *body)
{
	return (VaSignedMessage){ .method = "POST", .query = query, .body = body, .body_len = strlen(body) };
}

/* An event on one line: what counts of it. */
static inline const char *
event_text(const VaEvent *event)
{
	VaBuffer buffer = { 0 };

	va_buffer_printf(&buffer, "%s", va_event_kind_name(event->kind));
#define SHOW(field)                                                                                          \
	if (event->field != NULL)                                                                                \
	va_buffer_printf(&buffer, " " #field "=%s", event->field)
	SHOW(status);
	SHOW(cause_class);
	SHOW(cause);
	SHOW(attempt_ref);
	SHOW(machine);
	SHOW(cost);
	SHOW(cost_currency);
	SHOW(recording_url);
#undef SHOW
	if (event->key != NULL)
		va_buffer_printf(&buffer, " pressed=%s", event->key);
	if (event->has_duration)
		va_buffer_printf(&buffer, " seconds=%g", event->duration_seconds);
	if (event->answered_at != 0)
		va_buffer_printf(&buffer, " answered=%lld", (long long) event->answered_at);
	if (event->ended_at != 0)
		va_buffer_printf(&buffer, " ended=%lld", (long long) event->ended_at);
	if (event->wants_answer)
		va_buffer_printf(&buffer, " wants_answer");
	va_buffer_printf(&buffer, " key=%s", event->event_key);
	return va_buffer_finish(&buffer, &arena);
}

static inline const char *
webhook_text(const VaDriver *driver, const VaSignedMessage *message)
{
	VaEvents events;

	why = NULL;
	if (!driver->read_webhook(message, &arena, &events, &why))
		return why;
	return events.count == 1 ? event_text(&events.items[0]) : "not one event";
}

/* One callback, by POST. */
static inline const char *
callback_text(const VaDriver *driver, const char *query, const char *body)
{
	VaSignedMessage message = posted(query, body);

	return webhook_text(driver, &message);
}

static inline const char *
document_text(const VaDriver *driver, const VaAnswer *answer)
{
	VaDocument built;

	return driver->build_answer(&(VaEvent){ .kind = VA_EVENT_INCOMING }, answer, &arena, &built, &why) ? built.body : why;
}

static inline const char *
provider_request_request_text(const VaDriver *driver, VaProviderRequestKind kind, const VaProviderRequest *order)
{
	VaHttpRequest request;

	return driver->provider_requests[kind].build(order, &arena, &request, &why) ? request_text(&request) : why;
}

static inline const char *
outcome_text(const VaDriver *driver, VaHttpResponse response)
{
	VaDialOutcome outcome;

	driver->read_call_response(&response, &arena, &outcome);
	return va_arena_printf(&arena, "%s %s %s %lld %s", va_dial_kind_name(outcome.kind),
						   outcome.cause == NULL ? "-" : outcome.cause,
						   outcome.provider_call_id == NULL ? "-" : outcome.provider_call_id,
						   (long long) outcome.retry_after_s, outcome.message == NULL ? "-" : outcome.message);
}

static inline const char *
lookup_text(const VaLookup *lookup)
{
	static const char *const kinds[] = { "found", "not_found", "retry", "bad_account" };
	VaBuffer buffer = { 0 };

	va_buffer_printf(&buffer, "%s %d/%d", kinds[lookup->kind], lookup->received, lookup->unreadable);
	if (lookup->kind != VA_LOOKUP_FOUND && lookup->message != NULL)
		va_buffer_printf(&buffer, " %s", lookup->message);
	for (int i = 0; i < lookup->events.count; i++)
		va_buffer_printf(&buffer, "\n%s", event_text(&lookup->events.items[i]));
	return va_buffer_finish(&buffer, &arena);
}

static inline const char *
provider_request_text(const VaDriver *driver, VaProviderRequestKind kind, const VaProviderRequest *order, VaHttpResponse response)
{
	VaProviderReply result;
	VaBuffer buffer = { 0 };

	driver->provider_requests[kind].read(order, &response, &arena, &result);
	va_buffer_printf(&buffer, "%s%s", va_dial_kind_name(result.kind), result.already ? " already" : "");
#define SHOW(field)                                                                                          \
	if (result.field != NULL)                                                                                \
	va_buffer_printf(&buffer, " " #field "=%s", result.field)
	SHOW(cause);
	SHOW(message);
	SHOW(account_ref);
	SHOW(balance);
	SHOW(cost);
	SHOW(currency);
	SHOW(next_page);
	SHOW(number_id);
	SHOW(recording_url);
	SHOW(content_type);
	SHOW(line_type);
	SHOW(reassigned);
#undef SHOW
	for (int i = 0; i < result.nnumbers; i++)
		va_buffer_printf(&buffer, " %s/%s/%s", result.numbers[i].number,
						 result.numbers[i].number_id == NULL ? "-" : result.numbers[i].number_id,
						 result.numbers[i].monthly_cost == NULL ? "-" : result.numbers[i].monthly_cost);
	return va_buffer_finish(&buffer, &arena);
}

/* What the status alone says of a dial, whoever the carrier is. */
static inline void
test_dial_statuses(const VaDriver *driver)
{
	static const struct
	{
		int status;
		VaDialKind kind;
	} lines[] = { { 302, VA_DIAL_BAD_ACCOUNT }, { 400, VA_DIAL_REFUSED_PERMANENT }, { 401, VA_DIAL_BAD_ACCOUNT },
				  { 403, VA_DIAL_BAD_ACCOUNT }, { 422, VA_DIAL_REFUSED_PERMANENT }, { 429, VA_DIAL_RATE_LIMITED },
				  { 500, VA_DIAL_UNKNOWN }, { 503, VA_DIAL_UNKNOWN } };
	VaHttpResponse none = { .status = 0, .sent = false };
	VaHttpResponse lost = { .status = 0, .sent = true };
	VaHttpResponse limited = reply_of(429, "{}");
	VaDialOutcome outcome;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		is_int(dial_outcome(driver, lines[i].status, "{}").kind, lines[i].kind, "a dial answered with %d", lines[i].status);
	driver->read_call_response(&none, &arena, &outcome);
	is_int(outcome.kind, VA_DIAL_REFUSED_RETRY, "nothing sent, nothing placed");
	driver->read_call_response(&lost, &arena, &outcome);
	is_int(outcome.kind, VA_DIAL_UNKNOWN, "no answer: unknown");
	limited.retry_after_s = 7;
	driver->read_call_response(&limited, &arena, &outcome);
	is_int(outcome.retry_after_s, 7, "429 with its time");
}

/* One answer with a body that says nothing: how many readers took it for something. */
static inline int
misread(const VaDriver *driver, const VaProviderRequest *order, int status, const char *body)
{
	VaHttpResponse response = reply_of(status, body);
	bool success = status >= 200 && status < 300;
	VaDialOutcome outcome;
	VaLookup lookup;
	int wrong = 0;

	driver->read_call_response(&response, &arena, &outcome);
	wrong += outcome.kind == VA_DIAL_ACCEPTED || outcome.provider_call_id != NULL;
	/* It may have been placed. */
	wrong += (success || status >= 500) && outcome.kind != VA_DIAL_UNKNOWN;
	driver->read_lookup_response(&response, &arena, &lookup);
	wrong += lookup.kind == VA_LOOKUP_FOUND || lookup.events.count != 0;
	wrong += success && lookup.kind != VA_LOOKUP_RETRY;
	driver->read_list_response(&response, &arena, &lookup);
	/* An empty list is one. */
	wrong += lookup.events.count != 0 || lookup.received != 0 || (lookup.kind == VA_LOOKUP_FOUND && !success);
	for (int kind = 0; kind < VA_PROVIDER_REQUEST_KINDS; kind++)
	{
		VaProviderReply result;

		if (driver->provider_requests[kind].read == NULL)
			continue;
		driver->provider_requests[kind].read(order, &response, &arena, &result);
		wrong += result.kind == VA_DIAL_ACCEPTED && status >= 300 && !result.already;
		wrong += result.kind == VA_DIAL_ACCEPTED && status >= 500;
		wrong += result.kind != VA_DIAL_ACCEPTED && result.cause == NULL;
		wrong += result.nnumbers != 0 || result.balance != NULL || result.next_page != NULL || result.cost != NULL;
	}
	return wrong;
}

/*
 * Bodies that no carrier should send: every reader takes them without a
 * crash, and for nothing that they are not, not even as a webhook that came
 * back with the query.
 */
static inline void
test_bad_replies(const VaDriver *driver, const VaProviderRequest *order, const char *query)
{
	char *deep = va_arena_alloc(&arena, 2001);
	char *large = va_arena_alloc(&arena, 300001);
	const char *bodies[] = { NULL, "", "garbage", "null", "[]", "{}", "\"\"", "\"x\"", "{\"sid\":5}", "{\"calls\":{}}",
							 "{\"data\":[]}", "{\"data\":7}", "\xff\xfe", deep, large,
							 "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>" };

	memset(deep, '[', 1000);
	memset(deep + 1000, ']', 1000);
	deep[2000] = '\0';
	memset(large, 'a', 300000);
	large[0] = large[299999] = '"';
	large[300000] = '\0';
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
	{
		int wrong = 0;

		for (int status = 0; status <= 599; status += status == 0 ? 200 : (status < 204 ? 1 : 33))
			wrong += misread(driver, order, status, bodies[i]);
		is_int(wrong, 0, "body %zu counts as no answer, whatever the status", i);
		if (bodies[i] != NULL)
			ok(event_of(driver, query, bodies[i]) == NULL && why != NULL, "nor as a webhook");
	}
	test_dial_statuses(driver);
}

/* The message passes; with any one bit of its body, its URL or its signature changed it does not. */
static inline void
test_bits(const VaDriver *driver, const VaWebhookAuth *auth, const VaSignedMessage *message, const char *name)
{
	char *parts[3] = { va_arena_strndup(&arena, message->body_len == 0 ? "" : message->body, message->body_len),
					   va_arena_strdup(&arena, message->url), NULL };
	VaHeader headers[4];
	VaSignedMessage changed = *message;
	int passed = 0;

	ok(driver->verify(auth, message, 1700000000, &why), "%s", name);
	memcpy(headers, message->headers, sizeof(VaHeader) * (size_t) message->nheaders);
	parts[2] = va_arena_strdup(&arena, headers[0].value);
	headers[0].value = parts[2];
	changed.headers = headers;
	changed.body = parts[0];
	changed.url = parts[1];
	for (int part = 0; part < 3; part++)
	{
		size_t len = part == 0 ? message->body_len : strlen(parts[part]);

		for (size_t i = 0; i < len * 8; i++)
		{
			/* The other case of a hexadecimal digit is the same text. */
			if (part == 0 && i % 8 == 5 && i / 8 >= 2 && (parts[0][i / 8 - 1] == '%' || parts[0][i / 8 - 2] == '%'))
				continue;
			parts[part][i / 8] ^= (char) (1 << i % 8);
			if (driver->verify(auth, &changed, 1700000000, &why))
			{
				passed++;
				diag("%s: part %d, bit %zu: %s", name, part, i, parts[part]);
			}
			parts[part][i / 8] ^= (char) (1 << i % 8);
		}
	}
	is_int(passed, 0, "%s: not with one bit changed", name);
}

/*
 * Every order of a call's events (a file of [{headers, query, body}]) gives
 * the same events: nothing is remembered from one to the next, and each has a
 * key of its own.
 */
static inline void
test_fixture(const VaDriver *driver, const char *path, const char *provider_call_id)
{
	FILE *file = fopen(path, "r");
	static char text[65536];
	size_t len = file == NULL ? 0 : fread(text, 1, sizeof(text), file);
	json_t *root = va_json_load(&arena, text, len, &why);
	const char *keys[64];
	size_t n = 0;

	if (file != NULL)
		fclose(file);
	ok(json_is_array(root) && json_array_size(root) > 0, "%s is there", path);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < json_array_size(root) && i < 64; i++)
		{
			size_t place = round == 0 ? i : json_array_size(root) - 1 - i;
			const json_t *item = json_array_get(root, place);
			const VaEvent *event = event_of(driver, va_json_string(item, "query"), va_json_string(item, "body"));

			if (!ok(event != NULL, "event %zu is read", place))
			{
				diag("%s", why);
				continue;
			}
			if (event->provider_call_id != NULL)
				is_str(event->provider_call_id, provider_call_id, "is about the call");
			if (round == 1)
			{
				is_str(event->event_key, keys[place], "and is the same again");
				continue;
			}
			keys[n++] = event->event_key;
			for (size_t j = 0; j + 1 < n; j++)
				if (strcmp(keys[j], event->event_key) == 0)
					ok(false, "events %zu and %zu have one key", j, place);
		}
	json_decref(root);
}

#endif /* VOICEAGENT_UNIT_DRIVERS_H */
