/*-------------------------------------------------------------------------
 * call_internal.h
 *		What call.c (the socket) and talk.c (the talk) ask of each other.
 */
#ifndef VOICEAGENT_MEDIA_CALL_INTERNAL_H
#define VOICEAGENT_MEDIA_CALL_INTERNAL_H

#include "call.h"

/* ----- talk.c ----- */

/* Speech of the person begins, goes on or ends with the frame that was heard last. */
extern void va_call_voice(VaMediaCall *call, VaVoiceChange change, int64_t now_ms, int64_t unix_ms);

/* ----- keypad.c ----- */

/* A key, of which some opt out; and whether those that were pressed are complete, and are answered. */
extern void va_keypad_press(VaMediaCall *call, char key, int64_t now_ms, int64_t unix_ms);
extern void va_keypad_turn(VaMediaCall *call, int64_t now_ms);

/* ----- talk.c, for keypad.c ----- */

extern void va_call_add_turn(VaMediaCall *call, bool is_customer, const char *text, size_t len, int64_t at_ms);

/* ----- talk.c, for engines.c ----- */

/* Words of the person, or sound that nobody could make words of. */
extern void va_call_heard(VaMediaCall *call, const char *words, bool understood, int64_t now_ms);

/* What is said next; then that it was all. said: there was something; ends: the call is over then. */
extern void va_call_says(VaMediaCall *call, const char *text, int64_t now_ms);
extern void va_call_thought(VaMediaCall *call, bool said, bool ends, int64_t now_ms);

/* A sentence whose sound an engine brings of its own: its number, 0: there is no room. Its words follow, piece by piece. */
extern uint32_t va_call_speaks(VaMediaCall *call, VaEngine *engine);
extern void va_call_words(VaMediaCall *call, uint32_t number, const char *words);

/* Has all been said that the law wants said? */
extern bool va_call_law_is_said(const VaMediaCall *call);

/* Sound of a sentence; last: there is no more of it. */
extern void va_call_sounds(VaSentence *sentence, const int16_t *samples, size_t n, bool last);

/* An answer is owed and does not come: something else is said meanwhile. */
extern void va_call_fills(VaMediaCall *call, int64_t now_ms);

/* ----- call_tools.c ----- */

/* A mind wants a tool: it is told by va_engines_tool_answered(), in some turn, in 2.5 s at most. */
extern void va_call_wants_tool(
	VaMediaCall *call, const char *id, const char *name, const char *arguments, int64_t now_ms);
extern void va_call_forget_tools(VaMediaCall *call);

/* ----- turn_times.c ----- */

/* Our first words of all are heard; a frame of ours was sent, which may be an answer's first; nobody hears an answer that is due. */
extern void va_call_note_greeting(VaMediaCall *call, int64_t now_ms);
extern void va_call_note_answer(VaMediaCall *call, int64_t now_ms);
extern void va_call_note_cut(VaMediaCall *call);

/* ----- talk.c, for call.c ----- */

/* The first frame of a turn of ours goes out. */
extern void va_call_begins_to_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms);

/* What we are saying is said no further; its turn is what was heard of it. */
extern void va_call_cut_short(VaMediaCall *call, int64_t unix_ms);
extern void va_call_forget_sentences(VaMediaCall *call);

/* ----- call.c ----- */

/* Messages to the carrier, unless they could not be made. */
extern void va_call_send(VaMediaCall *call, bool made, const VaMediaMessages *messages);
extern void va_call_send_due(VaMediaCall *call, int64_t now_ms, int64_t unix_ms);
/* Nothing of what was sent and not been heard is to be heard. */
extern void va_call_clear(VaMediaCall *call);
/* ... but by and by, if it is said again: it waits. */
extern void va_call_hold(VaMediaCall *call, int64_t now_ms);

#endif /* VOICEAGENT_MEDIA_CALL_INTERNAL_H */
