-- 86_payment: deciding about spending that waits for a person (53_campaign_run/48_approvals.sql has what asks).

CREATE FUNCTION voiceagent_private.lock_approval(approval_id bigint) RETURNS voiceagent.spend_approvals
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.spend_approvals;
BEGIN
	SELECT * INTO v FROM voiceagent.spend_approvals a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.approval_id = lock_approval.approval_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such approval');
	IF v.campaign_id IS NOT NULL THEN
		PERFORM voiceagent_private.lock_campaign(v.campaign_id);
	ELSE
		PERFORM voiceagent_private.lock_order(v.order_id);
	END IF;
	SELECT * INTO v FROM voiceagent.spend_approvals a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.approval_id = lock_approval.approval_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(v.state <> 'waiting', 'PT409', format('the approval is %s already', v.state),
		v.decided_by || coalesce(': ' || v.decision, ''));
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_approval(bigint) IS
	'An approval of the current tenant that waits, locked behind its campaign or order; PT404, PT409 when it is '
	'decided.';

CREATE FUNCTION voiceagent_private.decide_approval(approval voiceagent.spend_approvals, state text, decision text)
	RETURNS void LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.spend_approvals a SET state = decide_approval.state, decision = decide_approval.decision,
		decided_by = CASE WHEN decide_approval.state <> 'expired' THEN voiceagent_private.actor() END,
		decided_at = voiceagent.clock()
	WHERE a.tenant_id = approval.tenant_id AND a.approval_id = approval.approval_id;
	DELETE FROM voiceagent_private.approval_deadlines d
	WHERE d.tenant_id = approval.tenant_id AND d.approval_id = approval.approval_id;
	UPDATE voiceagent.campaigns c
	SET status_reason = CASE WHEN decide_approval.state <> 'approved' THEN voiceagent_private.why('approval.no',
		approval.approval_id::text, decide_approval.state, ': ' || decide_approval.decision) END
	WHERE c.tenant_id = approval.tenant_id AND c.campaign_id = approval.campaign_id;
	IF approval.order_id IS NOT NULL AND state <> 'approved' THEN
		PERFORM voiceagent_private.give_order_up(approval.order_id, format('approval %s is %s%s', approval.approval_id,
			decide_approval.state, ': ' || decide_approval.decision));
	END IF;
	PERFORM voiceagent_private.audit('spending_' || decide_approval.state, 'approval ' || approval.approval_id, NULL,
		jsonb_build_object('kind', approval.kind, 'estimate', approval.estimate, 'decision', decision));
END
$$;
COMMENT ON FUNCTION voiceagent_private.decide_approval(voiceagent.spend_approvals, text, text) IS
	'Writes the decision (approved, rejected, expired) about an approval that the caller has from lock_approval(), and '
	'gives up what does not get it.';

CREATE FUNCTION voiceagent.approve_spending(approval_id bigint, comment text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v voiceagent.spend_approvals := voiceagent_private.lock_approval(approval_id);
BEGIN
	PERFORM voiceagent_private.fail_if(length(comment) > 1000, 'PT422', 'a comment has at most 1000 characters');
	PERFORM voiceagent_private.fail_if(v.expires_at < voiceagent.clock(), 'PT409', 'the approval came too late',
		format('It could be given until %s.',
			to_char(v.expires_at AT TIME ZONE voiceagent_private.tenant_zone(), 'YYYY-MM-DD HH24:MI')),
		'What it was for has to be asked for again.');
	PERFORM voiceagent_private.decide_approval(v, 'approved', comment);
	IF v.kind = 'purchase' THEN
		RETURN (voiceagent_private.place_order(voiceagent_private.lock_order(v.order_id))).state;
	END IF;
	-- Everything is judged anew: the law, the caps, the credits, what the start needs.
	RETURN voiceagent_private.run_campaign(voiceagent_private.lock_campaign(v.campaign_id), 'campaign_started');
END
$$;
COMMENT ON FUNCTION voiceagent.approve_spending(bigint, text) IS
	E'For owners: approves what waits -> the new status of the campaign, which is started now by all rules, or of the '
	'order.\n'
	'An obstacle to the start is raised as by start_campaign(), and the approval still waits. PT404, PT409 when it is '
	'decided already or ran out.';

CREATE FUNCTION voiceagent.reject_spending(approval_id bigint, comment text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v voiceagent.spend_approvals := voiceagent_private.lock_approval(approval_id);
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(btrim(comment), '') = '' OR length(comment) > 1000, 'PT422',
		'a rejection needs a comment of 1 to 1000 characters');
	PERFORM voiceagent_private.decide_approval(v, 'rejected', comment);
END
$$;
COMMENT ON FUNCTION voiceagent.reject_spending(bigint, text) IS
	E'For owners: refuses what waits for an approval; the campaign stays as it is, an order is canceled.\n'
	'PT404, PT409 when it is decided already, PT422 without a comment.';

CREATE FUNCTION voiceagent.decide_spending(tenant_id bigint, approval_id bigint, approve boolean, comment text)
	RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_state text := 'rejected';
BEGIN
	PERFORM voiceagent_private.require_platform('decide about spending');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	IF approve THEN
		v_state := voiceagent.approve_spending(approval_id, comment);
	ELSE
		PERFORM voiceagent.reject_spending(approval_id, comment);
	END IF;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_state;
END
$$;
COMMENT ON FUNCTION voiceagent.decide_spending(bigint, bigint, boolean, text) IS
	E'For the platform''s staff: approve_spending() or reject_spending() of a tenant -> its answer, or rejected.\n'
	'spend_approvals shows the staff what waits at all tenants. Errors as theirs.';

CREATE FUNCTION voiceagent_private.expire_approvals(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_approval bigint;
	a voiceagent.spend_approvals;
BEGIN
	FOR v_approval IN
		SELECT d.approval_id FROM voiceagent_private.approval_deadlines d
		WHERE d.tenant_id = v_tenant AND d.due_at <= v_now ORDER BY d.due_at LIMIT max FOR NO KEY UPDATE SKIP LOCKED
	LOOP
		UPDATE voiceagent_private.approval_deadlines d SET due_at = v_now + interval '1 minute'
		WHERE d.tenant_id = v_tenant AND d.approval_id = v_approval;
		-- Whatever somebody holds of it is left for the next look.
		SELECT * INTO a FROM voiceagent.spend_approvals s
		WHERE s.tenant_id = v_tenant AND s.approval_id = v_approval AND s.state = 'waiting'
		FOR NO KEY UPDATE SKIP LOCKED;
		CONTINUE WHEN NOT FOUND;
		PERFORM FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = a.campaign_id FOR NO KEY UPDATE SKIP LOCKED;
		CONTINUE WHEN NOT FOUND AND a.campaign_id IS NOT NULL;
		PERFORM FROM voiceagent.payment_orders o
		WHERE o.tenant_id = v_tenant AND o.order_id = a.order_id FOR NO KEY UPDATE SKIP LOCKED;
		CONTINUE WHEN NOT FOUND AND a.order_id IS NOT NULL;
		PERFORM voiceagent_private.decide_approval(a, 'expired', 'nobody approved it in time');
	END LOOP;
	-- Due rows that were skipped are locked.
	RETURN CASE WHEN NOT FOUND THEN voiceagent.clock() + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.expire_approvals(integer) IS 'A tenant job: ends approvals not given in time.';
SELECT voiceagent_private.register_tenant_job('expire_approvals', 100, 'approval_deadlines', 'due_at');

CREATE FUNCTION voiceagent_private.waiting_approvals() RETURNS TABLE (kind text, since timestamptz, campaign_id bigint,
	lead_id bigint, call_id bigint, what text, quote text, settle text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT 'approval', a.created_at, a.campaign_id, NULL::bigint, NULL::bigint,
		format('%s of %s credits until %s: %s', a.kind, trim_scale(a.estimate),
			to_char(a.expires_at AT TIME ZONE voiceagent_private.tenant_zone(), 'YYYY-MM-DD HH24:MI'), a.reason),
		NULL::text,
		format('SELECT voiceagent.approve_spending(%1$s); -- or SELECT voiceagent.reject_spending(%1$s, ''why'');',
			a.approval_id)
	FROM voiceagent.spend_approvals a WHERE a.tenant_id = voiceagent.current_tenant() AND a.state = 'waiting';
END
$$;
COMMENT ON FUNCTION voiceagent_private.waiting_approvals() IS
	'Of waiting_things(): spending of the current tenant not approved yet.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('waiting', 'waiting_approvals');
