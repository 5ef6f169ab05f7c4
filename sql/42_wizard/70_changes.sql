/*
 * 42_wizard: what a person would hear otherwise, from one version of an assistant to another.
 *
 * Texts are compared line by line. Equal lines at both ends are put aside; the rest goes through the longest common
 * subsequence while it has at most c_lines_max lines on each side, else it counts as one change.
 */

CREATE FUNCTION voiceagent_private.changed_lines(before text, after text)
	RETURNS TABLE (place integer, line integer, gone text, come text) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	c_lines_max CONSTANT integer := 300;
	v_old text[] := string_to_array(before, E'\n');
	v_new text[] := string_to_array(after, E'\n');
	v_head integer := 0;
	v_tail integer := 0;
	n integer;
	m integer;
	-- common[i * (m + 1) + j + 1]: lines that old from i on and new from j on have in common
	v_common integer[];
	v_diff boolean;
	i integer;
	j integer;
BEGIN
	WHILE v_head < least(cardinality(v_old), cardinality(v_new)) AND v_old[v_head + 1] = v_new[v_head + 1] LOOP
		v_head := v_head + 1;
	END LOOP;
	WHILE v_tail < least(cardinality(v_old), cardinality(v_new)) - v_head
			AND v_old[cardinality(v_old) - v_tail] = v_new[cardinality(v_new) - v_tail] LOOP
		v_tail := v_tail + 1;
	END LOOP;
	n := cardinality(v_old) - v_head - v_tail;
	m := cardinality(v_new) - v_head - v_tail;
	v_diff := n <= c_lines_max AND m <= c_lines_max;
	IF v_diff THEN
		v_common := array_fill(0, ARRAY[(n + 1) * (m + 1)]);
		FOR i IN REVERSE n - 1 .. 0 LOOP
			FOR j IN REVERSE m - 1 .. 0 LOOP
				v_common[i * (m + 1) + j + 1] := CASE WHEN v_old[v_head + i + 1] = v_new[v_head + j + 1]
					THEN v_common[(i + 1) * (m + 1) + j + 2] + 1
					ELSE greatest(v_common[(i + 1) * (m + 1) + j + 1], v_common[i * (m + 1) + j + 2]) END;
			END LOOP;
		END LOOP;
	END IF;
	i := 0;
	j := 0;
	place := 0;
	WHILE i < n OR j < m LOOP
		IF v_diff AND i < n AND j < m AND v_old[v_head + i + 1] = v_new[v_head + j + 1] THEN
			i := i + 1;
			j := j + 1;
			CONTINUE;
		END IF;
		place := place + 1;
		line := v_head + least(j, m) + 1;
		gone := NULL;
		come := NULL;
		IF v_diff AND i < n AND j < m AND v_common[(i + 1) * (m + 1) + j + 2] = v_common[i * (m + 1) + j + 1]
				OR NOT v_diff AND i < n AND j < m THEN
			-- One in place of another.
			gone := v_old[v_head + i + 1];
			come := v_new[v_head + j + 1];
			i := i + 1;
			j := j + 1;
		ELSIF j >= m OR v_diff AND i < n AND v_common[(i + 1) * (m + 1) + j + 1] >= v_common[i * (m + 1) + j + 2] THEN
			gone := v_old[v_head + i + 1];
			i := i + 1;
		ELSE
			come := v_new[v_head + j + 1];
			j := j + 1;
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.changed_lines(text, text) IS
	E'The lines in which two texts differ, in their order: line (of the later text), what has gone and what has come.\n'
	'Between equal lines at both ends, up to 300 lines of each are matched; of more, each line counts as changed.';

CREATE FUNCTION voiceagent.assistant_changes(assistant_id bigint, from_version integer DEFAULT NULL,
	to_version integer DEFAULT NULL)
	RETURNS TABLE (field text, line integer, before text, after text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = by_key AS $$
DECLARE
	c_rows_max CONSTANT integer := 1000;
	c_characters_max CONSTANT integer := 2000;
	v_tenant bigint := voiceagent.current_tenant();
	v_assistant voiceagent.assistants;
	v_old voiceagent.assistant_versions;
	v_new voiceagent.assistant_versions;
BEGIN
	SELECT * INTO v_assistant FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = assistant_changes.assistant_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant');
	to_version := coalesce(to_version, v_assistant.version);
	from_version := coalesce(from_version, greatest(to_version - 1, 1));
	SELECT * INTO v_old FROM voiceagent.assistant_versions v
	WHERE v.tenant_id = v_tenant AND v.assistant_id = v_assistant.assistant_id AND v.version = from_version;
	SELECT * INTO v_new FROM voiceagent.assistant_versions v
	WHERE v.tenant_id = v_tenant AND v.assistant_id = v_assistant.assistant_id AND v.version = to_version;
	PERFORM voiceagent_private.fail_if(v_old.version IS NULL OR v_new.version IS NULL, 'PT404',
		'the assistant has no such version', format('It has the versions 1 to %s.', v_assistant.version));
	RETURN QUERY
	SELECT x.field, x.line, left(x.before, c_characters_max), left(x.after, c_characters_max)
	FROM (SELECT t.part, t.field, l.place, l.line, l.gone AS before, l.come AS after
		FROM (VALUES (1, 'first_message', v_old.first_message, v_new.first_message),
			(2, 'system_prompt', v_old.system_prompt, v_new.system_prompt)) AS t(part, field, before, after)
		CROSS JOIN LATERAL voiceagent_private.changed_lines(t.before, t.after) l
		UNION ALL
		SELECT 3, v.field, v.place, NULL, v.before, v.after
		FROM (VALUES (1, 'language', v_old.language, v_new.language), (2, 'voice', v_old.voice, v_new.voice),
			(3, 'model', v_old.model, v_new.model)) AS v(place, field, before, after)
		WHERE v.before IS DISTINCT FROM v.after
		UNION ALL
		SELECT 4, 'settings.' || s.key, (row_number() OVER (ORDER BY s.key COLLATE "C"))::integer, NULL,
			v_old.settings ->> s.key, v_new.settings ->> s.key
		FROM (SELECT jsonb_object_keys(v_old.settings) UNION SELECT jsonb_object_keys(v_new.settings)) AS s(key)
		WHERE nullif(v_old.settings -> s.key, 'null') IS DISTINCT FROM nullif(v_new.settings -> s.key, 'null')) x
	ORDER BY x.part, x.place LIMIT c_rows_max;
END
$$;
COMMENT ON FUNCTION voiceagent.assistant_changes(bigint, integer, integer) IS
	E'The audible differences between two versions of an assistant.\n'
	'A row a change: field (first_message, system_prompt, language, voice, model, settings.KEY), line (of a text, in '
	'the later version), before, after; at most 1000 rows, of at most 2000 characters. to_version: NULL for the '
	'current one; from_version: NULL for the one before. PT404.';
