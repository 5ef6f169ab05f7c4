/*-------------------------------------------------------------------------
 * version.h
 *		Does this library serve the extension's SQL?
 *
 * A library serves the SQL of its own version and of the older ones down to
 * VA_OLDEST_SQL; of a version the first two numbers count (0.1.3 is as 0.1).
 * After an upgrade of the package the server runs the new library on the old
 * SQL until ALTER EXTENSION UPDATE; with another pair workers rest and
 * functions raise, because the one's idea of a table may not be the other's.
 * SQL down to VA_OLDEST_UPDATED may be created (a dump of it is restored so),
 * for it can be updated.
 */
#ifndef VOICEAGENT_VERSION_H
#define VOICEAGENT_VERSION_H

#include "postgres.h"

/* The oldest SQL that this library still serves. */
#define VA_OLDEST_SQL "1.0"

/* The oldest SQL that an update begins at. */
#define VA_OLDEST_UPDATED "0.1"

/* The version of the extension in this database, palloc'd; NULL when it has none.  Inside a transaction. */
extern char *va_extension_version(void);

/* Is SQL of that version served? */
extern bool va_serves(const char *version);

/* ... or can it be made so by ALTER EXTENSION UPDATE? */
extern bool va_can_update(const char *version);

/* Is the database's SQL served, or has it none? */
extern bool va_version_is_served(void);

/* The name of the table campaign_counters in the database: a dump of 0.1 fills it by its triggers while it is restored. */
extern const char *va_counters_table(void);

/* Raises, with what to do, unless the database's SQL is served; nothing to look up once it was. */
extern void va_require_version(void);

/* The error of va_require_version() at another level (LOG for a worker). */
extern void va_report_version(int level, const char *version);

#endif /* VOICEAGENT_VERSION_H */
