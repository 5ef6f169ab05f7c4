-- 20_import: a file is compared with what an assistant's prompt needs, in a dry run and in an import, before anybody is dialled.
\set VERBOSITY terse
SELECT voiceagent.create_tenant('Lacking', 'UTC', 10) AS tenant, voiceagent.create_tenant('Lacking neighbour', 'UTC', 10) AS other \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.create_assistant('Theirs', 'Hello', 'Sell {{x}}.') AS theirs \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Ada', 'Hello {{first_name}}', 'You call about {{product}} in {{city | default: "town"}}.') AS ada, voiceagent.create_assistant('Plain', 'Hello', 'Sell.') AS plain \gset
SELECT E'Phone,First name,product\n+12025550101,Ann,roofs\n+12025550102,,roofs\n+12025550103,Cid,\n+12025550104,,\nbad,,\n+12025550101,,\n' AS csv \gset
-- the preview names the rows, and what each lacks; a row that is no lead is named for that alone
SELECT rows_read, rows_imported, rows_rejected, rows_duplicate FROM voiceagent.import_leads(:'csv', dry_run := true, assistant_id := :ada);
SELECT row_number, kind, reason FROM voiceagent.import_reports WHERE tenant_id = :tenant AND dry_run ORDER BY row_number, error_number;
SELECT count(*) AS leads FROM voiceagent.leads WHERE tenant_id = :tenant;
-- without an assistant, or with one that needs nothing, as ever
SELECT count(*) FROM (SELECT voiceagent.import_leads(:'csv', dry_run := true), voiceagent.import_leads(:'csv', dry_run := true, assistant_id := :plain)) x;
SELECT count(*) FROM voiceagent.import_reports WHERE tenant_id = :tenant AND reason ~ 'prompt';
-- an import says the same, imports the leads all the same, and keeps the assistant
SELECT batch_id AS b, rows_imported FROM voiceagent.import_leads(:'csv', assistant_id := :ada) \gset
SELECT :rows_imported AS rows_imported, (SELECT assistant_id = :ada FROM voiceagent.import_batches WHERE batch_id = :b AND tenant_id = :tenant) AS kept;
SELECT row_number, kind, reason, phone FROM voiceagent.import_errors WHERE tenant_id = :tenant AND batch_id = :b AND kind = 'warning' ORDER BY row_number;
-- bounded: of a file of many such rows a thousand are named
SELECT rows_imported FROM voiceagent.import_leads((SELECT 'Phone,product' || E'\n' || string_agg(format('+1202555%s,roofs', 1000 + i), E'\n') FROM generate_series(1, 1500) i), dry_run := true, assistant_id := :ada);
SELECT count(*) FROM voiceagent.import_reports r JOIN (SELECT max(batch_id) AS batch_id FROM voiceagent.import_batches WHERE tenant_id = :tenant) b USING (batch_id) WHERE tenant_id = :tenant AND reason ~ 'prompt';
-- the assistant of the campaign that the file is for is known, unless another is named
SELECT voiceagent.create_campaign('Lacking', :ada) AS campaign \gset
SELECT rows_imported FROM voiceagent.import_leads(replace(:'csv', '+1202555', '+1202556'), campaign_id := :campaign, dry_run := true);
SELECT row_number, kind, reason FROM voiceagent.import_reports r JOIN (SELECT max(batch_id) AS batch_id FROM voiceagent.import_batches WHERE tenant_id = :tenant) b USING (batch_id) WHERE tenant_id = :tenant AND reason ~ 'prompt' ORDER BY row_number;
SELECT rows_imported FROM voiceagent.import_leads(replace(:'csv', '+1202555', '+1202556'), campaign_id := :campaign, assistant_id := :plain, dry_run := true);
SELECT count(*) FROM voiceagent.import_reports r JOIN (SELECT max(batch_id) AS batch_id FROM voiceagent.import_batches WHERE tenant_id = :tenant) b USING (batch_id) WHERE tenant_id = :tenant AND reason ~ 'prompt';
-- the assistant of another tenant, or none at all
SAVEPOINT s;
SELECT voiceagent.import_leads(:'csv', assistant_id := :theirs);
ROLLBACK TO s;
SELECT voiceagent.import_leads(:'csv', dry_run := true, assistant_id := -1);
ROLLBACK;
