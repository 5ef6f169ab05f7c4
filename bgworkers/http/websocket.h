/*-------------------------------------------------------------------------
 * websocket.h
 *		WebSockets that we open: libwebsockets on the worker's loop.
 *
 * No backend header, as in http/client.h: no function here touches a database or
 * raises an error.  What arrives is queued, up to a limit at which the other
 * side is left waiting; whoever owns the socket takes it in its turn.
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

/* A message that is larger closes the socket; more than this in the queue leaves the other side waiting. */
#define VA_FRAME_MAX (1024 * 1024)
#define VA_FRAME_TOO_LARGE "a message was too large" /* va_socket_error() then */
#define VA_FRAMES_MAX (16 * 1024 * 1024)
/* A silent socket is asked for a sign of life after so long, and given up after so long. */
#define VA_SOCKET_PING_S 10
#define VA_SOCKET_DEAD_S 15
#define VA_SOCKET_CONNECT_S 10

typedef struct VaSocketRequest
{
	const char *url;		   /* ws: or wss: */
	const char *authorization; /* value of the header, or NULL */
	bool allow_private;		   /* loopback and our own networks */
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
