-- A key that stops the calls, where the law wants people told how to and a carrier hears keys but no words: it is named at the start, counts at
-- once and for good, in the commit that takes it in, and is confirmed; any other key changes nothing.
SET client_min_messages = warning;
SET voiceagent.public_base_url = 'https://calls.example.com';
\set ECHO none
\i lib/inbox_setup.inc
-- A campaign under the law of a country of our own, at a carrier that is dialled by hand.
CREATE FUNCTION pg_temp.keyed(provider text, numbers text[], settings jsonb DEFAULT '{}', account jsonb DEFAULT '{}', assistant jsonb DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint;
BEGIN
	INSERT INTO voiceagent_private.law_rules VALUES ('XA', 'require_consent', 'false', 'test', '2026-01-01', NULL), ('XA', 'list_max_age', 'null', 'test', '2026-01-01', NULL),
		('XA', 'holidays', '{}', 'test', '2026-01-01', NULL), ('XA', 'hours', '{"start":"00:00","end":"24:00"}', 'test', '2026-01-01', NULL),
		('XA', 'opt_out_text', '"Say stop."', 'test', '2026-01-01', NULL), ('XA', 'disclose_ai', 'true', 'test', '2026-01-01', NULL),
		('XA', 'disclose_recording', 'false', 'test', '2026-01-01', NULL), ('XA', 'disclose_caller', 'false', 'test', '2026-01-01', NULL)
	ON CONFLICT (jurisdiction, rule, effective_from) DO UPDATE SET value = excluded.value;
	DELETE FROM voiceagent_private.jurisdiction_terms;
	v_tenant := pg_temp.begin_calls('Keys ' || provider, numbers, '{"sandbox_obeys_law": "on", "caller_name": "Acme", "caller_phone": "+1 800 555 0100", "caller_toll_free": "+1 800 555 0101", "call_subject": "roofs"}' || settings);
	UPDATE voiceagent.provider_accounts a SET provider = keyed.provider, settings = '{"calls_per_second": 0, "from_number": "+12125550100"}' || account, armed_at = voiceagent.clock() WHERE a.tenant_id = v_tenant;
	IF assistant IS NOT NULL THEN
		ALTER TABLE voiceagent.assistant_versions DISABLE TRIGGER append_only;
		UPDATE voiceagent.assistant_versions v SET settings = assistant WHERE v.tenant_id = v_tenant;
		ALTER TABLE voiceagent.assistant_versions ENABLE TRIGGER append_only;
	END IF;
	UPDATE voiceagent_private.lanes SET region = 'XA-0', opens_at = '-infinity', closes_at = 'infinity', next_due = '-infinity' WHERE tenant_id = v_tenant;
	UPDATE voiceagent.leads SET country = 'XA', region = 'XA-0' WHERE tenant_id = v_tenant;
	UPDATE voiceagent.lead_numbers SET region = 'XA-0' WHERE tenant_id = v_tenant;
	PERFORM voiceagent.confirm_campaign(c.campaign_id, c.name) FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant;
	PERFORM pg_temp.dial(really => true);
	RETURN (SELECT count(*) FROM voiceagent.calls WHERE tenant_id = v_tenant);
END
$$;
-- An event of a call, from its carrier: what is known of it, its lead and what is told to it afterwards.
CREATE FUNCTION pg_temp.hear(number text, VARIADIC events jsonb[]) RETURNS TABLE (status text, outcome text, said jsonb, lead text, member text, listed bigint, opted_out bigint, provider_requests text)
LANGUAGE plpgsql AS $$
DECLARE
	v_call bigint := pg_temp.call_of(number);
BEGIN
	PERFORM voiceagent_private.apply_events(voiceagent_private.match_events(ARRAY(SELECT ROW(1000000000 + e.ord, (SELECT min(p.endpoint_id) FROM voiceagent.webhook_endpoints p WHERE p.tenant_id = a.tenant_id),
			a.attempt_id, jsonb_populate_record(NULL::voiceagent.call_event, e.event || jsonb_build_object(
			'provider_call_id', a.provider_call_id, 'attempt_ref', a.reference, 'occurred_at', voiceagent.clock())))::voiceagent_private.read_event
		FROM voiceagent.attempts a CROSS JOIN unnest(events) WITH ORDINALITY AS e(event, ord) WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = v_call)));
	RETURN QUERY SELECT c.status::text, c.outcome::text, c.structured_data, l.status::text, concat_ws(': ', m.status, m.reason),
		(SELECT count(*) FROM voiceagent.do_not_call_list d WHERE d.tenant_id = c.tenant_id AND d.phone = c.phone AND d.source = 'call' AND d.call_id = c.call_id),
		(SELECT count(*) FROM voiceagent.events e WHERE e.tenant_id = c.tenant_id AND e.call_id = c.call_id AND e.event_type = 'lead_opted_out'),
		(SELECT string_agg(concat_ws(' ', e.kind, e.request_data #>> '{answer,text}', CASE WHEN e.next_at > voiceagent.clock() THEN 'in a while' END), ', ' ORDER BY e.provider_request_id)
			FROM voiceagent.provider_requests e WHERE e.tenant_id = c.tenant_id AND e.call_id = c.call_id)
	FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id) JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id, lead_id)
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = v_call;
END
$$;
-- What the carrier is told in the reply to its question.
CREATE FUNCTION pg_temp.told(number text, key text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT voiceagent_private.answer_plan((SELECT min(p.endpoint_id) FROM voiceagent.webhook_endpoints p WHERE p.tenant_id = a.tenant_id), a.reference, NULL, NULL, key => told.key)
		- '{attempt_ref,status_url,max_duration_s,record}'::text[]
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number)
$$;
\set answered '{"kind": "status", "status": "in_progress", "wants_answer": true}'
\set nine '{"kind": "key", "key": "9", "wants_answer": true}'
\set five '{"kind": "key", "key": "5", "wants_answer": true}'
\set spoken '{"kind": "spoken"}'
\set ended '{"kind": "report", "status": "completed", "cause_class": "ok", "cause": "completed", "duration_seconds": 12}'
\set ECHO all

-- What is said, by the assistant's language, by other words and with another key; the proof keeps it.
SELECT l.language, voiceagent_private.disclosure_text('{opt_out_key}', '{"opt_out_key": "2"}', l.language) AS said, voiceagent_private.opt_out_confirmation('{}', l.language) AS confirmed
FROM unnest('{en,es-MX,fr,de-AT,it}'::text[]) l(language);
SELECT voiceagent_private.disclosure_text('{opt_out_key}', '{"opt_out_key": "0", "disclosure_opt_out_key": "Prema {{opt_out_key}}."}', 'it') AS said, voiceagent_private.opt_out_confirmation('{"opt_out_confirmation": "Va bene."}', 'it') AS confirmed;
BEGIN;
SELECT pg_temp.keyed('twilio', '{2001,2002,2003,2004}') AS calls;
SELECT DISTINCT disclosures, disclosure, opt_out_key FROM voiceagent.eligibility WHERE tenant_id = voiceagent.current_tenant();
SELECT detail FROM voiceagent.explain_call(pg_temp.call_of('2001')) WHERE rule = 'disclosure';
SELECT pg_temp.told('2001', NULL);
-- The same lead waits in another campaign, and is taken out of it at once, while the call goes on.
SELECT voiceagent.create_campaign('Others', max(s.assistant_id), settings => jsonb_build_object('provider_account_id', max(a.provider_account_id), 'caller_name', 'Acme', 'caller_phone', '+1 800 555 0100', 'call_subject', 'roofs')) AS other
FROM voiceagent.assistants s JOIN voiceagent.provider_accounts a USING (tenant_id) WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.add_leads(:other, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant())), voiceagent.confirm_campaign(:other, 'Others'), voiceagent.start_campaign(:other) \g /dev/null
SELECT m.status, count(q.lead_id) AS queued FROM voiceagent.campaign_leads m LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = :other GROUP BY 1;
-- another key: the text is said again, and nothing has happened
SELECT * FROM pg_temp.hear('2001', :'answered', :'five');
SELECT pg_temp.told('2001', '5') = pg_temp.told('2001', NULL) AS said_again;
-- the key, twice
SELECT * FROM pg_temp.hear('2001', :'nine');
SELECT * FROM pg_temp.hear('2001', :'nine');
SELECT pg_temp.told('2001', '9');
SELECT m.status, m.reason, count(q.lead_id) AS queued FROM voiceagent.campaign_leads m LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = :other AND l.phone LIKE '%2001' GROUP BY 1, 2;
-- what is told of the end, whatever it is, undoes nothing, and nobody is called again
SELECT * FROM pg_temp.hear('2001', :'ended');
SELECT * FROM pg_temp.hear('2002', :'nine', '{"kind": "report", "status": "no_answer", "cause_class": "no_answer", "cause": "no-answer", "duration_seconds": 0}');
-- told after the end
SELECT * FROM pg_temp.hear('2003', :'answered', :'ended');
SELECT * FROM pg_temp.hear('2003', :'nine');
-- what is said, played or keyed by hand takes nothing away: the call, which was told of a key, listens on
SELECT voiceagent.say_in_call(pg_temp.call_of('2004'), 'One moment.') IS NOT NULL AS said, voiceagent.play_in_call(pg_temp.call_of('2004'), 'https://93.184.216.34/a.mp3') IS NOT NULL AS played,
	voiceagent.send_digits(pg_temp.call_of('2004'), '1') IS NOT NULL AS keyed, voiceagent.transfer_call(pg_temp.call_of('2004'), '+12125550188') IS NOT NULL AS is_transferred;
SELECT kind, request_data #>> '{answer,listens_for}' AS listens FROM voiceagent.provider_requests
WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2004') AND kind IN ('say', 'play', 'send_dtmf', 'transfer') ORDER BY provider_request_id;
-- another tenant's call is not to be had by its reference
CREATE TEMP TABLE theirs AS SELECT a.reference, a.attempt_id FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of('2004');
SELECT pg_temp.begin_calls('Strangers', ARRAY['2009']) > 0 AS ready;
SELECT m.call_id IS NULL AS nobodys FROM theirs t CROSS JOIN LATERAL unnest(voiceagent_private.match_events(ARRAY[ROW(-1, (SELECT min(p.endpoint_id) FROM voiceagent.webhook_endpoints p WHERE p.tenant_id = voiceagent.current_tenant()),
	t.attempt_id, jsonb_populate_record(NULL::voiceagent.call_event, :'nine'::jsonb || jsonb_build_object('attempt_ref', t.reference)))::voiceagent_private.read_event])) m;
SELECT count(*) FROM voiceagent.do_not_call_list WHERE phone LIKE '+12125552004';
ROLLBACK;

-- With a socket that talks there is no key; the law's own words are said.
BEGIN;
SELECT pg_temp.keyed('twilio', '{2001}', '{}', '{"stream_url": "wss://bot.example/s"}') AS calls;
SELECT disclosure, opt_out_key FROM voiceagent.eligibility WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.say_in_call(pg_temp.call_of('2001'), 'One moment.') IS NOT NULL AS said;
SELECT request_data #> '{answer,listens_for}' AS listens FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() AND kind = 'say' AND call_id = pg_temp.call_of('2001');
SELECT * FROM pg_temp.hear('2001', :'nine');
ROLLBACK;

-- A lead that would not hear what the law wants said, or could not be heard, is not called, though the campaign had started before its lead came to this place:
-- it is put off, with the reason. What an assistant says itself is its author's to answer for.
BEGIN;
SELECT pg_temp.keyed('asterisk', '{2001}') AS mute;
SELECT m.status, m.reason, m.attempts, q.not_before - voiceagent.clock() BETWEEN '14 minutes' AND '15 minutes' AS later,
	(SELECT string_agg(x.why, ' / ') FROM voiceagent.explain_lead(m.lead_id) x WHERE x.why LIKE '%Put off%') LIKE '%the carrier cannot say%' AS explained
FROM voiceagent.campaign_leads m JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) WHERE m.tenant_id = voiceagent.current_tenant();
-- A preview says the same of it, by the same function.
CREATE FUNCTION pg_temp.foreseen() RETURNS TABLE (blocked jsonb, as_the_claim boolean) LANGUAGE sql AS $$
	SELECT w.preview -> 'blocked', w.preview -> 'blocked' = coalesce((SELECT jsonb_object_agg(r.reason, r.leads) FROM (
		SELECT m.reason, count(*) AS leads FROM voiceagent.campaign_leads m WHERE m.tenant_id = c.tenant_id AND m.campaign_id = c.campaign_id AND m.reason IS NOT NULL
		GROUP BY m.reason) r), '{}') FROM voiceagent.campaigns c CROSS JOIN LATERAL (SELECT voiceagent.preview_campaign(c.campaign_id) AS preview) w WHERE c.tenant_id = voiceagent.current_tenant() $$;
SELECT * FROM pg_temp.foreseen();
SELECT count(*) AS proofs FROM voiceagent.eligibility WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.keyed('exotel', '{2001}') AS unheard;
SELECT * FROM pg_temp.foreseen();
SELECT pg_temp.keyed('exotel', '{2001}', assistant => '{"discloses": true}') AS its_own_words;
SELECT blocked FROM pg_temp.foreseen();
ROLLBACK;

-- Asterisk plays a recording, which may name the key itself; it waits for the key when that is over, and hangs up upon it. No word of ours is played.
BEGIN;
SELECT pg_temp.keyed('asterisk', '{2001,2002,2003}', '{"opt_out_key": 2, "machine_detection": "off"}', '{"media": "sound:offer"}', '{"discloses": true}') AS calls;
SELECT DISTINCT opt_out_key FROM voiceagent.eligibility WHERE tenant_id = voiceagent.current_tenant();
SELECT provider_requests FROM pg_temp.hear('2001', :'answered', '{"kind": "key", "key": "9"}', '{"kind": "spoken"}');
SELECT * FROM pg_temp.hear('2002', '{"kind": "key", "key": "2"}');
SELECT provider_requests FROM pg_temp.hear('2002', '{"kind": "spoken"}');
SELECT outcome, member, provider_requests FROM pg_temp.hear('2002', :'ended');
ROLLBACK;

-- Telnyx is told by requests: a text that listens is over with the key, or with the time for one; only what confirms the key is said without.
BEGIN;
SELECT pg_temp.keyed('telnyx', '{2001,2002,2003,2004}', '{"machine_detection": "off"}') AS calls;
SELECT DISTINCT disclosure, opt_out_key FROM voiceagent.eligibility WHERE tenant_id = voiceagent.current_tenant();
\set pressed '{"kind": "key", "key": "9"}'
\set over '{"kind": "key", "wants_answer": true}'
SELECT provider_requests FROM pg_temp.hear('2001', :'answered');
SELECT request_data #>> '{answer,opt_out_key}' AS listens FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2001');
-- by itself, and at the end of the listening; confirmed once, and the call ends with that
SELECT * FROM pg_temp.hear('2001', :'pressed');
SELECT request_data #> '{answer,opt_out_key}' AS listens FROM voiceagent.provider_requests WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2001') ORDER BY provider_request_id DESC LIMIT 1;
SELECT provider_requests FROM pg_temp.hear('2001', :'nine');
-- nor is the text said again behind that
SELECT provider_requests FROM pg_temp.hear('2001', :'five', :'over');
SELECT provider_requests FROM pg_temp.hear('2001', :'spoken');
SELECT outcome, lead, member FROM pg_temp.hear('2001', :'ended');
-- another key, which has ended the text; nobody presses one
SELECT provider_requests FROM pg_temp.hear('2002', :'answered', '{"kind": "key", "key": "5"}', :'five');
SELECT * FROM pg_temp.hear('2002', :'over');
-- a key that is not understood, or silence that is told as one: the text is said twice, then the call ends as without a key; the one that stops the calls counts still
\set unclear '{"kind": "key", "key": "#", "wants_answer": true}'
SELECT provider_requests FROM pg_temp.hear('2004', :'answered', :'unclear', :'unclear');
SELECT lead, listed, opted_out FROM pg_temp.hear('2004', :'pressed');
-- put through meanwhile
SELECT provider_requests FROM pg_temp.hear('2003', :'answered');
SELECT voiceagent.transfer_call(pg_temp.call_of('2003'), '+12125550188') > 0 AS ordered;
SELECT provider_requests FROM pg_temp.hear('2003', :'five', :'over');
ROLLBACK;

-- A message is left once, whatever key the carrier tells of while the machine listens; the one that stops the calls counts still.
BEGIN;
SELECT pg_temp.keyed('telnyx', '{3001,3002}', '{"machine_detection": "message", "voicemail_message": "Please call us."}') AS calls;
\set beep '{"kind": "machine", "machine": "voicemail", "wants_answer": true}'
SELECT provider_requests FROM pg_temp.hear('3001', :'answered', :'beep', :'unclear');
SELECT lead, listed, opted_out FROM pg_temp.hear('3001', :'pressed');
ROLLBACK;

-- A voicemail hears nobody: it is told a toll-free number that stops the calls. Where the law wants that and none is set, the campaign runs, says so, and
-- leaves no message there.
CREATE FUNCTION pg_temp.at_machine(number text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(voiceagent_private.answer_plan((SELECT min(p.endpoint_id) FROM voiceagent.webhook_endpoints p WHERE p.tenant_id = a.tenant_id), a.reference, NULL, NULL, machine => 'voicemail') ->> 'text', 'hangs up')
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number)
$$;
BEGIN;
INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source) VALUES ('XA', 'contact_said', '["promotional:toll_free"]', 'test');
SELECT pg_temp.keyed('twilio', '{2001}', '{"machine_detection": "message", "voicemail_message": "Please call us.", "caller_toll_free": ""}') AS calls;
SELECT pg_temp.at_machine('2001');
SELECT status FROM pg_temp.hear('2001', '{"kind": "machine", "machine": "voicemail", "wants_answer": true}', :'ended');
SELECT detail LIKE '%No message was left: the law wants a toll-free number%' AS said FROM voiceagent.explain_call(pg_temp.call_of('2001')) WHERE rule = 'end';
SELECT w FROM voiceagent.campaigns c, jsonb_array_elements_text(voiceagent.preview_campaign(c.campaign_id) -> 'warnings') w WHERE c.tenant_id = voiceagent.current_tenant() AND w LIKE '%voicemail%';
UPDATE voiceagent.provider_accounts SET provider = 'sandbox' WHERE tenant_id = voiceagent.current_tenant();
SET LOCAL client_min_messages = notice;
SELECT voiceagent.stop_campaign(campaign_id), voiceagent.start_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
ROLLBACK;
BEGIN;
INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source) VALUES ('XA', 'contact_said', '["promotional:toll_free"]', 'test');
SELECT pg_temp.keyed('twilio', '{2001}', '{"machine_detection": "message", "voicemail_message": "Please call us."}') AS calls;
SELECT pg_temp.at_machine('2001');
SELECT detail LIKE '%No message%' AS said FROM voiceagent.explain_call(pg_temp.call_of('2001')) WHERE rule = 'end';
SELECT w FROM voiceagent.campaigns c, jsonb_array_elements_text(voiceagent.preview_campaign(c.campaign_id) -> 'warnings') w WHERE c.tenant_id = voiceagent.current_tenant() AND w LIKE '%voicemail%';
ROLLBACK;
-- Words of the tenant's own on two lines are one part, and stand on one line of those that are measured.
BEGIN;
SELECT pg_temp.keyed('twilio', '{2001}', '{"disclosure_ai": "An AI calls.\nFor Acme, it says."}') AS calls;
SELECT a.disclosures, w.law_words, cardinality(string_to_array(w.law_words, E'\n')) = cardinality(a.disclosures) AS a_line_each
FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) CROSS JOIN LATERAL voiceagent_private.words_of_dial(c) w WHERE a.tenant_id = voiceagent.current_tenant();
ROLLBACK;
