/*
 * 95_ops: the keeper checks what must always hold, a tenant after the other, a rule a transaction, large tables in
 * ranges of ids; what it finds stands in invariant_report.  The rules are those of invariants().
 *
 * A rule is the first column of a SELECT of a check function.  The planner knows it for a constant, and drops every
 * other SELECT of the function from the plan when one is asked for.  Rules not shown in the function's text come
 * last, as all the others.
 *
 * Locks: the row of the tenant in invariant_marks, which is skipped while somebody else holds it.  A crash leaves the
 * place of the last commit there, and the next keeper goes on with it.
 */

CREATE TABLE voiceagent_private.invariant_marks (
	tenant_id bigint PRIMARY KEY,
	next_at timestamptz NOT NULL,
	requested boolean NOT NULL DEFAULT false,
	began_at timestamptz,
	place integer NOT NULL DEFAULT 1,
	after bigint NOT NULL DEFAULT 0,
	checked_at timestamptz
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE voiceagent_private.invariant_marks IS
	'How far the keeper has come with checking the invariants of a tenant; tenant 0 are those of the platform.';
COMMENT ON COLUMN voiceagent_private.invariant_marks.next_at IS 'When it is to be checked again.';
COMMENT ON COLUMN voiceagent_private.invariant_marks.requested IS 'Whether check_invariants() wants it checked now.';
COMMENT ON COLUMN voiceagent_private.invariant_marks.began_at IS 'When the check under way began; NULL: none is.';
COMMENT ON COLUMN voiceagent_private.invariant_marks.place IS 'The next rule of invariant_rules().';
COMMENT ON COLUMN voiceagent_private.invariant_marks.after IS
	'Of a rule that is checked in ranges: the last id that has been looked at.';
COMMENT ON COLUMN voiceagent_private.invariant_marks.checked_at IS 'When the last check ended; NULL: none has.';
SELECT voiceagent_private.guard_table('voiceagent_private.invariant_marks', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent_private.invariant_report (
	tenant_id bigint NOT NULL,
	invariant text NOT NULL,
	violations bigint,
	sample text NOT NULL,
	began_at timestamptz NOT NULL,
	checked_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, invariant)
);
COMMENT ON TABLE voiceagent_private.invariant_report IS
	E'The invariants that did not hold when the keeper checked them last; tenant 0 is the platform.\n'
	'No row: all held.';
COMMENT ON COLUMN voiceagent_private.invariant_report.invariant IS 'The invariant''s name, as invariants() has it.';
COMMENT ON COLUMN voiceagent_private.invariant_report.violations IS
	'How often it does not; NULL: it could not be checked.';
COMMENT ON COLUMN voiceagent_private.invariant_report.sample IS
	'One of the violations, as invariants() has it; or the error of the check.';
COMMENT ON COLUMN voiceagent_private.invariant_report.began_at IS 'The check that found it (invariant_marks.began_at).';
COMMENT ON COLUMN voiceagent_private.invariant_report.checked_at IS 'When.';
SELECT voiceagent_private.guard_table('voiceagent_private.invariant_report', 'routing');

CREATE FUNCTION voiceagent_private.invariant_rules(platform boolean)
	RETURNS TABLE (place integer, name text, invariant text, key text, others text[])
	LANGUAGE sql STABLE AS $$
	SELECT (row_number() OVER (ORDER BY c.name, r.invariant NULLS LAST))::integer, c.name, r.invariant,
		nullif(c.detail, 'platform'), k.known
	FROM voiceagent_private.registrations c
	JOIN pg_catalog.pg_proc p ON p.pronamespace = 'voiceagent_private'::regnamespace AND p.proname = c.name
	CROSS JOIN LATERAL (SELECT coalesce(array_agg(DISTINCT replace(m[1], '''''', '''')), '{}') AS known
		FROM regexp_matches(p.prosrc, E'^\tSELECT ''((?:[^'']|'''')+)'',', 'gn') m) k
	CROSS JOIN LATERAL (SELECT unnest(k.known) UNION ALL SELECT NULL) AS r(invariant)
	WHERE c.kind = 'invariant' AND (c.detail IS NOT DISTINCT FROM 'platform') = platform
$$;
COMMENT ON FUNCTION voiceagent_private.invariant_rules(boolean) IS
	E'The rules of the platform, or of a tenant, in the order in which the keeper checks them; key: the column, '
	'with its table, by whose ids.\n'
	'invariant NULL: whatever the function checks besides the others.';

CREATE FUNCTION voiceagent_private.find_violations(name text, invariant text, others text[], after bigint, upto bigint)
	RETURNS TABLE (rule text, violations bigint, sample text)
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	-- Constants, so that the planner drops what is not asked for.
	-- Names of ours.  @plpgsql_check_options: security_warnings = off
	RETURN QUERY EXECUTE format('SELECT c.invariant, count(*), min(c.detail) FROM voiceagent_private.%I(%s) c
		WHERE c.invariant %s GROUP BY c.invariant', name,
		CASE WHEN upto IS NOT NULL THEN format('%s, %s', after, upto) END,
		CASE WHEN invariant IS NOT NULL THEN format('= %L', invariant) ELSE format('<> ALL (%L::text[])', others) END);
EXCEPTION WHEN OTHERS THEN
	RETURN QUERY SELECT coalesce(invariant, name || '()'), NULL::bigint, left(format('%s: %s', SQLSTATE, SQLERRM), 400);
END
$$;
COMMENT ON FUNCTION voiceagent_private.find_violations(text, text, text[], bigint, bigint) IS
	'Checks a rule of invariant_rules() for the current tenant, among the ids of a range (upto NULL: it has none) -> '
	'the rule, how often it does not hold, and one of the violations; violations NULL: the check failed, for the '
	'reason in sample.';

CREATE FUNCTION voiceagent_private.find_violations_whole(name text, invariant text, others text[], after bigint,
	upto bigint) RETURNS TABLE (rule text, violations bigint, sample text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = whole SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT * FROM voiceagent_private.find_violations(name, invariant, others, after, upto);
END
$$;
COMMENT ON FUNCTION voiceagent_private.find_violations_whole(text, text, text[], bigint, bigint) IS
	'find_violations() for a rule that is checked for all of a tenant''s rows at once.';

CREATE FUNCTION voiceagent_private.find_violations_in_range(name text, invariant text, others text[], after bigint,
	upto bigint) RETURNS TABLE (rule text, violations bigint, sample text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT * FROM voiceagent_private.find_violations(name, invariant, others, after, upto);
END
$$;
COMMENT ON FUNCTION voiceagent_private.find_violations_in_range(text, text, text[], bigint, bigint) IS
	'find_violations() for a rule that is checked for a range of a tenant''s rows.';

CREATE FUNCTION voiceagent_private.end_of_range(key text, after bigint, max integer) RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_upto bigint;
BEGIN
	-- A name of ours.  @plpgsql_check_options: security_warnings = off
	EXECUTE format('SELECT t.%2$I FROM %1$s t WHERE t.tenant_id = $1 AND t.%2$I > $2
		ORDER BY t.%2$I OFFSET $3 - 1 LIMIT 1', regexp_replace(key, '[.]\w+$', ''),
		substring(key FROM '\w+$')) INTO v_upto USING voiceagent.current_tenant(), after, max;
	-- Rows of others may name ids behind the last.
	RETURN coalesce(v_upto, 9223372036854775807);
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_of_range(text, bigint, integer) IS
	'The id that ends a range of max rows of a table of the current tenant behind that id; the largest there is where '
	'no row comes behind them.';

CREATE FUNCTION voiceagent_private.check_next_rule(INOUT mark voiceagent_private.invariant_marks, max integer,
	every interval)
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v record;
	v_upto bigint;
	v_new text;
BEGIN
	mark.began_at := coalesce(mark.began_at, v_now);
	SELECT * INTO v FROM voiceagent_private.invariant_rules(mark.tenant_id = 0) r WHERE r.place = mark.place;
	IF NOT FOUND THEN
		-- Rules that hold again.
		DELETE FROM voiceagent_private.invariant_report r
		WHERE r.tenant_id = mark.tenant_id AND r.began_at <> mark.began_at;
		mark.next_at := CASE WHEN mark.next_at > v_now THEN mark.next_at ELSE v_now + every END;
		mark.requested := false;
		mark.began_at := NULL;
		mark.place := 1;
		mark.checked_at := v_now;
		RETURN;
	END IF;
	IF v.key IS NOT NULL THEN
		v_upto := voiceagent_private.end_of_range(v.key, mark.after, max);
	END IF;
	WITH written AS (
		INSERT INTO voiceagent_private.invariant_report AS r (tenant_id, invariant, violations, sample, began_at,
			checked_at)
		SELECT mark.tenant_id, f.rule, f.violations, f.sample, mark.began_at, v_now
		FROM voiceagent_private.find_violations_whole(v.name, v.invariant, v.others, mark.after, v_upto) f
		WHERE v_upto IS NULL
		UNION ALL
		SELECT mark.tenant_id, f.rule, f.violations, f.sample, mark.began_at, v_now
		FROM voiceagent_private.find_violations_in_range(v.name, v.invariant, v.others, mark.after, v_upto) f
		WHERE v_upto IS NOT NULL
		ON CONFLICT ON CONSTRAINT invariant_report_pkey DO UPDATE
		SET violations = excluded.violations
				+ CASE WHEN r.began_at = excluded.began_at THEN r.violations ELSE 0 END,
			sample = excluded.sample, began_at = excluded.began_at, checked_at = excluded.checked_at
		RETURNING r.invariant, r.xmax = 0 AS fresh
	)
	SELECT min(w.invariant) FILTER (WHERE w.fresh) INTO v_new FROM written w;
	IF v_new IS NOT NULL THEN
		PERFORM voiceagent_private.tell_staff('invariant_broken', jsonb_build_object('name',
			'tenant ' || mark.tenant_id, 'reason', v_new));
	END IF;
	IF v_upto < 9223372036854775807 THEN
		mark.after := v_upto;
	ELSE
		mark.place := mark.place + 1;
		mark.after := 0;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_next_rule(voiceagent_private.invariant_marks, integer, interval) IS
	'Checks the next rule of a tenant, in a range of at most max rows where it has one, writes down what does not '
	'hold, and moves the mark on; behind the last rule the check has ended.';

CREATE FUNCTION voiceagent_private.check_rules(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	-- A tenant with few rows is checked whole in one transaction.
	c_enough CONSTANT interval := '100 milliseconds';
	v_every interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('invariant_check'));
	v_began timestamptz := clock_timestamp();
	v_now timestamptz := voiceagent.clock();
	v_mark voiceagent_private.invariant_marks;
BEGIN
	-- Spread over the time between two checks, where they stay.
	INSERT INTO voiceagent_private.invariant_marks (tenant_id, next_at)
	SELECT n.tenant_id, v_now + random() * v_every
	FROM (SELECT 0 UNION ALL SELECT d.tenant_id FROM voiceagent_private.tenant_directory d) AS n(tenant_id)
	WHERE NOT EXISTS (SELECT FROM voiceagent_private.invariant_marks m WHERE m.tenant_id = n.tenant_id)
	ON CONFLICT DO NOTHING;
	-- One whose interval has become shorter.
	UPDATE voiceagent_private.invariant_marks m SET next_at = v_now + random() * v_every
	WHERE m.tenant_id IN (SELECT o.tenant_id FROM voiceagent_private.invariant_marks o
		WHERE o.next_at > v_now + v_every FOR NO KEY UPDATE SKIP LOCKED);
	LOOP
		SELECT * INTO v_mark FROM voiceagent_private.invariant_marks m
		WHERE m.began_at IS NOT NULL OR m.requested OR m.next_at <= v_now
		ORDER BY m.began_at IS NULL, NOT m.requested, m.next_at, m.tenant_id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
		EXIT WHEN NOT FOUND;
		PERFORM voiceagent_private.set_tenant(v_mark.tenant_id);
		v_mark := voiceagent_private.check_next_rule(v_mark, max, v_every);
		PERFORM voiceagent_private.set_tenant(0);
		UPDATE voiceagent_private.invariant_marks m
		SET next_at = v_mark.next_at, requested = v_mark.requested, began_at = v_mark.began_at, place = v_mark.place,
			after = v_mark.after, checked_at = v_mark.checked_at
		WHERE m.tenant_id = v_mark.tenant_id;
		IF clock_timestamp() - v_began > c_enough THEN
			RETURN v_now;
		END IF;
	END LOOP;
	-- One that somebody held is looked at again in a moment.
	RETURN (SELECT greatest(min(CASE WHEN m.began_at IS NOT NULL OR m.requested THEN '-infinity' ELSE m.next_at END),
		v_now + interval '10 seconds') FROM voiceagent_private.invariant_marks m);
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_rules(integer) IS
	'A maintenance job: checks for each tenant, every invariant_check or when check_invariants() asked for it, what '
	'must always hold; ranges are of so many rows.';
SELECT voiceagent_private.register_job('check_rules', 20000);

CREATE FUNCTION voiceagent.check_invariants(of_tenant bigint DEFAULT NULL) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_asked integer;
BEGIN
	PERFORM voiceagent_private.require_platform('have invariants checked');
	IF of_tenant IS NOT NULL THEN
		PERFORM voiceagent_private.set_tenant(voiceagent_private.set_existing_tenant(of_tenant));
	END IF;
	INSERT INTO voiceagent_private.invariant_marks AS m (tenant_id, next_at, requested)
	SELECT n.tenant_id, v_now, true
	FROM (SELECT 0 UNION ALL SELECT d.tenant_id FROM voiceagent_private.tenant_directory d) AS n(tenant_id)
	WHERE of_tenant IS NULL OR n.tenant_id = of_tenant
	ORDER BY n.tenant_id
	ON CONFLICT ON CONSTRAINT invariant_marks_pkey DO UPDATE SET requested = true;
	GET DIAGNOSTICS v_asked = ROW_COUNT;
	PERFORM voiceagent_private.request_job('check_rules', v_now);
	RETURN v_asked - CASE WHEN of_tenant IS NULL THEN 1 ELSE 0 END;
END
$$;
COMMENT ON FUNCTION voiceagent.check_invariants(bigint) IS
	E'Has the process keeper check what must always hold, of a tenant, or of all and of the platform -> of how many '
	'tenants.\n'
	'status() shows how far it is, invariant_report() what does not hold. Every invariant_check it is done without '
	'being asked for. For the platform (42501); PT404 for an unknown tenant.';

CREATE FUNCTION voiceagent.invariant_report()
	RETURNS TABLE (tenant_id bigint, invariant text, violations bigint, sample text, checked_at timestamptz)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT voiceagent_private.is_monitor() THEN
		PERFORM voiceagent_private.require_platform('read the report on invariants');
	END IF;
	RETURN QUERY SELECT nullif(r.tenant_id, 0), r.invariant, r.violations, r.sample, r.checked_at
	FROM voiceagent_private.invariant_report r ORDER BY r.tenant_id, r.invariant;
END
$$;
COMMENT ON FUNCTION voiceagent.invariant_report() IS
	E'The invariants that did not hold when the keeper checked them last: the tenant (NULL: the platform), how often, '
	'one violation as invariants() has it, and when.\n'
	'violations NULL: it could not be checked, for the reason in sample. No row: all held; status() says of how many '
	'tenants, since when. For staff and pg_monitor (42501).';

CREATE FUNCTION voiceagent_private.invariant_progress() RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT format('%s of %s tenants checked%s', m.checked, m.tenants,
			', the oldest check at ' || to_char(m.oldest AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"'))
		|| coalesce('; ' || nullif(m.waiting, 0) || ' to be checked now', '')
		|| coalesce((SELECT format('; at %s, rule %s of %s',
				CASE u.tenant_id WHEN 0 THEN 'the platform' ELSE 'tenant ' || u.tenant_id END, u.place,
				(SELECT count(*) FROM voiceagent_private.invariant_rules(u.tenant_id = 0)))
			FROM voiceagent_private.invariant_marks u WHERE u.began_at IS NOT NULL ORDER BY u.began_at LIMIT 1), '')
	FROM (SELECT count(*) FILTER (WHERE o.tenant_id <> 0) AS tenants,
			count(o.checked_at) FILTER (WHERE o.tenant_id <> 0) AS checked,
			min(o.checked_at) FILTER (WHERE o.tenant_id <> 0) AS oldest,
			count(*) FILTER (WHERE o.requested OR o.began_at IS NOT NULL) AS waiting
		FROM voiceagent_private.invariant_marks o) m
	WHERE m.tenants > 0
$$;
COMMENT ON FUNCTION voiceagent_private.invariant_progress() IS
	'How far the keeper is with checking invariants, for status(); NULL: it has not begun to.';

CREATE FUNCTION voiceagent_private.broken_invariants() RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT format('invariants that do not hold, by invariant_report(): %s; the first, of %s: %s (%s)', o.reports,
		CASE r.tenant_id WHEN 0 THEN 'the platform' ELSE 'tenant ' || r.tenant_id END, r.invariant,
		CASE WHEN r.violations IS NULL THEN 'not checked: ' || r.sample ELSE r.sample END)
	FROM (SELECT count(*) AS reports, min(n.checked_at) AS first FROM voiceagent_private.invariant_report n) o
	JOIN voiceagent_private.invariant_report r ON r.checked_at = o.first
	ORDER BY r.tenant_id, r.invariant LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.broken_invariants() IS
	'The words of health() and status() on invariant_report; NULL: all holds.';
