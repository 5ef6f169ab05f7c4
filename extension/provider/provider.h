/*-------------------------------------------------------------------------
 * provider.h
 *		Reads the messages of carriers in the backend, and as values, for the
 *		SQL face, the gateway and the inbox.
 *
 * Include postgres.h first.
 */
#ifndef VOICEAGENT_PROVIDER_H
#define VOICEAGENT_PROVIDER_H

#include "access/tupdesc.h"
#include "utils/jsonb.h"

#include "pure/providers/common/provider.h"

/* Columns of the type voiceagent.call_event. */
#define VA_CALL_EVENT_NATTS 31

/* Kept among a webhook's headers: the query and the method of its request. */
#define VA_KEPT_QUERY ":query"
#define VA_KEPT_METHOD ":method"

/* The driver of that name, or PT422. */
extern const VaDriver *va_driver_or_error(const char *name);

/* Settings of an account (NULL: the defaults) that its webhooks are read with; PT422. */
extern void va_read_carrier(Jsonb *settings, VaArena *arena, VaProviderAccount *carrier);

/*
 * The content of a webhook, by its kept headers (an object of texts, or NULL)
 * and its body; it is not verified.  PT422 when it is malformed. `events` live
 * in the arena, which must be freed after an error, too: see arena.h.
 */
extern void va_read_webhook(const VaDriver *driver, Jsonb *headers, const char *body, size_t body_len,
	const VaProviderAccount *carrier, VaArena *arena, VaEvents *events);

/* The content of an answer with this status to a question about a call; PT422 when that is nothing. */
extern void va_read_lookup(const VaDriver *driver, int status, const char *body, size_t body_len,
	const VaProviderAccount *carrier, VaArena *arena, VaEvents *events);

/*
 * One event as the columns of voiceagent.call_event, in the current memory
 * context; nothing refers to the event's arena afterwards.  May raise.
 */
extern void va_event_to_values(const VaEvent *event, Datum *values, bool *nulls);

/* {"method", "url", "headers": {..}, "body": ..}: what a preview shows.  May raise. */
extern Jsonb *va_request_jsonb(const VaHttpRequest *request);

#endif /* VOICEAGENT_PROVIDER_H */
