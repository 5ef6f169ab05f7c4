/*-------------------------------------------------------------------------
 * httpd_server.c
 *		A small, strict HTTP/1.1 server on a libuv loop.  Single-threaded, no
 *		backend header, no locking.
 *
 * Why not a library's HTTP server: the signature of a webhook may stand in a
 * header of any name, so every header must be handed over (libwebsockets 4.1
 * cannot enumerate unknown ones); the answer comes turns later, after a
 * commit; and the limits must be ours to count.
 *
 * Memory: a connection owns its buffer; the request that is being read or
 * answered points into it.  While a request waits for its reply the buffer
 * does not move (reading pauses when it is full); when the connection dies
 * first, the buffer goes over to the request.
 *
 * Time: every connection has one deadline, the server one timer, which is set
 * to the earliest deadline and looks at all when it fires.
 *-------------------------------------------------------------------------
 */
#include "httpd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pure/peer_limit.h"

#define FIRST_BUFFER 4096
#define READ_AHEAD 16384
#define BACKLOG 1024
#define LINGER_MS 1000

typedef struct Connection Connection;

typedef struct Request
{
	VaHttpdRequest pub; /* first: the two are cast into each other */
	VaHttp1 parse;
	VaHttpd *httpd;
	Connection *connection; /* NULL once it has gone */
	char *orphan;			/* the buffer of a connection that has gone */
	char peer[INET6_ADDRSTRLEN];
	bool handed_over;
} Request;

typedef enum Phase
{
	PHASE_IDLE = 0, /* nothing of the next request has come */
	PHASE_HEAD,
	PHASE_BODY,
	PHASE_REPLY, /* the handler has it */
	PHASE_WRITE, /* the answer does not fit into the socket */
	PHASE_LINGER /* refused: let the client read why */
} Phase;

struct Connection
{
	uv_tcp_t tcp;
	VaHttpd *httpd;
	Connection *previous;
	Connection *next;
	Request *request;
	char *buf;
	size_t len;
	size_t cap;
	Phase phase;
	uint64_t deadline; /* ms of the loop; 0 = none */
	bool reading;
	bool closing;
	bool continued; /* "100 Continue" was sent */
	bool resume;	/* on the list of those that have a pipelined request */
	Connection *next_resume;
	char saved; /* what stood where the body's terminator is */
	bool has_saved;
	char peer[INET6_ADDRSTRLEN];
};

struct VaHttpd
{
	uv_tcp_t listener;
	uv_timer_t timer;
	uv_timer_t resumer;
	uv_loop_t *loop;
	VaHttpdOptions options;
	VaHttpdHandler handler;
	void *ctx;
	Connection *connections;
	Connection *resume;
	int nconnections;
	int nrequests; /* handed over, not answered */
	int handles;   /* listener and timers, until closed */
	bool stopped;
	uint64_t timer_at; /* 0 = not set */
	int port;
	uint64_t serial;
	uint64_t refused[VA_REFUSALS];
	VaPeerLimit peers;
};

typedef struct Write
{
	uv_write_t request;
	Connection *connection;
	bool close_after;
	char data[];
} Write;

static void read_requests(Connection *connection);
static void close_connection(Connection *connection);

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
	options->idle_timeout_ms = 60000;
	options->reply_timeout_ms = 0;
}

/* ----- memory at the end ----- */

static void
free_if_done(VaHttpd *httpd)
{
	if (httpd->stopped && httpd->handles == 0 && httpd->nconnections == 0 && httpd->nrequests == 0)
		free(httpd);
}

static void
free_request(Request *request)
{
	VaHttpd *httpd = request->httpd;
	bool counted = request->handed_over;

	free(request->orphan);
	free(request);
	if (counted)
	{
		httpd->nrequests--;
		free_if_done(httpd);
	}
}

static void
on_handle_closed(uv_handle_t *handle)
{
	VaHttpd *httpd = handle->data;

	httpd->handles--;
	free_if_done(httpd);
}

static void
on_connection_closed(uv_handle_t *handle)
{
	Connection *connection = handle->data;
	VaHttpd *httpd = connection->httpd;

	free(connection->buf);
	free(connection);
	httpd->nconnections--;
	free_if_done(httpd);
}

/* The request outlives its connection, with the bytes that it points to. */
static void
orphan_request(Connection *connection)
{
	Request *request = connection->request;

	connection->request = NULL;
	if (request == NULL)
		return;
	if (!request->handed_over)
	{
		free_request(request);
		return;
	}
	request->connection = NULL;
	request->orphan = connection->buf;
	connection->buf = NULL;
	connection->cap = 0;
	connection->len = 0;
	connection->has_saved = false;
}

static void
close_connection(Connection *connection)
{
	VaHttpd *httpd = connection->httpd;

	if (connection->closing)
		return;
	connection->closing = true;
	if (connection->previous != NULL)
		connection->previous->next = connection->next;
	else
		httpd->connections = connection->next;
	if (connection->next != NULL)
		connection->next->previous = connection->previous;
	for (Connection **link = &httpd->resume; *link != NULL; link = &(*link)->next_resume)
	{
		if (*link == connection)
		{
			*link = connection->next_resume;
			break;
		}
	}
	orphan_request(connection);
	uv_close((uv_handle_t *) &connection->tcp, on_connection_closed);
}

/* ----- time ----- */

static void on_timer(uv_timer_t *timer);

static void
set_timer(VaHttpd *httpd, uint64_t at)
{
	uint64_t now = uv_now(httpd->loop);

	if (httpd->stopped || (httpd->timer_at != 0 && httpd->timer_at <= at))
		return;
	httpd->timer_at = at;
	uv_timer_start(&httpd->timer, on_timer, at > now ? at - now : 0, 0);
}

static void
enter_phase(Connection *connection, Phase phase)
{
	VaHttpd *httpd = connection->httpd;
	int timeout = 0;

	connection->phase = phase;
	switch (phase)
	{
		case PHASE_IDLE:
			timeout = httpd->options.idle_timeout_ms;
			break;
		case PHASE_HEAD:
			timeout = httpd->options.head_timeout_ms;
			break;
		case PHASE_BODY:
		case PHASE_WRITE:
			timeout = httpd->options.body_timeout_ms;
			break;
		case PHASE_REPLY:
			timeout = httpd->options.reply_timeout_ms;
			break;
		case PHASE_LINGER:
			timeout = LINGER_MS;
			break;
	}
	connection->deadline = timeout > 0 ? uv_now(httpd->loop) + (uint64_t) timeout : 0;
	if (connection->deadline != 0)
		set_timer(httpd, connection->deadline);
}

/* ----- writing ----- */

static void
after_write(Connection *connection, bool close_after)
{
	if (connection->closing)
		return;
	if (close_after)
	{
		close_connection(connection);
		return;
	}
	if (connection->phase == PHASE_LINGER)
		return;
	enter_phase(connection, PHASE_IDLE);
	read_requests(connection);
}

static void
on_written(uv_write_t *request, int status)
{
	Write *pending = (Write *) request;
	Connection *connection = pending->connection;
	bool close_after = pending->close_after || status != 0;

	free(pending);
	after_write(connection, close_after);
}

/* What the socket does not take at once is copied; true when all is out. */
static bool
write_bytes(Connection *connection, const char *head, size_t head_len, const char *body, size_t body_len,
			bool close_after)
{
	uv_buf_t parts[2] = {{.base = (char *) head, .len = head_len}, {.base = (char *) body, .len = body_len}};
	int written = uv_try_write((uv_stream_t *) &connection->tcp, parts, body_len > 0 ? 2 : 1);
	size_t done = written > 0 ? (size_t) written : 0;
	size_t left = head_len + body_len - done;
	size_t head_done = done < head_len ? done : head_len;
	uv_buf_t rest;
	Write *pending;

	if (left == 0)
		return true;
	if (written < 0 && written != UV_EAGAIN)
	{
		close_connection(connection);
		return false;
	}
	pending = malloc(sizeof(Write) + left);
	if (pending == NULL)
	{
		close_connection(connection);
		return false;
	}
	memcpy(pending->data, head + head_done, head_len - head_done);
	if (body_len > 0)
		memcpy(pending->data + (head_len - head_done), body + (done - head_done), body_len - (done - head_done));
	pending->connection = connection;
	pending->close_after = close_after;
	rest.base = pending->data;
	rest.len = left;
	if (uv_write(&pending->request, (uv_stream_t *) &connection->tcp, &rest, 1, on_written) != 0)
	{
		free(pending);
		close_connection(connection);
		return false;
	}
	if (connection->phase != PHASE_LINGER)
		enter_phase(connection, PHASE_WRITE);
	return false;
}

/* Refuse what came, and let the client read why before the connection ends. */
static void
refuse(Connection *connection, int status, const char *reason, VaRefusal why)
{
	char head[256];
	char body[128];
	int body_len = snprintf(body, sizeof(body), "%s\n", reason);
	int head_len = snprintf(head, sizeof(head),
							"HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n"
							"Connection: close\r\n\r\n",
							status, va_http1_reason(status), body_len);

	uv_os_fd_t fd;

	connection->httpd->refused[why]++;
	orphan_request(connection);
	enter_phase(connection, PHASE_LINGER);
	connection->len = 0;
	(void) write_bytes(connection, head, (size_t) head_len, body, (size_t) body_len, false);
	if (!connection->closing && uv_fileno((uv_handle_t *) &connection->tcp, &fd) == 0)
		(void) shutdown(fd, SHUT_WR);
}

/* ----- reading ----- */

static bool
grow(Connection *connection, size_t wanted)
{
	VaHttpd *httpd = connection->httpd;
	/* Chunked bodies carry their framing along. */
	size_t limit = httpd->options.max_head_bytes + 2 * httpd->options.max_body_bytes + READ_AHEAD;
	size_t cap = connection->cap ? connection->cap : FIRST_BUFFER;
	char *moved;

	if (wanted > limit)
		return false;
	while (cap < wanted)
		cap *= 2;
	moved = realloc(connection->buf, cap);
	if (moved == NULL)
		return false;
	connection->buf = moved;
	connection->cap = cap;
	return true;
}

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	Connection *connection = handle->data;
	static char discarded[READ_AHEAD];

	(void) suggested;
	if (connection->phase == PHASE_LINGER)
	{
		buf->base = discarded;
		buf->len = sizeof(discarded);
		return;
	}
	/* One byte stays free for a terminator. */
	if (connection->cap < connection->len + 2 && connection->phase != PHASE_REPLY)
		(void) grow(connection, connection->len + FIRST_BUFFER);
	buf->base = connection->buf + connection->len;
	buf->len = connection->cap > connection->len + 1 ? connection->cap - connection->len - 1 : 0;
}

static void
pause_reading(Connection *connection)
{
	if (connection->reading)
		uv_read_stop((uv_stream_t *) &connection->tcp);
	connection->reading = false;
}

static void
on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
	Connection *connection = stream->data;

	(void) buf;
	if (connection->closing || nread == 0)
		return;
	if (nread == UV_ENOBUFS && connection->phase == PHASE_REPLY)
	{
		/* Pipelined far ahead: go on when this one is answered. */
		pause_reading(connection);
		return;
	}
	if (nread == UV_ENOBUFS && connection->phase != PHASE_LINGER)
	{
		refuse(connection, 413, "request too large", VA_REFUSED_TOO_LARGE);
		return;
	}
	if (nread < 0)
	{
		close_connection(connection);
		return;
	}
	if (connection->phase == PHASE_LINGER)
		return;
	connection->len += (size_t) nread;
	if (connection->phase != PHASE_REPLY && connection->phase != PHASE_WRITE)
		read_requests(connection);
}

static void
resume_reading(Connection *connection)
{
	if (connection->reading || connection->closing)
		return;
	connection->reading = uv_read_start((uv_stream_t *) &connection->tcp, on_alloc, on_read) == 0;
	if (!connection->reading)
		close_connection(connection);
}

static bool
start_request(Connection *connection)
{
	VaHttpd *httpd = connection->httpd;
	Request *request = calloc(1, sizeof(Request));

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
hand_over(Connection *connection)
{
	VaHttpd *httpd = connection->httpd;
	Request *request = connection->request;
	VaHttp1 *parse = &request->parse;
	VaHttpdRequest *pub = &request->pub;

	enter_phase(connection, PHASE_REPLY);
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
	pub->received_us = (int64_t) (uv_hrtime() / 1000);
	pub->serial = ++httpd->serial;
	request->handed_over = true;
	httpd->nrequests++;
	if (!va_admit_peer(&httpd->peers, connection->peer, uv_now(httpd->loop), httpd->options.requests_per_second))
	{
		static const char *const later[] = {"Retry-After: 1"};

		httpd->refused[VA_REFUSED_TOO_MANY]++;
		va_httpd_reply(pub, 429, "text/plain", later, 1, "too many requests\n", 18);
		return;
	}
	httpd->handler(httpd->ctx, pub);
}

static void
refuse_parsed(Connection *connection)
{
	VaHttp1 *parse = &connection->request->parse;

	refuse(connection, parse->status, parse->reason,
		   parse->status == 413 ? VA_REFUSED_TOO_LARGE : VA_REFUSED_MALFORMED);
}

/* Look at what has come; at most one request is handed over. */
static void
read_requests(Connection *connection)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

	if (connection->closing || connection->len == 0)
		return;
	if (connection->request == NULL && !start_request(connection))
	{
		close_connection(connection);
		return;
	}
	if (connection->phase == PHASE_IDLE)
		enter_phase(connection, PHASE_HEAD);
	switch (va_http1_read(&connection->request->parse, connection->buf, connection->len))
	{
		case VA_HTTP1_HEAD:
			break;
		case VA_HTTP1_BODY:
			if (connection->phase == PHASE_HEAD)
				enter_phase(connection, PHASE_BODY);
			if (connection->request->parse.expect_continue && !connection->continued)
			{
				uv_buf_t part = {.base = (char *) go_on, .len = sizeof(go_on) - 1};

				/* It fits: nothing else is being written. */
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
}

/* ----- connections ----- */

static void
expire(Connection *connection)
{
	switch (connection->phase)
	{
		case PHASE_HEAD:
		case PHASE_BODY:
			refuse(connection, 408, "request too slow", VA_REFUSED_TOO_SLOW);
			break;
		case PHASE_REPLY:
			refuse(connection, 503, "no answer in time", VA_REFUSED_TOO_SLOW);
			break;
		case PHASE_WRITE:
			connection->httpd->refused[VA_REFUSED_TOO_SLOW]++;
			close_connection(connection);
			break;
		default:
			close_connection(connection);
			break;
	}
}

static void
on_timer(uv_timer_t *timer)
{
	VaHttpd *httpd = timer->data;
	uint64_t now = uv_now(httpd->loop);
	uint64_t earliest = 0;
	Connection *next;

	httpd->timer_at = 0;
	for (Connection *connection = httpd->connections; connection != NULL; connection = next)
	{
		next = connection->next;
		if (connection->deadline != 0 && connection->deadline <= now)
			expire(connection);
	}
	for (Connection *connection = httpd->connections; connection != NULL; connection = connection->next)
		if (connection->deadline != 0 && (earliest == 0 || connection->deadline < earliest))
			earliest = connection->deadline;
	if (earliest != 0)
		set_timer(httpd, earliest);
}

static void
name_peer(Connection *connection)
{
	struct sockaddr_storage address;
	int length = sizeof(address);

	if (uv_tcp_getpeername(&connection->tcp, (struct sockaddr *) &address, &length) != 0)
		return;
	if (address.ss_family == AF_INET)
		uv_ip4_name((struct sockaddr_in *) &address, connection->peer, sizeof(connection->peer));
	else if (address.ss_family == AF_INET6)
		uv_ip6_name((struct sockaddr_in6 *) &address, connection->peer, sizeof(connection->peer));
}

static void
on_connection(uv_stream_t *listener, int status)
{
	VaHttpd *httpd = listener->data;
	Connection *connection;

	if (status != 0)
		return;
	connection = calloc(1, sizeof(Connection));
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
	if (uv_accept(listener, (uv_stream_t *) &connection->tcp) != 0)
	{
		close_connection(connection);
		return;
	}
	(void) uv_tcp_nodelay(&connection->tcp, 1);
	name_peer(connection);
	/* A client that connects must say something soon. */
	enter_phase(connection, PHASE_HEAD);
	resume_reading(connection);
	if (!connection->closing && httpd->nconnections > httpd->options.max_connections)
		refuse(connection, 503, "too many connections", VA_REFUSED_TOO_MANY);
}

/* ----- replies ----- */

static void
on_resume(uv_timer_t *timer)
{
	VaHttpd *httpd = timer->data;
	Connection *connection;

	while ((connection = httpd->resume) != NULL)
	{
		httpd->resume = connection->next_resume;
		connection->resume = false;
		if (connection->phase == PHASE_IDLE)
			read_requests(connection);
	}
}

/*
 * The next request of a pipeline is looked at from the loop, never from
 * within a reply: the caller may be walking its own queue.
 */
static void
resume_later(Connection *connection)
{
	VaHttpd *httpd = connection->httpd;

	if (connection->resume || connection->closing || httpd->stopped)
		return;
	connection->resume = true;
	connection->next_resume = httpd->resume;
	httpd->resume = connection;
	uv_timer_start(&httpd->resumer, on_resume, 0, 0);
}

/* Drop the answered request's bytes; what was pipelined moves to the front. */
static void
consume(Connection *connection, size_t consumed, size_t terminator)
{
	if (connection->has_saved && terminator < connection->len)
		connection->buf[terminator] = connection->saved;
	connection->has_saved = false;
	connection->len -= consumed;
	if (connection->len > 0)
		memmove(connection->buf, connection->buf + consumed, connection->len);
	else if (connection->cap > 16 * FIRST_BUFFER)
	{
		/* One large body must not keep its memory for the connection's life. */
		free(connection->buf);
		connection->buf = NULL;
		connection->cap = 0;
	}
}

void
va_httpd_reply(VaHttpdRequest *pub, int status, const char *content_type, const char *const *headers, int nheaders,
			   const void *body, size_t body_len)
{
	Request *request = (Request *) pub;
	Connection *connection = request->connection;
	VaHttp1 *parse = &request->parse;
	char head[4096];
	size_t head_len;
	bool keep_alive;
	bool written;

	if (connection == NULL)
	{
		free_request(request);
		return;
	}
	keep_alive = parse->keep_alive && !request->httpd->stopped;
	head_len = va_http1_format_head(head, sizeof(head), status, content_type, headers, nheaders, body_len, keep_alive);
	if (strcmp(parse->method, "HEAD") == 0)
		body_len = 0;
	/* The connection is on its own again; the answer may still point into its buffer. */
	request->connection = NULL;
	connection->request = NULL;
	enter_phase(connection, PHASE_IDLE);
	written = write_bytes(connection, head, head_len, body, body_len, !keep_alive);
	if (connection->closing)
	{
		free_request(request);
		return;
	}
	consume(connection, parse->consumed, (size_t) (parse->body - connection->buf) + parse->body_len);
	if (written)
	{
		if (!keep_alive)
			close_connection(connection);
		else if (connection->len > 0)
			resume_later(connection);
	}
	if (!connection->closing)
		resume_reading(connection);
	free_request(request);
}

void
va_httpd_abandon(VaHttpdRequest *pub)
{
	Request *request = (Request *) pub;

	if (request->connection != NULL)
		close_connection(request->connection);
	free_request(request);
}

const char *
va_httpd_header(const VaHttpdRequest *request, const char *name)
{
	for (int i = 0; i < request->nheaders; i++)
		if (strcmp(request->headers[i].name, name) == 0)
			return request->headers[i].value;
	return NULL;
}

bool
va_httpd_alive(const VaHttpdRequest *request)
{
	return ((const Request *) request)->connection != NULL;
}

/* ----- the server ----- */

static bool
parse_address(const VaHttpdOptions *options, struct sockaddr_storage *address)
{
	if (uv_ip4_addr(options->host, options->port, (struct sockaddr_in *) address) == 0)
		return true;
	return uv_ip6_addr(options->host, options->port, (struct sockaddr_in6 *) address) == 0;
}

static int
bound_port(uv_tcp_t *listener)
{
	struct sockaddr_storage address;
	int length = sizeof(address);

	if (uv_tcp_getsockname(listener, (struct sockaddr *) &address, &length) != 0)
		return 0;
	if (address.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *) &address)->sin6_port);
	return ntohs(((struct sockaddr_in *) &address)->sin_port);
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

VaHttpd *
va_httpd_start(uv_loop_t *loop, const VaHttpdOptions *options, VaHttpdHandler handler, void *ctx, char *err,
			   size_t errlen)
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
	httpd->port = bound_port(&httpd->listener);
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

int
va_httpd_connections(const VaHttpd *httpd)
{
	return httpd->nconnections;
}

uint64_t
va_httpd_refused(const VaHttpd *httpd, VaRefusal why)
{
	return httpd->refused[why];
}

void
va_httpd_stop(VaHttpd *httpd)
{
	Connection *next;

	if (httpd->stopped)
		return;
	httpd->stopped = true;
	for (Connection *connection = httpd->connections; connection != NULL; connection = next)
	{
		next = connection->next;
		close_connection(connection);
	}
	uv_close((uv_handle_t *) &httpd->listener, on_handle_closed);
	uv_close((uv_handle_t *) &httpd->timer, on_handle_closed);
	uv_close((uv_handle_t *) &httpd->resumer, on_handle_closed);
}
