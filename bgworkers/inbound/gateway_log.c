/*-------------------------------------------------------------------------
 * gateway_log.c
 *		Refusals of the gateway, for the server's log.
 *
 * The first refusal is logged at once, then at most one line in REFUSALS_LOG_S
 * seconds, so that a flood of requests does not flood the log. A stranger does
 * not learn why a signature fails; the operator reads it here, and status()
 * from the endpoints' own rows, which are written with the line. No locking.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/statement.h"
#include "inbound.h"
#include "runtime/transaction.h"
#include "tenancy/log_redaction.h"

/* The rest of more endpoints a minute is not noted: strangers are behind it. */
#define NOTED_MAX 32

typedef struct Refusal
{
	int64 endpoint_id;
	char peer[64];
	char why[200];
} Refusal;

static struct
{
	uint64 forged;
	uint64 unknown;
	Refusal last;			  /* forged one; endpoint 0: /mail */
	Refusal noted[NOTED_MAX]; /* the last one of each endpoint */
	int n;
} refused;

static VaStatement refused_statement = {
	"UPDATE voiceagent_private.endpoint_routes r SET refused_at = voiceagent.clock(), refused_peer = i.peer,"
	" refused_why = i.why FROM unnest($1, $2, $3) AS i(endpoint_id, peer, why) WHERE r.endpoint_id = i.endpoint_id",
	3, { INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID }, NULL
};

static uint64 reported[VA_REFUSALS]; /* of the HTTP server's own counts */
static TimestampTz reported_at = 0;

void
va_gateway_refused(int status, int64 endpoint_id, const char *peer, const char *why)
{
	int i = 0;

	if (status == 404)
	{
		refused.unknown++;
		return;
	}
	refused.forged++;
	refused.last.endpoint_id = endpoint_id;
	strlcpy(refused.last.peer, peer, sizeof(refused.last.peer));
	strlcpy(refused.last.why, why != NULL ? why : "", sizeof(refused.last.why));
	while (i < refused.n && refused.noted[i].endpoint_id != endpoint_id)
		i++;
	if (endpoint_id == 0 || i == NOTED_MAX)
		return;
	refused.noted[i] = refused.last;
	refused.n = Max(refused.n, i + 1);
}

static void
note_refusals(void *arg)
{
	int64 endpoints[NOTED_MAX];
	const char *peers[NOTED_MAX];
	const char *whys[NOTED_MAX];
	Datum values[3];

	for (int i = 0; i < refused.n; i++)
	{
		endpoints[i] = refused.noted[i].endpoint_id;
		peers[i] = refused.noted[i].peer;
		whys[i] = refused.noted[i].why;
	}
	values[0] = va_array_of_int8(endpoints, refused.n);
	values[1] = va_array_of_text(peers, refused.n);
	values[2] = va_array_of_text(whys, refused.n);
	va_begin("note refused webhooks");
	va_execute(&refused_statement, values, NULL);
	va_commit();
}

/* A refusal not written comes again in a moment, or was a stranger's. */
static void
try_note_refusals(void)
{
	char sqlstate[6];
	char *message;

	if (refused.n == 0 || va_try_outside(note_refusals, NULL, sqlstate, &message))
		return;
	va_abort();
	ereport(LOG, (errmsg("could not note refused webhooks: %s: %s", sqlstate, va_mask_caught(message, sqlstate))));
}

static void
write_line(const uint64 *now)
{
	uint64 since[VA_REFUSALS];
	const char *where = refused.last.endpoint_id != 0 ? psprintf("endpoint " INT64_FORMAT, refused.last.endpoint_id)
													  : "/mail";

	for (int why = 0; why < VA_REFUSALS; why++)
		since[why] = now[why] - reported[why];
	ereport(LOG, (errmsg("gateway refused requests: " UINT64_FORMAT " forged or stale, " UINT64_FORMAT
						 " for unknown endpoints, " UINT64_FORMAT " malformed, " UINT64_FORMAT
						 " too large, " UINT64_FORMAT " too many, " UINT64_FORMAT " too slow",
					  refused.forged, refused.unknown, since[VA_REFUSED_MALFORMED], since[VA_REFUSED_TOO_LARGE],
					  since[VA_REFUSED_TOO_MANY], since[VA_REFUSED_TOO_SLOW]),
					 refused.forged > 0 ? errdetail("The last forged or stale one came from %s for %s: %s.",
											  refused.last.peer, where, refused.last.why)
										: 0));
	try_note_refusals();
	memset(&refused, 0, sizeof(refused));
	memcpy(reported, now, sizeof(reported));
}

TimestampTz
va_gateway_report(const uint64 *now)
{
	TimestampTz due = TimestampTzPlusMilliseconds(reported_at, REFUSALS_LOG_S * 1000);

	if (refused.forged + refused.unknown == 0 && memcmp(now, reported, sizeof(reported)) == 0)
		return DT_NOEND;
	if (reported_at != 0 && GetCurrentTimestamp() < due)
		return due;
	write_line(now);
	reported_at = GetCurrentTimestamp();
	return DT_NOEND;
}
