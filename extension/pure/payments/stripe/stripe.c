/*-------------------------------------------------------------------------
 * stripe.c
 *		Stripe Checkout.
 *
 * An order is a Checkout Session; Stripe takes the money by itself once the
 * buyer has paid.  The API's version is pinned, because shapes differ between
 * versions.  Metadata of a session does not reach its payment, so the
 * reference is given twice.  What is charged without the buyer is a payment
 * intent, which has no session.
 */
#include "stripe_internal.h"

#include <ctype.h>
#include <string.h>

#define STRIPE_BASE_URL "https://api.stripe.com"
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

const char *
va_stripe_words(const json_t *body)
{
	return va_json_string(va_json_object(body, "error"), "message");
}

bool
va_stripe_start(VaHttpRequest *request, VaArena *arena, const char *method, const char *base_url, const char *key,
	const char *path, const char **why)
{
	return va_request_start(request, arena, method, base_url, STRIPE_BASE_URL, path, why) &&
		   va_request_bearer(request, arena, key, why) &&
		   va_request_header(request, arena, "Stripe-Version", STRIPE_VERSION, why);
}

bool
va_stripe_post(
	VaHttpRequest *request, VaArena *arena, const char *idempotency_key, const VaStripeForm *form, const char **why)
{
	return va_request_header(request, arena, "Idempotency-Key", idempotency_key, why) &&
		   va_request_form(request, arena, form->fields, form->n, why);
}

static void
fill_session(VaStripeForm *form, const VaPaymentOrder *order, VaArena *arena)
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
fill_intent(VaStripeForm *form, const VaPaymentOrder *order, VaArena *arena)
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

/* A payment that was not made on a page of Stripe has the number of a payment intent. */
static bool
is_intent(const VaPaymentOrder *order)
{
	return order->of_plan || order->method_ref != NULL;
}

static const char *
path_of(const VaPaymentOrder *order, VaArena *arena, const char **why)
{
	const char *id = order->task == VA_PAYMENT_DISPUTE || order->task == VA_PAYMENT_REFUND ? order->payment_ref
																						   : order->vendor_ref;

	if (order->task == VA_PAYMENT_LOOK && id == NULL && order->customer_ref != NULL)
		return va_arena_printf(arena, "/v1/payment_intents?limit=100&expand%%5B%%5D=data.latest_charge&customer=%s",
			va_escaped(arena, order->customer_ref));
	if (order->task == VA_PAYMENT_CREATE)
		return order->method_ref != NULL ? "/v1/payment_intents" : "/v1/checkout/sessions";
	if (!va_id_valid(id))
	{
		*why = "the vendor's number of the order is not valid";
		return NULL;
	}
	if (order->task == VA_PAYMENT_REFUND)
		return "/v1/refunds";
	if (order->task == VA_PAYMENT_DISPUTE)
		return va_arena_printf(arena, "/v1/disputes?limit=100&payment_intent=%s", va_escaped(arena, id));
	if (is_intent(order))
		return va_arena_printf(arena, "/v1/payment_intents/%s?expand%%5B%%5D=latest_charge", va_escaped(arena, id));
	return va_arena_printf(
		arena, "/v1/checkout/sessions/%s?expand%%5B%%5D=payment_intent.latest_charge", va_escaped(arena, id));
}

static bool
stripe_build(const VaPaymentOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	bool posts = order->task == VA_PAYMENT_CREATE || order->task == VA_PAYMENT_REFUND;
	const char *path = path_of(order, arena, why);
	VaStripeForm form = { 0 };

	if (path == NULL ||
		!va_stripe_start(request, arena, posts ? "POST" : "GET", order->base_url, order->key, path, why))
		return false;
	if (!posts)
		return true;
	if (order->task == VA_PAYMENT_CREATE && order->method_ref != NULL)
		fill_intent(&form, order, arena);
	else if (order->task == VA_PAYMENT_CREATE)
		fill_session(&form, order, arena);
	else
	{
		va_stripe_add(&form, "payment_intent", order->payment_ref);
		va_stripe_add(&form, "amount", va_integer_text(arena, order->amount));
		va_stripe_add(&form, "metadata[order]", order->reference);
	}
	return va_stripe_post(request, arena, order->idempotency_key, &form, why);
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
	json_object_set_new(report, "refunded", json_integer(va_payment_integer(charge, "amount_refunded")));
	if (json_is_true(json_object_get(charge, "disputed")))
		json_object_set_new(report, "ask_dispute", json_true());
	else
		json_object_set_new(report, "disputed", json_integer(0));
}

/* A payment that needs the absent buyer to confirm has failed; an unknown status may still bring money: ask again. */
static void
read_intent(const json_t *intent, VaArena *arena, VaPaymentReply *reply)
{
	const char *status = va_json_string(intent, "status");
	json_t *report = va_json_new_object();
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
	va_payment_report(reply, report, arena);
}

static void
read_session(const json_t *session, VaArena *arena, VaPaymentReply *reply)
{
	const json_t *payment = va_json_object(session, "payment_intent");
	const json_t *charge = va_json_object(payment, "latest_charge");
	json_t *report = va_json_new_object();

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
	describe_charge(report, charge, arena);
	va_payment_report(reply, report, arena);
}

/* The charge whose answer never came, among those of its customer. */
static void
find_intent(const VaPaymentOrder *order, const json_t *list, VaArena *arena, VaPaymentReply *reply)
{
	const json_t *data = va_json_array(list, "data");

	for (size_t i = 0; i < json_array_size(data); i++)
	{
		const json_t *intent = json_array_get(data, i);
		const char *reference = va_json_string(va_json_object(intent, "metadata"), "order");

		if (reference != NULL && strcmp(reference, order->reference) == 0)
		{
			read_intent(intent, arena, reply);
			return;
		}
	}
	va_payment_missing(reply);
}

/* A card that is declined, or whose bank wants to see its owner. */
static void
read_declined(const json_t *body, VaArena *arena, VaPaymentReply *reply)
{
	const json_t *error = va_json_object(body, "error");
	const char *code = va_json_string(error, "code");
	const char *words = va_json_string(error, "message");
	json_t *report = va_json_new_object();

	va_json_set_text(report, "status", "declined");
	va_json_set_text(report, "vendor_ref", va_json_string(va_json_object(error, "payment_intent"), "id"));
	va_json_set_text(report, "message",
		va_arena_printf(
			arena, "%s: %s", code != NULL ? code : "card_declined", words != NULL ? words : "no reason given"));
	va_payment_report(reply, report, arena);
}

/* A dispute that is won takes nothing; nor does an inquiry, until it becomes one. */
static void
read_disputes(const json_t *list, VaArena *arena, VaPaymentReply *reply)
{
	const json_t *data = va_json_array(list, "data");
	json_t *report = va_json_new_object();
	int64_t disputed = 0;

	for (size_t i = 0; i < json_array_size(data); i++)
	{
		const json_t *dispute = json_array_get(data, i);
		const char *status = va_json_string(dispute, "status");
		int64_t amount = va_payment_integer(dispute, "amount");

		if (status != NULL && strcmp(status, "won") != 0 && strncmp(status, "warning_", 8) != 0 && amount > 0 &&
			amount <= INT64_MAX - disputed)
			disputed += amount;
	}
	json_object_set_new(report, "disputed", json_integer(disputed));
	va_payment_report(reply, report, arena);
}

static void
stripe_read(const VaPaymentOrder *order, const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply)
{
	json_t *body = va_payment_body(response, arena, reply);

	if (body == NULL)
		return;
	if (response->status >= 200 && response->status < 300)
	{
		if (order->task == VA_PAYMENT_LOOK && order->vendor_ref == NULL)
			find_intent(order, body, arena, reply);
		else if (is_intent(order) && (order->task == VA_PAYMENT_CREATE || order->task == VA_PAYMENT_LOOK))
			read_intent(body, arena, reply);
		else if (order->task == VA_PAYMENT_REFUND)
			reply->kind = VA_PAYMENT_DONE;
		else if (order->task == VA_PAYMENT_DISPUTE)
			read_disputes(body, arena, reply);
		else
			read_session(body, arena, reply);
	}
	else if (response->status == 402 && order->method_ref != NULL)
		read_declined(body, arena, reply);
	else
	{
		va_payment_refusal(response->status, va_arena_strdup(arena, va_stripe_words(body)), reply);
		if (response->status == 404 && (order->task == VA_PAYMENT_LOOK || order->task == VA_PAYMENT_CAPTURE))
			va_payment_missing(reply);
	}
	json_decref(body);
}

VA_PAYMENT_DRIVER(stripe) = { .name = "stripe",
	.build = stripe_build,
	.read = stripe_read,
	.plan_build = va_stripe_plan_build,
	.plan_read = va_stripe_plan_read,
	.hint = va_stripe_hint,
	.verify = va_stripe_verify };
