/*-------------------------------------------------------------------------
 * engines.h
 *		The engines that listen, think and speak in a call, behind one interface.
 *
 * An engine is an ear (sound to words), a mind (the turns so far to what is said
 * next), a voice (a sentence to sound), or several of them.  A call has a list
 * of them in their order: the first of a kind that has not failed is asked, and
 * the embedded chain is the last, so that there is always one.  A request that
 * an engine does not answer in time has failed, too, and the next of its kind is
 * asked the same.
 *
 * No backend header.  An engine's results are taken in its turn and passed to
 * the talk.
 */
#ifndef VOICEAGENT_MEDIA_ENGINES_H
#define VOICEAGENT_MEDIA_ENGINES_H

#include "http/client.h"
#include "media/call/call.h"

#define VA_ENGINE_EMBEDDED "embedded"

/* How long each may be silent when it is asked; the person waits for all of them. The last one has no successor, and more time. */
#define VA_EAR_MS 1500
#define VA_MIND_MS 1800
#define VA_VOICE_MS 800
#define VA_EMBEDDED_MS 5000
/* Nothing was heard of us for so long while an answer is owed: a filler is said. */
#define VA_FILLER_MS 800
/* So often a mind is asked ahead in a turn; then it waits for the end, because what is thrown away is paid for, too. */
#define VA_AHEADS_MAX 3

/* ----- for the owner and the talk ----- */

/* Tells the talk of a call; words: of the person, or that are said next; false: it is not the time for that. */
typedef bool (*VaTellTalk)(VaMediaCall *call, VaTalkEvent event, const char *words);

/* Once a process: what accounts are asked by, and who receives their results; note: something has come. */
extern void va_engines_open(uv_loop_t *loop, VaHttp *http, VaTellTalk tell, void (*note)(void *arg), void *arg);

/* Those of setup (NULL: none; the call's from now on), and the embedded chain; false without memory. */
extern bool va_engines_begin(VaMediaCall *call, json_t *setup);
extern void va_engines_end(VaMediaCall *call);

extern void va_engines_hear(VaMediaCall *call, const int16_t *frame);
/* Speech, and when it began. The talk hears of it once; if the ear that is asked hears all by itself, of all at once. */
extern void va_engines_listen(VaMediaCall *call, const int16_t *samples, size_t n, int64_t began_ms, int64_t now_ms);
extern bool va_engines_hear_all(const VaMediaCall *call);
/* In a pause: may the ear be asked what was said so far; the mind is asked ahead; what came of either counts no more. */
extern bool va_engines_may_listen_ahead(VaMediaCall *call);
extern void va_engines_think_ahead(VaMediaCall *call, int64_t now_ms);
extern void va_engines_forget(VaMediaCall *call);
/* Does the ear hear by itself whether a pause is the end? */
extern bool va_engines_ends(VaMediaCall *call);
/* Keeps the words heard so far; NULL: none. */
extern void va_engines_so_far(VaMediaCall *call, const char *words);
extern void va_engines_think(VaMediaCall *call, int64_t now_ms);
extern void va_engines_say(VaMediaCall *call, VaSentence *sentence, int64_t now_ms);
/* A tool that the mind wanted was used, or failed; if it thinks no more, the result is dropped. */
extern void va_engines_tool_answered(VaMediaCall *call, const char *id, const char *words, bool failed);
/* Cancels what engines of these kinds were about to think or to say. */
extern void va_engines_stop(VaMediaCall *call, int kinds);

/* Answers that came, and answers overdue. */
extern void va_engines_turn(VaMediaCall *call, int64_t now_ms);

/* Is the ear a whole one? */
extern bool va_engines_whole(const VaMediaCall *call);

/* The program voiceagent-speech has answered; false: not this call. */
extern bool va_engines_answered(VaMediaCall *call, const struct VaSpeechAnswer *answer, int64_t now_ms);

/* ----- for the engines ----- */

/* The first of its kind that is well and has room, made ready; NULL: the call has ended, or there is no memory. */
extern VaEngine *va_engines_current(VaMediaCall *call, int kind);

/* kind: as va_model_kind_name() has it. */
extern void va_engine_fail(VaEngine *engine, const char *kind, const char *why);

/*
 * Words of the person, whether it was asked for them or knows before us that the person has ended; "": there were none.
 * confidence: 0 to 1, -1 where the ear gives none; understood: false, some words were unintelligible.
 */
extern void va_engine_heard(VaEngine *engine, const char *words, double confidence, bool understood);

/* The person's words so far; all of it since the last words. */
extern void va_engine_hears(VaEngine *engine, const char *words);

/* Such an ear: the person has perhaps ended, with these words; NULL: it goes on. */
extern void va_engine_pauses(VaEngine *engine, const char *words);

/* Something of an answer has come, though no sentence. */
extern void va_engine_begins(VaEngine *engine);

/* The next words, a sentence or more; after the last one, it has thought. ends: the call is over then. */
extern void va_engine_says(VaEngine *engine, const char *text);
extern void va_engine_thought(VaEngine *engine, bool ends);
/* Its words were thoughts: the unheard rest is not said, and the answer is still to come. */
extern void va_engine_unsays(VaEngine *engine);
/* A sentence whose sound it brings of its own: its number, 0: there is no room. */
extern uint32_t va_engine_speaks(VaEngine *engine);

/* Sound of a sentence, by its number; last: there is no more of it. */
extern void va_engine_sounds(VaEngine *engine, uint32_t sentence, const int16_t *samples, size_t n, bool last);

extern uv_loop_t *va_engines_loop(void);
extern VaHttp *va_engines_http(void);
extern void va_engines_note(void);

/* A voice's input for a sentence: the assistant's own pronunciations, and words for signs. NULL without memory. */
extern const char *va_engine_spoken(VaEngine *engine, const VaSentence *sentence, VaArena *arena);

/* The knowledge and tools of minds; json_decref() the tools, which are as chat completions have them. */
#define VA_ENGINE_END_CALL "end_call"
#define VA_ENGINE_RULES                                                                                            \
	"You are on the telephone: answer in one to three short sentences, as people speak, without lists, markup or " \
	"emojis. Call " VA_ENGINE_END_CALL " when the conversation is over, after a goodbye."
extern json_t *va_engine_tools(const VaMediaCall *call);

/* Our answer to the words that were kept last, before a mind is asked (copied); NULL: nothing. */
extern void va_call_own_answer(VaMediaCall *call, const char *words);

/* ----- tools.c ----- */

/* A mind wants a tool: va_engines_tool_answered() answers it, in some turn, in 2.5 s at most. */
extern void va_call_wants_tool(
	VaMediaCall *call, const char *id, const char *name, const char *arguments, int64_t now_ms);
/* Takes the answer of one for the mind (failed: it did nothing); is one awaited; ends the overdue ones. */
extern void va_call_tool_answered(VaMediaCall *call, const char *id, const char *words, const char *data, bool failed);
extern bool va_call_awaits_tool(const VaMediaCall *call);
extern void va_call_tools_turn(VaMediaCall *call, int64_t now_ms);
extern void va_call_forget_tools(VaMediaCall *call);

/* ----- script.c ----- */

/*
 * The next words of the desk, from the turns so far; ends: they are the last. Malloc'ed, or NULL.
 * If a tool is due, the desk wants it first (wants), and says its answer instead.
 */
extern char *va_call_think(VaMediaCall *call, bool *ends, bool *wants, int64_t now_ms);

/* ----- the drivers, va_engine_NAME ----- */

#define VA_ENGINES(DRIVER) \
	DRIVER(openai) DRIVER(compatible) DRIVER(anthropic) DRIVER(deepgram) DRIVER(elevenlabs) DRIVER(realtime)
#define VA_ENGINE(name) extern const VaEngineDriver va_engine_##name;
VA_ENGINES(VA_ENGINE)

/* It answers where every other one fails, and is of no vendor. */
extern const VaEngineDriver va_engine_embedded;

#endif /* VOICEAGENT_MEDIA_ENGINES_H */
