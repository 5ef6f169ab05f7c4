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
#include "pure/sandbox/model.h"
#include "speech.h"

/* Speech of this long over ours has us stop. */
#define BARGE_IN_MS 240
/* How much longer than it may a call lasts to let words be ended. */
#define OVERTIME_MS 20000
/* A silence after which the person is asked; how often; and then the call ends. */
#define SILENCE_MS 7000
#define SILENCES_MAX 2
#define UNHEARD_MAX 3
/* Below it the ear has heard nothing; rows of digits explain anything, and want more. */
#define CONFIDENCE_LEAST 29
#define CONFIDENCE_DIGITS 60
#define TURNS_MAX 400
/* Nobody waits longer for a voice that does not come. */
#define VOICE_MS 5000

/* ---- turns ---- */

static void
add_turn(VaMediaCall *call, bool is_customer, const char *text, size_t len, int64_t at_ms)
{
	VaTurn *turn = calloc(1, sizeof(*turn));
	char *copy = strndup(text, len);

	if (turn == NULL || copy == NULL || call->nturns == TURNS_MAX)
	{
		free(turn);
		free(copy);
		return;
	}
	turn->number = ++call->nturns;
	turn->is_customer = is_customer;
	turn->at_ms = at_ms;
	turn->text = copy;
	if (call->last_turn == NULL)
		call->turns = turn;
	else
		call->last_turn->next = turn;
	call->last_turn = turn;
}

/* ---- what we say ---- */

void
va_call_forget_sentences(VaMediaCall *call)
{
	for (int i = 0; i < call->nsentences; i++)
	{
		free(call->sentences[i].text);
		free(call->sentences[i].samples);
	}
	memset(call->sentences, 0, sizeof(call->sentences));
	call->nsentences = 0;
	call->turn_sent_ms = 0;
	call->turn_began = 0;
}

static void
add_sentence(VaMediaCall *call, const char *text, size_t len, bool law)
{
	VaSentence *sentence = &call->sentences[call->nsentences];
	const char *voice = call->script.voice != NULL ? call->script.voice : "female";

	while (len > 0 && text[len - 1] == ' ')
		len--;
	if (len == 0 || call->nsentences == VA_SENTENCES_MAX || (sentence->text = strndup(text, len)) == NULL)
		return;
	call->nsentences++;
	sentence->law = law;
	sentence->asked = va_speech_say(call->script.language, voice, sentence->text);
}

/* Sentence by sentence, so that the first is heard while the others are made. */
static void
say(VaMediaCall *call, const char *text, bool law)
{
	const char *begin = text;

	if (text == NULL)
		return;
	for (const char *at = text; *at != '\0'; at++)
		if (strchr(".!?", *at) != NULL && at[1] == ' ')
		{
			add_sentence(call, begin, (size_t) (at + 1 - begin), law);
			begin = at + 2;
		}
	add_sentence(call, begin, strlen(begin), law);
}

/* How much of a sentence was heard, in whole words. */
static size_t
heard_of(const VaSentence *sentence, int64_t heard_ms)
{
	size_t len = strlen(sentence->text);
	size_t at;

	if (heard_ms >= sentence->ms)
		return len;
	at = (size_t) ((int64_t) len * heard_ms / (sentence->ms > 0 ? sentence->ms : 1));
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
		size_t len = sentence->appended ? heard_of(sentence, heard_ms) : 0;

		if (len == 0 || used + len + 2 > sizeof(text))
			break;
		if (used > 0)
			text[used++] = ' ';
		memcpy(text + used, sentence->text, len);
		used += len;
		heard_ms -= sentence->ms;
	}
	if (used > 0)
		add_turn(call, false, text, used, call->turn_began);
	va_call_forget_sentences(call);
}

void
va_call_cut_short(VaMediaCall *call, int64_t unix_ms)
{
	int64_t unheard = call->turn_began == 0 ? 0 : va_playout_unheard(&call->playout, call->heard_ms);

	if (call->nsentences > 0)
		end_turn(call, call->turn_sent_ms - unheard);
	va_playout_clear(&call->playout);
}

void
va_call_begins_to_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	call->turn_began = unix_ms;
	if (call->figures.first_sound_ms == 0)
		call->figures.first_sound_ms = now_ms - call->opened_ms;
	if (call->spoke_ms != 0)
	{
		call->figures.answer_ms += now_ms - call->spoke_ms;
		call->figures.answers++;
		call->spoke_ms = 0;
	}
}

/* The last words; whoever speaks now may still say so. */
static void
leave(VaMediaCall *call, const char *words)
{
	say(call, words, false);
	call->phase = VA_CALL_LEAVES;
}

/* ---- what the person does ---- */

static bool
law_is_said(const VaMediaCall *call)
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

static void
barge_in(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	if (call->nsentences == 0 || call->turn_began == 0 || !law_is_said(call) || call->phase != VA_CALL_TALKS)
		return;
	call->heard_ms = now_ms;
	va_call_cut_short(call, unix_ms);
	va_call_clear(call);
	call->figures.barge_ins++;
}

void
va_call_voice(VaMediaCall *call, VaVoiceChange change, int64_t now_ms, int64_t unix_ms)
{
	if (change == VA_VOICE_BEGAN)
		call->began_ms = unix_ms - VA_VOICE_ONSET_MS;
	if (call->voice.speaks && call->voice.loud * VA_FRAME_MS >= BARGE_IN_MS)
		barge_in(call, now_ms, unix_ms);
	if (call->voice.speaks)
		call->quiet_since = now_ms;
	if (change != VA_VOICE_ENDED)
		return;
	call->voice.speaks = false;
	/* What is said into the law's words, or into our last ones, is not answered. */
	if (call->nsentences == 0 && call->phase == VA_CALL_TALKS && call->listening == 0)
	{
		call->listening = va_speech_listen(call->utterance, call->nutterance);
		call->spoke_ms = now_ms;
	}
	call->nutterance = 0;
}

void
va_call_key(VaMediaCall *call, char key, int64_t now_ms, int64_t unix_ms)
{
	if (key != call->script.opt_out_key || call->opted_out ||
		(call->phase != VA_CALL_TALKS && call->phase != VA_CALL_LEAVES))
		return;
	call->opted_out = true;
	va_call_cut_short(call, unix_ms);
	va_call_clear(call);
	add_turn(call, true, &key, 1, unix_ms);
}

/* Three times in a row is enough. */
static void
ask_again(VaMediaCall *call)
{
	call->figures.unheard++;
	if (++call->unheard >= UNHEARD_MAX)
		leave(call, call->script.goodbye_words);
	else
		say(call, call->script.repeat_words, false);
}

static void
hear_words(VaMediaCall *call, const VaSpeechAnswer *answer, int64_t now_ms)
{
	static const char digits[] = " zero one two three four five six seven eight nine ";
	int32_t confidence = 0;
	const char *words;
	char first_word[16];

	call->listening = 0;
	call->quiet_since = now_ms;
	if (call->phase != VA_CALL_TALKS || call->nsentences > 0)
		return;
	if (answer->head.kind != VA_SPEECH_HEARD || answer->head.len < sizeof(confidence))
	{
		ask_again(call);
		return;
	}
	memcpy(&confidence, answer->bytes, sizeof(confidence));
	words = answer->bytes + sizeof(confidence);
	snprintf(first_word, sizeof(first_word), " %.*s ", (int) strcspn(words, " "), words);
	if (words[0] == '\0' || confidence < (strstr(digits, first_word) != NULL ? CONFIDENCE_DIGITS : CONFIDENCE_LEAST))
	{
		ask_again(call);
		return;
	}
	call->unheard = call->silences = 0;
	add_turn(call, true, words, strlen(words), call->began_ms);
	call->answer_due = true;
}

/* ---- what the owner tells ---- */

void
va_call_opened(VaMediaCall *call, int64_t now_ms)
{
	call->phase = VA_CALL_TALKS;
	call->opened_ms = call->quiet_since = now_ms;
}

bool
va_call_answered(VaMediaCall *call, const VaSpeechAnswer *answer, int64_t now_ms)
{
	if (call->listening == answer->head.id)
	{
		hear_words(call, answer, now_ms);
		return true;
	}
	for (int i = 0; i < call->nsentences; i++)
	{
		VaSentence *sentence = &call->sentences[i];
		size_t n = answer->head.len / sizeof(int16_t);

		if (sentence->asked != answer->head.id)
			continue;
		sentence->asked = 0;
		if (answer->head.kind == VA_SPEECH_AUDIO && n > 0 && (sentence->samples = malloc(n * sizeof(int16_t))) != NULL)
		{
			memcpy(sentence->samples, answer->bytes, n * sizeof(int16_t));
			sentence->n = n;
			sentence->ms = (int64_t) n * 1000 / VA_AUDIO_RATE;
		}
		return true;
	}
	return false;
}

void
va_call_kept(VaMediaCall *call, bool stopped, int64_t now_ms)
{
	bool ends = false;
	char *text;

	if (stopped || call->opted_out)
	{
		call->opted_out = call->answer_due = false;
		if (call->phase == VA_CALL_TALKS)
			leave(call, call->script.opt_out_words);
		return;
	}
	if (!call->answer_due || call->phase != VA_CALL_TALKS)
		return;
	call->answer_due = false;
	text = va_call_think(call, &ends);
	say(call, text, false);
	if (ends || text == NULL)
		leave(call, text == NULL ? call->script.goodbye_words : NULL);
	free(text);
}

/* ---- each turn of the clock ---- */

/* A sentence whose voice did not come is passed over. */
static void
append_sentences(VaMediaCall *call, int64_t now_ms)
{
	for (int i = 0; i < call->nsentences; i++)
	{
		VaSentence *sentence = &call->sentences[i];

		if (sentence->appended)
			continue;
		if (sentence->asked != 0 && now_ms - call->quiet_since < VOICE_MS)
			return;
		if (va_playout_waiting(&call->playout) > 1000)
			return;
		sentence->appended = true;
		sentence->asked = 0;
		if (sentence->samples == NULL || !va_playout_add(&call->playout, sentence->samples, sentence->n))
			sentence->ms = 0;
		free(sentence->samples);
		sentence->samples = NULL;
	}
}

static bool
all_is_said(const VaMediaCall *call, int64_t now_ms)
{
	return call->nsentences > 0 && call->sentences[call->nsentences - 1].appended &&
		   va_playout_waiting(&call->playout) == 0 && va_playout_unheard(&call->playout, now_ms) == 0;
}

static void
hang_up(VaMediaCall *call, int64_t unix_ms)
{
	VaArena arena = { 0 };
	VaMediaMessages messages = { .count = 0 };

	va_call_send(call, va_stream_hang_up(&call->stream, &arena, &messages), &messages);
	va_arena_free(&arena);
	va_call_end(call, "we have hung up", unix_ms);
}

static void
mind_the_time(VaMediaCall *call, int64_t now_ms)
{
	bool idle = call->nsentences == 0 && call->listening == 0 && !call->answer_due && !call->voice.speaks;

	if (call->phase != VA_CALL_TALKS || !idle)
		return;
	if (call->script.max_duration_s > 0 && now_ms - call->opened_ms > (int64_t) call->script.max_duration_s * 1000)
		leave(call, call->script.goodbye_words);
	else if (now_ms - call->quiet_since > SILENCE_MS)
	{
		call->quiet_since = now_ms;
		if (++call->silences > SILENCES_MAX)
			leave(call, call->script.goodbye_words);
		else
			say(call, call->script.silence_words, false);
	}
}

int64_t
va_call_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	int64_t due;

	if (call->phase != VA_CALL_TALKS && call->phase != VA_CALL_LEAVES)
		return now_ms + 1000;
	/* Nobody may be there yet: the greeting waits for the first frame. */
	if (!call->greeted && call->figures.frames_in > 0)
	{
		call->greeted = true;
		call->quiet_since = now_ms;
		say(call, call->script.law_words, true);
		say(call, call->script.first_message, false);
	}
	if (call->script.max_duration_s > 0 &&
		now_ms - call->opened_ms > (int64_t) call->script.max_duration_s * 1000 + OVERTIME_MS)
	{
		hang_up(call, unix_ms);
		return now_ms;
	}
	mind_the_time(call, now_ms);
	append_sentences(call, now_ms);
	va_call_send_due(call, now_ms, unix_ms);
	if (all_is_said(call, now_ms))
	{
		end_turn(call, INT64_MAX);
		call->quiet_since = now_ms;
	}
	if (call->phase == VA_CALL_LEAVES && call->nsentences == 0)
	{
		hang_up(call, unix_ms);
		return now_ms;
	}
	due = va_playout_due(&call->playout);
	return due >= 0 && !call->full ? due : now_ms + (call->nsentences > 0 ? VA_FRAME_MS : 200);
}

/* ---- what to say next: the sandbox's script ---- */

static json_t *
message_of(const char *role, const char *text)
{
	json_t *message = va_json_new_object();

	va_json_set_text(message, "role", role);
	va_json_set_text(message, "content", text);
	return message;
}

static json_t *
request_of(const VaMediaCall *call)
{
	json_t *request = va_json_new_object();
	json_t *messages = json_array();
	json_t *tools = json_pack("[{s:s,s:{s:s}}]", "type", "function", "function", "name", "end_call");

	json_array_append_new(
		messages, message_of("system", call->script.system_prompt != NULL ? call->script.system_prompt : "-"));
	for (const VaTurn *turn = call->turns; turn != NULL; turn = turn->next)
		json_array_append_new(messages, message_of(turn->is_customer ? "user" : "assistant", turn->text));
	json_object_set_new(request, "messages", messages);
	json_object_set_new(request, "tools", tools);
	json_object_set_new(request, "seed", json_integer(call->call_id));
	return request;
}

char *
va_call_think(const VaMediaCall *call, bool *ends)
{
	VaArena arena = { 0 };
	const char *why;
	json_t *request = request_of(call);
	json_t *answer = va_sandbox_model_answer(request, &arena, &why);
	const json_t *message = va_json_object(json_array_get(va_json_array(answer, "choices"), 0), "message");
	const char *text = va_json_string(message, "content");
	char *said = text == NULL ? NULL : strdup(text);

	/* The only tool that it was given. */
	*ends = json_array_size(va_json_array(message, "tool_calls")) > 0;
	json_decref(answer);
	json_decref(request);
	va_arena_free(&arena);
	return said;
}
