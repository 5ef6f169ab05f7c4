/*-------------------------------------------------------------------------
 * closed_leads.c
 *		Leads whose dials are over: in their campaign, by themselves, and where
 *		lists show them.
 *
 * The rows are found by their keys, one by one, locked, and changed where they
 * lie.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"

#include "core/statement.h"
#include "core/voiceagent.h"
#include "tenancy/rows.h"

PG_FUNCTION_INFO_V1(va_sql_lead_class);
PG_FUNCTION_INFO_V1(va_sql_follow_up_of);
PG_FUNCTION_INFO_V1(va_sql_move_leads);
PG_FUNCTION_INFO_V1(va_sql_close_leads);

/* ---- classes of leads ---- */

static int
place_among(const char *const *words, const char *word)
{
	for (int i = 0; word != NULL && words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i + 1;
	return 0;
}

static int16
lead_class(const char *status, const char *outcome, const char *follow_up)
{
	static const char *const stages[] = { "completed", "failed", "do_not_call", NULL };
	static const char *const outcomes[] = { "interested", "scheduled", "callback", "not_interested", "completed",
		"voicemail", "no_answer", "busy", "wrong_number", "do_not_call", "failed", "canceled", "unfinished", NULL };
	static const char *const follow_ups[] = { "callback", "interested", "appointment", NULL };

	return (int16) (64 * place_among(stages, status) + 4 * place_among(outcomes, outcome) +
					place_among(follow_ups, follow_up));
}

static const char *
follow_up_of(const char *outcome)
{
	static const char *const shown[] = { "callback", "interested", NULL };

	return strcmp(outcome, "scheduled") == 0 ? "appointment" : place_among(shown, outcome) > 0 ? outcome : NULL;
}

Datum
va_sql_lead_class(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT16(lead_class(VA_TEXT_ARGUMENT(0), VA_TEXT_ARGUMENT(1), VA_TEXT_ARGUMENT(2)));
}

Datum
va_sql_follow_up_of(PG_FUNCTION_ARGS)
{
	VA_RETURN_TEXT(follow_up_of(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

/* ---- where lists show them ---- */

/* From a class, or from nowhere, to another. */
typedef struct Move
{
	Datum lead;
	Datum was;
	bool is_new;
	Datum class;
	Datum called_at;
	bool never;
} Move;

/* The leads are locked, so no other session moves these rows; the snapshot sees who did before. */
static void
move_leads(const Move *moves, int n)
{
	VaRows order;
	VaWrites writes;
	VaTarget target[2] = { 0 };

	PushActiveSnapshot(GetTransactionSnapshot());
	va_open_rows(&order, VA_PRIVATE_SCHEMA, "lead_order", "lead_order_id", 3, RowExclusiveLock);
	va_begin_writes(&writes);
	for (const Move *move = moves; move < moves + n; move++)
	{
		VaTarget *to = &target[move->is_new];

		if (!move->is_new && !va_find_by_two(&order, F_INT2EQ, move->was, F_INT8EQ, move->lead))
			continue;
		if (to->writes == NULL)
			va_open_target(to, &writes, VA_PRIVATE_SCHEMA, "lead_order", move->is_new ? CMD_INSERT : CMD_UPDATE);
		if (move->is_new)
			va_begin_insert(to);
		else
			va_begin_update(to, order.slot);
		va_set(to, "tenant_id", Int64GetDatum(writes.tenant));
		va_set(to, "lead_id", move->lead);
		va_set(to, "class", move->class);
		va_set_or_null(to, "called_at", move->called_at, move->never);
		(void) (move->is_new ? va_insert_row(to) : va_update_row(to, &order.slot->tts_tid));
	}
	va_end_writes(&writes);
	va_close_rows(&order);
	PopActiveSnapshot();
}

/* Arrays of one length, or null: nothing is said of any; where nulls is NULL something is said of each. */
static Datum *
elements(FunctionCallInfo fcinfo, int argument, Oid type, bool **nulls, int n)
{
	int found = n;
	Datum *values = PG_ARGISNULL(argument) ? palloc0((n + 1) * sizeof(Datum))
										   : va_elements_of(PG_GETARG_DATUM(argument), type, nulls, &found);

	if (PG_ARGISNULL(argument) && nulls != NULL)
		*nulls = memset(palloc(n + 1), true, n + 1);
	if (found != n || (PG_ARGISNULL(argument) && nulls == NULL))
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("leads need arrays of one length")));
	return values;
}

/* move_leads(lead_ids bigint[], old_classes smallint[], new_classes smallint[], last_calls timestamptz[]) */
Datum
va_sql_move_leads(PG_FUNCTION_ARGS)
{
	int n;
	Datum *leads = va_elements_of(PG_GETARG_DATUM(0), INT8OID, NULL, &n);
	bool *is_new;
	bool *never;
	Datum *was = elements(fcinfo, 1, INT2OID, &is_new, n);
	Datum *classes = elements(fcinfo, 2, INT2OID, NULL, n);
	Datum *called_at = elements(fcinfo, 3, TIMESTAMPTZOID, &never, n);
	Move *moves = palloc((n + 1) * sizeof(Move));

	for (int i = 0; i < n; i++)
		moves[i] = (Move){ leads[i], was[i], is_new[i], classes[i], called_at[i], never[i] };
	move_leads(moves, n);
	PG_RETURN_VOID();
}

/* ---- leads that are closed ---- */

/* How one ends; NULL, null: nothing is said. */
typedef struct End
{
	const char *status;
	Datum outcome;
	Datum reason;
	bool no_reason;
	Datum qualified;
	bool not_said;
} End;

static void
close_member(VaTarget *members, TupleTableSlot *row, const End *end)
{
	va_begin_update(members, row);
	va_set(members, "status", CStringGetTextDatum(end->status));
	va_set_or_null(members, "reason", end->reason, end->no_reason);
	va_set(members, "last_outcome", end->outcome);
	(void) va_update_row(members, &row->tts_tid);
}

/* One that wants no calls stays so. */
static void
close_lead(VaTarget *leads, TupleTableSlot *row, const End *end, Move *move)
{
	bool stopped = va_row_says(row, "status", "do_not_call");
	bool closes = !stopped && (strcmp(end->status, "completed") == 0 || strcmp(end->status, "failed") == 0);
	const char *status = closes ? end->status : TextDatumGetCString(va_row_datum(row, "status"));
	const char *outcome = TextDatumGetCString(end->outcome);
	const char *follow_up = stopped ? NULL : follow_up_of(outcome);

	*move = (Move){ .lead = va_row_datum(row, "lead_id"),
		.class = Int16GetDatum(lead_class(status, outcome, follow_up)) };
	move->was = va_row_value(row, "list_class", &move->is_new);
	move->called_at = va_row_value(row, "last_contacted_at", &move->never);
	va_begin_update(leads, row);
	va_set(leads, "status", CStringGetTextDatum(status));
	if (!stopped)
		va_set_or_null(leads, "status_reason", end->reason, end->no_reason);
	if (!end->not_said)
		va_set(leads, "qualified", end->qualified);
	va_set_or_null(leads, "last_called_at", move->called_at, move->never);
	va_set(leads, "last_outcome", end->outcome);
	va_set_or_null(leads, "follow_up", follow_up ? CStringGetTextDatum(follow_up) : (Datum) 0, follow_up == NULL);
	va_set(leads, "list_class", move->class);
	(void) va_update_row(leads, &row->tts_tid);
}

/*
 * close_leads(campaign_id bigint, lead_ids bigint[], status text, outcomes text[], reasons text[], qualified boolean[]): first all
 * of the campaign, then the leads themselves.  One that is named twice has been changed by the second time.
 */
Datum
va_sql_close_leads(PG_FUNCTION_ARGS)
{
	const char *status;
	int n;
	Datum *leads;
	bool *nulls[2];
	Datum *outcomes;
	Datum *reasons;
	Datum *qualified;
	Move *moves;
	int n_moves = 0;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(
			ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("leads of a campaign are closed with a status")));
	status = text_to_cstring(PG_GETARG_TEXT_PP(2));
	leads = va_elements_of(PG_GETARG_DATUM(1), INT8OID, NULL, &n);
	outcomes = elements(fcinfo, 3, TEXTOID, NULL, n);
	reasons = elements(fcinfo, 4, TEXTOID, &nulls[0], n);
	qualified = elements(fcinfo, 5, BOOLOID, &nulls[1], n);
	moves = palloc((n + 1) * sizeof(Move));
	for (int of_leads = 0; of_leads < 2; of_leads++)
	{
		const char *table = of_leads ? "leads" : "campaign_leads";
		VaRows rows;
		VaWrites writes;
		VaTarget target;

		va_open_rows(&rows, VA_SCHEMA, table, of_leads ? "leads_pkey" : "campaign_leads_pkey", of_leads ? 2 : 3,
			RowExclusiveLock);
		va_begin_writes(&writes);
		va_open_target(&target, &writes, VA_SCHEMA, table, CMD_UPDATE);
		for (int i = 0; i < n; i++)
		{
			End end = { status, outcomes[i], reasons[i], nulls[0][i] || strcmp(status, "completed") == 0, qualified[i],
				nulls[1][i] };

			if (!(of_leads ? va_find_row(&rows, DatumGetInt64(leads[i]))
						   : va_find_by_two(&rows, F_INT8EQ, PG_GETARG_DATUM(0), F_INT8EQ, leads[i])) ||
				!va_lock_row(&rows, LockTupleNoKeyExclusive, LockWaitBlock))
				continue;
			if (of_leads)
				close_lead(&target, rows.slot, &end, &moves[n_moves++]);
			else
				close_member(&target, rows.slot, &end);
		}
		va_end_writes(&writes);
		va_close_rows(&rows);
	}
	move_leads(moves, n_moves);
	PG_RETURN_VOID();
}
