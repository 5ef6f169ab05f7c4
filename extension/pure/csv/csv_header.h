/*-------------------------------------------------------------------------
 * csv_header.h
 *		The first row of a CSV file of leads: where it begins, what separates
 *		its fields, and which column is which field of a lead.
 *
 * Pure: no memory of its own, no state.  Text is UTF-8; letters are compared
 * without regard to ASCII case, and only letters, digits and bytes beyond
 * ASCII count ("E-Mail", "e mail" and "EMAIL" are one name).
 */
#ifndef VOICEAGENT_CSV_HEADER_H
#define VOICEAGENT_CSV_HEADER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum VaCsvHeaderStatus
{
	VA_CSV_HEADER_FOUND,
	VA_CSV_HEADER_MORE,	 /* its end has not come yet */
	VA_CSV_HEADER_EMPTY, /* the file ends without one */
	VA_CSV_HEADER_UTF16,
	VA_CSV_HEADER_ARCHIVE, /* a zip file, as .xlsx and .ods are */
	VA_CSV_HEADER_BINARY   /* NUL bytes */
} VaCsvHeaderStatus;

typedef struct VaCsvHeader
{
	size_t start;	/* after byte order mark, blank lines and "sep=" */
	char delimiter; /* , ; tab or | */
} VaCsvHeader;

/*
 * data: the file from its first byte; last: nothing follows.  Where the row
 * ends is for a reader with that delimiter to say: only it knows for certain
 * which quotes open a field.
 */
extern VaCsvHeaderStatus va_csv_find_header(const char *data, size_t len, bool last, VaCsvHeader *header);

/* The kinds of a column; anything else is context. */
typedef enum VaLeadField
{
	VA_LEAD_PHONE,
	VA_LEAD_FIRST_NAME,
	VA_LEAD_LAST_NAME,
	VA_LEAD_NAME, /* first and last name in one */
	VA_LEAD_EMAIL,
	VA_LEAD_COMPANY,
	VA_LEAD_TIMEZONE,
	VA_LEAD_REGION,
	VA_LEAD_COUNTRY,
	VA_LEAD_PRIORITY,
	VA_LEAD_EXTENSION,
	VA_LEAD_PHONE2, /* further numbers */
	VA_LEAD_PHONE3,
	VA_LEAD_PHONE4,
	VA_LEAD_PHONE5,
	VA_LEAD_TAGS,
	VA_LEAD_CONSENT, /* to be called by an artificial voice: yes or no */
	VA_LEAD_CONSENT_SOURCE,
	VA_LEAD_CONSENT_AT,
	VA_LEAD_DO_NOT_CALL /* whether it must not be called */
} VaLeadField;

#define VA_LEAD_FIELDS 20

/* Numbers of a lead, the first included. */
#define VA_LEAD_NUMBERS 5
/* The column of a lead's number 1 to 5. */
#define VA_LEAD_NUMBER_FIELD(number) ((number) == 1 ? VA_LEAD_PHONE : (VaLeadField) (VA_LEAD_PHONE2 + (number) -2))

/* As it is called in a mapping: "first_name". */
extern const char *va_lead_field_name(VaLeadField field);
/* The inverse, also for the usual other names of a field ("state" is region); -1: none. */
extern int va_lead_field_by_name(const char *name);
/* Letters, digits and what is beyond ASCII, in small letters; false: nothing is left or, cut then, it is too long. */
#define VA_CSV_WORD_MAX 64
extern bool va_csv_reduce(const char *name, size_t len, char reduced[VA_CSV_WORD_MAX]);
/* Does it hold one of these words, of which NULL is the last? */
extern bool va_csv_has_part(const char *reduced, const char *const *parts);
/* Does it speak of somebody who is not to be called, or reached in some other way? */
extern bool va_csv_refuses(const char *header);
/* Does a column with this header tell who must not be called? */
extern bool va_csv_says_stop(const char *header);
/* Is this, by its header, a number, a consent or a refusal: what is not ignored in silence? */
extern bool va_csv_is_telling(const char *header);
/* By the words that files use for them; who is neither says something else. */
extern bool va_lead_is_yes(const char *bytes, size_t len);
extern bool va_lead_is_no(const char *bytes, size_t len);
/* Is this column one of the fields? */
extern bool va_csv_is_taken(const int column[VA_LEAD_FIELDS], int number);

/* The column with this header: exactly, else without regard to case and punctuation; -1: none. */
extern int va_csv_find_column(const char *const *headers, int count, const char *wanted);

/* Is it one of the columns that a list of rejected rows has before its own?  They are discarded. */
extern bool va_csv_is_rejection(const char *header);

/*
 * column[field] = number of the column, or -1.  On input a column that the
 * caller's mapping chose, VA_CSV_UNMAPPED for a field that it does not name,
 * -1 for a field that it forbids.
 */
#define VA_CSV_UNMAPPED (-2)
extern void va_csv_map_columns(const char *const *headers, int count, int column[VA_LEAD_FIELDS]);

#endif /* VOICEAGENT_CSV_HEADER_H */
