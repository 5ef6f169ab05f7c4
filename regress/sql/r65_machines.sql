-- A lead whose telephone a machine answered is dialled again, or not, by a setting for each kind of machine.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.answered(number text, machine text) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.apply_events(ARRAY[ROW(0, pg_temp.call_of(number), jsonb_populate_record(NULL::voiceagent.call_event,
		jsonb_build_object('kind', 'report', 'status', 'completed', 'cause', 'normal_clearing', 'cause_class', 'machine', 'machine', machine,
			'duration_seconds', 20, 'answered_at', voiceagent.clock(), 'ended_at', voiceagent.clock() + interval '20 seconds')),
		(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event])
$$;
CREATE FUNCTION pg_temp.outcomes(settings jsonb) RETURNS TABLE (machine text, outcome text, lead_status text, queued text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.begin_calls('Machines ' || settings::text, ARRAY['2001', '2002', '2003', '2004'], settings);
	PERFORM pg_temp.dial();
	PERFORM pg_temp.answered('2001', 'voicemail'), pg_temp.answered('2002', 'ivr'), pg_temp.answered('2003', 'unavailable'),
		pg_temp.answered('2004', 'screener');
	RETURN QUERY SELECT c.machine, s.outcome, s.lead_status, s.queued
	FROM pg_temp.seen() s JOIN voiceagent.calls c ON c.tenant_id = voiceagent.current_tenant() AND c.call_id = pg_temp.call_of(s.number)
	ORDER BY s.number;
END $$;
\set ECHO all
BEGIN;
SELECT * FROM pg_temp.outcomes('{}');
SELECT * FROM pg_temp.outcomes('{"retry_ivr": false}');
SELECT * FROM pg_temp.outcomes('{"retry_unavailable": false}');
SELECT * FROM pg_temp.outcomes('{"retry_voicemail": false}');
SELECT * FROM pg_temp.outcomes('{"retry_screener": false}');
ROLLBACK;
