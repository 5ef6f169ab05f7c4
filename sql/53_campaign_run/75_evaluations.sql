/*
 * 53_campaign_run: the evaluation of audiences, in the process guest.
 *
 * voiceagent_guest has no right to any table but those columns of leads that a
 * condition may name, of the current tenant, and its time zone.  Whatever else
 * an evaluation needs stands behind the few functions here that run as the
 * owner.  A condition runs in evaluate_audience(), which runs as the guest.
 *
 * Locks: a turn is locked briefly, at its claim and when its piece is recorded,
 * and never while a condition runs.
 */

CREATE FUNCTION voiceagent_private.evaluation_tries() RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 3;
COMMENT ON FUNCTION voiceagent_private.evaluation_tries() IS
	'How often a piece of an audience is tried whose evaluation fails as a whole, before the audience is switched off.';

CREATE FUNCTION voiceagent_private.store_piece(audience_id bigint, piece voiceagent_private.audience_piece) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
	UPDATE voiceagent_private.audience_turns t
	SET piece = store_piece.piece, evaluated = true, next_at = voiceagent.clock(),
		tries = CASE WHEN (store_piece.piece).last_lead_id IS NULL THEN t.tries ELSE 0 END
	WHERE t.tenant_id = voiceagent.current_tenant() AND t.audience_id = store_piece.audience_id;
	PERFORM voiceagent_private.request_job('enrol_audiences', '-infinity');
END
$$;
COMMENT ON FUNCTION voiceagent_private.store_piece(bigint, voiceagent_private.audience_piece) IS
	E'Notes what an evaluation of an audience of the current tenant has found, for enrol_audiences().\n'
	'One without a last lead has failed for good.';

CREATE FUNCTION voiceagent_private.evaluation_failed(audience_id bigint, state text, message text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_rest CONSTANT interval := '1 second';
	v_tenant bigint := voiceagent.current_tenant();
	v_tries integer;
BEGIN
	UPDATE voiceagent_private.audience_turns t SET next_at = voiceagent.clock() + c_rest
	WHERE t.tenant_id = v_tenant AND t.audience_id = evaluation_failed.audience_id AND NOT t.evaluated
	RETURNING t.tries INTO v_tries;
	IF v_tries >= voiceagent_private.evaluation_tries() THEN
		PERFORM voiceagent_private.store_piece(audience_id, ROW(NULL, NULL, false,
			voiceagent_private.describe_error(state, 'the audience is switched off: ' || message,
				format('Its condition was tried %s times.', v_tries),
				'Write a simpler condition. Then drop_audience() and create_audience() again.'), 0, 0));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.evaluation_failed(bigint, text, text) IS
	E'Notes that an evaluation of an audience of the current tenant failed as a whole.\n'
	'It is tried again after a second; after evaluation_tries() the audience is switched off, and its tenant told.';

CREATE FUNCTION voiceagent_private.claim_evaluation(after_tenant bigint DEFAULT 0, OUT tenant_id bigint,
	OUT audience_id bigint, OUT spent boolean, OUT next_at timestamptz)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Due again then, in case the process that evaluates it hangs.
	c_lease CONSTANT interval := '1 minute';
	v_now timestamptz := voiceagent.clock();
	v_turn voiceagent_private.audience_turns;
BEGIN
	SELECT t.* INTO v_turn FROM voiceagent_private.audience_turns t
	WHERE NOT t.evaluated AND t.next_at <= v_now
	ORDER BY t.tenant_id <= after_tenant, t.tenant_id, t.next_at LIMIT 1 FOR UPDATE SKIP LOCKED;
	IF FOUND THEN
		tenant_id := v_turn.tenant_id;
		audience_id := v_turn.audience_id;
		spent := v_turn.tries >= voiceagent_private.evaluation_tries();
		UPDATE voiceagent_private.audience_turns t
		SET tries = t.tries + (NOT claim_evaluation.spent)::integer, next_at = v_now + c_lease
		WHERE t.tenant_id = v_turn.tenant_id AND t.audience_id = v_turn.audience_id;
	END IF;
	next_at := (SELECT min(t.next_at) FROM voiceagent_private.audience_turns t
		WHERE NOT t.evaluated AND t.next_at < 'infinity');
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_evaluation(bigint) IS
	E'Of the next tenant behind after_tenant, in turns, the audience that has been due longest, whose try this '
	'counts; NULL: none is.\n'
	'spent: its tries are used up, because they took the process along: evaluation_failed() switches it off. next_at: '
	'when one is\n'
	'due next; NULL: never. Commit, then evaluate_audience().';

CREATE FUNCTION voiceagent_private.recall_evaluations() RETURNS void
	LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	BEGIN ATOMIC
		UPDATE voiceagent_private.audience_turns t SET next_at = voiceagent.clock()
		WHERE NOT t.evaluated AND t.tries > 0;
	END;
COMMENT ON FUNCTION voiceagent_private.recall_evaluations() IS
	'For a guest that starts: makes due at once what its predecessor has claimed and not ended.';

CREATE FUNCTION voiceagent_private.audience_to_evaluate(audience_id bigint, OUT audience voiceagent.audiences,
	OUT after_lead_id bigint)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	BEGIN ATOMIC
		SELECT a, t.after_lead_id FROM voiceagent.audiences a
		JOIN voiceagent_private.audience_turns t ON t.tenant_id = a.tenant_id AND t.audience_id = a.audience_id
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.audience_id = audience_to_evaluate.audience_id;
	END;
COMMENT ON FUNCTION voiceagent_private.audience_to_evaluate(bigint) IS
	'An audience of the current tenant, and behind which lead it goes on; NULL: it was dropped.';

CREATE FUNCTION voiceagent_private.evaluate_audience(audience_id bigint, step integer DEFAULT 5000) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_found record;
	v_piece voiceagent_private.audience_piece;
BEGIN
	SELECT f.* INTO v_found FROM voiceagent_private.audience_to_evaluate(audience_id) f;
	IF (v_found.audience).audience_id IS NOT NULL THEN
		SELECT w.* INTO v_piece FROM voiceagent_private.wanted_leads(v_found.audience, v_found.after_lead_id, step) w;
		PERFORM voiceagent_private.store_piece(audience_id, v_piece);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.evaluate_audience(bigint, integer) IS
	'Evaluates the condition of a claimed audience of the current tenant for up to step more leads, '
	'as wanted_leads() does.';

GRANT USAGE ON SCHEMA voiceagent, voiceagent_private, voiceagent_condition TO voiceagent_guest;
GRANT SELECT (tenant_id, lead_id, phone, extension, first_name, last_name, email, company, country, region, timezones,
	tags, context, priority, status, qualified, call_attempts, last_contacted_at, last_called_at, last_outcome,
	follow_up, batch_id, created_at) ON voiceagent.leads TO voiceagent_guest;
GRANT SELECT (tenant_id, timezone) ON voiceagent.tenants TO voiceagent_guest;
CREATE POLICY guest ON voiceagent.leads FOR SELECT TO voiceagent_guest
	USING (tenant_id = voiceagent_private.policy_tenant());
CREATE POLICY guest ON voiceagent.tenants FOR SELECT TO voiceagent_guest
	USING (tenant_id = voiceagent_private.policy_tenant());
GRANT EXECUTE ON FUNCTION voiceagent.clock(), voiceagent.current_tenant(), voiceagent_private.policy_tenant(),
	voiceagent_private.tenant_zone(), voiceagent_private.use_tenant_zone(), voiceagent_private.check_condition(text),
	voiceagent_private.audience_query(text), voiceagent_private.last_talk(bigint, timestamptz),
	voiceagent_private.describe_error(text, text, text, text),
	voiceagent_private.wanted_leads(voiceagent.audiences, bigint, integer),
		voiceagent_private.evaluate_audience(bigint, integer), voiceagent_private.audience_to_evaluate(bigint),
			voiceagent_private.store_piece(bigint, voiceagent_private.audience_piece),
	voiceagent_private.claim_evaluation(bigint), voiceagent_private.recall_evaluations(),
	voiceagent_private.evaluation_failed(bigint, text, text) TO voiceagent_guest;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA voiceagent_condition TO voiceagent_guest;
