/*-------------------------------------------------------------------------
 * encoding.h
 *		Which encoding a file is in, and its text as UTF-8.
 *
 * Pure: bytes in, bytes out, no memory of its own.  Spreadsheets write CSV
 * files in three families: UTF-8 (with or without byte order mark), UTF-16
 * ("Unicode text") and the Windows code page of the West.  UTF-16 is known by
 * its first four bytes.  The other two agree on ASCII, so whoever reads rows
 * decides at the first row that holds more.
 */
#ifndef VOICEAGENT_ENCODING_H
#define VOICEAGENT_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

typedef enum VaTextEncoding
{
	VA_ENCODING_MORE, /* too few bytes to tell */
	VA_ENCODING_OPEN, /* UTF-8 or Windows-1252: a row will tell */
	VA_ENCODING_UTF8,
	VA_ENCODING_UTF16LE,
	VA_ENCODING_UTF16BE,
	VA_ENCODING_WINDOWS_1252,
	VA_ENCODING_UTF32, /* recognised, to be refused */
	VA_ENCODING_NONE   /* a name that is none of these */
} VaTextEncoding;

/* As it is shown: "UTF-16LE"; NULL for what is no encoding of a file that can be read. */
extern const char *va_encoding_name(VaTextEncoding encoding);
/* The inverse, in any case and with usual other names; VA_ENCODING_NONE if there is none such. */
extern VaTextEncoding va_encoding_by_name(const char *name);

/* By the first bytes of a file; last: nothing follows. */
extern VaTextEncoding va_encoding_sniff(const char *bytes, size_t len, bool last);

/* Room that len bytes of UTF-16 need at most. */
#define VA_UTF16_ROOM(len) ((len) / 2 * 3 + 4)

/*
 * UTF-16 -> UTF-8 into out; returns its length, *used says how many bytes were
 * taken: up to three at the end wait for what follows, unless last.  An
 * invalid character (half a pair, half a unit) becomes bytes that are no
 * UTF-8, so that the row it stands in is found.
 */
extern size_t va_utf16_to_utf8(
	VaTextEncoding encoding, const char *bytes, size_t len, bool last, char *out, size_t *used);

/* Room that len bytes of Windows-1252 need at most. */
#define VA_1252_ROOM(len) ((len) *3)

/* Windows-1252 -> UTF-8 into out; returns its length.  The five bytes that mean nothing become U+FFFD; *clean is false then. */
extern size_t va_1252_to_utf8(const char *bytes, size_t len, char *out, bool *clean);

#endif /* VOICEAGENT_ENCODING_H */
