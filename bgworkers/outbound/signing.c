/*-------------------------------------------------------------------------
 * signing.c
 *		Signatures of requests to tenants' servers (contract in signing.h).
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "pure/auth/standard_webhook.h"
#include "signing.h"
#include "tenancy/vault.h"

typedef struct Opening
{
	int64 tenant_id;
	const char *name;
	char *secret;
} Opening;

static void
open_secret(void *arg)
{
	Opening *opening = arg;

	opening->secret = va_open_secret(opening->tenant_id, opening->name);
}

char *
va_signing_secret(VaSending *sending, const char *name)
{
	Opening opening = { sending->tenant_id, name, NULL };
	char sqlstate[6];
	char *message = NULL;

	if (name == NULL || (va_try(open_secret, &opening, sqlstate, &message) && opening.secret != NULL))
		return opening.secret;
	if (sending->error[0] == '\0')
		strlcpy(sending->error, message != NULL ? message : "the signing secret is missing", sizeof(sending->error));
	return NULL;
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
