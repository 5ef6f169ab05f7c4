/*-------------------------------------------------------------------------
 * statement.h
 *		SQL of ours from C: statements planned once, arrays in and columns out.
 *
 * All of it runs with SPI connected: in a worker inside va_begin() .. va_commit().
 */
#ifndef VOICEAGENT_STATEMENT_H
#define VOICEAGENT_STATEMENT_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "executor/spi.h"

#define VA_STATEMENT_ARGS 21

/* Static storage; sql and argument types never change. */
typedef struct VaStatement
{
	const char *sql;
	int nargs;
	Oid argtypes[VA_STATEMENT_ARGS];
	SPIPlanPtr plan; /* ours: made at the first use, kept for the process */
} VaStatement;

/*
 * Where a statement is executed.  In a worker this is a fault point (see
 * VA_FAULT_POINT) named FILE.VARIABLE, without the file's ending, or
 * FILE.FUNCTION where that is "statement" or a member: tests have each
 * of them fail for one tenant, and see that no other one notices.
 */
typedef struct VaPlace
{
	const char *file;
	const char *function;
	const char *variable; /* as it is written there */
} VaPlace;

#define VA_HERE(statement) (&(const VaPlace){ __FILE__, __func__, #statement })

/* Executes; the rows are in SPI_tuptable. nulls may be NULL (none). Returns their number. */
#define va_execute(statement, values, nulls) va_execute_at(statement, values, nulls, VA_HERE(statement))
extern uint64 va_execute_at(VaStatement *statement, const Datum *values, const char *nulls, const VaPlace *place);

/*
 * The same, of what looks few rows up in tables that grow: planned once, whatever the arguments, as nested loops over indexes,
 * however small the tables are by then.
 */
#define va_execute_by_index(statement, values) va_execute_by_index_at(statement, values, VA_HERE(statement))
extern uint64 va_execute_by_index_at(VaStatement *statement, const Datum *values, const VaPlace *place);

/* The same, of a query by a function that is STABLE: it sees what the statement that called the function sees. */
#define va_query(statement, values) va_query_at(statement, values, VA_HERE(statement))
extern uint64 va_query_at(VaStatement *statement, const Datum *values, const VaPlace *place);

/*
 * A private function in SQL, of which there is one of this name; looked up each time, for an update makes it anew.
 */
extern Datum va_call_sql(const char *name, int n, const NullableDatum *arguments, bool *isnull);

/* A column of row i of SPI_tuptable, by name; text results live in SPI's context, NULL for SQL null. */
extern char *va_column_text(uint64 row, const char *column);
/* A text[] without nulls; palloc'd in the current context; NULL is empty. */
extern char **va_column_texts(uint64 row, const char *column, int *n);
extern int64 va_column_int(uint64 row, const char *column, int64 if_null);
extern bool va_column_bool(uint64 row, const char *column);
extern TimestampTz va_column_time(uint64 row, const char *column);

/* The only column of the only row. */
extern TimestampTz va_single_time(void);
extern int64 va_single_int(void);

/* Arrays as arguments; a NULL text becomes a null element. */
extern Datum va_array_of_int8(const int64 *values, int n);
extern Datum va_array_of_int4(const int32 *values, const bool *nulls, int n);
extern Datum va_array_of_text(const char *const *values, int n);
extern Datum va_array_of_bytea(Datum *values, int n);
extern Datum va_bytea(const char *bytes, size_t len);

/* Arrays of any type, from and to their elements; nulls may be NULL (none).  They read the catalog: within a transaction. */
extern Datum va_array_of(Datum *values, bool *nulls, int n, Oid type);
extern Datum *va_elements_of(Datum array, Oid type, bool **nulls, int *n);

/* The value of a column, from 1 on, of row i of SPI_tuptable, where there is no null. */
extern Datum va_result(uint64 row, int column);

/* The row that a function in C returns, of its OUT arguments in their order. */
extern Datum va_row_of_result(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

#endif /* VOICEAGENT_STATEMENT_H */
