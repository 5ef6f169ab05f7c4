/*-------------------------------------------------------------------------
 * tools_task.c
 *		The task that uses tools in calls that we hold, in a process of its own:
 *		media waits for nothing, and no other process waits for a tool.
 *
 * One tool a transaction, as its tenant, for 2 s at most; the tenants take
 * turns.  A tool that fails is answered as failed, and has done nothing.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/statement.h"
#include "owner.h"
#include "runtime/guest_limits.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

#define TOOL_MS 2000
/* Somebody holds a lock: it is tried again after this time. */
#define AGAIN_US 50000

static VaStatement next_statement = { "SELECT n.tenant_id, n.call_id, n.tool_call_id FROM "
									  "voiceagent_private.next_media_tool($1) n",
	1, { INT8OID }, NULL };
static VaStatement use_statement = { "SELECT voiceagent_private.use_media_tool($1, $2)::integer AS used", 2,
	{ INT8OID, TEXTOID }, NULL };
static VaStatement failed_statement = { "SELECT voiceagent_private.end_media_tool($1, $2, NULL, true)", 2,
	{ INT8OID, TEXTOID }, NULL };

typedef struct Use
{
	int64 tenant_id; /* 0: none waits */
	int64 call_id;
	char *tool_call_id;
	bool used;
} Use;

static int64 last_tenant = 0;

static void
use_tool(void *arg)
{
	Use *use = arg;
	Datum values[2] = { Int64GetDatum(use->call_id), CStringGetTextDatum(use->tool_call_id) };

	va_set_tenant(use->tenant_id);
	va_execute(&use_statement, values, NULL);
	use->used = va_column_int(0, "used", 0) != 0;
}

static void
note_failure(void *arg)
{
	Use *use = arg;
	Datum values[2] = { Int64GetDatum(use->call_id), CStringGetTextDatum(use->tool_call_id) };

	va_set_tenant(use->tenant_id);
	va_execute(&failed_statement, values, NULL);
}

static void
use_next(Use *use)
{
	Datum values[1] = { Int64GetDatum(last_tenant) };
	const char *id;
	char sqlstate[6];
	char *message;

	va_begin("use a tool in a call");
	va_execute(&next_statement, values, NULL);
	use->tenant_id = va_column_int(0, "tenant_id", 0);
	use->call_id = va_column_int(0, "call_id", 0);
	id = va_column_text(0, "tool_call_id");
	use->used = true;
	if (use->tenant_id != 0)
	{
		use->tool_call_id = pstrdup(id);
		last_tenant = use->tenant_id;
		if (!va_timed_try(use_tool, use, TOOL_MS, "a tool may take", sqlstate, &message))
		{
			ereport(LOG, (errmsg("could not use a tool in a call of tenant " INT64_FORMAT ": %s: %s", use->tenant_id,
							 sqlstate, va_mask_caught(message, sqlstate))));
			if (!va_try(note_failure, use, sqlstate, &message))
				ereport(LOG, (errmsg("could not note that: %s: %s", sqlstate, va_mask_caught(message, sqlstate))));
		}
		va_set_tenant(0);
	}
	va_commit();
}

static void
tools_start(VaWorker *worker)
{
}

static TimestampTz
tools_turn(VaWorker *worker, VaWake why)
{
	Use use = { 0 };

	if ((why & ~VA_WAKE_IO) == 0)
		return DT_NOEND;
	va_media_flush();
	use_next(&use);
	if (use.tenant_id == 0)
		return DT_NOEND;
	return GetCurrentTimestamp() + (use.used ? 0 : AGAIN_US);
}

const VaTask va_tools_task = { "tools", tools_start, tools_turn, NULL, 0 };
