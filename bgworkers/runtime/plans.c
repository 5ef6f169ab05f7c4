/*-------------------------------------------------------------------------
 * plans.c
 *		When a worker's plans are made anew (contract in runtime.h).
 *
 * All plans are made anew when one of the listed tables has grown, because
 * other tables grow with it and a plan may read one of those. The next
 * execution of a statement makes its plan anew.
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/namespace.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/timestamp.h"

#include "runtime.h"

/* How often a worker that works looks at the tables. */
#define LOOK_US (2 * USECS_PER_SEC)
/*
 * So long after its last transaction a worker is at rest; and how long one that never is goes on with old plans. Its
 * webhooks and calls wait 60 to 110 ms for new ones, and most functions say themselves how their rows are found.
 */
#define REST_US (100 * 1000)
#define NO_REST_US (30 * USECS_PER_SEC)
/* Below this many pages of a table any plan will do. */
#define SMALL_PAGES 16
/*
 * How many times its former size a table has to have before plans are made anew
 * at rest, and without waiting for rest.
 */
#define LARGER 2
#define MUCH_LARGER 8

/* The tables that grow, and whose indexes plans choose between. */
static const struct
{
	const char *schema;
	const char *table;
} growing[] = {
	{ "voiceagent", "calls" },
	{ "voiceagent", "attempts" },
	{ "voiceagent", "leads" },
	{ "voiceagent", "lead_numbers" },
	{ "voiceagent", "campaign_leads" },
	{ "voiceagent", "campaigns" },
	{ "voiceagent", "consents" },
	{ "voiceagent", "do_not_call_list" },
	{ "voiceagent", "credit_holds" },
	{ "voiceagent", "credit_transfers" },
	{ "voiceagent", "campaign_spending" },
	{ "voiceagent", "provider_requests" },
	{ "voiceagent_private", "call_queue" },
	{ "voiceagent_private", "live_calls" },
	{ "voiceagent_private", "lanes" },
	{ "voiceagent_private", "pacing" },
	{ "voiceagent_private", "inbox" },
	{ "voiceagent_private", "webhook_keys" },
	{ "voiceagent_private", "endpoint_routes" },
	{ "voiceagent_private", "sandbox_calls" },
};

/* How large they are. */
static struct
{
	BlockNumber pages; /* when plans were last made anew for it */
	BlockNumber pages_now;
} sizes[lengthof(growing)];

static TimestampTz looked_at = 0;
static TimestampTz worked_at = 0;
static TimestampTz stale_since = 0; /* 0: no table has crossed a size */

static bool
has_grown(int table, int times)
{
	return sizes[table].pages_now > (uint64) times * Max(sizes[table].pages, SMALL_PAGES);
}

/* Without waiting for a lock: a table that is locked exclusively counts with its former size. */
static void
measure(int table)
{
	Oid namespace = get_namespace_oid(growing[table].schema, true);
	Oid oid = OidIsValid(namespace) ? get_relname_relid(growing[table].table, namespace) : InvalidOid;
	Relation rel;

	if (!OidIsValid(oid) || !ConditionalLockRelationOid(oid, AccessShareLock))
		return;
	rel = try_relation_open(oid, NoLock);
	if (rel == NULL)
	{
		UnlockRelationOid(oid, AccessShareLock);
		return;
	}
	sizes[table].pages_now = RelationGetNumberOfBlocks(rel);
	relation_close(rel, AccessShareLock);
}

static void
drop_plans(void)
{
	int grown = 0;

	for (int i = 0; i < (int) lengthof(growing); i++)
	{
		if (!has_grown(i, LARGER))
			continue;
		sizes[i].pages = sizes[i].pages_now;
		grown++;
	}
	ResetPlanCache();
	stale_since = 0;
	ereport(DEBUG1, (errmsg_internal("plans are made anew, since %d tables have grown", grown)));
}

void
va_plans_look(void)
{
	TimestampTz now = GetCurrentTimestamp();
	bool much = false;

	if (now >= looked_at && now < looked_at + LOOK_US)
		return;
	looked_at = now;
	for (int i = 0; i < (int) lengthof(growing); i++)
	{
		measure(i);
		if (stale_since == 0 && has_grown(i, LARGER))
			stale_since = now;
		much = much || has_grown(i, MUCH_LARGER);
	}
	if (stale_since != 0 && (much || now < stale_since || now >= stale_since + NO_REST_US))
		drop_plans();
}

void
va_plans_worked(void)
{
	worked_at = stale_since == 0 ? 0 : GetCurrentTimestamp();
}

TimestampTz
va_plans_due(void)
{
	return stale_since == 0 ? DT_NOEND : worked_at + REST_US;
}

void
va_plans_renew(void)
{
	TimestampTz now = GetCurrentTimestamp();

	/* The clock may have been set back. */
	if (stale_since == 0 || (now < va_plans_due() && now >= worked_at))
		return;
	drop_plans();
}
