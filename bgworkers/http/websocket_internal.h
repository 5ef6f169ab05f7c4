/*-------------------------------------------------------------------------
 * websocket_internal.h
 *		A WebSocket, as both of its files see it.
 */
#ifndef VOICEAGENT_WEBSOCKET_INTERNAL_H
#define VOICEAGENT_WEBSOCKET_INTERNAL_H

#include <netdb.h>

#include <libwebsockets.h>

#include "websocket.h"
#include "pure/net/url.h"

/* libwebsockets has a buffer of this size for each connection; what is longer comes in pieces. */
#define VA_SOCKET_PIECE 4096

/* A message that waits to be sent; libwebsockets writes its head into LWS_PRE bytes before it. */
typedef struct VaOutFrame
{
	struct VaOutFrame *next;
	size_t len;
	bool binary;
	char data[];
} VaOutFrame;

struct VaSocket
{
	VaUrl url;
	char host[300];	  /* as the header has it */
	char address[64]; /* that of those below which is tried */
	char *authorization;
	bool allow_private;
	void (*note_io)(void *arg);
	void *note_io_arg;

	uv_getaddrinfo_t resolving;
	bool is_resolving;
	struct addrinfo *addresses;		/* what the name resolved to */
	const struct addrinfo *untried; /* the rest of them */
	uv_timer_t *next_try;			/* at the next address: not from a callback of the last one's connection */
	bool asked;						/* the request has left: the server that answers is the right one */
	struct lws *wsi;
	VaSocketState state;
	bool abandoned; /* by its owner */
	char error[160];

	/* the message that is being read */
	VaFrame *partial;
	size_t partial_size;

	/* the messages that wait */
	VaFrame *first;
	VaFrame **last;
	size_t queued; /* bytes */
	bool held;	   /* the other side is left waiting */

	/* ours, that wait to be sent */
	VaOutFrame *send_first;
	VaOutFrame **send_last;
	size_t send_queued;
	bool finishing; /* let go: closed when they are out */

	size_t frame_max;
	size_t frames_max;
	size_t send_max;

	/* of one that was opened to us */
	struct VaSocketServer *server;
	struct VaSocket *next_accepted;
	int64_t owner;	  /* whose it is, as the server's owner has judged; 0: a stranger's */
	bool stranger;	  /* on the server's list of them */
	uint64_t network; /* that it comes from; 0: a proxy's */
	struct VaSocket *stranger_next;
	char path[VA_SOCKET_PATH_MAX];
	char query[VA_SOCKET_PATH_MAX];
};

/* An empty socket with the usual limits; NULL without memory. */
extern VaSocket *va_socket_new(void);
extern void va_socket_free(VaSocket *socket);

/* Its connection has gone; it is freed if its owner has let go. */
extern void va_socket_set_closed(VaSocket *socket, const char *why);

/* Closes a connection from outside of its own callback, why in words. */
extern void va_socket_break(VaSocket *socket, struct lws *wsi, const char *why);

/* A piece of a message has come. */
extern void va_socket_receive(VaSocket *socket, struct lws *wsi, const void *bytes, size_t len);

/* Writes what waits, as far as the connection takes it; the callback's result. */
extern int va_socket_write(VaSocket *socket, struct lws *wsi);

/* The process's one context, made at the first use; NULL: it could not be. */
extern struct lws_context *va_socket_context(uv_loop_t *loop);

extern const lws_retry_bo_t va_socket_liveness;

#endif /* VOICEAGENT_WEBSOCKET_INTERNAL_H */
