/*-------------------------------------------------------------------------
 * dial_accounts.c
 *		The carrier accounts of a claim: how many calls each may begin now, and
 *		the turn of a campaign through one of them.
 */
#include "postgres.h"

#include <math.h>

#include "access/stratnum.h"
#include "catalog/pg_type.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "core/statement.h"
#include "core/voiceagent.h"
#include "dial_facts.h"
#include "provider/stored.h"
#include "tenancy/setting.h"

PG_FUNCTION_INFO_V1(va_sql_outbound_slots);
PG_FUNCTION_INFO_V1(va_sql_account_turns);
PG_FUNCTION_INFO_V1(va_sql_begin_turn);

/* Unused dials of this time may go out at once as a burst, older ones are lost.  Slow accounts have no burst. */
#define BACKLOG_US (250 * INT64CONST(1000))
#define BURST_PACE 8

#define int_of(row, name) DatumGetInt32(va_row_datum(row, name))
#define in_row va_row_nullable

/* ---- what accounts may do ---- */

typedef struct Accounts
{
	TimestampTz at;
	bool real_carriers;
	int32 reserve;
	VaRows accounts;
	VaRows dials;
	VaRows pacing;
	VaRows incoming;
	TupleTableSlot *settings;
	TupleTableSlot *terms;
	VaTarget made;
} Accounts;

static void
open_incoming(Accounts *from)
{
	va_show_value(&from->settings, va_dial_settings());
	va_open_rows(&from->incoming, VA_SCHEMA, "call_inbound", "call_inbound_live", 3, AccessShareLock);
}

static int32
outbound_slots(Accounts *from, Datum id)
{
	/* The platform may have set less since the account was made. */
	int32 lines = Min(int_of(from->terms, "lines"), int_of(from->settings, "account_limit"));
	int32 kept = is_true(from->terms, "answers") ? lines * from->reserve / 100 : 0;
	int32 live = 0;
	ScanKeyData keys[3];

	ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(from->incoming.tenant));
	ScanKeyInit(&keys[1], 2, BTEqualStrategyNumber, F_INT8EQ, id);
	ScanKeyInit(
		&keys[2], 3, BTGreaterStrategyNumber, F_TIMESTAMPTZ_GT, TimestampTzGetDatum(from->at - VA_LONGEST_INCOMING));
	va_find_rows(&from->incoming, keys);
	while (live < lines && va_next_row(&from->incoming))
		live++;
	return Max(0, lines - Max(kept, live));
}

/* outbound_slots(account bigint, terms account_terms, reserve integer, at timestamptz) */
Datum
va_sql_outbound_slots(PG_FUNCTION_ARGS)
{
	Accounts from = { .at = PG_GETARG_TIMESTAMPTZ(3), .reserve = PG_GETARG_INT32(2) };
	int32 slots;

	va_show_value(&from.terms, PG_GETARG_DATUM(1));
	open_incoming(&from);
	slots = outbound_slots(&from, PG_GETARG_DATUM(0));
	va_close_rows(&from.incoming);
	PG_RETURN_INT32(slots);
}

/* After complaints of the carrier about the pace, or about calls at once. */
static void
lower_limits(Accounts *from, NullableDatum *pace, int32 *spare)
{
	TupleTableSlot *row = from->dials.slot;
	NullableDatum at = { TimestampTzGetDatum(from->at), false };
	bool isnull;

	if (va_row_has(row, "slowed_at"))
		pace->value = va_call_sql("dial_rate_now", 6,
			(NullableDatum[]){ *pace, in_row(row, "slowed_to"), in_row(row, "slowed_from"), in_row(row, "slowed_at"),
				in_row(row, "slowed_for"), at },
			&pace->isnull);
	if (va_row_has(row, "lowered_at"))
		*spare = DatumGetInt32(va_call_sql("limit_now", 5,
			(NullableDatum[]){ { Int32GetDatum(*spare), false }, in_row(row, "lowered_to"), in_row(row, "lowered_from"),
				in_row(row, "lowered_at"), at },
			&isnull));
}

/* One dial at a time probes an account until it is answered; those before do not count. *until: no event tells its end. */
static bool
is_probed(Accounts *from, Datum id, TimestampTz *until)
{
	TimestampTz since = time_of(from->accounts.slot, "resumes_at");
	bool probed = false;
	VaRows live;

	va_open_rows(&live, VA_PRIVATE_SCHEMA, "live_calls", "live_calls_pkey", 1, AccessShareLock);
	for (bool more = va_find_first(&live, live.tenant, 0); more && !probed; more = va_next_row(&live))
	{
		TimestampTz dialled_at = time_of(live.slot, "dialled_at");
		bool unknown = va_row_says(live.slot, "state", "unknown") && dialled_at > from->at - USECS_PER_MINUTE;

		probed = va_row_datum(live.slot, "provider_account_id") == id && dialled_at >= since &&
				 (unknown || va_row_says(live.slot, "state", "sending"));
		*until = probed && unknown ? dialled_at + USECS_PER_MINUTE : *until;
	}
	va_close_rows(&live);
	return probed;
}

static bool
may_dial(Accounts *from)
{
	NullableDatum provider = in_row(from->terms, "provider");
	bool isnull;

	return is_true(from->accounts.slot, "active") &&
		   (va_row_says(from->terms, "provider", "sandbox") ||
			   (from->real_carriers && va_row_has(from->accounts.slot, "armed_at") &&
				   (*va_guc_public_base_url != '\0' ||
					   !DatumGetBool(va_call_sql("lacks_public_url", 1, &provider, &isnull)))));
}

static void
set_lines(Accounts *from, Datum id, NullableDatum pace, int32 spare, TimestampTz next_dial_at)
{
	TupleTableSlot *row = from->accounts.slot;
	double dials_per_s = pace.isnull ? 0 : DatumGetFloat8(pace.value);
	TimestampTz paced_from = Max(next_dial_at, from->at - (dials_per_s >= BURST_PACE ? BACKLOG_US : 0));
	TimestampTz free_at = DT_NOBEGIN;
	int32 lines = 0;
	bool opened = va_row_has(row, "opened_at");
	TimestampTz until = DT_NOBEGIN;
	bool probed = opened && va_row_has(row, "resumes_at") && is_probed(from, id, &until);
	bool may = may_dial(from);

	if (may && time_of(row, "resumes_at") > from->at)
		free_at = time_of(row, "resumes_at");
	else if (may && spare > 0)
	{
		if (probed)
			free_at = until;
		else if (opened)
			lines = 1;
		else if (pace.isnull)
			lines = spare;
		else
		{
			free_at = Max(next_dial_at, from->at + 1000);
			if (next_dial_at <= from->at)
				lines = (int32) Min(spare, 1 + floor((double) (from->at - paced_from) / USECS_PER_SEC * dials_per_s));
		}
	}
	va_set(&from->made, "spare", Int32GetDatum(probed ? 0 : spare));
	va_set(&from->made, "free_lines", Int32GetDatum(lines));
	va_set_or_null(&from->made, "free_at", TimestampTzGetDatum(free_at), free_at == DT_NOBEGIN);
	va_set_or_null(&from->made, "pace", pace.value, pace.isnull);
	va_set(&from->made, "paced_from", TimestampTzGetDatum(paced_from));
}

/* clang-format off */
#define SAME(name) { { name, 0 }, { name, 0 } }
static VaColumn of_terms[][2] = { SAME("provider"), SAME("has_caller"), SAME("own_number"), SAME("from_number"),
	SAME("from_number_id"), SAME("heard"), SAME("speaks") };
static VaColumn of_campaign[][2] = { SAME("campaign_id"), SAME("version"), SAME("assistant_id"),
	SAME("assistant_version"), SAME("require_consent"), SAME("call_interval"), SAME("retry_delay"), SAME("hold"),
	SAME("live"), SAME("lawful"), SAME("cap_day"), SAME("cap_24h"), SAME("cap_lifetime"), SAME("number_cooldown"),
	SAME("incoming_rest"), SAME("unsaid"), SAME("caller_cap"), SAME("excused"), SAME("variables"), SAME("announces"),
	SAME("script"), SAME("experiment"), SAME("before_dial"), SAME("number_checks") };
/* From OWN on: of an account's own number, where no pool calls. */
#define OWN 6
static VaColumn of_account[][2] = { SAME("provider_account_id"), SAME("provider"), SAME("pooled"), SAME("heard"),
	{ { "account_pace", 0 }, { "pace", 0 } }, { { "account_paced_from", 0 }, { "paced_from", 0 } },
	SAME("own_number"), SAME("from_number"), SAME("from_number_id") };
/* clang-format on */

static void
fill(VaTarget *made, VaColumn columns[][2], int n, TupleTableSlot *row)
{
	for (int i = 0; i < n; i++)
		va_set_from_of(made, &columns[i][0], row, &columns[i][1]);
}

/* Its row has been found; live: calls of it. */
static Datum
account_turn(Accounts *from, Datum id, int32 live)
{
	NullableDatum given = { id, false };
	NullableDatum pace;
	TimestampTz next_dial_at = from->at;
	int32 spare;
	bool isnull;
	bool called;

	va_show_value(&from->terms, DirectFunctionCall1(va_sql_recall_account, id));
	/* Whether we hold its calls depends on where our media are. */
	if (is_true(from->terms, "streams"))
		va_show_value(&from->terms, va_call_sql("account_terms", 1, &given, &isnull));
	pace = in_row(from->terms, "pace");
	spare = outbound_slots(from, id);
	called = va_find_row(&from->dials, DatumGetInt64(id));
	if (called)
		lower_limits(from, &pace, &spare);
	/* A time that was set before the clock was set back would block the account for as long. */
	if (va_find_row(&from->pacing, DatumGetInt64(id)) &&
		time_of(from->pacing.slot, "next_dial_at") < from->at + USECS_PER_MINUTE)
		next_dial_at = time_of(from->pacing.slot, "next_dial_at");
	va_begin_insert(&from->made);
	fill(&from->made, of_terms, lengthof(of_terms), from->terms);
	va_set(&from->made, "provider_account_id", id);
	va_set(&from->made, "avoided", BoolGetDatum(called && time_of(from->dials.slot, "avoid_until") > from->at));
	set_lines(from, id, pace, spare - live, next_dial_at);
	return va_made_value(&from->made);
}

/* account_turns(accounts bigint[], real_carriers boolean, live_accounts bigint[], live integer[], reserve integer, at) */
Datum
va_sql_account_turns(PG_FUNCTION_ARGS)
{
	Oid type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	Accounts from = {
		.at = PG_GETARG_TIMESTAMPTZ(5), .real_carriers = PG_GETARG_BOOL(1), .reserve = PG_GETARG_INT32(4)
	};
	int n;
	int n_live;
	int n_live_ids;
	int made = 0;
	Datum *ids = va_elements_of(PG_GETARG_DATUM(0), INT8OID, NULL, &n);
	Datum *live_ids = va_elements_of(PG_GETARG_DATUM(2), INT8OID, NULL, &n_live_ids);
	Datum *live = va_elements_of(PG_GETARG_DATUM(3), INT4OID, NULL, &n_live);
	Datum *turns = palloc(sizeof(Datum) * Max(n, 1));

	if (n_live != n_live_ids)
		elog(ERROR, "%d numbers of live calls of %d accounts", n_live, n_live_ids);
	va_open_value(&from.made, type);
	va_open_rows(&from.accounts, VA_SCHEMA, "provider_accounts", "provider_accounts_pkey", 2, AccessShareLock);
	va_open_rows(&from.dials, VA_PRIVATE_SCHEMA, "account_dials", "account_dials_pkey", 2, AccessShareLock);
	va_open_rows(&from.pacing, VA_PRIVATE_SCHEMA, "account_pacing", "account_pacing_pkey", 2, AccessShareLock);
	open_incoming(&from);
	for (int i = 0; i < n; i++)
	{
		int32 calls = 0;
		int first = 0;

		/* Campaigns may share it. */
		while (ids[first] != ids[i])
			first++;
		if (first < i || !va_find_row(&from.accounts, DatumGetInt64(ids[i])))
			continue;
		for (int j = 0; j < n_live; j++)
			calls += live_ids[j] == ids[i] ? DatumGetInt32(live[j]) : 0;
		turns[made++] = account_turn(&from, ids[i], calls);
	}
	va_close_rows(&from.accounts);
	va_close_rows(&from.dials);
	va_close_rows(&from.pacing);
	va_close_rows(&from.incoming);
	PG_RETURN_DATUM(va_array_of(turns, NULL, made, type));
}

/* ---- the turn of a campaign ---- */

static Datum
carrier_time(Datum provider, Datum duration, TupleTableSlot *settings, int64 shortest_us)
{
	Interval *shortest = palloc0(sizeof(Interval)); /* may be the result */

	shortest->time = shortest_us;
	return DirectFunctionCall4(
		va_sql_carrier_time, provider, duration, va_row_datum(settings, "time_scale"), IntervalPGetDatum(shortest));
}

/* begin_turn(campaign due_campaign, account account_turn, settings dial_settings) */
Datum
va_sql_begin_turn(PG_FUNCTION_ARGS)
{
	TupleTableSlot *campaign = NULL;
	TupleTableSlot *account = NULL;
	TupleTableSlot *settings = NULL;
	Datum provider;
	Datum longest;
	bool discloses;
	VaTarget turn;

	va_show_value(&campaign, PG_GETARG_DATUM(0));
	va_show_value(&account, PG_GETARG_DATUM(1));
	va_show_value(&settings, PG_GETARG_DATUM(2));
	discloses = is_true(campaign, "discloses");
	provider = va_row_datum(account, "provider");
	longest = DirectFunctionCall2(
		interval_pl, va_row_datum(campaign, "ring_timeout"), va_row_datum(campaign, "max_call_duration"));
	longest = DirectFunctionCall2(interval_pl, carrier_time(provider, longest, settings, 0),
		carrier_time(provider, va_row_datum(settings, "lease_grace"), settings, 5 * USECS_PER_SEC));
	va_open_value(&turn, get_fn_expr_rettype(fcinfo->flinfo));
	va_begin_insert(&turn);
	fill(&turn, of_campaign, lengthof(of_campaign), campaign);
	fill(&turn, of_account, is_true(account, "pooled") ? OWN : lengthof(of_account), account);
	va_set(&turn, "attempt_limit", Int32GetDatum(int_of(campaign, "retry_attempts") + 1));
	va_set(&turn, "longest", longest);
	va_set(&turn, "no_tts", BoolGetDatum(!discloses && !is_true(account, "speaks")));
	va_set(&turn, "no_speech_input", BoolGetDatum(!discloses && va_row_says(account, "heard", "nothing")));
	PG_RETURN_DATUM(va_made_value(&turn));
}
