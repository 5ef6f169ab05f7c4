/*-------------------------------------------------------------------------
 * paypal_webhook.c
 *		PayPal's webhooks: verifies the signature and finds the subject.
 *
 * PayPal signs "id|time|webhook id|CRC-32 of the body" with a key; the webhook
 * names the address of the certificate.
 */
#include "paypal_internal.h"

#include <string.h>

#include "pure/auth/certificate.h"
#include "pure/auth/mac.h"

#define NAMES_BELOW ".paypal.com"
#define URL_MAX_LEN 500
#define PART_MAX_LEN 100
#define SIGNATURE_MAX_LEN 1024 /* of an RSA key with 8192 bits */

static uint32_t
crc32_of(const unsigned char *bytes, size_t len)
{
	uint32_t crc = 0xFFFFFFFF;

	for (size_t i = 0; i < len; i++)
	{
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (0xEDB88320 & -(crc & 1));
	}
	return ~crc;
}

/* Printable characters, none of which could end a part. */
static bool
is_part(const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	if (len == 0 || len > PART_MAX_LEN)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '|')
			return false;
	return true;
}

bool
va_paypal_certificate_url_good(const char *url, const char *base_url)
{
	static const char scheme[] = "https://";
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/";
	static const char allowed_of_host[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
	size_t base_len = base_url != NULL ? strlen(base_url) : 0;
	const char *host;
	size_t host_len;

	if (url == NULL || strlen(url) > URL_MAX_LEN)
		return false;
	/* Whatever stands in for PayPal, by the platform's own word, has its certificates itself. */
	if (base_len > 0 && strncmp(url, base_url, base_len) == 0 && url[base_len] == '/' &&
		url[base_len + strspn(url + base_len, allowed)] == '\0')
		return true;
	/* Only a host and a path: no port, user or query.  So an address has one spelling, and is fetched once. */
	if (strncmp(url, scheme, strlen(scheme)) != 0)
		return false;
	host = url + strlen(scheme);
	host_len = strspn(host, allowed_of_host);
	return host[host_len] == '/' && host[strspn(host, allowed)] == '\0' && strstr(host, "//") == NULL &&
		   strstr(host, "/.") == NULL && host_len > strlen(NAMES_BELOW) &&
		   strncmp(host + host_len - strlen(NAMES_BELOW), NAMES_BELOW, strlen(NAMES_BELOW)) == 0;
}

bool
va_paypal_certificate_good(const char *pem, size_t len, int64_t now, const char **why)
{
	return va_certificate_trusted(pem, len, NAMES_BELOW, now, why);
}

bool
va_paypal_signed(const VaPaypalSignature *signature, const char *webhook_id, const char *pem, const void *body,
	size_t len, VaArena *arena, const char **why)
{
	unsigned char bytes[SIGNATURE_MAX_LEN];
	size_t n = 0;
	const char *text;

	*why = "the signature is not PayPal's";
	if (!is_part(signature->id) || !is_part(signature->time) || !is_part(webhook_id) || signature->algorithm == NULL ||
		strcmp(signature->algorithm, "SHA256withRSA") != 0 || signature->value == NULL || pem == NULL || len == 0 ||
		!va_base64_decode(signature->value, strlen(signature->value), bytes, sizeof(bytes), &n))
		return false;
	text = va_arena_printf(
		arena, "%s|%s|%s|%u", signature->id, signature->time, webhook_id, (unsigned) crc32_of(body, len));
	return text != NULL && va_certificate_signed(pem, strlen(pem), text, bytes, n);
}

VaPaymentVerdict
va_paypal_verify(const VaSignedMessage *message, const VaPaymentKeys *keys, VaArena *arena, const char **why)
{
#define HEADER(name) va_header_find(message->headers, message->nheaders, name)
	VaPaypalSignature signature = { HEADER("paypal-transmission-id"), HEADER("paypal-transmission-time"),
		HEADER("paypal-auth-algo"), HEADER("paypal-transmission-sig") };

	*why = "it has no signature of PayPal's";
	if (signature.value == NULL)
		return VA_PAYMENT_UNSIGNED;
	*why = "PayPal's account has no webhook_id";
	if (keys->webhook_id == NULL)
		return VA_PAYMENT_UNSIGNED;
	*why = "the certificate is not at PayPal";
	if (!va_paypal_certificate_url_good(HEADER(VA_PAYPAL_CERTIFICATE_HEADER), keys->base_url))
		return VA_PAYMENT_UNSIGNED;
	*why = "PayPal's certificate is not here yet";
	if (keys->certificate == NULL)
		return VA_PAYMENT_NO_CERTIFICATE;
	return va_paypal_certificate_good(keys->certificate, strlen(keys->certificate), keys->now, why) &&
				   va_paypal_signed(
					   &signature, keys->webhook_id, keys->certificate, message->body, message->body_len, arena, why)
			   ? VA_PAYMENT_SIGNED
			   : VA_PAYMENT_UNSIGNED;
#undef HEADER
}

VaPaymentHint
va_paypal_hint(const json_t *event)
{
	static const char of_subscription[] = "BILLING.SUBSCRIPTION.";
	const json_t *subject = va_json_object(event, "resource");
	const char *type = va_json_string(event, "event_type");
	VaPaymentHint hint = { va_json_string(subject, "custom_id"), va_json_string(subject, "billing_agreement_id") };

	/* Sales have the reference under another name, and orders in their units. */
	if (hint.reference == NULL)
		hint.reference = va_json_string(subject, "custom");
	if (hint.reference == NULL)
		hint.reference = va_json_string(json_array_get(va_json_array(subject, "purchase_units"), 0), "custom_id");
	if (hint.subscription == NULL && type != NULL && strncmp(type, of_subscription, strlen(of_subscription)) == 0)
		hint.subscription = va_json_string(subject, "id");
	return hint;
}
