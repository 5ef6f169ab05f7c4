-- What is put away leaves the lists, cannot be started and keeps its history; what never dialled can be deleted; a copy has all that it was made of.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.try(statement text) RETURNS TABLE (code text, message text, detail text, hint text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement INTO message;
	code := 'ok';
	RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	detail := regexp_replace(regexp_replace(detail, '(campaign|Campaign|call|Call) \d+', '\1 N', 'g'), 'since .*\.|Since .*\.', 'since T.', 'g');
	hint := regexp_replace(hint, '\(\d+', '(N', 'g');
	RETURN NEXT;
END $$;

BEGIN;
SELECT pg_temp.begin_calls('Archive', ARRAY['1001', '1002']) AS tenant \gset
SELECT campaign_id AS c, assistant_id AS ann FROM voiceagent.campaigns WHERE tenant_id = :tenant \gset
-- a campaign that dials is neither put away nor deleted; nor is its assistant
SELECT * FROM pg_temp.try('SELECT voiceagent.archive_campaign(' || :c || ')');
SELECT * FROM pg_temp.try('SELECT voiceagent.delete_campaign(' || :c || ')');
SELECT * FROM pg_temp.try('SELECT voiceagent.archive_assistant(' || :ann || ')');
SELECT pg_temp.dial();
SELECT voiceagent.stop_campaign(:c);
SELECT * FROM pg_temp.try('SELECT voiceagent.archive_campaign(' || :c || ')');
SELECT pg_temp.take(pg_temp.webhook(n, 'report', 'customer-ended-call', 60)) FROM unnest(ARRAY['1001', '1002']) n;
SELECT voiceagent_private.apply_inbox(10);
-- one that has called somebody is not deleted
SELECT * FROM pg_temp.try('SELECT voiceagent.delete_campaign(' || :c || ')');
SELECT voiceagent.archive_campaign(:c), voiceagent.archive_campaign(:c) AS again;
SELECT count(*) AS listed FROM voiceagent.campaign_progress;
SELECT name, status, calls, completed_leads FROM voiceagent.archived_campaigns;
SELECT voiceagent.queue_status(:c) ->> 'processedContacts' AS processed;
-- nothing gets in, nothing gets out
SELECT * FROM pg_temp.try('SELECT voiceagent.start_campaign(' || :c || ')');
SELECT code, message FROM unnest(ARRAY['resume_campaign(' || :c || ')', 'add_leads(' || :c || ')', 'update_campaign(' || :c || ', ''{}'')',
	'begin_import(campaign_id => ' || :c || ')', 'create_audience(''a'', ' || :c || ', ''true'')',
	'add_lead(phone => ''+12125550177'', campaign_id => ' || :c || ')']) s CROSS JOIN LATERAL pg_temp.try('SELECT voiceagent.' || s);
SELECT voiceagent.create_campaign('Other', :ann) AS other \gset
SELECT code, message FROM pg_temp.try(format('SELECT voiceagent.set_follow_up(%s, ''busy'', %s)', :other, :c));
SELECT * FROM voiceagent_private.check_tenant();
-- and back
SELECT voiceagent.unarchive_campaign(:c), voiceagent.unarchive_campaign(:c) AS again;
SELECT name, status FROM voiceagent.campaign_progress ORDER BY 1;
SELECT voiceagent.set_follow_up(:other, 'busy', :c);
SELECT * FROM pg_temp.try('SELECT voiceagent.archive_campaign(' || :c || ')');
-- what never dialled is deleted with all that belongs to it, and its leads stay
SELECT count(*) AS leads FROM voiceagent.leads WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.try('SELECT voiceagent.delete_campaign(' || :c || ')');
SELECT voiceagent.add_leads(:other, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant));
SELECT voiceagent.create_audience('all', :other, 'true') > 0 AS filled;
SELECT voiceagent.start_campaign(:other), voiceagent.pause_campaign(:other);
SELECT voiceagent.delete_campaign(:other);
SELECT count(*) AS leads FROM voiceagent.leads WHERE tenant_id = :tenant;
SELECT t.tab, x.n FROM (SELECT format('%I.%I', n.nspname, c.relname) AS tab FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'campaign_id' WHERE c.relkind = 'r' AND NOT c.relispartition
		AND n.nspname IN ('voiceagent', 'voiceagent_private')) t
CROSS JOIN LATERAL (SELECT (xpath('//n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s WHERE campaign_id = %s', t.tab, :other), false, false, '')))[1]::text::int AS n) x
WHERE x.n > 0;
SELECT action, old_value ->> 'name' AS name FROM voiceagent.audit_log WHERE tenant_id = :tenant AND action LIKE '%_campaign' ORDER BY audit_id;
SELECT * FROM pg_temp.try('SELECT voiceagent.delete_campaign(' || :other || ')');
-- a version is deleted with its campaign and by nothing else
SELECT code, message FROM pg_temp.try('DELETE FROM voiceagent.campaign_versions');
SELECT * FROM voiceagent_private.check_tenant();

-- a copy
SELECT voiceagent.update_campaign(:c, '{"description": "of last year", "retry_attempts": 5}') > 0 AS set;
SELECT voiceagent.create_campaign('Next', :ann) AS next \gset
SELECT voiceagent.set_follow_up(:c, 'voicemail', :next, '1 day'), voiceagent.campaign_do_not_call(:c, '+12125550188', 'asked');
SELECT voiceagent.clone_campaign(:c) AS copy \gset
SELECT name, description, status, type, settings ->> 'retry_attempts' AS retries, starts_at IS NULL AS no_time FROM voiceagent.campaigns WHERE campaign_id = :copy;
SELECT (SELECT count(*) FROM voiceagent.campaign_leads WHERE campaign_id = :copy) AS leads, (SELECT count(*) FROM voiceagent.follow_ups WHERE campaign_id = :copy) AS steps,
	(SELECT count(*) FROM voiceagent.campaign_do_not_call_list WHERE campaign_id = :copy) AS listed;
SELECT voiceagent.clone_campaign(:c, 'With people', with_leads => true) AS copy \gset
SELECT name, (SELECT count(*) FROM voiceagent.campaign_leads m WHERE m.campaign_id = c.campaign_id) AS leads FROM voiceagent.campaigns c WHERE campaign_id = :copy;
SELECT voiceagent.start_campaign(:copy), voiceagent.stop_campaign(:copy);
-- What the original names is gone: what, and what to do; the same of a redial.
INSERT INTO voiceagent.own_tools (tenant_id, name, description, parameters, url, home, created_at)
VALUES (voiceagent.current_tenant(), 'crm', 'Knows', '{"type": "object", "properties": {}}', 'https://example.com/tool', voiceagent_private.home(), voiceagent.clock());
SELECT voiceagent.create_campaign('Asks', :ann, 'sales', '{"before_dial": "crm"}') AS asks \gset
SELECT voiceagent.clone_campaign(:asks) > 0 AS while_it_is_there;
DELETE FROM voiceagent.own_tools WHERE name = 'crm';
SELECT code, replace(message, :'asks', 'N') AS message, detail, replace(hint, :'asks', 'N') AS hint FROM unnest(ARRAY['clone_campaign', 'redial_campaign']) s
CROSS JOIN LATERAL pg_temp.try(format('SELECT voiceagent.%s(%s)', s, :asks));
SELECT code, message FROM unnest(ARRAY['clone_campaign(-1)', 'archive_campaign(-1)', 'unarchive_campaign(-1)', 'delete_campaign(-1)', 'archive_assistant(-1)',
	'unarchive_assistant(-1)']) s CROSS JOIN LATERAL pg_temp.try('SELECT voiceagent.' || s);

-- an assistant
SELECT name, campaigns, active FROM voiceagent.assistant_list;
SELECT voiceagent.archive_assistant(:ann), voiceagent.archive_assistant(:ann) AS again;
SELECT count(*) AS listed FROM voiceagent.assistant_list;
SELECT left(s, strpos(s, '(') - 1) AS what, code, message, hint FROM unnest(ARRAY['create_campaign(''x'', ' || :ann || ')', 'clone_campaign(' || :c || ')', 'update_assistant(' || :ann || ', ''{"active": true}'')',
	'start_campaign(' || :copy || ')']) s CROSS JOIN LATERAL pg_temp.try('SELECT voiceagent.' || s);
SELECT voiceagent.unarchive_assistant(:ann);
SELECT name, active FROM voiceagent.assistant_list;
SELECT voiceagent.start_campaign(:copy);
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

/* ----- a call of one lead now ----- */
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2027-06-18 15:00+00' - clock_timestamp())::text, false) IS NOT NULL AS at;
SELECT pg_temp.begin_calls('Now', ARRAY['1001', '1002', '1003']) AS tenant \gset
SELECT campaign_id AS c, assistant_id AS ann FROM voiceagent.campaigns WHERE tenant_id = :tenant \gset
SELECT voiceagent.pause_campaign(:c);
SELECT array_agg(lead_id ORDER BY lead_id) AS leads FROM voiceagent.leads WHERE tenant_id = :tenant \gset
SELECT voiceagent.call_now((:'leads'::bigint[])[1], :ann) - 'campaign_id' - 'lead_id' AS called;
SELECT name, type, status FROM voiceagent.campaigns WHERE tenant_id = :tenant ORDER BY 1;
-- not twice
SELECT code, message, hint FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s)', (:'leads'::bigint[])[1], :ann));
-- its proof and its hold, as of every call; it is dialled once
SELECT pg_temp.dial();
SELECT a.attempt_limit, h.state FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) JOIN voiceagent.credit_holds h ON h.tenant_id = a.tenant_id AND h.hold_id = a.hold_id
WHERE c.tenant_id = :tenant;
SELECT code, message, hint FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s)', (:'leads'::bigint[])[1], :ann));
SELECT pg_temp.take(pg_temp.webhook('1001', 'report', 'customer-did-not-answer')), voiceagent_private.apply_inbox(10);
SELECT m.status, m.attempts, c.status AS campaign FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) WHERE c.tenant_id = :tenant AND c.type = 'direct';
SELECT voiceagent.call_now((:'leads'::bigint[])[1], :ann) ->> 'earlier_calls' AS earlier;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('1001', 'report', 'customer-ended-call', 60)), voiceagent_private.apply_inbox(10);
-- the campaign in which it waits besides is not touched
SELECT status, attempts FROM voiceagent.campaign_leads WHERE campaign_id = :c ORDER BY lead_id;
-- called back by the call: by its assistant and account, under the same rules
SAVEPOINT back;
SELECT voiceagent.call_back(max(call_id)) - 'campaign_id' - 'lead_id' AS back FROM voiceagent.calls WHERE tenant_id = :tenant;
SELECT code, message, hint FROM pg_temp.try('SELECT voiceagent.call_back(0)');
ROLLBACK TO back;
-- what forbids it, in words
SELECT voiceagent.set_setting('number_calls_per_day', '1') \g /dev/null
SELECT * FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s)', (:'leads'::bigint[])[1], :ann));
SELECT voiceagent.set_setting('require_consent', 'on') \g /dev/null
SELECT code, message, hint FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s)', (:'leads'::bigint[])[2], :ann));
SELECT voiceagent.set_setting('require_consent', NULL) \g /dev/null
SELECT voiceagent.do_not_call('+12125551003', 'asked') \g /dev/null
SELECT code, message, detail FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s)', (:'leads'::bigint[])[3], :ann));
SELECT code, message, hint FROM unnest(ARRAY[format('call_now(-1, %s)', :ann), format('call_now(%s, -1)', (:'leads'::bigint[])[2]),
	format('call_now(%s, %s, -1)', (:'leads'::bigint[])[2], :ann), format('create_campaign(''x'', %s, ''direct'')', :ann),
	(SELECT format('add_leads(%s)', campaign_id) FROM voiceagent.campaigns WHERE tenant_id = :tenant AND type = 'direct')]) s
CROSS JOIN LATERAL pg_temp.try('SELECT voiceagent.' || s);
-- a cap of spend, and lines that are in use
SELECT voiceagent.set_setting('tenant_spend_cap_per_day', '1') \g /dev/null
SELECT * FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s)', (:'leads'::bigint[])[2], :ann));
SELECT voiceagent.set_setting('tenant_spend_cap_per_day', NULL) \g /dev/null
SAVEPOINT waits;
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, resumes_at, created_at)
VALUES (:tenant, 'sandbox', 'rests', 10, voiceagent.clock() + interval '1 hour', voiceagent.clock()) RETURNING provider_account_id AS rests \gset
SELECT voiceagent.call_now((:'leads'::bigint[])[2], :ann, :rests) ->> 'waits_for' ~ '^carrier asked to wait until' AS rests;
ROLLBACK TO waits;
SELECT voiceagent.adjust_credits(:tenant, 1 - available, 'poor') > 0 AS poor FROM voiceagent.ledgers WHERE tenant_id = :tenant;
SELECT code, message FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s)', (:'leads'::bigint[])[2], :ann));
SELECT voiceagent.adjust_credits(:tenant, 100, 'rich') > 0 AS rich;
-- by a real carrier the law holds, its hour too; a person has asked for this one call, so nobody confirms it
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, armed_at, created_at)
VALUES (:tenant, 'vapi', 'real', 'https://carrier.example', '{"phone_number_id": "1"}', 10, '2027-01-01', '2027-01-01') RETURNING provider_account_id AS real \gset
SET voiceagent.public_base_url = 'https://calls.example.com';
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs') \g /dev/null
SELECT code, message, detail IS NOT NULL AS why FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s, %s)', (:'leads'::bigint[])[2], :ann, :real));
SELECT voiceagent.record_consent((:'leads'::bigint[])[2], 'call', 'form', 'Call me.') > 0 AS agreed;
-- A consent that is dated ahead does not hold yet, as in a claim.
SAVEPOINT ahead;
UPDATE voiceagent.consents SET granted_at = voiceagent.clock() + interval '1 hour' WHERE lead_id = (:'leads'::bigint[])[2] AND kind = 'call';
SELECT code, message FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s, %s)', (:'leads'::bigint[])[2], :ann, :real));
ROLLBACK TO ahead;
SELECT voiceagent.call_now((:'leads'::bigint[])[2], :ann, :real) ->> 'provider' AS by;
SELECT * FROM voiceagent_private.check_tenant();
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2027-06-19 04:00+00' - clock_timestamp())::text, false) IS NOT NULL AS at;
SELECT voiceagent.stop_campaign(campaign_id), voiceagent.remove_leads(campaign_id, ARRAY[(:'leads'::bigint[])[2]]) FROM voiceagent.campaigns WHERE provider_account_id = :real;
SELECT code, message, hint FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s, %s)', (:'leads'::bigint[])[2], :ann, :real));
UPDATE voiceagent.provider_accounts SET armed_at = NULL WHERE provider_account_id = :real;
SELECT code, message FROM pg_temp.try(format('SELECT voiceagent.call_now(%s, %s, %s)', (:'leads'::bigint[])[2], :ann, :real));
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
