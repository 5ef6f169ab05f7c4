-- The tenant's own do-not-call list in bulk: every line is accounted for, leads leave the queues, nobody is
-- subscribed again by a later import, and an opt-out is kept for years.
\set SHOW_CONTEXT never
CREATE ROLE r25_company_member LOGIN;
SELECT voiceagent.create_tenant('r25 company', credits => 1000) AS tenant \gset
SELECT voiceagent.map_role('r25_company_member', :tenant);
SET SESSION AUTHORIZATION r25_company_member;
SELECT voiceagent.create_assistant('Ada', 'Hello', 'Sell.') AS assistant \gset
SELECT voiceagent.create_campaign('one', :assistant) AS one \gset
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n3125550101\n3125550102\n3125550103\n3125550104', campaign_id => :one);
SELECT count(voiceagent.add_lead_number(lead_id, '3125550199')) AS "with a second number" FROM voiceagent.leads WHERE phone = '+13125550104';
SELECT voiceagent.start_campaign(:one);
SELECT voiceagent.import_do_not_call(E'Phone;Since\r\n(312) 555-0101;2024\r\n+13125550102\r\n\r\nnobody\r\n3125550101\r\n312555\r\n"3125550104",x\r\n+442079460018', 'old system');
SELECT phone, reason, source FROM voiceagent.do_not_call_list ORDER BY phone;
SELECT l.phone, l.status, m.status AS in_campaign, m.reason FROM voiceagent.leads l JOIN voiceagent.campaign_leads m USING (lead_id) ORDER BY 1;
SELECT event_type, count(*) FROM voiceagent.events WHERE event_type = 'lead_opted_out' GROUP BY 1;
-- again changes nothing; a new import of leads subscribes nobody
SELECT voiceagent.import_do_not_call('3125550101') - 'rejects' AS again;
-- all numbers of a line, as a spreadsheet writes them, and no date
BEGIN;
SELECT voiceagent.import_do_not_call(E'+1 312 555 0195; +1 312 555 0196\n3125550197.0\nAnn Lee,(312) 555-0198,2024-05-01 10:00\n3125550194;2121550199') - 'rejects' AS several;
SELECT string_agg(phone, ' ' ORDER BY phone) AS listed FROM voiceagent.do_not_call_list WHERE phone LIKE '+1312555019_';
ROLLBACK;
SELECT rows_imported, rows_duplicate, rows_do_not_call FROM voiceagent.import_leads(E'phone\n3125550101\n3125550102\n3125550103', campaign_id => :one);
SELECT l.phone, l.status FROM voiceagent.leads l ORDER BY 1;
-- digits that are two numbers of Germany, the plus sign lost: both are listed, and neither lead is called; the line counts once
SELECT voiceagent.create_campaign('two', :assistant) AS two \gset
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n+491711234567\n+49491711234567\n+4917112345679', campaign_id => :two);
SELECT voiceagent.import_do_not_call(E'491711234567\n+491711234567\n4917112345678\n4930901820', default_country => 'DE');
SELECT l.phone, l.status FROM voiceagent.leads l JOIN voiceagent.campaign_leads m USING (lead_id) WHERE m.campaign_id = :two ORDER BY 1;
SELECT phone FROM voiceagent.do_not_call_list WHERE phone ~ '^.49' ORDER BY 1;
SELECT voiceagent.import_do_not_call(E'491711234567\n491711234570', default_country => '+') - 'rejects' AS "calling codes only";
-- numbers that no plan knows are listed as written, and told
SELECT voiceagent.import_do_not_call(E'+1 212 155 0101\n2121550102\n+4917\n+12125550103', 'asked');
SELECT phone FROM voiceagent.do_not_call_list WHERE phone LIKE '+12121550%' ORDER BY 1;
SELECT voiceagent.do_not_call('+1 212 155 0104', 'asked');
SELECT voiceagent.do_not_call('+1 212 555 0104', 'asked');
-- rubbish
SELECT voiceagent.import_do_not_call('');
SELECT voiceagent.import_do_not_call(NULL);
SELECT voiceagent.import_do_not_call(E'a\nb\nc');
SELECT voiceagent.import_do_not_call('3125550101', default_country => 'QQ');
SELECT count(*) FROM voiceagent.do_not_call_list;
SELECT action, object, new_value FROM voiceagent.audit_log WHERE action = 'import_do_not_call' ORDER BY audit_id;
SELECT voiceagent.stop_campaign(:one);
RESET SESSION AUTHORIZATION;
