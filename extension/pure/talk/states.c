/*-------------------------------------------------------------------------
 * states.c
 *		The states of a talk, as a table of the moves that it may make.
 */
#include "states.h"

#include <stddef.h>

#include "pure/audio/audio.h"
#include "pure/memory.h"

/*
 * A sound over ours is a word when it lasts so long; and so long after we have stopped it is known whether it was one, or we go on.
 * It is measured by the sound: a loop that was late does not make a cough longer.
 */
#define VERDICT_MS 500
/* The ear has this long at least. */
#define EAR_MS 250
/* ... and so long for what was said just before the end. */
#define LAST_WORDS_MS 5000
/* How much longer than it may a call lasts to let words be ended. */
#define OVERTIME_MS 20000
/* How often a person that is silent is asked; and then the call ends. */
#define SILENCES_MAX 2
#define UNHEARD_MAX 3

/* The talk's own state. */
#define MORE 0x100		 /* the ear has more to tell */
#define DUE 0x200		 /* words are to be answered as soon as they are kept */
#define THINKS 0x400	 /* the mind is asked */
#define OPTED_OUT 0x800	 /* the key is not kept yet */
#define OWED 0x1000		 /* one of these three */
#define VERDICT 0x2000	 /* it is held long enough */
#define EAR_LATE 0x4000	 /* the ear had its time */
#define TRIED 0x8000	 /* as often as it may be */
#define SILENT 0x10000	 /* for too long */
#define LONG 0x20000	 /* the talk has lasted as long as it may */
#define OVERTIME 0x40000 /* and longer */
#define IN_TIME 0x80000	 /* last words are */

/* Where a move leads: a state, the same, the state of one that is silent, or that of one that speaks. */
#define SAME (-1)
#define REST (-2)
#define SPEECH (-3)

#define IN(state) (1U << VA_TALK_##state)
#define PAUSES (IN(PAUSING) | IN(GUESSING))
#define SILENCE (IN(LISTENING) | PAUSES | IN(JUDGING) | IN(KEEPING) | IN(THINKING))
#define ALOUD (IN(SPEAKING) | IN(ASIDE) | IN(DOUBTING))
#define HOLDS (IN(HELD) | IN(WEIGHING))
#define TALKS (SILENCE | IN(FILLING) | ALOUD | HOLDS)
#define OPEN (IN(WAITING) | TALKS)
#define LASTS (OPEN | IN(LEAVING))
#define ON(event) (1U << VA_TOLD_##event)
#define ON_END (ON(ENDED) | ON(COMPLETE) | ON(WORDS))
#define TOLD_NONE (ON(UNCLEAR) | ON(NOTHING))
#define IF(fact) VA_FACT_##fact
#define DO(deed) VA_DEED_##deed

/* The first that fits is made: in one of these states, with all of these facts, and with none of those. */
static const struct Move
{
	uint32_t from;
	uint32_t on;
	uint32_t with;
	uint32_t without;
	int to;
	uint32_t deeds;
} moves[] = {
	{ IN(ARRIVED), ON(STARTED), 0, 0, VA_TALK_ASKED, 0 },
	{ IN(ASKED), ON(OPENED), 0, 0, VA_TALK_WAITING, 0 },
	{ IN(WAITING), ON(THERE), IF(UNANSWERED), 0, REST, DO(THINK) },
	{ IN(WAITING), ON(THERE), 0, 0, SPEECH, DO(GREET) },

	/* The law's words are said to their end; what is said into them is kept. All else stops when the person speaks for a moment. */
	{ ALOUD | IN(FILLING), ON(FRAME), IF(LOUD) | IF(BEGUN) | IF(WHOLE), IF(LAW), REST, DO(HOLD) | DO(GIVE_WAY) },
	{ ALOUD | IN(FILLING), ON(FRAME), IF(LOUD) | IF(BEGUN), IF(LAW), VA_TALK_HELD, DO(HOLD) },
	{ IN(HELD), ON(FRAME), IF(QUIET), 0, VA_TALK_WEIGHING, DO(LISTEN) },
	{ IN(HELD), ON(FRAME), VERDICT, 0, REST, DO(GIVE_WAY) },
	{ IN(WEIGHING), ON(FRAME), VERDICT | EAR_LATE, 0, SPEECH, DO(GO_ON) },
	{ IN(PAUSING), ON(ENDED), 0, 0, VA_TALK_JUDGING, DO(AWAIT) },
	{ IN(GUESSING), ON(ENDED), 0, IF(ENDS), REST, DO(KEEP) },
	{ SILENCE, ON(ENDED), 0, 0, VA_TALK_JUDGING, DO(LISTEN) },
	{ ALOUD, ON(ENDED), IF(LAW), IF(WHOLE), VA_TALK_ASIDE, DO(LISTEN) },
	{ IN(LEAVING), ON(ENDED), 0, IF(WHOLE), SAME, DO(LISTEN) },
	/* A pause may be the end: what was said so far tells how long we wait for more. An ear that hears ends by itself says so first. */
	{ IN(LISTENING), ON(FRAME), IF(PAUSES), IF(WHOLE), VA_TALK_PAUSING, DO(LISTEN_AHEAD) },
	{ LASTS, ON(FRAME) | ON(ENDED), 0, 0, SAME, 0 },

	{ IN(PAUSING), ON(COMPLETE), 0, 0, REST, DO(KEEP) },
	{ IN(PAUSING) | IN(LISTENING), ON(SO_FAR), 0, 0, VA_TALK_GUESSING, DO(THINK_AHEAD) },
	{ IN(PAUSING), ON(OPEN), 0, 0, VA_TALK_GUESSING, 0 },
	{ IN(PAUSING), TOLD_NONE, 0, 0, REST, 0 },
	{ PAUSES, ON(GOES_ON), 0, 0, REST, 0 },

	{ SILENCE, ON(WORDS), OPTED_OUT, 0, REST, DO(ASIDE) },
	{ SILENCE, ON(WORDS), 0, 0, REST, DO(KEEP) },
	{ IN(FILLING), ON(WORDS), 0, 0, SAME, DO(KEEP) },
	{ IN(ASIDE), ON(WORDS), MORE, 0, SAME, DO(ASIDE) },
	{ IN(ASIDE), ON(WORDS), 0, 0, SPEECH, DO(ASIDE) },
	{ IN(SPEAKING) | IN(DOUBTING), ON(WORDS), IF(WHOLE), 0, SPEECH, DO(KEEP) },
	{ IN(SPEAKING) | IN(DOUBTING), ON(WORDS), IF(LAW), 0, SPEECH, DO(ASIDE) },
	{ IN(DOUBTING), ON(WORDS), 0, 0, REST, DO(CLEAR) | DO(GIVE_WAY) | DO(KEEP) },
	{ IN(SPEAKING), ON(WORDS), 0, 0, SAME, 0 },
	{ HOLDS, ON(WORDS), 0, 0, REST, DO(GIVE_WAY) | DO(KEEP) },
	{ IN(LEAVING), ON(WORDS) | ON(KEYS), 0, 0, SAME, DO(ASIDE) },
	{ IN(OVER), ON(WORDS), IN_TIME, 0, SAME, DO(ASIDE) },

	{ SILENCE | IN(FILLING), ON(UNCLEAR), TRIED, MORE | OWED, VA_TALK_LEAVING, DO(ASK_AGAIN) | DO(GOODBYE) },
	{ SILENCE | IN(FILLING), ON(UNCLEAR), 0, MORE | OWED, SPEECH, DO(ASK_AGAIN) },
	{ SILENCE, TOLD_NONE, 0, 0, REST, 0 },
	{ IN(WEIGHING), TOLD_NONE, 0, MORE, SPEECH, DO(GO_ON) },
	{ IN(ASIDE), TOLD_NONE, 0, MORE, SPEECH, 0 },
	{ IN(DOUBTING), TOLD_NONE, 0, 0, SPEECH, 0 },
	{ LASTS | IN(OVER), TOLD_NONE, 0, 0, SAME, 0 },

	{ SILENCE, ON(KEY), 0, OPTED_OUT, SAME, 0 },
	{ TALKS, ON(KEY), 0, IF(LAW) | OPTED_OUT, REST, DO(CLEAR) | DO(CUT) },
	{ IN(LISTENING) | IN(THINKING), ON(KEYS), 0, 0, REST, DO(KEEP) },
	{ TALKS, ON(KEYS), 0, MORE | DUE | OPTED_OUT, REST, DO(CLEAR) | DO(CUT) | DO(KEEP) },
	{ OPEN, ON(OPT_OUT), 0, OPTED_OUT, REST, DO(CLEAR) | DO(CUT) | DO(OPT_OUT) },
	{ IN(LEAVING), ON(OPT_OUT), 0, OPTED_OUT, SAME, DO(CLEAR) | DO(CUT) | DO(OPT_OUT) },

	{ TALKS, ON(ANEW), 0, IF(LAW) | OPTED_OUT, SPEECH, DO(CLEAR) | DO(CUT) | DO(GREET) },

	{ OPEN, ON(STOPPED), IF(WHOLE), 0, VA_TALK_LEAVING, DO(CLEAR) | DO(CUT) | DO(NO_MORE_CALLS) },
	{ OPEN, ON(STOPPED), 0, 0, VA_TALK_LEAVING, DO(NO_MORE_CALLS) },
	{ SILENCE, ON(KEPT), DUE, 0, REST, DO(THINK) },
	{ TALKS, ON(KEPT), DUE, 0, SAME, DO(THINK) },
	{ LASTS | IN(OVER), ON(KEPT) | ON(STOPPED), 0, 0, SAME, 0 },

	{ SILENCE | IN(FILLING), ON(SENTENCES), IF(WHOLE), OPTED_OUT, SPEECH, DO(SAY) },
	{ SILENCE | IN(FILLING), ON(SENTENCES), THINKS, 0, SPEECH, DO(SAY) },
	{ ALOUD | HOLDS, ON(SENTENCES), 0, 0, SAME, DO(SAY) },
	{ TALKS, ON(UNSAID), THINKS, IF(LAW), REST, DO(CUT) },
	{ SILENCE & ~PAUSES, ON(THOUGHT), 0, 0, REST, 0 },
	{ TALKS, ON(THOUGHT), 0, 0, SAME, 0 },
	{ TALKS, ON(LAST), 0, 0, VA_TALK_LEAVING, 0 },
	{ TALKS, ON(NO_ANSWER), 0, 0, VA_TALK_LEAVING, DO(GOODBYE) },
	{ IN(JUDGING) | IN(KEEPING) | IN(THINKING), ON(LATE), 0, IF(SPEAKS) | OPTED_OUT, VA_TALK_FILLING, DO(FILL) },
	{ IN(FILLING), ON(SAID), 0, 0, REST, DO(END_TURN) },
	{ ALOUD, ON(SAID), 0, THINKS, REST, DO(END_TURN) },

	{ IN(LEAVING), ON(SAID), 0, 0, SAME, DO(END_TURN) | DO(HANG_UP) },
	{ LASTS, ON(MUTE), 0, 0, SAME, DO(HANG_UP) },
	{ LASTS, ON(TICK), OVERTIME, 0, SAME, DO(HANG_UP) },
	{ IN(LISTENING), ON(TICK), LONG, IF(SPEAKS), VA_TALK_LEAVING, DO(GOODBYE) },
	{ IN(LISTENING), ON(TICK), SILENT | TRIED, IF(SPEAKS), VA_TALK_LEAVING, DO(GOODBYE) },
	{ IN(LISTENING), ON(TICK), SILENT, IF(SPEAKS), SPEECH, DO(ASK_WHETHER) },
	{ LASTS, ON(TICK), 0, 0, SAME, 0 },
	{ LASTS, ON(END), IF(SPEAKS), IF(WHOLE), VA_TALK_OVER, DO(FINISH) | DO(LISTEN) },
	{ LASTS | IN(ARRIVED) | IN(ASKED), ON(END), 0, 0, VA_TALK_OVER, DO(FINISH) },
};

static uint32_t
facts_of(const VaSpokenTalk *talk, int64_t now_ms, VaTalkEvent event)
{
	bool limited = talk->longest_ms > 0;
	int64_t lasted_ms = now_ms - talk->opened_ms;
	uint32_t facts = 0;

	facts |= talk->asked > 0 ? MORE : 0;
	facts |= talk->owes != VA_OWES_NOTHING ? OWED : 0;
	facts |= talk->owes == VA_OWES_KEEPING ? DUE : 0;
	facts |= talk->owes == VA_OWES_ANSWER ? THINKS : 0;
	facts |= talk->owes == VA_OWES_FAREWELL ? OPTED_OUT : 0;
	facts |= talk->sound_ms >= VERDICT_MS ? VERDICT : 0;
	facts |= now_ms - talk->listened_ms >= EAR_MS ? EAR_LATE : 0;
	facts |= (event == VA_TOLD_TICK ? talk->silences >= SILENCES_MAX : talk->unheard + 1 >= UNHEARD_MAX) ? TRIED : 0;
	facts |= now_ms - talk->quiet_ms > talk->silence_ms ? SILENT : 0;
	facts |= limited && lasted_ms > talk->longest_ms ? LONG : 0;
	facts |= limited && lasted_ms > talk->longest_ms + OVERTIME_MS ? OVERTIME : 0;
	facts |= now_ms < talk->last_words_ms ? IN_TIME : 0;
	return facts;
}

/* Debts and questions after these deeds. */
static void
note(VaSpokenTalk *talk, int64_t now_ms, VaTalkEvent event, uint32_t facts, uint32_t deeds)
{
	if ((deeds & (VA_DEED_CUT | VA_DEED_GIVE_WAY)) != 0)
		talk->fills = false;
	/* Unsaid words are thought of anew. */
	if (((deeds & (VA_DEED_CUT | VA_DEED_GIVE_WAY)) != 0 && event != VA_TOLD_UNSAID) || event == VA_TOLD_THOUGHT)
		talk->owes = talk->owes == VA_OWES_ANSWER ? VA_OWES_NOTHING : talk->owes;
	if ((deeds & VA_DEED_KEEP) != 0)
		talk->unheard = talk->silences = 0;
	talk->owes = (deeds & VA_DEED_KEEP) != 0	  ? VA_OWES_KEEPING
				 : (deeds & VA_DEED_OPT_OUT) != 0 ? VA_OWES_FAREWELL
				 : (deeds & VA_DEED_THINK) != 0	  ? VA_OWES_ANSWER
				 : event == VA_TOLD_STOPPED		  ? VA_OWES_NOTHING
				 : event == VA_TOLD_ANEW		  ? VA_OWES_NOTHING
												  : talk->owes;
	if ((deeds & (VA_DEED_FILL | VA_DEED_SAY | VA_DEED_ASK_AGAIN | VA_DEED_END_TURN)) != 0)
		talk->fills = (deeds & VA_DEED_FILL) != 0;
	talk->unheard += (deeds & VA_DEED_ASK_AGAIN) != 0;
	talk->silences += (deeds & VA_DEED_ASK_WHETHER) != 0;
	if ((deeds & VA_DEED_HOLD) != 0)
	{
		talk->held_ms = now_ms;
		talk->sound_ms = 0;
	}
	if ((deeds & (VA_DEED_LISTEN | VA_DEED_AWAIT)) == 0)
		return;
	/* An ear that hears all by itself tells once what two utterances were. */
	if (talk->asked == 0 || (facts & VA_FACT_HEARS_ALL) == 0)
		talk->asked = talk->asked == 0 ? 1 : 2;
	talk->listened_ms = now_ms;
}

static VaTalkState
leads_to(const VaSpokenTalk *talk, int to)
{
	if (to == REST)
		return talk->asked > 0				   ? VA_TALK_JUDGING
			   : talk->owes == VA_OWES_NOTHING ? VA_TALK_LISTENING
			   : talk->owes == VA_OWES_ANSWER  ? VA_TALK_THINKING
											   : VA_TALK_KEEPING;
	if (to == SPEECH)
		return talk->fills ? VA_TALK_FILLING : talk->asked > 0 ? VA_TALK_DOUBTING : VA_TALK_SPEAKING;
	return to == SAME ? talk->state : (VaTalkState) to;
}

/* Its state agrees with its debts and questions: a silence is named by what comes first. */
static bool
is_sound(const VaSpokenTalk *talk)
{
	return talk->asked >= 0 && talk->asked <= 2 && (talk->state != VA_TALK_JUDGING || talk->asked > 0) &&
		   (talk->state != VA_TALK_KEEPING ||
			   (talk->asked == 0 && (talk->owes == VA_OWES_KEEPING || talk->owes == VA_OWES_FAREWELL))) &&
		   (talk->state != VA_TALK_THINKING || (talk->asked == 0 && talk->owes == VA_OWES_ANSWER)) &&
		   ((1U << talk->state & (PAUSES | IN(LISTENING))) == 0 ||
			   (talk->asked == 0 && talk->owes == VA_OWES_NOTHING)) &&
		   (talk->state != VA_TALK_FILLING || talk->fills);
}

uint32_t
va_talk_tick(VaSpokenTalk *talk, int64_t now_ms, VaTalkEvent event, uint32_t facts)
{
	const struct Move *move = moves;
	const struct Move *end = moves + sizeof(moves) / sizeof(moves[0]);
	uint32_t deeds;

	if (event >= VA_TOLD_WORDS && event <= VA_TOLD_NOTHING && talk->asked > 0)
		talk->asked--;
	if (event == VA_TOLD_FRAME)
		talk->sound_ms += VA_FRAME_MS;
	facts |= facts_of(talk, now_ms, event);
	while (move < end && ((move->from & 1U << talk->state) == 0 || (move->on & 1U << event) == 0 ||
							 (facts & move->with) != move->with || (facts & move->without) != 0))
		move++;
	if (move == end)
		return VA_DEED_REFUSED;
	deeds = move->deeds;
	/* A guess made in a pause counts if the pause was the end. */
	if ((1U << talk->state & PAUSES) != 0 && (1U << leads_to(talk, move->to) & PAUSES) == 0 &&
		(ON_END & 1U << event) == 0)
		deeds |= VA_DEED_FORGET;
	note(talk, now_ms, event, facts, deeds);
	if (event == VA_TOLD_OPENED)
		talk->opened_ms = now_ms;
	if (event == VA_TOLD_END && (1U << talk->state & LASTS) != 0 && (facts & VA_FACT_WHOLE) == 0)
		talk->last_words_ms = now_ms + LAST_WORDS_MS;
	/* Some happen though no side does anything. */
	if (event == VA_TOLD_FRAME || event == VA_TOLD_TICK ? (facts & VA_FACT_SPEAKS) != 0 || deeds != 0
														: event != VA_TOLD_KEPT)
		talk->quiet_ms = now_ms;
	talk->state = leads_to(talk, move->to);
	VA_ASSERT(is_sound(talk));
	return deeds;
}

bool
va_talk_lasts(const VaSpokenTalk *talk)
{
	return (1U << talk->state & LASTS) != 0;
}

bool
va_talk_is_open(const VaSpokenTalk *talk)
{
	return (1U << talk->state & OPEN) != 0;
}

bool
va_talk_is_in_pause(const VaSpokenTalk *talk)
{
	return (1U << talk->state & PAUSES) != 0;
}

bool
va_talk_is_held(const VaSpokenTalk *talk)
{
	return (1U << talk->state & HOLDS) != 0;
}

bool
va_talk_awaits_words(const VaSpokenTalk *talk, int64_t now_ms)
{
	return talk->state == VA_TALK_OVER && now_ms < talk->last_words_ms && talk->asked > 0;
}
