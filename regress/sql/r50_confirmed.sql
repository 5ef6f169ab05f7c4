-- On a real carrier nobody is dialled whom no person has confirmed, whatever brought the lead into the campaign or lets it go on.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET voiceagent.public_base_url = 'https://calls.example.com';
\set ECHO none
\i sql/r50_setup.inc
CREATE FUNCTION pg_temp.carrier() RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent.set_setting('caller_name', 'Acme');
	SELECT voiceagent.create_assistant('Ann', 'Hello', 'Be kind.');
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, armed_at, created_at)
	VALUES (voiceagent.current_tenant(), 'vapi', 'real', 'https://carrier.example', '{"phone_number_id": "1"}', 100, voiceagent.clock(), voiceagent.clock())
	RETURNING provider_account_id $$;
CREATE FUNCTION pg_temp.campaign(name text, lead_ids bigint[], account bigint DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_campaign bigint := voiceagent.create_campaign(name, (SELECT min(assistant_id) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant()),
		settings => '{"call_interval": 0, "max_concurrent_calls": 100, "require_consent": false, "calling_hours": {"start": "00:00", "end": "24:00",
			"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}'::jsonb
			|| CASE WHEN account IS NULL THEN '{}' ELSE jsonb_build_object('provider_account_id', account) END);
BEGIN
	PERFORM voiceagent.add_leads(v_campaign, lead_ids);
	RETURN v_campaign;
END $$;
-- Starts a campaign on the carrier, confirmed for those that it has.
CREATE FUNCTION pg_temp.confirmed(name text, lead_ids bigint[], account bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_campaign bigint := pg_temp.campaign(name, lead_ids, account);
BEGIN
	PERFORM voiceagent.confirm_campaign(v_campaign, 'call ' || cardinality(lead_ids) || ' people'), voiceagent.start_campaign(v_campaign);
	RETURN v_campaign;
END $$;
-- A lead that may be dialled at some hour may be at this one, and has agreed to be.
CREATE FUNCTION pg_temp.dialled() RETURNS text LANGUAGE sql AS $$
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
	SELECT l.tenant_id, l.lead_id, l.phone, 'call', 'test', voiceagent.clock() FROM voiceagent.leads l
	WHERE l.tenant_id = voiceagent.current_tenant() AND NOT EXISTS (SELECT FROM voiceagent.consents s WHERE s.tenant_id = l.tenant_id AND s.lead_id = l.lead_id);
	UPDATE voiceagent_private.lanes SET opens_at = '-infinity', closes_at = 'infinity' WHERE tenant_id = voiceagent.current_tenant();
	SELECT pg_temp.claim(1000, true) $$;
-- The live calls of a campaign end, and its leads are done with it.
CREATE FUNCTION pg_temp.ended(campaign bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.end_calls(ARRAY(SELECT call_id FROM voiceagent_private.live_calls WHERE campaign_id = campaign));
	UPDATE voiceagent.campaign_leads m SET status = 'failed', last_outcome = 'no_answer'
	WHERE m.campaign_id = campaign AND m.status IN ('calling', 'pending');
	PERFORM voiceagent_private.lock_follow_ups(ARRAY[campaign]);
	PERFORM voiceagent_private.follow_up(campaign, ARRAY(SELECT m.lead_id FROM voiceagent.campaign_leads m WHERE m.campaign_id = campaign AND m.status = 'failed'));
	PERFORM voiceagent_private.complete_campaigns(ARRAY[campaign]);
END $$;
CREATE FUNCTION pg_temp.stands(campaign bigint) RETURNS TABLE (status text, reason text, held text, waiting bigint) LANGUAGE sql AS $$
	SELECT c.status, c.status_reason, p.suspended, (SELECT count(*) FROM voiceagent_private.call_queue q WHERE q.campaign_id = campaign)
	FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id) WHERE c.campaign_id = campaign $$;
CREATE FUNCTION pg_temp.try(statement text) RETURNS TABLE (code text, message text, hint text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement INTO message;
	code := 'ok';
	RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
	RETURN NEXT;
END $$;
-- A campaign of the sandbox leads nobody to one of a real carrier: this one was of the carrier all the time.
CREATE FUNCTION pg_temp.of_carrier(campaign bigint, account bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('session_replication_role', 'replica', true);
	UPDATE voiceagent.campaigns c SET provider_account_id = of_carrier.account WHERE c.campaign_id = of_carrier.campaign;
	PERFORM set_config('session_replication_role', 'origin', true);
END $$;
\set ECHO all

/* ----- leads that follow up ----- */
BEGIN;
SELECT pg_temp.tenant('r50 confirmed') > 0 AS made;
SELECT pg_temp.carrier() AS real \gset
SELECT pg_temp.leads('+12025550', 1) AS one, pg_temp.leads('+12025551', 3) AS others, pg_temp.leads('+12025552', 1) AS late \gset
SELECT pg_temp.confirmed('target', :'one', :real) AS b, pg_temp.campaign('rehearsal', :'others') AS a \gset
SELECT voiceagent.set_follow_up(:a, 'no_answer', :b), voiceagent.set_setting('arrivals_a_day', '0');
SELECT pg_temp.dialled();
SELECT pg_temp.ended(:b);
-- into a campaign that had completed: it goes on, and is held back, which waits for a person
SELECT * FROM pg_temp.stands(:b);
SELECT pg_temp.of_carrier(:a, :real);
SELECT pg_temp.ended(:a);
SELECT * FROM pg_temp.stands(:b);
SELECT kind, what, replace(settle, :'b', 'B') AS settle FROM voiceagent.waiting;
SELECT pg_temp.dialled();
-- also if whoever had its row of pacing at that moment lets it go
UPDATE voiceagent_private.pacing SET suspended = NULL, next_dial_at = '-infinity' WHERE campaign_id = :b;
UPDATE voiceagent.campaigns SET status_reason = NULL WHERE campaign_id = :b;
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.stands(:b);
SELECT voiceagent.confirm_campaign(:b, 'call 3 people');
SELECT * FROM pg_temp.stands(:b);
SELECT pg_temp.dialled();
-- and into one that runs
SELECT voiceagent.add_leads(:a, :'late');
SELECT pg_temp.ended(:a);
SELECT * FROM pg_temp.stands(:b);
SELECT pg_temp.dialled();
SELECT * FROM voiceagent_private.check_campaign();
ROLLBACK;

/* ----- a campaign that came to the carrier when it had completed ----- */
BEGIN;
SELECT pg_temp.tenant('r50 switched') > 0 AS made;
SELECT pg_temp.carrier() AS real \gset
SELECT pg_temp.leads('+12025550', 1) AS one, pg_temp.leads('+12025551', 1) AS other \gset
SELECT pg_temp.campaign('target', :'one') AS b, pg_temp.campaign('rehearsal', :'other') AS a \gset
SELECT voiceagent.set_follow_up(:a, 'no_answer', :b), voiceagent.start_campaign(:b);
SELECT pg_temp.dialled();
SELECT pg_temp.ended(:b);
SELECT voiceagent.update_campaign(:b, jsonb_build_object('provider_account_id', :real)) AS version;
SELECT pg_temp.of_carrier(:a, :real);
SELECT pg_temp.ended(:a);
SELECT * FROM pg_temp.stands(:b);
SELECT pg_temp.dialled();
ROLLBACK;

/* ----- another reason takes the place of the missing confirmation ----- */
BEGIN;
SELECT pg_temp.tenant('r50 other reason') > 0 AS made;
SELECT pg_temp.carrier() AS real \gset
SELECT pg_temp.leads('+12025550', 1) AS one, pg_temp.leads('+12025551', 5) AS others \gset
SELECT pg_temp.confirmed('real', :'one', :real) AS b \gset
SELECT pg_temp.dialled();
SELECT voiceagent.add_leads(:b, :'others');
SELECT * FROM pg_temp.stands(:b);
SELECT voiceagent_private.suspend_campaign(:b, 'the carrier account cannot dial: no balance');
SELECT voiceagent_private.resume_suspended(NULL, :real) AS resumed;
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.stands(:b);
SELECT voiceagent_private.suspend_campaign(:b, 'the carrier account cannot dial: no balance');
SELECT voiceagent.start_campaign(:b);
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.stands(:b);
SELECT voiceagent.confirm_campaign(:b, 'call 5 people');
SELECT pg_temp.dialled();
ROLLBACK;

/* ----- a campaign that completes while it is held back says so when it goes on ----- */
BEGIN;
SELECT pg_temp.tenant('r50 held') > 0 AS made;
SELECT pg_temp.carrier() AS real \gset
SELECT pg_temp.leads('+12025550', 1) AS one, pg_temp.leads('+12025551', 1) AS other \gset
SELECT pg_temp.campaign('target', :'one') AS b, pg_temp.campaign('first', :'other') AS a \gset
SELECT voiceagent.set_follow_up(:a, 'no_answer', :b), voiceagent.start_campaign(:b);
SELECT pg_temp.dialled();
SELECT voiceagent_private.suspend_campaign(:b, 'out of credits');
SELECT pg_temp.ended(:b);
SELECT * FROM pg_temp.stands(:b);
SELECT pg_temp.of_carrier(:a, :real);
SELECT pg_temp.ended(:a);
SELECT * FROM pg_temp.stands(:b);
SELECT voiceagent_private.resume_suspended('out of credits') AS resumed;
SELECT * FROM pg_temp.stands(:b);
ROLLBACK;

/* ----- a test call rings nobody else ----- */
BEGIN;
SELECT pg_temp.tenant('r50 test') > 0 AS made;
SELECT pg_temp.carrier() AS real \gset
SELECT pg_temp.leads('+12025550', 1) AS own, pg_temp.leads('+12025551', 2) AS strangers, min(assistant_id) AS ann
FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant() \gset
INSERT INTO voiceagent.own_numbers (tenant_id, phone, lead_id, registered_by, registered_at)
SELECT l.tenant_id, l.phone, l.lead_id, 'ann', l.created_at FROM voiceagent.leads l WHERE l.lead_id = ANY (:'own');
SELECT campaign_id AS t FROM voiceagent_private.standing_campaign(:ann, :real, 'test') \gset
INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, added_at)
SELECT tenant_id, :t, lead_id, registered_at FROM voiceagent.own_numbers WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.start_campaign(:t);
SELECT pg_temp.campaign('first', :'strangers') AS a \gset
-- no way leads into its campaign but test_call()
SELECT * FROM pg_temp.try(format('SELECT voiceagent.add_leads(%s, %L)', :t, :'strangers'));
SELECT * FROM pg_temp.try(format('SELECT voiceagent.add_lead(%L, campaign_id => %s)', '+12025550199', :t));
SELECT * FROM pg_temp.try(format('SELECT voiceagent.set_follow_up(%s, %L, %s)', :a, 'no_answer', :t));
SELECT * FROM pg_temp.try(format('SELECT voiceagent.create_audience(%L, %s, %L)', 'all', :t, 'true'));
SELECT * FROM pg_temp.try(format('SELECT voiceagent.redial_campaign(%s)', :t));
-- and a stranger who is in it all the same is not called, nor is anybody else there
INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, added_at)
SELECT voiceagent.current_tenant(), :t, i, voiceagent.clock() FROM unnest(:'strangers'::bigint[]) i;
SELECT queued FROM voiceagent_private.enqueue_pending(:t, :'strangers', true, voiceagent.clock());
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.stands(:t);
SELECT voiceagent.remove_leads(:t, :'strangers');
SELECT voiceagent.start_campaign(:t);
SELECT pg_temp.dialled();
ROLLBACK;
-- nor by another number of the lead that stands for the own one
BEGIN;
SELECT pg_temp.tenant('r50 other number') > 0 AS made;
SELECT pg_temp.carrier() AS real \gset
SELECT pg_temp.leads('+12025550', 1) AS own, min(assistant_id) AS ann FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant() \gset
INSERT INTO voiceagent.own_numbers (tenant_id, phone, lead_id, registered_by, registered_at)
SELECT l.tenant_id, l.phone, l.lead_id, 'ann', l.created_at FROM voiceagent.leads l WHERE l.lead_id = ANY (:'own');
SELECT campaign_id AS t FROM voiceagent_private.standing_campaign(:ann, :real, 'test') \gset
INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, added_at)
SELECT tenant_id, :t, lead_id, registered_at FROM voiceagent.own_numbers WHERE tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, country, timezones)
SELECT tenant_id, lead_id, 2, '+12025559000002', 'XX', '{UTC}' FROM voiceagent.own_numbers WHERE tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT tenant_id, lead_id, phone, 'call', 'test', voiceagent.clock() FROM voiceagent.lead_numbers WHERE tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at)
SELECT tenant_id, :t, phone, 'not this one', voiceagent.clock() FROM voiceagent.own_numbers WHERE tenant_id = voiceagent.current_tenant();
SELECT code, message FROM pg_temp.try(format('SELECT voiceagent.start_campaign(%s)', :t));
SELECT pg_temp.dialled();
ROLLBACK;

/* ----- a step of a sequence that is started before anybody is in it ----- */
BEGIN;
SELECT pg_temp.tenant('r50 empty') > 0 AS made;
SELECT pg_temp.carrier() AS real \gset
SELECT pg_temp.leads('+12025550', 1) AS one, pg_temp.leads('+12025551', 1) AS other \gset
SELECT pg_temp.campaign('second', '{}') AS b, pg_temp.campaign('third', '{}') AS c, pg_temp.campaign('first', :'one' || :'other'::bigint[]) AS a \gset
SELECT * FROM pg_temp.try(format('SELECT voiceagent.start_campaign(%s)', :b));
SELECT voiceagent.set_follow_up(:a, 'no_answer', :b), voiceagent.start_campaign(:a), voiceagent.start_campaign(:b);
SELECT pg_temp.dialled(), pg_temp.ended(:a);
SELECT * FROM pg_temp.stands(:b);
-- A draft that leads follow up into waits for its start.
SELECT voiceagent.set_follow_up(:a, 'no_answer', :c), pg_temp.ended(:a);
SELECT kind, what, replace(settle, :'c', 'C') AS settle FROM voiceagent.waiting;
SELECT pg_temp.ended(:a), voiceagent.start_campaign(:c);
SELECT count(*) AS waiting FROM voiceagent.waiting;
ROLLBACK;
