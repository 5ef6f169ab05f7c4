/*
 * fuzz_phrases_talk.c
 *		Any bytes as a talk, with turns of either side in any order: an outcome
 *		whose words lie within its turns, a time that can be written down, the
 *		same again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pure/phrases/verify/outcome.h"

#define TURNS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

/* Turns end at a line's end; one that begins with a small letter up to m is the assistant's. */
static size_t
cut_turns(const char *text, size_t size, VaTalkTurn *turns)
{
	size_t count = 0;

	while (size > 0 && count < TURNS_MAX)
	{
		const char *end = memchr(text, '\n', size);
		size_t len = end == NULL ? size : (size_t) (end - text);

		turns[count] = (VaTalkTurn){
			.text = text, .len = len, .person = !(len > 0 && text[0] >= 'a' && text[0] <= 'm')
		};
		count++;
		text += len + (end != NULL);
		size -= len + (end != NULL);
	}
	return count;
}

static void
check_words(const VaTalk *talk, const VaWords *words)
{
	check(words->len == 0 || words->turn < talk->count);
	check(words->len == 0 || words->offset + words->len <= talk->turns[words->turn].len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const languages[] = { "en", "es", "fr", "de" };
	VaTalkTurn turns[TURNS_MAX];
	VaTimeReference reference = { .day = 20000 + (size == 0 ? 0 : data[0]), .minutes = 620 };
	size_t count = size == 0 ? 0 : cut_turns((const char *) data + 1, size - 1, turns);
	VaTalkOutcome outcomes[2];

	for (int again = 0; again < 2; again++)
	{
		VaArena arena = { 0 };
		VaTalk talk;
		VaTalkOutcome *found = &outcomes[again];

		check(va_talk_read(&arena, turns, count, languages[size == 0 ? 0 : data[0] % 4],
			size > 0 && data[0] >= 128 ? NULL : &reference, &talk));
		va_read_outcome(&talk, found);
		check(found->outcome < VA_OUTCOMES && !(found->timed && !talk.referenced));
		check(!found->opt_out || found->opt_out_words.len > 0 || count > 0);
		check(found->opt_out == (found->outcome == VA_OUTCOME_DO_NOT_CALL));
		check_words(&talk, &found->words);
		check_words(&talk, &found->time_words);
		check_words(&talk, &found->opt_out_words);
		if (found->timed)
		{
			char text[VA_PHRASE_TIME_TEXT_MAX];

			va_phrase_time_text(&found->time, text);
			check(strlen(text) >= 3 && strlen(text) < VA_PHRASE_TIME_TEXT_MAX - 1);
			check(found->time.offset + found->time.len <= talk.turns[found->time_words.turn].len);
		}
		va_arena_free(&arena);
	}
	check(outcomes[0].outcome == outcomes[1].outcome && outcomes[0].certain == outcomes[1].certain);
	return 0;
}
