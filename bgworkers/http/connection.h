/*-------------------------------------------------------------------------
 * connection.h
 *		One connection of the server: its buffer, its deadline, what is written
 *		to it, its end.
 *
 * Belongs to http/server.c, which accepts, reads and replies.  No backend
 * header; everything runs on the loop's thread.
 *
 * Memory: a connection owns its buffer; the request that is being read or
 * answered points into it.  While a request waits for its reply the buffer
 * does not move (reading pauses when it is full); when the connection dies
 * first, the buffer goes over to the request.
 */
#ifndef VOICEAGENT_HTTPD_CONNECTION_H
#define VOICEAGENT_HTTPD_CONNECTION_H

#include <netinet/in.h>

#include "server.h"
#include "pure/net/peer_limit.h"

/* Bytes that may arrive before their request is known. */
#define VA_READ_AHEAD 16384
/* The first piece of a connection's buffer: every connection may have this much. */
#define VA_FIRST_BUFFER 4096
#define VA_PEER_BUCKETS 1024

typedef struct VaConnection VaConnection;

/* State shared by the open connections of one peer. */
typedef struct VaPeerPlace
{
	uint64_t key; /* va_peer_key(), of a proxy of ours another one */
	int nopen;
	bool is_proxy;			  /* one of ours */
	struct VaPeerPlace *next; /* of the bucket */
} VaPeerPlace;

typedef struct VaConnectionRequest
{
	VaHttpdRequest pub; /* first: the two are cast into each other */
	VaHttp1 parse;
	VaHttpd *httpd;
	VaConnection *connection; /* NULL once it has gone */
	char *orphan;			  /* the buffer of a connection that has gone */
	size_t orphan_cap;
	char peer[INET6_ADDRSTRLEN];
	bool handed_over;
} VaConnectionRequest;

/* A file that is an answer, or the rest of it. */
typedef struct VaFileBody
{
	int fd;
	bool open;
	bool close_after; /* the connection, too */
	uint64_t at;
	uint64_t left;
} VaFileBody;

typedef enum VaConnectionPhase
{
	VA_PHASE_IDLE = 0, /* nothing of the next request has come */
	VA_PHASE_HEAD,
	VA_PHASE_BODY,
	VA_PHASE_REPLY, /* the handler has it */
	VA_PHASE_WRITE, /* the answer does not fit into the socket */
	VA_PHASE_LINGER /* refused: let the client read why */
} VaConnectionPhase;

struct VaConnection
{
	uv_tcp_t tcp;
	VaHttpd *httpd;
	VaConnection *previous;
	VaConnection *next;
	VaConnectionRequest *request;
	char *buf;
	size_t len;
	size_t cap;
	VaConnectionPhase phase;
	uint64_t deadline; /* ms of the loop; 0 = none */
	bool reading;
	bool closing;
	bool continued; /* "100 Continue" was sent */
	bool resume;	/* on the list of those that have a pipelined request */
	VaConnection *next_resume;
	/* Those that wait for their client, in the order in which the wait began. */
	bool waiting;
	VaConnection *waiting_previous;
	VaConnection *waiting_next;
	uint64_t waiting_since; /* ms of the loop */
	VaPeerPlace *place;		/* NULL once it is closing */
	bool ended;				/* the client has sent its last byte, and may still read */
	bool starved;			/* there was no room for its bytes */
	char saved;				/* what stood where the body's terminator is */
	bool has_saved;
	VaFileBody file; /* what of an answer is still to be read */
	char peer[INET6_ADDRSTRLEN];
};

struct VaHttpd
{
	uv_tcp_t listener;
	uv_timer_t timer;
	uv_timer_t resumer;
	uv_loop_t *loop;
	VaHttpdOptions options;
	VaHttpdHandler handler;
	void *ctx;
	void (*on_idle)(VaConnection *connection); /* an answer is out: what came meanwhile may be read */
	VaConnection *connections;
	VaConnection *resume;
	VaConnection *waiting_first;
	VaConnection *waiting_last;
	VaPeerPlace *peer_bucket[VA_PEER_BUCKETS];
	size_t buffered;  /* bytes of buffers, orphans included */
	int nopen;		  /* connections that are not closing */
	int nconnections; /* ... those as well, until the loop has let them go */
	int nrequests;	  /* handed over, not answered */
	int handles;	  /* listener and timers, until closed */
	bool stopped;
	uint64_t timer_at; /* 0 = not set */
	char host[INET6_ADDRSTRLEN];
	int port;
	uint64_t serial;
	uint64_t refused[VA_REFUSALS];
	VaPeerLimit peers;
};

/* ----- http/limits.c: which connections may stay, and how many bytes they may hold ----- */

/* A client has connected: counts the connection among those of its peer; false without memory. */
extern bool va_limits_enter(VaConnection *connection);
extern void va_limits_leave(VaConnection *connection);

/* Counts a refusal, and says so. */
extern void va_limits_refused(VaHttpd *httpd, VaRefusal why);

/* Accepts a new connection, or refuses or closes it, or closes another one in its favour. */
extern bool va_limits_admit(VaConnection *connection);

/* Does the connection wait for its client from now on (again), or for us? */
extern void va_limits_wait(VaConnection *connection, bool for_client);

/* May the connection's buffer grow by this much? Connections that keep us waiting may be closed for it. */
extern bool va_limits_grow(VaConnection *connection, size_t more);

/* Behind a trusted proxy the peer is the client that the proxy's X-Forwarded-For names; false: that is broken off at what is no address. */
extern bool va_forwarded_client(const char *proxies, const char *forwarded, char *peer, size_t size);
extern void va_limits_name_client(VaConnectionRequest *request);

/* ----- http/connection.c ----- */

/* Frees a stopped server when its last handle, connection and request have gone. */
extern void va_httpd_free_if_done(VaHttpd *httpd);

/* Starts the phase and its deadline. */
extern void va_connection_enter(VaConnection *connection, VaConnectionPhase phase);

/* Bytes that the socket does not take at once are copied; true when all are out. */
extern bool va_connection_write(
	VaConnection *connection, const char *head, size_t head_len, const char *body, size_t body_len, bool close_after);

/* Sends the head, and then the file, which is closed in any case. */
extern void va_connection_send_file(
	VaConnection *connection, const char *head, size_t head_len, const VaFileBody *file);

/* Refuse the request, and let the client read why before the connection ends. */
extern void va_connection_refuse(VaConnection *connection, int status, const char *reason, VaRefusal why);

/* Room for this many bytes; false when that is beyond the limits, or without memory. */
extern bool va_connection_grow(VaConnection *connection, size_t wanted);

/* Drop the answered request's bytes; what was pipelined moves to the front. */
extern void va_connection_consume(VaConnection *connection, size_t consumed, size_t terminator);

/* A request that waits for its reply outlives it, with the bytes that it points to. */
extern void va_connection_close(VaConnection *connection);

extern void va_connection_free_request(VaConnectionRequest *request);

#endif /* VOICEAGENT_HTTPD_CONNECTION_H */
