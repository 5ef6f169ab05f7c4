/*-------------------------------------------------------------------------
 * plivo_request.c
 *		Plivo's requests about calls: place, look up, list.
 *
 * Plivo asks for an answered call's orders at answer_url.  It keeps no data
 * of ours with a call, so the attempt's reference goes into the query of
 * every URL that we give it, which its signature covers.
 */
#include "plivo_internal.h"

/* The filter's time zone is nowhere written down: as far as any is from UTC. */
#define ZONE_SLACK_MS (INT64_C(14) * 3600 * 1000)

bool
plivo_start(const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *request, const char *method,
	const char *path, const char **why)
{
	const char *account = va_carrier_credential(carrier, "auth_id");

	if (path != NULL && account == NULL)
		*why = "the account has no auth_id";
	if (path == NULL || account == NULL)
		return false;
	return va_request_start(request, arena, method, carrier->base_url, PLIVO_BASE_URL,
			   va_arena_join(arena, PLIVO_API, va_escaped(arena, account), "/", path, NULL), why) &&
		   va_request_basic(request, arena, account, va_carrier_credential(carrier, "auth_token"), why);
}

bool
plivo_post(const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *request, const char *path, json_t *body,
	const char **why)
{
	return va_request_body(plivo_start(carrier, arena, request, "POST", path, why), request, arena, body, why);
}

/* One kind of callback, which comes by POST; url brings the attempt back. */
static void
set_callback(
	json_t *body, const char *url_name, const char *method_name, const char *url, const char *as, VaArena *arena)
{
	va_json_set_text(body, url_name, va_url_with(arena, url, "as", as));
	va_json_set_text(body, method_name, "POST");
}

bool
plivo_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	const char *from = va_from_number(order);
	VaAnswer answer;
	const char *url;
	json_t *body;

	*why = NULL;
	if (from == NULL)
		*why = "the account has no number to call from (from_number)";
	else if (!va_is_e164(order->to_number))
		/* More than one would be dialled by "to", parted by "<". */
		*why = "the number to call must be one with its country code, such as +14155550100";
	else if (order->server_url == NULL)
		*why = "there is no URL of ours at which Plivo could ask what an answered call shall do";
	if (*why != NULL)
		return false;
	/* Written now, since a fault in it would be silence when somebody answers. */
	if (!va_call_answer(order, arena, &answer, why) || plivo_document(&answer, arena, why) == NULL)
		return false;

	body = va_json_new_object();
	va_json_set_text(body, "from", va_without_plus(from));
	va_json_set_text(body, "to", va_without_plus(order->to_number));
	url = va_url_with(arena, order->server_url, "attempt", order->attempt_ref);
	set_callback(body, "answer_url", "answer_method", url, "answer", arena);
	set_callback(body, "ring_url", "ring_method", url, NULL, arena);
	set_callback(body, "hangup_url", "hangup_method", url, NULL, arena);
	if (order->ring_timeout_s > 0)
		json_object_set_new(body, "ring_timeout", json_integer(va_clamp(order->ring_timeout_s, 5, 600)));
	if (order->max_duration_s > 0)
		json_object_set_new(body, "time_limit", json_integer(va_clamp(order->max_duration_s, 1, 86400)));
	if (order->to_extension != NULL && order->to_extension[0] != '\0')
		va_json_set_text(body, "send_digits", va_arena_printf(arena, "ww%s", order->to_extension));
	/* With a URL of its own the detection runs beside the call. */
	if (order->machine_detection != VA_MACHINE_OFF)
	{
		va_json_set_text(body, "machine_detection", "true");
		set_callback(body, "machine_detection_url", "machine_detection_method", url, "amd", arena);
	}
	return plivo_post(order->carrier, arena, request, "Call/", body, why);
}

/* The list has calls that are over; a live one is not in it (see plivo_read_lookup_response). */
bool
plivo_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return plivo_start(
		order->carrier, arena, request, "GET", va_call_path(arena, "Call/", order->provider_call_id, "/", why), why);
}

/*
 * Plivo keeps three lists: of live calls and of queued ones (ids alone, which
 * say nothing of their numbers), and the records of calls that are over.  Only
 * the last can be asked for two numbers, so it is this one; a call that is
 * still going on is not in it, and its absence proves nothing (the driver's
 * absence_proves).  Such a call is found once it is over, or by its own
 * callbacks, which bring our reference along.  The account's own from_number
 * is no filter: it may have been another one when the call was placed.
 */
bool
plivo_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	const char *path = "Call/";
	const char *since;
	int limit = order->limit > 0 && order->limit < PLIVO_LIST_MAX ? order->limit : PLIVO_LIST_MAX;

	path = va_url_with(arena, path, "from_number", va_without_plus(order->from_number));
	path = va_url_with(arena, path, "to_number", va_without_plus(order->to_number));
	/* It ended after it was created; when is unknown. */
	if (order->created_from > ZONE_SLACK_MS)
	{
		since = va_time_text(arena, order->created_from - ZONE_SLACK_MS);
		if (since != NULL)
			path = va_url_with(arena, path, "end_time__gte", va_arena_printf(arena, "%.10s %.8s", since, since + 11));
	}
	path = va_url_with(arena, path, "limit", va_integer_text(arena, limit));
	path = va_url_with(arena, path, "offset", va_integer_text(arena, order->offset > 0 ? order->offset : 0));
	return plivo_start(order->carrier, arena, request, "GET", path, why);
}
