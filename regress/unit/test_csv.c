/*
 * test_csv.c
 *		CSV files as people have them: rows, limits, headers, columns.
 */
#include <sys/mman.h>

#include "tap.h"

#include "pure/csv/csv_header.h"
#include "pure/csv/csv_reader.h"

/* The fields of all rows of a file as one text: <a|b><c>, cut into pieces of `step` bytes; '!' where it fails. */
static char *
read_all(const char *file, size_t len, char delimiter, size_t step)
{
	static char out[65536];
	size_t		n = 0;
	VaCsvReader *reader = va_csv_open(delimiter);
	VaCsvRow	row;
	VaCsvStatus status = VA_CSV_MORE;

	for (size_t at = 0; at < len && status == VA_CSV_MORE; at += step)
	{
		const char *data = file + at;
		const char *end = file + (at + step < len ? at + step : len);

		while ((status = va_csv_next(reader, &data, end, &row)) == VA_CSV_ROW)
		{
			out[n++] = '<';
			for (int i = 0; i < row.count; i++)
				n += snprintf(out + n, sizeof(out) - n, "%s%.*s", i > 0 ? "|" : "", (int) row.fields[i].len,
							  row.text + row.fields[i].start);
			out[n++] = '>';
		}
	}
	if (status == VA_CSV_MORE)
	{
		status = va_csv_end(reader, &row);
		if (status == VA_CSV_ROW || status == VA_CSV_UNCLOSED)
		{
			out[n++] = status == VA_CSV_ROW ? '<' : '{';
			for (int i = 0; i < row.count; i++)
				n += snprintf(out + n, sizeof(out) - n, "%s%.*s", i > 0 ? "|" : "", (int) row.fields[i].len,
							  row.text + row.fields[i].start);
			out[n++] = status == VA_CSV_ROW ? '>' : '}';
		}
		else if (status != VA_CSV_MORE)
			out[n++] = '!';
	}
	else
		out[n++] = '!';
	out[n] = '\0';
	va_csv_close(reader);
	return out;
}

static void
test_rows(void)
{
	static const struct
	{
		const char *file;
		char		delimiter;
		const char *rows;
	}			cases[] = {
		{"a,b\nc,d\n", ',', "<a|b><c|d>"},
		{"a,b\r\nc,d", ',', "<a|b><c|d>"},
		{"a\rb\rc", ',', "<a><b><c>"},
		{"a\n\r\n\n\rb\n", ',', "<a><b>"},
		{"\"a\nb\",\"c\"\"d\"\n", ',', "<a\nb|c\"d>"},
		{"\"a\r\nb\"\r\n", ',', "<a\r\nb>"},
		{" a , \" b \" ,c\n", ',', "<a| b |c>"},
		{",,\n", ',', "<||>"},
		{"a;b,c\n", ';', "<a|b,c>"},
		{"a\t\tb\n", '\t', "<a||b>"},
		{"5\" pipe,x\ny,z\n", ',', "<5\" pipe|x><y|z>"},
		{"a,\"b\nc,d\n", ',', "{a|b\nc,d\n\n}"},
		{"\"\"", ',', "<>"},
		{"\"", ',', "{\n}"},
		{"", ',', ""},
		{"\n\n", ',', ""},
		{"   ", ',', ""},
		{"a,", ',', "<a|>"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		size_t		len = strlen(cases[i].file);

		is_str(read_all(cases[i].file, len, cases[i].delimiter, len + 1), cases[i].rows, "file %zu as a whole", i);
		for (size_t step = 1; step < 4; step++)
			is_str(read_all(cases[i].file, len, cases[i].delimiter, step), cases[i].rows, "file %zu in pieces of %zu", i, step);
	}
}

/* What is left of a file after a row can be given to another reader. */
static void
test_resume(void)
{
	static const char file[] = "a,\"x\ny\"\r\nb,2\r\"c\"\"\",3\nd,4";
	int			wrong = 0;

	for (size_t cut = 0; cut < sizeof(file); cut++)
	{
		VaCsvReader *reader = va_csv_open(',');
		const char *data = file;
		const char *left = file;
		char		rest[64];
		VaCsvRow	row;
		int			rows = 0;

		while (va_csv_next(reader, &data, file + cut, &row) == VA_CSV_ROW)
		{
			rows++;
			left = data;
		}
		va_csv_close(reader);

		reader = va_csv_open(',');
		memcpy(rest, left, file + sizeof(file) - 1 - left);
		data = rest;
		while (va_csv_next(reader, &data, rest + (file + sizeof(file) - 1 - left), &row) == VA_CSV_ROW)
			rows++;
		if (va_csv_end(reader, &row) == VA_CSV_ROW)
			rows++;
		va_csv_close(reader);
		wrong += rows != 4;
	}
	ok(wrong == 0, "a file cut at any byte goes on with its carry (%d wrong)", wrong);
}

static VaCsvStatus
first_status(const char *data, size_t len)
{
	VaCsvReader *reader = va_csv_open(',');
	VaCsvRow	row;
	VaCsvStatus status = va_csv_next(reader, &data, data + len, &row);

	va_csv_close(reader);
	return status;
}

static void
test_limits(void)
{
	size_t		size = 16 * 1024 * 1024;
	char	   *big = malloc(size);

	memset(big, 'x', size);
	big[VA_CSV_MAX_FIELD] = '\n';
	ok(first_status(big, size) == VA_CSV_ROW, "a field of the greatest length is read");
	big[VA_CSV_MAX_FIELD] = 'x';
	big[VA_CSV_MAX_FIELD + 1] = '\n';
	ok(first_status(big, size) == VA_CSV_FIELD_TOO_LONG, "one byte more is too long");
	memset(big, 'x', size);
	ok(first_status(big, size) == VA_CSV_FIELD_TOO_LONG, "a field without an end is too long");
	big[0] = '"';
	ok(first_status(big, size) == VA_CSV_FIELD_TOO_LONG, "a quoted field without an end is too long");

	memset(big, ',', VA_CSV_MAX_COLUMNS);
	big[VA_CSV_MAX_COLUMNS - 1] = '\n';
	ok(first_status(big, VA_CSV_MAX_COLUMNS) == VA_CSV_ROW, "%d columns are read", VA_CSV_MAX_COLUMNS);
	big[VA_CSV_MAX_COLUMNS - 1] = ',';
	big[VA_CSV_MAX_COLUMNS] = '\n';
	ok(first_status(big, VA_CSV_MAX_COLUMNS + 1) == VA_CSV_TOO_MANY_COLUMNS, "one more is too many");
	memset(big, ',', 100000);
	ok(first_status(big, 100000) == VA_CSV_TOO_MANY_COLUMNS, "a row without an end has too many as soon as they are there");

	memset(big, 'x', size);
	for (size_t i = 1000000; i < size; i += 1000000)
		big[i] = ',';
	big[size - 1] = '\n';
	ok(first_status(big, size) == VA_CSV_ROW_TOO_LONG, "a row of 16 MB is too long");
	free(big);
}

/* What lies behind the first pages cannot be read: who searches there for a newline of the other kind dies. */
static void
test_lines(void)
{
	size_t		page = 65536;
	size_t		size = 1024 * page;
	char	   *file = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!ok(file != MAP_FAILED && mprotect(file, page, PROT_READ | PROT_WRITE) == 0, "a file of which only the beginning can be read"))
		return;
	memset(file, 'x', page);
	for (int i = 0; i < 3; i++)
	{
		const char *ends[] = {"\r", "\n", "\r\n"};

		memcpy(file + 1000, ends[i], strlen(ends[i]));
		ok(first_status(file, size) == VA_CSV_ROW, "the end of a line is looked for where it is, not in the whole file (%d)", i);
	}
	munmap(file, size);
}

static void
header_case(const char *data, size_t len, bool last, VaCsvHeaderStatus status, const char *found, char delimiter)
{
	VaCsvHeader header = {0};
	VaCsvHeaderStatus got = va_csv_find_header(data, len, last, &header);
	char		text[256] = "";
	VaCsvReader *reader;
	VaCsvRow	row;
	const char *end = data + header.start;

	ok(got == status, "header of \"%.20s\": status %d", data, (int) status);
	if (got != VA_CSV_HEADER_FOUND || status != VA_CSV_HEADER_FOUND)
		return;
	reader = va_csv_open(header.delimiter);
	(void) va_csv_next(reader, &end, data + len, &row);
	va_csv_close(reader);
	snprintf(text, sizeof(text), "%.*s", (int) (end - data - header.start), data + header.start);
	is_str(text, found, "its text");
	ok(header.delimiter == delimiter, "its delimiter is %c", delimiter);
}

static void
test_header(void)
{
#define HEADER(text, last, ...) header_case(text, sizeof(text) - 1, last, __VA_ARGS__)
	HEADER("phone,name\n1,2", false, VA_CSV_HEADER_FOUND, "phone,name\n", ',');
	HEADER("phone;name,x;y\n", false, VA_CSV_HEADER_FOUND, "phone;name,x;y\n", ';');
	HEADER("phone\tname\r\n", false, VA_CSV_HEADER_FOUND, "phone\tname\r", '\t');
	HEADER("phone|name\n", false, VA_CSV_HEADER_FOUND, "phone|name\n", '|');
	HEADER("phone\n", false, VA_CSV_HEADER_FOUND, "phone\n", ',');
	HEADER("phone", true, VA_CSV_HEADER_FOUND, "phone", ',');
	HEADER("phone", false, VA_CSV_HEADER_MORE, "", ',');
	HEADER("\xEF\xBB\xBF\r\n\nphone;a\n", false, VA_CSV_HEADER_FOUND, "phone;a\n", ';');
	HEADER("\xEF\xBB", false, VA_CSV_HEADER_MORE, "", ',');
	HEADER("\"a,b\nc,d\";phone\n", false, VA_CSV_HEADER_FOUND, "\"a,b\nc,d\";phone\n", ';');
	HEADER("phone,Roof pitch 6\"\n1,5\n2,\"a\"\n", false, VA_CSV_HEADER_FOUND, "phone,Roof pitch 6\"\n", ',');
	HEADER("phone;6\" pipe;2\"\"\n1,\"5\n", false, VA_CSV_HEADER_FOUND, "phone;6\" pipe;2\"\"\n", ';');
	HEADER("phone; \"a,b\"\"c,d,\";x\n1,5\n", false, VA_CSV_HEADER_FOUND, "phone; \"a,b\"\"c,d,\";x\n", ';');
	HEADER("phone,\"name\n", false, VA_CSV_HEADER_MORE, "", ',');
	HEADER("sep=|\nphone,x|y\n", false, VA_CSV_HEADER_FOUND, "phone,x|y\n", '|');
	HEADER("sep=;\r\n", false, VA_CSV_HEADER_MORE, "", ',');
	HEADER("", false, VA_CSV_HEADER_MORE, "", ',');
	HEADER("", true, VA_CSV_HEADER_EMPTY, "", ',');
	HEADER("\n\n", true, VA_CSV_HEADER_EMPTY, "", ',');
	HEADER("\xEF\xBB\xBF", true, VA_CSV_HEADER_EMPTY, "", ',');
	HEADER("\xFF\xFEp\0h\0", false, VA_CSV_HEADER_UTF16, "", ',');
	HEADER("\xFE\xFF\0p\0h", false, VA_CSV_HEADER_UTF16, "", ',');
	HEADER("PK\x03\x04xyz\n", false, VA_CSV_HEADER_ARCHIVE, "", ',');
	HEADER("pho\0ne\n", false, VA_CSV_HEADER_BINARY, "", ',');
#undef HEADER
}

/* Headers separated by | -> "phone=0 first_name=2" */
static const char *
mapped(const char *text, int forced_field, int forced_column)
{
	static char out[512];
	char		copy[512];
	const char *headers[32];
	int			count = 0;
	int			column[VA_LEAD_FIELDS];
	size_t		n = 0;

	snprintf(copy, sizeof(copy), "%s", text);
	headers[count++] = copy;
	for (char *p = copy; *p != '\0'; p++)
	{
		if (*p == '|')
		{
			*p = '\0';
			headers[count++] = p + 1;
		}
	}
	for (int i = 0; i < VA_LEAD_FIELDS; i++)
		column[i] = VA_CSV_UNMAPPED;
	if (forced_field >= 0)
		column[forced_field] = forced_column;
	va_csv_map_columns(headers, count, column);
	out[0] = '\0';
	for (int i = 0; i < VA_LEAD_FIELDS; i++)
	{
		if (column[i] >= 0)
			n += snprintf(out + n, sizeof(out) - n, "%s%s=%d", n > 0 ? " " : "", va_lead_field_name(i), column[i]);
	}
	return out;
}

static void
test_columns(void)
{
	static const char *const headers[] = {"Phone", "phone", "First Name"};

	is_str(mapped("First Name|Last_Name|PHONE|E-Mail|Company Name", -1, 0),
		   "phone=2 first_name=0 last_name=1 email=3 company=4", "the usual export");
	is_str(mapped("given_name|surname|Mobile|e mail address|organisation", -1, 0),
		   "phone=2 first_name=0 last_name=1 email=3 company=4", "the same in other words");
	is_str(mapped("phone1|phone2|mobile", -1, 0), "phone=0 phone2=1 phone3=2", "the first number, then the others");
	is_str(mapped("mobile|phone", -1, 0), "phone=1 phone2=0", "phone before mobile, wherever it stands");
	is_str(mapped("phone|number|contact number|fax|phone 3|home phone", -1, 0), "phone=0 phone2=5 phone3=4",
		   "what may be another number than a telephone's is none, beside one");
	is_str(mapped("phone|tags|consent|consent source|Consent Date", -1, 0),
		   "phone=0 tags=1 consent=2 consent_source=3 consent_at=4", "tags and consent");
	is_str(mapped("name|number", -1, 0), "phone=1 name=0", "a full name");
	is_str(mapped("name|surname|tel", -1, 0), "phone=2 first_name=0 last_name=1", "a name beside a surname");
	is_str(mapped("full name|first name|last name|tel", -1, 0), "phone=3 first_name=1 last_name=2", "a name beside its parts");
	is_str(mapped("tel|tz|State/Province|Country|prio|ext.", -1, 0),
		   "phone=0 timezone=1 region=2 country=3 priority=4 extension=5", "where and when");
	is_str(mapped("phone|other", VA_LEAD_PHONE, 1), "phone=1", "a mapping overrides");
	is_str(mapped("name|company", VA_LEAD_COMPANY, 0), "company=0", "a column is one field only");
	is_str(mapped("email|phone", VA_LEAD_EMAIL, -1), "phone=1", "a field that is forbidden stays empty");
	is_str(mapped("a|b|", -1, 0), "", "none is known");
	ok(va_csv_find_column(headers, 3, "phone") == 1, "the exact header is found first");
	ok(va_csv_find_column(headers, 3, "FIRST-NAME") == 2, "else without case and punctuation");
	ok(va_csv_find_column(headers, 3, "nowhere") == -1, "a header that is not there");
	ok(va_csv_find_column(headers, 3, "") == -1, "no header");
	ok(va_lead_field_by_name("first_name") == VA_LEAD_FIRST_NAME, "a field by its name");
	ok(va_lead_field_by_name("state") == VA_LEAD_REGION, "a field by another name");
	ok(va_lead_field_by_name("budget") == -1, "no field");
}

int
main(void)
{
	test_rows();
	test_resume();
	test_limits();
	test_lines();
	test_header();
	test_columns();
	return done_testing();
}
