/*-------------------------------------------------------------------------
 * server.h
 *		A small, strict HTTP/1.1 server on a libuv loop: the gateway, the
 *		embedded carrier, and a stand-alone carrier process use it.
 *
 * No backend header.  The handler is called from the loop with a complete
 * request (head and whole body inside the limits); it queues the request and
 * returns.  Later, from the loop's thread, every request gets exactly one
 * va_httpd_reply(), which frees it; a request whose client has gone away is
 * still valid and its reply is dropped.  A client may pipeline: requests of a
 * connection are handed over one at a time, in order.
 *
 * Refused without the handler's knowledge: 400 malformed, 408 too slow, 413
 * body, 431 head, 414 target, 429 requests per peer and second, 501 transfer coding other
 * than chunked, 503 too many connections (of all, of one peer) or bytes, 505 version.
 *
 * When the server is full, a newcomer replaces the connection that has kept us waiting longest, so a client
 * that opens connections and sends nothing cannot lock others out.
 */
#ifndef VOICEAGENT_HTTPD_H
#define VOICEAGENT_HTTPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "pure/net/http1.h"
#include "pure/net/network.h"

typedef struct VaHttpd VaHttpd;

typedef struct VaHttpdOptions
{
	const char *host; /* numeric address */
	int port;		  /* 0 = a free one */
	size_t max_head_bytes;
	size_t max_body_bytes;
	int max_connections;
	int max_per_peer;		 /* connections of one peer (va_peer_key); 0 = no limit */
	size_t max_buffered;	 /* bytes of all requests that are being read or wait for their answer; 0 = no limit */
	int requests_per_second; /* per peer address; 0 = no limit */
	/* Networks whose X-Forwarded-For says who the peer is; their own connections are not counted as one peer's. */
	char trusted_proxies[VA_NETWORKS_MAX + 1];
	int head_timeout_ms; /* from the first byte of a request to the end of its head */
	int body_timeout_ms; /* ... to the end of its body */
	int idle_timeout_ms; /* keep-alive */
	/* Called (with the handler's context) when something was refused without its knowledge; may be NULL. */
	void (*on_refused)(void *ctx);
	int reply_timeout_ms; /* 0 = for ever; then 503 is answered and the late reply dropped */
} VaHttpdOptions;

/* Sensible limits; the caller changes what it needs. */
extern void va_httpd_default_options(VaHttpdOptions *options);

typedef struct VaHttpdRequest
{
	const char *method;
	const char *path;			  /* as sent, without the query */
	const char *query;			  /* without "?"; '' when there is none */
	const VaHttp1Header *headers; /* names in lower case, values trimmed */
	int nheaders;
	const char *body; /* NUL-terminated for convenience; may hold NULs */
	size_t body_len;
	const char *peer;			 /* address without the port; behind a trusted proxy that of its client */
	int64_t received_us;		 /* uv_hrtime() / 1000 */
	uint64_t serial;			 /* counts the server's requests */
	struct VaHttpdRequest *next; /* for the handler's own queue */
	void *user;					 /* for the handler */
} VaHttpdRequest;

typedef void (*VaHttpdHandler)(void *ctx, VaHttpdRequest *request);

typedef enum VaRefusal
{
	VA_REFUSED_MALFORMED = 0, /* 400, 414, 431, 501, 505 */
	VA_REFUSED_TOO_LARGE,	  /* 413 */
	VA_REFUSED_TOO_MANY,	  /* 429, 503, closed for a newcomer */
	VA_REFUSED_TOO_SLOW		  /* 408, dropped */
} VaRefusal;

#define VA_REFUSALS 4

/* NULL on failure, with the reason in err. */
extern VaHttpd *va_httpd_start(
	uv_loop_t *loop, const VaHttpdOptions *options, VaHttpdHandler handler, void *ctx, char *err, size_t errlen);
extern int va_httpd_port(const VaHttpd *httpd);
/* The numeric address that is bound, as inet_ntop() writes it; the server's. */
extern const char *va_httpd_host(const VaHttpd *httpd);
extern int va_httpd_connections(const VaHttpd *httpd);
/* Bytes that connections and unanswered requests hold. */
extern size_t va_httpd_buffered(const VaHttpd *httpd);
extern uint64_t va_httpd_refused(const VaHttpd *httpd, VaRefusal why);

/* New limits (after a reload); host and port are not looked at. */
extern void va_httpd_configure(VaHttpd *httpd, const VaHttpdOptions *options);

/* NULL when absent; the name in lower case. */
extern const char *va_httpd_header(const VaHttpdRequest *request, const char *name);

/* False once the client has gone, or will send no more. */
extern bool va_httpd_alive(const VaHttpdRequest *request);

/* headers: "Name: value" lines, may be NULL; content_type may be NULL. */
extern void va_httpd_reply(VaHttpdRequest *request, int status, const char *content_type, const char *const *headers,
	int nheaders, const void *body, size_t body_len);

/*
 * The same with length bytes of an open file from an offset on, read piece by piece as the client takes them; it is closed
 * then, in any case.  A file that ends early ends the connection.
 */
extern void va_httpd_reply_file(VaHttpdRequest *request, int status, const char *content_type,
	const char *const *headers, int nheaders, int file, uint64_t offset, uint64_t length);

/* Drop the connection without an answer (a fake carrier's fault). */
extern void va_httpd_abandon(VaHttpdRequest *request);

/*
 * Stops listening, closes every connection.  Requests that still wait for
 * their reply stay valid: reply to them (dropped) or forget them.  The memory
 * goes when the loop has run the close callbacks and no request is left.
 */
extern void va_httpd_stop(VaHttpd *httpd);

#endif /* VOICEAGENT_HTTPD_H */
