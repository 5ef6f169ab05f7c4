/*-------------------------------------------------------------------------
 * vapi_reasons.c
 *		Why a call ended: the vendor's reasons, as patterns, to our status and
 *		cause class.
 *
 * The first line that matches counts, so a narrow line stands above a wide
 * one.  A star stands for any characters.  The unit test holds every reason
 * of the vendor's specification against a list made from this table and read
 * by a person: a new reason of theirs shows there, not in a wrong redial.
 */
#include "vapi_internal.h"

#include <string.h>

typedef struct ReasonLine
{
	const char *pattern;
	const char *status;
	const char *cause_class;
} ReasonLine;

static const ReasonLine lines[] = {
	/* The conversation took place. */
	{ "customer-ended-call*", "completed", "ok" },
	{ "assistant-ended-call*", "completed", "ok" },
	{ "assistant-said-end-call-phrase", "completed", "ok" },
	{ "exceeded-max-duration", "completed", "ok" },
	{ "silence-timed-out", "completed", "silence" },
	{ "call.in-progress.twilio-completed-call", "completed", "ok" },
	{ "call.in-progress.sip-completed-call", "completed", "ok" },
	{ "vonage-completed", "completed", "ok" },

	/* So far that it was put through to somebody, whether they answered or not. */
	{ "assistant-forwarded-call", "completed", "forwarded" },
	{ "call.forwarding.*", "completed", "forwarded" },
	{ "call.*.hook-executed-transfer", "completed", "forwarded" },
	{ "call.in-progress.error-warm-transfer-*", "completed", "forwarded" },
	{ "call.in-progress.error-transfer-failed", "completed", "forwarded" },
	{ "call.ending.hook-executed-*", "completed", "ok" },
	{ "call.ringing.hook-executed-*", "completed", "ok" },

	/* A machine took it, or it was not taken. */
	{ "voicemail", "completed", "machine" },
	{ "customer-did-not-answer", "no_answer", "no_answer" },
	{ "*outbound-sip-408-*", "no_answer", "no_answer" },
	{ "*outbound-sip-480-*", "no_answer", "no_answer" },
	{ "vonage-rejected", "no_answer", "no_answer" }, /* declined, as at the carrier beneath */
	{ "customer-busy", "busy", "busy" },

	/*
	 * The number will not work tomorrow either.  A trunk's 403 and 503 are not
	 * of these: the vendor's page on ended reasons explains both as "Bad
	 * transfer destination or SIP configuration", so they stand with the
	 * vendor's other faults below.
	 */
	{ "twilio-reported-customer-misdialed", "failed", "bad_number" },

	/* Nor will this destination: the account may not call its country, but others. */
	{ "*vapi-number-international", "failed", "refused" },

	/* The account is at fault: every next dial of it would fail too. */
	{ "call.start.error-subscription-frozen", "failed", "account" },
	{ "call.start.error-subscription-insufficient-credits", "failed", "account" },
	{ "call.start.error-subscription-wallet-does-not-exist", "failed", "account" },
	{ "call.start.error-subscription-upgrade-failed", "failed", "account" },
	{ "*-fraud-check-failed", "failed", "account" },
	{ "*vapi-number-outbound-daily-limit", "failed", "account" },
	{ "*sip-407-*", "failed", "account" },

	/* The campaign's assistant, voice or transcriber is missing: every next dial of the campaign would fail too. */
	{ "call.start.error-get-assistant", "failed", "assistant" },
	{ "assistant-not-*", "failed", "assistant" },
	{ "assistant-request-*", "failed", "assistant" },
	{ "call-start-error-neither-*", "failed", "assistant" },
	{ "call.start.error-enterprise-*", "failed", "assistant" },
	{ "call.start.assistant-version-*", "failed", "assistant" },
	{ "*-401-*", "failed", "assistant" },
	{ "*-403-model-access-denied", "failed", "assistant" },
	{ "*-429-exceeded-quota", "failed", "assistant" },
	{ "*-configfault-*", "failed", "assistant" },

	{ "call.start.error-get-*", "failed", "account" },

	/* A fault that passes. */
	{ "*subscription-concurrency-limit-reached", "failed", "retry" },
	{ "*-vapifault-*", "failed", "retry" },
	{ "*-providerfault-*", "failed", "retry" },
	{ "pipeline-*", "failed", "retry" },
	{ "*error-pipeline-*", "failed", "retry" },
	{ "worker-shutdown", "failed", "retry" },
	{ "phone-call-provider-closed-websocket", "failed", "retry" },
	{ "twilio-failed-to-connect-call", "failed", "retry" },
	{ "vonage-failed-to-connect-call", "failed", "retry" },
	{ "vonage-disconnected", "failed", "retry" },
	{ "*sip-outbound-call-failed-to-connect", "failed", "retry" },
	{ "assistant-join-timed-out", "failed", "retry" },
	{ "*did-not-receive-customer-audio", "failed", "retry" },

	/* We did it. */
	{ "manually-canceled", "failed", "canceled" },
	{ "scheduled-call-deleted", "failed", "canceled" },
	{ "call-deleted", "failed", "canceled" },
};

/* Glob with stars only; linear, by going back to the last star. */
static bool
matches(const char *pattern, const char *text)
{
	const char *star = NULL;
	const char *resume = NULL;

	while (*text != '\0')
	{
		if (*pattern == '*')
		{
			star = pattern++;
			resume = text;
		}
		else if (*pattern == *text)
		{
			pattern++;
			text++;
		}
		else if (star != NULL)
		{
			pattern = star + 1;
			text = ++resume;
		}
		else
			return false;
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

VapiReason
vapi_reason(const char *ended_reason, bool started)
{
	VapiReason reason = { started ? "completed" : "failed", "unknown" };

	if (ended_reason == NULL || strlen(ended_reason) > 200)
		return reason;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (matches(lines[i].pattern, ended_reason))
		{
			reason.status = lines[i].status;
			reason.cause_class = lines[i].cause_class;
			break;
		}
	return reason;
}

bool
vapi_reason_unanswered(const VapiReason *reason)
{
	return strcmp(reason->cause_class, "no_answer") == 0 || strcmp(reason->cause_class, "busy") == 0 ||
		   strcmp(reason->cause_class, "bad_number") == 0;
}
