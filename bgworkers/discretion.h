/*-------------------------------------------------------------------------
 * discretion.h
 *		What a worker writes to the server's log carries ids, and no personal
 *		data: errors about data quote them.
 *
 * In place, so that it can be done while an error is being reported: of errors
 * about data (SQLSTATE classes 22 and 23) what stands between quotes is dotted
 * out, and of all texts the digits of telephone numbers (+ and seven or more).
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_DISCRETION_H
#define VOICEAGENT_DISCRETION_H

#include "postgres.h"

/* text may be NULL. */
extern void va_mask_text(char *text, int sqlerrcode);
/* The same for a message that va_try() caught; returns it. */
extern char *va_mask_caught(char *message, const char *sqlstate);

/* From here on all that this process logs is masked, and the details of errors about data are left out. */
extern void va_discretion_init(void);

#endif /* VOICEAGENT_DISCRETION_H */
