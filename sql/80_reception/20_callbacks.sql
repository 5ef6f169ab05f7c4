-- 80_reception: calls back that an incoming call promised, or that was missed.

CREATE TABLE voiceagent_private.incoming_callbacks (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	promised_at timestamptz NOT NULL CHECK (isfinite(promised_at)),
	look_at timestamptz NOT NULL CHECK (isfinite(look_at)),
	consent_id bigint,
	campaign_id bigint,
	PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent_private.incoming_callbacks IS
	'Calls back that follow from incoming calls, until they were dialled and are over, or were given up.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.call_id IS 'The incoming call.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.promised_at IS 'When it is to be dialled, and not before.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.look_at IS 'When it is looked at next.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.consent_id IS
	'The consent that the caller gave by asking for it, which ends with it; NULL: none was written.';
COMMENT ON COLUMN voiceagent_private.incoming_callbacks.campaign_id IS
	'The campaign in which it is queued; NULL: it is not yet.';
CREATE INDEX incoming_callbacks_look ON voiceagent_private.incoming_callbacks (look_at);
SELECT voiceagent_private.guard_table('voiceagent_private.incoming_callbacks', 'routing');

CREATE FUNCTION voiceagent_private.promise_callback(call voiceagent.calls, at timestamptz, asked boolean)
	RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_assistant bigint := coalesce((call).assistant_id, (SELECT n.ai_assistant_id FROM voiceagent.call_inbound i
		JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant AND n.phone_number_id = i.phone_number_id
		WHERE i.tenant_id = v_tenant AND i.call_id = (call).call_id));
	v_consent bigint;
BEGIN
	-- A person has to: follow_up says so.
	IF v_assistant IS NULL OR NOT isfinite(at) THEN
		RETURN false;
	ELSIF EXISTS (SELECT FROM voiceagent_private.incoming_callbacks b
			WHERE b.tenant_id = v_tenant AND b.call_id = (call).call_id) THEN
		RETURN true;
	END IF;
	IF asked THEN
		INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
		SELECT v_tenant, (call).lead_id, (call).phone, 'call',
			format('asked in call %s to be called back', (call).call_id), voiceagent.clock()
		WHERE NOT EXISTS (SELECT FROM voiceagent.consents n WHERE n.tenant_id = v_tenant
			AND n.lead_id = (call).lead_id AND n.phone = (call).phone AND n.kind = 'call' AND n.revoked_at IS NULL)
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
	'there is none, or no time.\n'
	'asked: the caller asked for it, which is its consent for this call alone. Once a call. After lock_leads().';

CREATE FUNCTION voiceagent_private.end_callback(callback voiceagent_private.incoming_callbacks, why text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.consents n SET revoked_at = voiceagent.clock()
	WHERE n.tenant_id = (callback).tenant_id AND n.consent_id = (callback).consent_id AND n.revoked_at IS NULL;
	DELETE FROM voiceagent_private.incoming_callbacks b
	WHERE b.tenant_id = (callback).tenant_id AND b.call_id = (callback).call_id;
	IF why IS NOT NULL THEN
		PERFORM voiceagent_private.log_event('callback_given_up', NULL, (callback).call_id, (callback).lead_id,
			jsonb_build_object('reason', why));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_callback(voiceagent_private.incoming_callbacks, text) IS
	'A call back of the current tenant is over, and with it the consent for it; why: it was not made.';

CREATE FUNCTION voiceagent_private.place_callback(callback voiceagent_private.incoming_callbacks) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_account bigint;
	v_queued jsonb;
	-- Later it is a surprise.
	v_late CONSTANT timestamptz := (callback).promised_at + interval '2 days';
	c_again CONSTANT interval := '15 minutes';
	c_look CONSTANT interval := '10 minutes';
BEGIN
	-- The clock was set back.
	IF v_now < (callback).promised_at THEN
		UPDATE voiceagent_private.incoming_callbacks b SET look_at = b.promised_at
		WHERE b.tenant_id = (callback).tenant_id AND b.call_id = (callback).call_id;
		RETURN;
	ELSIF (callback).campaign_id IS NOT NULL THEN
		-- It waits, or is on the telephone.
		IF EXISTS (SELECT FROM voiceagent.campaign_leads m
				WHERE m.tenant_id = (callback).tenant_id AND m.campaign_id = (callback).campaign_id
					AND m.lead_id = (callback).lead_id AND m.status IN ('queued', 'retry', 'calling'))
			AND v_now < v_late THEN
			UPDATE voiceagent_private.incoming_callbacks b SET look_at = v_now + c_look
			WHERE b.tenant_id = (callback).tenant_id AND b.call_id = (callback).call_id;
		ELSE
			PERFORM voiceagent_private.end_callback(callback, NULL);
		END IF;
		RETURN;
	END IF;
	SELECT a.provider_account_id INTO v_account FROM voiceagent.calls c
	JOIN voiceagent.provider_accounts a ON a.tenant_id = c.tenant_id AND a.provider_account_id = c.provider_account_id
	WHERE c.tenant_id = (callback).tenant_id AND c.call_id = (callback).call_id AND a.active;
	v_queued := voiceagent.call_now((callback).lead_id, (callback).assistant_id, v_account);
	UPDATE voiceagent_private.incoming_callbacks b
	SET campaign_id = (v_queued ->> 'campaign_id')::bigint, look_at = v_now + c_look
	WHERE b.tenant_id = (callback).tenant_id AND b.call_id = (callback).call_id;
EXCEPTION WHEN SQLSTATE 'PT402' OR SQLSTATE 'PT404' OR SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
	-- At another hour, or when the line is free, it may be; a lead that is gone has taken this with it.
	IF v_now + c_again >= v_late OR SQLSTATE = 'PT404' THEN
		PERFORM voiceagent_private.end_callback(callback, SQLERRM);
	ELSE
		UPDATE voiceagent_private.incoming_callbacks b SET look_at = v_now + c_again
		WHERE b.tenant_id = (callback).tenant_id AND b.call_id = (callback).call_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.place_callback(voiceagent_private.incoming_callbacks) IS
	E'Dials a call back of the current tenant that is due as call_now() does, under law and caps; what forbids it now '
	'is asked again for two days.\n'
	'One that was queued ends when its lead waits no more.';

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
			IF voiceagent_private.try_lock_leads() THEN
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
