/*
 * 65_outcome: a quota of tries over days and parts of the day.  A try belongs
 * to the date and the part of the day on the clock of every zone in which the
 * lead may be; days without a try are not counted.
 */

CREATE FUNCTION voiceagent_private.next_part(parts jsonb, timezones text[], tries timestamptz[], earliest timestamptz)
	RETURNS timestamptz LANGUAGE sql STABLE AS $$
	WITH part AS MATERIALIZED (
		SELECT p.ord, voiceagent_private.day_minute(p.span ->> 0) AS opens,
			voiceagent_private.day_minute(p.span ->> 1) AS closes
		FROM jsonb_array_elements(parts -> 'parts') WITH ORDINALITY AS p(span, ord)
	), zone AS MATERIALIZED (
		SELECT DISTINCT z.name FROM unnest(timezones) AS z(name)
	), tried AS MATERIALIZED (
		SELECT x.name, x.day, (SELECT p.ord FROM part p WHERE p.opens <= x.minute AND x.minute < p.closes) AS ord
		FROM (SELECT z.name, (t.at AT TIME ZONE z.name)::date AS day,
				extract(hour FROM t.at AT TIME ZONE z.name) * 60
					+ extract(minute FROM t.at AT TIME ZONE z.name) AS minute
			FROM zone z CROSS JOIN unnest(tries) AS t(at)) x
	), candidate AS (
		-- In all zones at once: the part of that date begins where it begins last, and ends where it ends first.
		SELECT d.day, p.ord, max((d.day + p.opens * interval '1 minute') AT TIME ZONE z.name) AS opens,
			min((d.day + p.closes * interval '1 minute') AT TIME ZONE z.name) AS closes
		FROM (SELECT (earliest AT TIME ZONE timezones[1])::date + i AS day FROM generate_series(-1, 14) i) d,
			part p, zone z
		GROUP BY d.day, p.ord
	)
	SELECT min(greatest(c.opens, earliest)) FROM candidate c
	WHERE greatest(c.opens, earliest) < c.closes
		AND NOT EXISTS (SELECT FROM zone z
			WHERE (SELECT count(*) FROM tried t
				WHERE t.name = z.name AND t.day = c.day AND t.ord = c.ord) >= (parts ->> 'tries_per_part')::integer
				OR (SELECT count(DISTINCT t.day) FROM tried t
					WHERE t.name = z.name AND t.day <> c.day) >= (parts ->> 'days')::integer)
$$;
COMMENT ON FUNCTION voiceagent_private.next_part(jsonb, text[], timestamptz[], timestamptz) IS
	'The first instant from the earliest on that lies in one part of one date in all of the zones, where the quota '
	'(days, tries_per_part) has a try left after these tries; NULL: none within 14 days, the quota is used.';

CREATE FUNCTION voiceagent_private.tries_of_lead(campaign_id bigint, lead_id bigint) RETURNS timestamptz[]
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT coalesce(array_agg(c.started_at ORDER BY c.call_id), '{}') FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.lead_id = tries_of_lead.lead_id
		AND c.campaign_id = tries_of_lead.campaign_id AND c.outcome IS DISTINCT FROM 'canceled'
		AND NOT voiceagent_private.is_no_try(c.cause_class)
$$;
COMMENT ON FUNCTION voiceagent_private.tries_of_lead(bigint, bigint) IS
	'When a lead was dialled in a campaign (current tenant''s); dials that no telephone heard of are left out.';

CREATE FUNCTION voiceagent_private.part_time(campaign_id bigint, lead_id bigint, number smallint, parts jsonb,
	earliest timestamptz)
	RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_zones text[] := (SELECT d.timezones FROM voiceagent_private.dial_places(ARRAY[lead_id], ARRAY[number]) d);
BEGIN
	IF cardinality(v_zones) = 0 THEN
		-- The time there is unknown.
		RETURN earliest;
	END IF;
	RETURN voiceagent_private.next_part(parts, v_zones,
		voiceagent_private.tries_of_lead(campaign_id, lead_id), earliest);
END
$$;
COMMENT ON FUNCTION voiceagent_private.part_time(bigint, bigint, smallint, jsonb, timestamptz) IS
	'When a lead is dialled again by that number under a quota of day parts, from the earliest time on; '
	'NULL: the quota is used.';

CREATE FUNCTION voiceagent_private.describe_day_parts(campaign_id bigint, lead_id bigint, parts jsonb) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT format('Dials are spread over %s day parts (%s) of %s days: %s of %s tries are used.',
		jsonb_array_length(parts -> 'parts'),
		(SELECT string_agg(format('%s-%s', p ->> 0, p ->> 1), ', ') FROM jsonb_array_elements(parts -> 'parts') p),
		parts ->> 'days', cardinality(voiceagent_private.tries_of_lead(campaign_id, lead_id)),
		jsonb_array_length(parts -> 'parts') * (parts ->> 'days')::integer * (parts ->> 'tries_per_part')::integer)
$$;
COMMENT ON FUNCTION voiceagent_private.describe_day_parts(bigint, bigint, jsonb) IS
	'The quota of day parts and what a lead has used of it, for explain_lead().';
