/*-------------------------------------------------------------------------
 * run.h
 *		The import of leads: rows of a CSV file -> voiceagent.leads.
 *
 * One call is one VaImport, which goes through the files of this folder:
 *
 *	import.c	the bytes of a file: rows, chunks; the SQL function
 *	header.c	its first row, and what an import would make of the columns
 *	columns.c	which column is which field		values.c	what a field may say
 *	text.c		the bytes of a row as text		numbers.c	its telephone numbers
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
 * Locking: the caller holds the tenant's lead lock exclusively (lead_lock.c),
 * so nobody else adds a lead of the tenant, and the row of the batch, so that
 * two sessions never append to one batch at once.
 *-------------------------------------------------------------------------
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

#define VA_IMPORT_CHUNK_ROWS 50000
/*
 * The leads and consents of a dry run are numbered from here: they never come
 * to be, so the sequences give them none.  See describe_lead().
 */
#define VA_IMPORT_DRY_RUN_IDS (INT64CONST(1) << 62)
#define VA_IMPORT_CHUNK_BYTES (12 * 1024 * 1024)

/* What becomes of a candidate. */
typedef enum VaImportDisposition
{
	VA_DISPOSITION_IMPORT,
	VA_DISPOSITION_UPDATE,
	VA_DISPOSITION_DUPLICATE,
	VA_DISPOSITION_DO_NOT_CALL
} VaImportDisposition;

/* What a row gave of its own; without these, an update keeps what the lead has. */
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

/* lead_class() of a lead that nobody has called. */
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

#endif /* VOICEAGENT_IMPORT_RUN_H */
