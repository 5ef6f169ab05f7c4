/*-------------------------------------------------------------------------
 * payment_webhooks.c
 *		Webhooks of payment vendors (contract in payment_webhooks.h).
 *
 * A webhook is a hint and no more: it names an order of ours, and the vendor is
 * then asked how that stands.  So nothing that a webhook says can grant a
 * credit or take one, whatever its order and however often it comes.  Stripe
 * signs with a secret that we share; PayPal with a key whose certificate the
 * webhook names.  One that is not here yet is answered 503, which has PayPal
 * send it again, and the process `requests` fetches the certificate meanwhile.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <time.h>

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/statement.h"
#include "payment_webhooks.h"
#include "pure/payments/payments.h"
#include "pure/text/json.h"
#include "runtime/transaction.h"
#include "tenancy/log_redaction.h"
#include "tenancy/vault.h"

/* A flood of forgeries must not become a flood of queries: what judges them is read again after so long. */
#define SECRET_TTL_US (30 * USECS_PER_SEC)
#define SECRET_RELOAD_US (1 * USECS_PER_SEC)
/* Readings of certificates that are not kept here, for all senders together. */
#define READINGS_PER_SECOND 20
#define URL_MAX_LEN 512
#define ID_MAX_LEN 128
#define PEM_MAX_LEN 65536
/* What the references of contracts begin with; those of orders do not. */
#define VA_PLAN_REFERENCE "vap-"

static VaStatement hint_statement = { "SELECT voiceagent_private.hint_reference($1, $2) AS found", 2,
	{ TEXTOID, TEXTOID }, NULL };
static VaStatement keys_statement = { "SELECT * FROM voiceagent_private.paypal_keys($1)", 1, { TEXTOID }, NULL };
static VaStatement want_statement = { "SELECT voiceagent_private.want_payment_certificate($1, $2)", 2,
	{ TEXTOID, TEXTOID }, NULL };
static VaStatement want_plan_statement = { "SELECT voiceagent_private.want_plan_certificate($1, $2::jsonb)", 2,
	{ TEXTOID, TEXTOID }, NULL };

static VaStatement plan_statement = { "SELECT voiceagent_private.take_plan_event($1, $2::jsonb)", 2,
	{ TEXTOID, TEXTOID }, NULL };

static char stripe_secret[VA_SECRET_MAX_LEN + 1];
static TimestampTz secret_read_at = 0;

/* What PayPal's signatures are judged by: public, all of it. */
typedef struct PaypalKeys
{
	TimestampTz read_at;
	char url[URL_MAX_LEN];
	char base_url[URL_MAX_LEN];	 /* "": PayPal's own */
	char webhook_id[ID_MAX_LEN]; /* "": nobody gave it */
	char pem[PEM_MAX_LEN];		 /* "": not here yet */
} PaypalKeys;

/* The last that had a certificate: made-up addresses do not replace it. */
static PaypalKeys kept_keys;
static time_t readings_second = 0;
static int readings = 0;

void
va_forget_payment_secret(void)
{
	explicit_bzero(stripe_secret, sizeof(stripe_secret));
	secret_read_at = 0;
	kept_keys.read_at = 0;
}

static const char *
header_of(const InboundWebhook *webhook, const char *name)
{
	const VaHttpdRequest *request = webhook->request;

	for (int i = 0; i < request->nheaders; i++)
		if (pg_strcasecmp(request->headers[i].name, name) == 0)
			return request->headers[i].value;
	return NULL;
}

/* ---- Stripe ---- */

static void
read_secret(void *arg)
{
	char *secret = va_open_platform_secret("payment_account:stripe:webhook_secret");

	strlcpy(stripe_secret, secret != NULL ? secret : "", sizeof(stripe_secret));
	va_wipe(secret);
}

static bool
stripe_signed(const InboundWebhook *webhook, TimestampTz ttl, const char **why)
{
	const VaHttpdRequest *request = webhook->request;
	TimestampTz now = GetCurrentTimestamp();
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
	return va_payment_stripe_signed(header_of(webhook, "stripe-signature"), stripe_secret, request->body,
		request->body_len, (int64_t) time(NULL), why);
}

/* ---- PayPal ---- */

static bool
too_many_readings(void)
{
	time_t now = time(NULL);

	if (readings_second != now)
		readings = 0;
	readings_second = now;
	return ++readings > READINGS_PER_SECOND;
}

static void
copy_column(char *to, size_t size, const char *column)
{
	const char *value = va_column_text(0, column);

	/* A certificate, or a name, that was cut would be another. */
	strlcpy(to, value != NULL && strlen(value) < size ? value : "", size);
}

static void
read_keys(void *arg)
{
	PaypalKeys *keys = arg;
	Datum values[1] = { CStringGetTextDatum(keys->url) };

	if (va_execute(&keys_statement, values, NULL) != 1)
		return;
	copy_column(keys->base_url, sizeof(keys->base_url), "base_url");
	copy_column(keys->webhook_id, sizeof(keys->webhook_id), "webhook_id");
	copy_column(keys->pem, sizeof(keys->pem), "pem");
}

/* Those of the certificate at this address; NULL: too many ask, or they cannot be read. */
static const PaypalKeys *
find_keys(const char *url, TimestampTz ttl)
{
	TimestampTz now = GetCurrentTimestamp();
	PaypalKeys *keys;
	char sqlstate[6];
	char *message;

	if (kept_keys.read_at >= now - ttl && strcmp(kept_keys.url, url) == 0)
		return &kept_keys;
	if (too_many_readings())
		return NULL;
	keys = palloc0(sizeof(PaypalKeys));
	strlcpy(keys->url, url, sizeof(keys->url));
	keys->read_at = now;
	if (!va_try(read_keys, keys, sqlstate, &message))
	{
		ereport(LOG,
			(errmsg("could not read what PayPal's webhooks are judged by: %s", va_mask_caught(message, sqlstate))));
		return NULL;
	}
	if (keys->pem[0] == '\0')
		return keys;
	kept_keys = *keys;
	return &kept_keys;
}

typedef struct Reference
{
	const char *reference; /* of an order, or the event */
	const char *of;		   /* the vendor, or the address of a certificate */
} Reference;

static void
want_certificate(void *arg)
{
	const Reference *wanted = arg;
	Datum values[2] = { CStringGetTextDatum(wanted->of), CStringGetTextDatum(wanted->reference) };

	va_execute(&want_statement, values, NULL);
}

static void
want_plan_certificate(void *arg)
{
	const Reference *wanted = arg;
	Datum values[2] = { CStringGetTextDatum(wanted->of), CStringGetTextDatum(wanted->reference) };

	va_execute(&want_plan_statement, values, NULL);
}

static bool
is_order(const char *reference)
{
	return reference != NULL && strncmp(reference, VA_PLAN_REFERENCE, strlen(VA_PLAN_REFERENCE)) != 0;
}

/* The event itself; NULL: it is no JSON. */
static const char *
event_text(const VaHttpdRequest *request, VaArena *arena)
{
	const char *why = NULL;
	json_t *event = va_json_load(arena, request->body, request->body_len, &why);
	const char *text = event != NULL ? va_json_text(arena, event) : NULL;

	json_decref(event);
	return text;
}

static int
fetch_certificate(
	const VaHttpdRequest *request, const char *url, const char *reference, VaArena *arena, const char **why)
{
	bool order = is_order(reference);
	Reference wanted = { order ? reference : event_text(request, arena), url };
	char sqlstate[6];
	char *message;

	*why = "PayPal's certificate is not here yet";
	/* Only an order or a contract of ours is worth a request. */
	if (wanted.reference != NULL &&
		!va_try(order ? want_certificate : want_plan_certificate, &wanted, sqlstate, &message))
		ereport(LOG, (errmsg("could not ask for PayPal's certificate: %s", va_mask_caught(message, sqlstate))));
	return 503;
}

static int
judge_paypal(const InboundWebhook *webhook, const char *reference, TimestampTz ttl, VaArena *arena, const char **why)
{
	const VaHttpdRequest *request = webhook->request;
	const char *url = header_of(webhook, "paypal-cert-url");
	VaPaypalSignature signature = { header_of(webhook, "paypal-transmission-id"),
		header_of(webhook, "paypal-transmission-time"), header_of(webhook, "paypal-auth-algo"),
		header_of(webhook, "paypal-transmission-sig") };
	const PaypalKeys *keys;

	*why = "it has no signature of PayPal's";
	if (url == NULL || strlen(url) >= URL_MAX_LEN || signature.value == NULL)
		return 401;
	keys = find_keys(url, ttl);
	if (keys == NULL)
		return 503;
	*why = "PayPal's account has no webhook_id";
	if (keys->webhook_id[0] == '\0')
		return 401;
	*why = "the certificate is not at PayPal";
	if (!va_payment_paypal_certificate_url(url, keys->base_url))
		return 401;
	if (keys->pem[0] == '\0')
		return fetch_certificate(request, url, reference, arena, why);
	if (!va_payment_paypal_certificate_good(keys->pem, strlen(keys->pem), (int64_t) time(NULL), why))
		return 401;
	return va_payment_paypal_signed(
			   &signature, keys->webhook_id, keys->pem, request->body, request->body_len, arena, why)
			   ? 200
			   : 401;
}

/* ---- both ---- */

static void
hint(void *arg)
{
	const Reference *hint = arg;
	Datum values[2] = { CStringGetTextDatum(hint->reference), CStringGetTextDatum(hint->of) };

	va_execute(&hint_statement, values, NULL);
}

static void
take_plan_event(void *arg)
{
	const Reference *event = arg;
	Datum values[2] = { CStringGetTextDatum(event->of), CStringGetTextDatum(event->reference) };

	va_execute(&plan_statement, values, NULL);
}

/* Once more with what is read anew, since the secret or the webhook may have been changed. */
static int
judge(InboundWebhook *webhook, const Reference *of, VaArena *arena)
{
	int status;

	if (strcmp(of->of, "stripe") == 0)
		return stripe_signed(webhook, SECRET_TTL_US, &webhook->why) ||
					   stripe_signed(webhook, SECRET_RELOAD_US, &webhook->why)
				   ? 200
				   : 401;
	status = judge_paypal(webhook, of->reference, SECRET_TTL_US, arena, &webhook->why);
	return status == 401 ? judge_paypal(webhook, of->reference, SECRET_RELOAD_US, arena, &webhook->why) : status;
}

void
va_take_payment_webhook(InboundWebhook *webhook, VaArena *arena)
{
	const VaHttpdRequest *request = webhook->request;
	Reference of = { .of = request->path + strlen(VA_PAYMENTS_PREFIX) };
	bool order;
	char sqlstate[6];
	char *message;

	if (strcmp(of.of, "stripe") != 0 && strcmp(of.of, "paypal") != 0)
		webhook->status = 404;
	else if (strcmp(request->method, "POST") != 0)
		webhook->status = 405;
	else
	{
		of.reference = va_payment_event_reference(of.of, request->body, request->body_len, arena);
		if (of.reference != NULL && strlen(of.reference) > 100)
			of.reference = NULL;
		webhook->status = judge(webhook, &of, arena);
	}
	if (webhook->status != 200)
		return;
	/* One that names no order of ours may be about a plan; else it is no business of ours, not to be sent again. */
	order = is_order(of.reference);
	if (!order)
		of.reference = event_text(request, arena);
	if (of.reference != NULL && !va_try(order ? hint : take_plan_event, &of, sqlstate, &message))
	{
		ereport(LOG, (errmsg("could not take a webhook of %s: %s", of.of, va_mask_caught(message, sqlstate))));
		webhook->status = 503;
	}
}
