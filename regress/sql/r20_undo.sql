-- An import taken back: all of it or nothing; its rejected rows; re-import and update of what was there.
\set SHOW_CONTEXT never
CREATE ROLE r20_undo LOGIN;
SELECT voiceagent.create_tenant('r20 undo') AS tenant \gset
SELECT voiceagent.map_role('r20_undo', :tenant);
SET SESSION AUTHORIZATION r20_undo;
SELECT voiceagent.create_assistant('undo', 'Hello', 'Be kind') AS assistant \gset
SELECT voiceagent.create_campaign('undo', :assistant) AS campaign \gset
CREATE FUNCTION pg_temp.batch() RETURNS bigint LANGUAGE sql AS 'SELECT max(batch_id) FROM voiceagent.import_batches';

-- gone with everything that came with it; what was there before stays, and the list of those who must not be called
SELECT voiceagent.add_lead('2125550201') AS before \gset
SELECT rows_imported, rows_duplicate, rows_do_not_call FROM voiceagent.import_leads(
	E'phone,phone2,consent,tags\n2125550201,,,\n2125550202,2125550203,yes,new;hot\n2125550204,,no,', campaign_id => :campaign);
SELECT voiceagent.do_not_call('2125550204', 'asked');
SELECT (SELECT count(*) FROM voiceagent.leads) AS leads, (SELECT count(*) FROM voiceagent.lead_numbers) AS numbers,
	(SELECT count(*) FROM voiceagent.consents) AS consents, (SELECT count(*) FROM voiceagent.campaign_leads) AS members;
SELECT voiceagent.undo_import(pg_temp.batch());
SELECT (SELECT count(*) FROM voiceagent.leads) AS leads, (SELECT count(*) FROM voiceagent.lead_numbers) AS numbers,
	(SELECT count(*) FROM voiceagent.consents) AS consents, (SELECT count(*) FROM voiceagent.campaign_leads) AS members,
	(SELECT count(*) FROM voiceagent.do_not_call_list) AS listed;
SELECT status, undone_at IS NOT NULL AS undone, rows_imported FROM voiceagent.import_batches WHERE batch_id = pg_temp.batch();
SELECT action, object = pg_temp.batch()::text AS of_batch, new_value FROM voiceagent.audit_log WHERE action = 'undo_import';

-- refused: twice, unknown, dry, not finished
\set VERBOSITY sqlstate
SELECT voiceagent.undo_import(pg_temp.batch());
SELECT voiceagent.undo_import(0);
SELECT voiceagent.undo_import(NULL);
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n2125550205', dry_run => true);
SELECT voiceagent.undo_import(pg_temp.batch());
SELECT voiceagent.begin_import() AS open \gset
SELECT voiceagent.undo_import(:open);
\set VERBOSITY default

-- the file once more: who opted out does not come back; then it changes nothing
SELECT rows_imported, rows_duplicate, rows_do_not_call FROM voiceagent.import_leads(E'phone,name\n2125550202,Ann\n2125550204,Bob');
SELECT voiceagent.record_consent((SELECT lead_id FROM voiceagent.leads WHERE phone = '+12125550202'), 'call', 'form') > 0 AS recorded,
	voiceagent.revoke_consent((SELECT lead_id FROM voiceagent.leads WHERE phone = '+12125550202'), 'call') AS revoked;
SELECT md5(string_agg(l::text, '/' ORDER BY lead_id)) AS was FROM voiceagent.leads l \gset
SELECT rows_imported, rows_duplicate, rows_do_not_call FROM voiceagent.import_leads(E'phone,name,consent\n2125550202,Else,yes\n2125550204,Bob,yes');
SELECT md5(string_agg(l::text, '/' ORDER BY lead_id)) = :'was' AS unchanged, (SELECT count(*) FROM voiceagent.consents WHERE revoked_at IS NULL) AS consents
FROM voiceagent.leads l;

-- a number twice in a file, of a lead that was changed: it stays one lead
SELECT voiceagent.update_lead((SELECT lead_id FROM voiceagent.leads WHERE phone = '+12125550202'), '{"company": "Acme"}') > 0 AS changed;
SELECT rows_imported, rows_duplicate FROM voiceagent.import_leads(E'phone,name\n2125550202,Else\n2125550202,Other');
SELECT first_name, company FROM voiceagent.leads WHERE phone = '+12125550202';

-- update: what the file says wins, what it does not say stays; later rows over earlier ones, wherever the file is cut
SELECT voiceagent.update_lead((SELECT lead_id FROM voiceagent.leads WHERE phone = '+12125550202'), '{"email": "ann@example.com", "priority": 2, "region": "TX", "context": {"a": "1", "b": "1"}}') > 0 AS changed;
SELECT voiceagent.tag_leads(ARRAY[(SELECT lead_id FROM voiceagent.leads WHERE phone = '+12125550202')], '{old}');
SELECT rows_read, rows_imported, rows_duplicate, rows_do_not_call, rows_updated FROM voiceagent.import_leads(
	E'phone,first name,last name,email,b,tags,consent\n2125550202,Anne,,,2,"new,old",yes\n2125550204,Bob,,,,,\n2125550206,Cy,,,,,\n2125550202,,Smith,no mail,3,,\n2125550206,Di,,,,,',
	on_duplicate => 'update');
SELECT phone, first_name, last_name, email, region, priority, tags, context, status FROM voiceagent.leads ORDER BY lead_id;
SELECT count(*) AS consents FROM voiceagent.consents WHERE revoked_at IS NULL;
SELECT row_number, kind, reason FROM voiceagent.import_reports WHERE batch_id = pg_temp.batch() ORDER BY 1, 2;
\set VERBOSITY terse
DO $$ BEGIN PERFORM voiceagent.undo_import(pg_temp.batch()); EXCEPTION WHEN SQLSTATE 'PT409' THEN RAISE NOTICE '%', regexp_replace(SQLERRM, 'import \d+', 'import N'); END $$;
\set VERBOSITY default
SELECT rows_updated FROM voiceagent.import_leads(E'phone,priority,state\n2125550202,high,NV', on_duplicate => 'update');
SELECT region, timezones, priority FROM voiceagent.leads WHERE phone = '+12125550202';
-- a time zone alone leaves the state, whose law holds; a state brings its zones, a zone of the row's own goes before them
SELECT rows_updated FROM voiceagent.import_leads(E'phone,timezone\n2125550202,America/Chicago', on_duplicate => 'update');
SELECT region, timezones FROM voiceagent.leads WHERE phone = '+12125550202';
SELECT rows_updated FROM voiceagent.import_leads(E'phone,state\n2125550202,Texas', on_duplicate => 'update');
SELECT region, timezones FROM voiceagent.leads WHERE phone = '+12125550202';
SELECT rows_updated FROM voiceagent.import_leads(E'phone,state,timezone\n2125550202,NV,America/Denver', on_duplicate => 'update');
SELECT region, timezones FROM voiceagent.leads WHERE phone = '+12125550202';
-- further numbers are added where there is room; none is changed
SELECT rows_updated FROM voiceagent.import_leads(E'phone,phone2,phone3\n2125550202,2125550207,2125550202\n2125550202,2125550208,2125550209\n2125550201,,2125550207', on_duplicate => 'update');
SELECT l.phone, n.number, n.phone AS further FROM voiceagent.lead_numbers n JOIN voiceagent.leads l USING (tenant_id, lead_id) ORDER BY 1, 2;
-- ... and what finds no room, or is on a list, is said once; a place that the lead has of its own holds for them all
SELECT voiceagent.do_not_call('2125550218', 'asked');
SELECT rows_updated FROM voiceagent.import_leads(E'phone,phone2\n2125550202,2125550217\n2125550202,2125550219\n2125550201,2125550218', on_duplicate => 'update');
SELECT row_number, column_name, value, kind, reason FROM voiceagent.import_reports WHERE batch_id = pg_temp.batch() ORDER BY 1, error_number;
SELECT rows_updated FROM voiceagent.import_leads(E'phone,phone2\n2125550201,2125550218', on_duplicate => 'update');
SELECT count(*) AS warnings FROM voiceagent.import_reports WHERE batch_id = pg_temp.batch();
SELECT n.number, n.phone AS further, n.region, n.timezones FROM voiceagent.lead_numbers n JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE l.phone = '+12125550202' ORDER BY 1;
-- the same in pieces of seven bytes
SELECT voiceagent.begin_import(on_duplicate => 'update') AS pieces \gset
SELECT count(voiceagent.append_import(:pieces, substr(file, i, 7))) FROM convert_to(E'phone,first name,tags,x\n2125550202,Anna,x;y,1\n2125550202,,z,2\n2125550202,Annie,,\n', 'UTF8') file, generate_series(1, length(file), 7) i;
SELECT rows_read, rows_updated FROM voiceagent.finish_import(:pieces);
SELECT first_name, last_name, tags, context FROM voiceagent.leads WHERE phone = '+12125550202';
SELECT voiceagent.import_leads(E'phone\n2125550202', on_duplicate => 'replace');

-- the same request again is the same import
SELECT voiceagent.import_leads(E'phone\n2125550210', idempotency_key => 'monday') = voiceagent.import_leads(E'phone\n2125550210', idempotency_key => 'monday') AS same;
\set VERBOSITY terse
DO $$ BEGIN PERFORM voiceagent.import_leads(E'phone\n2125550211', idempotency_key => 'monday'); EXCEPTION WHEN SQLSTATE 'PT409' THEN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN PERFORM voiceagent.import_leads(E'phone\n2125550210', default_country => 'GB', idempotency_key => 'monday'); EXCEPTION WHEN SQLSTATE 'PT409' THEN RAISE NOTICE '%', SQLERRM; END $$;
SELECT voiceagent.begin_import(idempotency_key => 'pieces') = voiceagent.begin_import(idempotency_key => 'pieces') AS same;
SELECT voiceagent.append_import(voiceagent.begin_import(idempotency_key => 'pieces'), 'phone\0122125550212');
SELECT status, bytes_read FROM voiceagent.import_batches WHERE idempotency_key = 'pieces';
SELECT rows_imported FROM voiceagent.finish_import(voiceagent.begin_import(idempotency_key => 'pieces'));
DO $$ BEGIN PERFORM voiceagent.begin_import('{"name": null}', idempotency_key => 'pieces'); EXCEPTION WHEN SQLSTATE 'PT409' THEN RAISE NOTICE '%', SQLERRM; END $$;
SELECT voiceagent.undo_import(voiceagent.begin_import(idempotency_key => 'pieces'));
DO $$ BEGIN PERFORM voiceagent.begin_import(idempotency_key => 'pieces'); EXCEPTION WHEN SQLSTATE 'PT409' THEN RAISE NOTICE '%', SQLERRM; END $$;
\set VERBOSITY default

-- rejected rows come back as a file that can be imported again
SELECT rows_imported, rows_rejected FROM voiceagent.import_leads(E'Name;Phone;"Note; ""own"""\nAnn;212;"a ""b"", c"\nBob;2125550213;x\nCy;2.1E+9;"two\nlines"\nDi;2125550214;y;z\nEve;22;' || repeat('long ', 7000));
SELECT voiceagent.rejected_csv(pg_temp.batch()) AS rejected \gset
\echo :rejected
SELECT voiceagent.rejected_csv(pg_temp.batch(), 1, 1);
SELECT rows_read, rows_imported, rows_rejected FROM voiceagent.import_leads(replace(replace(replace(:'rejected', ',212,', ',212 555 0215,'), '2.1E+9', '2125550216'), ',z', ''));
SELECT phone, first_name, context FROM voiceagent.leads WHERE batch_id = pg_temp.batch() ORDER BY batch_row;
-- ... also what a spreadsheet would compute: it gets an apostrophe, which the import takes off
SELECT rows_imported, rows_rejected FROM voiceagent.import_leads(E'Phone,Name,=Note,Who\n=cmd,=1+1,a;=2,\'x\n+1 212,-5,＝3,"@"\n');
SELECT voiceagent.rejected_csv(pg_temp.batch()) AS rejected \gset
\echo :rejected
SELECT rows_imported, rows_rejected FROM voiceagent.import_leads(replace(replace(:'rejected', '''=cmd', '212 555 0217'), '''+1 212', '''+1 212 555 0238'));
SELECT phone, first_name, context FROM voiceagent.leads WHERE batch_id = pg_temp.batch() ORDER BY batch_row;
SELECT voiceagent.rejected_csv(0);
SELECT voiceagent.begin_import() AS empty \gset
SELECT voiceagent.rejected_csv(:empty) IS NULL AS nothing_yet;

-- several numbers, each column judged by itself; the first that is one is the lead's first
SELECT rows_imported, rows_rejected FROM voiceagent.import_leads(
	E'Name,Phone,Mobile Phone,Home Phone,Work Phone,Phone 5,Fax,State,consent,consent source,consent at\n'
	'Ann,2125550221,+44 7400 123456,2125550222 x5,2125550221,2125550222,2125550299,,yes,https://example.com/form,2026-05-03T12:00:00+02:00\n'
	'Bob,,2125550223,,2125550224,,,NV,yes,,\n'
	'Cy,123,2125550225,456,,,,,yes,,\n'
	'Di,,,,,,,,,,\n'
	'Eve,,77,,,,,,,,\n'
	'Flo,2125550226,,,,,,,maybe,,\n'
	'Gil,2125550227,,,,,,,1,,yesterday\n');
SELECT l.first_name, l.phone, l.region, n.number, n.phone AS further, n.extension, n.country, n.region AS region, n.timezones, l.context
FROM voiceagent.leads l LEFT JOIN voiceagent.lead_numbers n USING (tenant_id, lead_id) WHERE l.batch_id = pg_temp.batch() ORDER BY l.lead_id, n.number;
SELECT phone, kind, regexp_replace(source, 'import \d+', 'import N') AS source, CASE WHEN granted_at < '2026-05-04' THEN granted_at AT TIME ZONE 'UTC' END AS granted FROM voiceagent.consents
WHERE revoked_at IS NULL ORDER BY consent_id;
SELECT row_number, error_number AS n, column_name, value, kind, reason FROM voiceagent.import_reports WHERE batch_id = pg_temp.batch() ORDER BY 1, 2;

-- when a consent was given is by the tenant's clock, unless the file says an offset
RESET SESSION AUTHORIZATION;
SELECT voiceagent.set_tenant_timezone(:tenant, 'Europe/Berlin') \g /dev/null
SET SESSION AUTHORIZATION r20_undo;
SELECT rows_imported, rows_rejected FROM voiceagent.import_leads(
	E'phone,consent,consent at\n2125550281,yes,2025-05-03\n2125550282,yes,2025-01-03 14:05\n2125550283,yes,2025-05-03T14:05Z\n2125550284,yes,2025-05-03T14:05+05:30');
SELECT c.phone, c.granted_at AT TIME ZONE 'UTC' AS granted FROM voiceagent.consents c JOIN voiceagent.leads l USING (tenant_id, lead_id)
WHERE l.batch_id = pg_temp.batch() ORDER BY c.consent_id;

-- an own number that came with a file goes with it, and can be registered anew
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n2125550291\n2125550292');
SELECT voiceagent.register_own_number('2125550291') > 0 AS own;
SELECT voiceagent.undo_import(pg_temp.batch());
SELECT count(*) AS own_numbers FROM voiceagent.own_numbers;
SELECT voiceagent.register_own_number('2125550291') AS own \gset
SELECT phone FROM voiceagent.leads WHERE lead_id = :own;

-- tags: any number of them that are too long are said once, in a row that is said something else of, too
SELECT rows_duplicate FROM voiceagent.import_leads(E'phone,tags\n2125550202,' || (SELECT string_agg(repeat('x', 101), ';') FROM generate_series(1, 300)));
SELECT error_number AS n, kind, left(value, 12) AS value, regexp_replace(reason, 'lead \d+', 'lead N') AS reason FROM voiceagent.import_reports WHERE batch_id = pg_temp.batch() ORDER BY 1;
SELECT array_agg(lead_id ORDER BY lead_id) AS some FROM (SELECT lead_id FROM voiceagent.leads ORDER BY lead_id LIMIT 3) l \gset
SELECT voiceagent.tag_leads(:'some', '{ vip ,hot,vip}'), voiceagent.tag_leads(:'some', '{vip}') AS again, voiceagent.untag_leads(:'some', '{hot,none}');
SELECT tags, count(*) FROM voiceagent.leads WHERE lead_id = ANY (:'some') GROUP BY 1 ORDER BY 1;
-- a lead keeps at most 50, and a context of 4 MB, whichever way they come
SELECT rows_updated FROM voiceagent.import_leads(E'phone,tags,note\n2125550202,' || (SELECT string_agg('f' || i, ';') FROM generate_series(1, 49) i) || E',x\n2125550202,f1;g,y', on_duplicate => 'update');
SELECT cardinality(tags) AS tags, context ->> 'note' AS note FROM voiceagent.leads WHERE phone = '+12125550202';
SELECT row_number, column_name, value, kind, reason FROM voiceagent.import_reports WHERE batch_id = pg_temp.batch() ORDER BY 1, error_number;
SELECT count(voiceagent.update_lead((SELECT lead_id FROM voiceagent.leads WHERE phone = '+12125550202'), jsonb_build_object('context', jsonb_build_object('long', repeat('x', 4194000))))) AS changed;
SELECT rows_updated FROM voiceagent.import_leads(E'phone,email,more\n2125550202,anne@example.com,' || repeat('y', 1000), on_duplicate => 'update');
SELECT email, context ? 'long' AS was, context ? 'more' AS is_new FROM voiceagent.leads WHERE phone = '+12125550202';
SELECT row_number, column_name, value, kind, reason FROM voiceagent.import_reports WHERE batch_id = pg_temp.batch() ORDER BY 1, error_number;
SELECT voiceagent.tag_leads(ARRAY[0], '{a}');
SELECT voiceagent.tag_leads(:'some', '{}');
SELECT voiceagent.tag_leads(:'some', '{"a;b"}');
SELECT voiceagent.tag_leads(:'some', (SELECT array_agg('t' || i) FROM generate_series(1, 50) i));

-- consent of who is a lead already: a no ends it, whatever becomes of its row; a yes of an update is recorded, but brings back none
-- that was withdrawn unless it was given later
CREATE FUNCTION pg_temp.consents() RETURNS TABLE (phone text, source text, given date, holds boolean) LANGUAGE sql AS $$
	SELECT phone, regexp_replace(source, 'import \d+', 'import N'), CASE WHEN granted_at < '2026-06-01' THEN (granted_at AT TIME ZONE (SELECT timezone FROM voiceagent.tenants))::date END, revoked_at IS NULL FROM voiceagent.consents
	WHERE phone BETWEEN '+12125550301' AND '+12125550399' ORDER BY phone, consent_id $$;
CREATE FUNCTION pg_temp.said() RETURNS TABLE (row_number bigint, kind text, column_name text, reason text) LANGUAGE sql AS $$
	SELECT row_number, kind, column_name, regexp_replace(reason, 'lead \d+', 'lead N') FROM voiceagent.import_reports WHERE batch_id = pg_temp.batch() ORDER BY row_number, error_number $$;
SELECT rows_imported FROM voiceagent.import_leads(E'phone,phone2,consent\n2125550301,2125550309,yes\n2125550302,,yes\n2125550303,,yes\n2125550304,,\n2125550305,,');
SELECT voiceagent.record_consent(lead_id, 'call', 'form', phone => '2125550309') > 0 AS further, voiceagent.record_consent(lead_id, 'recording', 'form') > 0 AS recording
FROM voiceagent.leads WHERE phone = '+12125550301';
SELECT rows_updated FROM voiceagent.import_leads(E'phone,first_name,consent,consent_source,consent_at\n2125550301,Ann,no,withdrawn by mail,\n2125550304,Di,yes,paper,2026-05-03\n2125550305,Eve,no,,', dry_run => true, on_duplicate => 'update');
SELECT * FROM pg_temp.said();
SELECT count(*) AS "a dry run ends none" FROM pg_temp.consents() WHERE holds;
SELECT rows_updated FROM voiceagent.import_leads(E'phone,first_name,consent,consent_source,consent_at\n2125550301,Ann,no,withdrawn by mail,\n2125550304,Di,yes,paper,2026-05-03\n2125550305,Eve,no,,', on_duplicate => 'update');
SELECT * FROM pg_temp.said();
SELECT * FROM pg_temp.consents();
-- skipped, or on the do-not-call list: it counts all the same
SELECT voiceagent.do_not_call('2125550303', 'asked');
SELECT rows_duplicate, rows_do_not_call FROM voiceagent.import_leads(E'phone,email,consent\n2125550302,none,Withdrawn\n2125550303,,no\n2125550304,,not now');
SELECT * FROM pg_temp.said();
SELECT count(*) AS holding FROM pg_temp.consents() WHERE holds;
-- the same list comes every night: what is known is not recorded again, what is newer is
SELECT rows_updated FROM voiceagent.import_leads(E'phone,consent,consent_source,consent_at\n2125550304,yes,paper,2026-05-03\n2125550304,yes,,\n2125550304,yes,older paper,2026-04-01\n2125550304,yes,newer paper,2026-05-20\n2125550305,yes,,\n2125550305,yes,,', on_duplicate => 'update');
SELECT rows_updated FROM voiceagent.import_leads(E'phone,consent,consent_source,consent_at\n2125550304,yes,paper,2026-05-03\n2125550305,yes,,', on_duplicate => 'update');
SELECT * FROM pg_temp.said();
SELECT * FROM pg_temp.consents() WHERE phone >= '+12125550304';
-- withdrawn: a yes of before, or of nobody knows when, records nothing, and is said
SELECT rows_updated FROM voiceagent.import_leads(E'phone,consent,consent_at\n2125550302,yes,\n2125550301,yes,2026-05-03', on_duplicate => 'update');
SELECT * FROM pg_temp.said();
RESET SESSION AUTHORIZATION;
UPDATE voiceagent.consents SET revoked_at = '2026-05-10' WHERE tenant_id = :tenant AND phone = '+12125550302';
SET SESSION AUTHORIZATION r20_undo;
SELECT rows_updated FROM voiceagent.import_leads(E'phone,consent,consent_at\n2125550302,yes,2026-05-11', on_duplicate => 'update');
SELECT * FROM pg_temp.consents() WHERE phone = '+12125550302';
-- one number in many rows: as they stand, wherever the file is cut
CREATE FUNCTION pg_temp.by_turns(pieces integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v_file bytea := convert_to(E'phone,consent,consent_at\n2125550304,no,\n2125550306,no,\n2125550306,yes,2026-05-04\n2125550306,no,\n2125550304,yes,2026-05-29\n2125550306,yes,\n', 'UTF8');
	v_batch bigint;
BEGIN
	PERFORM voiceagent.add_lead('2125550306');
	v_batch := voiceagent.begin_import(on_duplicate => 'update');
	PERFORM voiceagent.append_import(v_batch, substr(v_file, i, pieces)) FROM generate_series(1, length(v_file), pieces) i;
	PERFORM voiceagent.finish_import(v_batch);
	RETURN QUERY SELECT c::text FROM pg_temp.consents() c WHERE phone IN ('+12125550304', '+12125550306');
	RETURN QUERY SELECT s::text FROM pg_temp.said() s;
END $$;
BEGIN;
SELECT string_agg(t, E'\n') AS whole FROM pg_temp.by_turns(10000) t \gset
\echo :whole
ROLLBACK;
BEGIN;
SELECT string_agg(t, E'\n') = :'whole' AS "the same in pieces" FROM pg_temp.by_turns(9) t;
ROLLBACK;
-- and each number's n-th rows together: no statement a row
RESET SESSION AUTHORIZATION;
BEGIN;
SET LOCAL track_functions = 'pl';
SET LOCAL SESSION AUTHORIZATION r20_undo;
SELECT rows_duplicate FROM voiceagent.import_leads(E'phone,consent\n2125550301,no\n2125550302,no\n2125550303,no\n2125550304,no\n2125550303,no\n2125550302,no\n2125550301,no');
SELECT pg_stat_get_xact_function_calls(p.oid) AS statements FROM pg_proc p WHERE p.proname = 'take_consent_of_each';
ROLLBACK;
SET SESSION AUTHORIZATION r20_undo;
-- who has the number, says no: also for others who have it as a further one; their own first one is another's
SELECT voiceagent.record_consent(lead_id, 'call', 'form', phone => '2125550309') > 0 AS further, voiceagent.record_consent(lead_id, 'call', 'form') > 0 AS first
FROM voiceagent.leads WHERE phone = '+12125550301';
SELECT rows_imported FROM voiceagent.import_leads(E'phone,consent\n2125550309,no\n2125550310,yes\n2125550310,no');
SELECT * FROM pg_temp.said();
SELECT * FROM pg_temp.consents() WHERE phone IN ('+12125550301', '+12125550309', '+12125550310') AND holds;
-- digits that may be either of two numbers, and a no: the row is refused, and whoever it is has no consent that holds; no other word ends one
SELECT rows_imported FROM voiceagent.import_leads(E'phone,consent\n+491711234567,yes\n+49491711234567,yes\n+491711234568,yes\n+491711234570,yes\n+491711234571,yes');
CREATE FUNCTION pg_temp.germans() RETURNS TABLE (phone text, holds boolean) LANGUAGE sql AS $$
	SELECT c.phone, c.revoked_at IS NULL FROM voiceagent.consents c WHERE c.phone ~ '^.49' ORDER BY c.phone, c.consent_id $$;
SELECT rows_rejected FROM voiceagent.import_leads(E'phone,consent\n491711234567,yes\n491711234567,perhaps\n491711234571,\n49171123457E+1,no', default_country => 'DE');
SELECT count(*) AS holding FROM pg_temp.germans() WHERE holds;
SELECT rows_rejected FROM voiceagent.import_leads(E'phone,consent\n491711234567,no', default_country => 'DE');
SELECT * FROM pg_temp.said();
SELECT * FROM pg_temp.germans();
-- also where another number of the row is the first now; in the order of the file
SELECT rows_imported, rows_updated, rows_rejected FROM voiceagent.import_leads(E'phone,mobile,consent\n491711234568,+4917112345679,no\n491711234570,,no\n+491711234570,,yes\n491711234571,,yes',
	default_country => 'DE', on_duplicate => 'update');
SELECT * FROM pg_temp.said();
SELECT * FROM pg_temp.germans();
-- a yes is for the number in the column phone, and for no other one of the row
SELECT rows_updated FROM voiceagent.import_leads(E'phone,mobile,consent\n,2125550310,yes\n12,2125550309,yes', on_duplicate => 'update');
SELECT * FROM pg_temp.said();
SELECT count(*) AS holding FROM pg_temp.consents() WHERE phone IN ('+12125550309', '+12125550310') AND holds;
-- taken back but for those that have something: they stay in their campaign, the others are gone
SELECT rows_imported FROM voiceagent.import_leads(E'phone\n2125550331\n2125550332\n2125550333', campaign_id => :campaign);
SELECT voiceagent.create_task('other', 'Ring', lead_id => (SELECT lead_id FROM voiceagent.leads WHERE phone = '+12125550332')) > 0 AS task;
\set VERBOSITY sqlstate
SELECT voiceagent.undo_import(pg_temp.batch());
\set VERBOSITY default
SELECT count(*) AS all_there FROM voiceagent.leads WHERE batch_id = pg_temp.batch();
SELECT voiceagent.undo_import(pg_temp.batch(), keep_called => true) AS gone;
SELECT l.phone, (SELECT count(*) FROM voiceagent.campaign_leads m WHERE m.lead_id = l.lead_id) AS campaigns FROM voiceagent.leads l WHERE l.batch_id = pg_temp.batch();
\set VERBOSITY sqlstate
SELECT voiceagent.undo_import(pg_temp.batch(), keep_called => true);
\set VERBOSITY default
RESET SESSION AUTHORIZATION;
