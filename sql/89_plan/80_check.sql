-- 89_plan: what must hold.

CREATE FUNCTION voiceagent_private.check_plans() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	WITH contracts AS (
		SELECT c.* FROM voiceagent.plan_contracts c WHERE c.tenant_id = voiceagent.current_tenant()
	), periods AS (
		SELECT p.* FROM voiceagent.plan_periods p WHERE p.tenant_id = voiceagent.current_tenant()
	)
	SELECT 'a period that is not paid gave no credits', format('contract %s, %s', p.contract_id, p.starts_at)
	FROM periods p WHERE p.state <> 'paid' AND p.grant_id IS NOT NULL
	UNION ALL
	SELECT 'allocations are those of periods and upgrades', format('grant %s is of two periods', p.grant_id)
	FROM periods p WHERE p.grant_id IS NOT NULL GROUP BY p.grant_id HAVING count(*) > 1
	UNION ALL
	SELECT 'the grant of a period is an allocation until its end', format('contract %s, %s', p.contract_id, p.starts_at)
	FROM periods p
	WHERE p.grant_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.credit_grants g WHERE g.tenant_id = p.tenant_id
		AND g.grant_id = p.grant_id AND g.source = 'allocation' AND g.expires_at = p.ends_at)
	UNION ALL
	SELECT 'grants of periods are what was paid or tried', format('%s: periods gave %s, grants have %s', u.unit,
		p.total, g.total)
	FROM (VALUES ('credits'), ('minutes')) AS u(unit)
	CROSS JOIN LATERAL (SELECT coalesce(sum(CASE u.unit WHEN 'credits' THEN o.granted ELSE o.minutes_granted END), 0)
		AS total FROM periods o) p
	CROSS JOIN LATERAL (SELECT coalesce(sum(o.credits), 0) AS total FROM voiceagent.credit_grants o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.source = 'allocation' AND o.unit = u.unit) g
	WHERE p.total <> g.total
	UNION ALL
	SELECT 'a contract that goes on is looked at', format('contract %s is %s', c.contract_id, c.state)
	FROM contracts c
	WHERE c.state NOT IN ('ended', 'incomplete') AND NOT EXISTS (SELECT FROM voiceagent_private.plan_turns t
		WHERE t.tenant_id = c.tenant_id AND t.contract_id = c.contract_id)
$$;
COMMENT ON FUNCTION voiceagent_private.check_plans() IS 'Errors in the current tenant''s plan; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_plans');
