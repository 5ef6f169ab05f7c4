/*-------------------------------------------------------------------------
 * protocol.h
 *		The messages between the process `media` and the program
 *		voiceagent-speech, over one socketpair that is the program's standard input.
 *
 * A message is a head and its bytes.  Both run on one machine, so numbers are
 * in its own order.  Each request gets one answer with its id, in the order of
 * the requests.  Texts go through the socket, never through arguments, which
 * every user of the machine could read.
 */
#ifndef VOICEAGENT_SPEECH_PROTOCOL_H
#define VOICEAGENT_SPEECH_PROTOCOL_H

#include <stdint.h>

/* Samples a second, both ways. */
#define VA_SPEECH_RATE 8000
/* The most bytes of a message: two minutes of samples. */
#define VA_SPEECH_BYTES_MAX (120 * VA_SPEECH_RATE * 2)
/* The longest text that is spoken at once. */
#define VA_SPEECH_TEXT_MAX 2000

typedef enum VaSpeechKind
{
	/* requests */
	VA_SPEECH_SAY = 1, /* language, NUL, voice (male, female), NUL, text */
	VA_SPEECH_GRAMMAR, /* a grammar in JSGF, for what follows: its number is the id */
	VA_SPEECH_LISTEN,  /* the number of a grammar (uint32), samples */
	/* answers */
	VA_SPEECH_READY, /* once, at the start: what it is, in words */
	VA_SPEECH_AUDIO, /* samples */
	VA_SPEECH_HEARD, /* confidence (int32, 0 to 100), text; none: nothing of the grammar */
	VA_SPEECH_DONE,	 /* the grammar is known */
	VA_SPEECH_FAILED /* why, in words */
} VaSpeechKind;

typedef struct VaSpeechHead
{
	uint32_t len; /* bytes behind the head */
	uint32_t id;
	uint32_t kind;
} VaSpeechHead;

#endif /* VOICEAGENT_SPEECH_PROTOCOL_H */
