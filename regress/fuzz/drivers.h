/*-------------------------------------------------------------------------
 * drivers.h
 *		Any bytes as whatever a carrier may send, or be told: a result or a
 *		reason, and what is given out can be stored (UTF-8 without NUL, JSON
 *		where JSON is promised, amounts that are numbers).
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_FUZZ_DRIVERS_H
#define VOICEAGENT_FUZZ_DRIVERS_H

#include "pure/providers/common/requests.h"

#include <stdlib.h>
#include <string.h>

static inline void
check(bool condition)
{
	if (!condition)
		abort();
}

static inline void
check_text(const char *text)
{
	json_t *json;

	if (text == NULL)
		return;
	json = json_string(text); /* refuses what is not UTF-8 */
	check(json != NULL);
	json_decref(json);
}

static inline void
check_json(const char *text)
{
	json_t *json;

	if (text == NULL)
		return;
	check(strstr(text, "\\u0000") == NULL || strstr(text, "\\\\u0000") != NULL);
	json = json_loads(text, JSON_DECODE_ANY, NULL);
	check(json != NULL);
	json_decref(json);
}

/* What numeric can read. */
static inline void
check_decimal(const char *text)
{
	char *end;

	if (text == NULL)
		return;
	check(strspn(text, "-0123456789.") == strlen(text));
	(void) strtod(text, &end);
	check(*end == '\0' && end != text);
}

/* What is charged; never less than nothing. */
static inline void
check_cost(const char *text)
{
	check(text == NULL || text[0] != '-');
	check_decimal(text);
}

static inline void
check_event(const VaEvent *event)
{
	static const char *const machines[] = { "human", "ivr", "voicemail", "unavailable", "uncertain" };
	bool known = event->machine == NULL;

	check(event->event_key != NULL && event->event_key[0] != '\0' && strlen(event->event_key) <= 300);
	check(event->provider_call_id == NULL || event->provider_call_id[0] != '\0');
	check(event->provider_call_id != NULL || event->attempt_ref != NULL);
	check(event->attempt_ref == NULL || strlen(event->attempt_ref) <= VA_ATTEMPT_REF_MAX);
	check(event->duration_seconds >= 0 && event->duration_seconds < 1e10);
	check(event->duration_seconds == 0 || event->has_duration);
	check(va_time_in_range(event->occurred_at) && va_time_in_range(event->answered_at) &&
		  va_time_in_range(event->created_at) && va_time_in_range(event->ended_at));
	check((event->cost == NULL) == (event->cost_currency == NULL));
	for (size_t i = 0; !known && i < sizeof(machines) / sizeof(machines[0]); i++)
		known = strcmp(event->machine, machines[i]) == 0;
	check(known);
	check_cost(event->cost);
	check_text(event->event_key);
	check_text(event->provider_call_id);
	check_text(event->attempt_ref);
	check_text(event->status);
	check_text(event->cause);
	check_text(event->account_ref);
	check_text(event->machine_raw);
	check_text(event->from_number);
	check_text(event->to_number);
	check_text(event->summary);
	check_text(event->transcript);
	check_text(event->success_evaluation);
	check_text(event->recording_url);
	check_text(event->cost_currency);
	check_json(event->cost_breakdown);
	check_json(event->turns);
	check_json(event->structured_data);
	check_json(event->details);
}

static inline void
check_events(const VaEvents *events)
{
	for (int i = 0; i < events->count; i++)
		check_event(&events->items[i]);
}

static inline void
check_reply(const VaProviderReply *reply)
{
	check(reply->kind == VA_DIAL_ACCEPTED || reply->cause != NULL);
	check(reply->nnumbers == 0 || reply->numbers != NULL);
	check_text(reply->cause);
	check_text(reply->message);
	check_text(reply->account_ref);
	check_text(reply->currency);
	check_text(reply->next_page);
	check_text(reply->number_id);
	check_text(reply->recording_url);
	check_text(reply->content_type);
	check_decimal(reply->balance);
	check_cost(reply->cost);
	for (int i = 0; i < reply->nnumbers; i++)
	{
		check_text(reply->numbers[i].number);
		check_text(reply->numbers[i].number_id);
		check_text(reply->numbers[i].name);
		check_text(reply->numbers[i].region);
		check_decimal(reply->numbers[i].monthly_cost);
	}
}

/* Nothing of an order ends a line of the request, or begins another. */
static inline void
check_request(const VaHttpRequest *request)
{
	check(request->url != NULL && strpbrk(request->url, "\r\n \t") == NULL);
	for (int i = 0; i < request->nheaders; i++)
		check(va_printable(request->headers[i].value));
	if (request->body != NULL && request->body[0] == '{')
		check_json(request->body);
}

static inline void
fuzz_read(const VaDriver *driver, const VaSignedMessage *message)
{
	VaArena arena = { 0 };
	VaEvents events;
	const char *why = NULL;

	if (driver->read_webhook(message, &arena, &events, &why))
		check_events(&events);
	else
		check(why != NULL && why[0] != '\0');
	check_text(why);
	va_arena_free(&arena);
}

/* Nobody has signed it; by its network everybody is believed whose network is not named. */
static inline void
fuzz_verify(const VaDriver *driver, const VaSignedMessage *message)
{
	VaWebhookAuth auth = { .kind = VA_AUTH_VENDOR, .secret = "0123456789abcdef0123456789abcdef", .secret_len = 32 };
	const char *why = NULL;

	if (driver->proof == VA_PROOF_VENDOR)
		check(!driver->verify(&auth, message, 1700000000, &why) && why != NULL);
}

static inline void
fuzz_webhook(const VaDriver *driver, const VaSignedMessage *message)
{
	fuzz_read(driver, message);
	fuzz_verify(driver, message);
}

/* An answer to whatever was asked; the provider requests' readers look at their order. */
static inline void
fuzz_reply(const VaDriver *driver, const VaProviderRequest *order, int status, const uint8_t *data, size_t size)
{
	VaArena arena = { 0 };
	VaHttpResponse response = { .status = status, .sent = true, .body = data, .body_len = size, .now = 1700000000 };
	VaDialOutcome outcome;
	VaLookup lookup;
	VaProviderReply reply;

	driver->read_call_response(&response, &arena, &outcome);
	check((outcome.kind == VA_DIAL_ACCEPTED) == (outcome.provider_call_id != NULL));
	check(outcome.kind != VA_DIAL_ACCEPTED || status < 300);
	check(outcome.kind != VA_DIAL_UNKNOWN || status < 400 || status >= 500);
	check_text(outcome.message);
	driver->read_lookup_response(&response, &arena, &lookup);
	check((lookup.kind == VA_LOOKUP_FOUND) == (lookup.events.count == 1));
	check_text(lookup.message);
	check_events(&lookup.events);
	driver->read_list_response(&response, &arena, &lookup);
	/* 0 = there is no other page. */
	check(lookup.received == 0 || lookup.events.count + lookup.unreadable <= lookup.received);
	check_text(lookup.message);
	check_events(&lookup.events);
	for (int kind = 0; kind < VA_PROVIDER_REQUEST_KINDS; kind++)
		if (driver->provider_requests[kind].read != NULL)
		{
			driver->provider_requests[kind].read(order, &response, &arena, &reply);
			check_reply(&reply);
		}
	va_arena_free(&arena);
}

/* As what was asked for, and as a refusal: one class for each input, for parsing is most of the time. */
static inline void
fuzz_replies(const VaDriver *driver, const VaProviderRequest *order, const uint8_t *data, size_t size)
{
	static const int refusals[] = { 400, 404, 422, 500 };

	fuzz_reply(driver, order, 200, data, size);
	fuzz_reply(driver, order, refusals[size % 4], data, size);
}

static inline void
fuzz_provider_requests(const VaDriver *driver, const VaProviderRequest *order, VaArena *arena)
{
	VaHttpRequest request;

	for (int kind = 0; kind < VA_PROVIDER_REQUEST_KINDS; kind++)
		if (driver->provider_requests[kind].build != NULL)
		{
			const char *why = NULL;

			if (driver->provider_requests[kind].build(order, arena, &request, &why))
				check_request(&request);
			else
				check(why != NULL);
		}
}

/* The bytes up to the first NUL as text that may stand in an order. */
static inline VaProviderRequest
order_of(const VaProviderAccount *carrier, const char *text)
{
	return (VaProviderRequest){ .carrier = carrier,
							.provider_call_id = text,
							.attempt_ref = text,
							.provider_request_ref = text,
							.answer = { .text = text, .language = text, .voice = text, .media_url = text,
										.stream_url = text, .forward_to = text, .caller_id = text,
										.status_url = text },
							.digits = text, .reason = text, .number = text, .number_id = text, .name = text,
							.country = text, .area_code = text, .contains = text, .page = text,
							.recording_url = text, .server_url = text };
}

static inline void
fuzz_orders(const VaDriver *driver, const VaProviderAccount *carrier, const char *text)
{
	VaArena arena = { 0 };
	VaProviderRequest order = order_of(carrier, text);
	VaProviderRequest plain = { .carrier = carrier, .provider_call_id = text, .answer = { .kind = VA_ANSWER_SAY, .text = text } };
	VaEvent event = { .event_key = "k", .provider_call_id = "c", .attempt_ref = text };
	VaCallOrder conversation = { .carrier = carrier,
								 .assistant = { .name = text, .first_message = text, .system_prompt = text, .voice = text, .model = text,
												.language = text, .settings = text },
								 .variables = text, .server_url = text, .webhook_headers = text };
	VaDocument document;
	const char *why = NULL;

	/* Most provider requests have no answer: with each kind of one they would be the same six times, and most of the time. */
	order.answer.kind = (VaAnswerKind) (strlen(text) % (VA_ANSWER_CONVERSE + 1));
	fuzz_provider_requests(driver, &order, &arena);
	order.answer.order = &conversation;
	for (int i = 0; i <= VA_ANSWER_CONVERSE; i++)
	{
		order.answer.kind = (VaAnswerKind) i;
		if (driver->build_answer != NULL && driver->build_answer(&event, &order.answer, &arena, &document, &why))
		{
			check_text(document.body);
			if (strstr(document.content_type, "json") != NULL)
				check_json(document.body);
		}
	}
	/* What is refused for one part is not looked at any further: the same with little in it. */
	fuzz_provider_requests(driver, &plain, &arena);
	/* Whatever is to be said can be. */
	if (driver->build_answer != NULL && text[0] != '\0')
		check(driver->build_answer(&(VaEvent){ 0 }, &plain.answer, &arena, &document, &why));
	va_arena_free(&arena);
}

/* The bytes as an order to call, by the carrier or, when that is NULL, by the order's own. */
static inline void
fuzz_call(const VaDriver *driver, const VaProviderAccount *carrier, const uint8_t *data, size_t size)
{
	VaArena arena = { 0 };
	VaCallOrder call;
	VaHttpRequest request;
	VaHttpRequest masked;
	const char *why = NULL;

	if (va_call_order_read((const char *) data, size, &arena, &call, &why))
	{
		if (carrier != NULL)
			call.carrier = carrier;
		if (driver->build_call(&call, &arena, &request, &why))
		{
			check_request(&request);
			va_request_mask(&request, call.carrier, &arena, &masked);
			check_request(&masked);
		}
	}
	va_arena_free(&arena);
}

/* All of it; queries are what the driver has its webhooks come back with, NULL behind the last. */
static inline void
fuzz_driver(const char *name, const VaProviderAccount *carrier, const char *const *queries, const uint8_t *data, size_t size)
{
	const VaDriver *driver = va_driver(name);
	VaArena arena = { 0 };
	const char *text = va_arena_strndup(&arena, (const char *) data, size);
	VaHeader headers[] = { { "authorization", text },
						   { "x-twilio-signature", "PC2xSSqnUNSlm/wWDnphqUD8Mlg=" },
						   { "x-plivo-signature-v3", "i6E6xB4OmhV1buveSyNHMVHOrJhNhFmw1EYQghaSYBU=" },
						   { "x-plivo-signature-v3-nonce", "12345678901234567890" } };
	VaSignedMessage posted = { .headers = headers, .nheaders = 4, .body = data, .body_len = size, .method = "POST",
							   .url = "https://h.example/w" };
	VaProviderRequest order = order_of(carrier, text);

	fuzz_webhook(driver, &(VaSignedMessage){ .body = data, .body_len = size });
	fuzz_webhook(driver, &posted);
	for (; queries != NULL && *queries != NULL; queries++)
	{
		posted.query = *queries;
		fuzz_read(driver, &posted);
	}
	posted.url = "https://h.example/w?attempt=a1&as=amd&bodySHA256=00";
	fuzz_verify(driver, &posted);
	/* The bytes as the query, as the URL, as a header. */
	fuzz_webhook(driver, &(VaSignedMessage){ .headers = headers, .nheaders = 4, .body = "", .query = text, .method = "GET",
											  .url = va_arena_printf(&arena, "https://h.example/w?%s", text) });
	fuzz_webhook(driver, &(VaSignedMessage){ .headers = headers, .nheaders = 4, .body = "{}", .body_len = 2, .url = text });
	fuzz_replies(driver, &order, data, size);
	order = (VaProviderRequest){ .carrier = carrier, .number = "+14155550101" };
	fuzz_reply(driver, &order, 201, data, size);
	fuzz_call(driver, carrier, data, size);
	fuzz_orders(driver, carrier, text);
	va_arena_free(&arena);
}

#endif /* VOICEAGENT_FUZZ_DRIVERS_H */
