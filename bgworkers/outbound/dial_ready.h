/*-------------------------------------------------------------------------
 * dial_ready.h
 *		Tenants that have a lead to dial now, and when time alone makes one.
 *
 * Each commit that makes something due, and each claim, asks this, so it reads
 * a few index entries and sets no statement up.  For use in a transaction.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_DIAL_READY_H
#define VOICEAGENT_DIAL_READY_H

#include "datatype/timestamp.h"

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

#endif /* VOICEAGENT_DIAL_READY_H */
