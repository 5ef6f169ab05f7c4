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
fill_price(VaStripeForm *form, const char *list, const VaPlanOrder *order, VaArena *arena)
{
	va_stripe_add(form, within(arena, list, "[price_data][currency]"), va_stripe_currency(arena, order->currency));
	va_stripe_add(form, within(arena, list, "[price_data][unit_amount]"), va_integer_text(arena, order->amount));
	va_stripe_add(form, within(arena, list, "[price_data][product]"), order->product);
	va_stripe_add(
		form, within(arena, list, "[price_data][recurring][interval]"), order->months == 12 ? "year" : "month");
}

static void
fill_coupon(VaStripeForm *form, const VaPlanOrder *order, VaArena *arena)
{
	va_stripe_add(form, "name", order->coupon_name);
	va_stripe_add(form, "percent_off", va_integer_text(arena, order->coupon_percent));
	va_stripe_add(form, "duration", order->coupon_periods > 0 ? "repeating" : "forever");
	if (order->coupon_periods > 0)
		va_stripe_add(form, "duration_in_months", va_integer_text(arena, order->coupon_periods * order->months));
}

static void
fill_page(VaStripeForm *form, const VaPlanOrder *order, VaArena *arena)
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
fill_change(VaStripeForm *form, const VaPlanOrder *order, VaArena *arena)
{
	va_stripe_add(form, "items[0][id]", order->item);
	fill_price(form, "items", order, arena);
	va_stripe_add(form, "proration_behavior", order->upgrade != 0 ? "always_invoice" : "none");
	if (order->upgrade != 0)
		va_stripe_add(form, "payment_behavior", "error_if_incomplete");
}

static const char *
path_of(const VaPlanOrder *order, VaArena *arena, const char **why)
{
	const char *id = order->task == VA_PLAN_DETACH ? order->method
					 : order->subscription != NULL ? order->subscription
												   : order->page;

	if (order->task == VA_PLAN_PRODUCT)
		return "/v1/products";
	if (order->task == VA_PLAN_COUPON)
		return "/v1/coupons";
	if (order->task == VA_PLAN_CREATE)
		return "/v1/checkout/sessions";
	if (order->task == VA_PLAN_PRICE || !va_id_valid(id))
	{
		*why = order->task == VA_PLAN_PRICE ? "Stripe's prices are written where they are used"
											: "the vendor's number of the contract is not valid";
		return NULL;
	}
	id = va_escaped(arena, id);
	if (order->task == VA_PLAN_DETACH)
		return va_arena_join(arena, "/v1/payment_methods/", id, "/detach", NULL);
	if (order->task == VA_PLAN_PAYMENTS)
		return va_arena_join(arena, "/v1/invoices?subscription=", id, "&limit=100", NULL);
	if (order->subscription != NULL)
		return va_arena_join(arena, "/v1/subscriptions/", id, NULL);
	return va_arena_join(arena, "/v1/checkout/sessions/", id,
		order->task == VA_PLAN_WITHDRAW ? "/expire" : "?expand%5B%5D=subscription", NULL);
}

bool
va_stripe_plan_build(const VaPlanOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	bool asks = order->task == VA_PLAN_LOOK || order->task == VA_PLAN_PAYMENTS;
	bool ends = order->task == VA_PLAN_WITHDRAW && order->subscription != NULL;
	const char *path = path_of(order, arena, why);
	VaStripeForm form = { 0 };

	if (path == NULL || !va_stripe_start(request, arena,
							asks   ? "GET"
							: ends ? "DELETE"
								   : "POST",
							order->base_url, order->key, path, why))
		return false;
	if (asks || ends)
		return true;
	if (order->task == VA_PLAN_PRODUCT)
		va_stripe_add(&form, "name", order->name);
	else if (order->task == VA_PLAN_COUPON)
		fill_coupon(&form, order, arena);
	else if (order->task == VA_PLAN_CREATE)
		fill_page(&form, order, arena);
	else if (order->task == VA_PLAN_CHANGE)
		fill_change(&form, order, arena);
	else if (order->task == VA_PLAN_CANCEL)
		va_stripe_add(&form, "cancel_at_period_end", order->undo != 0 ? "false" : "true");
	return va_stripe_post(request, arena, order->idempotency_key, &form, why);
}

/* ---- answers ---- */

static bool
is_one_of(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; word != NULL && i < n; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

#define IS_ONE_OF(word, words) is_one_of(word, words, sizeof(words) / sizeof(words[0]))

/* Newer versions of the API have the period in the item. */
static int64_t
period_of(const json_t *subscription, const json_t *item, const char *key)
{
	int64_t at = va_payment_integer(subscription, key);

	return at >= 0 ? at : va_payment_integer(item, key);
}

static void
report_subscription(const json_t *subscription, json_t *report)
{
	static const char *const over[] = { "canceled", "incomplete_expired" };
	static const char *const live[] = { "trialing", "active", "past_due" };
	const json_t *item = json_array_get(va_json_array(va_json_object(subscription, "items"), "data"), 0);
	const char *status = va_json_string(subscription, "status");
	int64_t amount = va_payment_integer(va_json_object(item, "price"), "unit_amount");
	bool ends = json_is_true(json_object_get(subscription, "cancel_at_period_end"));
	VaPlanFact fact = { .kind = IS_ONE_OF(status, over) ? "closed"
								: ends					? "canceled"
														: "resumed",
		.starts_at = period_of(subscription, item, "current_period_start"),
		.ends_at = period_of(subscription, item, "current_period_end"),
		.trial = status != NULL && strcmp(status, "trialing") == 0,
		.amount = -1,
		.paid = -1,
		.tax = -1 };

	if (status == NULL)
		return;
	va_json_set_text(report, "subscription", va_json_string(subscription, "id"));
	json_object_set_new(report, "live", json_boolean(IS_ONE_OF(status, live)));
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
	static const char *const periods[] = { "subscription_create", "subscription_cycle" };
	const char *reason = va_json_string(invoice, "billing_reason");
	const char *status = va_json_string(invoice, "status");
	const json_t *period = period_of_invoice(invoice);
	int64_t paid_at = va_payment_integer(va_json_object(invoice, "status_transitions"), "paid_at");
	bool paid = status != NULL && strcmp(status, "paid") == 0;
	bool failed = status != NULL && strcmp(status, "open") == 0 && va_payment_integer(invoice, "attempt_count") > 0;
	VaPlanFact fact = { .at = paid_at >= 0 ? paid_at : va_payment_integer(invoice, "created"),
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
	if (IS_ONE_OF(reason, periods) && (paid || failed))
		fact.kind = paid ? "paid" : "failed";
	/* An invoice for a change in the middle of a period does not pay a period. */
	else if (reason != NULL && strcmp(reason, "subscription_update") == 0 && paid)
		fact.kind = "upgraded";
	if (fact.kind != NULL)
		va_plan_add_fact(report, &fact);
}

static void
report_of(const VaPlanOrder *order, const json_t *body, json_t *report, VaArena *arena)
{
	const json_t *invoices = va_json_array(body, "data");
	const char *status = va_json_string(body, "status");

	if (order->task == VA_PLAN_CREATE)
	{
		va_json_set_text(report, "page", va_json_string(body, "id"));
		va_json_set_text(report, "approve_url", va_json_string(body, "url"));
	}
	else if (order->task == VA_PLAN_CHANGE || (order->task == VA_PLAN_LOOK && order->subscription != NULL))
		report_subscription(body, report);
	else if (order->task == VA_PLAN_LOOK)
	{
		if (status != NULL && strcmp(status, "expired") == 0)
			json_object_set_new(report, "expired", json_true());
		report_subscription(va_json_object(body, "subscription"), report);
	}
	else if (order->task == VA_PLAN_PAYMENTS)
	{
		for (size_t i = 0; i < json_array_size(invoices); i++)
			report_invoice(json_array_get(invoices, i), report, arena);
	}
}

void
va_stripe_plan_read(const VaPlanOrder *order, const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply)
{
	va_plan_read(order, response, report_of, va_stripe_words, arena, reply);
}
