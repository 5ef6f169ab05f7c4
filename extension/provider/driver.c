/*-------------------------------------------------------------------------
 * driver.c
 *		SQL face of the drivers: which carriers there are, what each can do,
 *		what its accounts consist of.
 *
 * SQL and workers go by these facts and never by a carrier's name.  No state,
 * no locks, no sockets.
 */
#include "postgres.h"

#include <sodium.h>
#include <time.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/arena.h"
#include "core/compat.h"
#include "core/errors.h"
#include "tenancy/identity.h"
#include "provider.h"
#include "pure/net/network.h"
#include "tenancy/vault.h"

PG_FUNCTION_INFO_V1(va_sql_is_provider);
PG_FUNCTION_INFO_V1(va_sql_is_provider_request);
PG_FUNCTION_INFO_V1(va_sql_driver_can);
PG_FUNCTION_INFO_V1(va_sql_plays_instead);
PG_FUNCTION_INFO_V1(va_sql_driver_title);
PG_FUNCTION_INFO_V1(va_sql_driver_names);
PG_FUNCTION_INFO_V1(va_sql_driver_facts);
PG_FUNCTION_INFO_V1(va_sql_driver_fields);
PG_FUNCTION_INFO_V1(va_sql_check_networks);
PG_FUNCTION_INFO_V1(va_sql_check_stored_account);

#define FACTS 18

Datum
va_sql_is_provider(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(va_driver(text_to_cstring(PG_GETARG_TEXT_PP(0))) != NULL);
}

Datum
va_sql_is_provider_request(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(va_provider_request_kind(text_to_cstring(PG_GETARG_TEXT_PP(0))) != VA_PROVIDER_REQUEST_KINDS);
}

/* Abilities of a carrier beside its provider requests. */
typedef struct Ability
{
	const char *name;
	bool has;
} Ability;

#define ABILITIES(driver)                                                                                          \
	{                                                                                                              \
		{ "dial", (driver)->build_call != NULL }, { "lookup", (driver)->build_lookup != NULL },                    \
			{ "list_calls", (driver)->build_list != NULL }, { "answer_document", (driver)->build_answer != NULL }, \
			{ "whisper", (driver)->whispers }, { "ring_first", (driver)->rings_first },                            \
			{ "detect_machines", (driver)->has_amd }, { "record_calls", (driver)->records },                       \
			{ "dlt", (driver)->takes_dlt }, { "tell_reassigned", (driver)->tells_reassigned },                     \
	}

Datum
va_sql_driver_can(PG_FUNCTION_ARGS)
{
	const VaDriver *driver = va_driver_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	VaProviderRequestKind kind = va_provider_request_kind(name);
	const Ability abilities[] = ABILITIES(driver);

	if (kind != VA_PROVIDER_REQUEST_KINDS)
		PG_RETURN_BOOL(driver->provider_requests[kind].build != NULL);
	for (int i = 0; i < (int) lengthof(abilities); i++)
		if (strcmp(name, abilities[i].name) == 0)
			PG_RETURN_BOOL(abilities[i].has);
	ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("unknown kind of provider request \"%s\"", va_shown(name))));
}

/* As the driver itself decides, so that no answer has audio that it will not play. */
Datum
va_sql_plays_instead(PG_FUNCTION_ARGS)
{
	const VaDriver *driver = va_driver_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	char *said = text_to_cstring(PG_GETARG_TEXT_PP(1));

	PG_RETURN_BOOL(driver->provider_requests[VA_REQUEST_SAY].build != NULL && driver->has_no_voice &&
				   (driver->plays == NULL || !driver->plays(said)));
}

Datum
va_sql_driver_title(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(va_driver_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)))->title));
}

static ArrayType *
text_array(const char *const *texts, int n)
{
	Datum *datums = palloc(sizeof(Datum) * Max(n, 1));

	for (int i = 0; i < n; i++)
		datums[i] = CStringGetTextDatum(texts[i]);
	return construct_array(datums, n, TEXTOID, -1, false, TYPALIGN_INT);
}

/* In the order in which they are shown. */
Datum
va_sql_driver_names(PG_FUNCTION_ARGS)
{
	const char *names[64];
	int n = 0;

	while (n < (int) lengthof(names) && va_driver_at(n) != NULL)
	{
		names[n] = va_driver_at(n)->name;
		n++;
	}
	PG_RETURN_ARRAYTYPE_P(text_array(names, n));
}

static const char *
proof_name(VaProof proof)
{
	switch (proof)
	{
		case VA_PROOF_NONE:
			return "none";
		case VA_PROOF_SCHEME:
			return "scheme";
		case VA_PROOF_VENDOR:
			return "vendor";
		case VA_PROOF_PEER:
			return "peer";
	}
	return "none";
}

static ArrayType *
capabilities(const VaDriver *driver)
{
	const Ability abilities[] = ABILITIES(driver);
	const char *names[VA_PROVIDER_REQUEST_KINDS + lengthof(abilities)];
	int n = 0;

	for (int i = 0; i < (int) lengthof(abilities); i++)
		if (abilities[i].has)
			names[n++] = abilities[i].name;
	for (int kind = 0; kind < VA_PROVIDER_REQUEST_KINDS; kind++)
		if (driver->provider_requests[kind].build != NULL)
			names[n++] = va_provider_request_name((VaProviderRequestKind) kind);
	return text_array(names, n);
}

/* (provider) -> one row; see its COMMENT */
Datum
va_sql_driver_facts(PG_FUNCTION_ARGS)
{
	const VaDriver *driver = va_driver_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	TupleDesc desc;
	Datum values[FACTS];
	bool nulls[FACTS] = { false };
	int i = 0;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != FACTS)
		ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("driver_facts() has another shape than the library expects"),
				errhint("Run ALTER EXTENSION voiceagent UPDATE.")));
	values[i++] = CStringGetTextDatum(driver->title);
	values[i++] = CStringGetTextDatum(proof_name(driver->proof));
	nulls[i] = driver->webhook_secret == NULL;
	values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(driver->webhook_secret);
	i++;
	nulls[i] = driver->account_name == NULL;
	values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(driver->account_name);
	i++;
	values[i++] = Float8GetDatum(driver->calls_per_second);
	values[i++] = Int32GetDatum(driver->dial_repeatable_s);
	values[i++] = BoolGetDatum(driver->absence_proves);
	values[i++] = BoolGetDatum(driver->refs_are_ids);
	values[i++] = BoolGetDatum(driver->build_list != NULL);
	values[i++] = BoolGetDatum(driver->socket_url != NULL);
	values[i++] = BoolGetDatum(driver->build_answer != NULL);
	values[i++] = Int32GetDatum(driver->spoken_max_chars);
	values[i++] = BoolGetDatum(driver->converses);
	values[i++] = BoolGetDatum(driver->has_amd);
	values[i++] = BoolGetDatum(driver->records);
	values[i++] = BoolGetDatum(
		(driver->build_answer != NULL || driver->provider_requests[VA_REQUEST_SAY].build != NULL) &&
		!driver->has_no_voice);
	values[i++] = BoolGetDatum(driver->has_dtmf);
	values[i++] = PointerGetDatum(capabilities(driver));
	Assert(i == FACTS);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

static void
put_fields(ReturnSetInfo *rsinfo, const char *part, const VaAccountField *fields)
{
	static const char *const kinds[] = { [VA_FIELD_TEXT] = "text",
		[VA_FIELD_URL] = "url",
		[VA_FIELD_E164] = "e164",
		[VA_FIELD_INTEGER] = "integer",
		[VA_FIELD_BOOLEAN] = "boolean",
		[VA_FIELD_PEM] = "pem",
		[VA_FIELD_OBJECT] = "object" };

	for (; fields != NULL && fields->name != NULL; fields++)
	{
		Datum values[5] = { CStringGetTextDatum(part), CStringGetTextDatum(fields->name),
			CStringGetTextDatum(kinds[fields->kind]), BoolGetDatum(fields->required),
			fields->about != NULL ? CStringGetTextDatum(fields->about) : (Datum) 0 };
		bool nulls[5] = { false, false, false, false, fields->about == NULL };

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* (provider) -> setof (part, name, kind, required, about) */
Datum
va_sql_driver_fields(PG_FUNCTION_ARGS)
{
	const VaDriver *driver = va_driver_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	InitMaterializedSRF(fcinfo, 0);
	put_fields((ReturnSetInfo *) fcinfo->resultinfo, "credentials", driver->credentials);
	put_fields((ReturnSetInfo *) fcinfo->resultinfo, "settings", driver->settings);
	return (Datum) 0;
}

/* ---- what an account's parts say together ---- */

/* (networks): PT422 unless it is a list of them that webhooks may come from, or says that any may */
Datum
va_sql_check_networks(PG_FUNCTION_ARGS)
{
	char *list = text_to_cstring(PG_GETARG_TEXT_PP(0));
	VaWebhookAuth *auth = NULL;
	const char *bad;
	const char *why;
	size_t length;

	if (strlen(list) >= sizeof(auth->peers))
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the list of networks is too long"),
						   errdetail("It may have %d characters.", (int) sizeof(auth->peers) - 1)));
	if (strcmp(list, VA_NETWORKS_ANY) == 0)
		PG_RETURN_VOID();
	if (!va_networks_valid(list, &bad, &length, &why))
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the list of networks is not valid"),
						   errdetail("\"%.*s\": %s.", (int) Min(length, 60), bad, why),
						   errhint("Networks are written 192.0.2.0/24 or 2001:db8::/32, separated by spaces; any of "
								   "them is \"any\".")));
	PG_RETURN_VOID();
}

typedef struct Stored
{
	const VaDriver *driver;
	VaProviderAccount carrier;
} Stored;

/* Two arrays of one length, in the caller's memory. */
static void
read_texts(HeapTuple row, TupleDesc desc, int names, int texts, VaProviderAccount *carrier, MemoryContext memory)
{
	Datum *keys;
	Datum *values;
	int n_names = 0;
	int n_texts = 0;
	bool isnull;
	Datum array = SPI_getbinval(row, desc, names, &isnull);
	MemoryContext before = MemoryContextSwitchTo(memory);

	if (!isnull)
	{
		deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &keys, NULL, &n_names);
		array = SPI_getbinval(row, desc, texts, &isnull);
		deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &values, NULL, &n_texts);
	}
	for (int i = 0; i < n_names && i < n_texts && i < VA_CARRIER_FIELDS_MAX; i++)
		carrier->settings[carrier->nsettings++] = (VaNamedText){ TextDatumGetCString(keys[i]),
			TextDatumGetCString(values[i]) };
	MemoryContextSwitchTo(before);
}

static bool
read_stored(int64 tenant, int64 account, Stored *stored)
{
	static Oid types[] = { INT8OID, INT8OID };
	Datum values[] = { Int64GetDatum(tenant), Int64GetDatum(account) };
	MemoryContext caller = CurrentMemoryContext;
	bool found;

	SPI_connect();
	found = SPI_execute_with_args("SELECT a.provider, a.base_url, s.names, s.texts FROM voiceagent.provider_accounts a"
								  " CROSS JOIN LATERAL (SELECT array_agg(e.key) AS names, array_agg(e.value) AS texts"
								  "  FROM jsonb_each_text(a.settings) e WHERE jsonb_typeof(a.settings -> e.key) NOT IN "
								  "('object', 'array', 'null')) s"
								  " WHERE a.tenant_id = $1 AND a.provider_account_id = $2",
				2, types, values, NULL, false, 1) == SPI_OK_SELECT &&
			SPI_processed == 1;
	if (found)
	{
		HeapTuple row = SPI_tuptable->vals[0];
		TupleDesc desc = SPI_tuptable->tupdesc;
		MemoryContext before = MemoryContextSwitchTo(caller);

		stored->driver = va_driver_or_error(SPI_getvalue(row, desc, 1));
		stored->carrier.base_url = SPI_getvalue(row, desc, 2);
		MemoryContextSwitchTo(before);
		read_texts(row, desc, 3, 4, &stored->carrier, caller);
	}
	SPI_finish();
	return found;
}

static void
open_credentials(int64 tenant, int64 account, Stored *stored)
{
	for (const VaAccountField *field = stored->driver->credentials; field->name != NULL; field++)
	{
		char *secret = va_account_secret(tenant, account, stored->driver->name, field->name);

		if (secret != NULL && stored->carrier.ncredentials < VA_CARRIER_FIELDS_MAX)
			stored->carrier.credentials[stored->carrier.ncredentials++] = (VaNamedText){ field->name, secret };
	}
}

/*
 * (account): whether the parts of an account of the current tenant fit together,
 * as its driver judges them.  PT422 with what is wrong, never a value of a
 * credential.
 */
Datum
va_sql_check_stored_account(PG_FUNCTION_ARGS)
{
	int64 tenant = va_current_tenant();
	int64 account = PG_GETARG_INT64(0);
	VaArena *arena = va_arena_here();
	Stored *stored = palloc0(sizeof(Stored));
	const char *why = NULL;
	bool good = true;

	if (!read_stored(tenant, account, stored) || stored->driver->check_carrier == NULL)
		PG_RETURN_VOID();
	open_credentials(tenant, account, stored);
	stored->carrier.now = (int64) time(NULL);
	stored->carrier.nonce = "00000000000000000000000000000000";
	good = stored->driver->check_carrier(&stored->carrier, arena, &why);
	for (int i = 0; i < stored->carrier.ncredentials; i++)
		va_wipe(unconstify(char *, stored->carrier.credentials[i].value));
	if (!good)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the account cannot be used like this"),
						   errdetail("Reason: %s.", why != NULL ? why : "not known")));
	PG_RETURN_VOID();
}
