-- 20_import: what the columns of a file are taken for, before it is imported.

CREATE FUNCTION voiceagent_private.read_columns(beginning bytea, whole boolean, mapping jsonb)
	RETURNS TABLE (place integer, header text, field text, samples text[])
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME', 'va_sql_import_columns';
COMMENT ON FUNCTION voiceagent_private.read_columns(bytea, boolean, jsonb) IS
	E'The columns of a file of leads by its first bytes (whole: all of it), what an import with this mapping would '
	'take each for, a field or context.KEY, and what the first three rows have there.\n'
	'PT422 for what is no CSV file, and for a mapping that is none or names no column of it.';

CREATE FUNCTION voiceagent_private.import_fields() RETURNS text[]
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_import_fields';
COMMENT ON FUNCTION voiceagent_private.import_fields() IS
	'Kinds of a column of a file of leads, as mappings name them.';

CREATE FUNCTION voiceagent.import_columns(beginning bytea, mapping jsonb DEFAULT '{}', whole boolean DEFAULT false)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent.current_tenant();
	PERFORM voiceagent_private.fail_if(beginning IS NULL, 'PT422', 'the file is empty');
	PERFORM voiceagent_private.require_not_base64(beginning);
	RETURN jsonb_build_object('fields', voiceagent_private.import_fields(),
		'columns', (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.place), '[]')
			FROM voiceagent_private.read_columns(beginning, coalesce(whole, false), coalesce(mapping, '{}')) c));
END
$$;
COMMENT ON FUNCTION voiceagent.import_columns(bytea, jsonb, boolean) IS
	E'Shows how an import would read the columns of a file: {"fields", "columns": [{"place", "header", "field", '
	'"samples"}]}.\n'
	'beginning: the first bytes of the file, whole: all of it; mapping as of import_leads(); field: one of fields, '
	'context.KEY, or null for a column that is passed over; samples: of the first three rows. Nothing is imported, and '
	'no column need be the phone number. PT422.';
