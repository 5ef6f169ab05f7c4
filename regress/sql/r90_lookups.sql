-- What is asked about one number, lead or call reads a handful of rows, however many the tenant has: by plans made on
-- the statistics of a small tenant, and by generic and custom ones that know it large.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
\set ECHO all
SET plan_cache_mode = force_generic_plan;
SET jit = off;
-- Autovacuum would change what plans are made on while they are compared, at a moment of its own.
ALTER SYSTEM SET autovacuum = off;
SELECT pg_reload_conf();
DO $$
BEGIN
	FOR i IN 1 .. 3000 LOOP
		EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type LIKE 'autovacuum %');
		PERFORM pg_sleep(0.02), pg_stat_clear_snapshot();
	END LOOP;
END $$;
CREATE TABLE pg_temp.asked (round text, question text, tab text, reads bigint);
CREATE FUNCTION pg_temp.reads() RETURNS TABLE (tab text, reads bigint) LANGUAGE sql AS $$
	SELECT coalesce(inhparent, c.oid)::regclass::text, sum(pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid)
		+ (SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(i.indexrelid)), 0) FROM pg_index i WHERE i.indrelid = c.oid))::bigint
	FROM pg_class c LEFT JOIN pg_inherits ON inhrelid = c.oid
	WHERE c.relkind = 'r' AND c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) GROUP BY 1
$$;
-- One question in a transaction that is undone; a worker's as the worker, under the policies.
CREATE FUNCTION pg_temp.ask(round text, question text, statement text, as_worker boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tabs text[];
	v_reads bigint[];
BEGIN
	BEGIN
		SELECT array_agg(r.tab), array_agg(r.reads) INTO v_tabs, v_reads FROM pg_temp.reads() r;
		IF as_worker THEN
			SET LOCAL ROLE voiceagent_worker;
		END IF;
		EXECUTE statement;
		RESET ROLE;
		SELECT array_agg(r.tab), array_agg(r.reads - o.reads) INTO v_tabs, v_reads
		FROM pg_temp.reads() r JOIN unnest(v_tabs, v_reads) AS o(tab, reads) ON o.tab = r.tab;
		RAISE EXCEPTION USING ERRCODE = 'P0099';
	EXCEPTION WHEN SQLSTATE 'P0099' THEN
		RESET ROLE;
	END;
	INSERT INTO pg_temp.asked SELECT round, question, x.tab, x.reads FROM unnest(v_tabs, v_reads) AS x(tab, reads) WHERE x.reads > 0;
END
$$;
CREATE FUNCTION pg_temp.ask_all(tenant bigint, round text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_acting bigint := voiceagent_private.set_tenant(tenant);
	v_tenant bigint := tenant;
	v_lead bigint := (SELECT min(l.lead_id) + 7 FROM voiceagent.leads l WHERE l.tenant_id = v_tenant);
	v_phone text := (SELECT l.phone FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = v_lead);
	v_campaign bigint := (SELECT max(m.campaign_id) FROM voiceagent.campaign_numbers m WHERE m.tenant_id = v_tenant);
	v_account bigint := (SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a WHERE a.tenant_id = v_tenant);
	v_assistant bigint := (SELECT max(a.assistant_id) FROM voiceagent.assistants a WHERE a.tenant_id = v_tenant);
	v_call bigint := (SELECT min(c.call_id) + 5 FROM voiceagent.calls c WHERE c.tenant_id = v_tenant);
	v_number bigint := (SELECT min(n.phone_number_id) + 3 FROM voiceagent.phone_numbers n WHERE n.tenant_id = v_tenant);
	v_ours text := (SELECT n.phone_number FROM voiceagent.phone_numbers n WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number);
	v_endpoint bigint := (SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = v_tenant);
	v record;
BEGIN
	FOR v IN SELECT * FROM (VALUES
		-- the dialled number
		('messages_left', format('SELECT voiceagent_private.messages_left(%L, ''{UTC}'', voiceagent.clock(), %s)', v_phone, v_call), true),
		('explain_verdict', format('SELECT voiceagent_private.explain_verdict(v.campaign_id, %s, voiceagent.clock()) FROM voiceagent.campaign_leads v WHERE v.tenant_id = %s AND v.campaign_id = %s AND v.lead_id = %1$s', v_lead, v_tenant, v_campaign), false),
		('do_not_call_layers', format('SELECT * FROM voiceagent_private.do_not_call_layers(%s, %L, %s, true)', v_tenant, v_phone, v_campaign), true),
		('other_number', format('SELECT voiceagent_private.other_number(%s, %s, 1::smallint)', v_campaign, v_lead), true),
		('lost_call', format('SELECT * FROM voiceagent_private.lost_call(%s)', v_call), true),
		('lookup_candidates', format('INSERT INTO voiceagent_private.live_calls (tenant_id, call_id, attempt_id, campaign_id, lead_id, provider_account_id, provider, lease_until, reference, dialled_at, ends_by)
			SELECT a.tenant_id, a.call_id, a.attempt_id, %s, %s, a.provider_account_id, ''sandbox'', a.created_at, ''x'', a.created_at, a.created_at FROM voiceagent.attempts a WHERE a.tenant_id = %s AND a.call_id = %s;
			SELECT voiceagent_private.lookup_candidates(%4$s, ''0'', ''{x}'', ARRAY[%5$L], ARRAY[%6$L], ARRAY[voiceagent.clock()])', v_campaign, v_lead, v_tenant, v_call, v_phone, v_ours), true),
		('match_events', format('SELECT voiceagent_private.match_events(ARRAY[ROW(1, NULL, %s, jsonb_populate_record(NULL::voiceagent.call_event, %L))::voiceagent_private.read_event])',
			v_endpoint, jsonb_build_object('kind', 'cost', 'provider_call_id', 'theirs', 'to_number', v_phone)), true),
		('explain_lead', format('SELECT * FROM voiceagent.explain_lead(%s)', v_lead), false),
		('explain_call', format('SELECT * FROM voiceagent.explain_call(%s)', v_call), false),
		('preview_leads', format('SELECT voiceagent_private.preview_leads(v.campaign_id, ''{first_name}'', v.settings, true, voiceagent.clock()) FROM voiceagent.campaign_versions v WHERE v.tenant_id = %s AND v.campaign_id = %s', v_tenant, v_campaign), false),
		('campaign_progress', 'SELECT * FROM voiceagent.campaign_progress', false),
		('preview_request', format('SELECT * FROM voiceagent.preview_request(%s, %s)', v_campaign, v_lead), false),
		-- lists and leads, by number
		('do_not_call', format('SELECT voiceagent.do_not_call(%L, ''test'')', v_phone), false),
		('allow_call', format('SELECT voiceagent.do_not_call(%L, ''test''), voiceagent.allow_call(%1$L, ''test'')', v_phone), false),
		('campaign_do_not_call', format('SELECT voiceagent.campaign_do_not_call(%s, %L, ''test''), voiceagent.campaign_allow_call(%1$s, %2$L, ''test'')', v_campaign, v_phone), false),
		('do_not_call_status', format('SELECT * FROM voiceagent.do_not_call_status(%L, %s)', v_phone, v_campaign), false),
		('callable_hours', format('SELECT * FROM voiceagent.callable_hours(%L)', v_phone), false),
		('add_lead', 'SELECT voiceagent.add_lead(''+14155550199'')', false),
		('add_lead_number', format('SELECT voiceagent.add_lead_number(%s, ''+14155550198'')', v_lead), false),
		('update_lead', format('SELECT voiceagent.update_lead(%s, ''{"last_name": "Other"}'')', v_lead), false),
		('record_consent', format('SELECT voiceagent.record_consent(%s, ''call'', ''test''), voiceagent.revoke_consent(%1$s, ''call'')', v_lead), false),
		('register_own_number', 'SELECT voiceagent.register_own_number(''+14155550196'')', false),
		('export_lead', format('SELECT voiceagent.export_lead(%s)', v_lead), false),
		('erase_lead', format('SELECT voiceagent.erase_lead(%s)', v_lead), false),
		-- the tenant's own numbers
		('called_number', format('SELECT voiceagent_private.called_number(%s, %L)', v_account, v_ours), true),
		('answer_incoming', format('SELECT voiceagent_private.answer_incoming(%s, %L, %L)', v_account, v_phone, v_ours), true),
		('record_incoming', format('SELECT voiceagent_private.record_incoming(ARRAY[%s], ARRAY[jsonb_populate_record(NULL::voiceagent.call_event, %L)])', v_endpoint,
			jsonb_build_object('kind', 'incoming', 'provider_call_id', 'theirs', 'from_number', v_phone, 'to_number', v_ours)), false),
		('is_incoming', 'SELECT voiceagent_private.is_incoming(jsonb_populate_record(NULL::voiceagent.call_event, ''{"kind": "status", "provider_call_id": "theirs"}''))', true),
		('own_caller', format('SELECT * FROM voiceagent_private.own_caller(%s, %s, jsonb_build_object(''from_number'', %L))', v_tenant, v_account, v_ours), true),
		('own_caller by id', format('SELECT * FROM voiceagent_private.own_caller(%s, %s, ''{"phone_number_id": "theirs-3"}'')', v_tenant, v_account), true),
		('own_caller, primary', format('SELECT * FROM voiceagent_private.own_caller(%s, %s, ''{}'')', v_tenant, v_account), true),
		('account_turns', format('SELECT voiceagent_private.account_turns(ARRAY[%s]::bigint[], true, ''{}'', ''{}'', 20, voiceagent.clock())', v_campaign), true),
		('count_callers', format('SELECT * FROM voiceagent_private.count_callers(%s, %s, 5, voiceagent.clock())', v_campaign, v_account), true),
		('lacks_confirmation', format('SELECT voiceagent_private.lacks_confirmation(c.campaign_id) FROM voiceagent.campaigns c WHERE c.tenant_id = %s AND c.name = ''real''', v_tenant), true),
		('lacks_confirmation, test', format('SELECT voiceagent_private.lacks_confirmation(c.campaign_id) FROM voiceagent.campaigns c WHERE c.tenant_id = %s AND c.name = ''test''', v_tenant), true),
		('next_caller', format('SELECT * FROM voiceagent_private.next_caller(%s, %L, ''US-NY'', voiceagent.clock())', v_campaign, v_phone), true),
		('describe_number_use', format('SELECT voiceagent_private.describe_number_use(%s)', v_number), true),
		('get_phone_number', format('SELECT voiceagent.get_phone_number(%s)', v_number), false),
		('create_phone_number', format('SELECT voiceagent.create_phone_number(''+14155550195'', %s)', v_account), false),
		('update_phone_number', format('SELECT voiceagent.update_phone_number(%s, ''{"friendly_name": "x"}'')', v_number), false),
		('set_primary_number', format('SELECT voiceagent.set_primary_number(%s)', v_number), false),
		('mark_number_spam', format('SELECT voiceagent.mark_number_spam(%s)', v_number), false),
		('delete_phone_number', format('SELECT voiceagent.delete_phone_number(%s)', v_number), false),
		('set_campaign_numbers', format('SELECT voiceagent.set_campaign_numbers(%s, ARRAY[%s])', v_campaign, v_number), false),
		('pool by numbers', format('SELECT voiceagent.update_campaign(%s, ''{"phone_numbers": ["%s"]}'')', v_campaign, v_ours), false)
		) AS q(question, statement, as_worker)
	LOOP
		-- A member's statements are planned by statistics that know the tenant; a worker's must not need them.
		IF round <> 'generic' OR v.as_worker THEN
			PERFORM pg_temp.ask(ask_all.round, v.question, v.statement, v.as_worker);
		END IF;
	END LOOP;
END
$$;
-- So many more of everything that has a number in it.
CREATE FUNCTION pg_temp.grow(tenant bigint, prefix text, n integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_acting bigint := voiceagent_private.set_tenant(tenant);
	v_tenant bigint := tenant;
	v_now timestamptz := voiceagent.clock();
	v_leads bigint[] := pg_temp.leads(prefix, n);
	v_campaign bigint := pg_temp.start(prefix, '{}');
	v_calls bigint;
BEGIN
	INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, status, added_at)
	SELECT v_tenant, c.campaign_id, i, 'completed', v_now FROM unnest(v_leads) i, voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND (c.campaign_id = v_campaign OR c.name = 'real');
	v_calls := nextval('voiceagent.calls_call_id_seq');
	INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version,
		provider_account_id, attempt_number, status, outcome, credits, started_at, ended_at, message_left_at)
	SELECT v_tenant, v_campaign, l.lead_id, l.phone, c.assistant_id, 1, 1, c.provider_account_id, 1, 'completed', 'completed', 0, v_now, v_now, v_now
	FROM voiceagent.campaigns c JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = ANY (v_leads) WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign;
	INSERT INTO voiceagent.credit_holds (tenant_id, call_id, amount, charged, state, created_at, ended_at)
	SELECT v_tenant, c.call_id, 1, NULL, 'voided', v_now, v_now FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id > v_calls;
	INSERT INTO voiceagent.phone_numbers (tenant_id, phone_number, provider_account_id, provider_number_id, state, proof, timezone, greeting_message, created_at)
	SELECT v_tenant, replace(prefix, '+12', '+13') || lpad(i::text, 6, '0'), c.provider_account_id, 'theirs-' || i || prefix, 'ready', 'tenant', 'UTC', 'Hello', v_now
	FROM generate_series(1, n) i, voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign;
	INSERT INTO voiceagent.attempts (tenant_id, call_id, provider_account_id, reference, state, provider_call_id, created_at, window_opens_at,
		window_closes_at, timezones, layers, attempt_number, attempt_limit, live_calls, call_limit, hold_id, phone_number_id)
	SELECT v_tenant, c.call_id, c.provider_account_id, 'old-' || c.call_id, 'accepted', 'old-' || c.call_id, v_now, v_now,
		v_now + interval '1 hour', '{UTC}', 15, 1, 1, 0, 1, h.hold_id, m.first + c.call_id - v_calls - 1
	FROM voiceagent.calls c JOIN voiceagent.credit_holds h USING (tenant_id, call_id),
		(SELECT max(p.phone_number_id) - n + 1 AS first FROM voiceagent.phone_numbers p WHERE p.tenant_id = v_tenant) m
	WHERE c.tenant_id = v_tenant AND c.call_id > v_calls;
	INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, phone_number_id, from_number, to_number, started_at, ended_at)
	SELECT v_tenant, a.provider_account_id, 'in-' || a.call_id, a.phone_number_id, c.phone, prefix, v_now, v_now
	FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE a.tenant_id = v_tenant AND a.call_id > v_calls;
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
	SELECT v_tenant, l.lead_id, l.phone, 'call', 'test', v_now FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (v_leads);
	INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, country, timezones)
	SELECT v_tenant, l.lead_id, 2, replace(l.phone, '+12', '+14'), 'US', '{UTC}' FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (v_leads);
	INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, source, created_at)
	SELECT v_tenant, replace(prefix, '+12', '+16') || lpad(i::text, 6, '0'), 'old', 'manual', v_now FROM generate_series(1, n) i;
	INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at)
	SELECT v_tenant, v_campaign, replace(prefix, '+12', '+16') || lpad(i::text, 6, '0'), 'old', v_now FROM generate_series(1, n) i;
END
$$;
SELECT pg_temp.tenant('r90 lookups', 1000000) AS tenant \gset
SELECT pg_temp.grow(:tenant, '+12012', 20);
-- A confirmed campaign on a real carrier, in which all leads are to be, and one of test calls.
WITH account AS (
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
	VALUES (:tenant, 'vapi', 'real', 'https://carrier.example', '{}', 10, now()) RETURNING provider_account_id
), made AS (
	INSERT INTO voiceagent.campaigns (tenant_id, name, type, assistant_id, provider_account_id, created_at)
	SELECT :tenant, t.name, t.type, (SELECT min(a.assistant_id) FROM voiceagent.assistants a WHERE a.tenant_id = :tenant), o.provider_account_id, now()
	FROM account o, (VALUES ('real', 'sales'), ('test', 'test')) AS t(name, type) RETURNING campaign_id, provider_account_id
)
INSERT INTO voiceagent.campaign_confirmations (tenant_id, campaign_id, provider_account_id, people, leads, confirmed_by, confirmed_at)
SELECT :tenant, m.campaign_id, m.provider_account_id, 10000, 10000, 'test', now() FROM made m;
INSERT INTO voiceagent_private.pacing (tenant_id, campaign_id) SELECT c.tenant_id, c.campaign_id FROM voiceagent.campaigns c WHERE c.tenant_id = :tenant AND c.name IN ('real', 'test');
INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, status, added_at)
SELECT l.tenant_id, c.campaign_id, l.lead_id, 'completed', now() FROM voiceagent.leads l, voiceagent.campaigns c
WHERE l.tenant_id = :tenant AND c.tenant_id = :tenant AND c.name = 'test' LIMIT 2;
UPDATE voiceagent.phone_numbers SET is_primary = true WHERE phone_number_id = (SELECT min(phone_number_id) FROM voiceagent.phone_numbers WHERE tenant_id = :tenant);
-- The latest campaign has a pool of ten of them, and one call is live that the carrier may not have taken.
SELECT pg_temp.grow(:tenant, '+12022', 20);
INSERT INTO voiceagent.campaign_numbers (tenant_id, campaign_id, phone_number_id)
SELECT n.tenant_id, (SELECT max(c.campaign_id) FROM voiceagent.campaigns c WHERE c.tenant_id = :tenant), n.phone_number_id
FROM voiceagent.phone_numbers n WHERE n.tenant_id = :tenant ORDER BY n.phone_number_id DESC LIMIT 10;
-- The plans are made for one tenant of many, most of which have a few rows.
DO $$ BEGIN EXECUTE (SELECT string_agg(format('ALTER TABLE voiceagent.%I ALTER tenant_id SET (n_distinct = -1); ANALYZE voiceagent.%1$I', t), ';')
	FROM unnest('{leads,calls,call_inbound,texts,lead_numbers,consents,attempts,do_not_call_list,number_facts,blocked_callers}'::text[]) t); END $$;
SELECT pg_temp.ask_all(:tenant, 'first');
SELECT pg_temp.ask_all(:tenant, 'few');
-- A caller costs no look at all that the tenant has even then: a plan may last until the next ANALYZE.
SELECT question, tab, reads FROM pg_temp.asked WHERE round = 'few' AND question ~ 'incoming' AND tab IN ('voiceagent.calls', 'voiceagent.lead_numbers') AND reads >= 20;
-- Every question was answered, and is counted.
SELECT count(DISTINCT question) AS questions, count(*) > 0 AS counted FROM pg_temp.asked WHERE round = 'few';

-- Much more of all.
SELECT pg_temp.grow(:tenant, '+12052', 5000);
-- The inbox is nearly always empty; what was read are rows that are gone and that no vacuum has removed yet.
INSERT INTO voiceagent_private.inbox (tenant_id, webhook_id, month_slot, body_bytes, next_try_at) SELECT :tenant, -i, 0, 1, voiceagent.clock() FROM generate_series(1, 1000) i;
DELETE FROM voiceagent_private.inbox WHERE tenant_id = :tenant;
-- What must always hold is asked of all at once: no part of it row by row, whatever the planner takes the tenant for.
CREATE FUNCTION pg_temp.repeated_parts(tenant bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v_check text;
	v_setting text;
	v_line text;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	FOREACH v_setting IN ARRAY (SELECT p.proconfig FROM pg_proc p WHERE p.oid = 'voiceagent.invariants'::regproc) LOOP
		PERFORM set_config(split_part(v_setting, '=', 1), split_part(v_setting, '=', 2), true);
	END LOOP;
	FOR v_check IN SELECT format('voiceagent_private.%I(%s)', c.name, CASE WHEN c.detail IS NOT NULL THEN '0, 9223372036854775807' END)
		FROM voiceagent_private.registrations c WHERE c.kind = 'invariant' AND c.detail IS DISTINCT FROM 'platform' ORDER BY c.name
	LOOP
		FOR v_line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) SELECT * FROM ' || v_check LOOP
			-- What is one row or two costs nothing to look at again.
			IF (regexp_match(v_line, 'loops=(\d+)'))[1]::bigint > 100 AND v_line !~ 'Values Scan|CTE Scan on zone' THEN
				RETURN NEXT v_line;
			END IF;
		END LOOP;
	END LOOP;
END
$$;
BEGIN;
SELECT * FROM pg_temp.repeated_parts(:tenant);
ROLLBACK;
DISCARD PLANS;
SELECT pg_temp.ask_all(:tenant, 'generic');
DO $$ BEGIN EXECUTE (SELECT string_agg(format('ALTER TABLE %s ALTER %I RESET (n_distinct)', a.attrelid::regclass, a.attname), ';')
	FROM pg_attribute a WHERE a.attoptions::text ~ 'n_distinct'); END $$;
ANALYZE;
DISCARD PLANS;
SELECT pg_temp.ask_all(:tenant, 'analysed');
SET plan_cache_mode = force_custom_plan;
DISCARD PLANS;
SELECT pg_temp.ask_all(:tenant, 'custom');
-- More than half as much again, and more than a few: nothing. (Settings and the law's rules are tables of a fixed size;
-- tenants and campaigns are no more than before, but what other tests have left: a plan may well read so few whole, and
-- so few of what there is one of for each campaign.)
SELECT m.round, m.question, m.tab, f.reads AS of_few, m.reads AS of_many
FROM pg_temp.asked m LEFT JOIN pg_temp.asked f ON f.round = 'few' AND f.question = m.question AND f.tab = m.tab
WHERE m.round NOT IN ('first', 'few') AND m.reads > 1.5 * coalesce(f.reads, 0) + 100 + (SELECT count(*) FROM voiceagent.campaigns) AND m.tab NOT IN ('voiceagent_private.setting_definitions', 'voiceagent_private.law_rules',
	'voiceagent.tenants', 'voiceagent.campaigns')
ORDER BY 1, 2, 3;
RESET plan_cache_mode;
RESET jit;
ALTER SYSTEM RESET autovacuum;
SELECT pg_reload_conf();
-- Gone again: other tests look at everything.
UPDATE voiceagent.campaigns SET status = 'completed' WHERE tenant_id = :tenant;
UPDATE voiceagent_private.lanes SET next_due = 'infinity' WHERE tenant_id = :tenant;
