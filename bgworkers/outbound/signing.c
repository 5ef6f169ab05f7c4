/*-------------------------------------------------------------------------
 * signing.c
 *		Signatures of requests to tenants' servers (contract in sender.h).
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "pure/auth/standard_webhook.h"
#include "sender.h"

char *
va_signing_secret(VaSending *sending, const char *name)
{
	return va_sending_secret(sending, false, name, "the signing secret is missing");
}

bool
va_sign(const char *id, const char *body, const char *secret, const char *previous_secret, VaArena *arena,
	const char *lines[3])
{
	char first[VA_STANDARD_SIGNATURE_SIZE];
	char second[VA_STANDARD_SIGNATURE_SIZE] = "";
	int64 now = timestamptz_to_time_t(GetCurrentTimestamp());
	size_t length = strlen(body);

	if (!va_standard_webhook_sign(secret, id, now, body, length, first))
		return false;
	if (previous_secret != NULL && !va_standard_webhook_sign(previous_secret, id, now, body, length, second))
		return false;
	lines[0] = va_arena_printf(arena, "webhook-id: %s", id);
	lines[1] = va_arena_printf(arena, "webhook-timestamp: " INT64_FORMAT, now);
	lines[2] = va_arena_printf(arena, "webhook-signature: %s%s%s", first, second[0] != '\0' ? " " : "", second);
	return true;
}
