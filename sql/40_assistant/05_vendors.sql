/*
 * 40_assistant: which voices, language models and transcribers there are, as far as the vendors say.
 *
 * The names are those of the API reference of the carrier that reaches them (Vapi's, of 23 November 2026), and for its
 * own voices those of its published SDK.  Names of a vendor that takes any (ids of cloned voices, models behind a
 * router) are only known where somebody fetched a list: fetch_voices().  An update of the extension brings newer names;
 * until then the settings extra_voices and extra_models let others pass.
 */

CREATE FUNCTION voiceagent_private.vendor_lists_as_of() RETURNS date
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN date '2026-11-23';
COMMENT ON FUNCTION voiceagent_private.vendor_lists_as_of() IS
	'The day of the vendors'' lists of voices, models and transcribers that this version knows.';

CREATE FUNCTION voiceagent_private.model_vendors() RETURNS TABLE (provider text, models text[])
	LANGUAGE sql STABLE PARALLEL SAFE AS $$
	-- NULL: the vendor takes any name; a vendor whose models have all ended has none.
	SELECT k.vendor, CASE WHEN bool_or(k.source IS NOT NULL) THEN coalesce(array_agg(m.name ORDER BY m.n)
		FILTER (WHERE m.name IS NOT NULL
			AND coalesce(k.ends_on > (voiceagent.clock() AT TIME ZONE 'UTC')::date, true)), '{}') END
	FROM voiceagent_private.known_models() k LEFT JOIN LATERAL unnest(k.models) WITH ORDINALITY m(name, n) ON true
	WHERE 'mind' = ANY (k.serves) GROUP BY k.vendor ORDER BY k.vendor
$$;
COMMENT ON FUNCTION voiceagent_private.model_vendors() IS
	E'The providers of language models, and their models that live (NULL: any name).\n'
	'A model of openai may name a region behind a colon.';

CREATE FUNCTION voiceagent_private.transcriber_vendors() RETURNS TABLE (vendor text, models text[], keyterms boolean,
	endpointing boolean)
	LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT k.vendor, array_agg(m.name ORDER BY m.n) FILTER (WHERE m.name IS NOT NULL
			AND coalesce(k.ends_on > (voiceagent.clock() AT TIME ZONE 'UTC')::date, true)),
		k.vendor IN ('assembly-ai', 'deepgram', 'gladia', 'speechmatics', 'soniox', 'vapi'),
		k.vendor IN ('deepgram', 'gladia')
	FROM voiceagent_private.known_models() k LEFT JOIN LATERAL unnest(k.models) WITH ORDINALITY m(name, n) ON true
	WHERE 'ear' = ANY (k.serves) GROUP BY k.vendor ORDER BY k.vendor
$$;
COMMENT ON FUNCTION voiceagent_private.transcriber_vendors() IS
	'The vendors of transcribers, their models that live (NULL: none is chosen), and whether they take keyterms and '
	'endpointing_ms.';

-- By the pairs of letters that two names share: good enough for a slip of the finger, and needs no other extension.
CREATE FUNCTION voiceagent_private.nearest_names(word text, names text[], most integer DEFAULT 5) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT string_agg(f.name, ', ' ORDER BY f.nearness DESC, f.name) FROM (
		SELECT n.name, (SELECT count(*) FROM generate_series(1, length(n.name)) i
				WHERE position(substr(' ' || lower(n.name), i, 2) IN ' ' || lower(left(word, 60))) > 0)::numeric
			/ greatest(length(n.name), length(left(word, 60)), 1) AS nearness
		FROM (SELECT DISTINCT u FROM unnest(names) u) AS n(name) ORDER BY 2 DESC, 1 LIMIT most) f
$$;
COMMENT ON FUNCTION voiceagent_private.nearest_names(text, text[], integer) IS
	'The names most like a word, with commas between them; NULL: there are none.';
