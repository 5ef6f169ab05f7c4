/*-------------------------------------------------------------------------
 * take.h
 *		Events that the gateway has read, as an argument of take_webhooks().
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TAKE_H
#define VOICEAGENT_TAKE_H

#include "postgres.h"

#include "pure/providers/provider.h"

/* What one webhook of a batch says. */
typedef struct VaTaken
{
	int64		endpoint_id;
	const VaEvents *events;
} VaTaken;

/* The type voiceagent_private.read_event[]; inside a transaction. */
extern Oid	va_read_events_type(void);

/* The events of n webhooks, each with the place of its webhook, from 1; inside a transaction, in its memory. */
extern Datum va_array_of_read_events(const VaTaken *taken, int n);

#endif							/* VOICEAGENT_TAKE_H */
