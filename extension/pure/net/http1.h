/*-------------------------------------------------------------------------
 * http1.h
 *		A strict reader of HTTP/1.1 requests: bytes in, structs out.
 *
 * Incremental only in that it may be asked again with more bytes; it keeps
 * what it knows in VaHttp1, so that no byte is looked at twice.  Strict: CRLF
 * only, no folding, no space before a colon, one Content-Length, never both
 * Content-Length and Transfer-Encoding (request smuggling), tokens checked.
 */
#ifndef VOICEAGENT_HTTP1_H
#define VOICEAGENT_HTTP1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define VA_HTTP1_MAX_HEADERS 64

typedef struct VaHttp1Header
{
	const char *name; /* lower case */
	const char *value;
} VaHttp1Header;

typedef enum VaHttp1State
{
	VA_HTTP1_HEAD = 0, /* more bytes of the head are needed */
	VA_HTTP1_BODY,	   /* the head is known, more bytes of the body are needed */
	VA_HTTP1_DONE,	   /* the request is complete: `consumed` bytes */
	VA_HTTP1_ERROR	   /* answer `status` and close */
} VaHttp1State;

typedef struct VaHttp1
{
	/* limits: set by va_http1_init */
	size_t max_head;
	size_t max_body;

	VaHttp1State state;
	int status;			/* of an error */
	const char *reason; /* of an error; static text */

	/* how far we have come in the buffer */
	size_t scanned;
	size_t head_len;
	size_t consumed; /* bytes of the buffer that this request took */

	/* the request; pointers into the (modified) buffer, set when the state is DONE */
	char *method;
	char *path;
	char *query;
	VaHttp1Header headers[VA_HTTP1_MAX_HEADERS];
	int nheaders;
	char *body;
	size_t body_len;
	bool keep_alive;
	bool expect_continue; /* known as soon as the state is BODY */
	int minor_version;

	/* private */
	bool first_line; /* has been seen to its end */
	bool chunked;
	size_t content_length;
	size_t method_off, path_off, query_off;
	size_t name_off[VA_HTTP1_MAX_HEADERS];
	size_t value_off[VA_HTTP1_MAX_HEADERS];
	size_t chunk_read;	/* next unread byte of the raw chunked body */
	size_t chunk_write; /* end of the decoded body */
	size_t chunk_left;	/* bytes of the running chunk */
	int chunk_phase;
} VaHttp1;

extern void va_http1_init(VaHttp1 *request, size_t max_head, size_t max_body);

/*
 * Read what is in buf[0 .. len).  The buffer may have moved since the last
 * call but must hold the same bytes; it is modified (terminators, lower case,
 * decoded chunks), and must have room for one more byte at buf[len].
 */
extern VaHttp1State va_http1_read(VaHttp1 *request, char *buf, size_t len);

/* NULL when absent; the name in lower case. */
extern const char *va_http1_header(const VaHttp1Header *headers, int nheaders, const char *name);

/* The standard words of a status. */
extern const char *va_http1_reason(int status);

/*
 * The head of an answer, at most size bytes (at least 512); returns its
 * length.  headers: "Name: value" lines; content_type may be NULL.  now: for
 * Date (RFC 9110, 6.6.1); 0: none.
 */
extern size_t va_http1_format_head(char *head, size_t size, int status, const char *content_type,
	const char *const *headers, int nheaders, size_t body_len, bool keep_alive, time_t now);

#endif /* VOICEAGENT_HTTP1_H */
