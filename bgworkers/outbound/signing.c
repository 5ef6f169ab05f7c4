/*-------------------------------------------------------------------------
 * signing.c
 *		Signatures of requests to tenants' servers (contract in sender.h).
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "pure/auth/standard_webhook.h"
#include "sender.h"
#include "tenancy/vault.h"

char *
va_signing_secret(VaSending *sending, const char *name)
{
	return va_sending_secret(sending, false, name, "the signing secret is missing");
}

void
va_signed_read(VaSending *sending, int row)
{
	VaSignedSending *it = (VaSignedSending *) sending;

	it->url = va_column_text(row, "url");
	it->body = va_column_text(row, "body");
	it->secret = va_column_text(row, "secret");
	it->previous_secret = va_column_text(row, "previous_secret");
}

void
va_signed_open(VaSending *sending)
{
	VaSignedSending *it = (VaSignedSending *) sending;

	it->secret = va_signing_secret(sending, it->secret);
	it->previous_secret = va_signing_secret(sending, it->previous_secret);
}

void
va_signed_wipe(VaSending *sending)
{
	va_wipe(((VaSignedSending *) sending)->secret);
	va_wipe(((VaSignedSending *) sending)->previous_secret);
}

static bool
sign(const VaSignedSending *it, const char *id, VaArena *arena, const char *lines[3])
{
	char first[VA_STANDARD_SIGNATURE_SIZE];
	char second[VA_STANDARD_SIGNATURE_SIZE] = "";
	int64 now = timestamptz_to_time_t(GetCurrentTimestamp());
	size_t length = strlen(it->body);

	if (!va_standard_webhook_sign(it->secret, id, now, it->body, length, first))
		return false;
	if (it->previous_secret != NULL &&
		!va_standard_webhook_sign(it->previous_secret, id, now, it->body, length, second))
		return false;
	lines[0] = va_arena_printf(arena, "webhook-id: %s", id);
	lines[1] = va_arena_printf(arena, "webhook-timestamp: " INT64_FORMAT, now);
	lines[2] = va_arena_printf(arena, "webhook-signature: %s%s%s", first, second[0] != '\0' ? " " : "", second);
	return true;
}

bool
va_signed_build(VaSending *sending, const char *id, const char *lines[3], VaArena *arena, VaHttpClientRequest *call)
{
	VaSignedSending *it = (VaSignedSending *) sending;

	if (!sign(it, id, arena, lines))
	{
		strlcpy(sending->error, "the signing secret cannot be used", sizeof(sending->error));
		return false;
	}
	call->method = "POST";
	call->url = it->url;
	call->body = it->body;
	call->body_len = strlen(it->body);
	return true;
}
