/*
 * 48_script: the playbooks that come with the extension, one file a language.
 * Every variable in them has a default, so that any lead can be called with
 * them; "general" is the platform's fallback.
 */

CREATE FUNCTION voiceagent_private.register_playbook(playbook text, language text, description text, opening text,
	pitch text, closing text, questions text[], objections text[], rules text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_body jsonb := jsonb_build_object('opening', opening, 'pitch', pitch, 'closing', closing, 'questions', questions,
		'objections', (SELECT jsonb_agg(jsonb_build_object('objection', objections[i], 'answer', objections[i + 1])
				ORDER BY i)
			FROM generate_series(1, cardinality(objections), 2) i), 'rules', rules);
BEGIN
	PERFORM voiceagent_private.require_script_body(v_body,
		voiceagent_private.script_members() || 'rules'::text, format('%s.%s.', playbook, language));
	INSERT INTO voiceagent_private.shipped_playbooks (playbook, language, description, body)
	VALUES (register_playbook.playbook, register_playbook.language, register_playbook.description, v_body)
	ON CONFLICT ON CONSTRAINT shipped_playbooks_pkey DO UPDATE
	SET description = excluded.description, body = excluded.body;
END
$$;
COMMENT ON FUNCTION voiceagent_private.register_playbook(text, text, text, text, text, text, text[], text[], text[]) IS
	E'For the install script: a playbook of the platform in one language.\n'
	'objections: an objection, its answer, the next objection, its answer, ....';
