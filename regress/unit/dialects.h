/*-------------------------------------------------------------------------
 * dialects.h
 *		What the tests of carriers' dialects share.  Include it behind tap.h.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_UNIT_DIALECTS_H
#define VOICEAGENT_UNIT_DIALECTS_H

#include "pure/providers/provider.h"

static VaArena arena;
static const char *why;

static inline VaHttpResponse
reply_of(int status, const char *body)
{
	return (VaHttpResponse){
		.status = status, .sent = true, .body = body, .body_len = body == NULL ? 0 : strlen(body), .now = 1700000000
	};
}

/* A member of a JSON text by path, as JSON text; NULL when it is not there. */
static inline const char *
at(const char *text, const char *path)
{
	json_t *root = text == NULL ? NULL : va_json_load(&arena, text, strlen(text), &why);
	json_t *json = root;
	char copy[256];
	char *save;
	const char *result;

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *part = strtok_r(copy, "/", &save); part != NULL; part = strtok_r(NULL, "/", &save))
		json = json_is_array(json) ? json_array_get(json, (size_t) atoi(part)) : json_object_get(json, part);
	result = va_json_text(&arena, json);
	json_decref(root);
	return result;
}

/* "METHOD URL body" of a request, or its refusal. */
static inline const char *
request_text(bool built, const VaHttpRequest *request)
{
	if (!built)
		return va_arena_printf(&arena, "refused: %s", why);
	return va_arena_printf(&arena, "%s %s%s%s", request->method, request->url, request->body != NULL ? " " : "",
						   request->body != NULL ? request->body : "");
}

static inline const char *
errand_text(const VaDialect *dialect, VaErrandKind kind, const VaErrandOrder *order)
{
	VaHttpRequest request;

	return request_text(dialect->errands[kind].build(order, &arena, &request, &why), &request);
}

static inline VaErrandReply
errand_reply(const VaDialect *dialect, VaErrandKind kind, const VaErrandOrder *order, int status, const char *body)
{
	VaHttpResponse response = reply_of(status, body);
	VaErrandReply reply;

	dialect->errands[kind].read(order, &response, &arena, &reply);
	return reply;
}

static inline VaDialOutcome
dial_outcome(const VaDialect *dialect, int status, const char *body)
{
	VaHttpResponse response = reply_of(status, body);
	VaDialOutcome outcome;

	dialect->read_call_response(&response, &arena, &outcome);
	return outcome;
}

/* One event of a webhook; NULL with why. */
static inline const VaEvent *
event_of(const VaDialect *dialect, const char *query, const char *body)
{
	VaSignedMessage message = { .body = body, .body_len = strlen(body), .query = query };
	VaEvents events;

	return dialect->read_webhook(&message, &arena, &events, &why) && events.count > 0 ? &events.items[0] : NULL;
}

/* Answers that no carrier should give: nothing is taken for a call, a list or the end of an errand. */
static inline void
test_bad_replies(const VaDialect *dialect)
{
	static char deep[2001];
	static char large[200000];
	const char *bodies[] = { NULL, "", "garbage", "[]", "{}", "null", "\"x\"", "{\"data\":[]}", "{\"data\":7}", "\xff\xfe",
							 deep, large };

	memset(deep, '[', 1000);
	memset(deep + 1000, ']', 1000);
	memset(large, 'x', sizeof(large) - 1);
	large[0] = '"';
	large[sizeof(large) - 2] = '"';
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
	{
		VaHttpResponse response = reply_of(200, bodies[i]);
		VaHttpResponse failed = reply_of(500, bodies[i]);
		VaErrandOrder order = { 0 };
		VaDialOutcome outcome;
		VaLookup lookup;

		dialect->read_call_response(&response, &arena, &outcome);
		is_int(outcome.kind, VA_DIAL_UNKNOWN, "a dial answered with nothing sensible (%zu) may have been placed", i);
		dialect->read_call_response(&failed, &arena, &outcome);
		is_int(outcome.kind, VA_DIAL_UNKNOWN, "so may one whose answer is 500");
		dialect->read_lookup_response(&response, &arena, &lookup);
		is_int(lookup.kind, VA_LOOKUP_RETRY, "a lookup is asked again (%zu)", i);
		dialect->read_list_response(&response, &arena, &lookup);
		ok(lookup.kind == VA_LOOKUP_RETRY || (lookup.kind == VA_LOOKUP_FOUND && lookup.received == 0),
		   "a list is no list (%zu)", i);
		for (int kind = 0; kind < VA_ERRAND_KINDS; kind++)
		{
			VaErrandReply reply;

			if (dialect->errands[kind].read == NULL)
				continue;
			dialect->errands[kind].read(&order, &failed, &arena, &reply);
			if (!ok(reply.kind != VA_DIAL_ACCEPTED, "errand %s (%zu)", va_errand_name(kind), i))
				diag("500 was taken for success");
			dialect->errands[kind].read(&order, &response, &arena, &reply);
			if (reply.nnumbers != 0 || reply.balance != NULL || reply.next_page != NULL || reply.cost != NULL)
				ok(false, "errand %s made something of nothing", va_errand_name(kind));
		}
		if (bodies[i] != NULL)
			ok(event_of(dialect, NULL, bodies[i]) == NULL, "and it is no webhook (%zu)", i);
	}
	{
		VaDialOutcome outcome;
		VaHttpResponse none = { .status = 0, .sent = false };
		VaHttpResponse lost = { .status = 0, .sent = true };
		VaHttpResponse limited = reply_of(429, "{}");

		dialect->read_call_response(&none, &arena, &outcome);
		is_int(outcome.kind, VA_DIAL_REFUSED_RETRY, "nothing sent, nothing placed");
		dialect->read_call_response(&lost, &arena, &outcome);
		is_int(outcome.kind, VA_DIAL_UNKNOWN, "no answer: unknown");
		dialect->read_call_response(&limited, &arena, &outcome);
		is_int(outcome.kind, VA_DIAL_RATE_LIMITED, "429 is a limit");
		limited.retry_after_s = 7;
		dialect->read_call_response(&limited, &arena, &outcome);
		is_int(outcome.retry_after_s, 7, "with its time");
	}
	is_int(dial_outcome(dialect, 401, "{}").kind, VA_DIAL_BAD_ACCOUNT, "401");
	is_int(dial_outcome(dialect, 403, "{}").kind, VA_DIAL_BAD_ACCOUNT, "403");
	is_int(dial_outcome(dialect, 400, "{}").kind, VA_DIAL_REFUSED_PERMANENT, "400");
	is_int(dial_outcome(dialect, 404, "{}").kind, VA_DIAL_REFUSED_PERMANENT, "404");
	is_int(dial_outcome(dialect, 422, "{}").kind, VA_DIAL_REFUSED_PERMANENT, "422");
	is_int(dial_outcome(dialect, 302, "").kind, VA_DIAL_BAD_ACCOUNT, "a redirect is not followed");
	is_int(dial_outcome(dialect, 503, "{}").kind, VA_DIAL_UNKNOWN, "503");
}

/*
 * Every order of a call's events (a file of [{headers, query, body}]) gives
 * the same events: nothing is remembered from one to the next, and each has a
 * key of its own.
 */
static inline void
test_fixture(const VaDialect *dialect, const char *path, const char *provider_call_id)
{
	FILE *file = fopen(path, "r");
	static char text[65536];
	size_t len = file == NULL ? 0 : fread(text, 1, sizeof(text), file);
	json_t *root = va_json_load(&arena, text, len, &why);
	const char *keys[64];
	size_t n = 0;

	if (file != NULL)
		fclose(file);
	ok(json_is_array(root) && json_array_size(root) > 0, "%s is there", path);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < json_array_size(root) && i < 64; i++)
		{
			size_t place = round == 0 ? i : json_array_size(root) - 1 - i;
			const json_t *item = json_array_get(root, place);
			const VaEvent *event = event_of(dialect, va_json_string(item, "query"), va_json_string(item, "body"));

			if (!ok(event != NULL, "event %zu is read", place))
			{
				diag("%s", why);
				continue;
			}
			if (event->provider_call_id != NULL)
				is_str(event->provider_call_id, provider_call_id, "is about the call");
			if (round == 1)
			{
				is_str(event->event_key, keys[place], "and is the same again");
				continue;
			}
			keys[n++] = event->event_key;
			for (size_t j = 0; j + 1 < n; j++)
				if (strcmp(keys[j], event->event_key) == 0)
					ok(false, "events %zu and %zu have one key", j, place);
		}
	json_decref(root);
}

#endif /* VOICEAGENT_UNIT_DIALECTS_H */
