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

#include "engine.h"
#include "http/websocket.h"
#include "pure/audio/kept_speech.h"
#include "pure/audio/playout.h"
#include "pure/audio/voice.h"
#include "places.h"
#include "pure/dialects/dialect.h"
#include "pure/talk/states.h"

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
	uint32_t ticket;	 /* the embedded voice's */
	VaSound came;		 /* of it, until all is appended */
	VaKeptSound *shared; /* where it was kept: all of it */
	size_t moved;		 /* how much of either was appended */
	int64_t ms;			 /* how long it is, as far as it has come */
	bool law;			 /* may not be interrupted */
	int part;			 /* of the law's words that ends with it, from 1; 0: none */
	bool same;			 /* in every call: its sound is kept */
	bool filler;		 /* it fills a silence */
	VaKeptKey key;		 /* under this */
	VaSound kept;		 /* what has come of it, to be kept */
	bool appended;		 /* to what is played, to its end */
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
	char *data;	 /* the same as JSON (call_tools.data) */
} VaToolUse;

/* The result of open_media_session(). */
typedef struct VaCallScript
{
	VaArena texts;
	char *language;
	char *voice;
	char *law_words; /* a line each part */
	char *first_message;
	char *system_prompt;
	char *opt_out_words;
	char *silence_words;
	char *repeat_words;
	char *moment_words;
	char *goodbye_words;
	char *return_words;	 /* after a break */
	char *machine_words; /* what it is */
	bool same_law;		 /* these words are the same in every call */
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
	VaSpokenTalk talk;
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
	char *own_answer; /* to the words that were kept last, until they are thought of; NULL: none */

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
	int64_t through_ms;			  /* ... when the call was put through, and 1; 0: it was not */
	int64_t asked_ms;			  /* ... of that which is to be answered; 0: nothing is, or the answer is heard */
	int64_t began_ms;			  /* when the person's speech began; Unix time; 0: only an engine has heard it */
	bool began_told;			  /* ... and a turn says so */
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
	int64_t turn_began;				  /* Unix time; 0: nothing of the turn was sent */
	int64_t law_ms[VA_SENTENCES_MAX]; /* from its arrival to the end of each part of law_words; 0: not yet; -1: mute */
	bool filled;					  /* what was heard before the answer only filled a silence */

	VaEngines engines;
	VaToolUse *tools; /* in the order in which they were wanted */
	bool handed_over; /* to an assistant that is to go on as soon as we are silent */

	/* the talk */
	VaTurn *turns;
	VaTurn *last_turn;
	int nturns;
	int anew;					   /* turns that stand before the talk began anew: no mind receives them */
	char pressed[VA_KEYS_MAX + 1]; /* keys that wait for more of them */
	int npressed;
	int64_t pressed_ms;	   /* when the last one came */
	int64_t pressed_began; /* and the first; Unix time */
	int mute;			   /* sentences in a row that no voice has said */
	bool keeping;		   /* its words are being kept: what came of it follows, when no crash takes that back */
	uint64_t kept_at;	   /* where its last commit ends in the log; 0: it is still to come */
	int64_t committed_ms;  /* when that was */
	int64_t keep_again_ms; /* nothing of it is kept before: its tenant holds a lock */
	bool stopped;
	VaCallFigures figures;
	VaTurnTimes *times; /* that are not kept yet */
	int ntimes;
	int ncounted; /* of these, in metrics() */
} VaMediaCall;

#endif /* VOICEAGENT_MEDIA_CALL_H */
