-- What follows from a call to our number: a lead, an appointment, a call back, a follow-up, a summary; once, and nothing for whom nothing was promised.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
CREATE FUNCTION pg_temp.rings(call text, caller text) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.answer_plan((SELECT e.endpoint_id FROM voiceagent.webhook_endpoints e JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id)
		WHERE e.tenant_id = voiceagent.current_tenant() AND a.provider = 'vapi'), NULL, caller, '+12125550001', NULL, call) ->> 'kind' $$;
-- The report, then the job's step for this tenant.
CREATE FUNCTION pg_temp.says(call text, data jsonb, words text[] DEFAULT '{}', status text DEFAULT 'completed') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.apply_events(ARRAY[ROW(0, NULL, jsonb_populate_record(NULL::voiceagent.call_event,
		jsonb_build_object('kind', 'report', 'status', status, 'duration_seconds', CASE status WHEN 'completed' THEN 61 ELSE 0 END, 'structured_data', data,
			'turns', (SELECT coalesce(jsonb_agg(jsonb_build_object('turn', n, 'speaker', CASE WHEN n % 2 = 1 THEN 'assistant' ELSE 'customer' END, 'text', w) ORDER BY n), '[]')
				FROM unnest(words) WITH ORDINALITY AS u(w, n)), 'provider_call_id', call)),
		(SELECT e.endpoint_id FROM voiceagent.webhook_endpoints e JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id)
		WHERE e.tenant_id = voiceagent.current_tenant() AND a.provider = 'vapi'))::voiceagent_private.matched_event]);
	PERFORM voiceagent_private.follow_calls_of_tenant(100);
	RETURN (SELECT summary FROM pg_temp.incoming_calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.provider_call_id = call);
END
$$;
CREATE VIEW pg_temp.people AS SELECT l.phone, concat_ws(' ', l.first_name, l.last_name) AS name, l.tags, l.status, l.follow_up, l.qualified,
	(SELECT string_agg(a.status || ' ' || to_char(a.starts_at AT TIME ZONE a.timezone, 'DD HH24:MI'), ', ') FROM voiceagent.appointments a
		WHERE a.tenant_id = l.tenant_id AND a.lead_id = l.lead_id) AS appointments,
	(SELECT count(*) FROM voiceagent.consents n WHERE n.tenant_id = l.tenant_id AND n.lead_id = l.lead_id AND n.revoked_at IS NULL) AS consents
FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY l.lead_id;
\set ECHO all
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-03-17 12:00-04' - clock_timestamp())::text, true) IS NOT NULL AS driven;
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
SELECT pg_temp.tenant('r80 incoming') AS tenant \gset
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
VALUES (:tenant, 'vapi', 'Vapi', 'https://carrier.example', '{"phone_number_id": "p"}', 10, now()) RETURNING provider_account_id AS account \gset
SELECT voiceagent_private.add_endpoint(:account) IS NOT NULL AS told_at;
SELECT voiceagent.create_assistant('Reception', 'Hello, how can I help?', 'Be kind.') AS assistant \gset
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
UPDATE voiceagent.phone_numbers SET state = 'ready', proof = 'tenant', proved_at = now() WHERE phone_number_id = :n;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('ai_assistant_id', :assistant));
SELECT to_char(voiceagent.clock() AT TIME ZONE 'America/New_York' + interval '3 days', 'YYYY-MM-DD') AS day \gset

-- An appointment of a stranger that gave a name: a lead, with the slot held; told again, nothing more.
SELECT pg_temp.rings('IN-1', '+12125550110');
SELECT pg_temp.says('IN-1', jsonb_build_object('caller_name', 'Ann Miller', 'appointment', jsonb_build_object('booked', true, 'date', :'day', 'time', '15:00'))) AS summary;
SELECT phone, name, tags, status, follow_up, split_part(appointments, ' ', 1) AS appointment, right(appointments, 5) AS at, consents FROM pg_temp.people;
SELECT pg_temp.says('IN-1', jsonb_build_object('caller_name', 'Ann Miller', 'appointment', jsonb_build_object('booked', true, 'date', :'day', 'time', '15:00'))) IS NOT NULL AS again;
SELECT count(*) AS leads, (SELECT count(*) FROM voiceagent.appointments WHERE tenant_id = :tenant) AS appointments FROM pg_temp.people;
-- Another for the same slot is in conflict.
SELECT pg_temp.rings('IN-2', '+12125550111');
SELECT pg_temp.says('IN-2', jsonb_build_object('appointment', jsonb_build_object('booked', true, 'date', :'day', 'time', '15:00'))) AS summary;
SELECT phone, name, split_part(appointments, ' ', 1) AS appointment FROM pg_temp.people ORDER BY phone DESC LIMIT 1;
-- A stranger that asked for nothing and gave no name is no lead; nor is one that wants no calls.
SELECT pg_temp.rings('IN-3', '+12125550112'), pg_temp.rings('IN-4', '+12125550113');
SELECT pg_temp.says('IN-3', '{"interest": "low"}') AS nothing, pg_temp.says('IN-4', '{"do_not_call": true, "caller_name": "Bea"}') AS no_calls;
SELECT count(*) FROM pg_temp.people;
-- A withheld number cannot be booked for, and the office hears of it.
SELECT pg_temp.rings('IN-5', NULL);
SELECT pg_temp.says('IN-5', jsonb_build_object('appointment', jsonb_build_object('booked', true, 'date', :'day', 'time', '16:00'))) AS summary;
SELECT event_type, event_data FROM voiceagent.events WHERE tenant_id = :tenant AND event_type LIKE 'appointment%' AND lead_id IS NULL;

-- A call back: consent for it and for nothing else, dialled when it is due, as the law allows, and over with the call.
SELECT voiceagent.set_setting('calling_hours', '{"start": "00:00", "end": "24:00"}');
SELECT pg_temp.rings('IN-6', '+12125550114');
SELECT pg_temp.says('IN-6', '{"caller_name": "Cora", "callback": {"requested": true}}') AS summary;
SELECT phone, name, follow_up, consents FROM pg_temp.people WHERE name = 'Cora';
SELECT b.promised_at - c.ended_at AS after, b.consent_id IS NOT NULL AS consent FROM voiceagent_private.incoming_callbacks b JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE b.tenant_id = :tenant;
SELECT pg_temp.says('IN-6', '{"caller_name": "Cora", "callback": {"requested": true}}') IS NOT NULL AS again;
SELECT count(*) FROM voiceagent_private.incoming_callbacks WHERE tenant_id = :tenant;
-- Not while the person may not be dialled; later it is.
CREATE FUNCTION pg_temp.places() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent_private.incoming_callbacks SET promised_at = voiceagent.clock() WHERE tenant_id = v_tenant;
	PERFORM voiceagent_private.place_callback(b) FROM voiceagent_private.incoming_callbacks b WHERE b.tenant_id = v_tenant;
	RETURN (SELECT string_agg(CASE WHEN b.campaign_id IS NOT NULL THEN 'queued' ELSE 'put off' END || ' ' || round(extract(epoch FROM b.look_at - voiceagent.clock()) / 60), ', ')
		FROM voiceagent_private.incoming_callbacks b WHERE b.tenant_id = v_tenant);
END
$$;
UPDATE voiceagent.provider_accounts SET active = false WHERE provider_account_id = :account;
SELECT voiceagent.set_setting('default_provider', 'sandbox');
SELECT voiceagent.set_setting('retry_delay_incoming', '0');
SAVEPOINT s;
UPDATE voiceagent.assistants SET active = false WHERE assistant_id = :assistant;
SELECT pg_temp.places() AS put_off;
ROLLBACK TO s;
SELECT pg_temp.places() AS queued;
SELECT c.type, m.status FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) WHERE m.tenant_id = :tenant;
SELECT pg_temp.places() AS still_waits;
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = :tenant;
UPDATE voiceagent.campaign_leads SET status = 'completed' WHERE tenant_id = :tenant;
SELECT voiceagent_private.complete_campaigns(ARRAY(SELECT campaign_id FROM voiceagent.campaigns WHERE tenant_id = :tenant AND type = 'direct'));
SELECT pg_temp.places() AS over;
SELECT consents FROM pg_temp.people WHERE name = 'Cora';
UPDATE voiceagent.provider_accounts SET active = true WHERE provider_account_id = :account;

-- A lead that waits in a campaign and books by calling is not dialled for it any more; one that shows interest is to be looked after.
SELECT voiceagent.add_lead('+12125550115', 'Dora') AS dora, voiceagent.add_lead('+12125550116', 'Eva') AS eva \gset
SELECT pg_temp.start('waits', ARRAY[:dora, :eva]) AS c \gset
UPDATE voiceagent.campaigns SET started_at = voiceagent.clock() WHERE campaign_id = :c;
SELECT pg_temp.rings('IN-7', '+12125550115'), pg_temp.rings('IN-8', '+12125550116');
SELECT pg_temp.says('IN-7', jsonb_build_object('appointment', jsonb_build_object('booked', true, 'date', :'day', 'time', '11:00'))) AS books,
	pg_temp.says('IN-8', '{"interest": "high", "qualified": true}') AS shows_interest;
SELECT l.first_name, l.follow_up, l.qualified, m.status, m.reason FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id)
WHERE m.tenant_id = :tenant AND m.campaign_id = :c ORDER BY 1;

-- A missed call is called back where the tenant says so, and only then; an unknown caller is a lead then.
SELECT pg_temp.rings('IN-9', '+12125550117'), pg_temp.rings('IN-10', '+12125550118');
SELECT pg_temp.says('IN-9', NULL, status => 'no_answer') AS missed;
SELECT voiceagent.set_setting('call_back_missed', 'on');
SELECT pg_temp.says('IN-10', NULL, status => 'no_answer') AS missed;
SELECT right(i.from_number, 4) AS caller, b.look_at <= voiceagent.clock() AS at_once, b.consent_id FROM voiceagent_private.incoming_callbacks b JOIN voiceagent.call_inbound i USING (tenant_id, call_id) WHERE b.tenant_id = :tenant;
SELECT phone, tags FROM pg_temp.people WHERE phone LIKE '%0117' OR phone LIKE '%0118';

-- What cannot be done is tried again, and holds up nobody.
SELECT pg_temp.rings('IN-11', '+12125550119');
SELECT pg_temp.rings('IN-12', '+12125550120');
CREATE FUNCTION pg_temp.breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
CREATE TRIGGER breaks BEFORE INSERT ON voiceagent.leads FOR EACH ROW WHEN (new.phone = '+12125550119') EXECUTE FUNCTION pg_temp.breaks();
SELECT pg_temp.says('IN-11', '{"caller_name": "Fay"}') AS broken, pg_temp.says('IN-12', '{"caller_name": "Gil"}') AS next_one;
SELECT right(i.from_number, 4) AS caller, q.failures, q.due_at > voiceagent.clock() AS later FROM voiceagent_private.calls_to_follow q JOIN voiceagent.call_inbound i USING (tenant_id, call_id) WHERE q.tenant_id = :tenant;
SELECT * FROM voiceagent.invariants();

-- A call that comes back belongs to the campaign that rang: its assistant answers, the retry goes, the outcome is the campaign's.
SELECT voiceagent.create_assistant('Caller', 'Hello, you called us back.', 'Be kind.') AS caller \gset
SELECT voiceagent.create_campaign('Rang', :caller, settings := jsonb_build_object('provider_account_id', :account)) AS rang \gset
SELECT voiceagent.add_lead('+12125550177', 'Cal', campaign_id := :rang) AS cal \gset
UPDATE voiceagent.campaigns SET started_at = voiceagent.clock() - interval '1 day' WHERE campaign_id = :rang;
INSERT INTO voiceagent.calls (tenant_id, lead_id, campaign_id, campaign_version, attempt_number, direction, phone, assistant_id, assistant_version, provider_account_id, status, outcome, counts, started_at, ended_at)
VALUES (:tenant, :cal, :rang, 1, 1, 'outbound', '+12125550177', :caller, 1, :account, 'no_answer', 'no_answer', true, voiceagent.clock() - interval '1 day', voiceagent.clock() - interval '1 day');
SELECT pg_temp.rings('IN-BACK', '+12125550177');
SELECT c.assistant_id = :caller AS its_assistant, i.returns_to = :rang AS its_campaign FROM voiceagent.call_inbound i JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE i.tenant_id = :tenant AND i.provider_call_id = 'IN-BACK';
SELECT pg_temp.says('IN-BACK', '{"interest": "high"}') IS NOT NULL AS told;
SELECT status, reason, last_outcome FROM voiceagent.campaign_leads WHERE campaign_id = :rang;
SELECT pg_temp.rings('IN-WORDS', '+12125550199'), pg_temp.says('IN-WORDS', NULL, ARRAY['Hello, how can I help?', 'How long are you open today?', 'Until six.', 'Thanks.']) AS summary;
-- Not after returned_call_within, nor who was never rung, nor one that waits for a call.
UPDATE voiceagent.calls SET started_at = voiceagent.clock() - interval '8 days' WHERE campaign_id = :rang;
SELECT pg_temp.rings('IN-LATE', '+12125550177'), pg_temp.rings('IN-OTHER', '+12125550178');
SELECT count(*) FILTER (WHERE i.returns_to IS NULL) AS nobodys, count(*) FILTER (WHERE c.assistant_id = :assistant) AS reception
FROM voiceagent.call_inbound i JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE i.tenant_id = :tenant AND i.provider_call_id IN ('IN-LATE', 'IN-OTHER');
-- A model is asked about an incoming call by hand, as about any other of which none has told.
SELECT voiceagent.analyse_by_model(ARRAY[c.call_id]) AS asked FROM pg_temp.incoming_calls c WHERE c.tenant_id = :tenant AND c.provider_call_id = 'IN-WORDS';
SELECT count(*) AS waits FROM voiceagent_private.analysis_queue q JOIN pg_temp.incoming_calls c USING (tenant_id, call_id) WHERE q.tenant_id = :tenant AND c.provider_call_id = 'IN-WORDS';
ROLLBACK;
