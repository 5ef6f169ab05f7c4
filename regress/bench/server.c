/*
 * A carrier that only answers: the fastest counterpart that a dispatcher can have.
 *
 *	.build/bench/server PORTFILE [DELAY [LOG]]	listens on a free loopback port and writes it to PORTFILE
 *
 * Every POST is answered 201 with an id of its own, after DELAY milliseconds, any other request 503 (so nobody learns
 * that a call is unknown).  LOG gets a line for each answer, "microseconds NUMBER", where NUMBER is the first telephone
 * number in the request; any other request than a POST has it written out.  HTTP/1.1, keep-alive, bodies by
 * Content-Length.  SIGTERM ends it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>

#include <uv.h>

#define BUFFER_SIZE 65536

typedef struct Peer
{
	uv_tcp_t tcp;
	uv_timer_t timer; /* of the answer that is due */
	int is_post;
	char number[24];
	int nhandles;
	size_t used;
	char buffer[BUFFER_SIZE];
} Peer;

static unsigned long served;
static unsigned long delay;
static FILE *answers;

static void
on_close(uv_handle_t *handle)
{
	Peer *peer = handle->data;

	if (--peer->nhandles == 0)
		free(peer);
}

static void
hang_up(Peer *peer)
{
	if (!uv_is_closing((uv_handle_t *) &peer->tcp))
	{
		uv_close((uv_handle_t *) &peer->tcp, on_close);
		uv_close((uv_handle_t *) &peer->timer, on_close);
	}
}

static void
answer(Peer *peer)
{
	int is_post = peer->is_post;
	char body[96];
	char head[256];
	int n = is_post ? snprintf(body, sizeof(body), "{\"id\":\"bench-%lu\",\"status\":\"queued\"}", ++served) : snprintf(body, sizeof(body), "{}");
	int m = snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
					 is_post ? "201 Created" : "503 Service Unavailable", n, body);
	uv_buf_t out = uv_buf_init(head, (unsigned) m);

	if (answers != NULL && is_post)
	{
		struct timeval now;

		gettimeofday(&now, NULL);
		fprintf(answers, "%lld\t%s\n", (long long) now.tv_sec * 1000000 + now.tv_usec, peer->number);
	}
	else if (answers != NULL)
		fflush(answers);
	if (uv_try_write((uv_stream_t *) &peer->tcp, &out, 1) != m)
		hang_up(peer);
}

static void
on_timer(uv_timer_t *timer)
{
	answer(timer->data);
}

static void
take(Peer *peer, size_t length)
{
	const char *number = memmem(peer->buffer, length, "\"+", 2);

	peer->is_post = strncmp(peer->buffer, "POST ", 5) == 0;
	snprintf(peer->number, sizeof(peer->number), "%.*s", number == NULL ? 0 : (int) strcspn(number + 1, "\""), number == NULL ? "" : number + 1);
	if (delay > 0 && peer->is_post)
		uv_timer_start(&peer->timer, on_timer, delay, 0);
	else
		answer(peer);
}

/* Length of the first request in the buffer; 0: it is not whole yet. */
static size_t
request_length(const Peer *peer)
{
	const char *end = memmem(peer->buffer, peer->used, "\r\n\r\n", 4);
	size_t head;
	size_t body = 0;

	if (end == NULL)
		return 0;
	head = (size_t) (end - peer->buffer) + 4;
	for (const char *line = peer->buffer; line < end; line++)
		if (line[0] == '\n' && strncasecmp(line + 1, "content-length:", 15) == 0)
			body = strtoul(line + 16, NULL, 10);
	return peer->used >= head + body ? head + body : 0;
}

static void
on_allocate(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	Peer *peer = handle->data;

	*buf = uv_buf_init(peer->buffer + peer->used, (unsigned) (BUFFER_SIZE - 1 - peer->used));
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	Peer *peer = stream->data;
	size_t length;

	if (n < 0)
	{
		hang_up(peer);
		return;
	}
	peer->used += (size_t) n;
	peer->buffer[peer->used] = '\0';
	while ((length = request_length(peer)) > 0)
	{
		take(peer, length);
		peer->used -= length;
		memmove(peer->buffer, peer->buffer + length, peer->used);
	}
	if (peer->used >= BUFFER_SIZE - 1)
		hang_up(peer);
}

static void
on_connection(uv_stream_t *server, int status)
{
	Peer *peer = status == 0 ? calloc(1, sizeof(Peer)) : NULL;

	if (peer == NULL)
		return;
	uv_tcp_init(server->loop, &peer->tcp);
	uv_timer_init(server->loop, &peer->timer);
	peer->tcp.data = peer->timer.data = peer;
	peer->nhandles = 2;
	if (uv_accept(server, (uv_stream_t *) &peer->tcp) != 0)
	{
		hang_up(peer);
		return;
	}
	uv_tcp_nodelay(&peer->tcp, 1);
	uv_read_start((uv_stream_t *) &peer->tcp, on_allocate, on_read);
}

int
main(int argc, char **argv)
{
	uv_tcp_t tcp;
	struct sockaddr_in address;
	int size = sizeof(address);
	FILE *file;

	if (argc < 2 || argc > 4)
		return 2;
	if (argc > 2)
		delay = strtoul(argv[2], NULL, 10);
	if (argc > 3 && (answers = fopen(argv[3], "w")) == NULL)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	uv_tcp_init(uv_default_loop(), &tcp);
	uv_ip4_addr("127.0.0.1", 0, &address);
	if (uv_tcp_bind(&tcp, (struct sockaddr *) &address, 0) != 0 || uv_listen((uv_stream_t *) &tcp, 1024, on_connection) != 0 ||
		uv_tcp_getsockname(&tcp, (struct sockaddr *) &address, &size) != 0 || (file = fopen(argv[1], "w")) == NULL)
		return 1;
	fprintf(file, "%d\n", (address.sin_port >> 8 & 255) | (address.sin_port & 255) << 8);
	fclose(file);
	return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
