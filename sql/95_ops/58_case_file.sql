/*
 * 95_ops: the case file of a number, and what keeps it from ending.
 *
 * A file is parts, each a JSON text with a digest that holds the digest of the
 * part before it; the last digest is signed. extension/doc/check_case_file.py
 * checks one without a database, and names the part that is another.
 *
 * A legal hold takes the part of each call of the number a day after the call
 * (until then reports come late), and keeps it beside the rows: a month of a
 * ring ends for all tenants at once, so its rows cannot stay. Every step of
 * retention takes the parts of the tenant first, some at a time, and removes
 * nothing before all are kept; nothing ends within a day.
 */

CREATE TABLE voiceagent.legal_holds (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	phone voiceagent.e164 NOT NULL,
	reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
	held_by text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, phone)
);
COMMENT ON TABLE voiceagent.legal_holds IS
	'Numbers in dispute: their calls in case_file() outlive retention, and no person with such a number is erased.';
COMMENT ON COLUMN voiceagent.legal_holds.phone IS 'The number, in E.164.';
COMMENT ON COLUMN voiceagent.legal_holds.reason IS 'Why, in words.';
COMMENT ON COLUMN voiceagent.legal_holds.held_by IS 'The member, API key or database role that held it.';
COMMENT ON COLUMN voiceagent.legal_holds.created_at IS 'Since when.';
SELECT voiceagent_private.guard_table('voiceagent.legal_holds', 'tenant');

CREATE TABLE voiceagent_private.held_parts (
	tenant_id bigint NOT NULL,
	phone voiceagent.e164 NOT NULL,
	call_id bigint NOT NULL,
	content text NOT NULL,
	PRIMARY KEY (tenant_id, phone, call_id),
	FOREIGN KEY (tenant_id, phone) REFERENCES voiceagent.legal_holds ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.held_parts IS
	'The parts of case files that a legal hold keeps, a day after each call.';
COMMENT ON COLUMN voiceagent_private.held_parts.content IS 'The result of call_part().';
SELECT voiceagent_private.guard_table('voiceagent_private.held_parts', 'internal');

CREATE FUNCTION voiceagent_private.calls_of_number(phone text) RETURNS SETOF bigint
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT x.call_id FROM unnest(voiceagent_private.spellings(calls_of_number.phone)) s
	CROSS JOIN LATERAL (SELECT c.call_id FROM voiceagent.calls c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.phone = s AND c.counts
		UNION ALL SELECT i.call_id FROM voiceagent.call_inbound i
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.from_number = s OFFSET 0) x
	-- Dials that do not count, of whoever has the number.
	UNION SELECT c.call_id
	FROM unnest(voiceagent_private.first_owners(voiceagent_private.spellings(calls_of_number.phone))
		|| voiceagent_private.sharers(0, voiceagent_private.spellings(calls_of_number.phone))) AS o(lead_id)
	-- In both directions.
	CROSS JOIN LATERAL (SELECT k.call_id, k.phone FROM voiceagent.calls k
		WHERE k.tenant_id = voiceagent.current_tenant() AND k.lead_id = o.lead_id OFFSET 0) c
	WHERE c.phone = ANY (voiceagent_private.spellings(calls_of_number.phone))
$$;
COMMENT ON FUNCTION voiceagent_private.calls_of_number(text) IS
	'The calls of the current tenant to and from an E.164 number.';

CREATE FUNCTION voiceagent_private.law_of_proof(proof voiceagent.eligibility) RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_key SET timezone = 'UTC' AS $$
	SELECT jsonb_agg(DISTINCT jsonb_build_object('day', d.day, 'rule', r.rule, 'place', r.origin, 'value', r.value,
		'source', l.source, 'source_date', l.source_date, 'effective_from', l.effective_from,
		'effective_until', l.effective_until, 'tightened', CASE WHEN l.rule IS NULL THEN t.reason END))
	FROM unnest(voiceagent_private.days_of((proof).timezones, (proof).checked_at)) AS d(day)
	CROSS JOIN LATERAL voiceagent_private.rules_in_force((proof).jurisdiction, d.day) r
	LEFT JOIN voiceagent_private.law_rules l ON l.jurisdiction = r.origin AND l.rule = r.rule AND l.value = r.value
		AND d.day BETWEEN l.effective_from AND l.effective_until
	LEFT JOIN voiceagent_private.law_tightenings t ON t.jurisdiction = r.origin AND t.rule = r.rule
	WHERE (proof).lawful
$$;
COMMENT ON FUNCTION voiceagent_private.law_of_proof(voiceagent.eligibility) IS
	E'The rules of the place and day of a dial, as this version knows them, with their sources.\n'
	'NULL for a rehearsal.';

CREATE FUNCTION voiceagent_private.call_part(call_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_proof voiceagent.eligibility;
BEGIN
	SELECT * INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = call_id;
	SELECT * INTO v_proof FROM voiceagent.eligibility e WHERE e.tenant_id = v_tenant AND e.call_id = call_id;
	RETURN jsonb_build_object('call', to_jsonb(v_call),
		'incoming', (SELECT to_jsonb(i) FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.call_id = call_id),
		'proof', CASE WHEN v_proof.attempt_id IS NOT NULL THEN to_jsonb(v_proof) END,
		'request', (SELECT jsonb_build_object('state', a.state, 'reference', a.reference, 'answered_at', a.answered_at,
				'http_status', a.http_status, 'error', a.error, 'called_with', n.phone_number)
			FROM voiceagent.attempts a
			LEFT JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant AND n.phone_number_id = a.phone_number_id
			WHERE a.tenant_id = v_tenant AND a.attempt_id = v_proof.attempt_id),
		'law', voiceagent_private.law_of_proof(v_proof),
		'explained', CASE WHEN v_call.direction = 'inbound' OR v_proof.attempt_id IS NOT NULL THEN
			(SELECT jsonb_agg(to_jsonb(x)) FROM voiceagent.explain_call(call_id) x) END,
		'turns', (SELECT jsonb_agg(to_jsonb(t) - '{tenant_id,month_slot}'::text[] ORDER BY t.turn)
			FROM voiceagent.call_turns t WHERE t.tenant_id = v_tenant AND t.call_id = call_id),
		'reading', (SELECT k.reading FROM voiceagent.conversations k
			WHERE k.tenant_id = v_tenant AND k.call_id = call_id),
		'events', (SELECT jsonb_agg(to_jsonb(e) - '{tenant_id,month_slot,xid}'::text[] ORDER BY e.xid, e.event_id)
			FROM voiceagent.events e WHERE e.tenant_id = v_tenant AND e.call_id = call_id))::text;
END
$$;
COMMENT ON FUNCTION voiceagent_private.call_part(bigint) IS
	'A call of the current tenant as its part of a case file: the row, the proof with the rules of its day, the '
	'request to the carrier, the words, the events; JSON, with times in UTC.';

CREATE FUNCTION voiceagent_private.take_held_parts() RETURNS integer LANGUAGE plpgsql VOLATILE
	SET planner.policy = by_key AS $$
DECLARE
	c_late CONSTANT interval := '20 hours';
	c_parts CONSTANT integer := 50;
	v_tenant bigint := voiceagent.current_tenant();
	v_taken integer;
BEGIN
	-- Nearly no tenant has one.
	IF NOT EXISTS (SELECT FROM voiceagent.legal_holds h WHERE h.tenant_id = v_tenant) THEN
		RETURN 0;
	END IF;
	INSERT INTO voiceagent_private.held_parts (tenant_id, phone, call_id, content)
	SELECT v_tenant, t.phone, t.call_id, voiceagent_private.call_part(t.call_id)
	FROM (SELECT h.phone, i.call_id FROM voiceagent.legal_holds h
		CROSS JOIN LATERAL voiceagent_private.calls_of_number(h.phone) AS i(call_id)
		CROSS JOIN LATERAL (SELECT k.ended_at FROM voiceagent.calls k
			WHERE k.tenant_id = v_tenant AND k.call_id = i.call_id OFFSET 0) c
		WHERE h.tenant_id = v_tenant AND c.ended_at < voiceagent.clock() - c_late
			AND NOT EXISTS (SELECT FROM voiceagent_private.held_parts p
				WHERE p.tenant_id = v_tenant AND p.phone = h.phone AND p.call_id = i.call_id)
		LIMIT c_parts) t
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS v_taken = ROW_COUNT;
	RETURN v_taken;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_held_parts() IS
	E'Keeps parts of the current tenant''s held numbers that are not kept yet, of calls that ended 20 hours ago: 50 at '
	'most.\n'
	'Returns how many; 0: all are kept.';

CREATE FUNCTION voiceagent_private.lead_is_held(lead_id bigint) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key
	RETURN EXISTS (SELECT FROM voiceagent.legal_holds h WHERE h.tenant_id = voiceagent.current_tenant()
		AND voiceagent_private.spellings(h.phone) && voiceagent_private.phones_of_lead(lead_is_held.lead_id));
COMMENT ON FUNCTION voiceagent_private.lead_is_held(bigint) IS
	'Whether a number of a lead of the current tenant is under a legal hold.';

CREATE FUNCTION voiceagent.place_legal_hold(phone text, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	c_holds CONSTANT integer := 100;
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_phone text := voiceagent_private.stop_number(place_legal_hold.phone,
		voiceagent_private.setting_text('default_country'));
BEGIN
	PERFORM voiceagent_private.fail_if(v_phone IS NULL, 'PT422', 'no phone number');
	PERFORM voiceagent_private.fail_if(nullif(btrim(reason), '') IS NULL OR length(reason) > 1000, 'PT422',
		'a reason has 1 to 1000 characters');
	-- An erasure has the same lock: the person is gone before, or waits.
	PERFORM voiceagent_private.lock_tenant(true);
	PERFORM voiceagent_private.fail_if((SELECT count(*) >= c_holds FROM voiceagent.legal_holds h
		WHERE h.tenant_id = v_tenant), 'PT409', format('%s numbers are held', c_holds), NULL,
		'lift_legal_hold() ends one.');
	INSERT INTO voiceagent.legal_holds (tenant_id, phone, reason, held_by, created_at)
	VALUES (v_tenant, v_phone, btrim(place_legal_hold.reason), voiceagent_private.actor(), voiceagent.clock())
	ON CONFLICT DO NOTHING;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', format('%s is held already', v_phone), NULL,
		'Table legal_holds says since when.');
	PERFORM voiceagent_private.audit('place_legal_hold', v_phone, NULL, jsonb_build_object('reason', btrim(reason)));
END
$$;
COMMENT ON FUNCTION voiceagent.place_legal_hold(text, text) IS
	E'A legal hold: what case_file() tells of the number''s calls is kept, whatever retention says, and erase_lead() '
	'waits, until lift_legal_hold().\n'
	'Words that retention has removed do not come back. For the role owner (PT403); PT409 for one that is held, or '
	'the 101st; PT422.';

CREATE FUNCTION voiceagent.lift_legal_hold(phone text, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_now timestamptz := voiceagent.clock();
	v_hold voiceagent.legal_holds;
BEGIN
	PERFORM voiceagent_private.fail_if(nullif(btrim(reason), '') IS NULL OR length(reason) > 1000, 'PT422',
		'a reason has 1 to 1000 characters');
	DELETE FROM voiceagent.legal_holds h
	WHERE h.tenant_id = v_tenant AND h.phone = voiceagent_private.stop_number(lift_legal_hold.phone,
		voiceagent_private.setting_text('default_country'))
	RETURNING * INTO v_hold;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('%s is not held', lift_legal_hold.phone));
	UPDATE voiceagent_private.waiting_erasures w SET next_at = v_now WHERE w.tenant_id = v_tenant;
	PERFORM voiceagent_private.request_job('finish_erasures', v_now);
	PERFORM voiceagent_private.audit('lift_legal_hold', v_hold.phone, to_jsonb(v_hold) - 'tenant_id',
		jsonb_build_object('reason', btrim(reason)));
END
$$;
COMMENT ON FUNCTION voiceagent.lift_legal_hold(text, text) IS
	E'Ends a legal hold: what only the hold kept is gone at once, and erasures that waited for it go on.\n'
	'For the role owner (PT403); PT404, PT422.';

CREATE FUNCTION voiceagent.case_file_key() RETURNS text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	RETURN split_part(voiceagent_private.sign_file(''), ' ', 1);
COMMENT ON FUNCTION voiceagent.case_file_key() IS
	E'The public key (Ed25519, hexadecimal) that checks the case files of this database.\n'
	'Note it where others find it; another key that signs tokens makes another one.';

CREATE FUNCTION voiceagent_private.case_parts(phone text) RETURNS TABLE (name text, content text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_variable
DECLARE
	c_calls CONSTANT integer := 1000;
	v_tenant bigint := voiceagent.current_tenant();
	v_calls bigint[] := ARRAY(SELECT i FROM voiceagent_private.calls_of_number(phone) i
		UNION SELECT p.call_id FROM voiceagent_private.held_parts p WHERE p.tenant_id = v_tenant AND p.phone = phone);
	-- On the sandbox, where no person was called: of both directions.
	v_played bigint[] := ARRAY(SELECT c.call_id FROM voiceagent.calls c WHERE c.tenant_id = v_tenant
		AND c.call_id = ANY (v_calls) AND voiceagent_private.is_sandbox(c.provider_account_id));
	-- A lead whose number it was, too.
	v_phones text[] := voiceagent_private.spellings(phone);
	v_leads bigint[] := voiceagent_private.first_owners(v_phones) || voiceagent_private.sharers(0, v_phones)
		|| ARRAY(SELECT c.lead_id FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v_calls));
BEGIN
	v_calls := ARRAY(SELECT i FROM unnest(v_calls) i ORDER BY i = ANY (v_played), i DESC);
	RETURN QUERY VALUES ('about', jsonb_build_object('phone', phone, 'tenant_id', v_tenant,
		'tenant', (SELECT t.name FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant),
		'made_at', voiceagent.clock(), 'made_by', voiceagent_private.actor(),
		'law_version', voiceagent_private.law_version(), 'calls', cardinality(v_calls) - cardinality(v_played),
		'calls_played', cardinality(v_played),
		'calls_left_out', greatest(cardinality(v_calls) - c_calls, 0),
		'held', (SELECT to_jsonb(h) - 'tenant_id' FROM voiceagent.legal_holds h
			WHERE h.tenant_id = v_tenant AND h.phone = phone))::text);
	RETURN QUERY SELECT 'leads', coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.lead_id), '[]')::text
		FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (v_leads);
	RETURN QUERY SELECT 'consents', coalesce(jsonb_agg(to_jsonb(n) ORDER BY n.consent_id), '[]')::text
		FROM voiceagent.consents n
		WHERE n.tenant_id = v_tenant AND n.lead_id = ANY (v_leads) AND n.phone = ANY (v_phones)
			-- Rehearsed words are not the person's own; nor are texts of the sandbox.
			AND n.kind NOT LIKE 'played%';
	RETURN QUERY VALUES ('do_not_call', jsonb_build_object(
		'now', (SELECT jsonb_agg(to_jsonb(s)) FROM voiceagent.do_not_call_status(phone) s),
		'entry', (SELECT to_jsonb(d) FROM voiceagent.do_not_call_list d
			WHERE d.tenant_id = v_tenant AND d.phone = phone),
		'campaigns', (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.campaign_id) FROM voiceagent.campaigns c
			CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.campaign_do_not_call_list o
				WHERE o.tenant_id = v_tenant AND o.campaign_id = c.campaign_id AND o.phone = phone OFFSET 0) d
			WHERE c.tenant_id = v_tenant))::text);
	RETURN QUERY SELECT 'texts', coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.text_id), '[]')::text
		FROM voiceagent.texts t WHERE t.tenant_id = v_tenant AND t.phone = ANY (v_phones)
			AND NOT voiceagent_private.is_sandbox(t.provider_account_id)
		HAVING count(*) > 0;
	RETURN QUERY SELECT 'number_facts', jsonb_agg(to_jsonb(f) ORDER BY f.fact_id)::text
		FROM voiceagent.number_facts f WHERE f.tenant_id = v_tenant AND f.phone = ANY (v_phones)
		HAVING count(*) > 0;
	RETURN QUERY SELECT CASE WHEN i.call_id = ANY (v_played) THEN 'played ' ELSE '' END || 'call ' || i.call_id,
			coalesce(p.content, voiceagent_private.call_part(i.call_id))
		FROM unnest(v_calls[:c_calls]) AS i(call_id)
		LEFT JOIN voiceagent_private.held_parts p
			ON p.tenant_id = v_tenant AND p.phone = phone AND p.call_id = i.call_id
		ORDER BY i.call_id = ANY (v_played), i.call_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.case_parts(text) IS
	'The parts of the case file of an E.164 number, in order, each a JSON text with times in UTC.';

CREATE FUNCTION voiceagent.case_file(phone text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_format CONSTANT text := 'voiceagent case file 1';
	v_tenant bigint := voiceagent_private.writer_tenant('manager');
	v_phone text := voiceagent_private.stop_number(phone, voiceagent_private.setting_text('default_country'));
	v_part record;
	v_digest text := '';
	v_parts jsonb[] := '{}';
	v_signed text;
BEGIN
	PERFORM voiceagent_private.fail_if(v_phone IS NULL, 'PT422', 'no phone number');
	FOR v_part IN SELECT p.name, p.content FROM voiceagent_private.case_parts(v_phone) p LOOP
		v_digest := encode(sha256(convert_to(concat_ws(E'\n', v_digest, v_part.name, v_part.content), 'UTF8')), 'hex');
		v_parts := v_parts || jsonb_build_object('name', v_part.name, 'content', v_part.content, 'digest', v_digest);
	END LOOP;
	v_signed := voiceagent_private.sign_file(concat_ws(E'\n', c_format, v_digest));
	PERFORM voiceagent_private.audit('case_file', v_phone, NULL, jsonb_build_object('digest', v_digest));
	RETURN jsonb_build_object('format', c_format, 'parts', to_jsonb(v_parts), 'key', split_part(v_signed, ' ', 1),
		'signature', split_part(v_signed, ' ', 2));
END
$$;
COMMENT ON FUNCTION voiceagent.case_file(text) IS
	E'All that is recorded about calls to and from a number, signed: leads, consents, do-not-call, and of each call '
	'(the latest 1000; the sandbox''s as "played call") the proof, the rules of its day, the words, the events.\n'
	'{"format", "parts": [{"name", "content", "digest"}], "key", "signature"}; extension/doc/check_case_file.py checks '
	'it. Noted in the audit log. PT403, PT422, 55000 without a key.';
