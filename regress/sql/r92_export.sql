-- Exports: a page of lines each, harmless in a spreadsheet, filtered, with totals equal to the stored ones; every view can be copied.
\set ECHO none
\i lib/inbox_setup.inc
\i lib/try.inc
\set ECHO all
-- What a spreadsheet would compute gets an apostrophe; telephone numbers and negative numbers stay; quotes where the format asks for them.
SELECT voiceagent_private.csv_line(ROW('=1+1'::text, '+cmd|x'::text, '-2+3'::text, '@SUM(A1)'::text, E'\t=1'::text, E'\r=1'::text, '+12125550100'::text, -5, 'a=b'::text, ''::text, NULL::text), ',') AS formulas;
SELECT voiceagent_private.csv_line(ROW('a,b'::text, 'say "x"'::text, E'two\nlines'::text, ' blank'::text, '="a"'::text, E'\u202egnp'::text, 1.50, true, '{a,b}'::text[]), ',') AS quoted,
	voiceagent_private.csv_line(ROW('a,b'::text, 'c;d'::text), ';') AS by_semicolon;
-- in full width, behind a line's end, and behind a separator of another reader's
SELECT voiceagent_private.csv_line(ROW('＝1+1'::text, '＋1'::text, '－1'::text, '＠SUM(A1)'::text, E'\n=1'::text, '！=1'::text, 'ｱ=1'::text), ',') AS full_width,
	voiceagent_private.csv_line(ROW('a;=1+1'::text, 'a|=1'::text, E'a\t=1'::text), ',') AS other_separators;

BEGIN;
SELECT pg_temp.begin_calls('Export', ARRAY['5001', '5002', '5003', '5004']) AS tenant \gset
UPDATE voiceagent.leads SET first_name = '=HYPERLINK("http://x","y")', company = '@evil; Ltd' WHERE tenant_id = :tenant AND phone = '+12125555001';
SELECT pg_temp.dial();
SELECT max(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = :tenant \gset
SELECT pg_temp.take(pg_temp.webhook('5001', 'report', 'customer-ended-call', 60, '{"interest": "high"}'), pg_temp.webhook('5002', 'report', 'customer-busy'),
	pg_temp.webhook('5003', 'report', 'customer-ended-call', 30, '{"do_not_call": true}'));
SELECT voiceagent_private.apply_inbox(10);
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT voiceagent_private.fold_figures(100) AS more;
SELECT regexp_replace(l, '^(\d+),|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*', '', 'g') AS line FROM voiceagent.export_lines('leads') l;
SELECT left(convert_from(convert_to(l, 'UTF8'), 'UTF8'), 1) = U&'\FEFF' AS bom, split_part(l, ';', 2) AS second FROM voiceagent.export_lines('calls', bom := true, separator := ';') WITH ORDINALITY AS l(l, n) WHERE n = 1;
SELECT (l::jsonb) ->> 'phone' AS phone, (l::jsonb) ->> 'first_name' AS untouched FROM voiceagent.export_lines('calls', 'ndjson') l;
-- Filters, pages, and the totals of what is stored.
SELECT count(*) AS opted_out FROM voiceagent.export_lines('calls', 'ndjson', outcome := 'do_not_call', campaign_id := :c);
SELECT count(*) AS of_another_time FROM voiceagent.export_lines('calls', 'ndjson', to_day := '2020-01-01');
SELECT count(*) AS first_page, max((l::jsonb ->> 'call_id')::bigint) AS after FROM voiceagent.export_lines('calls', 'ndjson', max_rows := 3) l \gset
SELECT :first_page AS first_page, count(*) AS last_page FROM voiceagent.export_lines('calls', after := :after);
SELECT sum((l::jsonb ->> 'duration_seconds')::numeric) = (SELECT sum(duration_seconds) FROM voiceagent.calls WHERE tenant_id = :tenant) AS seconds,
	sum((l::jsonb ->> 'credits')::numeric) = (SELECT sum(credits) FROM voiceagent.calls WHERE tenant_id = :tenant) AS credits FROM voiceagent.export_lines('calls', 'ndjson') l;
SELECT sum((l::jsonb ->> 'change')::numeric) = (SELECT available + held FROM voiceagent.credit_balance) AS ledger FROM voiceagent.export_lines('ledger', 'ndjson') l;
SELECT sum((l::jsonb ->> 'calls')::bigint) AS analytics FROM voiceagent.export_lines('analytics', 'ndjson') l;
-- A page of transcripts ends with a whole call.
SELECT count(DISTINCT l::jsonb ->> 'call_id') AS calls, count(*) > 1 AS whole FROM voiceagent.export_lines('transcripts', 'ndjson', max_rows := 1, campaign_id := :c) l;
SELECT count(*) AS appointments FROM voiceagent.export_lines('appointments', 'ndjson') l;
SELECT pg_temp.try('SELECT voiceagent.export_lines(''passwords'')') AS what, pg_temp.try('SELECT voiceagent.export_lines(''calls'', ''xls'')') AS format, pg_temp.try('SELECT voiceagent.export_lines(''calls'', separator := ''x'')') AS separator,
	pg_temp.try('SELECT voiceagent.export_lines(''calls'', max_rows := 1000000)') AS page, pg_temp.try('SELECT voiceagent.export_lines(''leads'', outcome := ''busy'')') AS filter,
	pg_temp.try('SELECT voiceagent.export_lines(''calls'', from_day := ''2026-02-01'', to_day := ''2026-01-01'')') AS backwards;
COMMIT;

-- Another tenant takes nothing of it; whoever only looks may take what it sees.
BEGIN;
SELECT pg_temp.begin_calls('Export of another', ARRAY['5009']) AS other \gset
SET LOCAL ROLE voiceagent_user;
SELECT count(*) FROM voiceagent.export_lines('calls', 'ndjson');
SELECT count(*) FROM voiceagent.export_lines('leads', 'ndjson');
-- Each view can be copied.
\o /dev/null
SELECT format('COPY (SELECT * FROM %s) TO STDOUT (FORMAT csv)', c.oid::regclass) FROM pg_class c WHERE c.relnamespace = 'voiceagent_bi'::regnamespace AND c.relname NOT IN ('today', 'campaigns', 'last_21_days', 'lead_sets') ORDER BY c.relname COLLATE "C"
\gexec
\o
ROLLBACK;
