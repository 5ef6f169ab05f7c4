/*
 * test_vapi_provider_requests.c
 *		Vapi's provider requests: every request, every class of reply; incoming calls and
 *		what they are told; machines.
 */
#include "pure/providers/common/provider.h"

#include "tap.h"

static VaArena arena;
static const char *why;
static const VaDriver *vapi;

static const VaProviderAccount account = { .credentials = { { "api_key", "key-123" } },
								   .ncredentials = 1,
								   .settings = { { "phone_number_id", "P1" }, { "webhook_credential_id", "C1" } },
								   .nsettings = 2 };
static const VaProviderAccount twilio = { .credentials = { { "account_sid", "AC1" }, { "auth_token", "tok" } },
								  .ncredentials = 2 };
static const VaProviderAccount twilio_key = { .credentials = { { "account_sid", "AC1" }, { "api_key", "SK1" }, { "api_secret", "s" } },
									  .ncredentials = 3 };
static const VaProviderAccount vonage = { .credentials = { { "api_key", "vk" }, { "api_secret", "vs" } }, .ncredentials = 2 };
static const VaProviderAccount telnyx = { .credentials = { { "api_key", "KEY1" } }, .ncredentials = 1 };
static const VaProviderAccount trunk = { .credentials = { { "sip_username", "u" }, { "sip_password", "p" } },
								 .ncredentials = 2,
								 .settings = { { "sip_host", "192.0.2.7" } },
								 .nsettings = 1 };

/* "METHOD URL BODY", with "+key" when it carries the account's key; or "! why". */
static const char *
built(VaProviderRequestKind kind, VaProviderRequest order)
{
	VaHttpRequest request;
	const char *key;

	if (order.carrier == NULL)
		order.carrier = &account;
	if (!vapi->provider_requests[kind].build(&order, &arena, &request, &why))
		return va_arena_printf(&arena, "! %s", why);
	key = va_header_find(request.headers, request.nheaders, "authorization");
	return va_arena_printf(&arena, "%s %s%s%s%s", request.method, request.url,
						   key != NULL && strcmp(key, "Bearer key-123") == 0 ? " +key" : "",
						   request.body != NULL ? " " : "", request.body != NULL ? request.body : "");
}

static VaProviderReply
got(VaProviderRequestKind kind, VaProviderRequest order, int status, const char *body)
{
	VaHttpResponse response = { .status = status, .sent = true, .body = body, .body_len = strlen(body), .now = 1700000000 };
	VaProviderReply reply;

	order.carrier = &account;
	vapi->provider_requests[kind].read(&order, &response, &arena, &reply);
	return reply;
}

static const char *
kind_of(VaProviderReply reply)
{
	return va_dial_kind_name(reply.kind);
}

static void
test_requests(void)
{
	VaProviderRequest live = { .control_url = "https://c.example/x" };
	VaProviderRequest order = live;

	is_str(built(VA_REQUEST_CHECK_ACCOUNT, (VaProviderRequest){ 0 }), "GET https://api.vapi.ai/assistant?limit=1 +key", "check");
	is_str(built(VA_REQUEST_HANGUP, live), "POST https://c.example/x {\"type\":\"end-call\"}", "hangup, without the key");
	ok(built(VA_REQUEST_HANGUP, (VaProviderRequest){ 0 })[0] == '!', "no control URL, no hangup");
	order.answer.text = "One \"moment\"";
	is_str(built(VA_REQUEST_SAY, order),
		   "POST https://c.example/x {\"content\":\"One \\\"moment\\\"\",\"endCallAfterSpoken\":false,\"type\":\"say\"}", "say");
	order.reason = "normal";
	ok(strstr(built(VA_REQUEST_SAY, order), "Spoken\":true") != NULL, "say, then hang up");
	ok(built(VA_REQUEST_SAY, live)[0] == '!', "nothing to say");
	ok(built(VA_REQUEST_TRANSFER, live)[0] == '!', "nobody to transfer to");
	order.answer.forward_to = "+14155550101";
	order.answer.caller_id = "+14155550102";
	is_str(built(VA_REQUEST_TRANSFER, order),
		   "POST https://c.example/x {\"content\":\"One \\\"moment\\\"\",\"destination\":{\"callerId\":\"+14155550102\",\"number\":"
		   "\"+14155550101\",\"type\":\"number\"},\"type\":\"transfer\"}",
		   "transfer");
	is_str(built(VA_REQUEST_FETCH_COST, (VaProviderRequest){ .provider_call_id = "a/b" }), "GET https://api.vapi.ai/call/a%2Fb +key", "cost");
	ok(built(VA_REQUEST_FETCH_COST, (VaProviderRequest){ .provider_call_id = ".." })[0] == '!', "a call's id is no path");
	is_str(built(VA_REQUEST_FETCH_RECORDING, (VaProviderRequest){ .provider_call_id = "a" }),
		   "GET https://api.vapi.ai/call/a/mono-recording +key", "a recording by its call");
	is_str(built(VA_REQUEST_FETCH_RECORDING, (VaProviderRequest){ .provider_call_id = "a", .recording_url = "https://s.example/r.wav" }),
		   "GET https://s.example/r.wav", "by its link, without the key");
	ok(built(VA_REQUEST_FETCH_RECORDING, (VaProviderRequest){ .recording_url = "file:///etc/passwd" })[0] == '!', "a link is a web address");
}

static void
test_number_requests(void)
{
	VaProviderRequest order = { .server_url = "https://h.example/w", .name = "Sales" };

	is_str(built(VA_REQUEST_LIST_NUMBERS, (VaProviderRequest){ 0 }), "GET https://api.vapi.ai/phone-number?limit=100 +key", "list");
	is_str(built(VA_REQUEST_LIST_NUMBERS, (VaProviderRequest){ .limit = 5, .page = "2026-01-01T00:00:00Z" }),
		   "GET https://api.vapi.ai/phone-number?limit=5&createdAtLt=2026-01-01T00%3A00%3A00Z +key", "the next page");
	order.area_code = "415";
	is_str(built(VA_REQUEST_BUY_NUMBER, order),
		   "POST https://api.vapi.ai/phone-number +key {\"name\":\"Sales\",\"numberDesiredAreaCode\":\"415\",\"provider\":\"vapi\",\"server\":"
		   "{\"credentialId\":\"C1\",\"timeoutSeconds\":20,\"url\":\"https://h.example/w\"}}",
		   "buy");
	order.area_code = "4155";
	ok(built(VA_REQUEST_BUY_NUMBER, order)[0] == '!', "no such area");
	order = (VaProviderRequest){ .number = "+14155550100" };
	ok(built(VA_REQUEST_BUY_NUMBER, order)[0] == '!', "a certain number cannot be bought");
	order.other = &twilio;
	order.other_provider = "twilio";
	is_str(built(VA_REQUEST_CREATE_NUMBER, order),
		   "POST https://api.vapi.ai/phone-number +key {\"number\":\"+14155550100\",\"provider\":\"twilio\",\"twilioAccountSid\":\"AC1\","
		   "\"twilioAuthToken\":\"tok\"}",
		   "a number of Twilio's");
	order.other = &twilio_key;
	ok(strstr(built(VA_REQUEST_CREATE_NUMBER, order), "\"twilioApiKey\":\"SK1\",\"twilioApiSecret\":\"s\"") != NULL, "with a key");
	order.other = &vonage;
	ok(built(VA_REQUEST_CREATE_NUMBER, order)[0] == '!', "the wrong credentials");
	order.other_provider = "vonage";
	ok(built(VA_REQUEST_CREATE_NUMBER, order)[0] == '!', "no credential yet");
	order.credential_id = "cr";
	is_str(built(VA_REQUEST_CREATE_NUMBER, order),
		   "POST https://api.vapi.ai/phone-number +key {\"credentialId\":\"cr\",\"number\":\"+14155550100\",\"provider\":\"vonage\"}",
		   "a number of Vonage's");
	order.other_provider = "telnyx";
	ok(strstr(built(VA_REQUEST_CREATE_NUMBER, order), "\"provider\":\"telnyx\"") != NULL, "of Telnyx'");
	order.other_provider = "plivo";
	ok(strstr(built(VA_REQUEST_CREATE_NUMBER, order), "\"provider\":\"byo-phone-number\"") != NULL, "of anybody else's");
	is_str(built(VA_REQUEST_RELEASE_NUMBER, (VaProviderRequest){ .number_id = "n 1" }), "! the number's id at the provider is not valid", "a bad id");
	is_str(built(VA_REQUEST_RELEASE_NUMBER, (VaProviderRequest){ .number_id = "n1" }), "DELETE https://api.vapi.ai/phone-number/n1 +key", "release");
	is_str(built(VA_REQUEST_CONFIGURE_NUMBER, (VaProviderRequest){ .number_id = "n1", .server_url = "https://h.example/w" }),
		   "PATCH https://api.vapi.ai/phone-number/n1 +key {\"server\":{\"credentialId\":\"C1\",\"timeoutSeconds\":20,\"url\":"
		   "\"https://h.example/w\"}}",
		   "configure");
	ok(strstr(built(VA_REQUEST_CONFIGURE_NUMBER, (VaProviderRequest){ .number_id = "n1", .other_provider = "twilio" }),
			  "\"provider\":\"twilio\"") != NULL, "a number of Twilio's");
}

static void
test_credential_requests(void)
{
	VaProviderRequest order = { .other = &twilio, .other_provider = "twilio", .name = "mine" };

	is_str(built(VA_REQUEST_CREATE_CREDENTIAL, order),
		   "POST https://api.vapi.ai/credential +key {\"accountSid\":\"AC1\",\"authToken\":\"tok\",\"name\":\"mine\",\"provider\":\"twilio\"}",
		   "Twilio");
	order.other = &vonage;
	order.other_provider = "vonage";
	ok(strstr(built(VA_REQUEST_CREATE_CREDENTIAL, order), "\"apiKey\":\"vk\",\"apiSecret\":\"vs\"") != NULL, "Vonage");
	order.other = &telnyx;
	order.other_provider = "telnyx";
	ok(strstr(built(VA_REQUEST_CREATE_CREDENTIAL, order), "\"apiKey\":\"KEY1\"") != NULL, "Telnyx");
	order.other_provider = "vonage";
	ok(built(VA_REQUEST_CREATE_CREDENTIAL, order)[0] == '!', "half of the credentials");
	order.other = &trunk;
	order.other_provider = "asterisk";
	is_str(built(VA_REQUEST_CREATE_CREDENTIAL, order),
		   "POST https://api.vapi.ai/credential +key {\"gateways\":[{\"inboundEnabled\":false,\"ip\":\"192.0.2.7\"}],\"name\":\"mine\","
		   "\"outboundAuthenticationPlan\":{\"authPassword\":\"p\",\"authUsername\":\"u\"},\"outboundLeadingPlusEnabled\":true,\"provider\":"
		   "\"byo-sip-trunk\"}",
		   "a trunk");
	order.other_provider = NULL;
	order.other = NULL;
	ok(built(VA_REQUEST_CREATE_CREDENTIAL, order)[0] == '!', "nobody's");
}

static void
test_replies(void)
{
	VaProviderRequest none = { 0 };
	VaProviderReply reply = got(VA_REQUEST_CHECK_ACCOUNT, none, 200, "[{\"id\":\"a\",\"orgId\":\"org1\"}]");

	is_str(kind_of(reply), "accepted", "the account is there");
	is_str(reply.account_ref, "org1", "and says whose it is");
	reply = got(VA_REQUEST_CHECK_ACCOUNT, none, 200, "[]");
	ok(reply.kind == VA_DIAL_ACCEPTED && reply.account_ref == NULL, "an empty one as well");
	is_str(kind_of(got(VA_REQUEST_CHECK_ACCOUNT, none, 200, "{}")), "refused_retry", "no list");
	is_str(kind_of(got(VA_REQUEST_CHECK_ACCOUNT, none, 200, "<html>")), "refused_retry", "garbage");
	is_str(kind_of(got(VA_REQUEST_CHECK_ACCOUNT, none, 500, "")), "refused_retry", "out of order");
	reply = got(VA_REQUEST_CHECK_ACCOUNT, none, 401, "{\"message\":\"Invalid Key\"}");
	is_str(kind_of(reply), "bad_account", "a bad key");
	is_str(reply.message, "Invalid Key", "in their words");
	is_str(kind_of(got(VA_REQUEST_SAY, none, 404, "")), "refused_permanent", "too late to say something");
	reply = got(VA_REQUEST_HANGUP, none, 404, "");
	ok(reply.kind == VA_DIAL_ACCEPTED && reply.already, "but not to hang up");

	reply = got(VA_REQUEST_LIST_NUMBERS, (VaProviderRequest){ .limit = 2 }, 200,
				"[{\"id\":\"n1\",\"number\":\"+14155550100\",\"name\":\"A\",\"createdAt\":\"2026-02-01T00:00:00.000Z\"},"
				"{\"id\":\"n2\",\"sipUri\":\"sip:x@y\",\"createdAt\":\"2026-01-01T00:00:00.000Z\"}]");
	is_int(reply.nnumbers, 1, "one of two has a number");
	is_str(reply.numbers[0].number_id, "n1", "its id");
	is_str(reply.next_page, "2026-01-01T00:00:00.000Z", "a full page is followed by another");
	reply = got(VA_REQUEST_LIST_NUMBERS, none, 200, "[]");
	ok(reply.kind == VA_DIAL_ACCEPTED && reply.nnumbers == 0 && reply.next_page == NULL, "no number");
	reply = got(VA_REQUEST_BUY_NUMBER, none, 201, "{\"id\":\"n9\",\"status\":\"activating\"}");
	is_str(reply.number_id, "n9", "bought");
	is_str(kind_of(got(VA_REQUEST_BUY_NUMBER, none, 201, "{}")), "unknown", "bought, but what?");
	is_str(kind_of(got(VA_REQUEST_BUY_NUMBER, none, 502, "")), "unknown", "perhaps bought");
	is_str(kind_of(got(VA_REQUEST_CONFIGURE_NUMBER, none, 502, "")), "refused_retry", "set again");
	reply = got(VA_REQUEST_RELEASE_NUMBER, none, 404, "");
	ok(reply.kind == VA_DIAL_ACCEPTED && reply.already, "released before");
	is_str(got(VA_REQUEST_CREATE_CREDENTIAL, none, 201, "{\"id\":\"c9\"}").credential_id, "c9", "a credential");

	reply = got(VA_REQUEST_FETCH_COST, none, 200,
				"{\"id\":\"c\",\"status\":\"ended\",\"endedReason\":\"voicemail\",\"cost\":0.12,\"startedAt\":\"2026-01-01T00:00:00Z\",\"endedAt\":"
				"\"2026-01-01T00:00:09Z\"}");
	is_str(reply.cost, "0.12", "a price");
	is_str(reply.currency, "USD", "in dollars");
	reply = got(VA_REQUEST_FETCH_COST, none, 200, "{\"id\":\"c\",\"status\":\"in-progress\",\"cost\":0.05}");
	ok(reply.kind == VA_DIAL_ACCEPTED && reply.cost == NULL, "no price before the end");
	is_str(kind_of(got(VA_REQUEST_FETCH_COST, none, 200, "[]")), "refused_retry", "no call");

	{
		VaHeader location = { "Location", "https://s.example/r.wav?sig=1" };
		VaHttpResponse response = { .status = 302, .sent = true, .headers = &location, .nheaders = 1, .body = "" };

		vapi->provider_requests[VA_REQUEST_FETCH_RECORDING].read(&none, &response, &arena, &reply);
		is_str(reply.recording_url, "https://s.example/r.wav?sig=1", "where a recording lies");
		is_str(kind_of(reply), "accepted", "is an answer");
	}
	is_str(got(VA_REQUEST_FETCH_RECORDING, none, 200, "RIFF").content_type, "audio/wav", "or the recording itself");
}

static void
test_incoming(void)
{
	const char *body = "{\"message\":{\"type\":\"assistant-request\",\"timestamp\":1700000000000,\"call\":{\"id\":\"c1\",\"orgId\":\"org1\",\"type\":"
					   "\"inboundPhoneCall\",\"phoneNumberId\":\"P1\"},\"customer\":{\"number\":\"14155550100\"},\"phoneNumber\":{\"number\":"
					   "\"+14155550199\"}}}";
	VaSignedMessage message = { .body = body, .body_len = strlen(body) };
	VaEvents events;
	VaEvent event;
	VaAnswer answer = { .kind = VA_ANSWER_SAY, .text = "We are closed." };
	VaDocument document;

	ok(vapi->read_webhook(&message, &arena, &events, &why) && events.count == 1, "somebody calls");
	event = events.items[0];
	ok(event.kind == VA_EVENT_INCOMING && event.wants_answer, "and waits");
	is_str(event.from_number, "+14155550100", "who");
	is_str(event.to_number, "+14155550199", "whom");
	is_str(event.account_ref, "org1", "whose account");
	is_str(event.event_key, "c1:assistant-request", "once");
	ok(vapi->build_answer(&event, &answer, &arena, &document, &why), "is told");
	is_str(document.body, "{\"error\":\"We are closed.\"}", "what to hear");
	is_str(document.content_type, "application/json", "as JSON");
	answer = (VaAnswer){ .kind = VA_ANSWER_FORWARD, .forward_to = "+14155550101", .text = "One moment." };
	ok(vapi->build_answer(&event, &answer, &arena, &document, &why), "or is sent on");
	is_str(document.body, "{\"destination\":{\"message\":\"One moment.\",\"number\":\"+14155550101\",\"type\":\"number\"}}", "to somebody");
	answer.whisper = "Call from Ann.", answer.untaken = "Nobody is there.";
	ok(vapi->build_answer(&event, &answer, &arena, &document, &why), "who is told first");
	is_str(document.body,
		"{\"destination\":{\"message\":\"One moment.\",\"number\":\"+14155550101\",\"transferPlan\":{\"fallbackPlan\":{\"endCallEnabled\":false,"
		"\"message\":\"Nobody is there.\"},\"message\":\"Call from Ann.\",\"mode\":\"warm-transfer-experimental\"},\"type\":\"number\"}}",
		"what it is about, and who calls has the assistant again when nobody takes it");
	answer.kind = VA_ANSWER_REJECT;
	ok(vapi->build_answer(&event, &answer, &arena, &document, &why), "or turned away");
	answer.kind = VA_ANSWER_STREAM;
	ok(!vapi->build_answer(&event, &answer, &arena, &document, &why), "a stream it has not");
}

/* The number's assistant talks to who calls, as to whom we dial; and as of those calls we hear of the end. */
static void
test_conversation(void)
{
	const char *plan = "{\"kind\":\"converse\",\"text\":\"Hi Ann\",\"max_duration_s\":300,\"record\":true,\"variables\":{\"first_name\":\"Ann\"},"
					   "\"assistant\":{\"name\":\"Desk\",\"first_message\":\"Hi {{first_name}}\",\"system_prompt\":\"Be kind.\",\"voice\":\"vapi/Elliot\","
					   "\"model\":\"gpt-4o\",\"language\":\"en\",\"settings\":{\"temperature\":0.5}}}";
	VaProviderAccount carrier = { .settings = { { "voicemail_detection", "google" } }, .nsettings = 1 };
	VaEvent event = { .kind = VA_EVENT_INCOMING, .provider_call_id = "c1" };
	VaDocument document;
	VaCallOrder order;
	VaAnswer answer;
	json_t *root;
	const json_t *assistant;

	ok(va_answer_read(plan, strlen(plan), &arena, &answer, &why) && answer.kind == VA_ANSWER_CONVERSE && answer.order != NULL, "a conversation");
	ok(!vapi->build_answer(&event, &answer, &arena, &document, &why), "of whose end nobody hears is none");
	order = *answer.order;
	order.carrier = &carrier;
	order.server_url = "https://h.example/w";
	order.webhook_headers = "{\"X-Secret\":\"s\"}";
	answer.order = &order;
	ok(vapi->build_answer(&event, &answer, &arena, &document, &why), "else it is held");
	root = va_json_load(&arena, document.body, document.len, &why);
	assistant = va_json_object(root, "assistant");
	is_str(va_json_string(assistant, "firstMessage"), "Hi {{first_name}}", "with the words");
	is_str(va_json_string(va_json_object(va_json_object(root, "assistantOverrides"), "variableValues"), "first_name"), "Ann", "for whom it is");
	is_str(va_json_string(va_json_object(assistant, "server"), "url"), "https://h.example/w", "told to us");
	is_str(va_json_string(va_json_object(va_json_object(assistant, "server"), "headers"), "X-Secret"), "s", "with the proof");
	is_str(va_json_string(assistant, "voicemailDetection"), "off", "no machine has answered that calls");
	ok(json_integer_value(json_object_get(assistant, "maxDurationSeconds")) == 300, "for so long");
	ok(json_is_true(json_object_get(va_json_object(assistant, "artifactPlan"), "recordingEnabled")), "recorded");
	ok(json_object_get(va_json_object(root, "assistantOverrides"), "metadata") == NULL && json_object_get(root, "error") == NULL &&
		   json_object_size(root) == 2, "and nothing else");
	json_decref(root);
	answer.order = NULL;
	ok(!vapi->build_answer(&event, &answer, &arena, &document, &why), "a conversation needs an assistant");
}

static void
test_number_server(void)
{
	VaProviderRequest order = { .carrier = &(VaProviderAccount){ .credentials = { { "api_key", "k" } }, .ncredentials = 1 }, .number_id = "n1",
							.server_url = "https://h.example/w", .webhook_headers = "{\"X-Secret\":\"s\"}" };
	VaHttpRequest request;

	ok(vapi->provider_requests[VA_REQUEST_CONFIGURE_NUMBER].build(&order, &arena, &request, &why), "a number is told where we are");
	is_str(request.body, "{\"server\":{\"headers\":{\"X-Secret\":\"s\"},\"timeoutSeconds\":20,\"url\":\"https://h.example/w\"}}",
		   "and what proves that it is the vendor who asks");
}

static void
test_machine(void)
{
	const char *body = "{\"message\":{\"type\":\"end-of-call-report\",\"endedReason\":\"voicemail\",\"call\":{\"id\":\"c1\",\"type\":\"outboundPhoneCall\"},"
					   "\"customer\":{\"number\":\"+14155550100\"}}}";
	VaSignedMessage message = { .body = body, .body_len = strlen(body) };
	VaEvents events;

	ok(vapi->read_webhook(&message, &arena, &events, &why) && events.count == 1, "a machine answered");
	is_str(events.items[0].machine, "voicemail", "a voicemail");
	is_str(events.items[0].machine_raw, "voicemail", "in their word");
	is_str(events.items[0].to_number, "+14155550100", "of whom");
}

int
main(void)
{
	vapi = va_driver("vapi");
	test_requests();
	test_number_requests();
	test_credential_requests();
	test_replies();
	test_incoming();
	test_conversation();
	test_number_server();
	test_machine();
	va_arena_free(&arena);
	return done_testing();
}
