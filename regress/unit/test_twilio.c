/*
 * test_twilio.c
 *		Twilio's driver: requests, replies and refusals, callbacks, statuses,
 *		signatures, documents, provider requests.
 */
#include "drivers.h"

#define AC "AC00000000000000000000000000000001"
#define CA "CA00000000000000000000000000000001"
#define API "https://api.twilio.com/2010-04-01/Accounts/" AC
#define BASIC "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMToxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMg==\n"
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>"

static const VaDriver *twilio;
static VaProviderAccount carrier = { .credentials = { { "account_sid", AC }, { "auth_token", "12345678901234567890123456789012" } },
							 .ncredentials = 2,
							 .settings = { { "from_number", "+14155550101" } },
							 .nsettings = 1 };

static VaCallOrder
an_order(void)
{
	return (VaCallOrder){ .carrier = &carrier,
						  .to_number = "+14155550100",
						  .attempt_ref = "va-7-42",
						  .server_url = "https://hooks.example.com/webhooks/T",
						  .assistant = { .first_message = "Hi {{first_name}} & co", .language = "en-US" },
						  .variables = "{\"first_name\":\"Ann\"}" };
}

/* ---- requests ---- */

static void
test_calls(void)
{
	VaCallOrder order = an_order();
	VaHttpRequest request;
	char *text;

	is_request(twilio->build_call(&order, &arena, &request, &why), &request,
			   "POST " API "/Calls.json\n" BASIC
			   "To=+14155550100\nFrom=+14155550101\n"
			   "Twiml=" XML "<Say language=\"en-US\">Hi Ann &amp; co</Say><Hangup/></Response>\n"
			   "StatusCallback=https://hooks.example.com/webhooks/T?attempt=va-7-42#rc=5&rp=5xx,ct,rt\n"
			   "StatusCallbackMethod=POST\n"
			   "StatusCallbackEvent=initiated\nStatusCallbackEvent=ringing\n"
			   "StatusCallbackEvent=answered\nStatusCallbackEvent=completed\n",
			   "a call that says the first message");

	order.from_number = "+14155550199";
	order.ring_timeout_s = 2;
	order.max_duration_s = 300;
	order.to_extension = "12";
	order.record = true;
	order.machine_detection = VA_MACHINE_MESSAGE;
	order.answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://talk.example.com/s", .status_url = order.server_url };
	is_request(twilio->build_call(&order, &arena, &request, &why), &request,
			   "POST " API "/Calls.json\n" BASIC
			   "To=+14155550100\nFrom=+14155550199\n"
			   "Twiml=" XML "<Connect><Stream url=\"wss://talk.example.com/s\" "
			   "statusCallback=\"https://hooks.example.com/webhooks/T?attempt=va-7-42&amp;as=stream\"><Parameter name=\"attempt\" value=\"va-7-42\"/>"
			   "</Stream></Connect></Response>\n"
			   "StatusCallback=https://hooks.example.com/webhooks/T?attempt=va-7-42#rc=5&rp=5xx,ct,rt\n"
			   "StatusCallbackMethod=POST\n"
			   "StatusCallbackEvent=initiated\nStatusCallbackEvent=ringing\n"
			   "StatusCallbackEvent=answered\nStatusCallbackEvent=completed\n"
			   "Timeout=5\nTimeLimit=300\nSendDigits=ww12\n"
			   "MachineDetection=DetectMessageEnd\nAsyncAmd=true\n"
			   "AsyncAmdStatusCallback=https://hooks.example.com/webhooks/T?attempt=va-7-42&as=amd#rc=5&rp=5xx,ct,rt\n"
			   "AsyncAmdStatusCallbackMethod=POST\n"
			   "Record=true\nRecordingChannels=dual\n"
			   "RecordingStatusCallback=https://hooks.example.com/webhooks/T?attempt=va-7-42&as=recording"
			   "#rc=5&rp=5xx,ct,rt\n"
			   "RecordingStatusCallbackMethod=POST\n"
			   "RecordingStatusCallbackEvent=completed\nRecordingStatusCallbackEvent=absent\n",
			   "one with everything");

	order.answer = (VaAnswer){ .kind = VA_ANSWER_SAY };
	ok(twilio->build_call(&order, &arena, &request, &why) && strstr(request.body, "&MachineDetection=DetectMessageEnd&") != NULL &&
		   strstr(request.body, "AsyncAmd") == NULL && strstr(request.body, "Twiml=") == NULL &&
		   strstr(request.body, "&Url=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2FT%3Fattempt%3Dva-7-42%26as%3Danswer") != NULL,
	   "an announcement asks when it is known who answers: it would be over before a greeting");
	order.machine_detection = VA_MACHINE_DETECT;
	ok(twilio->build_call(&order, &arena, &request, &why) && strstr(request.body, "AsyncAmd=true") != NULL &&
		   strstr(request.body, "Twiml=") != NULL,
	   "where no message is left it speaks at once");
	order = an_order();
	text = va_arena_alloc(&arena, 5001);
	memset(text, 'a', 5000);
	order.answer.text = text;
	ok(twilio->build_call(&order, &arena, &request, &why) && strstr(request.body, "Twiml=") == NULL &&
		   strstr(request.body, "&Url=https%3A%2F%2Fhooks.example.com%2Fwebhooks%2FT%3Fattempt%3Dva-7-42%26as%3Danswer"),
	   "what is longer than Twilio takes is fetched");
	order.server_url = NULL;
	ok(!twilio->build_call(&order, &arena, &request, &why), "or refused, without a URL of ours");

	order = an_order();
	order.assistant.first_message = NULL;
	is_request(twilio->build_call(&order, &arena, &request, &why), &request,
			   "there is nothing to say: neither a text nor a first message of the assistant", "nothing to say");
	order = an_order();
	order.answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://x.example/s?a=1" };
	is_request(twilio->build_call(&order, &arena, &request, &why), &request,
			   "stream_url must not hold a query: Twilio takes none", "a query in the socket's URL");
	order = an_order();
	order.to_number = NULL;
	is_request(twilio->build_call(&order, &arena, &request, &why), &request, "there is no number to call", "no number");
}

static void
test_credentials(void)
{
	VaCallOrder order = an_order();
	VaProviderAccount other = carrier;
	VaHttpRequest request;
	VaHttpRequest masked;

	order.carrier = &other;
	other.base_url = "https://api.dublin.ie1.twilio.com/";
	other.credentials[2] = (VaNamedText){ "api_key", "SK00000000000000000000000000000001" };
	other.credentials[3] = (VaNamedText){ "api_secret", "s3cretkey" };
	other.ncredentials = 4;
	ok(twilio->build_call(&order, &arena, &request, &why), "with an API key, in a region");
	is_str(request.url, "https://api.dublin.ie1.twilio.com/2010-04-01/Accounts/" AC "/Calls.json", "its URL");
	is_str(va_header_find(request.headers, request.nheaders, "authorization"),
		   "Basic U0swMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTpzM2NyZXRrZXk=", "its key");
	va_request_mask(&request, &other, &arena, &masked);
	ok(strstr(masked.url, AC) == NULL, "masked");
	ok(twilio->check_carrier(&other, &arena, &why), "such an account is good");
	other.ncredentials = 3;
	ok(!twilio->check_carrier(&other, &arena, &why), "a key without its secret is not");
	is_str(why, "api_key and api_secret belong together", "and why");
	other.ncredentials = 2;
	other.credentials[0].value = "AC123";
	ok(!twilio->check_carrier(&other, &arena, &why), "nor another SID");
	other.credentials[0].value = AC;
	other.settings[1] = (VaNamedText){ "stream_url", "https://x.example" };
	other.nsettings = 2;
	ok(!twilio->check_carrier(&other, &arena, &why), "nor a socket that is none");
	other.nsettings = 0;
	order.carrier = &other;
	is_request(twilio->build_call(&order, &arena, &request, &why), &request,
			   "the account has no number to call from (from_number)", "no number to call from");
}

static void
test_lookups(void)
{
	VaLookupOrder order = { .carrier = &carrier, .provider_call_id = CA };
	VaHttpRequest request;

	is_request(twilio->build_lookup(&order, &arena, &request, &why), &request, "GET " API "/Calls/" CA ".json\n" BASIC,
			   "a lookup");
	order.provider_call_id = "../Accounts";
	is_request(twilio->build_lookup(&order, &arena, &request, &why), &request,
			   "GET " API "/Calls/..%2FAccounts.json\n" BASIC, "an id is one part of a path");
	order = (VaLookupOrder){ .carrier = &carrier,
							 .to_number = "+14155550100",
							 .created_from = INT64_C(1700000000000),
							 .created_to = INT64_C(1700000600000),
							 .limit = 50 };
	is_request(twilio->build_list(&order, &arena, &request, &why), &request,
			   "GET " API "/Calls.json?To=%2B14155550100&PageSize=50\n" BASIC,
			   "a list for one number has no times, which would hide a queued call");
	order.to_number = NULL;
	order.from_number = "+14155550101";
	is_request(twilio->build_list(&order, &arena, &request, &why), &request,
			   "GET " API "/Calls.json?From=%2B14155550101&StartTime%3E=2023-11-14T00%3A00%3A00Z"
			   "&StartTime%3C=2023-11-15T00%3A00%3A00Z&PageSize=50\n" BASIC,
			   "another has whole days");
}

/* ---- replies ---- */

#define ERROR(code, text) "{\"code\":" #code ",\"message\":\"" text "\",\"more_info\":\"https://x\",\"status\":400}"

static void
test_dials(void)
{
	VaHttpResponse late = reply_of(429, ERROR(20429, "Too many requests"));
	VaHeader after = { "Retry-After", "7" };

	is_str(outcome_text(twilio, reply_of(201, "{\"sid\":\"" CA "\",\"status\":\"queued\"}")), "accepted accepted " CA " 0 -",
		   "taken");
	is_str(outcome_text(twilio, reply_of(201, "{}")), "unknown answer-without-id - 0 the answer holds no call id",
		   "taken without an id");
	is_str(outcome_text(twilio, reply_of(400, ERROR(21211, "The 'To' number 1 is not a valid phone number."))),
		   "refused_permanent bad-number - 0 The 'To' number 1 is not a valid phone number. (code 21211)",
		   "a bad number");
	is_str(outcome_text(twilio, reply_of(400, ERROR(21210, "not verified"))),
		   "bad_account bad-caller-id - 0 not verified (code 21210)", "a caller ID that is not ours");
	is_str(outcome_text(twilio, reply_of(400, ERROR(21212, "invalid"))),
		   "bad_account bad-caller-id - 0 invalid (code 21212)", "one that is none");
	is_str(outcome_text(twilio, reply_of(400, ERROR(21215, "geo"))), "refused_permanent not-permitted - 0 geo (code 21215)",
		   "a country that is not enabled: other dials of the account work");
	is_str(outcome_text(twilio, reply_of(400, ERROR(13227, "geo"))), "refused_permanent not-permitted - 0 geo (code 13227)",
		   "... in its other code");
	is_str(outcome_text(twilio, reply_of(403, ERROR(32205, "geo"))), "refused_permanent not-permitted - 0 geo (code 32205)",
		   "... or on a trunk");
	is_str(outcome_text(twilio, reply_of(401, ERROR(20003, "Authenticate"))),
		   "bad_account not-authenticated - 0 Authenticate (code 20003)", "a wrong token");
	is_str(outcome_text(twilio, reply_of(400, ERROR(21205, "Url is not a valid URL"))),
		   "refused_permanent http-400 - 0 Url is not a valid URL (code 21205)", "a code without a line");
	is_str(outcome_text(twilio, reply_of(404, ERROR(20404, "not found"))),
		   "bad_account not-found - 0 not found (code 20404)", "no such account");
	is_str(outcome_text(twilio, late), "rate_limited rate-limited - 0 Too many requests (code 20429)", "too fast");
	late.headers = &after;
	late.nheaders = 1;
	is_str(outcome_text(twilio, late), "rate_limited rate-limited - 7 Too many requests (code 20429)",
		   "and for how long");
	is_str(outcome_text(twilio, reply_of(400, ERROR(10004, "concurrency"))),
		   "rate_limited concurrency-limit - 0 concurrency (code 10004)", "too many at once");
	is_str(outcome_text(twilio, reply_of(500, ERROR(21211, "x"))), "unknown http-500 - 0 x (code 21211)",
		   "a fault of theirs stays open whatever it says");
	is_str(outcome_text(twilio, reply_of(503, "")), "unknown http-503 - 0 -", "an empty one");
	is_str(outcome_text(twilio, reply_of(302, "")), "bad_account http-302 - 0 -", "a redirect");
	is_str(outcome_text(twilio, (VaHttpResponse){ .error = "refused" }), "refused_retry connection-failed - 0 refused",
		   "never sent");
	is_str(outcome_text(twilio, (VaHttpResponse){ .sent = true, .error = "reset" }),
		   "unknown no-answer-from-provider - 0 reset", "sent, and no answer");
}

#define CALL(status, rest)                                                                                   \
	"{\"sid\":\"" CA "\",\"account_sid\":\"" AC "\",\"status\":\"" status                                     \
	"\",\"direction\":\"outbound-api\",\"from\":\"+14155550101\",\"to\":\"+14155550100\","                    \
	"\"date_created\":\"Fri, 18 Oct 2019 17:00:00 +0000\"" rest "}"

static void
test_resources(void)
{
	VaHttpResponse response;
	VaLookup lookup;

	response = reply_of(200, CALL("completed", ",\"start_time\":\"Fri, 18 Oct 2019 17:02:00 +0000\",\"end_time\":"
											"\"Fri, 18 Oct 2019 17:03:00 +0000\",\"duration\":\"4\",\"price\":\"-0.200\","
											"\"price_unit\":\"USD\",\"answered_by\":\"machine_start\""));
	twilio->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup),
		   "found 1/0\nreport status=completed cause_class=machine cause=completed machine=voicemail cost=0.200 "
		   "cost_currency=USD seconds=4 answered=1571418176000 ended=1571418180000 key=lookup:" CA ":completed:priced",
		   "a call that is over");
	is_int(lookup.events.items[0].created_at, 1571418000000, "when it was created");
	is_str(lookup.events.items[0].account_ref, AC, "whose it is");
	response = reply_of(200, CALL("queued", ",\"start_time\":null,\"end_time\":null,\"price\":null,\"duration\":null"));
	twilio->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup), "found 1/0\nstatus status=initiated key=lookup:" CA ":queued", "one that waits");
	response = reply_of(404, ERROR(20404, "not found"));
	twilio->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup), "not_found 0/0 not found (code 20404)", "no such call");
	response = reply_of(401, ERROR(20003, "Authenticate"));
	twilio->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup), "bad_account 0/0 Authenticate (code 20003)", "a wrong token");
	response = reply_of(500, "");
	twilio->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup), "retry 0/0", "a fault of theirs");

	response = reply_of(200, "{\"calls\":[" CALL("no-answer", "") ",{\"sid\":5},{\"direction\":\"outbound-dial\"}],"
						  "\"next_page_uri\":null}");
	twilio->read_list_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup),
		   "found 3/1\nreport status=no_answer cause_class=no_answer cause=no-answer seconds=0 key=lookup:" CA
		   ":no-answer",
		   "a list: the other side of a forwarded call is none of ours");
	is_int(lookup.oldest_created_at, 1571418000000, "its oldest");
	response = reply_of(200, "{\"calls\":[]}");
	twilio->read_list_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup), "found 0/0", "an empty list");
}

/* ---- callbacks ---- */

#define FORM(status, rest)                                                                                   \
	"CallSid=" CA "&AccountSid=" AC "&From=%2B14155550101&To=%2B14155550100&CallStatus=" status               \
	"&Direction=outbound-api&CallbackSource=call-progress-events&Timestamp=Fri%2C+18+Oct+2019+17%3A03%3A00+%2B0000" rest

static void
test_statuses(void)
{
	static const struct
	{
		const char *form;
		const char *status;
		const char *cause_class;
		const char *cause;
	} lines[] = {
		{ FORM("queued", ""), "initiated", NULL, NULL },
		{ FORM("initiated", ""), "initiated", NULL, NULL },
		{ FORM("ringing", ""), "ringing", NULL, NULL },
		{ FORM("in-progress", ""), "in_progress", NULL, NULL },
		{ FORM("completed", "&CallDuration=4"), "completed", "ok", "completed" },
		{ FORM("completed", "&CallDuration=4&AnsweredBy=human"), "completed", "ok", "completed" },
		{ FORM("completed", "&CallDuration=4&AnsweredBy=unknown"), "completed", "ok", "completed" },
		{ FORM("completed", "&CallDuration=4&AnsweredBy=machine_end_beep"), "completed", "machine", "completed" },
		{ FORM("completed", "&CallDuration=4&AnsweredBy=fax"), "completed", "machine", "completed" },
		{ FORM("busy", ""), "busy", "busy", "busy" },
		{ FORM("no-answer", ""), "no_answer", "no_answer", "no-answer" },
		{ FORM("canceled", ""), "failed", "canceled", "canceled" },
		{ FORM("failed", ""), "failed", "unknown", "failed" },
		{ FORM("failed", "&SipResponseCode=404"), "failed", "bad_number", "failed-sip-404" },
		{ FORM("failed", "&SipResponseCode=608&ErrorCode=32009"), "no_answer", "no_answer", "failed-sip-608" },
		{ FORM("failed", "&SipResponseCode=484"), "failed", "bad_number", "failed-sip-484" },
		{ FORM("failed", "&SipResponseCode=480"), "no_answer", "no_answer", "failed-sip-480" },
		{ FORM("failed", "&SipResponseCode=486"), "busy", "busy", "failed-sip-486" },
		{ FORM("failed", "&SipResponseCode=407"), "failed", "account", "failed-sip-407" },
		{ FORM("failed", "&SipResponseCode=503"), "failed", "retry", "failed-sip-503" },
		{ FORM("failed", "&SipResponseCode=403"), "failed", "unknown", "failed-sip-403" },
		{ FORM("failed", "&SipResponseCode=0"), "failed", "unknown", "failed" },
		{ FORM("failed", "&ErrorCode=13224&SipResponseCode=503"), "failed", "bad_number", "failed-13224" },
		{ FORM("failed", "&ErrorCode=13227"), "failed", "refused", "failed-13227" },
		{ FORM("failed", "&ErrorCode=21215&SipResponseCode=403"), "failed", "refused", "failed-21215" },
		{ FORM("failed", "&ErrorCode=99999&SipResponseCode=404"), "failed", "bad_number", "failed-99999" },
		{ FORM("of-tomorrow", ""), NULL, NULL, NULL },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
	{
		VaSignedMessage message = posted(NULL, lines[i].form);
		VaEvents events;

		ok(twilio->read_webhook(&message, &arena, &events, &why), "a callback is read: %s", strstr(lines[i].form, "CallStatus"));
		is_str(events.items[0].status, lines[i].status, "its status");
		is_str(events.items[0].cause_class, lines[i].cause_class, "its class");
		is_str(events.items[0].cause, lines[i].cause, "its cause");
	}
}

static void
test_callbacks(void)
{
	VaSignedMessage message;
	VaEvents events;

	is_str(callback_text(twilio, "attempt=va-7-42", FORM("ringing", "&SequenceNumber=1")),
		   "status status=ringing attempt_ref=va-7-42 key=" CA ":ringing:1", "it rings");
	is_str(callback_text(twilio, "attempt=va-7-42", FORM("in-progress", "&SequenceNumber=2")),
		   "status status=in_progress attempt_ref=va-7-42 answered=1571418180000 key=" CA ":in-progress:2", "answered");
	is_str(callback_text(twilio, "attempt=va-7-42", FORM("completed", "&SequenceNumber=3&CallDuration=60&Duration=1")),
		   "report status=completed cause_class=ok cause=completed attempt_ref=va-7-42 seconds=60 answered=1571418120000 "
		   "ended=1571418180000 key=" CA ":completed:3",
		   "over");
	is_str(callback_text(twilio, "attempt=va-7-42", FORM("busy", "&SequenceNumber=2&CallDuration=0")),
		   "report status=busy cause_class=busy cause=busy attempt_ref=va-7-42 seconds=0 ended=1571418180000 key=" CA
		   ":busy:2",
		   "busy");
	is_str(callback_text(twilio, "attempt=va-7-42&as=amd", "CallSid=" CA "&AccountSid=" AC "&AnsweredBy=machine_end_beep&MachineDetectionDuration=3000"),
		   "machine attempt_ref=va-7-42 machine=voicemail key=" CA ":amd:machine_end_beep", "a machine");
	is_str(callback_text(twilio, "as=amd", "CallSid=" CA "&AnsweredBy=human"), "machine machine=human key=" CA ":amd:human", "a person");
	is_str(callback_text(twilio, "as=amd", "CallSid=" CA "&AnsweredBy=unknown"), "machine machine=uncertain key=" CA ":amd:unknown", "who knows");
	is_str(callback_text(twilio, "as=amd", "CallSid=" CA "&AnsweredBy=€€€€€€€€€€€€€€€"),
		   "machine machine=uncertain key=" CA ":amd:€€€€€€€€€€€€€", "a part of a key has at most 40 bytes, and ends with a character");
	message = posted("as=amd", "CallSid=" CA);
	ok(twilio->read_webhook(&message, &arena, &events, &why) && events.items[0].kind == VA_EVENT_OTHER && events.items[0].machine == NULL, "a verdict that is not told says nothing");
	is_str(events.items[0].details, "{\"leftOut\":[\"AnsweredBy\"]}", "and is named");
	message = posted(NULL, "CallSid=" CA "&CallStatus=completed&Timestamp=soon&CallDuration=long");
	ok(twilio->read_webhook(&message, &arena, &events, &why) && events.items[0].kind == VA_EVENT_REPORT && !events.items[0].has_duration && events.items[0].ended_at == 0,
	   "a time and a duration that cannot be read lose no report");
	is_str(events.items[0].details, "{\"leftOut\":[\"Timestamp\",\"CallDuration\"],\"providerStatus\":\"completed\"}", "and are named");
	is_str(callback_text(twilio, "attempt=a&as=recording", "CallSid=" CA "&RecordingSid=RE1&RecordingStatus=completed&RecordingUrl=https%3A%2F%2Fapi.twilio.com%2FRE1&RecordingDuration=9"),
		   "recording attempt_ref=a recording_url=https://api.twilio.com/RE1.mp3 key=" CA ":recording:RE1:completed",
		   "a recording");
	is_str(callback_text(twilio, "as=recording", "CallSid=" CA "&RecordingSid=RE1&RecordingStatus=absent"),
		   "other key=" CA ":recording:RE1:absent", "there is none");
	is_str(callback_text(twilio, "as=recording", "CallSid=" CA "&RecordingUrl=javascript%3Aalert"), "other key=" CA ":recording::", "no link");
	is_str(callback_text(twilio, "attempt=a&as=key", "CallSid=" CA "&CallStatus=in-progress&Digits=9&msg=Gather+End"),
		   "key attempt_ref=a pressed=9 wants_answer key=" CA ":key:9", "a key");
	is_str(callback_text(twilio, "as=key", "CallSid=" CA "&CallStatus=in-progress&Digits=%23"), "key pressed=# wants_answer key=" CA ":key:#", "any key");
	is_str(callback_text(twilio, "as=key", "CallSid=" CA "&CallStatus=in-progress"), "the key is missing", "no key");
	is_str(callback_text(twilio, "as=key", "CallSid=" CA "&CallStatus=in-progress&Digits=99"), "the key is not one of 0 to 9, * and #", "two");
	is_str(callback_text(twilio, "attempt=a&as=answer", "CallSid=" CA "&CallStatus=in-progress&Direction=outbound-api"),
		   "status status=in_progress attempt_ref=a wants_answer key=" CA ":answer:in-progress:", "what shall it do?");
	is_str(callback_text(twilio, "as=incoming", "CallSid=" CA "&CallStatus=ringing&Direction=inbound&From=%2B14155550100&To=%2B14155550101"),
		   "incoming status=ringing wants_answer key=" CA ":answer:ringing:", "somebody calls");
	is_str(callback_text(twilio, NULL, "CallSid=" CA "&CallStatus=ringing&Direction=inbound"),
		   "incoming status=ringing wants_answer key=" CA ":answer:ringing:", "also where the console was set by hand");
	is_str(callback_text(twilio, "as=status", "CallSid=" CA "&CallStatus=completed&Direction=inbound&CallDuration=5"),
		   "report status=completed cause_class=ok cause=completed seconds=5 key=" CA ":completed:", "and hangs up");
	is_str(callback_text(twilio, "attempt=a&as=leg", "CallSid=CA2&ParentCallSid=" CA "&CallStatus=completed&CallDuration=5"),
		   "other attempt_ref=a key=" CA ":leg:CA2:completed:", "the other side does not end our call");
	is_str(callback_text(twilio, "attempt=a&as=leg", "CallSid=CA2&ParentCallSid=" CA "&CallStatus=no-answer"),
		   "untaken attempt_ref=a key=" CA ":leg:CA2:no-answer:", "unless nobody took it there");
	is_str(callback_text(twilio, "as=leg", "CallSid=CA2&ParentCallSid=" CA "&CallStatus=failed"), "untaken key=" CA ":leg:CA2:failed:",
		   "or it could not be called");
	is_str(callback_text(twilio, "as=leg", "CallSid=CA2&ParentCallSid=" CA "&CallStatus=canceled"), "other key=" CA ":leg:CA2:canceled:",
		   "whoever was to be put through had hung up");
	is_str(callback_text(twilio, "as=leg", "CallSid=CA2&CallStatus=busy"), "other key=CA2:leg:CA2:busy:", "of whose call nothing is told");
	is_str(callback_text(twilio, "attempt=a&as=stream", "CallSid=" CA "&StreamSid=MZ1&StreamEvent=stream-error&StreamError=refused"),
		   "silent cause=stream_url: stream-error, refused attempt_ref=a key=" CA ":stream:MZ1:stream-error", "a socket that refuses");
	is_str(callback_text(twilio, "attempt=a&as=stream", "CallSid=" CA "&StreamSid=MZ1&StreamEvent=stream-started"),
		   "other attempt_ref=a key=" CA ":stream:begun", "one that talks");
	is_str(callback_text(twilio, "attempt=a&as=stream", "CallSid=" CA "&StreamSid=MZ1&StreamEvent=stream-stopped"),
		   "other attempt_ref=a key=" CA ":stream:MZ1:stream-stopped", "and has talked");
	is_str(callback_text(twilio, "as=next", "CallSid=" CA "&CallStatus=in-progress&DialCallStatus=no-answer&Direction=inbound"),
		   "untaken wants_answer key=" CA ":next:no-answer", "nobody took a call that goes on");
	is_str(callback_text(twilio, "as=next", "CallSid=" CA "&CallStatus=in-progress&DialCallStatus=completed&Direction=inbound"),
		   "other wants_answer key=" CA ":next:completed", "somebody did, and it is over");
	is_str(callback_text(twilio, "attempt=a&as=next", "CallSid=" CA "&CallStatus=in-progress&DialCallStatus=completed"),
		   "other wants_answer key=" CA ":next:completed", "also one of ours, of which nothing more is to be said");
	is_str(callback_text(twilio, "as=next", "CallSid=" CA "&CallStatus=in-progress"), "DialCallStatus is missing", "which is not told");
	message = posted("as=leg", "CallSid=CA2&ParentCallSid=" CA "&CallStatus=busy");
	ok(twilio->read_webhook(&message, &arena, &events, &why), "it belongs to ours");
	is_str(events.items[0].provider_call_id, CA, "by its parent");
	is_int(events.items[0].kind, VA_EVENT_UNTAKEN, "and was busy");
	is_str(callback_text(twilio, "attempt=0123456789012345678901234567890123456789x", FORM("ringing", "")), "status status=ringing key=" CA ":ringing:",
		   "a reference that is not ours");
	is_str(callback_text(twilio, NULL, "CallStatus=ringing"), "CallSid is missing", "no call");
	is_str(callback_text(twilio, NULL, "CallSid=%20&CallStatus=ringing"), "CallSid is not valid", "no valid one");
	is_str(callback_text(twilio, NULL, "CallSid=" CA), "CallStatus is missing", "no status");
	message = (VaSignedMessage){ .method = "GET", .query = "attempt=a&CallSid=" CA "&CallStatus=ringing" };
	is_str(webhook_text(twilio, &message), "status status=ringing attempt_ref=a key=" CA ":ringing:", "by GET");
	message = posted("attempt=a", FORM("completed", "&CallDuration=1&ErrorMessage=%00%FF%22"));
	ok(twilio->read_webhook(&message, &arena, &events, &why) && strstr(events.items[0].details, "\\u0000") == NULL,
	   "what a database cannot hold does not come through");
	is_str(events.items[0].from_number, "+14155550101", "from");
	is_str(events.items[0].to_number, "+14155550100", "to");
}

/* ---- signatures ---- */

static VaWebhookAuth
an_auth(void)
{
	VaWebhookAuth auth = { .kind = VA_AUTH_VENDOR, .secret_len = 32 };

	memcpy(auth.secret, "12345678901234567890123456789012", 32);
	return auth;
}

static const char *
signature_of(const char *text)
{
	unsigned char mac[VA_HMAC_MAX_LEN];
	char *out = va_arena_alloc(&arena, 64);

	va_base64_encode(mac, va_hmac(VA_HMAC_SHA1, "12345678901234567890123456789012", 32, text, strlen(text), mac), out);
	return out;
}

#define FIELDS "CallSid=" CA "&CallStatus=completed&From=%2B14155550101&To=%2B14155550100&SequenceNumber=3"
#define URL "https://hooks.example.com/twilio/status?attempt=42"

/* A shared key signs by the algorithm that the message names; the account's token does not verify it, nor the key what names none. */
static void
test_shared_key(void)
{
	VaWebhookAuth auth = an_auth();
	VaHeader headers[] = { { "X-Twilio-Signature", "KMF35TWBkqLuu4l12r1aXu5Crh+xpsGrtRE7c69ZQcc=" },
						   { "X-Twilio-Webhooks-Signature-Settings", "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256" } };
	VaSignedMessage message = { .headers = headers, .nheaders = 2, .body = FIELDS, .body_len = strlen(FIELDS), .url = URL };

	ok(!twilio->verify(&auth, &message, 0, &why), "a shared key that the account does not have");
	is_str(why, "a shared key signs, and the account does not have its secret (shared_key)", "is said");
	auth.shared_len = 10;
	memcpy(auth.shared, "shared-key", 10);
	test_bits(twilio, &auth, &message, "a form, by a shared key");
	headers[1].value = "algorithm = hmac_sha256 ,key=x";
	ok(twilio->verify(&auth, &message, 0, &why), "in small letters, with blanks");
	headers[1].value = "key=algorithm,algorithms=HMAC_SHA1, algorithm=HMAC_SHA256";
	ok(twilio->verify(&auth, &message, 0, &why), "behind words that only look like it");
	headers[1].value = "key=x,algorithm=HMAC_SHA512";
	ok(!twilio->verify(&auth, &message, 0, &why), "an algorithm that nobody knows");
	is_str(why, "the signature is of an unknown kind", "is said");
	headers[1].value = "key=x";
	ok(!twilio->verify(&auth, &message, 0, &why), "one that is not named is SHA-1");
	headers[0].value = "jGSBtTDV4+1G8X0GEhRRBxmfmuQ=";
	ok(twilio->verify(&auth, &message, 0, &why), "... by the shared key");
	message.nheaders = 1;
	ok(!twilio->verify(&auth, &message, 0, &why), "... which does not sign for the token");
}

static void
test_signatures(void)
{
	VaWebhookAuth auth = an_auth();
	VaHeader header = { "X-Twilio-Signature", "PC2xSSqnUNSlm/wWDnphqUD8Mlg=" };
	VaSignedMessage message = { .headers = &header, .nheaders = 1, .body = FIELDS, .body_len = strlen(FIELDS), .url = URL };
	VaSignedMessage with_port = message;
	VaSignedMessage json = message;
	VaSignedMessage by_get = message;
	const char *repeated = "b=2&a=1&b=2&b=1&%C3%A9=%20+";

	test_bits(twilio, &auth, &message, "a form");
	message.body = "To=%2b14155550100&SequenceNumber=3&From=%2B14155550101&CallStatus=%63ompleted&CallSid=" CA;
	message.body_len = strlen(message.body);
	ok(twilio->verify(&auth, &message, 0, &why), "in another order and spelling");
	with_port.url = "https://hooks.example.com:443/twilio/status?attempt=42";
	ok(twilio->verify(&auth, &with_port, 0, &why), "a URL with its port, signed without");
	header.value = "oWvnpkpXxUFPYqD24hgOeuzxE04=";
	ok(twilio->verify(&auth, &with_port, 0, &why), "signed with");
	ok(twilio->verify(&auth, &message, 0, &why), "a URL without it, signed with");
	header.value = signature_of("http://hooks.example.com:80/x");
	message = (VaSignedMessage){ .headers = &header, .nheaders = 1, .url = "http://hooks.example.com/x" };
	ok(twilio->verify(&auth, &message, 0, &why), "a plain URL signed with its port, no fields");
	message.url = "http://hooks.example.com:8080/x";
	header.value = signature_of("http://hooks.example.com/x");
	ok(twilio->verify(&auth, &message, 0, &why), "another port that was left out");
	message.url = "http://[::1]/x";
	header.value = signature_of("http://[::1]:80/x");
	ok(twilio->verify(&auth, &message, 0, &why), "an address of colons");

	header.value = "FttULjG/RU/gyWK9m+CKlZK9mVo=";
	json.body = "{\"event\":\"x\"}";
	json.body_len = strlen(json.body);
	json.url = "https://hooks.example.com/twilio/json?bodySHA256=ebc2c4ea03938ee05e18c1a712d9fa02de923d6f2db34b68fe1f8dcf651e479d";
	test_bits(twilio, &auth, &json, "a body with its hash in the URL");

	by_get.method = "GET";
	by_get.body = NULL;
	by_get.body_len = 0;
	header.value = signature_of(URL);
	test_bits(twilio, &auth, &by_get, "by GET");

	header.value = signature_of(URL "a1b1b2\xC3\xA9  ");
	message = (VaSignedMessage){ .headers = &header, .nheaders = 1, .body = repeated, .body_len = strlen(repeated), .url = URL };
	ok(twilio->verify(&auth, &message, 0, &why), "repetitions once, values sorted");

	message.headers = NULL;
	message.nheaders = 0;
	ok(!twilio->verify(&auth, &message, 0, &why), "no signature");
	is_str(why, "the signature is missing", "is said");
	header.value = "abc";
	message.headers = &header;
	message.nheaders = 1;
	ok(!twilio->verify(&auth, &message, 0, &why), "none at all");
	auth.secret_len = 0;
	header.value = "PC2xSSqnUNSlm/wWDnphqUD8Mlg=";
	ok(!twilio->verify(&auth, &message, 0, &why), "no secret verifies nothing");
	test_shared_key();
}

/* ---- documents ---- */

static void
test_documents(void)
{
	VaDocument built;
	VaAnswer answer = { .kind = VA_ANSWER_SAY, .text = "a < b", .voice = "Polly.Joanna", .language = "en-US" };

	is_str(document_text(twilio, &answer), XML "<Say voice=\"Polly.Joanna\" language=\"en-US\">a &lt; b</Say><Hangup/></Response>", "say");
	answer.text = "</Say><Dial>+1900</Dial>";
	answer.language = "en";
	is_str(document_text(twilio, &answer),
		   XML "<Say voice=\"Polly.Joanna\">&lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;</Say><Hangup/></Response>",
		   "a text is no markup");
	answer.opt_out_key = "9";
	is_str(document_text(twilio, &answer), "there is no URL of ours at which the carrier could tell which key was pressed", "who names a key hears it");
	answer = (VaAnswer){ .kind = VA_ANSWER_SAY, .text = "Press 9.", .attempt_ref = "a1", .status_url = "https://h.example/w/T", .opt_out_key = "9" };
	is_str(document_text(twilio, &answer),
		   XML "<Gather input=\"dtmf\" numDigits=\"1\" finishOnKey=\"\" method=\"POST\" timeout=\"5\" "
			   "action=\"https://h.example/w/T?attempt=a1&amp;as=key\"><Say>Press 9.</Say></Gather><Hangup/></Response>",
		   "while a text is said, and a while after it, a key is listened for");
	answer = (VaAnswer){ .kind = VA_ANSWER_PLAY, .media_url = "https://m.example/a.mp3?x=1&y=2" };
	is_str(document_text(twilio, &answer), XML "<Play>https://m.example/a.mp3?x=1&amp;y=2</Play><Hangup/></Response>", "play");
	answer.media_url = "sound:hello";
	is_str(document_text(twilio, &answer), "media_url must be an http(s) URL", "no file of another carrier");
	answer = (VaAnswer){ .kind = VA_ANSWER_FORWARD,
						 .text = "One moment",
						 .forward_to = "+14155550102",
						 .caller_id = "+14155550101",
						 .attempt_ref = "a1",
						 .status_url = "https://h.example/w/T",
						 .ring_timeout_s = 20,
						 .max_duration_s = 600,
						 .record = true };
	is_str(document_text(twilio, &answer),
		   XML "<Say>One moment</Say><Dial callerId=\"+14155550101\" timeout=\"20\" timeLimit=\"600\" "
			   "record=\"record-from-answer-dual\" "
			   "recordingStatusCallback=\"https://h.example/w/T?attempt=a1&amp;as=recording\">"
			   "<Number statusCallback=\"https://h.example/w/T?attempt=a1&amp;as=leg\" "
			   "statusCallbackEvent=\"initiated ringing answered completed\">+14155550102</Number></Dial></Response>",
		   "forward");
	answer = (VaAnswer){ .kind = VA_ANSWER_FORWARD, .forward_to = "+14155550102", .caller_id = "+14155550101",
						 .status_url = "https://h.example/w/T", .ring_timeout_s = 20, .goes_on = true };
	is_str(document_text(twilio, &answer),
		   XML "<Dial callerId=\"+14155550101\" timeout=\"20\" action=\"https://h.example/w/T?as=next\" method=\"POST\">"
			   "<Number>+14155550102</Number></Dial></Response>",
		   "forward, and ask us when nobody takes it");
	answer.forward_to = "+1415<";
	ok(strstr(document_text(twilio, &answer), "forward_to must be") != NULL, "to a number only");
	answer = (VaAnswer){ .kind = VA_ANSWER_REJECT };
	is_str(document_text(twilio, &answer), XML "<Reject/></Response>", "reject");
	ok(twilio->build_answer(&(VaEvent){ .kind = VA_EVENT_STATUS }, &answer, &arena, &built, &why), "a call of ours");
	is_str(built.body, XML "<Hangup/></Response>", "was taken, and ends");
	answer.text = "We are closed";
	is_str(document_text(twilio, &answer), XML "<Say>We are closed</Say><Hangup/></Response>", "reject with a greeting");
	answer = (VaAnswer){ .kind = VA_ANSWER_STREAM };
	is_str(document_text(twilio, &answer), "stream_url must be a wss:// URL", "no socket");
	answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://t.example/s", .text = "A machine calls." };
	is_str(document_text(twilio, &answer),
		   XML "<Say>A machine calls.</Say><Connect><Stream url=\"wss://t.example/s\"/></Connect></Response>",
		   "what is to be said before the socket talks");
}

/* ---- provider requests ---- */

#define RUN(kind, status, body) provider_request_text(twilio, kind, &order, reply_of(status, body))

static void
test_account(void)
{
	VaProviderRequest order = { .carrier = &carrier };

	is_str(provider_request_request_text(twilio, VA_REQUEST_CHECK_ACCOUNT, &order), "GET " API ".json\n" BASIC, "check the account");
	is_str(RUN(VA_REQUEST_CHECK_ACCOUNT, 200, "{\"sid\":\"" AC "\",\"status\":\"active\",\"friendly_name\":\"Mine\",\"auth_token\":\"no\"}"),
		   "accepted message=Mine account_ref=" AC, "it is ours");
	is_str(RUN(VA_REQUEST_CHECK_ACCOUNT, 200, "{\"sid\":\"" AC "\",\"status\":\"suspended\"}"),
		   "bad_account cause=account-not-active message=the account is suspended account_ref=" AC, "but suspended");
	is_str(RUN(VA_REQUEST_CHECK_ACCOUNT, 401, ERROR(20003, "Authenticate")),
		   "bad_account cause=not-authenticated message=Authenticate (code 20003)", "a wrong token");
	is_str(RUN(VA_REQUEST_CHECK_ACCOUNT, 404, ERROR(20404, "none")), "bad_account cause=not-found message=none (code 20404)",
		   "no such account");
	order.number = "+14155550100";
	order.facts = "line_type reassigned";
	order.since = "20260131";
	is_str(provider_request_request_text(twilio, VA_REQUEST_LOOKUP_NUMBER, &order),
		"GET https://lookups.twilio.com/v2/PhoneNumbers/%2B14155550100?Fields=line_type_intelligence%2Creassigned_number&LastVerifiedDate=20260131\n" BASIC,
		"look a number up");
	is_str(RUN(VA_REQUEST_LOOKUP_NUMBER, 200, "{\"phone_number\":\"+14155550100\",\"line_type_intelligence\":{\"type\":\"nonFixedVoip\"},"
		"\"reassigned_number\":{\"is_number_reassigned\":\"no\"}}"), "accepted line_type=voip reassigned=no", "... and what is told of it");
	is_str(RUN(VA_REQUEST_LOOKUP_NUMBER, 200, "{\"phone_number\":\"+14155550100\",\"line_type_intelligence\":{\"type\":null,\"error_code\":60600},"
		"\"reassigned_number\":{\"is_number_reassigned\":\"no data available\"}}"), "accepted line_type=unknown reassigned=unknown",
		"... or is not, which is no answer");
	is_str(RUN(VA_REQUEST_LOOKUP_NUMBER, 200, "{\"phone_number\":\"+14155550199\",\"line_type_intelligence\":{\"type\":\"mobile\"}}"), "accepted",
		"... nothing of another number");
	order.facts = "reassigned";
	order.since = NULL;
	is_str(provider_request_request_text(twilio, VA_REQUEST_LOOKUP_NUMBER, &order), "it is not said since when", "... reassigned since a day");
	order.number = NULL;
	is_str(provider_request_request_text(twilio, VA_REQUEST_BALANCE, &order), "GET " API "/Balance.json\n" BASIC, "the balance");
	is_str(RUN(VA_REQUEST_BALANCE, 200, "{\"account_sid\":\"" AC "\",\"balance\":\"-0.05\",\"currency\":\"USD\"}"),
		   "accepted account_ref=" AC " balance=-0.05 currency=USD", "is read, also below nothing");
	is_str(RUN(VA_REQUEST_BALANCE, 200, "[]"), "unknown cause=unreadable-answer message=the answer is not an object",
		   "no balance");
}

#define LISTENING "<Gather input=\"dtmf\" numDigits=\"1\" finishOnKey=\"\" method=\"POST\" timeout=\"5\" " \
	"action=\"https://h.example/w/T?attempt=a1&amp;as=key\">"

static void
test_live_calls(void)
{
	VaProviderRequest order = { .carrier = &carrier, .provider_call_id = CA, .attempt_ref = "a1", .server_url = "https://h.example/w/T" };

	is_str(provider_request_request_text(twilio, VA_REQUEST_HANGUP, &order), "POST " API "/Calls/" CA ".json\n" BASIC "Status=completed\n", "hang up");
	is_str(RUN(VA_REQUEST_HANGUP, 200, "{}"), "accepted", "done");
	is_str(RUN(VA_REQUEST_HANGUP, 404, ERROR(20404, "x")), "accepted already message=x (code 20404)", "it was over");
	is_str(RUN(VA_REQUEST_HANGUP, 400, ERROR(21220, "x")), "accepted already message=x (code 21220)", "or not in progress");
	is_str(RUN(VA_REQUEST_HANGUP, 401, ERROR(20003, "x")), "bad_account cause=not-authenticated message=x (code 20003)",
		   "not ours");
	order.answer = (VaAnswer){ .kind = VA_ANSWER_FORWARD, .forward_to = "+14155550102" };
	is_str(provider_request_request_text(twilio, VA_REQUEST_TRANSFER, &order),
		   "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML "<Dial><Number statusCallback=\"https://h.example/w/T?attempt=a1&amp;as=leg\" "
		   "statusCallbackEvent=\"initiated ringing answered completed\">+14155550102</Number></Dial></Response>\n",
		   "transfer");
	order.answer.ring_timeout_s = 25, order.answer.goes_on = true;
	is_str(provider_request_request_text(twilio, VA_REQUEST_TRANSFER, &order),
		   "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML "<Dial timeout=\"25\" action=\"https://h.example/w/T?attempt=a1&amp;as=next\" method=\"POST\">"
		   "<Number>+14155550102</Number></Dial></Response>\n",
		   "transfer a call that comes back");
	is_str(RUN(VA_REQUEST_TRANSFER, 404, ERROR(20404, "x")), "refused_permanent cause=call-ended message=x (code 20404)",
		   "too late");
	order.answer = (VaAnswer){ .kind = VA_ANSWER_SAY, .text = "Bye" };
	is_str(provider_request_request_text(twilio, VA_REQUEST_SAY, &order),
		   "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML "<Say>Bye</Say><Pause length=\"60\"/></Response>\n", "said into a call that goes on");
	order.answer.stream_url = "wss://t.example/s";
	is_str(provider_request_request_text(twilio, VA_REQUEST_SAY, &order),
		   "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML
		   "<Say>Bye</Say><Connect><Stream url=\"wss://t.example/s\" statusCallback=\"https://h.example/w/T?attempt=a1&amp;as=stream\">"
		   "<Parameter name=\"attempt\" value=\"a1\"/></Stream></Connect></Response>\n",
		   "with what talks there");
	order.reason = "normal";
	is_str(provider_request_request_text(twilio, VA_REQUEST_SAY, &order), "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML "<Say>Bye</Say><Hangup/></Response>\n",
		   "or to end it");
	order.answer.opt_out_key = "9";
	ok(strstr(provider_request_request_text(twilio, VA_REQUEST_SAY, &order), "action=\"https://h.example/w/T?attempt=a1&amp;as=key\"><Say>Bye</Say></Gather>") != NULL,
	   "say, and listen for a key");
	order.reason = NULL;
	order.answer = (VaAnswer){ .kind = VA_ANSWER_PLAY, .media_url = "https://m.example/a.mp3" };
	is_str(provider_request_request_text(twilio, VA_REQUEST_PLAY, &order),
		   "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML "<Play>https://m.example/a.mp3</Play><Pause length=\"60\"/></Response>\n", "played");
	order.answer.listens_for = "9";
	is_str(provider_request_request_text(twilio, VA_REQUEST_PLAY, &order),
		   "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML LISTENING "<Play>https://m.example/a.mp3</Play><Pause length=\"60\"/></Gather></Response>\n",
		   "played into a call that listens for a key, which it does on");
	order.answer = (VaAnswer){ .kind = VA_ANSWER_SAY, .text = "Bye", .listens_for = "9" };
	is_str(provider_request_request_text(twilio, VA_REQUEST_SAY, &order),
		   "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML LISTENING "<Say>Bye</Say><Pause length=\"60\"/></Gather></Response>\n",
		   "as with words");
	order.answer.stream_url = "wss://t.example/s";
	ok(strstr(provider_request_request_text(twilio, VA_REQUEST_SAY, &order), "<Gather") == NULL, "who talks there hears by himself");
	order.answer = (VaAnswer){ .kind = VA_ANSWER_SAY, .listens_for = "9" };
	order.digits = "1w#";
	is_str(provider_request_request_text(twilio, VA_REQUEST_SEND_DTMF, &order),
		   "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML "<Play digits=\"1w#\"/>" LISTENING "<Pause length=\"60\"/></Gather></Response>\n",
		   "and after digits");
	order.answer = (VaAnswer){ .kind = VA_ANSWER_SAY };
	is_str(provider_request_request_text(twilio, VA_REQUEST_SEND_DTMF, &order),
		   "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML "<Play digits=\"1w#\"/><Pause length=\"60\"/></Response>\n", "digits");
	order.answer.stream_url = "wss://t.example/s";
	is_str(provider_request_request_text(twilio, VA_REQUEST_SEND_DTMF, &order),
		   "POST " API "/Calls/" CA ".json\n" BASIC "Twiml=" XML
		   "<Play digits=\"1w#\"/><Connect><Stream url=\"wss://t.example/s\" statusCallback=\"https://h.example/w/T?attempt=a1&amp;as=stream\">"
		   "<Parameter name=\"attempt\" value=\"a1\"/>"
		   "</Stream></Connect></Response>\n",
		   "and on with the talk");
	order.digits = "1<";
	ok(strstr(provider_request_request_text(twilio, VA_REQUEST_SEND_DTMF, &order), "digits must be") != NULL, "touch-tones only");
	is_str(provider_request_request_text(twilio, VA_REQUEST_RECORD, &order),
		   "POST " API "/Calls/" CA "/Recordings.json\n" BASIC "RecordingChannels=dual\n"
		   "RecordingStatusCallback=https://h.example/w/T?attempt=a1&as=recording\nRecordingStatusCallbackMethod=POST\n",
		   "record");
	order.provider_call_id = NULL;
	is_str(provider_request_request_text(twilio, VA_REQUEST_HANGUP, &order), "the call's id is not valid", "which call?");
}

static void
test_remains(void)
{
	VaProviderRequest order = { .carrier = &carrier, .provider_call_id = CA };

	is_str(provider_request_request_text(twilio, VA_REQUEST_FETCH_COST, &order), "GET " API "/Calls/" CA ".json\n" BASIC, "the price");
	is_str(RUN(VA_REQUEST_FETCH_COST, 200, CALL("completed", ",\"price\":null,\"price_unit\":\"USD\"")),
		   "accepted currency=USD", "not rated yet");
	is_str(RUN(VA_REQUEST_FETCH_COST, 200, CALL("completed", ",\"price\":\"-0.0085\",\"price_unit\":\"EUR\"")),
		   "accepted cost=0.0085 currency=EUR", "rated");
	is_str(provider_request_request_text(twilio, VA_REQUEST_FETCH_RECORDING, &order), "GET " API "/Calls/" CA "/Recordings.json\n" BASIC, "which recording?");
	is_str(RUN(VA_REQUEST_FETCH_RECORDING, 200, "{\"recordings\":[{\"uri\":\"/2010-04-01/Accounts/" AC "/Recordings/RE1.json\"}]}"),
		   "accepted recording_url=" API "/Recordings/RE1.mp3 content_type=audio/mpeg", "this");
	is_str(RUN(VA_REQUEST_FETCH_RECORDING, 200, "{\"recordings\":[]}"),
		   "refused_permanent cause=not-found message=the call has no recording", "none");
	order.recording_url = API "/Recordings/RE1.mp3";
	is_str(provider_request_request_text(twilio, VA_REQUEST_FETCH_RECORDING, &order), "GET " API "/Recordings/RE1.mp3\n" BASIC, "its media");
	is_str(RUN(VA_REQUEST_FETCH_RECORDING, 200, "ID3"), "accepted content_type=audio/mpeg", "are the answer");
	order.recording_url = "https://api.twilio.com.evil.example/x.mp3";
	is_str(provider_request_request_text(twilio, VA_REQUEST_FETCH_RECORDING, &order), "the recording does not lie at Twilio", "the key goes to Twilio only");
	order.recording_url = "https://api.twilio.com/x y";
	is_str(provider_request_request_text(twilio, VA_REQUEST_FETCH_RECORDING, &order), "the URL holds a character that must be percent-encoded", "and in a URL that is one");
}

static void
test_numbers(void)
{
	VaProviderRequest order = { .carrier = &carrier };

	is_str(provider_request_request_text(twilio, VA_REQUEST_LIST_NUMBERS, &order), "GET " API "/IncomingPhoneNumbers.json?PageSize=1000\n" BASIC, "our numbers");
	is_str(RUN(VA_REQUEST_LIST_NUMBERS, 200,
			   "{\"incoming_phone_numbers\":[{\"phone_number\":\"+18089255327\",\"sid\":\"PN1\"},{\"phone_number\":\"x\"}],"
			   "\"next_page_uri\":\"/2010-04-01/Accounts/" AC "/IncomingPhoneNumbers.json?Page=1\"}"),
		   "accepted next_page=/2010-04-01/Accounts/" AC "/IncomingPhoneNumbers.json?Page=1 +18089255327/PN1/-", "a page");
	order.page = "/2010-04-01/Accounts/" AC "/IncomingPhoneNumbers.json?Page=1";
	is_str(provider_request_request_text(twilio, VA_REQUEST_LIST_NUMBERS, &order), "GET " API "/IncomingPhoneNumbers.json?Page=1\n" BASIC, "the next");
	order.page = "@evil.example/";
	is_str(provider_request_request_text(twilio, VA_REQUEST_LIST_NUMBERS, &order), "the page is not one of the account's", "not elsewhere");
	order = (VaProviderRequest){ .carrier = &carrier, .country = "us", .area_code = "415", .limit = 5 };
	is_str(provider_request_request_text(twilio, VA_REQUEST_SEARCH_NUMBERS, &order),
		   "GET " API "/AvailablePhoneNumbers/US/Local.json?VoiceEnabled=true&AreaCode=415&PageSize=5\n" BASIC, "search");
	is_str(RUN(VA_REQUEST_SEARCH_NUMBERS, 200, "{\"available_phone_numbers\":[{\"phone_number\":\"+18089251571\",\"region\":\"HI\"}]}"),
		   "accepted +18089251571/-/-", "found");
	order.country = "U/";
	ok(strstr(provider_request_request_text(twilio, VA_REQUEST_SEARCH_NUMBERS, &order), "country must be") != NULL, "a country");
	order = (VaProviderRequest){ .carrier = &carrier, .number = "+18089251571", .server_url = "https://h.example/w/T" };
	is_str(provider_request_request_text(twilio, VA_REQUEST_BUY_NUMBER, &order),
		   "POST " API "/IncomingPhoneNumbers.json\n" BASIC "PhoneNumber=+18089251571\n"
		   "VoiceUrl=https://h.example/w/T?as=incoming\nVoiceMethod=POST\n"
		   "StatusCallback=https://h.example/w/T?as=status\nStatusCallbackMethod=POST\n"
		   "SmsUrl=https://h.example/w/T?as=text\nSmsMethod=POST\n",
		   "buy");
	is_str(RUN(VA_REQUEST_BUY_NUMBER, 201, "{\"sid\":\"PN1\"}"), "accepted number_id=PN1", "bought");
	is_str(RUN(VA_REQUEST_BUY_NUMBER, 400, ERROR(21422, "not available")),
		   "refused_permanent cause=http-400 message=not available (code 21422)", "gone");
	is_str(RUN(VA_REQUEST_BUY_NUMBER, 500, ""), "unknown cause=http-500", "who knows");
	order.number_id = "PN1";
	is_str(provider_request_request_text(twilio, VA_REQUEST_CONFIGURE_NUMBER, &order),
		   "POST " API "/IncomingPhoneNumbers/PN1.json\n" BASIC
		   "VoiceUrl=https://h.example/w/T?as=incoming\nVoiceMethod=POST\n"
		   "StatusCallback=https://h.example/w/T?as=status\nStatusCallbackMethod=POST\n"
		   "SmsUrl=https://h.example/w/T?as=text\nSmsMethod=POST\n",
		   "configure");
	is_str(RUN(VA_REQUEST_CONFIGURE_NUMBER, 200, "{\"sid\":\"PN1\"}"), "accepted", "configured");
	is_str(provider_request_request_text(twilio, VA_REQUEST_RELEASE_NUMBER, &order), "DELETE " API "/IncomingPhoneNumbers/PN1.json\n" BASIC, "release");
	is_str(RUN(VA_REQUEST_RELEASE_NUMBER, 204, ""), "accepted", "released");
	is_str(RUN(VA_REQUEST_RELEASE_NUMBER, 404, ERROR(20404, "x")), "accepted already message=x (code 20404)", "it was");
	order.number_id = NULL;
	is_str(provider_request_request_text(twilio, VA_REQUEST_RELEASE_NUMBER, &order), "the number's id at Twilio (PN...) is not known", "which?");
}

int
main(void)
{
	VaProviderRequest order = { .carrier = &carrier, .provider_call_id = CA };

	twilio = va_driver("twilio");
	test_calls();
	test_credentials();
	test_lookups();
	test_dials();
	test_resources();
	test_statuses();
	test_callbacks();
	test_signatures();
	test_documents();
	test_account();
	test_live_calls();
	test_remains();
	test_numbers();
	test_bad_replies(twilio, &order, "attempt=a1");
	va_arena_free(&arena);
	return done_testing();
}
