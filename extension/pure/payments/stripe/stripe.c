/*-------------------------------------------------------------------------
 * stripe.c
 *		Stripe Checkout.
 *
 * An order is a Checkout Session; Stripe takes the money by itself once the
 * buyer has paid.  The API's version is pinned, because shapes differ between
 * versions.  Metadata of a session does not reach its payment, so the
 * reference is given twice.  A charge without the buyer is a payment intent,
 * which has no session.
 */
#include "stripe_internal.h"

#include <ctype.h>
#include <string.h>

#define STRIPE_VERSION "2023-08-16"

void
va_stripe_add(VaStripeForm *form, const char *name, const char *value)
{
	if (form->n < STRIPE_FIELDS_MAX)
		form->fields[form->n++] = (VaNamedText){ name, value };
}

static const char *
in_case(VaArena *arena, const char *text, int (*change)(int))
{
	char *copy = va_arena_strdup(arena, text);

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		*c = (char) change((unsigned char) *c);
	return copy;
}

const char *
va_stripe_currency(VaArena *arena, const char *currency)
{
	return in_case(arena, currency, tolower);
}

const char *
va_stripe_iso(VaArena *arena, const char *currency)
{
	return in_case(arena, currency, toupper);
}

static void
fill_session(const VaPaymentOrder *order, void *form, VaArena *arena)
{
	va_stripe_add(form, "mode", "payment");
	va_stripe_add(form, "client_reference_id", order->reference);
	va_stripe_add(form, "metadata[order]", order->reference);
	va_stripe_add(form, "payment_intent_data[metadata][order]", order->reference);
	va_stripe_add(form, "success_url", order->return_url);
	va_stripe_add(form, "cancel_url", order->return_url);
	va_stripe_add(form, "expires_at", va_integer_text(arena, order->expires_at));
	va_stripe_add(form, "line_items[0][quantity]", "1");
	va_stripe_add(form, "line_items[0][price_data][currency]", va_stripe_currency(arena, order->currency));
	va_stripe_add(form, "line_items[0][price_data][unit_amount]", va_integer_text(arena, order->amount));
	va_stripe_add(form, "line_items[0][price_data][product_data][name]", order->name);
	if (order->keeps)
	{
		va_stripe_add(form, "customer_creation", "always");
		va_stripe_add(form, "payment_intent_data[setup_future_usage]", "off_session");
	}
}

static void
fill_intent(const VaPaymentOrder *order, void *form, VaArena *arena)
{
	va_stripe_add(form, "amount", va_integer_text(arena, order->amount));
	va_stripe_add(form, "currency", va_stripe_currency(arena, order->currency));
	va_stripe_add(form, "customer", order->customer_ref);
	va_stripe_add(form, "payment_method", order->method_ref);
	va_stripe_add(form, "off_session", "true");
	va_stripe_add(form, "confirm", "true");
	va_stripe_add(form, "description", order->name);
	va_stripe_add(form, "metadata[order]", order->reference);
	va_stripe_add(form, "expand[0]", "latest_charge");
}

static void
fill_refund(const VaPaymentOrder *order, void *form, VaArena *arena)
{
	va_stripe_add(form, "payment_intent", order->payment_ref);
	va_stripe_add(form, "amount", va_integer_text(arena, order->amount));
	va_stripe_add(form, "metadata[order]", order->reference);
}

static bool
complete(
	const VaPaymentOrder *order, const VaPaymentStep *step, VaArena *arena, VaHttpRequest *request, const char **why)
{
	VaStripeForm form = { 0 };

	if (!va_request_header(request, arena, "Stripe-Version", STRIPE_VERSION, why))
		return false;
	if (strcmp(step->method, "POST") != 0)
		return true;
	if (step->fill != NULL)
		step->fill(order, &form, arena);
	return va_request_header(request, arena, "Idempotency-Key", order->idempotency_key, why) &&
		   va_request_form(request, arena, form.fields, form.n, why);
}

/* ---- answers ---- */

static const char *
session_status(const json_t *session, const json_t *payment)
{
	const char *status = va_json_string(session, "status");
	const char *paid = va_json_string(session, "payment_status");
	const char *state = va_json_string(payment, "status");

	if (paid != NULL && strcmp(paid, "paid") == 0)
		return "completed";
	if (status != NULL && strcmp(status, "expired") == 0)
		return "expired";
	if (status == NULL || strcmp(status, "complete") != 0)
		return "open";
	/* A payment that was to come later, and did not. */
	if (state != NULL && (strcmp(state, "canceled") == 0 || strcmp(state, "requires_payment_method") == 0))
		return "declined";
	return "pending";
}

static void
describe_method(json_t *report, const json_t *charge, VaArena *arena)
{
	const json_t *details = va_json_object(charge, "payment_method_details");
	const json_t *card = va_json_object(details, "card");
	const char *brand = va_json_string(card, "brand");
	const char *last = va_json_string(card, "last4");

	if (brand != NULL && last != NULL)
		va_json_set_text(report, "method", va_arena_printf(arena, "%s %s", brand, last));
	else
		va_json_set_text(report, "method", va_json_string(details, "type"));
}

/* Reports the payment method of a charge, its refunds and disputes. */
static void
describe_charge(json_t *report, const json_t *charge, VaArena *arena)
{
	if (charge == NULL)
		return;
	describe_method(report, charge, arena);
	if (va_payment_integer(charge, "amount_refunded") >= 0)
		json_object_set_new(report, "refunded", json_integer(va_payment_integer(charge, "amount_refunded")));
	if (json_is_true(json_object_get(charge, "disputed")))
		json_object_set_new(report, "ask_dispute", json_true());
	else
		json_object_set_new(report, "disputed", json_integer(0));
}

/* A payment that needs the absent buyer to confirm has failed; an unknown status may still bring money: ask again. */
static void
read_intent(const VaPaymentOrder *order, const json_t *intent, json_t *report, VaArena *arena)
{
	const char *status = va_json_string(intent, "status");
	bool over = status != NULL && (strcmp(status, "canceled") == 0 || (strncmp(status, "requires_", 9) == 0 &&
																		  strcmp(status, "requires_capture") != 0));

	if (status != NULL && strcmp(status, "succeeded") == 0)
		va_json_set_text(report, "status", "completed");
	else
		va_json_set_text(report, "status", over ? "declined" : "pending");
	if (status != NULL && strcmp(status, "requires_action") == 0)
		va_json_set_text(report, "message", "authentication_required: the buyer's bank wants the buyer to confirm it");
	else
		va_json_set_text(report, "message", va_json_string(va_json_object(intent, "last_payment_error"), "message"));
	va_json_set_text(report, "currency", va_stripe_iso(arena, va_json_string(intent, "currency")));
	if (va_payment_integer(intent, "amount") >= 0)
		json_object_set_new(report, "amount", json_integer(va_payment_integer(intent, "amount")));
	va_json_set_text(report, "vendor_ref", va_json_string(intent, "id"));
	va_json_set_text(report, "payment_ref", va_json_string(intent, "id"));
	describe_charge(report, va_json_object(intent, "latest_charge"), arena);
}

static void
read_session(const VaPaymentOrder *order, const json_t *session, json_t *report, VaArena *arena)
{
	const json_t *payment = va_json_object(session, "payment_intent");

	va_json_set_text(report, "status", session_status(session, payment));
	va_json_set_text(report, "currency", va_stripe_iso(arena, va_json_string(session, "currency")));
	/* Without the tax that Stripe may add. */
	if (va_payment_integer(session, "amount_subtotal") >= 0)
		json_object_set_new(report, "amount", json_integer(va_payment_integer(session, "amount_subtotal")));
	va_json_set_text(report, "vendor_ref", va_json_string(session, "id"));
	va_json_set_text(report, "approve_url", va_json_string(session, "url"));
	va_json_set_text(report, "payment_ref",
		payment != NULL ? va_json_string(payment, "id") : va_json_string(session, "payment_intent"));
	/* The payment method for later charges, if the buyer agreed to them. */
	va_json_set_text(report, "customer_ref", va_json_string(session, "customer"));
	va_json_set_text(report, "method_ref", va_json_string(payment, "payment_method"));
	describe_charge(report, va_json_object(payment, "latest_charge"), arena);
}

/* The charge whose answer never came, among those of its customer. */
static void
find_intent(const VaPaymentOrder *order, const json_t *list, json_t *report, VaArena *arena)
{
	const json_t *data = va_json_array(list, "data");

	for (size_t i = 0; i < json_array_size(data); i++)
	{
		const json_t *intent = json_array_get(data, i);
		const char *reference = va_json_string(va_json_object(intent, "metadata"), "order");

		if (reference != NULL && strcmp(reference, order->reference) == 0)
		{
			read_intent(order, intent, report, arena);
			return;
		}
	}
	va_json_set_text(report, "status", "missing");
}

/*
 * A dispute that is won takes nothing; nor does an inquiry, or one that was
 * prevented, until it becomes one.  If a field has an unknown word, its result
 * is unknown too: the order keeps what it has, and the report names the word.
 */
static void
read_disputes(const VaPaymentOrder *order, const json_t *list, json_t *report, VaArena *arena)
{
	static const VaPaymentWord words[] = { { "needs_response", "yes" }, { "under_review", "yes" }, { "lost", "yes" },
		{ "appeal_needs_response", "yes" }, { "appeal_under_review", "yes" }, { "won", "no" }, { "prevented", "no" },
		{ "warning_needs_response", "no" }, { "warning_under_review", "no" }, { "warning_closed", "no" } };
	const json_t *data = va_json_array(list, "data");
	int64_t disputed = 0;

	for (size_t i = 0; i < json_array_size(data); i++)
	{
		const json_t *dispute = json_array_get(data, i);
		const char *status = va_json_string(dispute, "status");
		const char *takes = VA_PAYMENT_WORD(words, status);
		int64_t amount = va_payment_integer(dispute, "amount");

		if (takes != NULL && strcmp(takes, "yes") == 0 && amount > 0 && amount <= INT64_MAX - disputed)
			disputed += amount;
		if (takes == NULL)
			va_json_set_text(report, "unknown", status);
	}
	if (json_object_get(report, "unknown") == NULL)
		json_object_set_new(report, "disputed", json_integer(disputed));
}

static const char *
words_of(const json_t *answer)
{
	return va_json_string(va_json_object(answer, "error"), "message");
}

/* A card that is declined, or whose bank wants to see its owner. */
static void
read_declined(const VaPaymentOrder *order, int status, const json_t *answer, json_t *report, VaArena *arena,
	VaPaymentReply *reply)
{
	const json_t *error = va_json_object(answer, "error");
	const char *code = va_json_string(error, "code");

	if (status != 402 || order->task != VA_PAYMENT_CREATE || order->method_ref == NULL)
		return;
	va_json_set_text(report, "status", "declined");
	va_json_set_text(report, "vendor_ref", va_json_string(va_json_object(error, "payment_intent"), "id"));
	va_json_set_text(
		report, "message", va_arena_printf(arena, "%s: %s", code != NULL ? code : "card_declined", reply->message));
	*reply = (VaPaymentReply){ .kind = VA_PAYMENT_REPORT };
}

static const VaPaymentStep *
step_of(const VaPaymentOrder *order)
{
	static const VaPaymentStep steps[] = {
		[VA_PAYMENT_CREATE] = { "POST", "/v1/checkout/sessions", fill_session, read_session },
		[VA_PAYMENT_LOOK] = { "GET", "/v1/checkout/sessions/{vendor_ref}?expand%5B%5D=payment_intent.latest_charge",
			NULL, read_session },
		[VA_PAYMENT_CAPTURE] = { 0 }, /* Stripe takes the money by itself */
		[VA_PAYMENT_REFUND] = { "POST", "/v1/refunds", fill_refund, NULL },
		[VA_PAYMENT_DISPUTE] = { "GET", "/v1/disputes?limit=100&payment_intent={payment_ref}", NULL, read_disputes },
	};
	/* A payment that was not made on a page of Stripe has the number of a payment intent. */
	static const VaPaymentStep charge = { "POST", "/v1/payment_intents", fill_intent, read_intent };
	static const VaPaymentStep look = { "GET", "/v1/payment_intents/{vendor_ref}?expand%5B%5D=latest_charge", NULL,
		read_intent };
	static const VaPaymentStep search = { "GET",
		"/v1/payment_intents?limit=100&expand%5B%5D=data.latest_charge&customer={customer_ref}", NULL, find_intent };

	if (order->task > VA_PAYMENT_DISPUTE)
		return va_stripe_plan_step(order);
	if (order->task == VA_PAYMENT_CREATE && order->method_ref != NULL)
		return &charge;
	if (order->task == VA_PAYMENT_LOOK && order->vendor_ref == NULL && order->customer_ref != NULL)
		return &search;
	if (order->task == VA_PAYMENT_LOOK && (order->of_plan || order->method_ref != NULL))
		return &look;
	return &steps[order->task];
}

VA_PAYMENT_DRIVER(stripe) = { .name = "stripe",
	.base_url = "https://api.stripe.com",
	.step = step_of,
	.complete = complete,
	.words = words_of,
	.refused = read_declined,
	.hint = va_stripe_hint,
	.verify = va_stripe_verify };
