-- 47_campaign_lead: the tenant's own do-not-call list, in bulk, and how long it is kept.

CREATE FUNCTION voiceagent_private.list_phones(INOUT phones text[], reason text, at timestamptz,
	source text DEFAULT 'import', OUT withdrawn bigint)
	LANGUAGE plpgsql VOLATILE SET planner.policy = bulk AS $$
DECLARE
	v_given text[] := phones;
	v_listed record;
	v_campaigns bigint[] := '{}';
BEGIN
	PERFORM voiceagent_private.lock_tenant(true);
	list_phones.phones := voiceagent_private.list_refusals(v_given, reason, source, at);
	v_listed := voiceagent_private.listed_leads(CASE source WHEN 'import' THEN phones ELSE v_given END);
	PERFORM voiceagent_private.lock_waiting(v_listed.moving || v_listed.withdrawn);
	IF cardinality(v_listed.moving) > 0 THEN
		v_campaigns := voiceagent_private.move_on(v_listed.moving);
	END IF;
	IF cardinality(v_listed.withdrawn) > 0 THEN
		v_campaigns := v_campaigns || voiceagent_private.withdraw_leads(v_listed.withdrawn, reason);
	END IF;
	PERFORM voiceagent_private.complete_campaigns(v_campaigns);
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, lead_id, event_data)
	SELECT voiceagent.current_tenant(), voiceagent_private.month_slot(list_phones.at), list_phones.at,
		'lead_opted_out', l.lead_id, jsonb_build_object('reason', list_phones.reason, 'source', source)
	FROM unnest(v_listed.withdrawn) AS l(lead_id) WHERE source = 'import';
	withdrawn := cardinality(v_listed.withdrawn);
END
$$;
COMMENT ON FUNCTION voiceagent_private.list_phones(text[], text, timestamptz, text) IS
	E'Puts numbers in E.164 on the current tenant''s do-not-call list and withdraws their leads.\n'
	'Returns those that were not on it, and how many leads are withdrawn.';

CREATE FUNCTION voiceagent.import_do_not_call(numbers text, reason text DEFAULT NULL, default_country text DEFAULT NULL)
	RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = bulk AS $$
DECLARE
	v_country text := coalesce(import_do_not_call.default_country, voiceagent_private.setting_text('default_country'));
	v_reason text := coalesce(voiceagent_private.short_reason(import_do_not_call.reason), 'imported');
	v_listed bigint;
	v_new record;
	v record;
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	WITH lines AS MATERIALIZED (
		-- Excel writes a number as 2125550100.0.
		SELECT l.number, l.line, f.place, regexp_replace(btrim(f.field, ' "'''), '\.0$', '') AS field
		FROM string_to_table(replace(replace(ltrim(coalesce(numbers, ''), U&'\FEFF'), E'\r\n', E'\n'), E'\r', E'\n'),
			E'\n')
			WITH ORDINALITY AS l(line, number)
		CROSS JOIN LATERAL string_to_table(translate(l.line, ';' || chr(9), ',,'), ',')
			WITH ORDINALITY AS f(field, place)
		WHERE btrim(l.line, E' \t') <> '' AND (f.place = 1 OR f.field ~ '^[ "'']*[+(]*[0-9][0-9 ().-]{8,}[ "'']*$')
	), parsed AS MATERIALIZED (
		-- A first line without a digit is a heading. A person with two numbers is called at neither; a date is none. A
		-- second number that only has the shape of one may be anything: it is reported, not listed.
		SELECT l.number, l.line, l.place, p.verdict, y.readings,
			bool_and(y.readings IS NULL) OVER (PARTITION BY l.number) AS refused
		FROM lines l CROSS JOIN LATERAL voiceagent_private.parse_phone(l.field, v_country) p
		CROSS JOIN LATERAL (SELECT CASE WHEN l.place = 1 OR p.verdict = 'ok' THEN p.readings END) AS y(readings)
		WHERE NOT (l.number = 1 AND p.readings IS NULL AND l.line !~ '[0-9]')
			AND (l.place = 1 OR l.field !~ '^\d{4}-\d\d-\d\d')
	), named AS MATERIALIZED (
		-- Both numbers of an ambiguous line: an opt-out must not depend on how the number was written.
		SELECT r.phone, min(p.number) AS line FROM parsed p CROSS JOIN LATERAL unnest(p.readings) AS r(phone)
		GROUP BY r.phone
	)
	SELECT (SELECT count(DISTINCT p.number) FROM parsed p) AS lines,
		(SELECT count(DISTINCT p.number) FROM parsed p WHERE p.refused) AS rejected,
		(SELECT count(*) FROM parsed p WHERE cardinality(p.readings) > 1) AS ambiguous,
		(SELECT array_agg(n.phone) FROM named n) AS phones, (SELECT array_agg(n.line) FROM named n) AS of_lines,
		(SELECT coalesce(jsonb_agg(jsonb_build_object('line', r.number, 'reason', r.verdict,
			'text', left(r.line, 60)) ORDER BY r.number), '[]')
			FROM (SELECT * FROM parsed p WHERE p.refused AND p.place = 1 ORDER BY p.number LIMIT 100) r) AS rejects,
		-- One reading that is not ok has no more than the shape of a number.
		(SELECT coalesce(jsonb_agg(jsonb_build_object('line', r.number, 'text', left(r.line, 60),
			'reason', CASE WHEN r.readings IS NULL THEN 'a further number of this line is in no plan: not listed'
				ELSE 'listed as written; no plan knows it' END) ORDER BY r.number, r.place), '[]')
			FROM (SELECT * FROM parsed p WHERE p.verdict <> 'ok'
					AND (cardinality(p.readings) = 1 OR p.readings IS NULL AND p.place > 1)
				ORDER BY p.number, p.place LIMIT 100) r) AS unknown
	INTO v;
	PERFORM voiceagent_private.fail_if(v.lines = v.rejected, 'PT422', 'the list has no phone numbers',
		(SELECT format('Line %s: %s ("%s").', r ->> 'line', r ->> 'reason', r ->> 'text')
			FROM jsonb_array_elements(v.rejects) r LIMIT 1),
		'Give one number a line; numbers without calling code need default_country.');
	v_new := voiceagent_private.list_phones(v.phones, v_reason, voiceagent.clock());
	v_listed := (SELECT count(DISTINCT n.line) FROM unnest(v.phones, v.of_lines) AS n(phone, line)
		JOIN unnest(v_new.phones) AS y(phone) ON y.phone = n.phone);
	PERFORM voiceagent_private.audit('import_do_not_call', format('%s numbers', cardinality(v_new.phones)), NULL,
		jsonb_build_object('reason', v_reason, 'lines', v.lines, 'rejected', v.rejected));
	RETURN jsonb_build_object('lines', v.lines, 'listed', v_listed, 'already', v.lines - v.rejected - v_listed,
		'ambiguous', v.ambiguous, 'leads_withdrawn', v_new.withdrawn, 'rejected', v.rejected, 'rejects', v.rejects,
		'unknown', v.unknown);
END
$$;
COMMENT ON FUNCTION voiceagent.import_do_not_call(text, text, text) IS
	E'Puts numbers, one or several a line, in any usual form, on the tenant''s do-not-call list; their leads '
	'leave every queue in the same commit.\n'
	'default_country: as in import_leads(); digits that may be two numbers list both. '
	'Returns {"lines", "listed", "already", "ambiguous", "leads_withdrawn", "rejected", "rejects", "unknown" '
	'(in no plan; says what was done)}, 100 lines each; PT422 without a number.';
