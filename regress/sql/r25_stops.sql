-- Do-not-call by platform, campaign and area code: refused at the door, skipped when queued, taken out of every queue
-- in the same commit, lifted only with a reason; and a national list that binds whoever is bound by the law.
\set SHOW_CONTEXT never
CREATE ROLE r25_stops_member LOGIN;
CREATE ROLE r25_stops_other LOGIN;
CREATE ROLE r25_stops_staff LOGIN IN ROLE voiceagent_admin;
SELECT voiceagent.create_tenant('r25 stops', credits => 1000) AS tenant, voiceagent.create_tenant('r25 stops b', credits => 1000) AS other \gset
SELECT voiceagent.map_role('r25_stops_member', :tenant), voiceagent.map_role('r25_stops_other', :other);
SET SESSION AUTHORIZATION r25_stops_other;
SELECT voiceagent.create_assistant('Ada', 'Hello', 'Sell.') AS assistant \gset
SELECT voiceagent.create_campaign('theirs', :assistant) AS theirs \gset
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n3125550101\n3125550102', campaign_id => :theirs);
SELECT voiceagent.start_campaign(:theirs);
SET SESSION AUTHORIZATION r25_stops_member;
SELECT voiceagent.create_assistant('Ada', 'Hello', 'Sell.') AS assistant \gset
SELECT voiceagent.create_campaign('one', :assistant) AS one, voiceagent.create_campaign('two', :assistant) AS two \gset
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n3125550101\n3125550102\n3125550103\n9075550104\n9075550105\n3125550106\n3125550107',
	campaign_id => :one);
SELECT rows_duplicate FROM voiceagent.import_leads(E'phone\n3125550101\n3125550102\n3125550103\n9075550104\n3125550106', campaign_id => :two);
CREATE VIEW pg_temp.disposition AS SELECT l.phone,
	max(m.status || coalesce(' ' || m.reason, '')) FILTER (WHERE c.name = 'one') AS one,
	max(m.status || coalesce(' ' || m.reason, '')) FILTER (WHERE c.name = 'two') AS two, l.status
	FROM voiceagent.leads l JOIN voiceagent.campaign_leads m USING (lead_id) JOIN voiceagent.campaigns c USING (campaign_id)
	GROUP BY l.phone, l.status;

-- what is listed before the start is skipped by it, and says by which layer
SELECT voiceagent.campaign_do_not_call(:one, '312 555 0103', 'not for this one');
SELECT voiceagent.block_prefix('+1 907', 'no Alaska');
SELECT voiceagent.do_not_call('3125550106', 'asked');
SET SESSION AUTHORIZATION r25_stops_staff;
SELECT voiceagent.platform_do_not_call('+13125550107', 'court order');
SET SESSION AUTHORIZATION r25_stops_member;
SELECT voiceagent.preview_campaign(:one) -> 'blocked' AS blocked;
SELECT voiceagent.start_campaign(:one), voiceagent.start_campaign(:two);
SELECT * FROM pg_temp.disposition ORDER BY phone;

-- what is listed later leaves the queues in the same commit, of all tenants when the platform says so
SELECT voiceagent.campaign_do_not_call(:two, '3125550103', '');
SET SESSION AUTHORIZATION r25_stops_staff;
SELECT voiceagent.platform_do_not_call('312-555-0101', 'court order');
SELECT entry, is_prefix, reason FROM voiceagent.list_platform_do_not_call();
RESET SESSION AUTHORIZATION;
SELECT tenant_id = :tenant AS own, l.phone, count(*) FROM voiceagent_private.call_queue q JOIN voiceagent.leads l USING (tenant_id, lead_id)
WHERE q.tenant_id IN (:tenant, :other) GROUP BY 1, 2 ORDER BY 1, 2;
SET SESSION AUTHORIZATION r25_stops_staff;
SELECT voiceagent.platform_block_prefix('+1312555', 'a test range');
SET SESSION AUTHORIZATION r25_stops_member;
SELECT * FROM pg_temp.disposition ORDER BY phone;
SELECT name, status FROM voiceagent.campaigns ORDER BY name;
SELECT layer, reason FROM voiceagent.do_not_call_status('3125550106');
SELECT layer, reason, since IS NOT NULL AS since FROM voiceagent.do_not_call_status('9075550104', :one);
SELECT layer, reason, since IS NOT NULL AS since FROM voiceagent.do_not_call_status('3125550103', :two);
-- refused at the door, with the layer; a file's rows are counted, and say why
SELECT rows_imported, rows_do_not_call FROM voiceagent.import_leads(E'phone\n2125550190\n9075550191\n3125550192\n3125550106\n9075550104');
SELECT row_number, reason, kind FROM voiceagent.import_errors WHERE batch_id = (SELECT max(batch_id) FROM voiceagent.import_batches) ORDER BY 1;
SELECT voiceagent.add_lead('9075550199');
SELECT voiceagent.add_lead('3125550199');

-- lifted with a reason only; a lead comes back to no queue by itself, but it may be called again
SET SESSION AUTHORIZATION r25_stops_staff;
SELECT voiceagent.platform_allow_prefix('+1312555', ' ');
SELECT voiceagent.platform_allow_prefix('+1312555', 'the test is over'), voiceagent.platform_allow_prefix('+1312555', 'again');
SELECT voiceagent.platform_allow_call('3125550101', 'the order was lifted'), voiceagent.platform_allow_call('3125550107', 'so was that');
SET SESSION AUTHORIZATION r25_stops_member;
SELECT voiceagent.allow_prefix('+1907', 'we serve Alaska now'), voiceagent.allow_prefix('+1907', 'again');
SELECT voiceagent.campaign_allow_call(:one, '3125550103', 'a mistake'), voiceagent.campaign_allow_call(:one, '3125550103', 'again');
SELECT count(*) FROM voiceagent.do_not_call_status('3125550101', :one);
SELECT voiceagent.add_lead('3125550199') IS NOT NULL AS added;
SELECT action, object, old_value - 'campaign_id' AS old_value, new_value - 'campaign_id' AS new_value FROM voiceagent.audit_log
WHERE action IN ('block_prefix', 'allow_prefix', 'campaign_do_not_call', 'campaign_allow_call', 'platform_do_not_call') ORDER BY audit_id;

-- errors: nothing half done
SELECT voiceagent.block_prefix('1900', 'x');
SELECT voiceagent.block_prefix('+190000000', 'x');
SELECT voiceagent.block_prefix('+1900', NULL);
SELECT voiceagent.block_prefix(NULL, 'x');
SELECT voiceagent.campaign_do_not_call(0, '3125550103', 'x');
SELECT voiceagent.campaign_do_not_call(:one, 'nobody', 'x');
SELECT voiceagent.campaign_allow_call(:one, '3125550103', NULL);
SELECT voiceagent.do_not_call_status(NULL);
SELECT voiceagent.do_not_call_status('3125550103', 0);
SELECT voiceagent.platform_do_not_call('3125550103', 'x');
SELECT voiceagent.list_platform_do_not_call();
SELECT count(*) FROM voiceagent.do_not_call_prefixes;
RESET SESSION AUTHORIZATION;
SELECT action, object FROM voiceagent_private.platform_audit_log WHERE action LIKE 'platform%' ORDER BY at;

-- a national list: it takes out whom the law protects, unless they agreed to be called
BEGIN;
INSERT INTO voiceagent.national_dnc_lists (name, country, edition, published_at, in_force_since, numbers)
VALUES ('r25 national', 'US', -1, voiceagent.clock(), voiceagent.clock(), 2);
INSERT INTO voiceagent_private.dnc_list_blocks VALUES (1312556, -1, '\x00650066');
SET LOCAL SESSION AUTHORIZATION r25_stops_member;
SELECT voiceagent.create_campaign('three', :assistant, settings => '{"sandbox_obeys_law": true, "caller_name": "Acme", "caller_phone": "+1 800 555 0100", "call_subject": "roofs"}') AS three,
	voiceagent.create_campaign('four', :assistant) AS four \gset
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n3125560101\n3125560102\n3125560103', campaign_id => :three);
SELECT rows_duplicate FROM voiceagent.import_leads(E'phone\n3125560101\n3125560102\n3125560103', campaign_id => :four);
SELECT voiceagent.record_consent((SELECT lead_id FROM voiceagent.leads WHERE phone = '+13125560102'), 'call', 'form') IS NOT NULL AS agreed;
SELECT voiceagent.start_campaign(:three), voiceagent.start_campaign(:four);
SELECT c.name, l.phone, m.status, m.reason FROM voiceagent.leads l JOIN voiceagent.campaign_leads m USING (lead_id)
JOIN voiceagent.campaigns c USING (campaign_id) WHERE l.phone LIKE '+1312556%' ORDER BY 1, 2;
SELECT layer, reason FROM voiceagent.do_not_call_status('3125560101');
ROLLBACK;

-- without a list, or on one that is too old, nobody starts to call whom only the list could clear
BEGIN;
UPDATE voiceagent_private.law_rules SET value = 'false' WHERE rule = 'require_consent' AND jurisdiction = 'US';
DELETE FROM voiceagent_private.jurisdiction_terms;
SET LOCAL SESSION AUTHORIZATION r25_stops_member;
SELECT voiceagent.create_campaign('five', :assistant, settings => '{"sandbox_obeys_law": true, "caller_name": "Acme", "caller_phone": "+1 800 555 0100", "call_subject": "roofs"}') AS five,
	voiceagent.create_campaign('six', :assistant) AS six \gset
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n3125560101\n3125560102', campaign_id => :five);
SELECT rows_duplicate FROM voiceagent.import_leads(E'phone\n3125560101\n3125560102', campaign_id => :six);
SELECT count(voiceagent.record_consent(lead_id, 'call', 'form')) AS agreed FROM voiceagent.leads WHERE phone = '+13125560102';
SAVEPOINT here;
SELECT voiceagent.start_campaign(:five);
ROLLBACK TO here;
RESET SESSION AUTHORIZATION;
INSERT INTO voiceagent.national_dnc_lists (name, country, edition, published_at, in_force_since)
VALUES ('r25 old', 'US', -1, voiceagent.clock() - interval '32 days', voiceagent.clock()),
	('r25 new', 'US', -2, voiceagent.clock(), voiceagent.clock());
SELECT array_to_string(ARRAY(SELECT jsonb_array_elements_text(voiceagent.health() -> 'problems')), E'\n') LIKE '%list "r25 old" is 32 days old; the law allows 31 days%' AS told;
SET LOCAL SESSION AUTHORIZATION r25_stops_member;
SAVEPOINT here;
SELECT voiceagent.start_campaign(:five);
ROLLBACK TO here;
SELECT voiceagent.start_campaign(:six) AS "a rehearsal";
RESET SESSION AUTHORIZATION;
UPDATE voiceagent.national_dnc_lists SET published_at = published_at + interval '2 days' WHERE name = 'r25 old';
SET LOCAL SESSION AUTHORIZATION r25_stops_member;
SELECT voiceagent.start_campaign(:five) AS "a list of 30 days";
ROLLBACK;
-- who has agreed is called without any list
BEGIN;
UPDATE voiceagent_private.law_rules SET value = 'false' WHERE rule = 'require_consent' AND jurisdiction = 'US';
DELETE FROM voiceagent_private.jurisdiction_terms;
SET LOCAL SESSION AUTHORIZATION r25_stops_member;
SELECT voiceagent.create_campaign('seven', :assistant, settings => '{"sandbox_obeys_law": true, "caller_name": "Acme", "caller_phone": "+1 800 555 0100", "call_subject": "roofs"}') AS seven \gset
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n3125560102', campaign_id => :seven);
SELECT count(voiceagent.record_consent(lead_id, 'call', 'form')) AS agreed FROM voiceagent.leads WHERE phone = '+13125560102';
SELECT voiceagent.start_campaign(:seven);
ROLLBACK;
SET SESSION AUTHORIZATION r25_stops_member;
SELECT voiceagent.stop_campaign(campaign_id) FROM voiceagent.campaigns WHERE status = 'running';
SET SESSION AUTHORIZATION r25_stops_other;
SELECT voiceagent.stop_campaign(campaign_id) FROM voiceagent.campaigns WHERE status = 'running';
RESET SESSION AUTHORIZATION;

-- A campaign that has not begun judges its leads when it does: a layer that was lifted by then left no trace.
SET SESSION AUTHORIZATION r25_stops_member;
SELECT voiceagent.create_campaign('draft', :assistant) AS draft \gset
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n3125570101\n2025570102', campaign_id => :draft);
SELECT voiceagent.block_prefix('+1', 'by mistake');
SELECT status, reason, count(*) FROM voiceagent.campaign_leads WHERE campaign_id = :draft GROUP BY 1, 2;
SELECT voiceagent.allow_prefix('+1', 'a mistake'), voiceagent.block_prefix('+1202', 'meant');
SELECT voiceagent.start_campaign(:draft);
SELECT l.phone, m.status, m.reason FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (lead_id) WHERE m.campaign_id = :draft ORDER BY 1;
SELECT voiceagent.stop_campaign(:draft), voiceagent.allow_prefix('+1202', 'the end');
RESET SESSION AUTHORIZATION;

-- What a statement asks is what it joins: a campaign failed to start when the first entry of a list came between the two.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS was \gset
SELECT voiceagent_private.layers_joins(:draft) AS joins \gset
SELECT count(voiceagent.campaign_do_not_call(:draft, '+13125570101', 'asked')) AS entries;
SELECT voiceagent_private.layers_case(:'joins', false) LIKE '%yc.%' AS "not joined, asked",
	voiceagent_private.layers_case(voiceagent_private.layers_joins(:draft), false) LIKE '%yc.%' AS "joined, asked";
ROLLBACK;

-- A lead that waited for another call and leaves the queue without one is given up, whatever the way out, with the reason; but not
-- while it still waits in another campaign.
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('r25 given up', '{3401,3402,3403,3404,3405,3406,3407}') > 0 AS ready;
SELECT voiceagent.add_lead_number(lead_id, '+12135553408') AS second FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%3407';
SELECT pg_temp.dial();
SELECT pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.webhook('340' || i, 'report', 'customer-did-not-answer') FROM generate_series(1, 7) i));
SELECT voiceagent_private.apply_inbox(10);
SELECT min(campaign_id) AS given, min(assistant_id) AS assistant FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.create_campaign('other', :assistant) AS other \gset
SELECT voiceagent.add_leads(:other, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%3406')), voiceagent.start_campaign(:other);
CREATE FUNCTION pg_temp.leave(campaign bigint, last text) RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent.remove_leads(campaign, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%' || last)) $$;
CREATE TEMPORARY VIEW waits AS SELECT right(l.phone, 4) AS number, l.status, l.status_reason FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant();
SELECT * FROM pg_temp.waits ORDER BY 1;
SELECT pg_temp.leave(:given, '3401'), pg_temp.leave(:given, '3406'), voiceagent.campaign_do_not_call(:given, '+12125553402', 'asked'),
	voiceagent.campaign_do_not_call(:given, '+12135553408', 'asked'), voiceagent.campaign_do_not_call(:given, '+12125553407', 'asked'),
	voiceagent_private.unqueue_numbers('+12125553403', '+12125553403!', 'platform');
SELECT * FROM pg_temp.waits ORDER BY 1;
-- the claim that finds a number listed does the same; so does the last campaign of a lead
INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at)
VALUES (voiceagent.current_tenant(), :given, '+12125553405', 'test', voiceagent.clock());
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND campaign_id = :given
	AND lead_id = (SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '%3405');
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant() AND campaign_id = :given;
SELECT pg_temp.leave(:other, '3406'), pg_temp.dial();
SELECT voiceagent.block_prefix('+1212555', 'no more');
SELECT * FROM pg_temp.waits ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
