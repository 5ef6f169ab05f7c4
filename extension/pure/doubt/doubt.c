/*-------------------------------------------------------------------------
 * doubt.c
 *		The score of a talk: its windows, each feature's weight, a sum.
 *-------------------------------------------------------------------------
 */
#include "pure/doubt/doubt.h"

#include <math.h>
#include <stdlib.h>

/* The files of `make train`, as they are: floats and bytes in this machine's order, which is that of all that we build for. */
#define BUILT_IN(name)                                             \
	__asm__(".section .rodata\n"                                   \
			".balign 16\n"                                         \
			".global va_" name "_weights\n"                        \
			".hidden va_" name "_weights\n"                        \
			".type va_" name "_weights, @object\n"                 \
			"va_" name "_weights:\n"                               \
			".incbin \"extension/pure/doubt/" name ".weights\"\n"  \
			".size va_" name "_weights, . - va_" name "_weights\n" \
			".previous\n")
BUILT_IN("doubt");
BUILT_IN("text");

static bool
score(VaDoubtFeatures *features, const VaDoubtTurn *turns, size_t count, const VaDoubtWeights *weights, double *result)
{
	int64_t sum = 0;

	if (!va_doubt_features(features, turns, count))
		return false;
	for (size_t i = 0; i < features->count; i++)
		sum += weights->weights[features->items[i]];
	*result = weights->bias +
			  (features->count == 0 ? 0 : (double) sum * weights->scale / sqrt((double) features->count));
	return true;
}

size_t
va_doubt_window(const VaDoubtTurn *turns, size_t count, size_t first, size_t persons, size_t *begin)
{
	size_t end = 0;

	*begin = first > 0 && !turns[first - 1].person ? first - 1 : first;
	for (size_t i = first; i < count && persons > 0; i++)
	{
		if (!turns[i].person)
			continue;
		persons--;
		end = i + 1;
	}
	return persons > 0 ? 0 : end;
}

/* The turn of the person, of some, whose window of so many turns scores most; SIZE_MAX: no memory, or none has so many. */
static size_t
best_of(VaDoubtFeatures *features, const VaDoubtTurn *turns, size_t from, size_t to, size_t persons,
	const VaDoubtWeights *weights, double *most)
{
	size_t best = SIZE_MAX;

	for (size_t i = from; i < to; i++)
	{
		size_t begin;
		size_t end = turns[i].person ? va_doubt_window(turns, to, i, persons, &begin) : 0;
		double value;

		if (end == 0)
			continue;
		if (!score(features, turns + begin, end - begin, weights, &value))
			return SIZE_MAX;
		if (best == SIZE_MAX || value > *most)
		{
			*most = value;
			best = i;
		}
	}
	return best;
}

static size_t
count_words(const VaDoubtTurn *turn)
{
	size_t words = 0;

	for (size_t i = 0; i < turn->len; i++)
		words += turn->text[i] != ' ' && (i == 0 || turn->text[i - 1] == ' ');
	return words;
}

bool
va_doubt(const VaDoubtTurn *turns, size_t count, const VaDoubtWeights *weights, bool only_doubtful, VaDoubt *doubt)
{
	VaDoubtFeatures *features = calloc(1, sizeof(VaDoubtFeatures));
	size_t from = count > VA_DOUBT_TURNS_MAX ? count - VA_DOUBT_TURNS_MAX : 0;
	size_t persons = 0;
	size_t words = 0;
	size_t best = SIZE_MAX;

	for (size_t i = from; i < count && persons < VA_DOUBT_WINDOW; i++)
		persons += turns[i].person;
	for (size_t i = from; i < count && words < VA_DOUBT_WORDS_MIN; i++)
		words += turns[i].person ? count_words(&turns[i]) : 0;
	if (features != NULL && persons > 0)
		best = doubt->turn = best_of(features, turns, from, count, persons, weights, &doubt->score);
	if (words < VA_DOUBT_WORDS_MIN)
		doubt->score = VA_DOUBT_NONE;
	doubt->alone = VA_DOUBT_NONE;
	if (best != SIZE_MAX && words >= VA_DOUBT_WORDS_MIN &&
		!(only_doubtful && va_doubt_share(weights, doubt->score) == 0))
		best = doubt->turn = best_of(features, turns, from, count, 1, weights, &doubt->alone);
	if (features != NULL)
		va_doubt_free(features);
	free(features);
	return best != SIZE_MAX;
}

bool
va_doubt_text(const char *text, size_t len, const VaDoubtWeights *weights, double *result)
{
	VaDoubtFeatures *features = calloc(1, sizeof(VaDoubtFeatures));
	VaDoubtTurn turn = { text, len, true };
	bool scored = features != NULL && score(features, &turn, 1, weights, result);

	if (features != NULL)
		va_doubt_free(features);
	free(features);
	return scored;
}

int
va_doubt_share(const VaDoubtWeights *weights, double score)
{
	for (int percent = 1; percent <= VA_DOUBT_THRESHOLDS; percent++)
	{
		if (score > weights->thresholds[percent - 1])
			return percent;
	}
	return 0;
}
