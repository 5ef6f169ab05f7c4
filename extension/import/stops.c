/*-------------------------------------------------------------------------
 * stops.c
 *		Rows that say that somebody must not be called: their numbers go on the
 *		tenant's do-not-call list.  See stops.h.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "field.h"
#include "stops.h"
#include "values.h"

void
va_import_lock_stops(VaImport *import)
{
	if (import->stop_count == 0)
		return;
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute("SELECT voiceagent_private.lock_tenant(true)", false, 0) != SPI_OK_SELECT)
		elog(ERROR, "cannot lock the tenant");
	SPI_finish();
}

int
va_import_stops(VaImport *import, const VaCsvRow *row)
{
	for (int i = 0; i < import->stop_count; i++)
	{
		VaImportField said = va_field(row, import->stop_columns[i]);

		/* What is no plain no may be any way of saying it: a yes, a date, a reason. */
		if (said.len > 0 && !va_lead_is_no(said.bytes, said.len))
			return 1 + import->stop_columns[i];
	}
	return 0;
}

static void
add(VaImport *import, const char *e164)
{
	import->stops = lappend(import->stops, DatumGetPointer(CStringGetTextDatum(e164)));
}

void
va_import_stop(VaImport *import, int stops, VaCandidate *candidate, const VaNumber *numbers, int count,
	const VaPhone *ambiguous, int ambiguous_count)
{
	MemoryContext old = MemoryContextSwitchTo(import->chunk);

	if (candidate != NULL)
	{
		candidate->stops = (int16) stops;
		add(import, candidate->e164);
	}
	for (int i = 0; i < count; i++)
		add(import, numbers[i].phone.e164);
	for (int i = 0; i < ambiguous_count; i++)
	{
		add(import, ambiguous[i].e164);
		add(import, psprintf("+" UINT64_FORMAT, ambiguous[i].other_digits));
	}
	MemoryContextSwitchTo(old);
}

void
va_import_take_stops(VaImport *import)
{
	int count = list_length(import->stops);
	Oid types[2] = { TEXTARRAYOID, TEXTOID };
	Datum values[2];
	Datum *phones;

	if (count == 0)
		return;
	phones = palloc(count * sizeof(Datum));
	for (int i = 0; i < count; i++)
		phones[i] = PointerGetDatum(list_nth(import->stops, i));
	import->stops = NIL;
	values[0] = PointerGetDatum(construct_array(phones, count, TEXTOID, -1, false, TYPALIGN_INT));
	values[1] = CStringGetTextDatum(psprintf("import " INT64_FORMAT " says so", import->batch));
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args("SELECT (voiceagent_private.list_phones($1, voiceagent_private.short_reason($2), "
							  "voiceagent.clock())).withdrawn",
			2, types, values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "cannot list the numbers");
	SPI_finish();
	CommandCounterIncrement();
}
