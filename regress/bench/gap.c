/*
 * gap TURNS EAR_MS   how long it takes from a person's last sample to our first, and how often we begin while it has more to say: the turns of
 * gap_sounds.py, frame by frame by a clock that is counted, through what hears, decides and speaks in a call that we hold; the ear tells
 * after EAR_MS what was said, the mind and the commit take no time.  Beside it the fixed rule, which ends a turn after 500 ms.
 *
 * Prints lines "side value".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/call/line.h"
#include "media/call/said.h"
#include "media/talk/talk.h"
#include "pure/audio/g711.h"

#define PARTS_MAX 8
#define UNIX_MS INT64_C(1700000000000)

/* What the talk uses of the process and of its sockets. */
int va_share_left(int max, int own, int others) { return max - own - others; }
bool va_socket_send(VaSocket *socket, const void *bytes, size_t len, bool binary) { return true; }
void va_socket_finish(VaSocket *socket) {}

typedef struct Part
{
	char *words;
	int16_t *samples;
	size_t n;
	int pause_ms;
	int64_t from, to; /* ms of the turn */
} Part;

static Part parts[PARTS_MAX];
static int nparts;
static int64_t now = 1000, began;
static int told; /* parts that the ear has told */
static int ear_ms;
static int64_t ear_due; /* 0: it is asked nothing */
static int thoughts;

static void
listen_to(VaEngine *engine, const int16_t *samples, size_t n)
{
	ear_due = now + ear_ms;
}

/* What has been said whole since it told last. */
static void
turn_ear(VaEngine *engine, int64_t now_ms)
{
	char words[1000] = "";

	if (ear_due == 0 || now_ms < ear_due)
		return;
	ear_due = 0;
	for (; told < nparts && parts[told].to <= now_ms - began; told++)
		snprintf(words + strlen(words), sizeof(words) - strlen(words), "%s%s", words[0] != '\0' ? " " : "", parts[told].words);
	va_engine_heard(engine, words, 0.9, words[0] != '\0');
}

static void hear_frame(VaEngine *engine, const int16_t *frame) {}

static void think(VaEngine *engine) { thoughts = 1; }

static void
turn_mind(VaEngine *engine, int64_t now_ms)
{
	if (thoughts == 0)
		return;
	thoughts = 0;
	va_engine_says(engine, "All right.");
	va_engine_thought(engine, false);
}

static void
say(VaEngine *engine, VaSentence *sentence)
{
	static const int16_t sound[800] = {100};

	va_engine_sounds(engine, sentence->asked, sound, 800, true);
}

const VaEngineDriver va_engine_openai = {.provider = "openai", .kinds = VA_ENGINE_MIND, .think = think, .turn = turn_mind},
	va_engine_compatible = {.provider = "compatible"}, va_engine_anthropic = {.provider = "anthropic"},
	va_engine_deepgram = {.provider = "deepgram", .kinds = VA_ENGINE_EAR, .hear = hear_frame, .listen = listen_to, .turn = turn_ear}, va_engine_elevenlabs = {.provider = "elevenlabs"}, va_engine_realtime = {.provider = "realtime"},
	va_engine_embedded = {.provider = "embedded", .kinds = VA_ENGINE_VOICE, .say = say};

/* The frame of the line at this ms of the turn: the parts, and silence around them. */
static void
frame_at(int64_t ms, int16_t *frame)
{
	memset(frame, 0, VA_FRAME_SAMPLES * sizeof(*frame));
	for (int i = 0; i < nparts; i++)
		for (int j = 0; j < VA_FRAME_SAMPLES; j++)
		{
			int64_t at = (ms - parts[i].from) * VA_AUDIO_RATE / 1000 + j;

			if (at >= 0 && at < (int64_t) parts[i].n)
				frame[j] = parts[i].samples[at];
		}
}

static VaMediaCall *
answered(const char *question)
{
	VaMediaCall *call = calloc(1, sizeof(*call));

	va_stream_begin(&call->stream, va_dialect("exotel"));
	call->out = va_resampler_new(VA_AUDIO_RATE, VA_AUDIO_RATE);
	call->piece = calloc((size_t) va_dialect_piece_ms(call->stream.dialect), sizeof(int16_t) * VA_FRAME_SAMPLES);
	call->playout.ahead_ms = 200;
	call->call_id = call->tenant_id = 1;
	call->script.language = "en-US";
	call->script.first_message = "Good day.";
	call->script.silence_ms = 600000;
	call->script.barge_in_ms = 200;
	(void) va_talk_tell(call, VA_TOLD_STARTED, NULL);
	(void) va_engines_begin(call, json_pack("{s:[{s:s},{s:s}]}", "engines", "provider", "deepgram", "provider", "openai"));
	va_call_opened(call, now);
	call->figures.frames_in = 1;
	for (int i = 0; i < 100; i++, now += VA_FRAME_MS)
		(void) va_call_speak(call, now, UNIX_MS + now);
	va_call_add_turn(call, VA_SAID_BY_US, question, strlen(question), UNIX_MS + now);
	call->utterance = calloc(60 * VA_AUDIO_RATE, sizeof(int16_t));
	return call;
}

/* ms of the turn at which our first sound goes out; -1: none did. */
static int64_t
answer_at(VaMediaCall *call, int64_t length)
{
	int turns = call->nturns;

	began = now;
	for (int64_t ms = 0; ms < length + 3000; ms += VA_FRAME_MS, now += VA_FRAME_MS)
	{
		int16_t frame[VA_FRAME_SAMPLES];
		VaVoiceChange change;

		frame_at(ms, frame);
		memcpy(call->utterance + call->nutterance, frame, sizeof(frame));
		call->nutterance += call->nutterance < 50 * VA_AUDIO_RATE ? VA_FRAME_SAMPLES : 0;
		/* It has come when it has ended. */
		now = began + ms + VA_FRAME_MS;
		change = va_voice_frame(&call->voice, frame);
		va_call_voice(call, change, now, UNIX_MS + now);
		/* As often as the loop does, when something has come. */
		for (int n = 0; n < 4; n++)
		{
			(void) va_call_speak(call, now, UNIX_MS + now);
			if (call->talk.state == VA_TALK_KEEPING)
				va_call_kept(call, false, now);
		}
		now = began + ms;
		if (call->nturns > turns && call->turn_began != 0)
			return ms + VA_FRAME_MS;
	}
	return -1;
}

static void
let_go(VaMediaCall *call)
{
	va_call_forget_sentences(call);
	va_engines_end(call);
	for (VaTurn *turn = call->turns, *next; turn != NULL; turn = next)
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

/* The same for a silence of 500 ms, whatever was said. */
static int64_t
fixed_at(int64_t length)
{
	VaVoice voice = {0};

	for (int64_t ms = 0; ms < length + 3000; ms += VA_FRAME_MS)
	{
		int16_t frame[VA_FRAME_SAMPLES];

		frame_at(ms, frame);
		if (va_voice_frame(&voice, frame) == VA_VOICE_ENDED)
			return ms + VA_FRAME_MS;
	}
	return -1;
}

static void
read_part(Part *part, const char *file)
{
	FILE *in = fopen(file, "rb");
	int c;

	part->samples = calloc(60 * VA_AUDIO_RATE, sizeof(int16_t));
	for (part->n = 0; in != NULL && (c = getc(in)) != EOF; part->n++)
		part->samples[part->n] = va_mulaw_sample((uint8_t) c);
	if (in == NULL)
		exit(1);
	fclose(in);
}

typedef struct Figures
{
	double gaps[1000];
	int n, pausing, cut, silent;
} Figures;

static void
take(Figures *figures, int64_t at, int64_t length)
{
	figures->pausing += nparts > 1;
	figures->silent += at < 0;
	if (at >= 0 && at < length)
		figures->cut++;
	else if (at >= 0)
		figures->gaps[figures->n++] = (double) (at - length);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *) a, y = *(const double *) b;

	return (x > y) - (x < y);
}

static void
tell(Figures *figures, const char *side)
{
	qsort(figures->gaps, (size_t) figures->n, sizeof(double), by_size);
	printf("%s p50, ms\t%.0f\n%s p95, ms\t%.0f\n%s cut, %%\t%.1f\n%s unanswered\t%d\n", side, figures->gaps[figures->n / 2], side,
		figures->gaps[figures->n * 95 / 100], side, figures->pausing > 0 ? 100.0 * figures->cut / figures->pausing : 0, side, figures->silent);
}

int
main(int argc, char **argv)
{
	static Figures ours, fixed, kinds[5];
	static const char *const names[] = {"number", "um", "and", "spelling", "plain"};
	static char line[4000];
	FILE *in = argc > 2 ? fopen(argv[1], "r") : NULL;

	if (in == NULL)
		return 1;
	ear_ms = atoi(argv[2]);
	va_engines_open(NULL, NULL, va_talk_tell, NULL, NULL);
	while (fgets(line, sizeof(line), in) != NULL)
	{
		char *at = strtok(line, "\t\n"), *kind = at, *question = strtok(NULL, "\t\n");
		int64_t length = 600, answer;
		VaMediaCall *call;

		for (nparts = 0; nparts < PARTS_MAX && (at = strtok(NULL, "\t\n")) != NULL; nparts++)
		{
			read_part(&parts[nparts], at);
			parts[nparts].words = strtok(NULL, "\t\n");
			parts[nparts].pause_ms = atoi(strtok(NULL, "\t\n"));
			parts[nparts].from = length;
			parts[nparts].to = length += (int64_t) parts[nparts].n * 1000 / VA_AUDIO_RATE;
			length += parts[nparts].pause_ms;
		}
		told = 0;
		ear_due = 0;
		thoughts = 0;
		call = answered(question);
		answer = answer_at(call, length);
		if (getenv("GAP_TELL") != NULL)
			fprintf(stderr, "%s\t%lld\t%s | %s ... %s\n", kind, (long long) (answer < 0 ? -1 : answer - length), question, parts[0].words, parts[nparts - 1].words);
		take(&ours, answer, length);
		take(&fixed, fixed_at(length), length);
		for (int i = 0; i < 5; i++)
			if (strcmp(kind, names[i]) == 0)
				take(&kinds[i], answer, length);
		let_go(call);
		for (int i = 0; i < nparts; i++)
			free(parts[i].samples);
		now += 1000;
	}
	fclose(in);
	tell(&ours, "ours");
	tell(&fixed, "fixed");
	for (int i = 0; i < 5; i++)
		tell(&kinds[i], names[i]);
	return 0;
}
