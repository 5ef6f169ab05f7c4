/*-------------------------------------------------------------------------
 * transaction.h
 *		The transactions of a worker, and the units in them.
 *
 * Short ones only: claim and commit; network with no transaction, no snapshot,
 * no lock; apply and commit.
 */
#ifndef VOICEAGENT_TRANSACTION_H
#define VOICEAGENT_TRANSACTION_H

#include "postgres.h"

#include "datatype/timestamp.h"

/*
 * One short transaction.  va_begin() starts it, with a snapshot and SPI
 * connected; `activity` is what pg_stat_activity shows (no personal data), and
 * must stay until the end of the transaction.
 * va_commit() disconnects, commits, flushes the statistics and reports idle.
 * Both leave the scratch context current.
 */
extern void va_begin(const char *activity);
extern void va_commit(void);
extern void va_abort(void);

/*
 * A setting of this transaction alone.  With PGC_S_OVERRIDE, which is how a
 * session is set up, GUC_ACTION_LOCAL changes what the session falls back to:
 * for good.
 */
extern void va_set_local(const char *name, const char *value);

/* From now on no commit of this process waits for a standby. */
extern void va_commit_locally(bool locally);

/*
 * va_commit(); false when the commit itself raised: all is undone, and no
 * transaction is open. One tenant's work is then tried later, as after an error
 * of its unit; that of several is tried tenant by tenant.
 */
extern bool va_try_commit(char sqlstate[6], char **message);

/*
 * Run a unit in a subtransaction; false when it raised, with the error's
 * SQLSTATE and message copied into the scratch context (a cancel or a
 * termination is not caught). The session's tenant is the same afterwards as
 * before. Use it to retry the units of a batch one by one.
 */
extern bool va_try(void (*unit)(void *arg), void *arg, char sqlstate[6], char **message);

/*
 * The same outside of a transaction, for building a request for example. A unit
 * that raises must have released what it took of the process; if it opened a
 * transaction, the caller calls va_abort().
 */
extern bool va_try_outside(void (*unit)(void *arg), void *arg, char sqlstate[6], char **message);

/*
 * Counts for the statistics views are flushed at most once a second; the time
 * at which the rest is due (DT_NOEND = nothing is left), and flushing it.
 */
extern TimestampTz va_statistics_due(void);
extern void va_flush_statistics(void);

#endif /* VOICEAGENT_TRANSACTION_H */
