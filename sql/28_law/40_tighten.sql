-- 28_law: administrators make the law stricter, never wider.

CREATE FUNCTION voiceagent_private.check_jurisdiction(jurisdiction text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_place text := upper(btrim(jurisdiction));
BEGIN
	IF v_place = '*' THEN
		RETURN v_place;
	ELSIF v_place ~ '^[A-Z]{2}$' THEN
		BEGIN
			PERFORM voiceagent_private.parse_phone('0', v_place);
			RETURN v_place;
		EXCEPTION WHEN SQLSTATE 'PT422' THEN
			NULL;
		END;
	ELSIF voiceagent_private.region_code(v_place) = v_place THEN
		RETURN v_place;
	END IF;
	PERFORM voiceagent_private.fail('PT422',
		format('unknown jurisdiction "%s"', left(coalesce(jurisdiction, 'null'), 60)), NULL,
		'Write a country (US), a state or province of the US or Canada (US-FL), '
			'or * for every country without a rule of its own.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_jurisdiction(text) IS
	'A country, state, province or *, in the one way of writing; PT422 for what is none.';

CREATE FUNCTION voiceagent_private.describe_hours(windows integer[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	WITH triples AS (
		SELECT windows[3 * i - 2] AS weekday, windows[3 * i - 1] AS opens, windows[3 * i] AS closes,
			max(windows[3 * i - 1]) FILTER (WHERE windows[3 * i - 2] < 0) OVER (ORDER BY i) AS since
		FROM generate_series(1, cardinality(windows) / 3) i
	), spans AS (
		SELECT t.since, t.weekday, string_agg(
			format('%s:%s-%s:%s', lpad((t.opens / 60)::text, 2, '0'), lpad((t.opens % 60)::text, 2, '0'),
				lpad((t.closes / 60)::text, 2, '0'), lpad((t.closes % 60)::text, 2, '0')),
				' and ' ORDER BY t.opens) AS hours
		FROM triples t WHERE t.weekday >= 0 GROUP BY 1, 2
	), runs AS (
		SELECT s.since, s.weekday, s.hours, s.weekday - row_number()
			OVER (PARTITION BY s.since, s.hours, s.weekday = 7 ORDER BY s.weekday) AS run
		FROM spans s
	), named AS (
		SELECT r.since, min(r.weekday) AS first, max(r.weekday) AS last, r.hours
		FROM runs r GROUP BY r.since, r.hours, r.run, r.weekday = 7
	), weeks AS (
		SELECT p.since, coalesce(string_agg(CASE WHEN n.first = 0 AND n.last = 6 THEN 'every day'
			ELSE (ARRAY['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun', 'eves of holidays'])[n.first + 1]
				|| CASE WHEN n.last > n.first THEN '-'
					|| (ARRAY['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])[n.last + 1] ELSE '' END END
			|| ' ' || n.hours, ', ' ORDER BY n.first), 'never') AS hours
		FROM (SELECT NULL::integer AS since UNION SELECT t.since FROM triples t) p
		LEFT JOIN named n ON n.since IS NOT DISTINCT FROM p.since GROUP BY p.since
	)
	SELECT string_agg(coalesce('from ' || to_char(date '2000-01-01' + w.since, 'YYYY-MM-DD') || ' ', '') || w.hours,
		'; ' ORDER BY w.since NULLS FIRST)
	FROM weeks w
$$;
COMMENT ON FUNCTION voiceagent_private.describe_hours(integer[]) IS
	'Windows (triples of law_windows()) in words: "Mon-Fri 09:00-20:00, Sat 10:00-17:00; from 2027-01-01 Mon-Fri '
	'09:00-19:00".';

CREATE FUNCTION voiceagent_private.describe_rule(rule text, value jsonb) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE rule
		WHEN 'hours' THEN voiceagent_private.describe_hours(voiceagent_private.law_hours(value))
		WHEN 'holidays' THEN CASE value WHEN '{}' THEN 'none'
			ELSE (SELECT string_agg(format('%s (%s)', h.key, h.value), ', ' ORDER BY h.key)
				FROM jsonb_each_text(value) h) END
		WHEN 'calls_per_day' THEN coalesce('at most ' || (value #>> '{}') || ' a day to a number', 'no limit')
		WHEN 'calls_per_24h' THEN coalesce('at most ' || (value #>> '{}') || ' in 24 hours to a number', 'no limit')
		WHEN 'calls_per_window' THEN coalesce(format('at most %s in %s to a number', value ->> 'calls',
			coalesce((value ->> 'days') || ' days', (value ->> 'hours') || ' hours', 'any time')), 'no limit')
		WHEN 'calls_lifetime' THEN coalesce('at most ' || (value #>> '{}') || ' ever to a number', 'no limit')
		WHEN 'consent_valid' THEN coalesce(format('a consent ends after %s days', value #>> '{}'),
			'a consent has no end')
		WHEN 'refusal_rest' THEN coalesce(format('no call for %s days after a refusal', value #>> '{}'), 'no rest')
		WHEN 'caller_prefixes' THEN coalesce('call only from a number that begins with ' || (
			SELECT string_agg(replace(p.prefix, ':', ' '), ', ') FROM jsonb_array_elements_text(value) AS p(prefix)),
			'call from any number')
		WHEN 'human_first' THEN CASE value WHEN 'true' THEN 'a human voice asks first, or a consent was given before'
			ELSE 'no human voice needed' END
		WHEN 'opt_out_first' THEN CASE value WHEN 'true' THEN 'say at the very beginning how to stop the calls'
			ELSE 'say how to stop the calls at any time' END
		WHEN 'number_check' THEN CASE value WHEN 'true' THEN 'to sell, call only a number that was not reassigned'
			ELSE 'need not ask whether a number was reassigned' END
		WHEN 'min_ring' THEN 'ring for at least ' || (value #>> '{}')
		WHEN 'require_consent'
			THEN CASE value WHEN 'true' THEN 'only with a recorded consent' ELSE 'no consent needed' END
		WHEN 'disclose_ai' THEN CASE value WHEN 'true' THEN 'say at the start that an AI is calling'
			ELSE 'need not say that an AI is calling' END
		WHEN 'disclose_caller'
			THEN CASE value WHEN 'true' THEN 'say at the start who is calling' ELSE 'need not say who is calling' END
		WHEN 'disclose_recording' THEN CASE value WHEN 'true' THEN 'say that the call is recorded'
			ELSE 'need not say that the call is recorded' END
		WHEN 'list_max_age' THEN 'a national do-not-call list is at most ' || (value #>> '{}') || ' old'
		WHEN 'list_retention' THEN 'keep the company''s do-not-call list for ' || (value #>> '{}')
		ELSE CASE WHEN rule NOT IN ('opening', 'contact_said') THEN value #>> '{}'
			WHEN value = 'null' THEN 'say no more'
			-- "promotional:question 10" -> "question within 10 s to sell"
			ELSE 'say ' || (SELECT string_agg(replace(replace(regexp_replace(regexp_replace(regexp_replace(p.part,
						'^promotional:(.*)', '\1 to sell'), ' (\d+)', ' within \1 s'), ' \+(\d+)',
					' within \1 s of the name'), '_', ' '), 'contact', 'address or number'), ', ' ORDER BY p.part)
				FROM jsonb_array_elements_text(value) AS p(part)) END END;
COMMENT ON FUNCTION voiceagent_private.describe_rule(text, jsonb) IS 'A rule''s value in words.';

CREATE FUNCTION voiceagent_private.fail_widening(rule text, jurisdiction text, asked text, law text) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail('PT422', format('rule %s of %s can be tightened, not widened', rule, jurisdiction),
		format('Asked for: %s. The law: %s.', asked, law), 'The view voiceagent.calling_rules shows what holds.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_widening(text, text, text, text) IS
	'Raises PT422: that value would allow more than the law does.';

CREATE FUNCTION voiceagent_private.special_fault_of(rule text, value jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN rule IN ('consent_valid', 'refusal_rest')
			THEN CASE WHEN coalesce(jsonb_typeof(value), '') <> 'number' OR value #>> '{}' !~ '^[1-9][0-9]{0,3}$'
				THEN 'it takes whole days, from 1 to 9999' END
		WHEN rule IN ('caller_prefixes', 'opening', 'contact_said') THEN CASE
			WHEN coalesce(jsonb_typeof(value), '') <> 'array' OR jsonb_array_length(value) NOT BETWEEN 1 AND 100
				OR EXISTS (SELECT FROM jsonb_path_query(value, '$[*]') AS e(said) WHERE jsonb_typeof(e.said) <> 'string'
					OR e.said #>> '{}' !~ ('^((promotional|service):)?(' || CASE rule
						WHEN 'caller_prefixes' THEN '[+][1-9][0-9]{0,14}'
						WHEN 'opening' THEN '(ai|caller|purpose|goods|question|opt_out|recording)( [+]?[1-9][0-9]?)?'
						ELSE '(number|address|contact|toll_free)( [1-9][0-9]?)?' END || ')$'))
			THEN 'it takes 1 to 100 ' || CASE rule WHEN 'caller_prefixes'
					THEN 'prefixes such as "+33162" or "service:+911600"'
				WHEN 'opening' THEN 'parts such as "promotional:question 10"' ELSE 'parts such as "number"' END END END;
COMMENT ON FUNCTION voiceagent_private.special_fault_of(text, jsonb) IS
	'The error in the value of a rule consent_valid, refusal_rest, caller_prefixes, opening or contact_said; NULL: '
	'nothing.';

CREATE FUNCTION voiceagent_private.check_tightening(jurisdiction text, rule text, value jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET intervalstyle = 'postgres' AS $$
DECLARE
	v_kind text := jsonb_typeof(value);
	v_law voiceagent_private.law_terms := voiceagent_private.resolve_terms(
		CASE WHEN check_tightening.jurisdiction = '*' THEN ''
			WHEN check_tightening.jurisdiction LIKE '%-%' THEN check_tightening.jurisdiction
			-- The country's own law, not that of the strictest of its states.
			ELSE check_tightening.jurisdiction || '-' END, voiceagent.clock(), false);
	v_windows int[];
	v_limit bigint;
	v_law_limit int;
	v_interval interval;
BEGIN
	IF rule = 'hours' THEN
		value := voiceagent_private.check_hours(value);
		v_windows := voiceagent_private.hours_windows(value);
		PERFORM voiceagent_private.fail_if(v_windows IS NULL, 'PT422', 'these hours are never open', NULL,
			'To call nobody there, put its area codes on the do-not-call list.');
		IF voiceagent_private.common_windows(v_windows, voiceagent_private.week_windows(v_law.windows))
			<> v_windows THEN
			PERFORM voiceagent_private.fail_widening(rule, jurisdiction, voiceagent_private.describe_hours(v_windows),
				voiceagent_private.describe_hours(v_law.windows));
		END IF;
	ELSIF rule = 'holidays' THEN
		IF v_kind = 'array' THEN
			SELECT coalesce(jsonb_object_agg(coalesce(h.rule, 'null'), h.rule), '{}') INTO value
			FROM jsonb_array_elements_text(value) AS h(rule);
		END IF;
		PERFORM voiceagent_private.fail_if(jsonb_typeof(value) IS DISTINCT FROM 'object' OR value = '{}', 'PT422',
			'holidays are an object of names and rules', NULL,
			'For example {"Christmas Eve": "12-24"}, or ["2027-10-29"].');
		-- Each must be readable; that says so.
		PERFORM voiceagent_private.holiday_dates(h.value, 2027) FROM jsonb_each_text(value) h;
	ELSIF rule IN ('consent_valid', 'refusal_rest', 'caller_prefixes', 'opening', 'contact_said') THEN
		-- The first must not be longer than the law's; the others hold beside it.
		PERFORM voiceagent_private.fail_if(voiceagent_private.special_fault_of(rule, value) IS NOT NULL, 'PT422',
			format('rule %s: %s', rule, voiceagent_private.special_fault_of(rule, value)),
			format('Got %s.', coalesce(left(value::text, 60), 'NULL')));
		IF rule = 'consent_valid' AND (value #>> '{}')::int > (v_law.special ->> 'consent_valid')::int THEN
			PERFORM voiceagent_private.fail_widening(rule, jurisdiction, value #>> '{}',
				v_law.special ->> 'consent_valid');
		END IF;
	ELSIF rule IN ('calls_per_day', 'calls_per_24h', 'calls_lifetime') THEN
		PERFORM voiceagent_private.fail_if(v_kind IS DISTINCT FROM 'number' OR value #>> '{}' !~ '^[1-9][0-9]{0,8}$',
			'PT422', format('rule %s takes a whole number from 1 on', rule),
			format('Got %s.', coalesce(left(value::text, 60), 'NULL')));
		v_limit := (value #>> '{}')::bigint;
		v_law_limit := CASE rule WHEN 'calls_per_day' THEN v_law.calls_per_day
			WHEN 'calls_per_24h' THEN v_law.calls_per_24h
			ELSE v_law.calls_lifetime END;
		IF v_limit > v_law_limit THEN
			PERFORM voiceagent_private.fail_widening(rule, jurisdiction, v_limit::text, v_law_limit::text);
		END IF;
	ELSIF rule = 'calls_per_window' THEN
		-- It holds beside those of the law.
		PERFORM voiceagent_private.fail_if(voiceagent_private.call_window(value) IS NULL, 'PT422',
			'rule calls_per_window takes calls and hours, or days', NULL, 'Such as {"calls": 1, "hours": 8}.');
	ELSIF rule IN ('min_ring', 'list_max_age', 'list_retention') THEN
		PERFORM voiceagent_private.fail_if(coalesce(v_kind, '') NOT IN ('string', 'number'), 'PT422',
			format('rule %s takes a duration', rule), format('Got %s.', coalesce(left(value::text, 60), 'NULL')));
		v_interval := justify_hours(voiceagent_private.as_interval(value #>> '{}'));
		IF v_interval <= '0' OR rule = 'min_ring' AND v_interval > '2 minutes' OR v_interval > '100 years' THEN
			PERFORM voiceagent_private.fail('PT422', format('rule %s cannot be "%s"', rule, left(value #>> '{}', 60)),
				NULL, 'More than nothing; at most 2 minutes of ringing, and 100 years.');
		ELSIF (CASE rule WHEN 'min_ring' THEN v_interval < v_law.min_ring
				WHEN 'list_max_age' THEN v_interval > v_law.list_max_age
				ELSE v_interval < v_law.list_retention END) THEN
			PERFORM voiceagent_private.fail_widening(rule, jurisdiction, v_interval::text, to_jsonb(v_law) ->> rule);
		END IF;
		value := to_jsonb(v_interval::text);
	ELSIF rule IN ('require_consent', 'human_first', 'opt_out_first', 'disclose_ai', 'disclose_caller',
		'disclose_recording', 'number_check') THEN
		PERFORM voiceagent_private.fail_if(value IS DISTINCT FROM 'true', 'PT422',
			format('rule %s is tightened by true', rule), format('Got %s.', coalesce(left(value::text, 60), 'NULL')));
	ELSIF rule = 'opt_out_text' THEN
		IF v_kind IS DISTINCT FROM 'string' OR length(btrim(value #>> '{}')) NOT BETWEEN 1 AND 500 THEN
			PERFORM voiceagent_private.fail('PT422', 'an opt-out text has 1 to 500 characters');
		END IF;
	ELSE
		PERFORM voiceagent_private.fail('PT422', format('there is no rule "%s"', left(coalesce(rule, 'null'), 60)),
			NULL, 'Rules: hours, holidays, calls_per_day, calls_per_24h, calls_per_window, calls_lifetime, min_ring, '
				'require_consent, consent_valid, refusal_rest, caller_prefixes, human_first, opt_out_first, '
				'disclose_ai, disclose_caller, disclose_recording, list_max_age, list_retention, opt_out_text, '
				'opening, contact_said, number_check.');
	END IF;
	RETURN value;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_tightening(text, text, jsonb) IS
	'The value as it is kept, if it is one of that rule and allows nothing that the law of the jurisdiction '
	'forbids; PT422 otherwise.';

CREATE FUNCTION voiceagent_private.write_tightening(jurisdiction text, rule text, value jsonb, reason text)
	RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET lock_timeout = '300ms' AS $$
DECLARE
	v_old jsonb;
	v_closed text;
BEGIN
	-- This change needs the lanes of all tenants: it gives way to sessions that hold some of them, and tries again.
	FOR i IN 1 .. 100 LOOP
		BEGIN
			PERFORM voiceagent_private.lock_law(true);
			DELETE FROM voiceagent_private.law_tightenings t
			WHERE t.jurisdiction = write_tightening.jurisdiction AND t.rule = write_tightening.rule
			RETURNING jsonb_build_object('value', t.value, 'reason', t.reason) INTO v_old;
			IF value IS NOT NULL THEN
				INSERT INTO voiceagent_private.law_tightenings (jurisdiction, rule, value, reason, tightened_by,
					tightened_at)
				VALUES (write_tightening.jurisdiction, write_tightening.rule, value, write_tightening.reason,
					voiceagent_private.actor(), voiceagent.clock());
			END IF;
			PERFORM voiceagent_private.renew_terms(voiceagent.clock(), true);
			SELECT string_agg(k.jurisdiction, ', ' ORDER BY k.jurisdiction) INTO v_closed
			FROM (SELECT t.jurisdiction FROM voiceagent_private.jurisdiction_terms t
				-- Now, or from the day of a change on.
				WHERE (t.windows = '{}' OR EXISTS (SELECT FROM generate_series(3, cardinality(t.windows), 3) AS g(i)
						WHERE t.windows[g.i - 2] = -1 AND coalesce(t.windows[g.i + 1], -1) = -1))
					-- A number of an unknown state may well have no hour that suits all states.
					AND NOT EXISTS (SELECT FROM voiceagent_private.law_rules l
						WHERE l.jurisdiction LIKE t.jurisdiction || '-%')
				ORDER BY 1 LIMIT 10) k;
			PERFORM voiceagent_private.fail_if(v_closed IS NOT NULL, 'PT422', 'that would leave no hours at all',
				format('For: %s.', v_closed),
				'Hours must meet those of the country, and of the states that share an area code.');
			RETURN v_old;
		EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
			CONTINUE;
		END;
	END LOOP;
	RAISE EXCEPTION 'the campaigns are held by another session' USING ERRCODE = 'PT409', HINT = 'Try again.';
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_tightening(text, text, jsonb, text) IS
	E'Puts a checked tightening in force (NULL: takes it away) and returns the one before: kept terms are resolved '
	'again, and the lanes concerned closed until the schedules task rolls them.\n'
	'PT422 when a jurisdiction has no hours left, PT409 when others hold the lanes for half a minute.';

CREATE FUNCTION voiceagent.tighten_rule(jurisdiction text, rule text, value jsonb, reason text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_place text;
	v_value jsonb;
	v_old jsonb;
BEGIN
	PERFORM voiceagent_private.require_platform('change the law');
	v_place := voiceagent_private.check_jurisdiction(jurisdiction);
	v_value := voiceagent_private.check_tightening(v_place, rule, value);
	PERFORM voiceagent_private.fail_if(coalesce(length(btrim(reason)), 0) NOT BETWEEN 1 AND 1000, 'PT422',
		'a reason has 1 to 1000 characters', NULL, 'It is shown beside the rule.');
	v_old := voiceagent_private.write_tightening(v_place, rule, v_value, btrim(reason));
	PERFORM voiceagent_private.audit('tighten_rule', v_place || ' ' || rule, v_old,
		jsonb_build_object('value', v_value, 'reason', btrim(reason)));
	RETURN voiceagent_private.describe_rule(rule, v_value);
END
$$;
COMMENT ON FUNCTION voiceagent.tighten_rule(text, text, jsonb, text) IS
	E'Makes a rule (view calling_rules) stricter for all tenants on real carriers, in place of an earlier tightening, '
	'and returns it in words.\n'
	'jurisdiction: a country, state or province, or * (countries without a rule of their own); value: JSON of the '
	'rule''s kind. Only for the platform (42501); PT422 for what is unknown, cannot be read or would widen the law, '
	'PT409 while others hold the campaigns.';

CREATE FUNCTION voiceagent.untighten_rule(jurisdiction text, rule text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_place text;
	v_old jsonb;
BEGIN
	PERFORM voiceagent_private.require_platform('change the law');
	v_place := voiceagent_private.check_jurisdiction(jurisdiction);
	v_old := voiceagent_private.write_tightening(v_place, rule, NULL, NULL);
	PERFORM voiceagent_private.fail_if(v_old IS NULL, 'PT404',
		format('rule %s of %s is not tightened', left(coalesce(rule, 'null'), 60), v_place));
	PERFORM voiceagent_private.audit('untighten_rule', v_place || ' ' || rule, v_old, NULL);
	RETURN coalesce((SELECT voiceagent_private.describe_rule(r.rule, r.value) FROM voiceagent_private.law_rules r
		WHERE r.jurisdiction = v_place AND r.rule = untighten_rule.rule
			AND (voiceagent.clock() AT TIME ZONE 'UTC')::date BETWEEN r.effective_from AND r.effective_until LIMIT 1),
		'no rule');
END
$$;
COMMENT ON FUNCTION voiceagent.untighten_rule(text, text) IS
	E'For the platform: takes a tightening back, to the law as the extension brings it, and returns that in words.\n'
	'42501; PT404 when the rule is not tightened; PT409 while others hold the campaigns.';
