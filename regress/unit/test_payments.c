/*
 * test_payments.c
 *		The drivers of payment vendors: requests to the letter, every kind of answer, amounts, and the signatures of webhooks.
 */
#include "drivers.h"

#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "pure/auth/mac.h"
#include "pure/payments/payments.h"
#include "pure/payments/paypal/paypal_internal.h"

static VaPaymentOrder
order_for(VaPaymentTask task)
{
	return (VaPaymentOrder){ .key = "KEY", .task = task, .reference = "va-1-2-3", .name = "A thousand & one", .currency = "EUR",
		.amount = 25000, .decimals = 2, .expires_at = 1700007200, .return_url = "https://app.example/back?o=3", .vendor_ref = "REF_1",
		.payment_ref = "PAY_1", .idempotency_key = "va-1-2-3-create" };
}

static const char *
built(const char *vendor, VaPaymentOrder order, const char *header)
{
	VaHttpRequest request = { 0 };
	const char *value;

	why = NULL;
	if (!va_payment_build(va_payment_driver(vendor), &order, &arena, &request, &why))
		return va_arena_printf(&arena, "refused: %s", why);
	value = header != NULL ? va_header_find(request.headers, request.nheaders, header) : NULL;
	return va_arena_printf(&arena, "%s%s", request_text(&request), value != NULL ? value : "");
}

static const char *
read_as(const char *vendor, VaPaymentTask task, int status, const char *body)
{
	VaHttpResponse response = reply_of(status, body);
	VaPaymentOrder order = order_for(task);
	VaPaymentReply reply;

	va_payment_read(va_payment_driver(vendor), &order, &response, &arena, &reply);
	return va_arena_printf(&arena, "%s %s%s%s", va_payment_kind_name(reply.kind), reply.report != NULL ? reply.report : "",
		reply.message != NULL ? "|" : "", reply.message != NULL ? reply.message : "");
}

/* The state that a payment by a kept method is taken for. */
static const char *
intent_state(const char *status)
{
	static const char *const states[] = {"completed", "pending", "declined"};
	VaHttpResponse response = reply_of(200, va_arena_printf(&arena, "{\"id\":\"pi_1\",\"status\":%s}", status));
	VaPaymentOrder order = order_for(VA_PAYMENT_CREATE);
	VaPaymentReply reply;

	order.method_ref = "pm_1";
	va_payment_read(va_payment_driver("stripe"), &order, &response, &arena, &reply);
	for (size_t i = 0; reply.report != NULL && i < sizeof(states) / sizeof(states[0]); i++)
		if (strstr(reply.report, states[i]) != NULL)
			return states[i];
	return "none";
}

/* Only what is known to have come to nothing is declined: anything else may still be money. */
static void
test_intents(void)
{
	is_str(intent_state("\"succeeded\""), "completed", "paid");
	is_str(intent_state("\"processing\""), "pending", "on its way");
	is_str(intent_state("\"canceled\""), "declined", "canceled");
	is_str(intent_state("\"requires_payment_method\""), "declined", "the card is refused");
	is_str(intent_state("\"requires_action\""), "declined", "nobody is there to confirm it");
	is_str(intent_state("\"requires_capture\""), "pending", "the money is held");
	is_str(intent_state("\"requested\""), "pending", "a word that is not known");
	is_str(intent_state("null"), "pending", "none");
	is_str(intent_state("7"), "pending", "no word");
}

static void
test_units(void)
{
	int64_t units = -1;

	ok(va_payment_units("10.50", 2, &units) && units == 1050, "two decimals");
	ok(va_payment_units("10", 2, &units) && units == 1000, "none written");
	ok(va_payment_units("10.5", 3, &units) && units == 10500, "one of three");
	ok(va_payment_units("500", 0, &units) && units == 500, "a currency without decimals");
	ok(va_payment_units("500.00", 0, &units) && units == 500, "... of which none are said");
	ok(!va_payment_units("500.50", 0, &units), "a fraction that is not counted is no amount");
	ok(!va_payment_units("", 2, &units) && !va_payment_units(NULL, 2, &units) && !va_payment_units("-1", 2, &units) &&
		   !va_payment_units("1e5", 2, &units) && !va_payment_units(".5", 2, &units) && !va_payment_units("1.2.3", 2, &units),
		"what is no amount");
	ok(!va_payment_units("99999999999999999999", 2, &units), "nor is what no number holds");
}

static void
test_stripe(void)
{
	VaPaymentOrder strange = order_for(VA_PAYMENT_LOOK);

	is_str(built("stripe", order_for(VA_PAYMENT_CREATE), "Idempotency-Key"),
		"POST https://api.stripe.com/v1/checkout/sessions\nBearer KEY\nmode=payment\nclient_reference_id=va-1-2-3\n"
		"metadata[order]=va-1-2-3\npayment_intent_data[metadata][order]=va-1-2-3\nsuccess_url=https://app.example/back?o=3\n"
		"cancel_url=https://app.example/back?o=3\nexpires_at=1700007200\nline_items[0][quantity]=1\n"
		"line_items[0][price_data][currency]=eur\nline_items[0][price_data][unit_amount]=25000\n"
		"line_items[0][price_data][product_data][name]=A thousand & one\nva-1-2-3-create",
		"a session");
	is_str(built("stripe", order_for(VA_PAYMENT_LOOK), "Stripe-Version"),
		"GET https://api.stripe.com/v1/checkout/sessions/REF_1?expand%5B%5D=payment_intent.latest_charge\nBearer KEY\n2023-08-16",
		"a look, with the version pinned");
	is_str(built("stripe", order_for(VA_PAYMENT_REFUND), NULL),
		"POST https://api.stripe.com/v1/refunds\nBearer KEY\npayment_intent=PAY_1\namount=25000\nmetadata[order]=va-1-2-3\n", "a refund");
	is_str(built("stripe", order_for(VA_PAYMENT_DISPUTE), NULL),
		"GET https://api.stripe.com/v1/disputes?limit=100&payment_intent=PAY_1\nBearer KEY\n", "its disputes");
	strange.vendor_ref = "../x y";
	is_str(built("stripe", strange, NULL), "refused: the vendor's number of what it is asked about is not valid", "no strange id goes into a path");

	is_str(read_as("stripe", VA_PAYMENT_CREATE, 200,
			   "{\"id\":\"cs_1\",\"status\":\"open\",\"payment_status\":\"unpaid\",\"amount_subtotal\":25000,\"currency\":\"eur\",\"url\":"
			   "\"https://pay.example/1\",\"payment_intent\":null}"),
		"report {\"amount\":25000,\"approve_url\":\"https://pay.example/1\",\"currency\":\"EUR\",\"status\":\"open\",\"vendor_ref\":\"cs_1\"}",
		"a session that waits");
	is_str(read_as("stripe", VA_PAYMENT_LOOK, 200,
			   "{\"id\":\"cs_1\",\"status\":\"complete\",\"payment_status\":\"paid\",\"amount_subtotal\":25000,\"amount_total\":29750,"
			   "\"currency\":\"eur\",\"payment_intent\":{\"id\":\"pi_1\",\"status\":\"succeeded\",\"latest_charge\":{\"amount_refunded\":"
			   "500,\"disputed\":false,\"payment_method_details\":{\"type\":\"card\",\"card\":{\"brand\":\"visa\",\"last4\":\"4242\"}}}}}"),
		"report {\"amount\":25000,\"currency\":\"EUR\",\"disputed\":0,\"method\":\"visa 4242\",\"payment_ref\":\"pi_1\",\"refunded\":500,"
		"\"status\":\"completed\",\"vendor_ref\":\"cs_1\"}",
		"paid, without the tax, and a part given back");
	is_str(read_as("stripe", VA_PAYMENT_LOOK, 200,
			   "{\"id\":\"cs_1\",\"status\":\"complete\",\"payment_status\":\"paid\",\"payment_intent\":{\"id\":\"pi_1\",\"latest_charge\":"
			   "{\"amount_refunded\":0,\"disputed\":true}}}"),
		"report {\"ask_dispute\":true,\"payment_ref\":\"pi_1\",\"refunded\":0,\"status\":\"completed\",\"vendor_ref\":\"cs_1\"}",
		"disputed: how that stands is asked apart");
	is_str(read_as("stripe", VA_PAYMENT_LOOK, 200, "{\"status\":\"complete\",\"payment_status\":\"unpaid\",\"payment_intent\":\"pi_1\"}"),
		"report {\"payment_ref\":\"pi_1\",\"status\":\"pending\"}", "a payment that comes later");
	is_str(read_as("stripe", VA_PAYMENT_LOOK, 200,
			   "{\"status\":\"complete\",\"payment_status\":\"unpaid\",\"payment_intent\":{\"status\":\"requires_payment_method\"}}"),
		"report {\"status\":\"declined\"}", "... or did not come");
	is_str(read_as("stripe", VA_PAYMENT_LOOK, 200, "{\"status\":\"complete\",\"payment_status\":\"no_payment_required\"}"),
		"report {\"status\":\"pending\"}", "nothing to pay is not paid");
	is_str(read_as("stripe", VA_PAYMENT_LOOK, 200, "{\"status\":\"expired\",\"payment_status\":\"unpaid\"}"), "report {\"status\":\"expired\"}",
		"over");
	is_str(read_as("stripe", VA_PAYMENT_DISPUTE, 200,
			   "{\"data\":[{\"status\":\"won\",\"amount\":100},{\"status\":\"lost\",\"amount\":20},{\"status\":\"needs_response\",\"amount\":3},"
			   "{\"status\":\"warning_needs_response\",\"amount\":1000},{\"status\":\"prevented\",\"amount\":500},"
			   "{\"status\":\"appeal_under_review\",\"amount\":4}]}"),
		"report {\"disputed\":27}", "disputes that are open or lost, and none that was prevented");
	is_str(read_as("stripe", VA_PAYMENT_DISPUTE, 200, "{\"data\":[{\"status\":\"lost\",\"amount\":20},{\"status\":\"arbitrated\",\"amount\":3}]}"),
		"report {\"unknown\":\"arbitrated\"}", "a word that nobody knows changes nothing, and is named");
	is_str(read_as("stripe", VA_PAYMENT_DISPUTE, 200, "{\"data\":[{\"amount\":20}]}"), "report {\"disputed\":0}", "... nor does none");
	is_str(read_as("stripe", VA_PAYMENT_REFUND, 200, "{\"status\":\"pending\"}"), "done ", "a refund that is taken");
	is_str(read_as("stripe", VA_PAYMENT_LOOK, 404, "{\"error\":{\"message\":\"No such session\"}}"), "report {\"status\":\"missing\"}", "gone");
	is_str(read_as("stripe", VA_PAYMENT_CREATE, 400, "{\"error\":{\"message\":\"Invalid currency\"}}"), "refused |Invalid currency", "refused");
	is_str(read_as("stripe", VA_PAYMENT_CREATE, 401, "{\"error\":{\"message\":\"Invalid API Key\"}}"), "bad_account |Invalid API Key", "a bad key");
	is_str(read_as("stripe", VA_PAYMENT_CREATE, 409, "{\"error\":{\"message\":\"in flight\"}}"), "again |in flight", "a twin on its way");
	is_str(read_as("stripe", VA_PAYMENT_CREATE, 500, "<html>"), "again |an answer with status 500 that cannot be read", "no JSON");
	is_str(read_as("stripe", VA_PAYMENT_CREATE, 0, NULL), "again |no answer", "no answer");
}

static void
test_paypal(void)
{
	const VaPaymentDriver *paypal = va_payment_driver("paypal");
	VaPaymentOrder yen = order_for(VA_PAYMENT_CREATE);
	VaPaymentReply reply;
	VaHttpResponse response = reply_of(200, "{\"access_token\":\"T\",\"expires_in\":32400}");
	VaHttpRequest request = { 0 };
	int64_t valid = 0;

	is_str(built("paypal", order_for(VA_PAYMENT_CREATE), "PayPal-Request-Id"),
		"POST https://api-m.paypal.com/v2/checkout/orders\nBearer KEY\n{\"intent\":\"CAPTURE\",\"payment_source\":{\"paypal\":"
		"{\"experience_context\":{\"cancel_url\":\"https://app.example/back?o=3\",\"return_url\":\"https://app.example/back?o=3\","
		"\"shipping_preference\":\"NO_SHIPPING\",\"user_action\":\"PAY_NOW\"}}},\"purchase_units\":[{\"amount\":{\"currency_code\":\"EUR\","
		"\"value\":\"250.00\"},\"custom_id\":\"va-1-2-3\",\"description\":\"A thousand & one\"}]}\nva-1-2-3-create",
		"an order");
	yen.currency = "JPY";
	yen.decimals = 0;
	ok(strstr(built("paypal", yen, NULL), "\"value\":\"25000\"") != NULL, "a currency without decimals");
	is_str(built("paypal", order_for(VA_PAYMENT_CAPTURE), NULL), "POST https://api-m.paypal.com/v2/checkout/orders/REF_1/capture\nBearer KEY\n{}\n",
		"a capture");
	is_str(built("paypal", order_for(VA_PAYMENT_REFUND), NULL),
		"POST https://api-m.paypal.com/v2/payments/captures/PAY_1/refund\nBearer KEY\n{\"amount\":{\"currency_code\":\"EUR\",\"value\":\"250.00\"}}\n",
		"a refund");
	ok(paypal->token_build(NULL, "id", "secret", &arena, &request, &why), "a token is asked for");
	is_str(request_text(&request), "POST https://api-m.paypal.com/v1/oauth2/token\nBasic aWQ6c2VjcmV0\ngrant_type=client_credentials\n",
		"... by id and secret");
	is_str(paypal->token_read(&response, &arena, &valid, &reply), "T", "... and read");
	response = reply_of(401, "{\"error\":\"invalid_client\",\"error_description\":\"Client Authentication failed\"}");
	ok(paypal->token_read(&response, &arena, &valid, &reply) == NULL && reply.kind == VA_PAYMENT_BAD_ACCOUNT, "... or refused");

	is_str(read_as("paypal", VA_PAYMENT_CREATE, 201,
			   "{\"id\":\"O1\",\"status\":\"PAYER_ACTION_REQUIRED\",\"links\":[{\"rel\":\"self\",\"href\":\"https://x\"},{\"rel\":\"payer-action\","
			   "\"href\":\"https://pay.example/2\"}],\"purchase_units\":[{\"amount\":{\"currency_code\":\"EUR\",\"value\":\"250.00\"},\"payee\":"
			   "{\"merchant_id\":\"M1\"}}]}"),
		"report {\"amount\":25000,\"approve_url\":\"https://pay.example/2\",\"currency\":\"EUR\",\"payee\":\"M1\",\"status\":\"open\",\"vendor_ref\":"
		"\"O1\"}",
		"an order that waits");
	is_str(read_as("paypal", VA_PAYMENT_LOOK, 200, "{\"id\":\"O1\",\"status\":\"APPROVED\"}"), "report {\"status\":\"approved\",\"vendor_ref\":\"O1\"}",
		"approved");
	is_str(read_as("paypal", VA_PAYMENT_CAPTURE, 201,
			   "{\"id\":\"O1\",\"status\":\"COMPLETED\",\"purchase_units\":[{\"amount\":{\"currency_code\":\"EUR\",\"value\":\"250.00\"},\"payee\":"
			   "{\"merchant_id\":\"M1\"},\"payments\":{\"captures\":[{\"id\":\"C1\",\"status\":\"COMPLETED\",\"amount\":{\"currency_code\":\"EUR\","
			   "\"value\":\"250.00\"}}],\"refunds\":[{\"status\":\"COMPLETED\",\"amount\":{\"value\":\"20.00\"}},{\"status\":\"FAILED\",\"amount\":"
			   "{\"value\":\"7.00\"}}]}}]}"),
		"report {\"amount\":25000,\"currency\":\"EUR\",\"method\":\"paypal\",\"payee\":\"M1\",\"payment_ref\":\"C1\",\"refunded\":2000,\"status\":"
		"\"completed\",\"vendor_ref\":\"O1\"}",
		"captured, and a part given back");
	is_str(read_as("paypal", VA_PAYMENT_CAPTURE, 201,
			   "{\"id\":\"O1\",\"status\":\"COMPLETED\",\"purchase_units\":[{\"payments\":{\"captures\":[{\"id\":\"C1\",\"status\":\"PENDING\","
			   "\"status_details\":{\"reason\":\"ECHECK\"}}]}}]}"),
		"report {\"message\":\"ECHECK\",\"method\":\"paypal\",\"payment_ref\":\"C1\",\"refunded\":0,\"status\":\"pending\",\"vendor_ref\":\"O1\"}",
		"COMPLETED is the capture's word, not the order's");
#define CAPTURES(list) "{\"id\":\"O1\",\"status\":\"COMPLETED\",\"purchase_units\":[{\"payments\":{\"captures\":[" list "]}}]}"
#define CAPTURED(id, status) "{\"id\":\"" id "\",\"status\":\"" status "\",\"amount\":{\"currency_code\":\"EUR\",\"value\":\"250.00\"}}"
#define STANDS(id, refunded, status) "report {\"amount\":25000,\"currency\":\"EUR\",\"method\":\"paypal\",\"payment_ref\":\"" id "\"" refunded ",\"status\":\"" status "\",\"vendor_ref\":\"O1\"}"
	is_str(read_as("paypal", VA_PAYMENT_LOOK, 200, CAPTURES(CAPTURED("C1", "DECLINED") "," CAPTURED("C2", "COMPLETED"))), STANDS("C2", ",\"refunded\":0", "completed"),
		"a capture that took the money counts, whatever came before it");
	is_str(read_as("paypal", VA_PAYMENT_LOOK, 200, CAPTURES(CAPTURED("C1", "PENDING") "," CAPTURED("C2", "DECLINED"))), STANDS("C1", ",\"refunded\":0", "pending"),
		"... or that may take it");
	is_str(read_as("paypal", VA_PAYMENT_LOOK, 200, CAPTURES(CAPTURED("C1", "REFUNDED"))), STANDS("C1", ",\"refunded\":25000", "completed"), "all given back, without a list");
	is_str(read_as("paypal", VA_PAYMENT_LOOK, 200, CAPTURES(CAPTURED("C1", "REVERSED"))), STANDS("C1", ",\"refunded\":25000", "completed"), "... or reversed");
	is_str(read_as("paypal", VA_PAYMENT_LOOK, 200, CAPTURES(CAPTURED("C1", "PARTIALLY_REFUNDED"))), STANDS("C1", "", "completed"), "a part, and nobody says how much");
	ok(strstr(read_as("paypal", VA_PAYMENT_LOOK, 200, CAPTURES(CAPTURED("C1", "HELD"))), "unknown here: HELD") != NULL, "a status that nobody knows is told");
	is_str(read_as("paypal", VA_PAYMENT_LOOK, 200, "{\"id\":\"O1\",\"status\":\"REVIEW\"}"), "report {\"status\":\"pending\",\"vendor_ref\":\"O1\"}",
		"... and of an order decides nothing");
	is_str(read_as("paypal", VA_PAYMENT_LOOK, 200, "{\"id\":\"O1\",\"status\":\"SAVED\"}"), "report {\"status\":\"open\",\"vendor_ref\":\"O1\"}",
		"one that nobody has approved is open");
	is_str(read_as("paypal", VA_PAYMENT_CAPTURE, 422, "{\"details\":[{\"issue\":\"ORDER_ALREADY_CAPTURED\"}]}"), "done |the vendor gives no reason",
		"captured already: look");
	is_str(read_as("paypal", VA_PAYMENT_CAPTURE, 422, "{\"details\":[{\"issue\":\"ORDER_NOT_APPROVED\"}]}"), "report {\"status\":\"open\"}",
		"not approved yet");
	is_str(read_as("paypal", VA_PAYMENT_CAPTURE, 422, "{\"details\":[{\"issue\":\"INSTRUMENT_DECLINED\",\"description\":\"No money\"}]}"),
		"report {\"message\":\"No money\",\"status\":\"declined\"}|No money", "declined");
	is_str(read_as("paypal", VA_PAYMENT_LOOK, 404, "{\"message\":\"gone\"}"), "report {\"status\":\"missing\"}", "gone");
	is_str(read_as("paypal", VA_PAYMENT_CREATE, 429, "{\"message\":\"slow\"}"), "again |slow", "later");
}

static bool
is_signed_with(const char *secret, const char *header, const char *body, int64_t now)
{
	VaHeader headers[] = { { "Content-Type", "application/json" }, { "Stripe-Signature", header } };
	VaSignedMessage message = { .headers = headers, .nheaders = header != NULL ? 2 : 1, .body = body, .body_len = strlen(body) };
	VaPaymentKeys keys = { .secret = secret, .now = now };

	return va_payment_driver("stripe")->verify(&message, &keys, &arena, &why) == VA_PAYMENT_SIGNED;
}

static bool
is_signed(const char *header, const char *body, int64_t now)
{
	return is_signed_with("whsec_test_secret", header, body, now);
}

/* The vectors were made by Stripe's own library. */
static void
test_signature(void)
{
	static const char body[] = "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"checkout.session.completed\"}";
	static const char good[] = "t=1700000000,v1=d1e4aa90551919f198c22ba0a9691b35338d4b631d54ce1f1465e93b1d41c430";
	static const char twice[] = "t=1700000000,v1=00,v0=d1,v1=d1e4aa90551919f198c22ba0a9691b35338d4b631d54ce1f1465e93b1d41c430";

	ok(is_signed(good, body, 1700000000), "a signature of Stripe's");
	ok(is_signed("t=1492774577,v1=9419ca3efd8be92e4dd23bc55a7cda87e78d24938be15d9d6456247845bf52f9",
		   "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"checkout.session.completed\",\"created\":1492774570}", 1492774577),
		"another");
	ok(is_signed(twice, body, 1700000000), "one of several is enough, while a secret is replaced");
	ok(is_signed(good, body, 1700000300) && is_signed(good, body, 1699999700), "within 300 seconds of its time");
	ok(!is_signed(good, body, 1700000301) && strstr(why, "300") != NULL, "not after them");
	ok(!is_signed(good, body, 1699999699), "nor before");
	ok(!is_signed(good, "{\"id\":\"evt_2\",\"object\":\"event\",\"type\":\"checkout.session.completed\"}", 1700000000), "not of another body");
	ok(!is_signed("t=1700000001,v1=d1e4aa90551919f198c22ba0a9691b35338d4b631d54ce1f1465e93b1d41c430", body, 1700000000), "not with another time");
	ok(!is_signed("t=1700000000,v0=d1e4aa90551919f198c22ba0a9691b35338d4b631d54ce1f1465e93b1d41c430", body, 1700000000), "v0 does not count");
	ok(!is_signed("v1=d1e4aa90551919f198c22ba0a9691b35338d4b631d54ce1f1465e93b1d41c430", body, 1700000000) && !is_signed("", body, 1700000000) &&
		   !is_signed(NULL, body, 1700000000) && !is_signed("t=,v1=", body, 1700000000) && !is_signed("t=1x,v1=d1", body, 1700000000),
		"nor what is no signature");
	ok(!is_signed_with("", good, body, 1700000000) && !is_signed_with(NULL, good, body, 1700000000) && !is_signed(good, "", 1700000000), "no secret, no body");
}

/* "reference subscription", "-" for none. */
static const char *
hinted(const char *vendor, const char *event)
{
	VaPaymentHint hint = va_payment_hint(va_payment_driver(vendor), event, strlen(event), &arena);

	return va_arena_printf(&arena, "%s %s", hint.reference != NULL ? hint.reference : "-", hint.subscription != NULL ? hint.subscription : "-");
}

/* An event says what it is about, and nothing else in it counts: the events are cut from those of the vendors' own fixtures. */
static void
test_events(void)
{
	static const char *const strange[] = { "", "[]", "{}", "{\"data\":[]}", "{\"data\":{\"object\":{\"metadata\":{\"order\":7}}}}", "{\"resource\":null}",
		"{\"resource\":{\"purchase_units\":{}}}", "{\"object\":\"v2.core.event\"}", "{\"type\":\"customer.subscription.updated\",\"data\":{\"object\":[]}}",
		"{\"event_type\":\"BILLING.SUBSCRIPTION.ACTIVATED\",\"resource\":7}" };
	const char *longer = va_arena_printf(&arena, "{\"resource\":{\"custom_id\":\"%0300d\"}}", 1);

	is_str(hinted("stripe", "{\"type\":\"charge.refunded\",\"data\":{\"object\":{\"object\":\"charge\",\"metadata\":{\"order\":\"va-1-2-3\"}}}}"), "va-1-2-3 -",
		"Stripe's events name our order");
	is_str(hinted("stripe", "{\"type\":\"checkout.session.completed\",\"data\":{\"object\":{\"object\":\"checkout.session\",\"mode\":\"subscription\","
							"\"client_reference_id\":\"vap-1-2-3\",\"metadata\":{},\"subscription\":\"sub_1\"}}}"),
		"vap-1-2-3 sub_1", "... a page its contract, and what became of it");
	is_str(hinted("stripe", "{\"type\":\"customer.subscription.created\",\"data\":{\"object\":{\"object\":\"subscription\",\"id\":\"sub_1\",\"status\":\"incomplete\","
							"\"metadata\":{\"contract\":\"vap-1-2-3\"}}}}"),
		"vap-1-2-3 sub_1", "... a subscription itself");
	is_str(hinted("stripe", "{\"type\":\"invoice.paid\",\"data\":{\"object\":{\"object\":\"invoice\",\"id\":\"in_1\",\"billing_reason\":\"subscription_cycle\","
							"\"subscription\":\"sub_1\",\"metadata\":{}}}}"),
		"- sub_1", "... an invoice its subscription");
	is_str(hinted("stripe", "{\"type\":\"invoice.payment_failed\",\"data\":{\"object\":{\"object\":\"invoice\",\"parent\":{\"type\":\"subscription_details\","
							"\"subscription_details\":{\"subscription\":\"sub_1\"}}}}}"),
		"- sub_1", "... where newer versions have it");
	is_str(hinted("stripe", "{\"type\":\"customer.created\",\"data\":{\"object\":{\"object\":\"customer\",\"id\":\"cus_1\"}}}"), "- -", "... a customer none");
	is_str(hinted("paypal", "{\"event_type\":\"PAYMENT.CAPTURE.COMPLETED\",\"resource\":{\"id\":\"C1\",\"custom_id\":\"va-1-2-3\"}}"), "va-1-2-3 -", "PayPal's do");
	is_str(hinted("paypal", "{\"event_type\":\"CHECKOUT.ORDER.APPROVED\",\"resource\":{\"id\":\"O1\",\"purchase_units\":[{\"custom_id\":\"va-1-2-3\"}]}}"),
		"va-1-2-3 -", "... in two places");
	is_str(hinted("paypal", "{\"event_type\":\"BILLING.SUBSCRIPTION.ACTIVATED\",\"resource_type\":\"subscription\",\"resource\":{\"id\":\"I-1\",\"custom_id\":"
							"\"vap-1-2-3\",\"status\":\"ACTIVE\"}}"),
		"vap-1-2-3 I-1", "... a subscription itself");
	is_str(hinted("paypal", "{\"event_type\":\"PAYMENT.SALE.COMPLETED\",\"resource_type\":\"sale\",\"resource\":{\"id\":\"SALE1\",\"custom\":\"vap-1-2-3\","
							"\"billing_agreement_id\":\"I-1\",\"amount\":{\"total\":\"49.00\",\"currency\":\"EUR\"}}}"),
		"vap-1-2-3 I-1", "... a sale its subscription, and not itself");
	is_str(hinted("paypal", longer), "- -", "... nothing that is no reference");
	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
		ok(strcmp(hinted("stripe", strange[i]), "- -") == 0 && strcmp(hinted("paypal", strange[i]), "- -") == 0, "none: %s", strange[i]);
}

/* ---- plans: a task and what came of it, a vendor each ---- */

static const char plan[] = "{\"reference\":\"vap-1-2-3\",\"name\":\"Basic\",\"currency\":\"EUR\",\"amount\":5831,\"reduced\":2916,\"decimals\":2,\"months\":1,"
						   "\"trial_days\":14,\"coupon_name\":\"HALF\",\"coupon_percent\":50,\"coupon_periods\":3,\"product\":\"prod_1\",\"coupon\":\"co_1\",\"price\":\"P-1\","
						   "\"subscription\":\"sub_1\",\"item\":\"si_1\",\"upgrade\":true,\"return_url\":\"https://app.example/p\",\"expires_at\":1700007200,"
						   "\"since\":1700000000,\"until\":1700000060,\"method_ref\":\"pm_1\"}";

static const char *
plan_built(const char *vendor, const char *task, const char *json, const char *header)
{
	VaHttpRequest request = { 0 };
	VaPaymentOrder order;
	const char *value;

	why = NULL;
	if (!va_payment_order(va_arena_join(&arena, "plan_", task, NULL), json, &arena, &order, &why))
		return va_arena_printf(&arena, "no task: %s", why);
	order.key = "KEY";
	order.idempotency_key = "va-1-2-4-ask";
	if (!va_payment_build(va_payment_driver(vendor), &order, &arena, &request, &why))
		return va_arena_printf(&arena, "refused: %s", why);
	value = header != NULL ? va_header_find(request.headers, request.nheaders, header) : NULL;
	return va_arena_printf(&arena, "%s%s", request_text(&request), value != NULL ? value : "");
}

static const char *
plan_read(const char *vendor, const char *task, const char *json, int status, const char *body)
{
	VaHttpResponse response = reply_of(status, body);
	VaPaymentOrder order;
	VaPaymentReply reply = { 0 };

	if (!va_payment_order(va_arena_join(&arena, "plan_", task, NULL), json, &arena, &order, &why))
		return "no task";
	va_payment_read(va_payment_driver(vendor), &order, &response, &arena, &reply);
	return va_arena_printf(&arena, "%s %s%s%s", va_payment_kind_name(reply.kind), reply.report != NULL ? reply.report : "",
		reply.message != NULL ? "|" : "", reply.message != NULL ? reply.message : "");
}

static void
test_stripe_plan_requests(void)
{
	static const char page[] = "{\"page\":\"cs_1\"}", strange[] = "{\"subscription\":\"../x y\"}";

	is_str(plan_built("stripe", "product", plan, "Idempotency-Key"), "POST https://api.stripe.com/v1/products\nBearer KEY\nname=Basic\nva-1-2-4-ask", "a product");
	is_str(plan_built("stripe", "coupon", plan, NULL),
		"POST https://api.stripe.com/v1/coupons\nBearer KEY\nname=HALF\npercent_off=50\nduration=repeating\nduration_in_months=3\n", "a coupon");
	is_str(plan_built("stripe", "coupon", "{\"coupon_name\":\"ALL\",\"coupon_percent\":10,\"months\":12}", NULL),
		"POST https://api.stripe.com/v1/coupons\nBearer KEY\nname=ALL\npercent_off=10\nduration=forever\n", "... for all periods");
	is_str(plan_built("stripe", "price", plan, NULL), "refused: the vendor takes no such request", "no price of its own");
	is_str(plan_built("stripe", "create", plan, "Stripe-Version"),
		"POST https://api.stripe.com/v1/checkout/sessions\nBearer KEY\nmode=subscription\nclient_reference_id=vap-1-2-3\nsuccess_url=https://app.example/p\n"
		"cancel_url=https://app.example/p\nexpires_at=1700007200\nline_items[0][quantity]=1\nline_items[0][price_data][currency]=eur\n"
		"line_items[0][price_data][unit_amount]=5831\nline_items[0][price_data][product]=prod_1\nline_items[0][price_data][recurring][interval]=month\n"
		"subscription_data[metadata][contract]=vap-1-2-3\nsubscription_data[trial_period_days]=14\ndiscounts[0][coupon]=co_1\n2023-08-16",
		"a page");
	is_str(plan_built("stripe", "change", plan, NULL),
		"POST https://api.stripe.com/v1/subscriptions/sub_1\nBearer KEY\nitems[0][id]=si_1\nitems[0][price_data][currency]=eur\nitems[0][price_data][unit_amount]=5831\n"
		"items[0][price_data][product]=prod_1\nitems[0][price_data][recurring][interval]=month\nproration_behavior=always_invoice\n"
		"payment_behavior=error_if_incomplete\n",
		"an upgrade, paid at once or not made");
	ok(strstr(plan_built("stripe", "change", "{\"subscription\":\"sub_1\",\"months\":12}", NULL), "[interval]=year\nproration_behavior=none\n") != NULL, "a downgrade");
	is_str(plan_built("stripe", "cancel", plan, NULL), "POST https://api.stripe.com/v1/subscriptions/sub_1\nBearer KEY\ncancel_at_period_end=true\n", "a cancellation");
	ok(strstr(plan_built("stripe", "cancel", "{\"subscription\":\"sub_1\",\"undo\":true}", NULL), "cancel_at_period_end=false") != NULL, "... taken back");
	is_str(plan_built("stripe", "withdraw", plan, NULL), "DELETE https://api.stripe.com/v1/subscriptions/sub_1\nBearer KEY\n", "a subscription ended");
	is_str(plan_built("stripe", "withdraw", page, NULL), "POST https://api.stripe.com/v1/checkout/sessions/cs_1/expire\nBearer KEY\n", "... a page closed");
	is_str(plan_built("stripe", "look", plan, NULL), "GET https://api.stripe.com/v1/subscriptions/sub_1\nBearer KEY\n", "a look");
	is_str(plan_built("stripe", "look", page, NULL), "GET https://api.stripe.com/v1/checkout/sessions/cs_1?expand%5B%5D=subscription\nBearer KEY\n", "... at its page");
	is_str(plan_built("stripe", "payments", plan, NULL), "GET https://api.stripe.com/v1/invoices?subscription=sub_1&limit=100\nBearer KEY\n", "its payments");
	is_str(plan_built("stripe", "detach", plan, NULL), "POST https://api.stripe.com/v1/payment_methods/pm_1/detach\nBearer KEY\n", "a method forgotten");
	is_str(plan_built("stripe", "look", strange, NULL), "refused: the vendor's number of what it is asked about is not valid", "no strange id goes into a path");
	is_str(plan_built("stripe", "steal", plan, NULL), "no task: what is asked is no task with an object", "no other task");
	is_str(plan_built("stripe", "look", "[]", NULL), "no task: what is asked is no task with an object", "nothing that is no object");
}

#define SUB(status, ends) "{\"id\":\"sub_1\",\"object\":\"subscription\",\"status\":\"" status "\",\"cancel_at_period_end\":" ends ",\"current_period_start\":1700000000," \
	"\"current_period_end\":1702592000,\"items\":{\"object\":\"list\",\"data\":[{\"id\":\"si_1\",\"price\":{\"id\":\"price_1\",\"unit_amount\":5831}}]}}"
#define SEEN(kind, live, more) "report {\"amount\":5831,\"facts\":[{\"ends_at\":1702592000,\"kind\":\"" kind "\",\"starts_at\":1700000000" more "}],\"item\":\"si_1\",\"live\":" live ",\"subscription\":\"sub_1\"}"

static void
test_stripe_plan_answers(void)
{
	static const char page[] = "{\"page\":\"cs_1\",\"decimals\":2}";

	is_str(plan_read("stripe", "product", plan, 200, "{\"id\":\"prod_1\",\"object\":\"product\"}"), "report {\"made\":\"prod_1\"}", "a product was made");
	is_str(plan_read("stripe", "product", plan, 200, "{}"), "again |the vendor names no number of what it made", "... without a number it is asked for again");
	is_str(plan_read("stripe", "create", plan, 200, "{\"id\":\"cs_1\",\"status\":\"open\",\"url\":\"https://pay.example/1\",\"subscription\":null}"),
		"report {\"approve_url\":\"https://pay.example/1\",\"page\":\"cs_1\"}", "a page was made");
	is_str(plan_read("stripe", "look", page, 200, "{\"id\":\"cs_1\",\"status\":\"open\",\"subscription\":null}"), "report {}", "... that is not approved yet");
	is_str(plan_read("stripe", "look", page, 200, "{\"id\":\"cs_1\",\"status\":\"expired\",\"subscription\":null}"), "report {\"expired\":true}", "... in time");
	is_str(plan_read("stripe", "look", page, 200, "{\"id\":\"cs_1\",\"status\":\"complete\",\"subscription\":" SUB("active", "false") "}"), SEEN("resumed", "true", ""), "... and is");
	is_str(plan_read("stripe", "look", plan, 200, SUB("trialing", "false")), SEEN("resumed", "true", ",\"trial\":true"), "tried");
	is_str(plan_read("stripe", "look", plan, 200, SUB("active", "true")), SEEN("canceled", "true", ""), "canceled");
	is_str(plan_read("stripe", "look", plan, 200, SUB("active", "false,\"cancel_at\":1701000000")),
		"report {\"amount\":5831,\"facts\":[{\"ends_at\":1701000000,\"kind\":\"canceled\",\"starts_at\":1700000000}],\"item\":\"si_1\",\"live\":true,\"subscription\":\"sub_1\"}", "... as of a day");
	is_str(plan_read("stripe", "look", plan, 200, SUB("active", "false,\"cancel_at\":null")), SEEN("resumed", "true", ""), "... no more");
	is_str(plan_read("stripe", "look", plan, 200, SUB("canceled", "false")), SEEN("closed", "false", ""), "ended");
	is_str(plan_read("stripe", "look", plan, 200, SUB("incomplete_expired", "false")), SEEN("closed", "false", ""), "never paid");
	is_str(plan_read("stripe", "look", plan, 200, SUB("unpaid", "false")), SEEN("resumed", "false", ""), "not charged any more");
	is_str(plan_read("stripe", "look", plan, 404, "{\"error\":{\"message\":\"No such subscription\"}}"), "report {\"status\":\"missing\"}", "gone");
	is_str(plan_read("stripe", "change", plan, 402, "{\"error\":{\"type\":\"card_error\",\"code\":\"card_declined\",\"message\":\"Your card was declined.\"}}"),
		"refused |Your card was declined.", "an upgrade that the card does not pay");
	is_str(plan_read("stripe", "payments", plan, 200,
			   "{\"object\":\"list\",\"data\":[{\"id\":\"in_2\",\"status\":\"paid\",\"billing_reason\":\"subscription_cycle\",\"created\":1700000000,\"currency\":\"eur\","
			   "\"subtotal\":5831,\"total_excluding_tax\":2916,\"tax\":0,\"payment_intent\":\"pi_2\",\"status_transitions\":{\"paid_at\":1700000050},\"lines\":{\"data\":["
			   "{\"period\":{\"start\":1690000000,\"end\":1700000000}},{\"period\":{\"start\":1700000000,\"end\":1702592000}}]}},"
			   "{\"id\":\"in_3\",\"status\":\"paid\",\"billing_reason\":\"subscription_update\",\"created\":1700000100,\"currency\":\"eur\",\"subtotal\":900,\"lines\":{\"data\":[]}},"
			   "{\"id\":\"in_4\",\"status\":\"open\",\"attempt_count\":2,\"billing_reason\":\"subscription_cycle\",\"created\":1700000200,\"currency\":\"eur\",\"subtotal\":5831},"
			   "{\"id\":\"in_5\",\"status\":\"open\",\"attempt_count\":0,\"billing_reason\":\"subscription_cycle\"},{\"id\":\"in_6\",\"status\":\"paid\",\"billing_reason\":\"manual\"}]}"),
		"report {\"facts\":[{\"amount\":5831,\"at\":1700000050,\"currency\":\"EUR\",\"ends_at\":1702592000,\"invoice\":\"in_2\",\"kind\":\"paid\",\"paid\":2916,"
		"\"payment\":\"pi_2\",\"starts_at\":1700000000,\"tax\":0},"
		"{\"amount\":900,\"at\":1700000100,\"currency\":\"EUR\",\"invoice\":\"in_3\",\"kind\":\"upgraded\",\"paid\":900},"
		"{\"amount\":5831,\"at\":1700000200,\"currency\":\"EUR\",\"invoice\":\"in_4\",\"kind\":\"failed\",\"paid\":5831}]}",
		"payments: of a period, less a coupon; of an upgrade; one that failed; none that was not tried, or is no plan's");
	is_str(plan_read("stripe", "detach", plan, 404, "{\"error\":{\"message\":\"No such PaymentMethod\"}}"), "report {\"status\":\"missing\"}", "forgotten before");
	is_str(plan_read("stripe", "payments", plan, 429, "{\"error\":{\"message\":\"slow\"}}"), "again |slow", "later");
	is_str(plan_read("stripe", "cancel", plan, 401, "{\"error\":{\"message\":\"Invalid API Key\"}}"), "bad_account |Invalid API Key", "a key that is not known");
}

static void
test_paypal_plan_requests(void)
{
	static const char free_cycle[] = "{\"frequency\":{\"interval_count\":14,\"interval_unit\":\"DAY\"},\"sequence\":1,\"tenure_type\":\"TRIAL\",\"total_cycles\":1}";

	is_str(plan_built("paypal", "product", plan, "PayPal-Request-Id"),
		"POST https://api-m.paypal.com/v1/catalogs/products\nBearer KEY\n{\"name\":\"Basic\",\"type\":\"SERVICE\"}\nva-1-2-4-ask", "a product");
	is_str(plan_built("paypal", "price", plan, NULL),
		va_arena_printf(&arena,
			"POST https://api-m.paypal.com/v1/billing/plans\nBearer KEY\n{\"billing_cycles\":[%s,{\"frequency\":{\"interval_count\":1,\"interval_unit\":\"MONTH\"},"
			"\"pricing_scheme\":{\"fixed_price\":{\"currency_code\":\"EUR\",\"value\":\"29.16\"}},\"sequence\":2,\"tenure_type\":\"TRIAL\",\"total_cycles\":3},"
			"{\"frequency\":{\"interval_count\":1,\"interval_unit\":\"MONTH\"},\"pricing_scheme\":{\"fixed_price\":{\"currency_code\":\"EUR\",\"value\":\"58.31\"}},"
			"\"sequence\":3,\"tenure_type\":\"REGULAR\",\"total_cycles\":0}],\"name\":\"Basic\",\"payment_preferences\":{\"auto_bill_outstanding\":true,"
			"\"payment_failure_threshold\":3},\"product_id\":\"prod_1\",\"status\":\"ACTIVE\"}\n",
			free_cycle),
		"a price: a trial, three periods with the coupon, all others");
	ok(strstr(plan_built("paypal", "price", "{\"currency\":\"JPY\",\"amount\":7000,\"reduced\":6300,\"coupon_percent\":10,\"months\":12}", NULL),
		   "[{\"frequency\":{\"interval_count\":1,\"interval_unit\":\"YEAR\"},\"pricing_scheme\":{\"fixed_price\":{\"currency_code\":\"JPY\",\"value\":\"6300\"}},\"sequence\":1,"
		   "\"tenure_type\":\"REGULAR\",\"total_cycles\":0}]") != NULL,
		"a coupon for all years is the price");
	is_str(plan_built("paypal", "coupon", plan, NULL), "refused: the vendor takes no such request", "no coupon of its own");
	is_str(plan_built("paypal", "create", plan, NULL),
		"POST https://api-m.paypal.com/v1/billing/subscriptions\nBearer KEY\n{\"application_context\":{\"cancel_url\":\"https://app.example/p\",\"return_url\":"
		"\"https://app.example/p\",\"shipping_preference\":\"NO_SHIPPING\",\"user_action\":\"SUBSCRIBE_NOW\"},\"custom_id\":\"vap-1-2-3\",\"plan_id\":\"P-1\"}\n",
		"a subscription");
	is_str(plan_built("paypal", "change", plan, NULL),
		"POST https://api-m.paypal.com/v1/billing/subscriptions/sub_1/revise\nBearer KEY\n{\"application_context\":{\"cancel_url\":\"https://app.example/p\",\"return_url\":"
		"\"https://app.example/p\"},\"plan_id\":\"P-1\"}\n",
		"a change");
	is_str(plan_built("paypal", "cancel", plan, NULL),
		"POST https://api-m.paypal.com/v1/billing/subscriptions/sub_1/cancel\nBearer KEY\n{\"reason\":\"canceled by the buyer\"}\n", "a cancellation");
	is_str(plan_built("paypal", "cancel", "{\"subscription\":\"I-1\",\"undo\":true}", NULL), "refused: the vendor takes no such request", "... which is not taken back");
	is_str(plan_built("paypal", "withdraw", plan, NULL),
		"POST https://api-m.paypal.com/v1/billing/subscriptions/sub_1/cancel\nBearer KEY\n{\"reason\":\"withdrawn\"}\n", "a subscription ended");
	is_str(plan_built("paypal", "look", plan, NULL), "GET https://api-m.paypal.com/v1/billing/subscriptions/sub_1\nBearer KEY\n", "a look");
	is_str(plan_built("paypal", "payments", plan, NULL),
		"GET https://api-m.paypal.com/v1/billing/subscriptions/sub_1/transactions?start_time=2023-11-14T22%3A13%3A20.000Z&end_time=2023-11-14T22%3A14%3A20.000Z\nBearer KEY\n",
		"its payments");
	is_str(plan_built("paypal", "detach", plan, NULL), "DELETE https://api-m.paypal.com/v3/vault/payment-tokens/pm_1\nBearer KEY\n", "a method forgotten");
	is_str(plan_built("paypal", "look", "{\"page\":\"cs_1\"}", NULL), "refused: the vendor's number of what it is asked about is not valid", "without a number there is nothing to look at");
}

#define BILLED(status, more) "{\"id\":\"I-1\",\"status\":\"" status "\",\"plan_id\":\"P-1\",\"start_time\":\"2023-11-14T22:13:20Z\",\"status_update_time\":\"2023-11-15T00:00:00Z\"" more "}"

static void
test_paypal_plan_answers(void)
{
	static const char untried[] = "{\"subscription\":\"I-1\",\"decimals\":2}", yen[] = "{\"subscription\":\"I-1\",\"decimals\":0}";

	is_str(plan_read("paypal", "price", plan, 201, "{\"id\":\"P-1\",\"status\":\"ACTIVE\"}"), "report {\"made\":\"P-1\"}", "a price was made");
	is_str(plan_read("paypal", "create", plan, 201,
			   "{\"id\":\"I-1\",\"status\":\"APPROVAL_PENDING\",\"links\":[{\"rel\":\"self\",\"href\":\"https://x\"},{\"rel\":\"approve\",\"href\":\"https://pay.example/i\"}]}"),
		"report {\"approve_url\":\"https://pay.example/i\",\"subscription\":\"I-1\"}", "a subscription to approve");
	is_str(plan_read("paypal", "look", plan, 200, BILLED("APPROVAL_PENDING", "")), "report {}", "... which is not approved yet");
	is_str(plan_read("paypal", "look", untried, 200, BILLED("ACTIVE", "")),
		"report {\"begins_at\":1700000000,\"facts\":[{\"at\":1700006400,\"kind\":\"resumed\",\"starts_at\":1700006400}],\"live\":true,\"price\":\"P-1\",\"subscription\":\"I-1\"}",
		"active");
	is_str(plan_read("paypal", "look", plan, 200, BILLED("ACTIVE", "")),
		"report {\"begins_at\":1701209600,\"facts\":[{\"at\":1700006400,\"ends_at\":1701209600,\"kind\":\"resumed\",\"starts_at\":1700000000,\"trial\":true}],\"live\":true,"
		"\"price\":\"P-1\",\"subscription\":\"I-1\"}",
		"... after a trial, from which its periods count");
	ok(strstr(plan_read("paypal", "look", untried, 200, BILLED("SUSPENDED", "")), "\"kind\":\"failed\",\"starts_at\":1700006400}],\"live\":true") != NULL, "suspended");
	ok(strstr(plan_read("paypal", "look", untried, 200, BILLED("CANCELLED", "")), "\"kind\":\"canceled\",\"starts_at\":1700006400}],\"live\":false") != NULL, "canceled");
	is_str(plan_read("paypal", "look", plan, 200, BILLED("RESTING", "")), "report {}", "a word that is not known decides nothing");
	is_str(plan_read("paypal", "change", plan, 200, "{\"plan_id\":\"P-2\",\"links\":[{\"rel\":\"approve\",\"href\":\"https://pay.example/r\"}]}"),
		"report {\"approve_url\":\"https://pay.example/r\"}", "a change to approve");
	is_str(plan_read("paypal", "cancel", plan, 204, ""), "report {}", "canceled, without a word");
	is_str(plan_read("paypal", "payments", plan, 200,
			   "{\"transactions\":[{\"id\":\"SALE1\",\"status\":\"COMPLETED\",\"time\":\"2023-11-14T22:13:20.940Z\",\"amount_with_breakdown\":{\"gross_amount\":{\"currency_code\":\"EUR\","
			   "\"value\":\"58.31\"}}},{\"id\":\"SALE2\",\"status\":\"DECLINED\",\"time\":\"2023-12-14T22:13:20Z\",\"amount_with_breakdown\":{\"gross_amount\":{\"currency_code\":\"EUR\","
			   "\"value\":\"58.31\"}}},{\"id\":\"SALE3\",\"status\":\"PENDING\",\"time\":\"2023-12-15T22:13:20Z\"}]}"),
		"report {\"facts\":[{\"amount\":5831,\"at\":1700000000,\"currency\":\"EUR\",\"kind\":\"paid\",\"payment\":\"SALE1\",\"starts_at\":1700000000},"
		"{\"amount\":5831,\"at\":1702592000,\"currency\":\"EUR\",\"kind\":\"failed\",\"payment\":\"SALE2\",\"starts_at\":1702592000}]}",
		"payments: one that was made, one that failed, none that is neither");
	ok(strstr(plan_read("paypal", "payments", yen, 200,
				  "{\"transactions\":[{\"id\":\"S\",\"status\":\"COMPLETED\",\"time\":\"2023-11-14T22:13:20Z\",\"amount_with_breakdown\":{\"gross_amount\":{\"currency_code\":\"JPY\","
				  "\"value\":\"7000.50\"}}}]}"),
		   "amount") == NULL,
		"an amount with a fraction that is not counted is none");
	is_str(plan_read("paypal", "change", plan, 422, "{\"name\":\"UNPROCESSABLE_ENTITY\",\"message\":\"no\",\"details\":[{\"issue\":\"X\",\"description\":\"Not so\"}]}"),
		"refused |Not so", "a change that PayPal refuses");
	is_str(plan_read("paypal", "withdraw", plan, 404, "{\"message\":\"gone\"}"), "report {\"status\":\"missing\"}", "ended before");
	is_str(plan_read("paypal", "create", plan, 503, "oops"), "again |an answer with status 503 that cannot be read", "later");
}

/* ---- PayPal's signature: an authority of the test's own, and certificates that it vouches for ---- */

#define DAY 86400

static X509 *
certificate_of(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, time_t until)
{
	X509 *made = X509_new();
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509_set_version(made, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(made), issuer == NULL ? 1 : 2);
	ASN1_TIME_set(X509_getm_notBefore(made), until - 10 * DAY);
	ASN1_TIME_set(X509_getm_notAfter(made), until);
	X509_set_pubkey(made, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC, (const unsigned char *) name, -1, -1, 0);
	X509_set_issuer_name(made, X509_get_subject_name(issuer != NULL ? issuer : made));
	X509V3_set_ctx(&context, issuer != NULL ? issuer : made, made, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, NID_basic_constraints, issuer == NULL ? "critical,CA:TRUE" : "CA:FALSE");
	X509_add_ext(made, extension, -1);
	X509_EXTENSION_free(extension);
	X509_sign(made, issuer_key, EVP_sha256());
	return made;
}

static const char *
pem_of(X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes;
	const char *pem;
	long len;

	PEM_write_bio_X509(bio, certificate);
	len = BIO_get_mem_data(bio, &bytes);
	pem = va_arena_strndup(&arena, bytes, (size_t) len);
	BIO_free(bio);
	return pem;
}

static const char *
signature_of(EVP_PKEY *key, const char *text)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char bytes[512];
	size_t len = sizeof(bytes);
	char *encoded = va_arena_alloc(&arena, 1024);

	EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key);
	EVP_DigestSign(context, bytes, &len, (const unsigned char *) text, strlen(text));
	EVP_MD_CTX_free(context);
	va_base64_encode(bytes, len, encoded);
	return encoded;
}

static bool
is_good(const char *pem, time_t now)
{
	return va_paypal_certificate_good(pem, strlen(pem), now, &why);
}

static void
test_paypal_certificates(EVP_PKEY *key, time_t now)
{
	EVP_PKEY *root_key = EVP_RSA_gen(2048);
	EVP_PKEY *other_key = EVP_RSA_gen(2048);
	X509 *root = certificate_of("An authority", root_key, NULL, root_key, now + 5 * DAY);
	X509 *other = certificate_of("An authority", other_key, NULL, other_key, now + 5 * DAY);
	X509 *leaf = certificate_of("messageverificationcerts.paypal.com", key, root, root_key, now + DAY);
	X509 *strange = certificate_of("messages.paypal.com.example.com", key, root, root_key, now + DAY);
	X509 *forged = certificate_of("messageverificationcerts.paypal.com", key, other, other_key, now + DAY);
	char path[] = "va-authority-XXXXXX";
	int fd = mkstemp(path);

	ok(fd >= 0 && write(fd, pem_of(root), strlen(pem_of(root))) > 0, "an authority of the test's own");
	close(fd);
	ok(!is_good(pem_of(leaf), now) && why != NULL, "one of an authority that nobody trusts: %s", why);
	setenv("SSL_CERT_FILE", path, 1);
	ok(is_good(pem_of(leaf), now), "a certificate of an authority that the system trusts");
	ok(!is_good(pem_of(leaf), now + 2 * DAY) && strstr(why, "expired") != NULL, "... until it has expired");
	ok(!is_good(pem_of(leaf), now - 20 * DAY), "... and not before its time");
	ok(!is_good(pem_of(strange), now) && strstr(why, "another name") != NULL, "one of another name is none");
	ok(!is_good(pem_of(forged), now), "nor one of an authority that only has the same name");
	ok(!is_good(va_arena_printf(&arena, "%s%s", pem_of(forged), pem_of(other)), now), "... though it brings that along");
	ok(!is_good("", now) && !is_good("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", now), "nor what is no certificate");
	unlink(path);
	unsetenv("SSL_CERT_FILE");
	X509_free(root);
	X509_free(other);
	X509_free(leaf);
	X509_free(strange);
	X509_free(forged);
	EVP_PKEY_free(root_key);
	EVP_PKEY_free(other_key);
}

static const char *webhook = "1JE4291016473214C";
static const char *leaf_pem;

static bool
paypal_signed(VaPaypalSignature signature, const char *body)
{
	return va_paypal_signed(&signature, webhook, leaf_pem, body, strlen(body), &arena, &why);
}

static void
test_paypal_signature(void)
{
	static const char body[] = "{\"id\":\"WH-1\",\"event_type\":\"PAYMENT.CAPTURE.COMPLETED\"}";
	static const char text[] = "69cd13f0-d67a-11e5-baa3-778b53f4ae55|2016-02-18T20:01:35Z|1JE4291016473214C|2325436976";
	static const char longer[] = "{\"id\":\"WH-1\",\"event_type\":\"PAYMENT.CAPTURE.COMPLETED\",\"resource\":{\"id\":\"C1\"}}";
	EVP_PKEY *key = EVP_RSA_gen(2048);
	EVP_PKEY *stranger = EVP_RSA_gen(2048);
	time_t now = 1790000000;
	X509 *leaf = certificate_of("messageverificationcerts.paypal.com", key, NULL, key, now + DAY);
	VaPaypalSignature signature = { "69cd13f0-d67a-11e5-baa3-778b53f4ae55", "2016-02-18T20:01:35Z", "SHA256withRSA", signature_of(key, text) };
	VaPaypalSignature changed = signature;
	int taken = 0;

	leaf_pem = pem_of(leaf);
	ok(paypal_signed(signature, body), "a signature over id, time, webhook and the body's CRC-32");
	for (size_t bit = 0; bit < strlen(body) * 8; bit++)
	{
		char one[sizeof(body)];

		memcpy(one, body, sizeof(body));
		one[bit / 8] ^= (char) (1 << bit % 8);
		taken += va_paypal_signed(&signature, webhook, leaf_pem, one, strlen(body), &arena, &why);
	}
	ok(taken == 0, "no body with one bit changed, of %zu", strlen(body) * 8);
	changed.id = "69cd13f0-d67a-11e5-baa3-778b53f4ae56";
	ok(!paypal_signed(changed, body), "nor with another id");
	changed = signature;
	changed.time = "2016-02-18T20:01:36Z";
	ok(!paypal_signed(changed, body), "nor another time");
	changed = signature;
	changed.algorithm = "SHA1withRSA";
	ok(!paypal_signed(changed, body), "nor another algorithm");
	changed = signature;
	changed.value = signature_of(stranger, text);
	ok(!paypal_signed(changed, body), "nor of another key");
	changed.value = "!";
	ok(!paypal_signed(changed, body), "nor what is no base64");
	ok(!paypal_signed((VaPaypalSignature){ 0 }, body) && !paypal_signed(signature, ""), "nor nothing");
	changed = signature;
	changed.time = "2026-11-22T10:00:00Z";
	changed.value = signature_of(key, "69cd13f0-d67a-11e5-baa3-778b53f4ae55|2026-11-22T10:00:00Z|1JE4291016473214C|2776143918");
	ok(paypal_signed(changed, longer), "another body, whose CRC-32 is known");
	webhook = "1JE4291016473214D";
	ok(!paypal_signed(signature, body), "nor for another webhook");
	webhook = "2325436976";
	changed = signature;
	changed.id = "69cd13f0-d67a-11e5-baa3-778b53f4ae55|2016-02-18T20:01:35Z";
	changed.time = "1JE4291016473214C";
	ok(!paypal_signed(changed, body), "nor with its parts moved");
	webhook = NULL;
	ok(!paypal_signed(signature, body), "nor without a webhook");
	test_paypal_certificates(key, now);
	X509_free(leaf);
	EVP_PKEY_free(key);
	EVP_PKEY_free(stranger);
}

static void
test_paypal_urls(void)
{
	static const char *const good[] = { "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-df8cd2d5",
		"https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1", "https://api-m.paypal.com/c" };
	static const char *const bad[] = { "http://api.paypal.com/c", "https://paypal.com.example.com/c", "https://evilpaypal.com/c",
		"https://example.com/.paypal.com/c", "https://x@api.paypal.com/c", "https://api.paypal.com@example.com/c", "https://api.paypal.com:8443/c",
		"https://api.paypal.com", "https://.paypal.com/c", "https://example.com#.paypal.com/c", "https://example.com?.paypal.com/c",
		"https://example.com\\.paypal.com/c", "https://api.paypal.com/c?x=1", "https://api.paypal.com/a b", "https://api.PayPal.com/c", "https://api.paypal.com//c", "https://api.paypal.com/./c", "https://api.paypal.com/x/../c", "", "file:///etc/passwd" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ok(va_paypal_certificate_url_good(good[i], NULL), "PayPal's: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!va_paypal_certificate_url_good(bad[i], "") && !va_paypal_certificate_url_good(bad[i], "http://127.0.0.1:99"), "not PayPal's: %s", bad[i]);
	ok(va_paypal_certificate_url_good("http://127.0.0.1:99/c", "http://127.0.0.1:99"), "what stands in for PayPal has its own");
	ok(!va_paypal_certificate_url_good("http://127.0.0.1:999/c", "http://127.0.0.1:99") &&
		   !va_paypal_certificate_url_good("http://127.0.0.1:99@example.com/c", "http://127.0.0.1:99") && !va_paypal_certificate_url_good(NULL, NULL),
		"... and no other");
}

/* Tasks that a vendor does not do; what its row in payment_vendors says must agree. */
static void
test_steps(void)
{
	static const struct
	{
		const char *vendor;
		VaPaymentTask lacks[2];
	} drivers[] = { { "stripe", { VA_PAYMENT_CAPTURE, VA_PLAN_PRICE } }, { "paypal", { VA_PAYMENT_DISPUTE, VA_PLAN_COUPON } } };

	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		for (int task = 0; task < VA_PAYMENT_TASKS; task++)
		{
			VaPaymentOrder order = { .task = (VaPaymentTask) task, .subscription = "sub_1" };
			const VaPaymentStep *step = va_payment_driver(drivers[i].vendor)->step(&order);
			bool lacks = task == (int) drivers[i].lacks[0] || task == (int) drivers[i].lacks[1];

			ok(lacks ? step->method == NULL : step->method != NULL && step->path[0] == '/', "%s: task %d is %s", drivers[i].vendor, task, lacks ? "none" : "a step");
		}
}

int
main(void)
{
	test_intents();
	test_steps();
	test_units();
	test_stripe();
	test_paypal();
	test_signature();
	test_events();
	test_stripe_plan_requests();
	test_stripe_plan_answers();
	test_paypal_plan_requests();
	test_paypal_plan_answers();
	test_paypal_signature();
	test_paypal_urls();
	ok(va_payment_driver("bank") == NULL && va_payment_driver(NULL) == NULL, "no other vendor");
	va_arena_free(&arena);
	return done_testing();
}
