/*-------------------------------------------------------------------------
 * sheets.c
 *		A workbook over libxlsxwriter (contract in exporter.h).
 *
 * The library takes its memory by malloc and raises nothing.  A value is read
 * by PostgreSQL's functions, which may raise: nothing of the library's is under
 * way then, and the caller abandons the workbook.
 */
#include "postgres.h"

#include <xlsxwriter.h>

#include "access/htup_details.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "exporter.h"

/* Rows of a sheet below the one with the names. */
#define SHEET_ROWS 1048575
/* Excel's longest text; a character beyond the basic plane counts twice there. */
#define TEXT_MAX 32767
/* A number of more digits is not what it was when it is a float. */
#define DIGITS_MAX 15
/* 2000-01-01 in Excel's days. */
#define EXCEL_EPOCH 36526
#define CELL_BYTES 24

typedef enum CellKind
{
	CELL_TEXT,
	CELL_NUMBER,
	CELL_BOOLEAN,
	CELL_DATE,
	CELL_TIME
} CellKind;

typedef struct Column
{
	CellKind kind;
	FmgrInfo output;
} Column;

struct VaSheets
{
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *bold;
	lxw_format *date;
	lxw_format *time;
	char name[LXW_SHEETNAME_MAX + 1];
	int n_sheets;
	lxw_row_t row;
	int64 bytes;
	int n_columns; /* 0: they are not known yet */
	Column columns[MaxTupleAttributeNumber];
};

VaSheets *
va_sheets_open(const char *path, const char *temporary, const char *name)
{
	lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = (char *) temporary, .use_zip64 = LXW_TRUE };
	VaSheets *sheets = palloc0(sizeof(VaSheets));

	strlcpy(sheets->name, name, sizeof(sheets->name));
	sheets->book = workbook_new_opt(path, &options);
	if (sheets->book == NULL)
		return NULL;
	sheets->bold = workbook_add_format(sheets->book);
	sheets->date = workbook_add_format(sheets->book);
	sheets->time = workbook_add_format(sheets->book);
	if (sheets->bold == NULL || sheets->date == NULL || sheets->time == NULL)
	{
		va_sheets_abandon(sheets);
		return NULL;
	}
	format_set_bold(sheets->bold);
	format_set_num_format(sheets->date, "yyyy-mm-dd");
	format_set_num_format(sheets->time, "yyyy-mm-dd hh:mm:ss");
	return sheets;
}

static CellKind
kind_of(Oid type)
{
	switch (type)
	{
		case BOOLOID:
			return CELL_BOOLEAN;
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			return CELL_NUMBER;
		case DATEOID:
			return CELL_DATE;
		case TIMESTAMPOID:
			return CELL_TIME;
		default:
			return CELL_TEXT;
	}
}

static void
learn_columns(VaSheets *sheets, TupleDesc columns)
{
	for (int i = 0; i < columns->natts; i++)
	{
		Oid type = getBaseType(TupleDescAttr(columns, i)->atttypid);
		Oid function;
		bool is_varlena;

		getTypeOutputInfo(type, &function, &is_varlena);
		/* The workbook outlives the page, as does what is known of its columns. */
		fmgr_info_cxt(function, &sheets->columns[i].output, GetMemoryChunkContext(sheets));
		sheets->columns[i].kind = kind_of(type);
	}
	sheets->n_columns = columns->natts;
}

/* Begins a sheet, with the names in its first row. */
static void
add_sheet(VaSheets *sheets, TupleDesc columns)
{
	char name[LXW_SHEETNAME_MAX + 16];

	if (sheets->n_sheets++ == 0)
		strlcpy(name, sheets->name, sizeof(name));
	else
		snprintf(name, sizeof(name), "%s %d", sheets->name, sheets->n_sheets);
	sheets->sheet = workbook_add_worksheet(sheets->book, name);
	if (sheets->sheet == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("could not begin sheet %d", sheets->n_sheets)));
	worksheet_freeze_panes(sheets->sheet, 1, 0);
	for (int i = 0; i < columns->natts; i++)
		worksheet_write_string(
			sheets->sheet, 0, (lxw_col_t) i, NameStr(TupleDescAttr(columns, i)->attname), sheets->bold);
	sheets->row = 0;
}

static void
write_text(VaSheets *sheets, lxw_col_t column, char *text)
{
	int length = (int) strlen(text);

	/* A value too long for a cell is cut: the library would leave it out. */
	if (length > TEXT_MAX)
		text[pg_mbcharcliplen(text, length, TEXT_MAX)] = '\0';
	worksheet_write_string(sheets->sheet, sheets->row, column, text, NULL);
	sheets->bytes += Min(length, TEXT_MAX);
}

static void
write_number(VaSheets *sheets, lxw_col_t column, char *text)
{
	const char *digits = text + strspn(text, "-0.");
	size_t n = strspn(digits, "0123456789.");

	/* "NaN" and "Infinity" are no numbers there. */
	if (n > DIGITS_MAX + 1 || text[strspn(text, "-.0123456789e+")] != '\0')
		write_text(sheets, column, text);
	else
		worksheet_write_number(sheets->sheet, sheets->row, column, strtod(text, NULL), NULL);
}

static void
write_cell(VaSheets *sheets, int i, Datum value)
{
	Column *column = &sheets->columns[i];
	lxw_col_t place = (lxw_col_t) i;
	double at;

	if (column->kind == CELL_BOOLEAN)
		worksheet_write_boolean(sheets->sheet, sheets->row, place, DatumGetBool(value), NULL);
	else if (column->kind == CELL_DATE && !DATE_NOT_FINITE(DatumGetDateADT(value)))
		worksheet_write_number(
			sheets->sheet, sheets->row, place, (double) DatumGetDateADT(value) + EXCEL_EPOCH, sheets->date);
	else if (column->kind == CELL_TIME && !TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value)))
	{
		at = (double) (DatumGetTimestamp(value) / 1000) / (USECS_PER_DAY / 1000) + EXCEL_EPOCH;
		worksheet_write_number(sheets->sheet, sheets->row, place, at, sheets->time);
	}
	else
	{
		char *text = OutputFunctionCall(&column->output, value);

		if (column->kind == CELL_NUMBER)
			write_number(sheets, place, text);
		else
			write_text(sheets, place, text);
		pfree(text);
	}
	sheets->bytes += CELL_BYTES;
}

void
va_sheets_row(VaSheets *sheets, TupleDesc columns, HeapTuple row)
{
	Datum values[MaxTupleAttributeNumber];
	bool nulls[MaxTupleAttributeNumber];

	if (sheets->n_columns == 0)
		learn_columns(sheets, columns);
	if (sheets->sheet == NULL || sheets->row == SHEET_ROWS)
		add_sheet(sheets, columns);
	if (row == NULL)
		return;
	heap_deform_tuple(row, columns, values, nulls);
	sheets->row++;
	for (int i = 0; i < sheets->n_columns; i++)
		if (!nulls[i])
			write_cell(sheets, i, values[i]);
}

int64
va_sheets_bytes(const VaSheets *sheets)
{
	return sheets->bytes;
}

const char *
va_sheets_close(VaSheets *sheets)
{
	lxw_error failed = workbook_close(sheets->book);

	sheets->book = NULL;
	return failed == LXW_NO_ERROR ? NULL : lxw_strerror(failed);
}

void
va_sheets_abandon(VaSheets *sheets)
{
	if (sheets->book != NULL)
		lxw_workbook_free(sheets->book);
	sheets->book = NULL;
}
