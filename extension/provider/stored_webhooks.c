/*-------------------------------------------------------------------------
 * stored_webhooks.c
 *		Waiting webhooks, many read in one call.
 *
 * One by one, each would cost a tuplestore, an executor's scan and a reading
 * of its account's settings more: twice as much as its own reading.  No state,
 * no locks.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/arena.h"
#include "core/compat.h"
#include "event_rows.h"
#include "provider.h"

PG_FUNCTION_INFO_V1(va_sql_read_stored_webhooks);

/* The arguments, in their order. */
enum
{
	WEBHOOK_ID,
	ENDPOINT_ID,
	PROVIDER,
	LOOKED_UP,
	HEADERS,
	BODY,
	SETTINGS,
	ARGUMENTS
};

typedef struct Column
{
	Datum *values;
	bool *nulls;
} Column;

/*
 * The settings that were read last: those of the next webhook, nearly always.
 * They lie in the argument: an element of an array is stored neither packed
 * nor compressed, so that none is copied into memory that is reset.
 */
typedef struct Settings
{
	MemoryContext memory;
	Jsonb *jsonb;
	bool read;
	VaProviderAccount carrier;
} Settings;

static Jsonb *
jsonb_or_null(const Column *column, int i)
{
	return column->nulls[i] ? NULL : DatumGetJsonbP(column->values[i]);
}

static const VaProviderAccount *
settings_of(Settings *last, Jsonb *jsonb)
{
	bool same = last->read && (jsonb == NULL) == (last->jsonb == NULL);
	MemoryContext old;

	if (same &&
		(jsonb == NULL || (VARSIZE(jsonb) == VARSIZE(last->jsonb) && memcmp(jsonb, last->jsonb, VARSIZE(jsonb)) == 0)))
		return &last->carrier;
	last->read = false;
	MemoryContextReset(last->memory);
	old = MemoryContextSwitchTo(last->memory);
	va_read_carrier(jsonb, va_arena_here(), &last->carrier);
	(void) MemoryContextSwitchTo(old);
	last->jsonb = jsonb;
	last->read = true;
	return &last->carrier;
}

static int
read_arguments(FunctionCallInfo fcinfo, Column *columns)
{
	int n = 0;

	for (int i = 0; i < ARGUMENTS; i++)
	{
		ArrayType *array = PG_GETARG_ARRAYTYPE_P(i);
		int16 typlen;
		bool byval;
		char align;
		int length;

		get_typlenbyvalalign(ARR_ELEMTYPE(array), &typlen, &byval, &align);
		deconstruct_array(
			array, ARR_ELEMTYPE(array), typlen, byval, align, &columns[i].values, &columns[i].nulls, &length);
		if (i > 0 && length != n)
			ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("arrays of webhooks must have the same length")));
		if (i != HEADERS && i != SETTINGS && array_contains_nulls(array))
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("webhooks must not be null")));
		n = length;
	}
	return n;
}

/* In memory that is reset after it. */
static void
read_one(const Column *columns, int i, Settings *settings, VaEventRows *rows)
{
	const VaDriver *driver = va_driver_or_error(TextDatumGetCString(columns[PROVIDER].values[i]));
	bytea *body = DatumGetByteaPP(columns[BODY].values[i]);
	const VaProviderAccount *carrier = settings_of(settings, jsonb_or_null(&columns[SETTINGS], i));
	VaArena *arena = va_arena_here();
	VaEvents events;

	if (DatumGetBool(columns[LOOKED_UP].values[i]))
		va_read_lookup(driver, 200, VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body), carrier, arena, &events);
	else
	{
		va_read_webhook(driver, jsonb_or_null(&columns[HEADERS], i), VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body),
			carrier, arena, &events);
		/* An unproved message is only a hint, upon which the carrier is asked. */
		if (driver->proof == VA_PROOF_PEER)
			va_events_unproven(&events);
	}
	va_event_rows_add(
		rows, DatumGetInt64(columns[WEBHOOK_ID].values[i]), DatumGetInt64(columns[ENDPOINT_ID].values[i]), &events);
}

/* read_stored_webhooks(ids, endpoints, providers, looked_up, headers, bodies, settings) -> read_event[] */
Datum
va_sql_read_stored_webhooks(PG_FUNCTION_ARGS)
{
	MemoryContext each = AllocSetContextCreate(CurrentMemoryContext, "a stored webhook", ALLOCSET_DEFAULT_SIZES);
	Settings settings = { .memory = AllocSetContextCreate(
							  CurrentMemoryContext, "its account's settings", ALLOCSET_SMALL_SIZES) };
	Column columns[ARGUMENTS];
	VaEventRows *rows = va_event_rows_begin();
	int n = read_arguments(fcinfo, columns);

	for (int i = 0; i < n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(each);

		CHECK_FOR_INTERRUPTS();
		read_one(columns, i, &settings, rows);
		(void) MemoryContextSwitchTo(old);
		MemoryContextReset(each);
	}
	PG_RETURN_DATUM(va_event_rows_end(rows));
}
