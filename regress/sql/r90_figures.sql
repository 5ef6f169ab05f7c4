-- Figures are exact at once, folded or not: what is told late, corrected or called off is counted anew, and a removed call stays counted.
\set ECHO none
\i lib/inbox_setup.inc
-- What the figures show, and what the rows count by another way of counting.
CREATE FUNCTION pg_temp.shown() RETURNS text LANGUAGE sql AS $$
	SELECT format('calls %s, answered %s, reached %s, machines %s, booked %s, successes %s, callbacks %s, opt-outs %s, retries %s, unpriced %s, seconds %s, cost %s; %s',
		sum(f.calls), sum(f.answered), sum(f.reached), sum(f.machines), sum(f.booked), sum(f.successes), sum(f.callbacks), sum(f.opt_outs), sum(f.retries),
		sum(f.unpriced), trunc(sum(f.talk_seconds)), trunc(sum(f.cost), 2),
		(SELECT string_agg(l.value || ' ' || l.calls, ', ' ORDER BY l.value COLLATE "C") FROM (SELECT o.value, sum(o.calls) AS calls FROM
			(SELECT * FROM voiceagent.daily_labels UNION ALL SELECT * FROM voiceagent.unfolded_labels()) o
			WHERE o.tenant_id = voiceagent.current_tenant() AND o.kind = 'outcome' GROUP BY o.value HAVING sum(o.calls) <> 0) l))
	FROM (SELECT * FROM voiceagent.daily_figures UNION ALL SELECT * FROM voiceagent.unfolded_figures()) f WHERE f.tenant_id = voiceagent.current_tenant() $$;
CREATE FUNCTION pg_temp.recounted() RETURNS text LANGUAGE sql AS $$
	SELECT format('calls %s, answered %s, seconds %s, cost %s', count(*), count(*) FILTER (WHERE c.answered_at IS NOT NULL), trunc(sum(c.duration_seconds)), trunc(coalesce(sum(c.cost), 0), 2))
	FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.ended_at IS NOT NULL $$;
CREATE FUNCTION pg_temp.unfolded() RETURNS bigint LANGUAGE sql AS $$ SELECT cardinality(voiceagent_private.unfolded_calls()) $$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Figures', ARRAY['5001', '5002', '5003', '5004', '5005', '5006']) AS tenant \gset
SELECT pg_temp.dial();
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
-- None has ended.
SELECT pg_temp.shown();
SELECT pg_temp.take(
	pg_temp.webhook('5001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:00"}}'),
	pg_temp.webhook('5002', 'report', 'customer-busy'),
	pg_temp.webhook('5003', 'report', 'voicemail', 20),
	pg_temp.webhook('5004', 'report', 'customer-ended-call', 30, '{"do_not_call": true}'),
	pg_temp.webhook('5005', 'report', 'customer-ended-call', 40, '{"interest": "high"}'));
SELECT voiceagent_private.apply_inbox(10);
COMMIT;
-- An opt-out and a voicemail are no success; a member sees the figures before anybody has folded.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT pg_temp.shown(), pg_temp.recounted();
SELECT voiceagent_private.fold_figures(100) AS more;
SELECT pg_temp.unfolded() AS unfolded;
SELECT pg_temp.shown(), pg_temp.recounted();
COMMIT;
-- Nothing is left to fold, and what is folded twice counts once.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT voiceagent_private.fold_figures(100) AS more;
SELECT pg_temp.unfolded() AS unfolded;
SELECT voiceagent_private.fold_calls(ARRAY(SELECT call_id FROM voiceagent.calls WHERE tenant_id = :tenant));
SELECT pg_temp.shown();
SELECT * FROM voiceagent_private.check_figures();

-- A price that is told later, by a change of the row alone; a correction; a visit that is called off.
UPDATE voiceagent.calls SET cost = 1.25, cost_currency = 'USD', cost_source = 'carrier' WHERE tenant_id = :tenant AND call_id = pg_temp.call_of('5001');
SELECT voiceagent.correct_call(pg_temp.call_of('5005'), 'listened to it', 'callback');
SELECT voiceagent.cancel_appointment(appointment_id, 'they called') FROM voiceagent.appointments WHERE tenant_id = :tenant;
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT pg_temp.unfolded() AS unfolded, pg_temp.shown(), pg_temp.recounted();
-- One by one, in as many steps as it takes.
SELECT voiceagent_private.fold_figures(1) AS more;
SELECT pg_temp.shown();
DO $$ BEGIN WHILE voiceagent_private.fold_figures(1) LOOP END LOOP; END $$;
SELECT pg_temp.unfolded() AS unfolded, pg_temp.shown();
SELECT * FROM voiceagent_private.check_figures();
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
-- A day that was folded wrongly is found, and so is a call that nobody will fold.
SAVEPOINT s;
UPDATE voiceagent.daily_figures SET booked = booked + 1 WHERE tenant_id = :tenant AND currency = 'USD';
DELETE FROM voiceagent.call_facts WHERE tenant_id = :tenant AND call_id = pg_temp.call_of('5002');
SELECT invariant, detail ~ 'call|campaign' AS named FROM voiceagent_private.check_figures() ORDER BY 1;
ROLLBACK TO s;
UPDATE voiceagent.daily_figures SET booked = booked + 1 WHERE tenant_id = :tenant AND currency = 'USD';
SELECT DISTINCT invariant FROM voiceagent_private.check_figures();
ROLLBACK TO s;
-- An erased person's call stays counted, also one that ended a moment ago; its row goes.
SELECT pg_temp.take(pg_temp.webhook('5006', 'report', 'customer-ended-call', 90, '{"interest": "high"}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.shown() AS before \gset
SELECT voiceagent.erase_lead(lead_id) ->> 'status' AS erased FROM voiceagent.leads WHERE tenant_id = :tenant AND phone IN ('+12125555006', '+12125555001') ORDER BY phone;
SELECT pg_temp.shown() = :'before' AS stays, pg_temp.recounted(), (SELECT count(*) FROM voiceagent.call_facts WHERE tenant_id = :tenant) AS rows;
SELECT voiceagent_private.fold_figures(100) AS more;
SELECT pg_temp.shown() = :'before' AS stays;
SELECT * FROM voiceagent_private.check_figures();
COMMIT;

-- Calls that were there before the first fold are walked; what ends meanwhile is counted too.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT pg_temp.shown() AS before \gset
DELETE FROM voiceagent_private.figure_marks WHERE tenant_id = :tenant;
DELETE FROM voiceagent.call_facts WHERE tenant_id = :tenant;
DELETE FROM voiceagent.daily_figures WHERE tenant_id = :tenant;
DELETE FROM voiceagent.daily_labels WHERE tenant_id = :tenant;
SELECT pg_temp.shown();
SELECT voiceagent_private.fold_figures(1) AS more;
SELECT pg_temp.shown();
SELECT pg_temp.unfolded() AS unfolded;
DO $$ BEGIN WHILE voiceagent_private.fold_figures(1) LOOP END LOOP; END $$;
SELECT pg_temp.shown();
SELECT pg_temp.unfolded() AS unfolded;
SELECT * FROM voiceagent_private.check_figures();
ROLLBACK;

-- Another tenant sees none of it.
BEGIN;
SELECT pg_temp.begin_calls('Figures of another', ARRAY['5001']) AS other \gset
SET LOCAL ROLE voiceagent_user;
SELECT count(*) FROM voiceagent.daily_figures;
SELECT count(*) FROM voiceagent.unfolded_figures();
SELECT count(*) FROM voiceagent.call_facts;
ROLLBACK;
