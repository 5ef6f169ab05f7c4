/*-------------------------------------------------------------------------
 * intents_match.h
 *		Whether words fit a pattern of intents; see intents.h for what is in one.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASES_INTENTS_MATCH_H
#define VOICEAGENT_PHRASES_INTENTS_MATCH_H

#include "pure/phrases/words/said_words.h"

/* Where the pattern ends that fits the words from at on; 0: it does not fit.  Its first word may begin a sentence. */
extern size_t va_match_from(const VaSpokenWords *words, size_t at, const char *pattern);
/* Whether words begin one of some of a list, which may be several with '+' between them; an accent makes another word of it: si, sÃ­. */
extern bool va_is_supposed(const VaSpokenWords *words, size_t at, const char *list);

#endif /* VOICEAGENT_PHRASES_INTENTS_MATCH_H */
