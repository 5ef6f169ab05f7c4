/*-------------------------------------------------------------------------
 * plivo.c
 *		Plivo's answers about calls, and the driver as a whole.
 *
 * Plivo knows no idempotency key, and no list shows a call by its numbers
 * before it is over: a dial without a clear answer stays UNKNOWN until a
 * callback or the record of the call tells.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "plivo_internal.h"

#include <string.h>

/* Calls that we placed: not incoming ones, nor the other sides of forwarded ones. */
static bool
is_dial(const json_t *record)
{
	const char *direction = va_json_string(record, "call_direction");

	return (direction == NULL || strcmp(direction, "outbound") == 0) &&
		   va_json_string(record, "parent_call_uuid") == NULL;
}

/* A call that is going on has no record: to say that it is unknown would end it here. */
const VaReplies plivo_replies = { plivo_read_refusal, "request_uuid", NULL, plivo_read_record, "objects",
	plivo_read_record, is_dial, .unlisted = "there is no record of the call yet" };

VA_READ_REPLIES(plivo_replies)

/* ---- the account ---- */

static const VaAccountField credentials[] = {
	{ "auth_id", VA_FIELD_TEXT, true, "Auth ID (MA..., or SA... of a subaccount)" },
	{ "auth_token", VA_FIELD_TEXT, true, "Auth Token; Plivo signs its webhooks with it" },
	{ 0 },
};

static const VaAccountField settings[] = {
	{ "from_number", VA_FIELD_E164, false, "number to call from, unless the campaign names one" },
	{ "application_id", VA_FIELD_TEXT, false, "Plivo application that our numbers' incoming calls go to" },
	{ "stream_url", VA_FIELD_URL, false, "wss:// URL that an answered call's audio is connected to" },
	{ "voice", VA_FIELD_TEXT, false, "Plivo's name of the voice that says a text" },
	{ 0 },
};

static bool
check_carrier(const VaProviderAccount *carrier, VaArena *arena, const char **why)
{
	const char *id = va_carrier_credential(carrier, "auth_id");
	const char *application = va_carrier_setting(carrier, "application_id");
	const char *stream = va_carrier_setting(carrier, "stream_url");

	*why = NULL;
	if (id == NULL || strlen(id) != 20 || (strncmp(id, "MA", 2) != 0 && strncmp(id, "SA", 2) != 0) ||
		strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != 20)
		*why = "auth_id must be 20 capital letters and digits that begin with MA or SA";
	else if (application != NULL && application[strspn(application, "0123456789")] != '\0')
		*why = "application_id must be digits";
	else if (stream != NULL && strncmp(stream, "wss://", 6) != 0)
		*why = "stream_url must begin with wss://";
	return *why == NULL;
}

VA_DRIVER(plivo) = {
	.name = "plivo",
	.title = "Plivo",
	.credentials = credentials,
	.settings = settings,
	.check_carrier = check_carrier,
	.proof = VA_PROOF_VENDOR,
	.webhook_secret = "auth_token",
	.calls_per_second = 2,
	.list_pages_by_offset = true,
	.build_call = plivo_build_call,
	.read_call_response = read_call_response,
	.build_lookup = plivo_build_lookup,
	.read_lookup_response = read_lookup_response,
	.build_list = plivo_build_list,
	.read_list_response = read_list_response,
	.verify = plivo_verify,
	.read_webhook = plivo_read_webhook,
	.rings_first = true,
	.takes_dlt = true,
	.build_answer = plivo_build_answer,
	.has_dtmf = true,
	.has_amd = true,
	.records = true,
	.provider_requests = plivo_requests,
};
