/*-------------------------------------------------------------------------
 * memory.h
 *		The pure part's memory: arenas of results, growing texts, and why
 *		something is refused.
 *
 * Nothing here knows the backend.  All memory is malloc'ed; results live in
 * a VaArena that its owner frees at once, so an error path frees as much as
 * a good one.  When memory runs out the arena's oom flag is set, functions
 * give NULL, and whoever owns the arena reports it.
 */
#ifndef VOICEAGENT_PURE_MEMORY_H
#define VOICEAGENT_PURE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* A contract, in the builds of the check alone. */
#ifdef USE_ASSERT_CHECKING
#include <stdlib.h>
#define VA_ASSERT(contract) ((contract) ? (void) 0 : abort())
#else
#define VA_ASSERT(contract) ((void) (true || (contract)))
#endif

typedef struct VaArenaBlock VaArenaBlock;

/* Zero-initialised is empty and valid. */
typedef struct VaArena
{
	VaArenaBlock *head;
	bool oom; /* an allocation failed: results are not whole */
} VaArena;

/* Zeroed memory, or NULL with oom set. */
extern void *va_arena_alloc(VaArena *arena, size_t size);
/* len bytes and a NUL. */
extern char *va_arena_strndup(VaArena *arena, const char *text, size_t len);
extern char *va_arena_strdup(VaArena *arena, const char *text);
extern char *va_arena_printf(VaArena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Texts up to a NULL, one behind the other: what printf does with %s alone, in a fraction of the time. */
extern char *va_arena_join(VaArena *arena, ...) __attribute__((sentinel));
/* Wipes (requests hold keys) and frees everything; the arena is empty and usable again. */
extern void va_arena_free(VaArena *arena);

/* A growing text.  Zero-initialised is empty; once memory is out it stays failed. */
typedef struct VaBuffer
{
	char *text;
	size_t used;
	size_t size;
	bool failed;
} VaBuffer;

/* Room for len more bytes and a NUL, to write them there oneself; false: it has failed. */
extern bool va_buffer_reserve(VaBuffer *buffer, size_t len);
extern void va_buffer_add(VaBuffer *buffer, const char *text, size_t len);
extern void va_buffer_printf(VaBuffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The text moves into the arena ("" if nothing was added; NULL with oom set if it failed); the buffer is
 * empty. */
extern char *va_buffer_finish(VaBuffer *buffer, VaArena *arena);

/* False, and *why says the reason. */
static inline bool
va_refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

#endif /* VOICEAGENT_PURE_MEMORY_H */
