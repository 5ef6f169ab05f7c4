/*-------------------------------------------------------------------------
 * renew.h
 *		Queues that are written anew.
 */
#ifndef VOICEAGENT_RENEW_H
#define VOICEAGENT_RENEW_H

#include "postgres.h"

/* Between two steps of other work, outside of a transaction: looks once in a while whether a queue needs it. */
extern void va_renew_queues(void);

#endif /* VOICEAGENT_RENEW_H */
