/*-------------------------------------------------------------------------
 * connection.c
 *		One connection of the server: its buffer, its deadline, what is written
 *		to it, its end.  See http/connection.h; no locking.
 *
 * Time: every connection has one deadline, the server one timer, which is set
 * to the earliest deadline and looks at all when it fires.
 */
#include "connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define KEPT_BUFFER (16 * VA_FIRST_BUFFER) /* over a connection's life */
#define LINGER_MS 1000
/* Deadlines are met to about this precision; otherwise each of a crowd's would cause a look at all connections. */
#define TICK_MS 16

typedef struct Write
{
	uv_write_t request;
	VaConnection *connection;
	bool close_after;
	char data[];
} Write;

/* So much of a file that is an answer is in memory. */
#define FILE_PIECE 65536

/* ----- memory at the end ----- */

void
va_httpd_free_if_done(VaHttpd *httpd)
{
	if (httpd->stopped && httpd->handles == 0 && httpd->nconnections == 0 && httpd->nrequests == 0)
		free(httpd);
}

void
va_connection_free_request(VaConnectionRequest *request)
{
	VaHttpd *httpd = request->httpd;
	bool counted = request->handed_over;

	httpd->buffered -= request->orphan_cap;
	free(request->orphan);
	free(request);
	if (counted)
	{
		httpd->nrequests--;
		va_httpd_free_if_done(httpd);
	}
}

static void
close_file(VaConnection *connection)
{
	if (connection->file.open)
		(void) close(connection->file.fd);
	connection->file.open = false;
}

static void
on_closed(uv_handle_t *handle)
{
	VaConnection *connection = handle->data;
	VaHttpd *httpd = connection->httpd;

	close_file(connection);
	free(connection->buf);
	free(connection);
	httpd->nconnections--;
	va_httpd_free_if_done(httpd);
}

/* The request outlives its connection, with the bytes that it points to. */
static void
orphan_request(VaConnection *connection)
{
	VaConnectionRequest *request = connection->request;

	connection->request = NULL;
	if (request == NULL)
		return;
	if (!request->handed_over)
	{
		va_connection_free_request(request);
		return;
	}
	request->connection = NULL;
	request->orphan = connection->buf;
	request->orphan_cap = connection->cap;
	connection->buf = NULL;
	connection->cap = 0;
	connection->len = 0;
	connection->has_saved = false;
}

void
va_connection_close(VaConnection *connection)
{
	VaHttpd *httpd = connection->httpd;

	if (connection->closing)
		return;
	connection->closing = true;
	httpd->nopen--;
	va_limits_leave(connection);
	if (connection->previous != NULL)
		connection->previous->next = connection->next;
	else
		httpd->connections = connection->next;
	if (connection->next != NULL)
		connection->next->previous = connection->previous;
	for (VaConnection **link = &httpd->resume; *link != NULL; link = &(*link)->next_resume)
	{
		if (*link == connection)
		{
			*link = connection->next_resume;
			break;
		}
	}
	orphan_request(connection);
	httpd->buffered -= connection->cap;
	uv_close((uv_handle_t *) &connection->tcp, on_closed);
}

/* ----- time ----- */

static void on_timer(uv_timer_t *timer);

static void
set_timer(VaHttpd *httpd, uint64_t at)
{
	uint64_t now = uv_now(httpd->loop);

	at = (at / TICK_MS + 1) * TICK_MS;
	if (httpd->stopped || (httpd->timer_at != 0 && httpd->timer_at <= at))
		return;
	httpd->timer_at = at;
	uv_timer_start(&httpd->timer, on_timer, at > now ? at - now : 0, 0);
}

void
va_connection_enter(VaConnection *connection, VaConnectionPhase phase)
{
	VaHttpd *httpd = connection->httpd;
	int timeout = 0;

	connection->phase = phase;
	va_limits_wait(connection, phase != VA_PHASE_REPLY);
	switch (phase)
	{
		case VA_PHASE_IDLE:
			timeout = httpd->options.idle_timeout_ms;
			break;
		case VA_PHASE_HEAD:
			timeout = httpd->options.head_timeout_ms;
			break;
		case VA_PHASE_BODY:
		case VA_PHASE_WRITE:
			timeout = httpd->options.body_timeout_ms;
			break;
		case VA_PHASE_REPLY:
			timeout = httpd->options.reply_timeout_ms;
			break;
		case VA_PHASE_LINGER:
			timeout = LINGER_MS;
			break;
	}
	connection->deadline = timeout > 0 ? uv_now(httpd->loop) + (uint64_t) timeout : 0;
	if (connection->deadline != 0)
		set_timer(httpd, connection->deadline);
}

/* ----- writing ----- */

static void
after_write(VaConnection *connection, bool close_after)
{
	if (connection->closing)
		return;
	if (close_after)
	{
		va_connection_close(connection);
		return;
	}
	if (connection->phase == VA_PHASE_LINGER)
		return;
	va_connection_enter(connection, VA_PHASE_IDLE);
	connection->httpd->on_idle(connection);
}

static void
on_written(uv_write_t *request, int status)
{
	Write *pending = (Write *) request;
	VaConnection *connection = pending->connection;
	bool close_after = pending->close_after || status != 0;

	free(pending);
	after_write(connection, close_after);
}

bool
va_connection_write(
	VaConnection *connection, const char *head, size_t head_len, const char *body, size_t body_len, bool close_after)
{
	uv_buf_t parts[2] = { { .base = (char *) head, .len = head_len }, { .base = (char *) body, .len = body_len } };
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
		va_connection_close(connection);
		return false;
	}
	pending = malloc(sizeof(Write) + left);
	if (pending == NULL)
	{
		va_connection_close(connection);
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
		va_connection_close(connection);
		return false;
	}
	if (connection->phase != VA_PHASE_LINGER)
		va_connection_enter(connection, VA_PHASE_WRITE);
	return false;
}

static void write_piece(VaConnection *connection, const char *head, size_t head_len);

static void
on_piece(uv_write_t *request, int status)
{
	Write *pending = (Write *) request;
	VaConnection *connection = pending->connection;

	free(pending);
	if (connection->closing)
		return;
	if (status != 0)
		va_connection_close(connection);
	else if (connection->file.left > 0)
		write_piece(connection, NULL, 0);
	else
	{
		close_file(connection);
		after_write(connection, connection->file.close_after);
	}
}

/* The next piece of the file, behind the head of the answer if that is to come first. */
static void
write_piece(VaConnection *connection, const char *head, size_t head_len)
{
	VaFileBody *file = &connection->file;
	size_t wanted = file->left < FILE_PIECE ? (size_t) file->left : FILE_PIECE;
	Write *pending = malloc(sizeof(Write) + head_len + wanted);
	uv_buf_t part;

	if (pending == NULL ||
		(wanted > 0 && pread(file->fd, pending->data + head_len, wanted, (off_t) file->at) != (ssize_t) wanted))
	{
		free(pending);
		va_connection_close(connection);
		return;
	}
	if (head_len > 0)
		memcpy(pending->data, head, head_len);
	file->at += wanted;
	file->left -= wanted;
	pending->connection = connection;
	part = uv_buf_init(pending->data, (unsigned) (head_len + wanted));
	if (uv_write(&pending->request, (uv_stream_t *) &connection->tcp, &part, 1, on_piece) != 0)
	{
		free(pending);
		va_connection_close(connection);
		return;
	}
	/* A client has a deadline for each piece. */
	va_connection_enter(connection, VA_PHASE_WRITE);
}

void
va_connection_send_file(VaConnection *connection, const char *head, size_t head_len, const VaFileBody *file)
{
	connection->file = *file;
	write_piece(connection, head, head_len);
}

void
va_connection_refuse(VaConnection *connection, int status, const char *reason, VaRefusal why)
{
	char head[512];
	char body[128];
	int body_len = snprintf(body, sizeof(body), "%s\n", reason);
	size_t head_len = va_http1_format_head(
		head, sizeof(head), status, "text/plain", NULL, 0, (size_t) body_len, false, time(NULL));
	uv_os_fd_t fd;

	va_limits_refused(connection->httpd, why);
	orphan_request(connection);
	va_connection_enter(connection, VA_PHASE_LINGER);
	connection->len = 0;
	(void) va_connection_write(connection, head, head_len, body, (size_t) body_len, false);
	if (!connection->closing && uv_fileno((uv_handle_t *) &connection->tcp, &fd) == 0)
		(void) shutdown(fd, SHUT_WR);
}

/* ----- deadlines ----- */

static void
expire(VaConnection *connection)
{
	switch (connection->phase)
	{
		case VA_PHASE_HEAD:
		case VA_PHASE_BODY:
			va_connection_refuse(connection, 408, "request too slow", VA_REFUSED_TOO_SLOW);
			break;
		case VA_PHASE_REPLY:
			va_connection_refuse(connection, 503, "no answer in time", VA_REFUSED_TOO_SLOW);
			break;
		case VA_PHASE_WRITE:
			va_limits_refused(connection->httpd, VA_REFUSED_TOO_SLOW);
			va_connection_close(connection);
			break;
		default:
			va_connection_close(connection);
			break;
	}
}

static void
on_timer(uv_timer_t *timer)
{
	VaHttpd *httpd = timer->data;
	uint64_t now = uv_now(httpd->loop);
	uint64_t earliest = 0;
	VaConnection *next;

	httpd->timer_at = 0;
	for (VaConnection *connection = httpd->connections; connection != NULL; connection = next)
	{
		next = connection->next;
		if (connection->deadline != 0 && connection->deadline <= now)
			expire(connection);
	}
	for (VaConnection *connection = httpd->connections; connection != NULL; connection = connection->next)
		if (connection->deadline != 0 && (earliest == 0 || connection->deadline < earliest))
			earliest = connection->deadline;
	if (earliest != 0)
		set_timer(httpd, earliest);
}

/* ----- the buffer ----- */

bool
va_connection_grow(VaConnection *connection, size_t wanted)
{
	VaHttpd *httpd = connection->httpd;
	/* Chunked bodies carry their framing along. */
	size_t limit = httpd->options.max_head_bytes + 2 * httpd->options.max_body_bytes + VA_READ_AHEAD;
	size_t cap = connection->cap ? connection->cap : VA_FIRST_BUFFER;
	char *moved;

	if (wanted > limit)
		return false;
	while (cap < wanted)
		cap *= 2;
	connection->starved = !va_limits_grow(connection, cap - connection->cap);
	if (connection->starved)
		return false;
	moved = realloc(connection->buf, cap);
	if (moved == NULL)
		return false;
	httpd->buffered += cap - connection->cap;
	connection->buf = moved;
	connection->cap = cap;
	return true;
}

void
va_connection_consume(VaConnection *connection, size_t consumed, size_t terminator)
{
	if (connection->has_saved && terminator < connection->len)
		connection->buf[terminator] = connection->saved;
	connection->has_saved = false;
	connection->len -= consumed;
	if (connection->len > 0)
		memmove(connection->buf, connection->buf + consumed, connection->len);
	else if (connection->cap > KEPT_BUFFER)
	{
		/* One large body must not keep its memory for the connection's life. */
		connection->httpd->buffered -= connection->cap;
		free(connection->buf);
		connection->buf = NULL;
		connection->cap = 0;
	}
}
