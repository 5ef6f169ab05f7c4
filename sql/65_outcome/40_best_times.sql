/*
 * 65_outcome: when people answer, from the tenant's own calls: by the hour on
 * the clock of the number's zone, for all calls, the zone, the jurisdiction
 * and the area code.  The maintenance job refresh_best_times counts each call once, from
 * where it stopped the last time; each level is drawn towards the wider one
 * as if by 50 calls, so that three calls decide nothing.  Rehearsals and calls
 * by real carriers are counted apart.
 */

CREATE TABLE voiceagent.answer_counts (
	tenant_id bigint NOT NULL,
	rehearsal boolean NOT NULL,
	kind text NOT NULL CHECK (kind IN ('all', 'zone', 'jurisdiction', 'area')),
	name text NOT NULL,
	hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
	calls bigint NOT NULL CHECK (calls > 0),
	answered bigint NOT NULL CHECK (answered BETWEEN 0 AND calls),
	PRIMARY KEY (tenant_id, rehearsal, kind, name, hour)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.answer_counts IS
	E'How many of the tenant''s calls a person answered, by hour and place; see best_times.\n'
	'Counted while best_time is on.';
COMMENT ON COLUMN voiceagent.answer_counts.rehearsal IS 'Calls by the sandbox carrier; false: by real ones.';
COMMENT ON COLUMN voiceagent.answer_counts.kind IS
	'all; zone (IANA), jurisdiction (ISO 3166) or area (the first digits of the number).';
COMMENT ON COLUMN voiceagent.answer_counts.name IS 'Which zone, jurisdiction or area; empty for all.';
COMMENT ON COLUMN voiceagent.answer_counts.hour IS
	'Hour of the dial on the clock of the number''s first zone, 0 to 23.';
COMMENT ON COLUMN voiceagent.answer_counts.calls IS 'Calls that reached the telephone network.';
COMMENT ON COLUMN voiceagent.answer_counts.answered IS 'Those of them that a person answered.';
SELECT voiceagent_private.guard_table('voiceagent.answer_counts', 'tenant');

CREATE TABLE voiceagent_private.best_time_marks (
	tenant_id bigint PRIMARY KEY,
	last_call_id bigint NOT NULL DEFAULT 0,
	refresh_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.best_time_marks IS 'Tenants that use best_time: how far their calls are counted.';
COMMENT ON COLUMN voiceagent_private.best_time_marks.last_call_id IS 'Calls up to this one are in answer_counts.';
COMMENT ON COLUMN voiceagent_private.best_time_marks.refresh_at IS
	'When the next ones are counted; infinity: no campaign that uses it runs.';
CREATE INDEX best_time_marks_due ON voiceagent_private.best_time_marks (refresh_at);
SELECT voiceagent_private.guard_table('voiceagent_private.best_time_marks', 'routing', waits => '{refresh_at}');

CREATE FUNCTION voiceagent_private.area_of(phone text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN left(phone, CASE WHEN phone LIKE '+1%' THEN 5 ELSE 6 END);
COMMENT ON FUNCTION voiceagent_private.area_of(text) IS
	'The area code of an E.164 number, +1 and three digits, or in its place elsewhere the first five digits.';

CREATE FUNCTION voiceagent_private.drawn_rate(answered bigint, calls bigint, wider double precision)
	RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (coalesce(answered, 0) + 50 * wider) / (coalesce(calls, 0) + 50);
COMMENT ON FUNCTION voiceagent_private.drawn_rate(bigint, bigint, double precision) IS
	'A rate of answers drawn towards that of the wider place, as if 50 more calls had been answered so.';

CREATE FUNCTION voiceagent_private.answer_rates(rehearsal boolean, timezone text, jurisdiction text, area text)
	RETURNS double precision[]
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	WITH counts AS MATERIALIZED (
		SELECT c.kind, c.hour, c.calls, c.answered
		FROM (VALUES ('all', ''), ('zone', timezone), ('jurisdiction', jurisdiction), ('area', area)) AS k(kind, name)
		CROSS JOIN LATERAL (SELECT o.kind, o.hour, o.calls, o.answered FROM voiceagent.answer_counts o
			WHERE o.tenant_id = voiceagent.current_tenant() AND o.rehearsal = answer_rates.rehearsal AND o.kind = k.kind
				AND o.name = k.name OFFSET 0) c
	), overall AS (
		SELECT voiceagent_private.drawn_rate(sum(c.answered)::bigint, sum(c.calls)::bigint, 0.25) AS rate FROM counts c
		WHERE c.kind = 'all'
	)
	SELECT array_agg(
		voiceagent_private.drawn_rate(a.answered, a.calls, voiceagent_private.drawn_rate(j.answered, j.calls,
			voiceagent_private.drawn_rate(z.answered, z.calls,
				voiceagent_private.drawn_rate(e.answered, e.calls, o.rate)))) ORDER BY h)
	FROM overall o CROSS JOIN generate_series(0, 23) AS h
	LEFT JOIN counts e ON e.kind = 'all' AND e.hour = h
	LEFT JOIN counts z ON z.kind = 'zone' AND z.hour = h
	LEFT JOIN counts j ON j.kind = 'jurisdiction' AND j.hour = h
	LEFT JOIN counts a ON a.kind = 'area' AND a.hour = h
$$;
COMMENT ON FUNCTION voiceagent_private.answer_rates(boolean, text, text, text) IS
	'The expected rate of answers for each of the 24 hours (element 1: from midnight on) at a place of the current '
	'tenant; NULLs: wider places only.';

CREATE VIEW voiceagent.best_times WITH (security_invoker = on) AS
SELECT c.tenant_id, c.rehearsal, c.kind, c.name, c.hour, c.calls, c.answered,
	round(100 * (c.answered + 50 * CASE c.kind WHEN 'all' THEN w.rate
		ELSE (e.answered + 50 * w.rate) / (e.calls + 50) END) / (c.calls + 50), 1) AS rate,
	CASE WHEN c.calls < 50 THEN 'low' WHEN c.calls < 500 THEN 'medium' ELSE 'high' END AS confidence
FROM voiceagent.answer_counts c
JOIN voiceagent.answer_counts e ON e.tenant_id = c.tenant_id AND e.rehearsal = c.rehearsal AND e.kind = 'all'
	AND e.name = ''
	AND e.hour = c.hour
JOIN (SELECT s.tenant_id, s.rehearsal, (sum(s.answered) + 50 * 0.25) / (sum(s.calls) + 50) AS rate
	FROM voiceagent.answer_counts s WHERE s.kind = 'all' GROUP BY s.tenant_id, s.rehearsal) w
	ON w.tenant_id = c.tenant_id AND w.rehearsal = c.rehearsal
WHERE c.tenant_id = voiceagent.current_tenant();
COMMENT ON VIEW voiceagent.best_times IS 'When people answer, from the tenant''s own calls: what best_time goes by.';
COMMENT ON COLUMN voiceagent.best_times.rehearsal IS 'Of calls by the sandbox carrier.';
COMMENT ON COLUMN voiceagent.best_times.kind IS 'all, zone, jurisdiction or area.';
COMMENT ON COLUMN voiceagent.best_times.name IS 'Which zone, jurisdiction or area code.';
COMMENT ON COLUMN voiceagent.best_times.hour IS 'Hour on the clock there, 0 to 23.';
COMMENT ON COLUMN voiceagent.best_times.calls IS 'Calls counted.';
COMMENT ON COLUMN voiceagent.best_times.answered IS 'Those of them that a person answered.';
COMMENT ON COLUMN voiceagent.best_times.rate IS
	'Expected answers in per cent: the calls counted, and 50 that went as all the tenant''s do at that hour.';
COMMENT ON COLUMN voiceagent.best_times.confidence IS 'low (under 50 calls), medium, or high (500 and more).';

CREATE FUNCTION voiceagent_private.count_answers(after bigint, max integer, OUT last_call_id bigint,
	OUT counted integer)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_until bigint :=
		coalesce((SELECT min(l.call_id) FROM voiceagent_private.live_calls l WHERE l.tenant_id = v_tenant),
			9223372036854775807);
	-- A claim that is not committed yet may have lower numbers.
	v_settled timestamptz := voiceagent.clock() - interval '1 minute';
	v_ids bigint[];
BEGIN
	SELECT array_agg(b.call_id) FILTER (WHERE b.settled), max(b.call_id) FILTER (WHERE b.settled),
		count(*) FILTER (WHERE b.settled)
	INTO v_ids, last_call_id, counted
	FROM (SELECT x.call_id, bool_and(x.started_at <= v_settled) OVER (ORDER BY x.call_id) AS settled
		FROM (SELECT c.call_id, c.started_at FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id > after AND c.call_id < v_until AND c.direction <> 'inbound'
			ORDER BY c.call_id LIMIT max) x) b;
	last_call_id := coalesce(last_call_id, after);
	INSERT INTO voiceagent.answer_counts AS a (tenant_id, rehearsal, kind, name, hour, calls, answered)
	SELECT v_tenant, k.rehearsal, n.kind, n.name, k.hour, count(*), count(*) FILTER (WHERE k.answered)
	FROM (SELECT p.provider = 'sandbox' AS rehearsal, c.phone, e.timezones[1] AS zone, e.jurisdiction,
			extract(hour FROM c.started_at AT TIME ZONE e.timezones[1])::smallint AS hour,
			c.status = 'completed' AND c.outcome <> 'voicemail' AS answered
		FROM unnest(v_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
		CROSS JOIN LATERAL (SELECT o.timezones, o.jurisdiction FROM voiceagent.attempts o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) e
		CROSS JOIN LATERAL (SELECT o.provider FROM voiceagent.provider_accounts o
			WHERE o.tenant_id = v_tenant AND o.provider_account_id = c.provider_account_id OFFSET 0) p
		WHERE c.outcome <> 'canceled' AND NOT voiceagent_private.is_no_try(c.cause_class)
			AND cardinality(e.timezones) > 0) k
	CROSS JOIN LATERAL (VALUES ('all', ''), ('zone', k.zone), ('jurisdiction', k.jurisdiction),
		('area', voiceagent_private.area_of(k.phone))) AS n(kind, name)
	WHERE n.kind = 'all' OR n.name <> ''
	GROUP BY k.rehearsal, n.kind, n.name, k.hour ORDER BY k.rehearsal, n.kind, n.name, k.hour
	ON CONFLICT ON CONSTRAINT answer_counts_pkey DO UPDATE
	SET calls = a.calls + EXCLUDED.calls, answered = a.answered + EXCLUDED.answered;
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_answers(bigint, integer) IS
	'Counts up to max calls of the current tenant after that one, as far as all have ended, into answer_counts; '
	'returns the last and how many.';

CREATE FUNCTION voiceagent_private.score_lanes(campaign_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_on boolean;
	v_rehearsal boolean;
BEGIN
	SELECT coalesce((v.settings ->> 'best_time')::boolean, false),
		v.settings ->> 'provider' = 'sandbox' INTO v_on, v_rehearsal
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions v ON v.tenant_id = v_tenant AND v.campaign_id = c.campaign_id
		AND v.version = c.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_id;
	UPDATE voiceagent_private.lanes l SET scores = s.scores
	FROM (SELECT n.lane_id, CASE WHEN v_on AND cardinality(n.timezones) > 0
			THEN voiceagent_private.answer_rates(v_rehearsal, n.timezones[1], n.region, NULL) END AS scores
		FROM voiceagent_private.lanes n WHERE n.tenant_id = v_tenant AND n.campaign_id = campaign_id
			AND (v_on OR n.scores IS NOT NULL)
		ORDER BY n.lane_id FOR NO KEY UPDATE SKIP LOCKED) s
	WHERE l.tenant_id = v_tenant AND l.lane_id = s.lane_id AND l.scores IS DISTINCT FROM s.scores;
	RETURN v_on;
END
$$;
COMMENT ON FUNCTION voiceagent_private.score_lanes(bigint) IS
	E'Gives the lanes of a campaign the expected rates of answers hour by hour, or takes them away where best_time is '
	'off; lanes that somebody has locked keep what they have.\n'
	'True: it is on.';

CREATE FUNCTION voiceagent_private.request_best_times(campaign_id bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	IF voiceagent_private.score_lanes(campaign_id) THEN
		INSERT INTO voiceagent_private.best_time_marks AS m (tenant_id, refresh_at)
		VALUES (voiceagent.current_tenant(), voiceagent.clock())
		ON CONFLICT (tenant_id) DO UPDATE SET refresh_at = EXCLUDED.refresh_at WHERE m.refresh_at = 'infinity';
		IF FOUND THEN
			PERFORM voiceagent_private.request_job('refresh_best_times', voiceagent.clock());
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.request_best_times(bigint) IS
	'For a campaign that starts or changes, its lanes being locked by the caller: scores them, and has the tenant''s '
	'calls counted from now on if it uses best_time.';

CREATE FUNCTION voiceagent_private.refresh_best_times(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_was bigint := voiceagent_private.set_tenant(0);
	v_mark voiceagent_private.best_time_marks;
	v_counted integer;
	v_used boolean;
BEGIN
	SELECT * INTO v_mark FROM voiceagent_private.best_time_marks m
	WHERE m.refresh_at <= v_now ORDER BY m.refresh_at LIMIT 1 FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.set_tenant(v_was);
		RETURN greatest((SELECT coalesce(min(m.refresh_at), 'infinity') FROM voiceagent_private.best_time_marks m),
			v_now + interval '1 second');
	END IF;
	PERFORM voiceagent_private.set_tenant(v_mark.tenant_id);
	BEGIN
		SELECT a.last_call_id, a.counted INTO v_mark.last_call_id, v_counted
		FROM voiceagent_private.count_answers(v_mark.last_call_id, max) a;
		v_mark.refresh_at := v_now;
		-- After all answers are counted, score the lanes of all campaigns.
		IF v_counted < max THEN
			SELECT bool_or(voiceagent_private.score_lanes(c.campaign_id)) INTO v_used
			FROM (SELECT o.campaign_id FROM voiceagent.campaigns o WHERE o.tenant_id = v_mark.tenant_id
				AND o.status IN ('running', 'paused', 'scheduled') ORDER BY o.campaign_id) c;
			v_mark.refresh_at := CASE WHEN v_used THEN
				v_now + voiceagent_private.as_interval(voiceagent_private.platform_setting('best_time_refresh'))
				ELSE 'infinity' END;
		END IF;
	EXCEPTION WHEN OTHERS THEN
		-- Counted with the next ones; the other tenants' turn comes all the same.
		v_mark.refresh_at := v_now + interval '10 minutes';
		RAISE LOG 'best times of tenant % failed: % %', v_mark.tenant_id, SQLSTATE, SQLERRM;
	END;
	UPDATE voiceagent_private.best_time_marks m SET last_call_id = v_mark.last_call_id, refresh_at = v_mark.refresh_at
	WHERE m.tenant_id = v_mark.tenant_id;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_now;
END
$$;
COMMENT ON FUNCTION voiceagent_private.refresh_best_times(integer) IS
	'A maintenance job: counts at most max calls of one tenant, and when all are counted gives its campaigns'' lanes '
	'their scores; ten minutes later if that fails; returns when the next step is due.';
SELECT voiceagent_private.register_job('refresh_best_times', 5000);

CREATE FUNCTION voiceagent_private.better_time(campaign_id bigint, lead_id bigint, number smallint, rehearsal boolean,
	earliest timestamptz, latest timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_place voiceagent_private.dial_place;
	v_rates double precision[];
	v_zone text;
	v_end timestamptz := least(latest, earliest + interval '1 day', (SELECT p.expires_at - interval '1 second'
		FROM voiceagent_private.pacing p
		WHERE p.tenant_id = voiceagent.current_tenant() AND p.campaign_id = better_time.campaign_id));
BEGIN
	SELECT * INTO v_place FROM voiceagent_private.dial_places(ARRAY[lead_id], ARRAY[number]);
	IF coalesce(cardinality(v_place.timezones), 0) = 0 THEN
		RETURN earliest;
	END IF;
	v_zone := v_place.timezones[1];
	v_rates := voiceagent_private.answer_rates(rehearsal, v_zone, v_place.jurisdiction,
		voiceagent_private.area_of(v_place.phone));
	RETURN (
		SELECT t.at FROM (
			SELECT earliest AS at, 1.1 AS favour
			UNION ALL
			-- The hours begin on the clock there, whatever its offset.
			SELECT h, 1 FROM generate_series(date_trunc('hour', earliest, v_zone) + interval '1 hour', v_end,
				interval '1 hour') h) t
		ORDER BY v_rates[1 + extract(hour FROM t.at AT TIME ZONE v_zone)::integer] * t.favour DESC, t.at LIMIT 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.better_time(bigint, bigint, smallint, boolean, timestamptz, timestamptz) IS
	'From the earliest to the latest time (at most a day, and before the campaign''s end): the start of the hour in '
	'which that number of the lead is most likely answered, if it is a tenth better than now; else the earliest.';

CREATE FUNCTION voiceagent_private.describe_best_time(rehearsal boolean, timezones text[], jurisdiction text,
	at timestamptz) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT format('Of calls to %s at %s o''clock %s %% are expected to be answered%s (%s of %s were); '
		'the best hour is %s o''clock with %s %%.',
		coalesce(nullif(jurisdiction, ''), timezones[1]), h.hour, round((100 * r.rates[h.hour + 1])::numeric),
		CASE WHEN rehearsal THEN ', in rehearsals' ELSE '' END, coalesce(c.answered, 0), coalesce(c.calls, 0),
			b.hour - 1, round((100 * b.rate)::numeric))
	FROM (SELECT voiceagent_private.answer_rates(rehearsal, timezones[1], jurisdiction, NULL) AS rates) r
	CROSS JOIN (SELECT extract(hour FROM at AT TIME ZONE timezones[1])::integer AS hour) h
	CROSS JOIN LATERAL (SELECT u.rate, u.hour FROM unnest(r.rates) WITH ORDINALITY AS u(rate, hour)
		ORDER BY u.rate DESC, u.hour LIMIT 1) b
	LEFT JOIN voiceagent.answer_counts c ON c.tenant_id = voiceagent.current_tenant()
		AND c.rehearsal = describe_best_time.rehearsal
		AND c.kind = CASE WHEN jurisdiction <> '' THEN 'jurisdiction' ELSE 'zone' END
		AND c.name = coalesce(nullif(jurisdiction, ''), timezones[1]) AND c.hour = h.hour
$$;
COMMENT ON FUNCTION voiceagent_private.describe_best_time(boolean, text[], text, timestamptz) IS
	'The expectation of best_time for a dial to a place at that time, for explain_lead().';
