/*-------------------------------------------------------------------------
 * talk.c
 *		The talk of a call: greeting, turns, barge-in, silences, the end.
 *
 * A turn of ours is what was heard of it.  The law's words are said to their
 * end, whoever speaks; all else stops when the person has spoken for a moment.
 * What the ear did not understand is asked for again, twice.
 */
#include "call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_internal.h"
#include "pure/engines/mind.h"

/* A sound over ours has ended after this silence; and so long after we have stopped it is known whether somebody speaks, and we give
 * way, or we go on. */
#define SOUND_ENDED_MS 160
#define VERDICT_MS 500
/* The ear has this long at least. */
#define EAR_MS 250
/* What a letter takes to be said, of a sentence whose sound has not all come. */
#define LETTER_MS 65
/* How much longer than it may a call lasts to let words be ended. */
#define OVERTIME_MS 20000
/* How often a person that is silent is asked; and then the call ends. */
#define SILENCES_MAX 2
#define UNHEARD_MAX 3
/* Nobody is to listen to nothing. */
#define MUTE_MAX 3
#define TURNS_MAX 400
/* How a text is said: nobody cuts it short; it is the same in every call. */
#define SAY_LAW 1
#define SAY_SAME 2
#define SAY_FILLER 4

/* ---- turns ---- */

/* In the order in which they began: what fills a silence is said before the words are understood that it waits for. */
static void
place_turn(VaMediaCall *call, VaTurn *turn)
{
	VaTurn **at = &call->turns;

	for (VaTurn *each = call->turns; each != NULL; each = each->next)
		if (each->kept || each->at_ms <= turn->at_ms)
		{
			at = &each->next;
			turn->number = each->number;
			turn->at_ms = turn->at_ms > each->at_ms ? turn->at_ms : each->at_ms;
		}
	turn->number++;
	turn->next = *at;
	for (VaTurn *later = turn->next; later != NULL; later = later->next)
		later->number++;
	*at = turn;
	if (turn->next == NULL)
		call->last_turn = turn;
}

/* The law's words are being said, by us: an engine that is ear and mind in one hears by itself what is said into them. */
static bool
tells_law(const VaMediaCall *call)
{
	return !va_call_law_is_said(call) && !va_engines_whole(call);
}

void
va_call_add_turn(VaMediaCall *call, bool is_customer, const char *text, size_t len, int64_t at_ms)
{
	VaTurn *turn = calloc(1, sizeof(*turn));
	char *copy = strndup(text, len);

	if (turn == NULL || copy == NULL || call->nturns == TURNS_MAX)
	{
		free(turn);
		free(copy);
		return;
	}
	call->nturns++;
	turn->is_customer = is_customer;
	turn->filler = !is_customer && call->filler;
	turn->aside = is_customer && call->phase == VA_CALL_TALKS && tells_law(call);
	turn->at_ms = at_ms;
	turn->confidence = is_customer ? call->confidence : -1;
	call->confidence = -1;
	turn->text = copy;
	place_turn(call, turn);
}

/* ---- what we say ---- */

void
va_call_forget_sentences(VaMediaCall *call)
{
	for (int i = 0; i < call->nsentences; i++)
	{
		free(call->sentences[i].text);
		free(call->sentences[i].samples);
		free(call->sentences[i].sound);
	}
	memset(call->sentences, 0, sizeof(call->sentences));
	call->nsentences = 0;
	call->filler = false;
	call->held_ms = 0;
	call->turn_sent_ms = 0;
	call->turn_began = 0;
}

static uint32_t
next_number(void)
{
	static uint32_t last = 0;

	return ++last != 0 ? last : ++last;
}

static void
add_sentence(VaMediaCall *call, const char *text, size_t len, int how, int64_t now_ms)
{
	VaSentence *sentence = &call->sentences[call->nsentences];

	while (len > 0 && text[len - 1] == ' ')
		len--;
	if (len == 0 || call->nsentences == VA_SENTENCES_MAX || (sentence->text = strndup(text, len)) == NULL)
		return;
	call->nsentences++;
	sentence->law = (how & SAY_LAW) != 0;
	sentence->same = (how & SAY_SAME) != 0;
	sentence->filler = (how & SAY_FILLER) != 0;
	sentence->number = sentence->asked = next_number();
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
		add_sentence(call, text, len, how, now_ms);
		text += len;
	}
	add_sentence(call, text, strlen(text), how, now_ms);
}

/* How much of a sentence was heard, in whole words. */
static size_t
heard_of(const VaSentence *sentence, int64_t heard_ms)
{
	size_t len = strlen(sentence->text);
	int64_t ms = sentence->appended || sentence->ms > (int64_t) len * LETTER_MS ? sentence->ms
																				: (int64_t) len * LETTER_MS;
	size_t at;

	if (heard_ms >= ms)
		return len;
	at = (size_t) ((int64_t) len * heard_ms / (ms > 0 ? ms : 1));
	while (at > 0 && sentence->text[at] != ' ')
		at--;
	return at;
}

/* The turn of ours, as far as it was heard. */
static void
end_turn(VaMediaCall *call, int64_t heard_ms)
{
	char text[4000];
	size_t used = 0;

	for (int i = 0; i < call->nsentences && heard_ms > 0; i++)
	{
		const VaSentence *sentence = &call->sentences[i];
		size_t len = sentence->appended || sentence->ms > 0 ? heard_of(sentence, heard_ms) : 0;

		if (len == 0 || used + len + 2 > sizeof(text))
			break;
		if (used > 0)
			text[used++] = ' ';
		memcpy(text + used, sentence->text, len);
		used += len;
		heard_ms -= sentence->ms;
	}
	if (used > 0)
		va_call_add_turn(call, false, text, used, call->turn_began);
	va_call_forget_sentences(call);
}

void
va_call_cut_short(VaMediaCall *call, int64_t unix_ms)
{
	int64_t unheard = call->turn_began == 0 ? 0 : va_playout_unheard(&call->playout, call->heard_ms);

	va_engines_stop(call, VA_ENGINE_MIND | VA_ENGINE_VOICE);
	if (call->nsentences > 0)
		end_turn(call, call->turn_sent_ms - unheard);
	va_playout_clear(&call->playout);
}

void
va_call_begins_to_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	call->turn_began = unix_ms;
	if (call->figures.first_sound_ms != 0)
		return;
	call->figures.first_sound_ms = now_ms - call->opened_ms;
	va_call_note_greeting(call, now_ms);
}

/* The last words; whoever speaks now may still say so. */
static void
leave(VaMediaCall *call, const char *words, int64_t now_ms)
{
	say(call, words, SAY_SAME, now_ms);
	call->phase = VA_CALL_LEAVES;
}

/* ---- what the person does ---- */

bool
va_call_law_is_said(const VaMediaCall *call)
{
	int64_t sent = call->turn_sent_ms;

	for (int i = 0; i < call->nsentences; i++)
	{
		if (call->sentences[i].law && (!call->sentences[i].appended || sent < call->sentences[i].ms))
			return false;
		sent -= call->sentences[i].ms;
	}
	return true;
}

/* The person speaks, and we do not: what was heard of our turn is all of it. */
static void
give_way(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	int64_t took_ms = now_ms - call->held_ms;

	if (call->held_ms != 0 && took_ms > call->figures.verdict_ms)
		call->figures.verdict_ms = took_ms;
	call->held_ms = 0;
	call->verdict_due = false;
	call->heard_ms = now_ms;
	va_call_cut_short(call, unix_ms);
	call->figures.barge_ins++;
}

/* It was no word: we go on where we were. */
static void
go_on(VaMediaCall *call, int64_t now_ms)
{
	if (now_ms - call->held_ms > call->figures.verdict_ms)
		call->figures.verdict_ms = now_ms - call->held_ms;
	call->held_ms = 0;
	call->figures.resumed++;
}

/* A sound over ours: we fall silent, and what we had to say waits until it is known what the sound was. */
static void
hear_over(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	if (call->held_ms != 0)
	{
		bool ended = call->voice.quiet * VA_FRAME_MS >= SOUND_ENDED_MS;

		if (!call->verdict_due && !ended && now_ms - call->held_ms >= VERDICT_MS)
			give_way(call, now_ms, unix_ms);
		else if (!call->verdict_due && ended && !va_engines_listening(call))
		{
			call->verdict_due = true;
			va_engines_listen(call, call->utterance, call->nutterance, now_ms);
			call->spoke_ms = now_ms;
			call->voice.loud = 0;
			call->voice.speaks = false;
			call->nutterance = 0;
		}
		/* The ear has its time; what it says later still counts. */
		else if (call->verdict_due && now_ms - call->held_ms >= VERDICT_MS && now_ms - call->spoke_ms >= EAR_MS)
			go_on(call, now_ms);
	}
	else if (call->voice.speaks && call->voice.loud * VA_FRAME_MS >= call->script.barge_in_ms && call->nsentences > 0 &&
			 call->turn_began != 0 && va_call_law_is_said(call) && call->phase == VA_CALL_TALKS)
	{
		va_call_hold(call, now_ms);
		/* An engine that is ear and mind in one knows best what it has heard, and has fallen silent. */
		if (va_engines_whole(call))
			give_way(call, now_ms, unix_ms);
	}
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
	hear_over(call, now_ms, unix_ms);
	if (call->voice.speaks)
		call->quiet_since = now_ms;
	if (change != VA_VOICE_ENDED)
		return;
	call->voice.speaks = false;
	/* What is said into the law's words, or into our last ones, is kept, and not answered. */
	if ((call->phase == VA_CALL_LEAVES ? !va_engines_whole(call) : call->nsentences == 0 || tells_law(call)) &&
		!va_engines_listening(call))
	{
		va_engines_listen(call, call->utterance, call->nutterance, now_ms);
		call->spoke_ms = now_ms;
	}
	call->nutterance = 0;
}

/* What was heard is to be answered, unless a whole engine has begun to; what was to be is not any more. */
static void
await_answer(VaMediaCall *call, int64_t now_ms)
{
	bool whole = va_engines_whole(call);

	if (call->asked_ms != call->spoke_ms)
	{
		va_call_note_cut(call);
		call->asked_ms = whole && call->nsentences > 0 && !call->filler ? 0 : call->spoke_ms;
		/* A whole one may have begun to think already. */
		if (!whole || call->asked_ms == 0)
			call->engines.token_at = 0;
	}
	call->engines.heard_at = now_ms;
}

/* Three times in a row is enough. */
static void
ask_again(VaMediaCall *call, int64_t now_ms)
{
	call->figures.unheard++;
	if (++call->unheard >= UNHEARD_MAX)
		leave(call, call->script.goodbye_words, now_ms);
	else
		say(call, call->script.repeat_words, SAY_SAME, now_ms);
}

static void
add_heard(VaMediaCall *call, const char *words)
{
	va_call_add_turn(call, true, words, strlen(words), call->began_ms != 0 ? call->began_ms : call->frame_at);
	call->began_told = true;
}

void
va_call_heard(VaMediaCall *call, const char *words, bool understood, int64_t now_ms)
{
	bool over = call->verdict_due;

	call->verdict_due = false;
	if (call->phase == VA_CALL_LEAVES || call->phase == VA_CALL_OVER || tells_law(call))
	{
		if (understood && (call->phase != VA_CALL_OVER || now_ms < call->last_words_ms))
			add_heard(call, words);
		if (call->held_ms != 0)
			go_on(call, now_ms);
		return;
	}
	if (over && call->nsentences > 0 && !call->filler)
	{
		/* Coughs, and sounds of assent, leave us where we were. */
		if (!understood && call->held_ms != 0)
			go_on(call, now_ms);
		if (!understood || call->phase != VA_CALL_TALKS || !va_call_law_is_said(call))
			return;
		if (call->held_ms == 0)
			va_call_clear(call);
		give_way(call, now_ms, call->began_ms);
	}
	if (call->phase != VA_CALL_TALKS || (call->nsentences > 0 && !call->filler && !va_engines_whole(call)) ||
		(over && !understood))
		return;
	if (!understood)
	{
		call->quiet_since = now_ms;
		await_answer(call, now_ms);
		ask_again(call, now_ms);
		return;
	}
	await_answer(call, now_ms);
	call->unheard = call->silences = 0;
	add_heard(call, words);
	call->answer_due = true;
}

/* ---- what the engines tell ---- */

void
va_call_says(VaMediaCall *call, const char *text, int64_t now_ms)
{
	if (call->phase == VA_CALL_TALKS)
		say(call, text, 0, now_ms);
	call->filler = false;
}

void
va_call_thought(VaMediaCall *call, bool said, bool ends, int64_t now_ms)
{
	if (call->phase == VA_CALL_TALKS && (ends || !said))
		leave(call, said ? NULL : call->script.goodbye_words, now_ms);
}

uint32_t
va_call_speaks(VaMediaCall *call, VaEngine *engine)
{
	VaSentence *sentence = &call->sentences[call->nsentences];

	if (call->phase != VA_CALL_TALKS || call->nsentences == VA_SENTENCES_MAX || (sentence->text = strdup("")) == NULL)
		return 0;
	call->nsentences++;
	call->filler = false;
	sentence->voice = engine;
	sentence->asked_ms = call->engines.now_ms;
	sentence->number = sentence->asked = next_number();
	return sentence->number;
}

void
va_call_words(VaMediaCall *call, uint32_t number, const char *words)
{
	for (int i = 0; i < call->nsentences && number != 0; i++)
	{
		VaSentence *sentence = &call->sentences[i];
		char *more = sentence->number == number ? realloc(sentence->text, strlen(sentence->text) + strlen(words) + 1)
												: NULL;

		if (more != NULL)
			sentence->text = strcat(more, words);
	}
}

void
va_call_sounds(VaSentence *sentence, const int16_t *samples, size_t n, bool last)
{
	int16_t *more = n == 0 ? NULL : realloc(sentence->samples, (sentence->n + n) * sizeof(*samples));

	if (more != NULL)
	{
		memcpy(more + sentence->n, samples, n * sizeof(*samples));
		sentence->samples = more;
		sentence->n += n;
	}
	if (last)
		sentence->asked = 0;
}

void
va_call_fills(VaMediaCall *call, int64_t now_ms)
{
	if (call->nsentences > 0 || call->phase != VA_CALL_TALKS || call->voice.speaks)
		return;
	say(call, call->script.moment_words, SAY_SAME | SAY_FILLER, now_ms);
	call->filler = true;
}

/* ---- what the owner tells ---- */

void
va_call_recall(VaMediaCall *call, bool is_customer, const char *text, int64_t at_ms)
{
	int turns = call->nturns;

	va_call_add_turn(call, is_customer, text, strlen(text), at_ms);
	if (call->nturns > turns)
		call->last_turn->kept = true;
}

/* After a break: what the person has said last is answered; the law's words that were not heard to their end are said, and a greeting. */
static bool
resume(VaMediaCall *call, int64_t now_ms)
{
	const char *law = call->script.law_words == NULL ? "" : call->script.law_words;

	if (call->last_turn == NULL || call->turns->is_customer || strncmp(call->turns->text, law, strlen(law)) != 0)
		return false;
	if (call->last_turn->is_customer)
		va_engines_think(call, now_ms);
	else
		say(call, call->script.return_words, SAY_SAME, now_ms);
	return true;
}

void
va_call_opened(VaMediaCall *call, int64_t now_ms)
{
	call->phase = VA_CALL_TALKS;
	call->opened_ms = call->quiet_since = now_ms;
}

void
va_call_kept(VaMediaCall *call, bool stopped, int64_t now_ms)
{
	if (stopped || call->opted_out)
	{
		call->opted_out = call->answer_due = false;
		if (call->phase == VA_CALL_TALKS)
		{
			if (va_engines_whole(call))
			{
				va_call_cut_short(call, 0);
				va_call_clear(call);
			}
			va_engines_stop(call, VA_ENGINE_MIND);
			leave(call, call->script.opt_out_words, now_ms);
		}
		return;
	}
	if (!call->answer_due || call->phase != VA_CALL_TALKS)
		return;
	call->answer_due = false;
	va_engines_think(call, now_ms);
}

/* ---- each turn of the clock ---- */

/* As far as its sound has come; the engines see to it that it comes, or that there is no more of it. */
static void
append_sentences(VaMediaCall *call)
{
	for (int i = 0; i < call->nsentences; i++)
	{
		VaSentence *sentence = &call->sentences[i];

		if (sentence->appended)
			continue;
		if (va_playout_waiting(&call->playout) > 1000)
			return;
		if (sentence->n > 0 && va_playout_add(&call->playout, sentence->samples, sentence->n))
			sentence->ms += (int64_t) sentence->n * 1000 / VA_AUDIO_RATE;
		free(sentence->samples);
		sentence->samples = NULL;
		sentence->n = 0;
		if (sentence->asked != 0)
			return;
		sentence->appended = true;
		call->mute = sentence->ms > 0 ? 0 : call->mute + 1;
	}
}

static bool
all_is_said(const VaMediaCall *call, int64_t now_ms)
{
	return call->held_ms == 0 && call->nsentences > 0 && call->sentences[call->nsentences - 1].appended &&
		   (call->filler || !va_engines_thinking(call)) && va_playout_waiting(&call->playout) == 0 &&
		   va_playout_unheard(&call->playout, now_ms) == 0;
}

static void
hang_up(VaMediaCall *call, int64_t unix_ms)
{
	call->hung_up = true;
	va_call_end(call, "we have hung up", unix_ms);
}

static void
mind_the_time(VaMediaCall *call, int64_t now_ms)
{
	bool idle = call->nsentences == 0 && !va_engines_listening(call) && !va_engines_thinking(call) &&
				!call->answer_due && !call->voice.speaks;

	if (call->phase != VA_CALL_TALKS || !idle)
		return;
	if (call->script.max_duration_s > 0 && now_ms - call->opened_ms > (int64_t) call->script.max_duration_s * 1000)
		leave(call, call->script.goodbye_words, now_ms);
	else if (now_ms - call->quiet_since > call->script.silence_ms)
	{
		call->quiet_since = now_ms;
		if (++call->silences > SILENCES_MAX)
			leave(call, call->script.goodbye_words, now_ms);
		else
			say(call, call->script.silence_words, SAY_SAME, now_ms);
	}
}

int64_t
va_call_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	int64_t due;

	if (va_call_awaits_words(call, now_ms))
	{
		va_engines_turn(call, now_ms);
		return now_ms + VA_FRAME_MS;
	}
	if (call->phase != VA_CALL_TALKS && call->phase != VA_CALL_LEAVES)
		return now_ms + 1000;
	/* Nobody may be there yet: the greeting waits for the first frame. */
	if (!call->greeted && call->figures.frames_in > 0)
	{
		call->greeted = true;
		call->quiet_since = now_ms;
		if (!resume(call, now_ms))
		{
			say(call, call->script.law_words, SAY_LAW | (call->script.same_law ? SAY_SAME : 0), now_ms);
			say(call, call->script.first_message,
				(call->script.keeps_first_message ? SAY_LAW : 0) | (call->script.same_first_message ? SAY_SAME : 0),
				now_ms);
		}
	}
	if (call->script.max_duration_s > 0 &&
		now_ms - call->opened_ms > (int64_t) call->script.max_duration_s * 1000 + OVERTIME_MS)
	{
		hang_up(call, unix_ms);
		return now_ms;
	}
	va_keypad_turn(call, now_ms);
	mind_the_time(call, now_ms);
	va_engines_turn(call, now_ms);
	append_sentences(call);
	if (call->held_ms == 0)
		va_call_send_due(call, now_ms, unix_ms);
	if (all_is_said(call, now_ms))
	{
		end_turn(call, INT64_MAX);
		call->quiet_since = now_ms;
		/* What is said next began later than what we have answered, whether or not we hear it begin. */
		if (call->began_told && !call->voice.speaks)
			call->began_ms = 0;
	}
	if ((call->phase == VA_CALL_LEAVES && call->nsentences == 0) || call->mute >= MUTE_MAX)
	{
		hang_up(call, unix_ms);
		return now_ms;
	}
	due = call->held_ms == 0 ? va_playout_due(&call->playout) : -1;
	return due >= 0 && !call->full ? due : now_ms + (call->nsentences > 0 || va_engines_busy(call) ? VA_FRAME_MS : 200);
}
