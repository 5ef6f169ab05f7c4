-- A dial whose disposition nobody knows: found by its numbers and time where exactly one call fits, else left to a person, never dialled again by itself.
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

-- a carrier that cannot be asked, for longer than the platform has patience: each call ends without its word, and not before. Who
-- answered (2002) is not called again by itself either; nor is one given up because we had been away (2005), or has just been told of (2006)
BEGIN;
SELECT pg_temp.begin_calls('Nobody to ask', ARRAY['2001', '2002', '2003', '2004', '2005', '2006']) > 0 AS ready;
SELECT pg_temp.lose();
UPDATE voiceagent_private.live_calls SET ends_by = voiceagent.clock() - CASE call_id WHEN pg_temp.call_of('2004') THEN interval '23 hours' ELSE interval '25 hours' END,
	failed_lookups = CASE call_id WHEN pg_temp.call_of('2003') THEN 3 ELSE 4 END, lease_until = voiceagent.clock(), lookups = 100,
	failing_since = voiceagent.clock() - CASE call_id WHEN pg_temp.call_of('2005') THEN interval '10 minutes' ELSE interval '25 hours' END WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET state = 'accepted', provider_call_id = 'theirs' WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2002');
UPDATE voiceagent.attempts SET state = 'accepted', provider_call_id = 'theirs' WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2002');
UPDATE voiceagent.calls SET status = 'in_progress', answered_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND call_id = pg_temp.call_of('2002');
SELECT voiceagent_private.lookup_found(pg_temp.call_of('2006'), 'theirs-6');
SELECT number, voiceagent_private.record_lookup(pg_temp.call_of(number), 'http-500') AS ended FROM unnest(ARRAY['2001', '2002', '2003', '2004', '2005', '2006']) AS n(number);
SELECT * FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, a.state, c.cause, u.reason FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id)
LEFT JOIN voiceagent.unresolved_calls u USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT right(c.phone, 4) AS number, h.state FROM voiceagent.credit_holds h JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT invariant FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier dials under the law%';
-- somebody has looked into the carrier's console: who answered was called
SELECT voiceagent.resolve_call(pg_temp.call_of('2002'), true);
-- a carrier that says for ever that a call goes on is not believed for ever
UPDATE voiceagent_private.live_calls SET state = 'accepted' WHERE tenant_id = voiceagent.current_tenant() AND call_id IN (pg_temp.call_of('2003'), pg_temp.call_of('2004'));
SELECT number, voiceagent_private.record_lookup(pg_temp.call_of(number), NULL) AS ended FROM unnest(ARRAY['2001', '2003', '2004']) AS n(number);
SELECT right(c.phone, 4) AS number, l.failed_lookups, l.failing_since IS NULL AS answered FROM voiceagent_private.live_calls l JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT u.reason FROM voiceagent.unresolved_calls u WHERE u.tenant_id = voiceagent.current_tenant() AND u.call_id = pg_temp.call_of('2003');
ROLLBACK;
