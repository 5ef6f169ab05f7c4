/*
 * fuzz_doubt.c
 *		Any bytes as turns: a finite score, a turn that is one of them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pure/doubt/doubt.h"

#define TURNS_MAX 16

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaDoubtTurn turns[TURNS_MAX];
	size_t count = 0;
	const char *text = (const char *) data;
	VaDoubt doubt;

	while (count < TURNS_MAX && size > 0)
	{
		const char *end = memchr(text, '\n', size);
		size_t len = end == NULL ? size : (size_t) (end - text);

		turns[count] = (VaDoubtTurn){ text, len, count % 2 == 0 };
		count++;
		len += end != NULL;
		text += len;
		size -= len;
	}
	if (va_doubt(turns, count, &va_doubt_weights, false, &doubt) && (!isfinite(doubt.score) || doubt.turn >= count))
		abort();
	return 0;
}
