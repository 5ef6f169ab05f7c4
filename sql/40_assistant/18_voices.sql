/*
 * 40_assistant: voices, language models and transcribers: which are known, what is refused, what cannot be known here.
 *
 * A voice is "vendor/voice", or a name alone: a capitalised one is the carrier's own, others are of 11labs, as the
 * driver takes them (vapi_speech.c), or what a carrier that only speaks calls its voices.  A vendor with a complete
 * list, or whose list an account has fetched, is believed: another name is refused.  Where a vendor has names and takes
 * ids as well, a plain word that is no name of it is refused, too, for no id is one; but not of Vapi, which brings out
 * voices by such names.  All others pass as `unchecked`, and a NOTICE says so.
 */

CREATE TABLE voiceagent.account_voices (
	tenant_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	vendor text NOT NULL CHECK (length(vendor) BETWEEN 1 AND 60),
	voice text NOT NULL CHECK (length(voice) BETWEEN 1 AND 128),
	name text NOT NULL CHECK (length(name) <= 200),
	language text CHECK (length(language) <= 40),
	category text CHECK (length(category) <= 60),
	fetched_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, provider_account_id, vendor, voice),
	FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts
);
COMMENT ON TABLE voiceagent.account_voices IS
	'The voices that the vendors of a tenant''s accounts listed, when fetch_voices() asked them last.';
COMMENT ON COLUMN voiceagent.account_voices.provider_account_id IS 'The account whose key it was asked with.';
COMMENT ON COLUMN voiceagent.account_voices.vendor IS 'The vendor, such as 11labs.';
COMMENT ON COLUMN voiceagent.account_voices.voice IS 'The vendor''s id of the voice, which an assistant names.';
COMMENT ON COLUMN voiceagent.account_voices.name IS 'The vendor''s name of it, for people.';
COMMENT ON COLUMN voiceagent.account_voices.language IS
	'Language it was made for, as the vendor says it; NULL: not said.';
COMMENT ON COLUMN voiceagent.account_voices.category IS 'Such as premade or cloned; NULL: not said.';
COMMENT ON COLUMN voiceagent.account_voices.fetched_at IS 'When the vendor named it.';
SELECT voiceagent_private.guard_table('voiceagent.account_voices', 'tenant');

CREATE TYPE voiceagent_private.voice_verdict AS (
	vendor text,
	name text,
	status text,
	source text,
	as_of timestamptz,
	language text,
	words text,
	hint text
);
COMMENT ON TYPE voiceagent_private.voice_verdict IS
	'Facts on a voice: its vendor (NULL: a carrier''s own name), status (known, unchecked or refused), where it is '
	'known from and of when that is, the language it was made for, and what a person reads.';

-- A voice that no list decides on: another vendor's, or one unknown here.
CREATE FUNCTION voiceagent_private.check_unlisted_voice(INOUT v voiceagent_private.voice_verdict, named boolean)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_others text[] := ARRAY(SELECT o.vendor FROM voiceagent_private.voice_vendors() o
		WHERE v.name = ANY (o.voices) ORDER BY o.vendor);
	v_own text[] := ARRAY(SELECT concat_ws(' ', o.voice, '(' || nullif(o.name, o.voice) || ')')
		FROM voiceagent.account_voices o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.vendor = v.vendor ORDER BY o.voice LIMIT 2000);
	-- Ids have digits or are longer.
	v_word boolean := v.name ~ '^[A-Za-z]{1,15}$';
	v_vendor record;
BEGIN
	SELECT * INTO v_vendor FROM voiceagent_private.voice_vendors() o WHERE o.vendor = v.vendor;
	v.status := 'refused';
	-- A carrier that speaks by itself has voices that no list here knows.
	IF NOT named AND v.vendor = '11labs' AND v_word AND cardinality(v_others) = 0
		AND NOT EXISTS (SELECT FROM voiceagent.provider_accounts a
				CROSS JOIN LATERAL voiceagent_private.driver_facts(a.provider) f
				WHERE a.tenant_id = voiceagent.current_tenant() AND a.active AND f.speaks AND NOT f.converses) THEN
		v.vendor := NULL;
		v.words := format('nobody here knows the voice "%s"', left(v.name, 60));
		v.hint := format('Nearest: %s. list_voices() shows all; the setting extra_voices lets another pass.',
			voiceagent_private.nearest_names(v.name, ARRAY(SELECT n FROM voiceagent_private.voice_vendors() o,
				unnest(o.voices) n) || v_own));
	ELSIF v_vendor.complete OR cardinality(v_own) > 0 AND (named OR v.name ~ '^[A-Za-z0-9]{20}$')
		OR v_word AND named AND v.vendor <> 'vapi' AND v_vendor.voices <> '{}' AND cardinality(v_others) = 0
	THEN
		v.words := format('%s has no voice "%s"', v.vendor, left(v.name, 60));
		v.hint := CASE WHEN cardinality(v_others) > 0
			THEN format('It is a voice of %s: write %s/%s.', array_to_string(v_others, ' and '), v_others[1], v.name)
			ELSE format('Nearest: %s. list_voices(''%s'') shows all%s.', voiceagent_private.nearest_names(v.name,
				v_vendor.voices || v_own), v.vendor,
				CASE WHEN NOT v_vendor.complete AND cardinality(v_own) = 0
					THEN '; the setting extra_voices lets another pass' END) END;
	ELSIF cardinality(v_others) > 0 AND v.vendor <> 'vapi' THEN
		v.words := format('"%s" is a voice of %s, not of %s', v.name, array_to_string(v_others, ' and '), v.vendor);
		v.hint := format('Write %s/%s.', v_others[1], v.name);
	ELSE
		v.status := 'unchecked';
		v.words := format('nobody here can tell whether %s has the voice "%s"', v.vendor, left(v.name, 60));
		v.hint := CASE WHEN v.vendor = '11labs' THEN 'An account with the credential elevenlabs_api_key can ask: '
				'fetch_voices(provider_account_id).'
			WHEN v_vendor.voices <> '{}' THEN format('Known are: %s, ...',
				voiceagent_private.nearest_names(v.name, v_vendor.voices)) END;
		IF NOT named AND v.vendor = '11labs' AND v.name !~ '^[A-Za-z0-9]{20}$' THEN
			v.vendor := NULL;
			v.words := format('nobody here knows the voice "%s"', left(v.name, 60));
			v.hint := 'Write vendor/voice where it is no carrier''s own; list_voices() shows what is known.';
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_unlisted_voice(voiceagent_private.voice_verdict, boolean) IS
	'The verdict on a voice of a known vendor that stands in none of its lists; named: the vendor was.';

CREATE FUNCTION voiceagent_private.check_voice(voice text) RETURNS voiceagent_private.voice_verdict
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.voice_verdict;
	v_named boolean := voice ~ '^[^/]+/.';
	v_vendor record;
	v_own record;
BEGIN
	v.name := CASE WHEN v_named THEN substr(voice, strpos(voice, '/') + 1) ELSE voice END;
	-- As people call them, and the driver then; without a vendor it is guessed as the driver does.
	v.vendor := CASE WHEN v_named THEN CASE lower(split_part(voice, '/', 1)) WHEN 'elevenlabs' THEN '11labs'
			ELSE split_part(voice, '/', 1) END
		WHEN voice ~ '^[A-Z][a-z]{0,14}$' THEN 'vapi' ELSE '11labs' END;
	SELECT * INTO v_vendor FROM voiceagent_private.voice_vendors() o WHERE o.vendor = v.vendor;
	v.status := 'known';
	IF voice = ANY (ARRAY(SELECT btrim(n) FROM unnest(string_to_array(voiceagent_private.setting_text('extra_voices'),
		',')) n WHERE btrim(n) <> '')) THEN
		v.source := 'the setting extra_voices';
	ELSIF v_vendor.vendor IS NULL THEN
		v.status := 'refused';
		v.words := format('there is no vendor of voices "%s"', left(v.vendor, 60));
		v.hint := 'There are: ' || (SELECT string_agg(o.vendor, ', ' ORDER BY o.vendor)
			FROM voiceagent_private.voice_vendors() o) || '.';
	ELSIF v.name = ANY (v_vendor.voices) THEN
		v.source := 'the carrier''s list';
		v.as_of := voiceagent_private.vendor_lists_as_of();
		v.language := CASE WHEN v.vendor = 'vapi' THEN 'en' ELSE substring(v.name FROM '^[a-z]{2}-[A-Z]{2}(?=-)') END;
	ELSE
		SELECT o.fetched_at, o.language INTO v_own FROM voiceagent.account_voices o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.vendor = v.vendor AND o.voice = v.name
		ORDER BY o.fetched_at DESC LIMIT 1;
		IF FOUND THEN
			v.source := 'the vendor''s own list';
			v.as_of := v_own.fetched_at;
			v.language := v_own.language;
		ELSE
			v := voiceagent_private.check_unlisted_voice(v, v_named);
		END IF;
	END IF;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_voice(text) IS
	'Facts on a voice, "vendor/voice" or a name alone, for the current tenant.';

CREATE FUNCTION voiceagent_private.default_voice(language text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_voice text := voiceagent_private.setting_text('default_voice');
	v_made_for text := lower(left((voiceagent_private.check_voice(v_voice)).language, 2));
	v_spoken text := lower(left(coalesce(language, 'en-US'), 2));
BEGIN
	RETURN coalesce(CASE WHEN v_made_for <> v_spoken THEN CASE
		WHEN language ~* '^es(-ES)?$' THEN 'microsoft/es-ES-Marta:MAI-Voice-2'
		WHEN v_spoken = 'es' THEN 'microsoft/es-MX-Valeria:MAI-Voice-2'
		WHEN v_spoken = 'fr' THEN 'microsoft/fr-FR-Soleil:MAI-Voice-2'
		WHEN v_spoken = 'de' THEN 'microsoft/de-DE-Mia:MAI-Voice-2'
		WHEN v_spoken = 'en' THEN 'Elliot' END END, v_voice);
END
$$;
COMMENT ON FUNCTION voiceagent_private.default_voice(text) IS
	'The voice of an assistant that names none and speaks this language: the setting default_voice, or, where that was '
	'made for another language, one that was made for this.';

/* ----- what an assistant may be given ----- */

CREATE FUNCTION voiceagent_private.require_known_voice(voice text, settings jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.voice_verdict := voiceagent_private.check_voice(voice);
	v_vendor record;
	v_model text := settings ->> 'voice_model';
	v_speed numeric := (settings ->> 'voice_speed')::numeric;
	v_language text := coalesce(settings ->> 'language', 'en-US');
BEGIN
	PERFORM voiceagent_private.fail_if(v.status = 'refused', 'PT422', v.words, 'Field: voice.', v.hint);
	IF v.status = 'unchecked' THEN
		RAISE NOTICE 'the voice is unchecked: %', v.words USING HINT = coalesce(v.hint, 'Try it with a test call.');
	END IF;
	SELECT * INTO v_vendor FROM voiceagent_private.voice_vendors() o WHERE o.vendor = v.vendor;
	IF v_vendor.vendor IS NULL THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.fail_if(v_model IS NOT NULL AND v_model <> ALL (coalesce(v_vendor.models, '{}')),
		'PT422', format('the voices of %s have no model "%s"', v.vendor, left(v_model, 60)), 'Field: voice_model.',
		CASE WHEN v_vendor.models IS NULL THEN 'They have none to choose: leave voice_model out.'
			ELSE 'There are: ' || array_to_string(v_vendor.models, ', ') || '.' END);
	PERFORM voiceagent_private.fail_if(v_speed IS NOT NULL
		AND (v_vendor.slowest IS NULL OR v_speed NOT BETWEEN v_vendor.slowest AND v_vendor.fastest), 'PT422',
		format('the voices of %s cannot speak at the speed %s', v.vendor, v_speed), 'Field: voice_speed.',
		CASE WHEN v_vendor.slowest IS NULL THEN 'Their speed cannot be set: leave voice_speed out.'
			ELSE format('From %s to %s.', v_vendor.slowest, v_vendor.fastest) END);
	-- Models that speak English alone say so in no other way than by their names.
	IF v_model = ANY ('{eleven_monolingual_v1,eleven_turbo_v2,eleven_flash_v2,sonic-english}') THEN
		v.language := 'en';
	END IF;
	IF lower(left(v.language, 2)) <> lower(left(v_language, 2)) THEN
		RAISE NOTICE 'the voice is made for %, and the assistant speaks %', v.language, v_language
			USING HINT = 'It may have a strong accent: try it with a test call.';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_known_voice(text, jsonb) IS
	E'PT422 for a voice that its vendor does not have, for a voice_model or voice_speed of these settings that '
	'it cannot have, with the nearest or those allowed.\n'
	'A NOTICE where it is unknown, and where the voice is made for another language than these settings name.';

CREATE FUNCTION voiceagent_private.require_known_transcriber(settings jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_vendor text := coalesce(settings ->> 'transcriber', 'deepgram');
	v_model text := settings ->> 'transcriber_model';
	t record;
BEGIN
	SELECT o.models, o.keyterms, o.endpointing INTO t FROM voiceagent_private.transcriber_vendors() o
	WHERE o.vendor = v_vendor;
	-- Deepgram knows a model of one's own by its id.
	PERFORM voiceagent_private.require_living_model(v_vendor, v_model);
	PERFORM voiceagent_private.fail_if(v_model IS NOT NULL AND v_model <> ALL (coalesce(t.models, '{}'))
		AND NOT (v_vendor = 'deepgram' AND v_model ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'), 'PT422',
		format('the transcriber %s has no model "%s"', v_vendor, left(v_model, 60)), 'Field: transcriber_model.',
		CASE WHEN t.models IS NULL THEN 'It has none to choose: leave transcriber_model out.'
			ELSE 'There are: ' || array_to_string(t.models, ', ') || '.' END);
	IF jsonb_array_length(CASE jsonb_typeof(settings -> 'keyterms') WHEN 'array' THEN settings -> 'keyterms'
			ELSE '[]' END) > 0 AND t.keyterms IS NOT TRUE THEN
		RAISE NOTICE 'the transcriber % takes no keyterms', v_vendor;
	END IF;
	IF settings ? 'endpointing_ms' AND t.endpointing IS NOT TRUE THEN
		RAISE NOTICE 'the transcriber % takes no endpointing_ms', v_vendor;
	END IF;
	IF settings ->> 'smart_endpointing' = 'livekit' AND coalesce(settings ->> 'language', 'en') !~* '^en' THEN
		RAISE NOTICE 'the smart_endpointing livekit knows English only' USING HINT = 'vapi knows other languages.';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_known_transcriber(jsonb) IS
	'PT422 for a transcriber_model that the transcriber of these settings does not have; a NOTICE for what it ignores.';

CREATE FUNCTION voiceagent_private.require_known_model(model text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_named boolean := model ~ '^[^/]+/.';
	v_provider text := (voiceagent_private.model_named(model)).provider;
	v_name text := (voiceagent_private.model_named(model)).name;
	v_known record;
BEGIN
	SELECT * INTO v_known FROM voiceagent_private.model_vendors() o WHERE o.provider = v_provider;
	IF model = ANY (ARRAY(SELECT btrim(n) FROM unnest(string_to_array(voiceagent_private.setting_text('extra_models'),
		',')) n WHERE btrim(n) <> '')) THEN
		RETURN;
	ELSIF v_known.provider IS NULL THEN
		PERFORM voiceagent_private.fail('PT422',
			format('there is no provider of language models "%s"', left(v_provider, 60)),
			'Field: model.',
			'There are: ' || (SELECT string_agg(o.provider, ', ' ORDER BY o.provider)
				FROM voiceagent_private.model_vendors() o) || '.');
	END IF;
	PERFORM voiceagent_private.require_living_model(v_provider, v_name);
	IF v_name <> ALL (v_known.models) THEN
		PERFORM voiceagent_private.fail('PT422',
			format('%s has no language model "%s"', v_provider, left(v_name, 60)),
			'Field: model.',
			format('Nearest: %s. list_assistant_models() shows all%s.',
				voiceagent_private.nearest_names(v_name, v_known.models),
				CASE WHEN NOT v_named THEN '; one of another provider is written provider/model' ELSE '' END));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_known_model(text) IS
	'PT422 for a language model, "provider/model" or a name alone, that its provider does not have, or has ended, with '
	'the nearest ones; any name passes where the provider takes any, or the setting extra_models has it.';

/* ----- to be read ----- */

CREATE FUNCTION voiceagent.list_voices(vendor text DEFAULT NULL) RETURNS TABLE (voice text, name text, language text,
	source text, as_of timestamptz)
	LANGUAGE sql STABLE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	SELECT o.vendor || '/' || n.name, n.name, CASE WHEN o.vendor = 'vapi' THEN 'en'
			ELSE substring(n.name FROM '^[a-z]{2}-[A-Z]{2}(?=-)') END, 'the carrier''s list',
		voiceagent_private.vendor_lists_as_of()::timestamptz
	FROM voiceagent_private.voice_vendors() o CROSS JOIN LATERAL unnest(o.voices) AS n(name)
	WHERE o.vendor = coalesce(list_voices.vendor, o.vendor)
	UNION ALL
	SELECT o.vendor || '/' || o.voice, o.name, o.language, 'the vendor''s own list', o.fetched_at
	FROM voiceagent.account_voices o
	WHERE o.tenant_id = voiceagent.current_tenant() AND o.vendor = coalesce(list_voices.vendor, o.vendor)
	ORDER BY 1
$$;
COMMENT ON FUNCTION voiceagent.list_voices(text) IS
	E'The voices that are known, of one vendor or of all: what an assistant''s voice may be.\n'
	'source: the carrier''s list as this version of the extension has it, or the vendor''s own, as fetch_voices() '
	'brought it; of as_of. Vendors that are not listed, and those that take ids, have others, which pass as unchecked.';

CREATE FUNCTION voiceagent.list_assistant_models() RETURNS TABLE (model text, as_of date, ends_on date)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT o.provider || '/' || coalesce(n.name, '*'), voiceagent_private.vendor_lists_as_of(), (SELECT k.ends_on
		FROM voiceagent_private.known_models() k WHERE k.vendor = o.provider AND n.name = ANY (k.models))
	FROM voiceagent_private.model_vendors() o LEFT JOIN LATERAL unnest(o.models) AS n(name) ON true
	ORDER BY 1
$$;
COMMENT ON FUNCTION voiceagent.list_assistant_models() IS
	'The language models that an assistant may name, and the day on which their vendor ends them (NULL: none was '
	'announced); provider/* where the provider takes any name.';

CREATE FUNCTION voiceagent.voice_status(assistant_id bigint, OUT voice text, OUT vendor text, OUT status text,
	OUT source text, OUT as_of timestamptz, OUT words text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.voice_verdict;
BEGIN
	SELECT n.voice INTO voice FROM voiceagent.assistants a
	JOIN voiceagent.assistant_versions n ON n.tenant_id = a.tenant_id AND n.assistant_id = a.assistant_id
		AND n.version = a.version
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.assistant_id = voice_status.assistant_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant');
	v := voiceagent_private.check_voice(voice);
	vendor := v.vendor;
	status := v.status;
	source := v.source;
	as_of := v.as_of;
	words := concat_ws('. ', v.words, v.hint);
END
$$;
COMMENT ON FUNCTION voiceagent.voice_status(bigint) IS
	E'The state of an assistant''s voice: known (with the list that has it, and of when that is), unchecked (unknown '
	'here), or refused (the vendor''s list has it no longer).\n'
	'PT404.';
