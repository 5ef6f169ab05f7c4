-- 45_campaign: which of a lead's numbers is dialled, and where it rings.

CREATE TYPE voiceagent_private.dial_place AS (
	lead_id bigint,
	number smallint,
	phone text,
	timezones text[],
	jurisdiction text,
	priority smallint
);
COMMENT ON TYPE voiceagent_private.dial_place IS
	'One of a lead''s numbers: where it rings (every zone, the jurisdiction), and the lead''s own priority.';

CREATE FUNCTION voiceagent_private.dial_places(lead_ids bigint[], numbers smallint[])
	RETURNS SETOF voiceagent_private.dial_place LANGUAGE plpgsql STABLE
	SET enable_seqscan = off SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN QUERY
	SELECT i.lead_id, coalesce(n.number, 1::smallint), coalesce(n.phone, d.phone)::text, coalesce(n.timezones, d.timezones),
		CASE WHEN n.number IS NULL THEN voiceagent_private.jurisdiction(d.country, d.region)
			ELSE voiceagent_private.jurisdiction(n.country, n.region) END,
		d.priority
	FROM unnest(lead_ids, numbers) AS i(lead_id, number)
	CROSS JOIN LATERAL (SELECT l.phone, l.timezones, l.country, l.region, l.priority FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = i.lead_id OFFSET 0) d
	LEFT JOIN LATERAL (SELECT o.number, o.phone, o.timezones, o.country, o.region FROM voiceagent.lead_numbers o
		WHERE o.tenant_id = v_tenant AND o.lead_id = i.lead_id AND o.number = i.number AND i.number > 1 OFFSET 0) n ON true
	WHERE i.lead_id IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.dial_places(bigint[], smallint[]) IS
	'Where numbers[i] of lead_ids[i] rings (acting tenant''s; NULL: its first number). A number that the lead has no more stands for its first one.';

CREATE FUNCTION voiceagent_private.other_number(lead_id bigint, number smallint) RETURNS smallint
	LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- Nearly all leads have one number.
	IF NOT EXISTS (SELECT FROM voiceagent.lead_numbers o WHERE o.tenant_id = v_tenant AND o.lead_id = other_number.lead_id) THEN
		RETURN NULL;
	END IF;
	RETURN (
		SELECT n.number
		FROM (SELECT 1::smallint AS number, l.phone FROM voiceagent.leads l
				WHERE l.tenant_id = v_tenant AND l.lead_id = other_number.lead_id
			UNION ALL
			SELECT o.number, o.phone FROM voiceagent.lead_numbers o
				WHERE o.tenant_id = v_tenant AND o.lead_id = other_number.lead_id) n
		WHERE n.number <> other_number.number
			AND NOT EXISTS (SELECT FROM voiceagent.calls c
				WHERE c.tenant_id = v_tenant AND c.lead_id = other_number.lead_id AND c.phone = n.phone AND c.outcome = 'wrong_number')
			AND NOT EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = v_tenant AND d.phone = n.phone)
		-- Those above it, from below; then around to the first.
		ORDER BY n.number < other_number.number, n.number LIMIT 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.other_number(bigint, smallint) IS
	'The lead''s number to dial after that one, the first after the last; passed over are numbers that proved wrong in any call to the lead, and listed ones. NULL: there is no other.';

CREATE FUNCTION voiceagent_private.tries_in_a_row(campaign_id bigint, lead_id bigint, number smallint) RETURNS bigint
	LANGUAGE sql STABLE SET enable_seqscan = off AS $$
	WITH mine AS (
		SELECT c.call_id, c.number FROM voiceagent.calls c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.lead_id = tries_in_a_row.lead_id
			AND c.campaign_id = tries_in_a_row.campaign_id AND c.outcome IS DISTINCT FROM 'canceled'
			AND c.cause_class IS DISTINCT FROM 'account'
	)
	SELECT count(*) FROM mine m
	WHERE m.number = tries_in_a_row.number
		AND m.call_id > coalesce((SELECT max(o.call_id) FROM mine o WHERE o.number <> tries_in_a_row.number), 0)
$$;
COMMENT ON FUNCTION voiceagent_private.tries_in_a_row(bigint, bigint, smallint) IS
	'How many of the campaign''s latest dials of a lead went to this number, one after the other; dials that no telephone heard of are left out.';
