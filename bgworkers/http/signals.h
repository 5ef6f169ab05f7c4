/*-------------------------------------------------------------------------
 * signals.h
 *		Block every asynchronous signal around foreign code that may start a
 *		thread: a thread must not take a signal that is meant for the process.
 *
 * No backend header.  Faults of the program itself stay deliverable: they
 * cannot wait.
 */
#ifndef VOICEAGENT_SIGNALS_H
#define VOICEAGENT_SIGNALS_H

#include <signal.h>

extern void va_signals_block(sigset_t *saved);
extern void va_signals_restore(const sigset_t *saved);

#endif /* VOICEAGENT_SIGNALS_H */
