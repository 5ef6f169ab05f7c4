/*-------------------------------------------------------------------------
 * provider.h
 *		Events of a provider as rows: what the SQL face and the inbox share.
 *
 * Include postgres.h first.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PROVIDER_H
#define VOICEAGENT_PROVIDER_H

#include "access/tupdesc.h"

#include "pure/providers/provider.h"

/* Columns of the type voiceagent.call_event. */
#define VA_CALL_EVENT_NATTS 29

/* Kept among a webhook's headers: the query and the method of its request. */
#define VA_KEPT_QUERY ":query"
#define VA_KEPT_METHOD ":method"

/* The dialect of that name, or PT422. */
extern const VaDialect *va_dialect_or_error(const char *name);

/*
 * One event as the columns of voiceagent.call_event, in the current memory
 * context; nothing refers to the event's arena afterwards.  May raise.
 */
extern void va_event_to_values(const VaEvent *event, Datum *values, bool *nulls);

#endif /* VOICEAGENT_PROVIDER_H */
