/*-------------------------------------------------------------------------
 * call.h
 *		The SQL of a call of a function by its name and named arguments.
 *
 * All of it runs in the request's transaction.
 */
#ifndef VOICEAGENT_CONSOLE_CALL_H
#define VOICEAGENT_CONSOLE_CALL_H

#include "postgres.h"

#include "link.h"

typedef struct VaCall
{
	char *sql; /* its one column "answer" is the body, as text */
	int nargs;
	Oid *types;
	Datum *values;
	bool nothing;	  /* the function's result is void */
	const char *type; /* of the body */
	/* Not to be called like this: as PostgREST says it. */
	int status; /* 0 = it can be called */
	const char *code;
	const char *message;
	const char *details;
} VaCall;

/* Looks the function up, and what was given for its arguments. */
extern void va_make_call(const VaField *ask, VaCall *call);

#endif /* VOICEAGENT_CONSOLE_CALL_H */
