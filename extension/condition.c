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
 * takes half a second; and what is searched for in a text is a short constant,
 * as that takes the product of both lengths.  Names are
 * resolved later, with pg_catalog alone in the search path.
 *
 * The check is made with each use, not once when the text is stored: how a
 * string is read depends on settings of the session.  No locks, no table is
 * read.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "utils/builtins.h"

#include "errors.h"

#define CONDITION_MAX_BYTES 4000
/* Digits of a numeric. */
#define DIGITS_MAX 100
/* What LIKE and strpos() look for. */
#define PATTERN_MAX_BYTES 100
/* Texts that are put together: each may be as long as a field of a file. */
#define CONCATENATIONS_MAX 10

PG_FUNCTION_INFO_V1(va_sql_check_condition);

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
static const char *const operators[] = {"=", "<>", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "||", "->", "->>", "#>", "#>>",
	"@>", "<@", "&&", "?", "?|", "?&", "~~", "!~~", "~~*", "!~~*", "BETWEEN", "NOT BETWEEN", "BETWEEN SYMMETRIC",
"NOT BETWEEN SYMMETRIC"};
static const char *const likes[] = {"~~", "!~~", "~~*", "!~~*"};
static const char *const functions[] = {"lower", "upper", "length", "left", "right", "btrim", "ltrim", "rtrim", "strpos", "starts_with",
	"cardinality", "array_length", "date_trunc", "date_part", "extract", "timezone", "abs", "jsonb_typeof", "jsonb_array_length"};
static const char *const types[] = {"text", "varchar", "int2", "int4", "int8", "numeric", "float8", "bool", "date", "timestamptz", "timestamp", "time",
	"interval", "jsonb"};

static int	concatenations;		/* so far */

static void
refuse(const char *what)
{
	ereport(ERROR,
			(errcode(VA_ERRCODE_INVALID),
			 errmsg("%s may not be part of a condition", what),
			 errhint("A condition compares fields of leads, as in: 'vip' = ANY (tags) AND created_at > now - interval '30 days' AND context ->> 'city' IN ('Reno', 'Elko').")));
}

/* A name without a schema, or with pg_catalog, as the grammar itself writes it. */
static const char *
plain_name(List *names, const char *what)
{
	if (list_length(names) == 2 && strcmp(strVal(linitial(names)), "pg_catalog") == 0)
		return strVal(lsecond(names));
	if (list_length(names) != 1)
		refuse(what);
	return strVal(linitial(names));
}

static void check_node(Node *node);

static void
check_list(List *nodes)
{
	ListCell   *cell;

	foreach(cell, nodes)
		check_node(lfirst(cell));
}

static void
check_column(ColumnRef *column)
{
	if (list_length(column->fields) != 1 || !IsA(linitial(column->fields), String))
		refuse("a name with a dot");
}

/* A number with an exponent, or what may become one: 1e65000 is short as text alone. */
static bool
is_long_number(const char *text)
{
	size_t		digits = strspn(text, "+-. 0123456789_");
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
	if (IsA(&constant->val, Float) ? is_long_number(constant->val.fval.fval)
		: IsA(&constant->val, String) && is_long_number(constant->val.sval.sval))
		refuse("a number with an exponent");
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
		ListCell   *cell;

		foreach(cell, ((A_ArrayExpr *) pattern)->elements)
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
	if (IS_LISTED(name, likes))
		check_pattern(expr->rexpr);
	if (strcmp(name, "||") == 0 && ++concatenations > CONCATENATIONS_MAX)
		refuse(psprintf("more than %d times ||", CONCATENATIONS_MAX));
	check_node(expr->lexpr);
	check_node(expr->rexpr);
}

static void
check_function(FuncCall *call)
{
	const char *name = plain_name(call->funcname, "a function of a schema");

	if (!IS_LISTED(name, functions))
		refuse(psprintf("the function %s", name));
	if (call->agg_order != NIL || call->agg_filter != NULL || call->over != NULL || call->agg_within_group ||
		call->agg_star || call->agg_distinct || call->func_variadic)
		refuse("an aggregate or a window function");
	if (strcmp(name, "strpos") == 0 && list_length(call->args) == 2)
		check_pattern(lsecond(call->args));
	check_list(call->args);
}

static bool
has_few_digits(const TypeName *type)
{
	ListCell   *cell;

	foreach(cell, type->typmods)
	{
		Node	   *node = lfirst(cell);

		if (!IsA(node, A_Const) || !IsA(&((A_Const *) node)->val, Integer) ||
			abs(intVal(&((A_Const *) node)->val)) > DIGITS_MAX)
			return false;
	}
	return type->typmods != NIL;
}

static void
check_type(TypeName *type)
{
	const char *name = plain_name(type->names, "a type of a schema");

	if (!IS_LISTED(name, types) || type->setof || type->pct_type || list_length(type->arrayBounds) > 1)
		refuse(psprintf("the type %s", name));
	if (strcmp(name, "numeric") == 0 && !has_few_digits(type))
		ereport(ERROR,
				(errcode(VA_ERRCODE_INVALID),
				 errmsg("a numeric without a precision of at most %d digits may not be part of a condition", DIGITS_MAX),
				 errhint("Write numeric(12, 2), for example, or double precision.")));
}

static void
check_case(CaseExpr *choice)
{
	ListCell   *cell;

	check_node((Node *) choice->arg);
	foreach(cell, choice->args)
	{
		CaseWhen   *when = lfirst_node(CaseWhen, cell);

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
			check_type(((TypeCast *) node)->typeName);
			check_node(((TypeCast *) node)->arg);
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
			check_list(castNode(A_ArrayExpr, node)->elements);
			break;
		case T_List:
			check_list((List *) node);
			break;
		default:
			refuse("a subquery, or whatever else is no comparison,");
	}
}

/* check_condition(condition): raises what is not one condition on a row. */
Datum
va_sql_check_condition(PG_FUNCTION_ARGS)
{
	char	   *condition = text_to_cstring(PG_GETARG_TEXT_PP(0));
	List	   *parsed;
	SelectStmt *select;
	ResTarget  *target;

	if (strlen(condition) > CONDITION_MAX_BYTES)
		ereport(ERROR,
				(errcode(VA_ERRCODE_INVALID),
				 errmsg("the condition is longer than %d bytes", CONDITION_MAX_BYTES)));
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
	check_node(target->val);
	PG_RETURN_VOID();
}
