/*
 * 96_console: requests that take longer than a client waits.
 *
 * A member that sends "Prefer: respond-async" (RFC 7240) with a function of
 * kind "deferred" is answered 202 at once; a process `deferred` executes the
 * request with the claims that were verified when it came, whose session and
 * role are asked about again.  Its work and its answer are one commit, so a
 * request whose process died has done nothing and is tried again.
 *
 * Two processes execute them.  A request that runs longer on deferred_2 than
 * any answered at once is undone, and waits for the other one: so the next
 * tenant's never waits for what takes minutes.
 *
 * Locks: a row at its claim, at its end and at its cancel, none across two
 * transactions.
 */

CREATE TABLE voiceagent_private.deferred_requests (
	tenant_id bigint NOT NULL,
	deferred_request_id bigint GENERATED ALWAYS AS IDENTITY,
	asked_by text NOT NULL,
	function_name text NOT NULL,
	request jsonb,
	body bytea,
	state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'canceled')),
	process text,
	tries smallint NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL,
	began_at timestamptz,
	ended_at timestamptz,
	status integer,
	answer text,
	PRIMARY KEY (tenant_id, deferred_request_id),
	CONSTRAINT answered_when_done CHECK ((state = 'done') = (status IS NOT NULL)),
	CONSTRAINT kept_until_done CHECK ((state IN ('waiting', 'running')) = (request IS NOT NULL)
		AND (ended_at IS NULL) = (request IS NOT NULL))
);
COMMENT ON TABLE voiceagent_private.deferred_requests IS
	'Requests of the API that are answered later; they are forgotten a day after their end, or behind as many later '
	'ones as deferred_requests_max says.';
COMMENT ON COLUMN voiceagent_private.deferred_requests.asked_by IS
	'Who asked, as actor() says it: only that caller sees it.';
COMMENT ON COLUMN voiceagent_private.deferred_requests.request IS
	'Path, claims, role, headers without credentials, type of the body, program: came by /mcp; NULL when it is over.';
COMMENT ON COLUMN voiceagent_private.deferred_requests.body IS 'The body as it came; NULL: none, or it is over.';
COMMENT ON COLUMN voiceagent_private.deferred_requests.process IS
	'The process that executes it, or did, or began it; what the process deferred began, it alone goes on with.';
COMMENT ON COLUMN voiceagent_private.deferred_requests.tries IS 'How often it was begun.';
COMMENT ON COLUMN voiceagent_private.deferred_requests.status IS 'The status of the answer, as HTTP has it.';
COMMENT ON COLUMN voiceagent_private.deferred_requests.answer IS 'The body of the answer; NULL: none.';
CREATE INDEX deferred_requests_open ON voiceagent_private.deferred_requests (tenant_id, deferred_request_id)
	WHERE state IN ('waiting', 'running');
CREATE INDEX deferred_requests_over ON voiceagent_private.deferred_requests (ended_at) WHERE ended_at IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent_private.deferred_requests', 'routing');

CREATE FUNCTION voiceagent_private.defer_request(function_name text, request jsonb, body bytea) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_most integer := voiceagent_private.platform_setting('deferred_requests_max')::integer;
	v_proof text := (voiceagent_private.caller()).proof;
	v_id bigint;
BEGIN
	-- An API key is kept nowhere, and would be needed again: at /rpc its caller waits.  At /mcp this cannot be done,
	-- and what the key was exchanged for is enough, which is asked about when it is used (whoami()).
	IF NOT EXISTS (SELECT FROM voiceagent_private.registrations r WHERE r.kind = 'deferred' AND r.name = function_name)
		OR v_proof IS DISTINCT FROM 'claims'
		AND (v_proof IS DISTINCT FROM 'token' OR current_setting('request.path', true) !~ '^/mcp') THEN
		RETURN NULL;
	END IF;
	-- Without a lock: several at once may be let in together, and none waits for a tenant's own import.
	PERFORM voiceagent_private.fail_if((SELECT count(*) FROM voiceagent_private.deferred_requests d
		WHERE d.tenant_id = v_tenant AND d.state IN ('waiting', 'running')) >= v_most, 'PT429',
		'too many requests wait for a later answer', format('A tenant may have %s of them.', v_most),
		'Wait for one of them, or cancel it.');
	INSERT INTO voiceagent_private.deferred_requests AS d (tenant_id, asked_by, function_name, request, body,
		created_at)
	VALUES (v_tenant, voiceagent_private.actor(), function_name,
		request || jsonb_build_object('headers',
			(request -> 'headers') - '{authorization,cookie,x-api-key,apikey}'::text[])
			|| CASE v_proof WHEN 'token' THEN jsonb_build_object('role', 'voiceagent_user',
				'program', true, 'claims', voiceagent_private.shown_claims()::text) ELSE '{}' END,
		body, voiceagent.clock())
	RETURNING d.deferred_request_id INTO v_id;
	PERFORM voiceagent_private.poke('deferred'), voiceagent_private.poke('deferred_2');
	RETURN v_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.defer_request(text, jsonb, bytea) IS
	E'For the processes api, which have verified whose it is: keeps a request of the current tenant for a process '
	'deferred -> deferred_request_id.\n'
	'NULL: it is to be executed at once, because its function is short or its caller proved itself by an API key '
	'elsewhere than at /mcp. PT429.';

CREATE FUNCTION voiceagent_private.forget_old_answers() RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	DELETE FROM voiceagent_private.deferred_requests d
	WHERE d.tenant_id = v_tenant AND d.ended_at IS NOT NULL
		AND d.deferred_request_id <= (SELECT o.deferred_request_id FROM voiceagent_private.deferred_requests o
			WHERE o.tenant_id = v_tenant AND o.ended_at IS NOT NULL ORDER BY o.deferred_request_id DESC
			OFFSET voiceagent_private.platform_setting('deferred_requests_max')::integer LIMIT 1);
	PERFORM voiceagent_private.request_job('forget_deferred', voiceagent.clock() + interval '1 day');
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_old_answers() IS
	'Bounds what is kept of requests of the current tenant that are over: an answer may have 8 MB.';

CREATE FUNCTION voiceagent_private.claim_deferred(process text, OUT tenant_id bigint, OUT deferred_request_id bigint,
	OUT function_name text, OUT request jsonb, OUT body bytea, OUT spent boolean)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_tries CONSTANT integer := 3;
	v voiceagent_private.deferred_requests;
BEGIN
	-- A process that claims has no request under way.  A row that still names it was begun by its predecessor, whose
	-- transaction was rolled back.
	UPDATE voiceagent_private.deferred_requests d SET state = 'waiting'
	WHERE d.state = 'running' AND d.process = claim_deferred.process;
	SELECT d.* INTO v FROM voiceagent_private.deferred_requests d
	WHERE d.state = 'waiting' AND NOT EXISTS (SELECT FROM voiceagent_private.deferred_requests o
		WHERE o.tenant_id = d.tenant_id AND (o.state = 'running'
			OR o.state = 'waiting' AND o.process = 'deferred' AND claim_deferred.process <> 'deferred'))
	-- The tenant that was served longest ago, and its oldest.
	ORDER BY (SELECT max(o.began_at) FROM voiceagent_private.deferred_requests o WHERE o.tenant_id = d.tenant_id)
		NULLS FIRST, d.deferred_request_id LIMIT 1 FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	UPDATE voiceagent_private.deferred_requests d SET state = 'running', process = claim_deferred.process,
		tries = d.tries + 1, began_at = voiceagent.clock()
	WHERE d.tenant_id = v.tenant_id AND d.deferred_request_id = v.deferred_request_id;
	tenant_id := v.tenant_id;
	deferred_request_id := v.deferred_request_id;
	function_name := v.function_name;
	request := v.request;
	body := v.body;
	spent := v.tries >= c_tries;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_deferred(text) IS
	E'The oldest request of the tenant that was served longest ago and has none under way, for this process; NULL: '
	'none waits.\n'
	'Requests of process deferred, begun or not, are its own, and its tenant''s next ones wait behind them.\n'
	'spent: it has ended its process three times, and is not to be tried again.';

CREATE FUNCTION voiceagent_private.end_deferred(deferred_request_id bigint, status integer, answer text)
	RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_function text;
BEGIN
	IF status = 500 AND answer::jsonb ->> 'code' = '57014' THEN
		UPDATE voiceagent_private.deferred_requests d SET state = 'waiting', process = 'deferred', tries = d.tries - 1
		WHERE d.tenant_id = v_tenant AND d.deferred_request_id = deferred_request_id AND d.state = 'running'
			AND d.process <> 'deferred';
		IF FOUND THEN
			PERFORM voiceagent_private.poke('deferred');
			RETURN true;
		END IF;
	END IF;
	UPDATE voiceagent_private.deferred_requests d
	SET state = 'done', request = NULL, body = NULL, ended_at = voiceagent.clock(), status = status, answer = answer
	WHERE d.tenant_id = v_tenant AND d.deferred_request_id = deferred_request_id AND d.state = 'running'
	RETURNING d.function_name INTO v_function;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.log_event('request_answered', NULL, NULL, NULL, jsonb_build_object(
		'deferred_request_id', deferred_request_id, 'function', v_function, 'status', status));
	PERFORM voiceagent_private.forget_old_answers();
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_deferred(bigint, integer, text) IS
	E'Keeps the answer of a deferred request of the current tenant, in the transaction that did what it says.\n'
	'One that took too long for its process goes to the process deferred instead. false: it was cancelled meanwhile, '
	'and what it did is to be rolled back.';

SELECT voiceagent_private.make_forgetting('forget_deferred', 'voiceagent_private.deferred_requests', 'ended_at');

CREATE FUNCTION voiceagent.deferred_request(deferred_request_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.deferred_requests;
BEGIN
	SELECT d.* INTO v FROM voiceagent_private.deferred_requests d
	WHERE d.tenant_id = voiceagent.current_tenant()
		AND d.deferred_request_id = deferred_request.deferred_request_id
		AND d.asked_by = voiceagent_private.actor();
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such request of yours', NULL,
		'A request is forgotten a day after its answer, or behind later ones.');
	RETURN jsonb_build_object('deferred_request_id', v.deferred_request_id, 'function', v.function_name,
		'state', v.state, 'created_at', v.created_at, 'began_at', v.began_at, 'ended_at', v.ended_at,
		'status', v.status, 'answer', nullif(v.answer, '')::jsonb);
END
$$;
COMMENT ON FUNCTION voiceagent.deferred_request(bigint) IS
	E'How far a request is that was answered 202: state (waiting, running, done, canceled), times, and, when it is '
	'done, the status and the answer that it would have had.\n'
	'Only for whoever asked; kept for a day, behind deferred_requests_max later ones no longer. PT404.';

CREATE FUNCTION voiceagent.cancel_deferred_request(deferred_request_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.deferred_requests;
BEGIN
	PERFORM voiceagent_private.writer_tenant('viewer'), voiceagent.deferred_request(deferred_request_id);
	SELECT d.* INTO v FROM voiceagent_private.deferred_requests d
	WHERE d.tenant_id = voiceagent.current_tenant()
		AND d.deferred_request_id = cancel_deferred_request.deferred_request_id
		AND d.asked_by = voiceagent_private.actor()
	FOR UPDATE;
	PERFORM voiceagent_private.fail_if(v.state IS NULL OR v.state NOT IN ('waiting', 'running'), 'PT409',
		format('this request is %s', coalesce(v.state, 'over')));
	UPDATE voiceagent_private.deferred_requests d
	SET state = 'canceled', request = NULL, body = NULL, ended_at = voiceagent.clock()
	WHERE d.tenant_id = v.tenant_id AND d.deferred_request_id = v.deferred_request_id;
	PERFORM voiceagent_private.forget_old_answers();
	-- Its process cannot leave it before this commit: its end writes the row that is locked here.
	IF v.state = 'running' THEN
		PERFORM voiceagent_private.cancel_statement(v.process);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.cancel_deferred_request(bigint) IS
	E'Takes back a request that was answered 202 and waits or runs: nothing of it is done.\n'
	'PT404; PT409 for one that is over.';

GRANT USAGE ON SCHEMA voiceagent_private TO voiceagent_api;
GRANT EXECUTE ON FUNCTION voiceagent_private.defer_request(text, jsonb, bytea),
	voiceagent_private.claim_deferred(text), voiceagent_private.end_deferred(bigint, integer, text)
	TO voiceagent_api;
