/*-------------------------------------------------------------------------
 * listener.h
 *		An HTTP server of a task, and the requests that wait for its turn.
 *
 * Callbacks of the loop only queue; the task's turn takes the requests, in the
 * order in which they came, and answers each of them once.  A listener is
 * static and begins as zeros.
 */
#ifndef VOICEAGENT_LISTENER_H
#define VOICEAGENT_LISTENER_H

#include "core/shmem.h"
#include "runtime.h"
#include "http/server.h"

typedef struct VaListener
{
	VaHttpd *httpd; /* NULL: not open */
	VaLoop *loop;
	char host[VA_HOST_MAX]; /* the settings by which it was opened */
	int port;
	uint64 refused_before[VA_REFUSALS]; /* by the servers before this one */
	VaHttpdRequest *first;				/* the queue; NULL: nothing waits */
	VaHttpdRequest *last;
} VaListener;

/* False: it could not be opened; the reason is in err.  A refusal of the server itself wakes the task, too. */
extern bool va_listener_open(VaListener *listener, VaLoop *loop, VaHttpdOptions *options, char *err, size_t errlen);

/*
 * Cuts off what is not complete: a socket that stayed open as long as its
 * clients like would stay open to clients that a new address shuts out.
 * Requests that wait stay valid, and the worker has no address any more.
 */
extern void va_listener_close(VaListener *listener);

/* Whether it was opened by another address than this. */
extern bool va_listener_is_elsewhere(const VaListener *listener, const char *host, int port);

/* The request that came first, which is the caller's now; NULL: nothing waits. */
extern VaHttpdRequest *va_listener_take(VaListener *listener);

/* To the head of the queue: it came before what is in it. */
extern void va_listener_put_back(VaListener *listener, VaHttpdRequest *request);

/* counts: what was refused without the task's knowledge, by all its servers so far. */
extern void va_listener_refused(const VaListener *listener, uint64 counts[VA_REFUSALS]);

#endif /* VOICEAGENT_LISTENER_H */
