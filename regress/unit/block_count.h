/* How many numbers a block of va_block_pack() has, counted by its bytes; -1 if no packing gives it. */
static int
block_count(const uint8_t *bits, size_t len)
{
	int			count = 0;

	if (len == VA_BLOCK_BITMAP)
	{
		for (size_t i = 0; i < len; i++)
			count += __builtin_popcount(bits[i]);
		return count * 2 < VA_BLOCK_BITMAP ? -1 : count;
	}
	if (len > VA_BLOCK_BITMAP || len % 2 != 0)
		return -1;
	for (int last = -1; count < (int) len / 2; count++)
	{
		int			value = bits[2 * count] << 8 | bits[2 * count + 1];

		if (value >= VA_BLOCK_NUMBERS || value <= last)
			return -1;
		last = value;
	}
	return count;
}
