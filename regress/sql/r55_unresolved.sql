-- A dial whose fate nobody knows: found by its numbers and time where exactly one call fits, else left to a person, never dialled again by itself.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.lose() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.dial('unknown');
	UPDATE voiceagent.provider_accounts SET provider = 'telnyx' WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.live_calls SET provider = 'telnyx' WHERE tenant_id = voiceagent.current_tenant();
END
$$;
CREATE FUNCTION pg_temp.seek(number text, VARIADIC theirs text[]) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.lookup_candidates(pg_temp.call_of(number), '0', array_agg(split_part(t, ' ', 1)),
		array_agg(split_part(t, ' ', 2)), array_agg(nullif(split_part(t, ' ', 3), '')), array_agg(voiceagent.clock() + split_part(t, ' ', 4)::interval))
	FROM unnest(theirs) t
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Lost', ARRAY['2001', '2002', '2003']) > 0 AS ready;
SELECT pg_temp.lose();

-- another number, another time, another attempt's: none of them
SELECT pg_temp.seek('2001', 'a +12125552009  1s', 'b +12125552001  -1hour', 'c +12125552001  1hour');
-- two that fit: nobody can tell
SELECT pg_temp.seek('2001', 'a +12125552001  1s', 'b +12125552001  2s');
-- exactly one
SELECT pg_temp.seek('2001', 'a +12125552009  1s', 'b +12125552001  2s');
SELECT a.state, a.provider_call_id FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of('2001');
SELECT pg_temp.seek('2001', 'z +12125552001  2s') AS known_already;

-- the carrier's not knowing proves nothing here: unresolved after the last question, and nothing is dialled or charged
SELECT voiceagent_private.lookup_found_nothing(pg_temp.call_of('2002')) FROM generate_series(1, 5);
SELECT voiceagent_private.lookup_found_nothing(pg_temp.call_of('2003'), true) FROM generate_series(1, 5);
SELECT * FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, a.state, a.error, c.counts, c.cause_class FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT right(c.phone, 4) AS number, u.reason, u.placed FROM voiceagent.unresolved_calls u JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE u.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT count(*) FROM voiceagent.events WHERE tenant_id = voiceagent.current_tenant() AND event_type = 'call_unresolved';
SELECT invariant FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials under the law%';

-- somebody has looked: one was placed, the other was not and waits again
SELECT voiceagent.resolve_call(pg_temp.call_of('2002'), true);
SELECT voiceagent.resolve_call(pg_temp.call_of('2003'), false);
SELECT * FROM pg_temp.seen() WHERE number > '2001';
SELECT placed, resolved_at IS NOT NULL AS resolved FROM voiceagent.unresolved_calls WHERE tenant_id = voiceagent.current_tenant() ORDER BY call_id;
SELECT right(c.phone, 4) AS number, a.state, c.counts FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE c.tenant_id = voiceagent.current_tenant() AND c.phone > '+12125552001' ORDER BY 1;
SELECT invariant FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials under the law%';
\set ON_ERROR_STOP off
\set VERBOSITY terse
SAVEPOINT s;
SELECT voiceagent.resolve_call(0, true);
ROLLBACK TO s;
SELECT voiceagent.resolve_call(0, NULL);
ROLLBACK;

-- a carrier that cannot be asked, for longer than the platform has patience: each call ends without its word, and not before
BEGIN;
SELECT pg_temp.begin_calls('Nobody to ask', ARRAY['2001', '2002', '2003', '2004']) > 0 AS ready;
SELECT pg_temp.lose();
UPDATE voiceagent_private.live_calls SET ends_by = voiceagent.clock() - CASE call_id WHEN pg_temp.call_of('2004') THEN interval '23 hours' ELSE interval '25 hours' END,
	lookups = CASE call_id WHEN pg_temp.call_of('2003') THEN 4 ELSE 5 END, lease_until = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.lookup_found(pg_temp.call_of('2002'), 'theirs');
SELECT number, voiceagent_private.lookup_failed(pg_temp.call_of(number)) AS ended FROM unnest(ARRAY['2001', '2002', '2003', '2004']) AS n(number);
SELECT * FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, a.state, c.cause, u.reason FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id)
LEFT JOIN voiceagent.unresolved_calls u USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT right(c.phone, 4) AS number, h.state FROM voiceagent.credit_holds h JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT invariant FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials under the law%';
ROLLBACK;
