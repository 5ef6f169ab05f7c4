/*-------------------------------------------------------------------------
 * ledger.c
 *		Credits that move, and what each transfer leaves behind.
 *
 * A tenant's ledger is one row with its balances.  Whoever moves credits
 * changes that row first and reads from it what is left: the row's lock puts
 * the transfers of a tenant one after the other, and the balances before and
 * after each follow by arithmetic.
 *
 * A statement costs more to set up than to run when it moves one amount, so
 * they are few, and the ledger's row and the transfers need none.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "commands/sequence.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "core/clock.h"
#include "core/compat.h"
#include "core/errors.h"
#include "tenancy/identity.h"
#include "ledger.h"
#include "tenancy/rows.h"
#include "tenancy/setting.h"
#include "core/statement.h"
#include "core/voiceagent.h"

#define SCALE 6

PG_FUNCTION_INFO_V1(va_sql_post);
PG_FUNCTION_INFO_V1(va_sql_lock_available);
PG_FUNCTION_INFO_V1(va_sql_transfer_adds_up);

static const char *const account_names[VA_ACCOUNTS] = { "available", "held", "spent", "funding", "minutes",
	"minutes_held", "minutes_spent", "minutes_funding" };

/* Columns of credit_transfers, as they lie. */
enum
{
	TENANT_ID,
	TRANSFER_ID,
	AT,
	OPERATION,
	FROM_ACCOUNT,
	TO_ACCOUNT,
	AMOUNT,
	FROM_BEFORE,
	FROM_AFTER,
	TO_BEFORE,
	TO_AFTER,
	AVAILABLE_AFTER,
	HOLD_ID,
	CALL_ID,
	ASSISTANT_ID,
	REFERENCE,
	IDEMPOTENCY_KEY,
	TRANSFER_COLUMNS
};

/* Fields of voiceagent_private.transfer, from 1 on. */
static const int given_columns[] = { OPERATION, FROM_ACCOUNT, TO_ACCOUNT, AMOUNT, HOLD_ID, CALL_ID, ASSISTANT_ID,
	REFERENCE, IDEMPOTENCY_KEY };

typedef struct Transfer
{
	VaLedgerAccount from;
	VaLedgerAccount to;
	Datum values[TRANSFER_COLUMNS];
	bool nulls[TRANSFER_COLUMNS];
} Transfer;

struct VaTransfers
{
	Datum changes[VA_ACCOUNTS]; /* of all of them together */
	int accounts;				/* the first so many may change: those of credits, or all */
	int n;
	int max;
	Transfer each[FLEXIBLE_ARRAY_MEMBER];
};

/* ----- numbers ----- */

Datum
va_no_credits(void)
{
	return va_credits(DirectFunctionCall1(int4_numeric, Int32GetDatum(0)));
}

Datum
va_smaller(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_smaller, a, b);
}

Datum
va_plus(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_add, a, b);
}

Datum
va_minus(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_sub, a, b);
}

bool
va_is_less(Datum a, Datum b)
{
	return DatumGetBool(DirectFunctionCall2(numeric_lt, a, b));
}

bool
va_is_positive(Datum a)
{
	return va_is_less(va_no_credits(), a);
}

Datum
va_credits(Datum amount)
{
	return DirectFunctionCall2(numeric_round, amount, Int32GetDatum(SCALE));
}

/* ----- transfers ----- */

VaTransfers *
va_transfers(int max)
{
	VaTransfers *transfers = palloc(offsetof(VaTransfers, each) + sizeof(Transfer) * max);
	Datum none = va_no_credits();

	transfers->n = 0;
	transfers->max = max;
	transfers->accounts = VA_MINUTES;
	for (int i = 0; i < VA_ACCOUNTS; i++)
		transfers->changes[i] = none;
	return transfers;
}

bool
va_any_transfers(const VaTransfers *transfers)
{
	return transfers->n > 0;
}

static void
set(Transfer *transfer, int column, Datum value)
{
	transfer->values[column] = value;
	transfer->nulls[column] = false;
}

/* One more; the rest of its columns is the caller's to set. */
static Transfer *
add_transfer(VaTransfers *transfers, VaLedgerAccount from, VaLedgerAccount to, Datum amount)
{
	Transfer *transfer = &transfers->each[transfers->n++];

	Assert(transfers->n <= transfers->max);
	memset(transfer->nulls, true, sizeof(transfer->nulls));
	transfer->from = from;
	transfer->to = to;
	set(transfer, FROM_ACCOUNT, CStringGetTextDatum(account_names[from]));
	set(transfer, TO_ACCOUNT, CStringGetTextDatum(account_names[to]));
	set(transfer, AMOUNT, amount);
	transfers->changes[from] = va_minus(transfers->changes[from], amount);
	transfers->changes[to] = va_plus(transfers->changes[to], amount);
	if (Max(from, to) >= VA_MINUTES)
		transfers->accounts = VA_ACCOUNTS;
	return transfer;
}

void
va_add_transfer(VaTransfers *transfers, const char *operation, VaLedgerAccount from, VaLedgerAccount to, Datum amount,
	Datum hold_id, Datum call_id)
{
	Transfer *transfer;

	/* In one unit; the constraint adds_up holds what SQL posts to it. */
	Assert(from != to && (from < VA_MINUTES) == (to < VA_MINUTES));
	if (!va_is_positive(amount))
		return;
	transfer = add_transfer(transfers, from, to, amount);
	set(transfer, OPERATION, CStringGetTextDatum(operation));
	set(transfer, HOLD_ID, hold_id);
	set(transfer, CALL_ID, call_id);
}

VA_NORETURN static void refuse_without_ledger(void);

static void
refuse_without_ledger(void)
{
	ereport(ERROR, (errcode(VA_ERRCODE_CONFLICT), errmsg("the tenant has no credit accounts"),
					   errhint("create_tenant() makes them.")));
}

Datum
va_lock_ledger(void)
{
	static VaStatement statement = {
		.sql = "SELECT l.available, coalesce(l.grants_until <= $2, false) FROM voiceagent.ledgers l "
			   "WHERE l.tenant_id = $1 FOR NO KEY UPDATE",
		.nargs = 2,
		.argtypes = { INT8OID, TIMESTAMPTZOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), TimestampTzGetDatum(va_clock_now()) };

	if (va_execute_by_index(&statement, values) == 0)
		refuse_without_ledger();
	if (DatumGetBool(va_result(0, 2)))
	{
		va_end_due_grants();
		(void) va_execute_by_index(&statement, values);
	}
	return va_result(0, 1);
}

/*
 * Gives the balances that the ledger then has; what is granted is in funding what it is in the others together.  Not "always":
 * only if so many credits are available and no grant has just expired, else false and nothing is done.
 */
static bool
change_ledger(const Datum *changes, bool always, Datum *balances, bool *granted)
{
	static const char *const columns[VA_FUNDING] = { "available", "held", "spent" };
	static VaColumn found[VA_FUNDING];
	VaRows ledger;
	VaWrites writes;
	VaTarget target;
	bool changes_it;

	/* It sees what this transaction has moved before. */
	PushActiveSnapshot(GetTransactionSnapshot());
	va_open_rows(&ledger, VA_SCHEMA, "ledgers", "ledgers_pkey", 1, RowExclusiveLock);
	changes_it = va_find_row(&ledger, 0) && va_lock_row(&ledger, LockTupleNoKeyExclusive, LockWaitBlock);
	balances[VA_FUNDING] = va_no_credits();
	for (int i = 0; changes_it && i < VA_FUNDING; i++)
	{
		found[i].name = columns[i];
		balances[i] = va_plus(va_row_datum_of(ledger.slot, &found[i]), changes[i]);
		balances[VA_FUNDING] = va_minus(balances[VA_FUNDING], balances[i]);
	}
	if (changes_it)
	{
		bool none;
		Datum until = va_row_value(ledger.slot, "grants_until", &none);

		*granted = !none;
		changes_it = always || (!va_is_less(balances[VA_AVAILABLE], va_no_credits()) &&
								   (none || DatumGetTimestampTz(until) > va_clock_now()));
	}
	if (changes_it)
	{
		va_begin_writes(&writes);
		va_open_target(&target, &writes, VA_SCHEMA, "ledgers", CMD_UPDATE);
		va_begin_update(&target, ledger.slot);
		for (int i = 0; i < VA_FUNDING; i++)
			va_set_of(&target, &found[i], balances[i], false);
		(void) va_update_row(&target, &ledger.slot->tts_tid);
		va_end_writes(&writes);
	}
	va_close_rows(&ledger);
	PopActiveSnapshot();
	return changes_it;
}

/* The same of minutes, once the ledger is locked. */
static void
change_minutes(const Datum *changes, Datum *balances)
{
	static VaStatement statement = {
		.sql = "UPDATE voiceagent.ledgers l SET minutes = coalesce(l.minutes, 0.0) + $2, "
			   "minutes_held = coalesce(l.minutes_held, 0.0) + $3, minutes_spent = coalesce(l.minutes_spent, 0.0) + $4 "
			   "WHERE l.tenant_id = $1 RETURNING l.minutes, l.minutes_held, l.minutes_spent",
		.nargs = 4,
		.argtypes = { INT8OID, NUMERICOID, NUMERICOID, NUMERICOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), changes[VA_MINUTES], changes[VA_MINUTES_HELD],
		changes[VA_MINUTES_SPENT] };

	(void) va_execute_by_index(&statement, values);
	balances[VA_MINUTES_FUNDING] = va_no_credits();
	for (int i = VA_MINUTES; i < VA_MINUTES_FUNDING; i++)
	{
		balances[i] = va_result(0, i - VA_MINUTES + 1);
		balances[VA_MINUTES_FUNDING] = va_minus(balances[VA_MINUTES_FUNDING], balances[i]);
	}
}

bool
va_hold_in_ledger(Datum amount, Datum *balances, bool *granted)
{
	Datum none = va_no_credits();
	Datum changes[VA_ACCOUNTS] = { va_minus(none, amount), amount, none, none };

	return change_ledger(changes, false, balances, granted);
}

/* The balances before and after each, from those that all of them left. */
static void
set_balances(VaTransfers *transfers, const Datum *after)
{
	Datum balances[VA_ACCOUNTS];

	for (int i = 0; i < transfers->accounts; i++)
		balances[i] = va_minus(after[i], transfers->changes[i]);
	for (int i = 0; i < transfers->n; i++)
	{
		Transfer *transfer = &transfers->each[i];
		Datum amount = transfer->values[AMOUNT];

		CHECK_FOR_INTERRUPTS();
		set(transfer, FROM_BEFORE, balances[transfer->from]);
		set(transfer, TO_BEFORE, balances[transfer->to]);
		balances[transfer->from] = va_minus(balances[transfer->from], amount);
		balances[transfer->to] = va_plus(balances[transfer->to], amount);
		set(transfer, FROM_AFTER, balances[transfer->from]);
		set(transfer, TO_AFTER, balances[transfer->to]);
		set(transfer, AVAILABLE_AFTER, balances[VA_AVAILABLE]);
	}
}

void
va_write_transfers(VaTransfers *transfers, const Datum *balances)
{
	Oid sequence = get_relname_relid("credit_transfers_transfer_id_seq", get_namespace_oid(VA_SCHEMA, false));
	Datum now = TimestampTzGetDatum(va_clock_now());
	VaWrites writes;
	VaTarget target;

	set_balances(transfers, balances);
	PushActiveSnapshot(GetTransactionSnapshot());
	va_begin_writes(&writes);
	va_open_target(&target, &writes, VA_SCHEMA, "credit_transfers", CMD_INSERT);
	if (target.slot->tts_tupleDescriptor->natts != TRANSFER_COLUMNS)
		elog(ERROR, "credit_transfers has not %d columns", TRANSFER_COLUMNS);
	for (int i = 0; i < transfers->n; i++)
	{
		Transfer *transfer = &transfers->each[i];

		set(transfer, TENANT_ID, Int64GetDatum(writes.tenant));
		set(transfer, TRANSFER_ID, Int64GetDatum(nextval_internal(sequence, false)));
		set(transfer, AT, now);
		va_begin_insert(&target);
		memcpy(target.slot->tts_values, transfer->values, sizeof(transfer->values));
		memcpy(target.slot->tts_isnull, transfer->nulls, sizeof(transfer->nulls));
		(void) va_insert_row(&target);
	}
	va_end_writes(&writes);
	PopActiveSnapshot();
}

/* Holds come and go; what is left of a unit, held or not, crosses the line once until more is granted. */
static void
warn_if_low(
	const VaTransfers *transfers, const Datum *balances, VaLedgerAccount free, const char *unit, const char *setting)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.balance_is_low($1, $2, $3)",
		.nargs = 3,
		.argtypes = { TEXTOID, NUMERICOID, NUMERICOID } };
	Datum change = va_plus(transfers->changes[free], transfers->changes[free + 1]);
	Datum left;
	Datum line;

	if (!va_is_less(change, va_no_credits()))
		return;
	left = va_plus(balances[free], balances[free + 1]);
	line = va_setting_number(setting);
	if (va_is_less(left, line) && !va_is_less(va_minus(left, change), line))
	{
		Datum values[] = { CStringGetTextDatum(unit), left, line };

		(void) va_execute(&statement, values, NULL);
	}
}

/* The charges of ended holds, hold by hold; how many they are. */
static int
ended_holds(const VaTransfers *transfers, Datum *holds, Datum *charges)
{
	int n = 0;

	for (int i = 0; i < transfers->n; i++)
	{
		const Transfer *transfer = &transfers->each[i];

		if (transfer->from != VA_HELD || transfer->nulls[HOLD_ID])
			continue;
		/* The transfers of a hold lie side by side. */
		if (n == 0 || holds[n - 1] != transfer->values[HOLD_ID])
		{
			holds[n] = transfer->values[HOLD_ID];
			charges[n++] = va_no_credits();
		}
		if (transfer->to == VA_SPENT)
			charges[n - 1] = va_plus(charges[n - 1], transfer->values[AMOUNT]);
	}
	return n;
}

/* Credits that come back to a closed grant go at once. */
static void
post_loss(const char *operation, Datum amount)
{
	VaTransfers *transfers = va_transfers(1);
	Transfer *transfer;

	if (!va_is_positive(amount))
		return;
	transfer = add_transfer(transfers, VA_AVAILABLE, VA_FUNDING, amount);
	set(transfer, OPERATION, CStringGetTextDatum(operation));
	set(transfer, REFERENCE, CStringGetTextDatum("came back after its grant was closed"));
	va_post(transfers);
}

static void
follow_in_grants(const VaTransfers *transfers, const Datum *balances)
{
	Datum *holds = palloc(sizeof(Datum) * transfers->n);
	Datum *amounts = palloc(sizeof(Datum) * transfers->n);
	Datum spent = va_no_credits();
	Datum expired = spent;
	Datum voided = spent;
	bool leaves = false;
	bool calls = true;
	int n = 0;

	for (int i = 0; i < transfers->n; i++)
	{
		const Transfer *transfer = &transfers->each[i];

		if (transfer->from != VA_AVAILABLE)
			continue;
		if (transfer->to == VA_HELD && !transfer->nulls[HOLD_ID])
		{
			holds[n] = transfer->values[HOLD_ID];
			amounts[n++] = transfer->values[AMOUNT];
			/* A model of the platform costs it money, test or not. */
			calls = calls && !transfer->nulls[CALL_ID];
			continue;
		}
		leaves = true;
		if (transfer->to == VA_SPENT)
			spent = va_plus(spent, transfer->values[AMOUNT]);
	}
	if (n > 0)
		va_hold_from_grants(holds, amounts, n, calls);
	n = ended_holds(transfers, holds, amounts);
	if (n > 0)
		va_settle_grants(holds, amounts, n, &expired, &voided);
	if (leaves)
		va_burn_grants(spent, balances[VA_AVAILABLE]);
	post_loss("expired", expired);
	post_loss("voided", voided);
}

void
va_post(VaTransfers *transfers)
{
	Datum balances[VA_ACCOUNTS];
	bool granted;

	if (!change_ledger(transfers->changes, true, balances, &granted))
		refuse_without_ledger();
	if (transfers->accounts > VA_MINUTES)
		change_minutes(transfers->changes, balances);
	va_write_transfers(transfers, balances);
	if (granted)
		follow_in_grants(transfers, balances);
	warn_if_low(transfers, balances, VA_AVAILABLE, "credits", "balance_low_credits");
	if (transfers->accounts > VA_MINUTES)
		warn_if_low(transfers, balances, VA_MINUTES, "minutes", "balance_low_minutes");
}

/* ----- for SQL ----- */

/* VA_ACCOUNTS: there is none of that name. */
static VaLedgerAccount
account_number(Datum name)
{
	text *value = DatumGetTextPP(name);
	int i;

	for (i = 0; i < VA_ACCOUNTS; i++)
		if (VARSIZE_ANY_EXHDR(value) == strlen(account_names[i]) &&
			memcmp(VARDATA_ANY(value), account_names[i], VARSIZE_ANY_EXHDR(value)) == 0)
			break;
	return i;
}

static VaLedgerAccount
given_account(Datum name)
{
	VaLedgerAccount account = account_number(name);

	if (account == VA_ACCOUNTS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						   errmsg("there is no account \"%s\"", va_shown(TextDatumGetCString(name)))));
	return account;
}

/* A voiceagent_private.transfer; one that moves nothing is left out. */
static void
add_given(VaTransfers *transfers, Datum given, TupleDesc desc)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(given);
	HeapTupleData tuple = { .t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header };
	Datum values[TRANSFER_COLUMNS] = { 0 };
	bool nulls[TRANSFER_COLUMNS];
	Transfer *transfer;

	for (int i = 0; i < (int) lengthof(given_columns); i++)
		values[given_columns[i]] = heap_getattr(&tuple, i + 1, desc, &nulls[given_columns[i]]);
	if (nulls[AMOUNT] || nulls[FROM_ACCOUNT] || nulls[TO_ACCOUNT])
		return;
	values[AMOUNT] = va_credits(values[AMOUNT]);
	if (!va_is_positive(values[AMOUNT]))
		return;
	transfer = add_transfer(
		transfers, given_account(values[FROM_ACCOUNT]), given_account(values[TO_ACCOUNT]), values[AMOUNT]);
	for (int i = 0; i < (int) lengthof(given_columns); i++)
		if (!nulls[given_columns[i]])
			set(transfer, given_columns[i], values[given_columns[i]]);
}

Datum
va_sql_post(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	TupleDesc desc = lookup_rowtype_tupdesc_copy(ARR_ELEMTYPE(array), -1);
	VaTransfers *transfers;
	Datum *given;
	bool *nulls;
	int n;

	SPI_connect();
	given = va_elements_of(PointerGetDatum(array), ARR_ELEMTYPE(array), &nulls, &n);
	transfers = va_transfers(n);
	for (int i = 0; i < n; i++)
		if (!nulls[i])
			add_given(transfers, given[i], desc);
	if (va_any_transfers(transfers))
		va_post(transfers);
	SPI_finish();
	PG_RETURN_VOID();
}

Datum
va_sql_lock_available(PG_FUNCTION_ARGS)
{
	Datum available;

	SPI_connect();
	/* Its memory ends with SPI's. */
	available = SPI_datumTransfer(va_lock_ledger(), false, -1);
	SPI_finish();
	PG_RETURN_DATUM(available);
}

static bool
are_equal(Datum a, Datum b)
{
	return DatumGetBool(DirectFunctionCall2(numeric_eq, a, b));
}

/* As a check of six expressions it was a fifth of what a transfer costs: they are read and planned anew in each statement. */
Datum
va_sql_transfer_adds_up(PG_FUNCTION_ARGS)
{
	VaLedgerAccount from = account_number(PG_GETARG_DATUM(0));
	VaLedgerAccount to = account_number(PG_GETARG_DATUM(1));
	Datum amount = PG_GETARG_DATUM(2);
	Datum from_before = PG_GETARG_DATUM(3);
	Datum from_after = PG_GETARG_DATUM(4);
	Datum to_before = PG_GETARG_DATUM(5);
	Datum to_after = PG_GETARG_DATUM(6);
	Datum available_after = PG_GETARG_DATUM(7);

	PG_RETURN_BOOL(va_is_positive(amount) && from != to && from != VA_ACCOUNTS && to != VA_ACCOUNTS &&
				   (from < VA_MINUTES) == (to < VA_MINUTES) && are_equal(from_after, va_minus(from_before, amount)) &&
				   are_equal(to_after, va_plus(to_before, amount)) &&
				   (from != VA_AVAILABLE || are_equal(from_after, available_after)) &&
				   (to != VA_AVAILABLE || are_equal(to_after, available_after)));
}
