/*-------------------------------------------------------------------------
 * asterisk.c
 *		Asterisk's answers, and the driver as a whole.
 *
 * Asterisk forgets a call with its channel.  So:
 *
 *		a channel is there			the call was placed, and goes on;
 *		another with its id is		409: the same dial, sent again while the
 *		refused						call goes on, rings no phone twice;
 *		no channel is there			it was never placed, or it is over.
 *
 * The last proves nothing (absence_proves), and once the call is over the
 * same dial would ring again (dial_repeatable_s): a dial whose disposition is not
 * known stays so when its channel is not found.
 */
#include "asterisk_internal.h"

#include <string.h>

/* {"message": text}, or {"error": text} of some that failed. */
static const char *
error_message(const VaHttpResponse *response, VaArena *arena)
{
	const char *why;
	json_t *root = va_reply_json(response, arena, &why);
	const char *text = va_json_string(root, "message");

	if (text == NULL)
		text = va_json_string(root, "error");
	text = va_reply_words(arena, text);
	json_decref(root);
	return text;
}

static void
asterisk_read_call_response(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome)
{
	const char *why;
	const char *id;
	json_t *root;

	if (va_dial_answered(response, arena, outcome))
	{
		root = va_reply_json(response, arena, &why);
		id = va_json_string(root, "id");
		va_dial_placed(outcome, arena, id, root == NULL ? why : NULL);
		json_decref(root);
		return;
	}
	if (outcome->message == NULL)
		outcome->message = error_message(response, arena);
	/* Our own dial has come through before: its channel is there. */
	if (response->status == 409)
	{
		outcome->kind = VA_DIAL_ACCEPTED;
		outcome->cause = "accepted-before";
	}
	/* Numbers were checked: what is wrong is the endpoint's template or the address, for every call. */
	else if (response->status == 400 || response->status == 404)
		outcome->kind = VA_DIAL_BAD_ACCOUNT;
	/* No channel could be made to call with: the trunk is not there now. */
	else if (response->status == 500 && outcome->message != NULL && strcmp(outcome->message, "Allocation failed") == 0)
	{
		outcome->kind = VA_DIAL_REFUSED_RETRY;
		outcome->cause = "no-channel";
	}
}

static void
asterisk_read_lookup_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	const char *why = NULL;
	json_t *root = va_lookup_json(response, arena, lookup, error_message);
	VaEvent event;

	if (root == NULL)
	{
		/* A 404 that is not Asterisk's own is of another address. */
		if (lookup->kind == VA_LOOKUP_NOT_FOUND &&
			(lookup->message == NULL || strcmp(lookup->message, "Channel not found") != 0))
			lookup->kind = VA_LOOKUP_BAD_ACCOUNT;
		return;
	}
	if (asterisk_read_channel(root, arena, &event, &why))
		va_lookup_found(lookup, arena, &event);
	else
		lookup->message = why;
	json_decref(root);
}

static void
asterisk_read_list_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	const char *why;
	json_t *root = va_lookup_json(response, arena, lookup, error_message);
	json_t *item;
	VaEvent event;
	size_t i;

	if (root == NULL)
	{
		/* There is always a list. */
		if (lookup->kind == VA_LOOKUP_NOT_FOUND)
			lookup->kind = VA_LOOKUP_BAD_ACCOUNT;
		return;
	}
	va_lookup_list(lookup, json_is_array(root) ? root : NULL);
	json_array_foreach(root, i, item) if (!asterisk_is_media(va_json_string(item, "id")))
		va_lookup_listed(lookup, arena, asterisk_read_channel(item, arena, &event, &why) ? &event : NULL);
	/* One answer is the whole list, whatever limit was asked for: `received` must not ask for more. */
	lookup->received = 0;
	va_lookup_list_end(lookup, arena);
	json_decref(root);
}

/* ---- provider requests ---- */

static void
read_provider_request(VA_REPLY_ARGS)
{
	(void) va_provider_request_done(response, arena, reply, error_message);
}

/* A 404 in other words is of another address. */
static void
over_if_gone(const char *words, const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply)
{
	if (va_provider_request_done(response, arena, reply, error_message) || response->status != 404 ||
		reply->message == NULL || strcmp(reply->message, words) != 0)
		return;
	reply->kind = VA_DIAL_ACCEPTED;
	reply->already = true;
}

/* A call that is over need be neither ended nor limited. */
static void
read_ending(VA_REPLY_ARGS)
{
	over_if_gone("Channel not found", response, arena, reply);
}

static void
read_check_playback(VA_REPLY_ARGS)
{
	over_if_gone("Playback not found", response, arena, reply);
}

/* The recording, or the channel that makes it, is there: the same provider request was sent before. */
static void
read_record(VA_REPLY_ARGS)
{
	if (va_provider_request_done(response, arena, reply, error_message) || response->status != 409 ||
		reply->message == NULL || strstr(reply->message, "lready exists") == NULL)
		return;
	reply->kind = VA_DIAL_ACCEPTED;
	reply->already = true;
}

/* The bridge is there already; a channel that has gone meanwhile tells of its end by an event. */
static void
read_stream(VA_REPLY_ARGS)
{
	bool joins = asterisk_is_media(order->control_url);

	if (!va_provider_request_done(response, arena, reply, error_message) &&
		((order->control_url == NULL && response->status == 409) ||
			(joins && reply->message != NULL &&
				(strcmp(reply->message, "Channel not found") == 0 || response->status == 404 ||
					response->status == 422))))
	{
		reply->kind = VA_DIAL_ACCEPTED;
		reply->already = true;
	}
	if (reply->kind == VA_DIAL_ACCEPTED)
		reply->next = asterisk_next_step(order);
}

static void
read_end_stream(VA_REPLY_ARGS)
{
	over_if_gone("Bridge not found", response, arena, reply);
}

/* Calls fail while the trunk is offline, though the account is right. */
static void
read_trunk(const char *trunk, const json_t *root, VaArena *arena, VaProviderReply *reply)
{
	const char *state = va_json_string(root, "state");

	if (va_json_string(root, "technology") == NULL)
		va_reply_end(reply, VA_DIAL_BAD_ACCOUNT, "not-asterisk", "what answers there is not Asterisk's ARI");
	else if (state != NULL && strcmp(state, "offline") == 0)
		va_reply_end(reply, VA_DIAL_REFUSED_PERMANENT, "trunk-offline",
			va_reply_words(
				arena, va_arena_printf(arena,
						   "Asterisk answers, but its trunk PJSIP/%s is offline: no call goes through it", trunk)));
	else
		reply->message = va_reply_words(
			arena, va_arena_printf(arena, "Asterisk, trunk PJSIP/%s: %s", trunk,
					   state != NULL && strcmp(state, "online") == 0 ? "online" : "its state is not known"));
}

static void
read_check(VA_REPLY_ARGS)
{
	const char *trunk = asterisk_trunk(order->carrier, arena);
	const char *why;
	json_t *root;
	const char *version;

	if (!va_provider_request_done(response, arena, reply, error_message))
	{
		if (trunk != NULL && response->status == 404 && reply->message != NULL &&
			strcmp(reply->message, "Endpoint not found") == 0)
			va_reply_end(reply, VA_DIAL_BAD_ACCOUNT, "no-trunk",
				va_reply_words(arena, va_arena_printf(arena, "Asterisk answers, but has no trunk PJSIP/%s", trunk)));
		return;
	}
	root = va_reply_json(response, arena, &why);
	version = va_json_string(va_json_object(root, "system"), "version");
	if (trunk != NULL)
		read_trunk(trunk, root, arena, reply);
	else if (version != NULL)
		reply->message = va_reply_words(arena, va_arena_printf(arena, "Asterisk %s", version));
	else
		va_reply_end(reply, VA_DIAL_BAD_ACCOUNT, "not-asterisk", "what answers there is not Asterisk's ARI");
	json_decref(root);
}

static void
read_fetch_recording(VA_REPLY_ARGS)
{
	if (va_provider_request_done(response, arena, reply, error_message))
		reply->content_type = va_header_find(response->headers, response->nheaders, "content-type");
	if (reply->kind == VA_DIAL_ACCEPTED && reply->content_type == NULL)
		reply->content_type = "audio/wav";
}

/* ---- the driver ---- */

static const VaAccountField asterisk_credentials[] = {
	{ "username", VA_FIELD_TEXT, true, "user of the section in ari.conf" },
	{ "password", VA_FIELD_TEXT, true, "its password" },
	{ 0 },
};

static const VaAccountField asterisk_settings[] = {
	{ "endpoint", VA_FIELD_TEXT, true,
		"what to dial, with {number} (with its plus) or {digits} in it, e.g. PJSIP/{number}@trunk" },
	{ "app", VA_FIELD_TEXT, false, "name of the Stasis application, one for each account; \"voiceagent\" by default" },
	{ "caller_id", VA_FIELD_E164, false, "number that calls show when they have no other" },
	{ "media", VA_FIELD_TEXT, false,
		"what is played where a text would be said that is no media URI itself, e.g. sound:hello-world" },
	{ "stream_url", VA_FIELD_URL, false,
		"media_url() of the account, when its calls are to be held here; Asterisk has it as media_connection" },
	{ "media_connection", VA_FIELD_TEXT, false,
		"section of websocket_client.conf whose uri is the stream_url; \"voiceagent\" by default" },
	{ "transfer_context", VA_FIELD_TEXT, false,
		"context of the dialplan that puts calls through; without it SIP's REFER does" },
	{ 0 },
};

/* Nothing comes over HTTP: who knocks is not Asterisk. */
static bool
refuse_webhook(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why)
{
	return va_refuse(why, "Asterisk sends no webhooks");
}

VA_DRIVER(asterisk) = {
	.name = "asterisk",
	.title = "Asterisk",
	.credentials = asterisk_credentials,
	.settings = asterisk_settings,
	.check_carrier = asterisk_check_carrier,
	.proof = VA_PROOF_NONE,
	.refs_are_ids = true,
	.has_dtmf = true,
	.has_no_voice = true,
	.plays = asterisk_plays,
	.socket_url = asterisk_socket_url,
	.socket_account = asterisk_app,
	.read_waiting = asterisk_read_waiting,
	.build_call = asterisk_build_call,
	.read_call_response = asterisk_read_call_response,
	.build_lookup = asterisk_build_lookup,
	.read_lookup_response = asterisk_read_lookup_response,
	.build_list = asterisk_build_list,
	.read_list_response = asterisk_read_list_response,
	.verify = refuse_webhook,
	.read_webhook = asterisk_read_webhook,
	.provider_requests =
		(const VaProviderRequestDriver[VA_PROVIDER_REQUEST_KINDS]){
			[VA_REQUEST_CHECK_ACCOUNT] = { asterisk_build_check, read_check },
			[VA_REQUEST_HANGUP] = { asterisk_build_hangup, read_ending },
			[VA_REQUEST_TRANSFER] = { asterisk_build_transfer, read_provider_request },
			[VA_REQUEST_SAY] = { asterisk_build_say, read_provider_request },
			[VA_REQUEST_PLAY] = { asterisk_build_play, read_provider_request },
			[VA_REQUEST_SEND_DTMF] = { asterisk_build_dtmf, read_provider_request },
			[VA_REQUEST_ANSWER] = { asterisk_build_take, read_provider_request },
			[VA_REQUEST_LIMIT] = { asterisk_build_limit, read_ending },
			[VA_REQUEST_CHECK_PLAYBACK] = { asterisk_build_check_playback, read_check_playback },
			[VA_REQUEST_STREAM] = { asterisk_build_stream, read_stream },
			[VA_REQUEST_END_STREAM] = { asterisk_build_end_stream, read_end_stream },
			[VA_REQUEST_RECORD] = { asterisk_build_record, read_record },
			[VA_REQUEST_FETCH_RECORDING] = { asterisk_build_fetch_recording, read_fetch_recording },
		},
};
