/*-------------------------------------------------------------------------
 * checks.h
 *		The CHECK constraints of our tables, read once a session.
 *
 * va_prepare_checks() gives a statement that has just been started the
 * constraints of the tables that it writes to; the executor evaluates them
 * for each row, as ever.  One whose table it opens later, as a partition, is
 * left to the executor.
 */
#ifndef VOICEAGENT_CHECKS_H
#define VOICEAGENT_CHECKS_H

#include "nodes/execnodes.h"

extern void va_prepare_checks(EState *state);
/* The same for one table that is written to without a statement. */
extern void va_prepare_table_checks(ResultRelInfo *info);

#endif
