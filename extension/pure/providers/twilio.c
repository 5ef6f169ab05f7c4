/*-------------------------------------------------------------------------
 * twilio.c
 *		Twilio's answers about calls, and the dialect as a whole.
 *
 * Twilio knows no idempotency key: a dial without a clear answer is UNKNOWN
 * and looked for in the list of calls from and to the same numbers.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "twilio_internal.h"

#include <string.h>

static void
read_call_response(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome)
{
	TwilioError error;
	const char *why = NULL;
	json_t *root;

	if (!va_dial_answered(response, arena, outcome))
	{
		twilio_read_error(response, arena, &error);
		outcome->kind = error.kind;
		outcome->cause = error.cause;
		if (error.message != NULL)
			outcome->message = error.message;
		return;
	}
	root = va_reply_json(response, arena, &why);
	if (va_id_valid(va_json_string(root, "sid")))
	{
		outcome->kind = VA_DIAL_ACCEPTED;
		outcome->provider_call_id = va_arena_strdup(arena, va_json_string(root, "sid"));
		outcome->cause = "accepted";
	}
	else
		va_dial_without_id(outcome, root == NULL ? why : NULL);
	json_decref(root);
}

static bool
lookup_answered(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	TwilioError error;

	if (va_lookup_answered(response, arena, lookup))
		return true;
	twilio_read_error(response, arena, &error);
	if (error.message != NULL)
		lookup->message = error.message;
	return false;
}

static void
read_lookup_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	const char *why = NULL;
	VaEvent event;
	json_t *root;

	if (!lookup_answered(response, arena, lookup))
		return;
	lookup->kind = VA_LOOKUP_RETRY;
	root = va_reply_json(response, arena, &why);
	if (root != NULL && twilio_read_call(root, arena, &event, &why) && va_lookup_add(lookup, arena, &event, 1))
	{
		lookup->kind = VA_LOOKUP_FOUND;
		lookup->received = 1;
	}
	else
		lookup->message = why;
	json_decref(root);
}

/* Calls that we placed: the other sides of forwarded calls and incoming ones have the same numbers at times. */
static bool
is_dial(const json_t *call)
{
	const char *direction = va_json_string(call, "direction");

	return direction == NULL || strcmp(direction, "outbound-api") == 0;
}

static void
read_list_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	const char *why = NULL;
	json_t *root;
	const json_t *calls;
	const json_t *call;
	size_t i;

	if (!lookup_answered(response, arena, lookup))
		return;
	root = va_reply_json(response, arena, &why);
	calls = va_json_array(root, "calls");
	lookup->kind = calls != NULL ? VA_LOOKUP_FOUND : VA_LOOKUP_RETRY;
	if (calls == NULL)
		lookup->message = root != NULL ? "the answer holds no list of calls" : why;
	lookup->received = (int) json_array_size(calls);
	json_array_foreach(calls, i, call)
	{
		VaEvent event;

		if (!is_dial(call))
			continue;
		if (!twilio_read_call(call, arena, &event, &why) ||
			!va_lookup_add(lookup, arena, &event, lookup->received))
			lookup->unreadable++;
	}
	if (arena->oom)
	{
		memset(lookup, 0, sizeof(*lookup));
		lookup->kind = VA_LOOKUP_RETRY;
		lookup->message = "out of memory";
	}
	json_decref(root);
}

/* ---- the account ---- */

static const VaField credentials[] = {
	{ "account_sid", VA_FIELD_TEXT, true, "Account SID (AC...)" },
	{ "auth_token", VA_FIELD_TEXT, true, "Auth Token; Twilio signs its webhooks with it" },
	{ "api_key", VA_FIELD_TEXT, false, "API key SID (SK...) to ask with in place of the token" },
	{ "api_secret", VA_FIELD_TEXT, false, "the API key's secret" },
	{ 0 },
};

static const VaField settings[] = {
	{ "from_number", VA_FIELD_E164, false, "number to call from, unless the campaign names one" },
	{ "stream_url", VA_FIELD_URL, false, "wss:// URL that an answered call's audio is connected to" },
	{ "voice", VA_FIELD_TEXT, false, "Twilio's name of the voice that says a text" },
	{ 0 },
};

static bool
is_sid(const char *text, const char *prefix)
{
	return text != NULL && strlen(text) == 34 && strncmp(text, prefix, 2) == 0 &&
		   strspn(text + 2, "0123456789abcdefABCDEF") == 32;
}

static bool
check_carrier(const VaCarrier *carrier, VaArena *arena, const char **why)
{
	const char *key = va_carrier_credential(carrier, "api_key");
	const char *stream = va_carrier_setting(carrier, "stream_url");

	*why = NULL;
	if (!is_sid(va_carrier_credential(carrier, "account_sid"), "AC"))
		*why = "account_sid must be AC and 32 hexadecimal digits";
	else if (key != NULL && !is_sid(key, "SK"))
		*why = "api_key must be SK and 32 hexadecimal digits";
	else if ((key != NULL) != (va_carrier_credential(carrier, "api_secret") != NULL))
		*why = "api_key and api_secret belong together";
	else if (stream != NULL && (strncmp(stream, "wss://", 6) != 0 || strchr(stream, '?') != NULL))
		*why = "stream_url must begin with wss:// and hold no query";
	return *why == NULL;
}

const VaDialect va_dialect_twilio = {
	.name = "twilio",
	.title = "Twilio",
	.credentials = credentials,
	.settings = settings,
	.check_carrier = check_carrier,
	.proof = VA_PROOF_VENDOR,
	.webhook_secret = "auth_token",
	.account_name = "account_sid",
	.calls_per_second = 1,
	.absence_proves = true,
	.build_call = twilio_build_call,
	.read_call_response = read_call_response,
	.build_lookup = twilio_build_lookup,
	.read_lookup_response = read_lookup_response,
	.list_max = TWILIO_LIST_MAX,
	.build_list = twilio_build_list,
	.read_list_response = read_list_response,
	.verify = twilio_verify,
	.read_webhook = twilio_read_webhook,
	.build_answer = twilio_build_answer,
	.detects_machines = true,
	.records = true,
	.errands = {
		[VA_ERRAND_CHECK_ACCOUNT] = { twilio_build_check_account, twilio_read_check_account },
		[VA_ERRAND_BALANCE] = { twilio_build_balance, twilio_read_balance },
		[VA_ERRAND_HANGUP] = { twilio_build_hangup, twilio_read_hangup },
		[VA_ERRAND_TRANSFER] = { twilio_build_redirect, twilio_read_redirect },
		[VA_ERRAND_SAY] = { twilio_build_redirect, twilio_read_redirect },
		[VA_ERRAND_PLAY] = { twilio_build_redirect, twilio_read_redirect },
		[VA_ERRAND_STREAM] = { twilio_build_redirect, twilio_read_redirect },
		[VA_ERRAND_SEND_DTMF] = { twilio_build_digits, twilio_read_digits },
		[VA_ERRAND_RECORD] = { twilio_build_record, twilio_read_record },
		[VA_ERRAND_FETCH_RECORDING] = { twilio_build_recording, twilio_read_recording },
		[VA_ERRAND_FETCH_COST] = { twilio_build_cost, twilio_read_cost },
		[VA_ERRAND_LIST_NUMBERS] = { twilio_build_list_numbers, twilio_read_list_numbers },
		[VA_ERRAND_SEARCH_NUMBERS] = { twilio_build_search_numbers, twilio_read_search_numbers },
		[VA_ERRAND_BUY_NUMBER] = { twilio_build_buy_number, twilio_read_buy_number },
		[VA_ERRAND_RELEASE_NUMBER] = { twilio_build_release_number, twilio_read_release_number },
		[VA_ERRAND_CONFIGURE_NUMBER] = { twilio_build_configure_number, twilio_read_configure_number },
	},
};
