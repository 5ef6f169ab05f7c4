/*
 * fuzz_payments.c
 *		Any bytes as what a payment vendor answers to each task, as an event, as a token, as an order of ours: no crash, a report is JSON
 *		without an amount below nothing, a fact has a kind that SQL knows, and nothing of an order ends a line of its request.
 */
#include "drivers.h"

#include "pure/payments/payments.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const vendors[] = { "stripe", "paypal" };

static bool
is_one_of(const char *word, const char *words)
{
	const char *at = word != NULL ? strstr(words, word) : NULL;

	return at != NULL && word[0] != '\0';
}

static void
check_fact(const json_t *fact)
{
	static const char *const numbers[] = { "at", "starts_at", "ends_at", "amount", "paid", "tax" };

	check(is_one_of(va_json_string(fact, "kind"), "paid upgraded failed canceled resumed closed"));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		check(json_integer_value(json_object_get(fact, numbers[i])) >= 0);
	if (json_is_true(json_object_get(fact, "trial")))
		check(json_object_get(fact, "starts_at") != NULL && json_object_get(fact, "ends_at") != NULL);
}

static void
check_payment_reply(const VaPaymentReply *reply, VaArena *arena)
{
	const char *why = NULL;
	json_t *report;
	const json_t *facts;

	check((reply->report != NULL) == (reply->kind == VA_PAYMENT_REPORT));
	check(reply->kind == VA_PAYMENT_REPORT || reply->kind == VA_PAYMENT_DONE || reply->message != NULL);
	check_text(reply->message);
	if (reply->report == NULL)
		return;
	report = va_json_load(arena, reply->report, strlen(reply->report), &why);
	check(json_is_object(report));
	check(json_integer_value(json_object_get(report, "amount")) >= 0 && json_integer_value(json_object_get(report, "disputed")) >= 0 &&
		  json_integer_value(json_object_get(report, "refunded")) >= 0);
	check(va_json_string(report, "status") == NULL ||
		  is_one_of(va_json_string(report, "status"), "open approved pending completed declined expired missing"));
	facts = va_json_array(report, "facts");
	for (size_t i = 0; i < json_array_size(facts); i++)
		check_fact(json_array_get(facts, i));
	json_decref(report);
}

/* Every number that the vendor may have given, so that no step is refused for want of one. */
static VaPaymentOrder
payment_order_of(int task, const char *text, size_t size)
{
	return (VaPaymentOrder){ .key = "KEY", .idempotency_key = "k", .task = (VaPaymentTask) task, .reference = text, .name = text,
		.currency = "EUR", .amount = 25000, .decimals = (int64_t) (size % 5), .return_url = text, .expires_at = 1700007200,
		.vendor_ref = size % 2 == 0 ? "O1" : NULL, .payment_ref = text, .customer_ref = "cus_1", .keeps = true, .of_plan = size % 3 == 0,
		.reduced = 100, .months = 12, .trial_days = 14, .coupon_percent = 50, .coupon_periods = (int64_t) (size % 7), .coupon_name = text,
		.product = text, .coupon = text, .price = text, .subscription = size % 2 == 0 ? "I-1" : NULL, .page = "cs_1", .item = text,
		.since = 1700000000, .until = 1700000060 };
}

static void
fuzz_task(const VaPaymentDriver *driver, int task, const char *text, size_t size, VaArena *arena)
{
	static const int refusals[] = { 204, 400, 402, 404, 422, 500 };
	VaPaymentOrder order = payment_order_of(task, text, size);
	VaHttpRequest request = { 0 };
	VaPaymentReply reply;
	const char *why = NULL;

	for (int kept = 0; kept < 2; kept++, order.method_ref = text)
	{
		if (va_payment_build(driver, &order, arena, &request, &why))
			check_request(&request);
		else
			check(why != NULL);
	}
	order.method_ref = size % 4 == 0 ? "pm_1" : NULL;
	/* As a success, and as one more status: parsing is most of the time. */
	for (int i = 0; i < 2; i++)
	{
		int status = i == 0 ? 200 : refusals[size % 6];
		VaHttpResponse response = { .status = status, .sent = true, .body = text, .body_len = size };

		va_payment_read(driver, &order, &response, arena, &reply);
		check_payment_reply(&reply, arena);
		/* Whatever a vendor says beside an error, no money has come. */
		check(status < 300 || reply.report == NULL || (strstr(reply.report, "completed") == NULL && strstr(reply.report, "\"facts\"") == NULL));
	}
}

static void
fuzz_event(const VaPaymentDriver *driver, const char *text, size_t size, VaArena *arena)
{
	VaHeader headers[] = { { "stripe-signature", text }, { "paypal-transmission-sig", text }, { "paypal-transmission-id", text },
		{ "paypal-transmission-time", text }, { "paypal-auth-algo", "SHA256withRSA" }, { "paypal-cert-url", "https://api.paypal.com/c" } };
	VaSignedMessage message = { .headers = headers, .nheaders = 6, .body = text, .body_len = size };
	VaPaymentKeys keys = { .secret = "whsec_0123456789", .webhook_id = "WH", .certificate = text, .now = 1700000000 };
	VaPaymentHint hint = va_payment_hint(driver, text, size, arena);
	const char *why = NULL;

	check_text(hint.reference);
	check_text(hint.subscription);
	/* Nobody has signed it. */
	check(driver->verify(&message, &keys, arena, &why) == VA_PAYMENT_UNSIGNED && why != NULL);
	if (driver->certificate_url_good != NULL && driver->certificate_url_good(text, NULL))
		check(strncmp(text, "https://", 8) == 0 && strpbrk(text, "@?#\\: \r\n") == text + 5);
	if (driver->token_read != NULL)
	{
		VaHttpResponse response = { .status = 200, .sent = true, .body = text, .body_len = size };
		VaPaymentReply reply = { 0 };
		int64_t valid_s = 0;

		check(driver->token_read(&response, arena, &valid_s, &reply) == NULL || valid_s > 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaArena arena = { 0 };
	const char *text = va_arena_strndup(&arena, (const char *) data, size);
	VaPaymentOrder order;
	const char *why = NULL;
	int64_t units = 0;

	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++)
	{
		const VaPaymentDriver *driver = va_payment_driver(vendors[i]);

		for (int task = 0; task < VA_PAYMENT_TASKS; task++)
			fuzz_task(driver, task, text, size, &arena);
		fuzz_event(driver, text, size, &arena);
		if (va_payment_order(size % 2 == 0 ? "plan_create" : "create", text, &arena, &order, &why))
			check_text(order.name);
	}
	check(!va_payment_units(text, 2, &units) || units >= 0);
	va_arena_free(&arena);
	return 0;
}
