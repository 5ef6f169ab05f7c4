/*-------------------------------------------------------------------------
 * condition.c
 *		Is a text one SQL condition on a row, and nothing more?
 *
 * A worker evaluates the conditions that tenants have written, so they may
 * neither do anything but compare, nor take long, nor leave the place where
 * they are put.  PostgreSQL's own parser reads the text as one expression;
 * what comes out may hold only what is listed here: columns, constants,
 * comparisons, and functions of known cost that touch nothing.  Numbers stay
 * short, since a product of two with 65,000 digits (seven characters: 1e65000)
 * takes half a second; and what is searched for in a text, a list or a document
 * is a short constant, as that takes the product of both lengths.  Names are
 * resolved later, in the schema voiceagent_condition and behind it pg_catalog:
 * extension/queue/condition_bounds.c counts there what an evaluation costs.  So
 * a name with a schema is refused, which would go around the count, and so is
 * what no operator shows: casts between containers and texts.
 *
 * The check is made with each use, not once when the text is stored: how a
 * string is read depends on settings of the session.  No locks, no table is
 * read.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/errors.h"

#define CONDITION_MAX_BYTES 4000
/* Digits of a numeric. */
#define DIGITS_MAX 100
/* The needle of LIKE and strpos(). */
#define PATTERN_MAX_BYTES 100
/* Texts that are put together: each may be as long as a field of a file. */
#define CONCATENATIONS_MAX 10
/* Operators, functions and casts. */
#define PARTS_MAX 50
/* The right side of a comparison with a list or a document. */
#define SCALARS_MAX 16

PG_FUNCTION_INFO_V1(va_sql_condition_columns);

static bool
is_listed(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
	{
		if (strcmp(list[i], name) == 0)
			return true;
	}
	return false;
}

#define IS_LISTED(name, list) is_listed(name, list, lengthof(list))

/* No pattern operator but LIKE: a regular expression can take any time. */
static const char *const operators[] = { "=", "<>", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "||", "->", "->>",
	"#>", "#>>", "@>", "<@", "&&", "?", "?|", "?&", "~~", "!~~", "~~*", "!~~*", "BETWEEN", "NOT BETWEEN",
	"BETWEEN SYMMETRIC", "NOT BETWEEN SYMMETRIC" };
static const char *const likes[] = { "~~", "!~~", "~~*", "!~~*" };
static const char *const functions[] = { "lower", "upper", "length", "left", "right", "btrim", "ltrim", "rtrim",
	"strpos", "starts_with", "cardinality", "array_length", "date_trunc", "date_part", "extract", "timezone", "abs",
	"jsonb_typeof", "jsonb_array_length" };
static const char *const types[] = { "text", "varchar", "int2", "int4", "int8", "numeric", "float8", "bool", "date",
	"timestamptz", "timestamp", "time", "interval", "jsonb" };

static const char *const containments[] = { "@>", "<@", "&&", "?|", "?&" };
static const char *const container_columns[] = { "context", "tags", "timezones" };

/* So far. */
static int concatenations;
static int parts;
static ArrayBuildState *columns;

static void
refuse(const char *what)
{
	ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("%s may not be part of a condition", what),
					   errhint("A condition compares fields of leads, as in: 'vip' = ANY (tags) AND created_at > now - "
							   "interval '30 days' AND context ->> 'city' IN ('Reno', 'Elko').")));
}

static const char *
plain_name(List *names, const char *what)
{
	if (list_length(names) != 1)
		refuse(what);
	return strVal(linitial(names));
}

/* The same, or with pg_catalog, as the grammar itself writes it. */
static const char *
grammar_name(List *names, const char *what)
{
	if (list_length(names) == 2 && strcmp(strVal(linitial(names)), "pg_catalog") == 0)
		return strVal(lsecond(names));
	return plain_name(names, what);
}

static void
count_part(void)
{
	if (++parts > PARTS_MAX)
		refuse(psprintf("more than %d operators, functions and casts together", PARTS_MAX));
}

static void check_node(Node *node);

static void
check_list(List *nodes)
{
	ListCell *cell;

	foreach (cell, nodes)
		check_node(lfirst(cell));
}

static void
check_column(ColumnRef *column)
{
	if (list_length(column->fields) != 1 || !IsA(linitial(column->fields), String))
		refuse("a name with a dot");
	columns = accumArrayResult(
		columns, CStringGetTextDatum(strVal(linitial(column->fields))), false, TEXTOID, CurrentMemoryContext);
}

/* A number with an exponent, or what may become one: 1e65000 is short as text alone. */
static bool
is_long_number(const char *text)
{
	size_t digits = strspn(text, "+-. 0123456789_");
	const char *exponent = text + digits;

	if (strspn(text, "+-. ") == digits || (*exponent != 'e' && *exponent != 'E'))
		return false;
	exponent++;
	return *exponent != '\0' && strspn(exponent, "+-0123456789_ ") == strlen(exponent);
}

static void
check_constant(A_Const *constant)
{
	if (constant->isnull)
		return;
	if (IsA(&constant->val, Float) && strlen(constant->val.fval.fval) > DIGITS_MAX)
		refuse(psprintf("a number of more than %d digits", DIGITS_MAX));
	if (IsA(&constant->val, Float) ? is_long_number(constant->val.fval.fval)
								   : IsA(&constant->val, String) && is_long_number(constant->val.sval.sval))
		refuse("a number with an exponent");
}

static bool
is_constant(Node *node)
{
	if (node != NULL && IsA(node, TypeCast))
		node = ((TypeCast *) node)->arg;
	return node != NULL && (IsA(node, A_Const) || IsA(node, A_ArrayExpr));
}

/* A constant of few scalars: elements of an array, or what commas part in the text of an array or a document. */
static bool
has_few_scalars(Node *node)
{
	int commas = 0;
	int openings = 0;
	A_Const *constant;

	if (IsA(node, TypeCast))
		node = ((TypeCast *) node)->arg;
	if (IsA(node, A_ArrayExpr))
		return list_length(((A_ArrayExpr *) node)->elements) <= SCALARS_MAX;
	constant = castNode(A_Const, node);
	if (constant->isnull || !IsA(&constant->val, String))
		return true;
	for (const char *at = constant->val.sval.sval; *at != '\0'; at++)
	{
		commas += *at == ',';
		openings += *at == '{' || *at == '[';
	}
	return commas < SCALARS_MAX && openings <= 1;
}

/* The left side of a comparison with a list or a document, as text, and short. */
static void
check_containment(A_Expr *expr)
{
	Node *sought = is_constant(expr->rexpr) ? expr->rexpr : expr->lexpr;

	if (!is_constant(sought) || !has_few_scalars(sought))
		refuse(psprintf("%s with anything but a constant of at most %d values, none of them a list or an object,",
			strVal(llast(expr->name)), SCALARS_MAX));
}

/* Does it yield a document or an array?  Arrays as constants do not count. */
static bool
is_container(Node *node)
{
	ListCell *cell;

	if (node == NULL)
		return false;
	check_stack_depth();
	switch (nodeTag(node))
	{
		case T_ColumnRef:
			return IS_LISTED(strVal(llast(((ColumnRef *) node)->fields)), container_columns);
		case T_A_Expr:
		{
			const char *name = strVal(llast(((A_Expr *) node)->name));

			return strcmp(name, "->") == 0 || strcmp(name, "#>") == 0;
		}
		case T_TypeCast:
			return ((TypeCast *) node)->typeName->arrayBounds != NIL ||
				   strcmp(strVal(llast(((TypeCast *) node)->typeName->names)), "jsonb") == 0;
		case T_CoalesceExpr:
			foreach (cell, ((CoalesceExpr *) node)->args)
			{
				if (is_container(lfirst(cell)))
					return true;
			}
			return false;
		case T_CaseExpr:
			foreach (cell, ((CaseExpr *) node)->args)
			{
				if (is_container((Node *) lfirst_node(CaseWhen, cell)->result))
					return true;
			}
			return is_container((Node *) ((CaseExpr *) node)->defresult);
		default:
			return false;
	}
}

static bool
is_short_constant(Node *node)
{
	if (node != NULL && IsA(node, TypeCast))
		node = ((TypeCast *) node)->arg;
	if (node == NULL || !IsA(node, A_Const))
		return false;
	return ((A_Const *) node)->isnull || !IsA(&((A_Const *) node)->val, String) ||
		   strlen(((A_Const *) node)->val.sval.sval) <= PATTERN_MAX_BYTES;
}

static void
check_pattern(Node *pattern)
{
	if (pattern != NULL && IsA(pattern, A_ArrayExpr))
	{
		ListCell *cell;

		foreach (cell, ((A_ArrayExpr *) pattern)->elements)
			check_pattern(lfirst(cell));
	}
	else if (!is_short_constant(pattern))
		refuse(psprintf("a pattern that is no constant of at most %d bytes", PATTERN_MAX_BYTES));
}

static void
check_operator(A_Expr *expr)
{
	const char *name = plain_name(expr->name, "an operator of a schema");

	if (expr->kind == AEXPR_SIMILAR || expr->kind == AEXPR_NULLIF)
		refuse("SIMILAR TO and NULLIF");
	if (!IS_LISTED(name, operators))
		refuse(psprintf("the operator %s", name));
	count_part();
	if (IS_LISTED(name, likes))
		check_pattern(expr->rexpr);
	if (IS_LISTED(name, containments))
		check_containment(expr);
	if (strcmp(name, "||") == 0 && (is_container(expr->lexpr) || is_container(expr->rexpr)))
		refuse("|| of lists or documents");
	if (strcmp(name, "||") == 0 && ++concatenations > CONCATENATIONS_MAX)
		refuse(psprintf("more than %d times ||", CONCATENATIONS_MAX));
	check_node(expr->lexpr);
	check_node(expr->rexpr);
}

/* TRIM, EXTRACT and AT TIME ZONE are names with pg_catalog as the grammar reads them; the first would go uncounted. */
static const char *
function_name(FuncCall *call)
{
	const char *name = grammar_name(call->funcname, "a function of a schema");

	if (!IS_LISTED(name, functions))
		refuse(psprintf("the function %s", name));
	if (list_length(call->funcname) > 1 && strcmp(name, "extract") != 0 && strcmp(name, "timezone") != 0)
		refuse(psprintf("pg_catalog.%s (write %s(...))", name, name));
	return name;
}

static void
check_function(FuncCall *call)
{
	const char *name = function_name(call);

	count_part();
	if (call->agg_order != NIL || call->agg_filter != NULL || call->over != NULL || call->agg_within_group ||
		call->agg_star || call->agg_distinct || call->func_variadic)
		refuse("an aggregate or a window function");
	/* The cut part, as the needle; a time zone that is read from a lead stays in memory for ever. */
	if ((strcmp(name, "strpos") == 0 || strstr(name, "trim") != NULL) && list_length(call->args) == 2)
		check_pattern(lsecond(call->args));
	if (strcmp(name, "timezone") == 0 && !is_constant(linitial(call->args)))
		refuse("a time zone that is no constant");
	check_list(call->args);
}

static bool
has_few_digits(const TypeName *type)
{
	ListCell *cell;

	foreach (cell, type->typmods)
	{
		Node *node = lfirst(cell);

		if (!IsA(node, A_Const) || !IsA(&((A_Const *) node)->val, Integer) ||
			abs(intVal(&((A_Const *) node)->val)) > DIGITS_MAX)
			return false;
	}
	return type->typmods != NIL;
}

static void
check_type(TypeName *type)
{
	const char *name = grammar_name(type->names, "a type of a schema");

	if (!IS_LISTED(name, types) || type->setof || type->pct_type || list_length(type->arrayBounds) > 1)
		refuse(psprintf("the type %s", name));
	if (strcmp(name, "numeric") == 0 && !has_few_digits(type))
		ereport(ERROR,
			(errcode(VA_ERRCODE_INVALID),
				errmsg("a numeric without a precision of at most %d digits may not be part of a condition", DIGITS_MAX),
				errhint("Write numeric(12, 2), for example, or double precision.")));
}

/* A document that becomes a text or comes from one takes longer than any comparison. */
static void
check_cast(TypeCast *cast)
{
	const char *name;

	count_part();
	check_type(cast->typeName);
	name = strVal(llast(cast->typeName->names));
	if ((strcmp(name, "jsonb") == 0 || cast->typeName->arrayBounds != NIL) && !is_constant(cast->arg))
		refuse("a cast to a list or a document of what is no constant");
	if ((strcmp(name, "text") == 0 || strcmp(name, "varchar") == 0) && cast->typeName->arrayBounds == NIL &&
		is_container(cast->arg))
		refuse("a cast of a list or a document to text (->> takes a value as text)");
	check_node(cast->arg);
}

static void
check_array(A_ArrayExpr *array)
{
	ListCell *cell;

	foreach (cell, array->elements)
	{
		if (!is_constant(lfirst(cell)))
			refuse("an array of what are no constants");
	}
	check_list(array->elements);
}

static void
check_case(CaseExpr *choice)
{
	ListCell *cell;

	check_node((Node *) choice->arg);
	foreach (cell, choice->args)
	{
		CaseWhen *when = lfirst_node(CaseWhen, cell);

		check_node((Node *) when->expr);
		check_node((Node *) when->result);
	}
	check_node((Node *) choice->defresult);
}

static void
check_node(Node *node)
{
	if (node == NULL)
		return;
	check_stack_depth();
	switch (nodeTag(node))
	{
		case T_A_Const:
			check_constant((A_Const *) node);
			break;
		case T_ColumnRef:
			check_column((ColumnRef *) node);
			break;
		case T_A_Expr:
			check_operator((A_Expr *) node);
			break;
		case T_FuncCall:
			check_function((FuncCall *) node);
			break;
		case T_TypeCast:
			check_cast((TypeCast *) node);
			break;
		case T_BoolExpr:
			check_list(((BoolExpr *) node)->args);
			break;
		case T_NullTest:
			check_node((Node *) ((NullTest *) node)->arg);
			break;
		case T_BooleanTest:
			check_node((Node *) ((BooleanTest *) node)->arg);
			break;
		case T_CoalesceExpr:
			check_list(((CoalesceExpr *) node)->args);
			break;
		case T_CaseExpr:
			check_case((CaseExpr *) node);
			break;
		case T_A_ArrayExpr:
			check_array((A_ArrayExpr *) node);
			break;
		case T_List:
			check_list((List *) node);
			break;
		default:
			refuse("a subquery, or whatever else is no comparison,");
	}
}

/* check_condition(condition): the columns that it names; raises what is not one condition on a row. */
Datum
va_sql_condition_columns(PG_FUNCTION_ARGS)
{
	char *condition = text_to_cstring(PG_GETARG_TEXT_PP(0));
	List *parsed;
	SelectStmt *select;
	ResTarget *target;

	if (strlen(condition) > CONDITION_MAX_BYTES)
		ereport(
			ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the condition is longer than %d bytes", CONDITION_MAX_BYTES)));
	parsed = raw_parser(condition, RAW_PARSE_PLPGSQL_EXPR);
	select = castNode(SelectStmt, linitial_node(RawStmt, parsed)->stmt);
	if (list_length(select->targetList) != 1 || select->distinctClause != NIL || select->intoClause != NULL ||
		select->fromClause != NIL || select->whereClause != NULL || select->groupClause != NIL ||
		select->havingClause != NULL || select->windowClause != NIL || select->valuesLists != NIL ||
		select->sortClause != NIL || select->limitOffset != NULL || select->limitCount != NULL ||
		select->lockingClause != NIL || select->withClause != NULL || select->op != SETOP_NONE)
		refuse("a clause of a query");
	target = linitial_node(ResTarget, select->targetList);
	if (target->name != NULL || target->indirection != NIL)
		refuse("a second name");
	concatenations = 0;
	parts = 0;
	columns = initArrayResult(TEXTOID, CurrentMemoryContext, false);
	check_node(target->val);
	PG_RETURN_DATUM(makeArrayResult(columns, CurrentMemoryContext));
}
