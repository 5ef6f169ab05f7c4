/*-------------------------------------------------------------------------
 * engines.h
 *		What listens, thinks and speaks in a call, behind one interface.
 *
 * An engine is an ear (sound to words), a mind (the turns so far to what is
 * said next), a voice (a sentence to sound), or several of them.  A call has a
 * list of them in their order: the first of a kind that has not failed is
 * asked, and the embedded chain is the last, so that there is always one.
 * What an engine does not answer in time has failed, too, and the next of its
 * kind is asked the same.
 *
 * No backend header.  What comes to an engine is taken in its turn, and told
 * to the talk (talk.c).
 */
#ifndef VOICEAGENT_MEDIA_ENGINES_H
#define VOICEAGENT_MEDIA_ENGINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/client.h"
#include "pure/text/json.h"

#define VA_ENGINE_EAR 1
#define VA_ENGINE_MIND 2
#define VA_ENGINE_VOICE 4
#define VA_ENGINE_EMBEDDED "embedded"

/* How long each may be silent when it is asked; the person waits for all of them. The last one has no successor, and more time. */
#define VA_EAR_MS 1500
#define VA_MIND_MS 1800
#define VA_VOICE_MS 800
#define VA_EMBEDDED_MS 5000
/* Nothing was heard of us for so long while an answer is owed: a filler is said. */
#define VA_FILLER_MS 800

typedef struct VaEngine VaEngine;
struct VaMediaCall;
struct VaSentence;
struct VaSpeechAnswer;

/* Functions that an engine has no use for are NULL. */
typedef struct VaEngineDriver
{
	const char *provider; /* as model_accounts has it */
	int kinds;
	bool whole;						/* an ear that thinks and speaks, too: while it is the ear no other mind is asked */
	bool (*open)(VaEngine *engine); /* false: it has failed, and says why */
	/* A frame of what the person sends (VA_FRAME_SAMPLES), spoken or not. */
	void (*hear)(VaEngine *engine, const int16_t *frame);
	/* The person has spoken, and this is the sound of it: which words? */
	void (*listen)(VaEngine *engine, const int16_t *samples, size_t n);
	void (*think)(VaEngine *engine);
	void (*say)(VaEngine *engine, struct VaSentence *sentence);
	/* What came of a tool that it wanted (va_call_wants_tool()). */
	void (*tool_answered)(VaEngine *engine, const char *id, const char *words, bool failed);
	void (*turn)(VaEngine *engine, int64_t now_ms);
	/* What it was to think and to say is not wanted any more. */
	void (*stop)(VaEngine *engine);
	void (*close)(VaEngine *engine);
} VaEngineDriver;

/* How it has failed; the last two count as other models' errors do, the others from VA_COUNT_ERROR_ENGINE on. */
typedef enum VaEngineError
{
	VA_STT_TIMEOUT = 0,
	VA_STT_FAILURE,
	VA_LLM_TIMEOUT,
	VA_TTS_TIMEOUT,
	VA_TTS_FAILURE,
	VA_LLM_FAILURE,
	VA_LLM_RATE_LIMIT
} VaEngineError;

/* What it was asked and what that cost, since it was kept last; see keep_media_engines(). */
typedef struct VaEngineReport
{
	int tries;
	int64_t tokens_in;
	int64_t tokens_cached;
	int64_t tokens_out;
	const char *kind; /* as va_model_kind_name() has it; NULL: nothing new */
	char why[200];	  /* it has failed; "" */
	VaEngineError error;
	bool counted; /* that it has */
} VaEngineReport;

struct VaEngine
{
	VaEngine *next;
	const VaEngineDriver *driver;
	struct VaMediaCall *call;
	int64_t account_id;	   /* 0: the embedded one */
	const json_t *account; /* as open_media_engines() gives it; the call's */
	char *key;			   /* NULL: none */
	void *state;		   /* the driver's */
	bool opened;
	bool failed;
	bool thinks_first; /* a mind whose answers begin with thoughts that no mark begins */
	int64_t place;	   /* of an ear: its socket's */
	VaEngineReport report;
};

/* The engines of a call; zero-initialised there are none yet. */
typedef struct VaEngines
{
	json_t *setup;	  /* what open_media_engines() gives */
	json_t *exchange; /* with tools, since the person's last turn: messages as chat completions have them */
	int tools_due;
	int rounds;
	VaEngine *first;
	VaEngine *ear; /* that was asked what the person has said; NULL: none */
	VaEngine *mind;
	int16_t *utterance; /* what it was asked about, for the next one */
	size_t nutterance;
	int64_t ear_ms; /* when it was asked */
	int64_t mind_asked_ms;
	int64_t mind_ms;   /* when it was asked, or something of its answer has come last */
	bool mind_began;   /* a sentence of its answer has come */
	int64_t sounds_ms; /* when something of ours was heard last, or the person's last words ended */
	/* of the answer that is owed: when the person's words were known and the first of it came (0: not yet), and by whom */
	int64_t heard_at;
	int64_t token_at;
	const char *heard_by;
	const char *thought_by;
	int64_t now_ms; /* of the turn */
	int late;		/* the kind of engine that has not answered in time; 0: one fails of itself */
} VaEngines;

/* ----- for the owner and the talk ----- */

/* Once a process: what accounts are asked by; note: something has come. */
extern void va_engines_open(uv_loop_t *loop, VaHttp *http, void (*note)(void *arg), void *arg);

/* Those of setup (NULL: none; the call's from now on), and the embedded chain; false without memory. */
extern bool va_engines_begin(struct VaMediaCall *call, json_t *setup);
extern void va_engines_end(struct VaMediaCall *call);

extern void va_engines_hear(struct VaMediaCall *call, const int16_t *frame);
extern void va_engines_listen(struct VaMediaCall *call, const int16_t *samples, size_t n, int64_t now_ms);
extern void va_engines_think(struct VaMediaCall *call, int64_t now_ms);
extern void va_engines_say(struct VaMediaCall *call, struct VaSentence *sentence, int64_t now_ms);
/* A tool that the mind wanted was used, or failed; if it thinks no more, nobody hears of it. */
extern void va_engines_tool_answered(struct VaMediaCall *call, const char *id, const char *words, bool failed);
/* Nobody wants what engines of these kinds were about to think or to say. */
extern void va_engines_stop(struct VaMediaCall *call, int kinds);

/* What has come, and what has not come in time. */
extern void va_engines_turn(struct VaMediaCall *call, int64_t now_ms);

/* Is an ear, or a mind, or one of them, still to answer? */
extern bool va_engines_listening(const struct VaMediaCall *call);
extern bool va_engines_thinking(const struct VaMediaCall *call);
extern bool va_engines_busy(const struct VaMediaCall *call);
/* Is the ear a whole one? */
extern bool va_engines_whole(const struct VaMediaCall *call);

/* The program voiceagent-speech has answered; false: not this call. */
extern bool va_engines_answered(struct VaMediaCall *call, const struct VaSpeechAnswer *answer, int64_t now_ms);

/* ----- for the engines ----- */

/* kind: as va_model_kind_name() has it. */
extern void va_engine_fail(VaEngine *engine, const char *kind, const char *why);

/*
 * Words of the person, whether it was asked for them or knows before us that the person has ended; "": there were none.
 * confidence: 0 to 1, -1 where the ear does not tell it; understood: false, there were some that nobody could understand.
 */
extern void va_engine_heard(VaEngine *engine, const char *words, double confidence, bool understood);

/* What the person is saying, as far as it is known; all of it since the last words. */
extern void va_engine_hears(VaEngine *engine, const char *words);

/* Something of an answer has come, though no sentence. */
extern void va_engine_begins(VaEngine *engine);

/* What is said next, a sentence or more; when all of it has been told, it has thought. ends: the call is over then. */
extern void va_engine_says(VaEngine *engine, const char *text);
extern void va_engine_thought(VaEngine *engine, bool ends);

/* Sound of a sentence, by its number; last: there is no more of it. */
extern void va_engine_sounds(VaEngine *engine, uint32_t sentence, const int16_t *samples, size_t n, bool last);

extern uv_loop_t *va_engines_loop(void);
extern VaHttp *va_engines_http(void);
extern void va_engines_note(void);

/* What a voice is given for a sentence: the assistant's own pronunciations, and words for signs. NULL without memory. */
extern const char *va_engine_spoken(VaEngine *engine, const struct VaSentence *sentence, VaArena *arena);

/* What minds are told of a telephone, and what they may do; json_decref() the tools, which are as chat completions have them. */
#define VA_ENGINE_END_CALL "end_call"
#define VA_ENGINE_RULES                                                                                            \
	"You are on the telephone: answer in one to three short sentences, as people speak, without lists, markup or " \
	"emojis. Call " VA_ENGINE_END_CALL " when the conversation is over, after a goodbye."
extern json_t *va_engine_tools(const struct VaMediaCall *call);

/* ----- the drivers, va_engine_NAME ----- */

#define VA_ENGINES(DRIVER) \
	DRIVER(openai) DRIVER(compatible) DRIVER(anthropic) DRIVER(deepgram) DRIVER(elevenlabs) DRIVER(realtime)
#define VA_ENGINE(name) extern const VaEngineDriver va_engine_##name;
VA_ENGINES(VA_ENGINE)

/* It answers where every other one fails, and is of no vendor. */
extern const VaEngineDriver va_engine_embedded;
extern bool va_engine_embedded_answered(VaEngine *engine, const struct VaSpeechAnswer *answer);

#endif /* VOICEAGENT_MEDIA_ENGINES_H */
