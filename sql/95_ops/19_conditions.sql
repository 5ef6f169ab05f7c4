/*
 * 95_ops: conditions.  A condition is something that is wrong now: its component
 * (whose it is), its state (what, in words), since when, the error that was
 * seen, and what mends it.  status() has a row for each, health() names those
 * that are a problem, and metrics() counts these: nobody writes one down twice.
 */

CREATE TYPE voiceagent_private.condition AS (
	component text,
	state text,
	pid integer,
	since timestamptz,
	queue_depth bigint,
	oldest_due timestamptz,
	in_flight bigint,
	last_error text,
	remedy text,
	problem boolean
);
COMMENT ON TYPE voiceagent_private.condition IS
	'A row of status() that is no process; problem: health() names it, too.';

CREATE FUNCTION voiceagent_private.condition_words(c voiceagent_private.condition) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN concat_ws('; ', concat_ws(': ', (c).component, (c).state, (c).last_error)
		|| CASE WHEN (c).since IS NOT NULL THEN format(' (since %s)', (c).since) ELSE '' END, (c).remedy);
COMMENT ON FUNCTION voiceagent_private.condition_words(voiceagent_private.condition) IS
	'What health() says of a condition: all that status() has of it, in one sentence.';

CREATE FUNCTION voiceagent_private.unread_condition() RETURNS voiceagent_private.condition
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN jsonb_populate_record(NULL::voiceagent_private.condition, jsonb_build_object('component', 'tables',
		'state', 'a lock keeps this report from reading them: figures are missing',
		'remedy', 'end who holds it, which the rows "lock" of the platform name', 'problem', true));
COMMENT ON FUNCTION voiceagent_private.unread_condition() IS
	'That a table could not be read in time, so that the rest of a report is missing.';

-- As its owner, who reads the statistics of all sessions. A lock of a moment is no condition; one that is waited for
-- and would keep readers away stands before them in the queue, so that those who hold it up are named.
CREATE FUNCTION voiceagent_private.lock_conditions() RETURNS SETOF voiceagent_private.condition
	LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'lock', format('%s%s is locked by pid %s (%s)', min(k.tab), CASE WHEN count(DISTINCT k.tab) > 1
			THEN format(' (and %s more)', count(DISTINCT k.tab) - 1) END, a.pid,
			concat_ws(', ', a.backend_type, a.usename, nullif(a.application_name, ''), a.state)),
		a.pid, a.xact_start, NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::text,
		format('SELECT pg_terminate_backend(%s) ends it, if its owner cannot', a.pid), true
	FROM (SELECT c.oid::regclass::text AS tab,
			CASE WHEN l.granted THEN ARRAY[l.pid] ELSE pg_blocking_pids(l.pid) END AS pids
		FROM pg_locks l
		JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p') AND c.relnamespace
			IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
		WHERE l.locktype = 'relation' AND l.pid <> pg_backend_pid()
			AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
			AND CASE WHEN l.granted THEN l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
				'AccessExclusiveLock') ELSE l.mode = 'AccessExclusiveLock' END) k
	JOIN pg_stat_activity a ON a.pid = ANY (k.pids)
	WHERE a.xact_start < clock_timestamp() - interval '1 second' AND a.backend_type <> 'autovacuum worker'
	GROUP BY a.pid, a.backend_type, a.usename, a.application_name, a.state, a.xact_start
	ORDER BY a.xact_start
$$;
COMMENT ON FUNCTION voiceagent_private.lock_conditions() IS
	'Sessions that have locked tables of ours against those who read or write them, for more than a second.';

CREATE FUNCTION voiceagent_private.server_conditions() RETURNS SETOF voiceagent_private.condition
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_after interval := current_setting('voiceagent.standstill_after')::interval;
	v_database oid := (SELECT d.oid FROM pg_database d WHERE d.datname = current_database());
	-- A dump may take that much longer; one that is idle does nothing meanwhile.
	c_active CONSTANT integer := 10;
	c_slot_bytes CONSTANT bigint := 64 * 1024 * 1024;
BEGIN
	RETURN QUERY SELECT w.component, w.state, w.pid, w.since, w.depth, NULL::timestamptz, NULL::bigint, NULL::text,
		w.remedy, w.problem
	FROM (SELECT 'old snapshot' AS component, format('pid %s (%s) keeps VACUUM from removing dead rows of every table',
				a.pid, concat_ws(', ', a.backend_type, a.usename, nullif(a.application_name, ''), a.state)) AS state,
			a.pid, a.xact_start AS since, NULL::bigint AS depth,
			format('end its transaction; SELECT pg_terminate_backend(%s)', a.pid) AS remedy,
			a.state LIKE 'idle%' OR a.xact_start < clock_timestamp() - c_active * v_after AS problem
		FROM pg_stat_activity a
		WHERE a.datid = v_database AND (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL)
			AND a.xact_start < clock_timestamp() - v_after AND a.pid <> pg_backend_pid()
			AND a.backend_type = 'client backend'
			AND NOT EXISTS (SELECT FROM voiceagent_private.tenant_sessions() t WHERE t.pid = a.pid)
		UNION ALL SELECT 'prepared transaction', format('%L of %s is neither committed nor rolled back', p.gid,
			p.owner), NULL, p.prepared, NULL, format('ROLLBACK PREPARED %L, or COMMIT PREPARED', p.gid), true
		FROM pg_prepared_xacts p
		WHERE p.database = current_database() AND p.prepared < clock_timestamp() - v_after
		UNION ALL SELECT 'vacuum', format('%s is off: tables grow, and every statement becomes slower', s.name), NULL,
			NULL, NULL, format('ALTER SYSTEM SET %s = on; SELECT pg_reload_conf()', s.name), true
		FROM pg_settings s WHERE s.name IN ('autovacuum', 'track_counts') AND s.setting = 'off'
		UNION ALL SELECT 'vacuum', format('autovacuum is off for %s', c.oid::regclass), NULL, NULL, NULL,
			format('ALTER TABLE %s RESET (autovacuum_enabled)', c.oid::regclass), true
		FROM pg_class c CROSS JOIN LATERAL pg_options_to_table(c.reloptions) o
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
			AND CASE WHEN o.option_name = 'autovacuum_enabled' THEN NOT o.option_value::boolean END
		UNION ALL SELECT 'replication slot', format('%s is used by nobody and keeps %s of WAL', r.slot_name,
				pg_size_pretty(r.kept)), NULL, NULL, r.kept::bigint,
			format('start who reads it, or SELECT pg_drop_replication_slot(%L)', r.slot_name), r.kept > c_slot_bytes
		FROM (SELECT s.slot_name, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
				ELSE pg_current_wal_lsn() END, s.restart_lsn) AS kept
			FROM pg_replication_slots s WHERE NOT s.active AND NOT s.temporary) r
		WHERE r.kept IS NOT NULL) w;
END
$$;
COMMENT ON FUNCTION voiceagent_private.server_conditions() IS
	'What of the server lets our tables grow or its disk fill: transactions that are kept open, autovacuum that is '
	'off, slots that nobody reads.';

CREATE FUNCTION voiceagent_private.unheard_since(account bigint, at timestamptz) RETURNS timestamptz
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_since timestamptz;
	v_looked bigint;
	v_oldest timestamptz;
	v_heard boolean;
	-- One call may have a reason of its own to be silent.
	c_calls CONSTANT integer := 3;
	c_looked_at CONSTANT integer := 2000;
BEGIN
	SELECT min(k.started_at) INTO v_since
	-- Calls of both directions are looked through, outbound ones count.
	FROM (SELECT c.started_at FROM (SELECT o.* FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant ORDER BY o.call_id DESC LIMIT c_looked_at) c
		WHERE c.provider_account_id = account AND c.direction <> 'inbound' AND c.provider_call_id IS NOT NULL
			AND c.started_at < at - current_setting('voiceagent.standstill_after')::interval
		ORDER BY c.call_id DESC LIMIT c_calls) k HAVING count(*) = c_calls;
	SELECT count(*), min(w.received_at), bool_or(w.received_at >= v_since AND w.source <> 'lookup'
		AND EXISTS (SELECT FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = v_tenant
			AND e.endpoint_id = w.endpoint_id AND e.provider_account_id = account))
	INTO v_looked, v_oldest, v_heard
	FROM (SELECT o.endpoint_id, o.source, o.received_at FROM voiceagent.webhooks o WHERE o.tenant_id = v_tenant
		ORDER BY o.webhook_id DESC LIMIT c_looked_at) w;
	-- Nothing is known of more webhooks than were looked at.
	RETURN CASE WHEN v_heard IS NOT TRUE AND (v_looked < c_looked_at OR v_oldest < v_since) THEN v_since END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.unheard_since(bigint, timestamptz) IS
	'Since when no good webhook has come of the three latest calls that the carrier of an account took, a while ago; '
	'NULL: one has, or there are fewer.';

CREATE FUNCTION voiceagent_private.account_conditions(of_tenant bigint) RETURNS SETOF voiceagent_private.condition
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_after timestamptz := v_now - current_setting('voiceagent.standstill_after')::interval;
	v_was bigint := CASE WHEN of_tenant IS NULL THEN voiceagent_private.set_tenant_for_reports(0) END;
	v record;
	v_name text;
	v_trouble text;
	v_failures jsonb;
	v_refused text;
	v_since timestamptz;
	v_c voiceagent_private.condition;
	-- As many of each kind; the rest has the same cause, or its turn.
	c_named CONSTANT integer := 5;
BEGIN
	FOR v IN
		(SELECT 'asked' AS kind, l.tenant_id, l.provider_account_id, count(*) AS calls, min(l.failing_since) AS since,
			NULL::timestamptz AS resumes_at
		FROM voiceagent_private.live_calls l
		WHERE l.failing_since < v_after AND (of_tenant IS NULL OR l.tenant_id = of_tenant)
		GROUP BY l.tenant_id, l.provider_account_id ORDER BY 5 LIMIT c_named)
		UNION ALL
		(SELECT 'heard', l.tenant_id, l.provider_account_id, count(*), min(l.dialled_at), NULL
		FROM voiceagent_private.live_calls l
		WHERE l.state = 'accepted' AND l.dialled_at < v_after AND (of_tenant IS NULL OR l.tenant_id = of_tenant)
			AND (voiceagent_private.driver_facts(l.provider)).proof <> 'none'
		GROUP BY l.tenant_id, l.provider_account_id ORDER BY 5 LIMIT c_named * 10)
		UNION ALL
		-- A tenant has its rows of account_states().
		(SELECT 'breaker', a.tenant_id, a.provider_account_id, NULL, a.opened_at, a.resumes_at
		FROM voiceagent_private.every_account() a
		WHERE of_tenant IS NULL AND a.active AND a.opened_at IS NOT NULL ORDER BY 5 LIMIT c_named)
	LOOP
		IF of_tenant IS NULL THEN
			PERFORM voiceagent_private.set_tenant_for_reports(v.tenant_id);
		END IF;
		v_since := v.since;
		IF v.kind = 'heard' THEN
			v_since := voiceagent_private.unheard_since(v.provider_account_id, v_now);
			CONTINUE WHEN v_since IS NULL;
		END IF;
		SELECT format('carrier account %s%s (%s)', a.provider_account_id,
				CASE WHEN of_tenant IS NULL THEN format(' of tenant %s', a.tenant_id) END, a.name), a.trouble,
			d.failures,
			(SELECT format('refused at %s, from %s: %s', r.refused_at, r.refused_peer, r.refused_why)
			FROM voiceagent_private.endpoint_routes r WHERE r.tenant_id = a.tenant_id
				AND r.provider_account_id = a.provider_account_id AND r.refused_at >= v_since
			ORDER BY r.refused_at DESC LIMIT 1)
		INTO v_name, v_trouble, v_failures, v_refused
		FROM voiceagent.provider_accounts a
		LEFT JOIN voiceagent_private.account_dials d ON d.tenant_id = a.tenant_id
			AND d.provider_account_id = a.provider_account_id
		WHERE a.tenant_id = v.tenant_id AND a.provider_account_id = v.provider_account_id;
		v_c := NULL;
		v_c.component := v_name;
		v_c.since := v_since;
		v_c.in_flight := v.calls;
		v_c.problem := true;
		v_c.last_error := v_trouble;
		IF v.kind = 'asked' THEN
			v_c.state := format('%s calls hold their lines: the carrier cannot be asked what became of them', v.calls);
			v_c.remedy :=
				'look at the carrier and the network; they end when it answers, or after lookup_give_up_after';
		ELSIF v.kind = 'heard' THEN
			v_c.state := 'takes dials, and none of its webhooks is good';
			v_c.last_error := coalesce(v_refused, 'none has come');
			v_c.remedy := CASE WHEN v_refused IS NOT NULL
				THEN 'give account and carrier the same webhook secret, by rotate_webhook_secret() or at the carrier'
				ELSE 'look at public_base_url, proxy and firewall, and at the address that the carrier has' END;
		ELSE
			v_c.state := voiceagent_private.model_account_words(v.since, v.resumes_at);
			v_c.last_error := concat(v_trouble, (SELECT ' (' || string_agg(format('call %s: %s', f ->> 'call_id',
				f ->> 'cause'), ', ') || ')' FROM jsonb_array_elements(v_failures) f));
			v_c.remedy :=
				'mend what the carrier names, then update_provider_account() or rotate_credential() as the tenant';
		END IF;
		RETURN NEXT v_c;
	END LOOP;
	IF of_tenant IS NULL THEN
		PERFORM voiceagent_private.set_tenant_for_reports(v_was);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.account_conditions(bigint) IS
	E'Carrier accounts of a tenant, or the first of all tenants (NULL), that hold calls about which the carrier cannot '
	'be asked, or whose webhooks are refused or do not come.\n'
	'Of all tenants also those whose breaker is open.';
