/*-------------------------------------------------------------------------
 * vonage_provider_requests.c
 *		Vonage: orders to a live call, and questions about the account,
 *		its numbers and recordings.
 *
 * A number goes by its country and itself; the two together, "US-14155550101",
 * are the id that we keep of it.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "vonage_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pure/phone/phone.h"

#define CURRENCY "EUR"

/* ---- orders to a live call ---- */

/* PUT /v1/calls/ID/what with a body that is taken over. */
static bool
command(const VaProviderRequest *order, const char *what, json_t *body, VaArena *arena, VaHttpRequest *request,
	const char **why)
{
	const char *path = va_call_path(arena, "/v1/calls/", order->provider_call_id, what, why);

	return va_request_body(vonage_start(arena, request, "PUT", order->carrier, path, why), request, arena, body, why);
}

VA_READ_CHANGES(vonage_replies)

static bool
build_hangup(VA_REQUEST_ARGS)
{
	return command(order, "", json_pack("{s:s}", "action", "hangup"), arena, request, why);
}

/* From here on the call follows this order instead of the one before. */
static bool
new_course(const VaProviderRequest *order, VaAnswerKind kind, VaArena *arena, VaHttpRequest *request, const char **why)
{
	VaAnswer answer = order->answer;
	json_t *ncco;

	answer.kind = kind;
	answer.record = false;
	answer.attempt_ref = order->attempt_ref;
	if ((answer.opt_out_key != NULL || answer.goes_on) && answer.status_url == NULL)
		answer.status_url = order->server_url;
	if (answer.goes_on)
		answer.status_url = va_url_with(arena, answer.status_url, "call", order->provider_call_id);
	ncco = vonage_ncco(&answer, arena, why);
	if (ncco == NULL)
		return false;
	return command(order, "",
		json_pack("{s:s,s:{s:s,s:o}}", "action", "transfer", "destination", "type", "ncco", "ncco", ncco), arena,
		request, why);
}

static bool
build_transfer(VA_REQUEST_ARGS)
{
	return new_course(order, VA_ANSWER_FORWARD, arena, request, why);
}

static bool
build_stream(VA_REQUEST_ARGS)
{
	return new_course(order, VA_ANSWER_STREAM, arena, request, why);
}

/* Into the call as it goes on; with a reason to end it, instead of what it does, and then it ends. */
static bool
build_say(VA_REQUEST_ARGS)
{
	const char *said;
	json_t *body;

	if (order->answer.text == NULL || order->answer.text[0] == '\0')
		return va_refuse(why, "there is no text to say");
	if (order->reason != NULL)
		return new_course(order, VA_ANSWER_SAY, arena, request, why);
	said = va_utf8_cut(arena, order->answer.text, VONAGE_TALK_MAX_CHARS);
	if (said == NULL || strlen(said) < strlen(order->answer.text))
		return va_refuse(
			why, said == NULL ? "out of memory" : "Vonage says at most 1500 characters into a call at once");
	body = va_json_new_object();
	va_json_set_text(body, "text", said);
	vonage_set_voice(body, &order->answer);
	return command(order, "/talk", body, arena, request, why);
}

static bool
build_play(VA_REQUEST_ARGS)
{
	const char *media = order->answer.media_url;
	VaUrl url;

	*why = "there is no media_url to play";
	if (media == NULL || !va_url_parse(media, strlen(media), &url, why))
		return false;
	return command(order, "/stream", json_pack("{s:[s]}", "stream_url", media), arena, request, why);
}

static bool
build_send_dtmf(VA_REQUEST_ARGS)
{
	if (order->digits == NULL || order->digits[0] == '\0' ||
		order->digits[strspn(order->digits, "0123456789*#p")] != '\0')
		return va_refuse(why, "digits must be 0 to 9, *, # and p for pauses");
	return command(order, "/dtmf", json_pack("{s:s}", "digits", order->digits), arena, request, why);
}

/* ---- the account ---- */

/* Whatever its list of calls holds: the key has signed for the application. */
static bool
build_check_account(VA_REQUEST_ARGS)
{
	return vonage_start(arena, request, "GET", order->carrier, "/v1/calls?page_size=1", why);
}

static void
read_check_account(VA_REPLY_ARGS)
{
	json_decref(va_read_object(&vonage_replies, response, arena, reply));
}

static bool
build_balance(VA_REQUEST_ARGS)
{
	return vonage_start_rest(arena, request, "GET", order->carrier, "/account/get-balance", why);
}

static void
read_balance(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&vonage_replies, response, arena, reply);

	if (root != NULL)
	{
		reply->balance = va_reply_money(arena, json_object_get(root, "value"), false);
		reply->currency = reply->balance != NULL ? CURRENCY : NULL;
		if (reply->balance == NULL)
			va_provider_request_unreadable(reply, "the answer holds no balance");
	}
	json_decref(root);
}

/* ---- what is known of a number ---- */

static bool
build_lookup_number(VA_REQUEST_ARGS)
{
	return va_asks_line_type(order, why) &&
		   vonage_start_rest(arena, request, "GET", order->carrier,
			   va_url_with(arena, "/ni/standard/json", "number", va_without_plus(order->number)), why);
}

static void
read_lookup_number(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&vonage_replies, response, arena, reply);

	if (root != NULL)
	{
		reply->line_type = va_line_type(order, va_json_string(root, "international_format_number"),
			va_json_string(json_object_get(root, "current_carrier"), "network_type"), NULL);
		/* A refusal comes as 200, too, such as one of the credentials. */
		if (reply->line_type == NULL)
			va_provider_request_unreadable(reply, "the answer tells nothing of the number");
	}
	json_decref(root);
}

/* ---- recordings and prices ---- */

/* Our token goes to Vonage's own hosts, and to the account's, and nowhere else. */
static bool
is_vonages(const VaProviderAccount *carrier, const char *text, const char **why)
{
	VaUrl url;

	if (!va_url_parse(text, strlen(text), &url, why))
		return false;
	*why = "the recording does not lie at Vonage";
	return va_url_is_theirs(carrier, &url, "nexmo.com") || va_url_is_theirs(carrier, &url, "vonage.com");
}

static bool
build_fetch_recording(VA_REQUEST_ARGS)
{
	*why = "the recording's URL is not known";
	return order->recording_url != NULL && is_vonages(order->carrier, order->recording_url, why) &&
		   va_request_elsewhere(request, arena, "GET", order->recording_url, why) &&
		   vonage_bearer(request, arena, order->carrier, why);
}

static void
read_fetch_recording(VA_REPLY_ARGS)
{
	if (va_read_accepted(&vonage_replies, response, arena, reply))
		reply->content_type = va_arena_strdup(
			arena, va_header_find(response->headers, response->nheaders, "content-type"));
}

static bool
build_fetch_cost(VA_REQUEST_ARGS)
{
	VaLookupOrder lookup = { .carrier = order->carrier, .provider_call_id = order->provider_call_id };

	return vonage_build_lookup(&lookup, arena, request, why);
}

static void
read_fetch_cost(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&vonage_replies, response, arena, reply);
	const char *price = va_reply_money(arena, json_object_get(root, "price"), false);

	if (price != NULL && price[0] != '-')
	{
		reply->cost = price;
		reply->currency = CURRENCY;
	}
	json_decref(root);
}

/* ---- numbers ---- */

static bool
build_list_numbers(VA_REQUEST_ARGS)
{
	int page = order->page == NULL ? 1 : atoi(order->page);
	int size = order->limit <= 0 ? VONAGE_PAGE_MAX : va_clamp(order->limit, 1, VONAGE_PAGE_MAX);

	*why = "there is no such page";
	return page >= 1 && page < 1000000 &&
		   vonage_start_rest(arena, request, "GET", order->carrier,
			   va_arena_printf(arena, "/account/numbers?size=%d&index=%d", size, page), why);
}

static bool
country_valid(const char *country)
{
	return country != NULL && strlen(country) == 2 && country[0] >= 'A' && country[0] <= 'Z' && country[1] >= 'A' &&
		   country[1] <= 'Z';
}

static bool
speaks(const json_t *item)
{
	const json_t *features = va_json_array(item, "features");
	const json_t *feature;
	size_t i;

	json_array_foreach(features, i,
		feature) if (json_is_string(feature) && strcmp(json_string_value(feature), "VOICE") == 0) return true;
	return features == NULL;
}

static bool
read_number(const VaProviderRequest *order, bool ours, const json_t *item, VaArena *arena, VaCarrierNumber *number)
{
	const char *msisdn = va_json_string(item, "msisdn");
	const char *country = va_json_string(item, "country");

	if (msisdn == NULL || !speaks(item) ||
		(!ours && order->contains != NULL && strstr(msisdn, order->contains) == NULL))
		return false;
	number->number = va_with_plus(arena, va_arena_strdup(arena, msisdn));
	if (ours && country_valid(country))
		number->number_id = va_arena_printf(arena, "%s-%s", country, msisdn);
	number->region = va_arena_strdup(arena, country);
	number->monthly_cost = va_reply_money(arena, json_object_get(item, "cost"), false);
	number->currency = number->monthly_cost != NULL ? CURRENCY : NULL;
	return true;
}

/* An account without numbers answers {}. */
static void
read_numbers(const VaProviderRequest *order, bool ours, const json_t *root, VaArena *arena, VaProviderReply *reply)
{
	if (va_json_array(root, "numbers") != NULL)
		va_read_numbers(va_json_array(root, "numbers"), ours, read_number, order, arena, reply);
}

static void
read_list_numbers(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&vonage_replies, response, arena, reply);
	int page = order->page == NULL ? 1 : atoi(order->page);
	int size = order->limit <= 0 ? VONAGE_PAGE_MAX : va_clamp(order->limit, 1, VONAGE_PAGE_MAX);
	double count;

	if (root != NULL)
	{
		read_numbers(order, true, root, arena, reply);
		if (va_json_number(root, "count", &count) && count > (double) page * size &&
			json_array_size(va_json_array(root, "numbers")) > 0)
			reply->next_page = va_integer_text(arena, (int64_t) page + 1);
	}
	json_decref(root);
}

/* They search by one piece of digits only: what else is wanted is looked for in what they find. */
static bool
build_search_numbers(VA_REQUEST_ARGS)
{
	const char *country = order->country != NULL ? order->country : "US";
	const char *path;

	if (!country_valid(country))
		return va_refuse(why, "country must be two capital letters");
	path = va_arena_printf(arena, "/number/search?country=%s&features=VOICE&size=%d", country,
		order->limit <= 0 ? VONAGE_PAGE_MAX : va_clamp(order->limit, 1, VONAGE_PAGE_MAX));
	if (order->area_code != NULL && (strcmp(country, "US") == 0 || strcmp(country, "CA") == 0))
		path = va_url_with(arena, va_url_with(arena, path, "pattern", va_arena_printf(arena, "1%s", order->area_code)),
			"search_pattern", "0");
	else if (order->area_code != NULL || order->contains != NULL)
		path = va_url_with(arena,
			va_url_with(arena, path, "pattern", order->area_code != NULL ? order->area_code : order->contains),
			"search_pattern", "1");
	return vonage_start_rest(arena, request, "GET", order->carrier, path, why);
}

static void
read_search_numbers(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&vonage_replies, response, arena, reply);

	if (root != NULL)
		read_numbers(order, false, root, arena, reply);
	json_decref(root);
}

/* Country and digits of the order's number; false with why. */
static bool
number_parts(const VaProviderRequest *order, char country[3], const char **msisdn, const char **why)
{
	VaPhone phone;

	memset(country, 0, 3);
	if (order->number_id != NULL && strlen(order->number_id) > 3 && order->number_id[2] == '-')
	{
		memcpy(country, order->number_id, 2);
		*msisdn = order->number_id + 3;
	}
	else if (order->number != NULL && order->number[0] == '+')
	{
		*msisdn = order->number + 1;
		if (order->country != NULL && strlen(order->country) == 2)
			memcpy(country, order->country, 2);
		else if (va_phone_parse(order->number, strlen(order->number), NULL, &phone) == VA_PHONE_OK)
			memcpy(country, phone.region, 2);
	}
	else
		return va_refuse(why, "the number's id is missing or not valid");
	if (country_valid(country) && (*msisdn)[0] != '\0' && strlen(*msisdn) <= 15 &&
		strspn(*msisdn, "0123456789") == strlen(*msisdn))
		return true;
	return va_refuse(why, "the number's country is not known");
}

/* app_id NULL: not sent. */
static bool
number_request(const VaProviderRequest *order, const char *path, const char *app_id, VaArena *arena,
	VaHttpRequest *request, const char **why)
{
	char country[3];
	const char *msisdn;
	VaNamedText fields[3];

	if (!number_parts(order, country, &msisdn, why) ||
		!vonage_start_rest(arena, request, "POST", order->carrier, path, why))
		return false;
	fields[0] = (VaNamedText){ "country", va_arena_strdup(arena, country) };
	fields[1] = (VaNamedText){ "msisdn", msisdn };
	fields[2] = (VaNamedText){ "app_id", app_id };
	return va_request_form(request, arena, fields, 3, why);
}

/* {"error-code": "200", "error-code-label": "success"}: the code counts, not the status. */
static void
read_number_reply(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&vonage_replies, response, arena, reply);
	const char *code = va_json_string(root, "error-code");
	const char *words = va_reply_words(arena, va_json_string(root, "error-code-label"));
	char country[3];
	const char *msisdn;
	const char *why;

	if (root != NULL && code == NULL)
		va_provider_request_unreadable(reply, words);
	else if (root != NULL && strcmp(code, "200") != 0)
		va_reply_end(reply, strcmp(code, "401") == 0 ? VA_DIAL_BAD_ACCOUNT : VA_DIAL_REFUSED_PERMANENT,
			va_arena_printf(arena, "code-%s", va_utf8_cut(arena, code, 20)), words);
	else if (root != NULL && number_parts(order, country, &msisdn, &why))
		reply->number_id = va_arena_printf(arena, "%s-%s", country, msisdn);
	json_decref(root);
}

static bool
build_buy_number(VA_REQUEST_ARGS)
{
	return number_request(order, "/number/buy", NULL, arena, request, why);
}

static bool
build_release_number(VA_REQUEST_ARGS)
{
	return number_request(order, "/number/cancel", NULL, arena, request, why);
}

static void
read_release_number(VA_REPLY_ARGS)
{
	read_number_reply(order, response, arena, reply);
	reply->number_id = NULL;
}

/* Incoming calls go where the application's answer URL is. */
static bool
build_configure_number(VA_REQUEST_ARGS)
{
	const char *application = va_carrier_credential(order->carrier, "application_id");

	if (application == NULL)
		return va_refuse(why, "the account has no application_id");
	return number_request(order, "/number/update", application, arena, request, why);
}

/* ---- texts ---- */

static bool
build_text(VA_REQUEST_ARGS)
{
	json_t *body = json_pack("{s:s,s:s}", "message_type", "text", "channel", "sms");

	va_json_set_text(body, "from", order->dlt_header != NULL ? order->dlt_header : va_without_plus(order->from_number));
	if (order->dlt_entity != NULL && order->dlt_template != NULL)
		json_object_set_new(
			body, "sms", json_pack("{s:s,s:s}", "entity_id", order->dlt_entity, "content_id", order->dlt_template));
	va_json_set_text(body, "to", va_without_plus(order->number));
	va_json_set_text(body, "text", order->text);
	va_json_set_text(body, "client_ref", order->attempt_ref);
	va_json_set_text(body, "webhook_url", va_text_report_url(order, arena));
	return va_request_body(
		va_text_order_good(order, why) && vonage_start(arena, request, "POST", order->carrier, "/v1/messages", why),
		request, arena, body, why);
}

VA_READ_TEXT(vonage_replies, NULL, "message_uuid")

/* ---- all of them ---- */

const VaProviderRequestDriver vonage_requests[VA_PROVIDER_REQUEST_KINDS] = {
	[VA_REQUEST_CHECK_ACCOUNT] = { build_check_account, read_check_account },
	[VA_REQUEST_BALANCE] = { build_balance, read_balance },
	[VA_REQUEST_HANGUP] = { build_hangup, read_ended },
	[VA_REQUEST_TRANSFER] = { build_transfer, read_changed },
	[VA_REQUEST_SAY] = { build_say, read_changed },
	[VA_REQUEST_PLAY] = { build_play, read_changed },
	[VA_REQUEST_SEND_DTMF] = { build_send_dtmf, read_changed },
	[VA_REQUEST_STREAM] = { build_stream, read_changed },
	[VA_REQUEST_FETCH_RECORDING] = { build_fetch_recording, read_fetch_recording },
	[VA_REQUEST_FETCH_COST] = { build_fetch_cost, read_fetch_cost },
	[VA_REQUEST_LIST_NUMBERS] = { build_list_numbers, read_list_numbers },
	[VA_REQUEST_SEARCH_NUMBERS] = { build_search_numbers, read_search_numbers },
	[VA_REQUEST_BUY_NUMBER] = { build_buy_number, read_number_reply },
	[VA_REQUEST_RELEASE_NUMBER] = { build_release_number, read_release_number },
	[VA_REQUEST_CONFIGURE_NUMBER] = { build_configure_number, read_number_reply },
	[VA_REQUEST_SEND_TEXT] = { build_text, read_text },
	[VA_REQUEST_LOOKUP_NUMBER] = { build_lookup_number, read_lookup_number },
};
