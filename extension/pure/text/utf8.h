/*-------------------------------------------------------------------------
 * utf8.h
 *		Bytes that claim to be UTF-8, character by character.
 *
 * Pure: no memory of its own, no state.
 */
#ifndef VOICEAGENT_PURE_UTF8_H
#define VOICEAGENT_PURE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pure/memory.h"

#define VA_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/*
 * The length of the character that bytes begin with (len > 0), *code its code
 * point.  An invalid character gives the length of its longest part that could
 * have begun one (at least 1) and a *code of -1: so browsers and the vendors'
 * own libraries count, each such part is one U+FFFD.
 */
extern size_t va_utf8_next(const unsigned char *bytes, size_t len, int32_t *code);

extern size_t va_utf8_write(int32_t code, char *out); /* its length, at most 4 */

/* bytes as text in the arena, U+FFFD for what is no character, and for NUL unless nuls stay; *out_len may be NULL. */
extern const char *va_utf8_text(VaArena *arena, const void *bytes, size_t len, bool nuls, size_t *out_len);

/* Text cut to at most max_chars UTF-8 characters, in the arena. */
extern char *va_utf8_cut(VaArena *arena, const char *text, size_t max_chars);

#endif /* VOICEAGENT_PURE_UTF8_H */
