/*
 * 42_wizard: defaults of answers that are not given.
 *
 * The defaults of a field, the profile general, the wizard's profile, and the tenant's business profile: the later
 * comes before the earlier. The business profile is left out of a wizard for another business. Words are in the
 * language of the assistant as soon as it is known, else in that of the questions.
 */

CREATE FUNCTION voiceagent_private.merge_answers(answers jsonb, others jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
	RETURN (SELECT coalesce(jsonb_object_agg(k.step, coalesce(answers -> k.step, '{}')
			|| coalesce(others -> k.step, '{}')), '{}')
		FROM (SELECT jsonb_object_keys(answers) UNION SELECT jsonb_object_keys(others)) AS k(step));
COMMENT ON FUNCTION voiceagent_private.merge_answers(jsonb, jsonb) IS
	'Answers by step, with the members of others in place of the ones that are there.';

CREATE FUNCTION voiceagent_private.same_business(answers jsonb, profile jsonb) RETURNS boolean
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_own text := coalesce(profile #>> '{business,business_name}', (SELECT left(t.name, 100) FROM voiceagent.tenants t
		WHERE t.tenant_id = voiceagent.current_tenant()));
BEGIN
	RETURN lower(btrim(coalesce(answers #>> '{business,business_name}', v_own))) = lower(btrim(v_own));
END
$$;
COMMENT ON FUNCTION voiceagent_private.same_business(jsonb, jsonb) IS
	E'Whether answers speak for the business of this business profile of the current tenant.\n'
	'That is the one that it names, else the tenant itself; answers without a name do.';

CREATE FUNCTION voiceagent_private.wizard_defaults(profile text, language text, answers jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_spoken text := coalesce(substring(answers #>> '{voice,language}' FROM '^(en|es|fr|de)-'), language);
	v_defaults jsonb;
	v_more jsonb;
BEGIN
	SELECT jsonb_object_agg(s.key, coalesce((SELECT jsonb_object_agg(f.field, f.default_value)
		FROM voiceagent.wizard_fields f
		WHERE f.step = s.key AND f.parent = '' AND f.default_value IS NOT NULL), '{}')) INTO v_defaults
	FROM voiceagent.wizard_steps s;
	v_defaults := voiceagent_private.merge_answers(v_defaults, jsonb_build_object('business', jsonb_build_object(
		'business_name', (SELECT left(t.name, 100) FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant))));
	FOR v_more IN
		SELECT p.answers FROM unnest(ARRAY['general', profile]) WITH ORDINALITY AS n(profile, place)
		JOIN voiceagent.wizard_profiles p ON p.profile = n.profile AND p.language = v_spoken ORDER BY n.place
	LOOP
		v_defaults := voiceagent_private.merge_answers(v_defaults, v_more);
	END LOOP;
	SELECT b.answers INTO v_more FROM voiceagent.business_profiles b WHERE b.tenant_id = v_tenant;
	IF voiceagent_private.same_business(answers, v_more) THEN
		v_defaults := voiceagent_private.merge_answers(v_defaults, coalesce(v_more, '{}'));
	END IF;
	v_more := voiceagent_private.merge_answers(v_defaults, answers);
	RETURN voiceagent_private.merge_answers(v_defaults, jsonb_build_object('review', jsonb_build_object('name',
		left(concat_ws(' – ', v_more #>> '{business,business_name}', (SELECT t.text FROM voiceagent.wizard_texts t
			WHERE t.language = language
				AND t.key = 'objective.objective=' || nullif(v_more #>> '{objective,objective}', 'custom'))), 200))));
END
$$;
COMMENT ON FUNCTION voiceagent_private.wizard_defaults(text, text, jsonb) IS
	'The defaults of all steps for a wizard of the current tenant with this profile, this language of its questions, '
	'and these answers.';

CREATE FUNCTION voiceagent_private.kept_defaults(profile text, language text, answers jsonb) RETURNS jsonb
	LANGUAGE sql STABLE
	RETURN (SELECT jsonb_object_agg(d.key, (voiceagent_private.check_answer(d.key, d.value, language, true)).kept)
		FROM jsonb_each(voiceagent_private.wizard_defaults(profile, language, answers)) d);
COMMENT ON FUNCTION voiceagent_private.kept_defaults(text, text, jsonb) IS
	'wizard_defaults() as they are kept when they are taken for an answer.';

CREATE FUNCTION voiceagent_private.translate_defaults(answers jsonb, old_defaults jsonb, new_defaults jsonb)
	RETURNS jsonb LANGUAGE sql IMMUTABLE
	RETURN (SELECT coalesce(jsonb_object_agg(s.key, (SELECT coalesce(jsonb_object_agg(m.key,
			CASE WHEN m.value = old_defaults #> ARRAY[s.key, m.key]
				THEN coalesce(new_defaults #> ARRAY[s.key, m.key], m.value) ELSE m.value END), '{}')
			FROM jsonb_each(s.value) m)), '{}')
		FROM jsonb_each(answers) s);
COMMENT ON FUNCTION voiceagent_private.translate_defaults(jsonb, jsonb, jsonb) IS
	'Answers in which whatever is still an old default has become the new one, and what somebody wrote has stayed.';

CREATE FUNCTION voiceagent_private.complete_answers(profile text, language text, answers jsonb, OUT complete jsonb,
	OUT errors jsonb) LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_defaults jsonb := voiceagent_private.wizard_defaults(profile, language, answers);
	v_step text;
	v_checked record;
BEGIN
	complete := answers;
	errors := '{}';
	FOR v_step IN SELECT s.key FROM voiceagent.wizard_steps s ORDER BY s.step LOOP
		CONTINUE WHEN answers ? v_step;
		SELECT j.kept, j.errors INTO v_checked
		FROM voiceagent_private.check_answer(v_step, v_defaults -> v_step, language) j;
		complete := complete || jsonb_build_object(v_step, v_checked.kept);
		IF v_checked.errors <> '[]' THEN
			errors := errors || jsonb_build_object(v_step, v_checked.errors);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.complete_answers(text, text, jsonb) IS
	'Answers with the defaults of the unanswered steps, and what is wrong with these, by step: what is required and '
	'has no default.';
