/*
 * test_voice_network.c
 *		The network of neurons, with weights made up here: against a slow, obviously right one, which reads the same file's numbers; and
 *		files that are none.  regress/contracts has the real weights, and another's program.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pure/audio/onnx.h"
#include "pure/audio/voice.h"
#include "tap.h"

#define LAYERS 15

/* What Silero's file has, in its order; the numbers of a layer are at its offset. */
static struct
{
	const char *name;
	int dims[3];
	double scale;
	int offset;
	int count;
} layers[LAYERS] = {
	{ "stft.forward_basis_buffer", { 130, 1, 128 }, 0.3, 0, 0 },
	{ "encoder.0.reparam_conv.weight", { 128, 65, 3 }, 0.12, 0, 0 },
	{ "encoder.0.reparam_conv.bias", { 128 }, 0.2, 0, 0 },
	{ "encoder.1.reparam_conv.weight", { 64, 128, 3 }, 0.1, 0, 0 },
	{ "encoder.1.reparam_conv.bias", { 64 }, 0.2, 0, 0 },
	{ "encoder.2.reparam_conv.weight", { 64, 64, 3 }, 0.15, 0, 0 },
	{ "encoder.2.reparam_conv.bias", { 64 }, 0.2, 0, 0 },
	{ "encoder.3.reparam_conv.weight", { 128, 64, 3 }, 0.2, 0, 0 },
	{ "encoder.3.reparam_conv.bias", { 128 }, 0.2, 0, 0 },
	{ "decoder.rnn.weight_ih", { 512, 128 }, 0.2, 0, 0 },
	{ "decoder.rnn.weight_hh", { 512, 128 }, 0.2, 0, 0 },
	{ "decoder.rnn.bias_ih", { 512 }, 0.5, 0, 0 },
	{ "decoder.rnn.bias_hh", { 512 }, 0.5, 0, 0 },
	{ "decoder.decoder.2.weight", { 1, 128, 1 }, 0.5, 0, 0 },
	{ "decoder.decoder.2.bias", { 1 }, 0.5, 0, 0 },
};
static float *numbers;

static double
any(void)
{
	return 2.0 * rand() / RAND_MAX - 1;
}

static void
make_numbers(void)
{
	int total = 0;

	for (int i = 0; i < LAYERS; i++)
	{
		layers[i].offset = total;
		layers[i].count = layers[i].dims[0] * (layers[i].dims[1] ? layers[i].dims[1] : 1) * (layers[i].dims[2] ? layers[i].dims[2] : 1);
		total += layers[i].count;
	}
	numbers = malloc((size_t) total * sizeof(float));
	for (int i = 0; i < LAYERS; i++)
		for (int k = 0; k < layers[i].count; k++)
			numbers[layers[i].offset + k] = (float) (layers[i].scale * any());
}

/* ---- the file ---- */

typedef struct Bytes
{
	uint8_t *at;
	size_t len;
} Bytes;

static void
put(Bytes *to, const void *bytes, size_t len)
{
	to->at = realloc(to->at, to->len + len);
	memcpy(to->at + to->len, bytes, len);
	to->len += len;
}

static void
put_number(Bytes *to, uint64_t value)
{
	do
	{
		uint8_t byte = (uint8_t) ((value & 0x7f) | (value > 0x7f ? 0x80 : 0));

		put(to, &byte, 1);
		value >>= 7;
	} while (value > 0);
}

static void
put_field(Bytes *to, int number, Bytes field)
{
	put_number(to, (uint64_t) number << 3 | 2);
	put_number(to, field.len);
	put(to, field.at, field.len);
	free(field.at);
}

static Bytes
wrapped(int number, Bytes field)
{
	Bytes to = { 0 };

	put_field(&to, number, field);
	return to;
}

static Bytes
tensor_of(int i)
{
	Bytes to = { 0 };
	Bytes name = { 0 };
	Bytes data = { 0 };

	for (int d = 0; d < 3 && layers[i].dims[d] > 0; d++)
	{
		put_number(&to, 1 << 3);
		put_number(&to, (uint64_t) layers[i].dims[d]);
	}
	put_number(&to, 2 << 3);
	put_number(&to, 1);
	put(&name, layers[i].name, strlen(layers[i].name));
	put_field(&to, 8, name);
	put(&data, numbers + layers[i].offset, (size_t) layers[i].count * sizeof(float));
	put_field(&to, 9, data);
	return to;
}

/* A graph in an attribute of the whole's node, as the branch of a rate is; without: a layer that is left out, or -1. */
static Bytes
file_without(int without)
{
	Bytes graph = { 0 };

	for (int i = 0; i < LAYERS; i++)
		if (i != without)
			put_field(&graph, 1, wrapped(5, wrapped(5, tensor_of(i))));
	return wrapped(7, wrapped(1, wrapped(5, wrapped(6, graph))));
}

/* ---- the slow one ---- */

static double
weight(int layer, int out, int in, int step)
{
	int *d = layers[layer].dims;

	return numbers[layers[layer].offset + (out * (d[1] ? d[1] : 1) + in) * (d[2] ? d[2] : 1) + step];
}

/* Kernel 3, a step of nothing before and after; in[channel][time]. */
static void
convolve(int layer, double in[128][4], int times, int stride, double out[128][4])
{
	for (int o = 0; o < layers[layer].dims[0]; o++)
		for (int t = 0; t * stride < times; t++)
		{
			double sum = weight(layer + 1, o, 0, 0);

			for (int c = 0; c < layers[layer].dims[1]; c++)
				for (int k = 0; k < 3; k++)
				{
					int from = t * stride + k - 1;

					if (from >= 0 && from < times)
						sum += weight(layer, o, c, k) * in[c][from];
				}
			out[o][t] = sum > 0 ? sum : 0;
		}
}

static double
sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static double
slow_window(double *context, double *hidden, double *cells, const int16_t *samples)
{
	double input[320], a[128][4] = { 0 }, b[128][4] = { 0 }, gates[512], sum = weight(14, 0, 0, 0);

	for (int i = 0; i < 288; i++)
		input[i] = i < 32 ? context[i] : samples[i - 32] / 32768.0;
	for (int i = 0; i < 32; i++)
		input[288 + i] = input[286 - i];
	memcpy(context, input + 256, 32 * sizeof(double));
	for (int bin = 0; bin < 65; bin++)
		for (int t = 0; t < 4; t++)
		{
			double real = 0, imaginary = 0;

			for (int i = 0; i < 128; i++)
			{
				real += weight(0, bin, 0, i) * input[t * 64 + i];
				imaginary += weight(0, bin + 65, 0, i) * input[t * 64 + i];
			}
			a[bin][t] = sqrt(real * real + imaginary * imaginary);
		}
	convolve(1, a, 4, 1, b);
	convolve(3, b, 4, 2, a);
	convolve(5, a, 2, 2, b);
	convolve(7, b, 1, 1, a);
	for (int g = 0; g < 512; g++)
	{
		gates[g] = weight(11, g, 0, 0) + weight(12, g, 0, 0);
		for (int i = 0; i < 128; i++)
			gates[g] += weight(9, g, i, 0) * a[i][0] + weight(10, g, i, 0) * hidden[i];
	}
	for (int i = 0; i < 128; i++)
	{
		cells[i] = sigmoid(gates[128 + i]) * cells[i] + sigmoid(gates[i]) * tanh(gates[256 + i]);
		hidden[i] = sigmoid(gates[384 + i]) * tanh(cells[i]);
		sum += weight(13, 0, i, 0) * (hidden[i] > 0 ? hidden[i] : 0);
	}
	return sigmoid(sum);
}

static void
test_equal(VaVoiceNetwork *network, const char *how)
{
	VaNetworkState state = { 0 };
	double context[32] = { 0 }, hidden[128] = { 0 }, cells[128] = { 0 }, worst = 0, least = 1, most = 0;

	for (int n = 0; n < 100; n++)
	{
		int16_t samples[VA_WINDOW_SAMPLES];
		double right, loud = 32000 * fabs(any());

		for (int i = 0; i < VA_WINDOW_SAMPLES; i++)
			samples[i] = (int16_t) (loud * any());
		right = slow_window(context, hidden, cells, samples);
		worst = fmax(worst, fabs(right - (double) va_voice_network_window(network, &state, samples)));
		least = fmin(least, right);
		most = fmax(most, right);
	}
	ok(worst < 1e-5, "100 windows are as the slow network has them, %s: %g", how, worst);
	ok(most - least > 0.05, "... and they are not all the same: %g to %g", least, most);
}

/* A frame of 20 ms is no window of 32 ms: nothing is lost or heard twice. */
static void
test_frames(const VaVoiceNetwork *network)
{
	VaVoice voice = { .network = network };
	VaNetworkState state = { 0 };
	int16_t samples[VA_WINDOW_SAMPLES * 10];
	float last = 0;

	for (int i = 0; i < VA_WINDOW_SAMPLES * 10; i++)
		samples[i] = (int16_t) (9000 * any());
	for (int i = 0; i < 16; i++)
		va_voice_frame(&voice, samples + i * VA_FRAME_SAMPLES);
	for (int i = 0; i < 10; i++)
		last = va_voice_network_window(network, &state, samples + i * VA_WINDOW_SAMPLES);
	ok(voice.nwindow == 0 && voice.likely == last, "16 frames are 10 windows");
}

static void
test_refused(Bytes file)
{
	Bytes lame = file_without(10);
	bool refused = true;

	ok(va_voice_network_new(lame.at, lame.len) == NULL, "without a layer it is no network");
	free(lame.at);
	for (size_t len = 0; len < file.len; len += 1 + file.len / 97)
	{
		uint8_t *part = malloc(len + 1);

		memcpy(part, file.at, len);
		refused = refused && va_voice_network_new(part, len) == NULL;
		free(part);
	}
	ok(refused, "... nor is a file that was cut");
	layers[9].dims[0] = 511;
	layers[9].count = 511 * 128;
	lame = file_without(-1);
	ok(va_voice_network_new(lame.at, lame.len) == NULL, "... nor one with a layer of another shape");
	free(lame.at);
}

int
main(void)
{
	VaVoiceNetwork *network;
	Bytes file;

	srand(39);
	make_numbers();
	file = file_without(-1);
	network = va_voice_network_new(file.at, file.len);
	ok(network != NULL, "a file of ONNX is read");
	if (network != NULL)
	{
		test_equal(network, "as this processor can");
		test_frames(network);
		va_voice_network_without_avx2(network);
		test_equal(network, "as any can");
	}
	va_voice_network_free(network);
	test_refused(file);
	free(file.at);
	free(numbers);
	return done_testing();
}
