-- 96_console: what the staff allows a tenant on real carriers, and what an owner asks of it (50_queue).

CREATE FUNCTION voiceagent.set_tenant_standing(tenant_id bigint, standing text, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_reason text;
	v_old voiceagent.tenants;
BEGIN
	PERFORM voiceagent_private.require_platform('judge a tenant');
	PERFORM voiceagent_private.fail_if(standing IS NULL OR standing NOT IN ('new', 'asked', 'verified', 'refused'),
		'PT422', 'a tenant is new, asked, verified or refused');
	v_reason := voiceagent_private.ticket_words('the reason', reason, 500);
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	SELECT t.* INTO v_old FROM voiceagent.tenants t
	WHERE t.tenant_id = set_tenant_standing.tenant_id FOR NO KEY UPDATE;
	UPDATE voiceagent.tenants t SET standing = set_tenant_standing.standing, standing_reason = v_reason, braked = NULL,
		brake_ended_at = CASE WHEN t.braked IS NULL THEN t.brake_ended_at ELSE voiceagent.clock() END
	WHERE t.tenant_id = set_tenant_standing.tenant_id;
	PERFORM voiceagent_private.audit('set_tenant_standing', 'tenant ' || tenant_id, jsonb_build_object('standing',
		v_old.standing, 'reason', v_old.standing_reason, 'braked', v_old.braked),
		jsonb_build_object('standing', standing, 'reason', v_reason));
	PERFORM voiceagent_private.log_event('standing_changed', NULL, NULL, NULL,
		jsonb_build_object('standing', standing, 'was', v_old.standing, 'reason', v_reason));
	PERFORM voiceagent_private.end_platform_holds();
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.set_tenant_standing(bigint, text, text) IS
	E'Says what a tenant may do on real carriers: verified, all; new and asked, a little a day; refused, nothing.\n'
	'The tenant reads it, with the reason. Ends a brake on opt-outs, too. For the platform (42501); PT404, PT422.';

CREATE FUNCTION voiceagent.ask_for_verification(details text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_details text := voiceagent_private.ticket_words('the details', details, 20000);
	v_standing text;
BEGIN
	SELECT t.standing INTO v_standing FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(v_standing IN ('asked', 'verified'), 'PT409',
		CASE v_standing WHEN 'asked' THEN 'the platform was asked already' ELSE 'this business is verified' END);
	-- One that was refused asks by its ticket alone.
	UPDATE voiceagent.tenants t SET standing = 'asked' WHERE t.tenant_id = v_tenant AND t.standing = 'new';
	PERFORM voiceagent_private.audit('ask_for_verification', 'tenant ' || v_tenant, to_jsonb(v_standing), NULL);
	RETURN voiceagent_private.add_ticket('account', 'normal', 'Verification', v_details, 'en');
END
$$;
COMMENT ON FUNCTION voiceagent.ask_for_verification(text) IS
	E'An owner asks the platform to verify the tenant -> the ticket that staff answers.\n'
	'details: who the business is and whom it calls, at most 20000 characters. PT409: it is verified, or has asked.';

CREATE FUNCTION voiceagent.set_stop_phrase(phrase text, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_phrase text := btrim(voiceagent_private.fold_wording(left(phrase, 300)));
	v_old text;
BEGIN
	PERFORM voiceagent_private.require_platform('change the stop list');
	PERFORM voiceagent_private.fail_if(coalesce(length(v_phrase), 0) NOT BETWEEN 2 AND 200, 'PT422',
		'a phrase has 2 to 200 letters, digits and blanks');
	DELETE FROM voiceagent_private.stop_phrases s WHERE s.phrase = v_phrase RETURNING s.reason INTO v_old;
	IF reason IS NOT NULL THEN
		PERFORM voiceagent_private.fail_if(v_old IS NULL
			AND (SELECT count(*) >= 1000 FROM voiceagent_private.stop_phrases), 'PT409', 'the stop list is full');
		INSERT INTO voiceagent_private.stop_phrases (phrase, reason)
		VALUES (v_phrase, voiceagent_private.ticket_words('the reason', reason, 300));
	ELSE
		PERFORM voiceagent_private.fail_if(v_old IS NULL, 'PT404', 'the stop list has no such phrase');
	END IF;
	PERFORM voiceagent_private.audit_platform('set_stop_phrase', v_phrase, to_jsonb(v_old), to_jsonb(reason));
END
$$;
COMMENT ON FUNCTION voiceagent.set_stop_phrase(text, text) IS
	E'Puts a phrase on the stop list, so that real campaigns with it wait for allow_wording(); NULL: takes it off.\n'
	'For the platform (42501); PT404, PT422, PT409 for more than 1000.';

CREATE FUNCTION voiceagent.list_stop_phrases() RETURNS TABLE (phrase text, reason text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('read the stop list');
	RETURN QUERY SELECT s.phrase, s.reason FROM voiceagent_private.stop_phrases s ORDER BY s.phrase;
END
$$;
COMMENT ON FUNCTION voiceagent.list_stop_phrases() IS 'The stop list, for the platform alone (42501).';

CREATE FUNCTION voiceagent.allow_wording(tenant_id bigint, campaign_id bigint, comment text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_comment text;
	v_words text;
	v_reason text;
BEGIN
	PERFORM voiceagent_private.require_platform('allow wording');
	v_comment := voiceagent_private.ticket_words('the comment', comment, 500);
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	v_words := voiceagent_private.campaign_wording(campaign_id);
	PERFORM voiceagent_private.fail_if(v_words IS NULL, 'PT404', 'no such campaign');
	v_reason := voiceagent_private.held_wording(campaign_id);
	PERFORM voiceagent_private.fail_if(v_reason IS NULL, 'PT409', 'the stop list does not hold this campaign back');
	INSERT INTO voiceagent_private.allowed_wordings (tenant_id, campaign_id, hash)
	VALUES (allow_wording.tenant_id, allow_wording.campaign_id, sha256(convert_to(v_words, 'UTF8')))
	ON CONFLICT ON CONSTRAINT allowed_wordings_pkey DO UPDATE SET hash = excluded.hash;
	PERFORM voiceagent_private.audit('allow_wording', 'campaign ' || campaign_id, to_jsonb(v_reason),
		to_jsonb(v_comment));
	PERFORM voiceagent_private.end_platform_holds();
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.allow_wording(bigint, bigint, text) IS
	E'Lets a campaign that the stop list holds back say what it says now; another wording is judged anew.\n'
	'For the platform (42501); PT404, PT409 for one that is not held back, PT422 without a comment.';

CREATE FUNCTION voiceagent.resume_real_calls(comment text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_comment text := voiceagent_private.ticket_words('the comment', comment, 500);
	v_braked text;
BEGIN
	SELECT t.braked INTO v_braked FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(v_braked IS NULL, 'PT409', 'the real calls of this business are not paused');
	UPDATE voiceagent.tenants t SET braked = NULL, brake_ended_at = voiceagent.clock() WHERE t.tenant_id = v_tenant;
	PERFORM voiceagent_private.audit('resume_real_calls', 'tenant ' || v_tenant, to_jsonb(v_braked),
		to_jsonb(v_comment));
	PERFORM voiceagent_private.end_platform_holds();
END
$$;
COMMENT ON FUNCTION voiceagent.resume_real_calls(text) IS
	E'An owner lets real calls go on that the platform paused because of opt-outs; calls count anew from now on.\n'
	'PT409: they are not paused; PT422 without a comment.';

CREATE FUNCTION voiceagent_private.waiting_for_platform()
	RETURNS TABLE (kind text, since timestamptz, campaign_id bigint, lead_id bigint, call_id bigint, what text,
		quote text, settle text)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT 'campaign', c.started_at, c.campaign_id, NULL::bigint, NULL::bigint,
		format('%s: %s', c.name, p.suspended), NULL::text,
		CASE WHEN p.suspended LIKE 'the platform paused%'
				THEN 'SELECT voiceagent.resume_real_calls(''what was done about it'');'
			WHEN p.suspended LIKE '% what is said: %'
				THEN format('SELECT voiceagent.explain_campaign(%s);', c.campaign_id)
			ELSE 'SELECT voiceagent.ask_for_verification(''who you are, and whom you call'');' END
	FROM voiceagent_private.pacing p
	JOIN voiceagent.campaigns c ON c.tenant_id = p.tenant_id AND c.campaign_id = p.campaign_id AND c.status = 'running'
	WHERE p.tenant_id = voiceagent.current_tenant() AND p.suspended LIKE 'the platform %';
END
$$;
COMMENT ON FUNCTION voiceagent_private.waiting_for_platform() IS
	'Of waiting_things(): campaigns of the current tenant that the platform holds back.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('waiting', 'waiting_for_platform');
