-- What PostgREST and its clients need of the schema; the client itself runs in t/199_postgrest.
\set VERBOSITY default
CREATE ROLE r97_member LOGIN;
CREATE ROLE r97_other LOGIN;
CREATE ROLE r97_staff LOGIN IN ROLE voiceagent_admin;
SELECT voiceagent.create_tenant('r97', credits => 100) AS tenant \gset
SELECT voiceagent.create_tenant('r97 other', credits => 100) AS other \gset
SELECT voiceagent.map_role('r97_member', :tenant), voiceagent.map_role('r97_other', :other);
SET SESSION AUTHORIZATION r97_other;
SELECT voiceagent.add_lead('+12125550199', first_name => 'Foreign') IS NOT NULL AS added;
SET SESSION AUTHORIZATION r97_member;

-- ---- a file as the body of a request ----
SELECT set_config('request.headers', '{"import-country": "US", "import-mapping": "{\"first_name\": \"who\"}", "idempotency-key": "k1"}', false) <> '' AS set;
SELECT rows_read, rows_imported, rows_rejected FROM voiceagent.import_file(convert_to(E'phone,who\n212 555 0100,Ada\n212 555 0101,Ben\n1,Cleo\n', 'UTF8'));
-- The same request again has no effect.
SELECT rows_read, rows_imported, rows_rejected FROM voiceagent.import_file(convert_to(E'phone,who\n212 555 0100,Ada\n212 555 0101,Ben\n1,Cleo\n', 'UTF8'));
SELECT first_name, phone FROM voiceagent.leads ORDER BY phone;
SELECT set_config('request.headers', '{"import-dry-run": "true", "import-country": "US"}', false) <> '' AS set;
SELECT rows_read, rows_imported FROM voiceagent.import_file('\xfffe700068006f006e0065000a003200310032003500350035003000310030003200');
SELECT count(*) AS leads FROM voiceagent.leads;
SELECT set_config('request.headers', '{"import-campaign": "five"}', false) <> '' AS set;
SELECT voiceagent.import_file('phone');
SELECT set_config('request.headers', '{"import-mapping": "first_name"}', false) <> '' AS set;
SELECT voiceagent.import_file('phone');
SELECT set_config('request.headers', '{"import-dry-run": "true", "import-encoding": "EBCDIC"}', false) <> '' AS set;
SELECT voiceagent.import_file('phone');
-- A header that nobody reads is no wish that is passed over.
SELECT set_config('request.headers', '{"import-dryrun": "true", "import-country": "US"}', false) <> '' AS set;
SELECT voiceagent.import_file('phone');
SELECT set_config('request.headers', '', false) = '' AS set;
SELECT voiceagent.import_file(NULL);

-- ---- base64 is not taken for a file ----
SELECT encode(convert_to(E'phone,first_name\n+12125550103,Dan\n', 'UTF8'), 'base64') AS base64 \gset
SELECT voiceagent.import_file(convert_to(:'base64', 'UTF8'));
SELECT voiceagent.import_leads(:'base64');
SELECT voiceagent.import_leads('data:text/csv;base64,' || :'base64');
SELECT voiceagent.begin_import() AS batch \gset
SELECT voiceagent.append_import(:batch, :'base64');
-- A list of bare numbers is no base64, nor is a header that could be some.
SELECT voiceagent.append_import(:batch, E'phone\n12125550104\n12125550105\n12125550106\n');
SELECT rows_imported FROM voiceagent.finish_import(:batch);
SELECT rows_imported FROM voiceagent.import_leads(E'mobilenumbers\n+12125550107\n', '{"phone": "mobilenumbers"}');
SELECT count(*) AS taken FROM generate_series(1, 2000) n,
	LATERAL voiceagent_private.require_not_base64(convert_to(translate(md5(n::text), '0123456789', 'ghijklmnop') || md5((n + 1)::text), 'UTF8'));

-- ---- a document as the body of a request ----
SELECT set_config('request.headers', '{"knowledge-name": "Preise f%C3%BCr %C3%96fen", "knowledge-kind": "markdown", "knowledge-language": "de-DE"}', false) <> '' AS set;
SELECT voiceagent.add_knowledge_file(convert_to(E'# \u00d6fen\n\nAb 9.000 \u20ac.', 'WIN1252')) AS document \gset
SELECT name, kind, language, version FROM voiceagent.knowledge_documents WHERE document_id = :document;
SELECT heading, body FROM voiceagent.knowledge_passages WHERE document_id = :document;
SELECT set_config('request.headers', format('{"knowledge-document": "%s"}', :document), false) <> '' AS set;
SELECT voiceagent.add_knowledge_file('\xfffe4100680061002e00') = :document AS same;
SELECT name, version, body FROM voiceagent.knowledge_documents JOIN voiceagent.knowledge_passages USING (document_id) WHERE document_id = :document;
SELECT voiceagent.add_knowledge_file('%PDF-1.7');
SELECT voiceagent.add_knowledge_file(convert_to(repeat('x', 10000000), 'UTF8'));
SELECT voiceagent.add_knowledge_file(NULL);
SELECT set_config('request.headers', '{"knowledge-name": "%FF"}', false) <> '' AS set;
SELECT voiceagent.add_knowledge_file('x');
SELECT set_config('request.headers', '{"knowledge-title": "x"}', false) <> '' AS set;
SELECT voiceagent.add_knowledge_file('x');
SELECT set_config('request.headers', format('{"knowledge-document": "%s", "knowledge-kind": "csv"}', :document), false) <> '' AS set;
SELECT voiceagent.add_knowledge_file('x');

-- ---- headings that are not ASCII, percent-encoded or with \u ----
SELECT set_config('request.headers', '{"import-dry-run": "true", "import-mapping": "%7B%22first_name%22%3A%22Stra%C3%9Fe%22%7D"}', false) <> '' AS set;
SELECT rows_imported FROM voiceagent.import_file(convert_to(E'phone,Stra\u00dfe\n+12125550120,Ada\n', 'UTF8'));
SELECT set_config('request.headers', '{"import-dry-run": "true", "import-mapping": "{\"first_name\": \"Stra\\u00dfe\"}"}', false) <> '' AS set;
SELECT rows_imported FROM voiceagent.import_file(convert_to(E'phone,Stra\u00dfe\n+12125550120,Ada\n', 'UTF8'));
SELECT set_config('request.headers', '{"import-mapping": "%7B%22first_name"}', false) <> '' AS set;
SELECT voiceagent.import_file('phone');
SELECT set_config('request.headers', '', false) = '' AS set;

-- ---- rows and the rows that belong to them ----
SELECT c.campaign_id FROM voiceagent.create_campaign('r97', voiceagent.create_assistant('Ann', 'Hello.', 'Sell.')) AS c(campaign_id) \gset
SELECT voiceagent.add_leads(:campaign_id);
SELECT m.status, l.first_name, c.name FROM voiceagent.campaign_leads m, voiceagent.leads(m) l, voiceagent.campaigns(m) c ORDER BY l.phone LIMIT 2;
SELECT count(*), count(m.lead_id) FROM voiceagent.campaigns c LEFT JOIN LATERAL voiceagent.campaign_leads(c) m ON true;
-- A row that somebody makes up belongs to nobody else's.
RESET SESSION AUTHORIZATION;
SELECT lead_id AS foreign_lead FROM voiceagent.leads WHERE tenant_id = :other \gset
SET SESSION AUTHORIZATION r97_member;
SELECT count(*) FROM voiceagent.leads(jsonb_populate_record(NULL::voiceagent.calls, jsonb_build_object('tenant_id', :other, 'lead_id', :foreign_lead)));
RESET SESSION AUTHORIZATION;
-- Each of them says what it is, can be inlined, and finds its rows.
SELECT count(*) > 20 AS relations, bool_and(p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql')) AS sql,
	bool_and(p.proconfig IS NULL AND NOT p.prosecdef AND p.provolatile = 's') AS inlined, bool_and(obj_description(p.oid, 'pg_proc') IS NOT NULL) AS described
FROM pg_proc p JOIN pg_type t ON p.proretset AND p.pronargs = 1 AND t.oid = p.proargtypes[0] JOIN pg_class c ON c.oid = t.typrelid
WHERE p.pronamespace = 'voiceagent'::regnamespace AND c.relnamespace = 'voiceagent'::regnamespace;
SET SESSION AUTHORIZATION r97_member;
DO $$
DECLARE
	v_call text;
	v_name text;
	v_line text;
BEGIN
	FOR v_name, v_call IN
		SELECT p.proname, format('SELECT count(*) FROM %s s, %s(s) t', c.oid::regclass, p.oid::regproc)
		FROM pg_proc p JOIN pg_type t ON p.proretset AND p.pronargs = 1 AND t.oid = p.proargtypes[0] JOIN pg_class c ON c.oid = t.typrelid
		WHERE p.pronamespace = 'voiceagent'::regnamespace AND c.relnamespace = 'voiceagent'::regnamespace
	LOOP
		-- The body stands in the caller's plan, where an index can serve it.
		FOR v_line IN EXECUTE 'EXPLAIN ' || v_call LOOP
			IF v_line ~ ('Function Scan on ' || v_name || ' ') THEN
				RAISE NOTICE '%', v_call;
			END IF;
		END LOOP;
	END LOOP;
END
$$;

-- ---- what a client is told ----
SET SESSION AUTHORIZATION r97_member;
SELECT pg_typeof(voiceagent.rejected_csv(min(batch_id))) FROM voiceagent.import_batches;
-- An error that a client can act on quotes no function of ours.
SELECT voiceagent.start_campaign(999999999);
-- Nor does one that refuses a change of a table: it says what to do.
UPDATE voiceagent.leads SET first_name = 'x';
DELETE FROM voiceagent.leads;
INSERT INTO voiceagent.leads (tenant_id, phone) VALUES (1, '+12125550100');
-- LISTEN takes the channel as it is.
SELECT voiceagent.subscribe() AS channel \gset
SELECT :'channel' ~ '^[a-z0-9_]{50,63}$' AS plain_name;
LISTEN :channel;
UNLISTEN *;
-- Settings are taken in either form.
SELECT voiceagent.update_campaign(:campaign_id, '{"settings": {"max_concurrent_calls": 3}}');
SELECT settings ->> 'max_concurrent_calls' AS calls FROM voiceagent.campaigns;
SELECT assistant_id FROM voiceagent.assistants \gset
SELECT voiceagent.update_assistant(:assistant_id, '{"endpointing_ms": 250, "name": "Eve", "settings": {"language": "es-ES"}}');
SELECT a.name, v.language, v.settings FROM voiceagent.assistants a JOIN voiceagent.assistant_versions v USING (tenant_id, assistant_id, version);
SELECT voiceagent.update_assistant(:assistant_id, '{"endpoint_ms": 250}');

-- ---- staff ----
SELECT voiceagent.list_tenants();
SELECT voiceagent.list_members(:tenant);
SET SESSION AUTHORIZATION r97_staff;
SELECT voiceagent.create_member(:tenant, 'r97@example.com', 'correct horse') IS NOT NULL AS made;
SELECT name, active, available, held, posted, owners, members FROM voiceagent.list_tenants(:tenant);
SELECT count(*) FROM voiceagent.list_tenants(after_id => :tenant - 1, max => 2);
-- by a member's address, by number, by nothing that there is
SELECT tenant_id = :tenant AS found FROM voiceagent.list_tenants(words => ' R97@Example');
SELECT tenant_id = :tenant AS found FROM voiceagent.list_tenants(words => :'tenant');
SELECT count(*) FROM voiceagent.list_tenants(words => 'nobody@%');
SELECT email, role, active FROM voiceagent.list_members(:tenant);
SELECT voiceagent.list_members(999999999);
SELECT voiceagent.set_price('call', 0.5, '2093-01-01') IS NOT NULL AS priced;
SELECT voiceagent.set_carrier_rate('twilio', 0.02, 'USD', '+97', valid_from => '2093-01-01') IS NOT NULL AS rated;
SELECT action, object, actor, old_value ->> 'credits' AS before, new_value ->> 'credits' AS credits, new_value ->> 'price_per_minute' AS rate
FROM voiceagent.platform_audit() WHERE action IN ('set_price', 'set_carrier_rate') ORDER BY audit_id DESC LIMIT 2;
RESET SESSION AUTHORIZATION;
