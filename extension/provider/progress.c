/*-------------------------------------------------------------------------
 * progress.c
 *		Small effects of what carriers tell, often one webhook at a time: a
 *		statement would cost more to set up than all of each.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "core/wake.h"
#include "tenancy/rows.h"
#include "tenancy/setting.h"

PG_FUNCTION_INFO_V1(va_sql_await_reports);
PG_FUNCTION_INFO_V1(va_sql_carrier_time);
PG_FUNCTION_INFO_V1(va_sql_poke_subscribers);

/* The report travels in real time, and may wait in a queue, however fast the sandbox's clock runs. */
#define REPORT_GRACE_S 5

/* carrier_time(provider text, duration interval, time_scale numeric, shortest interval) */
Datum
va_sql_carrier_time(PG_FUNCTION_ARGS)
{
	Datum scaled;
	bool real = !PG_ARGISNULL(0) && strcmp(text_to_cstring(PG_GETARG_TEXT_PP(0)), "sandbox") != 0;

	if (PG_ARGISNULL(1) || (!real && PG_ARGISNULL(2)))
		PG_RETURN_NULL();
	if (real)
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	scaled = DirectFunctionCall2(
		interval_div, PG_GETARG_DATUM(1), DirectFunctionCall1(numeric_float8, PG_GETARG_DATUM(2)));
	return !PG_ARGISNULL(3) && DatumGetBool(DirectFunctionCall2(interval_lt, scaled, PG_GETARG_DATUM(3)))
			   ? PG_GETARG_DATUM(3)
			   : scaled;
}

static Datum
setting(Datum settings, const char *name)
{
	bool isnull;
	Datum value = GetAttributeByName(DatumGetHeapTupleHeader(settings), name, &isnull);

	if (isnull)
		elog(ERROR, "setting %s has no value", name);
	return value;
}

/* await_reports(call_ids bigint[]), in their order */
Datum
va_sql_await_reports(PG_FUNCTION_ARGS)
{
	int n;
	Datum *calls = va_elements_of(PG_GETARG_DATUM(0), INT8OID, NULL, &n);
	Datum settings = va_dial_settings();
	Datum now = TimestampTzGetDatum(va_clock_now());
	Interval grace = { .time = REPORT_GRACE_S * USECS_PER_SEC };
	TimestampTz first = DT_NOEND;
	VaRows live;
	VaWrites writes;
	VaTarget told;

	va_open_rows(&live, VA_PRIVATE_SCHEMA, "live_calls", "live_calls_pkey", 2, RowExclusiveLock);
	va_begin_writes(&writes);
	va_open_target(&told, &writes, VA_PRIVATE_SCHEMA, "live_calls", CMD_UPDATE);
	for (int i = 0; i < n; i++)
	{
		TimestampTz until;

		/* One that was named before is ours, and left. */
		if (!va_find_row(&live, DatumGetInt64(calls[i])) || !va_lock_row(&live, LockTupleNoKeyExclusive, LockWaitBlock))
			continue;
		until = DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval, now,
			DirectFunctionCall4(va_sql_carrier_time, va_row_datum(live.slot, "provider"),
				setting(settings, "lookup_interval"), setting(settings, "time_scale"), PointerGetDatum(&grace))));
		until = Min(until, DatumGetTimestampTz(va_row_datum(live.slot, "lease_until")));
		va_begin_update(&told, live.slot);
		va_set(&told, "lease_until", TimestampTzGetDatum(until));
		(void) va_update_row(&told, &live.slot->tts_tid);
		first = Min(first, until);
	}
	va_end_writes(&writes);
	va_close_rows(&live);
	if (first != DT_NOEND)
		va_poke_lookups_by(first);
	PG_RETURN_VOID();
}

/* poke_subscribers() */
Datum
va_sql_poke_subscribers(PG_FUNCTION_ARGS)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.derive_webhook_deliveries()" };
	VaRows directory;
	bool derived = false;

	va_open_rows(&directory, VA_PRIVATE_SCHEMA, "tenant_directory", "tenant_directory_pkey", 1, AccessShareLock);
	if (va_find_row(&directory, 0))
	{
		derived = DatumGetBool(va_row_datum(directory.slot, "has_webhook_subscriptions"));
		if (DatumGetTimestampTz(va_row_datum(directory.slot, "subscribed_until")) > va_clock_now())
			va_tell_news(directory.tenant);
	}
	va_close_rows(&directory);
	if (!derived)
		PG_RETURN_VOID();
	SPI_connect();
	va_execute(&statement, NULL, NULL);
	SPI_finish();
	PG_RETURN_VOID();
}
