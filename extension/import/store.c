/*-------------------------------------------------------------------------
 * store.c
 *		A chunk of candidates -> do-not-call hits, duplicates, new leads.
 *
 * The heap gets the rows in the order of the file, as COPY does (many tuples
 * a page and a WAL record), the index on the number gets them in its own
 * order: both stay in the same few pages.  Row-level security does not see
 * this path; every tuple carries the tenant that va_current_tenant() proved.
 * Constraints hold by construction (row.c); triggers that somebody else puts
 * on the tables do not fire.
 *
 * Locking: the lead lock of the tenant, held by the caller, keeps every other
 * writer of its leads away; the tenant's row is locked as a foreign key would.
 * Probes see what is committed, and what this very statement has inserted,
 * whatever snapshot the transaction began with.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/compat.h"
#include "run.h"
#include "probe.h"
#include "writer.h"
#include "lead/zone.h"

/*
 * Numbers that this call has inserted, as bits: "not there" is certain.  Only
 * while the tenant had no leads at all before; else the index is asked.
 */
#define FILTER_BITS (UINT64CONST(1) << 25)
#define FILTER_LEAST_ROWS 10000

struct VaImportStore
{
	VaTableWriter leads;
	VaPhoneProbe lead_probe;
	VaPhoneProbe stop_probe; /* do_not_call_list */
	bool leads_exist;		 /* false: nothing was there before this call */
	uint8 *filter;
	bool stops_exist;
	bool blocks_exist; /* of the platform, or area codes of the tenant */
	bool marks_exist;  /* numbers of leads that were merged into others */
	TupleTableSlot *phone_slot;
	AttrNumber lead_id;
	AttrNumber batch_id;
	AttrNumber batch_row;
	AttrNumber held; /* of do_not_call_list */
	/* This chunk's numbers that are written in two ways: the smaller one -> the chosen one; NULL: none. */
	HTAB *spellings;
};

/* The filter: two of its bits for a number */
static inline uint64
filter_hash(uint64 key)
{
	key ^= key >> 31;
	key *= UINT64CONST(0x9E3779B97F4A7C15);
	key ^= key >> 29;
	key *= UINT64CONST(0xBF58476D1CE4E5B9);
	return key ^ (key >> 32);
}

static inline bool
filter_has(const uint8 *filter, uint64 key)
{
	uint64 hash = filter_hash(key);
	uint64 a = hash % FILTER_BITS;
	uint64 b = (hash >> 32) % FILTER_BITS;

	return (filter[a / 8] & (1 << (a % 8))) != 0 && (filter[b / 8] & (1 << (b % 8))) != 0;
}

static inline void
filter_add(uint8 *filter, uint64 key)
{
	uint64 hash = filter_hash(key);
	uint64 a = hash % FILTER_BITS;
	uint64 b = (hash >> 32) % FILTER_BITS;

	filter[a / 8] |= 1 << (a % 8);
	filter[b / 8] |= 1 << (b % 8);
}

/* The check of the foreign key on the tenant is done once for all rows; the row says its time zone, too. */
static void
lock_tenant(VaImport *import)
{
	Oid type = INT8OID;
	Datum value = Int64GetDatum(import->tenant);

	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args("SELECT t.timezone FROM voiceagent.tenants t WHERE t.tenant_id = $1 FOR KEY SHARE", 1,
			&type, &value, NULL, false, 1) != SPI_OK_SELECT)
		elog(ERROR, "cannot lock the tenant");
	if (SPI_processed != 1)
		ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION), errmsg("tenant does not exist")));
	import->zone = va_find_zone(SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1));
	if (import->zone == NULL)
		elog(ERROR, "tenant " INT64_FORMAT " has no time zone", import->tenant);
	SPI_finish();
}

/* A question that is answered by true or false. */
static bool
ask(int64 tenant, const char *question)
{
	Oid type = INT8OID;
	Datum value = Int64GetDatum(tenant);
	bool isnull;
	bool found;

	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args(question, 1, &type, &value, NULL, true, 1) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "cannot look for numbers");
	found = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
	SPI_finish();
	return found;
}

/* A query's result for numbers of this chunk, (place from 1, number), by candidate; NULL: of none. */
static int64 *
ask_of_each(VaImport *import, const char *query)
{
	int count = import->candidate_count;
	int64 *answers = NULL;
	Datum *phones = palloc(count * sizeof(Datum));
	Oid types[2] = { TEXTARRAYOID, INT8OID };
	Datum values[2];

	for (int i = 0; i < count; i++)
		phones[i] = CStringGetTextDatum(import->candidates[i].e164);
	values[0] = PointerGetDatum(construct_array(phones, count, TEXTOID, -1, false, TYPALIGN_INT));
	values[1] = Int64GetDatum(import->tenant);
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args(query, 2, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "cannot look for numbers");
	if (SPI_processed > 0)
		answers = MemoryContextAllocZero(import->chunk, count * sizeof(int64));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple row = SPI_tuptable->vals[i];
		bool isnull;
		int64 ord = DatumGetInt64(SPI_getbinval(row, SPI_tuptable->tupdesc, 1, &isnull));

		answers[ord - 1] = DatumGetInt64(SPI_getbinval(row, SPI_tuptable->tupdesc, 2, &isnull));
	}
	SPI_finish();
	return answers;
}

/* A national list forbids the dial only: a consent that comes later overrides it. */
static const char find_blocked[] =
	"SELECT u.ord, CASE y.layer WHEN 'platform' THEN 1 ELSE 2 END::bigint "
	"FROM pg_catalog.unnest($1) WITH ORDINALITY AS u(phone, ord) "
	"CROSS JOIN LATERAL (SELECT y.layer FROM voiceagent_private.do_not_call_layers($2, u.phone, NULL, false) y "
	"WHERE y.layer IN ('platform', 'area_code') LIMIT 1) y";

/* The leads into which those with the numbers were merged. */
static const char find_merged[] = "SELECT u.ord, m.lead_id FROM pg_catalog.unnest($1) WITH ORDINALITY AS u(phone, ord) "
								  "CROSS JOIN LATERAL (SELECT n.lead_id FROM voiceagent.lead_numbers n "
								  "WHERE n.tenant_id = $2 AND n.phone = ANY (voiceagent_private.spellings(u.phone)) "
								  "AND n.was_lead IS NOT NULL OFFSET 0) m";

void
va_import_open_store(VaImport *import)
{
	MemoryContext old = MemoryContextSwitchTo(import->run);
	VaImportStore *store = palloc0(sizeof(VaImportStore));
	Oid leads = RelationGetRelid(import->leads);

	import->store = store;
	lock_tenant(import);
	va_import_open_reports(import);
	va_import_open_extras(import);
	va_import_lock_stops(import);
	va_import_open_order(import);
	va_probe_open(&store->lead_probe, import->leads, import->tenant);
	va_writer_open(&store->leads, import->leads, RelationGetRelid(store->lead_probe.index));
	va_probe_open(&store->stop_probe, va_open_table("do_not_call_list", AccessShareLock), import->tenant);
	store->leads_exist = va_probe_any(&store->lead_probe);
	store->held = get_attnum(RelationGetRelid(store->stop_probe.heap), "held");
	store->stops_exist = va_probe_any(&store->stop_probe);
	store->blocks_exist = ask(import->tenant,
		"SELECT EXISTS (SELECT FROM voiceagent_private.platform_do_not_call_list) OR "
		"EXISTS (SELECT FROM voiceagent.do_not_call_prefixes p WHERE p.tenant_id = $1)");
	store->marks_exist = ask(import->tenant,
		"SELECT EXISTS (SELECT FROM voiceagent.lead_numbers n WHERE n.tenant_id = $1 AND n.was_lead IS NOT NULL)");
	store->phone_slot = MakeSingleTupleTableSlot(RelationGetDescr(import->leads), &TTSOpsVirtual);
	store->lead_id = get_attnum(leads, "lead_id");
	store->batch_id = get_attnum(leads, "batch_id");
	store->batch_row = get_attnum(leads, "batch_row");
	import->candidates = palloc(VA_IMPORT_CHUNK_ROWS * sizeof(VaCandidate));
	MemoryContextSwitchTo(old);
}

void
va_import_close_store(VaImport *import)
{
	VaImportStore *store = import->store;
	Relation stops = store->stop_probe.heap;

	va_probe_close(&store->lead_probe);
	va_probe_close(&store->stop_probe);
	ExecDropSingleTupleTableSlot(store->phone_slot);
	va_writer_close(&store->leads);
	va_import_close_reports(import);
	va_import_close_extras(import);
	va_import_close_order(import);
	table_close(stops, NoLock);
}

typedef struct SortEntry
{
	uint64 key;
	uint32 candidate;
} SortEntry;

/* The order of the index jumps about in memory: have what comes soon on its way. */
#define PREFETCH_DISTANCE 8

static inline void
prefetch_candidate(const VaImport *import, const SortEntry *order, int i)
{
	if (i + PREFETCH_DISTANCE < import->candidate_count)
		__builtin_prefetch(&import->candidates[order[i + PREFETCH_DISTANCE].candidate]);
}

/* Among equal numbers the row that came first stays first. */
static inline int
compare_keys(const SortEntry *x, const SortEntry *y)
{
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->candidate < y->candidate ? -1 : 1;
}

#define ST_SORT sort_entries
#define ST_ELEMENT_TYPE SortEntry
#define ST_COMPARE(a, b) compare_keys(a, b)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

static void
report_disposition(VaImport *import, VaCandidate *candidate, const char *reason)
{
	bool duplicate = candidate->disposition == VA_DISPOSITION_DUPLICATE;

	va_import_report(import, candidate->row, ++candidate->errors, import->headers[import->column[VA_LEAD_PHONE]],
		candidate->value, strlen(candidate->value), reason, duplicate ? "duplicate" : "do_not_call", NULL);
	if (duplicate)
		import->rows_duplicate++;
	else
		import->rows_do_not_call++;
}

/* The lead in the probe's slot has this number already: since when? */
static int64
judge_existing(VaImport *import, VaCandidate *candidate)
{
	VaImportStore *store = import->store;
	TupleTableSlot *slot = store->lead_probe.slot;
	bool no_batch;
	bool no_row;
	bool isnull;
	int64 lead_id = DatumGetInt64(slot_getattr(slot, store->lead_id, &isnull));
	int64 batch = DatumGetInt64(slot_getattr(slot, store->batch_id, &no_batch));
	int64 row = DatumGetInt64(slot_getattr(slot, store->batch_row, &no_row));
	char reason[80];

	if (!no_batch && !no_row && batch == import->batch)
	{
		candidate->disposition = VA_DISPOSITION_DUPLICATE;
		snprintf(reason, sizeof(reason), "same number as row " INT64_FORMAT, row);
		lead_id = 0;
	}
	else if (import->update_existing)
	{
		candidate->disposition = VA_DISPOSITION_UPDATE;
		candidate->lead_id = lead_id;
		import->rows_updated++;
	}
	else
	{
		candidate->disposition = VA_DISPOSITION_DUPLICATE;
		snprintf(reason, sizeof(reason), "already a lead (lead " INT64_FORMAT ")", lead_id);
	}
	if (candidate->disposition == VA_DISPOSITION_DUPLICATE)
		report_disposition(import, candidate, reason);
	ExecClearTuple(slot);
	return lead_id;
}

static inline bool
may_exist(const VaImportStore *store, const VaCandidate *candidate)
{
	return store->leads_exist || (store->filter != NULL && filter_has(store->filter, candidate->sort_key));
}

/*
 * Decides about every candidate, in the order of the index.  Questions that do
 * not depend on a chunk's end come first, so that the cut of a file changes
 * nothing.  Leads that were there before go to joiners (their count is
 * returned): they may be new to the campaign.
 */
static int
judge_candidates(VaImport *import, const SortEntry *order, Datum *joiners)
{
	VaImportStore *store = import->store;
	VaCandidate *first = NULL; /* of the same number, in this chunk */
	int n = 0;
	const int64 *blocked = store->blocks_exist ? ask_of_each(import, find_blocked) : NULL;
	const int64 *merged = store->marks_exist ? ask_of_each(import, find_merged) : NULL;
	MemoryContext old = MemoryContextSwitchTo(import->row);

	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[order[i].candidate];

		CHECK_FOR_INTERRUPTS();
		prefetch_candidate(import, order, i);
		if (candidate->stops)
		{
			candidate->disposition = VA_DISPOSITION_DO_NOT_CALL;
			report_disposition(import, candidate,
				psprintf("the column \"%s\" says that it must not be called: its numbers go on the do-not-call list",
					import->headers[candidate->stops - 1]));
		}
		else if (blocked != NULL && blocked[order[i].candidate] != 0)
		{
			candidate->disposition = VA_DISPOSITION_DO_NOT_CALL;
			report_disposition(import, candidate,
				blocked[order[i].candidate] == 1 ? "blocked by the platform" : "the area code is blocked");
		}
		else if (store->stops_exist && va_probe_find(&store->stop_probe, candidate->e164))
		{
			bool isnull;
			bool held = DatumGetBool(slot_getattr(store->stop_probe.slot, store->held, &isnull));

			candidate->disposition = VA_DISPOSITION_DO_NOT_CALL;
			report_disposition(import, candidate,
				held ? "held: an opt-out is in doubt; release_holds() ends it" : "on the do-not-call list");
			ExecClearTuple(store->stop_probe.slot);
		}
		else if (first != NULL && first->sort_key == candidate->sort_key)
		{
			char reason[80];

			candidate->disposition = VA_DISPOSITION_DUPLICATE;
			snprintf(reason, sizeof(reason), "same number as row " INT64_FORMAT, first->row);
			report_disposition(import, candidate, reason);
		}
		else if (may_exist(store, candidate) && va_probe_find(&store->lead_probe, candidate->e164))
		{
			int64 lead_id = judge_existing(import, candidate);

			if (lead_id != 0 && (n == 0 || DatumGetInt64(joiners[n - 1]) != lead_id))
				joiners[n++] = Int64GetDatum(lead_id);
		}
		else if (merged != NULL && merged[order[i].candidate] != 0)
		{
			/* A further number of that lead: consents and numbers it may add, its fields the row does not name. */
			candidate->lead_id = merged[order[i].candidate];
			candidate->disposition = import->update_existing ? VA_DISPOSITION_UPDATE : VA_DISPOSITION_DUPLICATE;
			if (import->update_existing)
				import->rows_updated++;
			else
				report_disposition(
					import, candidate, psprintf("already a lead (lead " INT64_FORMAT ")", candidate->lead_id));
			joiners[n++] = Int64GetDatum(candidate->lead_id);
		}
		else
			first = candidate;
	}
	va_probe_restart(&store->stop_probe);
	va_probe_restart(&store->lead_probe);
	MemoryContextReset(import->row);
	MemoryContextSwitchTo(old);
	return n;
}

/* The rows of a file are in no order of the index. */
static bool
is_lead(VaImportStore *store, const VaPhone *phone)
{
	va_probe_restart(&store->lead_probe);
	return va_probe_find(&store->lead_probe, phone->e164);
}

void
va_import_choose_spelling(VaImport *import, VaPhone *phone)
{
	VaImportStore *store = import->store;
	HASHCTL control = { .keysize = sizeof(uint64), .entrysize = 2 * sizeof(uint64), .hcxt = import->chunk };
	VaPhone twin = { 0 };
	uint64 *spelling;
	bool found;

	if (!va_phone_twin(phone, &twin))
		return;
	if (store->spellings == NULL)
		store->spellings = hash_create("spellings", 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	spelling = hash_search(
		store->spellings, phone->digits < twin.digits ? &phone->digits : &twin.digits, HASH_ENTER, &found);
	if (!found)
		spelling[1] = !is_lead(store, phone) && is_lead(store, &twin) ? twin.digits : phone->digits;
	va_probe_restart(&store->lead_probe);
	if (spelling[1] == phone->digits)
		return;
	strlcpy(twin.extension, phone->extension, sizeof(twin.extension));
	*phone = twin;
}

/* Heap and all indexes but the one on the number, in the order of the file. */
static int
insert_leads(VaImport *import, Datum *lead_ids)
{
	VaTableWriter *writer = &import->store->leads;
	ItemPointer tids[VA_WRITER_BATCH];
	MemoryContext old = MemoryContextSwitchTo(import->row);
	int n = 0;

	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[i];

		if (candidate->disposition != VA_DISPOSITION_IMPORT)
			continue;
		CHECK_FOR_INTERRUPTS();
		lead_ids[n++] = Int64GetDatum(candidate->lead_id);
		tids[writer->n] = &candidate->tid;
		va_writer_add(writer, candidate->tuple);
		if (writer->n == VA_WRITER_BATCH)
		{
			va_writer_flush(writer, tids);
			MemoryContextReset(import->row);
		}
	}
	va_writer_flush(writer, tids);
	MemoryContextSwitchTo(old);
	return n;
}

/* The index on (tenant, number), in its own order. */
static void
index_numbers(VaImport *import, const SortEntry *order)
{
	VaImportStore *store = import->store;
	VaTableWriter *writer = &store->leads;
	TupleTableSlot *slot = store->phone_slot;
	TupleDesc desc = slot->tts_tupleDescriptor;
	AttrNumber phone_attr = import->lead_attr[LEAD_PHONE] - 1;
	AttrNumber tenant_attr = import->lead_attr[LEAD_TENANT_ID] - 1;
	MemoryContext old = MemoryContextSwitchTo(import->row);
	char phone[VARHDRSZ + 24] pg_attribute_aligned(MAXIMUM_ALIGNOF);

	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[order[i].candidate];
		size_t len;

		prefetch_candidate(import, order, i);
		if (candidate->disposition != VA_DISPOSITION_IMPORT)
			continue;
		CHECK_FOR_INTERRUPTS();
		len = strlen(candidate->e164);
		SET_VARSIZE(phone, VARHDRSZ + len);
		memcpy(VARDATA(phone), candidate->e164, len);
		if (i == 0 || TTS_EMPTY(slot))
		{
			ExecClearTuple(slot);
			memset(slot->tts_isnull, true, desc->natts * sizeof(bool));
			slot->tts_values[tenant_attr] = Int64GetDatum(import->tenant);
			slot->tts_isnull[tenant_attr] = false;
			slot->tts_values[phone_attr] = PointerGetDatum(phone);
			slot->tts_isnull[phone_attr] = false;
			ExecStoreVirtualTuple(slot);
		}
		slot->tts_tid = candidate->tid;
		slot->tts_tableOid = RelationGetRelid(import->leads);
		(void) va_insert_index_tuples(writer->later, slot, writer->estate);
		ResetPerTupleExprContext(writer->estate);
		if (i % VA_WRITER_BATCH == 0)
			MemoryContextReset(import->row);
	}
	ExecClearTuple(slot);
	MemoryContextReset(import->row);
	MemoryContextSwitchTo(old);
}

/* One wave of update_leads(). */
static void
update_wave(VaImport *import, Oid *types, Datum *values, VaCandidate *const *rows)
{
	int tags = import->column[VA_LEAD_TAGS];
	bool isnull;

	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args("SELECT tags_cut, context_kept FROM voiceagent_private.update_leads($1, $2)", 2, types,
			values, NULL, false, 0) != SPI_OK_SELECT ||
		SPI_processed != 1)
		elog(ERROR, "cannot update the leads");
	va_import_warn_each(import, SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull), rows,
		tags >= 0 ? import->headers[tags] : NULL, "the lead would have more than 50 tags, the rest is dropped");
	va_import_warn_each(import, SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull), rows, NULL,
		"the context of the lead would be longer than 4194304 bytes, this row's is dropped");
	SPI_finish();
	CommandCounterIncrement();
}

/* Leads that were there before, with what the file says of them, later rows over earlier ones. */
static void
update_leads(VaImport *import, const SortEntry *order)
{
	TupleDesc desc = RelationGetDescr(import->leads);
	Oid types[2] = { get_array_type(desc->tdtypeid), INT2ARRAYOID };
	Datum *rows = palloc(import->candidate_count * sizeof(Datum));
	Datum *gave = palloc(import->candidate_count * sizeof(Datum));
	VaCandidate **candidates = palloc(import->candidate_count * sizeof(VaCandidate *));
	bool more = true;

	/* A lead that several rows name is updated by one of them at a time: the n-th rows of all go together. */
	for (int wave = 0; more; wave++)
	{
		int64 last_lead = 0;
		int nth = 0;
		int n = 0;
		Datum values[2];

		more = false;
		for (int i = 0; i < import->candidate_count; i++)
		{
			VaCandidate *candidate = &import->candidates[order[i].candidate];

			if (candidate->disposition != VA_DISPOSITION_UPDATE)
				continue;
			nth = candidate->lead_id == last_lead ? nth + 1 : 0;
			last_lead = candidate->lead_id;
			more = more || nth > wave;
			if (nth != wave)
				continue;
			candidates[n] = candidate;
			rows[n] = heap_copy_tuple_as_datum(candidate->tuple, desc);
			gave[n++] = Int16GetDatum(candidate->gave);
		}
		if (n == 0)
			break;
		values[0] = PointerGetDatum(construct_array(rows, n, desc->tdtypeid, -1, false, TYPALIGN_DOUBLE));
		values[1] = PointerGetDatum(construct_array(gave, n, INT2OID, sizeof(int16), true, TYPALIGN_SHORT));
		update_wave(import, types, values, candidates);
	}
}

/* The campaign of the batch takes new leads and those that were there before. */
static void
join_campaign(VaImport *import, Datum *lead_ids, int n)
{
	Oid types[2] = { INT8OID, INT8ARRAYOID };
	Datum values[2];

	if (n == 0)
		return;
	values[0] = Int64GetDatum(import->campaign);
	values[1] = PointerGetDatum(construct_array(lead_ids, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args("SELECT voiceagent.add_leads($1, $2)", 2, types, values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "cannot add the leads to the campaign");
	SPI_finish();
}

/* Keys that the next chunk would otherwise look up in the index. */
static void
remember_numbers(VaImport *import)
{
	VaImportStore *store = import->store;

	/* Not worth its memory for a small file, or the last piece of one. */
	if (store->filter == NULL && import->candidate_count < FILTER_LEAST_ROWS)
	{
		store->leads_exist = true;
		return;
	}
	if (store->filter == NULL)
		store->filter = MemoryContextAllocZero(import->run, FILTER_BITS / 8);
	for (int i = 0; i < import->candidate_count; i++)
	{
		if (import->candidates[i].disposition == VA_DISPOSITION_IMPORT)
			filter_add(store->filter, import->candidates[i].sort_key);
	}
}

void
va_import_flush(VaImport *import)
{
	VaImportStore *store = import->store;
	int count = import->candidate_count;
	MemoryContext old = MemoryContextSwitchTo(import->chunk);

	if (count > 0)
	{
		SortEntry *order = palloc(count * sizeof(SortEntry));
		Datum *lead_ids = palloc(count * sizeof(Datum));
		int n;
		int inserted;

		for (int i = 0; i < count; i++)
		{
			order[i].key = import->candidates[i].sort_key;
			order[i].candidate = i;
		}
		sort_entries(order, count);
		n = judge_candidates(import, order, lead_ids);
		inserted = insert_leads(import, lead_ids + n);
		va_import_write_order(import, lead_ids + n, inserted);
		index_numbers(import, order);
		import->rows_imported += inserted;
		va_import_warn_lacking(import, lead_ids + n, inserted);
		if (import->extras != NULL)
			va_import_write_extras(import, store->stops_exist || store->blocks_exist);
		if (import->rows_updated > 0)
		{
			update_leads(import, order);
			if (import->extras != NULL)
				va_import_update_extras(import, store->stops_exist || store->blocks_exist);
		}
		if (import->extras != NULL)
			va_import_take_consents(import, store->leads_exist);
		va_import_take_stops(import);
		if (!store->leads_exist)
			remember_numbers(import);
		if (import->campaign != 0)
			join_campaign(import, lead_ids, n + inserted);
	}
	else
	{
		/* Rows that were rejected may say no. */
		if (import->extras != NULL)
			va_import_take_consents(import, store->leads_exist);
		va_import_take_stops(import);
	}
	va_import_flush_reports(import);
	import->candidate_count = 0;
	import->store->spellings = NULL;
	import->error_count = 0;
	MemoryContextSwitchTo(old);
	MemoryContextReset(import->chunk);
	CommandCounterIncrement();
}
