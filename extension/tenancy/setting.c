/*-------------------------------------------------------------------------
 * setting.c
 *		Settings of tenants that every call asks for, and the terms of campaigns
 *		and accounts that every claim does, remembered by the session.
 *
 * To resolve one takes half a dozen statements; what asks at every call asks
 * here.  A change of a table that says them tells every session, at its
 * commit, to forget (a trigger, by the cache invalidation of a type that no
 * plan depends on): it is as late as a change of a table's shape would be,
 * which is never later than the next transaction.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/compat.h"
#include "identity.h"
#include "setting.h"
#include "core/statement.h"
#include "core/voiceagent.h"

#define REMEMBERED_MAX 16384
#define REMEMBERED_BYTES (32 * 1024 * 1024)
#define PLATFORM (-1)

/* The arguments of begin_call(). */
enum
{
	SETTINGS = 1,
	VERSION,
	AGREED = 4,
	BEGIN_CALL_ARGUMENTS
};

PG_FUNCTION_INFO_V1(va_sql_settings_changed);
PG_FUNCTION_INFO_V1(va_sql_dial_settings);
PG_FUNCTION_INFO_V1(va_sql_read_setting);
PG_FUNCTION_INFO_V1(va_sql_read_platform_setting);
PG_FUNCTION_INFO_V1(va_sql_recall_checked_campaign);
PG_FUNCTION_INFO_V1(va_sql_recall_account);
PG_FUNCTION_INFO_V1(va_sql_recall_settings);
PG_FUNCTION_INFO_V1(va_sql_begin_call);

typedef struct SettingKey
{
	int64 tenant;
	char name[NAMEDATALEN];
} SettingKey;

typedef struct Setting
{
	SettingKey key; /* first: dynahash */
	Datum value;
} Setting;

static MemoryContext memory = NULL;
static HTAB *remembered = NULL;
static Oid marker;
static uint64 changes = 0;
static uint64 remembered_at = 0;

static void
note_change(Datum arg, Oid relation)
{
	if (relation == InvalidOid || relation == marker)
		changes++;
}

/* The type whose invalidation says that what is remembered has changed. */
static Oid
find_marker(void)
{
	return get_relname_relid("remembered", get_namespace_oid(VA_PRIVATE_SCHEMA, false));
}

static void
forget_all(void)
{
	static bool registered = false;
	HASHCTL control = { .keysize = sizeof(SettingKey), .entrysize = sizeof(Setting) };

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
	marker = find_marker();
	remembered_at = changes;
	remembered = hash_create("settings", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* The memory of a tenant; false: none. */
static bool
recall_of(int64 tenant, const char *name, SettingKey *key, Datum *value)
{
	Setting *found;

	memset(key, 0, sizeof(*key));
	key->tenant = tenant;
	strlcpy(key->name, name, sizeof(key->name));
	/*
	 * A change of a campaign locks its row of pacing, as a claim does first.  So a change that ended before that lock
	 * has been noticed; but the lock of a row does not hear it, and this does.
	 */
	AcceptInvalidationMessages();
	if (remembered == NULL || remembered_at != changes || hash_get_num_entries(remembered) >= REMEMBERED_MAX ||
		MemoryContextMemAllocated(memory, false) > REMEMBERED_BYTES)
		forget_all();
	found = hash_search(remembered, key, HASH_FIND, NULL);
	if (found != NULL)
		*value = found->value;
	return found != NULL;
}

static bool
recall(const char *name, SettingKey *key, Datum *value)
{
	return recall_of(va_tenant_or_none(), name, key, value);
}

/*
 * A value changed while we read (since "before"), or from an old snapshot, is
 * not for the next transaction.  Not remembered_at: what read may itself have
 * asked for a setting, and begun anew.
 */
static Datum
remember(const SettingKey *key, uint64 before, Datum value)
{
	MemoryContext was_in;

	if (before != changes || IsolationUsesXactSnapshot())
		return value;
	was_in = MemoryContextSwitchTo(memory);
	value = PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
	((Setting *) hash_search(remembered, key, HASH_ENTER, NULL))->value = value;
	MemoryContextSwitchTo(was_in);
	return value;
}

/* The one value of a statement, remembered; with SPI connected. */
static Datum
resolve(const SettingKey *key, VaStatement *statement, const Datum *arguments)
{
	uint64 before = changes;
	bool isnull;
	Datum value;

	(void) va_execute(statement, arguments, NULL);
	value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	if (isnull)
		elog(ERROR, "setting \"%s\" has no value", key->name);
	return remember(key, before, value);
}

Datum
va_setting_number(const char *key)
{
	static VaStatement statement = {
		.sql = "SELECT voiceagent_private.setting_number($1)", .nargs = 1, .argtypes = { TEXTOID }
	};
	SettingKey sought;
	Datum values[1];
	Datum value;

	if (!recall(key, &sought, &value))
	{
		values[0] = CStringGetTextDatum(key);
		value = resolve(&sought, &statement, values);
	}
	/* The memory goes with the next change of a setting, which a statement of the caller's may meet. */
	return datumCopy(value, false, -1);
}

/* A statement's result, remembered under a name. */
static Datum
recall_or_ask(int64 tenant, const char *name, VaStatement *statement, const Datum *arguments)
{
	SettingKey sought;
	Datum value;

	if (recall_of(tenant, name, &sought, &value))
		return datumCopy(value, false, -1);
	SPI_connect();
	value = SPI_datumTransfer(resolve(&sought, statement, arguments), false, -1);
	SPI_finish();
	return value;
}

/* The result of resolve_dial_settings(), which every claim asks twice. */
Datum
va_dial_settings(void)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.resolve_dial_settings()" };

	return recall_or_ask(va_tenant_or_none(), "dial settings", &statement, NULL);
}

const char *
va_masked_words(void)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.setting_text('masked_words')" };
	int64 tenant = va_tenant_or_none();
	text *words;

	if (tenant == 0)
		return NULL;
	words = DatumGetTextPP(recall_or_ask(tenant, "masked_words", &statement, NULL));
	return VARSIZE_ANY_EXHDR(words) == 0 ? NULL : text_to_cstring(words);
}

/* read_dial_settings() */
Datum
va_sql_dial_settings(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(va_dial_settings());
}

/* read_setting(key text) */
Datum
va_sql_read_setting(PG_FUNCTION_ARGS)
{
	static VaStatement statement = {
		.sql = "SELECT voiceagent_private.setting_text($1)", .nargs = 1, .argtypes = { TEXTOID }
	};
	Datum arguments[] = { PG_GETARG_DATUM(0) };

	PG_RETURN_DATUM(recall_or_ask(va_tenant_or_none(), TextDatumGetCString(arguments[0]), &statement, arguments));
}

/* read_platform_setting(key text): under an id that no tenant has, since one may have a value of its own. */
Datum
va_sql_read_platform_setting(PG_FUNCTION_ARGS)
{
	static VaStatement statement = {
		.sql = "SELECT voiceagent_private.platform_setting($1)", .nargs = 1, .argtypes = { TEXTOID }
	};
	Datum arguments[] = { PG_GETARG_DATUM(0) };

	PG_RETURN_DATUM(recall_or_ask(PLATFORM, TextDatumGetCString(arguments[0]), &statement, arguments));
}

/* A function that is remembered under its numbers, its only arguments. */
static Datum
recall_by_numbers(FunctionCallInfo fcinfo, const char *what, VaStatement *statement)
{
	Datum arguments[FUNC_MAX_ARGS];
	char name[NAMEDATALEN]; /* a word, and of four numbers two of 16 digits and two of 8: 57 */
	size_t used = strlcpy(name, what, sizeof(name));

	for (int i = 0; i < statement->nargs; i++)
	{
		uint64 number = statement->argtypes[i] == INT8OID ? (uint64) PG_GETARG_INT64(i) : (uint32) PG_GETARG_INT32(i);

		arguments[i] = PG_GETARG_DATUM(i);
		used += snprintf(name + used, sizeof(name) - used, " %llx", (unsigned long long) number);
		Assert(used < sizeof(name));
	}
	return recall_or_ask(va_tenant_or_none(), name, statement, arguments);
}

/* recall_campaign(campaign_id bigint, version integer) */
Datum
va_sql_recall_checked_campaign(PG_FUNCTION_ARGS)
{
	static VaStatement statement = {
		.sql = "SELECT voiceagent_private.campaign_terms($1, $2)", .nargs = 2, .argtypes = { INT8OID, INT4OID }
	};

	PG_RETURN_DATUM(recall_by_numbers(fcinfo, "checked", &statement));
}

/* recall_account(provider_account_id bigint) */
Datum
va_sql_recall_account(PG_FUNCTION_ARGS)
{
	static VaStatement statement = {
		.sql = "SELECT voiceagent_private.account_terms($1)", .nargs = 1, .argtypes = { INT8OID }
	};

	PG_RETURN_DATUM(recall_by_numbers(fcinfo, "account", &statement));
}

/* recall_settings(campaign_id bigint, version integer) */
Datum
va_sql_recall_settings(PG_FUNCTION_ARGS)
{
	static VaStatement statement = {
		.sql = "SELECT voiceagent_private.settings_of_version($1, $2)", .nargs = 2, .argtypes = { INT8OID, INT4OID }
	};

	PG_RETURN_DATUM(recall_by_numbers(fcinfo, "settings", &statement));
}

Datum
va_recall_words(PG_FUNCTION_ARGS)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.words_of_version($1, $2, $3, $4)",
		.nargs = 4,
		.argtypes = { INT8OID, INT4OID, INT8OID, INT4OID } };

	PG_RETURN_DATUM(recall_by_numbers(fcinfo, "words", &statement));
}

Datum
va_recall_kept(PG_FUNCTION_ARGS)
{
	static VaStatement statement = { .sql = "SELECT coalesce(voiceagent_private.kept_for_call($1, $2, $3), 'null')",
		.nargs = 3,
		.argtypes = { INT8OID, INT4OID, INT8OID } };

	PG_RETURN_DATUM(recall_by_numbers(fcinfo, "kept", &statement));
}

static void
add_to_hash(uint64 *hash, uint64 place, NullableDatum value, bool by_value)
{
	struct varlena *bytes = value.isnull || by_value ? NULL : PG_DETOAST_DATUM(value.value);
	Size length = value.isnull ? 0 : by_value ? sizeof(Datum) : VARSIZE(bytes);

	for (int i = 0; i < 2; i++)
		hash[i] = DatumGetUInt64(hash_any_extended(
			by_value ? (const unsigned char *) &value.value : (const unsigned char *) bytes, length, hash[i] + place));
}

/* Remembered under 128 bits of all its arguments. */
Datum
va_begin_call(const NullableDatum *arguments, Datum digest)
{
	uint64 hash[2] = { 0, 1 };
	char name[NAMEDATALEN];
	SettingKey sought;
	uint64 before;
	Datum value;
	bool isnull;

	for (int i = 0; i < BEGIN_CALL_ARGUMENTS; i++)
		if (digest == 0 || (i != SETTINGS && i != VERSION))
			add_to_hash(hash, 2 * i + 1, arguments[i], i == AGREED);
	if (digest != 0)
		add_to_hash(hash, 0, (NullableDatum){ .value = digest }, false);
	snprintf(name, sizeof(name), "call %llx %llx", (unsigned long long) hash[0], (unsigned long long) hash[1]);
	if (recall_of(va_tenant_or_none(), name, &sought, &value))
		return datumCopy(value, false, -1);
	before = changes;
	value = va_call_sql("compose_call", BEGIN_CALL_ARGUMENTS, arguments, &isnull);
	return datumCopy(remember(&sought, before, value), false, -1);
}

/* begin_call(terms, settings, version, heard, agreed) */
Datum
va_sql_begin_call(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(va_begin_call(fcinfo->args, 0));
}

/* A statement trigger of the tables that say what is remembered. */
Datum
va_sql_settings_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		elog(ERROR, "not called by the trigger manager");
	/* Until an older version's objects are updated there is none. */
	if (OidIsValid(find_marker()))
		CacheInvalidateRelcacheByRelid(find_marker());
	else
		CacheInvalidateRelcacheAll();
	PG_RETURN_POINTER(NULL);
}
