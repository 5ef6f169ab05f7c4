/*-------------------------------------------------------------------------
 * row.c
 *		One row of a CSV file -> a candidate for voiceagent.leads, or errors.
 *
 * Everything that a row alone can tell is decided here; the tuple is complete
 * when it leaves.  What could not be read of an optional field is reported as
 * a warning and stays in the context; only a row without a valid number, or
 * one that is not text, is rejected.  No locks, no table is read.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "import/extras.h"
#include "import/field.h"
#include "import/row.h"
#include "import/values.h"
#include "phone.h"

/* Longer is no name. */
#define NAME_MAX_BYTES 500
#define PRIORITY_MAX 9
/* Longer is not kept to be mended. */
#define LINE_MAX_BYTES (32 * 1024)
#define TAG_MAX_BYTES 100
#define TAGS_MAX 50
#define ZONE_CACHE_MAX 1000

typedef struct ZoneEntry
{
	char		name[64];		/* as the file writes it; the hash key */
	Datum		zones;			/* text[] of the one zone; 0: there is no such zone */
} ZoneEntry;

/* Every field that holds a comma, a quote or a newline stands in quotes. */
static void
append_csv(StringInfo line, const char *bytes, size_t len)
{
	bool		quoted = false;

	for (size_t i = 0; i < len && !quoted; i++)
		quoted = bytes[i] == ',' || bytes[i] == '"' || bytes[i] == '\n' || bytes[i] == '\r';
	if (!quoted)
	{
		appendBinaryStringInfo(line, bytes, (int) len);
		return;
	}
	appendStringInfoChar(line, '"');
	for (size_t i = 0; i < len; i++)
	{
		if (bytes[i] == '"')
			appendStringInfoChar(line, '"');
		appendStringInfoChar(line, bytes[i]);
	}
	appendStringInfoChar(line, '"');
}

/*
 * The row as a line of CSV, to be mended; NULL if it is longer than is worth
 * keeping.  What is not text comes as it would be in Windows-1252.
 */
static const char *
row_line(const VaCsvRow *row)
{
	StringInfoData line;

	if (row->len > LINE_MAX_BYTES)
		return NULL;
	initStringInfo(&line);
	for (int i = 0; i < row->count; i++)
	{
		const char *bytes = row->text + row->fields[i].start;
		size_t		len = row->fields[i].len;

		if (i > 0)
			appendStringInfoChar(&line, ',');
		if (!pg_verify_mbstr(PG_UTF8, bytes, (int) len, true))
		{
			char	   *text = palloc(VA_1252_ROOM(len));
			bool		clean;

			len = va_1252_to_utf8(bytes, len, text, &clean);
			for (size_t k = 0; k < len; k++)
			{
				if (text[k] == '\0')
					text[k] = ' ';
			}
			bytes = text;
		}
		append_csv(&line, bytes, len);
	}
	return line.data;
}

static void
reject(VaImport *import, const VaCsvRow *row, int column, VaField value, const char *reason)
{
	const char *name = column >= 0 && column < import->header_count ? import->headers[column] : NULL;

	va_import_report(import, import->rows_before + import->rows_read, ++import->errors_of_row, name,
					 value.bytes, value.len, reason, "rejected", row_line(row));
	import->rows_rejected++;
}

static bool
has_high_bit(const char *bytes, size_t len)
{
	size_t		i = 0;
	uint64		seen = 0;

	for (; i + sizeof(uint64) <= len; i += sizeof(uint64))
	{
		uint64		eight;

		memcpy(&eight, bytes + i, sizeof(eight));
		seen |= eight;
	}
	for (; i < len; i++)
		seen |= (unsigned char) bytes[i];
	return (seen & UINT64CONST(0x8080808080808080)) != 0;
}

/* A row of a file in Windows-1252, in UTF-8; NULL if it holds a byte that means nothing there. */
static const VaCsvRow *
converted_row(const VaCsvRow *row)
{
	VaCsvRow   *converted = palloc(sizeof(VaCsvRow));
	VaCsvField *fields = palloc(Max(row->count, 1) * sizeof(VaCsvField));
	char	   *text = palloc(VA_1252_ROOM(row->len) + 1);
	size_t		len = 0;
	bool		clean;

	for (int i = 0; i < row->count; i++)
	{
		fields[i].start = len;
		len += va_1252_to_utf8(row->text + row->fields[i].start, row->fields[i].len, text + len, &clean);
		fields[i].len = len - fields[i].start;
		if (!clean)
			return NULL;
	}
	converted->text = text;
	converted->len = len;
	converted->count = row->count;
	converted->fields = fields;
	return converted;
}

/*
 * Rows come from anywhere: the row as text, NULL if it is none.  It is
 * verified as a whole; only a bad one is looked at field by field.  The first
 * row with more than ASCII decides whether the file is in Windows-1252, so the
 * answer is the same wherever the file was cut.
 */
const VaCsvRow *
va_import_as_text(VaImport *import, const VaCsvRow *row)
{
	bool		forced = import->encoding == VA_ENCODING_WINDOWS_1252 && import->encoding_given;

	if (likely(pg_verify_mbstr(PG_UTF8, row->text, (int) row->len, true)))
	{
		if (import->encoding == VA_ENCODING_OPEN && has_high_bit(row->text, row->len))
			import->encoding = VA_ENCODING_UTF8;
		if (!forced || !has_high_bit(row->text, row->len))
			return row;
	}
	if ((import->encoding == VA_ENCODING_OPEN || import->encoding == VA_ENCODING_WINDOWS_1252) &&
		memchr(row->text, '\0', row->len) == NULL)
	{
		const VaCsvRow *converted = converted_row(row);

		if (converted != NULL)
			import->encoding = VA_ENCODING_WINDOWS_1252;
		return converted;
	}
	return NULL;
}

static void
reject_bytes(VaImport *import, const VaCsvRow *row)
{
	for (int i = 0; i < row->count; i++)
	{
		const char *bytes = row->text + row->fields[i].start;
		int			len = (int) row->fields[i].len;
		const char *encoding = va_encoding_name(import->encoding);
		VaField		shown;
		char	   *copy;

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
		reject(import, row, i, shown, memchr(bytes, '\0', len) != NULL ? "contains a NUL byte" :
			   psprintf("is not %s text", encoding));
		return;
	}
	/* Text it is, but not in the encoding that was asked for. */
	reject(import, row, 0, va_field(row, -1), psprintf("is not %s text", va_encoding_name(import->encoding)));
}

/* Fields without a header are allowed only when they hold nothing (a trailing comma). */
static bool
row_fits_header(VaImport *import, const VaCsvRow *row)
{
	for (int i = import->header_count; i < row->count; i++)
	{
		if (row->fields[i].len > 0)
		{
			reject(import, row, -1, va_field(row, i),
				   psprintf("the row has %d fields, the header has %d", row->count, import->header_count));
			return false;
		}
	}
	return true;
}

/* "1.41555E+10": what a spreadsheet makes of a number; its digits are lost. */
static bool
is_scientific(VaField number)
{
	size_t		i = 0;

	while (i < number.len && (isdigit((unsigned char) number.bytes[i]) || number.bytes[i] == '.' || number.bytes[i] == ','))
		i++;
	return i > 0 && i + 2 < number.len && (number.bytes[i] == 'E' || number.bytes[i] == 'e') && number.bytes[i + 1] == '+';
}

/* "14155550123.0": the same as a floating-point number; nothing is lost. */
static VaField
without_fraction(VaField number)
{
	if (number.len > 7 && memcmp(number.bytes + number.len - 2, ".0", 2) == 0)
	{
		for (size_t i = 0; i < number.len - 2; i++)
		{
			if (!isdigit((unsigned char) number.bytes[i]))
				return number;
		}
		number.len -= 2;
	}
	return number;
}

/* Two letters for a row's own country; NULL with a warning if it is none. */
static const char *
read_country(VaImport *import, const VaCsvRow *row)
{
	int			column = import->column[VA_LEAD_COUNTRY];
	VaField		text = va_field(row, column);
	const char *known;

	if (text.len == 0)
		return NULL;
	known = va_lead_country(text.bytes, text.len);
	if (known != NULL)
		return known;
	if (text.len == 2)
	{
		char	   *code = pnstrdup(text.bytes, 2);

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

/* The row's own zone as text[]; 0 if it has none or, with a warning, no valid one. */
static Datum
read_zone(VaImport *import, const VaCsvRow *row)
{
	int			column = import->column[VA_LEAD_TIMEZONE];
	VaField		text = va_field(row, column);
	ZoneEntry  *entry;
	char		name[64] = "";
	bool		found;
	Datum		zones = (Datum) 0;

	if (text.len == 0)
		return (Datum) 0;
	if (text.len < sizeof(name))
	{
		memcpy(name, text.bytes, text.len);
		entry = hash_search(import->zone_names, name, HASH_FIND, NULL);
		if (entry != NULL)
			zones = entry->zones;
		else
		{
			char	   *canonical = va_lead_zone_name(name);

			if (canonical != NULL)
			{
				MemoryContext old = MemoryContextSwitchTo(import->run);
				Datum		element = CStringGetTextDatum(canonical);

				zones = PointerGetDatum(construct_array(&element, 1, TEXTOID, -1, false, TYPALIGN_INT));
				MemoryContextSwitchTo(old);
			}
			if (hash_get_num_entries(import->zone_names) < ZONE_CACHE_MAX)
			{
				entry = hash_search(import->zone_names, name, HASH_ENTER, &found);
				entry->zones = zones;
			}
		}
	}
	if (zones == (Datum) 0)
		va_warn(import, column, text, "unknown time zone, ignored (IANA names such as America/New_York are known)");
	return zones;
}

/* text[] of a set of zones, made once. */
Datum
va_import_zone_set(VaImport *import, int set)
{
	if (unlikely(import->zone_arrays[set] == (Datum) 0))
	{
		MemoryContext old = MemoryContextSwitchTo(import->run);

		import->zone_arrays[set] = va_zone_set_array(set);
		MemoryContextSwitchTo(old);
	}
	return import->zone_arrays[set];
}

static void
set_text(VaImport *import, VaLeadColumn column, const char *bytes, size_t len)
{
	AttrNumber	attr = import->lead_attr[column] - 1;

	import->lead_nulls[attr] = len == 0;
	if (len > 0)
		import->lead_values[attr] = PointerGetDatum(cstring_to_text_with_len(bytes, (int) len));
}

static void
set_datum(VaImport *import, VaLeadColumn column, Datum value)
{
	AttrNumber	attr = import->lead_attr[column] - 1;

	import->lead_nulls[attr] = false;
	import->lead_values[attr] = value;
}

/*
 * Zones and region: the row's own zone, else its state's, else the number's.
 * States are known for the US and Canada; elsewhere the column is context.
 */
static void
set_place(VaImport *import, const VaCsvRow *row, const VaPhone *phone, const char *country, bool *region_used,
		  bool *zone_used)
{
	int			column = import->column[VA_LEAD_REGION];
	VaField		state = va_field(row, column);
	Datum		zones = read_zone(import, row);
	const char *subdivision = NULL;
	int			set = 0;
	char		code[8];

	*zone_used = zones != (Datum) 0;
	*region_used = false;
	if (state.len > 0 && state.len < 64)
	{
		const char *where = country != NULL ? country : phone->region;

		if (strcmp(where, "US") == 0 || strcmp(where, "CA") == 0)
		{
			char	   *name = pnstrdup(state.bytes, state.len);

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
static VaField
limited(VaImport *import, int column, VaField text, size_t max)
{
	if (text.len > max)
	{
		text.len = pg_mbcliplen(text.bytes, (int) text.len, (int) max);
		va_warn(import, column, text, psprintf("longer than %zu bytes, cut", max));
	}
	return text;
}

static void
set_names(VaImport *import, const VaCsvRow *row)
{
	int			name_column = import->column[VA_LEAD_NAME];
	VaField		first = va_field(row, import->column[VA_LEAD_FIRST_NAME]);
	VaField		last = va_field(row, import->column[VA_LEAD_LAST_NAME]);

	first = limited(import, import->column[VA_LEAD_FIRST_NAME], first, NAME_MAX_BYTES);
	last = limited(import, import->column[VA_LEAD_LAST_NAME], last, NAME_MAX_BYTES);
	if (name_column >= 0)
	{
		VaField		name = limited(import, name_column, va_field(row, name_column), NAME_MAX_BYTES);
		const char *cut = memchr(name.bytes, ',', name.len);
		bool		reversed = cut != NULL; /* "Smith, Anna" */

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
				VaField		swap = first;

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
	int			column = import->column[VA_LEAD_EMAIL];
	VaField		text = va_field(row, column);

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
		int			priority;
	}			words[] = {{"urgent", 0}, {"highest", 0}, {"high", 1}, {"normal", 5}, {"medium", 5}, {"low", 8}, {"lowest", 9}};
	int			column = import->column[VA_LEAD_PRIORITY];
	VaField		text = va_field(row, column);

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
	int			column = import->column[VA_LEAD_TAGS];
	VaField		text = va_field(row, column);
	const char *at = text.bytes;
	const char *end = text.bytes + text.len;
	Datum		tags[TAGS_MAX];
	VaField		seen[TAGS_MAX];
	int			n = 0;

	set_datum(import, LEAD_TAGS, default_tags);
	while (at < end)
	{
		const char *stop = at;
		VaField		tag;
		bool		known = false;

		while (stop < end && *stop != ';' && *stop != ',' && *stop != '|')
			stop++;
		tag = limited(import, column, va_trimmed(at, stop - at), TAG_MAX_BYTES);
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
	VaField		text = va_field(row, import->column[VA_LEAD_EXTENSION]);
	char		digits[24];
	size_t		n = 0;

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
	JsonbValue	object;
	int			n = 0;

	for (int i = 0; i < import->context_count; i++)
	{
		VaContextColumn *column = &import->context[i];
		VaField		text = va_field(row, column->column);

		if (text.len == 0 || skip_column[column->column])
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
	uint64		key = phone->digits;

	for (size_t i = digits; i < 15; i++)
		key *= 10;
	return key * 16 + digits;
}

static VaCandidate *
add_candidate(VaImport *import, const VaPhone *phone, VaField number)
{
	VaCandidate *candidate = &import->candidates[import->candidate_count++];
	int64		lead_id = nextval_internal(import->lead_sequence, false);
	size_t		digits = strlen(phone->e164) - 1;
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
	candidate->fate = VA_FATE_IMPORT;
	candidate->extras = NULL;
	candidate->errors = import->errors_of_row;
	memcpy(candidate->e164, phone->e164, sizeof(candidate->e164));
	if (import->first_lead == 0)
		import->first_lead = lead_id;
	import->last_lead = lead_id;
	return candidate;
}

/* What is wrong with the number in a column; NULL: it is in *phone. */
static const char *
read_phone(VaImport *import, const VaCsvRow *row, int column, const char *country, VaPhone *phone)
{
	VaField		number = va_field(row, column);
	VaField		read = without_fraction(number);
	VaPhoneVerdict verdict;
	size_t		digits;

	verdict = va_phone_parse(read.bytes, read.len, country != NULL ? country : import->default_country, phone);
	if (is_scientific(number))
		return "a spreadsheet has cut the number's digits";
	if (verdict != VA_PHONE_OK)
		return va_phone_verdict_text(verdict);
	/* What the domain e164 demands: by construction for every plan of today. */
	digits = strlen(phone->e164) - 1;
	if (digits < 6 || digits > 15)
		return va_phone_verdict_text(digits < 6 ? VA_PHONE_TOO_SHORT : VA_PHONE_TOO_LONG);
	return NULL;
}

/*
 * The first number of a row that can be dialled, and its column; false when
 * there is none, and the row was rejected.
 */
static bool
read_first_number(VaImport *import, const VaCsvRow *row, const char *country, VaPhone *phone, int *column)
{
	const char *reason;
	const char *first_reason = NULL;
	int			first = import->column[VA_LEAD_PHONE];	/* that was not empty */

	for (int n = 1; n <= VA_LEAD_NUMBERS; n++)
	{
		*column = import->column[VA_LEAD_NUMBER_FIELD(n)];
		if (*column < 0)
			continue;
		reason = read_phone(import, row, *column, country, phone);
		if (reason == NULL)
			break;
		if (first_reason == NULL || (va_field(row, first).len == 0 && va_field(row, *column).len > 0))
		{
			first_reason = reason;
			first = *column;
		}
		*column = -1;
		if (import->extras == NULL)
			break;
	}
	if (*column < 0)
		reject(import, row, first, va_field(row, first), first_reason);
	else if (*column != import->column[VA_LEAD_PHONE] && va_field(row, import->column[VA_LEAD_PHONE]).len > 0)
		va_warn(import, import->column[VA_LEAD_PHONE], va_field(row, import->column[VA_LEAD_PHONE]),
				psprintf("%s; the next number is the first now", first_reason));
	return *column >= 0;
}

/* Columns whose value went into a field of the lead, and so is no context. */
static void
mark_used(bool *used, int column, bool is_used)
{
	if (column >= 0)
		used[column] = is_used;
}

/* The numbers in the other columns; those that are none are left to the context, with a warning. */
static int
read_further_numbers(VaImport *import, const VaCsvRow *row, const char *country, const VaPhone *first, int first_column,
					 VaNumber *numbers, bool *used)
{
	int			count = 0;

	for (int n = 2; n <= VA_LEAD_NUMBERS; n++)
	{
		int			column = import->column[VA_LEAD_NUMBER_FIELD(n)];
		VaNumber   *number = &numbers[count];
		const char *reason;
		bool		known;

		if (column < 0 || column == first_column || va_field(row, column).len == 0)
			continue;
		reason = read_phone(import, row, column, country, &number->phone);
		if (reason != NULL)
		{
			va_warn(import, column, va_field(row, column), psprintf("%s, ignored", reason));
			continue;
		}
		used[column] = true;
		known = strcmp(number->phone.e164, first->e164) == 0;
		for (int i = 0; i < count && !known; i++)
			known = strcmp(number->phone.e164, numbers[i].phone.e164) == 0;
		number->number = n;
		if (!known)
			count++;
	}
	return count;
}

static void
take_row(VaImport *import, const VaCsvRow *row)
{
	VaPhone		phone;
	VaNumber	numbers[VA_LEAD_NUMBERS];
	VaCandidate *candidate;
	const char *country = read_country(import, row);
	VaField		company = va_field(row, import->column[VA_LEAD_COMPANY]);
	bool		used[VA_CSV_MAX_COLUMNS];
	bool		region_used;
	bool		zone_used;
	bool		priority_used;
	int			column;
	int			count = 0;
	Datum		default_priority = import->lead_values[import->lead_attr[LEAD_PRIORITY] - 1];
	Datum		default_tags = import->lead_values[import->lead_attr[LEAD_TAGS] - 1];

	if (!read_first_number(import, row, country, &phone, &column))
		return;
	memset(used, 0, import->header_count * sizeof(bool));
	set_place(import, row, &phone, country, &region_used, &zone_used);
	mark_used(used, import->column[VA_LEAD_REGION], region_used);
	mark_used(used, import->column[VA_LEAD_TIMEZONE], zone_used);
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
		count = read_further_numbers(import, row, country, &phone, column, numbers, used);
		if (import->column[VA_LEAD_CONSENT] >= 0)
		{
			bool		understood = va_import_has_consent(import, row);

			if (!understood)
				va_warn(import, import->column[VA_LEAD_CONSENT], va_field(row, import->column[VA_LEAD_CONSENT]),
						"neither yes nor no: no consent is recorded");
			mark_used(used, import->column[VA_LEAD_CONSENT], understood);
			mark_used(used, import->column[VA_LEAD_CONSENT_SOURCE], understood);
			mark_used(used, import->column[VA_LEAD_CONSENT_AT], understood);
		}
	}
	set_context(import, row, used);
	candidate = add_candidate(import, &phone, va_field(row, column));
	candidate->gave = (region_used || zone_used ? VA_GAVE_PLACE : 0) |
		(priority_used && va_field(row, import->column[VA_LEAD_PRIORITY]).len > 0 ? VA_GAVE_PRIORITY : 0);
	if (import->extras != NULL)
		va_import_add_extras(import, row, candidate, numbers, count, zone_used, region_used,
							 column == import->column[VA_LEAD_PHONE]);
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
	int			column = row->count - 1;
	VaField		text;
	int			lines = 0;

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
	reject(import, row, column, text,
		   psprintf("the quoted field is not closed before the end of the file, %d lines later", lines));
	MemoryContextSwitchTo(old);
}
