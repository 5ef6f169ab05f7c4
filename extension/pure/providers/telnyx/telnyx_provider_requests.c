/*-------------------------------------------------------------------------
 * telnyx_provider_requests.c
 *		Telnyx: orders to a live call, and questions about the account,
 *		its numbers and recordings.
 *
 * Each command names itself by the provider request's reference, so that one that is
 * sent again is done once.  A call that has ended takes none: for hanging up
 * that is as good as done, for everything else it is too late.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "telnyx_internal.h"

#include <stdlib.h>
#include <string.h>

#define VOICE_DEFAULT "AWS.Polly.Joanna-Neural"

/* ---- live calls ---- */

/* The body is taken over. */
static bool
command(const VaProviderRequest *order, const char *action, json_t *body, VaArena *arena, VaHttpRequest *request,
	const char **why)
{
	const char *path = va_call_path(arena, "/calls/", order->provider_call_id, "/actions/", why);

	va_json_set_text(body, "command_id", order->provider_request_ref);
	path = path == NULL ? NULL : va_arena_join(arena, path, action, NULL);
	return va_request_body(telnyx_start(arena, request, "POST", order->carrier, path, why), request, arena, body, why);
}

VA_READ_CHANGES(telnyx_replies)

/* An incoming call that is not wanted is rejected, which costs nothing. */
static bool
build_hangup(VA_REQUEST_ARGS)
{
	json_t *body = va_json_new_object();
	bool busy = order->reason != NULL && strcmp(order->reason, "busy") == 0;
	/* Telnyx has no word for an unassigned number. */
	bool nobody = order->reason != NULL && strcmp(order->reason, "unallocated") == 0;

	if (order->answer.kind != VA_ANSWER_REJECT && !busy && !nobody)
		return command(order, "hangup", body, arena, request, why);
	va_json_set_text(body, "cause", busy ? "USER_BUSY" : "CALL_REJECTED");
	return command(order, "reject", body, arena, request, why);
}

static bool
build_transfer(VA_REQUEST_ARGS)
{
	const VaAnswer *answer = &order->answer;
	TelnyxState other_leg = {
		.attempt_ref = order->attempt_ref, .other_leg = true, .first_leg = order->provider_call_id
	};
	json_t *body;

	if (answer->forward_to == NULL || answer->forward_to[0] != '+')
		return va_refuse(why, "a transfer needs forward_to, an E.164 number");
	body = va_json_new_object();
	va_json_set_text(body, "to", answer->forward_to);
	va_json_set_text(body, "from", answer->caller_id);
	/* The new leg's events are not the call's, but its refusal concerns the call. */
	va_json_set_text(body, "target_leg_client_state", telnyx_state_text(&other_leg, arena));
	va_json_set_text(body, "webhook_url", answer->status_url);
	telnyx_set_retries(body, true);
	if (answer->ring_timeout_s > 0)
		json_object_set_new(body, "timeout_secs", json_integer(va_clamp(answer->ring_timeout_s, 5, 600)));
	if (answer->max_duration_s > 0)
		json_object_set_new(body, "time_limit_secs", json_integer(va_clamp(answer->max_duration_s, 30, 14400)));
	return command(order, "transfer", body, arena, request, why);
}

/* Amazon's voices, the default's too, speak by their own language; the plain service knows two and needs one. */
static void
set_voice(json_t *body, const VaProviderRequest *order)
{
	const char *voice = order->answer.voice != NULL ? order->answer.voice : va_carrier_setting(order->carrier, "voice");

	va_json_set_text(body, "voice", voice != NULL ? voice : VOICE_DEFAULT);
	if (voice != NULL && (strcmp(voice, "male") == 0 || strcmp(voice, "female") == 0))
		va_json_set_text(body, "language", order->answer.language != NULL ? order->answer.language : "en-US");
}

static bool
build_say(VA_REQUEST_ARGS)
{
	bool listens = order->answer.opt_out_key != NULL;
	json_t *body;

	if (order->answer.text == NULL || order->answer.text[0] == '\0')
		return va_refuse(why, "there is no text to say");
	body = va_json_new_object();
	if (listens)
	{
		/* One key, whenever it is pressed; the text, which it ends, is said once. */
		json_object_set_new(body, "minimum_digits", json_integer(1));
		json_object_set_new(body, "maximum_digits", json_integer(1));
		json_object_set_new(body, "maximum_tries", json_integer(1));
		json_object_set_new(body, "timeout_millis", json_integer(VA_KEY_WAIT_S * 1000));
	}
	va_json_set_text(body, "payload", va_utf8_cut(arena, order->answer.text, TELNYX_SPOKEN_MAX_CHARS));
	va_json_set_text(body, "payload_type", "text");
	set_voice(body, order);
	return command(order, listens ? "gather_using_speak" : "speak", body, arena, request, why);
}

static bool
has_suffix(const char *text, const char *suffix)
{
	size_t len = strcspn(text, "?");

	return len >= strlen(suffix) && strncmp(text + len - strlen(suffix), suffix, strlen(suffix)) == 0;
}

static bool
build_play(VA_REQUEST_ARGS)
{
	const char *media = order->answer.media_url;
	json_t *body;
	VaUrl url;

	if (media == NULL)
		return va_refuse(why, "there is no media_url to play");
	if (!va_url_parse(media, strlen(media), &url, why))
		return false;
	body = va_json_new_object();
	va_json_set_text(body, "audio_url", media);
	if (has_suffix(media, ".wav"))
		va_json_set_text(body, "audio_type", "wav");
	return command(order, "playback_start", body, arena, request, why);
}

static bool
build_send_dtmf(VA_REQUEST_ARGS)
{
	json_t *body;

	if (order->digits == NULL || order->digits[0] == '\0' ||
		order->digits[strspn(order->digits, "0123456789*#ABCDwW")] != '\0')
		return va_refuse(why, "digits must be 0 to 9, *, #, A to D, w and W for pauses");
	body = va_json_new_object();
	va_json_set_text(body, "digits", order->digits);
	return command(order, "send_dtmf", body, arena, request, why);
}

static bool
check_stream(const VaProviderRequest *order, const char **why)
{
	const char *url = order->answer.stream_url;

	if (url != NULL && strncmp(url, "wss://", 6) == 0)
		return true;
	return va_refuse(why, "stream_url must be a wss URL");
}

/* With the socket at once where one talks: then nothing more is to be ordered when the call is answered. */
static bool
build_answer(VA_REQUEST_ARGS)
{
	TelnyxState state = { .attempt_ref = order->attempt_ref, .streams = order->answer.kind == VA_ANSWER_STREAM };
	json_t *body;

	if (state.streams && !check_stream(order, why))
		return false;
	body = va_json_new_object();
	if (state.streams)
		telnyx_set_stream(body, order->answer.stream_url);
	if (state.streams || state.attempt_ref != NULL)
		va_json_set_text(body, "client_state", telnyx_state_text(&state, arena));
	va_json_set_text(body, "webhook_url", order->answer.status_url);
	telnyx_set_retries(body, false);
	if (order->answer.record)
	{
		va_json_set_text(body, "record", "record-from-answer");
		va_json_set_text(body, "record_channels", "dual");
		va_json_set_text(body, "record_format", "mp3");
	}
	return command(order, "answer", body, arena, request, why);
}

static bool
build_stream(VA_REQUEST_ARGS)
{
	json_t *body;

	if (!check_stream(order, why))
		return false;
	body = va_json_new_object();
	telnyx_set_stream(body, order->answer.stream_url);
	return command(order, "streaming_start", body, arena, request, why);
}

static bool
build_record(VA_REQUEST_ARGS)
{
	json_t *body = va_json_new_object();

	va_json_set_text(body, "format", "mp3");
	va_json_set_text(body, "channels", "dual");
	return command(order, "record_start", body, arena, request, why);
}

/* ---- the account ---- */

/* The answer's data, an object or an array; NULL with the reply turned into a failure. json_decref() *root. */
static json_t *
answer_data(const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply, json_t **root)
{
	return va_read_reply(&telnyx_replies, "data", response, arena, reply, root);
}

static const char *
copy(VaArena *arena, const json_t *object, const char *key)
{
	return va_arena_strdup(arena, va_json_string(object, key));
}

/* The application, because a key that cannot use it cannot call. */
static bool
build_check_account(VA_REQUEST_ARGS)
{
	const char *connection;

	return telnyx_connection(order->carrier, &connection, why) &&
		   telnyx_start(arena, request, "GET", order->carrier,
			   va_arena_printf(arena, "/call_control_applications/%s", va_escaped(arena, connection)), why);
}

static void
read_check_account(VA_REPLY_ARGS)
{
	json_t *root;
	const json_t *data = answer_data(response, arena, reply, &root);

	/* The key is good, but there is no such application in its account. */
	if (response->status == 404)
		reply->kind = VA_DIAL_BAD_ACCOUNT;
	if (data != NULL)
	{
		const char *name = va_json_string(data, "application_name");

		reply->account_ref = copy(arena, data, "id");
		reply->message = va_reply_words(
			arena, va_arena_printf(arena, "%s%s", name != NULL ? name : "",
					   json_is_false(json_object_get(data, "active")) ? " (not active)" : ""));
	}
	json_decref(root);
}

static bool
build_balance(VA_REQUEST_ARGS)
{
	return telnyx_start(arena, request, "GET", order->carrier, "/balance", why);
}

static void
read_balance(VA_REPLY_ARGS)
{
	json_t *root;
	const json_t *data = answer_data(response, arena, reply, &root);

	if (data != NULL)
	{
		reply->balance = va_reply_money(arena, json_object_get(data, "balance"), false);
		reply->currency = copy(arena, data, "currency");
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
		   telnyx_start(arena, request, "GET", order->carrier,
			   va_arena_printf(arena, "/number_lookup/%s?type=carrier", va_escaped(arena, order->number)), why);
}

/* A ported number's present type comes before that of its digits. */
static void
read_lookup_number(VA_REPLY_ARGS)
{
	json_t *root;
	const json_t *data = answer_data(response, arena, reply, &root);

	if (data != NULL)
		reply->line_type = va_line_type(order, va_json_string(data, "phone_number"),
			va_json_string(json_object_get(data, "portability"), "line_type"),
			va_json_string(json_object_get(data, "carrier"), "type"));
	json_decref(root);
}

/* ---- recordings ---- */

static bool
build_fetch_recording(VA_REQUEST_ARGS)
{
	/* The media lies elsewhere, and the URL is its own right to be read: it gets no key of ours. */
	if (order->recording_url != NULL)
		return va_request_elsewhere(request, arena, "GET", order->recording_url, why);
	return telnyx_start(arena, request, "GET", order->carrier,
		va_call_path(
			arena, "/recordings?filter%5Bcall_control_id%5D=", order->provider_call_id, "&page%5Bsize%5D=1", why),
		why);
}

static void
read_fetch_recording(VA_REPLY_ARGS)
{
	json_t *root;
	const json_t *data;

	if (order->recording_url != NULL)
	{
		if (va_provider_request_answered(response, arena, reply))
			reply->content_type = va_arena_strdup(
				arena, va_header_find(response->headers, response->nheaders, "content-type"));
		else if (response->status >= 400 && response->status < 500 && response->status != 429)
		{
			/* Not our key that is bad: the URL has expired, and must be asked for again. */
			reply->kind = VA_DIAL_REFUSED_PERMANENT;
			reply->cause = "recording-url-expired";
		}
		return;
	}
	data = answer_data(response, arena, reply, &root);
	if (data != NULL)
	{
		const json_t *urls = va_json_object(json_array_get(data, 0), "download_urls");

		reply->recording_url = copy(arena, urls, "mp3");
		if (reply->recording_url == NULL)
			reply->recording_url = copy(arena, urls, "wav");
		if (reply->recording_url == NULL)
		{
			reply->kind = VA_DIAL_REFUSED_RETRY;
			reply->cause = "no-recording-yet";
		}
	}
	json_decref(root);
}

/* ---- numbers ---- */

static bool
build_list_numbers(VA_REQUEST_ARGS)
{
	int page = order->page == NULL ? 1 : atoi(order->page);
	int size = order->limit <= 0 ? TELNYX_PAGE_MAX : va_clamp(order->limit, 1, TELNYX_PAGE_MAX);

	if (page < 1)
		return va_refuse(why, "there is no such page");
	return telnyx_start(arena, request, "GET", order->carrier,
		va_arena_printf(arena, "/phone_numbers?page%%5Bnumber%%5D=%d&page%%5Bsize%%5D=%d", page, size), why);
}

static const char *
region_of(VaArena *arena, const json_t *item)
{
	const json_t *regions = va_json_array(item, "region_information");
	const char *region = va_json_string(item, "country_iso_alpha2");
	const json_t *part;
	size_t i;

	json_array_foreach(regions, i, part)
	{
		const char *type = va_json_string(part, "region_type");

		if (type != NULL && (region == NULL || strcmp(type, "state") == 0))
			region = va_json_string(part, "region_name");
	}
	return va_arena_strdup(arena, region);
}

/* Numbers not there yet, or no longer, are not listed. */
static bool
read_number(const VaProviderRequest *order, bool ours, const json_t *item, VaArena *arena, VaCarrierNumber *number)
{
	const json_t *price = va_json_object(item, "cost_information");
	const char *status = va_json_string(item, "status");

	number->number = va_with_plus(arena, copy(arena, item, "phone_number"));
	number->number_id = ours ? copy(arena, item, "id") : NULL;
	number->name = copy(arena, item, "customer_reference");
	number->region = region_of(arena, item);
	number->monthly_cost = va_reply_money(arena, json_object_get(price, "monthly_cost"), false);
	number->currency = number->monthly_cost != NULL ? copy(arena, price, "currency") : NULL;
	return number->number != NULL && (!ours || status == NULL || strcmp(status, "active") == 0);
}

static void
read_list_numbers(VA_REPLY_ARGS)
{
	json_t *root;
	const json_t *data = answer_data(response, arena, reply, &root);
	double page;
	double pages;

	if (data != NULL)
	{
		const json_t *meta = va_json_object(root, "meta");

		va_read_numbers(data, true, read_number, order, arena, reply);
		if (va_json_number(meta, "page_number", &page) && va_json_number(meta, "total_pages", &pages) && page >= 1 &&
			page < pages && page < 1e6 && json_array_size(data) > 0)
			reply->next_page = va_integer_text(arena, (int64_t) page + 1);
	}
	json_decref(root);
}

static bool
build_search_numbers(VA_REQUEST_ARGS)
{
	const char *path = "/available_phone_numbers?filter%5Bfeatures%5D%5B%5D=voice";

	path = va_url_with(arena, path, "filter%5Bcountry_code%5D", order->country != NULL ? order->country : "US");
	path = va_url_with(arena, path, "filter%5Bnational_destination_code%5D", order->area_code);
	path = va_url_with(arena, path, "filter%5Bphone_number%5D%5Bcontains%5D", order->contains);
	if (order->limit > 0)
		path = va_url_with(arena, path, "filter%5Blimit%5D", va_integer_text(arena, order->limit));
	return telnyx_start(arena, request, "GET", order->carrier, path, why);
}

static void
read_search_numbers(VA_REPLY_ARGS)
{
	json_t *root;
	const json_t *data = answer_data(response, arena, reply, &root);

	if (data != NULL)
		va_read_numbers(data, false, read_number, order, arena, reply);
	json_decref(root);
}

/* A number is bought by an order that is carried out later, mostly within seconds. */
static bool
build_buy_number(VA_REQUEST_ARGS)
{
	const char *connection;
	json_t *body;

	if (order->number == NULL || order->number[0] != '+')
		return va_refuse(why, "the number to buy must be E.164");
	if (!telnyx_connection(order->carrier, &connection, why))
		return false;
	body = json_pack("{s:[{s:s}],s:s}", "phone_numbers", "phone_number", order->number, "connection_id", connection);
	va_json_set_text(body, "customer_reference", order->provider_request_ref);
	return va_request_body(
		telnyx_start(arena, request, "POST", order->carrier, "/number_orders", why), request, arena, body, why);
}

static void
read_buy_number(VA_REPLY_ARGS)
{
	json_t *root;
	const json_t *data = answer_data(response, arena, reply, &root);

	if (data != NULL)
	{
		const json_t *first = json_array_get(va_json_array(data, "phone_numbers"), 0);
		const char *status = va_json_string(first, "status");

		if (status == NULL)
			status = va_json_string(data, "status");
		if (status != NULL && strcmp(status, "failure") == 0)
		{
			reply->kind = VA_DIAL_REFUSED_PERMANENT;
			reply->cause = "order-failed";
		}
		reply->message = va_reply_words(arena, status);
		/* The order's id is none of the number, which has its own only once it is listed: see number_path(). */
	}
	json_decref(root);
}

/* Telnyx takes the number itself where its id is not known yet. */
static const char *
number_path(const VaProviderRequest *order, VaArena *arena, const char **why)
{
	const char *id = order->number_id != NULL ? order->number_id : order->number;

	return va_id_path(arena, "/phone_numbers/", id, "", "the number's id is missing or not valid", why);
}

static bool
build_release_number(VA_REQUEST_ARGS)
{
	return telnyx_start(arena, request, "DELETE", order->carrier, number_path(order, arena, why), why);
}

/* Incoming calls go where the account's application sends its webhooks. */
static bool
build_configure_number(VA_REQUEST_ARGS)
{
	const char *path = number_path(order, arena, why);
	const char *connection;

	return path != NULL && telnyx_connection(order->carrier, &connection, why) &&
		   va_request_body(telnyx_start(arena, request, "PATCH", order->carrier, path, why), request, arena,
			   json_pack("{s:s}", "connection_id", connection), why);
}

static void
read_configure_number(VA_REPLY_ARGS)
{
	json_t *root;
	const json_t *data = answer_data(response, arena, reply, &root);

	if (data != NULL)
		reply->number_id = copy(arena, data, "id");
	json_decref(root);
}

/* ---- texts ---- */

static bool
build_text(VA_REQUEST_ARGS)
{
	json_t *body = va_json_new_object();

	va_json_set_text(body, "from", order->from_number);
	va_json_set_text(body, "to", order->number);
	va_json_set_text(body, "text", order->text);
	va_json_set_text(body, "webhook_url", va_text_report_url(order, arena));
	return va_request_body(
		va_text_order_good(order, why) && telnyx_start(arena, request, "POST", order->carrier, "/messages", why),
		request, arena, body, why);
}

VA_READ_TEXT(telnyx_replies, "data", "id")

/* ---- all of them ---- */

const VaProviderRequestDriver telnyx_requests[VA_PROVIDER_REQUEST_KINDS] = {
	[VA_REQUEST_CHECK_ACCOUNT] = { build_check_account, read_check_account },
	[VA_REQUEST_BALANCE] = { build_balance, read_balance },
	[VA_REQUEST_HANGUP] = { build_hangup, read_ended },
	[VA_REQUEST_TRANSFER] = { build_transfer, read_changed },
	[VA_REQUEST_SAY] = { build_say, read_changed },
	[VA_REQUEST_PLAY] = { build_play, read_changed },
	[VA_REQUEST_SEND_DTMF] = { build_send_dtmf, read_changed },
	[VA_REQUEST_ANSWER] = { build_answer, read_changed },
	[VA_REQUEST_STREAM] = { build_stream, read_changed },
	[VA_REQUEST_RECORD] = { build_record, read_changed },
	[VA_REQUEST_FETCH_RECORDING] = { build_fetch_recording, read_fetch_recording },
	[VA_REQUEST_LIST_NUMBERS] = { build_list_numbers, read_list_numbers },
	[VA_REQUEST_SEARCH_NUMBERS] = { build_search_numbers, read_search_numbers },
	[VA_REQUEST_BUY_NUMBER] = { build_buy_number, read_buy_number },
	[VA_REQUEST_RELEASE_NUMBER] = { build_release_number, read_ended },
	[VA_REQUEST_CONFIGURE_NUMBER] = { build_configure_number, read_configure_number },
	[VA_REQUEST_SEND_TEXT] = { build_text, read_text },
	[VA_REQUEST_LOOKUP_NUMBER] = { build_lookup_number, read_lookup_number },
};
