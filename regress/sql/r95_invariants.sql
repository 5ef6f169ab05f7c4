-- invariants() finds what is broken on purpose, each in a transaction that is rolled back; it is empty otherwise.
\set ECHO none
\i lib/inbox_setup.inc
-- What the keeper finds, in ranges of so few rows that each table has several, for one tenant and the platform.
CREATE FUNCTION pg_temp.keeper_finds(tenant bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v_was bigint;
BEGIN
	PERFORM voiceagent.check_invariants(tenant);
	INSERT INTO voiceagent_private.invariant_marks (tenant_id, next_at, requested) VALUES (0, 'infinity', true)
	ON CONFLICT (tenant_id) DO UPDATE SET requested = true;
	v_was := voiceagent_private.set_tenant(0);
	FOR i IN 1 .. 1000 LOOP
		PERFORM voiceagent_private.check_rules(2);
		EXIT WHEN NOT EXISTS (SELECT FROM voiceagent_private.invariant_marks m WHERE m.requested OR m.began_at IS NOT NULL);
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN QUERY SELECT r.invariant || CASE WHEN r.violations IS NULL THEN ': ' || r.sample ELSE '' END FROM voiceagent.invariant_report() r ORDER BY 1;
END
$$;
-- Breaks something as the server's owner, past constraints and policies, and asks; without the ids.
CREATE FUNCTION pg_temp.breaks(what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL session_replication_role = replica;
	EXECUTE what;
	SET LOCAL session_replication_role = origin;
	RETURN QUERY SELECT DISTINCT i.invariant FROM voiceagent.invariants() i ORDER BY 1;
	RETURN QUERY SELECT 'the keeper finds: ' || string_agg(k, ', ') FROM pg_temp.keeper_finds(voiceagent.current_tenant()) k
	HAVING array_agg(k) IS DISTINCT FROM (SELECT array_agg(DISTINCT i.invariant ORDER BY i.invariant) FROM voiceagent.invariants() i);
	RAISE EXCEPTION USING ERRCODE = 'ZZ001';
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
	RETURN;
END
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Invariants', ARRAY['6001', '6002', '6003', '6004']) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.webhook('6001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:00"}}'),
	pg_temp.webhook('6002', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "11:00"}}'),
	pg_temp.webhook('6003', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM voiceagent.invariants();
-- money
SELECT pg_temp.breaks('UPDATE voiceagent.ledgers SET available = available + 1 WHERE tenant_id = ' || :tenant);
SELECT pg_temp.breaks('UPDATE voiceagent.credit_holds SET state = ''voided'', ended_at = now() WHERE state = ''held'' AND tenant_id = ' || :tenant);
-- slots and calls
SELECT pg_temp.breaks('DELETE FROM voiceagent_private.live_calls WHERE tenant_id = ' || :tenant);
SELECT pg_temp.breaks('DELETE FROM voiceagent_private.call_queue WHERE tenant_id = ' || :tenant);
SELECT pg_temp.breaks('UPDATE voiceagent.campaign_leads SET attempts = 99 WHERE tenant_id = ' || :tenant);
SELECT pg_temp.breaks('DELETE FROM voiceagent.attempts WHERE tenant_id = ' || :tenant);
SELECT pg_temp.breaks('UPDATE voiceagent.calls SET campaign_version = 99 WHERE tenant_id = ' || :tenant);
SELECT pg_temp.breaks('UPDATE voiceagent.attempts SET hold_id = hold_id + 1000000 WHERE tenant_id = ' || :tenant);
-- campaigns
SELECT pg_temp.breaks('UPDATE voiceagent_private.pacing SET suspended = ''out of credits'', next_dial_at = ''infinity'' WHERE tenant_id = ' || :tenant);
SELECT pg_temp.breaks(format('DELETE FROM voiceagent_private.call_queue WHERE tenant_id = %1$s; UPDATE voiceagent.campaign_leads SET status = ''pending'' WHERE status = ''retry'' AND tenant_id = %1$s;
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, lead_id) SELECT tenant_id, 0, voiceagent.clock(), ''lead_followed_up'', campaign_id, lead_id
	FROM voiceagent.campaign_leads WHERE status = ''pending'' AND tenant_id = %1$s', :tenant));
SELECT pg_temp.breaks(format('DELETE FROM voiceagent_private.call_queue WHERE tenant_id = %1$s; UPDATE voiceagent.campaign_leads SET status = ''pending'' WHERE status = ''retry'' AND tenant_id = %1$s', :tenant));
-- what was counted, and what is
SELECT pg_temp.breaks('UPDATE voiceagent.campaign_counters SET waiting_leads = waiting_leads + 1, completed_leads = completed_leads - 1 WHERE tenant_id = ' || :tenant);
SELECT pg_temp.breaks('UPDATE voiceagent.campaign_counters SET talk_seconds = talk_seconds + 0.001 WHERE tenant_id = ' || :tenant);
SELECT pg_temp.breaks('DELETE FROM voiceagent.campaign_counters WHERE tenant_id = ' || :tenant);
SELECT pg_temp.breaks('ALTER TABLE voiceagent.calls DISABLE TRIGGER count_update; UPDATE voiceagent.calls SET machine = ''ivr'', cost = 1, cost_currency = ''USD'' WHERE credits > 0 AND tenant_id = ' || :tenant);
-- the calendar
SELECT pg_temp.breaks('ALTER TABLE voiceagent.appointments DROP CONSTRAINT no_overlap; UPDATE voiceagent.appointments SET starts_at = ''2026-11-23 15:00+00'', ends_at = ''2026-11-23 15:30+00'' WHERE tenant_id = ' || :tenant);
-- isolation
SELECT pg_temp.breaks('ALTER TABLE voiceagent.leads NO FORCE ROW LEVEL SECURITY');
SELECT pg_temp.breaks('ALTER ROLE voiceagent_user BYPASSRLS');
SELECT * FROM voiceagent.invariants();
COMMIT;
-- the report: how often, a sample, what health() says; what holds again is gone; a check that fails says why, and stops no other
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS was \gset
CREATE TEMP TABLE kept_attempts ON COMMIT DROP AS SELECT to_jsonb(a) AS a FROM voiceagent.attempts a WHERE tenant_id = :tenant;
SET LOCAL session_replication_role = replica;
DELETE FROM voiceagent.attempts WHERE tenant_id = :tenant;
SET LOCAL session_replication_role = origin;
SELECT * FROM pg_temp.keeper_finds(:tenant);
SELECT voiceagent_private.set_tenant(0) AS was \gset
SELECT r.tenant_id = :tenant AS own, r.invariant, r.violations, regexp_replace(r.sample, '\d+', 'N', 'g') AS sample FROM voiceagent.invariant_report() r;
SELECT regexp_replace(p, '\d+', 'N', 'g') FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%invariant%';
SELECT regexp_replace(s.state, '\d+', 'N', 'g') AS state, s.last_error IS NOT NULL AS broken FROM voiceagent.status() s WHERE s.component = 'invariants';
CREATE OR REPLACE FUNCTION voiceagent_private.check_kept() RETURNS TABLE (invariant text, detail text) LANGUAGE sql STABLE AS $$
	SELECT 'a rule', (1 / (SELECT count(*) - count(*) FROM voiceagent.tenants))::text UNION ALL
	  SELECT 'a rule that the text does not show', 'as it stands' $$;
INSERT INTO voiceagent.attempts OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::voiceagent.attempts, a)).* FROM pg_temp.kept_attempts k(a);
SELECT * FROM pg_temp.keeper_finds(:tenant);
ROLLBACK;
SELECT voiceagent.check_invariants(0);
SELECT voiceagent.check_invariants(9999999);
SET ROLE voiceagent_user;
SELECT voiceagent.check_invariants();
SELECT * FROM voiceagent.invariant_report();
RESET ROLE;
-- the machinery itself, as it is here: no worker runs beside these tests
SELECT component, state = 'stopped' AS stopped FROM voiceagent.status() WHERE component NOT IN ('real carriers', 'carrier accounts', 'problem') AND component NOT LIKE 'carrier account %' ORDER BY 1;
SELECT voiceagent.health() - '{checked_at,problems,time_zones}'::text[] AS health, jsonb_array_length(voiceagent.health() -> 'problems') >= 2 AS says_why;
