/*
 * test_asterisk_events.c
 *		Asterisk's events: every hangup cause, the frames of whole calls as
 *		Asterisk 22 wrote them, and what goes on there when nobody listened.
 */
#include "pure/providers/asterisk/asterisk_internal.h"

#include "drivers.h"

static const VaDriver *asterisk;

#define CHANNEL(state, app)                                                                                           \
	"{\"id\":\"va-7-42\",\"name\":\"PJSIP/trunk-1\",\"state\":\"" state                                               \
	"\",\"creationtime\":\"2026-11-20T17:13:48.011+0000\",\"dialplan\":{\"app_name\":\"" app "\"}}"

/* ---- causes ---- */

static void
test_causes(void)
{
	static const struct
	{
		int cause;
		int sip;
		const char *status;
		const char *cause_class;
	} lines[] = {
		{ 0, 0, "failed", "retry" },		  { 1, 0, "failed", "bad_number" },	 { 1, 404, "failed", "bad_number" },
		{ 1, 485, "failed", "bad_number" },	  { 1, 604, "failed", "bad_number" }, { 2, 0, "failed", "refused" },
		{ 3, 0, "failed", "refused" },	  { 16, 0, "failed", "canceled" },	 { 16, 487, "failed", "canceled" },
		{ 17, 0, "busy", "busy" },			  { 17, 486, "busy", "busy" },		 { 17, 600, "busy", "busy" },
		{ 18, 408, "no_answer", "no_answer" }, { 19, 480, "no_answer", "no_answer" },
		{ 19, 483, "failed", "retry" },		  { 127, 402, "failed", "account" }, { 16, 301, "failed", "bad_number" },
		{ 16, 300, "failed", "refused" },	  { 23, 302, "failed", "refused" },	 { 16, 305, "failed", "refused" },
		{ 16, 380, "failed", "refused" },	  { 127, 608, "failed", "refused" }, { 127, 607, "failed", "bad_number" },
		{ 20, 0, "no_answer", "no_answer" }, { 21, 603, "busy", "busy" },
		{ 21, 0, "busy", "busy" },			  { 21, 401, "failed", "account" },	 { 21, 403, "failed", "account" },
		{ 21, 407, "failed", "account" },	  { 22, 410, "failed", "bad_number" }, { 26, 0, "failed", "canceled" },
		{ 27, 0, "failed", "retry" },		  { 28, 484, "failed", "bad_number" }, { 31, 0, "failed", "retry" },
		{ 34, 503, "failed", "retry" },		  { 38, 500, "failed", "retry" },	 { 41, 0, "failed", "retry" },
		{ 42, 0, "failed", "retry" },		  { 44, 0, "failed", "retry" },		 { 58, 488, "failed", "retry" },
		{ 58, 606, "failed", "retry" },		  { 102, 504, "failed", "retry" },	 { 127, 0, "failed", "retry" },
		{ 99, 0, "failed", "unknown" },		  { 100000, 999, "failed", "unknown" },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
	{
		AsteriskEnd end = asterisk_end(lines[i].cause, lines[i].sip, false);

		ok(strcmp(end.status, lines[i].status) == 0 && strcmp(end.cause_class, lines[i].cause_class) == 0,
		   "cause %d, SIP %d: %s %s", lines[i].cause, lines[i].sip, end.status, end.cause_class);
		end = asterisk_end(lines[i].cause, lines[i].sip, true);
		ok(strcmp(end.status, "completed") == 0 && strcmp(end.cause_class, "ok") == 0,
		   "cause %d of a call that was answered", lines[i].cause);
	}
}

/* ---- events ---- */

static bool
read_frame(const char *body, VaEvents *events)
{
	VaSignedMessage message = { .body = body, .body_len = strlen(body) };

	return asterisk->read_webhook(&message, &arena, events, &why);
}

/* "kind status class wants_answer", of one event; "nothing", or why it cannot be read. */
static const char *
summary(const char *body)
{
	VaEvents events;
	const VaEvent *event;

	if (!read_frame(body, &events))
		return why;
	if (events.count == 0)
		return "nothing";
	event = &events.items[0];
	return va_arena_printf(&arena, "%s %s %s%s", va_event_kind_name(event->kind), event->status ? event->status : "-",
						   event->cause_class ? event->cause_class : "-", event->wants_answer ? " wants_answer" : "");
}

#define AT "\"application\":\"voiceagent\",\"timestamp\":\"2026-11-20T17:13:48.012+0000\""
#define OF(type, rest) "{\"type\":\"" type "\"," AT "," rest "}"
#define CALLER(state, data)                                                                                           \
	"\"channel\":{\"id\":\"1.2\",\"state\":\"" state "\",\"caller\":{\"number\":\"14155550111\"},\"creationtime\":"      \
	"\"2026-11-20T17:13:40.000+0000\",\"dialplan\":{\"exten\":\"s\",\"app_name\":\"Stasis\",\"app_data\":\"" data "\"}}"
#define OUR(state) "\"channel\":" CHANNEL(state, "AppDial2")

static void
test_events(void)
{
	static const struct
	{
		const char *body;
		const char *summary;
	} lines[] = {
		{ OF("ChannelCreated", OUR("Down")), "status initiated -" },
		{ OF("ChannelStateChange", OUR("Ringing")), "status ringing -" },
		{ OF("ChannelStateChange", OUR("Up")), "status in_progress -" },
		{ OF("ChannelStateChange", OUR("Busy")), "nothing" },
		{ OF("StasisStart", "\"args\":[\"attempt\",\"va-7-42\"]," OUR("Up")), "status in_progress - wants_answer" },
		{ OF("StasisStart", "\"args\":[]," OUR("Down")), "status initiated -" },
		{ OF("StasisStart", "\"args\":[\"inbound\",\"12025550100\"],\"channel\":{\"id\":\"1.2\",\"state\":\"Ring\","
							"\"caller\":{\"number\":\"14155550111\"}}"),
		  "incoming ringing - wants_answer" },
		{ OF("StasisStart", "\"args\":[\"inbound\",\"12025550100\"],\"channel\":{\"id\":\"1.2\",\"state\":\"Up\"}"),
		  "incoming in_progress - wants_answer" },
		{ OF("ChannelStateChange", CALLER("Up", "voiceagent,inbound,12025550100")), "status in_progress - wants_answer" },
		{ OF("ChannelStateChange", CALLER("Ring", "voiceagent,inbound,12025550100")), "status ringing -" },
		{ OF("ChannelStateChange", CALLER("Up", "voiceagent")), "status in_progress -" },
		{ OF("StasisStart", "\"args\":[\"record\",\"va-7-42\"],\"channel\":{\"id\":\"va-7-42.rec\",\"state\":\"Up\"}"),
		  "recording - - wants_answer" },
		{ OF("StasisStart", "\"args\":[],\"channel\":{\"id\":\"va-7-42.media-0a1b2c3d\",\"state\":\"Up\"}"), "stream - - wants_answer" },
		{ OF("ChannelStateChange", "\"channel\":{\"id\":\"va-7-42.media-0a1b2c3d\",\"state\":\"Up\"}"), "nothing" },
		{ OF("ChannelDestroyed", "\"cause\":16,\"channel\":{\"id\":\"va-7-42.media-0a1b2c3d\",\"state\":\"Up\"}"), "stream - -" },
		{ OF("StasisStart", "\"args\":[\"inbound\",\"1\"],\"channel\":{\"id\":\"va-7-42.rec\",\"state\":\"Up\"}"), "nothing" },
		{ OF("ChannelStateChange", "\"channel\":{\"id\":\"va-7-42.rec\",\"state\":\"Up\"}"), "nothing" },
		{ OF("ChannelDestroyed", "\"cause\":16,\"channel\":{\"id\":\"va-7-42.rec\",\"state\":\"Up\"}"), "nothing" },
		{ OF("Dial", "\"dialstatus\":\"\",\"peer\":{\"id\":\"1.3\",\"state\":\"Down\"}"), "nothing" },
		{ OF("StasisEnd", OUR("Up")), "nothing" },
		{ OF("StasisEnd", CALLER("Up", "voiceagent,inbound,12025550100")), "report completed ok" },
		{ OF("StasisEnd", CALLER("Ring", "voiceagent,inbound,12025550100")), "report no_answer no_answer" },
		{ OF("Dial", "\"dialstatus\":\"\",\"peer\":" CHANNEL("Down", "")), "status initiated -" },
		{ OF("Dial", "\"dialstatus\":\"RINGING\",\"peer\":" CHANNEL("Down", "")), "status ringing -" },
		{ OF("Dial", "\"dialstatus\":\"PROGRESS\",\"peer\":" CHANNEL("Down", "")), "status ringing -" },
		{ OF("Dial", "\"dialstatus\":\"BUSY\",\"peer\":" CHANNEL("Down", "")), "nothing" },
		{ OF("Dial", "\"dialstatus\":\"ANSWER\",\"peer\":" CHANNEL("Up", "")), "nothing" },
		{ OF("Dial", "\"dialstatus\":\"\""), "the channel is missing" },
		{ OF("ChannelDestroyed", "\"cause\":16,\"cause_txt\":\"Normal Clearing\"," OUR("Up")), "report completed ok" },
		{ OF("ChannelDestroyed", "\"cause\":17,\"cause_txt\":\"User busy\"," OUR("Down")), "report busy busy" },
		{ OF("ChannelDestroyed", "\"cause\":21,\"tech_cause\":403," OUR("Down")), "report failed account" },
		{ OF("ChannelDestroyed", "\"cause\":19," OUR("Ringing")), "report no_answer no_answer" },
		{ OF("ChannelDestroyed", "\"cause\":0,\"cause_txt\":\"Unknown\"," OUR("Ringing")), "report no_answer no_answer" },
		{ OF("ChannelDestroyed", "\"cause\":0," OUR("Down")), "report failed retry" },
		{ OF("ChannelDestroyed", "\"cause\":21,\"tech_cause\":607," OUR("Ringing")), "report failed bad_number" },
		{ OF("ChannelDestroyed", "\"cause\":\"17\"," OUR("Down")), "report busy busy" },
		{ OF("ChannelDestroyed", "\"cause\":-1," OUR("Ringing")), "report no_answer no_answer" },
		{ OF("ChannelDestroyed", "\"cause\":-1," OUR("Up")), "report completed ok" },
		{ OF("ChannelDestroyed", "\"cause\":17"), "the channel's id is missing or not valid" },
		{ OF("ChannelDestroyed", "\"cause\":17,\"channel\":{\"id\":\"va-7-42;2\",\"state\":\"Ring\"}"), "nothing" },
		{ OF("PlaybackStarted", "\"playback\":{\"id\":\"p\",\"target_uri\":\"channel:va-7-42\"}"), "nothing" },
		{ OF("PlaybackFinished", "\"playback\":{\"id\":\"p\",\"target_uri\":\"channel:va-7-42\",\"state\":\"done\"}"),
		  "spoken - -" },
		{ OF("PlaybackFinished", "\"playback\":{\"id\":\"p\",\"target_uri\":\"channel:va-7-42\",\"state\":\"failed\"}"),
		  "spoken - -" },
		{ OF("PlaybackFinished", "\"playback\":{\"id\":\"p\",\"target_uri\":\"bridge:b\"}"), "nothing" },
		{ OF("RecordingFinished", "\"recording\":{\"name\":\"r\",\"target_uri\":\"channel:va-7-42\"}"),
		  "recording - -" },
		{ OF("ChannelDtmfReceived", "\"digit\":\"5\"," OUR("Up")), "key - -" },
		{ OF("ChannelVarset", "\"variable\":\"X\",\"value\":\"Y\"," OUR("Up")), "nothing" },
		{ OF("DeviceStateChanged", "\"device_state\":{}"), "nothing" },
		{ "{\"type\":\"MissingParams\",\"params\":[\"app\"]}", "the event's timestamp is missing or not a time" },
		{ "{\"type\":\"Dial\"}", "the event's timestamp is missing or not a time" },
		{ "{}", "the event's type is missing or not valid" },
		{ "{\"type\":\"a b\"," AT "}", "the event's type is missing or not valid" },
		{ "[]", "the event is not a JSON object" },
	};
	VaEvents events;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		is_str(summary(lines[i].body), lines[i].summary, "%s", lines[i].body);
	ok(!read_frame("", &events) && !read_frame("{", &events) && !read_frame("\x81\x7e", &events), "garbage");
	ok(!read_frame(nested(1000, "{}"), &events), "1,000 levels");
	ok(read_frame(OF("StasisStart", "\"args\":[\"inbound\",\"12025550100\"],\"channel\":{\"id\":\"1.2\",\"state\":"
									"\"Ring\",\"caller\":{\"number\":\"anonymous\"}}"),
				  &events),
	   "somebody calls");
	is_str(events.items[0].to_number, "+12025550100", "which number");
	is_str(events.items[0].from_number, "anonymous", "who");
	is_str(events.items[0].attempt_ref, NULL, "no attempt of ours");
	is_str(events.items[0].account_ref, "voiceagent", "of which application");
	ok(read_frame(OF("ChannelStateChange", CALLER("Up", "voiceagent,inbound,12025550100")), &events), "it is taken");
	is_str(events.items[0].to_number, "+12025550100", "which number, by what it came with");
	is_str(events.items[0].from_number, "+14155550111", "who");
	ok(read_frame(OF("StasisStart", "\"args\":[\"record\",\"va-7-42\"],\"channel\":{\"id\":\"va-7-42.rec\",\"state\":\"Up\"}"), &events),
	   "a recorder");
	is_str(events.items[0].provider_call_id, "va-7-42", "... of which call");
	is_str(events.items[0].attempt_ref, "va-7-42", "... which is ours");
	is_str(events.items[0].control_url, "va-7-42.rec", "... and itself");
	is_str(events.items[0].recording_url, NULL, "... there is nothing to fetch yet");
	ok(read_frame(OF("RecordingFinished", "\"recording\":{\"name\":\"va-7-42\",\"target_uri\":\"channel:va-7-42.rec\"}"), &events),
	   "what it has recorded");
	is_str(events.items[0].attempt_ref, "va-7-42", "... is of the call");
	is_str(events.items[0].recording_url, "recording:va-7-42", "... and lies there");
	ok(read_frame("{\"type\":\"ApplicationReplaced\"," AT "}", &events) && events.count == 0 && events.silenced != NULL,
	   "another has taken our place");
	ok(read_frame(OF("ChannelDestroyed", "\"cause\":21,\"tech_cause\":603,\"cause_txt\":\"Call Rejected\"," OUR("Down")),
				  &events),
	   "declined");
	is_str(events.items[0].cause, "q850-21 sip-603", "the cause");
	is_str(events.items[0].details, "{\"cause\":21,\"causeText\":\"Call Rejected\",\"techCause\":603}", "details");
	is_str(events.items[0].event_key, "va-7-42:ChannelDestroyed:1795194828012", "the key");
	is_str(events.items[0].attempt_ref, "va-7-42", "our reference");
	ok(events.items[0].has_duration && events.items[0].duration_seconds == 0, "it cost nobody's time");
	ok(events.items[0].ended_at == INT64_C(1795194828012) && events.items[0].created_at == INT64_C(1795194828011), "times");
	ok(read_frame(OF("ChannelDestroyed", "\"cause\":19,\"tech_cause\":480,\"channel\":{\"id\":\"va-7-42\",\"state\":\"Down\",\"creationtime\":\"2026-11-20T17:13:18.012+0000\"}"),
				  &events), "nothing was heard of it");
	is_str(events.items[0].details, "{\"cause\":19,\"techCause\":480,\"unheard\":30.0}", "... for so long");
	ok(read_frame(OF("ChannelDestroyed", "\"cause\":[],\"tech_cause\":\"x\",\"channel\":{\"id\":\"va-7-42\",\"creationtime\":\"x\"}"), &events) &&
		   events.items[0].created_at == 0, "an end with nothing that can be read of it is one");
	is_str(events.items[0].details, "{\"cause\":0,\"leftOut\":[\"creationtime\",\"cause\",\"tech_cause\"]}", "... which says so");
	ok(read_frame(OF("ChannelStateChange", "\"channel\":{\"id\":\"va-7-42\",\"state\":\"Up\",\"creationtime\":7}"), &events) &&
		   events.items[0].answered_at == INT64_C(1795194828012), "it answers");
	is_str(events.items[0].details, "{\"leftOut\":[\"creationtime\"]}", "... whenever it was made");
	ok(read_frame(OF("RecordingFinished", "\"recording\":{\"name\":\"r\",\"target_uri\":\"channel:va-7-42\"}"), &events),
	   "recorded");
	is_str(events.items[0].recording_url, "recording:r", "where it lies");
}

static void
test_waiting(void)
{
	static const char list[] =
		"[{\"id\":\"1.2\",\"state\":\"Ring\",\"creationtime\":\"2026-11-20T17:13:48.012+0000\",\"dialplan\":"
		"{\"exten\":\"s\",\"app_name\":\"Stasis\",\"app_data\":\"voiceagent,inbound,12025550100\"}},"
		"{\"id\":\"1.3\",\"state\":\"Up\",\"creationtime\":\"2026-11-20T17:13:48.012+0000\",\"dialplan\":"
		"{\"app_name\":\"Stasis\",\"app_data\":\"another,inbound,12025550100\"}},"
		"{\"id\":\"1.4\",\"state\":\"Up\",\"creationtime\":\"2026-11-20T17:13:48.012+0000\",\"dialplan\":"
		"{\"app_name\":\"Dial\",\"app_data\":\"voiceagent,inbound,12025550100\"}},"
		"{\"id\":\"va-7-42\",\"state\":\"Up\",\"creationtime\":\"2026-11-20T17:13:48.012+0000\",\"dialplan\":"
		"{\"app_name\":\"Stasis\",\"app_data\":\"voiceagent,attempt,va-7-42\"}},"
		"{\"id\":\"va-7-42.rec\",\"state\":\"Up\",\"creationtime\":\"2026-11-20T17:13:48.012+0000\",\"dialplan\":"
		"{\"app_name\":\"Stasis\",\"app_data\":\"voiceagent,record,va-7-42\"}}, 7, {\"id\":\"\"}, null]";
	static const char *const bad[] = { "", "{", "{}", "7" };
	VaProviderAccount carrier = { 0 }; /* of the default application */
	VaHttpResponse response = reply_of(200, list);
	VaWaiting waiting;
	VaEvents events;

	ok(asterisk->read_waiting(&carrier, &response, &arena, &waiting, &why), "what goes on there");
	ok(waiting.nids == 5 && strcmp(waiting.ids[4], "va-7-42.rec") == 0, "every call is named");
	ok(waiting.nframes == 2, "two wait for us");
	ok(read_frame(waiting.frames[0], &events) && events.items[0].kind == VA_EVENT_INCOMING && events.items[0].wants_answer,
	   "somebody who calls");
	is_str(events.items[0].to_number, "+12025550100", "... this number");
	is_str(events.items[0].account_ref, "voiceagent", "... of our application");
	ok(read_frame(waiting.frames[1], &events) && events.items[0].kind == VA_EVENT_RECORDING && events.items[0].wants_answer,
	   "and a recorder");
	carrier.settings[carrier.nsettings++] = (VaNamedText){ "app", "another" };
	ok(asterisk->read_waiting(&carrier, &response, &arena, &waiting, &why) && waiting.nframes == 1, "another application");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		response = reply_of(200, bad[i]);
		ok(!asterisk->read_waiting(&carrier, &response, &arena, &waiting, &why) && why != NULL, "no list: %s", bad[i]);
	}
	response = reply_of(401, "[]");
	ok(!asterisk->read_waiting(&carrier, &response, &arena, &waiting, &why), "a refusal");
	response = reply_of(200, nested(1000, "1"));
	ok(!asterisk->read_waiting(&carrier, &response, &arena, &waiting, &why) || waiting.nids == 0, "1,000 levels");
}

/* Every order of a call's frames gives the same set of events, with keys of their own. */
static const char *const whole_call[] = {
	OF("Dial", "\"dialstatus\":\"\",\"peer\":" CHANNEL("Down", "AppDial2")),
	OF("ChannelStateChange", OUR("Ringing")),
	OF("ChannelStateChange", OUR("Up")),
	OF("StasisStart", "\"args\":[\"attempt\",\"va-7-42\"]," OUR("Up")),
	OF("PlaybackFinished", "\"playback\":{\"id\":\"p\",\"target_uri\":\"channel:va-7-42\",\"state\":\"done\"}"),
	OF("ChannelDestroyed", "\"cause\":16," OUR("Up")),
};

#define FRAMES ((int) (sizeof(whole_call) / sizeof(whole_call[0])))

static int permutations = 0;
static int differing = 0;

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static void
permute(int *order, int n, const char *expected)
{
	if (n == FRAMES)
	{
		const char *texts[FRAMES];
		char all[4096] = "";

		for (int i = 0; i < FRAMES; i++)
		{
			VaEvents events;

			texts[i] = read_frame(whole_call[order[i]], &events) && events.count == 1
						   ? va_arena_printf(&arena, "%s %s %lld", events.items[0].event_key, summary(whole_call[order[i]]),
											 (long long) events.items[0].occurred_at)
						   : "?";
		}
		qsort(texts, FRAMES, sizeof(texts[0]), compare_texts);
		for (int i = 0; i < FRAMES; i++)
			strcat(strcat(all, texts[i]), "\n");
		permutations++;
		differing += strcmp(all, expected) != 0;
		va_arena_free(&arena);
		return;
	}
	for (int i = n; i < FRAMES; i++)
	{
		int was = order[n];

		order[n] = order[i];
		order[i] = was;
		permute(order, n + 1, expected);
		order[i] = order[n];
		order[n] = was;
	}
}

static void
test_permutations(void)
{
	int order[FRAMES] = { 0, 1, 2, 3, 4, 5 };

	permute(order, 0,
			"va-7-42:ChannelDestroyed:1795194828012 report completed ok 1795194828012\n"
			"va-7-42:ChannelStateChange:Ringing:1795194828012 status ringing - 1795194828012\n"
			"va-7-42:ChannelStateChange:Up:1795194828012 status in_progress - 1795194828012\n"
			"va-7-42:Dial:initiated:1795194828012 status initiated - 1795194828012\n"
			"va-7-42:PlaybackFinished:p:1795194828012 spoken - - 1795194828012\n"
			"va-7-42:StasisStart:1795194828012 status in_progress - wants_answer 1795194828012\n");
	is_int(permutations, 720, "all orders of a call's frames");
	is_int(differing, 0, "say the same");
}

int
main(void)
{
	asterisk = va_driver("asterisk");
	test_causes();
	test_events();
	test_waiting();
	test_permutations();
	va_arena_free(&arena);
	return done_testing();
}
