/*-------------------------------------------------------------------------
 * phone.h
 *		Telephone numbers for backend code: pure/phone/phone.h with errors and datums.
 *
 * Include as "phone.h" after "postgres.h"; the pure interface comes with it.
 */
#ifndef VOICEAGENT_BACKEND_PHONE_H
#define VOICEAGENT_BACKEND_PHONE_H

#include "pure/phone/phone.h"

/*
 * A default country from outside, as C text in the current memory context and in upper case;
 * NULL stays NULL, and VA_PHONE_CODES_ONLY itself.  Raises PT422 if no country has these two letters.
 */
extern const char *va_phone_default_country(const char *country);

/* A set of zones (va_phone_zone_set) as text[] in the current memory context; the empty set is {}. */
extern Datum va_zone_set_array(int set);

#endif /* VOICEAGENT_BACKEND_PHONE_H */
