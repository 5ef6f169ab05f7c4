/*-------------------------------------------------------------------------
 * fuzz_http1.c
 *		libFuzzer: any bytes as a request, cut anywhere.
 *
 * The first byte says into which steps the rest is cut.  However it is cut,
 * the answer is the same; what is accepted lies inside the buffer.
 *-------------------------------------------------------------------------
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/net/http1.h"

#define REQUIRE(condition) \
	do \
	{ \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

#define MAX_HEAD 4096
#define MAX_BODY 4096

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A buffer of exactly the size that is promised, so that the sanitizer sees one byte too far. */
static VaHttp1State
read_in_steps(VaHttp1 *request, const uint8_t *data, size_t size, size_t step, char **buf)
{
	VaHttp1State state = VA_HTTP1_HEAD;

	*buf = malloc(1);
	va_http1_init(request, MAX_HEAD, MAX_BODY);
	for (size_t have = 0; have < size && (state == VA_HTTP1_HEAD || state == VA_HTTP1_BODY);)
	{
		size_t		n = size - have < step ? size - have : step;
		char	   *moved = malloc(have + n + 1);

		REQUIRE(moved != NULL);
		memcpy(moved, *buf, have);
		memcpy(moved + have, data + have, n);
		free(*buf);
		*buf = moved;
		have += n;
		state = va_http1_read(request, *buf, have);
	}
	return state;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static VaHttp1 whole;
	static VaHttp1 parts;
	char	   *whole_buf;
	char	   *parts_buf;
	size_t		step;
	VaHttp1State state;

	if (size < 1)
		return 0;
	step = (size_t) data[0] % 64 + 1;
	data++;
	size--;
	state = read_in_steps(&whole, data, size, size + 1, &whole_buf);
	REQUIRE(read_in_steps(&parts, data, size, step, &parts_buf) == state);
	if (state == VA_HTTP1_ERROR)
		REQUIRE(whole.status == parts.status && whole.status >= 400);
	if (state == VA_HTTP1_DONE)
	{
		REQUIRE(whole.consumed == parts.consumed && whole.consumed <= size);
		REQUIRE(whole.body_len == parts.body_len && whole.body_len <= MAX_BODY);
		REQUIRE(memcmp(whole.body, parts.body, whole.body_len) == 0);
		REQUIRE(strcmp(whole.path, parts.path) == 0 && whole.nheaders == parts.nheaders);
		for (int i = 0; i < whole.nheaders; i++)
			REQUIRE(strlen(whole.headers[i].name) > 0 && strpbrk(whole.headers[i].value, "\r\n") == NULL);
	}
	free(whole_buf);
	free(parts_buf);
	return 0;
}
