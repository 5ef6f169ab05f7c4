/*-------------------------------------------------------------------------
 * phone_plan.h
 *		The part of phone numbers that deals in ASCII digits and number plans.
 *		Private to phone*.c.
 *-------------------------------------------------------------------------
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

#endif /* VOICEAGENT_PHONE_PLAN_H */
