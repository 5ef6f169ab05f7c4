/*-------------------------------------------------------------------------
 * deepgram.h
 *		Deepgram's live recognition: where its socket is opened, and what its
 *		messages mean.
 *
 * No backend header, no state; results live in the caller's arena.
 */
#ifndef VOICEAGENT_PURE_DEEPGRAM_H
#define VOICEAGENT_PURE_DEEPGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "pure/text/json.h"

/* Silence that ends an utterance, unless the assistant says otherwise. */
#define VA_DEEPGRAM_ENDPOINTING_MS 300

typedef struct VaDeepgramHeard
{
	const char *text;  /* ""; what was heard in this piece of the audio */
	double confidence; /* 0 to 1; -1: not given */
	bool final;		   /* it will not be heard otherwise */
	bool ends;		   /* the person has ended */
	bool finalized;	   /* it answers a Finalize */
	bool turn;		   /* Flux: the text is all of the person's turn so far */
	bool eager;		   /* ... which may end here */
	bool resumed;	   /* ... or does not, after all */
	const char *error;
} VaDeepgramHeard;

/* For mu-law at 8,000; base_url: NULL for the vendor's own; settings: the assistant's. NULL without memory. */
extern char *va_deepgram_url(
	VaArena *arena, const char *base_url, const char *model, const char *language, const json_t *settings);

/* Flux hears by itself whether a pause is the end, and speaks a protocol of its own. */
extern bool va_deepgram_is_flux(const char *model);

/* False: nothing that says what was heard. */
extern bool va_deepgram_read(VaArena *arena, const char *bytes, size_t len, VaDeepgramHeard *heard);

/* A base URL's address for a socket: http becomes ws. */
extern char *va_socket_address(VaArena *arena, const char *base_url, const char *rest);

#endif /* VOICEAGENT_PURE_DEEPGRAM_H */
