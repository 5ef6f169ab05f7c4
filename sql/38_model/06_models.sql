/*
 * 38_model: until when vendors keep their models, in the words of their own libraries and pages.
 *
 * Each name that this version knows, defaults to, writes or shows has its row; regress/lint looks for those that have
 * none.  A vendor's days are those of its own servers; a partner that runs its models has others, unpublished.
 */

CREATE FUNCTION voiceagent_private.model_named(model text, OUT provider text, OUT name text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	-- One of openai may name a region.
	SELECT p.provider, CASE p.provider WHEN 'openai' THEN regexp_replace(p.name, ':[a-z0-9]{2,30}$', '') ELSE p.name END
	FROM (SELECT CASE WHEN model ~ '^[^/]+/.' THEN split_part(model, '/', 1) WHEN model LIKE 'claude%' THEN 'anthropic'
			WHEN model LIKE 'gemini%' THEN 'google' WHEN model LIKE 'grok%' THEN 'xai' ELSE 'openai' END AS provider,
		CASE WHEN model ~ '^[^/]+/.' THEN substr(model, strpos(model, '/') + 1) ELSE model END AS name) p
$$;
COMMENT ON FUNCTION voiceagent_private.model_named(text) IS
	'The provider and the plain name of an assistant''s language model, "provider/model" or a name alone.';

CREATE FUNCTION voiceagent_private.require_living_model(vendor text, model text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_today date := (voiceagent.clock() AT TIME ZONE 'UTC')::date;
	v record;
	c_warned CONSTANT integer := 31;
BEGIN
	SELECT k.ends_on, k.successor INTO v FROM voiceagent_private.known_models() k
	WHERE k.vendor = require_living_model.vendor AND require_living_model.model = ANY (k.models);
	PERFORM voiceagent_private.fail_if(v.ends_on <= v_today, 'PT422',
		format('the model %s ended on %s', model, v.ends_on), 'Its vendor has it no longer.',
		'Use ' || v.successor || ', or another that lives.');
	IF v.ends_on <= v_today + c_warned THEN
		RAISE NOTICE 'the model % ends on %', model, v.ends_on USING HINT = 'Use ' || v.successor || '.';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_living_model(text, text) IS
	E'PT422 with the successor for a model that its vendor has ended; a NOTICE in the last month.\n'
	'NULLs and unknown names pass.';
