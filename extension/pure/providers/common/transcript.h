/*-------------------------------------------------------------------------
 * transcript.h
 *		Plain text as turns.
 */
#ifndef VOICEAGENT_PURE_TRANSCRIPT_H
#define VOICEAGENT_PURE_TRANSCRIPT_H

#include <stdbool.h>

#include "provider.h"

/*
 * The turns of a transcript as JSON ([{"turn", "speaker", "text"}]), and whether the customer has one.  A turn begins
 * with a line that names its speaker; NULL: no line does (or memory is out: arena->oom).
 */
extern const char *va_transcript_turns(VaArena *arena, const char *transcript, bool *customer);

#endif /* VOICEAGENT_PURE_TRANSCRIPT_H */
