-- 80_reception: the end of a wizard (42_wizard), where an assistant that is called finds what it needs.

CREATE FUNCTION voiceagent_private.equip_receptionist(assistant_id bigint, answers jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_asked jsonb := answers -> 'objective';
	v_numbers bigint[];
BEGIN
	IF v_asked ->> 'catalog' <> 'none' AND NOT EXISTS (SELECT FROM voiceagent.listing_profiles p
			WHERE p.tenant_id = v_tenant AND p.profile = v_asked ->> 'catalog') THEN
		PERFORM voiceagent.set_listing_profile(v_asked ->> 'catalog');
	END IF;
	-- Hours that somebody has set stay; a calendar without any is open at night. The hours that were asked for are the
	-- tenant's, whose zone may be another than when the calendar was made.
	PERFORM voiceagent.update_calendar(c.calendar_id, jsonb_build_object('timezone', (SELECT t.timezone
			FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant), 'hours', jsonb_build_object(
			'start', format('%s:00', lpad(v_asked ->> 'opens', 2, '0')),
			'end', format('%s:00', lpad(v_asked ->> 'closes', 2, '0')),
			'days', to_jsonb(CASE v_asked ->> 'days' WHEN 'every_day' THEN '{mon,tue,wed,thu,fri,sat,sun}'::text[]
				WHEN 'six_days' THEN '{mon,tue,wed,thu,fri,sat}' ELSE '{mon,tue,wed,thu,fri}' END)),
		'slot_length', format('%s minutes', v_asked ->> 'appointment_minutes')))
	FROM voiceagent.calendars c WHERE c.tenant_id = v_tenant AND c.is_default AND c.hours IS NULL;
	-- The only unanswered number is meant; of several, the page of numbers names one.
	v_numbers := ARRAY(SELECT n.phone_number_id FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_tenant AND n.is_active AND n.ai_assistant_id IS NULL ORDER BY 1 LIMIT 2);
	IF cardinality(v_numbers) = 1 THEN
		PERFORM voiceagent.update_phone_number(v_numbers[1],
			jsonb_build_object('ai_assistant_id', equip_receptionist.assistant_id));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.equip_receptionist(bigint, jsonb) IS
	'Gives an assistant that is called its kind of listings, the hours and the length of appointments of a '
	'default calendar without hours, and the tenant''s only number without an answerer.';

CREATE FUNCTION voiceagent.wizard_finish(wizard_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_wizard voiceagent.wizards := voiceagent_private.lock_wizard(wizard_id, unfinished := false);
	v_version integer := voiceagent_private.current_template_version();
	v_answers jsonb;
	v_errors jsonb;
	v_made jsonb;
BEGIN
	IF v_wizard.finished_at IS NOT NULL THEN
		RETURN v_wizard.assistant_id;
	END IF;
	PERFORM voiceagent_private.fail_if(v_wizard.refused <> '{}', 'PT409',
		'an answer of the wizard was refused and not given anew',
		voiceagent_private.describe_answer_errors(v_wizard.refused),
		(SELECT format('Answer step %s again: wizard_answer(%s, %1$s, ...); ''{}'' takes its defaults.', s.step,
			v_wizard.wizard_id)
			FROM voiceagent.wizard_steps s WHERE v_wizard.refused ? s.key ORDER BY s.step LIMIT 1));
	PERFORM voiceagent_private.fail_if(v_wizard.answers = '{}', 'PT409', 'nothing of the wizard is answered yet', NULL,
		format('Say who calls: wizard_answer(%s, 1, ''{"business_name": "..."}''); ''{}'' takes the defaults.',
			v_wizard.wizard_id));
	SELECT c.complete, c.errors INTO v_answers, v_errors
	FROM voiceagent_private.complete_answers(v_wizard.profile, v_wizard.language, v_wizard.answers) c;
	PERFORM voiceagent_private.fail_if(v_errors <> '{}', 'PT409', 'the wizard is not finished yet',
		(SELECT format('Step %s (%s) is due: %s has no default.', s.step, s.key,
			v_errors #>> ARRAY[s.key, '0', 'field'])
			FROM voiceagent.wizard_steps s WHERE v_errors ? s.key ORDER BY s.step LIMIT 1),
		'Answer it by wizard_answer().');
	v_made := voiceagent_private.generate_assistant(v_answers, v_version);
	v_wizard.assistant_id := voiceagent.create_assistant(v_answers #>> '{review,name}', v_made ->> 'first_message',
		v_made ->> 'system_prompt', v_made ->> 'voice', settings := v_made -> 'settings');
	PERFORM voiceagent_private.take_caller_name(v_answers -> 'business');
	PERFORM voiceagent_private.take_model_analysis((v_answers #> '{review,model_analysis}')::boolean);
	PERFORM voiceagent_private.keep_answers(v_wizard.assistant_id, 1, v_answers, v_wizard.profile, v_version, NULL);
	IF v_answers #>> '{objective,direction}' = 'inbound' THEN
		PERFORM voiceagent_private.equip_receptionist(v_wizard.assistant_id, v_answers);
	END IF;
	UPDATE voiceagent.wizards w SET answers = v_answers, step = 10, assistant_id = v_wizard.assistant_id,
		changed_at = voiceagent.clock(), finished_at = voiceagent.clock()
	WHERE w.tenant_id = v_tenant AND w.wizard_id = v_wizard.wizard_id;
	RETURN v_wizard.assistant_id;
END
$$;
COMMENT ON FUNCTION voiceagent.wizard_finish(bigint) IS
	E'Makes the assistant of a wizard and returns its id; it costs the price "assistant" (PT402).\n'
	'Other steps take their defaults; the answers stay with it (assistant_answers); the settings caller_name and '
	'model_analysis follow them where they are not set. Again: the same assistant, without a charge. PT404; PT409 '
	'while nothing is answered, one is refused, or one without a default is due; PT422.';
