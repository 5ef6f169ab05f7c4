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
va_paypal_money(const char *currency, int64_t units, int decimals, VaArena *arena)
{
	json_t *amount = va_json_new_object();
	int64_t unit = 1;
	const char *text;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	text = decimals == 0 ? va_integer_text(arena, units)
						 : va_arena_printf(
							   arena, "%lld.%0*lld", (long long) (units / unit), decimals, (long long) (units % unit));
	va_json_set_text(amount, "currency_code", currency);
	va_json_set_text(amount, "value", text);
	return amount;
}

static json_t *
money(const VaPaymentOrder *order, VaArena *arena)
{
	return va_paypal_money(order->currency, order->amount, order->decimals, arena);
}

static json_t *
order_body(const VaPaymentOrder *order, VaArena *arena)
{
	json_t *body = va_json_new_object();
	json_t *unit = va_json_new_object();
	json_t *context = va_json_new_object();
	json_t *units = json_array();
	json_t *source;

	va_json_set_text(unit, "custom_id", order->reference);
	va_json_set_text(unit, "description", order->name);
	json_object_set_new(unit, "amount", money(order, arena));
	json_array_append_new(units, unit);
	va_json_set_text(context, "return_url", order->return_url);
	va_json_set_text(context, "cancel_url", order->return_url);
	va_json_set_text(context, "user_action", "PAY_NOW");
	va_json_set_text(context, "shipping_preference", "NO_SHIPPING");
	va_json_set_text(body, "intent", "CAPTURE");
	json_object_set_new(body, "purchase_units", units);
	if (order->method_ref != NULL)
	{
		/* The buyer agreed before and needs no approval page. */
		json_decref(context);
		source = json_pack("{s:s}", "vault_id", order->method_ref);
	}
	else
		source = json_pack("{s:o}", "experience_context", context);
	if (order->keeps)
		json_object_set_new(source, "attributes",
			json_pack("{s:{s:s,s:s}}", "vault", "store_in_vault", "ON_SUCCESS", "usage_type", "MERCHANT"));
	json_object_set_new(body, "payment_source", json_pack("{s:o}", "paypal", source));
	return body;
}

static const char *
path_of(const VaPaymentOrder *order, VaArena *arena, const char **why)
{
	const char *id = order->task == VA_PAYMENT_REFUND ? order->payment_ref : order->vendor_ref;

	if (order->task == VA_PAYMENT_CREATE)
		return "/v2/checkout/orders";
	if (order->task == VA_PAYMENT_DISPUTE || !va_id_valid(id))
	{
		*why = order->task == VA_PAYMENT_DISPUTE ? "PayPal tells of disputes when they are decided"
												 : "the vendor's number of the order is not valid";
		return NULL;
	}
	if (order->task == VA_PAYMENT_REFUND)
		return va_arena_printf(arena, "/v2/payments/captures/%s/refund", va_escaped(arena, id));
	if (order->of_plan)
		return va_arena_printf(arena, "/v2/payments/captures/%s", va_escaped(arena, id));
	return va_arena_printf(
		arena, "/v2/checkout/orders/%s%s", va_escaped(arena, id), order->task == VA_PAYMENT_CAPTURE ? "/capture" : "");
}

bool
va_paypal_start(VaHttpRequest *request, VaArena *arena, const char *method, const char *base_url, const char *key,
	const char *path, const char **why)
{
	return va_request_start(request, arena, method, base_url, PAYPAL_BASE_URL, path, why) &&
		   va_request_bearer(request, arena, key, why);
}

bool
va_paypal_post(VaHttpRequest *request, VaArena *arena, const char *key, json_t *body, const char **why)
{
	bool good = va_request_header(request, arena, "PayPal-Request-Id", key, why) &&
				va_request_header(request, arena, "Prefer", "return=representation", why) &&
				va_request_json(request, arena, body, why);

	json_decref(body);
	return good;
}

static bool
paypal_build(const VaPaymentOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	bool posts = order->task != VA_PAYMENT_LOOK;
	const char *path = path_of(order, arena, why);
	json_t *body;

	if (path == NULL ||
		!va_paypal_start(request, arena, posts ? "POST" : "GET", order->base_url, order->key, path, why))
		return false;
	if (!posts)
		return true;
	if (order->task == VA_PAYMENT_CREATE)
		body = order_body(order, arena);
	else if (order->task == VA_PAYMENT_REFUND)
		body = json_pack("{s:o}", "amount", money(order, arena));
	else
		body = va_json_new_object();
	return va_paypal_post(request, arena, order->idempotency_key, body, why);
}

/* ---- answers ---- */

const char *
va_paypal_meaning(const VaPaypalWord *words, size_t n, const char *status)
{
	for (size_t i = 0; status != NULL && i < n; i++)
		if (strcmp(words[i].theirs, status) == 0)
			return words[i].ours;
	return NULL;
}

static const char *
order_status(const json_t *order, const json_t *capture)
{
	static const VaPaypalWord of_order[] = { { "CREATED", "open" }, { "SAVED", "open" },
		{ "PAYER_ACTION_REQUIRED", "open" }, { "APPROVED", "approved" }, { "VOIDED", "declined" },
		{ "COMPLETED", "pending" } };
	static const VaPaypalWord of_capture[] = { { "COMPLETED", "completed" }, { "PARTIALLY_REFUNDED", "completed" },
		{ "REFUNDED", "completed" }, { "REVERSED", "completed" }, { "PENDING", "pending" }, { "DECLINED", "declined" },
		{ "FAILED", "declined" } };
	const char *status = va_json_string(order, "status");
	const char *meaning = VA_PAYPAL_MEANING(of_capture, va_json_string(capture, "status"));

	if (meaning == NULL)
		meaning = VA_PAYPAL_MEANING(of_order, status);
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
		const char *status = va_json_string(refund, "status");
		int64_t units;

		if (status != NULL && (strcmp(status, "COMPLETED") == 0 || strcmp(status, "PENDING") == 0) &&
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
read_order(const VaPaymentOrder *asked, const json_t *order, VaArena *arena, VaPaymentReply *reply)
{
	const json_t *unit = json_array_get(va_json_array(order, "purchase_units"), 0);
	const json_t *payments = va_json_object(unit, "payments");
	const json_t *capture = capture_of(payments);
	const json_t *amount = va_json_object(capture != NULL ? capture : unit, "amount");
	json_t *report = va_json_new_object();
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
	va_payment_report(reply, report, arena);
}

/*
 * A payment of a plan's period.  It does not say how much of it was given back,
 * unless that is all; the answer to a refund does.
 */
static void
read_capture(const VaPaymentOrder *asked, const json_t *capture, VaArena *arena, VaPaymentReply *reply)
{
	json_t *report = va_json_new_object();
	int64_t units;

	if (is_given_back(capture) &&
		va_payment_units(va_json_string(va_json_object(capture, "amount"), "value"), asked->decimals, &units))
		json_object_set_new(report, "refunded", json_integer(units));
	va_payment_report(reply, report, arena);
}

static void
read_refund(const VaPaymentOrder *asked, const json_t *refund, VaArena *arena, VaPaymentReply *reply)
{
	const json_t *total = va_json_object(va_json_object(refund, "seller_payable_breakdown"), "total_refunded_amount");
	int64_t units;

	reply->kind = VA_PAYMENT_DONE;
	if (asked->of_plan && va_payment_units(va_json_string(total, "value"), asked->decimals, &units))
		va_payment_report(reply, json_pack("{s:I}", "refunded", (json_int_t) units), arena);
}

const char *
va_paypal_words(const json_t *body)
{
	const char *words = va_json_string(json_array_get(va_json_array(body, "details"), 0), "description");

	if (words == NULL)
		words = va_json_string(body, "message");
	return words != NULL ? words : va_json_string(body, "error_description");
}

static void
read_refusal(const VaPaymentOrder *order, int status, const json_t *body, VaArena *arena, VaPaymentReply *reply)
{
	const json_t *detail = json_array_get(va_json_array(body, "details"), 0);
	const char *issue = va_json_string(detail, "issue");
	const char *words = va_paypal_words(body);

	va_payment_refusal(status, va_arena_strdup(arena, words), reply);
	if (status == 404 && order->task != VA_PAYMENT_REFUND && order->task != VA_PAYMENT_CREATE)
		va_payment_missing(reply);
	else if (order->task == VA_PAYMENT_CAPTURE && issue != NULL && strcmp(issue, "ORDER_ALREADY_CAPTURED") == 0)
		reply->kind = VA_PAYMENT_DONE;
	else if (order->task == VA_PAYMENT_CAPTURE && issue != NULL && strcmp(issue, "ORDER_NOT_APPROVED") == 0)
		*reply = (VaPaymentReply){ .kind = VA_PAYMENT_REPORT, .report = "{\"status\": \"open\"}" };
	else if (order->task == VA_PAYMENT_CAPTURE && reply->kind == VA_PAYMENT_REFUSED)
	{
		json_t *report = va_json_new_object();

		va_json_set_text(report, "status", "declined");
		va_json_set_text(report, "message", words);
		va_payment_report(reply, report, arena);
	}
}

static void
paypal_read(const VaPaymentOrder *order, const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply)
{
	json_t *body = va_payment_body(response, arena, reply);

	if (body == NULL)
		return;
	if (response->status < 200 || response->status >= 300)
		read_refusal(order, response->status, body, arena, reply);
	else if (order->task == VA_PAYMENT_REFUND)
		read_refund(order, body, arena, reply);
	else if (order->of_plan)
		read_capture(order, body, arena, reply);
	else
		read_order(order, body, arena, reply);
	json_decref(body);
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
	.build = paypal_build,
	.read = paypal_read,
	.plan_build = va_paypal_plan_build,
	.plan_read = va_paypal_plan_read,
	.hint = va_paypal_hint,
	.verify = va_paypal_verify,
	.token_build = token_build,
	.token_read = token_read,
	.certificate_header = VA_PAYPAL_CERTIFICATE_HEADER,
	.certificate_url_good = va_paypal_certificate_url_good,
	.certificate_good = va_paypal_certificate_good };
