/*-------------------------------------------------------------------------
 * web.c
 *		The task of the console: its files, GET /health, /rpc/NAME, /events.
 *
 * Callbacks only queue.  A turn answers what needs no database, and hands the
 * rest on to the processes api (door.h); it runs no statement itself.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "caller.h"
#include "core/shmem.h"
#include "core/wake.h"
#include "door.h"
#include "events.h"
#include "runtime/worker.h"
#include "static_files.h"
#include "tenancy/log_redaction.h"

#define RPC_PREFIX "/rpc/"
/* The longest body: a file of leads comes in pieces (begin_import()). */
#define BODY_MAX (4 * 1024 * 1024)
/* Longer than any request is held: then something has lost it. */
#define REPLY_TIMEOUT_MS 60000

static VaHttpd *httpd = NULL;
static char opened_host[VA_HOST_MAX];
static int opened_port;
static VaHttpdRequest *first_request = NULL;
static VaHttpdRequest **last_request = &first_request;

static void
take_request(void *ctx, VaHttpdRequest *request)
{
	VaWorker *worker = ctx;

	request->next = NULL;
	*last_request = request;
	last_request = &request->next;
	va_loop_note_io(worker->loop);
}

static void
note_refusal(void *ctx)
{
	va_loop_note_io(((VaWorker *) ctx)->loop);
}

/* ----- a request ----- */

static bool
is_reading(const VaHttpdRequest *request)
{
	return strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
}

static void
note_answer(VaHttpdRequest *request, const VaField *answer)
{
	static const char *const headers[] = { "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
		"WWW-Authenticate: Bearer" };
	int status = answer != NULL ? atoi(answer[VA_TELL_STATUS].bytes) : 503;

	if (answer == NULL)
		va_deny(request, &(VaDenial){ 503, "57P01", "the request could not be served", NULL,
							 "What it should change may have changed: look, and send it again." });
	else
		va_httpd_reply(request, status, answer[VA_TELL_TYPE].len > 0 ? answer[VA_TELL_TYPE].bytes : NULL, headers,
			status == 401 ? 3 : 2, answer[VA_TELL_BODY].bytes, answer[VA_TELL_BODY].len);
}

static void
ask_api(VaHttpdRequest *request)
{
	bool events = strcmp(request->path, "/events") == 0;
	VaCaller caller;
	VaDenial denial;
	VaDoorAsk question = { "rpc", request, &caller, request->path + strlen(RPC_PREFIX), note_answer };

	if (!va_find_caller(request, &caller, &denial))
		va_deny(request, &denial);
	else if (events)
		va_events_listen(request, &caller);
	else if (!is_reading(request) && strcmp(request->method, "POST") != 0)
		va_deny(
			request, &(VaDenial){ 405, "PGRST101", "For functions, only GET, HEAD and POST are allowed", NULL, NULL });
	else if (!va_door_ask(&question, &denial))
		va_deny(request, &denial);
}

static void
serve(void *arg)
{
	VaHttpdRequest *request = arg;
	static const char health[] = "{\"status\":\"ok\"}";

	if (strncmp(request->path, RPC_PREFIX, strlen(RPC_PREFIX)) == 0 || strcmp(request->path, "/events") == 0)
		ask_api(request);
	else if (!is_reading(request))
		va_deny(request, &(VaDenial){ 405, "PGRST117", "Unsupported HTTP method", NULL, NULL });
	else if (strcmp(request->path, "/health") == 0)
		va_httpd_reply(request, 200, "application/json", NULL, 0, health, strlen(health));
	else if (!va_static_answer(request))
		va_deny(request, &(VaDenial){ 404, "PGRST205", "There is nothing here", NULL,
							 "Functions are at /rpc/NAME; tables are read through PostgREST." });
}

/* One that cannot be served is answered all the same, and holds nobody up. */
static void
serve_requests(void)
{
	static const char body[] = "{\"code\":\"53200\",\"details\":null,\"hint\":null,\"message\":\"out of memory\"}";

	while (first_request != NULL)
	{
		VaHttpdRequest *request = first_request;
		char sqlstate[6];
		char *message;

		first_request = request->next;
		if (first_request == NULL)
			last_request = &first_request;
		if (va_try_outside(serve, request, sqlstate, &message))
			continue;
		ereport(LOG, (errmsg("could not serve a request: %s: %s", sqlstate, va_mask_caught(message, sqlstate))));
		va_httpd_reply(request, 503, "application/json", NULL, 0, body, strlen(body));
	}
}

/* ----- the task ----- */

static void
read_options(VaHttpdOptions *options)
{
	va_httpd_default_options(options);
	options->host = va_guc_web_host;
	options->port = va_guc_web_port;
	options->max_head_bytes = (size_t) va_guc_gateway_max_header_kb * 1024;
	options->max_body_bytes = BODY_MAX;
	options->max_connections = va_guc_gateway_max_connections;
	options->max_per_peer = va_guc_gateway_max_connections_per_peer;
	options->max_buffered = (size_t) va_guc_gateway_max_buffer_mb * 1024 * 1024;
	options->on_refused = note_refusal;
	strlcpy(options->trusted_proxies, va_guc_gateway_trusted_proxies, sizeof(options->trusted_proxies));
	options->head_timeout_ms = va_guc_gateway_timeout_ms;
	options->body_timeout_ms = va_guc_gateway_timeout_ms;
	options->reply_timeout_ms = REPLY_TIMEOUT_MS;
}

static void
open_web(VaWorker *worker)
{
	VaHttpdOptions options;
	char err[200];

	read_options(&options);
	httpd = va_httpd_start(va_loop_uv(worker->loop), &options, take_request, worker, err, sizeof(err));
	if (httpd == NULL)
		ereport(
			ERROR, (errcode(ERRCODE_CONNECTION_FAILURE),
					   errmsg("could not open the console at %s port %d: %s", va_guc_web_host, va_guc_web_port, err),
					   errhint("Set voiceagent.web_port to a free port, to 0 for any, or to -1 for none.")));
	strlcpy(opened_host, va_guc_web_host, sizeof(opened_host));
	opened_port = va_guc_web_port;
	va_slot_set_address(httpd);
}

static void
close_web(void)
{
	va_httpd_stop(httpd);
	httpd = NULL;
	va_slot_set_address(NULL);
}

static void
web_start(VaWorker *worker)
{
	va_static_load();
	va_door_open(worker);
}

static TimestampTz
web_turn(VaWorker *worker, VaWake why)
{
	int64 tenants[VA_TENANTS_MAX];
	VaHttpdOptions options;
	uint64 refused[VA_REFUSALS];
	TimestampTz next;
	bool all;
	int n;

	if (httpd != NULL && (opened_port != va_guc_web_port || strcmp(opened_host, va_guc_web_host) != 0))
		close_web();
	/* A database may have none of its own. */
	if (httpd == NULL && va_guc_web_port >= 0)
		open_web(worker);
	if (httpd != NULL && (why & VA_WAKE_RELOAD) != 0)
	{
		read_options(&options);
		va_httpd_configure(httpd, &options);
		va_static_load();
	}
	serve_requests();
	if ((why & ~VA_WAKE_IO) != 0)
	{
		n = va_take_heard(tenants, &all);
		va_events_news(tenants, n, all);
	}
	next = va_door_turn();
	next = Min(next, va_events_turn());
	for (int i = 0; httpd != NULL && i < VA_REFUSALS; i++)
		refused[i] = va_httpd_refused(httpd, (VaRefusal) i);
	if (httpd != NULL)
		va_slot_set_refused(refused);
	return next;
}

static void
web_stop(VaWorker *worker)
{
	if (httpd != NULL)
		close_web();
	va_door_close();
}

const VaTask va_web_task = { "web", web_start, web_turn, web_stop, 0 };
