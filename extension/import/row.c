/*-------------------------------------------------------------------------
 * row.c
 *		One row of a CSV file -> a candidate for voiceagent.leads, or errors.
 *
 * Everything that a row alone can tell is decided here; the tuple is complete
 * when it leaves.  An unreadable optional field is reported as a warning and
 * stays in the context; only a row without a valid number, or one that is not
 * text, is rejected.  No locks, no table is read.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "run.h"
#include "field.h"
#include "values.h"

/* Longer is no name. */
#define NAME_MAX_BYTES 500
#define PRIORITY_MAX 9
#define TAG_MAX_BYTES 100
#define TAGS_MAX 50

static void
reject_bytes(VaImport *import, const VaCsvRow *row)
{
	for (int i = 0; i < row->count; i++)
	{
		const char *bytes = row->text + row->fields[i].start;
		int len = (int) row->fields[i].len;
		const char *encoding = va_encoding_name(import->encoding);
		VaImportField shown;
		char *copy;

		if (pg_verify_mbstr(PG_UTF8, bytes, len, true))
			continue;
		shown.len = Min(len, 200);
		shown.bytes = copy = palloc(shown.len + 1);
		memcpy(copy, bytes, shown.len);
		for (size_t k = 0; k < shown.len; k++)
		{
			if ((copy[k] & 0x80) != 0 || copy[k] == '\0')
				copy[k] = '?';
		}
		va_reject(import, row, i, shown,
			memchr(bytes, '\0', len) != NULL ? "contains a NUL byte" : psprintf("is not %s text", encoding));
		return;
	}
	/* Text it is, but not in the encoding that was asked for. */
	va_reject(import, row, 0, va_field(row, -1), psprintf("is not %s text", va_encoding_name(import->encoding)));
}

/* Fields without a header are allowed only when they hold nothing (a trailing comma). */
static bool
row_fits_header(VaImport *import, const VaCsvRow *row)
{
	for (int i = import->header_count; i < row->count; i++)
	{
		if (row->fields[i].len > 0)
		{
			va_reject(import, row, -1, va_field(row, i),
				psprintf("the row has %d fields, the header has %d", row->count, import->header_count));
			return false;
		}
	}
	return true;
}

/* Two letters for a row's own country; NULL with a warning if it is none. */
static const char *
read_country(VaImport *import, const VaCsvRow *row)
{
	int column = import->column[VA_LEAD_COUNTRY];
	VaImportField text = va_field(row, column);
	const char *known;

	if (text.len == 0)
		return NULL;
	known = va_lead_country(text.bytes, text.len);
	if (known != NULL)
		return known;
	if (text.len == 2)
	{
		char *code = pnstrdup(text.bytes, 2);

		if (va_phone_region_exists(code))
		{
			code[0] = pg_ascii_toupper((unsigned char) code[0]);
			code[1] = pg_ascii_toupper((unsigned char) code[1]);
			return code;
		}
	}
	va_warn(import, column, text, "unknown country, ignored");
	return NULL;
}

static void
set_text(VaImport *import, VaLeadColumn column, const char *bytes, size_t len)
{
	AttrNumber attr = import->lead_attr[column] - 1;

	import->lead_nulls[attr] = len == 0;
	if (len > 0)
		import->lead_values[attr] = PointerGetDatum(cstring_to_text_with_len(bytes, (int) len));
}

static void
set_datum(VaImport *import, VaLeadColumn column, Datum value)
{
	AttrNumber attr = import->lead_attr[column] - 1;

	import->lead_nulls[attr] = false;
	import->lead_values[attr] = value;
}

/*
 * Zones and region: the row's own zone, else its state's, else the number's.  *zone_used says that it has an own zone, *zone_read that
 * the text said which; one that cannot be read is as if it said every zone of the country.
 * States are known for the US and Canada; elsewhere the column is context.
 */
static void
set_place(VaImport *import, const VaCsvRow *row, const VaPhone *phone, const char *country, bool *region_used,
	bool *zone_used, bool *zone_read)
{
	int column = import->column[VA_LEAD_REGION];
	VaImportField state = va_field(row, column);
	Datum zones = va_import_own_zone(import, row, phone, zone_read);
	const char *subdivision = NULL;
	int set = 0;
	char code[8];

	*zone_used = zones != (Datum) 0;
	*region_used = false;
	if (state.len > 0 && state.len < 64)
	{
		const char *where = country != NULL ? country : phone->region;

		if (strcmp(where, "US") == 0 || strcmp(where, "CA") == 0)
		{
			char *name = pnstrdup(state.bytes, state.len);

			/* A number moves with its owner over the border. */
			if (!va_region_code(where, name, code) && country == NULL)
				where = NULL;
			if (va_region_code(where, name, code))
			{
				set = va_zone_set_of_region(where, name);
				subdivision = code;
				*region_used = true;
			}
			else
				va_warn(import, column, state, "unknown state, ignored");
		}
	}
	if (subdivision == NULL)
		subdivision = va_phone_subdivision(phone->e164);
	if (zones == (Datum) 0)
		zones = va_import_zone_set(import, set != 0 ? set : va_phone_zone_set(phone->e164));
	set_datum(import, LEAD_TIMEZONES, zones);
	set_text(import, LEAD_REGION, subdivision, subdivision != NULL ? strlen(subdivision) : 0);
}

/* Bytes up to a limit that do not cut a character. */
static VaImportField
clipped(VaImportField text, size_t max)
{
	if (text.len > max)
		text.len = pg_mbcliplen(text.bytes, (int) text.len, (int) max);
	return text;
}

/* The same, and not in silence. */
static VaImportField
limited(VaImport *import, int column, VaImportField text, size_t max)
{
	if (text.len > max)
	{
		text = clipped(text, max);
		va_warn(import, column, text, psprintf("longer than %zu bytes, cut", max));
	}
	return text;
}

static void
set_names(VaImport *import, const VaCsvRow *row)
{
	int name_column = import->column[VA_LEAD_NAME];
	VaImportField first = va_field(row, import->column[VA_LEAD_FIRST_NAME]);
	VaImportField last = va_field(row, import->column[VA_LEAD_LAST_NAME]);

	first = limited(import, import->column[VA_LEAD_FIRST_NAME], first, NAME_MAX_BYTES);
	last = limited(import, import->column[VA_LEAD_LAST_NAME], last, NAME_MAX_BYTES);
	if (name_column >= 0)
	{
		VaImportField name = limited(import, name_column, va_field(row, name_column), NAME_MAX_BYTES);
		const char *cut = memchr(name.bytes, ',', name.len);
		bool reversed = cut != NULL; /* "Smith, Anna" */

		if (!reversed)
			cut = memchr(name.bytes, ' ', name.len);
		first = name;
		if (cut != NULL)
		{
			last.bytes = cut + 1;
			last.len = name.bytes + name.len - last.bytes;
			first.len = cut - name.bytes;
			while (last.len > 0 && va_is_blank(last.bytes[0]))
				last.bytes++, last.len--;
			if (reversed)
			{
				VaImportField swap = first;

				first = last;
				last = swap;
			}
		}
	}
	set_text(import, LEAD_FIRST_NAME, first.bytes, first.len);
	set_text(import, LEAD_LAST_NAME, last.bytes, last.len);
}

static void
set_email(VaImport *import, const VaCsvRow *row)
{
	int column = import->column[VA_LEAD_EMAIL];
	VaImportField text = va_field(row, column);

	if (text.len > 0 && !va_lead_is_email(text.bytes, text.len))
	{
		va_warn(import, column, text, "not an e-mail address, dropped");
		text.len = 0;
	}
	set_text(import, LEAD_EMAIL, text.bytes, text.len);
}

/* The row's own priority, 0 to 9; false, with a warning, if it says something else. */
static bool
set_priority(VaImport *import, const VaCsvRow *row, Datum default_priority)
{
	static const struct
	{
		const char *word;
		int priority;
	} words[] = { { "urgent", 0 }, { "highest", 0 }, { "high", 1 }, { "normal", 5 }, { "medium", 5 }, { "low", 8 },
		{ "lowest", 9 } };
	int column = import->column[VA_LEAD_PRIORITY];
	VaImportField text = va_field(row, column);

	set_datum(import, LEAD_PRIORITY, default_priority);
	if (text.len == 0)
		return true;
	if (text.len == 1 && isdigit((unsigned char) text.bytes[0]))
	{
		set_datum(import, LEAD_PRIORITY, Int16GetDatum(text.bytes[0] - '0'));
		return true;
	}
	for (size_t i = 0; i < lengthof(words); i++)
	{
		if (strlen(words[i].word) == text.len && pg_strncasecmp(words[i].word, text.bytes, text.len) == 0)
		{
			set_datum(import, LEAD_PRIORITY, Int16GetDatum(words[i].priority));
			return true;
		}
	}
	va_warn(import, column, text, psprintf("not a priority from 0 (first) to %d, ignored", PRIORITY_MAX));
	return false;
}

/* Words between commas, semicolons or bars, each once. */
static void
set_tags(VaImport *import, const VaCsvRow *row, Datum default_tags)
{
	int column = import->column[VA_LEAD_TAGS];
	VaImportField text = va_field(row, column);
	const char *at = text.bytes;
	const char *end = text.bytes + text.len;
	Datum tags[TAGS_MAX];
	VaImportField seen[TAGS_MAX];
	bool cut = false;
	int n = 0;

	set_datum(import, LEAD_TAGS, default_tags);
	while (at < end)
	{
		const char *stop = at;
		VaImportField tag;
		bool known = false;

		while (stop < end && *stop != ';' && *stop != ',' && *stop != '|')
			stop++;
		tag = va_trimmed(at, stop - at);
		/* Once is enough: a row may hold any number of them. */
		if (tag.len > TAG_MAX_BYTES && !cut)
		{
			cut = true;
			tag = limited(import, column, tag, TAG_MAX_BYTES);
		}
		tag = clipped(tag, TAG_MAX_BYTES);
		at = stop + 1;
		for (int i = 0; i < n && !known; i++)
			known = seen[i].len == tag.len && memcmp(seen[i].bytes, tag.bytes, tag.len) == 0;
		if (tag.len == 0 || known)
			continue;
		if (n == TAGS_MAX)
		{
			va_warn(import, column, tag, psprintf("more than %d tags, the rest is dropped", TAGS_MAX));
			break;
		}
		seen[n] = tag;
		tags[n++] = PointerGetDatum(cstring_to_text_with_len(tag.bytes, (int) tag.len));
	}
	if (n > 0)
		set_datum(import, LEAD_TAGS, PointerGetDatum(construct_array(tags, n, TEXTOID, -1, false, TYPALIGN_INT)));
}

static void
set_extension(VaImport *import, const VaCsvRow *row, const VaPhone *phone)
{
	VaImportField text = va_field(row, import->column[VA_LEAD_EXTENSION]);
	char digits[24];
	size_t n = 0;

	if (phone->extension[0] != '\0' || text.len == 0)
	{
		set_text(import, LEAD_EXTENSION, phone->extension, strlen(phone->extension));
		return;
	}
	for (size_t i = 0; i < text.len && n < 20; i++)
	{
		if (isdigit((unsigned char) text.bytes[i]))
			digits[n++] = text.bytes[i];
	}
	if (n == 0)
		va_warn(import, import->column[VA_LEAD_EXTENSION], text, "an extension without digits, ignored");
	set_text(import, LEAD_EXTENSION, digits, n);
}

/* The other columns as jsonb.  Keys were put into jsonb's own order once, so no row sorts them. */
static void
set_context(VaImport *import, const VaCsvRow *row, const bool *skip_column)
{
	JsonbValue object;
	int n = 0;

	for (int i = 0; i < import->context_count; i++)
	{
		VaContextColumn *column = &import->context[i];
		VaImportField text = va_field(row, column->column);

		if (text.len == 0 || (skip_column[column->column] && !column->always))
			continue;
		import->pairs[n].key.type = jbvString;
		import->pairs[n].key.val.string.val = unconstify(char *, column->key);
		import->pairs[n].key.val.string.len = column->key_len;
		import->pairs[n].value.type = jbvString;
		import->pairs[n].value.val.string.val = unconstify(char *, text.bytes);
		import->pairs[n].value.val.string.len = (int) text.len;
		import->pairs[n].order = 0;
		n++;
	}
	object.type = jbvObject;
	object.val.object.nPairs = n;
	object.val.object.pairs = import->pairs;
	set_datum(import, LEAD_CONTEXT, JsonbPGetDatum(JsonbValueToJsonb(&object)));
}

/* The digits of a number as its text sorts: +1415... before +44..., whatever their length. */
static uint64
sort_key(const VaPhone *phone, size_t digits)
{
	uint64 key = phone->digits;

	for (size_t i = digits; i < 15; i++)
		key *= 10;
	return key * 16 + digits;
}

int64
va_import_next_id(VaImport *import, Oid sequence)
{
	return import->dry_run ? VA_IMPORT_DRY_RUN_IDS + ++import->dry_run_id : nextval_internal(sequence, false);
}

static VaCandidate *
add_candidate(VaImport *import, const VaPhone *phone, VaImportField number)
{
	VaCandidate *candidate = &import->candidates[import->candidate_count++];
	int64 lead_id = va_import_next_id(import, import->lead_sequence);
	size_t digits = strlen(phone->e164) - 1;
	MemoryContext old;

	set_text(import, LEAD_PHONE, phone->e164, digits + 1);
	set_text(import, LEAD_COUNTRY, phone->region, strlen(phone->region));
	set_datum(import, LEAD_LEAD_ID, Int64GetDatum(lead_id));
	set_datum(import, LEAD_BATCH_ROW, Int64GetDatum(import->rows_before + import->rows_read));

	old = MemoryContextSwitchTo(import->chunk);
	candidate->tuple = heap_form_tuple(RelationGetDescr(import->leads), import->lead_values, import->lead_nulls);
	candidate->value = pnstrdup(number.bytes, number.len);
	MemoryContextSwitchTo(old);
	candidate->sort_key = sort_key(phone, digits);
	candidate->row = import->rows_before + import->rows_read;
	candidate->lead_id = lead_id;
	candidate->disposition = VA_DISPOSITION_IMPORT;
	candidate->extras = NULL;
	candidate->withdraws = false;
	candidate->stops = 0;
	candidate->errors = import->errors_of_row;
	memcpy(candidate->e164, phone->e164, sizeof(candidate->e164));
	if (!import->dry_run)
	{
		if (import->first_lead == 0)
			import->first_lead = lead_id;
		import->last_lead = lead_id;
	}
	return candidate;
}

/* Columns whose value went into a field of the lead, and so is no context. */
static void
mark_used(bool *used, int column, bool is_used)
{
	if (column >= 0)
		used[column] = is_used;
}

/* Once a file: what looks as if it decided who is called, and is only context. */
static void
warn_of_unused(VaImport *import, const VaCsvRow *row)
{
	for (int i = 0; i < import->context_count; i++)
	{
		int column = import->context[i].column;
		bool used = import->context[i].always || va_csv_is_taken(import->column, column);

		for (int k = 0; k < import->stop_count; k++)
			used = used || import->stop_columns[k] == column;
		if (!used && va_csv_is_telling(import->headers[column]))
			va_warn(import, column, va_field(row, column),
				"by its heading a number, a consent or a refusal, but not used: a mapping says what it is");
	}
}

static void
take_row(VaImport *import, const VaCsvRow *row)
{
	VaPhone phone;
	VaNumber numbers[VA_LEAD_NUMBERS];
	VaCandidate *candidate;
	const char *country = read_country(import, row);
	VaImportField company = va_field(row, import->column[VA_LEAD_COMPANY]);
	int stops = va_import_stops(import, row);
	bool used[VA_CSV_MAX_COLUMNS];
	bool region_used;
	bool zone_used;
	bool zone_read;
	bool priority_used;
	int column;
	int count = 0;
	Datum default_priority = import->lead_values[import->lead_attr[LEAD_PRIORITY] - 1];
	Datum default_tags = import->lead_values[import->lead_attr[LEAD_TAGS] - 1];

	if (!va_import_first_number(import, row, country, &phone, &column))
	{
		va_import_withdraw_ambiguous(import, row, NULL, country);
		if (stops)
			va_import_stop(import, row, stops, country, NULL);
		return;
	}
	va_import_choose_spelling(import, &phone);
	memset(used, 0, import->header_count * sizeof(bool));
	set_place(import, row, &phone, country, &region_used, &zone_used, &zone_read);
	for (int i = 0; i < import->stop_count; i++)
		mark_used(used, import->stop_columns[i], true);
	mark_used(used, import->column[VA_LEAD_REGION], region_used);
	mark_used(used, import->column[VA_LEAD_TIMEZONE], zone_read);
	mark_used(used, import->column[VA_LEAD_COUNTRY], country != NULL);
	priority_used = set_priority(import, row, default_priority);
	mark_used(used, import->column[VA_LEAD_PRIORITY], priority_used);
	set_names(import, row);
	set_email(import, row);
	set_extension(import, row, &phone);
	company = limited(import, import->column[VA_LEAD_COMPANY], company, NAME_MAX_BYTES);
	set_text(import, LEAD_COMPANY, company.bytes, company.len);
	if (import->column[VA_LEAD_TAGS] >= 0)
		set_tags(import, row, default_tags);
	if (import->extras != NULL)
	{
		mark_used(used, column, true);
		count = va_import_further_numbers(import, row, country, &phone, column, numbers, used);
		if (import->column[VA_LEAD_CONSENT] >= 0)
		{
			bool understood = va_import_has_consent(import, row);

			if (!understood)
				va_warn(import, import->column[VA_LEAD_CONSENT], va_field(row, import->column[VA_LEAD_CONSENT]),
					"neither yes nor no: no consent is recorded or withdrawn");
			mark_used(used, import->column[VA_LEAD_CONSENT], understood);
			mark_used(used, import->column[VA_LEAD_CONSENT_SOURCE], understood);
			mark_used(used, import->column[VA_LEAD_CONSENT_AT], understood);
		}
	}
	set_context(import, row, used);
	candidate = add_candidate(import, &phone, va_field(row, column));
	candidate->gave = (zone_used ? VA_GAVE_ZONE : 0) | (region_used ? VA_GAVE_REGION : 0) |
					  (priority_used && va_field(row, import->column[VA_LEAD_PRIORITY]).len > 0 ? VA_GAVE_PRIORITY : 0);
	if (import->extras != NULL)
	{
		va_import_add_extras(
			import, row, candidate, numbers, count, zone_used, region_used, column == import->column[VA_LEAD_PHONE]);
		va_import_withdraw_ambiguous(import, row, candidate, country);
	}
	if (stops)
		va_import_stop(import, row, stops, country, candidate);
	set_datum(import, LEAD_PRIORITY, default_priority);
	set_datum(import, LEAD_TAGS, default_tags);
}

void
va_import_row(VaImport *import, const VaCsvRow *row)
{
	const VaCsvRow *text;
	MemoryContext old = MemoryContextSwitchTo(import->row);

	MemoryContextReset(import->row);
	import->rows_read++;
	import->errors_of_row = 0;
	text = va_import_as_text(import, row);
	if (text != NULL && import->rows_before + import->rows_read == 1)
		warn_of_unused(import, text);
	if (text == NULL)
		reject_bytes(import, row);
	else if (row_fits_header(import, text))
		take_row(import, text);
	MemoryContextSwitchTo(old);
}

/* The file ended inside of quotes: everything after them came as one field. */
void
va_import_row_unclosed(VaImport *import, const VaCsvRow *row)
{
	MemoryContext old = MemoryContextSwitchTo(import->row);
	const VaCsvRow *converted;
	int column = row->count - 1;
	VaImportField text;
	int lines = 0;

	MemoryContextReset(import->row);
	import->rows_read++;
	import->errors_of_row = 0;
	converted = va_import_as_text(import, row);
	if (converted != NULL)
		row = converted;
	text = va_field(row, column);
	for (size_t i = 0; i < text.len; i++)
		lines += text.bytes[i] == '\n';
	/* Cut before it is judged, so that the report itself is text. */
	text.len = Min(text.len, 200);
	while (text.len > 0 && !pg_verify_mbstr(PG_UTF8, text.bytes, (int) text.len, true))
		text.len--;
	va_reject(import, row, column, text,
		psprintf("the quoted field is not closed before the end of the file, %d lines later", lines));
	MemoryContextSwitchTo(old);
}
