-- 76_step: how long enrolments are kept, erasure, and what must hold; the numbers of a sequence.

CREATE FUNCTION voiceagent_private.forget_enrolments(lead bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_count bigint;
BEGIN
	DELETE FROM voiceagent_private.sequence_turns t WHERE t.tenant_id = v_tenant AND (t.lead_id = lead
		OR t.enrolment_id = ANY (ARRAY(SELECT e.enrolment_id FROM voiceagent.sequence_enrolments e
			WHERE e.tenant_id = v_tenant AND e.lead_id = lead)));
	DELETE FROM voiceagent.sequence_enrolments e WHERE e.tenant_id = v_tenant AND e.lead_id = lead;
	GET DIAGNOSTICS v_count = ROW_COUNT;
	RETURN v_count;
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_enrolments(bigint) IS
	'Forgets the ways of a lead of the current tenant through sequences, also those that go on; returns how many.';

CREATE FUNCTION voiceagent_private.check_sequences() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'an enrolment that goes on has its turn, and no other has',
		format('enrolment %s is %s', coalesce(e.enrolment_id, t.enrolment_id), e.state)
	FROM (SELECT o.enrolment_id, o.state FROM voiceagent.sequence_enrolments o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.ended_at IS NULL) e
	FULL JOIN (SELECT o.enrolment_id FROM voiceagent_private.sequence_turns o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.enrolment_id IS NOT NULL) t
		ON t.enrolment_id = e.enrolment_id
	WHERE t.enrolment_id IS NULL OR e.enrolment_id IS NULL
$$;
COMMENT ON FUNCTION voiceagent_private.check_sequences() IS
	'Violations of the invariants of sequences for the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_sequences');

CREATE FUNCTION voiceagent.sequence_numbers(sequence_id bigint)
	RETURNS TABLE (step integer, name text, does text, waiting bigint, taken bigint, refused bigint, stopped jsonb)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = bulk SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_steps jsonb;
BEGIN
	SELECT v.steps INTO v_steps FROM voiceagent.sequences s JOIN voiceagent.sequence_versions v
		ON v.tenant_id = v_tenant AND v.sequence_id = s.sequence_id AND v.version = s.version
	WHERE s.tenant_id = v_tenant AND s.sequence_id = sequence_numbers.sequence_id;
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.sequences s
		WHERE s.tenant_id = v_tenant AND s.sequence_id = sequence_numbers.sequence_id), 'PT404',
		format('sequence %s does not exist', sequence_id));
	RETURN QUERY
	WITH e AS (
		SELECT o.step, o.state, coalesce(o.reason, o.state) AS reason, count(*) AS n
		FROM voiceagent.sequence_enrolments o
		WHERE o.tenant_id = v_tenant AND o.sequence_id = sequence_numbers.sequence_id GROUP BY 1, 2, 3
	), f AS (
		SELECT g.step, count(*) AS n, count(*) FILTER (WHERE g.result = 'refused') AS refused
		FROM voiceagent.sequence_enrolments o
		JOIN voiceagent.sequence_effects g ON g.tenant_id = v_tenant AND g.enrolment_id = o.enrolment_id
		WHERE o.tenant_id = v_tenant AND o.sequence_id = sequence_numbers.sequence_id GROUP BY 1
	)
	SELECT s.place::integer, v_steps -> (s.place - 1) ->> 'name', v_steps -> (s.place - 1) ->> 'do',
		coalesce((SELECT sum(e.n) FROM e WHERE e.step = s.place AND e.state IN ('waiting', 'listening')), 0)::bigint,
		coalesce(f.n, 0), coalesce(f.refused, 0),
		(SELECT jsonb_object_agg(x.reason, x.n) FROM (SELECT e.reason, sum(e.n) AS n FROM e
			WHERE e.step = s.place AND e.state IN ('done', 'stopped') GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20) x)
	FROM generate_series(1, (SELECT greatest(max(e.step), jsonb_array_length(v_steps)) FROM e)) AS s(place)
	LEFT JOIN f ON f.step = s.place ORDER BY 1;
END
$$;
COMMENT ON FUNCTION voiceagent.sequence_numbers(bigint) IS
	E'How many enrolments of a sequence, of any version, are at each step: waiting there, have taken it, were refused, '
	'and ended there (done, or the 20 commonest reasons).\n'
	'Names and kinds are those of the newest version. PT404.';
