/*
 * 95_ops: conditions.  A condition is something that is wrong now: its component
 * (whose it is), its state (what, in words), since when, the error that was
 * seen, and what mends it. status() has a row for each, health() names those
 * that are a problem, and metrics() counts these: none is written down twice.
 */

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
	ORDER BY a.xact_start LIMIT 5
$$;
COMMENT ON FUNCTION voiceagent_private.lock_conditions() IS
	'Sessions that have locked tables of ours against those who read or write them, for more than a second.';

CREATE FUNCTION voiceagent_private.zone_changes(OUT zone text, OUT since date, OUT known boolean)
	RETURNS SETOF record
	LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'va_sql_zone_changes';
COMMENT ON FUNCTION voiceagent_private.zone_changes() IS
	E'Recent decisions of countries about their clocks, and whether this server''s tz data know each.\n'
	'since: the first day that older data have otherwise, by which people are called an hour too early or too late.';

CREATE FUNCTION voiceagent_private.zone_conditions(of_tenant bigint) RETURNS SETOF voiceagent_private.condition
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'time zones', format('leads wait in %s, whose clocks changed since this server''s tzdata was made',
			string_agg(z.zone, ', ' ORDER BY z.zone)), NULL::integer, NULL::timestamptz, NULL::bigint,
		NULL::timestamptz, NULL::bigint, NULL::text, 'install the newest tzdata, then restart the server', true
	FROM voiceagent_private.zone_changes() z
	WHERE NOT z.known AND EXISTS (SELECT FROM voiceagent_private.lanes l
		WHERE (of_tenant IS NULL OR l.tenant_id = of_tenant) AND l.running AND z.zone = ANY (l.timezones))
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION voiceagent_private.zone_conditions(bigint) IS
	'Time zones of a tenant''s waiting leads (NULL: of all) that the server''s tz data has as they were before.';

CREATE FUNCTION voiceagent_private.machine_facts(OUT fact text, OUT object text, OUT since timestamptz,
	OUT amount bigint) RETURNS SETOF record
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_machine_facts';
COMMENT ON FUNCTION voiceagent_private.machine_facts() IS
	'disk: one that is nearly full -> bytes left; clock: it was set -> by how many seconds; server: it '
	'began without having been shut down; tzdata -> its release; since: when that was, or the first look '
	'found it.';

CREATE FUNCTION voiceagent_private.zone_data() RETURNS jsonb
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('version', (SELECT m.object FROM voiceagent_private.machine_facts() m
			WHERE m.fact = 'tzdata'), 'newest_change', max(c.since),
		'newest_it_has', max(c.since) FILTER (WHERE c.known),
		'lacks', array_agg(c.zone ORDER BY c.zone) FILTER (WHERE NOT c.known),
		'remedy', CASE WHEN NOT bool_and(c.known) THEN 'install the newest tzdata, then restart the server' END))
	FROM voiceagent_private.zone_changes() c
$$;
COMMENT ON FUNCTION voiceagent_private.zone_data() IS
	'What health() says of the server''s tz data: their version, if they say it, the first day of the newest change of '
	'clocks that we know, and of the newest that they have; the zones whose change they lack, and what mends it.';

CREATE FUNCTION voiceagent_private.file_settings(OUT sourcefile text, OUT sourceline integer, OUT seqno integer,
	OUT name text, OUT setting text, OUT applied boolean, OUT error text) RETURNS SETOF record
	LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_file_settings';
COMMENT ON FUNCTION voiceagent_private.file_settings() IS
	'Reads pg_file_settings as a superuser: the settings in the server''s files, and their errors.';

CREATE FUNCTION voiceagent_private.server_conditions() RETURNS SETOF voiceagent_private.condition
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_after interval := current_setting('voiceagent.standstill_after')::interval;
	-- An ended condition is reported this long.
	v_told timestamptz := clock_timestamp() - 10 * v_after;
	v_database oid := (SELECT d.oid FROM pg_database d WHERE d.datname = current_database());
	v_places integer := current_setting('max_connections')::integer
		- current_setting('superuser_reserved_connections')::integer
		- coalesce(current_setting('reserved_connections', true), '0')::integer;
BEGIN
	-- A dump may take ten times as long; one that is idle does nothing meanwhile.
	RETURN QUERY SELECT CASE WHEN t.pid IS NOT NULL THEN 'tenant session' WHEN a.holds THEN 'old snapshot'
			ELSE 'open transaction' END,
		concat(format('pid %s (%s) %s', a.pid, concat_ws(', ', a.backend_type, a.usename,
			nullif(a.application_name, ''), a.state), CASE WHEN a.holds THEN
			'keeps VACUUM from removing dead rows of every table' ELSE 'has a transaction open' END),
			CASE WHEN a.n > 5 THEN format('; so do %s more', a.n - 5) END),
		a.pid, a.xact_start, t.locks, NULL::timestamptz, NULL::bigint, NULL::text,
		format('end its transaction; SELECT pg_terminate_backend(%s)', a.pid),
		a.state LIKE 'idle%' OR a.xact_start < v_told
	FROM (SELECT s.*, s.backend_xmin IS NOT NULL OR s.backend_xid IS NOT NULL AS holds, count(*) OVER () AS n
		FROM pg_stat_activity s
		WHERE s.datid = v_database AND s.xact_start < clock_timestamp() - v_after AND s.pid <> pg_backend_pid()
			AND s.backend_type = 'client backend'
		ORDER BY s.state NOT LIKE 'idle%', s.xact_start LIMIT 5) a
	LEFT JOIN voiceagent_private.tenant_sessions() t ON t.pid = a.pid;
	RETURN QUERY SELECT w.component, w.state, NULL::integer, w.since, w.depth, NULL::timestamptz, NULL::bigint, w.error,
		w.remedy, w.problem
	FROM (SELECT 'prepared transaction' AS component, format('%L of %s is neither committed nor rolled back', p.gid,
			p.owner) AS state, p.prepared AS since, NULL::bigint AS depth, NULL::text AS error,
			format('ROLLBACK PREPARED %L, or COMMIT PREPARED', p.gid) AS remedy, true AS problem
		FROM pg_prepared_xacts p
		WHERE p.database = current_database() AND p.prepared < clock_timestamp() - v_after
		UNION ALL SELECT CASE s.name WHEN 'track_activities' THEN 'sessions' ELSE 'vacuum' END, format('%s is off: %s',
				s.name, CASE s.name WHEN 'track_activities' THEN 'whoever locks tables or keeps a snapshot is not seen'
				ELSE 'tables grow, and every statement becomes slower' END),
			NULL, NULL, NULL, format('ALTER SYSTEM SET %s = on; SELECT pg_reload_conf()', s.name), true
		FROM pg_settings s WHERE s.name IN ('autovacuum', 'track_counts', 'track_activities') AND s.setting = 'off'
		UNION ALL SELECT 'vacuum', format('autovacuum is off for %s', c.oid::regclass), NULL, NULL, NULL,
			format('ALTER TABLE %s RESET (autovacuum_enabled)', c.oid::regclass), true
		FROM pg_class c CROSS JOIN LATERAL pg_options_to_table(c.reloptions) o
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
			AND CASE WHEN o.option_name = 'autovacuum_enabled' THEN NOT o.option_value::boolean END
		UNION ALL SELECT 'vacuum', format('database %s: %s transactions until the server takes no more commands',
				d.datname, greatest(0, 2147483647 - 3000000 - greatest(age(d.datfrozenxid),
					mxid_age(d.datminmxid)))), NULL,
			greatest(age(d.datfrozenxid), mxid_age(d.datminmxid)), NULL, format('autovacuum on; end old snapshots, '
			'prepared transactions and slots; as a superuser VACUUM (FREEZE) in %I', d.datname), true
		FROM pg_database d WHERE age(d.datfrozenxid) > current_setting('vacuum_failsafe_age')::integer
			OR mxid_age(d.datminmxid) > current_setting('vacuum_multixact_failsafe_age')::integer
		UNION ALL SELECT 'replication slot', format('%s is used by nobody and keeps %s of WAL', r.slot_name,
				pg_size_pretty(r.kept)), NULL, r.kept::bigint, NULL,
			format('start who reads it, or SELECT pg_drop_replication_slot(%L)', r.slot_name), r.kept > 67108864
		FROM (SELECT s.slot_name, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
				ELSE pg_current_wal_lsn() END, s.restart_lsn) AS kept
			FROM pg_replication_slots s WHERE NOT s.active AND NOT s.temporary) r
		WHERE r.kept IS NOT NULL
		UNION ALL SELECT 'connections', format('all %s are taken, %s', v_places, string_agg(format('%s by %s', r.n,
			r.usename), ', ' ORDER BY r.n DESC)), max(r.last), sum(r.n)::bigint, NULL,
			'end those that are idle, give a role a CONNECTION LIMIT, or raise max_connections and restart', true
		FROM (SELECT a.usename, count(*) AS n, max(a.backend_start) AS last FROM pg_stat_activity a
			WHERE a.backend_type = 'client backend' GROUP BY a.usename ORDER BY 2 DESC) r HAVING sum(r.n) >= v_places
		UNION ALL SELECT 'settings', format('%s in %s, line %s', f.name, f.sourcefile, f.sourceline),
			pg_conf_load_time(), NULL, CASE WHEN s.name IS NULL AND f.name IS NOT NULL THEN 'there is no such setting'
				ELSE concat_ws(', it is ', f.error, 'from ' || s.min_val || ' to ' || concat_ws(' ', s.max_val, s.unit),
					'one of ' || array_to_string(s.enumvals, ', '), CASE s.vartype WHEN 'bool' THEN 'on or off' END)
			END, 'put it right, then SELECT pg_reload_conf()', true
		FROM voiceagent_private.file_settings() f LEFT JOIN pg_settings s ON s.name = f.name
		WHERE f.error IS NOT NULL AND s.pending_restart IS NOT TRUE
		UNION ALL SELECT m.fact, CASE m.fact
				WHEN 'disk' THEN format('%s has %s left', m.object, pg_size_pretty(m.amount))
				WHEN 'clock' THEN format('was set %s by %s s', CASE WHEN m.amount < 0 THEN 'back' ELSE 'forward' END,
					abs(m.amount)) ELSE 'began without having been shut down' END,
			m.since, CASE m.fact WHEN 'disk' THEN m.amount END, NULL, CASE m.fact
				WHEN 'disk' THEN 'make room: nothing else has to be done while the server runs'
				WHEN 'clock' THEN 'look at its time service; what was due stays due'
				ELSE 'its log says which process ended, and how; calls go on by themselves' END,
			m.fact = 'disk' OR m.since > v_told
		FROM voiceagent_private.machine_facts() m WHERE m.fact <> 'tzdata') w;
END
$$;
COMMENT ON FUNCTION voiceagent_private.server_conditions() IS
	'The conditions of the server and its machine that stop us, or will: sessions, vacuum, slots, connections, '
	'settings, disks, the clock; and for a while a crash.';

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
	v_a voiceagent.provider_accounts;
	v_refused text;
	v_kinds text[];
	v_accounts bigint[];
	v_named jsonb := '{}';
	v_c voiceagent_private.condition;
	-- As many of each kind, where all tenants are looked at; the rest has the same cause, or its turn.
	c_named CONSTANT integer := 5;
BEGIN
	IF of_tenant IS NOT NULL THEN
		SELECT array_agg(o.kind), array_agg(o.provider_account_id) INTO v_kinds, v_accounts
		FROM (SELECT s.kind, s.provider_account_id FROM voiceagent_private.account_states() s
			UNION ALL SELECT 'silent', s.provider_account_id FROM voiceagent_private.silent_accounts(2000) s
			UNION ALL SELECT 'unread', a.provider_account_id FROM voiceagent.provider_accounts a
			WHERE a.tenant_id = of_tenant AND a.active AND voiceagent_private.answers_by(a.provider) = 'conversation'
			ORDER BY 2, 1) o;
	END IF;
	FOR v IN
		(SELECT 'asked' AS kind, l.tenant_id, l.provider_account_id, count(*) AS calls, min(l.failing_since) AS since
		FROM voiceagent_private.live_calls l
		WHERE l.failing_since < v_after AND (of_tenant IS NULL OR l.tenant_id = of_tenant)
		GROUP BY l.tenant_id, l.provider_account_id ORDER BY 5 LIMIT c_named * 10)
		UNION ALL
		(SELECT 'heard', l.tenant_id, l.provider_account_id, count(*), min(l.dialled_at)
		FROM voiceagent_private.live_calls l
		WHERE l.state = 'accepted' AND l.dialled_at < v_after AND (of_tenant IS NULL OR l.tenant_id = of_tenant)
			AND (voiceagent_private.driver_facts(l.provider)).proof <> 'none'
		GROUP BY l.tenant_id, l.provider_account_id ORDER BY 5 LIMIT c_named * 10)
		UNION ALL SELECT o.kind, of_tenant, o.account, NULL, NULL FROM unnest(v_kinds, v_accounts) AS o(kind, account)
		UNION ALL
		-- account_states() decides whether one that is not armed is waited for; that of an inactive tenant is not.
		(SELECT k.kind, a.tenant_id, a.provider_account_id, NULL, NULL
		FROM voiceagent_private.every_row(NULL::voiceagent.provider_accounts) a
		LEFT JOIN voiceagent_private.every_row(NULL::voiceagent_private.account_dials) d ON d.tenant_id = a.tenant_id
			AND d.provider_account_id = a.provider_account_id
		CROSS JOIN LATERAL (SELECT n AS kind FROM voiceagent_private.account_kinds(a::voiceagent.provider_accounts,
				d::voiceagent_private.account_dials, v_now) AS n
			UNION ALL SELECT 'not armed' WHERE a.provider <> 'sandbox' AND a.armed_at IS NULL AND EXISTS (SELECT
				FROM voiceagent_private.lanes l WHERE l.tenant_id = a.tenant_id AND l.running)
			UNION ALL SELECT unnest('{silent,unread}'::text[]) FROM voiceagent_private.tenant_directory t
			WHERE t.tenant_id = a.tenant_id AND t.active
				AND voiceagent_private.answers_by(a.provider) = 'conversation') k
		WHERE of_tenant IS NULL AND a.active ORDER BY k.kind, a.opened_at, d.slowed_at, a.provider_account_id)
	LOOP
		CONTINUE WHEN of_tenant IS NULL AND v_named ->> v.kind = c_named::text;
		IF of_tenant IS NULL THEN
			PERFORM voiceagent_private.set_tenant_for_reports(v.tenant_id);
		END IF;
		SELECT a.* INTO v_a FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = v.tenant_id AND a.provider_account_id = v.provider_account_id;
		v_c := NULL;
		v_c.component := format('carrier account %s%s (%s)', v_a.provider_account_id,
			CASE WHEN of_tenant IS NULL THEN format(' of tenant %s', v_a.tenant_id) END, v_a.name);
		v_c.since := v.since;
		v_c.in_flight := v.calls;
		v_c.problem := true;
		v_c.last_error := v_a.trouble;
		IF v.kind = 'asked' THEN
			v_c.state := format('%s calls hold their lines: the carrier cannot be asked what became of them', v.calls);
			v_c.remedy :=
				'look at the carrier and the network; they end when it answers, or after lookup_give_up_after';
		ELSIF v.kind = 'heard' THEN
			v_c.since := voiceagent_private.unheard_since(v.provider_account_id, v_now);
			CONTINUE WHEN v_c.since IS NULL;
			SELECT format('refused at %s, from %s: %s', r.refused_at, r.refused_peer, r.refused_why) INTO v_refused
			FROM voiceagent_private.endpoint_routes r WHERE r.tenant_id = v.tenant_id
				AND r.provider_account_id = v.provider_account_id AND r.refused_at >= v_c.since
			ORDER BY r.refused_at DESC LIMIT 1;
			v_c.state := 'takes dials, and none of its webhooks is good';
			v_c.last_error := coalesce(v_refused, 'none has come');
			v_c.remedy := CASE WHEN v_refused IS NOT NULL
				THEN 'give account and carrier the same webhook secret, by rotate_webhook_secret() or at the carrier'
				ELSE 'look at public_base_url, proxy and firewall, and at the address that the carrier has' END;
		-- A tenant at rest costs its last call (both directions): none has ended in the last hour, or day.
		ELSIF v.kind IN ('silent', 'unread') AND (SELECT c.started_at FROM voiceagent.calls c
				WHERE c.tenant_id = v.tenant_id ORDER BY c.call_id DESC LIMIT 1)
				> v_now - (CASE v.kind WHEN 'silent' THEN '6 hours'::interval ELSE '2 days' END) IS NOT TRUE THEN
			CONTINUE;
		ELSIF v.kind = 'silent' THEN
			SELECT format('%s of %s answered calls of the last hour have no turns', s.silent, s.answered), s.since,
				s.silent, NULL
			INTO v_c.state, v_c.since, v_c.queue_depth, v_c.last_error
			FROM voiceagent_private.silent_accounts(CASE WHEN of_tenant IS NULL THEN 200 ELSE 2000 END) s
			WHERE s.provider_account_id = v.provider_account_id;
			v_c.remedy := 'look at one of the calls at the carrier: its transcripts may be off';
		ELSIF v.kind = 'unread' THEN
			SELECT format('%s calls ended in the last day for reasons that nobody here knows', count(*)),
				min(c.ended_at), count(*), left(string_agg(DISTINCT c.cause, ', '), 300)
			INTO v_c.state, v_c.since, v_c.queue_depth, v_c.last_error
			-- Calls of both directions.
			FROM (SELECT o.* FROM voiceagent.calls o WHERE o.tenant_id = v.tenant_id
				ORDER BY o.call_id DESC LIMIT CASE WHEN of_tenant IS NULL THEN 200 ELSE 2000 END) c
			WHERE c.provider_account_id = v.provider_account_id AND c.cause_class = 'unknown' AND c.cause <> ''
				AND c.ended_at > v_now - interval '1 day' HAVING count(*) > 0;
			v_c.remedy := 'see what the carrier says of it; a later version may know the word';
		ELSE
			SELECT k.state, k.since, k.live, k.trouble INTO v_c.state, v_c.since, v_c.in_flight, v_c.last_error
			FROM voiceagent_private.account_states() k
			WHERE k.provider_account_id = v.provider_account_id AND k.kind = v.kind;
			-- To a tenant its campaign says that it is slowed.
			v_c.problem := CASE v.kind WHEN 'open to any' THEN false
				WHEN 'resting' THEN v_a.resumes_at > v_now + (v_now - v_after) AND of_tenant IS NULL
				WHEN 'slowed' THEN of_tenant IS NULL WHEN 'lowered' THEN of_tenant IS NULL ELSE true END;
			v_c.remedy := CASE WHEN v_a.trouble LIKE 'account-unusable%'
				THEN 'mend the setting that it names; the account is tried again by itself'
				WHEN v.kind LIKE 'breaker%' THEN
				'mend what the carrier names, then update_provider_account() or rotate_credential() as the tenant'
				WHEN v.kind = 'not armed' THEN 'arm() it, or stop the campaign'
				WHEN v.kind = 'unused' THEN 'put that right; arm() writes the arming file'
				WHEN v.kind = 'no_public_base_url' THEN 'set voiceagent.public_base_url, and reload'
				WHEN v.kind = 'open to any' THEN 'give it webhook_peers: its carrier''s networks'
				ELSE 'it rises by itself; ask the carrier for more, or have the account ask for less' END;
		END IF;
		CONTINUE WHEN v_c.state IS NULL;
		v_named := v_named || jsonb_build_object(v.kind, coalesce((v_named ->> v.kind)::integer, 0) + 1);
		RETURN NEXT v_c;
	END LOOP;
	IF of_tenant IS NULL THEN
		PERFORM voiceagent_private.set_tenant_for_reports(v_was);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.account_conditions(bigint) IS
	E'Carrier accounts of a tenant, or the first five of each kind of all tenants (NULL): of account_states() and '
	'silent_accounts(); that hold calls about which the carrier cannot be asked; whose webhooks are refused or do '
	'not come; whose calls end in unknown words.';
