/*-------------------------------------------------------------------------
 * dnc_list.h
 *		National do-not-call lists: their files, and the blocks in which their
 *		numbers are kept.
 *
 * A number is its digits as an integer (calling code first).  Numbers that
 * share all but the last four digits are one block; the last four of those
 * that are listed are kept in the smaller of two forms, known by length: two
 * bytes each, big-endian and ascending (fewer than 625), or one bit for each
 * of 10,000 (VA_BLOCK_BITMAP bytes, least significant bit first).
 *
 * Nothing here allocates, locks or keeps state of its own.
 */
#ifndef VOICEAGENT_DNC_LIST_H
#define VOICEAGENT_DNC_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_BLOCK_NUMBERS 10000
#define VA_BLOCK_BITMAP (VA_BLOCK_NUMBERS / 8)

/* The digits of "+12025550143"; 0 unless it is + and 6 to 19 digits without a leading 0, and fits an int64. */
extern int64_t va_dnc_list_number(const char *e164, size_t len);

/* Is this one of the block's? */
extern bool va_block_has(const uint8_t *bits, size_t len, int last_four);

/* Packs count ascending, different values below VA_BLOCK_NUMBERS; gives the bytes used, at most VA_BLOCK_BITMAP. */
extern size_t va_block_pack(const uint16_t *last_four, int count, uint8_t bits[VA_BLOCK_BITMAP]);

#endif /* VOICEAGENT_DNC_LIST_H */
