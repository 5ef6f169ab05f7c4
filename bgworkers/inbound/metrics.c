/*-------------------------------------------------------------------------
 * metrics.c
 *		The gateway's answer to Prometheus (contract in inbound.h).  The
 *		metrics are written in sql/95_ops/40_metrics.sql.
 */
#include "postgres.h"

#include <sodium.h>

#include "utils/memutils.h"

#include "inbound.h"
#include "core/statement.h"
#include "runtime/worker.h"

#define BEARER "Bearer "

static VaStatement report_statement = { "SELECT voiceagent_private.metrics_report() AS report", 0, { 0 }, NULL };

/* In constant time: the comparison takes as long wherever the two differ. */
static bool
is_token(const char *given, const char *token)
{
	unsigned char a[crypto_generichash_BYTES];
	unsigned char b[crypto_generichash_BYTES];

	crypto_generichash(a, sizeof(a), (const unsigned char *) given, strlen(given), NULL, 0);
	crypto_generichash(b, sizeof(b), (const unsigned char *) token, strlen(token), NULL, 0);
	return sodium_memcmp(a, b, sizeof(a)) == 0;
}

int
va_metrics_status(const VaHttpdRequest *request)
{
	const char *authorization = va_httpd_header(request, "authorization");

	if (va_guc_metrics_token == NULL || va_guc_metrics_token[0] == '\0')
		return 404;
	if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0)
		return 405;
	if (authorization == NULL || pg_strncasecmp(authorization, BEARER, strlen(BEARER)) != 0 ||
		!is_token(authorization + strlen(BEARER), va_guc_metrics_token))
		return 401;
	return 200;
}

char *
va_metrics_report(void)
{
	MemoryContext memory = CurrentMemoryContext;
	char *report;

	va_begin("report metrics");
	va_execute(&report_statement, NULL, NULL);
	report = va_column_text(0, "report");
	report = report != NULL ? MemoryContextStrdup(memory, report) : NULL;
	va_commit();
	MemoryContextSwitchTo(memory);
	return report;
}
