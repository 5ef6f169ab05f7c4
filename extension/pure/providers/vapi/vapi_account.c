/*-------------------------------------------------------------------------
 * vapi_account.c
 *		Vapi's provider requests about the account: is it alive, which numbers has it,
 *		one more, one less; and another carrier's credentials and numbers made
 *		known to it.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "vapi_internal.h"

#include <string.h>

#include "pure/net/url.h"

#define NUMBERS_ON_PAGE 100

/* The body is taken. */
static bool
start_with_body(const VaProviderRequest *order, const char *method, const char *path, json_t *body, VaArena *arena,
	VaHttpRequest *request, const char **why)
{
	return va_request_body(
		vapi_start_request(arena, request, method, order->carrier, path, why), request, arena, body, why);
}

/* True: 2xx, whose body is given.  Otherwise the reply is whole. */
static bool
answered(const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply, bool only_asks, json_t **root)
{
	const char *why;

	*root = NULL;
	if (va_provider_request_done(response, arena, reply, vapi_error_message))
	{
		*root = va_reply_json(response, arena, &why);
		if (*root != NULL)
			return true;
		va_provider_request_unreadable(reply, why);
	}
	if (only_asks && reply->kind == VA_DIAL_UNKNOWN)
		reply->kind = VA_DIAL_REFUSED_RETRY;
	return false;
}

static void
unreadable(VaProviderReply *reply, VaDialKind kind, const char *message)
{
	memset(reply, 0, sizeof(*reply));
	va_reply_end(reply, kind, "unreadable-answer", message);
}

/* ---- the account ---- */

bool
vapi_build_check_account(VA_REQUEST_ARGS)
{
	return vapi_start_request(arena, request, "GET", order->carrier, "/assistant?limit=1", why);
}

/* Vapi names the organisation with whatever it has made; an empty one has made nothing. */
void
vapi_read_check_account(VA_REPLY_ARGS)
{
	json_t *root;

	if (!answered(response, arena, reply, true, &root))
		return;
	if (json_is_array(root))
		reply->account_ref = va_arena_strdup(arena, va_json_string(json_array_get(root, 0), "orgId"));
	else
		unreadable(reply, VA_DIAL_REFUSED_RETRY, "the answer is not a list of assistants");
	json_decref(root);
}

bool
vapi_build_balance_sandbox(VA_REQUEST_ARGS)
{
	return vapi_start_request(arena, request, "GET", order->carrier, "/balance", why);
}

void
vapi_read_balance_sandbox(VA_REPLY_ARGS)
{
	json_t *root;

	if (!answered(response, arena, reply, true, &root))
		return;
	reply->balance = va_reply_money(arena, json_object_get(root, "balance"), false);
	reply->currency = va_utf8_cut(arena, va_json_string(root, "currency"), 3);
	json_decref(root);
}

bool
vapi_build_text_sandbox(VA_REQUEST_ARGS)
{
	json_t *body = va_json_new_object();

	json_object_set_new(body, "to", json_string(order->number));
	json_object_set_new(body, "from", json_string(order->from_number));
	json_object_set_new(body, "text", json_string(order->text));
	return va_request_body(
		va_text_order_good(order, why) && vapi_start_request(arena, request, "POST", order->carrier, "/text", why),
		request, arena, body, why);
}

void
vapi_read_text_sandbox(VA_REPLY_ARGS)
{
	json_t *root;

	if (!answered(response, arena, reply, false, &root))
		return;
	va_text_taken(reply, arena, va_json_string(root, "id"));
	json_decref(root);
}

/* ---- numbers ---- */

/* Pages go back in time: each asks for what was made before the last one's oldest. */
bool
vapi_build_list_numbers(VA_REQUEST_ARGS)
{
	int limit = order->limit <= 0 ? NUMBERS_ON_PAGE : va_clamp(order->limit, 1, 1000);
	const char *path = va_arena_printf(arena, "/phone-number?limit=%d", limit);

	return vapi_start_request(
		arena, request, "GET", order->carrier, va_url_with(arena, path, "createdAtLt", order->page), why);
}

void
vapi_read_list_numbers(VA_REPLY_ARGS)
{
	size_t limit = (size_t) (order->limit <= 0 ? NUMBERS_ON_PAGE : va_clamp(order->limit, 1, 1000));
	VaCarrierNumber *numbers;
	const char *oldest = NULL;
	int64_t oldest_at = 0;
	json_t *root;
	json_t *item;
	size_t i;

	if (!answered(response, arena, reply, true, &root))
		return;
	numbers = va_arena_alloc(arena, sizeof(VaCarrierNumber) * (json_array_size(root) + 1));
	if (!json_is_array(root) || numbers == NULL)
		unreadable(reply, VA_DIAL_REFUSED_RETRY, "the answer is not a list of numbers");
	else
	{
		json_array_foreach(root, i, item)
		{
			const char *number = va_json_string(item, "number");
			const char *id = va_json_string(item, "id");
			const char *created = va_json_string(item, "createdAt");
			int64_t at;

			if (created != NULL && va_time_parse(created, &at) && (oldest == NULL || at < oldest_at))
			{
				oldest = created;
				oldest_at = at;
			}
			/* Numbers that are only a SIP address have none. */
			if (number == NULL || !va_id_valid(id))
				continue;
			numbers[reply->nnumbers++] = (VaCarrierNumber){ .number = va_arena_strdup(
																arena, va_with_plus(arena, number)),
				.number_id = va_arena_strdup(arena, id),
				.name = va_utf8_cut(arena, va_json_string(item, "name"), 200) };
		}
		reply->numbers = numbers;
		if (json_array_size(root) >= limit && oldest != NULL)
			reply->next_page = va_arena_strdup(arena, oldest);
	}
	json_decref(root);
}

/* Where the number's events and incoming calls go, with what proves them; NULL = nowhere. */
static json_t *
number_server(const VaProviderRequest *order, VaArena *arena)
{
	const char *ignored;
	json_t *server;
	json_t *headers;

	if (order->server_url == NULL || order->server_url[0] == '\0')
		return NULL;
	/* An incoming call waits for our answer: the vendor gives it 7.5 seconds. */
	server = json_pack("{s:s,s:i}", "url", order->server_url, "timeoutSeconds", 20);
	va_json_set_text(server, "credentialId", va_carrier_setting(order->carrier, "webhook_credential_id"));
	if (order->webhook_headers != NULL &&
		(headers = va_json_load(arena, order->webhook_headers, strlen(order->webhook_headers), &ignored)) != NULL)
		json_object_set_new(server, "headers", headers);
	return server;
}

static bool
check_server(const VaProviderRequest *order, const char **why)
{
	VaUrl url;

	return order->server_url == NULL || order->server_url[0] == '\0' ||
		   va_url_parse(order->server_url, strlen(order->server_url), &url, why);
}

static void
set_common(json_t *body, const VaProviderRequest *order, VaArena *arena)
{
	json_t *server = number_server(order, arena);

	va_json_set_text(body, "name", va_utf8_cut(arena, order->name, VAPI_NAME_MAX_CHARS));
	if (server != NULL)
		json_object_set_new(body, "server", server);
}

bool
vapi_build_buy_number(VA_REQUEST_ARGS)
{
	const char *area = order->area_code;
	json_t *body;

	if (order->number != NULL && order->number[0] != '\0')
		*why = "Vapi chooses the number itself: name an area code instead of a number";
	else if (area != NULL && area[0] != '\0' && (strlen(area) != 3 || strspn(area, "0123456789") != 3))
		*why = "an area code has three digits";
	else if (check_server(order, why))
	{
		body = json_pack("{s:s}", "provider", "vapi");
		va_json_set_text(body, "numberDesiredAreaCode", area);
		set_common(body, order, arena);
		return start_with_body(order, "POST", "/phone-number", body, arena, request, why);
	}
	return false;
}

/* A secret of the other account, or false. */
static bool
set_secret(json_t *body, const char *key, const VaProviderRequest *order, const char *name)
{
	const char *value = va_carrier_credential(order->other, name);

	va_json_set_text(body, key, value);
	return value != NULL;
}

static bool
is_other(const VaProviderRequest *order, const char *provider)
{
	return order->other_provider != NULL && strcmp(order->other_provider, provider) == 0;
}

/* Vapi's name of the carrier that has the number. */
static const char *
provider_of(const VaProviderRequest *order)
{
	static const char *const known[] = { "vapi", "twilio", "vonage", "telnyx" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (is_other(order, known[i]))
			return known[i];
	return "byo-phone-number";
}

/* Twilio's way in: the account's token, or a key of its own. */
static bool
set_twilio(json_t *body, const VaProviderRequest *order, const char *account, const char *token, const char *key,
	const char *secret)
{
	if (!set_secret(body, account, order, "account_sid"))
		return false;
	if (va_carrier_credential(order->other, "auth_token") != NULL)
		return set_secret(body, token, order, "auth_token");
	return set_secret(body, key, order, "api_key") && set_secret(body, secret, order, "api_secret");
}

bool
vapi_build_create_number(VA_REQUEST_ARGS)
{
	bool twilio = is_other(order, "twilio");
	json_t *body;

	if (order->number == NULL || order->number[0] == '\0')
		return va_refuse(why, "there is no number to make known");
	if (!twilio && !va_id_valid(order->credential_id))
		return va_refuse(why, "the number's account is not known at Vapi yet: create a credential first");
	if (!check_server(order, why))
		return false;
	body = json_pack("{s:s,s:s}", "provider", provider_of(order), "number", order->number);
	if (twilio && !set_twilio(body, order, "twilioAccountSid", "twilioAuthToken", "twilioApiKey", "twilioApiSecret"))
	{
		*why = "the number's account has no usable credentials";
		json_decref(body);
		return false;
	}
	if (!twilio)
		va_json_set_text(body, "credentialId", order->credential_id);
	set_common(body, order, arena);
	return start_with_body(order, "POST", "/phone-number", body, arena, request, why);
}

void
vapi_read_new_number(VA_REPLY_ARGS)
{
	VaCarrierNumber *number;
	const char *text;
	json_t *root;

	if (!answered(response, arena, reply, false, &root))
		return;
	if (!va_id_valid(va_json_string(root, "id")))
		unreadable(reply, VA_DIAL_UNKNOWN, "the answer holds no id of the number");
	else
	{
		reply->number_id = va_arena_strdup(arena, va_json_string(root, "id"));
		text = va_json_string(root, "number");
		number = va_arena_alloc(arena, sizeof(VaCarrierNumber));
		/* A number of Vapi's own is reported later, when it is active. */
		if (text != NULL && number != NULL)
		{
			number->number = va_arena_strdup(arena, va_with_plus(arena, text));
			number->number_id = reply->number_id;
			number->name = va_utf8_cut(arena, va_json_string(root, "name"), 200);
			reply->numbers = number;
			reply->nnumbers = 1;
		}
	}
	json_decref(root);
}

static const char *
number_path(const VaProviderRequest *order, VaArena *arena, const char **why)
{
	return va_id_path(
		arena, "/phone-number/", order->number_id, "", "the number's id at the provider is not valid", why);
}

bool
vapi_build_release_number(VA_REQUEST_ARGS)
{
	const char *path = number_path(order, arena, why);

	return path != NULL && vapi_start_request(arena, request, "DELETE", order->carrier, path, why);
}

/* Whatever the body says, 2xx is done; and a number that is not there is released. */
void
vapi_read_gone_number(VA_REPLY_ARGS)
{
	vapi_read_changed_number(order, response, arena, reply);
	if (response->status == 404)
	{
		reply->kind = VA_DIAL_ACCEPTED;
		reply->already = true;
	}
}

bool
vapi_build_configure_number(VA_REQUEST_ARGS)
{
	const char *path = number_path(order, arena, why);
	json_t *body;

	if (path == NULL || !check_server(order, why))
		return false;
	body = va_json_new_object();
	/* Its document tells the kinds of numbers apart by this; the id alone does, too. */
	if (order->other_provider != NULL)
		va_json_set_text(body, "provider", provider_of(order));
	set_common(body, order, arena);
	/* While we cannot be heard a person has the call. */
	if (order->fallback_number != NULL)
		json_object_set_new(
			body, "fallbackDestination", json_pack("{s:s,s:s}", "type", "number", "number", order->fallback_number));
	return start_with_body(order, "PATCH", path, body, arena, request, why);
}

/* To set the same again changes nothing, so an answer that got lost is asked for again. */
void
vapi_read_changed_number(VA_REPLY_ARGS)
{
	if (!va_provider_request_done(response, arena, reply, vapi_error_message) && reply->kind == VA_DIAL_UNKNOWN)
		reply->kind = VA_DIAL_REFUSED_RETRY;
}

/* ---- another carrier's account ---- */

/* Carriers that Vapi does not know by name are reached by SIP. */
static bool
set_trunk(json_t *body, const VaProviderRequest *order)
{
	const char *host = va_carrier_setting(order->other, "sip_host");
	const char *user = va_carrier_credential(order->other, "sip_username");
	const char *password = va_carrier_credential(order->other, "sip_password");

	if (host == NULL)
		return false;
	json_object_set_new(body, "gateways", json_pack("[{s:s,s:b}]", "ip", host, "inboundEnabled", 0));
	json_object_set_new(body, "outboundLeadingPlusEnabled", json_true());
	if (user != NULL && password != NULL)
		json_object_set_new(
			body, "outboundAuthenticationPlan", json_pack("{s:s,s:s}", "authUsername", user, "authPassword", password));
	return true;
}

bool
vapi_build_create_credential(VA_REQUEST_ARGS)
{
	json_t *body = va_json_new_object();
	bool good;

	if (is_other(order, "twilio"))
	{
		va_json_set_text(body, "provider", "twilio");
		good = set_twilio(body, order, "accountSid", "authToken", "apiKey", "apiSecret");
	}
	else if (is_other(order, "vonage"))
	{
		va_json_set_text(body, "provider", "vonage");
		good = set_secret(body, "apiKey", order, "api_key") && set_secret(body, "apiSecret", order, "api_secret");
	}
	else if (is_other(order, "telnyx"))
	{
		va_json_set_text(body, "provider", "telnyx");
		good = set_secret(body, "apiKey", order, "api_key");
	}
	else
	{
		va_json_set_text(body, "provider", "byo-sip-trunk");
		good = set_trunk(body, order);
	}
	va_json_set_text(body, "name", va_utf8_cut(arena, order->name, VAPI_NAME_MAX_CHARS));
	if (good)
		return start_with_body(order, "POST", "/credential", body, arena, request, why);
	json_decref(body);
	return va_refuse(
		why, "the other account has no credentials that Vapi can use (a carrier that it does not know needs sip_host)");
}

void
vapi_read_create_credential(VA_REPLY_ARGS)
{
	json_t *root;

	if (!answered(response, arena, reply, false, &root))
		return;
	if (va_id_valid(va_json_string(root, "id")))
		reply->credential_id = va_arena_strdup(arena, va_json_string(root, "id"));
	else
		unreadable(reply, VA_DIAL_UNKNOWN, "the answer holds no id of the credential");
	json_decref(root);
}
