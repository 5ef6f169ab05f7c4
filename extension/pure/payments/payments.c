/*-------------------------------------------------------------------------
 * payments.c
 *		What all payment vendors have in common (contract in payments.h).
 */
#include "payments_internal.h"

#include <string.h>

const VaPaymentDriver *
va_payment_driver(const char *name)
{
	static const VaPaymentDriver *const drivers[] = { &va_stripe_driver, &va_paypal_driver };

	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (name != NULL && strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	return NULL;
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
		[VA_PAYMENT_ASK] = "ask",
	};

	for (int i = 0; i < VA_PAYMENT_TASKS; i++)
	{
		if (name != NULL && strcmp(names[i], name) == 0)
		{
			*task = (VaPaymentTask) i;
			return true;
		}
	}
	return false;
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
va_payment_read_asked(const VaHttpResponse *response, VaArena *arena, VaPaymentReply *reply)
{
	bool empty = response->status >= 200 && response->status < 300 && response->body_len == 0;
	json_t *body = empty ? va_json_new_object() : va_payment_body(response, arena, reply);
	const char *words;

	if (body == NULL)
		return;
	*reply = (VaPaymentReply){ .kind = VA_PAYMENT_REFUSED };
	words = va_json_string(va_json_object(body, "error"), "message");
	if (words == NULL)
		words = va_json_string(body, "message");
	if (response->status < 200 || response->status >= 300)
		va_payment_refusal(response->status, va_arena_strdup(arena, words), reply);
	if (reply->kind == VA_PAYMENT_REFUSED)
		va_payment_report(reply, json_pack("{s:i,s:O}", "status", response->status, "body", body), arena);
	json_decref(body);
}

const char *
va_payment_event_reference(const char *vendor, const void *body, size_t len, VaArena *arena)
{
	const char *why = NULL;
	json_t *event = va_json_load(arena, body, len, &why);
	const json_t *subject;
	const char *found = NULL;

	if (strcmp(vendor, "stripe") == 0)
	{
		subject = va_json_object(va_json_object(event, "data"), "object");
		found = va_json_string(va_json_object(subject, "metadata"), "order");
	}
	else
	{
		subject = va_json_object(event, "resource");
		found = va_json_string(subject, "custom_id");
		if (found == NULL)
			found = va_json_string(json_array_get(va_json_array(subject, "purchase_units"), 0), "custom_id");
	}
	found = va_arena_strdup(arena, found);
	json_decref(event);
	return found;
}
