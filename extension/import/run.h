/*-------------------------------------------------------------------------
 * run.h
 *		The import of leads: rows of a CSV file -> voiceagent.leads.
 *
 * One call is one VaImport, which goes through the files of this folder:
 *
 *	import.c	the bytes of a file: rows, chunks; the SQL function
 *	decode.c	its encoding				progress.c	how far it is, for others
 *	header.c	its first row, and what an import would make of the columns
 *	columns.c	which column is which field		values.c	what a field may say
 *	text.c		the bytes of a row as text		numbers.c	its telephone numbers
 *	zones.c		its time zones				stops.c		rows that must not be called
 *	row.c		one row -> a candidate (its finished tuple), or reports
 *	extras.c	what a row says beyond its lead: further numbers, consent
 *	report.c	reports -> import_reports
 *	store.c		a chunk of candidates -> do-not-call, duplicates, insert;
 *				probe.c asks an index, writer.c fills a table
 *	order.c	the place of new leads in lead_list()
 *	lacking.c	rows that lack what a prompt needs
 *
 * Memory: `run` lives for one call, `chunk` for one chunk (its size is bounded,
 * see VA_IMPORT_CHUNK_*), `row` for one row, or for what is written together.
 *
 * Locking: the caller holds the tenant's lead lock exclusively (lead_lock.c), so no
 * other session adds a lead of the tenant, and the row of the batch, so that two
 * sessions never append to one batch at once.
 */
#ifndef VOICEAGENT_IMPORT_RUN_H
#define VOICEAGENT_IMPORT_RUN_H

#include "postgres.h"

#include "access/htup.h"
#include "datatype/timestamp.h"
#include "pgtime.h"
#include "storage/itemptr.h"
#include "utils/hsearch.h"
#include "utils/jsonb.h"
#include "utils/rel.h"

#include "pure/csv/csv_header.h"
#include "pure/csv/csv_reader.h"
#include "pure/text/encoding.h"
#include "pure/phone/phone.h"
#include "core/compat.h"

#define VA_IMPORT_CHUNK_ROWS 50000
/*
 * The leads and consents of a dry run are numbered from here: they never come
 * to be, so the sequences give them none.  See describe_lead().
 */
#define VA_IMPORT_DRY_RUN_IDS (INT64CONST(1) << 62)
#define VA_IMPORT_CHUNK_BYTES (12 * 1024 * 1024)

/* The end of a candidate. */
typedef enum VaImportDisposition
{
	VA_DISPOSITION_IMPORT,
	VA_DISPOSITION_UPDATE,
	VA_DISPOSITION_DUPLICATE,
	VA_DISPOSITION_DO_NOT_CALL
} VaImportDisposition;

/* A row's own values; without these, an update keeps what the lead has. */
#define VA_GAVE_ZONE 1	 /* or one that cannot be read: all of its country */
#define VA_GAVE_REGION 2 /* and with it the region's zones, unless it gave one of its own */
#define VA_GAVE_PRIORITY 4

typedef struct VaExtras VaExtras; /* extras.c */

/* A row that is a valid lead by itself. */
typedef struct VaCandidate
{
	uint64 sort_key; /* orders as the text of e164 does */
	int64 row;
	int64 lead_id;
	HeapTuple tuple;   /* in the chunk's memory; given away on insert */
	const char *value; /* the number as it stood, for a report */
	VaExtras *extras;  /* NULL: none */
	ItemPointerData tid;
	uint8 disposition;
	uint8 gave;		/* VA_GAVE_* */
	bool withdraws; /* the row says that there is no consent */
	int16 stops;	/* 1 + the column that says that it must not be called, or 0 */
	uint16 errors;	/* reports that the row has already */
	char e164[24];
} VaCandidate;

/* A line of import_reports. */
typedef struct VaImportError
{
	int64 row;
	int number;			/* from 1 within the row */
	const char *column; /* may be NULL */
	const char *value;	/* may be NULL */
	const char *reason;
	const char *kind;
	const char *line; /* the whole row, of one that is rejected; else NULL */
} VaImportError;

/* A column that is kept as context, in the order in which jsonb keeps keys. */
typedef struct VaContextColumn
{
	const char *key;
	int key_len;
	int column;
	bool always; /* also where the column was used as a field: the mapping names it */
} VaContextColumn;

/* Columns of voiceagent.leads that an import fills. */
typedef enum VaLeadColumn
{
	LEAD_TENANT_ID,
	LEAD_LEAD_ID,
	LEAD_PHONE,
	LEAD_EXTENSION,
	LEAD_FIRST_NAME,
	LEAD_LAST_NAME,
	LEAD_EMAIL,
	LEAD_COMPANY,
	LEAD_COUNTRY,
	LEAD_REGION,
	LEAD_TIMEZONES,
	LEAD_CONTEXT,
	LEAD_PRIORITY,
	LEAD_TAGS,
	LEAD_BATCH_ID,
	LEAD_BATCH_ROW,
	LEAD_CREATED_AT,
	LEAD_LIST_CLASS
} VaLeadColumn;

#define LEAD_COLUMNS 18

/* lead_class() of a lead not yet called. */
#define VA_NEW_LEAD_CLASS 0

typedef struct VaImportStore VaImportStore;		/* store.c */
typedef struct VaImportOrder VaImportOrder;		/* order.c */
typedef struct VaImportReports VaImportReports; /* report.c */

typedef struct VaImport
{
	int64 tenant;
	pg_tz *zone; /* the tenant's, for times without an offset */
	int64 batch;
	int64 campaign; /* 0: none */
	const char *default_country;
	bool dry_run;
	bool update_existing;
	TimestampTz now;
	VaTextEncoding encoding;
	bool encoding_given; /* by the caller, not found out */

	/* header */
	int header_count;
	const char **headers;
	char delimiter;
	int column[VA_LEAD_FIELDS];
	int *stop_columns; /* that tell who must not be called */
	int stop_count;
	VaContextColumn *context;
	int context_count;

	/* memory */
	MemoryContext run;
	MemoryContext chunk;
	MemoryContext row;

	/* the chunk */
	VaCandidate *candidates;
	int candidate_count;
	List **stops; /* by column: numbers that it says must not be called, in the chunk's memory */
	VaImportError *errors;
	int error_count;
	int error_max;
	int errors_of_row;

	/* caches of the run */
	Datum *zone_arrays; /* by number of the set; 0: not made yet */
	HTAB *zone_names;	/* a row's own zone -> text[] */
	JsonbPair *pairs;	/* room for one row's context */

	/* voiceagent.leads */
	Relation leads;
	AttrNumber lead_attr[LEAD_COLUMNS];
	Datum *lead_values; /* defaults of every column; filled row by row */
	bool *lead_nulls;
	Oid lead_sequence;
	VaImportStore *store;
	VaImportOrder *order;
	VaImportReports *reports;
	struct VaImportExtras *extras; /* NULL: the file has no such columns */
	Datum variables;			   /* that the assistant's prompt needs (lacking.c); 0: none */
	bool variables_known;
	int lacking; /* rows that were named for it in this call */

	/* rows of the whole file before this call, and counts of this call */
	int64 rows_before;
	int64 rows_read;
	int64 rows_imported;
	int64 rows_rejected;
	int64 rows_duplicate;
	int64 rows_do_not_call;
	int64 rows_updated;
	int64 warnings;
	int64 dry_run_id; /* the last number of a lead or consent that a dry run gave */
	int64 first_lead; /* ids that this call gave; 0: none */
	int64 last_lead;
} VaImport;

/*
 * columns.c: which column of a file is which field of a lead, and which are context. A mapping is {"our field": "their
 * header"}, null for "no column is this field"; fields that it does not name are found by their headers.
 */

/*
 * Sets column[], context and pairs, in the current memory context, from
 * headers.  Raises PT422 when the mapping is none, names a column that the
 * file has not, or no column is the phone number.
 */
extern void va_import_choose_columns(VaImport *import, Jsonb *mapping);

/* The same, but no column need be the phone number. */
extern void va_import_guess_columns(VaImport *import, Jsonb *mapping);

/*
 * decode.c: the encoding of a file, found from its bytes or set by its owner; a file comes in pieces cut anywhere,
 * also within a character.
 */

/* The encoding so far, as the last piece has left it; NULL before the first. */
extern void va_import_take_encoding(VaImport *import, const char *state);
/* The same for the next piece. */
extern Datum va_import_encoding_state(VaImport *import);

/*
 * The new bytes of the file in an encoding that rows can be found in; what is
 * left of a character that was cut becomes *pending.  False while the
 * encoding is undecided.
 */
extern bool va_import_decode(
	VaImport *import, const char **data, size_t *len, bool last, const char **pending, size_t *pending_len);

/* header.c: the first row of a file of leads, which names its columns. */

/* A reader that goes with the current memory context. */
extern VaCsvReader *va_import_open_reader(char delimiter);

/*
 * Finds the header in the bytes so far: import->headers and delimiter, in the
 * current memory context; *data moves behind it.  False when its end has not
 * come yet.  PT422 for what is no CSV file.
 */
extern bool va_import_take_header(VaImport *import, const char **data, const char *end, bool last);

/* PT422 for what a reader says of a row, or of the header. */
extern VA_NORETURN void va_import_raise_csv(VaImport *import, VaCsvStatus status);

/* lacking.c: which rows of a file lack what an assistant's prompt needs. */

/* Rows of one call that are named; further ones are not counted. */
#define VA_IMPORT_LACKING_MAX 1000

/* A warning each for these leads, n of them, that lack a variable of the assistant that the batch names, if it names one. */
extern void va_import_warn_lacking(VaImport *import, Datum *lead_ids, int n);

/* A NOTICE that says how many such rows there were in this call; none if there were none. */
extern void va_import_tell_lacking(VaImport *import);

/* numbers.c: the telephone numbers of a row: the lead's first, and its further ones. */

/* A further number of a row, 2 to 5. */
typedef struct VaNumber
{
	int number;
	VaPhone phone;
} VaNumber;

/*
 * All numbers of a row, as texts, by their shape alone: both that an ambiguous one may be, of several in a cell each.
 * ambiguous: only those that may be two.
 */
extern List *va_import_numbers_of(VaImport *import, const VaCsvRow *row, const char *country, bool ambiguous);

/* The first number of a row that can be dialled, and its column; false when there is none, and the row was rejected. */
extern bool va_import_first_number(
	VaImport *import, const VaCsvRow *row, const char *country, VaPhone *phone, int *column);

/*
 * The numbers in the other columns: returns how many; used[column] is set for
 * those, the others stay context, with a warning.
 */
extern int va_import_further_numbers(VaImport *import, const VaCsvRow *row, const char *country, const VaPhone *first,
	int first_column, VaNumber *numbers, bool *used);

/*
 * extras.c: what a row says beyond its lead: further numbers, and consent. Open with the store (import->extras stays
 * NULL when the file has no such columns, and then va_import_withdraw_ambiguous() alone may be called, for nothing),
 * read with each row, write with each chunk, close.
 */
extern void va_import_open_extras(VaImport *import);
extern void va_import_close_extras(VaImport *import);

/*
 * Keeps, with the candidate, its further numbers and the consent that the row
 * tells of.  own_*: zones and region of the row's own, not of its number;
 * first_column: the lead's number is that of the first column, for which the
 * consent was given.
 */
extern void va_import_add_extras(VaImport *import, const VaCsvRow *row, VaCandidate *candidate, const VaNumber *numbers,
	int count, bool own_zones, bool own_region, bool first_column);

/*
 * A row that says no ends the consent of both numbers that an ambiguous one
 * may be: it is not for us to guess whose.  candidate: the row's, or NULL of one
 * that was rejected.  Nothing for a row that says something else.
 */
extern void va_import_withdraw_ambiguous(
	VaImport *import, const VaCsvRow *row, VaCandidate *candidate, const char *country);

/*
 * Writes those of the candidates that became leads; with a warning for a
 * number that is listed, if any list that counts at import has entries.
 */
extern void va_import_write_extras(VaImport *import, bool lists_exist);

/*
 * Gives the leads that candidates update those of their numbers that they
 * lack; with the same warning, and one for a number that has no place left.
 */
extern void va_import_update_extras(VaImport *import, bool lists_exist);

/*
 * The rows' consent for leads that are there: no withdraws it, whatever else
 * becomes of the row, with a warning where one was withdrawn; yes, of a row
 * that updates its lead, records it.  After the chunk's leads are written.
 * leads_existed: some were there before this call.
 */
extern void va_import_take_consents(VaImport *import, bool leads_existed);

/* Does the row tell of consent in words that can be understood?  Then its columns are no context. */
extern bool va_import_has_consent(VaImport *import, const VaCsvRow *row);

/* order.c: the place of new leads in lead_list(). Open after the other tables, write after the leads, close. */
extern void va_import_open_order(VaImport *import);
extern void va_import_close_order(VaImport *import);

/* These n leads are new: not yet called. */
extern void va_import_write_order(VaImport *import, const Datum *lead_ids, int n);

/*
 * progress.c: how far the imports are that run at this moment, for others to see.  Other sessions see no uncommitted
 * rows; their counts stand in shared memory.  An import without a free slot, or without shared memory, runs unseen.
 */

/* Once, in the postmaster. */
extern void va_import_progress_init(void);

/* From here on the import is seen, until import->run is deleted. */
extern void va_import_progress_start(VaImport *import, size_t bytes);

/* done: of the bytes. */
extern void va_import_progress_set(VaImport *import, size_t done);

/*
 * report.c: what is wrong with the rows of a file: voiceagent.import_reports. Open, report, flush (with each chunk),
 * close.  A dry run keeps its reports over the rollback: begin before the subtransaction, keep after it.
 */
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

/*
 * row.c: one row of a CSV file -> a candidate for voiceagent.leads, or reports. Counts the row as read; a rejected one
 * also as rejected.
 */

/* The number of the next new row of a table with this sequence; a dry run takes none from it. */
extern int64 va_import_next_id(VaImport *import, Oid sequence);

extern void va_import_row(VaImport *import, const VaCsvRow *row);

/* The last row of a file that ended inside of quotes: always rejected. */
extern void va_import_row_unclosed(VaImport *import, const VaCsvRow *row);

/*
 * stops.c: rows whose column do_not_call says anything but a plain no.  Nothing of such a row is imported, and all of
 * its numbers are listed, also those of leads that are there and both that an ambiguous cell may be.
 */

/* Before any row is written, as the order of locks wants it. */
extern void va_import_lock_stops(VaImport *import);
/* 1 + the column that says that somebody in this row must not be called; 0: none does. */
extern int va_import_stops(VaImport *import, const VaCsvRow *row);
/* Notes the numbers of a row, by their shape alone, and what va_import_stops() said; candidate: NULL where the row was refused. */
extern void va_import_stop(
	VaImport *import, const VaCsvRow *row, int stops, const char *country, VaCandidate *candidate);
/* Lists what was noted, after the chunk's leads are written. */
extern void va_import_take_stops(VaImport *import);

/*
 * store.c: a chunk of candidates -> do-not-call hits, duplicates, new leads. Open (import->leads is open and
 * prepared), flush whenever the chunk is full and at the end, close.
 */
extern void va_import_open_store(VaImport *import);
extern void va_import_close_store(VaImport *import);

/* A number that is written in two ways is taken as a lead has it, or as it came first. */
extern void va_import_choose_spelling(VaImport *import, VaPhone *phone);
/* Stores the chunk, with its reports, and leaves it empty. */
extern void va_import_flush(VaImport *import);

/* text.c: the bytes of a row as text, and a row as a line of CSV. */

/*
 * The row in UTF-8, in the current memory context if it had to be converted;
 * NULL if it is no text.  May decide import->encoding.
 */
extern const VaCsvRow *va_import_as_text(VaImport *import, const VaCsvRow *row);

/* The row as a line of CSV, to be mended; NULL if it is longer than is worth keeping. */
extern const char *va_import_row_line(const VaCsvRow *row);

/*
 * zones.c: the time zones of a row as text[]: its own, or those of its place. Each is made once a run and shared by
 * its rows.
 */

/* The row's own zone; all of its number's country where, with a warning, it cannot be read; 0 if the row has none. */
extern Datum va_import_own_zone(VaImport *import, const VaCsvRow *row, const VaPhone *phone, bool *is_read);

/* A set of zones (phone.h). */
extern Datum va_import_zone_set(VaImport *import, int set);

#endif /* VOICEAGENT_IMPORT_RUN_H */
