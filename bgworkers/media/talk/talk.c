/*-------------------------------------------------------------------------
 * talk.c
 *		The talk of a call: greeting, turns, barge-in, silences, the end.
 *
 * pure/talk/states.c decides; what it decides is done here.  A turn of ours is
 * what was heard of it.
 */
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/call/line.h"
#include "media/call/said.h"
#include "pure/engines/mind.h"

/* A sound over ours has ended after this silence. */
#define SOUND_ENDED_MS 160
/* The ear is asked after the first silence; an open clause ends after the second, what is dictated after the third, others after VA_VOICE_HANGOVER_MS. */
#define PAUSE_MS 200
#define OPEN_MS 1000
#define DICTATED_MS 1500
/* The person must not hear a long silence. */
#define MUTE_MAX 3

/* ---- what we say ---- */

static void
say_sentence(VaMediaCall *call, const char *text, size_t len, int how, int64_t now_ms)
{
	VaSentence *sentence;

	while (len > 0 && text[len - 1] == ' ')
		len--;
	sentence = len == 0 ? NULL : va_call_add_sentence(call, text, len, how);
	if (sentence != NULL)
		va_engines_say(call, sentence, now_ms);
}

/* Sentence by sentence, so that the first is heard while the others are made. */
static void
say(VaMediaCall *call, const char *text, int how, int64_t now_ms)
{
	size_t len;

	if (text == NULL)
		return;
	while ((len = va_sentence_length(text, strlen(text))) > 0)
	{
		say_sentence(call, text, len, how, now_ms);
		text += len;
	}
	say_sentence(call, text, strlen(text), how, now_ms);
}

/* Our sentence stops; its turn is the heard part. */
static void
cut_short(VaMediaCall *call)
{
	int64_t unheard = call->turn_began == 0 ? 0 : va_playout_unheard(&call->playout, call->heard_ms);

	va_engines_stop(call, VA_ENGINE_MIND | VA_ENGINE_VOICE);
	if (call->nsentences > 0)
		va_call_end_turn(call, call->turn_sent_ms - unheard);
	va_playout_clear(&call->playout);
}

/* After a break what was said last is answered, unless the law's words were not heard to their end. */
static bool
goes_on(const VaMediaCall *call)
{
	const char *law = call->script.law_words == NULL ? "" : call->script.law_words;
	const char *said = call->last_turn != NULL && !call->turns->is_customer ? call->turns->text : NULL;

	for (; said != NULL && law[0] != '\0' && said[0] == (law[0] == '\n' ? ' ' : law[0]); law++)
		said++;
	return said != NULL && law[0] == '\0';
}

/* Part by part: when each is said is proved. */
static void
say_law(VaMediaCall *call, int64_t now_ms)
{
	const char *line = call->script.law_words;

	for (int part = 1; line != NULL; part++)
	{
		const char *end = strchr(line, '\n');
		char *words = end == NULL ? strdup(line) : strndup(line, (size_t) (end - line));
		int before = call->nsentences;

		say(call, words, VA_SAY_LAW | (call->script.same_law ? VA_SAY_SAME : 0), now_ms);
		free(words);
		if (call->nsentences > before && call->nsentences < VA_SENTENCES_MAX)
			call->sentences[call->nsentences - 1].part = part;
		line = end == NULL ? NULL : end + 1;
	}
}

static void
greet(VaMediaCall *call, bool anew, int64_t now_ms)
{
	const VaCallScript *script = &call->script;

	if (!anew && goes_on(call))
		say(call, script->return_words, VA_SAY_SAME, now_ms);
	else
	{
		say_law(call, now_ms);
		say(call, script->first_message,
			(script->keeps_first_message ? VA_SAY_LAW : 0) | (script->same_first_message ? VA_SAY_SAME : 0), now_ms);
	}
}

/* ---- what the person says ---- */

static void
add_words(VaMediaCall *call, VaSpeaker speaker, const char *words)
{
	int64_t began_ms = call->engines.heard.began_ms;

	va_call_add_turn(call, speaker, words, strlen(words), began_ms != 0 ? began_ms : call->frame_at);
	call->began_told = true;
}

/* The heard words are to be answered, unless a whole engine has begun to; older ones no longer. */
static void
await_answer(VaMediaCall *call, bool whole, int64_t now_ms)
{
	if (call->asked_ms != call->spoke_ms)
	{
		va_call_note_cut(call);
		call->asked_ms = whole && call->nsentences > 0 && !call->talk.fills ? 0 : call->spoke_ms;
		/* A whole one may have begun to think already. */
		if (!whole || call->asked_ms == 0)
			call->engines.token_at = 0;
	}
	call->engines.heard_at = now_ms;
}

static void
end_speech(VaMediaCall *call, int64_t now_ms)
{
	call->spoke_ms = call->engines.sounds_ms = now_ms;
	call->voice.loud = 0;
	call->voice.speaks = false;
	call->nutterance = 0;
}

static void
ask_ear(VaMediaCall *call, int64_t now_ms)
{
	size_t n = call->nutterance;

	end_speech(call, now_ms);
	va_engines_listen(call, call->utterance, n, call->began_ms, now_ms);
}

/* The ear, and then perhaps the mind, before it is sure that the person has ended. */
static void
look_ahead(VaMediaCall *call, uint32_t deeds, int64_t now_ms)
{
	if ((deeds & VA_DEED_FORGET) != 0)
		va_engines_forget(call);
	if ((deeds & VA_DEED_LISTEN_AHEAD) != 0)
	{
		call->engines.ahead = true;
		va_engines_listen(call, call->utterance, call->nutterance, call->began_ms, now_ms);
	}
	if ((deeds & VA_DEED_AWAIT) != 0)
		call->engines.ahead = false;
	if ((deeds & VA_DEED_THINK_AHEAD) != 0)
		va_engines_think_ahead(call, now_ms);
}

/* ---- what is done ---- */

static void
do_to_line(VaMediaCall *call, uint32_t deeds, const char *why, bool held, int64_t now_ms)
{
	int64_t took_ms = now_ms - call->talk.held_ms;

	if ((deeds & VA_DEED_HOLD) != 0)
		va_call_hold(call, now_ms);
	if ((deeds & (VA_DEED_GO_ON | VA_DEED_GIVE_WAY)) != 0 && held && took_ms > call->figures.verdict_ms)
		call->figures.verdict_ms = took_ms;
	call->figures.resumed += (deeds & VA_DEED_GO_ON) != 0;
	if ((deeds & VA_DEED_GIVE_WAY) != 0)
	{
		call->heard_ms = now_ms;
		call->figures.barge_ins++;
	}
	if ((deeds & (VA_DEED_CUT | VA_DEED_GIVE_WAY | VA_DEED_FINISH)) != 0)
		cut_short(call);
	if ((deeds & VA_DEED_CLEAR) != 0)
		va_call_clear(call);
	if ((deeds & VA_DEED_FINISH) == 0)
		return;
	va_call_note_cut(call);
	snprintf(call->why, sizeof(call->why), "%s", why);
	if (!call->hung_up)
		va_call_close(call);
}

static void
say_own_words(VaMediaCall *call, uint32_t deeds, bool anew, int64_t now_ms)
{
	const VaCallScript *script = &call->script;

	if ((deeds & VA_DEED_GREET) != 0)
		greet(call, anew, now_ms);
	if ((deeds & VA_DEED_FILL) != 0)
		say(call, script->moment_words, VA_SAY_SAME | VA_SAY_FILLER, now_ms);
	call->figures.unheard += (deeds & VA_DEED_ASK_AGAIN) != 0;
	/* Three times in a row is enough. */
	if ((deeds & (VA_DEED_ASK_AGAIN | VA_DEED_GOODBYE)) == VA_DEED_ASK_AGAIN)
		say(call, script->repeat_words, VA_SAY_SAME, now_ms);
	if ((deeds & VA_DEED_ASK_WHETHER) != 0)
		say(call, script->silence_words, VA_SAY_SAME, now_ms);
	if ((deeds & VA_DEED_NO_MORE_CALLS) != 0)
		say(call, script->opt_out_words, VA_SAY_SAME, now_ms);
	if ((deeds & VA_DEED_GOODBYE) != 0)
		say(call, script->goodbye_words, VA_SAY_SAME, now_ms);
}

static uint32_t
facts_of(VaMediaCall *call)
{
	const VaVoice *voice = &call->voice;
	bool loud = voice->speaks && voice->loud * VA_FRAME_MS >= call->script.barge_in_ms;

	bool pauses = voice->speaks && voice->quiet * VA_FRAME_MS == PAUSE_MS && va_engines_may_listen_ahead(call);

	return (pauses ? VA_FACT_PAUSES : 0) | (va_engines_ends(call) ? VA_FACT_ENDS : 0) |
		   (va_engines_whole(call) ? VA_FACT_WHOLE : 0) | (va_engines_hear_all(call) ? VA_FACT_HEARS_ALL : 0) |
		   (va_call_law_is_said(call) ? 0 : VA_FACT_LAW) |
		   (call->nsentences > 0 && call->turn_began != 0 ? VA_FACT_BEGUN : 0) | (voice->speaks ? VA_FACT_SPEAKS : 0) |
		   (loud ? VA_FACT_LOUD : 0) | (voice->quiet * VA_FRAME_MS >= SOUND_ENDED_MS ? VA_FACT_QUIET : 0);
}

/* words: what is heard, or said next, or why the call ends; false: it does not happen in this state. */
static bool
happens(VaMediaCall *call, VaTalkEvent event, uint32_t more, const char *words, int64_t now_ms)
{
	bool held = va_talk_is_held(&call->talk);
	uint32_t facts = facts_of(call) | more;
	uint32_t deeds = va_talk_tick(&call->talk, now_ms, event, facts);

	if (deeds == VA_DEED_REFUSED)
		return false;
	if (event == VA_TOLD_ENDED)
		words = call->engines.so_far;
	if ((deeds & (VA_DEED_AWAIT | VA_DEED_KEEP)) != 0 && (event == VA_TOLD_ENDED || event == VA_TOLD_COMPLETE))
		end_speech(call, now_ms);
	if (event == VA_TOLD_OPEN)
		call->voice.hangover_frames = (call->engines.dictates ? DICTATED_MS : OPEN_MS) / VA_FRAME_MS;
	look_ahead(call, deeds, now_ms);
	do_to_line(call, deeds, words, held, now_ms);
	if ((deeds & (VA_DEED_KEEP | VA_DEED_ASK_AGAIN)) != 0)
		await_answer(call, (facts & VA_FACT_WHOLE) != 0, now_ms);
	/* The thought was no answer to this, unless these words were heard ahead. */
	if ((deeds & (VA_DEED_KEEP | VA_DEED_NO_MORE_CALLS)) != 0 &&
		!(call->engines.so_far != NULL && words != NULL && strcmp(words, call->engines.so_far) == 0))
		va_engines_stop(call, VA_ENGINE_MIND);
	if ((deeds & (VA_DEED_KEEP | VA_DEED_ASIDE)) != 0)
		add_words(call, (deeds & VA_DEED_ASIDE) != 0 ? VA_SAID_ASIDE : VA_SAID_BY_PERSON, words);
	if ((deeds & VA_DEED_KEEP) != 0)
		va_engines_so_far(call, NULL);
	if ((deeds & VA_DEED_END_TURN) != 0)
		va_call_end_turn(call, INT64_MAX);
	if ((deeds & VA_DEED_HANG_UP) != 0)
	{
		call->hung_up = true;
		va_call_end(call, "we have hung up");
	}
	if ((deeds & VA_DEED_SAY) != 0)
		say(call, words, 0, now_ms);
	say_own_words(call, deeds, event == VA_TOLD_ANEW, now_ms);
	if ((deeds & VA_DEED_THINK) != 0)
		va_engines_think(call, now_ms);
	if ((deeds & VA_DEED_LISTEN) != 0)
		ask_ear(call, now_ms);
	return true;
}

bool
va_talk_tell(VaMediaCall *call, VaTalkEvent event, const char *words)
{
	return happens(call, event, 0, words, call->engines.now_ms);
}

void
va_call_voice(VaMediaCall *call, VaVoiceChange change, int64_t now_ms, int64_t unix_ms)
{
	call->frame_at = unix_ms;
	if (change == VA_VOICE_BEGAN)
	{
		call->began_ms = unix_ms - VA_VOICE_ONSET_MS;
		call->began_told = false;
	}
	if (call->voice.quiet == 1)
		call->voice.hangover_frames = va_engines_ends(call) ? OPEN_MS / VA_FRAME_MS : 0;
	if (va_talk_is_in_pause(&call->talk) && call->voice.loud * VA_FRAME_MS >= VA_VOICE_ONSET_MS)
		(void) happens(call, VA_TOLD_GOES_ON, 0, NULL, now_ms);
	(void) happens(call, VA_TOLD_FRAME, 0, NULL, now_ms);
	if (change != VA_VOICE_ENDED)
		return;
	call->voice.speaks = false;
	(void) happens(call, VA_TOLD_ENDED, 0, NULL, now_ms);
	call->nutterance = 0;
}

void
va_call_press(VaMediaCall *call, char key, int64_t now_ms, int64_t unix_ms)
{
	if (key != call->script.opt_out_key)
	{
		if (call->npressed < VA_KEYS_MAX && happens(call, VA_TOLD_KEY, 0, NULL, now_ms))
			va_keypad_add(call, key, now_ms, unix_ms);
	}
	else if (happens(call, VA_TOLD_OPT_OUT, 0, NULL, now_ms))
	{
		call->confidence = -1;
		va_call_add_turn(call, VA_SAID_BY_PERSON, &key, 1, unix_ms);
	}
}

/* Keys are a turn, which the assistant answers; a sentence of the person's that is being understood comes first. */
static void
hear_keys(VaMediaCall *call, int64_t now_ms)
{
	const char *keys = call->talk.asked > 0 || call->talk.owes == VA_OWES_KEEPING ? NULL : va_keypad_take(call, now_ms);

	if (keys == NULL)
		return;
	call->engines.heard.began_ms = call->pressed_began;
	call->spoke_ms = call->pressed_ms;
	call->confidence = -1;
	call->engines.heard_by = NULL;
	(void) happens(call, VA_TOLD_KEYS, 0, keys, now_ms);
}

/* ---- what the owner tells ---- */

void
va_call_opened(VaMediaCall *call, int64_t now_ms)
{
	call->talk.silence_ms = call->script.silence_ms;
	call->talk.longest_ms = (int64_t) call->script.max_duration_s * 1000;
	(void) happens(call, VA_TOLD_OPENED, 0, NULL, now_ms);
}

void
va_call_kept(VaMediaCall *call, bool stopped, int64_t now_ms)
{
	(void) happens(
		call, stopped || call->talk.owes == VA_OWES_FAREWELL ? VA_TOLD_STOPPED : VA_TOLD_KEPT, 0, NULL, now_ms);
}

void
va_call_end(VaMediaCall *call, const char *why)
{
	uint32_t heard = call->partial[0] != '\0' ? VA_FACT_SPEAKS : 0;

	(void) happens(call, VA_TOLD_END, heard, why, call->engines.now_ms);
}

bool
va_call_has_words(const VaMediaCall *call)
{
	const VaSpokenTalk *talk = &call->talk;
	const VaTurn *last = call->last_turn;

	/* A turn that began after the words being understood waits for them: it stands behind them. */
	if (va_talk_is_open(talk) && talk->asked > 0 && (talk->owes == VA_OWES_NOTHING || talk->owes == VA_OWES_ANSWER) &&
		last != NULL && last->at_ms > call->engines.heard.began_ms)
		return false;
	return call->call_id != 0 && (call->keeping || talk->owes == VA_OWES_FAREWELL || (last != NULL && !last->kept));
}

/* ---- each turn of the clock ---- */

static bool
all_is_said(const VaMediaCall *call, int64_t now_ms)
{
	return call->nsentences == 0 ||
		   (call->sentences[call->nsentences - 1].appended && va_playout_waiting(&call->playout) == 0 &&
			   va_playout_unheard(&call->playout, now_ms) == 0);
}

static void
speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	/* The line may not be open yet: the greeting waits for the first frame. */
	if (call->talk.state == VA_TALK_WAITING && call->figures.frames_in > 0)
		(void) happens(
			call, VA_TOLD_THERE, goes_on(call) && call->last_turn->is_customer ? VA_FACT_UNANSWERED : 0, NULL, now_ms);
	hear_keys(call, now_ms);
	(void) happens(call, VA_TOLD_TICK, 0, NULL, now_ms);
	va_engines_turn(call, now_ms);
	va_call_append_sentences(call);
	if (!va_talk_is_held(&call->talk))
		va_call_send_due(call, now_ms, unix_ms);
	/* The next words began later than those we answered, whether or not we hear it begin. */
	if (all_is_said(call, now_ms) && happens(call, VA_TOLD_SAID, 0, NULL, now_ms) && call->began_told &&
		!call->voice.speaks)
		call->began_ms = 0;
	if (call->mute >= MUTE_MAX)
		(void) happens(call, VA_TOLD_MUTE, 0, NULL, now_ms);
}

int64_t
va_call_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	bool lasts = va_talk_lasts(&call->talk);
	int64_t due = -1;
	bool busy;

	if (lasts)
		speak(call, now_ms, unix_ms);
	else if (va_talk_awaits_words(&call->talk, now_ms))
		va_engines_turn(call, now_ms);
	else
		return now_ms + 1000;
	if (lasts && call->talk.state == VA_TALK_OVER)
		return now_ms;
	if (lasts && !va_talk_is_held(&call->talk))
		due = va_playout_due(&call->playout);
	busy = call->nsentences > 0 || call->talk.asked > 0 || call->talk.owes == VA_OWES_ANSWER;
	return due >= 0 && !call->full ? due : now_ms + (busy ? VA_FRAME_MS : 200);
}
