/*
 * 42_wizard: ten steps to an assistant.
 *
 * A session that answers, moves, finishes or drops a wizard locks its row first, so two sessions at one wizard follow
 * each other. A bad answer is no error: it is what the function returns, and it is not stored. That it was refused
 * is, so that no assistant is made by a caller that did not look.
 */

CREATE FUNCTION voiceagent_private.lock_wizard(wizard_id bigint, unfinished boolean DEFAULT true)
	RETURNS voiceagent.wizards LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_wizard voiceagent.wizards;
BEGIN
	SELECT * INTO v_wizard FROM voiceagent.wizards w
	WHERE w.tenant_id = voiceagent.current_tenant() AND w.wizard_id = lock_wizard.wizard_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such wizard');
	PERFORM voiceagent_private.fail_if(unfinished AND v_wizard.finished_at IS NOT NULL, 'PT409',
		'the wizard is finished', format('It has made assistant %s.', v_wizard.assistant_id),
		format('update_assistant_answers(%s, ...) changes its answers.', v_wizard.assistant_id));
	RETURN v_wizard;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_wizard(bigint, boolean) IS
	'The wizard of the current tenant, locked; PT404, and PT409 for one that is finished, unless that may be.';

CREATE FUNCTION voiceagent_private.due_step(answers jsonb) RETURNS integer
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT coalesce(min(s.step), 11)::integer FROM voiceagent.wizard_steps s WHERE NOT answers ? s.key
$$;
COMMENT ON FUNCTION voiceagent_private.due_step(jsonb) IS 'The first step without an answer; 11: there is none.';

CREATE FUNCTION voiceagent_private.require_step(wizard voiceagent.wizards, step integer) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_due integer := voiceagent_private.due_step(wizard.answers);
BEGIN
	PERFORM voiceagent_private.fail_if(step IS NULL OR step NOT BETWEEN 1 AND 10, 'PT422',
		'a wizard has the steps 1 to 10', format('The argument step is %s.', coalesce(step::text, 'NULL')));
	PERFORM voiceagent_private.fail_if(step > v_due, 'PT409', format('step %s is not due yet', step),
		(SELECT format('Step %s (%s) is due.', s.step, s.key) FROM voiceagent.wizard_steps s WHERE s.step = v_due),
		format('Answer it first; ''{}'' takes the defaults: wizard_answer(%s, %s, ''{}'').', wizard.wizard_id, v_due));
	RETURN (SELECT s.key FROM voiceagent.wizard_steps s WHERE s.step = require_step.step);
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_step(voiceagent.wizards, integer) IS
	'The key of a step that is answered or due; PT409 names the step that is due, PT422 says that there is none.';

CREATE FUNCTION voiceagent_private.check_wizard_language(language text) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_language text := lower(substring(language FROM '^([A-Za-z]{2})(-[A-Za-z0-9]{2,8})*$'));
BEGIN
	IF language IS NULL THEN
		RETURN voiceagent_private.setting_text('wizard_language');
	ELSIF v_language IN ('en', 'es', 'fr', 'de') THEN
		RETURN v_language;
	END IF;
	PERFORM voiceagent_private.fail('PT422', 'a wizard does not ask in this language',
		format('The argument language is %s.', quote_literal(left(language, 40))), 'Languages are en, es, fr and de.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_wizard_language(text) IS
	'en, es, fr or de, of a tag such as fr-CA; NULL: the setting wizard_language; PT422 for another.';

CREATE FUNCTION voiceagent_private.wizard_fields_of(step text, parent text, language text, defaults jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys AS $$
#variable_conflict use_variable
DECLARE
	v_prefix text := CASE parent WHEN '' THEN step ELSE step || '.' || parent END;
BEGIN
	RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('key', f.field, 'kind', f.kind, 'label', t.text,
			'help', t.help, 'required', f.required, 'min', f.min, 'max', f.max, 'choices', to_jsonb(f.choices),
			'default', coalesce(defaults -> f.field, CASE WHEN parent <> '' THEN f.default_value END))
			|| CASE WHEN f.required_when IS NULL THEN '{}'
				ELSE jsonb_build_object('required_when', f.required_when) END
			|| CASE WHEN f.choices IS NULL THEN '{}' ELSE jsonb_build_object('labels', (
				SELECT jsonb_object_agg(c.value, v.text) FROM unnest(f.choices) AS c(value)
				JOIN voiceagent.wizard_texts v ON v.language = language
					AND v.key = v_prefix || '.' || f.field || '=' || c.value)) END
			|| CASE WHEN f.kind <> 'list' THEN '{}' ELSE jsonb_build_object('fields',
				voiceagent_private.wizard_fields_of(step, CASE parent WHEN '' THEN f.field
					ELSE parent || '.' || f.field END, language, '{}')) END
			ORDER BY f.position), '[]')
		FROM voiceagent.wizard_fields f
		JOIN voiceagent.wizard_texts t ON t.language = language AND t.key = v_prefix || '.' || f.field
		WHERE f.step = step AND f.parent = parent AND (f.only_when IS NULL OR defaults @> f.only_when));
END
$$;
COMMENT ON FUNCTION voiceagent_private.wizard_fields_of(text, text, text, jsonb) IS
	E'The fields of a step, or of the entries of a list of it, as wizard_step() shows them.\n'
	'A list has the fields of its entries; the field * is an entry itself.';

CREATE FUNCTION voiceagent_private.show_analysis_terms() RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT to_jsonb(t) FROM voiceagent.analysis_terms() t);
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	-- A wizard goes on without it.
	RETURN jsonb_build_object('reads', false, 'why_not', SQLERRM);
END
$$;
COMMENT ON FUNCTION voiceagent_private.show_analysis_terms() IS
	'analysis_terms() for a page; where the model that the tenant wants is not to be had, that alone.';

CREATE FUNCTION voiceagent_private.show_wizard(wizard voiceagent.wizards, language text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys AS $$
DECLARE
	v_language text := CASE WHEN language IS NULL THEN wizard.language
		ELSE voiceagent_private.check_wizard_language(language) END;
	v_step text := (SELECT s.key FROM voiceagent.wizard_steps s WHERE s.step = wizard.step);
	v_defaults jsonb := voiceagent_private.wizard_defaults(wizard.profile, wizard.language, wizard.answers) -> v_step;
	v_direction jsonb := coalesce(wizard.answers -> v_step -> 'direction', v_defaults -> 'direction');
	v_errors jsonb := (SELECT c.errors
		FROM voiceagent_private.complete_answers(wizard.profile, wizard.language, wizard.answers) c);
BEGIN
	RETURN (SELECT jsonb_build_object('wizard_id', wizard.wizard_id, 'profile', wizard.profile, 'step', wizard.step,
			'steps', 10, 'key', v_step, 'question', t.text, 'help', t.help, 'language', v_language,
			'fields', voiceagent_private.wizard_fields_of(v_step, '', v_language,
				v_defaults || jsonb_build_object('direction', v_direction)),
			'defaults', v_defaults, 'answer', wizard.answers -> v_step, 'answers', wizard.answers,
			'due', nullif(voiceagent_private.due_step(wizard.answers), 11), 'refused', wizard.refused,
			'complete', v_errors = '{}' AND wizard.refused = '{}' AND wizard.answers <> '{}',
			'assistant_id', wizard.assistant_id)
			|| CASE v_step WHEN 'review' THEN jsonb_build_object('analysis', voiceagent_private.show_analysis_terms())
				ELSE '{}' END
		FROM voiceagent.wizard_texts t WHERE t.language = v_language AND t.key = v_step);
END
$$;
COMMENT ON FUNCTION voiceagent_private.show_wizard(voiceagent.wizards, text) IS
	'A wizard as wizard_step() shows it, in this language or in that of the wizard.';

CREATE FUNCTION voiceagent.wizard_start(profile text DEFAULT NULL, language text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_profile text := coalesce(profile, 'general');
	v_language text := voiceagent_private.check_wizard_language(language);
	v_id bigint;
	c_unfinished_max CONSTANT integer := 50;
BEGIN
	PERFORM voiceagent_private.fail_if(
		NOT EXISTS (SELECT FROM voiceagent.wizard_profiles p WHERE p.profile = v_profile), 'PT422',
		'there is no such profile', format('The argument profile is %s.', quote_literal(left(v_profile, 60))),
		'Profiles are: ' || (SELECT string_agg(DISTINCT p.profile, ', ') FROM voiceagent.wizard_profiles p) || '.');
	-- The directory's row makes two of these follow each other.
	PERFORM FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(
		(SELECT count(*) FROM voiceagent.wizards w WHERE w.tenant_id = v_tenant AND w.finished_at IS NULL)
			>= c_unfinished_max, 'PT409', format('a tenant has at most %s unfinished wizards', c_unfinished_max), NULL,
		'The view unfinished_wizards shows them; wizard_drop() removes one.');
	INSERT INTO voiceagent.wizards (tenant_id, profile, language, started_by, created_at, changed_at)
	VALUES (v_tenant, v_profile, v_language, voiceagent_private.actor(), voiceagent.clock(), voiceagent.clock())
	RETURNING wizard_id INTO v_id;
	RETURN v_id;
END
$$;
COMMENT ON FUNCTION voiceagent.wizard_start(text, text) IS
	E'Starts a wizard, ten questions that make an assistant, and returns its id.\n'
	'profile: lead_qualification, roofing, real_estate, recruitment or follow_up (table wizard_profiles) gives '
	'defaults for most answers; NULL: few. language of the questions: en, es, fr, de; NULL: the setting '
	'wizard_language. PT422; PT409 beyond 50 unfinished wizards.';

-- VOLATILE, so that wizard_step(wizard_start()) sees the wizard that its own statement has started.
CREATE FUNCTION voiceagent.wizard_step(wizard_id bigint, language text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = by_key AS $$
DECLARE
	v_wizard voiceagent.wizards;
BEGIN
	SELECT * INTO v_wizard FROM voiceagent.wizards w
	WHERE w.tenant_id = voiceagent.current_tenant() AND w.wizard_id = wizard_step.wizard_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such wizard');
	RETURN voiceagent_private.show_wizard(v_wizard, language);
END
$$;
COMMENT ON FUNCTION voiceagent.wizard_step(bigint, text) IS
	E'The step at which a wizard stands, as a page draws it.\n'
	'step (1 to 10), key, question, help, fields (key, label, kind, choices, labels, default, required, max, ...), '
	'answer, answers (all so far), due (the first step without an answer), refused (errors by step), complete '
	'(wizard_finish() may come); of the last step, analysis (as analysis_terms()). '
	'language: NULL for the wizard''s own. PT404, PT422.';

CREATE FUNCTION voiceagent.wizard_answer(wizard_id bigint, step integer, answer jsonb) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_wizard voiceagent.wizards := voiceagent_private.lock_wizard(wizard_id);
	v_key text := voiceagent_private.require_step(v_wizard, step);
	v_answers jsonb;
	v_defaults jsonb;
	v_checked record;
BEGIN
	-- A language that is chosen in this answer is that of the other defaults.
	v_answers := v_wizard.answers || CASE WHEN jsonb_typeof(answer) = 'object' THEN jsonb_build_object(v_key, answer)
		ELSE '{}' END;
	v_defaults := voiceagent_private.wizard_defaults(v_wizard.profile, v_wizard.language, v_answers);
	SELECT j.kept, j.errors INTO v_checked FROM voiceagent_private.check_answer(v_key,
		CASE WHEN jsonb_typeof(answer) = 'object' THEN (v_defaults -> v_key) || answer ELSE answer END,
		v_wizard.language) j;
	IF v_checked.errors <> '[]' THEN
		v_wizard.refused := v_wizard.refused || jsonb_build_object(v_key, v_checked.errors);
		UPDATE voiceagent.wizards w SET refused = v_wizard.refused
		WHERE w.tenant_id = v_tenant AND w.wizard_id = v_wizard.wizard_id;
		-- A caller that only reads the question reads there what was wrong.
		RETURN jsonb_build_object('errors', v_checked.errors, 'step', step, 'key', v_key, 'question', (
			SELECT format('%s %s', voiceagent_private.describe_answer_errors(jsonb_build_object(v_key,
				v_checked.errors)), t.text)
			FROM voiceagent.wizard_texts t WHERE t.language = v_wizard.language AND t.key = v_key));
	END IF;
	v_answers := v_wizard.answers || jsonb_build_object(v_key, v_checked.kept);
	IF v_key = 'voice' THEN
		v_answers := voiceagent_private.translate_defaults(v_answers,
			voiceagent_private.kept_defaults(v_wizard.profile, v_wizard.language, v_wizard.answers) - 'voice',
			voiceagent_private.kept_defaults(v_wizard.profile, v_wizard.language, v_answers));
	END IF;
	v_wizard.answers := v_answers;
	v_wizard.refused := v_wizard.refused - v_key;
	v_wizard.step := least(step + 1, 10, voiceagent_private.due_step(v_answers));
	UPDATE voiceagent.wizards w SET answers = v_answers, refused = v_wizard.refused, step = v_wizard.step,
		changed_at = voiceagent.clock()
	WHERE w.tenant_id = v_tenant AND w.wizard_id = v_wizard.wizard_id;
	RETURN voiceagent_private.show_wizard(v_wizard);
END
$$;
COMMENT ON FUNCTION voiceagent.wizard_answer(bigint, integer, jsonb) IS
	E'Answers a step of a wizard, or answers it anew, and returns the next step as wizard_step() does.\n'
	'answer: an object with the step''s fields; one that is missing takes its default, null has none. A bad answer is '
	'not stored and gives {"errors": [{"field", "message", "allowed"}], "question"}. PT404; PT409 for a step before '
	'which another is due (DETAIL), or a finished wizard; PT422 for no step.';

CREATE FUNCTION voiceagent.wizard_go(wizard_id bigint, step integer) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_wizard voiceagent.wizards := voiceagent_private.lock_wizard(wizard_id);
BEGIN
	PERFORM voiceagent_private.require_step(v_wizard, step);
	v_wizard.step := step;
	UPDATE voiceagent.wizards w SET step = v_wizard.step, changed_at = voiceagent.clock()
	WHERE w.tenant_id = v_tenant AND w.wizard_id = v_wizard.wizard_id;
	RETURN voiceagent_private.show_wizard(v_wizard);
END
$$;
COMMENT ON FUNCTION voiceagent.wizard_go(bigint, integer) IS
	E'Moves a wizard to a step that is answered, or to the one that is due, and returns it as wizard_step() does.\n'
	'No answer is lost. PT404; PT409 for a later step, or a finished wizard; PT422 for no step.';

CREATE FUNCTION voiceagent.wizard_back(wizard_id bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	RETURN voiceagent.wizard_go(wizard_id, greatest(1, (voiceagent_private.lock_wizard(wizard_id)).step - 1));
END
$$;
COMMENT ON FUNCTION voiceagent.wizard_back(bigint) IS
	E'Moves a wizard one step back and returns that step as wizard_step() does; the first stays the first.\n'
	'No answer is lost. PT404; PT409 for a finished wizard.';

CREATE FUNCTION voiceagent.wizard_drop(wizard_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_wizard voiceagent.wizards := voiceagent_private.lock_wizard(wizard_id, unfinished := false);
BEGIN
	DELETE FROM voiceagent.wizards w WHERE w.tenant_id = v_tenant AND w.wizard_id = v_wizard.wizard_id;
END
$$;
COMMENT ON FUNCTION voiceagent.wizard_drop(bigint) IS
	E'Removes a wizard with its answers.\nAn assistant that it has made stays, and keeps them. PT404.';

CREATE VIEW voiceagent.unfinished_wizards WITH (security_invoker = on) AS
SELECT w.tenant_id, w.wizard_id, w.profile, w.language, w.step, s.key AS step_key,
	w.answers #>> '{business,business_name}' AS business_name,
	(SELECT count(*) FROM jsonb_object_keys(w.answers)) AS answered_steps, w.started_by, w.created_at, w.changed_at
FROM voiceagent.wizards w
JOIN voiceagent.wizard_steps s ON s.step = w.step
WHERE w.tenant_id = voiceagent.current_tenant() AND w.finished_at IS NULL;
COMMENT ON VIEW voiceagent.unfinished_wizards IS
	E'The wizards that have not made an assistant yet: wizard_step() resumes one.\n'
	'One untouched for retention_wizards goes by itself.';
COMMENT ON COLUMN voiceagent.unfinished_wizards.step_key IS 'Name of the step at which it stands.';
COMMENT ON COLUMN voiceagent.unfinished_wizards.business_name IS 'The business, if it was named already.';
COMMENT ON COLUMN voiceagent.unfinished_wizards.answered_steps IS 'How many of the ten steps are answered.';
