/*-------------------------------------------------------------------------
 * test_http1.c
 *		Requests as they come, in one piece and cut anywhere; what is refused.
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "pure/net/http1.h"
#include "pure/net/peer_limit.h"

#define MAX_HEAD 1024
#define MAX_BODY 100

static char buffer[16384];
static VaHttp1 request;

/* Feed the text in steps; the buffer moves between two, as a growing one does. */
static VaHttp1State
feed(const char *text, size_t length, size_t step)
{
	VaHttp1State state = VA_HTTP1_HEAD;
	static char moved[sizeof(buffer)];
	size_t have = 0;

	va_http1_init(&request, MAX_HEAD, MAX_BODY);
	while (have < length && (state == VA_HTTP1_HEAD || state == VA_HTTP1_BODY))
	{
		size_t n = length - have < step ? length - have : step;

		memcpy(moved, buffer, have);
		memcpy(moved + have, text + have, n);
		have += n;
		memset(buffer, 'x', sizeof(buffer));
		memcpy(buffer, moved, have);
		state = va_http1_read(&request, buffer, have);
	}
	return state;
}

/* A literal, zero bytes included. */
#define FEED(text, step) feed(text, sizeof(text) - 1, step)

static void
refused(const char *text, int status, const char *name)
{
	bool same = true;

	for (size_t step = 1; step <= strlen(text); step++)
		same = same && feed(text, strlen(text), step) == VA_HTTP1_ERROR && request.status == status;
	ok(same, "%s: %d however it is cut", name, status);
	if (!same)
		diag("got %d %s", request.status, request.reason);
}

static void
accepted(const char *text, const char *method, const char *path, const char *query, const char *body, const char *name)
{
	bool same = true;

	for (size_t step = 1; step <= strlen(text) && same; step++)
		same = feed(text, strlen(text), step) == VA_HTTP1_DONE && strcmp(request.method, method) == 0 &&
			   strcmp(request.path, path) == 0 && strcmp(request.query, query) == 0 &&
			   request.body_len == strlen(body) && memcmp(request.body, body, strlen(body)) == 0;
	ok(same, "%s: read however it is cut", name);
	if (!same)
		diag("state %d status %d %s", request.state, request.status, request.reason);
}

static void
test_good(void)
{
	accepted("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/", "", "", "the least request");
	ok(request.keep_alive, "1.1 keeps the connection");
	accepted("GET /a/b?x=1&y=?2 HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/a/b", "x=1&y=?2", "", "a query");
	accepted("POST /w HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "POST", "/w", "", "hello", "a body");
	accepted("POST /w HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
			 "POST", "/w", "", "hello world", "chunks");
	accepted("POST /w HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n",
			 "POST", "/w", "", "0123456789", "chunks with a trailer");
	is_int(request.consumed, 85, "... which is consumed, too");
	accepted("GET / HTTP/1.0\r\n\r\n", "GET", "/", "", "", "1.0 needs no host");
	ok(!request.keep_alive, "... and does not keep the connection");
	accepted("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET", "/", "", "", "1.0 with keep-alive");
	ok(request.keep_alive, "... keeps it");
	accepted("GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n", "GET", "/", "", "", "close in a list");
	ok(!request.keep_alive, "... is seen");

	accepted("GET / HTTP/1.1\r\nHost: a\r\nX-Vapi-Secret: \t s 1 \t\r\nEmpty:\r\n\r\n", "GET", "/", "", "", "header values");
	is_str(va_http1_header(request.headers, request.nheaders, "x-vapi-secret"), "s 1", "... are trimmed, names in lower case");
	is_str(va_http1_header(request.headers, request.nheaders, "empty"), "", "... may be empty");
	is_str(va_http1_header(request.headers, request.nheaders, "absent"), NULL, "... or absent");

	is_int(FEED("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", 70), VA_HTTP1_BODY,
		   "a client that waits for 100 Continue");
	ok(request.expect_continue, "... is noticed before its body comes");

	is_int(FEED("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n", 46), VA_HTTP1_DONE, "a pipeline");
	is_int(request.consumed, 28, "... only the first is consumed");
	is_int(FEED("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na\0b", 7), VA_HTTP1_DONE, "a zero byte in a body");
	is_mem(request.body, request.body_len, "a\0b", 3, "... is kept");
}

static void
test_bad(void)
{
	refused("GET / HTTP/1.1\nHost: a\n\n", 400, "bare line feeds");
	refused("GET / HTTP/1.1\r\nHost: a\rx: b\r\n\r\n", 400, "a bare carriage return");
	refused("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "an empty first line");
	refused("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "two spaces");
	refused("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "a space at the end of the line");
	refused("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "an absolute target");
	refused("GET /\x80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "a target that is not ASCII");
	refused("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "a method that is no token");
	refused("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "another version");
	refused("GET / HTTQ/1.1\r\nHost: a\r\n\r\n", 400, "another protocol");
	refused("GET /\r\n", 400, "HTTP/0.9, without waiting for more");
	refused("SSH-2.0-x\r\n", 400, "SSH");
	refused("\x16\x03\x01", 400, "the first byte of TLS");
	refused("\xff", 400, "a byte that begins no method");
	refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP/2 with prior knowledge");
	refused("GET / HTTP/1.1\r\n\r\n", 400, "no host");
	refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "two hosts");
	refused("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "a space before the colon");
	refused("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400, "a folded header");
	refused("GET / HTTP/1.1\r\nHost: a\r\nx: \x01\r\n\r\n", 400, "a control character");
	refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n", 400, "two lengths");
	refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n", 400, "a signed length");
	refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400, "a length that overflows");
	refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n", 413, "a body over the limit");
	refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400,
			"both ways to delimit a body");
	refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501, "another coding");
	refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "chunks in 1.0");
	refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", 400, "a chunk that overflows");
	refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n", 413, "chunks over the limit");
	refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400, "a negative chunk");
	refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n", 400, "a chunk line without CR");
	refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n", 400, "a chunk that is longer than it says");
	refused("POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417, "an expectation");
}

static void
test_limits(void)
{
	static char text[20000];
	size_t used;

	memset(text, 'a', sizeof(text));
	memcpy(text, "GET /", 5);
	is_int(feed(text, 2000, 100), VA_HTTP1_ERROR, "an endless first line");
	is_int(request.status, 431, "... is too large");

	/* Where heads may be longer than targets. */
	memset(text, 'a', sizeof(text));
	memcpy(text, "GET /", 5);
	memcpy(text + 9000, " HTTP/1.1\r\nHost: a\r\n\r\n", 22);
	va_http1_init(&request, 2 * 8192, MAX_BODY);
	memcpy(buffer, text, 9022);
	is_int(va_http1_read(&request, buffer, 9022), VA_HTTP1_ERROR, "a target of 9000 bytes");
	is_int(request.status, 414, "... is too long");

	used = (size_t) sprintf(text, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
	memset(text + used, '1', 4000);
	is_int(feed(text, used + 4000, 500), VA_HTTP1_ERROR, "an endless line of a chunk");
	is_int(request.status, 400, "... is malformed");
	used += (size_t) sprintf(text + used, "0\r\n");
	for (int i = 0; i < 200; i++)
		used += (size_t) sprintf(text + used, "X-Trailer-%d: some thirty bytes of it\r\n", i);
	is_int(feed(text, used, 500), VA_HTTP1_ERROR, "trailers without an end");
	is_int(request.status, 431, "... are too large");

	used = (size_t) sprintf(text, "GET / HTTP/1.1\r\nHost: a\r\n");
	for (int i = 0; i < VA_HTTP1_MAX_HEADERS; i++)
		used += (size_t) sprintf(text + used, "a%d:b\r\n", i);
	used += (size_t) sprintf(text + used, "\r\n");
	is_int(feed(text, used, used), VA_HTTP1_ERROR, "too many headers");
	is_int(request.status, 431, "... are too large");

	is_int(FEED("GET / HTTP/1.1\r\nHo\0" "st: a\r\n\r\n", 30), VA_HTTP1_ERROR, "a zero byte in the head");
}

static void
test_peers(void)
{
	static VaPeerLimit table;
	int admitted = 0;

	for (int i = 0; i < 10; i++)
		admitted += va_admit_peer(&table, "192.0.2.1", 5000, 3);
	is_int(admitted, 3, "three requests a second");
	ok(!va_admit_peer(&table, "192.0.2.2", 5000, 3), "... of its whole network");
	ok(va_admit_peer(&table, "192.0.3.1", 5000, 3), "another network is not its victim");
	ok(va_admit_peer(&table, "192.0.2.1", 6000, 3), "the next second is a new one");
	ok(va_admit_peer(&table, "192.0.2.1", 6000, 0), "no limit");
	ok(va_peer_key("192.0.2.1") == va_peer_key("::ffff:192.0.2.1"), "IPv4 in IPv6 is the same peer");
	ok(va_peer_key("2001:db8:0:1::1") == va_peer_key("2001:db8:0:1:ffff::2"), "a /64 is one peer");
	ok(va_peer_key("2001:db8:0:1::1") != va_peer_key("2001:db8:0:2::1"), "... and the next one another");
	ok(va_peer_key("192.0.2.1") == va_peer_key("192.0.2.254"), "a /24 is one peer");
	ok(va_peer_key("192.0.2.1") != va_peer_key("192.0.3.1") && va_peer_key("") != 0, "... and the next one another");
	admitted = 0;
	for (int i = 0; i < 2000; i++)
	{
		char peer[64];

		snprintf(peer, sizeof(peer), "2001:db8::%x:1", i);
		admitted += va_admit_peer(&table, peer, 7000, 3);
	}
	is_int(admitted, 3, "addresses of one /64 share one limit");
}

static void
test_answers(void)
{
	static const char *const lines[] = {"A: b", "C: d\r\nE: f"};
	char head[512];
	int bare = 0;
	size_t length = va_http1_format_head(head, sizeof(head), 404, "text/plain", lines, 2, 7, false, 0);

	head[length] = '\0';
	is_str(head, "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\nContent-Type: text/plain\r\nA: b\r\nConnection: close\r\n\r\n",
		   "a head, without the header that would smuggle another in");
	length = va_http1_format_head(head, sizeof(head), 304, NULL, NULL, 0, 0, true, 784111777);
	head[length] = '\0';
	is_str(head, "HTTP/1.1 304 Not Modified\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n", "the Date is that of RFC 9110's example");
	for (int status = 100; status < 600; status++)
	{
		length = va_http1_format_head(head, sizeof(head), status, "text/plain", NULL, 0, 0, true, 0);
		bare += length == 0 || va_http1_reason(status)[0] == '\0';
	}
	is_int(bare, 0, "every status has a line");
	is_str(va_http1_reason(422), "Unprocessable Content", "a status has the name of RFC 9110");
	is_str(va_http1_reason(599), "Status", "... and one that has none a word all the same");
}

int
main(void)
{
	test_good();
	test_bad();
	test_limits();
	test_peers();
	test_answers();
	return done_testing();
}
