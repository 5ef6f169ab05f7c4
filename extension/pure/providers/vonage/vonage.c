/*-------------------------------------------------------------------------
 * vonage.c
 *		Vonage's answers, and the driver as a whole.
 *
 * Vonage knows no idempotency key, and of a call it gives back nothing of
 * ours but the query of our URL: a dial without a good answer is looked for
 * among the calls of its time, by its numbers.  That it is not found there
 * proves nothing, because the search goes by the time of the answer, which
 * a call that rings does not have.
 */
#include "vonage_internal.h"

#include <string.h>

#include "pure/auth/rs256.h"

/* ---- errors ---- */

/* {"title", "detail"}, {"error_title"}, {"error-code-label"} */
static const char *
words_of(const json_t *root, VaArena *arena)
{
	const char *title = va_json_string(root, "title");
	const char *detail = va_json_string(root, "detail");

	if (title == NULL)
		title = va_json_string(root, "error_title");
	if (title == NULL)
		title = va_json_string(root, "error-code-label");
	if (title != NULL && detail != NULL)
		title = va_arena_printf(arena, "%s: %s", title, detail);
	return va_reply_words(arena, title != NULL ? title : detail);
}

static bool
names_field(const json_t *invalid, const char *name)
{
	const json_t *item;
	size_t i;

	if (json_object_get(invalid, name) != NULL)
		return true;
	json_array_foreach(invalid, i, item)
	{
		const char *field = va_json_string(item, "name");

		if (field != NULL && strcmp(field, name) == 0)
			return true;
	}
	return false;
}

/* A refusal that names what every call of the account carries, and not whom it was for, is the account's fault. */
static VaDialKind
corrected_kind(VaDialKind kind, const json_t *root)
{
	static const char *const ours[] = { "from", "event_url", "application_id" };
	const json_t *invalid = json_object_get(root, "invalid_parameters");

	if (kind != VA_DIAL_REFUSED_PERMANENT || names_field(invalid, "to"))
		return kind;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (names_field(invalid, ours[i]))
			return VA_DIAL_BAD_ACCOUNT;
	return kind;
}

static void
read_refusal(const VaHttpResponse *response, const json_t *root, VaArena *arena, VaCarrierRefusal *refusal)
{
	refusal->message = words_of(root, arena);
	if (refusal->dial)
		refusal->kind = corrected_kind(refusal->kind, root);
}

const VaReplies vonage_replies = { read_refusal, "uuid", NULL, vonage_read_call, "_embedded.calls", vonage_read_call,
	.counts = NULL };

VA_READ_REPLIES(vonage_replies)

/* ---- the driver ---- */

static bool
vonage_check_carrier(const VaProviderAccount *carrier, VaArena *arena, const char **why)
{
	const char *voice = va_carrier_setting(carrier, "voice");
	const char *key = va_carrier_credential(carrier, "private_key");

	if ((va_carrier_credential(carrier, "api_key") == NULL) != (va_carrier_credential(carrier, "api_secret") == NULL))
		*why = "api_key and api_secret go together";
	else if (voice != NULL && strspn(voice, "0123456789") != strlen(voice))
		*why = "voice must be the number of a style";
	else
		return key == NULL || strcmp(key, "****") == 0 || va_rs256_key_valid(key, why);
	return false;
}

static const VaAccountField vonage_credentials[] = {
	{ "application_id", VA_FIELD_TEXT, true, "id of the Voice application" },
	{ "private_key", VA_FIELD_PEM, true, "the application's private key" },
	{ "api_key", VA_FIELD_TEXT, false, "the account's API key, for numbers and balance" },
	{ "api_secret", VA_FIELD_TEXT, false, "the account's API secret" },
	{ "signature_secret", VA_FIELD_TEXT, false, "the account's signature secret, which webhooks are verified with" },
	{ 0 },
};

static const VaAccountField vonage_settings[] = {
	{ "from_number", VA_FIELD_E164, false, "number to call from" },
	{ "stream_url", VA_FIELD_URL, false,
		"socket (wss) that talks with whoever answers; without it the first message is said" },
	{ "voice", VA_FIELD_INTEGER, false, "style of the voice that says texts" },
	{ 0 },
};

VA_DRIVER(vonage) = {
	.name = "vonage",
	.title = "Vonage",
	.credentials = vonage_credentials,
	.settings = vonage_settings,
	.check_carrier = vonage_check_carrier,
	.proof = VA_PROOF_VENDOR,
	.webhook_secret = "signature_secret",
	.account_name = "api_key",
	.calls_per_second = 3,
	.list_pages_by_offset = true,
	.has_dtmf = true,
	.has_amd = true,
	.machine_asks = true,
	.records = true,
	.build_call = vonage_build_call,
	.read_call_response = read_call_response,
	.build_lookup = vonage_build_lookup,
	.read_lookup_response = read_lookup_response,
	.list_max = VONAGE_PAGE_MAX,
	.build_list = vonage_build_list,
	.read_list_response = read_list_response,
	.verify = vonage_verify,
	.read_webhook = vonage_read_webhook,
	.rings_first = true,
	.takes_dlt = true,
	.build_answer = vonage_build_answer,
	.provider_requests = vonage_requests,
};
