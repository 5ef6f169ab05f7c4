/*-------------------------------------------------------------------------
 * call_tools.c
 *		Tools that an assistant uses while it talks, at a carrier that converses.
 *
 * Somebody is on the telephone and waits for the answer, so a tool runs before
 * the webhooks of its turn are stored.  It has a transaction of its own: what it
 * did is committed before it is reported, and a crash between the two leaves a
 * row of call_tools, from which the same request, sent again, is answered.
 * voiceagent_private.run_tool() says what is locked.
 *
 * A turn runs a few tools, since others wait meanwhile; those of a tenant whose
 * rows are locked, or whose tools are slow, are put off.
 */
#include "postgres.h"

#include <string.h>
#include <uv.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "inbound.h"
#include "core/compat.h"
#include "core/statement.h"
#include "pure/text/json.h"
#include "runtime/tenant_backoff.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

/* Tools of one turn, of which a tenant has its share. */
#define TURN_MAX 8
/* A tool that took longer has its tenant wait, so that others need not. */
#define SLOW_MS 250
#define SLOW_WAIT_MS 500

static VaStatement tool_statement = { "SELECT t.result, t.busy, t.answer::text AS answer FROM "
									  "voiceagent_private.run_carrier_tool($1, $2, $3, $4::jsonb) t",
	4, { INT8OID, TEXTOID, TEXTOID, TEXTOID }, NULL };
static VaTenantBackoff put_off;

typedef struct ToolRun
{
	const VaEndpoint *endpoint;
	const VaEvent *event;
	const char *result; /* NULL: it did not work */
	bool busy;			/* somebody else holds a lock */
	const char *answer; /* of a carrier that asks to whom: a plan as VaAnswer; NULL: none */
} ToolRun;

static const char failed[] = "That did not work. Offer to take a message.";
static const char moment[] = "One moment, please. Say so, and try the same again.";

bool
va_asks_for_tools(const InboundWebhook *webhook)
{
	return webhook->status == 200 && webhook->events.count > 0 && webhook->events.items[0].kind == VA_EVENT_TOOL_CALLS;
}

static void
run_tool(void *arg)
{
	ToolRun *run = arg;
	const char *texts[] = { run->event->attempt_ref, run->event->provider_call_id, run->event->details };
	Datum values[4];
	char nulls[4];
	const char *result;
	const char *answer;

	va_begin("run a tool");
	va_set_tenant(run->endpoint->tenant_id);
	values[0] = Int64GetDatum(run->endpoint->endpoint_id);
	nulls[0] = ' ';
	for (int i = 0; i < (int) lengthof(texts); i++)
	{
		nulls[i + 1] = texts[i] == NULL ? 'n' : ' ';
		values[i + 1] = texts[i] == NULL ? (Datum) 0 : CStringGetTextDatum(texts[i]);
	}
	va_execute(&tool_statement, values, nulls);
	result = va_column_text(0, "result");
	answer = va_column_text(0, "answer");
	run->result = result == NULL ? NULL : pstrdup(result);
	run->busy = va_column_bool(0, "busy");
	run->answer = answer == NULL ? NULL : pstrdup(answer);
	va_commit();
}

static void
try_tool(ToolRun *run)
{
	int64 tenant = run->endpoint->tenant_id;
	int64 started = (int64) (uv_hrtime() / 1000000);
	char sqlstate[6];
	char *message;

	if (!va_try_outside(run_tool, run, sqlstate, &message))
	{
		va_abort();
		run->result = NULL;
		run->busy = va_is_lock_error(sqlstate);
		run->answer = NULL;
		ereport(LOG, (errmsg("could not run a tool in a call of tenant " INT64_FORMAT ": %s", tenant,
						 va_mask_caught(message, sqlstate))));
	}
	if (run->busy || (int64) (uv_hrtime() / 1000000) - started > SLOW_MS)
		(void) va_backoff_start(&put_off, tenant, SLOW_WAIT_MS);
	else
		va_backoff_reset(&put_off, tenant);
}

/* One member of the reply; on one line, as carriers want it. */
static void
add_result(VaBuffer *reply, bool first, const ToolRun *run, VaArena *arena)
{
	const char *why;
	json_t *details = va_json_load(arena, run->event->details, strlen(run->event->details), &why);
	const char *id = va_json_string(details, "toolCallId");
	const char *said = run->result != NULL ? run->result : run->busy ? moment : failed;

	va_buffer_printf(reply, "%s{\"toolCallId\":", first ? "" : ",");
	va_buffer_json_string(reply, id != NULL ? id : "", id != NULL ? strlen(id) : 0);
	va_buffer_printf(reply, ",\"result\":");
	va_buffer_json_string(reply, said, strlen(said));
	va_buffer_printf(reply, "}");
	json_decref(details);
}

/* If no person is available, the model learns it and keeps the caller. */
static void
answer_destination(InboundWebhook *webhook, const VaEvent *event, VaArena *arena)
{
	ToolRun run = { webhook->endpoint, event, NULL, false, NULL };
	VaAnswer answer = { .kind = VA_ANSWER_SAY };
	const char *why = "no reason";

	try_tool(&run);
	if (run.answer != NULL && !va_answer_read(run.answer, strlen(run.answer), arena, &answer, &why))
		answer = (VaAnswer){ .kind = VA_ANSWER_SAY };
	if (answer.kind == VA_ANSWER_SAY)
		answer.text = run.result != NULL ? run.result : run.busy ? moment : failed;
	if (webhook->endpoint->driver->build_answer(event, &answer, arena, &webhook->document, &why))
		return;
	ereport(LOG, (errmsg("could not write to whom a call of tenant " INT64_FORMAT " is put through: %s",
					 webhook->endpoint->tenant_id, why)));
	webhook->document = (VaDocument){ 0 };
}

/* In the order of the message; after one that waited for a lock in vain, the others do not wait as well. */
static void
run_of_webhook(InboundWebhook *webhook, VaArena *arena)
{
	VaBuffer reply = { 0 };
	bool busy = va_backoff_active(&put_off, webhook->endpoint->tenant_id);

	if (webhook->events.items[0].asks_destination)
	{
		answer_destination(webhook, &webhook->events.items[0], arena);
		return;
	}
	va_buffer_printf(&reply, "{\"results\":[");
	for (int i = 0; i < (int) webhook->events.count; i++)
	{
		ToolRun run = { webhook->endpoint, &webhook->events.items[i], NULL, busy, NULL };

		if (i < TURN_MAX && !busy)
			try_tool(&run);
		busy = busy || run.busy;
		add_result(&reply, i == 0, &run, arena);
	}
	va_buffer_printf(&reply, "]}");
	webhook->document.content_type = "application/json";
	webhook->document.body = va_buffer_finish(&reply, arena);
	webhook->document.len = webhook->document.body == NULL ? 0 : strlen(webhook->document.body);
}

/* Whether a webhook has its turn, after those before it ran so many tools; the first that asks has one in any case. */
static bool
has_turn(const InboundWebhook *webhooks, int i, int run)
{
	int own = 0;

	for (int k = 0; k < i; k++)
		if (va_asks_for_tools(&webhooks[k]) && !webhooks[k].later &&
			webhooks[k].endpoint->tenant_id == webhooks[i].endpoint->tenant_id)
			own += (int) webhooks[k].events.count;
	return run == 0 ||
		   (run + (int) webhooks[i].events.count <= TURN_MAX && va_share_left(TURN_MAX, own, run - own) > 0);
}

void
va_run_call_tools(InboundWebhook *webhooks, int n, VaArena *arena)
{
	int run = 0;

	for (int i = 0; i < n; i++)
	{
		if (!va_asks_for_tools(&webhooks[i]))
			continue;
		if (!has_turn(webhooks, i, run))
		{
			webhooks[i].later = true;
			continue;
		}
		run_of_webhook(&webhooks[i], arena);
		run += (int) webhooks[i].events.count;
	}
}
