/*
 * test_plivo.c
 *		Plivo's driver: requests, replies and refusals, callbacks, statuses,
 *		signatures, documents, provider requests.
 */
#include "drivers.h"

#define MA "MA000000000000000001"
#define ID "97ceeb52-58b6-11e1-86da-77300b68f8bb"
#define API "https://api.plivo.com/v1/Account/" MA "/"
#define BASIC "Basic TUEwMDAwMDAwMDAwMDAwMDAwMDE6TXpFNE5qWTVZalF3TlRVeFlXRmxPVE5tTUdReg==\n"
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>"
#define TOKEN "MzE4NjY5YjQwNTUxYWFlOTNmMGQz"

static const VaDriver *plivo;
static VaProviderAccount carrier = { .credentials = { { "auth_id", MA }, { "auth_token", TOKEN } },
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
						  .assistant = { .first_message = "Hi" } };
}

/* ---- requests ---- */

static void
test_calls(void)
{
	VaCallOrder order = an_order();
	VaHttpRequest request;

	is_request(plivo->build_call(&order, &arena, &request, &why), &request,
			   "POST " API "Call/\n" BASIC
			   "{\"answer_method\":\"POST\",\"answer_url\":\"https://hooks.example.com/webhooks/T?attempt=va-7-42&as=answer\","
			   "\"from\":\"14155550101\",\"hangup_method\":\"POST\","
			   "\"hangup_url\":\"https://hooks.example.com/webhooks/T?attempt=va-7-42\",\"ring_method\":\"POST\","
			   "\"ring_url\":\"https://hooks.example.com/webhooks/T?attempt=va-7-42\",\"to\":\"14155550100\"}\n",
			   "a call");
	order.from_number = "+14155550199";
	order.ring_timeout_s = 30;
	order.max_duration_s = 300;
	order.to_extension = "12";
	order.machine_detection = VA_MACHINE_MESSAGE;
	order.answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://t.example/s?a=1" };
	is_request(plivo->build_call(&order, &arena, &request, &why), &request,
			   "POST " API "Call/\n" BASIC
			   "{\"answer_method\":\"POST\",\"answer_url\":\"https://hooks.example.com/webhooks/T?attempt=va-7-42&as=answer\","
			   "\"from\":\"14155550199\",\"hangup_method\":\"POST\","
			   "\"hangup_url\":\"https://hooks.example.com/webhooks/T?attempt=va-7-42\","
			   "\"machine_detection\":\"true\",\"machine_detection_method\":\"POST\","
			   "\"machine_detection_url\":\"https://hooks.example.com/webhooks/T?attempt=va-7-42&as=amd\","
			   "\"ring_method\":\"POST\",\"ring_timeout\":30,"
			   "\"ring_url\":\"https://hooks.example.com/webhooks/T?attempt=va-7-42\","
			   "\"send_digits\":\"ww12\",\"time_limit\":300,\"to\":\"14155550100\"}\n",
			   "one with everything");
	order = an_order();
	order.to_number = "+14155550100<14155550101";
	ok(!plivo->build_call(&order, &arena, &request, &why), "not two numbers");
	order = an_order();
	order.server_url = NULL;
	is_request(plivo->build_call(&order, &arena, &request, &why), &request,
			   "there is no URL of ours at which Plivo could ask what an answered call shall do", "no URL");
	order = an_order();
	order.assistant.first_message = NULL;
	is_request(plivo->build_call(&order, &arena, &request, &why), &request,
			   "there is nothing to say: neither a text nor a first message of the assistant", "nothing to say");
	order = an_order();
	order.answer = (VaAnswer){ .kind = VA_ANSWER_STREAM };
	is_request(plivo->build_call(&order, &arena, &request, &why), &request, "stream_url must be a wss:// URL", "no socket");
}

static void
test_account_fields(void)
{
	VaProviderAccount other = carrier;

	ok(plivo->check_carrier(&other, &arena, &why), "an account");
	other.credentials[0].value = "MA1";
	ok(!plivo->check_carrier(&other, &arena, &why), "no account");
	other.credentials[0].value = "SA000000000000000001";
	other.settings[1] = (VaNamedText){ "application_id", "29986316244302815" };
	other.nsettings = 2;
	ok(plivo->check_carrier(&other, &arena, &why), "a subaccount, an application");
	other.settings[1].value = "../x";
	is_str(plivo->check_carrier(&other, &arena, &why) ? NULL : why, "application_id must be digits", "no application");
	other.settings[1] = (VaNamedText){ "stream_url", "http://x" };
	is_str(plivo->check_carrier(&other, &arena, &why) ? NULL : why, "stream_url must begin with wss://", "no socket");
}

static void
test_lookups(void)
{
	VaLookupOrder order = { .carrier = &carrier, .provider_call_id = ID };
	VaHttpRequest request;

	is_request(plivo->build_lookup(&order, &arena, &request, &why), &request, "GET " API "Call/" ID "/\n" BASIC, "a lookup");
	order.provider_call_id = "a/../../b";
	is_request(plivo->build_lookup(&order, &arena, &request, &why), &request, "GET " API "Call/a%2F..%2F..%2Fb/\n" BASIC,
			   "an id is one part of a path");
	order = (VaLookupOrder){ .carrier = &carrier,
							 .to_number = "+14155550100",
							 .created_from = INT64_C(1700000000000),
							 .created_to = INT64_C(1700000600000),
							 .limit = 200,
							 .offset = 20 };
	is_request(plivo->build_list(&order, &arena, &request, &why), &request,
			   "GET " API "Call/?to_number=14155550100&end_time__gte=2023-11-14%2008%3A13%3A20"
			   "&limit=20&offset=20\n" BASIC,
			   "a list");
	order = (VaLookupOrder){ .carrier = &carrier, .from_number = "+14155550101", .limit = 5 };
	is_request(plivo->build_list(&order, &arena, &request, &why), &request,
			   "GET " API "Call/?from_number=14155550101&limit=5&offset=0\n" BASIC, "of one number");
}

/* ---- replies ---- */

static void
test_dials(void)
{
	is_str(outcome_text(plivo, reply_of(201, "{\"message\":\"call fired\",\"request_uuid\":\"" ID "\",\"api_id\":\"x\"}")),
		   "accepted accepted " ID " 0 -", "taken");
	is_str(outcome_text(plivo, reply_of(201, "{\"request_uuid\":[\"" ID "\"]}")), "accepted accepted " ID " 0 -",
		   "taken, as a list of one");
	is_str(outcome_text(plivo, reply_of(201, "{\"request_uuid\":[\"a\",\"b\"]}")),
		   "unknown answer-without-id - 0 the answer holds no call id", "two calls are not what was asked for");
	is_str(outcome_text(plivo, reply_of(400, "{\"error\":\"'to' is not a valid phone number\"}")),
		   "refused_permanent bad-number - 0 'to' is not a valid phone number", "a bad number");
	is_str(outcome_text(plivo, reply_of(400, "{\"error\":{\"error\":\"Destination number is invalid\"}}")),
		   "refused_permanent bad-number - 0 Destination number is invalid", "in other words");
	is_str(outcome_text(plivo, reply_of(400, "{\"error\":\"from parameter is invalid\"}")),
		   "bad_account bad-caller-id - 0 from parameter is invalid", "a bad caller ID");
	is_str(outcome_text(plivo, reply_of(400, "{\"error\":\"answer_url is not a valid URL\"}")),
		   "refused_permanent bad-url - 0 answer_url is not a valid URL", "a URL of ours");
	is_str(outcome_text(plivo, reply_of(400, "{\"error\":\"Insufficient credit\"}")),
		   "bad_account insufficient-funds - 0 Insufficient credit", "no money");
	is_str(outcome_text(plivo, reply_of(400, "{\"error\":\"try again tomorrow\"}")),
		   "refused_permanent http-400 - 0 try again tomorrow", "something else");
	is_str(outcome_text(plivo, reply_of(401, "Could not verify your access level for that URL.")),
		   "bad_account not-authenticated - 0 -", "a wrong token");
	is_str(outcome_text(plivo, reply_of(403, "{\"error\":\"not enabled for country\"}")),
		   "refused_permanent not-permitted - 0 not enabled for country", "a country that is not enabled: other dials of the account work");
	is_str(outcome_text(plivo, reply_of(400, "{\"error\":\"no permission for this destination\"}")),
		   "refused_permanent not-permitted - 0 no permission for this destination", "... in other words");
	is_str(outcome_text(plivo, reply_of(403, "{\"error\":\"forbidden\"}")), "bad_account not-permitted - 0 forbidden",
		   "a right that the account lacks");
	is_str(outcome_text(plivo, reply_of(403, "{\"error\":\"account suspended\"}")),
		   "bad_account account-not-active - 0 account suspended", "... or all rights");
	is_str(outcome_text(plivo, reply_of(404, "{\"error\":\"not found\"}")), "bad_account not-found - 0 not found", "no such account");
	is_str(outcome_text(plivo, reply_of(405, "")), "bad_account http-405 - 0 -", "no such resource");
	is_str(outcome_text(plivo, reply_of(429, "{\"error\":\"slow down\"}")), "rate_limited rate-limited - 0 slow down", "too fast");
	is_str(outcome_text(plivo, reply_of(500, "{\"error\":\"to is invalid\"}")), "unknown http-500 - 0 to is invalid",
		   "a fault of theirs stays open whatever it says");
	is_str(outcome_text(plivo, (VaHttpResponse){ .error = "refused" }), "refused_retry connection-failed - 0 refused", "never sent");
	is_str(outcome_text(plivo, (VaHttpResponse){ .sent = true, .error = "reset" }),
		   "unknown no-answer-from-provider - 0 reset", "sent, and no answer");
}

#define RECORD(rest)                                                                                         \
	"{\"call_uuid\":\"" ID "\",\"call_direction\":\"outbound\",\"from_number\":\"+14155550101\",\"to_number\":"  \
	"\"14155550100\",\"initiation_time\":\"2015-07-26 15:44:49+05:30\",\"end_time\":\"2015-07-26 "            \
	"15:45:14+05:30\",\"parent_call_uuid\":null" rest "}"

static void
test_records(void)
{
	VaHttpResponse response;
	VaLookup lookup;

	response = reply_of(200, RECORD(",\"answer_time\":\"2015-07-26 15:45:02+05:30\",\"bill_duration\":12,\"call_duration\":12,"
								 "\"total_amount\":\"0.13600\",\"hangup_cause_code\":4000,\"hangup_cause_name\":\"Normal Hangup\""));
	plivo->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup),
		   "found 1/0\nreport status=completed cause_class=ok cause=completed-4000 cost=0.13600 cost_currency=USD seconds=12 "
		   "answered=1437905702000 ended=1437905714000 key=lookup:" ID ":completed",
		   "a call that is over");
	is_int(lookup.events.items[0].created_at, 1437905689000, "when it began");
	is_str(lookup.events.items[0].to_number, "+14155550100", "to whom");
	response = reply_of(200, RECORD(",\"answer_time\":null,\"bill_duration\":0,\"total_amount\":\"0.00000\",\"hangup_cause_code\":3010"));
	plivo->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup),
		   "found 1/0\nreport status=busy cause_class=busy cause=failed-3010 cost=0.00000 cost_currency=USD seconds=0 "
		   "ended=1437905714000 key=lookup:" ID ":busy",
		   "one that was busy");
	response = reply_of(200, RECORD(",\"answer_time\":null,\"bill_duration\":0"));
	plivo->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup),
		   "found 1/0\nreport status=no_answer cause_class=no_answer cause=no-answer seconds=0 ended=1437905714000 key=lookup:" ID
		   ":no_answer",
		   "an old record without a cause");
	response = reply_of(404, "{\"error\":\"not found\"}");
	plivo->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup), "retry 0/0 there is no record of the call yet", "no record says nothing");
	response = reply_of(401, "");
	plivo->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup), "bad_account 0/0", "a wrong token");

	response = reply_of(200, "{\"meta\":{\"total_count\":4},\"objects\":[" RECORD("") ",{\"call_uuid\":5},"
						  "{\"call_direction\":\"inbound\"},{\"call_direction\":\"outbound\",\"parent_call_uuid\":\"x\"}]}");
	plivo->read_list_response(&response, &arena, &lookup);
	is_int(lookup.received, 4, "a list");
	is_int(lookup.unreadable, 1, "of which one is broken");
	is_int(lookup.events.count, 1, "and one is ours");
	is_int(lookup.oldest_created_at, 1437905689000, "its oldest");
	response = reply_of(200, "{\"objects\":[]}");
	plivo->read_list_response(&response, &arena, &lookup);
	is_str(lookup_text(&lookup), "found 0/0", "an empty list");
}

/* ---- callbacks ---- */

#define FORM(event, status, rest)                                                                            \
	"CallUUID=" ID "&From=14155550101&To=14155550100&Direction=outbound&Event=" event "&CallStatus=" status    \
	"&ALegRequestUUID=" ID rest
#define TIMES "&AnswerTime=2026-11-20+17%3A00%3A10&EndTime=2026-11-20+17%3A01%3A00&Duration=50&BillDuration=60&TotalCost=0.00850"

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
#define HANGUP(status, rest) FORM("Hangup", status, rest)
		{ FORM("Ring", "ringing", ""), "ringing", NULL, NULL },
		{ FORM("StartApp", "in-progress", ""), "in_progress", NULL, NULL },
		{ HANGUP("completed", "&Duration=5"), "completed", "ok", "completed" },
		{ HANGUP("completed", "&HangupCauseCode=4000"), "completed", "ok", "completed-4000" },
		{ HANGUP("completed", "&HangupCauseCode=4010"), "completed", "ok", "completed-4010" },
		{ HANGUP("completed", "&Machine=true"), "completed", "machine", "completed" },
		{ HANGUP("completed", "&HangupCauseCode=6020"), "completed", "machine", "completed-6020" },
		{ HANGUP("completed", "&HangupCauseCode=5010"), "completed", "retry", "completed-5010" },
		{ HANGUP("completed", "&HangupCauseCode=8011"), "completed", "retry", "completed-8011" },
		{ HANGUP("busy", "&HangupCauseCode=3010"), "busy", "busy", "busy-3010" },
		{ HANGUP("timeout", "&HangupCauseCode=6000"), "no_answer", "no_answer", "timeout-6000" },
		{ HANGUP("no-answer", "&HangupCauseCode=3000"), "no_answer", "no_answer", "no-answer-3000" },
		{ HANGUP("cancel", "&HangupCauseCode=1000"), "failed", "canceled", "cancel-1000" },
		{ HANGUP("cancel", "&HangupCauseCode=1010"), "failed", "account", "cancel-1010" },
		{ HANGUP("cancel", ""), "failed", "canceled", "cancel" },
		{ HANGUP("failed", ""), "failed", "unknown", "failed" },
		{ HANGUP("failed", "&HangupCauseCode=0"), "failed", "unknown", "failed" },
		{ HANGUP("failed", "&HangupCauseCode=1020"), "failed", "retry", "failed-1020" },
		{ HANGUP("failed", "&HangupCauseCode=2000"), "failed", "bad_number", "failed-2000" },
		{ HANGUP("failed", "&HangupCauseCode=2010"), "failed", "unknown", "failed-2010" },
		{ HANGUP("failed", "&HangupCauseCode=2030"), "failed", "refused", "failed-2030" },
		{ HANGUP("failed", "&HangupCauseCode=2040"), "failed", "bad_number", "failed-2040" },
		{ HANGUP("failed", "&HangupCauseCode=2060"), "failed", "retry", "failed-2060" },
		{ HANGUP("failed", "&HangupCauseCode=3000"), "no_answer", "no_answer", "failed-3000" },
		{ HANGUP("failed", "&HangupCauseCode=3010"), "busy", "busy", "failed-3010" },
		{ HANGUP("failed", "&HangupCauseCode=3020"), "no_answer", "no_answer", "failed-3020" },
		{ HANGUP("failed", "&HangupCauseCode=3070"), "failed", "unknown", "failed-3070" },
		{ HANGUP("failed", "&HangupCauseCode=5020"), "failed", "retry", "failed-5020" },
		{ HANGUP("failed", "&HangupCauseCode=7011"), "failed", "retry", "failed-7011" },
		{ HANGUP("failed", "&HangupCause=USER_BUSY"), "busy", "busy", "failed" },
		{ HANGUP("failed", "&HangupCause=UNALLOCATED_NUMBER"), "failed", "bad_number", "failed" },
		{ HANGUP("failed", "&HangupCause=NO_ANSWER"), "no_answer", "no_answer", "failed" },
		{ HANGUP("failed", "&HangupCause=NETWORK_OUT_OF_ORDER"), "failed", "retry", "failed" },
		{ HANGUP("failed", "&HangupCause=OF_TOMORROW"), "failed", "unknown", "failed" },
		{ FORM("Other", "of-tomorrow", ""), NULL, NULL, NULL },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
	{
		VaSignedMessage message = posted(NULL, lines[i].form);
		VaEvents events;

		ok(plivo->read_webhook(&message, &arena, &events, &why), "a callback is read: %s", strstr(lines[i].form, "Event"));
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

	is_str(callback_text(plivo, "attempt=va-7-42", FORM("Ring", "ringing", "")), "status status=ringing attempt_ref=va-7-42 key=" ID ":Ring:ringing",
		   "it rings");
	is_str(callback_text(plivo, "attempt=va-7-42&as=answer", FORM("StartApp", "in-progress", "")),
		   "status status=in_progress attempt_ref=va-7-42 wants_answer key=" ID ":StartApp:in-progress", "answered: what shall it do?");
	is_str(callback_text(plivo, "attempt=va-7-42", FORM("Hangup", "completed", TIMES)),
		   "report status=completed cause_class=ok cause=completed attempt_ref=va-7-42 cost=0.00850 cost_currency=USD seconds=50 "
		   "answered=1795194010000 ended=1795194060000 key=" ID ":Hangup:completed",
		   "over");
	is_str(callback_text(plivo, "attempt=va-7-42", FORM("Hangup", "busy", "&Duration=0&TotalCost=0.00000&EndTime=2026-11-20+17%3A01%3A00")),
		   "report status=busy cause_class=busy cause=busy attempt_ref=va-7-42 cost=0.00000 cost_currency=USD seconds=0 "
		   "ended=1795194060000 key=" ID ":Hangup:busy",
		   "busy");
	is_str(callback_text(plivo, NULL, FORM("Hangup", "completed", "&Duration=7")),
		   "report status=completed cause_class=ok cause=completed seconds=7 key=" ID ":Hangup:completed", "without times");
	is_str(callback_text(plivo, "attempt=a&as=amd", FORM("MachineDetection", "in-progress", "&Machine=true")),
		   "machine attempt_ref=a machine=voicemail key=" ID ":MachineDetection:voicemail", "a machine");
	is_str(callback_text(plivo, "attempt=a&as=stream", "CallUUID=" ID "&Event=DroppedStream&StreamID=s1"),
		   "silent cause=stream_url: DroppedStream attempt_ref=a key=" ID ":stream:s1:DroppedStream", "a socket that refuses");
	is_str(callback_text(plivo, "attempt=a&as=stream", "CallUUID=" ID "&Event=StartStream&StreamID=s1"),
		   "other attempt_ref=a key=" ID ":stream:begun", "one that talks");
	is_str(callback_text(plivo, "attempt=a&as=stream", "Event=StartStream&StreamID=s1"), "other attempt_ref=a key=a:stream:begun",
		   "of a call that it does not name");
	is_str(callback_text(plivo, "as=amd", "CallUUID=" ID "&Machine=false"), "machine machine=human key=" ID ":MachineDetection:human", "a person");
	message = posted("as=amd", "CallUUID=" ID);
	ok(plivo->read_webhook(&message, &arena, &events, &why) && events.items[0].kind == VA_EVENT_OTHER && events.items[0].machine == NULL, "a verdict that is not told says nothing");
	is_str(events.items[0].details, "{\"leftOut\":[\"Machine\"]}", "and is named");
	message = posted(NULL, "CallUUID=" ID "&Event=Hangup&CallStatus=completed&TotalCost=free&EndTime=soon&Duration=-1&AnswerTime=then");
	ok(plivo->read_webhook(&message, &arena, &events, &why) && events.items[0].kind == VA_EVENT_REPORT && events.items[0].cost == NULL && !events.items[0].has_duration,
	   "a cost and times that cannot be read lose no report");
	is_str(at(events.items[0].details, "leftOut"), "[\"EndTime\",\"AnswerTime\",\"Duration\",\"TotalCost\"]", "and are named");
	is_str(callback_text(plivo, "attempt=a&as=key", "CallUUID=" ID "&CallStatus=in-progress&InputType=dtmf&Digits=9"),
		   "key attempt_ref=a pressed=9 wants_answer key=" ID ":key:9", "a key");
	is_str(callback_text(plivo, "as=key", "CallUUID=" ID "&InputType=dtmf"), "the key is missing", "no key");
	is_str(callback_text(plivo, "as=key", "CallUUID=" ID "&Digits=99"), "the key is not one of 0 to 9, * and #", "two");
	is_str(callback_text(plivo, "attempt=a&as=recording", "CallUUID=" ID "&RecordingID=r1&RecordUrl=https%3A%2F%2Fmedia.plivo.com%2Fr1.mp3"),
		   "recording attempt_ref=a recording_url=https://media.plivo.com/r1.mp3 key=" ID ":recording:r1", "a recording");
	is_str(callback_text(plivo, "as=recording", "CallUUID=" ID "&RecordUrl=javascript:x"), "other key=" ID ":recording:", "no link");
	is_str(callback_text(plivo, "as=leg", "CallUUID=" ID "&DialAction=answer&DialBLegUUID=b1&DialBLegStatus=answer&CallStatus=completed"),
		   "other key=" ID ":leg:b1:answer:answer", "the other side does not end our call");
	is_str(callback_text(plivo, "attempt=a&as=leg", "CallUUID=" ID "&Event=Redirect&DialStatus=completed&DialBLegUUID=b1&CallStatus=in-progress"),
		   "other attempt_ref=a key=" ID ":leg:b1:dial:completed", "nor when it has talked");
	is_str(callback_text(plivo, "attempt=a&as=leg", "CallUUID=" ID "&Event=Redirect&DialStatus=no-answer&DialBLegUUID=&CallStatus=in-progress"),
		   "untaken attempt_ref=a key=" ID ":leg::dial:no-answer", "nobody took it there");
	is_str(callback_text(plivo, "as=next", "CallUUID=" ID "&DialStatus=timeout"), "untaken wants_answer key=" ID ":leg::dial:timeout",
		   "a call that goes on waits for what comes next");
	is_str(callback_text(plivo, "as=next", "CallUUID=" ID "&DialStatus=completed"), "other wants_answer key=" ID ":leg::dial:completed",
		   "also when somebody took it");
	is_str(callback_text(plivo, "attempt=a&as=next", "CallUUID=" ID "&DialStatus=completed"), "other wants_answer key=" ID ":leg::dial:completed",
		   "after which nothing more is to be said");
	is_str(callback_text(plivo, "as=leg", "CallUUID=" ID "&DialStatus=timeout"), "untaken key=" ID ":leg::dial:timeout", "or the line did not");
	is_str(callback_text(plivo, "as=leg", "CallUUID=" ID "&DialStatus=cancel"), "other key=" ID ":leg::dial:cancel", "whoever was to be put through had hung up");
	is_str(callback_text(plivo, "as=incoming", "CallUUID=" ID "&From=14155550100&To=14155550101&Direction=inbound&CallStatus=ringing&Event=StartApp"),
		   "incoming status=ringing wants_answer key=" ID ":StartApp:ringing", "somebody calls");
	is_str(callback_text(plivo, NULL, "CallUUID=" ID "&Direction=inbound&CallStatus=in-progress&Event=StartApp"),
		   "incoming status=in_progress wants_answer key=" ID ":StartApp:in-progress", "also where the console was set by hand");
	is_str(callback_text(plivo, "as=incoming", "CallUUID=" ID "&Direction=inbound&CallStatus=completed&Event=Hangup&Duration=5"),
		   "report status=completed cause_class=ok cause=completed seconds=5 key=" ID ":Hangup:completed", "and hangs up");
	is_str(callback_text(plivo, NULL, "Event=Ring"), "CallUUID is missing", "no call");
	is_str(callback_text(plivo, NULL, "CallUUID=%0a"), "CallUUID is not valid", "no valid one");
	is_str(callback_text(plivo, NULL, "CallUUID=" ID), "CallStatus is missing", "no status");
	message = (VaSignedMessage){ .method = "GET", .query = "attempt=a&CallUUID=" ID "&CallStatus=ringing&Event=Ring" };
	is_str(webhook_text(plivo, &message), "status status=ringing attempt_ref=a key=" ID ":Ring:ringing", "by GET");
	message = posted("attempt=a", FORM("Hangup", "completed", TIMES "&HangupCauseName=%00%FF%22"));
	ok(plivo->read_webhook(&message, &arena, &events, &why) && strstr(events.items[0].details, "\\u0000") == NULL,
	   "what a database cannot hold does not come through");
	is_str(events.items[0].from_number, "+14155550101", "from");
	is_str(events.items[0].to_number, "+14155550100", "to");
}

/* ---- signatures ---- */

static VaWebhookAuth
an_auth(void)
{
	VaWebhookAuth auth = { .kind = VA_AUTH_VENDOR, .secret_len = strlen(TOKEN) };

	memcpy(auth.secret, TOKEN, strlen(TOKEN));
	return auth;
}

static const char *
signature_of(const char *text)
{
	unsigned char mac[VA_HMAC_MAX_LEN];
	char *out = va_arena_alloc(&arena, 64);

	va_base64_encode(mac, va_hmac(VA_HMAC_SHA256, TOKEN, strlen(TOKEN), text, strlen(text), mac), out);
	return out;
}

#define FIELDS "CallStatus=completed&CallUUID=" ID "&Duration=42&From=14155550101&To=14155550100"
#define URL "https://hooks.example.com/plivo/hangup"

static void
test_signatures(void)
{
	VaWebhookAuth auth = an_auth();
	VaHeader headers[] = { { "X-Plivo-Signature-V3", "i6E6xB4OmhV1buveSyNHMVHOrJhNhFmw1EYQghaSYBU=" },
						   { "X-Plivo-Signature-V3-Nonce", "12345678901234567890" } };
	VaSignedMessage message = {
		.headers = headers, .nheaders = 2, .method = "POST", .body = FIELDS, .body_len = strlen(FIELDS), .url = URL
	};

	test_bits(plivo, &auth, &message, "a form");
	headers[0].value = va_arena_printf(&arena, "%s,%s", signature_of("other"), headers[0].value);
	ok(plivo->verify(&auth, &message, 0, &why), "one of two signatures");
	headers[0].value = va_arena_printf(&arena, "%s,%s", signature_of("other"), signature_of("another"));
	ok(!plivo->verify(&auth, &message, 0, &why), "none of two");
	headers[0].value = "sk6hQm3Qrx+/8R7pInGVWFRMof5VOqVbVumxPjXkfrU=";
	message.url = URL "?b=2&a=1";
	test_bits(plivo, &auth, &message, "a form and a query");
	headers[0].value = "tvIBCzp9l0lOrHS7WXII2NXNe38c8tcXV57qDxn/d2g=";
	message.method = "GET";
	ok(plivo->verify(&auth, &message, 0, &why), "by GET the body is not signed");
	message.body_len = 0;
	test_bits(plivo, &auth, &message, "by GET");

	message.method = "POST";
	headers[0].value = signature_of(URL "?a=1&b=2.12345678901234567890");
	ok(plivo->verify(&auth, &message, 0, &why), "a query and no form");
	message.url = URL;
	headers[0].value = signature_of(URL ".12345678901234567890");
	ok(plivo->verify(&auth, &message, 0, &why), "neither");
	message.url = URL "?b=%2B%20x&b=1&a=";
	message.body = "z=2&z=1&%C3%A9=+";
	message.body_len = strlen(message.body);
	headers[0].value = signature_of(URL "?a=&b=+ x&b=1.z1z2\xC3\xA9 .12345678901234567890");
	ok(plivo->verify(&auth, &message, 0, &why), "decoded, repetitions kept, values sorted");

	headers[1].value = "";
	ok(!plivo->verify(&auth, &message, 0, &why), "an empty nonce");
	message.nheaders = 1;
	ok(!plivo->verify(&auth, &message, 0, &why), "none");
	is_str(why, "the signature or its nonce is missing", "is said");
	message.nheaders = 2;
	headers[1].value = "12345678901234567890";
	message.url = NULL;
	ok(!plivo->verify(&auth, &message, 0, &why), "no URL");
	message.url = URL;
	auth.secret_len = 0;
	ok(!plivo->verify(&auth, &message, 0, &why), "no secret verifies nothing");
}

/* ---- documents ---- */

static void
test_documents(void)
{
	VaAnswer answer = { .kind = VA_ANSWER_SAY, .text = "a < b", .voice = "Polly.Amy", .language = "en-GB" };

	is_str(document_text(plivo, &answer), XML "<Speak voice=\"Polly.Amy\" language=\"en-GB\">a &lt; b</Speak><Hangup/></Response>", "say");
	answer = (VaAnswer){ .kind = VA_ANSWER_SAY, .text = "Press 9.", .attempt_ref = "a1", .status_url = "https://h.example/w/T", .opt_out_key = "9" };
	is_str(document_text(plivo, &answer),
		   XML "<GetInput inputType=\"dtmf\" numDigits=\"1\" finishOnKey=\"none\" method=\"POST\" executionTimeout=\"5\" "
			   "action=\"https://h.example/w/T?attempt=a1&amp;as=key\"><Speak>Press 9.</Speak></GetInput><Hangup/></Response>",
		   "while a text is said, and a while after it, a key is listened for");
	answer = (VaAnswer){ .kind = VA_ANSWER_PLAY, .media_url = "https://m.example/a.mp3" };
	is_str(document_text(plivo, &answer), XML "<Play>https://m.example/a.mp3</Play><Hangup/></Response>", "play");
	answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://t.example/s", .attempt_ref = "a1", .status_url = "https://h.example/w/T", .record = true };
	is_str(document_text(plivo, &answer),
		   XML "<Record recordSession=\"true\" redirect=\"false\" fileFormat=\"mp3\" maxLength=\"14400\" "
			   "callbackUrl=\"https://h.example/w/T?attempt=a1&amp;as=recording\" callbackMethod=\"POST\"/>"
			   "<Stream bidirectional=\"true\" keepCallAlive=\"true\" contentType=\"audio/x-mulaw;rate=8000\" "
			   "extraHeaders=\"attempt=a1\" statusCallbackUrl=\"https://h.example/w/T?attempt=a1&amp;as=stream\" "
			   "statusCallbackMethod=\"POST\">wss://t.example/s</Stream></Response>",
		   "a stream that is recorded");
	answer = (VaAnswer){ .kind = VA_ANSWER_FORWARD, .forward_to = "+14155550102", .caller_id = "+14155550101", .attempt_ref = "a1",
						 .status_url = "https://h.example/w/T", .ring_timeout_s = 20, .max_duration_s = 600 };
	is_str(document_text(plivo, &answer),
		   XML "<Dial callerId=\"14155550101\" timeout=\"20\" timeLimit=\"600\" "
			   "callbackUrl=\"https://h.example/w/T?attempt=a1&amp;as=leg\" callbackMethod=\"POST\" "
			   "action=\"https://h.example/w/T?attempt=a1&amp;as=leg\" method=\"POST\" redirect=\"false\">"
			   "<Number>14155550102</Number></Dial></Response>",
		   "forward");
	answer = (VaAnswer){ .kind = VA_ANSWER_FORWARD, .forward_to = "+14155550102", .status_url = "https://h.example/w/T", .goes_on = true };
	is_str(document_text(plivo, &answer),
		   XML "<Dial callbackUrl=\"https://h.example/w/T?as=leg\" callbackMethod=\"POST\" "
			   "action=\"https://h.example/w/T?as=next\" method=\"POST\" redirect=\"true\">"
			   "<Number>14155550102</Number></Dial></Response>",
		   "forward, and ask us when nobody takes it");
	answer = (VaAnswer){ .kind = VA_ANSWER_REJECT };
	is_str(document_text(plivo, &answer), XML "<Hangup reason=\"rejected\"/></Response>", "reject");
	answer.text = "We are closed";
	is_str(document_text(plivo, &answer), XML "<Speak>We are closed</Speak><Hangup/></Response>", "reject with a greeting");
	answer = (VaAnswer){ .kind = VA_ANSWER_STREAM };
	is_str(document_text(plivo, &answer), "stream_url must be a wss:// URL", "no socket");
	answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://t.example/s", .text = "A machine calls." };
	is_str(document_text(plivo, &answer),
		   XML "<Speak>A machine calls.</Speak><Stream bidirectional=\"true\" keepCallAlive=\"true\" "
			   "contentType=\"audio/x-mulaw;rate=8000\">wss://t.example/s</Stream></Response>",
		   "what is to be said before the socket talks");
	answer = (VaAnswer){ .kind = VA_ANSWER_SAY };
	is_str(document_text(plivo, &answer), "there is no text to say", "no text");
}

/* ---- provider requests ---- */

#define RUN(kind, status, body) provider_request_text(plivo, kind, &order, reply_of(status, body))

static void
test_account(void)
{
	VaProviderRequest order = { .carrier = &carrier };

	is_str(provider_request_request_text(plivo, VA_REQUEST_CHECK_ACCOUNT, &order), "GET " API "\n" BASIC, "check the account");
	is_str(RUN(VA_REQUEST_CHECK_ACCOUNT, 200, "{\"auth_id\":\"" MA "\",\"cash_credits\":\"4.88860\",\"name\":\"Ann\"}"),
		   "accepted message=Ann account_ref=" MA " balance=4.88860 currency=USD", "it is ours, and how much is left");
	is_str(RUN(VA_REQUEST_CHECK_ACCOUNT, 401, ""), "bad_account cause=not-authenticated", "a wrong token");
	is_str(RUN(VA_REQUEST_BALANCE, 200, "[]"), "unknown cause=unreadable-answer message=the answer is not an object", "no balance");
}

/* What a provider request tells a live call goes round by its URL, and is what the call gets. */
static void
test_redirects(void)
{
	VaProviderRequest order = { .carrier = &carrier, .provider_call_id = ID, .attempt_ref = "a1", .provider_request_ref = "e5",
							.server_url = "https://h.example/w/T",
							.answer = { .kind = VA_ANSWER_FORWARD, .text = "One & only", .forward_to = "+14155550102" } };
	VaAnswer plan = { .kind = VA_ANSWER_SAY, .text = "the plan" };
	VaHttpRequest request;
	VaSignedMessage message;
	VaDocument built;
	VaEvents events;
	char *long_text = va_arena_alloc(&arena, 3001);
	const char *url;
	json_t *body;

	is_str(provider_request_request_text(plivo, VA_REQUEST_TRANSFER, &order),
		   "POST " API "Call/" ID "/\n" BASIC
		   "{\"aleg_method\":\"POST\",\"aleg_url\":\"https://h.example/w/T?attempt=a1&as=do&provider_request=e5&do=%7B%22forward_to%22%3A%22"
		   "%2B14155550102%22%2C%22kind%22%3A%22forward%22%2C%22text%22%3A%22One%20%26%20only%22%7D\",\"legs\":\"aleg\"}\n",
		   "transfer");
	plivo->provider_requests[VA_REQUEST_TRANSFER].build(&order, &arena, &request, &why);
	body = va_json_load(&arena, request.body, request.body_len, &why);
	url = va_arena_strdup(&arena, va_json_string(body, "aleg_url"));
	json_decref(body);
	message = posted(strchr(url, '?') + 1, "CallUUID=" ID "&CallStatus=in-progress&Event=Redirect&Direction=outbound");
	is_str(webhook_text(plivo, &message), "status attempt_ref=a1 wants_answer key=" ID ":do:e5", "the call asks");
	ok(plivo->read_webhook(&message, &arena, &events, &why) && plivo->build_answer(&events.items[0], &plan, &arena, &built, &why),
	   "and is told");
	is_str(built.body, XML "<Speak>One &amp; only</Speak><Dial><Number>14155550102</Number></Dial></Response>",
		   "what the provider request said, not the plan");
	message = posted("as=do&do=%5B%5D", "CallUUID=" ID "&CallStatus=in-progress");
	is_str(webhook_text(plivo, &message), "what the call is to do cannot be read from its URL", "no provider request");
	order.answer.kind = VA_ANSWER_CONVERSE;
	is_str(provider_request_request_text(plivo, VA_REQUEST_TRANSFER, &order), "the carrier holds no conversation itself", "no conversation");
	is_str(provider_request_request_text(plivo, VA_REQUEST_PLAY, &order), "media_url must be an http(s) URL", "nothing to play");
	order.answer.kind = VA_ANSWER_FORWARD;
	memset(long_text, 'a', 3000);
	order.answer.text = long_text;
	is_str(provider_request_request_text(plivo, VA_REQUEST_TRANSFER, &order), "what the call is to say or do is too long for Plivo", "too long");
	order.answer = (VaAnswer){ .kind = VA_ANSWER_SAY, .text = long_text };
	order.reason = "normal";
	is_str(provider_request_request_text(plivo, VA_REQUEST_SAY, &order),
		   "POST " API "Call/" ID "/\n" BASIC
		   "{\"aleg_method\":\"POST\",\"aleg_url\":\"https://h.example/w/T?attempt=a1&as=message&provider_request=e5\",\"legs\":\"aleg\"}\n",
		   "a message, however long, is the plan's");
	message = posted("attempt=a1&as=message&provider_request=e5", "CallUUID=" ID "&CallStatus=in-progress&Event=Redirect&Direction=outbound");
	is_str(webhook_text(plivo, &message), "status attempt_ref=a1 machine=voicemail wants_answer key=" ID ":message:e5", "the machine asks");
	ok(plivo->read_webhook(&message, &arena, &events, &why) && plivo->build_answer(&events.items[0], &plan, &arena, &built, &why),
	   "and is told");
	is_str(built.body, XML "<Wait length=\"60\" silence=\"true\" minSilence=\"2000\"/><Speak>the plan</Speak><Hangup/></Response>",
		   "when its greeting is over");
	order.answer.text = NULL;
	is_str(provider_request_request_text(plivo, VA_REQUEST_SAY, &order), "there is no text to say", "nothing");
	is_str(RUN(VA_REQUEST_TRANSFER, 202, "{\"message\":\"call transfered\"}"), "accepted", "done");
	is_str(RUN(VA_REQUEST_TRANSFER, 404, "{\"error\":\"call not found\"}"), "refused_permanent cause=call-ended message=call not found",
		   "too late");
}

static void
test_live_calls(void)
{
	VaProviderRequest order = { .carrier = &carrier, .provider_call_id = ID, .attempt_ref = "a1", .server_url = "https://h.example/w/T" };

	is_str(provider_request_request_text(plivo, VA_REQUEST_HANGUP, &order), "DELETE " API "Call/" ID "/\n" BASIC, "hang up");
	is_str(RUN(VA_REQUEST_HANGUP, 204, ""), "accepted", "done");
	is_str(RUN(VA_REQUEST_HANGUP, 404, "{\"error\":\"x\"}"), "accepted already message=x", "it was over");
	order.answer = (VaAnswer){ .kind = VA_ANSWER_SAY, .text = "One moment", .language = "de-DE", .voice = "Polly.Vicki" };
	is_str(provider_request_request_text(plivo, VA_REQUEST_SAY, &order),
		   "POST " API "Call/" ID "/Speak/\n" BASIC "{\"language\":\"de-DE\",\"text\":\"One moment\"}\n", "said into a call that goes on");
	order.answer.voice = "MAN";
	ok(strstr(provider_request_request_text(plivo, VA_REQUEST_SAY, &order), "\"voice\":\"MAN\"") != NULL, "in a voice of those that it has there");
	order.answer = (VaAnswer){ .kind = VA_ANSWER_PLAY, .media_url = "https://m.example/a.mp3" };
	is_str(provider_request_request_text(plivo, VA_REQUEST_PLAY, &order),
		   "POST " API "Call/" ID "/Play/\n" BASIC "{\"urls\":\"https://m.example/a.mp3\"}\n", "and played");
	order.answer.media_url = "https://m.example/a,https://m.example/b";
	ok(strstr(provider_request_request_text(plivo, VA_REQUEST_PLAY, &order), "no comma") != NULL, "one only");
	order.answer = (VaAnswer){ 0 };
	order.digits = "1w#";
	is_str(provider_request_request_text(plivo, VA_REQUEST_SEND_DTMF, &order), "POST " API "Call/" ID "/DTMF/\n" BASIC "{\"digits\":\"1w#\",\"leg\":\"aleg\"}\n", "digits");
	order.digits = "x";
	ok(strstr(provider_request_request_text(plivo, VA_REQUEST_SEND_DTMF, &order), "digits must be") != NULL, "touch-tones only");
	is_str(provider_request_request_text(plivo, VA_REQUEST_RECORD, &order),
		   "POST " API "Call/" ID "/Record/\n" BASIC
		   "{\"callback_method\":\"POST\",\"callback_url\":\"https://h.example/w/T?attempt=a1&as=recording\",\"file_format\":\"mp3\","
		   "\"time_limit\":14400}\n",
		   "record");
	order.provider_call_id = NULL;
	is_str(provider_request_request_text(plivo, VA_REQUEST_HANGUP, &order), "the call's id is not valid", "which call?");
}

static void
test_remains(void)
{
	VaProviderRequest order = { .carrier = &carrier, .provider_call_id = ID };

	is_str(provider_request_request_text(plivo, VA_REQUEST_FETCH_COST, &order), "GET " API "Call/" ID "/\n" BASIC, "the price");
	is_str(RUN(VA_REQUEST_FETCH_COST, 404, "{\"error\":\"x\"}"), "accepted message=x", "no record yet");
	is_str(RUN(VA_REQUEST_FETCH_COST, 200, RECORD(",\"total_amount\":\"0.00850\"")), "accepted cost=0.00850 currency=USD", "rated");
	is_str(provider_request_request_text(plivo, VA_REQUEST_FETCH_RECORDING, &order), "GET " API "Recording/?call_uuid=" ID "&limit=1\n" BASIC, "which recording?");
	is_str(RUN(VA_REQUEST_FETCH_RECORDING, 200, "{\"objects\":[{\"recording_url\":\"http://s3.amazonaws.com/r/1.mp3\"}]}"),
		   "accepted recording_url=http://s3.amazonaws.com/r/1.mp3 content_type=audio/mpeg", "this");
	is_str(RUN(VA_REQUEST_FETCH_RECORDING, 200, "{\"objects\":[]}"),
		   "refused_permanent cause=not-found message=the call has no recording", "none");
	order.recording_url = "http://s3.amazonaws.com/r/1.mp3";
	is_str(provider_request_request_text(plivo, VA_REQUEST_FETCH_RECORDING, &order), "GET https://s3.amazonaws.com/r/1.mp3\n", "from the store, by TLS, without the key");
	order.recording_url = "https://media.plivo.com/r/1.mp3";
	is_str(provider_request_request_text(plivo, VA_REQUEST_FETCH_RECORDING, &order), "GET https://media.plivo.com/r/1.mp3\n" BASIC, "from Plivo, with it");
	order.recording_url = "https://evilplivo.com/r/1.mp3";
	is_str(provider_request_request_text(plivo, VA_REQUEST_FETCH_RECORDING, &order), "GET https://evilplivo.com/r/1.mp3\n", "not from another");
	is_str(RUN(VA_REQUEST_FETCH_RECORDING, 200, "ID3"), "accepted content_type=audio/mpeg", "the media are the answer");
}

static void
test_numbers(void)
{
	VaProviderAccount with_application = carrier;
	VaProviderRequest order = { .carrier = &carrier };

	with_application.settings[1] = (VaNamedText){ "application_id", "29986316244302815" };
	with_application.nsettings = 2;
	is_str(provider_request_request_text(plivo, VA_REQUEST_LIST_NUMBERS, &order), "GET " API "Number/?limit=20&offset=0\n" BASIC, "our numbers");
	is_str(RUN(VA_REQUEST_LIST_NUMBERS, 200,
			   "{\"meta\":{\"next\":\"/v1/Account/" MA "/Number/?limit=20&offset=20\"},\"objects\":[{\"number\":\"18135401302\","
			   "\"monthly_rental_rate\":\"0.80000\"},{\"number\":\"x\"}]}"),
		   "accepted next_page=/v1/Account/" MA "/Number/?limit=20&offset=20 +18135401302/18135401302/0.80000", "a page");
	order.page = "/v1/Account/" MA "/Number/?limit=20&offset=20";
	is_str(provider_request_request_text(plivo, VA_REQUEST_LIST_NUMBERS, &order), "GET " API "Number/?limit=20&offset=20\n" BASIC, "the next");
	order.page = "https://evil.example/";
	is_str(provider_request_request_text(plivo, VA_REQUEST_LIST_NUMBERS, &order), "the page is not one of the account's", "not elsewhere");
	order = (VaProviderRequest){ .carrier = &carrier, .country = "us", .area_code = "415", .limit = 5 };
	is_str(provider_request_request_text(plivo, VA_REQUEST_SEARCH_NUMBERS, &order),
		   "GET " API "PhoneNumber/?country_iso=US&pattern=415&services=voice&limit=5\n" BASIC, "search");
	is_str(RUN(VA_REQUEST_SEARCH_NUMBERS, 200, "{\"objects\":[{\"number\":\"14154009186\",\"monthly_rental_rate\":\"0.80000\"}]}"),
		   "accepted +14154009186/-/0.80000", "found");
	order.country = "U/";
	ok(strstr(provider_request_request_text(plivo, VA_REQUEST_SEARCH_NUMBERS, &order), "country must be") != NULL, "a country");
	order = (VaProviderRequest){ .carrier = &carrier, .number = "+14154009186" };
	is_str(provider_request_request_text(plivo, VA_REQUEST_BUY_NUMBER, &order), "POST " API "PhoneNumber/14154009186/\n" BASIC "{}\n", "buy");
	is_str(RUN(VA_REQUEST_BUY_NUMBER, 201, "{\"numbers\":[{\"number\":\"14154009186\",\"status\":\"Success\"}],\"status\":\"fulfilled\"}"),
		   "accepted number_id=14154009186", "bought");
	is_str(RUN(VA_REQUEST_BUY_NUMBER, 201, "{\"numbers\":[{\"number\":\"14154009186\",\"status\":\"Failed\"}]}"),
		   "refused_permanent cause=not-bought message=Failed", "not bought");
	is_str(RUN(VA_REQUEST_BUY_NUMBER, 500, ""), "unknown cause=http-500", "who knows");
	is_str(provider_request_request_text(plivo, VA_REQUEST_CONFIGURE_NUMBER, &order),
		   "the account's setting application_id must name the Plivo application that its numbers' calls go to", "to where?");
	order.carrier = &with_application;
	is_str(provider_request_request_text(plivo, VA_REQUEST_CONFIGURE_NUMBER, &order),
		   "POST " API "Number/14154009186/\n" BASIC "{\"app_id\":\"29986316244302815\"}\n", "configure");
	is_str(RUN(VA_REQUEST_CONFIGURE_NUMBER, 202, "{\"message\":\"changed\"}"), "accepted", "configured");
	is_str(provider_request_request_text(plivo, VA_REQUEST_RELEASE_NUMBER, &order), "DELETE " API "Number/14154009186/\n" BASIC, "release");
	is_str(RUN(VA_REQUEST_RELEASE_NUMBER, 204, ""), "accepted", "released");
	is_str(RUN(VA_REQUEST_RELEASE_NUMBER, 404, ""), "accepted already", "it was");
	order.number = "+1/../x";
	ok(strstr(provider_request_request_text(plivo, VA_REQUEST_RELEASE_NUMBER, &order), "the number must be") != NULL, "a number is digits");
}

int
main(void)
{
	VaProviderRequest order = { .carrier = &carrier, .provider_call_id = ID };

	plivo = va_driver("plivo");
	test_calls();
	test_account_fields();
	test_lookups();
	test_dials();
	test_records();
	test_statuses();
	test_callbacks();
	test_signatures();
	test_documents();
	test_account();
	test_redirects();
	test_live_calls();
	test_remains();
	test_numbers();
	test_bad_replies(plivo, &order, "attempt=a1");
	va_arena_free(&arena);
	return done_testing();
}
