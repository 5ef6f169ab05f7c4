-- Sequences: published versions never change; who is enrolled takes each step once, judged again when it is due; a refusal is for good;
-- a wait ends by an event or a time; a pause shifts or expires what is due in it; replies, bookings, calls and opt-outs stop them.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\set ECHO all
BEGIN;
SELECT voiceagent.create_tenant('r76 step', 'UTC', 1000) AS tenant, voiceagent.create_tenant('r76 other') AS other \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT array_agg(voiceagent.add_lead('+1212555010' || i, 'Lead ' || i)) AS leads FROM generate_series(1, 6) i \gset
CREATE FUNCTION pg_temp.campaign(name text) RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent.create_campaign(name, voiceagent.create_assistant(name, 'Hello', 'Be kind.'), 'sales',
		'{"call_interval": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}')
$$;
SELECT (:'leads'::bigint[])[1] AS ann, (:'leads'::bigint[])[2] AS bob, (:'leads'::bigint[])[3] AS cat, (:'leads'::bigint[])[4] AS dan, (:'leads'::bigint[])[5] AS eve,
	(:'leads'::bigint[])[6] AS fay \gset
SELECT pg_temp.campaign('rings') AS rings, pg_temp.campaign('later') AS later, pg_temp.campaign('gone') AS gone \gset
CREATE FUNCTION pg_temp.at(hours numeric) RETURNS timestamptz LANGUAGE sql AS $$
	SELECT CASE WHEN set_config('voiceagent.clock_offset', round(3600 * hours)::text, true) <> '' THEN voiceagent.clock() END
$$;
-- What the keeper does, until nothing is due.
CREATE FUNCTION pg_temp.work() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1..20 LOOP
		EXIT WHEN NOT EXISTS (SELECT FROM voiceagent_private.sequence_turns t WHERE t.tenant_id = voiceagent.current_tenant() AND t.next_at <= voiceagent.clock());
		PERFORM voiceagent_private.take_steps(2);
	END LOOP;
END $$;
CREATE VIEW pg_temp.shown AS SELECT l.first_name AS lead, e.version, e.run, e.step, e.state, e.reason, round(extract(epoch FROM e.due_at - e.enrolled_at) / 3600, 2) AS due
	FROM voiceagent.sequence_enrolments e JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE e.tenant_id = voiceagent.current_tenant() ORDER BY e.enrolment_id;
CREATE VIEW pg_temp.happened AS SELECT l.first_name AS lead, f.step, f.kind, f.result, f.reason, f.object_id IS NOT NULL AS object
	FROM voiceagent.sequence_effects f JOIN voiceagent.sequence_enrolments e USING (tenant_id, enrolment_id) JOIN voiceagent.leads l USING (tenant_id, lead_id)
	WHERE f.tenant_id = voiceagent.current_tenant() ORDER BY f.at, f.enrolment_id, f.step;
CREATE FUNCTION pg_temp.published(steps jsonb) RETURNS integer LANGUAGE sql AS $$ SELECT voiceagent.publish_sequence(voiceagent.create_sequence('a', steps)) $$;
SAVEPOINT s;

-- What cannot be.
SELECT voiceagent.create_sequence('');
ROLLBACK TO s;
SELECT voiceagent.create_sequence('a', '{}');
ROLLBACK TO s;
SELECT voiceagent.create_sequence('a', '[]', '{rang}');
ROLLBACK TO s;
\set VERBOSITY terse
SELECT pg_temp.published('[]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "task", "then": "step_1"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "task", "name": "a"}, {"do": "condition", "if": {"replied": true}, "then": "end", "else": "a"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "task", "then": "nowhere"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "dance"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[7]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "task", "text": "x"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "task", "after": "2 years"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "task", "after": "-1 day"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "task", "after": "soon"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "call", "campaign_id": 987654321987}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "call", "campaign_id": "1; DROP"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "wait", "for": ["rain"], "within": "1 day"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "wait"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "condition", "if": {"moon": true}}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "condition", "if": {"outcome": ["moon"]}}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "text", "text": " "}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "task", "name": "a"}, {"do": "task", "name": "a"}]');
ROLLBACK TO s;
SELECT pg_temp.published('[{"do": "task", "kind": "moon"}]');
ROLLBACK TO s;

-- A draft enrols nobody; another tenant sees nothing of it.
SELECT voiceagent.create_sequence('first', '[{"do": "task", "note": "Ring {{first_name}}", "after": "1 hour"}, {"do": "webhook", "after": "1 day"}]') AS sequence \gset
SAVEPOINT s;
SELECT voiceagent.enrol_leads(:sequence, ARRAY[:ann]);
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
\set VERBOSITY sqlstate
SELECT voiceagent.publish_sequence(:sequence);
\set VERBOSITY terse
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.publish_sequence(:sequence);
SELECT voiceagent.enrol_leads(:sequence, ARRAY[:ann, 987654321987]);
ROLLBACK TO s;
SELECT voiceagent.publish_sequence(:sequence);
SELECT voiceagent.enrol_leads(:sequence, ARRAY[:ann, :bob, :ann]), voiceagent.enrol_leads(:sequence, ARRAY[:ann]), voiceagent.enrol_leads(:sequence, ARRAY[:ann], true), voiceagent.enrol_leads(:sequence, '{}');
SELECT pg_temp.work();
SELECT * FROM pg_temp.happened;
-- Editing changes no version, and nobody's way.
SELECT voiceagent.update_sequence(:sequence, '{"steps": [{"do": "webhook"}], "name": "second"}');
SELECT steps FROM voiceagent.sequence_versions WHERE sequence_id = :sequence;
SELECT voiceagent.publish_sequence(:sequence);
SELECT pg_temp.at(1.5) > '2020-01-01', pg_temp.work();
SELECT voiceagent.enrol_leads(:sequence, ARRAY[:cat]);
SELECT pg_temp.work();
SELECT * FROM pg_temp.shown;
SELECT * FROM pg_temp.happened;
SELECT note, kind, lead_id IN (:ann, :bob) AS lead FROM voiceagent.tasks WHERE tenant_id = :tenant ORDER BY task_id;
SELECT pg_temp.at(26) > '2020-01-01', pg_temp.work();
SELECT * FROM pg_temp.shown;
SELECT count(*), count(DISTINCT lead_id) FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'sequence_step';
SELECT voiceagent.enrol_leads(:sequence, ARRAY[:ann]), voiceagent.enrol_leads(:sequence, ARRAY[:ann], true);
SELECT pg_temp.work();
SELECT * FROM pg_temp.shown WHERE lead = 'Lead 1';
SELECT * FROM voiceagent.sequence_numbers(:sequence);
SAVEPOINT s;
UPDATE voiceagent.sequence_versions SET steps = '[]';
ROLLBACK TO s;
-- An effect is unique.
INSERT INTO voiceagent.sequence_effects SELECT f.* FROM voiceagent.sequence_effects f WHERE f.tenant_id = :tenant LIMIT 1;
ROLLBACK TO s;
-- One step that fails of itself stops nobody else's; it is tried again with a floor, and then stops.
SELECT pg_temp.at(30) > '2020-01-01', voiceagent.publish_sequence(voiceagent.create_sequence('failing', '[{"do": "task", "note": "{{shoe}}"}, {"do": "webhook"}]'));
UPDATE voiceagent.leads SET context = '{"shoe": "left"}' WHERE lead_id = :bob;
SELECT voiceagent.enrol_leads((SELECT max(sequence_id) FROM voiceagent.sequences), ARRAY[:ann, :bob]);
SELECT pg_temp.work();
SELECT * FROM pg_temp.shown WHERE run = 1 AND version = 1 AND lead IN ('Lead 1', 'Lead 2');
ROLLBACK TO s;

-- A call goes by the campaign's queue; its end, or a time, has the next step follow. A campaign that waits for leads may run empty.
SELECT voiceagent.create_sequence('calls', jsonb_build_array(
	jsonb_build_object('do', 'call', 'campaign_id', :rings, 'within', '2 days'),
	jsonb_build_object('do', 'condition', 'if', jsonb_build_object('outcome', jsonb_build_array('no_answer', 'busy')), 'else', 'end'),
	jsonb_build_object('do', 'move', 'campaign_id', :later, 'from', :rings, 'after', '3 hours'))) AS calls \gset
SAVEPOINT t;
SELECT voiceagent.start_campaign(:later);
ROLLBACK TO t;
SELECT voiceagent.publish_sequence(:calls);
SELECT voiceagent.start_campaign(:rings), voiceagent.start_campaign(:later);
SELECT pg_temp.at(40) > '2020-01-01', voiceagent.do_not_call('+12125550103', 'asked'), voiceagent.enrol_leads(:calls, ARRAY[:ann, :bob, :cat, :dan, :eve]);
SELECT pg_temp.work();
CREATE VIEW pg_temp.queued AS SELECT c.name, l.first_name, m.status, m.reason FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id)
	JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY 1, 2;
SELECT * FROM pg_temp.queued;
SELECT s.* FROM pg_temp.shown s WHERE due > 1 OR reason <> '';
DELETE FROM voiceagent_private.call_queue q WHERE lead_id IN (:ann, :bob);
SELECT voiceagent_private.finish_leads(:rings, ARRAY[:ann, :bob], 'completed', '{no_answer,callback}', '{NULL,NULL}', '{NULL,NULL}');
UPDATE voiceagent.leads SET last_called_at = voiceagent.clock() WHERE lead_id IN (:ann, :bob);
SELECT count(*) FROM voiceagent_private.sequence_turns WHERE tenant_id = :tenant AND heard = 'ended';
SELECT pg_temp.work();
SELECT s.* FROM pg_temp.shown s OFFSET 4;
-- A lead that is taken out, or was not called in time, is not called any more.
SELECT voiceagent.unenrol_leads(:calls, ARRAY[:dan], 'by hand');
SELECT pg_temp.at(95) > '2020-01-01', pg_temp.work();
SELECT * FROM pg_temp.queued;
SELECT s.* FROM pg_temp.shown s OFFSET 4;
-- A campaign that is gone, or put away: refused, for good, and said; or the next step, where the step says so.
SELECT voiceagent.create_sequence('to the gone', jsonb_build_array(jsonb_build_object('do', 'call', 'campaign_id', :gone, 'refused', 'next'),
	jsonb_build_object('do', 'move', 'campaign_id', :gone), jsonb_build_object('do', 'webhook'))) AS gone_calls \gset
SELECT voiceagent.publish_sequence(:gone_calls);
SELECT voiceagent.archive_campaign(:gone) \g /dev/null
SELECT voiceagent.enrol_leads(:gone_calls, ARRAY[:ann]);
SELECT pg_temp.work();
SELECT e.step, e.state, e.reason FROM voiceagent.sequence_enrolments e WHERE e.sequence_id = :gone_calls;
SELECT f.step, f.result, f.reason FROM voiceagent.sequence_effects f JOIN voiceagent.sequence_enrolments e USING (tenant_id, enrolment_id) WHERE e.sequence_id = :gone_calls ORDER BY 1;
ROLLBACK TO s;

-- What would happen with a lead, without any of it: in a clock that runs ahead.
SELECT voiceagent.create_sequence('previewed', jsonb_build_array(jsonb_build_object('do', 'task', 'note', 'Ring {{first_name}}', 'after', '2 hours'),
	jsonb_build_object('do', 'wait', 'for', jsonb_build_array('replied'), 'within', '1 day', 'else', 'silent'), jsonb_build_object('do', 'webhook', 'then', 'end'),
	jsonb_build_object('do', 'call', 'name', 'silent', 'campaign_id', :rings, 'within', '2 days'),
	jsonb_build_object('do', 'condition', 'if', jsonb_build_object('tag', 'vip'), 'else', 'end'),
	jsonb_build_object('do', 'text', 'text', 'Hello {{first_name}}'), jsonb_build_object('do', 'webhook'))) AS previewed \gset
CREATE FUNCTION pg_temp.previewed(lead bigint, heard text[] DEFAULT '{}') RETURNS TABLE (step integer, name text, hours numeric, what text, reason text) LANGUAGE sql AS $$
	SELECT p.step, p.name, round(extract(epoch FROM p.at - voiceagent.clock()) / 3600, 1), regexp_replace(p.what, 'campaign \d+', 'campaign N'), p.reason
	FROM voiceagent.preview_sequence((SELECT max(sequence_id) FROM voiceagent.sequences), lead, heard) p
$$;
SELECT * FROM pg_temp.previewed(:ann);
SELECT * FROM pg_temp.previewed(:ann, '{replied}');
UPDATE voiceagent.leads SET tags = '{vip}' WHERE lead_id = :ann;
SELECT * FROM pg_temp.previewed(:ann);
SELECT voiceagent.do_not_call('+12125550102', 'asked');
SELECT * FROM pg_temp.previewed(:bob);
SELECT count(*) FROM voiceagent.sequence_enrolments WHERE sequence_id = :previewed;
SAVEPOINT t;
SELECT * FROM pg_temp.previewed(987654321987);
ROLLBACK TO t;
ROLLBACK TO s;

-- Texts go by the gate of texts: without a consent, and without a number, none does.
SELECT voiceagent.create_sequence('texts', '[{"do": "text", "text": "Hello {{first_name}}"}, {"do": "task"}]') AS texts \gset
SELECT voiceagent.publish_sequence(:texts), pg_temp.at(40) > '2020-01-01', voiceagent.enrol_leads(:texts, ARRAY[:ann]);
SELECT pg_temp.work();
SELECT e.step, e.state, e.reason FROM voiceagent.sequence_enrolments e WHERE e.sequence_id = :texts;
SELECT kind, status, reason, body FROM voiceagent.texts WHERE tenant_id = :tenant;
ROLLBACK TO s;

-- A task list that is full ends no sequence: its step waits, visibly, and is tried again every half hour, for a week.
SELECT voiceagent.create_sequence('full', '[{"do": "task", "note": "Ring {{first_name}}"}, {"do": "webhook", "after": "1 day"}]') AS full \gset
SELECT voiceagent.publish_sequence(:full), voiceagent.set_setting('open_tasks', (SELECT 1 + count(*) FROM voiceagent.tasks WHERE tenant_id = :tenant AND finished_at IS NULL)::text), pg_temp.at(40) > '2020-01-01', voiceagent.enrol_leads(:full, ARRAY[:ann, :bob, :cat]);
SELECT pg_temp.work();
CREATE VIEW pg_temp.full AS SELECT l.first_name, e.step, e.state, e.reason, round(extract(epoch FROM e.due_at - e.enrolled_at) / 3600, 1) AS due, e.no_room_since IS NOT NULL AS no_room,
	(SELECT string_agg(f.result || coalesce(': ' || f.reason, ''), ', ') FROM voiceagent.sequence_effects f WHERE f.tenant_id = e.tenant_id AND f.enrolment_id = e.enrolment_id) AS effects
	FROM voiceagent.sequence_enrolments e JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE e.sequence_id = (SELECT max(sequence_id) FROM voiceagent.sequences) ORDER BY 1;
SELECT * FROM pg_temp.full;
SELECT kind, since <= voiceagent.clock() AS then, what, settle = format('SELECT voiceagent.finish_task(%s, ''what came of it'');', (SELECT task_id FROM voiceagent.tasks WHERE tenant_id = :tenant AND finished_at IS NULL ORDER BY due_at LIMIT 1)) AS settles
FROM voiceagent.waiting WHERE kind = 'sequence';
SELECT what, reason FROM voiceagent.preview_sequence(:full, :dan);
SELECT voiceagent.finish_task(max(task_id)) FROM voiceagent.tasks WHERE tenant_id = :tenant;
SELECT count(*) AS waiting FROM voiceagent.waiting WHERE kind = 'sequence';
SELECT pg_temp.at(40.4) > '2020-01-01', pg_temp.work();
SELECT count(*) FILTER (WHERE no_room) AS wait FROM pg_temp.full;
SELECT pg_temp.at(40.6) > '2020-01-01', pg_temp.work();
SELECT * FROM pg_temp.full;
SELECT pg_temp.at(40 + 168) > '2020-01-01', pg_temp.work(), pg_temp.at(40 + 169) > '2020-01-01', pg_temp.work();
SELECT * FROM pg_temp.full;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK TO s;

-- A wait: an event or a time, whichever is first; what is waited for stops nothing.
SELECT voiceagent.create_sequence('waits', '[{"do": "wait", "for": ["replied", "booked"], "within": "2 days", "then": "heard", "else": "silent"},
	{"do": "task", "name": "silent", "note": "silent", "then": "end"}, {"do": "task", "name": "heard", "note": "heard", "after": "1 minute"}]') AS waits \gset
SELECT voiceagent.publish_sequence(:waits);
SELECT stop_on FROM voiceagent.sequence_versions WHERE sequence_id = :waits;
SELECT pg_temp.at(40) > '2020-01-01', voiceagent.enrol_leads(:waits, ARRAY[:ann, :bob, :cat, :dan, :eve]);
SELECT pg_temp.at(41) > '2020-01-01', voiceagent_private.hear(ARRAY[:ann, :fay], 'replied'), voiceagent_private.hear(ARRAY[:bob], 'called'), voiceagent_private.hear(ARRAY[:cat], 'ended', :rings);
SELECT voiceagent.add_appointment(lead_id => :dan, starts_at => date_trunc('hour', voiceagent.clock()) + interval '1 day') > 0;
SELECT voiceagent.do_not_call('+12125550105', 'asked');
SELECT heard, count(*) FROM voiceagent_private.sequence_turns WHERE tenant_id = :tenant AND heard IS NOT NULL GROUP BY 1 ORDER BY 1;
SELECT pg_temp.work(), pg_temp.at(100) > '2020-01-01', pg_temp.work();
SELECT l.first_name, e.step, e.state, e.reason FROM voiceagent.sequence_enrolments e JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE e.sequence_id = :waits ORDER BY 1;
SELECT l.first_name, note FROM voiceagent.tasks t JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE t.tenant_id = :tenant ORDER BY task_id;
SELECT f.step, f.kind, f.result, f.reason, count(*) FROM voiceagent.sequence_effects f JOIN voiceagent.sequence_enrolments e USING (tenant_id, enrolment_id)
	WHERE e.sequence_id = :waits GROUP BY 1, 2, 3, 4 ORDER BY 1, 3;
ROLLBACK TO s;

-- A lead that ends in a campaign with an outcome begins a sequence, once; not one that opted out, or whose sequence is a draft.
SELECT voiceagent.create_sequence('begins', '[{"do": "task", "note": "begun", "after": "1 hour"}]') AS begins, voiceagent.create_sequence('draft', '[{"do": "task"}]') AS draft \gset
SELECT voiceagent.publish_sequence(:begins), voiceagent.start_sequence_on(:begins, :rings, '{no_answer,voicemail,voicemail}'), voiceagent.start_sequence_on(:draft, :rings, '{no_answer}');
SELECT sequence_id = :begins AS begins, outcome FROM voiceagent.sequence_starts WHERE tenant_id = :tenant ORDER BY 1, 2;
SELECT voiceagent.add_leads(:rings, ARRAY[:ann, :bob, :cat, :dan]);
UPDATE voiceagent.campaign_leads SET status = 'completed', last_outcome = CASE lead_id WHEN :bob THEN 'interested' ELSE 'no_answer' END::voiceagent.call_outcome WHERE campaign_id = :rings;
SELECT voiceagent.do_not_call('+12125550103', 'asked');
SELECT voiceagent_private.follow_up(:rings, ARRAY[:ann, :bob, :cat, :dan]), pg_temp.work(), voiceagent_private.follow_up(:rings, ARRAY[:ann]), pg_temp.work();
SELECT l.first_name, e.sequence_id = :begins AS begins, e.run, e.state FROM voiceagent.sequence_enrolments e JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE e.sequence_id IN (:begins, :draft) ORDER BY 1;
SELECT voiceagent.start_sequence_on(:begins, :rings, '{}');
SELECT voiceagent_private.follow_up(:rings, ARRAY[:bob]), count(*) AS starts FROM voiceagent.sequence_starts WHERE sequence_id = :begins;
SAVEPOINT t;
SELECT voiceagent.start_sequence_on(:begins, :rings, '{do_not_call}');
ROLLBACK TO t;
SELECT voiceagent.start_sequence_on(:begins, 987654321987, '{busy}');
ROLLBACK TO s;

-- A pause: all that is to come moves by its length, or what was due in it is not taken any more. What people do holds in a pause as well.
SELECT voiceagent.create_sequence('pauses', '[{"do": "webhook", "after": "2 hours"}, {"do": "webhook", "after": "10 hours"}, {"do": "webhook"}]') AS pauses \gset
SELECT voiceagent.publish_sequence(:pauses), pg_temp.at(40) > '2020-01-01', voiceagent.enrol_leads(:pauses, ARRAY[:ann, :bob, :cat]);
CREATE VIEW pg_temp.paused AS SELECT l.first_name, e.step, e.state, e.reason, round(extract(epoch FROM e.due_at - t.at) / 3600, 2) AS due, n.parked IS NOT NULL AS parked
	FROM voiceagent.sequence_enrolments e JOIN voiceagent.leads l USING (tenant_id, lead_id)
	LEFT JOIN voiceagent_private.sequence_turns n USING (tenant_id, enrolment_id), (SELECT min(enrolled_at) AS at FROM voiceagent.sequence_enrolments WHERE tenant_id = voiceagent.current_tenant()) t
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.enrolled_at > t.at + interval '30 hours' ORDER BY 1;
SAVEPOINT enrolled;
SELECT pg_temp.at(41) > '2020-01-01', voiceagent.pause_sequence(:pauses), voiceagent.pause_sequence(:pauses), pg_temp.at(46) > '2020-01-01', pg_temp.work();
SELECT kind, what, replace(settle, :'pauses', 'N') AS settle FROM voiceagent.waiting WHERE kind = 'sequence';
SELECT * FROM pg_temp.paused;
SELECT voiceagent_private.hear(ARRAY[:bob], 'called'), pg_temp.work(), voiceagent.enrol_leads(:pauses, ARRAY[:dan]);
SELECT pg_temp.at(51) > '2020-01-01', voiceagent.resume_sequence(:pauses), voiceagent.resume_sequence(:pauses), pg_temp.work();
SELECT * FROM pg_temp.paused;
SELECT pg_temp.at(53) > '2020-01-01', pg_temp.work(), pg_temp.at(64) > '2020-01-01', pg_temp.work();
SELECT * FROM pg_temp.paused;
ROLLBACK TO enrolled;
SELECT pg_temp.at(43) > '2020-01-01', pg_temp.work(), voiceagent.pause_sequence(:pauses, 'expire'), pg_temp.at(44) > '2020-01-01', voiceagent.resume_sequence(:pauses), pg_temp.work();
SELECT * FROM pg_temp.paused;
SELECT pg_temp.at(48) > '2020-01-01', voiceagent.pause_sequence(:pauses, 'expire'), voiceagent.enrol_leads(:pauses, ARRAY[:dan]), pg_temp.at(54) > '2020-01-01', pg_temp.work();
SELECT * FROM pg_temp.paused;
SELECT voiceagent.resume_sequence(:pauses), pg_temp.work();
SELECT * FROM pg_temp.paused;
SELECT count(*) FROM voiceagent_private.sequence_turns WHERE tenant_id = :tenant;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
