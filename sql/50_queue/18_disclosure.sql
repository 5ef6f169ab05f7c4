/*
 * 50_queue: the disclosures that the law wants at the start of a call.  The dial
 * puts them before the assistant's own first message, by the terms of the
 * number's jurisdiction; the proof keeps what was said.
 */

CREATE TYPE voiceagent_private.spoken AS (
	disclosures text[],
	disclosure text,
	opt_out_key text,
	assistant_discloses boolean,
	first_message text,
	system_prompt text,
	assistant_settings jsonb,
	record boolean,
	disclosure_ends integer[],
	machine_disclosure text
);
COMMENT ON TYPE voiceagent_private.spoken IS
	E'How a call begins: what had to be disclosed in its order, the words for it (NULL: none, or the assistant''s '
	'own), the key that stops the calls (NULL: none), whether the assistant says it itself, and the texts and '
	'settings for the carrier.\n'
	'disclosure_ends: behind which character of the words each has been said; machine_disclosure: machine_words().';

CREATE FUNCTION voiceagent_private.opt_out_key(settings jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- A version may be older than the setting.
	RETURN coalesce(settings ->> 'opt_out_key', '9');
COMMENT ON FUNCTION voiceagent_private.opt_out_key(jsonb) IS
	'The key that stops the calls of a campaign with these settings.';

CREATE FUNCTION voiceagent_private.opt_out_confirmation(settings jsonb, language text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(nullif(btrim(settings ->> 'opt_out_confirmation'), ''),
		voiceagent_private.spoken_words('opted_out', language));
COMMENT ON FUNCTION voiceagent_private.opt_out_confirmation(jsonb, text) IS
	'The words to whoever pressed the key that stops the calls, with a campaign''s settings in a language.';

CREATE FUNCTION voiceagent_private.opt_out_channels(account voiceagent.provider_accounts) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	f record := voiceagent_private.driver_facts(account.provider);
BEGIN
	RETURN CASE WHEN f.converses OR voiceagent_private.own_stream(account) THEN 'words'
		WHEN coalesce(account.settings ->> 'stream_url', '') <> ''
			AND (f.answers_by_document OR 'stream' = ANY (f.capabilities)) THEN 'words'
		WHEN f.has_dtmf THEN 'keys' ELSE 'nothing' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.opt_out_channels(voiceagent.provider_accounts) IS
	E'What of the person is heard in calls of a carrier\'s account: words (it converses, has a stream_url, or we hold '
	'its calls), keys, or nothing.\n'
	'PT422 for an unknown provider.';

CREATE FUNCTION voiceagent_private.disclosure_words(terms voiceagent_private.law_terms, kinds text[], key text,
	settings jsonb, language text) RETURNS text[]
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_kind text;
	v_words text;
	v_key text;
	v_said text[] := '{}';
	-- The carrier fills {{...}}, so remove braces from a name.
	v_caller text := btrim(translate(coalesce(settings ->> 'caller_name', ''), '{}', ''));
	-- What one sentence says with the purpose: some laws count the seconds.
	v_with text := CASE WHEN kinds @> '{purpose,ai}' THEN 'ai' WHEN kinds @> '{purpose,caller}' THEN 'caller' END;
	v_both boolean := coalesce(btrim(concat(settings ->> 'disclosure_purpose', settings ->> ('disclosure_' || v_with)))
		= '' AND v_with IS NOT NULL, false);
BEGIN
	FOREACH v_kind IN ARRAY array_replace(array_replace(kinds, 'opt_out', CASE WHEN key IS NULL THEN 'opt_out'
		ELSE 'opt_out_key' END), CASE WHEN v_both THEN 'purpose' END, 'purpose_' || v_with)
	LOOP
		-- The opt-out that the law of a place wants spoken comes in the assistant's language, like the words around it.
		v_words := coalesce(CASE WHEN v_kind = 'opt_out'
				AND coalesce(terms.opt_out_language = lower(split_part(language, '-', 1)), true)
			THEN terms.opt_out_text END, nullif(btrim(settings ->> ('disclosure_' || v_kind)), ''),
			voiceagent_private.spoken_words(v_kind, language));
		IF v_kind IN ('ai', 'purpose_ai') AND v_caller = '' THEN
			-- The law asks for no name here: end the sentence before it.
			v_words := regexp_replace(v_words,
				'\s+(on behalf of|en nombre de|de la part de|im Auftrag von|per conto di) \{\{caller_name\}\}', '');
		END IF;
		-- One sentence may name both the machine and its principal; the question offers the way out.
		IF v_both AND v_kind = v_with OR v_kind = 'caller' AND 'ai' = ANY (kinds) AND v_caller <> ''
				AND strpos(array_to_string(v_said, ' '), v_caller) > 0
			OR v_kind = 'opt_out' AND 'question' = ANY (kinds[:cardinality(v_said)]) THEN
			v_words := '';
		END IF;
		FOREACH v_key IN ARRAY '{caller_name,caller_phone,caller_toll_free,caller_address,call_subject}'::text[] LOOP
			v_words := replace(v_words, '{{' || v_key || '}}',
				btrim(translate(coalesce(settings ->> v_key, ''), '{}', '')));
		END LOOP;
		v_said := v_said || replace(v_words, '{{opt_out_key}}', voiceagent_private.opt_out_key(settings));
	END LOOP;
	RETURN v_said;
END
$$;
COMMENT ON FUNCTION voiceagent_private.disclosure_words(voiceagent_private.law_terms, text[], text, jsonb, text) IS
	E'The words for each of these disclosures with a campaign''s settings in a language; empty: words before say it.\n'
	'Kinds: purpose, ai, caller, question, opt_out, goods, address, number, recording, and toll_free to a machine. '
	'key: stops the calls (NULL: words do). The opt-out of these terms (NULL: our own) comes in their own words where '
	'they are of this language, or of none.';

CREATE FUNCTION voiceagent_private.disclosure_text(kinds text[], settings jsonb, language text) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN nullif(array_to_string(array_remove(voiceagent_private.disclosure_words(NULL, kinds, NULL, settings,
		language), ''), ' '), '');
COMMENT ON FUNCTION voiceagent_private.disclosure_text(text[], jsonb, text) IS
	'disclosure_words() of our own as one text; NULL: nothing.';

CREATE FUNCTION voiceagent_private.machine_words(terms voiceagent_private.law_terms, disclosures text[],
	disclosure text, settings jsonb, language text) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	-- A machine hears nobody: it is told a number that stops the calls, if there is one.
	RETURN CASE WHEN btrim(translate(coalesce(settings ->> 'caller_toll_free', ''), '{}', '')) = ''
			THEN CASE WHEN 'toll_free' IN (SELECT p.part FROM voiceagent_private.opening_parts((terms).opening,
				settings ->> 'call_purpose') p) THEN '' ELSE disclosure END
		WHEN disclosure IS NOT NULL AND 'opt_out' = ANY (disclosures) THEN voiceagent_private.disclosure_text(
			array_remove(array_replace(disclosures, 'opt_out', 'toll_free'), 'question'), settings, language)
		ELSE disclosure END;
COMMENT ON FUNCTION voiceagent_private.machine_words(voiceagent_private.law_terms, text[], text, jsonb, text) IS
	'What a message on a voicemail says before its own words, where a person would hear these disclosures; empty: '
	'these terms want a toll-free number said, and none is set, so no message may be left.';

CREATE FUNCTION voiceagent_private.unsaid_parts(settings jsonb) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT array_agg(ARRAY[u.prefix || n.part, n.key])
	FROM (SELECT coalesce(settings ->> 'call_purpose', 'promotional') AS purpose,
			btrim(translate(coalesce(settings ->> 'caller_address', ''), '{}', '')) = '' AS homeless) p
	CROSS JOIN LATERAL (VALUES ('caller', 'caller_name'), ('number', 'caller_phone'), ('address', 'caller_address'),
		('goods', 'call_subject'), ('purpose', CASE p.purpose WHEN 'service' THEN 'call_subject' END),
		('contact', CASE WHEN p.homeless THEN 'caller_phone' END)) AS n(part, key)
	CROSS JOIN LATERAL unnest(ARRAY['', p.purpose || ':']) AS u(prefix)
	WHERE n.key IS NOT NULL AND btrim(translate(coalesce(settings ->> n.key, ''), '{}', '')) = ''
$$;
COMMENT ON FUNCTION voiceagent_private.unsaid_parts(jsonb) IS
	'The parts of law_terms.opening, without seconds, that a campaign with these settings cannot say to a person '
	'(NULL: none), each with the setting that is empty.';

CREATE FUNCTION voiceagent_private.missing_setting(opening text[], names_caller boolean, unsaid text[]) RETURNS text
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_missing_setting';
COMMENT ON FUNCTION voiceagent_private.missing_setting(text[], boolean, text[]) IS
	'The first setting of unsaid_parts() that law_terms.opening, or disclose_caller, wants said; NULL: none.';

-- How to stop the calls stands right behind who calls: some laws count the seconds between the two. The purpose comes
-- before, the goods behind.
CREATE FUNCTION voiceagent_private.disclosures_of(terms voiceagent_private.law_terms, settings jsonb, recorded boolean)
	RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE AS $$
	WITH asked AS MATERIALIZED (
		SELECT array_agg(p.part) AS parts, coalesce(settings ->> 'call_purpose' = 'service', false) AS serves,
			btrim(coalesce(settings ->> 'caller_phone', '')) <> '' AS phone,
			btrim(coalesce(settings ->> 'caller_address', '')) <> '' AS address,
			btrim(coalesce(settings ->> 'call_subject', '')) <> '' AS subject
		FROM voiceagent_private.opening_parts((terms).opening, settings ->> 'call_purpose') p
	)
	SELECT coalesce(array_agg(k.kind ORDER BY k.place), '{}')
	FROM asked a CROSS JOIN LATERAL (VALUES
		(CASE WHEN (terms).special ? 'opt_out_first' THEN 0 ELSE 5 END, 'opt_out', (terms).opt_out_text IS NOT NULL),
		(1, 'purpose', 'purpose' = ANY (a.parts) AND NOT a.serves),
		(2, 'ai', (terms).disclose_ai OR 'ai' = ANY (a.parts)),
		(3, 'caller', (terms).disclose_caller OR 'caller' = ANY (a.parts)),
		(4, 'question', 'question' = ANY (a.parts)),
		(6, 'goods', a.subject AND ('goods' = ANY (a.parts) OR 'purpose' = ANY (a.parts) AND a.serves)),
		(7, 'address', a.address AND ('address' = ANY (a.parts) OR 'contact' = ANY (a.parts) AND NOT a.phone)),
		(8, 'number', a.phone AND a.parts && '{number,contact}'),
		(9, 'recording', recorded AND ((terms).disclose_recording OR 'recording' = ANY (a.parts)))
	) AS k(place, kind, said)
	WHERE k.said
$$;
COMMENT ON FUNCTION voiceagent_private.disclosures_of(voiceagent_private.law_terms, jsonb, boolean) IS
	'The disclosures that these terms want at the start of a call with a campaign''s settings, recorded or not, in '
	'their order; what has no setting is left out (unsaid_parts()).';

CREATE FUNCTION voiceagent_private.late_parts(opening text[], purpose text, disclosures text[], opening_ms integer[],
	lasted interval) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	WITH said AS MATERIALIZED (SELECT d.kind, d.ms FROM unnest(disclosures, opening_ms) AS d(kind, ms))
	SELECT array_agg(p.part ORDER BY p.part)
	FROM voiceagent_private.opening_parts(opening, purpose) p
	JOIN said s ON s.kind = p.part OR p.part = 'contact' AND s.kind IN ('number', 'address')
	CROSS JOIN LATERAL (SELECT max(b.ms) - max(b.ms) FILTER (WHERE b.kind = 'caller') AS between_ms
		FROM said b WHERE b.ms < s.ms) b
	WHERE opening_ms IS NOT NULL AND (coalesce(s.ms > p.by_s * 1000, lasted > make_interval(secs => p.by_s))
		OR b.between_ms > p.behind_s * 1000)
$$;
COMMENT ON FUNCTION voiceagent_private.late_parts(text[], text, text[], integer[], interval) IS
	'The parts of law_terms.opening (NULL: none) that a measured call (attempts.opening_ms) for this purpose said too '
	'late, or not though it lasted as long; what stands between the name and a part that follows it counts.';

CREATE FUNCTION voiceagent_private.asks_to_record(settings jsonb, agreed boolean) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN agreed IS NULL AND (settings ->> 'ask_to_record')::boolean IS TRUE
		AND coalesce((settings ->> 'record_calls')::boolean, true);
COMMENT ON FUNCTION voiceagent_private.asks_to_record(jsonb, boolean) IS
	'Whether a call with a campaign''s settings begins with the question whether it may be recorded; agreed: '
	'recording_consent().';

-- The disclosures are left to the assistant where its setting discloses says so. Where the carrier hears only keys,
-- the key that stops the calls takes the place of the opt-out that the law wants spoken.
CREATE FUNCTION voiceagent_private.compose_call(terms voiceagent_private.law_terms, settings jsonb,
		version voiceagent.assistant_versions, heard text, agreed boolean) RETURNS voiceagent_private.spoken
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_call voiceagent_private.spoken;
	v_words text[];
BEGIN
	v_call.disclosures := '{}';
	v_call.assistant_discloses := false;
	v_call.first_message := version.first_message;
	v_call.system_prompt := version.system_prompt;
	v_call.assistant_settings := voiceagent_private.with_own_tools(version.settings);
	-- A version may be older than the setting require_recording_consent.
	v_call.record := coalesce((settings ->> 'record_calls')::boolean, true)
		AND coalesce(agreed, NOT (settings ->> 'require_recording_consent')::boolean, true)
		AND (agreed IS TRUE OR (settings ->> 'ask_to_record')::boolean IS NOT TRUE);
	IF NOT v_call.record AND voiceagent_private.asks_to_record(settings, agreed) THEN
		v_call.first_message := concat_ws(' ', v_call.first_message,
			voiceagent_private.spoken_words('ask_recording', version.language));
	END IF;
	IF terms.jurisdiction IS NULL THEN
		RETURN v_call;
	END IF;
	v_call.disclosures := voiceagent_private.disclosures_of(terms, settings, v_call.record);
	IF 'recording' = ANY (v_call.disclosures) AND NOT coalesce((settings ->> 'announce_recording')::boolean, true) THEN
		v_call.record := false;
		v_call.disclosures := array_remove(v_call.disclosures, 'recording');
	END IF;
	v_call.system_prompt := voiceagent_private.lawful_prompt(version.system_prompt, settings, version.language);
	IF cardinality(v_call.disclosures) = 0 THEN
		RETURN v_call;
	END IF;
	-- Also where the assistant discloses it itself: then its own words, or its recording, must name the key.
	IF heard = 'keys' AND terms.opt_out_text IS NOT NULL THEN
		v_call.opt_out_key := voiceagent_private.opt_out_key(settings);
	END IF;
	v_call.assistant_discloses := coalesce(version.settings ->> 'discloses', '') = 'true';
	IF NOT v_call.assistant_discloses THEN
		v_words := voiceagent_private.disclosure_words(terms, v_call.disclosures, v_call.opt_out_key, settings,
			version.language);
		v_call.disclosure := array_to_string(array_remove(v_words, ''), ' ');
		v_call.disclosure_ends := ARRAY(SELECT length(array_to_string(array_remove(v_words[:i], ''), ' '))
			FROM generate_subscripts(v_words, 1) i ORDER BY i);
		-- Words of the tenant's own have no second language.
		IF terms.must_be_said_in <> lower(split_part(version.language, '-', 1)) THEN
			v_call.disclosure := concat_ws(' ', v_call.disclosure, array_to_string(array_remove(
				voiceagent_private.disclosure_words(terms, v_call.disclosures, v_call.opt_out_key, settings
				- '{disclosure_ai,disclosure_caller,disclosure_recording,disclosure_opt_out_key}'::text[],
				terms.must_be_said_in), ''), ' '));
		END IF;
		v_call.first_message := v_call.disclosure || ' ' || v_call.first_message;
		-- The first message must be spoken, and first.
		v_call.assistant_settings := v_call.assistant_settings - 'first_message_mode';
	END IF;
	v_call.machine_disclosure := voiceagent_private.machine_words(terms, v_call.disclosures, v_call.disclosure,
		settings, version.language);
	IF v_call.machine_disclosure <> '' AND v_call.assistant_settings ->> 'voicemail_message' <> '' THEN
		v_call.assistant_settings := v_call.assistant_settings || jsonb_build_object('voicemail_message',
			v_call.machine_disclosure || ' ' || (v_call.assistant_settings ->> 'voicemail_message'));
	END IF;
	RETURN v_call;
END
$$;
COMMENT ON FUNCTION voiceagent_private.compose_call(voiceagent_private.law_terms, jsonb,
	voiceagent.assistant_versions, text, boolean) IS
	'begin_call(), which the session remembers until one of the tables that say it changes.';

CREATE FUNCTION voiceagent_private.begin_call(terms voiceagent_private.law_terms, settings jsonb,
		version voiceagent.assistant_versions, heard text, agreed boolean) RETURNS voiceagent_private.spoken
	LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'va_sql_begin_call';
COMMENT ON FUNCTION voiceagent_private.begin_call(voiceagent_private.law_terms, jsonb,
	voiceagent.assistant_versions, text, boolean) IS
	E'How a call begins under these terms (NULL: no law holds): the disclosures before the first message, the opt-out '
	'instruction in the prompt, and whether a recording is announced or not made.\n'
	'It reads a campaign''s settings, a version of an assistant and what the carrier hears (words, keys or nothing: '
	'opt_out_channels()). agreed: recording_consent().';
CREATE TRIGGER changed_for_claims
	AFTER INSERT OR UPDATE OF name, description, parameters OR DELETE OR TRUNCATE ON voiceagent.own_tools
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();

CREATE FUNCTION voiceagent_private.regions_of(campaign_id bigint, regions text[]) RETURNS text[]
	LANGUAGE sql STABLE
	RETURN coalesce(regions, ARRAY(SELECT DISTINCT l.region FROM voiceagent_private.lanes l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.campaign_id = regions_of.campaign_id));
COMMENT ON FUNCTION voiceagent_private.regions_of(bigint, text[]) IS
	'These jurisdictions (a preview''s, before there are lanes), or (NULL) those of the lanes of a campaign '
	'of the current tenant.';

CREATE FUNCTION voiceagent_private.require_caller_name(campaign_id bigint, version voiceagent.campaign_versions,
	at timestamptz, regions text[] DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_unsaid text[] := voiceagent_private.unsaid_parts((version).settings);
	v record;
BEGIN
	IF NOT version.lawful OR v_unsaid IS NULL THEN
		RETURN;
	END IF;
	SELECT m.key, string_agg(n.region, ', ' ORDER BY n.region) AS places INTO v
	FROM unnest(voiceagent_private.regions_of(campaign_id, regions)) AS n(region)
	CROSS JOIN LATERAL (SELECT voiceagent_private.terms_of(n.region, at) AS terms OFFSET 0 /* resolved once */) t
	CROSS JOIN voiceagent_private.missing_setting((t.terms).opening, (t.terms).disclose_caller, v_unsaid) AS m(key)
	WHERE m.key IS NOT NULL GROUP BY m.key ORDER BY m.key <> 'caller_name', m.key LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', format('the law wants %s, and no %s is set',
			CASE v.key WHEN 'caller_name' THEN 'the caller named at the start of a call'
			WHEN 'caller_phone' THEN 'the caller''s telephone number said at the start of a call (rule contact_said)'
			WHEN 'caller_address' THEN 'the caller''s address said at the start of a call (rule contact_said)'
			ELSE 'the subject said at the start of a call (rule opening)' END, v.key),
		format('It does so in: %s.', left(v.places, 500)),
		format('Set it for the tenant, set_setting(''%s'', ''...''), or for this campaign.', v.key));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_caller_name(bigint, voiceagent.campaign_versions, timestamptz, text[]) IS
	'PT422 when a campaign that is about to start has lanes in jurisdictions whose law wants the caller named, or '
	'reached, or the subject said, and the setting with that is empty.';

CREATE FUNCTION voiceagent_private.messageless_places(version voiceagent.campaign_versions, at timestamptz,
	regions text[] DEFAULT NULL) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT format('no message is left on a voicemail in %s: the law wants a toll-free number said there that stops the '
		'calls, and no caller_toll_free is set', left(string_agg(n.region, ', ' ORDER BY n.region), 500))
	FROM unnest(voiceagent_private.regions_of((version).campaign_id, regions)) AS n(region)
	WHERE (version).lawful AND (version).settings ->> 'machine_detection' = 'message'
		AND voiceagent_private.machine_words(voiceagent_private.terms_of(n.region, at), NULL, NULL, (version).settings,
			NULL) = ''
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION voiceagent_private.messageless_places(voiceagent.campaign_versions, timestamptz, text[]) IS
	'In words, the jurisdictions of a campaign''s lanes in which it leaves no message, though it is to, because of '
	'machine_words(); NULL: none.';

CREATE FUNCTION voiceagent_private.beginnings(version voiceagent.campaign_versions, at timestamptz,
	regions text[] DEFAULT NULL)
	RETURNS TABLE (provider text, socket boolean, own boolean, heard text, region text,
		call voiceagent_private.spoken)
	LANGUAGE sql STABLE AS $$
	SELECT a.provider, a.socket, a.own, a.heard, n.region, b.call
	FROM (SELECT DISTINCT p.provider, coalesce(p.settings ->> 'stream_url', '') <> '' AS socket,
			voiceagent_private.own_stream(p) AS own,
			voiceagent_private.opt_out_channels(p) AS heard FROM voiceagent.provider_accounts p
		WHERE p.tenant_id = (beginnings.version).tenant_id AND p.provider_account_id = ANY
			(voiceagent_private.accounts_of_campaign((beginnings.version).campaign_id))) a
	CROSS JOIN (SELECT DISTINCT CASE WHEN (beginnings.version).lawful THEN l.region END AS region
		FROM unnest(voiceagent_private.regions_of((beginnings.version).campaign_id, beginnings.regions)) AS l(region)) n
	CROSS JOIN LATERAL (SELECT voiceagent_private.begin_call(
		CASE WHEN (beginnings.version).lawful THEN voiceagent_private.terms_of(n.region, at) END,
			-- A lead that agreed to be recorded hears the longest disclosure.
			(beginnings.version).settings, s, a.heard, true) AS call
		FROM voiceagent.assistant_versions s WHERE s.tenant_id = (beginnings.version).tenant_id
			AND (s.assistant_id, s.version) IN ((((beginnings.version).settings ->> 'assistant_id')::bigint,
				(beginnings.version).assistant_version),
				-- The other variant of an experiment.
				(((beginnings.version).settings #>> '{experiment,b,assistant_id}')::bigint,
				((beginnings.version).settings #>> '{experiment,b,version}')::integer)) OFFSET 0) b
$$;
COMMENT ON FUNCTION voiceagent_private.beginnings(voiceagent.campaign_versions, timestamptz, text[]) IS
	'How the calls of a campaign of the current tenant begin by this version at an instant: by each of its carriers, '
	'with and without a socket that talks (own: ours), with what is heard there (opt_out_channels()), in each '
	'jurisdiction of its lanes (NULL: no law holds).';

CREATE FUNCTION voiceagent_private.require_short_texts(version voiceagent.campaign_versions, at timestamptz,
	regions text[] DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v record;
BEGIN
	SELECT f.title, f.spoken_max, t.name, length(t.words) AS chars INTO v
	FROM voiceagent_private.beginnings(version, at, regions) b
	CROSS JOIN LATERAL voiceagent_private.driver_facts(b.provider) f
	CROSS JOIN (SELECT nullif(btrim(version.settings ->> 'voicemail_message'), '') AS words) m
	CROSS JOIN LATERAL (VALUES
		-- When a socket does the talking, the disclosures are said alone before it.
		('first message', CASE WHEN NOT b.socket THEN (b.call).first_message END, NOT f.converses),
		('disclosure', (b.call).disclosure, NOT f.converses),
		('voicemail_message', coalesce((b.call).machine_disclosure || ' ' || m.words, m.words,
			(b.call).assistant_settings ->> 'voicemail_message'),
			version.settings ->> 'machine_detection' = 'message'),
		('end_call_message', (b.call).assistant_settings ->> 'end_call_message', f.converses)) t(name, words, said)
	WHERE t.said AND f.spoken_max > 0 AND length(t.words) > f.spoken_max
	ORDER BY f.title, length(t.words) DESC, t.name LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422',
		format('%s says at most %s characters of one text, and the %s has %s', v.title, v.spoken_max, v.name, v.chars),
		'What the law wants said before it counts.', 'Shorten it, or dial through another carrier.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_short_texts(voiceagent.campaign_versions, timestamptz, text[]) IS
	'PT422 when a campaign that is about to start, or to change its carriers, has a text that one of them '
	'would not say to its end.';

CREATE FUNCTION voiceagent_private.require_opt_out_channel(version voiceagent.campaign_versions, at timestamptz,
	regions text[] DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v record;
BEGIN
	SELECT f.title, f.speaks, string_agg(DISTINCT b.region, ', ' ORDER BY b.region) AS places INTO v
	FROM voiceagent_private.beginnings(version, at, regions) b
	CROSS JOIN LATERAL voiceagent_private.driver_facts(b.provider) f
	-- The author of an assistant is responsible for what the assistant says itself.
	WHERE NOT f.converses AND (b.call).disclosure IS NOT NULL
		AND (NOT f.speaks AND NOT b.own OR b.heard = 'nothing' AND 'opt_out' = ANY ((b.call).disclosures))
	GROUP BY f.title, f.speaks ORDER BY f.speaks, f.title LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422',
		CASE WHEN v.speaks THEN format('the law wants people told how to stop the calls, '
			'and %s hears neither what they say, without a stream_url, nor which key they press', v.title)
			ELSE format('%s cannot say what the law wants said at the start of a call', v.title) END,
		format('It does so in: %s. The campaign: %s.', left(v.places, 500),
			(SELECT c.name FROM voiceagent.campaigns c
				WHERE c.tenant_id = version.tenant_id AND c.campaign_id = version.campaign_id)),
		CASE WHEN v.speaks THEN 'Give the account a stream_url, dial through a carrier that converses or '
			'hears keys, or have the first message itself say what the law wants, '
			'with another way to stop the calls, and the assistant''s setting discloses say so.'
			ELSE 'Have what talks or is played there say it, and the assistant''s setting discloses say so, '
				'or dial through another carrier.' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_opt_out_channel(voiceagent.campaign_versions, timestamptz, text[]) IS
	E'PT422 when a campaign that is about to start, or to change its carriers, would say, as the law wants, how '
	'to stop the calls where nothing listens (a carrier that neither converses nor hears keys, without a '
	'stream_url), or when one of its carriers can say no words of ours, or none before what talks there.\n'
	'Not where the assistant''s setting discloses says that it does so itself.';
