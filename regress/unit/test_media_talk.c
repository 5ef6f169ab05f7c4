/*
 * A talk with its engines and its line, as bgworkers/media has them, with an ear that answers when the test says so.
 */
#include "tap.h"
#include "media/call/line.h"
#include "media/call/said.h"
#include "media/talk/talk.h"

/* What they use of the process and of its sockets. */
int va_share_left(int max, int own, int others) { return max - own - others; }
bool va_socket_send(VaSocket *socket, const void *bytes, size_t len, bool binary) { return true; }
void va_socket_finish(VaSocket *socket) {}

static int asked = 0; /* the ear */
static int16_t asked_about = 0;
static int thoughts = 0;

static void
listen_to(VaEngine *engine, const int16_t *samples, size_t n)
{
	asked++;
	asked_about = n > 0 ? samples[0] : 0;
}

static void think(VaEngine *engine) { thoughts++; }

/* A vendor's mind, which counts what it is asked, and tells when it may. */
static int asked_ahead = 0;
static int dropped = 0;
static int turns = 0;

static void
think_ahead(VaEngine *engine)
{
	thoughts++;
	asked_ahead += engine->call->engines.thinks_ahead;
}

static void turn_mind(VaEngine *engine, int64_t now_ms) { turns++; }
static void stop_mind(VaEngine *engine) { dropped++; }
static void hear_frame(VaEngine *engine, const int16_t *frame) {}

static size_t sounds = 800; /* of a sentence: a tenth of a second */

static void
say(VaEngine *engine, VaSentence *sentence)
{
	static const int16_t sound[16000] = {100};

	va_engine_sounds(engine, sentence->asked, sound, sounds, true);
}

const VaEngineDriver va_engine_openai = {.provider = "openai", .kinds = VA_ENGINE_MIND, .think = think_ahead, .turn = turn_mind, .stop = stop_mind}, va_engine_compatible = {.provider = "compatible"},
	va_engine_anthropic = {.provider = "anthropic"}, va_engine_deepgram = {.provider = "deepgram", .kinds = VA_ENGINE_EAR, .hear = hear_frame, .listen = listen_to},
	va_engine_elevenlabs = {.provider = "elevenlabs"}, va_engine_realtime = {.provider = "realtime"},
	va_engine_embedded = {.provider = "embedded", .kinds = VA_ENGINE_EAR | VA_ENGINE_MIND | VA_ENGINE_VOICE, .listen = listen_to, .think = think, .say = say};

static int64_t now = 1000;

static void
pass(VaMediaCall *call, int ms)
{
	for (int64_t end = now + ms; now < end; now += VA_FRAME_MS)
		(void) va_call_speak(call, now, 1700000000000 + now);
}

/* The person has said something, of which these are the samples. */
static void
speaks(VaMediaCall *call, int16_t sample)
{
	call->utterance = realloc(call->utterance, VA_FRAME_SAMPLES * sizeof(int16_t));
	for (int i = 0; i < VA_FRAME_SAMPLES; i++)
		call->utterance[i] = sample;
	call->nutterance = VA_FRAME_SAMPLES;
	call->voice.speaks = true;
	va_call_voice(call, VA_VOICE_BEGAN, now, 1700000000000 + now);
	now += 200;
	va_call_voice(call, VA_VOICE_ENDED, now, 1700000000000 + now);
}

static void
hears(VaMediaCall *call, const char *words)
{
	call->engines.now_ms = now;
	va_engine_heard(call->engines.ear != NULL ? call->engines.ear : call->engines.first, words, 0.9, words[0] != '\0');
}

static VaMediaCall *greeted_by(json_t *setup);

static VaMediaCall *
greeted(void)
{
	return greeted_by(NULL);
}

static VaMediaCall *
greeted_by(json_t *setup)
{
	VaMediaCall *call = calloc(1, sizeof(*call));

	va_stream_begin(&call->stream, va_dialect("exotel"));
	call->out = va_resampler_new(VA_AUDIO_RATE, VA_AUDIO_RATE);
	call->piece = calloc((size_t) va_dialect_piece_ms(call->stream.dialect), sizeof(int16_t) * VA_FRAME_SAMPLES);
	call->playout.ahead_ms = 200;
	call->call_id = call->tenant_id = 1;
	call->confidence = -1;
	call->script.first_message = "Good day.";
	call->script.goodbye_words = "Goodbye.";
	call->script.repeat_words = "Please say that again.";
	call->script.moment_words = "One moment.";
	call->script.barge_in_ms = 200;
	call->script.silence_ms = 60000;
	(void) va_talk_tell(call, VA_TOLD_STARTED, NULL);
	(void) va_engines_begin(call, setup);
	va_call_opened(call, now);
	call->figures.frames_in = 1;
	call->voice.quiet = 100;
	pass(call, 2000);
	asked = thoughts = 0;
	return call;
}

/* Whose turns they are, and what they say. */
static const char *
turns_of(const VaMediaCall *call)
{
	static char text[1000];

	text[0] = '\0';
	for (const VaTurn *turn = call->turns; turn != NULL; turn = turn->next)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s%s", turn->is_customer ? "> " : "< ", turn->text,
			turn->next != NULL ? " " : "");
	return text;
}

static void
let_go(VaMediaCall *call)
{
	VaTurn *next;

	va_call_forget_sentences(call);
	va_engines_end(call);
	for (VaTurn *turn = call->turns; turn != NULL; turn = next)
	{
		next = turn->next;
		free(turn->text);
		free(turn);
	}
	va_resampler_free(call->out);
	va_playout_free(&call->playout);
	free(call->times);
	free(call->utterance);
	free(call->piece);
	free(call);
}

static void
check_two_utterances(void)
{
	VaMediaCall *call = greeted();

	is_str(turns_of(call), "< Good day.", "the greeting is a turn");
	ok(call->talk.state == VA_TALK_LISTENING, "... and then we listen");
	speaks(call, 1);
	speaks(call, 2);
	ok(asked == 1 && asked_about == 1, "what is said while the ear is busy waits");
	hears(call, "yes");
	ok(asked == 2 && asked_about == 2, "... until the first is known");
	va_call_kept(call, false, now);
	hears(call, "stop calling me");
	is_str(turns_of(call), "< Good day. > yes > stop calling me", "... and nothing is lost");
	ok(call->turns->next->at_ms < call->last_turn->at_ms, "each has the time at which it began");
	va_call_kept(call, false, now);
	is_int(thoughts, 2, "... and is thought about");
	va_engine_says(call->engines.first, "Certainly.");
	va_engine_thought(call->engines.first, false);
	pass(call, 2000);
	is_str(turns_of(call), "< Good day. > yes > stop calling me < Certainly.", "the answer is said");
	let_go(call);
}

/* A quick voice says twenty letters a second. The line breaks after 1,200 of 2,000 ms, when the end still waits to be played. */
static void
check_cut_short(void)
{
	VaMediaCall *call = greeted();

	speaks(call, 1);
	hears(call, "yes");
	va_call_kept(call, false, now);
	sounds = 16000;
	va_engine_says(call->engines.first, "We sell a good roof to all who want one.");
	pass(call, 1000);
	call->heard_ms = now + 10000;
	va_call_end(call, "the line broke");
	is_str(turns_of(call), "< Good day. > yes < We sell a good roof to", "what was heard is told by the length of all that has come");
	sounds = 800;
	let_go(call);
}

/* A vendor goes on and on. */
static void
check_endless(void)
{
	static const int16_t minute[60 * VA_AUDIO_RATE];
	VaSentence sentence = {0};

	for (int i = 0; i < 5; i++)
		va_call_sounds(&sentence, minute, 60 * VA_AUDIO_RATE, false);
	is_int((int) sentence.came.n, VA_PLAYOUT_SAMPLES_MAX, "of a sentence no more is kept in memory than two minutes");
	free(sentence.came.samples);
}

static void
check_late_words(void)
{
	VaMediaCall *call = greeted();

	speaks(call, 1);
	hears(call, "yes");
	va_call_kept(call, false, now);
	speaks(call, 2);
	va_engine_says(call->engines.first, "We sell a roof, and it is a good one.");
	pass(call, 60);
	ok(call->talk.state == VA_TALK_DOUBTING, "an answer begins while the ear has something to tell");
	hears(call, "stop");
	ok(call->talk.state == VA_TALK_KEEPING && call->nsentences == 0, "... which is a word, so that we give way");
	let_go(call);
}

static void
check_filler(void)
{
	VaMediaCall *call = greeted();

	speaks(call, 1);
	hears(call, "yes");
	pass(call, 900);
	ok(call->talk.state == VA_TALK_FILLING, "a silence is filled");
	call->voice.speaks = true;
	call->voice.loud = 20;
	va_call_voice(call, VA_VOICE_SAME, now, 1700000000000 + now);
	ok(call->talk.state == VA_TALK_HELD, "... and the person speaks into that");
	call->nutterance = 0;
	va_call_voice(call, VA_VOICE_SAME, now, 1700000000000 + now);
	hears(call, "no");
	ok(call->talk.state == VA_TALK_KEEPING && call->nsentences == 0, "... which ends it");
	let_go(call);
}

static void
check_end(void)
{
	VaMediaCall *call = greeted();

	call->socket = (VaSocket *) call;
	call->owner = 7;
	call->share = VA_SHARE_CALLS;
	call->proven = va_share_take(VA_SHARE_CALLS, 7, 1);
	ok(!va_share_is_free(VA_SHARE_CALLS, 7, 1), "the tenant has its share of the calls");
	speaks(call, 1);
	call->nutterance = VA_FRAME_SAMPLES;
	call->utterance[0] = 3;
	call->voice.speaks = true;
	call->engines.now_ms = now;
	va_call_end(call, "the line broke");
	ok(va_share_is_free(VA_SHARE_CALLS, 7, 1), "... until the socket is gone: the call may come back at once");
	hears(call, "yes");
	ok(va_talk_awaits_words(&call->talk, now) && asked_about == 3, "what was said as it broke is asked for next");
	hears(call, "stop calling me");
	is_str(turns_of(call), "< Good day. > yes > stop calling me", "... and kept");
	ok(!va_talk_awaits_words(&call->talk, now), "... and then nothing is awaited");
	let_go(call);
}

static void
check_key(void)
{
	VaMediaCall *call = greeted();

	call->script.opt_out_key = '9';
	call->script.opt_out_words = "We call no more.";
	speaks(call, 1);
	va_call_press(call, '9', now, 1700000000000 + now);
	hears(call, "hello");
	is_str(turns_of(call), "< Good day. > hello > 9", "the key to opt out is a turn, and what was said before it stands before it");
	va_call_kept(call, false, now);
	pass(call, 1000);
	ok(call->talk.state == VA_TALK_OVER && call->hung_up && thoughts == 0, "... and we confirm, and hang up");
	is_str(turns_of(call), "< Good day. > hello > 9 < We call no more.", "... in these words");
	let_go(call);
	call = greeted();
	va_call_press(call, '4', now, 1700000000000 + now);
	va_call_press(call, '2', now, 1700000000000 + now);
	pass(call, 1000);
	is_str(turns_of(call), "< Good day.", "other keys wait for more of them");
	pass(call, 600);
	is_str(turns_of(call), "< Good day. > 42", "... and are then what the person has said");
	let_go(call);
}

/* The talk begins anew: what was said stays a turn, and is told to no mind. */
static void
check_anew(void)
{
	VaMediaCall *call = greeted();

	speaks(call, 1);
	hears(call, "hello");
	(void) va_talk_tell(call, VA_TOLD_ANEW, NULL);
	ok(call->talk.owes == VA_OWES_NOTHING, "nothing of before is owed");
	va_call_kept(call, false, now);
	ok(thoughts == 0, "... and nobody thinks of an answer to it");
	pass(call, 1000);
	is_str(turns_of(call), "< Good day. > hello < Good day.", "... the assistant greets again");
	let_go(call);
}

/* ---- pauses ---- */

/* The person speaks for a while, and is silent for so long. */
static void
says_and_pauses(VaMediaCall *call, int16_t sample, int pause_ms)
{
	call->utterance = realloc(call->utterance, VA_FRAME_SAMPLES * sizeof(int16_t));
	for (int i = 0; i < VA_FRAME_SAMPLES; i++)
		call->utterance[i] = sample;
	call->nutterance = VA_FRAME_SAMPLES;
	call->voice.quiet = 0;
	if (!call->voice.speaks)
	{
		call->voice.speaks = true;
		va_call_voice(call, VA_VOICE_BEGAN, now, 1700000000000 + now);
	}
	call->voice.loud = 10;
	va_call_voice(call, VA_VOICE_SAME, now, 1700000000000 + now);
	call->voice.loud = 0;
	for (int ms = VA_FRAME_MS; ms <= pause_ms && call->voice.speaks; ms += VA_FRAME_MS)
	{
		int hangover;

		now += VA_FRAME_MS;
		call->voice.quiet++;
		hangover = call->voice.hangover_frames > 0 ? call->voice.hangover_frames : VA_VOICE_HANGOVER_MS / VA_FRAME_MS;
		va_call_voice(call, call->voice.quiet >= hangover ? VA_VOICE_ENDED : VA_VOICE_SAME, now, 1700000000000 + now);
	}
}

static VaMediaCall *
asked_for(const char *question, const char *provider)
{
	VaMediaCall *call = greeted_by(provider == NULL ? NULL : json_pack("{s:[{s:s},{s:s}]}", "engines", "provider", provider, "provider", "openai"));

	call->script.language = "en-US";
	va_call_add_turn(call, VA_SAID_BY_US, question, strlen(question), 1700000000000 + now);
	now += 1000;
	asked_ahead = dropped = turns = 0;
	return call;
}

#define NUMBER "What is your phone number?"

static void
check_complete(void)
{
	VaMediaCall *call = asked_for("Is that right?", NULL);

	says_and_pauses(call, 1, 180);
	is_int(asked, 0, "a short pause asks nobody");
	says_and_pauses(call, 1, 200);
	ok(asked == 1 && call->talk.state == VA_TALK_PAUSING, "after 200 ms the ear is asked");
	hears(call, "yes please");
	ok(call->talk.state == VA_TALK_KEEPING && !call->voice.speaks, "... and an answer that is complete is kept at once");
	is_str(turns_of(call), "< Good day. < Is that right? > yes please", "... as a turn");
	va_call_kept(call, false, now);
	is_int(thoughts, 1, "... and answered once");
	let_go(call);
}

static void
check_open(void)
{
	VaMediaCall *call = asked_for(NUMBER, NULL);

	says_and_pauses(call, 1, 200);
	hears(call, "two one two");
	says_and_pauses(call, 2, 0);
	now += 600;
	ok(call->talk.state == VA_TALK_LISTENING && call->nturns == 2, "a number with too few digits waits");
	says_and_pauses(call, 2, 200);
	hears(call, "two one two six four six");
	for (int i = 0; i < 34; i++)
		says_and_pauses(call, 2, 0);
	says_and_pauses(call, 3, 200);
	hears(call, "two one two six four six five five zero one");
	is_str(turns_of(call), "< Good day. < What is your phone number? > two one two six four six five five zero one", "... until it is whole, and is one turn");
	let_go(call);
	/* The person who says no more has 900 ms. */
	call = asked_for(NUMBER, NULL);
	asked = 0;
	says_and_pauses(call, 1, 200);
	hears(call, "two one two");
	for (int ms = 220; ms < 1500; ms += VA_FRAME_MS, now += VA_FRAME_MS)
	{
		call->voice.quiet++;
		va_call_voice(call, call->voice.quiet >= call->voice.hangover_frames ? VA_VOICE_ENDED : VA_VOICE_SAME, now, 1700000000000 + now);
	}
	ok(call->talk.state == VA_TALK_GUESSING && asked == 1 && thoughts == 0, "... for 1480 ms");
	call->voice.quiet++;
	va_call_voice(call, call->voice.quiet >= call->voice.hangover_frames ? VA_VOICE_ENDED : VA_VOICE_SAME, now, 1700000000000 + now);
	ok(call->talk.state == VA_TALK_KEEPING && asked == 1, "... and after 1500 it has ended");
	is_str(turns_of(call), "< Good day. < What is your phone number? > two one two", "... with what it has said");
	let_go(call);
}

static void
check_unknown(void)
{
	VaMediaCall *call = asked_for("How can I help you?", NULL);

	says_and_pauses(call, 1, 500);
	ok(call->talk.state == VA_TALK_JUDGING && asked == 1, "an ear that is slow is asked once");
	hears(call, "i have a leak");
	is_str(turns_of(call), "< Good day. < How can I help you? > i have a leak", "... and its words are the turn");
	let_go(call);
	call = asked_for("How can I help you?", NULL);
	says_and_pauses(call, 1, 200);
	hears(call, "i have a leak");
	ok(call->talk.state == VA_TALK_GUESSING && thoughts == 0, "what may be all waits, and the built-in mind needs no head start");
	asked = 0;
	says_and_pauses(call, 2, 200);
	ok(call->talk.state == VA_TALK_PAUSING && asked == 1 && asked_about == 2, "... who goes on is heard anew");
	hears(call, "i have a leak in the roof");
	call->voice.quiet = 24;
	call->voice.speaks = true;
	va_call_voice(call, VA_VOICE_ENDED, now, 1700000000000 + now);
	is_str(turns_of(call), "< Good day. < How can I help you? > i have a leak in the roof", "... and at the end nothing is asked again");
	is_int(asked, 1, "... of the ear");
	let_go(call);
	/* Nothing that it could understand. */
	call = asked_for(NUMBER, NULL);
	says_and_pauses(call, 1, 200);
	hears(call, "");
	ok(call->talk.state == VA_TALK_LISTENING && call->voice.hangover_frames == 50, "what was not understood of a number waits as one with too few digits");
	let_go(call);
	call = asked_for("How can I help you?", NULL);
	says_and_pauses(call, 1, 200);
	hears(call, "");
	ok(call->talk.state == VA_TALK_LISTENING && call->voice.hangover_frames == 0, "what was not understood ends as before");
	let_go(call);
}

static void
ends_now(VaMediaCall *call)
{
	call->voice.quiet = 25;
	call->voice.speaks = true;
	va_call_voice(call, VA_VOICE_ENDED, now, 1700000000000 + now);
}

/* The answer is begun before the end is sure. */
static void
check_ahead(void)
{
	VaMediaCall *call = asked_for("How can I help you?", "openai");

	says_and_pauses(call, 1, 200);
	hears(call, "i have a leak");
	ok(asked_ahead == 1 && thoughts == 1, "the mind is asked while the person may go on");
	dropped = 0;
	pass(call, 200);
	ok(turns == 0 && call->nsentences == 0, "... and nothing of its answer is read");
	is_str(turns_of(call), "< Good day. < How can I help you?", "... or kept");
	ends_now(call);
	ok(thoughts == 1 && dropped == 0 && call->talk.state == VA_TALK_KEEPING, "the end keeps the words and asks nobody");
	pass(call, 40);
	is_int(turns, 0, "... whose answer waits until they are kept");
	va_call_kept(call, false, now);
	pass(call, 40);
	ok(thoughts == 1 && turns > 0, "... and is then the answer, which was asked for once");
	va_engine_says(call->engines.mind, "I am sorry to hear that.");
	va_engine_thought(call->engines.mind, false);
	pass(call, 2000);
	is_str(turns_of(call), "< Good day. < How can I help you? > i have a leak < I am sorry to hear that.", "... and said");
	let_go(call);
	/* The person goes on. */
	call = asked_for("How can I help you?", "openai");
	says_and_pauses(call, 1, 200);
	hears(call, "i have a leak");
	dropped = 0;
	says_and_pauses(call, 2, 100);
	ok(dropped == 1 && call->engines.mind == NULL && turns == 0, "who goes on has the answer thrown away unread");
	ends_now(call);
	hears(call, "i have a leak in the roof");
	va_call_kept(call, false, now);
	ok(thoughts == 2 && asked_ahead == 1, "... and all of it is thought about");
	is_str(turns_of(call), "< Good day. < How can I help you? > i have a leak in the roof", "... as one turn");
	let_go(call);
	/* ... and again and again. */
	call = asked_for("How can I help you?", "openai");
	thoughts = 0;
	for (int i = 0; i < 6; i++)
	{
		says_and_pauses(call, 1, 200);
		hears(call, "i have a leak");
		says_and_pauses(call, 2, 100);
	}
	is_int(thoughts, VA_AHEADS_MAX, "who pauses often in a turn has three answers thrown away");
	says_and_pauses(call, 1, 200);
	hears(call, "i have a leak in the roof");
	ends_now(call);
	va_call_kept(call, false, now);
	is_int(thoughts, VA_AHEADS_MAX + 1, "... and the whole of it is answered");
	va_engine_says(call->engines.mind, "I am sorry.");
	va_engine_thought(call->engines.mind, false);
	pass(call, 2000);
	says_and_pauses(call, 1, 200);
	hears(call, "when can you come");
	is_int(thoughts, VA_AHEADS_MAX + 2, "... and the next turn is thought of ahead again");
	let_go(call);
	/* Words that end the calls. */
	call = asked_for("How can I help you?", "openai");
	call->script.opt_out_words = "We call no more.";
	says_and_pauses(call, 1, 200);
	hears(call, "leave me in peace for ever");
	ends_now(call);
	va_call_kept(call, true, now);
	ok(!call->engines.thinks_ahead && call->engines.mind == NULL, "an opt-out throws the answer away");
	let_go(call);
	/* What we answer ourselves. */
	call = asked_for("How can I help you?", "openai");
	says_and_pauses(call, 1, 200);
	hears(call, "tell me who owns this company");
	ends_now(call);
	va_call_own_answer(call, "I am a machine.");
	va_call_kept(call, false, now);
	pass(call, 2000);
	is_str(turns_of(call), "< Good day. < How can I help you? > tell me who owns this company < I am a machine.", "... as does an answer of our own");
	let_go(call);
	call = asked_for("How can I help you?", "openai");
	thoughts = 0;
	says_and_pauses(call, 1, 200);
	hears(call, "how did you get my number");
	ok(thoughts == 0 && call->talk.state == VA_TALK_GUESSING, "... but a question that is ours is asked of no model");
	ends_now(call);
	va_call_own_answer(call, "From a list.");
	va_call_kept(call, false, now);
	pass(call, 2000);
	is_str(turns_of(call), "< Good day. < How can I help you? > how did you get my number < From a list.", "... ahead either");
	let_go(call);
	/* The keypad in a pause. */
	call = asked_for("How can I help you?", "openai");
	says_and_pauses(call, 1, 200);
	hears(call, "i have a leak");
	call->script.opt_out_key = '9';
	va_call_press(call, '9', now, 1700000000000 + now);
	ok(call->engines.mind == NULL && call->talk.state == VA_TALK_KEEPING && dropped > 0, "... and the key to opt out");
	let_go(call);
}

/* An ear that hears all by itself tells of what was said since it told last. */
static void
check_stream(void)
{
	VaMediaCall *call = asked_for(NUMBER, "deepgram");

	says_and_pauses(call, 1, 200);
	hears(call, "two one two");
	says_and_pauses(call, 2, 200);
	/* Its answer comes when the person goes on. */
	says_and_pauses(call, 3, 100);
	hears(call, "six four six");
	is_str(turns_of(call), "< Good day. < What is your phone number?", "an ear that hears all is asked in each pause");
	says_and_pauses(call, 3, 200);
	hears(call, "five five zero one");
	is_str(turns_of(call), "< Good day. < What is your phone number? > two one two six four six five five zero one", "... and what it tells is put together");
	va_call_kept(call, false, now);
	va_engine_says(call->engines.mind, "Thank you.");
	va_engine_thought(call->engines.mind, false);
	pass(call, 1000);
	says_and_pauses(call, 4, 200);
	hears(call, "goodbye");
	is_str(turns_of(call), "< Good day. < What is your phone number? > two one two six four six five five zero one < Thank you. > goodbye", "... once");
	let_go(call);
	/* The line breaks in a pause. */
	call = asked_for("How can I help you?", "deepgram");
	says_and_pauses(call, 1, 200);
	hears(call, "i have a leak");
	call->engines.now_ms = now;
	va_call_end(call, "the line broke");
	hears(call, "");
	is_str(turns_of(call), "< Good day. < How can I help you? > i have a leak", "what was heard when the line breaks is kept");
	let_go(call);
}

/* One of owner 7 comes behind thirty of owner 5, and all of owner 9 behind that one. */
static void
check_opening(void)
{
	static VaMediaCall many[42];
	VaMediaCall *next;
	char order[100] = "";
	int opened = 0;

	for (int i = 0; i < 42; i++)
	{
		/* What has come last is the first of the list. */
		many[i].next = i > 0 ? &many[i - 1] : NULL;
		many[i].talk.state = VA_TALK_ASKED;
		many[i].arrived_ms = 1000 + i;
		many[i].owner = i < 30 ? 5 : i == 30 ? 7 : 9;
	}
	for (; (next = va_call_to_open(&many[41])) != NULL; opened++)
	{
		next->talk.state = VA_TALK_WAITING;
		if (opened < 7)
			snprintf(order + strlen(order), sizeof(order) - strlen(order), "%d:%d ", (int) next->owner, (int) next->arrived_ms - 1000);
	}
	is_str(order, "5:0 7:30 9:31 5:1 9:32 5:2 9:33 ", "calls that wait are opened as they have come, an owner's after one of each other's");
	ok(opened == 42, "... and all of them at last");
}

int
main(void)
{
	va_engines_open(NULL, NULL, va_talk_tell, NULL, NULL);
	check_two_utterances();
	check_cut_short();
	check_endless();
	check_late_words();
	check_filler();
	check_end();
	check_key();
	check_anew();
	check_complete();
	check_open();
	check_unknown();
	check_ahead();
	check_stream();
	check_opening();
	return done_testing();
}
