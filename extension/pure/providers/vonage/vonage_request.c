/*-------------------------------------------------------------------------
 * vonage_request.c
 *		Vonage's requests: place a call, look up, list.
 *
 * Pure: no backend, no locks; the tokens remembered are rs256.c's.
 */
#include "vonage_internal.h"

#include <string.h>

#include "pure/auth/rs256.h"

#define TOKEN_VALID_S 900
#define MASK "****"

bool
vonage_bearer(VaHttpRequest *request, VaArena *arena, const VaProviderAccount *carrier, const char **why)
{
	const char *key = va_carrier_credential(carrier, "private_key");
	const char *application = va_carrier_credential(carrier, "application_id");
	const char *token;

	if (key == NULL || application == NULL)
		return va_refuse(why, "the account has no application_id or no private_key");
	/* A request that is only shown is signed with no key. */
	token = strcmp(key, MASK) == 0
				? MASK
				: va_rs256_application_token(arena, key, application, carrier->now, TOKEN_VALID_S, carrier->nonce, why);
	return token != NULL && va_request_bearer(request, arena, token, why);
}

bool
vonage_start(VaArena *arena, VaHttpRequest *request, const char *method, const VaProviderAccount *carrier,
	const char *path, const char **why)
{
	return va_request_start(request, arena, method, carrier->base_url, VONAGE_API_URL, path, why) &&
		   vonage_bearer(request, arena, carrier, why);
}

bool
vonage_start_rest(VaArena *arena, VaHttpRequest *request, const char *method, const VaProviderAccount *carrier,
	const char *path, const char **why)
{
	const char *key = va_carrier_credential(carrier, "api_key");
	const char *secret = va_carrier_credential(carrier, "api_secret");

	if (key == NULL || secret == NULL)
		return va_refuse(why, "the account has no api_key or no api_secret");
	path = va_url_with(arena, va_url_with(arena, path, "api_key", key), "api_secret", secret);
	/* The data on numbers lies with the calls, but wants the account's key as well. */
	return va_request_start(request, arena, method, carrier->base_url,
		path != NULL && strncmp(path, "/ni/", 4) == 0 ? VONAGE_API_URL : VONAGE_REST_URL, path, why);
}

/* ---- a call ---- */

static json_t *
destination(const VaCallOrder *order, VaArena *arena)
{
	json_t *to = json_pack("{s:s,s:s}", "type", "phone", "number", va_without_plus(order->to_number));
	char *digits = va_arena_strdup(arena, order->to_extension);

	if (digits != NULL && digits[0] != '\0')
	{
		for (char *p = digits; *p != '\0'; p++)
			if (*p == 'w' || *p == 'W')
				*p = 'p';
		json_object_set_new(to, "dtmfAnswer", json_string(digits));
	}
	return to;
}

/*
 * For a message the better detection waits for the beep, and only then does
 * the call begin to follow its order: so a machine, too, hears all of it.
 */
static void
set_detection(json_t *body, VaMachineDetection detection)
{
	if (detection == VA_MACHINE_DETECT)
		json_object_set_new(body, "machine_detection", json_string("continue"));
	else if (detection == VA_MACHINE_MESSAGE)
		json_object_set_new(body, "advanced_machine_detection",
			json_pack("{s:s,s:s,s:i}", "behavior", "continue", "mode", "detect_beep", "beep_timeout", 45));
}

static json_t *
call_body(const VaCallOrder *order, VaArena *arena, const char **why)
{
	VaAnswer answer = order->answer;
	const char *about = order->machine_detection == VA_MACHINE_MESSAGE ? "message" : NULL;
	json_t *ncco;
	json_t *body;

	answer.attempt_ref = order->attempt_ref;
	answer.record = order->record;
	if (answer.status_url == NULL)
		answer.status_url = order->server_url;
	ncco = vonage_ncco(&answer, arena, why);
	if (ncco == NULL)
		return NULL;
	body = json_pack("{s:[o],s:{s:s,s:s},s:o}", "to", destination(order, arena), "from", "type", "phone", "number",
		va_without_plus(va_from_number(order)), "ncco", ncco);
	if (order->server_url != NULL && order->server_url[0] != '\0')
	{
		json_object_set_new(
			body, "event_url", json_pack("[s]", vonage_event_url(arena, order->server_url, order->attempt_ref, about)));
		json_object_set_new(body, "event_method", json_string("POST"));
	}
	if (order->ring_timeout_s > 0)
		json_object_set_new(body, "ringing_timer", json_integer(va_clamp(order->ring_timeout_s, 1, 120)));
	if (order->max_duration_s > 0)
		json_object_set_new(body, "length_timer", json_integer(va_clamp(order->max_duration_s, 1, 7200)));
	set_detection(body, order->machine_detection);
	return body;
}

bool
vonage_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	json_t *body = va_call_order_good(
					   order, "0123456789*#pwW", "the extension must be digits, *, # and p for pauses", why)
					   ? call_body(order, arena, why)
					   : NULL;

	return body != NULL && va_request_body(vonage_start(arena, request, "POST", order->carrier, "/v1/calls", why),
							   request, arena, body, why);
}

/* ---- what became of it ---- */

bool
vonage_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return vonage_start(arena, request, "GET", order->carrier,
		va_call_path(arena, "/v1/calls/", order->provider_call_id, "", why), why);
}

/* It searches by time alone: whoever reads the list looks for the numbers. */
bool
vonage_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	int limit = order->limit <= 0 ? VONAGE_PAGE_MAX : va_clamp(order->limit, 1, VONAGE_PAGE_MAX);
	const char *path = va_arena_printf(
		arena, "/v1/calls?page_size=%d&record_index=%d&order=asc", limit, order->offset < 0 ? 0 : order->offset);

	if (order->created_from != 0)
		path = va_url_with(arena, path, "date_start", va_time_text(arena, order->created_from));
	if (order->created_to != 0)
		path = va_url_with(arena, path, "date_end", va_time_text(arena, order->created_to));
	return vonage_start(arena, request, "GET", order->carrier, path, why);
}
