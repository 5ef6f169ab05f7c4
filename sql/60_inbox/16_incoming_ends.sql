/*
 * 60_inbox: calls to the tenant's numbers whose end is not reported: a webhook
 * was lost, or the carrier sends none for them.  Their carrier is asked, as it
 * is about calls of ours (55_call/31_lookups.sql), and what it says goes the way
 * of a webhook.  A call that came in has no credits and no attempt: there is
 * nothing to settle but that it takes no line any more.  Each of them ends when
 * its lease does, which every sign of it renews, at last after
 * longest_incoming(): retention, which goes by the ids of calls, stops at the
 * first that has not.
 */

CREATE TABLE voiceagent_private.live_incoming (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	provider_call_id text NOT NULL,
	started_at timestamptz NOT NULL,
	ask_at timestamptz NOT NULL CHECK (isfinite(ask_at)),
	misses smallint NOT NULL DEFAULT 0,
	ends_by timestamptz NOT NULL CHECK (isfinite(ends_by)),
	PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
		autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE voiceagent_private.live_incoming IS
	'One row an incoming call that was answered somehow, until its end is reported (of a conversation: what was '
	'said in it), the carrier does not know it, or its lease has ended.';
COMMENT ON COLUMN voiceagent_private.live_incoming.provider_call_id IS
	'calls.provider_call_id, so that a lookup needs no row of the tenant.';
COMMENT ON COLUMN voiceagent_private.live_incoming.started_at IS 'calls.started_at, likewise.';
COMMENT ON COLUMN voiceagent_private.live_incoming.ask_at IS
	'When the carrier is asked whether it goes on; the sandbox is asked about none.';
COMMENT ON COLUMN voiceagent_private.live_incoming.misses IS 'How often in a row the carrier did not know it.';
COMMENT ON COLUMN voiceagent_private.live_incoming.ends_by IS
	'Its lease: when it is over, unless its carrier or its audio shows before that it goes on; a minute after its '
	'audio has ended.';
CREATE INDEX live_incoming_ask ON voiceagent_private.live_incoming (ask_at);
CREATE INDEX live_incoming_ends ON voiceagent_private.live_incoming (ends_by);
SELECT voiceagent_private.guard_table('voiceagent_private.live_incoming', 'routing', waits => '{ask_at,ends_by}');

CREATE FUNCTION voiceagent_private.incoming_rounds() RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN interval '5 minutes';
COMMENT ON FUNCTION voiceagent_private.incoming_rounds() IS
	'How long an answered incoming call has been going on when its carrier is asked about it first, and how long '
	'after that again: the line of one that is over is kept no longer.';

CREATE FUNCTION voiceagent_private.is_brief_incoming(provider text, answer text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(answer = 'say' AND (voiceagent_private.driver_facts(provider)).converses, false);
COMMENT ON FUNCTION voiceagent_private.is_brief_incoming(text, text) IS
	'Whether a carrier that else holds the conversation says a text (call_inbound.answer) to who calls and hangs up, '
	'and reports no end.';

CREATE FUNCTION voiceagent_private.ringing_incoming(brief boolean DEFAULT false) RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN brief THEN interval '30 seconds' ELSE interval '45 seconds' END;
COMMENT ON FUNCTION voiceagent_private.ringing_incoming(boolean) IS
	E'When the carrier is asked about an incoming call of which it has not reported an answer: one that has '
	'ended is no longer shown as ringing after a minute.\n'
	'brief: about one that only hears a text (is_brief_incoming()), and how often.';

CREATE FUNCTION voiceagent_private.watch_incoming(call_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ends_by timestamptz;
	-- It may ring, and be put through, before its time is counted.
	c_before CONSTANT interval := '5 minutes';
BEGIN
	INSERT INTO voiceagent_private.live_incoming (tenant_id, call_id, provider_account_id, provider_call_id,
		started_at, ends_by, ask_at)
	SELECT i.tenant_id, i.call_id, i.provider_account_id, i.provider_call_id, i.started_at,
		i.started_at + least(voiceagent_private.longest_incoming(),
			make_interval(secs => (i.plan ->> 'max_duration_s')::integer) + c_before),
		i.started_at + CASE WHEN a.provider = 'sandbox' THEN voiceagent_private.longest_incoming()
			ELSE voiceagent_private.ringing_incoming(voiceagent_private.is_brief_incoming(a.provider, i.answer)) END
	FROM voiceagent.call_inbound i
	JOIN voiceagent.provider_accounts a ON a.tenant_id = i.tenant_id AND a.provider_account_id = i.provider_account_id
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.call_id = watch_incoming.call_id AND i.ended_at IS NULL
	RETURNING ends_by INTO v_ends_by;
	PERFORM voiceagent_private.request_job('end_lost_incoming', v_ends_by);
	PERFORM voiceagent_private.poke('lookups');
END
$$;
COMMENT ON FUNCTION voiceagent_private.watch_incoming(bigint) IS
	'Has the carrier asked from time to time about an incoming call of the current tenant that has '
	'not ended, until it has.';

CREATE FUNCTION voiceagent_private.lease_incoming(call_id bigint, lease interval, ask interval DEFAULT NULL)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ends_by timestamptz;
BEGIN
	UPDATE voiceagent_private.live_incoming l
	SET ends_by = least(voiceagent.clock() + lease_incoming.lease,
			l.started_at + voiceagent_private.longest_incoming()),
		ask_at = least(l.ask_at, voiceagent.clock() + lease_incoming.ask)
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.call_id = (SELECT o.call_id
		FROM voiceagent_private.live_incoming o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.call_id = lease_incoming.call_id FOR UPDATE SKIP LOCKED)
	RETURNING l.ends_by INTO v_ends_by;
	IF FOUND THEN
		PERFORM voiceagent_private.request_job('end_lost_incoming', v_ends_by);
		PERFORM voiceagent_private.poke('lookups');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lease_incoming(bigint, interval, interval) IS
	E'Sets how long an incoming call of the current tenant is held to go on, from now, without any report; ask: '
	'when its carrier is asked at the latest.\n'
	'Waits for no lock: while somebody else is writing about the call, nothing changes.';

-- The time of the next question is noted first, so that a crash loses none. Calls that cannot be live any more are
-- left to end_lost_incoming().
CREATE FUNCTION voiceagent_private.due_incoming(max_calls integer, asked bigint[] DEFAULT NULL,
		taken bigint[] DEFAULT '{}', OUT tenant_id bigint, OUT call_id bigint, OUT provider_account_id bigint,
		OUT provider_call_id text) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	-- As due_lookups() has it.
	c_of_account CONSTANT integer := 50;
	v_full bigint[] := ARRAY(SELECT a FROM unnest(asked) a GROUP BY a HAVING count(*) >= c_of_account);
BEGIN
	RETURN QUERY
		WITH due AS MATERIALIZED (
			SELECT o.tenant_id, o.call_id FROM voiceagent_private.live_incoming o
			WHERE o.ask_at <= v_now AND o.provider_account_id <> ALL (v_full) AND o.tenant_id <> ALL (taken)
			ORDER BY o.ask_at LIMIT max_calls FOR UPDATE SKIP LOCKED
		), put_off AS (
			UPDATE voiceagent_private.live_incoming i SET ask_at = v_now + voiceagent_private.incoming_rounds()
			FROM due d
			WHERE i.tenant_id = d.tenant_id AND i.call_id = d.call_id
			RETURNING i.tenant_id, i.call_id, i.provider_account_id, i.provider_call_id, i.ends_by
		)
		SELECT p.tenant_id, p.call_id, p.provider_account_id, p.provider_call_id FROM put_off p
		-- end_lost_incoming() takes the calls that cannot be live any more.
		WHERE p.ends_by > v_now;
END
$$;
COMMENT ON FUNCTION voiceagent_private.due_incoming(integer, bigint[], bigint[]) IS
	E'Incoming calls of all tenants (call_id: incoming_call_id) to ask the carrier about, at most max_calls.\n'
	'asked: the account of each question that is on its way, as due_lookups() takes it; taken: the tenants whose '
	'share is used up. An end comes back as store_webhooks(source lookup), anything else as record_incoming_lookup().';

CREATE FUNCTION voiceagent_private.record_incoming_lookup(call_id bigint, known boolean) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call bigint := record_incoming_lookup.call_id;
	v_set voiceagent_private.dial_settings;
	v_brief boolean;
	v_misses smallint;
	v_now timestamptz := voiceagent.clock();
	-- The carrier may miss two of our questions.
	c_lease CONSTANT interval := 3 * voiceagent_private.incoming_rounds();
BEGIN
	PERFORM voiceagent_private.lock_tenant(false);
	v_brief := coalesce((SELECT voiceagent_private.is_brief_incoming(a.provider, i.answer)
		FROM voiceagent.call_inbound i
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = i.provider_account_id
		WHERE i.tenant_id = v_tenant AND i.call_id = v_call), false);
	IF known THEN
		UPDATE voiceagent_private.live_incoming l
		SET misses = 0, ask_at = CASE WHEN v_brief
			THEN least(l.ask_at, v_now + voiceagent_private.ringing_incoming(true)) ELSE l.ask_at END,
			ends_by = greatest(l.ends_by, least(l.started_at + voiceagent_private.longest_incoming(), v_now + c_lease))
		WHERE l.tenant_id = v_tenant AND l.call_id = v_call
			AND (l.misses > 0 OR v_brief OR l.ends_by < v_now + 2 * voiceagent_private.incoming_rounds());
		RETURN false;
	END IF;
	v_set := voiceagent_private.read_dial_settings();
	-- The call before what is kept of it alone, as record_incoming() takes them.
	PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = v_call FOR NO KEY UPDATE;
	UPDATE voiceagent_private.live_incoming l
	SET misses = l.misses + 1, ask_at = least(l.ask_at, v_now + v_set.lookup_interval)
	WHERE l.tenant_id = v_tenant AND l.call_id = v_call RETURNING l.misses INTO v_misses;
	IF NOT FOUND OR v_misses < v_set.lookup_limit AND NOT v_brief THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.end_incoming(ARRAY[v_call], 'the carrier does not know it any more');
	PERFORM voiceagent_private.close_incoming(ARRAY[v_call]);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_incoming_lookup(bigint, boolean) IS
	E'The carrier of an incoming call of the current tenant, which reported it once, says that it goes on '
	'(known), or that there is none such.\n'
	'After lookup_limit of the latter in a row, lookup_interval apart, the call is over, its end unknown: true. '
	'One alone may be an incident''s, and who is on the line would be dialled; but of a call that only hears a '
	'text (is_brief_incoming()) it is enough.';

CREATE FUNCTION voiceagent_private.incoming_still_there(account bigint, ids text[], asked_at timestamptz)
	RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ended bigint[];
BEGIN
	v_ended := voiceagent_private.end_incoming(ARRAY(SELECT i.call_id FROM voiceagent.call_inbound i
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_account_id = account AND i.ended_at IS NULL
			AND i.started_at < asked_at AND i.provider_call_id <> ALL (ids)),
				'it ended while the carrier could not be heard');
	PERFORM voiceagent_private.close_incoming(v_ended);
	RETURN cardinality(v_ended);
END
$$;
COMMENT ON FUNCTION voiceagent_private.incoming_still_there(bigint, text[], timestamptz) IS
	E'The carrier of an account of the current tenant was asked at asked_at which calls there are: incoming ones '
	'from before that are not among them (ids) have ended unheard.\n'
	'Returns how many.';

CREATE FUNCTION voiceagent_private.end_lost_incoming(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_tenant bigint;
	v_ids bigint[];
	v_failed boolean := false;
	c_after_failure CONSTANT interval := '10 minutes';
BEGIN
	-- Tenant by tenant, so that what goes wrong with one is no other's.
	FOR v_tenant IN SELECT DISTINCT l.tenant_id FROM voiceagent_private.live_incoming l WHERE l.ends_by <= v_now
		ORDER BY l.tenant_id LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		BEGIN
			v_ids := ARRAY(SELECT l.call_id FROM voiceagent_private.live_incoming l
				WHERE l.tenant_id = v_tenant AND l.ends_by <= v_now ORDER BY l.call_id LIMIT max);
			IF NOT voiceagent_private.try_lock_tenant() THEN
				v_failed := true;
				CONTINUE;
			END IF;
			PERFORM voiceagent_private.end_incoming(v_ids, 'its end was never told');
			PERFORM voiceagent_private.close_incoming(v_ids);
		EXCEPTION WHEN OTHERS THEN
			v_failed := true;
			RAISE LOG 'the lost incoming calls of tenant % could not be ended: % %', v_tenant, SQLSTATE, SQLERRM;
		END;
	END LOOP;
	RETURN coalesce((SELECT CASE WHEN l.ends_by > v_now THEN l.ends_by
		WHEN v_failed THEN v_now + c_after_failure ELSE v_now END
		FROM voiceagent_private.live_incoming l ORDER BY l.ends_by LIMIT 1), 'infinity');
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_lost_incoming(integer) IS
	'A maintenance job: ends the incoming calls of all tenants whose end was not reported while their lease lasted, '
	'at most max of each tenant in a step.';
SELECT voiceagent_private.register_job('end_lost_incoming', 1000);
