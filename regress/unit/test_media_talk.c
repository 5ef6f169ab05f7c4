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

static size_t sounds = 800; /* of a sentence: a tenth of a second */

static void
say(VaEngine *engine, VaSentence *sentence)
{
	static const int16_t sound[16000] = {100};

	va_engine_sounds(engine, sentence->asked, sound, sounds, true);
}

const VaEngineDriver va_engine_openai = {.provider = "openai"}, va_engine_compatible = {.provider = "compatible"},
	va_engine_anthropic = {.provider = "anthropic"}, va_engine_deepgram = {.provider = "deepgram"},
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
	va_engine_heard(call->engines.first, words, 0.9, words[0] != '\0');
}

static VaMediaCall *
greeted(void)
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
	(void) va_engines_begin(call, NULL);
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
	check_opening();
	return done_testing();
}
