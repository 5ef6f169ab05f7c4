/*-------------------------------------------------------------------------
 * phone_words.h
 *		Why a telephone number was refused, in the words that the oracle and
 *		the unit test share.  C and C++; no state.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHONE_WORDS_H
#define VOICEAGENT_PHONE_WORDS_H

#include "pure/phone/phone.h"

/* NULL for a number that was read. */
static inline const char *
refusal_in_words(VaPhoneVerdict verdict)
{
	switch (verdict)
	{
		case VA_PHONE_OK:
			return NULL;
		case VA_PHONE_NO_COUNTRY:
		case VA_PHONE_UNKNOWN_COUNTRY:
			return "no country";
		case VA_PHONE_EMPTY:
		case VA_PHONE_NOT_A_NUMBER:
			return "not a number";
		case VA_PHONE_TOO_LONG:
			return "too long";
		case VA_PHONE_TOO_SHORT:
			return "too short";
		default:
			return "invalid";
	}
}

#endif
