/*-------------------------------------------------------------------------
 * take.h
 *		Events that the gateway has read, as an argument of take_webhooks().
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TAKE_H
#define VOICEAGENT_TAKE_H

#include "postgres.h"

#include "pure/providers/provider.h"

/* What one webhook says. */
typedef struct VaTaken
{
	int64		place;			/* in the batch, from 1: it has no number yet */
	int64		endpoint_id;
	const VaEvents *events;
} VaTaken;

/* The type voiceagent_private.read_event[]; inside a transaction. */
extern Oid	va_read_events_type(void);

/* The events of n webhooks as an array of that type, in the current memory; inside a transaction. */
extern Datum va_read_events(const VaTaken *taken, int n);

#endif							/* VOICEAGENT_TAKE_H */
