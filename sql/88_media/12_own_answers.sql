-- 88_media: what a person asks that is ours to answer, whatever a model would say: whether it talks with a machine,
-- whether it is recorded, where its number came from, and how the calls end.

CREATE FUNCTION voiceagent_private.parse_ask(said text, language text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_parse_ask';
COMMENT ON FUNCTION voiceagent_private.parse_ask(text, text) IS
	'What a person''s words in a language ask that is ours to answer: machine, recorded, source or stop, the first; '
	'NULL: none.';

CREATE FUNCTION voiceagent_private.own_words(key text, language text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE lower(split_part(language, '-', 1)) WHEN 'es' THEN w.es WHEN 'fr' THEN w.fr WHEN 'de' THEN w.de
		WHEN 'it' THEN w.it ELSE w.en END
	FROM (VALUES
		('machine', 'I am an automated assistant, not a person.', 'Soy un asistente automático, no una persona.',
			'Je suis un assistant automatique, pas une personne.', 'Ich bin ein automatischer Assistent, kein Mensch.',
			'Sono un assistente automatico, non una persona.'),
		('recorded', 'Yes, this call is recorded, and what is said is written down.',
			'Sí, esta llamada se graba, y lo que se dice queda escrito.',
			'Oui, cet appel est enregistré, et ce qui est dit est mis par écrit.',
			'Ja, dieses Gespräch wird aufgezeichnet, und was gesagt wird, wird mitgeschrieben.',
			'Sì, questa chiamata è registrata, e quello che si dice viene trascritto.'),
		('written', 'No, the sound is not recorded, but what is said is written down.',
			'No, el sonido no se graba, pero lo que se dice queda escrito.',
			'Non, le son n''est pas enregistré, mais ce qui est dit est mis par écrit.',
			'Nein, der Ton wird nicht aufgezeichnet, aber was gesagt wird, wird mitgeschrieben.',
			'No, l''audio non è registrato, ma quello che si dice viene trascritto.'),
		('called', 'You have called us, and your number came with the call.',
			'Nos ha llamado usted, y su número llegó con la llamada.',
			'C''est vous qui nous avez appelés, et votre numéro est venu avec l''appel.',
			'Sie haben uns angerufen, und Ihre Nummer kam mit dem Anruf.',
			'Ci ha chiamato lei, e il suo numero è arrivato con la chiamata.'),
		('given', 'By our records you gave it to us yourself, with your consent, on %s.',
			'Según nuestros registros nos lo dio usted, con su consentimiento, el %s.',
			'D''après nos dossiers, vous nous l''avez donné vous-même, avec votre accord, le %s.',
			'Nach unseren Unterlagen haben Sie sie uns selbst gegeben, mit Ihrer Einwilligung, am %s.',
			'Secondo i nostri dati ce l''ha dato lei, con il suo consenso, il %s.'),
		('kept', 'It has been in our records since %s. More than that I cannot see.',
			'Está en nuestros registros desde el %s. Más que eso no puedo ver.',
			'Il est dans nos dossiers depuis le %s. Je ne vois rien de plus.',
			'Sie steht seit dem %s in unseren Unterlagen. Mehr kann ich nicht sehen.',
			'È nei nostri dati dal %s. Di più non posso vedere.'),
		('stop', 'Just say: do not call me again. Then we do not call you any more.',
			'Diga simplemente: no me llamen más. Entonces no le llamaremos más.',
			'Dites simplement : ne m''appelez plus. Alors nous ne vous appellerons plus.',
			'Sagen Sie einfach: Rufen Sie mich nicht mehr an. Dann rufen wir Sie nicht mehr an.',
			'Dica semplicemente: non chiamatemi più. Allora non la chiameremo più.'))
		AS w (key, en, es, fr, de, it)
	WHERE w.key = own_words.key
$$;
COMMENT ON FUNCTION voiceagent_private.own_words(text, text) IS
	'A sentence of ours in a language (another: English): machine, recorded or written (no sound is kept), called, '
	'given or kept (with %s for the date), stop.';

CREATE FUNCTION voiceagent_private.own_answer(call voiceagent.calls, turns jsonb) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_said text := (SELECT string_agg(t.value ->> 'text', ' ') FROM jsonb_array_elements(turns) t
		WHERE t.value ->> 'speaker' = 'customer');
	v_language text := (SELECT v.language FROM voiceagent.assistant_versions v WHERE v.tenant_id = call.tenant_id
		AND v.assistant_id = call.assistant_id AND v.version = call.assistant_version);
	v_key text := voiceagent_private.parse_ask(v_said, v_language);
	v_since timestamptz;
BEGIN
	v_key := CASE WHEN v_key = 'recorded' AND NOT voiceagent_private.is_recorded(call) THEN 'written'
		WHEN v_key = 'source' AND call.direction = 'inbound' THEN 'called' ELSE v_key END;
	IF v_key = 'source' THEN
		v_since := (SELECT max(c.granted_at) FROM voiceagent.consents c WHERE c.tenant_id = call.tenant_id
			AND c.lead_id = call.lead_id AND c.phone = call.phone AND c.kind IN ('call', 'text')
			AND c.revoked_at IS NULL);
		v_key := CASE WHEN v_since IS NULL THEN 'kept' ELSE 'given' END;
		v_since := coalesce(v_since, (SELECT l.created_at FROM voiceagent.leads l
			WHERE l.tenant_id = call.tenant_id AND l.lead_id = call.lead_id), call.started_at);
	END IF;
	RETURN format(voiceagent_private.own_words(v_key, v_language), to_char(v_since, CASE split_part(v_language, '-', 1)
		WHEN 'en' THEN 'FMMonth FMDD, YYYY' WHEN 'de' THEN 'FMDD.FMMM.YYYY' ELSE 'FMDD/FMMM/YYYY' END));
END
$$;
COMMENT ON FUNCTION voiceagent_private.own_answer(voiceagent.calls, jsonb) IS
	'What we answer to turns of a call of the current tenant that ask what is ours to answer (parse_ask()); NULL: '
	'they do not.';
