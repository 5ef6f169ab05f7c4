/*-------------------------------------------------------------------------
 * payments.c
 *		Shared by all payment vendors (contract in payments.h).
 */
#include "payments_internal.h"

#include <string.h>

#include "pure/text/instant.h"

/* Our references have at most about 60 characters, the vendors' numbers fewer. */
#define REFERENCE_MAX_LEN 200

#define DRIVERS(X) \
	X(stripe)      \
	X(paypal)

#define DECLARE(vendor) extern const VaPaymentDriver va_payment_##vendor;
#define LIST(vendor) &va_payment_##vendor,

DRIVERS(DECLARE)

static const VaPaymentDriver *const drivers[] = { DRIVERS(LIST) };

const VaPaymentDriver *
va_payment_driver(const char *name)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (name != NULL && strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	return NULL;
}

const char *
va_payment_kind_name(VaPaymentKind kind)
{
	static const char *const names[] = {
		[VA_PAYMENT_REPORT] = "report",
		[VA_PAYMENT_DONE] = "done",
		[VA_PAYMENT_AGAIN] = "again",
		[VA_PAYMENT_BAD_ACCOUNT] = "bad_account",
		[VA_PAYMENT_REFUSED] = "refused",
	};

	return names[kind];
}

bool
va_payment_units(const char *text, int decimals, int64_t *units)
{
	int64_t value = 0;
	int digits = 0;
	int after = -1; /* decimals read; -1: no point yet */

	if (text == NULL)
		return false;
	for (; *text != '\0'; text++)
	{
		if (*text == '.' && after < 0 && digits > 0)
			after = 0;
		else if (*text >= '0' && *text <= '9' && digits < 18)
		{
			if (after >= decimals)
			{
				/* A fraction that the vendor does not count must be nothing. */
				if (*text != '0')
					return false;
				continue;
			}
			value = value * 10 + (*text - '0');
			digits++;
			after += after >= 0;
		}
		else
			return false;
	}
	for (int i = after < 0 ? 0 : after; i < decimals; i++)
	{
		if (value > INT64_MAX / 10)
			return false;
		value *= 10;
	}
	*units = value;
	return digits > 0;
}

int64_t
va_payment_integer(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) && json_integer_value(value) >= 0 ? json_integer_value(value) : -1;
}

const char *
va_payment_word(const VaPaymentWord *words, size_t n, const char *theirs)
{
	for (size_t i = 0; theirs != NULL && i < n; i++)
		if (strcmp(words[i].theirs, theirs) == 0)
			return words[i].ours;
	return NULL;
}

json_t *
va_payment_body(const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply)
{
	const char *why = NULL;
	json_t *body = NULL;

	*reply = (VaPaymentReply){ .kind = VA_PAYMENT_AGAIN };
	if (response->status == 0)
	{
		reply->message = response->error != NULL && response->error[0] != '\0' ? va_arena_strdup(arena, response->error)
																			   : "no answer";
		return NULL;
	}
	body = va_json_load(arena, response->body, response->body_len, &why);
	if (!json_is_object(body))
	{
		json_decref(body);
		reply->message = va_arena_printf(arena, "an answer with status %d that cannot be read", response->status);
		if (response->status == 401 || response->status == 403)
			reply->kind = VA_PAYMENT_BAD_ACCOUNT;
		return NULL;
	}
	return body;
}

void
va_payment_refusal(int status, const char *message, VaPaymentReply *reply)
{
	reply->message = message != NULL ? message : "the vendor gives no reason";
	if (status == 401 || status == 403)
		reply->kind = VA_PAYMENT_BAD_ACCOUNT;
	else if (status == 409 || status == 429 || status >= 500)
		reply->kind = VA_PAYMENT_AGAIN;
	else
		reply->kind = VA_PAYMENT_REFUSED;
}

int64_t
va_payment_time(const char *text)
{
	int64_t ms;

	return text != NULL && va_time_parse(text, &ms) ? ms / 1000 : 0;
}

/* ---- requests ---- */

#define MEMBER(member)                            \
	{                                             \
#member, offsetof(VaPaymentOrder, member) \
	}

typedef struct Member
{
	const char *name;
	size_t at;
} Member;

static const char *const task_names[VA_PAYMENT_TASKS] = {
	[VA_PAYMENT_CREATE] = "create",
	[VA_PAYMENT_LOOK] = "look",
	[VA_PAYMENT_CAPTURE] = "capture",
	[VA_PAYMENT_REFUND] = "refund",
	[VA_PAYMENT_DISPUTE] = "dispute",
	[VA_PLAN_PRODUCT] = "plan_product",
	[VA_PLAN_COUPON] = "plan_coupon",
	[VA_PLAN_PRICE] = "plan_price",
	[VA_PLAN_CREATE] = "plan_create",
	[VA_PLAN_CHANGE] = "plan_change",
	[VA_PLAN_CANCEL] = "plan_cancel",
	[VA_PLAN_WITHDRAW] = "plan_withdraw",
	[VA_PLAN_LOOK] = "plan_look",
	[VA_PLAN_PAYMENTS] = "plan_payments",
	[VA_PLAN_DETACH] = "plan_detach",
};

bool
va_payment_order(const char *task, const char *json, VaArena *arena, VaPaymentOrder *order, const char **why)
{
	static const Member texts[] = { MEMBER(reference), MEMBER(name), MEMBER(currency), MEMBER(return_url),
		MEMBER(vendor_ref), MEMBER(payment_ref), MEMBER(method_ref), MEMBER(customer_ref), MEMBER(coupon_name),
		MEMBER(product), MEMBER(coupon), MEMBER(price), MEMBER(subscription), MEMBER(page), MEMBER(item) };
	static const Member numbers[] = { MEMBER(amount), MEMBER(decimals), MEMBER(expires_at), MEMBER(reduced),
		MEMBER(months), MEMBER(trial_days), MEMBER(coupon_percent), MEMBER(coupon_periods), MEMBER(since),
		MEMBER(until) };
	static const Member flags[] = { MEMBER(keeps), MEMBER(of_plan), MEMBER(upgrade), MEMBER(undo) };
	json_t *said = va_json_load(arena, json, strlen(json), why);
	int position = 0;

	*order = (VaPaymentOrder){ 0 };
	*why = "what is asked is no task with an object";
	while (position < VA_PAYMENT_TASKS && strcmp(task_names[position], task) != 0)
		position++;
	if (!json_is_object(said) || position == VA_PAYMENT_TASKS)
	{
		json_decref(said);
		return false;
	}
	order->task = (VaPaymentTask) position;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*(const char **) ((char *) order + texts[i].at) = va_arena_strdup(arena, va_json_string(said, texts[i].name));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		*(int64_t *) ((char *) order + numbers[i].at) = json_integer_value(json_object_get(said, numbers[i].name));
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		*((bool *) ((char *) order + flags[i].at)) = json_is_true(json_object_get(said, flags[i].name));
	json_decref(said);
	return true;
}

/* Replaces the numbers that the path names; NULL if one of them is not valid. */
static const char *
path_of(const VaPaymentOrder *order, const char *path, VaArena *arena)
{
	const VaNamedText numbers[] = { { "{vendor_ref}", order->vendor_ref }, { "{payment_ref}", order->payment_ref },
		{ "{method_ref}", order->method_ref }, { "{customer_ref}", order->customer_ref },
		{ "{subscription}", order->subscription }, { "{page}", order->page },
		{ "{since}", va_time_text(arena, order->since * 1000) },
		{ "{until}", va_time_text(arena, order->until * 1000) } };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
	{
		const char *at = path != NULL ? strstr(path, numbers[i].name) : NULL;

		if (at != NULL && !va_id_valid(numbers[i].value))
			return NULL;
		if (at != NULL)
			path = va_arena_join(arena, va_arena_strndup(arena, path, (size_t) (at - path)),
				va_escaped(arena, numbers[i].value), at + strlen(numbers[i].name), NULL);
	}
	return path;
}

bool
va_payment_build(const VaPaymentDriver *driver, const VaPaymentOrder *order, VaArena *arena, VaHttpRequest *request,
	const char **why)
{
	const VaPaymentStep *step = driver->step(order);
	const char *path = NULL;

	*why = "the vendor takes no such request";
	if (step->method == NULL)
		return false;
	*why = "the vendor's number of what it is asked about is not valid";
	path = path_of(order, step->path, arena);
	return path != NULL &&
		   va_request_start(request, arena, step->method, order->base_url, driver->base_url, path, why) &&
		   va_request_bearer(request, arena, order->key, why) && driver->complete(order, step, arena, request, why);
}

/* ---- answers ---- */

static void
read_refusal(const VaPaymentDriver *driver, const VaPaymentOrder *order, int status, const json_t *answer,
	json_t *report, VaArena *arena, VaPaymentReply *reply)
{
	static const bool asks[VA_PAYMENT_TASKS] = { [VA_PAYMENT_LOOK] = true,
		[VA_PAYMENT_CAPTURE] = true,
		[VA_PLAN_LOOK] = true,
		[VA_PLAN_WITHDRAW] = true,
		[VA_PLAN_DETACH] = true };

	va_payment_refusal(status, va_arena_strdup(arena, driver->words(answer)), reply);
	/* A missing object needs no further request, and a missing contract has ended. */
	if (status == 404 && asks[order->task])
	{
		*reply = (VaPaymentReply){ .kind = VA_PAYMENT_REPORT };
		va_json_set_text(report, "status", "missing");
	}
	else if (driver->refused != NULL)
		driver->refused(order, status, answer, report, arena, reply);
}

void
va_payment_read(const VaPaymentDriver *driver, const VaPaymentOrder *order, const VaHttpResponse *response,
	VaArena *arena, VaPaymentReply *reply)
{
	const VaPaymentStep *step = driver->step(order);
	bool good = response->status >= 200 && response->status < 300;
	/* A plain order may be answered without a body. */
	bool silent = good && response->body_len == 0 && step->read == NULL;
	json_t *answer = silent ? va_json_new_object() : va_payment_body(response, arena, reply);
	json_t *report;

	if (answer == NULL)
		return;
	report = va_json_new_object();
	*reply = (VaPaymentReply){ .kind = VA_PAYMENT_REPORT };
	if (!good)
		read_refusal(driver, order, response->status, answer, report, arena, reply);
	else if (step->read != NULL)
		step->read(order, answer, report, arena);
	if (good && order->task == VA_PAYMENT_REFUND && json_object_size(report) == 0)
		reply->kind = VA_PAYMENT_DONE;
	else if (good && step->read == va_plan_made && json_object_size(report) == 0)
		*reply = (VaPaymentReply){ .kind = VA_PAYMENT_AGAIN, .message = "the vendor names no number of what it made" };
	else if (reply->kind == VA_PAYMENT_REPORT)
		reply->report = va_json_text(arena, report);
	json_decref(report);
	json_decref(answer);
}

/* ---- plans ---- */

void
va_plan_made(const VaPaymentOrder *order, const json_t *answer, json_t *report, VaArena *arena)
{
	va_json_set_text(report, "made", va_json_string(answer, "id"));
}

static void
set_number(json_t *object, const char *key, int64_t value, int64_t least)
{
	if (value >= least)
		json_object_set_new(object, key, json_integer(value));
}

void
va_plan_add_fact(json_t *report, const VaPlanFact *fact)
{
	json_t *facts = va_json_array(report, "facts");
	json_t *added = va_json_new_object();

	if (facts == NULL)
	{
		facts = json_array();
		json_object_set_new(report, "facts", facts);
	}
	va_json_set_text(added, "kind", fact->kind);
	set_number(added, "at", fact->at, 1);
	set_number(added, "starts_at", fact->starts_at, 1);
	set_number(added, "ends_at", fact->ends_at, 1);
	if (fact->trial && fact->starts_at > 0 && fact->ends_at > 0)
		json_object_set_new(added, "trial", json_true());
	va_json_set_text(added, "currency", fact->currency);
	set_number(added, "amount", fact->amount, 0);
	set_number(added, "paid", fact->paid, 0);
	set_number(added, "tax", fact->tax, 0);
	va_json_set_text(added, "invoice", fact->invoice);
	va_json_set_text(added, "payment", fact->payment);
	va_json_set_text(added, "message", fact->message);
	json_array_append_new(facts, added);
}

/* ---- events ---- */

static const char *
kept(VaArena *arena, const char *text)
{
	return text != NULL && strlen(text) <= REFERENCE_MAX_LEN ? va_arena_strdup(arena, text) : NULL;
}

VaPaymentHint
va_payment_hint(const VaPaymentDriver *driver, const void *body, size_t len, VaArena *arena)
{
	const char *why = NULL;
	json_t *event = va_json_load(arena, body, len, &why);
	VaPaymentHint hint = driver->hint(event);

	hint.reference = kept(arena, hint.reference);
	hint.subscription = kept(arena, hint.subscription);
	json_decref(event);
	return hint;
}
