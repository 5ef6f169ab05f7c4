/*-------------------------------------------------------------------------
 * said.c
 *		Speech in a call: the turns of both sides, and the sentences of
 *		ours that are being said.
 *
 * A turn of ours is what was heard of it.
 */
#include "said.h"

#include <stdlib.h>
#include <string.h>

/* The time to say a letter, of a sentence whose sound has not all come. */
#define LETTER_MS 65
#define TURNS_MAX 400
/* While more than this waits to be sent nothing is appended to it; and else so much at a time. */
#define WAITING_MS 500
#define PIECE_SAMPLES ((size_t) VA_AUDIO_RATE / 4)

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

void
va_call_add_turn(VaMediaCall *call, VaSpeaker speaker, const char *text, size_t len, int64_t at_ms)
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
	turn->is_customer = speaker != VA_SAID_BY_US;
	turn->filler = !turn->is_customer && call->nsentences > 0 && call->sentences[call->nsentences - 1].filler;
	turn->aside = speaker == VA_SAID_ASIDE;
	turn->at_ms = at_ms;
	turn->confidence = turn->is_customer ? call->confidence : -1;
	call->confidence = -1;
	turn->text = copy;
	place_turn(call, turn);
}

void
va_call_forget_sentences(VaMediaCall *call)
{
	for (int i = 0; i < call->nsentences; i++)
	{
		free(call->sentences[i].text);
		free(call->sentences[i].came.samples);
		va_kept_release(call->sentences[i].shared);
		free(call->sentences[i].kept.samples);
	}
	memset(call->sentences, 0, sizeof(call->sentences));
	call->nsentences = 0;
	call->turn_sent_ms = 0;
	call->turn_began = 0;
}

static uint32_t
next_number(void)
{
	static uint32_t last = 0;

	return ++last != 0 ? last : ++last;
}

VaSentence *
va_call_add_sentence(VaMediaCall *call, const char *text, size_t len, int how)
{
	VaSentence *sentence = &call->sentences[call->nsentences];

	if (call->nsentences == VA_SENTENCES_MAX || (sentence->text = strndup(text, len)) == NULL)
		return NULL;
	call->nsentences++;
	sentence->law = (how & VA_SAY_LAW) != 0;
	sentence->same = (how & VA_SAY_SAME) != 0;
	sentence->filler = (how & VA_SAY_FILLER) != 0;
	sentence->number = sentence->asked = next_number();
	return sentence;
}

/* How much of a sentence was heard, in whole words. */
static size_t
heard_of(const VaSentence *sentence, int64_t heard_ms)
{
	size_t len = strlen(sentence->text);
	int64_t ms = sentence->asked == 0 || sentence->ms > (int64_t) len * LETTER_MS ? sentence->ms
																				  : (int64_t) len * LETTER_MS;
	size_t at;

	if (heard_ms >= ms)
		return len;
	at = (size_t) ((int64_t) len * heard_ms / (ms > 0 ? ms : 1));
	while (at > 0 && sentence->text[at] != ' ')
		at--;
	return at;
}

void
va_call_end_turn(VaMediaCall *call, int64_t heard_ms)
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
		va_call_add_turn(call, VA_SAID_BY_US, text, used, call->turn_began);
	va_call_forget_sentences(call);
}

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

void
va_call_note_law(VaMediaCall *call, int64_t now_ms)
{
	int64_t sent = call->turn_sent_ms;
	int64_t heard_ms = now_ms + va_playout_unheard(&call->playout, now_ms) - call->arrived_ms;
	bool mute = false;

	for (int i = 0; i < call->nsentences; i++)
	{
		const VaSentence *sentence = &call->sentences[i];
		int64_t *said = sentence->part > 0 ? &call->law_ms[sentence->part - 1] : NULL;

		if (!sentence->law || !sentence->appended || sent < sentence->ms)
			return;
		sent -= sentence->ms;
		mute |= sentence->ms == 0;
		if (said != NULL && *said == 0)
			*said = mute ? -1 : heard_ms - sent;
		mute &= said == NULL;
	}
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

bool
va_sound_add(VaSound *sound, const int16_t *samples, size_t n)
{
	int16_t *more = sound->n + n > VA_PLAYOUT_SAMPLES_MAX
						? NULL
						: realloc(sound->samples, (sound->n + n + 1) * sizeof(*samples));

	if (more == NULL)
		return false;
	sound->samples = more;
	if (n > 0)
		memcpy(more + sound->n, samples, n * sizeof(*samples));
	sound->n += n;
	return true;
}

void
va_call_sounds(VaSentence *sentence, const int16_t *samples, size_t n, bool last)
{
	if (n > 0)
		(void) va_sound_add(&sentence->came, samples, n);
	if (last)
		sentence->asked = 0;
}

void
va_call_recall(VaMediaCall *call, bool is_customer, const char *text, int64_t at_ms)
{
	int turns = call->nturns;

	va_call_add_turn(call, is_customer ? VA_SAID_BY_PERSON : VA_SAID_BY_US, text, strlen(text), at_ms);
	if (call->nturns > turns)
		call->last_turn->kept = true;
}

/* The playout holds little: the rest stays where it is, which calls may share.  True: all that has come is appended. */
static bool
append_sound(VaMediaCall *call, VaSentence *sentence)
{
	VaSound *came = &sentence->came;
	const int16_t *samples = sentence->shared != NULL ? sentence->shared->samples : came->samples;
	size_t n = sentence->shared != NULL ? sentence->shared->n : came->n;
	size_t piece;

	/* However much of it waits here. */
	sentence->ms = (int64_t) n * 1000 / VA_AUDIO_RATE;
	while (sentence->moved < n && va_playout_waiting(&call->playout) <= WAITING_MS)
	{
		piece = n - sentence->moved < PIECE_SAMPLES ? n - sentence->moved : PIECE_SAMPLES;
		if (!va_playout_add(&call->playout, samples + sentence->moved, piece))
			break;
		sentence->moved += piece;
	}
	return sentence->moved == n;
}

void
va_call_append_sentences(VaMediaCall *call)
{
	for (int i = 0; i < call->nsentences; i++)
	{
		VaSentence *sentence = &call->sentences[i];

		if (sentence->appended)
			continue;
		if (!append_sound(call, sentence) || sentence->asked != 0)
			return;
		sentence->appended = true;
		free(sentence->came.samples);
		sentence->came.samples = NULL;
		call->mute = sentence->ms > 0 ? 0 : call->mute + 1;
	}
}

void
va_call_begins_to_speak(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	call->turn_began = unix_ms;
	if (call->figures.first_sound_ms != 0)
		return;
	call->figures.first_sound_ms = now_ms - call->talk.opened_ms;
	va_call_note_greeting(call, now_ms);
}
