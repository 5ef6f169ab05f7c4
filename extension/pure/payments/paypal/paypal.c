/*-------------------------------------------------------------------------
 * paypal.c
 *		PayPal's orders, version 2.
 *
 * The buyer approves an order, and we take the money (capture).  A request
 * that may have been heard is sent again with its PayPal-Request-Id, which
 * PayPal keeps for hours.
 */
#include "paypal_internal.h"

#include <string.h>

#define PAYPAL_BASE_URL "https://api-m.paypal.com"
#define TOKEN_LEAST_S 60

json_t *
va_paypal_money(const VaPaymentOrder *order, int64_t units, VaArena *arena)
{
	int decimals = (int) order->decimals;
	int64_t unit = 1;
	const char *text;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	text = decimals == 0 ? va_integer_text(arena, units)
						 : va_arena_printf(
							   arena, "%lld.%0*lld", (long long) (units / unit), decimals, (long long) (units % unit));
	return json_pack("{s:s*,s:s*}", "currency_code", order->currency, "value", text);
}

json_t *
va_paypal_context(const VaPaymentOrder *order, const char *action)
{
	return json_pack("{s:s*,s:s*,s:s*,s:s*}", "return_url", order->return_url, "cancel_url", order->return_url,
		"user_action", action, "shipping_preference", action != NULL ? "NO_SHIPPING" : NULL);
}

static void
fill_order(const VaPaymentOrder *order, void *body, VaArena *arena)
{
	/* A buyer who agreed before needs no approval page. */
	json_t *source = order->method_ref != NULL
						 ? json_pack("{s:s}", "vault_id", order->method_ref)
						 : json_pack("{s:o}", "experience_context", va_paypal_context(order, "PAY_NOW"));

	if (order->keeps)
		json_object_set_new(source, "attributes",
			json_pack("{s:{s:s,s:s}}", "vault", "store_in_vault", "ON_SUCCESS", "usage_type", "MERCHANT"));
	va_json_set_text(body, "intent", "CAPTURE");
	json_object_set_new(body, "purchase_units",
		json_pack("[{s:s*,s:s*,s:o}]", "custom_id", order->reference, "description", order->name, "amount",
			va_paypal_money(order, order->amount, arena)));
	json_object_set_new(body, "payment_source", json_pack("{s:o}", "paypal", source));
}

static void
fill_refund(const VaPaymentOrder *order, void *body, VaArena *arena)
{
	json_object_set_new(body, "amount", va_paypal_money(order, order->amount, arena));
}

/* PayPal wants an object even if it is empty. */
static bool
complete(
	const VaPaymentOrder *order, const VaPaymentStep *step, VaArena *arena, VaHttpRequest *request, const char **why)
{
	json_t *body = va_json_new_object();
	bool posts = strcmp(step->method, "POST") == 0;

	if (posts && step->fill != NULL)
		step->fill(order, body, arena);
	posts = !posts || (va_request_header(request, arena, "PayPal-Request-Id", order->idempotency_key, why) &&
						  va_request_header(request, arena, "Prefer", "return=representation", why) &&
						  va_request_json(request, arena, body, why));
	json_decref(body);
	return posts;
}

/* ---- answers ---- */

static const char *
order_status(const json_t *order, const json_t *capture)
{
	static const VaPaymentWord of_order[] = { { "CREATED", "open" }, { "SAVED", "open" },
		{ "PAYER_ACTION_REQUIRED", "open" }, { "APPROVED", "approved" }, { "VOIDED", "declined" },
		{ "COMPLETED", "pending" } };
	static const VaPaymentWord of_capture[] = { { "COMPLETED", "completed" }, { "PARTIALLY_REFUNDED", "completed" },
		{ "REFUNDED", "completed" }, { "REVERSED", "completed" }, { "PENDING", "pending" }, { "DECLINED", "declined" },
		{ "FAILED", "declined" } };
	const char *status = va_json_string(order, "status");
	const char *meaning = VA_PAYMENT_WORD(of_capture, va_json_string(capture, "status"));

	if (meaning == NULL)
		meaning = VA_PAYMENT_WORD(of_order, status);
	/* An unknown status decides nothing: ask again later. */
	return meaning != NULL ? meaning : status != NULL ? "pending" : "open";
}

/* The capture that decides the state of the order: one that brought money, or else one that still may, or the last. */
static const json_t *
capture_of(const json_t *payments)
{
	const json_t *captures = va_json_array(payments, "captures"), *found = NULL;

	for (size_t i = 0; i < json_array_size(captures); i++)
	{
		const json_t *capture = json_array_get(captures, i);
		const char *stands = order_status(NULL, capture);

		if (strcmp(stands, "completed") == 0)
			return capture;
		if (found == NULL || strcmp(order_status(NULL, found), "pending") != 0)
			found = capture;
	}
	return found;
}

/* All of it, whether refunds are listed or not; a reversal takes the money back, too. */
static bool
is_given_back(const json_t *capture)
{
	const char *status = va_json_string(capture, "status");

	return status != NULL && (strcmp(status, "REFUNDED") == 0 || strcmp(status, "REVERSED") == 0);
}

/* -1: it does not say. */
static int64_t
refunded(const json_t *payments, const json_t *capture, int decimals)
{
	const json_t *refunds = va_json_array(payments, "refunds");
	const char *status = va_json_string(capture, "status");
	int64_t sum = 0;

	if (is_given_back(capture) &&
		va_payment_units(va_json_string(va_json_object(capture, "amount"), "value"), decimals, &sum))
		return sum;
	if (json_array_size(refunds) == 0 && status != NULL && strcmp(status, "PARTIALLY_REFUNDED") == 0)
		return -1;
	for (size_t i = 0; i < json_array_size(refunds); i++)
	{
		const json_t *refund = json_array_get(refunds, i);
		const char *given = va_json_string(refund, "status");
		int64_t units;

		if (given != NULL && (strcmp(given, "COMPLETED") == 0 || strcmp(given, "PENDING") == 0) &&
			va_payment_units(va_json_string(va_json_object(refund, "amount"), "value"), decimals, &units) &&
			units <= INT64_MAX - sum)
			sum += units;
	}
	return sum;
}

const char *
va_paypal_approve_url(const json_t *order)
{
	const json_t *links = va_json_array(order, "links");

	for (size_t i = 0; i < json_array_size(links); i++)
	{
		const char *rel = va_json_string(json_array_get(links, i), "rel");

		if (rel != NULL && (strcmp(rel, "payer-action") == 0 || strcmp(rel, "approve") == 0))
			return va_json_string(json_array_get(links, i), "href");
	}
	return NULL;
}

static void
read_order(const VaPaymentOrder *asked, const json_t *order, json_t *report, VaArena *arena)
{
	const json_t *unit = json_array_get(va_json_array(order, "purchase_units"), 0);
	const json_t *payments = va_json_object(unit, "payments");
	const json_t *capture = capture_of(payments);
	const json_t *amount = va_json_object(capture != NULL ? capture : unit, "amount");
	int64_t units;

	va_json_set_text(report, "status", order_status(order, capture));
	va_json_set_text(report, "currency", va_json_string(amount, "currency_code"));
	if (va_payment_units(va_json_string(amount, "value"), asked->decimals, &units))
		json_object_set_new(report, "amount", json_integer(units));
	va_json_set_text(report, "payee", va_json_string(va_json_object(unit, "payee"), "merchant_id"));
	va_json_set_text(report, "vendor_ref", va_json_string(order, "id"));
	va_json_set_text(report, "payment_ref", va_json_string(capture, "id"));
	va_json_set_text(report, "approve_url", va_paypal_approve_url(order));
	va_json_set_text(report, "message", va_json_string(va_json_object(capture, "status_details"), "reason"));
	va_json_set_text(report, "method_ref",
		va_json_string(va_json_object(va_json_object(va_json_object(va_json_object(order, "payment_source"), "paypal"),
										  "attributes"),
						   "vault"),
			"id"));
	if (capture != NULL)
	{
		if (strcmp(order_status(NULL, capture), "open") == 0)
			va_json_set_text(report, "message",
				va_arena_join(arena,
					"the vendor reports a status that is unknown here: ", va_json_string(capture, "status"), NULL));
		va_json_set_text(report, "method", "paypal");
		units = refunded(payments, capture, asked->decimals);
		if (units >= 0)
			json_object_set_new(report, "refunded", json_integer(units));
	}
}

static void
report_refunded(const VaPaymentOrder *asked, const json_t *amount, json_t *report)
{
	int64_t units;

	if (asked->of_plan && va_payment_units(va_json_string(amount, "value"), asked->decimals, &units))
		json_object_set_new(report, "refunded", json_integer(units));
}

/*
 * A payment of a plan's period.  It does not say how much of it was given back,
 * unless that is all; the answer to a refund does.
 */
static void
read_capture(const VaPaymentOrder *asked, const json_t *capture, json_t *report, VaArena *arena)
{
	if (is_given_back(capture))
		report_refunded(asked, va_json_object(capture, "amount"), report);
}

static void
read_refund(const VaPaymentOrder *asked, const json_t *refund, json_t *report, VaArena *arena)
{
	report_refunded(
		asked, va_json_object(va_json_object(refund, "seller_payable_breakdown"), "total_refunded_amount"), report);
}

static const char *
words_of(const json_t *answer)
{
	const char *words = va_json_string(json_array_get(va_json_array(answer, "details"), 0), "description");

	if (words == NULL)
		words = va_json_string(answer, "message");
	return words != NULL ? words : va_json_string(answer, "error_description");
}

static void
read_refusal(const VaPaymentOrder *order, int status, const json_t *answer, json_t *report, VaArena *arena,
	VaPaymentReply *reply)
{
	const char *issue = va_json_string(json_array_get(va_json_array(answer, "details"), 0), "issue");

	if (order->task != VA_PAYMENT_CAPTURE)
		return;
	if (issue != NULL && strcmp(issue, "ORDER_ALREADY_CAPTURED") == 0)
		reply->kind = VA_PAYMENT_DONE;
	else if (issue != NULL && strcmp(issue, "ORDER_NOT_APPROVED") == 0)
	{
		*reply = (VaPaymentReply){ .kind = VA_PAYMENT_REPORT };
		va_json_set_text(report, "status", "open");
	}
	else if (reply->kind == VA_PAYMENT_REFUSED)
	{
		reply->kind = VA_PAYMENT_REPORT;
		va_json_set_text(report, "status", "declined");
		va_json_set_text(report, "message", words_of(answer));
	}
}

static const VaPaymentStep *
step_of(const VaPaymentOrder *order)
{
	static const VaPaymentStep steps[] = {
		[VA_PAYMENT_CREATE] = { "POST", "/v2/checkout/orders", fill_order, read_order },
		[VA_PAYMENT_LOOK] = { "GET", "/v2/checkout/orders/{vendor_ref}", NULL, read_order },
		[VA_PAYMENT_CAPTURE] = { "POST", "/v2/checkout/orders/{vendor_ref}/capture", NULL, read_order },
		[VA_PAYMENT_REFUND] = { "POST", "/v2/payments/captures/{payment_ref}/refund", fill_refund, read_refund },
		[VA_PAYMENT_DISPUTE] = { 0 }, /* PayPal tells of disputes when they are decided */
	};
	static const VaPaymentStep capture = { "GET", "/v2/payments/captures/{vendor_ref}", NULL, read_capture };

	if (order->task > VA_PAYMENT_DISPUTE)
		return va_paypal_plan_step(order);
	return order->task == VA_PAYMENT_LOOK && order->of_plan ? &capture : &steps[order->task];
}

/* ---- the token ---- */

static bool
token_build(const char *base_url, const char *client_id, const char *secret, VaArena *arena, VaHttpRequest *request,
	const char **why)
{
	static const VaNamedText fields[] = { { "grant_type", "client_credentials" } };

	return va_request_start(request, arena, "POST", base_url, PAYPAL_BASE_URL, "/v1/oauth2/token", why) &&
		   va_request_basic(request, arena, client_id, secret, why) && va_request_form(request, arena, fields, 1, why);
}

static const char *
token_read(const VaHttpResponse *response, VaArena *arena, int64_t *valid_s, VaPaymentReply *reply)
{
	json_t *body = va_payment_body(response, arena, reply);
	const char *token = NULL;

	if (body == NULL)
		return NULL;
	*valid_s = va_payment_integer(body, "expires_in");
	if (response->status == 200 && *valid_s >= TOKEN_LEAST_S)
		token = va_arena_strdup(arena, va_json_string(body, "access_token"));
	if (token == NULL)
		va_payment_refusal(response->status, va_arena_strdup(arena, va_json_string(body, "error_description")), reply);
	if (token == NULL && reply->kind == VA_PAYMENT_REFUSED)
		reply->kind = VA_PAYMENT_BAD_ACCOUNT;
	json_decref(body);
	return token;
}

VA_PAYMENT_DRIVER(paypal) = { .name = "paypal",
	.base_url = PAYPAL_BASE_URL,
	.step = step_of,
	.complete = complete,
	.words = words_of,
	.refused = read_refusal,
	.hint = va_paypal_hint,
	.verify = va_paypal_verify,
	.token_build = token_build,
	.token_read = token_read,
	.certificate_header = VA_PAYPAL_CERTIFICATE_HEADER,
	.certificate_url_good = va_paypal_certificate_url_good,
	.certificate_good = va_paypal_certificate_good };
