/*-------------------------------------------------------------------------
 * telnyx.c
 *		Telnyx's answers and signatures, and the driver as a whole.
 *
 * A dial repeated within a minute under the same command_id dials once: an
 * answer that was lost is asked for by sending the order again.  Later there
 * is only the list of live calls, whose silence proves nothing, since the
 * call may have ended.
 */
#include "telnyx_internal.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define CALL_ENDED "90018"

/* ---- errors ---- */

static const json_t *
first_error(const json_t *root)
{
	return json_array_get(va_json_array(root, "errors"), 0);
}

static const char *
error_words(const json_t *error, VaArena *arena)
{
	const char *title = va_json_string(error, "title");
	const char *detail = va_json_string(error, "detail");

	if (title != NULL && detail != NULL)
		title = va_arena_printf(arena, "%s: %s", title, detail);
	return va_reply_words(arena, title != NULL ? title : detail);
}

typedef struct WordsLine
{
	const char *says;
	VaDialKind kind;
	const char *cause; /* NULL = the status says enough */
} WordsLine;

/*
 * A refusal by title or detail; the first line that occurs counts.  By the
 * support article on SIP response codes: 403 with D11 is a destination that
 * is none, with D12 one that the service plan, and with D13 one that the
 * profile's list of countries leaves out.  They concern the one called, while
 * any other 403 concerns all.
 */
static const WordsLine words_lines[] = {
	{ "channel limit exceeded", VA_DIAL_RATE_LIMITED, NULL },
	{ "is not allowed for service plan", VA_DIAL_REFUSED_PERMANENT, "not-permitted" },
	{ "whitelisted countries", VA_DIAL_REFUSED_PERMANENT, "not-permitted" },
	{ "is invalid D11", VA_DIAL_REFUSED_PERMANENT, "bad-number" },
};

/*
 * The meaning of their words beyond the status.  A refusal that names what
 * every call of the account carries is the account's fault, not the lead's;
 * one for a limit of calls at a time passes.
 */
static void
correct_dial(VaCarrierRefusal *outcome, const json_t *error)
{
	static const char *const ours[] = { "/connection_id", "/from", "/webhook_url", "/stream_url" };
	const char *pointer = va_json_string(va_json_object(error, "source"), "pointer");

	if (outcome->kind != VA_DIAL_REFUSED_PERMANENT && outcome->kind != VA_DIAL_BAD_ACCOUNT)
		return;
	for (size_t i = 0; outcome->message != NULL && i < sizeof(words_lines) / sizeof(words_lines[0]); i++)
		if (strcasestr(outcome->message, words_lines[i].says) != NULL)
		{
			outcome->kind = words_lines[i].kind;
			if (words_lines[i].cause != NULL)
				outcome->cause = words_lines[i].cause;
			return;
		}
	for (size_t i = 0; pointer != NULL && i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(pointer, ours[i]) == 0)
			outcome->kind = VA_DIAL_BAD_ACCOUNT;
}

static void
read_refusal(const VaHttpResponse *response, const json_t *root, VaArena *arena, VaCarrierRefusal *refusal)
{
	const char *code = va_json_string(first_error(root), "code");

	refusal->message = error_words(first_error(root), arena);
	if (code != NULL && strcmp(code, CALL_ENDED) == 0)
		refusal->gone = true;
	if (code != NULL && strcmp(code, TELNYX_TEXT_BLOCKED) == 0)
		refusal->cause = "blocked";
	if (refusal->dial)
		correct_dial(refusal, first_error(root));
}

const VaReplies telnyx_replies = { read_refusal, "data.call_control_id", "data", telnyx_read_call, "data",
	telnyx_read_live_call, .counts = NULL };

VA_READ_REPLIES(telnyx_replies)

/* ---- signatures ---- */

/* Seconds since 1970, digits alone. */
static bool
timestamp_fresh(const char *text, int64_t now, const char **why)
{
	size_t len = strlen(text);
	int64_t value = 0;

	if (len == 0 || len > 12 || strspn(text, "0123456789") != len)
		return va_refuse(why, "the timestamp is not a number");
	for (; *text != '\0'; text++)
		value = value * 10 + (*text - '0');
	if (value - now > VA_SIGNATURE_TOLERANCE || now - value > VA_SIGNATURE_TOLERANCE)
		return va_refuse(why, "the timestamp is outside the tolerance");
	return true;
}

/* Ed25519 over "timestamp|body" with the account's public key: nothing secret is compared here. */
static bool
telnyx_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why)
{
	const char *given = va_header_find(message->headers, message->nheaders, "telnyx-signature-ed25519");
	const char *timestamp = va_header_find(message->headers, message->nheaders, "telnyx-timestamp");
	unsigned char key[crypto_sign_PUBLICKEYBYTES];
	unsigned char signature[crypto_sign_BYTES];
	unsigned char *text;
	size_t key_len = 0;
	size_t signature_len = 0;
	size_t used;
	bool good;

	*why = NULL;
	if (!va_base64_decode((const char *) auth->secret, auth->secret_len, key, sizeof(key), &key_len) ||
		key_len != sizeof(key))
		*why = "the endpoint has no valid public key";
	else if (given == NULL)
		*why = "the signature is missing";
	else if (timestamp == NULL)
		*why = "the timestamp is missing";
	else if (!va_base64_decode(given, strlen(given), signature, sizeof(signature), &signature_len) ||
			 signature_len != sizeof(signature))
		*why = "the signature is not in its encoding";
	if (*why != NULL || !timestamp_fresh(timestamp, now, why))
		return false;
	used = strlen(timestamp);
	text = malloc(used + 1 + message->body_len);
	if (text == NULL)
		return va_refuse(why, "out of memory");
	memcpy(text, timestamp, used);
	text[used++] = '|';
	if (message->body_len > 0)
		memcpy(text + used, message->body, message->body_len);
	good = crypto_sign_verify_detached(signature, text, used + message->body_len, key) == 0;
	free(text);
	if (!good)
		*why = "the signature does not match";
	return good;
}

/* ---- the driver ---- */

static bool
telnyx_check_carrier(const VaProviderAccount *carrier, VaArena *arena, const char **why)
{
	const char *text = va_carrier_credential(carrier, "public_key");
	unsigned char key[crypto_sign_PUBLICKEYBYTES];
	size_t len = 0;

	if (text == NULL ||
		(va_base64_decode(text, strlen(text), key, sizeof(key), &len) && len == crypto_sign_PUBLICKEYBYTES))
		return true;
	return va_refuse(why, "public_key must be the 44 characters of base64 that Telnyx shows under Keys & Credentials");
}

static const VaAccountField telnyx_credentials[] = {
	{ "api_key", VA_FIELD_TEXT, true, "API key, KEY..." },
	{ "public_key", VA_FIELD_TEXT, false, "the account's public key, which webhooks are verified with" },
	{ 0 },
};

static const VaAccountField telnyx_settings[] = {
	{ "connection_id", VA_FIELD_TEXT, true, "id of the Call Control application" },
	{ "from_number", VA_FIELD_E164, false, "number to call from" },
	{ "stream_url", VA_FIELD_URL, false,
		"socket (wss) that talks with whoever answers; without it the first message is said" },
	{ "voice", VA_FIELD_TEXT, false, "voice that says texts, PROVIDER.MODEL.VOICE" },
	{ "premium_detection", VA_FIELD_BOOLEAN, false, "premium detection of machines, where no message is to be left" },
	{ 0 },
};

VA_DRIVER(telnyx) = {
	.name = "telnyx",
	.title = "Telnyx",
	.credentials = telnyx_credentials,
	.settings = telnyx_settings,
	.check_carrier = telnyx_check_carrier,
	.proof = VA_PROOF_VENDOR,
	.webhook_secret = "public_key",
	.account_name = "connection_id",
	.dial_repeatable_s = 60,
	.list_pages_by_offset = true,
	.spoken_max_chars = TELNYX_SPOKEN_MAX_CHARS,
	.has_dtmf = true,
	.has_amd = true,
	.machine_asks = true,
	.records = true,
	.build_call = telnyx_build_call,
	.read_call_response = read_call_response,
	.build_lookup = telnyx_build_lookup,
	.read_lookup_response = read_lookup_response,
	.list_max = TELNYX_PAGE_MAX,
	.build_list = telnyx_build_list,
	.read_list_response = read_list_response,
	.verify = telnyx_verify,
	.read_webhook = telnyx_read_webhook,
	.rings_first = true,
	.provider_requests = telnyx_requests,
};
