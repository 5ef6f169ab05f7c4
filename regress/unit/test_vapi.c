/*
 * test_vapi.c
 *		Vapi's driver: every reason of the specification, requests within the
 *		vendor's limits, and answers.  Its webhooks: test_vapi_events.c.
 */
#include "pure/providers/vapi/vapi_internal.h"

#include "drivers.h"

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
	is_int(count, 597, "all reasons of the specification");
	is_int(wrong, 0, "mean what they should");
	is_str(vapi_reason(NULL, true).status, "completed", "no reason, answered");
	is_str(vapi_reason(NULL, false).status, "failed", "no reason, not answered");
	is_str(vapi_reason("a-new-one", false).cause_class, "unknown", "a reason of tomorrow");
}

/* ---- requests ---- */

static VaProviderAccount carrier; /* of an_order() */

static VaCallOrder
an_order(void)
{
	VaCallOrder order = {
		.carrier = &carrier,
		.to_number = "+14155550100",
		.attempt_ref = "va-7-42",
		.assistant = { .name = "Anna", .first_message = "Hi {{first_name}}", .system_prompt = "Sell." }
	};

	carrier = (VaProviderAccount){ .credentials = { { "api_key", "key-123" } },
						   .ncredentials = 1,
						   .settings = { { "phone_number_id", "P 1" } },
						   .nsettings = 1 };
	return order;
}

static const char *
body_of(const VaCallOrder *order)
{
	VaHttpRequest request;

	return va_driver("vapi")->build_call(order, &arena, &request, &why) ? request.body : NULL;
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
	carrier.settings[carrier.nsettings++] = (VaNamedText){ "send_lead_name", "true" };
	order.ring_timeout_s = 900;
	order.max_duration_s = 100000;
	order.record = true;
	order.machine_detection = VA_MACHINE_DETECT;
	ok(va_driver("vapi")->build_call(&order, &arena, &request, &why), "a full order is built");
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
	is_str(at(body, "assistant/analysisPlan/structuredDataPlan/schema/properties/callback/properties/timezone/type"),
		   "\"string\"", "a callback's zone is asked for as an appointment's is");
	va_request_mask(&request, order.carrier, &arena, &masked);
	ok(strstr(masked.body, "hush") == NULL, "a masked body has no secret");
	is_str(va_header_find(masked.headers, masked.nheaders, "Authorization"), "Bearer ****",
		   "nor a masked header");
	is_str(at(masked.body, "assistant/server/headers/X-Vapi-Secret"), "\"****\"",
		   "but says that there is one");
	is_str(at(masked.body, "customer/number"), "\"+14155550100\"", "and is else the same");
}

/* A name goes to the carrier if the account says so; else as far as the assistant's own text says it.  The reference goes always. */
static void
test_withheld_name(void)
{
	VaArena memory = {0};
	VaCallMemo memo = {.arena = &memory};
	VaCallOrder order = an_order();
	VaAnswer answer = { .kind = VA_ANSWER_CONVERSE, .order = &order };
	VaEvent event = {0};
	VaDocument document;

	order.customer_name = "Ann Quill";
	order.variables = "{\"first_name\":\"Ann\",\"last_name\":\"Quill\",\"Name\":\"Ann Quill\",\"city\":\"Bonn\"}";
	order.assistant.first_message = "Hi from {{ company_name }}, name please";
	is_str(at(body_of(&order), "assistantOverrides/variableValues"), "{\"city\":\"Bonn\"}", "no name among the variables");
	is_str(at(body_of(&order), "customer/name"), NULL, "nor beside the number");
	is_str(at(body_of(&order), "customer/externalId"), "\"va-7-42\"", "the reference is there");
	order.server_url = "https://us.example/webhooks/t0k";
	ok(va_driver("vapi")->build_answer(&event, &answer, &arena, &document, &why) && strstr(document.body, "Quill") == NULL, "nor in the answer to a call");
	order.memo = &memo;
	ok(strstr(body_of(&order), "Quill") == NULL && strstr(body_of(&order), "Ann\"") == NULL, "nor in a request that is made from one before");
	order.assistant.first_message = "Hi {{ First Name | default: \"you\"}}";
	ok(strstr(body_of(&order), "\"Ann\"") == NULL, "a variable's name has no blanks in a text");
	order.assistant.first_message = "Hi {{first-name | default: \"you\"}}";
	is_str(at(body_of(&order), "assistantOverrides/variableValues"), "{\"city\":\"Bonn\",\"first-name\":\"Ann\",\"first_name\":\"Ann\"}", "what the text says goes with the call");
	order.variables = "{\"Roof Age\":\"12\",\"Product\":\"pumps\",\"a.b\":\"x\",\"rooms\":{\"hall\":1}}";
	order.assistant.first_message = "{{roof_age}} {{product | default: \"roofs\"}} {{a.b}} {{rooms.hall}} {{customer.number}} {{none}} {{Product}}";
	is_str(at(body_of(&order), "assistantOverrides/variableValues"),
		"{\"Product\":\"pumps\",\"Roof Age\":\"12\",\"a\":{\"b\":\"x\"},\"a.b\":\"x\",\"product\":\"pumps\",\"roof_age\":\"12\",\"rooms\":{\"hall\":1}}", "each value goes by the name that the text says");
	order.variables = "{\"first_name\":\"Ann\",\"last_name\":\"Quill\",\"Name\":\"Ann Quill\",\"city\":\"Bonn\"}";
	order.assistant.system_prompt = "You talk with {{customer.name}}.";
	is_str(at(body_of(&order), "customer/name"), "\"Ann Quill\"", "as does the name that Vapi itself says");
	order.assistant = an_order().assistant;
	order.assistant.settings = "{\"voicemail_message\":\"A call for {{name}}\"}";
	is_str(at(body_of(&order), "assistantOverrides/variableValues/Name"), "\"Ann Quill\"", "so does what a setting says");
	carrier.settings[carrier.nsettings++] = (VaNamedText){ "send_lead_name", "false" };
	is_str(at(body_of(&order), "customer/name"), NULL, "false withholds it");
	carrier.settings[carrier.nsettings - 1].value = "true";
	is_str(at(body_of(&order), "customer/name"), "\"Ann Quill\"", "true sends it");
	is_str(at(body_of(&order), "assistantOverrides/variableValues/first_name"), "\"Ann\"", "with every part of it");
	va_arena_free(&memory);
}

/* What the options say of a part that we make, too: it goes with the call, but for what is ours to say. */
static void
test_options_of_parts(void)
{
	VaCallOrder order = an_order();

	is_str(at(body_of(&order), "assistant/model/tools"), "[{\"type\":\"endCall\"}]", "every assistant can hang up");
	order.assistant.settings = "{\"live_transcript\":true}";
	is_str(at(body_of(&order), "assistant/serverMessages/3"), "\"transcript[transcriptType=\\\"final\\\"]\"",
		   "what is said is told at once where the assistant is set to it");
	order.assistant.voice = "sarah";
	order.assistant.settings =
		"{\"first_message_mode\":\"assistant-speaks-first\",\"provider_options\":{\"firstMessageMode\":\"assistant-waits-for-user\","
		"\"model\":{\"model\":\"mine\",\"messages\":[1],\"reasoningEffort\":\"low\",\"toolIds\":[\"t1\"],"
		"\"tools\":[{\"type\":\"transferCall\"}]},\"voice\":{\"voiceId\":\"bob\",\"stability\":0.5},"
		"\"transcriber\":{\"model\":\"mine\",\"keywords\":[\"Acme\"]}}}";
	is_str(at(body_of(&order), "assistant/model/tools"), "[{\"type\":\"transferCall\"},{\"type\":\"endCall\"}]", "tools of one's own beside it");
	is_str(at(body_of(&order), "assistant/model/toolIds"), "[\"t1\"]", "by their ids");
	is_str(at(body_of(&order), "assistant/model/reasoningEffort"), "\"low\"", "an option of the model");
	is_str(at(body_of(&order), "assistant/model/messages/0/content"), "\"Sell.\"", "the prompt is ours");
	is_str(at(body_of(&order), "assistant/voice"), "{\"provider\":\"11labs\",\"stability\":0.5,\"voiceId\":\"sarah\"}", "an option of the voice");
	is_str(at(body_of(&order), "assistant/transcriber/keywords/0"), "\"Acme\"", "of the transcriber");
	is_str(at(body_of(&order), "assistant/transcriber/model"), "\"nova-3\"", "whose model is a setting");
	is_str(at(body_of(&order), "assistant/firstMessageMode"), "\"assistant-speaks-first\"", "who speaks first is a setting, which the law may take away");
	order.assistant.settings = "{\"provider_options\":{\"firstMessageMode\":\"assistant-waits-for-user\",\"model\":{\"tools\":[{\"type\":\"endCall\",\"messages\":[]}]}}}";
	is_str(at(body_of(&order), "assistant/firstMessageMode"), NULL, "and no option");
	is_str(at(body_of(&order), "assistant/model/tools"), "[{\"messages\":[],\"type\":\"endCall\"}]", "one's own way to hang up");
}

/* A message is left where the campaign leaves one, and so counts it: nowhere else, whoever listens for machines. */
static void
test_voicemail_message(void)
{
	VaArena memory = {0};
	VaCallMemo memo = {.arena = &memory};
	VaCallOrder order = an_order();

	order.memo = &memo;
	order.assistant.settings =
		"{\"voicemail_message\":\"Call us.\",\"provider_options\":{\"voicemailMessage\":\"Buy!\"}}";
	order.machine_detection = VA_MACHINE_MESSAGE;
	is_str(at(body_of(&order), "assistant/voicemailMessage"), "\"Call us.\"", "message leaves ours");
	order.machine_detection = VA_MACHINE_DETECT;
	is_str(at(body_of(&order), "assistant/voicemailDetection/provider"), "\"vapi\"", "detect listens as well");
	is_str(at(body_of(&order), "assistant/voicemailMessage"), NULL, "and leaves none");
	order.machine_detection = VA_MACHINE_OFF;
	carrier.settings[carrier.nsettings++] = (VaNamedText){ "voicemail_detection", "google" };
	is_str(at(body_of(&order), "assistant/voicemailDetection/provider"), "\"google\"", "the account listens by itself");
	is_str(at(body_of(&order), "assistant/voicemailMessage"), NULL, "and leaves none");
	order.machine_detection = VA_MACHINE_MESSAGE;
	order.assistant.settings = "{\"provider_options\":{\"voicemailMessage\":\"Buy!\"}}";
	is_str(at(body_of(&order), "assistant/voicemailMessage"), NULL, "nor one of the options, which no law is said in");
	va_arena_free(&memory);
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

		ok(va_driver("sandbox")->build_call(&order, &arena, &request, &why),
		   "the sandbox needs no number to call from");
		is_str(request.url, "http://127.0.0.1:8080/v1/call", "base URL with a path");
	}
	ok(va_driver("nobody") == NULL && va_driver(NULL) == NULL, "no such driver");
}

static void
test_other_requests(void)
{
	const VaDriver *vapi = va_driver("vapi");
	VaHttpRequest request;
	VaProviderRequestDriver hangup = vapi->provider_requests[VA_REQUEST_HANGUP];
	VaProviderRequest provider_request = { .control_url = "https://phone.example/abc/control" };
	VaLookupOrder order = { .carrier = an_order().carrier,
							.provider_call_id = "a/../b?c",
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
		   "call?limit=1000&createdAtGe=2023-11-14T22%3A13%3A20.000Z&createdAtLe=2023-11-"
		   "14T22%3A14%3A20.000Z",
		   "its window");
	ok(hangup.build(&provider_request, &arena, &request, &why), "hang up");
	is_str(request.body, "{\"type\":\"end-call\"}", "by control message");
	ok(va_header_find(request.headers, request.nheaders, "Authorization") == NULL,
	   "a foreign URL gets no key");
	provider_request.control_url = NULL;
	ok(!hangup.build(&provider_request, &arena, &request, &why), "no control URL");
	provider_request.control_url = "gopher://x";
	ok(!hangup.build(&provider_request, &arena, &request, &why), "a bad control URL");
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

	va_driver("vapi")->read_call_response(&response, &arena, &outcome);
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
	got = dial(400, "{\"error\":\"Over Concurrency Limit\"}", true, NULL);
	is_str(va_dial_kind_name(got.kind), "rate_limited", "nor does the lead pay for a refusal that speaks of that limit");
	is_str(got.cause, "concurrency-limit", "and the account is relieved");
	got = dial(429, "{\"statusCode\":429,\"error\":\"Too Many Requests\",\"message\":\"over concurrency limit\"}", true, NULL);
	is_str(got.cause, "concurrency-limit", "by either member, and under any 4xx");
	is_str(va_dial_kind_name(dial(500, "{\"error\":\"Over Concurrency Limit\"}", true, NULL).kind), "unknown",
		   "words do not make a 500 safe");
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

static void
test_lookups(void)
{
	VaLookup got = looked_up(va_driver("vapi"),
		200,
		"{\"id\":\"c1\",\"status\":\"ringing\",\"name\":\"va-7-42\",\"createdAt\":\"2023-11-14T22:13:20Z\"}",
		false);

	ok(got.kind == VA_LOOKUP_FOUND && got.events.count == 1, "a live call");
	is_str(got.events.items[0].event_key, "lookup:c1:ringing", "its key");
	is_str(got.events.items[0].status, "ringing", "its status");
	is_str(got.events.items[0].attempt_ref, "va-7-42", "its reference, by name");
	is_int(looked_up(va_driver("vapi"), 404, "{\"message\": \"Not found\"}", false).kind, VA_LOOKUP_NOT_FOUND, "404");
	is_int(looked_up(va_driver("vapi"), 404, "{}", false).kind, VA_LOOKUP_RETRY, "one without a word of the carrier's");
	is_int(looked_up(va_driver("vapi"), 200, "{\"id\":\"c1\",\"status\":\"not-found\"}", false).kind, VA_LOOKUP_NOT_FOUND,
		   "not-found");
	is_int(looked_up(va_driver("vapi"), 401, "{}", false).kind, VA_LOOKUP_BAD_ACCOUNT, "401");
	is_int(looked_up(va_driver("vapi"), 500, "{}", false).kind, VA_LOOKUP_RETRY, "500");
	is_int(looked_up(va_driver("vapi"), 0, "", false).kind, VA_LOOKUP_RETRY, "no answer");
	is_int(looked_up(va_driver("vapi"), 200, "{\"id\":\"c1\"}", false).kind, VA_LOOKUP_RETRY, "without a status");
	is_int(looked_up(va_driver("vapi"), 200, "[]", false).kind, VA_LOOKUP_RETRY, "a list where a call should be");
	is_str(looked_up(va_driver("vapi"), 200, "x", false).message, "not valid JSON at line 1, byte 1: invalid token", "garbage");
	got =
		looked_up(va_driver("vapi"), 200,
			 "[{\"id\":\"a\",\"status\":\"queued\",\"createdAt\":\"2023-11-14T22:13:21Z\"},5,{\"id\":\"b\"},"
			 "{\"id\":\"c\",\"status\":\"in-progress\",\"createdAt\":\"2023-11-14T22:13:20Z\"}]",
			 true);
	is_int(got.events.count, 2, "a list: the calls that can be read");
	is_int(got.unreadable, 2, "and the others");
	is_int(got.received, 4, "all counted");
	is_int(got.oldest_created_at, 1700000000000, "the oldest");
	ok(looked_up(va_driver("vapi"), 200, "[]", true).kind == VA_LOOKUP_FOUND, "an empty list");
	is_int(looked_up(va_driver("vapi"), 200, "{}", true).kind, VA_LOOKUP_RETRY, "no list");
}

int
main(void)
{
	test_reasons();
	test_call_request();
	test_withheld_name();
	test_options_of_parts();
	test_voicemail_message();
	test_call_refusals();
	test_other_requests();
	test_answers();
	test_lookups();
	va_arena_free(&arena);
	return done_testing();
}
