/*-------------------------------------------------------------------------
 * vapi.c
 *		Vapi's answers, and the dialect as a whole.
 *
 * The one question about a dial that has no good answer is whether it may
 * have been placed.  Vapi knows no idempotency key, so everything between
 * the first byte sent and a clear refusal is UNKNOWN, and is looked up.
 *-------------------------------------------------------------------------
 */
#include "vapi_internal.h"

#include <stdio.h>
#include <string.h>

#include "../backoff.h"

#define MESSAGE_MAX_CHARS 500

/* {"message": text | [texts], "error": text}, or the beginning of whatever it is. */
static const char *
error_message(const VaHttpResponse *response, VaArena *arena)
{
	const char *why;
	json_t *root;
	json_t *message;
	const char *text;

	if (response->body_len == 0)
		return NULL;
	root = va_json_load(arena, response->body, response->body_len, &why);
	message = json_object_get(root, "message");
	text = json_string_value(message);
	if (json_is_array(message))
	{
		json_t *item;
		size_t i;

		json_array_foreach(message, i, item) if (json_is_string(item)) text =
			text == NULL ? json_string_value(item)
						 : va_arena_printf(arena, "%s; %s", text, json_string_value(item));
	}
	if (text == NULL)
		text = va_json_string(root, "error");
	text = va_utf8_cut(arena, text, MESSAGE_MAX_CHARS);
	json_decref(root);
	return text;
}

static int64_t
retry_after(const VaHttpResponse *response)
{
	int64_t seconds;

	if (response->retry_after_s > 0)
		return response->retry_after_s;
	if (va_retry_after(va_header_find(response->headers, response->nheaders, "retry-after"), response->now,
					   &seconds))
		return seconds;
	return 0;
}

static void
read_accepted(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome)
{
	const char *why;
	json_t *root = va_json_load(arena, response->body, response->body_len, &why);
	const char *id = va_json_string(root, "id");
	bool blocked =
		json_is_true(json_object_get(va_json_object(root, "subscriptionLimits"), "concurrencyBlocked"));

	if (vapi_id_valid(id))
	{
		outcome->kind = VA_DIAL_ACCEPTED;
		outcome->provider_call_id = va_arena_strdup(arena, id);
		outcome->control_url = vapi_control_url(root, arena);
		outcome->cause = "accepted";
	}
	else if (blocked)
	{
		outcome->kind = VA_DIAL_RATE_LIMITED;
		outcome->cause = "concurrency-limit";
	}
	else
	{
		/* Taken, by its status, but we cannot say which call it is. */
		outcome->kind = VA_DIAL_UNKNOWN;
		outcome->cause = "answer-without-id";
		outcome->message = root == NULL ? why : "the answer holds no call id";
	}
	json_decref(root);
}

static VaDialKind
refusal(int status)
{
	switch (status)
	{
		case 401:
		case 402:
		case 403:
			return VA_DIAL_BAD_ACCOUNT;
		case 408: /* they gave up reading, or so they say */
			return VA_DIAL_UNKNOWN;
		case 425:
			return VA_DIAL_REFUSED_RETRY;
		case 429:
			return VA_DIAL_RATE_LIMITED;
		default:
			break;
	}
	if (status >= 400 && status < 500)
		return VA_DIAL_REFUSED_PERMANENT;
	/* A redirect is not followed: the base URL is wrong for every call. */
	if (status >= 300 && status < 400)
		return VA_DIAL_BAD_ACCOUNT;
	return VA_DIAL_UNKNOWN;
}

static void
vapi_read_call_response(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	if (response->status >= 200 && response->status < 300)
	{
		read_accepted(response, arena, outcome);
		return;
	}
	if (response->status == 0)
	{
		outcome->kind = response->sent ? VA_DIAL_UNKNOWN : VA_DIAL_REFUSED_RETRY;
		outcome->cause = response->sent ? "no-answer-from-provider" : "connection-failed";
		outcome->message = va_utf8_cut(arena, response->error, MESSAGE_MAX_CHARS);
		return;
	}
	outcome->kind = refusal(response->status);
	outcome->cause = va_arena_printf(arena, "http-%d", response->status);
	outcome->message = error_message(response, arena);
	outcome->retry_after_s = retry_after(response);
}

/* True when the answer is one that has a body to read; otherwise lookup is filled in. */
static bool
lookup_answered(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	memset(lookup, 0, sizeof(*lookup));
	if (response->status >= 200 && response->status < 300)
		return true;
	lookup->retry_after_s = retry_after(response);
	lookup->message = response->status == 0 ? va_utf8_cut(arena, response->error, MESSAGE_MAX_CHARS)
											: error_message(response, arena);
	if (response->status == 404)
		lookup->kind = VA_LOOKUP_NOT_FOUND;
	else if ((response->status >= 401 && response->status <= 403) ||
			 (response->status >= 300 && response->status < 400))
		lookup->kind = VA_LOOKUP_BAD_ACCOUNT;
	else
		lookup->kind = VA_LOOKUP_RETRY;
	return false;
}

static void
vapi_read_lookup_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	const char *why = NULL;
	json_t *root;
	VaEvent *event;

	if (!lookup_answered(response, arena, lookup))
		return;
	lookup->kind = VA_LOOKUP_RETRY;
	root = va_json_load(arena, response->body, response->body_len, &why);
	event = va_arena_alloc(arena, sizeof(VaEvent));
	if (root != NULL && event != NULL)
	{
		const char *status = va_json_string(root, "status");

		if (status != NULL && strcmp(status, "not-found") == 0)
			lookup->kind = VA_LOOKUP_NOT_FOUND;
		else if (vapi_read_call(root, arena, event, &why))
		{
			lookup->kind = VA_LOOKUP_FOUND;
			lookup->events.items = event;
			lookup->events.count = 1;
			lookup->received = 1;
			lookup->oldest_created_at = event->created_at;
		}
	}
	if (lookup->kind == VA_LOOKUP_RETRY)
		lookup->message = why;
	json_decref(root);
}

static void
vapi_read_list_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	const char *why = NULL;
	json_t *root;
	json_t *item;
	size_t i;

	if (!lookup_answered(response, arena, lookup))
		return;
	lookup->kind = VA_LOOKUP_RETRY;
	root = va_json_load(arena, response->body, response->body_len, &why);
	if (root != NULL && !json_is_array(root))
		why = "the answer is not a list of calls";
	else if (root != NULL)
	{
		lookup->kind = VA_LOOKUP_FOUND;
		lookup->received = (int) json_array_size(root);
		lookup->events.items = va_arena_alloc(arena, sizeof(VaEvent) * (json_array_size(root) + 1));
		json_array_foreach(root, i, item)
		{
			VaEvent *event = &lookup->events.items[lookup->events.count];

			if (lookup->events.items == NULL)
				break;
			if (!vapi_read_call(item, arena, event, &why))
			{
				lookup->unreadable++;
				continue;
			}
			lookup->events.count++;
			if (event->created_at != 0 &&
				(lookup->oldest_created_at == 0 || event->created_at < lookup->oldest_created_at))
				lookup->oldest_created_at = event->created_at;
		}
	}
	if (arena->oom)
	{
		lookup->kind = VA_LOOKUP_RETRY;
		why = "out of memory";
		memset(&lookup->events, 0, sizeof(lookup->events));
	}
	if (lookup->kind == VA_LOOKUP_RETRY)
		lookup->message = why;
	json_decref(root);
}

/* What a carrier says that speaks this language, whoever it is. */
#define VAPI_LANGUAGE                                                                                        \
	.read_call_response = vapi_read_call_response, .build_hangup = vapi_build_hangup,                        \
	.build_lookup = vapi_build_lookup, .read_lookup_response = vapi_read_lookup_response,                    \
	.build_list = vapi_build_list, .read_list_response = vapi_read_list_response,                            \
	.verify = va_webhook_verify, .read_webhook = vapi_read_webhook

const VaDialect va_dialect_vapi = {.name = "vapi", .build_call = vapi_build_call, VAPI_LANGUAGE};

/* It needs no number to call from. */
const VaDialect va_dialect_sandbox = {.name = "sandbox", .build_call = vapi_build_call_sandbox, VAPI_LANGUAGE};
