/*-------------------------------------------------------------------------
 * answers.c
 *		Carriers' answers to our requests to dial.
 *
 * Mostly a carrier took the call, and all is well with its account: then this
 * is all of it.  The rest is decided in SQL, see settle_answers().
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "core/wake.h"
#include "stored.h"
#include "tenancy/rows.h"
#include "tenancy/setting.h"

PG_FUNCTION_INFO_V1(va_sql_record_answers);

#define MAX_ERROR 2000
#define TENTH (USECS_PER_SEC / 10)
#define UNIX_EPOCH_US (INT64CONST(1) * (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

/* The arguments, by their places. */
enum
{
	ATTEMPT,
	KIND,
	PROVIDER_CALL,
	CONTROL_URL,
	HTTP_STATUS,
	ERROR_TEXT,
	RETRY_AFTER,
	N_ARGUMENTS
};

typedef struct Said
{
	Datum *of[N_ARGUMENTS];
	bool *none[N_ARGUMENTS];
	int n;
	bool refusals; /* there are some */
} Said;

typedef struct Answer
{
	int place; /* in the arguments */
	int64 call_id;
	ItemPointerData attempt;
	ItemPointerData live; /* invalid: the call has ended */
	int64 account;		  /* 0: it changed nothing */
} Answer;

static bool
is_kind(const Said *said, int place, const char *kind)
{
	return !said->none[KIND][place] && strcmp(TextDatumGetCString(said->of[KIND][place]), kind) == 0;
}

static bool
is_refusal(const Said *said, int place)
{
	return !is_kind(said, place, "accepted") && !is_kind(said, place, "unknown");
}

static Said
read_arguments(FunctionCallInfo fcinfo)
{
	static const Oid types[] = { INT8OID, TEXTOID, TEXTOID, TEXTOID, INT4OID, TEXTOID, INT4OID };
	Said said = { 0 };

	for (int i = 0; i < N_ARGUMENTS; i++)
	{
		int n;

		said.of[i] = va_elements_of(PG_GETARG_DATUM(i), types[i], &said.none[i], &n);
		if (i > 0 && n != said.n)
			ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("answers need arrays of one length")));
		said.n = n;
	}
	for (int i = 0; i < said.n; i++)
		said.refusals = said.refusals || is_refusal(&said, i);
	return said;
}

/* ---- which calls they are of ---- */

typedef struct Sources
{
	VaRows attempts;
	VaRows calls;
	VaRows live;
} Sources;

static int
compare_answers(const void *a, const void *b)
{
	const Answer *one = a;
	const Answer *two = b;

	if (one->call_id != two->call_id)
		return one->call_id < two->call_id ? -1 : 1;
	return one->place - two->place;
}

/* Calls first, as the inbox locks them; it waits for no lock but a live row's, whose call we then hold. */
static bool
lock_answer(Sources *from, int64 attempt_id, Answer *answer)
{
	if (!va_find_row(&from->calls, answer->call_id) ||
		!va_lock_row(&from->calls, LockTupleNoKeyExclusive, LockWaitSkip) ||
		!va_find_row(&from->attempts, attempt_id) ||
		!va_lock_row(&from->attempts, LockTupleNoKeyExclusive, LockWaitSkip))
		return false;
	answer->attempt = from->attempts.slot->tts_tid;
	ItemPointerSetInvalid(&answer->live);
	if (va_find_row(&from->live, answer->call_id) &&
		DatumGetInt64(va_row_datum(from->live.slot, "attempt_id")) == attempt_id &&
		va_lock_row(&from->live, LockTupleNoKeyExclusive, LockWaitBlock))
		answer->live = from->live.slot->tts_tid;
	return true;
}

/*
 * The answers whose calls we have, in the order of the calls, each attempt once.  Those of the others are to come again, but
 * a call that has been erased is not there to be tried again.
 */
static Answer *
lock_answers(const Said *said, bool refusals, int *n, Datum *put_off)
{
	Answer *answers = palloc(sizeof(Answer) * Max(said->n, 1));
	Datum *again = palloc(sizeof(Datum) * Max(said->n, 1));
	int n_again = 0;
	int found = 0;
	Sources from;

	va_open_rows(&from.attempts, VA_SCHEMA, "attempts", "attempts_pkey", 2, RowShareLock);
	va_open_rows(&from.calls, VA_SCHEMA, "calls", "calls_pkey", 2, RowShareLock);
	va_open_rows(&from.live, VA_PRIVATE_SCHEMA, "live_calls", "live_calls_pkey", 2, RowShareLock);
	for (int i = 0; i < said->n; i++)
		if (!said->none[ATTEMPT][i] && va_find_row(&from.attempts, DatumGetInt64(said->of[ATTEMPT][i])))
			answers[found++] = (Answer){ .place = i,
				.call_id = DatumGetInt64(va_row_datum(from.attempts.slot, "call_id")) };
	qsort(answers, found, sizeof(Answer), compare_answers);
	*n = 0;
	for (int i = 0; i < found; i++)
	{
		Datum attempt = said->of[ATTEMPT][answers[i].place];

		if (i > 0 && answers[i].call_id == answers[i - 1].call_id)
			continue;
		if ((refusals || !is_refusal(said, answers[i].place)) &&
			lock_answer(&from, DatumGetInt64(attempt), &answers[i]))
			answers[(*n)++] = answers[i];
		else if (va_find_row(&from.calls, answers[i].call_id))
			again[n_again++] = attempt;
	}
	va_close_rows(&from.attempts);
	va_close_rows(&from.calls);
	va_close_rows(&from.live);
	*put_off = va_array_of(again, NULL, n_again, INT8OID);
	return answers;
}

/* ---- what becomes of their rows ---- */

/* A webhook or a lookup may have said so before: then only what it did not know is added. */
static bool
may_change(TupleTableSlot *attempt, bool accepted, bool unknown)
{
	bool no_status;

	(void) va_row_value(attempt, "http_status", &no_status);
	return va_row_says(attempt, "state", "sending") || (va_row_says(attempt, "state", "unknown") && !unknown) ||
		   (va_row_says(attempt, "state", "accepted") && accepted && no_status);
}

/* Returns the carrier's id of the call; 0: it is not known. */
static Datum
write_attempt(VaTarget *target, TupleTableSlot *row, const Said *said, Answer *answer, Datum at)
{
	int place = answer->place;
	bool unknown = is_kind(said, place, "unknown");
	bool accepted = is_kind(said, place, "accepted");
	bool none;
	Datum id = va_row_value(row, "provider_call_id", &none);

	if (none)
		id = said->none[PROVIDER_CALL][place] ? 0 : said->of[PROVIDER_CALL][place];
	answer->account = DatumGetInt64(va_row_datum(row, "provider_account_id"));
	va_begin_update(target, row);
	va_set(target, "state", CStringGetTextDatum(accepted ? "accepted" : unknown ? "unknown" : "refused"));
	va_set_or_null(target, "provider_call_id", id, id == 0);
	if (!said->none[CONTROL_URL][place])
		va_set(target, "control_url", said->of[CONTROL_URL][place]);
	va_set_or_null(target, "http_status", said->of[HTTP_STATUS][place], said->none[HTTP_STATUS][place]);
	none = said->none[ERROR_TEXT][place];
	va_set_or_null(target, "error",
		none ? 0 : DirectFunctionCall2(text_left, said->of[ERROR_TEXT][place], Int32GetDatum(MAX_ERROR)), none);
	va_set_or_null(target, "answered_at", at, unknown);
	(void) va_update_row(target, &answer->attempt);
	return id;
}

/* Returns its lease; DT_NOEND: already reported. */
static TimestampTz
write_live(VaTarget *target, Answer *answer, bool accepted, Datum id, TimestampTz at)
{
	TupleTableSlot *row = ItemPointerIsValid(&answer->live) ? va_row_at(target, &answer->live) : NULL;
	TimestampTz lease;
	bool none;

	if (row == NULL || !(va_row_says(row, "state", "sending") || va_row_says(row, "state", "unknown")))
		return DT_NOEND;
	if (accepted)
		lease = Max(DatumGetTimestampTz(va_row_datum(row, "ends_by")), at);
	else
	{
		Interval second = { .time = USECS_PER_SEC };
		Datum wait = GetAttributeByName(DatumGetHeapTupleHeader(va_dial_settings()), "lookup_interval", &none);

		wait = DirectFunctionCall2(interval_smaller, wait, PointerGetDatum(&second));
		lease = DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval, TimestampTzGetDatum(at), wait));
	}
	va_begin_update(target, row);
	va_set(target, "state", CStringGetTextDatum(accepted ? "accepted" : "unknown"));
	(void) va_row_value(row, "provider_call_id", &none);
	if (none)
		va_set_or_null(target, "provider_call_id", id, id == 0);
	va_set(target, "lease_until", TimestampTzGetDatum(lease));
	va_set(target, "lookups", Int32GetDatum(0));
	va_set(target, "misses", Int32GetDatum(0));
	va_set_or_null(target, "answer_due", TimestampTzGetDatum(at), accepted);
	(void) va_update_row(target, &answer->live);
	return lease;
}

static void
write_answers(const Said *said, Answer *answers, int n, TimestampTz at)
{
	TimestampTz first = DT_NOEND;
	VaWrites writes;
	VaTarget attempts;
	VaTarget live;

	va_begin_writes(&writes);
	va_open_target(&attempts, &writes, VA_SCHEMA, "attempts", CMD_UPDATE);
	va_open_target(&live, &writes, VA_PRIVATE_SCHEMA, "live_calls", CMD_UPDATE);
	for (int i = 0; i < n; i++)
	{
		bool accepted = is_kind(said, answers[i].place, "accepted");
		bool unknown = is_kind(said, answers[i].place, "unknown");
		TupleTableSlot *row = va_row_at(&attempts, &answers[i].attempt);
		TimestampTz lease;
		Datum id;

		if (row == NULL || !may_change(row, accepted, unknown))
			continue;
		id = write_attempt(&attempts, row, said, &answers[i], TimestampTzGetDatum(at));
		lease = accepted || unknown ? write_live(&live, &answers[i], accepted, id, at) : DT_NOEND;
		first = Min(first, lease);
	}
	va_end_writes(&writes);
	if (first != DT_NOEND)
		va_poke_lookups_by(first);
}

static bool
is_sending(VaRows *live, Datum calls)
{
	int n;
	Datum *ids = va_elements_of(calls, INT8OID, NULL, &n);

	for (int i = 0; i < n; i++)
		if (va_find_row(live, DatumGetInt64(ids[i])) && va_row_says(live->slot, "state", "sending"))
			return true;
	return false;
}

/* Forgets the claims of the tenant whose requests have all been answered. */
static void
close_sends(void)
{
	VaRows sends;
	VaRows live;
	VaWrites writes;
	VaTarget closed;

	va_open_rows(&sends, VA_PRIVATE_SCHEMA, "sends", "sends_pkey", 1, RowExclusiveLock);
	va_open_rows(&live, VA_PRIVATE_SCHEMA, "live_calls", "live_calls_pkey", 2, AccessShareLock);
	va_begin_writes(&writes);
	va_open_target(&closed, &writes, VA_PRIVATE_SCHEMA, "sends", CMD_DELETE);
	/* The look for those whose lease is over has them locked, and then waits for live calls: not for us. */
	for (bool found = va_find_row(&sends, 0); found; found = va_next_row(&sends))
		if (!is_sending(&live, va_row_datum(sends.slot, "call_ids")) &&
			va_lock_row(&sends, LockTupleExclusive, LockWaitSkip))
			(void) va_delete_row(&closed, &sends.slot->tts_tid);
	va_end_writes(&writes);
	va_close_rows(&sends);
	va_close_rows(&live);
}

/* ---- what they say of the accounts ---- */

/* There is nothing to judge: no trouble, no open breaker, no recent limit. */
static bool
is_calm(TupleTableSlot *dials, TupleTableSlot *account)
{
	bool never_opened;
	bool no_trouble;
	Interval *part = DatumGetIntervalP(va_row_datum(dials, "part"));

	(void) va_row_value(account, "opened_at", &never_opened);
	(void) va_row_value(account, "trouble", &no_trouble);
	return never_opened && no_trouble && DatumGetFloat8(va_row_datum(dials, "limited_share")) == 0 &&
		   part->time >= USECS_PER_SEC && part->day == 0 && part->month == 0;
}

/* Counts, the newest first, with more in the part of time that it is: see count_in_window(). */
static void
count(VaTarget *target, TupleTableSlot *row, VaColumn *counts, VaColumn *part, int64 now, int more)
{
	int n;
	Datum *was = va_elements_of(va_row_datum_of(row, counts), INT4OID, NULL, &n);
	int64 then = DatumGetInt64(va_row_datum_of(row, part));
	int32 *is = palloc0(sizeof(int32) * n);

	/* A clock that was set back: counted anew. */
	for (int64 i = now < then ? n : now - then; i < n; i++)
		is[i] = DatumGetInt32(was[i - (now - then)]);
	is[0] += more;
	va_set_of(target, counts, va_array_of_int4(is, NULL, n), false);
}

/* Those that one carrier took.  False: its account is to be judged, and nothing is counted. */
static bool
count_accepted(int64 account, int n, TimestampTz at)
{
	VaRows dials;
	VaRows accounts;
	VaWrites writes;
	VaTarget counted;
	bool calm;

	va_open_rows(&dials, VA_PRIVATE_SCHEMA, "account_dials", "account_dials_pkey", 2, RowExclusiveLock);
	va_open_rows(&accounts, VA_SCHEMA, "provider_accounts", "provider_accounts_pkey", 2, AccessShareLock);
	calm = va_find_row(&dials, account) && va_lock_row(&dials, LockTupleNoKeyExclusive, LockWaitBlock) &&
		   va_find_row(&accounts, account) && is_calm(dials.slot, accounts.slot);
	if (calm)
	{
		int64 part = (at + UNIX_EPOCH_US) / DatumGetIntervalP(va_row_datum(dials.slot, "part"))->time;
		int64 tenth = (at + UNIX_EPOCH_US) / TENTH;

		va_begin_writes(&writes);
		va_open_target(&counted, &writes, VA_PRIVATE_SCHEMA, "account_dials", CMD_UPDATE);
		va_begin_update(&counted, dials.slot);
		count(&counted, dials.slot, VA_COLUMN("dials"), VA_COLUMN("part_number"), part, n);
		count(&counted, dials.slot, VA_COLUMN("failed"), VA_COLUMN("part_number"), part, 0);
		count(&counted, dials.slot, VA_COLUMN("taken"), VA_COLUMN("tenth"), tenth, n);
		va_set(&counted, "part_number", Int64GetDatum(part));
		va_set(&counted, "tenth", Int64GetDatum(tenth));
		(void) va_update_row(&counted, &dials.slot->tts_tid);
		va_end_writes(&writes);
	}
	va_close_rows(&dials);
	va_close_rows(&accounts);
	return calm;
}

/* ---- all of it ---- */

static bool
may_refuse(void)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.try_lock_tenant()" };
	bool may;

	SPI_connect();
	va_execute(&statement, NULL, NULL);
	may = DatumGetBool(va_result(0, 1));
	SPI_finish();
	return may;
}

/* Returns how many more have changed something. */
static int
settle(FunctionCallInfo fcinfo, const Answer *answers, int n, TimestampTz at)
{
	static VaStatement statement = {
		.sql = "SELECT voiceagent_private.settle_answers($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		.nargs = 9,
		.argtypes = { INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT4ARRAYOID, TEXTARRAYOID, INT4ARRAYOID, INT4ARRAYOID,
			INT4ARRAYOID, TIMESTAMPTZOID }
	};
	int32 *places = palloc(sizeof(int32) * n);
	int32 *changed = palloc(sizeof(int32) * n);
	int n_changed = 0;
	Datum values[] = { PG_GETARG_DATUM(ATTEMPT), PG_GETARG_DATUM(KIND), PG_GETARG_DATUM(PROVIDER_CALL),
		PG_GETARG_DATUM(HTTP_STATUS), PG_GETARG_DATUM(ERROR_TEXT), PG_GETARG_DATUM(RETRY_AFTER), 0, 0,
		TimestampTzGetDatum(at) };
	int more;

	for (int i = 0; i < n; i++)
	{
		places[i] = answers[i].place + 1;
		if (answers[i].account != 0)
			changed[n_changed++] = places[i];
	}
	values[6] = va_array_of_int4(places, NULL, n);
	values[7] = va_array_of_int4(changed, NULL, n_changed);
	SPI_connect();
	va_execute(&statement, values, NULL);
	more = (int) va_single_int();
	SPI_finish();
	return more;
}

/*
 * record_answers(attempt_ids bigint[], kinds text[], provider_call_ids text[], control_urls text[], http_statuses integer[],
 * errors text[], retry_after_s integer[], OUT recorded integer, OUT put_off bigint[])
 */
Datum
va_sql_record_answers(PG_FUNCTION_ARGS)
{
	Said said = read_arguments(fcinfo);
	TimestampTz at = va_clock_now();
	int recorded = 0;
	bool simple = true;
	Datum result[2];
	int n;
	/* Refusals are left for a later try while many leads are being changed. */
	Answer *answers = lock_answers(&said, !said.refusals || may_refuse(), &n, &result[1]);

	if (n > 0)
	{
		/* Later than the locks. */
		PushActiveSnapshot(GetTransactionSnapshot());
		write_answers(&said, answers, n, at);
		PopActiveSnapshot();
		for (int i = 0; i < n; i++)
		{
			recorded += answers[i].account != 0;
			simple = simple && answers[i].account != 0 && answers[i].account == answers[0].account &&
					 is_kind(&said, answers[i].place, "accepted");
		}
		PushActiveSnapshot(GetTransactionSnapshot());
		close_sends();
		if (!simple || !count_accepted(answers[0].account, n, at))
			recorded += settle(fcinfo, answers, n, at);
		PopActiveSnapshot();
		(void) va_sql_poke_subscribers(fcinfo);
	}
	result[0] = Int32GetDatum(recorded);
	PG_RETURN_DATUM(va_row_of_result(fcinfo, result, (bool[]){ false, false }));
}
