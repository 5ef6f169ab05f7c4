/*-------------------------------------------------------------------------
 * asterisk_request.c
 *		Asterisk's requests: place a call, look up, and what is done with a call.
 *
 * A call is one request, POST /channels/{our reference}. The two-step way
 * (create the channel, then dial it) was weighed: an unanswered create rings no
 * phone, but then the dial that follows can go unanswered as the one request
 * can, so it costs a request and a commit and wins nothing.
 *
 * A value of ours in an endpoint or in the arguments of an application must
 * not mean anything there: numbers are digits, names are words.
 */
#include "asterisk_internal.h"

#include <string.h>
#include <strings.h>

#define WORD_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
#define ENDPOINT_MAX 200
#define MEDIA_MAX 500
#define DIGITS_MAX 100
/* The function of the dialplan that has Asterisk end a channel so many seconds from now. */
#define ABSOLUTE_TIMEOUT "TIMEOUT(absolute)"

static bool
is_word(const char *text)
{
	return text != NULL && text[0] != '\0' && strlen(text) <= 64 && text[strspn(text, WORD_CHARS)] == '\0';
}

/* ---- the account ---- */

const char *
asterisk_app(const VaProviderAccount *carrier)
{
	const char *app = va_carrier_setting(carrier, "app");

	return app != NULL ? app : ASTERISK_APP;
}

/* TECHNOLOGY/what to dial, with the number in it. */
static bool
endpoint_valid(const char *template, VaArena *arena, const char **why)
{
	size_t technology = template == NULL ? 0 : strspn(template, WORD_CHARS);

	if (template == NULL)
		*why = "the account needs the setting endpoint, e.g. \"PJSIP/{number}@trunk\"";
	else if (strlen(template) > ENDPOINT_MAX || !va_printable(template) || technology == 0 ||
			 template[technology] != '/' || template[strcspn(template, "&, ")] != '\0')
		*why = va_arena_printf(arena, "endpoint must look like \"PJSIP/{number}@trunk\", not like \"%.80s\"", template);
	else if (strstr(template, "{number}") == NULL && strstr(template, "{digits}") == NULL)
		*why = "endpoint must hold {number} (with its plus) or {digits} (without)";
	else
		return true;
	return false;
}

/* A URI of Asterisk's own, or the address of a file that it fetches itself. */
static bool
media_valid(const char *media)
{
	static const char *const kinds[] = {
		"sound:", "recording:", "number:", "digits:", "characters:", "tone:", "http://", "https://"
	};

	if (!va_printable(media) || strlen(media) > MEDIA_MAX || strchr(media, ',') != NULL)
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(media, kinds[i], strlen(kinds[i])) == 0 && media[strlen(kinds[i])] != '\0')
			return true;
	return false;
}

bool
asterisk_check_carrier(const VaProviderAccount *carrier, VaArena *arena, const char **why)
{
	const char *media = va_carrier_setting(carrier, "media");
	const char *context = va_carrier_setting(carrier, "transfer_context");

	if (carrier->base_url == NULL || carrier->base_url[0] == '\0')
		*why = "the account needs a base_url: the address of its ARI, e.g. \"https://pbx.example.com:8089/ari\"";
	else if (!is_word(asterisk_app(carrier)))
		*why = "app must be a name of letters, digits, underscores and dashes";
	else if (context != NULL && !is_word(context))
		*why = "transfer_context must be the name of a context in the dialplan";
	else if (media != NULL && !media_valid(media))
		*why = "media must be one media URI, e.g. \"sound:hello-world\"";
	else
		return endpoint_valid(va_carrier_setting(carrier, "endpoint"), arena, why);
	return false;
}

/* ---- what every request needs ---- */

static bool
start_request(VaArena *arena, VaHttpRequest *request, const char *method, const VaProviderAccount *carrier,
	const char *path, const char **why)
{
	return va_request_start(request, arena, method, carrier->base_url, NULL, path, why) &&
		   va_request_basic(request, arena, va_carrier_credential(carrier, "username"),
			   va_carrier_credential(carrier, "password"), why);
}

/* METHOD /channels/{id}{action} */
static bool
start_channel(VaArena *arena, VaHttpRequest *request, const char *method, const VaProviderAccount *carrier,
	const char *id, const char *attempt_ref, const char *action, const char **why)
{
	if (id == NULL)
		id = attempt_ref;
	if (!va_id_valid(id))
		return va_refuse(why, "the call has no id at the carrier");
	return start_request(
		arena, request, method, carrier, va_arena_printf(arena, "/channels/%s%s", va_escaped(arena, id), action), why);
}

static bool
start_provider_request(VaArena *arena, VaHttpRequest *request, const char *method, const VaProviderRequest *order,
	const char *action, const char **why)
{
	return start_channel(
		arena, request, method, order->carrier, order->provider_call_id, order->attempt_ref, action, why);
}

static void
add_query(VaHttpRequest *request, VaArena *arena, const char *name, const char *value)
{
	request->url = va_url_with(arena, request->url, name, value);
}

static bool
finished(const VaArena *arena, const VaHttpRequest *request, const char **why)
{
	*why = "out of memory";
	return !arena->oom && request->url != NULL;
}

bool
asterisk_socket_url(const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *request, const char **why)
{
	if (!start_request(arena, request, "GET", carrier, "/events", why))
		return false;
	/* https becomes wss */
	request->url = va_arena_printf(arena, "ws%s", request->url + strlen("http"));
	add_query(request, arena, "app", asterisk_app(carrier));
	return finished(arena, request, why);
}

/* ---- a call ---- */

static bool
number_valid(const char *number)
{
	const char *digits = va_without_plus(number);
	size_t len = digits == NULL ? 0 : strspn(digits, "0123456789");

	return len >= 3 && len <= 15 && digits[len] == '\0';
}

/* The template with {name} as value. */
static const char *
filled_in(VaArena *arena, const char *template, const char *name, const char *value)
{
	const char *at = arena->oom ? NULL : strstr(template, name);

	if (at == NULL)
		return template;
	return va_arena_printf(
		arena, "%.*s%s%s", (int) (at - template), template, value, filled_in(arena, at + strlen(name), name, value));
}

static const char *
endpoint_of(const VaProviderAccount *carrier, const char *number, VaArena *arena)
{
	const char *endpoint = va_carrier_setting(carrier, "endpoint");

	endpoint = filled_in(arena, endpoint, "{number}", number);
	return filled_in(arena, endpoint, "{digits}", va_without_plus(number));
}

static bool
check_order(const VaCallOrder *order, VaArena *arena, const char **why)
{
	if (!asterisk_check_carrier(order->carrier, arena, why))
		return false;
	if (!number_valid(order->to_number))
		*why = "the number to call must have 3 to 15 digits";
	else if (order->to_extension != NULL && order->to_extension[0] != '\0')
		*why = "Asterisk dials no extension behind a number";
	else if (!va_id_valid(order->attempt_ref) || order->attempt_ref[strspn(order->attempt_ref, WORD_CHARS)] != '\0')
		*why = "the attempt has no reference, or one that is no name of a channel";
	else if (strlen(order->attempt_ref) > VA_ATTEMPT_REF_MAX)
		*why = "the attempt's reference is longer than 40 characters";
	else
		return true;
	return false;
}

/* Asterisk ends the channel itself, counted from its beginning, though everybody who could has died meanwhile. */
static bool
limit_duration(int seconds, VaArena *arena, VaHttpRequest *request, const char **why)
{
	json_t *body = json_pack("{s:{s:s}}", "variables", ABSOLUTE_TIMEOUT, va_integer_text(arena, seconds));
	bool good = va_request_json(request, arena, body, why);

	json_decref(body);
	return good;
}

bool
asterisk_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	const char *caller_id = order->from_number != NULL ? order->from_number
													   : va_carrier_setting(order->carrier, "caller_id");
	int timeout = order->ring_timeout_s > 0 ? va_clamp(order->ring_timeout_s, 1, 600) : ASTERISK_RING_TIMEOUT_S;

	if (!check_order(order, arena, why) ||
		!start_channel(arena, request, "POST", order->carrier, order->attempt_ref, NULL, "", why))
		return false;
	if (caller_id != NULL && !number_valid(caller_id))
		return va_refuse(why, "the number to call from must have 3 to 15 digits");
	add_query(request, arena, "endpoint", endpoint_of(order->carrier, order->to_number, arena));
	add_query(request, arena, "app", asterisk_app(order->carrier));
	add_query(request, arena, "appArgs", va_arena_printf(arena, "attempt,%s", order->attempt_ref));
	add_query(request, arena, "callerId", caller_id);
	add_query(request, arena, "timeout", va_integer_text(arena, timeout));
	if (order->max_duration_s > 0 && !limit_duration(timeout + order->max_duration_s, arena, request, why))
		return false;
	return finished(arena, request, why);
}

bool
asterisk_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return start_channel(arena, request, "GET", order->carrier, order->provider_call_id, order->attempt_ref, "", why) &&
		   finished(arena, request, why);
}

/* Every channel that there is now; it takes no filter and has no pages. */
bool
asterisk_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return start_request(arena, request, "GET", order->carrier, "/channels", why) && finished(arena, request, why);
}

/* ---- provider requests ---- */

/* The trunk of PJSIP/{number}@trunk and PJSIP/trunk/sip:{number}@host: the part without a number in it. */
const char *
asterisk_trunk(const VaProviderAccount *carrier, VaArena *arena)
{
	const char *template = va_carrier_setting(carrier, "endpoint");
	const char *trunk;
	size_t length;

	if (template == NULL || strncasecmp(template, "PJSIP/", 6) != 0)
		return NULL;
	trunk = template + 6;
	length = strcspn(trunk, "/");
	if (memchr(trunk, '{', length) != NULL)
	{
		trunk = trunk + strcspn(trunk, "@");
		trunk += *trunk == '@';
		length = strcspn(trunk, "/");
	}
	if (length == 0 || memchr(trunk, '{', length) != NULL)
		return NULL;
	return va_arena_printf(arena, "%.*s", (int) length, trunk);
}

/* A trunk is asked for its state, which only Asterisk tells; where there is none, Asterisk is asked for itself. */
bool
asterisk_build_check(VA_REQUEST_ARGS)
{
	const char *trunk = asterisk_trunk(order->carrier, arena);
	const char *path = "/asterisk/info?only=system";

	if (trunk != NULL)
		path = va_arena_printf(arena, "/endpoints/PJSIP/%s", va_escaped(arena, trunk));
	return asterisk_check_carrier(order->carrier, arena, why) &&
		   start_request(arena, request, "GET", order->carrier, path, why) && finished(arena, request, why);
}

bool
asterisk_build_hangup(VA_REQUEST_ARGS)
{
	const char *reason = order->reason == NULL ? "normal" : order->reason;

	if (!start_provider_request(arena, request, "DELETE", order, "", why))
		return false;
	if (!is_word(reason))
		return va_refuse(why, "the reason to hang up is not a word");
	add_query(request, arena, "reason", reason);
	return finished(arena, request, why);
}

/*
 * Into the dialplan, where the account names a context that puts calls
 * through; else the caller's own network is sent there (SIP's REFER, or a
 * redirection before the answer).
 */
bool
asterisk_build_transfer(VA_REQUEST_ARGS)
{
	const char *context = va_carrier_setting(order->carrier, "transfer_context");
	const char *to = order->answer.forward_to;

	if (!asterisk_check_carrier(order->carrier, arena, why))
		return false;
	if (!number_valid(to))
		return va_refuse(why, "the number to transfer to must have 3 to 15 digits");
	if (!start_provider_request(arena, request, "POST", order, context != NULL ? "/continue" : "/redirect", why))
		return false;
	if (context == NULL)
		add_query(request, arena, "endpoint", endpoint_of(order->carrier, to, arena));
	else
	{
		add_query(request, arena, "context", context);
		add_query(request, arena, "extension", to);
		add_query(request, arena, "priority", "1");
	}
	return finished(arena, request, why);
}

static bool
build_playback(
	const VaProviderRequest *order, const char *media, VaArena *arena, VaHttpRequest *request, const char **why)
{
	const char *language = order->answer.language;

	if (!media_valid(media))
		return va_refuse(why, "what is to be played must be one media URI, e.g. \"sound:hello-world\"");
	if (strncmp(media, "http", 4) == 0)
		media = va_arena_printf(arena, "sound:%s", media);
	if (!start_provider_request(arena, request, "POST", order, "/play", why))
		return false;
	add_query(request, arena, "media", media);
	if (language != NULL && is_word(language))
		add_query(request, arena, "lang", language);
	/* It comes back with the end of the playback. */
	if (is_word(order->provider_request_ref))
		add_query(request, arena, "playbackId", order->provider_request_ref);
	return finished(arena, request, why);
}

bool
asterisk_plays(const char *said)
{
	return strchr(said, ' ') == NULL && media_valid(said);
}

/*
 * Asterisk has no voice of its own: what would be said names a recording
 * itself, or the account has one, or it is refused.  The account's is for whom
 * we call: who calls us would hear an offer in place of a greeting.
 */
bool
asterisk_build_say(VA_REQUEST_ARGS)
{
	const char *text = order->answer.text;
	const char *media = va_carrier_setting(order->carrier, "media");

	if (text != NULL && asterisk_plays(text))
		media = text;
	else if (order->attempt_ref == NULL)
		return va_refuse(
			why, "Asterisk speaks no text: name a recording of what callers are to hear, e.g. \"sound:hello-world\"");
	if (media == NULL)
		return va_refuse(
			why, "Asterisk speaks no text: set the account's media to a recording of it, e.g. \"sound:hello-world\"");
	return build_playback(order, media, arena, request, why);
}

bool
asterisk_build_play(VA_REQUEST_ARGS)
{
	const char *media = order->answer.media_url;

	return build_playback(
		order, media != NULL ? media : va_carrier_setting(order->carrier, "media"), arena, request, why);
}

bool
asterisk_build_dtmf(VA_REQUEST_ARGS)
{
	const char *digits = order->digits;

	if (digits == NULL || digits[0] == '\0' || strlen(digits) > DIGITS_MAX ||
		digits[strspn(digits, "0123456789ABCDabcd*#wW")] != '\0')
		return va_refuse(why, "the keys to press must be 1 to 100 of 0-9, A-D, *, # and w or W to wait");
	if (!start_provider_request(arena, request, "POST", order, "/dtmf", why))
		return false;
	add_query(request, arena, "dtmf", digits);
	return finished(arena, request, why);
}

bool
asterisk_build_take(VA_REQUEST_ARGS)
{
	return start_provider_request(arena, request, "POST", order, "/answer", why) && finished(arena, request, why);
}

/* As limit_duration() does with a call of ours, which has it from the dial on. */
bool
asterisk_build_limit(VA_REQUEST_ARGS)
{
	if (!start_provider_request(arena, request, "POST", order, "/variable", why))
		return false;
	if (order->answer.max_duration_s <= 0)
		return va_refuse(why, "the longest duration is missing");
	add_query(request, arena, "variable", ABSOLUTE_TIMEOUT);
	add_query(request, arena, "value", va_integer_text(arena, order->answer.max_duration_s));
	return finished(arena, request, why);
}

/* By the name that build_playback() gave it; one that is over is not there any more. */
bool
asterisk_build_check_playback(VA_REQUEST_ARGS)
{
	if (!is_word(order->playback_ref))
		return va_refuse(why, "the playback has no name");
	return start_request(arena, request, "GET", order->carrier,
			   va_arena_printf(arena, "/playbacks/%s", order->playback_ref), why) &&
		   finished(arena, request, why);
}

/* ---- the audio of a call that we hold ---- */

static const char *
bridge_of(const VaProviderRequest *order, VaArena *arena, const char **why)
{
	const char *id = order->provider_call_id != NULL ? order->provider_call_id : order->attempt_ref;

	if (va_id_valid(id) && strlen(id) + strlen(ASTERISK_MEDIA "-01234567") <= VA_CALL_ID_MAX)
		return va_arena_printf(arena, "%s" ASTERISK_MEDIA, id);
	*why = "the call has no id at the carrier";
	return NULL;
}

/*
 * A bridge; then a channel to our socket; and, when that is there and its name
 * is known (control_url), both channels into the bridge.  It mixes, though they
 * are two: so our socket is sent a frame each 20 ms, whether the telephone
 * sends any or not.
 */
bool
asterisk_build_stream(VA_REQUEST_ARGS)
{
	const char *connection = va_carrier_setting(order->carrier, "media_connection");
	const char *bridge = bridge_of(order, arena, why);
	const char *step = order->control_url;
	const char *path = "/channels/externalMedia";

	if (bridge == NULL)
		return false;
	if (step != NULL && !asterisk_is_media(step) && order->carrier->nonce == NULL)
		return va_refuse(why, "the account has no nonce");
	if (step == NULL || asterisk_is_media(step))
		path = va_arena_printf(arena, "/bridges/%s%s", va_escaped(arena, bridge), step == NULL ? "" : "/addChannel");
	if (!start_request(arena, request, "POST", order->carrier, path, why))
		return false;
	if (step == NULL)
		add_query(request, arena, "type", "mixing,proxy_media,video_sfu");
	else if (asterisk_is_media(step))
		add_query(request, arena, "channel",
			va_arena_printf(arena, "%.*s,%s", (int) (strlen(bridge) - strlen(ASTERISK_MEDIA)), bridge, step));
	else
	{
		add_query(request, arena, "channelId", va_arena_printf(arena, "%s-%.8s", bridge, order->carrier->nonce));
		add_query(request, arena, "app", asterisk_app(order->carrier));
		add_query(request, arena, "external_host", connection != NULL ? connection : ASTERISK_CONNECTION);
		add_query(request, arena, "encapsulation", "none");
		add_query(request, arena, "transport", "websocket");
		add_query(request, arena, "connection_type", "client");
		add_query(request, arena, "format", "ulaw");
		add_query(request, arena, "transport_data", "f(json)");
	}
	return finished(arena, request, why);
}

const char *
asterisk_next_step(const VaProviderRequest *order)
{
	return order->control_url == NULL ? "channel" : NULL;
}

bool
asterisk_build_end_stream(VA_REQUEST_ARGS)
{
	const char *bridge = bridge_of(order, arena, why);

	return bridge != NULL &&
		   start_request(arena, request, "DELETE", order->carrier,
			   va_arena_printf(arena, "/bridges/%s", va_escaped(arena, bridge)), why) &&
		   finished(arena, request, why);
}

/* A channel beside the call that hears both sides, and ends with it. */
static bool
build_recorder(const VaProviderRequest *order, const char *id, VaArena *arena, VaHttpRequest *request, const char **why)
{
	const char *action = va_arena_printf(arena, "/snoop/%s" ASTERISK_RECORDER, va_escaped(arena, id));

	if (!start_provider_request(arena, request, "POST", order, action, why))
		return false;
	add_query(request, arena, "spy", "both");
	add_query(request, arena, "app", asterisk_app(order->carrier));
	add_query(request, arena, "appArgs", va_arena_printf(arena, ASTERISK_RECORD ",%s", id));
	return finished(arena, request, why);
}

/*
 * The words of both sides, until the call ends.  To record the call's own
 * channel would take in only the other side, and nothing could be played
 * meanwhile.  So it takes two requests: for the recorder, and, when that is
 * there and its name is known (control_url), for the recording.
 */
bool
asterisk_build_record(VA_REQUEST_ARGS)
{
	const char *id = order->provider_call_id != NULL ? order->provider_call_id : order->attempt_ref;

	if (!va_id_valid(id) || strlen(id) + strlen(ASTERISK_RECORDER) > VA_CALL_ID_MAX)
		return va_refuse(why, "the call has no id at the carrier");
	if (order->control_url == NULL)
		return build_recorder(order, id, arena, request, why);
	if (!start_channel(arena, request, "POST", order->carrier, order->control_url, NULL, "/record", why))
		return false;
	add_query(request, arena, "name", id);
	add_query(request, arena, "format", "wav");
	/* Sent again it must not wipe what was said. */
	add_query(request, arena, "ifExists", "fail");
	if (order->answer.max_duration_s > 0)
		add_query(request, arena, "maxDurationSeconds", va_integer_text(arena, order->answer.max_duration_s));
	return finished(arena, request, why);
}

bool
asterisk_build_fetch_recording(VA_REQUEST_ARGS)
{
	static const char prefix[] = "recording:";
	const char *name = order->recording_url;

	if (name == NULL || strncmp(name, prefix, strlen(prefix)) != 0 || !va_id_valid(name + strlen(prefix)))
		return va_refuse(why, "the recording's address is not one of Asterisk's");
	name = va_escaped(arena, name + strlen(prefix));
	return start_request(arena, request, "GET", order->carrier,
			   va_arena_printf(arena, "/recordings/stored/%s/file", name), why) &&
		   finished(arena, request, why);
}
