/*-------------------------------------------------------------------------
 * server.c
 *		A small, strict HTTP/1.1 server on a libuv loop: accepting, reading,
 *		replying.  Single-threaded, no backend header, no locking.
 *
 * Why not a library's HTTP server: the signature of a webhook may stand in a
 * header of any name, so every header must be handed over (libwebsockets 4.1
 * cannot enumerate unknown ones); the answer comes turns later, after a
 * commit; and the limits must be ours to count.
 */
#include "server.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"

#define READ_CHUNK 4096
#define BACKLOG 1024
#define IDLE_SECONDS 60

/* ----- reading ----- */

static bool
start_request(VaConnection *connection)
{
	VaHttpd *httpd = connection->httpd;
	VaConnectionRequest *request = calloc(1, sizeof(VaConnectionRequest));

	if (request == NULL)
		return false;
	va_http1_init(&request->parse, httpd->options.max_head_bytes, httpd->options.max_body_bytes);
	request->httpd = httpd;
	request->connection = connection;
	connection->request = request;
	connection->continued = false;
	return true;
}

static void
hand_over(VaConnection *connection)
{
	VaHttpd *httpd = connection->httpd;
	VaConnectionRequest *request = connection->request;
	VaHttp1 *parse = &request->parse;
	VaHttpdRequest *pub = &request->pub;

	va_connection_enter(connection, VA_PHASE_REPLY);
	/* A pipelined request may begin where the terminator goes. */
	connection->saved = parse->body[parse->body_len];
	connection->has_saved = true;
	parse->body[parse->body_len] = '\0';
	memcpy(request->peer, connection->peer, sizeof(request->peer));
	pub->method = parse->method;
	pub->path = parse->path;
	pub->query = parse->query;
	pub->headers = parse->headers;
	pub->nheaders = parse->nheaders;
	pub->body = parse->body;
	pub->body_len = parse->body_len;
	pub->peer = request->peer;
	va_limits_name_client(request);
	pub->received_us = (int64_t) (uv_hrtime() / 1000);
	pub->serial = ++httpd->serial;
	request->handed_over = true;
	httpd->nrequests++;
	if (!va_admit_peer(&httpd->peers, request->peer, uv_now(httpd->loop), httpd->options.requests_per_second))
	{
		static const char *const later[] = { "Retry-After: 1" };

		va_limits_refused(httpd, VA_REFUSED_TOO_MANY);
		va_httpd_reply(pub, 429, "text/plain", later, 1, "too many requests\n", 18);
		return;
	}
	httpd->handler(httpd->ctx, pub);
}

static void
refuse_parsed(VaConnection *connection)
{
	VaHttp1 *parse = &connection->request->parse;

	va_connection_refuse(
		connection, parse->status, parse->reason, parse->status == 413 ? VA_REFUSED_TOO_LARGE : VA_REFUSED_MALFORMED);
}

/* Look at what has come; at most one request is handed over. */
static void
read_requests(VaConnection *connection)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

	if (connection->closing)
		return;
	if (connection->len == 0)
	{
		if (connection->ended)
			va_connection_close(connection);
		return;
	}
	/* A client that sends and disconnects at once leaves requests without a connection. */
	if (connection->request == NULL && connection->httpd->nrequests > 2 * connection->httpd->options.max_connections)
	{
		va_connection_refuse(connection, 503, "too many requests", VA_REFUSED_TOO_MANY);
		return;
	}
	if (connection->request == NULL && !start_request(connection))
	{
		va_connection_close(connection);
		return;
	}
	if (connection->phase == VA_PHASE_IDLE)
		va_connection_enter(connection, VA_PHASE_HEAD);
	switch (va_http1_read(&connection->request->parse, connection->buf, connection->len))
	{
		case VA_HTTP1_HEAD:
			break;
		case VA_HTTP1_BODY:
			if (connection->phase == VA_PHASE_HEAD)
				va_connection_enter(connection, VA_PHASE_BODY);
			if (connection->request->parse.expect_continue && !connection->continued)
			{
				uv_buf_t part = { .base = (char *) go_on, .len = sizeof(go_on) - 1 };

				/* It fits in the socket, and nothing else is being written. */
				connection->continued = true;
				(void) uv_try_write((uv_stream_t *) &connection->tcp, &part, 1);
			}
			break;
		case VA_HTTP1_DONE:
			hand_over(connection);
			break;
		case VA_HTTP1_ERROR:
			refuse_parsed(connection);
			break;
	}
	/* A request that is incomplete now stays so. */
	if (connection->ended && (connection->phase == VA_PHASE_HEAD || connection->phase == VA_PHASE_BODY))
		va_connection_close(connection);
}

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	VaConnection *connection = handle->data;
	static char discarded[VA_READ_AHEAD];

	(void) suggested;
	if (connection->phase == VA_PHASE_LINGER)
	{
		buf->base = discarded;
		buf->len = sizeof(discarded);
		return;
	}
	/* One byte stays free for a terminator. */
	if (connection->cap < connection->len + 2 && connection->phase != VA_PHASE_REPLY)
		(void) va_connection_grow(connection, connection->len + READ_CHUNK);
	buf->base = connection->buf == NULL ? NULL : connection->buf + connection->len;
	buf->len = connection->cap > connection->len + 1 ? connection->cap - connection->len - 1 : 0;
}

static void
pause_reading(VaConnection *connection)
{
	if (connection->reading)
		uv_read_stop((uv_stream_t *) &connection->tcp);
	connection->reading = false;
}

/*
 * Bytes that come while a request waits for its reply may have been read onto
 * the terminator of its body: they are kept with what a pipelined request
 * begins with, and the terminator stands again.
 */
static void
keep_terminator(VaConnection *connection, size_t len_before)
{
	VaHttp1 *parse = &connection->request->parse;
	size_t terminator = (size_t) (parse->body - connection->buf) + parse->body_len;

	if (terminator < len_before || terminator >= connection->len)
		return;
	connection->saved = connection->buf[terminator];
	connection->buf[terminator] = '\0';
}

static void
on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
	VaConnection *connection = stream->data;

	(void) buf;
	if (connection->closing || nread == 0)
		return;
	if (nread == UV_ENOBUFS && connection->phase == VA_PHASE_REPLY)
	{
		/* Pipelined far ahead: go on when this one is answered. */
		pause_reading(connection);
		return;
	}
	if (nread == UV_ENOBUFS && connection->phase != VA_PHASE_LINGER && connection->starved)
	{
		va_connection_refuse(connection, 503, "too many bytes of all clients", VA_REFUSED_TOO_MANY);
		return;
	}
	if (nread == UV_ENOBUFS && connection->phase != VA_PHASE_LINGER)
	{
		va_connection_refuse(connection, 413, "request too large", VA_REFUSED_TOO_LARGE);
		return;
	}
	if (nread == UV_EOF &&
		(connection->phase == VA_PHASE_REPLY || connection->phase == VA_PHASE_WRITE || connection->resume))
	{
		/* The client has sent all, and may still read: also between an answer and the look at the next request (libuv
		   1.45 and later read before they run timers). */
		connection->ended = true;
		pause_reading(connection);
		return;
	}
	if (nread < 0)
	{
		va_connection_close(connection);
		return;
	}
	if (connection->phase == VA_PHASE_LINGER)
		return;
	connection->len += (size_t) nread;
	if (connection->phase == VA_PHASE_REPLY && connection->has_saved)
		keep_terminator(connection, connection->len - (size_t) nread);
	if (connection->phase != VA_PHASE_REPLY && connection->phase != VA_PHASE_WRITE)
		read_requests(connection);
}

static void
resume_reading(VaConnection *connection)
{
	if (connection->reading || connection->closing || connection->ended)
		return;
	connection->reading = uv_read_start((uv_stream_t *) &connection->tcp, on_alloc, on_read) == 0;
	if (!connection->reading)
		va_connection_close(connection);
}

/* ----- accepting ----- */

static void
on_connection(uv_stream_t *listener, int status)
{
	VaHttpd *httpd = listener->data;
	VaConnection *connection;

	if (status != 0)
		return;
	connection = calloc(1, sizeof(VaConnection));
	if (connection == NULL || uv_tcp_init(httpd->loop, &connection->tcp) != 0)
	{
		free(connection);
		return;
	}
	connection->tcp.data = connection;
	connection->httpd = httpd;
	connection->next = httpd->connections;
	if (httpd->connections != NULL)
		httpd->connections->previous = connection;
	httpd->connections = connection;
	httpd->nconnections++;
	httpd->nopen++;
	if (uv_accept(listener, (uv_stream_t *) &connection->tcp) != 0 || !va_limits_enter(connection))
	{
		va_connection_close(connection);
		return;
	}
	(void) uv_tcp_nodelay(&connection->tcp, 1);
	/* A client that connects must say something soon. */
	if (va_limits_admit(connection))
		va_connection_enter(connection, VA_PHASE_HEAD);
	resume_reading(connection);
}

/* ----- replies ----- */

static void
on_resume(uv_timer_t *timer)
{
	VaHttpd *httpd = timer->data;
	VaConnection *connection;

	while ((connection = httpd->resume) != NULL)
	{
		httpd->resume = connection->next_resume;
		connection->resume = false;
		if (connection->phase == VA_PHASE_IDLE)
			read_requests(connection);
	}
}

/*
 * The next request of a pipeline is looked at from the loop, never from
 * within a reply: the caller may be walking its own queue.
 */
static void
resume_later(VaConnection *connection)
{
	VaHttpd *httpd = connection->httpd;

	if (connection->resume || connection->closing || httpd->stopped)
		return;
	connection->resume = true;
	connection->next_resume = httpd->resume;
	httpd->resume = connection;
	uv_timer_start(&httpd->resumer, on_resume, 0, 0);
}

/* An answer: bytes, or a file. */
typedef struct Answer
{
	int status;
	const char *content_type;
	const char *const *headers;
	int nheaders;
	const void *body;
	size_t body_len;
	const VaFileBody *file; /* NULL: the bytes */
} Answer;

/* True when all of it is out. */
static bool
send_answer(VaConnection *connection, VaConnectionRequest *request, const Answer *answer)
{
	VaHttp1 *parse = &request->parse;
	size_t length = answer->file != NULL ? (size_t) answer->file->left : answer->body_len;
	bool head_only = strcmp(parse->method, "HEAD") == 0;
	bool keep_alive = parse->keep_alive && !request->httpd->stopped &&
					  !(connection->ended && connection->len <= parse->consumed);
	char head[4096];
	size_t head_len = va_http1_format_head(head, sizeof(head), answer->status, answer->content_type, answer->headers,
		answer->nheaders, length, keep_alive, time(NULL));
	bool written;

	/* The connection is on its own again; the answer may still point into its buffer. */
	request->connection = NULL;
	connection->request = NULL;
	va_connection_enter(connection, VA_PHASE_IDLE);
	if (answer->file != NULL)
	{
		VaFileBody file = *answer->file;

		file.close_after = !keep_alive;
		file.left = head_only ? 0 : file.left;
		va_connection_send_file(connection, head, head_len, &file);
		return false;
	}
	written = va_connection_write(
		connection, head, head_len, answer->body, head_only ? 0 : answer->body_len, !keep_alive);
	if (!written || connection->closing || keep_alive)
		return written;
	/* The rest of the buffer is discarded. */
	va_connection_close(connection);
	return false;
}

static void
reply(VaHttpdRequest *pub, const Answer *answer)
{
	VaConnectionRequest *request = (VaConnectionRequest *) pub;
	VaConnection *connection = request->connection;
	VaHttp1 *parse = &request->parse;
	bool written;

	if (connection == NULL)
	{
		if (answer->file != NULL)
			(void) close(answer->file->fd);
		va_connection_free_request(request);
		return;
	}
	written = send_answer(connection, request, answer);
	if (!connection->closing)
		va_connection_consume(connection, parse->consumed, (size_t) (parse->body - connection->buf) + parse->body_len);
	if (!connection->closing && written && connection->len > 0)
		resume_later(connection);
	if (!connection->closing)
		resume_reading(connection);
	va_connection_free_request(request);
}

void
va_httpd_reply(VaHttpdRequest *request, int status, const char *content_type, const char *const *headers, int nheaders,
	const void *body, size_t body_len)
{
	reply(request, &(Answer){ status, content_type, headers, nheaders, body, body_len, NULL });
}

void
va_httpd_reply_file(VaHttpdRequest *request, int status, const char *content_type, const char *const *headers,
	int nheaders, int file, uint64_t offset, uint64_t length)
{
	VaFileBody body = { .fd = file, .open = true, .at = offset, .left = length };

	reply(request, &(Answer){ status, content_type, headers, nheaders, NULL, 0, &body });
}

void
va_httpd_abandon(VaHttpdRequest *pub)
{
	VaConnectionRequest *request = (VaConnectionRequest *) pub;

	if (request->connection != NULL)
		va_connection_close(request->connection);
	va_connection_free_request(request);
}

const char *
va_httpd_header(const VaHttpdRequest *request, const char *name)
{
	return va_http1_header(request->headers, request->nheaders, name);
}

bool
va_httpd_alive(const VaHttpdRequest *request)
{
	const VaConnection *connection = ((const VaConnectionRequest *) request)->connection;

	return connection != NULL && !connection->ended;
}

/* ----- the server ----- */

static bool
parse_address(const VaHttpdOptions *options, struct sockaddr_storage *address)
{
	if (uv_ip4_addr(options->host, options->port, (struct sockaddr_in *) address) == 0)
		return true;
	return uv_ip6_addr(options->host, options->port, (struct sockaddr_in6 *) address) == 0;
}

static void
note_bound(VaHttpd *httpd)
{
	struct sockaddr_storage address;
	int length = sizeof(address);

	if (uv_tcp_getsockname(&httpd->listener, (struct sockaddr *) &address, &length) != 0)
		return;
	if (address.ss_family == AF_INET6)
	{
		(void) uv_ip6_name((struct sockaddr_in6 *) &address, httpd->host, sizeof(httpd->host));
		httpd->port = ntohs(((struct sockaddr_in6 *) &address)->sin6_port);
	}
	else
	{
		(void) uv_ip4_name((struct sockaddr_in *) &address, httpd->host, sizeof(httpd->host));
		httpd->port = ntohs(((struct sockaddr_in *) &address)->sin_port);
	}
}

/* A client that goes away must not end a process outside of the server. */
static void
ignore_broken_pipes(void)
{
	struct sigaction action;

	if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL)
	{
		action.sa_handler = SIG_IGN;
		(void) sigaction(SIGPIPE, &action, NULL);
	}
}

void
va_httpd_default_options(VaHttpdOptions *options)
{
	memset(options, 0, sizeof(*options));
	options->host = "127.0.0.1";
	options->max_head_bytes = 16 * 1024;
	options->max_body_bytes = 1024 * 1024;
	options->max_connections = 1000;
	options->head_timeout_ms = 10000;
	options->body_timeout_ms = 10000;
	options->idle_timeout_ms = IDLE_SECONDS * 1000;
	options->reply_timeout_ms = 0;
}

VaHttpd *
va_httpd_start(
	uv_loop_t *loop, const VaHttpdOptions *options, VaHttpdHandler handler, void *ctx, char *err, size_t errlen)
{
	VaHttpd *httpd;
	struct sockaddr_storage address;
	int failed;

	if (!parse_address(options, &address))
	{
		snprintf(err, errlen, "\"%s\" is not a numeric address", options->host);
		return NULL;
	}
	httpd = calloc(1, sizeof(VaHttpd));
	if (httpd == NULL)
	{
		snprintf(err, errlen, "out of memory");
		return NULL;
	}
	ignore_broken_pipes();
	httpd->loop = loop;
	httpd->options = *options;
	httpd->handler = handler;
	httpd->ctx = ctx;
	httpd->on_idle = read_requests;
	uv_timer_init(loop, &httpd->timer);
	uv_timer_init(loop, &httpd->resumer);
	uv_tcp_init(loop, &httpd->listener);
	httpd->timer.data = httpd->resumer.data = httpd->listener.data = httpd;
	httpd->handles = 3;
	/* libuv sets SO_REUSEADDR and CLOEXEC by itself. */
	failed = uv_tcp_bind(&httpd->listener, (struct sockaddr *) &address, 0);
	if (failed == 0)
		failed = uv_listen((uv_stream_t *) &httpd->listener, BACKLOG, on_connection);
	if (failed != 0)
	{
		snprintf(err, errlen, "could not listen on %s port %d: %s", options->host, options->port, uv_strerror(failed));
		va_httpd_stop(httpd);
		return NULL;
	}
	note_bound(httpd);
	return httpd;
}

void
va_httpd_configure(VaHttpd *httpd, const VaHttpdOptions *options)
{
	httpd->options = *options;
}

int
va_httpd_port(const VaHttpd *httpd)
{
	return httpd->port;
}

const char *
va_httpd_host(const VaHttpd *httpd)
{
	return httpd->host;
}

int
va_httpd_connections(const VaHttpd *httpd)
{
	return httpd->nopen;
}

size_t
va_httpd_buffered(const VaHttpd *httpd)
{
	return httpd->buffered;
}

uint64_t
va_httpd_refused(const VaHttpd *httpd, VaRefusal why)
{
	return httpd->refused[why];
}

static void
on_handle_closed(uv_handle_t *handle)
{
	VaHttpd *httpd = handle->data;

	httpd->handles--;
	va_httpd_free_if_done(httpd);
}

void
va_httpd_stop(VaHttpd *httpd)
{
	VaConnection *next;

	if (httpd->stopped)
		return;
	httpd->stopped = true;
	for (VaConnection *connection = httpd->connections; connection != NULL; connection = next)
	{
		next = connection->next;
		va_connection_close(connection);
	}
	uv_close((uv_handle_t *) &httpd->listener, on_handle_closed);
	uv_close((uv_handle_t *) &httpd->timer, on_handle_closed);
	uv_close((uv_handle_t *) &httpd->resumer, on_handle_closed);
}
