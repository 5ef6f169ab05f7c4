/*-------------------------------------------------------------------------
 * campaign_counters.c
 *		Sums of a campaign's leads and calls, kept as they change.
 *
 * Triggers after each statement on campaign_leads and calls, over its
 * transition tables: what the rows counted before is taken from the
 * campaign's counters, what they count now is added, in the same transaction.
 * Most statements change many rows of one campaign, so that it is one update
 * a statement; many change nothing that is counted, and then it is none.
 *
 * Each backend adds to a row of its own: no two that run at once have one
 * number, so none waits for another's counter, in whatever order locks are
 * taken, and a row may well be below zero; only their sum says something. It
 * is written without a statement or a lock, which would cost more than all
 * else here; a statement makes it, and counts what is not of the tenant of
 * the transaction, as in a restore.
 *
 * Nothing is read but the rows that have changed, and the counters are left
 * out of dumps: a restore, in whatever order it comes, counts them anew.
 */
#include "postgres.h"

#include "access/xact.h"
#include "commands/trigger.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "core/compat.h"
#include "core/statement.h"
#include "core/version.h"
#include "core/voiceagent.h"
#include "core/wake.h"
#include "tenancy/identity.h"
#include "tenancy/rows.h"

#define COUNTS_MAX 12
#define SUMS_MAX 5
#define COLUMNS_MAX 11
#define KEYS 4

PG_FUNCTION_INFO_V1(va_sql_count_campaign_leads);
PG_FUNCTION_INFO_V1(va_sql_count_campaign_calls);

/* A row of campaign_counters.  The counts of a call may lie in that of any currency, its cost only in that of its own. */
typedef struct CounterKey
{
	int64 tenant;
	int64 campaign;
	char currency[8];
} CounterKey;

typedef struct Counter
{
	CounterKey key; /* first: dynahash */
	int64 counts[COUNTS_MAX];
	Datum sums[SUMS_MAX];  /* numeric; 0: nothing yet */
	MemoryContext context; /* of the sums */
} Counter;

/* A kind of rows that is counted. */
typedef struct Kind
{
	const char *const *columns; /* that it reads; the first two name the campaign */
	int ncolumns;
	VaColumn *sums; /* its counts and sums in campaign_counters */
	int ncounts;
	int nsums;
	/* Adds (sign 1) or takes away (-1) what one row counts. */
	void (*count)(Counter *counter, const Datum *values, const bool *nulls, int sign);
	int currency;		/* which column that is; -1: none */
	int id;				/* which column names the call; -1: none */
	VaStatement upsert; /* written when it is first needed */
} Kind;

/* The second column of every kind. */
#define CAMPAIGN 1

enum LeadColumns
{
	LEAD_STATUS = 2,
	LEAD_ATTEMPTS
};
static const char *const lead_columns[] = { "tenant_id", "campaign_id", "status", "attempts" };
static VaColumn lead_sums[] = { { "waiting_leads", 0 }, { "calling_leads", 0 }, { "completed_leads", 0 },
	{ "failed_leads", 0 }, { "skipped_leads", 0 }, { "expired_leads", 0 }, { "leads_called", 0 } };

enum CallColumns
{
	CALL_STATUS = 2,
	CALL_OUTCOME,
	CALL_DURATION,
	CALL_COST,
	CALL_CURRENCY,
	CALL_CREDITS,
	CALL_MACHINE,
	CALL_COST_SOURCE,
	CALL_ID
};
static const char *const call_columns[] = { "tenant_id", "campaign_id", "status", "outcome", "duration_seconds", "cost",
	"cost_currency", "credits", "machine", "cost_source", "call_id" };
static VaColumn call_sums[] = { { "calls", 0 }, { "live_calls", 0 }, { "answered_calls", 0 },
	{ "appointments_agreed", 0 }, { "interested", 0 }, { "callbacks", 0 }, { "opted_out", 0 }, { "human_answers", 0 },
	{ "machine_answers", 0 }, { "unclear_answers", 0 }, { "calls_without_cost", 0 }, { "calls_with_cost", 0 },
	{ "talk_seconds", 0 }, { "credits_spent", 0 }, { "machine_credits", 0 }, { "unclear_credits", 0 }, { "cost", 0 } };

StaticAssertDecl(lengthof(call_columns) <= COLUMNS_MAX, "COLUMNS_MAX is too small");
StaticAssertDecl(KEYS + COUNTS_MAX + SUMS_MAX <= VA_STATEMENT_ARGS, "VA_STATEMENT_ARGS is too small");

static bool
is(Datum value, bool null, const char *word)
{
	text *found;

	if (null)
		return false;
	found = DatumGetTextPP(value);
	return VARSIZE_ANY_EXHDR(found) == strlen(word) && memcmp(VARDATA_ANY(found), word, strlen(word)) == 0;
}

/* In a context that does not outlive the row: a numeric leaves more behind than its result. */
static void
add_sum(Counter *counter, int which, Datum value, bool null, int sign)
{
	Datum was = counter->sums[which];
	Datum sum;

	if (null)
		return;
	sum = DirectFunctionCall2(sign > 0 ? numeric_add : numeric_sub,
		was == 0 ? DirectFunctionCall1(int4_numeric, Int32GetDatum(0)) : was, value);
	if (was != 0)
		pfree(DatumGetPointer(was));
	counter->sums[which] = PointerGetDatum(MemoryContextAlloc(counter->context, VARSIZE_ANY(DatumGetPointer(sum))));
	memcpy(DatumGetPointer(counter->sums[which]), DatumGetPointer(sum), VARSIZE_ANY(DatumGetPointer(sum)));
}

static void
count_lead(Counter *counter, const Datum *values, const bool *nulls, int sign)
{
	/* The states beside those that wait: completed_leads is the third name. */
	static const char *const states[] = { "calling", "completed", "failed", "skipped", "expired" };
	int which = 0;

	for (int i = 0; i < (int) lengthof(states) && which == 0; i++)
		if (is(values[LEAD_STATUS], nulls[LEAD_STATUS], states[i]))
			which = i + 1;
	counter->counts[which] += sign;
	if (DatumGetInt32(values[LEAD_ATTEMPTS]) > 0)
		counter->counts[lengthof(states) + 1] += sign;
}

static bool
only_of_people(Datum outcome, bool null)
{
	static const char *const outcomes[] = { "scheduled", "interested", "not_interested", "callback", "do_not_call",
		"wrong_number" };

	for (int i = 0; i < (int) lengthof(outcomes); i++)
		if (is(outcome, null, outcomes[i]))
			return true;
	return false;
}

static void
count_call(Counter *counter, const Datum *values, const bool *nulls, int sign)
{
	Datum outcome = values[CALL_OUTCOME];
	bool live = nulls[CALL_OUTCOME];
	bool answered = is(values[CALL_STATUS], nulls[CALL_STATUS], "completed");
	Datum who = values[CALL_MACHINE];
	bool untold = nulls[CALL_MACHINE];
	bool unsure = untold || is(who, untold, "uncertain");
	bool machine = is(who, untold, "voicemail") || is(who, untold, "ivr") || is(who, untold, "unavailable") ||
				   is(who, untold, "screener") || (unsure && is(outcome, live, "voicemail"));
	/* Where the carrier did not say who answered, what came of the talk does. */
	bool human = is(who, untold, "human") || (unsure && only_of_people(outcome, live));
	bool unclear = unsure && !machine && !human;
	/* In the order of call_sums; the last of them is its cost's. */
	bool counts[] = { true, live, answered, is(outcome, live, "scheduled"), is(outcome, live, "interested"),
		is(outcome, live, "callback"), is(outcome, live, "do_not_call"), answered && human, answered && machine,
		answered && unclear, answered && nulls[CALL_COST] };

	for (int i = 0; i < (int) lengthof(counts); i++)
		counter->counts[i] += counts[i] ? sign : 0;
	add_sum(counter, 0, values[CALL_DURATION], nulls[CALL_DURATION], sign);
	add_sum(counter, 1, values[CALL_CREDITS], nulls[CALL_CREDITS], sign);
	add_sum(counter, 2, values[CALL_CREDITS], nulls[CALL_CREDITS] || !machine, sign);
	add_sum(counter, 3, values[CALL_CREDITS], nulls[CALL_CREDITS] || !unclear, sign);
}

static Kind lead_kind = { lead_columns, lengthof(lead_columns), lead_sums, lengthof(lead_sums), 0, count_lead, -1, -1,
	{ 0 } };
static Kind call_kind = { call_columns, lengthof(call_columns), call_sums, COUNTS_MAX, SUMS_MAX, count_call,
	CALL_CURRENCY, CALL_ID, { 0 } };

/* The changes of a statement. */
typedef struct Changes
{
	Kind *kind;
	AttrNumber columns[COLUMNS_MAX];
	HTAB *counters;
	MemoryContext context;
	int64 *tenants; /* of the calls whose figures have changed */
	int64 *calls;
	int n_calls;
	int max_calls;
} Changes;

/* Its rows as they were, or as they are. */
typedef struct Rows
{
	Tuplestorestate *store; /* NULL: there are none */
	TupleTableSlot *slot;
	bool there; /* the current one */
	Datum values[COLUMNS_MAX];
	bool nulls[COLUMNS_MAX];
} Rows;

static void
open_rows(Rows *rows, Tuplestorestate *store, Relation rel)
{
	rows->store = store;
	if (store != NULL)
		rows->slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsMinimalTuple);
}

static void
close_rows(Rows *rows)
{
	if (rows->store != NULL)
		ExecDropSingleTupleTableSlot(rows->slot);
}

static void
next_row(Rows *rows, const Changes *changes)
{
	rows->there = rows->store != NULL && tuplestore_gettupleslot(rows->store, true, false, rows->slot);
	for (int i = 0; rows->there && i < changes->kind->ncolumns; i++)
		rows->values[i] = slot_getattr(rows->slot, changes->columns[i], &rows->nulls[i]);
}

static Counter *
counter_of(Changes *changes, const Rows *rows)
{
	int currency = changes->kind->currency;
	CounterKey key = { DatumGetInt64(rows->values[0]), DatumGetInt64(rows->values[CAMPAIGN]), { 0 } };
	Counter *counter;
	bool found;

	if (currency >= 0 && !rows->nulls[currency])
		text_to_cstring_buffer(DatumGetTextPP(rows->values[currency]), key.currency, sizeof(key.currency));
	counter = hash_search(changes->counters, &key, HASH_ENTER, &found);
	if (!found)
	{
		memset((char *) counter + sizeof(CounterKey), 0, sizeof(Counter) - sizeof(CounterKey));
		counter->context = changes->context;
	}
	return counter;
}

/* The counts of one row go to the counter "home", its cost to that of its currency. */
static void
count_row(Changes *changes, Counter *home, const Rows *rows, int sign)
{
	const Kind *kind = changes->kind;

	kind->count(home, rows->values, rows->nulls, sign);
	if (kind->currency >= 0 && !rows->nulls[kind->currency])
	{
		Counter *own = counter_of(changes, rows);

		own->counts[kind->ncounts - 1] += sign;
		add_sum(own, kind->nsums - 1, rows->values[CALL_COST], rows->nulls[CALL_COST], sign);
	}
}

static bool
differs(const Changes *changes, const Rows *before, const Rows *after, int column)
{
	Form_pg_attribute attribute;

	if (before->nulls[column] || after->nulls[column])
		return before->nulls[column] != after->nulls[column];
	attribute = TupleDescAttr(after->slot->tts_tupleDescriptor, changes->columns[column] - 1);
	return !datumIsEqual(before->values[column], after->values[column], attribute->attbyval, attribute->attlen);
}

static int64 *
grown(int64 *ids, int n)
{
	return ids == NULL ? palloc(sizeof(int64) * n) : repalloc_huge(ids, sizeof(int64) * n);
}

static void
add_changed_call(Changes *changes, int64 tenant, int64 call)
{
	if (changes->n_calls == changes->max_calls)
	{
		MemoryContext was_in = MemoryContextSwitchTo(changes->context);

		changes->max_calls = Max(16, 2 * changes->max_calls);
		changes->tenants = grown(changes->tenants, changes->max_calls);
		changes->calls = grown(changes->calls, changes->max_calls);
		MemoryContextSwitchTo(was_in);
	}
	changes->tenants[changes->n_calls] = tenant;
	changes->calls[changes->n_calls++] = call;
}

/*
 * The end of an outgoing call is an event, by which the keeper finds it; a
 * price or a machine that is reported later is none, and neither is the end
 * of a call that came in.  A rate is reckoned in the commit of the end.
 */
static void
note_changed_call(Changes *changes, const Rows *before, const Rows *after)
{
	bool inbound = after->nulls[CAMPAIGN];
	bool rated;

	if (before->nulls[CALL_OUTCOME] && !(inbound && !after->nulls[CALL_OUTCOME]))
		return;
	rated = !inbound && is(before->values[CALL_COST_SOURCE], before->nulls[CALL_COST_SOURCE], "unknown") &&
			is(after->values[CALL_COST_SOURCE], after->nulls[CALL_COST_SOURCE], "rate");
	for (int i = CALL_STATUS; i <= CALL_MACHINE; i++)
	{
		if ((rated && (i == CALL_COST || i == CALL_CURRENCY)) || !differs(changes, before, after, i))
			continue;
		add_changed_call(changes, DatumGetInt64(after->values[0]), DatumGetInt64(after->values[CALL_ID]));
		return;
	}
}

/* An update fills both tables in one order: before is what after was, and counts in the same counter, so that one is written. */
static void
count_rows(Changes *changes, Rows *before, Rows *after)
{
	MemoryContext row = AllocSetContextCreate(changes->context, "a row's numbers", ALLOCSET_SMALL_SIZES);

	for (;;)
	{
		MemoryContext was_in;
		Counter *home;

		/* A row that was spilled to disk is its slot's until the next. */
		next_row(before, changes);
		next_row(after, changes);
		if (!before->there && !after->there)
			break;
		CHECK_FOR_INTERRUPTS();
		if (changes->kind->id >= 0 && before->there && after->there)
			note_changed_call(changes, before, after);
		/* An incoming call is no campaign's. */
		if ((after->there ? after : before)->nulls[CAMPAIGN])
			continue;
		was_in = MemoryContextSwitchTo(row);
		home = counter_of(changes, after->there ? after : before);
		if (before->there)
			count_row(changes, home, before, -1);
		if (after->there)
			count_row(changes, home, after, 1);
		MemoryContextSwitchTo(was_in);
		MemoryContextReset(row);
	}
}

/* Its addition to a column, of the column's type. */
static Datum
added(const Kind *kind, const Counter *counter, int i)
{
	if (i < kind->ncounts)
		return Int64GetDatum(counter->counts[i]);
	return counter->sums[i - kind->ncounts] != 0 ? counter->sums[i - kind->ncounts]
												 : DirectFunctionCall1(int4_numeric, Int32GetDatum(0));
}

/* A sum of nothing tells of how many decimals it is. */
static bool
is_nothing(const Kind *kind, const Counter *counter, int i)
{
	return i < kind->ncounts ? counter->counts[i] == 0 : counter->sums[i - kind->ncounts] == 0;
}

static void
write_upsert(Kind *kind)
{
	const char *table = va_counters_table();
	StringInfo columns = makeStringInfo();
	StringInfo values = makeStringInfo();
	StringInfo sums = makeStringInfo();
	VaStatement *upsert = &kind->upsert;

	memcpy(upsert->argtypes, (const Oid[KEYS]){ INT8OID, INT8OID, INT4OID, TEXTOID }, KEYS * sizeof(Oid));
	upsert->nargs = KEYS;
	for (int i = 0; i < kind->ncounts + kind->nsums; i++)
	{
		const char *name = kind->sums[i].name;

		upsert->argtypes[upsert->nargs++] = i < kind->ncounts ? INT8OID : NUMERICOID;
		appendStringInfo(columns, ", %s", name);
		appendStringInfo(values, ", $%d", upsert->nargs);
		appendStringInfo(sums, "%s%s = t.%s + excluded.%s", sums->len > 0 ? ", " : "", name, name, name);
	}
	upsert->sql = MemoryContextStrdup(TopMemoryContext,
		psprintf("INSERT INTO voiceagent.%s AS t (tenant_id, campaign_id, writer, currency%s) VALUES ($1, $2, $3, $4%s)"
				 " ON CONFLICT ON CONSTRAINT %s_pkey DO UPDATE SET %s",
			table, columns->data, values->data, table, sums->data));
}

static void
upsert_counter(Kind *kind, const Counter *counter)
{
	Datum values[KEYS + COUNTS_MAX + SUMS_MAX] = { Int64GetDatum(counter->key.tenant),
		Int64GetDatum(counter->key.campaign), Int32GetDatum(VA_MY_BACKEND_NUMBER),
		CStringGetTextDatum(counter->key.currency) };

	for (int i = 0; i < kind->ncounts + kind->nsums; i++)
		values[KEYS + i] = added(kind, counter, i);
	if (kind->upsert.sql == NULL)
		write_upsert(kind);
	va_execute(&kind->upsert, values, NULL);
}

/* The row of this backend, which no other writes while this one lives. */
static bool
find_counter(VaRows *rows, const Counter *counter)
{
	ScanKeyData keys[KEYS - 1];

	ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(counter->key.tenant));
	ScanKeyInit(&keys[1], 2, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(counter->key.campaign));
	ScanKeyInit(&keys[2], 3, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(VA_MY_BACKEND_NUMBER));
	va_find_rows(rows, keys);
	while (va_next_row(rows))
		if (va_row_says(rows->slot, "currency", counter->key.currency))
			return true;
	return false;
}

static void
add_to_row(Kind *kind, const Counter *counter, TupleTableSlot *row)
{
	VaWrites writes;
	VaTarget target;

	va_begin_writes(&writes);
	va_open_target(&target, &writes, VA_SCHEMA, "campaign_counters", CMD_UPDATE);
	va_begin_update(&target, row);
	for (int i = 0; i < kind->ncounts + kind->nsums; i++)
		if (!is_nothing(kind, counter, i))
			va_set_of(&target, &kind->sums[i],
				DirectFunctionCall2(i < kind->ncounts ? int8pl : numeric_add, va_row_datum_of(row, &kind->sums[i]),
					added(kind, counter, i)),
				false);
	(void) va_update_row(&target, &row->tts_tid);
	va_end_writes(&writes);
}

static bool
changes_something(const Kind *kind, const Counter *counter)
{
	Datum zero = DirectFunctionCall1(int4_numeric, Int32GetDatum(0));

	for (int i = 0; i < kind->ncounts; i++)
		if (counter->counts[i] != 0)
			return true;
	for (int i = 0; i < kind->nsums; i++)
		if (counter->sums[i] != 0 && !DatumGetBool(DirectFunctionCall2(numeric_eq, counter->sums[i], zero)))
			return true;
	return false;
}

static void
write_counter(Kind *kind, const Counter *counter)
{
	VaRows rows;
	bool found;

	if (!changes_something(kind, counter))
		return;
	if (counter->key.tenant != va_tenant_or_none() || !va_version_is_served())
	{
		upsert_counter(kind, counter);
		return;
	}
	/* Counts of a trigger of the same statement are seen. */
	CommandCounterIncrement();
	PushCopiedSnapshot(GetTransactionSnapshot());
	UpdateActiveSnapshotCommandId();
	va_open_rows(&rows, VA_SCHEMA, "campaign_counters", "campaign_counters_pkey", KEYS - 1, RowExclusiveLock);
	found = find_counter(&rows, counter);
	if (found)
		add_to_row(kind, counter, rows.slot);
	va_close_rows(&rows);
	PopActiveSnapshot();
	if (!found)
		upsert_counter(kind, counter);
}

static void
write_changed_calls(const Changes *changes)
{
	static VaStatement statement = { "INSERT INTO voiceagent_private.changed_calls (tenant_id, call_id)"
									 " SELECT c.tenant_id, c.call_id FROM unnest($1, $2) AS c(tenant_id, call_id)",
		2, { INT8ARRAYOID, INT8ARRAYOID }, NULL };
	Datum values[2];

	if (changes->n_calls == 0)
		return;
	values[0] = va_array_of_int8(changes->tenants, changes->n_calls);
	values[1] = va_array_of_int8(changes->calls, changes->n_calls);
	va_execute(&statement, values, NULL);
	for (int i = 0; i < changes->n_calls; i++)
		if (i == 0 || changes->tenants[i] != changes->tenants[i - 1])
			va_tell_figures(changes->tenants[i]);
}

static bool
is_empty(Tuplestorestate *rows)
{
	return rows == NULL || tuplestore_tuple_count(rows) == 0;
}

static Datum
counter(FunctionCallInfo fcinfo, Kind *kind)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Changes changes = { .kind = kind };
	HASHCTL control = { .keysize = sizeof(CounterKey), .entrysize = sizeof(Counter) };
	Rows before = { 0 };
	Rows after = { 0 };
	HASH_SEQ_STATUS all;
	Counter *found;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		elog(ERROR, "not called as a trigger after a statement");
	if (is_empty(trigger->tg_oldtable) && is_empty(trigger->tg_newtable))
		return PointerGetDatum(NULL);
	SPI_connect();
	changes.context = control.hcxt = CurrentMemoryContext;
	changes.counters = hash_create("counters", 8, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	for (int i = 0; i < kind->ncolumns; i++)
		changes.columns[i] = SPI_fnumber(RelationGetDescr(trigger->tg_relation), kind->columns[i]);
	open_rows(&before, trigger->tg_oldtable, trigger->tg_relation);
	open_rows(&after, trigger->tg_newtable, trigger->tg_relation);
	count_rows(&changes, &before, &after);
	close_rows(&before);
	close_rows(&after);
	hash_seq_init(&all, changes.counters);
	while ((found = hash_seq_search(&all)) != NULL)
		write_counter(kind, found);
	write_changed_calls(&changes);
	SPI_finish();
	return PointerGetDatum(NULL);
}

Datum
va_sql_count_campaign_leads(PG_FUNCTION_ARGS)
{
	return counter(fcinfo, &lead_kind);
}

Datum
va_sql_count_campaign_calls(PG_FUNCTION_ARGS)
{
	return counter(fcinfo, &call_kind);
}
