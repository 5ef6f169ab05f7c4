/*-------------------------------------------------------------------------
 * phone.h
 *		Telephone numbers: any way of writing one -> E.164, judged by the
 *		number plan of its country; time zones and states of a number.
 *
 * va_phone_parse() reads text as libphonenumber's Parse() does and accepts
 * what its IsValidNumber() accepts, by the plans in phone_data/ (see
 * phone_data/generate.py, which compiles them from that project's metadata).
 * Nothing here allocates, locks or keeps state: every table is constant, so all
 * of it may be called from any thread and process.  Text is UTF-8; bytes that
 * are not are "not a number".
 *
 * A "const char *" returned without a buffer points into constant tables and
 * lives for ever.
 */
#ifndef VOICEAGENT_PHONE_H
#define VOICEAGENT_PHONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longer text is never a number (bytes after white space at both ends is cut). */
#define VA_PHONE_TEXT_MAX 250
/* No set of time zones has more members. */
#define VA_PHONE_MAX_ZONES 64

typedef enum VaPhoneVerdict
{
	VA_PHONE_OK,
	VA_PHONE_EMPTY,
	VA_PHONE_NOT_A_NUMBER,
	VA_PHONE_TOO_SHORT,
	VA_PHONE_TOO_LONG,
	VA_PHONE_UNKNOWN_COUNTRY,	  /* no country has the calling code */
	VA_PHONE_INVALID_FOR_COUNTRY, /* the length fits, the plan has no such number */
	VA_PHONE_NO_COUNTRY,		  /* national format without a default country */
	VA_PHONE_AMBIGUOUS			  /* with and without a calling code; never of va_phone_parse() */
} VaPhoneVerdict;

/* The order is that of the generated tables. */
typedef enum VaPhoneType
{
	VA_PHONE_TYPE_UNKNOWN = 0,
	VA_PHONE_PREMIUM_RATE = 2,
	VA_PHONE_TOLL_FREE,
	VA_PHONE_SHARED_COST,
	VA_PHONE_VOIP,
	VA_PHONE_PERSONAL_NUMBER,
	VA_PHONE_PAGER,
	VA_PHONE_UAN,
	VA_PHONE_VOICEMAIL,
	VA_PHONE_FIXED_LINE,
	VA_PHONE_MOBILE,
	VA_PHONE_FIXED_LINE_OR_MOBILE
} VaPhoneType;

typedef struct VaPhone
{
	char e164[24];		/* "+" and at most 20 digits */
	char extension[24]; /* at most 20 digits, "" = none */
	char region[4];		/* ISO 3166-1 alpha-2, or "001" */
	int country_code;
	uint64_t digits;	   /* e164 as a number: fits a bigint; a key shorter than text */
	uint64_t other_digits; /* the same of the other number that it may be, 0 = none */
	VaPhoneType type;
	bool old_form; /* it was written in a form that its country has given up; this is what it became */
} VaPhone;

/* In the place of a default region: every number begins with its calling code, with a plus sign, with 00, or with neither. */
#define VA_PHONE_CODES_ONLY "+"

/*
 * text need not end in NUL.  default_region is two letters of any case,
 * VA_PHONE_CODES_ONLY, or NULL; one that does not exist counts as NULL (ask
 * va_phone_region_exists first).  On any verdict but VA_PHONE_OK, *out is all zero.
 *
 * Digits without plus sign and national prefix that begin with the default
 * region's own calling code are a national number for libphonenumber wherever
 * the plan has it, and so they are in *out.  A spreadsheet makes the same of
 * an international number; if the plan has that as well, it is in other_digits.
 */
extern VaPhoneVerdict va_phone_parse_as_library(const char *text, size_t len, const char *default_region, VaPhone *out);

/*
 * The same for what people write in a cell.  Every blank of Unicode parts digits, invisible characters are skipped, and words are no
 * keypad's letters, which the library dials ("212-no phone"): behind a number they are passed over ("(mobile)"), before digits it is
 * no number, and so are letters in the place of digits ("1-800-FLOWERS").  A form that a country has given up ("+52 1 55 ...") is read
 * as what it became.
 */
extern VaPhoneVerdict va_phone_parse(const char *text, size_t len, const char *default_region, VaPhone *out);

/*
 * The same for who must not be called: E.164's shape is enough, 7 to 15 digits behind a plus sign, or what the default region
 * completes.  Plans are older than the numbers that people have.  Letters of a toll-free number are digits.
 */
extern VaPhoneVerdict va_phone_parse_stop(const char *text, size_t len, const char *default_region, VaPhone *out);

/* The same for who needs one number: VA_PHONE_AMBIGUOUS, with both in *out, where there is another reading. */
extern VaPhoneVerdict va_phone_parse_one(const char *text, size_t len, const char *default_region, VaPhone *out);

/* The other spelling of the same line, where the plan has two of them (Argentina's with and without 9); else false. */
extern bool va_phone_twin(const VaPhone *phone, VaPhone *twin);

/* The number in E.164 as it is written today: itself, or in *phone what its form became. */
extern const char *va_phone_today(const char *e164, VaPhone *phone);

/* A reason for people, lower case and without a full stop; "ok" for VA_PHONE_OK. */
extern const char *va_phone_verdict_text(VaPhoneVerdict verdict);

/* "mobile", "fixed_line", ...; "unknown" for anything else. */
extern const char *va_phone_type_text(VaPhoneType type);

/* Is there a number plan for these two letters?  Any case; NULL is false. */
extern bool va_phone_region_exists(const char *iso2);

/*
 * Time zones.  A set of zones has a small number, so that a caller may keep
 * what it made from one (an array, a lane) by that number: 0 is the empty set,
 * and every set is below va_zone_set_count().
 */
extern int va_zone_set_count(void);
/* Returns how many were stored. */
extern size_t va_zone_set_members(int set, const char **zones, size_t max);

/*
 * Zones in which the owner of a number may be, by its longest known prefix.
 * e164 ends in NUL; a toll-free or satellite number may be anywhere its calling
 * code reaches.
 */
extern int va_phone_zone_set(const char *e164);

/*
 * Zones of a state of the US or a province of Canada, named by its code or its
 * name in any case ("tx", "US-TX", "Texas"); country may be NULL if the name says
 * it.  0 or nothing if unknown.  A state with two zones gives both, "" all of the country.
 */
extern int va_zone_set_of_region(const char *country, const char *state);
/* Its ISO 3166-2 code ("US-TX"); false and "" if unknown. */
extern bool va_region_code(const char *country, const char *state, char code[8]);

/* "US-CA", "CA-NT|CA-NU|CA-YT" for area codes that span, NULL outside +1 and for codes of no state. */
extern const char *va_phone_subdivision(const char *e164);

#endif /* VOICEAGENT_PHONE_H */
