/*-------------------------------------------------------------------------
 * twilio.c
 *		Twilio's answers about calls, and the driver as a whole.
 *
 * Twilio knows no idempotency key: a dial without a clear answer is UNKNOWN
 * and looked for in the list of calls from and to the same numbers.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "twilio_internal.h"

#include <string.h>

/* Calls that we placed: the other sides of forwarded calls and incoming ones have the same numbers at times. */
static bool
is_dial(const json_t *call)
{
	const char *direction = va_json_string(call, "direction");

	return direction == NULL || strcmp(direction, "outbound-api") == 0;
}

const VaReplies twilio_replies = { twilio_read_refusal, "sid", NULL, twilio_read_call, "calls", twilio_read_call,
	is_dial, .absence_proves = true };

VA_READ_REPLIES(twilio_replies)

/* ---- the account ---- */

static const VaAccountField credentials[] = {
	{ "account_sid", VA_FIELD_TEXT, true, "Account SID (AC...)" },
	{ "auth_token", VA_FIELD_TEXT, true, "Auth Token; Twilio signs its webhooks with it" },
	{ "api_key", VA_FIELD_TEXT, false, "API key SID (SK...) to ask with in place of the token" },
	{ "api_secret", VA_FIELD_TEXT, false, "the API key's secret" },
	{ "shared_key", VA_FIELD_TEXT, false,
		"secret of the shared key, where one signs the webhooks in place of the token" },
	{ 0 },
};

static const VaAccountField settings[] = {
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
check_carrier(const VaProviderAccount *carrier, VaArena *arena, const char **why)
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

VA_DRIVER(twilio) = {
	.name = "twilio",
	.title = "Twilio",
	.credentials = credentials,
	.settings = settings,
	.check_carrier = check_carrier,
	.proof = VA_PROOF_VENDOR,
	.webhook_secret = "auth_token",
	.shared_secret = "shared_key",
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
	.rings_first = true,
	.tells_reassigned = true,
	.build_answer = twilio_build_answer,
	.has_dtmf = true,
	.has_amd = true,
	.records = true,
	.provider_requests = twilio_requests,
};
