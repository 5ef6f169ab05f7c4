-- Leads that come into a campaign with their file, and leave every queue when they must not be called.
\set SHOW_CONTEXT never
CREATE ROLE r25_campaigner LOGIN;
SELECT voiceagent.create_tenant('r25 campaign', credits => 1000) AS tenant \gset
SELECT voiceagent.map_role('r25_campaigner', :tenant);
SET SESSION AUTHORIZATION r25_campaigner;
SELECT voiceagent.create_assistant('Ada', 'Hello', 'Sell.') AS assistant \gset
SELECT voiceagent.create_campaign('one', :assistant) AS one \gset
SELECT voiceagent.create_campaign('two', :assistant) AS two \gset

-- new leads join, and so do those that are leads already; a row that is no lead does not
SELECT rows_imported, rows_duplicate, rows_rejected
FROM voiceagent.import_leads(E'phone\n3125550101\n3125550102\n3125550103\n3125550101\nx', campaign_id => :one);
SELECT rows_imported, rows_duplicate FROM voiceagent.import_leads(E'phone\n3125550102\n3125550104\n3125550102', campaign_id => :two);
SELECT voiceagent.add_lead('3125550105', campaign_id => :two) IS NOT NULL AS added;
SELECT c.name, l.phone, m.status FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (campaign_id)
JOIN voiceagent.leads l USING (lead_id) ORDER BY 1, 2;

-- a dry run joins nobody
SELECT rows_imported, rows_duplicate FROM voiceagent.import_leads(E'phone\n3125550103\n3125550109', campaign_id => :two, dry_run => true);
SELECT count(*) FROM voiceagent.campaign_leads WHERE campaign_id = :two;

-- a file in pieces: every piece joins as it comes
SELECT voiceagent.begin_import(campaign_id => :two) AS batch \gset
SELECT voiceagent.append_import(:batch, 'phone\0123125550106\0123125550107\012');
SELECT count(*) FROM voiceagent.campaign_leads WHERE campaign_id = :two;
SELECT rows_imported FROM voiceagent.finish_import(:batch);

-- a lead that must not be called leaves the queue of every campaign in the same commit
SELECT voiceagent.start_campaign(:one), voiceagent.start_campaign(:two);
RESET SESSION AUTHORIZATION;
SELECT l.phone, count(*) FROM voiceagent_private.call_queue q JOIN voiceagent.leads l USING (tenant_id, lead_id)
WHERE q.tenant_id = :tenant GROUP BY 1 ORDER BY 1;
SET SESSION AUTHORIZATION r25_campaigner;
SELECT voiceagent.do_not_call('(312) 555-0102', 'asked us');
RESET SESSION AUTHORIZATION;
SELECT l.phone, count(*) FROM voiceagent_private.call_queue q JOIN voiceagent.leads l USING (tenant_id, lead_id)
WHERE q.tenant_id = :tenant GROUP BY 1 ORDER BY 1;
SET SESSION AUTHORIZATION r25_campaigner;
SELECT c.name, m.status, m.reason, l.status AS lead_status FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (campaign_id)
JOIN voiceagent.leads l USING (lead_id) WHERE l.phone = '+13125550102' ORDER BY 1;

-- when nobody is left the campaign is complete
SELECT voiceagent.do_not_call('3125550101', 'x'), voiceagent.do_not_call('3125550103', 'x');
SELECT name, status FROM voiceagent.campaigns ORDER BY name;

-- leads that come into a running campaign wait for their call at once
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n3125550108', campaign_id => :two);
SELECT m.status FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (lead_id) WHERE l.phone = '+13125550108';

-- the events and totals of it
SELECT event_type, count(*) FROM voiceagent.events WHERE event_type IN ('import_finished', 'lead_opted_out') GROUP BY 1 ORDER BY 1;
SELECT voiceagent.stop_campaign(:two);
RESET SESSION AUTHORIZATION;
