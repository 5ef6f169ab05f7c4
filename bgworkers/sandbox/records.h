/*-------------------------------------------------------------------------
 * records.h
 *		The sandbox carrier's record of calls, in the table sandbox_calls; for
 *		sandbox.c, inside of its transactions.
 */
#ifndef VOICEAGENT_SANDBOX_RECORDS_H
#define VOICEAGENT_SANDBOX_RECORDS_H

#include "datatype/timestamp.h"

#include "engine.h"

extern int64 va_sandbox_ms(TimestampTz at);
extern TimestampTz va_sandbox_timestamp(int64 ms);

/* The calls that the current tenant places, whose records learn their seed, scale and time; those that are over. */
extern void va_sandbox_store_placed(VaSandboxCall **calls, int n);
extern void va_sandbox_store_finished(VaSandboxCall *const *calls, int n);
/* That a call was hung up, and its instructions. */
extern void va_sandbox_store_order(const VaSandboxRecord *record);

/* How often each number was called, into the carrier's memory. */
extern void va_sandbox_count_stored(VaSandbox *sandbox);
/* The calls that are not done, chained by next. */
extern VaSandboxCall *va_sandbox_stored_unfinished(void);
/* The call that is asked for, to be freed; NULL: there is none. */
extern VaSandboxCall *va_sandbox_stored_call(const VaSandboxAsk *ask);
/* The n calls that are asked for, to be freed one by one. */
extern VaSandboxCall **va_sandbox_stored_list(const VaSandboxAsk *ask, int *n);

#endif /* VOICEAGENT_SANDBOX_RECORDS_H */
