-- 28_law: can the law be read, and does it leave nothing open?

CREATE FUNCTION voiceagent_private.rule_fault(jurisdiction text, rule text, value jsonb) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.check_jurisdiction(jurisdiction);
	IF value = 'null' THEN
		RETURN NULL;
	ELSIF rule = 'hours' THEN
		IF voiceagent_private.hours_windows(voiceagent_private.check_hours(value - 'eve')) IS NULL THEN
			RETURN 'these hours are never open';
		ELSIF value ? 'eve' THEN
			PERFORM voiceagent_private.check_hours(jsonb_build_object('mon', value -> 'eve'));
		END IF;
	ELSIF rule = 'holidays' THEN
		PERFORM voiceagent_private.holiday_dates(h.value, 2027) FROM jsonb_each_text(value) h;
	ELSIF rule IN ('min_ring', 'list_max_age', 'list_retention') THEN
		PERFORM voiceagent_private.as_interval(value #>> '{}');
	ELSIF rule = 'calls_per_window' THEN
		RETURN CASE WHEN voiceagent_private.call_window(value) IS NULL THEN 'it names no calls in hours or days' END;
	ELSIF rule IN ('consent_valid', 'refusal_rest', 'caller_prefixes', 'opening', 'contact_said') THEN
		RETURN voiceagent_private.special_fault_of(rule, value);
	ELSIF rule LIKE 'calls\_%' AND coalesce(value #>> '{}' !~ '^[1-9][0-9]{0,8}$', true) THEN
		RETURN 'the cap is no whole number from 1 on';
	ELSIF rule IN ('require_consent', 'human_first', 'opt_out_first', 'disclose_ai', 'disclose_caller',
		'disclose_recording', 'number_check') AND value NOT IN ('true', 'false') THEN
		RETURN 'it is neither true nor false';
	END IF;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END
$$;
COMMENT ON FUNCTION voiceagent_private.rule_fault(text, text, jsonb) IS
	'The error in a rule of the law: an unknown place, hours that overlap or cannot be read, a value of another '
	'kind; NULL: nothing.';

CREATE FUNCTION voiceagent_private.check_law() RETURNS TABLE (invariant text, detail text) LANGUAGE sql STABLE AS $$
	SELECT 'the law can be read', format('rule %s of %s: %s', r.rule, r.jurisdiction, f.fault)
	FROM (SELECT l.jurisdiction, l.rule, l.value FROM voiceagent_private.law_rules l
		UNION ALL SELECT t.jurisdiction, t.rule, t.value FROM voiceagent_private.law_tightenings t) r
	CROSS JOIN LATERAL voiceagent_private.rule_fault(r.jurisdiction, r.rule, r.value) AS f(fault)
	WHERE f.fault IS NOT NULL
	UNION ALL
	SELECT 'the law says one thing a day', format('two rules %s of %s hold from %s on: the stricter binds', l.rule,
		l.jurisdiction, o.effective_from)
	FROM voiceagent_private.law_rules l
	JOIN voiceagent_private.law_rules o ON o.jurisdiction = l.jurisdiction AND o.rule = l.rule
		AND o.effective_from > l.effective_from AND o.effective_from <= l.effective_until
	UNION ALL
	SELECT 'the law has no hole', format('* has no rule %s, and so no country that lacks one', k.rule)
	FROM unnest('{hours,min_ring,require_consent,disclose_ai,disclose_caller,disclose_recording,list_retention,'
		'opt_out_text}'::text[]) AS k(rule)
	WHERE NOT EXISTS (SELECT FROM voiceagent_private.law_rules l WHERE l.jurisdiction = '*' AND l.rule = k.rule
		AND l.effective_from = '-infinity' AND l.effective_until = 'infinity')
$$;
COMMENT ON FUNCTION voiceagent_private.check_law() IS
	'Rules of the law that cannot be read or say two things on a day, and kinds of rules that hold nowhere else than '
	'where they are written: the platform''s invariants.';
INSERT INTO voiceagent_private.registrations (kind, name, detail) VALUES ('invariant', 'check_law', 'platform');
