/*
 * voice.c
 *		Silero's network as a filter: WEIGHTS [plain]; samples in (16 bits, the machine's order), how likely each window is speech out.
 */
#include <stdio.h>
#include <stdlib.h>

#include "pure/audio/voice_network.h"

#define WEIGHTS_MAX (16 * 1024 * 1024)

int
main(int argc, char **argv)
{
	uint8_t *bytes = malloc(WEIGHTS_MAX);
	FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
	VaVoiceNetwork *network = file == NULL ? NULL : va_voice_network_new(bytes, fread(bytes, 1, WEIGHTS_MAX, file));
	VaNetworkState state = { 0 };
	int16_t samples[VA_WINDOW_SAMPLES];

	if (network == NULL)
	{
		fprintf(stderr, "voice: no network in %s\n", argc > 1 ? argv[1] : "no file");
		return 1;
	}
	if (argc > 2)
		va_voice_network_without_avx2(network);
	while (fread(samples, sizeof(samples), 1, stdin) == 1)
		printf("%.9g\n", (double) va_voice_network_window(network, &state, samples));
	va_voice_network_free(network);
	fclose(file);
	free(bytes);
	return 0;
}
