-- 28_law: from rules to terms: the strictest of each kind.

CREATE FUNCTION voiceagent_private.common_windows(a integer[], b integer[]) RETURNS integer[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	WITH one AS (
		SELECT a[3 * i - 2] AS weekday, a[3 * i - 1] AS opens, a[3 * i] AS closes
		FROM generate_series(1, cardinality(a) / 3) i
	), other AS (
		SELECT b[3 * i - 2] AS weekday, b[3 * i - 1] AS opens, b[3 * i] AS closes
		FROM generate_series(1, cardinality(b) / 3) i
	), common AS (
		SELECT weekday, greatest(one.opens, other.opens) AS opens, least(one.closes, other.closes) AS closes
		FROM one JOIN other USING (weekday)
		WHERE greatest(one.opens, other.opens) < least(one.closes, other.closes)
		-- Hours of eves hold besides those of the weekday: who names none narrows none.
		UNION ALL SELECT * FROM one WHERE weekday = 7 AND 7 NOT IN (SELECT o.weekday FROM other o)
		UNION ALL SELECT * FROM other WHERE weekday = 7 AND 7 NOT IN (SELECT o.weekday FROM one o)
	), closing AS (
		SELECT * FROM common
		-- Eves that have no hour in common are closed: none named would open the whole day.
		UNION ALL SELECT 7, 0, 0 WHERE 7 IN (SELECT o.weekday FROM one o) AND 7 IN (SELECT o.weekday FROM other o)
			AND 7 NOT IN (SELECT c.weekday FROM common c)
	)
	SELECT coalesce(array_agg(t.value ORDER BY c.weekday, c.opens, t.ord), '{}')
	FROM closing c CROSS JOIN LATERAL unnest(ARRAY[c.weekday, c.opens, c.closes]) WITH ORDINALITY AS t(value, ord)
$$;
COMMENT ON FUNCTION voiceagent_private.common_windows(integer[], integer[]) IS
	'The windows (triples of law_hours()) that lie in both; {} where there is none.';

CREATE FUNCTION voiceagent_private.week_windows(windows integer[]) RETURNS integer[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(array_agg(t.value ORDER BY i, t.ord), '{}')
	FROM generate_series(1, cardinality(windows) / 3) i
	CROSS JOIN LATERAL unnest(windows[3 * i - 2:3 * i]) WITH ORDINALITY AS t(value, ord)
	WHERE windows[3 * i - 2] BETWEEN 0 AND 6 AND 3 * i < coalesce(array_position(windows, -1), 1000000)
$$;
COMMENT ON FUNCTION voiceagent_private.week_windows(integer[]) IS
	'Of windows of law_windows() those of a usual week, before the rules change.';

CREATE FUNCTION voiceagent_private.law_changes(jurisdiction text, after_day date, until_day date) RETURNS date[]
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(array_agg(DISTINCT d.day ORDER BY d.day), '{}')
	FROM voiceagent_private.law_rules l
	CROSS JOIN LATERAL (VALUES (l.effective_from), (l.effective_until + 1)) AS d(day)
	WHERE d.day > after_day AND d.day <= until_day AND (law_changes.jurisdiction = '' OR l.jurisdiction = '*'
		OR split_part(l.jurisdiction, '-', 1) IN (SELECT split_part(p.place, '-', 1)
			FROM unnest(string_to_array(law_changes.jurisdiction, '|')) AS p(place)))
$$;
COMMENT ON FUNCTION voiceagent_private.law_changes(text, date, date) IS
	'The days after one, up to another, from which on the rules of a jurisdiction''s countries may be others.';

CREATE FUNCTION voiceagent_private.rules_in_force(jurisdiction text, day date, tightened boolean DEFAULT true)
	RETURNS TABLE (rule text, origin text, value jsonb, language text, must_be_said_in text)
	LANGUAGE sql STABLE AS $$
	WITH law AS (
		SELECT l.* FROM voiceagent_private.law_rules l
		WHERE rules_in_force.day BETWEEN l.effective_from AND l.effective_until
	), places AS (
		-- An area code that several states share has the law of all of them.
		SELECT p.place FROM unnest(string_to_array(rules_in_force.jurisdiction, '|')) AS p(place)
		UNION SELECT split_part(p.place, '-', 1)
		FROM unnest(string_to_array(rules_in_force.jurisdiction, '|')) AS p(place)
		-- A number without a state may be in any of them: what any of them forbids is forbidden.
		UNION SELECT l.jurisdiction
		FROM law l, unnest(string_to_array(rules_in_force.jurisdiction, '|')) AS p(place)
		WHERE p.place NOT LIKE '%-%' AND l.jurisdiction LIKE p.place || '-%'
		UNION SELECT t.jurisdiction
		FROM voiceagent_private.law_tightenings t, unnest(string_to_array(rules_in_force.jurisdiction, '|')) AS p(place)
		WHERE p.place NOT LIKE '%-%' AND t.jurisdiction LIKE p.place || '-%'
	), general AS (
		SELECT g.rule FROM law g
		WHERE g.jurisdiction = '*' AND (NOT EXISTS (SELECT FROM places) OR EXISTS (
			SELECT FROM places c WHERE c.place NOT LIKE '%-%' AND NOT EXISTS (SELECT FROM law o
				WHERE o.jurisdiction = c.place AND o.rule = g.rule)))
	)
	SELECT r.rule, r.jurisdiction, r.value, r.language, r.must_be_said_in
	FROM (SELECT l.jurisdiction, l.rule, l.value, l.language, l.must_be_said_in FROM law l
		UNION ALL SELECT t.jurisdiction, t.rule, t.value, NULL, NULL FROM voiceagent_private.law_tightenings t
		WHERE tightened) r
	WHERE r.jurisdiction IN (SELECT p.place FROM places p)
		OR r.jurisdiction = '*' AND r.rule IN (SELECT g.rule FROM general g)
$$;
COMMENT ON FUNCTION voiceagent_private.rules_in_force(text, date, boolean) IS
	E'Every rule that holds in a jurisdiction on a local day: of its states (of a country alone, US: of all its '
	'states; US- is the country without them), of their countries, and of * for kinds on which a country has none; '
	'with what administrators tightened, or without.\n'
	'Two of one kind and place hold both.';

CREATE FUNCTION voiceagent_private.law_windows(jurisdiction text, from_day date, until_day date, tightened boolean)
	RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_day date;
	v_hours jsonb;
	v_open integer[];
	v_before integer[];
	v_windows integer[] := '{}';
BEGIN
	FOREACH v_day IN ARRAY from_day || voiceagent_private.law_changes(jurisdiction, from_day, until_day) LOOP
		v_open := NULL;
		FOR v_hours IN SELECT r.value FROM voiceagent_private.rules_in_force(jurisdiction, v_day, tightened) r
			WHERE r.rule = 'hours' LOOP
			v_open := CASE WHEN v_open IS NULL THEN voiceagent_private.law_hours(v_hours)
				ELSE voiceagent_private.common_windows(v_open, voiceagent_private.law_hours(v_hours)) END;
		END LOOP;
		-- A law without hours closes: it does not state when one may call.
		v_open := coalesce(v_open, '{}');
		IF v_before IS NULL THEN
			v_windows := v_open;
		ELSIF v_open <> v_before THEN
			v_windows := v_windows || ARRAY[-1, v_day - date '2000-01-01', 0] || v_open;
		END IF;
		v_before := v_open;
	END LOOP;
	RETURN v_windows;
END
$$;
COMMENT ON FUNCTION voiceagent_private.law_windows(text, date, date, boolean) IS
	E'The hours of a jurisdiction between two days: triples as of law_hours().\n'
	'Behind a triple -1, day (since 2000-01-01), 0 come those that hold instead from that local day on.';

CREATE FUNCTION voiceagent_private.law_holidays(jurisdiction text, from_day date, until_day date, tightened boolean)
	RETURNS date[] LANGUAGE sql STABLE AS $$
	WITH starts AS (
		SELECT d.day, coalesce(lead(d.day) OVER (ORDER BY d.day) - 1, until_day) AS last
		FROM unnest(from_day
			|| voiceagent_private.law_changes(law_holidays.jurisdiction, from_day, until_day)) AS d(day)
	)
	SELECT coalesce(array_agg(DISTINCT h.day ORDER BY h.day), '{}')
	FROM starts s
	CROSS JOIN LATERAL voiceagent_private.rules_in_force(law_holidays.jurisdiction, s.day, tightened) r
	CROSS JOIN LATERAL unnest(voiceagent_private.holidays_between(r.value, s.day, s.last)) AS h(day)
	WHERE r.rule = 'holidays'
$$;
COMMENT ON FUNCTION voiceagent_private.law_holidays(text, date, date, boolean) IS
	'The local days on which a jurisdiction forbids all calls, between two days, both included.';

CREATE FUNCTION voiceagent_private.days_of(timezones text[], at timestamptz) RETURNS date[]
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE WHEN coalesce(timezones, '{}') = '{}' THEN
		ARRAY[((at AT TIME ZONE 'UTC') - interval '12 hours')::date,
			((at AT TIME ZONE 'UTC') + interval '14 hours')::date]
		ELSE (SELECT ARRAY[min(d.day), max(d.day)]
			FROM (SELECT (at AT TIME ZONE z.zone)::date AS day FROM unnest(timezones) AS z(zone)) d) END;
COMMENT ON FUNCTION voiceagent_private.days_of(text[], timestamptz) IS
	'The first and the last day that it is in these zones; {} or NULL: anywhere on earth.';

CREATE FUNCTION voiceagent_private.call_window(value jsonb) RETURNS integer[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN jsonb_typeof(value) = 'object' AND value - '{calls,hours,days}'::text[] = '{}'
			AND value ->> 'calls' ~ '^[1-9][0-9]{0,3}$'
			AND concat(value ->> 'hours', '/', value ->> 'days') ~ '^([1-9][0-9]{0,3}/|/[1-9][0-9]{0,2})$'
		THEN ARRAY[(value ->> 'calls')::integer,
			coalesce((value ->> 'hours')::integer, 24 * (value ->> 'days')::integer)] END;
COMMENT ON FUNCTION voiceagent_private.call_window(jsonb) IS
	'{"calls": 1, "hours": 8} or {"calls": 4, "days": 30} -> calls, hours; NULL for what is none.';

CREATE FUNCTION voiceagent_private.consent_valid(terms voiceagent_private.law_terms) RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN make_interval(hours => 24 * ((terms).special ->> 'consent_valid')::integer);
COMMENT ON FUNCTION voiceagent_private.consent_valid(voiceagent_private.law_terms) IS
	'How long a consent lasts by these terms; NULL: until it is withdrawn.';

-- Written as "promotional:question 10": the purpose (none: any), the part, and the second by which it is said; "+2":
-- behind the name, not the beginning.
CREATE FUNCTION voiceagent_private.opening_parts(opening text[], purpose text)
	RETURNS TABLE (part text, by_s integer, behind_s integer)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT m.word[2], min(m.word[4]::integer) FILTER (WHERE m.word[3] = ' '),
		min(m.word[4]::integer) FILTER (WHERE m.word[3] = ' +')
	FROM unnest(opening) AS o(said)
	CROSS JOIN LATERAL regexp_match(o.said, '^(?:([a-z]+):)?([a-z_]+)(?:( [+]?)([0-9]+))?$') AS m(word)
	-- A campaign that does not say what it is for sells: that is the stricter.
	WHERE coalesce(m.word[1] = coalesce(purpose, 'promotional'), true) GROUP BY m.word[2]
$$;
COMMENT ON FUNCTION voiceagent_private.opening_parts(text[], text) IS
	'The parts that law_terms.opening wants said in calls for a purpose (promotional, service; NULL: to sell), each '
	'with the latest second from the beginning, and from the end of the name; NULL: none.';

CREATE FUNCTION voiceagent_private.resolve_terms(jurisdiction text, at timestamptz, tightened boolean DEFAULT true,
	timezones text[] DEFAULT NULL)
	RETURNS voiceagent_private.law_terms LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_terms voiceagent_private.law_terms;
	v_from date := (at AT TIME ZONE 'UTC')::date - 3;
	v_days date[] := voiceagent_private.days_of(timezones, at);
	v_words text;
	v_opening jsonb;
BEGIN
	v_terms.windows := voiceagent_private.law_windows(jurisdiction, v_from, v_from + 403, tightened);
	v_terms.holidays := voiceagent_private.law_holidays(jurisdiction, v_from, v_from + 403, tightened);
	-- Where it may be two days, a change lies between them, and the rules of both bind.
	v_days := v_days[1] || voiceagent_private.law_changes(jurisdiction, v_days[1], v_days[2]);
	SELECT min((r.value #>> '{}')::int) FILTER (WHERE r.rule = 'calls_per_day'),
		min((r.value #>> '{}')::int) FILTER (WHERE r.rule = 'calls_per_24h'),
		min((r.value #>> '{}')::int) FILTER (WHERE r.rule = 'calls_lifetime'),
		max(voiceagent_private.as_interval(r.value #>> '{}')) FILTER (WHERE r.rule = 'min_ring'),
		-- Where a human voice must ask first, a machine calls only who agreed to that before.
		coalesce(bool_or((r.value #>> '{}')::boolean) FILTER (WHERE r.rule IN ('require_consent', 'human_first')),
			false),
		coalesce(bool_or((r.value #>> '{}')::boolean) FILTER (WHERE r.rule = 'disclose_ai'), false),
		coalesce(bool_or((r.value #>> '{}')::boolean) FILTER (WHERE r.rule = 'disclose_caller'), false),
		coalesce(bool_or((r.value #>> '{}')::boolean) FILTER (WHERE r.rule = 'disclose_recording'), false),
		min(voiceagent_private.as_interval(r.value #>> '{}')) FILTER (WHERE r.rule = 'list_max_age'),
		max(voiceagent_private.as_interval(r.value #>> '{}')) FILTER (WHERE r.rule = 'list_retention'),
		-- The administrator's words, else the state's, else the country's.
		(array_agg(r.value #>> '{}' ORDER BY length(r.origin) DESC, r.origin)
			FILTER (WHERE r.rule = 'opt_out_text'))[1],
		(array_agg(r.language ORDER BY length(r.origin) DESC, r.origin) FILTER (WHERE r.rule = 'opt_out_text'))[1],
		(array_agg(r.must_be_said_in ORDER BY length(r.origin) DESC, r.origin)
			FILTER (WHERE r.must_be_said_in IS NOT NULL))[1],
		string_to_array(string_agg(CASE r.rule WHEN 'refusal_rest' THEN '0,' || 24 * (r.value #>> '{}')::int
			ELSE array_to_string(voiceagent_private.call_window(r.value), ',') END, ',' ORDER BY r.value, r.origin)
			FILTER (WHERE r.rule IN ('calls_per_window', 'refusal_rest') AND r.value <> 'null'), ',')::integer[],
		nullif(jsonb_strip_nulls(jsonb_build_object(
			'consent_valid', min((r.value #>> '{}')::int) FILTER (WHERE r.rule = 'consent_valid'),
			'caller_prefixes', jsonb_agg(DISTINCT r.value)
				FILTER (WHERE r.rule = 'caller_prefixes' AND r.value <> 'null'),
			'opt_out_first', nullif(bool_or((r.value #>> '{}')::boolean) FILTER (WHERE r.rule = 'opt_out_first'),
				false),
			'number_check', nullif(bool_or((r.value #>> '{}')::boolean) FILTER (WHERE r.rule = 'number_check'),
				false))), '{}'),
		jsonb_agg(r.value) FILTER (WHERE r.rule IN ('opening', 'contact_said') AND r.value <> 'null')
	INTO v_terms.calls_per_day, v_terms.calls_per_24h, v_terms.calls_lifetime, v_terms.min_ring,
		v_terms.require_consent, v_terms.disclose_ai, v_terms.disclose_caller, v_terms.disclose_recording,
			v_terms.list_max_age, v_terms.list_retention, v_terms.opt_out_text, v_terms.opt_out_language,
			v_terms.must_be_said_in, v_terms.call_windows, v_terms.special, v_opening
	FROM (SELECT DISTINCT f.* FROM unnest(v_days) AS d(day)
		CROSS JOIN LATERAL voiceagent_private.rules_in_force(resolve_terms.jurisdiction, d.day, tightened) f) r;
	v_terms.opening := (SELECT array_agg(DISTINCT p.part ORDER BY p.part)
		FROM jsonb_array_elements(v_opening) AS l(list), jsonb_array_elements_text(l.list) AS p(part));
	v_terms.jurisdiction := jurisdiction;
	IF tightened THEN
		SELECT t.value #>> '{}' INTO v_words FROM voiceagent_private.law_tightenings t
		WHERE t.rule = 'opt_out_text' AND t.jurisdiction IN (SELECT r.origin
			FROM voiceagent_private.rules_in_force(resolve_terms.jurisdiction, v_days[1], true) r
			WHERE r.rule = 'opt_out_text')
		ORDER BY length(t.jurisdiction) DESC, t.jurisdiction LIMIT 1;
		-- The administrator's words are said as they stand.
		IF v_words IS NOT NULL THEN
			v_terms.opt_out_text := v_words;
			v_terms.opt_out_language := NULL;
		END IF;
	END IF;
	RETURN v_terms;
END
$$;
COMMENT ON FUNCTION voiceagent_private.resolve_terms(text, timestamptz, boolean, text[]) IS
	'The sum of a jurisdiction''s rules on the day that it is then in these zones (NULL: anywhere), with what '
	'administrators tightened or without; its hours and holidays from three days before until 400 days after.';

CREATE FUNCTION voiceagent_private.terms_cover(from_date date, until_date date, at timestamptz) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (at AT TIME ZONE 'UTC')::date BETWEEN from_date + 3 AND until_date - 45;
COMMENT ON FUNCTION voiceagent_private.terms_cover(date, date, timestamptz) IS
	'Whether holidays reckoned for these dates say all about the windows that can be asked for at that time.';

CREATE FUNCTION voiceagent_private.law_holds_until(jurisdiction text, at timestamptz) RETURNS timestamptz
	LANGUAGE sql STABLE
	RETURN coalesce(((voiceagent_private.law_changes(jurisdiction, (voiceagent_private.days_of(NULL, at))[1],
		(at AT TIME ZONE 'UTC')::date + 400))[1]::timestamp - interval '14 hours') AT TIME ZONE 'UTC', 'infinity');
COMMENT ON FUNCTION voiceagent_private.law_holds_until(text, timestamptz) IS
	'When, somewhere on earth, the first day begins on which rules of the jurisdiction change; one that has not begun '
	'everywhere counts.';

CREATE FUNCTION voiceagent_private.terms_of(jurisdiction text, at timestamptz, timezones text[] DEFAULT NULL)
	RETURNS voiceagent_private.law_terms
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_terms voiceagent_private.law_terms;
BEGIN
	SELECT t.jurisdiction, t.windows, t.holidays, t.calls_per_day, t.calls_per_24h, t.calls_lifetime, t.min_ring,
		t.require_consent, t.disclose_ai, t.disclose_caller, t.disclose_recording, t.list_max_age, t.list_retention,
			t.opt_out_text, t.opt_out_language, t.must_be_said_in, t.call_windows, t.special, t.opening
	INTO v_terms
	FROM voiceagent_private.jurisdiction_terms t
	WHERE t.jurisdiction = terms_of.jurisdiction
		AND voiceagent_private.terms_cover(t.holidays_from, t.holidays_until, at) AND at < t.holds_until;
	IF NOT FOUND THEN
		v_terms := voiceagent_private.resolve_terms(jurisdiction, at, true, timezones);
	END IF;
	RETURN v_terms;
END
$$;
COMMENT ON FUNCTION voiceagent_private.terms_of(text, timestamptz, text[]) IS
	'The law of a jurisdiction (as lanes.region) on the day that it is in these zones (NULL: anywhere): as '
	'jurisdiction_terms keeps it, or resolved now.';

CREATE FUNCTION voiceagent_private.store_terms(jurisdictions text[], at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	-- Nearly always they are there.
	IF NOT EXISTS (SELECT FROM unnest(jurisdictions) AS j(jurisdiction)
			WHERE NOT EXISTS (SELECT FROM voiceagent_private.jurisdiction_terms k
				WHERE k.jurisdiction = j.jurisdiction)) THEN
		RETURN;
	END IF;
	INSERT INTO voiceagent_private.jurisdiction_terms (jurisdiction, windows, holidays, calls_per_day, calls_per_24h,
		calls_lifetime, min_ring, require_consent, disclose_ai, disclose_caller, disclose_recording, list_max_age,
		list_retention, opt_out_text, opt_out_language, must_be_said_in, call_windows, special, opening,
		holidays_from, holidays_until, law_version, resolved_at, holds_until)
	SELECT (t.terms).*, (at AT TIME ZONE 'UTC')::date - 3, (at AT TIME ZONE 'UTC')::date + 400,
		voiceagent_private.law_version(), at, voiceagent_private.law_holds_until((t.terms).jurisdiction, at)
	-- No session waits: terms that another transaction, which may stay open, is about to keep are
	-- resolved at each use till then.
	FROM (SELECT voiceagent_private.resolve_terms(m.jurisdiction, at) AS terms
		FROM (SELECT DISTINCT j.jurisdiction FROM unnest(jurisdictions) AS j(jurisdiction)
			WHERE NOT EXISTS (SELECT FROM voiceagent_private.jurisdiction_terms k WHERE k.jurisdiction = j.jurisdiction)
			ORDER BY 1 OFFSET 0 /* locked in this order */) m
		WHERE voiceagent_private.try_lock_terms(m.jurisdiction) OFFSET 0 /* resolved once */) t
	ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION voiceagent_private.store_terms(text[], timestamptz) IS
	'Fills jurisdiction_terms for those that it lacks, but those that another transaction is at.';

CREATE FUNCTION voiceagent_private.renew_terms(at timestamptz, all_of_them boolean) RETURNS text[]
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_changed text[];
BEGIN
	WITH due AS MATERIALIZED (
		SELECT k.jurisdiction FROM voiceagent_private.jurisdiction_terms k
		WHERE NOT voiceagent_private.simulating() AND (all_of_them OR k.law_version <> voiceagent_private.law_version()
			OR NOT voiceagent_private.terms_cover(k.holidays_from, k.holidays_until, at)
			-- The day of a change has begun everywhere.
			OR k.holds_until <= at - interval '26 hours')
		ORDER BY k.jurisdiction FOR NO KEY UPDATE
	), resolved AS MATERIALIZED (
		SELECT voiceagent_private.resolve_terms(d.jurisdiction, at) AS terms FROM due d
	), renewed AS (
		UPDATE voiceagent_private.jurisdiction_terms k
		SET (jurisdiction, windows, holidays, calls_per_day, calls_per_24h, calls_lifetime, min_ring, require_consent,
			disclose_ai, disclose_caller, disclose_recording, list_max_age, list_retention, opt_out_text,
			opt_out_language, must_be_said_in, call_windows, special, opening, holidays_from, holidays_until,
			law_version, resolved_at, holds_until) = (SELECT (r.terms).*, (at AT TIME ZONE 'UTC')::date - 3,
			(at AT TIME ZONE 'UTC')::date + 400, voiceagent_private.law_version(), at,
			voiceagent_private.law_holds_until(k.jurisdiction, at))
		FROM resolved r, voiceagent_private.jurisdiction_terms o
		WHERE k.jurisdiction = (r.terms).jurisdiction AND o.jurisdiction = k.jurisdiction
		RETURNING k.jurisdiction, k.windows <> o.windows OR k.holidays <> o.holidays AS moved
	)
	SELECT array_agg(n.jurisdiction ORDER BY n.jurisdiction) FILTER (WHERE n.moved) INTO v_changed FROM renewed n;
	IF v_changed IS NOT NULL OR all_of_them THEN
		-- Closed until the schedules task rolls them, which it does at once: no lead is called by hours of
		-- the old law.
		UPDATE voiceagent_private.lanes l SET closes_at = least(l.closes_at, at)
		FROM (SELECT n.tenant_id, n.lane_id FROM voiceagent_private.lanes n
			WHERE n.running AND (n.region = ANY (v_changed)
				OR all_of_them
				AND NOT EXISTS (SELECT FROM voiceagent_private.jurisdiction_terms k WHERE k.jurisdiction = n.region))
			ORDER BY n.tenant_id, n.campaign_id, n.lane_id FOR NO KEY UPDATE) m
		WHERE l.tenant_id = m.tenant_id AND l.lane_id = m.lane_id;
		PERFORM voiceagent_private.poke_for_all('dialer', 'schedules');
	END IF;
	RETURN coalesce(v_changed, '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.renew_terms(timestamptz, boolean) IS
	E'Resolves kept terms again: those whose holidays run out, that a change has ended or that come of another '
	'edition of the rules, or all of them.\n'
	'Lanes whose windows this may change are closed until they are rolled. '
	'Returns the jurisdictions whose hours or holidays are others now.';

CREATE FUNCTION voiceagent_private.renew_terms_in_passing(at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET lock_timeout = '300ms' AS $$
BEGIN
	IF EXISTS (SELECT FROM voiceagent_private.jurisdiction_terms k
		WHERE k.law_version <> voiceagent_private.law_version()
		OR NOT voiceagent_private.terms_cover(k.holidays_from, k.holidays_until, at)
		OR k.holds_until <= at - interval '26 hours')
	THEN
		PERFORM voiceagent_private.renew_terms(at, false);
	END IF;
EXCEPTION WHEN lock_not_available THEN
	RETURN;
END
$$;
COMMENT ON FUNCTION voiceagent_private.renew_terms_in_passing(timestamptz) IS
	'renew_terms() of what has run out, for a worker, which waits for no tenant: what another session holds is renewed '
	'the next time.';

CREATE FUNCTION voiceagent_private.window_under(lawful boolean, jurisdiction text, timezones text[],
	calling_windows integer[], at timestamptz, OUT opens_at timestamptz, OUT closes_at timestamptz) RETURNS record
		LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_terms voiceagent_private.law_terms;
BEGIN
	IF lawful IS FALSE THEN
		SELECT w.opens_at, w.closes_at INTO opens_at, closes_at
		FROM voiceagent_private.window_of(timezones, calling_windows, at) w;
	ELSE
		v_terms := voiceagent_private.terms_of(coalesce(jurisdiction, ''), at);
		SELECT w.opens_at, w.closes_at INTO opens_at, closes_at
		FROM voiceagent_private.window_within(timezones, calling_windows, at, v_terms.windows, v_terms.holidays) w;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.window_under(boolean, text, text[], integer[], timestamptz) IS
	'The window that contains an instant, or the next one, of a campaign''s hours (hours_windows()) in zones, within '
	'the law of a jurisdiction (as lanes.region) unless lawful is false; infinity: none.';
