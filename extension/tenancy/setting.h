/*-------------------------------------------------------------------------
 * setting.h
 *		Settings of the platform and of tenants, for C.
 */
#ifndef VOICEAGENT_SETTING_H
#define VOICEAGENT_SETTING_H

#include "postgres.h"

#include "fmgr.h"

/*
 * A numeric setting of the current tenant, as setting_number() gives it; with SPI
 * connected.  The caller's own copy, in the current memory context.
 */
extern Datum va_setting_number(const char *key);
/* read_dial_settings() likewise. */
extern Datum va_dial_settings(void);
/* The setting masked_words of the current tenant, in the current memory context; NULL: it names nothing. */
extern const char *va_masked_words(void);

/* recall_account() */
extern Datum va_sql_recall_account(PG_FUNCTION_ARGS);
/* words_of_version() and kept_for_call() (a null of jsonb: nothing), remembered until one of the tables that say it changes. */
extern Datum va_recall_words(PG_FUNCTION_ARGS);
extern Datum va_recall_kept(PG_FUNCTION_ARGS);
/* begin_call() of its five arguments; digest: of the settings and the version; 0: take it of themselves. */
extern Datum va_begin_call(const NullableDatum *arguments, Datum digest);

#endif /* VOICEAGENT_SETTING_H */
