/*-------------------------------------------------------------------------
 * said.h
 *		Speech in a call, by both sides, and how long answers take.
 */
#ifndef VOICEAGENT_MEDIA_SAID_H
#define VOICEAGENT_MEDIA_SAID_H

#include "call.h"

/* ----- said.c ----- */

typedef enum VaSpeaker
{
	VA_SAID_BY_US,
	VA_SAID_BY_PERSON,
	VA_SAID_ASIDE /* by the person, into the law's words: nothing answers it */
} VaSpeaker;

extern void va_call_add_turn(VaMediaCall *call, VaSpeaker speaker, const char *text, size_t len, int64_t at_ms);

/* A turn of the call before its socket broke, which is kept; in their order, before the session is open. */
extern void va_call_recall(VaMediaCall *call, bool is_customer, const char *text, int64_t at_ms);

/* How a sentence is said: it is not interrupted; it is the same in every call; it fills a silence. */
#define VA_SAY_LAW 1
#define VA_SAY_SAME 2
#define VA_SAY_FILLER 4

/* NULL: there is no room, or no memory. */
extern VaSentence *va_call_add_sentence(VaMediaCall *call, const char *text, size_t len, int how);
/* Its words follow, piece by piece. */
extern void va_call_words(VaMediaCall *call, uint32_t number, const char *words);
/* false without memory */
extern bool va_sound_add(VaSound *sound, const int16_t *samples, size_t n);
/* Sound of a sentence; last: there is no more of it. */
extern void va_call_sounds(VaSentence *sentence, const int16_t *samples, size_t n, bool last);

/* When the parts of the law's words are said to their last sample; as JSON, a null for one that is not. */
extern void va_call_note_law(VaMediaCall *call, int64_t now_ms);
extern char *va_call_law_times(const VaMediaCall *call, VaArena *arena);
/* Has all been said that the law wants said? */
extern bool va_call_law_is_said(const VaMediaCall *call);

/* As far as its sound has come; the engines see to it that it comes, or that there is no more of it. */
extern void va_call_append_sentences(VaMediaCall *call);
/* The first frame of a turn of ours goes out. */
extern void va_call_begins_to_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms);
/* The turn of ours, as far as it was heard. */
extern void va_call_end_turn(VaMediaCall *call, int64_t heard_ms);
extern void va_call_forget_sentences(VaMediaCall *call);

/* ----- turn_times.c ----- */

/* Our first words of all are heard; a frame of ours was sent, which may be an answer's first; nobody hears an answer that is due. */
extern void va_call_note_greeting(VaMediaCall *call, int64_t now_ms);
extern void va_call_note_answer(VaMediaCall *call, int64_t now_ms);
extern void va_call_note_cut(VaMediaCall *call);

/* The times of its answers that are not kept yet, as JSON. */
extern char *va_call_turn_times(const VaMediaCall *call, VaArena *arena);

#endif /* VOICEAGENT_MEDIA_SAID_H */
