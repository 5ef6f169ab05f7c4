/*
 * fuzz_onnx.c
 *		Any bytes as a file of weights: tensors lie within them and are as long as they say, and none of them is a network by chance.
 */
#include <math.h>
#include <stdlib.h>

#include "pure/audio/onnx.h"
#include "pure/audio/voice_network.h"

typedef struct Seen
{
	const uint8_t *from;
	const uint8_t *to;
	double sum;
} Seen;

static void
look(const VaTensor *tensor, void *arg)
{
	Seen *seen = arg;
	size_t count = 1;

	for (int i = 0; i < VA_TENSOR_DIMS && (i == 0 || tensor->dims[i] > 0); i++)
		count *= (size_t) tensor->dims[i];
	if (tensor->data < seen->from || tensor->count > (size_t) (seen->to - tensor->data) / 4 ||
		(tensor->count > 0 && count != tensor->count))
		abort();
	for (size_t i = 0; i < tensor->name_len; i++)
		seen->sum += tensor->name[i];
	for (size_t i = 0; i < tensor->count; i++)
		seen->sum += (double) va_tensor_value(tensor, i);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Seen seen = { data, data + size, 0 };
	VaVoiceNetwork *network = NULL;

	(void) va_onnx_read(data, size, look, &seen);
	if (size % 64 == 0)
		network = va_voice_network_new(data, size);
	if (network != NULL)
		abort();
	return 0;
}
