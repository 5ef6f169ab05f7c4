/*-------------------------------------------------------------------------
 * values.h
 *		Valid fields of a lead: country, e-mail, a time.
 *
 * The same answers serve an import's rows and add_lead() (SQL functions
 * region_code, is_email).  Nothing here raises.
 */
#ifndef VOICEAGENT_IMPORT_VALUES_H
#define VOICEAGENT_IMPORT_VALUES_H

#include "datatype/timestamp.h"
#include "pgtime.h"

/* Two letters (static) of a country by a name that files use for it; NULL if it is none of them. */
extern const char *va_lead_country(const char *name, size_t len);

extern bool va_lead_is_email(const char *bytes, size_t len);

/* 2026-05-03, 2026-05-03 14:05, 2026-05-03T14:05:59.123+02:00: ISO 8601, in this zone unless it says an offset. */
extern bool va_lead_time(const char *bytes, size_t len, pg_tz *zone, TimestampTz *result);

#endif /* VOICEAGENT_IMPORT_VALUES_H */
