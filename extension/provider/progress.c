/*-------------------------------------------------------------------------
 * progress.c
 *		Calls that ring, were answered or have ended, as carriers tell.
 *
 * Three of four webhooks raise a state, or have a report awaited, and do
 * nothing else.  They come one by one, so that a statement would cost more to
 * set up than all of this.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "core/wake.h"
#include "provider.h"
#include "stored.h"
#include "tenancy/rows.h"
#include "tenancy/setting.h"

PG_FUNCTION_INFO_V1(va_sql_answer_time);
PG_FUNCTION_INFO_V1(va_sql_await_reports);
PG_FUNCTION_INFO_V1(va_sql_carrier_time);
PG_FUNCTION_INFO_V1(va_sql_poke_subscribers);
PG_FUNCTION_INFO_V1(va_sql_take_progress);

/* The report travels in real time, and may wait in a queue, however fast the sandbox's clock runs. */
#define REPORT_GRACE_S 5

/* How far a webhook says that a call has come: to its end, or to a state. */
typedef enum Reached
{
	ENDED,
	INITIATED,
	RINGING,
	IN_PROGRESS
} Reached;

typedef struct Step
{
	int32 place; /* of the webhook in its batch, from 1 */
	int64 call_id;
	TupleTableSlot *call; /* its row, which we have locked */
	Reached to;
	Datum provider_call_id;
	TimestampTz answered_at; /* DT_NOEND: it does not say */
	bool is_new;
} Step;

/* ---- which webhooks move which calls ---- */

static Reached
reached(Datum status)
{
	static const char *const states[] = { NULL, "initiated", "ringing", "in_progress" };

	for (Reached to = INITIATED; to <= IN_PROGRESS; to++)
		if (strcmp(TextDatumGetCString(status), states[to]) == 0)
			return to;
	return ENDED;
}

/* A member of a composite value; 0: it is null. */
static Datum
member(Datum composite, const char *name)
{
	bool isnull;
	Datum value = GetAttributeByName(DatumGetHeapTupleHeader(composite), name, &isnull);

	return isnull ? 0 : value;
}

static const char *
text_member(Datum composite, const char *name)
{
	Datum value = member(composite, name);

	return value == 0 ? NULL : TextDatumGetCString(value);
}

typedef struct Sources
{
	VaRows endpoints;
	VaRows attempts;
	VaRows live;
	VaRows calls;
} Sources;

/*
 * Our own reference names the attempt, whose call the carrier took and was not asked about since: for any other call this is
 * also the proof that it was placed, see apply_progress().
 */
static bool
find_step(Sources *from, Datum read, Step *step)
{
	Datum attempt = member(read, "attempt_id");
	Datum event = member(read, "event");
	const char *id = text_member(event, "provider_call_id");
	const char *ref = text_member(event, "attempt_ref");
	Datum status = member(event, "status");
	Datum answered = member(event, "answered_at");

	*step = (Step){ .place = DatumGetInt64(member(read, "webhook_id")),
		.answered_at = answered == 0 ? DT_NOEND : DatumGetTimestampTz(answered) };
	if (attempt == 0 || id == NULL || ref == NULL || status == 0 ||
		!va_find_row(&from->endpoints, DatumGetInt64(member(read, "endpoint_id"))) ||
		!va_find_row(&from->attempts, DatumGetInt64(attempt)))
		return false;
	step->to = reached(status);
	step->provider_call_id = member(event, "provider_call_id");
	step->call_id = DatumGetInt64(va_row_datum(from->attempts.slot, "call_id"));
	return va_row_says(from->attempts.slot, "reference", ref) &&
		   va_row_datum(from->attempts.slot, "provider_account_id") ==
			   va_row_datum(from->endpoints.slot, "provider_account_id") &&
		   va_row_says(from->attempts.slot, "state", "accepted") &&
		   va_row_says(from->attempts.slot, "provider_call_id", id) && va_find_row(&from->live, step->call_id) &&
		   va_row_says(from->live.slot, "state", "accepted") && va_row_says(from->live.slot, "provider_call_id", id) &&
		   DatumGetInt32(va_row_datum(from->live.slot, "lookups")) == 0;
}

static bool
has_ended(TupleTableSlot *call)
{
	bool isnull;

	(void) va_row_value(call, "outcome", &isnull);
	return !isnull;
}

/* An end is taken for any call that has no end yet; a call that another transaction holds is left. */
static bool
lock_call(VaRows *calls, Step *step)
{
	if (!va_find_row(calls, step->call_id) || has_ended(calls->slot) ||
		!va_lock_row(calls, LockTupleNoKeyExclusive, LockWaitSkip) || has_ended(calls->slot))
		return false;
	if (step->to != ENDED && step->to <= reached(va_row_datum(calls->slot, "status")))
		return false;
	step->call = table_slot_create(calls->table, NULL);
	ExecCopySlot(step->call, calls->slot);
	return true;
}

static int
compare_steps(const void *a, const void *b)
{
	const Step *one = a;
	const Step *two = b;

	if (one->call_id != two->call_id)
		return one->call_id < two->call_id ? -1 : 1;
	return one->place - two->place;
}

/* In the order of ids: calls, and then the live rows of those that have ended, again without waiting for any. */
static int
lock_steps(Sources *from, Step *steps, int n)
{
	int locked = 0;
	int kept = 0;

	qsort(steps, n, sizeof(Step), compare_steps);
	for (int i = 0; i < n; i++)
		if (lock_call(&from->calls, &steps[i]))
			steps[locked++] = steps[i];
	for (int i = 0; i < locked; i++)
		if (steps[i].to != ENDED || (va_find_row(&from->live, steps[i].call_id) &&
										va_lock_row(&from->live, LockTupleNoKeyExclusive, LockWaitSkip)))
			steps[kept++] = steps[i];
		else
			ExecDropSingleTupleTableSlot(steps[i].call);
	return kept;
}

static Step *
find_steps(Datum events, int *n)
{
	int count;
	Datum *read = va_elements_of(events, ARR_ELEMTYPE(DatumGetArrayTypeP(events)), NULL, &count);
	Step *steps = palloc(sizeof(Step) * Max(count, 1));
	Sources from;

	*n = 0;
	va_open_rows(&from.endpoints, VA_SCHEMA, "webhook_endpoints", "webhook_endpoints_pkey", 2, AccessShareLock);
	va_open_rows(&from.attempts, VA_SCHEMA, "attempts", "attempts_pkey", 2, AccessShareLock);
	va_open_rows(&from.live, VA_PRIVATE_SCHEMA, "live_calls", "live_calls_pkey", 2, RowShareLock);
	va_open_rows(&from.calls, VA_SCHEMA, "calls", "calls_pkey", 2, RowShareLock);
	for (int i = 0; i < count; i++)
		*n += find_step(&from, read[i], &steps[*n]);
	*n = lock_steps(&from, steps, *n);
	va_close_rows(&from.endpoints);
	va_close_rows(&from.attempts);
	va_close_rows(&from.live);
	va_close_rows(&from.calls);
	return steps;
}

/* ---- what becomes of the calls ---- */

/* Several webhooks of one call, merged into the first of them: an answer is later than ringing, the earliest counts. */
static void
raise_call(VaTarget *calls, const Step *step, bool answered, TimestampTz answered_then, TimestampTz now)
{
	bool isnull;

	va_begin_update(calls, step->call);
	va_set(calls, "status", CStringGetTextDatum(answered ? "in_progress" : "ringing"));
	/* No time is charged in which the person is not known to have talked. */
	(void) va_row_value(step->call, "answered_at", &isnull);
	if (answered && isnull)
		va_set(calls, "answered_at", TimestampTzGetDatum(answered_then == DT_NOEND ? now : answered_then));
	(void) va_row_value(step->call, "provider_call_id", &isnull);
	if (isnull)
		va_set(calls, "provider_call_id", step->provider_call_id);
	(void) va_update_row(calls, &step->call->tts_tid);
}

static bool
raises(const Step *step)
{
	return step->is_new && step->to != ENDED;
}

static void
raise_calls(const Step *steps, int n)
{
	TimestampTz now = va_clock_now();
	VaEventWrites events;
	VaWrites writes;
	VaTarget calls;

	va_announce_events(&events, now);
	va_begin_writes(&writes);
	va_open_target(&calls, &writes, VA_SCHEMA, "calls", CMD_UPDATE);
	va_open_events(&events, &writes);
	for (int i = 0, next; i < n; i = next)
	{
		bool raised = false;
		bool answered = false;
		TimestampTz earliest = DT_NOEND;

		for (next = i; next < n && steps[next].call_id == steps[i].call_id; next++)
		{
			raised = raised || raises(&steps[next]);
			if (!raises(&steps[next]) || steps[next].to != IN_PROGRESS)
				continue;
			answered = true;
			earliest = Min(earliest, steps[next].answered_at);
		}
		if (!raised)
			continue;
		raise_call(&calls, &steps[i], answered, earliest, now);
		va_write_event(&events, steps[i].call, answered ? "call_answered" : "call_ringing", "{}");
	}
	va_end_writes(&writes);
}

/* carrier_time(provider text, duration interval, time_scale numeric, shortest interval) */
Datum
va_sql_carrier_time(PG_FUNCTION_ARGS)
{
	Datum scaled;
	bool real = !PG_ARGISNULL(0) && strcmp(text_to_cstring(PG_GETARG_TEXT_PP(0)), "sandbox") != 0;

	if (PG_ARGISNULL(1) || (!real && PG_ARGISNULL(2)))
		PG_RETURN_NULL();
	if (real)
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	scaled = DirectFunctionCall2(
		interval_div, PG_GETARG_DATUM(1), DirectFunctionCall1(numeric_float8, PG_GETARG_DATUM(2)));
	return !PG_ARGISNULL(3) && DatumGetBool(DirectFunctionCall2(interval_lt, scaled, PG_GETARG_DATUM(3)))
			   ? PG_GETARG_DATUM(3)
			   : scaled;
}

/* answer_time(provider text, send_lease interval) */
Datum
va_sql_answer_time(PG_FUNCTION_ARGS)
{
	const VaDriver *driver = va_driver_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	Interval wire = { .time = va_guc_http_timeout_ms * INT64CONST(1000) + driver->dial_repeatable_s * USECS_PER_SEC };

	return DirectFunctionCall2(interval_pl, PG_GETARG_DATUM(1), IntervalPGetDatum(&wire));
}

/* The carrier is asked about those of the calls that have ended by these whose report does not come soon. */
static void
await_reports(const Step *steps, int n)
{
	Datum now = TimestampTzGetDatum(va_clock_now());
	Datum settings = va_dial_settings();
	Interval grace = { .time = REPORT_GRACE_S * USECS_PER_SEC };
	TimestampTz first = DT_NOEND;
	VaRows live;
	VaWrites writes;
	VaTarget told;

	va_open_rows(&live, VA_PRIVATE_SCHEMA, "live_calls", "live_calls_pkey", 2, RowExclusiveLock);
	va_begin_writes(&writes);
	va_open_target(&told, &writes, VA_PRIVATE_SCHEMA, "live_calls", CMD_UPDATE);
	for (int i = 0; i < n; i++)
	{
		TimestampTz until;

		if (!steps[i].is_new || steps[i].to != ENDED || !va_find_row(&live, steps[i].call_id) ||
			!va_lock_row(&live, LockTupleNoKeyExclusive, LockWaitBlock))
			continue;
		until = DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval, now,
			DirectFunctionCall4(va_sql_carrier_time, va_row_datum(live.slot, "provider"),
				member(settings, "lookup_interval"), member(settings, "time_scale"), PointerGetDatum(&grace))));
		until = Min(until, DatumGetTimestampTz(va_row_datum(live.slot, "lease_until")));
		va_begin_update(&told, live.slot);
		va_set(&told, "lease_until", TimestampTzGetDatum(until));
		(void) va_update_row(&told, &live.slot->tts_tid);
		first = Min(first, until);
	}
	va_end_writes(&writes);
	va_close_rows(&live);
	if (first != DT_NOEND)
		va_poke_lookups_by(first);
}

/* await_reports(call_ids bigint[]), in their order; NULL: a webhook that ended none */
Datum
va_sql_await_reports(PG_FUNCTION_ARGS)
{
	int n;
	bool *none;
	Datum *calls = va_elements_of(PG_GETARG_DATUM(0), INT8OID, &none, &n);
	Step *steps = palloc(sizeof(Step) * Max(n, 1));

	for (int i = 0; i < n; i++)
		steps[i] = (Step){ .call_id = none[i] ? 0 : DatumGetInt64(calls[i]), .to = ENDED, .is_new = !none[i] };
	await_reports(steps, n);
	PG_RETURN_VOID();
}

/* ---- who is notified ---- */

/* poke_subscribers() */
Datum
va_sql_poke_subscribers(PG_FUNCTION_ARGS)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.derive_webhook_deliveries()" };
	VaRows directory;
	bool derived = false;

	va_open_rows(&directory, VA_PRIVATE_SCHEMA, "tenant_directory", "tenant_directory_pkey", 1, AccessShareLock);
	if (va_find_row(&directory, 0))
	{
		derived = DatumGetBool(va_row_datum(directory.slot, "has_webhook_subscriptions"));
		if (DatumGetTimestampTz(va_row_datum(directory.slot, "subscribed_until")) > va_clock_now())
			va_tell_news(directory.tenant);
	}
	va_close_rows(&directory);
	if (!derived)
		PG_RETURN_VOID();
	SPI_connect();
	va_execute(&statement, NULL, NULL);
	SPI_finish();
	PG_RETURN_VOID();
}

/* ---- all of it ---- */

/* take_progress(endpoint_ids bigint[], event_keys text[], headers jsonb[], bodies bytea[], events read_event[]) */
Datum
va_sql_take_progress(PG_FUNCTION_ARGS)
{
	int n;
	Step *steps = find_steps(PG_GETARG_DATUM(4), &n);
	int32 *places = palloc(sizeof(int32) * Max(n, 1));
	bool *known;
	bool raised = false;
	bool ended = false;
	Datum taken;

	for (int i = 0; i < n; i++)
		places[i] = steps[i].place;
	taken = va_array_of_int4(places, NULL, n);
	if (n == 0)
		PG_RETURN_DATUM(taken);
	/* An event that was known had its effect when it came first. */
	(void) va_elements_of(DirectFunctionCall6(va_sql_insert_webhooks, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1),
							  PG_GETARG_DATUM(2), PG_GETARG_DATUM(3), CStringGetTextDatum("http"), taken),
		INT8OID, &known, &n);
	for (int i = 0; i < n; i++)
	{
		steps[i].is_new = !known[i];
		raised = raised || raises(&steps[i]);
		ended = ended || (steps[i].is_new && steps[i].to == ENDED);
	}
	if (raised)
		raise_calls(steps, n);
	if (ended)
		await_reports(steps, n);
	for (int i = 0; i < n; i++)
		ExecDropSingleTupleTableSlot(steps[i].call);
	(void) va_sql_poke_subscribers(fcinfo);
	PG_RETURN_DATUM(taken);
}
