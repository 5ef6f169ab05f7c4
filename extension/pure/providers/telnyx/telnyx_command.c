/*-------------------------------------------------------------------------
 * telnyx_command.c
 *		Telnyx: what a live call is told.
 *
 * Each command names itself by the provider request's reference, so that one that is
 * sent again is done once.  A call that has ended takes none: for hanging up
 * that is as good as done, for everything else it is too late.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "telnyx_internal.h"

#include <string.h>

#define VOICE_DEFAULT "AWS.Polly.Joanna-Neural"

/* The body is taken over. */
static bool
command(const VaProviderRequest *order, const char *action, json_t *body, VaArena *arena, VaHttpRequest *request,
	const char **why)
{
	const char *path = va_call_path(arena, "/calls/", order->provider_call_id, "/actions/", why);

	va_json_set_text(body, "command_id", order->provider_request_ref);
	path = path == NULL ? NULL : va_arena_join(arena, path, action, NULL);
	return va_request_body(telnyx_start(arena, request, "POST", order->carrier, path, why), request, arena, body, why);
}

VA_READ_CHANGES(telnyx)

/* An incoming call that is not wanted is rejected, which costs nothing. */
bool
telnyx_build_hangup(VA_REQUEST_ARGS)
{
	json_t *body = va_json_new_object();
	bool busy = order->reason != NULL && strcmp(order->reason, "busy") == 0;
	/* Telnyx has no word for a number that nobody has. */
	bool nobody = order->reason != NULL && strcmp(order->reason, "unallocated") == 0;

	if (order->answer.kind != VA_ANSWER_REJECT && !busy && !nobody)
		return command(order, "hangup", body, arena, request, why);
	va_json_set_text(body, "cause", busy ? "USER_BUSY" : "CALL_REJECTED");
	return command(order, "reject", body, arena, request, why);
}

bool
telnyx_build_transfer(VA_REQUEST_ARGS)
{
	const VaAnswer *answer = &order->answer;
	TelnyxState other_leg = {
		.attempt_ref = order->attempt_ref, .other_leg = true, .first_leg = order->provider_call_id
	};
	json_t *body;

	if (answer->forward_to == NULL || answer->forward_to[0] != '+')
	{
		*why = "a transfer needs forward_to, an E.164 number";
		return false;
	}
	body = va_json_new_object();
	va_json_set_text(body, "to", answer->forward_to);
	va_json_set_text(body, "from", answer->caller_id);
	/* The new leg's events are not the call's, but that nobody took it concerns the call. */
	va_json_set_text(body, "target_leg_client_state", telnyx_state_text(&other_leg, arena));
	va_json_set_text(body, "webhook_url", answer->status_url);
	telnyx_set_retries(body, true);
	if (answer->ring_timeout_s > 0)
		json_object_set_new(body, "timeout_secs", json_integer(va_clamp(answer->ring_timeout_s, 5, 600)));
	if (answer->max_duration_s > 0)
		json_object_set_new(body, "time_limit_secs", json_integer(va_clamp(answer->max_duration_s, 30, 14400)));
	return command(order, "transfer", body, arena, request, why);
}

/* Amazon's voices, the default's too, speak by their own language; the plain service knows two and needs one. */
static void
set_voice(json_t *body, const VaProviderRequest *order)
{
	const char *voice = order->answer.voice != NULL ? order->answer.voice : va_carrier_setting(order->carrier, "voice");

	va_json_set_text(body, "voice", voice != NULL ? voice : VOICE_DEFAULT);
	if (voice != NULL && (strcmp(voice, "male") == 0 || strcmp(voice, "female") == 0))
		va_json_set_text(body, "language", order->answer.language != NULL ? order->answer.language : "en-US");
}

bool
telnyx_build_say(VA_REQUEST_ARGS)
{
	bool listens = order->answer.opt_out_key != NULL;
	json_t *body;

	if (order->answer.text == NULL || order->answer.text[0] == '\0')
	{
		*why = "there is no text to say";
		return false;
	}
	body = va_json_new_object();
	if (listens)
	{
		/* One key, whenever it is pressed; the text, which it ends, is said once. */
		json_object_set_new(body, "minimum_digits", json_integer(1));
		json_object_set_new(body, "maximum_digits", json_integer(1));
		json_object_set_new(body, "maximum_tries", json_integer(1));
		json_object_set_new(body, "timeout_millis", json_integer(VA_KEY_WAIT_S * 1000));
	}
	va_json_set_text(body, "payload", va_utf8_cut(arena, order->answer.text, TELNYX_SPOKEN_MAX_CHARS));
	va_json_set_text(body, "payload_type", "text");
	set_voice(body, order);
	return command(order, listens ? "gather_using_speak" : "speak", body, arena, request, why);
}

static bool
has_suffix(const char *text, const char *suffix)
{
	size_t len = strcspn(text, "?");

	return len >= strlen(suffix) && strncmp(text + len - strlen(suffix), suffix, strlen(suffix)) == 0;
}

bool
telnyx_build_play(VA_REQUEST_ARGS)
{
	const char *media = order->answer.media_url;
	json_t *body;
	VaUrl url;

	if (media == NULL)
	{
		*why = "there is no media_url to play";
		return false;
	}
	if (!va_url_parse(media, strlen(media), &url, why))
		return false;
	body = va_json_new_object();
	va_json_set_text(body, "audio_url", media);
	if (has_suffix(media, ".wav"))
		va_json_set_text(body, "audio_type", "wav");
	return command(order, "playback_start", body, arena, request, why);
}

bool
telnyx_build_send_dtmf(VA_REQUEST_ARGS)
{
	json_t *body;

	if (order->digits == NULL || order->digits[0] == '\0' ||
		order->digits[strspn(order->digits, "0123456789*#ABCDwW")] != '\0')
	{
		*why = "digits must be 0 to 9, *, #, A to D, w and W for pauses";
		return false;
	}
	body = va_json_new_object();
	va_json_set_text(body, "digits", order->digits);
	return command(order, "send_dtmf", body, arena, request, why);
}

static bool
check_stream(const VaProviderRequest *order, const char **why)
{
	const char *url = order->answer.stream_url;

	if (url != NULL && strncmp(url, "wss://", 6) == 0)
		return true;
	*why = "stream_url must be a wss URL";
	return false;
}

/* With the socket at once where one talks: then nothing more is to be ordered when the call is answered. */
bool
telnyx_build_answer(VA_REQUEST_ARGS)
{
	TelnyxState state = { .attempt_ref = order->attempt_ref, .streams = order->answer.kind == VA_ANSWER_STREAM };
	json_t *body;

	if (state.streams && !check_stream(order, why))
		return false;
	body = va_json_new_object();
	if (state.streams)
		telnyx_set_stream(body, order->answer.stream_url);
	if (state.streams || state.attempt_ref != NULL)
		va_json_set_text(body, "client_state", telnyx_state_text(&state, arena));
	va_json_set_text(body, "webhook_url", order->answer.status_url);
	telnyx_set_retries(body, false);
	if (order->answer.record)
	{
		va_json_set_text(body, "record", "record-from-answer");
		va_json_set_text(body, "record_channels", "dual");
		va_json_set_text(body, "record_format", "mp3");
	}
	return command(order, "answer", body, arena, request, why);
}

bool
telnyx_build_stream(VA_REQUEST_ARGS)
{
	json_t *body;

	if (!check_stream(order, why))
		return false;
	body = va_json_new_object();
	telnyx_set_stream(body, order->answer.stream_url);
	return command(order, "streaming_start", body, arena, request, why);
}

bool
telnyx_build_record(VA_REQUEST_ARGS)
{
	json_t *body = va_json_new_object();

	va_json_set_text(body, "format", "mp3");
	va_json_set_text(body, "channels", "dual");
	return command(order, "record_start", body, arena, request, why);
}
