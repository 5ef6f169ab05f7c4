/*-------------------------------------------------------------------------
 * pages.c
 *		The task that fetches web pages whose text becomes documents.
 *
 * A turn has three parts, and no network inside a transaction: record the
 * pages that have come (commit), claim what is due (commit), ask for it. What
 * an answer means is decided by SQL (39_knowledge/40_pages.sql).  A page whose
 * answer is lost is asked for again when its lease ends.
 *
 * It has an HTTP client of its own, whose answers may be large: however slow a
 * server is, and however much it sends, it takes nothing from other tasks.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "core/statement.h"
#include "http/client.h"
#include "runtime/fair_share.h"
#include "runtime/tenant_backoff.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

/*
 * Pages on their way at a time, of all tenants, and the longest page: what they
 * may take of our memory. A tenant has its share of them (va_fair_share_left());
 * claim_pages() bounds those of a tenant, and those of a host.
 */
#define PAGES_IN_FLIGHT_MAX 16
#define PAGE_MAX_BYTES (4 * 1024 * 1024)
/* The wait of a tenant whose share is taken, or whose hosts have enough to answer; an answer ends it. */
#define HELD_UP_US USECS_PER_SEC
/* First wait after a failed claim, and before a page whose rows are locked is recorded. */
#define HELD_WAIT_MS 1000
#define POKE_REST_MS 50
/* A page that takes longer to be read than this has its tenant's next one wait for so many times as long. */
#define LONG_PAGE_MS 100
#define LONG_PAGE_REST 9
#define LONGEST_REST_MS (60 * 1000)

/* One page on its way; malloc'ed, because it outlives turns and is touched in callbacks. */
typedef struct Fetch
{
	struct Fetch *next;
	struct Fetch *next_out;
	int64 tenant_id;
	int64 document_id;
	VaHttpResult *result; /* NULL when nothing could be sent */
	char error[200];	  /* why */
} Fetch;

/* Row of claim_pages(), in the round's memory. */
typedef struct Order
{
	int64 document_id;
	char *url;
	bool private_host;
	int timeout_ms;
	char *problem;
} Order;

typedef struct ClaimBatch
{
	int64 tenant_id;
	int limit;
	MemoryContext memory;
	Order *orders;
	int n;
} ClaimBatch;

static VaHttp *http = NULL;
static Fetch *answered = NULL;		   /* filled by callbacks; those whose rows are locked stay */
static Fetch *out = NULL;			   /* on their way: in_flight of them */
static VaTenantBackoff tenant_backoff; /* tenants of pages that stay, or whose claims fail */
static VaTenantBackoff rests = { .longest_ms = LONGEST_REST_MS }; /* tenants of long pages */
static int in_flight = 0;

static VaStatement recover_statement = { "SELECT voiceagent_private.recover_pages()", 0, { 0 }, NULL };
static VaStatement ready_statement = {
	"SELECT t.tenant_id, r.next_at, cardinality(r.tenants) AS n FROM voiceagent_private.ready_pages($1, $2) r"
	" LEFT JOIN LATERAL unnest(r.tenants) AS t(tenant_id) ON true",
	2, { INT8OID, INT4OID }, NULL
};
static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_pages($1)", 1, { INT4OID }, NULL };
static VaStatement record_statement = {
	"SELECT voiceagent_private.record_page($1, nullif($2, 0), nullif($3, ''), $4, $5, nullif($6, -1))", 6,
	{ INT8OID, INT4OID, TEXTOID, TEXTOID, BYTEAOID, INT4OID }, NULL
};

static void
page_done(void *ctx, VaHttpResult *result)
{
	Fetch *page = ctx;
	Fetch **link = &out;

	while (*link != page)
		link = &(*link)->next_out;
	*link = page->next_out;
	page->result = result;
	page->next = answered;
	answered = page;
	in_flight--;
}

static void
note_io(void *arg)
{
	va_loop_note_io((VaLoop *) arg);
}

static VaHttp *
pages_http(VaWorker *worker)
{
	char reason[200];
	VaHttpOptions options = {
		.max_in_flight = PAGES_IN_FLIGHT_MAX,
		.max_response_bytes = PAGE_MAX_BYTES,
		.timeout_ms = va_guc_http_timeout_ms,
		.connect_timeout_ms = va_guc_http_connect_timeout_ms,
		.user_agent = "voiceagent",
		.note_io = note_io,
		.note_io_arg = worker->loop,
	};

	if (http == NULL)
	{
		http = va_http_create(va_loop_uv(worker->loop), &options, reason, sizeof(reason));
		if (http == NULL)
			ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not make an HTTP client: %s", reason)));
	}
	return http;
}

/* ---- whose turn it is ---- */

static TimestampTz
put_off_until(int64 tenant_id)
{
	return Max(va_backoff_until(&tenant_backoff, tenant_id), va_backoff_until(&rests, tenant_id));
}

static bool
is_put_off(int64 tenant_id)
{
	return va_backoff_active(&tenant_backoff, tenant_id) || va_backoff_active(&rests, tenant_id);
}

/* However much a tenant has us read, most of the time is the others'. */
static void
rest_after(int64 tenant_id, TimestampTz began)
{
	long took_ms = TimestampDifferenceMilliseconds(began, GetCurrentTimestamp());

	va_backoff_reset(&rests, tenant_id);
	if (took_ms > LONG_PAGE_MS)
		(void) va_backoff_start(&rests, tenant_id, (int) Min(took_ms * LONG_PAGE_REST, LONGEST_REST_MS));
}

/* ---- answers ---- */

/* "" = it is a page. */
static const char *
describe(const Fetch *page)
{
	const VaHttpResult *result = page->result;

	if (result == NULL)
		return page->error;
	if (result->outcome != VA_HTTP_OK)
		return result->error;
	if (result->status >= 300 && result->status < 400)
		return psprintf("HTTP status %d: redirects are not followed", result->status);
	if (result->status < 200 || result->status >= 300)
		return psprintf("HTTP status %d", result->status);
	return "";
}

/* A server's header as text that the database takes. */
static char *
printable(const char *text)
{
	char *copy = pstrdup(text);

	for (char *c = copy; *c != '\0'; c++)
		if ((unsigned char) *c < 0x20 || (unsigned char) *c >= 0x7F)
			*c = '?';
	return copy;
}

static void
record(void *arg)
{
	Fetch *page = arg;
	const VaHttpResult *result = page->result;
	bool answer = result != NULL && result->outcome == VA_HTTP_OK;
	size_t len = answer ? result->body_len : 0;
	bytea *body = palloc(VARHDRSZ + len);
	Datum values[6];

	SET_VARSIZE(body, VARHDRSZ + len);
	if (len > 0)
		memcpy(VARDATA(body), result->body, len);
	va_set_tenant(page->tenant_id);
	values[0] = Int64GetDatum(page->document_id);
	values[1] = Int32GetDatum(answer ? result->status : 0);
	values[2] = CStringGetTextDatum(printable(describe(page)));
	values[3] = CStringGetTextDatum(answer ? printable(result->content_type) : "");
	values[4] = PointerGetDatum(body);
	values[5] = Int32GetDatum(result != NULL ? result->retry_after_s : -1);
	va_execute(&record_statement, values, NULL);
}

/*
 * A commit of its own. False: its rows are locked, and it is kept. One that
 * cannot be recorded for another reason is left to its lease.
 */
static bool
try_record(Fetch *page)
{
	char sqlstate[6];
	char *message;
	TimestampTz began = GetCurrentTimestamp();
	bool noted;

	va_begin("record a page");
	noted = va_try(record, page, sqlstate, &message);
	va_commit();
	if (noted)
		rest_after(page->tenant_id, began);
	if (!noted && va_is_lock_error(sqlstate))
	{
		if (va_backoff_start(&tenant_backoff, page->tenant_id, HELD_WAIT_MS))
			ereport(LOG, (errmsg("pages of tenant " INT64_FORMAT " wait for a transaction that holds their rows",
							 page->tenant_id)));
		return false;
	}
	va_backoff_reset(&tenant_backoff, page->tenant_id);
	if (!noted)
		ereport(LOG, (errmsg("could not record a page of tenant " INT64_FORMAT ": %s: %s", page->tenant_id, sqlstate,
						 va_mask_caught(message, sqlstate))));
	return true;
}

/* False: there was none, or only pages of tenants that are put off. */
static bool
record_pages(void)
{
	Fetch **link = &answered;
	bool freed = false;

	while (*link != NULL)
	{
		Fetch *page = *link;

		if (is_put_off(page->tenant_id) || !try_record(page))
		{
			link = &page->next;
			continue;
		}
		*link = page->next;
		va_http_result_free(page->result);
		free(page);
		freed = true;
	}
	return freed;
}

/* ---- claim and send ---- */

static void
claim_tenant(void *arg)
{
	ClaimBatch *batch = arg;
	Datum values[1] = { Int32GetDatum(batch->limit) };
	MemoryContext old;

	va_set_tenant(batch->tenant_id);
	batch->n = (int) va_execute(&claim_statement, values, NULL);
	/* The texts must outlive the commit. */
	old = MemoryContextSwitchTo(batch->memory);
	batch->orders = palloc0(sizeof(Order) * Max(batch->n, 1));
	for (int i = 0; i < batch->n; i++)
	{
		Order *order = &batch->orders[i];

		order->document_id = va_column_int(i, "document_id", 0);
		order->url = va_column_text(i, "url");
		order->private_host = va_column_bool(i, "private_host");
		order->timeout_ms = (int) va_column_int(i, "timeout_ms", 0);
		order->problem = va_column_text(i, "problem");
	}
	MemoryContextSwitchTo(old);
}

/* False: the claim failed. The tenant is skipped; its pages come up later. */
static bool
fill_batch(ClaimBatch *batch)
{
	char sqlstate[6];
	char *message;
	bool done;

	va_begin("claim pages");
	done = va_try(claim_tenant, batch, sqlstate, &message);
	if (!done)
	{
		batch->n = 0;
		if (va_backoff_start(&tenant_backoff, batch->tenant_id, HELD_WAIT_MS))
			ereport(LOG, (errmsg("could not claim pages of tenant " INT64_FORMAT ": %s: %s", batch->tenant_id, sqlstate,
							 va_mask_caught(message, sqlstate))));
	}
	va_commit();
	return done;
}

static bool
submit(VaWorker *worker, const Order *order, Fetch *page)
{
	static const char *const lines[] = { "accept: text/html, application/xhtml+xml, text/plain, text/markdown" };
	VaHttpClientRequest call = { 0 };

	if (order->problem != NULL)
	{
		strlcpy(page->error, order->problem, sizeof(page->error));
		return false;
	}
	call.method = "GET";
	call.url = order->url;
	call.headers = lines;
	call.nheaders = lengthof(lines);
	call.timeout_ms = order->timeout_ms;
	call.allow_loopback = call.allow_private = order->private_host;
	return va_http_submit(pages_http(worker), &call, page_done, page, page->error, sizeof(page->error));
}

static void
send_batch(VaWorker *worker, const ClaimBatch *batch)
{
	for (int i = 0; i < batch->n; i++)
	{
		const Order *order = &batch->orders[i];
		Fetch *page = calloc(1, sizeof(Fetch));
		bool sent;

		if (page == NULL)
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		page->tenant_id = batch->tenant_id;
		page->document_id = order->document_id;
		sent = submit(worker, order, page);
		/* Counted only now: an error before this must not leave it counted for ever. */
		in_flight++;
		page->next_out = out;
		out = page;
		if (!sent)
			page_done(page, NULL);
	}
	va_loop_run(worker->loop);
}

/* ---- the task ---- */

/* Pages of a tenant that are on their way. */
static int
count_out(int64 tenant_id)
{
	int n = 0;

	for (Fetch *page = out; page != NULL; page = page->next_out)
		n += page->tenant_id == tenant_id;
	return n;
}

static int
serve_tenant(VaWorker *worker, int64 tenant_id, int limit, TimestampTz *again)
{
	int own = count_out(tenant_id);
	ClaimBatch batch = { .tenant_id = tenant_id,
		.limit = Min(limit, va_fair_share_left(PAGES_IN_FLIGHT_MAX, own, in_flight - own)) };

	/* Its answers first. */
	if (is_put_off(tenant_id))
	{
		*again = Min(*again, put_off_until(tenant_id));
		return 0;
	}
	if (batch.limit == 0)
	{
		*again = Min(*again, GetCurrentTimestamp() + HELD_UP_US);
		return 0;
	}
	batch.memory = AllocSetContextCreate(worker->scratch, "claimed pages", ALLOCSET_DEFAULT_SIZES);
	if (!fill_batch(&batch))
		*again = Min(*again, va_backoff_until(&tenant_backoff, tenant_id));
	else if (batch.n == 0)
		*again = Min(*again, GetCurrentTimestamp() + HELD_UP_US);
	if (batch.n > 0)
		send_batch(worker, &batch);
	MemoryContextDelete(batch.memory);
	return batch.n;
}

static VaFairShare fair_share = { .file = __FILE__,
	.recovering = "recover pages",
	.recover = &recover_statement,
	.looking = "look for pages",
	.ready = &ready_statement,
	.serve = serve_tenant,
	.in_flight = &in_flight,
	.in_flight_max = PAGES_IN_FLIGHT_MAX,
	.look_again = DT_NOEND };

static void
pages_start(VaWorker *worker)
{
	va_fair_share_start(&fair_share);
}

/* A page that could not be asked for has ended already, and nothing else would wake us; locked ones wait. */
static TimestampTz
answers_due(void)
{
	TimestampTz due = fair_share.look_again;

	for (Fetch *page = answered; page != NULL; page = page->next)
		due = Min(due, put_off_until(page->tenant_id));
	return due;
}

static TimestampTz
pages_turn(VaWorker *worker, VaWake why)
{
	bool freed = record_pages();

	va_fair_share_round(&fair_share, worker, why, freed);
	return answers_due();
}

static void
pages_stop(VaWorker *worker)
{
	if (http != NULL)
		va_http_destroy(http);
	http = NULL;
}

const VaTask va_pages_task = { "pages", pages_start, pages_turn, pages_stop, POKE_REST_MS };
