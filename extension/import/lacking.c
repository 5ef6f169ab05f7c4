/*-------------------------------------------------------------------------
 * lacking.c
 *		Which rows of a file lack what an assistant's prompt needs.
 *
 * The leads are in their table by now, also in a dry run, whose rows are taken
 * back later; so the same function judges them as judges at the dial.  No lock
 * is taken: a version of an assistant never changes.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"

#include "core/errors.h"
#include "run.h"

static const char *const assistant_query =
	"SELECT coalesce(b.assistant_id, c.assistant_id) IS NOT NULL, CASE WHEN b.assistant_id IS NOT NULL THEN v.variables"
	" ELSE voiceagent_private.variables_to_find(voiceagent_private.variables_heard(v.variables, c.experiment),"
	" voiceagent_private.resolved_settings(c.settings, p.provider)) END FROM voiceagent.import_batches b"
	" LEFT JOIN voiceagent.campaigns c ON c.tenant_id = b.tenant_id AND c.campaign_id = b.campaign_id"
	" LEFT JOIN voiceagent.provider_accounts p ON p.tenant_id = c.tenant_id"
	" AND p.provider_account_id = c.provider_account_id"
	" LEFT JOIN voiceagent.assistants a ON a.tenant_id = b.tenant_id"
	" AND a.assistant_id = coalesce(b.assistant_id, c.assistant_id)"
	" LEFT JOIN voiceagent.assistant_versions v ON v.tenant_id = a.tenant_id AND v.assistant_id = a.assistant_id"
	" AND v.version = a.version WHERE b.tenant_id = $1 AND b.batch_id = $2";

static const char
	*const lacking_query = "SELECT l.batch_row, array_to_string(voiceagent_private.lacking_variables(l, $3), ', ')"
						   " FROM voiceagent.leads l WHERE l.tenant_id = $1 AND l.lead_id = ANY ($2)"
						   " AND voiceagent_private.lead_lacks(l, $3) ORDER BY l.batch_row LIMIT $4";

/* The prompt's variables; 0: no assistant is named, or its texts need none.  In the memory of the run. */
static Datum
variables_of_batch(VaImport *import)
{
	Oid types[2] = { INT8OID, INT8OID };
	Datum values[2] = { Int64GetDatum(import->tenant), Int64GetDatum(import->batch) };
	Datum variables = 0;
	bool isnull;

	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args(assistant_query, 2, types, values, NULL, true, 1) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "cannot read the batch of the import");
	if (DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull)))
	{
		Datum found = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull);

		if (isnull)
			ereport(ERROR,
				(errcode(VA_ERRCODE_NOT_FOUND), errmsg("no such assistant"), errhint("create_assistant() makes one.")));
		if (ArrayGetNItems(ARR_NDIM(DatumGetArrayTypeP(found)), ARR_DIMS(DatumGetArrayTypeP(found))) > 0)
		{
			MemoryContext old = MemoryContextSwitchTo(import->run);

			variables = PointerGetDatum(DatumGetArrayTypePCopy(found));
			MemoryContextSwitchTo(old);
		}
	}
	SPI_finish();
	return variables;
}

static void
warn(VaImport *import, HeapTuple row, TupleDesc desc)
{
	bool isnull;
	int64 number = DatumGetInt64(SPI_getbinval(row, desc, 1, &isnull));

	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[i];

		if (candidate->row != number)
			continue;
		va_import_report(import, number, ++candidate->errors, NULL, NULL, 0,
			psprintf("the prompt of the assistant needs: %s", SPI_getvalue(row, desc, 2)), "warning", NULL);
		return;
	}
}

void
va_import_warn_lacking(VaImport *import, Datum *lead_ids, int n)
{
	Oid types[4] = { INT8OID, INT8ARRAYOID, TEXTARRAYOID, INT8OID };
	Datum values[4];
	int room = VA_IMPORT_LACKING_MAX - import->lacking;

	if (!import->variables_known)
		import->variables = variables_of_batch(import);
	import->variables_known = true;
	if (n == 0 || import->variables == 0 || room <= 0)
		return;
	CommandCounterIncrement();
	values[0] = Int64GetDatum(import->tenant);
	values[1] = PointerGetDatum(construct_array(lead_ids, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	values[2] = import->variables;
	values[3] = Int64GetDatum(room);
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args(lacking_query, 4, types, values, NULL, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "cannot look for what the leads lack");
	import->lacking += (int) SPI_processed;
	for (uint64 i = 0; i < SPI_processed; i++)
		warn(import, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
	SPI_finish();
}

void
va_import_tell_lacking(VaImport *import)
{
	if (import->lacking == 0)
		return;
	ereport(NOTICE, (errmsg_plural("%s%d row lacks what the prompt of the assistant needs",
						 "%s%d rows lack what the prompt of the assistant needs", import->lacking,
						 import->lacking >= VA_IMPORT_LACKING_MAX ? "at least " : "", import->lacking),
						errdetail("A lead is not dialled as long as a variable has no value."),
						errhint("import_errors, or import_reports for a dry run, names them and what they lack.")));
}
