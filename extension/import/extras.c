/*-------------------------------------------------------------------------
 * extras.c
 *		A row's values beyond its lead: further numbers -> lead_numbers,
 *		consent -> consents.  See run.h.
 *
 * Tuples are made with their row and written after their leads, in the order
 * of the file.  Locking: none beyond the tables'; see run.h.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "run.h"
#include "field.h"
#include "values.h"
#include "writer.h"

#define SOURCE_MAX_BYTES 500
#define COLUMNS_MAX 8

/* A further number, as a warning shows it. */
typedef struct VaListable
{
	int column;
	bool added; /* it is the lead's since this row */
	char e164[24];
} VaListable;

/* A candidate's data, in the chunk's memory. */
struct VaExtras
{
	int count;
	HeapTuple consent; /* NULL: none */
	HeapTuple numbers[VA_LEAD_NUMBERS - 1];
	VaListable listable[VA_LEAD_NUMBERS - 1];
};

/* A number of which a row says no, and that it may not mean. */
typedef struct VaWithdrawal
{
	VaCandidate *candidate; /* of the row, for warnings; no member of the chunk if the row was rejected */
	const char *e164;
} VaWithdrawal;

typedef struct Target
{
	VaTableWriter writer;
	AttrNumber attr[COLUMNS_MAX];
	int count;
} Target;

struct VaImportExtras
{
	Target numbers;
	Target consents;
	bool has_numbers;
	bool has_consents;
	Oid consent_sequence;
	List *ambiguous; /* of VaWithdrawal, in the chunk's memory */
};

enum
{
	NUMBER_TENANT_ID,
	NUMBER_LEAD_ID,
	NUMBER_NUMBER,
	NUMBER_PHONE,
	NUMBER_EXTENSION,
	NUMBER_COUNTRY,
	NUMBER_REGION,
	NUMBER_TIMEZONES
};

enum
{
	CONSENT_TENANT_ID,
	CONSENT_CONSENT_ID,
	CONSENT_LEAD_ID,
	CONSENT_PHONE,
	CONSENT_KIND,
	CONSENT_SOURCE,
	CONSENT_GRANTED_AT,
	CONSENT_REVOKED_AT
};

static const char *const number_columns[] = { "tenant_id", "lead_id", "number", "phone", "extension", "country",
	"region", "timezones" };
static const char *const consent_columns[] = { "tenant_id", "consent_id", "lead_id", "phone", "kind", "source",
	"granted_at", "revoked_at" };

static void
open_target(Target *target, const char *table, const char *const *columns, int count)
{
	Relation rel = va_open_table(table, RowExclusiveLock);

	va_writer_open(&target->writer, rel, InvalidOid);
	target->count = count;
	for (int i = 0; i < count; i++)
		target->attr[i] = get_attnum(RelationGetRelid(rel), columns[i]);
}

static void
close_target(Target *target)
{
	Relation rel = target->writer.rel;

	va_writer_close(&target->writer);
	table_close(rel, NoLock);
}

static HeapTuple
form(const Target *target, const Datum *given, const bool *missing)
{
	TupleDesc desc = RelationGetDescr(target->writer.rel);
	Datum *values = palloc0(desc->natts * sizeof(Datum));
	bool *nulls = palloc(desc->natts * sizeof(bool));

	memset(nulls, true, desc->natts * sizeof(bool));
	for (int i = 0; i < target->count; i++)
	{
		values[target->attr[i] - 1] = given[i];
		nulls[target->attr[i] - 1] = missing[i];
	}
	return heap_form_tuple(desc, values, nulls);
}

void
va_import_open_extras(VaImport *import)
{
	struct VaImportExtras *extras;
	bool numbers = false;
	bool consents = import->column[VA_LEAD_CONSENT] >= 0;

	for (int n = 2; n <= VA_LEAD_NUMBERS; n++)
		numbers = numbers || import->column[VA_LEAD_NUMBER_FIELD(n)] >= 0;
	import->extras = NULL;
	if (!numbers && !consents)
		return;
	extras = import->extras = palloc0(sizeof(struct VaImportExtras));
	extras->has_numbers = numbers;
	extras->has_consents = consents;
	if (numbers)
		open_target(&extras->numbers, "lead_numbers", number_columns, lengthof(number_columns));
	if (consents)
	{
		open_target(&extras->consents, "consents", consent_columns, lengthof(consent_columns));
		extras->consent_sequence = va_identity_sequence(
			extras->consents.writer.rel, extras->consents.attr[CONSENT_CONSENT_ID]);
	}
}

void
va_import_close_extras(VaImport *import)
{
	if (import->extras == NULL)
		return;
	if (import->extras->has_numbers)
		close_target(&import->extras->numbers);
	if (import->extras->has_consents)
		close_target(&import->extras->consents);
}

static HeapTuple
number_tuple(VaImport *import, const VaCandidate *candidate, const VaNumber *number, bool own_zones, bool own_region)
{
	const VaPhone *phone = &number->phone;
	AttrNumber zones = import->lead_attr[LEAD_TIMEZONES] - 1;
	AttrNumber region = import->lead_attr[LEAD_REGION] - 1;
	const char *subdivision = va_phone_subdivision(phone->e164);
	Datum given[lengthof(number_columns)];
	bool missing[lengthof(number_columns)] = { false };

	given[NUMBER_TENANT_ID] = Int64GetDatum(import->tenant);
	given[NUMBER_LEAD_ID] = Int64GetDatum(candidate->lead_id);
	given[NUMBER_NUMBER] = Int16GetDatum((int16) number->number);
	given[NUMBER_PHONE] = CStringGetTextDatum(phone->e164);
	given[NUMBER_EXTENSION] = CStringGetTextDatum(phone->extension);
	missing[NUMBER_EXTENSION] = phone->extension[0] == '\0';
	given[NUMBER_COUNTRY] = CStringGetTextDatum(phone->region);
	missing[NUMBER_COUNTRY] = phone->region[0] == '\0';
	missing[NUMBER_REGION] = own_region ? import->lead_nulls[region] : subdivision == NULL;
	given[NUMBER_REGION] = missing[NUMBER_REGION] ? (Datum) 0
						   : own_region			  ? import->lead_values[region]
												  : CStringGetTextDatum(subdivision);
	given[NUMBER_TIMEZONES] = own_zones || own_region ? import->lead_values[zones]
													  : va_import_zone_set(import, va_phone_zone_set(phone->e164));
	return form(&import->extras->numbers, given, missing);
}

/* Consent */
bool
va_import_has_consent(VaImport *import, const VaCsvRow *row)
{
	VaImportField said = va_field(row, import->column[VA_LEAD_CONSENT]);

	return said.len == 0 || va_lead_is_yes(said.bytes, said.len) || va_lead_is_no(said.bytes, said.len);
}

static HeapTuple
consent_tuple(VaImport *import, const VaCsvRow *row, const VaCandidate *candidate)
{
	VaImportField source = va_field(row, import->column[VA_LEAD_CONSENT_SOURCE]);
	VaImportField when = va_field(row, import->column[VA_LEAD_CONSENT_AT]);
	TimestampTz at = import->now;
	Datum given[lengthof(consent_columns)];
	bool missing[lengthof(consent_columns)] = { false };

	missing[CONSENT_REVOKED_AT] = true;
	if (when.len > 0 && (!va_lead_time(when.bytes, when.len, import->zone, &at) || at > import->now))
	{
		va_warn(import, import->column[VA_LEAD_CONSENT_AT], when,
			at > import->now ? "a time to come: no consent is recorded"
							 : "not a time such as 2026-05-03 14:05: no consent is recorded");
		return NULL;
	}
	if (source.len > SOURCE_MAX_BYTES)
		source.len = pg_mbcliplen(source.bytes, (int) source.len, SOURCE_MAX_BYTES);
	given[CONSENT_TENANT_ID] = Int64GetDatum(import->tenant);
	given[CONSENT_CONSENT_ID] = Int64GetDatum(va_import_next_id(import, import->extras->consent_sequence));
	given[CONSENT_LEAD_ID] = Int64GetDatum(candidate->lead_id);
	given[CONSENT_PHONE] = CStringGetTextDatum(candidate->e164);
	given[CONSENT_KIND] = CStringGetTextDatum("call");
	given[CONSENT_SOURCE] = source.len > 0 ? PointerGetDatum(cstring_to_text_with_len(source.bytes, (int) source.len))
										   : CStringGetTextDatum(psprintf("import " INT64_FORMAT ", column \"%s\"",
												 import->batch, import->headers[import->column[VA_LEAD_CONSENT]]));
	given[CONSENT_GRANTED_AT] = TimestampTzGetDatum(at);
	return form(&import->extras->consents, given, missing);
}

/* A row that says no, for take_consents(): a consent for its number that holds no more. */
static HeapTuple
withdrawal_tuple(VaImport *import, const char *e164)
{
	Datum given[lengthof(consent_columns)] = { 0 };
	bool missing[lengthof(consent_columns)];

	memset(missing, true, sizeof(missing));
	given[CONSENT_PHONE] = CStringGetTextDatum(e164);
	given[CONSENT_REVOKED_AT] = TimestampTzGetDatum(import->now);
	missing[CONSENT_PHONE] = missing[CONSENT_REVOKED_AT] = false;
	return form(&import->extras->consents, given, missing);
}

void
va_import_add_extras(VaImport *import, const VaCsvRow *row, VaCandidate *candidate, const VaNumber *numbers, int count,
	bool own_zones, bool own_region, bool first_column)
{
	VaImportField said = va_field(row, import->column[VA_LEAD_CONSENT]);
	HeapTuple consent = first_column && va_lead_is_yes(said.bytes, said.len) ? consent_tuple(import, row, candidate)
																			 : NULL;
	VaExtras *extras;
	MemoryContext old;

	if (!first_column && va_lead_is_yes(said.bytes, said.len))
		va_warn(import, import->column[VA_LEAD_CONSENT], said,
			psprintf("not recorded: consent was given for the number in the column \"%s\"",
				import->headers[import->column[VA_LEAD_PHONE]]));
	candidate->withdraws = va_lead_is_no(said.bytes, said.len);
	candidate->errors = import->errors_of_row;
	if (count == 0 && consent == NULL)
		return;
	old = MemoryContextSwitchTo(import->chunk);
	extras = candidate->extras = palloc(sizeof(VaExtras));
	extras->count = count;
	for (int i = 0; i < count; i++)
	{
		extras->numbers[i] = number_tuple(import, candidate, &numbers[i], own_zones, own_region);
		extras->listable[i].column = import->column[VA_LEAD_NUMBER_FIELD(numbers[i].number)];
		extras->listable[i].added = false;
		strlcpy(extras->listable[i].e164, numbers[i].phone.e164, sizeof(extras->listable[i].e164));
	}
	extras->consent = consent != NULL ? heap_copytuple(consent) : NULL;
	MemoryContextSwitchTo(old);
}

void
va_import_withdraw_ambiguous(VaImport *import, const VaCsvRow *row, VaCandidate *candidate, const char *country)
{
	VaImportField said = va_field(row, import->column[VA_LEAD_CONSENT]);
	MemoryContext old;
	ListCell *cell;

	if (import->extras == NULL || !va_lead_is_no(said.bytes, said.len))
		return;
	old = MemoryContextSwitchTo(import->chunk);
	if (candidate == NULL)
	{
		candidate = palloc0(sizeof(VaCandidate));
		candidate->row = import->rows_before + import->rows_read;
		candidate->errors = import->errors_of_row;
	}
	foreach (cell, va_import_numbers_of(import, row, country, true))
	{
		VaWithdrawal *withdrawal = palloc(sizeof(VaWithdrawal));

		withdrawal->candidate = candidate;
		withdrawal->e164 = lfirst(cell);
		import->extras->ambiguous = lappend(import->extras->ambiguous, withdrawal);
	}
	MemoryContextSwitchTo(old);
}

static void
add_to(VaImport *import, Target *target, HeapTuple tuple)
{
	va_writer_add(&target->writer, tuple);
	if (target->writer.n == VA_WRITER_BATCH)
	{
		va_writer_flush(&target->writer, NULL);
		MemoryContextReset(import->row);
	}
}

/* A further number by its place in a chunk. */
#define NUMBERS_MAX (VA_LEAD_NUMBERS - 1)

static void
warn_of_number(VaImport *import, uint32 at, const char *reason)
{
	VaCandidate *candidate = &import->candidates[at / NUMBERS_MAX];
	const VaListable *number = &candidate->extras->listable[at % NUMBERS_MAX];

	va_import_report(import, candidate->row, ++candidate->errors, import->headers[number->column], number->e164,
		strlen(number->e164), reason, "warning", NULL);
}

/* A listed further number is kept, since another of the lead may be dialled and the list may change, but not in silence. */
static void
warn_of_listed(VaImport *import, VaImportDisposition disposition)
{
	int max = import->candidate_count * NUMBERS_MAX;
	int n = 0;
	Datum *phones = palloc(max * sizeof(Datum));
	Datum *lead_ids = palloc(max * sizeof(Datum));
	uint32 *where = palloc(max * sizeof(uint32));
	Oid types[3] = { TEXTARRAYOID, INT8OID, INT8ARRAYOID };
	Datum values[3];

	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[i];

		if (candidate->disposition != disposition || candidate->extras == NULL)
			continue;
		for (int k = 0; k < candidate->extras->count; k++)
		{
			if (!candidate->extras->listable[k].added)
				continue;
			where[n] = i * NUMBERS_MAX + k;
			lead_ids[n] = Int64GetDatum(candidate->lead_id);
			phones[n++] = CStringGetTextDatum(candidate->extras->listable[k].e164);
		}
	}
	if (n == 0)
		return;
	values[0] = PointerGetDatum(construct_array(phones, n, TEXTOID, -1, false, TYPALIGN_INT));
	values[1] = Int64GetDatum(import->tenant);
	values[2] = PointerGetDatum(construct_array(lead_ids, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args(
			"SELECT u.ord, voiceagent_private.do_not_call_reason(y.layer) "
			"FROM pg_catalog.unnest($1) WITH ORDINALITY AS u(phone, ord) "
			"CROSS JOIN LATERAL (SELECT y.layer FROM voiceagent_private.do_not_call_layers($2, u.phone, NULL, false) y "
			"LIMIT 1) y ORDER BY u.ord",
			2, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "cannot look for blocked numbers");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple row = SPI_tuptable->vals[i];
		bool isnull;
		uint32 at = where[DatumGetInt64(SPI_getbinval(row, SPI_tuptable->tupdesc, 1, &isnull)) - 1];

		warn_of_number(import, at,
			psprintf("%s; the number is kept, but not dialled", SPI_getvalue(row, SPI_tuptable->tupdesc, 2)));
	}
	/* One that a person refused withdraws the whole lead. */
	if (SPI_execute_with_args("SELECT voiceagent_private.keep_refusals($3, $1)", 3, types, values, NULL, false, 0) !=
		SPI_OK_SELECT)
		elog(ERROR, "cannot keep the refusals of these numbers");
	SPI_finish();
}

void
va_import_write_extras(VaImport *import, bool lists_exist)
{
	struct VaImportExtras *extras = import->extras;
	MemoryContext old = MemoryContextSwitchTo(import->row);

	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[i];

		CHECK_FOR_INTERRUPTS();
		if (candidate->disposition != VA_DISPOSITION_IMPORT || candidate->extras == NULL)
			continue;
		for (int k = 0; k < candidate->extras->count; k++)
		{
			candidate->extras->listable[k].added = true;
			add_to(import, &extras->numbers, candidate->extras->numbers[k]);
		}
		if (candidate->extras->consent != NULL)
			add_to(import, &extras->consents, candidate->extras->consent);
	}
	if (extras->has_numbers)
		va_writer_flush(&extras->numbers.writer, NULL);
	if (extras->has_consents)
		va_writer_flush(&extras->consents.writer, NULL);
	if (extras->has_numbers && lists_exist)
		warn_of_listed(import, VA_DISPOSITION_IMPORT);
	MemoryContextReset(import->row);
	MemoryContextSwitchTo(old);
}

/* The answer of add_numbers(): which of the numbers are new to their leads, and which number each is now, 0 for none. */
static void
take_places(VaImport *import, ArrayType *ords, ArrayType *numbers, const uint32 *where)
{
	Datum *ord;
	Datum *number;
	bool *nulls;
	int n;

	deconstruct_array(ords, INT4OID, sizeof(int32), true, TYPALIGN_INT, &ord, &nulls, &n);
	deconstruct_array(numbers, INT2OID, sizeof(int16), true, TYPALIGN_SHORT, &number, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		uint32 at = where[DatumGetInt32(ord[i]) - 1];

		if (DatumGetInt16(number[i]) == 0)
			warn_of_number(import, at, "the lead has five numbers, the number is dropped");
		else
			import->candidates[at / NUMBERS_MAX].extras->listable[at % NUMBERS_MAX].added = true;
	}
}

/* A lead that was there before: no other session adds numbers to it meanwhile, but they may be taken away. */
void
va_import_update_extras(VaImport *import, bool lists_exist)
{
	TupleDesc desc;
	Oid types[2] = { InvalidOid, INT8ARRAYOID };
	Datum *numbers;
	Datum *lead_ids;
	uint32 *where;
	Datum values[2];
	bool isnull;
	int n = 0;

	if (!import->extras->has_numbers)
		return;
	desc = RelationGetDescr(import->extras->numbers.writer.rel);
	numbers = palloc(import->candidate_count * NUMBERS_MAX * sizeof(Datum));
	lead_ids = palloc(import->candidate_count * NUMBERS_MAX * sizeof(Datum));
	where = palloc(import->candidate_count * NUMBERS_MAX * sizeof(uint32));
	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[i];

		if (candidate->disposition != VA_DISPOSITION_UPDATE || candidate->extras == NULL)
			continue;
		for (int k = 0; k < candidate->extras->count; k++)
		{
			where[n] = i * NUMBERS_MAX + k;
			numbers[n] = heap_copy_tuple_as_datum(candidate->extras->numbers[k], desc);
			lead_ids[n++] = Int64GetDatum(candidate->lead_id);
		}
	}
	if (n == 0)
		return;
	types[0] = get_array_type(desc->tdtypeid);
	values[0] = PointerGetDatum(construct_array(numbers, n, desc->tdtypeid, -1, false, TYPALIGN_DOUBLE));
	values[1] = PointerGetDatum(construct_array(lead_ids, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args("SELECT ords, numbers FROM voiceagent_private.add_numbers($1, $2)", 2, types, values,
			NULL, false, 0) != SPI_OK_SELECT ||
		SPI_processed != 1)
		elog(ERROR, "cannot add the numbers");
	take_places(import, DatumGetArrayTypeP(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull)),
		DatumGetArrayTypeP(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull)), where);
	SPI_finish();
	CommandCounterIncrement();
	if (lists_exist)
		warn_of_listed(import, VA_DISPOSITION_UPDATE);
}

/* Those of the ambiguous numbers, from *next on, whose rows stand before this one: behind n others, how many they are then. */
static int
add_ambiguous(VaImport *import, TupleDesc desc, int64 before, int *next, VaCandidate **rows, Datum *given, int n)
{
	for (; *next < list_length(import->extras->ambiguous); (*next)++)
	{
		VaWithdrawal *withdrawal = list_nth(import->extras->ambiguous, *next);

		if (withdrawal->candidate->row >= before)
			break;
		rows[n] = withdrawal->candidate;
		given[n++] = heap_copy_tuple_as_datum(withdrawal_tuple(import, withdrawal->e164), desc);
	}
	return n;
}

void
va_import_take_consents(VaImport *import, bool leads_existed)
{
	VaCandidate **rows;
	Datum *given;
	TupleDesc desc;
	int ambiguous = 0;
	int max;
	Oid types[2] = { InvalidOid, TIMESTAMPTZOID };
	Datum values[2];
	const char *column;
	bool isnull;
	int n = 0;

	if (!import->extras->has_consents)
		return;
	column = import->headers[import->column[VA_LEAD_CONSENT]];
	desc = RelationGetDescr(import->extras->consents.writer.rel);
	max = import->candidate_count + list_length(import->extras->ambiguous);
	rows = palloc(max * sizeof(VaCandidate *));
	given = palloc(max * sizeof(Datum));
	for (int i = 0; i < import->candidate_count; i++)
	{
		VaCandidate *candidate = &import->candidates[i];
		HeapTuple tuple = NULL;

		CHECK_FOR_INTERRUPTS();
		n = add_ambiguous(import, desc, candidate->row, &ambiguous, rows, given, n);
		/* The number of a new lead may be a further one of somebody who was there before. */
		if (candidate->withdraws && (candidate->disposition != VA_DISPOSITION_IMPORT || leads_existed))
			tuple = withdrawal_tuple(import, candidate->e164);
		else if (candidate->disposition == VA_DISPOSITION_UPDATE && candidate->extras != NULL)
			tuple = candidate->extras->consent;
		if (tuple == NULL)
			continue;
		rows[n] = candidate;
		given[n++] = heap_copy_tuple_as_datum(tuple, desc);
	}
	n = add_ambiguous(import, desc, PG_INT64_MAX, &ambiguous, rows, given, n);
	import->extras->ambiguous = NIL;
	if (n == 0)
		return;
	types[0] = get_array_type(desc->tdtypeid);
	values[0] = PointerGetDatum(construct_array(given, n, desc->tdtypeid, -1, false, TYPALIGN_DOUBLE));
	values[1] = TimestampTzGetDatum(import->now);
	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute_with_args("SELECT withdrawn, late FROM voiceagent_private.take_consents($1, $2)", 2, types, values,
			NULL, false, 0) != SPI_OK_SELECT ||
		SPI_processed != 1)
		elog(ERROR, "cannot take the consents");
	va_import_warn_each(import, SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull), rows, column,
		"the consent to be called is withdrawn");
	va_import_warn_each(import, SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull), rows, column,
		"not recorded: consent was withdrawn, and the row names no later time (consent_at) at which it was given");
	SPI_finish();
	CommandCounterIncrement();
}
