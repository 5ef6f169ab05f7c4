-- 80_reception: the job that draws the conclusions of incoming calls.

CREATE FUNCTION voiceagent_private.incoming_meaning(call voiceagent.calls, reading jsonb) RETURNS text
	LANGUAGE sql STABLE
	-- calls.outcome of an incoming call says how it ended on the line; this is what it came to.
	RETURN CASE WHEN (call).outcome = 'completed' THEN voiceagent_private.decide_outcome('completed',
		(call).cause_class::text, (call).structured_data, (call).success_evaluation, (call).duration_seconds, NULL,
		NULL, NULL,
		-- "I want to" begins whatever a caller wants.
		nullif(voiceagent_private.words_outcome(reading), 'interested')) ELSE (call).outcome::text END;
COMMENT ON FUNCTION voiceagent_private.incoming_meaning(voiceagent.calls, jsonb) IS
	'The outcome of an incoming call by the rules of outgoing ones (decide_outcome()), with its data and its reading.';

CREATE FUNCTION voiceagent_private.tool_intent(call voiceagent.calls) RETURNS text
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT o.intent FROM voiceagent.call_tools t JOIN voiceagent_private.tools() o ON o.tool = t.tool
	WHERE t.tenant_id = (call).tenant_id AND t.call_id = (call).call_id AND o.intent IS NOT NULL
		-- A person was asked for, even if none was available.
		AND (t.error IS NULL OR t.tool = 'transfer' AND t.error IN ('nobody', 'barred'))
	ORDER BY o.place LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.tool_intent(voiceagent.calls) IS
	'The purpose of a call, by the tools that did something in it, the most binding first; NULL: they do not show one.';

CREATE FUNCTION voiceagent_private.tool_deeds(call voiceagent.calls) RETURNS text
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT string_agg(o.deed, ', ' ORDER BY o.place) FROM voiceagent_private.tools() o
	WHERE EXISTS (SELECT FROM voiceagent.call_tools t WHERE t.tenant_id = (call).tenant_id
		AND t.call_id = (call).call_id AND t.tool = o.tool AND t.error IS NULL AND t.made IS NOT NULL)
$$;
COMMENT ON FUNCTION voiceagent_private.tool_deeds(voiceagent.calls) IS
	'Tools'' deeds in a call, in words; NULL: none that stays.';

CREATE FUNCTION voiceagent_private.follow_tools(call_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_used voiceagent.call_tools;
	v_made jsonb;
BEGIN
	FOR v_used IN SELECT t.* FROM voiceagent.call_tools t
		WHERE t.tenant_id = v_tenant AND t.call_id = follow_tools.call_id AND t.made IS NOT NULL
			AND t.followed_at IS NULL
		ORDER BY t.called_at, t.tool_call_id FOR NO KEY UPDATE
	LOOP
		v_made := voiceagent_private.follow_tool(v_used);
		-- A listing that is gone meanwhile keeps nothing else from following.
		PERFORM voiceagent.link_listing(v_used.call_id, l.listing_id) FROM voiceagent.listings l
		WHERE l.tenant_id = v_tenant AND l.listing_id = (v_used.made ->> 'listing_id')::bigint;
		UPDATE voiceagent.call_tools t SET made = t.made || v_made, followed_at = voiceagent.clock()
		WHERE t.tenant_id = v_tenant AND t.call_id = v_used.call_id AND t.tool_call_id = v_used.tool_call_id;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_tools(bigint) IS
	'Does what follows from the tools of a call of the current tenant, each once.';

CREATE FUNCTION voiceagent_private.meaning_with_tools(call voiceagent.calls, means text, OUT told text, OUT name text,
	OUT call_back_at timestamptz)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	SELECT bool_or(t.tool = 'opt_out') AS opts_out,
		bool_or(t.tool = 'call_back' AND NOT t.made ? 'phone') AS calls_back,
		bool_or(t.tool = 'cancel_booking') AS cancels,
		-- The last word counts, whether it is earlier or later.
		(array_agg((t.made ->> 'at')::timestamptz ORDER BY t.called_at DESC, t.tool_call_id DESC)
			FILTER (WHERE t.tool = 'call_back' AND NOT t.made ? 'phone'))[1] AS at,
		(array_agg(btrim(t.arguments ->> 'name') ORDER BY t.called_at DESC)
			FILTER (WHERE btrim(t.arguments ->> 'name') <> ''))[1] AS caller,
		EXISTS (SELECT FROM voiceagent.appointments a
			WHERE a.tenant_id = (call).tenant_id AND a.call_id = (call).call_id AND 'tool' = ANY (a.detected_by)
				AND a.status IN ('pending', 'confirmed')) AS booked
	INTO v
	FROM voiceagent.call_tools t
	WHERE t.tenant_id = (call).tenant_id AND t.call_id = (call).call_id AND t.error IS NULL AND t.made IS NOT NULL;
	told := CASE WHEN v.opts_out THEN 'do_not_call' WHEN v.booked THEN 'scheduled' WHEN v.calls_back THEN 'callback'
		WHEN v.cancels AND means = 'scheduled' THEN 'completed' ELSE means END;
	name := left(v.caller, 100);
	-- A time that the tool has refused, such as in two years, is a person's to settle, and not soon.
	call_back_at := coalesce(v.at, CASE WHEN v.calls_back IS NOT TRUE AND EXISTS (SELECT FROM voiceagent.call_tools t
		WHERE t.tenant_id = (call).tenant_id AND t.call_id = (call).call_id AND t.tool = 'call_back'
			AND t.error IN ('when', 'hour', 'day'))
		THEN timestamptz 'infinity' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.meaning_with_tools(voiceagent.calls, text) IS
	'The outcome of an incoming call in which tools did something, which prevails over its words (means); with the '
	'name that was given to a tool, and the time at which to call back.';

CREATE FUNCTION voiceagent_private.came_to(call voiceagent.calls, reading jsonb) RETURNS text
	LANGUAGE sql STABLE
	RETURN CASE WHEN (call).direction <> 'inbound' THEN (call).outcome::text
		ELSE (voiceagent_private.meaning_with_tools(call, voiceagent_private.incoming_meaning(call, reading))).told END;
COMMENT ON FUNCTION voiceagent_private.came_to(voiceagent.calls, jsonb) IS
	'The one word for what an ended call of the current tenant came to, for figures, pages and what follows: by what '
	'tools did in it, then by its data and its words (reading).';

CREATE FUNCTION voiceagent_private.give_to_lead(call_id bigint, lead_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent.calls c SET lead_id = give_to_lead.lead_id
	WHERE c.tenant_id = v_tenant AND c.call_id = give_to_lead.call_id
		AND c.lead_id IS DISTINCT FROM give_to_lead.lead_id;
	UPDATE voiceagent.appointments a SET lead_id = give_to_lead.lead_id
	WHERE a.tenant_id = v_tenant AND a.call_id = give_to_lead.call_id AND a.lead_id IS NULL;
	-- Booked before anybody knew whom to tell.
	IF FOUND THEN
		PERFORM voiceagent_private.note_invitation(a.appointment_id) FROM voiceagent.appointments a
		WHERE a.tenant_id = v_tenant AND a.call_id = give_to_lead.call_id;
	END IF;
	UPDATE voiceagent.tasks t SET lead_id = give_to_lead.lead_id
	WHERE t.tenant_id = v_tenant AND t.call_id = give_to_lead.call_id AND t.lead_id IS NULL;
	UPDATE voiceagent.offers o SET lead_id = give_to_lead.lead_id
	WHERE o.tenant_id = v_tenant AND o.call_id = give_to_lead.call_id AND o.lead_id IS NULL;
	UPDATE voiceagent.webhook_deliveries d SET lead_id = give_to_lead.lead_id
	WHERE d.tenant_id = v_tenant AND d.call_id = give_to_lead.call_id AND d.lead_id IS NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.give_to_lead(bigint, bigint) IS
	'An incoming call of the current tenant, what was booked, asked and offered in it, and its reports, are this '
	'lead''s.';

CREATE FUNCTION voiceagent_private.end_returned(call voiceagent.calls, means text) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_campaign bigint := (SELECT i.returns_to FROM voiceagent.call_inbound i
		WHERE i.tenant_id = call.tenant_id AND i.call_id = call.call_id);
	v_campaigns bigint[];
	c_reason CONSTANT text := 'the person called back';
BEGIN
	-- There was no speech, or the person waits for a call: the retry stands.
	IF v_campaign IS NULL OR means IN ('no_answer', 'busy', 'voicemail', 'callback') THEN
		RETURN '{}';
	END IF;
	v_campaigns := voiceagent_private.unqueue_leads(ARRAY[call.lead_id], c_reason, v_campaign, true);
	UPDATE voiceagent.campaign_leads m SET status = 'completed', reason = c_reason, last_outcome = means
	WHERE m.tenant_id = call.tenant_id AND m.campaign_id = v_campaign AND m.lead_id = call.lead_id
		AND m.status IN ('completed', 'failed', 'skipped', 'expired')
		AND EXISTS (SELECT FROM voiceagent.enumerations e WHERE e.enumeration = 'call_outcome' AND e.value = means);
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_returned(voiceagent.calls, text) IS
	E'An incoming call of the current tenant that came back to a campaign and was talked through ends its lead there '
	'with what it came to (means): no retry follows, and the outcome is the campaign''s.\n'
	'Returns the campaigns to complete.';

CREATE FUNCTION voiceagent_private.follow_incoming_call(call_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call voiceagent.calls;
	v_reading jsonb;
	v_name text;
	v_means text;
	v_missed boolean;
	v_call_back timestamptz;
	v_follow_up text;
	v_spoken text;
	v_campaigns bigint[] := '{}';
	v_deeds text;
BEGIN
	SELECT c.* INTO v_call FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = follow_incoming_call.call_id AND c.direction = 'inbound'
		AND c.outcome IS NOT NULL
	FOR NO KEY UPDATE;
	-- Erased meanwhile, if its plan is gone.
	IF NOT FOUND OR NOT EXISTS (SELECT FROM voiceagent.call_inbound i
			WHERE i.tenant_id = v_tenant AND i.call_id = follow_incoming_call.call_id AND i.plan IS NOT NULL) THEN
		RETURN;
	END IF;
	SELECT k.reading INTO v_reading FROM voiceagent.conversations k
	WHERE k.tenant_id = v_tenant AND k.call_id = v_call.call_id
		AND k.month_slot = voiceagent_private.month_slot(v_call.started_at);
	-- Its end may have become known by no report.
	IF v_reading ? 'opt_out_doubt' OR voiceagent_private.parse_yes(v_call.structured_data -> 'do_not_call')
		AND NOT voiceagent_private.was_listed(v_call.call_id) THEN
		PERFORM voiceagent_private.conclude_calls('{}', callers => ARRAY[v_call.call_id]);
	END IF;
	SELECT t.told, coalesce(t.name, voiceagent_private.told_name(v_call)), t.call_back_at
	INTO v_means, v_name, v_call_back
	FROM voiceagent_private.meaning_with_tools(v_call, voiceagent_private.incoming_meaning(v_call, v_reading)) t;
	v_missed := v_means IN ('no_answer', 'busy') AND voiceagent_private.setting_text('call_back_missed') = 'on';
	v_call.lead_id := coalesce(v_call.lead_id, (voiceagent_private.lead_of_caller(v_call.phone)).lead_id);
	IF v_call.lead_id IS NULL AND v_means NOT IN ('do_not_call', 'wrong_number', 'voicemail')
		AND (v_name IS NOT NULL OR v_means IN ('scheduled', 'callback') OR v_missed) THEN
		v_call.lead_id := voiceagent_private.make_caller_a_lead(v_call.phone, v_name);
	END IF;
	v_deeds := voiceagent_private.tool_deeds(v_call);
	UPDATE voiceagent.calls c
	SET summary = concat_ws(' ', format('Call from %s. Intent: %s. Outcome: %s.',
		coalesce(v_name, (SELECT nullif(concat_ws(' ', l.first_name, l.last_name), '') FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND l.lead_id = v_call.lead_id), v_call.phone, 'a withheld number'),
		replace(coalesce(voiceagent_private.tool_intent(v_call), v_reading #>> '{intent,value}', 'general'), '_', ' '),
		coalesce(v_deeds, CASE v_means WHEN 'scheduled' THEN 'an appointment was agreed'
			WHEN 'callback' THEN 'to be called back' WHEN 'do_not_call' THEN 'asked not to be called'
			WHEN 'no_answer' THEN 'missed'
			WHEN 'busy' THEN CASE coalesce(i.plan ->> 'refused', i.plan ->> 'not_taken', 'lines')
				WHEN 'lines' THEN 'missed, all lines were busy' ELSE 'not taken' END
			WHEN 'completed' THEN CASE i.answer WHEN 'forward' THEN 'put through' WHEN 'say' THEN 'heard the message'
				ELSE 'answered' END
			ELSE replace(v_means, '_', ' ') END)),
		-- A deed counts more than words.
		CASE WHEN v_deeds IS NULL THEN v_reading ->> 'summary' END)
	FROM voiceagent_private.kept_words() w, voiceagent.call_inbound i
	WHERE c.tenant_id = v_call.tenant_id AND c.call_id = v_call.call_id AND c.summary IS NULL
		AND c.ended_at >= w.since AND c.call_id > w.after_call_id
		AND i.tenant_id = v_call.tenant_id AND i.call_id = v_call.call_id;
	-- The words alone: a doubtful appointment, or a call that a person looks at.
	v_spoken := CASE WHEN v_means = 'completed' AND voiceagent_private.lacks_analysis(v_call.structured_data, v_reading)
		THEN voiceagent_private.words_speak_of(v_reading) END;
	UPDATE voiceagent.calls c SET uncertain = CASE v_spoken WHEN 'scheduled' THEN 'acted' ELSE 'review' END
	WHERE c.tenant_id = v_tenant AND c.call_id = v_call.call_id AND c.uncertain IS NULL AND v_spoken IS NOT NULL;
	IF v_spoken = 'scheduled' THEN
		PERFORM voiceagent_private.detect_appointments(ARRAY[v_call.call_id]);
	END IF;
	IF v_call.phone IS NOT NULL AND voiceagent_private.tool_deeds(v_call) IS NULL
		AND (SELECT bool_and(x.unreached) FROM (
				SELECT t.state IN ('not_taken', 'failed') FROM voiceagent.transfer_list t
				WHERE t.tenant_id = v_tenant AND t.call_id = v_call.call_id
				UNION ALL SELECT true FROM voiceagent.call_tools t WHERE t.tenant_id = v_tenant
					AND t.call_id = v_call.call_id AND t.tool = 'transfer' AND t.error IN ('nobody', 'barred')
			) AS x(unreached))
		AND NOT EXISTS (SELECT FROM voiceagent.tasks t WHERE t.tenant_id = v_tenant AND t.call_id = v_call.call_id) THEN
		PERFORM voiceagent_private.leave_task('call_back', 'Wanted to speak to a person, and reached none.',
			v_call.call_id, owed => true);
	END IF;
	IF v_call.lead_id IS NULL THEN
		IF v_means = 'scheduled' THEN
			PERFORM voiceagent_private.log_event('appointment_unreadable', NULL, v_call.call_id, NULL,
				jsonb_build_object('reason', 'the caller withheld its number'));
		END IF;
		RETURN;
	END IF;
	PERFORM voiceagent_private.give_to_lead(v_call.call_id, v_call.lead_id);
	-- The matter is settled, and no campaign that waits for the lead has to ask.
	IF v_means IN ('scheduled', 'not_interested') THEN
		v_campaigns := voiceagent_private.unqueue_leads(ARRAY[v_call.lead_id], CASE v_means WHEN 'scheduled'
			THEN 'an appointment was agreed in a call to us' ELSE 'not interested, in a call to us' END, NULL, true);
	END IF;
	v_campaigns := v_campaigns || voiceagent_private.end_returned(v_call, v_means);
	PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = v_call.lead_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.qualify_leads(ARRAY[v_call.call_id]);
	v_follow_up := CASE WHEN v_means <> 'scheduled' OR NOT EXISTS (SELECT FROM voiceagent.appointments a
		-- A tool has booked it at once.
		WHERE a.tenant_id = v_tenant AND a.call_id = v_call.call_id AND a.status = 'confirmed')
		THEN coalesce(voiceagent_private.follow_up_of(v_means), CASE WHEN v_missed THEN 'callback' END) END;
	IF v_means = 'scheduled' THEN
		PERFORM voiceagent_private.detect_appointments(ARRAY[v_call.call_id]);
	ELSIF v_means = 'callback' OR v_missed THEN
		PERFORM voiceagent_private.promise_callback(v_call, CASE WHEN v_missed THEN voiceagent.clock()
			ELSE coalesce(v_call_back, voiceagent_private.callback_time(v_call.structured_data,
				voiceagent_private.zone_of_call(v_call.lead_id, 1::smallint), v_call.ended_at,
				coalesce((SELECT a.language FROM voiceagent.assistant_versions a WHERE a.tenant_id = v_tenant
					AND a.assistant_id = v_call.assistant_id AND a.version = v_call.assistant_version), 'en')),
				v_call.ended_at + voiceagent_private.setting_interval('callback_delay')) END, NOT v_missed);
	END IF;
	IF v_follow_up IS NOT NULL THEN
		UPDATE voiceagent.leads l SET follow_up = v_follow_up
		WHERE l.tenant_id = v_tenant AND l.lead_id = v_call.lead_id AND l.status <> 'do_not_call'
			AND l.follow_up IS DISTINCT FROM v_follow_up;
		PERFORM voiceagent_private.relist(ARRAY[v_call.lead_id]);
	END IF;
	PERFORM voiceagent_private.complete_campaigns(v_campaigns);
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_incoming_call(bigint) IS
	E'Follows up an incoming call of the current tenant that is over: its summary, its lead, an appointment, a call '
	'back, the lead''s follow-up and qualification.\n'
	'Done again it changes nothing. After lock_leads() and lock_tenant().';

CREATE FUNCTION voiceagent_private.lock_to_follow(call_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN ARRAY(SELECT q.call_id FROM voiceagent_private.calls_to_follow q
		WHERE q.tenant_id = voiceagent.current_tenant() AND q.call_id = ANY (call_ids) FOR UPDATE SKIP LOCKED);
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_to_follow(bigint[]) IS
	'Locks the rows of calls_to_follow of these calls of the current tenant and returns these calls, without those '
	'whose row a transaction of the tenant''s holds: to wait for it would stop the other tenants.';

CREATE FUNCTION voiceagent_private.follow_later(call_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_free bigint[] := voiceagent_private.lock_to_follow(call_ids);
BEGIN
	UPDATE voiceagent_private.calls_to_follow q SET due_at = voiceagent.clock() + interval '5 seconds'
	WHERE q.tenant_id = voiceagent.current_tenant() AND q.call_id = ANY (v_free);
	RETURN cardinality(v_free);
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_later(bigint[]) IS
	'Has what follows from these calls of the current tenant done five seconds later; how many these are, without '
	'those whose rows somebody holds.';

CREATE FUNCTION voiceagent_private.follow_calls_of_tenant(max integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_calls bigint[];
	v_due timestamptz[];
	v_call bigint;
	v_free bigint[];
	v_moved integer := 0;
	v_held boolean := false;
	c_failures CONSTANT integer := 8;
BEGIN
	SELECT coalesce(array_agg(d.call_id ORDER BY d.call_id), '{}'), array_agg(d.due_at ORDER BY d.call_id)
	INTO v_calls, v_due
	FROM (SELECT q.call_id, q.due_at FROM voiceagent_private.calls_to_follow q
		WHERE q.tenant_id = v_tenant AND q.due_at <= v_now ORDER BY q.call_id LIMIT max) d;
	-- An import, or whoever changes many leads, is not waited for: the other tenants are.
	IF NOT voiceagent_private.try_lock_leads() OR NOT voiceagent_private.try_lock_tenant() THEN
		RETURN voiceagent_private.follow_later(v_calls);
	END IF;
	FOR i IN 1 .. cardinality(v_calls) LOOP
		v_call := v_calls[i];
		BEGIN
			PERFORM voiceagent_private.follow_tools(v_call);
			PERFORM voiceagent_private.follow_incoming_call(v_call);
			PERFORM voiceagent_private.note_promises(c, k.reading -> 'promises') FROM voiceagent.calls c
			JOIN voiceagent.conversations k ON k.tenant_id = v_tenant AND k.call_id = c.call_id
				AND k.month_slot = voiceagent_private.month_slot(c.started_at)
			WHERE c.tenant_id = v_tenant AND c.call_id = v_call AND c.outcome IS NOT NULL;
			-- A call that was added to meanwhile has another time.
			v_free := voiceagent_private.lock_to_follow(ARRAY[v_call]);
			DELETE FROM voiceagent_private.calls_to_follow q
			WHERE q.tenant_id = v_tenant AND q.call_id = ANY (v_free) AND q.due_at = v_due[i];
		EXCEPTION WHEN OTHERS THEN
			RAISE LOG 'what follows from call % of tenant % could not be done: % %', v_call, v_tenant, SQLSTATE,
				SQLERRM;
			v_held := SQLSTATE IN ('55P03', '40P01');
			v_free := voiceagent_private.lock_to_follow(ARRAY[v_call]);
			DELETE FROM voiceagent_private.calls_to_follow q
			WHERE q.tenant_id = v_tenant AND q.call_id = ANY (v_free) AND q.failures >= c_failures;
			UPDATE voiceagent_private.calls_to_follow q
			SET failures = q.failures + 1, due_at = v_now + interval '5 seconds' * power(2, q.failures)
			WHERE q.tenant_id = v_tenant AND q.call_id = ANY (v_free);
		END;
		v_moved := v_moved + cardinality(v_free);
		IF v_held THEN
			-- To wait for a lock of this tenant's once in a step is enough.
			RETURN v_moved + voiceagent_private.follow_later(v_calls[i + 1:]);
		END IF;
	END LOOP;
	RETURN v_moved;
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_calls_of_tenant(integer) IS
	E'Does what follows from calls of the current tenant that wait for it, at most max; what fails is tried again '
	'later and later, nine times.\n'
	'Behind a call whose rows somebody holds the others wait five seconds. Returns how many wait no more, or later; '
	'not those whose rows somebody holds.';

CREATE FUNCTION voiceagent_private.follow_calls(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- When all that is due is held by others, the tenant comes again a second later.
	RETURN CASE WHEN voiceagent_private.follow_calls_of_tenant(max) = 0
		THEN voiceagent.clock() + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_calls(integer) IS
	'A tenant job: does what follows from incoming calls that are over, and from tools.';
SELECT voiceagent_private.register_tenant_job('follow_calls', 10, 'calls_to_follow', 'due_at');
