-- 40_assistant: the platform's stop list of words, which staff edits and no tenant reads.

CREATE TABLE voiceagent_private.stop_phrases (
	phrase text PRIMARY KEY,
	reason text NOT NULL
);
COMMENT ON TABLE voiceagent_private.stop_phrases IS
	'Phrases that no assistant says on a real carrier before staff has allowed them: set_stop_phrase().';
COMMENT ON COLUMN voiceagent_private.stop_phrases.phrase IS 'As fold_wording() gives it, without blanks around it.';
SELECT voiceagent_private.guard_table('voiceagent_private.stop_phrases', 'platform');
CREATE TRIGGER changed_for_claims AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent_private.stop_phrases
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();

CREATE FUNCTION voiceagent_private.fold_wording(words text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT ' ' || regexp_replace(lower(normalize(regexp_replace(regexp_replace(words,
		'[\u00AD\u200B-\u200F\u2060\uFEFF]', '', 'g'), '\\[nrt]', ' ', 'g'), NFKC)), '[^[:alnum:]]+', ' ', 'g') || ' '
$$;
COMMENT ON FUNCTION voiceagent_private.fold_wording(text) IS
	'Words in small letters with one blank before, between and after them, for a comparison with stop_phrases.';

CREATE FUNCTION voiceagent_private.stopped_wording(words text) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT s.reason FROM voiceagent_private.stop_phrases s
		WHERE strpos(words, ' ' || s.phrase || ' ') > 0 ORDER BY s.phrase LIMIT 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.stopped_wording(text) IS
	'Why the stop list holds back these words (as fold_wording() gives them); NULL: it does not.';

CREATE FUNCTION voiceagent_private.warn_of_wording(words text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_reason text := CASE WHEN EXISTS (SELECT FROM voiceagent_private.stop_phrases)
		THEN voiceagent_private.stopped_wording(voiceagent_private.fold_wording(words)) END;
BEGIN
	IF v_reason IS NOT NULL THEN
		RAISE NOTICE 'campaigns on real carriers wait with this wording until the platform allows it'
			USING DETAIL = v_reason;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.warn_of_wording(text) IS
	'A NOTICE if the stop list will hold back a text that is saved.';
