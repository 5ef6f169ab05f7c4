-- Tenants in turn: one that floods the queue never delays another's single lead.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r50 flood') AS flood \gset
SELECT pg_temp.start('flood', pg_temp.leads('+1202555', 3000)) > 0 AS started;
SELECT pg_temp.tenant('r50 single') AS single \gset
SELECT pg_temp.start('single', pg_temp.leads('+1202555', 1)) > 0 AS started;
SELECT pg_temp.tenant('r50 third') AS third \gset
SELECT pg_temp.start('third', pg_temp.leads('+1202555', 1)) > 0 AS started;
CREATE FUNCTION pg_temp.round(after bigint, max_tenants integer) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(s.name, ', ' ORDER BY nth) FROM voiceagent_private.ready_tenants(after, max_tenants) WITH ORDINALITY AS r(tenant_id, nth)
	JOIN (SELECT tenant_id, (SELECT act.name FROM (SELECT voiceagent_private.set_tenant(d.tenant_id)) x,
			LATERAL (SELECT t.name FROM voiceagent.tenants t WHERE t.tenant_id = d.tenant_id) act) AS name
		  FROM voiceagent_private.tenant_directory d) s USING (tenant_id)
	WHERE s.name LIKE 'r50%'
$$;
-- The tenant that was served last comes last.
SELECT pg_temp.round(0, 100), pg_temp.round(:flood, 100), pg_temp.round(:third, 100);
SELECT pg_temp.round(:flood, 1) AS next_in_turn;
-- The flooding tenant at its cap stays in the list and takes nothing from the others.
SELECT voiceagent_private.set_tenant(:flood) IS NOT NULL AS acting;
SELECT array_length(string_to_array(pg_temp.claim(1000), ' '), 1) AS flood, pg_temp.claim(1000) AS at_its_cap;
-- It is passed over until one of its calls ends; nobody is who has nothing due or no call that could end.
SELECT voiceagent_private.live_at_caps() > 0 AS full;
SELECT voiceagent_private.set_tenant(:third) IS NOT NULL AS acting;
SELECT voiceagent_private.live_at_caps() AS due_and_none_live;
SELECT voiceagent_private.set_tenant(:single) IS NOT NULL AS acting;
SELECT pg_temp.claim(1000) AS single;
SELECT voiceagent_private.live_at_caps() AS live_and_none_due;
SELECT pg_temp.round(:single, 100);

-- With thousands of ready lanes the turns are the same, by another plan.
SELECT voiceagent_private.set_tenant(:flood) IS NOT NULL AS acting;
INSERT INTO voiceagent_private.lanes (tenant_id, campaign_id, timezones, region, running, opens_at, closes_at, next_due)
SELECT tenant_id, campaign_id, timezones, i, true, opens_at, closes_at, next_due
FROM voiceagent_private.lanes, generate_series(1, 2500) i WHERE tenant_id = :flood AND region = '';
SELECT pg_temp.round(0, 100), pg_temp.round(:flood, 100), pg_temp.round(:third, 100), pg_temp.round(:flood, 1);

-- Room for one call at a time: the campaigns of a tenant share it, and none waits until another has no lead left.
SELECT pg_temp.tenant('r50 shares') AS shares \gset
SELECT pg_temp.start('one', pg_temp.leads('+1202555', 20)) > 0 AS started, pg_temp.start('two', pg_temp.leads('+1212555', 20)) > 0 AS started;
SELECT count(*) FROM (SELECT pg_temp.claim(1) FROM generate_series(1, 12)) x;
SELECT g.name, count(*) FROM voiceagent.calls c JOIN voiceagent.campaigns g USING (tenant_id, campaign_id) WHERE c.tenant_id = :shares GROUP BY 1 ORDER BY 1;
ROLLBACK;
