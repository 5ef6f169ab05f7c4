-- What was played on the sandbox counts for nobody: no stop, start, consent, answer or promise of it opens a gate of a real carrier.
SET client_min_messages = warning;
BEGIN;
SELECT voiceagent_private.set_tenant(voiceagent.create_tenant('r59 played', 'UTC')) \g /dev/null
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, settings, max_concurrent_calls, armed_at, created_at)
VALUES (voiceagent.current_tenant(), 'twilio', 'real', '{}', 10, now(), now()) RETURNING provider_account_id AS real \gset
SELECT min(provider_account_id) AS sandbox FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant() AND provider = 'sandbox' \gset
SELECT voiceagent.add_lead(phone => '+1202555' || n, first_name => 'Ann') IS NOT NULL AS added FROM generate_series(4401, 4406) n \g /dev/null
-- Somebody writes, by the account of a real carrier or of the sandbox.
CREATE FUNCTION pg_temp.writes(account bigint, n integer, body text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	e voiceagent.call_event;
BEGIN
	e.status := 'received';
	e.provider_call_id := format('%s %s %s %s', account, n, body, clock_timestamp());
	e.from_number := '+1202555' || n;
	e.to_number := '+12025550100';
	e.transcript := body;
	PERFORM voiceagent_private.take_texts(ARRAY[e], ARRAY[account]);
END $$;
CREATE FUNCTION pg_temp.gates(OUT n text, OUT suppressed text, OUT consent boolean) RETURNS SETOF record LANGUAGE sql AS $$
	SELECT right(l.phone, 4), voiceagent_private.text_suppressed(l.phone, NULL),
		(voiceagent_private.consent_within(l.lead_id, l.phone, NULL, clock_timestamp() + interval '1 second', 'text')).consent_id IS NOT NULL
	FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY l.phone $$;
-- A real STOP, then a played START; a real doubt, a played STOP and START; a number that a member has listed, and a played START; a played START alone;
-- a played STOP and START; a real STOP and START.
SELECT pg_temp.writes(:real, 4401, 'STOP'), pg_temp.writes(:real, 4402, 'I am driving, Do Not Disturb'), voiceagent.do_not_call('+12025554403', 'asked') \g /dev/null
UPDATE voiceagent.text_stops SET source = 'doubt' WHERE phone = '+12025554402' AND tenant_id = voiceagent.current_tenant();
SELECT pg_temp.writes(:sandbox, 4401, 'START'), pg_temp.writes(:sandbox, 4402, 'STOP'), pg_temp.writes(:sandbox, 4402, 'START'), pg_temp.writes(:sandbox, 4403, 'START'), pg_temp.writes(:sandbox, 4404, 'START'),
	pg_temp.writes(:sandbox, 4405, 'STOP'), pg_temp.writes(:sandbox, 4405, 'START'), pg_temp.writes(:real, 4406, 'STOP') \g /dev/null
-- The same twice is one consent.
SELECT pg_temp.writes(:real, 4406, 'START') \g /dev/null
SELECT pg_temp.writes(:real, 4406, 'start') \g /dev/null
SELECT * FROM pg_temp.gates();
SELECT right(phone, 4) AS n, played, source, lifted_at IS NOT NULL AS lifted FROM voiceagent.text_stops WHERE tenant_id = voiceagent.current_tenant() ORDER BY phone, played;
SELECT right(phone, 4) AS n, kind, wording FROM voiceagent.consents WHERE tenant_id = voiceagent.current_tenant() ORDER BY phone;
-- A promise in a call of the sandbox is a consent that no real dial finds.
SELECT voiceagent_private.consent_kind(k, :sandbox) AS played, voiceagent_private.consent_kind(k, :real) AS given FROM unnest('{call,text,recording}'::text[]) k;
-- A text of the sandbox lets none of a real number go for a day, as a person's own does; the case file has neither it nor a consent of it.
SELECT p.name, jsonb_array_length(p.content::jsonb) AS rows FROM voiceagent_private.case_parts('+12025554404') AS p WHERE p.name IN ('consents', 'texts');
SELECT p.name, jsonb_array_length(p.content::jsonb) AS rows FROM voiceagent_private.case_parts('+12025554406') AS p WHERE p.name IN ('consents', 'texts');
-- Every row of tables that a text of the sandbox has written, by table: those that a gate of a real carrier reads.
SELECT count(*) AS "rows of the sandbox that open a real gate" FROM (
	SELECT s.phone FROM voiceagent.text_stops s JOIN voiceagent.texts t USING (tenant_id, text_id) WHERE t.provider_account_id = :sandbox AND NOT s.played
	UNION ALL SELECT c.phone FROM voiceagent.consents c JOIN voiceagent.texts t ON t.tenant_id = c.tenant_id AND c.source = 'text ' || t.text_id WHERE t.provider_account_id = :sandbox AND c.kind NOT LIKE 'played%') x;
ROLLBACK;

/* ----- answers in calls, promises, the day of a reply, the share of abandoned calls, the case file ----- */
BEGIN;
SELECT voiceagent_private.set_tenant(voiceagent.create_tenant('r59 calls', 'UTC', 1000)) \g /dev/null
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, armed_at, created_at)
VALUES (voiceagent.current_tenant(), 'vapi', 'real', 'https://carrier.example', '{"phone_number_id": "1"}', 10, now(), now()) RETURNING provider_account_id AS real \gset
SELECT min(provider_account_id) AS sandbox FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant() AND provider = 'sandbox' \gset
SELECT voiceagent.add_lead(phone => '+1202555' || n, first_name => 'Ann') IS NOT NULL AS added FROM generate_series(4411, 4414) n \g /dev/null
SELECT voiceagent.create_campaign('Asks', voiceagent.create_assistant('Ann', 'Hello', 'Be kind.'), settings => '{"ask_to_record": true, "ask_to_call": true, "ask_to_text": true, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') AS c \gset
SELECT voiceagent.add_leads(:c), voiceagent.start_campaign(:c) \g /dev/null
-- A call with the lead of a number, by an account, abandoned or not.
CREATE FUNCTION pg_temp.called(account bigint, n integer, abandoned boolean DEFAULT NULL) RETURNS voiceagent.calls LANGUAGE sql AS $$
	INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome, lawful, counts, started_at, answered_at, ended_at, abandoned)
	SELECT c.tenant_id, c.campaign_id, l.lead_id, l.phone, c.assistant_id, 1, 1, account, 1, 'completed', 'completed', true, true, voiceagent.clock(), voiceagent.clock(), voiceagent.clock(), $3
	FROM voiceagent.campaigns c JOIN voiceagent.leads l USING (tenant_id) WHERE c.tenant_id = voiceagent.current_tenant() AND l.phone = '+1202555' || n RETURNING * $$;
CREATE FUNCTION pg_temp.read_by_gates(number integer) RETURNS TABLE (recording boolean, call boolean, text boolean) LANGUAGE sql AS $$
	SELECT (SELECT r.agreed FROM voiceagent_private.recording_consent(l.tenant_id, l.lead_id, l.phone) r), (voiceagent_private.consent_within(l.lead_id, l.phone, NULL, clock_timestamp() + interval '1 second')).consent_id IS NOT NULL,
		(voiceagent_private.consent_within(l.lead_id, l.phone, NULL, clock_timestamp() + interval '1 second', 'text')).consent_id IS NOT NULL
	FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = '+1202555' || number $$;
-- Three questions, three times yes: on the sandbox, and really.
SELECT jsonb_agg(s.turn ORDER BY k.n, s.n) AS turns FROM unnest('{recording,call,text}'::text[]) WITH ORDINALITY k(kind, n)
CROSS JOIN LATERAL (VALUES (1, jsonb_build_object('speaker', 'assistant', 'text', voiceagent_private.spoken_words('ask_' || k.kind, 'en'))), (2, '{"speaker": "customer", "text": "Yes."}')) s(n, turn) \gset
SELECT voiceagent_private.keep_answers(pg_temp.called(a.account, a.n), :'turns') FROM (VALUES (:sandbox, 4411), (:real, 4412)) a(account, n) \g /dev/null
SELECT n, g.* FROM generate_series(4411, 4412) n, pg_temp.read_by_gates(n) g;
SELECT right(phone, 4) AS n, string_agg(kind, ' ' ORDER BY kind) AS kinds FROM voiceagent.consents WHERE tenant_id = voiceagent.current_tenant() GROUP BY 1 ORDER BY 1;
-- A caller asks to be called back: the consent for that call. A queue's privilege of a promise ends when the campaign gets a real carrier.
SELECT voiceagent_private.promise_callback(pg_temp.called(a.account, a.n), voiceagent.clock() + interval '1 hour', true) AS promised FROM (VALUES (:sandbox, 4413), (:real, 4414)) a(account, n);
SELECT n, g.call FROM generate_series(4413, 4414) n, pg_temp.read_by_gates(n) g;
UPDATE voiceagent_private.call_queue SET reason = 'callback' WHERE tenant_id = voiceagent.current_tenant();
SAVEPOINT promised;
SELECT voiceagent.update_campaign(:c, jsonb_build_object('provider_account_id', :real)) > 1 AS changed;
SELECT reason, count(*) FROM voiceagent_private.call_queue WHERE tenant_id = voiceagent.current_tenant() GROUP BY 1;
-- Calls on the sandbox do not lower the share: one of the two real calls that reached somebody was abandoned.
SELECT count(pg_temp.called(:sandbox, 4411, false)) AS played, count(pg_temp.called(:real, 4412, n = 1)) AS real FROM generate_series(1, 2) n;
SELECT * FROM voiceagent_private.abandonment(:c, voiceagent.clock());
ROLLBACK TO promised;
SELECT count(pg_temp.called(:sandbox, 4411, n = 1)) AS played, count(pg_temp.called(:real, 4412, false)) AS real FROM generate_series(1, 4) n;
SELECT * FROM voiceagent_private.abandonment(:c, voiceagent.clock());
-- Within a day of a text to a number of the sandbox no text of a real number goes without a consent.
INSERT INTO voiceagent.phone_numbers (tenant_id, provider_account_id, phone_number, country, timezone, state, proof, is_active, created_at)
SELECT voiceagent.current_tenant(), a.account, a.phone, 'US', 'America/New_York', 'ready', 'carrier', true, now() FROM (VALUES (:sandbox, '+12025550110'), (:real, '+12025550111')) a(account, phone);
INSERT INTO voiceagent.text_senders (tenant_id, phone_number_id, registration, state, changed_at)
SELECT tenant_id, phone_number_id, '10dlc', 'registered', now() FROM voiceagent.phone_numbers WHERE tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent.texts (tenant_id, inbound, kind, status, phone, provider_account_id, body, segments, key, created_at, done_at)
SELECT voiceagent.current_tenant(), true, 'message', 'received', '+1202555' || a.n, a.account, 'Hello?', 1, 'in:' || a.n, now() - interval '1 hour', now() FROM (VALUES (:sandbox, 4413), (:real, 4414)) a(account, n);
SELECT right(l.phone, 4) AS n, o.reason IS NOT DISTINCT FROM 'no recorded consent to get texts' AS lacks_consent FROM voiceagent.leads l, voiceagent.phone_numbers p, LATERAL voiceagent_private.text_obstacle(jsonb_populate_record(NULL::voiceagent.texts,
	jsonb_build_object('tenant_id', l.tenant_id, 'kind', 'manual', 'phone', l.phone, 'lead_id', l.lead_id, 'phone_number_id', p.phone_number_id, 'body', 'Hi', 'key', 'x')), voiceagent.clock()) o
WHERE l.tenant_id = voiceagent.current_tenant() AND p.tenant_id = l.tenant_id AND p.provider_account_id = :real AND l.phone IN ('+12025554413', '+12025554414') ORDER BY 1;
-- What follows a call leaves by a number of its kind: of the sandbox none is registered here, and later one is; a real one never goes to the sandbox.
SAVEPOINT sent;
UPDATE voiceagent.text_senders SET state = 'rejected' WHERE phone_number_id = (SELECT phone_number_id FROM voiceagent.phone_numbers WHERE tenant_id = voiceagent.current_tenant() AND provider_account_id = :sandbox);
CREATE FUNCTION pg_temp.leaves_by(account bigint, n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_text bigint := voiceagent_private.queue_text('missed_call', '+1202555' || n, 'Sorry', 'missed ' || clock_timestamp(), NULL, (pg_temp.called(account, n)).call_id);
BEGIN
	RETURN (SELECT coalesce(n.phone_number, 'none') FROM voiceagent.texts t LEFT JOIN voiceagent.phone_numbers n USING (phone_number_id) WHERE t.text_id = v_text);
END $$;
SELECT pg_temp.leaves_by(:sandbox, 4411) AS played, pg_temp.leaves_by(:real, 4412) AS real;
UPDATE voiceagent.text_senders SET state = 'registered' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.leaves_by(:sandbox, 4411) AS played, pg_temp.leaves_by(:real, 4412) AS real;
-- Nor do calls and texts of the sandbox count among those of a day to a number.
SELECT voiceagent.set_setting('contacts_per_day', '2');
SELECT voiceagent.record_consent(lead_id, 'text', 'form') > 0 AS consents FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone IN ('+12025554411', '+12025554412');
SELECT count(pg_temp.called(:sandbox, 4411)) AS played, count(pg_temp.called(:real, 4412)) AS real FROM generate_series(1, 2);
SELECT right(l.phone, 4) AS n, o.reason FROM voiceagent.leads l, voiceagent.phone_numbers p, LATERAL voiceagent_private.text_obstacle(jsonb_populate_record(NULL::voiceagent.texts,
	jsonb_build_object('tenant_id', l.tenant_id, 'kind', 'missed_call', 'phone', l.phone, 'lead_id', l.lead_id, 'phone_number_id', p.phone_number_id, 'body', 'Hi', 'key', 'x')), voiceagent.clock()) o
WHERE l.tenant_id = voiceagent.current_tenant() AND p.tenant_id = l.tenant_id AND p.provider_account_id = :real AND l.phone IN ('+12025554411', '+12025554412') ORDER BY 1;
-- No room now is no refusal: a text waits until a contact's day is over, and for credits half an hour at a time; a week at most, one of an
-- appointment until that begins.
CREATE FUNCTION pg_temp.sent_after(seconds numeric) RETURNS TABLE (key text, status text, reason text, waits interval) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('voiceagent.clock_offset', seconds::text, true), voiceagent_private.send_texts(50);
	RETURN QUERY SELECT t.key, t.status, t.reason, date_trunc('hour', t.due_at - voiceagent.clock() + interval '31 minutes') FROM voiceagent.texts t WHERE t.key LIKE 'room%' ORDER BY 1;
END $$;
SELECT voiceagent_private.queue_text('missed_call', '+12025554412', 'Sorry', 'room', number => phone_number_id) > 0 AND voiceagent_private.queue_text('missed_call', '+12025554412', 'At six', 'room of an appointment',
	number => phone_number_id, until => extract(epoch FROM now() + interval '5 hours')::bigint) > 0 AS queued FROM voiceagent.phone_numbers WHERE tenant_id = voiceagent.current_tenant() AND provider_account_id = :real;
SELECT * FROM pg_temp.sent_after(0);
SELECT voiceagent.adjust_credits(voiceagent.current_tenant(), -available, 'test', 'none') IS NOT NULL AS taken FROM voiceagent.credit_balance;
SELECT key, status, reason, waits FROM pg_temp.sent_after(25 * 3600);
SELECT key, status, reason FROM pg_temp.sent_after(7 * 86400);
ROLLBACK TO sent;
-- The case file names what was played, behind what was not.
SELECT voiceagent_private.keep_answers(pg_temp.called(:real, 4411), '[]') \g /dev/null
SELECT regexp_replace(p.name, '\d+', 'N') AS part FROM voiceagent_private.case_parts('+12025554411') WITH ORDINALITY AS p(name, content, n) WHERE p.name LIKE '%call %' ORDER BY p.n;
SELECT p.content::jsonb -> 'calls' AS calls, p.content::jsonb -> 'calls_played' AS played FROM voiceagent_private.case_parts('+12025554411') AS p WHERE p.name = 'about';
ROLLBACK;
