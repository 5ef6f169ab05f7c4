/*-------------------------------------------------------------------------
 * websocket.h
 *		WebSockets that we open: libwebsockets on the worker's loop.
 *
 * No backend header, as in http/client.h: no function here touches a database
 * or raises an error. Messages are queued, up to a limit at which the other
 * side has to wait; the socket's owner takes them in its turn.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_SOCKET_CLIENT_H
#define VOICEAGENT_SOCKET_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include <uv.h>

typedef struct VaSocket VaSocket;

/* A whole message; malloc'ed. */
typedef struct VaFrame
{
	struct VaFrame *next;
	size_t len;
	char data[]; /* and a NUL */
} VaFrame;

typedef enum VaSocketState
{
	VA_SOCKET_CONNECTING,
	VA_SOCKET_OPEN,
	VA_SOCKET_CLOSED
} VaSocketState;

/* A larger message closes the socket; when more than this is queued the other side has to wait. */
#define VA_FRAME_MAX (1024 * 1024)
#define VA_FRAME_TOO_LARGE "a message was too large" /* va_socket_error() then */
#define VA_FRAMES_MAX (16 * 1024 * 1024)
/* A silent socket is pinged after this long, and given up after that long. */
#define VA_SOCKET_PING_S 10
#define VA_SOCKET_DEAD_S 15
#define VA_SOCKET_CONNECT_S 10

typedef struct VaSocketRequest
{
	const char *url;			/* ws: or wss: */
	const char *authorization;	/* value of the header, or NULL */
	bool allow_private;			/* loopback and our own networks */
	void (*note_io)(void *arg); /* something has come, or the state has changed */
	void *note_io_arg;
} VaSocketRequest;

/*
 * Begins to connect; everything is copied.  NULL: with why in err.  Signals
 * must be blocked, since threads may start here.
 */
extern VaSocket *va_socket_open(uv_loop_t *loop, const VaSocketRequest *request, char *err, size_t errlen);

extern VaSocketState va_socket_state(const VaSocket *socket);
/* Why it is closed; "" while it is not. */
extern const char *va_socket_error(const VaSocket *socket);

/* The first message that waits, NULL if none; it stays until it is dropped. */
extern const VaFrame *va_socket_first(const VaSocket *socket);
extern void va_socket_drop_first(VaSocket *socket);

/* Closes it, if it is not, and frees it. */
extern void va_socket_close(VaSocket *socket);

#endif /* VOICEAGENT_SOCKET_CLIENT_H */
