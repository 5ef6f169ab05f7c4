-- What is said at the start, by place and purpose: parts in their order, with the second by which the law wants each, in five languages; and what
-- was measured of it.
SET client_min_messages = warning;
\pset format unaligned
\pset tuples_only on
-- A rule is read, described, and refused where it cannot be.
SELECT part, by_s, behind_s FROM voiceagent_private.opening_parts('{"promotional:question 10",number,"promotional:number 30","opt_out +2","service:goods 5"}', 'promotional') ORDER BY 1;
SELECT part, by_s FROM voiceagent_private.opening_parts('{"promotional:question 10",number,"service:goods 5"}', 'service') ORDER BY 1;
SELECT voiceagent_private.describe_rule('opening', '["promotional:question 10","opt_out +2"]'), voiceagent_private.describe_rule('contact_said', '["contact"]'), voiceagent_private.describe_rule('opening', 'null');
SELECT voiceagent_private.special_fault_of(r, v) FROM (VALUES ('opening', '["number"]'::jsonb), ('opening', '["question 10"]'), ('contact_said', '["number +2"]'), ('contact_said', '[]'), ('contact_said', '["promotional:toll_free"]')) x(r, v);

-- The openings of the places, as composed; who has no address has none said, and is asked for it before a start.
CREATE FUNCTION pg_temp.composed(place text, settings jsonb, language text, heard text DEFAULT 'words', at timestamptz DEFAULT '2026-12-01 18:00Z')
	RETURNS TABLE (kinds text[], words text, machine text) LANGUAGE plpgsql AS $$
DECLARE
	v_version voiceagent.assistant_versions;
	v_terms voiceagent_private.law_terms := voiceagent_private.resolve_terms(place, at);
	v_call voiceagent_private.spoken;
BEGIN
	v_version.language := language;
	v_version.first_message := 'Hello.';
	v_version.system_prompt := 'x';
	v_version.settings := '{}';
	v_call := voiceagent_private.compose_call(v_terms, settings, v_version, heard, NULL);
	-- Each part ends where its words do.
	IF cardinality(v_call.disclosure_ends) <> cardinality(v_call.disclosures) OR v_call.disclosure_ends[cardinality(v_call.disclosures)] > length(v_call.disclosure) THEN
		RAISE 'parts end at %', v_call.disclosure_ends;
	END IF;
	RETURN QUERY SELECT v_call.disclosures, v_call.disclosure, v_call.machine_disclosure;
END $$;
\set all '{"caller_name": "Acme Solar", "caller_phone": "800 555 0100", "caller_toll_free": "800 555 0101", "caller_address": "1 High Street, Leeds", "call_subject": "solar panels"}'
SELECT p.place, c.kinds, c.words, c.machine FROM unnest('{US-CT,US-NY,US-NJ,US-FL,US-TX,US-PA,US-DC,US-NY|US-CT,GB,CA-ON,DE}'::text[]) WITH ORDINALITY p(place, n) CROSS JOIN LATERAL pg_temp.composed(p.place, :'all', 'en-US') c ORDER BY n;
SELECT p.place, c.kinds FROM unnest('{US-CT,US-FL,GB,CA-ON}'::text[]) p(place) CROSS JOIN LATERAL pg_temp.composed(p.place, :'all'::jsonb || '{"call_purpose": "service"}', 'en-US') c;
SELECT l, c.words FROM unnest('{en-US,es-MX,fr-CA,de-DE,it-IT}'::text[]) l CROSS JOIN LATERAL pg_temp.composed('US-CT|US-FL', :'all', l) c;
-- Keys only: the question, and the key.
SELECT c.kinds, c.words FROM pg_temp.composed('US-CT', :'all', 'en-US', 'keys') c;
-- The day before New York's rule, and its first.
SELECT d, 'purpose' = ANY (c.kinds) AS asked FROM unnest('{2023-03-05,2023-03-06,2023-03-07}'::date[]) d CROSS JOIN LATERAL (
	SELECT array_agg(p.part) AS kinds FROM voiceagent_private.opening_parts((voiceagent_private.resolve_terms('US-NY', d + time '15:00', true, '{America/New_York}')).opening, 'promotional') p) c ORDER BY 1;
-- A name of two hundred letters, braces, and words of one's own that name the caller.
SELECT c.words FROM pg_temp.composed('US-NJ', :'all'::jsonb || '{"caller_name": "{{x}} Acme", "disclosure_caller": "Acme here, {{caller_name}}. Yes!"}', 'en-US') c;
SELECT length(c.words) FROM pg_temp.composed('US-CT', :'all'::jsonb || jsonb_build_object('caller_name', repeat('a', 200)), 'en-US') c;

-- What is missing, by place and purpose.
SELECT p.place, s.what, voiceagent_private.missing_setting(t.opening, t.disclose_caller, voiceagent_private.unsaid_parts(s.settings)) AS missing
FROM unnest('{US-CT,US-FL,US-DC,GB,CA-ON,DE}'::text[]) p(place) CROSS JOIN LATERAL voiceagent_private.resolve_terms(p.place, '2026-12-01 18:00Z') t
CROSS JOIN (VALUES (1, 'nothing', '{}'::jsonb), (2, 'a name', '{"caller_name": "Acme"}'), (3, 'a name, to serve', '{"caller_name": "Acme", "call_purpose": "service"}'),
	(4, 'a name and a number', '{"caller_name": "Acme", "caller_phone": "1"}'), (5, 'a name, a number and an address', '{"caller_name": "Acme", "caller_phone": "1", "caller_address": "x"}')) s(n, what, settings)
ORDER BY p.place, s.n;

-- What was measured: late, behind what stands between, not said though the call went on, and not known.
SELECT n, voiceagent_private.late_parts('{"promotional:question 10","promotional:opt_out +2","promotional:number 30"}', 'promotional', k::text[], ms::integer[], lasted) AS late
FROM (VALUES (1, '{caller,question,opt_out,number}', '{4000,9900,9900,12000}', interval '1 minute'), (2, '{caller,question,opt_out,number}', '{4000,10100,10100,30100}', '1 minute'),
	(3, '{caller,number,opt_out}', '{4000,6100,9000}', '1 minute'), (4, '{caller,number,opt_out}', '{4000,5900,9000}', '1 minute'),
	(5, '{caller,question,opt_out,number}', '{4000,9000,9000,NULL}', '1 minute'), (6, '{caller,question,opt_out,number}', '{4000,9000,9000,NULL}', '20 seconds'), (7, '{caller,question}', NULL, '1 minute')) x(n, k, ms, lasted) ORDER BY n;

-- Without a toll-free number no message is left where the law wants one said on it; elsewhere, and to serve, one is.
SELECT p.place, w.purpose, c.machine FROM unnest('{US-DC,GB,DE}'::text[]) p(place) CROSS JOIN (VALUES ('promotional'), ('service')) w(purpose)
CROSS JOIN LATERAL pg_temp.composed(p.place, :'all'::jsonb - 'caller_toll_free' || jsonb_build_object('call_purpose', w.purpose), 'en-US') c ORDER BY 1, 2;
