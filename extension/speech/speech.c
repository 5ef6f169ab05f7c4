/*-------------------------------------------------------------------------
 * speech.c
 *		voiceagent-speech: a voice (espeak-ng) and an ear (pocketsphinx) in a
 *		program of its own.
 *
 * Copyright: see LICENSE beside this file.  It is distributed under the GNU
 * General Public License, version 3 or later, because espeak-ng is; it shares
 * no memory and no code with the server, only the messages of protocol.h.
 *
 * It does one request after the other, and ends when its socket does.  Its one
 * argument, voice or ear, has it be only that; without one it is both.  The ear
 * knows nothing but the grammar that a request names: a second search for mere
 * sounds runs beside it, and what the grammar explains much worse than sounds
 * do has not been said.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <unistd.h>

#include <espeak-ng/speak_lib.h>
#include <pocketsphinx.h>
#include <speex/speex_resampler.h>

#include "protocol.h"

#define SOCKET STDIN_FILENO
#define NICE 2
#define MEMORY_MAX ((rlim_t) 1024 * 1024 * 1024)
#define MODEL_DIR "/usr/share/pocketsphinx/model/en-us"
#define GRAMMARS_MAX 32
#define EAR_RATE 16000
#define WORDS_PER_MINUTE 165
/* How much worse a frame the grammar may explain than sounds do, where confidence is 0. */
#define WORST_DIFFERENCE 36.0

/* ---- messages ---- */

/* Reads so many bytes, or writes them. */
static bool
move_bytes(void *bytes, size_t len, bool out)
{
	char *at = bytes;

	while (len > 0)
	{
		ssize_t n = out ? write(SOCKET, at, len) : read(SOCKET, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t) n;
	}
	return true;
}

/* In two parts, the first of which may be empty. */
static bool
answer(uint32_t id, VaSpeechKind kind, const void *first, size_t first_len, const void *second, size_t second_len)
{
	VaSpeechHead head = { (uint32_t) (first_len + second_len), id, kind };

	return move_bytes(&head, sizeof(head), true) && move_bytes((void *) (uintptr_t) first, first_len, true) &&
		   move_bytes((void *) (uintptr_t) second, second_len, true);
}

static bool
fail(uint32_t id, const char *why)
{
	return answer(id, VA_SPEECH_FAILED, NULL, 0, why, strlen(why));
}

/* ---- the voice ---- */

typedef struct Sound
{
	short *samples;
	size_t used;
	size_t room;
	bool failed;
} Sound;

static Sound spoken;
static int voice_rate;

static int
on_samples(short *samples, int n, espeak_EVENT *events)
{
	if (samples == NULL || n <= 0)
		return 0;
	if (spoken.used + (size_t) n > spoken.room)
	{
		size_t room = (spoken.used + (size_t) n) * 2;
		short *moved = room * sizeof(short) > 4 * (size_t) VA_SPEECH_BYTES_MAX
						   ? NULL
						   : realloc(spoken.samples, room * sizeof(short));

		if (moved == NULL)
		{
			spoken.failed = true;
			return 1;
		}
		spoken.samples = moved;
		spoken.room = room;
	}
	memcpy(spoken.samples + spoken.used, samples, (size_t) n * sizeof(short));
	spoken.used += (size_t) n;
	return 0;
}

/* The samples at another rate; NULL without memory. */
static short *
at_rate(const short *in, size_t n, int from, int to, size_t *out_n)
{
	int err;
	SpeexResamplerState *state = speex_resampler_init(1, (spx_uint32_t) from, (spx_uint32_t) to, 5, &err);
	size_t room = n * (size_t) to / (size_t) from + 16;
	short *out = malloc(room * sizeof(short));
	spx_uint32_t taken = (spx_uint32_t) n;
	spx_uint32_t given = (spx_uint32_t) room;

	if (state != NULL && out != NULL)
	{
		speex_resampler_skip_zeros(state);
		speex_resampler_process_int(state, 0, in, &taken, out, &given);
		*out_n = given;
	}
	else
	{
		free(out);
		out = NULL;
	}
	if (state != NULL)
		speex_resampler_destroy(state);
	return out;
}

/* Silence before and behind: a sentence's own pause is the loop's. */
static void
trim(const short **samples, size_t *n)
{
	size_t end = *n;
	size_t begin = 0;

	while (begin < end && abs((*samples)[begin]) < 64)
		begin++;
	while (end > begin && abs((*samples)[end - 1]) < 64)
		end--;
	*samples += begin;
	*n = end - begin;
}

static bool
say(uint32_t id, const char *bytes, size_t len)
{
	const char *language = bytes;
	const char *voice = memchr(language, '\0', len);
	const char *text = voice == NULL ? NULL : memchr(voice + 1, '\0', len - (size_t) (voice + 1 - bytes));
	espeak_VOICE wanted = { 0 };
	const short *samples;
	size_t n;
	size_t given;
	short *out;
	bool good;

	if (voice_rate <= 0 || text == NULL)
		return fail(id, "there is no voice, or no text");
	voice++;
	text++;
	wanted.languages = language;
	wanted.gender = strcmp(voice, "female") == 0 ? 2 : 1;
	if (espeak_SetVoiceByProperties(&wanted) != EE_OK)
		return fail(id, "there is no voice of that language");
	espeak_SetParameter(espeakRATE, WORDS_PER_MINUTE, 0);
	spoken.used = 0;
	spoken.failed = false;
	if (espeak_Synth(text, strlen(text) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL) != EE_OK ||
		espeak_Synchronize() != EE_OK || spoken.failed)
		return fail(id, "the text could not be spoken");
	samples = spoken.samples;
	n = spoken.used;
	trim(&samples, &n);
	out = at_rate(samples, n, voice_rate, VA_SPEECH_RATE, &given);
	if (out == NULL || given * sizeof(short) > VA_SPEECH_BYTES_MAX)
	{
		free(out);
		return fail(id, "the text is too long");
	}
	good = answer(id, VA_SPEECH_AUDIO, NULL, 0, out, given * sizeof(short));
	free(out);
	return good;
}

/* ---- the ear ---- */

static ps_decoder_t *words = NULL;	/* by a grammar */
static ps_decoder_t *sounds = NULL; /* by nothing */
static uint32_t grammars[GRAMMARS_MAX];
static int ngrammars = 0;

/* Nothing is left out as noise or silence, or filled in between words: what the grammar does not explain is to cost. */
static ps_decoder_t *
make_decoder(void)
{
	cmd_ln_t *config = cmd_ln_init(NULL, ps_args(), TRUE, "-hmm", MODEL_DIR "/en-us", "-dict",
		MODEL_DIR "/cmudict-en-us.dict", "-logfn", "/dev/null", "-bestpath", "no", "-samprate", "16000", "-beam",
		"1e-80", "-pbeam", "1e-80", "-wbeam", "1e-60", "-remove_noise", "no", "-remove_silence", "no", "-fillprob",
		"1e-60", "-silprob", "1e-10", NULL);

	return config == NULL ? NULL : ps_init(config);
}

/* Any sounds of the language, one after the other, each as a word. */
static bool
hear_sounds(ps_decoder_t *decoder)
{
	static const char *const phones[] = { "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY",
		"F", "G", "HH", "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH",
		"UW", "V", "W", "Y", "Z" };
	size_t n = sizeof(phones) / sizeof(phones[0]);
	char grammar[1000];
	char word[20];
	int used = snprintf(grammar, sizeof(grammar), "#JSGF V1.0;\ngrammar sounds;\npublic <sounds> = (");

	for (size_t i = 0; i < n; i++)
	{
		snprintf(word, sizeof(word), "sound-%s", phones[i]);
		if (ps_add_word(decoder, word, phones[i], i == n - 1) < 0)
			return false;
		used += snprintf(grammar + used, sizeof(grammar) - (size_t) used, "%s%s", i > 0 ? "|" : "", word);
	}
	snprintf(grammar + used, sizeof(grammar) - (size_t) used, ")+;\n");
	return ps_set_jsgf_string(decoder, "sounds", grammar) == 0 && ps_set_search(decoder, "sounds") == 0;
}

/* False: the model is not installed. */
static bool
open_ear(void)
{
	if (access(MODEL_DIR "/en-us/mdef", R_OK) != 0)
		return false;
	words = make_decoder();
	sounds = make_decoder();
	if (words == NULL || sounds == NULL || !hear_sounds(sounds))
		words = NULL;
	return words != NULL;
}

static const char *
grammar_name(uint32_t number, char *name, size_t size)
{
	snprintf(name, size, "g%u", number);
	return name;
}

static bool
take_grammar(uint32_t id, const char *text)
{
	char name[20];

	if (words == NULL)
		return fail(id, "there is no ear: the model of pocketsphinx is not installed");
	for (int i = 0; i < ngrammars; i++)
		if (grammars[i] == id)
			return answer(id, VA_SPEECH_DONE, NULL, 0, NULL, 0);
	if (ngrammars == GRAMMARS_MAX)
		return fail(id, "there are too many grammars");
	if (ps_set_jsgf_string(words, grammar_name(id, name, sizeof(name)), text) != 0)
		return fail(id, "the grammar is not valid");
	grammars[ngrammars++] = id;
	return answer(id, VA_SPEECH_DONE, NULL, 0, NULL, 0);
}

/* The heard words, and their score; NULL: none. */
static const char *
decode(ps_decoder_t *decoder, const short *samples, size_t n, int32 *score)
{
	if (ps_start_utt(decoder) != 0)
		return NULL;
	(void) ps_process_raw(decoder, samples, n, FALSE, TRUE);
	if (ps_end_utt(decoder) != 0)
		return NULL;
	return ps_get_hyp(decoder, score);
}

static bool
listen_to(uint32_t id, const char *bytes, size_t len)
{
	char name[20];
	uint32_t grammar;
	int32 of_words = 0;
	int32 of_sounds = 0;
	int32_t confidence = 0;
	const char *text;
	double difference;
	short *wide;
	size_t n;
	bool good;

	if (words == NULL)
		return fail(id, "there is no ear: the model of pocketsphinx is not installed");
	if (len < sizeof(grammar))
		return fail(id, "the request names no grammar");
	memcpy(&grammar, bytes, sizeof(grammar));
	if (ps_set_search(words, grammar_name(grammar, name, sizeof(name))) != 0)
		return fail(id, "the grammar is not known");
	wide = at_rate((const short *) (const void *) (bytes + sizeof(grammar)), (len - sizeof(grammar)) / sizeof(short),
		VA_SPEECH_RATE, EAR_RATE, &n);
	if (wide == NULL)
		return fail(id, "out of memory");
	text = decode(words, wide, n, &of_words);
	if (text != NULL && decode(sounds, wide, n, &of_sounds) != NULL && ps_get_n_frames(words) > 0)
	{
		difference = ((double) of_sounds - of_words) / ps_get_n_frames(words);
		confidence = difference <= 0				  ? 100
					 : difference >= WORST_DIFFERENCE ? 0
													  : (int32_t) (100 * (1 - difference / WORST_DIFFERENCE));
	}
	free(wide);
	if (text == NULL)
		text = "";
	good = answer(id, VA_SPEECH_HEARD, &confidence, sizeof(confidence), text, strlen(text));
	return good;
}

/* ---- the program ---- */

static bool
serve(const VaSpeechHead *head, char *bytes)
{
	bytes[head->len] = '\0';
	switch (head->kind)
	{
		case VA_SPEECH_SAY:
			return say(head->id, bytes, head->len);
		case VA_SPEECH_GRAMMAR:
			return take_grammar(head->id, bytes);
		case VA_SPEECH_LISTEN:
			return listen_to(head->id, bytes, head->len);
		default:
			return fail(head->id, "there is no such request");
	}
}

/*
 * Files that the server has open are not ours, and it goes first. A server that is killed notifies no one: this
 * must not go on to load its model, in a directory that is removed.
 */
static void
keep_apart(void)
{
	struct rlimit memory = { MEMORY_MAX, MEMORY_MAX };
	struct rlimit none = { 0, 0 };

#ifdef __linux__
	(void) prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	closefrom(STDERR_FILENO + 1);
	(void) setrlimit(RLIMIT_AS, &memory);
	(void) setrlimit(RLIMIT_CORE, &none);
	if (nice(NICE) == -1)
		errno = 0;
}

static bool
open_voice(void)
{
	voice_rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, espeakINITIALIZE_DONT_EXIT);
	espeak_SetSynthCallback(on_samples);
	return voice_rate > 0;
}

int
main(int argc, char **argv)
{
	bool speaks = argc < 2 || strcmp(argv[1], "voice") == 0;
	bool listens = argc < 2 || strcmp(argv[1], "ear") == 0;
	char ready[200] = "";
	VaSpeechHead head;

	keep_apart();
	if (speaks && !open_voice())
		return 1;
	if (speaks)
		snprintf(ready, sizeof(ready), "espeak-ng %s speaks%s", espeak_Info(NULL), listens ? ", " : "");
	if (listens)
		strcat(ready,
			open_ear() ? "pocketsphinx listens (en)" : "nobody listens: the model pocketsphinx-en-us is missing");
	if (!answer(0, VA_SPEECH_READY, NULL, 0, ready, strlen(ready)))
		return 0;
	while (move_bytes(&head, sizeof(head), false))
	{
		char *bytes = head.len > VA_SPEECH_BYTES_MAX + 64 ? NULL : malloc((size_t) head.len + 1);
		bool more = bytes != NULL && move_bytes(bytes, head.len, false) && serve(&head, bytes);

		free(bytes);
		if (!more)
			return 1;
	}
	return 0;
}
