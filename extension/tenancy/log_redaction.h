/*-------------------------------------------------------------------------
 * log_redaction.h
 *		Our lines in the server's log carry ids, and no personal data:
 *		errors about data quote them.
 *
 * Dotted out is what stands between quotes in errors about data (SQLSTATE
 * classes 22 and 23) and in our own refusals (class PT), and in all texts the
 * digits of telephone numbers (+ and seven or more).  A worker masks all that it
 * logs.  In a session of a client, which gets its own words back in full, our
 * refusals are logged as a masked line without the statement.
 */
#ifndef VOICEAGENT_LOG_REDACTION_H
#define VOICEAGENT_LOG_REDACTION_H

#include "postgres.h"

/* text may be NULL. */
extern void va_mask_text(char *text, int sqlerrcode);
/* The same for a message that va_try() caught; returns it. */
extern char *va_mask_caught(char *message, const char *sqlstate);

/*
 * Between the two every refusal (class PT) loses its control characters, and
 * what exceeds a kilobyte of its message, detail and hint, where it is raised.
 */
extern void va_refusals_watch(ErrorContextCallback *callback);
extern void va_refusals_unwatch(const ErrorContextCallback *callback);

/* Once a process; the library's other hooks are set likewise. */
extern void va_log_redaction_init(void);
/* From here on all that this process logs is masked, and the details of errors about data are left out. */
extern void va_log_redaction_worker(void);

#endif /* VOICEAGENT_LOG_REDACTION_H */
