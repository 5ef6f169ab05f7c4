/*-------------------------------------------------------------------------
 * doubt.c
 *		The score of a talk: its windows, each feature's weight, a sum.
 */
#include "pure/doubt/doubt.h"

#include <math.h>
#include <string.h>

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

/* Turns are read once, however many windows have them; those before the window are forgotten in time. */
#define SAID_MAX (1 << 16)

typedef struct Turns
{
	const VaDoubtTurn *turns;
	VaDoubtFeatures features;
	size_t begins[VA_DOUBT_TURNS_MAX + 1]; /* in what is said */
	size_t read;
} Turns;

/* The words of turns up to one. */
static bool
read_up_to(Turns *turns, size_t begin, size_t end)
{
	VaDoubtFeatures *features = &turns->features;
	size_t old = begin < turns->read ? turns->begins[begin] : features->said_count;

	if (old > SAID_MAX)
	{
		memmove(features->said, features->said + old, (features->said_count - old) * sizeof(uint32_t));
		features->said_count -= old;
		for (size_t i = begin; i < turns->read; i++)
			turns->begins[i] -= old;
	}
	for (; turns->read < end; turns->read++)
	{
		turns->begins[turns->read] = features->said_count;
		if (!va_doubt_turn(features, &turns->turns[turns->read]))
			return false;
	}
	turns->begins[turns->read] = features->said_count;
	return true;
}

static double
score(const VaDoubtFeatures *features, const VaDoubtWeights *weights)
{
	int64_t sum = 0;

	for (size_t i = 0; i < features->count; i++)
		sum += weights->weights[features->items[i]];
	return weights->bias + (features->count == 0 ? 0 : (double) sum * weights->scale / sqrt((double) features->count));
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

/* The turn of the person whose window of so many turns scores most; SIZE_MAX: no memory, or none has so many. */
static size_t
best_of(Turns *turns, size_t count, size_t persons, const VaDoubtWeights *weights, double *most)
{
	size_t best = SIZE_MAX;

	turns->read = turns->features.said_count = 0;
	for (size_t i = 0; i < count; i++)
	{
		size_t begin;
		size_t end = turns->turns[i].person ? va_doubt_window(turns->turns, count, i, persons, &begin) : 0;
		double value;

		if (end == 0)
			continue;
		if (!read_up_to(turns, begin, end))
			return SIZE_MAX;
		va_doubt_gather(&turns->features, turns->begins[begin], turns->begins[end - 1], turns->begins[end]);
		value = score(&turns->features, weights);
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
	size_t from = count > VA_DOUBT_TURNS_MAX ? count - VA_DOUBT_TURNS_MAX : 0;
	Turns all = { .turns = from == 0 ? turns : turns + from };
	size_t persons = 0;
	size_t words = 0;
	size_t best = SIZE_MAX;

	count -= from;
	for (size_t i = 0; i < count && persons < VA_DOUBT_WINDOW; i++)
		persons += all.turns[i].person;
	for (size_t i = 0; i < count && words < VA_DOUBT_WORDS_MIN; i++)
		words += all.turns[i].person ? count_words(&all.turns[i]) : 0;
	if (persons > 0)
		best = best_of(&all, count, persons, weights, &doubt->score);
	if (words < VA_DOUBT_WORDS_MIN)
		doubt->score = VA_DOUBT_NONE;
	doubt->alone = VA_DOUBT_NONE;
	if (best != SIZE_MAX && words >= VA_DOUBT_WORDS_MIN &&
		!(only_doubtful && va_doubt_share(weights, doubt->score) == 0))
		best = best_of(&all, count, 1, weights, &doubt->alone);
	doubt->turn = from + best;
	va_doubt_free(&all.features);
	return best != SIZE_MAX;
}

bool
va_doubt_text(const char *text, size_t len, const VaDoubtWeights *weights, double *result)
{
	VaDoubtFeatures features = { 0 };
	VaDoubtTurn turn = { text, len, true };
	bool scored = va_doubt_features(&features, &turn, 1);

	*result = scored ? score(&features, weights) : 0;
	va_doubt_free(&features);
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
