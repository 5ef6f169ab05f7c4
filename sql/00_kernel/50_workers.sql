-- 00_kernel: the workers, as shared memory sees them; waking them; arming.

CREATE FUNCTION voiceagent_private.poke(VARIADIC names text[]) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_poke_tasks';
COMMENT ON FUNCTION voiceagent_private.poke(text[]) IS
	E'Has tasks of this database look for work at the commit.\n'
	'names: of tasks (dialer, sockets, lookups, provider_requests, outbox, model_requests, pages, mail, payments, '
	'tool_requests, traces, gateway, inbox, schedules, jobs, news, sandbox, conditions, exports, media, tools) or of '
	'processes. A rollback forgets it; it cannot be prepared. '
	'22023 for another name, 55000 if the library is not preloaded.';

CREATE FUNCTION voiceagent_private.poke_for_all(VARIADIC names text[]) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_poke_for_all';
COMMENT ON FUNCTION voiceagent_private.poke_for_all(text[]) IS
	E'poke() by a change that concerns more tenants than the current one.\n'
	'The dialer, which otherwise looks at the tenant of the transaction alone, looks at everybody''s leads.';

CREATE FUNCTION voiceagent_private.poke_lookups(lease_until timestamptz) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_poke_lookups';
COMMENT ON FUNCTION voiceagent_private.poke_lookups(timestamptz) IS
	E'Has the task lookups look for leases that have ended at this time at the latest.\n'
	'It is woken by the transaction''s commit, and only where it would look later by itself. NULL: nothing happens. A '
	'rollback forgets it, and like poke() it cannot be prepared. 55000 when the library is not preloaded.';

CREATE FUNCTION voiceagent_private.cancel_statement(kind text) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_cancel_statement';
COMMENT ON FUNCTION voiceagent_private.cancel_statement(text) IS
	E'Cancels what the process of this kind executes (57014 there), at once; of no such process: nothing.\n'
	'The caller holds a lock that keeps the process at the work that it means.';

-- held: a restore or a change of the database is under way. standing_still: the worker has had work for
-- voiceagent.standstill_after and has not finished a turn. wrong_version: the library does not serve this version of
-- the SQL. address: http://host:port, a wildcard as such.
CREATE FUNCTION voiceagent_private.worker_status(
		OUT kind text, OUT pid integer, OUT state text, OUT started_at timestamptz, OUT port integer, OUT address text,
		OUT error_at timestamptz, OUT error_state text, OUT error_text text,
		OUT starts bigint, OUT turns bigint, OUT commits bigint, OUT errors bigint,
		OUT refused_malformed bigint, OUT refused_too_large bigint, OUT refused_too_many bigint,
		OUT refused_too_slow bigint)
	RETURNS SETOF record
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_worker_status';
COMMENT ON FUNCTION voiceagent_private.worker_status() IS
	E'Shows one row per kind of process of this database: its state, the address on which the gateway or the sandbox '
	'listens, its last error without texts of data, and counts since the server started.\n'
	'A kind whose work another process does, because slots are few, shows that process''s pid and state. '
	'state: stopped, held, starting, running, failing, standing_still, out_of_worker_slots, wrong_version.';

CREATE FUNCTION voiceagent_private.launcher_status(OUT pid integer, OUT state text, OUT since timestamptz)
	RETURNS record
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_launcher_status';
COMMENT ON FUNCTION voiceagent_private.launcher_status() IS
	'The server''s launcher of voiceagent: running, stopped, or standing_still, since when: it was woken then, and has '
	'not looked for voiceagent.standstill_after.';

CREATE FUNCTION voiceagent_private.worker_address(kind text) RETURNS text
	LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_worker_address';
COMMENT ON FUNCTION voiceagent_private.worker_address(text) IS
	'The URL under which this machine reaches the worker of this kind, NULL while it does not listen.';

CREATE FUNCTION voiceagent_private.gateway_address() RETURNS text
	LANGUAGE sql VOLATILE PARALLEL RESTRICTED
	RETURN voiceagent_private.worker_address('gateway');
COMMENT ON FUNCTION voiceagent_private.gateway_address() IS
	'The URL of this database''s gateway on this machine, such as http://127.0.0.1:40123; NULL '
	'while it does not listen.';

CREATE FUNCTION voiceagent_private.sandbox_address() RETURNS text
	LANGUAGE sql VOLATILE PARALLEL RESTRICTED
	RETURN voiceagent_private.worker_address('sandbox');
COMMENT ON FUNCTION voiceagent_private.sandbox_address() IS
	'The URL of this database''s embedded carrier; NULL while it does not listen.';

CREATE FUNCTION voiceagent_private.write_arming() RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_arm';
COMMENT ON FUNCTION voiceagent_private.write_arming() IS
	E'Lists this database in the arming file (setting voiceagent.arming_file), so that it may use real carriers.\n'
	'Takes effect at once, not at commit. 55000 when no file is set, 55006 when the file belongs to another cluster.';

CREATE FUNCTION voiceagent_private.remove_arming() RETURNS void
	LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_disarm';
COMMENT ON FUNCTION voiceagent_private.remove_arming() IS
	E'Takes this database off the arming file: real carriers are no longer used.\n'
	'Takes effect at once.';

CREATE FUNCTION voiceagent_private.arming() RETURNS text
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_arming';
COMMENT ON FUNCTION voiceagent_private.arming() IS
	'armed, or why this database may not use real carriers: no_arming_file_configured, arming_file_missing, '
	'arming_file_inside_data_directory, arming_file_permissions, arming_file_malformed, '
	'armed_for_another_cluster, armed_for_another_data_directory, arming_file_used_by_another_server, '
	'database_not_armed, standby, just_promoted, fsync_off, launcher_not_running.';

CREATE FUNCTION voiceagent_private.standby_wait() RETURNS text
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_standby_wait';
COMMENT ON FUNCTION voiceagent_private.standby_wait() IS
	E'With voiceagent.dial_durability = standby, why no call leaves: no_standby (fewer synchronous ones are connected '
	'than synchronous_standby_names asks for), standby_new (named a moment ago, see voiceagent.promotion_pause), '
	'standby_behind (they have not flushed the last claim).\n'
	'NULL: nothing speaks against it.';

CREATE FUNCTION voiceagent_private.tenant_sessions(OUT pid integer, OUT role oid, OUT since timestamptz,
	OUT locks bigint) RETURNS SETOF record
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_tenant_sessions';
COMMENT ON FUNCTION voiceagent_private.tenant_sessions() IS
	E'Sessions of tenants, in all databases of the server, that have a transaction open -> its start, and the locks '
	'that its last statement found.\nA row without a pid counts, as locks, the sessions that were ended for their '
	'age since the server''s start; with role 0, the lines of theirs that the log did not take.';

CREATE FUNCTION voiceagent_private.listeners(OUT pid integer, OUT role oid, OUT since timestamptz)
	RETURNS SETOF record
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_listeners';
COMMENT ON FUNCTION voiceagent_private.listeners() IS
	E'Sessions, in all databases of the server, that have run LISTEN -> the start of their open transaction.\n'
	'While it lasts they read no notifications; NULL: none is open.';
