/*-------------------------------------------------------------------------
 * voice_network.c
 *		Silero's network, computed.
 *
 * Each layer is a product of a matrix and of vectors: where samples or steps
 * of time lie one after the other, so do the inputs of a convolution.  The
 * matrices are laid out in blocks of outputs, whose sums stay in registers.
 */
#include "voice_network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "onnx.h"

#define CONTEXT VA_WINDOW_CONTEXT
#define INPUT (CONTEXT + VA_WINDOW_SAMPLES)
/* The end is mirrored, so that there are four spectra. */
#define MIRRORED 32
#define SPECTRUM 128
#define SPECTRUM_STEP 64
#define BINS (SPECTRUM / 2 + 1)
#define TIMES 4
#define CELLS VA_NETWORK_CELLS

/* Numbers in a register: what every processor has, and what better ones have.  They lie anywhere in memory. */
typedef float Four __attribute__((vector_size(16), aligned(4)));
typedef float Eight __attribute__((vector_size(32), aligned(4)));

typedef enum LayerName
{
	SPECTRA,
	CONVOLUTION_0,
	CONVOLUTION_1,
	CONVOLUTION_2,
	CONVOLUTION_3,
	RECURRENT,
	OUTPUT,
	LAYERS
} LayerName;

typedef struct Layer
{
	float *weights; /* [outputs / block][inputs][block] */
	float *bias;	/* [outputs, rounded up to a block] */
} Layer;

struct VaVoiceNetwork
{
	Layer layers[LAYERS];
	void (*window)(const VaVoiceNetwork *network, VaNetworkState *state, float *input, float *out);
};

/* The layers: a kernel of several steps has the channels of each step side by side. */
static const struct
{
	int outputs;
	int channels;
	int kernel;
	int block;
} shapes[LAYERS] = {
	[SPECTRA] = { 2 * BINS, SPECTRUM, 1, 16 },
	[CONVOLUTION_0] = { 128, BINS, 3, 16 },
	[CONVOLUTION_1] = { 64, 128, 3, 32 },
	[CONVOLUTION_2] = { 64, 64, 3, 64 },
	[CONVOLUTION_3] = { 128, 64, 3, 64 },
	[RECURRENT] = { 4 * CELLS, 2 * CELLS, 1, 64 },
	[OUTPUT] = { 1, CELLS, 1, 64 },
};

static int
rounded(LayerName name)
{
	return (shapes[name].outputs + shapes[name].block - 1) / shapes[name].block * shapes[name].block;
}

/* ---- computing; all of it is compiled twice ---- */

#define COMPILED_TWICE static inline __attribute__((always_inline))
#define SUMS 8
#define UNROLLED _Pragma("GCC unroll 8")

/* out[t] = bias + weights * in[t * step] for so many times, as many outputs at once as SUMS registers have sums of. */
#define MULTIPLY(multiply, Numbers)                                                                 \
	COMPILED_TWICE void multiply(                                                                   \
		const Layer *layer, LayerName name, const float *in, int step, const int times, float *out) \
	{                                                                                               \
		const int lanes = (int) (sizeof(Numbers) / sizeof(float));                                  \
		const int width = SUMS / times;                                                             \
		const int block = shapes[name].block;                                                       \
		const int inputs = shapes[name].channels * shapes[name].kernel;                             \
		const int outputs = rounded(name);                                                          \
                                                                                                    \
		for (int at = 0; at < outputs; at += width * lanes)                                         \
		{                                                                                           \
			const float *weights = layer->weights + at / block * block * inputs + at % block;       \
			float *to = out + at;                                                                   \
			Numbers sums[SUMS];                                                                     \
                                                                                                    \
			UNROLLED for (int s = 0; s < SUMS; s++)                                                 \
				sums[s] = *(const Numbers *) (layer->bias + at + s % width * lanes);                \
			for (int i = 0; i < inputs; i++)                                                        \
				UNROLLED for (int s = 0; s < SUMS; s++)                                             \
					sums[s] += in[s / width * step + i] *                                           \
							   *(const Numbers *) (weights + i * block + s % width * lanes);        \
			UNROLLED for (int s = 0; s < SUMS; s++)                                                 \
			{                                                                                       \
				Numbers *there = (Numbers *) (to + s / width * outputs + s % width * lanes);        \
                                                                                                    \
				*there = sums[s];                                                                   \
			}                                                                                       \
		}                                                                                           \
	}

MULTIPLY(multiply_fours, Four)
MULTIPLY(multiply_eights, Eight)

COMPILED_TWICE void
multiply(const bool eights, const VaVoiceNetwork *network, const LayerName name, const float *in, int step,
	const int times, float *out)
{
	if (eights)
		multiply_eights(&network->layers[name], name, in, step, times, out);
	else
		multiply_fours(&network->layers[name], name, in, step, times, out);
}

COMPILED_TWICE void
rectify(float *values, int n)
{
	for (int i = 0; i < n; i++)
		values[i] = values[i] > 0 ? values[i] : 0;
}

static float
sigmoid(float x)
{
	return 1 / (1 + expf(-x));
}

/* The gates come in the file's order: in, forget, cell, out. */
static void
remember(const float *gates, VaNetworkState *state)
{
	for (int i = 0; i < CELLS; i++)
	{
		state->cells[i] = sigmoid(gates[CELLS + i]) * state->cells[i] + sigmoid(gates[i]) * tanhf(gates[2 * CELLS + i]);
		state->hidden[i] = sigmoid(gates[3 * CELLS + i]) * tanhf(state->cells[i]);
	}
}

/* A step of silence stands before and after what a convolution of three steps reads. */
COMPILED_TWICE void
compute(const bool eights, const VaVoiceNetwork *network, VaNetworkState *state, float *input, float *out)
{
	float spectra[TIMES * 144];
	float magnitudes[(TIMES + 2) * BINS] = { 0 };
	float first[(TIMES + 2) * 128] = { 0 };
	float second[(2 + 2) * 64] = { 0 };
	float third[(1 + 2) * 64] = { 0 };
	float both[2 * CELLS];
	float gates[4 * CELLS];

	multiply(eights, network, SPECTRA, input, SPECTRUM_STEP, 4, spectra);
	for (int t = 0; t < TIMES; t++)
		for (int i = 0; i < BINS; i++)
		{
			float real = spectra[t * 144 + i];
			float imaginary = spectra[t * 144 + BINS + i];

			magnitudes[(t + 1) * BINS + i] = sqrtf(real * real + imaginary * imaginary);
		}
	multiply(eights, network, CONVOLUTION_0, magnitudes, BINS, 4, first + 128);
	rectify(first + 128, TIMES * 128);
	multiply(eights, network, CONVOLUTION_1, first, 2 * 128, 2, second + 64);
	rectify(second + 64, 2 * 64);
	multiply(eights, network, CONVOLUTION_2, second, 0, 1, third + 64);
	rectify(third + 64, 64);
	multiply(eights, network, CONVOLUTION_3, third, 0, 1, both);
	rectify(both, CELLS);
	memcpy(both + CELLS, state->hidden, sizeof(state->hidden));
	multiply(eights, network, RECURRENT, both, 0, 1, gates);
	remember(gates, state);
	memcpy(both, state->hidden, sizeof(state->hidden));
	rectify(both, CELLS);
	multiply(eights, network, OUTPUT, both, 0, 1, out);
}

static void
compute_anywhere(const VaVoiceNetwork *network, VaNetworkState *state, float *input, float *out)
{
	compute(false, network, state, input, out);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void
compute_avx2(const VaVoiceNetwork *network, VaNetworkState *state, float *input, float *out)
{
	compute(true, network, state, input, out);
}
#endif

void
va_voice_network_without_avx2(VaVoiceNetwork *network)
{
	network->window = compute_anywhere;
}

float
va_voice_network_window(const VaVoiceNetwork *network, VaNetworkState *state, const int16_t *samples)
{
	float input[INPUT + MIRRORED];
	float out[64];

	memcpy(input, state->context, sizeof(state->context));
	for (int i = 0; i < VA_WINDOW_SAMPLES; i++)
		input[CONTEXT + i] = (float) samples[i] / 32768;
	for (int i = 0; i < MIRRORED; i++)
		input[INPUT + i] = input[INPUT - 2 - i];
	memcpy(state->context, input + INPUT - CONTEXT, sizeof(state->context));
	network->window(network, state, input, out);
	return sigmoid(out[0]);
}

/* ---- reading ---- */

/* Which part of a layer a tensor is: weights of the channels from this one on, or something to add. */
static const struct
{
	const char *name;
	LayerName layer;
	int from; /* -1: added */
	uint64_t dims[VA_TENSOR_DIMS];
} parts[] = {
	{ "stft.forward_basis_buffer", SPECTRA, 0, { 2 * BINS, 1, SPECTRUM } },
	{ "encoder.0.reparam_conv.weight", CONVOLUTION_0, 0, { 128, BINS, 3 } },
	{ "encoder.0.reparam_conv.bias", CONVOLUTION_0, -1, { 128 } },
	{ "encoder.1.reparam_conv.weight", CONVOLUTION_1, 0, { 64, 128, 3 } },
	{ "encoder.1.reparam_conv.bias", CONVOLUTION_1, -1, { 64 } },
	{ "encoder.2.reparam_conv.weight", CONVOLUTION_2, 0, { 64, 64, 3 } },
	{ "encoder.2.reparam_conv.bias", CONVOLUTION_2, -1, { 64 } },
	{ "encoder.3.reparam_conv.weight", CONVOLUTION_3, 0, { 128, 64, 3 } },
	{ "encoder.3.reparam_conv.bias", CONVOLUTION_3, -1, { 128 } },
	{ "decoder.rnn.weight_ih", RECURRENT, 0, { 4 * CELLS, CELLS } },
	{ "decoder.rnn.weight_hh", RECURRENT, CELLS, { 4 * CELLS, CELLS } },
	{ "decoder.rnn.bias_ih", RECURRENT, -1, { 4 * CELLS } },
	{ "decoder.rnn.bias_hh", RECURRENT, -1, { 4 * CELLS } },
	{ "decoder.decoder.2.weight", OUTPUT, 0, { 1, CELLS, 1 } },
	{ "decoder.decoder.2.bias", OUTPUT, -1, { 1 } },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

typedef struct Reading
{
	VaVoiceNetwork *network;
	int graph; /* that has the spectra of our rate; -1: none */
	unsigned seen;
} Reading;

static void
lay_out(VaVoiceNetwork *network, size_t part, const VaTensor *tensor)
{
	LayerName name = parts[part].layer;
	Layer *layer = &network->layers[name];
	int block = shapes[name].block;
	int kernel = shapes[name].kernel;
	int inputs = shapes[name].channels * kernel;
	int row = (int) (tensor->count / (size_t) shapes[name].outputs);

	for (int out = 0; out < shapes[name].outputs; out++)
		for (int i = 0; i < row; i++)
		{
			float value = va_tensor_value(tensor, (size_t) out * (size_t) row + (size_t) i);
			int input = parts[part].from + i % kernel * shapes[name].channels + i / kernel;

			if (parts[part].from < 0)
				layer->bias[out] += value;
			else
				layer->weights[((size_t) (out / block) * (size_t) inputs + (size_t) input) * (size_t) block +
							   (size_t) (out % block)] = value;
		}
}

static bool
is_part(const VaTensor *tensor, size_t part)
{
	return tensor->name_len == strlen(parts[part].name) &&
		   memcmp(tensor->name, parts[part].name, tensor->name_len) == 0 &&
		   memcmp(tensor->dims, parts[part].dims, sizeof(tensor->dims)) == 0;
}

static void
find_graph(const VaTensor *tensor, void *arg)
{
	Reading *reading = arg;

	if (is_part(tensor, 0))
		reading->graph = tensor->graph;
}

static void
take_part(const VaTensor *tensor, void *arg)
{
	Reading *reading = arg;

	for (size_t i = 0; i < PARTS && tensor->graph == reading->graph; i++)
		if (is_part(tensor, i) && (reading->seen & 1U << i) == 0)
		{
			reading->seen |= 1U << i;
			lay_out(reading->network, i, tensor);
		}
}

VaVoiceNetwork *
va_voice_network_new(const uint8_t *bytes, size_t len)
{
	Reading reading = { .network = calloc(1, sizeof(VaVoiceNetwork)), .graph = -1 };
	VaVoiceNetwork *network = reading.network;
	bool room = network != NULL;

	for (LayerName name = 0; name < LAYERS && room; name++)
	{
		size_t outputs = (size_t) rounded(name);
		size_t inputs = (size_t) (shapes[name].channels * shapes[name].kernel);

		network->layers[name].weights = calloc(outputs * inputs, sizeof(float));
		network->layers[name].bias = calloc(outputs, sizeof(float));
		room = network->layers[name].weights != NULL && network->layers[name].bias != NULL;
	}
	if (!room || !va_onnx_read(bytes, len, find_graph, &reading) || !va_onnx_read(bytes, len, take_part, &reading) ||
		reading.seen != (1U << PARTS) - 1)
	{
		va_voice_network_free(network);
		return NULL;
	}
	network->window = compute_anywhere;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		network->window = compute_avx2;
#endif
	return network;
}

void
va_voice_network_free(VaVoiceNetwork *network)
{
	if (network == NULL)
		return;
	for (LayerName name = 0; name < LAYERS; name++)
	{
		free(network->layers[name].weights);
		free(network->layers[name].bias);
	}
	free(network);
}
