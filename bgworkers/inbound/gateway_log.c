/*-------------------------------------------------------------------------
 * gateway_log.c
 *		What the gateway has refused, for the server's log.
 *
 * The first refusal is logged at once, then at most one line in REFUSALS_LOG_S
 * seconds, so that a flood of requests does not flood the log. A stranger is
 * not told why a signature fails; the operator reads it here. No locking.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "inbound.h"

static struct
{
	uint64 forged;
	uint64 unknown;
	int64 endpoint_id; /* of the last forged one */
	char peer[64];
	char why[200];
} refused;

static uint64 reported[VA_REFUSALS]; /* of the HTTP server's own counts */
static TimestampTz reported_at = 0;

void
va_gateway_refused(int status, int64 endpoint_id, const char *peer, const char *why)
{
	if (status == 404)
	{
		refused.unknown++;
		return;
	}
	refused.forged++;
	refused.endpoint_id = endpoint_id;
	strlcpy(refused.peer, peer, sizeof(refused.peer));
	strlcpy(refused.why, why != NULL ? why : "", sizeof(refused.why));
}

static void
write_line(const uint64 *now)
{
	uint64 since[VA_REFUSALS];
	const char *where = refused.endpoint_id != 0 ? psprintf("endpoint " INT64_FORMAT, refused.endpoint_id) : "/mail";

	for (int why = 0; why < VA_REFUSALS; why++)
		since[why] = now[why] - reported[why];
	ereport(LOG, (errmsg("gateway refused requests: " UINT64_FORMAT " forged or stale, " UINT64_FORMAT
						 " for unknown endpoints, " UINT64_FORMAT " malformed, " UINT64_FORMAT
						 " too large, " UINT64_FORMAT " too many, " UINT64_FORMAT " too slow",
					  refused.forged, refused.unknown, since[VA_REFUSED_MALFORMED], since[VA_REFUSED_TOO_LARGE],
					  since[VA_REFUSED_TOO_MANY], since[VA_REFUSED_TOO_SLOW]),
					 refused.forged > 0 ? errdetail("The last forged or stale one came from %s for %s: %s.",
											  refused.peer, where, refused.why)
										: 0));
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
