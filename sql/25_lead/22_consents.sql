-- 25_lead: consent from a file, of leads that are there.

-- BETWEEN, because by an equality every index has the order.
CREATE FUNCTION voiceagent_private.consent_within(lead_id bigint, phone text, valid interval, at timestamptz,
	kind text DEFAULT 'call', OUT consent_id bigint, OUT ends_at timestamptz)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- One that is dated ahead does not hold yet.
	SELECT s.consent_id, s.granted_at + valid INTO consent_id, ends_at FROM voiceagent.consents s
	WHERE s.tenant_id = voiceagent.current_tenant() AND s.lead_id BETWEEN consent_within.lead_id
			AND consent_within.lead_id
		AND s.kind = consent_within.kind AND s.phone = consent_within.phone AND s.revoked_at IS NULL
		AND s.granted_at <= at AND coalesce(s.granted_at > at - valid, true)
	ORDER BY s.lead_id DESC, s.consent_id DESC LIMIT 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.consent_within(bigint, text, interval, timestamptz, text) IS
	'The latest consent of a lead of the current tenant, of a kind, for this number that holds at an instant where '
	'consents last so long (NULL: until withdrawn), and when it ends; NULL: none does.';

CREATE FUNCTION voiceagent_private.only_by_appointment(tenant_id bigint, lead_id bigint)
	RETURNS TABLE (since timestamptz) LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
	SELECT s.granted_at FROM voiceagent.consents s
	WHERE s.tenant_id = only_by_appointment.tenant_id
		AND s.lead_id BETWEEN only_by_appointment.lead_id AND only_by_appointment.lead_id
		AND s.kind = 'appointment' AND s.revoked_at IS NULL
	ORDER BY s.lead_id DESC, s.consent_id DESC LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.only_by_appointment(bigint, bigint) IS
	E'A row where a lead is to be called at no time but those that were promised to it.\nThe planner dissolves it.';

CREATE FUNCTION voiceagent_private.recording_consent(tenant_id bigint, lead_id bigint, phone text)
	RETURNS TABLE (agreed boolean) LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
	SELECT s.revoked_at IS NULL FROM voiceagent.consents s
	WHERE s.tenant_id = recording_consent.tenant_id
		AND s.lead_id BETWEEN recording_consent.lead_id AND recording_consent.lead_id
		AND s.kind = 'recording' AND s.phone = recording_consent.phone
	ORDER BY s.lead_id DESC, s.consent_id DESC LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.recording_consent(bigint, bigint, text) IS
	E'Whether a lead''s latest consent to be recorded at this number holds, or was taken back; no row: it gave none.\n'
	'The planner dissolves it.';

CREATE FUNCTION voiceagent_private.take_consent_of_each(given voiceagent.consents[], at timestamptz,
	OUT withdrawn integer[], OUT late integer[])
	RETURNS record LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	WITH said AS MATERIALIZED (
		SELECT g.ordinality::integer AS ord, l.lead_id, g.phone, g.kind, g.source, g.granted_at,
			g.revoked_at IS NOT NULL AS withdraws
		FROM unnest(given) WITH ORDINALITY g
		LEFT JOIN LATERAL (SELECT o.lead_id FROM voiceagent.leads o
			WHERE o.tenant_id = v_tenant AND o.phone = g.phone
			UNION ALL SELECT n.lead_id FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = v_tenant AND n.phone = g.phone AND n.was_lead IS NOT NULL OFFSET 0) l ON true
	), ending AS MATERIALIZED (
		SELECT s.ord, o.tid FROM said s
		CROSS JOIN LATERAL (
			-- By the index that has the order, whatever the statistics make of the tenant's consents; below as well.
			SELECT h.ctid AS tid
			FROM (SELECT s.lead_id, NULL::text AS phone
				UNION ALL
				SELECT n.lead_id, n.phone FROM voiceagent.lead_numbers n
				WHERE n.tenant_id = v_tenant AND n.phone = s.phone) w
			CROSS JOIN LATERAL (SELECT c.ctid FROM voiceagent.consents c
				WHERE c.tenant_id = v_tenant AND c.lead_id BETWEEN w.lead_id AND w.lead_id
					AND (w.phone IS NULL OR c.phone = w.phone)
					AND c.kind = 'call' AND c.revoked_at IS NULL ORDER BY c.lead_id) h) o
		WHERE s.withdraws
	), ended AS (
		-- By the place of each. A row that has changed meanwhile was withdrawn by another session.
		UPDATE voiceagent.consents c SET revoked_at = at
		WHERE c.ctid = ANY (ARRAY(SELECT e.tid FROM ending e)) AND c.revoked_at IS NULL
	), judged AS MATERIALIZED (
		SELECT s.*, b.since IS NOT NULL AND (s.granted_at >= at OR s.granted_at <= b.since) AS late
		FROM said s
		CROSS JOIN LATERAL (SELECT max(h.revoked_at) AS since,
				-- Without a time of its own a row has that of the import, every night: it tells of no other consent
				-- than the one that holds.
				coalesce(bool_or(h.revoked_at IS NULL AND (s.granted_at >= at OR s.granted_at <= h.granted_at)),
					false) AS known
			FROM (SELECT c.revoked_at, c.granted_at FROM voiceagent.consents c
				WHERE c.tenant_id = v_tenant AND c.lead_id BETWEEN s.lead_id AND s.lead_id AND c.kind = s.kind
					AND c.phone = s.phone
				ORDER BY c.lead_id) h) b
		WHERE NOT s.withdraws AND s.lead_id IS NOT NULL AND NOT b.known
	), added AS (
		INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
		SELECT v_tenant, j.lead_id, j.phone, j.kind, j.source, j.granted_at FROM judged j WHERE NOT j.late
	)
	SELECT coalesce((SELECT array_agg(DISTINCT e.ord ORDER BY e.ord) FROM ending e), '{}'),
		coalesce((SELECT array_agg(j.ord ORDER BY j.ord) FROM judged j WHERE j.late), '{}')
	INTO withdrawn, late;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_consent_of_each(voiceagent.consents[], timestamptz) IS
	'take_consents() for rows of which each has another number.';

-- A row with revoked_at ends every consent of the lead to be called, and the consents for that number of leads that
-- have it as a further one. Any other row is recorded unless a consent holds that is not older, or one was withdrawn
-- and this one was not given later.
CREATE FUNCTION voiceagent_private.take_consents(given voiceagent.consents[], at timestamptz,
	OUT withdrawn integer[], OUT late integer[])
	RETURNS record LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ords integer[];
	v_taken record;
BEGIN
	withdrawn := '{}';
	late := '{}';
	-- Rows of one number one after the other, as they stand in the file: the n-th rows of all numbers go together.
	FOR v_ords IN
		SELECT array_agg(n.ord ORDER BY n.ord)
		FROM (SELECT g.ordinality::integer AS ord, row_number() OVER (PARTITION BY g.phone ORDER BY g.ordinality) AS nth
			FROM unnest(given) WITH ORDINALITY g) n
		GROUP BY n.nth ORDER BY n.nth
	LOOP
		SELECT t.withdrawn, t.late INTO v_taken
		FROM voiceagent_private.take_consent_of_each(
			ARRAY(SELECT given[o.ord] FROM unnest(v_ords) WITH ORDINALITY o(ord, n) ORDER BY o.n), at) t;
		withdrawn := withdrawn || ARRAY(SELECT v_ords[w] FROM unnest(v_taken.withdrawn) w);
		late := late || ARRAY(SELECT v_ords[w] FROM unnest(v_taken.late) w);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_consents(voiceagent.consents[], timestamptz) IS
	E'Takes over what rows of a file say about the consents of the current tenant''s leads, found by their first '
	'numbers.\n'
	'at: the time of the import, and the granted_at of a row that names no time; a row with revoked_at ends consents, '
	'any other grants one. It returns row numbers from 1: withdrawn, the rows that ended a consent; late, the rows '
	'not recorded because consent was withdrawn since.';
