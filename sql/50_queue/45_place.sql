-- 50_queue: the two ends of a claim: how many calls each campaign may start, and the rows of those that start.

CREATE FUNCTION voiceagent_private.put_off_dials(campaign_ids bigint[], until timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_rows tid[] := ARRAY(SELECT p.ctid FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = ANY (campaign_ids) FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
	UPDATE voiceagent_private.pacing p SET next_dial_at = greatest(p.next_dial_at, until)
	WHERE p.tenant_id = v_tenant AND p.ctid = ANY (v_rows);
END
$$;
COMMENT ON FUNCTION voiceagent_private.put_off_dials(bigint[], timestamptz) IS
	'For a claim that has these campaigns: none of them dials before that time; but for those that somebody fills, whose commit wakes the dialer anyway.';

CREATE FUNCTION voiceagent_private.hold_back(campaign_id bigint, reason text, at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = hold_back.campaign_id FOR NO KEY UPDATE SKIP LOCKED;
	IF FOUND THEN
		PERFORM voiceagent_private.suspend_campaign(hold_back.campaign_id, reason);
	ELSE
		PERFORM voiceagent_private.put_off_dials(ARRAY[hold_back.campaign_id], at + interval '20 milliseconds');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hold_back(bigint, text, timestamptz) IS
	'suspend_campaign() for a claim, which has the ledger and must not wait for a campaign: it tries again a little later when somebody else has it.';

CREATE FUNCTION voiceagent_private.hold_back_poor(turns voiceagent_private.claim_turn[], at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_credits numeric := voiceagent_private.lock_available();
	v_t voiceagent_private.claim_turn;
BEGIN
	-- Whoever adds credits holds this lock and then resumes: it sees our suspension, or we its credits.
	FOREACH v_t IN ARRAY turns LOOP
		IF v_t.hold > v_credits THEN
			PERFORM voiceagent_private.hold_back(v_t.campaign_id, 'out of credits', at);
		ELSE
			PERFORM voiceagent_private.put_off_dials(ARRAY[v_t.campaign_id], at + interval '20 milliseconds');
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hold_back_poor(voiceagent_private.claim_turn[], timestamptz) IS
	'For the end of a claim: takes the ledger''s lock, and holds back those of these campaigns that cannot afford one call; the others are tried again at once.';

CREATE FUNCTION voiceagent_private.plan_claim(max_calls integer, real_carriers boolean, settings voiceagent_private.dial_settings, at timestamptz)
	RETURNS voiceagent_private.claim_turn[] LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- A driven clock never reaches a real telephone; a simulation has none.
	v_real boolean := real_carriers AND (voiceagent_private.simulating() OR coalesce(current_setting('voiceagent.clock_offset', true), '0') IN ('0', '0s'));
	v_caps integer;
	v_room integer;
	v_left integer;
	v_i integer;
	v_ids bigint[];
	v_due bigint[];
	v_shared bigint[] := '{}';
	v_credits numeric;
	v_c record;
	v_t voiceagent_private.claim_turn;
	v_turns voiceagent_private.claim_turn[] := '{}';
	v_result voiceagent_private.claim_turn[] := '{}';
	v_accounts voiceagent_private.account_turn[];
	v_able voiceagent_private.account_turn[];
	v_account voiceagent_private.account_turn;
	v_choice record;
	v_rooms record;
	v_live_campaigns bigint[];
	v_live_accounts bigint[];
	v_live integer[];
	v_live_calls bigint;
	-- What the cap of the tenant's day allows all campaigns together.
	v_tenant_spend numeric;
	v_spend numeric;
	-- Shorter intervals (the scaled sandbox) may catch up on what would have fit; longer ones are kept dial by dial.
	c_burst CONSTANT interval := interval '100 milliseconds';
	c_backlog CONSTANT interval := interval '1 second';
	v_poor voiceagent_private.claim_turn[] := '{}';
BEGIN
	v_ids := ARRAY(SELECT DISTINCT n.campaign_id FROM voiceagent_private.lanes n
		WHERE n.tenant_id = v_tenant AND n.running AND greatest(n.next_due, n.opens_at) <= at AND n.closes_at > at);
	IF cardinality(v_ids) = 0 THEN
		RETURN '{}';
	END IF;

	-- The platform's cap: nobody else counts while we do, unless it is too far away to matter.
	v_room := voiceagent_private.platform_room(settings.platform_limit, 16 * 1000);
	IF v_room < 16 * 1000 AND NOT voiceagent_private.simulating() THEN
		PERFORM FROM voiceagent_private.claim_turns c WHERE c.tenant_id = 0 FOR UPDATE;
		IF NOT FOUND THEN
			INSERT INTO voiceagent_private.claim_turns (tenant_id) VALUES (0) ON CONFLICT DO NOTHING;
			PERFORM FROM voiceagent_private.claim_turns c WHERE c.tenant_id = 0 FOR UPDATE;
		END IF;
		v_room := voiceagent_private.platform_room(settings.platform_limit, 16 * 1000);
	END IF;
	-- The tenant's live calls are counted once, by what has a cap.
	SELECT array_agg(l.campaign_id), array_agg(l.provider_account_id), array_agg(l.live), coalesce(sum(l.live), 0)
	INTO v_live_campaigns, v_live_accounts, v_live, v_live_calls
	FROM (SELECT l.campaign_id, l.provider_account_id, count(*)::integer AS live FROM voiceagent_private.live_calls l
		  WHERE l.tenant_id = v_tenant GROUP BY l.campaign_id, l.provider_account_id) l;
	v_caps := least(v_room, settings.tenant_limit - v_live_calls)::integer;
	v_room := least(max_calls, v_caps);
	IF v_room <= 0 THEN
		RETURN '{}';
	END IF;

	v_due := v_ids;
	v_ids := ARRAY(SELECT p.campaign_id FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = ANY (v_due) AND p.next_dial_at <= at
		  AND coalesce(p.expires_at > at, true)
		ORDER BY p.campaign_id FOR NO KEY UPDATE SKIP LOCKED);
	-- Who fills a campaign, lead by lead perhaps and all day long, does not keep it from dialling; but its row is then not ours
	-- to change, so that it dials only if there is no reason to.
	IF cardinality(v_ids) < cardinality(v_due) THEN
		v_shared := ARRAY(SELECT p.campaign_id FROM voiceagent_private.pacing p
			WHERE p.tenant_id = v_tenant AND p.campaign_id = ANY (v_due) AND p.campaign_id <> ALL (v_ids) AND p.next_dial_at <= at
			  AND coalesce(p.expires_at > at, true)
			ORDER BY p.campaign_id FOR KEY SHARE SKIP LOCKED);
		v_ids := v_ids || v_shared;
	END IF;
	-- Whoever pauses, stops or changes a campaign locks its pacing row first: it has committed, or waits for us.
	v_credits := coalesce((SELECT b.available FROM voiceagent.ledgers b WHERE b.tenant_id = v_tenant), 0);
	v_accounts := voiceagent_private.account_turns(v_ids, v_real, v_live_accounts, v_live, settings.inbound_reserve, at);
	FOR v_c IN
		SELECT c.campaign_id, c.version, c.assistant_id, w.assistant_version, w.max_concurrent_calls,
			   w.retry_attempts, w.require_consent, w.lawful, w.call_interval, w.retry_delay, w.ring_timeout + w.max_call_duration AS longest,
			   voiceagent_private.hold_amount(w.max_call_duration, at) AS hold,
			   c.provider_account_id || ARRAY(SELECT b.provider_account_id FROM voiceagent.campaign_accounts b
				WHERE b.tenant_id = v_tenant AND b.campaign_id = c.campaign_id ORDER BY b.position) AS accounts,
			   p.next_dial_at, p.suspended, c.campaign_id = ANY (v_shared) AS shared,
			   nullif((w.settings ->> 'number_calls_per_day')::integer, 0) AS cap_day,
			   nullif((w.settings ->> 'number_calls_per_24h')::integer, 0) AS cap_24h,
			   nullif((w.settings ->> 'number_calls_lifetime')::integer, 0) AS cap_lifetime,
			   btrim(translate(coalesce(w.settings ->> 'caller_name', ''), '{}', '')) <> '' AS named,
			   EXISTS (SELECT FROM voiceagent.campaign_numbers m WHERE m.tenant_id = v_tenant AND m.campaign_id = c.campaign_id) AS has_pool,
			   coalesce((w.settings ->> 'caller_id_calls_per_day')::integer, 0) AS caller_cap,
			   coalesce((w.settings ->> 'spend_cap_per_day')::numeric, 0) > 0 OR coalesce((w.settings ->> 'spend_cap')::numeric, 0) > 0
				OR coalesce((w.settings ->> 'tenant_spend_cap_per_day')::numeric, 0) > 0 AS spends_within,
			   coalesce(c.status_reason = 'out of credits' OR c.status_reason LIKE 'spend cap%', false) AS excused,
			   coalesce((SELECT sum(l.live) FROM unnest(v_live_campaigns, v_live) AS l(id, live) WHERE l.id = c.campaign_id), 0) AS live
		FROM voiceagent.campaigns c
		JOIN voiceagent.campaign_versions w
		  ON w.tenant_id = v_tenant AND w.campaign_id = c.campaign_id AND w.version = c.version
		JOIN voiceagent_private.pacing p ON p.tenant_id = v_tenant AND p.campaign_id = c.campaign_id
		WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (v_ids) AND c.status = 'running'
		ORDER BY c.campaign_id
	LOOP
		CONTINUE WHEN v_c.shared AND (v_c.call_interval > interval '0' OR v_c.hold > v_credits OR v_c.suspended LIKE 'spend cap%');
		v_able := voiceagent_private.accounts_of_turn(v_accounts, v_c.accounts, v_c.campaign_id, v_c.has_pool, v_c.caller_cap, at);
		v_choice := voiceagent_private.choose_account(v_able, v_c.accounts);
		IF v_choice.place IS NULL THEN
			CONTINUE WHEN v_c.shared;
			UPDATE voiceagent_private.pacing p SET next_dial_at = v_choice.free_at
			WHERE v_choice.free_at IS NOT NULL AND p.tenant_id = v_tenant AND p.campaign_id = v_c.campaign_id;
			CONTINUE;
		END IF;
		v_account := v_able[v_choice.place];
		IF v_c.hold > v_credits THEN
			-- To be certain takes the ledger's lock, and that comes last: hold_back_poor() does it at the claim's end.
			v_t.campaign_id := v_c.campaign_id;
			v_t.hold := v_c.hold;
			v_t.budget := 0;
			v_poor := v_poor || v_t;
			CONTINUE;
		END IF;
		v_spend := NULL;
		IF v_c.spends_within THEN
			v_rooms := voiceagent_private.spend_rooms(v_c.campaign_id, at);
			v_spend := least(v_rooms.campaign_day, v_rooms.campaign_total, v_rooms.tenant_day);
			v_tenant_spend := v_rooms.tenant_day;
		END IF;
		IF v_c.hold > v_spend THEN
			CONTINUE WHEN v_c.shared;
			PERFORM voiceagent_private.cap_campaign(v_c.campaign_id, v_c.hold, at);
			CONTINUE;
		END IF;
		IF v_c.suspended LIKE 'spend cap%' THEN
			UPDATE voiceagent_private.pacing p SET suspended = NULL WHERE p.tenant_id = v_tenant AND p.campaign_id = v_c.campaign_id;
		END IF;
		v_t := ROW(v_c.campaign_id, v_c.version, v_c.assistant_id, v_c.assistant_version, v_account.provider_account_id,
				   v_account.provider, v_c.retry_attempts + 1, v_c.require_consent, v_c.call_interval,
				   voiceagent_private.carrier_time(v_account.provider, v_c.longest, settings.time_scale, interval '0')
				   + voiceagent_private.carrier_time(v_account.provider, settings.lease_grace, settings.time_scale, interval '5 seconds'),
				   v_c.retry_delay, v_c.hold, v_c.live, 0, 0, NULL, v_c.lawful, v_c.cap_day, v_c.cap_24h,
				   v_c.cap_lifetime, v_c.named, v_account.pace, v_account.paced_from, v_account.pooled, v_c.caller_cap,
				   v_c.excused, NULL, NULL, NULL);
		IF NOT v_account.pooled THEN
			v_t.own_number := v_account.own_number;
			v_t.from_number := v_account.from_number;
			v_t.from_number_id := v_account.from_number_id;
		END IF;
		v_t.room := least(v_c.max_concurrent_calls - v_c.live, v_account.spare, v_caps);
		v_t.budget := least(v_t.room, v_room, v_account.room);
		IF v_c.hold > 0 THEN
			v_t.budget := least(v_t.budget, floor(least(v_credits, v_spend) / v_c.hold));
		END IF;
		IF v_c.call_interval >= c_burst THEN
			v_t.budget := least(v_t.budget, 1);
			v_t.paced_from := at;
		ELSIF v_c.call_interval > interval '0' THEN
			v_t.paced_from := CASE WHEN isfinite(v_c.next_dial_at) THEN greatest(v_c.next_dial_at, at - c_backlog) ELSE at END;
			v_t.budget := least(v_t.budget, 1 + floor(extract(epoch FROM at - v_t.paced_from)
													  / extract(epoch FROM v_c.call_interval))::integer);
		END IF;
		IF v_t.pooled THEN
			v_t.budget := least(v_t.budget, v_account.callers);
		END IF;
		IF v_t.budget > 0 THEN
			v_turns := v_turns || v_t;
		END IF;
	END LOOP;

	-- Equal shares; what a small campaign does not need goes to the larger ones.  What is too little for all goes to who has
	-- the fewest calls, and among those to each in turn: by the clock, which needs no row to remember whose turn it was.
	v_left := cardinality(v_turns);
	IF v_left <= 1 THEN
		RETURN v_turns || v_poor;
	END IF;
	FOR v_t IN SELECT (v_turns[i]).* FROM generate_subscripts(v_turns, 1) AS i
		ORDER BY v_turns[i].budget, v_turns[i].live, (i + floor(extract(epoch FROM at) * 1000)::bigint) % v_left LOOP
		v_i := (SELECT i.i FROM generate_subscripts(v_accounts, 1) AS i(i) WHERE v_accounts[i.i].provider_account_id = v_t.provider_account_id);
		v_account := v_accounts[v_i];
		v_t.budget := least(v_t.budget, ceil(v_room::numeric / v_left)::integer, v_account.room,
							CASE WHEN v_t.hold > 0 THEN floor(v_tenant_spend / v_t.hold)::integer END);
		v_left := v_left - 1;
		IF v_t.budget > 0 THEN
			v_tenant_spend := v_tenant_spend - v_t.budget * v_t.hold;
			v_room := v_room - v_t.budget;
			v_account.room := v_account.room - v_t.budget;
			v_accounts[v_i] := v_account;
			v_result := v_result || v_t;
		END IF;
	END LOOP;
	RETURN v_result || v_poor;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_claim(integer, boolean, voiceagent_private.dial_settings, timestamptz) IS
	'Locks the acting tenant''s campaigns that may dial now and gives each its budget: the lowest of the caps of campaign, account, tenant and platform less the live calls, pace, credits, and a fair share of max_calls. Campaigns that seem to lack credits come with a budget of 0, for hold_back_poor(); those of which no account may dial wait until time lets one. A campaign dials through the first account of its list that may, and has a number to call with.';

CREATE FUNCTION voiceagent_private.merge_variables(context jsonb, phone text, first_name text, last_name text, email text, company text,
		country text, region text) RETURNS jsonb
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_merge_variables';
COMMENT ON FUNCTION voiceagent_private.merge_variables(jsonb, text, text, text, text, text, text, text) IS
	'The context of a lead with its own fields, as far as they are not NULL, and its whole name; they win over what the context calls the same.';

CREATE FUNCTION voiceagent_private.lead_variables(lead voiceagent.leads) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN voiceagent_private.merge_variables((lead).context, (lead).phone, (lead).first_name, (lead).last_name, (lead).email,
		(lead).company, (lead).country, (lead).region);
COMMENT ON FUNCTION voiceagent_private.lead_variables(voiceagent.leads) IS
	'What a prompt''s {{variables}} stand for with this lead: every other column of its file, and the lead''s own fields.';

CREATE FUNCTION voiceagent_private.leave_queue(picks voiceagent_private.queue_pick[], at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	SET enable_indexscan = off SET enable_indexonlyscan = off SET enable_material = off
	SET plan_cache_mode = force_generic_plan SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_queue tid[];
	v_leads tid[];
	v_members tid[];
BEGIN
	SELECT array_agg(p.queue_row), array_agg(p.lead_row), array_agg(p.member_row) INTO v_queue, v_leads, v_members FROM unnest(picks) p;
	DELETE FROM voiceagent_private.call_queue q WHERE q.tenant_id = v_tenant AND q.ctid = ANY (v_queue);
	UPDATE voiceagent.campaign_leads c SET status = 'calling', reason = NULL, attempts = c.attempts + 1
	WHERE c.tenant_id = v_tenant AND c.ctid = ANY (v_members);
	UPDATE voiceagent.leads l SET status = 'contacted', last_contacted_at = at, call_attempts = l.call_attempts + 1
	WHERE l.tenant_id = v_tenant AND l.ctid = ANY (v_leads);
END
$$;
COMMENT ON FUNCTION voiceagent_private.leave_queue(voiceagent_private.queue_pick[], timestamptz) IS
	'Takes leads that are dialled out of the queue and notes the dial. Their rows are locked, so they lie where they were found.';

CREATE FUNCTION voiceagent_private.place_calls(picks voiceagent_private.queue_pick[], calls bigint[], holds bigint[],
		turns voiceagent_private.claim_turn[], settings voiceagent_private.dial_settings, at timestamptz) RETURNS SETOF voiceagent_private.claimed_call
	LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = on SET enable_mergejoin = off
	SET enable_material = off SET plan_cache_mode = force_generic_plan
	SET jit = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_send_lease interval := settings.send_lease;
	v_time_scale numeric := settings.time_scale;
	v_calls bigint[] := calls;
	v_holds bigint[] := holds;
BEGIN
	/*
	 * The leads, which are locked, are read where they lie: before leave_queue() moves them.
	 */
	RETURN QUERY
		WITH turn AS MATERIALIZED (
			SELECT t.*, s.name AS assistant_name,
				   w.ring_timeout, w.max_call_duration, w.settings AS campaign_settings, v.version AS spoken_version
			FROM unnest(turns) t
			CROSS JOIN LATERAL (SELECT w.ring_timeout, w.max_call_duration, w.settings FROM voiceagent.campaign_versions w
				WHERE w.tenant_id = v_tenant AND w.campaign_id = t.campaign_id AND w.version = t.version) w
			CROSS JOIN LATERAL (SELECT s.name FROM voiceagent.assistants s
				WHERE s.tenant_id = v_tenant AND s.assistant_id = t.assistant_id) s
			CROSS JOIN LATERAL (SELECT v AS version FROM voiceagent.assistant_versions v
				WHERE v.tenant_id = v_tenant AND v.assistant_id = t.assistant_id AND v.version = t.assistant_version) v
		), said AS MATERIALIZED (
			-- What is said first depends on the place alone, not on the lead.
			SELECT d.campaign_id, d.jurisdiction, voiceagent_private.begin_call(d.terms, t.campaign_settings, t.spoken_version) AS call
			FROM (SELECT DISTINCT ON (k.campaign_id, k.jurisdiction) k.campaign_id, k.jurisdiction, (k.proof).terms AS terms FROM unnest(picks) k) d
			JOIN turn t ON t.campaign_id = d.campaign_id
		), p AS MATERIALIZED (
			SELECT k.*, v_calls[k.place] AS call_id, v_holds[k.place] AS hold_id, l.first_name, l.last_name, l.variables, b.call,
				   t.version, t.assistant_id, t.assistant_version, t.provider_account_id, t.provider, t.attempt_limit, t.lawful, t.own_number,
				   t.live + row_number() OVER (PARTITION BY k.campaign_id ORDER BY k.place)::integer - 1 AS live, t.live + t.room AS call_limit,
				   t.longest, greatest(t.ring_timeout, ((k.proof).terms).min_ring) AS ring_timeout, t.ring_timeout AS usual_ring,
				   format('va-%s-%s-%s', v_tenant, k.attempt_id, left(gen_random_uuid()::text, 8)) AS reference
			FROM (SELECT k.*, nextval('voiceagent.attempts_attempt_id_seq') AS attempt_id
				FROM unnest(picks) WITH ORDINALITY AS k(position, campaign_id, lane_id, lead_id, priority, not_before, reason, opens_at, closes_at,
					timezones, attempts, consent_id, verdict, queue_row, lead_row, member_row, number, jurisdiction, phone, extension, due_at,
					note, proof, phone_number_id, place) OFFSET 0) k
			JOIN turn t ON t.campaign_id = k.campaign_id
			JOIN said b ON b.campaign_id = k.campaign_id AND b.jurisdiction = k.jurisdiction
			CROSS JOIN LATERAL (SELECT l.first_name, l.last_name,
				voiceagent_private.lead_variables(l) AS variables FROM voiceagent.leads l
				WHERE l.tenant_id = v_tenant AND l.ctid = k.lead_row OFFSET 0) l
		), calls AS (
			INSERT INTO voiceagent.calls (tenant_id, call_id, campaign_id, lead_id, phone, number, assistant_id,
				assistant_version, campaign_version, provider_account_id, attempt_number, lawful, started_at)
			OVERRIDING SYSTEM VALUE
			SELECT v_tenant, p.call_id, p.campaign_id, p.lead_id, p.phone, p.number, p.assistant_id, p.assistant_version, p.version,
				   p.provider_account_id, p.attempts + 1, p.lawful, at
			FROM p
		), attempts AS (
			INSERT INTO voiceagent.attempts (tenant_id, attempt_id, call_id, provider_account_id, hold_id, created_at,
				window_opens_at, window_closes_at, consent_id, list_as_of, attempt_number, attempt_limit, live_calls, call_limit,
				cap_day, cap_24h, cap_lifetime, dials_day, dials_24h, dials_lifetime, layers, do_not_call, lawful, consent_required,
				assistant_discloses, recorded, timezones, jurisdiction, list_max_age, ring_timeout, min_ring, disclosures, disclosure,
				reference, phone_number_id)
			OVERRIDING SYSTEM VALUE
			SELECT v_tenant, p.attempt_id, p.call_id, p.provider_account_id, p.hold_id, at,
				   p.opens_at, p.closes_at, p.consent_id, (p.proof).list_as_of, p.attempts + 1, p.attempt_limit, p.live,
				   p.call_limit, (p.proof).cap_day, (p.proof).cap_24h, (p.proof).cap_lifetime, (p.proof).dials_day,
				   (p.proof).dials_24h, (p.proof).dials_lifetime, CASE WHEN p.lawful THEN 31 ELSE 15 END, false, p.lawful,
				   (p.proof).consent_required, (p.call).assistant_discloses, (p.call).record, p.timezones, p.jurisdiction,
				   ((p.proof).terms).list_max_age, p.ring_timeout, ((p.proof).terms).min_ring,
				   nullif((p.call).disclosures, '{}'), (p.call).disclosure, p.reference, coalesce(p.phone_number_id, p.own_number)
			FROM p
		), live AS (
			INSERT INTO voiceagent_private.live_calls (tenant_id, call_id, attempt_id, campaign_id, lead_id,
				provider_account_id, provider, lease_until, reference, dialled_at, ends_by, phone_number_id)
			SELECT v_tenant, p.call_id, p.attempt_id, p.campaign_id, p.lead_id, p.provider_account_id, p.provider,
				   -- Mostly what it will be when the carrier has taken the call, so that its answer changes no index.
				   greatest(e.ends_by, at + v_send_lease), p.reference, at, e.ends_by, p.phone_number_id
			FROM p CROSS JOIN LATERAL (SELECT at + p.longest
				+ voiceagent_private.carrier_time(p.provider, p.ring_timeout - p.usual_ring, v_time_scale, interval '0') AS ends_by
				OFFSET 0) e
		), events AS (
			INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
			SELECT v_tenant, voiceagent_private.month_slot(at), at, 'call_initiated', p.campaign_id, p.call_id, p.lead_id,
				   jsonb_build_object('attempt_number', p.attempts + 1, 'reason', p.reason)
			FROM p
		)
		SELECT v_tenant, p.call_id, p.attempt_id, p.reference, p.campaign_id, p.lead_id, t.provider, t.provider_account_id,
			   p.phone, p.extension,
			   nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.variables, t.assistant_name,
			   (p.call).first_message, (p.call).system_prompt, (t.spoken_version).voice, (t.spoken_version).model,
			   (t.spoken_version).language, m.assistant_settings, m.detection, ceil(extract(epoch FROM p.ring_timeout))::integer,
			   ceil(extract(epoch FROM t.max_call_duration))::integer, (p.call).record,
			   coalesce(n.phone_number, t.from_number), CASE WHEN n.phone_number IS NULL THEN t.from_number_id ELSE n.provider_number_id END
		FROM p
		JOIN turn t ON t.campaign_id = p.campaign_id
		LEFT JOIN LATERAL (SELECT n.phone_number, n.provider_number_id FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = v_tenant AND n.phone_number_id = p.phone_number_id OFFSET 0) n ON true
		CROSS JOIN LATERAL voiceagent_private.expect_machine(t.campaign_settings, (p.call).assistant_settings, (p.call).disclosure,
			p.phone, p.timezones, at) m
		ORDER BY p.place;
	INSERT INTO voiceagent_private.sends (tenant_id, first_call_id, lease_until, call_ids)
	VALUES (v_tenant, v_calls[1], at + v_send_lease, ARRAY(SELECT i FROM unnest(v_calls) i ORDER BY i DESC));
	PERFORM voiceagent_private.leave_queue(picks, at);
END
$$;
COMMENT ON FUNCTION voiceagent_private.place_calls(voiceagent_private.queue_pick[], bigint[], bigint[], voiceagent_private.claim_turn[], voiceagent_private.dial_settings, timestamptz) IS
	'Turns judged picks, with the ids of their calls (ascending) and of their holds, into calls, proofs, attempts (sending), live calls and events, takes them out of the queue, and returns what the dialer needs.';

CREATE FUNCTION voiceagent_private.settle_lanes(campaign_ids bigint[], at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE
	SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
	SET enable_sort = off SET enable_material = off SET plan_cache_mode = force_generic_plan
	SET jit = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lanes bigint[];
BEGIN
	v_lanes := ARRAY(SELECT n.lane_id FROM voiceagent_private.lanes n
		WHERE n.tenant_id = v_tenant AND n.running AND greatest(n.next_due, n.opens_at) <= at
		  AND n.campaign_id = ANY (campaign_ids)
		ORDER BY n.lane_id FOR UPDATE SKIP LOCKED);
	-- Its snapshot is later than the locks: it sees all that was queued under them.
	UPDATE voiceagent_private.lanes n
	SET next_due = coalesce((SELECT min(f.not_before)
		-- Cast before, since a cast that may fail is kept away from an index of a table under row-level security.
		FROM (SELECT i::smallint AS level FROM generate_series(0, 9) i OFFSET 0) level
		CROSS JOIN LATERAL (
			SELECT q.not_before FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.lane_id = n.lane_id AND q.priority = level.level
			ORDER BY q.not_before LIMIT 1) f), 'infinity')
	WHERE n.tenant_id = v_tenant AND n.lane_id = ANY (v_lanes);
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_lanes(bigint[], timestamptz) IS
	'Sets next_due of ready lanes of these campaigns to the first not_before that is left, under the lanes'' locks; a lane locked by somebody who enqueues is left alone, because its commit wakes us.';

CREATE FUNCTION voiceagent_private.claim_calls(max_calls integer, real_carriers boolean DEFAULT false)
	RETURNS SETOF voiceagent_private.claimed_call LANGUAGE plpgsql VOLATILE
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_set voiceagent_private.dial_settings;
	v_turn voiceagent_private.claim_turn;
	v_turns voiceagent_private.claim_turn[] := '{}';
	v_poor voiceagent_private.claim_turn[] := '{}';
	v_picks voiceagent_private.queue_pick[];
	v_placed voiceagent_private.queue_pick[] := '{}';
	v_ids bigint[] := '{}';
	v_budgets integer[] := '{}';
	v_asked integer[];
	v_calls bigint[];
	v_holds bigint[];
	v_amounts numeric[];
	v_touched bigint[] := '{}';
	v_short bigint[];
	v_drained bigint[] := '{}';
	v_rounds integer := 0;
	v_pooled boolean := false;
	v_paced boolean := false;
	v_account_paced boolean := false;
	v_excused boolean := false;
	c_out_of_credits CONSTANT text := 'out of credits';
BEGIN
	IF max_calls < 1 THEN
		RETURN;
	END IF;
	PERFORM FROM voiceagent_private.claim_turns c WHERE c.tenant_id = v_tenant FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		-- The first claim for the tenant, or another worker is at it; that one is woken by what woke us.
		INSERT INTO voiceagent_private.claim_turns (tenant_id)
		SELECT v_tenant WHERE NOT EXISTS (SELECT FROM voiceagent_private.claim_turns c WHERE c.tenant_id = v_tenant)
		ON CONFLICT DO NOTHING;
		PERFORM FROM voiceagent_private.claim_turns c WHERE c.tenant_id = v_tenant FOR UPDATE SKIP LOCKED;
		IF NOT FOUND THEN
			RETURN;
		END IF;
	END IF;
	PERFORM FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant AND d.active;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	v_set := voiceagent_private.read_dial_settings();
	FOREACH v_turn IN ARRAY voiceagent_private.plan_claim(max_calls, real_carriers, v_set, v_now) LOOP
		IF v_turn.budget = 0 THEN
			v_poor := v_poor || v_turn;
		ELSE
			v_turns := v_turns || v_turn;
			v_ids := v_ids || v_turn.campaign_id;
			v_budgets := v_budgets || v_turn.budget;
			v_pooled := v_pooled OR v_turn.pooled;
			v_paced := v_paced OR v_turn.call_interval > interval '0';
			v_account_paced := v_account_paced OR v_turn.account_pace IS NOT NULL;
			v_excused := v_excused OR v_turn.excused;
		END IF;
	END LOOP;

	-- Leads that turn out not to be dialled leave room for the next ones: again, until the budgets are used.
	WHILE cardinality(v_ids) > 0 LOOP
		v_rounds := v_rounds + 1;
		-- The more were refused, the further we look; who is found beyond the budget just stays in the queue.
		v_asked := v_budgets;
		IF v_rounds > 1 THEN
			v_asked := ARRAY(SELECT least(b * 4 ^ (v_rounds - 1), greatest(b, 1000))::integer FROM unnest(v_budgets) b);
		END IF;
		v_picks := voiceagent_private.pick_due(v_ids, v_asked, v_now);
		IF cardinality(v_ids) > 1 THEN
			v_drained := v_drained || ARRAY(SELECT b.id FROM unnest(v_ids, v_asked) b(id, asked)
				WHERE b.asked > (SELECT count(*) FROM unnest(v_picks) p WHERE p.campaign_id = b.id));
		ELSIF v_asked[1] > cardinality(v_picks) THEN
			v_drained := v_drained || v_ids;
		END IF;
		EXIT WHEN cardinality(v_picks) = 0;
		v_picks := voiceagent_private.judge_picks(v_picks, v_turns, v_placed, v_now);
		-- Mostly everybody may be dialled, and nobody else needs to be looked for.
		IF v_rounds = 1 AND 'ok' = ALL (SELECT p.verdict FROM unnest(v_picks) p) THEN
			v_placed := v_picks;
			EXIT;
		END IF;
		v_picks := voiceagent_private.pick_others(v_picks, v_now);
		v_touched := v_touched || voiceagent_private.drop_picks(v_picks, v_turns, v_now);
		IF v_rounds = 1 THEN
			PERFORM voiceagent_private.move_picks(v_picks, v_now);
		END IF;
		v_placed := v_placed || ARRAY(SELECT k.pick
			FROM (SELECT p AS pick, p.position, p.campaign_id, row_number() OVER (PARTITION BY p.campaign_id ORDER BY p.position) AS nth
				  FROM unnest(v_picks) p WHERE p.verdict = 'ok') k
			JOIN unnest(v_turns) t ON t.campaign_id = k.campaign_id
			WHERE k.nth <= t.budget ORDER BY k.position);
		-- A row that somebody else has locked would come up again at once: try its campaign a little later.
		v_short := ARRAY(SELECT DISTINCT p.campaign_id FROM unnest(v_picks) p WHERE p.verdict = 'busy');
		IF v_rounds >= 20 THEN
			v_short := v_short || v_ids;
		END IF;
		IF cardinality(v_short) > 0 THEN
			PERFORM voiceagent_private.put_off_dials(v_short, v_now + interval '20 milliseconds');
		END IF;
		-- Those who are dialled stay in the queue until the end of the claim, so only campaigns of which nobody is go on.
		SELECT coalesce(array_agg(b.id), '{}'), coalesce(array_agg(b.budget), '{}') INTO v_ids, v_budgets
		FROM unnest(v_ids, v_budgets) b(id, budget)
		WHERE b.id <> ALL (v_short) AND b.id <> ALL (v_drained)
		  AND NOT EXISTS (SELECT FROM unnest(v_picks) p WHERE p.campaign_id = b.id AND p.verdict = 'ok');
	END LOOP;

	IF v_pooled THEN
		v_placed := voiceagent_private.give_callers(v_placed, v_turns, v_now);
	END IF;
	-- Campaigns before the ledger, as everybody locks them.
	IF cardinality(v_touched) > 0 THEN
		PERFORM voiceagent_private.complete_campaigns(v_touched);
	END IF;
	IF cardinality(v_poor) > 0 THEN
		PERFORM voiceagent_private.hold_back_poor(v_poor, v_now);
	END IF;

	IF cardinality(v_placed) > 0 THEN
		SELECT array_agg(nextval('voiceagent.calls_call_id_seq')), array_agg((SELECT t.hold FROM unnest(v_turns) t WHERE t.campaign_id = p.campaign_id))
		INTO v_calls, v_amounts FROM unnest(v_placed) p;
		-- It takes the calls in this order as long as the balance lasts.
		SELECT array_agg(h.call_id ORDER BY h.call_id), array_agg(h.hold_id ORDER BY h.call_id) INTO v_calls, v_holds
		FROM voiceagent_private.hold_credits(v_calls, v_amounts) h;
		v_picks := v_placed[:coalesce(cardinality(v_calls), 0)];
		v_short := '{}';
		IF cardinality(v_picks) < cardinality(v_placed) THEN
			v_short := ARRAY(SELECT DISTINCT p.campaign_id FROM unnest(v_placed[cardinality(v_picks) + 1:]) p);
			PERFORM voiceagent_private.hold_back(i, c_out_of_credits, v_now) FROM unnest(v_short) i;
		END IF;
		IF cardinality(v_picks) > 0 THEN
			PERFORM voiceagent_private.note_holds(array_agg(k.campaign_id), v_amounts[:cardinality(v_picks)], v_now) FROM unnest(v_picks) k;
			RETURN QUERY SELECT * FROM voiceagent_private.place_calls(v_picks, v_calls, v_holds, v_turns, v_set, v_now);
			IF v_pooled THEN
				PERFORM voiceagent_private.note_callers(v_picks, v_calls, v_now);
			END IF;
			IF v_paced THEN
				UPDATE voiceagent_private.pacing p
				SET next_dial_at = CASE WHEN t.call_interval >= interval '100 milliseconds' THEN v_now + t.call_interval
										ELSE t.paced_from + x.calls * t.call_interval END
				FROM (SELECT k.campaign_id, count(*) AS calls FROM unnest(v_picks) k GROUP BY k.campaign_id) x
				JOIN unnest(v_turns) t ON t.campaign_id = x.campaign_id
				WHERE p.tenant_id = v_tenant AND p.campaign_id = x.campaign_id AND t.call_interval > interval '0';
			END IF;
			IF v_account_paced THEN
				PERFORM voiceagent_private.pace_accounts(array_agg(t.provider_account_id), array_agg(t.account_pace),
					array_agg(t.account_paced_from), array_agg(x.calls))
				FROM (SELECT k.campaign_id, count(*) AS calls FROM unnest(v_picks) k GROUP BY k.campaign_id) x
				JOIN unnest(v_turns) t ON t.campaign_id = x.campaign_id WHERE t.account_pace IS NOT NULL
				HAVING count(*) > 0;
			END IF;
			IF v_excused THEN
				UPDATE voiceagent.campaigns c SET status_reason = NULL
				WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (ARRAY(
					SELECT f.campaign_id FROM voiceagent.campaigns f
					WHERE f.tenant_id = v_tenant AND (f.status_reason = c_out_of_credits OR f.status_reason LIKE 'spend cap%') AND f.campaign_id <> ALL (v_short)
					  AND f.campaign_id = ANY (ARRAY(SELECT k.campaign_id FROM unnest(v_picks) k))
					FOR NO KEY UPDATE SKIP LOCKED));
			END IF;
		END IF;
	END IF;
	IF cardinality(v_drained) > 0 THEN
		PERFORM voiceagent_private.settle_lanes(v_drained, v_now);
	END IF;
	PERFORM voiceagent_private.poke_subscribers();
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_calls(integer, boolean) IS
	'Claims up to max_calls due leads of the acting tenant and commits to dialling them: proof, call, attempt (sending), live call, hold, event. real_carriers: whether accounts of real carriers may be used (the database is armed); without it only the sandbox dials. Empty when nothing is due, allowed, affordable or within the caps, or when another worker is claiming for the tenant. One tenant a transaction.';
