-- Import of CSV files: header, mapping, numbers, places, reports, and what is refused.
\set SHOW_CONTEXT never
CREATE ROLE r20_member LOGIN;
SELECT voiceagent.create_tenant('r20 import') AS tenant \gset
SELECT voiceagent.map_role('r20_member', :tenant);
CREATE FUNCTION pg_temp.counts(r voiceagent.import_result) RETURNS text LANGUAGE sql AS
	$$ SELECT format('read %s imported %s rejected %s duplicate %s do_not_call %s', r.rows_read, r.rows_imported,
		r.rows_rejected, r.rows_duplicate, r.rows_do_not_call) $$;
GRANT EXECUTE ON FUNCTION pg_temp.counts(voiceagent.import_result) TO r20_member;
CREATE TEMP VIEW errors AS SELECT row_number, error_number AS n, column_name, value, kind, reason
	FROM voiceagent.import_reports WHERE batch_id = (SELECT max(batch_id) FROM voiceagent.import_batches);
ALTER VIEW errors SET (security_invoker = on);
GRANT SELECT ON errors TO r20_member;
SET SESSION AUTHORIZATION r20_member;

-- byte order mark, semicolons, mixed line ends, quoted newline, usual names, context
SELECT pg_temp.counts(voiceagent.import_leads(E'\uFEFFGiven Name;SURNAME;Mobile Phone;E-mail;Company_Name;city;state;city\r\n'
	'Ana;Smith;(415) 555-2671;ana@example.com;"Acme; ""Best"" Inc";"New\nYork";ca;second\n'
	'  Bob  ; ;+44 7400 123456;bob@example.co.uk;;;;\r'
	'Cara;D;415-555-2672 x55;not an address;;Reno;Nevada;\r\n'
	'\r\n'
	';;12345;;;;;\n'
	';;;;;;;\n'
	'Eve;E;=cmd();;;;;\n'
	'Dup;D;+1 415 555 2671;;;;;\n'));
SELECT phone, extension, first_name, last_name, email, company, country, region, timezones, context, priority, status, batch_row
FROM voiceagent.leads ORDER BY lead_id;
SELECT * FROM errors ORDER BY 1, 2;

-- a quote within a header is a character, as within a row: no row is swallowed, wherever the file is cut
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,first_name,Roof pitch 6"\n+14155550101,Ann,a\n+14155550102,Ben,b\n'
	'+14155550103,"Cid ""C""",5"\n+14155550104,Dan,d\n'));
SELECT phone, first_name, context FROM voiceagent.leads WHERE phone LIKE '+141555501%' ORDER BY phone;
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,6" pipe\n+14155550105,x\n'));
SELECT voiceagent.begin_import() AS pieces \gset
SELECT count(voiceagent.append_import(:pieces, substr(file, i, 5))) AS pieces
FROM convert_to(E'Roof pitch 6";"phone\nnumber";"a ""b"";c"\n2;+14155550106;x\n3;+14155550107;"y\n', 'UTF8') file, generate_series(1, length(file), 5) i;
SELECT pg_temp.counts(voiceagent.finish_import(:pieces));
SELECT phone, context FROM voiceagent.leads WHERE phone LIKE '+141555501%' AND batch_id = :pieces ORDER BY phone;

-- the same once more: every row is a lead already
SELECT pg_temp.counts(voiceagent.import_leads(E'phone\n+14155552671\n+14155552671\n+14155552673'));
SELECT row_number, kind, regexp_replace(reason, 'lead \d+', 'lead N') FROM errors ORDER BY 1, 2;

-- a mapping overrides only what it names; the rest stays where it was found
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,other number,name,note\n123,2125550101,Jane Q. Public,a\n,212-555-0102,"Roe, Richard",b',
	'{"phone": "Other Number"}'));
SELECT phone, first_name, last_name, context FROM voiceagent.leads WHERE phone LIKE '+1212555%' ORDER BY phone;
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,name,company\n2125550103,Jane,Acme', '{"name": null, "company": "name"}'));
SELECT phone, first_name, last_name, company, context FROM voiceagent.leads WHERE phone = '+12125550103';

-- own zone, then state, then number; what cannot be read is a warning and stays in the context
SELECT pg_temp.counts(voiceagent.import_leads(
	E'phone,timezone,state,country,priority,ext\n'
	'2125550104,America/Chicago,TX,,0,\n'
	'2125550105,,Texas,,high,12\n'
	'2125550106,Mars/Phobos,Nowhere,USA,12,x\n'
	'2125550107,EST5,,,,\n'
	'2125550108,europe/berlin,,,,\n'
	'030 901820,,Berlin,Germany,,\n'
	'020 7946 0018,,,Atlantis,,\n'
	'416-555-0109,,CA,,,\n'));
SELECT phone, region, country, timezones, priority, extension, context FROM voiceagent.leads
WHERE batch_id = (SELECT max(batch_id) FROM voiceagent.import_batches) ORDER BY batch_row;
SELECT * FROM errors ORDER BY 1, 2;

-- Usual words of a time zone are read; what is not opens no hour that a place of the country has closed, also of a lead that exists.
SELECT pg_temp.counts(voiceagent.import_leads(E'phone\n6465550130'));
SELECT pg_temp.counts(voiceagent.import_leads(
	E'phone,timezone\n'
	'6465550121,us_slash_pacific\n6465550122,Pacific Time (US & Canada)\n6465550123,(UTC-08:00) Pacific Time (US & Canada)\n'
	'6465550124,Pacific Standard Time\n6465550125,pacific\n6465550126,America/Los Angeles\n6465550127,US Mountain Standard Time\n'
	'6465550128,Central Europe Standard Time\n6465550129,Eastern and Pacific\n6465550130,Leeds\n+61291234567,Eastern Standard Time\n'
	'+61291234568,US/Eastern\n+61291234569,AUS Eastern Standard Time\n6465550131,america_slash_argentina_slash_buenos_aires\n6465550132,Pacific Time - Los Angeles\n', on_duplicate => 'update'));
SELECT phone, array_to_string(timezones, ' ') AS timezones, context FROM voiceagent.leads
WHERE batch_id >= (SELECT max(batch_id) - 1 FROM voiceagent.import_batches) ORDER BY lead_id;
SELECT * FROM errors ORDER BY 1, 2;

-- national numbers of the batch's country, else of the tenant's setting
SELECT pg_temp.counts(voiceagent.import_leads(E'tel\n07400 123457', default_country => 'gb'));
SELECT voiceagent.set_setting('default_country', 'DE') IS NOT NULL AS is_set;
SELECT pg_temp.counts(voiceagent.import_leads(E'tel\n0151 23456789'));
-- What Excel leaves of E.164: digits that are a number of the country with and without its calling code are nobody's, unless the file
-- is said to have calling codes only. A country of the row does not make them sure.
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,mobile,country\n491711234567,,\n4930901821,,\n491711234568,0171 1234569,\n491711234568,,DE'));
SELECT * FROM errors ORDER BY 1, 2;
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,mobile,country\n491711234567,,\n447400123458,,\n4930901822,491711234568,DE\n0171 1234566,,DE', default_country => '+'));
SELECT * FROM errors ORDER BY 1, 2;
SELECT default_country FROM voiceagent.import_batches ORDER BY batch_id DESC LIMIT 1;
SELECT voiceagent.set_setting('default_country', 'US') IS NOT NULL AS is_set;
SELECT l.phone, l.country, n.phone AS further FROM voiceagent.leads l LEFT JOIN voiceagent.lead_numbers n USING (lead_id) WHERE l.country IN ('GB', 'DE') ORDER BY 1;

-- what spreadsheets do to numbers; headers that are empty or twice there; more fields than headers
SELECT pg_temp.counts(voiceagent.import_leads(E'phone\tnote\t\tnote\n2.12555E+9\ta\tb\tc\n2125550110.0\ta\tb\tc\n''+12125550111\ta\t\t\t\n2125550112\ta\tb\tc\td\n'));
SELECT phone, context FROM voiceagent.leads WHERE phone IN ('+12125550110', '+12125550111') ORDER BY 1;
SELECT * FROM errors ORDER BY 1, 2;

-- do-not-call
SELECT voiceagent.do_not_call('(212) 555-0113', 'asked us');
SELECT pg_temp.counts(voiceagent.import_leads(E'phone|x\n2125550113|1\n2125550114|2\n+12125550113|3'));
SELECT * FROM errors ORDER BY 1, 2;

-- a dry run reports the same and makes nothing
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,email\n2125550113,a\n2125550115,b\n2125550115,c\nx,d', dry_run => true));
SELECT * FROM errors ORDER BY 1, 2;
SELECT count(*) FROM voiceagent.leads WHERE phone = '+12125550115';
SELECT status, rows_imported FROM voiceagent.import_batches ORDER BY batch_id DESC LIMIT 1;
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,email\n2125550113,a\n2125550115,b\n2125550115,c\nx,d'));

-- refused, and nothing is left of it
SELECT count(*) AS batches FROM voiceagent.import_batches \gset
SELECT voiceagent.import_leads('');
SELECT voiceagent.import_leads(E'\n\n');
SELECT voiceagent.import_leads('phone,name');
SELECT voiceagent.import_leads(E'phone,name\n\n');
SELECT voiceagent.import_leads('{"leads": [{"phone": "+12125550199"}]}');
SELECT voiceagent.import_leads(E'first,last,city\na,b,c');
SELECT voiceagent.import_leads(E'phone\n2125550199', '{"email": "mail"}');
SELECT voiceagent.import_leads(E'phone\n2125550199', '{"bud get": "phone"}');
SELECT voiceagent.import_leads(E'phone\n2125550199', '{"emai": "phone"}');
SELECT voiceagent.import_leads(E'phone\n2125550199', '{"budget": "money"}');
SELECT voiceagent.import_leads(E'phone\n2125550199', '{"budget": ["phone"]}');
SELECT voiceagent.import_leads(E'phone\n2125550199', '{"phone": 3}');
SELECT voiceagent.import_leads(E'phone\n2125550199', '{"phone": null}');
SELECT voiceagent.import_leads(E'phone\n2125550199', '["phone"]');
SELECT voiceagent.import_leads(E'phone\n2125550199', default_country => 'ZZ');
SELECT voiceagent.import_leads(E'phone\n2125550199', campaign_id => 987654321);
SELECT voiceagent.import_leads(E'phone,note\n2125550199,x\n2125550198,' || repeat('x', 10000000));
SELECT voiceagent.import_leads(E'phone,note\n2125550199,x\n2125550198,"' || repeat(E'line\n', 300000));
SELECT voiceagent.import_leads('phone' || repeat(',c', 100000) || E'\n2125550199');
SELECT voiceagent.import_leads(E'phone\n2125550199' || repeat(',', 100000));
SELECT voiceagent.import_leads(E'PK\u0003\u0004 and so on');
SELECT count(*) = :batches AS nothing_left FROM voiceagent.import_batches;
SELECT count(*) FROM voiceagent.leads WHERE phone = '+12125550199';

-- The mapping gives a column the name of a variable, also one that is a field; what it does not name stays under its heading.
BEGIN;
SELECT rows_imported FROM voiceagent.import_leads(E'Tel.;First name;Roof Age;Product;nick\n2125550171;Ann;12;heat pump;A\n', '{"phone": "Tel.", "age_of_roof": "Roof Age", "called": "first name", "none": null}');
SELECT first_name, context FROM voiceagent.leads WHERE phone = '+12125550171';
ROLLBACK;
-- a quote that is never closed takes its row only
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,note\n2125550120,ok\n2125550121,"never\nclosed\n2125550122,z\n'));
SELECT * FROM errors ORDER BY 1, 2;

-- bytes that are no text
CREATE FUNCTION pg_temp.pieces(mapping jsonb, VARIADIC chunks bytea[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_batch bigint := voiceagent.begin_import(mapping);
	v_chunk bytea;
BEGIN
	FOREACH v_chunk IN ARRAY chunks LOOP
		PERFORM voiceagent.append_import(v_batch, v_chunk);
	END LOOP;
	RETURN pg_temp.counts(voiceagent.finish_import(v_batch));
END
$$;
SELECT pg_temp.pieces('{}', 'phone,name\012', '2125550130,Jos', '\351\0122125550131,A', '\000B',
	'\0122125550132,\303\251t\303\251\012');
SELECT * FROM errors ORDER BY 1, 2;
SELECT phone, first_name FROM voiceagent.leads WHERE phone = '+12125550132';
SELECT pg_temp.pieces('{}', '\xfffe700068006f006e006500');
SELECT pg_temp.pieces('{}', '\x504b030414000600');
SELECT pg_temp.pieces('{}', '\x70686f6e650065');
SELECT pg_temp.pieces('{}', '\x70686f6ee9650a31');
SELECT pg_temp.pieces('{}', '');
SELECT pg_temp.pieces('{}', 'phone,name\012');

-- encodings: with and without byte order mark, cut anywhere; the batch says which it was
CREATE FUNCTION pg_temp.utf16(text text, big boolean, mark boolean) RETURNS bytea LANGUAGE sql AS $$
	SELECT CASE WHEN mark THEN CASE WHEN big THEN '\xfeff'::bytea ELSE '\xfffe' END ELSE '' END
		|| string_agg(CASE WHEN big THEN set_byte(set_byte('\x0000', 0, c >> 8), 1, c & 255) ELSE set_byte(set_byte('\x0000', 0, c & 255), 1, c >> 8) END, '' ORDER BY i)
	FROM unnest(string_to_array(text, NULL)) WITH ORDINALITY t(ch, i),
		LATERAL (SELECT ascii(ch) AS p) a,
		LATERAL unnest(CASE WHEN p < 65536 THEN ARRAY[p] ELSE ARRAY[55296 + ((p - 65536) >> 10), 56320 + ((p - 65536) & 1023)] END) c $$;
CREATE FUNCTION pg_temp.cut(file bytea, size integer) RETURNS bytea[] LANGUAGE sql AS $$
	SELECT array_agg(substr(file, i, size) ORDER BY i) FROM generate_series(1, length(file), size) i $$;
CREATE FUNCTION pg_temp.encoded(file bytea, encoding text DEFAULT NULL) RETURNS TABLE (cut integer, said text, counts text, leads text, wrong text) LANGUAGE plpgsql AS $$
DECLARE
	v_batch bigint;
	v_chunk bytea;
BEGIN
	FOREACH cut IN ARRAY ARRAY[1, 3, 5, length(file)] LOOP
		BEGIN
			v_batch := voiceagent.begin_import(encoding => encoded.encoding);
			FOREACH v_chunk IN ARRAY pg_temp.cut(file, cut) LOOP
				PERFORM voiceagent.append_import(v_batch, v_chunk);
			END LOOP;
			counts := pg_temp.counts(voiceagent.finish_import(v_batch));
			said := (SELECT b.encoding FROM voiceagent.import_batches b WHERE b.batch_id = v_batch);
			leads := (SELECT string_agg(concat_ws(' ', l.phone, l.first_name, l.context), '; ' ORDER BY batch_row) FROM voiceagent.leads l WHERE l.batch_id = v_batch);
			wrong := (SELECT string_agg(concat_ws(' ', e.row_number, e.column_name, e.value, e.reason, '[' || e.line || ']'), '; ' ORDER BY row_number) FROM voiceagent.import_reports e WHERE e.batch_id = v_batch);
			RAISE EXCEPTION 'taken back' USING ERRCODE = 'ZZ000';
		EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
			NULL;
		END;
		RETURN NEXT;
	END LOOP;
END
$$;
SELECT E'Téléphone;Prénom;Größe\r\n2125550150;Zoë;"1;5 €"\n2125550151;😀;\n' AS text \gset
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded(convert_to(:'text', 'UTF8')) GROUP BY 1, 2, 3, 4;
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded('\xefbbbf' || convert_to(:'text', 'UTF8')) GROUP BY 1, 2, 3, 4;
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded(pg_temp.utf16(:'text', false, true)) GROUP BY 1, 2, 3, 4;
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded(pg_temp.utf16(:'text', true, true)) GROUP BY 1, 2, 3, 4;
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded(pg_temp.utf16(:'text', false, false)) GROUP BY 1, 2, 3, 4;
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded(pg_temp.utf16(:'text', true, false)) GROUP BY 1, 2, 3, 4;
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded(convert_to(replace(:'text', '😀', 'x'), 'WIN1252')) GROUP BY 1, 2, 3, 4;
-- the header is ASCII, the first row that is more decides; a byte that means nothing rejects its row
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded('phone,name\0122125550150,A\0122125550151,Jos\351\0122125550152,\201\0122125550153,\200\012') GROUP BY 1, 2, 3, 4;
-- a file that has shown itself to be UTF-8 stays that
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded('phone,name\0122125550150,\303\251\0122125550151,Jos\351\012') GROUP BY 1, 2, 3, 4;
-- half a character at the end, a NUL, half a pair
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded(pg_temp.utf16(E'phone,name\n2125550150,a', false, true) || '\x62'::bytea) GROUP BY 1, 2, 3, 4;
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded(pg_temp.utf16(E'phone,name\n2125550150,a', false, true) || '\x0000'::bytea) GROUP BY 1, 2, 3, 4;
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded(pg_temp.utf16(E'phone,name\n2125550150,a', false, true) || '\x3dd8'::bytea) GROUP BY 1, 2, 3, 4;
-- what the caller says counts
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded('phone,name\0122125550150,\303\251\012', 'latin1') GROUP BY 1, 2, 3, 4;
SELECT said, counts, leads, wrong, count(*) AS cuts FROM pg_temp.encoded('phone,name\0122125550150,A\0122125550151,Jos\351\012', 'utf8') GROUP BY 1, 2, 3, 4;
SELECT voiceagent.begin_import(encoding => 'EBCDIC');
SELECT pg_temp.pieces('{}', '\xfffe000070000000');
SELECT pg_temp.pieces('{}', '\xd0cf11e0a1b11ae1e9010203');

-- an import that is over takes nothing more, and says the same again; others have no part in it
SELECT voiceagent.begin_import() AS batch \gset
SELECT voiceagent.append_import(:batch, 'phone\0122125550140\01221255501');
SELECT voiceagent.append_import(:batch, '41\0122125550142');
SELECT pg_temp.counts(voiceagent.finish_import(:batch));
SELECT pg_temp.counts(voiceagent.finish_import(:batch));
DO $$ BEGIN PERFORM voiceagent.append_import((SELECT max(batch_id) FROM voiceagent.import_batches), 'x');
EXCEPTION WHEN SQLSTATE 'PT409' THEN RAISE NOTICE 'PT409'; END $$;
SELECT voiceagent.append_import(987654321, 'x');
RESET SESSION AUTHORIZATION;
SELECT voiceagent.create_tenant('r20 other') AS other \gset
CREATE ROLE r20_other LOGIN;
SELECT voiceagent.map_role('r20_other', :other);
SET SESSION AUTHORIZATION r20_other;
DO $$ BEGIN PERFORM voiceagent.finish_import(1); EXCEPTION WHEN SQLSTATE 'PT404' THEN RAISE NOTICE 'PT404'; END $$;
SELECT count(*) FROM voiceagent.import_batches;
RESET SESSION AUTHORIZATION;

-- what an import that has ended leaves behind in private tables: nothing
SELECT count(*) FROM voiceagent_private.import_carry c JOIN voiceagent.import_batches b USING (tenant_id, batch_id)
WHERE b.status <> 'open';
-- every row is accounted for
SELECT count(*) FROM voiceagent.import_batches WHERE rows_read <> rows_imported + rows_rejected + rows_duplicate + rows_do_not_call + rows_updated;
