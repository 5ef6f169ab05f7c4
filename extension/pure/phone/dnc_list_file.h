/*-------------------------------------------------------------------------
 * dnc_list_file.h
 *		Reads the file of a do-not-call list, piece by piece: one number a line.
 *
 * A line is a number as people of the list's country write it, E.164, or, in
 * North America, "area code,seven digits", as the FTC hands its list out; what
 * follows behind a comma, semicolon or tab is passed over, and so are a BOM,
 * quotes, empty lines and a first line that is a heading.  Lines end in LF,
 * CR LF or CR.  Of a line only the first VA_DNC_LIST_LINE bytes are kept, so
 * that no file needs more memory than its pieces.
 *
 * Nothing here allocates or locks.  The state is plain bytes: it may be stored
 * between two pieces and copied back.
 */
#ifndef VOICEAGENT_DNC_LIST_FILE_H
#define VOICEAGENT_DNC_LIST_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_DNC_LIST_LINE 120

typedef struct VaDncListState
{
	int64_t line_number; /* of the last line that has begun, from 1 */
	uint8_t len;		 /* bytes of it that are kept */
	bool too_long;
	bool after_cr; /* an LF now belongs to the line before */
	bool begun;	   /* the line has begun and not ended */
	char line[VA_DNC_LIST_LINE];
} VaDncListState;

typedef enum VaDncListVerdict
{
	VA_DNC_LIST_MORE,	 /* the piece is read */
	VA_DNC_LIST_NUMBER,	 /* numbers[0] is one, numbers[1] another that it may be */
	VA_DNC_LIST_PASSED,	 /* an empty line, a heading */
	VA_DNC_LIST_REJECTED /* state->line and reason say what and why */
} VaDncListVerdict;

/* Is this the beginning of UTF-16?  bytes: the first two or more of a file. */
extern bool va_dnc_list_is_utf16(const char *bytes, size_t len);

/*
 * Reads on from *data until one line is complete, and judges it; *data moves
 * behind it.  country: two capital letters.  A zeroed state is that of a file
 * that has not begun.  *reason (of a rejected line) is a constant.
 *
 * A line that may be either of two numbers (see va_phone_parse), or whose
 * number has two spellings, gives both: whoever is listed must not be called.  Else the second is 0.
 */
extern VaDncListVerdict va_dnc_list_next(VaDncListState *state, const char **data, const char *end, const char *country,
	int64_t numbers[2], const char **reason);

/* The line that the end of the file ends, if it has begun; else VA_DNC_LIST_MORE. */
extern VaDncListVerdict va_dnc_list_end(
	VaDncListState *state, const char *country, int64_t numbers[2], const char **reason);

#endif /* VOICEAGENT_DNC_LIST_FILE_H */
