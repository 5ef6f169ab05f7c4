-- Single leads, do-not-call, consent.
\set SHOW_CONTEXT never
CREATE ROLE r25_member LOGIN;
SELECT voiceagent.create_tenant('r25 leads') AS tenant \gset
SELECT voiceagent.map_role('r25_member', :tenant);
SET SESSION AUTHORIZATION r25_member;

SELECT voiceagent.add_lead('(312) 555-0101', ' Ana ', 'Smith', 'ana@example.com', 'Acme', context => '{"city": "Chicago"}') AS ana \gset
SELECT voiceagent.add_lead('020 7946 0018', default_country => 'GB', timezone => 'europe/london') AS uk \gset
SELECT voiceagent.add_lead('+1 312 555 0102 ext. 7', region => 'tx', priority => 0) AS tx \gset
SELECT phone, extension, first_name, last_name, email, company, country, region, timezones, context, priority, status, batch_id, batch_row
FROM voiceagent.leads ORDER BY lead_id;

-- with the consent that a form took, in the same commit; words without a place are none
BEGIN;
SELECT voiceagent.add_lead('312 555 0177', consent_source => 'https://example.com/form', consent_wording => 'Acme may call me.') > 0 AS added;
SELECT c.kind, c.phone, c.source, c.wording FROM voiceagent.consents c JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE l.phone = '+13125550177';
ROLLBACK;
SELECT voiceagent.add_lead('312 555 0177', consent_wording => 'Acme may call me.');
SELECT voiceagent.add_lead('312 555 01');
SELECT voiceagent.add_lead(NULL);
SELECT voiceagent.add_lead('3125550103', email => 'a@b');
SELECT voiceagent.add_lead('3125550103', timezone => 'EST5EDT4');
SELECT voiceagent.add_lead('3125550103', region => 'Atlantis');
SELECT voiceagent.add_lead('3125550103', priority => 10);
SELECT voiceagent.add_lead('3125550103', context => '[1]');
SELECT voiceagent.add_lead('3125550103', default_country => 'QQ');
-- 49 171 1234567 is a number of two people in Germany: whoever means one of them has to say so
SELECT voiceagent.add_lead('491711234567', default_country => 'DE');
SELECT voiceagent.set_setting('default_country', 'DE') IS NOT NULL AS is_set;
SELECT voiceagent.add_lead_number(:ana, '491711234567');
SELECT voiceagent.do_not_call('491711234567', 'asked us');
SELECT voiceagent.allow_call('491711234567', 'a mistake');
SELECT voiceagent.callable_hours('491711234567');
SELECT voiceagent.set_setting('default_country', 'US') IS NOT NULL AS is_set;
\set VERBOSITY terse
SELECT voiceagent.add_lead('+13125550101');
\set VERBOSITY default
SELECT count(*) FROM voiceagent.leads;

SELECT voiceagent.update_lead(:ana, '{"first_name": "Anna", "email": null, "context": {"city": null, "budget": "9"}, "priority": 2}') = :ana AS changed;
SELECT voiceagent.update_lead(:ana, '{"region": "US-CA"}') = :ana AS changed;
SELECT first_name, last_name, email, context, priority, region, timezones FROM voiceagent.leads WHERE lead_id = :ana;
SELECT voiceagent.update_lead(:ana, '{"timezone": "Asia/Kolkata"}') = :ana AS changed;
SELECT region, timezones FROM voiceagent.leads WHERE lead_id = :ana;
SELECT voiceagent.update_lead(:ana, '{"timezone": null, "region": null}') = :ana AS changed;
SELECT region, timezones FROM voiceagent.leads WHERE lead_id = :ana;
SELECT voiceagent.update_lead(:ana, '{"phone": "+13125550199"}');
SELECT voiceagent.update_lead(:ana, '{"status": "completed"}');
SELECT voiceagent.update_lead(:ana, '{"priority": "first"}');
SELECT voiceagent.update_lead(:ana, '{"email": "no"}');
SELECT voiceagent.update_lead(:ana, '[]');
SELECT voiceagent.update_lead(0, '{}');

-- do-not-call: twice is once; a number that is no lead counts too; the audit log knows
SELECT voiceagent.do_not_call('312-555-0101', 'letter of 3 May');
SELECT voiceagent.do_not_call('+13125550101', 'again');
SELECT voiceagent.do_not_call('3125550177', '');
SELECT phone, reason, source, call_id FROM voiceagent.do_not_call_list ORDER BY phone;
SELECT status, status_reason FROM voiceagent.leads WHERE lead_id = :ana;
SELECT event_type, lead_id = :ana AS of_ana, event_data FROM voiceagent.events WHERE event_type = 'lead_opted_out' ORDER BY event_id;
SELECT voiceagent.do_not_call('nobody', 'x');
SELECT voiceagent.do_not_call(NULL, 'x');
SELECT voiceagent.add_lead('3125550177');
SELECT voiceagent.allow_call('3125550101', ' ');
SELECT voiceagent.allow_call('3125550101', 'wrote that it was a mistake');
SELECT voiceagent.allow_call('3125550101', 'once more');
SELECT status, status_reason FROM voiceagent.leads WHERE lead_id = :ana;
SELECT action, object, old_value - 'created_at' AS old_value, new_value FROM voiceagent.audit_log
WHERE action IN ('do_not_call', 'allow_call') ORDER BY audit_id;

-- consent
SELECT voiceagent.record_consent(:ana, 'call', 'https://example.com/form', 'You may call me') IS NOT NULL AS recorded;
SELECT voiceagent.record_consent(:ana, 'recording', 'call') IS NOT NULL AS recorded;
SELECT voiceagent.record_consent(:ana, 'fax', 'x');
SELECT voiceagent.record_consent(:ana, 'call', '');
SELECT voiceagent.record_consent(0, 'call', 'x');
SELECT voiceagent.revoke_consent(:ana, 'call');
SELECT voiceagent.revoke_consent(:ana, 'call');
SELECT voiceagent.revoke_consent(0, 'call');
SELECT kind, source, wording, revoked_at IS NULL AS holds FROM voiceagent.consents ORDER BY consent_id;

-- several numbers: 2 to 5 beside the first, each with its own zones and its own consent
SELECT voiceagent.add_lead_number(:ana, '+44 7400 123456') AS second, voiceagent.add_lead_number(:ana, '(212) 555-0155 x9') AS third;
SELECT voiceagent.add_lead_number(:ana, '312 555 0101');
SELECT voiceagent.add_lead_number(:ana, '2125550155');
SELECT voiceagent.add_lead_number(:ana, '3125550177');
SELECT voiceagent.add_lead_number(:ana, 'no');
SELECT voiceagent.add_lead_number(0, '2125550156');
SELECT voiceagent.add_lead_number(:tx, '2125550157') AS second;	-- goes where its lead is
SELECT voiceagent.add_lead_number(:ana, '2125550158') AS fourth, voiceagent.add_lead_number(:ana, '2125550159') AS fifth;
\set VERBOSITY terse
SELECT voiceagent.add_lead_number(:ana, '2125550160');
\set VERBOSITY default
SELECT voiceagent.remove_lead_number(:ana, 4), voiceagent.remove_lead_number(:ana, 4) AS again;
SELECT voiceagent.remove_lead_number(:ana, 1);
SELECT voiceagent.remove_lead_number(0, 2);
SELECT voiceagent.add_lead_number(:ana, '2125550160') AS fourth;
SELECT number, phone, extension, country, region, timezones FROM voiceagent.lead_numbers ORDER BY lead_id, number;
SELECT voiceagent.record_consent(:ana, 'call', 'form', phone => '+447400123456') IS NOT NULL AS recorded,
	voiceagent.record_consent(:ana, 'call', 'form') IS NOT NULL AS recorded;
SELECT voiceagent.record_consent(:ana, 'call', 'form', phone => '2125550158');
SELECT phone, kind FROM voiceagent.consents WHERE revoked_at IS NULL ORDER BY consent_id;
SELECT voiceagent.revoke_consent(:ana, 'call', '212-555-0158') AS of_no_number, voiceagent.revoke_consent(:ana, 'call', '+447400123456') AS of_one,
	voiceagent.revoke_consent(:ana, 'call') AS of_all;

-- another tenant sees none of it, and cannot tell it from what is not there
RESET SESSION AUTHORIZATION;
SELECT voiceagent.create_tenant('r25 other') AS other \gset
CREATE ROLE r25_other LOGIN;
SELECT voiceagent.map_role('r25_other', :other);
SET SESSION AUTHORIZATION r25_other;
SELECT (SELECT count(*) FROM voiceagent.leads) + (SELECT count(*) FROM voiceagent.do_not_call_list) + (SELECT count(*) FROM voiceagent.consents) AS seen;
SELECT voiceagent.add_lead('+13125550101') IS NOT NULL AS own_lead_of_the_same_number;
SELECT set_config('r25.lead', :'ana', false) = :'ana' AS known;
\set VERBOSITY terse
DO $$
DECLARE
	v_lead bigint := current_setting('r25.lead');
BEGIN
	BEGIN PERFORM voiceagent.update_lead(v_lead, '{}'); EXCEPTION WHEN SQLSTATE 'PT404' THEN RAISE NOTICE 'update_lead: PT404'; END;
	BEGIN PERFORM voiceagent.record_consent(v_lead, 'call', 'x'); EXCEPTION WHEN SQLSTATE 'PT404' THEN RAISE NOTICE 'record_consent: PT404'; END;
	BEGIN PERFORM voiceagent.revoke_consent(v_lead, 'call'); EXCEPTION WHEN SQLSTATE 'PT404' THEN RAISE NOTICE 'revoke_consent: PT404'; END;
END
$$;
INSERT INTO voiceagent.leads DEFAULT VALUES;
RESET SESSION AUTHORIZATION;
