-- What going back to the queue costs grows with the number of leads, not with its square.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
-- As the end of calls does it, under its settings.
CREATE FUNCTION pg_temp.back(campaign bigint, leads bigint[]) RETURNS bigint LANGUAGE plpgsql
	SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off SET jit = off
	SET plan_cache_mode = force_generic_plan AS $$
BEGIN
	RETURN voiceagent_private.requeue(campaign, leads, array_fill(voiceagent.clock() + interval '1 hour', ARRAY[cardinality(leads)]),
		array_fill(5::smallint, ARRAY[cardinality(leads)]), array_fill('no_answer'::text, ARRAY[cardinality(leads)]));
END
$$;
CREATE FUNCTION pg_temp.took(campaign bigint, leads bigint[]) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
	v_began timestamptz;
	v_took double precision;
	v_back bigint;
BEGIN
	DELETE FROM voiceagent_private.call_queue WHERE tenant_id = voiceagent.current_tenant() AND campaign_id = campaign;
	v_began := clock_timestamp();
	v_back := pg_temp.back(campaign, leads);
	v_took := extract(epoch FROM clock_timestamp() - v_began);
	IF v_back <> cardinality(leads) THEN
		RAISE EXCEPTION '% of % leads wait again', v_back, cardinality(leads);
	END IF;
	RETURN v_took;
END
$$;
SELECT pg_temp.tenant('r50 batches', 1000000) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
-- Ten times as many, three times each, since what else the machine does may fall into one of them.
CREATE TABLE pg_temp.took_s AS
WITH leads AS MATERIALIZED (SELECT pg_temp.leads('+1206', 5000) AS all_leads),
	started AS MATERIALIZED (SELECT all_leads, pg_temp.start('batches', all_leads) AS campaign FROM leads)
SELECT n, pg_temp.took(campaign, all_leads[1:n]) AS seconds
FROM started, (VALUES (1, 500), (2, 500), (3, 5000), (4, 500), (5, 5000), (6, 500), (7, 5000)) AS r(round, n);
SELECT (SELECT min(seconds) FROM pg_temp.took_s WHERE n = 5000) < 40 * (SELECT min(seconds) FROM pg_temp.took_s WHERE n = 500) AS linear;
ROLLBACK;
