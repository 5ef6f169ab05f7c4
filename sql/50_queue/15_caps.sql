/*
 * 50_queue: how often a number may be called, and how soon again.  A dial
 * counts from the moment it is committed, whatever came of it, unless it
 * certainly never rang (calls.counts).  Rehearsals count among themselves
 * (calls.lawful).
 */

CREATE TYPE voiceagent_private.cap_state AS (
	allows_at timestamptz,
	dials_day integer,
	dials_24h integer,
	dials_lifetime integer
);
COMMENT ON TYPE voiceagent_private.cap_state IS
	'When the caps of a number allow its next call (infinity: never), and how many dials count for each of them now.';

CREATE FUNCTION voiceagent_private.next_local_day(zone text, at timestamptz) RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE
	-- A midnight that occurs twice counts at its first occurrence; one that the clocks skip counts at the skip.
	RETURN (SELECT min(m.midnight - f.earlier)
		FROM (SELECT ((at AT TIME ZONE zone)::date + 1)::timestamp AT TIME ZONE zone AS midnight) m
		CROSS JOIN (VALUES (interval '0'), (interval '30 minutes'), (interval '1 hour')) AS f(earlier)
		WHERE m.midnight - f.earlier > at
			AND ((m.midnight - f.earlier) AT TIME ZONE zone)::date > (at AT TIME ZONE zone)::date);
COMMENT ON FUNCTION voiceagent_private.next_local_day(text, timestamptz) IS
	'The first instant after `at` whose date, by the clock of that zone, is a later one.';

CREATE FUNCTION voiceagent_private.check_caps(dials timestamptz[], timezones text[], per_day integer, per_24h integer,
		lifetime integer, earlier integer, at timestamptz) RETURNS voiceagent_private.cap_state
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_state voiceagent_private.cap_state;
	v_day integer;
	v_zone text;
	v_due timestamptz[];
BEGIN
	v_state.allows_at := at;
	v_state.dials_lifetime := coalesce(cardinality(dials), 0) + coalesce(earlier, 0);
	IF coalesce(cardinality(dials), 0) = 0 THEN
		v_state.dials_day := 0;
		v_state.dials_24h := 0;
		IF v_state.dials_lifetime >= lifetime THEN
			v_state.allows_at := 'infinity';
		END IF;
		RETURN v_state;
	END IF;
	-- Newest first. After the clock was set back, no dial counts as later than now.
	v_due := ARRAY(SELECT least(d, at) FROM unnest(dials) d ORDER BY d DESC);
	v_state.dials_24h := (SELECT count(*) FROM unnest(v_due) d WHERE d > at - interval '24 hours');
	IF v_state.dials_24h >= per_24h THEN
		v_state.allows_at := v_due[per_24h] + interval '24 hours';
	END IF;
	IF cardinality(timezones) = 0 THEN
		v_state.dials_day := v_state.dials_24h;
		IF v_state.dials_day >= per_day THEN
			v_state.allows_at := greatest(v_state.allows_at, v_due[per_day] + interval '24 hours');
		END IF;
	ELSE
		-- Each of the zones must allow it.
		FOREACH v_zone IN ARRAY timezones LOOP
			v_day := (SELECT count(*) FROM unnest(v_due) d
					WHERE (d AT TIME ZONE v_zone)::date = (at AT TIME ZONE v_zone)::date);
			v_state.dials_day := greatest(v_state.dials_day, v_day);
			IF v_day >= per_day THEN
				v_state.allows_at := greatest(v_state.allows_at, voiceagent_private.next_local_day(v_zone, at));
			END IF;
		END LOOP;
	END IF;
	IF v_state.dials_lifetime >= lifetime THEN
		v_state.allows_at := 'infinity';
	END IF;
	RETURN v_state;
END
$$;
COMMENT
	ON FUNCTION voiceagent_private.check_caps(timestamptz[], text[], integer, integer, integer, integer, timestamptz) IS
	E'The verdict of a number''s caps (calls a local day, in 24 hours, ever; NULL: none) at an instant after these '
	'dials, of which at least as many as the greatest cap are given, the newest; earlier: calls that are removed '
	'by now (NULL: none).\n'
	'A day is that of every zone in which the person may be; without a zone it is the last 24 hours.';

CREATE TYPE voiceagent_private.call_window_state AS (
	allows_at timestamptz,
	said text,
	refusal boolean
);
COMMENT ON TYPE voiceagent_private.call_window_state IS
	'When the law''s call_windows allow a number its next call, how many it has had in each, in words, and whether it '
	'rests after a refusal.';

-- Few places have such a rule: others never come here.
CREATE FUNCTION voiceagent_private.check_call_windows(tenant bigint, phone text, lawful boolean, windows integer[],
	at timestamptz) RETURNS voiceagent_private.call_window_state
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT max(CASE WHEN n.calls >= greatest(w.most, 1) THEN n.first + w.length ELSE at END),
		string_agg(format(CASE WHEN w.most > 0 THEN '%1$s of %2$s calls in %3$s' WHEN n.first + w.length > at
			THEN 'a refusal in %3$s' ELSE 'no refusal in %3$s' END, n.calls, w.most,
			CASE WHEN w.length >= interval '72 hours' THEN extract(day FROM justify_hours(w.length)) || ' days'
			ELSE extract(epoch FROM w.length)::integer / 3600 || ' hours' END), ', ' ORDER BY w.length, w.most),
		bool_or(w.most = 0 AND n.first + w.length > at)
	FROM (SELECT windows[2 * i - 1] AS most, make_interval(hours => windows[2 * i]) AS length
		FROM generate_series(1, cardinality(windows) / 2) i) w
	-- The newest ones, as many as the rule allows: when the first of them leaves the window, the next call may come.
	CROSS JOIN LATERAL (SELECT count(*)::integer AS calls, min(c.started_at) AS first
		-- A rest begins at the end of the call in which the person refused.
		FROM (SELECT least(CASE w.most WHEN 0 THEN coalesce(k.ended_at, k.started_at) ELSE k.started_at END, at)
				AS started_at FROM voiceagent.calls k
			WHERE k.tenant_id = tenant AND k.phone = check_call_windows.phone
				AND k.lawful = check_call_windows.lawful AND k.counts
				AND k.started_at > at - w.length - CASE w.most WHEN 0 THEN interval '12 hours' ELSE interval '0' END
				AND (w.most > 0 OR k.outcome = 'not_interested')
			ORDER BY k.started_at DESC LIMIT greatest(w.most, 1)) c) n
$$;
COMMENT ON FUNCTION voiceagent_private.check_call_windows(bigint, text, boolean, integer[], timestamptz) IS
	'Checks call_windows (pairs of calls and hours; 0 calls: a rest after a refusal) for a number at an instant.';

-- These functions are inlined into the caller's query, so that they add no statement.
CREATE FUNCTION voiceagent_private.calls_from_lead(tenant bigint, lead bigint, phone text, since timestamptz,
	at timestamptz)
	RETURNS TABLE (live boolean, heard_at timestamptz) LANGUAGE sql STABLE AS $$
	-- A call whose end was never reported counts from its beginning, once it can no longer be live.
	SELECT i.live, CASE WHEN i.live THEN at ELSE least(coalesce(i.ended_at, i.started_at), at) END
	FROM (SELECT calls_from_lead.phone AS phone UNION ALL
		SELECT o.phone::text FROM voiceagent.lead_numbers o WHERE o.tenant_id = tenant AND o.lead_id = lead) n
	-- The newest one that says something, by the index that has the order (not the index on e164).
	CROSS JOIN LATERAL (SELECT c.started_at, c.ended_at, l.live FROM voiceagent.call_inbound c
		CROSS JOIN LATERAL (SELECT c.ended_at IS NULL
			AND c.started_at > at - voiceagent_private.longest_incoming() AS live) l
		WHERE c.tenant_id = tenant AND c.from_number = n.phone COLLATE "default" AND c.started_at > since
			-- As in the predicate of call_inbound_heard: untaken calls, however many, are not read.
			AND (c.ended_at IS NULL OR c.answered) AND (l.live OR c.answered)
		ORDER BY c.started_at DESC LIMIT 1) i
$$;
COMMENT ON FUNCTION voiceagent_private.calls_from_lead(bigint, bigint, text, timestamptz, timestamptz) IS
	'The newest of the calls to the tenant''s numbers that began after an instant (since), from each number of a '
	'lead (phone: its first) that is live at another one (at), or was answered; heard_at: until when, as far as is '
	'known at that instant, the person was on the line (the call''s start where its end is not reported).';

-- A promised callback does not wait for these rests: the caller of this function makes that exception.
CREATE FUNCTION voiceagent_private.number_cooldowns(tenant bigint, campaign bigint, lead bigint, first_phone text,
	phone text, lawful boolean, number_cooldown interval, incoming_rest interval, at timestamptz)
	RETURNS TABLE (calls_us boolean, called_until timestamptz, paused_until timestamptz) LANGUAGE sql STABLE AS $$
	SELECT i.calls_us, i.heard_at + incoming_rest,
		-- Counted from its end; a live call has none and counts from that instant: LEAST() ignores NULL.
		(SELECT least(k.ended_at, at) FROM voiceagent.calls k
		WHERE k.tenant_id = tenant AND k.phone = number_cooldowns.phone AND k.lawful = number_cooldowns.lawful
			AND k.counts
			-- A call is never longer than 12 hours (max_call_duration).
			AND number_cooldown > interval '0' AND k.started_at > at - number_cooldown - interval '12 hours'
			-- The campaign's own calls follow its retry delays.
			AND (k.campaign_id, k.lead_id) IS DISTINCT FROM (campaign, lead)
			AND NOT EXISTS (SELECT FROM voiceagent.follow_ups f
				WHERE f.tenant_id = tenant AND f.campaign_id = k.campaign_id
				AND f.outcome = k.outcome AND f.target_campaign_id = campaign)
		ORDER BY k.started_at DESC LIMIT 1) + number_cooldown
	FROM (SELECT coalesce(bool_or(c.live), false) AS calls_us, max(c.heard_at) AS heard_at
		FROM voiceagent_private.calls_from_lead(tenant, lead, first_phone,
			at - coalesce(incoming_rest, interval '0') - voiceagent_private.longest_incoming(), at) c) i
$$;
COMMENT ON FUNCTION voiceagent_private.number_cooldowns(bigint, bigint, bigint, text, text, boolean, interval, interval,
	timestamptz) IS
	E'Whether a lead (first_phone: its first number) is calling us at an instant, and how long it and the number to '
	'dial rest.\n'
	'called_until: the lead rests after a call of its own that was answered (incoming_rest). paused_until: the number '
	'rests after a call of another campaign or for another lead (number_cooldown), but not before its own follow-up; '
	'NULL: no such call or rest.';
