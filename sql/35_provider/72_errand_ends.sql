/*
 * 35_provider: how errands end, and what becomes of those of which nobody can
 * tell whether they happened.
 *
 * Such an errand is `unknown`, and a row of unresolved_errands.  The carrier's
 * list of the account's numbers is looked through three times over ten
 * minutes; any other list that names the number settles it, too.  What no list
 * can settle waits for a person: resolve_errand().
 */

INSERT INTO voiceagent_private.setting_definitions
	(key, kind, default_value, unit, minimum, maximum, levels, scaled, description) VALUES
	('errand_look_interval', 'interval', '30 seconds', 'interval', '100 milliseconds', '1 hour', '{platform}', false,
	 'How long after a purchase (or release) whose answer was lost the carrier''s list of numbers is first looked at; each later look waits four times as long');

CREATE TABLE voiceagent.unresolved_errands (
	tenant_id bigint NOT NULL,
	errand_id bigint NOT NULL,
	kind text NOT NULL,
	provider_account_id bigint NOT NULL,
	phone_number_id bigint,
	reason text NOT NULL,
	hint text NOT NULL,
	looking boolean NOT NULL,
	since timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, errand_id)
);
COMMENT ON TABLE voiceagent.unresolved_errands IS
	'Purchases, releases and the like of which nobody can tell whether they happened: never sent again. Looking at the carrier''s list settles most of them; resolve_errand() the others. What is settled leaves.';
COMMENT ON COLUMN voiceagent.unresolved_errands.kind IS 'buy_number, release_number, create_number or create_credential.';
COMMENT ON COLUMN voiceagent.unresolved_errands.phone_number_id IS 'The number that it is about.';
COMMENT ON COLUMN voiceagent.unresolved_errands.reason IS 'Why it cannot be told.';
COMMENT ON COLUMN voiceagent.unresolved_errands.hint IS 'What happens next, or what a person is to do.';
COMMENT ON COLUMN voiceagent.unresolved_errands.looking IS 'True: the carrier''s list is being looked through, and nobody need do anything yet.';
COMMENT ON COLUMN voiceagent.unresolved_errands.since IS 'Since when.';
SELECT voiceagent_private.guard_table('voiceagent.unresolved_errands', 'tenant');

CREATE FUNCTION voiceagent_private.end_errand(errand_id bigint, state text, result jsonb, error text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.errands;
BEGIN
	UPDATE voiceagent.errands e
	SET state = end_errand.state, result = coalesce(end_errand.result, e.result), error = left(end_errand.error, 1000),
		next_at = NULL, done_at = voiceagent.clock()
	WHERE e.tenant_id = v_tenant AND e.errand_id = end_errand.errand_id AND e.state NOT IN ('done', 'failed')
	RETURNING e.* INTO v;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	DELETE FROM voiceagent_private.errand_queue q WHERE q.tenant_id = v_tenant AND q.errand_id = end_errand.errand_id;
	IF v.order_data ? 'reconciles' THEN
		PERFORM voiceagent_private.settle_errand(v);
		RETURN;
	END IF;
	IF v.state = 'unknown' THEN
		PERFORM voiceagent_private.note_unknown_errand(v);
	ELSE
		DELETE FROM voiceagent.unresolved_errands u WHERE u.tenant_id = v_tenant AND u.errand_id = end_errand.errand_id;
	END IF;
	PERFORM voiceagent_private.errand_done(v);
	IF v.kind = 'list_numbers' AND v.state = 'done' THEN
		PERFORM voiceagent_private.settle_listed(v);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_errand(bigint, text, jsonb, text) IS
	'An errand of the acting tenant ends: done, failed or unknown, with the carrier''s answer and what went wrong. One that has ended stays as it is; one that is unknown can still become done or failed.';

CREATE FUNCTION voiceagent_private.note_unknown_errand(errand voiceagent.errands) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO voiceagent.unresolved_errands (tenant_id, errand_id, kind, provider_account_id, phone_number_id, reason, hint, looking, since)
	VALUES (errand.tenant_id, errand.errand_id, errand.kind, errand.provider_account_id, errand.phone_number_id,
		coalesce(errand.error, 'the carrier''s answer was lost'), '', true, errand.done_at)
	ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.log_event('errand_unknown', NULL, NULL, NULL, jsonb_strip_nulls(jsonb_build_object('errand_id', errand.errand_id,
		'kind', errand.kind, 'provider_account_id', errand.provider_account_id, 'phone_number_id', errand.phone_number_id)));
	PERFORM voiceagent_private.look_for_errand(errand.errand_id, 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_unknown_errand(voiceagent.errands) IS
	'Nobody can tell whether an errand of the acting tenant happened: it is shown, an event says so, and the carrier''s list is looked at where that can settle it.';

CREATE FUNCTION voiceagent_private.list_pages() RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 1000;
COMMENT ON FUNCTION voiceagent_private.list_pages() IS 'Pages of a carrier''s list of numbers that are asked for: one that has more has no end.';

CREATE FUNCTION voiceagent_private.errand_is_listed(errand voiceagent.errands) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- A list says nothing of what has no number.
	RETURN errand.kind <> 'create_credential' AND (errand.order_data ? 'number' OR errand.order_data ? 'number_id')
		AND voiceagent_private.dialect_can((SELECT a.provider FROM voiceagent.provider_accounts a
			WHERE a.tenant_id = errand.tenant_id AND a.provider_account_id = errand.provider_account_id), 'list_numbers');
END
$$;
COMMENT ON FUNCTION voiceagent_private.errand_is_listed(voiceagent.errands) IS
	'Whether the carrier''s list of numbers can tell if such an errand happened.';

CREATE FUNCTION voiceagent_private.look_for_errand(errand_id bigint, look integer, page text DEFAULT NULL, pages integer DEFAULT 1) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_at timestamptz := voiceagent.clock();
	v voiceagent.errands;
	v_listed boolean;
	c_looks CONSTANT integer := 6;
BEGIN
	SELECT * INTO v FROM voiceagent.errands e WHERE e.tenant_id = v_tenant AND e.errand_id = look_for_errand.errand_id;
	v_listed := voiceagent_private.errand_is_listed(v) AND look <= c_looks;
	IF v_listed THEN
		-- The first look of a person's asking, 0, is taken at once.
		IF page IS NULL AND look > 0 THEN
			v_at := v_at + voiceagent_private.as_interval(voiceagent_private.platform_setting('errand_look_interval')) * power(4, look - 1);
		END IF;
		PERFORM voiceagent_private.enqueue_errand(v.provider_account_id, 'list_numbers',
			jsonb_strip_nulls(jsonb_build_object('reconciles', errand_id, 'look', look, 'page', page, 'pages', nullif(pages, 1))), not_before => v_at);
	END IF;
	UPDATE voiceagent.unresolved_errands u
	SET looking = v_listed, hint = CASE WHEN v_listed THEN 'The carrier''s list of numbers is looked through.'
		ELSE format('Look in the carrier''s console whether it happened, then say so: SELECT voiceagent.resolve_errand(%s, true), or false%s.',
			errand_id, CASE WHEN voiceagent_private.errand_is_listed(v) THEN '; without an answer the carrier''s list is looked through again' ELSE '' END) END
	WHERE u.tenant_id = v_tenant AND u.errand_id = look_for_errand.errand_id;
	RETURN v_listed;
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_for_errand(bigint, integer, text, integer) IS
	'Asks the carrier for its list of the account''s numbers, to see what became of an unknown errand: the first look after the setting errand_look_interval, later ones each four times as late, six at most. False where the carrier has no list, the errand names no number, or enough was looked: then it waits for a person.';

CREATE FUNCTION voiceagent_private.settle_errand(list voiceagent.errands) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_look integer := coalesce((list.order_data ->> 'look')::integer, 1);
	v_pages integer := coalesce((list.order_data ->> 'pages')::integer, 1);
	v voiceagent.errands;
	v_number jsonb;
	c_looks CONSTANT integer := 3;
BEGIN
	SELECT * INTO v FROM voiceagent.errands e
	WHERE e.tenant_id = v_tenant AND e.errand_id = (list.order_data ->> 'reconciles')::bigint FOR NO KEY UPDATE;
	IF NOT FOUND OR v.state <> 'unknown' OR coalesce(v.order_data ->> 'number', v.order_data ->> 'number_id') IS NULL THEN
		RETURN;
	ELSIF list.state <> 'done' OR v_pages > voiceagent_private.list_pages() THEN
		PERFORM voiceagent_private.look_for_errand(v.errand_id, v_look + 1);
		RETURN;
	END IF;
	SELECT n INTO v_number FROM jsonb_array_elements(list.result -> 'numbers') n
	WHERE n ->> 'number' = v.order_data ->> 'number' OR n ->> 'number_id' = v.order_data ->> 'number_id' LIMIT 1;
	IF v_number IS NULL AND list.result ? 'next_page' THEN
		PERFORM voiceagent_private.look_for_errand(v.errand_id, v_look, list.result ->> 'next_page', v_pages + 1);
	ELSIF (v_number IS NULL) = (v.kind = 'release_number') THEN
		PERFORM voiceagent_private.end_errand(v.errand_id, 'done',
			coalesce(v.result, '{}') || jsonb_strip_nulls(jsonb_build_object('kind', 'accepted', 'number_id', v_number ->> 'number_id')), NULL);
	ELSIF v_look < c_looks THEN
		PERFORM voiceagent_private.look_for_errand(v.errand_id, v_look + 1);
	ELSE
		PERFORM voiceagent_private.end_errand(v.errand_id, 'failed', NULL, CASE WHEN v.kind = 'release_number'
			THEN 'it did not arrive: the carrier still has the number' ELSE 'it did not arrive: the carrier does not have the number' END);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_errand(voiceagent.errands) IS
	'What a list of the account''s numbers, asked for by look_for_errand(), says of the unknown errand: it happened; it did not, when three looks over ten minutes agree.';

CREATE FUNCTION voiceagent_private.settle_listed(list voiceagent.errands) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT u.errand_id, n.number
		FROM voiceagent.unresolved_errands u
		CROSS JOIN LATERAL (SELECT o.order_data, o.result FROM voiceagent.errands o
			WHERE o.tenant_id = u.tenant_id AND o.errand_id = u.errand_id FOR NO KEY UPDATE) e
		CROSS JOIN LATERAL (SELECT coalesce(e.result, '{}') || jsonb_strip_nulls(jsonb_build_object('kind', 'accepted', 'number_id', x ->> 'number_id')) AS number
			FROM jsonb_array_elements(list.result -> 'numbers') x WHERE x ->> 'number' = e.order_data ->> 'number' LIMIT 1) n
		WHERE u.tenant_id = list.tenant_id AND u.provider_account_id = list.provider_account_id AND u.kind IN ('buy_number', 'create_number')
		ORDER BY u.errand_id
	LOOP
		PERFORM voiceagent_private.end_errand(v.errand_id, 'done', v.number, NULL);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_listed(voiceagent.errands) IS
	'A list that was asked for otherwise (import_numbers(), check_phone_number()) names numbers: those whose purchase was unknown have been bought.';

/* ----- what a person says ----- */

CREATE FUNCTION voiceagent.resolve_errand(errand_id bigint, happened boolean DEFAULT NULL, carrier_ref text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_id text := nullif(btrim(carrier_ref), '');
	v voiceagent.errands;
BEGIN
	SELECT * INTO v FROM voiceagent.errands e
	WHERE e.tenant_id = v_tenant AND e.errand_id = resolve_errand.errand_id AND e.state = 'unknown' FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.fail('PT404', 'this errand is not unresolved', NULL,
			'The table voiceagent.unresolved_errands lists those that are.');
	ELSIF length(v_id) > 200 THEN
		PERFORM voiceagent_private.fail('PT422', 'a carrier''s id has at most 200 characters');
	ELSIF happened AND v_id IS NULL AND v.kind IN ('create_number', 'create_credential') THEN
		PERFORM voiceagent_private.fail('PT422', 'name the carrier''s id of what was made, too', NULL, 'Its console shows it: carrier_ref.');
	ELSIF happened IS NULL AND NOT voiceagent_private.errand_is_listed(v) THEN
		PERFORM voiceagent_private.fail('PT422', 'say whether it happened: true or false', NULL, 'The carrier''s list of numbers does not tell.');
	END IF;
	PERFORM voiceagent_private.audit('resolve_errand', 'errand ' || v.errand_id, NULL, jsonb_strip_nulls(jsonb_build_object('kind', v.kind,
		'happened', happened, 'carrier_ref', v_id)));
	IF happened IS NULL THEN
		PERFORM voiceagent_private.look_for_errand(v.errand_id, 0);
		RETURN 'looking';
	ELSIF happened THEN
		PERFORM voiceagent_private.end_errand(v.errand_id, 'done', coalesce(v.result, '{}') || jsonb_strip_nulls(jsonb_build_object('kind', 'accepted',
			'resolved', true, CASE v.kind WHEN 'create_credential' THEN 'credential_id' ELSE 'number_id' END, v_id)), NULL);
		RETURN 'done';
	END IF;
	PERFORM voiceagent_private.end_errand(v.errand_id, 'failed', NULL, 'it did not happen, somebody says who has looked');
	RETURN 'failed';
END
$$;
COMMENT ON FUNCTION voiceagent.resolve_errand(bigint, boolean, text) IS
	'Says of an errand in unresolved_errands whether it happened, from the carrier''s own console; without an answer the carrier''s list of numbers is looked through again, now. For owners. A number that was bought is asked of the carrier before it is used; of what was made known to a carrier carrier_ref is its id there. Returns done, failed or looking; PT404 when it is not unresolved, PT422 for an answer that does not suffice.';
