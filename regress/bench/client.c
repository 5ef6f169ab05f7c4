/*
 * A carrier that only reports: sends signed webhooks, and says how long their answers took.
 *
 *	.build/bench/client PORT SECRET CONNECTIONS RATE [LOG] < REQUESTS
 *
 * Every line of REQUESTS ("path <tab> body") once, over so many connections: as fast as answers come (RATE 0), or RATE a
 * second whatever the answers do; a latency then counts from the moment when the request was due.  LOG gets these
 * moments, in microseconds since 1970, a line each.  Prints one line: "sent microseconds errors p50_ms p99_ms".  Any
 * status but 2xx is an error, except that a request which is refused for now (408 too slow, 429, 503) is sent again, as
 * carriers do; its latency counts from when it was due at first.  A connection that the server closes is opened again, and
 * what it had not answered is sent again.  After 1,000 of both it gives up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>

#include <sodium.h>
#include <uv.h>

#define ANSWER_SIZE 16384
#define MOST_AGAIN 1000

typedef struct Line
{
	uv_tcp_t tcp;
	int open;
	int busy;
	long request; /* number of the one that is under way */
	char *out;
	size_t used;
	char answer[ANSWER_SIZE];
} Line;

static char **paths;
static char **bodies;
static size_t *lengths;
static long nbodies;
static uint64_t *due; /* nanoseconds, when it was or should have been sent */
static uint64_t *took;
static long sent, answered, errors;
static Line *lines;
static int nlines;
static double rate;
static uint64_t began;
static const char *secret, *log_file;
static int port;
static uv_timer_t timer;

static void
fail(const char *what)
{
	fprintf(stderr, "client: %s\n", what);
	exit(1);
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *) a;
	uint64_t y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

static void
report(void)
{
	uint64_t ended = uv_hrtime();
	uint64_t whole = ended - began;
	FILE *log = log_file == NULL ? NULL : fopen(log_file, "w");
	struct timeval now;

	gettimeofday(&now, NULL);
	for (long i = 0; log != NULL && i < nbodies; i++)
		fprintf(log, "%lld\n", (long long) now.tv_sec * 1000000 + now.tv_usec - (long long) (ended - due[i]) / 1000);
	if (log != NULL && fclose(log) != 0)
		fail("cannot write the log");
	qsort(took, (size_t) nbodies, sizeof(*took), compare);
	printf("%ld %.0f %ld %.3f %.3f\n", nbodies, (double) whole / 1000, errors, (double) took[nbodies / 2] / 1e6,
		   (double) took[(long) ((double) nbodies * 0.99)] / 1e6);
	exit(0);
}

static void
on_written(uv_write_t *request, int status)
{
	free(request); /* one that failed is seen by who reads */
}

static void connect_line(Line *line);

static void
on_closed(uv_handle_t *handle)
{
	connect_line(handle->data);
}

static void
send_line(Line *line)
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char hex[sizeof(mac) * 2 + 1];
	char stamp[32];
	long i = line->request;
	int n = snprintf(stamp, sizeof(stamp), "%ld", (long) time(NULL));
	uv_write_t *request = malloc(sizeof(*request));
	uv_buf_t buf;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *) secret, strlen(secret));
	crypto_auth_hmacsha256_update(&state, (unsigned char *) stamp, (unsigned long long) n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *) ".", 1);
	crypto_auth_hmacsha256_update(&state, (unsigned char *) bodies[i], lengths[i]);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2hex(hex, sizeof(hex), mac, sizeof(mac));
	free(line->out);
	line->out = malloc(lengths[i] + 1024);
	n = snprintf(line->out, lengths[i] + 1024,
				 "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nX-Timestamp: %s\r\n"
				 "X-Signature: %s\r\nContent-Length: %zu\r\n\r\n",
				 paths[i], port, stamp, hex, lengths[i]);
	memcpy(line->out + n, bodies[i], lengths[i]);
	buf = uv_buf_init(line->out, (unsigned) ((size_t) n + lengths[i]));
	if (uv_write(request, (uv_stream_t *) &line->tcp, &buf, 1, on_written) != 0)
		fail("cannot write");
}

static void
send_one(Line *line)
{
	line->request = sent++;
	line->busy = 1;
	due[line->request] = rate > 0 ? began + (uint64_t) ((double) line->request / rate * 1e9) : uv_hrtime();
	send_line(line);
}

/* Whatever is due goes out by the lines that are free. */
static void
pump(void)
{
	for (int i = 0; i < nlines && sent < nbodies; i++)
	{
		if (lines[i].busy || !lines[i].open)
			continue;
		if (rate > 0 && (double) (uv_hrtime() - began) / 1e9 * rate < (double) sent)
			return;
		send_one(&lines[i]);
	}
}

static void
on_timer(uv_timer_t *handle)
{
	pump();
}

static void
on_allocate(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	Line *line = handle->data;

	*buf = uv_buf_init(line->answer + line->used, (unsigned) (ANSWER_SIZE - 1 - line->used));
}

static void
count_again(const char *why)
{
	static int again;

	if (++again > MOST_AGAIN)
		fail(why);
}

/* The connection lives on, or its end comes as the next thing that is read: then on_connected() sends again. */
static void
take_refusal(Line *line, const char *headers_end)
{
	const char *closes = strcasestr(line->answer, "\r\nconnection: close");

	count_again("requests are refused for now, again and again");
	line->used = 0;
	if (closes == NULL || closes > headers_end)
		send_line(line);
}

static int
is_for_now(int status)
{
	return status == 408 || status == 429 || status == 503;
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	Line *line = stream->data;
	char *end;
	char *length;
	size_t whole;

	if (n < 0)
	{
		count_again("the server closes connections");
		line->open = 0;
		line->used = 0;
		uv_close((uv_handle_t *) &line->tcp, on_closed);
		return;
	}
	line->used += (size_t) n;
	line->answer[line->used] = '\0';
	if ((end = strstr(line->answer, "\r\n\r\n")) == NULL)
		return;
	length = strcasestr(line->answer, "\r\ncontent-length:");
	whole = (size_t) (end - line->answer) + 4 + (length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0);
	if (line->used < whole)
		return;
	if (!line->busy)
	{
		/* The server has nothing to answer: it says that it closes a connection on which nothing came. */
		line->used = 0;
		return;
	}
	if (is_for_now(atoi(line->answer + 9)))
	{
		take_refusal(line, end);
		return;
	}
	if (line->answer[9] != '2')
		errors++;
	took[line->request] = uv_hrtime() - due[line->request];
	line->used = 0;
	line->busy = 0;
	if (++answered == nbodies)
		report();
	pump();
}

static void
on_connected(uv_connect_t *request, int status)
{
	static int connected;
	Line *line = request->data;

	free(request);
	if (status != 0)
		fail("cannot connect");
	uv_tcp_nodelay(&line->tcp, 1);
	uv_read_start((uv_stream_t *) &line->tcp, on_allocate, on_read);
	line->open = 1;
	if (line->busy)
	{
		send_line(line);
		return;
	}
	if (began == 0 && ++connected < nlines)
		return;
	if (began == 0)
	{
		began = uv_hrtime();
		if (rate > 0)
		{
			uv_timer_init(uv_default_loop(), &timer);
			uv_timer_start(&timer, on_timer, 0, 1);
		}
	}
	pump();
}

static void
connect_line(Line *line)
{
	uv_connect_t *request = malloc(sizeof(*request));
	struct sockaddr_in address;

	uv_ip4_addr("127.0.0.1", port, &address);
	uv_tcp_init(uv_default_loop(), &line->tcp);
	line->tcp.data = line;
	request->data = line;
	if (uv_tcp_connect(request, &line->tcp, (struct sockaddr *) &address, on_connected) != 0)
		fail("cannot connect");
}

int
main(int argc, char **argv)
{
	char *body = NULL;
	size_t size = 0;
	ssize_t n;

	if (argc < 5 || argc > 6 || sodium_init() < 0)
		return 2;
	port = atoi(argv[1]);
	secret = argv[2];
	nlines = atoi(argv[3]);
	rate = atof(argv[4]);
	log_file = argc > 5 ? argv[5] : NULL;
	while ((n = getline(&body, &size, stdin)) > 0)
	{
		char *tab = memchr(body, '\t', (size_t) n);

		if (tab == NULL)
			fail("a line is no path and body");
		if (body[n - 1] == '\n')
			n--;
		if (nbodies % 4096 == 0)
		{
			paths = realloc(paths, (size_t) (nbodies + 4096) * sizeof(*paths));
			bodies = realloc(bodies, (size_t) (nbodies + 4096) * sizeof(*bodies));
			lengths = realloc(lengths, (size_t) (nbodies + 4096) * sizeof(*lengths));
		}
		*tab = '\0';
		paths[nbodies] = body;
		bodies[nbodies] = tab + 1;
		lengths[nbodies++] = (size_t) (body + n - tab - 1);
		body = NULL;
		size = 0;
	}
	if (nbodies == 0 || nlines < 1)
		fail("there is nothing to send");
	due = calloc((size_t) nbodies, sizeof(*due));
	took = calloc((size_t) nbodies, sizeof(*took));
	lines = calloc((size_t) nlines, sizeof(*lines));
	for (int i = 0; i < nlines; i++)
		connect_line(&lines[i]);
	uv_run(uv_default_loop(), UV_RUN_DEFAULT);
	return 1;
}
