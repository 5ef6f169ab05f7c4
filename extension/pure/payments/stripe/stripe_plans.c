/*-------------------------------------------------------------------------
 * stripe_plans.c
 *		Plans as Stripe's subscriptions.
 *
 * A contract begins on a Checkout page, which has its own number; its
 * subscription is known after the buyer has approved it.  Each request includes
 * the price, so that only the product and the coupon are created beforehand.
 */
#include "stripe_internal.h"

#include <string.h>

/* ---- requests ---- */

static const char *
within(VaArena *arena, const char *list, const char *name)
{
	return va_arena_join(arena, list, "[0]", name, NULL);
}

static void
fill_price(VaStripeForm *form, const char *list, const VaPaymentOrder *order, VaArena *arena)
{
	va_stripe_add(form, within(arena, list, "[price_data][currency]"), va_stripe_currency(arena, order->currency));
	va_stripe_add(form, within(arena, list, "[price_data][unit_amount]"), va_integer_text(arena, order->amount));
	va_stripe_add(form, within(arena, list, "[price_data][product]"), order->product);
	va_stripe_add(
		form, within(arena, list, "[price_data][recurring][interval]"), order->months == 12 ? "year" : "month");
}

static void
fill_product(const VaPaymentOrder *order, void *form, VaArena *arena)
{
	va_stripe_add(form, "name", order->name);
}

static void
fill_coupon(const VaPaymentOrder *order, void *form, VaArena *arena)
{
	va_stripe_add(form, "name", order->coupon_name);
	va_stripe_add(form, "percent_off", va_integer_text(arena, order->coupon_percent));
	va_stripe_add(form, "duration", order->coupon_periods > 0 ? "repeating" : "forever");
	if (order->coupon_periods > 0)
		va_stripe_add(form, "duration_in_months", va_integer_text(arena, order->coupon_periods * order->months));
}

static void
fill_page(const VaPaymentOrder *order, void *form, VaArena *arena)
{
	va_stripe_add(form, "mode", "subscription");
	va_stripe_add(form, "client_reference_id", order->reference);
	va_stripe_add(form, "success_url", order->return_url);
	va_stripe_add(form, "cancel_url", order->return_url);
	va_stripe_add(form, "expires_at", va_integer_text(arena, order->expires_at));
	va_stripe_add(form, "line_items[0][quantity]", "1");
	fill_price(form, "line_items", order, arena);
	va_stripe_add(form, "subscription_data[metadata][contract]", order->reference);
	if (order->trial_days > 0)
		va_stripe_add(form, "subscription_data[trial_period_days]", va_integer_text(arena, order->trial_days));
	va_stripe_add(form, "discounts[0][coupon]", order->coupon);
}

/* An upgrade is paid at once or fails; a lower price applies from the next invoice on. */
static void
fill_change(const VaPaymentOrder *order, void *form, VaArena *arena)
{
	va_stripe_add(form, "items[0][id]", order->item);
	fill_price(form, "items", order, arena);
	va_stripe_add(form, "proration_behavior", order->upgrade ? "always_invoice" : "none");
	if (order->upgrade)
		va_stripe_add(form, "payment_behavior", "error_if_incomplete");
}

static void
fill_cancellation(const VaPaymentOrder *order, void *form, VaArena *arena)
{
	va_stripe_add(form, "cancel_at_period_end", order->undo ? "false" : "true");
}

/* ---- answers ---- */

/* Newer versions of the API have the period in the item. */
static int64_t
period_of(const json_t *subscription, const json_t *item, const char *key)
{
	int64_t at = va_payment_integer(subscription, key);

	return at >= 0 ? at : va_payment_integer(item, key);
}

static void
read_subscription(const VaPaymentOrder *order, const json_t *subscription, json_t *report, VaArena *arena)
{
	static const VaPaymentWord over[] = { { "canceled", "closed" }, { "incomplete_expired", "closed" } };
	static const VaPaymentWord lives[] = { { "trialing", "yes" }, { "active", "yes" }, { "past_due", "yes" },
		{ "incomplete", "no" }, { "unpaid", "no" }, { "paused", "no" } };
	const json_t *item = json_array_get(va_json_array(va_json_object(subscription, "items"), "data"), 0);
	const char *status = va_json_string(subscription, "status");
	const char *live = VA_PAYMENT_WORD(lives, status);
	int64_t amount = va_payment_integer(va_json_object(item, "price"), "unit_amount");
	int64_t ends_at = va_payment_integer(subscription, "cancel_at");
	bool ends = json_is_true(json_object_get(subscription, "cancel_at_period_end")) || ends_at > 0;
	VaPlanFact fact = { .kind = VA_PAYMENT_WORD(over, status),
		.starts_at = period_of(subscription, item, "current_period_start"),
		.ends_at = period_of(subscription, item, "current_period_end"),
		.trial = status != NULL && strcmp(status, "trialing") == 0,
		.amount = -1,
		.paid = -1,
		.tax = -1 };

	if (status == NULL)
		return;
	if (ends_at > 0 && ends_at < fact.ends_at)
		fact.ends_at = ends_at;
	if (fact.kind == NULL)
		fact.kind = ends ? "canceled" : "resumed";
	va_json_set_text(report, "subscription", va_json_string(subscription, "id"));
	json_object_set_new(report, "live", json_boolean(live != NULL && strcmp(live, "yes") == 0));
	va_json_set_text(report, "item", va_json_string(item, "id"));
	if (amount >= 0)
		json_object_set_new(report, "amount", json_integer(amount));
	va_plan_add_fact(report, &fact);
}

/* The latest period: an invoice may also have lines of the period before. */
static const json_t *
period_of_invoice(const json_t *invoice)
{
	const json_t *lines = va_json_array(va_json_object(invoice, "lines"), "data");
	const json_t *found = NULL;

	for (size_t i = 0; i < json_array_size(lines); i++)
	{
		const json_t *period = va_json_object(json_array_get(lines, i), "period");

		if (found == NULL || va_payment_integer(period, "start") > va_payment_integer(found, "start"))
			found = period;
	}
	return found;
}

static void
report_invoice(const json_t *invoice, json_t *report, VaArena *arena)
{
	/* An invoice for a change in the middle of a period does not pay a period. */
	static const VaPaymentWord reasons[] = { { "subscription_create", "paid" }, { "subscription_cycle", "paid" },
		{ "subscription_update", "upgraded" } };
	const char *status = va_json_string(invoice, "status");
	const json_t *period = period_of_invoice(invoice);
	int64_t paid_at = va_payment_integer(va_json_object(invoice, "status_transitions"), "paid_at");
	bool paid = status != NULL && strcmp(status, "paid") == 0;
	bool failed = status != NULL && strcmp(status, "open") == 0 && va_payment_integer(invoice, "attempt_count") > 0;
	VaPlanFact fact = { .kind = VA_PAYMENT_WORD(reasons, va_json_string(invoice, "billing_reason")),
		.at = paid_at >= 0 ? paid_at : va_payment_integer(invoice, "created"),
		.starts_at = va_payment_integer(period, "start"),
		.ends_at = va_payment_integer(period, "end"),
		.currency = va_stripe_iso(arena, va_json_string(invoice, "currency")),
		.amount = va_payment_integer(invoice, "subtotal"),
		.paid = va_payment_integer(invoice, "total_excluding_tax"),
		.tax = va_payment_integer(invoice, "tax"),
		.invoice = va_json_string(invoice, "id"),
		.payment = va_json_string(invoice, "payment_intent"),
		.message = va_json_string(va_json_object(invoice, "last_finalization_error"), "message") };

	if (fact.paid < 0)
		fact.paid = fact.amount;
	if (failed && fact.kind != NULL)
		fact.kind = strcmp(fact.kind, "paid") == 0 ? "failed" : NULL;
	if (fact.kind != NULL && (paid || failed))
		va_plan_add_fact(report, &fact);
}

static void
read_invoices(const VaPaymentOrder *order, const json_t *list, json_t *report, VaArena *arena)
{
	const json_t *invoices = va_json_array(list, "data");

	for (size_t i = 0; i < json_array_size(invoices); i++)
		report_invoice(json_array_get(invoices, i), report, arena);
}

static void
read_made_page(const VaPaymentOrder *order, const json_t *page, json_t *report, VaArena *arena)
{
	va_json_set_text(report, "page", va_json_string(page, "id"));
	va_json_set_text(report, "approve_url", va_json_string(page, "url"));
}

static void
read_page(const VaPaymentOrder *order, const json_t *page, json_t *report, VaArena *arena)
{
	const char *status = va_json_string(page, "status");

	if (status != NULL && strcmp(status, "expired") == 0)
		json_object_set_new(report, "expired", json_true());
	read_subscription(order, va_json_object(page, "subscription"), report, arena);
}

const VaPaymentStep *
va_stripe_plan_step(const VaPaymentOrder *order)
{
#define SUBSCRIPTION "/v1/subscriptions/{subscription}"
#define PAGES "/v1/checkout/sessions"
	static const VaPaymentStep steps[] = {
		[VA_PLAN_PRODUCT] = { "POST", "/v1/products", fill_product, va_plan_made },
		[VA_PLAN_COUPON] = { "POST", "/v1/coupons", fill_coupon, va_plan_made },
		[VA_PLAN_PRICE] = { 0 }, /* each request has its price in it */
		[VA_PLAN_CREATE] = { "POST", PAGES, fill_page, read_made_page },
		[VA_PLAN_CHANGE] = { "POST", SUBSCRIPTION, fill_change, read_subscription },
		[VA_PLAN_CANCEL] = { "POST", SUBSCRIPTION, fill_cancellation, NULL },
		[VA_PLAN_WITHDRAW] = { "DELETE", SUBSCRIPTION, NULL, NULL },
		[VA_PLAN_LOOK] = { "GET", SUBSCRIPTION, NULL, read_subscription },
		[VA_PLAN_PAYMENTS] = { "GET", "/v1/invoices?subscription={subscription}&limit=100", NULL, read_invoices },
		[VA_PLAN_DETACH] = { "POST", "/v1/payment_methods/{method_ref}/detach", NULL, NULL },
	};
	/* Until the buyer has approved the page, there is no subscription. */
	static const VaPaymentStep look = { "GET", PAGES "/{page}?expand%5B%5D=subscription", NULL, read_page };
	static const VaPaymentStep withdraw = { "POST", PAGES "/{page}/expire", NULL, NULL };

	if (order->task == VA_PLAN_LOOK && order->subscription == NULL)
		return &look;
	if (order->task == VA_PLAN_WITHDRAW && order->subscription == NULL)
		return &withdraw;
	return &steps[order->task];
}
