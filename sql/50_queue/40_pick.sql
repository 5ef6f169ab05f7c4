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
	machine_disclosure text,
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
	'disclosure: the law''s words (NULL: none), with which first_message begins; machine_disclosure: those to a '
	'machine (NULL: the same); opt_out_key: NULL: none; from_number, from_number_id (the carrier''s): NULL: the '
	'account''s own; send_within_ms: how long the request may wait; kept: VaCallOrder.kept.';

-- unsaid: unsaid_parts(). pooled: whether it calls with numbers of a pool; own_number,
-- from_number and from_number_id else name the account's own where its settings do not say it. excused:
-- status_reason still says why the campaign did not dial. variables: those that the assistant's text needs. heard:
-- what is heard in the account's calls (opt_out_channels()). no_tts and no_speech_input: the account says no words
-- of ours, or hears nothing (false where the assistant makes the disclosures itself). announces: its recordings
-- are announced. script: from what the calls' scripts are made; NULL: they have none. before_dial: the tool that
-- is asked before a dial; NULL: none. experiment: the terms of the campaign's experiment; its turn speaks as
-- variant a.
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
	unsaid text[],
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
	'The findings of a judgement that the proof (eligibility) keeps: the law of the number (NULL: none holds), and '
	'what it led to.';

CREATE FUNCTION voiceagent_private.dial_verdicts()
	RETURNS TABLE (verdict text, effect text, of_number boolean, reason text, sentence text)
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_dial_verdicts';
COMMENT ON FUNCTION voiceagent_private.dial_verdicts() IS
	E'The verdicts on a dial, in the order in which their rules are asked: the table of verdict.h.\n'
	'effect: dials, drops (the lead leaves the queue), waits (for a time), stops (until somebody mends it), stays; '
	'of_number: another number of the lead may be dialled; reason: in words, where it is always the same; sentence: of '
	'explain_lead(), for format().';

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
	'verdict: of dial_verdicts(); note says it in words; due_at: until when the lead waits; phone_number_id: the '
	'number of a pool that calls.';

CREATE FUNCTION voiceagent_private.pick_due(campaign_ids bigint[], budgets integer[], at timestamptz)
	RETURNS voiceagent_private.queue_pick[] LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_pick_due';
COMMENT ON FUNCTION voiceagent_private.pick_due(bigint[], integer[], timestamptz) IS
	E'Locks and returns the due queue rows of open lanes of the current tenant''s campaigns, up to each '
	'campaign''s budget: priority by priority (-1 first), with best_time the lane that is likeliest to answer '
	'now, oldest due first.\n'
	'Rows locked by others are passed over. lead_row, member_row: locked, too; NULL: another transaction has the '
	'row, or the lead has a live call.';

-- NULL: not asked. layer: of do-not-call, the first that neither a consent nor a promise lifts; rings: the number is
-- being called; uninvited: why a lead is not called that is called only by appointment; said: what the proof says of
-- special, invited and checks; refused, NULL: the tool has yet to be asked.
CREATE TYPE voiceagent_private.rule_facts AS (
	layer text,
	wrong boolean,
	calls_us boolean,
	called_until timestamptz,
	paused_until timestamptz,
	capped_until timestamptz,
	dials_day integer,
	dials_24h integer,
	dials_lifetime integer,
	rings boolean,
	windows_until timestamptz,
	windows_said text,
	refusal boolean,
	consent_id bigint,
	special text,
	uninvited text,
	checked text,
	checked_waits boolean,
	said text,
	unheard text,
	refused boolean,
	refused_until timestamptz,
	refused_why text,
	unwritten boolean
);
COMMENT ON TYPE voiceagent_private.rule_facts IS
	'The answer of ask_rules() about a dial; consent_id: the consent that holds, also by rules that few places have.';

-- The newest rows of a number or lead are asked for in an order that one index alone has, and sorting is off: where the
-- statistics take a table for empty, the primary key and a sort would look as cheap, and read all that the tenant has.
CREATE FUNCTION voiceagent_private.ask_rules(pick voiceagent_private.queue_pick, turn voiceagent_private.claim_turn,
	first_phone text, hints text[], at timestamptz) RETURNS voiceagent_private.rule_facts
	LANGUAGE plpgsql STABLE SET planner.policy = row_by_row_in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_terms voiceagent_private.law_terms := (pick.proof).terms;
	v_special voiceagent_private.judged_special;
	v_checked voiceagent_private.judged_number;
	v_caps voiceagent_private.cap_state;
	v_most integer := greatest((pick.proof).cap_day, (pick.proof).cap_24h, (pick.proof).cap_lifetime, 1);
	v_dials timestamptz[];
	v_earlier integer;
	v voiceagent_private.rule_facts;
BEGIN
	v.consent_id := pick.consent_id;
	IF 'special' = ANY (hints) THEN
		v_special := voiceagent_private.check_special(v_terms, pick.campaign_id, pick.lead_id, pick.phone,
			turn.provider_account_id, turn.assistant_id, turn.assistant_version, at);
		v.consent_id := v_special.consent_id;
		v.special := v_special.why;
	END IF;
	IF 'checks' = ANY (hints) THEN
		v_checked := voiceagent_private.check_number(pick.lead_id, pick.phone, nullif(concat_ws(' ', turn.number_checks,
			CASE WHEN voiceagent_private.special_for(v_terms.special, pick.campaign_id) ? 'number_check'
				THEN 'not_reassigned by_law' END), ''), at);
		v.checked := v_checked.why;
		v.checked_waits := v_checked.waits;
	END IF;
	IF hints && '{special,checks,invited}' THEN
		v.uninvited := voiceagent_private.why('appointment');
		v.said := nullif(concat_ws(', ', v_special.said, CASE WHEN 'invited' = ANY (hints) AND pick.reason = 'callback'
			THEN 'the person is called only by appointment, which this call was' END, v_checked.said), '');
	END IF;
	IF 'layer' = ANY (hints) THEN
		v.layer := voiceagent_private.stopping_layer(v_tenant, pick.campaign_id, pick.lead_id, pick.phone, turn.lawful,
			v.consent_id IS NOT NULL, pick.reason = 'callback');
	END IF;
	IF 'wrong' = ANY (hints) THEN
		v.wrong := EXISTS (SELECT FROM voiceagent_private.proved_wrong(v_tenant, pick.campaign_id, pick.lead_id,
			pick.phone, turn.lawful));
	END IF;
	IF hints && '{called_us,rests}' THEN
		SELECT h.calls_us, h.called_until, h.paused_until INTO v.calls_us, v.called_until, v.paused_until
		FROM voiceagent_private.number_cooldowns(v_tenant, pick.campaign_id, pick.lead_id, first_phone, pick.phone,
			turn.lawful, turn.number_cooldown, turn.incoming_rest, at) h;
	END IF;
	IF 'caps' = ANY (hints) THEN
		SELECT array_agg(k.started_at), bool_or(k.live) INTO v_dials, v.rings
		FROM (SELECT k.started_at, k.outcome IS NULL AS live FROM voiceagent.calls k
			WHERE k.tenant_id = v_tenant AND k.phone = pick.phone AND k.lawful = turn.lawful AND k.counts
				-- Longer than any local day: what a cap of a day or of 24 hours can see.
				AND k.started_at > CASE WHEN (pick.proof).cap_lifetime IS NULL THEN at - interval '27 hours'
					ELSE '-infinity' END
			ORDER BY k.started_at DESC LIMIT v_most) k;
		v_earlier := CASE WHEN (pick.proof).cap_lifetime IS NOT NULL THEN (
			SELECT z.calls FROM voiceagent_private.removed_calls z
			WHERE z.tenant_id = v_tenant AND z.phone = pick.phone AND z.lawful = turn.lawful) END;
		IF v_dials IS NOT NULL OR v_earlier IS NOT NULL THEN
			v_caps := voiceagent_private.check_caps(v_dials, pick.timezones, (pick.proof).cap_day,
				(pick.proof).cap_24h, (pick.proof).cap_lifetime, v_earlier, at);
			v.capped_until := v_caps.allows_at;
			v.dials_day := v_caps.dials_day;
			v.dials_24h := v_caps.dials_24h;
			v.dials_lifetime := v_caps.dials_lifetime;
		END IF;
	END IF;
	IF 'windows' = ANY (hints) THEN
		SELECT w.allows_at, w.said, w.refusal INTO v.windows_until, v.windows_said, v.refusal
		FROM voiceagent_private.check_call_windows(v_tenant, pick.phone, turn.lawful, v_terms.call_windows, at) w;
	END IF;
	v.unheard := CASE WHEN 'unheard' = ANY (hints) AND (turn.no_speech_input AND v_terms.opt_out_text IS NOT NULL
		OR turn.no_tts AND (v_terms.opt_out_text IS NOT NULL OR v_terms.disclose_ai OR v_terms.disclose_caller
			OR v_terms.disclose_recording AND turn.announces))
		THEN 'the carrier cannot say what the law wants said at the start, or hears nobody who wants no more calls' END;
	IF 'tool' = ANY (hints) THEN
		SELECT NOT s.dial, s.good_until, format(CASE WHEN s.error IS NULL THEN 'the tool %s said no: %s'
			ELSE 'the tool %s gave no answer: %s' END, turn.before_dial, coalesce(s.error, nullif(s.answer, ''),
			'no reason')) INTO v.refused, v.refused_until, v.refused_why
		FROM voiceagent_private.dial_answer(pick.campaign_id, pick.lead_id, turn.before_dial, at) s
		WHERE s.ask_id IS NOT NULL;
	END IF;
	v.unwritten := 'script' = ANY (hints) AND (turn.script).source = 'model' AND voiceagent_private.awaits_script(
		turn.script, pick.lead_id, greatest(pick.not_before, pick.opens_at), at);
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_rules(voiceagent_private.queue_pick, voiceagent_private.claim_turn, text,
	text[], timestamptz) IS
	'For check_eligibility(): what the rules of these hints say of the dial of a pick that has its number, consent and '
	'proof so far; first_phone: the lead''s first number.';

CREATE FUNCTION voiceagent_private.check_eligibility(picks voiceagent_private.queue_pick[],
	turns voiceagent_private.claim_turn[], placed voiceagent_private.queue_pick[], at timestamptz)
	RETURNS voiceagent_private.queue_pick[]
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_check_eligibility';
COMMENT ON FUNCTION voiceagent_private.check_eligibility(voiceagent_private.queue_pick[],
	voiceagent_private.claim_turn[], voiceagent_private.queue_pick[], timestamptz) IS
	E'Judges the leads of picked queue rows, which the claim has locked, each by every rule for a dial.\n'
	'It returns the picks with verdict, attempts, consent_id, the number and what the proof needs. placed: what the '
	'claim dials already. Only the tenant''s one claimer may call it: nothing counts calls between two claims.';

CREATE FUNCTION voiceagent_private.check_leads(turn voiceagent_private.claim_turn, lead_ids bigint[], settled boolean,
	at timestamptz)
	RETURNS TABLE (lead_id bigint, number smallint, phone text, jurisdiction text, timezones text[], callback boolean,
		attempts integer, verdict text, note text, due_at timestamptz, dials_24h integer)
	LANGUAGE c STABLE STRICT ROWS 10000 AS 'MODULE_PATHNAME', 'va_sql_check_leads';
COMMENT ON FUNCTION voiceagent_private.check_leads(voiceagent_private.claim_turn, bigint[], boolean, timestamptz) IS
	E'Judges these leads of a campaign of the current tenant as a claim with this turn would at that time, each by the '
	'number by which it is queued (or its first), alone, and without a lock.\n'
	'settled: where that number must not be dialled and the lead has another one that may be, about that. dials_24h: '
	'NULL: not asked.';

CREATE FUNCTION voiceagent_private.pick_others(picks voiceagent_private.queue_pick[], at timestamptz)
	RETURNS voiceagent_private.queue_pick[] LANGUAGE plpgsql STABLE
	SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_numbers text[] := ARRAY(SELECT v.verdict FROM voiceagent_private.dial_verdicts() v WHERE v.of_number);
BEGIN
	IF NOT EXISTS (SELECT FROM unnest(picks) p WHERE p.verdict = ANY (v_numbers)) THEN
		RETURN picks;
	END IF;
	RETURN ARRAY(
		SELECT CASE WHEN n.next IS NULL THEN p ELSE jsonb_populate_record(p, jsonb_build_object('number', n.next,
			'verdict', 'moved', 'due_at', at + interval '1 second', 'note', NULL)) END
		FROM unnest(picks) p
		CROSS JOIN LATERAL (SELECT CASE WHEN p.verdict = ANY (v_numbers)
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

CREATE FUNCTION voiceagent_private.drop_picks(picks voiceagent_private.queue_pick[], at timestamptz) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE
	SET planner.policy = by_tid
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_out voiceagent_private.queue_pick[] := ARRAY(SELECT p FROM unnest(picks) p
		JOIN voiceagent_private.dial_verdicts() v ON v.verdict = p.verdict WHERE v.effect = 'drops');
	v_later voiceagent_private.queue_pick[] := ARRAY(SELECT p FROM unnest(picks) p
		JOIN voiceagent_private.dial_verdicts() v ON v.verdict = p.verdict WHERE v.effect IN ('waits', 'stops'));
BEGIN
	IF cardinality(v_later) > 0 THEN
		-- The lane keeps the hours.
		UPDATE voiceagent_private.call_queue q SET not_before = p.due_at FROM unnest(v_later) p
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
		reason = p.note
	FROM unnest(v_out) p
	WHERE p.verdict <> 'gone' AND c.tenant_id = v_tenant AND c.ctid = p.member_row;
	UPDATE voiceagent.leads l
	SET status = CASE WHEN p.verdict = 'attempts' THEN 'failed' ELSE 'do_not_call' END,
		status_reason = CASE WHEN p.verdict = 'attempts' THEN p.note
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
		jsonb_build_object('reason', CASE WHEN p.verdict IN ('attempts', 'no_consent') THEN p.verdict ELSE p.note END)
	FROM unnest(v_out) p WHERE p.verdict <> 'gone';
	RETURN ARRAY(SELECT DISTINCT p.campaign_id FROM unnest(v_out) p);
END
$$;
COMMENT ON FUNCTION voiceagent_private.drop_picks(voiceagent_private.queue_pick[], timestamptz) IS
	E'Takes leads that must not be dialled out of the queue, with the reason; puts off those that are being called, '
	'that have called us (with an event), or whose number rests or has had its calls for now.\n'
	'Returns the campaigns that lost leads.';
