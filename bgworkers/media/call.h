/*-------------------------------------------------------------------------
 * call.h
 *		A call that we hold: its socket, what is heard and said in it, and the
 *		turns that have not been kept yet.
 *
 * No backend header, no clock and no database: the owner of the calls passes
 * the time (ms of a clock that does not jump), opens their sessions and keeps
 * their turns.  All memory is malloc'ed and goes with the call.
 */
#ifndef VOICEAGENT_MEDIA_CALL_H
#define VOICEAGENT_MEDIA_CALL_H

#include "engines.h"
#include "http/websocket.h"
#include "pure/audio/kept_speech.h"
#include "pure/audio/playout.h"
#include "pure/audio/voice.h"
#include "places.h"
#include "pure/dialects/dialect.h"
#include "read_back.h"

#define VA_TOKEN_MAX 64
/* Why a call is over whose stream is too fast. */
#define VA_TOO_FAST "the carrier sends audio faster than it is spoken"
/* An attempt's reference, or a carrier's id of a call. */
#define VA_REFERENCE_MAX 201
/* An assistant's turn has at most so many sentences that wait; the rest of it is not said. */
#define VA_SENTENCES_MAX 16
#define VA_PARTIAL_MAX 400
/* Longer speech of a caller is cut here, and taken as a turn. */
#define VA_UTTERANCE_MS 20000

/* Where a carrier opens its socket. */
typedef struct VaAddress
{
	const VaDialect *dialect;
	char token[VA_TOKEN_MAX];
	char reference[VA_REFERENCE_MAX];
} VaAddress;

typedef enum VaCallPhase
{
	VA_CALL_ARRIVED, /* the stream has not been started */
	VA_CALL_ASKED,	 /* it has, and its session is to be opened */
	VA_CALL_TALKS,
	VA_CALL_LEAVES, /* the last words are being said */
	VA_CALL_OVER	/* the socket has gone, or is to go; turns may still have to be kept */
} VaCallPhase;

typedef struct VaTurn
{
	struct VaTurn *next;
	int number; /* from 1 */
	bool is_customer;
	int64_t at_ms; /* Unix time */
	char *text;
	double confidence; /* of the ear, 0 to 1; -1: none says */
	bool filler;	   /* no answer to anything */
	bool aside;		   /* said into the law's words: nothing answers it */
	bool kept;
} VaTurn;

typedef struct VaSentence
{
	char *text;
	uint32_t number;
	uint32_t asked; /* its number; 0: all of its sound has come */
	VaEngine *voice;
	int64_t asked_ms;
	uint32_t ticket;  /* the embedded voice's */
	int16_t *samples; /* that have come and were not appended */
	size_t n;
	int64_t ms;	   /* how long it is, as far as it was appended */
	bool law;	   /* may not be interrupted */
	bool same;	   /* in every call: its sound is kept */
	bool filler;   /* it fills a silence */
	VaKeptKey key; /* under this */
	int16_t *sound;
	size_t nsound; /* what has come of it, to be kept */
	bool appended; /* to what is played, to its end */
} VaSentence;

/* A tool that the mind wants, or wanted. */
typedef struct VaToolUse
{
	struct VaToolUse *next;
	char id[80];
	char mind_id[64]; /* as the mind calls it */
	char *name;
	char *arguments; /* JSON */
	int64_t asked_ms;
	bool sent;
	bool answered;
	int turn;	 /* the number of turns before the mind wanted it */
	char *words; /* of its answer; NULL if it has none */
	bool failed;
} VaToolUse;

/* The result of open_media_session(); the texts are malloc'ed. */
typedef struct VaCallScript
{
	char *language;
	char *voice;
	char *law_words;
	char *first_message;
	char *system_prompt;
	char *opt_out_words;
	char *silence_words;
	char *repeat_words;
	char *moment_words;
	char *goodbye_words;
	char *return_words; /* after a break */
	bool same_law;		/* these words are the same in every call */
	bool same_first_message;
	char *tools; /* JSON: in the form for a language model */
	char opt_out_key;
	int max_duration_s;
	int silence_ms;			  /* after which the person is asked, twice; and then the call ends */
	int barge_in_ms;		  /* a sound of this long over ours has us stop */
	bool keeps_first_message; /* it may not be interrupted */
	int64_t local_s;		  /* its clock when it was opened, in seconds since 1970 as if it were UTC */
} VaCallScript;

typedef struct VaCallFigures
{
	int64_t frames_in;
	int64_t frames_out;
	int64_t frames_late;
	int64_t frames_lost; /* messages that came after a later one */
	int barge_ins;
	int resumed;		/* times our speech went on, because the interruption had no words */
	int64_t verdict_ms; /* the longest that it took to know that, or the contrary */
	int kept;			/* sentences that waited for no voice: their sound was kept */
	int unheard;		/* utterances that were not understood */
	int tools;			/* that were used */
	int refused;		/* sockets that wanted the call, too */
	int64_t answer_ms;	/* of all our answers: from the end of the person's speech to our first sound */
	int answers;
	int64_t first_sound_ms; /* from the first frame heard; 0: none yet */
} VaCallFigures;

/* The times of an answer of ours, from the end of the person's speech. */
typedef struct VaTurnTimes
{
	int turn;			   /* the person's; 0: none, its words were not understood, or it has not spoken yet */
	int64_t recognised_ms; /* -1: nothing was to be recognised */
	int64_t token_ms;	   /* to the first of the answer; -1: none had come when we were heard */
	int64_t sound_ms;	   /* -1: it was cut short before it was heard */
	bool filled;		   /* what was heard first only filled a silence */
	const char *ear;
	const char *mind;
	const char *voice;
} VaTurnTimes;

/* Keys that are one answer: a card's number has less. */
#define VA_KEYS_MAX 32

typedef struct VaMediaCall
{
	struct VaMediaCall *next;
	VaSocket *socket; /* NULL: it has gone */
	VaStream stream;
	VaCallPhase phase;
	VaAddress address;
	char carrier_call[VA_REFERENCE_MAX];
	char why[200]; /* it is over */
	bool hung_up;  /* ... because we have ended it */
	bool end_noted;
	bool refusal_kept;	 /* the call's events say why it was refused */
	int64_t wanted_call; /* it was refused, and this is what it wanted; 0: no call */
	int64_t arrived_ms;
	int64_t heard_ms; /* when the last frame came */

	/* the pace at which what comes is taken */
	int64_t credit_us;	  /* of audio that may be taken now */
	int64_t earned_ms;	  /* when it was reckoned last */
	int64_t caught_up_ms; /* when nothing waited last */

	/* what the owner has found */
	bool proven;   /* it has a place among the owner's; else it is a stranger's */
	VaShare share; /* the place */
	int64_t owner; /* whose the place is: the tenant of its token, or VA_NEVER_ARMED */
	int64_t tenant_id;
	int64_t call_id;
	VaCallScript script;

	/* ears */
	VaResampler *in;
	VaVoice voice;
	VaKeys keys;
	int64_t chunk; /* number of the message that was heard last; 0: they have none */
	int16_t frame[VA_FRAME_SAMPLES];
	int nframe;
	int16_t *utterance; /* what the person is saying, with a little before it */
	size_t nutterance;
	int64_t spoke_ms;			  /* when the person's speech ended */
	int64_t asked_ms;			  /* ... of that which is to be answered; 0: nothing is, or the answer is heard */
	int64_t began_ms;			  /* when the person's speech began; Unix time; 0: only an engine has heard it */
	bool began_told;			  /* ... and a turn says so */
	int64_t last_words_ms;		  /* until then the ear may tell what was said before the end; 0: it may not */
	int64_t frame_at;			  /* when the last frame came; Unix time */
	double confidence;			  /* of what was heard last; -1: none says */
	char partial[VA_PARTIAL_MAX]; /* what the person is saying, as far as it is known; "" */

	/* mouth */
	VaResampler *out;
	VaPlayout playout;
	int16_t *piece; /* frames that wait until they are a message */
	int npiece;
	bool full; /* the carrier takes no more now */
	VaSentence sentences[VA_SENTENCES_MAX];
	int nsentences;
	int64_t turn_sent_ms;
	int64_t turn_began; /* Unix time; 0: nothing of the turn was sent */
	int64_t held_ms;	/* since when it is held, because the person makes a sound; 0: it is not */
	bool verdict_due;	/* the ear was asked whether that was a word */
	bool filler;		/* it only fills a silence: what the person has said is still to be answered */
	bool filled;		/* ... and so did what was heard before the answer */

	VaEngines engines;
	VaToolUse *tools; /* in the order in which they were wanted */
	VaReadBack read_back;

	/* the talk */
	VaTurn *turns;
	VaTurn *last_turn;
	int nturns;
	bool greeted;
	bool opted_out;				   /* by a key, and not kept yet */
	char pressed[VA_KEYS_MAX + 1]; /* keys that wait for more of them */
	int npressed;
	int64_t pressed_ms;	   /* when the last one came */
	int64_t pressed_began; /* and the first; Unix time */
	int silences;		   /* prompts since the person spoke last */
	int unheard;		   /* utterances in a row that were not understood */
	int mute;			   /* sentences in a row that no voice has said */
	int64_t quiet_since;   /* since when no side speaks, in ms */
	int64_t opened_ms;
	bool keeping;		   /* its words are being kept: what came of it follows, when that is committed */
	int64_t keep_again_ms; /* nothing of it is kept before: its tenant holds a lock */
	bool stopped;
	bool answer_due; /* the person's turn is kept: what follows is to be thought of */
	VaCallFigures figures;
	VaTurnTimes *times; /* that are not kept yet */
	int ntimes;
	int ncounted; /* of these, in metrics() */
} VaMediaCall;

/* Returns false if the address is not ours. */
extern bool va_address_read(VaAddress *address, const char *path, const char *query);

/* Takes over the socket.  Returns NULL if out of memory (the socket is then closed), or if its path is not ours. */
extern VaMediaCall *va_call_new(VaSocket *socket, int64_t now_ms);
extern void va_call_free(VaMediaCall *call);

/* Reads from the socket; unix_ms is the time of day. */
extern void va_call_hear(VaMediaCall *call, int64_t now_ms, int64_t unix_ms);
/* The time at which waiting frames may be taken; now_ms + 1000 if nothing waits. */
extern int64_t va_call_hears_next(const VaMediaCall *call, int64_t now_ms);

/* A turn of the call before its socket broke, which is kept; in their order, before the session is open. */
extern void va_call_recall(VaMediaCall *call, bool is_customer, const char *text, int64_t at_ms);

/* The session is open: the script is the call's. It talks as soon as a frame has come. */
extern void va_call_opened(VaMediaCall *call, int64_t now_ms);

/* Says what is due, and notices silences and the longest duration; returns when it wants to be called again. */
extern int64_t va_call_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms);

/* The turns are kept; stopped: the person wants no calls. Then the answer is thought of, or the call ends. */
extern void va_call_kept(VaMediaCall *call, bool stopped, int64_t now_ms);

/* Tools: takes the answer of one for the mind (failed: it did nothing); is one awaited; ends the overdue ones. */
extern void va_call_tool_answered(VaMediaCall *call, const char *id, const char *words, bool failed);
extern bool va_call_awaits_tool(const VaMediaCall *call);
extern void va_call_tools_turn(VaMediaCall *call, int64_t now_ms);

/* The times of its answers that are not kept yet, as JSON: see turn_times. */
extern char *va_call_turn_times(const VaMediaCall *call, VaArena *arena);

/* Ends it at once, why in words. */
extern void va_call_end(VaMediaCall *call, const char *why, int64_t unix_ms);
/* Whether the call is over, and the ear may still tell what the person said last. */
extern bool va_call_awaits_words(const VaMediaCall *call, int64_t now_ms);
/* Something was said that is not kept yet. */
extern bool va_call_has_words(const VaMediaCall *call);
/* Closes its socket, if any; after a hangup of ours, once that is kept: a carrier asks at once for the next step. */
extern void va_call_close(VaMediaCall *call);

/* Another socket takes the call over from this one. */
extern void va_call_take_over(VaMediaCall *call, VaMediaCall *newer, int64_t now_ms);

/*
 * The next words of the embedded talker, from the turns so far; ends: they are the last. Malloc'ed, or NULL.
 * If a tool is due, the talker wants it first (wants), and says its answer instead.
 */
extern char *va_call_think(VaMediaCall *call, bool *ends, bool *wants, int64_t now_ms);

#endif /* VOICEAGENT_MEDIA_CALL_H */
