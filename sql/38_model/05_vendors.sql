-- 38_model: vendors of language models, ears and voices, as their drivers describe them (extension/pure/models).

CREATE FUNCTION voiceagent_private.model_driver_facts() RETURNS jsonb
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_model_driver_facts';
COMMENT ON FUNCTION voiceagent_private.model_driver_facts() IS 'The columns of model_providers, an object a vendor.';

CREATE VIEW voiceagent.model_providers WITH (security_invoker = true) AS
	SELECT v.provider, v.title, v.kind, v.needs_key, v.needs_url,
		string_to_array(replace(v.settings, '!', ''), ',') AS settings,
		substring(v.settings FROM '(\w+)!') AS needs_setting
	FROM jsonb_to_recordset(voiceagent_private.model_driver_facts()) AS v(provider text, title text, kind text,
		needs_key boolean, needs_url boolean, settings text);
COMMENT ON VIEW voiceagent.model_providers IS
	'The vendors that model accounts can be made at, and what accounts there need: see create_model_account().';
COMMENT ON COLUMN voiceagent.model_providers.provider IS 'The vendor, as create_model_account() takes it.';
COMMENT ON COLUMN voiceagent.model_providers.title IS 'Its name, for people.';
COMMENT ON COLUMN voiceagent.model_providers.kind IS
	'Its part in a call that we hold: ear, mind, voice, or the whole of them; a mind also answers other requests.';
COMMENT ON COLUMN voiceagent.model_providers.needs_key IS 'An account needs an api_key.';
COMMENT ON COLUMN voiceagent.model_providers.needs_url IS 'An account needs a base_url.';
COMMENT ON COLUMN voiceagent.model_providers.settings IS 'The settings that an account may have.';
COMMENT ON COLUMN voiceagent.model_providers.needs_setting IS 'The one that it must have; NULL: none.';

CREATE FUNCTION voiceagent_private.engine_kind(provider text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT p.kind FROM voiceagent.model_providers p WHERE p.provider = engine_kind.provider);
COMMENT ON FUNCTION voiceagent_private.engine_kind(text) IS 'model_providers.kind of a vendor; NULL: there is none.';

CREATE FUNCTION voiceagent_private.require_model_provider(provider text) RETURNS voiceagent.model_providers
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.model_providers;
BEGIN
	SELECT p.* INTO v FROM voiceagent.model_providers p WHERE p.provider = require_model_provider.provider;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT422',
		format('there is no vendor "%s" of language models', left(coalesce(provider, 'null'), 60)),
		(SELECT format('Vendors are: %s; for calls that we hold: %s.',
				string_agg(concat(p.provider, CASE WHEN p.needs_url THEN format(' (%s, by base_url)', p.title) END),
					', ') FILTER (WHERE p.kind = 'mind'),
				string_agg(p.provider, ', ') FILTER (WHERE p.kind <> 'mind'))
			FROM voiceagent.model_providers p));
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_model_provider(text) IS
	'A vendor; PT422, with all of them, if there is none.';
