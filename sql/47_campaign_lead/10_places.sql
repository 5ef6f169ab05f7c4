-- 47_campaign_lead: which of a lead's numbers is dialled, and where it rings.

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

CREATE FUNCTION voiceagent_private.places_of(lead_ids bigint[], numbers smallint[])
	RETURNS voiceagent_private.dial_place[] LANGUAGE plpgsql STABLE
	SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN ARRAY(
	SELECT CASE WHEN d.found THEN
		ROW(i.lead_id, coalesce(i.number, 1::smallint), (CASE WHEN i.number > 1 THEN n.phone ELSE d.phone END)::text,
			coalesce(n.timezones, d.timezones),
			CASE WHEN n.number IS NULL THEN voiceagent_private.jurisdiction(d.country, d.region)
				ELSE voiceagent_private.jurisdiction(n.country, n.region) END,
			d.priority)::voiceagent_private.dial_place END
	FROM unnest(lead_ids, numbers) WITH ORDINALITY AS i(lead_id, number, place)
	LEFT JOIN LATERAL (SELECT true AS found, l.phone, l.timezones, l.country, l.region, l.priority
		FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = i.lead_id OFFSET 0) d ON true
	LEFT JOIN LATERAL (SELECT o.number, o.phone, o.timezones, o.country, o.region FROM voiceagent.lead_numbers o
		WHERE o.tenant_id = v_tenant AND o.lead_id = i.lead_id AND o.number = i.number
			AND i.number > 1 OFFSET 0) n ON true
	ORDER BY i.place);
END
$$;
COMMENT ON FUNCTION voiceagent_private.places_of(bigint[], smallint[]) IS
	E'dial_places() as an array in which element i is where numbers[i] of lead_ids[i] rings; '
	'NULL for an id of no lead.\n'
	'Beside the leads in one unnest() it spares a join, which would look at all of them for each.';

CREATE FUNCTION voiceagent_private.dial_places(lead_ids bigint[], numbers smallint[])
	RETURNS SETOF voiceagent_private.dial_place LANGUAGE sql STABLE AS $$
	SELECT d.* FROM unnest(voiceagent_private.places_of(lead_ids, numbers)) d WHERE d.lead_id IS NOT NULL
$$;
COMMENT ON FUNCTION voiceagent_private.dial_places(bigint[], smallint[]) IS
	E'Where numbers[i] of lead_ids[i] rings (current tenant''s; NULL: its first number).\n'
	'A number that the lead has no more has no phone, and the place of its first one: it is not the first, which '
	'may have proved wrong.';

CREATE FUNCTION voiceagent_private.no_number_reason(number smallint) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'the lead has no number ' || number::text;
COMMENT ON FUNCTION voiceagent_private.no_number_reason(smallint) IS
	'The reason in campaign_leads of a lead that was to be dialled by a number that it has no more, and has no other.';

CREATE FUNCTION voiceagent_private.number_reasons() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY['wrong number', voiceagent_private.no_number_reason(2::smallint),
		voiceagent_private.no_number_reason(3::smallint), voiceagent_private.no_number_reason(4::smallint),
			voiceagent_private.no_number_reason(5::smallint)];
COMMENT ON FUNCTION voiceagent_private.number_reasons() IS
	'The reasons in campaign_leads of leads that were skipped for want of a number of their own: '
	'another number mends that.';

CREATE FUNCTION voiceagent_private.zone_of_call(lead_id bigint, number smallint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN coalesce(
		(SELECT o.timezones[1] FROM voiceagent.lead_numbers o
			WHERE zone_of_call.number > 1 AND o.tenant_id = v_tenant AND o.lead_id = zone_of_call.lead_id
				AND o.number = zone_of_call.number),
		(SELECT l.timezones[1] FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND l.lead_id = zone_of_call.lead_id),
		(SELECT t.timezone FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant));
END
$$;
COMMENT ON FUNCTION voiceagent_private.zone_of_call(bigint, smallint) IS
	'The IANA zone by whose clock a time is meant that the current tenant''s lead said in a call by this one of its '
	'numbers: the number''s first, else the lead''s, else the tenant''s.';

-- A number that a carrier may not dial (its do-not-call list) is not a wrong number. The words may come after the
-- outcome was decided.
CREATE FUNCTION voiceagent_private.found_wrong(outcome text, cause text, structured_data jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN outcome = 'wrong_number' THEN coalesce(cause !~ '^do-not-call[[:>:]]', true)
		-- As parse_explicit_outcome() = 'wrong_number', without parsing an appointment's words: each dial asks this
		-- of all earlier calls.
		ELSE voiceagent_private.parse_yes(structured_data -> 'wrong_number')
			AND NOT voiceagent_private.parse_yes(structured_data -> 'do_not_call') END
$$;
COMMENT ON FUNCTION voiceagent_private.found_wrong(text, text, jsonb) IS
	'Whether an ended call, by its outcome, raw cause and what was said in it, found its number not to be the lead''s.';

CREATE FUNCTION voiceagent_private.found_wrong_last(tenant_id bigint, lead_id bigint, lawful boolean) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT coalesce((SELECT voiceagent_private.found_wrong(c.outcome, c.cause, c.structured_data)
		FROM voiceagent.calls c
		WHERE c.tenant_id = found_wrong_last.tenant_id
			AND c.lead_id BETWEEN found_wrong_last.lead_id AND found_wrong_last.lead_id
			AND c.direction <> 'inbound' AND c.lawful = found_wrong_last.lawful
			AND c.outcome NOT IN ('failed', 'canceled')
		ORDER BY c.lead_id DESC, c.call_id DESC LIMIT 1), false)
$$;
COMMENT ON FUNCTION voiceagent_private.found_wrong_last(bigint, bigint, boolean) IS
	E'Whether the lead''s newest call, of any campaign, found_wrong(); what was never connected is left out.\n'
	'lawful: calls under the law and rehearsals are distinguished.';

/*
 * The newest call to the number that says something about it decides, so a
 * second chance counts, too.  An unanswered call does not say whose number it
 * is, only that it exists.  The lead's calls are read newest first, in an
 * order that only one index has.
 */
CREATE FUNCTION voiceagent_private.proved_wrong(tenant_id bigint, campaign_id bigint, lead_id bigint, phone text,
	lawful boolean)
	RETURNS TABLE (call_id bigint) LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
	SELECT w.call_id
	FROM (SELECT c.call_id, c.campaign_id, c.cause_class, c.started_at FROM voiceagent.calls c
		WHERE c.tenant_id = proved_wrong.tenant_id AND c.lead_id BETWEEN proved_wrong.lead_id AND proved_wrong.lead_id
			AND c.direction <> 'inbound' AND c.phone = proved_wrong.phone AND c.lawful = proved_wrong.lawful
			AND c.outcome IS NOT NULL AND voiceagent_private.found_wrong(c.outcome, c.cause, c.structured_data)
		ORDER BY c.lead_id DESC, c.call_id DESC LIMIT 1) w
	WHERE NOT EXISTS (SELECT FROM voiceagent.calls n
			WHERE n.tenant_id = proved_wrong.tenant_id AND n.lead_id = proved_wrong.lead_id AND n.call_id > w.call_id
				AND n.direction <> 'inbound' AND n.phone = proved_wrong.phone AND n.lawful = proved_wrong.lawful
				AND n.outcome NOT IN ('failed', 'canceled', 'wrong_number')
				AND (w.cause_class = 'bad_number' OR n.outcome NOT IN ('no_answer', 'busy', 'voicemail')))
		AND NOT EXISTS (SELECT FROM voiceagent.campaigns g
			WHERE g.tenant_id = proved_wrong.tenant_id AND g.campaign_id = proved_wrong.campaign_id
				AND (g.type = 'test'
					OR w.started_at < g.created_at
					AND coalesce(g.launch #> '{request,outcomes}' ? 'wrong_number', false)
					OR EXISTS (SELECT FROM voiceagent.follow_ups f
						WHERE f.tenant_id = g.tenant_id AND f.campaign_id = w.campaign_id
						AND f.outcome = 'wrong_number' AND f.target_campaign_id = g.campaign_id)))
$$;
COMMENT ON FUNCTION voiceagent_private.proved_wrong(bigint, bigint, bigint, text, boolean) IS
	E'The call, of any campaign, that found this number not to be the lead''s, for which a campaign does not dial '
	'it; no row: it may be dialled.\n'
	'lawful: calls under the law and rehearsals are distinguished. Campaigns of test calls do not ask; nor does one '
	'that is to take such leads (by redial_campaign(), for calls before it; by set_follow_up(), for calls of the '
	'campaigns whose step it is).';

/*
 * Uses the checks for which the dial would drop a number for good: a lead is
 * not dropped while it has another number, and a lead that was moved on to
 * another number does not come back.  After a wrong number, numbers that have
 * never been tried come before numbers that rang unanswered.
 */
-- After a call that found a wrong number, a number that was never called comes before those that were. The campaign or
-- the law wants the consent; proved_wrong() says which numbers are wrong.
CREATE FUNCTION voiceagent_private.other_number(campaign_id bigint, lead_id bigint, number smallint) RETURNS smallint
	LANGUAGE plpgsql STABLE
	SET planner.policy = row_by_row_in_order AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_type text;
	v_lawful boolean;
	v_consent boolean;
	v_windows integer[];
	v_lifetime integer;
	v_checks text;
	v_wrong boolean;
BEGIN
	-- Nearly all leads have a single number.
	IF number = 1 AND NOT EXISTS (SELECT FROM voiceagent.lead_numbers o
		WHERE o.tenant_id = v_tenant AND o.lead_id = other_number.lead_id) THEN
		RETURN NULL;
	END IF;
	SELECT c.type, v.lawful, v.require_consent,
		CASE WHEN v.lawful THEN voiceagent_private.hours_windows(v.calling_hours) END,
		nullif((v.settings ->> 'number_calls_lifetime')::integer, 0), nullif(v.settings ->> 'number_checks', '')
	INTO v_type, v_lawful, v_consent, v_windows, v_lifetime, v_checks
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions v ON v.tenant_id = v_tenant AND v.campaign_id = c.campaign_id
		AND v.version = c.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = other_number.campaign_id;
	-- A test call rings the number that was registered, or none.
	IF v_type = 'test' THEN
		RETURN NULL;
	END IF;
	v_wrong := voiceagent_private.found_wrong_last(v_tenant, other_number.lead_id, v_lawful);
	RETURN (
		SELECT n.number
		FROM (SELECT 1::smallint AS number, l.phone::text AS phone, l.timezones,
			voiceagent_private.jurisdiction(l.country, l.region) AS region
				FROM voiceagent.leads l
				WHERE l.tenant_id = v_tenant AND l.lead_id = other_number.lead_id AND l.status <> 'do_not_call'
			UNION ALL
			SELECT o.number, o.phone::text, o.timezones, voiceagent_private.jurisdiction(o.country, o.region)
				FROM voiceagent.lead_numbers o
				JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = o.lead_id
					AND l.status <> 'do_not_call'
				WHERE o.tenant_id = v_tenant AND o.lead_id = other_number.lead_id) n
		-- Use the index that has the order, whatever the statistics say about the tenant's consents.
		CROSS JOIN LATERAL (
			SELECT CASE WHEN v_lawful THEN voiceagent_private.terms_of(n.region, v_now, n.timezones) END AS terms
				OFFSET 0) w
		CROSS JOIN LATERAL (SELECT coalesce((SELECT true FROM voiceagent.consents s
			WHERE s.tenant_id = v_tenant AND s.lead_id >= other_number.lead_id AND s.lead_id <= other_number.lead_id
				AND s.kind = 'call' AND s.phone = n.phone AND s.revoked_at IS NULL AND s.granted_at <= v_now
				AND coalesce(s.granted_at > v_now - voiceagent_private.consent_valid(w.terms), true)
			ORDER BY s.lead_id LIMIT 1), false) AS given OFFSET 0) s
		CROSS JOIN LATERAL (SELECT least(v_lifetime, (w.terms).calls_lifetime) AS lifetime OFFSET 0) r
		WHERE n.number <> other_number.number
			AND NOT EXISTS (SELECT FROM voiceagent_private.proved_wrong(v_tenant, other_number.campaign_id,
				other_number.lead_id, n.phone, v_lawful))
			AND NOT EXISTS (SELECT
				FROM voiceagent_private.may_ring(v_tenant, n.phone, 'dial', other_number.campaign_id, v_lawful) y
				WHERE y.layer <> 'national' OR NOT s.given)
			AND (s.given OR NOT (v_consent OR coalesce((w.terms).require_consent, false)))
			AND (r.lifetime IS NULL OR r.lifetime > (SELECT count(*) FROM voiceagent.calls c
				WHERE c.tenant_id = v_tenant AND c.phone = n.phone AND c.lawful = v_lawful AND c.counts
					AND c.started_at > '-infinity')
				+ coalesce((SELECT z.calls FROM voiceagent_private.removed_calls z
					WHERE z.tenant_id = v_tenant AND z.phone = n.phone AND z.lawful = v_lawful), 0))
			AND (v_checks IS NULL OR NOT EXISTS (SELECT
				FROM voiceagent_private.check_number(other_number.lead_id, n.phone, v_checks, v_now) k
				WHERE k.why IS NOT NULL AND k.waits IS NOT TRUE))
			AND (NOT v_lawful OR (SELECT u.opens_at < 'infinity'
				FROM voiceagent_private.window_under(true, n.region, n.timezones, v_windows, v_now) u))
		-- First the numbers above it in ascending order, then around to the first number.
		ORDER BY v_wrong AND EXISTS (SELECT FROM voiceagent.calls c
				WHERE c.tenant_id = v_tenant AND c.lead_id = other_number.lead_id AND c.phone = n.phone
					AND c.lawful = v_lawful
					AND c.direction <> 'inbound' AND c.outcome IS DISTINCT FROM 'canceled'),
			n.number < other_number.number, n.number LIMIT 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.other_number(bigint, bigint, smallint) IS
	E'Finds the lead''s number that a campaign dials after that one (0: first of all), the first after the last.\n'
	'It passes over numbers that proved wrong, that do-not-call forbids, that lack a consent that is wanted, that '
	'have had all their calls, fail number_checks for good, or that the law forbids to call within the campaign''s '
	'hours. NULL: there is no other, or the campaign makes test calls.';

CREATE FUNCTION voiceagent_private.tries_in_a_row(campaign_id bigint, lead_id bigint, number smallint) RETURNS bigint
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	WITH mine AS (
		-- Look up by lead: a campaign has far more calls, and the planner may not know that yet.
		SELECT c.call_id, c.number
		FROM (SELECT o.call_id, o.number, o.campaign_id, o.outcome, o.cause_class FROM voiceagent.calls o
			WHERE o.tenant_id = voiceagent.current_tenant() AND o.lead_id = tries_in_a_row.lead_id
				AND o.direction <> 'inbound' OFFSET 0 /* by the lead, see above */) c
		WHERE c.campaign_id = tries_in_a_row.campaign_id AND c.outcome IS DISTINCT FROM 'canceled'
			AND NOT voiceagent_private.is_no_try(c.cause_class)
	)
	SELECT count(*) FROM mine m
	WHERE m.number = tries_in_a_row.number
		AND m.call_id > coalesce((SELECT max(o.call_id) FROM mine o WHERE o.number <> tries_in_a_row.number), 0)
$$;
COMMENT ON FUNCTION voiceagent_private.tries_in_a_row(bigint, bigint, smallint) IS
	'How many of the campaign''s latest dials of a lead went to this number, one after the other; dials that no '
	'telephone heard of are left out.';

CREATE FUNCTION voiceagent_private.hangups(campaign_id bigint, lead_id bigint, call_id bigint) RETURNS bigint
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	-- Look up by lead, as tries_in_a_row().
	SELECT 1 + count(*) FROM (SELECT o.call_id, o.campaign_id, o.outcome FROM voiceagent.calls o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.lead_id = hangups.lead_id
			AND o.direction <> 'inbound' OFFSET 0 /* by the lead */) c
	WHERE c.campaign_id = hangups.campaign_id AND c.outcome = 'unfinished' AND c.call_id <> hangups.call_id
$$;
COMMENT ON FUNCTION voiceagent_private.hangups(bigint, bigint, bigint) IS
	'How many calls of a campaign a lead has answered and ended before they came to a result (unfinished): this one, '
	'whose outcome may not be written yet, and the others.';
