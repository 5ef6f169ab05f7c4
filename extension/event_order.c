/*-------------------------------------------------------------------------
 * event_order.c
 *		The order of events: by the transaction that wrote them, and before
 *		that by the cluster in which the database then lived.
 *
 * A cluster numbers its transactions, and a database that was restored from
 * a dump brings events with the numbers of another one.  So every cluster
 * has an era, above those of the clusters before it; event_eras says which.
 * Whoever finds none for this cluster takes the next; several may do so at
 * once and write the same, and none waits for another.
 *
 * Kept until the transaction ends or something of it is rolled back.  Nothing
 * is locked.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "statement.h"
#include "voiceagent.h"

PG_FUNCTION_INFO_V1(va_sql_event_era);
PG_FUNCTION_INFO_V1(va_sql_event_position);

/* 557 years of a thousand transactions a second; 511 eras are exact in a client that knows doubles alone. */
#define ERA_BITS 44

static int64 era_of_transaction = -1;

static void
at_transaction(XactEvent event, void *arg)
{
	era_of_transaction = -1;
}

static void
at_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		era_of_transaction = -1;
}

/* With SPI connected; *is_new: nobody has written it down yet. */
static int64
find_era(Datum cluster, bool *is_new)
{
	static VaStatement statement = {
		"SELECT coalesce(max(e.era) FILTER (WHERE e.cluster = $1), -1) AS ours,"
		" coalesce(max(e.era) FILTER (WHERE e.cluster <> $1), -1) AS others FROM voiceagent_private.event_eras e",
		1, {TEXTOID}, NULL
	};
	int64		ours;
	int64		others;

	(void) va_query(&statement, &cluster);
	ours = va_column_int(0, "ours", -1);
	others = va_column_int(0, "others", -1);
	*is_new = ours <= others;
	return *is_new ? others + 1 : ours;
}

static Datum
this_cluster(void)
{
	return CStringGetTextDatum(psprintf(UINT64_FORMAT, GetSystemIdentifier()));
}

/* (): what is added to the number of a transaction of this cluster */
Datum
va_sql_event_era(PG_FUNCTION_ARGS)
{
	bool		is_new;
	int64		era;

	SPI_connect();
	era = find_era(this_cluster(), &is_new);
	SPI_finish();
	PG_RETURN_INT64(era << ERA_BITS);
}

static void
begin_era(void)
{
	static VaStatement statement = {
		"INSERT INTO voiceagent_private.event_eras (era, cluster) VALUES ($1, $2)", 2, {INT8OID, TEXTOID}, NULL
	};
	Datum		values[2];
	bool		is_new;

	SPI_connect();
	values[1] = this_cluster();
	era_of_transaction = find_era(values[1], &is_new);
	values[0] = Int64GetDatum(era_of_transaction);
	if (is_new)
		(void) va_execute(&statement, values, NULL);
	SPI_finish();
}

/* (): the place of this transaction's events */
Datum
va_sql_event_position(PG_FUNCTION_ARGS)
{
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(at_transaction, NULL);
		RegisterSubXactCallback(at_subtransaction, NULL);
		registered = true;
	}
	if (era_of_transaction < 0)
		begin_era();
	PG_RETURN_INT64((era_of_transaction << ERA_BITS) + (int64) U64FromFullTransactionId(GetTopFullTransactionId()));
}
