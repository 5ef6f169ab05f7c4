/*-------------------------------------------------------------------------
 * returns.c
 *		The process media, and what outlives a socket of it: a talk that goes
 *		on, and a call that is over though its socket is there.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/statement.h"
#include "media/call/line.h"
#include "media/call/said.h"
#include "owner.h"
#include "pure/text/json.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

#define LOOK_EVERY_MS 1000
/* So long a carrier's socket is open after we have hung up, until what was said is kept. */
#define CLOSE_AFTER_MS 500

static VaStatement over_statement = {
	"SELECT o.tenant_id, o.call_id, o.through FROM voiceagent_private.over_media_calls($1, $2) o", 2,
	{ INT8ARRAYOID, INT8ARRAYOID }, NULL
};

void
va_media_recall(VaMediaCall *call, const char *turns, VaMediaCall *calls)
{
	json_t *kept = turns == NULL ? NULL : json_loads(turns, 0, NULL);
	json_t *turn;
	size_t i;

	json_array_foreach(kept, i, turn)
	{
		const char *speaker = va_json_string(turn, "speaker");
		const char *text = va_json_string(turn, "text");

		if (speaker != NULL && text != NULL)
			va_call_recall(call, strcmp(speaker, "customer") == 0, text,
				(int64_t) json_integer_value(json_object_get(turn, "at_ms")));
	}
	json_decref(kept);
	/* The socket before keeps its words that are not kept yet: their places are taken. Its ear is asked again for the rest. */
	for (VaMediaCall *older = calls; older != NULL; older = older->next)
		if (older != call && older->call_id == call->call_id && older->tenant_id == call->tenant_id)
		{
			older->talk.last_words_ms = 0;
			for (const VaTurn *said = older->turns; said != NULL; said = said->next)
				if (!said->kept)
					va_call_recall(call, said->is_customer, said->text, said->at_ms);
		}
}

static ArrayType *
ids_of(const VaMediaCall *calls, int n, bool tenants)
{
	Datum *ids = palloc(sizeof(Datum) * (Size) n);
	int i = 0;

	for (const VaMediaCall *call = calls; call != NULL; call = call->next)
		if (call->call_id != 0)
			ids[i++] = Int64GetDatum(tenants ? call->tenant_id : call->call_id);
	return construct_array(ids, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

/*
 * A sentence begun while the person was put through is said to its end, as
 * long as the socket is there: a carrier that has taken it away has closed
 * it.  The person's words are not answered then.
 */
static bool
finishes_words(VaMediaCall *call)
{
	if (call->through_ms == 0)
		call->through_ms = call->spoke_ms + 1;
	return call->through_ms == call->spoke_ms + 1 && (call->nsentences > 0 || call->talk.owes == VA_OWES_ANSWER);
}

void
va_media_end_over(VaMediaCall *calls, int64_t now_ms, int64_t unix_ms)
{
	static int64 looked_ms = 0;
	Datum values[2];
	int held = 0;
	int n;

	for (const VaMediaCall *call = calls; call != NULL; call = call->next)
		held += call->call_id != 0;
	if (held == 0 || now_ms - looked_ms < LOOK_EVERY_MS)
		return;
	looked_ms = now_ms;
	va_begin("look for calls that are over");
	values[0] = PointerGetDatum(ids_of(calls, held, true));
	values[1] = PointerGetDatum(ids_of(calls, held, false));
	n = (int) va_execute(&over_statement, values, NULL);
	for (int i = 0; i < n; i++)
		for (VaMediaCall *call = calls; call != NULL; call = call->next)
			if (call->call_id == va_column_int(i, "call_id", 0) &&
				call->tenant_id == va_column_int(i, "tenant_id", 0) &&
				!(va_column_bool(i, "through") && finishes_words(call)))
				va_call_end(call, "the call is over");
	va_commit();
}

void
va_media_note_end(VaMediaCall *call)
{
	char sqlstate[6];
	char *message;

	if (call->end_noted)
		return;
	call->end_noted = true;
	if (!va_try(va_media_end_session, call, sqlstate, &message))
		ereport(LOG, (errmsg("the end of a session of tenant " INT64_FORMAT " could not be noted: %s: %s",
						 call->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	va_set_tenant(0);
}

bool
va_media_is_to_be_closed(const VaMediaCall *call, int64_t now_ms)
{
	return call->talk.state == VA_TALK_OVER && call->socket != NULL && (!call->end_noted || call->kept_at == 0) &&
		   (!va_call_has_words(call) || now_ms - call->heard_ms > CLOSE_AFTER_MS);
}

void
va_media_close_calls(VaMediaCall *calls, int64_t now_ms)
{
	bool begun = false;

	for (VaMediaCall *call = calls; call != NULL; call = call->next)
	{
		if (!va_media_is_to_be_closed(call, now_ms))
			continue;
		if (!begun)
			va_media_begin("note which calls we have hung up");
		begun = true;
		va_media_note_end(call);
		call->kept_at = 0;
		call->keeping = false;
	}
	if (begun)
	{
		va_commit();
		va_media_committed(calls, now_ms);
	}
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		if (call->end_noted && call->socket != NULL && call->kept_at != 0 && va_media_is_durable(call, now_ms))
			va_call_close(call);
}
