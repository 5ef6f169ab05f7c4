/*
 * fuzz_asterisk.c
 *		Any bytes as a frame of Asterisk's socket, as its answer to a dial, a
 *		lookup, a list, an errand, and as an order to it: a result or a reason,
 *		and what is given out can be stored (UTF-8 without NUL, JSON where JSON
 *		is promised) and stays on one line of a request.
 */
#include "pure/providers/asterisk_internal.h"

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
check_event(const VaEvent *event)
{
	json_t *details = event->details == NULL ? NULL : json_loads(event->details, 0, NULL);

	check(event->event_key != NULL && strlen(event->event_key) <= 300);
	check(va_id_valid(event->provider_call_id));
	check(event->attempt_ref == NULL || strlen(event->attempt_ref) <= VA_ATTEMPT_REF_MAX);
	check(event->kind != VA_EVENT_REPORT || (event->status != NULL && event->cause_class != NULL));
	check(va_time_in_range(event->occurred_at) && va_time_in_range(event->ended_at));
	check((event->details == NULL) == (details == NULL));
	json_decref(details);
	check_text(event->event_key);
	check_text(event->cause);
	check_text(event->from_number);
	check_text(event->to_number);
	check_text(event->recording_url);
}

static void
check_request(const VaHttpRequest *request)
{
	check(request->url != NULL && strpbrk(request->url, "\r\n \t") == NULL);
	for (int i = 0; i < request->nheaders; i++)
		check(va_printable(request->headers[i].value));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const VaDialect *asterisk = va_dialect("asterisk");
	VaArena arena = { 0 };
	VaEvents events;
	VaDialOutcome outcome;
	VaLookup lookup;
	VaErrandReply reply;
	VaErrandOrder errand = { 0 };
	VaCallOrder call;
	VaHttpRequest request;
	const char *why = NULL;
	VaHttpResponse response = {
		.status = 200, .sent = true, .body = data, .body_len = size, .now = 1700000000
	};

	if (asterisk->read_webhook(&(VaSignedMessage){ .body = data, .body_len = size }, &arena, &events, &why))
		for (int i = 0; i < events.count; i++)
			check_event(&events.items[i]);
	else
		check(why != NULL && why[0] != '\0');
	check_text(why);

	asterisk->read_call_response(&response, &arena, &outcome);
	check((outcome.kind == VA_DIAL_ACCEPTED) == (outcome.provider_call_id != NULL));
	asterisk->read_lookup_response(&response, &arena, &lookup);
	for (int i = 0; i < lookup.events.count; i++)
		check_event(&lookup.events.items[i]);
	asterisk->read_list_response(&response, &arena, &lookup);
	for (int i = 0; i < lookup.events.count; i++)
		check_event(&lookup.events.items[i]);
	for (int status = 200; status <= 500; status += 100)
		for (int kind = 0; kind < VA_ERRAND_KINDS; kind++)
		{
			if (asterisk->errands[kind].read == NULL)
				continue;
			response.status = status;
			asterisk->errands[kind].read(&errand, &response, &arena, &reply);
			check_text(reply.message);
			check_text(reply.cause);
		}
	if (va_call_order_read((const char *) data, size, &arena, &call, &why))
	{
		if (asterisk->build_call(&call, &arena, &request, &why))
			check_request(&request);
		errand.carrier = call.carrier;
		errand.answer = call.answer;
		errand.attempt_ref = call.attempt_ref;
		errand.digits = call.to_extension;
		errand.reason = call.customer_name;
		errand.recording_url = call.server_url;
		for (int kind = 0; kind < VA_ERRAND_KINDS; kind++)
			if (asterisk->errands[kind].build != NULL && asterisk->errands[kind].build(&errand, &arena, &request, &why))
				check_request(&request);
	}
	va_arena_free(&arena);
	return 0;
}
