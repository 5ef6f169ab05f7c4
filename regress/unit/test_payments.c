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

/* The state that a payment by a kept method is taken for. */
static const char *
intent_state(const char *status)
{
	static const char *const states[] = {"completed", "pending", "declined"};
	VaHttpResponse response = reply_of(200, va_arena_printf(&arena, "{\"id\":\"pi_1\",\"status\":%s}", status));
	VaPaymentOrder order = order_for(VA_PAYMENT_CREATE);
	VaPaymentReply reply;

	order.by_payment = true;
	va_payment_driver("stripe")->read(&order, &response, &arena, &reply);
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
	return va_payment_paypal_certificate_good(pem, strlen(pem), now, &why);
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
	return va_payment_paypal_signed(&signature, webhook, leaf_pem, body, strlen(body), &arena, &why);
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
		taken += va_payment_paypal_signed(&signature, webhook, leaf_pem, one, strlen(body), &arena, &why);
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
		ok(va_payment_paypal_certificate_url(good[i], NULL), "PayPal's: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!va_payment_paypal_certificate_url(bad[i], "") && !va_payment_paypal_certificate_url(bad[i], "http://127.0.0.1:99"), "not PayPal's: %s", bad[i]);
	ok(va_payment_paypal_certificate_url("http://127.0.0.1:99/c", "http://127.0.0.1:99"), "what stands in for PayPal has its own");
	ok(!va_payment_paypal_certificate_url("http://127.0.0.1:999/c", "http://127.0.0.1:99") &&
		   !va_payment_paypal_certificate_url("http://127.0.0.1:99@example.com/c", "http://127.0.0.1:99") && !va_payment_paypal_certificate_url(NULL, NULL),
		"... and no other");
}

int
main(void)
{
	VaPaymentTask task;

	test_intents();
	test_units();
	test_stripe();
	test_paypal();
	test_signature();
	test_events();
	test_paypal_signature();
	test_paypal_urls();
	ok(va_payment_driver("bank") == NULL && va_payment_driver(NULL) == NULL, "no other vendor");
	ok(va_payment_task("dispute", &task) && task == VA_PAYMENT_DISPUTE && !va_payment_task("steal", &task), "tasks by name");
	va_arena_free(&arena);
	return done_testing();
}
