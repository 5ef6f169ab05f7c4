/*-------------------------------------------------------------------------
 * dial_facts.c
 *		Facts on the leads that a claim has picked.
 *
 * Facts of most leads are read by direct scans.  Where a row only hints at a rule
 * (a call to the number, an entry of a list, a law that few places have), the hint
 * is noted, and ask_rules() says in SQL what it comes to.  A hint that says too
 * much costs time alone; none may say too little.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/compat.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "dial_facts.h"
#include "lead/phone.h"
#include "pure/phone/dnc_list.h"
#include "variables.h"

/* dnc_list.c, variables.c */
extern Datum va_sql_prefixes_of(PG_FUNCTION_ARGS);
extern Datum va_sql_lacks_variable(PG_FUNCTION_ARGS);

/* Longer than any local day: what a cap of a day or of 24 hours can see. */
#define CAPS_SEE (27 * USECS_PER_HOUR)
/* A call is never longer (max_call_duration). */
#define LONGEST_CALL (12 * USECS_PER_HOUR)

static const struct
{
	const char *schema;
	const char *table;
	const char *index;
	int n_keys;
} sources[N_SOURCES] = {
	[LEADS] = { VA_SCHEMA, "leads", "leads_pkey", 2 },
	[NUMBERS] = { VA_SCHEMA, "lead_numbers", "lead_numbers_pkey", 2 },
	[MEMBERS] = { VA_SCHEMA, "campaign_leads", "campaign_leads_pkey", 3 },
	[CONSENTS] = { VA_SCHEMA, "consents", "consents_lead", 2 },
	[LIVE] = { VA_PRIVATE_SCHEMA, "live_calls", "one_live_call", 2 },
	[CALLS] = { VA_SCHEMA, "calls", "calls_number", 4 },
	[LEAD_CALLS] = { VA_SCHEMA, "calls", "calls_lead", 2 },
	[REMOVED] = { VA_PRIVATE_SCHEMA, "removed_calls", "removed_calls_pkey", 3 },
	[HEARD] = { VA_SCHEMA, "call_inbound", "call_inbound_heard", 3 },
	[STOPS] = { VA_SCHEMA, "do_not_call_list", "do_not_call_list_pkey", 2 },
	[CAMPAIGN_STOPS] = { VA_SCHEMA, "campaign_do_not_call_list", "campaign_do_not_call_list_pkey", 3 },
	[PREFIXES] = { VA_SCHEMA, "do_not_call_prefixes", "do_not_call_prefixes_pkey", 2 },
	[PLATFORM_STOPS] = { VA_PRIVATE_SCHEMA, "platform_do_not_call_list", "platform_do_not_call_list_pkey", 1 },
	[BLOCKS] = { VA_PRIVATE_SCHEMA, "dnc_list_blocks", "dnc_list_blocks_pkey", 1 },
	[LISTS] = { VA_SCHEMA, "national_dnc_lists", "national_dnc_lists_pkey", 0 },
	[TERMS] = { VA_PRIVATE_SCHEMA, "jurisdiction_terms", "jurisdiction_terms_pkey", 1 },
};

/* As turns and proofs call them, and the law. */
VaColumn va_caps[] = { { "cap_day", 0 }, { "cap_24h", 0 }, { "cap_lifetime", 0 } };
static VaColumn legal_caps[] = { { "calls_per_day", 0 }, { "calls_per_24h", 0 }, { "calls_lifetime", 0 } };

TimestampTz
va_before(TimestampTz at, TupleTableSlot *row, VaColumn *column)
{
	if (!va_row_has_of(row, column))
		return at;
	return DatumGetTimestampTz(
		DirectFunctionCall2(timestamptz_mi_interval, TimestampTzGetDatum(at), va_row_datum_of(row, column)));
}

TimestampTz
va_after(TimestampTz at, TupleTableSlot *row, VaColumn *column)
{
	return !va_row_has_of(row, column) ? at
									   : DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval,
											 TimestampTzGetDatum(at), va_row_datum_of(row, column)));
}

/* ---- what there is of a lead ---- */

/* Is there a row with these values of the index's columns, or, where it is a time or "above" says so, one above the last? */
static bool
find_row(VaRows *rows, const Datum *values, bool above)
{
	ScanKeyData keys[4];

	for (int i = 0; i < rows->n_keys; i++)
	{
		Oid type = rows->index->rd_opcintype[i];
		bool greater = type == TIMESTAMPTZOID || (above && i == rows->n_keys - 1);
		RegProcedure compare = type == INT8OID			? F_INT8EQ
							   : type == BOOLOID		? F_BOOLEQ
							   : type == TIMESTAMPTZOID ? F_TIMESTAMPTZ_GT
							   : greater				? F_TEXT_GT
														: F_TEXTEQ;

		ScanKeyEntryInitialize(&keys[i], 0, i + 1, greater ? BTGreaterStrategyNumber : BTEqualStrategyNumber,
			InvalidOid, rows->index->rd_indcollation[i], compare, values[i]);
	}
	va_find_rows(rows, keys);
	return va_next_row(rows);
}

#define find(judge, source, ...) find_row(&(judge)->from[source], (Datum[]){ __VA_ARGS__ }, false)
/* The same, of the tenant. */
#define find_own(judge, source, ...) find(judge, source, Int64GetDatum((judge)->from[source].tenant), __VA_ARGS__)

/* Is the number, or one of its beginnings, in a list of prefixes?  Mostly there is none. */
static bool
has_prefix(VaRows *rows, Datum phone)
{
	Datum values[2] = { Int64GetDatum(rows->tenant) };
	Datum *last = &values[rows->n_keys - 1];
	Datum *prefixes;
	int n;

	*last = CStringGetTextDatum("");
	if (!find_row(rows, values, true))
		return false;
	prefixes = va_elements_of(DirectFunctionCall1(va_sql_prefixes_of, phone), TEXTOID, NULL, &n);
	for (int i = 0; i < n; i++)
	{
		*last = prefixes[i];
		if (find_row(rows, values, false))
			return true;
	}
	return false;
}

/* In any edition, in force or not. */
static bool
is_in_national_list(VaJudge *judge, const char *phone)
{
	VaRows *blocks = &judge->from[BLOCKS];
	int64 number = va_dnc_list_number(phone, strlen(phone));

	for (bool found = find(judge, BLOCKS, Int64GetDatum(number / VA_BLOCK_NUMBERS)); found; found = va_next_row(blocks))
	{
		bytea *bits = DatumGetByteaPP(va_row_datum(blocks->slot, "bits"));

		if (va_block_has((const uint8 *) VARDATA_ANY(bits), VARSIZE_ANY_EXHDR(bits), number % VA_BLOCK_NUMBERS))
			return true;
	}
	return false;
}

static bool
may_be_listed(VaJudge *judge, const VaDialFacts *f, Datum phone)
{
	VaPhone parsed;

	return find_own(judge, STOPS, phone) || find_own(judge, CAMPAIGN_STOPS, Int64GetDatum(f->campaign_id), phone) ||
		   has_prefix(&judge->from[PLATFORM_STOPS], phone) || has_prefix(&judge->from[PREFIXES], phone) ||
		   (f->lawful && is_in_national_list(judge, f->phone)) ||
		   (va_phone_parse(f->phone, strlen(f->phone), NULL, &parsed) == VA_PHONE_OK &&
			   parsed.type == VA_PHONE_PREMIUM_RATE);
}

static void
hint(VaDialFacts *f, bool there_is, const char *what)
{
	if (there_is)
		f->hints[f->n_hints++] = what;
}

/* lead_lacks(), of a lead that was not enriched. */
static bool
lacks_variable(TupleTableSlot *lead, Datum variables)
{
	LOCAL_FCINFO(call, VA_LEAD_FIELDS + 1);

	InitFunctionCallInfoData(*call, NULL, VA_LEAD_FIELDS + 1, InvalidOid, NULL, NULL);
	va_lead_fields(lead, call->args);
	call->args[VA_LEAD_FIELDS] = (NullableDatum){ variables, false };
	return DatumGetBool(va_sql_lacks_variable(call));
}

/* Most calls say nothing of whose number it is. */
static bool
may_be_wrong(VaJudge *judge, int64 lead_id)
{
	VaRows *calls = &judge->from[LEAD_CALLS];

	for (bool found = va_find_row(calls, lead_id); found; found = va_next_row(calls))
		if (va_row_says(calls->slot, "outcome", "wrong_number") || va_row_has(calls->slot, "structured_data"))
			return true;
	return false;
}

static void
read_lead(VaJudge *judge, VaDialFacts *f)
{
	VaRows *numbers = &judge->from[NUMBERS];
	int16 number = DatumGetInt16(va_row_datum(f->pick, "number"));
	Datum since = TimestampTzGetDatum(va_before(judge->at, f->turn, VA_COLUMN("incoming_rest")) - VA_LONGEST_INCOMING);
	bool called_us;

	if (!va_find_row(&judge->from[LEADS], f->lead_id))
		return;
	f->lead = judge->from[LEADS].slot;
	called_us = find_own(judge, HEARD, va_row_datum(f->lead, "phone"), since);
	for (bool found = va_find_row(numbers, f->lead_id); found; found = va_next_row(numbers))
		called_us = called_us || find_own(judge, HEARD, va_row_datum(numbers->slot, "phone"), since);
	if (number == 1)
		f->number = f->lead;
	else
		for (bool found = va_find_row(numbers, f->lead_id); found && f->number == NULL;)
			if (DatumGetInt16(va_row_datum(numbers->slot, "number")) == number)
				f->number = numbers->slot;
			else
				found = va_next_row(numbers);
	f->phone = f->number == NULL ? NULL : text_or_null(f->number, "phone");
	hint(f, called_us, "called_us");
	hint(f, DatumGetInt32(va_row_datum(f->lead, "call_attempts")) > 0 && may_be_wrong(judge, f->lead_id), "wrong");
	f->live = f->live || va_find_row(&judge->from[LIVE], f->lead_id);
	if (va_row_has(f->turn, "variables") && va_row_has(f->lead, "enrichment"))
		hint(f, true, "lacks");
	else if (va_row_has(f->turn, "variables"))
		f->lacks = lacks_variable(f->lead, va_row_datum(f->turn, "variables"));
}

/* The latest consent to be called at this number; an appointment binds all numbers of the lead. */
static void
read_consents(const VaJudge *judge, VaRows *consents, VaDialFacts *f)
{
	TupleTableSlot *consent = consents->slot;

	for (bool found = va_find_row(consents, f->lead_id); found; found = va_next_row(consents))
	{
		if (va_row_has(consent, "revoked_at"))
			continue;
		if (va_row_says(consent, "kind", "appointment"))
			f->by_appointment = true;
		/* One that is dated ahead does not hold yet. */
		else if (va_row_says(consent, "kind", "call") && va_row_says(consent, "phone", f->phone) &&
				 time_of(consent, "granted_at") <= Max(judge->at, va_clock_now()))
			f->consent_id = Max(f->consent_id, id_of(consent, "consent_id"));
	}
	hint(f, f->by_appointment, "invited");
}

/* Calls to the number; a pick alone keeps no proof of how many, so fewer than each cap are as good as none. */
static void
read_calls(VaJudge *judge, VaDialFacts *f, Datum phone, TimestampTz since)
{
	Datum lawful = BoolGetDatum(f->lawful);
	VaRows *calls = &judge->from[CALLS];
	int enough = judge->alone ? PG_INT32_MAX : 1;
	int n = 0;
	bool rings = false;
	bool others = false;

	for (int i = 0; i < (int) VA_CAPS; i++)
		if (f->caps[i] >= 0)
			enough = Min(enough, f->caps[i]);
	for (bool found = find_own(judge, CALLS, phone, lawful, TimestampTzGetDatum(since)); found;
		 found = va_next_row(calls))
	{
		n++;
		rings = rings || !va_row_has(calls->slot, "outcome");
		others = others || id_of(calls->slot, "campaign_id") != f->campaign_id ||
				 id_of(calls->slot, "lead_id") != f->lead_id;
	}
	hint(f, others && va_row_has(f->turn, "number_cooldown"), "rests");
	hint(f, rings || n >= enough || (f->caps[2] >= 0 && find_own(judge, REMOVED, phone, lawful)), "caps");
}

static void
read_number(VaJudge *judge, VaDialFacts *f)
{
	Datum phone = CStringGetTextDatum(f->phone);
	TimestampTz since = judge->at - CAPS_SEE;

	for (int i = 0; i < (int) VA_CAPS; i++)
	{
		bool own = va_row_has_of(f->turn, &va_caps[i]);

		if (own)
			f->caps[i] = DatumGetInt32(va_row_datum_of(f->turn, &va_caps[i]));
		if (va_row_has_of(judge->law.slot, &legal_caps[i]))
			f->caps[i] = Min(
				own ? f->caps[i] : PG_INT32_MAX, DatumGetInt32(va_row_datum_of(judge->law.slot, &legal_caps[i])));
	}
	if (va_row_has(f->turn, "number_cooldown"))
		since = Min(since, va_before(judge->at, f->turn, VA_COLUMN("number_cooldown")) - LONGEST_CALL);
	read_calls(judge, f, phone, f->caps[2] >= 0 ? DT_NOBEGIN : since);
	hint(f, may_be_listed(judge, f, phone), "layer");
}

/* As of when the national lists of the country are, if they must not be too old. */
static TimestampTz
lists_as_of(VaJudge *judge, TupleTableSlot *pick)
{
	VaRows *lists = &judge->from[LISTS];
	TimestampTz as_of = DT_NOEND;

	va_find_rows(lists, NULL);
	while (va_next_row(lists))
		if (va_row_has(lists->slot, "edition") &&
			strncmp(text_of(lists->slot, "country"), text_of(pick, "jurisdiction"), 2) == 0)
			as_of = Min(as_of, time_of(lists->slot, "published_at"));
	return as_of;
}

static void
read_rules(VaJudge *judge, VaDialFacts *f)
{
	TupleTableSlot *law = judge->law.slot;

	if (va_row_has(law, "list_max_age"))
		f->list_as_of = lists_as_of(judge, f->pick);
	hint(f, va_row_has(law, "call_windows"), "windows");
	hint(f, va_row_has(law, "special"), "special");
	hint(f, f->lawful && (is_true(f->turn, "no_tts") || is_true(f->turn, "no_speech_input")), "unheard");
	hint(f, va_row_has(f->turn, "number_checks"), "checks");
	hint(f, va_row_has(f->turn, "before_dial"), "tool");
	hint(f, va_row_has(f->turn, "script"), "script");
}

/* ---- the law of the place on the day that it is there ---- */

static Datum
ready_terms(VaJudge *judge, TupleTableSlot *pick)
{
	TupleTableSlot *ready = judge->from[TERMS].slot;
	TupleDesc desc = judge->law.slot->tts_tupleDescriptor;

	if (!find(judge, TERMS, va_row_datum(pick, "jurisdiction")) || time_of(ready, "holds_until") <= judge->at)
		return 0;
	va_begin_insert(&judge->law);
	for (int i = 0; i < desc->natts; i++)
	{
		VaColumn column = { NameStr(TupleDescAttr(desc, i)->attname), 0 };

		if (strcmp(column.name, "windows") != 0 && strcmp(column.name, "holidays") != 0)
			va_set_from_of(&judge->law, &column, ready, &(VaColumn){ column.name, 0 });
	}
	return va_made_value(&judge->law);
}

static Datum
resolved_terms(VaJudge *judge, TupleTableSlot *pick)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.resolve_terms($1, $2, true, $3)",
		.nargs = 3,
		.argtypes = { TEXTOID, TIMESTAMPTZOID, TEXTARRAYOID } };
	Datum values[] = { va_row_datum(pick, "jurisdiction"), TimestampTzGetDatum(judge->at),
		va_row_datum(pick, "timezones") };
	Datum terms;

	SPI_connect();
	(void) va_query(&statement, values);
	terms = SPI_datumTransfer(va_result(0, 1), false, -1);
	SPI_finish();
	return terms;
}

/* A lane has one law; where it lies ready, so has a place. */
static void
read_law(VaJudge *judge, const VaDialFacts *f)
{
	int64 lane_id = id_of(f->pick, "lane_id");
	char *place = text_of(f->pick, "jurisdiction");

	if (lane_id == judge->lane_id || (f->lawful && judge->place != NULL && strcmp(place, judge->place) == 0))
		return;
	judge->lane_id = lane_id;
	judge->terms = f->lawful ? ready_terms(judge, f->pick) : 0;
	judge->place = judge->terms == 0 ? NULL : place;
	if (f->lawful && judge->terms == 0)
		judge->terms = resolved_terms(judge, f->pick);
	if (judge->terms != 0)
		ExecStoreHeapTupleDatum(judge->terms, judge->law.slot);
	else
		ExecStoreAllNullTuple(judge->law.slot);
}

/* ---- all of it ---- */

void
va_open_facts(VaJudge *judge)
{
	for (int i = 0; i < judge->n_sources; i++)
		if (i < PLATFORM_STOPS)
			va_open_rows(&judge->from[i], sources[i].schema, sources[i].table, sources[i].index, sources[i].n_keys,
				AccessShareLock);
		else
			va_open_rows_of_all(
				&judge->from[i], sources[i].schema, sources[i].table, sources[i].index, sources[i].n_keys);
}

void
va_close_facts(VaJudge *judge)
{
	for (int i = 0; i < judge->n_sources; i++)
		va_close_rows(&judge->from[i]);
}

void
va_read_facts(VaJudge *judge, VaDialFacts *f)
{
	read_law(judge, f);
	read_lead(judge, f);
	if (find_own(judge, MEMBERS, Int64GetDatum(f->campaign_id), Int64GetDatum(f->lead_id)))
		f->member = judge->from[MEMBERS].slot;
	if (f->number == NULL)
		return;
	read_consents(judge, &judge->from[CONSENTS], f);
	read_number(judge, f);
	read_rules(judge, f);
}
