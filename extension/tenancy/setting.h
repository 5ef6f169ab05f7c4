/*-------------------------------------------------------------------------
 * setting.h
 *		Settings of the platform and of tenants, for C.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_SETTING_H
#define VOICEAGENT_SETTING_H

#include "postgres.h"

/*
 * A numeric setting of the current tenant, as setting_number() gives it; with SPI
 * connected.  The caller's own copy, in the current memory context.
 */
extern Datum va_setting_number(const char *key);
/* read_dial_settings() likewise. */
extern Datum va_dial_settings(void);
/* The setting masked_words of the current tenant, in the current memory context; NULL: it names nothing. */
extern const char *va_masked_words(void);

#endif /* VOICEAGENT_SETTING_H */
