-- 28_law: the law, for everybody to read.

CREATE FUNCTION voiceagent.list_calling_rules()
	RETURNS TABLE (jurisdiction text, rule text, value text, source text, source_date date, note text,
		tightened_by text, status text, effective_from date, effective_until date)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_staff boolean := voiceagent_private.may_as_platform('read the law');
BEGIN
	IF NOT v_staff THEN
		PERFORM voiceagent.current_tenant();
	END IF;
	RETURN QUERY
	SELECT coalesce(r.jurisdiction, t.jurisdiction), coalesce(r.rule, t.rule),
		CASE WHEN t.rule IS NULL THEN voiceagent_private.describe_rule(r.rule, r.value)
			WHEN t.rule = 'holidays' AND r.value <> '{}' THEN voiceagent_private.describe_rule(r.rule, r.value) || ', '
				|| voiceagent_private.describe_rule(t.rule, t.value)
			ELSE voiceagent_private.describe_rule(t.rule, t.value) END,
		coalesce(r.source, 'the platform'),
		CASE WHEN r.rule IS NULL THEN (t.tightened_at AT TIME ZONE 'UTC')::date ELSE r.source_date END,
		CASE WHEN t.rule IS NULL THEN r.note ELSE concat_ws('; ', 'tightened: ' || t.reason, r.note) END,
		CASE WHEN v_staff THEN t.tightened_by WHEN t.rule IS NOT NULL THEN 'the platform' END,
		CASE WHEN r.rule IS NULL THEN 'platform' WHEN r.source LIKE 'none:%' THEN 'default'
			WHEN r.source_date IS NULL THEN 'unverified' ELSE 'verified' END,
		nullif(r.effective_from, '-infinity'), nullif(r.effective_until, 'infinity')
	FROM voiceagent_private.law_rules r
	FULL JOIN voiceagent_private.law_tightenings t ON t.jurisdiction = r.jurisdiction AND t.rule = r.rule
	ORDER BY coalesce(r.jurisdiction, t.jurisdiction) COLLATE "C", coalesce(r.rule, t.rule) COLLATE "C",
		r.effective_from;
END
$$;
COMMENT ON FUNCTION voiceagent.list_calling_rules() IS 'The rows of the view calling_rules.';

CREATE VIEW voiceagent.calling_rules WITH (security_invoker = true) AS
	SELECT l.jurisdiction, l.rule, l.value, l.source, l.source_date, l.note, l.tightened_by, l.status,
		l.effective_from, l.effective_until
	FROM voiceagent.list_calling_rules() l;
COMMENT ON VIEW voiceagent.calling_rules IS
	E'The law on calls as this platform keeps it, by jurisdiction.\n'
	'A number is bound by the strictest of its country''s rules and its state''s (of all its states where it is '
	'unknown), and by those of * of which its country has none. Not legal advice: verify with counsel.';
COMMENT ON COLUMN voiceagent.calling_rules.jurisdiction IS
	'ISO 3166-1 country, ISO 3166-2 state or province, or *: every country that has no rule of that kind.';
COMMENT ON COLUMN voiceagent.calling_rules.rule IS
	'Kind: hours, holidays, calls_per_day, calls_per_24h, calls_per_window, calls_lifetime, min_ring, require_consent, '
	'consent_valid, refusal_rest, caller_prefixes, human_first, opt_out_first, disclose_ai, disclose_caller, '
	'disclose_recording, list_max_age, list_retention, opt_out_text, opening, contact_said, number_check.';
COMMENT ON COLUMN voiceagent.calling_rules.value IS 'Its words.';
COMMENT ON COLUMN voiceagent.calling_rules.source IS 'Statute, regulation or page that says so.';
COMMENT ON COLUMN voiceagent.calling_rules.source_date IS 'When the source was opened; NULL: never.';
COMMENT ON COLUMN voiceagent.calling_rules.status IS
	'verified (its source was opened), unverified (it was not; the rule binds all the same), default (a cautious one '
	'of this platform, without a source) or platform (its administrator''s own).';
COMMENT ON COLUMN voiceagent.calling_rules.effective_from IS
	'The first day on which it holds, where the telephone rings; NULL: it always did, as far as we know.';
COMMENT ON COLUMN voiceagent.calling_rules.effective_until IS 'The last such day; NULL: no end is known.';
COMMENT ON COLUMN voiceagent.calling_rules.note IS 'Notes on it.';
COMMENT ON COLUMN voiceagent.calling_rules.tightened_by IS
	'Set when the platform made it stricter than the source: who did.';

CREATE FUNCTION voiceagent_private.law_ahead(places text[], at timestamptz) RETURNS SETOF text
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY WITH today AS (SELECT (at AT TIME ZONE 'UTC')::date AS day), ahead AS (
		SELECT l.effective_from AS day, l.jurisdiction, l.rule, l.value, l.source, 'says' AS verb
		FROM voiceagent_private.law_rules l, today t
		WHERE l.effective_from > t.day AND l.effective_from <= t.day + 90
		UNION ALL
		SELECT l.effective_until + 1, l.jurisdiction, l.rule, l.value, l.source, 'no longer says'
		FROM voiceagent_private.law_rules l, today t
		WHERE l.effective_until >= t.day AND l.effective_until < t.day + 90
			AND NOT EXISTS (SELECT FROM voiceagent_private.law_rules o WHERE o.jurisdiction = l.jurisdiction
				AND o.rule = l.rule AND o.effective_from > l.effective_from
				AND o.effective_from <= l.effective_until + 1)
	)
	SELECT format('from %s on the law of %s %s: %s (%s)', to_char(a.day, 'YYYY-MM-DD'), a.jurisdiction, a.verb,
		voiceagent_private.describe_rule(a.rule, a.value), a.source)
	FROM ahead a
	WHERE places IS NULL OR EXISTS (SELECT FROM unnest(places) AS p(place),
			unnest(string_to_array(p.place, '|')) AS o(place)
		WHERE o.place = a.jurisdiction OR o.place LIKE a.jurisdiction || '-%' OR a.jurisdiction LIKE o.place || '-%'
			OR a.jurisdiction = '*')
	ORDER BY a.day, a.jurisdiction COLLATE "C", a.rule COLLATE "C", a.verb;
END
$$;
COMMENT ON FUNCTION voiceagent_private.law_ahead(text[], timestamptz) IS
	'How the law of these places (NULL: all) changes within 90 days, in words; a rule that another follows ends '
	'without a word.';

CREATE FUNCTION voiceagent.callable_hours(phone text, at timestamptz DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_at timestamptz := coalesce(at, voiceagent.clock());
	v_number record;
	v_place text;
	v_terms voiceagent_private.law_terms;
	v_window record;
BEGIN
	IF NOT voiceagent_private.may_as_platform('read the law') THEN
		PERFORM voiceagent.current_tenant();
	END IF;
	SELECT * INTO v_number
	FROM voiceagent_private.parse_phone(phone, voiceagent_private.setting_text('default_country'));
	PERFORM voiceagent_private.fail_if(v_number.verdict IS DISTINCT FROM 'ok', 'PT422',
		format('"%s" is not a telephone number', left(coalesce(phone, 'null'), 60)), v_number.verdict);
	PERFORM voiceagent_private.fail_if(NOT isfinite(v_at), 'PT422', 'at must be a time');
	v_place := voiceagent_private.jurisdiction(v_number.country, v_number.region);
	v_terms := voiceagent_private.terms_of(v_place, v_at, v_number.timezones);
	SELECT * INTO v_window FROM voiceagent_private.window_within(v_number.timezones,
		voiceagent_private.hours_windows('{"start":"00:00","end":"24:00"}'), v_at, v_terms.windows, v_terms.holidays);
	RETURN jsonb_build_object('phone', v_number.phone, 'jurisdiction', v_place,
		'timezones', to_jsonb(v_number.timezones),
		'hours', voiceagent_private.describe_hours(voiceagent_private.law_windows(v_place,
			(voiceagent_private.days_of(v_number.timezones, v_at))[1], (v_at AT TIME ZONE 'UTC')::date + 90, true)),
		'callable', v_window.opens_at <= v_at,
		'opens_at', nullif(v_window.opens_at, 'infinity'), 'closes_at', nullif(v_window.closes_at, 'infinity'),
		'next_holiday',
		(SELECT min(h.day) FROM unnest(v_terms.holidays) AS h(day) WHERE h.day >= (v_at AT TIME ZONE 'UTC')::date));
END
$$;
COMMENT ON FUNCTION voiceagent.callable_hours(text, timestamptz) IS
	E'When the law lets a number be called, at a time (NULL: now): {"phone", "jurisdiction", "timezones", "hours" '
	'(with their changes within 90 days), "callable", "opens_at" and "closes_at" (the window that is open or the '
	'next), "next_holiday"}.\n'
	'PT422 for what is no number.';

/*
 * The Union's Artificial Intelligence Act (Regulation (EU) 2024/1689), Article 50(3), requires that people know that
 * a system reads their emotions, and Article 5(1)(f) forbids it at work and at school.
 */
CREATE FUNCTION voiceagent_private.may_read_emotions(setting text, jurisdiction text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE coalesce(setting, 'lawful') WHEN 'noticed' THEN true WHEN 'lawful' THEN
		coalesce(jurisdiction <> '' AND left(jurisdiction, 2) <> ALL (
			'{AT,BE,BG,CY,CZ,DE,DK,EE,ES,FI,FR,GR,HR,HU,IE,IT,LT,LU,LV,MT,NL,PL,PT,RO,SE,SI,SK,IS,LI,NO}'), false)
		ELSE false END;
COMMENT ON FUNCTION voiceagent_private.may_read_emotions(text, text) IS
	E'Whether the emotions of a person in a jurisdiction (as jurisdiction(); NULL: unknown) may be read, by the '
	'setting read_emotions (off, lawful, noticed; NULL: its default).\n'
	'lawful: not in the European Economic Area, whose law wants a notice of it (Regulation (EU) 2024/1689, '
	'Article 50(3)), nor where the place is unknown. Not advice: verify with counsel.';
