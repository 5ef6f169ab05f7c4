/*
 * 50_queue: what the platform holds back on real carriers, whatever its tenants
 * want.  A claim learns from the terms that it remembers (spends_within is NULL)
 * that it must ask; they are made anew after each change of what decides.
 */

CREATE TABLE voiceagent_private.allowed_wordings (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	hash bytea NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.allowed_wordings IS
	'Wording that staff has allowed in spite of the stop list, the newest of each campaign; audit_log says who, why.';
COMMENT ON COLUMN voiceagent_private.allowed_wordings.hash IS 'SHA-256 of campaign_wording() then: another is judged.';
SELECT voiceagent_private.guard_table('voiceagent_private.allowed_wordings', 'internal');
CREATE TRIGGER changed_for_claims AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent_private.allowed_wordings
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();

CREATE TABLE voiceagent_private.unverified_use (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	day date NOT NULL,
	dials integer NOT NULL,
	texts integer NOT NULL
);
COMMENT ON TABLE voiceagent_private.unverified_use IS
	'The use of real carriers by a tenant that is not verified, on its newest day; an erasure gives nothing back.';
COMMENT ON COLUMN voiceagent_private.unverified_use.day IS 'By UTC, which no tenant moves.';
SELECT voiceagent_private.guard_table('voiceagent_private.unverified_use', 'internal');

CREATE FUNCTION voiceagent_private.campaign_wording(campaign_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_words text;
BEGIN
	SELECT concat_ws(E'\n',
		(SELECT string_agg(concat_ws(E'\n', a.first_message, a.system_prompt, a.settings::text), E'\n'
				ORDER BY a.assistant_id, a.version)
			FROM (SELECT c.assistant_id, v.assistant_version AS version
				UNION SELECT e.b_assistant_id, e.b_version FROM voiceagent.experiments e WHERE e.tenant_id = v_tenant
					AND e.campaign_id = c.campaign_id AND e.finished_at IS NULL) s
			JOIN voiceagent.assistant_versions a ON a.tenant_id = v_tenant AND a.assistant_id = s.assistant_id
				AND a.version = s.version),
		(SELECT string_agg(s.value, E'\n' ORDER BY s.key) FROM jsonb_each_text(v.settings) s
			JOIN voiceagent_private.setting_definitions d ON d.key = s.key AND d.kind = 'text'),
		(SELECT p.languages::text FROM voiceagent.playbooks p
			WHERE p.tenant_id = v_tenant AND p.playbook = v.settings ->> 'playbook' ORDER BY p.version DESC LIMIT 1),
		CASE WHEN coalesce(v.settings ->> 'script_source', 'none') <> 'none' THEN (SELECT string_agg(t.body::text, E'\n'
				ORDER BY t.kind, t.language)
			FROM (SELECT DISTINCT ON (k.kind, k.language) k.kind, k.language, k.body
				FROM voiceagent.script_templates k WHERE k.tenant_id = v_tenant
				ORDER BY k.kind, k.language, k.version DESC) t) END) INTO v_words
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions v ON v.tenant_id = v_tenant AND v.campaign_id = c.campaign_id
		AND v.version = c.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_wording.campaign_id;
	-- A variable may have no value, so that what stands around it is one word.
	RETURN voiceagent_private.fold_wording(v_words || E'\n' || regexp_replace(v_words, '\{\{[^}]*\}\}', '', 'g'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.campaign_wording(bigint) IS
	'The words of a campaign of the current tenant in its calls, folded, with and without the places of variables.';

CREATE FUNCTION voiceagent_private.held_wording(campaign_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_words text := CASE WHEN EXISTS (SELECT FROM voiceagent_private.stop_phrases)
		THEN voiceagent_private.campaign_wording(campaign_id) END;
BEGIN
	RETURN CASE WHEN NOT EXISTS (SELECT FROM voiceagent_private.allowed_wordings w
		WHERE w.tenant_id = voiceagent.current_tenant() AND w.campaign_id = held_wording.campaign_id
			AND w.hash = sha256(convert_to(v_words, 'UTF8'))) THEN voiceagent_private.stopped_wording(v_words) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.held_wording(bigint) IS
	'Why the stop list holds back a campaign of the current tenant; NULL: it does not, or staff allows this wording.';

CREATE FUNCTION voiceagent_private.platform_hold(campaign_id bigint, at timestamptz, OUT reason text,
	OUT dials integer)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
	v_most integer := voiceagent_private.read_platform_setting('unverified_dials_per_day')::integer;
BEGIN
	SELECT t.standing, t.standing_reason, t.braked, u.dials INTO v FROM voiceagent.tenants t
	LEFT JOIN voiceagent_private.unverified_use u ON u.tenant_id = v_tenant AND u.day = (at AT TIME ZONE 'UTC')::date
	WHERE t.tenant_id = v_tenant;
	IF v.standing IN ('new', 'asked') THEN
		dials := greatest(v_most - coalesce(v.dials, 0), 0);
	END IF;
	reason := CASE WHEN v.standing = 'refused' THEN
			voiceagent_private.why('business.refused', coalesce(': ' || v.standing_reason, ''))
		WHEN v.braked IS NOT NULL THEN voiceagent_private.why('business.braked', v.braked)
		WHEN dials = 0 THEN voiceagent_private.why('business.new', v_most::text)
		ELSE (SELECT voiceagent_private.why('opening.held', h) FROM voiceagent_private.held_wording(campaign_id) h
			WHERE h IS NOT NULL) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.platform_hold(bigint, timestamptz) IS
	'Why a campaign of the current tenant does not dial on a real carrier; NULL: it may, dials times (NULL: any).';

CREATE FUNCTION voiceagent_private.ration_dials(campaign_id bigint, provider text, shared boolean, at timestamptz)
	RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	IF provider = 'sandbox' THEN
		RETURN NULL;
	END IF;
	v := voiceagent_private.platform_hold(campaign_id, at);
	IF v.reason IS NULL THEN
		RETURN v.dials;
	ELSIF NOT shared THEN
		PERFORM voiceagent_private.suspend_from_claim(campaign_id, v.reason, at);
	END IF;
	RETURN -1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ration_dials(bigint, text, boolean, timestamptz) IS
	'For a claim: the dials that platform_hold() leaves a campaign (NULL: any), or -1, and it is held back.';

CREATE FUNCTION voiceagent_private.end_platform_holds() RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.resume_suspended(h.suspended)
	FROM (SELECT DISTINCT p.suspended FROM voiceagent_private.pacing p
		WHERE p.tenant_id = voiceagent.current_tenant() AND p.suspended LIKE 'the platform %') h;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_platform_holds() IS
	'Has claims ask platform_hold() again at once for the current tenant''s campaigns.';

CREATE FUNCTION voiceagent_private.unproved() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'prove a number (set_notice_phone()) or pay first';
COMMENT ON FUNCTION voiceagent_private.unproved() IS
	'Why a tenant that signed up uninvited is refused, until business_proved().';

CREATE FUNCTION voiceagent_private.business_proved(how text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.tenants t SET standing = 'new', standing_reason = how
	WHERE t.tenant_id = voiceagent.current_tenant() AND t.standing = 'refused'
		AND t.standing_reason = voiceagent_private.unproved();
	IF FOUND THEN
		PERFORM voiceagent_private.log_event('standing_changed', NULL, NULL, NULL,
			jsonb_build_object('standing', 'new', 'was', 'refused', 'reason', how));
		PERFORM voiceagent_private.end_platform_holds();
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.business_proved(text) IS
	'A current tenant that signed up uninvited has shown who it is: it is new now, with the bounds of that.';

CREATE FUNCTION voiceagent_private.count_unverified(dials integer, texts integer, at timestamptz) RETURNS integer
	LANGUAGE sql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	INSERT INTO voiceagent_private.unverified_use AS u (tenant_id, day, dials, texts)
	VALUES (voiceagent.current_tenant(), (at AT TIME ZONE 'UTC')::date, dials, texts)
	ON CONFLICT ON CONSTRAINT unverified_use_pkey DO UPDATE SET day = excluded.day,
		dials = CASE WHEN u.day = excluded.day THEN u.dials ELSE 0 END + excluded.dials,
		texts = CASE WHEN u.day = excluded.day THEN u.texts ELSE 0 END + excluded.texts
	RETURNING u.texts
$$;
COMMENT ON FUNCTION voiceagent_private.count_unverified(integer, integer, timestamptz) IS
	'Counts what a tenant does that is not verified -> texts of the day; before the ledger in the order of locks.';

CREATE FUNCTION voiceagent_private.brake_on_opt_outs() RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_most numeric := voiceagent_private.read_platform_setting('opt_out_brake_share')::numeric;
	v_least integer := voiceagent_private.read_platform_setting('opt_out_brake_calls')::integer;
	v_from timestamptz;
	v record;
BEGIN
	IF v_most = 0 THEN
		RETURN;
	END IF;
	-- A session that changes the tenant may wait for our lanes: then the next opt-out brakes.
	SELECT coalesce(t.brake_ended_at, '-infinity') INTO v_from FROM voiceagent.tenants t
	WHERE t.tenant_id = v_tenant AND t.braked IS NULL FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	SELECT count(*) FILTER (WHERE o.asked) AS asked, count(*) FILTER (WHERE o.asked OR o.status = 'completed')
		AS answered
	INTO v FROM (SELECT c.status,
			-- A tenant may allow a number again or correct an outcome, but writes no event.
			EXISTS (SELECT FROM voiceagent.events e WHERE e.tenant_id = v_tenant AND e.call_id = c.call_id
				AND e.event_type = 'lead_opted_out') AS asked
		FROM (SELECT k.call_id, k.status, k.lawful, k.started_at FROM voiceagent.calls k
			WHERE k.tenant_id = v_tenant AND k.direction = 'outbound' ORDER BY k.call_id DESC LIMIT 10 * v_least) c
		WHERE c.lawful AND c.started_at > v_from) o;
	IF v.answered >= v_least AND v.asked > v.answered * v_most THEN
		UPDATE voiceagent.tenants t
		SET braked = format('%s of %s people who answered wanted no more calls', v.asked, v.answered)
		WHERE t.tenant_id = v_tenant;
		PERFORM voiceagent_private.audit('opt_out_brake', 'tenant ' || v_tenant, NULL,
			jsonb_build_object('opted_out', v.asked, 'answered', v.answered, 'bound', v_most));
		PERFORM voiceagent_private.log_event('calls_braked', NULL, NULL, NULL,
			jsonb_build_object('opted_out', v.asked, 'answered', v.answered));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.brake_on_opt_outs() IS
	'When an opt-out of a call is recorded: pauses the tenant''s real calls if there are too many.';
