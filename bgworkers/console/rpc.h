/*-------------------------------------------------------------------------
 * rpc.h
 *		Executes a request of the API as its caller, in a transaction of its
 *		own, and words the answer as PostgREST does.
 *
 * The session is that of voiceagent_api, which may do nothing but become a
 * visitor or a member.  What the role may EXECUTE in schema voiceagent is what
 * may be called.  A request with "Prefer: respond-async" whose function may take
 * long is kept for a process `deferred` and answered 202 (sql/96_console/
 * 70_deferred.sql).  Where the caller is another than the last one's tenant, what
 * a session keeps is dropped first.
 */
#ifndef VOICEAGENT_CONSOLE_RPC_H
#define VOICEAGENT_CONSOLE_RPC_H

#include "postgres.h"

#include "link.h"

/* The longest time that a request runs; then it is cancelled (57014). */
#define VA_RPC_TIMEOUT_MS 5000
/* The same for a request that is answered later; on deferred_2 it is the one above. */
#define VA_RPC_DEFERRED_MS 120000
/* ... and how long it may wait for a lock of its own tenant: the process is needed by others (55P03). */
#define VA_RPC_DEFERRED_LOCK "10s"
/* The longest answer; a longer one is an error (54000). */
#define VA_RPC_ANSWER_MAX (8 * 1024 * 1024)

typedef struct VaRpcAnswer
{
	int status;		  /* 0: nothing new, of events */
	const char *type; /* '' = there is no body */
	const char *body; /* palloc'd in the current context */
	size_t len;
	const char *header;	 /* a line that goes with it; '' = none */
	int64 tenant;		 /* that pre_request() proved; 0 = none */
	bool secret;		 /* the body is wiped when it has been sent */
	const char *quiet;	 /* of events: VA_TELL_QUIET */
	const char *refused; /* ... and VA_TELL_REFUSED */
} VaRpcAnswer;

/* Raises nothing but what ends the process. */
extern void va_rpc_serve(const VaField *ask, VaRpcAnswer *answer);

/*
 * Serves a request that has waited in deferred_requests, and keeps its answer
 * there: in the same transaction where it succeeds, so that it is done once.  It
 * is cancelled after so many ms.
 */
extern void va_rpc_serve_deferred(const VaField *ask, int64 tenant, int64 request, int ms);
/* Keeps an answer of ours to it, in a transaction of its own. */
extern void va_rpc_end_deferred(int64 tenant, int64 request, int status, const char *body);

#endif /* VOICEAGENT_CONSOLE_RPC_H */
