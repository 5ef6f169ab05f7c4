/*-------------------------------------------------------------------------
 * numbers.c
 *		The telephone numbers of a row: the lead's first, and its further ones.
 *		No locks, no table is read.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "field.h"
#include "run.h"

typedef VaPhoneVerdict (*VaNumberReader)(const char *text, size_t len, const char *default_region, VaPhone *out);

/* "1.41555E+10": what a spreadsheet makes of a number; its digits are lost. */
static bool
is_scientific(VaImportField number)
{
	size_t i = 0;

	while (i < number.len &&
		   (isdigit((unsigned char) number.bytes[i]) || number.bytes[i] == '.' || number.bytes[i] == ','))
		i++;
	return i > 0 && i + 2 < number.len && (number.bytes[i] == 'E' || number.bytes[i] == 'e') &&
		   number.bytes[i + 1] == '+';
}

/* "14155550123.0": the same as a floating-point number; nothing is lost. */
static VaImportField
without_fraction(VaImportField number)
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

/* Whether the numbers of a cell part here: "a ::: b", as address books write it, "a | b", one a line; closely: at any word. */
static bool
parts(VaImportField cell, size_t at, bool closely)
{
	if (closely)
		return strchr("0123456789+-(). ", cell.bytes[at]) == NULL;
	return strchr("|\r\n", cell.bytes[at]) != NULL || (at + 2 < cell.len && memcmp(cell.bytes + at, ":::", 3) == 0);
}

static VaImportField
next_part(VaImportField *rest, bool closely)
{
	size_t n = 0;
	VaImportField part;

	while (n < rest->len && !parts(*rest, n, closely))
		n++;
	part = va_trimmed(rest->bytes, n);
	while (n < rest->len && (rest->bytes[n] == ':' || parts(*rest, n, closely)))
		n++;
	*rest = va_trimmed(rest->bytes + n, rest->len - n);
	return part;
}

/* The fault of a number, with both that it may be in *phone where it is ambiguous; NULL: it is in *phone. */
static const char *
read_number(VaImport *import, VaImportField number, const char *country, VaNumberReader parse, VaPhone *phone)
{
	VaImportField read = without_fraction(number);
	VaPhoneVerdict verdict;
	size_t digits;

	/* The row's country does not take back that all numbers of the file have their calling codes. */
	if (country == NULL ||
		(import->default_country != NULL && strcmp(import->default_country, VA_PHONE_CODES_ONLY) == 0))
		country = import->default_country;
	verdict = parse(read.bytes, read.len, country, phone);
	if (is_scientific(number))
	{
		memset(phone, 0, sizeof(*phone));
		return "a spreadsheet has cut the number's digits";
	}
	if (verdict != VA_PHONE_OK)
		return va_phone_verdict_text(verdict);
	/* As the domain e164 demands: by construction for every plan of today. */
	digits = strlen(phone->e164) - 1;
	if (digits < 6 || digits > 15)
		return va_phone_verdict_text(digits < 6 ? VA_PHONE_TOO_SHORT : VA_PHONE_TOO_LONG);
	return NULL;
}

static bool
add_number(List **numbers, VaImport *import, VaImportField number, const char *country, bool ambiguous)
{
	VaPhone phone;

	/* A cell has up to a megabyte of words. */
	CHECK_FOR_INTERRUPTS();
	if (read_number(import, number, country, va_phone_parse_stop, &phone) != NULL)
		return false;
	if (!ambiguous || phone.other_digits != 0)
		*numbers = lappend(*numbers, pstrdup(phone.e164));
	if (phone.other_digits != 0)
		*numbers = lappend(*numbers, psprintf("+" UINT64_FORMAT, phone.other_digits));
	return true;
}

List *
va_import_numbers_of(VaImport *import, const VaCsvRow *row, const char *country, bool ambiguous)
{
	List *numbers = NIL;

	for (int n = 1; n <= VA_LEAD_NUMBERS; n++)
	{
		VaImportField cell = va_field(row, import->column[VA_LEAD_NUMBER_FIELD(n)]);

		while (cell.len > 0)
		{
			VaImportField part = next_part(&cell, false);

			if (is_scientific(part) || add_number(&numbers, import, part, country, ambiguous))
				continue;
			while (part.len > 0)
				(void) add_number(&numbers, import, next_part(&part, true), country, ambiguous);
		}
	}
	return numbers;
}

/* The first number of a cell that can be dialled, or may be either of two. */
static const char *
read_phone(VaImport *import, const VaCsvRow *row, int column, const char *country, VaPhone *phone)
{
	VaImportField rest = va_field(row, column);
	const char *reason;

	do
		reason = read_number(import, next_part(&rest, false), country, va_phone_parse_one, phone);
	while (reason != NULL && phone->other_digits == 0 && rest.len > 0);
	if (reason == NULL && phone->old_form)
		va_warn(import, column, va_field(row, column),
			psprintf("its country has given up this form: it is %s now", phone->e164));
	if (rest.len > 0)
		va_warn(import, column, rest, "several numbers in one field: the first is read, this is not used");
	return reason;
}

bool
va_import_first_number(VaImport *import, const VaCsvRow *row, const char *country, VaPhone *phone, int *column)
{
	const char *reason;
	const char *first_reason = NULL;
	int first = import->column[VA_LEAD_PHONE]; /* that was not empty */

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
		va_reject(import, row, first, va_field(row, first), first_reason);
	else if (*column != import->column[VA_LEAD_PHONE] && va_field(row, import->column[VA_LEAD_PHONE]).len > 0)
		va_warn(import, import->column[VA_LEAD_PHONE], va_field(row, import->column[VA_LEAD_PHONE]),
			psprintf("%s; the next number is the first now", first_reason));
	return *column >= 0;
}

static bool
same_line(const VaPhone *one, const VaPhone *other)
{
	VaPhone twin = { 0 };

	return strcmp(one->e164, other->e164) == 0 || (va_phone_twin(one, &twin) && strcmp(twin.e164, other->e164) == 0);
}

/* The numbers in the other columns; those that are none are left to the context, with a warning. */
int
va_import_further_numbers(VaImport *import, const VaCsvRow *row, const char *country, const VaPhone *first,
	int first_column, VaNumber *numbers, bool *used)
{
	int count = 0;

	for (int n = 2; n <= VA_LEAD_NUMBERS; n++)
	{
		int column = import->column[VA_LEAD_NUMBER_FIELD(n)];
		VaNumber *number = &numbers[count];
		const char *reason;
		bool known;

		if (column < 0 || column == first_column || va_field(row, column).len == 0)
			continue;
		reason = read_phone(import, row, column, country, &number->phone);
		if (reason != NULL)
		{
			va_warn(import, column, va_field(row, column), psprintf("%s, ignored", reason));
			continue;
		}
		used[column] = true;
		known = same_line(&number->phone, first);
		for (int i = 0; i < count && !known; i++)
			known = same_line(&number->phone, &numbers[i].phone);
		number->number = n;
		if (!known)
			count++;
	}
	return count;
}
