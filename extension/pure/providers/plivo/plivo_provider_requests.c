/*-------------------------------------------------------------------------
 * plivo_provider_requests.c
 *		Plivo's other requests: account, live calls, recordings, numbers.
 *
 * A live call gets orders by being sent to a URL of ours, where it asks for a
 * document.  Its order goes into that URL's query ("do"), which Plivo signs
 * when it comes back: so nothing has to be kept for it.  Speech or sound into
 * a call that goes on needs no document.
 *
 * Numbers have no URL of their own; they belong to an application at Plivo,
 * whose answer_url and hangup_url are the account's webhook URL.  Which one,
 * the setting application_id says.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "plivo_internal.h"

#include <string.h>

/* Fields that surely come back whole. */
#define REDIRECT_MAX 2000
#define DIGITS_MAX 100

/* ---- shared ---- */

VA_READ_CHANGES(plivo_replies)

static const char *
call_path(const VaProviderRequest *order, VaArena *arena, const char *rest, const char **why)
{
	return va_call_path(arena, "Call/", order->provider_call_id, rest, why);
}

/* ---- account and money ---- */

static bool
build_account(VA_REQUEST_ARGS)
{
	return plivo_start(order->carrier, arena, request, "GET", "", why);
}

static void
read_account(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&plivo_replies, response, arena, reply);

	if (response->status == 404)
		reply->kind = VA_DIAL_BAD_ACCOUNT;
	if (root == NULL)
		return;
	reply->account_ref = va_utf8_cut(arena, va_json_string(root, "auth_id"), 64);
	reply->message = va_reply_words(arena, va_json_string(root, "name"));
	reply->balance = va_reply_money(arena, json_object_get(root, "cash_credits"), false);
	reply->currency = reply->balance == NULL ? NULL : PLIVO_CURRENCY;
	json_decref(root);
}

/* ---- live calls ---- */

static bool
build_hangup(VA_REQUEST_ARGS)
{
	return plivo_start(order->carrier, arena, request, "DELETE", call_path(order, arena, "/", why), why);
}

static void
set_number(json_t *object, const char *name, int value)
{
	if (value > 0)
		json_object_set_new(object, name, json_integer(value));
}

/* As va_answer_read() reads it back. */
static const char *
answer_text(const VaAnswer *answer, VaArena *arena)
{
	json_t *object = va_json_new_object();
	const char *text;

	va_json_set_text(object, "kind", va_answer_kind_name(answer->kind));
	va_json_set_text(object, "text", answer->text);
	va_json_set_text(object, "language", answer->language);
	va_json_set_text(object, "voice", answer->voice);
	va_json_set_text(object, "media_url", answer->media_url);
	va_json_set_text(object, "stream_url", answer->stream_url);
	va_json_set_text(object, "forward_to", answer->forward_to);
	va_json_set_text(object, "caller_id", answer->caller_id);
	va_json_set_text(object, "status_url", answer->status_url);
	set_number(object, "ring_timeout_s", answer->ring_timeout_s);
	set_number(object, "max_duration_s", answer->max_duration_s);
	if (answer->record)
		json_object_set_new(object, "record", json_true());
	if (answer->goes_on)
		json_object_set_new(object, "goes_on", json_true());
	text = va_json_text(arena, object);
	json_decref(object);
	return text;
}

/* Sends the call to ask for a document, at our URL with this "as" and what it is to do (NULL: its plan says). */
static bool
redirect(const VaProviderRequest *order, const char *as, const char *what, VaArena *arena, VaHttpRequest *request,
	const char **why)
{
	const char *path = call_path(order, arena, "/", why);
	const char *url = order->server_url != NULL ? order->server_url : order->answer.status_url;

	if (path == NULL || plivo_document(&order->answer, arena, why) == NULL)
		return false;
	if (url == NULL)
		return va_refuse(why, "there is no URL of ours at which the call could ask what to do");
	url = va_url_with(arena, url, "attempt", order->attempt_ref);
	url = va_url_with(arena, url, "as", as);
	url = va_url_with(arena, url, "provider_request", order->provider_request_ref);
	if (what != NULL)
		url = va_url_with(arena, url, "do", what);
	if (url != NULL && strlen(url) > REDIRECT_MAX)
		return va_refuse(why, "what the call is to say or do is too long for Plivo");
	return plivo_post(order->carrier, arena, request, path,
		json_pack("{s:s,s:s?,s:s}", "legs", "aleg", "aleg_url", url, "aleg_method", "POST"), why);
}

static bool
build_redirect(VA_REQUEST_ARGS)
{
	VaAnswer answer = order->answer;

	if (answer.goes_on && answer.status_url == NULL)
		answer.status_url = order->server_url;
	return redirect(order, "do", answer_text(&answer, arena), arena, request, why);
}

/* Whether a document could do the same: what may be said or played is judged in one place. */
static bool
can_do(const VaProviderRequest *order, VaAnswerKind kind, VaArena *arena, const char **why)
{
	VaAnswer answer = order->answer;

	answer.kind = kind;
	return plivo_document(&answer, arena, why) != NULL;
}

/*
 * Into the call as it goes on; with a reason to end it, the message on a
 * voicemail, which the call's plan has as well, however long it is.
 */
static bool
build_say(VA_REQUEST_ARGS)
{
	const VaAnswer *answer = &order->answer;
	const char *path = call_path(order, arena, "/Speak/", why);
	json_t *body;

	if (order->reason != NULL)
		return redirect(order, "message", NULL, arena, request, why);
	if (path == NULL || !can_do(order, VA_ANSWER_SAY, arena, why))
		return false;
	body = va_json_new_object();
	va_json_set_text(body, "text", answer->text);
	/* This request takes only two of the voices that a document can name. */
	if (answer->voice != NULL && (strcmp(answer->voice, "MAN") == 0 || strcmp(answer->voice, "WOMAN") == 0))
		va_json_set_text(body, "voice", answer->voice);
	if (answer->language != NULL && strchr(answer->language, '-') != NULL)
		va_json_set_text(body, "language", answer->language);
	return plivo_post(order->carrier, arena, request, path, body, why);
}

static bool
build_play(VA_REQUEST_ARGS)
{
	const char *path = call_path(order, arena, "/Play/", why);

	if (path == NULL || !can_do(order, VA_ANSWER_PLAY, arena, why))
		return false;
	if (strchr(order->answer.media_url, ',') != NULL)
		return va_refuse(why, "media_url must hold no comma: Plivo would take it for two");
	return plivo_post(order->carrier, arena, request, path, json_pack("{s:s}", "urls", order->answer.media_url), why);
}

static bool
build_digits(VA_REQUEST_ARGS)
{
	const char *path = call_path(order, arena, "/DTMF/", why);
	size_t len = order->digits == NULL ? 0 : strlen(order->digits);

	if (path == NULL)
		return false;
	if (len == 0 || len > DIGITS_MAX || strspn(order->digits, "0123456789*#wW") != len)
		return va_refuse(why, "digits must be 0-9, *, # and w (a pause of half a second), at most 100");
	return plivo_post(
		order->carrier, arena, request, path, json_pack("{s:s,s:s}", "digits", order->digits, "leg", "aleg"), why);
}

static bool
build_start_recording(VA_REQUEST_ARGS)
{
	const char *path = call_path(order, arena, "/Record/", why);
	const char *url = va_url_with(arena, order->server_url, "attempt", order->attempt_ref);
	json_t *body;

	if (path == NULL)
		return false;
	body = va_json_new_object();
	va_json_set_text(body, "file_format", "mp3");
	set_number(body, "time_limit", order->answer.max_duration_s > 0 ? order->answer.max_duration_s : 14400);
	va_json_set_text(body, "callback_url", va_url_with(arena, url, "as", "recording"));
	va_json_set_text(body, "callback_method", url == NULL ? NULL : "POST");
	return plivo_post(order->carrier, arena, request, path, body, why);
}

/* ---- what a call leaves behind ---- */

static bool
build_recording(VA_REQUEST_ARGS)
{
	const char *text = order->recording_url;
	const char *path = "Recording/";
	VaUrl url;

	if (text == NULL)
	{
		if (!va_id_valid(order->provider_call_id))
			return va_refuse(why, "the call's id is not valid");
		path = va_url_with(arena, path, "call_uuid", order->provider_call_id);
		return plivo_start(order->carrier, arena, request, "GET", va_url_with(arena, path, "limit", "1"), why);
	}
	if (!va_url_parse(text, strlen(text), &url, why) || !plivo_start(order->carrier, arena, request, "GET", "", why))
		return false;
	/* Media lie at Plivo, which may want the key, or in its store, which must not get it. */
	if (!va_url_is_theirs(order->carrier, &url, "plivo.com"))
	{
		/* Plivo writes http for its store, which speaks TLS as well. */
		if (!url.https && url.port == 80)
			text = va_arena_printf(arena, "https%s", text + 4);
		request->nheaders = 1;
	}
	request->url = text;
	*why = "out of memory";
	return text != NULL;
}

static void
read_recording(VA_REPLY_ARGS)
{
	const char *text;
	const char *why;
	json_t *root;
	VaUrl url;

	if (va_provider_request_media(order, response, arena, reply))
		return;
	root = va_read_object(&plivo_replies, response, arena, reply);
	if (root == NULL)
		return;
	text = va_json_string(json_array_get(va_json_array(root, "objects"), 0), "recording_url");
	if (text != NULL && va_url_parse(text, strlen(text), &url, &why))
	{
		reply->recording_url = va_arena_strdup(arena, text);
		reply->content_type = "audio/mpeg";
	}
	else
		va_provider_request_no_recording(reply);
	json_decref(root);
}

static bool
build_cost(VA_REQUEST_ARGS)
{
	return plivo_start(order->carrier, arena, request, "GET", call_path(order, arena, "/", why), why);
}

static void
read_cost(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&plivo_replies, response, arena, reply);

	/* The record comes some time after the call's end. */
	if (response->status == 404)
	{
		reply->kind = VA_DIAL_ACCEPTED;
		reply->cause = NULL;
	}
	if (root == NULL)
		return;
	reply->cost = va_reply_money(arena, json_object_get(root, "total_amount"), true);
	reply->currency = reply->cost == NULL ? NULL : PLIVO_CURRENCY;
	json_decref(root);
}

/* ---- numbers ---- */

static const char *
number_path(const VaProviderRequest *order, VaArena *arena, const char *resource, const char **why)
{
	/* Plivo's id of a number are its digits. */
	const char *digits = order->number_id != NULL ? order->number_id : va_without_plus(order->number);

	if (digits == NULL || strlen(digits) < 4 || strlen(digits) > 15 || strspn(digits, "0123456789") != strlen(digits))
	{
		*why = "the number must be given with its country code, such as +14155550100";
		return NULL;
	}
	return va_arena_printf(arena, "%s/%s/", resource, digits);
}

static bool
build_list_numbers(VA_REQUEST_ARGS)
{
	const char *account = va_carrier_credential(order->carrier, "auth_id");
	const char *own = va_arena_printf(arena, PLIVO_API "%s/", account == NULL ? "" : account);
	const char *path = "Number/";
	int limit = order->limit > 0 && order->limit < PLIVO_LIST_MAX ? order->limit : PLIVO_LIST_MAX;

	/* The next page is theirs to name, below our account. */
	if (order->page != NULL)
		return plivo_start(order->carrier, arena, request, "GET", va_page_behind(own, order->page, why), why);
	path = va_url_with(arena, path, "number_startswith", va_without_plus(order->number));
	path = va_url_with(arena, path, "limit", va_integer_text(arena, limit));
	path = va_url_with(arena, path, "offset", "0");
	return plivo_start(order->carrier, arena, request, "GET", path, why);
}

static bool
read_number(const VaProviderRequest *order, bool ours, const json_t *item, VaArena *arena, VaCarrierNumber *number)
{
	const char *digits = va_without_plus(va_json_string(item, "number"));

	number->number = digits == NULL ? NULL : va_arena_printf(arena, "+%s", digits);
	number->number_id = ours ? va_arena_strdup(arena, digits) : NULL;
	number->name = va_utf8_cut(arena, va_json_string(item, "alias"), 100);
	number->region = va_utf8_cut(arena, va_json_string(item, "region"), 100);
	number->monthly_cost = va_reply_money(arena, json_object_get(item, "monthly_rental_rate"), false);
	number->currency = number->monthly_cost == NULL ? NULL : PLIVO_CURRENCY;
	return va_is_e164(number->number);
}

static void
read_list_numbers(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&plivo_replies, response, arena, reply);

	if (root != NULL)
		va_read_numbers(va_json_array(root, "objects"), true, read_number, order, arena, reply);
	reply->next_page = va_arena_strdup(arena, va_json_string(va_json_object(root, "meta"), "next"));
	json_decref(root);
}

static bool
build_search_numbers(VA_REQUEST_ARGS)
{
	const char *country = va_country(arena, order->country, why);
	/* A pattern is what the national number begins with. */
	const char *pattern = order->area_code != NULL ? order->area_code : order->contains;
	const char *path = "PhoneNumber/";
	int limit = order->limit > 0 && order->limit < PLIVO_LIST_MAX ? order->limit : PLIVO_LIST_MAX;

	if (country == NULL)
		return false;
	path = va_url_with(arena, path, "country_iso", country);
	path = va_url_with(arena, path, "pattern", pattern);
	path = va_url_with(arena, path, "services", "voice");
	path = va_url_with(arena, path, "limit", va_integer_text(arena, limit));
	return plivo_start(order->carrier, arena, request, "GET", path, why);
}

static void
read_search_numbers(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&plivo_replies, response, arena, reply);

	if (root != NULL)
		va_read_numbers(va_json_array(root, "objects"), false, read_number, order, arena, reply);
	json_decref(root);
}

static json_t *
application_body(const VaProviderRequest *order)
{
	json_t *body = va_json_new_object();

	va_json_set_text(body, "app_id", va_carrier_setting(order->carrier, "application_id"));
	return body;
}

static bool
build_buy_number(VA_REQUEST_ARGS)
{
	return plivo_post(
		order->carrier, arena, request, number_path(order, arena, "PhoneNumber", why), application_body(order), why);
}

static void
read_buy_number(VA_REPLY_ARGS)
{
	json_t *root = va_read_object(&plivo_replies, response, arena, reply);
	const json_t *first = json_array_get(va_json_array(root, "numbers"), 0);
	const char *status = va_json_string(first, "status");

	if (status != NULL && strcasecmp(status, "success") != 0 && strcasecmp(status, "pending") != 0)
		va_reply_end(reply, VA_DIAL_REFUSED_PERMANENT, "not-bought", va_reply_words(arena, status));
	else if (root != NULL)
		va_read_bought(va_without_plus(va_json_string(first, "number")), arena, reply);
	json_decref(root);
}

static bool
build_release_number(VA_REQUEST_ARGS)
{
	return plivo_start(order->carrier, arena, request, "DELETE", number_path(order, arena, "Number", why), why);
}

static bool
build_configure_number(VA_REQUEST_ARGS)
{
	const char *path = number_path(order, arena, "Number", why);

	if (path != NULL && va_carrier_setting(order->carrier, "application_id") == NULL)
		return va_refuse(
			why, "the account's setting application_id must name the Plivo application that its numbers' calls go to");
	return path != NULL && plivo_post(order->carrier, arena, request, path, application_body(order), why);
}

static void
read_configure_number(VA_REPLY_ARGS)
{
	json_decref(va_read_object(&plivo_replies, response, arena, reply));
}

/* ---- texts ---- */

static bool
build_text(VA_REQUEST_ARGS)
{
	json_t *body = va_json_new_object();

	va_json_set_text(body, "src", order->dlt_header != NULL ? order->dlt_header : order->from_number);
	va_json_set_text(body, "dlt_entity_id", order->dlt_entity);
	va_json_set_text(body, "dlt_template_id", order->dlt_template);
	va_json_set_text(body, "dst", order->number);
	va_json_set_text(body, "text", order->text);
	va_json_set_text(body, "url", va_text_report_url(order, arena));
	return plivo_post(order->carrier, arena, request, va_text_order_good(order, why) ? "Message/" : NULL, body, why);
}

VA_READ_TEXT(plivo_replies, NULL, "message_uuid")

/* ---- all of them ---- */

const VaProviderRequestDriver plivo_requests[VA_PROVIDER_REQUEST_KINDS] = {
	[VA_REQUEST_CHECK_ACCOUNT] = { build_account, read_account },
	[VA_REQUEST_BALANCE] = { build_account, read_account },
	[VA_REQUEST_HANGUP] = { build_hangup, read_ended },
	[VA_REQUEST_TRANSFER] = { build_redirect, read_changed },
	[VA_REQUEST_SAY] = { build_say, read_changed },
	[VA_REQUEST_PLAY] = { build_play, read_changed },
	[VA_REQUEST_STREAM] = { build_redirect, read_changed },
	[VA_REQUEST_SEND_DTMF] = { build_digits, read_changed },
	[VA_REQUEST_RECORD] = { build_start_recording, read_changed },
	[VA_REQUEST_FETCH_RECORDING] = { build_recording, read_recording },
	[VA_REQUEST_FETCH_COST] = { build_cost, read_cost },
	[VA_REQUEST_LIST_NUMBERS] = { build_list_numbers, read_list_numbers },
	[VA_REQUEST_SEARCH_NUMBERS] = { build_search_numbers, read_search_numbers },
	[VA_REQUEST_BUY_NUMBER] = { build_buy_number, read_buy_number },
	[VA_REQUEST_RELEASE_NUMBER] = { build_release_number, read_ended },
	[VA_REQUEST_CONFIGURE_NUMBER] = { build_configure_number, read_configure_number },
	[VA_REQUEST_SEND_TEXT] = { build_text, read_text },
};
