/*-------------------------------------------------------------------------
 * payment_webhooks.c
 *		Webhooks of payment vendors (contract in inbound.h).
 *
 * A webhook is only a hint: it names an order or a contract of ours, and we
 * then ask the vendor for the current state.  So nothing that a webhook says can
 * grant or take a credit, in whatever order and however often webhooks arrive.
 * The driver checks that the vendor signed it: with a secret that we share, or
 * with a key whose certificate the webhook names.  Until we have that
 * certificate the answer is 503, so that the vendor sends the webhook again;
 * meanwhile the process `requests` fetches the certificate.
 */
#include "postgres.h"

#include <time.h>

#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/statement.h"
#include "inbound.h"
#include "pure/payments/payments.h"
#include "runtime/transaction.h"
#include "tenancy/log_redaction.h"
#include "tenancy/vault.h"

/* A flood of forgeries must not become a flood of queries: the keys that verify them are cached this long. */
#define KEYS_TTL_US (30 * USECS_PER_SEC)
#define KEYS_RELOAD_US (1 * USECS_PER_SEC)
/* Readings of certificates that are not kept here, for all senders together. */
#define READINGS_PER_SECOND 20
#define URL_MAX_LEN 512
#define ID_MAX_LEN 128
#define PEM_MAX_LEN 65536

static VaStatement hint_statement = { "SELECT voiceagent_private.hint_vendor($1, $2, $3) AS found", 3,
	{ TEXTOID, TEXTOID, TEXTOID }, NULL };
static VaStatement keys_statement = { "SELECT * FROM voiceagent_private.payment_keys($1, $2)", 2, { TEXTOID, TEXTOID },
	NULL };
static VaStatement want_statement = { "SELECT voiceagent_private.want_certificate($1, $2, $3, $4)", 4,
	{ TEXTOID, TEXTOID, TEXTOID, TEXTOID }, NULL };

/* The keys that verify a vendor's webhooks. */
typedef struct Keys
{
	struct Keys *next; /* of the next vendor */
	const VaPaymentDriver *driver;
	TimestampTz read_at;
	char secret[VA_SECRET_MAX_LEN + 1]; /* "" if the vendor has none; also for the next ones */
	char url[URL_MAX_LEN];				/* of the certificate */
	char base_url[URL_MAX_LEN];
	char webhook_id[ID_MAX_LEN];
	char pem[PEM_MAX_LEN];
} Keys;

static Keys *kept = NULL; /* one entry per vendor */
static time_t readings_second = 0;
static int readings = 0;

void
va_forget_payment_secrets(void)
{
	for (Keys *keys = kept; keys != NULL; keys = keys->next)
	{
		explicit_bzero(keys->secret, sizeof(keys->secret));
		keys->read_at = 0;
	}
}

static Keys *
kept_of(const VaPaymentDriver *driver)
{
	Keys *keys;

	for (keys = kept; keys != NULL; keys = keys->next)
		if (keys->driver == driver)
			return keys;
	keys = MemoryContextAllocZero(TopMemoryContext, sizeof(Keys));
	keys->driver = driver;
	keys->next = kept;
	kept = keys;
	return keys;
}

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
copy_text(char *to, size_t size, const char *value)
{
	/* A certificate, or a name, that was cut would be another. */
	strlcpy(to, value != NULL && strlen(value) < size ? value : "", size);
}

static void
read_keys(void *arg)
{
	Keys *keys = arg;
	Datum values[2] = { CStringGetTextDatum(keys->driver->name), CStringGetTextDatum(keys->url) };
	char *secret = va_open_platform_secret(psprintf("payment_account:%s:webhook_secret", keys->driver->name));

	copy_text(keys->secret, sizeof(keys->secret), secret);
	va_wipe(secret);
	if (va_execute(&keys_statement, values, NULL) != 1)
		return;
	copy_text(keys->base_url, sizeof(keys->base_url), va_column_text(0, "base_url"));
	copy_text(keys->webhook_id, sizeof(keys->webhook_id), va_column_text(0, "webhook_id"));
	copy_text(keys->pem, sizeof(keys->pem), va_column_text(0, "pem"));
}

/*
 * The keys with the certificate at this address ("" if the vendor needs no
 * certificate).  Returns NULL if too many ask, or if they cannot be read.
 */
static const Keys *
find_keys(const VaPaymentDriver *driver, const char *url, TimestampTz ttl)
{
	TimestampTz now = GetCurrentTimestamp();
	Keys *last = kept_of(driver);
	Keys *keys;
	char sqlstate[6];
	char *message;

	if (last->read_at >= now - ttl && strcmp(last->url, url) == 0)
		return last;
	if (strcmp(last->url, url) != 0 && too_many_readings())
		return NULL;
	keys = palloc0(sizeof(Keys));
	keys->driver = driver;
	keys->read_at = now;
	strlcpy(keys->url, url, sizeof(keys->url));
	if (!va_try(read_keys, keys, sqlstate, &message))
	{
		ereport(LOG, (errmsg("could not read what webhooks of %s are judged by: %s", driver->name,
						 va_mask_caught(message, sqlstate))));
		return NULL;
	}
	/* A made-up address does not replace the last one that had a certificate. */
	if (driver->certificate_header != NULL && keys->pem[0] == '\0')
		return keys;
	keys->next = last->next;
	*last = *keys;
	explicit_bzero(keys->secret, sizeof(keys->secret));
	return last;
}

typedef struct Hint
{
	const char *vendor;
	VaPaymentHint about;
	const char *url; /* of the certificate to fetch */
	VaStatement *statement;
} Hint;

/* Runs the hint's statement. */
static void
give_hint(void *arg)
{
	const Hint *hint = arg;
	const char *texts[4] = { hint->vendor, hint->about.reference, hint->about.subscription, hint->url };
	Datum values[4];
	char nulls[4];

	for (int i = 0; i < 4; i++)
	{
		nulls[i] = texts[i] != NULL ? ' ' : 'n';
		values[i] = texts[i] != NULL ? CStringGetTextDatum(texts[i]) : (Datum) 0;
	}
	va_execute(hint->statement, values, nulls);
}

static int
judge(InboundWebhook *webhook, const VaPaymentDriver *driver, Hint *hint, TimestampTz ttl, VaArena *arena)
{
	const Keys *keys;
	VaPaymentKeys by = { .now = (int64_t) time(NULL) };
	VaPaymentVerdict verdict;
	char sqlstate[6];
	char *message;

	hint->url = driver->certificate_header != NULL
					? va_header_find(webhook->message.headers, webhook->message.nheaders, driver->certificate_header)
					: "";
	webhook->why = "it names no certificate";
	if (hint->url == NULL || strlen(hint->url) >= URL_MAX_LEN)
		return 401;
	webhook->why = "what it is judged by cannot be read now";
	keys = find_keys(driver, hint->url, ttl);
	if (keys == NULL)
		return 503;
	by.secret = keys->secret[0] != '\0' ? keys->secret : NULL;
	by.webhook_id = keys->webhook_id[0] != '\0' ? keys->webhook_id : NULL;
	by.base_url = keys->base_url[0] != '\0' ? keys->base_url : NULL;
	by.certificate = keys->pem[0] != '\0' ? keys->pem : NULL;
	verdict = driver->verify(&webhook->message, &by, arena, &webhook->why);
	if (verdict != VA_PAYMENT_NO_CERTIFICATE)
		return verdict == VA_PAYMENT_SIGNED ? 200 : 401;
	/* Send a request only for a webhook that names an order or a contract of ours. */
	hint->statement = &want_statement;
	if ((hint->about.reference != NULL || hint->about.subscription != NULL) &&
		!va_try(give_hint, hint, sqlstate, &message))
		ereport(LOG,
			(errmsg("could not ask for a certificate of %s: %s", driver->name, va_mask_caught(message, sqlstate))));
	return 503;
}

void
va_take_payment_webhook(InboundWebhook *webhook, VaArena *arena)
{
	const VaHttpdRequest *request = webhook->request;
	const VaPaymentDriver *driver = va_payment_driver(request->path + strlen(VA_PAYMENTS_PREFIX));
	Hint hint = { 0 };
	char sqlstate[6];
	char *message;

	if (driver == NULL || strcmp(request->method, "POST") != 0)
	{
		webhook->status = driver == NULL ? 404 : 405;
		return;
	}
	hint.vendor = driver->name;
	hint.about = va_payment_hint(driver, request->body, request->body_len, arena);
	webhook->status = judge(webhook, driver, &hint, KEYS_TTL_US, arena);
	/* Try again with keys read anew: the secret or the webhook may have changed. */
	if (webhook->status == 401)
		webhook->status = judge(webhook, driver, &hint, KEYS_RELOAD_US, arena);
	/* Accept and ignore a webhook that names nothing of ours, so that the vendor does not send it again. */
	if (webhook->status != 200 || (hint.about.reference == NULL && hint.about.subscription == NULL))
		return;
	hint.statement = &hint_statement;
	if (!va_try(give_hint, &hint, sqlstate, &message))
	{
		ereport(LOG, (errmsg("could not take a webhook of %s: %s", driver->name, va_mask_caught(message, sqlstate))));
		webhook->status = 503;
	}
}
