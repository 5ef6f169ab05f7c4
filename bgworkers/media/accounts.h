/*-------------------------------------------------------------------------
 * accounts.h
 *		Whose engines a call asks, and what they have done.
 */
#ifndef VOICEAGENT_MEDIA_ACCOUNTS_H
#define VOICEAGENT_MEDIA_ACCOUNTS_H

#include "postgres.h"

#include "call.h"

/*
 * The engines of a call whose session is open, the embedded chain last, within
 * a transaction.  may_ask, armed: see model_obstacle().
 */
extern void va_media_prepare_engines(VaMediaCall *call, bool may_ask, bool armed);

/* Keeps what its engines have done since the last time, in a transaction of its own; false: not now. */
extern bool va_media_keep_reports(VaMediaCall *call);

#endif /* VOICEAGENT_MEDIA_ACCOUNTS_H */
