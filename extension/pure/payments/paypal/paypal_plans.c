/*-------------------------------------------------------------------------
 * paypal_plans.c
 *		Plans as PayPal's subscriptions.
 *
 * A price is a plan at PayPal that includes its trial and its coupon; the buyer
 * approves the subscription, and each change of it.  PayPal cannot undo a
 * cancellation, and names no periods: a payment has only a time.
 */
#include "paypal_internal.h"

#include <string.h>

#include "pure/text/instant.h"
#include "pure/text/utf8.h"

#define DAY_S 86400
#define NAME_MAX_CHARS 127 /* PayPal's limit */

/* ---- requests ---- */

/* Appends a cycle: a free trial of days if days > 0, or else periods (0: unlimited) at a price. */
static void
add_cycle(json_t *cycles, const VaPlanOrder *order, const char *tenure, int64_t days, int64_t periods, int64_t amount,
	VaArena *arena)
{
	const char *unit = days > 0 ? "DAY" : order->months == 12 ? "YEAR" : "MONTH";
	json_t *cycle = json_pack("{s:s,s:I,s:I,s:{s:s,s:I}}", "tenure_type", tenure, "sequence",
		(json_int_t) json_array_size(cycles) + 1, "total_cycles", (json_int_t) periods, "frequency", "interval_unit",
		unit, "interval_count", (json_int_t) (days > 0 ? days : 1));

	if (days == 0)
		json_object_set_new(cycle, "pricing_scheme",
			json_pack("{s:o}", "fixed_price", va_paypal_money(order->currency, amount, (int) order->decimals, arena)));
	json_array_append_new(cycles, cycle);
}

static json_t *
price_body(const VaPlanOrder *order, VaArena *arena)
{
	bool for_all = order->coupon_percent > 0 && order->coupon_periods == 0;
	json_t *body = va_json_new_object();
	json_t *cycles = json_array();

	if (order->trial_days > 0)
		add_cycle(cycles, order, "TRIAL", order->trial_days, 1, 0, arena);
	if (order->coupon_percent > 0 && order->coupon_periods > 0)
		add_cycle(cycles, order, "TRIAL", 0, order->coupon_periods, order->reduced, arena);
	add_cycle(cycles, order, "REGULAR", 0, 0, for_all ? order->reduced : order->amount, arena);
	va_json_set_text(body, "product_id", order->product);
	va_json_set_text(body, "name", va_utf8_cut(arena, order->name, NAME_MAX_CHARS));
	va_json_set_text(body, "status", "ACTIVE");
	json_object_set_new(body, "billing_cycles", cycles);
	json_object_set_new(body, "payment_preferences",
		json_pack("{s:b,s:i}", "auto_bill_outstanding", 1, "payment_failure_threshold", 3));
	return body;
}

static json_t *
approval_body(const VaPlanOrder *order)
{
	json_t *body = va_json_new_object();
	json_t *context = va_json_new_object();

	va_json_set_text(context, "return_url", order->return_url);
	va_json_set_text(context, "cancel_url", order->return_url);
	va_json_set_text(body, "plan_id", order->price);
	if (order->task == VA_PLAN_CREATE)
	{
		va_json_set_text(body, "custom_id", order->reference);
		va_json_set_text(context, "user_action", "SUBSCRIBE_NOW");
		va_json_set_text(context, "shipping_preference", "NO_SHIPPING");
	}
	json_object_set_new(body, "application_context", context);
	return body;
}

static json_t *
body_of(const VaPlanOrder *order, VaArena *arena)
{
	json_t *body;

	if (order->task == VA_PLAN_PRICE)
		return price_body(order, arena);
	if (order->task == VA_PLAN_CREATE || order->task == VA_PLAN_CHANGE)
		return approval_body(order);
	body = va_json_new_object();
	if (order->task == VA_PLAN_PRODUCT)
	{
		va_json_set_text(body, "name", va_utf8_cut(arena, order->name, NAME_MAX_CHARS));
		va_json_set_text(body, "type", "SERVICE");
	}
	else
		va_json_set_text(body, "reason", order->task == VA_PLAN_CANCEL ? "canceled by the buyer" : "withdrawn");
	return body;
}

static const char *
path_of(const VaPlanOrder *order, VaArena *arena, const char **why)
{
	static const char subscriptions[] = "/v1/billing/subscriptions";
	const char *id = order->task == VA_PLAN_DETACH ? order->method : order->subscription;

	if (order->task == VA_PLAN_PRODUCT)
		return "/v1/catalogs/products";
	if (order->task == VA_PLAN_PRICE)
		return "/v1/billing/plans";
	if (order->task == VA_PLAN_CREATE)
		return subscriptions;
	if (order->task == VA_PLAN_COUPON || order->undo != 0 || !va_id_valid(id))
	{
		*why = order->task == VA_PLAN_COUPON ? "PayPal's prices have their coupon in them"
			   : order->undo != 0			 ? "PayPal takes no cancellation back"
											 : "the vendor's number of the contract is not valid";
		return NULL;
	}
	id = va_escaped(arena, id);
	if (order->task == VA_PLAN_DETACH)
		return va_arena_join(arena, "/v3/vault/payment-tokens/", id, NULL);
	if (order->task == VA_PLAN_PAYMENTS)
		return va_arena_join(arena, subscriptions, "/", id,
			"/transactions?start_time=", va_time_text(arena, order->since * 1000),
			"&end_time=", va_time_text(arena, order->until * 1000), NULL);
	return va_arena_join(arena, subscriptions, "/", id,
		order->task == VA_PLAN_LOOK		? ""
		: order->task == VA_PLAN_CHANGE ? "/revise"
										: "/cancel",
		NULL);
}

bool
va_paypal_plan_build(const VaPlanOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	bool asks = order->task == VA_PLAN_LOOK || order->task == VA_PLAN_PAYMENTS;
	bool forgets = order->task == VA_PLAN_DETACH;
	const char *path = path_of(order, arena, why);

	if (path == NULL || !va_paypal_start(request, arena,
							asks	  ? "GET"
							: forgets ? "DELETE"
									  : "POST",
							order->base_url, order->key, path, why))
		return false;
	return asks || forgets || va_paypal_post(request, arena, order->idempotency_key, body_of(order, arena), why);
}

/* ---- answers ---- */

/* A status without a meaning belongs to a subscription that the buyer has yet to approve. */
static void
report_subscription(const VaPlanOrder *order, const json_t *body, json_t *report)
{
	static const VaPaypalWord facts[] = { { "ACTIVE", "resumed" }, { "SUSPENDED", "failed" },
		{ "CANCELLED", "canceled" }, { "EXPIRED", "canceled" } };
	int64_t began = va_payment_time(va_json_string(body, "start_time"));
	VaPlanFact fact = { .kind = VA_PAYPAL_MEANING(facts, va_json_string(body, "status")),
		.at = va_payment_time(va_json_string(body, "status_update_time")),
		.amount = -1,
		.paid = -1,
		.tax = -1 };

	if (fact.kind == NULL)
		return;
	fact.starts_at = fact.at;
	if (began > 0 && order->trial_days > 0 && strcmp(fact.kind, "resumed") == 0)
	{
		fact.trial = true;
		fact.starts_at = began;
		fact.ends_at = began + order->trial_days * DAY_S;
	}
	va_json_set_text(report, "subscription", va_json_string(body, "id"));
	va_json_set_text(report, "price", va_json_string(body, "plan_id"));
	json_object_set_new(report, "live", json_boolean(strcmp(fact.kind, "canceled") != 0));
	if (began > 0)
		json_object_set_new(report, "begins_at", json_integer(began + order->trial_days * DAY_S));
	va_plan_add_fact(report, &fact);
}

static void
report_payment(const VaPlanOrder *order, const json_t *payment, json_t *report)
{
	static const VaPaypalWord facts[] = { { "COMPLETED", "paid" }, { "PARTIALLY_REFUNDED", "paid" },
		{ "REFUNDED", "paid" }, { "DECLINED", "failed" } };
	const json_t *gross = va_json_object(va_json_object(payment, "amount_with_breakdown"), "gross_amount");
	int64_t at = va_payment_time(va_json_string(payment, "time"));
	VaPlanFact fact = { .kind = VA_PAYPAL_MEANING(facts, va_json_string(payment, "status")),
		.at = at,
		.starts_at = at,
		.currency = va_json_string(gross, "currency_code"),
		.paid = -1,
		.tax = -1,
		.payment = va_json_string(payment, "id") };

	if (!va_payment_units(va_json_string(gross, "value"), (int) order->decimals, &fact.amount))
		fact.amount = -1;
	if (fact.kind != NULL && at > 0)
		va_plan_add_fact(report, &fact);
}

static void
report_of(const VaPlanOrder *order, const json_t *body, json_t *report, VaArena *arena)
{
	const json_t *payments = va_json_array(body, "transactions");

	if (order->task == VA_PLAN_CREATE)
		va_json_set_text(report, "subscription", va_json_string(body, "id"));
	if (order->task == VA_PLAN_CREATE || order->task == VA_PLAN_CHANGE)
		va_json_set_text(report, "approve_url", va_paypal_approve_url(body));
	else if (order->task == VA_PLAN_LOOK)
		report_subscription(order, body, report);
	else if (order->task == VA_PLAN_PAYMENTS)
	{
		for (size_t i = 0; i < json_array_size(payments); i++)
			report_payment(order, json_array_get(payments, i), report);
	}
}

void
va_paypal_plan_read(const VaPlanOrder *order, const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply)
{
	va_plan_read(order, response, report_of, va_paypal_words, arena, reply);
}
