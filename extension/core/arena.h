/*-------------------------------------------------------------------------
 * arena.h
 *		The pure part's malloc'ed arenas, owned by a memory context of ours.
 *
 * The context's reset wipes and frees the arena, so that an error frees as
 * much as a good end, with no PG_TRY.  Include postgres.h first.
 */
#ifndef VOICEAGENT_ARENA_H
#define VOICEAGENT_ARENA_H

#include "pure/memory.h"

/* An empty arena that lives as long as the current memory context. */
extern VaArena *va_arena_here(void);

#endif /* VOICEAGENT_ARENA_H */
