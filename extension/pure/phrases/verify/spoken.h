/*-------------------------------------------------------------------------
 * spoken.h
 *		In which of the languages with a table a talk is held.
 *
 * Pure: bounded by VA_SPOKEN_BYTES_MAX.  An assistant speaks the language that
 * it was given; the person may speak another one, and then that is read.
 */
#ifndef VOICEAGENT_PHRASES_SPOKEN_H
#define VOICEAGENT_PHRASES_SPOKEN_H

#include "pure/phrases/verify/talk.h"

/* Read of each side; more would not make it plainer. */
#define VA_SPOKEN_BYTES_MAX 8192

/* assumed, unless it has a table and the words are plainly of another language that has one ("en", "es", ...). */
extern const char *va_spoken_language(const VaTalkTurn *turns, size_t count, const char *assumed);

#endif /* VOICEAGENT_PHRASES_SPOKEN_H */
