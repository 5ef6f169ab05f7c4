-- 90_report: what was read in conversations, call by call and over an assistant's calls.

CREATE VIEW voiceagent.call_fields WITH (security_invoker = on) AS
SELECT k.tenant_id, k.call_id, f.name, f.kind, coalesce(f.value, CASE WHEN f.counts THEN (
		SELECT c.structured_data #>> string_to_array(f.name, '.') FROM voiceagent.calls c
		WHERE c.tenant_id = k.tenant_id AND c.call_id = k.call_id) END) AS value,
	f.origin, f.turn, f.quote, f.support, f.counts,
	CASE WHEN f.support = 'supported' OR f.origin IN ('person', 'tool') THEN 'supported'
		WHEN f.support IN ('denied', 'other', 'form') THEN 'denied' ELSE 'unproved' END AS label
FROM voiceagent.conversations k
CROSS JOIN LATERAL jsonb_to_recordset(k.reading -> 'fields') AS f(name text, kind text, value text, origin text,
	turn integer, quote text, support text, counts boolean);
COMMENT ON VIEW voiceagent.call_fields IS
	E'Every value that an analysis drew from a call, or the rules found in its words, with the words that prove it.\n'
	'The values that count are in calls.structured_data: a value that is acted upon needs support, any other must not '
	'be denied. Calls without turns, or in a language without table, have none.';
COMMENT ON COLUMN voiceagent.call_fields.name IS
	'Its name in the data; one within another by its path, as appointment.booked.';
COMMENT ON COLUMN voiceagent.call_fields.kind IS
	'text, number, boolean, date, email, phone, name, address, choice, and others.';
COMMENT ON COLUMN voiceagent.call_fields.value IS 'The value, as text; of a list that counts its JSON.';
COMMENT ON COLUMN voiceagent.call_fields.origin IS
	'Who says it: person (correct_call()), tool (that acted in the call), carrier (its analysis, or a bot''s), agent '
	'(whom the call was put through to), model, rules (found in the words).';
COMMENT ON COLUMN voiceagent.call_fields.turn IS
	'The turn that proves it or contradicts it: call_turns.turn; NULL: none does.';
COMMENT ON COLUMN voiceagent.call_fields.quote IS 'Its words there.';
COMMENT ON COLUMN voiceagent.call_fields.support IS
	'Why it has its label: supported; unchecked: not to be proved by words; missing: not said; other: another '
	'value was said; denied; form: no value of its kind; empty; unknown: not asked for.';
COMMENT ON COLUMN voiceagent.call_fields.counts IS 'Whether it is in calls.structured_data.';
COMMENT ON COLUMN voiceagent.call_fields.label IS
	E'supported: the words bear it out, or a person or a tool says it; denied: they say otherwise, or it is no value '
	'of its kind; unproved: neither.\n'
	'A yes that is acted upon (an appointment, a callback, a number, an address) counts only if it is supported.';

CREATE FUNCTION voiceagent.call_result(call voiceagent.calls, OUT outcome text, OUT summary text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_reading jsonb;
BEGIN
	IF (call).tenant_id = voiceagent.current_tenant() THEN
		SELECT k.reading INTO v_reading FROM voiceagent.conversations k
		WHERE k.tenant_id = (call).tenant_id AND k.call_id = (call).call_id
			AND k.month_slot = voiceagent_private.month_slot((call).started_at);
		outcome := voiceagent_private.came_to(call, v_reading);
		summary := coalesce((call).summary, v_reading ->> 'summary');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.call_result(voiceagent.calls) IS
	'The word for what an ended call of the tenant came to, by what tools did in it first, and its summary: the '
	'carrier''s or a model''s, else one line of what the words came to.';

CREATE VIEW voiceagent.call_readings WITH (security_invoker = on) AS
SELECT k.tenant_id, k.call_id, c.direction, c.campaign_id, c.lead_id, c.assistant_id, c.assistant_version, c.ended_at,
	c.outcome, c.evaluation, r.language, r.outcome ->> 'value' AS words_outcome,
	(r.outcome -> 'certain')::boolean AS certain, (r.outcome ->> 'turn')::integer AS outcome_turn,
	r.outcome ->> 'quote' AS outcome_quote, r.time ->> 'reading' AS named_time,
	coalesce(u.intent, r.intent ->> 'value', CASE WHEN c.direction = 'inbound' AND c.outcome = 'completed'
		AND r.outcome ->> 'value' <> ALL ('{wrong_number,voicemail,unfinished}'::text[]) THEN 'general' END) AS intent,
	(r.intent ->> 'score')::numeric AS intent_score,
	(r.intent ->> 'score')::numeric AS confidence_score, r.intent ->> 'quote' AS intent_quote,
	coalesce(nullif(lower(c.structured_data ->> 'interest'), 'unknown'), r.interest ->> 'value') AS interest,
	coalesce(f.interest_quote, r.interest ->> 'quote') AS interest_quote, r.emotion ->> 'value' AS emotion,
	(r.csat ->> 'value')::smallint AS csat_score, coalesce(c.summary, r.summary) AS summary, r.next_steps, r.objections,
	r.ended_at_step, coalesce(f.caller_name, u.caller_name, nullif(concat_ws(' ', l.first_name, l.last_name), ''))
		AS caller_name,
	coalesce(f.caller_phone, c.phone::text) AS caller_phone, coalesce(f.message, u.message) AS message,
	b.booked OR b.has_task OR c.result = 'callback' AS follow_up_created,
	CASE WHEN c.direction <> 'inbound' OR c.outcome <> 'completed' THEN NULL
		WHEN c.result = 'scheduled' THEN 'viewing_scheduled'
		WHEN u.offers OR r.intent ->> 'value' = 'offer' THEN 'offer_created'
		WHEN num_nonnulls(f.message, u.message) > 0 OR r.intent ->> 'value' = 'speak_agent' OR b.has_task
			OR c.result = 'callback' THEN 'message_taken'
		WHEN r.outcome ->> 'value' NOT IN ('wrong_number', 'voicemail', 'unfinished')
			THEN 'information_provided' END AS handling,
	f.unsupported, k.reading - '{rules,fields}'::text[] AS ai_insights,
	c.direction <> 'inbound' AND g.type IS DISTINCT FROM 'direct' AS automated, f.author
FROM voiceagent.conversations k
-- Calls of both directions are read.
CROSS JOIN LATERAL (SELECT o.*, (voiceagent.call_result(o)).outcome AS result FROM voiceagent.calls o
	WHERE o.tenant_id = k.tenant_id AND o.call_id = k.call_id OFFSET 0) c
CROSS JOIN LATERAL jsonb_to_record(k.reading) AS r(language text, outcome jsonb, "time" jsonb, intent jsonb,
	interest jsonb, csat jsonb, emotion jsonb, objections jsonb, ended_at_step text, next_steps jsonb, summary text)
-- A value that was not asked for and cannot be searched for in the words is shown as given; it decides nothing.
CROSS JOIN LATERAL (SELECT coalesce(min(v.value) FILTER (WHERE v.counts AND v.name IN ('name', 'caller_name')),
			min(v.value) FILTER (WHERE v.support = 'unknown' AND v.name IN ('name', 'caller_name'))) AS caller_name,
		min(v.value) FILTER (WHERE v.counts AND v.name IN ('phone', 'caller_phone')) AS caller_phone,
		coalesce(min(v.value) FILTER (WHERE v.counts AND v.name = 'message'),
			min(v.value) FILTER (WHERE v.support = 'unknown' AND v.name = 'message')) AS message,
		min(v.quote) FILTER (WHERE v.counts AND v.name = 'interest') AS interest_quote,
		count(*) FILTER (WHERE NOT v.counts AND v.origin <> 'rules')::integer AS unsupported,
		CASE min(array_position('{person,tool,agent,carrier,model}', v.origin)) WHEN 1 THEN 'person'
			WHEN 2 THEN 'tool' WHEN 5 THEN 'model' WHEN 3 THEN 'report' WHEN 4 THEN 'report' ELSE 'none' END AS author
	FROM jsonb_to_recordset(k.reading -> 'fields') AS v(name text, value text, origin text, support text,
		quote text, counts boolean)) f
LEFT JOIN LATERAL (SELECT o.type FROM voiceagent.campaigns o
	WHERE o.tenant_id = k.tenant_id AND o.campaign_id = c.campaign_id OFFSET 0) g ON true
LEFT JOIN LATERAL (SELECT o.first_name, o.last_name FROM voiceagent.leads o
	WHERE o.tenant_id = k.tenant_id AND o.lead_id = c.lead_id OFFSET 0) l ON true
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM voiceagent.appointments a
		WHERE a.tenant_id = k.tenant_id AND a.call_id = k.call_id AND a.status IN ('pending', 'confirmed', 'conflict'))
		AS booked,
	EXISTS (SELECT FROM voiceagent.tasks o WHERE o.tenant_id = k.tenant_id AND o.call_id = k.call_id) AS has_task) b
-- A tool's deed says more than words: as tool_intent().
CROSS JOIN LATERAL (SELECT (array_agg(i.intent ORDER BY i.place) FILTER (WHERE i.intent IS NOT NULL))[1] AS intent,
		bool_or(o.tool = 'make_offer' AND o.made IS NOT NULL) AS offers,
		min(o.arguments ->> 'message') FILTER (WHERE o.tool = 'take_message' AND o.made IS NOT NULL) AS message,
		min(btrim(o.arguments ->> 'name')) FILTER (WHERE btrim(o.arguments ->> 'name') <> '' AND o.made IS NOT NULL)
			AS caller_name
	FROM voiceagent.call_tools o
	LEFT JOIN voiceagent_private.tools() i ON i.tool = o.tool
	WHERE o.tenant_id = k.tenant_id AND o.call_id = k.call_id AND c.direction = 'inbound'
		-- A person was asked for, even if none was available.
		AND (o.error IS NULL OR o.tool = 'transfer' AND o.error IN ('nobody', 'barred'))) u
WHERE k.reading IS NOT NULL;
COMMENT ON VIEW voiceagent.call_readings IS
	E'Facts on calls, a row each: outcome and times by the words; intent, interest, emotion, mark, objections and '
	'next steps by an analysis, a report or a model (author).\n'
	'Calls without turns, or in a language without table, have no row.';
COMMENT ON COLUMN voiceagent.call_readings.outcome IS 'The call''s outcome, as calls.outcome.';
COMMENT ON COLUMN voiceagent.call_readings.language IS 'The language in which it was read: the assistant''s.';
COMMENT ON COLUMN voiceagent.call_readings.words_outcome IS
	'The outcome by the words alone: scheduled, callback, interested, not_interested, completed, voicemail, '
	'wrong_number, do_not_call, unfinished.';
COMMENT ON COLUMN voiceagent.call_readings.certain IS
	E'Whether the words are clear; if not, words_outcome is shown and not acted upon, but for do_not_call.\n'
	'A promise of the assistant''s to call no more binds, also if the person''s request was not understood.';
COMMENT ON COLUMN voiceagent.call_readings.outcome_turn IS 'The turn that shows it: call_turns.turn.';
COMMENT ON COLUMN voiceagent.call_readings.outcome_quote IS 'The words that show it.';
COMMENT ON COLUMN voiceagent.call_readings.named_time IS
	'The time that was agreed or asked for, by the person''s clock: 2026-03-18T15:00; where the outcome is not '
	'certain, a time that was spoken of.';
COMMENT ON COLUMN voiceagent.call_readings.intent IS
	E'The person''s wish: of an incoming call by what tools did in it (offer, schedule_viewing, speak_agent, '
	'message, property_inquiry), else as its author put it.\n'
	'NULL: unknown, as with all that follows but words.';
COMMENT ON COLUMN voiceagent.call_readings.intent_score IS 'How sure its author is, from 0 to 1.';
COMMENT ON COLUMN voiceagent.call_readings.confidence_score IS 'The same.';
COMMENT ON COLUMN voiceagent.call_readings.intent_quote IS 'The words that show it.';
COMMENT ON COLUMN voiceagent.call_readings.interest IS
	'How interested the person is: none, low, medium, high, as it counts in calls.structured_data; NULL: unknown.';
COMMENT ON COLUMN voiceagent.call_readings.interest_quote IS 'The words that show it.';
COMMENT ON COLUMN voiceagent.call_readings.emotion IS
	'The person''s emotion over all, as its author put it; NULL: unknown, or it may not be kept (read_emotions).';
COMMENT ON COLUMN voiceagent.call_readings.csat_score IS 'How content the person is, 1 to 5, as its author put it.';
COMMENT ON COLUMN voiceagent.call_readings.summary IS
	E'The carrier''s summary, as it came; else a model''s, whose numbers, dates and names are all in the words; else '
	'one line of what the words came to: "Booked for Friday 4 December, 15:00."\n'
	'No model''s is kept where the person speaks to the model.';
COMMENT ON COLUMN voiceagent.call_readings.next_steps IS 'The next steps, as its author put it: [{"step", "value"}].';
COMMENT ON COLUMN voiceagent.call_readings.objections IS
	'[{"kind", "worked"}]: what the person objected, and whether the answer to it worked, as its author put it.';
COMMENT ON COLUMN voiceagent.call_readings.ended_at_step IS
	'The step of the talk at which it ended, as its author put it.';
COMMENT ON COLUMN voiceagent.call_readings.caller_name IS
	'The name that the person gave, or that the analysis gave unasked; else one given to a tool, or the lead''s.';
COMMENT ON COLUMN voiceagent.call_readings.caller_phone IS 'The number that the person gave, else the call''s.';
COMMENT ON COLUMN voiceagent.call_readings.message IS
	'The message that the person left: by a field of the assistant, as the analysis gave it unasked, or by the tool.';
COMMENT ON COLUMN voiceagent.call_readings.follow_up_created IS
	'Whether an appointment, a task or a promised call back came of it.';
COMMENT ON COLUMN voiceagent.call_readings.handling IS
	'The result of an incoming call: viewing_scheduled, offer_created, message_taken, information_provided; NULL: '
	'none of them, or the call is outbound.';
COMMENT ON COLUMN voiceagent.call_readings.unsupported IS
	'How many values of the analysis do not count, because the words do not bear them out.';
COMMENT ON COLUMN voiceagent.call_readings.automated IS
	'Whether a campaign placed the call by itself; false: a person asked for it (call_now(), call_back()), or called.';
COMMENT ON COLUMN voiceagent.call_readings.author IS
	'Who said most surely what came of the call: person (correct_call()), tool, report (the carrier''s, or '
	'report_call()), model; none: all here was read by rules.';
COMMENT ON COLUMN voiceagent.call_readings.ai_insights IS 'All that was read but the fields, as stored.';

CREATE FUNCTION voiceagent.talk_ends(assistant_id bigint, since timestamptz DEFAULT NULL,
	until timestamptz DEFAULT NULL, max_calls integer DEFAULT 10000)
	RETURNS TABLE (assistant_version integer, kind text, what text, calls bigint, calls_read bigint, share numeric,
		worked bigint, worked_share numeric)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = in_order AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	c_most CONSTANT integer := 100000;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.assistants a
		WHERE a.tenant_id = v_tenant AND a.assistant_id = talk_ends.assistant_id), 'PT404', 'no such assistant');
	PERFORM voiceagent_private.fail_if(max_calls IS NULL OR max_calls NOT BETWEEN 1 AND c_most, 'PT422',
		format('max_calls must be from 1 to %s', c_most), format('Got %s.', coalesce(max_calls::text, 'NULL')));
	PERFORM voiceagent_private.fail_if(since >= until, 'PT422', 'since must be before until');
	RETURN QUERY
	-- The newest of both directions, whoever spoke in them: no index has the assistant.
	WITH newest AS MATERIALIZED (
		SELECT c.call_id, c.started_at, c.assistant_id, c.assistant_version FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant ORDER BY c.call_id DESC LIMIT c_most
	), mine AS MATERIALIZED (
		SELECT n.call_id, n.started_at, n.assistant_version FROM newest n
		WHERE n.assistant_id = talk_ends.assistant_id AND n.started_at >= coalesce(since, '-infinity')
			AND n.started_at < coalesce(until, 'infinity')
		LIMIT max_calls
	), talk AS MATERIALIZED (
		SELECT m.call_id, m.assistant_version, k.reading FROM mine m
		CROSS JOIN LATERAL (SELECT o.reading FROM voiceagent.conversations o
			WHERE o.tenant_id = v_tenant AND o.call_id = m.call_id
				AND o.month_slot = voiceagent_private.month_slot(m.started_at) OFFSET 0) k
		WHERE k.reading IS NOT NULL
	), found AS (
		SELECT t.assistant_version, 'step' AS kind, t.reading ->> 'ended_at_step' AS what, t.call_id,
			NULL::boolean AS worked
		FROM talk t WHERE t.reading ? 'ended_at_step'
		UNION ALL
		-- A call in which it came twice counts once, and its answer worked if it did in the end.
		SELECT d.* FROM (SELECT DISTINCT ON (t.call_id, o.objection ->> 'kind') t.assistant_version, 'objection',
				o.objection ->> 'kind', t.call_id, (o.objection -> 'worked')::boolean
			FROM talk t
			CROSS JOIN LATERAL jsonb_array_elements(t.reading -> 'objections') WITH ORDINALITY AS o(objection, n)
			ORDER BY t.call_id, o.objection ->> 'kind', o.n DESC) d
	)
	SELECT f.assistant_version, f.kind, f.what, count(*), v.calls_read, round(count(*)::numeric / v.calls_read, 4),
		CASE f.kind WHEN 'objection' THEN count(*) FILTER (WHERE f.worked) END,
		CASE f.kind WHEN 'objection' THEN round(count(*) FILTER (WHERE f.worked)::numeric / count(*), 4) END
	FROM found f
	JOIN (SELECT t.assistant_version, count(*) AS calls_read FROM talk t GROUP BY 1) v USING (assistant_version)
	GROUP BY f.assistant_version, f.kind, f.what, v.calls_read
	ORDER BY f.assistant_version DESC, f.kind COLLATE "C" DESC, count(*) DESC, f.what COLLATE "C";
END
$$;
COMMENT ON FUNCTION voiceagent.talk_ends(bigint, timestamptz, timestamptz, integer) IS
	E'Where an assistant''s talks end, by version: kind step, in how many calls; and kind objection, in how many calls '
	'it came, and in how many the answer worked.\n'
	'Of the tenant''s newest 100000 calls those that were read and began from since to until, at most max_calls of '
	'them. share: of calls_read. PT404, PT422.';
