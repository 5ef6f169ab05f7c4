/*
 * test_vapi_events.c
 *		Vapi's webhooks, good and bad, and that what the carrier of the sandbox
 *		writes is what is read.
 */
#include "pure/providers/vapi/vapi_carrier.h"
#include "pure/providers/vapi/vapi_internal.h"

#include "drivers.h"

/* ---- webhooks ---- */

static bool
hook(const char *body, VaEvents *events)
{
	return va_driver("vapi")->read_webhook(&(VaSignedMessage){ .body = body, .body_len = strlen(body) }, &arena, events, &why);
}

static const VaEvent *
one(const char *body)
{
	static const VaEvent none;
	VaEvents events;

	if (!ok(hook(body, &events) && events.count == 1, "read: %.60s", body))
	{
		diag("%s", why);
		return &none;
	}
	return &events.items[0];
}

#define STATUS(status, rest)                                                                              \
	"{\"message\":{\"type\":\"status-update\",\"status\":\"" status "\",\"timestamp\":1700000000000" rest \
	",\"call\":{\"id\":\"c1\"}}}"

static void
test_status(void)
{
	const VaEvent *event = one(STATUS("queued", ""));

	is_str(event->status, "initiated", "queued");
	is_str(event->event_key, "c1:status-update:queued", "key");
	is_int(event->occurred_at, 1700000000000, "time");
	is_str(event->cause_class, NULL, "no cause while it lives");
	is_str(one(STATUS("scheduled", ""))->status, "initiated", "scheduled");
	is_str(one(STATUS("ringing", ""))->status, "ringing", "ringing");
	event = one(STATUS("in-progress", ""));
	is_str(event->status, "in_progress", "in-progress");
	is_int(event->answered_at, 1700000000000, "answered then");
	is_str(one(STATUS("forwarding", ""))->status, "in_progress", "forwarding");
	is_str(one(STATUS("not-found", ""))->status, NULL, "not-found says nothing");
	is_str(one(STATUS("a-new-one", ""))->status, NULL, "nor does a new one");
	event = one(STATUS("ended", ",\"endedReason\":\"customer-busy\""));
	is_str(event->status, "busy", "ended, busy");
	is_str(event->cause, "customer-busy", "the reason is kept");
	is_str(event->cause_class, "busy", "and its class");
	is_str(one(STATUS("ended", ""))->status, NULL, "ended without a reason decides nothing");
	is_str(one(STATUS("ended", ",\"startedAt\":\"2023-11-14T22:13:20Z\""))->status, "completed",
		   "unless it was answered");
}

#define REPORT(rest)                                                                                     \
	"{\"message\":{\"type\":\"end-of-call-report\"" rest                                                 \
	",\"call\":{\"id\":\"c1\",\"assistantOverrides\":{\"metadata\":{\"attempt\":\"va-7-42\"}},\"name\":" \
	"\"other\"}}}"
#define TIMES ",\"startedAt\":\"2023-11-14T22:13:20Z\",\"endedAt\":\"2023-11-14T22:14:21.250Z\""

static void
test_report(void)
{
	const VaEvent *event = one(REPORT(
		",\"endedReason\":\"assistant-ended-call\"" TIMES ",\"cost\":0.31,"
		"\"costs\":[{\"type\":\"model\",\"cost\":0.1},{\"type\":\"model\",\"cost\":0.2},{\"type\":\"vapi\","
		"\"cost\":0.01}],"
		"\"analysis\":{\"summary\":\"Fine.\",\"structuredData\":{\"qualified\":true},\"successEvaluation\":"
		"true},"
		"\"artifact\":{\"recording\":{\"stereoUrl\":\"https://r.example/"
		"s\",\"mono\":{\"combinedUrl\":\"https://r.example/m\"}},"
		"\"messages\":[{\"role\":\"system\",\"message\":\"Sell.\"},{\"role\":\"bot\",\"message\":\"Hi\","
		"\"time\":1700000000500,\"secondsFromStart\":0.5},"
		"{\"role\":\"user\",\"message\":\"Yes\"},{\"role\":\"tool_calls\",\"toolCalls\":[{\"id\":\"t\"}]},"
		"{\"role\":\"tool_call_result\",\"result\":\"done\"},{\"role\":\"martian\",\"message\":\"x\"},{"
		"\"role\":\"user\"},7],"
		"\"structuredOutputs\":{\"a\":1}},\"destination\":{\"type\":\"number\",\"number\":\"+1\"},"
		"\"unknownThing\":[1]"));

	is_str(event->event_key, "c1:end-of-call-report", "key");
	is_str(event->attempt_ref, "va-7-42", "reference, by metadata first");
	is_str(event->status, "completed", "status");
	is_str(event->cause_class, "ok", "class");
	ok(event->has_duration && event->duration_seconds == 61.25, "duration");
	is_str(event->cost, "0.31", "cost");
	is_str(event->cost_breakdown, "{\"model\":0.3,\"vapi\":0.01}", "costs by type");
	is_str(event->summary, "Fine.", "summary");
	is_str(event->structured_data, "{\"qualified\":true}", "structured data");
	is_str(event->success_evaluation, "true", "success, as text");
	is_str(event->recording_url, "https://r.example/m", "recording");
	is_str(event->stereo_recording_url, "https://r.example/s", "stereo recording");
	is_str(event->transcript, "AI: Hi\nUser: Yes\n", "transcript made of the turns");
	is_str(event->turns,
		   "[{\"turn\":1,\"speaker\":\"system\",\"text\":\"Sell.\"},"
		   "{\"turn\":2,\"speaker\":\"assistant\",\"text\":\"Hi\",\"at_ms\":1700000000500,\"seconds_from_"
		   "start\":0.5},"
		   "{\"turn\":3,\"speaker\":\"customer\",\"text\":\"Yes\"},"
		   "{\"turn\":4,\"speaker\":\"tool\",\"text\":\"[{\\\"id\\\":\\\"t\\\"}]\"},"
		   "{\"turn\":5,\"speaker\":\"tool\",\"text\":\"done\"},"
		   "{\"turn\":6,\"speaker\":\"unknown\",\"text\":\"x\"}]",
		   "turns");
	is_str(at(event->details, "destination/number"), "\"+1\"", "destination is kept");
	is_str(at(event->details, "structuredOutputs/a"), "1", "structured outputs are kept");

	event = one(REPORT(",\"endedReason\":\"customer-did-not-answer\"" TIMES));
	is_str(event->status, "no_answer", "not answered");
	ok(event->answered_at == 0 && event->has_duration && event->duration_seconds == 0,
	   "is never charged, whatever startedAt says");
	event = one(REPORT(",\"endedReason\":\"call.in-progress.error-providerfault-outbound-sip-480-temporarily-unavailable\","
					   "\"artifact\":{\"messages\":[{\"role\":\"bot\",\"message\":\"Hi\"}]}" TIMES));
	ok(event->answered_at == 0 && event->duration_seconds == 0, "nor for words that nobody answers");
	event = one(REPORT(",\"endedReason\":\"call.in-progress.error-providerfault-outbound-sip-480-temporarily-unavailable\","
					   "\"artifact\":{\"messages\":[{\"role\":\"user\",\"message\":\"Yes\"}]}" TIMES));
	ok(event->answered_at != 0 && event->duration_seconds == 61.25,
	   "who has spoken had answered, whatever the leg of a transfer says");
	event = one(REPORT(",\"endedReason\":\"voicemail\"" TIMES));
	ok(event->answered_at != 0 && event->duration_seconds == 61.25, "a machine answers");
	is_str(event->cause_class, "machine", "and is a machine");
	event = one(REPORT(",\"endedReason\":\"customer-ended-call\",\"startedAt\":\"2023-11-14T22:14:20Z\","
					   "\"endedAt\":\"2023-11-14T22:13:20Z\""));
	ok(event->has_duration && event->duration_seconds == 0, "an end before the start lasts nothing");
	event = one(REPORT(",\"endedReason\":\"customer-ended-call\",\"startedAt\":\"2023-11-14T22:14:20Z\""));
	ok(!event->has_duration, "without an end the duration is not known");
	event = one(REPORT(""));
	is_str(event->status, "failed", "no reason, never answered");
	event = one(REPORT(",\"artifact\":{\"recordingUrl\":\"javascript:alert(1)\",\"transcript\":7},"
					   "\"analysis\":{\"summary\":[1]}"));
	ok(event->recording_url == NULL && event->transcript == NULL && event->summary == NULL,
	   "what is no link and no text is left out");
	event = one(REPORT(",\"endedReason\":\"customer-ended-call\",\"artifact\":{\"transcript\":"
					   "\"Hm\\nAI: Hello,\\nthis is Nova.\\r\\n[00:04] USER:  Stop calling me \\nBot:\\nNote: hung up\"}" TIMES));
	is_str(event->turns,
		   "[{\"turn\":1,\"speaker\":\"assistant\",\"text\":\"Hello, this is Nova.\"},"
		   "{\"turn\":2,\"speaker\":\"customer\",\"text\":\"Stop calling me\"},"
		   "{\"turn\":3,\"speaker\":\"assistant\",\"text\":\"Note: hung up\"}]",
		   "a transcript that is plain text is read as turns");
	ok(strncmp(event->transcript, "Hm\n", 3) == 0, "and stays as it is");
	event = one(REPORT(",\"artifact\":{\"transcript\":\"They talked about: the weather.\"}"));
	is_str(event->turns, "[]", "but a text in which no line names its speaker");
}

static void
test_other_events(void)
{
	VaEvents events;
	const VaEvent *event;

	ok(hook("{\"message\":{\"type\":\"tool-calls\",\"timestamp\":5,\"toolCallList\":[{\"id\":\"t1\","
			"\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}},"
			"{\"id\":\"t2\",\"name\":\"g\",\"parameters\":{\"b\":2}},{\"id\":\"t3\",\"function\":{\"name\":"
			"\"h\",\"arguments\":\"{broken\"}}],\"call\":{\"id\":\"c1\"}}}",
			&events) &&
		   events.count == 3,
	   "tool calls, one event each");
	is_str(events.items[0].event_key, "c1:tool-calls:t1", "key");
	is_str(at(events.items[0].details, "arguments/a"), "1", "arguments in a text");
	is_str(at(events.items[1].details, "arguments/b"), "2", "parameters in an object");
	is_str(at(events.items[1].details, "name"), "\"g\"", "name");
	is_str(at(events.items[2].details, "arguments"), "\"{broken\"", "arguments that are broken stay a text");
	event = one("{\"message\":{\"type\":\"transfer-destination-request\",\"timestamp\":7,\"call\":{\"id\":\"c1\"}}}");
	ok(event->kind == VA_EVENT_TOOL_CALLS && event->asks_destination && !event->wants_answer, "to whom a call is to be put through");
	is_str(event->event_key, "c1:transfer-7", "the same message is the same question");
	is_str(event->details, "{\"asksDestination\":true,\"name\":\"transfer\",\"toolCallId\":\"transfer-7\"}", "as a tool");
	event =
		one("{\"message\":{\"type\":\"transcript[transcriptType=\\\"final\\\"]\",\"role\":\"user\","
			"\"transcript\":\"yes\",\"transcriptType\":\"final\",\"timestamp\":9,\"call\":{\"id\":\"c1\"}}}");
	ok(event->kind == VA_EVENT_TRANSCRIPT, "transcript");
	is_str(event->transcript, "yes", "its text");
	is_str(event->event_key, "c1:transcript:customer:9", "its key");
	is_str(event->turns, "[{\"turn\":1,\"speaker\":\"customer\",\"text\":\"yes\",\"at_ms\":9}]", "its turn");
	event =
		one("{\"message\":{\"type\":\"transcript\",\"role\":\"user\",\"transcript\":\"ye\",\"transcriptType\":\"partial\","
			"\"timestamp\":9,\"call\":{\"id\":\"c1\"}}}");
	ok(event->turns == NULL, "a guess is no turn");
	event = one("{\"message\":{\"type\":\"hang\",\"timestamp\":9,\"x\":1,\"call\":{\"id\":\"c1\"}}}");
	ok(event->kind == VA_EVENT_OTHER && event->status == NULL, "any other type");
	is_str(event->event_key, "c1:hang:9", "its key");
}

static void
test_malformed(void)
{
	static const char *const cases[][2] = {
		{ "", "the body is empty" },
		{ "[]", "the body is not a JSON object" },
		{ "{}", "the message is missing or not an object" },
		{ "{\"message\":7}", "the message is missing or not an object" },
		{ "{\"message\":{}}", "the message's type is missing or not valid" },
		{ "{\"message\":{\"type\":7}}", "the message's type is missing or not valid" },
		{ "{\"message\":{\"type\":\"a b\"}}", "the message's type is missing or not valid" },
		{ "{\"message\":{\"type\":\"hang\"}}", "the call is missing" },
		{ "{\"message\":{\"type\":\"hang\",\"call\":{}}}", "the call's id is missing" },
		{ "{\"message\":{\"type\":\"hang\",\"call\":{\"id\":5}}}", "the call's id is not valid" },
		{ "{\"message\":{\"type\":\"hang\",\"call\":{\"id\":\"\"}}}", "the call's id is not valid" },
		{ "{\"message\":{\"type\":\"hang\",\"call\":{\"id\":\"a\\u0000b\"}}}", "the call's id is not valid" },
		{ "{\"message\":{\"type\":\"status-update\",\"call\":{\"id\":\"a\"}}}",
		  "the status is missing or not valid" },
		{ "{\"message\":{\"type\":\"status-update\",\"status\":[],\"call\":{\"id\":\"a\"}}}",
		  "the status is missing or not valid" },
	};
	VaEvents events;
	char id[400];
	char body[1000];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		ok(!hook(cases[i][0], &events), "refused: %s", cases[i][1]);
		is_str(why, cases[i][1], "for that");
	}
	memset(id, 'a', sizeof(id));
	id[VA_CALL_ID_MAX] = '\0';
	snprintf(body, sizeof(body), "{\"message\":{\"type\":\"hang\",\"call\":{\"id\":\"%s\"}}}", id);
	ok(hook(body, &events) && strlen(events.items[0].event_key) < 300, "the longest id");
	memset(id, 'a', VA_CALL_ID_MAX + 1);
	id[VA_CALL_ID_MAX + 1] = '\0';
	snprintf(body, sizeof(body), "{\"message\":{\"type\":\"hang\",\"call\":{\"id\":\"%s\"}}}", id);
	ok(!hook(body, &events), "a longer one");
}

/* A member that is no time, text or number is left out and named; the rest of the event is read. */
static void
test_left_out(void)
{
	static const char *const reports[][2] = {
		{ ",\"endedReason\":{}", "[\"endedReason\"]" },
		{ ",\"startedAt\":true", "[\"startedAt\"]" },
		{ ",\"startedAt\":\"\"", "[\"startedAt\"]" },
		{ ",\"endedAt\":\"yesterday\"", "[\"endedAt\"]" },
		{ ",\"timestamp\":1e300,\"durationSeconds\":\"x\"", "[\"durationSeconds\",\"timestamp\"]" },
		{ ",\"timestamp\":\"x\"", "[\"timestamp\"]" },
		{ ",\"timestamp\":-1", "[\"timestamp\"]" },
		{ ",\"cost\":\"1\"", "[\"cost\"]" },
		{ ",\"cost\":-1", "[\"cost\"]" },
		{ ",\"cost\":1e12,\"costBreakdown\":{\"total\":\"2\"}", "[\"cost\"]" },
		{ ",\"artifact\":[]", "[\"artifact\"]" },
		{ ",\"analysis\":\"x\"", "[\"analysis\"]" },
		{ ",\"cost\":null,\"analysis\":null", "" },
	};
	const VaEvent *event;
	json_t *call;
	VaEvent looked_up;

	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++)
	{
		char body[1000];

		snprintf(body, sizeof(body), REPORT("%s,\"transcript\":\"User: stop calling\""), reports[i][0]);
		event = one(body);
		ok(event->kind == VA_EVENT_REPORT && event->cost == NULL, "a report all the same");
		is_str(event->cause_class, "unknown", "whose reason is not known");
		is_str(event->transcript, "User: stop calling", "with its words");
		is_str(reports[i][1][0] == '\0' ? NULL : at(event->details, "leftOut"), reports[i][1][0] == '\0' ? NULL : reports[i][1], "left out");
	}
	event = one(STATUS("ended", ",\"endedReason\":5"));
	is_str(event->status, NULL, "an end whose reason cannot be read decides nothing");
	is_str(event->cause_class, "unknown", "nor has it a class");
	is_str(at(event->details, "leftOut"), "[\"endedReason\"]", "it says why");
	event = one("{\"message\":{\"type\":\"end-of-call-report\",\"cost\":-1,\"call\":{\"id\":\"c1\",\"cost\":0.5,\"createdAt\":7e99}}}");
	is_str(event->cost, "0.5", "what the call tells stands in for it");
	is_str(at(event->details, "leftOut"), "[\"createdAt\",\"cost\"]", "both are named");
	event = one(REPORT(",\"endedReason\":\"customer-ended-call\",\"startedAt\":null,\"endedAt\":\"2023-11-14T22:14:21.250Z\",\"durationSeconds\":31.5"));
	ok(event->duration_seconds == 31.5 && event->answered_at == event->ended_at - 31500, "without a start it has lasted as told");
	event = one(REPORT(",\"endedReason\":\"customer-busy\",\"endedAt\":\"2023-11-14T22:14:21.250Z\",\"durationSeconds\":31.5"));
	ok(event->duration_seconds == 0 && event->answered_at == 0, "unless nobody answered");
	call = json_pack("{s:s,s:s,s:[],s:s}", "id", "c1", "status", "ended", "updatedAt", "endedAt", "");
	ok(vapi_read_call(call, &arena, &looked_up, &why) && looked_up.kind == VA_EVENT_REPORT, "so it is for a lookup");
	is_str(at(looked_up.details, "leftOut"), "[\"endedAt\",\"updatedAt\"]", "which says so, too");
	json_decref(call);
}

/* ---- there and back ---- */

static void
same_report(const VaEvent *a, const VaEvent *b)
{
#define SAME(field) is_str(a->field, b->field, "webhook and lookup agree on " #field)
	SAME(provider_call_id);
	SAME(attempt_ref);
	SAME(status);
	SAME(cause);
	SAME(cause_class);
	SAME(cost);
	SAME(cost_breakdown);
	SAME(summary);
	SAME(transcript);
	SAME(turns);
	SAME(recording_url);
	SAME(stereo_recording_url);
	SAME(structured_data);
	SAME(success_evaluation);
	SAME(control_url);
	SAME(details);
#undef SAME
	ok(a->kind == VA_EVENT_REPORT && b->kind == VA_EVENT_REPORT, "both are reports");
	ok(a->answered_at == b->answered_at && a->ended_at == b->ended_at && a->created_at == b->created_at &&
		   a->has_duration && b->has_duration && a->duration_seconds == b->duration_seconds,
	   "and on every time");
}

static void
test_round_trip(void)
{
	VaProviderAccount carrier = { .credentials = { { "api_key", "key-123" } }, .ncredentials = 1 };
	VaCallOrder order = { .carrier = &carrier,
						  .to_number = "+14155550100",
						  .attempt_ref = "va-7-42",
						  .assistant = { .name = "Anna", .first_message = "Hi {{first_name}}", .system_prompt = "Sell." } };
	VaHttpRequest request;
	VaCarrierOrder taken;
	VaCarrierMessage messages[] = {
		{ "bot", "Hi Ann, \"quoted\"", 1700000010000, 1700000011500, 0, 1.5 },
		{ "user", "Tomorrow at three \xf0\x9f\x98\x80", 1700000012000, 1700000013250, 2, 1.25 },
	};
	VaCarrierCall call = { .id = "sbx-1",
						   .status = "ended",
						   .phone_number_id = "P 1",
						   .number = "+14155550100",
						   .control_url = "http://127.0.0.1:9/control/sbx-1",
						   .created_at = 1700000000000,
						   .started_at = 1700000010000,
						   .ended_at = 1700000042123,
						   .ended_reason = "customer-ended-call",
						   .cost = "0.0731",
						   .cost_transport = "0.01",
						   .cost_model = "0.05",
						   .cost_voice = "0.0131",
						   .messages = messages,
						   .nmessages = 2,
						   .summary = "Booked.",
						   .structured_data = "{\"appointment\":{\"booked\":true}}",
						   .success_evaluation = "true",
						   .recording_url = "http://127.0.0.1:9/r",
						   .stereo_recording_url = "http://127.0.0.1:9/s" };
	VaCarrierCall early;
	VaCarrierCall list[2];
	const VaEvent *report;
	const VaEvent *event;
	VaLookup lookup;

	order.variables = "{\"first_name\":\"Ann\"}";
	order.server_url = "http://127.0.0.1:9/webhooks/t";
	order.webhook_headers = "{\"X-Vapi-Secret\":\"hush\"}";
	order.ring_timeout_s = 25;
	order.max_duration_s = 120;
	order.record = true;
	order.customer_name = "Ann";
	ok(va_driver("sandbox")->build_call(&order, &arena, &request, &why) &&
		   va_carrier_read_order(request.body, request.body_len, &arena, &taken, &why),
	   "the carrier takes the call");
	is_str(taken.number, order.to_number, "number");
	is_str(taken.name, order.attempt_ref, "name");
	is_str(taken.attempt, order.attempt_ref, "metadata");
	is_str(taken.external_id, order.attempt_ref, "external id");
	is_str(taken.first_message, "Hi Ann", "first message with its variables");
	is_str(taken.system_prompt, "Sell.", "prompt");
	is_str(taken.server_url, order.server_url, "server");
	ok(taken.nserver_headers == 1 && strcmp(taken.server_headers[0].value, "hush") == 0, "its header");
	ok(taken.max_duration_s == 120 && taken.ring_timeout_s == 25 && taken.record, "limits");

	call.name = taken.name;
	call.external_id = taken.external_id;
	call.customer_name = taken.customer_name;
	call.metadata = taken.metadata;
	call.variable_values = taken.variable_values;
	report = one(va_carrier_report_body(&call, 1700000043000, &arena));
	lookup = looked_up(va_driver("vapi"), 200, va_carrier_call_body(&call, &arena), false);
	ok(lookup.kind == VA_LOOKUP_FOUND, "the lookup is read");
	is_str(report->event_key, "sbx-1:end-of-call-report", "the report's key");
	is_str(lookup.events.items[0].event_key, "lookup:sbx-1:ended", "the lookup's key");
	is_str(report->attempt_ref, order.attempt_ref, "the reference comes back");
	is_str(report->cost, "0.0731", "cost");
	ok(report->duration_seconds == 32.123, "duration");
	is_str(report->structured_data, call.structured_data, "structured data");
	is_str(at(report->turns, "1/text"), "\"Tomorrow at three \xf0\x9f\x98\x80\"", "a turn");
	is_str(report->transcript, "AI: Hi Ann, \"quoted\"\nUser: Tomorrow at three \xf0\x9f\x98\x80\n",
		   "transcript");
	same_report(report, &lookup.events.items[0]);
	ok(!report->unanalysed && !lookup.events.items[0].unanalysed, "both have been analysed");
	early = call;
	early.summary = early.structured_data = early.success_evaluation = NULL;
	event = looked_up(va_driver("vapi"), 200, va_carrier_call_body(&early, &arena), false).events.items;
	ok(event->unanalysed && event->kind == VA_EVENT_REPORT, "a lookup before the analysis says so");
	is_str(event->event_key, "lookup:sbx-1:ended:unanalysed", "its key is not that of the next one");
	ok(!one(va_carrier_report_body(&early, 1700000043000, &arena))->unanalysed, "the report is the last word");
	list[0] = list[1] = call;
	lookup = looked_up(va_driver("vapi"), 200, va_carrier_list_body(list, 2, &arena), true);
	is_int(lookup.events.count, 2, "the list is read");
	same_report(report, &lookup.events.items[1]);

	is_str(one(va_carrier_status_body(&call, "queued", 1700000000000, &arena))->status, "initiated",
		   "queued");
	event = one(va_carrier_status_body(&call, "ringing", 1700000001000, &arena));
	is_str(event->status, "ringing", "ringing");
	ok(event->answered_at == 0, "a late ringing is not an answer");
	event = one(va_carrier_status_body(&call, "in-progress", 1700000010500, &arena));
	is_str(event->status, "in_progress", "in-progress");
	is_int(event->answered_at, call.started_at, "answered");
	event = one(va_carrier_status_body(&call, "ended", 1700000042123, &arena));
	is_str(event->status, "completed", "ended");
	is_str(event->cause, "customer-ended-call", "reason");

	call.status = "ended";
	call.started_at = 0;
	call.ended_reason = "customer-did-not-answer";
	call.nmessages = 0;
	call.cost = NULL;
	event = one(va_carrier_report_body(&call, 1700000043000, &arena));
	is_str(event->status, "no_answer", "no answer");
	ok(event->duration_seconds == 0 && event->transcript == NULL, "nothing was said");
	ok(!va_carrier_read_order("{}", 2, &arena, &taken, &why), "an empty order is refused");
	ok(!va_carrier_read_order("{\"customer\":{\"number\":5}}", 25, &arena, &taken, &why),
	   "a wrong type is refused");
	is_str(va_carrier_error_body(400, "no", &arena),
		   "{\"error\":\"Bad Request\",\"message\":\"no\",\"statusCode\":400}", "error");
}

int
main(void)
{
	test_status();
	test_report();
	test_other_events();
	test_malformed();
	test_left_out();
	test_round_trip();
	va_arena_free(&arena);
	return done_testing();
}
