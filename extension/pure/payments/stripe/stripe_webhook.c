/*-------------------------------------------------------------------------
 * stripe_webhook.c
 *		Stripe's webhooks: verifies the signature and finds the subject.
 *
 * Stripe signs "time.body" with a secret that we share.
 */
#include "stripe_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pure/auth/mac.h"

#define TOLERANCE_S 300
#define SIGNATURE_PARTS_MAX 16

VaPaymentHint
va_stripe_hint(const json_t *event)
{
	const json_t *subject = va_json_object(va_json_object(event, "data"), "object");
	const json_t *metadata = va_json_object(subject, "metadata");
	const json_t *parent = va_json_object(va_json_object(subject, "parent"), "subscription_details");
	const char *type = va_json_string(event, "type");
	VaPaymentHint hint = { va_json_string(metadata, "order"), va_json_string(subject, "subscription") };

	if (hint.reference == NULL)
		hint.reference = va_json_string(metadata, "contract");
	if (hint.reference == NULL)
		hint.reference = va_json_string(subject, "client_reference_id");
	if (type != NULL && strncmp(type, "customer.subscription.", strlen("customer.subscription.")) == 0)
		hint.subscription = va_json_string(subject, "id");
	else if (hint.subscription == NULL)
		/* Newer versions of the API have it here. */
		hint.subscription = va_json_string(parent, "subscription");
	return hint;
}

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

VaPaymentVerdict
va_stripe_verify(const VaSignedMessage *message, const VaPaymentKeys *keys, VaArena *arena, const char **why)
{
	const char *header = va_header_find(message->headers, message->nheaders, "stripe-signature");
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
	if (keys->secret == NULL || keys->secret[0] == '\0' || message->body_len == 0 || time_len == 0 || time_len > 12 ||
		strspn(time_text, "0123456789") != time_len)
		return VA_PAYMENT_UNSIGNED;
	va_mac_start(&state, VA_HMAC_SHA256, keys->secret, strlen(keys->secret));
	va_mac_add(&state, time_text, time_len);
	va_mac_add(&state, ".", 1);
	va_mac_add(&state, message->body, message->body_len);
	mac_len = va_mac_finish(&state, mac);
	parts = 0;
	for (const char *part = header; part != NULL && parts < SIGNATURE_PARTS_MAX; parts++)
	{
		/* A header has two signatures while a secret is being replaced. */
		if (strncmp(part, "v1=", 3) == 0)
			good |= signed_by(part + 3, strcspn(part + 3, ","), mac, mac_len);
		part = next_part(part);
	}
	if (good && llabs(keys->now - strtoll(time_text, NULL, 10)) > TOLERANCE_S)
	{
		*why = "the signature is older or younger than 300 seconds";
		return VA_PAYMENT_UNSIGNED;
	}
	return good ? VA_PAYMENT_SIGNED : VA_PAYMENT_UNSIGNED;
}
