/*-------------------------------------------------------------------------
 * stops.c
 *		Rows that say that somebody must not be called: their numbers go on the
 *		tenant's do-not-call list.  See run.h.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/errors.h"
#include "field.h"
#include "run.h"

void
va_import_lock_stops(VaImport *import)
{
	if (import->stop_count == 0 && import->extras == NULL)
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

		/* Any value but a plain no may be a way of saying it: a yes, a date, a reason. */
		if (said.len > 0 && !va_lead_is_no(said.bytes, said.len))
			return 1 + import->stop_columns[i];
	}
	return 0;
}

void
va_import_stop(VaImport *import, const VaCsvRow *row, int stops, const char *country, VaCandidate *candidate)
{
	MemoryContext old = MemoryContextSwitchTo(import->chunk);
	List *numbers = va_import_numbers_of(import, row, country, false);

	import->stops[stops - 1] = list_concat(import->stops[stops - 1], numbers);
	MemoryContextSwitchTo(old);
	if (candidate != NULL)
		candidate->stops = (int16) stops;
	else
		va_warn(import, stops - 1, va_field(row, stops - 1),
			numbers != NIL ? "the numbers of this row go on the do-not-call list"
						   : "no number of this row can be read: none goes on the do-not-call list");
}

/* The numbers that one column has stopped. */
static void
take_stops(VaImport *import, int column)
{
	List *listed = import->stops[column];
	int count = list_length(listed);
	Oid types[2] = { TEXTARRAYOID, TEXTOID };
	Datum values[2];
	Datum *phones;

	if (count == 0)
		return;
	phones = palloc(count * sizeof(Datum));
	for (int i = 0; i < count; i++)
		phones[i] = CStringGetTextDatum(list_nth(listed, i));
	import->stops[column] = NIL;
	values[0] = PointerGetDatum(construct_array(phones, count, TEXTOID, -1, false, TYPALIGN_INT));
	values[1] = CStringGetTextDatum(
		psprintf("import " INT64_FORMAT ", column \"%s\"", import->batch, va_shown(import->headers[column])));
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args("SELECT (voiceagent_private.list_phones($1, voiceagent_private.short_reason($2), "
							  "voiceagent.clock())).withdrawn",
			2, types, values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "cannot list the numbers");
	SPI_finish();
	CommandCounterIncrement();
}

void
va_import_take_stops(VaImport *import)
{
	for (int i = 0; i < import->stop_count; i++)
		take_stops(import, import->stop_columns[i]);
}
