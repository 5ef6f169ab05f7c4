/*-------------------------------------------------------------------------
 * knowledge.c
 *		SQL face of documents: cut_passages(), page_text().
 *
 * No state and no locks.  The bytes are judged in extension/pure/knowledge/.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/arena.h"
#include "core/compat.h"
#include "core/errors.h"
#include "core/statement.h"
#include "pure/knowledge/html.h"
#include "pure/knowledge/passages.h"
#include "pure/text/encoding.h"
#include "pure/text/utf8.h"

PG_FUNCTION_INFO_V1(va_sql_cut_passages);
PG_FUNCTION_INFO_V1(va_sql_page_text);

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

/*
 * A page as UTF-8: as its bytes say if they are valid, else in the encoding
 * that it names, else in the Windows code page of the West, as browsers take
 * it.
 */
static const char *
decode_page(VaArena *arena, const char *bytes, size_t len, const char *charset, size_t *out_len)
{
	VaTextEncoding named = charset == NULL ? VA_ENCODING_NONE : va_encoding_by_name(charset);
	VaTextEncoding sniffed = va_encoding_sniff(bytes, len, true);
	char *out;
	bool clean = true;

	if (sniffed == VA_ENCODING_UTF16LE || sniffed == VA_ENCODING_UTF16BE)
	{
		size_t used;

		out = va_arena_alloc(arena, VA_UTF16_ROOM(len));
		if (out == NULL)
			return NULL;
		len = va_utf16_to_utf8(sniffed, bytes, len, true, out, &used);
		return va_utf8_text(arena, out, len, false, out_len);
	}
	if (named == VA_ENCODING_UTF8 || pg_verify_mbstr(PG_UTF8, bytes, (int) len, true))
		return va_utf8_text(arena, bytes, len, false, out_len);
	out = va_arena_alloc(arena, VA_1252_ROOM(len) + 1);
	if (out == NULL)
		return NULL;
	len = va_1252_to_utf8(bytes, len, out, &clean);
	return va_utf8_text(arena, out, len, false, out_len);
}

/* (body bytea, charset or NULL, html) -> (title, content) */
Datum
va_sql_page_text(PG_FUNCTION_ARGS)
{
	bytea *body = PG_ARGISNULL(0) ? NULL : PG_GETARG_BYTEA_PP(0);
	const char *charset = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	VaArena *arena = va_arena_here();
	Datum values[2];
	bool nulls[2] = { false, false };
	size_t len = 0;
	const char *text = body == NULL ? ""
									: decode_page(arena, VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body), charset, &len);
	VaHtmlText page = { .text = unconstify(char *, text), .title = "" };

	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
	{
		/* A byte order mark is no part of the text. */
		text += 3;
		len -= 3;
		page.text = unconstify(char *, text);
	}
	if (text != NULL && PG_GETARG_BOOL(2))
		page = va_html_to_text(arena, text, len);
	if (text == NULL || page.text == NULL || page.title == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	values[0] = CStringGetTextDatum(page.title);
	values[1] = CStringGetTextDatum(page.text);
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}
