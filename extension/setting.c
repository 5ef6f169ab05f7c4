/*-------------------------------------------------------------------------
 * setting.c
 *		Numeric settings of tenants, remembered by the session.
 *
 * To resolve one takes half a dozen statements; what asks at every call asks
 * here.  A change of either table of settings tells every session, at its
 * commit, to forget (a trigger, by the relation's cache invalidation): it is
 * as late as a change of a table's shape would be, which is never later than
 * the next transaction.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "identity.h"
#include "setting.h"
#include "statement.h"
#include "voiceagent.h"

#define REMEMBERED_MAX 4096

PG_FUNCTION_INFO_V1(va_sql_settings_changed);

typedef struct SettingKey
{
	int64		tenant;
	char		name[NAMEDATALEN];
} SettingKey;

typedef struct Setting
{
	SettingKey	key;			/* first: dynahash */
	Datum		value;
} Setting;

static MemoryContext memory = NULL;
static HTAB *remembered = NULL;
static Oid	tables[2];
static uint64 changes = 0;
static uint64 remembered_at = 0;

static void
note_change(Datum arg, Oid relation)
{
	if (relation == InvalidOid || relation == tables[0] || relation == tables[1])
		changes++;
}

static void
forget_all(void)
{
	static bool registered = false;
	HASHCTL		control = {.keysize = sizeof(SettingKey), .entrysize = sizeof(Setting)};
	Oid			schema = get_namespace_oid(VA_PRIVATE_SCHEMA, false);

	if (!registered)
	{
		CacheRegisterRelcacheCallback(note_change, (Datum) 0);
		registered = true;
	}
	remembered = NULL;
	if (memory != NULL)
		MemoryContextDelete(memory);
	memory = NULL;
	memory = AllocSetContextCreate(TopMemoryContext, "voiceagent settings", ALLOCSET_DEFAULT_SIZES);
	control.hcxt = memory;
	tables[0] = get_relname_relid("tenant_settings", schema);
	tables[1] = get_relname_relid("platform_settings", schema);
	remembered_at = changes;
	remembered = hash_create("settings", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static Datum
resolve(const char *key)
{
	static VaStatement statement = {.sql = "SELECT voiceagent_private.setting_number($1)", .nargs = 1, .argtypes = {TEXTOID}};
	Datum		values[] = {CStringGetTextDatum(key)};
	bool		isnull;
	Datum		value;

	(void) va_execute(&statement, values, NULL);
	value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	if (isnull)
		elog(ERROR, "setting \"%s\" has no value", key);
	return value;
}

Datum
va_setting_number(const char *key)
{
	SettingKey	sought = {.tenant = va_current_tenant()};
	Setting    *found;
	Datum		value;
	MemoryContext was_in;

	strlcpy(sought.name, key, sizeof(sought.name));
	if (remembered == NULL || remembered_at != changes || hash_get_num_entries(remembered) >= REMEMBERED_MAX)
		forget_all();
	found = hash_search(remembered, &sought, HASH_FIND, NULL);
	if (found != NULL)
		return found->value;
	value = resolve(key);
	/* What changed while we read, or what an old snapshot shows, is not for the next transaction. */
	if (remembered_at != changes || IsolationUsesXactSnapshot())
		return value;
	was_in = MemoryContextSwitchTo(memory);
	value = PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
	found = hash_search(remembered, &sought, HASH_ENTER, NULL);
	found->value = value;
	MemoryContextSwitchTo(was_in);
	return value;
}

/* A statement trigger of the tables of settings. */
Datum
va_sql_settings_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		elog(ERROR, "not called by the trigger manager");
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	PG_RETURN_POINTER(NULL);
}
