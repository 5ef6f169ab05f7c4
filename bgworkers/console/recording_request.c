/*-------------------------------------------------------------------------
 * recording_request.c
 *		How a recording is asked for (contract in console.h).
 *
 * No locks.  The account is read as the role of workers, since the role of the
 * API may see no secret; an error that ends the transaction ends that, too.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"

#include "core/arena.h"
#include "core/errors.h"
#include "core/voiceagent.h"
#include "console.h"
#include "runtime/account.h"

static VaOpenAccount *
load_as_worker(const VaRecording *recording)
{
	VaOpenAccount *account;
	Oid before;
	int context;

	GetUserIdAndSecContext(&before, &context);
	SetUserIdAndSecContext(get_role_oid(VA_ROLE_WORKER, false), context | SECURITY_LOCAL_USERID_CHANGE);
	account = va_account_load(recording->tenant, recording->account);
	SetUserIdAndSecContext(before, context);
	return account;
}

/* The driver's request for the recording itself; others ask where it lies, which is known. */
static bool
build(const VaRecording *recording, const VaOpenAccount *account, VaArena *arena, VaHttpRequest *request,
	const char **why)
{
	VaProviderRequest order = {
		.carrier = &account->carrier, .provider_call_id = recording->provider_call_id, .recording_url = recording->url
	};
	const VaProviderRequestDriver *way = &account->driver->provider_requests[VA_REQUEST_FETCH_RECORDING];

	*why = account->problem;
	return account->problem == NULL && way->build != NULL && way->build(&order, arena, request, why) &&
		   (strcmp(request->url, recording->url) == 0 || strncmp(recording->url, "http", strlen("http")) != 0);
}

static void
write_request(const VaOpenAccount *account, const VaHttpRequest *request, VaArena *arena, StringInfo lines)
{
	VaHttpClientRequest call = { 0 };

	va_account_request(account, request, arena, &call);
	if (arena->oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	appendStringInfo(lines, "%d\n%s", call.allow_private, call.url);
	for (int i = 0; i < call.nheaders; i++)
		appendStringInfo(lines, "\n%s", call.headers[i]);
}

char *
va_recording_request(const VaRecording *recording)
{
	VaArena *arena = va_arena_here();
	VaHttpRequest request = { 0 };
	VaOpenAccount *account = recording->account != 0 ? load_as_worker(recording) : NULL;
	StringInfoData lines;
	const char *why = NULL;

	initStringInfo(&lines);
	if (account != NULL && build(recording, account, arena, &request, &why))
		write_request(account, &request, arena, &lines);
	else if (pg_strncasecmp(recording->url, "http", strlen("http")) == 0)
		appendStringInfo(&lines, "%d\n%s", recording->private_host, recording->url);
	else
		ereport(ERROR, (errcode(VA_ERRCODE_CONFLICT), errmsg("the carrier gives this recording to its account alone"),
						   why != NULL ? errdetail("%s.", why) : 0));
	va_arena_free(arena);
	if (account != NULL)
		va_account_wipe(account);
	return lines.data;
}
