/*-------------------------------------------------------------------------
 * outgoing_webhook.c
 *		Up to which of its events this transaction has written outgoing webhooks, so
 *		that telling of events a thousand times in one transaction reads each
 *		of them once.
 *
 * Only a shortcut: one outgoing webhook for an event and a target is the table's own
 * unique key.  When anything is rolled back, or the transaction turns to
 * another tenant, all is looked at again.  Nothing is locked.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"

#include "tenancy/identity.h"

PG_FUNCTION_INFO_V1(va_sql_derived_event);
PG_FUNCTION_INFO_V1(va_sql_set_derived_event);

static int64 derived_tenant = 0;
static int64 derived_event = 0;

static void
at_transaction(XactEvent event, void *arg)
{
	derived_event = 0;
}

static void
at_subtransaction(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		derived_event = 0;
}

/* (): the last event of the current tenant that was looked at; 0 = none */
Datum
va_sql_derived_event(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(derived_tenant == va_current_tenant() ? derived_event : 0);
}

/* (event_id) */
Datum
va_sql_set_derived_event(PG_FUNCTION_ARGS)
{
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(at_transaction, NULL);
		RegisterSubXactCallback(at_subtransaction, NULL);
		registered = true;
	}
	derived_tenant = va_current_tenant();
	derived_event = PG_GETARG_INT64(0);
	PG_RETURN_VOID();
}
