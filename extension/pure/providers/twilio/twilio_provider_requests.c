/*-------------------------------------------------------------------------
 * twilio_provider_requests.c
 *		Twilio's other requests: account, money, live calls, recordings,
 *		numbers.
 *
 * A live call is changed by giving it a new document, so whatever it was
 * doing (its stream, say) ends there.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "twilio_internal.h"

#include <string.h>

VA_READ_CHANGES(twilio_replies)

static const char *
call_path(const VaProviderRequest *order, VaArena *arena, const char *rest, const char **why)
{
	return va_call_path(arena, "/Calls/", order->provider_call_id, rest, why);
}

static bool
post(const VaProviderRequest *order, VaArena *arena, VaHttpRequest *request, const char *path,
	const VaNamedText *fields, int n, const char **why)
{
	return twilio_start(order->carrier, arena, request, "POST", path, why) &&
		   va_request_form(request, arena, fields, n, why);
}

/* ---- account and money ---- */

static bool
build_check_account(VA_REQUEST_ARGS)
{
	return twilio_start(order->carrier, arena, request, "GET", ".json", why);
}

static void
read_check_account(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&twilio_replies, response, arena, reply);
	const char *status = va_json_string(root, "status");

	if (response->status == 404)
		reply->kind = VA_DIAL_BAD_ACCOUNT;
	if (root == NULL)
		return;
	/* The answer holds the account's token: nothing but these three is kept. */
	reply->account_ref = va_utf8_cut(arena, va_json_string(root, "sid"), 64);
	reply->message = va_reply_words(arena, va_json_string(root, "friendly_name"));
	if (status != NULL && strcmp(status, "active") != 0)
		va_reply_end(reply, VA_DIAL_BAD_ACCOUNT, "account-not-active",
			va_arena_printf(arena, "the account is %s", va_utf8_cut(arena, status, 40)));
	json_decref(root);
}

static bool
build_balance(VA_REQUEST_ARGS)
{
	return twilio_start(order->carrier, arena, request, "GET", "/Balance.json", why);
}

static void
read_balance(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&twilio_replies, response, arena, reply);

	reply->balance = va_reply_money(arena, json_object_get(root, "balance"), false);
	reply->currency = va_utf8_cut(arena, va_json_string(root, "currency"), 3);
	reply->account_ref = va_utf8_cut(arena, va_json_string(root, "account_sid"), 64);
	json_decref(root);
}

/* ---- live calls ---- */

static bool
build_hangup(VA_REQUEST_ARGS)
{
	/* Also of a call that is not answered yet, which then ends as canceled. */
	return post(
		order, arena, request, call_path(order, arena, ".json", why), &(VaNamedText){ "Status", "completed" }, 1, why);
}

/* The call gets a document, and what the order says of it; a conversation that goes on has its socket again. */
static VaAnswer
live_answer(const VaProviderRequest *order, bool goes_on)
{
	VaAnswer answer = order->answer;

	if (answer.attempt_ref == NULL)
		answer.attempt_ref = order->attempt_ref;
	if (answer.status_url == NULL)
		answer.status_url = order->server_url;
	if (goes_on && answer.stream_url == NULL)
		answer.stream_url = va_carrier_setting(order->carrier, "stream_url");
	return answer;
}

static bool
post_document(
	const VaProviderRequest *order, VaArena *arena, VaHttpRequest *request, const char *document, const char **why)
{
	return document != NULL && post(order, arena, request, call_path(order, arena, ".json", why),
								   &(VaNamedText){ "Twiml", document }, 1, why);
}

static bool
build_redirect(VA_REQUEST_ARGS)
{
	bool goes_on = (order->answer.kind == VA_ANSWER_SAY || order->answer.kind == VA_ANSWER_PLAY) &&
				   order->reason == NULL;
	VaAnswer answer = live_answer(order, goes_on);

	answer.goes_on = goes_on || (order->answer.kind == VA_ANSWER_FORWARD && order->answer.goes_on);
	return post_document(order, arena, request, twilio_document(&answer, arena, why), why);
}

static bool
build_digits(VA_REQUEST_ARGS)
{
	VaAnswer answer = live_answer(order, true);

	return post_document(order, arena, request, twilio_digits_document(order->digits, &answer, arena, why), why);
}

static bool
build_record(VA_REQUEST_ARGS)
{
	const char *url = va_url_with(arena, order->server_url, "attempt", order->attempt_ref);
	VaNamedText fields[] = { { "RecordingChannels", "dual" },
		{ "RecordingStatusCallback", va_url_with(arena, url, "as", "recording") },
		{ "RecordingStatusCallbackMethod", url == NULL ? NULL : "POST" } };

	return post(order, arena, request, call_path(order, arena, "/Recordings.json", why), fields, 3, why);
}

/* ---- what a call leaves behind ---- */

static bool
build_recording(VA_REQUEST_ARGS)
{
	VaUrl url;

	if (order->recording_url == NULL)
		return twilio_start(
			order->carrier, arena, request, "GET", call_path(order, arena, "/Recordings.json", why), why);
	if (!va_url_parse(order->recording_url, strlen(order->recording_url), &url, why) ||
		!twilio_start(order->carrier, arena, request, "GET", "", why))
		return false;
	/* Only Twilio gets the account's key. */
	*why = "the recording does not lie at Twilio";
	request->url = order->recording_url;
	return va_url_is_theirs(order->carrier, &url, "api.twilio.com");
}

/* The media itself, or a list of the call's recordings, the newest first. */
static void
read_recording(VA_REPLY_ARGS)
{
	const char *uri;
	json_t *root;
	size_t len;

	if (va_provider_request_media(order, response, arena, reply))
		return;
	root = va_read_object(&twilio_replies, response, arena, reply);
	if (root == NULL)
		return;
	uri = va_json_string(json_array_get(va_json_array(root, "recordings"), 0), "uri");
	len = uri == NULL ? 0 : strlen(uri);
	if (len > 5 && strncmp(uri, TWILIO_API, strlen(TWILIO_API)) == 0 && va_printable(uri) &&
		strcmp(uri + len - 5, ".json") == 0)
	{
		const char *base = order->carrier->base_url != NULL ? order->carrier->base_url : TWILIO_BASE_URL;

		reply->recording_url = va_arena_printf(arena, "%s%.*s.mp3", base, (int) len - 5, uri);
		reply->content_type = "audio/mpeg";
	}
	else
		va_provider_request_no_recording(reply);
	json_decref(root);
}

static bool
build_cost(VA_REQUEST_ARGS)
{
	return twilio_start(order->carrier, arena, request, "GET", call_path(order, arena, ".json", why), why);
}

static void
read_cost(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&twilio_replies, response, arena, reply);

	reply->cost = va_reply_money(arena, json_object_get(root, "price"), true);
	reply->currency = va_utf8_cut(arena, va_json_string(root, "price_unit"), 3);
	json_decref(root);
}

/* ---- numbers ---- */

static bool
build_list_numbers(VA_REQUEST_ARGS)
{
	const char *path = "/IncomingPhoneNumbers.json";
	int limit = order->limit > 0 && order->limit < VA_NUMBERS_MAX ? order->limit : VA_NUMBERS_MAX;
	const char *account = va_carrier_credential(order->carrier, "account_sid");
	const char *own = va_arena_printf(arena, TWILIO_API "%s/", account == NULL ? "" : account);

	/* The next page is theirs to name, below our account. */
	if (order->page != NULL)
	{
		path = va_page_behind(own, order->page, why);
		return twilio_start(order->carrier, arena, request, "GET", path == NULL ? NULL : path - 1, why);
	}
	path = va_url_with(arena, path, "PhoneNumber", order->number);
	path = va_url_with(arena, path, "PageSize", va_integer_text(arena, limit));
	return twilio_start(order->carrier, arena, request, "GET", path, why);
}

static bool
read_number(const VaProviderRequest *order, bool ours, const json_t *item, VaArena *arena, VaCarrierNumber *number)
{
	const char *sid = va_json_string(item, "sid");

	number->number = va_arena_strdup(arena, va_json_string(item, "phone_number"));
	number->number_id = va_id_valid(sid) ? va_arena_strdup(arena, sid) : NULL;
	number->name = va_utf8_cut(arena, va_json_string(item, "friendly_name"), 100);
	number->region = va_utf8_cut(arena, va_json_string(item, "region"), 100);
	return va_is_e164(number->number);
}

static void
read_list_numbers(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&twilio_replies, response, arena, reply);

	if (root != NULL)
		va_read_numbers(va_json_array(root, "incoming_phone_numbers"), true, read_number, order, arena, reply);
	reply->next_page = va_arena_strdup(arena, va_json_string(root, "next_page_uri"));
	json_decref(root);
}

static bool
build_search_numbers(VA_REQUEST_ARGS)
{
	const char *country = va_country(arena, order->country, why);
	const char *path;
	int limit = order->limit > 0 && order->limit < VA_NUMBERS_MAX ? order->limit : 20;

	if (country == NULL)
		return false;
	if (order->area_code != NULL && order->area_code[strspn(order->area_code, "0123456789")] != '\0')
		return va_refuse(why, "area_code must be digits");
	path = va_arena_printf(arena, "/AvailablePhoneNumbers/%s/Local.json", country);
	path = va_url_with(arena, path, "VoiceEnabled", "true");
	path = va_url_with(arena, path, "AreaCode", order->area_code);
	path = va_url_with(arena, path, "Contains", order->contains);
	path = va_url_with(arena, path, "PageSize", va_integer_text(arena, limit));
	return twilio_start(order->carrier, arena, request, "GET", path, why);
}

static void
read_search_numbers(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&twilio_replies, response, arena, reply);

	if (root != NULL)
		va_read_numbers(va_json_array(root, "available_phone_numbers"), false, read_number, order, arena, reply);
	json_decref(root);
}

/* Where the number's calls and texts, and what becomes of calls, go. */
static int
number_fields(const VaProviderRequest *order, VaArena *arena, VaNamedText *fields)
{
	if (order->server_url == NULL)
		return 0;
	fields[0] = (VaNamedText){ "VoiceUrl", va_url_with(arena, order->server_url, "as", "incoming") };
	fields[1] = (VaNamedText){ "VoiceMethod", "POST" };
	fields[2] = (VaNamedText){ "StatusCallback", va_url_with(arena, order->server_url, "as", "status") };
	fields[3] = (VaNamedText){ "StatusCallbackMethod", "POST" };
	fields[4] = (VaNamedText){ "SmsUrl", va_url_with(arena, order->server_url, "as", "text") };
	fields[5] = (VaNamedText){ "SmsMethod", "POST" };
	return 6;
}

static bool
build_buy_number(VA_REQUEST_ARGS)
{
	VaNamedText fields[8] = { { "PhoneNumber", order->number }, { "FriendlyName", order->name } };

	if (!va_is_e164(order->number))
		return va_refuse(why, "the number must be given with its country code, such as +14155550100");
	return post(
		order, arena, request, "/IncomingPhoneNumbers.json", fields, 2 + number_fields(order, arena, fields + 2), why);
}

static void
read_buy_number(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&twilio_replies, response, arena, reply);

	if (root != NULL)
		va_read_bought(va_json_string(root, "sid"), arena, reply);
	json_decref(root);
}

static const char *
number_path(const VaProviderRequest *order, VaArena *arena, const char **why)
{
	return va_id_path(arena, "/IncomingPhoneNumbers/", order->number_id, ".json",
		"the number's id at Twilio (PN...) is not known", why);
}

static bool
build_release_number(VA_REQUEST_ARGS)
{
	return twilio_start(order->carrier, arena, request, "DELETE", number_path(order, arena, why), why);
}

static bool
build_configure_number(VA_REQUEST_ARGS)
{
	VaNamedText fields[6];

	if (order->server_url == NULL)
		return va_refuse(why, "there is no URL to send the number's calls to");
	return post(
		order, arena, request, number_path(order, arena, why), fields, number_fields(order, arena, fields), why);
}

static void
read_configure_number(VA_REPLY_ARGS)
{
	json_decref(va_read_object(&twilio_replies, response, arena, reply));
}

/* ---- texts ---- */

static bool
build_text(VA_REQUEST_ARGS)
{
	VaNamedText fields[] = { { "To", order->number }, { "From", order->from_number }, { "Body", order->text },
		{ "StatusCallback", va_text_report_url(order, arena) } };

	return va_text_order_good(order, why) && post(order, arena, request, "/Messages.json", fields, 4, why);
}

VA_READ_TEXT(twilio_replies, NULL, "sid")

/* ---- what is known of a number ---- */

#define TWILIO_LOOKUPS_URL "https://lookups.twilio.com"

/* Lookups lie on a host of their own, in the region of the account's. */
static const char *
lookups_base(const VaProviderAccount *carrier, VaArena *arena)
{
	static const char api[] = "https://api.";
	const char *base = carrier->base_url;

	if (base != NULL && strncmp(base, api, sizeof(api) - 1) == 0)
		base = va_arena_printf(arena, "https://lookups.%s", base + sizeof(api) - 1);
	return base;
}

static bool
build_lookup_number(VA_REQUEST_ARGS)
{
	const char *account = va_carrier_credential(order->carrier, "account_sid");
	const char *key = va_carrier_credential(order->carrier, "api_key");
	const char *secret = va_carrier_credential(order->carrier, key != NULL ? "api_secret" : "auth_token");
	bool type = order->facts != NULL && strstr(order->facts, "line_type") != NULL;
	bool reassigned = order->facts != NULL && strstr(order->facts, "reassigned") != NULL;
	const char *path;

	*why = account == NULL						? "the account has no account_sid"
		   : !va_is_e164(order->number)			? "there is no number to look up"
		   : !type && !reassigned				? "nothing is asked about the number"
		   : reassigned && order->since == NULL ? "it is not said since when"
												: NULL;
	if (*why != NULL)
		return false;
	path = va_arena_printf(arena, "/v2/PhoneNumbers/%s", va_escaped(arena, order->number));
	path = va_url_with(arena, path, "Fields",
		!reassigned ? "line_type_intelligence"
		: type		? "line_type_intelligence,reassigned_number"
					: "reassigned_number");
	path = va_url_with(arena, path, "LastVerifiedDate", reassigned ? order->since : NULL);
	return va_request_start(
			   request, arena, "GET", lookups_base(order->carrier, arena), TWILIO_LOOKUPS_URL, path, why) &&
		   va_request_basic(request, arena, key != NULL ? key : account, secret, why);
}

static void
read_lookup_number(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&twilio_replies, response, arena, reply);
	const char *answer = va_json_string(json_object_get(root, "reassigned_number"), "is_number_reassigned");
	const char *type = va_line_type(order, va_json_string(root, "phone_number"),
		va_json_string(json_object_get(root, "line_type_intelligence"), "type"), NULL);

	if (type != NULL && order->facts != NULL && strstr(order->facts, "line_type") != NULL)
		reply->line_type = type;
	if (type != NULL && order->facts != NULL && strstr(order->facts, "reassigned") != NULL)
		reply->reassigned = answer != NULL && strcmp(answer, "yes") == 0  ? "yes"
							: answer != NULL && strcmp(answer, "no") == 0 ? "no"
																		  : "unknown";
	json_decref(root);
}

/* ---- all of them ---- */

const VaProviderRequestDriver twilio_requests[VA_PROVIDER_REQUEST_KINDS] = {
	[VA_REQUEST_CHECK_ACCOUNT] = { build_check_account, read_check_account },
	[VA_REQUEST_BALANCE] = { build_balance, read_balance },
	[VA_REQUEST_HANGUP] = { build_hangup, read_ended },
	[VA_REQUEST_TRANSFER] = { build_redirect, read_changed },
	[VA_REQUEST_SAY] = { build_redirect, read_changed },
	[VA_REQUEST_PLAY] = { build_redirect, read_changed },
	[VA_REQUEST_STREAM] = { build_redirect, read_changed },
	[VA_REQUEST_SEND_DTMF] = { build_digits, read_changed },
	[VA_REQUEST_RECORD] = { build_record, read_changed },
	[VA_REQUEST_FETCH_RECORDING] = { build_recording, read_recording },
	[VA_REQUEST_FETCH_COST] = { build_cost, read_cost },
	[VA_REQUEST_LIST_NUMBERS] = { build_list_numbers, read_list_numbers },
	[VA_REQUEST_SEARCH_NUMBERS] = { build_search_numbers, read_search_numbers },
	[VA_REQUEST_BUY_NUMBER] = { build_buy_number, read_buy_number },
	[VA_REQUEST_RELEASE_NUMBER] = { build_release_number, read_ended },
	[VA_REQUEST_CONFIGURE_NUMBER] = { build_configure_number, read_configure_number },
	[VA_REQUEST_SEND_TEXT] = { build_text, read_text },
	[VA_REQUEST_LOOKUP_NUMBER] = { build_lookup_number, read_lookup_number },
};
