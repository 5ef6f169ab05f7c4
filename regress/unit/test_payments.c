/*
 * test_payments.c
 *		The drivers of payment vendors: requests to the letter, every kind of answer, amounts, and Stripe's signature by published vectors.
 */
#include "drivers.h"

#include "pure/payments/payments.h"

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
	if (!va_payment_driver(vendor)->build(&order, &arena, &request, &why))
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

	va_payment_driver(vendor)->read(&order, &response, &arena, &reply);
	return va_arena_printf(&arena, "%s %s%s%s", va_payment_kind_name(reply.kind), reply.report != NULL ? reply.report : "",
		reply.message != NULL ? "|" : "", reply.message != NULL ? reply.message : "");
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
	is_str(built("stripe", strange, NULL), "refused: the vendor's number of the order is not valid", "no strange id goes into a path");

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
			   "{\"status\":\"warning_needs_response\",\"amount\":1000}]}"),
		"report {\"disputed\":23}", "disputes that are open or lost");
	is_str(read_as("stripe", VA_PAYMENT_REFUND, 200, "{\"status\":\"pending\"}"), "done ", "a refund that is taken");
	is_str(read_as("stripe", VA_PAYMENT_LOOK, 404, "{\"error\":{\"message\":\"No such session\"}}"), "report {\"status\": \"missing\"}", "gone");
	is_str(read_as("stripe", VA_PAYMENT_CREATE, 400, "{\"error\":{\"message\":\"Invalid currency\"}}"), "refused |Invalid currency", "refused");
	is_str(read_as("stripe", VA_PAYMENT_CREATE, 401, "{\"error\":{\"message\":\"Invalid API Key\"}}"), "bad_account |Invalid API Key", "a bad key");
	is_str(read_as("stripe", VA_PAYMENT_CREATE, 409, "{\"error\":{\"message\":\"in flight\"}}"), "again |in flight", "a twin on its way");
	is_str(read_as("stripe", VA_PAYMENT_CREATE, 500, "<html>"), "again |an answer with status 500 that cannot be read", "no JSON");
	is_str(read_as("stripe", VA_PAYMENT_CREATE, 0, NULL), "again |no answer", "no answer");
}

static void
test_paypal(void)
{
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
	ok(va_payment_token_build(NULL, "id", "secret", &arena, &request, &why), "a token is asked for");
	is_str(request_text(&request), "POST https://api-m.paypal.com/v1/oauth2/token\nBasic aWQ6c2VjcmV0\ngrant_type=client_credentials\n",
		"... by id and secret");
	is_str(va_payment_token_read(&response, &arena, &valid, &reply), "T", "... and read");
	response = reply_of(401, "{\"error\":\"invalid_client\",\"error_description\":\"Client Authentication failed\"}");
	ok(va_payment_token_read(&response, &arena, &valid, &reply) == NULL && reply.kind == VA_PAYMENT_BAD_ACCOUNT, "... or refused");

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
	is_str(read_as("paypal", VA_PAYMENT_CAPTURE, 422, "{\"details\":[{\"issue\":\"ORDER_ALREADY_CAPTURED\"}]}"), "done |the vendor gives no reason",
		"captured already: look");
	is_str(read_as("paypal", VA_PAYMENT_CAPTURE, 422, "{\"details\":[{\"issue\":\"ORDER_NOT_APPROVED\"}]}"), "report {\"status\": \"open\"}",
		"not approved yet");
	is_str(read_as("paypal", VA_PAYMENT_CAPTURE, 422, "{\"details\":[{\"issue\":\"INSTRUMENT_DECLINED\",\"description\":\"No money\"}]}"),
		"report {\"message\":\"No money\",\"status\":\"declined\"}|No money", "declined");
	is_str(read_as("paypal", VA_PAYMENT_LOOK, 404, "{\"message\":\"gone\"}"), "report {\"status\": \"missing\"}", "gone");
	is_str(read_as("paypal", VA_PAYMENT_CREATE, 429, "{\"message\":\"slow\"}"), "again |slow", "later");
}

static bool
is_signed(const char *header, const char *body, int64_t now)
{
	return va_payment_stripe_signed(header, "whsec_test_secret", body, strlen(body), now, &why);
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
	ok(!va_payment_stripe_signed(good, "", body, strlen(body), 1700000000, &why) && !is_signed(good, "", 1700000000), "no secret, no body");
}

static void
test_events(void)
{
	static const char stripe[] = "{\"type\":\"charge.refunded\",\"data\":{\"object\":{\"metadata\":{\"order\":\"va-1-2-3\"}}}}";
	static const char capture[] = "{\"event_type\":\"PAYMENT.CAPTURE.COMPLETED\",\"resource\":{\"custom_id\":\"va-1-2-3\"}}";
	static const char approved[] = "{\"event_type\":\"CHECKOUT.ORDER.APPROVED\",\"resource\":{\"purchase_units\":[{\"custom_id\":\"va-1-2-3\"}]}}";
	static const char *const strange[] = { "", "[]", "{}", "{\"data\":[]}", "{\"data\":{\"object\":{\"metadata\":{\"order\":7}}}}", "{\"resource\":null}",
		"{\"resource\":{\"purchase_units\":{}}}", "{\"object\":\"v2.core.event\"}" };

	is_str(va_payment_event_reference("stripe", stripe, strlen(stripe), &arena), "va-1-2-3", "Stripe's events name our order");
	is_str(va_payment_event_reference("paypal", capture, strlen(capture), &arena), "va-1-2-3", "PayPal's do");
	is_str(va_payment_event_reference("paypal", approved, strlen(approved), &arena), "va-1-2-3", "... in two places");
	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
		ok(va_payment_event_reference("stripe", strange[i], strlen(strange[i]), &arena) == NULL &&
			   va_payment_event_reference("paypal", strange[i], strlen(strange[i]), &arena) == NULL,
			"none: %s", strange[i]);
}

int
main(void)
{
	VaPaymentTask task;

	test_units();
	test_stripe();
	test_paypal();
	test_signature();
	test_events();
	ok(va_payment_driver("bank") == NULL && va_payment_driver(NULL) == NULL, "no other vendor");
	ok(va_payment_task("dispute", &task) && task == VA_PAYMENT_DISPUTE && !va_payment_task("steal", &task), "tasks by name");
	va_arena_free(&arena);
	return done_testing();
}
