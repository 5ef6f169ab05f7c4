/*-------------------------------------------------------------------------
 * metrics.h
 *		GET /metrics of the gateway: Prometheus' text format, version 0.0.4.
 *
 * Served only to a request that shows the token of voiceagent.metrics_token as
 * "Authorization: Bearer ..."; while the setting is empty there is no such
 * path. The figures are the database's, never a tenant's.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_METRICS_H
#define VOICEAGENT_METRICS_H

#include "http/server.h"

#define VA_METRICS_PATH "/metrics"
#define VA_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* The status for this request, by its method and token: 200, 401, 404 or 405. */
extern int va_metrics_status(const VaHttpdRequest *request);

/* The report, in the current memory context; a transaction of its own, which may raise. */
extern char *va_metrics_report(void);

#endif /* VOICEAGENT_METRICS_H */
