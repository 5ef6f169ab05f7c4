/*
 * fuzz_dnc_list.c
 *		Any bytes as a do-not-call list: the same lines whether the file comes in
 *		one piece or is cut where its first byte says; and any bytes as a block.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pure/phone/dnc_list.h"
#include "pure/phone/dnc_list_file.h"
#include "../unit/block_count.h"

static uint64_t
digest(const char *file, size_t size, size_t cut, const char *country)
{
	VaDncListState state;
	uint64_t	sum = 14695981039346656037u;

	memset(&state, 0, sizeof(state));
	for (int piece = 0; piece < 3; piece++)
	{
		const char *data = piece == 1 ? file + cut : file;
		const char *end = piece == 0 ? file + cut : file + size;

		for (;;)
		{
			int64_t		numbers[2] = {0};
			const char *reason = NULL;
			VaDncListVerdict verdict = piece < 2 ? va_dnc_list_next(&state, &data, end, country, numbers, &reason)
				: va_dnc_list_end(&state, country, numbers, &reason);

			if (verdict == VA_DNC_LIST_MORE)
				break;
			if ((verdict == VA_DNC_LIST_NUMBER) != (numbers[0] > 0) || (verdict == VA_DNC_LIST_REJECTED && reason == NULL) || numbers[1] < 0)
				abort();
			sum = (sum ^ (uint64_t) verdict ^ (uint64_t) numbers[0] ^ (uint64_t) numbers[1] << 8 ^ (uint64_t) state.line_number << 40) * 1099511628211u;
			if (piece == 2)
				break;
		}
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *country;
	size_t		cut;

	if (size < 2)
		return 0;
	country = bytes[1] % 3 == 0 ? "GB" : bytes[1] % 3 == 1 ? "US" : "DE";
	cut = bytes[0] % (size - 1);
	(void) va_dnc_list_is_utf16((const char *) bytes + 2, size - 2);
	if (cut <= size - 2 &&
		digest((const char *) bytes + 2, size - 2, cut, country) != digest((const char *) bytes + 2, size - 2, 0, country))
		abort();
	if (size <= VA_BLOCK_BITMAP)
	{
		int			count = block_count(bytes, size);
		int			found = 0;

		(void) va_block_has(bytes, size, bytes[0] << 8 | bytes[1]);
		for (int i = 0; i < VA_BLOCK_NUMBERS && count >= 0; i++)
			found += va_block_has(bytes, size, i);
		if (count >= 0 && found != count)
			abort();
	}
	return 0;
}
