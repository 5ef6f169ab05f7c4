-- 00_kernel: parts of the day, as people write them.

CREATE FUNCTION voiceagent_private.check_parts(parts jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	c_form constant text :=
		'Write {"parts":[["08:00","12:00"],["12:00","17:00"],["17:00","21:00"]],"days":2,"tries_per_part":1}.';
	v_key text;
	v_spans jsonb;
	v_parts jsonb := check_parts.parts;
BEGIN
	PERFORM voiceagent_private.fail_if(pg_catalog.jsonb_typeof(v_parts) IS DISTINCT FROM 'object'
		OR pg_catalog.jsonb_typeof(v_parts -> 'parts') IS DISTINCT FROM 'array', 'PT422',
		'parts of the day must be an object with a list of parts', NULL, c_form);
	SELECT k INTO v_key FROM pg_catalog.jsonb_object_keys(v_parts) k
	WHERE k NOT IN ('parts', 'days', 'tries_per_part') LIMIT 1;
	PERFORM voiceagent_private.fail_if(v_key IS NOT NULL, 'PT422',
		pg_catalog.format('"%s" has no place in parts of the day', pg_catalog.left(v_key, 60)), NULL, c_form);
	PERFORM voiceagent_private.fail_if(pg_catalog.jsonb_array_length(v_parts -> 'parts') NOT BETWEEN 1 AND 24 OR EXISTS
		(SELECT FROM pg_catalog.jsonb_array_elements(v_parts -> 'parts') s
			WHERE pg_catalog.jsonb_typeof(s) <> 'array' OR pg_catalog.jsonb_array_length(s) <> 2), 'PT422',
		'there must be 1 to 24 parts of the day, each with a start and an end', NULL, c_form);
	SELECT pg_catalog.jsonb_agg(c ORDER BY c) INTO v_spans
	FROM (SELECT voiceagent_private.check_span(s ->> 0, s ->> 1) AS c
		FROM pg_catalog.jsonb_array_elements(v_parts -> 'parts') s) x;
	IF EXISTS (SELECT FROM (SELECT s ->> 0 AS starts, pg_catalog.lag(s ->> 1) OVER (ORDER BY s ->> 0) AS before
		FROM pg_catalog.jsonb_array_elements(v_spans) s) x
			WHERE x.starts COLLATE "C" < x.before COLLATE "C") THEN
		RAISE EXCEPTION USING ERRCODE = 'PT422', MESSAGE = 'the parts of the day overlap', HINT = c_form;
	END IF;
	FOREACH v_key IN ARRAY ARRAY['days', 'tries_per_part'] LOOP
		PERFORM voiceagent_private.fail_if(v_parts ? v_key AND (pg_catalog.jsonb_typeof(v_parts -> v_key) <> 'number'
			OR v_parts ->> v_key !~ '^([1-9]|[12][0-9]|30)$'), 'PT422',
			pg_catalog.format('%s must be a whole number from 1 to 30', v_key), NULL, c_form);
	END LOOP;
	RETURN pg_catalog.jsonb_build_object('parts', v_spans, 'days', coalesce(v_parts -> 'days', '2'),
		'tries_per_part', coalesce(v_parts -> 'tries_per_part', '1'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_parts(jsonb) IS
	'Parts of the day as they are kept: spans sorted, days (2) and tries_per_part (1) filled in; PT422 for what is '
	'none, empty spans and overlaps.';
