/*
 * 48_script: the texts of a script: what is allowed, and taken apart and put
 * together again.  Templates, playbooks and what a model writes are of one
 * shape: {"opening", "pitch", "questions": [], "objections": [{"objection",
 * "answer"}], "closing"}; a playbook has "rules": [] besides.
 */

CREATE FUNCTION voiceagent_private.text_fault(field text, value jsonb, longest integer)
	RETURNS TABLE (field text, message text, allowed text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT text_fault.field, CASE WHEN value IS NULL THEN 'is missing'
			WHEN jsonb_typeof(value) <> 'string' THEN format('is %s', jsonb_typeof(value))
			WHEN btrim(value #>> '{}') = '' THEN 'is empty'
			ELSE format('has %s characters', length(value #>> '{}')) END,
		format('a text of 1 to %s characters', longest)
	WHERE value IS NULL OR jsonb_typeof(value) <> 'string'
		OR length(btrim(value #>> '{}')) = 0 OR length(value #>> '{}') > longest
$$;
COMMENT ON FUNCTION voiceagent_private.text_fault(text, jsonb, integer) IS
	'A row when this member of a script is no text of 1 to so many characters: what is wrong, and what is allowed.';

CREATE FUNCTION voiceagent_private.list_faults(field text, value jsonb, most integer, longest integer)
	RETURNS TABLE (field text, message text, allowed text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT list_faults.field, CASE WHEN value IS NULL THEN 'is missing'
			WHEN jsonb_typeof(value) <> 'array' THEN format('is %s', jsonb_typeof(value))
			ELSE format('has %s elements', jsonb_array_length(value)) END,
		format('a list of at most %s texts', most)
	WHERE value IS NULL OR CASE jsonb_typeof(value) WHEN 'array' THEN jsonb_array_length(value) > most ELSE true END
	UNION ALL
	SELECT f.* FROM jsonb_array_elements(CASE WHEN jsonb_typeof(value) = 'array' AND jsonb_array_length(value) <= most
			THEN value ELSE '[]' END) WITH ORDINALITY AS e(value, ord)
	CROSS JOIN LATERAL voiceagent_private.text_fault(format('%s[%s]', list_faults.field, e.ord - 1), e.value, longest) f
$$;
COMMENT ON FUNCTION voiceagent_private.list_faults(text, jsonb, integer, integer) IS
	'Rows for what is wrong in this member of a script, a list of at most so many texts of so many characters.';

CREATE FUNCTION voiceagent_private.script_faults(body jsonb, members text[])
	RETURNS TABLE (field text, message text, allowed text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Characters of each text, elements of each list.
	c_opening CONSTANT integer := 600;
	c_pitch CONSTANT integer := 2000;
	c_closing CONSTANT integer := 600;
	c_questions CONSTANT integer := 10;
	c_objections CONSTANT integer := 12;
	c_rules CONSTANT integer := 20;
	c_short CONSTANT integer := 300;
	c_answer CONSTANT integer := 600;
	c_max_bytes CONSTANT integer := 131072;
BEGIN
	IF jsonb_typeof(body) IS DISTINCT FROM 'object' THEN
		RETURN QUERY SELECT 'script', format('is %s', coalesce(jsonb_typeof(body), 'missing')), 'an object';
		RETURN;
	ELSIF voiceagent_private.json_bytes(body, c_max_bytes) > c_max_bytes THEN
		RETURN QUERY SELECT 'script', 'has more bytes', format('at most %s', c_max_bytes);
		RETURN;
	END IF;
	RETURN QUERY SELECT left(k, 60), 'is not known', 'one of ' || array_to_string(members, ', ')
	FROM jsonb_object_keys(body) k WHERE k <> ALL (members) LIMIT 5;
	RETURN QUERY SELECT f.* FROM (VALUES ('opening', c_opening), ('pitch', c_pitch), ('closing', c_closing))
		AS t(member, longest)
	CROSS JOIN LATERAL voiceagent_private.text_fault(t.member, body -> t.member, t.longest) f
	WHERE t.member = ANY (members);
	IF 'questions' = ANY (members) THEN
		RETURN QUERY SELECT f.* FROM voiceagent_private.list_faults('questions', body -> 'questions', c_questions,
			c_short) f;
	END IF;
	-- A playbook needs no rules.
	IF 'rules' = ANY (members) THEN
		RETURN QUERY SELECT f.* FROM voiceagent_private.list_faults('rules', coalesce(body -> 'rules', '[]'), c_rules,
			c_short) f;
	END IF;
	IF 'objections' <> ALL (members) THEN
		RETURN;
	ELSIF jsonb_typeof(body -> 'objections') IS DISTINCT FROM 'array' THEN
		RETURN QUERY SELECT 'objections', 'is no list', 'a list of {"objection", "answer"}';
	ELSIF jsonb_array_length(body -> 'objections') > c_objections THEN
		RETURN QUERY SELECT 'objections', format('has %s elements', jsonb_array_length(body -> 'objections')),
			format('at most %s', c_objections);
	ELSE
		RETURN QUERY SELECT f.*
		FROM jsonb_array_elements(body -> 'objections') WITH ORDINALITY AS e(value, ord)
		CROSS JOIN LATERAL (
			SELECT format('objections[%s]', e.ord - 1), 'is no object of objection and answer alone',
				'{"objection", "answer"}'
			WHERE jsonb_typeof(e.value) <> 'object' OR e.value - '{objection,answer}'::text[] <> '{}'
			UNION ALL
			SELECT o.* FROM (VALUES ('objection', c_short), ('answer', c_answer)) AS t(member, longest)
			CROSS JOIN LATERAL voiceagent_private.text_fault(format('objections[%s].%s', e.ord - 1, t.member),
				CASE jsonb_typeof(e.value) WHEN 'object' THEN e.value -> t.member END, t.longest) o
			WHERE jsonb_typeof(e.value) = 'object') f;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.script_faults(jsonb, text[]) IS
	'Each member of a script, or of a template of these members, that is missing, unknown, of another type or too '
	'long, with what is allowed; no row: it is well formed.';

CREATE FUNCTION voiceagent_private.script_members() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN '{opening,pitch,questions,objections,closing}'::text[];
COMMENT ON FUNCTION voiceagent_private.script_members() IS 'The members of a script.';

CREATE FUNCTION voiceagent_private.script_texts(body jsonb) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY[body ->> 'opening', body ->> 'pitch', body ->> 'closing']
		|| ARRAY(SELECT q.value #>> '{}' FROM jsonb_array_elements(body -> 'questions') WITH ORDINALITY q
			ORDER BY q.ordinality)
		|| ARRAY(SELECT t.value FROM jsonb_array_elements(body -> 'objections') WITH ORDINALITY o
			CROSS JOIN LATERAL (VALUES (1, o.value ->> 'objection'), (2, o.value ->> 'answer')) AS t(n, value)
			ORDER BY o.ordinality, t.n)
		|| ARRAY(SELECT r.value #>> '{}' FROM jsonb_array_elements(coalesce(body -> 'rules', '[]')) WITH ORDINALITY r
			ORDER BY r.ordinality);
COMMENT ON FUNCTION voiceagent_private.script_texts(jsonb) IS
	'The texts of a well-formed script in a row: opening, pitch, closing, questions, objections each with its answer, '
	'rules.';

CREATE FUNCTION voiceagent_private.rebuild_script(texts text[], questions integer, objections integer) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN jsonb_build_object('opening', texts[1], 'pitch', texts[2], 'closing', texts[3],
		'questions', to_jsonb(array_remove(texts[4:3 + questions], NULL)),
		'objections', coalesce((SELECT jsonb_agg(jsonb_build_object('objection', texts[2 + questions + 2 * i],
				'answer', texts[3 + questions + 2 * i]) ORDER BY i)
			FROM generate_series(1, objections) i
			WHERE texts[2 + questions + 2 * i] IS NOT NULL AND texts[3 + questions + 2 * i] IS NOT NULL), '[]'),
		'rules', to_jsonb(array_remove(texts[4 + questions + 2 * objections:], NULL)));
COMMENT ON FUNCTION voiceagent_private.rebuild_script(text[], integer, integer) IS
	'The script of script_texts() with so many questions and objections, and its rules; what is NULL in a list is left '
	'out.';

CREATE FUNCTION voiceagent_private.text_language(said text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN m.best >= 4 AND m.best >= 2 * m.second THEN m.languages[1] END
	FROM (SELECT array_agg(c.language ORDER BY c.hits DESC, c.language) AS languages, max(c.hits) AS best,
			coalesce((array_agg(c.hits ORDER BY c.hits DESC))[2], 0) AS second
		FROM (SELECT w.language, count(*) AS hits
			FROM regexp_split_to_table(lower(left(said, 20000)), '[^[:alpha:]]+') AS word
			JOIN (VALUES ('en', '{the,and,you,your,is,are,to,of,we,for,with,this,that,have,would,it,can,our}'::text[]),
				('es', '{el,los,las,usted,su,que,para,con,una,por,nos,es,le,del,y,en,puede,tiene}'),
				('fr', '{le,les,vous,votre,que,pour,avec,une,nous,est,et,des,du,je,ce,vos,dans,pouvez}'),
				('de', '{der,die,das,und,sie,ihr,ihre,ist,wir,für,mit,ein,eine,ich,nicht,zu,den,können}'))
				AS w(language, words) ON word = ANY (w.words)
			GROUP BY w.language) c) m
$$;
COMMENT ON FUNCTION voiceagent_private.text_language(text) IS
	E'The language (en, es, fr, de) whose commonest words a text has at least twice as often as any other''s; NULL: '
	'undecided.\n'
	'It reads 20,000 characters at most.';
