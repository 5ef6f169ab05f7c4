-- The clocks of tickets: first answer, next answer and solution in the staff's hours, standing while the tenant is asked; told ahead and when late, once.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/notices.inc
CREATE FUNCTION pg_temp.clocks() RETURNS TABLE (state text, answer timestamp, solution timestamp, solve_left interval, told text[], look timestamp) LANGUAGE sql AS $$
	SELECT t.state, date_trunc('minute', t.due_at AT TIME ZONE 'UTC'), date_trunc('minute', t.solve_due_at AT TIME ZONE 'UTC'), date_trunc('minute', t.solve_left), t.told, date_trunc('minute', k.look_at AT TIME ZONE 'UTC')
	FROM voiceagent.tickets t LEFT JOIN voiceagent_private.ticket_turns k USING (tenant_id, ticket_id) $$;
CREATE FUNCTION pg_temp.told() RETURNS TABLE (kind text, detail text, page text) LANGUAGE plpgsql AS $$
DECLARE
	v_was bigint := voiceagent.current_tenant();
	v_staff bigint := voiceagent_private.platform_setting('staff_tenant');
BEGIN
	PERFORM voiceagent_private.tell_ticket_clocks(10);
	PERFORM voiceagent_private.set_tenant(v_staff), voiceagent_private.spread_notices(10);
	RETURN QUERY SELECT n.kind, regexp_replace(n.detail, 'ticket \d+', 'ticket N'), n.page FROM voiceagent.member_notices n WHERE n.tenant_id = v_staff AND n.marked_at IS NULL ORDER BY n.member_notice_id;
	UPDATE voiceagent.member_notices n SET marked_at = voiceagent.clock() WHERE n.tenant_id = v_staff;
	PERFORM voiceagent_private.set_tenant(v_was);
END $$;
\set ECHO all
BEGIN;
SELECT voiceagent.create_tenant('Our staff') AS staff, voiceagent.create_tenant('Lone Star') AS t \gset
SELECT voiceagent.create_member(:staff, 'kim@example.com', 'long enough', 'agent') AS kim \gset
SELECT voiceagent.set_setting('staff_tenant', :'staff'), voiceagent.set_setting('ticket_solve_high', '16 hours');
-- when the staff works
SELECT pg_temp.try(format('SELECT voiceagent.set_staff_hours(%s)', a)) FROM unnest(ARRAY['$$Mars$$, $${"mon": [["09:00", "17:00"]]}$$', '$$UTC$$', '$$UTC$$, $${"mon": [["17:00", "09:00"]]}$$', '$$UTC$$, $${"mon": [["09:00", "17:00"]]}$$, $$XX$$', 'NULL']) a;
SELECT voiceagent.set_staff_hours('Europe/Berlin', '{"start": "09:00", "end": "17:00", "days": ["mon", "tue", "wed", "thu", "fri"]}', NULL, '{"Christmas": "12-25", "New Year": "01-01"}');
SELECT voiceagent_private.staff_time(a::timestamptz, b::interval) AT TIME ZONE 'Europe/Berlin' AS due FROM (VALUES ('2026-12-04 15:00+01', '4 hours'), ('2026-12-05 12:00+01', '4 hours'), ('2026-12-24 16:00+01', '1 hour'), ('2026-12-24 16:00+01', '2 hours'), ('2026-12-24 16:30+01', '8 hours'),
	('2027-03-26 16:00+01', '2 hours'), ('2026-12-07 09:00+01', '8 hours'), ('2026-12-07 09:00+01', '0')) v(a, b);
SELECT voiceagent_private.staff_time_left(a::timestamptz, b::timestamptz) AS left FROM (VALUES ('2026-12-04 15:00+01', '2026-12-07 11:00+01'), ('2026-12-07 11:00+01', '2026-12-04 15:00+01'), ('2026-12-24 00:00+01', '2026-12-29 00:00+01')) v(a, b);
-- a ticket on Friday at three: an answer within four hours of work, a solution within a day of it
SELECT voiceagent_private.set_tenant(:t) \g /dev/null
SELECT pg_temp.at('2026-12-04 15:00+01');
SELECT voiceagent.open_ticket('Calls show as spam', 'Since Monday.', priority => 'high') AS ticket \gset
SELECT * FROM pg_temp.clocks();
SELECT * FROM pg_temp.told();
-- an hour before, once; at the moment, once
SELECT pg_temp.at('2026-12-07 10:00:01+01');
SELECT * FROM pg_temp.told();
SELECT * FROM pg_temp.told();
SELECT pg_temp.at('2026-12-07 11:00:01+01');
SELECT * FROM pg_temp.told();
SELECT * FROM pg_temp.told();
SELECT * FROM pg_temp.clocks();
-- the tenant is asked: the solution's clock stands, with what is left of it
SELECT pg_temp.at('2026-12-07 13:00+01');
SELECT voiceagent_private.reply_to_ticket(voiceagent_private.lock_ticket(:ticket), 'Which number?', false, 'Kim');
SELECT * FROM pg_temp.clocks();
SELECT pg_temp.at('2026-12-09 10:00+01');
SELECT * FROM pg_temp.told();
SELECT voiceagent.write_ticket(:ticket, 'The one that ends in 0188.');
SELECT * FROM pg_temp.clocks();
-- writing again puts nothing off; another priority is due anew
SELECT pg_temp.at('2026-12-09 11:00+01');
SELECT voiceagent.write_ticket(:ticket, 'Hello?');
SELECT * FROM pg_temp.clocks();
SELECT voiceagent_private.move_ticket(:ticket, 'open', 'low');
SELECT * FROM pg_temp.clocks();
SELECT voiceagent_private.move_ticket(:ticket, 'open', 'high');
-- nothing was told while the keeper stood: what is late is told as late alone
SELECT pg_temp.at('2026-12-14 10:00+01');
SELECT * FROM pg_temp.told();
SELECT event_data - 'ticket_id' - 'due_at' AS late FROM voiceagent.events WHERE tenant_id = :t AND event_type = 'ticket_late' ORDER BY event_id;
-- settled, and how content the tenant is; written to again, all clocks are anew
SELECT pg_temp.try(format('SELECT voiceagent.rate_ticket(%s, 5)', :ticket));
SELECT voiceagent.resolve_ticket(:ticket);
SELECT pg_temp.try(format('SELECT voiceagent.rate_ticket(%s, %s)', :ticket, n)) FROM unnest('{0,6,"NULL",2,4}'::text[]) n;
SELECT state, satisfaction, told FROM voiceagent.tickets;
SELECT * FROM pg_temp.clocks();
SELECT voiceagent.write_ticket(:ticket, 'It is back.');
SELECT * FROM pg_temp.clocks();
-- no hours: the clock on the wall
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.set_staff_hours(NULL);
SELECT voiceagent_private.staff_time('2026-12-05 12:00+01', '4 hours') AT TIME ZONE 'Europe/Berlin' AS due, voiceagent_private.staff_time_left('2026-12-05 12:00+01', '2026-12-05 14:00+01') AS left;
-- macros, for the staff alone
SELECT pg_temp.try(format('SELECT voiceagent.set_ticket_macro(%s)', a)) FROM unnest(ARRAY['$$Hello$$, $$x$$', '$$hello$$, $$ $$', '$$hello$$, NULL', '$$hello$$, $$We are on it.$$', 'NULL, $$x$$']) a;
SELECT * FROM voiceagent.list_ticket_macros();
SELECT pg_temp.try(format('SELECT voiceagent.answer_ticket(%s, %s, %L)', :t, :ticket, m)) FROM unnest('{/hello,/none,/ slash}'::text[]) m;
SELECT message FROM voiceagent.ticket_messages WHERE tenant_id = :t ORDER BY message_number DESC LIMIT 2;
-- a macro fills in, resolves and files; figures by who sees to it
SELECT pg_temp.try(format('SELECT voiceagent.set_ticket_macro(%s)', a)) FROM unnest(ARRAY['$$done$$, $$Ticket {{ticket}}, "{{subject}}" of {{business}}: done. {{name}}{{nothing}}$$, true, $$low$$, $$billing$$', '$$x$$, $$x$$, priority => $$now$$', '$$x$$, $$x$$, category => $$gossip$$']) a;
SELECT name, resolves, priority, category FROM voiceagent.list_ticket_macros();
SELECT voiceagent.update_ticket(:t, :ticket, assigned_to => 'Kim');
SELECT pg_temp.try(format('SELECT voiceagent.answer_ticket(%s, %s, %L, name => %L)', :t, :ticket, '/done', 'Kim'));
SELECT t.state, t.priority, t.category, replace(m.message, t.ticket_id::text, 'N') FROM voiceagent.tickets t JOIN voiceagent.ticket_messages m USING (tenant_id, ticket_id) WHERE t.tenant_id = :t ORDER BY m.message_number DESC LIMIT 1;
SELECT voiceagent_private.set_tenant(:t) \g /dev/null
SELECT voiceagent.rate_ticket(:ticket, 4);
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT tickets >= 1 AS tickets, resolved >= 1 AS resolved, first_answer IS NOT NULL AS answered, rated >= 1 AS rated, satisfaction FROM voiceagent.ticket_figures(voiceagent.clock() - interval '1 second') WHERE assigned_to = 'Kim';
CREATE ROLE regress_clock_tenant LOGIN IN ROLE voiceagent_user;
SELECT voiceagent.map_role('regress_clock_tenant', :t);
SET SESSION AUTHORIZATION regress_clock_tenant;
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.set_staff_hours(NULL);
SELECT voiceagent.set_ticket_macro('a', 'b');
SELECT * FROM voiceagent.list_ticket_macros();
RESET SESSION AUTHORIZATION;
ROLLBACK;
