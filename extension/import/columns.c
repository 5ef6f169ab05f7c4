/*-------------------------------------------------------------------------
 * columns.c
 *		Which column of a file is which field of a lead, and which are context.
 *
 * The mapping that the user gave comes first, then what the headers say by
 * themselves (pure/csv/csv_header.h); everything else is kept as context.  No
 * locks, no table is read.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "core/errors.h"
#include "columns.h"
#include "lead/phone.h"

#define HEADERS_SHOWN_BYTES 1000

PG_FUNCTION_INFO_V1(va_sql_check_import);

/*
 * The mapping: {"our field": "their header"}.  chosen[field] becomes the
 * header, "" for null (no column is this field), NULL when it is not named.
 */
static void
read_mapping(Jsonb *mapping, const char *chosen[VA_LEAD_FIELDS])
{
	JsonbIterator *iterator = JsonbIteratorInit(&mapping->root);
	JsonbValue value;
	JsonbIteratorToken token = JsonbIteratorNext(&iterator, &value, false);
	int field = -1;

	memset(chosen, 0, sizeof(char *) * VA_LEAD_FIELDS);
	if (token != WJB_BEGIN_OBJECT)
		ereport(
			ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the mapping is not an object"),
					   errhint("Write it as {\"our field\": \"their header\"}, such as {\"phone\": \"Mobile 2\"}.")));
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			char *name = pnstrdup(value.val.string.val, value.val.string.len);

			field = va_lead_field_by_name(name);
			if (field < 0)
				ereport(ERROR,
					(errcode(VA_ERRCODE_INVALID), errmsg("unknown field \"%s\" in the mapping", va_shown(name)),
						errhint("The fields of a lead are phone, first_name, last_name, name, email, company, "
								"timezone, region, country, priority, extension, phone2 to phone5, tags, consent, "
								"consent_source and consent_at; every other column is kept as context.")));
			if (chosen[field] != NULL)
				ereport(ERROR, (errcode(VA_ERRCODE_INVALID),
								   errmsg("the mapping names the field \"%s\" twice", va_lead_field_name(field))));
		}
		else if (token == WJB_VALUE)
		{
			if (value.type == jbvNull)
				chosen[field] = "";
			else if (value.type == jbvString && value.val.string.len > 0)
				chosen[field] = pnstrdup(value.val.string.val, value.val.string.len);
			else
				ereport(
					ERROR, (errcode(VA_ERRCODE_INVALID),
							   errmsg("the mapping of \"%s\" is not the name of a column", va_lead_field_name(field)),
							   errhint("Give the header as text, or null for no column.")));
		}
	}
	if (chosen[VA_LEAD_PHONE] != NULL && chosen[VA_LEAD_PHONE][0] == '\0')
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the mapping takes the phone column away"),
						   errdetail("A lead without a phone number cannot be called.")));
}

/* The headers for people, cut where it gets long. */
static char *
shown_headers(VaImport *import)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < import->header_count; i++)
	{
		if (list.len > HEADERS_SHOWN_BYTES)
		{
			appendStringInfoString(&list, ", ...");
			break;
		}
		appendStringInfo(&list, "%s\"%.*s\"", i > 0 ? ", " : "",
			pg_mbcliplen(import->headers[i], (int) strlen(import->headers[i]), 100), import->headers[i]);
	}
	return list.data;
}

static void
map_columns(VaImport *import, Jsonb *mapping)
{
	const char *chosen[VA_LEAD_FIELDS];

	read_mapping(mapping, chosen);
	for (int field = 0; field < VA_LEAD_FIELDS; field++)
	{
		import->column[field] = VA_CSV_UNMAPPED;
		if (chosen[field] == NULL)
			continue;
		import->column[field] = -1;
		if (chosen[field][0] == '\0')
			continue;
		import->column[field] = va_csv_find_column(import->headers, import->header_count, chosen[field]);
		if (import->column[field] < 0)
			ereport(
				ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the file has no column \"%s\"", va_shown(chosen[field])),
						   errdetail("The mapping names it for the field \"%s\". The file has the columns %s.",
							   va_lead_field_name(field), shown_headers(import)),
						   errhint("Name a column as the first row of the file does.")));
	}
	/* A full name that was asked for is not given up for a first name that was only found. */
	if (import->column[VA_LEAD_NAME] >= 0)
	{
		if (import->column[VA_LEAD_FIRST_NAME] == VA_CSV_UNMAPPED)
			import->column[VA_LEAD_FIRST_NAME] = -1;
		if (import->column[VA_LEAD_LAST_NAME] == VA_CSV_UNMAPPED)
			import->column[VA_LEAD_LAST_NAME] = -1;
	}
	va_csv_map_columns(import->headers, import->header_count, import->column);
	if (import->column[VA_LEAD_PHONE] < 0)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the file has no phone column"),
						   errdetail("The first row of the file has the columns %s.", shown_headers(import)),
						   errhint("Name the column by a mapping, such as {\"phone\": \"their header\"}; the first row "
								   "of the file must hold the names of the columns.")));
}

/* jsonb sorts keys by length, then by bytes. */
static int
compare_context(const void *a, const void *b)
{
	const VaContextColumn *x = a;
	const VaContextColumn *y = b;

	if (x->key_len != y->key_len)
		return x->key_len - y->key_len;
	return memcmp(x->key, y->key, x->key_len);
}

static bool
key_exists(VaImport *import, const char *key)
{
	for (int i = 0; i < import->context_count; i++)
	{
		if (strcmp(import->context[i].key, key) == 0)
			return true;
	}
	return false;
}

/*
 * Columns that are no field of the lead, under their own headers.  A header
 * that is missing or repeated gets a number.  Fields whose value may turn out
 * not to be usable are here too; a row leaves them out when it used them.
 */
static void
choose_context(VaImport *import)
{
	static const VaLeadField always[] = { VA_LEAD_PHONE, VA_LEAD_FIRST_NAME, VA_LEAD_LAST_NAME, VA_LEAD_NAME,
		VA_LEAD_EMAIL, VA_LEAD_COMPANY, VA_LEAD_EXTENSION, VA_LEAD_TAGS };

	import->context = palloc(Max(import->header_count, 1) * sizeof(VaContextColumn));
	import->pairs = palloc(Max(import->header_count, 1) * sizeof(JsonbPair));
	for (int i = 0; i < import->header_count; i++)
	{
		VaContextColumn *column = &import->context[import->context_count];
		char *key = pstrdup(import->headers[i]);
		bool is_field = false;

		for (size_t k = 0; k < lengthof(always); k++)
			is_field = is_field || import->column[always[k]] == i;
		if (is_field || va_csv_is_rejection(key))
			continue;
		if (key[0] == '\0')
			key = psprintf("column_%d", i + 1);
		for (int n = 2; key_exists(import, key); n++)
			key = psprintf("%s_%d", import->headers[i][0] != '\0' ? import->headers[i] : "column", n);
		column->key = key;
		column->key_len = (int) strlen(key);
		column->column = i;
		import->context_count++;
	}
	qsort(import->context, import->context_count, sizeof(VaContextColumn), compare_context);
}

void
va_import_choose_columns(VaImport *import, Jsonb *mapping)
{
	map_columns(import, mapping);
	choose_context(import);
}

/* check_import(mapping, default_country): raises what can be known to be wrong before the file comes. */
Datum
va_sql_check_import(PG_FUNCTION_ARGS)
{
	const char *chosen[VA_LEAD_FIELDS];

	if (!PG_ARGISNULL(0))
		read_mapping(PG_GETARG_JSONB_P(0), chosen);
	if (!PG_ARGISNULL(1))
		(void) va_phone_default_country(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_VOID();
}
