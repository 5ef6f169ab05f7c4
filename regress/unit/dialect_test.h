/*
 * dialect_test.h
 *		What tests of a carrier's dialect share: requests as text, replies,
 *		webhooks, and that nothing a carrier may send upsets it.  Include it
 *		in the one file of a test program, after setting DIALECT.
 */
#ifndef VOICEAGENT_DIALECT_TEST_H
#define VOICEAGENT_DIALECT_TEST_H

#include "pure/form.h"
#include "pure/providers/provider.h"

#include "tap.h"

static VaArena arena;
static const char *why;

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

static inline VaHttpResponse
reply(int status, const char *body)
{
	return (VaHttpResponse){
		.status = status, .sent = true, .body = body, .body_len = body == NULL ? 0 : strlen(body), .now = 1700000000
	};
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
webhook_text(const VaDialect *dialect, const VaSignedMessage *message)
{
	VaEvents events;

	why = NULL;
	if (!dialect->read_webhook(message, &arena, &events, &why))
		return why;
	return events.count == 1 ? event_text(&events.items[0]) : "not one event";
}

static inline const char *
outcome_text(const VaDialect *dialect, VaHttpResponse response)
{
	VaDialOutcome outcome;

	dialect->read_call_response(&response, &arena, &outcome);
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
errand_text(const VaDialect *dialect, VaErrandKind kind, const VaErrandOrder *order, VaHttpResponse response)
{
	VaErrandReply result;
	VaBuffer buffer = { 0 };

	dialect->errands[kind].read(order, &response, &arena, &result);
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
#undef SHOW
	for (int i = 0; i < result.nnumbers; i++)
		va_buffer_printf(&buffer, " %s/%s/%s", result.numbers[i].number,
						 result.numbers[i].number_id == NULL ? "-" : result.numbers[i].number_id,
						 result.numbers[i].monthly_cost == NULL ? "-" : result.numbers[i].monthly_cost);
	return va_buffer_finish(&buffer, &arena);
}

/* Bodies that no carrier should send; every reader takes them without a crash and reports no success. */
static inline void
test_garbage(const VaDialect *dialect, const VaErrandOrder *order)
{
	char *deep = va_arena_alloc(&arena, 2002);
	char *large = va_arena_alloc(&arena, 300001);
	const char *bodies[] = { "", "x", "null", "[]", "{}", "\"\"", "{\"sid\":5}", "{\"calls\":{}}", "\xff\xfe\x00", deep, large,
							 "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>" };
	int wrong = 0;

	memset(deep, '[', 1000);
	memset(deep + 1000, ']', 1000);
	memset(large, 'a', 300000);
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		for (int status = 0; status <= 599; status += status == 0 ? 200 : (status < 204 ? 1 : 33))
		{
			VaHttpResponse response = reply(status, bodies[i]);
			VaSignedMessage message = posted("attempt=a1", bodies[i]);
			VaDialOutcome outcome;
			VaLookup lookup;
			VaEvents events;
			VaErrandReply result;

			dialect->read_call_response(&response, &arena, &outcome);
			wrong += outcome.kind == VA_DIAL_ACCEPTED || outcome.provider_call_id != NULL;
			wrong += status >= 200 && status < 300 && outcome.kind != VA_DIAL_UNKNOWN;
			dialect->read_lookup_response(&response, &arena, &lookup);
			wrong += lookup.kind == VA_LOOKUP_FOUND || lookup.events.count != 0;
			dialect->read_list_response(&response, &arena, &lookup);
			wrong += lookup.kind == VA_LOOKUP_FOUND || lookup.events.count != 0;
			wrong += dialect->read_webhook(&message, &arena, &events, &why) || why == NULL || events.count != 0;
			for (int kind = 0; kind < VA_ERRAND_KINDS; kind++)
				if (dialect->errands[kind].read != NULL)
				{
					dialect->errands[kind].read(order, &response, &arena, &result);
					wrong += result.kind == VA_DIAL_ACCEPTED && status >= 300 && !result.already;
					wrong += result.kind != VA_DIAL_ACCEPTED && result.cause == NULL;
				}
		}
	is_int(wrong, 0, "nothing that is no answer counts as one");
}

/* The message passes; with any one bit of its body, its URL or its signature changed it does not. */
static inline void
test_bits(const VaDialect *dialect, const VaWebhookAuth *auth, const VaSignedMessage *message, const char *name)
{
	char *parts[3] = { va_arena_strndup(&arena, message->body_len == 0 ? "" : message->body, message->body_len),
					   va_arena_strdup(&arena, message->url), NULL };
	VaHeader headers[4];
	VaSignedMessage changed = *message;
	int passed = 0;

	ok(dialect->verify(auth, message, 1700000000, &why), "%s", name);
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
			if (dialect->verify(auth, &changed, 1700000000, &why))
			{
				passed++;
				diag("%s: part %d, bit %zu: %s", name, part, i, parts[part]);
			}
			parts[part][i / 8] ^= (char) (1 << i % 8);
		}
	}
	is_int(passed, 0, "%s: not with one bit changed", name);
}

#endif /* VOICEAGENT_DIALECT_TEST_H */
