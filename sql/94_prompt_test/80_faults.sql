/*
 * 94_prompt_test: calls with the same fault are one case.  A case is derived
 * from the calls, so it comes again by itself; kept is only who sees to it and
 * which version of the assistant was to mend it.
 */

CREATE TABLE voiceagent.fault_marks (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	fault text NOT NULL CHECK (length(fault) BETWEEN 1 AND 32),
	member_id bigint,
	mended_by integer CHECK (mended_by > 0),
	changed_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, fault)
);
COMMENT ON TABLE voiceagent.fault_marks IS 'Who sees to a case of fault_cases, and what was to end it.';
COMMENT ON COLUMN voiceagent.fault_marks.fault IS 'The case: fault_cases.fault.';
COMMENT ON COLUMN voiceagent.fault_marks.member_id IS 'The member that sees to it; NULL: none.';
COMMENT ON COLUMN voiceagent.fault_marks.mended_by IS
	'The version of the assistant from which on it is not to come any more; NULL: it is open.';
COMMENT ON COLUMN voiceagent.fault_marks.changed_at IS 'When a member said so.';
SELECT voiceagent_private.guard_table('voiceagent.fault_marks', 'tenant');

CREATE VIEW voiceagent.call_faults WITH (security_invoker = on) AS
SELECT f.tenant_id, md5(concat_ws(E'\x1f', c.assistant_id, f.tool, f.kind, lower(btrim(f.quote)))) AS fault, f.call_id,
	c.assistant_id, c.assistant_version, f.tool, f.kind, f.quote, f.at
FROM (SELECT t.tenant_id, t.call_id, t.tool, 'tool_' || t.error AS kind, left(t.result, 200) AS quote, t.called_at AS at
	FROM voiceagent.call_tools t WHERE t.error IN ('failed', 'unknown', 'many', 'missing', 'long', 'strange')
	UNION ALL
	SELECT t.tenant_id, t.call_id, t.promise, 'promise_broken', left(t.note, 200), t.created_at
	FROM voiceagent.tasks t WHERE t.kind = 'promise'
		AND (NOT t.kept OR t.finished_at IS NULL AND t.due_at <= voiceagent.clock())
	UNION ALL
	-- Calls of both directions.
	SELECT c.tenant_id, c.call_id, NULL, 'ended_' || c.cause_class, c.cause, c.ended_at
	FROM voiceagent.calls c WHERE c.cause_class = 'assistant') f
JOIN voiceagent.calls c ON c.tenant_id = f.tenant_id AND c.call_id = f.call_id
WHERE c.assistant_id IS NOT NULL;
COMMENT ON VIEW voiceagent.call_faults IS
	'Faults in calls that are not the person''s: tools that failed or were used wrongly, promises that were not kept, '
	'calls that ended because of the assistant.';
COMMENT ON COLUMN voiceagent.call_faults.fault IS
	'The same for calls of an assistant with the same tool, kind and quote.';
COMMENT ON COLUMN voiceagent.call_faults.tool IS 'The tool, or what was promised; NULL: none.';
COMMENT ON COLUMN voiceagent.call_faults.kind IS
	'tool_failed, tool_unknown, tool_many, tool_missing, tool_long, tool_strange (call_tools.error), promise_broken, '
	'ended_assistant.';
COMMENT ON COLUMN voiceagent.call_faults.quote IS 'The tool''s answer, the promise, or the cause.';
COMMENT ON COLUMN voiceagent.call_faults.at IS 'When.';

CREATE VIEW voiceagent.fault_cases WITH (security_invoker = on) AS
SELECT f.tenant_id, f.fault, f.assistant_id, f.tool, f.kind, max(f.quote) AS quote,
	count(DISTINCT f.call_id) AS calls, (array_agg(DISTINCT f.call_id))[1:100] AS call_ids,
	min(f.assistant_version) AS first_version, max(f.assistant_version) AS last_version, min(f.at) AS first_at,
	max(f.at) AS last_at, m.member_id, m.mended_by,
	CASE WHEN m.mended_by IS NULL THEN 'open' WHEN m.mended_by > max(f.assistant_version) THEN 'closed'
		ELSE 'reopened' END AS state
FROM voiceagent.call_faults f
LEFT JOIN voiceagent.fault_marks m ON m.tenant_id = f.tenant_id AND m.fault = f.fault
GROUP BY f.tenant_id, f.fault, f.assistant_id, f.tool, f.kind, m.member_id, m.mended_by;
COMMENT ON VIEW voiceagent.fault_cases IS
	'Calls with the same fault, one row a case: how many, when, in which versions, who sees to it.';
COMMENT ON COLUMN voiceagent.fault_cases.calls IS 'How many calls.';
COMMENT ON COLUMN voiceagent.fault_cases.call_ids IS 'Up to 100 of them.';
COMMENT ON COLUMN voiceagent.fault_cases.first_version IS 'The earliest version of the assistant in which it came.';
COMMENT ON COLUMN voiceagent.fault_cases.last_version IS 'The latest one.';
COMMENT ON COLUMN voiceagent.fault_cases.first_at IS 'When it came first.';
COMMENT ON COLUMN voiceagent.fault_cases.last_at IS 'When it came last.';
COMMENT ON COLUMN voiceagent.fault_cases.state IS
	'open; closed: a version was to mend it, and it did not come in that one or later; reopened: it did.';

CREATE FUNCTION voiceagent.mark_fault(fault text, member_id bigint DEFAULT NULL, mended_by integer DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_case voiceagent.fault_cases;
BEGIN
	SELECT f.* INTO v_case FROM voiceagent.fault_cases f
	WHERE f.tenant_id = v_tenant AND f.fault = mark_fault.fault;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such case', hint => 'fault_cases lists them.');
	PERFORM voiceagent_private.fail_if(mark_fault.member_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.members m
		WHERE m.tenant_id = v_tenant AND m.member_id = mark_fault.member_id), 'PT404', 'there is no such member');
	PERFORM voiceagent_private.fail_if(mark_fault.mended_by IS NOT NULL AND NOT EXISTS (
		SELECT FROM voiceagent.assistant_versions v
		WHERE v.tenant_id = v_tenant AND v.assistant_id = v_case.assistant_id
			AND v.version = mark_fault.mended_by), 'PT404', 'the assistant has no such version');
	PERFORM voiceagent_private.fail_if(mark_fault.mended_by <= v_case.last_version, 'PT409',
		'it came in that version', format('It came in version %s last.', v_case.last_version),
		'A later version closes it: update_assistant() makes one.');
	INSERT INTO voiceagent.fault_marks AS m (tenant_id, fault, member_id, mended_by, changed_at)
	VALUES (v_tenant, mark_fault.fault, mark_fault.member_id, mark_fault.mended_by, voiceagent.clock())
	ON CONFLICT (tenant_id, fault) DO UPDATE SET member_id = coalesce(excluded.member_id, m.member_id),
		mended_by = coalesce(excluded.mended_by, m.mended_by), changed_at = excluded.changed_at;
	RETURN (SELECT f.state FROM voiceagent.fault_cases f WHERE f.tenant_id = v_tenant AND f.fault = mark_fault.fault);
END
$$;
COMMENT ON FUNCTION voiceagent.mark_fault(text, bigint, integer) IS
	E'Gives a case of fault_cases to a member (member_id), or closes it by a version of its assistant (mended_by); '
	'NULL changes nothing; returns its state.\n'
	'It opens again by itself when it comes in that version or a later one. For managers and owners. PT404, PT409 for '
	'a version in which it came.';

CREATE FUNCTION voiceagent.test_caller_of_call(call_id bigint, name text DEFAULT NULL, expect jsonb DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_language text;
	v_lines jsonb;
BEGIN
	SELECT split_part(lower(v.language), '-', 1) INTO v_language FROM voiceagent.calls c
	JOIN voiceagent.assistant_versions v ON v.tenant_id = c.tenant_id AND v.assistant_id = c.assistant_id
		AND v.version = c.assistant_version
	WHERE c.tenant_id = v_tenant AND c.call_id = test_caller_of_call.call_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such call of an assistant');
	-- The person's words, turn by turn; what several turns of its own followed one another with is one.
	SELECT jsonb_agg(jsonb_build_object('turn', l.n, 'say', l.words) ORDER BY l.n) INTO v_lines
	FROM (SELECT row_number() OVER (ORDER BY min(t.turn)) AS n,
			left(string_agg(t.text, ' ' ORDER BY t.turn), 1000) AS words
		FROM (SELECT u.turn, u.text, u.speaker,
				count(*) FILTER (WHERE u.speaker <> 'customer') OVER (ORDER BY u.turn) AS after
			FROM voiceagent.call_turns u
			WHERE u.tenant_id = v_tenant AND u.call_id = test_caller_of_call.call_id) t
		WHERE t.speaker = 'customer' GROUP BY t.after ORDER BY min(t.turn) LIMIT 60) l;
	PERFORM voiceagent_private.fail_if(v_lines IS NULL, 'PT409', 'nobody''s words are kept of this call');
	-- Broken promises and failed tries are to do.
	expect := coalesce(expect, (SELECT jsonb_agg(DISTINCT jsonb_build_object('path', 'tools.' || CASE f.tool
			WHEN 'call' THEN 'call_back' WHEN 'send' THEN 'send_information' WHEN 'connect' THEN 'transfer'
			WHEN 'ask' THEN 'take_message' WHEN 'note' THEN 'take_message' ELSE f.tool END, 'is', '>=', 'value', 1))
		FROM voiceagent.call_faults f
		WHERE f.tenant_id = v_tenant AND f.call_id = test_caller_of_call.call_id AND f.tool <> 'tool'));
	PERFORM voiceagent_private.fail_if(expect IS NULL, 'PT422', 'it must be said what the call was to come to',
		'Nothing in the call is a fault (call_faults) that would say so.', 'expect: as create_test_caller() takes it.');
	RETURN voiceagent.create_test_caller(coalesce(name, 'Call ' || test_caller_of_call.call_id), v_lines, expect,
		v_language, goal => 'What the person of call ' || test_caller_of_call.call_id || ' said.');
END
$$;
COMMENT ON FUNCTION voiceagent.test_caller_of_call(bigint, text, jsonb) IS
	E'Makes a scripted caller for test_assistant() that says what the person of a call said, turn by turn; returns its '
	'id.\n'
	'expect: what must hold at the end; NULL: that the tools are used whose fault or broken promise the call has. '
	'PT404, PT409 without words, PT422 where nothing says what was to come of it.';
