/*-------------------------------------------------------------------------
 * mind.h
 *		A language model's answer while it comes: events of a stream in,
 *		sentences and tools out.
 *
 * Both kinds of stream are server-sent events: OpenAI's chat completions (and
 * who speaks them), Anthropic's messages.  A sentence is emitted as soon as
 * the next token shows that it has ended, without the marks of written text.
 *
 * No backend header, no clock.  All memory is malloc'ed.
 */
#ifndef VOICEAGENT_PURE_MIND_H
#define VOICEAGENT_PURE_MIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pure/memory.h"

#define VA_MIND_TOOLS_MAX 4
/* A longer event, or a longer answer, is none of a talk. */
#define VA_MIND_EVENT_MAX (256 * 1024)
#define VA_MIND_TEXT_MAX 6000

typedef struct VaMindTool
{
	int index;	  /* in the answer; -1: its server gives none */
	char id[120]; /* "": likewise */
	char name[80];
	VaBuffer arguments; /* JSON */
} VaMindTool;

typedef struct VaMindStream
{
	bool anthropic;
	void (*say)(void *ctx, const char *sentence);
	void (*unsay)(void *ctx); /* what was said of this answer were thoughts; NULL: not needed */
	void *ctx;
	bool waits;		   /* thoughts come first: nothing is said before they have ended, or all has come */
	bool thinks_first; /* it has been so in this answer */

	VaBuffer line;	   /* that has not ended */
	VaBuffer text;	   /* that is no whole sentence yet */
	size_t seen;	   /* of it: it holds no mark */
	const char *until; /* the mark that ends what is left out; NULL: nothing is */
	size_t told;	   /* bytes of sentences */
	VaMindTool tools[VA_MIND_TOOLS_MAX];
	int ntools;
	bool began;		 /* something of the answer has come */
	bool done;		 /* the vendor has said that this was all */
	char error[200]; /* why there is no more; "" */
	bool counted;
	int64_t tokens_in;
	int64_t tokens_cached;
	int64_t tokens_out;
} VaMindStream;

/* More bytes; false: error says why no more of them are wanted. */
extern bool va_mind_feed(VaMindStream *stream, const char *bytes, size_t len);
/* There is no more: what is left is a sentence, too. */
extern void va_mind_finish(VaMindStream *stream);
extern void va_mind_free(VaMindStream *stream);
/* A tool's arguments, "{}" where there were none; false: they are not an object, so their meaning is unknown. */
extern bool va_mind_arguments(const VaMindTool *tool, VaArena *arena, const char **text);

/* The length of the first whole sentence that text begins with; 0: it has not ended. */
extern size_t va_sentence_length(const char *text, size_t len);

#endif /* VOICEAGENT_PURE_MIND_H */
