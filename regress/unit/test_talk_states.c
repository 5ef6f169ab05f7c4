/*
 * The states of a talk: what it does when something happens, and what cannot happen.
 */
#include "tap.h"
#include "pure/audio/audio.h"
#include "pure/talk/states.h"

#define NOW 100000

static const char *const names[] = {"arrived", "asked", "waiting", "listening", "pausing", "guessing", "judging", "keeping", "thinking", "filling", "speaking",
	"aside", "doubting", "held", "weighing", "leaving", "over"};

/* A talk that has come that far; the ear has one utterance where the state says so. */
static VaSpokenTalk
talk_in(VaTalkState state)
{
	VaSpokenTalk talk = {.state = state, .opened_ms = NOW - 10000, .quiet_ms = NOW, .held_ms = NOW, .listened_ms = NOW, .silence_ms = 4000,
		.longest_ms = 60000};

	talk.asked = state == VA_TALK_JUDGING || state == VA_TALK_ASIDE || state == VA_TALK_DOUBTING || state == VA_TALK_WEIGHING;
	talk.owes = state == VA_TALK_KEEPING ? VA_OWES_KEEPING : state == VA_TALK_THINKING ? VA_OWES_ANSWER : VA_OWES_NOTHING;
	talk.fills = state == VA_TALK_FILLING;
	return talk;
}

#define S(state) (1U << VA_TALK_##state)
#define D(deed) VA_DEED_##deed
#define F(fact) VA_FACT_##fact
#define PAUSES (S(PAUSING) | S(GUESSING))
#define SILENCE (S(LISTENING) | PAUSES | S(JUDGING) | S(KEEPING) | S(THINKING))
#define ALOUD (S(SPEAKING) | S(ASIDE) | S(DOUBTING))
#define HOLDS (S(HELD) | S(WEIGHING))
#define TALKS (SILENCE | S(FILLING) | ALOUD | HOLDS)
#define LASTS (S(WAITING) | TALKS | S(LEAVING))
#define SAME (-1)

/* In each of these states, when nothing else is true: to which it leads, and what is done. Every other is refused. */
static const struct
{
	uint32_t from;
	VaTalkEvent event;
	int to;
	uint32_t deeds;
} plain[] = {
	{S(ARRIVED), VA_TOLD_STARTED, VA_TALK_ASKED, 0},
	{S(ASKED), VA_TOLD_OPENED, VA_TALK_WAITING, 0},
	{S(WAITING), VA_TOLD_THERE, VA_TALK_SPEAKING, D(GREET)},
	{LASTS, VA_TOLD_FRAME, SAME, 0},
	{SILENCE & ~PAUSES, VA_TOLD_ENDED, VA_TALK_JUDGING, D(LISTEN)},
	/* A pause: its end is that of the turn, or the person goes on. */
	{S(PAUSING), VA_TOLD_ENDED, VA_TALK_JUDGING, D(AWAIT)},
	{S(GUESSING), VA_TOLD_ENDED, VA_TALK_KEEPING, D(KEEP)},
	{S(PAUSING), VA_TOLD_COMPLETE, VA_TALK_KEEPING, D(KEEP)},
	{S(PAUSING), VA_TOLD_SO_FAR, VA_TALK_GUESSING, D(THINK_AHEAD)},
	{S(LISTENING), VA_TOLD_SO_FAR, VA_TALK_GUESSING, D(THINK_AHEAD)},
	{S(PAUSING), VA_TOLD_OPEN, VA_TALK_GUESSING, 0},
	{S(PAUSING), VA_TOLD_UNCLEAR, VA_TALK_LISTENING, D(FORGET)},
	{PAUSES, VA_TOLD_NOTHING, VA_TALK_LISTENING, D(FORGET)},
	{PAUSES, VA_TOLD_GOES_ON, VA_TALK_LISTENING, D(FORGET)},
	{PAUSES, VA_TOLD_KEYS, VA_TALK_KEEPING, D(CUT) | D(CLEAR) | D(KEEP) | D(FORGET)},
	{PAUSES, VA_TOLD_OPT_OUT, VA_TALK_KEEPING, D(CUT) | D(CLEAR) | D(OPT_OUT) | D(FORGET)},
	{PAUSES, VA_TOLD_ANEW, VA_TALK_SPEAKING, D(CUT) | D(CLEAR) | D(GREET) | D(FORGET)},
	{PAUSES, VA_TOLD_STOPPED, VA_TALK_LEAVING, D(NO_MORE_CALLS) | D(FORGET)},
	{PAUSES, VA_TOLD_LAST, VA_TALK_LEAVING, D(FORGET)},
	{PAUSES, VA_TOLD_NO_ANSWER, VA_TALK_LEAVING, D(GOODBYE) | D(FORGET)},
	{PAUSES, VA_TOLD_END, VA_TALK_OVER, D(FINISH) | D(FORGET)},
	{S(GUESSING), VA_TOLD_UNCLEAR, VA_TALK_SPEAKING, D(ASK_AGAIN) | D(FORGET)},
	{S(LEAVING), VA_TOLD_ENDED, SAME, D(LISTEN)},
	{S(WAITING) | S(FILLING) | ALOUD | HOLDS, VA_TOLD_ENDED, SAME, 0},
	{SILENCE, VA_TOLD_WORDS, VA_TALK_KEEPING, D(KEEP)},
	{S(FILLING), VA_TOLD_WORDS, SAME, D(KEEP)},
	{S(SPEAKING), VA_TOLD_WORDS, SAME, 0},
	{S(ASIDE), VA_TOLD_WORDS, VA_TALK_SPEAKING, D(ASIDE)},
	{S(DOUBTING), VA_TOLD_WORDS, VA_TALK_KEEPING, D(GIVE_WAY) | D(CLEAR) | D(KEEP)},
	{HOLDS, VA_TOLD_WORDS, VA_TALK_KEEPING, D(GIVE_WAY) | D(KEEP)},
	{S(LEAVING), VA_TOLD_WORDS, SAME, D(ASIDE)},
	{S(LEAVING), VA_TOLD_KEYS, SAME, D(ASIDE)},
	{S(LISTENING) | S(JUDGING) | S(FILLING), VA_TOLD_UNCLEAR, VA_TALK_SPEAKING, D(ASK_AGAIN)},
	{S(KEEPING) | S(THINKING), VA_TOLD_UNCLEAR, SAME, 0},
	{S(WEIGHING), VA_TOLD_UNCLEAR, VA_TALK_SPEAKING, D(GO_ON)},
	{S(ASIDE) | S(DOUBTING), VA_TOLD_UNCLEAR, VA_TALK_SPEAKING, 0},
	{S(WAITING) | S(SPEAKING) | S(HELD) | S(LEAVING) | S(OVER), VA_TOLD_UNCLEAR, SAME, 0},
	{S(JUDGING), VA_TOLD_NOTHING, VA_TALK_LISTENING, 0},
	{S(WEIGHING), VA_TOLD_NOTHING, VA_TALK_SPEAKING, D(GO_ON)},
	{S(ASIDE) | S(DOUBTING), VA_TOLD_NOTHING, VA_TALK_SPEAKING, 0},
	{(LASTS | S(OVER)) & ~(PAUSES | S(JUDGING) | S(WEIGHING) | S(ASIDE) | S(DOUBTING)), VA_TOLD_NOTHING, SAME, 0},
	{SILENCE, VA_TOLD_KEY, SAME, 0},
	{S(FILLING) | S(SPEAKING) | S(HELD), VA_TOLD_KEY, VA_TALK_LISTENING, D(CUT) | D(CLEAR)},
	{S(ASIDE) | S(DOUBTING) | S(WEIGHING), VA_TOLD_KEY, VA_TALK_JUDGING, D(CUT) | D(CLEAR)},
	{S(LISTENING) | S(THINKING), VA_TOLD_KEYS, VA_TALK_KEEPING, D(KEEP)},
	{S(FILLING) | S(SPEAKING) | S(HELD), VA_TOLD_KEYS, VA_TALK_KEEPING, D(CUT) | D(CLEAR) | D(KEEP)},
	{(S(WAITING) | TALKS) & ~(PAUSES | S(JUDGING) | S(ASIDE) | S(DOUBTING) | S(WEIGHING)), VA_TOLD_OPT_OUT, VA_TALK_KEEPING, D(CUT) | D(CLEAR) | D(OPT_OUT)},
	{S(JUDGING) | S(ASIDE) | S(DOUBTING) | S(WEIGHING), VA_TOLD_OPT_OUT, VA_TALK_JUDGING, D(CUT) | D(CLEAR) | D(OPT_OUT)},
	{S(LEAVING), VA_TOLD_OPT_OUT, SAME, D(CUT) | D(CLEAR) | D(OPT_OUT)},
	{(TALKS) & ~(PAUSES | S(JUDGING) | S(ASIDE) | S(DOUBTING) | S(WEIGHING)), VA_TOLD_ANEW, VA_TALK_SPEAKING, D(CUT) | D(CLEAR) | D(GREET)},
	{S(JUDGING) | S(ASIDE) | S(DOUBTING) | S(WEIGHING), VA_TOLD_ANEW, VA_TALK_DOUBTING, D(CUT) | D(CLEAR) | D(GREET)},
	{S(KEEPING), VA_TOLD_KEPT, VA_TALK_THINKING, D(THINK)},
	{(LASTS | S(OVER)) & ~S(KEEPING), VA_TOLD_KEPT, SAME, 0},
	{(S(WAITING) | TALKS) & ~PAUSES, VA_TOLD_STOPPED, VA_TALK_LEAVING, D(NO_MORE_CALLS)},
	{S(LEAVING) | S(OVER), VA_TOLD_STOPPED, SAME, 0},
	{S(THINKING), VA_TOLD_SENTENCES, VA_TALK_SPEAKING, D(SAY)},
	{ALOUD | HOLDS, VA_TOLD_SENTENCES, SAME, D(SAY)},
	{S(THINKING), VA_TOLD_UNSAID, SAME, D(CUT)},
	{S(THINKING), VA_TOLD_THOUGHT, VA_TALK_LISTENING, 0},
	{TALKS & ~S(THINKING), VA_TOLD_THOUGHT, SAME, 0},
	{TALKS & ~PAUSES, VA_TOLD_LAST, VA_TALK_LEAVING, 0},
	{TALKS & ~PAUSES, VA_TOLD_NO_ANSWER, VA_TALK_LEAVING, D(GOODBYE)},
	{S(JUDGING) | S(KEEPING) | S(THINKING), VA_TOLD_LATE, VA_TALK_FILLING, D(FILL)},
	{S(FILLING) | S(SPEAKING), VA_TOLD_SAID, VA_TALK_LISTENING, D(END_TURN)},
	{S(ASIDE) | S(DOUBTING), VA_TOLD_SAID, VA_TALK_JUDGING, D(END_TURN)},
	{S(LEAVING), VA_TOLD_SAID, SAME, D(END_TURN) | D(HANG_UP)},
	{LASTS, VA_TOLD_MUTE, SAME, D(HANG_UP)},
	{LASTS, VA_TOLD_TICK, SAME, 0},
	{(S(ARRIVED) | S(ASKED) | LASTS) & ~PAUSES, VA_TOLD_END, VA_TALK_OVER, D(FINISH)},
};

/* What else is true, and how late it is, makes another move of it. */
static const struct
{
	VaTalkState from;
	VaTalkEvent event;
	uint32_t facts;
	int later_ms;
	int asked; /* 0: as the state says */
	int owes;  /* 0: as the state says */
	int tries; /* silences, or what was not understood */
	VaTalkState to;
	uint32_t deeds;
} others[] = {
	/* The person's sound has just ended. */
	{VA_TALK_LISTENING, VA_TOLD_FRAME, F(PAUSES) | F(SPEAKS), 0, 0, 0, 0, VA_TALK_PAUSING, D(LISTEN_AHEAD)},
	{VA_TALK_LISTENING, VA_TOLD_FRAME, F(PAUSES) | F(SPEAKS) | F(WHOLE), 0, 0, 0, 0, VA_TALK_LISTENING, 0},
	{VA_TALK_JUDGING, VA_TOLD_FRAME, F(PAUSES) | F(SPEAKS), 0, 0, 0, 0, VA_TALK_JUDGING, 0},
	{VA_TALK_THINKING, VA_TOLD_FRAME, F(PAUSES) | F(SPEAKS), 0, 0, 0, 0, VA_TALK_THINKING, 0},
	{VA_TALK_SPEAKING, VA_TOLD_FRAME, F(PAUSES) | F(SPEAKS), 0, 0, 0, 0, VA_TALK_SPEAKING, 0},
	{VA_TALK_GUESSING, VA_TOLD_FRAME, F(PAUSES) | F(SPEAKS), 0, 0, 0, 0, VA_TALK_GUESSING, 0},
	/* An ear that hears ends by itself is asked, where we have waited long enough. */
	{VA_TALK_GUESSING, VA_TOLD_ENDED, F(ENDS), 0, 0, 0, 0, VA_TALK_JUDGING, D(LISTEN)},
	/* The ear ends the turn by itself; or it is late, and then nobody asks it twice. */
	{VA_TALK_GUESSING, VA_TOLD_WORDS, 0, 0, 0, 0, 0, VA_TALK_KEEPING, D(KEEP)},
	{VA_TALK_PAUSING, VA_TOLD_END, F(SPEAKS), 0, 0, 0, 0, VA_TALK_OVER, D(FINISH) | D(LISTEN) | D(FORGET)},
	/* After a break. */
	{VA_TALK_WAITING, VA_TOLD_THERE, F(UNANSWERED), 0, 0, 0, 0, VA_TALK_THINKING, D(THINK)},
	/* Over what we say: held, weighed, and then we give way or go on. */
	{VA_TALK_SPEAKING, VA_TOLD_FRAME, F(LOUD), 0, 0, 0, 0, VA_TALK_SPEAKING, 0},
	{VA_TALK_SPEAKING, VA_TOLD_FRAME, F(LOUD) | F(BEGUN), 0, 0, 0, 0, VA_TALK_HELD, D(HOLD)},
	{VA_TALK_FILLING, VA_TOLD_FRAME, F(LOUD) | F(BEGUN), 0, 0, 0, 0, VA_TALK_HELD, D(HOLD)},
	{VA_TALK_DOUBTING, VA_TOLD_FRAME, F(LOUD) | F(BEGUN), 0, 0, 0, 0, VA_TALK_HELD, D(HOLD)},
	{VA_TALK_SPEAKING, VA_TOLD_FRAME, F(LOUD) | F(BEGUN) | F(LAW), 0, 0, 0, 0, VA_TALK_SPEAKING, 0},
	{VA_TALK_SPEAKING, VA_TOLD_FRAME, F(LOUD) | F(BEGUN) | F(WHOLE), 0, 0, 0, 0, VA_TALK_LISTENING, D(HOLD) | D(GIVE_WAY)},
	{VA_TALK_LEAVING, VA_TOLD_FRAME, F(LOUD) | F(BEGUN), 0, 0, 0, 0, VA_TALK_LEAVING, 0},
	{VA_TALK_HELD, VA_TOLD_FRAME, 0, 499, 0, 0, 0, VA_TALK_HELD, 0},
	{VA_TALK_HELD, VA_TOLD_FRAME, 0, 500, 0, 0, 0, VA_TALK_LISTENING, D(GIVE_WAY)},
	{VA_TALK_HELD, VA_TOLD_FRAME, F(QUIET), 160, 0, 0, 0, VA_TALK_WEIGHING, D(LISTEN)},
	{VA_TALK_WEIGHING, VA_TOLD_FRAME, F(QUIET), 499, 0, 0, 0, VA_TALK_WEIGHING, 0},
	{VA_TALK_WEIGHING, VA_TOLD_FRAME, F(QUIET), 500, 0, 0, 0, VA_TALK_DOUBTING, D(GO_ON)},
	/* Two utterances: the first is no verdict on the second. */
	{VA_TALK_WEIGHING, VA_TOLD_NOTHING, 0, 0, 2, 0, 0, VA_TALK_WEIGHING, 0},
	{VA_TALK_WEIGHING, VA_TOLD_WORDS, 0, 0, 2, 0, 0, VA_TALK_JUDGING, D(GIVE_WAY) | D(KEEP)},
	{VA_TALK_JUDGING, VA_TOLD_WORDS, 0, 0, 2, 0, 0, VA_TALK_JUDGING, D(KEEP)},
	{VA_TALK_JUDGING, VA_TOLD_UNCLEAR, 0, 0, 2, 0, 0, VA_TALK_JUDGING, 0},
	{VA_TALK_ASIDE, VA_TOLD_WORDS, F(LAW), 0, 2, 0, 0, VA_TALK_ASIDE, D(ASIDE)},
	{VA_TALK_ASIDE, VA_TOLD_NOTHING, F(LAW), 0, 2, 0, 0, VA_TALK_ASIDE, 0},
	{VA_TALK_DOUBTING, VA_TOLD_NOTHING, 0, 0, 2, 0, 0, VA_TALK_DOUBTING, 0},
	/* Into the law's words, which a whole engine hears by itself. */
	{VA_TALK_SPEAKING, VA_TOLD_ENDED, F(LAW), 0, 0, 0, 0, VA_TALK_ASIDE, D(LISTEN)},
	{VA_TALK_SPEAKING, VA_TOLD_ENDED, F(LAW) | F(WHOLE), 0, 0, 0, 0, VA_TALK_SPEAKING, 0},
	{VA_TALK_SPEAKING, VA_TOLD_WORDS, F(LAW), 0, 0, 0, 0, VA_TALK_SPEAKING, D(ASIDE)},
	{VA_TALK_SPEAKING, VA_TOLD_WORDS, F(LAW) | F(WHOLE), 0, 0, 0, 0, VA_TALK_SPEAKING, D(KEEP)},
	{VA_TALK_SPEAKING, VA_TOLD_KEY, F(LAW), 0, 0, 0, 0, VA_TALK_STATES, 0},
	{VA_TALK_LEAVING, VA_TOLD_ENDED, F(WHOLE), 0, 0, 0, 0, VA_TALK_LEAVING, 0},
	/* A whole engine speaks when it likes, and is told later what it has answered. */
	{VA_TALK_LISTENING, VA_TOLD_SENTENCES, 0, 0, 0, 0, 0, VA_TALK_STATES, 0},
	{VA_TALK_LISTENING, VA_TOLD_SENTENCES, F(WHOLE), 0, 0, 0, 0, VA_TALK_SPEAKING, D(SAY)},
	{VA_TALK_JUDGING, VA_TOLD_SENTENCES, F(WHOLE), 0, 0, 0, 0, VA_TALK_DOUBTING, D(SAY)},
	{VA_TALK_DOUBTING, VA_TOLD_WORDS, F(WHOLE), 0, 0, 0, 0, VA_TALK_SPEAKING, D(KEEP)},
	{VA_TALK_SPEAKING, VA_TOLD_KEPT, F(WHOLE), 0, 0, VA_OWES_KEEPING, 0, VA_TALK_SPEAKING, D(THINK)},
	{VA_TALK_SPEAKING, VA_TOLD_STOPPED, F(WHOLE), 0, 0, 0, 0, VA_TALK_LEAVING, D(CUT) | D(CLEAR) | D(NO_MORE_CALLS)},
	/* What the person says while the mind thinks. */
	{VA_TALK_JUDGING, VA_TOLD_NOTHING, 0, 0, 1, VA_OWES_ANSWER, 0, VA_TALK_THINKING, 0},
	{VA_TALK_JUDGING, VA_TOLD_SENTENCES, 0, 0, 1, VA_OWES_ANSWER, 0, VA_TALK_DOUBTING, D(SAY)},
	{VA_TALK_JUDGING, VA_TOLD_UNCLEAR, 0, 0, 1, VA_OWES_ANSWER, 0, VA_TALK_THINKING, 0},
	{VA_TALK_JUDGING, VA_TOLD_KEPT, 0, 0, 1, VA_OWES_KEEPING, 0, VA_TALK_JUDGING, D(THINK)},
	{VA_TALK_FILLING, VA_TOLD_KEPT, 0, 0, 0, VA_OWES_KEEPING, 0, VA_TALK_FILLING, D(THINK)},
	{VA_TALK_FILLING, VA_TOLD_SENTENCES, 0, 0, 0, VA_OWES_ANSWER, 0, VA_TALK_SPEAKING, D(SAY)},
	{VA_TALK_FILLING, VA_TOLD_SAID, 0, 0, 0, VA_OWES_ANSWER, 0, VA_TALK_THINKING, D(END_TURN)},
	{VA_TALK_SPEAKING, VA_TOLD_SAID, 0, 0, 0, VA_OWES_ANSWER, 0, VA_TALK_STATES, 0},
	{VA_TALK_SPEAKING, VA_TOLD_UNSAID, 0, 0, 0, VA_OWES_ANSWER, 0, VA_TALK_THINKING, D(CUT)},
	{VA_TALK_SPEAKING, VA_TOLD_UNSAID, F(LAW), 0, 0, VA_OWES_ANSWER, 0, VA_TALK_STATES, 0},
	{VA_TALK_THINKING, VA_TOLD_LATE, F(SPEAKS), 0, 0, 0, 0, VA_TALK_STATES, 0},
	/* A person that has pressed the key hears no other answer. */
	{VA_TALK_KEEPING, VA_TOLD_WORDS, 0, 0, 0, VA_OWES_FAREWELL, 0, VA_TALK_KEEPING, D(ASIDE)},
	{VA_TALK_KEEPING, VA_TOLD_KEPT, 0, 0, 0, VA_OWES_FAREWELL, 0, VA_TALK_KEEPING, 0},
	{VA_TALK_KEEPING, VA_TOLD_LATE, 0, 0, 0, VA_OWES_FAREWELL, 0, VA_TALK_STATES, 0},
	{VA_TALK_KEEPING, VA_TOLD_OPT_OUT, 0, 0, 0, VA_OWES_FAREWELL, 0, VA_TALK_STATES, 0},
	{VA_TALK_KEEPING, VA_TOLD_KEY, 0, 0, 0, VA_OWES_FAREWELL, 0, VA_TALK_STATES, 0},
	{VA_TALK_KEEPING, VA_TOLD_SENTENCES, F(WHOLE), 0, 0, VA_OWES_FAREWELL, 0, VA_TALK_STATES, 0},
	/* Three times is enough. */
	{VA_TALK_JUDGING, VA_TOLD_UNCLEAR, 0, 0, 0, 0, 1, VA_TALK_SPEAKING, D(ASK_AGAIN)},
	{VA_TALK_JUDGING, VA_TOLD_UNCLEAR, 0, 0, 0, 0, 2, VA_TALK_LEAVING, D(ASK_AGAIN) | D(GOODBYE)},
	{VA_TALK_LISTENING, VA_TOLD_TICK, 0, 4000, 0, 0, 0, VA_TALK_LISTENING, 0},
	{VA_TALK_LISTENING, VA_TOLD_TICK, 0, 4001, 0, 0, 1, VA_TALK_SPEAKING, D(ASK_WHETHER)},
	{VA_TALK_LISTENING, VA_TOLD_TICK, 0, 4001, 0, 0, 2, VA_TALK_LEAVING, D(GOODBYE)},
	{VA_TALK_LISTENING, VA_TOLD_TICK, F(SPEAKS), 4001, 0, 0, 2, VA_TALK_LISTENING, 0},
	{VA_TALK_JUDGING, VA_TOLD_TICK, 0, 4001, 0, 0, 2, VA_TALK_JUDGING, 0},
	/* The longest talk, which lets words be ended, but not for ever. */
	{VA_TALK_LISTENING, VA_TOLD_TICK, 0, 50001, 0, 0, 0, VA_TALK_LEAVING, D(GOODBYE)},
	{VA_TALK_SPEAKING, VA_TOLD_TICK, 0, 50001, 0, 0, 0, VA_TALK_SPEAKING, 0},
	{VA_TALK_SPEAKING, VA_TOLD_TICK, 0, 70001, 0, 0, 0, VA_TALK_SPEAKING, D(HANG_UP)},
	/* The line goes while the person speaks. */
	{VA_TALK_SPEAKING, VA_TOLD_END, F(SPEAKS), 0, 0, 0, 0, VA_TALK_OVER, D(FINISH) | D(LISTEN)},
	{VA_TALK_LEAVING, VA_TOLD_END, F(SPEAKS), 0, 0, 0, 0, VA_TALK_OVER, D(FINISH) | D(LISTEN)},
	{VA_TALK_SPEAKING, VA_TOLD_END, F(SPEAKS) | F(WHOLE), 0, 0, 0, 0, VA_TALK_OVER, D(FINISH)},
	{VA_TALK_ARRIVED, VA_TOLD_END, F(SPEAKS), 0, 0, 0, 0, VA_TALK_OVER, D(FINISH)},
};

static void
check_plain(uint64_t *possible)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		for (int from = 0; from < VA_TALK_STATES; from++)
		{
			VaSpokenTalk talk = talk_in(from);
			uint32_t deeds;

			if ((plain[i].from & 1U << from) == 0)
				continue;
			deeds = va_talk_tick(&talk, NOW, plain[i].event, 0);
			possible[from] |= (uint64_t) 1 << plain[i].event;
			if (!ok(deeds == plain[i].deeds && talk.state == (VaTalkState) (plain[i].to == SAME ? from : plain[i].to), "%s, event %d",
					names[from], plain[i].event))
				diag("to %s, deeds %x", names[talk.state], deeds);
		}
}

static void
check_others(uint64_t *possible)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
	{
		VaSpokenTalk talk = talk_in(others[i].from);
		bool refused = others[i].to == VA_TALK_STATES;
		uint32_t deeds;

		talk.asked = others[i].asked != 0 ? others[i].asked : talk.asked;
		talk.owes = others[i].owes != 0 ? (VaTalkDebt) others[i].owes : talk.owes;
		talk.silences = talk.unheard = others[i].tries;
		talk.sound_ms = others[i].later_ms - VA_FRAME_MS;
		deeds = va_talk_tick(&talk, NOW + others[i].later_ms, others[i].event, others[i].facts);
		if (!refused)
			possible[others[i].from] |= (uint64_t) 1 << others[i].event;
		if (!ok(refused ? deeds == VA_DEED_REFUSED && talk.state == others[i].from : deeds == others[i].deeds && talk.state == others[i].to,
				"%s, event %d, facts %x, %d ms later", names[others[i].from], others[i].event, others[i].facts, others[i].later_ms))
			diag("row %zu: to %s, deeds %x", i, names[talk.state], deeds);
	}
}

/* What is listed in neither table is refused, whatever is true. */
static void
check_refused(const uint64_t *possible)
{
	/* These depend on what is owed alone. */
	const uint64_t owed = (uint64_t) 1 << VA_TOLD_SENTENCES | (uint64_t) 1 << VA_TOLD_UNSAID | (uint64_t) 1 << VA_TOLD_KEYS | (uint64_t) 1 << VA_TOLD_WORDS;

	for (int from = 0; from < VA_TALK_STATES; from++)
	{
		int taken = 0;

		for (int event = 0; event < VA_TOLD_EVENTS; event++)
			for (uint32_t n = 0; n < 256 * 12 && (possible[from] & (uint64_t) 1 << event) == 0; n++)
			{
				VaSpokenTalk talk = talk_in(from);

				talk.owes = (owed & (uint64_t) 1 << event) != 0 ? talk.owes : (VaTalkDebt) (n >> 8 & 3);
				talk.asked = talk.asked == 0 ? (int) (n >> 10) : talk.asked + (n >> 10 > 0);
				taken += va_talk_tick(&talk, NOW, event, n & 0xff & ~((owed & (uint64_t) 1 << event) != 0 ? F(WHOLE) : 0U)) != VA_DEED_REFUSED;
			}
		is_int(taken, 0, "%s refuses all else", names[from]);
	}
}

/* Whatever happens, in any order, a state means what it says. */
static void
check_meaning(void)
{
	uint32_t seed = 49;
	int wrong = 0;
	int reached[VA_TALK_STATES] = {0};

	for (int run = 0; run < 20000; run++)
	{
		VaSpokenTalk talk = {.silence_ms = 4000, .longest_ms = 60000};
		int64_t now = NOW;

		for (int n = 0; n < 100; n++)
		{
			VaTalkState before = talk.state;
			VaTalkEvent event;
			uint32_t facts, deeds;

			seed = seed * 1664525 + 1013904223;
			event = n < 3 ? (VaTalkEvent) n : (VaTalkEvent) ((seed >> 16) % VA_TOLD_EVENTS);
			event = event == VA_TOLD_END && n < 60 ? VA_TOLD_FRAME : event;
			seed = seed * 1664525 + 1013904223;
			facts = (seed >> 16 & 0xff & ~(seed >> 4 & 0xff)) | (seed >> 25 & 1) * F(PAUSES);
			now += seed >> 26;
			deeds = va_talk_tick(&talk, now, event, facts);
			reached[talk.state]++;
			wrong += talk.asked < 0 || talk.asked > 2;
			wrong += (talk.state == VA_TALK_JUDGING || talk.state == VA_TALK_ASIDE || talk.state == VA_TALK_DOUBTING ||
						 talk.state == VA_TALK_WEIGHING) && talk.asked == 0;
			wrong += (talk.state == VA_TALK_LISTENING || talk.state == VA_TALK_KEEPING || talk.state == VA_TALK_THINKING ||
						 talk.state == VA_TALK_SPEAKING) && talk.asked != 0;
			wrong += (S(LISTENING) | PAUSES) >> talk.state & 1 && (talk.owes != VA_OWES_NOTHING || talk.asked != 0);
			wrong += talk.state == VA_TALK_THINKING && talk.owes != VA_OWES_ANSWER;
			wrong += talk.state == VA_TALK_KEEPING && talk.owes != VA_OWES_KEEPING && talk.owes != VA_OWES_FAREWELL;
			wrong += talk.state == VA_TALK_FILLING && !talk.fills;
			wrong += before == VA_TALK_OVER && talk.state != VA_TALK_OVER;
			wrong += deeds == VA_DEED_REFUSED && talk.state != before;
			if (wrong == 1)
			{
				diag("run %d: %s, event %d, facts %x -> %s, asked %d, owes %d", run, names[before], event, facts, names[talk.state],
					talk.asked, talk.owes);
				wrong++;
			}
		}
	}
	is_int(wrong, 0, "a state means what it says, after a million events");
	for (int state = VA_TALK_ASKED; state < VA_TALK_STATES; state++)
		ok(reached[state] > 0, "%s is reached", names[state]);
}

int
main(void)
{
	uint64_t possible[VA_TALK_STATES] = {0};
	VaSpokenTalk talk = talk_in(VA_TALK_SPEAKING);

	check_plain(possible);
	check_others(possible);
	check_refused(possible);
	check_meaning();

	/* What the ear tells after the end. */
	(void) va_talk_tick(&talk, NOW, VA_TOLD_END, F(SPEAKS));
	ok(va_talk_awaits_words(&talk, NOW + 4999) && !va_talk_awaits_words(&talk, NOW + 5000), "last words are awaited for five seconds");
	ok(va_talk_tick(&talk, NOW + 4999, VA_TOLD_WORDS, 0) == D(ASIDE) && !va_talk_awaits_words(&talk, NOW + 4999), "... and once");
	is_int(va_talk_tick(&talk, NOW + 5000, VA_TOLD_WORDS, 0), VA_DEED_REFUSED, "... and no longer");
	/* A loop that was late has heard no more for it: a cough stays one. */
	talk = talk_in(VA_TALK_HELD);
	ok(va_talk_tick(&talk, NOW + 5000, VA_TOLD_FRAME, 0) == 0 && talk.state == VA_TALK_HELD, "what is held is measured by its sound");
	/* An ear that hears all by itself tells once. */
	talk = talk_in(VA_TALK_JUDGING);
	(void) va_talk_tick(&talk, NOW, VA_TOLD_ENDED, F(HEARS_ALL));
	is_int(talk.asked, 1, "an ear that hears all tells once what two utterances were");
	(void) va_talk_tick(&talk, NOW, VA_TOLD_ENDED, 0);
	is_int(talk.asked, 2, "another is asked about the second");
	return done_testing();
}
