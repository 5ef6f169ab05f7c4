/*-------------------------------------------------------------------------
 * deferred.c
 *		The task of a process deferred: executes requests of the API that are
 *		answered later, one after the other.
 *
 * A request is claimed in a commit of its own, which counts the try: one that
 * ends the process is known when its successor claims, and after three tries it
 * is answered with an error.  sql/96_console/70_deferred.sql has the order and
 * the limits.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "console.h"
#include "core/compat.h"
#include "core/processes.h"
#include "core/statement.h"
#include "runtime/transaction.h"
#include "runtime/worker.h"

static VaStatement claim_statement = {
	"SELECT c.tenant_id, c.deferred_request_id, c.function_name, c.spent, c.body, c.request ->> 'path' AS path,"
	" c.request ->> 'claims' AS claims, c.request ->> 'role' AS role, c.request ->> 'type' AS type,"
	" (c.request -> 'headers')::text AS headers FROM voiceagent_private.claim_deferred($1) c",
	1, { TEXTOID }, NULL
};

typedef struct Claim
{
	int64 tenant; /* 0: none waits */
	int64 request;
	bool spent;
	VaField ask[VA_ASK_FIELDS];
} Claim;

static VaField
field_of(MemoryContext context, const char *text)
{
	return text == NULL ? (VaField){ "", 0 } : (VaField){ MemoryContextStrdup(context, text), strlen(text) };
}

/* The one column that is no text. */
static VaField
body_of(MemoryContext context)
{
	bool isnull = true;
	Datum value = 0;
	bytea *body;
	char *copy;

	if (SPI_processed > 0)
		value = SPI_getbinval(
			SPI_tuptable->vals[0], SPI_tuptable->tupdesc, SPI_fnumber(SPI_tuptable->tupdesc, "body"), &isnull);
	if (isnull)
		return (VaField){ "", 0 };
	body = DatumGetByteaPP(value);
	copy = MemoryContextAlloc(context, VARSIZE_ANY_EXHDR(body) + 1);
	memcpy(copy, VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body));
	copy[VARSIZE_ANY_EXHDR(body)] = '\0';
	return (VaField){ copy, VARSIZE_ANY_EXHDR(body) };
}

static void
claim_next(const char *process, MemoryContext context, Claim *claim)
{
	Datum values[1] = { CStringGetTextDatum(process) };
	char session[32];

	va_begin("claim a deferred request");
	va_execute(&claim_statement, values, NULL);
	claim->tenant = va_column_int(0, "tenant_id", 0);
	claim->request = va_column_int(0, "deferred_request_id", 0);
	claim->spent = va_column_bool(0, "spent");
	for (int i = 0; i < VA_ASK_FIELDS; i++)
		claim->ask[i] = (VaField){ "", 0 };
	snprintf(session, sizeof(session), INT64_FORMAT, claim->tenant);
	claim->ask[VA_ASK_KIND] = field_of(context, "rpc");
	claim->ask[VA_ASK_METHOD] = field_of(context, "POST");
	claim->ask[VA_ASK_SESSION] = field_of(context, session);
	claim->ask[VA_ASK_FUNCTION] = field_of(context, va_column_text(0, "function_name"));
	claim->ask[VA_ASK_PATH] = field_of(context, va_column_text(0, "path"));
	claim->ask[VA_ASK_CLAIMS] = field_of(context, va_column_text(0, "claims"));
	claim->ask[VA_ASK_ROLE] = field_of(context, va_column_text(0, "role"));
	claim->ask[VA_ASK_TYPE] = field_of(context, va_column_text(0, "type"));
	claim->ask[VA_ASK_HEADERS] = field_of(context, va_column_text(0, "headers"));
	claim->ask[VA_ASK_BODY] = body_of(context);
	va_commit();
}

static void
give_up(const Claim *claim)
{
	va_rpc_end_deferred(claim->tenant, claim->request, 500,
		va_denial_body("XX000", "the request does not come to an end", "It was begun three times.", NULL));
	ereport(LOG, (errmsg("deferred request " INT64_FORMAT " of tenant " INT64_FORMAT " is given up: it has ended its "
						 "process three times",
					 claim->request, claim->tenant)));
}

static void
deferred_start(VaWorker *worker)
{
}

static TimestampTz
deferred_turn(VaWorker *worker, VaWake why)
{
	MemoryContext context = CurrentMemoryContext;
	Claim claim;

	if ((why & ~VA_WAKE_IO) == 0)
		return DT_NOEND;
	claim_next(va_worker_kind_name(worker->kind), context, &claim);
	if (claim.tenant == 0)
		return DT_NOEND;
	if (claim.spent)
		give_up(&claim);
	else
		va_rpc_serve_deferred(claim.ask, claim.tenant, claim.request,
			worker->kind == VA_WORKER_DEFERRED ? VA_RPC_DEFERRED_MS : VA_RPC_TIMEOUT_MS);
	return GetCurrentTimestamp();
}

const VaTask va_deferred_task = { "deferred", deferred_start, deferred_turn, NULL, 0 };
