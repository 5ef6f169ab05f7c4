/*-------------------------------------------------------------------------
 * listing_file.h
 *		Reads the file of a do-not-call list, piece by piece: one number a line.
 *
 * A line is a number as people of the list's country write it, E.164, or, in
 * North America, "area code,seven digits", as the FTC hands its list out; what
 * follows behind a comma, semicolon or tab is passed over, and so are a BOM,
 * quotes, empty lines and a first line that is a heading.  Lines end in LF,
 * CR LF or CR.  Of a line only the first VA_LISTING_LINE bytes are kept, so
 * that no file needs more memory than its pieces.
 *
 * Nothing here allocates or locks.  The state is plain bytes: it may be stored
 * between two pieces and copied back.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_LISTING_FILE_H
#define VOICEAGENT_LISTING_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_LISTING_LINE 120

typedef struct VaListingState
{
	int64_t		line_number;	/* of the last line that has begun, from 1 */
	uint8_t		len;			/* bytes of it that are kept */
	bool		too_long;
	bool		after_cr;		/* an LF now belongs to the line before */
	bool		begun;			/* the line has begun and not ended */
	char		line[VA_LISTING_LINE];
} VaListingState;

typedef enum VaListingVerdict
{
	VA_LISTING_MORE,			/* the piece is read */
	VA_LISTING_NUMBER,			/* numbers[0] is one, numbers[1] another that it may be */
	VA_LISTING_PASSED,			/* an empty line, a heading */
	VA_LISTING_REJECTED			/* state->line and reason say what and why */
} VaListingVerdict;

/* Is this the beginning of UTF-16?  bytes: the first two or more of a file. */
extern bool va_listing_is_utf16(const char *bytes, size_t len);

/*
 * Reads on from *data until one line is complete, and judges it; *data moves
 * behind it.  country: two capital letters.  A zeroed state is that of a file
 * that has not begun.  *reason (of a rejected line) is a constant.
 *
 * A line that may be either of two numbers (see va_phone_parse) gives both:
 * whoever is listed must not be called.  Else the second is 0.
 */
extern VaListingVerdict va_listing_next(VaListingState *state, const char **data, const char *end, const char *country,
										int64_t numbers[2], const char **reason);

/* The line that the end of the file ends, if it has begun; else VA_LISTING_MORE. */
extern VaListingVerdict va_listing_end(VaListingState *state, const char *country, int64_t numbers[2], const char **reason);

#endif							/* VOICEAGENT_LISTING_FILE_H */
