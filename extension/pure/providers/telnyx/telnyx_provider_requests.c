/*-------------------------------------------------------------------------
 * telnyx_provider_requests.c
 *		Telnyx: what is asked about the account, its numbers and recordings.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "telnyx_internal.h"

#include <stdlib.h>
#include <string.h>

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

/* ---- the account ---- */

/* The application, because a key that cannot use it cannot call. */
bool
telnyx_build_check_account(VA_REQUEST_ARGS)
{
	const char *connection;

	return telnyx_connection(order->carrier, &connection, why) &&
		   telnyx_start(arena, request, "GET", order->carrier,
			   va_arena_printf(arena, "/call_control_applications/%s", va_escaped(arena, connection)), why);
}

void
telnyx_read_check_account(VA_REPLY_ARGS)
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

bool
telnyx_build_balance(VA_REQUEST_ARGS)
{
	return telnyx_start(arena, request, "GET", order->carrier, "/balance", why);
}

void
telnyx_read_balance(VA_REPLY_ARGS)
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

/* ---- recordings ---- */

bool
telnyx_build_fetch_recording(VA_REQUEST_ARGS)
{
	/*
	 * The media lies elsewhere, and the URL is its own right to be read: it
	 * gets no key of ours.
	 */
	if (order->recording_url != NULL)
		return va_request_elsewhere(request, arena, "GET", order->recording_url, why);
	return telnyx_start(arena, request, "GET", order->carrier,
		va_call_path(
			arena, "/recordings?filter%5Bcall_control_id%5D=", order->provider_call_id, "&page%5Bsize%5D=1", why),
		why);
}

void
telnyx_read_fetch_recording(VA_REPLY_ARGS)
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

bool
telnyx_build_list_numbers(VA_REQUEST_ARGS)
{
	int page = order->page == NULL ? 1 : atoi(order->page);
	int size = order->limit <= 0 ? TELNYX_PAGE_MAX : va_clamp(order->limit, 1, TELNYX_PAGE_MAX);

	if (page < 1)
	{
		*why = "there is no such page";
		return false;
	}
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

/* What is not there yet, or not any more, is not listed. */
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

void
telnyx_read_list_numbers(VA_REPLY_ARGS)
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

bool
telnyx_build_search_numbers(VA_REQUEST_ARGS)
{
	const char *path = "/available_phone_numbers?filter%5Bfeatures%5D%5B%5D=voice";

	path = va_url_with(arena, path, "filter%5Bcountry_code%5D", order->country != NULL ? order->country : "US");
	path = va_url_with(arena, path, "filter%5Bnational_destination_code%5D", order->area_code);
	path = va_url_with(arena, path, "filter%5Bphone_number%5D%5Bcontains%5D", order->contains);
	if (order->limit > 0)
		path = va_url_with(arena, path, "filter%5Blimit%5D", va_integer_text(arena, order->limit));
	return telnyx_start(arena, request, "GET", order->carrier, path, why);
}

void
telnyx_read_search_numbers(VA_REPLY_ARGS)
{
	json_t *root;
	const json_t *data = answer_data(response, arena, reply, &root);

	if (data != NULL)
		va_read_numbers(data, false, read_number, order, arena, reply);
	json_decref(root);
}

/* A number is bought by an order that is carried out later, mostly within seconds. */
bool
telnyx_build_buy_number(VA_REQUEST_ARGS)
{
	const char *connection;
	json_t *body;

	if (order->number == NULL || order->number[0] != '+')
	{
		*why = "the number to buy must be E.164";
		return false;
	}
	if (!telnyx_connection(order->carrier, &connection, why))
		return false;
	body = json_pack("{s:[{s:s}],s:s}", "phone_numbers", "phone_number", order->number, "connection_id", connection);
	va_json_set_text(body, "customer_reference", order->provider_request_ref);
	return va_request_body(
		telnyx_start(arena, request, "POST", order->carrier, "/number_orders", why), request, arena, body, why);
}

void
telnyx_read_buy_number(VA_REPLY_ARGS)
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

	if (!va_id_valid(id))
	{
		*why = "the number's id is missing or not valid";
		return NULL;
	}
	return va_arena_printf(arena, "/phone_numbers/%s", va_escaped(arena, id));
}

bool
telnyx_build_release_number(VA_REQUEST_ARGS)
{
	return telnyx_start(arena, request, "DELETE", order->carrier, number_path(order, arena, why), why);
}

/* Incoming calls go where the account's application sends its webhooks. */
bool
telnyx_build_configure_number(VA_REQUEST_ARGS)
{
	const char *path = number_path(order, arena, why);
	const char *connection;

	return path != NULL && telnyx_connection(order->carrier, &connection, why) &&
		   va_request_body(telnyx_start(arena, request, "PATCH", order->carrier, path, why), request, arena,
			   json_pack("{s:s}", "connection_id", connection), why);
}

void
telnyx_read_configure_number(VA_REPLY_ARGS)
{
	json_t *root;
	const json_t *data = answer_data(response, arena, reply, &root);

	if (data != NULL)
		reply->number_id = copy(arena, data, "id");
	json_decref(root);
}
