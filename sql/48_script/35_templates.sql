/*
 * 48_script: templates and playbooks, and which of them a campaign speaks
 * from: its playbook, else the tenant's templates kind by kind, else the
 * platform's.  A template speaks of a lead by {{variables}}.
 */

CREATE FUNCTION voiceagent_private.require_script_body(body jsonb, members text[], place text DEFAULT '') RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_fault record;
	v_text text;
BEGIN
	SELECT f.* INTO v_fault FROM voiceagent_private.script_faults(body, members) f LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', format('%s%s %s', place, v_fault.field, v_fault.message),
		format('%s%s takes %s.', place, v_fault.field, v_fault.allowed),
		'A script is {"opening", "pitch", "questions": [], "objections": [{"objection", "answer"}], "closing"}.');
	FOR v_text IN SELECT t FROM jsonb_path_query(body, 'strict $.** ? (@.type() == "string")') AS q(value)
		CROSS JOIN LATERAL (SELECT q.value #>> '{}' AS t) x
	LOOP
		PERFORM voiceagent_private.require_wellformed_variables(v_text);
		-- A carrier never gets text here that it would fill in, or run.
		PERFORM voiceagent_private.fail_if(
			v_text ~ '\{\{-?\s*(now|date|time|year|month|day|customer\.|transport\.)' OR v_text ~ '\{%', 'PT422',
			'a script can name the lead''s variables only', format('At: %s', left(v_text, 100)),
			'Tags of a template language, now, date, time, customer.* and transport.* belong into the prompt.');
		PERFORM voiceagent_private.fail_if(v_text ~ '\{\{-?\s*script\M', 'PT422', 'a script cannot name itself',
			format('At: %s', left(v_text, 100)));
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_script_body(jsonb, text[], text) IS
	'PT422, which names the member behind place, for a template of a script that is not well formed, or whose '
	'variables are not.';

CREATE FUNCTION voiceagent_private.require_language(language text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(language, '') !~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
		OR length(language) > 35, 'PT422', 'invalid language',
		format('Got %s.', coalesce(quote_literal(left(language, 100)), 'NULL')),
		'Give a language such as en, es, fr or de; it holds for all its regions.');
	RETURN lower(split_part(language, '-', 1));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_language(text) IS
	'The language of a tag such as en-US, without its region; PT422 when it is none.';

CREATE FUNCTION voiceagent.store_script_template(kind text, language text, body jsonb) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_members text[] := CASE kind WHEN 'pitch' THEN '{opening,pitch,questions}'::text[]
		WHEN 'objections' THEN '{objections}'
		WHEN 'closing' THEN '{closing}' END;
	v_language text := voiceagent_private.require_language(language);
	v_last voiceagent.script_templates;
BEGIN
	IF v_members IS NULL THEN
		PERFORM voiceagent_private.fail('PT422', format('unknown kind of script template "%s"',
			left(coalesce(kind, 'null'), 60)), NULL, 'Kinds: pitch, objections, closing.');
	ELSIF body IS NOT NULL THEN
		PERFORM voiceagent_private.require_script_body(body, v_members);
	END IF;
	PERFORM voiceagent_private.lock_tenant(true);
	SELECT t.* INTO v_last FROM voiceagent.script_templates t
	WHERE t.tenant_id = v_tenant AND t.kind = store_script_template.kind AND t.language = v_language
	ORDER BY t.version DESC LIMIT 1;
	IF v_last.body IS DISTINCT FROM body THEN
		INSERT INTO voiceagent.script_templates (tenant_id, kind, language, version, body, created_by, created_at)
		VALUES (v_tenant, kind, v_language, coalesce(v_last.version, 0) + 1, body, voiceagent_private.actor(),
			voiceagent.clock()) RETURNING * INTO v_last;
	END IF;
	RETURN coalesce(v_last.version, 0);
END
$$;
COMMENT ON FUNCTION voiceagent.store_script_template(text, text, jsonb) IS
	E'Stores a template of the tenant''s scripts as its newest version, and returns its number.\n'
	'kind and body: pitch {"opening", "pitch", "questions": []}, objections {"objections": [{"objection", "answer"}]}, '
	'closing {"closing"}, with {{variables}}; body NULL goes back to the platform''s. PT422 names the member.';

CREATE FUNCTION voiceagent.load_playbook(playbook text, document jsonb) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	c_max_languages CONSTANT integer := 20;
	c_max_playbooks CONSTANT integer := 1000;
	c_members CONSTANT text[] := voiceagent_private.script_members() || 'rules'::text;
	v_languages jsonb := '{}';
	v_description text;
	v_body record;
	v_last voiceagent.playbooks;
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(playbook, '') !~ '^[a-z][a-z0-9_]{0,62}$', 'PT422',
		'invalid name of a playbook', format('Got %s.', coalesce(quote_literal(left(playbook, 100)), 'NULL')),
		'1 to 63 lower-case letters, digits and _, beginning with a letter, such as roofing_spring.');
	PERFORM voiceagent_private.fail_if(jsonb_typeof(document) IS DISTINCT FROM 'object'
		OR voiceagent_private.json_bytes(document, 1048576) > 1048576, 'PT422',
		'a playbook is a JSON object of at most 1048576 bytes', NULL,
		'{"description", "languages": {"en": {"opening", "pitch", "questions", "objections", "closing", '
			'"rules"}}}');
	-- The members of a single language may stand beside its name.
	IF NOT document ? 'languages' THEN
		document := jsonb_build_object('description', document -> 'description', 'languages', jsonb_build_object(
			coalesce(document ->> 'language', 'en'), document - '{description,language}'::text[]));
	ELSIF document - '{description,languages}'::text[] <> '{}' THEN
		PERFORM voiceagent_private.fail('PT422', format('%s of a playbook is not known',
			left((SELECT min(k) FROM jsonb_object_keys(document - '{description,languages}'::text[]) k), 60)), NULL,
			'A playbook has description and languages.');
	END IF;
	v_description := btrim(document ->> 'description');
	PERFORM voiceagent_private.fail_if(coalesce(jsonb_typeof(document -> 'description'), '') <> 'string'
		OR length(v_description) NOT BETWEEN 1 AND 1000, 'PT422', 'description of a playbook has 1 to 1000 characters',
		NULL, 'Say what it is for.');
	PERFORM voiceagent_private.fail_if(
		jsonb_typeof(document -> 'languages') <> 'object' OR document -> 'languages' = '{}'
			OR (SELECT count(*) FROM jsonb_object_keys(document -> 'languages')) > c_max_languages, 'PT422',
		format('languages of a playbook has 1 to %s members', c_max_languages), NULL,
		'For example {"en": {"opening": ..., "pitch": ..., ...}}.');
	FOR v_body IN SELECT l.key, l.value FROM jsonb_each(document -> 'languages') l ORDER BY l.key LOOP
		PERFORM voiceagent_private.require_script_body(v_body.value, c_members, v_body.key || '.');
		v_languages := v_languages
			|| jsonb_build_object(voiceagent_private.require_language(v_body.key), v_body.value);
	END LOOP;
	PERFORM voiceagent_private.lock_tenant(true);
	SELECT p.* INTO v_last FROM voiceagent.playbooks p
	WHERE p.tenant_id = v_tenant AND p.playbook = load_playbook.playbook ORDER BY p.version DESC LIMIT 1;
	IF NOT FOUND AND (SELECT count(DISTINCT p.playbook) FROM voiceagent.playbooks p
		WHERE p.tenant_id = v_tenant) >= c_max_playbooks THEN
		PERFORM voiceagent_private.fail('PT422', format('a tenant has at most %s playbooks', c_max_playbooks));
	ELSIF v_last.languages IS DISTINCT FROM v_languages OR v_last.description <> v_description THEN
		INSERT INTO voiceagent.playbooks (tenant_id, playbook, version, description, languages, created_by, created_at)
		VALUES (v_tenant, playbook, coalesce(v_last.version, 0) + 1, v_description, v_languages,
			voiceagent_private.actor(), voiceagent.clock()) RETURNING * INTO v_last;
	END IF;
	RETURN v_last.version;
END
$$;
COMMENT ON FUNCTION voiceagent.load_playbook(text, jsonb) IS
	E'Checks and stores a playbook as its newest version, and returns its number; the same again is no new one.\n'
	'document: {"description", "languages": {"en": {"opening", "pitch", "questions", "objections", "closing", '
	'"rules"}}}, or these members of one "language" at the top. Campaigns with the setting playbook use it at once. '
	'PT422 names the member.';

CREATE FUNCTION voiceagent.playbook_document(playbook text) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_document jsonb;
BEGIN
	SELECT jsonb_build_object('description', p.description, 'languages', p.languages) INTO v_document
	FROM voiceagent.playbooks p
	WHERE p.tenant_id = v_tenant AND p.playbook = playbook_document.playbook ORDER BY p.version DESC LIMIT 1;
	IF NOT FOUND THEN
		SELECT jsonb_build_object('description', min(s.description), 'languages', jsonb_object_agg(s.language, s.body))
		INTO v_document FROM voiceagent_private.shipped_playbooks s
		WHERE s.playbook = playbook_document.playbook HAVING count(*) > 0;
	END IF;
	PERFORM voiceagent_private.fail_if(v_document IS NULL, 'PT404',
		format('there is no playbook "%s"', left(coalesce(playbook, 'null'), 63)), NULL,
		'list_playbooks() has those there are.');
	RETURN v_document;
END
$$;
COMMENT ON FUNCTION voiceagent.playbook_document(text) IS
	E'A playbook, the tenant''s newest version or the platform''s, as load_playbook() takes it: to look at, or to '
	'change and load again.\n'
	'PT404.';

CREATE FUNCTION voiceagent.list_playbooks() RETURNS TABLE (playbook text, version integer, built_in boolean,
	description text, languages text[])
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN QUERY
	SELECT p.playbook, p.version, false, p.description,
		ARRAY(SELECT k FROM jsonb_object_keys(p.languages) k ORDER BY k)
	FROM (SELECT DISTINCT ON (b.playbook) b.* FROM voiceagent.playbooks b WHERE b.tenant_id = v_tenant
		ORDER BY b.playbook, b.version DESC) p
	UNION ALL
	SELECT s.playbook, NULL, true, min(s.description), array_agg(s.language ORDER BY s.language)
	FROM voiceagent_private.shipped_playbooks s
	WHERE NOT EXISTS (SELECT FROM voiceagent.playbooks b WHERE b.tenant_id = v_tenant AND b.playbook = s.playbook)
	GROUP BY s.playbook
	ORDER BY 1;
END
$$;
COMMENT ON FUNCTION voiceagent.list_playbooks() IS
	E'The playbooks that a campaign can have: the tenant''s, in their newest version, and the platform''s.\n'
	'built_in: it comes with the extension, and has no version; one of the tenant''s takes the place of one with its '
	'name.';

-- source: template or model. spare: the platform's body, whose variables all have defaults. names: variables that
-- the texts need. key: of what does not depend on the lead.
CREATE TYPE voiceagent_private.script_plan AS (
	source text,
	wait interval,
	language text,
	model text,
	body jsonb,
	spare jsonb,
	names text[],
	origin jsonb,
	key bytea
);
COMMENT ON TYPE voiceagent_private.script_plan IS
	E'From what a campaign''s scripts are made.\n'
	'body NULL: there is no template in the language, and so no script.';

CREATE FUNCTION voiceagent_private.plan_script(settings jsonb, language text) RETURNS voiceagent_private.script_plan
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_language text := lower(split_part(language, '-', 1));
	v_plan voiceagent_private.script_plan;
	v_playbook record;
	v_template record;
BEGIN
	-- A test call and a simulation ask no model.
	v_plan.source := CASE WHEN settings ? 'test' OR voiceagent_private.simulating() THEN 'template'
		ELSE settings ->> 'script_source' END;
	v_plan.wait := voiceagent_private.as_interval(settings ->> 'script_wait');
	v_plan.language := language;
	v_plan.model := coalesce(settings ->> 'script_model', '');
	SELECT s.body INTO v_plan.spare FROM voiceagent_private.shipped_playbooks s
	WHERE s.playbook = 'general' AND s.language = v_language;
	-- The tenant's newest version, else the platform's.
	SELECT p.languages -> v_language AS body, format('playbook %s, version %s', p.playbook, p.version) AS origin
	INTO v_playbook FROM voiceagent.playbooks p
	WHERE p.tenant_id = v_tenant AND p.playbook = coalesce(settings ->> 'playbook', '')
	ORDER BY p.version DESC LIMIT 1;
	IF v_playbook.body IS NULL THEN
		SELECT s.body, format('the platform''s playbook %s', s.playbook) AS origin
		INTO v_playbook FROM voiceagent_private.shipped_playbooks s
		WHERE s.playbook = coalesce(settings ->> 'playbook', '') AND s.language = v_language;
	END IF;
	IF v_playbook.body IS NOT NULL THEN
		v_plan.body := v_playbook.body;
		v_plan.origin := jsonb_build_object('pitch', v_playbook.origin, 'objections', v_playbook.origin,
			'closing', v_playbook.origin);
	ELSE
		v_plan.body := v_plan.spare;
		v_plan.origin := jsonb_build_object('pitch', 'the platform', 'objections', 'the platform',
			'closing', 'the platform');
		FOR v_template IN
			-- Each claim asks: never all versions that there are.
			SELECT k.kind, t.version, t.body FROM unnest('{pitch,objections,closing}'::text[]) AS k(kind)
			CROSS JOIN LATERAL (SELECT o.version, o.body FROM voiceagent.script_templates o
				WHERE o.tenant_id = v_tenant AND o.kind = k.kind AND o.language = v_language
				ORDER BY o.version DESC LIMIT 1) t
		LOOP
			CONTINUE WHEN v_template.body IS NULL;
			v_plan.body := coalesce(v_plan.body, '{}') || v_template.body;
			v_plan.origin := v_plan.origin
				|| jsonb_build_object(v_template.kind, format('template, version %s', v_template.version));
		END LOOP;
	END IF;
	-- In a language that the platform does not speak, the tenant may have stored but a part.
	IF NOT v_plan.body ?& voiceagent_private.script_members() THEN
		v_plan.body := NULL;
	END IF;
	v_plan.names := voiceagent_private.template_variables(
		array_to_string(voiceagent_private.script_texts(v_plan.body), E'\n'));
	v_plan.key := sha256(convert_to(language || v_plan.body::text, 'UTF8'));
	RETURN v_plan;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_script(jsonb, text) IS
	E'From what the scripts of a campaign of the current tenant are made, with these settings in force and an '
	'assistant that speaks this language.\n'
	'The playbook''s texts, else the tenant''s templates kind by kind, else the platform''s.';
