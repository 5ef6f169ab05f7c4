/*
 * 96_console: tools of the Model Context Protocol (bgworkers/console/mcp.c).
 *
 * A tool is a function of the API or something that it reads. Its description
 * is the COMMENT, its arguments are those of the function, or the columns of
 * the view by which it is sought; who may use it stands in mcp_offers() and is
 * asked of the catalog.
 *
 * No locks.
 */

CREATE FUNCTION voiceagent_private.mcp_offers()
	RETURNS TABLE (tool name, relation oid, function oid, least_role text, writes boolean)
	LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT c.relname, c.oid, NULL::oid, 'viewer', false FROM pg_class c
	WHERE c.relnamespace = 'voiceagent'::regnamespace AND c.relkind IN ('r', 'v', 'p')
		AND c.relname IN ('active_calls', 'appointments', 'call_turns', 'calls', 'campaign_progress', 'connections',
			'credit_balance', 'exports', 'listings', 'phone_number_totals', 'phone_numbers', 'promised_callbacks',
			'tasks')
	UNION ALL
	SELECT p.proname, NULL, p.oid, o.least_role, p.provolatile = 'v'
	FROM (VALUES ('create_phone_number', 'manager'), ('deferred_request', 'viewer'), ('explain_call', 'viewer'),
		('explain_lead', 'viewer'), ('export_link', 'viewer'), ('lead_list', 'viewer'), ('listing_stats', 'viewer'),
		('lookup_listing', 'viewer'), ('overview', 'viewer'), ('request_export', 'viewer'), ('search_calls', 'viewer'),
		('set_primary_number', 'manager'), ('simulate', 'manager'), ('whoami', 'viewer')) AS o(tool, least_role)
	JOIN pg_proc p ON p.pronamespace = 'voiceagent'::regnamespace AND p.proname = o.tool;
END;
COMMENT ON FUNCTION voiceagent_private.mcp_offers() IS
	'Candidates for tools: views (relation) and functions, with the least role that uses them and whether they change '
	'anything.';

CREATE FUNCTION voiceagent_private.json_schema(type oid) RETURNS json
	LANGUAGE sql STABLE
	RETURN (SELECT CASE WHEN t.typcategory = 'A' THEN json_build_object('type', 'array', 'items', s.one) ELSE s.one END
		FROM pg_type t
		JOIN pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END
		CROSS JOIN LATERAL (SELECT json_strip_nulls(json_build_object(
			'type', CASE WHEN e.typcategory = 'B' THEN 'boolean'
				WHEN coalesce(nullif(e.typbasetype, 0), e.oid)::regtype IN ('smallint', 'integer', 'bigint')
					THEN 'integer'
				WHEN e.typcategory = 'N' THEN 'number'
				WHEN e.oid = 'jsonb'::regtype THEN 'object' ELSE 'string' END,
			'format', CASE e.oid::regtype WHEN 'date'::regtype THEN 'date'
				WHEN 'timestamptz'::regtype THEN 'date-time' END,
			'enum', (SELECT json_agg(n.value ORDER BY n.position) FROM voiceagent.enumerations n
				WHERE n.enumeration = e.typname))) AS one) s
		WHERE t.oid = json_schema.type);
COMMENT ON FUNCTION voiceagent_private.json_schema(oid) IS
	'A type as JSON Schema has it; a domain whose values are an enumeration with these.';

CREATE FUNCTION voiceagent_private.mcp_arguments(function oid) RETURNS json
	LANGUAGE sql STABLE
	RETURN (SELECT json_strip_nulls(json_build_object('type', 'object',
			'properties', coalesce(json_object_agg(a.name, a.schema ORDER BY a.n), '{}'),
			'required', json_agg(a.name ORDER BY a.n) FILTER (WHERE a.needed), 'additionalProperties', false))
		FROM (SELECT p.proargnames[i.n] AS name, i.n, i.nth <= p.pronargs - p.pronargdefaults AS needed,
				-- A default that says nothing but "not given" is none.
				(voiceagent_private.json_schema(i.type)::jsonb || coalesce(jsonb_build_object('default', CASE
					WHEN d.text ~ '^(-?\d+|true|false)$' THEN d.text::jsonb
					WHEN d.text ~ '^''[^'']+''::(text|interval)$' THEN to_jsonb(split_part(d.text, '''', 2)) END)
					, '{}'))::json AS schema
			FROM pg_proc p CROSS JOIN LATERAL (SELECT o.type, o.n, row_number() OVER (ORDER BY o.n) AS nth
				FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY o(type, n)
				WHERE coalesce(p.proargmodes[o.n], 'i') IN ('i', 'b', 'v')) i
			CROSS JOIN LATERAL (SELECT pg_get_function_arg_default(p.oid, i.n::integer) AS text) d
			WHERE p.oid = mcp_arguments.function) a);
COMMENT ON FUNCTION voiceagent_private.mcp_arguments(oid) IS 'The arguments of a function, by JSON Schema.';

CREATE FUNCTION voiceagent_private.mcp_filters(relation oid)
	RETURNS TABLE (name name, type oid, n smallint, said text, is_key boolean)
	LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT a.attname, a.atttypid, a.attnum, col_description(a.attrelid, a.attnum),
		a.atttypid = 'bigint'::regtype
			AND a.attnum = min(a.attnum) FILTER (WHERE a.atttypid = 'bigint'::regtype) OVER ()
	FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
	WHERE a.attrelid = mcp_filters.relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'tenant_id'
		AND (a.atttypid IN ('bigint'::regtype, 'boolean'::regtype)
			OR t.typtype = 'd' AND t.typbasetype = 'text'::regtype)
		AND (a.atttypid <> 'bigint'::regtype OR a.attname ~ '_id$');
END;
COMMENT ON FUNCTION voiceagent_private.mcp_filters(oid) IS
	E'The columns by which rows of a view are sought: numbers of things, yes or no, states, telephone numbers.\n'
	'is_key: pages go down along it.';

CREATE FUNCTION voiceagent_private.mcp_view_arguments(relation oid) RETURNS json
	LANGUAGE sql STABLE
	RETURN (SELECT json_build_object('type', 'object', 'properties', json_object_agg(f.name, f.schema ORDER BY f.n),
			'additionalProperties', false)
		FROM (SELECT c.name, c.n, (voiceagent_private.json_schema(c.type)::jsonb
				|| jsonb_build_object('description', c.said))::json AS schema
			FROM voiceagent_private.mcp_filters(mcp_view_arguments.relation) c
			UNION ALL SELECT 'before', 10000, json_build_object('type', 'integer', 'description',
				format('For the next page: the last %s of the page before.', k.name))
			FROM voiceagent_private.mcp_filters(mcp_view_arguments.relation) k WHERE k.is_key
			UNION ALL SELECT 'limit', 10001, '{"type": "integer", "minimum": 1, "maximum": 200, "default": 20, '
				'"description": "How many rows, the newest first. A column that is absent is NULL."}') f);
COMMENT ON FUNCTION voiceagent_private.mcp_view_arguments(oid) IS
	'By what the rows of a view are sought, by JSON Schema.';

CREATE FUNCTION voiceagent_private.mcp_tools(api_role name, after text) RETURNS json
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_page CONSTANT integer := 20;
	c_roles CONSTANT text[] := '{viewer,agent,manager,owner}';
	v_rank integer := coalesce(array_position(c_roles, voiceagent.whoami() ->> 'role'), 1);
BEGIN
	PERFORM voiceagent_private.fail_if(after <> '' AND NOT EXISTS (SELECT FROM voiceagent_private.mcp_offers() o
		WHERE o.tool = after), 'PT422', 'this cursor is none of ours');
	RETURN (SELECT json_strip_nulls(json_build_object('tools',
			coalesce(json_agg(t.definition ORDER BY t.n) FILTER (WHERE t.n <= c_page), '[]'),
			'nextCursor', CASE WHEN count(*) > c_page THEN max(t.tool) FILTER (WHERE t.n <= c_page) END,
			'ttlMs', 300000, 'cacheScope', 'private'))
		FROM (SELECT o.tool, row_number() OVER (ORDER BY o.tool) AS n, json_build_object('name', o.tool,
				'description',
					coalesce(obj_description(o.function, 'pg_proc'), obj_description(o.relation, 'pg_class')),
				'inputSchema', CASE WHEN o.relation IS NULL THEN voiceagent_private.mcp_arguments(o.function)
					ELSE voiceagent_private.mcp_view_arguments(o.relation) END,
				'annotations', json_build_object('readOnlyHint', NOT o.writes, 'destructiveHint', o.writes,
					'openWorldHint', false)) AS definition
			FROM voiceagent_private.mcp_offers() o
			WHERE o.tool > coalesce(after, '') AND array_position(c_roles, o.least_role) <= v_rank
				AND CASE WHEN o.relation IS NULL THEN has_function_privilege(api_role, o.function, 'EXECUTE')
					ELSE has_table_privilege(api_role, o.relation, 'SELECT') END
			ORDER BY o.tool LIMIT c_page + 1) t);
END
$$;
COMMENT ON FUNCTION voiceagent_private.mcp_tools(name, text) IS
	'A page of the tools that the caller may use as that role, behind a name (NULL: from the first), as tools/list '
	'answers; PT422 for a name that is no tool.';

CREATE FUNCTION voiceagent_private.mcp_query(tool text, arguments json, OUT there boolean, OUT later boolean,
	OUT query text, OUT most integer)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_key name;
	v_where text;
	v_wrong text;
BEGIN
	SELECT o.relation, o.least_role, EXISTS (SELECT FROM voiceagent_private.registrations r
			WHERE r.kind = 'deferred' AND r.name = o.tool) AS later INTO v
	FROM voiceagent_private.mcp_offers() o WHERE o.tool = mcp_query.tool;
	there := FOUND;
	later := v.later;
	most := 200;
	-- A caller that may not do it need not come back to learn it.
	IF v.later THEN
		PERFORM voiceagent_private.writer_tenant(v.least_role);
	END IF;
	IF v.relation IS NULL THEN
		RETURN;
	END IF;
	v_key := (SELECT f.name FROM voiceagent_private.mcp_filters(v.relation) f WHERE f.is_key);
	v_wrong := (SELECT string_agg(k.name, ', ') FROM json_object_keys(arguments) k(name)
		WHERE k.name NOT IN ('limit', 'before')
			AND NOT EXISTS (SELECT FROM voiceagent_private.mcp_filters(v.relation) f WHERE f.name = k.name));
	PERFORM voiceagent_private.fail_if(v_wrong IS NOT NULL, 'PT422',
		format('the tool %s has no argument %s', tool, v_wrong), NULL, 'Its inputSchema says which it has.');
	most := coalesce(arguments ->> 'limit', '20')::integer;
	PERFORM voiceagent_private.fail_if(most NOT BETWEEN 1 AND 200, 'PT422', 'limit lies between 1 and 200');
	v_where := (SELECT coalesce(string_agg(format('%I = CAST(%L AS %s)', f.name, arguments ->> f.name,
			format_type(f.type, NULL)), ' AND ' ORDER BY f.n), 'true')
	FROM voiceagent_private.mcp_filters(v.relation) f WHERE arguments ->> f.name IS NOT NULL);
	IF v_key IS NOT NULL AND arguments ->> 'before' IS NOT NULL THEN
		v_where := v_where || format(' AND %I < %s', v_key, (arguments ->> 'before')::bigint);
	END IF;
	query := format('SELECT coalesce(pg_catalog.json_agg(pg_catalog.jsonb_strip_nulls(pg_catalog.to_jsonb(r)) '
		'- ''tenant_id''), ''[]'')::text AS answer FROM (SELECT * FROM %s WHERE %s%s LIMIT %s) r', v.relation::regclass,
		v_where, CASE WHEN v_key IS NULL THEN '' ELSE format(' ORDER BY %I DESC, 3', v_key) END, most + 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.mcp_query(text, json) IS
	E'How a tool is used with arguments: query, the statement that reads a view (NULL: it is a function); most, how '
	'many rows of it are shown; later, its answer may come later.\n'
	'there: whether there is such a tool. PT422 for arguments that a view does not have, PT403.';

CREATE FUNCTION voiceagent_private.mcp_result(tool text, answer json, most integer) RETURNS json
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_bytes CONSTANT integer := 100000;
	-- An answer that came later is inside of what tells of it.
	v_part json := CASE WHEN tool = 'deferred_request' THEN answer -> 'answer' ELSE answer END;
	v_rows json;
	v_all bigint;
	v_left bigint := 0;
	v_result json := answer;
	v_said text := format('The tool %s is done.', tool);
BEGIN
	IF json_typeof(v_part) = 'array' THEN
		SELECT count(*), count(*) FILTER (WHERE NOT r.shown),
			coalesce(json_agg(r.value ORDER BY r.n) FILTER (WHERE r.shown), '[]') INTO v_all, v_left, v_rows
		FROM (SELECT e.value, e.n,
				e.n <= most AND sum(octet_length(e.value::text)) OVER (ORDER BY e.n) <= c_bytes AS shown
			FROM json_array_elements(v_part) WITH ORDINALITY e(value, n)) r;
		v_result := json_build_object('rows', v_rows, 'rows_left_out', v_left);
		v_said := format(CASE WHEN v_left = 0 THEN 'Rows: %s.'
			ELSE 'Rows: %s. There are more, which were left out: ask for less at a time, or for the next page.' END,
			v_all - v_left);
		IF tool = 'deferred_request' THEN
			v_result := (answer::jsonb || jsonb_build_object('answer', v_result))::json;
		END IF;
	ELSIF json_typeof(answer) <> 'object' THEN
		v_result := json_build_object('result', answer);
	END IF;
	IF octet_length(v_result::text) > 2 * c_bytes THEN
		RETURN json_build_object('isError', true, 'content', json_build_array(json_build_object('type', 'text', 'text',
			format('The answer of the tool %s has %s bytes, which is too long. Ask for less.', tool,
				octet_length(answer::text)))));
	END IF;
	RETURN json_build_object('isError', false, 'structuredContent', v_result, 'content', json_build_array(
		json_build_object('type', 'text', 'text', v_said),
		json_build_object('type', 'text', 'text', v_result::text)));
END
$$;
COMMENT ON FUNCTION voiceagent_private.mcp_result(text, json, integer) IS
	'An answer as the result of tools/call: rows at most so many and 100,000 bytes of them, and how many were left '
	'out.';

CREATE FUNCTION voiceagent_private.admits_page(headers json, own boolean) RETURNS boolean
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	RETURN CASE WHEN own AND headers ->> 'sec-fetch-site' NOT IN ('same-origin', 'none') THEN false
		WHEN (headers ->> 'origin') IS NULL OR own AND headers ->> 'sec-fetch-site' = 'same-origin' THEN true
		WHEN headers ->> 'origin' = substring(voiceagent_private.platform_setting('mail_links') FROM '^https?://[^/]+')
			THEN true
		WHEN own THEN coalesce(headers ->> 'origin' ~ '^https?://'
			AND split_part(headers ->> 'origin', '://', 2) = lower(headers ->> 'host'), false)
		ELSE headers ->> 'origin' ~ '^https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$' END;
COMMENT ON FUNCTION voiceagent_private.admits_page(json, boolean) IS
	E'Whether a request with these headers is of a page that may speak to us: one of mail_links, or of the machine '
	'where its browser runs; no other name that leads to our address.\n'
	'own: of a page of ours, at mail_links or at the host that it names, or of a program: then it may get a cookie.';

GRANT EXECUTE ON FUNCTION voiceagent_private.admits_page(json, boolean), voiceagent_private.mcp_tools(name, text),
	voiceagent_private.mcp_query(text, json),
	voiceagent_private.mcp_result(text, json, integer) TO voiceagent_api;
