/*-------------------------------------------------------------------------
 * vapi.c
 *		Vapi's answers, and the driver as a whole.
 *
 * The one question about a dial that has no good answer is whether it may
 * have been placed.  Vapi knows no idempotency key, so everything between
 * the first byte sent and a clear refusal is UNKNOWN, and is looked up.
 */
#include "vapi_internal.h"

#include <string.h>

/* {"message": text | [texts], "error": text}, or the beginning of whatever it is. */
const char *
vapi_error_message(const VaHttpResponse *response, VaArena *arena)
{
	const char *why;
	json_t *root;
	json_t *message;
	const char *text;

	if (response->body_len == 0)
		return NULL;
	root = va_json_load(arena, response->body, response->body_len, &why);
	message = json_object_get(root, "message");
	text = json_string_value(message);
	if (json_is_array(message))
	{
		json_t *item;
		size_t i;

		json_array_foreach(message, i, item) if (json_is_string(item))
			text = text == NULL ? json_string_value(item)
								: va_arena_printf(arena, "%s; %s", text, json_string_value(item));
	}
	if (text == NULL)
		text = va_json_string(root, "error");
	text = va_reply_words(arena, text);
	json_decref(root);
	return text;
}

static void
read_accepted(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome)
{
	const char *why;
	json_t *root = va_json_load(arena, response->body, response->body_len, &why);
	const char *id = va_json_string(root, "id");
	bool blocked = json_is_true(json_object_get(va_json_object(root, "subscriptionLimits"), "concurrencyBlocked"));

	if (va_id_valid(id))
	{
		outcome->kind = VA_DIAL_ACCEPTED;
		outcome->provider_call_id = va_arena_strdup(arena, id);
		outcome->control_url = vapi_control_url(root, arena);
		outcome->cause = "accepted";
	}
	else if (blocked)
	{
		outcome->kind = VA_DIAL_RATE_LIMITED;
		outcome->cause = "concurrency-limit";
	}
	else
		va_dial_without_id(outcome, root == NULL ? why : NULL);
	json_decref(root);
}

/*
 * An organisation whose lines are all taken gets a 400, {"error": "Over
 * Concurrency Limit"} (VapiAI/docs, pull request 110): nothing is wrong with
 * the call, which waits.
 */
static bool
over_concurrency(const VaHttpResponse *response, VaArena *arena)
{
	static const char *const members[] = { "error", "message" };
	const char *why;
	json_t *root;
	bool over = false;

	if (va_status_kind(response) == VA_DIAL_UNKNOWN || response->body_len == 0)
		return false;
	root = va_json_load(arena, response->body, response->body_len, &why);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
	{
		const char *text = va_json_string(root, members[i]);

		over = over || (text != NULL && strcasestr(text, "concurrency limit") != NULL);
	}
	json_decref(root);
	return over;
}

/* The call named an assistant that is kept there, and is not there any more: the lead is not at fault. */
static bool
lacks_assistant(const VaHttpResponse *response, const char *message)
{
	return (response->status == 400 || response->status == 404) && message != NULL &&
		   strcasestr(message, "assistant") != NULL &&
		   (strcasestr(message, "not found") != NULL || strcasestr(message, "not exist") != NULL ||
			   strcasestr(message, "n't get") != NULL || strcasestr(message, "n't find") != NULL);
}

static void
vapi_read_call_response(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome)
{
	if (va_dial_answered(response, arena, outcome))
	{
		read_accepted(response, arena, outcome);
		return;
	}
	if (outcome->message == NULL)
		outcome->message = vapi_error_message(response, arena);
	if (over_concurrency(response, arena))
	{
		outcome->kind = VA_DIAL_RATE_LIMITED;
		outcome->cause = "concurrency-limit";
	}
	else if (lacks_assistant(response, outcome->message))
	{
		outcome->kind = VA_DIAL_REFUSED_RETRY;
		outcome->cause = "assistant-gone";
	}
}

/* Unusable parts are taken out of the call. */
static bool
read_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why)
{
	return vapi_read_call((json_t *) call, arena, event, why);
}

static void
vapi_read_lookup_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	json_t *root = va_lookup_json(response, arena, lookup, vapi_error_message);
	const char *status = va_json_string(root, "status");

	if (root == NULL)
		va_lookup_in_own_words(lookup);
	else if (status != NULL && strcmp(status, "not-found") == 0)
		lookup->kind = VA_LOOKUP_NOT_FOUND;
	else
		va_lookup_call(lookup, arena, root, read_call);
	json_decref(root);
}

static void
vapi_read_list_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	json_t *root = va_lookup_json(response, arena, lookup, vapi_error_message);

	if (root == NULL)
		va_lookup_in_own_words(lookup);
	else
		va_lookup_calls(lookup, arena, json_is_array(root) ? root : NULL, read_call, NULL);
	json_decref(root);
}

static const VaAccountField vapi_credentials[] = {
	{ "api_key", VA_FIELD_TEXT, true, "private API key" },
	{ "webhook_secret", VA_FIELD_TEXT, false, "secret that webhooks are signed with" },
	{ "elevenlabs_api_key", VA_FIELD_TEXT, false, "key of ElevenLabs, to read which voices you have there" },
	{ 0 },
};

static const VaAccountField vapi_settings[] = {
	{ "phone_number_id", VA_FIELD_TEXT, true, "Vapi's id of the number to call from" },
	{ "webhook", VA_FIELD_OBJECT, false, "how webhooks are signed" },
	{ "webhook_credential_id", VA_FIELD_TEXT, false, "Vapi's credential that signs webhooks" },
	{ "voicemail_detection", VA_FIELD_TEXT, false, "who detects voicemail: vapi, google, openai, twilio, off" },
	{ "org_id", VA_FIELD_TEXT, false, "Vapi's id of the organisation that webhooks must be about" },
	{ "send_lead_name", VA_FIELD_BOOLEAN, false,
		"whether Vapi is told a lead's name where the assistant's text does not say it; false by default" },
	{ "elevenlabs_url", VA_FIELD_URL, false, "where ElevenLabs is asked, if not at https://api.elevenlabs.io" },
	{ 0 },
};

static const VaAccountField no_fields[] = { { 0 } };

/* The messages of a carrier that speaks this language, whoever it is. */
#define VAPI_LANGUAGE                                                                                                 \
	.proof = VA_PROOF_SCHEME, .webhook_secret = "webhook_secret", .absence_proves = true,                             \
	.spoken_max_chars = VAPI_SPOKEN_MAX_CHARS, .converses = true, .has_amd = true, .records = true, .whispers = true, \
	.read_call_response = vapi_read_call_response, .build_lookup = vapi_build_lookup,                                 \
	.read_lookup_response = vapi_read_lookup_response, .list_max = VAPI_LIST_MAX, .lists_all_calls = true,            \
	.build_list = vapi_build_list, .read_list_response = vapi_read_list_response, .verify = va_webhook_verify,        \
	.read_webhook = vapi_read_webhook

VA_DRIVER(vapi) = { .name = "vapi",
	.title = "Vapi",
	.credentials = vapi_credentials,
	.settings = vapi_settings,
	.account_name = "org_id",
	.build_call = vapi_build_call,
	.build_answer = vapi_build_answer,
	VAPI_LANGUAGE,
	.provider_requests = (const VaProviderRequestDriver[VA_PROVIDER_REQUEST_KINDS]){
		[VA_REQUEST_HANGUP] = { vapi_build_hangup, vapi_read_hangup },
		[VA_REQUEST_CHECK_ACCOUNT] = { vapi_build_check_account, vapi_read_check_account },
		[VA_REQUEST_TRANSFER] = { vapi_build_transfer, vapi_read_control },
		[VA_REQUEST_SAY] = { vapi_build_say, vapi_read_control },
		[VA_REQUEST_FETCH_RECORDING] = { vapi_build_fetch_recording, vapi_read_fetch_recording },
		[VA_REQUEST_FETCH_COST] = { vapi_build_fetch_cost, vapi_read_fetch_cost },
		[VA_REQUEST_LIST_NUMBERS] = { vapi_build_list_numbers, vapi_read_list_numbers },
		[VA_REQUEST_BUY_NUMBER] = { vapi_build_buy_number, vapi_read_new_number },
		[VA_REQUEST_RELEASE_NUMBER] = { vapi_build_release_number, vapi_read_gone_number },
		[VA_REQUEST_CONFIGURE_NUMBER] = { vapi_build_configure_number, vapi_read_changed_number },
		[VA_REQUEST_CREATE_CREDENTIAL] = { vapi_build_create_credential, vapi_read_create_credential },
		[VA_REQUEST_CREATE_NUMBER] = { vapi_build_create_number, vapi_read_new_number },
		[VA_REQUEST_LIST_VOICES] = { vapi_build_list_voices, vapi_read_list_voices },
		[VA_REQUEST_CREATE_ASSISTANT] = { vapi_build_create_assistant, vapi_read_create_assistant },
		[VA_REQUEST_UPDATE_ASSISTANT] = { vapi_build_update_assistant, vapi_read_update_assistant },
		[VA_REQUEST_FETCH_ASSISTANT] = { vapi_build_fetch_assistant, vapi_read_fetch_assistant },
		[VA_REQUEST_FIND_ASSISTANT] = { vapi_build_find_assistant, vapi_read_find_assistant },
		[VA_REQUEST_DELETE_ASSISTANT] = { vapi_build_delete_assistant, vapi_read_delete_assistant },
	} };

/* It needs no number to call from. */
VA_DRIVER(sandbox) = { .name = "sandbox",
	.rings_first = true,
	.takes_dlt = true,
	.title = "Sandbox",
	.credentials = no_fields,
	.settings = no_fields,
	.build_call = vapi_build_call_sandbox,
	VAPI_LANGUAGE,
	.provider_requests = (const VaProviderRequestDriver[VA_PROVIDER_REQUEST_KINDS]){
		[VA_REQUEST_HANGUP] = { vapi_build_hangup, vapi_read_hangup },
		[VA_REQUEST_CHECK_ACCOUNT] = { vapi_build_check_account, vapi_read_check_account },
		[VA_REQUEST_BALANCE] = { vapi_build_balance_sandbox, vapi_read_balance_sandbox },
		[VA_REQUEST_TRANSFER] = { vapi_build_transfer, vapi_read_control },
		[VA_REQUEST_SAY] = { vapi_build_say, vapi_read_control },
		[VA_REQUEST_PLAY] = { vapi_build_play_sandbox, vapi_read_control },
		[VA_REQUEST_SEND_DTMF] = { vapi_build_digits_sandbox, vapi_read_control },
		[VA_REQUEST_FETCH_RECORDING] = { vapi_build_fetch_recording, vapi_read_fetch_recording },
		[VA_REQUEST_SEND_TEXT] = { vapi_build_text_sandbox, vapi_read_text_sandbox },
	} };
