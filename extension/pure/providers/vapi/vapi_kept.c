/*-------------------------------------------------------------------------
 * vapi_kept.c
 *		Assistants that are kept at Vapi: made there, changed, looked at and
 *		deleted; and calls that name one.
 *
 * The kept one is the assistant that a plain call would carry, without what
 * each call has of its own: where events go with their secret, and the
 * attempt.  A call that names it says all that it has otherwise as overrides,
 * so that it is the same call as with an assistant of its own.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "vapi_internal.h"

#include <string.h>

#define REFERENCE_KEY "voiceagent" /* of metadata: our name for it */
#define ASSISTANTS_ON_PAGE 100
#define DIFFERENCES_MAX 20

/* ---- what is kept ---- */

static json_t *
kept_body(const VaProviderRequest *order, VaArena *arena, const char **why)
{
	VaCallOrder plain = { .carrier = order->carrier, .assistant = order->assistant, .attempt_ref = "", .record = true };
	const char *settings_text = order->assistant.settings != NULL ? order->assistant.settings : "{}";
	json_t *settings = va_json_load(arena, settings_text, strlen(settings_text), why);
	json_t *headers = va_json_new_object();
	json_t *body = NULL;
	json_t *metadata;

	if (order->assistant.system_prompt == NULL || order->kept_ref == NULL)
		*why = "there is no assistant to keep";
	else if (json_is_object(settings))
	{
		body = vapi_build_assistant(&plain, settings, headers, arena);
		metadata = json_object_get(body, "metadata");
		if (!json_is_object(metadata))
		{
			metadata = va_json_new_object();
			json_object_set_new(body, "metadata", metadata);
		}
		va_json_set_text(metadata, REFERENCE_KEY, order->kept_ref);
	}
	json_decref(settings);
	json_decref(headers);
	return body;
}

/* ---- requests ---- */

static const char *
assistant_path(const VaProviderRequest *order, VaArena *arena, const char **why)
{
	return va_id_path(
		arena, "/assistant/", order->carrier_assistant_id, "", "the assistant's id at the provider is not valid", why);
}

static bool
send_body(const VaProviderRequest *order, const char *method, const char *path, VaArena *arena, VaHttpRequest *request,
	const char **why)
{
	json_t *body = kept_body(order, arena, why);
	bool good = body != NULL && vapi_start_request(arena, request, method, order->carrier, path, why) &&
				va_request_json(request, arena, body, why);

	json_decref(body);
	return good;
}

bool
vapi_build_create_assistant(VA_REQUEST_ARGS)
{
	return send_body(order, "POST", "/assistant", arena, request, why);
}

bool
vapi_build_update_assistant(VA_REQUEST_ARGS)
{
	const char *path = assistant_path(order, arena, why);

	return path != NULL && send_body(order, "PATCH", path, arena, request, why);
}

bool
vapi_build_fetch_assistant(VA_REQUEST_ARGS)
{
	const char *path = assistant_path(order, arena, why);

	return path != NULL && vapi_start_request(arena, request, "GET", order->carrier, path, why);
}

bool
vapi_build_delete_assistant(VA_REQUEST_ARGS)
{
	const char *path = assistant_path(order, arena, why);

	return path != NULL && vapi_start_request(arena, request, "DELETE", order->carrier, path, why);
}

/* Pages go back in time, to when ours can have been made first. */
bool
vapi_build_find_assistant(VA_REQUEST_ARGS)
{
	const char *path = va_arena_printf(arena, "/assistant?limit=%d", ASSISTANTS_ON_PAGE);

	path = va_url_with(arena, path, "createdAtGe", order->created_from);
	path = va_url_with(arena, path, "createdAtLt", order->page);
	return vapi_start_request(arena, request, "GET", order->carrier, path, why);
}

/* ---- differences ---- */

typedef struct Differences
{
	VaArena *arena;
	json_t *paths;
} Differences;

/* Where what is there is not what was sent.  Further members are its own: the vendor adds members. */
static void
compare(Differences *found, const json_t *sent, const json_t *there, const char *path)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_array_size(found->paths) >= DIFFERENCES_MAX)
		return;
	if (json_is_object(sent) && json_is_object(there))
	{
		json_object_foreach((json_t *) sent, key, value) compare(found, value, json_object_get(there, key),
			path[0] == '\0' ? key : va_arena_printf(found->arena, "%s.%s", path, key));
	}
	else if (json_is_array(sent) && json_is_array(there) && json_array_size(sent) == json_array_size(there))
	{
		json_array_foreach(sent, i, value)
			compare(found, value, json_array_get(there, i), va_arena_printf(found->arena, "%s[%zu]", path, i));
	}
	else if (json_is_number(sent) && json_is_number(there) ? json_number_value(sent) != json_number_value(there)
														   : !json_equal(sent, there))
		json_array_append_new(found->paths, json_string(va_utf8_cut(found->arena, path, 200)));
}

/* Members that were sent before and are not any more, and are there all the same: they cannot be taken away. */
static bool
has_leftover(const VaProviderRequest *order, const json_t *sent, const json_t *there, VaArena *arena)
{
	const char *ignored;
	const char *key;
	json_t *value;
	json_t *before = order->kept_body != NULL
						 ? va_json_load(arena, order->kept_body, strlen(order->kept_body), &ignored)
						 : NULL;
	bool left = false;

	json_object_foreach(before, key, value)
		left = left || (json_object_get(sent, key) == NULL && json_object_get(there, key) != NULL &&
						   !json_is_null(json_object_get(there, key)));
	json_decref(before);
	return left;
}

/* ---- replies ---- */

static json_t *
read_object(const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply, VaDialKind unreadable)
{
	const char *why = "the answer is no assistant";
	json_t *root;

	if (!va_provider_request_done(response, arena, reply, vapi_error_message))
	{
		if (reply->kind == VA_DIAL_UNKNOWN)
			reply->kind = unreadable;
		return NULL;
	}
	root = va_reply_json(response, arena, &why);
	if (json_is_object(root) && va_id_valid(va_json_string(root, "id")))
		return root;
	json_decref(root);
	va_reply_end(reply, unreadable, "unreadable-answer", why);
	return NULL;
}

static void
read_kept(const VaProviderRequest *order, const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply,
	VaDialKind unreadable)
{
	const char *why;
	json_t *there = read_object(response, arena, reply, unreadable);
	json_t *sent = there != NULL ? kept_body(order, arena, &why) : NULL;

	if (there != NULL)
		reply->carrier_assistant_id = va_arena_strdup(arena, va_json_string(there, "id"));
	if (sent != NULL)
	{
		reply->assistant = va_json_text(arena, sent);
		reply->stale = has_leftover(order, sent, there, arena);
	}
	json_decref(sent);
	json_decref(there);
}

void
vapi_read_create_assistant(VA_REPLY_ARGS)
{
	read_kept(order, response, arena, reply, VA_DIAL_UNKNOWN);
}

/* The same again changes nothing, so an answer that got lost is asked for again. */
void
vapi_read_update_assistant(VA_REPLY_ARGS)
{
	read_kept(order, response, arena, reply, VA_DIAL_REFUSED_RETRY);
}

void
vapi_read_fetch_assistant(VA_REPLY_ARGS)
{
	const char *why;
	json_t *there = read_object(response, arena, reply, VA_DIAL_REFUSED_RETRY);
	json_t *sent = there != NULL && order->kept_body != NULL
					   ? va_json_load(arena, order->kept_body, strlen(order->kept_body), &why)
					   : NULL;
	Differences found = { arena, json_array() };

	if (sent != NULL)
		compare(&found, sent, there, "");
	if (there != NULL)
		reply->differences = va_json_text(arena, found.paths);
	json_decref(found.paths);
	json_decref(sent);
	json_decref(there);
}

/* A missing one is deleted. */
void
vapi_read_delete_assistant(VA_REPLY_ARGS)
{
	(void) order;
	if (va_provider_request_done(response, arena, reply, vapi_error_message))
		return;
	if (response->status == 404)
		va_provider_request_already(reply);
	else if (reply->kind == VA_DIAL_UNKNOWN)
		reply->kind = VA_DIAL_REFUSED_RETRY;
}

/* The one that has our reference; the next page where this one is full. */
void
vapi_read_find_assistant(VA_REPLY_ARGS)
{
	const char *why = "the answer is no list of assistants";
	const char *oldest = NULL;
	json_t *root;
	json_t *item;
	size_t i;

	if (!va_provider_request_done(response, arena, reply, vapi_error_message))
	{
		if (reply->kind == VA_DIAL_UNKNOWN)
			reply->kind = VA_DIAL_REFUSED_RETRY;
		return;
	}
	root = va_reply_json(response, arena, &why);
	if (!json_is_array(root))
		va_reply_end(reply, VA_DIAL_REFUSED_RETRY, "unreadable-answer", why);
	json_array_foreach(root, i, item)
	{
		const char *reference = va_json_string(va_json_object(item, "metadata"), REFERENCE_KEY);
		const char *created = va_json_string(item, "createdAt");

		if (reference != NULL && order->kept_ref != NULL && strcmp(reference, order->kept_ref) == 0 &&
			va_id_valid(va_json_string(item, "id")))
			reply->carrier_assistant_id = va_arena_strdup(arena, va_json_string(item, "id"));
		if (created != NULL && (oldest == NULL || strcmp(created, oldest) < 0))
			oldest = created;
	}
	if (reply->carrier_assistant_id == NULL && json_array_size(root) >= ASSISTANTS_ON_PAGE)
		reply->next_page = va_arena_strdup(arena, oldest);
	json_decref(root);
}

/* ---- a call that names it ---- */

bool
vapi_override_kept(const json_t *kept, const json_t *assistant, json_t *overrides)
{
	const json_t *body = va_json_object(kept, "body");
	const char *key;
	json_t *value;

	if (body == NULL || !va_id_valid(va_json_string(kept, "id")))
		return false;
	/* A member that the call is to be without cannot be taken away. */
	json_object_foreach((json_t *) body, key,
		value) if (json_object_get(assistant, key) == NULL && strcmp(key, "metadata") != 0) return false;
	json_object_foreach((json_t *) assistant, key, value) if (!json_equal(value, json_object_get(body, key)))
		json_object_set(overrides, key, value);
	return true;
}
