/*
 * 60_inbox: what was said in a call is read once, with what its carrier or bot
 * made of it (56_phrase/40_reading.sql).  The result is stored in two places:
 * the reading beside the turns, and in calls the data that count, on which all
 * that follows acts.
 */

CREATE FUNCTION voiceagent_private.join_agent(agent jsonb, data jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT CASE WHEN jsonb_typeof(agent) IS DISTINCT FROM 'object' THEN data
		ELSE coalesce(voiceagent_private.merge_structured_data(agent, data), agent) || coalesce((
			-- A time is of one side: a day of the one and an hour of the other are none.
			SELECT jsonb_object_agg(k.key, CASE WHEN k.a ? 'date' AND NOT k.d ? 'date' THEN k.a || (k.d - k.times)
				WHEN k.d ?| '{date,phrase}' THEN (k.a - k.times) || k.d ELSE k.a || k.d END
				-- The agent's no stops what the words would have done.
				|| coalesce((SELECT jsonb_object_agg(n.key, n.value) FROM jsonb_each(k.a) n
					WHERE n.key IN ('booked', 'requested') AND voiceagent_private.parse_no(n.value)), '{}'))
			FROM (SELECT o.key, jsonb_strip_nulls(agent -> o.key) AS a, jsonb_strip_nulls(data -> o.key) AS d,
					'{date,time,phrase,timezone}'::text[] AS times
				FROM unnest('{appointment,callback}'::text[]) AS o(key)
				WHERE jsonb_typeof(agent -> o.key) = 'object' AND jsonb_typeof(data -> o.key) = 'object') k), '{}') END
$$;
COMMENT ON FUNCTION voiceagent_private.join_agent(jsonb, jsonb) IS
	E'The data that count of a call in which somebody was heard by no turn (agent), too: what the words bear out goes '
	'before it, name by name, but for an opt-out.\n'
	'An appointment and a callback are joined by their members; a time is of one side, of the agent''s if that alone '
	'names a date.';

CREATE FUNCTION voiceagent_private.with_agent(reading jsonb, agent jsonb, data jsonb, joined jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_values CONSTANT integer := 50;
	-- As many bytes as a reading has at most: VA_READING_BYTES_MAX.
	c_bytes CONSTANT integer := 32768;
	v_rows jsonb;
	v_told jsonb;
	v_unread bigint;
BEGIN
	IF reading IS NULL OR jsonb_typeof(agent) IS DISTINCT FROM 'object' THEN
		RETURN reading;
	END IF;
	-- In the place of some of its values stand the agent's.
	SELECT jsonb_agg(CASE WHEN f.value -> 'counts' = 'true' AND data #> p.path IS DISTINCT FROM joined #> p.path
		THEN f.value || '{"counts": false}' ELSE f.value END ORDER BY f.n)
	INTO v_rows
	FROM jsonb_array_elements(reading -> 'fields') WITH ORDINALITY AS f(value, n)
	CROSS JOIN LATERAL string_to_array(f.value ->> 'name', '.') AS p(path);
	SELECT jsonb_agg(r.value ORDER BY r.n) FILTER (WHERE r.fits), count(*) FILTER (WHERE NOT r.fits)
	INTO v_told, v_unread
	FROM (SELECT w.value, w.n, w.n <= c_values
			AND sum(octet_length(w.value::text) + 2) OVER (ORDER BY w.n) < c_bytes - 100 - octet_length(reading::text)
			AS fits
		FROM (SELECT v.n, jsonb_build_object('name', left(v.name, 200), 'value', left(v.value #>> '{}', 300),
				'origin', 'agent', 'support', 'unchecked', 'counts',
				coalesce(v.value = joined #> v.path, false)) AS value
			FROM (SELECT concat_ws('.', a.key, i.key) AS name, array_remove(ARRAY[a.key, i.key], NULL) AS path,
					coalesce(i.value, a.value) AS value, row_number() OVER () AS n
				FROM jsonb_each(agent) a
				LEFT JOIN LATERAL jsonb_each(CASE jsonb_typeof(a.value) WHEN 'object' THEN a.value ELSE '{}' END) i
					ON true
				WHERE coalesce(i.value, a.value) <> 'null') v) w) r;
	RETURN reading || jsonb_build_object('fields', coalesce(v_rows, '[]') || coalesce(v_told, '[]'))
		|| CASE WHEN v_unread > 0 THEN jsonb_build_object('agent_unread', v_unread) ELSE '{}' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.with_agent(jsonb, jsonb, jsonb, jsonb) IS
	E'A reading with the values that report_call() gave of a conversation which the carrier held: a person to whom '
	'the call was put through said or heard them, and no turn has them.\n'
	'data: what counted without them; joined: what counts (join_agent()). At most 50 values, and 32,768 bytes in '
	'all; agent_unread: how many more there were, which hold all the same.';

CREATE FUNCTION voiceagent_private.with_told_opt_out(reading jsonb, origin text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT reading || jsonb_build_object('fields', coalesce((
		SELECT jsonb_agg(CASE WHEN f.value ->> 'name' = 'do_not_call' THEN f.value || '{"counts": false}'
			ELSE f.value END ORDER BY f.n)
		FROM jsonb_array_elements(reading -> 'fields') WITH ORDINALITY AS f(value, n)), '[]')
		|| jsonb_build_object('name', 'do_not_call', 'kind', 'boolean', 'value', true, 'origin', origin, 'support',
			'unchecked', 'counts', true))
$$;
COMMENT ON FUNCTION voiceagent_private.with_told_opt_out(jsonb, text) IS
	E'A reading to which nothing but an opt-out is added, told later by a carrier or an agent; NULL: there is none.\n'
	'All else was read before, and stays as it was.';

CREATE FUNCTION voiceagent_private.with_author(reading jsonb, told jsonb, origin text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT reading || jsonb_build_object('fields', coalesce((
		SELECT jsonb_agg(CASE WHEN told ? split_part(f.value ->> 'name', '.', 1)
			THEN f.value || '{"counts": false}' ELSE f.value END ORDER BY f.n)
		FROM jsonb_array_elements(reading -> 'fields') WITH ORDINALITY AS f(value, n)
		WHERE f.value ->> 'origin' <> with_author.origin), '[]') || coalesce((
		SELECT jsonb_agg(jsonb_build_object('name', left(concat_ws('.', a.key, i.key), 200), 'value',
			left(coalesce(i.value, a.value) #>> '{}', 300), 'origin', with_author.origin, 'support', 'unchecked',
			'counts', true) ORDER BY a.key, i.key)
		FROM jsonb_each(told) a
		LEFT JOIN LATERAL jsonb_each(CASE jsonb_typeof(a.value) WHEN 'object' THEN a.value ELSE '{}' END) i
			ON true), '[]'))
$$;
COMMENT ON FUNCTION voiceagent_private.with_author(jsonb, jsonb, text) IS
	'A reading in which an author of this origin replaces all that others say under these names, and its own earlier '
	'words.';

CREATE FUNCTION voiceagent_private.with_person(reading jsonb, correction jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- No longer in conflict: a person has judged.
	RETURN CASE WHEN correction IS NULL THEN reading
		ELSE voiceagent_private.with_author((coalesce(reading, '{}') - 'conflict')
			|| jsonb_build_object('correction', correction), correction -> 'fields', 'person') END;
COMMENT ON FUNCTION voiceagent_private.with_person(jsonb, jsonb) IS
	'A reading (NULL: none) with what a person has corrected in the call (correct_call(); NULL: nothing), which takes '
	'the place of all that others say under these names.';

CREATE FUNCTION voiceagent_private.person_data(data jsonb, correction jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT CASE WHEN correction -> 'fields' IS NULL OR correction -> 'fields' = '{}' THEN data
		ELSE jsonb_strip_nulls(CASE jsonb_typeof(data) WHEN 'object' THEN data ELSE '{}' END
			|| (correction -> 'fields')) END
$$;
COMMENT ON FUNCTION voiceagent_private.person_data(jsonb, jsonb) IS
	'A call''s data with what a person has corrected (correct_call(); NULL: nothing): name by name, a null removes.';

CREATE FUNCTION voiceagent_private.with_refused(data jsonb, reading jsonb, origins text[]) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Longer ones are shown cut: VA_READING_SHOWN_MAX.
	c_cut CONSTANT integer := 300;
	v jsonb := coalesce(data, '{}');
	f record;
BEGIN
	-- A value that is not plain, is shown cut, or lies in a list or deeper, stays out: it would have to take the place
	-- of what counts, or be another value.
	FOR f IN
		SELECT x.name, x.value, string_to_array(x.name, '.') AS path
		FROM jsonb_to_recordset(reading -> 'fields') AS x(name text, value text, origin text, counts boolean)
		WHERE x.name <> '' AND x.origin = ANY (origins) AND NOT x.counts AND x.value IS NOT NULL
			AND octet_length(x.value) < c_cut
		ORDER BY x.name
	LOOP
		IF cardinality(f.path) = 1 AND NOT v ? f.name THEN
			v := v || jsonb_build_object(f.name, f.value);
		ELSIF cardinality(f.path) = 2 AND coalesce(jsonb_typeof(v -> f.path[1]), 'object') = 'object'
			AND NOT coalesce(v -> f.path[1], '{}') ? f.path[2] THEN
			v := v || jsonb_build_object(f.path[1],
				coalesce(v -> f.path[1], '{}') || jsonb_build_object(f.path[2], f.value));
		END IF;
	END LOOP;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.with_refused(jsonb, jsonb, text[]) IS
	'Data with the plain values of these origins that did not count in a reading, as texts, where nothing stands.';

CREATE FUNCTION voiceagent_private.told_of(data jsonb, reading jsonb, OUT analysis jsonb, OUT agent jsonb,
	OUT models text[])
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_path text[];
BEGIN
	-- Apart by the rows of the agent; where not all of them are shown, by being the only one.
	SELECT jsonb_object_agg(g.key, g.value) FILTER (WHERE NOT g.agents),
		jsonb_object_agg(g.key, g.value) FILTER (WHERE g.agents)
	INTO analysis, agent
	FROM (SELECT p.key, p.agents, CASE WHEN count(p.member) > 0
			THEN jsonb_object_agg(p.member, p.value) FILTER (WHERE p.member IS NOT NULL)
			ELSE (array_agg(p.value))[1] END AS value
		FROM (SELECT e.key, m.key AS member, coalesce(m.value, e.value) AS value,
				n.name IN (SELECT f.name FROM jsonb_to_recordset(reading -> 'fields')
					AS f(name text, origin text, counts boolean) WHERE f.origin = 'agent' AND f.counts)
				OR coalesce(reading ? 'agent_unread', false) AND n.name NOT IN (
					SELECT array_to_string((string_to_array(f.name, '.'))[1:o.parts], '.')
					FROM jsonb_to_recordset(reading -> 'fields') AS f(name text), generate_series(1, 2) AS o(parts)
					WHERE f.name IS NOT NULL) AS agents
			FROM jsonb_each(CASE jsonb_typeof(data) WHEN 'object' THEN data ELSE '{}' END) e
			LEFT JOIN LATERAL jsonb_each(CASE jsonb_typeof(e.value) WHEN 'object' THEN e.value ELSE '{}' END) m ON true
			CROSS JOIN LATERAL (SELECT left(concat_ws('.', e.key, m.key), 200) AS name OFFSET 0) n) p
		GROUP BY p.key, p.agents) g;
	-- First out with what the rules or a tool added, then in with what did not count: one name may have both.
	FOR v_path IN
		SELECT string_to_array(f.name, '.') FROM jsonb_to_recordset(reading -> 'fields')
			AS f(name text, origin text, counts boolean)
		WHERE f.name <> '' AND f.origin IN ('rules', 'person', 'tool') AND f.counts
	LOOP
		analysis := analysis #- v_path;
	END LOOP;
	analysis := voiceagent_private.with_refused(analysis, reading, '{carrier,model}');
	-- The findings of the rules alone.
	analysis := (SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(analysis) e WHERE e.value <> '{}');
	agent := nullif(voiceagent_private.with_refused(agent, reading, '{agent}'), '{}');
	models := ARRAY(SELECT DISTINCT split_part(f.name, '.', 1) FROM jsonb_to_recordset(reading -> 'fields')
		AS f(name text, origin text) WHERE f.origin = 'model' ORDER BY 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.told_of(jsonb, jsonb) IS
	E'The reports of a call, from the data that count and the reading, to be read again.\n'
	'analysis: without what the rules added, with the plain values that did not count, as texts; NULL: there was none. '
	'models: the names in it whose values come from a model. agent: what report_call() gave of a conversation that the '
	'carrier held: no turn has its words; NULL: nothing.';

CREATE FUNCTION voiceagent_private.with_learned_doubt(reading jsonb, data jsonb, turns jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	-- In a language without a table the classifier does not carry either: of 30 opt-outs in Polish it holds 8.
	IF reading IS NULL THEN
		RETURN CASE WHEN voiceagent_private.customer_spoke(turns) AND btrim(data ->> 'do_not_call') <> ''
				AND NOT voiceagent_private.parse_yes(data -> 'do_not_call')
				AND NOT voiceagent_private.parse_no(data -> 'do_not_call')
			THEN '{"unread": true, "opt_out_doubt": {"why": "unread"}}'::jsonb END;
	END IF;
	-- A listed or held number needs no classifier, a model that was asked has said no, a screener wants nothing.
	IF reading ? 'opt_out_doubt' OR reading #> '{outcome,screened}' = 'true'
		OR voiceagent_private.parse_yes(data -> 'do_not_call')
		OR voiceagent_private.parse_no(data -> 'do_not_call') THEN
		RETURN reading;
	END IF;
	-- Hardly any talk is in doubt: only then the threshold matters.
	v := voiceagent_private.talk_doubt(turns);
	RETURN CASE WHEN v.share IS NOT NULL AND v.share <= voiceagent_private.setting_integer('doubt_threshold')
			-- One that wants to be called again has said so.
			AND NOT reading @> '{"outcome": {"value": "callback", "certain": true}}'
		THEN reading || jsonb_build_object('opt_out_doubt',
			jsonb_build_object('why', 'learned', 'turn', v.turn, 'quote', left(v.quote, 160))) ELSE reading END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.with_learned_doubt(jsonb, jsonb, jsonb) IS
	E'A reading with the doubt of the classifier (talk_doubt()), if the talk is within doubt_threshold and nothing '
	'else says whether the person opted out: see hold_calls().\n'
	'NULL, a talk that is not read: NULL, but where its analysis is in doubt about an opt-out.';

CREATE FUNCTION voiceagent_private.marks_list(list jsonb, name text) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN CASE WHEN jsonb_typeof(list) = 'array' THEN (
		SELECT jsonb_agg(CASE WHEN jsonb_typeof(o.value) = 'object' THEN o.value
				ELSE jsonb_build_object(name, left(o.value #>> '{}', 200)) END ORDER BY o.n)
		-- As many as one talk may hold that a person would still read.
		FROM jsonb_array_elements(list) WITH ORDINALITY AS o(value, n)
		WHERE o.n <= 20 AND octet_length(o.value::text) <= 1000 AND o.value NOT IN ('null', '""')) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.marks_list(jsonb, text) IS
	E'A list of an analysis as objects: a text is the member of this name in its own.\n'
	'At most 20, each of 1000 bytes.';

CREATE FUNCTION voiceagent_private.with_marks(reading jsonb, data jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF jsonb_typeof(data) = 'object' AND data ->> 'interest' IN ('none', 'low', 'medium', 'high') THEN
		reading := reading || jsonb_build_object('interest', jsonb_build_object('value', data -> 'interest'));
	END IF;
	IF jsonb_typeof(data) = 'object' AND data ?| '{intent,emotion,csat,objections,next_steps,ended_at_step}' THEN
		reading := reading || jsonb_strip_nulls(jsonb_build_object(
			'intent', CASE WHEN jsonb_typeof(data -> 'intent') = 'string' THEN jsonb_strip_nulls(jsonb_build_object(
				'value', left(data ->> 'intent', 200), 'score',
				CASE WHEN jsonb_typeof(data -> 'intent_score') = 'number'
					THEN CASE WHEN (data ->> 'intent_score')::numeric BETWEEN 0 AND 1 THEN data -> 'intent_score' END
					END)) END,
			'emotion', CASE WHEN jsonb_typeof(data -> 'emotion') = 'string' THEN jsonb_strip_nulls(jsonb_build_object(
				'value', left(data ->> 'emotion', 200),
				'turns', voiceagent_private.marks_list(data -> 'emotions', 'value'))) END,
			'csat', CASE WHEN data -> 'csat' IN ('1', '2', '3', '4', '5')
				THEN jsonb_build_object('value', data -> 'csat') END,
			'objections', voiceagent_private.marks_list(data -> 'objections', 'kind'),
			'next_steps', voiceagent_private.marks_list(data -> 'next_steps', 'step'),
			'ended_at_step', CASE WHEN jsonb_typeof(data -> 'ended_at_step') = 'string'
				THEN left(data ->> 'ended_at_step', 200) END));
	END IF;
	RETURN reading;
END
$$;
COMMENT ON FUNCTION voiceagent_private.with_marks(jsonb, jsonb) IS
	E'A reading (NULL: none) with what an author says of the talk in the data that count: intent (and intent_score), '
	'interest, emotion (and emotions: [{"turn", "value"}]), csat (1 to 5), objections (texts, or {"kind", "worked"}), '
	'next_steps (texts, or {"step", "value"}), ended_at_step.\n'
	'Values in another form are left out; the rules give none of these.';

CREATE FUNCTION voiceagent_private.tools_told(tenant_id bigint, call_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v jsonb := '{}';
	v_own jsonb;
	v_booking jsonb;
	t record;
BEGIN
	FOR t IN SELECT o.tool, o.arguments, o.made FROM voiceagent.call_tools o
		WHERE o.tenant_id = tools_told.tenant_id AND o.call_id = tools_told.call_id AND o.made IS NOT NULL
		ORDER BY o.called_at, o.tool_call_id
	LOOP
		v_booking := jsonb_strip_nulls(jsonb_build_object('date', left(t.made ->> 'starts_at', 10),
			'time', substr(t.made ->> 'starts_at', 12), 'timezone', t.made -> 'timezone'));
		CASE
		WHEN t.tool = 'book' OR t.tool = 'move_booking' AND t.made -> 'appointment_id' = v_own THEN
			v_own := t.made -> 'appointment_id';
			v := v || jsonb_build_object('appointment', v_booking || '{"booked": true}');
		-- Another call's: here none is booked, whatever is made of the words.
		WHEN t.tool = 'move_booking' THEN
			v := v || jsonb_build_object('appointment', '{"booked": false}'::jsonb, 'moved_booking', v_booking);
		WHEN t.tool = 'cancel_booking' THEN
			v := v || '{"appointment": {"booked": false}}' || CASE WHEN t.made -> 'appointment_id' = v_own THEN '{}'
				ELSE '{"canceled_booking": true}'::jsonb END;
		WHEN t.tool = 'call_back' AND NOT t.made ? 'phone' THEN
			v := v || jsonb_build_object('callback', jsonb_strip_nulls(jsonb_build_object('requested', true,
				'phrase', nullif(btrim(t.arguments ->> 'when'), ''))));
		WHEN t.tool = 'opt_out' THEN
			v := v || '{"do_not_call": true}';
		WHEN t.tool = 'take_message' THEN
			v := v || jsonb_build_object('message', t.arguments ->> 'message');
		WHEN t.tool = 'make_offer' THEN
			v := v || jsonb_build_object('offer', jsonb_strip_nulls(jsonb_build_object('amount',
				t.arguments ->> 'amount', 'currency', t.made ->> 'currency')));
		ELSE
		END CASE;
	END LOOP;
	RETURN nullif(v, '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.tools_told(bigint, bigint) IS
	'The actions of tools in a call, as structured data: appointment, callback, do_not_call, message, offer, '
	'moved_booking, canceled_booking; NULL: nothing.';

CREATE FUNCTION voiceagent_private.tool_conflicts(told jsonb, others jsonb[]) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_agg(jsonb_build_object('name', array_to_string(n.path, '.'), 'tool', told #>> n.path,
		'other', o.said #>> n.path) ORDER BY n.path, o.n)
	FROM unnest(others) WITH ORDINALITY AS o(said, n)
	CROSS JOIN (VALUES ('{appointment,booked}'::text[]), ('{callback,requested}'), ('{do_not_call}'),
		('{appointment,date}'), ('{appointment,time}')) AS n(path)
	WHERE jsonb_typeof(o.said) = 'object' AND CASE WHEN n.path[2] IN ('date', 'time')
		THEN voiceagent_private.parse_yes(o.said #> '{appointment,booked}')
			-- In one form; else it is uncertain.
			AND o.said #>> n.path ~ '^(\d{4}-\d\d-\d\d|\d\d:\d\d)'
			AND left(o.said #>> n.path, length(told #>> n.path)) <> told #>> n.path
		ELSE voiceagent_private.parse_yes(told #> n.path) AND voiceagent_private.parse_no(o.said #> n.path) END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_conflicts(jsonb, jsonb[]) IS
	'Where other authors of a call deny what a tool did in it, or name another time: [{"name", "tool", "other"}]; '
	'NULL: nowhere.';

CREATE FUNCTION voiceagent_private.reading_facts(call_id bigint, assistant_id bigint, assistant_version integer,
	OUT language text, OUT settings jsonb, OUT timezones text[], OUT jurisdiction text, OUT tools boolean)
	LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'va_sql_reading_facts';
COMMENT ON FUNCTION voiceagent_private.reading_facts(bigint, bigint, integer) IS
	'Of a call of the current tenant whether any tool was called in it, and, where this version of the assistant is '
	'known, its language and settings, and the place of the person that the dial has proved.';

-- In PL/pgSQL, so that nothing is prepared for what few calls have. No SET: who calls it finds rows by keys.
CREATE FUNCTION voiceagent_private.read_call(call_id bigint, assistant_id bigint, assistant_version integer,
	lead_id bigint, number smallint, at timestamptz, read_emotions text, turns jsonb, analysis jsonb,
	agent jsonb DEFAULT NULL, models text[] DEFAULT NULL, OUT reading jsonb, OUT data jsonb)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v record := voiceagent_private.reading_facts(call_id,
		CASE WHEN jsonb_typeof(turns) = 'array' THEN assistant_id END, assistant_version);
	v_zone text := v.timezones[1];
	v_told jsonb;
	v_read record;
	v_joined jsonb;
BEGIN
	-- A caller's place is not proved by any dial: that of the lead which it is taken for. A zone that this server does
	-- not know, as after a move, dates nothing; all else is read.
	IF v.language IS NOT NULL AND v_zone IS NULL THEN
		v_zone := voiceagent_private.zone_of_call(lead_id, number);
		v.jurisdiction := coalesce(v.jurisdiction, (SELECT coalesce(nullif(o.region, ''), o.country)
			FROM voiceagent.leads o
			WHERE o.tenant_id = voiceagent.current_tenant() AND o.lead_id = read_call.lead_id));
	END IF;
	-- An author's emotions are not kept where they may not be read.
	IF jsonb_typeof(analysis) = 'object' AND analysis ?| '{emotion,emotions}' AND NOT
			-- Versions of campaigns from before the setting do not have it.
			voiceagent_private.may_read_emotions(coalesce(read_emotions,
				voiceagent_private.read_setting('read_emotions')), v.jurisdiction) THEN
		analysis := analysis - '{emotion,emotions}'::text[];
	END IF;
	v_read := voiceagent_private.read_conversation(turns, analysis, v.language, v.settings -> 'extraction_fields',
		at AT TIME ZONE voiceagent_private.timezone_name(v_zone));
	reading := v_read.reading;
	data := v_read.data;
	-- A model's values are not the carrier's.
	IF models IS NOT NULL AND reading ? 'fields' THEN
		reading := jsonb_set(reading, '{fields}', (SELECT coalesce(jsonb_agg(
			CASE WHEN f.value ->> 'origin' = 'carrier' AND split_part(f.value ->> 'name', '.', 1) = ANY (models)
				THEN f.value || '{"origin": "model"}' ELSE f.value END ORDER BY f.ordinality), '[]')
			FROM jsonb_array_elements(reading -> 'fields') WITH ORDINALITY AS f));
	END IF;
	reading := voiceagent_private.with_learned_doubt(voiceagent_private.with_marks(reading, data), data, turns);
	IF agent IS NOT NULL THEN
		v_joined := voiceagent_private.join_agent(agent, data);
		reading := voiceagent_private.with_agent(reading, agent, data, v_joined);
		data := v_joined;
	END IF;
	-- In few calls any tool is used: the others pay for none of these statements.
	IF v.tools THEN
		v_told := voiceagent_private.tools_told(voiceagent.current_tenant(), call_id);
		-- A person that made an offer, booked, left a message or wanted another asks for no end of calls in doubtful
		-- words.
		IF reading #>> '{opt_out_doubt,why}' = 'learned' AND EXISTS (SELECT FROM voiceagent.call_tools t
				JOIN voiceagent_private.tools() o ON o.tool = t.tool AND o.holds_for IS NOT NULL
					AND o.tool <> 'opt_out'
				WHERE t.tenant_id = voiceagent.current_tenant() AND t.call_id = read_call.call_id) THEN
			reading := reading - 'opt_out_doubt';
		END IF;
		-- Where a tool was asked to book, to move or to cancel, what it did holds: no words agree on more than that.
		IF reading #>> '{outcome,value}' = 'scheduled'
			AND voiceagent_private.parse_yes(v_told #> '{appointment,booked}') IS NOT TRUE AND EXISTS (SELECT
				FROM voiceagent.call_tools t JOIN voiceagent_private.tools() o ON o.tool = t.tool
					AND o.handler IN ('tool_book', 'tool_change_booking')
				WHERE t.tenant_id = voiceagent.current_tenant() AND t.call_id = read_call.call_id) THEN
			reading := reading - 'outcome';
		END IF;
		reading := reading || coalesce((SELECT jsonb_build_object('promises', coalesce(reading -> 'promises', '[]')
				|| jsonb_build_array(jsonb_build_object('kind', 'tool',
					'quote', string_agg(f.tool || ' ' || f.words, '; ' ORDER BY f.tool))))
			-- Lacks of the words, and not of a place or person, that nothing made good.
			FROM (SELECT t.tool, left(max(t.arguments::text), 300) AS words FROM voiceagent.call_tools t
				JOIN voiceagent_private.tools() o ON o.tool = t.tool AND o.deed IS NOT NULL
				WHERE t.tenant_id = voiceagent.current_tenant() AND t.call_id = read_call.call_id
				GROUP BY t.tool HAVING count(t.made) = 0
					AND bool_or(t.error IN ('failed', 'missing', 'amount', 'number', 'long', 'strange', 'no_listing',
						'contact', 'full'))) f
			HAVING count(*) > 0), '{}');
	END IF;
	IF v_told IS NOT NULL THEN
		reading := voiceagent_private.with_author(
				CASE WHEN v_told ? 'do_not_call' THEN reading - 'opt_out_doubt' ELSE reading END - 'conflict', v_told,
				'tool')
			|| jsonb_strip_nulls(jsonb_build_object('conflict',
				voiceagent_private.tool_conflicts(v_told, ARRAY[analysis, agent])));
		data := CASE jsonb_typeof(data) WHEN 'object' THEN data ELSE '{}' END || v_told;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_call(bigint, bigint, integer, bigint, smallint, timestamptz, text, jsonb,
	jsonb, jsonb, text[]) IS
	E'The reading of a call''s turns, and the data that count: read_conversation() in the language of the assistant '
	'that spoke, by the clock of the person; what tools did goes before all.\n'
	'at: the end; read_emotions: the campaign''s setting (NULL: the tenant''s); agent: data of which no turn has the '
	'words, joined unread; models: names that a model gave. Without turns: NULL, and analysis.';

CREATE FUNCTION voiceagent_private.lacks_analysis(structured_data jsonb, reading jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN reading IS NULL OR reading ? 'unread'
			THEN structured_data IS NULL OR structured_data = voiceagent_private.with_opt_out(NULL)
		ELSE NOT jsonb_path_exists(reading,
			'$.fields[*] ? ((@.origin == "carrier" || @.origin == "agent") && @.name != "do_not_call")') END;
COMMENT ON FUNCTION voiceagent_private.lacks_analysis(jsonb, jsonb) IS
	'Whether no analysis gave what a call''s data hold: there are none, or an opt-out that was heard in the words or '
	'pressed, or what the rules alone found in its turns (reading; NULL: none).';
