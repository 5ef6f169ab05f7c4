-- 50_queue: the end of a claim: the rows of the calls that start, and the lanes that ran empty.

CREATE FUNCTION voiceagent_private.leave_queue(picks voiceagent_private.queue_pick[], at timestamptz) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_leave_lanes';
COMMENT ON FUNCTION voiceagent_private.leave_queue(voiceagent_private.queue_pick[], timestamptz) IS
	E'Takes leads that are dialled out of the queue and notes the dial.\n'
	'Their rows are locked, so they lie where they were found.';

-- spoken: the assistant's version; detection: of answering machines; tells_time: whether the words name the person's
-- local time; tells_slots: whether they offer free times.
CREATE TYPE voiceagent_private.call_words AS (
	assistant_name text,
	ring_timeout interval,
	max_call_duration interval,
	settings jsonb,
	spoken voiceagent.assistant_versions,
	detection text,
	tells_time boolean,
	tells_slots boolean
);
COMMENT ON TYPE voiceagent_private.call_words IS
	'What a version of a campaign and one of an assistant say in all calls, and how long these may take.';

CREATE FUNCTION voiceagent_private.words_of_version(campaign_id bigint, version integer, assistant_id bigint,
	assistant_version integer) RETURNS voiceagent_private.call_words
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_words voiceagent_private.call_words;
BEGIN
	-- Unpacked once and for all: a field of what is remembered would be again at each use.
	SELECT s.name, w.ring_timeout, w.max_call_duration, w.settings || '{}', v.version,
		-- A version may be older than the setting.
		coalesce(w.settings ->> 'machine_detection', 'off'),
		voiceagent_private.tells_local_time(concat_ws(' ', (v.version).first_message, (v.version).system_prompt,
			(v.version).settings ->> 'voicemail_message', w.settings ->> 'voicemail_message')),
		voiceagent_private.tells_slots(concat_ws(' ', (v.version).first_message, (v.version).system_prompt))
	INTO v_words
	FROM (SELECT w.ring_timeout, w.max_call_duration, w.settings FROM voiceagent.campaign_versions w
		WHERE w.tenant_id = v_tenant AND w.campaign_id = words_of_version.campaign_id
			AND w.version = words_of_version.version) w
	CROSS JOIN (SELECT s.name FROM voiceagent.assistants s
		WHERE s.tenant_id = v_tenant AND s.assistant_id = words_of_version.assistant_id) s
	CROSS JOIN (SELECT v AS version FROM voiceagent.assistant_versions v
		WHERE v.tenant_id = v_tenant AND v.assistant_id = words_of_version.assistant_id
			AND v.version = words_of_version.assistant_version) v;
	RETURN v_words;
END
$$;
COMMENT ON FUNCTION voiceagent_private.words_of_version(bigint, integer, bigint, integer) IS
	'The words of a campaign of the current tenant, for recall_words().';

CREATE FUNCTION voiceagent_private.recall_words(campaign_id bigint, version integer, assistant_id bigint,
	assistant_version integer) RETURNS voiceagent_private.call_words
	LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_recall_words';
COMMENT ON FUNCTION voiceagent_private.recall_words(bigint, integer, bigint, integer) IS
	'words_of_version(), remembered by the session until one of the tables that say them changes.';
CREATE TRIGGER changed_for_claims AFTER UPDATE OF name OR DELETE OR TRUNCATE ON voiceagent.assistants
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();

-- Not the whole of each turn: what its calls need.
CREATE FUNCTION voiceagent_private.spoken_turns(turns voiceagent_private.claim_turn[], send_lease interval)
	RETURNS TABLE (campaign_id bigint, version integer, assistant_id bigint, assistant_version integer,
		provider_account_id bigint, provider text, attempt_limit integer, lawful boolean, own_number bigint,
		from_number text, from_number_id text, live integer, free_lines integer, longest interval, heard text,
		script voiceagent_private.script_plan, assistant_name text, answer_time interval, ring_timeout interval,
		max_call_duration interval, campaign_settings jsonb, spoken_version voiceagent.assistant_versions,
		detection text, kept jsonb, tells_time boolean, slots timestamptz[],
		before_dial text)
	LANGUAGE sql STABLE AS $$
	SELECT t.campaign_id, t.version, t.assistant_id, t.assistant_version, t.provider_account_id, t.provider,
		t.attempt_limit, t.lawful, t.own_number, t.from_number, t.from_number_id, t.live, t.free_lines, t.longest,
		t.heard, t.script, w.assistant_name, voiceagent_private.answer_time(t.provider, $2), w.ring_timeout,
		w.max_call_duration, w.settings, w.spoken, w.detection,
		voiceagent_private.kept_for_call(t.assistant_id, t.assistant_version, t.provider_account_id), w.tells_time,
		CASE WHEN w.tells_slots THEN voiceagent_private.slots_at_dial(t.campaign_id) END, t.before_dial
	FROM unnest($1) t
	CROSS JOIN LATERAL voiceagent_private.recall_words(t.campaign_id, t.version, t.assistant_id,
		t.assistant_version) w
$$;
COMMENT ON FUNCTION voiceagent_private.spoken_turns(voiceagent_private.claim_turn[], interval) IS
	E'The turns with the words of their calls (call_words).\n'
	'kept: VaCallOrder.kept; slots: free times that the words offer. The planner dissolves it.';

-- By the index that has the order, whatever the statistics make of the tenant's consents: a batch's plan read them all.
CREATE FUNCTION voiceagent_private.agreed_to_recording(tenant_id bigint, picks voiceagent_private.queue_pick[])
	RETURNS boolean[] LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN ARRAY(SELECT (SELECT c.agreed
			FROM voiceagent_private.recording_consent(agreed_to_recording.tenant_id, k.lead_id, k.phone) c)
		FROM unnest(picks) WITH ORDINALITY AS k ORDER BY k.ordinality);
END
$$;
COMMENT ON FUNCTION voiceagent_private.agreed_to_recording(bigint, voiceagent_private.queue_pick[]) IS
	'For each pick in its order what recording_consent() says; NULL: nothing.';

CREATE FUNCTION voiceagent_private.place_calls(picks voiceagent_private.queue_pick[], calls bigint[], holds bigint[],
		turns voiceagent_private.claim_turn[], settings voiceagent_private.dial_settings, at timestamptz)
	RETURNS SETOF voiceagent_private.claimed_call LANGUAGE plpgsql VOLATILE
	SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lease timestamptz;
	v_turn voiceagent_private.claim_turn;
	v_agreed boolean[] := voiceagent_private.agreed_to_recording(v_tenant, picks);
	v_nth integer[];
BEGIN
	-- Which call of its campaign each is; NULL: all are of one.
	IF cardinality(turns) > 1 THEN
		v_nth := ARRAY(SELECT row_number() OVER (PARTITION BY k.campaign_id ORDER BY k.ordinality)
			FROM unnest(picks) WITH ORDINALITY AS k ORDER BY k.ordinality);
	END IF;
	-- The locked leads are read by ctid, before leave_queue() updates them.
	RETURN QUERY WITH turn AS MATERIALIZED (
			SELECT * FROM voiceagent_private.spoken_turns(turns, settings.send_lease)
		), said AS MATERIALIZED (
			-- The disclosure depends on the place, and on the lead only by its consent to be recorded.
			SELECT d.*, voiceagent_private.begin_call(d.terms, t.campaign_settings, t.spoken_version, t.heard,
				d.agreed) AS call
			FROM (SELECT DISTINCT ON (1, 2, 3) k.campaign_id, k.jurisdiction, k.unnest AS agreed, (k.proof).terms
				FROM unnest(picks, v_agreed) k) d JOIN turn t ON t.campaign_id = d.campaign_id
		), p AS MATERIALIZED (
			SELECT k.ordinality, k.attempt_id, k.campaign_id, k.lead_id, k.number, k.phone, k.extension, k.reason,
				k.attempts, k.consent_id, k.timezones, k.jurisdiction, k.opens_at, k.closes_at, k.proof,
				k.phone_number_id, calls[k.ordinality] AS call_id, holds[k.ordinality] AS hold_id, l.customer_name,
				-- A script is found by the lead's own variables, so the rest comes behind it.
				CASE WHEN (t.script).source IS NULL THEN l.variables ELSE voiceagent_private.with_script(l.variables,
					t.script, k.campaign_id, k.lead_id, calls[k.ordinality], at) END || CASE WHEN t.before_dial IS NULL
					THEN '{}' ELSE voiceagent_private.told_of_dial(k.campaign_id, k.lead_id, t.before_dial, at) END
				|| CASE WHEN t.tells_time THEN voiceagent_private.local_time(k.timezones, (t.spoken_version).language,
					at) ELSE '{}' END || CASE WHEN t.slots IS NOT NULL THEN voiceagent_private.slot_variables(t.slots,
					k.timezones, (t.spoken_version).language) ELSE '{}' END AS variables, t.slots, b.call, t.version,
				t.assistant_id, t.assistant_version, t.provider_account_id, t.provider, t.attempt_limit, t.lawful,
				t.own_number, t.live + t.free_lines AS call_limit, t.answer_time, t.assistant_name, t.detection, t.kept,
				t.from_number, t.from_number_id, (t.spoken_version).voice, (t.spoken_version).model,
				(t.spoken_version).language, voiceagent_private.longest_call_s(t.max_call_duration,
					(t.spoken_version).settings) AS longest_s,
				t.live + coalesce(v_nth[k.ordinality], k.ordinality)::integer - 1 AS live,
				greatest(t.ring_timeout, ((k.proof).terms).min_ring) AS ring_timeout,
				at + t.longest + voiceagent_private.carrier_time(t.provider, greatest(t.ring_timeout,
					((k.proof).terms).min_ring) - t.ring_timeout, settings.time_scale, interval '0') AS ends_by,
				format('va-%s-%s-%s', v_tenant, k.attempt_id, left(gen_random_uuid()::text, 8)) AS reference,
				(SELECT n FROM voiceagent.phone_numbers n
					WHERE n.tenant_id = v_tenant AND n.phone_number_id = k.phone_number_id) AS caller,
				-- No message is left by others, so there is nothing to count.
				CASE WHEN t.detection = 'message' THEN to_jsonb(voiceagent_private.expect_machine(t.campaign_settings,
					(b.call).assistant_settings, (b.call).disclosure, k.phone, k.timezones, at)) END AS machine
			FROM (SELECT k.*, nextval('voiceagent.attempts_attempt_id_seq') AS attempt_id
				FROM unnest(picks) WITH ORDINALITY AS k OFFSET 0 /* one id each */) k
			JOIN turn t ON t.campaign_id = k.campaign_id
			JOIN said b ON b.campaign_id = k.campaign_id AND b.jurisdiction = k.jurisdiction
				AND b.agreed IS NOT DISTINCT FROM v_agreed[k.ordinality]
			CROSS JOIN LATERAL (SELECT nullif(concat_ws(' ', l.first_name, l.last_name), '') AS customer_name,
				voiceagent_private.lead_variables(CASE WHEN t.campaign_settings ? 'test' THEN
					voiceagent_private.with_variables(l, voiceagent_private.test_variables(k.lead_id)) ELSE l END)
					AS variables
				FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.ctid = k.lead_row OFFSET 0) l
		), calls AS (
			INSERT INTO voiceagent.calls (tenant_id, call_id, campaign_id, lead_id, phone, number, assistant_id,
				assistant_version, campaign_version, provider_account_id, attempt_number, lawful, started_at)
			OVERRIDING SYSTEM VALUE
			SELECT v_tenant, p.call_id, p.campaign_id, p.lead_id, p.phone, p.number, p.assistant_id,
				p.assistant_version, p.version, p.provider_account_id, p.attempts + 1, p.lawful, at FROM p
		), attempts AS (
			INSERT INTO voiceagent.attempts (tenant_id, attempt_id, call_id, provider_account_id, hold_id, created_at,
				window_opens_at, window_closes_at, consent_id, list_as_of, attempt_number, attempt_limit, live_calls,
				call_limit, cap_day, cap_24h, cap_lifetime, dials_day, dials_24h, dials_lifetime, layers, do_not_call,
				lawful, consent_required, assistant_discloses, recorded, timezones, jurisdiction, list_max_age,
				ring_timeout, min_ring, disclosures, disclosure, opt_out_key, reference, phone_number_id, slots,
				call_windows, special)
			OVERRIDING SYSTEM VALUE
			SELECT v_tenant, p.attempt_id, p.call_id, p.provider_account_id, p.hold_id, at,
				p.opens_at, p.closes_at, p.consent_id, (p.proof).list_as_of, p.attempts + 1, p.attempt_limit, p.live,
				p.call_limit, (p.proof).cap_day, (p.proof).cap_24h, (p.proof).cap_lifetime, (p.proof).dials_day,
				(p.proof).dials_24h, (p.proof).dials_lifetime, CASE WHEN p.lawful THEN 31 ELSE 15 END, false, p.lawful,
				(p.proof).consent_required, (p.call).assistant_discloses, (p.call).record, p.timezones, p.jurisdiction,
				((p.proof).terms).list_max_age, p.ring_timeout, ((p.proof).terms).min_ring,
				nullif((p.call).disclosures, '{}'), (p.call).disclosure, (p.call).opt_out_key, p.reference,
				coalesce(p.phone_number_id, p.own_number), p.slots, (p.proof).call_windows, (p.proof).special
			FROM p
		), live AS (
			INSERT INTO voiceagent_private.live_calls (tenant_id, call_id, attempt_id, campaign_id, lead_id,
				provider_account_id, provider, lease_until, reference, dialled_at, ends_by, phone_number_id, answer_due)
			SELECT v_tenant, p.call_id, p.attempt_id, p.campaign_id, p.lead_id, p.provider_account_id, p.provider,
				-- Usually the value that it has once the carrier has taken the call, so the answer changes no index.
				greatest(p.ends_by, at + p.answer_time), p.reference, at, p.ends_by, p.phone_number_id,
				at + p.answer_time FROM p
		), events AS (
			INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id,
				event_data)
			SELECT v_tenant, voiceagent_private.month_slot(at), at, 'call_initiated', p.campaign_id, p.call_id,
				p.lead_id, jsonb_build_object('attempt_number', p.attempts + 1, 'reason', p.reason) FROM p
		)
		SELECT v_tenant, p.call_id, p.attempt_id, p.reference, p.campaign_id, p.lead_id, p.provider,
			p.provider_account_id, p.phone, p.extension, p.customer_name, p.variables, p.assistant_name,
			(p.call).first_message, (p.call).disclosure, (p.call).opt_out_key, (p.call).system_prompt, p.voice, p.model,
			p.language, CASE WHEN p.machine IS NULL THEN (p.call).assistant_settings
				ELSE nullif(p.machine -> 'assistant_settings', 'null') END,
			coalesce(p.machine ->> 'detection', p.detection), ceil(extract(epoch FROM p.ring_timeout))::integer,
			p.longest_s, (p.call).record, coalesce((p.caller).phone_number, p.from_number),
			CASE WHEN (p.caller).phone_number IS NULL THEN p.from_number_id ELSE (p.caller).provider_number_id END,
			greatest(ceil(extract(epoch FROM least(at + settings.send_lease, p.closes_at) - at) * 1000), 1)::integer,
			p.kept
		FROM p ORDER BY p.ordinality;
	-- They are on their way, and are asked about if no answer is stored by then.
	FOREACH v_turn IN ARRAY turns LOOP
		v_lease := greatest(v_lease, at + voiceagent_private.answer_time(v_turn.provider, settings.send_lease));
	END LOOP;
	INSERT INTO voiceagent_private.sends (tenant_id, first_call_id, lease_until, call_ids)
	VALUES (v_tenant, calls[1], v_lease, ARRAY(SELECT i FROM unnest(calls) i ORDER BY i DESC));
	PERFORM voiceagent_private.poke_lookups(v_lease), voiceagent_private.leave_queue(picks, at);
END
$$;
COMMENT ON FUNCTION voiceagent_private.place_calls(voiceagent_private.queue_pick[], bigint[], bigint[],
	voiceagent_private.claim_turn[], voiceagent_private.dial_settings, timestamptz) IS
	'Turns judged picks, with the ids of their calls (ascending) and of their holds, into calls, proofs, attempts '
	'(sending), live calls and events, takes them out of the queue, and returns what the dialer needs.';

CREATE FUNCTION voiceagent_private.settle_lanes(campaign_ids bigint[], at timestamptz) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_settle_lanes';
COMMENT ON FUNCTION voiceagent_private.settle_lanes(bigint[], timestamptz) IS
	'Sets next_due of ready lanes of these campaigns to the first not_before that is left, under the lanes'' locks; a '
	'lane locked by somebody who enqueues is left alone, because its commit wakes us.';
