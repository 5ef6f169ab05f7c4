/*-------------------------------------------------------------------------
 * report.h
 *		What is wrong with the rows of a file: voiceagent.import_reports.
 *
 * Open, report, flush (with each chunk), close.  A dry run keeps its reports
 * over the rollback: begin before the subtransaction, keep after it.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_REPORT_H
#define VOICEAGENT_IMPORT_REPORT_H

#include "run.h"

extern void va_import_open_reports(VaImport *import);
extern void va_import_close_reports(VaImport *import);

/*
 * Report number `number` (from 1) of a row.  column may be NULL, kind and
 * column stay the caller's (they outlive the chunk); value and reason are
 * copied, the value cut to what is worth showing; line is the whole row of one
 * that is rejected, or NULL.
 */
extern void va_import_report(VaImport *import, int64 row, int number, const char *column, const char *value,
	size_t value_len, const char *reason, const char *kind, const char *line);

/*
 * A warning each for the rows that ordinals, an array of integers from 1,
 * names of these.  column and reason may be the caller's; column may be NULL.
 */
extern void va_import_warn_each(
	VaImport *import, Datum ordinals, VaCandidate *const *rows, const char *column, const char *reason);

/* Writes the reports of the chunk. */
extern void va_import_flush_reports(VaImport *import);

/* After a dry run, whose inserts are rolled back: write what it reported. */
extern void va_import_begin_dry_run(VaImport *import);
extern void va_import_keep_reports(VaImport *import);

#endif /* VOICEAGENT_IMPORT_REPORT_H */
