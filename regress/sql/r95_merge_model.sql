-- Merges, undos and dials by chance, against a model that knows only who has which numbers, calls, places and attempts: after each step both say the
-- same, and nobody is dialled beyond what one person may be.
\set ECHO none
\i sql/r50_setup.inc
\set VERBOSITY terse
CREATE TEMPORARY TABLE mn (lead bigint, phone text, PRIMARY KEY (lead, phone));
CREATE TEMPORARY TABLE mc (call bigint PRIMARY KEY, lead bigint);
CREATE TEMPORARY TABLE mp (camp bigint, lead bigint, attempts integer, waits boolean, PRIMARY KEY (camp, lead));
CREATE TEMPORARY TABLE mm (merge bigint PRIMARY KEY, keep bigint, gone bigint, numbers text[], added text[], calls bigint[], places jsonb, undone boolean DEFAULT false);
-- What the database says that the model does not, or the other way round.
CREATE FUNCTION pg_temp.differs() RETURNS TABLE (what text) LANGUAGE sql AS $$
	WITH there AS (
		SELECT concat_ws(' ', 'number', l.lead_id, l.phone) AS w FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant()
		UNION ALL SELECT concat_ws(' ', 'number', n.lead_id, n.phone) FROM voiceagent.lead_numbers n WHERE n.tenant_id = voiceagent.current_tenant()
		UNION ALL SELECT concat_ws(' ', 'call', c.call_id, c.lead_id) FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant()
		UNION ALL SELECT concat_ws(' ', 'place', m.campaign_id, m.lead_id, m.attempts, m.attempts < 3 AND q.lead_id IS NOT NULL) FROM voiceagent.campaign_leads m
		LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) WHERE m.tenant_id = voiceagent.current_tenant()
		UNION ALL SELECT concat_ws(' ', 'waits for nothing', l.lead_id) FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.status = 'retry'
		AND NOT EXISTS (SELECT FROM voiceagent.campaign_leads m WHERE m.tenant_id = l.tenant_id AND m.lead_id = l.lead_id AND m.status IN ('queued', 'retry'))
	), model AS (
		SELECT concat_ws(' ', 'number', lead, phone) AS w FROM mn UNION ALL SELECT concat_ws(' ', 'call', call, lead) FROM mc
		UNION ALL SELECT concat_ws(' ', 'place', camp, lead, attempts, attempts < 3 AND waits) FROM mp
	)
	(SELECT 'there: ' || w FROM there EXCEPT ALL SELECT 'there: ' || w FROM model) UNION ALL (SELECT 'model: ' || w FROM model EXCEPT ALL SELECT 'model: ' || w FROM there)
$$;
CREATE FUNCTION pg_temp.any_lead() RETURNS bigint LANGUAGE sql AS $$ SELECT lead FROM (SELECT DISTINCT lead FROM mn) x ORDER BY random() LIMIT 1 $$;
CREATE FUNCTION pg_temp.merge() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	k bigint := pg_temp.any_lead();
	g bigint := pg_temp.any_lead();
	v_refused boolean := (SELECT count(DISTINCT phone) FROM mn WHERE lead IN (k, g)) > 5;
	v_merge bigint;
BEGIN
	IF k = g THEN RETURN NULL; END IF;
	BEGIN
		v_merge := voiceagent.merge_leads(k, g);
	EXCEPTION WHEN SQLSTATE 'PT409' THEN
		RETURN CASE WHEN NOT v_refused THEN format('merge of %s refused', g) END;
	END;
	IF v_refused THEN RETURN 'too many numbers merged'; END IF;
	INSERT INTO mm SELECT v_merge, k, g, ARRAY(SELECT phone FROM mn WHERE lead = g), ARRAY(SELECT phone FROM mn WHERE lead = g AND phone NOT IN (SELECT phone FROM mn WHERE lead = k)),
		ARRAY(SELECT call FROM mc WHERE lead = g), (SELECT coalesce(jsonb_agg(jsonb_build_object('camp', p.camp, 'attempts', p.attempts, 'waits', p.waits, 'twin', o.lead IS NOT NULL,
			'had', o.attempts, 'after', least(3, p.attempts + coalesce(o.attempts, 0)), 'after_waits', coalesce(o.waits, p.waits))), '[]') FROM mp p LEFT JOIN mp o ON o.camp = p.camp AND o.lead = k WHERE p.lead = g);
	UPDATE mc SET lead = k WHERE lead = g;
	INSERT INTO mn SELECT k, phone FROM mn WHERE lead = g ON CONFLICT DO NOTHING;
	DELETE FROM mn WHERE lead = g;
	UPDATE mp o SET attempts = least(3, o.attempts + p.attempts) FROM mp p WHERE o.lead = k AND p.lead = g AND p.camp = o.camp;
	DELETE FROM mp p WHERE lead = g AND EXISTS (SELECT FROM mp o WHERE o.lead = k AND o.camp = p.camp);
	UPDATE mp SET lead = k WHERE lead = g;
	RETURN NULL;
END $$;
CREATE FUNCTION pg_temp.unmerge() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m mm;
	v_refused boolean;
BEGIN
	SELECT * INTO m FROM mm WHERE NOT undone ORDER BY random() LIMIT 1;
	IF NOT FOUND THEN RETURN NULL; END IF;
	v_refused := NOT EXISTS (SELECT FROM mn WHERE lead = m.keep);
	BEGIN
		PERFORM voiceagent.unmerge_leads(m.merge);
	EXCEPTION WHEN SQLSTATE 'PT409' THEN
		RETURN CASE WHEN NOT v_refused THEN format('undo of %s refused: %s', m.merge, SQLERRM) END;
	END;
	IF v_refused THEN RETURN 'undone out of order'; END IF;
	UPDATE mm SET undone = true WHERE merge = m.merge;
	DELETE FROM mn WHERE lead = m.keep AND phone = ANY (m.added);
	INSERT INTO mn SELECT m.gone, unnest(m.numbers);
	UPDATE mc SET lead = m.gone WHERE lead = m.keep AND call = ANY (m.calls);
	-- A place in which something happened since stays, and is not had twice.
	INSERT INTO mp SELECT camp, m.gone, attempts, waits AND (y.twin OR y.same) FROM (SELECT x.*, EXISTS (SELECT FROM mp o WHERE o.camp = x.camp AND o.lead = m.keep AND o.attempts = x.after
		AND o.waits = x.after_waits) AS same FROM jsonb_to_recordset(m.places) x(camp bigint, attempts integer, waits boolean, twin boolean, after integer, after_waits boolean)) y;
	WITH x AS (SELECT * FROM jsonb_to_recordset(m.places) x(camp bigint, had integer, twin boolean, after integer, after_waits boolean)), gone AS (
		DELETE FROM mp o USING x WHERE o.camp = x.camp AND o.lead = m.keep AND NOT x.twin AND o.attempts = x.after AND o.waits = x.after_waits)
	UPDATE mp o SET attempts = x.had FROM x WHERE o.camp = x.camp AND o.lead = m.keep AND x.twin AND o.attempts = x.after AND o.waits = x.after_waits;
	RETURN NULL;
END $$;
CREATE FUNCTION pg_temp.dial() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v record;
	v_again boolean := random() < 0.7;
	v_wrong text;
	v_calls bigint[];
BEGIN
	v_calls := ARRAY(SELECT c.call_id FROM voiceagent_private.claim_calls(1) c);
	FOR v IN SELECT k.call_id, k.campaign_id, k.lead_id, k.phone FROM voiceagent.calls k WHERE k.call_id = ANY (v_calls) LOOP
		IF NOT EXISTS (SELECT FROM mn WHERE lead = v.lead_id AND phone = v.phone) THEN v_wrong := format('%s is no number of %s', v.phone, v.lead_id); END IF;
		UPDATE mp SET attempts = attempts + 1, waits = v_again WHERE camp = v.campaign_id AND lead = v.lead_id AND waits AND attempts < 3;
		IF NOT FOUND THEN v_wrong := format('%s does not wait in %s', v.lead_id, v.campaign_id); END IF;
		INSERT INTO mc VALUES (v.call_id, v.lead_id);
		UPDATE voiceagent.calls SET status = 'no_answer', outcome = 'no_answer', ended_at = voiceagent.clock() WHERE call_id = v.call_id;
		DELETE FROM voiceagent_private.live_calls WHERE call_id = v.call_id;
		UPDATE voiceagent.campaign_leads SET status = CASE WHEN v_again THEN 'retry' ELSE 'completed' END WHERE campaign_id = v.campaign_id AND lead_id = v.lead_id;
		UPDATE voiceagent.leads SET status = CASE WHEN v_again THEN 'retry' ELSE 'contacted' END WHERE lead_id = v.lead_id;
		IF v_again THEN PERFORM voiceagent_private.enqueue(v.campaign_id, ARRAY[v.lead_id], NULL, NULL, NULL); END IF;
	END LOOP;
	-- The claim ends a place without a dial left.
	UPDATE mp SET waits = EXISTS (SELECT FROM voiceagent_private.call_queue q WHERE q.campaign_id = mp.camp AND q.lead_id = mp.lead) WHERE attempts >= 3;
	RETURN v_wrong;
END $$;
CREATE FUNCTION pg_temp.run(seed double precision, steps integer) RETURNS TABLE (step integer, did text, what text) LANGUAGE plpgsql AS $$
DECLARE
	v_leads bigint[];
	v_tenant bigint := pg_temp.tenant('r95 model ' || seed);
	v_dials bigint;
BEGIN
	PERFORM setseed(seed);
	TRUNCATE mn, mc, mp, mm;
	v_leads := pg_temp.leads('+12025', 9);
	INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, timezones)
	SELECT v_tenant, l, 2, '+1202501' || lpad((1 + floor(random() * 4))::text, 4, '0'), '{UTC}' FROM unnest(v_leads) l WHERE random() < 0.5;
	FOR i IN 1..3 LOOP
		PERFORM pg_temp.start('c' || i, ARRAY(SELECT l FROM unnest(v_leads) l WHERE random() < 0.6), '{"retry_attempts": 2}');
	END LOOP;
	INSERT INTO mn SELECT l.lead_id, l.phone FROM voiceagent.leads l WHERE l.tenant_id = v_tenant UNION SELECT n.lead_id, n.phone FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant;
	INSERT INTO mp SELECT m.campaign_id, m.lead_id, 0, true FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant;
	FOR i IN 1..steps LOOP
		step := i;
		did := (ARRAY['merge', 'merge', 'unmerge', 'dial', 'dial'])[1 + floor(random() * 5)];
		what := CASE did WHEN 'merge' THEN pg_temp.merge() WHEN 'unmerge' THEN pg_temp.unmerge() ELSE pg_temp.dial() END;
		IF what IS NOT NULL THEN RETURN NEXT; RETURN; END IF;
		FOR what IN SELECT * FROM pg_temp.differs() LOOP RETURN NEXT; END LOOP;
		IF what IS NOT NULL THEN RETURN; END IF;
	END LOOP;
	-- What the database itself says that must hold, but for the calls, which have no carrier here.
	FOR what IN SELECT c.invariant || ': ' || c.detail FROM voiceagent_private.check_tenant() c WHERE c.invariant ~ 'dialled|queue|counter|number|waits' LOOP did := 'invariants'; RETURN NEXT; END LOOP;
	SELECT count(*) INTO v_dials FROM mc;
	IF v_dials < 5 OR (SELECT count(*) FROM mm WHERE undone) < 2 OR (SELECT count(*) FROM mm) < 6 THEN did := 'too little happened'; what := v_dials; RETURN NEXT; END IF;
END $$;
\set ECHO all
BEGIN;
SELECT s AS seed, r.* FROM generate_series(1, 6) s, pg_temp.run(s / 100.0, 60) r ORDER BY 1, 2;
ROLLBACK;
