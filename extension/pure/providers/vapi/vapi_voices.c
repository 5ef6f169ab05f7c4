/*-------------------------------------------------------------------------
 * vapi_voices.c
 *		The voices that a tenant has at ElevenLabs, whose ids an assistant of
 *		Vapi may name: asked for there, with a key of the tenant's own.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "vapi_internal.h"

#include <string.h>

#define ELEVENLABS_URL "https://api.elevenlabs.io"
#define VOICES_MAX 2000 /* that are read of one list */

bool
vapi_build_list_voices(VA_REQUEST_ARGS)
{
	const char *key = va_carrier_credential(order->carrier, "elevenlabs_api_key");

	if (key == NULL)
		return va_refuse(why, "the account has no elevenlabs_api_key: give it one with update_provider_account()");
	return va_request_start(request, arena, "GET", va_carrier_setting(order->carrier, "elevenlabs_url"), ELEVENLABS_URL,
			   "/v1/voices", why) &&
		   va_request_header(request, arena, "xi-api-key", key, why);
}

/* The language that a voice was made for; NULL: the vendor does not say. */
static const char *
voice_language(const json_t *voice)
{
	const char *language = va_json_string(va_json_object(voice, "labels"), "language");

	if (language == NULL)
		language = va_json_string(va_json_object(voice, "fine_tuning"), "language");
	return language != NULL && strlen(language) <= 12 ? language : NULL;
}

static void
read_voices(const json_t *list, VaArena *arena, VaProviderReply *reply)
{
	VaCarrierVoice *voices = va_arena_alloc(arena, sizeof(VaCarrierVoice) * VOICES_MAX);
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *id = va_json_string(item, "voice_id");

		if (voices == NULL || reply->nvoices == VOICES_MAX || !va_id_valid(id))
			continue;
		voices[reply->nvoices++] = (VaCarrierVoice){ .voice = va_arena_strdup(arena, id),
			.name = va_utf8_cut(arena, va_json_string(item, "name"), 100),
			.language = va_arena_strdup(arena, voice_language(item)),
			.category = va_utf8_cut(arena, va_json_string(item, "category"), 40) };
	}
	reply->voices = voices;
}

void
vapi_read_list_voices(VA_REPLY_ARGS)
{
	const char *why;
	json_t *root;

	if (!va_provider_request_answered(response, arena, reply))
	{
		/* It is the voices' vendor that is busy or refuses its key: the account's calls go on. */
		if (reply->kind == VA_DIAL_UNKNOWN || reply->kind == VA_DIAL_RATE_LIMITED)
			reply->kind = VA_DIAL_REFUSED_RETRY;
		else if (reply->kind == VA_DIAL_BAD_ACCOUNT)
			reply->kind = VA_DIAL_REFUSED_PERMANENT;
		return;
	}
	root = va_reply_json(response, arena, &why);
	if (va_json_array(root, "voices") == NULL)
		va_reply_end(reply, VA_DIAL_REFUSED_PERMANENT, "unreadable-answer",
			root == NULL ? why : "the answer is not a list of voices");
	else
		read_voices(va_json_array(root, "voices"), arena, reply);
	json_decref(root);
}
