/*
 * test_vapi.c
 *		Vapi's dialect from both sides: every reason of the specification,
 *		requests within the vendor's limits, answers, webhooks good and bad,
 *		and that what the carrier writes is what is read.
 */
#include "pure/providers/provider.h"
#include "pure/providers/vapi_carrier.h"
#include "pure/providers/vapi_internal.h"

#include "tap.h"

static VaArena arena;
static const char *why;

/* ---- reasons ---- */

static void
test_reasons(void)
{
	FILE *file = fopen("regress/unit/data/vapi_ended_reasons.txt", "r");
	char line[512];
	char reason[256], status[32], cause_class[32];
	int count = 0;
	int wrong = 0;

	ok(file != NULL, "the list of reasons is there");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
	{
		VapiReason got;
		VapiReason answered;

		if (line[0] == '#' || sscanf(line, "%255s %31s %31s", reason, status, cause_class) != 3)
			continue;
		count++;
		got = vapi_reason(reason, false);
		answered = vapi_reason(reason, true);
		if (strcmp(got.status, status) != 0 || strcmp(got.cause_class, cause_class) != 0)
		{
			wrong++;
			diag("%s: got %s %s, expected %s %s", reason, got.status, got.cause_class, status, cause_class);
		}
		if (strcmp(cause_class, "unknown") == 0 ? strcmp(answered.status, "completed") != 0
												: strcmp(answered.status, status) != 0)
		{
			wrong++;
			diag("%s: answered gives %s", reason, answered.status);
		}
	}
	if (file != NULL)
		fclose(file);
	is_int(count, 595, "all reasons of the specification");
	is_int(wrong, 0, "mean what they should");
	is_str(vapi_reason(NULL, true).status, "completed", "no reason, answered");
	is_str(vapi_reason(NULL, false).status, "failed", "no reason, not answered");
	is_str(vapi_reason("a-new-one", false).cause_class, "unknown", "a reason of tomorrow");
}

/* ---- requests ---- */

static VaCarrier carrier; /* of an_order() */

static VaCallOrder
an_order(void)
{
	VaCallOrder order = {
		.carrier = &carrier,
		.to_number = "+14155550100",
		.attempt_ref = "va-7-42",
		.assistant = { .name = "Anna", .first_message = "Hi {{first_name}}", .system_prompt = "Sell." }
	};

	carrier = (VaCarrier){ .credentials = { { "api_key", "key-123" } },
						   .ncredentials = 1,
						   .settings = { { "phone_number_id", "P 1" } },
						   .nsettings = 1 };
	return order;
}

/* A member of a JSON text by path, as JSON text; NULL when it is not there. */
static const char *
at(const char *text, const char *path)
{
	json_t *root = va_json_load(&arena, text, strlen(text), &why);
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

static const char *
body_of(const VaCallOrder *order)
{
	VaHttpRequest request;

	return va_dialect("vapi")->build_call(order, &arena, &request, &why) ? request.body : NULL;
}

/* With a memo the body is the same, whether its assistant was built now or before. */
static void
test_memo(VaCallOrder order)
{
	VaArena memory = {0};
	VaCallMemo memo = {.arena = &memory};
	json_t *variables = order.variables == NULL ? NULL : va_json_load(&arena, order.variables, strlen(order.variables), &why);

	order.variables = va_json_text(&arena, variables);
	json_decref(variables);
	for (int round = 0; round < 3; round++)
	{
		const char *plain;
		const char *first = order.assistant.first_message;

		if (round == 2)
			order.assistant.first_message = "Another \"message\"";
		order.memo = NULL;
		plain = body_of(&order);
		order.memo = &memo;
		is_str(body_of(&order), plain, round == 0 ? "built with a memo" : round == 1 ? "from the memo" : "another order is another");
		order.assistant.first_message = first;
	}
	is_int(memo.used, 2, "two assistants are remembered");
	order.assistant.settings = "[1]";
	ok(body_of(&order) == NULL && strstr(why, "must be a JSON object") != NULL, "bad settings are refused with a memo, too");
	order.assistant.settings = NULL;
	order.to_number = "+1";
	ok(body_of(&order) == NULL, "and a bad number");
	for (int i = 0; i < 2 * VA_CALL_MEMO_SLOTS; i++)
	{
		order.to_number = "+12025550142";
		order.max_duration_s = 10 + i;
		order.memo = &memo;
		ok(strstr(body_of(&order), va_arena_printf(&arena, "\"maxDurationSeconds\":%d,", 10 + i)) != NULL, "%d seconds", 10 + i);
	}
	is_int(memo.used, VA_CALL_MEMO_SLOTS, "no more than it holds");
	va_arena_free(&memory);
}

static void
test_call_request(void)
{
	VaCallOrder order = an_order();
	VaHttpRequest request;
	VaHttpRequest masked;
	const char *body;

	order.assistant.voice = "sarah";
	order.assistant.model = "claude-sonnet-4";
	order.assistant.language = "en-US";
	order.assistant.settings =
		"{\"temperature\":0.5,\"end_call_phrases\":[\"bye\",\"x\",5],\"provider_options\":"
		"{\"backgroundSound\":\"office\",\"server\":{\"url\":\"https://"
		"evil\"},\"name\":\"no\",\"credentials\":[1]},"
		"\"extraction_fields\":{\"budget\":{\"type\":\"number\"},\"qualified\":{\"type\":\"string\"}}}";
	order.variables = "{\"first_name\":\"Ann\"}";
	order.customer_name = "\xc3\x84nne-Marie von der langen Stra\xc3\x9f"
						  "e am Ende der Welt";
	order.to_extension = "123";
	order.server_url = "https://us.example/webhooks/t0k";
	order.webhook_headers = "{\"X-Vapi-Secret\":\"hush\"}";
	carrier.settings[carrier.nsettings++] = (VaNamedText){ "webhook_credential_id", "cred" };
	order.ring_timeout_s = 900;
	order.max_duration_s = 100000;
	order.record = true;
	order.machine_detection = VA_MACHINE_DETECT;
	ok(va_dialect("vapi")->build_call(&order, &arena, &request, &why), "a full order is built");
	test_memo(order);
	test_memo(an_order());
	is_str(request.method, "POST", "POST");
	is_str(request.url, "https://api.vapi.ai/call", "the vendor's base URL");
	is_str(va_header_find(request.headers, request.nheaders, "authorization"), "Bearer key-123", "the key");
	body = request.body;
	is_str(at(body, "name"), "\"va-7-42\"", "reference as name");
	is_str(at(body, "customer/externalId"), "\"va-7-42\"", "as external id");
	is_str(at(body, "assistantOverrides/metadata/attempt"), "\"va-7-42\"", "as metadata");
	is_str(at(body, "assistantOverrides/variableValues"), "{\"first_name\":\"Ann\"}", "variables");
	is_str(at(body, "assistantOverrides/transportConfigurations/0/timeout"), "600",
		   "ring timeout within its range");
	is_str(at(body, "assistant/maxDurationSeconds"), "43200", "duration within its range");
	is_str(at(body, "customer/name"),
		   "\"\xc3\x84nne-Marie von der langen Stra\xc3\x9f"
		   "e am Ende\"",
		   "name of 40 characters");
	is_str(at(body, "customer/extension"), "\"123\"", "extension");
	is_str(at(body, "assistant/model/provider"), "\"anthropic\"", "model's provider");
	is_str(at(body, "assistant/model/temperature"), "0.5", "temperature");
	is_str(at(body, "assistant/model/messages/0/content"), "\"Sell.\"", "prompt");
	is_str(at(body, "assistant/voice"), "{\"provider\":\"11labs\",\"voiceId\":\"sarah\"}", "voice");
	is_str(at(body, "assistant/transcriber/language"), "\"en-US\"", "language");
	is_str(at(body, "assistant/backgroundSound"), "\"office\"", "another option of the vendor's");
	is_str(at(body, "assistant/name"), "\"Anna\"", "ours cannot be overridden");
	is_str(at(body, "assistant/credentials"), NULL, "no credentials from options");
	is_str(at(body, "assistant/server/url"), "\"https://us.example/webhooks/t0k\"", "our server");
	is_str(at(body, "assistant/server/backoffPlan"),
		   "{\"baseDelaySeconds\":1,\"maxRetries\":10,\"type\":\"exponential\"}", "ten tries");
	is_str(at(body, "assistant/server/credentialId"), "\"cred\"", "credential");
	is_str(at(body, "assistant/server/headers/X-Vapi-Secret"), "\"hush\"", "secret header");
	is_str(at(body, "assistant/serverMessages"), "[\"status-update\",\"end-of-call-report\",\"tool-calls\"]",
		   "messages");
	is_str(at(body, "assistant/endCallPhrases"), "[\"bye\"]", "phrases within limits");
	is_str(at(body, "assistant/voicemailDetection/provider"), "\"vapi\"", "voicemail detection");
	is_str(at(body, "assistant/artifactPlan/recordingEnabled"), "true", "recording");
	is_str(at(body, "assistant/analysisPlan/structuredDataPlan/schema/properties/budget/type"), "\"number\"",
		   "own field");
	is_str(at(body, "assistant/analysisPlan/structuredDataPlan/schema/properties/qualified/type"),
		   "\"boolean\"", "which does not replace ours");

	va_request_mask(&request, order.carrier, &arena, &masked);
	ok(strstr(masked.body, "hush") == NULL, "a masked body has no secret");
	is_str(va_header_find(masked.headers, masked.nheaders, "Authorization"), "Bearer ****",
		   "nor a masked header");
	is_str(at(masked.body, "assistant/server/headers/X-Vapi-Secret"), "\"****\"",
		   "but says that there is one");
	is_str(at(masked.body, "customer/number"), "\"+14155550100\"", "and is else the same");
}

static void
test_call_refusals(void)
{
	VaCallOrder order;

#define REFUSED(change, reason)                             \
	do                                                      \
	{                                                       \
		order = an_order();                                 \
		change;                                             \
		ok(body_of(&order) == NULL, "refused: %s", reason); \
		is_str(why, reason, "for that");                    \
	} while (0)
	order = an_order();
	ok(body_of(&order) != NULL, "the least order is taken");
	REFUSED(order.to_number = NULL, "the number to call must have 3 to 40 characters");
	REFUSED(order.to_number = "12", "the number to call must have 3 to 40 characters");
	REFUSED(order.attempt_ref = "", "the attempt has no reference");
	REFUSED(order.attempt_ref = "12345678901234567890123456789012345678901",
			"the attempt's reference is longer than 40 characters");
	REFUSED(order.to_extension = "12345678901", "the extension is longer than 10 characters");
	REFUSED(carrier.nsettings = 0, "the account has no phone number to call from");
	REFUSED(carrier.ncredentials = 0, "the account has no usable API key");
	REFUSED(carrier.credentials[0].value = "a\r\nX: y", "the account has no usable API key");
	REFUSED(carrier.base_url = "https://u:p@h.example", "a URL must not hold a user name or password");
	REFUSED(carrier.base_url = "https://h.example/?a=", "the base URL must not hold a query");
	REFUSED(order.server_url = "file:///etc/passwd", "a URL must begin with https:// or http://");
	REFUSED(order.variables = "[]", "the variables must be a JSON object");
	REFUSED(order.assistant.settings = "7", "the assistant's settings must be a JSON object");
	REFUSED(order.webhook_headers = "\"x\"", "the webhook's headers must be a JSON object");
#undef REFUSED
	order = an_order();
	carrier.nsettings = 0;
	carrier.base_url = "http://127.0.0.1:8080/v1//";
	{
		VaHttpRequest request;

		ok(va_dialect("sandbox")->build_call(&order, &arena, &request, &why),
		   "the sandbox needs no number to call from");
		is_str(request.url, "http://127.0.0.1:8080/v1/call", "base URL with a path");
	}
	ok(va_dialect("nobody") == NULL && va_dialect(NULL) == NULL, "no such dialect");
}

static void
test_other_requests(void)
{
	const VaDialect *vapi = va_dialect("vapi");
	VaHttpRequest request;
	VaErrand hangup = vapi->errands[VA_ERRAND_HANGUP];
	VaErrandOrder errand = { .control_url = "https://phone.example/abc/control" };
	VaLookupOrder order = { .carrier = an_order().carrier,
							.provider_call_id = "a/../b?c",
							.from_number_id = "P&1",
							.created_from = 1700000000000,
							.created_to = 1700000060000,
							.limit = 5000 };

	ok(vapi->build_lookup(&order, &arena, &request, &why), "lookup");
	is_str(request.url, "https://api.vapi.ai/call/a%2F..%2Fb%3Fc", "an id cannot leave its place");
	order.provider_call_id = "..";
	ok(!vapi->build_lookup(&order, &arena, &request, &why), "nor by dots");
	order.provider_call_id = NULL;
	ok(!vapi->build_lookup(&order, &arena, &request, &why), "no id");
	ok(vapi->build_list(&order, &arena, &request, &why), "list");
	is_str(request.url,
		   "https://api.vapi.ai/"
		   "call?limit=1000&phoneNumberId=P%261&createdAtGe=2023-11-14T22%3A13%3A20.000Z&createdAtLe=2023-11-"
		   "14T22%3A14%3A20.000Z",
		   "its window");
	ok(hangup.build(&errand, &arena, &request, &why), "hang up");
	is_str(request.body, "{\"type\":\"end-call\"}", "by control message");
	ok(va_header_find(request.headers, request.nheaders, "Authorization") == NULL,
	   "a foreign URL gets no key");
	errand.control_url = NULL;
	ok(!hangup.build(&errand, &arena, &request, &why), "no control URL");
	errand.control_url = "gopher://x";
	ok(!hangup.build(&errand, &arena, &request, &why), "a bad control URL");
}

/* ---- answers ---- */

static VaDialOutcome
dial(int status, const char *body, bool sent, const char *retry_after)
{
	VaHeader header = { "Retry-After", retry_after };
	VaHttpResponse response = { .status = status,
								.sent = sent,
								.body = body,
								.body_len = strlen(body),
								.now = 1700000000,
								.headers = &header,
								.nheaders = retry_after != NULL,
								.error = "it broke" };
	VaDialOutcome outcome;

	va_dialect("vapi")->read_call_response(&response, &arena, &outcome);
	return outcome;
}

static void
test_answers(void)
{
	static const struct
	{
		int status;
		const char *kind;
	} kinds[] = {
		{ 301, "bad_account" },	  { 400, "refused_permanent" }, { 401, "bad_account" },
		{ 402, "bad_account" },	  { 403, "bad_account" },		{ 404, "refused_permanent" },
		{ 408, "unknown" },		  { 409, "refused_permanent" }, { 422, "refused_permanent" },
		{ 425, "refused_retry" }, { 429, "rate_limited" },		{ 500, "unknown" },
		{ 502, "unknown" },		  { 503, "unknown" },			{ 599, "unknown" },
	};
	VaDialOutcome got = dial(
		201, "{\"id\":\"c1\",\"status\":\"queued\",\"monitor\":{\"controlUrl\":\"https://p.example/c\"}}",
		true, NULL);

	is_str(va_dial_kind_name(got.kind), "accepted", "201");
	is_str(got.provider_call_id, "c1", "its id");
	is_str(got.control_url, "https://p.example/c", "its control URL");
	got = dial(201, "{\"id\":\"c1\",\"monitor\":{\"controlUrl\":\"file:///x\"}}", true, NULL);
	ok(got.kind == VA_DIAL_ACCEPTED && got.control_url == NULL, "a bad control URL is left out");
	is_str(va_dial_kind_name(dial(201, "{}", true, NULL).kind), "unknown", "201 without an id");
	is_str(va_dial_kind_name(dial(201, "garbage", true, NULL).kind), "unknown", "201 with garbage");
	is_str(va_dial_kind_name(dial(200, "", true, NULL).kind), "unknown", "200 with nothing");
	is_str(va_dial_kind_name(dial(201, "{\"id\":7}", true, NULL).kind), "unknown",
		   "201 with an id of another type");
	is_str(va_dial_kind_name(
			   dial(201, "{\"subscriptionLimits\":{\"concurrencyBlocked\":true}}", true, NULL).kind),
		   "rate_limited", "blocked by the concurrency limit");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		is_str(va_dial_kind_name(dial(kinds[i].status, "{}", true, NULL).kind), kinds[i].kind, "status %d",
			   kinds[i].status);
	is_str(va_dial_kind_name(dial(0, "", false, NULL).kind), "refused_retry", "no connection");
	is_str(va_dial_kind_name(dial(0, "", true, NULL).kind), "unknown", "no answer");
	is_str(dial(0, "", true, NULL).message, "it broke", "the client's words");
	is_int(dial(429, "", true, "17").retry_after_s, 17, "Retry-After");
	is_int(dial(429, "", true, "soon").retry_after_s, 0, "no Retry-After that can be read");
	is_str(dial(400, "{\"message\":[\"a must be b\",\"c\"],\"error\":\"Bad Request\"}", true, NULL).message,
		   "a must be b; c", "messages");
	is_str(dial(400, "{\"error\":\"Bad Request\"}", true, NULL).message, "Bad Request", "error");
	is_str(dial(500, "<html>", true, NULL).message, NULL, "not JSON");
	is_str(dial(503, "", true, NULL).cause, "http-503", "cause");
}

static VaLookup
look(int status, const char *body, bool list)
{
	VaHttpResponse response = { .status = status, .body = body, .body_len = strlen(body) };
	VaLookup lookup;

	if (list)
		va_dialect("vapi")->read_list_response(&response, &arena, &lookup);
	else
		va_dialect("vapi")->read_lookup_response(&response, &arena, &lookup);
	return lookup;
}

static void
test_lookups(void)
{
	VaLookup got = look(
		200,
		"{\"id\":\"c1\",\"status\":\"ringing\",\"name\":\"va-7-42\",\"createdAt\":\"2023-11-14T22:13:20Z\"}",
		false);

	ok(got.kind == VA_LOOKUP_FOUND && got.events.count == 1, "a live call");
	is_str(got.events.items[0].event_key, "lookup:c1:ringing", "its key");
	is_str(got.events.items[0].status, "ringing", "its status");
	is_str(got.events.items[0].attempt_ref, "va-7-42", "its reference, by name");
	is_int(look(404, "{}", false).kind, VA_LOOKUP_NOT_FOUND, "404");
	is_int(look(200, "{\"id\":\"c1\",\"status\":\"not-found\"}", false).kind, VA_LOOKUP_NOT_FOUND,
		   "not-found");
	is_int(look(401, "{}", false).kind, VA_LOOKUP_BAD_ACCOUNT, "401");
	is_int(look(500, "{}", false).kind, VA_LOOKUP_RETRY, "500");
	is_int(look(0, "", false).kind, VA_LOOKUP_RETRY, "no answer");
	is_int(look(200, "{\"id\":\"c1\"}", false).kind, VA_LOOKUP_RETRY, "without a status");
	is_int(look(200, "[]", false).kind, VA_LOOKUP_RETRY, "a list where a call should be");
	is_str(look(200, "x", false).message, "not valid JSON at line 1, byte 1: invalid token", "garbage");
	got =
		look(200,
			 "[{\"id\":\"a\",\"status\":\"queued\",\"createdAt\":\"2023-11-14T22:13:21Z\"},5,{\"id\":\"b\"},"
			 "{\"id\":\"c\",\"status\":\"in-progress\",\"createdAt\":\"2023-11-14T22:13:20Z\"}]",
			 true);
	is_int(got.events.count, 2, "a list: the calls that can be read");
	is_int(got.unreadable, 2, "and the others");
	is_int(got.received, 4, "all counted");
	is_int(got.oldest_created_at, 1700000000000, "the oldest");
	ok(look(200, "[]", true).kind == VA_LOOKUP_FOUND, "an empty list");
	is_int(look(200, "{}", true).kind, VA_LOOKUP_RETRY, "no list");
}

/* ---- webhooks ---- */

static bool
hook(const char *body, VaEvents *events)
{
	return va_dialect("vapi")->read_webhook(&(VaSignedMessage){ .body = body, .body_len = strlen(body) }, &arena, events, &why);
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
		   "{\"turn\":5,\"speaker\":\"tool\",\"text\":\"done\"}]",
		   "turns");
	is_str(at(event->details, "destination/number"), "\"+1\"", "destination is kept");
	is_str(at(event->details, "structuredOutputs/a"), "1", "structured outputs are kept");

	event = one(REPORT(",\"endedReason\":\"customer-did-not-answer\"" TIMES));
	is_str(event->status, "no_answer", "not answered");
	ok(event->answered_at == 0 && event->has_duration && event->duration_seconds == 0,
	   "is never charged, whatever startedAt says");
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
	event =
		one("{\"message\":{\"type\":\"transcript[transcriptType=\\\"final\\\"]\",\"role\":\"user\","
			"\"transcript\":\"yes\",\"transcriptType\":\"final\",\"timestamp\":9,\"call\":{\"id\":\"c1\"}}}");
	ok(event->kind == VA_EVENT_TRANSCRIPT, "transcript");
	is_str(event->transcript, "yes", "its text");
	is_str(event->event_key, "c1:transcript:customer:9", "its key");
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
		{ "{\"message\":{\"type\":\"hang\",\"timestamp\":\"x\",\"call\":{\"id\":\"a\"}}}",
		  "timestamp is not a time" },
		{ "{\"message\":{\"type\":\"hang\",\"timestamp\":1e300,\"call\":{\"id\":\"a\"}}}",
		  "timestamp is not a time" },
		{ "{\"message\":{\"type\":\"hang\",\"timestamp\":-1,\"call\":{\"id\":\"a\"}}}",
		  "timestamp is not a time" },
		{ "{\"message\":{\"type\":\"status-update\",\"call\":{\"id\":\"a\"}}}",
		  "the status is missing or not valid" },
		{ "{\"message\":{\"type\":\"status-update\",\"status\":[],\"call\":{\"id\":\"a\"}}}",
		  "the status is missing or not valid" },
		{ STATUS("ended", ",\"endedReason\":5"), "endedReason is not a string" },
		{ REPORT(",\"endedReason\":{}"), "endedReason is not a string" },
		{ REPORT(",\"startedAt\":true"), "startedAt is not a time" },
		{ REPORT(",\"endedAt\":\"yesterday\""), "endedAt is not a time" },
		{ REPORT(",\"cost\":\"1\""), "cost is not a number" },
		{ REPORT(",\"cost\":-1"), "cost is out of range" },
		{ REPORT(",\"cost\":1e12"), "cost is out of range" },
		{ REPORT(",\"artifact\":[]"), "artifact or analysis is not an object" },
		{ REPORT(",\"analysis\":\"x\""), "artifact or analysis is not an object" },
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
	VaCallOrder order = an_order();
	VaHttpRequest request;
	VaCarrierOrder taken;
	VaCarrierMessage messages[] = {
		{ "bot", "Hi Ann, \"quoted\"", 1700000010000, 0, 1.5 },
		{ "user", "Tomorrow at three \xf0\x9f\x98\x80", 1700000012000, 2, 1.25 },
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
	const VaCarrierCall *list[] = { &call, &call };
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
	ok(va_dialect("sandbox")->build_call(&order, &arena, &request, &why) &&
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
	lookup = look(200, va_carrier_call_body(&call, &arena), false);
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
	lookup = look(200, va_carrier_list_body(list, 2, &arena), true);
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
	test_reasons();
	test_call_request();
	test_call_refusals();
	test_other_requests();
	test_answers();
	test_lookups();
	test_status();
	test_report();
	test_other_events();
	test_malformed();
	test_round_trip();
	va_arena_free(&arena);
	return done_testing();
}
