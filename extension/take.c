/*-------------------------------------------------------------------------
 * take.c
 *		Events that the gateway has read, as an argument of take_webhooks().
 *
 * What has its effect at once is not parsed again: it goes on as rows, as it
 * was read where its signature was verified.  No state, no locks.
 *-------------------------------------------------------------------------
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

#include "provider.h"
#include "take.h"

#define READ_EVENT_NATTS 4

static Oid
type_named(const char *schema, const char *name)
{
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name),
									   ObjectIdGetDatum(get_namespace_oid(schema, false)));

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
	size_t		len;

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

static Datum
read_event(const VaTaken *taken, const VaEvent *event, TupleDesc read_desc, TupleDesc event_desc)
{
	Datum		members[VA_CALL_EVENT_NATTS];
	bool		members_null[VA_CALL_EVENT_NATTS];
	Datum		values[READ_EVENT_NATTS];
	bool		nulls[READ_EVENT_NATTS] = {false};
	int64		attempt = 0;
	VaEvent		needed = *event;

	/* Nobody applies these, and to make jsonb of them is half of the work here. */
	needed.details = NULL;
	needed.cost_breakdown = NULL;
	va_event_to_values(&needed, members, members_null);
	values[0] = Int64GetDatum(taken->place);
	values[1] = Int64GetDatum(taken->endpoint_id);
	nulls[2] = !attempt_of_reference(event->attempt_ref, &attempt);
	values[2] = Int64GetDatum(attempt);
	values[3] = HeapTupleGetDatum(heap_form_tuple(event_desc, members, members_null));
	return HeapTupleGetDatum(heap_form_tuple(read_desc, values, nulls));
}

Datum
va_read_events(const VaTaken *taken, int n)
{
	Oid			read_type = type_named("voiceagent_private", "read_event");
	TupleDesc	read_desc = lookup_rowtype_tupdesc(read_type, -1);
	TupleDesc	event_desc = lookup_rowtype_tupdesc(type_named("voiceagent", "call_event"), -1);
	Datum	   *rows;
	int			total = 0;
	int			n_rows = 0;

	if (read_desc->natts != READ_EVENT_NATTS || event_desc->natts != VA_CALL_EVENT_NATTS)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("type voiceagent.call_event has another shape than the library expects"),
						errhint("Run ALTER EXTENSION voiceagent UPDATE.")));
	for (int i = 0; i < n; i++)
		total += taken[i].events->count;
	rows = palloc(sizeof(Datum) * Max(total, 1));
	for (int i = 0; i < n; i++)
		for (int j = 0; j < taken[i].events->count; j++)
			rows[n_rows++] = read_event(&taken[i], &taken[i].events->items[j], read_desc, event_desc);
	ReleaseTupleDesc(read_desc);
	ReleaseTupleDesc(event_desc);
	return PointerGetDatum(construct_array(rows, n_rows, read_type, -1, false, TYPALIGN_DOUBLE));
}
