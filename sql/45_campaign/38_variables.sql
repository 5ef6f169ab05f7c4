-- 45_campaign: what a prompt's {{variables}} stand for with a lead, and which leads lack a value.

CREATE FUNCTION voiceagent_private.merge_variables(context jsonb, phone text, first_name text, last_name text,
	email text, company text, country text, region text, extension text) RETURNS jsonb
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_merge_variables';
COMMENT ON FUNCTION voiceagent_private.merge_variables(jsonb, text, text, text, text, text, text, text, text) IS
	'The context of a lead with its own fields, as far as they are not NULL, and its whole name; they win over what '
	'the context calls the same.';

CREATE FUNCTION voiceagent_private.known_context(context jsonb, enrichment jsonb) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE WHEN enrichment IS NULL THEN context
		ELSE context || jsonb_build_object('enrichment', enrichment) END;
COMMENT ON FUNCTION voiceagent_private.known_context(jsonb, jsonb) IS
	'The context of a lead with what enrich_lead() was given as its member enrichment, whatever a file called so.';

CREATE FUNCTION voiceagent_private.lead_variables(lead voiceagent.leads) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN voiceagent_private.merge_variables(
		voiceagent_private.known_context((lead).context, (lead).enrichment), (lead).phone, (lead).first_name,
		(lead).last_name, (lead).email, (lead).company, (lead).country, (lead).region, (lead).extension);
COMMENT ON FUNCTION voiceagent_private.lead_variables(voiceagent.leads) IS
	'The values of a prompt''s {{variables}} for this lead: every other column of its file, what it was enriched '
	'with, and the lead''s own fields.';

CREATE FUNCTION voiceagent_private.lacks_variable(context jsonb, phone text, first_name text, last_name text,
	email text, company text, country text, region text, extension text, variables text[]) RETURNS boolean
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_lacks_variable';
COMMENT ON FUNCTION voiceagent_private.lacks_variable(jsonb, text, text, text, text, text, text, text, text, text[]) IS
	'Whether one of these variables has no value in what merge_variables() makes of the rest, as fill_template() '
	'judges: it is absent, null, blank, or no scalar.';

CREATE FUNCTION voiceagent_private.lead_lacks(lead voiceagent.leads, variables text[]) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN voiceagent_private.lacks_variable(
		voiceagent_private.known_context((lead).context, (lead).enrichment), (lead).phone, (lead).first_name,
		(lead).last_name, (lead).email, (lead).company, (lead).country, (lead).region, (lead).extension, variables);
COMMENT ON FUNCTION voiceagent_private.lead_lacks(voiceagent.leads, text[]) IS
	E'Whether one of these variables of a prompt has no value with this lead: it must not be dialled with a '
	'hole in the sentence.\n'
	'NULL or no variables: false.';

CREATE FUNCTION voiceagent_private.lacking_variables(lead voiceagent.leads, variables text[]) RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN ARRAY(SELECT v.name FROM unnest(variables) WITH ORDINALITY AS v(name, ord)
		WHERE voiceagent_private.lead_lacks(lead, ARRAY[v.name]) ORDER BY v.ord);
COMMENT ON FUNCTION voiceagent_private.lacking_variables(voiceagent.leads, text[]) IS
	'Those of the variables that have no value with this lead.';

CREATE FUNCTION voiceagent_private.describe_lacking(lead voiceagent.leads, variables text[]) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (SELECT string_agg(v.name || CASE WHEN (lead).enrichment ? v.name
			THEN format(', which is known as {{enrichment.%s}}', v.name) ELSE '' END, ', ' ORDER BY v.ord)
		FROM unnest(voiceagent_private.lacking_variables(lead, variables)) WITH ORDINALITY AS v(name, ord));
COMMENT ON FUNCTION voiceagent_private.describe_lacking(voiceagent.leads, text[]) IS
	'lacking_variables() in words; a variable that enrich_lead() gave is named as a prompt has to write it.';

CREATE FUNCTION voiceagent_private.variables_to_find(variables text[], settings jsonb) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	-- A version may be older than the setting.
	IF coalesce(settings ->> 'script_source', 'none') = 'none' THEN
		RETURN variables;
	END IF;
	RETURN ARRAY(SELECT v.name FROM unnest(variables) WITH ORDINALITY AS v(name, ord)
		WHERE v.name NOT IN ('script.opening', 'script.pitch', 'script.closing', 'script.questions_list',
			'script.objections_list', 'script.rules_list') ORDER BY v.ord);
END
$$;
COMMENT ON FUNCTION voiceagent_private.variables_to_find(text[], jsonb) IS
	'Those of a prompt''s variables that a lead must have a value for: all but what the script gives to each call of a '
	'campaign with these settings in force.';

CREATE FUNCTION voiceagent_private.variables_heard(variables text[], experiment jsonb) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	IF experiment IS NULL THEN
		RETURN variables;
	END IF;
	RETURN ARRAY(
		SELECT v FROM unnest(variables) v
		UNION SELECT v FROM jsonb_array_elements_text(experiment #> '{b,variables}') v ORDER BY 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.variables_heard(text[], jsonb) IS
	'The variables of a text, with those of variant b of an experiment (its terms; NULL: there is none).';

CREATE FUNCTION voiceagent_private.variables_of(version voiceagent.campaign_versions) RETURNS text[]
	LANGUAGE sql STABLE
	RETURN (SELECT voiceagent_private.variables_to_find(voiceagent_private.variables_heard(a.variables,
			(variables_of.version).settings -> 'experiment'), (variables_of.version).settings)
		FROM voiceagent.assistant_versions a
		WHERE a.tenant_id = (variables_of.version).tenant_id
			AND a.assistant_id = ((variables_of.version).settings ->> 'assistant_id')::bigint
			AND a.version = (variables_of.version).assistant_version);
COMMENT ON FUNCTION voiceagent_private.variables_of(voiceagent.campaign_versions) IS
	'The variables that need a value in the text of the assistant that a version of a campaign speaks, and in that of '
	'the other variant of its experiment.';
