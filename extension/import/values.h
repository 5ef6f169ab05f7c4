/*-------------------------------------------------------------------------
 * values.h
 *		What the fields of a lead may say: country, e-mail.
 *
 * The same answers serve an import's rows and add_lead() (SQL functions
 * region_code, is_email).  Nothing here raises.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_VALUES_H
#define VOICEAGENT_IMPORT_VALUES_H

/* Two letters (static) of a country by a name that files use for it; NULL if it is none of them. */
extern const char *va_lead_country(const char *name, size_t len);

extern bool va_lead_is_email(const char *bytes, size_t len);

#endif							/* VOICEAGENT_IMPORT_VALUES_H */
