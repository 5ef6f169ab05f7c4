/*-------------------------------------------------------------------------
 * payment_webhooks.c
 *		Webhooks of payment vendors (contract in payment_webhooks.h).
 *
 * A webhook is a hint and no more: it names an order of ours, and the vendor is
 * then asked how that stands.  So nothing that a webhook says can grant a
 * credit or take one, whatever its order and however often it comes.  Stripe
 * signs; PayPal's signature would have to be fetched and judged by a
 * certificate from the network, so its webhooks are believed no further than
 * that, and their number is bounded.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <time.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/statement.h"
#include "payment_webhooks.h"
#include "pure/payments/payments.h"
#include "runtime/transaction.h"
#include "tenancy/log_redaction.h"
#include "tenancy/vault.h"

/* A flood of forgeries must not become a flood of queries: the secret is read again after so long. */
#define SECRET_TTL_US (30 * USECS_PER_SEC)
#define SECRET_RELOAD_US (1 * USECS_PER_SEC)
/* Hints without a signature, of all senders together. */
#define UNSIGNED_PER_SECOND 20

static VaStatement hint_statement = { "SELECT voiceagent_private.hint_reference($1, $2) AS found", 2,
	{ TEXTOID, TEXTOID }, NULL };

static char stripe_secret[VA_SECRET_MAX_LEN + 1];
static TimestampTz secret_read_at = 0;
static time_t unsigned_second = 0;
static int unsigned_came = 0;

void
va_forget_payment_secret(void)
{
	explicit_bzero(stripe_secret, sizeof(stripe_secret));
	secret_read_at = 0;
}

static void
read_secret(void *arg)
{
	char *secret = va_open_platform_secret("payment_account:stripe:webhook_secret");

	strlcpy(stripe_secret, secret != NULL ? secret : "", sizeof(stripe_secret));
	va_wipe(secret);
}

static bool
is_signed(const InboundWebhook *webhook, TimestampTz ttl, const char **why)
{
	const VaHttpdRequest *request = webhook->request;
	TimestampTz now = GetCurrentTimestamp();
	const char *header = NULL;
	char sqlstate[6];
	char *message;

	if (secret_read_at < now - ttl)
	{
		va_forget_payment_secret();
		if (!va_try(read_secret, NULL, sqlstate, &message))
			ereport(
				LOG, (errmsg("could not read the secret of Stripe's webhooks: %s", va_mask_caught(message, sqlstate))));
		secret_read_at = now;
	}
	for (int i = 0; i < request->nheaders && header == NULL; i++)
		if (pg_strcasecmp(request->headers[i].name, "stripe-signature") == 0)
			header = request->headers[i].value;
	return va_payment_stripe_signed(header, stripe_secret, request->body, request->body_len, (int64_t) time(NULL), why);
}

static bool
too_many_unsigned(void)
{
	time_t now = time(NULL);

	if (unsigned_second != now)
		unsigned_came = 0;
	unsigned_second = now;
	return ++unsigned_came > UNSIGNED_PER_SECOND;
}

typedef struct Hint
{
	const char *reference;
	const char *vendor;
} Hint;

static void
hint(void *arg)
{
	const Hint *hint = arg;
	Datum values[2] = { CStringGetTextDatum(hint->reference), CStringGetTextDatum(hint->vendor) };

	va_execute(&hint_statement, values, NULL);
}

void
va_take_payment_webhook(InboundWebhook *webhook, VaArena *arena)
{
	const VaHttpdRequest *request = webhook->request;
	Hint of = { .vendor = request->path + strlen(VA_PAYMENTS_PREFIX) };
	bool signs = strcmp(of.vendor, "stripe") == 0;
	char sqlstate[6];
	char *message;

	webhook->status = 200;
	if (!signs && strcmp(of.vendor, "paypal") != 0)
		webhook->status = 404;
	else if (strcmp(request->method, "POST") != 0)
		webhook->status = 405;
	/* The secret may have been changed. */
	else if (signs && !is_signed(webhook, SECRET_TTL_US, &webhook->why) &&
			 !is_signed(webhook, SECRET_RELOAD_US, &webhook->why))
		webhook->status = 401;
	else if (!signs && too_many_unsigned())
		webhook->status = 503;
	if (webhook->status != 200)
		return;
	of.reference = va_payment_event_reference(of.vendor, request->body, request->body_len, arena);
	/* One that names no order of ours is none of our business, and is not to be sent again. */
	if (of.reference == NULL || strlen(of.reference) > 100)
		return;
	if (!va_try(hint, &of, sqlstate, &message))
	{
		ereport(LOG, (errmsg("could not take a webhook of %s: %s", of.vendor, va_mask_caught(message, sqlstate))));
		webhook->status = 503;
	}
}
