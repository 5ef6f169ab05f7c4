-- The case file of a number, but for its signature (t/952_case_file); a legal hold keeps what was said from retention, in steps and by
-- months, and an erasure waits for its end and says so.
\set VERBOSITY terse
\set ON_ERROR_STOP off
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.now() RETURNS text LANGUAGE sql AS $$ SELECT to_char(voiceagent.clock() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
CREATE FUNCTION pg_temp.on_day(days integer) RETURNS void LANGUAGE sql AS $$ SELECT set_config('voiceagent.clock_offset', (days * 86400)::text, true) $$;
CREATE FUNCTION pg_temp.retain(tenant bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_class text;
	v_upto bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	FOR v_class IN SELECT c FROM (SELECT class FROM voiceagent_private.retention_classes UNION ALL VALUES ('turns')) x(c) ORDER BY c DESC LOOP
		v_upto := 0;
		FOR i IN 1..10 LOOP
			v_upto := (voiceagent_private.retain_class(v_class, v_upto, voiceagent.clock(), 100)).upto;
		END LOOP;
	END LOOP;
END $$;
-- What a file says of the words of each of its calls.
CREATE FUNCTION pg_temp.words(number text) RETURNS TABLE (part text, turns integer, events boolean) LANGUAGE sql AS $$
	SELECT 'call ' || row_number() OVER (), coalesce(jsonb_array_length(nullif(p.content -> 'turns', 'null')), 0), p.content -> 'events' <> 'null'
	FROM (SELECT x.content::jsonb AS content FROM voiceagent_private.case_parts('+1212555' || number) WITH ORDINALITY AS x WHERE x.name LIKE '%call %' ORDER BY x.ordinality) p
$$;
BEGIN;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
SELECT pg_temp.begin_calls('Sued', ARRAY['2001', '2002']) AS tenant \gset
SELECT l.lead_id AS lead FROM voiceagent.leads l WHERE l.tenant_id = :tenant AND l.phone = '+12125552001' \gset
SELECT voiceagent.record_consent(:lead, 'call', 'a form', 'Yes, call me.') > 0 AS consented;
SELECT count(voiceagent.set_setting('retention_' || c, d)) AS set FROM (VALUES ('transcripts', '20 days'), ('events', '30 days'), ('calls', '40 days'), ('webhooks', '10 days')) s(c, d);
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"do_not_call": true}', pg_temp.now()),
	pg_temp.webhook('2002', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent_private.apply_inbox(10);
-- the parts, and what they have to say
SELECT CASE WHEN p.name ~ 'call \d+$' THEN regexp_replace(p.name, ' \d+', '') ELSE p.name END AS part, x.key, CASE jsonb_typeof(x.value) WHEN 'array' THEN jsonb_array_length(x.value) END AS rows
FROM voiceagent_private.case_parts('+12125552001') WITH ORDINALITY AS p,
	LATERAL jsonb_each(CASE jsonb_typeof(p.content::jsonb) WHEN 'object' THEN p.content::jsonb ELSE jsonb_build_object(p.name, p.content::jsonb) END) x
WHERE p.name <> 'about' ORDER BY p.ordinality, x.key;
SELECT p.content::jsonb - '{made_at,tenant_id,law_version}'::text[] AS about FROM voiceagent_private.case_parts('+12125552001') p WHERE p.name = 'about';
-- a stranger's number has a file, too: nothing is known
SELECT p.content::jsonb ->> 'calls' AS calls FROM voiceagent_private.case_parts('+12125552999') p WHERE p.name = 'about';
-- the law of the day, of a dial that was under it
SELECT r ->> 'rule' AS rule, r ->> 'place' AS place, (r ->> 'source') IS NOT NULL AS sourced
FROM voiceagent.eligibility e, LATERAL (SELECT e) p(proof), LATERAL (SELECT jsonb_populate_record(e, '{"lawful": true, "jurisdiction": "US-FL"}') AS proof) q, jsonb_array_elements(voiceagent_private.law_of_proof(q.proof)) r
WHERE e.tenant_id = :tenant AND r ->> 'rule' IN ('hours', 'calls_per_24h', 'require_consent') GROUP BY 1, 2, 3 ORDER BY 1, 2;
-- held: only whoever answers for the tenant may
SAVEPOINT refused;
SELECT voiceagent.place_legal_hold('+12125552001', ' ');
ROLLBACK TO refused;
SELECT voiceagent.lift_legal_hold('+12125552001', 'none');
ROLLBACK TO refused;
SELECT voiceagent.place_legal_hold('212 555 2001', 'Smith v. Sued, letter of 3 March');
SELECT voiceagent.place_legal_hold('+12125552001', 'again');
ROLLBACK TO refused;
SELECT voiceagent.place_legal_hold('212 555 2001', 'Smith v. Sued, letter of 3 March');
-- a number of numbers
SELECT count(*) AS held FROM generate_series(3001, 3099) n, LATERAL voiceagent.place_legal_hold('+1212555' || n, 'one of many');
SELECT voiceagent.place_legal_hold('+12125553100', 'one too many');
ROLLBACK TO refused;
SELECT voiceagent.place_legal_hold('212 555 2001', 'Smith v. Sued, letter of 3 March');
-- a day later a step of retention comes first, then the words end, then the events, then the call itself
SELECT count(*) AS kept_at_once FROM voiceagent_private.held_parts WHERE tenant_id = :tenant;
SELECT pg_temp.on_day(25);
SELECT pg_temp.retain(:tenant);
SELECT count(*) AS kept FROM voiceagent_private.held_parts WHERE tenant_id = :tenant;
SELECT count(*) AS turns FROM voiceagent.call_turns WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.words('2001');
SELECT * FROM pg_temp.words('2002');
SELECT pg_temp.on_day(45);
SELECT pg_temp.retain(:tenant);
SELECT count(*) AS calls FROM voiceagent.calls WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.words('2001');
SELECT * FROM pg_temp.words('2002');
-- whoever is to be forgotten waits, out of the queues, and is told what for
SELECT r ->> 'status' AS status, r ->> 'waits_for' AS waits_for FROM voiceagent.erase_lead(:lead, 'asked by letter') r;
SAVEPOINT twice;
\set VERBOSITY sqlstate
SELECT voiceagent.erase_lead(:lead);
\set VERBOSITY terse
ROLLBACK TO twice;
SELECT voiceagent_private.finish_erasures(1) > voiceagent.clock() + interval '23 hours' AS "looked at once a day";
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT count(*) AS still_there FROM voiceagent.leads WHERE tenant_id = :tenant AND lead_id = :lead;
-- and goes when the hold ends, as does what only the hold kept
SELECT voiceagent.lift_legal_hold('+12125552001', 'settled');
SELECT count(*) AS kept FROM voiceagent_private.held_parts WHERE tenant_id = :tenant;
SELECT voiceagent_private.finish_erasures(1) > voiceagent.clock() AS done;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT r ->> 'status' AS status, r ? 'waits_for' AS waits, r ->> 'digest' = encode(sha256(convert_to((r - 'digest')::text, 'UTF8')), 'hex') AS whole
FROM (SELECT voiceagent.erasure_receipt(erasure_id) AS r FROM voiceagent.erasures WHERE tenant_id = :tenant) x;
SELECT action, object FROM voiceagent.audit_log WHERE tenant_id = :tenant AND action ~ 'legal_hold' ORDER BY audit_id;
ROLLBACK;
-- a month that ends for all tenants at once, while no step of retention came round
BEGIN;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
SELECT pg_temp.begin_calls('Sued by the month', ARRAY['2001']) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90, '{"interest": "high"}', pg_temp.now()));
SELECT voiceagent_private.apply_inbox(10);
SELECT voiceagent.place_legal_hold('212 555 2001', 'a claim');
SELECT pg_temp.on_day(430);
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS platform;
DO $$
BEGIN
	FOR i IN 1..200 LOOP
		EXIT WHEN voiceagent_private.empty_months(1000) > voiceagent.clock();
	END LOOP;
END $$;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS back;
SELECT count(*) AS turns FROM voiceagent.call_turns WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.words('2001');
ROLLBACK;
