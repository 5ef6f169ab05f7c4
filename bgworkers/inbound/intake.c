/*-------------------------------------------------------------------------
 * intake.c
 *		Leads that programs of others leave (contract in inbound.h).
 *
 * An address is a secret; where the intake asks for it, the body is signed with
 * another.  Only then is anything of the body read.  A lead is one commit: a
 * sender that was not answered sends again, and its id is known.
 */
#include "postgres.h"

#include <time.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/statement.h"
#include "inbound.h"
#include "runtime/tenant_backoff.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"
#include "tenancy/vault.h"

/* Leads of one turn, of which a tenant has its share. */
#define TURN_MAX 16
/* Bytes of a request: some hundred fields. */
#define BODY_MAX 65536
/* First wait for a tenant for whose locks we waited in vain: meanwhile what comes is kept. */
#define HELD_WAIT_MS 500

static VaStatement open_statement = {
	"SELECT o.tenant_id, o.intake_id, o.signed FROM voiceagent_private.open_intake($1) o", 1, { TEXTOID }, NULL
};
static VaStatement receive_statement = { "SELECT voiceagent_private.receive_intake($1, $2, $3, $4, $5)::text AS answer",
	5, { INT8OID, BYTEAOID, TEXTOID, TEXTOID, BOOLOID }, NULL };
static VaStatement refuse_statement = { "SELECT voiceagent_private.count_refusal($1, $2)", 2, { INT8OID, TEXTOID },
	NULL };
static VaTenantBackoff put_off;

bool
va_is_intake(const InboundWebhook *webhook)
{
	return strncmp(webhook->request->path, VA_INTAKE_PREFIX, strlen(VA_INTAKE_PREFIX)) == 0;
}

/* ---- judging ---- */

/* sha256=HEX over the body, in the header that most senders use, or in ours. */
static bool
is_signed(InboundWebhook *webhook)
{
	static const char *const headers[] = { "X-Intake-Signature", "X-Hub-Signature-256", "X-Signature-256" };
	char *secret = va_open_secret(webhook->intake_tenant, psprintf("intake:" INT64_FORMAT, webhook->intake));
	VaWebhookAuth auth;
	bool good = false;

	webhook->why = "no secret";
	if (secret == NULL)
		return false;
	for (int i = 0; i < (int) lengthof(headers) && !good; i++)
	{
		va_webhook_auth_hmac(&auth, secret, strlen(secret));
		auth.include_timestamp = false;
		strlcpy(auth.signature_header, headers[i], sizeof(auth.signature_header));
		strlcpy(auth.prefix, "sha256=", sizeof(auth.prefix));
		strlcpy(auth.payload_format, "{body}", sizeof(auth.payload_format));
		good = va_webhook_verify(&auth, &webhook->message, (int64) time(NULL), &webhook->why);
	}
	explicit_bzero(&auth, sizeof(auth));
	va_wipe(secret);
	return good;
}

static void
open_intake(void *arg)
{
	InboundWebhook *webhook = arg;
	const char *token = webhook->request->path + strlen(VA_INTAKE_PREFIX);
	size_t len = strlen(token);
	Datum values[1];
	bool is_open;

	/* Some senders put a slash behind every address. */
	token = pnstrdup(token, len > 0 && token[len - 1] == '/' ? len - 1 : len);
	values[0] = CStringGetTextDatum(token);

	va_execute(&open_statement, values, NULL);
	is_open = va_column_text(0, "signed") != NULL;
	webhook->intake_tenant = va_column_int(0, "tenant_id", 0);
	webhook->intake = va_column_int(0, "intake_id", 0);
	webhook->status = is_open && (!va_column_bool(0, "signed") || is_signed(webhook)) ? 200 : 401;
	webhook->cell = is_open ? 0 : va_endpoint_elsewhere(token);
	if (webhook->cell != 0)
		webhook->status = 421;
}

void
va_verify_intake(InboundWebhook *webhook)
{
	char sqlstate[6];
	char *message;

	webhook->why = NULL;
	if (strcmp(webhook->request->method, "POST") != 0)
		webhook->status = 405;
	else if (!va_try(open_intake, webhook, sqlstate, &message))
	{
		webhook->status = 503;
		ereport(LOG, (errmsg("could not open an intake: %s", va_mask_caught(message, sqlstate))));
	}
	else if (webhook->status == 200 && webhook->request->body_len > BODY_MAX)
	{
		webhook->status = 413;
		webhook->why = "a request has at most 65536 bytes";
	}
	va_set_tenant(0);
}

/* ---- taking ---- */

typedef struct Intake
{
	InboundWebhook *webhook;
	bool at_once;
	const char *answer;
	const char *refusal;
	const char *id; /* of the header; NULL: none */
} Intake;

static void
take(void *arg)
{
	Intake *intake = arg;
	const VaHttpdRequest *request = intake->webhook->request;
	const char *type = va_header_find(
		intake->webhook->message.headers, intake->webhook->message.nheaders, "Content-Type");
	Datum values[5];
	char nulls[5] = { ' ', ' ', type == NULL ? 'n' : ' ', intake->id == NULL ? 'n' : ' ', ' ' };

	va_begin("take a lead in");
	va_set_tenant(intake->webhook->intake_tenant);
	values[0] = Int64GetDatum(intake->webhook->intake);
	values[1] = va_bytea(request->body, request->body_len);
	values[2] = type == NULL ? (Datum) 0 : CStringGetTextDatum(type);
	values[3] = intake->id == NULL ? (Datum) 0 : CStringGetTextDatum(intake->id);
	values[4] = BoolGetDatum(intake->at_once);
	va_execute(&receive_statement, values, nulls);
	intake->answer = pstrdup(va_column_text(0, "answer"));
	VA_CRASH_POINT("before_intake");
	va_commit();
	VA_CRASH_POINT("after_intake");
}

static void
refuse(void *arg)
{
	Intake *intake = arg;
	Datum values[2];

	va_begin("count a lead that was refused");
	va_set_tenant(intake->webhook->intake_tenant);
	values[0] = Int64GetDatum(intake->webhook->intake);
	values[1] = CStringGetTextDatum(intake->refusal);
	va_execute(&refuse_statement, values, NULL);
	va_commit();
}

static void
count_refusal(Intake *intake)
{
	char sqlstate[6];
	char *message;

	if (!va_try_outside(refuse, intake, sqlstate, &message))
		va_abort();
}

/* The request's own fault. */
static bool
is_their_fault(const char *sqlstate)
{
	/* 54001: JSON that is nested beyond the stack. */
	return strcmp(sqlstate, "PT422") == 0 || strncmp(sqlstate, "22", 2) == 0 || strcmp(sqlstate, "54001") == 0;
}

static bool
try_take(Intake *intake, char sqlstate[6], char **message)
{
	if (va_try_outside(take, intake, sqlstate, message))
		return true;
	va_abort();
	return false;
}

static void
take_one(InboundWebhook *webhook, VaArena *arena)
{
	int64 tenant = webhook->intake_tenant;
	Intake intake = { webhook, !va_backoff_active(&put_off, tenant), NULL, NULL,
		va_header_find(webhook->message.headers, webhook->message.nheaders, "Idempotency-Key") };
	char sqlstate[6];
	char *message;
	bool taken = try_take(&intake, sqlstate, &message);

	if (!taken && intake.at_once && va_is_lock_error(sqlstate))
	{
		(void) va_backoff_start(&put_off, tenant, HELD_WAIT_MS);
		intake.at_once = false;
		taken = try_take(&intake, sqlstate, &message);
	}
	else if (taken && intake.at_once)
		va_backoff_reset(&put_off, tenant);
	if (taken)
	{
		webhook->document.content_type = "application/json";
		webhook->document.len = strlen(intake.answer);
		webhook->document.body = va_arena_strndup(arena, intake.answer, webhook->document.len);
		return;
	}
	webhook->status = is_their_fault(sqlstate) ? 422 : 503;
	/* Words of ours about a number or a field; what the server says of bad JSON quotes it. */
	webhook->why = strcmp(sqlstate, "PT422") == 0 ? message : "the body is neither JSON nor a form";
	intake.refusal = webhook->why;
	if (webhook->status == 422)
		count_refusal(&intake);
	else
		ereport(LOG, (errmsg("could not take a lead of tenant " INT64_FORMAT " in: %s", tenant,
						 va_mask_caught(message, sqlstate))));
}

void
va_take_intakes(InboundWebhook *webhooks, int n, VaArena *arena)
{
	int taken = 0;

	for (int i = 0; i < n; i++)
	{
		/* Only an address that is there has a reason: a signature that lacks, a body that is too long. */
		bool is_refused = (webhooks[i].status == 401 || webhooks[i].status == 413) && webhooks[i].why != NULL;
		int own = 0;

		if (!va_is_intake(&webhooks[i]) || (webhooks[i].status != 200 && !is_refused))
			continue;
		for (int k = 0; k < i; k++)
			own += va_is_intake(&webhooks[k]) && webhooks[k].intake_tenant == webhooks[i].intake_tenant &&
				   webhooks[k].document.body != NULL;
		/* The first has its turn in any case. */
		if (taken > 0 && (taken >= TURN_MAX || va_share_left(TURN_MAX, own, taken - own) <= 0))
		{
			webhooks[i].later = true;
			continue;
		}
		if (is_refused)
			count_refusal(&(Intake){ .webhook = &webhooks[i],
				.refusal = webhooks[i].status == 413 ? webhooks[i].why : "the signature is missing or wrong" });
		else
			take_one(&webhooks[i], arena);
		taken++;
	}
}
