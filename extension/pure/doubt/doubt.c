/*-------------------------------------------------------------------------
 * doubt.c
 *		The score of a talk: its windows, each feature's weight, a sum.
 *-------------------------------------------------------------------------
 */
#include "pure/doubt/doubt.h"

#include <math.h>
#include <stdlib.h>

/* The file of `make train`, as it is: floats and bytes in this machine's order, which is that of all that we build for. */
__asm__(".section .rodata\n"
		".balign 16\n"
		".global va_doubt_weights\n"
		".hidden va_doubt_weights\n"
		".type va_doubt_weights, @object\n"
		"va_doubt_weights:\n"
		".incbin \"extension/pure/doubt/doubt.weights\"\n"
		".size va_doubt_weights, . - va_doubt_weights\n"
		".previous\n");

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

bool
va_doubt(const VaDoubtTurn *turns, size_t count, const VaDoubtWeights *weights, VaDoubt *doubt)
{
	VaDoubtFeatures *features = calloc(1, sizeof(VaDoubtFeatures));
	size_t from = count > VA_DOUBT_TURNS_MAX ? count - VA_DOUBT_TURNS_MAX : 0;
	size_t best = from;
	bool good = features != NULL && count > 0;

	doubt->score = -INFINITY;
	for (size_t i = from; good && i < count && (i == from || i + VA_DOUBT_WINDOW <= count); i++)
	{
		double value;

		good = score(features, turns + i, count - i < VA_DOUBT_WINDOW ? count - i : VA_DOUBT_WINDOW, weights, &value);
		if (good && value > doubt->score)
		{
			doubt->score = value;
			best = i;
		}
	}
	/* The turn of that window which shows it most. */
	doubt->turn = best;
	if (good && count - best > 1)
	{
		double most = -INFINITY;

		for (size_t i = best; good && i < count && i < best + VA_DOUBT_WINDOW; i++)
		{
			double value;

			good = score(features, turns + i, 1, weights, &value);
			if (good && value > most)
			{
				most = value;
				doubt->turn = i;
			}
		}
	}
	if (features != NULL)
		va_doubt_free(features);
	free(features);
	return good;
}

double
va_doubt_threshold(int percent)
{
	if (percent < 1)
		return INFINITY;
	return va_doubt_weights.thresholds[percent > VA_DOUBT_THRESHOLDS ? VA_DOUBT_THRESHOLDS - 1 : percent - 1];
}
