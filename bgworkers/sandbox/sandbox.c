/*-------------------------------------------------------------------------
 * sandbox.c
 *		The task of the embedded carrier: its API on the loopback, and its
 *		memory in the table sandbox_calls.
 *
 * The carrier itself is sandbox/engine.c. Here its record of calls is
 * committed, many requests at a time, before any of them is answered; calls
 * that finished meanwhile are recorded with them. After a crash the calls that
 * are not done go on, and their webhooks are sent again.
 */
#include "postgres.h"

#include <sodium.h>

#include "core/clock.h"
#include "tenancy/log_redaction.h"
#include "tenancy/keys.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "core/statement.h"
#include "utils/timestamp.h"

#include "records.h"
#include "engine.h"
#include "runtime/listener.h"
#include "runtime/worker.h"

#define BATCH_MAX 1000
#define FLUSH_MS 100		  /* how long a finished call waits for others */
#define FORGET_EVERY_MS 60000 /* and only while there is something else to commit */
#define FORGET_MAX 20000

static VaListener listener;
static VaSandbox *sandbox = NULL;
static bool resumed = false;

static VaSandboxCall *unsaved = NULL; /* finished, and not yet noted so */
static TimestampTz flush_at = DT_NOEND;
static TimestampTz forget_at = 0;

/* The commits and answers of one turn. */
typedef struct Batch
{
	VaSandboxAsk *asks;
	int nasks;
	int64 tenant; /* the one whose turn it is */
} Batch;

static VaStatement forget_statement = { "SELECT voiceagent_private.sandbox_delete($1)", 1, { INT4OID }, NULL };

/* ---- hooks of the carrier; called from the loop: no database, no errors ---- */

static int64_t
now_hook(void *arg)
{
	return va_sandbox_ms(va_clock_now());
}

/* "sandbox-TENANT-ACCOUNT-SECRET": it names its account, and proves it; account 0: of the embedded model. */
static bool
authenticate_hook(void *arg, const char *key, int64_t *tenant_id, int64_t *provider_account_id)
{
	char secret[VA_SANDBOX_SECRET_SIZE];
	long long tenant;
	long long account;
	int offset = 0;
	bool good;

	if (sscanf(key, "sandbox-%lld-%lld-%n", &tenant, &account, &offset) != 2 || offset == 0 || tenant <= 0 ||
		account < 0)
		return false;
	va_sandbox_secret(tenant, account, "api_key", secret);
	good = va_equal_constant_time(key + offset, strlen(key + offset), secret, strlen(secret));
	sodium_memzero(secret, sizeof(secret));
	*tenant_id = tenant;
	*provider_account_id = account;
	return good;
}

static bool
webhook_secret_hook(void *arg, int64_t tenant_id, int64_t provider_account_id, char *out, size_t size)
{
	char secret[VA_SANDBOX_SECRET_SIZE];

	va_sandbox_secret(tenant_id, provider_account_id, "webhook_secret", secret);
	strlcpy(out, secret, size);
	sodium_memzero(secret, sizeof(secret));
	return true;
}

/* ---- the API ---- */

static void
start(VaWorker *worker)
{
	const VaSandboxHooks hooks = {
		.now = now_hook,
		.authenticate = authenticate_hook,
		.webhook_secret = webhook_secret_hook,
	};
	VaHttpdOptions options;
	char reason[200];

	if (sandbox == NULL)
		sandbox = va_sandbox_create(va_loop_uv(worker->loop), va_worker_http(worker), &hooks);
	if (sandbox == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (listener.httpd != NULL)
		return;
	va_httpd_default_options(&options);
	options.host = "127.0.0.1";
	options.port = va_guc_sandbox_port;
	options.max_connections = 4000;
	options.requests_per_second = 0;
	if (!va_listener_open(&listener, worker->loop, &options, reason, sizeof(reason)))
		ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("the sandbox carrier could not listen: %s", reason),
						   errhint("Set voiceagent.sandbox_port to a free port, or to 0.")));
}

/* ---- records ---- */

/*
 * All of them are read before the first goes on: after an error half-way some
 * would otherwise go on twice.  Processes that wait for its port may dial as soon
 * as they know it, so the calls from before the crash go on first.
 */
static void
resume(VaWorker *worker)
{
	VaSandboxCall *calls;

	va_begin("resume the sandbox's calls");
	va_sandbox_count_stored(sandbox);
	calls = va_sandbox_stored_unfinished();
	va_commit();
	resumed = true;
	while (calls != NULL)
	{
		VaSandboxCall *call = calls;

		calls = call->next;
		va_sandbox_start(sandbox, call);
	}
	va_slot_set_address(listener.httpd);
}

/* ---- what a turn commits ---- */

static void
free_finished(void)
{
	while (unsaved != NULL)
	{
		VaSandboxCall *call = unsaved;

		unsaved = call->next;
		va_sandbox_free(call);
	}
	flush_at = DT_NOEND;
}

/* Finished calls wait for others to be noted with. */
static void
take_finished(void)
{
	VaSandboxCall **end = &unsaved;

	while (*end != NULL)
		end = &(*end)->next;
	*end = va_sandbox_take_finished(sandbox);
	if (unsaved != NULL && flush_at == DT_NOEND)
		flush_at = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), FLUSH_MS);
}

/* The live call ends now, or does as ordered; the engine's memory of it and the row agree at the commit. */
static void
store_order(VaSandboxAsk *ask)
{
	const char *why;
	int status;

	if (ask->kind == VA_ASK_HANG_UP && !va_sandbox_hang_up(sandbox, ask->call))
		return;
	if (ask->kind == VA_ASK_COMMAND && (status = va_sandbox_command(sandbox, ask->call, ask->command, &why)) != 200)
	{
		va_sandbox_refuse(ask, status, why);
		return;
	}
	va_sandbox_store_order(&ask->call->record);
}

static void
answer_fetch(VaSandboxAsk *ask)
{
	VaSandboxCall *call;

	if (ask->call != NULL)
	{
		va_sandbox_answer_call(sandbox, ask, ask->call);
		return;
	}
	call = va_sandbox_stored_call(ask);
	if (call == NULL)
		va_sandbox_refuse(ask, 404, "There is no call of this id");
	else
		va_sandbox_answer_call(sandbox, ask, call);
	va_sandbox_free(call);
}

static void
answer_list(VaSandboxAsk *ask)
{
	int n;
	VaSandboxCall **calls = va_sandbox_stored_list(ask, &n);

	va_sandbox_answer_list(sandbox, ask, calls, n);
	while (n > 0)
		va_sandbox_free(calls[--n]);
}

static void
read_requests(Batch *batch)
{
	VaHttpdRequest *request;

	batch->asks = palloc(sizeof(VaSandboxAsk) * BATCH_MAX);
	while (batch->nasks < BATCH_MAX && (request = va_listener_take(&listener)) != NULL)
	{
		VaSandboxAsk *ask = &batch->asks[batch->nasks];

		va_sandbox_read(sandbox, request, ask);
		batch->nasks += ask->kind != VA_ASK_ANSWERED;
	}
}

/* One tenant's questions, and which of its calls are over. */
static void
store_tenant(void *arg)
{
	Batch *batch = arg;
	VaSandboxCall **calls;
	int n = 0;

	for (VaSandboxCall *call = unsaved; call != NULL; call = call->next)
		n++;
	calls = palloc(sizeof(VaSandboxCall *) * (Max(n, batch->nasks) + 1));
	va_set_tenant(batch->tenant);
	n = 0;
	for (VaSandboxCall *call = unsaved; call != NULL; call = call->next)
		if (call->record.tenant_id == batch->tenant)
			calls[n++] = call;
	if (n > 0)
		va_sandbox_store_finished(calls, n);
	n = 0;
	for (int i = 0; i < batch->nasks; i++)
		if (batch->asks[i].kind == VA_ASK_PLACE && batch->asks[i].tenant_id == batch->tenant)
			calls[n++] = batch->asks[i].call;
	if (n > 0)
		va_sandbox_store_placed(calls, n);
	for (int i = 0; i < batch->nasks; i++)
	{
		VaSandboxAsk *ask = &batch->asks[i];

		if (ask->tenant_id != batch->tenant)
			continue;
		/* Answers that only read leave at once: they say what was committed before. */
		if (ask->kind == VA_ASK_HANG_UP || ask->kind == VA_ASK_COMMAND)
			store_order(ask);
		else if (ask->kind == VA_ASK_FETCH)
			answer_fetch(ask);
		else if (ask->kind == VA_ASK_LIST)
			answer_list(ask);
	}
}

/* Nothing of this tenant (0: of any) was taken: say so to every request without an answer. */
static void
refuse_batch(Batch *batch, int64 tenant)
{
	for (int i = 0; i < batch->nasks; i++)
	{
		VaSandboxAsk *ask = &batch->asks[i];

		if (tenant != 0 && ask->tenant_id != tenant)
			continue;
		if (ask->request != NULL)
			va_sandbox_refuse(ask, 500, "The call could not be recorded");
		ask->kind = VA_ASK_ANSWERED;
	}
}

static void
add_tenant(int64 *tenants, int *n, int64 tenant)
{
	for (int i = 0; i < *n; i++)
		if (tenants[i] == tenant)
			return;
	tenants[(*n)++] = tenant;
}

/*
 * Each tenant by itself: an error of one is refused to that one alone.  If its calls cannot be recorded, that is dropped:
 * they begin again with the next process, and say the same.
 */
static void
store_all(Batch *batch)
{
	int64 *tenants;
	int most = batch->nasks;
	int n = 0;

	for (VaSandboxCall *call = unsaved; call != NULL; call = call->next)
		most++;
	tenants = palloc(sizeof(int64) * (most + 1));
	for (int i = 0; i < batch->nasks; i++)
		add_tenant(tenants, &n, batch->asks[i].tenant_id);
	for (VaSandboxCall *call = unsaved; call != NULL; call = call->next)
		add_tenant(tenants, &n, call->record.tenant_id);
	for (int i = 0; i < n; i++)
	{
		char sqlstate[6];
		char *message;

		batch->tenant = tenants[i];
		if (va_try(store_tenant, batch, sqlstate, &message))
			continue;
		ereport(LOG, (errmsg("the sandbox could not take requests of tenant " INT64_FORMAT ": %s: %s", batch->tenant,
						 sqlstate, va_mask_caught(message, sqlstate))));
		refuse_batch(batch, batch->tenant);
	}
}

static void
commit_batch(Batch *batch)
{
	TimestampTz now = GetCurrentTimestamp();

	va_begin("sandbox: take calls");
	store_all(batch);
	if (forget_at <= now)
	{
		Datum most = Int32GetDatum(FORGET_MAX);

		va_execute(&forget_statement, &most, NULL);
		forget_at = TimestampTzPlusMilliseconds(now, FORGET_EVERY_MS);
	}
	va_commit();
}

static void
answer_batch(Batch *batch)
{
	for (int i = 0; i < batch->nasks; i++)
	{
		VaSandboxAsk *ask = &batch->asks[i];

		if (ask->kind == VA_ASK_PLACE)
			va_sandbox_placed(sandbox, ask);
		else if ((ask->kind == VA_ASK_HANG_UP || ask->kind == VA_ASK_COMMAND) && ask->request != NULL)
			va_sandbox_done(ask);
	}
}

static TimestampTz
turn(VaWorker *worker, VaWake why)
{
	Batch batch = { 0 };
	uint64 refused[VA_REFUSALS];
	char *gateway = va_database_url(MyDatabaseId, VA_WORKER_GATEWAY);

	va_sandbox_set_addresses(sandbox, va_httpd_port(listener.httpd), gateway != NULL ? gateway : "");
	if (!resumed)
		resume(worker);
	take_finished();
	read_requests(&batch);
	if (batch.nasks > 0 || flush_at <= GetCurrentTimestamp())
	{
		PG_TRY();
		{
			commit_batch(&batch);
		}
		PG_CATCH();
		{
			refuse_batch(&batch, 0);
			PG_RE_THROW();
		}
		PG_END_TRY();
		free_finished();
		VA_CRASH_POINT("sandbox_accepted");
		answer_batch(&batch);
	}
	va_listener_refused(&listener, refused);
	va_slot_set_refused(refused);
	if (listener.first != NULL)
		return DT_NOBEGIN;
	take_finished();
	return flush_at;
}

static void
stop(VaWorker *worker)
{
	va_listener_close(&listener);
}

const VaTask va_sandbox_task = { "sandbox", start, turn, stop, 0 };
