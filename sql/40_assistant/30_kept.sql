/*
 * 40_assistant: assistants that are kept at a carrier, instead of going there with each call.
 *
 * A row of kept_assistants is an assistant at one account.  sync_kept_assistant() looks at it and asks for the one
 * request that comes next (make, change, delete); there is never more than one on its way, and what it says is read
 * when it is sent (kept_request()), so that a burst of versions leaves one request, of the newest.  When it has ended,
 * take_kept_assistant() notes what the carrier has now, and looks again.
 *
 * Whether a request to make one arrived may be unknown; then it is looked for by our reference in its metadata before
 * another is made (72_provider_request_ends.sql).
 *
 * A call names the kept assistant only while that is `synced` in the version of the call: kept_for_call().  In every
 * other state, and where the carrier lost it, the whole assistant goes with the call.
 *
 * Locks: the assistant's row, where there is a change of it; then the row here; then the request.
 */

CREATE TABLE voiceagent.kept_assistants (
	tenant_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	reference uuid NOT NULL DEFAULT gen_random_uuid(),
	carrier_assistant_id text CHECK (length(carrier_assistant_id) BETWEEN 1 AND 128),
	version integer,
	body jsonb CHECK (jsonb_typeof(body) = 'object'),
	status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'synced', 'drifted', 'failed')),
	reason text CHECK (length(reason) <= 1000),
	removing boolean NOT NULL DEFAULT false,
	provider_request_id bigint,
	created_at timestamptz NOT NULL,
	changed_at timestamptz,
	checked_at timestamptz,
	PRIMARY KEY (tenant_id, assistant_id, provider_account_id),
	FOREIGN KEY (tenant_id, assistant_id) REFERENCES voiceagent.assistants,
	FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts,
	CONSTRAINT synced_is_there CHECK (status <> 'synced'
		OR (carrier_assistant_id IS NOT NULL AND version IS NOT NULL AND body IS NOT NULL))
);
COMMENT ON TABLE voiceagent.kept_assistants IS
	'Assistants that an account''s carrier keeps, so that calls name them instead of carrying them; '
	'assistant_at_carrier() says it in words.';
COMMENT ON COLUMN voiceagent.kept_assistants.assistant_id IS 'The assistant.';
COMMENT ON COLUMN voiceagent.kept_assistants.provider_account_id IS 'The account at whose carrier it is kept.';
COMMENT ON COLUMN voiceagent.kept_assistants.reference IS 'Our name for it there, in its metadata.';
COMMENT ON COLUMN voiceagent.kept_assistants.carrier_assistant_id IS 'The carrier''s id of it; NULL: it is not there.';
COMMENT ON COLUMN voiceagent.kept_assistants.version IS 'The version that is there; NULL: none, or it is unknown.';
COMMENT ON COLUMN voiceagent.kept_assistants.body IS
	'The version sent there last, as the carrier writes it; it holds no secret.';
COMMENT ON COLUMN voiceagent.kept_assistants.status IS
	'pending (something is to be sent, or is on its way), synced, drifted (it was changed there), failed.';
COMMENT ON COLUMN voiceagent.kept_assistants.reason IS 'Why it is not synced, in words.';
COMMENT ON COLUMN voiceagent.kept_assistants.removing IS 'True: it is to be deleted there.';
COMMENT ON COLUMN voiceagent.kept_assistants.provider_request_id IS 'The request that was made for it last.';
COMMENT ON COLUMN voiceagent.kept_assistants.changed_at IS 'When the carrier took a version last.';
COMMENT ON COLUMN voiceagent.kept_assistants.checked_at IS 'When it was last seen there as it was sent, or otherwise.';
SELECT voiceagent_private.guard_table('voiceagent.kept_assistants', 'tenant');

/* ----- what is sent, and what a call is given ----- */

CREATE FUNCTION voiceagent_private.kept_request(provider_request_id bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_request voiceagent.provider_requests;
	v record;
BEGIN
	SELECT * INTO v_request FROM voiceagent.provider_requests e
	WHERE e.tenant_id = v_tenant AND e.provider_request_id = kept_request.provider_request_id;
	SELECT k.carrier_assistant_id, k.reference, k.body, a.name, n.* INTO v
	FROM voiceagent.kept_assistants k
	JOIN voiceagent.assistants a ON a.tenant_id = v_tenant AND a.assistant_id = k.assistant_id
	JOIN voiceagent.assistant_versions n ON n.tenant_id = v_tenant AND n.assistant_id = a.assistant_id
		AND n.version = a.version
	WHERE k.tenant_id = v_tenant AND k.provider_account_id = v_request.provider_account_id
		AND k.assistant_id = (v_request.request_data ->> 'assistant_id')::bigint;
	IF NOT FOUND THEN
		RETURN '{}';
	END IF;
	-- So that the answer is known to be of this version.
	UPDATE voiceagent.provider_requests e SET request_data = e.request_data || jsonb_build_object('version', v.version)
	WHERE e.tenant_id = v_tenant AND e.provider_request_id = kept_request.provider_request_id;
	RETURN jsonb_strip_nulls(jsonb_build_object('carrier_assistant_id', v.carrier_assistant_id,
			'kept_ref', v.reference))
		|| CASE WHEN v_request.kind IN ('update_assistant', 'fetch_assistant') AND v.body IS NOT NULL
			THEN jsonb_build_object('kept_body', v.body) ELSE '{}' END
		|| CASE WHEN v_request.kind IN ('create_assistant', 'update_assistant')
			THEN jsonb_build_object('assistant', jsonb_build_object('name', v.name, 'first_message', v.first_message,
				'system_prompt', voiceagent_private.lawful_prompt(v.system_prompt, jsonb_build_object(
					'opt_out_instruction', voiceagent_private.setting_text('opt_out_instruction')), v.language),
				'voice', v.voice, 'model', v.model, 'language', v.language,
				'settings', voiceagent_private.with_own_tools(v.settings))) ELSE '{}' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.kept_request(bigint) IS
	E'The content of a request about a kept assistant of the current tenant when it is sent: the assistant as it is '
	'now, and the carrier''s id of it.\n'
	'Notes the version in the request.';

CREATE FUNCTION voiceagent_private.kept_for_call(assistant_id bigint, version integer, provider_account_id bigint)
	-- Each claim asks: not in SQL, which would be planned anew for each.
	RETURNS jsonb LANGUAGE plpgsql STABLE SET planner.policy = in_order
	AS $$
BEGIN
	RETURN (SELECT jsonb_build_object('id', k.carrier_assistant_id, 'body', k.body) FROM voiceagent.kept_assistants k
		WHERE k.tenant_id = voiceagent.current_tenant() AND k.assistant_id = kept_for_call.assistant_id
			AND k.provider_account_id = kept_for_call.provider_account_id AND k.status = 'synced' AND NOT k.removing
			AND k.version = kept_for_call.version);
END
$$;
COMMENT ON FUNCTION voiceagent_private.kept_for_call(bigint, integer, bigint) IS
	'The kept assistant that a call of this version through this account may name, as VaCallOrder.kept; NULL: the call '
	'carries its assistant.';

/* ----- what comes next ----- */

CREATE FUNCTION voiceagent_private.send_kept(k voiceagent.kept_assistants, kind text, why text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_request bigint := voiceagent_private.enqueue_provider_request(k.provider_account_id, kind,
		jsonb_build_object('assistant_id', k.assistant_id, 'kept_ref', k.reference));
BEGIN
	UPDATE voiceagent.kept_assistants o
	SET status = 'pending', reason = why, provider_request_id = v_request
	WHERE o.tenant_id = k.tenant_id AND o.assistant_id = k.assistant_id
		AND o.provider_account_id = k.provider_account_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.send_kept(voiceagent.kept_assistants, text, text) IS
	'Asks the carrier for the next step with a kept assistant, and says in its row what that is.';

CREATE FUNCTION voiceagent_private.sync_kept_assistant(k voiceagent.kept_assistants, again boolean DEFAULT false)
	RETURNS void LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_version integer;
BEGIN
	-- A request on its way will be answered; a queued one takes the newest version with it.
	IF EXISTS (SELECT FROM voiceagent.provider_requests e WHERE e.tenant_id = k.tenant_id
			AND e.provider_request_id = k.provider_request_id AND e.state IN ('queued', 'sending', 'unknown')) THEN
		UPDATE voiceagent.kept_assistants o SET status = 'pending'
		WHERE o.tenant_id = k.tenant_id AND o.assistant_id = k.assistant_id
			AND o.provider_account_id = k.provider_account_id AND o.status <> 'pending';
		RETURN;
	END IF;
	v_version := (SELECT a.version FROM voiceagent.assistants a
		WHERE a.tenant_id = k.tenant_id AND a.assistant_id = k.assistant_id);
	IF k.removing AND k.carrier_assistant_id IS NULL THEN
		DELETE FROM voiceagent.kept_assistants o WHERE o.tenant_id = k.tenant_id
			AND o.assistant_id = k.assistant_id AND o.provider_account_id = k.provider_account_id;
	ELSIF k.removing THEN
		PERFORM voiceagent_private.send_kept(k, 'delete_assistant', 'it is to be deleted there');
	ELSIF k.carrier_assistant_id IS NULL THEN
		PERFORM voiceagent_private.send_kept(k, 'create_assistant', coalesce(k.reason, 'it is to be made there'));
	ELSIF k.version IS DISTINCT FROM v_version OR k.body IS NULL OR again THEN
		PERFORM voiceagent_private.send_kept(k, 'update_assistant', 'a version is to be sent there');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sync_kept_assistant(voiceagent.kept_assistants, boolean) IS
	'Asks for what a kept assistant, whose row is locked, lacks at its carrier, unless a request is on its way; again: '
	'sends the version also where it is there already.';

CREATE FUNCTION voiceagent_private.sync_kept_assistants(assistant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.kept_assistants;
BEGIN
	FOR v IN SELECT * FROM voiceagent.kept_assistants k
		WHERE k.tenant_id = voiceagent.current_tenant() AND k.assistant_id = sync_kept_assistants.assistant_id
		ORDER BY k.provider_account_id FOR UPDATE
	LOOP
		PERFORM voiceagent_private.sync_kept_assistant(v);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.sync_kept_assistants(bigint) IS
	'After a change of an assistant of the current tenant: its carriers that keep it must be updated.';

/* ----- what has come of it ----- */

CREATE FUNCTION voiceagent_private.take_kept_assistant(answer voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.kept_assistants;
	v_gone boolean := answer.error LIKE 'http-404%';
	v_lost boolean := answer.kind = 'create_assistant' AND answer.error LIKE 'it did not arrive%';
	v_differences text := (SELECT string_agg(d, ', ') FROM jsonb_array_elements_text(
		coalesce(answer.result -> 'differences', '[]')) d);
BEGIN
	SELECT * INTO v FROM voiceagent.kept_assistants k
	WHERE k.tenant_id = answer.tenant_id AND k.provider_account_id = answer.provider_account_id
		AND k.assistant_id = (answer.request_data ->> 'assistant_id')::bigint FOR UPDATE;
	IF NOT FOUND OR v.provider_request_id IS DISTINCT FROM answer.provider_request_id THEN
		RETURN;
	END IF;
	v.reason := NULL;
	IF answer.state = 'unknown' THEN
		v.reason := 'nobody knows whether it was made there; it is being looked for';
	ELSIF answer.kind = 'delete_assistant' AND answer.state = 'done' OR v_gone THEN
		v.carrier_assistant_id := NULL;
		v.version := NULL;
		v.body := NULL;
		v.status := 'pending';
		v.reason := CASE WHEN v_gone THEN 'it was deleted there, and is to be made again' END;
	ELSIF answer.state <> 'done' THEN
		v.status := CASE WHEN v_lost THEN 'pending' ELSE 'failed' END;
		v.reason := coalesce(answer.error, 'the carrier refused it');
	ELSIF answer.kind = 'fetch_assistant' THEN
		v.checked_at := answer.done_at;
		v.status := CASE WHEN v_differences IS NULL THEN 'synced' ELSE 'drifted' END;
		v.reason := left('it was changed there: ' || v_differences, 1000);
	ELSE
		v.carrier_assistant_id := coalesce(answer.result ->> 'carrier_assistant_id', v.carrier_assistant_id);
		-- One that was found again says nothing of what it holds.
		v.body := answer.result -> 'assistant';
		v.version := CASE WHEN v.body IS NOT NULL THEN (answer.request_data ->> 'version')::integer END;
		v.status := CASE WHEN v.body IS NULL THEN 'pending' ELSE 'synced' END;
		v.changed_at := answer.done_at;
		v.checked_at := answer.done_at;
	END IF;
	UPDATE voiceagent.kept_assistants k
	SET carrier_assistant_id = v.carrier_assistant_id, version = v.version, body = v.body, status = v.status,
		reason = v.reason, changed_at = v.changed_at, checked_at = v.checked_at
	WHERE k.tenant_id = v.tenant_id AND k.assistant_id = v.assistant_id
		AND k.provider_account_id = v.provider_account_id;
	IF answer.result ? 'stale' AND answer.state = 'done' AND NOT v.removing THEN
		-- An existing one cannot be changed: it is made anew.
		PERFORM voiceagent_private.send_kept(v, 'delete_assistant',
			'it is to be made anew, without what it had before');
	ELSIF answer.state <> 'unknown'
		AND (v.status <> 'failed' OR v.removing AND answer.kind <> 'delete_assistant') THEN
		PERFORM voiceagent_private.sync_kept_assistant(v);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_kept_assistant(voiceagent.provider_requests) IS
	'A request about a kept assistant has ended, or is unknown: what is there is noted, and what comes next is asked '
	'for.';
INSERT INTO voiceagent_private.provider_request_handlers (kind, handler, filler) VALUES
	('create_assistant', 'take_kept_assistant', 'kept_request'),
	('update_assistant', 'take_kept_assistant', 'kept_request'),
	('fetch_assistant', 'take_kept_assistant', 'kept_request'),
	('delete_assistant', 'take_kept_assistant', 'kept_request');

-- A dial reported the assistant missing: until the carrier is asked, calls carry theirs.
CREATE FUNCTION voiceagent_private.miss_kept_assistants(account bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.kept_assistants;
BEGIN
	FOR v IN SELECT * FROM voiceagent.kept_assistants k
		WHERE k.tenant_id = voiceagent.current_tenant() AND k.provider_account_id = account AND k.status = 'synced'
		ORDER BY k.assistant_id FOR UPDATE
	LOOP
		PERFORM voiceagent_private.send_kept(v, 'fetch_assistant', 'a dial was told that it is not there');
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.miss_kept_assistants(bigint) IS
	'A dial of an account of the current tenant named an assistant that the carrier lacks: the carrier is asked '
	'for those that it keeps, and no call names one before the answer.';

/* ----- for people ----- */

CREATE FUNCTION voiceagent.keep_assistant(assistant_id bigint, provider_account_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_assistant voiceagent.assistants;
	v_provider text := (SELECT a.provider FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = keep_assistant.provider_account_id);
	v voiceagent.kept_assistants;
BEGIN
	SELECT * INTO v_assistant FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = keep_assistant.assistant_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant');
	PERFORM voiceagent_private.fail_if(v_assistant.archived_at IS NOT NULL, 'PT409', 'the assistant is archived');
	PERFORM voiceagent_private.fail_if(v_provider IS NULL, 'PT404', 'there is no such provider account');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.driver_can(v_provider, 'create_assistant'), 'PT422',
		format('%s keeps no assistants', voiceagent_private.driver_title(v_provider)), NULL,
		'The assistant goes with each call there.');
	INSERT INTO voiceagent.kept_assistants AS k (tenant_id, assistant_id, provider_account_id, created_at)
	VALUES (v_tenant, assistant_id, provider_account_id, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT kept_assistants_pkey DO UPDATE SET removing = false
	RETURNING k.* INTO v;
	PERFORM voiceagent_private.audit('keep_assistant', 'assistant ' || assistant_id, NULL,
		jsonb_build_object('provider_account_id', provider_account_id));
	PERFORM voiceagent_private.sync_kept_assistant(v, v.status IN ('drifted', 'failed'));
	PERFORM voiceagent_private.request_job('check_kept_assistants', voiceagent.clock() + voiceagent_private.as_interval(
		voiceagent_private.platform_setting('kept_assistant_check')));
	RETURN (SELECT k.status FROM voiceagent.kept_assistants k WHERE k.tenant_id = v_tenant
		AND k.assistant_id = keep_assistant.assistant_id
		AND k.provider_account_id = keep_assistant.provider_account_id);
END
$$;
COMMENT ON FUNCTION voiceagent.keep_assistant(bigint, bigint) IS
	E'Has the carrier of an account keep an assistant: made there, changed with each version, named by calls.\n'
	'Returns its status (pending, or synced). Again: what was changed there, or failed, is sent again. It needs an '
	'armed account. PT404, PT409 for an archived assistant, PT422 where the carrier keeps none.';

CREATE FUNCTION voiceagent.stop_keeping_assistant(assistant_id bigint, provider_account_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.kept_assistants;
BEGIN
	UPDATE voiceagent.kept_assistants k SET removing = true
	WHERE k.tenant_id = v_tenant AND k.assistant_id = stop_keeping_assistant.assistant_id
		AND k.provider_account_id = stop_keeping_assistant.provider_account_id
	RETURNING k.* INTO v;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'the assistant is not kept at this account');
	PERFORM voiceagent_private.audit('stop_keeping_assistant', 'assistant ' || assistant_id, NULL,
		jsonb_build_object('provider_account_id', provider_account_id));
	PERFORM voiceagent_private.sync_kept_assistant(v);
END
$$;
COMMENT ON FUNCTION voiceagent.stop_keeping_assistant(bigint, bigint) IS
	E'Has a kept assistant deleted at the carrier; from now on calls carry it.\n'
	'PT404 where it is not kept.';

CREATE FUNCTION voiceagent.check_assistant_at_carrier(assistant_id bigint) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v voiceagent.kept_assistants;
	v_asked integer := 0;
BEGIN
	FOR v IN SELECT * FROM voiceagent.kept_assistants k
		WHERE k.tenant_id = v_tenant AND k.assistant_id = check_assistant_at_carrier.assistant_id
			AND k.status IN ('synced', 'drifted') AND NOT k.removing
		ORDER BY k.provider_account_id FOR UPDATE
	LOOP
		PERFORM voiceagent_private.send_kept(v, 'fetch_assistant', 'the carrier is asked whether it is as it was sent');
		v_asked := v_asked + 1;
	END LOOP;
	RETURN v_asked;
END
$$;
COMMENT ON FUNCTION voiceagent.check_assistant_at_carrier(bigint) IS
	E'Asks the carriers that keep an assistant whether it is there as it was sent; returns how many are asked.\n'
	'assistant_at_carrier() shows the answer a moment later; one that was deleted there is made again.';

CREATE FUNCTION voiceagent.assistant_at_carrier(assistant_id bigint) RETURNS TABLE (provider_account_id bigint,
	account text, status text, words text, version integer, carrier_assistant_id text, changed_at timestamptz,
	checked_at timestamptz)
	LANGUAGE sql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT k.provider_account_id, a.name, k.status, CASE k.status
			WHEN 'synced' THEN format('Calls of version %s name it.', k.version)
			WHEN 'pending' THEN format('Calls carry the assistant themselves: %s.',
				coalesce(k.reason, 'it is on its way'))
			WHEN 'drifted' THEN format('Calls carry the assistant themselves: %s. '
				'keep_assistant(%s, %s) sends it again.', k.reason, k.assistant_id, k.provider_account_id)
			ELSE format('Calls carry the assistant themselves: %s. keep_assistant(%s, %s) tries again.', k.reason,
				k.assistant_id, k.provider_account_id) END,
		k.version, k.carrier_assistant_id, k.changed_at, k.checked_at
	FROM voiceagent.kept_assistants k
	JOIN voiceagent.provider_accounts a ON a.tenant_id = k.tenant_id AND a.provider_account_id = k.provider_account_id
	WHERE k.tenant_id = voiceagent.current_tenant() AND k.assistant_id = assistant_at_carrier.assistant_id
	ORDER BY 1
$$;
COMMENT ON FUNCTION voiceagent.assistant_at_carrier(bigint) IS
	'Where an assistant is kept, and whether it is there as it is here: status (synced, pending, drifted, failed) and '
	'words say so; no row where it goes with each call.';
