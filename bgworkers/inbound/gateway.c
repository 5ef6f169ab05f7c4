/*-------------------------------------------------------------------------
 * gateway.c
 *		The task at the door: /webhooks/{token}, /payments/{vendor}, /intake/{token}, /mail, GET /health, GET /metrics.
 *
 * Callbacks only queue. A turn verifies the raw bytes of what has come, stores the genuine webhooks of all tenants in
 * one commit, and answers after it: a carrier that got 200 need never send again. When few have come, and the applier
 * rests, they have their whole effect in that commit, which is soonest and cheapest. Otherwise the applier applies
 * them, many at once, which bears more load.
 *
 * A carrier that waits to hear what to do with a call gets its document in that same answer.  The tools of a talking
 * assistant run before (call_tools.c).
 */
#include "postgres.h"

#include <time.h>

#include "utils/json.h"
#include "utils/timestamp.h"

#include "inbound.h"
#include "core/arena.h"
#include "core/compat.h"
#include "tenancy/log_redaction.h"
#include "core/counters.h"
#include "runtime/listener.h"
#include "runtime/worker.h"

/* Webhooks of one commit. */
#define BATCH_MAX 500
#define URL_PREFIX "/webhooks/"
/* Seconds after which senders may come again while the extension waits for its update. */
#define CLOSED_RETRY_S 30

static VaListener listener;

/* ---- judging ---- */

static VaWebhookVerdict
verify_bytes(InboundWebhook *webhook, VaArena *arena)
{
	return va_webhook_check(webhook->endpoint, &webhook->message, (int64) time(NULL), arena, &webhook->event_key,
		&webhook->events, &webhook->by_previous, &webhook->why);
}

/* The request as its signature is over it: the public URL is the one that the carrier was given. */
static void
make_message(const VaHttpdRequest *request, VaSignedMessage *message)
{
	VaHeader *headers = palloc(sizeof(VaHeader) * Max(request->nheaders, 1));

	for (int i = 0; i < request->nheaders; i++)
		headers[i] = (VaHeader){ request->headers[i].name, request->headers[i].value };
	message->headers = headers;
	message->nheaders = request->nheaders;
	message->body = request->body;
	message->body_len = request->body_len;
	message->method = request->method;
	message->query = request->query;
	message->peer = request->peer;
	message->url = psprintf(
		"%s%s%s%s", va_guc_public_base_url, request->path, request->query[0] != '\0' ? "?" : "", request->query);
}

/* False: there is none, which is the answer. */
static bool
find_endpoint(InboundWebhook *webhook, bool fresh)
{
	const char *token = webhook->request->path + strlen(URL_PREFIX);
	VaEndpointFinding finding = va_find_endpoint(token, fresh, &webhook->endpoint);

	if (finding == VA_ENDPOINT_FOUND)
		return true;
	webhook->status = finding == VA_ENDPOINT_NONE ? 404 : finding == VA_ENDPOINT_ELSEWHERE ? 421 : 503;
	webhook->cell = finding == VA_ENDPOINT_ELSEWHERE ? va_endpoint_cell(token) : 0;
	webhook->why = webhook->cell != 0 ? "another cell serves this endpoint" : "no such endpoint";
	/* Whatever the old endpoint made of it, it is not stored. */
	webhook->event_key = NULL;
	return false;
}

static void
verify(InboundWebhook *webhook, VaArena *arena)
{
	VaHttpdRequest *request = webhook->request;
	VaWebhookVerdict verdict;

	if (strncmp(request->path, VA_PAYMENTS_PREFIX, strlen(VA_PAYMENTS_PREFIX)) == 0)
	{
		make_message(request, &webhook->message);
		va_take_payment_webhook(webhook, arena);
		return;
	}
	if (va_is_intake(webhook))
	{
		make_message(request, &webhook->message);
		va_verify_intake(webhook);
		return;
	}
	if (va_is_ticket_mail(webhook))
	{
		make_message(request, &webhook->message);
		va_verify_ticket_mail(webhook);
		return;
	}
	if (!find_endpoint(webhook, false))
		return;
	if (strcmp(request->method, "GET") == 0 && webhook->endpoint->driver->proof != VA_PROOF_VENDOR &&
		webhook->endpoint->driver->proof != VA_PROOF_PEER)
	{
		webhook->status = 405;
		return;
	}
	make_message(request, &webhook->message);
	verdict = verify_bytes(webhook, arena);
	/* The secret may have been changed, or the one before it retired. */
	if (verdict == VA_WEBHOOK_FORGED || webhook->by_previous)
	{
		if (!find_endpoint(webhook, true))
			return;
		verdict = verify_bytes(webhook, arena);
	}
	if (verdict == VA_WEBHOOK_FORGED)
		webhook->status = 401;
	else if (verdict == VA_WEBHOOK_MALFORMED)
		webhook->status = 422; /* stored and set aside all the same */
	else
		webhook->status = 200;
}

/* The part that needs no database; true when the webhook is done with. */
static bool
answer_plain(InboundWebhook *webhook)
{
	VaHttpdRequest *request = webhook->request;

	if (strcmp(request->path, VA_METRICS_PATH) == 0)
		webhook->status = va_metrics_status(request);
	else if (strcmp(request->path, "/health") == 0)
		webhook->status = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0 ? 200 : 405;
	else if (strncmp(request->path, URL_PREFIX, strlen(URL_PREFIX)) != 0 &&
			 strncmp(request->path, VA_PAYMENTS_PREFIX, strlen(VA_PAYMENTS_PREFIX)) != 0 && !va_is_intake(webhook) &&
			 !va_is_ticket_mail(webhook))
		webhook->status = 404;
	else if (strcmp(request->method, "POST") != 0 && strcmp(request->method, "GET") != 0)
		webhook->status = 405;
	return webhook->status != 0;
}

/* ---- storing ---- */

/* In the transaction that stores them; where a request is repeated the plan is the same again. */
static void
write_documents(InboundWebhook *webhooks, int n, VaArena *arena)
{
	for (int i = 0; i < n; i++)
	{
		InboundWebhook *webhook = &webhooks[i];

		if (webhook->status != 200 || webhook->endpoint == NULL || webhook->endpoint->driver->build_answer == NULL)
			continue;
		for (int j = 0; j < webhook->events.count && webhook->asks == NULL; j++)
			if (webhook->events.items[j].wants_answer)
			{
				webhook->asks = &webhook->events.items[j];
				va_write_document(webhook->endpoint, webhook->asks, arena, &webhook->document);
			}
	}
}

static bool
verify_and_store(InboundWebhook *webhooks, int n, VaArena *arena)
{
	InboundWebhook **genuine = palloc(sizeof(InboundWebhook *) * Max(n, 1));
	int n_genuine = 0;
	bool own_commits = false;
	bool stored;

	va_begin("take webhooks in");
	for (int i = 0; i < n; i++)
	{
		if (webhooks[i].status != 0)
			continue;
		verify(&webhooks[i], arena);
		own_commits = own_commits || va_asks_for_tools(&webhooks[i]) || va_is_intake(&webhooks[i]) ||
					  va_is_ticket_mail(&webhooks[i]);
	}
	if (own_commits)
	{
		va_commit();
		va_run_call_tools(webhooks, n, arena);
		va_take_intakes(webhooks, n, arena);
		va_take_ticket_mails(webhooks, n, arena);
		va_begin("take webhooks in");
	}
	for (int i = 0; i < n; i++)
		if (webhooks[i].event_key != NULL && !webhooks[i].later)
			genuine[n_genuine++] = &webhooks[i];
	stored = va_store_inbound(genuine, n_genuine);
	write_documents(webhooks, n, arena);
	VA_CRASH_POINT("before_store");
	va_commit();
	VA_CRASH_POINT("after_store");
	return stored;
}

/* ---- answering ---- */

/* A reply frees its request: from then on the webhook has none. */
static void
answer(InboundWebhook *webhook)
{
	static const char *const allow_post[] = { "Allow: POST" };
	static const char *const allow_get[] = { "Allow: GET, HEAD" };
	bool health = strcmp(webhook->request->path, "/health") == 0;
	bool metrics = strcmp(webhook->request->path, VA_METRICS_PATH) == 0;
	/* A router in front sends the request on to that cell. */
	const char *const cell[] = { psprintf("Voiceagent-Cell: %d", webhook->cell) };
	const char *const *headers = webhook->status == 405	  ? (health || metrics ? allow_get : allow_post)
								 : webhook->status == 421 ? cell
														  : NULL;
	StringInfoData body;
	VaHttpdRequest *request = webhook->request;

	VA_FAULT_POINT("gateway.answer");
	if (webhook->report != NULL)
	{
		webhook->request = NULL;
		va_httpd_reply(request, 200, VA_METRICS_TYPE, NULL, 0, webhook->report, strlen(webhook->report));
		return;
	}
	if (webhook->document.body != NULL)
	{
		webhook->request = NULL;
		va_httpd_reply(
			request, 200, webhook->document.content_type, NULL, 0, webhook->document.body, webhook->document.len);
		return;
	}
	if (webhook->status == 200 && webhook->events.count > 0 && webhook->events.items[0].kind == VA_EVENT_TEXT)
	{
		/* A carrier that reads our answer as instructions gets none: it sends nothing back. */
		webhook->request = NULL;
		va_httpd_reply(request, 200, "text/xml", NULL, 0, "<Response/>", strlen("<Response/>"));
		return;
	}
	initStringInfo(&body);
	if (webhook->status == 200)
		appendStringInfoString(&body, health ? "{\"status\":\"ok\"}" : "{\"received\":true}");
	else
	{
		appendStringInfo(&body, "{\"statusCode\":%d,\"message\":", webhook->status);
		/* Why a signature fails is logged for the operator, not shown to a stranger. */
		escape_json(&body, webhook->status == 401
							   ? (metrics ? "the bearer token is missing or wrong" : "webhook refused")
						   : webhook->status == 503 ? "not stored, send again"
						   : webhook->why			? webhook->why
						   : webhook->status == 405 ? "method not allowed"
													: "not found");
		appendStringInfoChar(&body, '}');
	}
	webhook->request = NULL;
	va_httpd_reply(request, webhook->status, "application/json", headers, headers ? 1 : 0, body.data, body.len);
}

static void
count_inbound(const InboundWebhook *webhook)
{
	static const struct
	{
		int status;
		VaCounter counter;
	} counters[] = { { 200, VA_COUNT_WEBHOOK_STORED }, { 422, VA_COUNT_WEBHOOK_MALFORMED },
		{ 401, VA_COUNT_WEBHOOK_REFUSED }, { 404, VA_COUNT_WEBHOOK_UNKNOWN }, { 503, VA_COUNT_WEBHOOK_FAILED } };

	if (va_is_ticket_mail(webhook) && webhook->status == 401)
		va_gateway_refused(401, 0, webhook->request->peer, webhook->why);
	if (strncmp(webhook->request->path, URL_PREFIX, strlen(URL_PREFIX)) != 0)
		return;
	for (int i = 0; i < (int) lengthof(counters); i++)
		if (counters[i].status == webhook->status)
			va_count(counters[i].counter, 1);
	if (webhook->status == 401 || webhook->status == 404)
		va_gateway_refused(webhook->status, webhook->endpoint != NULL ? webhook->endpoint->endpoint_id : 0,
			webhook->request->peer, webhook->why);
	if (webhook->status == 200)
		va_time(VA_TIME_WEBHOOK, (int64) (uv_hrtime() / 1000) - webhook->request->received_us);
}

/* Up to BATCH_MAX requests from the head of the queue. */
static int
take_batch(InboundWebhook *webhooks)
{
	int n = 0;

	while (n < BATCH_MAX && (webhooks[n].request = va_listener_take(&listener)) != NULL)
		n++;
	return n;
}

/* To the head of the queue: they came before what is in it. */
static void
put_back_later(InboundWebhook *webhooks, int n)
{
	for (int i = n - 1; i >= 0; i--)
	{
		VaHttpdRequest *request = webhooks[i].request;

		if (!webhooks[i].later || request == NULL)
			continue;
		webhooks[i].request = NULL;
		va_listener_put_back(&listener, request);
	}
}

/* The requests of a turn. */
typedef struct Batch
{
	InboundWebhook *webhooks;
	int n;
	bool stored; /* the applier has got something */
} Batch;

/* Everything but the answers. */
static void
serve_inbound(void *arg)
{
	Batch *batch = arg;
	int waiting = 0;

	for (int i = 0; i < batch->n; i++)
	{
		InboundWebhook *webhook = &batch->webhooks[i];

		if (!answer_plain(webhook))
			waiting++;
		else if (webhook->status == 200 && strcmp(webhook->request->path, VA_METRICS_PATH) == 0)
			webhook->report = va_metrics_report();
	}
	if (waiting > 0)
		batch->stored = verify_and_store(batch->webhooks, batch->n, va_arena_here());
}

static void
answer_inbound(void *arg)
{
	Batch *batch = arg;

	put_back_later(batch->webhooks, batch->n);
	for (int i = 0; i < batch->n; i++)
		if (batch->webhooks[i].request != NULL)
		{
			count_inbound(&batch->webhooks[i]);
			answer(&batch->webhooks[i]);
		}
}

/* A carrier without an answer yet is asked to send again; this needs no memory. */
static void
refuse_inbound(const Batch *batch)
{
	for (int i = 0; i < batch->n; i++)
	{
		VaHttpdRequest *request = batch->webhooks[i].request;

		batch->webhooks[i].request = NULL;
		if (request != NULL)
			va_httpd_reply(request, 503, "application/json", NULL, 0, "{}", 2);
	}
}

/* The extension is not updated yet: the sender is asked to try again later, and the database is not queried. */
static void
turn_away(void)
{
	static const char *const retry_after[] = { "Retry-After: " CppAsString2(CLOSED_RETRY_S) };
	static const char body[] = "{\"error\":\"the server is being updated, send again\"}";
	VaHttpdRequest *request;

	while ((request = va_listener_take(&listener)) != NULL)
		va_httpd_reply(request, 503, "application/json", retry_after, 1, body, sizeof(body) - 1);
}

/* False: nothing of it was committed, or not all of it was answered. */
static bool
try_batch(Batch *batch)
{
	char sqlstate[6];
	char *message;

	if (va_try_outside(serve_inbound, batch, sqlstate, &message) &&
		va_try_outside(answer_inbound, batch, sqlstate, &message))
		return true;
	va_abort();
	ereport(
		LOG, (errmsg("could not serve %d requests: %s: %s", batch->n, sqlstate, va_mask_caught(message, sqlstate))));
	return false;
}

/*
 * Together or, when that fails, each alone, so that a bad one affects only its
 * own sender. A stored webhook without an answer is sent again, and has no
 * effect twice.
 */
static void
try_inbound(Batch *batch)
{
	if (try_batch(batch))
		return;
	for (int i = 0; batch->n > 1 && i < batch->n; i++)
	{
		InboundWebhook webhook = { .request = batch->webhooks[i].request };
		Batch one = { &batch->webhooks[i], 1, false };

		if (webhook.request == NULL)
			continue;
		batch->webhooks[i] = webhook;
		(void) try_batch(&one);
		batch->stored = batch->stored || one.stored;
		refuse_inbound(&one);
	}
	refuse_inbound(batch);
}

static void
serve_batch(VaWorker *worker)
{
	Batch batch = { .webhooks = palloc0(sizeof(InboundWebhook) * BATCH_MAX) };

	/* Not while webhooks point to them. */
	va_bound_endpoints();
	batch.n = take_batch(batch.webhooks);
	PG_TRY();
	{
		try_inbound(&batch);
	}
	PG_CATCH();
	{
		/* The process is to end, or the like: answer every request first. */
		refuse_inbound(&batch);
		PG_RE_THROW();
	}
	PG_END_TRY();
	if (batch.stored)
		va_tasks_poke(VA_TASK_BIT(VA_TASK_INBOX));
}

/* ---- the task ---- */

static void
read_options(VaHttpdOptions *options)
{
	va_httpd_default_options(options);
	options->host = va_guc_gateway_host;
	options->port = va_guc_gateway_port;
	options->max_head_bytes = (size_t) va_guc_gateway_max_header_kb * 1024;
	options->max_body_bytes = (size_t) va_guc_gateway_max_body_kb * 1024;
	options->max_connections = va_guc_gateway_max_connections;
	options->max_per_peer = va_guc_gateway_max_connections_per_peer;
	options->max_buffered = (size_t) va_guc_gateway_max_buffer_mb * 1024 * 1024;
	options->requests_per_second = va_guc_gateway_requests_per_second;
	strlcpy(options->trusted_proxies, va_guc_gateway_trusted_proxies, sizeof(options->trusted_proxies));
	options->head_timeout_ms = va_guc_gateway_timeout_ms;
	options->body_timeout_ms = va_guc_gateway_timeout_ms;
}

static void
open_gateway(VaWorker *worker)
{
	VaHttpdOptions options;
	char err[200];

	read_options(&options);
	if (!va_listener_open(&listener, worker->loop, &options, err, sizeof(err)))
		ereport(ERROR,
			(errcode(ERRCODE_CONNECTION_FAILURE),
				errmsg("could not open the gateway at %s port %d: %s", va_guc_gateway_host, va_guc_gateway_port, err),
				errhint("Set voiceagent.gateway_port to a free port, or to 0 for any.")));
	va_slot_set_address(listener.httpd);
}

static bool
address_is_changed(void)
{
	return va_listener_is_elsewhere(&listener, va_guc_gateway_host, va_guc_gateway_port);
}

static void
gateway_start(VaWorker *worker)
{
	va_forget_endpoints();
	va_forget_payment_secrets();
}

static TimestampTz
gateway_turn(VaWorker *worker, VaWake why)
{
	VaHttpdOptions options;
	uint64 refused[VA_REFUSALS];
	TimestampTz report_at;

	/* Complete requests are answered first. */
	if (listener.httpd != NULL && listener.first == NULL && address_is_changed())
		va_listener_close(&listener);
	/* Not in start(): a port that is taken is tried again, with the backoff of every failure. */
	if (listener.httpd == NULL)
		open_gateway(worker);
	if (why & VA_WAKE_RELOAD)
	{
		read_options(&options);
		va_httpd_configure(listener.httpd, &options);
		va_forget_endpoints();
	}
	if (worker->refuses)
		turn_away();
	/* For example, a secret was changed: from its commit on the old one is not valid. */
	if ((why & VA_WAKE_POKE) && !worker->refuses)
		va_renew_endpoints();
	if (listener.first != NULL)
		serve_batch(worker);
	va_listener_refused(&listener, refused);
	va_slot_set_refused(refused);
	report_at = va_gateway_report(refused);
	return listener.first != NULL || address_is_changed() ? GetCurrentTimestamp() : report_at;
}

static void
gateway_stop(VaWorker *worker)
{
	if (listener.httpd != NULL)
		va_listener_close(&listener);
}

const VaTask va_gateway_task = { "gateway", gateway_start, gateway_turn, gateway_stop, 0 };
