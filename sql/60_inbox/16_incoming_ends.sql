/*
 * 60_inbox: calls to the tenant's numbers of whose end nobody tells: a webhook
 * was lost, or the carrier sends none for them.  Their carrier is asked, as it
 * is about calls of ours (55_call/31_lookups.sql), and what it says goes the way
 * of a webhook.  A call that came in has no lead, no credits and no attempt:
 * there is nothing to settle but that it takes no line any more.
 */

CREATE TABLE voiceagent_private.live_incoming (
	tenant_id bigint NOT NULL,
	incoming_call_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	provider_call_id text NOT NULL,
	started_at timestamptz NOT NULL,
	ask_at timestamptz NOT NULL CHECK (isfinite(ask_at)),
	misses smallint NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, incoming_call_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
		autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE voiceagent_private.live_incoming IS
	'One row an incoming call at a real carrier that was answered somehow, until its end is told, the carrier does not know it, or longest_incoming() has passed.';
COMMENT ON COLUMN voiceagent_private.live_incoming.provider_call_id IS 'incoming_calls.provider_call_id, so that a lookup needs no row of the tenant.';
COMMENT ON COLUMN voiceagent_private.live_incoming.started_at IS 'incoming_calls.started_at, likewise.';
COMMENT ON COLUMN voiceagent_private.live_incoming.ask_at IS 'When the carrier is asked whether it goes on.';
COMMENT ON COLUMN voiceagent_private.live_incoming.misses IS 'How often in a row the carrier did not know it.';
CREATE INDEX live_incoming_ask ON voiceagent_private.live_incoming (ask_at);
SELECT voiceagent_private.guard_table('voiceagent_private.live_incoming', 'routing');

CREATE FUNCTION voiceagent_private.incoming_rounds() RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN interval '5 minutes';
COMMENT ON FUNCTION voiceagent_private.incoming_rounds() IS
	'How long an incoming call has been going on when its carrier is asked about it first, and how long after that again: the line of one that is over is kept no longer.';

CREATE FUNCTION voiceagent_private.watch_incoming(incoming_call_id bigint) RETURNS void
	LANGUAGE sql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
	INSERT INTO voiceagent_private.live_incoming (tenant_id, incoming_call_id, provider_account_id, provider_call_id, started_at, ask_at)
	SELECT i.tenant_id, i.incoming_call_id, i.provider_account_id, i.provider_call_id, i.started_at, i.started_at + voiceagent_private.incoming_rounds()
	FROM voiceagent.incoming_calls i
	JOIN voiceagent.provider_accounts a ON a.tenant_id = i.tenant_id AND a.provider_account_id = i.provider_account_id
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.incoming_call_id = watch_incoming.incoming_call_id AND i.ended_at IS NULL
		AND a.provider <> 'sandbox';
	SELECT voiceagent_private.poke('lookups');
$$;
COMMENT ON FUNCTION voiceagent_private.watch_incoming(bigint) IS
	'Has the carrier asked from time to time about an incoming call of the acting tenant that has not ended, until it has.';

CREATE FUNCTION voiceagent_private.due_incoming(max_calls integer, asked bigint[] DEFAULT NULL, OUT tenant_id bigint, OUT call_id bigint,
		OUT provider_account_id bigint, OUT provider_call_id text) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET enable_sort = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_now timestamptz := voiceagent.clock();
	-- As due_lookups() has it.
	c_of_account CONSTANT integer := 50;
	v_full bigint[] := ARRAY(SELECT a FROM unnest(asked) a GROUP BY a HAVING count(*) >= c_of_account);
BEGIN
	DELETE FROM voiceagent_private.live_incoming i
	WHERE (i.tenant_id, i.incoming_call_id) IN (SELECT o.tenant_id, o.incoming_call_id FROM voiceagent_private.live_incoming o
		WHERE o.ask_at <= v_now AND o.started_at <= v_now - voiceagent_private.longest_incoming()
		ORDER BY o.ask_at LIMIT 1000 FOR UPDATE SKIP LOCKED);
	RETURN QUERY
		WITH due AS MATERIALIZED (
			SELECT o.tenant_id, o.incoming_call_id FROM voiceagent_private.live_incoming o
			WHERE o.ask_at <= v_now AND o.provider_account_id <> ALL (v_full)
			ORDER BY o.ask_at LIMIT max_calls FOR UPDATE SKIP LOCKED
		)
		UPDATE voiceagent_private.live_incoming i SET ask_at = v_now + voiceagent_private.incoming_rounds()
		FROM due d
		WHERE i.tenant_id = d.tenant_id AND i.incoming_call_id = d.incoming_call_id
		RETURNING i.tenant_id, i.incoming_call_id, i.provider_account_id, i.provider_call_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.due_incoming(integer, bigint[]) IS
	'Incoming calls of all tenants (call_id: incoming_call_id) to ask the carrier about, at most max_calls; asked: the account of each question that is on its way, as due_lookups() takes it. When they are asked about again is noted first, so that a crash loses none. Of those that cannot be live any more nobody is asked. An end comes back as store_webhooks(source lookup), anything else as note_incoming_lookup().';

CREATE FUNCTION voiceagent_private.note_incoming_lookup(incoming_call_id bigint, known boolean) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call bigint := incoming_call_id;
	v_set voiceagent_private.dial_settings;
	v_misses smallint;
BEGIN
	PERFORM voiceagent_private.lock_tenant(false);
	IF known THEN
		UPDATE voiceagent_private.live_incoming l SET misses = 0 WHERE l.tenant_id = v_tenant AND l.incoming_call_id = v_call AND l.misses > 0;
		RETURN false;
	END IF;
	v_set := voiceagent_private.read_dial_settings();
	-- The call before what is kept of it alone, as note_incoming() takes them.
	PERFORM FROM voiceagent.incoming_calls i WHERE i.tenant_id = v_tenant AND i.incoming_call_id = v_call FOR NO KEY UPDATE;
	UPDATE voiceagent_private.live_incoming l SET misses = l.misses + 1, ask_at = least(l.ask_at, voiceagent.clock() + v_set.lookup_interval)
	WHERE l.tenant_id = v_tenant AND l.incoming_call_id = v_call RETURNING l.misses INTO v_misses;
	IF NOT FOUND OR v_misses < v_set.lookup_limit THEN
		RETURN false;
	END IF;
	UPDATE voiceagent.incoming_calls i SET ended_at = voiceagent.clock()
	WHERE i.tenant_id = v_tenant AND i.incoming_call_id = v_call AND i.ended_at IS NULL;
	DELETE FROM voiceagent_private.live_incoming l WHERE l.tenant_id = v_tenant AND l.incoming_call_id = v_call;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_incoming_lookup(bigint, boolean) IS
	'The carrier of an incoming call of the acting tenant, which told us of it once, says that it goes on (known), or that there is none such. After lookup_limit of the latter in a row, lookup_interval apart, the call is over, nobody knows how: true. One alone may be a proxy''s, or an incident''s, and who is on the line with us would be dialled.';

CREATE FUNCTION voiceagent_private.incoming_still_there(account bigint, ids text[], asked_at timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ended bigint[];
BEGIN
	WITH ended AS (
		UPDATE voiceagent.incoming_calls i
		SET ended_at = voiceagent.clock(), outcome = coalesce(i.outcome, CASE WHEN i.answered_at IS NULL THEN 'no_answer' ELSE 'completed' END)
		WHERE i.tenant_id = v_tenant AND i.provider_account_id = account AND i.ended_at IS NULL
		  AND i.started_at < asked_at AND i.provider_call_id <> ALL (ids)
		RETURNING i.incoming_call_id
	)
	SELECT coalesce(array_agg(e.incoming_call_id), '{}') INTO v_ended FROM ended e;
	DELETE FROM voiceagent_private.live_incoming l WHERE l.tenant_id = v_tenant AND l.incoming_call_id = ANY (v_ended);
	RETURN cardinality(v_ended);
END
$$;
COMMENT ON FUNCTION voiceagent_private.incoming_still_there(bigint, text[], timestamptz) IS
	'The carrier of an account of the acting tenant was asked at asked_at which calls there are: incoming ones from before that are not among them (ids) have ended while nobody listened. Returns how many.';
