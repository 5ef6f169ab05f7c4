/*-------------------------------------------------------------------------
 * twilio_error.c
 *		Twilio's refusals: {"code", "message", "more_info", "status"}.
 *
 * The code says more than the HTTP status, so it has the last word on whom a
 * refusal concerns: the number called, the account, or this moment.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "twilio_internal.h"

typedef struct Line
{
	int code;
	VaDialKind kind;
	const char *cause;
} Line;

static const Line lines[] = {
	/* The number called. */
	{ 21201, VA_DIAL_REFUSED_PERMANENT, "bad-number" }, /* none given */
	{ 21211, VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ 21214, VA_DIAL_REFUSED_PERMANENT, "bad-number" }, /* cannot be reached */
	{ 21217, VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ 21401, VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ 21421, VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ 13223, VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ 13224, VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ 13225, VA_DIAL_REFUSED_PERMANENT, "bad-number" }, /* one that must not be called */
	{ 21216, VA_DIAL_REFUSED_PERMANENT, "blocked-number" },
	{ 21215, VA_DIAL_REFUSED_PERMANENT, "not-permitted" }, /* its country is not enabled; others are */
	{ 13227, VA_DIAL_REFUSED_PERMANENT, "not-permitted" },
	{ 32205, VA_DIAL_REFUSED_PERMANENT, "not-permitted" }, /* its country is not enabled, on a SIP trunk */

	/* Texts: whoever wrote STOP gets none; a number that takes none. */
	{ 21610, VA_DIAL_REFUSED_PERMANENT, "blocked" },
	{ 21614, VA_DIAL_REFUSED_PERMANENT, "bad-number" },
	{ 21606, VA_DIAL_REFUSED_PERMANENT, "bad-sender" },

	/* The number it is to be called from: every dial with it fails alike. */
	{ 21210, VA_DIAL_BAD_ACCOUNT, "bad-caller-id" },
	{ 21212, VA_DIAL_BAD_ACCOUNT, "bad-caller-id" },
	{ 21213, VA_DIAL_BAD_ACCOUNT, "bad-caller-id" },

	/* Rights and money. */
	{ 20003, VA_DIAL_BAD_ACCOUNT, "not-authenticated" },
	{ 20005, VA_DIAL_BAD_ACCOUNT, "account-not-active" },
	{ 20006, VA_DIAL_BAD_ACCOUNT, "not-permitted" },
	{ 20008, VA_DIAL_BAD_ACCOUNT, "test-credentials" },
	{ 10001, VA_DIAL_BAD_ACCOUNT, "account-not-active" },
	{ 10002, VA_DIAL_BAD_ACCOUNT, "trial-account" },
	{ 20404, VA_DIAL_BAD_ACCOUNT, "not-found" },	 /* of a dial; provider requests look at it first */
	{ 21219, VA_DIAL_BAD_ACCOUNT, "trial-account" }, /* it calls verified numbers only */

	/* Too much at once. */
	{ 20429, VA_DIAL_RATE_LIMITED, "rate-limited" },
	{ 10004, VA_DIAL_RATE_LIMITED, "concurrency-limit" },
};

void
twilio_read_refusal(const VaHttpResponse *response, const json_t *root, VaArena *arena, VaCarrierRefusal *refusal)
{
	const json_t *code = json_object_get(root, "code");
	const char *message = va_json_string(root, "message");

	if (json_is_integer(code) && json_integer_value(code) > 0 && json_integer_value(code) < 1000000)
		refusal->code = (int) json_integer_value(code);
	/* A question that the status leaves open stays open, whatever the body says. */
	for (size_t i = 0; refusal->kind != VA_DIAL_UNKNOWN && i < sizeof(lines) / sizeof(lines[0]); i++)
		if (lines[i].code == refusal->code)
		{
			refusal->kind = lines[i].kind;
			refusal->cause = lines[i].cause;
		}
	/* The codes of an update to a call that is over. */
	refusal->gone |= refusal->code == 20404 || refusal->code == 21220;
	/* An answer to a provider request that is not there is no fault of the account. */
	if (response->status == 404 && !refusal->dial)
	{
		refusal->kind = VA_DIAL_REFUSED_PERMANENT;
		refusal->cause = "not-found";
	}
	refusal->message = va_reply_words(arena, message != NULL ? message : va_json_string(root, "detail"));
	if (refusal->message != NULL && refusal->code != 0)
		refusal->message = va_arena_printf(arena, "%s (code %d)", refusal->message, refusal->code);
}
