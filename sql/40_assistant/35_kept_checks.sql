/*
 * 40_assistant: kept assistants are looked at from time to time, since others can change or delete them at the carrier.
 * Assistants changed there are shown, deleted ones made again, and failed ones tried once more; see
 * take_kept_assistant().
 */

CREATE FUNCTION voiceagent_private.check_kept_assistants_of(every interval, most integer, OUT asked integer,
	OUT next_at timestamptz)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v record;
	k voiceagent.kept_assistants;
BEGIN
	asked := 0;
	next_at := 'infinity';
	FOR v IN
		SELECT o.assistant_id, o.provider_account_id,
			greatest(o.created_at, o.changed_at, o.checked_at, e.created_at) + every AS due
		FROM voiceagent.kept_assistants o
		JOIN voiceagent.provider_accounts a ON a.tenant_id = o.tenant_id
			AND a.provider_account_id = o.provider_account_id AND a.active AND a.armed_at IS NOT NULL
		LEFT JOIN voiceagent.provider_requests e ON e.tenant_id = o.tenant_id
			AND e.provider_request_id = o.provider_request_id
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.status <> 'pending' AND NOT o.removing
			AND o.carrier_assistant_id IS NOT NULL
		ORDER BY due, o.assistant_id, o.provider_account_id
	LOOP
		next_at := v.due;
		EXIT WHEN v.due > v_now OR asked >= most;
		SELECT * INTO k FROM voiceagent.kept_assistants o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.assistant_id = v.assistant_id
			AND o.provider_account_id = v.provider_account_id AND o.status <> 'pending' AND NOT o.removing
		FOR UPDATE SKIP LOCKED;
		-- Somebody is at it.
		CONTINUE WHEN NOT FOUND;
		PERFORM voiceagent_private.send_kept(k, 'fetch_assistant', 'the carrier is asked whether it is as it was sent');
		asked := asked + 1;
		next_at := v_now + every;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_kept_assistants_of(interval, integer) IS
	'Asks the carriers for kept assistants of the current tenant about which nothing was asked for so long, at most so '
	'many -> how many, and when the next is due (infinity: none).';

CREATE FUNCTION voiceagent_private.check_kept_assistants(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_every interval := voiceagent_private.as_interval(
		voiceagent_private.platform_setting('kept_assistant_check'));
	v_left integer := max;
	v_next timestamptz := 'infinity';
	v_tenant bigint;
	v record;
BEGIN
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d WHERE d.active ORDER BY d.tenant_id
	LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		SELECT * INTO v FROM voiceagent_private.check_kept_assistants_of(v_every, v_left);
		v_left := v_left - v.asked;
		v_next := least(v_next, v.next_at);
	END LOOP;
	-- One that was passed over, or has become too many, is looked at again in a moment.
	RETURN greatest(v_next, voiceagent.clock() + interval '10 seconds');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_kept_assistants(integer) IS
	'A maintenance job: has carriers asked, every kept_assistant_check, whether the assistants that they keep are '
	'there as they were sent, at most so many at a time.';
SELECT voiceagent_private.register_job('check_kept_assistants', 100);

CREATE FUNCTION voiceagent_private.check_kept() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'a kept assistant that is pending has a request under way', format('assistant %s at provider account %s',
		k.assistant_id, k.provider_account_id)
	FROM voiceagent.kept_assistants k
	WHERE k.tenant_id = voiceagent.current_tenant() AND k.status = 'pending'
		AND NOT EXISTS (SELECT FROM voiceagent.provider_requests e WHERE e.tenant_id = k.tenant_id
			AND e.provider_request_id = k.provider_request_id AND e.state IN ('queued', 'sending', 'unknown'))
$$;
COMMENT ON FUNCTION voiceagent_private.check_kept() IS
	'Violations of the invariant of kept assistants for the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_kept');
