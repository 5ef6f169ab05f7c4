/*-------------------------------------------------------------------------
 * ticket_mail.h
 *		Tickets by mail: what the operator's mail gateway posts to /mail.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TICKET_MAIL_H
#define VOICEAGENT_TICKET_MAIL_H

#include "store.h"

extern bool va_is_ticket_mail(const InboundWebhook *webhook);

/* Whether the gateway's secret has signed it; the body is not read. Inside a transaction. */
extern void va_verify_ticket_mail(InboundWebhook *webhook);

/* Gives those that were verified their effect, each in a transaction of its own; outside of a transaction. */
extern void va_take_ticket_mails(InboundWebhook *webhooks, int n, VaArena *arena);

#endif /* VOICEAGENT_TICKET_MAIL_H */
