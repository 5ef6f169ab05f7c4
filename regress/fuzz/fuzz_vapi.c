/*
 * fuzz_vapi.c
 *		Any bytes as a webhook, an answer to a dial, a lookup, a list, an order
 *		to the carrier: a result or a reason, and what is given out can be
 *		stored (UTF-8 without NUL, JSON where JSON is promised).
 */
#include "pure/providers/provider.h"
#include "pure/providers/vapi_carrier.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

static void
check_text(const char *text)
{
	json_t *json;

	if (text == NULL)
		return;
	json = json_string(text); /* refuses what is not UTF-8 */
	check(json != NULL);
	json_decref(json);
}

static void
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

static void
check_event(const VaEvent *event)
{
	check(event->event_key != NULL && strlen(event->event_key) <= 300);
	check(event->provider_call_id != NULL && event->provider_call_id[0] != '\0');
	check(event->attempt_ref == NULL || strlen(event->attempt_ref) <= VA_ATTEMPT_REF_MAX);
	check(event->duration_seconds >= 0 && event->duration_seconds < 1e10);
	check(va_time_in_range(event->occurred_at) && va_time_in_range(event->answered_at) &&
		  va_time_in_range(event->ended_at));
	check_text(event->event_key);
	check_text(event->attempt_ref);
	check_text(event->cause);
	check_text(event->summary);
	check_text(event->transcript);
	check_text(event->success_evaluation);
	check_json(event->cost_breakdown);
	check_json(event->turns);
	check_json(event->structured_data);
	check_json(event->details);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const VaDialect *vapi = va_dialect("vapi");
	VaArena arena = { 0 };
	VaEvents events;
	VaDialOutcome outcome;
	VaLookup lookup;
	VaCarrierOrder order;
	VaCallOrder call;
	VaHttpRequest request;
	VaHttpRequest masked;
	const char *why = NULL;
	VaHttpResponse response = {
		.status = 200, .sent = true, .body = data, .body_len = size, .now = 1700000000
	};

	if (vapi->read_webhook(&(VaSignedMessage){ .body = data, .body_len = size }, &arena, &events, &why))
		for (int i = 0; i < events.count; i++)
			check_event(&events.items[i]);
	else
		check(why != NULL && why[0] != '\0');
	check_text(why);

	vapi->read_call_response(&response, &arena, &outcome);
	check((outcome.kind == VA_DIAL_ACCEPTED) == (outcome.provider_call_id != NULL));
	vapi->read_lookup_response(&response, &arena, &lookup);
	for (int i = 0; i < lookup.events.count; i++)
		check_event(&lookup.events.items[i]);
	vapi->read_list_response(&response, &arena, &lookup);
	for (int i = 0; i < lookup.events.count; i++)
		check_event(&lookup.events.items[i]);
	for (VaErrandKind kind = 0; kind < VA_ERRAND_KINDS; kind++)
		if (vapi->errands[kind].read != NULL)
		{
			VaErrandOrder errand = { 0 };
			VaErrandReply reply;

			vapi->errands[kind].read(&errand, &response, &arena, &reply);
			check(reply.nnumbers == 0 || reply.numbers != NULL);
			for (int i = 0; i < reply.nnumbers; i++)
				check_text(reply.numbers[i].name);
			check_text(reply.message);
			check_text(reply.account_ref);
			check_text(reply.next_page);
		}
	response.status = 400;
	vapi->read_call_response(&response, &arena, &outcome);
	check(outcome.kind == VA_DIAL_REFUSED_PERMANENT);
	check_text(outcome.message);

	va_carrier_read_order(data, size, &arena, &order, &why);
	if (va_call_order_read((const char *) data, size, &arena, &call, &why) &&
		vapi->build_call(&call, &arena, &request, &why))
	{
		check_json(request.body);
		va_request_mask(&request, call.carrier, &arena, &masked);
		check_json(masked.body);
		check(va_carrier_read_order(request.body, request.body_len, &arena, &order, &why) || why != NULL);
	}
	va_arena_free(&arena);
	return 0;
}
