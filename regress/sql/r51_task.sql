-- Tasks: what people have to do after calls. Checked when they are made, finished once, told once when they are overdue; offers; missed calls.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/incoming.inc
\set ECHO all
BEGIN;
SELECT voiceagent.create_tenant('r51 task', 'UTC', 1000) AS tenant, voiceagent.create_tenant('r51 other') AS other \gset
SELECT voiceagent.create_member(:tenant, 'r51@example.com', 'long enough', 'agent') AS member, voiceagent.create_member(:tenant, 'r51gone@example.com', 'long enough', 'agent') AS gone,
	voiceagent.create_member(:other, 'r51other@example.com', 'long enough') AS others_member \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
UPDATE voiceagent.members SET active = false WHERE member_id = :gone;
SELECT min(a.provider_account_id) AS account FROM voiceagent.provider_accounts a WHERE a.tenant_id = :tenant \gset
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, last_name, timezones, created_at)
VALUES (:tenant, '+12125550150', 'Ann', 'Lee', '{America/New_York}', voiceagent.clock()) RETURNING lead_id AS ann \gset
CREATE VIEW pg_temp.shown AS SELECT kind, priority, date_trunc('minute', due_at - created_at + interval '1 second') AS due_in, lead_id IS NOT NULL AS lead, call_id IS NOT NULL AS call,
	contact_name, contact_phone, note, member_id IS NOT NULL AS member, finished_at IS NOT NULL AS finished, result, overdue_reported_at IS NOT NULL AS told
	FROM voiceagent.tasks WHERE tenant_id = voiceagent.current_tenant() ORDER BY task_id;
SAVEPOINT s;

-- What there is not, and what cannot be.
SELECT voiceagent.create_task('moon');
ROLLBACK TO s;
SELECT voiceagent.create_task(NULL);
ROLLBACK TO s;
SELECT voiceagent.create_task('other', priority => 'urgent');
ROLLBACK TO s;
\set VERBOSITY terse
SELECT voiceagent.create_task('other', due_at => '2020-01-01 00:00Z');
ROLLBACK TO s;
SELECT voiceagent.create_task('other', due_at => 'infinity');
ROLLBACK TO s;
SELECT voiceagent.create_task('other', repeat('x', 4001));
ROLLBACK TO s;
SELECT voiceagent.create_task('other', lead_id => 987654321987);
ROLLBACK TO s;
SELECT voiceagent.create_task('other', call_id => 987654321987);
ROLLBACK TO s;
SELECT voiceagent.create_task('other', appointment_id => 987654321987);
ROLLBACK TO s;
SELECT voiceagent.create_task('other', phone => 'five five five');
ROLLBACK TO s;
SELECT voiceagent.create_task('other', member_id => 987654321987);
ROLLBACK TO s;
SELECT voiceagent.take_message('  ');
ROLLBACK TO s;
SELECT voiceagent.take_message('Call me.');
ROLLBACK TO s;
SELECT voiceagent.make_offer(-1, 'USD', phone => '+12125550160');
ROLLBACK TO s;
SELECT voiceagent.make_offer('NaN', 'USD', phone => '+12125550160');
ROLLBACK TO s;
SELECT voiceagent.make_offer(1.001, 'USD', phone => '+12125550160');
ROLLBACK TO s;
SELECT voiceagent.make_offer(1000, 'dollars', phone => '+12125550160');
ROLLBACK TO s;
SELECT voiceagent.make_offer(1000, 'USD');
ROLLBACK TO s;
SELECT count(*) FROM pg_temp.shown;
-- Another tenant's member, lead and task are none.
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.take_message('Theirs.', 'Zed', '+12125550199') AS theirs \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
\set VERBOSITY sqlstate
SELECT voiceagent.finish_task(:theirs);
ROLLBACK TO s;
SELECT voiceagent.create_task('other', member_id => :others_member);
ROLLBACK TO s;
SELECT voiceagent.create_task('other', member_id => :gone);
ROLLBACK TO s;
\set VERBOSITY terse
SELECT count(*) FROM voiceagent.tasks WHERE tenant_id = :other;

-- A message is due within the hour, an offer within the day, as set; each makes its events, with no words in them.
SELECT voiceagent.take_message(' Please ring me. ', 'Bob', '(212) 555-0161') AS message \gset
SELECT voiceagent.create_task('viewing', 'Show the house.', lead_id => :ann, member_id => :member) AS viewing \gset
SELECT voiceagent.set_setting('task_due_offer', '2 days');
SELECT voiceagent.make_offer(400000, 'usd', 'Subject to a survey.', '12 Oak Street', lead_id => :ann) AS offer \gset
SELECT * FROM pg_temp.shown;
SELECT amount, currency, subject, contingencies, lead_id = :ann AS anns FROM voiceagent.offers WHERE tenant_id = :tenant;
SELECT event_type, lead_id IS NOT NULL AS lead, array(SELECT jsonb_object_keys(event_data) ORDER BY 1) AS keys FROM voiceagent.events WHERE tenant_id = :tenant AND event_type ~ 'task|message|offer' ORDER BY event_id;
-- All of them wait for a person.
SELECT kind, who, regexp_replace(what, '\d{4}-.*?(,|$)', '...\1') AS what, quote, regexp_replace(settle, '\d+', 'N') AS settle FROM voiceagent.waiting WHERE kind = 'task' ORDER BY since, what;

-- Given to somebody; finished, once; opened again.
SELECT voiceagent.assign_task(:message, :member);
SELECT voiceagent.assign_task(:viewing, NULL);
SELECT kind, member FROM pg_temp.shown;
SELECT voiceagent.finish_task(:message, 'Rang back.');
SAVEPOINT f;
\set VERBOSITY sqlstate
SELECT voiceagent.finish_task(:message);
ROLLBACK TO f;
SELECT voiceagent.assign_task(:message, :member);
ROLLBACK TO f;
\set VERBOSITY terse
SELECT kind, finished, result FROM pg_temp.shown;
SELECT count(*) FROM voiceagent.waiting WHERE kind = 'task';
SELECT voiceagent.reopen_task(:message);
SELECT kind, finished, result FROM pg_temp.shown;
SELECT action, count(*) FROM voiceagent.audit_log WHERE tenant_id = :tenant AND action LIKE '%task' GROUP BY action ORDER BY action;

-- Overdue is told once: at its time, and again after it was opened again.
CREATE FUNCTION pg_temp.later(hours numeric) RETURNS TABLE (event text, kind text) LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_last bigint := (SELECT max(e.event_id) FROM voiceagent.events e WHERE e.tenant_id = v_tenant);
BEGIN
	PERFORM set_config('voiceagent.clock_offset', (hours * 3600)::text, true);
	PERFORM voiceagent_private.tell_overdue_tasks(100);
	RETURN QUERY SELECT e.event_type, e.event_data ->> 'kind' FROM voiceagent.events e WHERE e.tenant_id = v_tenant AND e.event_id > v_last ORDER BY e.event_id;
END $$;
SELECT * FROM pg_temp.later(0.5);
SELECT * FROM pg_temp.later(1.1);
SELECT * FROM pg_temp.later(1.2);
SELECT kind, priority, late > interval '5 minutes' AS late, contact_name, note FROM voiceagent.tasks_overdue WHERE tenant_id = :tenant;
SELECT kind, told FROM pg_temp.shown;
SELECT voiceagent.reopen_task(:message, voiceagent.clock() + interval '30 minutes');
SELECT voiceagent.finish_task(:viewing);
SELECT * FROM pg_temp.later(1.5);
SELECT * FROM pg_temp.later(2);
-- A finished one is told of no more; the offer is, two days later.
SELECT * FROM pg_temp.later(49);
SELECT * FROM pg_temp.later(500);
SET LOCAL voiceagent.clock_offset = 0;

-- A call that nobody took makes a task where it is wished, one a caller, and none where it was answered.
CREATE FUNCTION pg_temp.incoming(phone text, answer text, ended text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_call bigint;
BEGIN
	INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, from_number, to_number, answer, started_at, ended_at, answered_at)
	VALUES (voiceagent.current_tenant(), (SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant()),
		gen_random_uuid()::text, phone, '+12125550001', answer, now(), now(), CASE ended WHEN 'completed' THEN now() END);
	SELECT max(c.call_id) INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant();
	PERFORM voiceagent_private.tell_incoming_end(ARRAY[v_call]);
END $$;
SELECT pg_temp.incoming('+12125550171', 'forward', 'no_answer');
SELECT count(*) FROM pg_temp.shown WHERE kind = 'missed_call';
SELECT voiceagent.set_setting('task_of_missed_call', 'on');
SELECT pg_temp.incoming('+12125550171', 'forward', 'no_answer'), pg_temp.incoming('+12125550171', 'forward', 'no_answer'), pg_temp.incoming('+12125550172', 'say', 'completed'),
	pg_temp.incoming('+12125550173', 'forward', 'completed'), pg_temp.incoming(NULL, 'forward', 'no_answer');
SELECT kind, priority, due_in, call, contact_phone FROM pg_temp.shown WHERE kind = 'missed_call';
SELECT voiceagent.finish_task(task_id) FROM voiceagent.tasks WHERE tenant_id = :tenant AND contact_phone = '+12125550171';
SELECT pg_temp.incoming('+12125550171', 'forward', 'no_answer');
SELECT contact_phone, finished FROM pg_temp.shown WHERE kind = 'missed_call';

-- What is told of them, by outgoing webhooks.
SELECT kind, data - '{due_at,member_id,task_id,offer_id,lead_id,call_id,finished_at}'::text[] AS data FROM (
	SELECT d.kind, voiceagent_private.webhook_data(jsonb_populate_record(NULL::voiceagent.webhook_deliveries, jsonb_build_object('tenant_id', :tenant, 'kind', voiceagent_private.webhook_kind(d.event_type),
		'event_type', d.event_type, 'event_data', d.event_data, 'lead_id', d.lead_id, 'call_id', d.call_id))) AS data, d.event_id
	FROM (SELECT e.*, voiceagent_private.webhook_kind(e.event_type) AS kind FROM voiceagent.events e WHERE e.tenant_id = :tenant) d WHERE d.kind ~ 'task|message|offer' AND d.event_data ->> 'kind' IS DISTINCT FROM 'missed_call') w
ORDER BY event_id;

-- Retention: finished ones go after their time, open ones stay. Erasure and export know the person by lead, call and number.
SELECT kind, finished FROM pg_temp.shown;
SELECT voiceagent_private.delete_old_rows('tasks', voiceagent.clock() + interval '1 second', 100);
SELECT kind, finished FROM pg_temp.shown;
SELECT voiceagent.take_message('From another telephone.', 'Ann', '+12125550150') > 0 AS taken;
SELECT jsonb_array_length(e -> 'tasks') AS tasks, jsonb_array_length(e -> 'offers') AS offers FROM voiceagent.export_lead(:ann) e;
SELECT voiceagent.erase_lead(:ann, 'asked for it') IS NOT NULL AS erased;
SELECT erased -> 'tasks' AS tasks FROM voiceagent.erasures WHERE tenant_id = :tenant;
SELECT kind, contact_name, contact_phone FROM pg_temp.shown;
SELECT count(*) FROM voiceagent.offers WHERE tenant_id = :tenant;

-- A step of the job tells of one tenant's: what another's transaction holds keeps nobody's rows locked.
SELECT voiceagent.take_message('one', phone => '+12125550151') > 0 AS taken;
SELECT voiceagent_private.set_tenant(voiceagent.create_tenant('r51 two', 'UTC', 1000)) IS NOT NULL AS two;
SELECT voiceagent.take_message('two', phone => '+12125550152') > 0 AS taken;
SET LOCAL voiceagent.clock_offset = '900000';
SELECT max(event_id) AS last FROM voiceagent.events \gset
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS job, voiceagent_private.run_turn(t, 100) <= voiceagent.clock() AS more FROM voiceagent_private.tenant_jobs t WHERE t.job = 'tell_overdue_tasks';
SELECT count(DISTINCT tenant_id) FROM voiceagent.events WHERE event_id > :last AND event_type = 'task_overdue';
-- Nine thousand of one tenant, and a later one of another: that one is told in the first round, and the many in parts.
SELECT voiceagent_private.set_tenant(voiceagent.create_tenant('r51 many', 'UTC')) IS NOT NULL AS many;
INSERT INTO voiceagent.tasks (tenant_id, kind, priority, due_at, created_by, created_at)
SELECT voiceagent.current_tenant(), 'other', 'normal', voiceagent.clock() - interval '2 days', 'r51', voiceagent.clock() FROM generate_series(1, 9000);
INSERT INTO voiceagent_private.task_deadlines (tenant_id, task_id, due_at) SELECT tenant_id, task_id, due_at FROM voiceagent.tasks WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.current_tenant() AS many \gset
SELECT voiceagent_private.set_tenant(voiceagent.create_tenant('r51 few', 'UTC')) IS NOT NULL AS few;
SELECT voiceagent.create_task('other', due_at => voiceagent.clock() + interval '1 day') > 0 AS made, voiceagent.current_tenant() AS few \gset
SET LOCAL voiceagent.clock_offset = '1800000';
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS job, t.last_tenant IS NOT NULL AS turns FROM voiceagent_private.tenant_jobs t WHERE t.job = 'tell_overdue_tasks';
-- A step has its time by the session's own limit, so that a slow machine does not make it a smaller one.
SET LOCAL statement_timeout = '10min';
UPDATE voiceagent_private.tenant_jobs SET last_tenant = :many - 1 WHERE job = 'tell_overdue_tasks';
SELECT voiceagent_private.run_job('tell_overdue_tasks') FROM generate_series(1, 2) \g /dev/null
SELECT count(*) FILTER (WHERE d.tenant_id = :many) AS many, count(*) FILTER (WHERE d.tenant_id = :few) AS few FROM voiceagent_private.task_deadlines d;
ROLLBACK;
