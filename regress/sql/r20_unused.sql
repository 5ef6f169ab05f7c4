-- What a file says and an import does not use is said: columns, further numbers of a cell, consents that cannot be read.
\set SHOW_CONTEXT never
CREATE ROLE r20_unused LOGIN;
SELECT voiceagent.create_tenant('r20 unused', 'UTC', 100) AS tenant \gset
SELECT voiceagent.map_role('r20_unused', :tenant);
CREATE FUNCTION pg_temp.counts(r voiceagent.import_result) RETURNS text LANGUAGE sql AS
	$$ SELECT format('imported %s rejected %s do_not_call %s warnings %s', r.rows_imported, r.rows_rejected, r.rows_do_not_call, r.warnings) $$;
GRANT EXECUTE ON FUNCTION pg_temp.counts(voiceagent.import_result) TO r20_unused;
CREATE TEMP VIEW reports AS SELECT row_number, column_name, value, kind, reason
	FROM voiceagent.import_reports WHERE batch_id = (SELECT max(batch_id) FROM voiceagent.import_batches);
CREATE TEMP VIEW numbers AS SELECT l.first_name, l.phone, array_agg(n.phone ORDER BY n.number) FILTER (WHERE n.phone IS NOT NULL) AS further, l.email, l.company, l.context
	FROM voiceagent.leads l LEFT JOIN voiceagent.lead_numbers n USING (tenant_id, lead_id)
	WHERE l.batch_id = (SELECT max(batch_id) FROM voiceagent.import_batches) GROUP BY l.lead_id, l.tenant_id;
ALTER VIEW reports SET (security_invoker = on);
ALTER VIEW numbers SET (security_invoker = on);
GRANT SELECT ON reports, numbers TO r20_unused;
SET SESSION AUTHORIZATION r20_unused;
-- two columns of one name are two numbers
SELECT pg_temp.counts(voiceagent.import_leads(E'Name,Phone,Phone\nEve,212-555-0151,646-555-0152\nFay,,646-555-0153\n'));
SELECT first_name, phone, further, context FROM numbers ORDER BY 1;
-- an address book's headings, of this year and of those before; several numbers in one cell
SELECT pg_temp.counts(voiceagent.import_leads(E'First Name,Organization Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n'
	'Ada,Quill Ltd,* Work,ada@quill.example,Mobile,(212) 555-0143,Work,646-555-0144\nBen,,,,Mobile,212-555-0145 ::: 646-555-0146,,\nCy,,,,Mobile,12 ::: 646-555-0147,,"212-555-0148\n212-555-0149"\n'));
SELECT first_name, phone, further, email, company FROM numbers ORDER BY 1;
SELECT * FROM reports ORDER BY 1, 2, 3;
SELECT pg_temp.counts(voiceagent.import_leads(E'Given Name,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name\nDan,Mobile,212-555-0150,Roe\n'));
SELECT first_name, phone, company FROM numbers;
-- each number of a cell is stopped
SELECT pg_temp.counts(voiceagent.import_leads(E'Phone,DNC\n212-555-0161 ::: 646-555-0162|+1 212 155 0163,x\n'));
SELECT phone FROM voiceagent.do_not_call_list ORDER BY 1;
-- headings that look like a number, a consent or a refusal and are not used; what a mapping names is used
SELECT pg_temp.counts(voiceagent.import_leads(E'Phone,Phone Number (Primary),Marketing consent given?,Opted in by form,Blacklisted by,Email consent,Phone 1 Type,Color\n212-555-0171,212-555-0172,y,y,,y,Mobile,red\n212-555-0173,,,,,,,\n',
	mapping => '{"signed_up": "Opted in by form"}'));
SELECT * FROM reports ORDER BY 1, 2;
-- without a number in a column that is known, the row says which might be
SELECT pg_temp.counts(voiceagent.import_leads(E'Contact Name,Work Phone,Mobile Phone,Phone Number (Primary)\nBo Oak,,,212-555-0315\n'));
SELECT * FROM reports ORDER BY 1, 2;
-- a consent, or a time of it, that cannot be read is none
SELECT pg_temp.counts(voiceagent.import_leads(E'phone,consent,consent at\n2125550181,yes,soon\n2125550182,perhaps,\n2125550183,yes,2999-01-01\n2125550184,yes,2025-01-03\n2125550185,yes,\n'));
SELECT phone, granted_at < '2025-02-01' AS told FROM voiceagent.consents ORDER BY 1;
SELECT row_number, column_name, reason FROM reports ORDER BY 1;
-- a delimiter that is said in quotes
SELECT pg_temp.counts(voiceagent.import_leads(E'"sep=;"\nphone;name\n2125550191;Ann, B\n'));
SELECT first_name, phone FROM numbers;
RESET SESSION AUTHORIZATION;
