-- A number in a form that its country has given up, and one that has two spellings, are one person's at every door.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
BEGIN;
SELECT voiceagent.create_tenant('r47 forms', 'UTC') AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, settings, max_concurrent_calls, armed_at, created_at)
VALUES (voiceagent.current_tenant(), 'twilio', 'real', '{}', 10, now(), now()) RETURNING provider_account_id AS real \gset
CREATE FUNCTION pg_temp.stand() RETURNS TABLE (phone text, status text, suppressed text) LANGUAGE sql AS $$
	SELECT l.phone, l.status, voiceagent_private.text_suppressed(l.phone, NULL) FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY l.phone COLLATE "C" $$;
SELECT p, voiceagent_private.spellings(p) FROM unnest('{+5215555550104,+525555550104,+541123456789,+5491123456789,+22997123456,+12025550143,anonymous,32665}'::text[]) p;
SELECT voiceagent.normalize_phone('044 55 5555 0102', 'MX') AS mexico, voiceagent.normalize_phone('(31) 9123-4567', 'BR') AS brazil, voiceagent.normalize_phone('97 12 34 56', 'BJ') AS benin,
	voiceagent.normalize_phone('07 12 34 56', 'CI') AS ivory_coast, voiceagent.normalize_phone('+54 11 15 2345-6789') AS argentina;

-- a file: each row is told, and two forms of one number are one lead
SELECT (i).batch_id AS import, (i).rows_imported, (i).rows_rejected, (i).rows_duplicate FROM (SELECT voiceagent.import_leads(E'phone,phone2,first_name\n+52 1 55 5555 0101,,Ann\n044 55 5555 0102,01 55 5555 0172,Bea\n5215555550105,,Cid\n55 5555 0105,,Cid again\n55 5555 0106,,Dan\n', default_country => 'MX') AS i) x \gset
SELECT :rows_imported AS imported, :rows_rejected AS rejected, :rows_duplicate AS duplicate;
SELECT row_number, kind, column_name, value, reason FROM voiceagent.import_errors WHERE tenant_id = :tenant AND batch_id = :import ORDER BY row_number, error_number;
SELECT phone FROM voiceagent.leads WHERE tenant_id = :tenant UNION ALL SELECT phone FROM voiceagent.lead_numbers WHERE tenant_id = :tenant ORDER BY 1;

-- stops: by a file, by hand, by campaign and platform, each in the form that the lead has not
SELECT voiceagent.add_lead(p) > 0 AS added FROM unnest('{+5531991234567,+2290197123456,+2250707123456,+541123456789,+5491123456780,+541123456781,+5491123456782,+525555550108}'::text[]) p \g /dev/null
SELECT voiceagent.import_do_not_call(E'+52 1 55 5555 0101\n+5215555550105\n+55 31 9123-4567\n+229 97 12 34 56', 'asked');
SELECT voiceagent.do_not_call('+225 07 12 34 56', 'asked'), voiceagent.do_not_call('+54 9 11 2345-6789', 'asked'), voiceagent.do_not_call('+54 11 2345-6780', 'asked');
SELECT * FROM pg_temp.stand();
SELECT phone, source FROM voiceagent.do_not_call_list WHERE tenant_id = :tenant ORDER BY phone;
SELECT voiceagent.allow_call('+54 11 2345-6789', 'a mistake') AS allowed;
SELECT count(*) FROM voiceagent.do_not_call_list WHERE tenant_id = :tenant AND phone LIKE '%1123456789';
SELECT voiceagent.create_campaign('Forms', voiceagent.create_assistant('Ann', 'Hello', 'Be kind.')) AS campaign \gset
SELECT voiceagent.campaign_do_not_call(:campaign, '+54 9 11 2345-6781', 'not here');
SELECT phone FROM voiceagent.campaign_do_not_call_list WHERE tenant_id = :tenant ORDER BY phone;
SELECT voiceagent.campaign_allow_call(:campaign, '+54 11 2345-6781', 'here too') AS allowed;
SELECT count(*) FROM voiceagent.campaign_do_not_call_list WHERE tenant_id = :tenant;
SELECT voiceagent.platform_do_not_call('+54 11 2345-6782', 'a hospital');
SELECT layer FROM voiceagent_private.do_not_call_layers(:tenant, '+5491123456782', NULL, false);
SELECT voiceagent.platform_allow_call('+54 9 11 2345-6782', 'none') AS allowed;
SELECT count(*) FROM voiceagent_private.platform_do_not_call_list WHERE entry LIKE '%1123456782';

-- what comes from carriers in the old form: a text, a stop by text, a doubt, a start, a call
SELECT from_number, to_number FROM voiceagent.read_webhook('twilio', '{"content-type": "application/x-www-form-urlencoded"}', 'MessageSid=SM00000000000000000000000000000001&SmsStatus=received&From=%2B5215555550102&To=%2B12025550100&Body=STOP');
CREATE FUNCTION pg_temp.writes(account bigint, caller text, body text) RETURNS TABLE (phone text, kind text, lead text) LANGUAGE plpgsql AS $$
DECLARE
	e voiceagent.call_event;
BEGIN
	e.status := 'received';
	e.provider_call_id := format('%s %s %s', account, caller, body);
	e.from_number := caller;
	e.to_number := '+12025550100';
	e.transcript := body;
	PERFORM voiceagent_private.take_texts(ARRAY[e], ARRAY[account]);
	RETURN QUERY SELECT t.phone::text, t.kind, l.phone::text FROM voiceagent.texts t LEFT JOIN voiceagent.leads l USING (tenant_id, lead_id)
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.provider_text_id = e.provider_call_id;
END $$;
SELECT w.* FROM (VALUES ('+5215555550108', 'When do you open?'), ('+5215555550102', 'STOP'), ('+541123456780', 'hello'), ('+5491123456789', 'I am driving, Do Not Disturb')) v(caller, body),
	pg_temp.writes(:real, v.caller, v.body) w;
SELECT * FROM pg_temp.stand() WHERE suppressed IS NOT NULL;
SELECT l.phone FROM unnest('{+5215555550106,+541123456782,+5491123456781}'::text[]) c, voiceagent_private.lead_of_caller((voiceagent_private.spellings(c))[1]) o JOIN voiceagent.leads l ON l.tenant_id = :tenant AND l.lead_id = o.lead_id ORDER BY 1;

-- Each plan that has two spellings, both ways round: 0 doors at which the second is somebody else.
CREATE FUNCTION pg_temp.doors(one text, other text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	v_lead bigint := voiceagent.add_lead(one, first_name => 'One');
	v_older bigint := voiceagent.add_lead('+1202' || 5560000 + abs(hashtext(one)) % 9999, first_name => 'Older');
	v_merged bigint;
	v_import record;
	v_doors text[] := '{}';
BEGIN
	BEGIN
		PERFORM voiceagent.add_lead(other);
		v_doors := v_doors || text 'add_lead';
	EXCEPTION WHEN SQLSTATE 'PT409' THEN NULL;
	END;
	BEGIN
		PERFORM voiceagent.add_lead_number(v_lead, other);
		v_doors := v_doors || text 'add_lead_number';
	EXCEPTION WHEN SQLSTATE 'PT409' THEN NULL;
	END;
	SELECT i.* INTO v_import FROM voiceagent.import_leads(format(E'phone,phone2\n%s,%s\n', other, one)) i;
	v_doors := v_doors || CASE WHEN v_import.rows_duplicate <> 1 THEN ARRAY['import'] ELSE '{}' END;
	SELECT i.* INTO v_import FROM voiceagent.import_leads(format(E'phone,phone2,company\n%s,%s,Acme\n', other, other), on_duplicate => 'update') i;
	v_doors := v_doors || CASE WHEN v_import.rows_updated <> 1 OR (SELECT l.company FROM voiceagent.leads l WHERE l.lead_id = v_lead) IS DISTINCT FROM 'Acme'
		OR EXISTS (SELECT FROM voiceagent.lead_numbers n WHERE n.lead_id = v_lead) THEN ARRAY['update'] ELSE '{}' END;
	v_doors := v_doors || CASE WHEN voiceagent_private.make_caller_a_lead(other, 'Caller') <> v_lead OR (voiceagent_private.lead_of_caller(other)).lead_id <> v_lead
		THEN ARRAY['call'] ELSE '{}' END;
	v_doors := v_doors || CASE WHEN voiceagent.record_consent(v_lead, 'text', 'a form', phone => other) IS NULL OR voiceagent.revoke_consent(v_lead, 'text', other) <> 1
		THEN ARRAY['consent'] ELSE '{}' END;
	PERFORM voiceagent.place_legal_hold(other, 'a claim');
	v_doors := v_doors || CASE WHEN NOT voiceagent_private.lead_is_held(v_lead) THEN ARRAY['legal hold'] ELSE '{}' END;
	PERFORM voiceagent.lift_legal_hold(other, 'settled');
	PERFORM voiceagent.block_caller(other);
	v_doors := v_doors || CASE WHEN NOT voiceagent.unblock_caller(one) THEN ARRAY['blocked'] ELSE '{}' END;
	-- As leads of an older version are: two.
	INSERT INTO voiceagent.leads (tenant_id, phone, country, timezones, created_at) SELECT l.tenant_id, other, l.country, l.timezones, l.created_at
	FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = v_lead RETURNING lead_id INTO v_merged;
	v_doors := v_doors || CASE WHEN NOT EXISTS (SELECT FROM voiceagent.find_duplicates() d WHERE (d.keep, d.gone) = (v_lead, v_merged)) THEN ARRAY['duplicates'] ELSE '{}' END;
	PERFORM voiceagent.merge_leads(v_lead, v_merged);
	v_doors := v_doors || CASE WHEN EXISTS (SELECT FROM voiceagent.lead_numbers n WHERE n.lead_id = v_lead) THEN ARRAY['merge'] ELSE '{}' END;
	PERFORM voiceagent.add_lead_number(v_older, one), voiceagent.merge_leads(v_older, v_lead);
	v_doors := v_doors || CASE WHEN voiceagent_private.lead_by_number(other) IS DISTINCT FROM v_older THEN ARRAY['merged'] ELSE '{}' END;
	PERFORM voiceagent.do_not_call(other, 'asked');
	v_doors := v_doors || CASE WHEN NOT EXISTS (SELECT FROM voiceagent_private.do_not_call_layers(voiceagent.current_tenant(), one, NULL, false)) THEN ARRAY['stop'] ELSE '{}' END;
	PERFORM voiceagent_private.stop_texts(other, 'text', NULL);
	v_doors := v_doors || CASE WHEN voiceagent_private.text_suppressed(one, NULL) IS NULL THEN ARRAY['text'] ELSE '{}' END;
	PERFORM voiceagent.erase_lead(v_older, 'asked');
	RETURN v_doors || CASE WHEN (SELECT count(*) FROM voiceagent.do_not_call_list d WHERE d.phone IN (one, other) AND d.reason = 'erased') <> 2 THEN ARRAY['erasure'] ELSE '{}' END;
END $$;
SELECT one, spellings[2] AS other, pg_temp.doors(one, spellings[2]) AS first, pg_temp.doors(replace(spellings[2], right(one, 3), '991'), replace(one, right(one, 3), '991')) AS second
FROM (SELECT p AS one, voiceagent_private.spellings(p) FROM unnest('{+541123456700,+542966234567,+553178123456,+37744123456,+38643123456}'::text[]) p) s;
-- ... and a file of its own, its first spelling counts.
SELECT (i).rows_imported, (i).rows_duplicate FROM (SELECT voiceagent.import_leads(E'phone\n+54 11 2345-6601\n+54 9 11 2345-6601\n+54 9 11 2345-6602\n+54 11 15 2345-6602\n') AS i) x;
SELECT phone FROM voiceagent.leads WHERE tenant_id = :tenant AND phone LIKE '+54%660_' ORDER BY phone;
ROLLBACK;
