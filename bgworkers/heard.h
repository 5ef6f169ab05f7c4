/*-------------------------------------------------------------------------
 * heard.h
 *		What stored webhooks say, from the gateway, which has read them, to the
 *		inbox of the same process, which need not read them again.
 *
 * Nothing depends on it: what is not here is read from the raw store.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_HEARD_H
#define VOICEAGENT_HEARD_H

#include "postgres.h"

/* All events of a webhook, as va_read_event_rows() gives them; after the commit that has stored it. */
extern void va_heard_keep(int64 tenant_id, const Datum *rows, int n);

/* Those of up to max webhooks of a tenant, the first that came, as an array of read_event; they are forgotten. */
extern Datum va_heard_take(int64 tenant_id, int max);

#endif							/* VOICEAGENT_HEARD_H */
