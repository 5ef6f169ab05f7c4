-- The rest of a campaign that abandons people outlives every deed: each function that writes, and each setting at each level, is tried within it
-- by the tenant and by the platform, and no claim dials; without the rest most of these claims do.
SET client_min_messages = error;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r65 rest') AS t \gset
SELECT voiceagent.set_setting('calling_hours', '{"start": "00:00", "end": "24:00"}') \g /dev/null
SELECT pg_temp.leads('+12025551', 40) AS l \gset
SELECT pg_temp.start('rests', (:'l'::bigint[])[1:20]) AS c \gset
SELECT pg_temp.start('other', (:'l'::bigint[])[21:22]) AS o \gset
SELECT voiceagent.stop_campaign(:o) \g /dev/null
SELECT voiceagent.update_campaign(:c, '{"call_interval": 0, "require_consent": false}') > 0 AS current;
SELECT c.assistant_id AS a, c.provider_account_id AS p FROM voiceagent.campaigns c WHERE c.campaign_id = :c \gset
-- Arguments by their names; else anything of the type.
CREATE TABLE pg_temp.sample (name text PRIMARY KEY, value text);
INSERT INTO pg_temp.sample VALUES ('campaign_id', :'c'), ('target_campaign_id', :'o'), ('assistant_id', :'a'), ('provider_account_id', :'p'), ('lead_id', (:'l'::bigint[])[30]), ('lead_ids', ((:'l'::bigint[])[31:33])::text), ('keep', (:'l'::bigint[])[34]),
	('merge', (:'l'::bigint[])[35]), ('tenant_id', :'t'), ('phone', '+12025551999'), ('settings', '{"description": "x"}'), ('key', 'contacts_per_day'), ('value', '5'), ('name', 'rests'), ('confirmation', 'rests'), ('outcome', 'completed'), ('delay', '1 day'), ('account_ids', '{' || :'p' || '}'),
	('csv', E'phone\n+12025551888\n'), ('at', now()::text), ('until', (now() + interval '1 day')::text), ('starts_at', now()::text), ('priority', '3'), ('timezone', 'UTC'), ('status', 'active');
CREATE FUNCTION pg_temp.deed(f oid, every boolean) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT count(t) FROM %s(%s) t', f::regproc, coalesce(string_agg(format('%I => %L::%s', p.proargnames[n], coalesce(s.value, CASE
		WHEN t.typcategory = 'A' THEN '{}' WHEN t.typname IN ('jsonb', 'json') THEN '{}' WHEN t.typcategory = 'B' THEN 'true' WHEN t.typcategory = 'D' THEN now()::text
		WHEN t.typcategory = 'T' THEN '1 hour' ELSE '1' END), t.oid::regtype), ', ' ORDER BY n), ''))
	FROM pg_proc p CROSS JOIN generate_series(1, p.pronargs) n JOIN pg_type t ON t.oid = p.proargtypes[n - 1] LEFT JOIN pg_temp.sample s ON s.name = p.proargnames[n]
	WHERE p.oid = f AND (every AND s.value IS NOT NULL OR n <= p.pronargs - p.pronargdefaults) $$;
-- Does one deed, has the campaign run again, claims, and takes all of it back.
CREATE FUNCTION pg_temp.dials(deed text, who text, campaign bigint, OUT state text, OUT dialled integer) LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	BEGIN
		BEGIN
			IF who = 'platform' THEN
				PERFORM voiceagent_private.set_tenant(0);
			END IF;
			EXECUTE deed;
			state := 'done';
		EXCEPTION WHEN OTHERS THEN
			state := 'refused: ' || SQLERRM;
		END;
		PERFORM voiceagent_private.set_tenant(v_tenant);
		-- What was refused left all as it was, which others show to dial or not.
		IF state = 'done' THEN
			PERFORM pg_temp.claim(30);
			BEGIN
				PERFORM voiceagent.unarchive_campaign(campaign);
				PERFORM voiceagent.start_campaign(campaign);
			EXCEPTION WHEN OTHERS THEN NULL;
			END;
			PERFORM pg_temp.claim(30);
		END IF;
		-- A new campaign, and a call that a person asks for by itself, are others than the one that rests.
		dialled := (SELECT count(*) FROM voiceagent.calls k JOIN voiceagent.campaigns c USING (tenant_id, campaign_id)
			WHERE k.tenant_id = v_tenant AND (c.campaign_id = campaign OR c.name ~ ', (copy|redial)$'));
		RAISE EXCEPTION USING ERRCODE = 'ZZ999';
	EXCEPTION WHEN SQLSTATE 'ZZ999' THEN NULL;
	END;
END $$;
CREATE TABLE pg_temp.tried AS
	SELECT p.proname::text AS name, who, pg_temp.deed(p.oid, every) AS deed FROM pg_proc p, unnest('{tenant,platform}'::text[]) who, unnest('{f,t}'::boolean[]) every
	WHERE (every OR who = 'tenant') AND p.pronamespace = 'voiceagent'::regnamespace AND p.prokind = 'f' AND p.provolatile = 'v' AND p.prorettype <> 'trigger'::regtype AND (p.pronargs = 0 OR p.proargnames[1] <> '') AND p.proname NOT IN ('harden_database', 'soften_database')
	UNION
	SELECT 'set_setting ' || s.key, who, format('SELECT voiceagent.set_setting(%L, %L)', s.key, v)
	FROM voiceagent_private.setting_definitions s, unnest('{tenant,platform}'::text[]) who, unnest(ARRAY[coalesce(s.minimum, s.default_value), s.maximum]) v WHERE v IS NOT NULL
	UNION
	SELECT 'update_campaign ' || s.key, 'tenant', format('SELECT voiceagent.update_campaign(%s, jsonb_build_object(%L, %L))', :c, s.key, v)
	FROM voiceagent_private.setting_definitions s, unnest(ARRAY[coalesce(s.minimum, s.default_value), s.maximum]) v WHERE 'campaign' = ANY (s.levels) AND v IS NOT NULL
	UNION
	SELECT 'deed ' || n, 'tenant', d FROM (VALUES
		('renamed', format('SELECT voiceagent.update_campaign(%s, %L)', :c, '{"name": "another"}')), ('assistant', format('SELECT voiceagent.update_campaign(%s, %L)', :c, '{}')),
		('starts', format('SELECT voiceagent.update_campaign(%s, jsonb_build_object(%L, voiceagent.clock()))', :c, 'starts_at')),
		('rest', format('SELECT voiceagent.update_campaign(%s, %L)', :c, '{"abandoned_min_calls": 1000, "abandoned_stop_share": 0.03}')),
		('paused', format('SELECT voiceagent.pause_campaign(%1$s), voiceagent.resume_campaign(%1$s)', :c)), ('stopped', format('SELECT voiceagent.stop_campaign(%1$s), voiceagent.start_campaign(%1$s)', :c)),
		('put away', format('SELECT voiceagent.stop_campaign(%1$s), voiceagent.archive_campaign(%1$s), voiceagent.unarchive_campaign(%1$s), voiceagent.start_campaign(%1$s)', :c)),
		('copied', format('SELECT voiceagent.add_leads(c, %2$L), voiceagent.start_campaign(c) FROM voiceagent.clone_campaign(%1$s) c', :c, ((:'l'::bigint[])[36:40])::text)),
		('lead by lead', format('SELECT voiceagent.add_leads(%s, ARRAY[%s])', :c, (:'l'::bigint[])[36])), ('removed', format('SELECT voiceagent.remove_leads(%1$s, %2$L), voiceagent.add_leads(%1$s, %2$L)', :c, ((:'l'::bigint[])[1:5])::text)),
		('all stopped', format('SELECT voiceagent.stop_all(%L), voiceagent.start_campaign(%s)', 'x', :c)), ('accounts', format('SELECT voiceagent.set_campaign_accounts(%s, ARRAY[%s])', :c, :p))) d(n, d)
	UNION
	SELECT 'deed closed and opened', 'platform', format('SELECT voiceagent.set_tenant_active(%1$s, false), voiceagent.set_tenant_active(%1$s, true)', :t);
-- Without a rest: the walk is one that dials.
CREATE TABLE pg_temp.free AS SELECT d.*, r.* FROM (SELECT *, row_number() OVER (ORDER BY name, who, deed) AS nth FROM pg_temp.tried) d, LATERAL pg_temp.dials(d.deed, d.who, :c) r WHERE d.nth % 8 = 0 OR d.name LIKE 'deed %';
UPDATE voiceagent_private.pacing SET rests_until = voiceagent.clock() + interval '72 hours', rest_reason = 'nobody spoke to 2 of the 2 people reached: rests until later' WHERE campaign_id = :c;
SELECT voiceagent_private.suspend_campaign(:c, 'nobody spoke to 2 of the 2 people reached: rests until later', voiceagent.clock() + interval '72 hours');
CREATE TABLE pg_temp.resting AS SELECT d.*, r.* FROM pg_temp.tried d, LATERAL pg_temp.dials(d.deed, d.who, :c) r;
SELECT count(*) FILTER (WHERE state = 'done') > 90 AS done, count(*) FILTER (WHERE dialled > 0) > 90 AS would_dial, string_agg(name, ', ') FILTER (WHERE dialled = 0 AND name LIKE 'deed %') AS "not even so" FROM pg_temp.free;
SELECT count(*) > 1000 AS many, count(DISTINCT name) FILTER (WHERE state = 'done') > 400 AS done, sum(dialled) AS "dials within the rest" FROM pg_temp.resting;
SELECT name, who, dialled, deed FROM pg_temp.resting WHERE dialled > 0 ORDER BY name LIMIT 20;
SELECT string_agg(name || CASE state WHEN 'done' THEN '' ELSE ' ' || state END, ', ' ORDER BY name) FROM pg_temp.resting WHERE name LIKE 'deed %';
ROLLBACK;
