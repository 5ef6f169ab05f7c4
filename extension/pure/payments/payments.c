/*-------------------------------------------------------------------------
 * payments.c
 *		What all payment vendors have in common (contract in payments.h).
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

/* The position of name among these names, or -1. */
static int
position_of(const char *name, const char *const *names, int n)
{
	for (int i = 0; name != NULL && i < n; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

bool
va_payment_task(const char *name, VaPaymentTask *task)
{
	static const char *const names[VA_PAYMENT_TASKS] = {
		[VA_PAYMENT_CREATE] = "create",
		[VA_PAYMENT_LOOK] = "look",
		[VA_PAYMENT_CAPTURE] = "capture",
		[VA_PAYMENT_REFUND] = "refund",
		[VA_PAYMENT_DISPUTE] = "dispute",
	};
	int position = position_of(name, names, VA_PAYMENT_TASKS);

	*task = (VaPaymentTask) (position >= 0 ? position : 0);
	return position >= 0;
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

void
va_payment_report(VaPaymentReply *reply, json_t *report, VaArena *arena)
{
	reply->kind = VA_PAYMENT_REPORT;
	reply->report = va_json_text(arena, report);
	json_decref(report);
}

void
va_payment_missing(VaPaymentReply *reply)
{
	*reply = (VaPaymentReply){ .kind = VA_PAYMENT_REPORT, .report = "{\"status\": \"missing\"}" };
}

int64_t
va_payment_time(const char *text)
{
	int64_t ms;

	return text != NULL && va_time_parse(text, &ms) ? ms / 1000 : 0;
}

/* ---- plans ---- */

#define MEMBER(member)                         \
	{                                          \
#member, offsetof(VaPlanOrder, member) \
	}

bool
va_plan_order(const char *task, const char *json, VaArena *arena, VaPlanOrder *order, const char **why)
{
	static const char *const tasks[VA_PLAN_TASKS] = {
		[VA_PLAN_PRODUCT] = "product",
		[VA_PLAN_COUPON] = "coupon",
		[VA_PLAN_PRICE] = "price",
		[VA_PLAN_CREATE] = "create",
		[VA_PLAN_CHANGE] = "change",
		[VA_PLAN_CANCEL] = "cancel",
		[VA_PLAN_WITHDRAW] = "withdraw",
		[VA_PLAN_LOOK] = "look",
		[VA_PLAN_PAYMENTS] = "payments",
		[VA_PLAN_DETACH] = "detach",
	};
	static const struct
	{
		const char *name;
		size_t at;
	} texts[] = { MEMBER(reference), MEMBER(name), MEMBER(currency), MEMBER(coupon_name), MEMBER(product),
		MEMBER(coupon), MEMBER(price), MEMBER(subscription), MEMBER(page), MEMBER(item), MEMBER(method),
		MEMBER(return_url) },
	  numbers[] = { MEMBER(amount), MEMBER(reduced), MEMBER(decimals), MEMBER(months), MEMBER(trial_days),
		  MEMBER(coupon_percent), MEMBER(coupon_periods), MEMBER(upgrade), MEMBER(undo), MEMBER(expires_at),
		  MEMBER(since), MEMBER(until) };
	int position = position_of(task, tasks, VA_PLAN_TASKS);
	json_t *said = va_json_load(arena, json, strlen(json), why);

	*order = (VaPlanOrder){ 0 };
	*why = "what is asked is no task with an object";
	if (!json_is_object(said) || position < 0)
	{
		json_decref(said);
		return false;
	}
	order->task = (VaPlanTask) position;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*(const char **) ((char *) order + texts[i].at) = va_arena_strdup(arena, va_json_string(said, texts[i].name));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		*(int64_t *) ((char *) order + numbers[i].at) = json_integer_value(json_object_get(said, numbers[i].name));
	json_decref(said);
	return true;
}

void
va_plan_read(const VaPlanOrder *order, const VaHttpResponse *response, VaPlanReader report_of, VaPaymentWords words_of,
	VaArena *arena, VaPaymentReply *reply)
{
	bool good = response->status >= 200 && response->status < 300;
	json_t *body = good && response->body_len == 0 ? va_json_new_object() : va_payment_body(response, arena, reply);
	bool makes = order->task == VA_PLAN_PRODUCT || order->task == VA_PLAN_COUPON || order->task == VA_PLAN_PRICE;
	json_t *report;

	if (body == NULL)
		return;
	if (!good)
	{
		va_payment_refusal(response->status, va_arena_strdup(arena, words_of(body)), reply);
		/* A missing object needs no further request, and a missing contract has ended. */
		if (response->status == 404 &&
			(order->task == VA_PLAN_LOOK || order->task == VA_PLAN_WITHDRAW || order->task == VA_PLAN_DETACH))
			va_payment_missing(reply);
	}
	else if (makes && va_json_string(body, "id") == NULL)
		*reply = (VaPaymentReply){ .kind = VA_PAYMENT_AGAIN, .message = "the vendor names no number of what it made" };
	else
	{
		*reply = (VaPaymentReply){ 0 };
		report = va_json_new_object();
		if (makes)
			va_json_set_text(report, "made", va_json_string(body, "id"));
		else
			report_of(order, body, report, arena);
		va_payment_report(reply, report, arena);
	}
	json_decref(body);
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
