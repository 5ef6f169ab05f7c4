/*-------------------------------------------------------------------------
 * take.h
 *		Events that the gateway has read, as arguments of take_webhooks() and
 *		apply_inbox().
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TAKE_H
#define VOICEAGENT_TAKE_H

#include "postgres.h"

#include "pure/providers/provider.h"

/* What one webhook says. */
typedef struct VaTaken
{
	int64		webhook_id;		/* its number, or while it has none its place in the batch, from 1 */
	int64		endpoint_id;
	const VaEvents *events;
} VaTaken;

/* The type voiceagent_private.read_event[]; inside a transaction. */
extern Oid	va_read_events_type(void);

/* The events of n webhooks as rows of voiceagent_private.read_event; inside a transaction, in the current memory. */
extern Datum *va_read_event_rows(const VaTaken *taken, int n, int *n_rows);

/* Such rows as an array. */
extern Datum va_array_of_read_events(Datum *rows, int n);

#endif							/* VOICEAGENT_TAKE_H */
