/*-------------------------------------------------------------------------
 * events.h
 *		GET /events: what happens, as server-sent events.
 *
 * A request names the cursor after which it wants to know (Last-Event-ID) and
 * is held until there is something, or HOLD_MS.  The answer is a whole stream
 * of what there was; the client asks again with the last id, as EventSource
 * does.  So a slow reader holds one bounded answer, and nothing is lost that it
 * has not read.
 *
 * A process api is asked when a request comes behind whose cursor there may be
 * something, and when its tenant has news, once for all requests that wait at
 * one cursor; in between there is no statement.  A member whose sessions end is
 * news, too, and its requests are refused then.
 */
#ifndef VOICEAGENT_CONSOLE_EVENTS_H
#define VOICEAGENT_CONSOLE_EVENTS_H

#include "postgres.h"

#include "console.h"
#include "datatype/timestamp.h"

/* Requests of one tenant that are held; one more is answered with 429. */
#define VA_LISTENERS_OF_ONE 100
/* The listeners of all tenants have half of the connections, so that requests always find the others. */
#define VA_LISTENERS (va_guc_gateway_max_connections / 2)

/* Takes a request in, or answers it. */
extern void va_events_listen(VaHttpdRequest *request, const VaCaller *caller);

/* There are news of these tenants, or of any. */
extern void va_events_news(const int64 *tenants, int n, bool all);

/* Looks after those that are held; when it has to look again. */
extern TimestampTz va_events_turn(void);

#endif /* VOICEAGENT_CONSOLE_EVENTS_H */
