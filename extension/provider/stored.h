/*-------------------------------------------------------------------------
 * stored.h
 *		What is written with a webhook, for those who write it without a statement.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_STORED_H
#define VOICEAGENT_STORED_H

#include "postgres.h"

#include "fmgr.h"

/* month_slot(), of tables that are rings */
extern int va_month_slot(TimestampTz at);

/* The functions in SQL of these names. */
extern Datum va_sql_insert_webhooks(PG_FUNCTION_ARGS);
extern Datum va_sql_event_position(PG_FUNCTION_ARGS);
extern Datum va_sql_poke_subscribers(PG_FUNCTION_ARGS);
extern Datum va_sql_carrier_time(PG_FUNCTION_ARGS);
extern Datum va_sql_answer_time(PG_FUNCTION_ARGS);

#endif /* VOICEAGENT_STORED_H */
