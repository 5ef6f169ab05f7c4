/*
 * 76_step: the steps of sequences: they are written and published, leads are
 * enrolled, and what is due is done.  sql/44_sequence/10_tables.sql says what the
 * rows mean, README.md here what the room promises.
 */

SELECT voiceagent_private.make_lock('require_sequence', 'voiceagent.sequences', 'sequence %s does not exist',
	'A sequence of the current tenant, locked: no step of it is taken meanwhile; PT404.');

CREATE FUNCTION voiceagent_private.check_draft(name text, steps jsonb, stop_on text[]) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(length(btrim(name)), 0) NOT BETWEEN 1 AND 200, 'PT422',
		'a sequence has a name of 1 to 200 characters');
	PERFORM voiceagent_private.fail_if(jsonb_typeof(steps) IS DISTINCT FROM 'array' OR jsonb_array_length(steps) > 50
		OR octet_length(steps::text) > 65536, 'PT422', 'steps are a list', NULL, 'At most 50, of 64 kB together.');
	PERFORM voiceagent_private.fail_if(stop_on IS NULL OR NOT stop_on <@ ARRAY['replied', 'called', 'booked'], 'PT422',
		'a sequence cannot stop on that', NULL,
		'It stops on replied, called and booked, or on none of these; an opt-out always stops it.');
	RETURN jsonb_build_object('steps', steps, 'stop_on', to_jsonb(stop_on));
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_draft(text, jsonb, text[]) IS
	E'A draft of a sequence as it is kept; what its steps say is looked at when it is published.\n'
	'PT422.';

CREATE FUNCTION voiceagent.create_sequence(name text, steps jsonb DEFAULT '[]',
	stop_on text[] DEFAULT '{replied,called,booked}') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_draft jsonb := voiceagent_private.check_draft(name, steps, stop_on);
	v_now timestamptz := voiceagent.clock();
	v_sequence bigint;
	c_most CONSTANT integer := 1000;
BEGIN
	PERFORM voiceagent_private.lock_tenant(false);
	PERFORM voiceagent_private.fail_if(c_most <= (SELECT count(*) FROM voiceagent.sequences s
		WHERE s.tenant_id = v_tenant), 'PT409', format('there are %s sequences', c_most), NULL,
		'Use one of them anew.');
	INSERT INTO voiceagent.sequences (tenant_id, name, draft, created_at, changed_at)
	VALUES (v_tenant, btrim(name), v_draft, v_now, v_now) RETURNING sequence_id INTO v_sequence;
	PERFORM voiceagent_private.audit('create_sequence', 'sequence ' || v_sequence, NULL, v_draft);
	RETURN v_sequence;
END
$$;
COMMENT ON FUNCTION voiceagent.create_sequence(text, jsonb, text[]) IS
	E'Makes a sequence, as a draft without enrolments before publish_sequence() -> sequence_id.\n'
	'steps: [{"do": "call" | "text" | "task" | "webhook" | "condition" | "wait" | "move", ...}], see the page '
	'on sequences; stop_on: what ends it for a lead beside an opt-out. PT422, PT409.';

CREATE FUNCTION voiceagent.update_sequence(sequence_id bigint, changes jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.sequences := voiceagent_private.require_sequence(sequence_id);
	v_name text := coalesce(changes ->> 'name', v_old.name);
	v_draft jsonb;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(changes) IS DISTINCT FROM 'object'
		OR (changes - '{name,steps,stop_on}'::text[]) <> '{}'
		OR jsonb_typeof(changes -> 'stop_on') <> 'array', 'PT422',
		'no such change', NULL, 'Give {"name": ..., "steps": [...], "stop_on": [...]}, or some of these.');
	v_draft := voiceagent_private.check_draft(v_name, coalesce(changes -> 'steps', v_old.draft -> 'steps'),
		ARRAY(SELECT jsonb_array_elements_text(coalesce(changes -> 'stop_on', v_old.draft -> 'stop_on'))));
	UPDATE voiceagent.sequences s SET name = btrim(v_name), draft = v_draft, changed_at = voiceagent.clock()
	WHERE s.tenant_id = v_tenant AND s.sequence_id = v_old.sequence_id;
	PERFORM voiceagent_private.audit('update_sequence', 'sequence ' || v_old.sequence_id,
		v_old.draft || jsonb_build_object('name', v_old.name), v_draft || jsonb_build_object('name', v_name));
END
$$;
COMMENT ON FUNCTION voiceagent.update_sequence(bigint, jsonb) IS
	E'Changes a sequence''s name or draft: name, steps, stop_on.\n'
	'No version changes, nor what those do that are enrolled: publish_sequence() makes the next. PT404, PT422.';

CREATE FUNCTION voiceagent_private.step_place(steps jsonb, place integer, target text) RETURNS integer
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_to bigint := CASE WHEN target IS NULL THEN CASE WHEN place < jsonb_array_length(steps) THEN place + 1 ELSE 0 END
		WHEN target = 'end' THEN 0 ELSE (SELECT min(s.n) FROM jsonb_array_elements(steps) WITH ORDINALITY AS s(step, n)
			WHERE coalesce(s.step ->> 'name', 'step_' || s.n) = target) END;
BEGIN
	PERFORM voiceagent_private.fail_if(v_to IS NULL, 'PT422',
		format('step %s leads to "%s", which is no step', place, left(target, 60)), NULL,
		'It is the name of a later step, or end.');
	PERFORM voiceagent_private.fail_if(v_to BETWEEN 1 AND place, 'PT422',
		format('step %s leads back to "%s"', place, left(target, 60)), 'A lead would never come out of it.',
		'Steps lead to later ones; to do it all again, enrol the lead again.');
	RETURN v_to;
END
$$;
COMMENT ON FUNCTION voiceagent_private.step_place(jsonb, integer, text) IS
	E'Where a step at a place leads: the place of the step of that name (NULL: the next one), 0: the end.\n'
	'PT422 for one that is not there, or not behind it.';

CREATE FUNCTION voiceagent_private.step_time(step jsonb, place integer, key text, usual interval) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_time interval := coalesce(voiceagent_private.as_interval(step ->> key), usual);
BEGIN
	PERFORM voiceagent_private.fail_if(v_time NOT BETWEEN interval '0' AND interval '1 year', 'PT422',
		format('step %s: "%s" is a time of up to one year', place, key));
	RETURN to_char(make_interval(secs => extract(epoch FROM v_time)::double precision), 'HH24:MI:SS');
END
$$;
COMMENT ON FUNCTION voiceagent_private.step_time(jsonb, integer, text, interval) IS
	E'A time of a step in hours, minutes and seconds, which no time zone changes; usual: where it says none.\n'
	'PT422.';

CREATE FUNCTION voiceagent_private.check_condition(condition jsonb, place integer) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_outcome text;
BEGIN
	IF jsonb_typeof(condition) IS DISTINCT FROM 'object' OR (condition - 'is') NOT IN (
		jsonb_build_object('outcome', condition -> 'outcome'), jsonb_build_object('replied', true),
		jsonb_build_object('booked', true), jsonb_build_object('field', condition ->> 'field'),
		jsonb_build_object('tag', condition ->> 'tag'))
		OR (condition ? 'field') <> (condition ? 'is')
		OR condition ? 'outcome' AND jsonb_typeof(condition -> 'outcome') <> 'array' THEN
		PERFORM voiceagent_private.fail('PT422', format('step %s: no such condition', place), NULL,
			'{"outcome": [...]} of the last call, {"replied": true}, {"booked": true}, {"tag": "..."} or '
			'{"field": "...", "is": "..."}.');
	ELSIF condition ? 'outcome' THEN
		FOR v_outcome IN SELECT jsonb_array_elements_text(condition -> 'outcome') LOOP
			PERFORM voiceagent_private.check_outcome(v_outcome);
		END LOOP;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_condition(jsonb, integer) IS 'PT422 unless a step can ask for that.';

CREATE FUNCTION voiceagent_private.check_step(step jsonb, place integer) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_keys text := CASE step ->> 'do' WHEN 'call' THEN 'campaign_id within refused' WHEN 'text' THEN
		'text phone_number_id refused' WHEN 'task' THEN 'kind note within priority member_id refused'
		WHEN 'webhook' THEN 'refused' WHEN 'condition' THEN 'if else' WHEN 'wait' THEN 'for within else'
		WHEN 'move' THEN 'campaign_id from refused' END;
	v_campaign voiceagent.campaigns;
	v_key text;
BEGIN
	PERFORM voiceagent_private.fail_if(v_keys IS NULL, 'PT422', format('step %s does nothing that is known', place),
		NULL, '"do" is call, text, task, webhook, condition, wait or move.');
	PERFORM voiceagent_private.fail_if(k NOT IN ('do', 'name', 'then') AND k <> ALL (string_to_array(v_keys, ' '))
		AND (k <> 'after' OR step ->> 'do' = 'wait'), 'PT422', format('step %s has no "%s"', place, left(k, 60)), NULL,
		format('A step that does %s has: name, after, then, %s.', step ->> 'do', replace(v_keys, ' ', ', ')))
	FROM jsonb_object_keys(step) k;
	PERFORM voiceagent_private.fail_if(step ->> 'name' !~ '^[a-z][a-z0-9_]{0,39}$' OR step ->> 'name' = 'end',
		'PT422', format('step %s: a name is a word in small letters, and not end', place));
	PERFORM voiceagent_private.fail_if(step ->> 'refused' NOT IN ('stop', 'next'), 'PT422',
		format('step %s: "refused" is stop or next', place));
	FOREACH v_key IN ARRAY CASE step ->> 'do' WHEN 'call' THEN '{campaign_id}' WHEN 'move' THEN '{campaign_id,from}'
		ELSE '{}' END::text[] LOOP
		CONTINUE WHEN v_key = 'from' AND NOT step ? v_key;
		SELECT c.* INTO v_campaign FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant
			AND c.campaign_id = CASE WHEN step ->> v_key ~ '^\d{1,18}$' THEN (step ->> v_key)::bigint END;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('step %s: no such campaign', place));
		PERFORM voiceagent_private.require_launchable_type(v_campaign.type, '{}'),
			voiceagent_private.require_not_archived(v_campaign);
	END LOOP;
	CASE step ->> 'do'
		WHEN 'text' THEN
			PERFORM voiceagent_private.fail_if(coalesce(length(btrim(step ->> 'text')), 0) NOT BETWEEN 1 AND 1000,
				'PT422', format('step %s: a text has 1 to 1000 characters', place));
			PERFORM voiceagent_private.fail_if(step ? 'phone_number_id' AND NOT EXISTS (SELECT FROM
				voiceagent.phone_numbers n WHERE n.tenant_id = v_tenant
					AND n.phone_number_id::text = step ->> 'phone_number_id'), 'PT404',
				format('step %s: no such number', place));
		WHEN 'task' THEN
			PERFORM voiceagent_private.require_task_value('task_kind', coalesce(step ->> 'kind', 'other')),
				voiceagent_private.require_task_value('task_priority', coalesce(step ->> 'priority', 'normal'));
			PERFORM voiceagent_private.fail_if(length(step ->> 'note') > 1000, 'PT422',
				format('step %s: a note has at most 1000 characters', place));
			IF step ? 'member_id' THEN
				PERFORM voiceagent_private.require_task_member(CASE WHEN step ->> 'member_id' ~ '^\d{1,18}$'
					THEN (step ->> 'member_id')::bigint ELSE 0 END);
			END IF;
		WHEN 'condition' THEN
			PERFORM voiceagent_private.check_condition(step -> 'if', place);
		WHEN 'wait' THEN
			PERFORM voiceagent_private.fail_if(jsonb_typeof(coalesce(step -> 'for', '[]')) <> 'array'
				OR NOT '["replied", "called", "booked"]' @> coalesce(step -> 'for', '[]'), 'PT422',
				format('step %s: no such event', place), NULL, 'It waits for replied, called or booked, or none.');
			PERFORM voiceagent_private.fail_if(NOT step ? 'within', 'PT422',
				format('step %s: "within" is missing', place), NULL,
				'A wait has an end, such as {"within": "2 days"}.');
		ELSE
			NULL;
	END CASE;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_step(jsonb, integer) IS
	'PT422, PT404 or PT409 unless the current tenant can have this step, at this place.';

CREATE FUNCTION voiceagent_private.read_steps(steps jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_step jsonb;
	v_place integer := 0;
	v_steps jsonb := '[]';
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_array_length(steps) = 0, 'PT422', 'the sequence has no steps');
	FOR v_step IN SELECT jsonb_array_elements(steps) LOOP
		v_place := v_place + 1;
		PERFORM voiceagent_private.fail_if(jsonb_typeof(v_step) <> 'object', 'PT422',
			format('step %s is no object', v_place));
		PERFORM voiceagent_private.check_step(v_step, v_place);
		v_step := v_step || jsonb_build_object('name', coalesce(v_step ->> 'name', 'step_' || v_place),
			'then', voiceagent_private.step_place(steps, v_place, v_step ->> 'then'))
			|| CASE WHEN v_step ->> 'do' IN ('condition', 'wait') THEN jsonb_build_object('else',
				voiceagent_private.step_place(steps, v_place, v_step ->> 'else')) ELSE '{}' END
			|| CASE WHEN v_step ->> 'do' IN ('wait', 'call') OR v_step ? 'within' THEN jsonb_build_object('within',
				voiceagent_private.step_time(v_step, v_place, 'within', interval '7 days')) ELSE '{}' END
			|| CASE WHEN v_step ->> 'do' = 'wait' THEN '{}' ELSE jsonb_build_object('after',
				voiceagent_private.step_time(v_step, v_place, 'after', interval '0')) END;
		v_steps := v_steps || v_step;
	END LOOP;
	PERFORM voiceagent_private.fail_if(count(DISTINCT s ->> 'name') < count(*), 'PT422', 'two steps have one name')
	FROM jsonb_array_elements(v_steps) s;
	RETURN v_steps;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_steps(jsonb) IS
	E'The steps of a draft as a version has them: all times and ways filled in, the ways as places.\n'
	'PT422, PT404, PT409.';

CREATE FUNCTION voiceagent.publish_sequence(sequence_id bigint) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_sequence voiceagent.sequences := voiceagent_private.require_sequence(sequence_id);
	v_steps jsonb := voiceagent_private.read_steps(v_sequence.draft -> 'steps');
	v_version integer := (SELECT coalesce(max(v.version), 0) + 1 FROM voiceagent.sequence_versions v
		WHERE v.tenant_id = v_tenant AND v.sequence_id = v_sequence.sequence_id);
BEGIN
	INSERT INTO voiceagent.sequence_versions (tenant_id, sequence_id, version, steps, stop_on, published_at,
		published_by)
	VALUES (v_tenant, v_sequence.sequence_id, v_version, v_steps,
		-- A step cannot wait for the event that ends the sequence.
		ARRAY(SELECT o FROM jsonb_array_elements_text(v_sequence.draft -> 'stop_on') o
			WHERE NOT jsonb_path_query_array(v_steps, '$[*].for[*]') ? o), voiceagent.clock(),
		voiceagent_private.actor());
	UPDATE voiceagent.sequences s SET version = v_version
	WHERE s.tenant_id = v_tenant AND s.sequence_id = v_sequence.sequence_id;
	INSERT INTO voiceagent_private.sequence_targets (tenant_id, campaign_id, sequence_id)
	SELECT DISTINCT v_tenant, (s ->> 'campaign_id')::bigint, v_sequence.sequence_id FROM jsonb_array_elements(v_steps) s
	WHERE s ? 'campaign_id' ON CONFLICT DO NOTHING;
	PERFORM voiceagent_private.audit('publish_sequence', 'sequence ' || v_sequence.sequence_id, NULL,
		jsonb_build_object('version', v_version));
	RETURN v_version;
END
$$;
COMMENT ON FUNCTION voiceagent.publish_sequence(bigint) IS
	E'Makes a sequence''s draft its next version, which never changes -> its number.\n'
	'Leads that are enrolled from now on take it; those that are under way stay on theirs. PT404; PT422 and PT409 for '
	'a step that cannot be, such as one that leads back to itself.';
