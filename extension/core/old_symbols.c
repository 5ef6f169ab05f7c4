/*-------------------------------------------------------------------------
 * old_symbols.c
 *		Names of older versions: functions in C that their SQL calls and this one
 *		does not, and a table.
 *
 * CREATE EXTENSION of such a version, pg_upgrade and a dump of it look for them
 * in the library; calling one raises an error that asks for ALTER EXTENSION
 * UPDATE. Which there are is found by make (sql/updates/compose): what the
 * frozen scripts name and the present sources do not.  A function whose
 * arguments or result change gets another symbol, so that the old one comes in
 * here.  One that was only renamed goes on under both names: the tables of an
 * old dump call it while they are filled.
 */
#include "postgres.h"

#include "fmgr.h"

#include "version.h"

const char *
va_counters_table(void)
{
	char *version = va_version_is_served() ? NULL : va_extension_version();

	return version != NULL && strncmp(version, "0.1", 3) == 0 ? "campaign_tallies" : "campaign_counters";
}

static Datum
refuse_old_sql(void)
{
	char *version = va_extension_version();

	if (version != NULL && !va_serves(version))
		va_report_version(ERROR, version);
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION), errmsg("this function is of an older version of voiceagent"),
					   errhint("Run ALTER EXTENSION voiceagent UPDATE in this database.")));
}

#define OLD_SYMBOL(symbol)         \
	PG_FUNCTION_INFO_V1(symbol);   \
	Datum symbol(PG_FUNCTION_ARGS) \
	{                              \
		return refuse_old_sql();   \
	}

#define RENAMED_SYMBOL(symbol, present)     \
	extern Datum present(PG_FUNCTION_ARGS); \
	PG_FUNCTION_INFO_V1(symbol);            \
	Datum symbol(PG_FUNCTION_ARGS)          \
	{                                       \
		return present(fcinfo);             \
	}

#include "old_symbols.inc"
