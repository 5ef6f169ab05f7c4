/*-------------------------------------------------------------------------
 * ticket_mail.c
 *		Tickets by mail (contract in inbound.h).
 *
 * The body is signed with the secret of set_ticket_mail(), together with the
 * time.  A mail is one commit: a gateway that was not answered posts it again,
 * and its Message-ID is known.
 */
#include "postgres.h"

#include <time.h>

#include "catalog/pg_type.h"

#include "core/statement.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"
#include "tenancy/vault.h"
#include "inbound.h"

#define MAIL_PATH "/mail"
/* Bytes of a mail without what is attached to it. */
#define MAIL_MAX 262144
/* Mails of one turn; what is too much has the next one. */
#define MAILS_A_TURN 8

static VaStatement take_statement = { "SELECT voiceagent_private.take_ticket_mail($1)::text AS answer", 1, { BYTEAOID },
	NULL };

bool
va_is_ticket_mail(const InboundWebhook *webhook)
{
	return strcmp(webhook->request->path, MAIL_PATH) == 0;
}

static void
verify(void *arg)
{
	InboundWebhook *webhook = arg;
	char *secret = va_open_platform_secret("ticket_mail");
	VaWebhookAuth auth;

	webhook->status = 401;
	webhook->why = "no secret";
	if (secret == NULL)
		return;
	va_webhook_auth_hmac(&auth, secret, strlen(secret));
	if (va_webhook_verify(&auth, &webhook->message, (int64) time(NULL), &webhook->why))
		webhook->status = 200;
	explicit_bzero(&auth, sizeof(auth));
	va_wipe(secret);
}

void
va_verify_ticket_mail(InboundWebhook *webhook)
{
	char sqlstate[6];
	char *message;

	if (strcmp(webhook->request->method, "POST") != 0)
		webhook->status = 405;
	else if (webhook->request->body_len > MAIL_MAX)
	{
		webhook->status = 413;
		webhook->why = "a mail has at most 262144 bytes; leave out what is attached, and name it";
	}
	else if (!va_try(verify, webhook, sqlstate, &message))
	{
		webhook->status = 503;
		ereport(LOG, (errmsg("could not judge a mail: %s", va_mask_caught(message, sqlstate))));
	}
}

typedef struct Taking
{
	InboundWebhook *webhook;
	const char *answer;
} Taking;

static void
take(void *arg)
{
	Taking *taking = arg;
	const VaHttpdRequest *request = taking->webhook->request;
	Datum values[1] = { va_bytea(request->body, request->body_len) };

	va_begin("take a mail in");
	va_set_tenant(0);
	va_execute(&take_statement, values, NULL);
	taking->answer = pstrdup(va_column_text(0, "answer"));
	VA_CRASH_POINT("before_ticket_mail");
	va_commit();
	VA_CRASH_POINT("after_ticket_mail");
}

static void
take_one(InboundWebhook *webhook, VaArena *arena)
{
	Taking taking = { webhook, NULL };
	char sqlstate[6];
	char *message;
	bool ours;

	if (va_try_outside(take, &taking, sqlstate, &message))
	{
		webhook->document.content_type = "application/json";
		webhook->document.len = strlen(taking.answer);
		webhook->document.body = va_arena_strndup(arena, taking.answer, webhook->document.len);
		return;
	}
	va_abort();
	/* 54001: JSON that is nested beyond the stack.  The server's error on bad JSON quotes it. */
	ours = strcmp(sqlstate, "PT422") == 0;
	webhook->status = ours || strncmp(sqlstate, "22", 2) == 0 || strcmp(sqlstate, "54001") == 0 ? 422 : 503;
	webhook->why = ours ? message : "the body is not JSON";
	if (webhook->status == 503)
		ereport(LOG, (errmsg("could not take a mail in: %s", va_mask_caught(message, sqlstate))));
}

void
va_take_ticket_mails(InboundWebhook *webhooks, int n, VaArena *arena)
{
	int taken = 0;

	for (int i = 0; i < n; i++)
	{
		if (!va_is_ticket_mail(&webhooks[i]) || webhooks[i].status != 200)
			continue;
		if (++taken > MAILS_A_TURN)
			webhooks[i].later = true;
		else
			take_one(&webhooks[i], arena);
	}
}
