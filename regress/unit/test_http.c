/*-------------------------------------------------------------------------
 * test_http.c
 *		The HTTP client of the workers against their server, on one loop.
 *-------------------------------------------------------------------------
 */
#include "http/client.h"

#include <signal.h>

#include "http_server.h"

static VaHttp *client;
static VaHttpResult *results[64];
static int nresults = 0;

static void
on_done(void *ctx, VaHttpResult *result)
{
	(void) ctx;
	results[nresults++] = result;
}

static void
forget_results(void)
{
	for (int i = 0; i < nresults; i++)
		va_http_result_free(results[i]);
	nresults = 0;
	seen = answered = most_at_once = 0;
}

static VaHttpClientRequest
call_of(const char *method, const char *path, const char *body)
{
	static char url[256];
	static const char *const headers[] = {"Content-Type: application/json"};
	VaHttpClientRequest call = {
		.method = method,
		.url = url,
		.headers = headers,
		.nheaders = 1,
		.body = body,
		.body_len = body ? strlen(body) : 0,
		.timeout_ms = 1000,
		.allow_loopback = true,
	};

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", va_httpd_port(server), path);
	return call;
}

static bool
submit(const VaHttpClientRequest *call)
{
	char reason[200] = "";
	bool taken = va_http_submit(client, call, on_done, NULL, reason, sizeof(reason));

	if (!taken)
		diag("refused: %s", reason);
	return taken;
}

/* Until n results are there, answering what the server holds. */
static void
await(int n)
{
	for (int i = 0; i < 3000 && nresults < n; i++)
	{
		pump(1);
		answer_all();
	}
}

static VaHttpResult *
run(const char *method, const char *path, const char *body)
{
	VaHttpClientRequest call = call_of(method, path, body);

	forget_results();
	if (!submit(&call))
		return NULL;
	await(1);
	return nresults == 1 ? results[0] : NULL;
}

static void
test_answers(void)
{
	VaHttpResult *result = run("POST", "/call", "{\"a\":1}");

	ok(result && result->outcome == VA_HTTP_OK && result->status == 200, "a POST is answered");
	is_str(result->body, "/call", "... with its body");
	is_str(result->content_type, "text/plain", "... and content type");
	is_str(last_body, "{\"a\":1}", "... the server has read the request's body");
	result = run("GET", "/x", NULL);
	ok(result && result->status == 200 && last_body_len == 0, "a GET");
	result = run("DELETE", "/x", NULL);
	ok(result && result->status == 200, "a DELETE without a body");
	result = run("PATCH", "/x", "{}");
	ok(result && result->status == 200 && strcmp(last_body, "{}") == 0, "a PATCH");
	result = run("GET", "/redirect", NULL);
	ok(result && result->status == 302 && seen == 1, "a redirect is not followed");
	result = run("POST", "/busy", "{}");
	ok(result && result->status == 429 && result->retry_after_s == 7, "Retry-After is read");
	is_str(result->request_id, "r1", "... and the request's id");
	result = run("GET", "/big", NULL);
	ok(result && result->outcome == VA_HTTP_UNCERTAIN, "an answer over the limit is cut off");
	is_str(result->error, "the answer is too large", "... and says so");
}

/* The server answers with the path, which quotes what the request carries. */
static void
test_secrets(void)
{
	VaHttpClientRequest call = call_of("GET", "/KEY-of-header/KEY%2Dof%2daccount/x", NULL);
	static const char *const headers[] = {"Authorization: Bearer KEY-of-header"};
	static const char *const secrets[] = {"KEY-of-account"};

	call.headers = headers;
	call.secrets = secrets;
	call.nsecrets = 1;
	forget_results();
	(void) submit(&call);
	await(1);
	is_int(nresults, 1, "a server that quotes what it was sent");
	is_str(results[0]->body, "/****/****/x", "... is heard without the secrets");
}

static void
test_not_sent(void)
{
	VaHttpClientRequest call = call_of("POST", "/x", "{}");
	char reason[200];
	static const char *const smuggle[] = {"A: b\r\nC: d"};

	forget_results();
	call.url = "http://127.0.0.1:1/x";
	ok(submit(&call), "a port that nobody listens on");
	await(1);
	ok(nresults == 1 && results[0]->outcome == VA_HTTP_NOT_SENT && !results[0]->sent, "... nothing was sent");
	forget_results();
	call.url = "http://name.invalid/x";
	ok(submit(&call), "a name that does not resolve");
	await(1);
	ok(nresults == 1 && results[0]->outcome == VA_HTTP_NOT_SENT, "... nothing was sent");
	is_str(results[0]->error, "the host's address is not allowed, or there is none", "... and the words are those for a name of our own network");

	call = call_of("POST", "/x", "{}");
	forget_results();
	call.allow_loopback = false;
	ok(submit(&call), "the loopback without permission, over a connection that another request has opened");
	await(1);
	ok(nresults == 1 && results[0]->outcome == VA_HTTP_NOT_SENT && seen == 0, "... nothing was sent");
	is_str(results[0]->error, "the host's address is not allowed, or there is none", "... and why");
	forget_results();
	call.url = "http://169.254.169.254/latest";
	(void) submit(&call);
	await(1);
	ok(nresults == 1 && results[0]->outcome == VA_HTTP_NOT_SENT && strstr(results[0]->error, "not allowed"),
	   "a private address is refused");

	call = call_of("POST", "/x", "{}");
	call.url = "file:///etc/passwd";
	ok(!va_http_submit(client, &call, on_done, NULL, reason, sizeof(reason)), "another scheme is not accepted");
	call = call_of("POST", "/x", "{}");
	call.headers = smuggle;
	ok(!va_http_submit(client, &call, on_done, NULL, reason, sizeof(reason)), "a header with a line end is not accepted");
	call = call_of("GET", "/x", NULL);
	call.url = NULL;
	ok(!va_http_submit(client, &call, on_done, NULL, reason, sizeof(reason)) && strstr(reason, "no URL"), "no URL is no request");
}

/*
 * The one that would ring a phone twice: a connection that was used before
 * dies after the request was sent.  curl by itself sends it again.
 */
static void
test_uncertain(void)
{
	VaHttpResult *result = run("POST", "/warm", "{}");
	VaHttpClientRequest call;

	ok(result && result->status == 200, "a connection to reuse");
	result = run("POST", "/drop", "{}");
	ok(result && result->outcome == VA_HTTP_UNCERTAIN, "the server drops a POST on a reused connection: uncertain");
	is_int(seen, 1, "... and it was sent once");
	is_int(result->status, 0, "... no status");
	(void) run("POST", "/warm", "{}");
	result = run("POST", "/drop", NULL);
	ok(result && result->outcome == VA_HTTP_UNCERTAIN && seen == 1, "the same without a body");
	(void) run("POST", "/warm", "{}");
	result = run("DELETE", "/drop", NULL);
	ok(result && result->outcome == VA_HTTP_UNCERTAIN && seen == 1, "the same with DELETE");

	forget_results();
	call = call_of("POST", "/slow", "{}");
	call.timeout_ms = 150;
	(void) submit(&call);
	for (int i = 0; i < 600 && nresults == 0; i++)
		pump(1);
	ok(nresults == 1 && results[0]->outcome == VA_HTTP_UNCERTAIN, "no answer in time: uncertain");
	ok(results[0]->elapsed_us >= 140000, "... after its time-out");
	answer_all();
}

/* ---- a peer that says what a server of ours would not, and then leaves or falls silent ---- */

static const char *said;
static size_t said_more; /* so many blanks behind it */
static bool leaves;

static void
free_handle(uv_handle_t *handle)
{
	free(handle);
}

static void on_heard(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer);

static void
give_buffer(uv_handle_t *handle, size_t size, uv_buf_t *buffer)
{
	static char ignored[4096];

	(void) handle;
	(void) size;
	*buffer = uv_buf_init(ignored, sizeof(ignored));
}

/* Falls silent until the other side leaves. */
static void
on_said(uv_write_t *write, int status)
{
	(void) status;
	if (leaves)
		uv_close((uv_handle_t *) write->handle, free_handle);
	else
		uv_read_start(write->handle, give_buffer, on_heard);
	free(write);
}

static void
on_heard(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
	static char blanks[200000];
	uv_buf_t texts[2] = {uv_buf_init((char *) said, (unsigned) strlen(said)), uv_buf_init(blanks, (unsigned) said_more)};

	(void) buffer;
	uv_read_stop(stream);
	memset(blanks, ' ', sizeof(blanks));
	if (n > 0)
		uv_write(calloc(1, sizeof(uv_write_t)), stream, texts, 2, on_said);
	else
		uv_close((uv_handle_t *) stream, free_handle);
}

static void
on_peer(uv_stream_t *listener, int status)
{
	uv_tcp_t *peer = calloc(1, sizeof(uv_tcp_t));

	(void) status;
	uv_tcp_init(&loop, peer);
	uv_accept(listener, (uv_stream_t *) peer);
	uv_read_start((uv_stream_t *) peer, give_buffer, on_heard);
}

/* The result of a POST that such a peer answers. */
static VaHttpResult *
told(const char *text, size_t blanks, bool then_leaves, bool status_only)
{
	VaHttpClientRequest call = call_of("POST", "/x", "{}");
	uv_tcp_t *listener = calloc(1, sizeof(uv_tcp_t));
	struct sockaddr_in address;
	int length = sizeof(address);
	char url[64];

	said = text;
	said_more = blanks;
	leaves = then_leaves;
	uv_ip4_addr("127.0.0.1", 0, &address);
	uv_tcp_init(&loop, listener);
	uv_tcp_bind(listener, (const struct sockaddr *) &address, 0);
	uv_listen((uv_stream_t *) listener, 1, on_peer);
	uv_tcp_getsockname(listener, (struct sockaddr *) &address, &length);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/x", ntohs(address.sin_port));
	forget_results();
	call.url = url;
	call.timeout_ms = 400;
	call.status_only = status_only;
	(void) submit(&call);
	await(1);
	uv_close((uv_handle_t *) listener, free_handle);
	return nresults == 1 ? results[0] : NULL;
}

static bool
is_answer(const VaHttpResult *result, int status)
{
	return result != NULL && result->outcome == VA_HTTP_OK && result->status == status && result->error[0] == '\0';
}

static bool
is_uncertain(const VaHttpResult *result)
{
	return result != NULL && result->outcome == VA_HTTP_UNCERTAIN && result->status == 0 && result->error[0] != '\0';
}

/* A dial's id lies in the body of the answer; who is told of something has been told when the head of its answer is here. */
static void
test_status_only(void)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 150000\r\n\r\n";

	ok(is_answer(told(head, 150000, true, true), 200), "where only the status counts: a 200 with a body over the limit");
	ok(is_uncertain(told(head, 150000, true, false)), "... which is uncertain where the body counts");
	ok(is_answer(told(head, 10, true, true), 200), "... a connection that dies in the body");
	ok(is_uncertain(told(head, 10, true, false)), "... which is uncertain otherwise");
	ok(is_answer(told(head, 10, false, true), 200), "... a body that does not end in time");
	ok(is_uncertain(told(head, 10, false, false)), "... which is uncertain otherwise");
	ok(is_answer(told("HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 10\r\n\r\n", 0, true, true), 503),
	   "... a refusal without its body");
	is_int(results[0]->retry_after_s, 9, "... with what its head says");
	ok(is_uncertain(told("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n", 0, true, true)), "half a head is no answer");
	ok(is_uncertain(told("HTTP/1.1 103 Early Hints\r\n\r\n", 0, true, true)), "... nor is the one before the final");
	ok(is_uncertain(told("", 0, true, true)), "... nor is nothing");
}

static void
test_in_flight(void)
{
	VaHttpClientRequest call;

	forget_results();
	for (int i = 0; i < 20; i++)
	{
		call = call_of("POST", "/many", "{}");
		(void) submit(&call);
	}
	is_int(va_http_in_flight(client), 4, "as many under way as allowed");
	is_int(va_http_waiting(client), 16, "... the others wait");
	await(20);
	is_int(nresults, 20, "... all are answered");
	ok(most_at_once <= 4, "... never more at once");
	is_int(va_http_in_flight(client) + va_http_waiting(client), 0, "... and none is left");
}

/* A dial that waits for its turn must not leave when nobody is to be called any more. */
static void
test_late(void)
{
	VaHttpClientRequest call;
	int late = 0;

	forget_results();
	for (int i = 0; i < 4; i++)
	{
		call = call_of("POST", "/pending", "{}");
		call.timeout_ms = 300;
		(void) submit(&call);
	}
	call = call_of("POST", "/many", "{}");
	call.begin_within_ms = 100;
	(void) submit(&call);
	call.begin_within_ms = 5000;
	(void) submit(&call);
	call.begin_within_ms = 0;
	(void) submit(&call);
	for (int i = 0; i < 3000 && nresults < 1; i++)
		pump(1);
	await(7);
	for (int i = 0; i < nresults; i++)
		if (results[i]->late)
		{
			late++;
			is_int(results[i]->outcome, VA_HTTP_NOT_SENT, "what had its turn too late was not sent");
			ok(!results[i]->sent, "... not a byte of it");
		}
	is_int(late, 1, "... but what could wait was");
	is_int(seen, 6, "... as the server knows");
	answer_all();
	pump(20);
}

/* Who has to give its place to another gets its answer at once, and what waits begins. */
static void
test_cancel(void)
{
	VaHttpClientRequest call = call_of("GET", "/pending", NULL);
	int mine = 0;

	forget_results();
	for (int i = 0; i < 4; i++)
		ok(va_http_submit(client, &call, on_done, i == 2 ? &mine : NULL, NULL, 0), "under way");
	call = call_of("GET", "/many", NULL);
	(void) submit(&call);
	pump(20);
	va_http_cancel(client, &nresults);
	is_int(nresults, 0, "what nobody submitted is not cancelled");
	va_http_cancel(client, &mine);
	is_int(nresults, 1, "one that is cancelled is done before the call returns");
	ok(nresults == 1 && results[0]->outcome != VA_HTTP_OK, "... and not well");
	is_int(va_http_in_flight(client), 4, "... and what waited has begun");
	await(5);
	is_int(nresults, 5, "... and all are answered once");
	answer_all();
	pump(20);
}

static void
test_client(void)
{
	VaHttpOptions http_options = {
		.max_in_flight = 4,
		.max_response_bytes = 100000,
		.timeout_ms = 1000,
		.connect_timeout_ms = 500,
		.user_agent = "test",
	};
	char reason[200] = "";
	VaHttpClientRequest call;

	va_httpd_default_options(&options);
	start_server();
	client = va_http_create(&loop, &http_options, reason, sizeof(reason));
	ok(client != NULL, "a client");
	test_answers();
	test_secrets();
	test_not_sent();
	test_uncertain();
	test_status_only();
	test_in_flight();
	test_late();
	test_cancel();

	forget_results();
	call = call_of("POST", "/pending", "{}");
	(void) submit(&call);
	pump(20);
	va_http_destroy(client);
	va_httpd_stop(server);
	pump(20);
	is_int(nresults, 0, "what is under way at the end is dropped");
	answer_all();
	pump(5);
	is_int(uv_loop_close(&loop), 0, "no handle is left in the loop");
}

int
main(void)
{
	(void) signal(SIGPIPE, SIG_IGN);
	uv_loop_init(&loop);
	test_client();
	return done_testing();
}
