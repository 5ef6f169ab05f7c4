/*
 * 50_queue: whom a claim finds: what is due, picked from the lanes, and judged
 * by every rule; whoever may not be dialled leaves the queue with the reason.
 *
 * A worker's session lives while a table grows from nothing to millions of
 * rows, and a plan kept from its youth may use any index that begins with the
 * tenant; so may a plan made for this tenant while the statistics do not know
 * it yet.  So plans are generic, and renewed by the worker as the tables grow;
 * leads are reached by LATERAL subqueries over their keys (OFFSET 0 keeps them
 * so), and changed where their locked rows lie, by plans that know no index.
 */

-- send_within_ms is the setting send_lease, but ends with the hours in which the person may be called.
CREATE TYPE voiceagent_private.claimed_call AS (
	tenant_id bigint,
	call_id bigint,
	attempt_id bigint,
	reference text,
	campaign_id bigint,
	lead_id bigint,
	provider text,
	provider_account_id bigint,
	phone text,
	extension text,
	customer_name text,
	variables jsonb,
	assistant_name text,
	first_message text,
	disclosure text,
	opt_out_key text,
	system_prompt text,
	voice text,
	model text,
	language text,
	assistant_settings jsonb,
	machine_detection text,
	ring_timeout_s integer,
	max_duration_s integer,
	record boolean,
	from_number text,
	from_number_id text,
	send_within_ms integer,
	kept jsonb
);
COMMENT ON TYPE voiceagent_private.claimed_call IS
	E'A call that is committed as sending, with all that its request to the carrier needs except secrets.\n'
	'disclosure: what the law wants said, alone (NULL: nothing); first_message begins with it. opt_out_key: NULL: no '
	'key is listened for; from_number and from_number_id (the carrier''s): NULL: the account''s own; send_within_ms: '
	'how long after the claim the request may leave; kept: VaCallOrder.kept.';

-- named: whether the campaign has a caller_name. pooled: whether it calls with numbers of a pool; own_number,
-- from_number and from_number_id else name the account's own where its settings do not say it. excused:
-- status_reason still says why the campaign did not dial. variables: those that the assistant's text needs. heard:
-- what is heard in the account's calls (opt_out_channels()). no_tts and no_speech_input: the account says no words
-- of ours, or hears nobody (false where the assistant makes the disclosures itself). announces: its recordings are
-- announced. script: from what the calls' scripts are made; NULL: they have none. before_dial: the tool
-- that is asked before a dial; NULL: none. experiment: the terms of the
-- campaign's experiment; its turn speaks as variant a.
CREATE TYPE voiceagent_private.claim_turn AS (
	campaign_id bigint,
	version integer,
	assistant_id bigint,
	assistant_version integer,
	provider_account_id bigint,
	provider text,
	attempt_limit integer,
	require_consent boolean,
	call_interval interval,
	longest interval,
	retry_delay interval,
	hold voiceagent.credit,
	live integer,
	free_lines integer,
	budget integer,
	paced_from timestamptz,
	lawful boolean,
	cap_day integer,
	cap_24h integer,
	cap_lifetime integer,
	number_cooldown interval,
	incoming_rest interval,
	named boolean,
	account_pace double precision,
	account_paced_from timestamptz,
	pooled boolean,
	caller_cap integer,
	excused boolean,
	own_number bigint,
	from_number text,
	from_number_id text,
	variables text[],
	heard text,
	no_tts boolean,
	no_speech_input boolean,
	announces boolean,
	script voiceagent_private.script_plan,
	experiment jsonb,
	before_dial text,
	rationed boolean,
	number_checks text
);
COMMENT ON TYPE voiceagent_private.claim_turn IS
	E'A campaign in a claim: its rules, its account, and how many calls it has live (live), may add under the caps '
	'(free_lines) and may dial now (budget).\n'
	'account_pace: dials per second (NULL: any); the caps of a number: NULL: as often as the law allows; '
	'number_cooldown and incoming_rest: 0 or NULL: no rest; caller_cap: calls a day of each number of the pool (0: '
	'any); rationed: of a tenant not verified.';

CREATE TYPE voiceagent_private.dial_proof AS (
	terms voiceagent_private.law_terms,
	consent_required boolean,
	list_as_of timestamptz,
	cap_day integer,
	cap_24h integer,
	cap_lifetime integer,
	dials_day integer,
	dials_24h integer,
	dials_lifetime integer,
	call_windows text,
	special text
);
COMMENT ON TYPE voiceagent_private.dial_proof IS
	'What a judgement found that the proof (eligibility) keeps: the law of the number (NULL: none '
	'holds), and what it led to.';

-- The verdicts: ok; gone; busy (another transaction holds the lead); live (the lead is being called, or is calling
-- us); do_not_call; attempts; wrong (a call found that the number is not the lead's); uninvited (the person is called
-- only by appointment); no_consent; no_number (the
-- lead has it no more); lifetime (cap); capped; called_us and resting (number_cooldowns()); old_list (the national
-- list is missing or too old); no_caller (the law wants a caller_name); unheard (the account cannot say what the law
-- wants said, or cannot hear an opt-out); missing (a variable of the prompt has no value); moved (the number rings
-- elsewhere than its lane says, or gives way to the lead's next); special
-- (check_special()); checked and unknown (check_number(): for good, or until more is known of the number); script (a
-- model writes its script, and script_wait has not passed yet); unasked (the tool before_dial has not answered);
-- refused (it said no).
CREATE TYPE voiceagent_private.queue_pick AS (
	position integer,
	campaign_id bigint,
	lane_id bigint,
	lead_id bigint,
	priority smallint,
	not_before timestamptz,
	reason text,
	opens_at timestamptz,
	closes_at timestamptz,
	timezones text[],
	attempts integer,
	consent_id bigint,
	verdict text,
	queue_row tid,
	lead_row tid,
	member_row tid,
	number smallint,
	jurisdiction text,
	phone text,
	extension text,
	due_at timestamptz,
	note text,
	proof voiceagent_private.dial_proof,
	phone_number_id bigint
);
COMMENT ON TYPE voiceagent_private.queue_pick IS
	E'A lead taken from the queue, with the places of its locked rows (call_queue, leads, campaign_leads) and the '
	'verdict.\n'
	'verdict: ok, or why the lead is not dialled; note says it in words; due_at: until when a lead that is capped, '
	'called_us or resting waits; phone_number_id: the number of a pool that calls.';

CREATE FUNCTION voiceagent_private.pick_due(campaign_ids bigint[], budgets integer[], at timestamptz)
	RETURNS voiceagent_private.queue_pick[] LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_pick_due';
COMMENT ON FUNCTION voiceagent_private.pick_due(bigint[], integer[], timestamptz) IS
	E'Locks and returns the due queue rows of open lanes of the current tenant''s campaigns, up to each '
	'campaign''s budget: priority by priority (-1 first), with best_time the lane that is likeliest to answer '
	'now, oldest due first.\n'
	'Rows locked by others are passed over. lead_row, member_row: locked, too; NULL: another transaction has the '
	'row, or the lead has a live call.';

CREATE FUNCTION voiceagent_private.picked_caps(tenant_id bigint, phone text, lawful boolean, timezones text[],
	cap_day integer, cap_24h integer, cap_lifetime integer, at timestamptz)
	RETURNS TABLE (cap voiceagent_private.cap_state, live boolean)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
	SELECT CASE WHEN k.dials IS NULL AND z.earlier IS NULL
			THEN ROW(picked_caps.at, 0, 0, 0)::voiceagent_private.cap_state
			ELSE voiceagent_private.check_caps(k.dials, picked_caps.timezones, picked_caps.cap_day, picked_caps.cap_24h,
				picked_caps.cap_lifetime, z.earlier, picked_caps.at) END, k.live
	FROM (SELECT array_agg(k.started_at) AS dials, bool_or(k.live) AS live
		FROM (SELECT k.started_at, k.outcome IS NULL AS live FROM voiceagent.calls k
			WHERE k.tenant_id = picked_caps.tenant_id AND k.phone = picked_caps.phone
				AND k.lawful = picked_caps.lawful AND k.counts
				-- Longer than any local day: what a cap of a day or of 24 hours can see.
				AND k.started_at > CASE WHEN picked_caps.cap_lifetime IS NULL
					THEN picked_caps.at - interval '27 hours' ELSE '-infinity' END
			ORDER BY k.started_at DESC
			LIMIT greatest(picked_caps.cap_day, picked_caps.cap_24h, picked_caps.cap_lifetime, 1)) k) k
	CROSS JOIN LATERAL (
		SELECT CASE WHEN picked_caps.cap_lifetime IS NOT NULL THEN (
			SELECT z.calls FROM voiceagent_private.removed_calls z
			WHERE z.tenant_id = picked_caps.tenant_id AND z.phone = picked_caps.phone
				AND z.lawful = picked_caps.lawful) END AS earlier OFFSET 0) z
	OFFSET 0 /* computed once */
$$;
COMMENT ON FUNCTION voiceagent_private.picked_caps(bigint, text, boolean, text[], integer, integer, integer,
	timestamptz) IS
	E'When these caps (NULL: any) let a number be called, and how often it was; live: it is being called (NULL: no).\n'
	'The planner dissolves it.';

CREATE FUNCTION voiceagent_private.is_proved_wrong(tenant_id bigint, campaign_id bigint, lead_id bigint, phone text,
	lawful boolean) RETURNS boolean
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN EXISTS (SELECT FROM voiceagent_private.proved_wrong(tenant_id, campaign_id, lead_id, phone, lawful));
END
$$;
COMMENT ON FUNCTION voiceagent_private.is_proved_wrong(bigint, bigint, bigint, text, boolean) IS
	'Whether proved_wrong() has a call: for a claim, whose plan it would make dearer for leads that were never called.';

/*
 * The rules: do-not-call list, attempts, a number that proved wrong, consent, the variables of the prompt, the caps
 * of the number, a live call of the lead or the number (or one that this claim has placed already), and rests after
 * a call.
 *
 * Setting up a plan costs more than running it, by its nodes and by the columns that each of them hands on.  So what is
 * asked of one lead is a subquery in a list of columns where it can be, and what few leads need is a function.
 */
CREATE FUNCTION voiceagent_private.check_eligibility(picks voiceagent_private.queue_pick[],
	turns voiceagent_private.claim_turn[], placed voiceagent_private.queue_pick[], at timestamptz)
	RETURNS voiceagent_private.queue_pick[] LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row_in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_leads bigint[] := '{}';
	v_turn voiceagent_private.claim_turn;
	v_campaigns bigint[] := '{}';
	v_picks voiceagent_private.queue_pick[];
	v_placed_leads bigint[] := '{}';
	v_placed_phones text[] := '{}';
	-- A lead that waits for an operator is looked at again after this time.
	c_later CONSTANT interval := interval '15 minutes';
BEGIN
	FOREACH v_turn IN ARRAY turns LOOP
		v_campaigns := v_campaigns || v_turn.campaign_id;
	END LOOP;
	IF cardinality(turns) > 1 THEN
		v_leads := ARRAY(SELECT k.lead_id FROM unnest(picks) k);
	END IF;
	IF cardinality(placed) > 0 THEN
		v_placed_leads := ARRAY(SELECT k.lead_id FROM unnest(placed) k);
		v_placed_phones := ARRAY(SELECT k.phone FROM unnest(placed) k);
	END IF;
	-- A statement of its own, because its snapshot must be later than the locks. The newest rows of a number or lead
	-- are asked for in an order that one index alone has, and sorting is off: where the statistics take a table for
	-- empty, the primary key and a sort would look as cheap, and read all that the tenant has.
	v_picks := ARRAY(
		SELECT ROW(k.*)::voiceagent_private.queue_pick
		FROM (SELECT (j.k).position, (j.k).campaign_id, (j.k).lane_id, (j.k).lead_id, (j.k).priority, (j.k).not_before,
			(j.k).reason, (j.k).opens_at, (j.k).closes_at, (j.k).timezones, j.attempts, j.consent_id,
			j.verdict[1] AS verdict, (j.k).queue_row, (j.k).lead_row, (j.k).member_row,
			(j.k).number, (j.k).jurisdiction, j.phone, j.extension,
			CASE j.verdict[1] WHEN 'capped' THEN greatest((j.cap).allows_at, (j.in_windows).allows_at)
				WHEN 'called_us' THEN j.called_until WHEN 'resting' THEN j.paused_until
				WHEN 'moved' THEN at + interval '1 second'
				WHEN 'refused' THEN (voiceagent_private.why_refused((j.k).campaign_id, (j.k).lead_id,
					(j.t).before_dial, at)).until
				ELSE at + c_later END AS due_at, j.verdict[2] AS note,
			ROW(q.*)::voiceagent_private.dial_proof AS proof, NULL AS phone_number_id
		FROM (
			-- The verdict, and what the lead's reason will say. What drops a lead for good comes first, and the first
			-- rule that holds names the verdict.
			SELECT a.*, g.*, CASE
				WHEN a.first_phone IS NULL OR a.member_status IS NULL
					OR a.member_status NOT IN ('pending', 'queued', 'retry') THEN ARRAY['gone']
				WHEN (a.k).member_row IS NULL THEN ARRAY['busy']
				WHEN a.phone IS NULL THEN ARRAY['no_number', voiceagent_private.no_number_reason((a.k).number)]
				WHEN a.status = 'do_not_call' OR a.layer NOT IN ('national', 'held')
					OR a.layer = 'national' AND g.consent_id IS NULL
					-- A callback that the call in doubt promised is kept.
					OR a.layer = 'held' AND NOT ((a.k).reason = 'callback' AND voiceagent_private.hold_lets(v_tenant,
						(a.k).campaign_id, (a.k).lead_id, a.phone, (a.t).lawful AND g.consent_id IS NULL))
					THEN ARRAY['do_not_call', voiceagent_private.do_not_call_reason(a.layer)]
				WHEN a.attempts >= (a.t).attempt_limit THEN ARRAY['attempts']
				WHEN a.call_attempts > 0 AND voiceagent_private.is_proved_wrong(v_tenant, (a.k).campaign_id,
					(a.k).lead_id, a.phone, (a.t).lawful) THEN ARRAY['wrong', 'wrong number']
				-- Before the verdicts of the law, which is that of the lane: nobody is dropped for good by that of a
				-- place that was left.
				WHEN a.moved THEN ARRAY['moved']
				WHEN a.invited IS FALSE THEN ARRAY['uninvited', voiceagent_private.why('appointment')]
				WHEN g.consent_required AND g.consent_id IS NULL THEN ARRAY['no_consent']
				WHEN (g.cap).allows_at = 'infinity' THEN ARRAY['lifetime',
					format('lifetime cap of %s calls to the number', g.cap_lifetime)]
				WHEN a.live OR (a.k).lead_id = ANY (v_placed_leads) OR a.phone = ANY (v_placed_phones)
					OR g.rings OR a.calls_us OR array_position(v_leads, (a.k).lead_id) < a.n THEN ARRAY['live']
				-- Also a lead that another transaction is changing just now, whatever it fills or empties.
				WHEN (a.k).lead_row IS NULL THEN ARRAY['busy']
				WHEN a.lacks THEN ARRAY['missing', 'missing variable']
				WHEN (g.cap).allows_at > at OR (g.in_windows).allows_at > at
					THEN ARRAY['capped', CASE WHEN (g.in_windows).said LIKE '%a refusal in%'
						THEN 'the person has refused: the law wants a rest'
						ELSE 'the number has had its calls for now' END]
				WHEN (a.k).reason <> 'callback' AND a.called_until > at
					THEN ARRAY['called_us', 'the person has called us']
				WHEN (a.k).reason <> 'callback' AND a.paused_until > at
					THEN ARRAY['resting', 'the number rests after another call']
				WHEN (a.terms).list_max_age IS NOT NULL AND g.consent_id IS NULL
					AND (g.list_as_of IS NULL OR g.list_as_of < at - (a.terms).list_max_age)
					THEN ARRAY['old_list', 'the national do-not-call list is missing or too old']
				WHEN (a.terms).disclose_caller AND NOT (a.t).named
					THEN ARRAY['no_caller', 'the law wants the caller named: set caller_name']
				-- require_opt_out_channel() asked for the places there were at the start: a worker brings leads to
				-- others since.
				WHEN g.unheard IS NOT NULL THEN ARRAY['unheard', g.unheard]
				WHEN (g.special).why IS NOT NULL THEN ARRAY['special', (g.special).why]
				WHEN (g.checked).why IS NOT NULL THEN ARRAY[CASE WHEN (g.checked).waits THEN 'unknown'
					ELSE 'checked' END, (g.checked).why]
				WHEN (a.t).before_dial IS NOT NULL AND voiceagent_private.dial_refused((a.k).campaign_id,
					(a.k).lead_id, (a.t).before_dial, at) THEN ARRAY['refused', (voiceagent_private.why_refused(
					(a.k).campaign_id, (a.k).lead_id, (a.t).before_dial, at)).reason]
				WHEN (a.t).before_dial IS NOT NULL AND voiceagent_private.dial_refused((a.k).campaign_id,
					(a.k).lead_id, (a.t).before_dial, at) IS NULL THEN ARRAY['unasked']
				WHEN ((a.t).script).source = 'model' AND voiceagent_private.awaits_script((a.t).script,
					(a.k).lead_id, greatest((a.k).not_before, (a.k).opens_at), at) THEN ARRAY['script']
				ELSE ARRAY['ok'] END AS verdict
			FROM (
				-- The lead is read even where it has no such number.
				SELECT p.k, p.t, p.n, l.phone AS first_phone, l.status, l.call_attempts, l.lacks,
					c.status AS member_status, c.attempts, x.phone, x.extension,
					x.timezones <> (p.k).timezones OR x.jurisdiction <> (p.k).jurisdiction AS moved,
					h.calls_us, h.called_until, h.paused_until,
					(SELECT y.layer FROM voiceagent_private.may_ring(v_tenant, x.phone, 'dial',
						(p.k).campaign_id, (p.t).lawful) y LIMIT 1) AS layer,
					EXISTS (SELECT FROM voiceagent_private.live_calls v
						WHERE v.tenant_id = v_tenant AND v.lead_id = (p.k).lead_id OFFSET 0) AS live,
					(SELECT s.consent_id FROM voiceagent_private.call_consent(v_tenant, (p.k).lead_id, x.phone) s)
						AS any_consent,
					-- NULL: anybody may call the person.
					(SELECT (p.k).reason = 'callback' FROM voiceagent.consents s
						WHERE s.tenant_id = v_tenant AND s.lead_id BETWEEN (p.k).lead_id AND (p.k).lead_id
							AND s.kind = 'appointment' AND s.revoked_at IS NULL
						ORDER BY s.lead_id DESC, s.consent_id DESC LIMIT 1) AS invited,
					-- The law of the place on the day that it is there; NULL: a rehearsal, or none holds.
					CASE WHEN (p.t).lawful THEN coalesce((
							SELECT ROW(j.*)::voiceagent_private.law_terms
							FROM (SELECT j.jurisdiction, NULL AS windows, NULL AS holidays, j.calls_per_day,
									j.calls_per_24h, j.calls_lifetime, j.min_ring, j.require_consent, j.disclose_ai,
									j.disclose_caller, j.disclose_recording, j.list_max_age, j.list_retention,
									j.opt_out_text, j.opt_out_language, j.must_be_said_in, j.call_windows,
									j.special
								FROM voiceagent_private.jurisdiction_terms j
								WHERE j.jurisdiction = (p.k).jurisdiction AND j.holds_until > at) j),
						voiceagent_private.resolve_terms((p.k).jurisdiction, at, true, (p.k).timezones)) END AS terms
				FROM (SELECT picks[i.n] AS k, turns[array_position(v_campaigns, (picks[i.n]).campaign_id)] AS t, i.n
					FROM generate_subscripts(picks, 1) AS i(n) OFFSET 0 /* taken out once */) p
				LEFT JOIN LATERAL (
					SELECT l.phone::text, l.extension, l.status::text, l.call_attempts, l.timezones,
						coalesce(nullif(l.region, ''), l.country, '') AS jurisdiction,
						voiceagent_private.lead_lacks(l, (p.t).variables) AS lacks
					FROM voiceagent.leads l
					WHERE l.tenant_id = v_tenant AND l.lead_id = (p.k).lead_id OFFSET 0) l ON true
				LEFT JOIN LATERAL (
					SELECT o.phone::text, o.extension, o.timezones,
						coalesce(nullif(o.region, ''), o.country, '') AS jurisdiction
					FROM voiceagent.lead_numbers o
					WHERE (p.k).number > 1 AND o.tenant_id = v_tenant AND o.lead_id = (p.k).lead_id
						AND o.number = (p.k).number OFFSET 0) o ON true
				CROSS JOIN LATERAL (
					SELECT CASE (p.k).number WHEN 1 THEN l.phone ELSE o.phone END AS phone,
						CASE (p.k).number WHEN 1 THEN l.extension ELSE o.extension END AS extension,
						CASE (p.k).number WHEN 1 THEN l.timezones ELSE o.timezones END AS timezones,
						CASE (p.k).number WHEN 1 THEN l.jurisdiction ELSE o.jurisdiction END AS jurisdiction) x
				LEFT JOIN LATERAL (SELECT c.status, c.attempts FROM voiceagent.campaign_leads c
					WHERE c.tenant_id = v_tenant AND c.campaign_id = (p.k).campaign_id
						AND c.lead_id = (p.k).lead_id OFFSET 0) c ON true
				CROSS JOIN LATERAL voiceagent_private.number_cooldowns(v_tenant, (p.k).campaign_id, (p.k).lead_id,
					l.phone, x.phone, (p.t).lawful, (p.t).number_cooldown, (p.t).incoming_rest, at) h
				OFFSET 0 /* each asked once */) a
			CROSS JOIN LATERAL (
				SELECT r.*, m.cap, m.live AS rings,
					CASE WHEN (a.terms).special IS NULL THEN a.any_consent ELSE (r.special).consent_id END AS consent_id
				FROM (SELECT least((a.t).cap_day, (a.terms).calls_per_day) AS cap_day,
						least((a.t).cap_24h, (a.terms).calls_per_24h) AS cap_24h,
						least((a.t).cap_lifetime, (a.terms).calls_lifetime) AS cap_lifetime,
						CASE WHEN (a.terms).call_windows IS NOT NULL THEN voiceagent_private.check_call_windows(
							v_tenant, a.phone, (a.t).lawful, (a.terms).call_windows, at) END AS in_windows,
						CASE WHEN (a.terms).special IS NOT NULL THEN voiceagent_private.check_special(a.terms,
							(a.k).campaign_id, (a.k).lead_id, a.phone, (a.t).provider_account_id, (a.t).assistant_id,
							(a.t).assistant_version, at) END AS special,
						CASE WHEN (a.t).number_checks IS NOT NULL THEN voiceagent_private.check_number((a.k).lead_id,
							a.phone, (a.t).number_checks, at) END AS checked,
						(a.t).require_consent OR coalesce((a.terms).require_consent, false) AS consent_required,
						-- As of when its national do-not-call lists are, if they must not be too old.
						CASE WHEN (a.terms).list_max_age IS NOT NULL THEN (
							SELECT min(n.published_at) FROM voiceagent.national_dnc_lists n
							WHERE n.country = left((a.k).jurisdiction, 2) AND n.edition IS NOT NULL) END AS list_as_of,
						voiceagent_private.missing_opt_out_channel(a.terms, (a.t).no_tts, (a.t).no_speech_input,
							(a.t).announces) AS unheard
					OFFSET 0 /* computed once */) r
				CROSS JOIN LATERAL voiceagent_private.picked_caps(v_tenant, a.phone, (a.t).lawful, (a.k).timezones,
					r.cap_day, r.cap_24h, r.cap_lifetime, at) m) g
			OFFSET 0 /* judged once */) j
		CROSS JOIN LATERAL (SELECT j.terms, j.consent_required, j.list_as_of, j.cap_day, j.cap_24h, j.cap_lifetime,
			(j.cap).dials_day, (j.cap).dials_24h, (j.cap).dials_lifetime, (j.in_windows).said AS call_windows,
			nullif(concat_ws(', ', (j.special).said,
				CASE WHEN j.invited THEN 'the person is called only by appointment, which this call was' END,
				(j.checked).said), '') AS special) q) k);
	-- Two leads may share a number. Only the verdicts that come before "live" are not replaced by it.
	IF cardinality(v_picks) > 1 THEN
		FOR i IN 1 .. cardinality(v_picks) LOOP
			IF v_picks[i].phone = ANY (v_placed_phones) AND v_picks[i].verdict <> ALL ('{gone,busy,no_number,'
				'do_not_call,attempts,wrong,moved,no_consent,lifetime,live}') THEN
				v_picks[i].verdict := 'live';
				v_picks[i].due_at := at + c_later;
				v_picks[i].note := NULL;
			END IF;
			v_placed_phones := v_placed_phones || v_picks[i].phone;
		END LOOP;
	END IF;
	RETURN v_picks;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_eligibility(voiceagent_private.queue_pick[],
	voiceagent_private.claim_turn[], voiceagent_private.queue_pick[], timestamptz) IS
	E'Locks the leads of picked queue rows and judges each by every rule for a dial.\n'
	'It returns the picks with verdict, attempts, consent_id, the number and what the proof needs. Only the tenant''s '
	'one claimer may call it: nothing counts calls between two claims.';

CREATE FUNCTION voiceagent_private.pick_number(pick voiceagent_private.queue_pick, number smallint, at timestamptz)
	RETURNS voiceagent_private.queue_pick LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	pick.number := number;
	pick.verdict := 'moved';
	pick.due_at := at + interval '1 second';
	pick.note := NULL;
	RETURN pick;
END
$$;
COMMENT ON FUNCTION voiceagent_private.pick_number(voiceagent_private.queue_pick, smallint, timestamptz) IS
	'The pick of a lead that is to be dialled by this one of its numbers: judged again once '
	'move_picks() has put it there.';

CREATE FUNCTION voiceagent_private.pick_others(picks voiceagent_private.queue_pick[], at timestamptz)
	RETURNS voiceagent_private.queue_pick[] LANGUAGE plpgsql STABLE
	SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- The verdicts about a number, not about the lead.
	c_numbers CONSTANT text[] := ARRAY['do_not_call', 'wrong', 'no_consent', 'no_number', 'lifetime', 'checked'];
BEGIN
	IF NOT EXISTS (SELECT FROM unnest(picks) p WHERE p.verdict = ANY (c_numbers)) THEN
		RETURN picks;
	END IF;
	RETURN ARRAY(
		SELECT CASE WHEN n.next IS NULL THEN p ELSE voiceagent_private.pick_number(p, n.next, at) END
		FROM unnest(picks) p
		CROSS JOIN LATERAL (SELECT CASE WHEN p.verdict = ANY (c_numbers)
			THEN voiceagent_private.other_number(p.campaign_id, p.lead_id, p.number) END AS next OFFSET 0) n
		ORDER BY p.position);
END
$$;
COMMENT ON FUNCTION voiceagent_private.pick_others(voiceagent_private.queue_pick[], timestamptz) IS
	E'Judged picks; those whose number must not be dialled, of leads that have another which may be, '
	'as moved to that one.\n'
	'Only who has no number left is dropped.';

/*
 * A lead whose zone or region was changed while it waited goes to the lane of
 * where its number rings now.  The claim does so before it has locked any
 * lane, since making one waits for a change of the law.
 */
CREATE FUNCTION voiceagent_private.move_picks(picks voiceagent_private.queue_pick[], at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_campaign bigint;
BEGIN
	FOR v_campaign IN SELECT DISTINCT p.campaign_id FROM unnest(picks) p WHERE p.verdict = 'moved' ORDER BY 1 LOOP
		PERFORM voiceagent_private.move_rows(v_campaign, ARRAY(SELECT d
			FROM unnest(picks) p CROSS JOIN LATERAL voiceagent_private.dial_places(ARRAY[p.lead_id], ARRAY[p.number]) d
			WHERE p.verdict = 'moved' AND p.campaign_id = v_campaign), at, at);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.move_picks(voiceagent_private.queue_pick[], timestamptz) IS
	'Puts picks of verdict moved into the lanes of where their numbers (as the picks have them) ring, made if there '
	'is none; their rows are locked by the caller.';

CREATE FUNCTION voiceagent_private.drop_picks(picks voiceagent_private.queue_pick[],
		turns voiceagent_private.claim_turn[], at timestamptz) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE
	SET planner.policy = by_tid
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_out voiceagent_private.queue_pick[] := ARRAY(SELECT p FROM unnest(picks) p
		WHERE p.verdict IN ('gone', 'do_not_call', 'attempts', 'wrong', 'no_consent', 'no_number', 'lifetime',
			'missing', 'uninvited', 'checked'));
	v_later voiceagent_private.queue_pick[] := ARRAY(SELECT p FROM unnest(picks) p
		WHERE p.verdict IN ('live', 'capped', 'called_us', 'resting', 'old_list', 'no_caller', 'unheard', 'special',
			'moved', 'refused', 'unknown'));
BEGIN
	IF cardinality(v_later) > 0 THEN
		-- Called by another campaign, or calling us, right now: look again soon. Capped: when the cap allows;
		-- the lane keeps the hours.
		UPDATE voiceagent_private.call_queue q
		SET not_before = CASE p.verdict WHEN 'live' THEN at + least(t.retry_delay, interval '1 minute')
			ELSE p.due_at END
		FROM unnest(v_later) p JOIN unnest(turns) t ON t.campaign_id = p.campaign_id
		WHERE q.tenant_id = v_tenant AND q.ctid = p.queue_row;
		UPDATE voiceagent.campaign_leads c SET reason = p.note
		FROM unnest(v_later) p
		WHERE p.note IS NOT NULL AND c.tenant_id = v_tenant AND c.ctid = p.member_row;
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(at), at, 'lead_put_off', p.campaign_id, p.lead_id,
			jsonb_build_object('reason', p.note, 'not_before', p.due_at)
		FROM unnest(v_later) p WHERE p.verdict IN ('called_us', 'refused');
	END IF;
	IF cardinality(v_out) = 0 THEN
		RETURN '{}';
	END IF;
	DELETE FROM voiceagent_private.call_queue q USING unnest(v_out) p
	WHERE q.tenant_id = v_tenant AND q.ctid = p.queue_row;
	UPDATE voiceagent.campaign_leads c
	SET status = CASE WHEN p.verdict = 'attempts' THEN 'failed' ELSE 'skipped' END,
		reason = CASE p.verdict WHEN 'attempts' THEN 'no attempts left'
			WHEN 'no_consent' THEN 'no recorded consent to be called'
			ELSE p.note END
	FROM unnest(v_out) p
	WHERE p.verdict <> 'gone' AND c.tenant_id = v_tenant AND c.ctid = p.member_row;
	UPDATE voiceagent.leads l
	SET status = CASE WHEN p.verdict = 'attempts' THEN 'failed' ELSE 'do_not_call' END,
		status_reason = CASE WHEN p.verdict = 'attempts' THEN 'no attempts left'
			ELSE coalesce(l.status_reason, 'on the do-not-call list') END
	FROM unnest(v_out) p
	-- A layer above the tenant's may be lifted again; another number of the lead is not the lead.
	WHERE (p.verdict = 'attempts' OR (p.note = voiceagent_private.do_not_call_reason('tenant') AND p.number = 1))
		AND l.tenant_id = v_tenant AND l.ctid = p.lead_row
		AND l.status <> 'do_not_call';
	PERFORM voiceagent_private.relist(ARRAY(SELECT DISTINCT p.lead_id FROM unnest(v_out) p WHERE p.verdict <> 'gone'));
	PERFORM voiceagent_private.give_up_leads(array_agg(p.campaign_id), array_agg(p.lead_id)) FROM unnest(v_out) p
	WHERE p.verdict NOT IN ('gone', 'attempts') HAVING count(*) > 0;
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, lead_id, event_data)
	SELECT v_tenant, voiceagent_private.month_slot(at), at,
		CASE WHEN p.verdict = 'attempts' THEN 'lead_failed' ELSE 'lead_skipped' END, p.campaign_id, p.lead_id,
		jsonb_build_object('reason', coalesce(p.note, p.verdict))
	FROM unnest(v_out) p WHERE p.verdict <> 'gone';
	RETURN ARRAY(SELECT DISTINCT p.campaign_id FROM unnest(v_out) p);
END
$$;
COMMENT ON FUNCTION voiceagent_private.drop_picks(voiceagent_private.queue_pick[], voiceagent_private.claim_turn[],
	timestamptz) IS
	E'Takes leads that must not be dialled out of the queue, with the reason; puts off those that are being called, '
	'that have called us (with an event), or whose number rests or has had its calls for now.\n'
	'Returns the campaigns that lost leads.';
