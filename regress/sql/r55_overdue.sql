-- A call that goes on after its longest duration is hung up by us, not only given up.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 overdue') > 0 AS made \gset
SELECT voiceagent.set_setting('sandbox_time_scale', '1') \g /dev/null
SELECT pg_temp.start('overdue', pg_temp.leads('+12025550', 2)) AS c \gset
SELECT pg_temp.claim(2);
SELECT voiceagent_private.record_dials(array_agg(attempt_id), array_agg('accepted'::text), array_agg('theirs-' || attempt_id), array_agg('http://127.0.0.1:1/control'::text), array_agg(201), array_agg(NULL::text), array_agg(NULL::integer))
FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant();
SELECT min(call_id) AS one, max(call_id) AS other FROM voiceagent_private.live_calls WHERE tenant_id = voiceagent.current_tenant() \gset
CREATE VIEW pg_temp.hangups AS SELECT e.call_id - (SELECT min(c.call_id) FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant()) AS call, e.kind, e.state FROM voiceagent.provider_requests e
	WHERE e.tenant_id = voiceagent.current_tenant() ORDER BY e.provider_request_id;
-- Within its time nothing is done; whoever cannot be asked is not hung up on either.
SELECT voiceagent_private.record_lookup(:one, NULL) AS ended;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM l.ends_by - clock_timestamp() + interval '1 second')::text, true) IS NOT NULL AS later FROM voiceagent_private.live_calls l WHERE l.call_id = :one;
SELECT voiceagent_private.record_lookup(:other, 'http-500') AS ended;
SELECT * FROM pg_temp.hangups;
-- Over its time: one command, however often the carrier says so; another when that has been carried out and the call still goes on.
SELECT voiceagent_private.record_lookup(:one, NULL) AS ended, voiceagent_private.record_lookup(:one, NULL) AS again;
SELECT * FROM pg_temp.hangups;
UPDATE voiceagent.provider_requests SET state = 'done', next_at = NULL, done_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.record_lookup(:one, NULL) AS ended;
SELECT * FROM pg_temp.hangups;
ROLLBACK;
