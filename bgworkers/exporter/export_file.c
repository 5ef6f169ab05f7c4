/*-------------------------------------------------------------------------
 * export_file.c
 *		The file of an export while it is written (contract in exporter.h).
 *
 * A file is a FILE of libc, because the workbook's library wants it so and a
 * file is open over many transactions, whose end closes PostgreSQL's own.
 */
#include "postgres.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/htup_details.h"
#include "storage/fd.h"

#include "core/compat.h"
#include "core/csv_line.h"
#include "core/exports.h"
#include "exporter.h"

#define UNFINISHED "new"

struct VaExportFile
{
	MemoryContext context;
	char name[NAMEDATALEN];
	char path[MAXPGPATH]; /* while it is written */
	char format;		  /* its first letter */
	bool bom;
	char separator;
	int64 most_bytes;
	FILE *out; /* NULL: a workbook */
	VaSheets *sheets;
	VaCsvColumns csv;
	bool begun;
	int64 bytes;
};

static void
unfinished_directory(char path[MAXPGPATH])
{
	char directory[MAXPGPATH];

	va_exports_directory(directory);
	snprintf(path, MAXPGPATH, "%s/" UNFINISHED, directory);
}

static void
make_directory(const char *path)
{
	if (MakePGDirectory(path) != 0 && errno != EEXIST)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not make the directory \"%s\": %m", path)));
}

static void
empty_directory(const char *path)
{
	DIR *dir = AllocateDir(path);
	struct dirent *entry;

	while ((entry = ReadDir(dir, path)) != NULL)
	{
		char file[MAXPGPATH * 2];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		if (unlink(file) != 0)
			ereport(LOG, (errcode_for_file_access(), errmsg("could not remove \"%s\": %m", file)));
	}
	FreeDir(dir);
}

void
va_export_files_start(void)
{
	char path[MAXPGPATH];

	va_exports_directory(path);
	make_directory("voiceagent");
	make_directory(path);
	unfinished_directory(path);
	make_directory(path);
	empty_directory(path);
}

char **
va_export_files(int *n)
{
	char directory[MAXPGPATH];
	char path[MAXPGPATH];
	DIR *dir;
	struct dirent *entry;
	int room = 64;
	char **names = palloc(sizeof(char *) * room);

	*n = 0;
	va_exports_directory(directory);
	dir = AllocateDir(directory);
	while ((entry = ReadDir(dir, directory)) != NULL)
	{
		if (!va_export_path(path, entry->d_name))
			continue;
		if (*n == room)
			names = repalloc(names, sizeof(char *) * (room *= 2));
		names[(*n)++] = pstrdup(entry->d_name);
	}
	FreeDir(dir);
	return names;
}

void
va_export_remove(const char *name)
{
	char path[MAXPGPATH];

	if (va_export_path(path, name) && unlink(path) != 0 && errno != ENOENT)
		ereport(LOG, (errcode_for_file_access(), errmsg("could not remove \"%s\": %m", path)));
}

/* ----- writing ----- */

static void
fail_to_write(const VaExportFile *file)
{
	ereport(ERROR, (errcode_for_file_access(), errmsg("could not write the file of the export: %m")));
}

static void
write_bytes(VaExportFile *file, const char *bytes, size_t n)
{
	if (n > 0 && fwrite(bytes, 1, n, file->out) != n)
		fail_to_write(file);
	file->bytes += (int64) n;
}

VaExportFile *
va_export_open(const VaExportForm *form, MemoryContext context)
{
	MemoryContext before = MemoryContextSwitchTo(context);
	VaExportFile *file = palloc0(sizeof(VaExportFile));
	char directory[MAXPGPATH];

	unfinished_directory(directory);
	file->context = context;
	strlcpy(file->name, form->name, sizeof(file->name));
	snprintf(file->path, sizeof(file->path), "%s/%s", directory, form->name);
	file->format = form->format[0];
	file->bom = form->bom;
	file->separator = form->separator;
	file->most_bytes = form->most_bytes;
	if (file->format == 'x')
		file->sheets = va_sheets_open(file->path, directory, form->what);
	else
		file->out = fopen(file->path, PG_BINARY_W);
	(void) MemoryContextSwitchTo(before);
	if (file->sheets == NULL && file->out == NULL)
		fail_to_write(file);
	return file;
}

static void
begin_csv(VaExportFile *file, TupleDesc columns)
{
	StringInfoData names;
	MemoryContext before = MemoryContextSwitchTo(file->context);

	va_csv_columns(&file->csv, columns, file->separator);
	(void) MemoryContextSwitchTo(before);
	initStringInfo(&names);
	if (file->bom)
		appendStringInfoString(&names, "\xEF\xBB\xBF");
	for (int i = 0; i < columns->natts; i++)
		appendStringInfo(&names, "%.*s%s", i > 0, &file->separator, NameStr(TupleDescAttr(columns, i)->attname));
	appendStringInfoChar(&names, '\n');
	write_bytes(file, names.data, names.len);
}

static void
append_csv(VaExportFile *file, StringInfo page, TupleDesc columns, HeapTuple row)
{
	Datum values[MaxTupleAttributeNumber];
	bool nulls[MaxTupleAttributeNumber];

	heap_deform_tuple(row, columns, values, nulls);
	va_csv_append(page, &file->csv, values, nulls);
	appendStringInfoChar(page, '\n');
}

static void
append_json(VaExportFile *file, StringInfo page, TupleDesc columns, HeapTuple row)
{
	bool null;
	Datum line = heap_getattr(row, columns->natts, columns, &null);
	text *value = DatumGetTextPP(line);

	if (file->format == 'j')
		appendStringInfoString(page, file->bytes == 0 && page->len == 0 ? "[\n" : ",\n");
	appendBinaryStringInfo(page, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	if (file->format == 'n')
		appendStringInfoChar(page, '\n');
}

void
va_export_rows(VaExportFile *file, TupleDesc columns, HeapTuple *rows, uint64 n)
{
	StringInfoData page;

	initStringInfo(&page);
	if (!file->begun && file->format == 'c')
		begin_csv(file, columns);
	/* A sheet without rows has the names all the same. */
	if (!file->begun && file->format == 'x')
		va_sheets_row(file->sheets, columns, NULL);
	file->begun = true;
	for (uint64 i = 0; i < n; i++)
	{
		if (file->format == 'x')
			va_sheets_row(file->sheets, columns, rows[i]);
		else if (file->format == 'c')
			append_csv(file, &page, columns, rows[i]);
		else
			append_json(file, &page, columns, rows[i]);
	}
	write_bytes(file, page.data, page.len);
	pfree(page.data);
	if (va_export_bytes(file) > file->most_bytes)
		ereport(
			ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("the files of this tenant's exports are too large"),
					   errdetail("The setting export_megabytes bounds all of them together.")));
}

int64
va_export_bytes(const VaExportFile *file)
{
	/* A workbook is compressed at its end, to about a tenth. */
	return file->format == 'x' ? va_sheets_bytes(file->sheets) / 10 : file->bytes;
}

/* ----- its end ----- */

static void
close_file(VaExportFile *file)
{
	const char *why = NULL;
	FILE *out = file->out;

	if (file->format == 'j')
		write_bytes(file, file->bytes == 0 ? "[]\n" : "\n]\n", 3);
	file->out = NULL;
	if (out != NULL && fclose(out) != 0)
		fail_to_write(file);
	if (file->sheets != NULL)
		why = va_sheets_close(file->sheets);
	if (why != NULL)
		ereport(ERROR, (errcode(ERRCODE_IO_ERROR), errmsg("could not write the workbook: %s", why)));
}

int64
va_export_finish(VaExportFile *file)
{
	char path[MAXPGPATH];
	struct stat what;

	close_file(file);
	if (!va_export_path(path, file->name))
		ereport(
			ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("an export's file has no such name: \"%s\"", file->name)));
	/* Synced, and with its directory: what the commit says is done is there after a crash. */
	if (stat(file->path, &what) != 0 || durable_rename(file->path, path, LOG) != 0)
		fail_to_write(file);
	pfree(file);
	return (int64) what.st_size;
}

void
va_export_abandon(VaExportFile *file)
{
	if (file->out != NULL)
		fclose(file->out);
	if (file->sheets != NULL)
		va_sheets_abandon(file->sheets);
	(void) unlink(file->path);
	pfree(file);
}
