/*-------------------------------------------------------------------------
 * insert_webhooks.c
 *		Verified webhooks into their tables.
 *
 * Carriers are answered after this, and with many tenants a commit has one or
 * two webhooks of each: a statement would cost more to set up than all of it
 * costs to run.  So rows go to the heap and its indexes as INSERT ... ON
 * CONFLICT DO NOTHING would bring them there: the key first, which decides.
 * Callers pass keys in one order, or two of them could wait for each other.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "core/arena.h"
#include "core/clock.h"
#include "core/compat.h"
#include "core/pack.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "pure/phrases/words/mask.h"
#include "stored.h"
#include "tenancy/identity.h"
#include "tenancy/rows.h"
#include "tenancy/setting.h"

PG_FUNCTION_INFO_V1(va_sql_insert_webhooks);

/* Columns of webhook_keys, and of webhooks and its partitions, as they lie. */
enum
{
	KEY_TENANT_ID,
	KEY_ENDPOINT_ID,
	KEY_EVENT_KEY,
	KEY_WEBHOOK_ID,
	KEY_RECEIVED_AT,
	KEY_COLUMNS
};
enum
{
	TENANT_ID,
	WEBHOOK_ID,
	MONTH_SLOT,
	ENDPOINT_ID,
	PROVIDER,
	SOURCE,
	RECEIVED_AT,
	HEADERS,
	BODY,
	COLUMNS
};
/* The arguments. */
enum
{
	ENDPOINT_IDS,
	EVENT_KEYS,
	HEADERS_OF,
	BODIES,
	SOURCE_OF,
	PLACES
};

/* Rows are filled by place. */
static void
open_table(VaTarget *table, VaWrites *writes, const char *name, int columns)
{
	va_open_target(table, writes, VA_PRIVATE_SCHEMA, name, CMD_INSERT);
	if (table->slot->tts_tupleDescriptor->natts != columns)
		elog(ERROR, "%s has %d columns instead of %d", name, table->slot->tts_tupleDescriptor->natts, columns);
}

static void
fill(VaTarget *table, const Datum *values, int n)
{
	va_begin_insert(table);
	memcpy(table->slot->tts_values, values, sizeof(Datum) * n);
	memset(table->slot->tts_isnull, false, sizeof(bool) * n);
}

/* A transaction with one snapshot may not act upon a row that this does not show. */
static void
require_visible(Relation rel, ItemPointer tid)
{
	TupleTableSlot *slot;

	if (!IsolationUsesXactSnapshot())
		return;
	slot = table_slot_create(rel, NULL);
	if (!table_tuple_fetch_row_version(rel, tid, GetActiveSnapshot(), slot))
		ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
						   errmsg("could not serialize access due to concurrent update")));
	ExecDropSingleTupleTableSlot(slot);
}

/* False: the key is known. */
static bool
insert_key(VaTarget *keys, const Datum *values)
{
	EState *estate = keys->writes->estate;
	TupleTableSlot *slot = keys->slot;
	Relation rel = keys->info->ri_RelationDesc;

	fill(keys, values, KEY_COLUMNS);
	for (bool raced = va_check_insert(keys); raced;)
	{
		ItemPointerData conflict;
		uint32 token;

		CHECK_FOR_INTERRUPTS();
		if (!va_check_index_constraints(keys->info, slot, estate, &conflict))
		{
			require_visible(rel, &conflict);
			return false;
		}
		token = SpeculativeInsertionLockAcquire(GetCurrentTransactionId());
		table_tuple_insert_speculative(rel, slot, GetCurrentCommandId(true), 0, NULL, token);
		raced = false;
		va_insert_index_tuples_if_new(keys->info, slot, estate, &raced);
		table_tuple_complete_speculative(rel, slot, token, !raced);
		SpeculativeInsertionLockRelease(GetCurrentTransactionId());
		if (!raced)
		{
			va_inserted(keys, NIL);
			return true;
		}
	}
	return false;
}

/* A column of the current tenant's row by its id; 0: there is no such row. */
static Datum
look_up(const char *table, const char *index, Datum id, VaColumn *column, bool by_value)
{
	VaRows rows;
	Datum value = 0;

	va_open_rows(&rows, VA_SCHEMA, table, index, 2, AccessShareLock);
	if (va_find_row(&rows, DatumGetInt64(id)))
		value = datumCopy(va_row_datum_of(rows.slot, column), by_value, -1);
	va_close_rows(&rows);
	return value;
}

/* The driver in which an endpoint's webhooks are read; 0: there is no such endpoint. */
static Datum
provider_of(Datum endpoint_id)
{
	Datum id = look_up(
		"webhook_endpoints", "webhook_endpoints_pkey", endpoint_id, VA_COLUMN("provider_account_id"), true);

	return id == 0 ? 0 : look_up("provider_accounts", "provider_accounts_pkey", id, VA_COLUMN("provider"), false);
}

static void
require_argument(FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("webhooks lack what they were sent with")));
}

/* The elements of an argument; there is no null among them. */
static Datum *
elements(FunctionCallInfo fcinfo, int argument, Oid type, int *n)
{
	bool *nulls;
	Datum *values;

	require_argument(fcinfo, argument);
	values = va_elements_of(PG_GETARG_DATUM(argument), type, &nulls, n);
	for (int i = 0; i < *n; i++)
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a webhook lacks what it was sent with")));
	return values;
}

/* As many as there are webhooks. */
static Datum *
elements_of_each(FunctionCallInfo fcinfo, int argument, Oid type, int n)
{
	int count;
	Datum *values = elements(fcinfo, argument, type, &count);

	if (count != n)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("not every webhook has all of its parts")));
	return values;
}

int
va_month_slot(TimestampTz at)
{
	struct pg_tm tm;
	fsec_t fsec;

	/* Without a time zone: UTC. */
	if (timestamp2tm(at, NULL, &tm, &fsec, NULL, NULL) != 0)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range")));
	return (tm.tm_year * 12 + tm.tm_mon) % VA_MONTH_SLOTS;
}

/* Its words that must not be kept are masked once its signature is verified. */
static Datum
masked(VaArena *arena, const VaMaskOwn *own, Datum body)
{
	bytea *bytes = DatumGetByteaPP(body);
	size_t len;
	char *text = va_mask_body(arena, own, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), &len);

	if (arena->oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	return text == NULL ? body : PointerGetDatum(cstring_to_text_with_len(text, (int) len));
}

/* insert_webhooks(endpoint_ids bigint[], event_keys text[], headers jsonb[], bodies bytea[], source text, places integer[]) */
Datum
va_sql_insert_webhooks(PG_FUNCTION_ARGS)
{
	TimestampTz now = va_clock_now();
	int n;
	Datum *endpoint_ids = elements(fcinfo, ENDPOINT_IDS, INT8OID, &n);
	Datum *event_keys = elements_of_each(fcinfo, EVENT_KEYS, TEXTOID, n);
	Datum *headers = elements_of_each(fcinfo, HEADERS_OF, JSONBOID, n);
	Datum *bodies = elements_of_each(fcinfo, BODIES, BYTEAOID, n);
	int n_places = n;
	Datum *places = PG_ARGISNULL(PLACES) ? NULL : elements(fcinfo, PLACES, INT4OID, &n_places);
	Datum *ids = palloc(sizeof(Datum) * Max(n_places, 1));
	bool *known = palloc(sizeof(bool) * Max(n_places, 1));
	Datum row[COLUMNS] = { [TENANT_ID] = Int64GetDatum(va_current_tenant()),
		[MONTH_SLOT] = Int16GetDatum(va_month_slot(now)),
		[SOURCE] = PG_GETARG_DATUM(SOURCE_OF),
		[RECEIVED_AT] = TimestampTzGetDatum(now) };
	VaWrites writes;
	VaTarget keys;
	VaTarget webhooks;
	Oid sequence;
	VaArena *arena = va_arena_here();
	VaMaskOwn *own = va_mask_own(arena, va_masked_words(), true);

	require_argument(fcinfo, SOURCE_OF);
	va_begin_writes(&writes);
	open_table(&keys, &writes, "webhook_keys", KEY_COLUMNS);
	ExecOpenIndices(keys.info, true);
	open_table(&webhooks, &writes, psprintf("webhooks_%02d", DatumGetInt16(row[MONTH_SLOT])), COLUMNS);
	sequence = get_relname_relid("webhooks_webhook_id_seq", get_namespace_oid(VA_SCHEMA, false));
	for (int i = 0; i < n_places; i++)
	{
		int place = places != NULL ? DatumGetInt32(places[i]) - 1 : i;

		known[i] = true;
		if (place < 0 || place >= n)
			ereport(
				ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("there is no webhook at place %d", place + 1)));
		if (row[PROVIDER] == 0 || endpoint_ids[place] != row[ENDPOINT_ID])
			row[PROVIDER] = provider_of(row[ENDPOINT_ID] = endpoint_ids[place]);
		if (row[PROVIDER] == 0)
			continue;
		ids[i] = row[WEBHOOK_ID] = Int64GetDatum(nextval_internal(sequence, false));
		if (!insert_key(&keys, (Datum[KEY_COLUMNS]){ row[TENANT_ID], row[ENDPOINT_ID], event_keys[place],
								   row[WEBHOOK_ID], row[RECEIVED_AT] }))
			continue;
		row[HEADERS] = headers[place];
		row[BODY] = va_pack(masked(arena, own, bodies[place]));
		fill(&webhooks, row, COLUMNS);
		known[i] = !va_insert_row(&webhooks);
	}
	va_end_writes(&writes);
	va_arena_free(arena);
	PG_RETURN_DATUM(va_array_of(ids, known, n_places, INT8OID));
}
