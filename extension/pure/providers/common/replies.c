/*-------------------------------------------------------------------------
 * replies.c
 *		Reading replies: what the drivers have in common.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "replies.h"

#include <string.h>

#include "pure/net/backoff.h"
#include "requests.h"

VaDialKind
va_status_kind(const VaHttpResponse *response)
{
	int status = response->status;

	switch (status)
	{
		case 0:
			return response->sent ? VA_DIAL_UNKNOWN : VA_DIAL_REFUSED_RETRY;
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

int64_t
va_reply_retry_after(const VaHttpResponse *response)
{
	int64_t seconds;

	if (response->retry_after_s > 0)
		return response->retry_after_s;
	if (va_retry_after(va_header_find(response->headers, response->nheaders, "retry-after"), response->now, &seconds))
		return seconds;
	return 0;
}

const char *
va_reply_words(VaArena *arena, const char *text)
{
	return va_utf8_cut(arena, text, VA_MESSAGE_MAX_CHARS);
}

const char *
va_reply_cause(VaArena *arena, const VaHttpResponse *response)
{
	if (response->status == 0)
		return response->sent ? "no-answer-from-provider" : "connection-failed";
	return va_arena_printf(arena, "http-%d", response->status);
}

const char *
va_money_text(VaArena *arena, const char *text, bool without_sign)
{
	bool negative = text != NULL && text[0] == '-';
	size_t whole;
	size_t rest = 0;

	if (text == NULL)
		return NULL;
	text += negative;
	whole = strspn(text, "0123456789");
	if (text[whole] == '.')
		rest = strspn(text + whole + 1, "0123456789") + 1;
	if (whole == 0 || whole > 15 || rest == 1 || rest > 25 || text[whole + rest] != '\0')
		return NULL;
	return va_arena_strdup(arena, negative && !without_sign ? text - 1 : text);
}

const char *
va_reply_money(VaArena *arena, const json_t *value, bool without_sign)
{
	if (json_is_number(value))
		return va_money_text(arena, va_decimal_text(arena, json_number_value(value)), without_sign);
	return va_money_text(arena, json_string_value(value), without_sign);
}

json_t *
va_reply_json(const VaHttpResponse *response, VaArena *arena, const char **why)
{
	*why = "the answer is empty";
	if (response->body_len == 0)
		return NULL;
	return va_json_load(arena, response->body, response->body_len, why);
}

static bool
is_success(const VaHttpResponse *response)
{
	return response->status >= 200 && response->status < 300;
}

bool
va_dial_answered(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	if (is_success(response))
		return true;
	outcome->kind = va_status_kind(response);
	outcome->cause = va_reply_cause(arena, response);
	outcome->retry_after_s = va_reply_retry_after(response);
	if (response->status == 0)
		outcome->message = va_reply_words(arena, response->error);
	return false;
}

bool
va_provider_request_answered(const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply)
{
	memset(reply, 0, sizeof(*reply));
	if (is_success(response))
	{
		reply->kind = VA_DIAL_ACCEPTED;
		return true;
	}
	reply->kind = va_status_kind(response);
	reply->cause = va_reply_cause(arena, response);
	reply->retry_after_s = va_reply_retry_after(response);
	if (response->status == 0)
		reply->message = va_reply_words(arena, response->error);
	return false;
}

bool
va_provider_request_done(const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply, VaReplyWords words)
{
	bool done = va_provider_request_answered(response, arena, reply);

	if (!done && reply->message == NULL)
		reply->message = words(response, arena);
	return done;
}

void
va_reply_end(VaProviderReply *reply, VaDialKind kind, const char *cause, const char *message)
{
	reply->kind = kind;
	reply->cause = cause;
	reply->message = message;
}

void
va_provider_request_unreadable(VaProviderReply *reply, const char *why)
{
	va_reply_end(reply, VA_DIAL_UNKNOWN, "unreadable-answer", why);
}

void
va_provider_request_already(VaProviderReply *reply)
{
	reply->kind = VA_DIAL_ACCEPTED;
	reply->already = true;
	reply->cause = NULL;
}

bool
va_provider_request_media(VA_REPLY_ARGS)
{
	const char *type = va_header_find(response->headers, response->nheaders, "content-type");

	if (order->recording_url == NULL || !va_provider_request_answered(response, arena, reply))
		return false;
	reply->content_type = va_utf8_cut(arena, type != NULL ? type : "audio/mpeg", 100);
	return true;
}

void
va_provider_request_no_recording(VaProviderReply *reply)
{
	va_reply_end(reply, VA_DIAL_REFUSED_PERMANENT, "not-found", "the call has no recording");
}

VaCarrierNumber *
va_provider_request_numbers(VaProviderReply *reply, VaArena *arena, const json_t *list, size_t *count)
{
	VaCarrierNumber *numbers;

	*count = json_array_size(list) < VA_NUMBERS_MAX ? json_array_size(list) : VA_NUMBERS_MAX;
	numbers = va_arena_alloc(arena, sizeof(VaCarrierNumber) * (*count + 1));
	reply->numbers = list == NULL ? NULL : numbers;
	if (reply->numbers == NULL)
	{
		*count = 0;
		va_provider_request_unreadable(reply, list == NULL ? "the answer holds no list of numbers" : "out of memory");
		return NULL;
	}
	return numbers;
}

bool
va_lookup_answered(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	int status = response->status;

	memset(lookup, 0, sizeof(*lookup));
	if (is_success(response))
		return true;
	lookup->retry_after_s = va_reply_retry_after(response);
	if (status == 0)
		lookup->message = va_reply_words(arena, response->error);
	if (status == 404)
		lookup->kind = VA_LOOKUP_NOT_FOUND;
	else if ((status >= 401 && status <= 403) || (status >= 300 && status < 400))
		lookup->kind = VA_LOOKUP_BAD_ACCOUNT;
	else
		lookup->kind = VA_LOOKUP_RETRY;
	return false;
}

void
va_lookup_in_own_words(VaLookup *lookup)
{
	if (lookup->kind == VA_LOOKUP_NOT_FOUND && lookup->message == NULL)
		lookup->kind = VA_LOOKUP_RETRY;
}

void
va_dial_without_id(VaDialOutcome *outcome, const char *why)
{
	outcome->kind = VA_DIAL_UNKNOWN;
	outcome->cause = "answer-without-id";
	outcome->message = why != NULL ? why : "the answer holds no call id";
}

void
va_dial_placed(VaDialOutcome *outcome, VaArena *arena, const char *id, const char *why)
{
	if (!va_id_valid(id))
	{
		va_dial_without_id(outcome, why);
		return;
	}
	outcome->kind = VA_DIAL_ACCEPTED;
	outcome->provider_call_id = va_arena_strdup(arena, id);
	outcome->cause = "accepted";
}

json_t *
va_lookup_json(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup, VaReplyWords words)
{
	const char *why;
	json_t *root;

	if (!va_lookup_answered(response, arena, lookup))
	{
		if (lookup->message == NULL && words != NULL)
			lookup->message = words(response, arena);
		return NULL;
	}
	lookup->kind = VA_LOOKUP_RETRY;
	root = va_reply_json(response, arena, &why);
	if (root == NULL)
		lookup->message = why;
	return root;
}

void
va_lookup_found(VaLookup *lookup, VaArena *arena, const VaEvent *event)
{
	if (va_lookup_add(lookup, arena, event, 1))
	{
		lookup->kind = VA_LOOKUP_FOUND;
		lookup->received = 1;
	}
	else
		lookup->message = "out of memory";
}

void
va_lookup_list(VaLookup *lookup, const json_t *calls)
{
	if (calls == NULL)
	{
		lookup->message = "the answer is not a list of calls";
		return;
	}
	lookup->kind = VA_LOOKUP_FOUND;
	lookup->received = (int) json_array_size(calls);
}

void
va_lookup_listed(VaLookup *lookup, VaArena *arena, const VaEvent *event)
{
	if (event == NULL || !va_lookup_add(lookup, arena, event, lookup->received))
		lookup->unreadable++;
}

void
va_lookup_list_end(VaLookup *lookup, VaArena *arena)
{
	if (!arena->oom)
		return;
	memset(lookup, 0, sizeof(*lookup));
	lookup->kind = VA_LOOKUP_RETRY;
	lookup->message = "out of memory";
}

void
va_lookup_call(VaLookup *lookup, VaArena *arena, const json_t *call, VaCallReader read)
{
	const char *why = NULL;
	VaEvent event;

	if (read(call, arena, &event, &why))
		va_lookup_found(lookup, arena, &event);
	else
		lookup->message = why;
}

void
va_lookup_calls(
	VaLookup *lookup, VaArena *arena, const json_t *calls, VaCallReader read, bool (*counts)(const json_t *call))
{
	const char *why;
	const json_t *call;
	VaEvent event;
	size_t i;

	va_lookup_list(lookup, calls);
	json_array_foreach(calls, i, call) if (counts == NULL || counts(call))
		va_lookup_listed(lookup, arena, read(call, arena, &event, &why) ? &event : NULL);
	va_lookup_list_end(lookup, arena);
}

bool
va_lookup_add(VaLookup *lookup, VaArena *arena, const VaEvent *event, int capacity)
{
	if (lookup->events.items == NULL)
		lookup->events.items = va_arena_alloc(arena, sizeof(VaEvent) * (size_t) (capacity > 0 ? capacity : 1));
	if (lookup->events.items == NULL || lookup->events.count >= capacity)
		return false;
	lookup->events.items[lookup->events.count++] = *event;
	if (event->created_at != 0 && (lookup->oldest_created_at == 0 || event->created_at < lookup->oldest_created_at))
		lookup->oldest_created_at = event->created_at;
	return true;
}

/* ---- by a carrier's table ---- */

static json_t *
at_path(VaArena *arena, json_t *json, const char *path)
{
	for (size_t len; path != NULL && *path != '\0'; path += len + (path[len] == '.'))
	{
		len = strcspn(path, ".");
		json = json_object_get(json, va_arena_strndup(arena, path, len));
	}
	return json;
}

static void
read_refusal(const VaReplies *replies, const VaHttpResponse *response, VaArena *arena, VaCarrierRefusal *refusal)
{
	const char *why;
	json_t *root = response->status == 0 ? NULL : va_reply_json(response, arena, &why);
	const char *message = refusal->message;

	replies->refusal(response, root, arena, refusal);
	if (refusal->message == NULL)
		refusal->message = message;
	json_decref(root);
}

void
va_read_dial(const VaReplies *replies, const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome)
{
	const char *why = NULL;
	json_t *root;
	const json_t *id;

	if (!va_dial_answered(response, arena, outcome))
	{
		VaCarrierRefusal refusal = { outcome->kind, outcome->cause, outcome->message, .dial = true };

		read_refusal(replies, response, arena, &refusal);
		outcome->kind = refusal.kind;
		outcome->cause = refusal.cause;
		outcome->message = refusal.message;
		return;
	}
	root = va_reply_json(response, arena, &why);
	id = at_path(arena, root, replies->id);
	/* A dial of several numbers gets several ids. */
	if (json_array_size(id) == 1)
		id = json_array_get(id, 0);
	va_dial_placed(outcome, arena, json_string_value(id), root == NULL ? why : NULL);
	json_decref(root);
}

void
va_read_looked_up(const VaReplies *replies, bool list, const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	json_t *root = va_lookup_json(response, arena, lookup, NULL);
	const json_t *calls = at_path(arena, root, replies->calls);

	if (root == NULL && !is_success(response))
	{
		VaCarrierRefusal refusal = { .message = lookup->message };

		read_refusal(replies, response, arena, &refusal);
		lookup->message = refusal.message;
	}
	if (root != NULL && list)
		va_lookup_calls(lookup, arena, json_is_array(calls) ? calls : NULL, replies->read_listed, replies->counts);
	else if (root != NULL)
		va_lookup_call(lookup, arena, at_path(arena, root, replies->call), replies->read_call);
	else if (!list && lookup->kind == VA_LOOKUP_NOT_FOUND && replies->unlisted != NULL)
	{
		lookup->kind = VA_LOOKUP_RETRY;
		lookup->message = replies->unlisted;
	}
	else if (!list && replies->absence_proves)
		va_lookup_in_own_words(lookup);
	json_decref(root);
}

/* Is it done?  Else what the refusal says. */
static bool
read_done(const VaReplies *replies, const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply,
	VaCarrierRefusal *refusal)
{
	if (va_provider_request_answered(response, arena, reply))
		return true;
	*refusal = (VaCarrierRefusal){ reply->kind, reply->cause, reply->message, .gone = response->status == 404 };
	read_refusal(replies, response, arena, refusal);
	va_reply_end(reply, refusal->kind, refusal->cause, refusal->message);
	return false;
}

bool
va_read_accepted(const VaReplies *replies, const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply)
{
	VaCarrierRefusal refusal;

	return read_done(replies, response, arena, reply, &refusal);
}

void
va_read_changed(
	const VaReplies *replies, const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply, bool gone_is_done)
{
	VaCarrierRefusal refusal;

	if (read_done(replies, response, arena, reply, &refusal) || !refusal.gone)
		return;
	reply->kind = VA_DIAL_REFUSED_PERMANENT;
	reply->cause = "call-ended";
	if (gone_is_done)
		va_provider_request_already(reply);
}

void
va_read_numbers(const json_t *list, bool ours,
	bool (*read)(
		const VaProviderRequest *order, bool ours, const json_t *item, VaArena *arena, VaCarrierNumber *number),
	const VaProviderRequest *order, VaArena *arena, VaProviderReply *reply)
{
	size_t count;
	VaCarrierNumber *numbers = va_provider_request_numbers(reply, arena, list, &count);

	for (size_t i = 0; i < count; i++)
	{
		VaCarrierNumber number = { 0 };

		if (read(order, ours, json_array_get(list, i), arena, &number))
			numbers[reply->nnumbers++] = number;
	}
}

void
va_read_bought(const char *id, VaArena *arena, VaProviderReply *reply)
{
	if (va_id_valid(id))
	{
		reply->number_id = va_arena_strdup(arena, id);
		return;
	}
	va_reply_end(reply, VA_DIAL_UNKNOWN, "answer-without-id", "the answer does not name the number");
}

json_t *
va_read_reply(const VaReplies *replies, const char *path, const VaHttpResponse *response, VaArena *arena,
	VaProviderReply *reply, json_t **root)
{
	const char *why;
	json_t *json;

	*root = NULL;
	if (!va_read_accepted(replies, response, arena, reply))
		return NULL;
	*root = va_reply_json(response, arena, &why);
	json = at_path(arena, *root, path);
	if (json_is_object(json) || (path != NULL && json_is_array(json)))
		return json;
	if (*root != NULL)
		why = path != NULL ? va_arena_join(arena, "the answer holds no ", path, NULL) : "the answer is not an object";
	va_provider_request_unreadable(reply, why);
	return NULL;
}

json_t *
va_read_object(const VaReplies *replies, const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply)
{
	json_t *root;
	json_t *object = va_read_reply(replies, NULL, response, arena, reply, &root);

	if (object == NULL)
		json_decref(root);
	return object;
}

void
va_text_taken(VaProviderReply *reply, VaArena *arena, const char *id)
{
	if (va_id_valid(id))
		reply->text_id = va_arena_strdup(arena, id);
	else
		va_provider_request_unreadable(reply, "the answer holds no id of the text");
}

void
va_read_text(const VaReplies *replies, const char *path, const char *id, const VaHttpResponse *response, VaArena *arena,
	VaProviderReply *reply)
{
	json_t *root;
	const json_t *object = va_read_reply(replies, path, response, arena, reply, &root);
	const json_t *value = json_object_get(object, id);

	if (object != NULL)
		va_text_taken(reply, arena, json_string_value(json_is_array(value) ? json_array_get(value, 0) : value));
	json_decref(root);
}

/* ---- what is known of a number ---- */

bool
va_asks_line_type(const VaProviderRequest *order, const char **why)
{
	if (!va_is_e164(order->number))
		*why = "there is no number to look up";
	else if (order->facts == NULL || strstr(order->facts, "line_type") == NULL)
		*why = "this carrier tells line types of numbers alone";
	else
		return true;
	return false;
}

const char *
va_line_type(const VaProviderRequest *order, const char *number, const char *type, const char *otherwise)
{
	static const char *const types[][2] = { { "landline", "landline" }, { "fixed line", "landline" },
		{ "mobile", "mobile" }, { "voip", "voip" }, { "fixedVoip", "voip" }, { "nonFixedVoip", "voip" },
		{ "virtual", "voip" }, { "tollFree", "toll_free" }, { "toll free", "toll_free" },
		{ "landline_tollfree", "toll_free" }, { "landline_premium", "other" }, { "premium", "other" },
		{ "premium rate", "other" }, { "sharedCost", "other" }, { "shared cost", "other" }, { "personal", "other" },
		{ "personal number", "other" }, { "uan", "other" }, { "voicemail", "other" }, { "pager", "other" } };

	if (number == NULL || order->number == NULL || strcmp(va_without_plus(number), va_without_plus(order->number)) != 0)
		return NULL;
	for (size_t i = 0; type != NULL && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i][0]) == 0)
			return types[i][1];
	return otherwise != NULL ? va_line_type(order, number, otherwise, NULL) : "unknown";
}
