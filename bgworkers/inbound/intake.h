/*-------------------------------------------------------------------------
 * intake.h
 *		Leads that programs of others leave: /intake/{token}.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_INTAKE_H
#define VOICEAGENT_INTAKE_H

#include "store.h"

#define VA_INTAKE_PREFIX "/intake/"

/* Whose address it is, and whether the body is signed by its secret; the body is not read. Inside a transaction. */
extern void va_verify_intake(InboundWebhook *webhook);

extern bool va_is_intake(const InboundWebhook *webhook);

/*
 * Gives those that were verified their effect, each in a transaction of its
 * own, and writes the answers; outside of a transaction.  What is too much for
 * this turn is put off (later).
 */
extern void va_take_intakes(InboundWebhook *webhooks, int n, VaArena *arena);

#endif /* VOICEAGENT_INTAKE_H */
