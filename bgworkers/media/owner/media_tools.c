/*-------------------------------------------------------------------------
 * media_tools.c
 *		Requests of calls for tools, left for the process tools; and their
 *		results.
 *
 * A call's tool is a unit of its own: a request that cannot be left there is
 * answered as failed by the call itself, in its time.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/clock.h"
#include "core/statement.h"
#include "owner.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

/* Besides at pokes, it is looked so often for answers. */
#define LOOK_EVERY_MS 250

static VaStatement ask_statement = { "SELECT voiceagent_private.ask_media_tool($1, $2, $3, $4::jsonb)", 4,
	{ INT8OID, TEXTOID, TEXTOID, TEXTOID }, NULL };
static VaStatement take_statement = {
	"SELECT t.tenant_id, t.call_id, t.tool_call_id, t.answer, t.data, t.failed::integer AS failed FROM "
	"voiceagent_private.take_media_tools() t",
	0, { 0 }, NULL
};

static int64 looked_ms = 0;

typedef struct Asking
{
	const VaMediaCall *call;
	const VaToolUse *use;
} Asking;

static void
ask(void *arg)
{
	const Asking *asking = arg;
	Datum values[4] = { Int64GetDatum(asking->call->call_id), CStringGetTextDatum(asking->use->id),
		CStringGetTextDatum(asking->use->name), CStringGetTextDatum(asking->use->arguments) };

	va_set_tenant(asking->call->tenant_id);
	va_execute(&ask_statement, values, NULL);
}

static void
send_tools(VaMediaCall *calls)
{
	bool begun = false;
	char sqlstate[6];
	char *message;

	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		for (VaToolUse *use = call->tools; use != NULL; use = use->next)
		{
			Asking asking = { call, use };

			if (use->sent || use->answered)
				continue;
			if (!begun)
				va_media_begin("ask for tools in calls");
			begun = true;
			use->sent = true;
			if (!va_try(ask, &asking, sqlstate, &message))
				ereport(LOG, (errmsg("could not ask for a tool in a call of tenant " INT64_FORMAT ": %s: %s",
								 call->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
			va_set_tenant(0);
		}
	if (begun)
		va_commit();
}

static void
hear_answer(VaMediaCall *calls, int row)
{
	int64 tenant_id = va_column_int(row, "tenant_id", 0);
	int64 call_id = va_column_int(row, "call_id", 0);

	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		if (call->tenant_id == tenant_id && call->call_id == call_id)
			va_call_tool_answered(call, va_column_text(row, "tool_call_id"), va_column_text(row, "answer"),
				va_column_text(row, "data"), va_column_int(row, "failed", 0) != 0);
}

static void
take_answers(VaMediaCall *calls)
{
	int n;

	va_media_begin("take answers of tools");
	n = va_execute(&take_statement, NULL, NULL);
	for (int row = 0; row < n; row++)
		hear_answer(calls, row);
	va_commit();
}

/* Another assistant goes on with what was said so far: in its own words, with its own tools, engines and language. */
static void
hand_over(VaMediaCall *call, VaMediaCall *calls, int64 now_ms, bool armed)
{
	char sqlstate[6];
	char *message;

	/* The sentence under way is said to its end, and no mind thinks of more. */
	call->engines.now_ms = call->engines.mind_ms = call->engines.mind_asked_ms = now_ms;
	if (call->nsentences > 0 || call->talk.asked > 0 ||
		(va_media_has_reports(call) && !va_media_keep_reports(calls, call->tenant_id)))
		return;
	call->handed_over = false;
	va_media_begin("hand a call over");
	if (va_try(va_media_reopen_session, call, sqlstate, &message))
	{
		va_engines_end(call);
		va_media_prepare_engines(call, calls, va_clock_offset_us() == 0, armed);
	}
	else
		ereport(LOG, (errmsg("could not hand a call of tenant " INT64_FORMAT " over: %s: %s", call->tenant_id, sqlstate,
						 va_mask_caught(message, sqlstate))));
	va_set_tenant(0);
	va_commit();
	call->engines.now_ms = now_ms;
	(void) va_talk_tell(call, VA_TOLD_ANEW, NULL);
}

void
va_media_tools_turn(VaMediaCall *calls, bool poked, int64 now_ms, bool armed)
{
	bool awaited = false;

	for (VaMediaCall *call = calls; call != NULL; call = call->next)
	{
		if (call->handed_over && va_talk_lasts(&call->talk))
			hand_over(call, calls, now_ms, armed);
		va_call_tools_turn(call, now_ms);
		awaited = awaited || va_call_awaits_tool(call);
	}
	if (!awaited)
		return;
	send_tools(calls);
	if (poked || now_ms - looked_ms >= LOOK_EVERY_MS)
	{
		looked_ms = now_ms;
		take_answers(calls);
	}
}
