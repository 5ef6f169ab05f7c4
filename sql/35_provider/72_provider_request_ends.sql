/*
 * 35_provider: how provider requests end, and what becomes of those whose effect is uncertain.
 *
 * Such a provider request is `unknown`, and a row of unresolved_provider_requests.  The carrier's
 * list of the account's numbers is looked through three times over ten minutes; any other list
 * that names the number settles it, too.  A request that no list can settle waits for a person:
 * resolve_provider_request().
 */

CREATE TABLE voiceagent.unresolved_provider_requests (
	tenant_id bigint NOT NULL,
	provider_request_id bigint NOT NULL,
	kind text NOT NULL,
	provider_account_id bigint NOT NULL,
	phone_number_id bigint,
	reason text NOT NULL,
	hint text NOT NULL,
	looking boolean NOT NULL,
	since timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, provider_request_id)
);
COMMENT ON TABLE voiceagent.unresolved_provider_requests IS
	E'Purchases, releases and the like that may or may not have happened: never sent again.\n'
	'Looking at the carrier''s list settles most of them; resolve_provider_request() the others. A request that '
	'is settled leaves the table.';
COMMENT ON COLUMN voiceagent.unresolved_provider_requests.kind IS
	'buy_number, release_number, create_number, create_credential or create_assistant.';
COMMENT ON COLUMN voiceagent.unresolved_provider_requests.phone_number_id IS 'The number that it is about.';
COMMENT ON COLUMN voiceagent.unresolved_provider_requests.reason IS 'Why it is unknown.';
COMMENT ON COLUMN voiceagent.unresolved_provider_requests.hint IS 'The next step, or a person''s task.';
COMMENT ON COLUMN voiceagent.unresolved_provider_requests.looking IS
	'True: the carrier''s list is being looked through, and there is nothing to do yet.';
COMMENT ON COLUMN voiceagent.unresolved_provider_requests.since IS 'Since when.';
SELECT voiceagent_private.guard_table('voiceagent.unresolved_provider_requests', 'tenant');

CREATE FUNCTION voiceagent_private.end_provider_request(provider_request_id bigint, state text, result jsonb,
	error text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.provider_requests;
BEGIN
	UPDATE voiceagent.provider_requests e
	SET state = end_provider_request.state, result = coalesce(end_provider_request.result, e.result),
		error = left(end_provider_request.error, 1000),
		next_at = NULL, done_at = voiceagent.clock()
	WHERE e.tenant_id = v_tenant AND e.provider_request_id = end_provider_request.provider_request_id
		AND e.state NOT IN ('done', 'failed')
	RETURNING e.* INTO v;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	DELETE FROM voiceagent_private.provider_request_queue q
	WHERE q.tenant_id = v_tenant AND q.provider_request_id = end_provider_request.provider_request_id;
	IF v.request_data ? 'reconciles' THEN
		PERFORM voiceagent_private.settle_provider_request(v);
		RETURN;
	END IF;
	-- No list tells of a text: its reports do.
	IF v.state = 'unknown' AND v.kind <> 'send_text' THEN
		INSERT INTO voiceagent.unresolved_provider_requests (tenant_id, provider_request_id, kind, provider_account_id,
			phone_number_id, reason, hint, looking, since)
		VALUES (v_tenant, v.provider_request_id, v.kind, v.provider_account_id, v.phone_number_id,
			coalesce(v.error, 'the carrier''s answer was lost'), '', true, v.done_at)
		ON CONFLICT DO NOTHING;
		IF FOUND THEN
			PERFORM voiceagent_private.log_event('provider_request_unknown', NULL, NULL, NULL,
				jsonb_strip_nulls(jsonb_build_object('provider_request_id', v.provider_request_id, 'kind', v.kind,
					'provider_account_id', v.provider_account_id, 'phone_number_id', v.phone_number_id)));
			PERFORM voiceagent_private.look_up_provider_request(v.provider_request_id, 1);
		END IF;
	ELSE
		DELETE FROM voiceagent.unresolved_provider_requests u
		WHERE u.tenant_id = v_tenant AND u.provider_request_id = end_provider_request.provider_request_id;
	END IF;
	PERFORM voiceagent_private.on_provider_request_done(v);
	IF v.kind = 'list_numbers' AND v.state = 'done' THEN
		PERFORM voiceagent_private.settle_listed(v);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_provider_request(bigint, text, jsonb, text) IS
	E'A provider request of the current tenant ends: done, failed or unknown, with the carrier''s answer '
	'and what went wrong.\n'
	'One that has ended stays as it is; one that is unknown can still become done or failed.';

CREATE FUNCTION voiceagent_private.list_pages() RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 1000;
COMMENT ON FUNCTION voiceagent_private.list_pages() IS
	'Pages of a carrier''s list of numbers that are asked for: one that has more has no end.';

CREATE FUNCTION voiceagent_private.provider_request_is_listed(provider_request voiceagent.provider_requests)
	RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- A list says nothing of what has no number; an assistant is found by our reference.
	RETURN provider_request.kind <> 'create_credential'
		AND (provider_request.request_data ?| '{number,number_id,kept_ref}')
		AND voiceagent_private.driver_can((SELECT a.provider FROM voiceagent.provider_accounts a
			WHERE a.tenant_id = provider_request.tenant_id
				AND a.provider_account_id = provider_request.provider_account_id),
			CASE provider_request.kind WHEN 'create_assistant' THEN 'find_assistant' ELSE 'list_numbers' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.provider_request_is_listed(voiceagent.provider_requests) IS
	'Whether the carrier''s list of numbers, or of assistants, can tell if such a provider request happened.';

CREATE FUNCTION voiceagent_private.look_up_provider_request(provider_request_id bigint, look integer,
	page text DEFAULT NULL, pages integer DEFAULT 1) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_at timestamptz := voiceagent.clock();
	v voiceagent.provider_requests;
	v_listed boolean;
	c_looks CONSTANT integer := 6;
BEGIN
	SELECT * INTO v FROM voiceagent.provider_requests e
	WHERE e.tenant_id = v_tenant AND e.provider_request_id = look_up_provider_request.provider_request_id;
	v_listed := voiceagent_private.provider_request_is_listed(v) AND look <= c_looks;
	IF v_listed THEN
		-- The first look of a person's asking, 0, is taken at once.
		IF page IS NULL AND look > 0 THEN
			v_at := v_at + voiceagent_private.as_interval(
				voiceagent_private.platform_setting('provider_request_lookup_interval')) * power(4, look - 1);
		END IF;
		PERFORM voiceagent_private.enqueue_provider_request(v.provider_account_id,
			CASE v.kind WHEN 'create_assistant' THEN 'find_assistant' ELSE 'list_numbers' END,
			jsonb_strip_nulls(jsonb_build_object('reconciles', provider_request_id, 'look', look, 'page', page,
				'pages', nullif(pages, 1), 'kept_ref', v.request_data -> 'kept_ref',
				-- Clocks differ.
				'created_from', CASE WHEN v.kind = 'create_assistant' THEN to_char((v.created_at - interval '1 hour')
					AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END)), not_before => v_at);
	END IF;
	UPDATE voiceagent.unresolved_provider_requests u
	SET looking = v_listed, hint = CASE WHEN v_listed THEN 'The carrier''s list is looked through.'
		ELSE format('Look in the carrier''s console whether it happened, then say so: '
			'SELECT voiceagent.resolve_provider_request(%s, true), or false%s.',
			provider_request_id, CASE WHEN voiceagent_private.provider_request_is_listed(v) THEN
				'; without an answer the carrier''s list is looked through again' ELSE '' END) END
	WHERE u.tenant_id = v_tenant AND u.provider_request_id = look_up_provider_request.provider_request_id;
	RETURN v_listed;
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_up_provider_request(bigint, integer, text, integer) IS
	E'Asks the carrier for its list of the account''s numbers, to see what became of an unknown provider request: the '
	'first look after the setting provider_request_lookup_interval, later ones each four times as late, six at most.\n'
	'False where the carrier has no list, the provider request names no number, or enough was looked: then '
	'it waits for a person.';

CREATE FUNCTION voiceagent_private.settle_provider_request(list voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_look integer := coalesce((list.request_data ->> 'look')::integer, 1);
	v_pages integer := coalesce((list.request_data ->> 'pages')::integer, 1);
	v voiceagent.provider_requests;
	v_number jsonb;
	c_looks CONSTANT integer := 3;
BEGIN
	SELECT * INTO v FROM voiceagent.provider_requests e
	WHERE e.tenant_id = v_tenant AND e.provider_request_id = (list.request_data ->> 'reconciles')::bigint
	FOR NO KEY UPDATE;
	IF NOT FOUND OR v.state <> 'unknown' OR NOT v.request_data ?| '{number,number_id,kept_ref}' THEN
		RETURN;
	ELSIF list.state <> 'done' OR v_pages > voiceagent_private.list_pages() THEN
		PERFORM voiceagent_private.look_up_provider_request(v.provider_request_id, v_look + 1);
		RETURN;
	END IF;
	IF v.kind = 'create_assistant' THEN
		v_number := CASE WHEN list.result ? 'carrier_assistant_id' THEN list.result END;
	ELSE
		SELECT n INTO v_number FROM jsonb_array_elements(list.result -> 'numbers') n
		WHERE n ->> 'number' = v.request_data ->> 'number'
			OR n ->> 'number_id' = v.request_data ->> 'number_id' LIMIT 1;
	END IF;
	IF v_number IS NULL AND list.result ? 'next_page' THEN
		PERFORM voiceagent_private.look_up_provider_request(v.provider_request_id, v_look, list.result ->> 'next_page',
			v_pages + 1);
	ELSIF (v_number IS NULL) = (v.kind = 'release_number') THEN
		PERFORM voiceagent_private.end_provider_request(v.provider_request_id, 'done',
			coalesce(v.result, '{}') || jsonb_strip_nulls(
				jsonb_build_object('kind', 'accepted', 'number_id', v_number ->> 'number_id',
					'carrier_assistant_id', v_number ->> 'carrier_assistant_id')), NULL);
	ELSIF v_look < c_looks THEN
		PERFORM voiceagent_private.look_up_provider_request(v.provider_request_id, v_look + 1);
	ELSE
		PERFORM voiceagent_private.end_provider_request(v.provider_request_id, 'failed', NULL,
			CASE WHEN v.kind = 'release_number'
				THEN 'it did not arrive: the carrier still has the number'
				WHEN v.kind = 'create_assistant' THEN 'it did not arrive: the carrier does not have the assistant'
				ELSE 'it did not arrive: the carrier does not have the number' END);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_provider_request(voiceagent.provider_requests) IS
	'Settles an unknown provider request by a list of the account''s numbers that look_up_provider_request() asked '
	'for: it happened, or it did not, when three looks over ten minutes agree.';

CREATE FUNCTION voiceagent_private.settle_listed(list voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT u.provider_request_id, n.number
		FROM voiceagent.unresolved_provider_requests u
		CROSS JOIN LATERAL (SELECT o.request_data, o.result FROM voiceagent.provider_requests o
			WHERE o.tenant_id = u.tenant_id AND o.provider_request_id = u.provider_request_id FOR NO KEY UPDATE) e
		CROSS JOIN LATERAL (SELECT coalesce(e.result, '{}')
			|| jsonb_strip_nulls(jsonb_build_object('kind', 'accepted', 'number_id', x ->> 'number_id')) AS number
			FROM jsonb_array_elements(list.result -> 'numbers') x
			WHERE x ->> 'number' = e.request_data ->> 'number' LIMIT 1) n
		WHERE u.tenant_id = list.tenant_id AND u.provider_account_id = list.provider_account_id
			AND u.kind IN ('buy_number', 'create_number')
		ORDER BY u.provider_request_id
	LOOP
		PERFORM voiceagent_private.end_provider_request(v.provider_request_id, 'done', v.number, NULL);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_listed(voiceagent.provider_requests) IS
	'A list that was asked for otherwise (import_numbers(), check_phone_number()) names numbers: those whose purchase '
	'was unknown have been bought.';

/* ----- what a person says ----- */

CREATE FUNCTION voiceagent.resolve_provider_request(provider_request_id bigint, happened boolean DEFAULT NULL,
	carrier_ref text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_id text := nullif(btrim(carrier_ref), '');
	v voiceagent.provider_requests;
BEGIN
	SELECT * INTO v FROM voiceagent.provider_requests e
	WHERE e.tenant_id = v_tenant AND e.provider_request_id = resolve_provider_request.provider_request_id
		AND e.state = 'unknown' FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'this provider request is not unresolved', NULL,
		'The table voiceagent.unresolved_provider_requests lists those that are.');
	PERFORM voiceagent_private.fail_if(length(v_id) > 200, 'PT422', 'a carrier''s id has at most 200 characters');
	PERFORM voiceagent_private.fail_if(
		happened AND v_id IS NULL AND v.kind IN ('create_number', 'create_credential', 'create_assistant'), 'PT422',
		'name the carrier''s id of what was made, too', NULL, 'Its console shows it: carrier_ref.');
	PERFORM voiceagent_private.fail_if(happened IS NULL AND NOT voiceagent_private.provider_request_is_listed(v),
		'PT422', 'say whether it happened: true or false', NULL, 'The carrier''s list of numbers does not tell.');
	PERFORM voiceagent_private.audit('resolve_provider_request', 'provider request ' || v.provider_request_id, NULL,
		jsonb_strip_nulls(jsonb_build_object('kind', v.kind,
			'happened', happened, 'carrier_ref', v_id)));
	IF happened IS NULL THEN
		PERFORM voiceagent_private.look_up_provider_request(v.provider_request_id, 0);
		RETURN 'looking';
	ELSIF happened THEN
		PERFORM voiceagent_private.end_provider_request(v.provider_request_id,
			'done', coalesce(v.result, '{}') || jsonb_strip_nulls(jsonb_build_object('kind', 'accepted',
				'resolved', true, CASE v.kind WHEN 'create_credential' THEN 'credential_id'
					WHEN 'create_assistant' THEN 'carrier_assistant_id' ELSE 'number_id' END,
				v_id)), NULL);
		RETURN 'done';
	END IF;
	PERFORM voiceagent_private.end_provider_request(v.provider_request_id, 'failed', NULL,
		'it did not happen, somebody says who has looked');
	RETURN 'failed';
END
$$;
COMMENT ON FUNCTION voiceagent.resolve_provider_request(bigint, boolean, text) IS
	E'Records whether a provider request in unresolved_provider_requests happened, as the carrier''s own console '
	'shows it.\n'
	'happened: NULL has the carrier''s list of numbers looked through again, now; carrier_ref: the carrier''s id of '
	'what was made. It returns done, failed or looking; only for owners (PT403); PT404 when it is not unresolved, '
	'PT422 for an answer that does not suffice.';
