/*-------------------------------------------------------------------------
 * realtime.h
 *		OpenAI's Realtime: what is said to it, and what its events mean.
 *
 * No backend header, no state; results live in the caller's arena.
 */
#ifndef VOICEAGENT_PURE_REALTIME_H
#define VOICEAGENT_PURE_REALTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pure/text/json.h"

typedef enum VaRealtimeKind
{
	VA_REALTIME_OTHER,
	VA_REALTIME_READY,	/* the session is as we want it */
	VA_REALTIME_HEARD,	/* text: the person's words */
	VA_REALTIME_BEGINS, /* a response */
	VA_REALTIME_SOUND,	/* audio of it, mu-law */
	VA_REALTIME_WORDS,	/* text: a part of what it says */
	VA_REALTIME_TOOL,	/* tool, call, text: its arguments */
	VA_REALTIME_DONE,	/* the response has ended; tokens */
	VA_REALTIME_ERROR	/* text: why; mostly the session goes on */
} VaRealtimeKind;

typedef struct VaRealtimeEvent
{
	VaRealtimeKind kind;
	const char *item; /* of the conversation; "" */
	const char *text;
	const char *tool;
	const char *call;
	unsigned char *audio;
	size_t naudio;
	bool failed; /* of a response */
	int64_t tokens_in;
	int64_t tokens_cached;
	int64_t tokens_out;
} VaRealtimeEvent;

/* base_url: NULL for the vendor's own. */
extern char *va_realtime_url(VaArena *arena, const char *base_url, const char *model);

/* The session; tools: as chat completions have them. */
extern char *va_realtime_session(
	VaArena *arena, const char *instructions, const char *language, const char *voice, const json_t *tools);
extern char *va_realtime_append(VaArena *arena, const unsigned char *mulaw, size_t n);
/* The result of a tool. */
extern char *va_realtime_tool_output(VaArena *arena, const char *call, const char *words);
/* The heard part of an item, in milliseconds. */
extern char *va_realtime_truncate(VaArena *arena, const char *item, int64_t heard_ms);

/* False: it is not JSON, or there is no memory. */
extern bool va_realtime_read(VaArena *arena, const char *bytes, size_t len, VaRealtimeEvent *event);

#endif /* VOICEAGENT_PURE_REALTIME_H */
