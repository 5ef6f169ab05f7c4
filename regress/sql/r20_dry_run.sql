-- A dry run leaves no row among the errors of imports, and uses up no number of a lead or a consent.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Dry run', ARRAY['1001']) > 0 AS ready;
SELECT max(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT E'phone,first_name,mobile,consent\n+12125551001,Ann,,\n+12125551002,Ben,+12125551003,yes\n+12125551004,,12,yes\n12345,Dan,,\n+12125551002,Eve,,\n' AS file \gset
SELECT last_value AS lead FROM voiceagent.leads_lead_id_seq \gset
SELECT nextval('voiceagent.consents_consent_id_seq') AS consent \gset
-- with a campaign that they join, whose prompt wants a first name: a row is named, for its lead will never be
SELECT batch_id AS dry, rows_read, rows_imported, rows_rejected, rows_duplicate FROM voiceagent.import_leads(:'file', dry_run => true, campaign_id => :c) \gset
SELECT :rows_read AS read, :rows_imported AS imported, :rows_rejected AS rejected, :rows_duplicate AS duplicate;
SELECT last_value - :lead AS used FROM voiceagent.leads_lead_id_seq;
SELECT nextval('voiceagent.consents_consent_id_seq') - :consent AS next;
SELECT first_lead_id, last_lead_id, status FROM voiceagent.import_batches WHERE tenant_id = voiceagent.current_tenant() AND batch_id = :dry;
-- its report can be read, by its number, and says what it is
SELECT count(*) AS errors FROM voiceagent.import_errors WHERE tenant_id = voiceagent.current_tenant();
SELECT row_number, kind, column_name, value, regexp_replace(reason, 'lead \d+', 'lead N') AS reason, dry_run FROM voiceagent.import_reports
WHERE tenant_id = voiceagent.current_tenant() AND batch_id = :dry ORDER BY 1, error_number;
SELECT voiceagent.rejected_csv(:dry);
-- the file itself comes to the same, and its report is among the errors
\set VERBOSITY terse
SELECT batch_id - :dry AS next, rows_read, rows_imported, rows_rejected, rows_duplicate FROM voiceagent.import_leads(:'file', campaign_id => :c);
SELECT e.row_number, e.kind, e.column_name, e.value FROM voiceagent.import_errors e WHERE e.tenant_id = voiceagent.current_tenant() ORDER BY 1, e.error_number;
SELECT count(*) AS differ FROM (
	(SELECT row_number, error_number, column_name, value, kind, reason, line, phone FROM voiceagent.import_reports WHERE tenant_id = voiceagent.current_tenant() AND dry_run
	EXCEPT SELECT row_number, error_number, column_name, value, kind, reason, line, phone FROM voiceagent.import_errors WHERE tenant_id = voiceagent.current_tenant())
	UNION ALL (SELECT row_number, error_number, column_name, value, kind, reason, line, phone FROM voiceagent.import_errors WHERE tenant_id = voiceagent.current_tenant()
	EXCEPT SELECT row_number, error_number, column_name, value, kind, reason, line, phone FROM voiceagent.import_reports WHERE tenant_id = voiceagent.current_tenant() AND dry_run)) d;
SELECT min(lead_id) - :lead AS first, bool_and(lead_id < 1::bigint << 62) AS plain FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND batch_id = :dry + 1;
-- a dry run that would change leads that are there, too
SELECT last_value AS lead FROM voiceagent.leads_lead_id_seq \gset
SELECT rows_updated FROM voiceagent.import_leads(:'file', dry_run => true, campaign_id => :c, on_duplicate => 'update');
SELECT last_value - :lead AS used FROM voiceagent.leads_lead_id_seq;
-- what is held of a person is exported and erased, whichever of them it stands in
SELECT jsonb_path_query_array(voiceagent.export_lead(lead_id), '$.import_reports[*].dry_run') AS held FROM voiceagent.leads
WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125551002';
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
