/*-------------------------------------------------------------------------
 * store.h
 *		Webhooks of one turn of the gateway, and how the genuine ones are stored.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_STORE_H
#define VOICEAGENT_STORE_H

#include "endpoints.h"
#include "http/server.h"
#include "provider/webhook.h"

/* A request of this turn; in the turn's scratch memory. */
typedef struct InboundWebhook
{
	VaHttpdRequest *request;
	const VaEndpoint *endpoint;
	VaSignedMessage message;
	int status; /* what will be answered; 0 = not judged yet */
	int cell;	/* ... and with 421 who serves it */
	const char *why;
	const char *event_key;
	VaEvents events;	 /* what it says; none when it cannot be read */
	const char *report;	 /* of /metrics */
	const VaEvent *asks; /* of its events the one that wants a document in the reply */
	VaDocument document;
	bool progress;		 /* it tells of a call's course and no more */
	bool later;			 /* its tools are too many for this turn */
	int64 intake;		 /* of an intake (intake.h): its number ... */
	int64 intake_tenant; /* ... and whose it is */
	bool by_previous;	 /* signed with the secret that is being retired */
} InboundWebhook;

/*
 * Stores genuine webhooks, in the order of tenants and keys into which they are
 * put here, or gives them their effect.  Inside a transaction.  One that could
 * not be stored has the status 503.  True if the applier has got something.
 */
extern bool va_store_inbound(InboundWebhook **webhooks, int n);

#endif /* VOICEAGENT_STORE_H */
