-- A column of a file that says that somebody must not be called: nothing of such a row is dialled, whatever its cell says.
\set SHOW_CONTEXT never
CREATE ROLE r47_stops LOGIN;
SELECT voiceagent.create_tenant('r47 stops', 'UTC', 100) AS tenant \gset
SELECT voiceagent.map_role('r47_stops', :tenant);
CREATE FUNCTION pg_temp.counts(r voiceagent.import_result) RETURNS text LANGUAGE sql AS
	$$ SELECT format('read %s imported %s rejected %s duplicate %s do_not_call %s', r.rows_read, r.rows_imported,
		r.rows_rejected, r.rows_duplicate, r.rows_do_not_call) $$;
GRANT EXECUTE ON FUNCTION pg_temp.counts(voiceagent.import_result) TO r47_stops;
SET SESSION AUTHORIZATION r47_stops;
-- one that exists, with a further number that another row stops
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,phone2,name\n212-555-0100,,Zoe\n212-555-0109,212-555-0119,Yan\n'));
-- a check of the file changes nothing
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,Do Not Call\n212-555-0100,true\n', dry_run => true));
SELECT count(*) FROM voiceagent.do_not_call_list;
-- Salesforce's heading; cells of all kinds; the opt-out of mail is none of calls
SELECT pg_temp.counts(voiceagent.import_leads(E'First Name,Phone,Phone 2,Do Not Call,Email Opt Out\n'
	'Amy,212-555-0101,212-555-0111,true,true\nBen,212-555-0102,,0,1\nCid,212-555-0103,,,true\nDot,212-555-0104,,2024-01-05,\n'
	'Eve,212-555-0105,,maybe,\nFay,212-555-0106,,No,\nZoe,212-555-0100,,X,\nYan,212-555-0119,,yes,\nBad,12,,yes,\n'));
SELECT phone, first_name, status, regexp_replace(status_reason, '\d+', 'n') AS reason, context FROM voiceagent.leads ORDER BY phone;
SELECT phone, regexp_replace(reason, '\d+', 'n') AS reason, source FROM voiceagent.do_not_call_list ORDER BY phone;
SELECT row_number, kind, reason FROM voiceagent.import_reports WHERE batch_id = (SELECT max(batch_id) FROM voiceagent.import_batches) ORDER BY 1, 2, 3;
-- in pieces, in other words, and again: the list stays as it was
SELECT voiceagent.begin_import(on_duplicate => 'update') AS batch \gset
SELECT voiceagent.append_import(:batch, convert_to(E'phone;DND\n+12125550107;YES\n+121255501', 'UTF8'));
SELECT voiceagent.append_import(:batch, convert_to(E'02;Y\n+12125550103;n\n', 'UTF8'));
SELECT pg_temp.counts(voiceagent.finish_import(:batch));
SELECT phone, status FROM voiceagent.leads ORDER BY phone;
SELECT count(*) FROM voiceagent.do_not_call_list;
-- a mapping may take it for something else
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,opt out\n212-555-0108,window\n', mapping => '{"do_not_call": null}'));
SELECT phone, context FROM voiceagent.leads WHERE phone = '+12125550108';
-- of several columns each is heard, however its heading says it
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,Do Not Call,Opt Out Date,DoNotCall__c,SMS Opt Out\n212-555-0121,false,2024-01-05,,\n212-555-0122,no,,TRUE,\n212-555-0123,,,0,yes\n'));
SELECT row_number, reason FROM voiceagent.import_reports WHERE batch_id = (SELECT max(batch_id) FROM voiceagent.import_batches) ORDER BY 1, 2;
-- a number that no plan knows, or that may be two, is stopped all the same, also where it is a further one; the row itself is refused, and said so
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,phone2,Do Not Call\n+1 212 155 0131,,true\n212-555-0132,+1 212 155 0133,yes\n+12121550134,+12125550135,no\n1.21255E+10,,yes\n'));
SELECT row_number, column_name, kind, reason FROM voiceagent.import_reports WHERE batch_id = (SELECT max(batch_id) FROM voiceagent.import_batches) ORDER BY 1, 3, 4;
SELECT phone, regexp_replace(reason, '\d+', 'n') AS reason FROM voiceagent.do_not_call_list WHERE phone LIKE '+121_155013_' OR phone LIKE '+121255501[23]_' ORDER BY 1;
-- the list says which column it was, cut where that is long
SELECT pg_temp.counts(voiceagent.import_leads('phone,do not call ' || repeat('x', 600) || E'\n212-555-0136,yes\n'));
SELECT DISTINCT reason ~ '^import \d+, column "do not call x+[.][.][.]"$' AS named, length(reason) < 200 AS short FROM voiceagent.do_not_call_list WHERE phone = '+12125550136';
-- however many numbers a field has, and whatever words are between them
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,DNC\n212-555-0141 / 646-555-0142,x\n(h) 212-555-0143 (c) 646-555-0144,x\n212-555-0145 or 0146,x\n"212-555-0147; +1 (646) 555-0148 office",x\nnone 12,x\n1.2125550E+10,x\n'));
SELECT row_number, kind, reason FROM voiceagent.import_reports WHERE batch_id = (SELECT max(batch_id) FROM voiceagent.import_batches) AND kind <> 'rejected' ORDER BY 1;
SELECT string_agg(phone, ' ' ORDER BY phone) FROM voiceagent.do_not_call_list WHERE reason = format('import %s, column "DNC"', (SELECT max(batch_id) FROM voiceagent.import_batches));
