-- 80_reception: calls back that an incoming call promised, or that was missed.

CREATE FUNCTION voiceagent_private.owe_callback(call_id bigint, lead_id bigint, why text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	IF EXISTS (SELECT FROM voiceagent.tasks t
		WHERE t.tenant_id = v_tenant AND t.call_id = owe_callback.call_id AND t.kind = 'late_callback') THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.log_event('callback_given_up', NULL, owe_callback.call_id, owe_callback.lead_id,
		jsonb_build_object('reason', why));
	IF EXISTS (SELECT FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = owe_callback.lead_id AND l.status <> 'do_not_call') THEN
		PERFORM voiceagent_private.leave_task('late_callback', left('A call back was promised: ' || why, 4000),
			owe_callback.call_id, owe_callback.lead_id, owed => true);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.owe_callback(bigint, bigint, text) IS
	E'Leaves the call back that an incoming call promised to a person: a task late_callback that says why, once a '
	'call; none for whom no call may reach.\n'
	'After lock_tenant().';

CREATE FUNCTION voiceagent_private.promise_callback(call voiceagent.calls, at timestamptz, asked boolean)
	RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_assistant bigint := coalesce((call).assistant_id, (SELECT n.ai_assistant_id FROM voiceagent.call_inbound i
		JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant AND n.phone_number_id = i.phone_number_id
		WHERE i.tenant_id = v_tenant AND i.call_id = (call).call_id));
	v_consent bigint;
	v_kind text := voiceagent_private.consent_kind('call', (call).provider_account_id);
BEGIN
	IF v_assistant IS NULL OR NOT isfinite(at) THEN
		PERFORM voiceagent_private.owe_callback((call).call_id, (call).lead_id, CASE WHEN v_assistant IS NULL
			THEN 'no assistant answers at the number'
			ELSE concat_ws(': ', 'for a day or an hour that only a person can tell', coalesce(nullif(
				(call).structured_data #>> '{callback,phrase}', ''), (call).structured_data ->> 'callback')) END);
		RETURN false;
	ELSIF EXISTS (SELECT FROM voiceagent_private.incoming_callbacks b
			WHERE b.tenant_id = v_tenant AND b.call_id = (call).call_id) THEN
		RETURN true;
	END IF;
	IF asked THEN
		INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
		SELECT v_tenant, (call).lead_id, (call).phone, v_kind,
			format('asked in call %s to be called back', (call).call_id), voiceagent.clock()
		WHERE NOT EXISTS (SELECT FROM voiceagent.consents n WHERE n.tenant_id = v_tenant
			AND n.lead_id = (call).lead_id AND n.phone = (call).phone AND n.kind = v_kind AND n.revoked_at IS NULL
			-- An older one may have ended by the law of the place.
			AND n.granted_at > voiceagent.clock() - interval '1 day')
		RETURNING consent_id INTO v_consent;
	END IF;
	INSERT INTO voiceagent_private.incoming_callbacks (tenant_id, call_id, lead_id, assistant_id, promised_at, look_at,
		consent_id)
	VALUES (v_tenant, (call).call_id, (call).lead_id, v_assistant, at, at, v_consent);
	PERFORM voiceagent_private.log_event('callback_promised', NULL, (call).call_id, (call).lead_id,
		jsonb_build_object('at', at, 'asked', asked));
	PERFORM voiceagent_private.request_job('place_callbacks', at);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.promise_callback(voiceagent.calls, timestamptz, boolean) IS
	E'Has the lead of an incoming call called back at a time, by the assistant of the call or of its number; false: '
	'there is none, or no time, and a person has to.\n'
	'asked: the caller asked for it, which is its consent for this call alone. Once a call. After lock_leads().';

CREATE FUNCTION voiceagent_private.end_callback(callback voiceagent_private.incoming_callbacks, why text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.consents n SET revoked_at = voiceagent.clock()
	WHERE n.tenant_id = callback.tenant_id AND n.consent_id = callback.consent_id AND n.revoked_at IS NULL;
	DELETE FROM voiceagent_private.incoming_callbacks b
	WHERE b.tenant_id = callback.tenant_id AND b.call_id = callback.call_id;
	IF why IS NOT NULL THEN
		PERFORM voiceagent_private.owe_callback(callback.call_id, callback.lead_id, why);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_callback(voiceagent_private.incoming_callbacks, text) IS
	'A call back of the current tenant is over, and with it the consent for it; why: it was not made, and is a '
	'person''s now.';

CREATE FUNCTION voiceagent_private.next_hour_to_call(timezones text[], jurisdiction text, provider text,
	at timestamptz, settings jsonb DEFAULT NULL) RETURNS timestamptz
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT greatest(w.opens_at, at)
	FROM (SELECT coalesce(next_hour_to_call.settings, voiceagent_private.resolved_settings('{}', provider)) AS settings
		OFFSET 0 /* once */) s
	CROSS JOIN LATERAL voiceagent_private.window_under(voiceagent_private.obeys_law(provider, s.settings),
		coalesce(jurisdiction, ''), timezones,
		voiceagent_private.hours_windows((s.settings ->> 'calling_hours')::jsonb), at) w
$$;
COMMENT ON FUNCTION voiceagent_private.next_hour_to_call(text[], text, text, timestamptz, jsonb) IS
	'The first instant from one on at which the calling hours of a campaign''s settings (NULL: the tenant''s) and the '
	'law let a place be called by an account of a provider; infinity: none.';

CREATE FUNCTION voiceagent_private.place_callback(callback voiceagent_private.incoming_callbacks) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_account bigint;
	v_provider text;
	v_queued jsonb;
	v_status text;
	v_why text;
	c_look CONSTANT interval := '10 minutes';
	v_follow_up text;
	v_opens timestamptz;
	c_again CONSTANT interval := '15 minutes';
BEGIN
	-- The clock was set back.
	IF v_now < callback.promised_at THEN
		UPDATE voiceagent_private.incoming_callbacks b SET look_at = b.promised_at
		WHERE b.tenant_id = callback.tenant_id AND b.call_id = callback.call_id;
		RETURN;
	ELSIF callback.campaign_id IS NOT NULL THEN
		SELECT m.status, CASE WHEN m.status IN ('skipped', 'expired') THEN coalesce(m.reason, m.status) END
		INTO v_status, v_why FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = callback.tenant_id AND m.campaign_id = callback.campaign_id
			AND m.lead_id = callback.lead_id;
		-- It waits, or is on the telephone.
		IF v_status = 'calling' OR v_status IN ('queued', 'retry') AND v_now < callback.promised_at
				+ interval '2 days' THEN
			UPDATE voiceagent_private.incoming_callbacks b SET look_at = v_now + c_look
			WHERE b.tenant_id = callback.tenant_id AND b.call_id = callback.call_id;
			RETURN;
		ELSIF v_status IN ('queued', 'retry') THEN
			v_why := 'it was not dialled within two days';
			PERFORM voiceagent_private.complete_campaigns(voiceagent_private.unqueue_leads(ARRAY[callback.lead_id],
				v_why, callback.campaign_id, false));
		END IF;
		PERFORM voiceagent_private.end_callback(callback, v_why);
		RETURN;
	END IF;
	SELECT a.provider_account_id, a.provider INTO v_account, v_provider FROM voiceagent.calls c
	JOIN voiceagent.provider_accounts a ON a.tenant_id = c.tenant_id AND a.provider_account_id = c.provider_account_id
	WHERE c.tenant_id = callback.tenant_id AND c.call_id = callback.call_id
		-- A promise on the sandbox rings no real telephone.
		AND (a.active OR a.provider = 'sandbox');
	v_queued := voiceagent_private.dial_now(callback.lead_id, callback.assistant_id, v_account, true);
	UPDATE voiceagent_private.incoming_callbacks b
	SET campaign_id = (v_queued ->> 'campaign_id')::bigint, look_at = v_now + c_look, reason = NULL
	WHERE b.tenant_id = callback.tenant_id AND b.call_id = callback.call_id;
EXCEPTION WHEN SQLSTATE 'PT402' OR SQLSTATE 'PT404' OR SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
	-- At another hour, or when the line is free, it may be; what is gone does not come back.
	GET STACKED DIAGNOSTICS v_why = PG_EXCEPTION_DETAIL;
	v_why := SQLERRM || coalesce(': ' || nullif(v_why, ''), '');
	IF SQLSTATE = 'PT404' THEN
		PERFORM voiceagent_private.end_callback(callback, v_why);
	ELSE
		SELECT l.follow_up, voiceagent_private.next_hour_to_call(l.timezones,
			voiceagent_private.jurisdiction(l.country, l.region), coalesce(v_provider, ''), v_now)
		INTO v_follow_up, v_opens FROM voiceagent.leads l
		WHERE l.tenant_id = callback.tenant_id AND l.lead_id = callback.lead_id;
		-- Somebody has looked after the person.
		IF v_follow_up IS NULL THEN
			PERFORM voiceagent_private.end_callback(callback, NULL);
		ELSE
			v_opens := CASE WHEN v_opens > v_now AND v_opens < callback.promised_at + interval '7 days'
				THEN v_opens END;
			-- Later it is a surprise; closed days are not counted.
			IF v_opens IS NULL AND v_now + c_again >= callback.promised_at + interval '2 days' THEN
				PERFORM voiceagent_private.end_callback(callback, v_why);
			ELSE
				UPDATE voiceagent_private.incoming_callbacks b
				SET look_at = coalesce(v_opens, v_now + c_again), reason = v_why
				WHERE b.tenant_id = callback.tenant_id AND b.call_id = callback.call_id;
			END IF;
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.place_callback(voiceagent_private.incoming_callbacks) IS
	E'Dials a call back of the current tenant that is due as call_now() does, under law and caps but without the rests '
	'of its number; what forbids it is noted as its reason, and asked again.\n'
	'One that was queued ends when its lead waits no more. After lock_leads() and lock_tenant().';

CREATE FUNCTION voiceagent_private.place_callbacks(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v voiceagent_private.incoming_callbacks;
BEGIN
	SELECT b.* INTO v FROM voiceagent_private.incoming_callbacks b
	WHERE b.tenant_id = voiceagent.current_tenant() AND b.look_at <= v_now
	ORDER BY b.look_at LIMIT 1 FOR UPDATE SKIP LOCKED;
	IF FOUND THEN
		BEGIN
			IF voiceagent_private.try_lock_leads() AND voiceagent_private.try_lock_tenant() THEN
				PERFORM voiceagent_private.place_callback(v);
			ELSE
				-- An import is under way.
				UPDATE voiceagent_private.incoming_callbacks b SET look_at = v_now + interval '10 seconds'
				WHERE b.tenant_id = v.tenant_id AND b.call_id = v.call_id;
			END IF;
		EXCEPTION WHEN OTHERS THEN
			RAISE LOG 'call % of tenant % could not be called back: % %', v.call_id, v.tenant_id, SQLSTATE, SQLERRM;
			UPDATE voiceagent_private.incoming_callbacks b SET look_at = v_now + interval '15 minutes'
			WHERE b.tenant_id = v.tenant_id AND b.call_id = v.call_id;
		END;
		RETURN NULL;
	END IF;
	-- Somebody holds what is due.
	RETURN v_now + interval '1 second';
END
$$;
COMMENT ON FUNCTION voiceagent_private.place_callbacks(integer) IS
	'A maintenance job: dials the call back that has been due longest, in a transaction of its own.';
SELECT voiceagent_private.register_tenant_job('place_callbacks', 1, 'incoming_callbacks', 'look_at');
