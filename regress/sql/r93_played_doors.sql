-- What a played call sets off stays on the sandbox: each door by which something leaves, beside the same after a real call.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/evaluate.inc
\i lib/notices.inc
\set ECHO all
BEGIN;
SELECT voiceagent.create_tenant('r93 played', 'UTC', 1000) AS tenant \gset
SELECT voiceagent.create_member(:tenant, 'ann@example.com', 'password1', 'owner') AS ann \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
UPDATE voiceagent.members SET email_proved_at = created_at;
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, armed_at, created_at)
VALUES (:tenant, 'vapi', 'real', 'https://carrier.example', '{"phone_number_id": "1"}', 10, now(), now()) RETURNING provider_account_id AS real \gset
SELECT min(provider_account_id) AS sandbox FROM voiceagent.provider_accounts WHERE tenant_id = :tenant AND provider = 'sandbox' \gset
SELECT pg_temp.at('2027-06-18 15:00+00') \g /dev/null
-- Four leads; Pat and Paula are reached by a played call, Ray and Rosa by a real one.
SELECT voiceagent.add_lead('+12025554501', 'Pat', email => 'pat@example.com') AS pat, voiceagent.add_lead('+12025554502', 'Ray', email => 'ray@example.com') AS ray,
	voiceagent.add_lead('+12025554503', 'Paula') AS paula, voiceagent.add_lead('+12025554504', 'Rosa') AS rosa \gset
CREATE FUNCTION pg_temp.campaign(name text, account bigint) RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent.create_campaign(name, voiceagent.create_assistant(name, 'Hello', 'Be kind.'), settings => jsonb_build_object('provider_account_id', account,
		'calling_hours', '{"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}'::jsonb)) $$;
SELECT pg_temp.campaign('plays', :sandbox) AS plays, pg_temp.campaign('rings', :real) AS rings, pg_temp.campaign('plays later', :sandbox) AS plays_later, pg_temp.campaign('rings later', :real) AS rings_later \gset
SELECT voiceagent.add_leads(:plays, ARRAY[:pat, :paula]::bigint[]), voiceagent.add_leads(:rings, ARRAY[:ray, :rosa]::bigint[]) \g /dev/null
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome, lawful, counts, started_at, answered_at, ended_at)
SELECT c.tenant_id, c.campaign_id, l.lead_id, l.phone, c.assistant_id, 1, 1, c.provider_account_id, 1, 'completed', 'interested', true, true, voiceagent.clock(), voiceagent.clock(), voiceagent.clock()
FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = :tenant ORDER BY l.lead_id;
UPDATE voiceagent.campaign_leads SET status = 'completed', last_outcome = 'interested' WHERE tenant_id = :tenant;
UPDATE voiceagent.leads SET last_outcome = 'interested', last_called_at = voiceagent.clock() WHERE tenant_id = :tenant;
SELECT max(call_id) FILTER (WHERE lead_id = :pat) AS played, max(call_id) FILTER (WHERE lead_id = :ray) AS called FROM voiceagent.calls WHERE tenant_id = :tenant \gset

/* ----- mails to the person: into the sandbox's mailbox, whatever account there is ----- */
SELECT voiceagent.set_mail_account('smtp://mail.example.com:587', 'us@example.com');
SELECT voiceagent.set_setting('mail_invitations', 'on');
INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, call_id, status, starts_at, ends_at, timezone, detected_by, created_at)
SELECT c.tenant_id, k.calendar_id, c.lead_id, c.call_id, 'pending', voiceagent.clock() + c.call_id % 7 * interval '1 hour' + interval '2 days', voiceagent.clock() + c.call_id % 7 * interval '1 hour' + interval '2 days 30 minutes', 'UTC', '{tool}', voiceagent.clock()
FROM voiceagent.calls c JOIN voiceagent.calendars k USING (tenant_id) WHERE c.call_id IN (:played, :called) AND k.is_default;
SELECT count(voiceagent.confirm_appointment(appointment_id)) FROM voiceagent.appointments WHERE tenant_id = :tenant;
SELECT voiceagent_private.send_invitations(20) IS NULL AS sent, voiceagent_private.enqueue_mail('pat@example.com', 'information', '{"topic": "Roofs", "information": "Tiles."}', lead_id => :pat, call_id => :played) > 0 AS asked,
	voiceagent_private.enqueue_mail('ray@example.com', 'information', '{"topic": "Roofs", "information": "Tiles."}', lead_id => :ray, call_id => :called) > 0 AS asked;
SELECT recipient, sender FROM voiceagent_private.claim_mails(100, true, true) ORDER BY 1;
SELECT kind, recipient, status, via, reason FROM voiceagent.mails WHERE tenant_id = :tenant ORDER BY recipient, kind;

/* ----- calendars elsewhere have only what was agreed for real ----- */
SELECT c.lead_id = :pat AS played, voiceagent_private.stands_there(jsonb_populate_record(NULL::voiceagent.calendar_connections, jsonb_build_object('calendar_id', c.calendar_id, 'writes', w)), c) AS stands, w
FROM voiceagent.appointments c, unnest('{confirmed,at_once}'::text[]) w WHERE c.tenant_id = :tenant ORDER BY 1, 3;

/* ----- notices of members say what was played, and are no texts then; outgoing webhooks say it ----- */
SELECT voiceagent_private.log_event('appointment_confirmed', :plays, :played, :pat, '{}'), voiceagent_private.log_event('appointment_confirmed', :rings, :called, :ray, '{}') \g /dev/null
INSERT INTO voiceagent.notice_wishes (tenant_id, member_id, kinds, phone) VALUES (:tenant, :ann, '{"appointment": ["mail", "text"]}', '+12025554599');
INSERT INTO voiceagent_private.notices_new (tenant_id, kind, event_type, at, event_data, call_id, lead_id)
SELECT :tenant, 'appointment', 'appointment_confirmed', voiceagent.clock(), jsonb_build_object('appointment_id', a.appointment_id), a.call_id, a.lead_id FROM voiceagent.appointments a WHERE a.tenant_id = :tenant;
SELECT pg_temp.turns();
SELECT n.call_id = :played AS played, regexp_replace(voiceagent_private.say_detail(n.detail, 'en', 'UTC'), '\m(Sun|Mon|Tue|Wed|Thu|Fri|Sat)\M.*, ', '..., ') AS detail, n.mail_id IS NOT NULL AS mailed, n.text_id IS NOT NULL AS texted FROM voiceagent.member_notices n WHERE n.tenant_id = :tenant AND n.kind = 'appointment' ORDER BY 1, 2;
SELECT k.call_id = :played AS played, w.kind, voiceagent_private.webhook_data(jsonb_populate_record(NULL::voiceagent.webhook_deliveries, jsonb_build_object('tenant_id', :tenant, 'kind', w.kind, 'event_type', w.kind, 'call_id', k.call_id, 'lead_id', k.lead_id,
	'campaign_id', k.campaign_id, 'event_data', jsonb_build_object('appointment_id', a.appointment_id)))) -> 'played' AS says
FROM voiceagent.calls k JOIN voiceagent.appointments a USING (tenant_id, call_id), unnest('{call_finished,appointment_booked,message_taken,opted_out}'::text[]) w(kind) WHERE k.tenant_id = :tenant ORDER BY 1, 2;

/* ----- follow-ups lead from the sandbox to the sandbox alone ----- */
SAVEPOINT s;
SELECT voiceagent.set_follow_up(o.f, 'interested', o.t) FROM (VALUES (:plays, :rings_later), (:rings, :rings_later)) o(f, t);
SELECT voiceagent_private.follow_up(:plays, ARRAY[:pat, :paula]::bigint[]), voiceagent_private.follow_up(:rings, ARRAY[:ray]::bigint[]);
SELECT l.first_name FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.campaign_id = :rings_later ORDER BY 1;
SELECT voiceagent.set_follow_up(:plays, 'interested', :plays_later), voiceagent_private.follow_up(:plays, ARRAY[:pat]::bigint[]);
SELECT l.first_name FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.campaign_id = :plays_later ORDER BY 1;
ROLLBACK TO s;

/* ----- audiences: what a played call has left opens no campaign of a real carrier; what is the lead's own does ----- */
SELECT voiceagent.create_audience('by a', :rings_later, 'last_outcome = ''interested''') > 0 AS made;
SELECT count(pg_temp.enrol(100)) AS passes FROM generate_series(1, 4);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT l.first_name FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.campaign_id = :rings_later ORDER BY 1;
SELECT voiceagent.create_audience('by name', :rings_later, 'first_name LIKE ''Pa%''') > 0 AS made;
UPDATE voiceagent_private.audience_turns SET next_at = '-infinity' WHERE tenant_id = :tenant;
SELECT count(pg_temp.enrol(100)) AS passes FROM generate_series(1, 4);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT l.first_name FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.campaign_id = :rings_later ORDER BY 1;
ROLLBACK TO s;

/* ----- sequences that a played outcome begins, or a played event leads on ----- */
INSERT INTO voiceagent.phone_numbers (tenant_id, provider_account_id, phone_number, country, timezone, state, proof, is_active, created_at)
SELECT :tenant, a.account, a.phone, 'US', 'America/New_York', 'ready', 'carrier', true, now() FROM (VALUES (:real, '+12025550111'), (:sandbox, '+12025550110')) a(account, phone);
SELECT phone_number_id AS ours FROM voiceagent.phone_numbers WHERE tenant_id = :tenant AND phone_number = '+12025550111' \gset
INSERT INTO voiceagent.text_senders (tenant_id, phone_number_id, registration, state, changed_at)
SELECT tenant_id, phone_number_id, '10dlc', 'registered', now() FROM voiceagent.phone_numbers WHERE tenant_id = :tenant;
SELECT count(voiceagent.record_consent(lead_id, 'text', 'form')) FROM voiceagent.leads WHERE tenant_id = :tenant;
CREATE VIEW pg_temp.went AS SELECT l.first_name AS lead, f.step, f.kind, f.result, f.reason, n.phone_number AS by FROM voiceagent.sequence_effects f JOIN voiceagent.sequence_enrolments e USING (tenant_id, enrolment_id)
	JOIN voiceagent.leads l USING (tenant_id, lead_id) LEFT JOIN voiceagent.texts t ON f.kind = 'text' AND t.text_id = f.object_id LEFT JOIN voiceagent.phone_numbers n USING (phone_number_id) WHERE f.tenant_id = :tenant ORDER BY 1, 2;
CREATE FUNCTION pg_temp.work() RETURNS void LANGUAGE sql AS $$ SELECT voiceagent_private.take_steps(20) FROM generate_series(1, 8) $$;
SELECT voiceagent.create_sequence('follows', jsonb_build_array(jsonb_build_object('do', 'webhook'), jsonb_build_object('do', 'text', 'text', 'Hello', 'phone_number_id', :ours), '{"do": "text", "text": "Hello again"}'::jsonb,
	jsonb_build_object('do', 'move', 'campaign_id', :rings_later, 'refused', 'next'), '{"do": "condition", "if": {"outcome": ["interested"]}, "then": "end", "else": "end"}'::jsonb)) AS follows \gset
SELECT voiceagent.publish_sequence(:follows), voiceagent.start_sequence_on(:follows, c, '{interested}') FROM unnest(ARRAY[:plays, :rings]::bigint[]) c LIMIT 1;
SELECT voiceagent.start_sequence_on(:follows, :rings, '{interested}');
SELECT voiceagent_private.follow_up(:plays, ARRAY[:pat]::bigint[]), voiceagent_private.follow_up(:rings, ARRAY[:ray]::bigint[]), pg_temp.work();
SELECT * FROM pg_temp.went;
SELECT l.first_name, e.event_data -> 'played' AS says FROM voiceagent.events e JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE e.tenant_id = :tenant AND e.event_type = 'sequence_step' ORDER BY 1;
SELECT l.first_name FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.campaign_id = :rings_later ORDER BY 1;
-- Enrolled by a person, after the same calls: all goes by its own number; what is played meanwhile is no answer to a condition.
UPDATE voiceagent.leads SET last_called_at = voiceagent.clock() + interval '1 hour' WHERE tenant_id = :tenant;
SELECT voiceagent.create_sequence('asks', jsonb_build_array(jsonb_build_object('do', 'condition', 'if', '{"outcome": ["interested"]}'::jsonb, 'then', 'write', 'else', 'write'), jsonb_build_object('do', 'text', 'name', 'write', 'text', 'Hello', 'phone_number_id', :ours),
	'{"do": "wait", "for": ["replied"], "within": "1 day", "then": "again", "else": "end"}'::jsonb, jsonb_build_object('do', 'text', 'name', 'again', 'text', 'Thank you', 'phone_number_id', :ours))) AS asks \gset
SELECT voiceagent.publish_sequence(:asks), voiceagent.enrol_leads(:asks, ARRAY[:paula, :rosa]::bigint[]), pg_temp.work();
-- A reply on the sandbox leads one on, a real one the other.
SELECT voiceagent_private.hear(ARRAY[:paula]::bigint[], 'replied', played => true), voiceagent_private.hear(ARRAY[:rosa]::bigint[], 'replied'), pg_temp.work();
SELECT * FROM pg_temp.went WHERE lead IN ('Paula', 'Rosa');
-- A call step into a campaign of the sandbox is played, and so is what comes after it.
SELECT voiceagent.create_sequence('plays', jsonb_build_array(jsonb_build_object('do', 'move', 'campaign_id', :plays_later), jsonb_build_object('do', 'text', 'text', 'Hello', 'phone_number_id', :ours))) AS moves \gset
SELECT voiceagent.publish_sequence(:moves), voiceagent.enrol_leads(:moves, ARRAY[:rosa]::bigint[]), pg_temp.work();
SELECT w.* FROM pg_temp.went w WHERE lead = 'Rosa' ORDER BY kind, step, by;
ROLLBACK;
