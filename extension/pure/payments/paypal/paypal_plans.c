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

#include "pure/text/utf8.h"

#define DAY_S 86400
#define NAME_MAX_CHARS 127 /* PayPal's limit */

/* ---- requests ---- */

/* Appends a cycle: a free trial of days if days > 0, or else periods (0: unlimited) at a price. */
static void
add_cycle(json_t *cycles, const VaPaymentOrder *order, const char *tenure, int64_t days, int64_t periods,
	int64_t amount, VaArena *arena)
{
	const char *unit = days > 0 ? "DAY" : order->months == 12 ? "YEAR" : "MONTH";
	json_t *cycle = json_pack("{s:s,s:I,s:I,s:{s:s,s:I}}", "tenure_type", tenure, "sequence",
		(json_int_t) json_array_size(cycles) + 1, "total_cycles", (json_int_t) periods, "frequency", "interval_unit",
		unit, "interval_count", (json_int_t) (days > 0 ? days : 1));

	if (days == 0)
		json_object_set_new(
			cycle, "pricing_scheme", json_pack("{s:o}", "fixed_price", va_paypal_money(order, amount, arena)));
	json_array_append_new(cycles, cycle);
}

static void
fill_price(const VaPaymentOrder *order, void *body, VaArena *arena)
{
	bool for_all = order->coupon_percent > 0 && order->coupon_periods == 0;
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
}

static void
fill_subscription(const VaPaymentOrder *order, void *body, VaArena *arena)
{
	bool made = order->task == VA_PLAN_CREATE;

	va_json_set_text(body, "plan_id", order->price);
	if (made)
		va_json_set_text(body, "custom_id", order->reference);
	json_object_set_new(body, "application_context", va_paypal_context(order, made ? "SUBSCRIBE_NOW" : NULL));
}

static void
fill_product(const VaPaymentOrder *order, void *body, VaArena *arena)
{
	va_json_set_text(body, "name", va_utf8_cut(arena, order->name, NAME_MAX_CHARS));
	va_json_set_text(body, "type", "SERVICE");
}

static void
fill_reason(const VaPaymentOrder *order, void *body, VaArena *arena)
{
	va_json_set_text(body, "reason", order->task == VA_PLAN_CANCEL ? "canceled by the buyer" : "withdrawn");
}

/* ---- answers ---- */

/* A status without a meaning belongs to a subscription that the buyer has yet to approve. */
static void
read_subscription(const VaPaymentOrder *order, const json_t *body, json_t *report, VaArena *arena)
{
	static const VaPaymentWord facts[] = { { "ACTIVE", "resumed" }, { "SUSPENDED", "failed" },
		{ "CANCELLED", "canceled" }, { "EXPIRED", "canceled" } };
	int64_t began = va_payment_time(va_json_string(body, "start_time"));
	VaPlanFact fact = { .kind = VA_PAYMENT_WORD(facts, va_json_string(body, "status")),
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
report_payment(const VaPaymentOrder *order, const json_t *payment, json_t *report)
{
	static const VaPaymentWord facts[] = { { "COMPLETED", "paid" }, { "PARTIALLY_REFUNDED", "paid" },
		{ "REFUNDED", "paid" }, { "DECLINED", "failed" } };
	const json_t *gross = va_json_object(va_json_object(payment, "amount_with_breakdown"), "gross_amount");
	int64_t at = va_payment_time(va_json_string(payment, "time"));
	VaPlanFact fact = { .kind = VA_PAYMENT_WORD(facts, va_json_string(payment, "status")),
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
read_payments(const VaPaymentOrder *order, const json_t *body, json_t *report, VaArena *arena)
{
	const json_t *payments = va_json_array(body, "transactions");

	for (size_t i = 0; i < json_array_size(payments); i++)
		report_payment(order, json_array_get(payments, i), report);
}

/* A change names no subscription. */
static void
read_approval(const VaPaymentOrder *order, const json_t *body, json_t *report, VaArena *arena)
{
	va_json_set_text(report, "subscription", va_json_string(body, "id"));
	va_json_set_text(report, "approve_url", va_paypal_approve_url(body));
}

const VaPaymentStep *
va_paypal_plan_step(const VaPaymentOrder *order)
{
#define SUBSCRIPTIONS "/v1/billing/subscriptions"
#define SUBSCRIPTION SUBSCRIPTIONS "/{subscription}"
	static const VaPaymentStep steps[] = {
		[VA_PLAN_PRODUCT] = { "POST", "/v1/catalogs/products", fill_product, va_plan_made },
		[VA_PLAN_COUPON] = { 0 }, /* prices have their coupon in them */
		[VA_PLAN_PRICE] = { "POST", "/v1/billing/plans", fill_price, va_plan_made },
		[VA_PLAN_CREATE] = { "POST", SUBSCRIPTIONS, fill_subscription, read_approval },
		[VA_PLAN_CHANGE] = { "POST", SUBSCRIPTION "/revise", fill_subscription, read_approval },
		[VA_PLAN_CANCEL] = { "POST", SUBSCRIPTION "/cancel", fill_reason, NULL },
		[VA_PLAN_WITHDRAW] = { "POST", SUBSCRIPTION "/cancel", fill_reason, NULL },
		[VA_PLAN_LOOK] = { "GET", SUBSCRIPTION, NULL, read_subscription },
		[VA_PLAN_PAYMENTS] = { "GET", SUBSCRIPTION "/transactions?start_time={since}&end_time={until}", NULL,
			read_payments },
		[VA_PLAN_DETACH] = { "DELETE", "/v3/vault/payment-tokens/{method_ref}", NULL, NULL },
	};
	static const VaPaymentStep undo = { 0 };

	return order->task == VA_PLAN_CANCEL && order->undo ? &undo : &steps[order->task];
}
