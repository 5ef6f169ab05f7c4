/*-------------------------------------------------------------------------
 * arena.c
 *		The pure part's malloc'ed arenas, owned by a memory context of ours.
 */
#include "postgres.h"

#include "utils/palloc.h"

#include "arena.h"

static void
free_arena(void *arg)
{
	va_arena_free(arg);
}

VaArena *
va_arena_here(void)
{
	VaArena *arena = palloc0(sizeof(VaArena));
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));

	callback->func = free_arena;
	callback->arg = arena;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	return arena;
}
