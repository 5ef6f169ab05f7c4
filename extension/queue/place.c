/*-------------------------------------------------------------------------
 * place.c
 *		The end of a claim: leads that may be dialled become calls.
 *
 * All that is written counts as one statement: each call, its attempt with the
 * proof, its live row and its event; its lead leaves the queue, and the dial
 * is noted with it; and the lease that the requests of the claim have together.
 *
 * Values shared by the calls of a campaign are read once.  Needs of few calls
 * are made in SQL, and only for them: see special_call().
 */
#include "postgres.h"

#include <math.h>

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "core/statement.h"
#include "core/voiceagent.h"
#include "core/wake.h"
#include "provider/stored.h"
#include "tenancy/rows.h"
#include "tenancy/setting.h"
#include "variables.h"

PG_FUNCTION_INFO_V1(va_sql_place_calls);

/* ---- columns that go from one row into another ---- */

typedef enum Source
{
	PICK,
	PROOF,
	TERMS, /* of the law; no row: none holds */
	TURN,
	WORDS,
	VERSION, /* of the assistant */
	BEGUN,	 /* how the call begins */
	LIVE,	 /* its row in live_calls, which is written first */
	NUMBER,	 /* of a pool, that calls; no row: none does */
	SOURCES, /* from here on: no row */
	WORD,	 /* the text itself */
	ZERO,	 /* or false */
	ONE		 /* or true */
} Source;

typedef struct Column
{
	Source source;
	VaColumn from;
	VaColumn to;
} Column;

/* attempts.layers: the do-not-call lists that were asked, as a sum. */
enum
{
	OUR_LISTS = 1 + 2 + 4 + 8, /* platform, tenant, campaign, area code */
	NATIONAL_LIST = 16
};

/* clang-format off */
#define AS(source, from, to) { source, { from, 0 }, { to, 0 } }
#define OF(source, name) AS(source, name, name)

static Column live_columns[] = { OF(PICK, "campaign_id"), OF(PICK, "lead_id"), OF(PICK, "phone_number_id"),
	OF(TURN, "provider_account_id"), OF(TURN, "provider"), AS(WORD, "sending", "state"), OF(ZERO, "lookups"),
	OF(ZERO, "misses"), OF(ZERO, "failed_lookups") };
static Column call_columns[] = { OF(LIVE, "tenant_id"), OF(LIVE, "call_id"), OF(LIVE, "campaign_id"),
	OF(LIVE, "lead_id"), OF(LIVE, "provider_account_id"), AS(LIVE, "dialled_at", "started_at"), OF(PICK, "phone"),
	OF(PICK, "number"), OF(TURN, "assistant_id"), OF(TURN, "assistant_version"),
	AS(TURN, "version", "campaign_version"), OF(TURN, "lawful"), AS(WORD, "outbound", "direction"),
	AS(WORD, "initiated", "status"), OF(ONE, "counts") };
static Column attempt_columns[] = { OF(LIVE, "tenant_id"), OF(LIVE, "call_id"), OF(LIVE, "attempt_id"),
	OF(LIVE, "provider_account_id"), OF(LIVE, "reference"), AS(LIVE, "dialled_at", "created_at"),
	AS(PICK, "opens_at", "window_opens_at"), AS(PICK, "closes_at", "window_closes_at"), OF(PICK, "consent_id"),
	OF(PICK, "timezones"), OF(PICK, "jurisdiction"), OF(PROOF, "list_as_of"), OF(PROOF, "cap_day"),
	OF(PROOF, "cap_24h"), OF(PROOF, "cap_lifetime"), OF(PROOF, "dials_day"), OF(PROOF, "dials_24h"),
	OF(PROOF, "dials_lifetime"), OF(PROOF, "consent_required"), OF(PROOF, "call_windows"), OF(PROOF, "special"),
	OF(TERMS, "list_max_age"), OF(TERMS, "min_ring"), OF(TURN, "attempt_limit"), OF(TURN, "lawful"),
	AS(TURN, "own_number", "phone_number_id"), OF(BEGUN, "assistant_discloses"), AS(BEGUN, "record", "recorded"),
	OF(BEGUN, "disclosures"), OF(BEGUN, "disclosure"), OF(BEGUN, "disclosure_ends"), OF(BEGUN, "opt_out_key"),
	OF(ZERO, "do_not_call"), AS(WORD, "sending", "state") };
static Column claimed_columns[] = { OF(LIVE, "tenant_id"), OF(LIVE, "call_id"), OF(LIVE, "attempt_id"),
	OF(LIVE, "reference"), OF(LIVE, "campaign_id"), OF(LIVE, "lead_id"), OF(LIVE, "provider"),
	OF(LIVE, "provider_account_id"), OF(PICK, "phone"), OF(PICK, "extension"), OF(TURN, "from_number"),
	OF(TURN, "from_number_id"), OF(WORDS, "assistant_name"), AS(WORDS, "detection", "machine_detection"),
	AS(WORDS, "longest_s", "max_duration_s"), OF(VERSION, "voice"), OF(VERSION, "model"), OF(VERSION, "language"),
	OF(BEGUN, "first_message"), OF(BEGUN, "disclosure"), OF(BEGUN, "machine_disclosure"), OF(BEGUN, "opt_out_key"), OF(BEGUN, "system_prompt"),
	OF(BEGUN, "assistant_settings"), OF(BEGUN, "record") };
static Column pooled_columns[] = { AS(NUMBER, "phone_number", "from_number"),
	AS(NUMBER, "provider_number_id", "from_number_id") };
/* clang-format on */

/* Shared by the calls of a campaign. */
typedef struct Turn
{
	TupleTableSlot *row;
	TimestampTz answer_due;
	TupleTableSlot *words; /* NULL: none of its calls has begun */
	TupleTableSlot *version;
	NullableDatum kept;
	NullableDatum slots;
	bool special;
	int own_placed;
	int *placed; /* calls of the campaign */
} Turn;

typedef struct Placing
{
	TimestampTz at;
	TupleTableSlot *settings;
	Turn *turns;
	int n_turns;
	TimestampTz lease_until;
	TupleTableSlot *row[SOURCES];
	VaRows consents;
	VaRows numbers; /* no table: none of a pool calls */
	VaRows leads;
	VaEventWrites events;
	VaWrites writes;
	VaTarget live;
	VaTarget calls;
	VaTarget attempts;
	VaTarget queue;
	VaTarget members;
	VaTarget contacted; /* leads */
	VaTarget claimed;	/* a value */
} Placing;

static NullableDatum
known(Datum value)
{
	return (NullableDatum){ .value = value };
}

#define in_row va_row_nullable
#define FILL(placing, target, columns) fill(placing, target, columns, lengthof(columns))
#define BEGIN_ROW(placing, target, columns) (va_begin_insert(target), FILL(placing, target, columns))

static void
fill(Placing *placing, VaTarget *target, Column *columns, int n)
{
	for (int i = 0; i < n; i++)
	{
		Source source = columns[i].source;
		NullableDatum value = { .value = source == ONE, .isnull = source < SOURCES };

		if (source == WORD)
			value.value = CStringGetTextDatum(columns[i].from.name);
		else if (source < SOURCES && placing->row[source] != NULL)
			value = va_row_nullable_of(placing->row[source], &columns[i].from);
		va_set_of(target, &columns[i].to, value.value, value.isnull);
	}
}

static TimestampTz
later(TimestampTz at, Datum interval)
{
	return DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval, TimestampTzGetDatum(at), interval));
}

static Datum
next_number(const char *sequence)
{
	return Int64GetDatum(nextval_internal(get_relname_relid(sequence, get_namespace_oid(VA_SCHEMA, false)), false));
}

/* ---- turns ---- */

static void
read_turns(Placing *placing, Datum array)
{
	Datum *turns = va_elements_of(array, ARR_ELEMTYPE(DatumGetArrayTypeP(array)), NULL, &placing->n_turns);

	placing->turns = palloc0(sizeof(Turn) * placing->n_turns);
	for (int i = 0; i < placing->n_turns; i++)
	{
		Turn *turn = &placing->turns[i];

		va_show_value(&turn->row, turns[i]);
		turn->answer_due = later(
			placing->at, DirectFunctionCall2(va_sql_answer_time, va_row_datum(turn->row, "provider"),
							 va_row_datum(placing->settings, "send_lease")));
		placing->lease_until = Max(placing->lease_until, turn->answer_due);
	}
}

static void
read_words(Turn *turn)
{
	NullableDatum campaign = in_row(turn->row, "campaign_id");
	Datum assistant = va_row_datum(turn->row, "assistant_id");
	Datum version = va_row_datum(turn->row, "assistant_version");

	va_show_value(&turn->words,
		DirectFunctionCall4(va_recall_words, campaign.value, va_row_datum(turn->row, "version"), assistant, version));
	va_show_value(&turn->version, va_row_datum(turn->words, "spoken"));
	turn->kept.value = DirectFunctionCall3(
		va_recall_kept, assistant, version, va_row_datum(turn->row, "provider_account_id"));
	turn->kept.isnull = JB_ROOT_IS_SCALAR(DatumGetJsonbP(turn->kept.value));
	turn->slots.isnull = true;
	if (DatumGetBool(va_row_datum(turn->words, "tells_slots")))
		turn->slots.value = va_call_sql("slots_at_dial", 1, &campaign, &turn->slots.isnull);
	turn->special = DatumGetBool(va_row_datum(turn->words, "is_special")) || !turn->slots.isnull ||
					!in_row(turn->row, "before_dial").isnull || !in_row(turn->row, "script").isnull;
}

/* The last one of a campaign with an experiment speaks as variant b: see spread_variants(). */
static Turn *
turn_of(Placing *placing, TupleTableSlot *pick)
{
	Datum campaign = va_row_datum(pick, "campaign_id");
	bool last = va_row_says(pick, "note", "b");
	Turn *found = NULL;

	for (int i = 0; i < placing->n_turns && (found == NULL || last); i++)
		if (va_row_datum(placing->turns[i].row, "campaign_id") == campaign)
		{
			placing->turns[i].placed = found != NULL ? found->placed : &placing->turns[i].own_placed;
			found = &placing->turns[i];
		}
	if (found == NULL)
		elog(ERROR, "campaign " INT64_FORMAT " has no turn", DatumGetInt64(campaign));
	return found;
}

/* ---- how a call begins ---- */

/* recording_consent() */
static NullableDatum
agreed_to_recording(VaRows *consents, TupleTableSlot *pick)
{
	const char *phone = TextDatumGetCString(va_row_datum(pick, "phone"));
	bool found = va_find_row(consents, DatumGetInt64(va_row_datum(pick, "lead_id")));

	while (found && !(va_row_says(consents->slot, "kind", "recording") && va_row_says(consents->slot, "phone", phone)))
		found = va_next_row(consents);
	return found ? known(BoolGetDatum(in_row(consents->slot, "revoked_at").isnull)) : (NullableDatum){ .isnull = true };
}

static void
begin_call(Placing *placing, const Turn *turn)
{
	NullableDatum agreed = agreed_to_recording(&placing->consents, placing->row[PICK]);

	va_show_value(&placing->row[BEGUN],
		va_begin_call((NullableDatum[]){ in_row(placing->row[PROOF], "terms"), in_row(turn->words, "settings"),
						  in_row(turn->words, "spoken"), in_row(turn->row, "heard"), agreed },
			va_row_datum(turn->words, "digest")));
}

/* ---- the rows of a call ---- */

/* Ours names tenant and attempt; whoever has seen one cannot guess another's end. */
static Datum
new_reference(int64 tenant, Datum attempt_id)
{
	return CStringGetTextDatum(psprintf("va-" INT64_FORMAT "-" INT64_FORMAT "-%.8s", tenant, DatumGetInt64(attempt_id),
		DatumGetCString(DirectFunctionCall1(uuid_out, DirectFunctionCall1(gen_random_uuid, 0)))));
}

/* How long it may ring. */
static Datum
ring_timeout(Placing *placing, const Turn *turn)
{
	Datum ring = va_row_datum(turn->words, "ring_timeout");
	NullableDatum least = { .isnull = true };

	if (placing->row[TERMS] != NULL)
		least = in_row(placing->row[TERMS], "min_ring");
	return least.isnull ? ring : DirectFunctionCall2(interval_larger, ring, least.value);
}

static void
insert_live(Placing *placing, const Turn *turn, Datum call_id, Datum ring)
{
	VaTarget *live = &placing->live;
	Datum attempt_id = next_number("attempts_attempt_id_seq");
	Interval none = { 0 };
	Datum longer = DirectFunctionCall4(va_sql_carrier_time, va_row_datum(turn->row, "provider"),
		DirectFunctionCall2(interval_mi, ring, va_row_datum(turn->words, "ring_timeout")),
		va_row_datum(placing->settings, "time_scale"), IntervalPGetDatum(&none));
	TimestampTz ends_by = later(later(placing->at, va_row_datum(turn->row, "longest")), longer);

	BEGIN_ROW(placing, live, live_columns);
	va_set(live, "tenant_id", Int64GetDatum(placing->writes.tenant));
	va_set(live, "call_id", call_id);
	va_set(live, "attempt_id", attempt_id);
	va_set(live, "reference", new_reference(placing->writes.tenant, attempt_id));
	va_set(live, "dialled_at", TimestampTzGetDatum(placing->at));
	/* Usually the value that it has once the carrier has taken the call, so the answer changes no index. */
	va_set(live, "lease_until", TimestampTzGetDatum(Max(ends_by, turn->answer_due)));
	va_set(live, "ends_by", TimestampTzGetDatum(ends_by));
	va_set(live, "answer_due", TimestampTzGetDatum(turn->answer_due));
	(void) va_insert_row(live);
	placing->row[LIVE] = live->slot;
}

static Datum
one_more(TupleTableSlot *row, VaColumn *column)
{
	return Int32GetDatum(DatumGetInt32(va_row_datum_of(row, column)) + 1);
}

static void
insert_call(Placing *placing)
{
	static void *checks = NULL;
	VaTarget *calls = &placing->calls;
	TupleDesc desc = calls->slot->tts_tupleDescriptor;

	BEGIN_ROW(placing, calls, call_columns);
	va_set(calls, "attempt_number", one_more(placing->row[PICK], VA_COLUMN("attempts")));
	/* The pick has it as a text. */
	domain_check(va_row_datum(placing->row[PICK], "phone"), false, SPI_gettypeid(desc, SPI_fnumber(desc, "phone")),
		&checks, TopMemoryContext);
	(void) va_insert_row(calls);
}

static void
insert_attempt(Placing *placing, const Turn *turn, Datum hold_id, Datum ring)
{
	VaTarget *attempts = &placing->attempts;
	bool lawful = DatumGetBool(va_row_datum(turn->row, "lawful"));
	int live = DatumGetInt32(va_row_datum(turn->row, "live"));
	NullableDatum pooled = in_row(placing->row[PICK], "phone_number_id");
	NullableDatum disclosures = in_row(placing->row[BEGUN], "disclosures");
	Datum number = va_row_datum(placing->calls.slot, "attempt_number");

	BEGIN_ROW(placing, attempts, attempt_columns);
	if (!pooled.isnull)
		va_set(attempts, "phone_number_id", pooled.value);
	if (!disclosures.isnull && ARR_NDIM(DatumGetArrayTypeP(disclosures.value)) == 0)
		va_set_or_null(attempts, "disclosures", 0, true);
	va_set(attempts, "hold_id", hold_id);
	va_set(attempts, "attempt_number", number);
	/* A promised call back may be dialled beyond the retries: see judge.c. */
	va_set(attempts, "attempt_limit",
		Int32GetDatum(Max(DatumGetInt32(number), DatumGetInt32(va_row_datum(turn->row, "attempt_limit")))));
	va_set(attempts, "live_calls", Int32GetDatum(live + *turn->placed));
	va_set(attempts, "call_limit", Int32GetDatum(live + DatumGetInt32(va_row_datum(turn->row, "free_lines"))));
	va_set(attempts, "layers", Int16GetDatum(OUR_LISTS | (lawful ? NATIONAL_LIST : 0)));
	va_set(attempts, "ring_timeout", ring);
	va_set_or_null(attempts, "slots", turn->slots.value, turn->slots.isnull);
	(void) va_insert_row(attempts);
}

static void
insert_event(Placing *placing)
{
	NullableDatum reason = in_row(placing->row[PICK], "reason");
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfo(&data,
		"{\"attempt_number\": %d, \"reason\": ", DatumGetInt32(va_row_datum(placing->calls.slot, "attempt_number")));
	if (reason.isnull)
		appendStringInfoString(&data, "null");
	else
		escape_json(&data, TextDatumGetCString(reason.value));
	appendStringInfoChar(&data, '}');
	va_write_event(&placing->events, placing->row[LIVE], "call_initiated", data.data);
}

static ItemPointer
place_of(TupleTableSlot *pick, VaColumn *column)
{
	return (ItemPointer) DatumGetPointer(va_row_datum_of(pick, column));
}

/* The rows of the claim are locked, so they lie where it found them. */
static void
leave_queue(Placing *placing, TupleTableSlot *lead)
{
	ItemPointer member = place_of(placing->row[PICK], VA_COLUMN("member_row"));
	VaTarget *members = &placing->members;
	VaTarget *leads = &placing->contacted;
	TupleTableSlot *row = va_row_at(members, member);

	(void) va_delete_row(&placing->queue, place_of(placing->row[PICK], VA_COLUMN("queue_row")));
	/* A lead of several campaigns may have been dropped from one of them since. */
	if (row != NULL)
	{
		va_begin_update(members, row);
		va_set(members, "status", CStringGetTextDatum("calling"));
		va_set_or_null(members, "reason", 0, true);
		va_set(members, "attempts", one_more(row, VA_COLUMN("attempts")));
		(void) va_update_row(members, member);
	}
	va_begin_update(leads, lead);
	va_set(leads, "status", CStringGetTextDatum("contacted"));
	va_set(leads, "last_contacted_at", TimestampTzGetDatum(placing->at));
	va_set(leads, "call_attempts", one_more(lead, VA_COLUMN("call_attempts")));
	(void) va_update_row(leads, &lead->tts_tid);
}

/* ---- what the dialer needs ---- */

static void
set_lead(VaTarget *claimed, TupleTableSlot *lead)
{
	NullableDatum fields[VA_LEAD_FIELDS];
	Datum name;

	va_lead_fields(lead, fields);
	va_set(claimed, "variables", va_merge_variables(fields, in_row(lead, "enrichment"), &name));
	va_set_or_null(claimed, "customer_name", name, name == 0);
}

/* At the latest when the person may be called no more. */
static int32
send_within_ms(Placing *placing)
{
	TimestampTz until = Min(later(placing->at, va_row_datum(placing->settings, "send_lease")),
		DatumGetTimestampTz(va_row_datum(placing->row[PICK], "closes_at")));

	return (int32) Max((until - placing->at + 999) / 1000, 1);
}

static Datum
claimed_call(Placing *placing, const Turn *turn, TupleTableSlot *lead, Datum ring)
{
	VaTarget *claimed = &placing->claimed;
	NullableDatum number = in_row(placing->row[PICK], "phone_number_id");
	Datum seconds = DirectFunctionCall2(interval_part, CStringGetTextDatum("epoch"), ring);
	NullableDatum call;

	BEGIN_ROW(placing, claimed, claimed_columns);
	if (!number.isnull && placing->numbers.table == NULL)
		va_open_rows(&placing->numbers, VA_SCHEMA, "phone_numbers", "phone_numbers_pkey", 2, AccessShareLock);
	placing->row[NUMBER] = placing->numbers.slot;
	if (!number.isnull && va_find_row(&placing->numbers, DatumGetInt64(number.value)))
		FILL(placing, claimed, pooled_columns);
	set_lead(claimed, lead);
	va_set(claimed, "ring_timeout_s", Int32GetDatum((int32) ceil(DatumGetFloat8(seconds))));
	va_set(claimed, "send_within_ms", Int32GetDatum(send_within_ms(placing)));
	va_set_or_null(claimed, "kept", turn->kept.value, turn->kept.isnull);
	call = known(va_made_value(claimed));
	if (turn->special)
		call.value = va_call_sql("special_call", 6,
			(NullableDatum[]){ call, known(ExecFetchSlotHeapTupleDatum(placing->row[PICK])),
				known(ExecFetchSlotHeapTupleDatum(turn->row)), known(ExecFetchSlotHeapTupleDatum(turn->words)),
				turn->slots, known(TimestampTzGetDatum(placing->at)) },
			&call.isnull);
	return call.value;
}

/* ---- all of it ---- */

static Datum
place_call(Placing *placing, Datum pick, Datum call_id, Datum hold_id)
{
	NullableDatum terms;
	Turn *turn;
	Datum ring;
	Datum claimed;

	va_show_value(&placing->row[PICK], pick);
	va_show_value(&placing->row[PROOF], va_row_datum(placing->row[PICK], "proof"));
	terms = in_row(placing->row[PROOF], "terms");
	if (terms.isnull)
		placing->row[TERMS] = NULL;
	else
		va_show_value(&placing->row[TERMS], terms.value);
	turn = turn_of(placing, placing->row[PICK]);
	placing->row[TURN] = turn->row;
	placing->row[WORDS] = turn->words;
	placing->row[VERSION] = turn->version;
	begin_call(placing, turn);
	ring = ring_timeout(placing, turn);
	/* By its number: the claim itself may have changed it since, for another campaign. */
	if (!va_find_row(&placing->leads, DatumGetInt64(va_row_datum(placing->row[PICK], "lead_id"))))
		elog(ERROR, "a lead that is dialled is gone");
	insert_live(placing, turn, call_id, ring);
	insert_call(placing);
	insert_attempt(placing, turn, hold_id, ring);
	insert_event(placing);
	claimed = claimed_call(placing, turn, placing->leads.slot, ring);
	leave_queue(placing, placing->leads.slot);
	(*turn->placed)++;
	return claimed;
}

/* The requests are on their way, and are asked about if no answer is stored by then. */
static void
insert_send(Placing *placing, Datum *calls, int n)
{
	VaTarget sends;
	Datum *falling = palloc(sizeof(Datum) * n);

	for (int i = 0; i < n; i++)
		falling[n - 1 - i] = calls[i];
	va_open_target(&sends, &placing->writes, VA_PRIVATE_SCHEMA, "sends", CMD_INSERT);
	va_begin_insert(&sends);
	va_set(&sends, "tenant_id", Int64GetDatum(placing->writes.tenant));
	va_set(&sends, "first_call_id", calls[0]);
	va_set(&sends, "lease_until", TimestampTzGetDatum(placing->lease_until));
	va_set(&sends, "call_ids", va_array_of(falling, NULL, n, INT8OID));
	(void) va_insert_row(&sends);
	va_end_writes(&placing->writes);
	va_poke_lookups_by(placing->lease_until);
}

static void
open_tables(Placing *placing)
{
	VaWrites *writes = &placing->writes;

	va_announce_events(&placing->events, placing->at);
	va_open_rows(&placing->consents, VA_SCHEMA, "consents", "consents_lead", 2, AccessShareLock);
	placing->consents.backward = true;
	va_open_rows(&placing->leads, VA_SCHEMA, "leads", "leads_pkey", 2, RowExclusiveLock);
	va_begin_writes(writes);
	va_open_target(&placing->live, writes, VA_PRIVATE_SCHEMA, "live_calls", CMD_INSERT);
	va_open_target(&placing->calls, writes, VA_SCHEMA, "calls", CMD_INSERT);
	va_open_target(&placing->attempts, writes, VA_SCHEMA, "attempts", CMD_INSERT);
	va_open_events(&placing->events, writes);
	va_open_target(&placing->queue, writes, VA_PRIVATE_SCHEMA, "call_queue", CMD_DELETE);
	va_open_target(&placing->members, writes, VA_SCHEMA, "campaign_leads", CMD_UPDATE);
	va_open_target(&placing->contacted, writes, VA_SCHEMA, "leads", CMD_UPDATE);
}

/* place_calls(picks queue_pick[], calls bigint[], holds bigint[], turns claim_turn[], settings dial_settings, at timestamptz) */
Datum
va_sql_place_calls(PG_FUNCTION_ARGS)
{
	Placing placing = { .at = PG_GETARG_TIMESTAMPTZ(5), .lease_until = DT_NOBEGIN };
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	Oid type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	int n[3];
	Datum *picks = va_elements_of(PointerGetDatum(array), ARR_ELEMTYPE(array), NULL, &n[0]);
	Datum *calls = va_elements_of(PG_GETARG_DATUM(1), INT8OID, NULL, &n[1]);
	Datum *holds = va_elements_of(PG_GETARG_DATUM(2), INT8OID, NULL, &n[2]);

	if (n[0] == 0 || n[1] != n[0] || n[2] != n[0])
		elog(ERROR, "%d leads that are dialled have %d calls and %d holds", n[0], n[1], n[2]);
	va_show_value(&placing.settings, PG_GETARG_DATUM(4));
	read_turns(&placing, PG_GETARG_DATUM(3));
	for (int i = 0; i < n[0]; i++)
	{
		Turn *turn;

		va_show_value(&placing.row[PICK], picks[i]);
		turn = turn_of(&placing, placing.row[PICK]);
		if (turn->words == NULL)
			read_words(turn);
	}
	va_open_value(&placing.claimed, type);
	open_tables(&placing);
	for (int i = 0; i < n[0]; i++)
		picks[i] = place_call(&placing, picks[i], calls[i], holds[i]);
	insert_send(&placing, calls, n[0]);
	va_close_rows(&placing.consents);
	va_close_rows(&placing.leads);
	if (placing.numbers.table != NULL)
		va_close_rows(&placing.numbers);
	PG_RETURN_DATUM(va_array_of(picks, NULL, n[0], type));
}
