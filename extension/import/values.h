/*-------------------------------------------------------------------------
 * values.h
 *		What the fields of a lead may say: country, time zone, e-mail.
 *
 * The same answers serve an import's rows and add_lead() (SQL functions
 * timezone_name, region_code, is_email).  Nothing here raises.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IMPORT_VALUES_H
#define VOICEAGENT_IMPORT_VALUES_H

/* Two letters (static) of a country by a name that files use for it; NULL if it is none of them. */
extern const char *va_lead_country(const char *name, size_t len);

/* The IANA name of a time zone as the server writes it, palloc'd; NULL if there is no such zone. */
extern char *va_lead_zone_name(const char *name);

extern bool va_lead_is_email(const char *bytes, size_t len);

#endif							/* VOICEAGENT_IMPORT_VALUES_H */
