/*
 * test_vonage.c
 *		Vonage's driver: requests to the letter, answers good and bad, every
 *		status, events, documents.  Its signatures: test_vonage_signatures.c.
 */
#include "drivers.h"

static const VaDriver *vonage;
static VaProviderAccount carrier = { .credentials = { { "application_id", "app-1" },
											  { "private_key", "****" }, /* as who is shown a request has it */
											  { "api_key", "abcd1234" },
											  { "api_secret", "s/cret" } },
							 .ncredentials = 4,
							 .settings = { { "from_number", "+14155550101" } },
							 .nsettings = 1,
							 .now = 1700000000 };

static VaCallOrder
an_order(void)
{
	return (VaCallOrder){ .carrier = &carrier,
						  .to_number = "+14155550100",
						  .attempt_ref = "va-7-42",
						  .server_url = "https://x.example.com/webhooks/T",
						  .answer = { .kind = VA_ANSWER_SAY, .text = "Hi \"you\"", .language = "en-US", .voice = "3" } };
}

/* ---- requests ---- */

static void
test_call(void)
{
	VaCallOrder order = an_order();
	VaHttpRequest request;

	is_str(call_line(vonage, &order),
		   "POST https://api.nexmo.com/v1/calls "
		   "{\"event_method\":\"POST\",\"event_url\":[\"https://x.example.com/webhooks/T?attempt=va-7-42\"],"
		   "\"from\":{\"number\":\"14155550101\",\"type\":\"phone\"},"
		   "\"ncco\":[{\"action\":\"talk\",\"language\":\"en-US\",\"style\":3,\"text\":\"Hi \\\"you\\\"\"}],"
		   "\"to\":[{\"number\":\"14155550100\",\"type\":\"phone\"}]}",
		   "a plain call");
	ok(vonage->build_call(&order, &arena, &request, &why), "built again");
	is_str(va_header_find(request.headers, request.nheaders, "authorization"), "Bearer ****", "without a key no token");

	order.from_number = "+14155550999";
	order.to_extension = "w12#";
	order.ring_timeout_s = 500;
	order.max_duration_s = 99999;
	order.record = true;
	order.machine_detection = VA_MACHINE_MESSAGE;
	order.answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://talk.example.com/s", .text = "A machine calls." };
	is_str(call_line(vonage, &order),
		   "POST https://api.nexmo.com/v1/calls "
		   "{\"advanced_machine_detection\":{\"beep_timeout\":45,\"behavior\":\"continue\",\"mode\":\"detect_beep\"},"
		   "\"event_method\":\"POST\",\"event_url\":[\"https://x.example.com/webhooks/T?attempt=va-7-42&as=message\"],"
		   "\"from\":{\"number\":\"14155550999\",\"type\":\"phone\"},\"length_timer\":7200,"
		   "\"ncco\":[{\"action\":\"record\",\"channels\":2,\"eventMethod\":\"POST\","
		   "\"eventUrl\":[\"https://x.example.com/webhooks/T?attempt=va-7-42&as=recording\"],\"format\":\"mp3\",\"split\":\"conversation\"},"
		   "{\"action\":\"talk\",\"text\":\"A machine calls.\"},"
		   "{\"action\":\"connect\",\"endpoint\":[{\"content-type\":\"audio/l16;rate=8000\",\"headers\":{\"attempt\":\"va-7-42\"},"
		   "\"type\":\"websocket\",\"uri\":\"wss://talk.example.com/s\"}],\"eventMethod\":\"POST\","
		   "\"eventUrl\":[\"https://x.example.com/webhooks/T?attempt=va-7-42&as=leg\"]}],"
		   "\"ringing_timer\":120,\"to\":[{\"dtmfAnswer\":\"p12#\",\"number\":\"14155550100\",\"type\":\"phone\"}]}",
		   "a call with everything");
	order.machine_detection = VA_MACHINE_DETECT;
	is_str(at(strchr(call_line(vonage, &order), '{'), "machine_detection"), "\"continue\"", "detection");

	order = an_order();
	order.answer.opt_out_key = "9";
	is_str(at(strchr(call_line(vonage, &order), '{'), "ncco"),
		   "[{\"action\":\"talk\",\"bargeIn\":true,\"language\":\"en-US\",\"style\":3,\"text\":\"Hi \\\"you\\\"\"},"
		   "{\"action\":\"input\",\"dtmf\":{\"maxDigits\":1,\"submitOnHash\":false,\"timeOut\":5},\"eventMethod\":\"POST\","
		   "\"eventUrl\":[\"https://x.example.com/webhooks/T?attempt=va-7-42&as=key\"],\"type\":[\"dtmf\"]}]",
		   "while a text is said, and a while after it, a key is listened for");
	order.server_url = NULL;
	is_str(call_line(vonage, &order), "refused: there is no URL of ours at which the carrier could tell which key was pressed", "who names a key hears it");
	order = an_order();
	order.answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "http://talk.example.com" };
	is_str(call_line(vonage, &order), "refused: stream_url must be a wss URL", "a stream needs its socket");
	order = an_order();
	order.answer.text = NULL;
	is_str(call_line(vonage, &order), "refused: there is nothing to say", "nothing to say");
	order = an_order();
	order.to_number = "14155550100";
	is_str(call_line(vonage, &order), "refused: the number to call must be E.164", "not E.164");
	order = an_order();
	order.attempt_ref = "1234567890123456789012345678901234567890x";
	is_str(call_line(vonage, &order), "refused: the attempt's reference is longer than 40 characters", "long reference");
	order = an_order();
	order.to_extension = "12;x";
	ok(strncmp(call_line(vonage, &order), "refused: the extension", 22) == 0, "a bad extension");
	order = an_order();
	carrier.nsettings = 0;
	is_str(call_line(vonage, &order), "refused: the account has no from_number to call from", "nothing to call from");
	carrier.nsettings = 1;
	carrier.ncredentials = 1;
	is_str(call_line(vonage, &order), "refused: the account has no application_id or no private_key", "no key");
	carrier.ncredentials = 4;
	carrier.credentials[1].value = "garbage";
	ok(strncmp(call_line(vonage, &order), "refused: the private key", 24) == 0, "a bad key");
	carrier.credentials[1].value = "****";
}

static void
test_questions(void)
{
	VaLookupOrder order = { .carrier = &carrier,
							.provider_call_id = "63f6/1863",
							.limit = 50,
							.offset = 100,
							.created_from = 1700000000000,
							.created_to = 1700000600000 };
	VaHttpRequest request;

	is_str(request_line(vonage->build_lookup(&order, &arena, &request, &why), &request),
		   "GET https://api.nexmo.com/v1/calls/63f6%2F1863", "a lookup");
	is_str(request_line(vonage->build_list(&order, &arena, &request, &why), &request),
		   "GET https://api.nexmo.com/v1/calls?page_size=50&record_index=100&order=asc"
		   "&date_start=2023-11-14T22%3A13%3A20.000Z&date_end=2023-11-14T22%3A23%3A20.000Z",
		   "a list");
	order.provider_call_id = "..";
	ok(!vonage->build_lookup(&order, &arena, &request, &why), "no id");
}

/* Words of four letters, and of two bytes each. */
static const char *
long_text(int chars)
{
	VaBuffer buffer = { 0 };

	for (int i = 1; i <= chars; i++)
		va_buffer_add(&buffer, i % 5 == 0 ? " " : "\xc3\xa4", i % 5 == 0 ? 1 : 2);
	return va_buffer_finish(&buffer, &arena);
}

static void
test_provider_requests(void)
{
	VaProviderRequest order = { .carrier = &carrier, .provider_call_id = "63f6", .attempt_ref = "va-7-42", .provider_request_ref = "e-1" };

#define PROVIDER_REQUEST(kind, expected) is_str(provider_request_line(vonage, kind, &order), expected, "%s", va_provider_request_name(kind))
	PROVIDER_REQUEST(VA_REQUEST_HANGUP, "PUT https://api.nexmo.com/v1/calls/63f6 {\"action\":\"hangup\"}");
	order.answer = (VaAnswer){ .text = "Hello", .forward_to = "+14155550177", .caller_id = "+14155550101", .ring_timeout_s = 20,
							   .media_url = "https://m.example.com/a.mp3", .stream_url = "wss://talk.example.com/s",
							   .status_url = "https://x.example.com/webhooks/T" };
	PROVIDER_REQUEST(VA_REQUEST_TRANSFER, "PUT https://api.nexmo.com/v1/calls/63f6 {\"action\":\"transfer\",\"destination\":{\"ncco\":[{\"action\":\"talk\",\"text\":\"Hello\"},{\"action\":\"connect\",\"endpoint\":[{\"number\":\"14155550177\",\"type\":\"phone\"}],\"eventMethod\":\"POST\",\"eventUrl\":[\"https://x.example.com/webhooks/T?attempt=va-7-42&as=leg\"],\"from\":\"14155550101\",\"timeout\":20}],\"type\":\"ncco\"}}");
	PROVIDER_REQUEST(VA_REQUEST_STREAM, "PUT https://api.nexmo.com/v1/calls/63f6 {\"action\":\"transfer\",\"destination\":{\"ncco\":[{\"action\":\"talk\",\"text\":\"Hello\"},{\"action\":\"connect\",\"endpoint\":[{\"content-type\":\"audio/l16;rate=8000\",\"headers\":{\"attempt\":\"va-7-42\"},\"type\":\"websocket\",\"uri\":\"wss://talk.example.com/s\"}],\"eventMethod\":\"POST\",\"eventUrl\":[\"https://x.example.com/webhooks/T?attempt=va-7-42&as=leg\"]}],\"type\":\"ncco\"}}");
	PROVIDER_REQUEST(VA_REQUEST_SAY, "PUT https://api.nexmo.com/v1/calls/63f6/talk {\"text\":\"Hello\"}");
	order.reason = "normal";
	PROVIDER_REQUEST(VA_REQUEST_SAY, "PUT https://api.nexmo.com/v1/calls/63f6 {\"action\":\"transfer\",\"destination\":{\"ncco\":[{\"action\":\"talk\",\"text\":\"Hello\"}],\"type\":\"ncco\"}}");
	order.answer.opt_out_key = "9";
	order.answer.status_url = NULL;
	order.server_url = "https://x.example.com/webhooks/T";
	PROVIDER_REQUEST(VA_REQUEST_SAY, "PUT https://api.nexmo.com/v1/calls/63f6 {\"action\":\"transfer\",\"destination\":{\"ncco\":[{\"action\":\"talk\",\"bargeIn\":true,\"text\":\"Hello\"},{\"action\":\"input\",\"dtmf\":{\"maxDigits\":1,\"submitOnHash\":false,\"timeOut\":5},\"eventMethod\":\"POST\",\"eventUrl\":[\"https://x.example.com/webhooks/T?attempt=va-7-42&as=key\"],\"type\":[\"dtmf\"]}],\"type\":\"ncco\"}}");
	order.answer.opt_out_key = NULL;
	order.reason = NULL;
	order.answer.text = long_text(1500);
	ok(strncmp(provider_request_line(vonage, VA_REQUEST_SAY, &order), "PUT ", 4) == 0, "as much as one talk holds");
	order.answer.text = long_text(1501);
	ok(strncmp(provider_request_line(vonage, VA_REQUEST_SAY, &order), "refused", 7) == 0, "more is refused, not cut");
	order.answer.text = "Hello";
	PROVIDER_REQUEST(VA_REQUEST_PLAY, "PUT https://api.nexmo.com/v1/calls/63f6/stream {\"stream_url\":[\"https://m.example.com/a.mp3\"]}");
	order.digits = "1p2#";
	PROVIDER_REQUEST(VA_REQUEST_SEND_DTMF, "PUT https://api.nexmo.com/v1/calls/63f6/dtmf {\"digits\":\"1p2#\"}");
	order.digits = "call";
	ok(strncmp(provider_request_line(vonage, VA_REQUEST_SEND_DTMF, &order), "refused", 7) == 0, "digits only");
	order.answer.forward_to = "14155550177";
	ok(strncmp(provider_request_line(vonage, VA_REQUEST_TRANSFER, &order), "refused", 7) == 0, "a number only");
	PROVIDER_REQUEST(VA_REQUEST_CHECK_ACCOUNT, "GET https://api.nexmo.com/v1/calls?page_size=1");
	PROVIDER_REQUEST(VA_REQUEST_BALANCE, "GET https://rest.nexmo.com/account/get-balance?api_key=abcd1234&api_secret=s%2Fcret");
	PROVIDER_REQUEST(VA_REQUEST_FETCH_COST, "GET https://api.nexmo.com/v1/calls/63f6");
	PROVIDER_REQUEST(VA_REQUEST_FETCH_RECORDING, "refused: the recording's URL is not known");
	order.recording_url = "https://api.nexmo.com/v1/files/aaaa";
	PROVIDER_REQUEST(VA_REQUEST_FETCH_RECORDING, "GET https://api.nexmo.com/v1/files/aaaa");
	order.recording_url = "https://evil.example.com/nexmo.com";
	PROVIDER_REQUEST(VA_REQUEST_FETCH_RECORDING, "refused: the recording does not lie at Vonage");
	order.recording_url = "https://evilnexmo.com/v1/files/aaaa";
	PROVIDER_REQUEST(VA_REQUEST_FETCH_RECORDING, "refused: the recording does not lie at Vonage");
	order.recording_url = "http://api.nexmo.com/v1/files/aaaa";
	PROVIDER_REQUEST(VA_REQUEST_FETCH_RECORDING, "refused: the recording does not lie at Vonage");
	PROVIDER_REQUEST(VA_REQUEST_LIST_NUMBERS, "GET https://rest.nexmo.com/account/numbers?size=100&index=1&api_key=abcd1234&api_secret=s%2Fcret");
	order.page = "3";
	PROVIDER_REQUEST(VA_REQUEST_LIST_NUMBERS, "GET https://rest.nexmo.com/account/numbers?size=100&index=3&api_key=abcd1234&api_secret=s%2Fcret");
	order.area_code = "415";
	order.limit = 5;
	PROVIDER_REQUEST(VA_REQUEST_SEARCH_NUMBERS, "GET https://rest.nexmo.com/number/search?country=US&features=VOICE&size=5&pattern=1415&search_pattern=0&api_key=abcd1234&api_secret=s%2Fcret");
	order.country = "GB";
	order.area_code = NULL;
	order.contains = "77";
	PROVIDER_REQUEST(VA_REQUEST_SEARCH_NUMBERS, "GET https://rest.nexmo.com/number/search?country=GB&features=VOICE&size=5&pattern=77&search_pattern=1&api_key=abcd1234&api_secret=s%2Fcret");
	order.country = NULL;
	order.number = "+442079460000";
	order.facts = "line_type";
	PROVIDER_REQUEST(VA_REQUEST_LOOKUP_NUMBER, "GET https://api.nexmo.com/ni/standard/json?number=442079460000&api_key=abcd1234&api_secret=s%2Fcret");
	PROVIDER_REQUEST(VA_REQUEST_BUY_NUMBER, "POST https://rest.nexmo.com/number/buy?api_key=abcd1234&api_secret=s%2Fcret country=GB&msisdn=442079460000");
	order.number_id = "US-14155550101";
	PROVIDER_REQUEST(VA_REQUEST_RELEASE_NUMBER, "POST https://rest.nexmo.com/number/cancel?api_key=abcd1234&api_secret=s%2Fcret country=US&msisdn=14155550101");
	PROVIDER_REQUEST(VA_REQUEST_CONFIGURE_NUMBER, "POST https://rest.nexmo.com/number/update?api_key=abcd1234&api_secret=s%2Fcret country=US&msisdn=14155550101&app_id=app-1");
	order.number_id = "US-x";
	ok(strncmp(provider_request_line(vonage, VA_REQUEST_RELEASE_NUMBER, &order), "refused", 7) == 0, "no number");
	carrier.ncredentials = 2;
	PROVIDER_REQUEST(VA_REQUEST_BALANCE, "refused: the account has no api_key or no api_secret");
	carrier.ncredentials = 4;
	carrier.base_url = "http://127.0.0.1:4010";
	PROVIDER_REQUEST(VA_REQUEST_BALANCE, "GET http://127.0.0.1:4010/account/get-balance?api_key=abcd1234&api_secret=s%2Fcret");
	order.recording_url = "http://127.0.0.1:4010/v1/files/a";
	PROVIDER_REQUEST(VA_REQUEST_FETCH_RECORDING, "GET http://127.0.0.1:4010/v1/files/a");
	carrier.base_url = NULL;
	ok(vonage->provider_requests[VA_REQUEST_ANSWER].build == NULL && vonage->provider_requests[VA_REQUEST_RECORD].build == NULL, "what it lacks");
}

static void
test_provider_request_replies(void)
{
	VaProviderRequest order = { .carrier = &carrier, .number = "+14155550101" };
	VaProviderReply reply = provider_reply(vonage, VA_REQUEST_HANGUP, &order, 204, NULL);

	ok(reply.kind == VA_DIAL_ACCEPTED && !reply.already, "hung up");
	reply = provider_reply(vonage, VA_REQUEST_HANGUP, &order, 404, "{\"title\":\"Not Found\"}");
	ok(reply.kind == VA_DIAL_ACCEPTED && reply.already, "hanging up what has ended is done");
	reply = provider_reply(vonage, VA_REQUEST_SAY, &order, 404, "{\"title\":\"Not Found\",\"detail\":\"no such call\"}");
	is_int(reply.kind, VA_DIAL_REFUSED_PERMANENT, "talking to it is not");
	is_str(reply.cause, "call-ended", "and is told so");
	is_str(reply.message, "Not Found: no such call", "in its words");
	reply = provider_reply(vonage, VA_REQUEST_CHECK_ACCOUNT, &order, 200, "{\"count\":0,\"_embedded\":{\"calls\":[]}}");
	is_int(reply.kind, VA_DIAL_ACCEPTED, "a good key");
	reply = provider_reply(vonage, VA_REQUEST_CHECK_ACCOUNT, &order, 401, "{\"title\":\"Unauthorized\"}");
	is_int(reply.kind, VA_DIAL_BAD_ACCOUNT, "a bad one");
	reply = provider_reply(vonage, VA_REQUEST_BALANCE, &order, 200, "{\"value\":10.171275,\"autoReload\":false}");
	is_str(reply.balance, "10.171275", "balance");
	is_str(reply.currency, "EUR", "in euros");
	reply = provider_reply(vonage, VA_REQUEST_LOOKUP_NUMBER, &order, 200, "{\"status\":0,\"international_format_number\":\"14155550101\","
		"\"original_carrier\":{\"network_type\":\"landline\"},\"current_carrier\":{\"network_type\":\"virtual\"}}");
	is_str(reply.line_type, "voip", "the line as it is now");
	reply = provider_reply(vonage, VA_REQUEST_LOOKUP_NUMBER, &order, 200, "{\"status\":0,\"international_format_number\":\"14155550101\",\"current_carrier\":null}");
	is_str(reply.line_type, "unknown", "not told");
	reply = provider_reply(vonage, VA_REQUEST_LOOKUP_NUMBER, &order, 200, "{\"status\":4,\"status_message\":\"Invalid credentials\"}");
	ok(reply.kind != VA_DIAL_ACCEPTED && reply.line_type == NULL, "refused as 200");
	reply = provider_reply(vonage, VA_REQUEST_FETCH_COST, &order, 200, "{\"uuid\":\"63f6\",\"status\":\"completed\",\"price\":\"23.40\"}");
	is_str(reply.cost, "23.40", "a price");
	reply = provider_reply(vonage, VA_REQUEST_FETCH_COST, &order, 200, "{\"uuid\":\"63f6\",\"status\":\"answered\"}");
	ok(reply.kind == VA_DIAL_ACCEPTED && reply.cost == NULL, "none yet");
	order.limit = 2;
	reply = provider_reply(vonage, VA_REQUEST_LIST_NUMBERS, &order, 200,
						 "{\"count\":3,\"numbers\":[{\"country\":\"US\",\"msisdn\":\"14155550101\",\"features\":[\"SMS\",\"VOICE\"]},"
						 "{\"country\":\"US\",\"msisdn\":\"14155550102\",\"features\":[\"SMS\"]}]}");
	ok(reply.nnumbers == 1 && strcmp(reply.numbers[0].number_id, "US-14155550101") == 0, "our numbers that speak");
	is_str(reply.numbers[0].number, "+14155550101", "with their plus");
	is_str(reply.next_page, "2", "and there are more");
	reply = provider_reply(vonage, VA_REQUEST_LIST_NUMBERS, &order, 200, "{}");
	ok(reply.kind == VA_DIAL_ACCEPTED && reply.nnumbers == 0 && reply.next_page == NULL, "none");
	order.contains = "77";
	reply = provider_reply(vonage, VA_REQUEST_SEARCH_NUMBERS, &order, 200,
						 "{\"count\":2,\"numbers\":[{\"country\":\"US\",\"msisdn\":\"14155550177\",\"cost\":\"1.25\",\"features\":[\"VOICE\"]},"
						 "{\"country\":\"US\",\"msisdn\":\"14155550199\",\"cost\":\"1.25\"}]}");
	ok(reply.nnumbers == 1 && reply.numbers[0].number_id == NULL, "numbers to buy");
	is_str(reply.numbers[0].monthly_cost, "1.25", "for that");
	reply = provider_reply(vonage, VA_REQUEST_BUY_NUMBER, &order, 200, "{\"error-code\":\"200\",\"error-code-label\":\"success\"}");
	is_int(reply.kind, VA_DIAL_ACCEPTED, "bought");
	is_str(reply.number_id, "US-14155550101", "under its id");
	reply = provider_reply(vonage, VA_REQUEST_BUY_NUMBER, &order, 200, "{\"error-code\":\"420\",\"error-code-label\":\"method failed\"}");
	is_int(reply.kind, VA_DIAL_REFUSED_PERMANENT, "not bought");
	is_str(reply.message, "method failed", "in its words");
	reply = provider_reply(vonage, VA_REQUEST_BUY_NUMBER, &order, 200, "{\"error-code\":\"401\"}");
	is_int(reply.kind, VA_DIAL_BAD_ACCOUNT, "a bad secret");
	reply = provider_reply(vonage, VA_REQUEST_BUY_NUMBER, &order, 200, "{}");
	is_int(reply.kind, VA_DIAL_UNKNOWN, "nothing told");
	reply = provider_reply(vonage, VA_REQUEST_RELEASE_NUMBER, &order, 420, "{\"error-code\":\"420\",\"error-code-label\":\"method failed\"}");
	is_int(reply.kind, VA_DIAL_REFUSED_PERMANENT, "420 is a refusal");
}

/* ---- answers ---- */

static void
test_dials(void)
{
	VaDialOutcome outcome = dial_outcome(vonage, 201, "{\"uuid\":\"63f6\",\"status\":\"started\",\"direction\":\"outbound\"}");

	is_int(outcome.kind, VA_DIAL_ACCEPTED, "taken");
	is_str(outcome.provider_call_id, "63f6", "under its name");
	outcome = dial_outcome(vonage, 400, "{\"title\":\"Bad Request\",\"detail\":\"to is wrong\",\"invalid_parameters\":[{\"name\":\"to\",\"reason\":\"x\"}]}");
	is_int(outcome.kind, VA_DIAL_REFUSED_PERMANENT, "a bad number");
	is_str(outcome.message, "Bad Request: to is wrong", "in its words");
	outcome = dial_outcome(vonage, 400, "{\"error_title\":\"Bad Request\",\"invalid_parameters\":{\"from\":\"Is invalid\"}}");
	is_int(outcome.kind, VA_DIAL_BAD_ACCOUNT, "a bad caller fails every call");
	is_str(outcome.message, "Bad Request", "in its older words");
	outcome = dial_outcome(vonage, 500, "{\"invalid_parameters\":{\"from\":\"Is invalid\"}}");
	is_int(outcome.kind, VA_DIAL_UNKNOWN, "words do not make a 500 safe");
	ok(!vonage->absence_proves && vonage->dial_repeatable_s == 0 && vonage->calls_per_second == 3, "what is known of it");
}

static void
test_lookups(void)
{
	VaHttpResponse response = reply_of(200, "{\"uuid\":\"63f6\",\"status\":\"completed\",\"direction\":\"outbound\",\"rate\":\"0.39\",\"price\":\"23.40\",\"duration\":\"60\","
											"\"start_time\":\"2020-01-01 12:00:00\",\"end_time\":\"2020-01-01T12:01:00.000Z\",\"network\":\"65512\","
											"\"to\":{\"type\":\"phone\",\"number\":\"447700900000\"},\"from\":[{\"type\":\"phone\",\"number\":\"447700900001\"}]}");
	VaLookup lookup;
	const VaEvent *event;

	vonage->read_lookup_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_FOUND && lookup.events.count == 1, "found");
	event = &lookup.events.items[0];
	is_int(event->kind, VA_EVENT_REPORT, "over");
	is_str(event->status, "completed", "completed");
	ok(event->has_duration && event->duration_seconds == 60, "of a minute");
	is_int(event->answered_at, 1577880000000, "answered then");
	is_int(event->ended_at, 1577880060000, "ended then");
	is_str(event->cost, "23.40", "for that");
	is_str(event->cost_currency, "EUR", "in euros");
	is_str(event->to_number, "+447700900000", "to");
	is_str(event->from_number, "+447700900001", "from");
	response = reply_of(404, "{\"title\":\"Not Found\"}");
	vonage->read_lookup_response(&response, &arena, &lookup);
	is_int(lookup.kind, VA_LOOKUP_NOT_FOUND, "not found");
	response = reply_of(401, "{\"title\":\"Unauthorized\"}");
	vonage->read_lookup_response(&response, &arena, &lookup);
	is_int(lookup.kind, VA_LOOKUP_BAD_ACCOUNT, "a bad key");

	response = reply_of(200, "{\"count\":3,\"page_size\":3,\"_embedded\":{\"calls\":[{\"uuid\":\"a\",\"status\":\"answered\",\"start_time\":\"2020-01-01 12:00:00\"},"
							 "{\"uuid\":\"b\",\"status\":\"machine\"},{\"status\":\"completed\"}]}}");
	vonage->read_list_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_FOUND && lookup.received == 3 && lookup.unreadable == 1 && lookup.events.count == 2, "a list");
	is_str(lookup.events.items[0].status, "in_progress", "answered");
	is_str(lookup.events.items[1].status, "in_progress", "a machine has answered");
	is_str(lookup.events.items[1].machine, "voicemail", "told");
	is_int(lookup.oldest_created_at, 1577880000000, "the oldest");
}

/* ---- events ---- */

static void
test_statuses(void)
{
	static const struct
	{
		const char *status;
		const char *more;
		VaEventKind kind;
		const char *ours;
		const char *cause_class;
		const char *cause;
	} rows[] = {
		{ "started", "", VA_EVENT_STATUS, "initiated", NULL, NULL },
		{ "ringing", "", VA_EVENT_STATUS, "ringing", NULL, NULL },
		{ "answered", "", VA_EVENT_STATUS, "in_progress", NULL, NULL },
		{ "completed", ",\"duration\":\"4\"", VA_EVENT_REPORT, "completed", "ok", "completed" },
		{ "completed", ",\"duration\":\"0\",\"start_time\":null", VA_EVENT_REPORT, "failed", "canceled", "completed" },
		{ "busy", "", VA_EVENT_REPORT, "busy", "busy", "busy" },
		{ "timeout", "", VA_EVENT_REPORT, "no_answer", "no_answer", "timeout" },
		{ "unanswered", "", VA_EVENT_REPORT, "no_answer", "no_answer", "unanswered" },
		{ "cancelled", "", VA_EVENT_REPORT, "failed", "canceled", "cancelled" },
		{ "failed", "", VA_EVENT_REPORT, "failed", "unknown", "failed" },
		{ "failed", ",\"detail\":\"cannot_route\"", VA_EVENT_REPORT, "failed", "unknown", "failed-cannot_route" },
		{ "failed", ",\"detail\":\"number_out_of_service\"", VA_EVENT_REPORT, "failed", "bad_number", "failed-number_out_of_service" },
		{ "failed", ",\"detail\":\"internal_error\"", VA_EVENT_REPORT, "failed", "retry", "failed-internal_error" },
		{ "rejected", "", VA_EVENT_REPORT, "failed", "unknown", "rejected" },
		{ "rejected", ",\"detail\":\"invalid_number\"", VA_EVENT_REPORT, "failed", "bad_number", "rejected-invalid_number" },
		{ "rejected", ",\"detail\":\"restricted\"", VA_EVENT_REPORT, "failed", "unknown", "rejected-restricted" },
		{ "rejected", ",\"detail\":\"declined\"", VA_EVENT_REPORT, "no_answer", "no_answer", "rejected-declined" },
		{ "human", "", VA_EVENT_MACHINE, NULL, NULL, NULL },
		{ "machine", "", VA_EVENT_MACHINE, NULL, NULL, NULL },
		{ "transfer", "", VA_EVENT_OTHER, NULL, NULL, NULL },
		{ "disconnected", "", VA_EVENT_OTHER, NULL, NULL, NULL },
		{ "input", "", VA_EVENT_OTHER, NULL, NULL, NULL },
		{ "tomorrow", "", VA_EVENT_OTHER, NULL, NULL, NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		bool machine = rows[i].kind == VA_EVENT_MACHINE;
		const VaEvent *event = event_of(
			vonage, "attempt=va-7-42",
			va_arena_printf(&arena,
							"{\"%s\":\"63f6\",\"conversation_uuid\":\"CON-1\",\"status\":\"%s\",\"direction\":\"outbound\",\"from\":\"14155550101\","
							"\"to\":\"14155550100\",\"timestamp\":\"2023-11-14T22:13:20.500Z\"%s}",
							machine ? "call_uuid" : "uuid", rows[i].status, rows[i].more));

		ok(event != NULL, "%s%s", rows[i].status, rows[i].more);
		is_int(event->kind, rows[i].kind, "its kind");
		is_str(event->status, rows[i].ours, "status");
		is_str(event->cause_class, rows[i].cause_class, "class");
		is_str(event->cause, rows[i].cause, "cause");
		is_str(event->provider_call_id, "63f6", "its call");
		is_str(event->attempt_ref, "va-7-42", "our reference");
		is_str(event->event_key, va_arena_printf(&arena, "63f6:%s:1700000000500", rows[i].status), "its key");
	}
}

static void
test_events(void)
{
	const VaEvent *event;

	event = event_of(vonage, "attempt=va-7-42",
					 "{\"uuid\":\"63f6\",\"status\":\"completed\",\"direction\":\"outbound\",\"timestamp\":\"2020-01-01T12:01:01.000Z\",\"duration\":\"60\",\"rate\":\"0.00450000\","
					 "\"price\":\"0.00450000\",\"network\":\"65512\",\"start_time\":\"2020-01-01T12:00:00.000Z\",\"end_time\":\"2020-01-01T12:01:00.000Z\",\"from\":\"14155550101\",\"to\":\"14155550100\"}");
	ok(event->duration_seconds == 60 && event->answered_at == 1577880000000 && event->ended_at == 1577880060000, "times of a call");
	is_str(event->cost, "0.00450000", "its price");
	is_str(event->details, "{\"direction\":\"outbound\",\"duration\":\"60\",\"end_time\":\"2020-01-01T12:01:00.000Z\",\"network\":\"65512\",\"price\":\"0.00450000\",\"rate\":\"0.00450000\",\"start_time\":\"2020-01-01T12:00:00.000Z\",\"status\":\"completed\"}", "the rest");

	event = event_of(vonage, "attempt=va-7-42", "{\"call_uuid\":\"63f6\",\"status\":\"machine\"}");
	ok(event->kind == VA_EVENT_MACHINE && strcmp(event->machine, "voicemail") == 0, "a machine");
	event = event_of(vonage, "attempt=va-7-42&as=message", "{\"call_uuid\":\"63f6\",\"status\":\"machine\"}");
	ok(event->kind == VA_EVENT_STATUS && event->status == NULL && strcmp(event->machine, "voicemail") == 0, "it shall hear a message: not yet");
	event = event_of(vonage, "attempt=va-7-42&as=message", "{\"call_uuid\":\"63f6\",\"status\":\"machine\",\"sub_state\":\"beep_start\"}");
	ok(event->kind == VA_EVENT_MACHINE && strcmp(event->machine, "voicemail") == 0, "now");
	is_str(event->machine_raw, "machine-beep_start", "its own words");
	is_str(event->event_key, "63f6:machine-beep_start:0", "its own key");
	event = event_of(vonage, "attempt=va-7-42&as=message", "{\"call_uuid\":\"63f6\",\"status\":\"human\"}");
	ok(event->kind == VA_EVENT_MACHINE && strcmp(event->machine, "human") == 0, "a human");
	ok(!event->wants_answer, "who is talked with already");

	event = event_of(vonage, "attempt=va-7-42&as=leg", "{\"uuid\":\"99\",\"status\":\"completed\"}");
	is_int(event->kind, VA_EVENT_OTHER, "another leg's end is not the call's");
	event = event_of(vonage, "attempt=va-7-42&as=leg", "{\"uuid\":\"99\",\"status\":\"busy\",\"to\":\"14155550177\"}");
	ok(event->kind == VA_EVENT_UNTAKEN && event->provider_call_id == NULL && event->status == NULL, "nobody took it there");
	is_str(event->attempt_ref, "va-7-42", "and our reference says which call it is");
	is_int(event_of(vonage, "attempt=va-7-42&as=leg", "{\"uuid\":\"99\",\"status\":\"timeout\"}")->kind, VA_EVENT_UNTAKEN, "it rang in vain");
	is_int(event_of(vonage, "attempt=va-7-42&as=leg", "{\"uuid\":\"99\",\"status\":\"cancelled\"}")->kind, VA_EVENT_OTHER, "whoever was to be put through had hung up");
	event = event_of(vonage, "as=leg", "{\"uuid\":\"99\",\"status\":\"busy\"}");
	ok(event->kind == VA_EVENT_OTHER && event->provider_call_id != NULL, "a leg of a call that came in is nobody's");
	event = event_of(vonage, "call=63f6&as=leg", "{\"uuid\":\"99\",\"status\":\"timeout\"}");
	ok(event->kind == VA_EVENT_UNTAKEN && event->wants_answer, "unless that waits for what comes next");
	is_str(event->provider_call_id, "63f6", "and our URL says which call it is");
	event = event_of(vonage, "call=63f6&as=leg", "{\"uuid\":\"99\",\"status\":\"answered\"}");
	ok(event->kind == VA_EVENT_OTHER && !event->wants_answer, "somebody took it");
	event = event_of(vonage, "attempt=va-7-42&as=leg", "{\"uuid\":\"99\",\"status\":\"failed\",\"detail\":\"x\",\"to\":\"wss://talk.example.com/s\"}");
	ok(event->kind == VA_EVENT_SILENT && event->provider_call_id == NULL && event->status == NULL, "a socket that refuses has no call of its own");
	is_str(event->cause, "stream_url: failed, x", "and why");
	event = event_of(vonage, "attempt=va-7-42&as=leg", "{\"uuid\":\"99\",\"status\":\"disconnected\",\"to\":\"wss://talk.example.com/s\"}");
	ok(event->kind == VA_EVENT_OTHER, "one that has talked ends nothing");
	event = event_of(vonage, NULL, "{\"uuid\":\"99\",\"status\":\"disconnected\",\"to\":\"wss://talk.example.com/media/vonage/x\"}");
	ok(event->kind == VA_EVENT_OTHER && strcmp(event->provider_call_id, "99") == 0, "a socket of ours that is of no call known says nothing of one");
	event = event_of(vonage, "attempt=va-7-42", "{\"uuid\":\"99\",\"status\":\"completed\",\"to\":\"wss://talk.example.com/s\"}");
	is_int(event->kind, VA_EVENT_OTHER, "nor a socket's");
	event = event_of(vonage, "attempt=va-7-42&as=recording",
					 "{\"start_time\":\"2020-01-01T12:00:00Z\",\"recording_url\":\"https://api.nexmo.com/v1/files/aaaa\",\"size\":12222,\"recording_uuid\":\"r-1\",\"end_time\":\"2020-01-01T12:01:00Z\",\"conversation_uuid\":\"CON-1\",\"timestamp\":\"2020-01-01T14:00:00.000Z\"}");
	ok(event->kind == VA_EVENT_RECORDING && event->provider_call_id == NULL, "a recording is ours by its query");
	is_str(event->recording_url, "https://api.nexmo.com/v1/files/aaaa", "there");
	is_str(event->event_key, "va-7-42:recording:r-1", "its key");
	event = event_of(vonage, NULL, "{\"recording_url\":\"https://api.nexmo.com/v1/files/aaaa\",\"conversation_uuid\":\"CON-1\"}");
	is_str(event->provider_call_id, "CON-1", "without it, it is kept by its conversation");
	event = event_of(vonage, "attempt=va-7-42", "{\"reason\":\"Syntax error in NCCO\",\"conversation_uuid\":\"CON-1\",\"timestamp\":\"2020-01-01T14:00:00.000Z\"}");
	is_int(event->kind, VA_EVENT_OTHER, "an error of theirs is kept");

#define KEY(json) callback_text(vonage, "attempt=va-7-42&as=key", "{\"uuid\":\"63f6\",\"timestamp\":\"2020-01-01T14:00:00.000Z\"," json "}")
	is_str(KEY("\"dtmf\":{\"digits\":\"9\",\"timed_out\":false}"), "key attempt_ref=va-7-42 pressed=9 wants_answer key=63f6:key:9", "a key");
	is_str(KEY("\"from\":\"14155550101\",\"to\":\"14155550100\",\"dtmf\":{\"digits\":\"#\",\"timed_out\":true},\"speech\":{\"results\":[]}"),
		   "key attempt_ref=va-7-42 pressed=# wants_answer key=63f6:key:#", "any key, also at the last moment");
	is_str(KEY("\"dtmf\":\"9\",\"timed_out\":false"), "key attempt_ref=va-7-42 pressed=9 wants_answer key=63f6:key:9", "as it was told once");
	is_str(KEY("\"dtmf\":{\"digits\":\"\",\"timed_out\":true}"), "key attempt_ref=va-7-42 wants_answer key=63f6:input:1577887200000", "none: the time is over");
	is_str(KEY("\"dtmf\":{\"digits\":null,\"timed_out\":true}"), "key attempt_ref=va-7-42 wants_answer key=63f6:input:1577887200000", "nor here");
	is_str(KEY("\"dtmf\":{\"digits\":9}"), "the digits are not valid", "no text");
	is_str(KEY("\"dtmf\":{\"digits\":\"99\"}"), "the key is not one of 0 to 9, * and #", "two");
	is_str(KEY("\"reason\":\"Syntax error in NCCO\""), "other attempt_ref=va-7-42 key=63f6:other:1577887200000", "an error of theirs is no key");
#undef KEY
	is_str(callback_text(vonage, "attempt=va-7-42&as=key", "{\"dtmf\":{\"digits\":\"9\"}}"), "the call's id is missing", "a key in no call");

	event = event_of(vonage, NULL, "{\"from\":\"442079460000\",\"to\":\"14155550101\",\"uuid\":\"63f6\",\"conversation_uuid\":\"CON-1\"}");
	ok(event->kind == VA_EVENT_INCOMING && event->wants_answer, "somebody calls");
	is_str(event->from_number, "+442079460000", "from there");
	{
		VaSignedMessage message = { .method = "GET", .body = "", .query = "to=14155550101&from=442079460000&conversation_uuid=CON-1&uuid=63f6" };
		VaEvents events;

		ok(vonage->read_webhook(&message, &arena, &events, &why) && events.items[0].kind == VA_EVENT_INCOMING, "by GET as well");
		is_str(events.items[0].to_number, "+14155550101", "to there");
		is_str(events.items[0].provider_call_id, "63f6", "its id");
	}
	ok(event_of(vonage, NULL, "{\"status\":\"completed\"}") == NULL, "no call: %s", why);
	ok(event_of(vonage, NULL, "{\"uuid\":7,\"status\":\"completed\"}") == NULL, "no id: %s", why);
	ok(event_of(vonage, NULL, "{\"uuid\":\"63f6\",\"status\":7}") == NULL, "no status: %s", why);
	event = event_of(vonage, NULL, "{\"uuid\":\"63f6\",\"status\":\"completed\",\"timestamp\":\"yesterday\",\"start_time\":{},\"end_time\":\"?\",\"duration\":\"long\",\"price\":\"-1\"}");
	ok(event != NULL && event->kind == VA_EVENT_REPORT && !event->has_duration && event->cost == NULL, "a cost and times that cannot be read lose no report");
	is_str(at(event->details, "leftOut"), "[\"timestamp\",\"start_time\",\"duration\",\"end_time\",\"price\"]", "and are named");
	ok(event_of(vonage, "attempt=va-7-42", "[]") == NULL, "no object: %s", why);
	ok(event_of(vonage, NULL, "{\"message\":{\"type\":\"status-update\",\"call\":{\"id\":\"x\"}}}") == NULL, "another carrier's: %s", why);
	ok(event_of(vonage, NULL, "{\"data\":{\"event_type\":\"call.hangup\",\"payload\":{\"call_control_id\":\"x\"}}}") == NULL, "and another's: %s", why);
}

/* ---- documents ---- */

static const char *
document_after(VaEventKind kind, VaAnswer answer)
{
	VaEvent event = { .kind = kind, .provider_call_id = "63f6" };
	VaDocument made;

	if (!vonage->build_answer(&event, &answer, &arena, &made, &why))
		return va_arena_printf(&arena, "refused: %s", why);
	return strcmp(made.content_type, "application/json") == 0 && made.len == strlen(made.body) ? made.body : "?";
}

static const char *
document(VaAnswer answer)
{
	return document_after(VA_EVENT_STATUS, answer);
}

static void
test_long_text(void)
{
	const char *text = long_text(3333);
	const char *body = document((VaAnswer){ .kind = VA_ANSWER_SAY, .text = text });
	json_t *ncco = va_json_load(&arena, body, strlen(body), &why);
	VaBuffer said = { 0 };
	json_t *talk;
	size_t i;

	is_int((int) json_array_size(ncco), 3, "3,333 characters are three talks");
	json_array_foreach(ncco, i, talk)
	{
		const char *piece = va_json_string(talk, "text");

		ok(strlen(piece) <= 2 * 1500 && (i == 2 || piece[strlen(piece) - 1] == ' '), "each ends with a word");
		va_buffer_add(&said, piece, strlen(piece));
	}
	is_str(va_buffer_finish(&said, &arena), text, "which say all of it");
	json_decref(ncco);
}

static void
test_documents(void)
{
	is_str(document((VaAnswer){ .kind = VA_ANSWER_SAY, .text = "Hi & \"bye\"" }), "[{\"action\":\"talk\",\"text\":\"Hi & \\\"bye\\\"\"}]", "say");
	is_str(document((VaAnswer){ .kind = VA_ANSWER_PLAY, .text = "Hi", .media_url = "https://m.example.com/a.mp3" }),
		   "[{\"action\":\"talk\",\"text\":\"Hi\"},{\"action\":\"stream\",\"streamUrl\":[\"https://m.example.com/a.mp3\"]}]", "say and play");
	is_str(document((VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://t.example.com/s" }),
		   "[{\"action\":\"connect\",\"endpoint\":[{\"content-type\":\"audio/l16;rate=8000\",\"type\":\"websocket\",\"uri\":\"wss://t.example.com/s\"}]}]", "stream");
	is_str(document((VaAnswer){ .kind = VA_ANSWER_FORWARD, .forward_to = "+14155550177", .max_duration_s = 60 }),
		   "[{\"action\":\"connect\",\"endpoint\":[{\"number\":\"14155550177\",\"type\":\"phone\"}],\"limit\":60}]", "forward");
	is_str(document((VaAnswer){ .kind = VA_ANSWER_FORWARD, .forward_to = "+14155550177", .ring_timeout_s = 20, .goes_on = true,
								.status_url = "https://x.example.com/webhooks/T" }),
		   "[{\"action\":\"connect\",\"endpoint\":[{\"number\":\"14155550177\",\"type\":\"phone\"}],\"eventMethod\":\"POST\",\"eventType\":\"synchronous\","
		   "\"eventUrl\":[\"https://x.example.com/webhooks/T?call=63f6&as=leg\"],\"timeout\":20}]", "forward, and ask us when nobody takes it");
	is_str(document((VaAnswer){ .kind = VA_ANSWER_REJECT }), "[]", "reject");
	is_str(document_after(VA_EVENT_KEY, (VaAnswer){ .kind = VA_ANSWER_SAY, .text = "Bye", .record = true }), "[{\"action\":\"talk\",\"text\":\"Bye\"}]",
		   "a call in which a key was pressed is being recorded already");
	is_str(document((VaAnswer){ .kind = VA_ANSWER_STREAM, .text = "Hi", .stream_url = "wss://t.example.com/s", .opt_out_key = "9" }),
		   "[{\"action\":\"talk\",\"text\":\"Hi\"},{\"action\":\"connect\",\"endpoint\":[{\"content-type\":\"audio/l16;rate=8000\",\"type\":\"websocket\",\"uri\":\"wss://t.example.com/s\"}]}]",
		   "who is connected to a bot says so to it");
	is_str(document((VaAnswer){ .kind = VA_ANSWER_SAY }), "refused: there is nothing to say", "nothing");
	is_str(document((VaAnswer){ .kind = VA_ANSWER_PLAY }), "refused: there is no media_url to play", "no media");
}

/* ---- the account ---- */

static void
test_account(void)
{
	ok(vonage->check_carrier(&carrier, &arena, &why), "a good account");
	carrier.ncredentials = 3;
	ok(!vonage->check_carrier(&carrier, &arena, &why), "half a pair: %s", why);
	carrier.ncredentials = 4;
	carrier.settings[1] = (VaNamedText){ "voice", "Amy" };
	carrier.nsettings = 2;
	ok(!vonage->check_carrier(&carrier, &arena, &why), "no style: %s", why);
	carrier.nsettings = 1;
	carrier.credentials[1].value = "garbage";
	ok(!vonage->check_carrier(&carrier, &arena, &why), "no key: %s", why);
	carrier.credentials[1].value = "****";
}

int
main(void)
{
	vonage = va_driver("vonage");
	test_call();
	test_questions();
	test_provider_requests();
	test_provider_request_replies();
	test_dials();
	test_lookups();
	test_statuses();
	test_events();
	test_documents();
	test_long_text();
	test_account();
	test_bad_replies(vonage, &(VaProviderRequest){ 0 }, NULL);
	is_int(dial_outcome(vonage, 404, "{}").kind, VA_DIAL_REFUSED_PERMANENT, "404");
	test_fixture(vonage, "regress/contracts/fixtures/vonage/completed.json", "63f61863-4a51-4f6b-86e1-46edebcf9356");
	test_fixture(vonage, "regress/contracts/fixtures/vonage/busy.json", "63f61863-4a51-4f6b-86e1-46edebcf9356");
	test_fixture(vonage, "regress/contracts/fixtures/vonage/voicemail.json", "63f61863-4a51-4f6b-86e1-46edebcf9356");
	va_arena_free(&arena);
	return done_testing();
}
