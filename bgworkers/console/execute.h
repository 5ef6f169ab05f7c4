/*-------------------------------------------------------------------------
 * execute.h
 *		A function that a request calls, in the transaction of the request.
 */
#ifndef VOICEAGENT_CONSOLE_EXECUTE_H
#define VOICEAGENT_CONSOLE_EXECUTE_H

#include "postgres.h"

#include "link.h"
#include "rpc.h"

/* Until the transaction ends; "none" is the session's own, voiceagent_api. */
extern void va_become(const char *role);

/* Proves the tenant by what the request shows, and counts the request among the tenant's. */
extern void va_pre_request(VaRpcAnswer *answer);

/* The column "answer" of the one row is the body, in that context; one that is too long raises 54000. */
extern void va_take_answer(MemoryContext context, VaRpcAnswer *answer);

/* Keeps the request for a process deferred (202) where its function may take long; false: it is to be executed now. */
extern bool va_defer(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);

/* The call of a request whose caller is yet to be proved; of one that was. */
extern void va_run_call(const VaField *ask, MemoryContext context, bool deferred, VaRpcAnswer *answer);
extern void va_run_proved(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);

#endif /* VOICEAGENT_CONSOLE_EXECUTE_H */
