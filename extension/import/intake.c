/*-------------------------------------------------------------------------
 * intake.c
 *		Requests that leave leads, as SQL reads them: pure/intake at the door of
 *		the backend.  No locks, no table is read.
 *
 * Strangers send the bytes.  The values live in an arena that is freed before
 * anything is raised.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

#include "core/compat.h"
#include "core/errors.h"
#include "pure/intake/intake.h"

PG_FUNCTION_INFO_V1(va_sql_read_intake);
PG_FUNCTION_INFO_V1(va_sql_understand_intake);

static Datum
text_array(Datum *texts, int count)
{
	return PointerGetDatum(construct_array(texts, count, TEXTOID, -1, false, TYPALIGN_INT));
}

VA_NORETURN static void
refuse(VaArena *arena, const char *why)
{
	char *message = pstrdup(why);

	va_arena_free(arena);
	ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("%s", message),
					   errhint("A mapping of the intake says by a whole path which field is meant.")));
}

/* read_intake(body, type) -> person, paths, vals */
Datum
va_sql_read_intake(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_ARGISNULL(0) ? NULL : PG_GETARG_BYTEA_PP(0);
	const char *type = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	VaIntakeBody *body = palloc(sizeof(VaIntakeBody));
	VaArena arena = { 0 };
	const char *why;

	InitMaterializedSRF(fcinfo, 0);
	if (!va_intake_read(bytes != NULL ? VARDATA_ANY(bytes) : "", bytes != NULL ? VARSIZE_ANY_EXHDR(bytes) : 0, type,
			&arena, body, &why))
		refuse(&arena, why);
	for (int person = 1; person <= body->people; person++)
	{
		Datum paths[VA_INTAKE_FIELDS_MAX];
		Datum vals[VA_INTAKE_FIELDS_MAX];
		bool nulls[3] = { false };
		Datum row[3];
		int count = 0;

		for (int i = 0; i < body->count; i++)
			if (body->fields[i].person == 0 || body->fields[i].person == person)
			{
				paths[count] = CStringGetTextDatum(body->fields[i].path);
				vals[count++] = CStringGetTextDatum(body->fields[i].value);
			}
		row[0] = Int32GetDatum(person);
		row[1] = text_array(paths, count);
		row[2] = text_array(vals, count);
		tuplestore_putvalues(result->setResult, result->setDesc, row, nulls);
	}
	va_arena_free(&arena);
	return (Datum) 0;
}

/* {"our field, or a variable": "their name, or path"}; null: none is. */
static int
take_mapping(Jsonb *given, VaIntakeMapped **mapping)
{
	JsonbIterator *iterator = JsonbIteratorInit(&given->root);
	JsonbIteratorToken token;
	JsonbValue value;
	int count = 0;

	*mapping = palloc0(Max(JB_ROOT_COUNT(given), 1) * sizeof(VaIntakeMapped));
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			(*mapping)[count].key = pnstrdup(value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE && count < (int) JB_ROOT_COUNT(given))
			(*mapping)[count++].header = value.type == jbvString ? pnstrdup(value.val.string.val, value.val.string.len)
																 : NULL;
	}
	return count;
}

static int
take_fields(ArrayType *paths, ArrayType *vals, VaIntakeField *fields)
{
	Datum *texts[2];
	bool *nulls;
	int count[2];

	deconstruct_array(paths, TEXTOID, -1, false, TYPALIGN_INT, &texts[0], &nulls, &count[0]);
	deconstruct_array(vals, TEXTOID, -1, false, TYPALIGN_INT, &texts[1], &nulls, &count[1]);
	if (array_contains_nulls(paths) || array_contains_nulls(vals) || count[0] != count[1] ||
		count[0] > VA_INTAKE_FIELDS_MAX)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("a request has 1 to 200 fields")));
	for (int i = 0; i < count[0]; i++)
		fields[i] = (VaIntakeField){ TextDatumGetCString(texts[0][i]), TextDatumGetCString(texts[1][i]), 1 };
	return count[0];
}

static void
put_text(Datum *values, bool *nulls, int at, const char *text)
{
	nulls[at] = text == NULL;
	if (text != NULL)
		values[at] = CStringGetTextDatum(text);
}

/* understand_intake(paths, vals, mapping) -> names, vals, keys, places, event, text_stop, unread, calls, texts, others */
Datum
va_sql_understand_intake(PG_FUNCTION_ARGS)
{
	static const char *const answers[] = { NULL, "yes", "unclear", "no" };
	VaIntakeField fields[VA_INTAKE_FIELDS_MAX];
	int count = take_fields(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1), fields);
	VaIntakeMapped *mapping;
	int mapped = take_mapping(PG_GETARG_JSONB_P(2), &mapping);
	VaIntakeMeaning *meaning = palloc(sizeof(VaIntakeMeaning));
	Datum *texts = palloc((2 * VA_INTAKE_FIELDS_MAX + mapped + VA_LEAD_FIELDS) * sizeof(Datum));
	Datum *vals = texts + VA_INTAKE_FIELDS_MAX;
	Datum *keys = vals + VA_INTAKE_FIELDS_MAX;
	Datum *places = palloc((mapped + VA_LEAD_FIELDS) * sizeof(Datum));
	int place_of[VA_INTAKE_FIELDS_MAX] = { 0 };
	int kept = 0;
	int n = 0;
	Datum values[10] = { 0 };
	bool nulls[10] = { false };
	VaArena arena = { 0 };
	TupleDesc desc;
	const char *why;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != 10)
		elog(ERROR, "the meaning of a request has another form");
	if (!va_intake_understand(fields, count, mapping, mapped, &arena, meaning, &why))
		refuse(&arena, why);
	for (int i = 0; i < mapped; i++)
		if (mapping[i].place >= 0 && meaning->names[mapping[i].place] == NULL)
			meaning->names[mapping[i].place] = fields[mapping[i].place].path;
	for (int i = 0; i < count; i++)
		if (meaning->names[i] != NULL)
		{
			texts[kept] = CStringGetTextDatum(meaning->names[i]);
			vals[kept++] = CStringGetTextDatum(fields[i].value);
			place_of[i] = kept;
		}
	for (int field = 0; field < VA_LEAD_FIELDS; field++)
	{
		keys[n] = CStringGetTextDatum(va_lead_field_name((VaLeadField) field));
		places[n++] = Int32GetDatum(meaning->column[field] >= 0 ? place_of[meaning->column[field]] : 0);
	}
	for (int i = 0; i < mapped; i++)
		if (mapping[i].place >= 0 && va_lead_field_by_name(mapping[i].key) < 0)
		{
			keys[n] = CStringGetTextDatum(mapping[i].key);
			places[n++] = Int32GetDatum(place_of[mapping[i].place]);
		}
	values[0] = text_array(texts, kept);
	values[1] = text_array(vals, kept);
	values[2] = text_array(keys, n);
	values[3] = PointerGetDatum(construct_array(places, n, INT4OID, 4, true, TYPALIGN_INT));
	put_text(values, nulls, 4, meaning->event);
	put_text(values, nulls, 5, meaning->text_stop);
	put_text(values, nulls, 6, meaning->unread);
	put_text(values, nulls, 7, answers[meaning->calls]);
	put_text(values, nulls, 8, answers[meaning->texts]);
	put_text(values, nulls, 9, answers[meaning->others]);
	va_arena_free(&arena);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
