/*-------------------------------------------------------------------------
 * columns.c
 *		Which column of a file is which field of a lead, and which are context.
 *
 * The mapping that the user gave comes first, then what the headers say by
 * themselves (pure/csv/csv_header.h); everything else is kept as context.  No
 * locks, no table is read.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "core/errors.h"
#include "run.h"
#include "lead/phone.h"
#include "pure/text/template.h"

#define HEADERS_SHOWN_BYTES 1000
/* Columns that a mapping gives a variable's name: more than any prompt has. */
#define VARIABLES_MAX 1000

PG_FUNCTION_INFO_V1(va_sql_check_import);

/* A mapping: {"our field, or a variable": "their header"}. */
typedef struct Mapping
{
	const char *chosen[VA_LEAD_FIELDS]; /* the header; "": no column is this field; NULL: it is not named */
	int variable_count;
	char **variables; /* names that are no field: the column is context under them */
	char **variable_headers;
} Mapping;

/*
 * A name that is no field is a variable of prompts, unless it is a field with
 * one letter wrong, which would otherwise be taken for one in silence.
 */
static void
check_variable(const char *name)
{
	size_t len = strlen(name);

	for (int field = 0; field < VA_LEAD_FIELDS; field++)
	{
		const char *known = va_lead_field_name((VaLeadField) field);

		if (len >= 4 && len <= VA_TEMPLATE_NAME_MAX &&
			varstr_levenshtein(name, (int) len, known, (int) strlen(known), 1, 1, 1, false) == 1)
			ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("unknown field \"%s\" in the mapping", va_shown(name)),
							   errhint("The field is called %s. A variable of prompts needs another name.", known)));
	}
	if (!va_template_is_name(name, len))
		ereport(ERROR,
			(errcode(VA_ERRCODE_INVALID), errmsg("unknown field \"%s\" in the mapping", va_shown(name)),
				errhint(
					"The fields of a lead are phone, first_name, last_name, name, email, company, "
					"timezone, region, country, priority, extension, phone2 to phone5, tags, consent, "
					"consent_source, consent_at and do_not_call; every other column is context, under "
					"its header or under the name of a variable that the mapping gives it (letters, digits and _).")));
}

static void
map_one(Mapping *mapping, const char *name, int field, const char *header)
{
	if (field >= 0)
	{
		mapping->chosen[field] = header;
		return;
	}
	if (header[0] == '\0')
		return;
	if (mapping->variable_count == VARIABLES_MAX)
		ereport(
			ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the mapping names more than %d variables", VARIABLES_MAX)));
	mapping->variables[mapping->variable_count] = (char *) name;
	mapping->variable_headers[mapping->variable_count++] = (char *) header;
}

static void
read_mapping(Jsonb *given, Mapping *mapping)
{
	JsonbIterator *iterator = JsonbIteratorInit(&given->root);
	JsonbValue value;
	JsonbIteratorToken token = JsonbIteratorNext(&iterator, &value, false);
	char *name = NULL;
	int field = -1;

	memset(mapping, 0, sizeof(*mapping));
	mapping->variables = palloc(VARIABLES_MAX * sizeof(char *));
	mapping->variable_headers = palloc(VARIABLES_MAX * sizeof(char *));
	if (token != WJB_BEGIN_OBJECT)
		ereport(
			ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the mapping is not an object"),
					   errhint("Write it as {\"our field\": \"their header\"}, such as {\"phone\": \"Mobile 2\"}.")));
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			name = pnstrdup(value.val.string.val, value.val.string.len);
			field = va_lead_field_by_name(name);
			if (field < 0)
				check_variable(name);
			else if (mapping->chosen[field] != NULL)
				ereport(ERROR, (errcode(VA_ERRCODE_INVALID),
								   errmsg("the mapping names the field \"%s\" twice", va_lead_field_name(field))));
		}
		else if (token == WJB_VALUE)
		{
			if (value.type == jbvNull)
				map_one(mapping, name, field, "");
			else if (value.type == jbvString && value.val.string.len > 0)
				map_one(mapping, name, field, pnstrdup(value.val.string.val, value.val.string.len));
			else
				ereport(ERROR, (errcode(VA_ERRCODE_INVALID),
								   errmsg("the mapping of \"%s\" is not the name of a column", va_shown(name)),
								   errhint("Give the header as text, or null for no column.")));
		}
	}
	if (mapping->chosen[VA_LEAD_PHONE] != NULL && mapping->chosen[VA_LEAD_PHONE][0] == '\0')
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

/* The column of this header; PT422: the file has none. */
static int
column_of(VaImport *import, const char *header, const char *name)
{
	int column = va_csv_find_column(import->headers, import->header_count, header);

	if (column < 0)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the file has no column \"%s\"", va_shown(header)),
						   errdetail("The mapping names it for \"%s\". The file has the columns %s.", va_shown(name),
							   shown_headers(import)),
						   errhint("Name a column as the first row of the file does.")));
	return column;
}

/* Each of several columns that tell who must not be called is heard; a mapping names the only one, or none. */
static void
choose_stops(VaImport *import, bool mapped)
{
	import->stop_columns = palloc(Max(import->header_count, 1) * sizeof(int));
	import->stops = palloc0(Max(import->header_count, 1) * sizeof(List *));
	if (import->column[VA_LEAD_DO_NOT_CALL] >= 0)
		import->stop_columns[import->stop_count++] = import->column[VA_LEAD_DO_NOT_CALL];
	for (int i = 0; i < import->header_count && !mapped; i++)
		if (!va_csv_is_taken(import->column, i) && va_csv_says_stop(import->headers[i]))
			import->stop_columns[import->stop_count++] = i;
}

static void
map_columns(VaImport *import, const Mapping *mapping)
{
	for (int field = 0; field < VA_LEAD_FIELDS; field++)
	{
		const char *header = mapping->chosen[field];

		import->column[field] = header == NULL ? VA_CSV_UNMAPPED : -1;
		if (header != NULL && header[0] != '\0')
			import->column[field] = column_of(import, header, va_lead_field_name(field));
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
	choose_stops(import, mapping->chosen[VA_LEAD_DO_NOT_CALL] != NULL);
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

static void
add_context(VaImport *import, const char *key, int column, bool always)
{
	VaContextColumn *context = &import->context[import->context_count++];

	context->key = key;
	context->key_len = (int) strlen(key);
	context->column = column;
	context->always = always;
}

/* Columns that the mapping calls by the name of a variable, under that name. */
static void
choose_variables(VaImport *import, const Mapping *mapping, bool *is_variable)
{
	for (int i = 0; i < mapping->variable_count; i++)
	{
		int column = column_of(import, mapping->variable_headers[i], mapping->variables[i]);

		add_context(import, mapping->variables[i], column, true);
		is_variable[column] = true;
	}
}

/*
 * Columns that are no field of the lead, under their own headers.  A header
 * that is missing or repeated gets a number.  Fields whose value may turn out
 * not to be usable are here too; a row leaves them out when it used them.
 */
static void
choose_context(VaImport *import, const Mapping *mapping)
{
	static const VaLeadField always[] = { VA_LEAD_PHONE, VA_LEAD_FIRST_NAME, VA_LEAD_LAST_NAME, VA_LEAD_NAME,
		VA_LEAD_EMAIL, VA_LEAD_COMPANY, VA_LEAD_EXTENSION, VA_LEAD_TAGS };
	int most = import->header_count + mapping->variable_count;
	bool *is_variable = palloc0(Max(import->header_count, 1) * sizeof(bool));

	import->context = palloc(Max(most, 1) * sizeof(VaContextColumn));
	import->pairs = palloc(Max(most, 1) * sizeof(JsonbPair));
	choose_variables(import, mapping, is_variable);
	for (int i = 0; i < import->header_count; i++)
	{
		char *key = pstrdup(import->headers[i]);
		bool is_field = is_variable[i];

		for (size_t k = 0; k < lengthof(always); k++)
			is_field = is_field || import->column[always[k]] == i;
		if (is_field || va_csv_is_rejection(key))
			continue;
		if (key[0] == '\0')
			key = psprintf("column_%d", i + 1);
		for (int n = 2; key_exists(import, key); n++)
			key = psprintf("%s_%d", import->headers[i][0] != '\0' ? import->headers[i] : "column", n);
		add_context(import, key, i, false);
	}
	qsort(import->context, import->context_count, sizeof(VaContextColumn), compare_context);
}

void
va_import_guess_columns(VaImport *import, Jsonb *given)
{
	Mapping mapping;

	read_mapping(given, &mapping);
	map_columns(import, &mapping);
	choose_context(import, &mapping);
}

void
va_import_choose_columns(VaImport *import, Jsonb *given)
{
	va_import_guess_columns(import, given);
	if (import->column[VA_LEAD_PHONE] < 0)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the file has no phone column"),
						   errdetail("The first row of the file has the columns %s.", shown_headers(import)),
						   errhint("Name the column by a mapping, such as {\"phone\": \"their header\"}; the first row "
								   "of the file must hold the names of the columns.")));
}

/* check_import(mapping, default_country): raises what can be known to be wrong before the file comes. */
Datum
va_sql_check_import(PG_FUNCTION_ARGS)
{
	Mapping mapping;

	if (!PG_ARGISNULL(0))
		read_mapping(PG_GETARG_JSONB_P(0), &mapping);
	if (!PG_ARGISNULL(1))
		(void) va_phone_default_country(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_VOID();
}
