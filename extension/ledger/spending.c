/*-------------------------------------------------------------------------
 * spending.c
 *		Each campaign's holds and spending on a day of its tenant's clock,
 *		for the caps.  All of it under the ledger's lock.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "core/statement.h"
#include "core/voiceagent.h"
#include "ledger.h"
#include "tenancy/identity.h"
#include "tenancy/rows.h"

PG_FUNCTION_INFO_V1(va_sql_record_holds);

void
va_open_spending(VaSpending *spending)
{
	VaRows tenants;

	PushActiveSnapshot(GetTransactionSnapshot());
	va_open_rows(&tenants, VA_SCHEMA, "tenants", "tenants_pkey", 1, AccessShareLock);
	if (!va_find_row(&tenants, 0))
		elog(ERROR, "the tenant is gone");
	spending->zone = datumCopy(va_row_datum(tenants.slot, "timezone"), false, -1);
	va_close_rows(&tenants);
	va_open_rows(&spending->days, VA_SCHEMA, "campaign_spending", "campaign_spending_pkey", 3, RowExclusiveLock);
	va_begin_writes(&spending->writes);
	va_open_target(&spending->target, &spending->writes, VA_SCHEMA, "campaign_spending", CMD_UPDATE);
}

void
va_close_spending(VaSpending *spending)
{
	va_end_writes(&spending->writes);
	va_close_rows(&spending->days);
	PopActiveSnapshot();
}

Datum
va_day_of(VaSpending *spending, Datum at)
{
	return DirectFunctionCall1(timestamp_date, DirectFunctionCall2(timestamptz_zone, spending->zone, at));
}

bool
va_add_spending(VaSpending *spending, Datum campaign, Datum day, Datum held, Datum spent)
{
	TupleTableSlot *row = spending->days.slot;

	if (!va_find_by_two(&spending->days, F_INT8EQ, campaign, F_DATE_EQ, day) ||
		!va_lock_row(&spending->days, LockTupleNoKeyExclusive, LockWaitBlock))
		return false;
	va_begin_update(&spending->target, row);
	va_set(&spending->target, "held", va_plus(va_row_datum(row, "held"), held));
	va_set(&spending->target, "spent", va_plus(va_row_datum(row, "spent"), spent));
	(void) va_update_row(&spending->target, &row->tts_tid);
	return true;
}

static void
begin_day(Datum campaign, Datum day, Datum held)
{
	static VaStatement statement = {
		.sql =
			"INSERT INTO voiceagent.campaign_spending AS s (tenant_id, campaign_id, day, held) VALUES ($1, $2, $3, $4) "
			"ON CONFLICT ON CONSTRAINT campaign_spending_pkey DO UPDATE SET held = s.held + excluded.held",
		.nargs = 4,
		.argtypes = { INT8OID, INT8OID, DATEOID, NUMERICOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), campaign, day, held };

	va_execute(&statement, values, NULL);
}

static bool
is_named_before(Datum *campaigns, int i)
{
	for (int j = 0; j < i; j++)
		if (DatumGetInt64(campaigns[j]) == DatumGetInt64(campaigns[i]))
			return true;
	return false;
}

void
va_note_holds(Datum *campaigns, Datum *amounts, int n, Datum at)
{
	VaSpending spending;
	Datum *held = palloc(sizeof(Datum) * Max(n, 1));
	bool *missing = palloc0(sizeof(bool) * Max(n, 1));
	Datum day;

	va_open_spending(&spending);
	day = va_day_of(&spending, at);
	for (int i = 0; i < n; i++)
	{
		if (is_named_before(campaigns, i))
			continue;
		held[i] = amounts[i];
		for (int j = i + 1; j < n; j++)
			if (DatumGetInt64(campaigns[j]) == DatumGetInt64(campaigns[i]))
				held[i] = va_plus(held[i], amounts[j]);
		missing[i] = !va_add_spending(&spending, campaigns[i], day, held[i], va_no_credits());
	}
	va_close_spending(&spending);
	for (int i = 0; i < n; i++)
		if (missing[i])
			begin_day(campaigns[i], day, held[i]);
}

/* record_holds(campaign_ids bigint[], amounts numeric[], at timestamptz) */
Datum
va_sql_record_holds(PG_FUNCTION_ARGS)
{
	Datum *campaigns;
	Datum *amounts;
	int n;

	SPI_connect();
	n = va_read_amounts(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), &campaigns, &amounts);
	va_note_holds(campaigns, amounts, n, PG_GETARG_DATUM(2));
	SPI_finish();
	PG_RETURN_VOID();
}
