/*-------------------------------------------------------------------------
 * dialer.h
 *		Shared by the files of the process dialer.
 */
#ifndef VOICEAGENT_DIALER_H
#define VOICEAGENT_DIALER_H

#include "postgres.h"

#include "access/xlogdefs.h"
#include "datatype/timestamp.h"
#include "lib/ilist.h"

#include "core/arena.h"
#include "runtime/account.h"
#include "runtime/worker.h"

/*
 * idempotent_retry.c: a dial whose answer was lost, sent once more where the carrier promises that the same request
 * dials once (dial_repeatable_s).  The request is kept in this process's memory, secrets and all, from the dial to its
 * answer; nothing of it is stored. A process that dies loses it, and the carrier is asked about the call as after any
 * dial.
 */
typedef struct VaIdempotentRetry VaIdempotentRetry;

/* A copy of the request, malloc'ed; NULL when the carrier promises nothing, or without memory. */
extern VaIdempotentRetry *va_retry_keep(const VaOpenAccount *account, const VaHttpRequest *request);

/* May it still be sent, so that it arrives in time? False for NULL. */
extern bool va_retry_in_time(const VaIdempotentRetry *retry);

/* Was it sent more than once? Then only an answer that the call was taken can be believed. */
extern bool va_retry_was_sent(const VaIdempotentRetry *retry);

/* As va_account_send(); it may wait for its turn as long as the carrier's promise lasts. */
extern bool va_retry_send(
	VaWorker *worker, VaIdempotentRetry *retry, VaHttpDone done, void *ctx, char *err, size_t errlen);

/*
 * The effective answer when a send came too late for its turn: for a repetition the
 * lost answer to the send before it, which says why the call's disposition is
 * unknown; else `late` itself. Takes `late`, and gives the result that it returns.
 * NULL is allowed for repeat.
 */
extern VaHttpResult *va_retry_unsent(VaIdempotentRetry *retry, VaHttpResult *late);

/*
 * Takes the dials whose answers were lost, and which may be sent once more,
 * out of the list of those that are answered and sends them.  No transaction.
 */
extern void va_retry_lost(VaWorker *worker);

/* Wipes and frees; NULL is allowed. */
extern void va_retry_free(VaIdempotentRetry *retry);

/*
 * dial.c: requests for calls on their way to carriers, and what those answered.  The dialer hands them over
 * (dialer.c); here their answers are recorded, or they are sent once more (idempotent_retry.c).
 */

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
	bool unstored;		  /* ... because no standby had flushed the claim (standby.c) */
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

/*
 * dial_ready.c: tenants that have a lead to dial now, and when time alone makes one.  Each commit that makes something
 * due, and each claim, asks this, so it reads a few index entries and sets no statement up.  For use in a transaction.
 */

/* A tenant that is at its caps as long as it has so many live calls. */
typedef struct VaFullTenant
{
	int64 tenant_id;
	int64 live;
	TimestampTz until; /* for the caller */
} VaFullTenant;

typedef struct VaReadyAsk
{
	const int64 *among; /* these, and those that time has made ready after `since` (clock()) until now */
	int n_among;
	TimestampTz since;
	const VaFullTenant *full; /* none of these, unless a call of it has ended */
	int n_full;
	bool no_real;	 /* the platform has no line of real carriers */
	bool no_sandbox; /* ... of the sandbox */
	int64 after;	 /* tenants behind it come first */
} VaReadyAsk;

/*
 * Up to max of those that have an open lane with due leads of a campaign that
 * does not wait for its pace, in turn; *more: there may be others.
 */
extern int va_ready_tenants(const VaReadyAsk *ask, int64 *tenants, int max, bool *more);
/* In a transaction: how much each of them weighs beside the others (tenant_directory). */
extern void va_weigh(const int64 *tenants, int n, int *weights);
/* clock(): the first instant after this one at which time alone may make a lead callable. */
extern TimestampTz va_next_dial_after(TimestampTz after);
/* Whether the platform has no line left, of real carriers and of the sandbox. */
extern void va_platform_is_full(bool *no_real, bool *no_sandbox);

/*
 * dial_turns.c: whose turn it is to dial.  A lead becomes callable by a commit, which pokes the dialer with its
 * tenant, or time, which the lanes and the pacing tell by an index.  So a round looks at the tenants that were poked,
 * at those that became ready by time since, and at those that claimed in the last round; however many others wait,
 * they cost nothing.  After a start, an error, a poke for everybody, and when there are too many to remember,
 * everybody is looked at, a few beside each round; and so, where a round happens anyway after a while, should a poke
 * have been missed, is everybody who was not looked at in vain.
 */

/* Tenants served in one round; the next round goes on behind the last. */
#define VA_TURNS_MAX 100

/*
 * The tenants of a round that began then (clock()), at most VA_TURNS_MAX, and
 * their weights; a transaction of its own.  *more: others wait for the next round.  If there is
 * none, *next is when there will be.
 */
extern int va_turns(int64 *tenants, int *weights, TimestampTz began, bool *more, TimestampTz *next);
/* In a transaction: when time alone makes something due, seen from a round that began then. */
extern TimestampTz va_next_dial(TimestampTz began);

/* This tenant is served; it has its turn in the next round, too; it has none before a poke or its time,
 * but for one more look a moment later. */
extern void va_turn_began(int64 tenant_id);
extern void va_turn_again(int64 tenant_id);
extern void va_turn_done(int64 tenant_id);
/* It is at its caps with so many live calls: none before one of them ends, or after a moment (a cap may be raised). */
extern void va_turn_full(int64 tenant_id, int64 live);
/* When that moment is over, DT_NOEND: none waits for it; woken: something has happened since. */
extern TimestampTz va_full_again(bool woken);
extern void va_turns_of_everybody(void);
/* Also those at their caps: what held them may not have been a cap. */
extern void va_turns_of_full(void);

/*
 * socket_watch.c: accounts whose carriers are heard over a socket do not dial while the process that holds the sockets
 * is not running.  That process itself says in the database which of its sockets are closed.  After it has died, and
 * until it has looked at all of them at its start, it cannot; then the dialer says so in its place.
 */

/* The carriers that are heard over a socket: text[]. */
extern Datum va_socket_providers(void);

/*
 * For the dialer, before a claim: when no process holds the sockets, records
 * for each account with one that its events cannot be heard. A turn in which
 * nothing has changed costs nothing. Outside of a transaction.
 */
extern void va_silence_unheard(void);

/*
 * standby.c: a call is stored on two machines before it is dialled.  With voiceagent.dial_durability = standby no
 * request for a call leaves before the standbys that PostgreSQL counts as synchronous have flushed the claim's commit.
 * The return of COMMIT does not prove that: a wait that was cancelled leaves a commit that everybody here sees and a
 * failover takes back (patroni#1412).  So the positions themselves are compared.
 */

/*
 * Why no call may be dialled now: no_standby, standby_behind, standby_new (named
 * less than voiceagent.promotion_pause ago).  NULL: nothing speaks against it.
 */
extern const char *va_standby_wait(void);

/* The dialer, each turn: have other standbys been named? */
extern void va_standby_look(void);

/*
 * Have the standbys flushed this commit?  Gives them VA_STANDBY_FLUSH_MS, and
 * calls meanwhile() again and again; false: they have not, and
 * va_standby_wait() says so until they have.
 */
#define VA_STANDBY_FLUSH_MS 100
extern bool va_standby_has(XLogRecPtr commit, void (*meanwhile)(void *arg), void *arg);

#endif /* VOICEAGENT_DIALER_H */
