/*-------------------------------------------------------------------------
 * event_rows.h
 *		Webhooks as an array of voiceagent_private.read_event: the
 *		argument of take_webhooks(), and what read_stored_webhooks() gives.
 *
 *		rows = va_event_rows_begin();
 *		va_event_rows_add(rows, webhook, endpoint_id, &events);
 *		array = va_event_rows_end(rows);
 *
 * Inside one transaction.
 */
#ifndef VOICEAGENT_EVENT_ROWS_H
#define VOICEAGENT_EVENT_ROWS_H

#include "postgres.h"

#include "pure/providers/common/provider.h"

typedef struct VaEventRows VaEventRows;

/* The type voiceagent_private.read_event[]. */
extern Oid va_read_events_type(void);

/* An empty one, in the current memory. */
extern VaEventRows *va_event_rows_begin(void);

/*
 * The events of one webhook: its number, or while it has none its place in
 * the batch, from 1.  Nothing refers to them afterwards; what is in the way
 * is left in the current memory.
 */
extern void va_event_rows_add(VaEventRows *rows, int64 webhook, int64 endpoint_id, const VaEvents *events);

/* The array, in the current memory; `rows` is used no more. */
extern Datum va_event_rows_end(VaEventRows *rows);

#endif /* VOICEAGENT_EVENT_ROWS_H */
