/*
 * 95_ops: a call as one trace, for OpenTelemetry collectors.  Spans are derived,
 * not collected: claims, dials, requests, tools, turns and holds have their
 * times and results in rows of their own.  A round of the task traces
 * (bgworkers/outbound/traces.c): ready_traces(), then per tenant claim_traces()
 * (commit, send), later record_traces().
 *
 * A span has ids, codes, figures and times. It never has what people said or
 * wrote, a name, a number or an address: nothing here reads a column that does.
 */

CREATE FUNCTION voiceagent_private.trace_id(call_id bigint) RETURNS text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	RETURN left(encode(sha256(voiceagent_private.login_secret()
		|| convert_to(format('trace %s %s', voiceagent.current_tenant(), call_id), 'UTF8')), 'hex'), 32);
COMMENT ON FUNCTION voiceagent_private.trace_id(bigint) IS
	E'The W3C trace id of a call of the current tenant, in hex.\n'
	'It follows from the ids and the secret of this database, which a dump and a standby have too: the same whenever '
	'it is asked for, and nobody guesses another''s.';

CREATE FUNCTION voiceagent_private.otlp_attributes(facts jsonb) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('key', f.key, 'value', CASE jsonb_typeof(f.value)
			WHEN 'string' THEN jsonb_build_object('stringValue', f.value)
			WHEN 'boolean' THEN jsonb_build_object('boolValue', f.value)
			-- 64 bits are a text in the JSON of protobuf.
			ELSE CASE WHEN f.value::text ~ '^-?[0-9]+$' THEN jsonb_build_object('intValue', f.value::text)
				ELSE jsonb_build_object('doubleValue', f.value) END END) ORDER BY f.key), '[]')
		FROM jsonb_each(facts) f WHERE jsonb_typeof(f.value) <> 'null');
COMMENT ON FUNCTION voiceagent_private.otlp_attributes(jsonb) IS
	'Facts as attributes of OTLP''s JSON; those that are null are left out.';

CREATE FUNCTION voiceagent_private.unix_nanos(at timestamptz) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN ((extract(epoch FROM at) * 1000000)::bigint)::text || '000';
COMMENT ON FUNCTION voiceagent_private.unix_nanos(timestamptz) IS 'A time in nanoseconds since 1970, as text.';

CREATE FUNCTION voiceagent_private.call_spans(call voiceagent.calls)
	RETURNS TABLE (key text, parent text, name text, kind integer, began timestamptz, ended timestamptz, failure text,
		facts jsonb, events jsonb)
	LANGUAGE plpgsql STABLE SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := call.tenant_id;
	v_call bigint := call.call_id;
	v_ended timestamptz := coalesce(call.ended_at, voiceagent.clock());
	v_month smallint := voiceagent_private.month_slot(call.started_at);
	v_carrier text := (SELECT a.provider FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = call.provider_account_id);
	v_attempt voiceagent.attempts;
	v_hold voiceagent.credit_holds;
	-- A call has few of each kind; one that a fault has repeat itself is cut off here.
	c_most CONSTANT integer := 200;
BEGIN
	SELECT a.* INTO v_attempt FROM voiceagent.attempts a WHERE a.tenant_id = v_tenant AND a.call_id = v_call;
	SELECT h.* INTO v_hold FROM voiceagent.credit_holds h
	WHERE h.tenant_id = v_tenant AND h.hold_id = v_attempt.hold_id;
	RETURN QUERY SELECT 'call', NULL::text, 'call ' || call.direction,
		CASE call.direction WHEN 'inbound' THEN 2 ELSE 1 END, call.started_at, greatest(v_ended, v_hold.ended_at),
		CASE WHEN call.status = 'failed' THEN coalesce(call.cause_class, call.outcome::text) END,
		jsonb_build_object('voiceagent.call.id', v_call, 'voiceagent.campaign.id', call.campaign_id,
			'voiceagent.call.status', call.status, 'voiceagent.call.outcome', call.outcome,
			'voiceagent.call.attempt', call.attempt_number, 'voiceagent.call.answered_by', call.machine,
			'voiceagent.carrier', v_carrier),
		(SELECT jsonb_agg(jsonb_build_object('name', e.event_type, 'timeUnixNano',
				voiceagent_private.unix_nanos(e.at)) ORDER BY e.at, e.event_id)
			FROM (SELECT o.event_type, o.at, o.event_id FROM voiceagent.events o WHERE o.tenant_id = v_tenant
				AND o.call_id = v_call AND o.month_slot IN (v_month, voiceagent_private.month_slot(v_ended))
				LIMIT c_most) e)
	-- From the request that brought the lead to its first dial.
	UNION ALL (SELECT 'intake', 'call', 'intake', 1, q.received_at, call.started_at, NULL,
		jsonb_build_object('voiceagent.intake.id', q.intake_id, 'voiceagent.intake.outcome', q.outcome), NULL
	FROM voiceagent.intake_requests q WHERE call.attempt_number = 1 AND q.tenant_id = v_tenant
		AND q.lead_id = call.lead_id AND q.received_at <= call.started_at ORDER BY q.received_at DESC LIMIT 1)
	UNION ALL SELECT 'dial', 'call', 'dial ' || v_carrier, 3, v_attempt.created_at,
		least(coalesce(v_attempt.answered_at, v_ended), v_ended), CASE WHEN v_attempt.state IN ('refused', 'unknown',
			'not_placed') THEN coalesce(v_attempt.http_status::text, v_attempt.state::text) END,
		jsonb_build_object('voiceagent.carrier', v_carrier, 'voiceagent.dial.state', v_attempt.state,
			'http.response.status_code', v_attempt.http_status), NULL WHERE v_attempt.attempt_id IS NOT NULL
	UNION ALL SELECT 'ring', 'call', 'ring', 1, least(coalesce(v_attempt.answered_at, call.started_at), r.at), r.at,
		NULL, '{}', NULL FROM (SELECT coalesce(call.answered_at, v_ended)) r(at)
	WHERE call.answered_at IS NOT NULL OR call.outcome IN ('no_answer', 'busy')
	UNION ALL SELECT 'conversation', 'call', 'invoke_agent', 1, call.answered_at, v_ended, NULL,
		jsonb_build_object('gen_ai.operation.name', 'invoke_agent', 'gen_ai.agent.id', call.assistant_id::text,
			'gen_ai.agent.version', call.assistant_version::text, 'gen_ai.conversation.id', v_call::text,
			'voiceagent.turns', jsonb_array_length(t.turns)),
		(SELECT jsonb_agg(jsonb_build_object('name', 'turn of ' || u.speaker, 'timeUnixNano',
				voiceagent_private.unix_nanos(to_timestamp(u.at_ms / 1000.0))) ORDER BY u.turn)
			FROM jsonb_to_recordset(t.turns) AS u(turn integer, speaker text, at_ms double precision)
			WHERE u.turn <= c_most AND u.at_ms IS NOT NULL AND u.speaker IN ('assistant', 'customer', 'tool'))
	FROM (SELECT WHERE call.answered_at IS NOT NULL) answered LEFT JOIN voiceagent.conversations t
		ON t.tenant_id = v_tenant AND t.call_id = v_call AND t.month_slot = v_month
	-- The model chose the name of a tool that nobody has: it may be anything that was said.
	UNION ALL (SELECT 'tool ' || t.tool_call_id, CASE WHEN call.answered_at IS NULL THEN 'call' ELSE 'conversation'
			END, 'execute_tool ' || n.name, 1, t.called_at, t.called_at + t.took_ms * interval '1 millisecond', t.error,
		jsonb_build_object('gen_ai.operation.name', 'execute_tool', 'gen_ai.tool.name', n.name, 'gen_ai.tool.type',
			'function'), NULL
	FROM voiceagent.call_tools t CROSS JOIN LATERAL (SELECT CASE WHEN t.error = 'unknown' THEN '_OTHER'
		ELSE t.tool END) n(name) WHERE t.tenant_id = v_tenant AND t.call_id = v_call LIMIT c_most)
	UNION ALL (SELECT 'model ' || m.model_request_id, 'call', 'chat ' || m.model, 3, coalesce(m.sent_at, m.created_at),
		coalesce(m.done_at, v_ended), m.reason, jsonb_build_object('gen_ai.operation.name', 'chat',
			'gen_ai.provider.name', CASE m.provider WHEN 'openai_responses' THEN 'openai' ELSE m.provider END,
			'gen_ai.request.model', m.model, 'gen_ai.usage.input_tokens', m.tokens_in, 'gen_ai.usage.output_tokens',
			m.tokens_out, 'http.request.resend_count', nullif(greatest(m.tries - 1, 0), 0),
			'voiceagent.model.purpose', m.purpose), NULL
	FROM voiceagent.model_requests m WHERE m.tenant_id = v_tenant AND m.call_id = v_call LIMIT c_most)
	UNION ALL (SELECT 'carrier ' || p.provider_request_id, 'call', concat_ws(' ', p.kind, v_carrier), 3, p.created_at,
		coalesce(p.done_at, v_ended), CASE WHEN p.state IN ('failed', 'unknown')
			THEN coalesce(p.result ->> 'kind', p.state) END,
		jsonb_build_object('voiceagent.carrier', v_carrier, 'voiceagent.request.state', p.state,
			'http.request.resend_count', nullif(greatest(p.tries - 1, 0), 0)), NULL
	FROM voiceagent.provider_requests p WHERE p.tenant_id = v_tenant AND p.call_id = v_call LIMIT c_most)
	UNION ALL SELECT 'settlement', 'call', 'settle_holds', 1, least(call.ended_at, v_hold.ended_at), v_hold.ended_at,
		NULL, jsonb_build_object('db.system.name', 'postgresql', 'db.operation.name', 'settle_holds',
			'voiceagent.hold.state', v_hold.state, 'voiceagent.credits', v_hold.charged), NULL
	WHERE v_hold.ended_at IS NOT NULL AND call.ended_at IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.call_spans(voiceagent.calls) IS
	E'The spans of a call of the current tenant, its own first, at most 200 of a kind.\n'
	'key and parent name a span and the one above it; kind: 1 internal, 2 server, 3 client; failure: a code.';

CREATE FUNCTION voiceagent_private.trace_document(call_ids bigint[]) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN jsonb_build_object('resourceSpans', jsonb_build_array(jsonb_build_object(
		'resource', jsonb_build_object('attributes', voiceagent_private.otlp_attributes(jsonb_build_object(
			'service.name', 'voiceagent', 'service.instance.id', voiceagent_private.home(),
			'voiceagent.tenant.id', voiceagent.current_tenant()))),
		'scopeSpans', jsonb_build_array(jsonb_build_object('scope', jsonb_build_object('name', 'voiceagent'),
			'spans', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('traceId', i.trace,
					'spanId', left(encode(sha256(convert_to(i.trace || s.key, 'UTF8')), 'hex'), 16),
					'parentSpanId', left(encode(sha256(convert_to(i.trace || s.parent, 'UTF8')), 'hex'), 16),
					'name', s.name, 'kind', s.kind, 'startTimeUnixNano', voiceagent_private.unix_nanos(s.began),
					'endTimeUnixNano', voiceagent_private.unix_nanos(greatest(s.began, s.ended)),
					'attributes', voiceagent_private.otlp_attributes(s.facts || jsonb_build_object('error.type',
						s.failure)), 'events', s.events, 'status', CASE WHEN s.failure IS NULL THEN '{}'::jsonb
						ELSE jsonb_build_object('code', 2, 'message', s.failure) END)) ORDER BY c.call_id, s.n), '[]')
				FROM voiceagent.calls c
				CROSS JOIN LATERAL (SELECT voiceagent_private.trace_id(c.call_id) AS trace) i
				CROSS JOIN LATERAL voiceagent_private.call_spans(c) WITH ORDINALITY AS s(key, parent, name, kind, began,
					ended, failure, facts, events, n)
				WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = ANY (call_ids)))))));
END
$$;
COMMENT ON FUNCTION voiceagent_private.trace_document(bigint[]) IS
	'The traces of calls of the current tenant in OTLP''s JSON, as its ExportTraceServiceRequest.';

CREATE FUNCTION voiceagent.call_trace(call_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = call_trace.call_id), 'PT404', 'no such call', NULL,
		'View calls lists the calls of the tenant.');
	RETURN voiceagent_private.trace_document(ARRAY[call_trace.call_id]);
END
$$;
COMMENT ON FUNCTION voiceagent.call_trace(bigint) IS
	E'A call as an OpenTelemetry trace in OTLP''s JSON: spans from intake and claim over dial, ringing, talk and '
	'requests to settlement; of a live call as far as it has come.\n'
	'It has no words, names or numbers of people. It raises PT404 for a call that the tenant does not have.';

/* ----- how they are sent ----- */

SELECT voiceagent_private.make_queue('traces', 'voiceagent_private.trace_queue', for_inactive => true,
	waits => 'q.next_at IS NOT NULL AND current_setting(''voiceagent.trace_endpoint'', true) <> ''''');

CREATE FUNCTION voiceagent_private.claim_traces(max_requests integer, OUT batch bigint, OUT url text, OUT body text,
	OUT private_host boolean, OUT timeout_ms integer, OUT problem text) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_calls bigint[];
	v_tries integer;
	c_calls CONSTANT integer := 20;
	c_timeout_ms CONSTANT integer := 10000;
	c_tries CONSTANT integer := 10;
BEGIN
	url := current_setting('voiceagent.trace_endpoint', true);
	SELECT array_agg(q.call_id ORDER BY q.call_id), max(q.tries) INTO v_calls, v_tries
	FROM (SELECT o.call_id, o.tries FROM voiceagent_private.trace_queue o
		WHERE o.tenant_id = v_tenant AND o.next_at <= v_now AND url <> '' AND max_requests > 0
		ORDER BY o.next_at LIMIT c_calls FOR UPDATE SKIP LOCKED) q;
	IF v_calls IS NULL THEN
		RETURN;
	END IF;
	batch := v_calls[1];
	UPDATE voiceagent_private.trace_queue q SET claimed = true, batch = claim_traces.batch, tries = q.tries + 1,
		next_at = v_now + 3 * c_timeout_ms * interval '1 millisecond'
	WHERE q.tenant_id = v_tenant AND q.call_id = ANY (v_calls);
	private_host := voiceagent_private.is_allowed_host(url, 'localhost 127.0.0.1 ::1 '
		|| voiceagent_private.platform_setting('allowed_private_hosts'));
	timeout_ms := c_timeout_ms;
	-- A document that ends whoever reads it must not do so again and again.
	problem := CASE WHEN v_tries >= c_tries THEN 'its answer was lost again and again' END;
	body := CASE WHEN problem IS NULL THEN voiceagent_private.trace_document(v_calls)::text END;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_traces(integer) IS
	E'One request with the traces of up to 20 calls of the current tenant that are due, leased from now.\n'
	'Its endpoint, its body, whether that may be an address of our own network, how long to wait, and why it is not to '
	'be sent at all.';

CREATE FUNCTION voiceagent_private.record_traces(batch bigint, http_status integer, error text, wait integer)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	-- As OTLP says: any other answer will be the same next time.
	v_again boolean := error IS NOT NULL AND coalesce(http_status IN (429, 502, 503, 504), true);
	v_gone bigint;
	c_tries CONSTANT integer := 10;
	c_rest CONSTANT interval := '5 seconds';
BEGIN
	UPDATE voiceagent_private.trace_queue q SET claimed = false, batch = NULL, next_at = v_now + least(greatest(
		c_rest * power(2, q.tries - 1), coalesce(wait, 0) * interval '1 second'), interval '1 hour')
	WHERE q.tenant_id = v_tenant AND q.batch = record_traces.batch AND v_again AND q.tries < c_tries;
	DELETE FROM voiceagent_private.trace_queue q WHERE q.tenant_id = v_tenant AND q.batch = record_traces.batch;
	GET DIAGNOSTICS v_gone = ROW_COUNT;
	IF error IS NOT NULL AND v_gone > 0 THEN
		INSERT INTO voiceagent_private.trace_drops AS d (tenant_id, dropped, dropped_at, error)
		VALUES (v_tenant, v_gone, v_now, left(record_traces.error, 500))
		ON CONFLICT (tenant_id) DO UPDATE SET dropped = d.dropped + excluded.dropped,
			dropped_at = excluded.dropped_at, error = excluded.error;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_traces(bigint, integer, text, integer) IS
	E'The collector''s answer to a request with traces of the current tenant: HTTP status or NULL, why it failed or '
	'NULL, the seconds that it wants us to wait.\n'
	'What may be taken later is sent again, ten times at most; the rest is dropped and counted.';

CREATE FUNCTION voiceagent_private.trace_conditions(platform boolean) RETURNS SETOF voiceagent_private.condition
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'traces', format('%s calls wait, %s were dropped', w.n, coalesce(d.n, 0)), NULL::integer, d.since, w.n,
		w.due, w.claimed, d.error, 'see that the collector at voiceagent.trace_endpoint takes OTLP in JSON',
		coalesce(d.since > voiceagent.clock() - interval '1 hour', false)
	FROM (SELECT count(*) AS n, min(q.next_at) AS due, count(*) FILTER (WHERE q.claimed) AS claimed
		FROM voiceagent_private.trace_queue q) w, (SELECT sum(o.dropped) AS n, max(o.dropped_at) AS since,
			(array_agg(o.error ORDER BY o.dropped_at DESC))[1] AS error FROM voiceagent_private.trace_drops o) d
	WHERE platform AND (w.n > 0 OR d.n > 0)
$$;
COMMENT ON FUNCTION voiceagent_private.trace_conditions(boolean) IS
	'For status(): traces that wait to be sent, and how many were given up; a problem for an hour.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('condition', 'trace_conditions');
