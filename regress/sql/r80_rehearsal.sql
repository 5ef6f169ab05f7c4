-- A caller is played at a number of the sandbox: each persona leaves the rows that a real one would, and no others.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
CREATE FUNCTION pg_temp.plays(persona text, caller text) RETURNS TABLE (heard text) LANGUAGE plpgsql AS $$
DECLARE
	v_played jsonb := voiceagent.sandbox_call_in((SELECT n.phone_number_id FROM voiceagent.phone_numbers n WHERE n.tenant_id = voiceagent.current_tenant()), persona, caller);
BEGIN
	PERFORM voiceagent_private.follow_calls_of_tenant(100);
	RETURN QUERY SELECT concat_ws(': ', t ->> 'tool', t ->> 'result') FROM jsonb_array_elements(v_played -> 'tools') t;
	RETURN QUERY SELECT concat(v_played ->> 'answer', ', ', c.summary) FROM voiceagent.calls c WHERE c.call_id = (v_played ->> 'call_id')::bigint;
END
$$;
\set ECHO all
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-03-17 12:00-04' - clock_timestamp())::text, true) IS NOT NULL AS driven;
SELECT pg_temp.tenant('r80 rehearsal') AS tenant \gset
SELECT voiceagent.create_assistant('Desk', 'Hello, who is there?', 'Be kind.') AS assistant \gset
SELECT voiceagent.update_assistant(:assistant, '{"settings": {"tools": ["free_slots", "hold_slot", "book", "move_booking", "cancel_booking", "take_message", "make_offer", "transfer", "call_back", "opt_out", "find_listings", "lookup_listing"]}}');
SELECT voiceagent.create_calendar('Viewings', 'America/New_York', '{"start": "09:00", "end": "17:00", "days": ["mon", "tue", "wed"]}', '1 hour') AS calendar \gset
SELECT voiceagent.create_phone_number('+12125550001', details => jsonb_build_object('ai_assistant_id', :assistant)) AS n \gset
SELECT voiceagent.use_calendar(:calendar, phone_number_id => :n);
SELECT persona, tools FROM voiceagent.list_personas();
SELECT * FROM pg_temp.plays('books', '+12125550110');
SELECT * FROM pg_temp.plays('haggles', '+12125550111');
SELECT * FROM pg_temp.plays('leaves_message', '+12125550112');
SELECT * FROM pg_temp.plays('wants_person', '+12125550113');
SELECT * FROM pg_temp.plays('wants_call_back', '+12125550114');
SELECT * FROM pg_temp.plays('wants_no_calls', '+12125550115');
SELECT * FROM pg_temp.plays('repeats', '+12125550116');
SELECT * FROM pg_temp.plays('hangs_up', '+12125550117');
SELECT * FROM pg_temp.plays('dictates_sql', '+12125550118');
SELECT * FROM pg_temp.plays('wants_anothers', '+12125550119');
SELECT voiceagent.set_listing_profile('real_estate');
SELECT count(voiceagent.add_listing(a::jsonb, NULL, r)) FROM (VALUES ('A: "1"', '{"kind": "house", "address": "12 Oak Street", "price": 450000}'), ('A-2', '{"kind": "house", "address": "7 Elm Street", "price": 320000}'), ('A-3', '{"kind": "condo", "address": "9 Lake Road"}')) v(r, a);
SELECT * FROM pg_temp.plays('seeks_house', '+12125550121');
SELECT reference, total, inbound, unique_callers, viewings_scheduled, offers_created FROM voiceagent.listing_stats();
-- What they have heard has no form that a tool takes, no quotation, and no order to a model.
SELECT count(*) FILTER (WHERE o.turns::text ~ 'booked') > 0 AS booked, bool_or(o.turns::text ~ '\d-\d\dT\d|<<|>>|Offer to|Ask for|Say so') AS forms
FROM voiceagent.conversations o WHERE o.tenant_id = :tenant;
-- What they have left.
SELECT l.phone, concat_ws(' ', l.first_name, l.last_name) AS name, l.status, l.follow_up,
	(SELECT string_agg(a.status || ' ' || to_char(a.starts_at AT TIME ZONE 'America/New_York', 'DD HH24:MI'), ', ') FROM voiceagent.appointments a WHERE a.tenant_id = l.tenant_id AND a.lead_id = l.lead_id) AS appointments,
	(SELECT string_agg(t.kind || ': ' || t.note, ', ' ORDER BY t.task_id) FROM voiceagent.tasks t WHERE t.tenant_id = l.tenant_id AND t.lead_id = l.lead_id) AS tasks
FROM voiceagent.leads l WHERE l.tenant_id = :tenant ORDER BY l.phone;
SELECT phone, held FROM voiceagent.do_not_call_list WHERE tenant_id = :tenant AND NOT held;
SELECT count(*) AS rehearsed FROM voiceagent.call_inbound WHERE tenant_id = :tenant AND answer = 'rehearsed';
SELECT detail FROM voiceagent.explain_call((SELECT min(call_id) FROM voiceagent.calls WHERE tenant_id = :tenant)) WHERE rule = 'answer';
-- Judged by the rows that they have left; a row that should not be there, or is gone, is noticed.
SELECT voiceagent_private.follow_calls_of_tenant(100) >= 0 AS followed;
SELECT persona, verdict FROM voiceagent.rehearsal_report() ORDER BY call_id;
-- What tools did says what a call was for, before any words, and is shown with its row.
SELECT i.plan #>> '{rehearsal,persona}' AS persona, r.intent, r.handling, r.follow_up_created, r.caller_name, r.message FROM voiceagent.call_readings r
JOIN voiceagent.call_inbound i USING (tenant_id, call_id) WHERE r.tenant_id = :tenant ORDER BY r.call_id;
SELECT * FROM pg_temp.plays('books_yesterday', '+12125550122');
SELECT * FROM pg_temp.plays('dictates_sql_as_name', '+12125550123');
SELECT * FROM pg_temp.plays('wants_call_in_a_year', '+12125550124');
SELECT count(*) AS called_back FROM voiceagent_private.incoming_callbacks b JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE b.tenant_id = :tenant AND c.phone = '+12125550124';
SELECT * FROM pg_temp.plays('leaves_nothing', '+12125550125');
SELECT persona, twin_of, verdict FROM voiceagent.rehearsal_report(4) ORDER BY call_id;
DELETE FROM voiceagent.tasks WHERE tenant_id = :tenant AND kind = 'message';
UPDATE voiceagent.appointments SET status = 'canceled' WHERE tenant_id = :tenant AND call_id = (SELECT min(call_id) FROM voiceagent.calls WHERE tenant_id = :tenant);
SELECT persona, c ->> 'what' AS what, c ->> 'counted' AS counted, c ->> 'at_least' AS at_least, c ->> 'at_most' AS at_most FROM voiceagent.rehearsal_report(), jsonb_array_elements(checks) c
WHERE verdict = 'failed' AND NOT (c -> 'holds')::boolean ORDER BY call_id, 2;
SELECT DISTINCT voiceagent_private.fault_of(f, 'books', 1) AS faults, voiceagent_private.fault_of(NULL, 'books', 1) AS none FROM generate_series(1, 100) f ORDER BY 1;
-- Lines of one's own; by night the number answers as it would; what is none.
SELECT jsonb_array_length(voiceagent.sandbox_call_in(:n, caller => '+12125550120', lines => '{Hello?,"Are you there?"}') -> 'turns') AS turns;
SELECT voiceagent.update_phone_number(:n, '{"business_hours_start": "20:00", "business_hours_end": "21:00", "after_hours_message": "We are closed.", "timezone": "America/New_York"}');
SELECT voiceagent.sandbox_call_in(:n) - 'call_id' AS at_night;
SELECT * FROM voiceagent.invariants();
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.sandbox_call_in(:n, 'sings');
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = :tenant;
SELECT voiceagent.sandbox_call_in(:n);
\set ON_ERROR_ROLLBACK off
ROLLBACK;
