/*-------------------------------------------------------------------------
 * payments.c
 *		Requests to payment vendors.
 *
 * SQL decides which requests to send, and what an answer means for the order and
 * the ledger (86_payment/70_vendors.sql; for plans 72_requests.sql and 89_plan);
 * here a driver translates them to the vendor's API.  If an answer is lost, the
 * request is sent again with the same idempotency key, so that one payment is made.
 *
 * The certificates that verify a vendor's webhooks are fetched here, too, and
 * kept if they lead to an authority that the system trusts.
 *
 * Some vendors want a token first.  It is kept in memory until shortly before
 * it expires; without one, a request is first sent as a request for a token,
 * and then claimed anew.
 */
#include "postgres.h"

#include <time.h>

#include <sodium.h>

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/arena.h"
#include "core/statement.h"
#include "pure/payments/payments.h"
#include "runtime/account.h"
#include "sender.h"

#define IN_FLIGHT_MAX 16
#define ANSWER_MAX_BYTES (256 * 1024)
#define TIMEOUT_MS 30000
#define POKE_REST_MS 20
/* A token is not used in its last minute. */
#define TOKEN_MARGIN_S 60

typedef struct Payment
{
	VaSending sending;
	const VaPaymentDriver *driver;
	VaPaymentOrder order;
	char *client_id;
	char *secret;	   /* until it is sent; NULL if the account has no readable secret */
	bool for_token;	   /* what was sent asks for a token */
	char *certificate; /* its address; NULL if this request fetches no certificate */
	bool of_plan;	   /* a request of payment_requests; false: about an order or a certificate */
} Payment;

static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_payments($1)", 1, { INT4OID }, NULL };
static VaStatement certificates_statement = { "SELECT * FROM voiceagent_private.claim_payment_certificates()", 0, { 0 },
	NULL };
static VaStatement keep_statement = { "SELECT voiceagent_private.record_payment_certificate($1, $2, $3)", 3,
	{ TEXTOID, TEXTOID, TEXTOID }, NULL };
static VaStatement record_statement = { "SELECT voiceagent_private.record_payment($1, $2, $3::jsonb, $4)", 4,
	{ INT8OID, TEXTOID, TEXTOID, TEXTOID }, NULL };

static VaStatement answer_statement = { "SELECT voiceagent_private.record_payment_request($1, $2, $3::jsonb, $4)", 4,
	{ INT8OID, TEXTOID, TEXTOID, TEXTOID }, NULL };

/* The token of the platform's account, at the vendor that wants one. */
static char *token = NULL;
static const VaPaymentDriver *token_driver;
static char token_client[VA_SECRET_MAX_LEN];
static TimestampTz token_until;

static void
forget_token(void)
{
	if (token != NULL)
		sodium_memzero(token, strlen(token));
	free(token);
	token = NULL;
}

/* ---- claim ---- */

static char *
kept_text(Payment *payment, int row, const char *column)
{
	return va_arena_strdup(&payment->sending.kept, va_column_text(row, column));
}

static void
read_row(VaSenderClaim *claim, int row)
{
	Payment *payment = (Payment *) va_sending_add(claim, va_column_int(row, "request_id", 0));
	VaPaymentOrder *order = &payment->order;
	const char *why = NULL;

	payment->driver = va_payment_driver(va_column_text(row, "vendor"));
	if (payment->driver == NULL)
		elog(ERROR, "there is no driver of this payment vendor");
	if (!va_payment_order(
			va_column_text(row, "task"), va_column_text(row, "body"), &payment->sending.kept, order, &why))
		elog(ERROR, "no driver does what a vendor is to be asked: %s", why);
	payment->of_plan = va_column_bool(row, "of_plan");
	payment->client_id = kept_text(payment, row, "client_id");
	payment->sending.private_host = va_column_bool(row, "private_host");
	payment->sending.timeout_ms = TIMEOUT_MS;
	order->base_url = kept_text(payment, row, "base_url");
	order->idempotency_key = kept_text(payment, row, "idempotency_key");
}

static void
claim_certificates(VaSenderClaim *claim)
{
	int n = (int) va_execute(&certificates_statement, NULL, NULL);

	for (int i = 0; i < n; i++)
	{
		Payment *payment = (Payment *) va_sending_add(claim, va_column_int(i, "order_id", 0));

		payment->driver = va_payment_driver(va_column_text(i, "vendor"));
		payment->certificate = kept_text(payment, i, "url");
		payment->sending.private_host = va_column_bool(i, "private_host");
		payment->sending.timeout_ms = TIMEOUT_MS;
		if (payment->driver == NULL || payment->driver->certificate_url_good == NULL ||
			!payment->driver->certificate_url_good(payment->certificate, va_column_text(i, "base_url")))
			strlcpy(payment->sending.error, "the certificate is not at its vendor", sizeof(payment->sending.error));
	}
}

static void
claim_payments(VaSenderClaim *claim)
{
	Datum values[1] = { Int32GetDatum(claim->limit) };
	int n;

	/* No buyer pays while the clock is driven. */
	if (!claim->real_time)
		return;
	n = (int) va_execute(&claim_statement, values, NULL);
	for (int i = 0; i < n; i++)
		read_row(claim, i);
	/* The rows have been read, so the next statements may replace SPI's results. */
	for (int i = 0; i < n; i++)
	{
		Payment *payment = (Payment *) claim->sendings[i];
		const char *name = psprintf("payment_account:%s:secret", payment->driver->name);

		payment->secret = va_sending_kept_secret(&payment->sending, true, name, "the account has no key");
	}
	claim_certificates(claim);
}

/* ---- send ---- */

static bool
build_request(Payment *payment, VaArena *arena, VaHttpRequest *request, const char **why)
{
	const VaPaymentDriver *driver = payment->driver;
	const char *key = payment->secret;

	if (driver->token_build != NULL)
	{
		if (token != NULL && (token_driver != driver || strcmp(token_client, payment->client_id) != 0 ||
								 token_until < GetCurrentTimestamp()))
			forget_token();
		key = va_arena_strdup(&payment->sending.kept, token);
		payment->for_token = token == NULL;
	}
	payment->order.key = key;
	if (payment->for_token)
		return driver->token_build(payment->order.base_url, payment->client_id, payment->secret, arena, request, why);
	return va_payment_build(driver, &payment->order, arena, request, why);
}

static bool
build_payment(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	Payment *payment = (Payment *) sending;
	VaHttpRequest request = { 0 };
	const char *why = NULL;

	if (payment->certificate != NULL)
	{
		call->method = "GET";
		call->url = payment->certificate;
		return true;
	}
	if (payment->secret == NULL)
		return false;
	if (!build_request(payment, arena, &request, &why))
	{
		strlcpy(sending->error, why != NULL ? why : "the request cannot be built", sizeof(sending->error));
		return false;
	}
	va_http_call(&request, arena, call);
	return true;
}

/* ---- record ---- */

/* Keeps the token that came; what this means for the order, whose own request has yet to be sent. */
static const char *
take_token(Payment *payment, const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply)
{
	int64 valid_s = 0;
	const char *came = payment->driver->token_read(response, arena, &valid_s, reply);

	if (came == NULL)
		return va_payment_kind_name(reply->kind);
	forget_token();
	token = strdup(came);
	token_driver = payment->driver;
	strlcpy(token_client, payment->client_id, sizeof(token_client));
	token_until = GetCurrentTimestamp() + Max(valid_s - TOKEN_MARGIN_S, 0) * USECS_PER_SEC;
	return "token";
}

static const char *
read_payment(Payment *payment, VaArena *arena, VaPaymentReply *reply)
{
	const VaHttpResult *result = payment->sending.result;
	VaHttpResponse response;

	if (result == NULL)
	{
		reply->message = payment->sending.error;
		return payment->secret == NULL ? "bad_account" : "refused";
	}
	va_http_response(result, &response);
	if (payment->for_token)
		return take_token(payment, &response, arena, reply);
	va_payment_read(payment->driver, &payment->order, &response, arena, reply);
	/* A token may have been revoked: the next request gets one anew, and only its refusal is the account's. */
	if (reply->kind == VA_PAYMENT_BAD_ACCOUNT && payment->driver->token_build != NULL && token != NULL)
	{
		forget_token();
		reply->kind = VA_PAYMENT_AGAIN;
	}
	return va_payment_kind_name(reply->kind);
}

/* Text that the database takes: what is no ASCII is no PEM either. */
static bool
is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] <= 0)
			return false;
	return true;
}

static void
record_certificate(const Payment *payment)
{
	const VaHttpResult *result = payment->sending.result;
	const char *why = va_sending_problem(&payment->sending);
	Datum values[3] = { CStringGetTextDatum(payment->certificate), 0, 0 };
	bool good = why == NULL && is_ascii(result->body, result->body_len) &&
				payment->driver->certificate_good(result->body, result->body_len, (int64_t) time(NULL), &why);

	if (good)
		values[1] = CStringGetTextDatum(result->body);
	else
		values[2] = CStringGetTextDatum(why != NULL ? why : "it is no certificate");
	va_execute(&keep_statement, values, good ? "  n" : " n ");
}

static void
record_payment(VaSending **sendings, int n)
{
	Payment *payment = (Payment *) sendings[0];
	VaPaymentReply reply = { 0 };
	const char *kind;
	Datum values[4] = { Int64GetDatum(sendings[0]->id), 0, 0, 0 };
	char nulls[] = "    ";

	if (payment->certificate != NULL)
	{
		record_certificate(payment);
		return;
	}
	kind = read_payment(payment, va_arena_here(), &reply);
	values[1] = CStringGetTextDatum(kind);

	if (reply.report != NULL)
		values[2] = CStringGetTextDatum(reply.report);
	else
		nulls[2] = 'n';
	if (reply.message != NULL)
		values[3] = CStringGetTextDatum(reply.message);
	else
		nulls[3] = 'n';
	if (payment->of_plan)
		va_execute(&answer_statement, values, nulls);
	else
		va_execute(&record_statement, values, nulls);
}

static VaSender payments = { VA_SENDER_WORDS("payments", "payments", "payments"),
	.recording = "record what a payment vendor says", .claim = claim_payments, .build = build_payment,
	.record = record_payment, .size = sizeof(Payment), .record_max = 1, .in_flight_max = IN_FLIGHT_MAX,
	.answer_max = ANSWER_MAX_BYTES };

VA_SENDER_TASK(va_payments_task, payments, POKE_REST_MS);
