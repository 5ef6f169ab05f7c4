/*-------------------------------------------------------------------------
 * zone.h
 *		Which texts name a time zone: one answer for what a lead may have, what
 *		opens and closes a window, and what settings take.
 */
#ifndef VOICEAGENT_ZONE_H
#define VOICEAGENT_ZONE_H

#include "postgres.h"

#include "pgtime.h"

#include "pure/phone/phone.h"

/*
 * The time zone of an IANA name in any case: Area/Location, UTC or GMT; NULL
 * if this server knows none.  PostgreSQL's own, for the life of the process.
 * pg_get_timezone_name() says how the server writes it.
 */
extern pg_tz *va_find_zone(const char *name);

/*
 * Whether the zone's clock was changed by a law that this server's time zone
 * data do not know yet, and the offset (seconds east) that it has then.
 */
extern bool va_zone_is_stale(const pg_tz *zone, int64 *offset);

/* As va_find_zone(), of what a file says: also HubSpot's and Windows' names, "Pacific Time" and the like of a number of +1 ("Eastern" is not New York's in Sydney). */
extern pg_tz *va_read_zone(const char *said, const VaPhone *phone);

#endif /* VOICEAGENT_ZONE_H */
