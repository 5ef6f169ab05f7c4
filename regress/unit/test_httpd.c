/*-------------------------------------------------------------------------
 * test_httpd.c
 *		The HTTP server of the workers against raw sockets.
 *-------------------------------------------------------------------------
 */
#include <errno.h>
#include <fcntl.h>

#include "http_server.h"

/* From a network of its own, 127.0.FROM - 1.0. */
static int
dial_unseen_from(uint32_t from)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) va_httpd_port(server))};
	struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + ((from - 1) << 8))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *) &own, sizeof(own)) != 0)
		return -1;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *) &address, sizeof(address)) != 0)
		return -1;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static int
dial_unseen(void)
{
	return dial_unseen_from(1);
}

static int
dial(void)
{
	int fd = dial_unseen();

	pump(2);
	return fd;
}

static void
say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		diag("send: %s", strerror(errno));
	pump(5);
}

/* The answers without their Date, which is another each second. */
static const char *
undated(char *text)
{
	char *date;

	while ((date = strstr(text, "Date: ")) != NULL)
	{
		char *end = strchr(date, '\n');

		memmove(date, end + 1, strlen(end + 1) + 1);
	}
	return text;
}

/* Everything that comes until it is quiet; " EOF" at the end when the server has closed. */
static const char *
hear(int fd)
{
	static char text[8192];
	size_t used = 0;
	int quiet = 0;

	while (quiet < 20 && used < sizeof(text) - 8)
	{
		ssize_t n = recv(fd, text + used, sizeof(text) - 8 - used, 0);

		if (n == 0 || (n < 0 && errno != EAGAIN))
		{
			strcpy(text + used, " EOF");
			return undated(text);
		}
		if (n > 0)
		{
			used += (size_t) n;
			quiet = 0;
			continue;
		}
		quiet++;
		pump(1);
	}
	text[used] = '\0';
	return undated(text);
}

static bool
begins(const char *text, const char *with)
{
	bool same = strncmp(text, with, strlen(with)) == 0;

	if (!same)
		diag("got: %s", text);
	return same;
}

static void
test_keep_alive(void)
{
	const char *text;
	int fd = dial();

	say(fd, "GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
	is_int(nheld, 1, "a request reaches the handler");
	is_str(held[0]->peer, "127.0.0.1", "... with its peer");
	answer_all();
	is_str(hear(fd), "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Type: text/plain\r\n\r\n/one", "... and is answered later");

	say(fd, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
	is_int(nheld, 1, "of a pipeline one is handed over at a time");
	answer_all();
	pump(5);
	is_int(nheld, 1, "... the next after the answer");
	is_str(last_body, "abc", "... with its own body");
	answer_all();
	pump(5);
	answer_all();
	text = hear(fd);
	if (!ok(strstr(text, "/1HTTP") != NULL && strstr(text, "/2HTTP") != NULL && strstr(text, "\r\n\r\n/3") != NULL, "... in order"))
		diag("%s", text);

	say(fd, "HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n");
	answer_all();
	is_str(hear(fd), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\n", "HEAD has no body");
	say(fd, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
	ok(begins(hear(fd), "HTTP/1.1 100 Continue\r\n\r\n"), "100 Continue");
	say(fd, "ok");
	is_str(last_body, "ok", "... then the body");
	answer_all();
	(void) hear(fd);
	say(fd, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	answer_all();
	ok(strstr(hear(fd), "Connection: close\r\n\r\n/ EOF") != NULL, "Connection: close");
	close(fd);
}

/* What comes while a request waits for its reply neither touches that request nor is touched by it, wherever it is cut. */
static void
test_pipelined_meanwhile(void)
{
	static const char next[] = "POST /next HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nnext";
	static const char *const first[] = {
		"POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfirst",
		"POST /first HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n0\r\n\r\n",
		"GET /first HTTP/1.1\r\nHost: a\r\n\r\n"};

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		for (size_t cut = 0; cut < sizeof(next) - 1; cut += cut < 3 ? 1 : 20)
		{
			int fd = dial();
			char text[200];
			const char *all;

			/* So much of the next comes with the first, and the rest while that one waits. */
			snprintf(text, sizeof(text), "%s%.*s", first[i], (int) cut, next);
			say(fd, text);
			say(fd, next + cut);
			is_int(nheld, 1, "one that comes while another waits for its reply waits");
			is_str(held[0]->body, i < 2 ? "first" : "", "... and leaves the body of that one as it is");
			answer_all();
			pump(5);
			is_str(last_body, "next", "... and is whole when its turn comes");
			answer_all();
			all = hear(fd);
			if (!ok(strstr(all, "/first") != NULL && strstr(all, "/next") != NULL && strstr(all, "400") == NULL, "... both are answered"))
				diag("%s", all);
			close(fd);
			pump(2);
		}
}

static void
test_refusals(void)
{
	int fd = dial();
	char text[2000];

	say(fd, "GARBAGE\r\n\r\n");
	ok(begins(hear(fd), "HTTP/1.1 400 Bad Request\r\n"), "garbage");
	close(fd);
	fd = dial();
	say(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nmuch");
	ok(begins(hear(fd), "HTTP/1.1 413 Content Too Large\r\n"), "a body over the limit");
	close(fd);
	fd = dial();
	memset(text, 'h', sizeof(text));
	memcpy(text, "GET /", 5);
	text[sizeof(text) - 1] = '\0';
	say(fd, text);
	ok(begins(hear(fd), "HTTP/1.1 431 "), "a head over the limit");
	close(fd);
	pump(10);
	is_int(va_httpd_refused(server, VA_REFUSED_MALFORMED), 2, "malformed ones are counted");
	is_int(va_httpd_refused(server, VA_REFUSED_TOO_LARGE), 1, "large ones are counted");
	is_int(seen, 7, "no handler saw them");
}

static void
test_slow(void)
{
	int fd = dial();
	int silent = dial();

	say(fd, "GET / HT");
	pump(330);
	ok(begins(hear(fd), "HTTP/1.1 408 "), "half a head is not waited for");
	ok(strstr(hear(silent), "EOF") != NULL, "a silent client is dropped");
	close(fd);
	close(silent);
	fd = dial();
	say(fd, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
	for (int i = 0; i < 7; i++)
	{
		pump(50);
		(void) send(fd, "c", 1, MSG_NOSIGNAL);
	}
	ok(begins(hear(fd), "HTTP/1.1 408 "), "a body byte by byte is not waited for");
	close(fd);
	pump(10);
	ok(va_httpd_refused(server, VA_REFUSED_TOO_SLOW) >= 2, "slow ones are counted");
}

/* Whatever there is, at most limit bytes; how many. */
static size_t
drain(int fd, size_t limit)
{
	static char bytes[65536];
	size_t got = 0;

	for (int quiet = 0; quiet < 50 && got < limit;)
	{
		ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

		if (n > 0)
		{
			got += (size_t) n;
			quiet = 0;
			uv_run(&loop, UV_RUN_NOWAIT);
			continue;
		}
		if (n == 0)
			break;
		quiet++;
		pump(1);
	}
	return got;
}

/* Answers that do not fit into the sockets at once. */
static void
test_slow_readers(void)
{
	uint64_t slow;
	int fd;

	options.body_timeout_ms = 10000;
	va_httpd_configure(server, &options);
	fd = dial();
	say(fd, "GET /big HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
	answer_all();
	pump(20);
	is_int(nheld, 0, "nobody's next request is looked at before the answer is on its way");
	ok(drain(fd, BIG) >= BIG, "a large answer arrives whole");
	pump(5);
	is_int(nheld, 1, "... and the request behind it is read then");
	answer_all();
	ok(strstr(hear(fd), "/next") != NULL, "... and answered");
	say(fd, "GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	answer_all();
	ok(drain(fd, 2 * BIG) >= BIG, "a large last answer arrives whole");
	ok(strstr(hear(fd), "EOF") != NULL, "... before the end");
	close(fd);

	options.body_timeout_ms = 200;
	va_httpd_configure(server, &options);
	slow = va_httpd_refused(server, VA_REFUSED_TOO_SLOW);
	fd = dial();
	say(fd, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
	answer_all();
	pump(330);
	is_int(va_httpd_refused(server, VA_REFUSED_TOO_SLOW) - slow, 1, "who does not read its answer is dropped and counted");
	is_int(va_httpd_connections(server), 0, "... and is gone");
	close(fd);

	options.reply_timeout_ms = 100;
	va_httpd_configure(server, &options);
	fd = dial();
	say(fd, "GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
	pump(230);
	ok(begins(hear(fd), "HTTP/1.1 503 "), "what has no answer in time is told so");
	answer_all();
	ok(strstr(hear(fd), "/late") == NULL, "... and the late answer is dropped");
	close(fd);
	options.reply_timeout_ms = 0;
	va_httpd_configure(server, &options);
	pump(10);
}

/* What the server cannot be started with. */
static void
test_no_server(void)
{
	VaHttpdOptions bad = options;
	char reason[200] = "";

	bad.host = "localhost";
	ok(va_httpd_start(&loop, &bad, handler, NULL, reason, sizeof(reason)) == NULL, "no server on a name");
	is_str(reason, "\"localhost\" is not a numeric address", "... and why");
	bad.host = options.host;
	bad.port = va_httpd_port(server);
	ok(va_httpd_start(&loop, &bad, handler, NULL, reason, sizeof(reason)) == NULL, "no server on a port that is taken");
	ok(strstr(reason, "could not listen on ") != NULL, "... and why");
	pump(10);
}

static void
test_gone(void)
{
	int fd = dial();
	int before = answered;

	say(fd, "POST /gone HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
	is_int(nheld, 1, "a client that goes away");
	ok(va_httpd_alive(held[0]), "... is there at first");
	close(fd);
	pump(10);
	ok(!va_httpd_alive(held[0]), "... is seen to be gone");
	is_str(held[0]->body, "body", "... its request stays readable");
	answer_all();
	is_int(answered - before, 1, "... and may be answered");
}

/* Says a large request but for its end. */
static int
dial_large(void)
{
	static char text[20000];
	int used = snprintf(text, sizeof(text), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 15000\r\n\r\n");
	int fd = dial();

	memset(text + used, 'x', 14999);
	text[used + 14999] = '\0';
	say(fd, text);
	return fd;
}

static void
test_bytes(void)
{
	const struct linger reset = {.l_onoff = 1};
	int fds[3];

	options.max_body_bytes = 20000;
	options.max_buffered = 30000;
	options.body_timeout_ms = options.head_timeout_ms = 2000;
	va_httpd_configure(server, &options);
	fds[0] = dial_large();
	fds[1] = dial();
	ok(va_httpd_buffered(server) > 15000, "a large request is held");
	fds[2] = dial_large();
	ok(strstr(hear(fds[2]), "HTTP/1.1 503 Service Unavailable") != NULL, "there is no room for another");
	close(fds[2]);
	pump(150);
	fds[2] = dial_large();
	ok(strstr(hear(fds[0]), "EOF") != NULL, "later the one that has not ended goes for it");
	ok(va_httpd_buffered(server) <= 30000, "... so that the limit holds");
	say(fds[2], "x");
	answer_all();
	ok(strstr(hear(fds[2]), "HTTP/1.1 200 ") != NULL, "... and the other is answered");
	say(fds[1], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	answer_all();
	ok(strstr(hear(fds[1]), "HTTP/1.1 200 ") != NULL, "a small one is not disturbed");
	/* The request of one that has gone keeps its bytes, and they count. */
	say(fds[2], "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
	setsockopt(fds[2], SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	pump(20);
	ok(va_httpd_connections(server) == 0 && va_httpd_buffered(server) > 0, "an unanswered request without a connection still counts");
	answer_all();
	is_int(va_httpd_buffered(server), 0, "... until it is answered");
	options.max_buffered = 0;
	options.max_body_bytes = 1000;
	options.body_timeout_ms = options.head_timeout_ms = 200;
	va_httpd_configure(server, &options);
}

static void
test_half_closed(void)
{
	int fd = dial();

	say(fd, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HT");
	shutdown(fd, SHUT_WR);
	pump(20);
	answer_all();
	pump(5);
	answer_all();
	ok(strstr(hear(fd), "/1HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\n/2 EOF") != NULL,
	   "who has said all gets all answers");
	close(fd);
	fd = dial();
	say(fd, "GET / HTTP/1.1\r\nHost");
	shutdown(fd, SHUT_WR);
	ok(strcmp(hear(fd), " EOF") == 0, "... to whole requests only");
	close(fd);
	pump(5);
	is_int(va_httpd_connections(server), 0, "... and is let go");
}

/* X-Forwarded-For names who counts for the limit of requests. */
static void
test_proxies(void)
{
	static const struct
	{
		const char *proxies;
		const char *header;
		const char *peer;
	} cases[] = {
		{ "", "X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.1" },
		{ "10.0.0.0/8", "X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.1" },
		{ "127.0.0.0/8", "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1" },
		{ "127.0.0.0/8", "X-Forwarded-For: 203.0.113.9, 192.0.2.1 \r\n", "192.0.2.1" },
		{ "127.0.0.0/8", "X-Forwarded-For: 203.0.113.9, 10.0.0.1\r\n", "10.0.0.1" },
		{ "127.0.0.0/8 10.0.0.0/8", "X-Forwarded-For: 203.0.113.9, 10.0.0.1\r\n", "203.0.113.9" },
		{ "127.0.0.0/8 10.0.0.0/8", "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 10.0.0.1\r\n", "203.0.113.9" },
		{ "127.0.0.0/8 10.0.0.0/8", "X-Forwarded-For: 10.0.0.2,10.0.0.1\r\n", "10.0.0.2" },
		{ "127.0.0.0/8 10.0.0.0/8", "X-Forwarded-For: evil, 10.0.0.1\r\n", "10.0.0.1" },
		{ "127.0.0.0/8", "X-Forwarded-For: \r\n", "127.0.0.1" },
		{ "127.0.0.0/8", "X-Forwarded-For: ,,\r\n", "127.0.0.1" },
		{ "127.0.0.0/8", "X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1" },
		{ "127.0.0.0/8", "X-Forwarded-For: 192.0.2.1:80\r\n", "127.0.0.1" },
		{ "127.0.0.0/8", "X-Forwarded-For: 0000000000000000000000000000000000000000000000000000192.0.2.1\r\n", "127.0.0.1" },
		{ "127.0.0.0/8", "", "127.0.0.1" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		char text[512];
		int fd;

		snprintf(options.trusted_proxies, sizeof(options.trusted_proxies), "%s", cases[i].proxies);
		va_httpd_configure(server, &options);
		fd = dial();
		snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", cases[i].header);
		say(fd, text);
		is_str(nheld == 1 ? held[0]->peer : "nobody", cases[i].peer, "trusting \"%s\": %s", cases[i].proxies, cases[i].header);
		answer_all();
		close(fd);
		pump(2);
	}
	options.trusted_proxies[0] = '\0';
	va_httpd_configure(server, &options);
}

static void
test_crowd(void)
{
	int fds[5];

	for (int i = 0; i < 5; i++)
		fds[i] = dial_unseen();
	pump(5);
	ok(begins(hear(fds[4]), "HTTP/1.1 503 "), "one client too many at once");
	say(fds[0], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	answer_all();
	ok(begins(hear(fds[0]), "HTTP/1.1 200 "), "... does not disturb the others");
	pump(50);
	close(fds[4]);
	say(fds[2], "GET / HT");
	fds[4] = dial();
	ok(strstr(hear(fds[1]), "EOF") != NULL, "later the one that has said nothing for longest goes for a newcomer");
	say(fds[4], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	answer_all();
	ok(begins(hear(fds[4]), "HTTP/1.1 200 "), "... who is served");
	for (int i = 0; i < 5; i++)
		close(fds[i]);
	pump(20);
	is_int(va_httpd_connections(server), 0, "all connections end");
	is_int(va_httpd_buffered(server), 0, "... with their buffers");
	for (int i = 0; i < 5; i++)
		fds[i] = dial_unseen();
	(void) send(fds[4], "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27, MSG_NOSIGNAL);
	pump(20);
	answer_all();
	ok(begins(hear(fds[4]), "HTTP/1.1 200 "), "of a crowd that comes at once, who brings a request goes before who is silent");
	for (int i = 0; i < 5; i++)
		close(fds[i]);
	pump(20);

	options.max_per_peer = 2;
	va_httpd_configure(server, &options);
	for (int i = 0; i < 3; i++)
		fds[i] = dial();
	ok(strstr(hear(fds[2]), "too many connections from one address") != NULL, "one connection too many of a peer");
	close(fds[0]);
	close(fds[2]);
	pump(20);
	fds[0] = dial();
	say(fds[0], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	answer_all();
	ok(begins(hear(fds[0]), "HTTP/1.1 200 "), "... until another has ended");
	strcpy(options.trusted_proxies, "10.0.0.0/8 127.0.0.0/8");
	va_httpd_configure(server, &options);
	fds[2] = dial();
	say(fds[2], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	answer_all();
	ok(begins(hear(fds[2]), "HTTP/1.1 200 "), "a proxy of ours has as many as there are");
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	options.max_per_peer = 0;
	options.trusted_proxies[0] = '\0';
	va_httpd_configure(server, &options);
	pump(20);
	options.requests_per_second = 2;
	va_httpd_configure(server, &options);
	fds[0] = dial();
	for (int i = 0; i < 6; i++)
	{
		say(fds[0], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
		answer_all();
	}
	ok(strstr(hear(fds[0]), "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 18\r\nContent-Type: text/plain\r\nRetry-After: 1") != NULL,
	   "too many requests a second");
	close(fds[0]);
	options.requests_per_second = 0;
	va_httpd_configure(server, &options);
	pump(5);
}

/* A full server closes connections of the addresses that have many. */
static void
test_uneven_crowd(void)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
	const char *answer = "";
	int fds[6];

	for (int i = 0; i < 4; i++)
		fds[i] = dial_unseen_from(i == 0 ? 2 : 1);
	pump(50);
	fds[4] = dial_unseen_from(3);
	pump(5);
	say(fds[0], request);
	say(fds[4], request);
	answer_all();
	ok(begins(hear(fds[4]), "HTTP/1.1 200 "), "who has no connection gets one at once");
	ok(begins(hear(fds[0]), "HTTP/1.1 200 "), "... not from one who has few, though that has been waited for longest");
	for (int i = 0; i < 5; i++)
		close(fds[i]);
	pump(20);

	options.head_timeout_ms = 5000;
	va_httpd_configure(server, &options);
	for (int i = 0; i < 4; i++)
		fds[i] = dial_unseen_from(i < 2 ? 2 : 1);
	pump(5);
	say(fds[2], request);
	say(fds[3], request);
	pump(50);
	fds[4] = dial_unseen_from(1);
	say(fds[4], request);
	ok(begins(hear(fds[4]), "HTTP/1.1 503 "), "who has many gets none from one who has few");
	close(fds[4]);
	/* However long a slow machine takes. */
	for (int tries = 0; tries < 100; tries++)
	{
		pump(100);
		fds[5] = dial_unseen_from(1);
		say(fds[5], request);
		answer_all();
		answer = hear(fds[5]);
		if (strncmp(answer, "HTTP/1.1 503 ", 13) != 0)
			break;
		close(fds[5]);
	}
	ok(begins(answer, "HTTP/1.1 200 "), "... until that has long been idle");
	for (int i = 0; i < 6; i++)
	{
		if (i != 4)
			close(fds[i]);
	}
	for (int tries = 0; tries < 500 && va_httpd_connections(server) > 0; tries++)
		pump(20);
	is_int(va_httpd_connections(server), 0, "all connections end");
	options.head_timeout_ms = 200;
	va_httpd_configure(server, &options);
}

static void
test_server(void)
{
	va_httpd_default_options(&options);
	options.max_head_bytes = 1024;
	options.max_body_bytes = 1000;
	options.max_connections = 4;
	options.head_timeout_ms = 200;
	options.body_timeout_ms = 200;
	options.idle_timeout_ms = 400;
	start_server();
	test_keep_alive();
	test_refusals();
	test_pipelined_meanwhile();
	test_slow();
	test_slow_readers();
	test_no_server();
	test_gone();
	test_crowd();
	test_uneven_crowd();
	test_bytes();
	test_half_closed();
	test_proxies();
	va_httpd_stop(server);
	pump(5);
}

int
main(void)
{
	uv_loop_init(&loop);
	test_server();
	is_int(uv_loop_close(&loop), 0, "no handle is left in the loop");
	return done_testing();
}
