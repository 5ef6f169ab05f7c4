/*-------------------------------------------------------------------------
 * web.c
 *		The task of the console: its files, GET /health, /rpc/NAME, /events, the
 *		way back from Google, links to exports, recordings, calendars and appointments.
 *
 * Callbacks only queue.  A turn answers what needs no database, and hands the
 * rest on to the processes api (door.c); it runs no statement itself.
 */
#include "postgres.h"

#include "console.h"
#include "core/arena.h"
#include "core/shmem.h"
#include "core/wake.h"
#include "events.h"
#include "pure/text/form.h"
#include "runtime/listener.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

#define RPC_PREFIX "/rpc/"
#define UNSUBSCRIBE "/unsubscribe/"
#define CALENDARS "/calendar/"
#define CALENDAR_END ".ics"
#define APPOINTMENTS "/a/"
#define GOOGLE_BACK "/google/back"
/* Its page posts at=cancel, or at=SECONDS. */
#define CHOICE "at="
#define TOKEN_BYTES "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
/* The longest body: a file of leads comes in pieces (begin_import()). */
#define BODY_MAX (4 * 1024 * 1024)
/* Longer than any request is held: then something has lost it. */
#define REPLY_TIMEOUT_MS 60000

static VaListener listener;

/* ----- a request ----- */

static bool
is_reading(const VaHttpdRequest *request)
{
	return strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
}

/* The cookie of a token, which an answer has in its quotes.  No page of another site logs its visitor in as somebody else. */
static const char *
cookie_of(const VaHttpdRequest *request, const VaField *answer)
{
	const VaField *body = &answer[VA_TELL_BODY];

	if (strcmp(answer[VA_TELL_HEADER].bytes, VA_OWN_PAGE) != 0 || body->len <= 2 || body->bytes[0] != '"')
		return NULL;
	return va_session_cookie(request, body->bytes + 1, (int) body->len - 2);
}

static void
note_answer(VaHttpdRequest *request, const VaField *answer)
{
	const char *headers[3] = { "Cache-Control: no-store", "X-Content-Type-Options: nosniff" };
	int status = answer != NULL ? atoi(answer[VA_TELL_STATUS].bytes) : 503;

	if (status == 401)
		headers[2] = "WWW-Authenticate: Bearer";
	else if (status == 200)
		headers[2] = cookie_of(request, answer);
	else if (status == 421)
		headers[2] = answer[VA_TELL_HEADER].bytes;

	if (answer == NULL)
		va_deny(request, &(VaDenial){ 503, "57P01", "the request could not be served", NULL,
							 "What it should change may have changed: look, and send it again." });
	else
		va_httpd_reply(request, status, answer[VA_TELL_TYPE].len > 0 ? answer[VA_TELL_TYPE].bytes : NULL, headers,
			headers[2] != NULL ? 3 : 2, answer[VA_TELL_BODY].bytes, answer[VA_TELL_BODY].len);
}

/* Logging out takes the cookie away, whatever became of the session. */
static void
reply_ended(VaHttpdRequest *request, int status)
{
	const char *gone = va_session_cookie(request, "", 0);

	va_httpd_reply(request, status, NULL, &gone, 1, "", 0);
}

/* A session that could not be ended is answered 503; a session that is over has ended. */
static void
note_end(VaHttpdRequest *request, const VaField *answer)
{
	reply_ended(request, answer == NULL || atoi(answer[VA_TELL_STATUS].bytes) >= 500 ? 503 : 204);
}

static void
ask_api(VaHttpdRequest *request)
{
	bool events = strcmp(request->path, "/events") == 0;
	VaCaller caller;
	VaDenial denial;
	VaDoorAsk question = { "rpc", request, &caller, request->path + strlen(RPC_PREFIX), note_answer, NULL, false };
	bool renews = strcmp(request->path, VA_RENEW) == 0;
	bool ends = renews && strcmp(request->method, "DELETE") == 0;

	if (renews)
	{
		question.subject = ends ? "end_session" : "renew_session";
		question.answered = ends ? note_end : note_answer;
		question.body = "{}";
	}
	if (!va_find_caller(request, &caller, &denial))
		ends ? reply_ended(request, 204) : va_deny(request, &denial);
	else if (events)
		va_events_listen(request, &caller);
	else if (!ends && !is_reading(request) && strcmp(request->method, "POST") != 0)
		va_deny(
			request, &(VaDenial){ 405, "PGRST101", "For functions, only GET, HEAD and POST are allowed", NULL, NULL });
	else if (!va_door_ask(&question, &denial))
		va_deny(request, &denial);
}

/* A link needs no token; a request by it is counted for its address. */
static void
ask_file(VaHttpdRequest *request)
{
	VaCaller caller;
	VaDenial denial;

	if (!va_find_caller(request, &caller, &denial))
		va_deny(request, &denial);
	else if (strncmp(request->path, VA_RECORDINGS, strlen(VA_RECORDINGS)) == 0)
		va_recording(request, &caller);
	else
		va_download(request, &caller);
}

/*
 * The link of a mail (RFC 8058): a mail program posts to it, a person who opens it
 * is led to the page, since what looks for viruses opens links, too.
 */
static void
ask_unsubscription(VaHttpdRequest *request)
{
	const char *token = request->path + strlen(UNSUBSCRIBE);
	const char *headers[] = { "Cache-Control: no-store", psprintf("Location: /#%s%s", UNSUBSCRIBE, token) };
	VaCaller caller;
	VaDenial denial = { 404, "PT404", "there is no such subscription", NULL, NULL };
	VaDoorAsk question = { "rpc", request, &caller, "unsubscribe", note_answer, psprintf("{\"token\":\"%s\"}", token),
		false };

	if (token[0] == '\0' || strspn(token, TOKEN_BYTES) != strlen(token))
		va_deny(request, &denial);
	else if (is_reading(request))
		va_httpd_reply(request, 303, NULL, headers, lengthof(headers), "", 0);
	else if (strcmp(request->method, "POST") != 0)
		va_deny(request, &(VaDenial){ 405, "PGRST117", "Unsupported HTTP method", NULL, NULL });
	else if (!va_find_caller(request, &caller, &denial) || !va_door_ask(&question, &denial))
		va_deny(request, &denial);
}

/*
 * Google's user comes back, by a link of another site, which brings no login along:
 * the page brings what Google says, as whoever is logged in (finish_google()).
 */
static void
lead_back(VaHttpdRequest *request)
{
	bool plain = strspn(request->query, TOKEN_BYTES "%&=+.~/:") == strlen(request->query);
	const char *headers[] = { "Cache-Control: no-store", "Referrer-Policy: no-referrer",
		psprintf("Location: /#/accounts?%s", plain ? request->query : "error=unreadable") };

	va_httpd_reply(request, 303, NULL, headers, lengthof(headers), "", 0);
}

static void
deny_path(VaHttpdRequest *request)
{
	va_deny(request, &(VaDenial){ 404, "PGRST205", "There is nothing here", NULL,
						 "Functions are at /rpc/NAME; tables are read through PostgREST." });
}

static void
note_calendar(VaHttpdRequest *request, const VaField *answer)
{
	static const char *const headers[] = { "Cache-Control: private, no-cache", "X-Content-Type-Options: nosniff",
		"Content-Disposition: attachment; filename=\"calendar.ics\"",
		"Content-Security-Policy: default-src 'none'; sandbox", "Referrer-Policy: no-referrer" };

	if (answer != NULL && atoi(answer[VA_TELL_STATUS].bytes) == 200)
		va_httpd_reply(request, 200, answer[VA_TELL_TYPE].bytes, headers, lengthof(headers), answer[VA_TELL_BODY].bytes,
			answer[VA_TELL_BODY].len);
	else if (answer != NULL && atoi(answer[VA_TELL_STATUS].bytes) == 404)
		deny_path(request);
	else
		note_answer(request, answer);
}

/* An unknown token is answered like an unknown path, so that none learns that it existed. */
static void
ask_calendar(VaHttpdRequest *request)
{
	const char *token = request->path + strlen(CALENDARS);
	size_t len = strspn(token, TOKEN_BYTES);
	VaCaller caller;
	VaDenial denial;
	VaDoorAsk question = { "calendar", request, &caller, pnstrdup(token, len), note_calendar, NULL, false };

	if (len == 0 || strcmp(token + len, CALENDAR_END) != 0)
		deny_path(request);
	else if (!va_find_caller(request, &caller, &denial) || !va_door_ask(&question, &denial))
		va_deny(request, &denial);
}

static void
note_appointment(VaHttpdRequest *request, const VaField *answer)
{
	static const char *const headers[] = { "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
		"Content-Security-Policy: default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"Referrer-Policy: no-referrer", "X-Robots-Tag: noindex" };
	int status = answer != NULL ? atoi(answer[VA_TELL_STATUS].bytes) : 503;

	if (status == 200 || status == 410)
		va_httpd_reply(request, status, answer[VA_TELL_TYPE].bytes, headers, lengthof(headers),
			answer[VA_TELL_BODY].bytes, answer[VA_TELL_BODY].len);
	else if (status == 404)
		deny_path(request);
	else
		note_answer(request, answer);
}

/* A lead's, from a text or a mail: looked at by GET, which programs that show what is behind a link do, too. */
static void
ask_appointment(VaHttpdRequest *request)
{
	const char *token = request->path + strlen(APPOINTMENTS);
	char body[32] = "";
	VaCaller caller;
	VaDenial denial;
	VaDoorAsk question = { "appointment", request, &caller, token, note_appointment, body, false };

	if (!is_reading(request) && request->body_len > strlen(CHOICE) && request->body_len < sizeof(body) &&
		memcmp(request->body, CHOICE, strlen(CHOICE)) == 0)
		memcpy(body, request->body + strlen(CHOICE), request->body_len - strlen(CHOICE));
	/* A body that our page does not post is no choice. */
	if (strspn(body, TOKEN_BYTES) != strlen(body))
		body[0] = '\0';
	if (token[0] == '\0' || strspn(token, TOKEN_BYTES) != strlen(token))
		deny_path(request);
	else if (!is_reading(request) && strcmp(request->method, "POST") != 0)
		va_deny(request, &(VaDenial){ 405, "PGRST117", "Unsupported HTTP method", NULL, NULL });
	else if (!va_find_caller(request, &caller, &denial) || !va_door_ask(&question, &denial))
		va_deny(request, &denial);
}

/* A program's, at the doors of MCP and of OAuth: with the line that the answer brings. */
static void
note_program(VaHttpdRequest *request, const VaField *answer)
{
	const char *headers[4] = { "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
		"Referrer-Policy: no-referrer" };

	if (answer == NULL)
	{
		note_answer(request, NULL);
		return;
	}
	headers[3] = answer[VA_TELL_HEADER].bytes;
	va_httpd_reply(request, atoi(answer[VA_TELL_STATUS].bytes),
		answer[VA_TELL_TYPE].len > 0 ? answer[VA_TELL_TYPE].bytes : NULL, headers, headers[3][0] != '\0' ? 4 : 3,
		answer[VA_TELL_BODY].bytes, answer[VA_TELL_BODY].len);
}

static void
ask_oauth_with(VaHttpdRequest *request, const char *document, const char *carry)
{
	VaCaller caller;
	VaDenial denial;
	VaDoorAsk question = { "oauth", request, &caller, document, note_program, NULL, false };

	if (!va_find_caller(request, &caller, &denial) || !va_door_ask(&question, &denial))
		va_deny(request, &denial);
}

/* The client_id where it is an address: what is there is fetched first. */
static const char *
document_address(const VaHttpdRequest *request)
{
	bool post = strcmp(request->method, "POST") == 0;
	VaForm form;
	const char *why;
	const char *client;

	if (strcmp(request->path, VA_OAUTH_AUTHORIZE) != 0 ||
		!va_form_read(post ? request->body : request->query, post ? request->body_len : strlen(request->query), false,
			va_arena_here(), &form, &why))
		return NULL;
	client = va_form_value(&form, "client_id");
	return client != NULL && strncmp(client, "https://", strlen("https://")) == 0 ? client : NULL;
}

static void
ask_oauth(VaHttpdRequest *request)
{
	const char *address;
	VaCaller caller;
	VaDenial denial;

	if (request->body_len > VA_OAUTH_BODY_MAX)
		va_deny(request, &(VaDenial){ 413, "54000", "the request is too long", NULL, NULL });
	else if (!va_find_caller(request, &caller, &denial))
		va_deny(request, &denial);
	else if ((address = document_address(request)) != NULL)
		va_client_document(request, &caller,
			&(VaDocumentAsk){
				.url = address, .longest = VA_CLIENT_DOCUMENT_MAX, .carry = "", .found = ask_oauth_with });
	else
		ask_oauth_with(request, "", "");
}

/* There are no sessions to end and no streams to open: each message is answered by itself. */
static void
ask_mcp(VaHttpdRequest *request)
{
	static const char *const allow = "Allow: POST";
	const char *type = va_httpd_header(request, "content-type");
	const char *accept = va_httpd_header(request, "accept");
	VaCaller caller;
	VaDenial denial;
	VaDoorAsk question = { "mcp", request, &caller, "", note_program, NULL, false };

	if (strcmp(request->method, "POST") != 0)
		va_httpd_reply(request, 405, NULL, &allow, 1, "", 0);
	else if (type == NULL || pg_strncasecmp(type, "application/json", strlen("application/json")) != 0)
		va_deny(request, &(VaDenial){ 415, "PGRST102", "A message is application/json", NULL, NULL });
	else if (accept != NULL && strstr(accept, "application/json") == NULL && strstr(accept, "*/*") == NULL)
		va_deny(request, &(VaDenial){ 406, "PGRST107", "An answer is application/json", NULL, NULL });
	else if (request->body_len > VA_MCP_MESSAGE_MAX)
		va_deny(request, &(VaDenial){ 413, "54000", "the message is too long", NULL, "A message has at most 256 kB." });
	else if (!va_find_caller(request, &caller, &denial) || !va_door_ask(&question, &denial))
		va_deny(request, &denial);
}

static void
tell_health(VaHttpdRequest *request)
{
	static const char health[] = "{\"status\":\"ok\"}";

	va_httpd_reply(request, 200, "application/json", NULL, 0, health, strlen(health));
}

/* The resource at a path, or, where that ends with a slash, below it; all else is a file of the console's. */
static const struct
{
	const char *path;
	bool any_method; /* it has a word of its own for those that are none of its, and else GET and HEAD are let in */
	void (*serve)(VaHttpdRequest *request);
} places[] = {
	{ RPC_PREFIX, true, ask_api },
	{ "/events", true, ask_api },
	{ UNSUBSCRIBE, true, ask_unsubscription },
	{ APPOINTMENTS, true, ask_appointment },
	{ VA_MCP, true, ask_mcp },
	{ VA_MCP_KEY, true, ask_mcp },
	{ VA_OAUTH, true, ask_oauth },
	{ VA_OAUTH_RESOURCE, true, ask_oauth },
	{ VA_OAUTH_SERVER, true, ask_oauth },
	{ VA_SIGN_ON, false, va_sign_on },
	{ GOOGLE_BACK, false, lead_back },
	{ "/health", false, tell_health },
	{ VA_DOWNLOADS, false, ask_file },
	{ VA_RECORDINGS, false, ask_file },
	{ CALENDARS, false, ask_calendar },
};

static void
serve(void *arg)
{
	VaHttpdRequest *request = arg;
	bool reads = is_reading(request);

	for (int i = 0; i < (int) lengthof(places); i++)
	{
		size_t n = strlen(places[i].path);

		if ((reads || places[i].any_method) && strncmp(request->path, places[i].path, n) == 0 &&
			(request->path[n] == '\0' || places[i].path[n - 1] == '/'))
		{
			places[i].serve(request);
			return;
		}
	}
	if (!reads)
		va_deny(request, &(VaDenial){ 405, "PGRST117", "Unsupported HTTP method", NULL, NULL });
	else if (!va_static_answer(request))
		deny_path(request);
}

/* One that cannot be served is answered all the same, and delays no other. */
static void
serve_requests(void)
{
	static const char body[] = "{\"code\":\"53200\",\"details\":null,\"hint\":null,\"message\":\"out of memory\"}";
	VaHttpdRequest *request;

	while ((request = va_listener_take(&listener)) != NULL)
	{
		char sqlstate[6];
		char *message;

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
	if (!va_listener_open(&listener, worker->loop, &options, err, sizeof(err)))
		ereport(
			ERROR, (errcode(ERRCODE_CONNECTION_FAILURE),
					   errmsg("could not open the console at %s port %d: %s", va_guc_web_host, va_guc_web_port, err),
					   errhint("Set voiceagent.web_port to a free port, to 0 for any, or to -1 for none.")));
	va_slot_set_address(listener.httpd);
}

static void
web_start(VaWorker *worker)
{
	va_static_load();
	va_door_open(worker);
	va_recordings_open(worker);
	va_client_documents_open(worker);
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

	if (listener.httpd != NULL && va_listener_is_elsewhere(&listener, va_guc_web_host, va_guc_web_port))
		va_listener_close(&listener);
	/* A database may have none of its own. */
	if (listener.httpd == NULL && va_guc_web_port >= 0)
		open_web(worker);
	if (listener.httpd != NULL && (why & VA_WAKE_RELOAD) != 0)
	{
		read_options(&options);
		va_httpd_configure(listener.httpd, &options);
		va_static_load();
	}
	serve_requests();
	if ((why & ~VA_WAKE_IO) != 0)
	{
		n = va_take_heard(tenants, &all);
		va_events_news(tenants, n, all);
	}
	va_client_documents_turn();
	next = va_door_turn();
	next = Min(next, va_events_turn());
	next = Min(next, va_recordings_turn());
	va_listener_refused(&listener, refused);
	va_slot_set_refused(refused);
	return next;
}

static void
web_stop(VaWorker *worker)
{
	if (listener.httpd != NULL)
		va_listener_close(&listener);
	va_recordings_close();
	va_client_documents_close();
	va_door_close();
}

const VaTask va_web_task = { "web", web_start, web_turn, web_stop, 0 };
