/*
 * test_exotel.c
 *		Exotel's driver: requests in every mode, replies of every class,
 *		callbacks as JSON and as forms, every status, a call's events in every
 *		order, provider requests, and who may send.
 */
#include "pure/providers/exotel/exotel_internal.h"

#include "tap.h"

#define MS(seconds) ((int64_t) (seconds) * 1000)

static VaArena arena;
static const char *why;
static const VaDriver *exotel;

static const VaProviderAccount account = {
	.credentials = { { "api_key", "key" }, { "api_token", "token" } },
	.ncredentials = 2,
	.settings = { { "account_sid", "acme1" }, { "caller_id", "08040001234" }, { "stream_url", "wss://bot.example/s" } },
	.nsettings = 3
};
static const VaProviderAccount flow_account = {
	.base_url = "https://api.in.exotel.com",
	.credentials = { { "api_key", "key" }, { "api_token", "token" } },
	.ncredentials = 2,
	.settings = { { "account_sid", "acme1" }, { "caller_id", "08040001234" }, { "flow_id", "926" }, { "timezone_offset", "+07:00" },
				  { "currency", "IDR" } },
	.nsettings = 5
};

static VaCallOrder
an_order(const VaProviderAccount *carrier)
{
	return (VaCallOrder){ .carrier = carrier, .to_number = "+919876543210", .attempt_ref = "va-7", .server_url = "https://h.example/w/t" };
}

static const char *
built(VaCallOrder order)
{
	VaHttpRequest request;

	if (!exotel->build_call(&order, &arena, &request, &why))
		return va_arena_printf(&arena, "! %s", why);
	return va_arena_printf(&arena, "%s %s %s", request.method, request.url, request.body);
}

#define CALLBACK                                                                                             \
	"&StatusCallback=https%3A%2F%2Fh.example%2Fw%2Ft%3Fattempt%3Dva-7"                                        \
	"&StatusCallbackContentType=application%2Fjson&StatusCallbackEvents%5B%5D=ringing"                        \
	"&StatusCallbackEvents%5B%5D=answered&StatusCallbackEvents%5B%5D=terminal"

static void
test_requests(void)
{
	VaCallOrder order = an_order(&account);
	VaHttpRequest request;
	char url[700];

	ok(exotel->build_call(&order, &arena, &request, &why), "a call");
	is_str(va_header_find(request.headers, request.nheaders, "authorization"), "Basic a2V5OnRva2Vu", "with the account's key");
	is_str(va_header_find(request.headers, request.nheaders, "content-type"), "application/x-www-form-urlencoded", "as a form");
	is_str(built(order),
		   "POST https://api.exotel.com/v1/Accounts/acme1/Calls/connect.json From=%2B919876543210&CallerId=08040001234&StreamUrl="
		   "wss%3A%2F%2Fbot.example%2Fs%3Fattempt%3Dva-7&StreamType=bidirectional&CustomField=va-7&Record=false"
		   CALLBACK,
		   "to a bot, by the account's setting");
	order.answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://other.example/s?sample-rate=16000" };
	order.record = true;
	order.max_duration_s = 99999;
	order.from_number = "+918040001111";
	order.ring_timeout_s = 20;
	is_str(built(order),
		   "POST https://api.exotel.com/v1/Accounts/acme1/Calls/connect.json From=%2B919876543210&CallerId=%2B918040001111&StreamUrl="
		   "wss%3A%2F%2Fother.example%2Fs%3Fsample-rate%3D16000%26attempt%3Dva-7&StreamType=bidirectional&CustomField=va-7&Record=true"
		   "&TimeLimit=14400" CALLBACK,
		   "to a bot of the order's");
	order = an_order(&flow_account);
	order.ring_timeout_s = 20;
	is_str(built(order),
		   "POST https://api.in.exotel.com/v1/Accounts/acme1/Calls/connect.json From=%2B919876543210&CallerId=08040001234&Url="
		   "https%3A%2F%2Fmy.exotel.com%2Facme1%2Fexoml%2Fstart_voice%2F926&TimeOut=20&CustomField=va-7&Record=false"
		   CALLBACK,
		   "to a flow, of another region");
	order.ring_timeout_s = 120;
	ok(strstr(built(order), "&TimeOut=60&") != NULL, "which rings for a minute at most");
	order.server_url = NULL;
	order.answer = (VaAnswer){ .kind = VA_ANSWER_FORWARD, .forward_to = "+919000000000" };
	ok(strstr(built(order), "&To=%2B919000000000&CustomField=va-7&Record=false") != NULL && strstr(built(order), "StatusCallback") == NULL,
	   "to a second number, and nobody is told");

	order = an_order(&account);
	memset(url, 'a', sizeof(url) - 1);
	url[sizeof(url) - 1] = '\0';
	memcpy(url, "wss://h.example/", 16);
	order.answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = url };
	ok(built(order)[0] == '!', "a socket's URL has its limit");
	order.answer.stream_url = "https://bot.example/s";
	ok(built(order)[0] == '!', "and its scheme");
	order = an_order(&account);
	order.to_number = "";
	ok(built(order)[0] == '!', "nobody to call");
	order = an_order(&account);
	order.attempt_ref = NULL;
	ok(built(order)[0] == '!', "no reference");
	order = an_order(&account);
	order.to_extension = "12";
	ok(built(order)[0] == '!', "no extensions");
	order = an_order(&account);
	order.server_url = "ftp://h";
	ok(built(order)[0] == '!', "no callback there");
	{
		VaProviderAccount bare = account;

		bare.nsettings = 2;
		order = an_order(&bare);
		is_str(built(order), "! Exotel says nothing by itself: the account needs a stream_url or a flow_id", "nothing to do with a call");
		bare.nsettings = 1;
		is_str(built(order), "! the account has no phone number to call from", "no number");
		bare.nsettings = 0;
		order.from_number = "+918040001111";
		order.answer = (VaAnswer){ .kind = VA_ANSWER_STREAM, .stream_url = "wss://b.example/" };
		is_str(built(order), "! the account has no account_sid", "no account");
	}
}

static void
test_lookups(void)
{
	VaLookupOrder order = { .carrier = &account, .provider_call_id = "b6cf/af" };
	VaHttpRequest request;

	ok(exotel->build_lookup(&order, &arena, &request, &why), "a lookup");
	is_str(request.url, "https://api.exotel.com/v1/Accounts/acme1/Calls/b6cf%2Faf.json?details=true", "of one call");
	order.provider_call_id = "..";
	ok(!exotel->build_lookup(&order, &arena, &request, &why), "an id is no path");
	order = (VaLookupOrder){ .carrier = &account, .to_number = "+919876543210", .created_from = MS(1700000000), .created_to = MS(1700000060) + 1 };
	ok(exotel->build_list(&order, &arena, &request, &why), "a list");
	is_str(request.url,
		   "https://api.exotel.com/v1/Accounts/acme1/Calls.json?PageSize=100&DateCreated=gte%3A2023-11-15%2003%3A43%3A20%3Blte%3A2023-11-15%2003%3A44%3A21"
		   "&From=%2B919876543210",
		   "of one number, on the account's clocks");
	ok(exotel->build_list(&(VaLookupOrder){ .carrier = &account, .limit = 5 }, &arena, &request, &why), "an open list");
	is_str(request.url, "https://api.exotel.com/v1/Accounts/acme1/Calls.json?PageSize=5", "has its size");
}

static VaHttpResponse
answer_of(int status, const char *body)
{
	return (VaHttpResponse){ .status = status, .sent = true, .body = body, .body_len = strlen(body), .now = 1700000000 };
}

static VaDialOutcome
dialled(int status, const char *body)
{
	VaHttpResponse response = answer_of(status, body);
	VaDialOutcome outcome;

	exotel->read_call_response(&response, &arena, &outcome);
	return outcome;
}

static void
test_dial_replies(void)
{
	static const struct
	{
		int status;
		const char *kind;
	} table[] = { { 400, "refused_permanent" }, { 401, "bad_account" }, { 402, "bad_account" }, { 403, "bad_account" },
				  { 404, "refused_permanent" }, { 408, "unknown" },		{ 429, "rate_limited" }, { 500, "unknown" },
				  { 503, "unknown" },			{ 302, "bad_account" } };
	VaDialOutcome outcome = dialled(200, "{\"Call\":{\"Sid\":\"a1b2\",\"Status\":\"in-progress\",\"From\":\"+91\"}}");
	char *deep = va_arena_alloc(&arena, 2001);

	is_str(va_dial_kind_name(outcome.kind), "accepted", "taken");
	is_str(outcome.provider_call_id, "a1b2", "under its id");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		is_str(va_dial_kind_name(dialled(table[i].status, "{\"RestException\":{\"Status\":1,\"Message\":\"No\"}}").kind), table[i].kind, "%d",
			   table[i].status);
	is_str(dialled(400, "{\"RestException\":{\"Status\":400,\"Message\":\"Invalid From\"}}").message, "Invalid From", "in their words");
	outcome = dialled(403, "{\"RestException\":{\"Status\":403,\"Message\":\"Calls to 9800000000 cannot be made because of TRAI NDNC regulations\"}}");
	is_str(va_dial_kind_name(outcome.kind), "refused_permanent", "a number on the do-not-call registry is no fault of the account's");
	is_str(outcome.cause, "do-not-call", "and says what it is");
	outcome = dialled(400, "{\"RestException\":{\"Status\":400,\"Message\":\"CallerId is not a valid ExoPhone number\"}}");
	is_str(va_dial_kind_name(outcome.kind), "bad_account", "a wrong caller is not the number called");
	is_str(outcome.cause, "bad-caller-id", "whatever else its words are");
	is_str(va_dial_kind_name(dialled(500, "{\"RestException\":{\"Message\":\"TRAI NDNC\"}}").kind), "unknown",
		   "words do not make a 500 safe");
	is_str(va_dial_kind_name(dialled(200, "").kind), "unknown", "nothing");
	is_str(va_dial_kind_name(dialled(200, "<xml/>").kind), "unknown", "not JSON");
	is_str(va_dial_kind_name(dialled(200, "{\"Call\":{\"Sid\":7}}").kind), "unknown", "an id that is none");
	memset(deep, '[', 1000);
	memset(deep + 1000, ']', 1000);
	is_str(va_dial_kind_name(dialled(200, deep).kind), "unknown", "1,000 levels");
	{
		VaHttpResponse none = { .status = 0, .sent = true };

		exotel->read_call_response(&none, &arena, &outcome);
		is_str(va_dial_kind_name(outcome.kind), "unknown", "no answer");
		none.sent = false;
		exotel->read_call_response(&none, &arena, &outcome);
		is_str(va_dial_kind_name(outcome.kind), "refused_retry", "never sent");
	}
}

#define ENDED                                                                                                \
	"{\"Sid\":\"b6cf\",\"DateCreated\":\"2017-03-03 10:48:33\",\"DateUpdated\":\"2017-03-03 10:53:33\",\"AccountSid\":\"acme1\",\"To\":null,"    \
	"\"From\":\"09876543210\",\"PhoneNumberSid\":\"08040001234\",\"Status\":\"completed\",\"StartTime\":\"2017-03-03 10:48:33\","                \
	"\"EndTime\":\"2017-03-03 10:49:50\",\"Duration\":\"17\",\"Price\":\"1.500\",\"Direction\":\"outbound-api\",\"AnsweredBy\":null,"              \
	"\"RecordingUrl\":\"https://recordings.exotel.com/x.mp3\",\"Details\":{\"ConversationDuration\":8,\"Leg1Status\":\"completed\","              \
	"\"Legs\":[{\"Leg\":{\"Id\":1,\"OnCallDuration\":21}}]}}"

static void
test_lookup_replies(void)
{
	VaHttpResponse response = answer_of(200, "{\"Call\":" ENDED "}");
	VaLookup lookup;
	VaEvent event;

	exotel->read_lookup_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_FOUND && lookup.events.count == 1, "a call that ended");
	event = lookup.events.items[0];
	is_str(event.status, "completed", "well");
	is_str(event.to_number, "+919876543210", "called the lead");
	is_str(event.from_number, "+918040001234", "from ours");
	is_str(event.cost, "1.5", "at a price");
	is_str(event.cost_currency, "INR", "in rupees");
	ok(event.ended_at == MS(1488518390) && event.answered_at == MS(1488518390 - 21), "on India's clocks");
	ok(event.has_duration && event.duration_seconds == 21, "of its first leg");
	is_str(event.event_key, "lookup:b6cf:completed", "once");
	is_str(event.account_ref, "acme1", "whose");
	response.carrier = &flow_account;
	exotel->read_lookup_response(&response, &arena, &lookup);
	ok(lookup.events.items[0].ended_at == MS(1488518390 - 5400), "or on the account's");
	is_str(lookup.events.items[0].cost_currency, "IDR", "in its money");
	ok(lookup.events.items[0].cost_currency != va_carrier_setting(&flow_account, "currency"), "not by its memory");
	response = answer_of(200, "{\"Metadata\":{},\"Calls\":[" ENDED ",{\"Call\":" ENDED "},{\"Sid\":1}]}");
	exotel->read_list_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_FOUND && lookup.events.count == 2 && lookup.received == 3 && lookup.unreadable == 1, "a list");
	ok(lookup.oldest_created_at == MS(1488518313), "as old as this");
	response.carrier = &flow_account;
	exotel->read_list_response(&response, &arena, &lookup);
	ok(lookup.oldest_created_at == MS(1488518313 - 5400), "on the account's clocks, too");
	is_str(lookup.events.items[0].cost_currency, "IDR", "and in its money");
	response = answer_of(404, "{\"RestException\":{\"Status\":404,\"Message\":\"Not found\"}}");
	exotel->read_lookup_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_NOT_FOUND, "no such call");
	response = answer_of(401, "");
	exotel->read_list_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_BAD_ACCOUNT, "not our account");
	response = answer_of(200, "[]");
	exotel->read_list_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_RETRY, "no list");
	exotel->read_lookup_response(&response, &arena, &lookup);
	ok(lookup.kind == VA_LOOKUP_RETRY, "no call");
}

/* Whose endpoint it comes to. */
static const VaProviderAccount *receiver;

static bool
heard(const char *method, const char *query, const char *body, VaEvent *event)
{
	VaSignedMessage message = { .method = method, .query = query, .body = body, .body_len = strlen(body), .carrier = receiver };
	VaEvents events;

	memset(event, 0, sizeof(*event));
	if (!exotel->read_webhook(&message, &arena, &events, &why))
		return false;
	*event = events.items[0];
	return events.count == 1;
}

/* What goes along with a request, to read its answer by. */
static void
test_settings(void)
{
	static const char text[] = "{\"account_sid\":\"acme1\",\"limit\":7,\"record\":true,\"webhook\":{\"type\":\"hmac\"},\"none\":null}";
	VaProviderAccount carrier;
	VaProviderAccount again;
	size_t len;
	char *bytes = va_carrier_pack_settings(&flow_account, &len);

	va_carrier_unpack_settings(bytes, len, &again);
	ok(again.nsettings == flow_account.nsettings && again.ncredentials == 0 && again.base_url == NULL, "settings, and nothing else");
	for (int i = 0; i < flow_account.nsettings; i++)
		is_str(va_carrier_setting(&again, flow_account.settings[i].name), flow_account.settings[i].value, "%s", flow_account.settings[i].name);
	va_carrier_unpack_settings(bytes, len - 1, &again);
	ok(again.nsettings == flow_account.nsettings - 1, "half a setting is none");
	va_carrier_unpack_settings(NULL, 0, &again);
	ok(again.nsettings == 0, "of nothing comes nothing");
	free(bytes);
	ok(va_carrier_read_settings(text, sizeof(text) - 1, &arena, &carrier, &why) && carrier.nsettings == 3, "from JSON");
	is_str(va_carrier_setting(&carrier, "limit"), "7", "a number");
	is_str(va_carrier_setting(&carrier, "record"), "true", "a truth");
	ok(!va_carrier_read_settings("[]", 2, &arena, &carrier, &why), "a list is none");
}

static void
test_statuses(void)
{
	static const struct
	{
		const char *theirs;
		const char *status;
		const char *cause_class;
	} table[] = { { "queued", "initiated", NULL },		 { "initiated", "initiated", NULL }, { "ringing", "ringing", NULL },	   { "in-progress", "in_progress", NULL },
				  { "completed", "completed", "ok" },	 { "busy", "busy", "busy" },		   { "no-answer", "no_answer", "no_answer" },
				  /* A number that does not exist, most likely: no fault of Exotel's, which stops campaigns. */
				  { "failed", "no_answer", "no_answer" }, { "canceled", "failed", "canceled" }, { "something-new", NULL, NULL } };
	VaEvent event;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
	{
		const char *body = va_arena_printf(&arena, "{\"CallSid\":\"c\",\"Status\":\"%s\",\"DateUpdated\":\"2017-03-03 10:53:33\"}", table[i].theirs);

		ok(heard("POST", NULL, body, &event), "%s", table[i].theirs);
		is_str(event.status, table[i].status, "its status");
		is_str(event.cause_class, table[i].cause_class, "its class");
		ok((event.kind == VA_EVENT_REPORT) == (table[i].cause_class != NULL), "over, or not");
	}
	ok(heard("POST", NULL, "{\"CallSid\":\"c\",\"EventType\":\"terminal\",\"Status\":\"something-new\"}", &event), "a new end");
	is_str(event.cause_class, "unknown", "is not known");
	is_str(event.status, "failed", "but is one");
}

#define PART(name, value) "--x-1\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static void
test_webhooks(void)
{
	VaEvent event;

	ok(heard("POST", "attempt=va-7",
			 "{\"CallSid\":\"c1\",\"EventType\":\"answered\",\"Status\":\"in-progress\",\"DateUpdated\":\"2017-03-03 10:48:40\",\"From\":\"+919876543210\"}",
			 &event),
	   "answered");
	is_str(event.status, "in_progress", "the call is on");
	is_str(event.attempt_ref, "va-7", "ours, by the query");
	ok(event.answered_at == MS(1488518320), "since then");
	is_str(event.event_key, "c1:answered:in-progress", "once");
	receiver = &flow_account;
	ok(heard("POST", "attempt=va-7&zone=%2B05%3A30",
			 "{\"CallSid\":\"c1\",\"EventType\":\"answered\",\"Status\":\"in-progress\",\"DateUpdated\":\"2017-03-03 10:48:40\"}", &event) &&
		   event.answered_at == MS(1488518320 - 5400),
	   "or on the account's clocks, whatever the sender says");
	receiver = NULL;
	ok(heard("POST", NULL,
			 "{\"CallSid\":\"c1\",\"EventType\":\"terminal\",\"Status\":\"completed\",\"DateUpdated\":\"2017-03-03 10:53:33\",\"EndTime\":\"2017-03-03 10:49:50\","
			 "\"From\":\"+919876543210\",\"PhoneNumberSid\":\"08040001234\",\"ConversationDuration\":0,\"CustomField\":\"va-8\",\"Direction\":\"outbound-api\","
			 "\"RecordingUrl\":\"https://recordings.exotel.com/x.mp3\",\"Legs\":[{\"OnCallDuration\":41,\"Status\":\"completed\",\"AnsweredBy\":\"HUMAN\"}]}",
			 &event),
	   "over");
	ok(event.kind == VA_EVENT_REPORT && event.duration_seconds == 41, "after 41 seconds");
	is_str(event.attempt_ref, "va-8", "ours, by its field");
	is_str(event.machine, "human", "with a person");
	is_str(event.recording_url, "https://recordings.exotel.com/x.mp3", "recorded");
	ok(heard("POST", "attempt=va-9",
			 "CallSid=c1&EventType=terminal&Status=no-answer&DateUpdated=2017-03-03+10%3A53%3A33&Legs%5B0%5D%5BOnCallDuration%5D=0", &event),
	   "as a form");
	is_str(event.status, "no_answer", "nobody was there");
	is_str(event.attempt_ref, "va-9", "ours");
	ok(event.has_duration && event.duration_seconds == 0 && event.answered_at == 0, "no time at all");
	ok(heard("POST", NULL, PART("CallSid", "c1") PART("Status", "completed") PART("CustomField", "va-7") PART("Legs[0][AnsweredBy]", "") "--x-1--\r\n", &event),
	   "or in parts, as a flow sends it");
	is_str(event.status, "completed", "over");
	is_str(event.attempt_ref, "va-7", "ours, by its field");
	is_str(event.provider_call_id, "c1", "which");
	ok(!heard("POST", NULL, PART("CallSid", "c1") "--x-1\r\nContent-Disposition: form-data; name=\"Status\"\r\n\r\ncomp", &event), "half a part is none");
	ok(!heard("POST", NULL, "--x-1--", &event) && !heard("POST", NULL, "--\r\n--\r\n--\r\n", &event), "no part is no call");
	ok(heard("GET", "CallSid=c2&CallFrom=09876543210&CallTo=08040001234&Direction=incoming", "", &event), "somebody calls");
	ok(event.kind == VA_EVENT_INCOMING && !event.wants_answer, "and goes his way");
	is_str(event.from_number, "+919876543210", "who");
	is_str(event.to_number, "+918040001234", "whom");

	ok(heard("POST", NULL, "{\"CallSid\":\"c\",\"Status\":\"completed\",\"EndTime\":\"yesterday\",\"DateUpdated\":\"2017-03-03 10:53:33\",\"Duration\":\"x\"}", &event) &&
		   event.kind == VA_EVENT_REPORT && event.ended_at == event.occurred_at, "a bad time is none");
	is_str(event.details, "{\"leftOut\":[\"EndTime\"]}", "it is named");
	ok(heard("POST", NULL,
			 "CallSid=c&Status=busy&DateCreated=5&EventType=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &event) &&
		   event.created_at == 0, "so it is with a type that is none");
	ok(strstr(event.details, ",\"leftOut\":[\"EventType\",\"DateCreated\"]}") != NULL, "they are named");
	ok(heard("POST", NULL, "{\"Sid\":\"c\",\"CallSid\":\"c\",\"Status\":\"completed\",\"Duration\":41}", &event) && event.duration_seconds == 41,
	   "a duration of the whole call");
	ok(!heard("POST", NULL, "", &event), "nothing");
	ok(!heard("POST", NULL, "{", &event), "half of it");
	ok(!heard("POST", NULL, "{\"CallSid\":\"c\"}", &event), "no status");
	ok(!heard("POST", NULL, "{\"Status\":\"completed\"}", &event), "no call");
	ok(!heard("POST", NULL, "{\"message\":{\"type\":\"status-update\"}}", &event), "another carrier's");
	ok(!heard("POST", NULL, "{\"CallSid\":\"a b\",\"Status\":\"completed\"}", &event), "a bad id");
}

/* Each order of a call's events gives the same set of facts. */
static void
test_orders(void)
{
	static const char *const bodies[] = {
		"{\"CallSid\":\"c1\",\"EventType\":\"ringing\",\"Status\":\"ringing\",\"DateUpdated\":\"2017-03-03 10:48:34\"}",
		"{\"CallSid\":\"c1\",\"EventType\":\"answered\",\"Status\":\"in-progress\",\"DateUpdated\":\"2017-03-03 10:48:40\"}",
		"{\"CallSid\":\"c1\",\"EventType\":\"terminal\",\"Status\":\"completed\",\"DateUpdated\":\"2017-03-03 10:49:50\"}"
	};
	static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	const char *first[3] = { 0 };
	VaEvent event;

	for (int i = 0; i < 6; i++)
		for (int j = 0; j < 3; j++)
		{
			int k = orders[i][j];
			const char *text;

			ok(heard("POST", NULL, bodies[k], &event), "event %d", k);
			text = va_arena_printf(&arena, "%s %s %lld", event.event_key, event.status, (long long) event.occurred_at);
			if (first[k] == NULL)
				first[k] = text;
			is_str(text, first[k], "is the same in every order");
		}
}

static void
test_verify(void)
{
	VaWebhookAuth auth = { .kind = VA_AUTH_VENDOR };
	VaSignedMessage message = { .peer = "203.0.113.7" };

	ok(!exotel->verify(&auth, &message, 0, &why), "no networks are named: nobody is heard");
	snprintf(auth.peers, sizeof(auth.peers), "any");
	ok(exotel->verify(&auth, &message, 0, &why), "any: everybody is");
	snprintf(auth.peers, sizeof(auth.peers), "198.51.100.0/24 203.0.113.0/28");
	ok(exotel->verify(&auth, &message, 0, &why), "from one of them");
	message.peer = "203.0.113.70";
	ok(!exotel->verify(&auth, &message, 0, &why), "from another");
	message.peer = NULL;
	ok(!exotel->verify(&auth, &message, 0, &why), "from nowhere");
}

static bool
checks(const char *name, const char *value)
{
	VaProviderAccount carrier = { .settings = { { name, value } }, .nsettings = 1 };

	return exotel->check_carrier(&carrier, &arena, &why);
}

static void
test_account(void)
{
	ok(checks("timezone_offset", "+05:30") && checks("timezone_offset", "-11:00"), "zones");
	ok(!checks("timezone_offset", "Asia/Kolkata") && !checks("timezone_offset", "+25:00") && !checks("timezone_offset", "+05:90"), "no zones");
	ok(checks("currency", "INR") && !checks("currency", "rupees"), "money");
	ok(checks("webhook_peers", "203.0.113.0/28") && !checks("webhook_peers", "exotel.com"), "networks");
	ok(checks("webhook_peers", "any") && !checks("webhook_peers", "any 203.0.113.0/28"), "or any");
	ok(exotel->provider_requests[VA_REQUEST_HANGUP].build == NULL && exotel->provider_requests[VA_REQUEST_BALANCE].build == NULL, "what it lacks it does not pretend");
}

static const char *
provider_request(VaProviderRequestKind kind, VaProviderRequest order)
{
	VaHttpRequest request;

	order.carrier = &account;
	if (!exotel->provider_requests[kind].build(&order, &arena, &request, &why))
		return va_arena_printf(&arena, "! %s", why);
	return va_arena_printf(&arena, "%s %s%s", request.method, request.url,
						   va_header_find(request.headers, request.nheaders, "authorization") != NULL ? " +key" : "");
}

static VaProviderReply
replied(VaProviderRequestKind kind, int status, const char *body)
{
	VaHttpResponse response = answer_of(status, body);
	VaProviderRequest order = { .carrier = &account, .message_id = "s1" };
	VaProviderReply reply;

	exotel->provider_requests[kind].read(&order, &response, &arena, &reply);
	return reply;
}

static void
test_provider_requests(void)
{
	is_str(provider_request(VA_REQUEST_CHECK_ACCOUNT, (VaProviderRequest){ 0 }), "GET https://api.exotel.com/v1/Accounts/acme1/Calls.json?PageSize=1 +key", "check");
	is_str(provider_request(VA_REQUEST_FETCH_COST, (VaProviderRequest){ .provider_call_id = "c" }),
		   "GET https://api.exotel.com/v1/Accounts/acme1/Calls/c.json?details=true +key", "cost");
	is_str(provider_request(VA_REQUEST_FETCH_RECORDING, (VaProviderRequest){ .recording_url = "https://recordings.exotel.com/x.mp3" }),
		   "GET https://recordings.exotel.com/x.mp3 +key", "a recording of theirs");
	is_str(provider_request(VA_REQUEST_FETCH_RECORDING, (VaProviderRequest){ .recording_url = "https://evilexotel.com/x.mp3" }),
		   "GET https://evilexotel.com/x.mp3", "the key goes to nobody else");
	is_str(provider_request(VA_REQUEST_FETCH_RECORDING, (VaProviderRequest){ .recording_url = "http://recordings.exotel.com/x.mp3" }),
		   "GET http://recordings.exotel.com/x.mp3", "and not in the clear");
	ok(provider_request(VA_REQUEST_FETCH_RECORDING, (VaProviderRequest){ 0 })[0] == '!', "no recording");
	is_str(replied(VA_REQUEST_CHECK_ACCOUNT, 200, "{\"Calls\":[" ENDED "]}").account_ref, "acme1", "it is our account");
	is_str(va_dial_kind_name(replied(VA_REQUEST_CHECK_ACCOUNT, 200, "{\"Calls\":[]}").kind), "accepted", "with no calls yet");
	is_str(va_dial_kind_name(replied(VA_REQUEST_CHECK_ACCOUNT, 401, "").kind), "bad_account", "a bad key");
	is_str(va_dial_kind_name(replied(VA_REQUEST_CHECK_ACCOUNT, 200, "x").kind), "refused_retry", "garbage");
	is_str(va_dial_kind_name(replied(VA_REQUEST_CHECK_ACCOUNT, 502, "").kind), "refused_retry", "out of order");
	is_str(replied(VA_REQUEST_FETCH_COST, 200, "{\"Call\":" ENDED "}").cost, "1.5", "a price");
	ok(replied(VA_REQUEST_FETCH_COST, 200, "{\"Call\":{\"Sid\":\"c\",\"Status\":\"completed\",\"Price\":null}}").cost == NULL, "no price yet");
	is_str(replied(VA_REQUEST_FETCH_RECORDING, 200, "ID3").content_type, "audio/mpeg", "a recording");
}

/* "delivered FAILED_X", or what was wrong. */
static const char *
message_of(const char *members)
{
	VaProviderReply reply = replied(VA_REQUEST_FETCH_TEXT, 200, va_arena_printf(&arena, "{\"SMSMessage\":{\"Sid\":\"s1\"%s}}", members));

	if (reply.text == NULL)
		return reply.message;
	return va_arena_printf(&arena, "%s %s %s %s %s", reply.text->status ? reply.text->status : "-", reply.text->cause ? reply.text->cause : "-",
						   reply.text->from_number ? reply.text->from_number : "-", reply.text->to_number ? reply.text->to_number : "-", reply.text->transcript ? reply.text->transcript : "-");
}

static void
test_texts(void)
{
	VaProviderRequest order = { .number = "+919812345678", .from_number = "+911401234567", .text = "Your order is here.", .attempt_ref = "text-7", .dlt_header = "ACMEIN", .dlt_entity = "1101", .dlt_template = "1107",
		.server_url = "https://us.example/w/x", .carrier = &account };
	VaHttpRequest request;
	VaEvents events = { 0 };
	VaEvent event;

	ok(exotel->provider_requests[VA_REQUEST_SEND_TEXT].build(&order, &arena, &request, &why), "a text is built");
	is_str(request.url, "https://api.exotel.com/v1/Accounts/acme1/Sms/send.json", "... and goes to");
	is_str(va_arena_printf(&arena, "%.*s", (int) request.body_len, request.body),
		   "From=ACMEIN&To=%2B919812345678&Body=Your%20order%20is%20here.&DltEntityId=1101&DltTemplateId=1107&CustomField=text-7"
		   "&StatusCallback=https%3A%2F%2Fus.example%2Fw%2Fx%3Fas%3Dtext%26attempt%3Dtext-7", "... with the DLT's ids");
	order.dlt_header = "600123";
	ok(exotel->provider_requests[VA_REQUEST_SEND_TEXT].build(&order, &arena, &request, &why) && strstr(request.body, "&SmsType=promotional&") != NULL, "a header of digits is advertising");
	order.text = NULL;
	ok(!exotel->provider_requests[VA_REQUEST_SEND_TEXT].build(&order, &arena, &request, &why), "one that must not go any more does not");
	is_str(replied(VA_REQUEST_SEND_TEXT, 200, "{\"SMSMessage\":{\"Sid\":\"s1\",\"Status\":\"queued\"}}").text_id, "s1", "it is taken");
	is_str(va_dial_kind_name(replied(VA_REQUEST_SEND_TEXT, 200, "{}").kind), "unknown", "without an id nobody can tell");
	is_str(va_dial_kind_name(replied(VA_REQUEST_SEND_TEXT, 502, "").kind), "unknown", "nor of an answer that is none");
	is_str(replied(VA_REQUEST_SEND_TEXT, 403, "{\"RestException\":{\"Message\":\"Recipient is DND\"}}").cause, "blocked", "a number on India's register is blocked");
	is_str(provider_request(VA_REQUEST_FETCH_TEXT, (VaProviderRequest){ .message_id = "a/b" }), "GET https://api.exotel.com/v1/Accounts/acme1/SMS/Messages/a%2Fb.json +key", "it is asked about");
	is_str(message_of(",\"Status\":\"sent\",\"DetailedStatus\":\"DELIVERED_TO_HANDSET\",\"DetailedStatusCode\":20000,\"To\":\"09812345678\""), "delivered - - +919812345678 -", "words count, and not numbers");
	is_str(message_of(",\"Status\":\"sent\",\"DetailedStatus\":\"DELIVERED_TO_OPERATOR\""), "sent - - - -", "an operator is no handset");
	is_str(message_of(",\"Status\":\"failed-dnd\""), "failed blocked - - -", "India's register");
	is_str(message_of(",\"Status\":\"failed\",\"DetailedStatus\":\"FAILED_DLT_TEMPLATE\""), "failed FAILED_DLT_TEMPLATE - - -", "a template that is none");
	is_str(message_of(",\"Status\":\"submitted\""), "- - - - -", "on its way");
	is_str(message_of(",\"Status\":\"odd\",\"DetailedStatus\":\"NEW_WORD\""), "- - - - -", "what nobody knows moves nothing");
	is_str(message_of(",\"Direction\":\"inbound\",\"From\":\"+919812345678\",\"To\":\"08040001234/ACME\",\"Body\":\"STOP\""), "received - +919812345678 +918040001234 STOP", "somebody wrote");
	is_str(replied(VA_REQUEST_FETCH_TEXT, 200, "{\"SMSMessage\":{\"Sid\":\"s2\"}}").message, "the answer is about another text", "another's answer is none");
	ok(heard("POST", "as=text&attempt=text-7", "SmsSid=s1&Status=sent&DetailedStatus=DELIVERED_TO_HANDSET&To=09812345678", &event), "its callback");
	events.items = &event;
	events.count = 1;
	va_events_unproven(&events);
	ok(event.kind == VA_EVENT_TEXT, "... is of a text");
	is_str(event.status, "hint", "... and no more than a hint");
	is_str(event.attempt_ref, "text-7", "... with our reference");
	ok(heard("GET", "as=text&SmsSid=s3&From=09812345678&To=08040001234&Body=stop", "", &event), "a text of theirs by GET");
	is_str(va_arena_printf(&arena, "%s %s %s", event.status, event.from_number, event.transcript), "received +919812345678 stop", "... is read");
	ok(!heard("POST", "as=text", "Status=sent", &event), "without an id nothing is");
}

int
main(void)
{
	exotel = va_driver("exotel");
	test_requests();
	test_lookups();
	test_dial_replies();
	test_lookup_replies();
	test_settings();
	test_statuses();
	test_webhooks();
	test_orders();
	test_verify();
	test_account();
	test_provider_requests();
	test_texts();
	va_arena_free(&arena);
	return done_testing();
}
