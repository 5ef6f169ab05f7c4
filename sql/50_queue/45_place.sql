-- 50_queue: the end of a claim: the rows of the calls that start, and the lanes that ran empty.

-- spoken: the assistant's version; detection: of answering machines; longest_s: of the call; tells_time: whether the
-- words name the person's local time; tells_slots: whether they offer free times; is_special: whether they alone make
-- a call special (special_call()); digest: of the settings and of the version.
CREATE TYPE voiceagent_private.call_words AS (
	assistant_name text,
	ring_timeout interval,
	settings jsonb,
	spoken voiceagent.assistant_versions,
	detection text,
	longest_s integer,
	tells_time boolean,
	tells_slots boolean,
	is_special boolean,
	digest text
);
COMMENT ON TYPE voiceagent_private.call_words IS
	'The words that a version of a campaign and one of an assistant have for all calls, and how long these may take.';

CREATE FUNCTION voiceagent_private.words_of_version(campaign_id bigint, version integer, assistant_id bigint,
	assistant_version integer) RETURNS voiceagent_private.call_words
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_words voiceagent_private.call_words;
BEGIN
	-- Unpacked once and for all: a field of what is remembered would be again at each use.
	SELECT s.name, w.ring_timeout, w.settings || '{}', v.version,
		-- A version may be older than the setting.
		coalesce(w.settings ->> 'machine_detection', 'off'),
		voiceagent_private.longest_call_s(w.max_call_duration, (v.version).settings),
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
	v_words.is_special := v_words.tells_time OR v_words.detection = 'message' OR v_words.settings ? 'test'
		OR voiceagent_private.tells_memory((v_words.spoken).system_prompt);
	v_words.digest := md5(ROW(v_words.settings, v_words.spoken)::text);
	RETURN v_words;
END
$$;
COMMENT ON FUNCTION voiceagent_private.words_of_version(bigint, integer, bigint, integer) IS
	'The words of a campaign of the current tenant; a claim remembers them until one of the tables that say them '
	'changes.';

CREATE TRIGGER changed_for_claims AFTER UPDATE OF name OR DELETE OR TRUNCATE ON voiceagent.assistants
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();
CREATE TRIGGER changed_for_claims AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent.kept_assistants
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();

CREATE FUNCTION voiceagent_private.special_call(call voiceagent_private.claimed_call,
	pick voiceagent_private.queue_pick, turn voiceagent_private.claim_turn, words voiceagent_private.call_words,
	slots timestamptz[], at timestamptz) RETURNS voiceagent_private.claimed_call LANGUAGE plpgsql VOLATILE
	SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_told jsonb := call.variables;
	v_machine record;
BEGIN
	IF words.settings ? 'test' THEN
		SELECT voiceagent_private.lead_variables(voiceagent_private.with_variables(l,
			voiceagent_private.test_variables(l.lead_id))) INTO STRICT v_told
		FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = pick.lead_id;
	END IF;
	-- A script is found by the lead's own variables, so the rest comes behind it.
	IF (turn.script).source IS NOT NULL THEN
		v_told := voiceagent_private.with_script(v_told, turn.script, pick.campaign_id, pick.lead_id, call.call_id, at);
	END IF;
	IF turn.before_dial IS NOT NULL THEN
		v_told := v_told || coalesce((voiceagent_private.dial_answer(pick.campaign_id, pick.lead_id, turn.before_dial,
			at)).variables, '{}');
	END IF;
	IF words.tells_time THEN
		v_told := v_told || voiceagent_private.local_time(pick.timezones, call.language, at);
	END IF;
	IF slots IS NOT NULL THEN
		v_told := v_told || voiceagent_private.slot_variables(slots, pick.timezones, call.language);
	END IF;
	call.variables := voiceagent_private.with_memory(v_told, (words.spoken).system_prompt, pick.lead_id,
		voiceagent_private.is_sandbox(turn.provider_account_id));
	-- No message is left by others, so there is nothing to count.
	IF words.detection = 'message' THEN
		v_machine := voiceagent_private.expect_machine(words.settings, call.assistant_settings,
			call.machine_disclosure, pick.phone, pick.timezones, at);
		call.assistant_settings := v_machine.assistant_settings;
		call.machine_detection := v_machine.detection;
	END IF;
	RETURN call;
END
$$;
COMMENT ON FUNCTION voiceagent_private.special_call(voiceagent_private.claimed_call, voiceagent_private.queue_pick,
	voiceagent_private.claim_turn, voiceagent_private.call_words, timestamptz[], timestamptz) IS
	E'A call that is placed, with what only some need: the variables of a test, of a script, of a tool that was asked '
	'before the dial, of the local time, of free times and of what is known; and the message for a machine.\n'
	'slots: what slots_at_dial() gives if the words offer free times.';

CREATE FUNCTION voiceagent_private.place_calls(picks voiceagent_private.queue_pick[], calls bigint[], holds bigint[],
		turns voiceagent_private.claim_turn[], settings voiceagent_private.dial_settings, at timestamptz)
	RETURNS voiceagent_private.claimed_call[] LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_place_calls';
COMMENT ON FUNCTION voiceagent_private.place_calls(voiceagent_private.queue_pick[], bigint[], bigint[],
	voiceagent_private.claim_turn[], voiceagent_private.dial_settings, timestamptz) IS
	'Turns judged picks, with the ids of their calls (ascending) and of their holds, into calls, proofs, attempts '
	'(sending), live calls and events, takes them out of the queue, and returns what the dialer needs.';

CREATE FUNCTION voiceagent_private.settle_lanes(campaign_ids bigint[], at timestamptz) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_settle_lanes';
COMMENT ON FUNCTION voiceagent_private.settle_lanes(bigint[], timestamptz) IS
	'Sets next_due of ready lanes of these campaigns to the first not_before that is left, under the lanes'' locks; a '
	'lane locked by somebody who enqueues is left alone, because its commit wakes us.';
