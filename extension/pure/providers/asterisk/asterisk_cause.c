/*-------------------------------------------------------------------------
 * asterisk_cause.c
 *		How a call ended: Q.850's cause and SIP's status in our words.
 *
 * A cause that is not in the table, of an unanswered call, says "failed,
 * unknown": it costs nothing, and the retry policy decides.
 */
#include "asterisk_internal.h"

typedef struct CauseLine
{
	int cause;
	AsteriskEnd end;
} CauseLine;

static const CauseLine lines[] = {
	/* The telephone was not answered. */
	{ 17, { "busy", "busy" } },
	{ 18, { "no_answer", "no_answer" } },
	{ 19, { "no_answer", "no_answer" } },
	{ 20, { "no_answer", "no_answer" } },
	/* Somebody looked at it and pressed the red button; a trunk that refuses us has another status. */
	{ 21, { "busy", "busy" } },

	/* We, or who asked us to, hung up before it was answered; or another telephone of theirs took it. */
	{ 16, { "failed", "canceled" } },
	{ 26, { "failed", "canceled" } },

	/* The number will not work tomorrow either. */
	{ 1, { "failed", "bad_number" } },
	{ 22, { "failed", "bad_number" } },
	{ 28, { "failed", "bad_number" } },

	/* No route to there, from here: it is not the number that is wrong. */
	{ 2, { "failed", "refused" } },
	{ 3, { "failed", "refused" } },

	/* A fault that passes. */
	{ 0, { "failed", "retry" } },
	{ 27, { "failed", "retry" } },
	{ 31, { "failed", "retry" } },
	{ 34, { "failed", "retry" } },
	{ 38, { "failed", "retry" } },
	{ 41, { "failed", "retry" } },
	{ 42, { "failed", "retry" } },
	{ 44, { "failed", "retry" } },
	{ 58, { "failed", "retry" } },
	{ 102, { "failed", "retry" } },
	{ 127, { "failed", "retry" } },
};

AsteriskEnd
asterisk_end(int cause, int tech_cause, bool answered)
{
	/* However it ended, it was a conversation. */
	if (answered)
		return (AsteriskEnd){ "completed", "ok" };
	/* The trunk knows no such user, not this password, or is not paid: every next call would be refused, too. */
	if ((tech_cause >= 401 && tech_cause <= 403) || tech_cause == 407)
		return (AsteriskEnd){ "failed", "account" };
	/* Moved for good; or unwanted: the person asks for no more calls. */
	if (tech_cause == 301 || tech_cause == 607)
		return (AsteriskEnd){ "failed", "bad_number" };
	/* Moved, and we do not follow; or held for a nuisance on the way. */
	if (tech_cause / 100 == 3 || tech_cause == 608)
		return (AsteriskEnd){ "failed", "refused" };
	/* The network went round in a circle. */
	if (tech_cause == 483)
		return (AsteriskEnd){ "failed", "retry" };
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (lines[i].cause == cause)
			return lines[i].end;
	return (AsteriskEnd){ "failed", "unknown" };
}
