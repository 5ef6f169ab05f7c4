/*-------------------------------------------------------------------------
 * event_rows.c
 *		Webhooks as an array of voiceagent_private.read_event.
 *
 * No state, no locks.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "event_rows.h"
#include "provider.h"

#define READ_EVENT_NATTS 4
#define FIRST_ROWS 64
#define SHORT_DETAILS 300

struct VaEventRows
{
	MemoryContext memory;
	Oid type;
	TupleDesc read_desc;
	TupleDesc event_desc;
	Datum *rows;
	int n;
	int room;
};

static Oid
type_named(const char *schema, const char *name)
{
	Oid type = GetSysCacheOid2(
		TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name), ObjectIdGetDatum(get_namespace_oid(schema, false)));

	if (!OidIsValid(type))
		elog(ERROR, "type %s.%s does not exist", schema, name);
	return type;
}

Oid
va_read_events_type(void)
{
	return get_array_type(type_named("voiceagent_private", "read_event"));
}

/* The attempt of our reference va-TENANT-ATTEMPT, or va-TENANT-ATTEMPT-RANDOM: see attempt_of_reference(). */
static bool
attempt_of_reference(const char *reference, int64 *attempt)
{
	const char *digits;
	size_t len;

	if (reference == NULL || strncmp(reference, "va-", 3) != 0)
		return false;
	digits = reference + 3;
	len = strspn(digits, "0123456789");
	if (len < 1 || len > 18 || digits[len] != '-')
		return false;
	digits += len + 1;
	len = strspn(digits, "0123456789");
	if (len < 1 || len > 18)
		return false;
	if (digits[len] != '\0' &&
		(digits[len] != '-' || strspn(digits + len + 1, "0123456789abcdef") != 8 || digits[len + 9] != '\0'))
		return false;
	*attempt = strtoll(digits, NULL, 10);
	return true;
}

VaEventRows *
va_event_rows_begin(void)
{
	VaEventRows *rows = palloc(sizeof(VaEventRows));

	rows->memory = CurrentMemoryContext;
	rows->type = type_named("voiceagent_private", "read_event");
	rows->read_desc = lookup_rowtype_tupdesc(rows->type, -1);
	rows->event_desc = lookup_rowtype_tupdesc(type_named("voiceagent", "call_event"), -1);
	if (rows->read_desc->natts != READ_EVENT_NATTS || rows->event_desc->natts != VA_CALL_EVENT_NATTS)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						   errmsg("type voiceagent.call_event has another shape than the library expects"),
						   errhint("Run ALTER EXTENSION voiceagent UPDATE.")));
	rows->n = 0;
	rows->room = FIRST_ROWS;
	rows->rows = palloc(sizeof(Datum) * rows->room);
	return rows;
}

/*
 * Making jsonb of details is half of the work here, and few are applied: those
 * of name_rung_out(), beside which little stands, and of attested().
 */
static bool
needs_details(const VaEvent *event)
{
	if (event->details == NULL)
		return false;
	if (event->kind == VA_EVENT_INCOMING)
		return strstr(event->details, "\"stir") != NULL || strstr(event->details, "\"shaken_stir") != NULL;
	return strnlen(event->details, SHORT_DETAILS) < SHORT_DETAILS &&
		   (strstr(event->details, "\"rang\":") != NULL || strstr(event->details, "\"unheard\":") != NULL);
}

/* Its row, in the current memory. */
static Datum
event_row(const VaEventRows *rows, const VaEvent *event)
{
	Datum members[VA_CALL_EVENT_NATTS];
	bool nulls[VA_CALL_EVENT_NATTS];
	VaEvent needed = *event;

	if (!needs_details(event))
		needed.details = NULL;
	needed.cost_breakdown = NULL;
	va_event_to_values(&needed, members, nulls);
	return HeapTupleGetDatum(heap_form_tuple(rows->event_desc, members, nulls));
}

static void
add_row(VaEventRows *rows, Datum *values, bool *nulls)
{
	MemoryContext old = MemoryContextSwitchTo(rows->memory);

	if (rows->n == rows->room)
	{
		rows->room *= 2;
		rows->rows = repalloc_huge(rows->rows, sizeof(Datum) * rows->room);
	}
	rows->rows[rows->n++] = HeapTupleGetDatum(heap_form_tuple(rows->read_desc, values, nulls));
	(void) MemoryContextSwitchTo(old);
}

void
va_event_rows_add(VaEventRows *rows, int64 webhook, int64 endpoint_id, const VaEvents *events)
{
	for (int i = 0; i < events->count; i++)
	{
		Datum values[READ_EVENT_NATTS];
		bool nulls[READ_EVENT_NATTS] = { false };
		int64 attempt = 0;

		values[0] = Int64GetDatum(webhook);
		values[1] = Int64GetDatum(endpoint_id);
		nulls[2] = !attempt_of_reference(events->items[i].attempt_ref, &attempt);
		values[2] = Int64GetDatum(attempt);
		values[3] = event_row(rows, &events->items[i]);
		add_row(rows, values, nulls);
	}
}

Datum
va_event_rows_end(VaEventRows *rows)
{
	ReleaseTupleDesc(rows->read_desc);
	ReleaseTupleDesc(rows->event_desc);
	return PointerGetDatum(construct_array(rows->rows, rows->n, rows->type, -1, false, TYPALIGN_DOUBLE));
}
