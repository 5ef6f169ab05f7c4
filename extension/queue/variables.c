/*-------------------------------------------------------------------------
 * variables.c
 *		The values of a prompt's {{variables}} for a lead, in one pass.
 *
 * The same in SQL (jsonb_build_object, jsonb_strip_nulls, ||) makes three
 * values to throw two away, for every call.  And whether one of them has no
 * value, by the same rules: for every lead of a campaign that starts, and for
 * every call.
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

#include "core/compat.h"
#include "pure/text/template.h"
#include "tenancy/rows.h"
#include "variables.h"

PG_FUNCTION_INFO_V1(va_sql_merge_variables);
PG_FUNCTION_INFO_V1(va_sql_lacks_variable);
PG_FUNCTION_INFO_V1(va_sql_fold_variable);

/* The lead's own fields, in the order of the arguments behind its context. */
static const char *const own_names[] = { "phone", "first_name", "last_name", "email", "company", "country", "region",
	"extension" };

enum
{
	ARG_CONTEXT = 0,
	ARG_FIRST_NAME = 2,
	ARG_LAST_NAME = 3,
	ARG_VARIABLES = VA_LEAD_FIELDS
};

StaticAssertDecl(lengthof(own_names) == ARG_VARIABLES - 1, "the variables come behind the lead's own fields");

void
va_lead_fields(TupleTableSlot *lead, NullableDatum *fields)
{
	static VaColumn columns[VA_LEAD_FIELDS] = { { "context", 0 } };

	for (int i = 0; i < VA_LEAD_FIELDS; i++)
	{
		if (i > 0)
			columns[i].name = own_names[i - 1];
		fields[i].value = va_row_value_of(lead, &columns[i], &fields[i].isnull);
	}
}

static void
push_text(VaJsonState *state, const char *name, char *text, int len)
{
	JsonbValue key = { .type = jbvString };
	JsonbValue value = { .type = jbvString };

	key.val.string.val = (char *) name;
	key.val.string.len = (int) strlen(name);
	value.val.string.val = text;
	value.val.string.len = len;
	va_push_json(state, WJB_KEY, &key);
	va_push_json(state, WJB_VALUE, &value);
}

static void
push_known(VaJsonState *state, Jsonb *enrichment)
{
	JsonbValue key = { .type = jbvString, .val.string = { .val = "enrichment", .len = sizeof("enrichment") - 1 } };
	JsonbValue value = { .type = jbvBinary,
		.val.binary = { .data = &enrichment->root, .len = VARSIZE(enrichment) - VARHDRSZ } };

	va_push_json(state, WJB_KEY, &key);
	va_push_json(state, WJB_VALUE, &value);
}

Datum
va_known_context(Datum context, Datum enrichment)
{
	VaJsonState state = { 0 };

	va_push_json(&state, WJB_BEGIN_OBJECT, NULL);
	push_known(&state, DatumGetJsonbP(enrichment));
	va_push_json(&state, WJB_END_OBJECT, NULL);
	return DirectFunctionCall2(jsonb_concat, context, JsonbPGetDatum(JsonbValueToJsonb(state.result)));
}

static void
push_context(VaJsonState *state, Jsonb *context)
{
	JsonbIterator *it = JsonbIteratorInit(&context->root);
	JsonbValue v;
	JsonbIteratorToken token;

	while ((token = JsonbIteratorNext(&it, &v, true)) != WJB_DONE)
		if (token == WJB_KEY || token == WJB_VALUE)
			va_push_json(state, token, &v);
}

/* The last pushed one of equal keys stays. */
Datum
va_merge_variables(const NullableDatum *fields, NullableDatum enrichment, Datum *whole_name)
{
	VaJsonState state = { 0 };
	StringInfoData name;

	initStringInfo(&name);
	va_push_json(&state, WJB_BEGIN_OBJECT, NULL);
	if (!fields[ARG_CONTEXT].isnull && JB_ROOT_IS_OBJECT(DatumGetJsonbP(fields[ARG_CONTEXT].value)))
		push_context(&state, DatumGetJsonbP(fields[ARG_CONTEXT].value));
	if (!enrichment.isnull)
		push_known(&state, DatumGetJsonbP(enrichment.value));
	for (int arg = 1; arg <= (int) lengthof(own_names); arg++)
	{
		text *field;

		if (fields[arg].isnull)
			continue;
		field = DatumGetTextPP(fields[arg].value);
		push_text(&state, own_names[arg - 1], VARDATA_ANY(field), (int) VARSIZE_ANY_EXHDR(field));
		if (arg == ARG_FIRST_NAME || arg == ARG_LAST_NAME)
		{
			if (arg == ARG_LAST_NAME && !fields[ARG_FIRST_NAME].isnull)
				appendStringInfoChar(&name, ' ');
			appendBinaryStringInfo(&name, VARDATA_ANY(field), (int) VARSIZE_ANY_EXHDR(field));
		}
	}
	if (name.len > 0)
		push_text(&state, "name", name.data, name.len);
	*whole_name = name.len > 0 ? PointerGetDatum(cstring_to_text_with_len(name.data, name.len)) : 0;
	va_push_json(&state, WJB_END_OBJECT, NULL);
	return JsonbPGetDatum(JsonbValueToJsonb(state.result));
}

/*
 * merge_variables(context jsonb, phone, first_name, last_name, email, company,
 * country, region, extension text): the context with these, where they are not NULL, and
 * "name".
 */
Datum
va_sql_merge_variables(PG_FUNCTION_ARGS)
{
	Datum name;

	PG_RETURN_DATUM(va_merge_variables(fcinfo->args, (NullableDatum){ .isnull = true }, &name));
}

/* As the template judges: see is_blank() in pure/text/template.c. */
static bool
is_blank(const char *text, int len)
{
	for (int i = 0; i < len; i++)
		if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n' && text[i] != '\r')
			return false;
	return true;
}

static bool
field_is_blank(FunctionCallInfo fcinfo, int arg)
{
	text *field;

	if (PG_ARGISNULL(arg))
		return true;
	field = PG_GETARG_TEXT_PP(arg);
	return is_blank(VARDATA_ANY(field), (int) VARSIZE_ANY_EXHDR(field));
}

/* The value at the end of these levels of a nested variable in the context, or NULL; see va_template_value() in pure/text/template.c. */
static JsonbValue *
value_at(Jsonb *context, const VaTemplateStep *steps, int levels)
{
	JsonbContainer *container = &context->root;
	JsonbValue *value = NULL;

	for (int i = 0; i < levels; i++)
	{
		if (value != NULL && value->type != jbvBinary)
			return NULL;
		if (value != NULL)
			container = value->val.binary.data;
		if (JsonContainerIsObject(container))
			value = getKeyJsonValueFromContainer(container, steps[i].name, (int) steps[i].len, NULL);
		else if (JsonContainerIsArray(container) && !JsonContainerIsScalar(container) && steps[i].index >= 0)
			value = getIthJsonbValueFromContainer(container, (uint32) steps[i].index);
		else
			value = NULL;
		if (value == NULL)
			return NULL;
	}
	return value;
}

/* A string, number or boolean is a value, as for va_template_fill(). */
static bool
is_value(const JsonbValue *value)
{
	if (value == NULL)
		return false;
	if (value->type == jbvString)
		return !is_blank(value->val.string.val, value->val.string.len);
	return value->type == jbvNumeric || value->type == jbvBool;
}

/* Is this a variable that merge_variables() makes of the lead's own fields?  Then *has says whether it has a value. */
static bool
is_own(FunctionCallInfo fcinfo, const char *name, size_t len, bool *has)
{
	for (int arg = 1; arg <= (int) lengthof(own_names); arg++)
		if (!PG_ARGISNULL(arg) && strlen(own_names[arg - 1]) == len && memcmp(own_names[arg - 1], name, len) == 0)
		{
			*has = !field_is_blank(fcinfo, arg);
			return true;
		}
	*has = !field_is_blank(fcinfo, ARG_FIRST_NAME) || !field_is_blank(fcinfo, ARG_LAST_NAME);
	return len == 4 && memcmp(name, "name", 4) == 0 && !(PG_ARGISNULL(ARG_FIRST_NAME) && PG_ARGISNULL(ARG_LAST_NAME));
}

/* Is a value called so but for case, blanks, - and _?  See find_alike() in pure/text/template.c. */
static bool
has_alike(FunctionCallInfo fcinfo, Jsonb *context, const char *name, size_t len)
{
	JsonbIterator *it = context != NULL ? JsonbIteratorInit(&context->root) : NULL;
	JsonbValue v;
	JsonbIteratorToken token;
	bool alike = false;
	bool has;

	for (int i = 0; i < (int) lengthof(own_names); i++)
		if (va_template_same_name(own_names[i], strlen(own_names[i]), name, len) &&
			is_own(fcinfo, own_names[i], strlen(own_names[i]), &has) && has)
			return true;
	while (it != NULL && (token = JsonbIteratorNext(&it, &v, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			alike = va_template_same_name(v.val.string.val, (size_t) v.val.string.len, name, len) &&
					!is_own(fcinfo, v.val.string.val, (size_t) v.val.string.len, &has);
		else if (token == WJB_VALUE && alike && is_value(&v))
			return true;
	}
	return va_template_same_name("name", 4, name, len) && is_own(fcinfo, "name", 4, &has) && has;
}

/* Has this variable a value in what merge_variables() makes of these arguments? */
static bool
has_value(FunctionCallInfo fcinfo, const char *name, int len)
{
	VaTemplateStep steps[VA_TEMPLATE_MAX_DEPTH];
	Jsonb *context;
	JsonbValue space;
	JsonbValue *value;
	int levels;
	bool has;

	if (is_own(fcinfo, name, (size_t) len, &has))
		return has;
	if (va_template_is_dialled(name, (size_t) len))
		return true;
	/* Only here, since it may be long, and lie elsewhere. */
	context = PG_ARGISNULL(ARG_CONTEXT) ? NULL : PG_GETARG_JSONB_P(ARG_CONTEXT);
	if (context == NULL || !JB_ROOT_IS_OBJECT(context))
		return has_alike(fcinfo, NULL, name, (size_t) len);
	value = getKeyJsonValueFromContainer(&context->root, name, len, &space);
	if (value != NULL)
		return is_value(value);
	levels = va_template_path(name, (size_t) len, steps);
	if (levels == 0)
		return has_alike(fcinfo, context, name, (size_t) len);
	/* The lead's own field stands over what the context calls the same: nothing lies below it. */
	if (is_own(fcinfo, steps[0].name, steps[0].len, &has))
		return false;
	return is_value(value_at(context, steps, levels));
}

/*
 * lacks_variable(the arguments of merge_variables(), variables text[]): has
 * one of the variables no value?  NULL or no variables: false.
 */
Datum
va_sql_lacks_variable(PG_FUNCTION_ARGS)
{
	ArrayType *variables;
	ArrayIterator next;
	Datum name;
	bool isnull;
	bool lacks = false;

	if (PG_ARGISNULL(ARG_VARIABLES))
		PG_RETURN_BOOL(false);
	variables = PG_GETARG_ARRAYTYPE_P(ARG_VARIABLES);
	if (ARR_NDIM(variables) == 0)
		PG_RETURN_BOOL(false);
	next = array_create_iterator(variables, 0, NULL);
	while (!lacks && array_iterate(next, &name, &isnull))
		lacks = !isnull &&
				!has_value(fcinfo, VARDATA_ANY(DatumGetPointer(name)), (int) VARSIZE_ANY_EXHDR(DatumGetPointer(name)));
	array_free_iterator(next);
	PG_RETURN_BOOL(lacks);
}

/* fold_variable(name text): what is left of a name where case, blanks, - and _ do not count. */
Datum
va_sql_fold_variable(PG_FUNCTION_ARGS)
{
	text *name = PG_GETARG_TEXT_PP(0);
	text *folded = palloc(VARHDRSZ + VARSIZE_ANY_EXHDR(name));

	SET_VARSIZE(folded, VARHDRSZ + va_template_fold(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), VARDATA(folded)));
	PG_RETURN_TEXT_P(folded);
}
