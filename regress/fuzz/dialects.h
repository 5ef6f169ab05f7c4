/*-------------------------------------------------------------------------
 * dialects.h
 *		Any bytes as whatever a carrier may send, or be told: a result or a
 *		reason, and what is given out can be stored (UTF-8 without NUL, JSON
 *		where JSON is promised).
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_FUZZ_DIALECTS_H
#define VOICEAGENT_FUZZ_DIALECTS_H

#include "pure/providers/provider.h"

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

static inline void
check_event(const VaEvent *event)
{
	check(event->event_key != NULL && event->event_key[0] != '\0' && strlen(event->event_key) <= 300);
	check(event->provider_call_id == NULL || event->provider_call_id[0] != '\0');
	check(event->provider_call_id != NULL || event->attempt_ref != NULL);
	check(event->attempt_ref == NULL || strlen(event->attempt_ref) <= VA_ATTEMPT_REF_MAX);
	check(event->duration_seconds >= 0 && event->duration_seconds < 1e10);
	check(va_time_in_range(event->occurred_at) && va_time_in_range(event->answered_at) &&
		  va_time_in_range(event->created_at) && va_time_in_range(event->ended_at));
	check((event->cost == NULL) == (event->cost_currency == NULL));
	check(event->cost == NULL || event->cost[0] != '-');
	check_decimal(event->cost);
	check_text(event->event_key);
	check_text(event->provider_call_id);
	check_text(event->attempt_ref);
	check_text(event->status);
	check_text(event->cause);
	check_text(event->account_ref);
	check_text(event->machine_raw);
	check_text(event->from_number);
	check_text(event->to_number);
	check_text(event->transcript);
	check_text(event->recording_url);
	check_text(event->cost_currency);
	check_json(event->cost_breakdown);
	check_json(event->details);
}

static inline void
check_reply(const VaErrandReply *reply)
{
	check_text(reply->cause);
	check_text(reply->message);
	check_text(reply->account_ref);
	check_text(reply->currency);
	check_text(reply->next_page);
	check_text(reply->number_id);
	check_text(reply->recording_url);
	check_text(reply->content_type);
	check_decimal(reply->balance);
	check_decimal(reply->cost);
	for (int i = 0; i < reply->nnumbers; i++)
	{
		check_text(reply->numbers[i].number);
		check_text(reply->numbers[i].number_id);
		check_text(reply->numbers[i].name);
		check_text(reply->numbers[i].region);
		check_decimal(reply->numbers[i].monthly_cost);
	}
}

/* The bytes up to the first NUL as text that may stand in an order. */
static inline void
fuzz_orders(const VaDialect *dialect, const VaCarrier *carrier, const char *text, VaArena *arena)
{
	VaErrandOrder order = { .carrier = carrier,
							.provider_call_id = text,
							.attempt_ref = text,
							.errand_ref = text,
							.answer = { .text = text, .language = text, .voice = text, .media_url = text,
										.stream_url = text, .forward_to = text, .caller_id = text,
										.status_url = text },
							.digits = text, .reason = text, .number = text, .number_id = text, .name = text,
							.country = text, .area_code = text, .contains = text, .page = text,
							.recording_url = text, .server_url = text };
	VaEvent event = { .event_key = "k", .provider_call_id = "c", .attempt_ref = text };
	VaHttpRequest request;
	VaDocument document;
	const char *why = NULL;

	for (int i = 0; i <= VA_ANSWER_REJECT; i++)
	{
		order.answer.kind = (VaAnswerKind) i;
		for (int kind = 0; kind < VA_ERRAND_KINDS; kind++)
			if (dialect->errands[kind].build != NULL)
			{
				why = NULL;
				if (!dialect->errands[kind].build(&order, arena, &request, &why))
					check(why != NULL);
				else if (request.body != NULL && request.body[0] == '{')
					check_json(request.body);
			}
		if (dialect->build_answer != NULL && dialect->build_answer(&event, &order.answer, arena, &document, &why) &&
			strstr(document.content_type, "json") != NULL)
			check_json(document.body);
	}
}

static inline void
fuzz_dialect(const char *name, const VaCarrier *carrier, const uint8_t *data, size_t size)
{
	const VaDialect *dialect = va_dialect(name);
	VaArena arena = { 0 };
	VaEvents events;
	VaDialOutcome outcome;
	VaLookup lookup;
	VaCallOrder call;
	VaHttpRequest request;
	VaHttpRequest masked;
	const char *text = va_arena_strndup(&arena, (const char *) data, size);
	const char *why = NULL;
	VaHeader header = { "authorization", text };
	VaWebhookAuth auth = { .kind = VA_AUTH_VENDOR, .secret = "0123456789abcdef0123456789abcdef", .secret_len = 32 };
	VaHttpResponse response = { .status = 200, .sent = true, .body = data, .body_len = size, .now = 1700000000 };
	VaSignedMessage messages[] = { { .body = data, .body_len = size },
								   { .body = "", .query = text, .method = "GET" },
								   { .headers = &header, .nheaders = 1, .body = "{}", .body_len = 2 } };

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
	{
		why = NULL;
		if (dialect->read_webhook(&messages[i], &arena, &events, &why))
			for (int j = 0; j < events.count; j++)
				check_event(&events.items[j]);
		else
			check(why != NULL && why[0] != '\0');
		check_text(why);
		/* By its network everybody is believed whose network is not named. */
		if (dialect->verify != NULL && dialect->proof != VA_PROOF_PEER)
			check(!dialect->verify(&auth, &messages[i], 1700000000, &why) && why != NULL);
	}
	dialect->read_call_response(&response, &arena, &outcome);
	check((outcome.kind == VA_DIAL_ACCEPTED) == (outcome.provider_call_id != NULL));
	dialect->read_lookup_response(&response, &arena, &lookup);
	for (int i = 0; i < lookup.events.count; i++)
		check_event(&lookup.events.items[i]);
	dialect->read_list_response(&response, &arena, &lookup);
	for (int i = 0; i < lookup.events.count; i++)
		check_event(&lookup.events.items[i]);
	for (int kind = 0; kind < VA_ERRAND_KINDS; kind++)
		for (int status = 200; dialect->errands[kind].read != NULL && status <= 422; status += 222)
		{
			VaErrandOrder order = { .carrier = carrier, .number = "+14155550101" };
			VaErrandReply reply;

			response.status = status;
			dialect->errands[kind].read(&order, &response, &arena, &reply);
			check_reply(&reply);
		}
	response.status = 400;
	dialect->read_call_response(&response, &arena, &outcome);
	check(outcome.kind != VA_DIAL_ACCEPTED && outcome.kind != VA_DIAL_UNKNOWN);
	check_text(outcome.message);
	if (va_call_order_read((const char *) data, size, &arena, &call, &why))
	{
		call.carrier = carrier;
		if (dialect->build_call(&call, &arena, &request, &why))
		{
			if (request.body[0] == '{')
				check_json(request.body);
			va_request_mask(&request, carrier, &arena, &masked);
		}
	}
	if (text != NULL)
		fuzz_orders(dialect, carrier, text, &arena);
	va_arena_free(&arena);
}

#endif /* VOICEAGENT_FUZZ_DIALECTS_H */
