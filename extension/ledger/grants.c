/*-------------------------------------------------------------------------
 * grants.c
 *		What transfers take from grants of credits, and give back to them.
 *
 * All of it follows a transfer, under the lock of a ledger that has grants.
 * Grants are used by priority, then by what expires first, then by age; what
 * belongs to no grant is used last.  So a batch of holds and the grants lie
 * beside each other as two rulers, and each piece where they overlap is a part:
 * one statement, however many there are of both.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"

#include "core/statement.h"
#include "ledger.h"
#include "tenancy/identity.h"

/* Something was closed: the ledger may know of one that is no more. */
static void
refresh(void)
{
	static VaStatement statement = { .sql = "SELECT voiceagent_private.refresh_grants()" };

	(void) va_execute_by_index(&statement, NULL);
}

void
va_hold_from_grants(Datum *holds, Datum *amounts, int n)
{
	static VaStatement statement = {
		.sql =
			"WITH need AS (SELECT u.hold_id, u.amount, sum(u.amount) OVER (ORDER BY u.place) AS upto "
			"FROM unnest($2, $3) WITH ORDINALITY AS u(hold_id, amount, place) WHERE u.amount > 0.0), "
			"have AS (SELECT g.grant_id, g.rest, sum(g.rest) OVER (ORDER BY g.priority, g.expires_at, g.grant_id) AS "
			"upto "
			"FROM voiceagent.credit_grants g WHERE g.tenant_id = $1 AND g.state = 'open' AND g.rest > 0.0), "
			"part AS (SELECT n.hold_id, h.grant_id, "
			"least(n.upto, h.upto) - greatest(n.upto - n.amount, h.upto - h.rest) AS amount "
			"FROM need n JOIN have h ON n.upto - n.amount < h.upto AND h.upto - h.rest < n.upto), "
			"taken AS (UPDATE voiceagent.credit_grants g SET rest = g.rest - p.amount, held = g.held + p.amount "
			"FROM (SELECT o.grant_id, sum(o.amount) AS amount FROM part o GROUP BY o.grant_id) p "
			"WHERE g.tenant_id = $1 AND g.grant_id = p.grant_id) "
			"INSERT INTO voiceagent.credit_hold_parts (tenant_id, hold_id, grant_id, amount) "
			"SELECT $1, p.hold_id, p.grant_id, p.amount FROM part p",
		.nargs = 3,
		.argtypes = { INT8OID, INT8ARRAYOID, NUMERICARRAYOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), va_array_of(holds, NULL, n, INT8OID),
		va_array_of(amounts, NULL, n, NUMERICOID) };

	(void) va_execute_by_index(&statement, values);
}

void
va_settle_grants(Datum *holds, Datum *charges, int n, Datum *expired, Datum *voided)
{
	static VaStatement statement = {
		.sql =
			"WITH part AS (SELECT p.hold_id, p.grant_id, p.amount, least(greatest(e.charged - (sum(p.amount) OVER w - "
			"p.amount), 0.0), p.amount) AS charged "
			"FROM (SELECT unnest($2) AS hold_id, unnest($3) AS charged) e "
			"CROSS JOIN LATERAL (SELECT o.hold_id, o.grant_id, o.amount FROM voiceagent.credit_hold_parts o "
			"WHERE o.tenant_id = $1 AND o.hold_id = e.hold_id OFFSET 0) p "
			"JOIN voiceagent.credit_grants g ON g.tenant_id = $1 AND g.grant_id = p.grant_id "
			"WINDOW w AS (PARTITION BY p.hold_id ORDER BY g.priority, g.expires_at, g.grant_id)), "
			"back AS (UPDATE voiceagent.credit_grants g SET held = g.held - p.amount, used = g.used + p.charged, "
			"rest = g.rest + CASE g.state WHEN 'open' THEN p.amount - p.charged ELSE 0.0 END, "
			"lost = g.lost + CASE g.state WHEN 'open' THEN 0.0 ELSE p.amount - p.charged END, "
			"state = CASE WHEN g.state = 'open' AND g.held = p.amount AND g.rest + p.amount = p.charged THEN 'used' "
			"ELSE g.state END "
			"FROM (SELECT o.grant_id, sum(o.amount) AS amount, sum(o.charged) AS charged FROM part o GROUP BY "
			"o.grant_id) p "
			"WHERE g.tenant_id = $1 AND g.grant_id = p.grant_id RETURNING g.state, p.amount - p.charged AS amount), "
			/* A hold that is released whole may be set aside anew. */
			"gone AS (DELETE FROM voiceagent.credit_hold_parts o USING part p WHERE o.tenant_id = $1 AND "
			"o.hold_id = p.hold_id AND o.grant_id = p.grant_id "
			"AND p.hold_id IN (SELECT f.hold_id FROM part f GROUP BY f.hold_id HAVING sum(f.charged) = 0.0)) "
			"SELECT coalesce(sum(b.amount) FILTER (WHERE b.state = 'expired'), 0.0), "
			"coalesce(sum(b.amount) FILTER (WHERE b.state = 'voided'), 0.0), "
			"coalesce(bool_or(b.state <> 'open'), false) FROM back b",
		.nargs = 3,
		.argtypes = { INT8OID, INT8ARRAYOID, NUMERICARRAYOID }
	};
	Datum values[] = { Int64GetDatum(va_current_tenant()), va_array_of(holds, NULL, n, INT8OID),
		va_array_of(charges, NULL, n, NUMERICOID) };
	bool closed;

	(void) va_execute_by_index(&statement, values);
	*expired = va_result(0, 1);
	*voided = va_result(0, 2);
	closed = DatumGetBool(va_result(0, 3));
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
			"FROM voiceagent.credit_grants g WHERE g.tenant_id = $1 AND g.state = 'open' AND g.rest > 0.0) "
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
