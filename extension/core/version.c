/*-------------------------------------------------------------------------
 * version.c
 *		Does this library serve the extension's SQL? (contract in version.h)
 *
 * A session looks once: a pair that fits stays so, because utility.c refuses
 * an update to SQL that the library does not serve.  Nothing is locked.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"

#include "version.h"
#include "voiceagent.h"

/* "1.12.3" -> 1 012 by the first two numbers; -1 when it is no such text. */
static int
rank_of(const char *version)
{
	unsigned major;
	unsigned minor;

	if (sscanf(version, "%3u.%3u", &major, &minor) != 2)
		return -1;
	return (int) (major * 1000 + minor);
}

bool
va_serves(const char *version)
{
	int rank = rank_of(version);

	return rank >= rank_of(VA_OLDEST_SQL) && rank <= rank_of(VOICEAGENT_VERSION);
}

bool
va_can_update(const char *version)
{
	int rank = rank_of(version);

	return rank >= rank_of(VA_OLDEST_UPDATED) && rank <= rank_of(VOICEAGENT_VERSION);
}

char *
va_extension_version(void)
{
	Relation relation = table_open(ExtensionRelationId, AccessShareLock);
	char *version = NULL;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ, CStringGetDatum(VA_EXTENSION_NAME));
	scan = systable_beginscan(relation, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool isnull;
		Datum value = heap_getattr(tuple, Anum_pg_extension_extversion, RelationGetDescr(relation), &isnull);

		if (!isnull)
			version = TextDatumGetCString(value);
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
	return version;
}

void
va_report_version(int level, const char *version)
{
	bool older = rank_of(version) < rank_of(VA_OLDEST_SQL);

	ereport(level, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					   errmsg("extension voiceagent has version %s, but the server runs the library of version %s",
						   version, VOICEAGENT_VERSION),
					   errdetail("Until they are the same nobody is called and no webhook is taken."),
					   older ? errhint("Run ALTER EXTENSION voiceagent UPDATE in this database.")
							 : errhint("Install the library of that version, and restart the server.")));
}

/* The version that is not served, palloc'd; NULL: all is well. */
static char *
unserved_version(void)
{
	static bool served = false;
	char *version;

	/* While a script makes or updates the extension, its version is still the old one. */
	if (likely(served) || creating_extension)
		return NULL;
	version = va_extension_version();
	if (version == NULL || !va_serves(version))
		return version;
	pfree(version);
	served = true;
	return NULL;
}

bool
va_version_is_served(void)
{
	return unserved_version() == NULL;
}

void
va_require_version(void)
{
	char *version = unserved_version();

	if (unlikely(version != NULL))
		va_report_version(ERROR, version);
}
