/*-------------------------------------------------------------------------
 * spoken.h
 *		Written text as it is to be spoken.
 *
 * No backend header, no state; results live in the caller's arena.
 */
#ifndef VOICEAGENT_PURE_SPOKEN_H
#define VOICEAGENT_PURE_SPOKEN_H

#include <stddef.h>

#include "pure/memory.h"

/* Without the marks of written text: emphasis, headings, bullets, code, links, tags, pictures of faces; one line. */
extern char *va_plain_text(VaArena *arena, const char *text, size_t len);

/*
 * For a voice: e-mail addresses and web addresses by their parts, signs in the language's words (en, de, es, fr; another one is
 * taken for en), sums of money, times, telephone numbers and numbers in words.
 */
extern char *va_spoken_text(VaArena *arena, const char *text, const char *language);

#endif /* VOICEAGENT_PURE_SPOKEN_H */
