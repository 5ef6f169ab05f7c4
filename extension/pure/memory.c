/*-------------------------------------------------------------------------
 * memory.c
 *		Arenas of results, and growing texts.
 *
 * Pure: no backend, no locks, no global state.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* stpcpy */
#endif
#include "memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#ifndef ARENA_BLOCK_SIZE
#define ARENA_BLOCK_SIZE 8192
#endif

struct VaArenaBlock
{
	VaArenaBlock *next;
	size_t size;
	size_t used;
	/* data follows, aligned as max_align_t because the header is padded */
	_Alignas(max_align_t) char data[];
};

void *
va_arena_alloc(VaArena *arena, size_t size)
{
	VaArenaBlock *block = arena->head;
	size_t aligned;
	void *result;

	if (size > SIZE_MAX / 2)
	{
		arena->oom = true;
		return NULL;
	}
	aligned = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);

	if (block == NULL || block->size - block->used < aligned)
	{
		size_t want = aligned > ARENA_BLOCK_SIZE ? aligned : ARENA_BLOCK_SIZE;

		block = malloc(sizeof(VaArenaBlock) + want);
		if (block == NULL)
		{
			arena->oom = true;
			return NULL;
		}
		block->size = want;
		block->used = 0;
		block->next = arena->head;
		arena->head = block;
	}
	result = block->data + block->used;
	block->used += aligned;
	memset(result, 0, aligned);
	return result;
}

char *
va_arena_strndup(VaArena *arena, const char *text, size_t len)
{
	char *copy = va_arena_alloc(arena, len + 1);

	if (copy != NULL && len > 0)
		memcpy(copy, text, len);
	return copy;
}

char *
va_arena_strdup(VaArena *arena, const char *text)
{
	return text == NULL ? NULL : va_arena_strndup(arena, text, strlen(text));
}

/* Most of what is printed fits behind what the newest block holds, where it is printed once. */
static __attribute__((format(printf, 2, 0))) char *
print_in_place(VaArena *arena, const char *format, va_list args)
{
	VaArenaBlock *block = arena->head;
	size_t room = block == NULL ? 0 : block->size - block->used;
	char *text;
	int len;
	size_t aligned;

	if (room < 64)
		return NULL;
	text = block->data + block->used;
	len = vsnprintf(text, room, format, args);
	if (len >= 0 && (size_t) len < room)
	{
		aligned = ((size_t) len + sizeof(max_align_t)) & ~(sizeof(max_align_t) - 1);
		block->used += aligned < room ? aligned : room;
		return text;
	}
	/* It may be a part of a secret. */
	sodium_memzero(text, room);
	return NULL;
}

char *
va_arena_printf(VaArena *arena, const char *format, ...)
{
	va_list args;
	int len;
	char *text;

	va_start(args, format);
	text = print_in_place(arena, format, args);
	va_end(args);
	if (text != NULL)
		return text;
	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return NULL;
	text = va_arena_alloc(arena, (size_t) len + 1);
	if (text == NULL)
		return NULL;
	va_start(args, format);
	vsnprintf(text, (size_t) len + 1, format, args);
	va_end(args);
	return text;
}

char *
va_arena_join(VaArena *arena, ...)
{
	va_list texts;
	const char *text;
	size_t size = 1;
	char *joined;
	char *end;

	va_start(texts, arena);
	while ((text = va_arg(texts, const char *)) != NULL)
		size += strlen(text);
	va_end(texts);
	joined = va_arena_alloc(arena, size);
	if (joined == NULL)
		return NULL;
	end = joined;
	va_start(texts, arena);
	while ((text = va_arg(texts, const char *)) != NULL)
		end = stpcpy(end, text);
	va_end(texts);
	return joined;
}

void
va_arena_free(VaArena *arena)
{
	VaArenaBlock *block = arena->head;

	while (block != NULL)
	{
		VaArenaBlock *next = block->next;

		sodium_memzero(block->data, block->used);
		free(block);
		block = next;
	}
	arena->head = NULL;
	arena->oom = false;
}

/* ---- growing texts ---- */

bool
va_buffer_reserve(VaBuffer *buffer, size_t len)
{
	size_t size;
	char *grown;

	if (buffer->failed)
		return false;
	if (buffer->size - buffer->used > len)
		return true;
	size = (buffer->used + len + 1) * 2;
	grown = realloc(buffer->text, size);
	if (grown == NULL)
	{
		buffer->failed = true;
		return false;
	}
	buffer->text = grown;
	buffer->size = size;
	return true;
}

void
va_buffer_add(VaBuffer *buffer, const char *text, size_t len)
{
	if (len == 0 || !va_buffer_reserve(buffer, len))
		return;
	memcpy(buffer->text + buffer->used, text, len);
	buffer->used += len;
	buffer->text[buffer->used] = '\0';
}

void
va_buffer_printf(VaBuffer *buffer, const char *format, ...)
{
	va_list args;
	int len;

	/* Output is short: once is enough nearly always. */
	if (!va_buffer_reserve(buffer, 128))
		return;
	for (;;)
	{
		va_start(args, format);
		len = vsnprintf(buffer->text + buffer->used, buffer->size - buffer->used, format, args);
		va_end(args);
		if (len < 0)
			return;
		if ((size_t) len < buffer->size - buffer->used)
			break;
		if (!va_buffer_reserve(buffer, (size_t) len))
			return;
	}
	buffer->used += (size_t) len;
}

char *
va_buffer_finish(VaBuffer *buffer, VaArena *arena)
{
	char *text = NULL;

	if (buffer->failed)
		arena->oom = true;
	else
		text = va_arena_strndup(arena, buffer->text, buffer->used);
	if (buffer->text != NULL)
		sodium_memzero(buffer->text, buffer->used);
	free(buffer->text);
	memset(buffer, 0, sizeof(*buffer));
	return text;
}
