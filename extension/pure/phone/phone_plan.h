/*-------------------------------------------------------------------------
 * phone_plan.h
 *		The part of phone numbers that deals in ASCII digits and number plans.
 *		Private to phone*.c.
 */
#ifndef VOICEAGENT_PHONE_PLAN_H
#define VOICEAGENT_PHONE_PLAN_H

#include "phone.h"

/* Place of a country in the plans, -1 if it has none. */
extern int va_plan_region(const char *iso2);

/*
 * Judge a number given as ASCII digits.  has_plus: a plus sign stood before
 * them.  region: the default country's place or -1.  Fills all but the extension.
 * Without a plus sign there may be two readings: see va_phone_parse().
 */
extern VaPhoneVerdict va_plan_judge(const char *digits, int len, bool has_plus, int region, VaPhone *out);

/* phone_form.c: the same, where a form that the country has given up is read as what it became. */
extern VaPhoneVerdict va_plan_judge_forms(const char *digits, int len, bool has_plus, int region, VaPhone *out);

/*
 * phone_text.c: the long way of reading a number's text.  Private to phone*.c.  No memory, no state, no locks; UTF-8
 * in, ASCII digits out.
 */
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

#endif /* VOICEAGENT_PHONE_PLAN_H */
