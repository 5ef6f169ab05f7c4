/*-------------------------------------------------------------------------
 * repeat.c
 *		A dial whose answer was lost, sent once more where the carrier
 *		promises that the same request dials once.
 *
 * No database, no locks.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sodium.h>

#include "utils/timestamp.h"

#include "repeat.h"

/* The carrier's promise counts from when the first request came to it, and this one needs its time, too. */
#define MARGIN_US (10 * USECS_PER_SEC)
#define SENDS_MAX 3

struct VaRepeat
{
	VaArena		arena;			/* holds what the request points to; wiped with it */
	VaHttpRequest request;
	VaCarrier	carrier;		/* the account's settings, for whoever reads the answer */
	char	   *settings;		/* ... lie here */
	bool		private_host;
	TimestampTz until;
	int			sends;
};

VaRepeat *
va_repeat_keep(const VaAccount *account, const VaHttpRequest *request)
{
	VaRepeat   *repeat;
	size_t		len;

	if (account->dialect->dial_repeatable_s == 0)
		return NULL;
	repeat = calloc(1, sizeof(VaRepeat));
	if (repeat == NULL)
		return NULL;
	repeat->request = *request;
	repeat->request.method = va_arena_strdup(&repeat->arena, request->method);
	repeat->request.url = va_arena_strdup(&repeat->arena, request->url);
	for (int i = 0; i < request->nheaders; i++)
	{
		repeat->request.headers[i].name = va_arena_strdup(&repeat->arena, request->headers[i].name);
		repeat->request.headers[i].value = va_arena_strdup(&repeat->arena, request->headers[i].value);
	}
	if (request->body != NULL)
		repeat->request.body = va_arena_strndup(&repeat->arena, request->body, request->body_len);
	repeat->settings = va_carrier_pack_settings(&account->carrier, &len);
	if (repeat->settings != NULL)
		va_carrier_unpack_settings(repeat->settings, len, &repeat->carrier);
	repeat->private_host = account->private_host;
	repeat->until = GetCurrentTimestamp() + account->dialect->dial_repeatable_s * USECS_PER_SEC - MARGIN_US;
	repeat->sends = 1;
	if (repeat->arena.oom || repeat->settings == NULL)
	{
		va_repeat_free(repeat);
		return NULL;
	}
	return repeat;
}

bool
va_repeat_in_time(const VaRepeat *repeat)
{
	return repeat != NULL && repeat->sends < SENDS_MAX && GetCurrentTimestamp() < repeat->until;
}

bool
va_repeat_was_sent(const VaRepeat *repeat)
{
	return repeat != NULL && repeat->sends > 1;
}

bool
va_repeat_send(VaWorker *worker, VaRepeat *repeat, VaHttpDone done, void *ctx, char *err, size_t errlen)
{
	VaAccount	account = {.carrier = repeat->carrier, .private_host = repeat->private_host};

	repeat->sends++;
	return va_account_send(worker, &account, &repeat->request, done, ctx, err, errlen);
}

void
va_repeat_free(VaRepeat *repeat)
{
	if (repeat == NULL)
		return;
	va_arena_free(&repeat->arena);
	free(repeat->settings);
	sodium_memzero(repeat, sizeof(*repeat));
	free(repeat);
}
