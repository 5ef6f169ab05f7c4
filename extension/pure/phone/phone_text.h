/*-------------------------------------------------------------------------
 * phone_text.h
 *		The long way of reading a number's text.  Private to phone*.c.
 *
 * No memory, no state, no locks; UTF-8 in, ASCII digits out.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHONE_TEXT_H
#define VOICEAGENT_PHONE_TEXT_H

#include "phone.h"

typedef struct PhoneText
{
	char digits[VA_PHONE_TEXT_MAX + 1];
	int len;
	bool has_plus;
	char extension[24];
	/* Letters that are read as a keypad's: how many digits stand before the first (-1: there are none), what they are like. */
	int letters_at;
	bool small_letters;
	bool digits_behind;
} PhoneText;

/* False if the text is not a number at all; text is at most VA_PHONE_TEXT_MAX bytes. */
extern bool va_phone_read_text(const char *text, size_t len, PhoneText *out);

#endif /* VOICEAGENT_PHONE_TEXT_H */
