-- 50_queue: the settings that every claim needs, read by one statement.

CREATE TYPE voiceagent_private.dial_settings AS (
	tenant_limit integer,
	platform_limit integer,
	sandbox_limit integer,
	account_limit integer,
	send_lease interval,
	lease_grace interval,
	lookup_interval interval,
	lookup_limit integer,
	absence_wait interval,
	time_scale numeric,
	inbound_reserve integer
);
COMMENT ON TYPE voiceagent_private.dial_settings IS
	'Caps in calls (account_limit: what the platform allows an account at most), leases and waits as '
	'intervals, how often a carrier may deny a call and from when on that counts, the sandbox''s time scale, and the '
	'percentage of an account''s calls that is kept for incoming ones.';

CREATE FUNCTION voiceagent_private.resolve_dial_settings() RETURNS voiceagent_private.dial_settings
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_result voiceagent_private.dial_settings;
BEGIN
	SELECT max(v.value) FILTER (WHERE v.key = 'tenant_max_concurrent_calls'),
		max(v.value) FILTER (WHERE v.key = 'platform_max_concurrent_calls'),
		coalesce(nullif(max(v.value) FILTER (WHERE v.key = 'platform_max_sandbox_calls'), '0'),
			max(v.value) FILTER (WHERE v.key = 'platform_max_concurrent_calls')),
		voiceagent_private.platform_setting('account_max_concurrent_calls'),
		voiceagent_private.as_interval(max(v.value) FILTER (WHERE v.key = 'send_lease')),
		voiceagent_private.as_interval(max(v.value) FILTER (WHERE v.key = 'lease_grace')),
		voiceagent_private.as_interval(max(v.value) FILTER (WHERE v.key = 'lookup_interval')),
		max(v.value) FILTER (WHERE v.key = 'lookup_limit'),
		voiceagent_private.as_interval(max(v.value) FILTER (WHERE v.key = 'absence_wait')),
		max(v.value) FILTER (WHERE v.key = 'sandbox_time_scale'),
		max(v.value) FILTER (WHERE v.key = 'inbound_reserve')
	INTO v_result
	FROM (SELECT d.key, r.value
		FROM unnest('{tenant_max_concurrent_calls, platform_max_concurrent_calls, platform_max_sandbox_calls,
			send_lease, lease_grace, lookup_interval, lookup_limit, absence_wait, sandbox_time_scale,
			inbound_reserve}'::text[]) AS d(key)
		CROSS JOIN LATERAL voiceagent_private.resolve_setting(d.key) r) v;
	RETURN v_result;
END
$$;
COMMENT ON FUNCTION voiceagent_private.resolve_dial_settings() IS
	'The settings in force for the current tenant that the claim and the lookups need; read_dial_settings() remembers '
	'them.';

CREATE FUNCTION voiceagent_private.read_dial_settings() RETURNS voiceagent_private.dial_settings
	LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'va_sql_dial_settings';
COMMENT ON FUNCTION voiceagent_private.read_dial_settings() IS
	'The settings in force for the current tenant that the claim and the lookups need; the session remembers them '
	'until a setting changes.';

CREATE FUNCTION voiceagent_private.answer_time(provider text, send_lease interval) RETURNS interval
	LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_answer_time';
COMMENT ON FUNCTION voiceagent_private.answer_time(text, interval) IS
	'How long after its claim a dial may be on its way to a carrier, at most: it waits for the wire for send_lease, '
	'may be sent again as long as the carrier promises to dial once, and its answer is awaited for '
	'voiceagent.http_timeout_ms.';
