/*-------------------------------------------------------------------------
 * api.c
 *		The task of a process api: takes requests from the process web, one
 *		after the other, and executes them.
 *
 * Without the process web it tries to reach it again; a request whose asker
 * has gone away is executed to its end all the same.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "link.h"
#include "console.h"
#include "runtime/worker.h"

#define AGAIN_FIRST_MS 100
#define AGAIN_MAX_MS 5000

static VaLink link_to_web;
static uv_connect_t connecting;
static bool used = false; /* the link is open, or on its way, or closing */
static int again_ms = AGAIN_FIRST_MS;
static VaLoop *loop = NULL;

static void
note_event(VaLink *link)
{
	if (!link->open && !link->closing)
		used = false;
	va_loop_note_io(loop);
}

static void
on_connected(uv_connect_t *request, int status)
{
	if (status != 0 || !va_link_opened(&link_to_web))
		va_link_close(&link_to_web);
	else
		again_ms = AGAIN_FIRST_MS;
	va_loop_note_io(loop);
}

static TimestampTz
reach_web(void)
{
	char path[MAXPGPATH];

	va_link_path(path, sizeof(path), (unsigned) MyDatabaseId);
	if (!va_link_init(&link_to_web, va_loop_uv(loop), VA_ASK_FIELDS, note_event, NULL))
		ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not make a socket to the process \"web\"")));
	used = true;
	uv_pipe_connect(&connecting, &link_to_web.pipe, path, on_connected);
	again_ms = Min(again_ms * 2, AGAIN_MAX_MS);
	return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), again_ms);
}

static void
serve(const VaField *ask)
{
	VaField fields[VA_TELL_FIELDS];
	VaRpcAnswer answer;
	char status[16];
	char tenant[32];

	va_rpc_serve(ask, &answer);
	snprintf(status, sizeof(status), "%d", answer.status);
	fields[VA_TELL_STATUS] = (VaField){ status, strlen(status) };
	fields[VA_TELL_TYPE] = (VaField){ answer.type, strlen(answer.type) };
	fields[VA_TELL_BODY] = (VaField){ answer.body, answer.len };
	fields[VA_TELL_HEADER] = (VaField){ answer.header, strlen(answer.header) };
	snprintf(tenant, sizeof(tenant), INT64_FORMAT, answer.tenant);
	fields[VA_TELL_TENANT] = (VaField){ tenant, strlen(tenant) };
	fields[VA_TELL_QUIET] = (VaField){ answer.quiet, strlen(answer.quiet) };
	fields[VA_TELL_REFUSED] = (VaField){ answer.refused, strlen(answer.refused) };
	if (!va_link_send(&link_to_web, fields, VA_TELL_FIELDS))
		va_link_close(&link_to_web);
	if (answer.secret)
		explicit_bzero(unconstify(char *, answer.body), answer.len);
}

static void
api_start(VaWorker *worker)
{
	loop = worker->loop;
}

static TimestampTz
api_turn(VaWorker *worker, VaWake why)
{
	static TimestampTz again = 0;
	VaField ask[VA_ASK_FIELDS];

	if (used && va_link_message(&link_to_web, ask))
	{
		serve(ask);
		va_link_done(&link_to_web);
		return DT_NOEND;
	}
	if (used)
		return DT_NOEND;
	if (GetCurrentTimestamp() >= again)
		again = reach_web();
	return again;
}

static void
api_stop(VaWorker *worker)
{
	if (used)
		va_link_close(&link_to_web);
}

const VaTask va_api_task = { "api", api_start, api_turn, api_stop, 0 };
