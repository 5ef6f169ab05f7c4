/*
 * 94_prompt_test: predicates and scripts of a tenant are data. Nothing of them
 * is run: a path is looked up in the end state, and a word is compared as a word.
 */

CREATE FUNCTION voiceagent_private.check_predicates(expect jsonb) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v jsonb;
	v_nth bigint;
	v_wrong text;
	c_max CONSTANT integer := 50;
BEGIN
	IF jsonb_typeof(expect) IS DISTINCT FROM 'array' OR jsonb_array_length(expect) NOT BETWEEN 1 AND c_max THEN
		PERFORM voiceagent_private.fail('PT422', format('expect must be a list of 1 to %s predicates', c_max), NULL,
			'For example [{"path": "outcome", "is": "=", "value": "scheduled"}].');
	END IF;
	FOR v, v_nth IN SELECT e.value, e.nth - 1 FROM jsonb_array_elements(expect) WITH ORDINALITY AS e(value, nth) LOOP
		v_wrong := CASE
			WHEN jsonb_typeof(v) <> 'object' OR v - '{path,is,value}'::text[] <> '{}' THEN
				'A predicate has the members path, is and value.'
			WHEN jsonb_typeof(v -> 'path') IS DISTINCT FROM 'string'
				OR v ->> 'path' !~ '^[A-Za-z0-9_]{1,63}(\.[A-Za-z0-9_]{1,63}){0,7}$' THEN
				'path is up to eight names, joined by dots, such as appointments.0.time.'
			WHEN split_part(v ->> 'path', '.', 1) NOT IN ('outcome', 'call', 'lead', 'appointments', 'callback',
				'do_not_call', 'fields', 'tools', 'said', 'heard', 'talk')
				THEN 'The end state has nothing of this path.'
			WHEN v ->> 'is' IS NULL OR v ->> 'is' NOT IN ('=', '<>', '<', '<=', '>', '>=', 'in', 'not in', 'contains',
				'lacks', 'present', 'absent', 'count') THEN
				'is is one of: =, <>, <, <=, >, >=, in, not in, contains, lacks, present, absent, count.'
			WHEN v ->> 'is' IN ('present', 'absent') <> (v -> 'value' IS NULL) THEN
				'present and absent take no value, all others take one.'
			WHEN v ->> 'is' IN ('in', 'not in') AND jsonb_typeof(v -> 'value') <> 'array' THEN 'in takes a list.'
			WHEN v ->> 'is' IN ('<', '<=', '>', '>=', 'count')
				AND jsonb_typeof(v -> 'value') NOT IN ('number', 'string')
				OR v ->> 'is' = 'count' AND jsonb_typeof(v -> 'value') <> 'number' THEN
				'A number (or, to compare, a text) is needed.'
			WHEN voiceagent_private.json_bytes(v, 4000) > 4000 THEN 'A predicate has at most 4000 bytes.'
			ELSE voiceagent_private.json_fault(v) END;
		PERFORM voiceagent_private.fail_if(v_wrong IS NOT NULL, 'PT422', format('expect[%s] is no predicate', v_nth),
			v_wrong, 'Paths: outcome, call, lead, appointments, callback, do_not_call, fields, talk, said, heard.');
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_predicates(jsonb) IS
	'PT422, with the place, unless this is a list of 1 to 50 predicates {"path", "is", "value"}.';

CREATE FUNCTION voiceagent_private.compares(found jsonb, operator text, value jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- Numbers as numbers, texts (dates and times among them) letter by letter.
	RETURN CASE WHEN jsonb_typeof(found) IS DISTINCT FROM jsonb_typeof(value) THEN false ELSE CASE operator
		WHEN '<' THEN CASE jsonb_typeof(value) WHEN 'number' THEN found < value
			ELSE (found #>> '{}') COLLATE "C" < (value #>> '{}') COLLATE "C" END
		WHEN '<=' THEN CASE jsonb_typeof(value) WHEN 'number' THEN found <= value
			ELSE (found #>> '{}') COLLATE "C" <= (value #>> '{}') COLLATE "C" END
		WHEN '>' THEN CASE jsonb_typeof(value) WHEN 'number' THEN found > value
			ELSE (found #>> '{}') COLLATE "C" > (value #>> '{}') COLLATE "C" END
		ELSE CASE jsonb_typeof(value) WHEN 'number' THEN found >= value
			ELSE (found #>> '{}') COLLATE "C" >= (value #>> '{}') COLLATE "C" END END END;
COMMENT ON FUNCTION voiceagent_private.compares(jsonb, text, jsonb) IS
	'Whether what was found is <, <=, > or >= a value of the same type.';

CREATE FUNCTION voiceagent_private.holds(predicate jsonb, state jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT CASE predicate ->> 'is'
			WHEN '=' THEN s.found = predicate -> 'value'
			WHEN '<>' THEN s.found <> predicate -> 'value'
			WHEN 'in' THEN predicate -> 'value' @> jsonb_build_array(s.found)
			WHEN 'not in' THEN NOT predicate -> 'value' @> jsonb_build_array(s.found)
			WHEN 'present' THEN s.found NOT IN ('null', '[]', '""')
			WHEN 'absent' THEN s.found IN ('null', '[]', '""')
			WHEN 'count' THEN CASE jsonb_typeof(s.found) WHEN 'array'
				THEN to_jsonb(jsonb_array_length(s.found)) = predicate -> 'value' ELSE false END
			WHEN 'contains' THEN CASE jsonb_typeof(s.found) WHEN 'string'
				THEN strpos(lower(s.found #>> '{}'), lower(predicate ->> 'value')) > 0
				ELSE s.found @> (predicate -> 'value') END
			WHEN 'lacks' THEN CASE jsonb_typeof(s.found) WHEN 'string'
				THEN strpos(lower(s.found #>> '{}'), lower(predicate ->> 'value')) = 0
				ELSE NOT s.found @> (predicate -> 'value') END
			ELSE voiceagent_private.compares(s.found, predicate ->> 'is', predicate -> 'value') END
		FROM (SELECT coalesce(state #> string_to_array(predicate ->> 'path', '.'), 'null') AS found) s);
COMMENT ON FUNCTION voiceagent_private.holds(jsonb, jsonb) IS
	'Whether a predicate (check_predicates()) holds in an end state; what is not there is null.';

CREATE FUNCTION voiceagent_private.check_words(value jsonb, what text, longest integer, most integer) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF jsonb_typeof(value) NOT IN ('array', 'string') OR jsonb_typeof(value) = 'array' AND (
		jsonb_array_length(value) NOT BETWEEN 1 AND most
		OR EXISTS (SELECT FROM jsonb_array_elements(value) e
			WHERE jsonb_typeof(e) <> 'string' OR length(e #>> '{}') > longest))
		OR jsonb_typeof(value) = 'string' AND length(value #>> '{}') > longest THEN
		PERFORM voiceagent_private.fail('PT422', format('%s must be a text, or a list of texts', what),
			format('There are 1 to %s, each of at most %s characters.', most, longest));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_words(jsonb, text, integer, integer) IS
	'PT422 unless a member of a line (what) is a text, or a list of 1 to most texts, of at most longest characters.';

CREATE FUNCTION voiceagent_private.check_lines(lines jsonb) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v jsonb;
	v_nth bigint;
	c_lines CONSTANT integer := 60;
BEGIN
	IF jsonb_typeof(lines) IS DISTINCT FROM 'array' OR jsonb_array_length(lines) NOT BETWEEN 1 AND c_lines THEN
		PERFORM voiceagent_private.fail('PT422', format('lines must be a list of 1 to %s lines', c_lines), NULL,
			'For example [{"turn": 1, "say": "Who is this?"}, {"heard": ["what time"], "say": "Tomorrow at 3 pm."}].');
	END IF;
	FOR v, v_nth IN SELECT e.value, e.nth - 1 FROM jsonb_array_elements(lines) WITH ORDINALITY AS e(value, nth) LOOP
		IF jsonb_typeof(v) <> 'object' OR v -> 'say' IS NULL
			OR v - '{say,turn,heard,not_heard,again,hang_up}'::text[] <> '{}'
			OR jsonb_typeof(coalesce(v -> 'turn', '1')) <> 'number' OR (coalesce(v ->> 'turn', '1'))::numeric
				NOT BETWEEN 1 AND 60 OR jsonb_typeof(coalesce(v -> 'again', 'true')) <> 'boolean'
			OR jsonb_typeof(coalesce(v -> 'hang_up', 'true')) <> 'boolean' THEN
			PERFORM voiceagent_private.fail('PT422', format('lines[%s] is no line', v_nth),
				'A line has say, and may have turn (1 to 60), heard, not_heard, again and hang_up (true or false).');
		END IF;
		PERFORM voiceagent_private.check_words(v -> 'say', format('lines[%s].say', v_nth), 5000, 10);
		PERFORM voiceagent_private.check_words(v -> k, format('lines[%s].%s', v_nth, k), 200, 20)
		FROM unnest('{heard,not_heard}'::text[]) k WHERE v ? k;
		PERFORM voiceagent_private.fail_if(jsonb_typeof(coalesce(v -> 'heard', '[]')) <> 'array'
			OR jsonb_typeof(coalesce(v -> 'not_heard', '[]')) <> 'array', 'PT422',
			format('lines[%s].heard must be a list of words', v_nth));
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_lines(jsonb) IS
	'PT422, with the place, unless these are the lines of a scripted caller: 1 to 60.';

CREATE FUNCTION voiceagent.create_test_caller(name text, lines jsonb, expect jsonb, language text DEFAULT 'en',
	objective text DEFAULT NULL, persona text DEFAULT '', goal text DEFAULT '', faults jsonb DEFAULT '[]',
	variables jsonb DEFAULT '{}', seed bigint DEFAULT 1) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_id bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(name, 100), 'PT422',
		'a scripted caller needs a name of 1 to 100 characters, in one line');
	PERFORM voiceagent_private.fail_if(
		lower(btrim(name)) IN (SELECT p.name FROM voiceagent_private.caller_personas() p), 'PT409',
		'a shipped scripted caller has this name', format('It is %s.', lower(btrim(name))),
		'standard_callers() shows those that are shipped; they talk besides your own.');
	PERFORM voiceagent_private.fail_if(coalesce(language, '') NOT IN ('en', 'es', 'fr', 'de'), 'PT422',
		'no scripted caller speaks this language',
		format('Got %s.', left(coalesce(quote_literal(language), 'NULL'), 40)), 'There are en, es, fr and de.');
	PERFORM voiceagent_private.fail_if(objective NOT IN ('appointment', 'lead', 'information', 'callback', 'custom'),
		'PT422', 'no such objective', NULL,
		'There are appointment, lead, information, callback and custom; NULL: any.');
	PERFORM voiceagent_private.fail_if(length(persona) > 500 OR length(goal) > 500, 'PT422',
		'persona and goal have at most 500 characters');
	PERFORM voiceagent_private.fail_if(jsonb_typeof(coalesce(variables, '{}')) <> 'object'
		OR voiceagent_private.json_bytes(variables, 10000) > 10000, 'PT422',
		'variables must be an object of at most 10000 bytes', NULL, 'For example {"product": "heat pump"}.');
	PERFORM voiceagent_private.require_readable(variables, 'the variables of a caller');
	PERFORM voiceagent_private.check_lines(lines);
	PERFORM voiceagent_private.fail_if(jsonb_typeof(faults) <> 'array' OR jsonb_array_length(faults) > 60
			OR EXISTS (SELECT FROM jsonb_array_elements(faults) f WHERE jsonb_typeof(f) <> 'object'
				OR f - '{turn,fault}'::text[] <> '{}' OR jsonb_typeof(f -> 'turn') IS DISTINCT FROM 'number'
				OR (f ->> 'turn')::numeric NOT BETWEEN 1 AND 60 OR f ->> 'fault' IS NULL OR f ->> 'fault' NOT IN
					('silence', 'interruption', 'garbled', 'monologue', 'wrong_language', 'injection')),
		'PT422', 'faults must be a list of up to 60 faults', 'A fault is {"turn": 1 to 60, "fault"}: silence, '
			'interruption, garbled, monologue, wrong_language or injection.');
	PERFORM voiceagent_private.check_predicates(expect);
	PERFORM FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if((SELECT count(*) FROM voiceagent.test_callers c WHERE c.tenant_id = v_tenant)
		>= voiceagent_private.setting_integer('test_callers_kept'), 'PT409', 'there are too many scripted callers',
		format('At most %s (test_callers_kept).', voiceagent_private.setting_integer('test_callers_kept')),
		'remove_test_caller() takes one away.');
	INSERT INTO voiceagent.test_callers (tenant_id, name, language, objective, persona, goal, lines, faults, expect,
		variables, seed, created_at)
	VALUES (v_tenant, btrim(name), language, objective, coalesce(persona, ''), coalesce(goal, ''), lines,
		coalesce(faults, '[]'), expect, coalesce(variables, '{}'), coalesce(seed, 1), voiceagent.clock())
	ON CONFLICT DO NOTHING RETURNING test_caller_id INTO v_id;
	PERFORM voiceagent_private.fail_if(v_id IS NULL, 'PT409', 'a scripted caller with this name exists');
	RETURN v_id;
END
$$;
COMMENT ON FUNCTION
	voiceagent.create_test_caller(text, jsonb, jsonb, text, text, text, text, jsonb, jsonb, bigint) IS
	E'Makes a scripted caller for test_assistant() and returns its id.\n'
	'lines: what it says, [{"say", "turn", "heard", "not_heard", "again", "hang_up"}]; expect: what must hold at the '
	'end, [{"path", "is", "value"}]; faults: [{"turn", "fault"}]; language en, es, fr or de; variables: of the prompt. '
	'It raises PT409 for a name that is taken, PT422.';

CREATE FUNCTION voiceagent.remove_test_caller(test_caller_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	DELETE FROM voiceagent.test_callers c
	WHERE c.tenant_id = v_tenant AND c.test_caller_id = remove_test_caller.test_caller_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such scripted caller');
END
$$;
COMMENT ON FUNCTION voiceagent.remove_test_caller(bigint) IS
	E'Takes a scripted caller away; test runs keep what it said.\n'
	'PT404.';
