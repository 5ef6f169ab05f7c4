/*
 * test_dialects.c
 *		The sockets of calls, by the frames that carriers send; what we write;
 *		and what breaks their protocols.
 */
#include "pure/dialects/dialect.h"
#include "pure/text/json.h"

#include "tap.h"

static VaArena arena;
static VaStream stream;
static VaMediaEvent event;
static VaMediaMessages messages;
static const char *why;

static bool
hear(const char *text)
{
	why = NULL;
	return va_stream_read(&stream, false, text, strlen(text), &arena, &event, &why);
}

static bool
hear_bytes(const void *bytes, size_t len)
{
	return va_stream_read(&stream, true, bytes, len, &arena, &event, &why);
}

static void
is_written(int i, const char *expected, const char *what)
{
	ok(i < messages.count && !messages.items[i].binary && messages.items[i].len == strlen(expected), "%s: its length", what);
	is_str(i < messages.count ? messages.items[i].bytes : "none", expected, "%s", what);
}

/* ---- Twilio ---- */

#define TWILIO_START                                                                                                  \
	"{\"event\":\"start\",\"sequenceNumber\":\"1\",\"streamSid\":\"MZ1\",\"start\":{\"accountSid\":\"AC1\",\"streamSid\":\"MZ1\"," \
	"\"callSid\":\"CA1\",\"tracks\":[\"inbound\"],\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\",\"sampleRate\":8000,\"channels\":1}," \
	"\"customParameters\":{}}}"

static void
test_twilio(void)
{
	static const int16_t samples[3] = { 0, 100, -100 };

	va_stream_begin(&stream, va_dialect("twilio"));
	ok(hear("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}") && event.kind == VA_MEDIA_NOTHING, "connected");
	ok(hear(TWILIO_START) && event.kind == VA_MEDIA_START, "start");
	is_str(event.call_id, "CA1", "... of a call");
	is_str(event.account, "AC1", "... of an account");
	ok(stream.format.encoding == VA_AUDIO_MULAW && stream.format.rate == 8000, "... in mu-law");
	ok(hear("{\"event\":\"media\",\"sequenceNumber\":\"4\",\"streamSid\":\"MZ1\",\"media\":{\"track\":\"inbound\",\"chunk\":\"2\","
			"\"timestamp\":\"5\",\"payload\":\"/38A\"}}") && event.kind == VA_MEDIA_AUDIO && event.audio_len == 3 && event.chunk == 2 &&
	   memcmp(event.audio, "\xff\x7f\0", 3) == 0, "audio");
	ok(hear("{\"event\":\"media\",\"streamSid\":\"MZ1\",\"media\":{\"track\":\"outbound\",\"payload\":\"/38A\"}}") &&
	   event.kind == VA_MEDIA_NOTHING, "our own audio is not heard");
	ok(hear("{\"event\":\"dtmf\",\"sequenceNumber\":\"5\",\"streamSid\":\"MZ1\",\"dtmf\":{\"track\":\"inbound_track\",\"digit\":\"1\"}}") &&
	   event.kind == VA_MEDIA_KEY && event.key == '1', "a key");
	ok(hear("{\"event\":\"clear\",\"streamSid\":\"MZ1\"}") && event.kind == VA_MEDIA_CLEAR, "the talk begins anew");
	ok(hear("{\"event\":\"clearedAudio\",\"streamId\":\"MZ1\"}") && event.kind == VA_MEDIA_NOTHING, "... but not where audio was dropped");
	ok(hear("{\"event\":\"dtmf\",\"dtmf\":{\"digit\":\"x\"}}") && event.kind == VA_MEDIA_NOTHING, "... and none");
	ok(hear("{\"event\":\"mark\",\"sequenceNumber\":\"9\",\"streamSid\":\"MZ1\",\"mark\":{\"name\":\"m1\"}}") && event.kind == VA_MEDIA_NOTHING, "a mark, which we ask for none");
	ok(va_stream_open(&stream, &arena, &messages) && messages.count == 0, "nothing opens it");
	ok(va_stream_audio(&stream, samples, 3, &arena, &messages), "we say something");
	is_written(0, "{\"event\":\"media\",\"streamSid\":\"MZ1\",\"media\":{\"payload\":\"//Jy\"}}", "audio");
	ok(va_stream_clear(&stream, &arena, &messages), "drop it");
	is_written(0, "{\"event\":\"clear\",\"streamSid\":\"MZ1\"}", "clear");
	ok(va_stream_hang_up(&stream, &arena, &messages) && messages.count == 0, "closing the socket ends the call");
	ok(hear("{\"event\":\"stop\",\"sequenceNumber\":\"10\",\"streamSid\":\"MZ1\",\"stop\":{\"accountSid\":\"AC1\",\"callSid\":\"CA1\"}}") &&
	   event.kind == VA_MEDIA_STOP, "stop");
}

/* ---- Exotel ---- */

static void
test_exotel(void)
{
	static int16_t samples[1600];

	va_stream_begin(&stream, va_dialect("exotel"));
	ok(hear("{\"event\":\"connected\"}") && event.kind == VA_MEDIA_NOTHING, "connected");
	ok(hear("{\"event\":\"start\",\"sequence_number\":\"1\",\"stream_sid\":\"s\",\"start\":{\"stream_sid\":\"s\",\"call_sid\":\"c\",\"account_sid\":\"a\","
			"\"from\":\"0\",\"to\":\"0\",\"custom_parameters\":{\"token\":\"t\"},\"media_format\":{\"encoding\":\"audio/x-raw\",\"sample_rate\":\"8000\","
			"\"bit_rate\":\"16\"}}}") && event.kind == VA_MEDIA_START, "start");
	is_str(event.call_id, "c", "... of a call");
	ok(stream.format.encoding == VA_AUDIO_PCM16, "... in samples");
	ok(hear("{\"event\":\"media\",\"sequence_number\":\"3\",\"stream_sid\":\"s\",\"media\":{\"chunk\":\"2\",\"timestamp\":\"100\",\"payload\":\"AQL//w==\"}}") &&
	   event.kind == VA_MEDIA_AUDIO && event.audio_len == 4 && event.chunk == 2, "audio");
	ok(hear("{\"event\":\"dtmf\",\"stream_sid\":\"s\",\"dtmf\":{\"digit\":\"#\",\"duration\":\"100\"}}") && event.key == '#', "a key");
	ok(va_stream_audio(&stream, samples, 100, &arena, &messages), "we say a little");
	ok(messages.items[0].len == strlen("{\"event\":\"media\",\"stream_sid\":\"s\",\"media\":{\"payload\":\"\"}}") + (3200 + 2) / 3 * 4,
	   "a piece is filled up to what Exotel takes");
	ok(va_stream_audio(&stream, samples, 1600, &arena, &messages) && strstr(messages.items[0].bytes, "\"stream_sid\":\"s\"") != NULL, "200 ms");
	ok(va_stream_clear(&stream, &arena, &messages), "drop it");
	is_written(0, "{\"event\":\"clear\",\"stream_sid\":\"s\"}", "clear");
	ok(hear("{\"event\":\"stop\",\"stream_sid\":\"s\",\"stop\":{\"call_sid\":\"c\",\"account_sid\":\"a\",\"reason\":\"callended\"}}") &&
	   event.kind == VA_MEDIA_STOP, "stop");
	is_str(event.reason, "callended", "... and why");

	va_stream_begin(&stream, va_dialect("exotel"));
	ok(hear("{\"event\":\"start\",\"streamSid\":\"s\",\"start\":{\"streamSid\":\"s\",\"callSid\":\"c\",\"mediaFormat\":{\"sampleRate\":16000}}}") &&
	   stream.format.rate == 16000 && stream.format.encoding == VA_AUDIO_PCM16, "the other spelling, and numbers as numbers");
}

/* ---- Asterisk ---- */

static void
test_asterisk(void)
{
	static const int16_t samples[2] = { 0, 100 };

	va_stream_begin(&stream, va_dialect("asterisk"));
	ok(hear("{\"event\":\"MEDIA_START\",\"connection_id\":\"c\",\"channel\":\"WebSocket/c\",\"channel_id\":\"va-1.media\",\"format\":\"ulaw\","
			"\"optimal_frame_size\":160,\"ptime\":20,\"channel_variables\":{}}") && event.kind == VA_MEDIA_START, "start");
	is_str(event.call_id, "va-1", "... of a call whose audio has a channel of its own");
	ok(va_stream_open(&stream, &arena, &messages), "it is opened");
	is_written(0, "{\"command\":\"START_MEDIA_BUFFERING\"}", "buffering");
	ok(hear_bytes("\xff\x7f", 2) && event.kind == VA_MEDIA_AUDIO && event.audio_len == 2, "audio is binary");
	ok(va_stream_audio(&stream, samples, 2, &arena, &messages) && messages.count == 1 && messages.items[0].binary &&
	   messages.items[0].len == 2 && memcmp(messages.items[0].bytes, "\xff\xf2", 2) == 0, "... and so is ours");
	ok(hear("{\"event\":\"MEDIA_XOFF\",\"channel_id\":\"1.2\"}") && event.kind == VA_MEDIA_FULL, "its buffer is full");
	ok(hear("{\"event\":\"MEDIA_XON\",\"channel_id\":\"1.2\"}") && event.kind == VA_MEDIA_ROOM, "... and has room");
	ok(hear("{\"event\":\"MEDIA_MARK_PROCESSED\",\"channel_id\":\"1.2\",\"correlation_id\":\"m1\"}") && event.kind == VA_MEDIA_NOTHING, "a mark, which we ask for none");
	ok(hear("{\"event\":\"DTMF_END\",\"channel_id\":\"1.2\",\"digit\":\"5\"}") && event.key == '5', "a key");
	ok(hear("{\"event\":\"STATUS\",\"channel_id\":\"1.2\",\"queue_length\":0,\"xon_level\":800}") && event.kind == VA_MEDIA_NOTHING, "its state");
	ok(va_stream_clear(&stream, &arena, &messages) && messages.count == 2, "drop it");
	is_written(0, "{\"command\":\"FLUSH_MEDIA\"}", "clear");
	is_written(1, "{\"command\":\"START_MEDIA_BUFFERING\"}", "... after which it buffers again");
	ok(va_stream_hang_up(&stream, &arena, &messages), "the end");
	is_written(0, "{\"command\":\"HANGUP\"}", "hang up");

	va_stream_begin(&stream, va_dialect("asterisk"));
	ok(hear("MEDIA_START connection_id:c channel:WebSocket/c channel_id:1.2 format:slin16 optimal_frame_size:640 ptime:20") &&
	   event.kind == VA_MEDIA_START && stream.format.rate == 16000, "an older one, in words");
	ok(hear("MEDIA_XOFF") && event.kind == VA_MEDIA_FULL && hear("DTMF_END digit:5 channel_id:1.2") && event.key == '5', "its events");
	ok(hear("MEDIA_MARK_PROCESSED m1") && event.kind == VA_MEDIA_NOTHING, "a mark, which we ask for none");
}

/* ---- Plivo ---- */

static void
test_plivo(void)
{
	static const int16_t samples[3] = { 0, 100, -100 };

	va_stream_begin(&stream, va_dialect("plivo"));
	ok(hear("{\"event\":\"start\",\"sequenceNumber\":0,\"start\":{\"callId\":\"u\",\"streamId\":\"s\",\"accountId\":\"MA1\",\"tracks\":[\"inbound\"],"
			"\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\",\"sampleRate\":8000}},\"extra_headers\":\"tok=abc;k=v\"}") && event.kind == VA_MEDIA_START, "Plivo: start");
	is_str(event.call_id, "u", "... of a call");
	is_str(event.account, "MA1", "... of an account");
	ok(hear("{\"event\":\"media\",\"sequenceNumber\":2,\"streamId\":\"s\",\"media\":{\"track\":\"inbound\",\"timestamp\":\"1700000000000\",\"chunk\":2,"
			"\"payload\":\"/38A\"}}") && event.audio_len == 3 && event.chunk == 2, "audio");
	ok(hear("{\"event\":\"dtmf\",\"streamId\":\"s\",\"dtmf\":{\"track\":\"inbound\",\"digit\":\"5\",\"timestamp\":\"1\"}}") && event.key == '5', "a key");
	ok(hear("{\"event\":\"playedStream\",\"streamId\":\"s\",\"name\":\"c1\"}") && event.kind == VA_MEDIA_NOTHING, "a mark, which we ask for none");
	ok(hear("{\"event\":\"clearedAudio\",\"streamId\":\"s\",\"sequenceNumber\":5}") && event.kind == VA_MEDIA_NOTHING, "what was dropped");
	ok(va_stream_audio(&stream, samples, 3, &arena, &messages), "we say something");
	is_written(0, "{\"event\":\"playAudio\",\"media\":{\"contentType\":\"audio/x-mulaw\",\"sampleRate\":8000,\"payload\":\"//Jy\"}}", "audio");
	ok(va_stream_clear(&stream, &arena, &messages), "drop it");
	is_written(0, "{\"event\":\"clearAudio\",\"streamId\":\"s\"}", "clear");
	ok(hear("{\"event\":\"stop\",\"streamId\":\"s\"}") && event.kind == VA_MEDIA_STOP, "stop");
}

/* ---- Telnyx ---- */

static void
test_telnyx(void)
{
	static const int16_t samples[3] = { 0, 100, -100 };

	va_stream_begin(&stream, va_dialect("telnyx"));
	ok(hear("{\"event\":\"connected\",\"version\":\"1.0.0\"}") && event.kind == VA_MEDIA_NOTHING, "Telnyx: connected");
	ok(hear("{\"event\":\"start\",\"sequence_number\":\"1\",\"start\":{\"user_id\":\"u\",\"call_control_id\":\"v3:x\",\"call_session_id\":\"s\","
			"\"from\":\"+1\",\"to\":\"+2\",\"client_state\":\"b64\",\"media_format\":{\"encoding\":\"PCMA\",\"sample_rate\":8000,\"channels\":1}},"
			"\"stream_id\":\"id\"}") && event.kind == VA_MEDIA_START, "start");
	is_str(event.call_id, "v3:x", "... of a call");
	ok(stream.format.encoding == VA_AUDIO_ALAW && stream.out.encoding == VA_AUDIO_MULAW, "it brings what it has, and takes mu-law");
	ok(hear("{\"event\":\"media\",\"sequence_number\":\"4\",\"stream_id\":\"id\",\"media\":{\"track\":\"inbound\",\"chunk\":\"2\",\"timestamp\":\"5\","
			"\"payload\":\"/38A\"}}") && event.audio_len == 3 && event.chunk == 2, "audio");
	ok(hear("{\"event\":\"dtmf\",\"stream_id\":\"id\",\"occurred_at\":\"x\",\"sequence_number\":\"5\",\"dtmf\":{\"digit\":\"1\"}}") && event.key == '1', "a key");
	ok(hear("{\"event\":\"error\",\"stream_id\":\"id\",\"payload\":{\"code\":100004,\"title\":\"invalid_media\"}}") && event.kind == VA_MEDIA_NOTHING, "a complaint");
	ok(va_stream_audio(&stream, samples, 3, &arena, &messages), "we say something");
	is_written(0, "{\"event\":\"media\",\"media\":{\"payload\":\"//Jy\"}}", "audio");
	ok(va_stream_clear(&stream, &arena, &messages), "drop it");
	is_written(0, "{\"event\":\"clear\"}", "clear");
	ok(hear("{\"event\":\"stop\",\"stream_id\":\"id\",\"stop\":{\"user_id\":\"u\",\"call_control_id\":\"x\"}}") && event.kind == VA_MEDIA_STOP, "stop");
}

/* ---- Vonage ---- */

static void
test_vonage(void)
{
	static const int16_t samples[160] = { 1, -1 };

	va_stream_begin(&stream, va_dialect("vonage"));
	ok(hear("{\"event\":\"websocket:connected\",\"content-type\":\"audio/l16;rate=16000\",\"tok\":\"x\"}") && event.kind == VA_MEDIA_START &&
	   stream.format.encoding == VA_AUDIO_PCM16 && stream.format.rate == 16000, "Vonage: connected, which is its start");
	ok(hear_bytes("\1\0\377\377", 4) && event.kind == VA_MEDIA_AUDIO && event.audio_len == 4, "audio is binary");
	ok(hear("{\"event\":\"websocket:dtmf\",\"digit\":\"5\",\"duration\":260}") && event.key == '5', "a key");
	ok(hear("{\"event\":\"websocket:cleared\"}") && event.kind == VA_MEDIA_NOTHING, "what was dropped");
	ok(hear("{\"event\":\"websocket:notify\",\"payload\":{\"id\":\"m1\"}}") && event.kind == VA_MEDIA_NOTHING, "a mark, which we ask for none");
	ok(va_stream_audio(&stream, samples, 160, &arena, &messages) && messages.items[0].binary && messages.items[0].len == 640 &&
	   memcmp(messages.items[0].bytes, "\1\0\377\377\0", 5) == 0, "a frame of ours is whole, whatever there is of it");
	ok(va_stream_clear(&stream, &arena, &messages), "drop it");
	is_written(0, "{\"action\":\"clear\"}", "clear");
	is_str(va_dialect_name(stream.dialect), "vonage", "... by its name");
}

/* ---- what breaks them ---- */

static void
is_refused(const char *dialect, const char *first, const char *second, const char *reason)
{
	va_stream_begin(&stream, va_dialect(dialect));
	if (first != NULL)
		ok(hear(first), "%s: it begins well", dialect);
	ok(!hear(second) && why != NULL, "%s: refused", dialect);
	is_str(why, reason, "... %s", reason);
}

static void
test_refusals(void)
{
	char big[60000];
	int len;

	ok(va_dialect("vapi") == NULL, "what we do not speak is not there");
	is_refused("twilio", NULL, "{\"event\":\"media\",\"media\":{\"payload\":\"/38A\"}}", "there was a message before the stream was started");
	is_refused("twilio", TWILIO_START, TWILIO_START, "the stream was started twice");
	is_refused("twilio", TWILIO_START, "{\"event\":\"media\",\"media\":{\"payload\":\"*\"}}", "the audio is not base64");
	is_refused("twilio", TWILIO_START, "{\"event\":\"media\",\"media\":{}}", "a message of audio has none");
	is_refused("twilio", NULL, "{\"event\":\"start\"}", "the start of the stream says nothing");
	is_refused("twilio", NULL, "{\"start\":1}", "a message does not say which event it tells of");
	is_refused("twilio", NULL, "{\"event\":\"start\",\"start\":{\"callSid\":\"CA1\"}}", "the stream has no id, or one that is too long");
	is_refused("exotel", NULL, "{\"event\":\"start\",\"start\":{\"stream_sid\":\"s\",\"media_format\":{\"sample_rate\":\"48000\"}}}",
			   "the audio is neither mu-law nor A-law of 8000 samples a second, nor 16-bit samples at 8000, 16000 or 24000");
	is_refused("vonage", NULL, "{\"event\":\"websocket:connected\",\"content-type\":\"audio/opus\"}",
			   "the audio is neither mu-law nor A-law of 8000 samples a second, nor 16-bit samples at 8000, 16000 or 24000");
	is_refused("asterisk", NULL, "MEDIA_START channel_id:1.2 format:opus",
			   "the audio is neither mu-law nor A-law of 8000 samples a second, nor 16-bit samples at 8000, 16000 or 24000");
	va_stream_begin(&stream, va_dialect("asterisk"));
	ok(hear("\xff\xfe") && event.kind == VA_MEDIA_NOTHING, "words that are none are passed over");
	ok(!hear_bytes("\xff", 1), "audio before the start");
	va_stream_begin(&stream, va_dialect("exotel"));
	ok(!hear_bytes("\xff", 1) && why != NULL, "bytes where JSON is due");
	ok(!hear("{\"event\":"), "what is no JSON");
	len = snprintf(big, sizeof(big), "{\"event\":\"media\",\"media\":{\"payload\":\"");
	memset(big + len, 'A', 40000);
	snprintf(big + len + 40000, sizeof(big) - (size_t) len - 40000, "\"}}");
	is_refused("twilio", TWILIO_START, big, "a message has more than two seconds of audio");
}

int
main(void)
{
	test_twilio();
	test_exotel();
	test_asterisk();
	test_plivo();
	test_telnyx();
	test_vonage();
	test_refusals();
	va_arena_free(&arena);
	return done_testing();
}
