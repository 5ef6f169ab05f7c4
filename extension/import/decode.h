/*-------------------------------------------------------------------------
 * decode.h
 *		The encoding of a file, told from its bytes or by its owner; a file
 *		comes in pieces cut anywhere, also within a character.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_DECODE_H
#define VOICEAGENT_IMPORT_DECODE_H

#include "run.h"

/* What is known of the encoding so far, as the last piece has left it; NULL before the first. */
extern void va_import_take_encoding(VaImport *import, const char *state);
/* The same for the next piece. */
extern Datum va_import_encoding_state(VaImport *import);

/*
 * The new bytes of the file in an encoding that rows can be found in; what is
 * left of a character that was cut becomes *pending.  False while the
 * encoding cannot be told.
 */
extern bool va_import_decode(
	VaImport *import, const char **data, size_t *len, bool last, const char **pending, size_t *pending_len);

#endif /* VOICEAGENT_IMPORT_DECODE_H */
