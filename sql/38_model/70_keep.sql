-- 38_model: what is forgotten of model requests, and what must hold of them.

CREATE FUNCTION voiceagent_private.forget_model_requests(model_request_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_going bigint[] := '{}';
	q voiceagent_private.model_request_queue;
	m voiceagent.model_requests;
BEGIN
	-- The queue first, as whoever records an answer locks them.
	FOR q IN
		SELECT o.* FROM voiceagent_private.model_request_queue o
		WHERE o.tenant_id = v_tenant AND o.model_request_id = ANY (model_request_ids)
		ORDER BY o.model_request_id FOR UPDATE
	LOOP
		IF q.claimed THEN
			v_going := v_going || q.model_request_id;
			CONTINUE;
		ELSIF q.lost THEN
			SELECT * INTO m FROM voiceagent.model_requests o
			WHERE o.tenant_id = v_tenant AND o.model_request_id = q.model_request_id;
			PERFORM voiceagent_private.count_lost_model_request(m, q);
		END IF;
		DELETE FROM voiceagent_private.model_request_queue o
		WHERE o.tenant_id = v_tenant AND o.model_request_id = q.model_request_id;
	END LOOP;
	DELETE FROM voiceagent.model_requests o
	WHERE o.tenant_id = v_tenant AND o.model_request_id = ANY (model_request_ids)
		AND o.model_request_id <> ALL (v_going);
	-- A request on its way has been paid for: its row stays for that, without a word of the person.
	UPDATE voiceagent.model_requests o
	SET lead_id = NULL, call_id = NULL, request = '{"erased": true}', repair = NULL, error = NULL
	WHERE o.tenant_id = v_tenant AND o.model_request_id = ANY (v_going);
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_model_requests(bigint[]) IS
	E'Deletes these model requests of the current tenant, also those that wait.\n'
	'Of one that is on its way an empty row stays until its answer is paid for; nothing of the answer is kept.';

CREATE FUNCTION voiceagent_private.check_model_requests() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'a model request waits in the queue exactly while it is queued or on its way',
		format('model request %s', coalesce(e.model_request_id, q.model_request_id))
	FROM (SELECT * FROM voiceagent.model_requests o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.status IN ('queued', 'sending')) e
	FULL JOIN (SELECT * FROM voiceagent_private.model_request_queue o
		WHERE o.tenant_id = voiceagent.current_tenant()) q ON q.model_request_id = e.model_request_id
	WHERE e.model_request_id IS NULL OR q.model_request_id IS NULL
$$;
COMMENT ON FUNCTION voiceagent_private.check_model_requests() IS
	'Violations of the invariants of model requests for the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_model_requests');
