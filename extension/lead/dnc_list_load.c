/*-------------------------------------------------------------------------
 * dnc_list_load.c
 *		National do-not-call lists in bulk: pieces of a file -> numbers ->
 *		blocks.
 *
 * read_dnc_list() knows nothing but its arguments: what a piece of the file
 * gives, and the state in which the next piece goes on.  build_dnc_list() sorts
 * the numbers of all pieces within maintenance_work_mem, on disk where they do
 * not fit, and writes one row a block, so that a file of any length and order
 * needs no more memory than that and one piece.
 *
 * Locking: build_dnc_list() writes rows of an edition that has no readers yet;
 * its caller holds the list's row.
 */
#include "postgres.h"

#include "catalog/pg_operator_d.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"

#include "core/compat.h"
#include "core/errors.h"
#include "core/statement.h"
#include "pure/phone/dnc_list.h"
#include "pure/phone/dnc_list_file.h"

PG_FUNCTION_INFO_V1(va_sql_read_listing);
PG_FUNCTION_INFO_V1(va_sql_build_listing);

/* Numbers of a row of dnc_list_chunks. */
#define CHUNK_NUMBERS 65536
/* Rejected lines that are reported in full. */
#define REPORT_LINES 100
/* Blocks that are written by one statement. */
#define BLOCK_BATCH 1000

typedef struct Piece
{
	ArrayBuildState *chunks;
	bytea *chunk; /* room for CHUNK_NUMBERS */
	int in_chunk;
	int64 numbers;
	int64 rejected;
	int room;			   /* for this many reports */
	StringInfoData report; /* JSON objects, comma-separated */
} Piece;

static void
close_chunk(Piece *piece)
{
	if (piece->in_chunk == 0)
		return;
	SET_VARSIZE(piece->chunk, VARHDRSZ + piece->in_chunk * sizeof(int64));
	piece->chunks = accumArrayResult(
		piece->chunks, PointerGetDatum(piece->chunk), false, BYTEAOID, CurrentMemoryContext);
	piece->in_chunk = 0;
}

/* An invalid character is shown as a question mark: the bytes may be anything. */
static void
report_line(Piece *piece, const VaDncListState *state, const char *reason)
{
	char shown[61];
	int len = Min(state->len, (int) sizeof(shown) - 1);

	piece->rejected++;
	if (piece->room <= 0)
		return;
	piece->room--;
	for (int i = 0; i < len; i++)
		shown[i] = state->line[i] >= ' ' && state->line[i] <= '~' ? state->line[i] : '?';
	shown[len] = '\0';
	appendStringInfo(&piece->report, "%s{\"line\": " INT64_FORMAT ", \"reason\": ", piece->report.len > 0 ? ", " : "",
		(int64) state->line_number);
	escape_json(&piece->report, reason);
	appendStringInfoString(&piece->report, ", \"text\": ");
	escape_json(&piece->report, shown);
	appendStringInfoChar(&piece->report, '}');
}

static void
take_line(
	Piece *piece, VaDncListVerdict verdict, const VaDncListState *state, const int64_t numbers[2], const char *reason)
{
	if (verdict == VA_DNC_LIST_REJECTED)
		report_line(piece, state, reason);
	else if (verdict == VA_DNC_LIST_NUMBER)
	{
		/* Two readings of one line count once, so that these and the rejected are the lines. */
		piece->numbers++;
		for (int i = 0; i < 2 && numbers[i] != 0; i++)
		{
			memcpy(VARDATA(piece->chunk) + piece->in_chunk * sizeof(int64), &numbers[i], sizeof(int64));
			if (++piece->in_chunk == CHUNK_NUMBERS)
				close_chunk(piece);
		}
	}
}

/* Only the state may be NULL. */
static struct varlena *
given(FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("read_dnc_list() was given no country or no piece")));
	return PG_GETARG_VARLENA_PP(argument);
}

/* (country text, state bytea, piece bytea, reported integer, last boolean): the state NULL at the beginning */
Datum
va_sql_read_listing(PG_FUNCTION_ARGS)
{
	char *country = text_to_cstring(given(fcinfo, 0));
	bytea *bytes = given(fcinfo, 2);
	const char *data = VARDATA_ANY(bytes);
	const char *end = data + VARSIZE_ANY_EXHDR(bytes);
	VaDncListState state = { 0 };
	Piece piece = { .room = REPORT_LINES - (PG_ARGISNULL(3) ? 0 : PG_GETARG_INT32(3)) };
	VaDncListVerdict verdict;
	int64_t numbers[2] = { 0 };
	const char *reason = "";
	uint32 lines = 0;
	bytea *kept;
	Datum values[6];
	bool nulls[6] = { false };

	if (!PG_ARGISNULL(1))
	{
		bytea *stored = PG_GETARG_BYTEA_PP(1);

		if (VARSIZE_ANY_EXHDR(stored) != sizeof(state))
			ereport(
				ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the state of a listing has a wrong length")));
		memcpy(&state, VARDATA_ANY(stored), sizeof(state));
		if (state.len > sizeof(state.line))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the state of a listing is damaged")));
	}
	else if (va_dnc_list_is_utf16(data, end - data))
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the list is encoded in UTF-16"),
						   errhint("Save it as plain text or CSV in UTF-8.")));
	piece.chunk = palloc(VARHDRSZ + CHUNK_NUMBERS * sizeof(int64));
	initStringInfo(&piece.report);

	while ((verdict = va_dnc_list_next(&state, &data, end, country, numbers, &reason)) != VA_DNC_LIST_MORE)
	{
		if ((++lines & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		take_line(&piece, verdict, &state, numbers, reason);
	}
	if (PG_GETARG_BOOL(4) && (verdict = va_dnc_list_end(&state, country, numbers, &reason)) != VA_DNC_LIST_MORE)
		take_line(&piece, verdict, &state, numbers, reason);
	close_chunk(&piece);

	kept = palloc(VARHDRSZ + sizeof(state));
	SET_VARSIZE(kept, VARHDRSZ + sizeof(state));
	memcpy(VARDATA(kept), &state, sizeof(state));
	values[0] = piece.chunks != NULL ? makeArrayResult(piece.chunks, CurrentMemoryContext)
									 : PointerGetDatum(construct_empty_array(BYTEAOID));
	values[1] = Int64GetDatum(state.line_number);
	values[2] = Int64GetDatum(piece.numbers);
	values[3] = Int64GetDatum(piece.rejected);
	values[4] = CStringGetTextDatum(psprintf("[%s]", piece.report.data));
	values[5] = PointerGetDatum(kept);
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}

typedef struct Builder
{
	int64 edition;
	SPIPlanPtr insert;
	MemoryContext batch_context;
	Datum blocks[BLOCK_BATCH];
	Datum bits[BLOCK_BATCH];
	int batch;
	int64 block; /* the one that is being filled */
	uint16_t last_four[VA_BLOCK_NUMBERS];
	int count;
	int64 numbers;
} Builder;

static void
flush_batch(Builder *builder)
{
	MemoryContext old;
	Datum values[3];

	if (builder->batch == 0)
		return;
	old = MemoryContextSwitchTo(builder->batch_context);
	values[0] = Int64GetDatum(builder->edition);
	values[1] = PointerGetDatum(
		construct_array(builder->blocks, builder->batch, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	values[2] = PointerGetDatum(construct_array(builder->bits, builder->batch, BYTEAOID, -1, false, TYPALIGN_INT));
	if (SPI_execute_plan(builder->insert, values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "cannot store the blocks of a list");
	MemoryContextSwitchTo(old);
	MemoryContextReset(builder->batch_context);
	builder->batch = 0;
}

static void
close_block(Builder *builder)
{
	MemoryContext old;
	uint8_t packed[VA_BLOCK_BITMAP];
	size_t len;
	bytea *bits;

	if (builder->count == 0)
		return;
	len = va_block_pack(builder->last_four, builder->count, packed);
	old = MemoryContextSwitchTo(builder->batch_context);
	bits = palloc(VARHDRSZ + len);
	SET_VARSIZE(bits, VARHDRSZ + len);
	memcpy(VARDATA(bits), packed, len);
	MemoryContextSwitchTo(old);
	builder->blocks[builder->batch] = Int64GetDatum(builder->block);
	builder->bits[builder->batch] = PointerGetDatum(bits);
	builder->numbers += builder->count;
	builder->count = 0;
	if (++builder->batch == BLOCK_BATCH)
		flush_batch(builder);
}

/* In ascending order; the same number may come again. */
static void
add_number(Builder *builder, int64 number)
{
	uint16_t last_four = number % VA_BLOCK_NUMBERS;

	if (builder->count > 0 && builder->block != number / VA_BLOCK_NUMBERS)
		close_block(builder);
	builder->block = number / VA_BLOCK_NUMBERS;
	if (builder->count == 0 || builder->last_four[builder->count - 1] != last_four)
		builder->last_four[builder->count++] = last_four;
}

static void
sort_chunks(int64 edition, Tuplesortstate *sort)
{
	Oid type = INT8OID;
	Datum value = Int64GetDatum(edition);
	Portal portal = SPI_cursor_open_with_args(NULL,
		"SELECT c.numbers FROM voiceagent_private.dnc_list_chunks c WHERE c.edition = $1 ORDER BY c.part", 1, &type,
		&value, NULL, true, 0);

	for (;;)
	{
		bool isnull;
		Datum stored;
		bytea *chunk;
		size_t n;

		SPI_cursor_fetch(portal, true, 1);
		if (SPI_processed == 0)
			break;
		CHECK_FOR_INTERRUPTS();
		stored = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
		chunk = DatumGetByteaP(stored);
		n = VARSIZE_ANY_EXHDR(chunk) / sizeof(int64);
		for (size_t i = 0; i < n; i++)
		{
			int64 number;

			memcpy(&number, VARDATA_ANY(chunk) + i * sizeof(int64), sizeof(int64));
			tuplesort_putdatum(sort, Int64GetDatum(number), false);
		}
		if ((Pointer) chunk != DatumGetPointer(stored))
			pfree(chunk);
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
}

/* (edition bigint): how many different numbers it has */
Datum
va_sql_build_listing(PG_FUNCTION_ARGS)
{
	Oid types[3] = { INT8OID, INT8ARRAYOID, BYTEAARRAYOID };
	Builder *builder = palloc0(sizeof(Builder));
	Tuplesortstate *sort;
	Datum value;
	bool isnull;
	int64 numbers;
	uint32 n = 0;

	builder->edition = PG_GETARG_INT64(0);
	builder->batch_context = AllocSetContextCreate(CurrentMemoryContext, "blocks of a list", ALLOCSET_DEFAULT_SIZES);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	builder->insert = SPI_prepare(
		"INSERT INTO voiceagent_private.dnc_list_blocks (edition, block, bits) "
		"SELECT $1, u.block, u.bits FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) AS u(block, bits)",
		3, types);
	if (builder->insert == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	sort = tuplesort_begin_datum(
		INT8OID, Int8LessOperator, InvalidOid, false, maintenance_work_mem, NULL, TUPLESORT_NONE);
	sort_chunks(builder->edition, sort);
	tuplesort_performsort(sort);
	while (va_tuplesort_getdatum(sort, &value, &isnull))
	{
		if ((++n & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		add_number(builder, DatumGetInt64(value));
	}
	close_block(builder);
	flush_batch(builder);
	tuplesort_end(sort);
	numbers = builder->numbers;
	SPI_finish();
	PG_RETURN_INT64(numbers);
}
