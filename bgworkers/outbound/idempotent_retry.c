/*-------------------------------------------------------------------------
 * idempotent_retry.c
 *		A dial whose answer was lost, sent once more where the carrier
 *		promises that the same request dials once.
 *
 * Whether it may still be sent is checked in a commit of its own; no locks.
 */
#include "postgres.h"

#include <sodium.h>

#include "utils/timestamp.h"

#include "dialer.h"
#include "tenancy/log_redaction.h"
#include "core/statement.h"

/*
 * The carrier's promise counts from the arrival of the first request, and this
 * request needs time as well: until its answer is given up.
 */
#define MARGIN_US (10 * USECS_PER_SEC)
#define SENDS_MAX 3

static VaStatement repeat_statement = { "SELECT a FROM voiceagent_private.may_retry_dials($1) AS a", 1,
	{ INT8ARRAYOID }, NULL };

struct VaIdempotentRetry
{
	VaArena arena; /* holds what the request points to; wiped with it */
	VaHttpRequest request;
	VaProviderAccount carrier; /* the account's settings, to read the answer with */
	char *settings;			   /* ... lie here */
	int64 tenant_id;
	bool private_host;
	TimestampTz until;
	int sends;
	VaHttpResult *lost; /* of the send before this one; NULL: it is the first */
};

VaIdempotentRetry *
va_retry_keep(const VaOpenAccount *account, const VaHttpRequest *request)
{
	VaIdempotentRetry *retry;
	size_t len;

	if (account->driver->dial_repeatable_s == 0)
		return NULL;
	retry = calloc(1, sizeof(VaIdempotentRetry));
	if (retry == NULL)
		return NULL;
	retry->request = *request;
	retry->request.method = va_arena_strdup(&retry->arena, request->method);
	retry->request.url = va_arena_strdup(&retry->arena, request->url);
	for (int i = 0; i < request->nheaders; i++)
	{
		retry->request.headers[i].name = va_arena_strdup(&retry->arena, request->headers[i].name);
		retry->request.headers[i].value = va_arena_strdup(&retry->arena, request->headers[i].value);
	}
	if (request->body != NULL)
		retry->request.body = va_arena_strndup(&retry->arena, request->body, request->body_len);
	retry->settings = va_carrier_pack_settings(&account->carrier, &len);
	if (retry->settings != NULL)
		va_carrier_unpack_settings(retry->settings, len, &retry->carrier);
	retry->carrier.base_url = va_arena_strdup(&retry->arena, account->carrier.base_url);
	retry->tenant_id = account->tenant_id;
	retry->private_host = account->private_host;
	retry->until = GetCurrentTimestamp() + account->driver->dial_repeatable_s * USECS_PER_SEC -
				   Max(MARGIN_US, (int64) va_guc_http_timeout_ms * 1000 + USECS_PER_SEC);
	retry->sends = 1;
	if (retry->arena.oom || retry->settings == NULL)
	{
		va_retry_free(retry);
		return NULL;
	}
	return retry;
}

bool
va_retry_in_time(const VaIdempotentRetry *retry)
{
	return retry != NULL && retry->sends < SENDS_MAX && GetCurrentTimestamp() < retry->until;
}

bool
va_retry_was_sent(const VaIdempotentRetry *retry)
{
	return retry != NULL && retry->sends > 1;
}

bool
va_retry_send(VaWorker *worker, VaIdempotentRetry *retry, VaHttpDone done, void *ctx, char *err, size_t errlen)
{
	VaOpenAccount account = {
		.tenant_id = retry->tenant_id, .carrier = retry->carrier, .private_host = retry->private_host
	};
	int64 left_ms = (retry->until - GetCurrentTimestamp()) / 1000;

	retry->sends++;
	/* It may wait for its turn, but not longer than the carrier's promise lasts. */
	return va_account_send(worker, &account, &retry->request, (int) Max(left_ms, 1), done, ctx, err, errlen);
}

void
va_retry_free(VaIdempotentRetry *retry)
{
	if (retry == NULL)
		return;
	va_arena_free(&retry->arena);
	free(retry->settings);
	if (retry->lost != NULL)
		va_http_result_free(retry->lost);
	sodium_memzero(retry, sizeof(*retry));
	free(retry);
}

VaHttpResult *
va_retry_unsent(VaIdempotentRetry *retry, VaHttpResult *late)
{
	VaHttpResult *lost;

	if (retry == NULL || retry->lost == NULL)
		return late;
	lost = retry->lost;
	retry->lost = NULL;
	va_http_result_free(late);
	return lost;
}

/* ---- a lost answer, where the same request dials once ---- */

static bool
answer_is_lost(const VaDial *dial)
{
	VaArena *arena;
	VaDialOutcome outcome = { 0 };

	if (dial->result == NULL || !va_retry_in_time(dial->retry))
		return false;
	arena = va_arena_here();
	va_dial_read(dial, arena, &outcome);
	va_arena_free(arena);
	return outcome.kind == VA_DIAL_UNKNOWN;
}

typedef struct Asking
{
	const VaDial *dial;
	bool may;
} Asking;

static void
ask_whether(void *arg)
{
	Asking *asking = arg;
	Datum values[1] = { va_array_of_int8(&asking->dial->attempt_id, 1) };

	va_set_tenant(asking->dial->tenant_id);
	asking->may = va_execute(&repeat_statement, values, NULL) == 1;
}

/* If that cannot be found out, it may not: its lost answer is recorded like any other. */
static bool
may_repeat(const VaDial *dial)
{
	Asking asking = { dial, false };
	char sqlstate[6];
	char *message;
	bool asked;

	va_begin("look whether a dial may be sent again");
	asked = va_try(ask_whether, &asking, sqlstate, &message);
	va_commit();
	if (!asked)
		ereport(LOG, (errmsg("could not look whether a dial of tenant " INT64_FORMAT " may be sent again: %s: %s",
						 dial->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	return asked && asking.may;
}

/* True when the dial is on its way again. */
static bool
repeat_dial(VaWorker *worker, VaDial *dial)
{
	VaHttpResult *lost = dial->result;

	if (!may_repeat(dial))
		return false;
	dial->result = NULL;
	if (!va_retry_send(worker, dial->retry, va_dial_done, dial, dial->error, sizeof(dial->error)))
	{
		/* It was sent once; that it cannot be sent now does not change that. */
		dial->result = lost;
		return false;
	}
	va_dial_begun(dial);
	if (dial->retry->lost != NULL)
		va_http_result_free(dial->retry->lost);
	dial->retry->lost = lost;
	return true;
}

/* They stay `sending`, so a crash here leaves the same as after any dial. */
void
va_retry_lost(VaWorker *worker)
{
	VaDial **at = &va_dials.answered;

	while (*at != NULL)
	{
		VaDial *dial = *at;
		VaDial *next = dial->next;

		if (!worker->real_carriers || !answer_is_lost(dial) || !repeat_dial(worker, dial))
		{
			at = &dial->next;
			continue;
		}
		/* va_dial_done() puts it at the head, never here: it is called from the loop.  At once: an error must not find it counted twice. */
		*at = next;
		va_dials.n_answered--;
	}
}
