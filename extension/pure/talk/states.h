/*-------------------------------------------------------------------------
 * states.h
 *		The states of a talk on the telephone, and the moves between them.
 *
 * No I/O and no clock: whoever holds the call tells what happens and when,
 * and does what the talk decides.  bgworkers/media/README.md draws it.
 */
#ifndef VOICEAGENT_TALK_STATES_H
#define VOICEAGENT_TALK_STATES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum VaTalkState
{
	VA_TALK_ARRIVED,   /* the stream has not been started */
	VA_TALK_ASKED,	   /* it has, and its session is to be opened */
	VA_TALK_WAITING,   /* it is open, perhaps before the person is there */
	VA_TALK_LISTENING, /* we are silent, and owe nothing */
	VA_TALK_PAUSING,   /* ... the person pauses, and the ear is asked what it was so far */
	VA_TALK_GUESSING,  /* ... and it has answered: more may come */
	VA_TALK_JUDGING,   /* ... and the ear is asked what the person has said */
	VA_TALK_KEEPING,   /* ... and what it has said is kept before it is answered */
	VA_TALK_THINKING,  /* ... and the mind is asked for the answer */
	VA_TALK_FILLING,   /* we say something until the answer comes */
	VA_TALK_SPEAKING,
	VA_TALK_ASIDE,	  /* we say the law's words, and the ear is asked what was said into them */
	VA_TALK_DOUBTING, /* we speak, and the ear has still to tell what was said before */
	VA_TALK_HELD,	  /* the person makes a sound over ours, and we wait for its end */
	VA_TALK_WEIGHING, /* it has ended, and the ear is asked whether it was a word */
	VA_TALK_LEAVING,  /* the last words are being said */
	VA_TALK_OVER,
	VA_TALK_STATES
} VaTalkState;

/* The input of a talk. */
typedef enum VaTalkEvent
{
	VA_TOLD_STARTED,   /* the stream */
	VA_TOLD_OPENED,	   /* the session */
	VA_TOLD_THERE,	   /* the first frame has come */
	VA_TOLD_FRAME,	   /* a frame of the person's line */
	VA_TOLD_ENDED,	   /* the person's speech */
	VA_TOLD_WORDS,	   /* the ear: what it was */
	VA_TOLD_UNCLEAR,   /* ... that it could not be transcribed */
	VA_TOLD_NOTHING,   /* ... that there was nothing */
	VA_TOLD_COMPLETE,  /* ... what was said up to a pause, which answers what was asked */
	VA_TOLD_SO_FAR,	   /* ... which may be all */
	VA_TOLD_OPEN,	   /* ... which is not all */
	VA_TOLD_GOES_ON,   /* the person does, after a pause */
	VA_TOLD_KEY,	   /* one of several */
	VA_TOLD_KEYS,	   /* they are complete, and words */
	VA_TOLD_OPT_OUT,   /* the key */
	VA_TOLD_ANEW,	   /* what was said before counts no more */
	VA_TOLD_KEPT,	   /* what was said */
	VA_TOLD_STOPPED,   /* ... and the person wants no calls */
	VA_TOLD_SENTENCES, /* the mind: what is said next */
	VA_TOLD_UNSAID,	   /* ... that what it has said was no answer */
	VA_TOLD_THOUGHT,   /* ... that this was all */
	VA_TOLD_LAST,	   /* ... and the end of the call */
	VA_TOLD_NO_ANSWER,
	VA_TOLD_LATE, /* nothing is heard of us for too long */
	VA_TOLD_SAID, /* all that we had to say was heard */
	VA_TOLD_MUTE, /* no voice says anything */
	VA_TOLD_TICK,
	VA_TOLD_END, /* the socket has gone, or is to go */
	VA_TOLD_EVENTS
} VaTalkEvent;

/* The conditions of a move. */
#define VA_FACT_WHOLE 0x1		/* the ear is the mind and the voice, too */
#define VA_FACT_LAW 0x2			/* the law's words are being said */
#define VA_FACT_BEGUN 0x4		/* something of what we say was heard */
#define VA_FACT_SPEAKS 0x8		/* the person speaks */
#define VA_FACT_LOUD 0x10		/* ... for so long that we give way */
#define VA_FACT_QUIET 0x20		/* its sound has ended */
#define VA_FACT_HEARS_ALL 0x40	/* the ear that was asked hears all that is said by itself */
#define VA_FACT_UNANSWERED 0x80 /* it has spoken last, before its line broke */
#define VA_FACT_PAUSES 0x100000 /* its sound has just ended, and its speech perhaps */
#define VA_FACT_ENDS 0x200000	/* the ear hears by itself whether it has */

/* The deeds, in this order. */
#define VA_DEED_HOLD 0x1	   /* we fall silent, and keep what we had to say */
#define VA_DEED_CUT 0x2		   /* what we say, and what is thought of, is dropped */
#define VA_DEED_GIVE_WAY 0x4   /* ... because the person speaks */
#define VA_DEED_CLEAR 0x8	   /* what was sent is not to be heard */
#define VA_DEED_GO_ON 0x10	   /* we say what was held */
#define VA_DEED_FINISH 0x20	   /* the call ends */
#define VA_DEED_OPT_OUT 0x40   /* the key is kept */
#define VA_DEED_ASIDE 0x80	   /* the words are kept, and not answered */
#define VA_DEED_KEEP 0x100	   /* they are kept, and then answered */
#define VA_DEED_END_TURN 0x200 /* what we have said was a turn */
#define VA_DEED_HANG_UP 0x400
#define VA_DEED_SAY 0x800 /* what the mind says */
#define VA_DEED_GREET 0x1000
#define VA_DEED_FILL 0x2000
#define VA_DEED_ASK_AGAIN 0x4000	  /* what the person has said */
#define VA_DEED_ASK_WHETHER 0x8000	  /* it is still there */
#define VA_DEED_NO_MORE_CALLS 0x10000 /* we promise it */
#define VA_DEED_GOODBYE 0x20000		  /* we say it */
#define VA_DEED_THINK 0x40000		  /* the mind is asked */
#define VA_DEED_LISTEN 0x80000		  /* the ear is asked what was said */
#define VA_DEED_LISTEN_AHEAD 0x100000 /* the ear is asked what was said so far */
#define VA_DEED_AWAIT 0x200000		  /* ... and that was all */
#define VA_DEED_THINK_AHEAD 0x400000  /* the mind is asked for an answer that may not be wanted */
#define VA_DEED_FORGET 0x800000		  /* what was heard and thought of ahead counts no more */
/* Nothing is to be done, for this does not happen in this state. */
#define VA_DEED_REFUSED 0x80000000U

/* The person has spoken last: what comes first. */
typedef enum VaTalkDebt
{
	VA_OWES_NOTHING,
	VA_OWES_KEEPING, /* they are to be kept, and then answered */
	VA_OWES_ANSWER,	 /* the mind is asked */
	VA_OWES_FAREWELL /* the key to opt out is to be kept */
} VaTalkDebt;

/* Times are in ms of a clock that does not jump. Zero-initialised its stream has not been started. */
typedef struct VaSpokenTalk
{
	VaTalkState state;
	VaTalkDebt owes;
	int asked;	  /* what the ear has still to tell of, two at most: what is said while it is asked is one */
	bool fills;	  /* what we say only fills a silence */
	int silences; /* prompts since the person spoke last */
	int unheard;  /* what was not understood, in a row */
	int64_t opened_ms;
	int64_t quiet_ms;	   /* since when no side speaks */
	int64_t held_ms;	   /* when it was held last */
	int64_t sound_ms;	   /* of the line that has come since */
	int64_t listened_ms;   /* when the ear was asked last */
	int64_t last_words_ms; /* until then the ear may tell what was said before the end */
	int64_t silence_ms;	   /* after which the person is asked */
	int64_t longest_ms;	   /* of the talk; 0: no such limit */
} VaSpokenTalk;

/* Tells it what has happened; returns what is to be done. */
extern uint32_t va_talk_tick(VaSpokenTalk *talk, int64_t now_ms, VaTalkEvent event, uint32_t facts);

/* Its session is open; and the last words are not being said. */
extern bool va_talk_lasts(const VaSpokenTalk *talk);
extern bool va_talk_is_open(const VaSpokenTalk *talk);
/* The person may go on. */
extern bool va_talk_is_in_pause(const VaSpokenTalk *talk);
/* We hold our breath. */
extern bool va_talk_is_held(const VaSpokenTalk *talk);
/* It is over, and the ear may still tell what the person said last. */
extern bool va_talk_awaits_words(const VaSpokenTalk *talk, int64_t now_ms);

#endif /* VOICEAGENT_TALK_STATES_H */
