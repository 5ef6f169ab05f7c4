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
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
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
	[QUEUE] = { VA_PRIVATE_SCHEMA, "call_queue", "call_queue_pkey", 3 },
	[LANES] = { VA_PRIVATE_SCHEMA, "lanes", "lanes_pkey", 2 },
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

static void
open_source(VaRows *rows, VaFactSource source, int n_keys)
{
	if (source < PLATFORM_STOPS)
		va_open_rows(
			rows, sources[source].schema, sources[source].table, sources[source].index, n_keys, AccessShareLock);
	else
		va_open_rows_of_all(rows, sources[source].schema, sources[source].table, sources[source].index, n_keys);
}

static bool
is_empty(VaFactSource source)
{
	VaRows rows;
	ScanKeyData key;
	bool found;

	open_source(&rows, source, source < PLATFORM_STOPS ? 1 : 0);
	ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(rows.tenant));
	va_find_rows(&rows, &key);
	found = va_next_row(&rows);
	va_close_rows(&rows);
	return !found;
}

static VaRows *
rows_of(VaJudge *judge, VaFactSource source)
{
	VaRows *rows = &judge->from[source];
	MemoryContext before;

	if (rows->table != NULL)
		return rows;
	before = MemoryContextSwitchTo(judge->context);
	judge->empty[source] = judge->alone && is_empty(source);
	open_source(rows, source, sources[source].n_keys);
	rows->in_order = judge->alone;
	MemoryContextSwitchTo(before);
	return rows;
}

static bool
find_of_lead(VaJudge *judge, VaFactSource source, int64 lead_id)
{
	VaRows *rows = rows_of(judge, source);

	return !judge->empty[source] && va_find_row(rows, lead_id);
}

static bool
find_joined(VaJudge *judge, VaFactSource source, const VaDialFacts *f)
{
	VaRows *rows = rows_of(judge, source);

	return !judge->empty[source] &&
		   va_find_by_two(rows, F_INT8EQ, Int64GetDatum(f->campaign_id), F_INT8EQ, Int64GetDatum(f->lead_id));
}

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

static bool
find_values(VaJudge *judge, VaFactSource source, const Datum *values)
{
	VaRows *rows = rows_of(judge, source);

	return !judge->empty[source] && find_row(rows, values, false);
}

#define find(judge, source, ...) find_values(judge, source, (Datum[]){ __VA_ARGS__ })
/* The same, of the tenant. */
#define find_own(judge, source, ...) find(judge, source, Int64GetDatum(rows_of(judge, source)->tenant), __VA_ARGS__)

/* Is the number, or one of its beginnings, in a list of prefixes?  Mostly there is none. */
static bool
has_prefix(VaJudge *judge, VaFactSource source, Datum phone)
{
	VaRows *rows = rows_of(judge, source);
	Datum values[2] = { Int64GetDatum(rows->tenant) };
	Datum *last = &values[rows->n_keys - 1];
	Datum *prefixes;
	int n;

	if (judge->empty[source])
		return false;
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
	VaRows *blocks = rows_of(judge, BLOCKS);
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
		   has_prefix(judge, PLATFORM_STOPS, phone) || has_prefix(judge, PREFIXES, phone) ||
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

/* lead_lacks() */
static bool
lacks_variable(TupleTableSlot *lead, Datum variables)
{
	LOCAL_FCINFO(call, VA_LEAD_FIELDS + 1);

	InitFunctionCallInfoData(*call, NULL, VA_LEAD_FIELDS + 1, InvalidOid, NULL, NULL);
	va_lead_fields(lead, call->args);
	if (va_row_has(lead, "enrichment") && !call->args[0].isnull)
		call->args[0].value = va_known_context(call->args[0].value, va_row_datum(lead, "enrichment"));
	call->args[VA_LEAD_FIELDS] = (NullableDatum){ variables, false };
	return DatumGetBool(va_sql_lacks_variable(call));
}

static bool
speaks_of_wrong_number(TupleTableSlot *call)
{
	Jsonb *said;

	if (va_row_says(call, "outcome", "wrong_number") || !va_row_has(call, "structured_data"))
		return va_row_says(call, "outcome", "wrong_number");
	said = DatumGetJsonbP(va_row_datum(call, "structured_data"));
	return JB_ROOT_IS_OBJECT(said) &&
		   getKeyJsonValueFromContainer(&said->root, "wrong_number", strlen("wrong_number"), NULL) != NULL;
}

/* Most calls say nothing of whose number it is. */
static bool
may_be_wrong(VaJudge *judge, int64 lead_id)
{
	VaRows *calls = rows_of(judge, LEAD_CALLS);

	for (bool found = find_of_lead(judge, LEAD_CALLS, lead_id); found; found = va_next_row(calls))
		if (speaks_of_wrong_number(calls->slot))
			return true;
	return false;
}

char *
va_place_of(TupleTableSlot *number)
{
	char *place = text_or_null(number, "region");

	if (place == NULL || *place == '\0')
		place = text_or_null(number, "country");
	return place == NULL ? pstrdup("") : place;
}

static void
read_lead(VaJudge *judge, VaDialFacts *f)
{
	VaRows *numbers = rows_of(judge, NUMBERS);
	int16 number = DatumGetInt16(va_row_datum(f->pick, "number"));
	Datum since = TimestampTzGetDatum(va_before(judge->at, f->turn, VA_COLUMN("incoming_rest")) - VA_LONGEST_INCOMING);
	bool called_us;

	if (!find_of_lead(judge, LEADS, f->lead_id))
		return;
	f->lead = judge->from[LEADS].slot;
	called_us = find_own(judge, HEARD, va_row_datum(f->lead, "phone"), since);
	for (bool found = find_of_lead(judge, NUMBERS, f->lead_id); found; found = va_next_row(numbers), f->others = true)
		called_us = called_us || find_own(judge, HEARD, va_row_datum(numbers->slot, "phone"), since);
	if (number == 1)
		f->number = f->lead;
	else
		for (bool found = find_of_lead(judge, NUMBERS, f->lead_id); found && f->number == NULL;)
			if (DatumGetInt16(va_row_datum(numbers->slot, "number")) == number)
				f->number = numbers->slot;
			else
				found = va_next_row(numbers);
	f->phone = f->number == NULL ? NULL : text_or_null(f->number, "phone");
	hint(f, called_us, "called_us");
	hint(f, DatumGetInt32(va_row_datum(f->lead, "call_attempts")) > 0 && may_be_wrong(judge, f->lead_id), "wrong");
	f->live = f->live || find_of_lead(judge, LIVE, f->lead_id);
	if (va_row_has(f->turn, "variables"))
		f->lacks = lacks_variable(f->lead, va_row_datum(f->turn, "variables"));
}

/* The latest consent to be called at this number; an appointment binds all numbers of the lead. */
static void
read_consents(VaJudge *judge, VaDialFacts *f)
{
	VaRows *consents = rows_of(judge, CONSENTS);
	TupleTableSlot *consent = consents->slot;
	TimestampTz at = Max(judge->at, va_clock_now());
	TimestampTz since = DT_NOBEGIN;

	if (judge->in_force->valid != NULL)
		since = DatumGetTimestampTz(DirectFunctionCall2(
			timestamptz_mi_interval, TimestampTzGetDatum(at), IntervalPGetDatum(judge->in_force->valid)));
	for (bool found = find_of_lead(judge, CONSENTS, f->lead_id); found; found = va_next_row(consents))
	{
		if (va_row_has(consent, "revoked_at"))
			continue;
		if (va_row_says(consent, "kind", "appointment"))
			f->by_appointment = true;
		/* One that is dated ahead does not hold yet. */
		else if (va_row_says(consent, "kind", "call") && va_row_says(consent, "phone", f->phone) &&
				 time_of(consent, "granted_at") <= at && time_of(consent, "granted_at") > since)
			f->consent_id = Max(f->consent_id, id_of(consent, "consent_id"));
	}
	hint(f, f->by_appointment, "invited");
}

/* Calls to the number; a pick alone keeps no proof of how many, so fewer than each cap are as good as none. */
static void
read_calls(VaJudge *judge, VaDialFacts *f, Datum phone, TimestampTz since)
{
	Datum lawful = BoolGetDatum(f->lawful);
	VaRows *calls = rows_of(judge, CALLS);
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
	f->called = n > 0;
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
	read_calls(judge, f, phone,
		f->caps[2] >= 0 || (judge->alone && va_row_has(judge->law.slot, "call_windows")) ? DT_NOBEGIN : since);
	hint(f, may_be_listed(judge, f, phone), "layer");
}

/* Rule number_check is about each number, not about the place alone. */
static bool
wants_check(TupleTableSlot *law)
{
	return va_row_has(law, "special") && DatumGetBool(DirectFunctionCall2(jsonb_exists, va_row_datum(law, "special"),
											 CStringGetTextDatum("number_check")));
}

/* Alone, what depends on the law alone is asked once. */
static void
read_rules(VaJudge *judge, VaDialFacts *f)
{
	TupleTableSlot *law = judge->law.slot;
	bool asked = judge->alone && judge->in_force->asked;

	hint(f, va_row_has(law, "call_windows") && (!judge->alone || f->called), "windows");
	hint(f, !asked && va_row_has(law, "special"), "special");
	hint(f, !asked && f->lawful && (is_true(f->turn, "no_tts") || is_true(f->turn, "no_speech_input")), "unheard");
	hint(f, va_row_has(f->turn, "number_checks") || wants_check(law), "checks");
	hint(f, va_row_has(f->turn, "before_dial"), "tool");
	hint(f, va_row_has(f->turn, "script"), "script");
}

/* ---- the law of the place on the day that it is there ---- */

/* As of when the national lists of the country are, if they must not be too old. */
static TimestampTz
lists_as_of(VaJudge *judge, const char *place)
{
	VaRows *lists = rows_of(judge, LISTS);
	TimestampTz as_of = DT_NOEND;

	va_find_rows(lists, NULL);
	while (va_next_row(lists))
		if (va_row_has(lists->slot, "edition") && strncmp(text_of(lists->slot, "country"), place, 2) == 0)
			as_of = Min(as_of, time_of(lists->slot, "published_at"));
	return as_of;
}

static Datum
ready_terms(VaJudge *judge, TupleTableSlot *pick)
{
	TupleDesc desc = judge->law.slot->tts_tupleDescriptor;
	TupleTableSlot *ready;

	if (!find(judge, TERMS, va_row_datum(pick, "jurisdiction")))
		return 0;
	ready = judge->from[TERMS].slot;
	if (time_of(ready, "holds_until") <= judge->at)
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

static VaLaw *
made_law(VaJudge *judge, const VaDialFacts *f)
{
	VaLaw *law = palloc0(sizeof(VaLaw));
	TupleTableSlot *slot = MakeSingleTupleTableSlot(judge->law.slot->tts_tupleDescriptor, &TTSOpsVirtual);
	bool none;
	Datum valid;

	judge->law.slot = law->slot = ExecStoreAllNullTuple(slot);
	law->list_as_of = DT_NOEND;
	if (!f->lawful)
		return law;
	law->place = text_of(f->pick, "jurisdiction");
	law->terms = ready_terms(judge, f->pick);
	if (law->terms == 0)
	{
		law->zones = DatumGetArrayTypePCopy(va_row_datum(f->pick, "timezones"));
		law->terms = resolved_terms(judge, f->pick);
	}
	ExecStoreHeapTupleDatum(law->terms, slot);
	if (va_row_has(slot, "list_max_age"))
		law->list_as_of = lists_as_of(judge, law->place);
	if (!va_row_has(slot, "special"))
		return law;
	valid = va_call_sql("consent_valid", 1, &(NullableDatum){ .value = law->terms }, &none);
	law->valid = none ? NULL : DatumGetIntervalP(datumCopy(valid, false, sizeof(Interval)));
	return law;
}

static bool
is_law_of(const VaLaw *law, const VaDialFacts *f, const char *place)
{
	if (law->place == NULL || !f->lawful)
		return law->place == NULL && !f->lawful;
	return strcmp(law->place, place) == 0 &&
		   (law->zones == NULL || DatumGetBool(OidFunctionCall2Coll(F_ARRAY_EQ, C_COLLATION_OID,
									  PointerGetDatum(law->zones), va_row_datum(f->pick, "timezones"))));
}

static void
read_law(VaJudge *judge, const VaDialFacts *f)
{
	char *place = text_of(f->pick, "jurisdiction");
	ListCell *cell;
	MemoryContext before;

	if (judge->in_force != NULL && is_law_of(judge->in_force, f, place))
		return;
	judge->in_force = NULL;
	foreach (cell, judge->laws)
		if (is_law_of(lfirst(cell), f, place))
			judge->in_force = lfirst(cell);
	if (judge->in_force == NULL)
	{
		before = MemoryContextSwitchTo(judge->context);
		judge->in_force = made_law(judge, f);
		judge->laws = lappend(judge->laws, judge->in_force);
		MemoryContextSwitchTo(before);
	}
	judge->law.slot = judge->in_force->slot;
}

/* ---- all of it ---- */

void
va_close_facts(VaJudge *judge)
{
	for (int i = 0; i < (int) N_SOURCES; i++)
		if (judge->from[i].table != NULL)
			va_close_rows(&judge->from[i]);
}

void
va_read_queued(VaJudge *judge, VaDialFacts *f)
{
	VaTarget *given = &judge->given;
	TupleTableSlot *queued;

	if (!find_joined(judge, QUEUE, f))
		return;
	queued = judge->from[QUEUE].slot;
	va_set_from(given, "number", queued, "number");
	va_set_from(given, "reason", queued, "reason");
	va_set_from(given, "not_before", queued, "not_before");
	if (va_row_has(f->turn, "script") && find_of_lead(judge, LANES, id_of(queued, "lane_id")))
		va_set_from(given, "opens_at", judge->from[LANES].slot, "opens_at");
}

/* Alone, a number is judged by the law of where it rings; one that is not queued would be queued for what came last. */
static void
place_alone(VaJudge *judge, VaDialFacts *f)
{
	VaTarget *given = &judge->given;
	TupleTableSlot *there = f->number == NULL ? f->lead : f->number;

	if (f->member != NULL && !va_row_has(f->pick, "reason"))
		va_set_from(given, "reason", f->member, "last_outcome");
	f->callback = va_row_says(f->pick, "reason", "callback");
	if (there == NULL)
		return;
	va_set(given, "jurisdiction", CStringGetTextDatum(va_place_of(there)));
	va_set_from(given, "timezones", there, "timezones");
}

void
va_read_facts(VaJudge *judge, VaDialFacts *f)
{
	read_lead(judge, f);
	if (find_joined(judge, MEMBERS, f))
		f->member = judge->from[MEMBERS].slot;
	f->waits = f->member != NULL &&
			   (va_row_says(f->member, "status", "pending") || va_row_says(f->member, "status", "queued") ||
				   va_row_says(f->member, "status", "retry"));
	if (judge->alone)
		place_alone(judge, f);
	if (va_row_has(f->pick, "jurisdiction"))
		read_law(judge, f);
	if (f->number == NULL || !f->waits)
		return;
	read_consents(judge, f);
	read_number(judge, f);
	read_rules(judge, f);
}
