/*-------------------------------------------------------------------------
 * plivo_error.c
 *		Plivo's refusals: {"api_id", "error"}.
 *
 * There are no codes: whom a refusal concerns is in its words.  They are
 * looked at only where the HTTP status leaves it open (400, 403, 422).
 *
 * Pure: no backend, no locks, no global state.
 */
#include "plivo_internal.h"

#include <string.h>

typedef struct Line
{
	const char *subject; /* NULL = any */
	const char *says;
	VaDialKind kind;
	const char *cause;
} Line;

/* The first line of which both words occur, in any case. */
static const Line lines[] = {
	{ NULL, "insufficient", VA_DIAL_BAD_ACCOUNT, "insufficient-funds" },
	{ NULL, "out of credit", VA_DIAL_BAD_ACCOUNT, "insufficient-funds" },
	{ NULL, "low balance", VA_DIAL_BAD_ACCOUNT, "insufficient-funds" },
	{ NULL, "suspended", VA_DIAL_BAD_ACCOUNT, "account-not-active" },
	{ NULL, "trial", VA_DIAL_BAD_ACCOUNT, "trial-account" },
	{ NULL, "not enabled", VA_DIAL_REFUSED_PERMANENT, "not-permitted" }, /* the country that is called */
	{ "country", "permission", VA_DIAL_REFUSED_PERMANENT, "not-permitted" },
	{ "destination", "permission", VA_DIAL_REFUSED_PERMANENT, "not-permitted" },
	{ NULL, "permission", VA_DIAL_BAD_ACCOUNT, "not-permitted" },
	{ NULL, "rate limit", VA_DIAL_RATE_LIMITED, "rate-limited" },
	{ NULL, "concurren", VA_DIAL_RATE_LIMITED, "concurrency-limit" },
	{ "caller id", "invalid", VA_DIAL_BAD_ACCOUNT, "bad-caller-id" },
	{ "from", "invalid", VA_DIAL_BAD_ACCOUNT, "bad-caller-id" },
	{ "from", "not valid", VA_DIAL_BAD_ACCOUNT, "bad-caller-id" },
	{ "from", "not a valid", VA_DIAL_BAD_ACCOUNT, "bad-caller-id" },
	{ "from", "not verified", VA_DIAL_BAD_ACCOUNT, "bad-caller-id" },
	{ "url", "invalid", VA_DIAL_REFUSED_PERMANENT, "bad-url" },
	{ "url", "not valid", VA_DIAL_REFUSED_PERMANENT, "bad-url" },
	{ "url", "not a valid", VA_DIAL_REFUSED_PERMANENT, "bad-url" },
	{ "to", "invalid", VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ "to", "not valid", VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ "to", "not a valid", VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ "destination", "invalid", VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ "number", "invalid", VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ "number", "not a valid", VA_DIAL_REFUSED_PERMANENT, "bad-number" },
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Words are whole at their beginning and, when short, at their end ("to", not "tomorrow"). */
static bool
mentions(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = strcasestr(text, word); p != NULL; p = strcasestr(p + 1, word))
		if ((p == text || !is_letter(p[-1])) && (len > 4 || !is_letter(p[len])))
			return true;
	return false;
}

/* "error" is a text, or an object that holds one. */
static const char *
error_text(const json_t *root)
{
	const json_t *error = json_object_get(root, "error");

	if (json_is_object(error))
		error = json_object_get(error, "error");
	if (json_is_string(error) && json_string_length(error) > 0)
		return json_string_value(error);
	return va_json_string(root, "message");
}

void
plivo_read_refusal(const VaHttpResponse *response, const json_t *root, VaArena *arena, VaCarrierRefusal *refusal)
{
	refusal->message = va_reply_words(arena, error_text(root));
	/* The path of a dial holds nothing but the account. */
	if (refusal->dial && (response->status == 404 || response->status == 405))
		refusal->kind = VA_DIAL_BAD_ACCOUNT;
	switch (response->status)
	{
		case 401:
			refusal->cause = "not-authenticated";
			break;
		case 402:
			refusal->cause = "insufficient-funds";
			break;
		case 404:
			refusal->cause = "not-found";
			break;
		case 429:
			refusal->cause = "rate-limited";
			break;
		case 403:
			refusal->cause = "not-permitted";
			__attribute__((fallthrough));
		case 400:
		case 422:
			for (size_t i = 0; refusal->message != NULL && i < sizeof(lines) / sizeof(lines[0]); i++)
				if ((lines[i].subject == NULL || mentions(refusal->message, lines[i].subject)) &&
					mentions(refusal->message, lines[i].says))
				{
					refusal->kind = lines[i].kind;
					refusal->cause = lines[i].cause;
					break;
				}
			break;
		default:
			break;
	}
}
