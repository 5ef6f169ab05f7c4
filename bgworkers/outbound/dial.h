/*-------------------------------------------------------------------------
 * dial.h
 *		Requests for calls on their way to carriers, and what those answered.
 *
 * The dialer hands them over (dialer.c); here their answers are recorded, or
 * they are sent once more (idempotent_retry.c).
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_DIAL_H
#define VOICEAGENT_DIAL_H

#include "lib/ilist.h"

#include "runtime/account.h"
#include "core/arena.h"
#include "idempotent_retry.h"
#include "runtime/worker.h"

/* How long carriers are assumed to take to answer until that is known. */
#define VA_ANSWER_US 50000

/* One request on its way; malloc'ed, because it outlives turns and is touched in callbacks. */
typedef struct VaDial
{
	struct VaDial *next;
	int64 tenant_id;
	int64 attempt_id;
	const VaDriver *driver;
	char reference[VA_ATTEMPT_REF_MAX + 1];
	VaHttpResult *result; /* NULL until the carrier answered, or when nothing could be sent */
	bool bad_account;	  /* ... because the account's secret does not open */
	bool unstored;		  /* ... because no standby had flushed the claim (standby.h) */
	char error[200];	  /* why nothing could be sent */
	bool sent;
	dlist_node under_way; /* from its submission to its answer */
	int64 answered_us;	  /* how long the carrier took */
	VaDialKind kind;
	VaIdempotentRetry *retry; /* to send it once more, should its answer be lost; or NULL */
	bool collected;			  /* is to be recorded by the transaction that is under way */
	bool put_off;			  /* its call was locked at the last try to record it */
	int tries;				  /* when to try again, while another transaction holds the call */
	TimestampTz again_at;	  /* when the next one is due */
} VaDial;

typedef struct VaDials
{
	VaDial *answered; /* filled by callbacks, newest first */
	int n_answered;
	TimestampTz answered_since; /* when the oldest of them came */
	int in_flight;				/* handed over, and not recorded yet */
	double answer_us;			/* how long carriers take, lately */
} VaDials;

extern VaDials va_dials;

/* A VaHttpDone; with NULL when nothing could be sent. */
extern void va_dial_done(void *ctx, VaHttpResult *result);

/* It has been handed over, with whatever result. */
extern void va_dial_begun(VaDial *dial);

/* How many more of a tenant may be claimed where max are on their way at most, of all tenants. */
extern int va_dials_left(int64 tenant_id, int weight, int max);

extern void va_dial_read(const VaDial *dial, VaArena *arena, VaDialOutcome *outcome);

/* When the answers are to be recorded: at once when no other is expected, or when there are many. */
extern TimestampTz va_dials_due(void);

/*
 * Record every answer in one commit, except those whose calls are locked: they
 * are tried again in a moment. If the transaction fails the answers stay listed
 * and the task's next turn tries again; if the process dies meanwhile the
 * carriers are asked.
 */
extern void va_dials_record(void);

#endif /* VOICEAGENT_DIAL_H */
