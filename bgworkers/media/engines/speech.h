/*-------------------------------------------------------------------------
 * speech.h
 *		The program voiceagent-speech, as the process media uses it: requests
 *		go out at once, answers are taken in turns.
 *
 * It runs as a voice and as ears, so that no sentence waits until somebody was
 * listened to.  Each is started at once, and again, with longer and longer
 * pauses, when it has died.  Where the program is missing, all else works.
 */
#ifndef VOICEAGENT_MEDIA_SPEECH_H
#define VOICEAGENT_MEDIA_SPEECH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "speech/protocol.h"

typedef struct VaSpeechAnswer
{
	struct VaSpeechAnswer *next;
	VaSpeechHead head;
	char *bytes; /* and a NUL */
} VaSpeechAnswer;

/* path: of the program; note: an answer has come, or the program has gone. */
extern void va_speech_open(uv_loop_t *loop, const char *path, void (*note)(void *arg), void *arg);
extern void va_speech_close(void);

/* Starts what does not run and may be started again (ms of a clock that does not jump). */
extern void va_speech_turn(int64_t now_ms);

/* Is there a voice, and an ear? Their names, or why there are none, in words. */
extern bool va_speech_ready(void);
extern const char *va_speech_state(void);

/*
 * The number under which the answer will come; 0: there will be none.  owner: whose it is (places.h); who: female or male.  While
 * others wait an owner has as much of the voice and the ears as each of them, by the length of what it asks.
 */
extern uint32_t va_speech_say(int64_t owner, const char *language, const char *who, const char *text);
extern uint32_t va_speech_listen(int64_t owner, const int16_t *samples, size_t n);

/* The next answer, the caller's now (va_speech_free()); NULL: none. An answer to what was lost with the program is FAILED. */
extern VaSpeechAnswer *va_speech_take(void);
extern void va_speech_free(VaSpeechAnswer *answer);

#endif /* VOICEAGENT_MEDIA_SPEECH_H */
