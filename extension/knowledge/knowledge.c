/*-------------------------------------------------------------------------
 * knowledge.c
 *		SQL face of documents: cut_passages().
 *
 * No state and no locks.  The bytes are judged in extension/pure/knowledge/.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/arena.h"
#include "core/compat.h"
#include "core/errors.h"
#include "pure/knowledge/passages.h"

PG_FUNCTION_INFO_V1(va_sql_cut_passages);

static VaPassageKind
kind_of(const char *kind)
{
	if (strcmp(kind, "csv") == 0)
		return VA_PASSAGES_CSV;
	return strcmp(kind, "text") == 0 ? VA_PASSAGES_TEXT : VA_PASSAGES_MARKDOWN;
}

/* (kind, content, max_bytes, max_passages) -> rows of passage, heading, body */
Datum
va_sql_cut_passages(PG_FUNCTION_ARGS)
{
	VaPassageKind kind = kind_of(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	text *content = PG_GETARG_TEXT_PP(1);
	int32 max_bytes = Max(PG_GETARG_INT32(2), 100);
	int32 max_passages = Max(PG_GETARG_INT32(3), 1);
	VaArena *arena = va_arena_here();
	VaPassages passages;
	VaPassageStatus status;
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	status = va_cut_passages(
		arena, kind, VARDATA_ANY(content), VARSIZE_ANY_EXHDR(content), max_bytes, max_passages, &passages);
	if (status == VA_PASSAGES_NO_MEMORY)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (status == VA_PASSAGES_TOO_MANY)
		ereport(ERROR, (errcode(VA_ERRCODE_TOO_LARGE), errmsg("the document has too many passages"),
						   errdetail("There is room for %d more.", max_passages),
						   errhint("Delete documents that are not needed, or have knowledge_passages_max raised.")));
	if (status == VA_PASSAGES_BAD_CSV)
		ereport(ERROR,
			(errcode(VA_ERRCODE_INVALID), errmsg("the document is no CSV file"),
				errdetail("After %zu rows a quoted field never ends, or is longer than a megabyte.", passages.count),
				errhint("Quote fields that contain quotes, separators or line ends as \"...\", and write a "
						"quote in them twice.")));
	for (size_t i = 0; i < passages.count; i++)
	{
		Datum values[3] = { Int32GetDatum((int32) i + 1), CStringGetTextDatum(passages.items[i].heading),
			CStringGetTextDatum(passages.items[i].body) };
		bool nulls[3] = { false, false, false };

		CHECK_FOR_INTERRUPTS();
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		pfree(DatumGetPointer(values[1]));
		pfree(DatumGetPointer(values[2]));
	}
	return (Datum) 0;
}
