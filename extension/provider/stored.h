/*-------------------------------------------------------------------------
 * stored.h
 *		The rows of a webhook, for those who write it without a statement.
 */
#ifndef VOICEAGENT_STORED_H
#define VOICEAGENT_STORED_H

#include "postgres.h"

#include "fmgr.h"

#include "tenancy/rows.h"

/* month_slot(), of tables that are rings */
#define VA_MONTH_SLOTS 16
extern int va_month_slot(TimestampTz at);

/* Events of one moment that are written without a statement. */
typedef struct VaEventWrites
{
	TimestampTz at;
	Datum position;
	Oid sequence;
	VaTarget target;
} VaEventWrites;

/* Before va_begin_writes(), for it may begin a subtransaction. */
extern void va_announce_events(VaEventWrites *events, TimestampTz at);
extern void va_open_events(VaEventWrites *events, VaWrites *writes);
/* The event is about the call, the campaign and the lead that the row names; data: JSON. */
extern void va_write_event(VaEventWrites *events, TupleTableSlot *row, const char *type, const char *data);

/* The functions in SQL of these names. */
extern Datum va_sql_insert_webhooks(PG_FUNCTION_ARGS);
extern Datum va_sql_event_position(PG_FUNCTION_ARGS);
extern Datum va_sql_poke_subscribers(PG_FUNCTION_ARGS);
extern Datum va_sql_carrier_time(PG_FUNCTION_ARGS);
extern Datum va_sql_answer_time(PG_FUNCTION_ARGS);

#endif /* VOICEAGENT_STORED_H */
