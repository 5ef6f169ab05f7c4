/*-------------------------------------------------------------------------
 * sockets.h
 *		Shared by the files of the task of sockets.
 */
#ifndef VOICEAGENT_SOCKETS_H
#define VOICEAGENT_SOCKETS_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "http/websocket.h"
#include "runtime/account.h"

/*
 * socket_waiting.c: asking a carrier with a socket for its live calls, because no process may have listened meanwhile.
 * No statement is run here; the task that owns the socket takes the answer in its turn.
 */

/* One question; malloc'ed, because it outlives turns. */
typedef struct VaWaitingLookup VaWaitingLookup;

/* Asks; NULL: with why in err.  The account need not live longer than the call. */
extern VaWaitingLookup *va_waiting_ask(VaWorker *worker, const VaOpenAccount *account, char *err, size_t errlen);

/* When it was asked, by the real clock. */
extern TimestampTz va_waiting_asked_at(const VaWaitingLookup *question);
/* Whether there is an answer, or none will come. */
extern bool va_waiting_is_over(const VaWaitingLookup *question);
/* The answer, with the account loaded again; false: why there is none that can be used. */
extern bool va_waiting_read(const VaWaitingLookup *question, const VaOpenAccount *account, VaArena *arena,
	VaWaiting *waiting, const char **why);

/* Drops it, answered or not. */
extern void va_waiting_forget(VaWaitingLookup *question);

#define VERSION_SIZE 33

/* An account and its socket; malloc'ed, because it outlives turns. */
typedef struct Line
{
	struct Line *next;
	int64 tenant_id;
	int64 provider_account_id;
	int64 endpoint_id;
	const VaDriver *driver;
	char version[VERSION_SIZE]; /* of the account, when it was opened */
	bool wanted;				/* as of the last look */
	bool seen;					/* by it */
	bool told_open;				/* the database says that it is open */
	char told[200];				/* ... or why not */
	VaSocket *socket;			/* NULL between two tries */
	TimestampTz opened_at;
	TimestampTz next_try_at;
	int failures;			   /* in a row */
	char source[65];		   /* whose events it brings; "" = any */
	const char *silenced;	   /* it brings nothing any more: why */
	bool read_one;			   /* something that it brought could be read */
	int unreadable;			   /* what could not, since then */
	uint64 untold;			   /* of that the log does not know yet */
	TimestampTz told_at;	   /* when it was last reported */
	VaWaitingLookup *question; /* what goes on there? */
	TimestampTz ask_at;		   /* when to ask (again); DT_NOEND = not */
	int asked_in_vain;		   /* in a row */
	bool look_failed;		   /* the last look at its account failed */
	int failures_of_ours;	   /* statements for it that failed in a row */
	TimestampTz paused_until;  /* ... it is left alone until then */
} Line;

/* socket_frames.c: what a socket brings; a frame whose rows are locked is kept, and its tenant put off for a while. */

typedef enum Storing
{
	STORED,
	STORE_LATER,
	STORE_FAILED /* it cannot be stored at all */
} Storing;

/* Stores what the line's socket has brought, a batch at most, and drops it from there. */
extern void va_line_store_frames(Line *line);
/* Stores what a carrier that was asked says. */
extern Storing va_line_store_waiting(Line *line, const VaWaiting *waiting, TimestampTz asked_at, VaArena *arena);
/* A tenant whose rows are locked keeps only its own frames waiting. */
extern bool va_line_is_put_off(const Line *line);
extern TimestampTz va_line_comes_up_at(const Line *line);

#endif /* VOICEAGENT_SOCKETS_H */
