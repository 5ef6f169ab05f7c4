/*-------------------------------------------------------------------------
 * websocket.h
 *		WebSockets, those that we open and those that are opened to us:
 *		libwebsockets on the worker's loop.
 *
 * No backend header, as in http/client.h: no function here touches a database
 * or raises an error. Messages are queued, up to a limit at which the other
 * side has to wait; the socket's owner takes them in its turn. Output is
 * queued, too, up to a limit at which the socket is closed: whoever does not
 * read costs no memory.
 */
#ifndef VOICEAGENT_SOCKET_CLIENT_H
#define VOICEAGENT_SOCKET_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

typedef struct VaSocket VaSocket;

/* A whole message; malloc'ed. */
typedef struct VaFrame
{
	struct VaFrame *next;
	size_t len;
	bool binary;
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
/* Bytes of ours that may wait to be sent. */
#define VA_SEND_MAX (1024 * 1024)
/* How long what was sent last may take, when the owner has let go. */
#define VA_SOCKET_FINISH_S 5
#define VA_SOCKET_PATH_MAX 512
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

/* A message of ours; everything is copied. False: the socket is not open, or is closed because too much waits. */
extern bool va_socket_send(VaSocket *socket, const void *bytes, size_t len, bool binary);

/* Closes it, if it is not, and frees it. */
extern void va_socket_close(VaSocket *socket);
/* The same, when what waits has been sent. */
extern void va_socket_finish(VaSocket *socket);

/* ----- websocket_server.c: those that are opened to us ----- */

typedef struct VaSocketServer VaSocketServer;

typedef struct VaSocketServerOptions
{
	const char *host;			  /* numeric address */
	int port;					  /* 0 = a free one */
	char *const *trusted_proxies; /* whose X-Forwarded-For is believed; a setting, which may change */
	/*
	 * Judges a path and query ("": no socket is asked for), in a callback: whose socket it is, 0: it is not known yet, and a
	 * stranger's until va_socket_proven(); -1: it is refused.  left: one that was somebody's has gone before it was open.
	 */
	int64_t (*judge)(const char *path, const char *query);
	void (*left)(int64_t owner);
	int max_strangers; /* connections that have not proved whose they are */
	/* Limits of each socket; a larger message closes it, more unread ones have the other side wait. */
	size_t frame_max;
	size_t frames_max;
	size_t send_max;
	const char *subprotocol; /* may be asked for, and need not; static */
	void (*note_io)(void *arg);
	void *note_io_arg;
} VaSocketServerOptions;

/* NULL: with why in err. One a process. Signals must be blocked, as for va_socket_open(). */
extern VaSocketServer *va_socket_server_open(
	uv_loop_t *loop, const VaSocketServerOptions *options, char *err, size_t errlen);
extern int va_socket_server_port(const VaSocketServer *server);

/* A socket that was opened and not yet taken, the caller's now; NULL: none. */
extern VaSocket *va_socket_server_accept(VaSocketServer *server);
/* Strangers that were closed for others. */
extern int64_t va_socket_server_crowded_out(const VaSocketServer *server);

/* Whose a socket is, as it was judged at the upgrade; 0: a stranger's. */
extern int64_t va_socket_owner(const VaSocket *socket);
/* It is a stranger's no more. */
extern void va_socket_proven(VaSocket *socket);

/* Where a socket was opened to us; the query is without the "?". */
extern const char *va_socket_path(const VaSocket *socket);
extern const char *va_socket_query(const VaSocket *socket);

#endif /* VOICEAGENT_SOCKET_CLIENT_H */
