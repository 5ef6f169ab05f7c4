/*-------------------------------------------------------------------------
 * gateway_log.h
 *		What the gateway has refused, for the server's log: a line in a while
 *		with the counts, however many there are.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_GATEWAY_LOG_H
#define VOICEAGENT_GATEWAY_LOG_H

#include "datatype/timestamp.h"

#include "http/server.h"

/* Seconds between two lines. */
#define REFUSALS_LOG_S 60

/* A webhook was answered with 401 or 404; endpoint_id 0 = none. */
extern void va_gateway_refused(int status, int64 endpoint_id, const char *peer, const char *why);

/* Writes a line if one is due; when to ask again.  refused: the HTTP server's own counts by VaRefusal. */
extern TimestampTz va_gateway_report(const uint64 *refused);

#endif /* VOICEAGENT_GATEWAY_LOG_H */
