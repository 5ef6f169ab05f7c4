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
#include "payments_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pure/auth/mac.h"

#define STRIPE_BASE_URL "https://api.stripe.com"
#define STRIPE_VERSION "2023-08-16"
#define TOLERANCE_S 300
#define SIGNATURE_PARTS_MAX 16
#define FIELDS_MAX 64
#define NESTING_MAX 6

typedef struct Form
{
	VaNamedText fields[FIELDS_MAX];
	int n;
} Form;

static void
add(Form *form, const char *name, const char *value)
{
	if (form->n < FIELDS_MAX)
		form->fields[form->n++] = (VaNamedText){ name, value };
}

static const char *
lower(VaArena *arena, const char *text)
{
	char *copy = va_arena_strdup(arena, text);

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		*c = (char) tolower((unsigned char) *c);
	return copy;
}

static void
fill_session(Form *form, const VaPaymentOrder *order, VaArena *arena)
{
	add(form, "mode", "payment");
	add(form, "client_reference_id", order->reference);
	add(form, "metadata[order]", order->reference);
	add(form, "payment_intent_data[metadata][order]", order->reference);
	add(form, "success_url", order->return_url);
	add(form, "cancel_url", order->return_url);
	add(form, "expires_at", va_integer_text(arena, order->expires_at));
	add(form, "line_items[0][quantity]", "1");
	add(form, "line_items[0][price_data][currency]", lower(arena, order->currency));
	add(form, "line_items[0][price_data][unit_amount]", va_integer_text(arena, order->amount));
	add(form, "line_items[0][price_data][product_data][name]", order->name);
	if (order->keeps)
	{
		add(form, "customer_creation", "always");
		add(form, "payment_intent_data[setup_future_usage]", "off_session");
	}
}

static void
fill_intent(Form *form, const VaPaymentOrder *order, VaArena *arena)
{
	add(form, "amount", va_integer_text(arena, order->amount));
	add(form, "currency", lower(arena, order->currency));
	add(form, "customer", order->customer_ref);
	add(form, "payment_method", order->method_ref);
	add(form, "off_session", "true");
	add(form, "confirm", "true");
	add(form, "description", order->name);
	add(form, "metadata[order]", order->reference);
	add(form, "expand[0]", "latest_charge");
}

/* {"a": {"b": [1]}} as a[b][0]=1; what is deeper than anything that we ask is left out. */
static void
fill_from(Form *form, const char *name, const json_t *value, int depth, VaArena *arena)
{
	if (json_is_object(value) && depth < NESTING_MAX)
	{
		const char *key;
		json_t *part;

		json_object_foreach((json_t *) value, key, part)
			fill_from(form, name == NULL ? key : va_arena_printf(arena, "%s[%s]", name, key), part, depth + 1, arena);
	}
	else if (json_is_array(value) && depth < NESTING_MAX)
	{
		for (size_t i = 0; i < json_array_size(value); i++)
			fill_from(form, va_arena_printf(arena, "%s[%zu]", name, i), json_array_get(value, i), depth + 1, arena);
	}
	else if (json_is_string(value))
		add(form, va_arena_strdup(arena, name), va_arena_strdup(arena, json_string_value(value)));
	else if (json_is_integer(value))
		add(form, va_arena_strdup(arena, name), va_integer_text(arena, json_integer_value(value)));
	else if (json_is_boolean(value))
		add(form, va_arena_strdup(arena, name), json_is_true(value) ? "true" : "false");
}

static bool
stripe_ask(const VaPaymentOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	bool posts = strcmp(order->method, "POST") == 0;
	Form form = { 0 };
	json_t *body;

	if (!va_request_start(request, arena, order->method, order->base_url, STRIPE_BASE_URL, order->path, why) ||
		!va_request_bearer(request, arena, order->key, why) ||
		!va_request_header(request, arena, "Stripe-Version", STRIPE_VERSION, why))
		return false;
	if (!posts)
		return true;
	body = order->body != NULL ? va_json_load(arena, order->body, strlen(order->body), why) : NULL;
	fill_from(&form, NULL, body, 0, arena);
	json_decref(body);
	return va_request_header(request, arena, "Idempotency-Key", order->idempotency_key, why) &&
		   va_request_form(request, arena, form.fields, form.n, why);
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
	if (order->by_payment)
		return va_arena_printf(arena, "/v1/payment_intents/%s?expand%%5B%%5D=latest_charge", va_escaped(arena, id));
	return va_arena_printf(
		arena, "/v1/checkout/sessions/%s?expand%%5B%%5D=payment_intent.latest_charge", va_escaped(arena, id));
}

static bool
stripe_build(const VaPaymentOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	bool posts = order->task == VA_PAYMENT_CREATE || order->task == VA_PAYMENT_REFUND;
	const char *path;
	Form form = { 0 };

	if (order->task == VA_PAYMENT_ASK)
		return stripe_ask(order, arena, request, why);
	path = path_of(order, arena, why);
	if (path == NULL ||
		!va_request_start(request, arena, posts ? "POST" : "GET", order->base_url, STRIPE_BASE_URL, path, why) ||
		!va_request_bearer(request, arena, order->key, why) ||
		!va_request_header(request, arena, "Stripe-Version", STRIPE_VERSION, why))
		return false;
	if (!posts)
		return true;
	if (order->task == VA_PAYMENT_CREATE && order->method_ref != NULL)
		fill_intent(&form, order, arena);
	else if (order->task == VA_PAYMENT_CREATE)
		fill_session(&form, order, arena);
	else
	{
		add(&form, "payment_intent", order->payment_ref);
		add(&form, "amount", va_integer_text(arena, order->amount));
		add(&form, "metadata[order]", order->reference);
	}
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

/* What a charge says of how it was paid, and of what became of it. */
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

static void
set_capitals(json_t *report, const char *key, const char *text, VaArena *arena)
{
	char *capitals = va_arena_strdup(arena, text);

	for (char *c = capitals; c != NULL && *c != '\0'; c++)
		*c = (char) toupper((unsigned char) *c);
	va_json_set_text(report, key, capitals);
}

/* One that nobody is there to confirm has come to nothing; what is not understood may still become money, and is asked again. */
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
	set_capitals(report, "currency", va_json_string(intent, "currency"), arena);
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
	set_capitals(report, "currency", va_json_string(session, "currency"), arena);
	/* Without the tax that Stripe may add. */
	if (va_payment_integer(session, "amount_subtotal") >= 0)
		json_object_set_new(report, "amount", json_integer(va_payment_integer(session, "amount_subtotal")));
	va_json_set_text(report, "vendor_ref", va_json_string(session, "id"));
	va_json_set_text(report, "approve_url", va_json_string(session, "url"));
	va_json_set_text(report, "payment_ref",
		payment != NULL ? va_json_string(payment, "id") : va_json_string(session, "payment_intent"));
	/* What may be charged later, where that was agreed. */
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
	*reply = (VaPaymentReply){ .kind = VA_PAYMENT_REPORT, .report = "{\"status\": \"missing\"}" };
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
	json_t *body;

	if (order->task == VA_PAYMENT_ASK)
	{
		va_payment_read_asked(response, arena, reply);
		return;
	}
	body = va_payment_body(response, arena, reply);
	if (body == NULL)
		return;
	if (response->status >= 200 && response->status < 300)
	{
		if (order->task == VA_PAYMENT_LOOK && order->vendor_ref == NULL)
			find_intent(order, body, arena, reply);
		else if (order->by_payment && (order->task == VA_PAYMENT_CREATE || order->task == VA_PAYMENT_LOOK))
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
		va_payment_refusal(
			response->status, va_arena_strdup(arena, va_json_string(va_json_object(body, "error"), "message")), reply);
		if (response->status == 404 && (order->task == VA_PAYMENT_LOOK || order->task == VA_PAYMENT_CAPTURE))
			*reply = (VaPaymentReply){ .kind = VA_PAYMENT_REPORT, .report = "{\"status\": \"missing\"}" };
	}
	json_decref(body);
}

const VaPaymentDriver va_stripe_driver = { .name = "stripe", .build = stripe_build, .read = stripe_read };

/* ---- webhooks ---- */

static bool
signed_by(const char *hex, size_t len, const unsigned char *mac, size_t mac_len)
{
	unsigned char given[VA_HMAC_MAX_LEN];
	size_t given_len;

	return va_hex_decode(hex, len, given, sizeof(given), &given_len) &&
		   va_equal_constant_time(given, given_len, mac, mac_len);
}

static const char *
next_part(const char *part)
{
	part = strchr(part, ',');
	return part != NULL ? part + 1 : NULL;
}

bool
va_payment_stripe_signed(
	const char *header, const char *secret, const void *body, size_t len, int64_t now, const char **why)
{
	unsigned char mac[VA_HMAC_MAX_LEN];
	const char *time_text = NULL;
	size_t time_len = 0;
	size_t mac_len;
	bool good = false;
	int parts = 0;
	VaMac state;

	*why = "the signature is not Stripe's";
	for (const char *part = header; part != NULL && parts < SIGNATURE_PARTS_MAX; parts++)
	{
		if (strncmp(part, "t=", 2) == 0 && time_text == NULL)
		{
			time_text = part + 2;
			time_len = strcspn(time_text, ",");
		}
		part = next_part(part);
	}
	if (secret == NULL || secret[0] == '\0' || len == 0 || time_len == 0 || time_len > 12 ||
		strspn(time_text, "0123456789") != time_len)
		return false;
	va_mac_start(&state, VA_HMAC_SHA256, secret, strlen(secret));
	va_mac_add(&state, time_text, time_len);
	va_mac_add(&state, ".", 1);
	va_mac_add(&state, body, len);
	mac_len = va_mac_finish(&state, mac);
	parts = 0;
	for (const char *part = header; part != NULL && parts < SIGNATURE_PARTS_MAX; parts++)
	{
		/* While a secret is being replaced there are two. */
		if (strncmp(part, "v1=", 3) == 0)
			good |= signed_by(part + 3, strcspn(part + 3, ","), mac, mac_len);
		part = next_part(part);
	}
	if (good && llabs(now - strtoll(time_text, NULL, 10)) > TOLERANCE_S)
	{
		*why = "the signature is older or younger than 300 seconds";
		return false;
	}
	return good;
}
