-- 60_inbox: what becomes of a call that could not be told what to do.

CREATE FUNCTION voiceagent_private.told_errand_done(errand voiceagent.errands) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- What somebody had said or played in a conversation (command_call()) is missed by nobody else: it goes on.
	IF errand.state <> 'failed' OR NOT coalesce((errand.order_data ->> 'told')::boolean, false) THEN
		RETURN;
	END IF;
	IF errand.kind = 'say' AND errand.order_data ? 'reason' THEN
		UPDATE voiceagent.calls c SET message_left_at = NULL
		WHERE c.tenant_id = errand.tenant_id AND c.call_id = errand.call_id AND c.message_left_at IS NOT NULL;
	END IF;
	-- Whoever was to be put through after the message is put through without it: tell_call() notes that he is.
	IF errand.kind = 'say' AND errand.call_id IS NULL AND errand.order_data #>> '{answer,kind}' = 'forward'
		AND EXISTS (SELECT FROM voiceagent.incoming_calls i
			WHERE i.tenant_id = errand.tenant_id AND i.provider_account_id = errand.provider_account_id
				AND i.provider_call_id = errand.order_data ->> 'provider_call_id' AND i.ended_at IS NULL)
	THEN
		PERFORM voiceagent_private.tell_call(errand.provider_account_id, NULL, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object(
			'provider_call_id', errand.order_data -> 'provider_call_id', 'control_url', errand.order_data -> 'control_url')),
			(errand.order_data -> 'answer') - 'text');
		RETURN;
	END IF;
	-- Somebody holds a telephone to his ear and hears nothing, and would until the call's limit.
	IF (EXISTS (SELECT FROM voiceagent.calls c
			WHERE c.tenant_id = errand.tenant_id AND c.call_id = errand.call_id AND c.outcome IS NULL)
		OR errand.call_id IS NULL AND EXISTS (SELECT FROM voiceagent.incoming_calls i
			WHERE i.tenant_id = errand.tenant_id AND i.provider_account_id = errand.provider_account_id
				AND i.provider_call_id = errand.order_data ->> 'provider_call_id' AND i.ended_at IS NULL))
		AND voiceagent_private.dialect_can((SELECT a.provider FROM voiceagent.provider_accounts a
			WHERE a.tenant_id = errand.tenant_id AND a.provider_account_id = errand.provider_account_id), 'hangup')
	THEN
		PERFORM voiceagent_private.enqueue_errand(errand.provider_account_id, 'hangup', jsonb_strip_nulls(jsonb_build_object(
			'provider_call_id', errand.order_data -> 'provider_call_id', 'attempt_ref', errand.order_data -> 'attempt_ref',
			'control_url', errand.order_data -> 'control_url', 'reason', 'normal')), errand.call_id);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.told_errand_done(voiceagent.errands) IS
	'A call was told by tell_call() what to do (say, play, stream, answer; an incoming one also transfer), or could not be: then it is hung up, and has left no message; or it is put through, if only the message before that was refused.';
