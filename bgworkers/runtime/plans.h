/*-------------------------------------------------------------------------
 * plans.h
 *		When a worker's plans are made anew.
 *
 * Plans are cached, and a plan that was made for a small table reads the whole
 * of it when it has grown. PostgreSQL plans again when statistics are taken,
 * which may be a minute and a hundred thousand rows later; a worker does so
 * when a table has crossed a size. Making all plans of a worker takes tens of
 * milliseconds, for which every call and every webhook waits: so it happens
 * only when needed, and while the worker is at rest.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PLANS_H
#define VOICEAGENT_PLANS_H

#include "postgres.h"

#include "datatype/timestamp.h"

/* In a transaction that has just begun: whether tables have crossed a size, looked at every two seconds at most. */
extern void va_plans_look(void);

/* The worker has done something: it is not at rest. */
extern void va_plans_worked(void);

/* When plans are to be made anew if nothing happens until then (DT_NOEND: none need it), and making them. */
extern TimestampTz va_plans_due(void);
extern void va_plans_renew(void);

#endif /* VOICEAGENT_PLANS_H */
