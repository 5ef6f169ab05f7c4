-- The law at the dial: consent for the number that is dialled, caps that no campaign widens, least ringing, do-not-call
-- layers and the age of the national list, disclosures; each in the proof, and no proof without them.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i sql/r50_law.inc
\set ECHO all
CREATE FUNCTION pg_temp.lawful(name text, lead_ids bigint[], settings jsonb DEFAULT '{}', place text DEFAULT 'XA-0') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_campaign bigint := pg_temp.start(name, lead_ids, '{"lawful": true}' || settings);
BEGIN
	UPDATE voiceagent_private.lanes SET region = place WHERE campaign_id = v_campaign;
	UPDATE voiceagent.leads SET region = place WHERE lead_id = ANY (lead_ids);
	UPDATE voiceagent.lead_numbers SET region = place WHERE lead_id = ANY (lead_ids);
	RETURN v_campaign;
END
$$;
CREATE FUNCTION pg_temp.leads_now(campaign bigint) RETURNS TABLE (lead text, status text, reason text, lead_status text, waits boolean) LANGUAGE sql AS $$
	SELECT right(d.phone, 2), m.status, m.reason, d.status, q.not_before > voiceagent.clock()
	FROM voiceagent.campaign_leads m JOIN voiceagent.leads d USING (tenant_id, lead_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) WHERE m.campaign_id = campaign ORDER BY 1
$$;
CREATE FUNCTION pg_temp.agree(lead bigint, number text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
	VALUES (voiceagent.current_tenant(), lead, number, 'call', 'web form', voiceagent.clock())
$$;

-- Consent by law, for the number that is dialled; a rehearsal needs none. A state's rule holds beside its country's.
BEGIN;
SELECT pg_temp.tenant('r50 law consent') > 0 AS made, pg_temp.country();
SELECT pg_temp.rule('require_consent', 'true', 'XA-1');
SELECT pg_temp.leads('+12025550', 3) AS l \gset
INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, timezones)
SELECT voiceagent.current_tenant(), (:'l'::bigint[])[2], 2, '+12025558000002', '{UTC}';
SELECT pg_temp.agree((:'l'::bigint[])[1], '+12025550000001'), pg_temp.agree((:'l'::bigint[])[2], '+12025558000002');
SELECT pg_temp.lawful('consent', :'l', place => 'XA-1') AS c, pg_temp.lawful('no state', pg_temp.leads('+12025551', 1)) AS d \gset
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.leads_now(:c);
SELECT c.name, e.lawful, e.jurisdiction, e.consent_required, e.consent_id IS NOT NULL AS consent, e.layers FROM voiceagent.eligibility e
JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) WHERE e.campaign_id IN (:c, :d) ORDER BY 1;
-- Its second number is the one with the consent.
UPDATE voiceagent.campaign_leads SET status = 'queued' WHERE campaign_id = :c AND status = 'skipped';
INSERT INTO voiceagent_private.call_queue (tenant_id, lane_id, not_before, campaign_id, lead_id, number)
SELECT tenant_id, lane_id, voiceagent.clock(), campaign_id, (:'l'::bigint[])[2], 2 FROM voiceagent_private.lanes WHERE campaign_id = :c;
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE campaign_id = :c;
SELECT pg_temp.claim(100);
DO $$
BEGIN
	UPDATE voiceagent.attempts SET consent_id = NULL WHERE tenant_id = voiceagent.current_tenant() AND consent_required;
EXCEPTION WHEN check_violation THEN
	RAISE WARNING 'refused';
END
$$;
ROLLBACK;

-- A lead that moved to a place with another law is judged by the law of where its number rings now, also while it waits.
BEGIN;
SELECT pg_temp.tenant('r50 law moved') > 0 AS made, pg_temp.country();
SELECT pg_temp.rule('calls_lifetime', '1', 'XA-1'), pg_temp.rule('require_consent', 'true', 'XA-3');
SELECT pg_temp.leads('+12025550', 1) AS l, pg_temp.leads('+12025553', 1) AS m \gset
-- The one call that the one state allows.
INSERT INTO voiceagent_private.removed_calls (tenant_id, phone, lawful, calls) VALUES (voiceagent.current_tenant(), '+12025550000001', true, 1);
SELECT pg_temp.lawful('lifetime', :'l', place => 'XA-1') AS c, pg_temp.lawful('consent', :'m', place => 'XA-3') AS d \gset
UPDATE voiceagent.leads SET region = 'XA-2' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.claim(100);
SELECT c.name, m.status, m.reason, n.region FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id)
LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) LEFT JOIN voiceagent_private.lanes n USING (tenant_id, lane_id)
WHERE m.campaign_id IN (:c, :d) ORDER BY 1;
ROLLBACK;

-- A campaign tightens the law's caps and never widens them; the least ringing is the longer of the two.
BEGIN;
SELECT pg_temp.tenant('r50 law caps') > 0 AS made, pg_temp.country();
SELECT pg_temp.rule('calls_per_24h', '3'), pg_temp.rule('calls_per_day', '5'), pg_temp.rule('min_ring', '45');
SELECT pg_temp.lawful('wide', pg_temp.leads('+12025550', 1), '{"number_calls_per_24h": 10, "number_calls_lifetime": 9}') AS a,
	pg_temp.lawful('tight', pg_temp.leads('+12025551', 1), '{"number_calls_per_24h": 1, "number_calls_per_day": 2}') AS b \gset
SELECT right(phone, 7) AS phone, ring_timeout_s FROM voiceagent_private.claim_calls(100) ORDER BY 1;
SELECT c.name, cap_day, cap_24h, cap_lifetime, dials_day, dials_24h, dials_lifetime, min_ring, ring_timeout FROM voiceagent.eligibility
JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) WHERE campaign_id IN (:a, :b) ORDER BY 1;
-- The lease waits for the longer ringing.
SELECT c.name, l.ends_by - l.dialled_at AS longest FROM voiceagent_private.live_calls l JOIN voiceagent.campaigns c USING (tenant_id, campaign_id)
WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY 1;
DO $$
BEGIN
	UPDATE voiceagent.attempts SET ring_timeout = '30 seconds' WHERE tenant_id = voiceagent.current_tenant();
EXCEPTION WHEN check_violation THEN
	RAISE WARNING 'refused';
END
$$;
ROLLBACK;

-- Every layer of do-not-call, by name; only the tenant's own closes the lead. A national list counts for real calls
-- alone, not for who agreed, and not when it is too old.
BEGIN;
SELECT pg_temp.tenant('r50 law layers') > 0 AS made, pg_temp.country();
SELECT pg_temp.rule('list_max_age', '"31 days"');
SELECT pg_temp.leads('+12025550', 7) AS l \gset
SELECT pg_temp.lawful('layers', :'l') AS c \gset
INSERT INTO voiceagent_private.platform_do_not_call_list VALUES ('+12025550000001', false, 'x', voiceagent.clock());
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) VALUES (voiceagent.current_tenant(), '+12025550000002', 'x', voiceagent.clock());
INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at) VALUES (voiceagent.current_tenant(), :c, '+12025550000003', 'x', voiceagent.clock());
UPDATE voiceagent.leads SET phone = '+19005550000004' WHERE lead_id = (:'l'::bigint[])[4];
INSERT INTO voiceagent.do_not_call_prefixes VALUES (voiceagent.current_tenant(), '+1900', 'x', voiceagent.clock());
INSERT INTO voiceagent_private.dnc_list_blocks VALUES (voiceagent_private.block_of('+12025550000005'), -1, '\x00050006');
INSERT INTO voiceagent.national_dnc_lists (name, country, edition, published_at, in_force_since, numbers)
VALUES ('r50', 'XA', -1, voiceagent.clock() - interval '30 days', voiceagent.clock(), 2);
SELECT pg_temp.agree((:'l'::bigint[])[6], '+12025550000006');
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.leads_now(:c);
SELECT list_max_age, date_trunc('day', checked_at - list_as_of) AS age, consent_id IS NOT NULL AS consent FROM voiceagent.eligibility WHERE campaign_id = :c ORDER BY 3;
-- The same numbers in a rehearsal.
SELECT pg_temp.start('rehearsal', :'l'::bigint[]) AS d \gset
UPDATE voiceagent_private.lanes SET region = 'XA-0' WHERE campaign_id = :d;
SELECT voiceagent_private.end_calls(ARRAY(SELECT call_id FROM voiceagent_private.live_calls WHERE tenant_id = voiceagent.current_tenant()));
SELECT pg_temp.claim(100);
-- Five weeks old: only who agreed.
SELECT pg_temp.leads('+12025553', 2) AS l \gset
SELECT pg_temp.agree((:'l'::bigint[])[2], '+12025553000002');
UPDATE voiceagent.national_dnc_lists SET published_at = published_at - interval '1 week' WHERE name = 'r50';
SELECT pg_temp.lawful('old list', :'l') AS c \gset
SELECT pg_temp.claim(100);
SELECT * FROM pg_temp.leads_now(:c);
DO $$
BEGIN
	UPDATE voiceagent.attempts SET consent_id = NULL WHERE tenant_id = voiceagent.current_tenant() AND list_as_of < created_at - list_max_age;
EXCEPTION WHEN check_violation THEN
	RAISE WARNING 'refused';
END
$$;
ROLLBACK;

-- What is said first: who calls, that a machine does, that it is recorded, how to be left alone.
BEGIN;
SELECT pg_temp.tenant('r50 law words') > 0 AS made, pg_temp.country();
SELECT pg_temp.rule('disclose_ai', 'true'), pg_temp.rule('disclose_caller', 'true'), pg_temp.rule('opt_out_text', '"Say stop to be left alone."'),
	pg_temp.rule('disclose_recording', 'true', 'XA-2');
CREATE FUNCTION pg_temp.said(place text, settings jsonb, changes jsonb DEFAULT '{}') RETURNS TABLE (first_message text, system_prompt text, record boolean,
	disclosures text[], disclosure text, itself boolean, carrier_settings jsonb) LANGUAGE plpgsql AS $$
DECLARE
	v_campaign bigint := pg_temp.lawful('words', pg_temp.leads('+1202' || (300 + (SELECT count(*) FROM voiceagent.campaigns)), 1), settings, place);
	v_call voiceagent_private.claimed_call;
BEGIN
	ALTER TABLE voiceagent.assistant_versions DISABLE TRIGGER append_only;
	UPDATE voiceagent.assistant_versions a SET language = coalesce(changes ->> 'language', a.language), settings = changes - 'language'
	FROM voiceagent.campaigns c WHERE c.campaign_id = v_campaign AND a.assistant_id = c.assistant_id;
	ALTER TABLE voiceagent.assistant_versions ENABLE TRIGGER append_only;
	SELECT * INTO v_call FROM voiceagent_private.claim_calls(100);
	RETURN QUERY SELECT v_call.first_message, v_call.system_prompt, v_call.record, e.disclosures, e.disclosure, e.assistant_discloses, v_call.assistant_settings
	FROM voiceagent.eligibility e WHERE e.campaign_id = v_campaign;
END
$$;
\x
SELECT * FROM pg_temp.said('XA-0', '{"caller_name": "Acme {{Roofs}}", "opt_out_instruction": "Let them go."}', '{"first_message_mode": "assistant-waits-for-user", "voicemail_message": "Call us."}');
SELECT * FROM pg_temp.said('XA-2', '{"caller_name": "Acme"}', '{"language": "es-MX"}');
-- What to do when somebody wants no more calls is told in the assistant's language, whoever wrote its prompt.
SELECT system_prompt FROM pg_temp.said('XA-2', '{"caller_name": "Acme"}', '{"language": "fr-FR"}');
SELECT system_prompt FROM pg_temp.said('XA-2', '{"caller_name": "Acme"}', '{"language": "de-AT"}');
SELECT * FROM pg_temp.said('XA-2', '{"caller_name": "Acme", "announce_recording": "off", "disclosure_ai": "I am a robot."}');
SELECT * FROM pg_temp.said('XA-2', '{"caller_name": "Acme", "record_calls": "off"}', '{"discloses": true}');
-- The opening is in one language, the assistant's; words of no language are said as they stand. A place whose law wants its own
-- language hears both.
UPDATE voiceagent_private.law_rules SET language = 'en' WHERE jurisdiction = 'XA' AND rule = 'opt_out_text';
SELECT pg_temp.rule('opt_out_text', '"Say stop to be left alone."');
SELECT first_message FROM pg_temp.said('XA-2', '{"caller_name": "Acme"}', '{"language": "es-MX"}');
SELECT first_message FROM pg_temp.said('XA-2', '{"caller_name": "Acme"}', '{"language": "en-GB"}');
UPDATE voiceagent_private.law_rules SET must_be_said_in = 'fr' WHERE jurisdiction = 'XA' AND rule = 'disclose_ai';
SELECT pg_temp.rule('opt_out_text', '"Say stop to be left alone."');
SELECT first_message FROM pg_temp.said('XA-2', '{"caller_name": "Acme", "disclosure_ai": "I am a robot."}', '{"language": "en-GB"}');
UPDATE voiceagent_private.law_rules SET must_be_said_in = NULL, language = NULL WHERE jurisdiction = 'XA';
SELECT pg_temp.rule('opt_out_text', '"Say stop to be left alone."');
-- Where no name is wanted none is said; where it is, and there is none, nobody is dialled.
SELECT pg_temp.rule('disclose_caller', 'false');
SELECT first_message FROM pg_temp.said('XA-0', '{}');
SELECT pg_temp.rule('disclose_caller', 'true');
SELECT first_message FROM pg_temp.said('XA-0', '{}');
\x
SELECT m.status, m.reason, m.attempts FROM voiceagent.campaign_leads m WHERE tenant_id = voiceagent.current_tenant() AND status = 'queued';
-- A start is refused, and says where and what to do; a rehearsal is none of the law's business.
SELECT voiceagent.add_lead(phone => '+12125550199') > 0 AS added;
UPDATE voiceagent.leads SET country = 'XA', region = 'XA-2' WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125550199';
SELECT voiceagent.create_campaign('real', voiceagent.create_assistant('Ann', 'Hello', 'Be kind.'), settings => '{"sandbox_obeys_law": "on"}') AS c \gset
SELECT voiceagent.add_leads(:c);
SAVEPOINT refused;
\set SHOW_CONTEXT never
SELECT voiceagent.start_campaign(:c);
ROLLBACK TO refused;
SELECT voiceagent.set_setting('caller_name', 'Acme') IS NOT NULL AS named;
SELECT voiceagent.start_campaign(:c);
-- How to be left alone is said only where somebody listens, and who cannot speak before what talks there is not used, unless the
-- assistant answers for it.
CREATE FUNCTION pg_temp.starts(provider text, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	UPDATE voiceagent.provider_accounts a SET provider = starts.provider, settings = starts.settings WHERE a.tenant_id = voiceagent.current_tenant();
	PERFORM voiceagent_private.require_sayable(c.campaign_id, c.version) FROM voiceagent.campaigns c WHERE c.tenant_id = voiceagent.current_tenant() AND c.name = 'real';
	RETURN 'starts';
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	RETURN SQLERRM;
END
$$;
CREATE TEMP VIEW carriers AS SELECT p.provider, s.streams, pg_temp.starts(p.provider, CASE WHEN s.streams THEN '{"stream_url": "wss://bot.example/s"}'::jsonb ELSE '{}' END) AS start
FROM unnest(voiceagent_private.driver_names()) WITH ORDINALITY AS p(provider, nth) CROSS JOIN (VALUES (true), (false)) AS s(streams) ORDER BY p.nth, s.streams;
SAVEPOINT words;
SELECT * FROM carriers;
ROLLBACK TO words;
SELECT pg_temp.rule('opt_out_text', 'null');
SELECT * FROM carriers WHERE start <> 'starts';
ROLLBACK TO words;
ALTER TABLE voiceagent.assistant_versions DISABLE TRIGGER append_only;
UPDATE voiceagent.assistant_versions a SET settings = '{"discloses": true}' FROM voiceagent.campaigns c WHERE c.campaign_id = :c AND a.assistant_id = c.assistant_id;
SELECT * FROM carriers WHERE start <> 'starts';
ROLLBACK TO words;
ALTER TABLE voiceagent.campaign_versions DISABLE TRIGGER append_only;
UPDATE voiceagent.campaign_versions v SET lawful = false WHERE v.campaign_id = :c;
SELECT * FROM carriers WHERE start <> 'starts';
ROLLBACK TO words;
-- Other accounts are asked for the same while it runs, whoever changes them, and so is an account that its campaigns talk by; one
-- that cannot is not taken, and what there was stays. Where keys are heard the socket may go.
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
SELECT voiceagent.current_tenant(), a.provider, a.name, 'https://carrier.example', a.settings, 5, voiceagent.clock()
FROM (VALUES ('telnyx', 'socket', '{"stream_url": "wss://bot.example/s", "from_number": "+12125550100", "connection_id": "1"}'::jsonb),
	('exotel', 'deaf', '{"caller_id": "1", "flow_id": "1", "account_sid": "1"}')) AS a(provider, name, settings);
SELECT max(provider_account_id) FILTER (WHERE name = 'socket') AS socket, max(provider_account_id) FILTER (WHERE name = 'deaf') AS deaf
FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant() \gset
CREATE FUNCTION pg_temp.changed(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
BEGIN
	EXECUTE command;
	RETURN 'done';
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN SQLERRM || ': ' || v_detail;
END
$$;
CREATE TEMP VIEW changes AS SELECT w.nth, pg_temp.changed(replace(replace(replace(w.command, ':c', c.c), ':socket', c.socket), ':deaf', c.deaf)) AS change
FROM (SELECT :'c' AS c, :'socket' AS socket, :'deaf' AS deaf OFFSET 0) c
CROSS JOIN (VALUES (1, 'SELECT voiceagent.update_campaign(:c, ''{"provider_account_id": :deaf}'')'),
	(2, 'SELECT voiceagent.update_campaign(:c, ''{"provider_account_id": :socket}'')'),
	(3, 'SELECT voiceagent.set_campaign_accounts(:c, ARRAY[:socket, :deaf])'),
	(4, 'UPDATE voiceagent.campaigns SET provider_account_id = :deaf WHERE tenant_id = voiceagent.current_tenant() AND campaign_id = :c'),
	(5, 'SELECT voiceagent.update_provider_account(:socket, settings => ''{"stream_url": null}'')'),
	(6, 'SELECT voiceagent.update_provider_account(:socket, settings => ''{"max_concurrent_calls": 4}'')')) AS w(nth, command);
SELECT * FROM changes ORDER BY nth;
SELECT a.name, a.settings, a.max_concurrent_calls FROM unnest(voiceagent_private.accounts_of_campaign(:c)) AS i(id)
JOIN voiceagent.provider_accounts a ON a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = i.id;
-- A call that we hold ourselves has all its words, whatever its carrier tells of them.
SAVEPOINT held;
SELECT voiceagent.create_endpoint(:deaf) IS NOT NULL AS route;
CREATE OR REPLACE FUNCTION voiceagent_private.media_address() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp RETURN 'wss://us.example';
UPDATE voiceagent.provider_accounts a SET settings = a.settings || jsonb_build_object('stream_url', concat(voiceagent_private.media_address(), '/media/exotel/', r.token))
FROM voiceagent_private.endpoint_routes r WHERE a.provider_account_id = :deaf AND r.provider_account_id = :deaf;
SELECT change FROM changes WHERE nth = 1;
ROLLBACK TO held;
-- Leads who bring it to a place of another law while it runs are refused as they would be at its start, and none of them joins; others do.
SAVEPOINT joining;
SELECT pg_temp.rule(r.rule, r.value, 'XB') FROM (VALUES ('disclose_ai', 'false'::jsonb), ('disclose_caller', 'false'), ('disclose_recording', 'false'), ('opt_out_text', 'null')) AS r(rule, value);
UPDATE voiceagent.leads SET country = 'XB', region = 'XB-0' WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125550199';
UPDATE voiceagent_private.lanes SET region = 'XB-0' WHERE campaign_id = :c;
SELECT pg_temp.starts('exotel', '{}');
SELECT voiceagent.add_lead(phone => '+12125550198') AS there, voiceagent.add_lead(phone => '+12125550197') AS elsewhere \gset
UPDATE voiceagent.leads SET country = 'XA', region = 'XA-2' WHERE tenant_id = voiceagent.current_tenant() AND lead_id = :there;
UPDATE voiceagent.leads SET country = 'XB', region = 'XB-1' WHERE tenant_id = voiceagent.current_tenant() AND lead_id = :elsewhere;
SELECT pg_temp.changed(format('SELECT voiceagent.add_leads(%s, ARRAY[%s, %s])', :c, :there, :elsewhere)) AS both,
	(SELECT count(*) FROM voiceagent.campaign_leads m WHERE m.campaign_id = :c) AS members;
SELECT pg_temp.changed(format('SELECT voiceagent.add_leads(%s, ARRAY[%s])', :c, :elsewhere)) AS elsewhere;
SELECT count(*) AS members, count(*) FILTER (WHERE m.lead_id = :elsewhere) AS elsewhere FROM voiceagent.campaign_leads m WHERE m.campaign_id = :c;
ROLLBACK TO joining;
-- One that is paused is asked when it goes on.
SELECT voiceagent.pause_campaign(:c);
SELECT * FROM changes WHERE nth IN (3, 5) ORDER BY nth;
SELECT voiceagent.resume_campaign(:c);
ROLLBACK TO words;
-- The request shows what would be said, before anybody is called.
SELECT r -> 'assistant' ->> 'firstMessage' AS first_message, r #>> '{assistant,model,messages,0,content}' AS prompt
FROM (SELECT CASE jsonb_typeof(p -> 'body') WHEN 'string' THEN (p ->> 'body')::jsonb ELSE p -> 'body' END AS r
	FROM (SELECT voiceagent.preview_request(:c, (SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125550199')) AS p) q) x;
ROLLBACK;

-- A call is recorded unless the lead took back its consent to that; with require_recording_consent only where it gave one for the
-- number. Calls of one claim differ, and announce no recording that is not made; the proof's words say why.
BEGIN;
SELECT pg_temp.tenant('r50 law recorded') > 0 AS made, pg_temp.country(), pg_temp.rule('disclose_recording', 'true');
SELECT pg_temp.leads('+12025551', 4) AS l, pg_temp.leads('+12025552', 4) AS m \gset
SELECT count(voiceagent.record_consent(d.lead_id, 'recording', 'form')) AS agreed FROM voiceagent.leads d WHERE d.lead_id = ANY (:'l' || :'m'::bigint[]) AND right(d.phone, 1) IN ('1', '2');
SELECT sum(voiceagent.revoke_consent(d.lead_id, 'recording')) AS revoked FROM voiceagent.leads d WHERE d.lead_id = ANY (:'l' || :'m'::bigint[]) AND right(d.phone, 1) = '2';
SELECT count(voiceagent.record_consent(d.lead_id, 'call', 'form')) AS to_be_called FROM voiceagent.leads d WHERE d.lead_id = ANY (:'l' || :'m'::bigint[]) AND right(d.phone, 1) = '3';
SELECT pg_temp.lawful('any', :'l', '{"record_calls": true, "announce_recording": true}'),
	pg_temp.lawful('asked', :'m', '{"record_calls": true, "announce_recording": true, "require_recording_consent": true}') AS c \gset
CREATE TEMP TABLE claimed ON COMMIT DROP AS SELECT * FROM voiceagent_private.claim_calls(100);
SELECT c.name, CASE right(k.phone, 1) WHEN '1' THEN 'agreed' WHEN '2' THEN 'took it back' WHEN '3' THEN 'may be called' ELSE 'never asked' END AS lead, k.record,
	e.recorded = k.record AS in_proof, e.disclosures, k.first_message LIKE '%recorded%' AS announced, (SELECT x.detail FROM voiceagent.explain_call(k.call_id) x WHERE x.rule = 'recording') AS explained
FROM claimed k JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) JOIN voiceagent.eligibility e USING (tenant_id, call_id) ORDER BY 1, k.phone;
ROLLBACK;

-- A rule that begins on a day is that of the day where the telephone rings, whatever was kept before: on one side of the date line
-- a consent is wanted already, on the other not before tomorrow.
BEGIN;
SELECT pg_temp.tenant('r50 law days') > 0 AS made, pg_temp.country(), voiceagent.clock() AS now \gset
INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, effective_from)
VALUES ('XA-3', 'require_consent', 'true', 'test', (:'now'::timestamptz AT TIME ZONE 'UTC+12' + interval '26 hours')::date),
	('XA-3', 'calls_lifetime', '7', 'Act of next month', (:'now'::timestamptz AT TIME ZONE 'UTC')::date + 20);
DELETE FROM voiceagent_private.jurisdiction_terms;
SELECT voiceagent_private.store_terms('{XA-3}', :'now'::timestamptz - interval '3 days');
SELECT pg_temp.lawful('already', pg_temp.leads('+12025553', 2, '{Pacific/Kiritimati}'), place => 'XA-3') AS c, pg_temp.lawful('not yet', pg_temp.leads('+12025554', 2, '{Pacific/Pago_Pago}'), place => 'XA-3') AS d,
	pg_temp.lawful('either', pg_temp.leads('+12025555', 2, '{Pacific/Kiritimati,Pacific/Pago_Pago}'), place => 'XA-3') AS f \gset
-- What changes soon is said before a start, and waits until it has.
SELECT voiceagent.set_setting('sandbox_obeys_law', 'true') IS NOT NULL AS set;
SELECT regexp_replace(w, '[0-9]{4}-[0-9-]+', 'DAY') AS warning FROM jsonb_array_elements_text(voiceagent.preview_campaign(:d) -> 'warnings') w WHERE w LIKE '%next month%';
SELECT w.kind, regexp_replace(w.what, '[0-9]{4}-[0-9-]+', 'DAY') AS what FROM voiceagent.waiting w WHERE w.campaign_id = :d AND w.what LIKE '%next month%';
SELECT pg_temp.claim(100) IS NOT NULL AS dialled;
SELECT c.name, m.status, m.reason, count(*) FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) WHERE m.campaign_id IN (:c, :d, :f) GROUP BY 1, 2, 3 ORDER BY 1;
SELECT e.jurisdiction, e.consent_required FROM voiceagent.eligibility e WHERE e.campaign_id = :d;
-- A day and some hours later it is tomorrow there, too.
SELECT set_config('voiceagent.clock_offset', (extract(epoch FROM :'now'::timestamptz - now()) + 26 * 3600)::text, true) IS NOT NULL AS tomorrow;
SELECT pg_temp.lawful('tomorrow', pg_temp.leads('+12025556', 2, '{Pacific/Pago_Pago}'), place => 'XA-3') AS g \gset
SELECT pg_temp.claim(100);
SELECT m.status, m.reason, count(*) FROM voiceagent.campaign_leads m WHERE m.campaign_id = :g GROUP BY 1, 2;
ROLLBACK;

-- Calls in any window, which no day ends: the first call in eight hours is dialled, the second when the first leaves the window; two
-- windows bind together, and the proof says both.
BEGIN;
SELECT pg_temp.tenant('r50 law windows') > 0 AS made, pg_temp.country();
SELECT pg_temp.rule('calls_per_window', '{"calls":1,"hours":8}', 'XA-4'), pg_temp.rule('calls_per_window', '{"calls":3,"days":30}');
SELECT (t).call_windows, voiceagent_private.describe_rule('calls_per_window', '{"calls":3,"days":30}') FROM voiceagent_private.resolve_terms('XA-4', voiceagent.clock()) t;
SELECT pg_temp.leads('+12025557', 4) AS l \gset
CREATE FUNCTION pg_temp.dialled(lead bigint, ago interval, counts boolean DEFAULT true) RETURNS void LANGUAGE sql AS $$
	INSERT INTO voiceagent.calls (tenant_id, call_id, campaign_id, lead_id, phone, number, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, lawful, started_at, status, outcome, ended_at, counts)
	OVERRIDING SYSTEM VALUE SELECT k.tenant_id, nextval(pg_get_serial_sequence('voiceagent.calls', 'call_id')), k.campaign_id, lead, d.phone, 1, k.assistant_id, k.assistant_version, 1, k.provider_account_id, 1, true, voiceagent.clock() - ago, 'no_answer', 'no_answer', voiceagent.clock() - ago, counts
	FROM (SELECT * FROM voiceagent.calls o WHERE o.tenant_id = voiceagent.current_tenant() ORDER BY o.call_id LIMIT 1) k, voiceagent.leads d WHERE d.lead_id = lead $$;
-- One call, so that there is a row to copy; then the past of the others: 7 hours 59 minutes, 8 hours, and three in 30 days.
SELECT pg_temp.lawful('first', (:'l'::bigint[])[4:4], place => 'XA-4') AS c \gset
SELECT pg_temp.claim(100);
SELECT pg_temp.dialled((:'l'::bigint[])[1], '7 hours 59 minutes'), pg_temp.dialled((:'l'::bigint[])[2], '8 hours'), pg_temp.dialled((:'l'::bigint[])[3], '29 days 23 hours'),
	pg_temp.dialled((:'l'::bigint[])[3], '20 days'), pg_temp.dialled((:'l'::bigint[])[3], '10 days');
-- one that certainly never rang does not count
SELECT pg_temp.dialled((:'l'::bigint[])[2], '1 hour', false);
SELECT pg_temp.lawful('windows', (:'l'::bigint[])[1:3], place => 'XA-4') AS d \gset
SELECT pg_temp.claim(100);
SELECT right(p.phone, 1) AS lead, m.status, m.reason, date_trunc('minute', q.not_before - voiceagent.clock() + interval '30 seconds') AS waits FROM voiceagent.campaign_leads m JOIN voiceagent.leads p USING (tenant_id, lead_id)
LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) WHERE m.campaign_id = :d ORDER BY 1;
SELECT right(k.phone, 1) AS lead, e.call_windows, (SELECT x.detail FROM voiceagent.explain_call(e.call_id) x WHERE x.rule = 'calls of the number') AS explained
FROM voiceagent.eligibility e JOIN voiceagent.calls k USING (tenant_id, call_id) WHERE e.campaign_id IN (:c, :d) ORDER BY 1;
SELECT voiceagent_private.call_window(v) FROM unnest('{null,"{}","{\"calls\":0,\"hours\":8}","{\"calls\":1}","{\"calls\":1,\"hours\":8,\"days\":1}","{\"calls\":1,\"hours\":0}","{\"calls\":1,\"weeks\":1}","{\"calls\":2,\"days\":7}"}'::jsonb[]) v;
ROLLBACK;
