/*
 * test_telnyx.c
 *		Telnyx's driver: requests to the letter, answers good and bad, every
 *		cause of an end, events, signatures.
 */
#include "tap.h"

#include "drivers.h"

#include <sodium.h>

#define PUBLIC_KEY "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static const VaDriver *telnyx;
static VaProviderAccount carrier = { .credentials = { { "api_key", "KEY-123456" }, { "public_key", PUBLIC_KEY } },
							 .ncredentials = 2,
							 .settings = { { "connection_id", "7267" }, { "from_number", "+14155550101" } },
							 .nsettings = 2 };

static VaCallOrder
an_order(void)
{
	return (VaCallOrder){ .carrier = &carrier,
						  .to_number = "+14155550100",
						  .attempt_ref = "va-7-42",
						  .server_url = "https://x.example.com/webhooks/T",
						  .answer = { .kind = VA_ANSWER_SAY, .text = "Hi" } };
}

static const char *
state_of(const char *attempt_ref, const char *flags)
{
	const char *text = va_arena_printf(&arena, "%s%s", attempt_ref, flags);
	char *out = va_arena_alloc(&arena, 200);

	va_base64_encode(text, strlen(text), out);
	return out;
}

/* What must not be lost is sent again; sooner where somebody waits at the telephone for what comes next. */
#define SOON "{\"retries_ms\":[500,1000,2000,4000,8000]}"
#define RETRIES_END(end) \
	"\"webhook_retries_policies\":{\"call.answered\":" SOON ",\"call.dtmf.received\":" SOON ",\"call.gather.ended\":" SOON ",\"call.hangup\":" end "," \
	"\"call.machine.detection.ended\":" SOON ",\"call.machine.greeting.ended\":" SOON "," \
	"\"call.machine.premium.detection.ended\":" SOON ",\"call.machine.premium.greeting.ended\":" SOON "," \
	"\"call.playback.ended\":" SOON ",\"call.speak.ended\":" SOON ",\"streaming.failed\":" SOON ",\"streaming.started\":" SOON "}"
#define RETRIES RETRIES_END("{\"retries_ms\":[1000,3000,8000,16000,30000]}")

/* ---- requests ---- */

static void
test_call(void)
{
	VaCallOrder order = an_order();
	VaHttpRequest request;
	VaHttpRequest masked;

	is_str(call_line(telnyx, &order),
		   "POST https://api.telnyx.com/v2/calls "
		   "{\"client_state\":\"dmEtNy00Mg==\",\"command_id\":\"va-7-42\",\"connection_id\":\"7267\","
		   "\"from\":\"+14155550101\",\"to\":\"+14155550100\","
		   RETRIES ","
		   "\"webhook_url\":\"https://x.example.com/webhooks/T\"}",
		   "a plain call");
	ok(telnyx->build_call(&order, &arena, &request, &why), "built again");
	is_str(va_header_find(request.headers, request.nheaders, "authorization"), "Bearer KEY-123456", "with the key");
	va_request_mask(&request, &carrier, &arena, &masked);
	is_str(va_header_find(masked.headers, masked.nheaders, "authorization"), "Bearer ****", "which is not shown");

	order.from_number = "+14155550999";
	order.to_extension = "ww12#";
	order.ring_timeout_s = 2;
	order.max_duration_s = 99999;
	order.record = true;
	order.machine_detection = VA_MACHINE_DETECT;
	order.answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://talk.example.com/s" };
	is_str(call_line(telnyx, &order),
		   "POST https://api.telnyx.com/v2/calls "
		   "{\"answering_machine_detection\":\"detect\",\"client_state\":\"dmEtNy00MjtzZA==\","
		   "\"command_id\":\"va-7-42\",\"connection_id\":\"7267\",\"from\":\"+14155550999\",\"record\":\"record-from-answer\","
		   "\"record_channels\":\"dual\",\"record_format\":\"mp3\",\"send_digits_on_answer\":\"ww12#\","
		   "\"stream_bidirectional_codec\":\"PCMU\",\"stream_bidirectional_mode\":\"rtp\",\"stream_track\":\"inbound_track\","
		   "\"stream_url\":\"wss://talk.example.com/s\",\"time_limit_secs\":14400,\"timeout_secs\":5,\"to\":\"+14155550100\","
		   RETRIES ","
		   "\"webhook_url\":\"https://x.example.com/webhooks/T\"}",
		   "a call with everything");
	order.machine_detection = VA_MACHINE_MESSAGE;
	is_str(at(strchr(call_line(telnyx, &order), '{'), "answering_machine_detection"), "\"greeting_end\"", "a machine's greeting is awaited for a message");
	ok(strstr(call_line(telnyx, &order), "stream_url") == NULL, "... which no socket of the dial talks over");
	is_str(at(strchr(call_line(telnyx, &order), '{'), "client_state"), "\"dmEtNy00MjtkbQ==\"", "... and who is no machine is connected then");
	order.machine_detection = VA_MACHINE_DETECT;
	carrier.settings[2] = (VaNamedText){ "premium_detection", "true" };
	carrier.nsettings = 3;
	is_str(at(strchr(call_line(telnyx, &order), '{'), "answering_machine_detection"), "\"premium\"", "premium detection");
	carrier.nsettings = 2;

	order.answer.text = "A machine calls.";
	ok(strstr(call_line(telnyx, &order), "stream_url") == NULL, "no socket by the dial before what is to be said first");
	is_str(at(strchr(call_line(telnyx, &order), '{'), "client_state"), "\"dmEtNy00Mjtk\"", "... and the answer asks what to do");
	order.answer.text = NULL;
	order.answer.stream_url = NULL;
	is_str(call_line(telnyx, &order), "refused: the answer has no stream_url", "a stream needs its socket");
	order = an_order();
	order.to_number = "4155550100";
	is_str(call_line(telnyx, &order), "refused: the number to call must be E.164", "not E.164");
	order = an_order();
	order.attempt_ref = "1234567890123456789012345678901234567890x";
	is_str(call_line(telnyx, &order), "refused: the attempt's reference is longer than 40 characters", "long reference");
	order.attempt_ref = NULL;
	is_str(call_line(telnyx, &order), "refused: the attempt has no reference", "no reference");
	order = an_order();
	order.to_extension = "12;x";
	ok(strncmp(call_line(telnyx, &order), "refused: the extension", 22) == 0, "a bad extension");
	carrier.nsettings = 1;
	order = an_order();
	is_str(call_line(telnyx, &order), "refused: the account has no from_number to call from", "nothing to call from");
	carrier.nsettings = 0;
	order.from_number = "+14155550101";
	is_str(call_line(telnyx, &order), "refused: the account has no connection_id", "no application");
	carrier.nsettings = 2;
	carrier.ncredentials = 0;
	is_str(call_line(telnyx, &order), "refused: the account has no usable API key", "no key");
	carrier.ncredentials = 2;
}

static void
test_questions(void)
{
	VaLookupOrder order = { .carrier = &carrier, .provider_call_id = "v3:a/b", .limit = 50, .offset = 100 };
	VaHttpRequest request;

	is_str(request_line(telnyx->build_lookup(&order, &arena, &request, &why), &request),
		   "GET https://api.telnyx.com/v2/calls/v3%3Aa%2Fb", "a lookup");
	is_str(request_line(telnyx->build_list(&order, &arena, &request, &why), &request),
		   "GET https://api.telnyx.com/v2/connections/7267/active_calls?page%5Bnumber%5D=3&page%5Bsize%5D=50", "a list");
	order.provider_call_id = "..";
	ok(!telnyx->build_lookup(&order, &arena, &request, &why), "no id");
	carrier.base_url = "http://127.0.0.1:4010";
	is_str(request_line(telnyx->build_list(&order, &arena, &request, &why), &request),
		   "GET http://127.0.0.1:4010/connections/7267/active_calls?page%5Bnumber%5D=3&page%5Bsize%5D=50", "elsewhere");
	carrier.base_url = NULL;
}

static void
test_provider_requests(void)
{
	VaProviderRequest order = { .carrier = &carrier, .provider_call_id = "v3:x", .provider_request_ref = "e-1" };

#define COMMAND(kind, expected) is_str(provider_request_line(telnyx, kind, &order), expected, "%s", va_provider_request_name(kind))
	COMMAND(VA_REQUEST_HANGUP, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/hangup {\"command_id\":\"e-1\"}");
	order.reason = "normal";
	COMMAND(VA_REQUEST_HANGUP, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/hangup {\"command_id\":\"e-1\"}");
	order.reason = "busy";
	COMMAND(VA_REQUEST_HANGUP, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/reject {\"cause\":\"USER_BUSY\",\"command_id\":\"e-1\"}");
	order.reason = NULL;
	order.answer.kind = VA_ANSWER_REJECT;
	COMMAND(VA_REQUEST_HANGUP, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/reject {\"cause\":\"CALL_REJECTED\",\"command_id\":\"e-1\"}");
	order.answer = (VaAnswer){ .text = "Hello \"you\"", .forward_to = "+14155550177", .caller_id = "+14155550101",
							   .ring_timeout_s = 20, .media_url = "https://m.example.com/a.wav?x=1",
							   .stream_url = "wss://talk.example.com/s" };
	order.attempt_ref = "va-7-42";
	order.answer.status_url = "https://x.example.com/webhooks/T";
	COMMAND(VA_REQUEST_TRANSFER, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/transfer {\"command_id\":\"e-1\",\"from\":\"+14155550101\",\"target_leg_client_state\":\"dmEtNy00Mjt0djM6eA==\",\"timeout_secs\":20,\"to\":\"+14155550177\"," RETRIES_END(SOON) ",\"webhook_url\":\"https://x.example.com/webhooks/T\"}");
	order.answer.status_url = NULL;
	order.attempt_ref = NULL;
	COMMAND(VA_REQUEST_SAY, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/speak {\"command_id\":\"e-1\",\"payload\":\"Hello \\\"you\\\"\",\"payload_type\":\"text\",\"voice\":\"AWS.Polly.Joanna-Neural\"}");
	order.answer.voice = "female";
	is_str(at(strchr(provider_request_line(telnyx, VA_REQUEST_SAY, &order), '{'), "language"), "\"en-US\"", "the plain voices need a language");
	order.answer.opt_out_key = "9";
	is_str(provider_request_line(telnyx, VA_REQUEST_SAY, &order), "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/gather_using_speak {\"command_id\":\"e-1\",\"language\":\"en-US\",\"maximum_digits\":1,\"maximum_tries\":1,\"minimum_digits\":1,\"payload\":\"Hello \\\"you\\\"\",\"payload_type\":\"text\",\"timeout_millis\":5000,\"voice\":\"female\"}", "a text that listens for a key, and some seconds after it");
	order.answer.opt_out_key = NULL;
	COMMAND(VA_REQUEST_PLAY, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/playback_start {\"audio_type\":\"wav\",\"audio_url\":\"https://m.example.com/a.wav?x=1\",\"command_id\":\"e-1\"}");
	COMMAND(VA_REQUEST_STREAM, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/streaming_start {\"command_id\":\"e-1\",\"stream_bidirectional_codec\":\"PCMU\",\"stream_bidirectional_mode\":\"rtp\",\"stream_track\":\"inbound_track\",\"stream_url\":\"wss://talk.example.com/s\"}");
	COMMAND(VA_REQUEST_RECORD, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/record_start {\"channels\":\"dual\",\"command_id\":\"e-1\",\"format\":\"mp3\"}");
	COMMAND(VA_REQUEST_ANSWER, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/answer {\"command_id\":\"e-1\"," RETRIES "}");
	order.answer.kind = VA_ANSWER_STREAM;
	is_str(at(strchr(provider_request_line(telnyx, VA_REQUEST_ANSWER, &order), '{'), "client_state"), "\"O3M=\"", "answered by a socket, which is remembered");
	order.digits = "1w2#";
	COMMAND(VA_REQUEST_SEND_DTMF, "POST https://api.telnyx.com/v2/calls/v3%3Ax/actions/send_dtmf {\"command_id\":\"e-1\",\"digits\":\"1w2#\"}");
	order.digits = "call";
	ok(strncmp(provider_request_line(telnyx, VA_REQUEST_SEND_DTMF, &order), "refused", 7) == 0, "digits only");
	order.answer.stream_url = "https://talk.example.com";
	ok(strncmp(provider_request_line(telnyx, VA_REQUEST_STREAM, &order), "refused", 7) == 0, "a socket only");
	COMMAND(VA_REQUEST_CHECK_ACCOUNT, "GET https://api.telnyx.com/v2/call_control_applications/7267");
	COMMAND(VA_REQUEST_BALANCE, "GET https://api.telnyx.com/v2/balance");
	COMMAND(VA_REQUEST_FETCH_RECORDING, "GET https://api.telnyx.com/v2/recordings?filter%5Bcall_control_id%5D=v3%3Ax&page%5Bsize%5D=1");
	COMMAND(VA_REQUEST_LIST_NUMBERS, "GET https://api.telnyx.com/v2/phone_numbers?page%5Bnumber%5D=1&page%5Bsize%5D=250");
	order.page = "3";
	COMMAND(VA_REQUEST_LIST_NUMBERS, "GET https://api.telnyx.com/v2/phone_numbers?page%5Bnumber%5D=3&page%5Bsize%5D=250");
	order.area_code = "415";
	order.contains = "77";
	order.limit = 5;
	COMMAND(VA_REQUEST_SEARCH_NUMBERS, "GET https://api.telnyx.com/v2/available_phone_numbers?filter%5Bfeatures%5D%5B%5D=voice&filter%5Bcountry_code%5D=US&filter%5Bnational_destination_code%5D=415&filter%5Bphone_number%5D%5Bcontains%5D=77&filter%5Blimit%5D=5");
	order.number = "+19705555098";
	COMMAND(VA_REQUEST_BUY_NUMBER, "POST https://api.telnyx.com/v2/number_orders {\"connection_id\":\"7267\",\"customer_reference\":\"e-1\",\"phone_numbers\":[{\"phone_number\":\"+19705555098\"}]}");
	COMMAND(VA_REQUEST_LOOKUP_NUMBER, "refused: this carrier tells line types of numbers alone");
	order.facts = "line_type";
	COMMAND(VA_REQUEST_LOOKUP_NUMBER, "GET https://api.telnyx.com/v2/number_lookup/%2B19705555098?type=carrier");
	COMMAND(VA_REQUEST_RELEASE_NUMBER, "DELETE https://api.telnyx.com/v2/phone_numbers/%2B19705555098");
	order.number_id = "129";
	COMMAND(VA_REQUEST_CONFIGURE_NUMBER, "PATCH https://api.telnyx.com/v2/phone_numbers/129 {\"connection_id\":\"7267\"}");
	ok(telnyx->provider_requests[VA_REQUEST_FETCH_COST].build == NULL, "a price cannot be asked for");

	order.recording_url = "https://s3.example.com/r.mp3?sig=1";
	{
		VaHttpRequest request;

		ok(telnyx->provider_requests[VA_REQUEST_FETCH_RECORDING].build(&order, &arena, &request, &why), "a recording by its URL");
		is_str(request.url, order.recording_url, "from there");
		ok(va_header_find(request.headers, request.nheaders, "authorization") == NULL, "without our key");
	}
}

static void
test_provider_request_replies(void)
{
	static const char *ended = "{\"errors\":[{\"code\":\"90018\",\"title\":\"Call has already ended\",\"detail\":\"gone\"}]}";
	VaProviderRequest order = { .carrier = &carrier };
	VaProviderReply reply = provider_reply(telnyx, VA_REQUEST_HANGUP, &order, 422, ended);

	ok(reply.kind == VA_DIAL_ACCEPTED && reply.already, "hanging up what has ended is done");
	reply = provider_reply(telnyx, VA_REQUEST_SAY, &order, 422, ended);
	is_int(reply.kind, VA_DIAL_REFUSED_PERMANENT, "talking to it is not");
	is_str(reply.cause, "call-ended", "and is told so");
	is_str(reply.message, "Call has already ended: gone", "in its words");
	reply = provider_reply(telnyx, VA_REQUEST_HANGUP, &order, 200, "{\"data\":{\"result\":\"ok\"}}");
	ok(reply.kind == VA_DIAL_ACCEPTED && !reply.already, "hung up");
	reply = provider_reply(telnyx, VA_REQUEST_BALANCE, &order, 200, "{\"data\":{\"balance\":\"-3.50\",\"currency\":\"USD\"}}");
	is_str(reply.balance, "-3.50", "balance");
	is_str(reply.currency, "USD", "currency");
	reply = provider_reply(telnyx, VA_REQUEST_BALANCE, &order, 200, "{\"data\":{\"balance\":\"1e9\"}}");
	ok(reply.kind != VA_DIAL_ACCEPTED && reply.balance == NULL, "no balance");
	order.number = "+19705555098";
	reply = provider_reply(telnyx, VA_REQUEST_LOOKUP_NUMBER, &order, 200, "{\"data\":{\"phone_number\":\"+19705555098\",\"carrier\":{\"type\":\"fixed line\"},"
		"\"portability\":{\"line_type\":\"mobile\"}}}");
	is_str(reply.line_type, "mobile", "what a ported number is now");
	reply = provider_reply(telnyx, VA_REQUEST_LOOKUP_NUMBER, &order, 200, "{\"data\":{\"phone_number\":\"+19705555098\",\"carrier\":{\"type\":\"toll free\"},"
		"\"portability\":{}}}");
	is_str(reply.line_type, "toll_free", "... else as what it was given out");
	reply = provider_reply(telnyx, VA_REQUEST_LOOKUP_NUMBER, &order, 200, "{\"data\":{\"phone_number\":\"+19705555098\",\"carrier\":{\"type\":\"fixed line or mobile\"}}}");
	is_str(reply.line_type, "unknown", "... either is unknown");
	reply = provider_reply(telnyx, VA_REQUEST_LOOKUP_NUMBER, &order, 200, "{\"data\":{\"phone_number\":\"+19705555099\",\"carrier\":{\"type\":\"mobile\"}}}");
	ok(reply.line_type == NULL, "... and another number tells nothing");
	reply = provider_reply(telnyx, VA_REQUEST_CHECK_ACCOUNT, &order, 200, "{\"data\":{\"id\":\"7267\",\"application_name\":\"app\",\"active\":true}}");
	is_str(reply.account_ref, "7267", "the application");
	is_str(reply.message, "app", "its name");
	reply = provider_reply(telnyx, VA_REQUEST_CHECK_ACCOUNT, &order, 404, "{}");
	is_int(reply.kind, VA_DIAL_BAD_ACCOUNT, "no such application");
	reply = provider_reply(telnyx, VA_REQUEST_CHECK_ACCOUNT, &order, 401, "{\"errors\":[{\"title\":\"Authentication failed\"}]}");
	is_int(reply.kind, VA_DIAL_BAD_ACCOUNT, "a bad key");
	is_str(reply.message, "Authentication failed", "in its words");
	reply = provider_reply(telnyx, VA_REQUEST_LIST_NUMBERS, &order, 200,
						 "{\"data\":[{\"id\":\"1\",\"phone_number\":\"+14155550101\",\"status\":\"active\",\"country_iso_alpha2\":\"US\"},"
						 "{\"id\":\"2\",\"phone_number\":\"+14155550102\",\"status\":\"deleted\"}],\"meta\":{\"page_number\":1,\"total_pages\":2}}");
	ok(reply.nnumbers == 1 && strcmp(reply.numbers[0].number_id, "1") == 0, "our numbers");
	is_str(reply.numbers[0].region, "US", "their country");
	is_str(reply.next_page, "2", "and there are more");
	reply = provider_reply(telnyx, VA_REQUEST_SEARCH_NUMBERS, &order, 200,
						 "{\"data\":[{\"phone_number\":\"+19705555098\",\"cost_information\":{\"currency\":\"USD\",\"monthly_cost\":\"6.54\"},"
						 "\"region_information\":[{\"region_type\":\"country_code\",\"region_name\":\"US\"},{\"region_type\":\"state\",\"region_name\":\"CO\"}]}]}");
	ok(reply.nnumbers == 1 && reply.numbers[0].number_id == NULL, "numbers to buy");
	is_str(reply.numbers[0].monthly_cost, "6.54", "for that");
	is_str(reply.numbers[0].region, "CO", "there");
	reply = provider_reply(telnyx, VA_REQUEST_BUY_NUMBER, &order, 200, "{\"data\":{\"id\":\"o\",\"phone_numbers\":[{\"id\":\"p\",\"status\":\"pending\"}]}}");
	ok(reply.kind == VA_DIAL_ACCEPTED && reply.number_id == NULL, "bought");
	reply = provider_reply(telnyx, VA_REQUEST_BUY_NUMBER, &order, 200, "{\"data\":{\"phone_numbers\":[{\"status\":\"failure\"}]}}");
	is_int(reply.kind, VA_DIAL_REFUSED_PERMANENT, "not bought");
	reply = provider_reply(telnyx, VA_REQUEST_RELEASE_NUMBER, &order, 404, "{}");
	ok(reply.kind == VA_DIAL_ACCEPTED && reply.already, "released before");
	reply = provider_reply(telnyx, VA_REQUEST_FETCH_RECORDING, &order, 200, "{\"data\":[{\"download_urls\":{\"mp3\":\"https://s3.example.com/r.mp3\"}}]}");
	is_str(reply.recording_url, "https://s3.example.com/r.mp3", "where a recording lies");
	reply = provider_reply(telnyx, VA_REQUEST_FETCH_RECORDING, &order, 200, "{\"data\":[]}");
	is_int(reply.kind, VA_DIAL_REFUSED_RETRY, "none yet");
	order.recording_url = "https://s3.example.com/r.mp3";
	reply = provider_reply(telnyx, VA_REQUEST_FETCH_RECORDING, &order, 403, "<Error/>");
	is_int(reply.kind, VA_DIAL_REFUSED_PERMANENT, "an expired URL is not a bad account");
}

/* ---- answers ---- */

static void
test_dials(void)
{
	VaDialOutcome outcome = dial_outcome(telnyx, 200, "{\"data\":{\"call_control_id\":\"v3:x\",\"is_alive\":false}}");

	is_int(outcome.kind, VA_DIAL_ACCEPTED, "taken");
	is_str(outcome.provider_call_id, "v3:x", "under its name");
	outcome = dial_outcome(telnyx, 422, "{\"errors\":[{\"code\":\"10016\",\"title\":\"Phone number must be in +E164 format\",\"source\":{\"pointer\":\"/to\"}}]}");
	is_int(outcome.kind, VA_DIAL_REFUSED_PERMANENT, "a bad number");
	is_str(outcome.message, "Phone number must be in +E164 format", "in its words");
	outcome = dial_outcome(telnyx, 422, "{\"errors\":[{\"code\":\"10015\",\"title\":\"Invalid value\",\"source\":{\"pointer\":\"/connection_id\"}}]}");
	is_int(outcome.kind, VA_DIAL_BAD_ACCOUNT, "a bad application fails every call");
	outcome = dial_outcome(telnyx, 422, "{\"errors\":[{\"title\":\"Invalid\",\"source\":{\"pointer\":\"/from\"}}]}");
	is_int(outcome.kind, VA_DIAL_BAD_ACCOUNT, "so does a bad caller");
	outcome = dial_outcome(telnyx, 403, "{\"errors\":[{\"title\":\"User channel limit exceeded\"}]}");
	is_int(outcome.kind, VA_DIAL_RATE_LIMITED, "too many at a time");
	outcome = dial_outcome(telnyx, 403, "{\"errors\":[{\"title\":\"Forbidden\",\"detail\":\"Connection channel limit exceeded D3\"}]}");
	is_int(outcome.kind, VA_DIAL_RATE_LIMITED, "in the detail as in the title");
	outcome = dial_outcome(telnyx, 403, "{\"errors\":[{\"code\":\"10010\",\"title\":\"Authorization failed\"}]}");
	is_int(outcome.kind, VA_DIAL_BAD_ACCOUNT, "403 concerns all");
	outcome = dial_outcome(telnyx, 403,
						   "{\"errors\":[{\"title\":\"Dialed Number is not included in whitelisted countries D13\"}]}");
	is_int(outcome.kind, VA_DIAL_REFUSED_PERMANENT, "but where it names the destination's country it concerns the one called");
	is_str(outcome.cause, "not-permitted", "who may not be");
	outcome = dial_outcome(telnyx, 403,
						   "{\"errors\":[{\"title\":\"Forbidden\",\"detail\":\"Destination Number +15550100 is not allowed for service plan us D12\"}]}");
	is_int(outcome.kind, VA_DIAL_REFUSED_PERMANENT, "or its service plan");
	outcome = dial_outcome(telnyx, 403, "{\"errors\":[{\"title\":\"Destination Number +1555 is invalid D11\"}]}");
	ok(outcome.kind == VA_DIAL_REFUSED_PERMANENT && strcmp(outcome.cause, "bad-number") == 0, "or the number itself");
	outcome = dial_outcome(telnyx, 403, "{\"errors\":[{\"title\":\"Caller Origination Number is Invalid D35\"}]}");
	is_int(outcome.kind, VA_DIAL_BAD_ACCOUNT, "not the caller's");
	outcome = dial_outcome(telnyx, 500, "{\"errors\":[{\"title\":\"User channel limit exceeded\"}]}");
	is_int(outcome.kind, VA_DIAL_UNKNOWN, "words do not make a 500 safe");
}

static void
test_lookups(void)
{
	VaHttpResponse response = reply_of(200, "{\"data\":{\"call_control_id\":\"v3:x\",\"is_alive\":false,\"client_state\":\"dmEtNy00Mg==\",\"call_duration\":50,"
											"\"start_time\":\"2019-01-23T18:10:02.574Z\",\"end_time\":\"2019-01-23T18:11:52.574Z\"}}");
	VaLookup lookup;

	telnyx->read_lookup_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_FOUND && lookup.events.count == 1, "found");
	is_int(lookup.events.items[0].kind, VA_EVENT_REPORT, "over");
	is_str(lookup.events.items[0].status, "completed", "completed");
	is_str(lookup.events.items[0].attempt_ref, "va-7-42", "ours");
	ok(lookup.events.items[0].duration_seconds == 50, "of 50 s");
	is_int(lookup.events.items[0].ended_at - lookup.events.items[0].answered_at, 50000, "before its end it was answered");
	response = reply_of(200, "{\"data\":{\"call_control_id\":\"v3:x\",\"is_alive\":false,\"end_time\":\"2019-01-23T18:11:52Z\"}}");
	telnyx->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup.events.items[0].status, "failed", "nobody talked");
	is_str(lookup.events.items[0].cause_class, "unknown", "and why is not told");
	response = reply_of(200, "{\"data\":{\"call_control_id\":\"v3:x\",\"is_alive\":false}}");
	telnyx->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup.events.items[0].status, "initiated", "being dialled");
	response = reply_of(200, "{\"data\":{\"call_control_id\":\"v3:x\",\"is_alive\":true,\"call_duration\":3}}");
	telnyx->read_lookup_response(&response, &arena, &lookup);
	is_str(lookup.events.items[0].status, "in_progress", "talking");
	response = reply_of(200, "{\"data\":{\"call_control_id\":\"v3:x\",\"is_alive\":false,\"start_time\":7,\"end_time\":\"just now\",\"call_duration\":3}}");
	telnyx->read_lookup_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_FOUND && lookup.events.items[0].kind == VA_EVENT_REPORT && lookup.events.items[0].ended_at == 0, "over, whenever that was");
	is_str(lookup.events.items[0].details, "{\"leftOut\":[\"start_time\",\"end_time\"]}", "which is named");
	response = reply_of(404, "{\"errors\":[{\"title\":\"Resource not found\"}]}");
	telnyx->read_lookup_response(&response, &arena, &lookup);
	is_int(lookup.kind, VA_LOOKUP_NOT_FOUND, "not found");
	ok(!telnyx->absence_proves && telnyx->dial_repeatable_s == 60, "which proves nothing; but a dial can be repeated");

	response = reply_of(200, "{\"data\":[{\"call_control_id\":\"v3:x\",\"client_state\":\"dmEtNy00Mg==\",\"call_duration\":0},"
							 "{\"call_control_id\":\"v3:y\",\"client_state\":\"garbage\",\"call_duration\":9},7]}");
	telnyx->read_list_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_FOUND && lookup.received == 3 && lookup.unreadable == 1 && lookup.events.count == 2, "a list");
	is_str(lookup.events.items[0].attempt_ref, "va-7-42", "with our reference");
	is_str(lookup.events.items[0].status, "initiated", "being dialled");
	is_str(lookup.events.items[1].status, "in_progress", "talking");
	ok(lookup.events.items[1].attempt_ref == NULL, "of somebody else");
}

/* ---- events ---- */

static const VaEvent *
webhook(const char *type, const char *state, const char *payload)
{
	return event_of(telnyx, NULL,
					va_arena_printf(&arena,
									"{\"data\":{\"record_type\":\"event\",\"event_type\":\"%s\",\"id\":\"0ccc7b54\","
									"\"occurred_at\":\"2023-11-14T22:13:20.500000Z\",\"payload\":{\"call_control_id\":\"v3:x\","
									"\"connection_id\":\"7267\",\"from\":\"+14155550101\",\"to\":\"+14155550100\",\"client_state\":\"%s\"%s%s}}}",
									type, state, payload[0] != '\0' ? "," : "", payload));
}

static void
test_causes(void)
{
	static const struct
	{
		const char *cause;
		const char *sip;
		const char *status;
		const char *cause_class;
		const char *told;
	} rows[] = {
		{ "normal_clearing", "200", "completed", "ok", "normal_clearing" },
		{ "time_limit", "unspecified", "completed", "ok", "time_limit" },
		{ "user_busy", "486", "busy", "busy", "user_busy" },
		{ "timeout", "487", "no_answer", "no_answer", "timeout" },
		{ "no_answer", "480", "no_answer", "no_answer", "no_answer" },
		{ "originator_cancel", "487", "failed", "canceled", "originator_cancel" },
		/* a person who declines, unless the SIP code says that the trunk was refused */
		{ "call_rejected", "603", "no_answer", "no_answer", "call_rejected" },
		{ "call_rejected", "unspecified", "no_answer", "no_answer", "call_rejected" },
		{ "call_rejected", "403", "failed", "retry", "call_rejected" },
		{ "unspecified", "603", "no_answer", "no_answer", "unspecified-sip-603" },
		{ "not_found", "404", "failed", "bad_number", "not_found" },
		{ "unspecified", "404", "failed", "bad_number", "unspecified-sip-404" },
		{ "unspecified", "484", "failed", "bad_number", "unspecified-sip-484" },
		{ "unspecified", "410", "failed", "bad_number", "unspecified-sip-410" },
		{ "normal_clearing", "607", "failed", "bad_number", "normal_clearing-sip-607" },
		{ "call_rejected", "607", "failed", "bad_number", "call_rejected-sip-607" },
		{ "call_rejected", "608", "no_answer", "no_answer", "call_rejected-sip-608" },
		{ "unspecified", "604", "failed", "bad_number", "unspecified-sip-604" },
		{ "unspecified", "480", "no_answer", "no_answer", "unspecified-sip-480" },
		{ "unspecified", "408", "no_answer", "no_answer", "unspecified-sip-408" },
		{ "unspecified", "486", "busy", "busy", "unspecified-sip-486" },
		{ "unspecified", "600", "busy", "busy", "unspecified-sip-600" },
		{ "unspecified", "503", "failed", "retry", "unspecified-sip-503" },
		{ "unspecified", "unspecified", "failed", "unknown", "unspecified" },
		{ "a_new_one", "999", "failed", "unknown", "a_new_one" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		const VaEvent *event = webhook(
			"call.hangup", "dmEtNy00Mg==",
			va_arena_printf(&arena, "\"hangup_cause\":\"%s\",\"sip_hangup_cause\":\"%s\"", rows[i].cause, rows[i].sip));

		is_int(event->kind, VA_EVENT_REPORT, "%s %s ends the call", rows[i].cause, rows[i].sip);
		is_str(event->status, rows[i].status, "as %s", rows[i].status);
		is_str(event->cause_class, rows[i].cause_class, "class %s", rows[i].cause_class);
		is_str(event->cause, rows[i].told, "because of %s", rows[i].told);
		is_int(event->has_duration, strcmp(rows[i].status, "completed") != 0 && strcmp(rows[i].cause_class, "unknown") != 0,
			   "its time is told where nobody can have talked");
		is_int(event->ended_at, 1700000000500, "at its end");
	}
}

static void
test_machines(void)
{
	static const struct
	{
		const char *type;
		const char *result;
		const char *flags;
		const char *machine;
		bool wants;
	} rows[] = {
		{ "call.machine.detection.ended", "human", ";d", "human", true },
		{ "call.machine.detection.ended", "human", ";sd", "human", false },
		{ "call.machine.detection.ended", "machine", ";d", "voicemail", true },
		{ "call.machine.detection.ended", "machine", ";dm", "voicemail", false },
		{ "call.machine.detection.ended", "not_sure", ";d", "uncertain", true },
		{ "call.machine.premium.detection.ended", "human_residence", ";d", "human", true },
		{ "call.machine.premium.detection.ended", "human_business", ";d", "human", true },
		{ "call.machine.premium.detection.ended", "machine", ";sd", "voicemail", true },
		{ "call.machine.premium.detection.ended", "silence", ";d", "uncertain", true },
		{ "call.machine.premium.detection.ended", "fax_detected", ";d", "unavailable", true },
		{ "call.machine.premium.detection.ended", "not_sure", ";d", "uncertain", true },
		{ "call.machine.premium.detection.ended", "tomorrow's", ";d", "uncertain", true },
		{ "call.machine.greeting.ended", "beep_detected", ";dm", "voicemail", true },
		{ "call.machine.greeting.ended", "ended", ";sdm", "voicemail", true },
		{ "call.machine.premium.greeting.ended", "no_beep_detected", ";dm", "voicemail", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		const VaEvent *event = webhook(rows[i].type, state_of("va-7-42", rows[i].flags),
									   va_arena_printf(&arena, "\"result\":\"%s\"", rows[i].result));

		is_int(event->kind, VA_EVENT_MACHINE, "%s", rows[i].type);
		is_str(event->machine, rows[i].machine, "%s is %s", rows[i].result, rows[i].machine);
		is_str(event->machine_raw, rows[i].result, "its own word is kept");
		is_int(event->wants_answer, rows[i].wants, "waits for us: %d", rows[i].wants);
		ok(event->status == NULL, "and says nothing of the call's progress");
	}
}

static void
test_events(void)
{
	const VaEvent *event = webhook("call.initiated", "dmEtNy00Mg==", "\"direction\":\"outgoing\",\"state\":\"parked\"");

	is_int(event->kind, VA_EVENT_STATUS, "a call begins");
	is_str(event->status, "initiated", "initiated");
	is_str(event->event_key, "v3:x:0ccc7b54", "by the call's id and the event's");
	is_str(event->provider_call_id, "v3:x", "its id");
	is_str(event->attempt_ref, "va-7-42", "our reference");
	is_str(event->account_ref, "7267", "whose it is");
	is_str(event->from_number, "+14155550101", "from");
	is_str(event->to_number, "+14155550100", "to");
	is_int(event->occurred_at, 1700000000500, "then");
	is_str(event->details, "{\"direction\":\"outgoing\",\"eventType\":\"call.initiated\",\"state\":\"parked\"}", "the rest");
	event = webhook("call.initiated", "", "\"direction\":\"incoming\"");
	ok(event->kind == VA_EVENT_INCOMING && event->wants_answer && event->attempt_ref == NULL, "somebody calls");
	event = webhook("call.answered", "dmEtNy00Mg==", "");
	ok(event->kind == VA_EVENT_STATUS && event->wants_answer && event->answered_at == event->occurred_at, "answered, and waits");
	is_str(event->status, "in_progress", "in progress");
	ok(!webhook("call.answered", state_of("va-7-42", ";s"), "")->wants_answer, "a socket talks already");
	ok(!webhook("call.answered", state_of("va-7-42", ";d"), "")->wants_answer, "first we are told by whom");
	is_int(webhook("call.speak.ended", "dmEtNy00Mg==", "\"status\":\"completed\"")->kind, VA_EVENT_SPOKEN, "said");
	is_int(webhook("call.speak.ended", "dmEtNy00Mg==", "\"status\":\"cancelled_amd\"")->kind, VA_EVENT_OTHER, "taken away");
	is_int(webhook("call.playback.ended", "dmEtNy00Mg==", "\"status\":\"failed\"")->kind, VA_EVENT_SPOKEN, "not played, but over");
	event = webhook("call.gather.ended", "dmEtNy00Mg==", "\"status\":\"valid\",\"digits\":\"9\"");
	is_int(event->kind, VA_EVENT_KEY, "a key");
	is_str(event->key, "9", "... which is told");
	ok(event->wants_answer, "... and the call waits");
	event = webhook("call.gather.ended", "dmEtNy00Mg==", "\"status\":\"timeout\",\"digits\":\"\"");
	is_int(event->kind, VA_EVENT_KEY, "the time for a key is over");
	ok(event->key == NULL && event->wants_answer, "... and none was pressed");
	is_str(webhook("call.gather.ended", "dmEtNy00Mg==", "\"status\":\"invalid\"")->key, "#", "the one that is not told");
	is_int(webhook("call.gather.ended", "dmEtNy00Mg==", "\"status\":\"cancelled_amd\"")->kind, VA_EVENT_OTHER, "taken away");
	is_int(webhook("call.gather.ended", "dmEtNy00Mg==", "\"status\":\"cancelled\"")->kind, VA_EVENT_OTHER, "... by what is said instead, whose end comes");
	is_int(webhook("call.gather.ended", "dmEtNy00Mg==", "\"status\":\"call_hangup\"")->kind, VA_EVENT_OTHER, "hung up");
	event = webhook("call.dtmf.received", "dmEtNy00Mg==", "\"digit\":\"9\"");
	ok(event->kind == VA_EVENT_KEY && strcmp(event->key, "9") == 0 && !event->wants_answer, "a key, by itself");
	is_int(webhook("call.dtmf.received", "dmEtNy00Mg==", "\"digit\":\"A\"")->kind, VA_EVENT_OTHER, "none that a telephone has");
	is_int(webhook("streaming.failed", "dmEtNy00Mg==", "")->kind, VA_EVENT_SILENT, "nobody talks any more");
	event = webhook("streaming.started", "dmEtNy00Mg==", "");
	ok(event->kind == VA_EVENT_OTHER && strcmp(event->event_key, "v3:x:stream:begun") == 0, "a socket that has begun is found by the call's id");
	is_int(webhook("streaming.stopped", "dmEtNy00Mg==", "")->kind, VA_EVENT_STREAM, "the call may be there still, or transferred");
	is_int(webhook("call.hangup", state_of("", ";t"), "\"hangup_cause\":\"user_busy\"")->kind, VA_EVENT_OTHER, "the other leg is not the call");
	event = webhook("call.hangup", state_of("va-7-42", ";tv3:sdm"), "\"hangup_cause\":\"user_busy\"");
	is_int(event->kind, VA_EVENT_UNTAKEN, "but whom it was put through to has not taken it");
	is_str(event->provider_call_id, "v3:sdm", "... which is of the call");
	is_str(event->event_key, "v3:sdm:0ccc7b54", "... by its id");
	is_str(event->attempt_ref, "va-7-42", "... and our reference");
	ok(event->status == NULL && event->ended_at == 0, "... which goes on");
	event = webhook("call.hangup", state_of("", ";tv3:in"), "\"hangup_cause\":\"timeout\"");
	ok(event->kind == VA_EVENT_UNTAKEN && event->attempt_ref == NULL, "as of one that came in");
	is_int(webhook("call.hangup", state_of("va-7-42", ";tv3:a"), "\"hangup_cause\":\"normal_clearing\"")->kind, VA_EVENT_OTHER, "after a talk both end by themselves");
	is_int(webhook("call.hangup", state_of("va-7-42", ";tv3:a"), "\"hangup_cause\":\"originator_cancel\"")->kind, VA_EVENT_OTHER, "the caller did not wait");
	event = webhook("call.answered", state_of("va-7-42", ";tv3:a"), "");
	ok(event->kind == VA_EVENT_OTHER && event->attempt_ref == NULL && !event->wants_answer, "what else the other leg does is its own");
	is_int(webhook("call.bridged", "dmEtNy00Mg==", "")->kind, VA_EVENT_OTHER, "others");

	event = webhook("call.cost", "dmEtNy00Mg==", "\"status\":\"success\",\"total_cost\":\"0.0106\",\"cost_parts\":[{\"call_part\":\"call-control\",\"cost\":\"0.0018\",\"currency\":\"EUR\"}]");
	is_int(event->kind, VA_EVENT_COST, "a price");
	is_str(event->cost, "0.0106", "so much");
	is_str(event->cost_currency, "EUR", "in euros");
	ok(event->cost_breakdown != NULL, "by its parts");
	event = webhook("call.cost", "dmEtNy00Mg==", "\"status\":\"error\",\"total_cost\":null");
	ok(event->cost == NULL && event->cost_currency == NULL, "no price");
	ok(webhook("call.cost", "", "\"total_cost\":\"-1\"")->cost == NULL, "a price is never negative");
	event = webhook("call.recording.saved", "dmEtNy00Mg==", "\"channels\":\"dual\",\"recording_urls\":{\"mp3\":\"https://s3.example.com/r.mp3\"},\"public_recording_urls\":{\"mp3\":null}");
	is_int(event->kind, VA_EVENT_RECORDING, "a recording");
	is_str(event->recording_url, "https://s3.example.com/r.mp3", "there");
	is_str(event->stereo_recording_url, "https://s3.example.com/r.mp3", "of both sides");
	event = event_of(telnyx, NULL, "{\"data\":{\"event_type\":\"call.recording.saved\",\"payload\":{\"call_leg_id\":\"L\",\"client_state\":\"dmEtNy00Mg==\"}}}");
	ok(event->provider_call_id == NULL && strcmp(event->attempt_ref, "va-7-42") == 0, "one without the call's id is ours by its state");
	is_str(event->event_key, "va-7-42:call.recording.saved:0", "and has a key");

	ok(event_of(telnyx, NULL, "{\"data\":{\"event_type\":\"call.answered\",\"payload\":{}}}") == NULL, "no call: %s", why);
	event = event_of(telnyx, NULL, "{\"data\":{\"event_type\":\"call.hangup\",\"occurred_at\":\"yesterday\",\"payload\":{\"call_control_id\":\"x\"}}}");
	ok(event != NULL && event->kind == VA_EVENT_REPORT && event->occurred_at == 0, "a time that cannot be read loses no event");
	is_str(event->cause_class, "unknown", "an end without a cause is unknown");
	is_str(event->details, "{\"eventType\":\"call.hangup\",\"leftOut\":[\"occurred_at\"]}", "the time is named");
	event = webhook("call.cost", "", "\"total_cost\":[1]");
	ok(event != NULL && event->cost == NULL && strstr(event->details, "\"leftOut\":[\"total_cost\"]") != NULL, "so is a cost");
	ok(event_of(telnyx, NULL, "{\"data\":{\"event_type\":7,\"payload\":{\"call_control_id\":\"x\"}}}") == NULL, "no type: %s", why);
	ok(event_of(telnyx, NULL, "{\"message\":{\"type\":\"status-update\",\"call\":{\"id\":\"x\"}}}") == NULL, "another carrier's: %s", why);
}

/* ---- signatures ---- */

static bool
verified(const char *key, const char *signature, const char *timestamp, const char *body, int64_t now)
{
	VaHeader headers[] = { { "Telnyx-Signature-Ed25519", signature }, { "telnyx-timestamp", timestamp } };
	VaSignedMessage message = { .headers = headers, .nheaders = 2, .body = body, .body_len = strlen(body) };
	VaWebhookAuth auth = { .kind = VA_AUTH_VENDOR, .secret_len = strlen(key) };

	memcpy(auth.secret, key, strlen(key));
	return telnyx->verify(&auth, &message, now, &why);
}

static void
test_signatures(void)
{
	static const char body[] = "{\"data\":{\"event_type\":\"call.hangup\",\"id\":\"0ccc7b54-4df3-4bca-a65a-3da1ecc777f0\"}}";
	static const char good[] = "RmHAa1XgoWQoXUq+UulYKVrfjsxIasWWFupfTB8oXOb7Vx4+abrmL6sacp+LpWglWJ1gsZxl7zCufwt0ZRl1AQ==";
	char changed[sizeof(body)];
	unsigned char raw[64];
	char text[100];
	size_t len;
	int accepted = 0;

	ok(verified(PUBLIC_KEY, good, "1700000000", body, 1700000000), "the worked example");
	ok(verified(PUBLIC_KEY, good, "1700000000", body, 1700000300), "five minutes later");
	ok(!verified(PUBLIC_KEY, good, "1700000000", body, 1700000301), "stale: %s", why);
	ok(verified(PUBLIC_KEY, good, "1700000000", body, 1699999700), "five minutes before");
	ok(!verified(PUBLIC_KEY, good, "1700000000", body, 1699999699), "from the future: %s", why);
	ok(!verified(PUBLIC_KEY, good, "1700000001", body, 1700000000), "another time: %s", why);
	ok(!verified(PUBLIC_KEY, good, "+1700000000", body, 1700000000), "no number: %s", why);
	ok(!verified(PUBLIC_KEY, good, "", body, 1700000000), "no time: %s", why);
	ok(!verified(PUBLIC_KEY, NULL, "1700000000", body, 1700000000), "no signature: %s", why);
	ok(!verified(PUBLIC_KEY, good, NULL, body, 1700000000), "no timestamp: %s", why);
	ok(!verified(PUBLIC_KEY, "RmHA", "1700000000", body, 1700000000), "a short one: %s", why);
	/* What API v1 signs text messages with: a tag of its own, keyed by what we have for this account. */
	{
		VaHeader legacy[] = { { "X-Telnyx-Signature", "t=1700000000,h=FHbtAkvKvF5r81WLUlZtNy8k/mZi0byhw0G37njXqBs=" },
			{ "Telnyx-Signature-Ed25519", NULL }, { "telnyx-timestamp", "1700000000" } };
		VaSignedMessage message = { .headers = legacy, .nheaders = 1, .body = body, .body_len = sizeof(body) - 1 };
		VaWebhookAuth auth = { .kind = VA_AUTH_VENDOR, .secret_len = strlen(PUBLIC_KEY) };

		memcpy(auth.secret, PUBLIC_KEY, sizeof(PUBLIC_KEY) - 1);
		ok(!telnyx->verify(&auth, &message, 1700000000, &why), "the HMAC of API v1 alone: %s", why);
		legacy[1].value = "AAAA";
		message.nheaders = 3;
		ok(!telnyx->verify(&auth, &message, 1700000000, &why), "nor beside a wrong signature: %s", why);
	}
	ok(!verified("", good, "1700000000", body, 1700000000), "no key: %s", why);
	ok(!verified("AAAA", good, "1700000000", body, 1700000000), "a short key: %s", why);
	ok(!verified("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURs=", good, "1700000000", body, 1700000000), "another key: %s", why);
	for (size_t bit = 0; bit < (sizeof(body) - 1) * 8; bit++)
	{
		memcpy(changed, body, sizeof(body));
		changed[bit / 8] = (char) (changed[bit / 8] ^ (1 << bit % 8));
		if (changed[bit / 8] != '\0')
			accepted += verified(PUBLIC_KEY, good, "1700000000", changed, 1700000000);
	}
	va_base64_decode(good, strlen(good), raw, sizeof(raw), &len);
	for (size_t bit = 0; bit < sizeof(raw) * 8; bit++)
	{
		raw[bit / 8] ^= (unsigned char) (1 << bit % 8);
		va_base64_encode(raw, sizeof(raw), text);
		accepted += verified(PUBLIC_KEY, text, "1700000000", body, 1700000000);
		raw[bit / 8] ^= (unsigned char) (1 << bit % 8);
	}
	for (size_t bit = 0; bit < (sizeof(good) - 1) * 8; bit++)
	{
		memcpy(text, good, sizeof(good));
		text[bit / 8] = (char) (text[bit / 8] ^ (1 << bit % 8));
		if (text[bit / 8] != '\0')
			accepted += verified(PUBLIC_KEY, text, "1700000000", body, 1700000000);
	}
	is_int(accepted, 0, "one bit changed anywhere is refused");
}

static void
test_account(void)
{
	ok(telnyx->check_carrier(&carrier, &arena, &why), "a good key");
	carrier.credentials[1].value = "c2hvcnQ=";
	ok(!telnyx->check_carrier(&carrier, &arena, &why), "a short one: %s", why);
	carrier.credentials[1].value = PUBLIC_KEY;
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	telnyx = va_driver("telnyx");
	test_call();
	test_questions();
	test_provider_requests();
	test_provider_request_replies();
	test_dials();
	test_lookups();
	test_causes();
	test_machines();
	test_events();
	test_signatures();
	test_account();
	test_bad_replies(telnyx, &(VaProviderRequest){ 0 }, NULL);
	is_int(dial_outcome(telnyx, 404, "{}").kind, VA_DIAL_REFUSED_PERMANENT, "404");
	test_fixture(telnyx, "regress/contracts/fixtures/telnyx/completed.json", "v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZF");
	test_fixture(telnyx, "regress/contracts/fixtures/telnyx/busy.json", "v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZF");
	test_fixture(telnyx, "regress/contracts/fixtures/telnyx/voicemail.json", "v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZF");
	va_arena_free(&arena);
	return done_testing();
}
