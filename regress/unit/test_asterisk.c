/*
 * test_asterisk.c
 *		Asterisk's driver: its requests and its answers.  Its events:
 *		test_asterisk_events.c.
 */
#include "pure/providers/asterisk/asterisk_internal.h"

#include "drivers.h"

static const VaDriver *
driver(void)
{
	return va_driver("asterisk");
}

static VaProviderAccount carrier;

static void
set(const char *name, const char *value)
{
	for (int i = 0; i < carrier.nsettings; i++)
		if (strcmp(carrier.settings[i].name, name) == 0)
		{
			carrier.settings[i].value = value;
			return;
		}
	carrier.settings[carrier.nsettings++] = (VaNamedText){ name, value };
}

static void
reset_carrier(void)
{
	carrier = (VaProviderAccount){ .base_url = "https://pbx.example:8089/ari/",
						   .credentials = { { "username", "us" }, { "password", "secret-7" } },
						   .ncredentials = 2 };
	set("endpoint", "PJSIP/{number}@trunk");
}

static VaCallOrder
an_order(void)
{
	reset_carrier();
	return (VaCallOrder){ .carrier = &carrier, .to_number = "+14155550100", .attempt_ref = "va-7-42-0a1b2c3d" };
}

/* ---- requests ---- */

static const char *
url_of(const VaCallOrder *order)
{
	VaHttpRequest request;

	return driver()->build_call(order, &arena, &request, &why) ? request.url : why;
}

#define CALL "https://pbx.example:8089/ari/channels/va-7-42-0a1b2c3d"

static void
test_call_request(void)
{
	VaCallOrder order = an_order();
	VaHttpRequest request;
	VaHttpRequest masked;

	ok(driver()->build_call(&order, &arena, &request, &why), "the least order is built");
	is_str(request.method, "POST", "POST");
	is_str(request.url,
		   CALL "?endpoint=PJSIP%2F%2B14155550100%40trunk&app=voiceagent&appArgs=attempt%2Cva-7-42-0a1b2c3d&timeout=30",
		   "the channel has our reference as its id");
	is_str(va_header_find(request.headers, request.nheaders, "authorization"), "Basic dXM6c2VjcmV0LTc=", "who asks");
	ok(request.body == NULL, "no body");
	order.max_duration_s = 600;
	ok(driver()->build_call(&order, &arena, &request, &why), "with a limit");
	is_str(request.body, "{\"variables\":{\"TIMEOUT(absolute)\":\"630\"}}", "Asterisk ends it after ringing and talk");
	order.max_duration_s = 0;
	va_request_mask(&request, &carrier, &arena, &masked);
	is_str(va_header_find(masked.headers, masked.nheaders, "authorization"), "Basic ****", "masked");
	set("endpoint", "SIP/line-1/0011{digits}");
	set("app", "dialler_2");
	set("caller_id", "+12025550101");
	order.ring_timeout_s = 45;
	is_str(url_of(&order),
		   CALL "?endpoint=SIP%2Fline-1%2F001114155550100&app=dialler_2&appArgs=attempt%2Cva-7-42-0a1b2c3d"
				"&callerId=%2B12025550101&timeout=45",
		   "as the account's settings say");
	order.from_number = "+12025550102";
	order.ring_timeout_s = 100000;
	ok(strstr(url_of(&order), "&callerId=%2B12025550102&timeout=600") != NULL,
	   "the order's own number, and a ring timeout within its range");
}

static void
test_call_refusals(void)
{
	static const struct
	{
		const char *name;
		const char *value;
		const char *why;
	} settings[] = {
		{ "endpoint", "", "needs the setting endpoint" },
		{ "endpoint", "{number}", "must look like" },
		{ "endpoint", "PJSIP/1@trunk", "must hold {number}" },
		{ "endpoint", "PJSIP/{number}@a&PJSIP/1900@b", "must look like" },
		{ "endpoint", "PJSIP/{number}@trunk,60", "must look like" },
		{ "app", "a,b", "app must be a name" },
		{ "app", "a?b", "app must be a name" },
		{ "media", "hello", "media must be" },
		{ "media", "sound:", "media must be" },
		{ "media", "sound:a,sound:b", "media must be" },
		{ "transfer_context", "a b", "transfer_context must be" },
	};
	static const char *const numbers[] = { NULL, "", "+1", "+1415555010012345", "+1415x", "100@elsewhere", "+1&PJSIP/1" };
	VaCallOrder order;

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
	{
		order = an_order();
		set(settings[i].name, settings[i].value);
		ok(strstr(url_of(&order), settings[i].why) != NULL, "%s = \"%s\" is refused", settings[i].name,
		   settings[i].value);
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
	{
		order = an_order();
		order.to_number = numbers[i];
		is_str(url_of(&order), "the number to call must have 3 to 15 digits", "number %s", numbers[i] ? numbers[i] : "NULL");
	}
	order = an_order();
	order.from_number = "me";
	is_str(url_of(&order), "the number to call from must have 3 to 15 digits", "a caller ID that is none");
	order = an_order();
	order.to_extension = "12";
	is_str(url_of(&order), "Asterisk dials no extension behind a number", "an extension");
	order = an_order();
	order.attempt_ref = "a;2";
	ok(strstr(url_of(&order), "no name of a channel") != NULL, "a reference that names a half of a channel");
	order.attempt_ref = "../applications";
	ok(strstr(url_of(&order), "no name of a channel") != NULL, "or another resource");
	order = an_order();
	carrier.base_url = NULL;
	ok(strstr(url_of(&order), "needs a base_url") != NULL, "no address");
	order = an_order();
	carrier.ncredentials = 1;
	is_str(url_of(&order), "the account has no usable credentials", "no password");
}

static const char *
provider_request_url(VaProviderRequestKind kind, const VaProviderRequest *order)
{
	VaHttpRequest request;

	if (driver()->provider_requests[kind].build == NULL)
		return "none";
	if (!driver()->provider_requests[kind].build(order, &arena, &request, &why))
		return why;
	return va_arena_printf(&arena, "%s %s", request.method, request.url + strlen("https://pbx.example:8089/ari"));
}

static void
test_provider_requests(void)
{
	static const char *const trunks[][2] = {
		{ "PJSIP/a b/sip:{number}@host", "endpoint must look like \"PJSIP/{number}@trunk\", not like \"PJSIP/a b/sip:{number}@host\"" },
		{ "PJSIP/main-1/sip:{number}@host", "GET /endpoints/PJSIP/main-1" },
		{ "pjsip/{digits}@a/b", "GET /endpoints/PJSIP/a" },
		{ "PJSIP/{number}", "GET /asterisk/info?only=system" },
		{ "PJSIP/{number}@{digits}", "GET /asterisk/info?only=system" },
		{ "Local/{number}@out", "GET /asterisk/info?only=system" },
		{ "DAHDI/g0/{digits}", "GET /asterisk/info?only=system" },
	};
	VaProviderRequest order = { .carrier = &carrier, .provider_call_id = "va-7-42", .provider_request_ref = "er-1" };
	VaHttpRequest request;

	reset_carrier();
	is_str(provider_request_url(VA_REQUEST_CHECK_ACCOUNT, &order), "GET /endpoints/PJSIP/trunk", "check the trunk");
	for (size_t i = 0; i < sizeof(trunks) / sizeof(trunks[0]); i++)
	{
		set("endpoint", trunks[i][0]);
		is_str(provider_request_url(VA_REQUEST_CHECK_ACCOUNT, &order), trunks[i][1], "check %s", trunks[i][0]);
	}
	set("endpoint", "PJSIP/{number}@trunk");
	is_str(provider_request_url(VA_REQUEST_HANGUP, &order), "DELETE /channels/va-7-42?reason=normal", "hang up");
	order.reason = "no_answer";
	is_str(provider_request_url(VA_REQUEST_HANGUP, &order), "DELETE /channels/va-7-42?reason=no_answer", "with a reason");
	order.reason = "a&b";
	is_str(provider_request_url(VA_REQUEST_HANGUP, &order), "the reason to hang up is not a word", "with a bad one");
	order.attempt_ref = "va-7-42";
	ok(strstr(provider_request_url(VA_REQUEST_SAY, &order), "set the account's media") != NULL, "no voice");
	set("media", "sound:hello-world");
	is_str(provider_request_url(VA_REQUEST_SAY, &order), "POST /channels/va-7-42/play?media=sound%3Ahello-world&playbackId=er-1",
		   "a recording instead of a voice");
	order.answer.text = "sound:closed";
	ok(strstr(provider_request_url(VA_REQUEST_SAY, &order), "?media=sound%3Aclosed&") != NULL, "a text that names a recording");
	order.answer.text = "sound: no name of one, but words";
	ok(strstr(provider_request_url(VA_REQUEST_SAY, &order), "?media=sound%3Ahello-world&") != NULL, "a text that only looks like it");
	order.attempt_ref = NULL;
	ok(strstr(provider_request_url(VA_REQUEST_SAY, &order), "what callers are to hear") != NULL, "... is not the account's recording for who calls us");
	order.answer.text = "sound:closed";
	ok(strstr(provider_request_url(VA_REQUEST_SAY, &order), "?media=sound%3Aclosed&") != NULL, "... who hears what is named for him");
	order.answer.text = NULL;
	order.answer.media_url = "https://cdn.example/a b.wav";
	ok(strstr(provider_request_url(VA_REQUEST_PLAY, &order), "?media=sound%3Ahttps%3A%2F%2Fcdn.example%2Fa%20b.wav&") != NULL,
	   "a file that Asterisk fetches");
	order.answer.media_url = "/etc/passwd";
	ok(strstr(provider_request_url(VA_REQUEST_PLAY, &order), "must be one media URI") != NULL, "no path");
	order.answer.media_url = "recording:x";
	order.answer.language = "de";
	is_str(provider_request_url(VA_REQUEST_PLAY, &order),
		   "POST /channels/va-7-42/play?media=recording%3Ax&lang=de&playbackId=er-1", "a recording in a language");
	order.answer.forward_to = "+14155550111";
	is_str(provider_request_url(VA_REQUEST_TRANSFER, &order),
		   "POST /channels/va-7-42/redirect?endpoint=PJSIP%2F%2B14155550111%40trunk", "transfer by the network");
	set("transfer_context", "through");
	is_str(provider_request_url(VA_REQUEST_TRANSFER, &order),
		   "POST /channels/va-7-42/continue?context=through&extension=%2B14155550111&priority=1", "by the dialplan");
	order.answer.forward_to = "h";
	is_str(provider_request_url(VA_REQUEST_TRANSFER, &order), "the number to transfer to must have 3 to 15 digits",
		   "to nowhere");
	is_str(provider_request_url(VA_REQUEST_LIMIT, &order), "the longest duration is missing", "no limit");
	order.answer.max_duration_s = 600;
	is_str(provider_request_url(VA_REQUEST_LIMIT, &order), "POST /channels/va-7-42/variable?variable=TIMEOUT%28absolute%29&value=600",
		   "a limit, which Asterisk keeps itself");
	order.answer.max_duration_s = 0;
	is_str(provider_request_url(VA_REQUEST_CHECK_PLAYBACK, &order), "the playback has no name", "which playback?");
	order.playback_ref = "../channels";
	is_str(provider_request_url(VA_REQUEST_CHECK_PLAYBACK, &order), "the playback has no name", "not that");
	order.playback_ref = "er-0";
	is_str(provider_request_url(VA_REQUEST_CHECK_PLAYBACK, &order), "GET /playbacks/er-0", "the playback of another provider request");
	order.digits = "12#*A";
	is_str(provider_request_url(VA_REQUEST_SEND_DTMF, &order), "POST /channels/va-7-42/dtmf?dtmf=12%23%2AA", "keys");
	order.digits = "1x2";
	ok(strstr(provider_request_url(VA_REQUEST_SEND_DTMF, &order), "keys to press") != NULL, "that are none");
	is_str(provider_request_url(VA_REQUEST_ANSWER, &order), "POST /channels/va-7-42/answer", "answer");
	is_str(provider_request_url(VA_REQUEST_RECORD, &order),
		   "POST /channels/va-7-42/snoop/va-7-42.rec?spy=both&app=voiceagent&appArgs=record%2Cva-7-42",
		   "record: first somebody who hears both sides");
	order.answer.max_duration_s = 20;
	order.control_url = "va-7-42.rec";
	is_str(provider_request_url(VA_REQUEST_RECORD, &order),
		   "POST /channels/va-7-42.rec/record?name=va-7-42&format=wav&ifExists=fail&maxDurationSeconds=20",
		   "... who then records");
	order.control_url = "..";
	is_str(provider_request_url(VA_REQUEST_RECORD, &order), "the call has no id at the carrier", "... not elsewhere");
	order.control_url = NULL;
	is_str(provider_request_url(VA_REQUEST_STREAM, &order), "POST /bridges/va-7-42.media?type=mixing%2Cproxy_media%2Cvideo_sfu",
		   "to our socket: first a bridge");
	order.control_url = "channel";
	is_str(provider_request_url(VA_REQUEST_STREAM, &order), "the account has no nonce", "... then a channel, whose id is not to be used twice");
	order.control_url = "va-7-42.media-0a1b2c3d";
	is_str(provider_request_url(VA_REQUEST_STREAM, &order), "POST /bridges/va-7-42.media/addChannel?channel=va-7-42%2Cva-7-42.media-0a1b2c3d",
		   "... which joins the call's own");
	order.control_url = NULL;
	is_str(provider_request_url(VA_REQUEST_END_STREAM, &order), "DELETE /bridges/va-7-42.media", "... until the end");
	order.recording_url = "recording:va/7";
	is_str(provider_request_url(VA_REQUEST_FETCH_RECORDING, &order), "GET /recordings/stored/va%2F7/file", "fetch");
	order.recording_url = "https://elsewhere/";
	is_str(provider_request_url(VA_REQUEST_FETCH_RECORDING, &order), "the recording's address is not one of Asterisk's",
		   "from elsewhere");
	order.provider_call_id = "..";
	is_str(provider_request_url(VA_REQUEST_HANGUP, &order), "the call has no id at the carrier", "a call that is none");
	order.provider_call_id = "1700000000.12";
	order.reason = NULL;
	is_str(provider_request_url(VA_REQUEST_HANGUP, &order), "DELETE /channels/1700000000.12?reason=normal",
		   "a call of Asterisk's own");
	is_str(provider_request_url(VA_REQUEST_BALANCE, &order), "none", "it has no balance");
	ok(driver()->socket_url(&carrier, &arena, &request, &why), "its socket");
	is_str(request.url, "wss://pbx.example:8089/ari/events?app=voiceagent", "is beside it");
	carrier.base_url = "http://127.0.0.1:8088/ari";
	ok(driver()->socket_url(&carrier, &arena, &request, &why), "without TLS");
	is_str(request.url, "ws://127.0.0.1:8088/ari/events?app=voiceagent", "likewise");
}

/* ---- replies ---- */

static void
test_dial_replies(void)
{
	static const struct
	{
		int status;
		const char *body;
		VaDialKind kind;
		const char *id;
	} lines[] = {
		{ 200, "{\"id\":\"va-1\",\"state\":\"Down\"}", VA_DIAL_ACCEPTED, "va-1" },
		{ 409, "{\"message\":\"Channel with given unique ID already exists\"}", VA_DIAL_ACCEPTED, NULL },
		{ 200, "{}", VA_DIAL_UNKNOWN, NULL },
		{ 200, "", VA_DIAL_UNKNOWN, NULL },
		{ 200, "<html>", VA_DIAL_UNKNOWN, NULL },
		{ 200, "{\"id\":7}", VA_DIAL_UNKNOWN, NULL },
		{ 400, "{\"message\":\"Invalid endpoint specified\"}", VA_DIAL_BAD_ACCOUNT, NULL },
		{ 401, "{\"message\":\"Authentication required\"}", VA_DIAL_BAD_ACCOUNT, NULL },
		{ 403, "{}", VA_DIAL_BAD_ACCOUNT, NULL },
		{ 404, "{\"message\":\"Resource not found\"}", VA_DIAL_BAD_ACCOUNT, NULL },
		{ 429, "", VA_DIAL_RATE_LIMITED, NULL },
		{ 302, "", VA_DIAL_BAD_ACCOUNT, NULL },
		{ 500, "{\"error\":\"Allocation failed\"}", VA_DIAL_REFUSED_RETRY, NULL },
		{ 500, "{\"error\":\"Something\"}", VA_DIAL_UNKNOWN, NULL },
		{ 500, "oops", VA_DIAL_UNKNOWN, NULL },
		{ 502, "", VA_DIAL_UNKNOWN, NULL },
		{ 503, "", VA_DIAL_UNKNOWN, NULL },
		{ 0, "", VA_DIAL_UNKNOWN, NULL },
	};
	VaDialOutcome outcome;
	VaHttpResponse response;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
	{
		response = reply_of(lines[i].status, lines[i].body);
		driver()->read_call_response(&response, &arena, &outcome);
		is_str(va_dial_kind_name(outcome.kind), va_dial_kind_name(lines[i].kind), "a dial's %d %s", lines[i].status,
			   lines[i].body);
		is_str(outcome.provider_call_id, lines[i].id, "its id");
	}
	response = (VaHttpResponse){ .sent = false, .error = "connection refused" };
	driver()->read_call_response(&response, &arena, &outcome);
	is_str(va_dial_kind_name(outcome.kind), "refused_retry", "a dial that never left");
	ok(!driver()->absence_proves && driver()->dial_repeatable_s == 0 && driver()->refs_are_ids,
	   "no channel proves nothing, and our reference is the channel's id");
}

#define CHANNEL(state, app)                                                                                           \
	"{\"id\":\"va-7-42\",\"name\":\"PJSIP/trunk-1\",\"state\":\"" state                                               \
	"\",\"creationtime\":\"2026-11-20T17:13:48.011+0000\",\"dialplan\":{\"app_name\":\"" app "\"}}"

static void
test_lookups(void)
{
	static const struct
	{
		const char *body;
		const char *status;
		bool waits;
	} lines[] = {
		{ CHANNEL("Down", "AppDial2"), "initiated", false },   { CHANNEL("Rsrvd", "AppDial2"), "initiated", false },
		{ CHANNEL("OffHook", "AppDial2"), "initiated", false }, { CHANNEL("Dialing", "AppDial2"), "initiated", false },
		{ CHANNEL("Ring", "AppDial2"), "ringing", false },	   { CHANNEL("Ringing", "AppDial2"), "ringing", false },
		{ CHANNEL("Pre-ring", "AppDial2"), "ringing", false },  { CHANNEL("Up", "AppDial2"), "in_progress", false },
		{ CHANNEL("Up", "Stasis"), "in_progress", true },	   { CHANNEL("Busy", "AppDial2"), NULL, false },
		{ CHANNEL("Unknown", "AppDial2"), NULL, false },
	};
	static const struct
	{
		int status;
		const char *body;
		VaLookupKind kind;
	} others[] = {
		{ 404, "{\"message\":\"Channel not found\"}", VA_LOOKUP_NOT_FOUND },
		{ 404, "{\"message\":\"Resource not found\"}", VA_LOOKUP_BAD_ACCOUNT },
		{ 404, "nginx", VA_LOOKUP_BAD_ACCOUNT },
		{ 401, "{}", VA_LOOKUP_BAD_ACCOUNT },
		{ 500, "", VA_LOOKUP_RETRY },
		{ 200, "", VA_LOOKUP_RETRY },
		{ 200, "[]", VA_LOOKUP_RETRY },
		{ 200, "{\"id\":\"x\"}", VA_LOOKUP_RETRY },
		{ 200, "{\"id\":\"x\",\"state\":\"Up\",\"creationtime\":\"yesterday\"}", VA_LOOKUP_FOUND },
		{ 0, "", VA_LOOKUP_RETRY },
	};
	VaLookupOrder order = { .carrier = &carrier, .attempt_ref = "va-7-42" };
	VaHttpRequest request;
	VaHttpResponse response;
	VaLookup lookup;

	reset_carrier();
	ok(driver()->build_lookup(&order, &arena, &request, &why), "a lookup by our reference alone");
	is_str(request.url, "https://pbx.example:8089/ari/channels/va-7-42", "its URL");
	ok(driver()->build_list(&order, &arena, &request, &why), "a list");
	is_str(request.url, "https://pbx.example:8089/ari/channels", "its URL");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
	{
		response = reply_of(200, lines[i].body);
		driver()->read_lookup_response(&response, &arena, &lookup);
		if (!ok(lookup.kind == VA_LOOKUP_FOUND && lookup.events.count == 1, "a channel is found"))
			continue;
		is_str(lookup.events.items[0].status, lines[i].status, "%s", lines[i].body);
		ok(lookup.events.items[0].wants_answer == lines[i].waits, "waits for us or not");
		is_str(lookup.events.items[0].attempt_ref, "va-7-42", "it is ours");
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
	{
		response = reply_of(others[i].status, others[i].body);
		driver()->read_lookup_response(&response, &arena, &lookup);
		is_int(lookup.kind, others[i].kind, "a lookup's %d %s", others[i].status, others[i].body);
	}
	response = reply_of(200, "[" CHANNEL("Up", "Stasis") "," CHANNEL("Down", "") ",{\"id\":\"1.2\",\"state\":\"Up\"},7]");
	driver()->read_list_response(&response, &arena, &lookup);
	is_int(lookup.kind, VA_LOOKUP_FOUND, "a list is read");
	is_int(lookup.events.count, 3, "its channels");
	is_int(lookup.unreadable, 1, "but one");
	is_str(lookup.events.items[2].attempt_ref, NULL, "a channel of Asterisk's own is no attempt");
	response = reply_of(200, "[]");
	driver()->read_list_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_FOUND && lookup.events.count == 0, "an empty list");
	response = reply_of(200, nested(1000, "1"));
	driver()->read_list_response(&response, &arena, &lookup);
	ok(lookup.events.count == 0, "1,000 levels hold no channel");
}

static void
test_provider_request_replies(void)
{
	static const struct
	{
		int status;
		const char *body, *kind, *message;
	} checks[] = {
		{ 200, "{\"technology\":\"PJSIP\",\"resource\":\"trunk\",\"state\":\"online\",\"channel_ids\":[]}", "accepted", "Asterisk, trunk PJSIP/trunk: online" },
		{ 200, "{\"technology\":\"PJSIP\",\"resource\":\"trunk\",\"state\":\"unknown\",\"channel_ids\":[]}", "accepted", "Asterisk, trunk PJSIP/trunk: its state is not known" },
		{ 200, "{\"technology\":\"PJSIP\",\"resource\":\"trunk\",\"state\":\"offline\",\"channel_ids\":[]}", "refused_permanent",
			"Asterisk answers, but its trunk PJSIP/trunk is offline: no call goes through it" },
		{ 404, "{\"message\":\"Endpoint not found\"}", "bad_account", "Asterisk answers, but has no trunk PJSIP/trunk" },
		{ 404, "{\"message\":\"No such address\"}", "refused_permanent", "No such address" },
		{ 200, "{\"state\":\"online\"}", "bad_account", "what answers there is not Asterisk's ARI" },
		{ 401, "{\"message\":\"Authentication required\"}", "bad_account", "Authentication required" },
	};
	VaProviderRequest order = { .carrier = &carrier };
	VaProviderReply got;
	VaHttpResponse response;

	set("endpoint", "Local/{number}@out");
	response = reply_of(200, "{\"system\":{\"version\":\"22.10.1\",\"entity_id\":\"02:fc\"}}");
	driver()->provider_requests[VA_REQUEST_CHECK_ACCOUNT].read(&order, &response, &arena, &got);
	is_str(va_dial_kind_name(got.kind), "accepted", "an Asterisk");
	is_str(got.message, "Asterisk 22.10.1", "says which");
	response = reply_of(200, "<html>It works!</html>");
	driver()->provider_requests[VA_REQUEST_CHECK_ACCOUNT].read(&order, &response, &arena, &got);
	is_str(va_dial_kind_name(got.kind), "bad_account", "something else");
	response = reply_of(401, "{\"message\":\"Authentication required\"}");
	driver()->provider_requests[VA_REQUEST_CHECK_ACCOUNT].read(&order, &response, &arena, &got);
	is_str(va_dial_kind_name(got.kind), "bad_account", "a wrong password");
	is_str(got.message, "Authentication required", "in its words");
	set("endpoint", "PJSIP/{number}@trunk");
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
	{
		response = reply_of(checks[i].status, checks[i].body);
		driver()->provider_requests[VA_REQUEST_CHECK_ACCOUNT].read(&order, &response, &arena, &got);
		is_str(va_dial_kind_name(got.kind), checks[i].kind, "a trunk's %d %s", checks[i].status, checks[i].body);
		is_str(got.message, checks[i].message, "says so");
	}
	response = reply_of(404, "{\"message\":\"Channel not found\"}");
	driver()->provider_requests[VA_REQUEST_HANGUP].read(&order, &response, &arena, &got);
	ok(got.kind == VA_DIAL_ACCEPTED && got.already, "a call that is over is hung up");
	driver()->provider_requests[VA_REQUEST_LIMIT].read(&order, &response, &arena, &got);
	ok(got.kind == VA_DIAL_ACCEPTED && got.already, "... and need not be limited");
	driver()->provider_requests[VA_REQUEST_PLAY].read(&order, &response, &arena, &got);
	is_str(va_dial_kind_name(got.kind), "refused_permanent", "but nothing is played to it");
	driver()->provider_requests[VA_REQUEST_CHECK_PLAYBACK].read(&order, &response, &arena, &got);
	is_str(va_dial_kind_name(got.kind), "refused_permanent", "an address without playbacks says nothing of them");
	response = reply_of(404, "{\"message\":\"Playback not found\"}");
	driver()->provider_requests[VA_REQUEST_CHECK_PLAYBACK].read(&order, &response, &arena, &got);
	ok(got.kind == VA_DIAL_ACCEPTED && got.already, "a playback that is over");
	response = reply_of(200, "{\"id\":\"er-0\",\"state\":\"playing\"}");
	driver()->provider_requests[VA_REQUEST_CHECK_PLAYBACK].read(&order, &response, &arena, &got);
	ok(got.kind == VA_DIAL_ACCEPTED && !got.already, "a playback that goes on");
	response = reply_of(404, "nginx");
	driver()->provider_requests[VA_REQUEST_HANGUP].read(&order, &response, &arena, &got);
	ok(got.kind != VA_DIAL_ACCEPTED, "who knows no channels cannot say so");
	response = reply_of(204, "");
	driver()->provider_requests[VA_REQUEST_HANGUP].read(&order, &response, &arena, &got);
	ok(got.kind == VA_DIAL_ACCEPTED && !got.already, "hung up");
	response = reply_of(409, "{\"message\":\"Recording already exists\"}");
	driver()->provider_requests[VA_REQUEST_RECORD].read(&order, &response, &arena, &got);
	ok(got.kind == VA_DIAL_ACCEPTED && got.already, "it records already");
	response = reply_of(409, "{\"message\":\"Channel not in Stasis application\"}");
	driver()->provider_requests[VA_REQUEST_PLAY].read(&order, &response, &arena, &got);
	is_str(va_dial_kind_name(got.kind), "refused_permanent", "a call that was put through elsewhere");
}

int
main(void)
{
	test_call_request();
	test_call_refusals();
	test_provider_requests();
	test_dial_replies();
	test_lookups();
	test_provider_request_replies();
	va_arena_free(&arena);
	return done_testing();
}
