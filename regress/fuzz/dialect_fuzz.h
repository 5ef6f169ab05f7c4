/*
 * dialect_fuzz.h
 *		Any bytes as everything that a carrier may send: a result or a reason,
 *		and what is given out can be stored (UTF-8 without NUL, JSON where JSON
 *		is promised, amounts that are numbers).
 */
#ifndef VOICEAGENT_DIALECT_FUZZ_H
#define VOICEAGENT_DIALECT_FUZZ_H

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

static inline void
check_amount(const char *text, bool sign)
{
	if (text != NULL)
		check(strlen(text) <= 30 && strspn(text, "-.0123456789") == strlen(text) && (sign || text[0] != '-'));
}

static inline void
check_event(const VaEvent *event)
{
	static const char *const machines[] = { "human", "ivr", "voicemail", "unavailable", "uncertain" };
	bool known = event->machine == NULL;

	check(event->event_key != NULL && strlen(event->event_key) <= 300);
	check(event->provider_call_id != NULL && event->provider_call_id[0] != '\0');
	check(event->attempt_ref == NULL || strlen(event->attempt_ref) <= VA_ATTEMPT_REF_MAX);
	check(event->duration_seconds >= 0 && event->duration_seconds < 1e10);
	check(event->duration_seconds == 0 || event->has_duration);
	check((event->cost == NULL) == (event->cost_currency == NULL));
	for (size_t i = 0; !known && i < sizeof(machines) / sizeof(machines[0]); i++)
		known = strcmp(event->machine, machines[i]) == 0;
	check(known);
	check(va_time_in_range(event->occurred_at) && va_time_in_range(event->created_at) &&
		  va_time_in_range(event->answered_at) && va_time_in_range(event->ended_at));
	check_amount(event->cost, false);
	check_text(event->event_key);
	check_text(event->provider_call_id);
	check_text(event->attempt_ref);
	check_text(event->account_ref);
	check_text(event->cause);
	check_text(event->machine_raw);
	check_text(event->from_number);
	check_text(event->to_number);
	check_text(event->recording_url);
	check_text(event->cost_currency);
	check_json(event->cost_breakdown);
	check_json(event->details);
}

static inline void
fuzz_webhook(const VaDialect *dialect, const uint8_t *data, size_t size, const char *method, const char *query)
{
	VaArena arena = { 0 };
	VaHeader headers[] = { { "x-twilio-signature", "PC2xSSqnUNSlm/wWDnphqUD8Mlg=" },
						   { "x-plivo-signature-v3", "i6E6xB4OmhV1buveSyNHMVHOrJhNhFmw1EYQghaSYBU=" },
						   { "x-plivo-signature-v3-nonce", "12345678901234567890" } };
	VaSignedMessage message = { .headers = headers, .nheaders = 3, .body = data, .body_len = size, .method = method, .query = query };
	VaWebhookAuth auth = { .kind = VA_AUTH_VENDOR, .secret = "12345678901234567890123456789012", .secret_len = 32 };
	VaEvents events;
	VaDocument document;
	VaAnswer answer = { .kind = VA_ANSWER_SAY };
	const char *why = NULL;

	if (dialect->read_webhook(&message, &arena, &events, &why))
		for (int i = 0; i < events.count; i++)
			check_event(&events.items[i]);
	else
		check(why != NULL && why[0] != '\0');
	check_text(why);
	message.url = va_arena_printf(&arena, "https://h.example/w?%s", query == NULL ? "" : query);
	check(!dialect->verify(&auth, &message, 1700000000, &why) && why != NULL);
	/* The bytes as the URL. */
	message.url = va_arena_strndup(&arena, (const char *) data, size);
	check(!dialect->verify(&auth, &message, 1700000000, &why) && why != NULL);
	answer.text = message.url;
	if (dialect->build_answer != NULL && answer.text[0] != '\0')
	{
		check(dialect->build_answer(&(VaEvent){ 0 }, &answer, &arena, &document, &why));
		check_text(document.body);
	}
	va_arena_free(&arena);
}

static inline void
fuzz_replies(const VaDialect *dialect, const VaErrandOrder *order, const uint8_t *data, size_t size, int status)
{
	VaArena arena = { 0 };
	VaHttpResponse response = { .status = status, .sent = true, .body = data, .body_len = size, .now = 1700000000 };
	VaDialOutcome outcome;
	VaLookup lookup;
	VaErrandReply reply;
	VaHttpRequest request;
	const char *why = NULL;

	dialect->read_call_response(&response, &arena, &outcome);
	check((outcome.kind == VA_DIAL_ACCEPTED) == (outcome.provider_call_id != NULL));
	check(outcome.kind != VA_DIAL_ACCEPTED || status < 300);
	check_text(outcome.message);
	dialect->read_lookup_response(&response, &arena, &lookup);
	for (int i = 0; i < lookup.events.count; i++)
		check_event(&lookup.events.items[i]);
	check((lookup.kind == VA_LOOKUP_FOUND) == (lookup.events.count == 1));
	dialect->read_list_response(&response, &arena, &lookup);
	check(lookup.events.count + lookup.unreadable <= lookup.received);
	for (int i = 0; i < lookup.events.count; i++)
		check_event(&lookup.events.items[i]);
	for (int kind = 0; kind < VA_ERRAND_KINDS; kind++)
		/* A few for each input: parsing is most of the time. */
		if (dialect->errands[kind].build != NULL && kind % 4 == (int) (size % 4))
		{
			dialect->errands[kind].read(order, &response, &arena, &reply);
			check(reply.kind == VA_DIAL_ACCEPTED || reply.cause != NULL);
			check_text(reply.message);
			check_text(reply.account_ref);
			check_text(reply.currency);
			check_text(reply.next_page);
			check_text(reply.recording_url);
			check_amount(reply.cost, false);
			check_amount(reply.balance, true);
			for (int i = 0; i < reply.nnumbers; i++)
			{
				check_text(reply.numbers[i].number);
				check_text(reply.numbers[i].name);
				check_text(reply.numbers[i].region);
				check_amount(reply.numbers[i].monthly_cost, true);
			}
			if (!dialect->errands[kind].build(order, &arena, &request, &why))
				check(why != NULL);
		}
	va_arena_free(&arena);
}

#endif /* VOICEAGENT_DIALECT_FUZZ_H */
