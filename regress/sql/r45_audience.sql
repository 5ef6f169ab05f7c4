-- Audiences: conditions that workers evaluate.  Nothing but comparisons of one tenant's leads gets in; who fits joins
-- by itself, new and changed leads too; whoever opted out, or is in the campaign, is left alone.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/evaluate.inc
\set ECHO all
CREATE ROLE r45_audience LOGIN;
SELECT voiceagent.create_tenant('r45 audience', 'UTC', 1000) AS tenant \gset
SELECT voiceagent.create_tenant('r45 audience other', 'UTC', 1000) AS other \gset
SELECT voiceagent.map_role('r45_audience', :tenant);
BEGIN;
SELECT voiceagent_private.set_tenant(:other) > 0 AS was;
SELECT voiceagent.add_lead('3125550101', 'Theirs') > 0 AS theirs;
COMMIT;
CREATE PROCEDURE pg_temp.pass(n integer DEFAULT 1, step integer DEFAULT 2) LANGUAGE plpgsql AS $$
BEGIN
	UPDATE voiceagent_private.audience_turns SET next_at = '-infinity';
	FOR i IN 1 .. n LOOP
		PERFORM voiceagent_private.set_tenant(0);
		PERFORM pg_temp.enrol(step);
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
END
$$;
CREATE TEMP VIEW conditions AS SELECT * FROM (VALUES
	('''vip'' = ANY (tags) AND priority <= 3'),
	('context ->> ''city'' IN (''Reno'', ''Elko'') OR context @> ''{"budget": "9"}'''),
	('created_at > now - interval ''30 days'' AND last_contacted_at IS NULL'),
	('lower(first_name) LIKE ''a%'' AND (region LIKE ''US-%'') IS TRUE'),
	('CASE WHEN email IS NULL THEN false ELSE length(btrim(email)) > 3 END'),
	('status IN (''new'', ''contacted'') AND call_attempts BETWEEN 0 AND 3 AND phone <> ALL (ARRAY[''+1''])'),
	('coalesce(company, '''') = '''' AND tags && ARRAY[''a'', ''b'']::text[] AND extract(dow FROM created_at) < 7'),
	('(context ->> ''budget'')::numeric(12, 2) * 1.5 > 13 OR (context ->> ''budget'')::double precision < 1'), ('first_name LIKE ANY (ARRAY[''A%'', ''B%'']) AND coalesce(company, '''') <> ''3E''  AND strpos(first_name, ''n'') > 0'),
	('last_outcome = ''interested'' AND last_called_at < now - interval ''7 days'' OR follow_up = ''callback'' AND call_attempts < 3'),
	('last_outcome IS NULL AND last_called_at IS NULL'), ('true')) v(condition);
CREATE TEMP VIEW refused AS SELECT * FROM (VALUES
	(''), (NULL), ('first_name'), ('no_such = 1'), ('priority = ''x'''), ('1 +'), ('true) OR (true'), ('true -- all'), ('true; DROP TABLE x'),
	('true) FROM voiceagent.leads l --'), ('true FROM pg_class'), ('true ORDER BY 1'), ('true, true'), ('true AS x'), ('true LIMIT 1'),
	('true UNION SELECT true'), ('(SELECT true)'), ('EXISTS (SELECT FROM voiceagent.tenants)'), ('lead_id IN (SELECT 1)'),
	('lead_id = ANY (ARRAY(SELECT 1::bigint))'), ('pg_sleep(1) IS NULL'), ('voiceagent.stop_all(''x'') IS NULL'), ('pg_catalog.pg_sleep(1) IS NULL'),
	('repeat(''x'', 1000000000) = ''x'''), ('first_name ~ ''(a*)*b'''), ('first_name SIMILAR TO ''a'''), ('first_name OPERATOR(public.=) ''a'''),
	('''x''::regclass IS NULL'), ('''{}''::public.mine IS NULL'), ('count(*) > 0'), ('row_number() OVER () = 1'), ('l.phone = ''x'''),
	('$1 = 1'), ('current_user = ''x'''), ('now() IS NULL'), ('(phone).x = 1'), ('tags[1] = ''a'''), ('phone COLLATE "C" = ''a'''),
	('xmlforest(1) IS NULL'), ('ROW(1) = ROW(1)'), ('generate_series(1, 10) = 1'), ('1 / 0 = 1'), ('priority::text::integer = 2147483648::integer'),
	-- arithmetic and patterns of death: a product of long numbers, a pattern as long as the text
	('(''1e65000''::numeric - priority) * (''1e65000''::numeric - lead_id) > 1'), ('1e65000 - priority > 1'), ('1.5 + '' +1E65000 '' > priority'), ('priority::numeric(1000) > 1'),
	('context ->> ''a'' LIKE ''%'' || (context ->> ''b'')'), ('first_name LIKE ANY (ARRAY[''a'', company])'), ('strpos(first_name, company) > 0'), ('first_name LIKE ''%' || repeat('a', 100) || ''''),
	('length(' || repeat('company || ', 11) || 'company) > 1'),
	(repeat('(', 5000) || 'true' || repeat(')', 5000)), ('''a'' = ''' || repeat('x', 4000) || '''')) v(condition);
GRANT SELECT ON conditions, refused TO r45_audience;
CREATE FUNCTION pg_temp.try(condition text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN (SELECT coalesce(string_agg(first_name, ' ' ORDER BY lead_id), 'nobody') FROM voiceagent.preview_audience(condition));
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || left(SQLERRM, 120);
END
$$;
GRANT EXECUTE ON FUNCTION pg_temp.try(text) TO r45_audience;
SET SESSION AUTHORIZATION r45_audience;
SELECT rows_imported FROM voiceagent.import_leads(E'phone,first name,tags,priority,city,budget,email\n3125550101,Ann,vip;a,1,Reno,,a@b.com\n3125550102,Bob,vip,5,Elko,9,\n3125550103,Al,,5,,9,c@d.com\n3125550104,Dot,b,5,,,\n3125550105,Eve,vip,2,,,');
SELECT voiceagent.do_not_call('3125550105', 'asked');
-- the owner's own telephone joins nothing by itself
SELECT voiceagent.register_own_number('3125550199') > 0 AS own;
SELECT voiceagent.update_lead(lead_id, '{"first_name": "Own"}') > 0 AS named, voiceagent.tag_leads(ARRAY[lead_id], '{vip}') FROM voiceagent.own_numbers;
SELECT condition, pg_temp.try(condition) FROM conditions;
SELECT left(condition, 60) AS condition, pg_temp.try(condition) FROM refused;
-- a string that ends elsewhere for another setting is not let through by either
SET standard_conforming_strings = off;
SELECT pg_temp.try(E'first_name = ''a\\'' OR true OR first_name = '' b''');
RESET standard_conforming_strings;

-- a campaign takes whom it finds; passes go piece by piece; twice is once
SELECT voiceagent.create_assistant('audience', 'Hello', 'Be kind') AS assistant \gset
SELECT voiceagent.create_campaign('audience', :assistant) AS campaign \gset
SELECT voiceagent.create_audience(' VIPs ', :campaign, '''vip'' = ANY (tags)') AS audience \gset
SELECT voiceagent.create_audience('VIPs', :campaign, 'true');
SELECT voiceagent.create_audience('', :campaign, 'true');
SELECT voiceagent.create_audience('x', 0, 'true');
SELECT voiceagent.create_audience('x', :campaign, 'tags');
SELECT voiceagent.create_audience('x', :campaign, 'context ->> ''budget'' > 30000');
SELECT name, condition, leads_added, last_pass_at, error FROM voiceagent.audiences;
RESET SESSION AUTHORIZATION;
CALL pg_temp.pass(1);
SET SESSION AUTHORIZATION r45_audience;
SELECT leads_added, last_pass_at IS NULL AS pass_goes_on FROM voiceagent.audiences;
RESET SESSION AUTHORIZATION;
CALL pg_temp.pass(4);
CALL pg_temp.pass(4);
SET SESSION AUTHORIZATION r45_audience;
SELECT leads_added, last_pass_at IS NULL AS pass_goes_on, error FROM voiceagent.audiences;
SELECT l.first_name, m.status FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) ORDER BY 1;
SELECT first_name FROM voiceagent.preview_audience('''vip'' = ANY (tags)', :campaign);

-- who comes later, and who is changed, joins; the running campaign queues them; another tenant's lead never
SELECT voiceagent.start_campaign(:campaign);
SELECT voiceagent.add_lead('3125550106', 'Fay') AS fay \gset
SELECT voiceagent.tag_leads(ARRAY[:fay]::bigint[] || ARRAY(SELECT lead_id FROM voiceagent.leads WHERE first_name = 'Dot'), '{vip}');
RESET SESSION AUTHORIZATION;
CALL pg_temp.pass(5);
SET SESSION AUTHORIZATION r45_audience;
SELECT l.first_name, m.status FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) ORDER BY 1;
SELECT leads_added, error FROM voiceagent.audiences;

-- a campaign that had nobody left is taken up again
RESET SESSION AUTHORIZATION;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) >= 0 AS was;
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = :tenant;
SELECT voiceagent_private.complete_campaign(:campaign);
SELECT voiceagent.add_lead('3125550107', 'Gus', priority => 0) AS gus \gset
SELECT voiceagent.tag_leads(ARRAY[:gus], '{vip}');
COMMIT;
CALL pg_temp.pass(5);
SELECT status, (SELECT count(*) FROM voiceagent_private.call_queue q WHERE q.tenant_id = :tenant) AS queued FROM voiceagent.campaigns WHERE tenant_id = :tenant AND campaign_id = :campaign;

-- what fails while it runs says so in its row, does no harm to others, and goes on when it can
SET SESSION AUTHORIZATION r45_audience;
SELECT voiceagent.drop_audience(:audience);
SELECT voiceagent.drop_audience(:audience);
SELECT voiceagent.create_campaign('budget', :assistant) AS campaign2 \gset
SELECT voiceagent.create_audience('budget', :campaign2, '(context ->> ''budget'')::integer > 3') > 0 AS made;
SELECT voiceagent.add_lead('3125550108', 'Hal', context => '{"budget": "much"}') AS hal \gset
RESET SESSION AUTHORIZATION;
-- as the first pass of a worker's session
DISCARD PLANS;
CALL pg_temp.pass(1, 100);
SET SESSION AUTHORIZATION r45_audience;
-- but for the one lead that it fails for
SELECT leads_added, last_pass_at, error FROM voiceagent.audiences;
SELECT voiceagent.update_lead(:hal, '{"context": {"budget": "10"}}') = :hal AS changed;
RESET SESSION AUTHORIZATION;
CALL pg_temp.pass(1, 100);
SET SESSION AUTHORIZATION r45_audience;
SELECT leads_added, last_pass_at IS NOT NULL AS passed, error FROM voiceagent.audiences;
SELECT action, old_value ->> 'name' AS old, new_value ->> 'condition' AS new FROM voiceagent.audit_log WHERE action LIKE '%audience' ORDER BY audit_id;
SELECT count(voiceagent.drop_audience(audience_id)) FROM voiceagent.audiences;

-- a completed campaign goes on for whoever can be called: who lacks a value keeps nobody out, wherever he stands
SELECT voiceagent.create_campaign('again', voiceagent.create_assistant('nick', 'Hello {{nick}}', 'Be kind')) AS again \gset
SELECT voiceagent.create_audience('again', :again, '''again'' = ANY (tags)') > 0 AS made;
SELECT voiceagent.add_leads(:again, ARRAY[voiceagent.add_lead('3125550109', 'Ida', context => '{"nick": "I"}')]);
SELECT voiceagent.start_campaign(:again);
RESET SESSION AUTHORIZATION;
CREATE PROCEDURE pg_temp.done(campaign bigint, tenant bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	DELETE FROM voiceagent_private.call_queue q WHERE q.tenant_id = tenant AND q.campaign_id = campaign;
	UPDATE voiceagent.campaign_leads m SET status = 'completed' WHERE m.tenant_id = tenant AND m.campaign_id = campaign AND m.status = 'queued';
	PERFORM voiceagent_private.complete_campaign(campaign);
	PERFORM voiceagent_private.set_tenant(0);
END
$$;
CALL pg_temp.done(:again, :tenant);
SET SESSION AUTHORIZATION r45_audience;
SELECT voiceagent.tag_leads(ARRAY[voiceagent.add_lead('3125550110', 'Jo'), voiceagent.add_lead('3125550111', 'Kay'), voiceagent.add_lead('3125550112', 'Kim', context => '{"nick": "K"}')], '{again}');
-- it goes on at once for whoever is put in by hand, and the audience joins a running campaign
SELECT voiceagent.add_leads(:again, ARRAY[voiceagent.add_lead('3125550113', 'Lou', context => '{"nick": "L"}')]);
RESET SESSION AUTHORIZATION;
BEGIN;
\set VERBOSITY terse
CALL pg_temp.pass(20);
\set VERBOSITY default
-- under the campaign's own locks: taking all of the tenant behind them would be against the order
SELECT count(*) AS "locks of the whole tenant" FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND objsubid = x'5642'::integer AND mode = 'ExclusiveLock';
COMMIT;
SET SESSION AUTHORIZATION r45_audience;
SELECT c.status, l.first_name, m.status, m.reason FROM voiceagent.campaigns c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id) JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE campaign_id = :again ORDER BY 2;
SELECT leads_added, error FROM voiceagent.audiences;
SELECT event_data FROM voiceagent.events WHERE campaign_id = :again AND event_type = 'campaign_resumed';
-- held back by a list: he is in it, nobody is called, and nothing is wrong
RESET SESSION AUTHORIZATION;
CALL pg_temp.done(:again, :tenant);
INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at) VALUES (:tenant, :again, '+13125550114', 'asked', voiceagent.clock());
SET SESSION AUTHORIZATION r45_audience;
SELECT voiceagent.tag_leads(ARRAY[voiceagent.add_lead('3125550114', 'May', context => '{"nick": "M"}')], '{again}');
RESET SESSION AUTHORIZATION;
CALL pg_temp.pass(20);
SET SESSION AUTHORIZATION r45_audience;
SELECT c.status, l.first_name, m.status, m.reason FROM voiceagent.campaigns c JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id) JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE campaign_id = :again ORDER BY 2 DESC LIMIT 1;
SELECT leads_added, error FROM voiceagent.audiences;
-- one that has expired says so, with what to do; then they join
SELECT voiceagent.update_campaign(:again, '{"expires_at": "2020-01-01 00:00+00"}') > 0 AS expired;
SELECT voiceagent.tag_leads(ARRAY[voiceagent.add_lead('3125550115', 'Ned', context => '{"nick": "N"}')], '{again}');
RESET SESSION AUTHORIZATION;
CALL pg_temp.pass(20);
SET SESSION AUTHORIZATION r45_audience;
SELECT leads_added, error FROM voiceagent.audiences;
SELECT voiceagent.update_campaign(:again, '{"expires_at": null}') > 0 AS endless;
RESET SESSION AUTHORIZATION;
CALL pg_temp.pass(20);
SET SESSION AUTHORIZATION r45_audience;
SELECT leads_added, error, status FROM voiceagent.audiences JOIN voiceagent.campaigns USING (tenant_id, campaign_id);
RESET SESSION AUTHORIZATION;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) >= 0 AS was;
SELECT * FROM voiceagent_private.check_campaign() WHERE detail LIKE format('campaign %s%%', :again);
COMMIT;
-- leads that the condition fails for, in any number: the others join in one pass, which then has not looked at all
SET SESSION AUTHORIZATION r45_audience;
SELECT count(voiceagent.drop_audience(audience_id)) FROM voiceagent.audiences;
SELECT voiceagent.create_campaign('bad', :assistant) AS bad \gset
SELECT voiceagent.create_audience('bad', :bad, '(context ->> ''size'')::integer > 3') > 0 AS made;
SELECT count(voiceagent.add_lead('31255502' || lpad(i::text, 2, '0'), context => jsonb_build_object('size', CASE i % 9 WHEN 4 THEN 'x' ELSE '9' END))) FROM generate_series(1, 40) i;
RESET SESSION AUTHORIZATION;
CALL pg_temp.pass(30, 1000);
SET SESSION AUTHORIZATION r45_audience;
SELECT leads_added, last_pass_at, error FROM voiceagent.audiences;
SELECT count(voiceagent.drop_audience(audience_id)) FROM voiceagent.audiences;
RESET SESSION AUTHORIZATION;
-- days and times of a condition are the tenant's, in the worker's session as in the tenant's own
SELECT voiceagent.set_tenant_timezone(:tenant, 'Asia/Kolkata');
SET SESSION AUTHORIZATION r45_audience;
SELECT voiceagent.add_lead('3125550301', context => '{"since": "2026-05-03 02:00+00"}') AS night \gset
SELECT lead_id = :night AS by_ours FROM voiceagent.preview_audience('(context ->> ''since'')::timestamptz = ''2026-05-03 07:30''');
SELECT voiceagent.create_campaign('night', :assistant) AS night_campaign \gset
SELECT voiceagent.create_audience('night', :night_campaign, '(context ->> ''since'')::timestamptz = ''2026-05-03 07:30''') > 0 AS made;
RESET SESSION AUTHORIZATION;
CALL pg_temp.pass(30, 1000);
SHOW timezone;
SET SESSION AUTHORIZATION r45_audience;
SELECT leads_added, error FROM voiceagent.audiences;
SELECT count(voiceagent.drop_audience(audience_id)) FROM voiceagent.audiences;
RESET SESSION AUTHORIZATION;
-- one such lead among a hundred keeps none of its neighbours out, whatever is left of the step beside it
SET SESSION AUTHORIZATION r45_audience;
SELECT count(voiceagent.add_lead('3125551' || i, context => jsonb_build_object('rooms', CASE WHEN i % 100 = 0 THEN 'n/a' ELSE '9' END))) FROM generate_series(100, 400) i;
SELECT count(voiceagent.create_audience('rooms ' || i, voiceagent.create_campaign('rooms ' || i, :assistant), '(context ->> ''rooms'')::integer > 3')) FROM generate_series(1, 3) i;
RESET SESSION AUTHORIZATION;
-- one whole pass of one of them, in pieces of so many leads
CREATE PROCEDURE pg_temp.pass_of(name text, step integer) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 1000 LOOP
		UPDATE voiceagent_private.audience_turns t SET next_at = CASE WHEN a.name = pass_of.name THEN '-infinity' ELSE 'infinity' END::timestamptz
		FROM voiceagent.audiences a WHERE a.tenant_id = t.tenant_id AND a.audience_id = t.audience_id;
		PERFORM voiceagent_private.set_tenant(0);
		PERFORM pg_temp.enrol(step);
		EXIT WHEN (SELECT t.after_lead_id = 0 FROM voiceagent_private.audience_turns t JOIN voiceagent.audiences a USING (tenant_id, audience_id) WHERE a.name = pass_of.name);
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
END
$$;
CALL pg_temp.pass_of('rooms 1', 3);
CALL pg_temp.pass_of('rooms 2', 150);
CALL pg_temp.pass_of('rooms 3', 400);
SET SESSION AUTHORIZATION r45_audience;
SELECT name, leads_added, last_pass_at, split_part(error, E'\n', 1) AS error FROM voiceagent.audiences ORDER BY name;
SELECT count(voiceagent.drop_audience(audience_id)) FROM voiceagent.audiences;
RESET SESSION AUTHORIZATION;
-- no audience: the maintenance job sleeps
SELECT pg_temp.enrol(10) IS NULL AS sleeps;
UPDATE voiceagent_private.lanes SET running = false WHERE tenant_id = :tenant;
-- Tenants take turns, however many audiences of one are due.
BEGIN;
SELECT voiceagent.create_tenant('r45 many', 'UTC', 0) AS many, voiceagent.create_tenant('r45 one', 'UTC', 0) AS one \gset
CREATE FUNCTION pg_temp.audiences(tenant bigint, n integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_campaign bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	v_campaign := voiceagent.create_campaign('Turns', voiceagent.create_assistant('Nova', 'Hello.', 'Be kind.'));
	PERFORM voiceagent.add_lead('+12125550100');
	RETURN (SELECT count(voiceagent.create_audience('Turn ' || g, v_campaign, 'first_name = ''x''')) FROM generate_series(1, n) g);
END $$;
SELECT pg_temp.audiences(:many, 3), pg_temp.audiences(:one, 1);
UPDATE voiceagent_private.audience_turns SET next_at = voiceagent.clock() - interval '1 minute' WHERE tenant_id = :many;
SELECT (voiceagent_private.claim_evaluation(:many - 1)).tenant_id = :many AS first, (voiceagent_private.claim_evaluation(:many)).tenant_id = :one AS second;
-- ... nor campaigns: two steps serve both, and not the first one twice.
SELECT voiceagent_private.set_tenant(:many) \g /dev/null
SELECT count(voiceagent.create_campaign('More ' || g, (SELECT assistant_id FROM voiceagent.assistants WHERE tenant_id = :many))) FROM generate_series(1, 3) g;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
DELETE FROM voiceagent_private.dial_ask_turns;
INSERT INTO voiceagent_private.dial_ask_turns (tenant_id, campaign_id, next_at)
SELECT c.tenant_id, c.campaign_id, voiceagent.clock() - CASE c.tenant_id WHEN :many THEN interval '1 minute' ELSE interval '1 second' END
FROM voiceagent.campaigns c WHERE c.tenant_id IN (:many, :one);
SELECT voiceagent_private.run_job('ask_before_dials'), voiceagent_private.run_job('ask_before_dials');
SELECT count(*) FILTER (WHERE tenant_id = :many) AS many, count(*) FILTER (WHERE tenant_id = :one) AS one FROM voiceagent_private.dial_ask_turns WHERE next_at <= voiceagent.clock();
ROLLBACK;
