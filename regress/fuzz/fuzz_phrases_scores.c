/*
 * fuzz_phrases_scores.c
 *		Any bytes as a talk: scores within their bounds, words within the turn
 *		that shows them.
 */
#include "pure/phrases/scores.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TURNS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

/* Turns end at a line's end; every other one is the assistant's. */
static size_t
cut_turns(const char *text, size_t size, VaTalkTurn *turns)
{
	size_t count = 0;

	while (size > 0 && count < TURNS_MAX)
	{
		const char *end = memchr(text, '\n', size);
		size_t len = end == NULL ? size : (size_t) (end - text);

		turns[count] = (VaTalkTurn){ .text = text, .len = len, .person = count % 2 == 1 };
		count++;
		text += len + (end != NULL);
		size -= len + (end != NULL);
	}
	return count;
}

static void
check_words(const VaTalk *talk, VaWords words)
{
	if (words.len > 0)
		check(words.turn < talk->count && words.offset + words.len <= talk->turns[words.turn].len);
}

static void
check_scores(const VaTalk *talk, const VaTalkScores *scores)
{
	check(scores->intent_score >= 0 && scores->intent_score <= 1);
	check(scores->csat >= 0 && scores->csat <= 5);
	check(scores->nobjections <= VA_OBJECTIONS && scores->nnext_steps <= VA_NEXT_KINDS);
	check(scores->nemotions <= talk->count);
	check_words(talk, scores->intent_words);
	check_words(talk, scores->interest_words);
	check_words(talk, scores->csat_words);
	check_words(talk, scores->emotion_words);
	for (size_t i = 0; i < scores->nemotions; i++)
		check_words(talk, scores->emotions[i].words);
	for (size_t i = 0; i < scores->nobjections; i++)
		check_words(talk, scores->objections[i].words);
	for (size_t i = 0; i < scores->nnext_steps; i++)
		check_words(talk, scores->next_steps[i].words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const languages[] = { "en", "es", "fr", "de" };
	VaTalkTurn turns[TURNS_MAX];
	VaArena arena = { 0 };
	VaTalk talk;
	VaTalkOutcome outcome;
	VaTalkScores scores;
	VaBuffer buffer = { 0 };
	VaScoresShown shown = { .emotions = true };
	size_t count;

	if (size < 2)
		return 0;
	count = cut_turns((const char *) data + 2, size - 2, turns);
	check(va_talk_read(&arena, turns, count, languages[data[0] % 4], NULL, &talk));
	va_read_outcome(&talk, &outcome);
	/* Other outcomes than that of the words, on any turn. */
	if (data[1] % 16 < VA_OUTCOMES && count > 0)
	{
		size_t turn = data[1] / 16 % count;

		outcome.outcome = (VaOutcome) (data[1] % 16);
		outcome.words = (VaWords){ .turn = turn, .len = turns[turn].len };
	}
	check(va_read_scores(&talk, &outcome, &scores));
	check_scores(&talk, &scores);
	va_scores_json(&buffer, &talk, &scores, &shown);
	check(va_buffer_finish(&buffer, &arena) != NULL);
	va_arena_free(&arena);
	return 0;
}
