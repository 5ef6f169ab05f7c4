-- Settings: default < platform < tenant < campaign; typed, ranged, audited.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET intervalstyle = 'sql_standard';
CREATE ROLE regress_settings LOGIN;
CREATE ROLE regress_settings_staff LOGIN IN ROLE voiceagent_admin;
SELECT voiceagent.create_tenant('Settings') AS tenant \gset
SELECT voiceagent.map_role('regress_settings', :tenant);

-- Every default passes its own check, at each of its levels.
SELECT d.key, l AS level FROM voiceagent_private.setting_definitions d, unnest(d.levels) l
WHERE voiceagent_private.check_setting(d.key, d.default_value, l) IS NULL;
SELECT key FROM voiceagent_private.setting_definitions WHERE kind IN ('integer', 'number', 'interval') AND (minimum IS NULL OR maximum IS NULL);

SET SESSION AUTHORIZATION regress_settings;
SELECT * FROM voiceagent.settings WHERE key IN ('retry_delay', 'max_concurrent_calls', 'calling_hours', 'require_consent', 'default_voice') ORDER BY key;
SELECT count(*) = count(description) AND count(*) = count(unit) AND count(*) > 20 AS complete FROM voiceagent.settings;
-- Levels.
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_settings_staff;
SELECT voiceagent.set_setting('retry_delay', '45 minutes');
SELECT voiceagent.get_setting('retry_delay');
SELECT key, value, origin FROM voiceagent.settings WHERE key = 'retry_delay';
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_settings;
SELECT key, value, origin FROM voiceagent.settings WHERE key = 'retry_delay';
SELECT voiceagent.set_setting('retry_delay', '90');
SELECT key, value, origin FROM voiceagent.settings WHERE key = 'retry_delay';
SELECT voiceagent.set_setting('retry_delay', NULL);
SELECT key, value, origin FROM voiceagent.settings WHERE key = 'retry_delay';
RESET SESSION AUTHORIZATION;
SELECT voiceagent.set_setting('retry_delay', NULL);
SET SESSION AUTHORIZATION regress_settings;
SELECT voiceagent.get_setting('retry_delay');
SELECT voiceagent.set_setting('platform_max_concurrent_calls', '5');
SELECT voiceagent.set_setting('retry_delay', '5', 987654321987);
SELECT voiceagent.get_setting('retry_delay', 987654321987);

-- What is refused, and how it is said.
SELECT voiceagent.set_setting('retry_dealy', '60');
SELECT voiceagent.get_setting('max_concurent_calls');
SELECT voiceagent.set_setting(NULL, '60');
SELECT voiceagent.set_setting('retry_delay', '0');
SELECT voiceagent.set_setting('retry_delay', '-5');
SELECT voiceagent.set_setting('retry_delay', 'soon');
SELECT voiceagent.set_setting('retry_delay', '1e300');
SELECT voiceagent.set_setting('retry_delay', 'infinity');
SELECT voiceagent.set_setting('retry_delay', '31 days');
SELECT voiceagent.set_setting('retry_attempts', '3.5');
SELECT voiceagent.set_setting('retry_attempts', '51');
SELECT voiceagent.set_setting('retry_attempts', '');
SELECT voiceagent.set_setting('retry_attempts', '99999999999999999999');
SELECT voiceagent.set_setting('sandbox_time_scale', 'NaN');
SELECT voiceagent.set_setting('require_consent', 'maybe');
-- what other products call the same is understood; letters that are alike by chance are not
CREATE FUNCTION pg_temp.hinted(key text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_hint text;
BEGIN
	PERFORM voiceagent.set_setting(key, '1');
	RETURN 'taken';
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_hint = PG_EXCEPTION_HINT;
	RETURN coalesce(substring(v_hint FROM '^Here it is "([a-z_]+)"'), '-');
END
$$;
SELECT k AS key, pg_temp.hinted(k) AS here FROM unnest('{maxConcurrentCalls,target_concurrency_limit,retryDelayMinutes,callTimeoutSeconds,ringing_timeout_seconds,maxRetries,maxAttempts,attempts_per_day,
	maxCallsPerDay,max_call_duration_minutes,timeLimit,maxCps,callsPerMinute,delayBetweenCalls,call_time_window,businessHours,allowedFrom,machineDetection,AMD,voicemailMessage,recordingEnabled,dailyBudget,maxSpend,
	callerName,optInRequired,voiceId,model,retry_dealy,Retry-Attempts,monitoring,webhookUrl,temperature,xyz}'::text[]) k;
SELECT voiceagent.set_setting('callTimeoutSeconds', '30');
DROP FUNCTION pg_temp.hinted(text);
SELECT voiceagent.set_setting('call_interval', '0');
SELECT voiceagent.set_setting('require_consent', 'yes');
SELECT voiceagent.get_setting('call_interval'), voiceagent.get_setting('require_consent');

-- A country that no number plan has would make every telephone number raise, an opt-out's too: it is refused here, and kept in upper case.
SELECT voiceagent.set_setting('default_country', 'Germany');
SELECT voiceagent.set_setting('default_country', 'UK');
SELECT voiceagent.set_setting('default_country', '');
SELECT voiceagent.get_setting('default_country');
SELECT voiceagent.set_setting('default_country', 'de');
SELECT voiceagent.get_setting('default_country'), voiceagent.normalize_phone('0171 1234567', voiceagent.get_setting('default_country'));
-- of who writes every number with its calling code, the plus sign or not
SELECT voiceagent.set_setting('default_country', '+');
SELECT voiceagent.normalize_phone('491711234567', voiceagent.get_setting('default_country'));

-- Calling hours.
SELECT voiceagent.set_setting('calling_hours', '{"start":"9:00","end":"24:00","days":["sun","Monday","mon"]}');
SELECT voiceagent.get_setting('calling_hours');
SELECT voiceagent.set_setting('calling_hours', '{"mon":[["13:00","19:00"],["10:00","12:00"]],"sat":[]}');
SELECT voiceagent.get_setting('calling_hours');
SELECT voiceagent.set_setting('calling_hours', '{"start":"10:00","end":"18:00"}');
SELECT voiceagent.get_setting('calling_hours');
SELECT voiceagent.set_setting('calling_hours', 'always');
RESET SESSION AUTHORIZATION;
CREATE FUNCTION pg_temp.refusal(hours text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN 'taken: ' || voiceagent_private.check_hours(hours::jsonb)::text;
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	RETURN SQLERRM;
END $$;
SELECT h AS hours, pg_temp.refusal(h) FROM (VALUES
	('{}'), ('[]'), ('null'), ('{"start":"10:00"}'), ('{"start":"10:00","end":"10:00"}'), ('{"start":"22:00","end":"06:00"}'), ('{"start":"24:00","end":"24:00"}'),
	('{"start":"10","end":"12:00"}'), ('{"start":"10:60","end":"12:00"}'), ('{"start":1000,"end":1200}'), ('{"start":"10:00","end":"12:00","days":[]}'),
	('{"start":"10:00","end":"12:00","days":"mon"}'), ('{"start":"10:00","end":"12:00","days":["someday"]}'), ('{"start":"10:00","end":"12:00","day":["mon"]}'),
	('{"mon":"10:00-12:00"}'), ('{"mon":[["10:00"]]}'), ('{"mon":[["10:00","12:00"],["11:00","13:00"]]}'), ('{"mon":[["10:00","12:00"],["12:00","13:00"]]}'),
	('{"blursday":[["10:00","12:00"]]}'), ('{"mon":[null]}'), ('{"mon":[["10:00",null]]}')) v(h);

-- Durations.
SELECT d AS duration, voiceagent_private.as_interval(d) FROM (VALUES ('90'), ('0'), ('1.5'), ('.5'), ('1 hour 30 minutes'), ('01:30:00'), ('PT5M'), (NULL)) v(d);
SELECT voiceagent_private.as_interval('tomorrow');

-- Two sessions' worth of changes are on the record; what did not change is not.
SELECT action, object, old_value, new_value FROM voiceagent.audit_log WHERE tenant_id = :tenant AND action = 'set_setting' ORDER BY audit_id;
SELECT actor, action, object, old_value, new_value FROM voiceagent_private.platform_audit_log WHERE object = 'retry_delay' ORDER BY audit_id;
DELETE FROM voiceagent_private.role_map WHERE role_name = 'regress_settings';
-- What every call asks is remembered until it changes: by its own transaction at once, and not when that is undone.
RESET SESSION AUTHORIZATION;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
CREATE FUNCTION pg_temp.asked() RETURNS TABLE (tenant text, alike boolean, platform text, platform_alike boolean) LANGUAGE sql AS $$
	SELECT voiceagent_private.read_setting('retry_delay'), voiceagent_private.read_setting('retry_delay') = voiceagent_private.setting_text('retry_delay'),
		voiceagent_private.read_platform_setting('retry_delay'),
		voiceagent_private.read_platform_setting('retry_delay') = voiceagent_private.platform_setting('retry_delay')
$$;
SELECT * FROM pg_temp.asked();
SAVEPOINT before;
SELECT voiceagent.set_setting('retry_delay', '33 minutes') \g /dev/null
SELECT * FROM pg_temp.asked();
ROLLBACK TO before;
SELECT * FROM pg_temp.asked();
SELECT voiceagent_private.read_setting('nonsense');
ROLLBACK;
DROP ROLE regress_settings, regress_settings_staff;
