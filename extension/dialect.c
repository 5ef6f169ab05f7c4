/*-------------------------------------------------------------------------
 * dialect.c
 *		SQL face of the dialects: which carriers there are, what each can do,
 *		what its accounts consist of.
 *
 * SQL and workers go by these facts and never by a carrier's name.  No state,
 * no locks, no sockets.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errors.h"
#include "provider.h"

PG_FUNCTION_INFO_V1(va_sql_is_provider);
PG_FUNCTION_INFO_V1(va_sql_is_errand);
PG_FUNCTION_INFO_V1(va_sql_dialect_can);
PG_FUNCTION_INFO_V1(va_sql_dialect_title);
PG_FUNCTION_INFO_V1(va_sql_dialect_names);
PG_FUNCTION_INFO_V1(va_sql_dialect_facts);
PG_FUNCTION_INFO_V1(va_sql_dialect_fields);

#define FACTS 12

Datum
va_sql_is_provider(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(va_dialect(text_to_cstring(PG_GETARG_TEXT_PP(0))) != NULL);
}

Datum
va_sql_is_errand(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(va_errand_kind(text_to_cstring(PG_GETARG_TEXT_PP(0))) != VA_ERRAND_KINDS);
}

Datum
va_sql_dialect_can(PG_FUNCTION_ARGS)
{
	const VaDialect *dialect = va_dialect_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	VaErrandKind kind = va_errand_kind(name);

	if (kind == VA_ERRAND_KINDS)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("unknown kind of errand \"%s\"", name)));
	PG_RETURN_BOOL(dialect->errands[kind].build != NULL);
}

Datum
va_sql_dialect_title(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(va_dialect_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)))->title));
}

static ArrayType *
text_array(const char *const *texts, int n)
{
	Datum	   *datums = palloc(sizeof(Datum) * Max(n, 1));

	for (int i = 0; i < n; i++)
		datums[i] = CStringGetTextDatum(texts[i]);
	return construct_array(datums, n, TEXTOID, -1, false, TYPALIGN_INT);
}

/* In the order in which they are shown. */
Datum
va_sql_dialect_names(PG_FUNCTION_ARGS)
{
	const char *names[64];
	int			n = 0;

	while (n < (int) lengthof(names) && va_dialect_at(n) != NULL)
	{
		names[n] = va_dialect_at(n)->name;
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
capabilities(const VaDialect *dialect)
{
	const char *names[VA_ERRAND_KINDS + 8];
	int			n = 0;

	if (dialect->build_call != NULL)
		names[n++] = "dial";
	if (dialect->build_lookup != NULL)
		names[n++] = "lookup";
	if (dialect->build_list != NULL)
		names[n++] = "list_calls";
	if (dialect->build_answer != NULL)
		names[n++] = "answer_document";
	if (dialect->detects_machines)
		names[n++] = "detect_machines";
	if (dialect->records)
		names[n++] = "record_calls";
	for (int kind = 0; kind < VA_ERRAND_KINDS; kind++)
		if (dialect->errands[kind].build != NULL)
			names[n++] = va_errand_name((VaErrandKind) kind);
	return text_array(names, n);
}

/* (provider) -> one row; see its COMMENT */
Datum
va_sql_dialect_facts(PG_FUNCTION_ARGS)
{
	const VaDialect *dialect = va_dialect_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	TupleDesc	desc;
	Datum		values[FACTS];
	bool		nulls[FACTS] = {false};
	int			i = 0;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != FACTS)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("dialect_facts() has another shape than the library expects"),
						errhint("Run ALTER EXTENSION voiceagent UPDATE.")));
	values[i++] = CStringGetTextDatum(dialect->title);
	values[i++] = CStringGetTextDatum(proof_name(dialect->proof));
	nulls[i] = dialect->webhook_secret == NULL;
	values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(dialect->webhook_secret);
	i++;
	values[i++] = Float8GetDatum(dialect->calls_per_second);
	values[i++] = Int32GetDatum(dialect->dial_repeatable_s);
	values[i++] = BoolGetDatum(dialect->absence_proves);
	values[i++] = BoolGetDatum(dialect->build_list != NULL);
	values[i++] = BoolGetDatum(dialect->socket_url != NULL);
	values[i++] = BoolGetDatum(dialect->build_answer != NULL);
	values[i++] = BoolGetDatum(dialect->detects_machines);
	values[i++] = BoolGetDatum(dialect->records);
	values[i++] = PointerGetDatum(capabilities(dialect));
	Assert(i == FACTS);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

static void
put_fields(ReturnSetInfo *rsinfo, const char *part, const VaField *fields)
{
	static const char *const kinds[] = {
		[VA_FIELD_TEXT] = "text",[VA_FIELD_URL] = "url",[VA_FIELD_E164] = "e164",[VA_FIELD_INTEGER] = "integer",
		[VA_FIELD_BOOLEAN] = "boolean",[VA_FIELD_PEM] = "pem",[VA_FIELD_OBJECT] = "object"
	};

	for (; fields != NULL && fields->name != NULL; fields++)
	{
		Datum		values[5] = {CStringGetTextDatum(part), CStringGetTextDatum(fields->name), CStringGetTextDatum(kinds[fields->kind]),
			BoolGetDatum(fields->required), fields->about != NULL ? CStringGetTextDatum(fields->about) : (Datum) 0};
		bool		nulls[5] = {false, false, false, false, fields->about == NULL};

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* (provider) -> setof (part, name, kind, required, about) */
Datum
va_sql_dialect_fields(PG_FUNCTION_ARGS)
{
	const VaDialect *dialect = va_dialect_or_error(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	InitMaterializedSRF(fcinfo, 0);
	put_fields((ReturnSetInfo *) fcinfo->resultinfo, "credentials", dialect->credentials);
	put_fields((ReturnSetInfo *) fcinfo->resultinfo, "settings", dialect->settings);
	return (Datum) 0;
}
