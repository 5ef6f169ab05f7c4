/*-------------------------------------------------------------------------
 * inbound.h
 *		Shared by the files of the gateway.
 */
#ifndef VOICEAGENT_INBOUND_H
#define VOICEAGENT_INBOUND_H

#include "datatype/timestamp.h"

#include "http/server.h"
#include "provider/webhook.h"

/* endpoints.c: the endpoints of webhooks by their tokens, with their opened secrets. */
typedef enum VaEndpointFinding
{
	VA_ENDPOINT_NONE = 0, /* unknown token */
	VA_ENDPOINT_FOUND,
	VA_ENDPOINT_ELSEWHERE, /* another cell serves its tenant */
	VA_ENDPOINT_CLOSED	   /* it cannot be read now, for example because its secret cannot be opened */
} VaEndpointFinding;

/*
 * The endpoint of a URL's token, which stays as it is until
 * va_bound_endpoints() or va_forget_endpoints(), or until the same token is
 * found anew; NULL unless found. `fresh`: not from an old entry. In a
 * transaction; a fault of one endpoint is logged and raises nothing.
 */
extern VaEndpointFinding va_find_endpoint(const char *token, bool fresh, const VaEndpoint **endpoint);

/* The cell of a token that va_find_endpoint() has just found elsewhere. */
extern int va_endpoint_cell(const char *token);

/* Entries that were read before now are read again. */
extern void va_renew_endpoints(void);

/* No pointer to an entry may be left. */
extern void va_forget_endpoints(void);

/* ... and wipes those that are found no more, or all when they have become too many. */
extern void va_bound_endpoints(void);

/* store.c: webhooks of one turn of the gateway, and how the genuine ones are stored. */

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
	int64 intake;		 /* of an intake (intake.c): its number ... */
	int64 intake_tenant; /* ... and whose it is */
	bool by_previous;	 /* signed with the secret that is being retired */
} InboundWebhook;

/*
 * Stores genuine webhooks, in the order of tenants and keys into which they are
 * put here, or gives them their effect.  Inside a transaction.  One that could
 * not be stored has the status 503.  True if the applier has got something.
 */
extern bool va_store_inbound(InboundWebhook **webhooks, int n);

/* answer.c: the reply when a carrier asks what to do with a call. */

/*
 * The document for an event that wants_answer, of a driver with build_answer,
 * in the arena. Inside a transaction. A fault of one call raises nothing: the
 * call is then refused or ended, as without a plan. body is NULL when not even
 * that can be expressed.
 */
extern void va_write_document(const VaEndpoint *endpoint, const VaEvent *event, VaArena *arena, VaDocument *document);

/* call_tools.c: tools that an assistant uses while it talks, at a carrier that converses. */

/*
 * Runs the tools that genuine webhooks ask for, each in a transaction of its
 * own, and writes the reply (document), in the arena.  Outside a transaction.
 * Those that are too many for one turn are marked to be taken later.  A fault
 * of one tool raises nothing: its model learns that it failed.
 */
extern void va_run_call_tools(InboundWebhook *webhooks, int n, VaArena *arena);

/* Whether a webhook asks for tools, and nothing else. */
extern bool va_asks_for_tools(const InboundWebhook *webhook);

/*
 * gateway_log.c: what the gateway has refused, for the server's log and status(): a line in a while with the counts,
 * however many there are, and a note for each endpoint.
 */

/* Seconds between two lines. */
#define REFUSALS_LOG_S 60

/* A webhook was answered with 401 or 404; endpoint_id 0 = none. */
extern void va_gateway_refused(int status, int64 endpoint_id, const char *peer, const char *why);

/*
 * Writes a line and notes if they are due, outside of a transaction; when to ask again.  refused: the HTTP server's own
 * counts by VaRefusal.
 */
extern TimestampTz va_gateway_report(const uint64 *refused);

/* intake.c: leads that programs of others leave: /intake/{token}. */
#define VA_INTAKE_PREFIX "/intake/"

/* Whose address it is, and whether the body is signed by its secret; the body is not read. Inside a transaction. */
extern void va_verify_intake(InboundWebhook *webhook);

extern bool va_is_intake(const InboundWebhook *webhook);

/*
 * Gives those that were verified their effect, each in a transaction of its
 * own, and writes the answers; outside of a transaction.  Work beyond this
 * turn is put off (later).
 */
extern void va_take_intakes(InboundWebhook *webhooks, int n, VaArena *arena);

/*
 * metrics.c: GET /metrics of the gateway: Prometheus' text format, version 0.0.4.  Served only to a request that shows
 * the token of voiceagent.metrics_token as "Authorization: Bearer ..."; while the setting is empty there is no such
 * path. The figures are the database's, never a tenant's.
 */
#define VA_METRICS_PATH "/metrics"
#define VA_METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* The status for this request, by its method and token: 200, 401, 404 or 405. */
extern int va_metrics_status(const VaHttpdRequest *request);

/* The report, in the current memory context; a transaction of its own, which may raise. */
extern char *va_metrics_report(void);

/* payment_webhooks.c: webhooks of payment vendors: /payments/{vendor}. */
#define VA_PAYMENTS_PREFIX "/payments/"

/*
 * Verifies a webhook, sets its status, and schedules a request to the vendor
 * about the order or plan that it names.  Call it inside a transaction.
 */
extern void va_take_payment_webhook(InboundWebhook *webhook, VaArena *arena);

/* The gateway starts, or its settings are read anew: no secret is kept. */
extern void va_forget_payment_secrets(void);

/* ticket_mail.c: tickets by mail: what the operator's mail gateway posts to /mail. */
extern bool va_is_ticket_mail(const InboundWebhook *webhook);

/* Whether the gateway's secret has signed it; the body is not read. Inside a transaction. */
extern void va_verify_ticket_mail(InboundWebhook *webhook);

/* Gives those that were verified their effect, each in a transaction of its own; outside of a transaction. */
extern void va_take_ticket_mails(InboundWebhook *webhooks, int n, VaArena *arena);

#endif /* VOICEAGENT_INBOUND_H */
