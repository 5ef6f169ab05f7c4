/*-------------------------------------------------------------------------
 * import.c
 *		The import of leads: the way of a file's bytes through header, rows and
 *		store.  See run.h.
 *
 * A file comes as one text or in pieces cut anywhere (bytea); a row that was
 * never in a file comes as its fields (text[]).  Between two pieces nothing
 * lives in memory: the caller keeps header, delimiter and the bytes of the
 * unfinished row in a table, in the same transaction, so a crash loses exactly
 * what was not committed.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "rewrite/rewriteHandler.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/compat.h"
#include "core/errors.h"
#include "core/statement.h"
#include "tenancy/identity.h"
#include "run.h"
#include "writer.h"
#include "lead/phone.h"

/* After so many rows each, others see how far an import is. */
#define PROGRESS_ROWS 1000

PG_FUNCTION_INFO_V1(va_sql_import_chunk);

static const char *const lead_columns[LEAD_COLUMNS] = {
	[LEAD_TENANT_ID] = "tenant_id",
	[LEAD_LEAD_ID] = "lead_id",
	[LEAD_PHONE] = "phone",
	[LEAD_EXTENSION] = "extension",
	[LEAD_FIRST_NAME] = "first_name",
	[LEAD_LAST_NAME] = "last_name",
	[LEAD_EMAIL] = "email",
	[LEAD_COMPANY] = "company",
	[LEAD_COUNTRY] = "country",
	[LEAD_REGION] = "region",
	[LEAD_TIMEZONES] = "timezones",
	[LEAD_CONTEXT] = "context",
	[LEAD_PRIORITY] = "priority",
	[LEAD_TAGS] = "tags",
	[LEAD_BATCH_ID] = "batch_id",
	[LEAD_BATCH_ROW] = "batch_row",
	[LEAD_CREATED_AT] = "created_at",
	[LEAD_LIST_CLASS] = "list_class",
};

/* Arguments of va_sql_import_chunk, and its result (voiceagent_private.import_step). */
enum
{
	ARG_BATCH,
	ARG_MAPPING,
	ARG_COUNTRY,
	ARG_CAMPAIGN,
	ARG_ROWS,
	ARG_CHUNK,
	ARG_LAST,
	ARG_DRY_RUN,
	ARG_UPDATE,
	ARG_HEADER,
	ARG_DELIMITER,
	ARG_CARRY,
	ARG_ENCODING,
	ARG_PENDING
};

enum
{
	OUT_HEADER,
	OUT_DELIMITER,
	OUT_CARRY,
	OUT_ENCODING,
	OUT_PENDING,
	OUT_READ,
	OUT_IMPORTED,
	OUT_REJECTED,
	OUT_DUPLICATE,
	OUT_DO_NOT_CALL,
	OUT_UPDATED,
	OUT_FIRST_LEAD,
	OUT_LAST_LEAD,
	OUT_WARNINGS,
	OUT_COLUMNS
};

static void
after_row(VaImport *import, size_t done)
{
	CHECK_FOR_INTERRUPTS();
	if (import->rows_read % PROGRESS_ROWS == 0)
		va_import_progress_set(import, done);
	if (import->candidate_count == VA_IMPORT_CHUNK_ROWS ||
		((import->rows_read & 127) == 0 && MemoryContextMemAllocated(import->chunk, true) > VA_IMPORT_CHUNK_BYTES))
		va_import_flush(import);
}

/*
 * Rows of the carry and of the new bytes.  Returns how many of the last bytes
 * belong to a row that is not complete; *in_carry: it began in the carry.
 */
static size_t
read_rows(
	VaImport *import, const char *carry, size_t carry_len, const char *data, size_t len, bool last, bool *in_carry)
{
	VaCsvReader *reader = va_import_open_reader(import->delimiter);
	const char *pieces[2] = { carry, data };
	size_t sizes[2] = { carry_len, len };
	const char *row_start = carry_len > 0 ? carry : data;
	bool started_in_carry = carry_len > 0;
	VaCsvRow row;
	VaCsvStatus status;

	for (int i = 0; i < 2; i++)
	{
		const char *at = pieces[i];
		const char *end = at + sizes[i];

		while ((status = va_csv_next(reader, &at, end, &row)) == VA_CSV_ROW)
		{
			va_import_row(import, &row);
			row_start = at;
			started_in_carry = i == 0;
			after_row(import, (i == 0 ? 0 : carry_len) + (at - pieces[i]));
		}
		if (status != VA_CSV_MORE)
			va_import_raise_csv(import, status);
		/* The carry ended exactly with a row. */
		if (i == 0 && started_in_carry && row_start == end)
		{
			started_in_carry = false;
			row_start = data;
		}
	}
	if (last)
	{
		status = va_csv_end(reader, &row);
		if (status == VA_CSV_ROW)
			va_import_row(import, &row);
		else if (status == VA_CSV_UNCLOSED)
			va_import_row_unclosed(import, &row);
		else if (status != VA_CSV_MORE)
			va_import_raise_csv(import, status);
		*in_carry = false;
		return 0;
	}
	*in_carry = started_in_carry;
	if (started_in_carry)
		return (size_t) (carry + carry_len - row_start) + len;
	return data + len - row_start;
}

/* Values of every column that no row changes; defaults, evaluated once, for what an import does not know. */
static void
prepare_leads(VaImport *import)
{
	TupleDesc desc = RelationGetDescr(import->leads);
	EState *estate = CreateExecutorState();
	ExprContext *context = GetPerTupleExprContext(estate);

	import->lead_values = palloc0(desc->natts * sizeof(Datum));
	import->lead_nulls = palloc(desc->natts * sizeof(bool));
	memset(import->lead_nulls, true, desc->natts * sizeof(bool));
	for (int i = 0; i < LEAD_COLUMNS; i++)
	{
		import->lead_attr[i] = get_attnum(RelationGetRelid(import->leads), lead_columns[i]);
		if (import->lead_attr[i] == InvalidAttrNumber)
			elog(ERROR, "table leads has no column \"%s\"", lead_columns[i]);
	}
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(desc, i);
		Expr *expr;
		Datum value;
		bool isnull;

		if (attr->attisdropped || attr->attidentity != '\0' || attr->attgenerated != '\0')
			continue;
		expr = (Expr *) build_column_default(import->leads, i + 1);
		if (expr == NULL)
			continue;
		value = ExecEvalExpr(ExecPrepareExpr(expr, estate), context, &isnull);
		import->lead_nulls[i] = isnull;
		if (!isnull)
			import->lead_values[i] = datumCopy(value, attr->attbyval, attr->attlen);
	}
	FreeExecutorState(estate);
	import->lead_sequence = va_identity_sequence(import->leads, import->lead_attr[LEAD_LEAD_ID]);

#define FIXED(column, datum)                                       \
	(import->lead_values[import->lead_attr[column] - 1] = (datum), \
		import->lead_nulls[import->lead_attr[column] - 1] = false)
	FIXED(LEAD_TENANT_ID, Int64GetDatum(import->tenant));
	FIXED(LEAD_BATCH_ID, Int64GetDatum(import->batch));
	FIXED(LEAD_CREATED_AT, TimestampTzGetDatum(import->now));
	FIXED(LEAD_LIST_CLASS, Int16GetDatum(VA_NEW_LEAD_CLASS));
#undef FIXED
}

/* before and after as one piece in the memory of the run. */
static const char *
joined(VaImport *import, const char *before, size_t before_len, const char *after, size_t len)
{
	char *all = MemoryContextAllocHuge(import->run, before_len + len + 1);

	memcpy(all, before, before_len);
	memcpy(all + before_len, after, len);
	return all;
}

/* A caller of ours leaves none of these out; whoever calls by hand learns it. */
static void
require_arguments(FunctionCallInfo fcinfo)
{
	static const int required[] = { ARG_BATCH, ARG_MAPPING, ARG_ROWS, ARG_LAST, ARG_DRY_RUN, ARG_UPDATE };
	bool missing = !PG_ARGISNULL(ARG_HEADER) &&
				   (PG_ARGISNULL(ARG_DELIMITER) || array_contains_nulls(PG_GETARG_ARRAYTYPE_P(ARG_HEADER)));

	for (int i = 0; i < (int) lengthof(required); i++)
		missing = missing || PG_ARGISNULL(required[i]);
	if (missing)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("an import was given too little to go on")));
}

static VaImport *
begin(FunctionCallInfo fcinfo)
{
	MemoryContext run = AllocSetContextCreate(CurrentMemoryContext, "voiceagent import", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(run);
	VaImport *import = palloc0(sizeof(VaImport));
	HASHCTL hash = { .keysize = 64, .entrysize = 64 + sizeof(Datum), .hcxt = run };

	import->run = run;
	import->chunk = GenerationContextCreate(run, "voiceagent import chunk", 64 * 1024, 64 * 1024, 1024 * 1024);
	import->row = AllocSetContextCreate(run, "voiceagent import row", ALLOCSET_DEFAULT_SIZES);
	import->tenant = va_current_tenant();
	import->batch = PG_GETARG_INT64(ARG_BATCH);
	import->campaign = PG_ARGISNULL(ARG_CAMPAIGN) ? 0 : PG_GETARG_INT64(ARG_CAMPAIGN);
	import->dry_run = PG_GETARG_BOOL(ARG_DRY_RUN);
	import->update_existing = PG_GETARG_BOOL(ARG_UPDATE);
	import->now = va_clock_now();
	va_import_take_encoding(
		import, PG_ARGISNULL(ARG_ENCODING) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(ARG_ENCODING)));
	import->rows_before = PG_GETARG_INT64(ARG_ROWS);
	if (!PG_ARGISNULL(ARG_COUNTRY))
		import->default_country = va_phone_default_country(text_to_cstring(PG_GETARG_TEXT_PP(ARG_COUNTRY)));
	import->zone_arrays = palloc0(va_zone_set_count() * sizeof(Datum));
	import->zone_names = hash_create("zones of an import", 64, &hash, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	if (!PG_ARGISNULL(ARG_HEADER))
	{
		Datum *texts;
		bool *nulls;
		int count;

		deconstruct_array(PG_GETARG_ARRAYTYPE_P(ARG_HEADER), TEXTOID, -1, false, TYPALIGN_INT, &texts, &nulls, &count);
		import->headers = palloc(Max(count, 1) * sizeof(char *));
		import->header_count = count;
		for (int i = 0; i < count; i++)
			import->headers[i] = TextDatumGetCString(texts[i]);
		import->delimiter = text_to_cstring(PG_GETARG_TEXT_PP(ARG_DELIMITER))[0];
	}
	MemoryContextSwitchTo(old);
	return import;
}

/* The fields of one row, as the reader of a file would hand them over. */
static const VaCsvRow *
row_of_fields(VaImport *import, ArrayType *array)
{
	MemoryContext old = MemoryContextSwitchTo(import->run);
	VaCsvRow *row = palloc(sizeof(VaCsvRow));
	StringInfoData text;
	VaCsvField *fields;
	Datum *values;
	bool *nulls;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &row->count);
	fields = palloc(Max(row->count, 1) * sizeof(VaCsvField));
	initStringInfo(&text);
	for (int i = 0; i < row->count; i++)
	{
		if (i > 0)
			appendStringInfoChar(&text, '\x1F');
		fields[i].start = text.len;
		if (!nulls[i])
			appendBinaryStringInfo(
				&text, VARDATA_ANY(DatumGetPointer(values[i])), VARSIZE_ANY_EXHDR(DatumGetPointer(values[i])));
		fields[i].len = text.len - fields[i].start;
	}
	row->text = text.data;
	row->len = text.len;
	row->fields = fields;
	MemoryContextSwitchTo(old);
	return row;
}

/* With the header known: this row, or those of the bytes. */
static size_t
import_rows(VaImport *import, Jsonb *mapping, const VaCsvRow *row, const char *carry, size_t carry_len,
	const char *data, size_t len, bool last, bool *in_carry)
{
	MemoryContext caller = MemoryContextSwitchTo(import->run);
	ResourceOwner owner = CurrentResourceOwner;
	size_t rest = 0;

	va_import_choose_columns(import, mapping);
	if (import->dry_run)
	{
		va_import_begin_dry_run(import);
		BeginInternalSubTransaction(NULL);
		MemoryContextSwitchTo(import->run);
	}
	import->leads = va_open_table("leads", RowExclusiveLock);
	prepare_leads(import);
	va_import_open_store(import);
	va_import_progress_start(import, carry_len + len);
	if (row != NULL)
		va_import_row(import, row);
	else
		rest = read_rows(import, carry, carry_len, data, len, last, in_carry);
	va_import_progress_set(import, carry_len + len);
	va_import_flush(import);
	va_import_close_store(import);
	table_close(import->leads, NoLock);
	if (import->dry_run)
	{
		RollbackAndReleaseCurrentSubTransaction();
		CurrentResourceOwner = owner;
		MemoryContextSwitchTo(import->run);
		va_import_keep_reports(import);
	}
	MemoryContextSwitchTo(caller);
	return rest;
}

static Datum
header_array(VaImport *import)
{
	Datum *texts = palloc(Max(import->header_count, 1) * sizeof(Datum));

	for (int i = 0; i < import->header_count; i++)
		texts[i] = CStringGetTextDatum(import->headers[i]);
	return PointerGetDatum(construct_array(texts, import->header_count, TEXTOID, -1, false, TYPALIGN_INT));
}

static void
take_argument(FunctionCallInfo fcinfo, int arg, const char **bytes, size_t *len)
{
	bytea *value = PG_ARGISNULL(arg) ? NULL : PG_GETARG_BYTEA_PP(arg);

	*bytes = value != NULL ? VARDATA_ANY(value) : "";
	*len = value != NULL ? VARSIZE_ANY_EXHDR(value) : 0;
}

/* The caller's state for the next piece, and the counts; before the import's memory goes. */
static Datum
result_of(VaImport *import, TupleDesc desc, Datum carry, Datum pending)
{
	Datum values[OUT_COLUMNS] = { 0 };
	bool nulls[OUT_COLUMNS] = { false };

	values[OUT_CARRY] = carry;
	values[OUT_PENDING] = pending;
	nulls[OUT_ENCODING] = import->encoding == VA_ENCODING_MORE;
	if (!nulls[OUT_ENCODING])
		values[OUT_ENCODING] = va_import_encoding_state(import);
	nulls[OUT_HEADER] = nulls[OUT_DELIMITER] = import->headers == NULL;
	if (import->headers != NULL)
	{
		values[OUT_HEADER] = header_array(import);
		values[OUT_DELIMITER] = PointerGetDatum(cstring_to_text_with_len(&import->delimiter, 1));
	}
	values[OUT_READ] = Int64GetDatum(import->rows_read);
	values[OUT_IMPORTED] = Int64GetDatum(import->rows_imported);
	values[OUT_REJECTED] = Int64GetDatum(import->rows_rejected);
	values[OUT_DUPLICATE] = Int64GetDatum(import->rows_duplicate);
	values[OUT_DO_NOT_CALL] = Int64GetDatum(import->rows_do_not_call);
	values[OUT_UPDATED] = Int64GetDatum(import->rows_updated);
	nulls[OUT_FIRST_LEAD] = nulls[OUT_LAST_LEAD] = import->first_lead == 0;
	values[OUT_FIRST_LEAD] = Int64GetDatum(import->first_lead);
	values[OUT_LAST_LEAD] = Int64GetDatum(import->last_lead);
	values[OUT_WARNINGS] = Int64GetDatum(import->warnings);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

/* import_chunk(..., "any", ...): text and bytea are bytes with a length, text[] the fields of a row. */
Datum
va_sql_import_chunk(PG_FUNCTION_ARGS)
{
	VaImport *import;
	const char *carry;
	const char *data;
	const char *pending;
	size_t carry_len;
	size_t len;
	size_t pending_len;
	bool last;
	bool in_carry = false;
	size_t rest;
	const VaCsvRow *row = NULL;
	Oid type = get_fn_expr_argtype(fcinfo->flinfo, ARG_CHUNK);
	TupleDesc desc;
	Datum result;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != OUT_COLUMNS)
		elog(ERROR, "the result of the import has another form");
	require_arguments(fcinfo);
	last = PG_GETARG_BOOL(ARG_LAST);
	take_argument(fcinfo, ARG_CARRY, &carry, &carry_len);
	take_argument(fcinfo, ARG_PENDING, &pending, &pending_len);
	import = begin(fcinfo);
	if (type == TEXTARRAYOID)
		row = row_of_fields(import, PG_GETARG_ARRAYTYPE_P(ARG_CHUNK));
	else if (type != TEXTOID && type != BYTEAOID)
		elog(ERROR, "a chunk of an import is bytea, text or the fields of a row");
	take_argument(fcinfo, row != NULL ? ARG_PENDING : ARG_CHUNK, &data, &len);
	if (pending_len > 0)
	{
		data = joined(import, pending, pending_len, data, len);
		len += pending_len;
	}
	if (va_import_decode(import, &data, &len, last, &pending, &pending_len) && import->headers == NULL)
	{
		const char *at;
		MemoryContext old = MemoryContextSwitchTo(import->run);

		/* The header must lie in one piece; a carry here is what came before its end. */
		if (carry_len > 0)
		{
			data = joined(import, carry, carry_len, data, len);
			len += carry_len;
			carry_len = 0;
		}
		at = data;
		(void) va_import_take_header(import, &at, data + len, last);
		len -= at - data;
		data = at;
		MemoryContextSwitchTo(old);
	}
	rest = len;
	if (import->headers != NULL)
		rest = import_rows(import, PG_GETARG_JSONB_P(ARG_MAPPING), row, carry, carry_len, data, len, last, &in_carry);
	if (last && import->rows_before + import->rows_read == 0)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the file has a header but no rows"),
						   errhint("The first row holds the names of the columns, the others one lead each.")));

	if (in_carry)
	{
		data = joined(import, carry + carry_len - (rest - len), rest - len, data, len);
		len = rest;
	}
	va_import_tell_lacking(import);
	result = result_of(import, desc, va_bytea(data + len - rest, rest), va_bytea(pending, pending_len));
	MemoryContextDelete(import->run);
	PG_RETURN_DATUM(result);
}
