-- A simulation drives the clock, acts for its own tenants alone, and leaves nothing behind.
SET client_min_messages = warning;

-- It begins only where it can be rolled back.
SELECT voiceagent_private.begin_simulation('2027-03-01', 1, -1, '{0,0,0,0,0}');
SELECT voiceagent_private.drive_clock('2027-03-01');
SELECT voiceagent_private.own_tenant(1);
SELECT voiceagent_private.next_simulated_at();

-- Nor is it ever committed; the clock is the real one again, whatever happened.
DO $$
BEGIN
	BEGIN
		PERFORM voiceagent_private.begin_simulation('2027-03-01', 1, -1, '{0,0,0,0,0}');
		RAISE NOTICE 'not reached otherwise: %', voiceagent.clock();
	EXCEPTION WHEN division_by_zero THEN NULL;
	END;
END
$$;
SELECT voiceagent_private.simulating(), voiceagent.clock() < '2027-03-01' OR voiceagent.clock() > '2027-03-02' AS real_time;

-- Inside: the time stands still unless it is driven, forward; a second one is refused; strangers are out of scope.
CREATE FUNCTION pg_temp.inside(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_result text;
BEGIN
	BEGIN
		PERFORM voiceagent_private.begin_simulation('2027-03-01 12:00+00', 1, -1, '{0,0,0,0,0}');
		EXECUTE statement INTO v_result;
		RAISE EXCEPTION USING ERRCODE = 'VA000';
	EXCEPTION WHEN SQLSTATE 'VA000' THEN NULL;
		WHEN OTHERS THEN v_result := SQLERRM;
	END;
	RETURN format('%s (%s)', v_result, CASE WHEN voiceagent_private.simulating() THEN 'leaked' ELSE 'over' END);
END
$$;
SET timezone = 'UTC';
SELECT pg_temp.inside('SELECT voiceagent.clock()');
SELECT pg_temp.inside('SELECT 1 / 0');
SELECT pg_temp.inside('SELECT voiceagent_private.drive_clock(''2027-02-28'')');
SELECT pg_temp.inside('SELECT voiceagent_private.drive_clock(''infinity'')');
SELECT pg_temp.inside('SELECT voiceagent_private.begin_simulation(''2027-03-01'', 1, -1, ''{0,0,0,0,0}'')');
SELECT pg_temp.inside('SELECT voiceagent_private.in_scope(1), voiceagent_private.own_tenant(1), voiceagent_private.in_scope(1)');
SELECT pg_temp.inside('SELECT voiceagent_private.next_simulated_at()');

-- Two worlds of one seed are the same to the last byte, another seed's is another; nothing violates an invariant.
CREATE TEMP TABLE counts_before AS SELECT (SELECT count(*) FROM voiceagent.tenants) AS tenants, (SELECT count(*) FROM voiceagent.calls) AS calls,
	(SELECT count(*) FROM voiceagent_private.lanes) AS lanes;
CREATE TEMP TABLE worlds AS SELECT s.seed, s.nth, voiceagent_private.simulate_world(s.seed, 2, 2, 16) AS w
FROM (VALUES (1, 1), (7, 1), (7, 2)) AS s(seed, nth);
SELECT a.w -> 'wrong' AS wrong, a.w -> 'unread' AS unread, (a.w ->> 'calls')::int > 10 AS called, a.w ->> 'digest' = b.w ->> 'digest' AS same,
	a.w ->> 'digest' = c.w ->> 'digest' AS other
FROM worlds a, worlds b, worlds c WHERE a.seed = 7 AND a.nth = 1 AND b.seed = 7 AND b.nth = 2 AND c.seed = 1;
SELECT voiceagent_private.simulating(), b = ROW((SELECT count(*) FROM voiceagent.tenants), (SELECT count(*) FROM voiceagent.calls),
	(SELECT count(*) FROM voiceagent_private.lanes)) AS nothing_left FROM counts_before b;
