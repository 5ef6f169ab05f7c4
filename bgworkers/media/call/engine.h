/*-------------------------------------------------------------------------
 * engine.h
 *		An engine of a call, and what a call knows of those that it has: types,
 *		no functions.
 */
#ifndef VOICEAGENT_MEDIA_ENGINE_H
#define VOICEAGENT_MEDIA_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pure/text/json.h"

#define VA_ENGINE_EAR 1
#define VA_ENGINE_MIND 2
#define VA_ENGINE_VOICE 4

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
	/* The result of a tool that it wanted (va_call_wants_tool()). */
	void (*tool_answered)(VaEngine *engine, const char *id, const char *words, bool failed);
	/* The program voiceagent-speech has answered; false: something that another has asked. */
	bool (*answered)(VaEngine *engine, const struct VaSpeechAnswer *answer);
	void (*turn)(VaEngine *engine, int64_t now_ms);
	/* Its thoughts and sentences are no longer wanted. */
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

/* Its requests and their cost since the last time kept; see keep_media_engines(). */
typedef struct VaEngineReport
{
	int tries;
	int64_t tokens_in;
	int64_t tokens_cached;
	int64_t tokens_out;
	const char *kind; /* as va_model_kind_name() has it; NULL: nothing new */
	char why[200];	  /* it has failed; "" */
	VaEngineError error;
	bool counted;		 /* that it has */
	const char *without; /* a parameter that its model has refused; NULL: none */
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
	bool rests;		   /* a mind that has failed once: until the person's next turn */
	int failures;	   /* of a mind, in a row */
	bool thinks_first; /* a mind whose answers begin with thoughts that no mark begins */
	bool ends;		   /* an ear that hears by itself whether a pause is the end */
	int64_t place;	   /* of an ear: its socket's */
	VaEngineReport report;
};

typedef struct VaSound
{
	int16_t *samples;
	size_t n;
	int64_t began_ms; /* of what the person says: Unix time; 0: only an engine has heard it begin */
} VaSound;

/* The engines of a call; zero-initialised there are none yet. */
typedef struct VaEngines
{
	json_t *setup;	  /* what open_media_engines() gives; calls share it */
	json_t *exchange; /* with tools, since the person's last turn: messages as chat completions have them */
	int tools_due;
	int rounds;
	VaEngine *first;
	VaEngine *ear; /* that was asked what the person has said; NULL: none */
	VaEngine *mind;
	VaSound heard;	   /* what the ear was asked about last, for the next one */
	VaSound pending;   /* what was said while it was asked, if it does not hear all by itself */
	int64_t ear_ms;	   /* when it was asked */
	bool ahead;		   /* in a pause */
	bool ahead_lost;   /* ... after which the person goes on: its answer is only kept */
	char *so_far;	   /* heard up to a pause; NULL: nothing new */
	bool so_far_stays; /* its ear tells what follows alone */
	bool thinks_ahead; /* the mind answers so_far, and is not listened to before that is a turn */
	int aheads;		   /* since it answered last */
	bool dictates;	   /* what the person said last is a part of what it dictates */
	int64_t mind_asked_ms;
	int64_t mind_ms;   /* when it was asked, or something of its answer has come last */
	bool mind_began;   /* a sentence of its answer has come */
	char *own;		   /* that we give, and no mind; NULL: a mind's, or it is given */
	int64_t sounds_ms; /* when something of ours was heard last, or the person's last words ended */
	/* of the answer that is owed: when the person's words were known and the first of it came (0: not yet), and by whom */
	int64_t heard_at;
	int64_t token_at;
	const char *heard_by;
	const char *thought_by;
	int64_t now_ms; /* of the turn */
	int late;		/* the kind of engine that has not answered in time; 0: one fails of itself */
} VaEngines;

#endif /* VOICEAGENT_MEDIA_ENGINE_H */
