/*-------------------------------------------------------------------------
 * dnc_list.c
 *		The blocks of national do-not-call lists.  See dnc_list.h.
 */
#include "dnc_list.h"

#include <string.h>

int64_t
va_dnc_list_number(const char *e164, size_t len)
{
	int64_t number = 0;

	/* 19 digits fit an int64 up to 9223372036854775807. */
	if (len < 7 || len > 20 || e164[0] != '+' || e164[1] == '0')
		return 0;
	for (size_t i = 1; i < len; i++)
	{
		int digit = e164[i] - '0';

		if (digit < 0 || digit > 9 || number > (INT64_MAX - digit) / 10)
			return 0;
		number = number * 10 + digit;
	}
	return number;
}

static int
value_at(const uint8_t *bits, size_t i)
{
	return bits[2 * i] << 8 | bits[2 * i + 1];
}

bool
va_block_has(const uint8_t *bits, size_t len, int last_four)
{
	size_t low = 0;
	size_t high = len / 2;

	if (last_four < 0 || last_four >= VA_BLOCK_NUMBERS)
		return false;
	if (len == VA_BLOCK_BITMAP)
		return (bits[last_four / 8] >> (last_four % 8) & 1) != 0;
	while (low < high)
	{
		size_t middle = (low + high) / 2;
		int value = value_at(bits, middle);

		if (value == last_four)
			return true;
		if (value < last_four)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

size_t
va_block_pack(const uint16_t *last_four, int count, uint8_t bits[VA_BLOCK_BITMAP])
{
	if (count * 2 < VA_BLOCK_BITMAP)
	{
		for (int i = 0; i < count; i++)
		{
			bits[2 * i] = last_four[i] >> 8;
			bits[2 * i + 1] = last_four[i] & 0xff;
		}
		return (size_t) count * 2;
	}
	memset(bits, 0, VA_BLOCK_BITMAP);
	for (int i = 0; i < count; i++)
		bits[last_four[i] / 8] |= 1 << (last_four[i] % 8);
	return VA_BLOCK_BITMAP;
}
