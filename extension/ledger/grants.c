/*-------------------------------------------------------------------------
 * grants.c
 *		Credits that transfers take from grants, and give back.
 *
 * All of it follows a transfer, under the lock of a ledger that has grants
 * (those of minutes: sql/30_credit/24_minutes.sql).
 * Grants are used by priority, then by what expires first, then by age; what
 * belongs to no grant is used last.  Statements are few and plain, and what lies
 * between them is reckoned here: one statement that does it all by windows cost
 * twice as much to start as these cost to run.
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"

#include "core/statement.h"
#include "ledger.h"
#include "tenancy/identity.h"

/* Arrays for a statement; each uses the columns that it needs. */
typedef struct Pieces
{
	Datum *holds;
	Datum *grants;
	Datum *amounts;
	Datum *charges;
	int n;
} Pieces;

static Pieces
new_pieces(int max)
{
	Datum *columns = palloc(sizeof(Datum) * 4 * Max(max, 1));

	return (Pieces){ columns, columns + max, columns + 2 * max, columns + 3 * max, 0 };
}

static void
add_piece(Pieces *pieces, Datum hold, Datum grant, Datum amount, Datum charge)
{
	pieces->holds[pieces->n] = hold;
	pieces->grants[pieces->n] = grant;
	pieces->amounts[pieces->n] = amount;
	pieces->charges[pieces->n++] = charge;
}

/* To what the grant has already; few grants are touched at a time. */
static void
sum_piece(Pieces *sums, Datum grant, Datum amount, Datum charge)
{
	for (int i = 0; i < sums->n; i++)
	{
		if (sums->grants[i] == grant)
		{
			sums->amounts[i] = va_plus(sums->amounts[i], amount);
			sums->charges[i] = va_plus(sums->charges[i], charge);
			return;
		}
	}
	add_piece(sums, (Datum) 0, grant, amount, charge);
}

/* Something was closed: the ledger may know of one that is no more. */
static void
refresh(void)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.refresh_grants()" };

	(void) va_execute_by_index(&statement, NULL);
}

/* In the order in which they are used; what they have left is in amounts. */
static Pieces
open_grants(bool test)
{
	static VaStatement statement = { .sql = "SELECT g.grant_id, g.rest FROM voiceagent.credit_grants g "
											"WHERE g.tenant_id = $1 AND g.state = 'open' AND g.rest > 0.0 AND g.unit = "
											"'credits' AND ($2 OR NOT g.test) "
											"ORDER BY g.priority, g.expires_at, g.grant_id",
		.nargs = 2,
		.argtypes = { INT8OID, BOOLOID } };
	Datum values[] = { Int64GetDatum(va_current_tenant()), BoolGetDatum(test) };
	int n = va_execute_by_index(&statement, values);
	Pieces found = new_pieces(n);

	for (int i = 0; i < n; i++)
		add_piece(&found, (Datum) 0, va_result(i, 1), va_result(i, 2), va_no_credits());
	return found;
}

static void
take_from_grants(const Pieces *sums)
{
	static VaStatement statement = {
		.sql = "UPDATE voiceagent.credit_grants g SET rest = g.rest - p.amount, held = g.held + p.amount "
			   "FROM (SELECT unnest($2) AS grant_id, unnest($3) AS amount) p "
			   "WHERE g.tenant_id = $1 AND g.grant_id = p.grant_id",
		.nargs = 3,
		.argtypes = { INT8OID, INT8ARRAYOID, NUMERICARRAYOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), va_array_of(sums->grants, NULL, sums->n, INT8OID),
		va_array_of(sums->amounts, NULL, sums->n, NUMERICOID) };

	(void) va_execute_by_index(&statement, values);
}

static void
insert_parts(const Pieces *parts)
{
	static VaStatement statement = {
		.sql = "INSERT INTO voiceagent.credit_hold_parts (tenant_id, hold_id, grant_id, amount) "
			   "SELECT $1, p.hold_id, p.grant_id, p.amount FROM unnest($2, $3, $4) AS p(hold_id, grant_id, amount)",
		.nargs = 4,
		.argtypes = { INT8OID, INT8ARRAYOID, INT8ARRAYOID, NUMERICARRAYOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), va_array_of(parts->holds, NULL, parts->n, INT8OID),
		va_array_of(parts->grants, NULL, parts->n, INT8OID), va_array_of(parts->amounts, NULL, parts->n, NUMERICOID) };

	(void) va_execute_by_index(&statement, values);
}

/* The holds and the grants lie beside each other as two rulers: where they overlap is a part. */
void
va_hold_from_grants(Datum *holds, Datum *amounts, int n, bool test)
{
	Pieces have = open_grants(test);
	Pieces parts = new_pieces(n + have.n);
	Pieces sums = new_pieces(have.n);
	Datum none = va_no_credits();
	int k = 0;

	for (int i = 0; i < n; i++)
	{
		Datum left = amounts[i];

		while (k < have.n && va_is_positive(left))
		{
			Datum part = va_smaller(left, have.amounts[k]);

			add_piece(&parts, holds[i], have.grants[k], part, none);
			sum_piece(&sums, have.grants[k], part, none);
			left = va_minus(left, part);
			have.amounts[k] = va_minus(have.amounts[k], part);
			if (!va_is_positive(have.amounts[k]))
				k++;
		}
	}
	if (parts.n > 0)
	{
		take_from_grants(&sums);
		insert_parts(&parts);
	}
}

/* The grants in ended holds, and the charged part: first what was taken first. */
static Pieces
ended_parts(Datum *holds, Datum *charges, int n)
{
	static VaStatement statement = {
		.sql = "SELECT e.place, p.hold_id, p.grant_id, p.amount FROM unnest($2) WITH ORDINALITY AS e(hold_id, place) "
			   "CROSS JOIN LATERAL (SELECT o.hold_id, o.grant_id, o.amount FROM voiceagent.credit_hold_parts o "
			   "WHERE o.tenant_id = $1 AND o.hold_id = e.hold_id OFFSET 0) p "
			   "JOIN voiceagent.credit_grants g ON g.tenant_id = $1 AND g.grant_id = p.grant_id AND g.unit = 'credits' "
			   "ORDER BY e.place, g.priority, g.expires_at, g.grant_id",
		.nargs = 2,
		.argtypes = { INT8OID, INT8ARRAYOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), va_array_of(holds, NULL, n, INT8OID) };
	int found = va_execute_by_index(&statement, values);
	Pieces parts = new_pieces(found);

	for (int i = 0; i < found; i++)
	{
		Datum *left = &charges[DatumGetInt64(va_result(i, 1)) - 1];
		Datum amount = va_result(i, 4);
		Datum charge = va_smaller(*left, amount);

		*left = va_minus(*left, charge);
		add_piece(&parts, va_result(i, 2), va_result(i, 3), amount, charge);
	}
	return parts;
}

/* A hold that is released whole may be set aside anew. */
static void
delete_parts(Datum *holds, int n)
{
	static VaStatement statement = {
		.sql = "DELETE FROM voiceagent.credit_hold_parts p WHERE p.tenant_id = $1 AND p.hold_id = ANY ($2)",
		.nargs = 2,
		.argtypes = { INT8OID, INT8ARRAYOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), va_array_of(holds, NULL, n, INT8OID) };

	if (n > 0)
		(void) va_execute_by_index(&statement, values);
}

static int
return_to_grants(const Pieces *sums)
{
	static VaStatement statement = {
		.sql = "UPDATE voiceagent.credit_grants g SET held = g.held - p.amount, used = g.used + p.charge, "
			   "rest = g.rest + CASE g.state WHEN 'open' THEN p.amount - p.charge ELSE 0.0 END, "
			   "lost = g.lost + CASE g.state WHEN 'open' THEN 0.0 ELSE p.amount - p.charge END, "
			   "state = CASE WHEN g.state = 'open' AND g.held = p.amount AND g.rest + p.amount = p.charge THEN 'used' "
			   "ELSE g.state END "
			   "FROM (SELECT unnest($2) AS grant_id, unnest($3) AS amount, unnest($4) AS charge) p "
			   "WHERE g.tenant_id = $1 AND g.grant_id = p.grant_id "
			   "RETURNING g.state = 'expired', g.state = 'voided', g.state <> 'open', p.amount - p.charge",
		.nargs = 4,
		.argtypes = { INT8OID, INT8ARRAYOID, NUMERICARRAYOID, NUMERICARRAYOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), va_array_of(sums->grants, NULL, sums->n, INT8OID),
		va_array_of(sums->amounts, NULL, sums->n, NUMERICOID), va_array_of(sums->charges, NULL, sums->n, NUMERICOID) };

	return va_execute_by_index(&statement, values);
}

void
va_settle_grants(Datum *holds, Datum *charges, int n, Datum *expired, Datum *voided)
{
	Datum *released = palloc(sizeof(Datum) * n);
	Pieces parts;
	Pieces sums;
	int whole = 0;
	int changed;
	bool closed = false;

	for (int i = 0; i < n; i++)
		if (!va_is_positive(charges[i]))
			released[whole++] = holds[i];
	parts = ended_parts(holds, charges, n);
	if (parts.n == 0)
		return;
	sums = new_pieces(parts.n);
	for (int i = 0; i < parts.n; i++)
		sum_piece(&sums, parts.grants[i], parts.amounts[i], parts.charges[i]);
	changed = return_to_grants(&sums);
	for (int i = 0; i < changed; i++)
	{
		if (DatumGetBool(va_result(i, 1)))
			*expired = va_plus(*expired, va_result(i, 4));
		if (DatumGetBool(va_result(i, 2)))
			*voided = va_plus(*voided, va_result(i, 4));
		closed = closed || DatumGetBool(va_result(i, 3));
	}
	delete_parts(released, whole);
	if (closed)
		refresh();
}

void
va_burn_grants(Datum spent, Datum available)
{
	static VaStatement statement = {
		.sql =
			"WITH have AS (SELECT g.grant_id, g.rest, sum(g.rest) OVER (ORDER BY g.priority, g.expires_at, g.grant_id) "
			"AS upto, greatest($2, sum(g.rest) OVER () - $3) AS goes "
			"FROM voiceagent.credit_grants g WHERE g.tenant_id = $1 AND g.state = 'open' AND g.rest > 0.0 AND g.unit = "
			"'credits') "
			"UPDATE voiceagent.credit_grants g SET rest = g.rest - p.amount, used = g.used + p.amount, "
			"state = CASE WHEN g.rest = p.amount AND g.held = 0.0 THEN 'used' ELSE 'open' END "
			"FROM (SELECT h.grant_id, least(h.rest, h.goes - (h.upto - h.rest)) AS amount FROM have h "
			"WHERE h.goes > h.upto - h.rest) p "
			"WHERE g.tenant_id = $1 AND g.grant_id = p.grant_id RETURNING g.state <> 'open'",
		.nargs = 3,
		.argtypes = { INT8OID, NUMERICOID, NUMERICOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), spent, available };
	uint64 changed = va_execute_by_index(&statement, values);

	for (uint64 i = 0; i < changed; i++)
	{
		if (DatumGetBool(va_result(i, 1)))
		{
			refresh();
			break;
		}
	}
}

void
va_end_due_grants(void)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.end_due_grants()" };

	(void) va_execute_by_index(&statement, NULL);
}
