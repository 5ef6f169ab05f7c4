-- 50_queue: the beginning of a claim: which campaigns may dial now, through which account, and how many calls each.

CREATE FUNCTION voiceagent_private.put_off_dials(campaign_ids bigint[], until timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_rows tid[] := ARRAY(SELECT p.ctid FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = ANY (campaign_ids) FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
	UPDATE voiceagent_private.pacing p SET next_dial_at = greatest(p.next_dial_at, until)
	WHERE p.tenant_id = v_tenant AND p.ctid = ANY (v_rows);
END
$$;
COMMENT ON FUNCTION voiceagent_private.put_off_dials(bigint[], timestamptz) IS
	'For a claim that has these campaigns: none of them dials before that time; but for those that somebody fills, '
	'whose commit wakes the dialer anyway.';

CREATE FUNCTION voiceagent_private.suspend_from_claim(campaign_id bigint, reason text, at timestamptz,
	until timestamptz DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- New credits wake it at once; but adding credits waits for nothing, and skips a campaign that is being filled or
	-- changed at that moment. A thousand tenants without credits cost three claims a second.
	c_look CONSTANT interval := interval '5 minutes';
BEGIN
	PERFORM FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = suspend_from_claim.campaign_id FOR NO KEY UPDATE SKIP LOCKED;
	IF FOUND THEN
		-- A simulation is alone and would look again and again until its end.
		PERFORM voiceagent_private.suspend_campaign(suspend_from_claim.campaign_id, reason,
			CASE WHEN until IS NOT NULL THEN until WHEN voiceagent_private.passes_by_itself(reason)
				AND NOT voiceagent_private.simulating() THEN at + c_look ELSE 'infinity' END);
	ELSE
		PERFORM voiceagent_private.put_off_dials(ARRAY[suspend_from_claim.campaign_id],
			at + interval '20 milliseconds');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.suspend_from_claim(bigint, text, timestamptz, timestamptz) IS
	'suspend_campaign() for a claim, which has the ledger and must not wait for a campaign: it tries again a '
	'little later when somebody else has it; until: when the reason has passed (NULL: unknown).';

CREATE FUNCTION voiceagent_private.suspend_unaffordable(turns voiceagent_private.claim_turn[], at timestamptz)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_credits numeric;
	v_t voiceagent_private.claim_turn;
BEGIN
	PERFORM voiceagent_private.lock_available();
	v_credits := (voiceagent_private.wallet(at)).one_call;
	-- A transaction that adds credits holds this lock and then resumes campaigns: it sees our suspension, or we see
	-- its credits.
	FOREACH v_t IN ARRAY turns LOOP
		IF v_t.hold > v_credits THEN
			PERFORM voiceagent_private.suspend_from_claim(v_t.campaign_id, 'out of credits', at);
		ELSE
			PERFORM voiceagent_private.put_off_dials(ARRAY[v_t.campaign_id], at + interval '20 milliseconds');
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.suspend_unaffordable(voiceagent_private.claim_turn[], timestamptz) IS
	'For the end of a claim: takes the ledger''s lock, and holds back those of these campaigns that cannot afford one '
	'call; the others are tried again at once.';

CREATE FUNCTION voiceagent_private.share_budgets(turns voiceagent_private.claim_turn[],
	accounts voiceagent_private.account_turn[], free_lines integer, lines integer[], tenant_spend numeric,
	at timestamptz) RETURNS voiceagent_private.claim_turn[]
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_left integer := cardinality(turns);
	v_i integer;
	v_kind integer;
	v_t voiceagent_private.claim_turn;
	v_account voiceagent_private.account_turn;
	v_result voiceagent_private.claim_turn[] := '{}';
BEGIN
	-- When there are too few slots for all, campaigns with the fewest calls come first, and among those each in turn:
	-- by the clock, which needs no row to remember the turn.
	FOR v_t IN SELECT (turns[i]).* FROM generate_subscripts(turns, 1) AS i
		ORDER BY turns[i].budget, turns[i].live, (i + floor(extract(epoch FROM at) * 1000)::bigint) % v_left LOOP
		v_i := (SELECT i.i FROM generate_subscripts(accounts, 1) AS i(i)
			WHERE accounts[i.i].provider_account_id = v_t.provider_account_id);
		v_account := accounts[v_i];
		v_kind := CASE v_t.provider WHEN 'sandbox' THEN 2 ELSE 1 END;
		v_t.budget := least(v_t.budget, ceil(free_lines::numeric / v_left)::integer, lines[v_kind],
			v_account.free_lines, CASE WHEN v_t.hold > 0 THEN floor(tenant_spend / v_t.hold)::integer END);
		v_left := v_left - 1;
		IF v_t.budget > 0 THEN
			tenant_spend := tenant_spend - v_t.budget * v_t.hold;
			free_lines := free_lines - v_t.budget;
			lines[v_kind] := lines[v_kind] - v_t.budget;
			v_account.free_lines := v_account.free_lines - v_t.budget;
			accounts[v_i] := v_account;
			v_result := v_result || v_t;
		END IF;
	END LOOP;
	RETURN v_result;
END
$$;
COMMENT ON FUNCTION voiceagent_private.share_budgets(voiceagent_private.claim_turn[], voiceagent_private.account_turn[],
	integer, integer[], numeric, timestamptz) IS
	E'Equal shares of the free lines for campaigns that could use more: what a small one does not need goes to the '
	'larger ones.\n'
	'Within what their accounts may start, the lines that the platform has left (real, sandbox), and what the tenant '
	'may yet spend today (NULL: any). Those that get nothing are left out.';

-- A campaign in a claim, before it has an account. accounts: in the order of the list. spends_within: a cap on
-- spending holds; NULL: one may, and platform_hold() says more. Changes within a version: hold, next_dial_at,
-- suspended, shared (its pacing row is not ours, so it dials only if that row need not change), excused and live.
CREATE TYPE voiceagent_private.due_campaign AS (
	campaign_id bigint,
	version integer,
	assistant_id bigint,
	assistant_version integer,
	max_concurrent_calls integer,
	retry_attempts integer,
	require_consent boolean,
	lawful boolean,
	call_interval interval,
	retry_delay interval,
	ring_timeout interval,
	max_call_duration interval,
	hold numeric,
	accounts bigint[],
	next_dial_at timestamptz,
	suspended text,
	shared boolean,
	cap_day integer,
	cap_24h integer,
	cap_lifetime integer,
	number_cooldown interval,
	incoming_rest interval,
	unsaid text[],
	has_pool boolean,
	caller_cap integer,
	spends_within boolean,
	excused boolean,
	variables text[],
	script voiceagent_private.script_plan,
	discloses boolean,
	experiment jsonb,
	announces boolean,
	before_dial text,
	live integer,
	number_checks text
);
COMMENT ON TYPE voiceagent_private.due_campaign IS
	'A campaign that may dial now, with what its version, its assistant and its live calls say to a claim.';

CREATE FUNCTION voiceagent_private.campaign_terms(campaign_id bigint, version integer)
	RETURNS voiceagent_private.due_campaign
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_terms voiceagent_private.due_campaign;
BEGIN
	SELECT c.campaign_id, w.version, c.assistant_id, w.assistant_version, w.max_concurrent_calls, w.retry_attempts,
		w.require_consent, w.lawful, w.call_interval, w.retry_delay, w.ring_timeout, w.max_call_duration, NULL,
		c.provider_account_id || ARRAY(SELECT b.provider_account_id FROM voiceagent.campaign_accounts b
			WHERE b.tenant_id = v_tenant AND b.campaign_id = c.campaign_id ORDER BY b.position), NULL, NULL, NULL,
		nullif((w.settings ->> 'number_calls_per_day')::integer, 0),
		nullif((w.settings ->> 'number_calls_per_24h')::integer, 0),
		nullif((w.settings ->> 'number_calls_lifetime')::integer, 0),
		voiceagent_private.as_interval(w.settings ->> 'number_cooldown'),
		voiceagent_private.as_interval(w.settings ->> 'retry_delay_incoming'),
		voiceagent_private.unsaid_parts(w.settings),
		EXISTS (SELECT FROM voiceagent.campaign_numbers m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = c.campaign_id),
		coalesce((w.settings ->> 'caller_id_calls_per_day')::integer, 0),
		CASE WHEN EXISTS (SELECT FROM voiceagent.tenants n
				WHERE n.tenant_id = v_tenant AND (n.standing <> 'verified' OR n.braked IS NOT NULL))
			OR voiceagent_private.held_wording(c.campaign_id) IS NOT NULL THEN NULL
			ELSE coalesce((w.settings ->> 'spend_cap_per_day')::numeric, 0) > 0
			OR coalesce((w.settings ->> 'spend_cap')::numeric, 0) > 0
			OR coalesce((w.settings ->> 'tenant_spend_cap_per_day')::numeric, 0) > 0
			OR voiceagent_private.read_setting('auto_spend_per_campaign')::numeric > 0
			OR voiceagent_private.read_setting('auto_spend') = 'off' END, NULL,
		-- test_call() fills the prompt with values that do not come from the lead.
		CASE WHEN c.type <> 'test' THEN voiceagent_private.variables_to_find(
			CASE WHEN c.experiment IS NULL THEN s.variables
				ELSE voiceagent_private.variables_heard(s.variables, c.experiment) END, w.settings) END,
		CASE WHEN coalesce(w.settings ->> 'script_source', 'none') <> 'none'
			THEN voiceagent_private.plan_script(w.settings, s.language) END,
		s.discloses AND (c.experiment IS NULL OR (c.experiment #>> '{b,discloses}')::boolean), c.experiment,
		coalesce((w.settings ->> 'record_calls')::boolean, true)
			AND coalesce((w.settings ->> 'announce_recording')::boolean, true),
		CASE WHEN c.type <> 'test' AND NOT voiceagent_private.simulating()
			THEN nullif(w.settings ->> 'before_dial', '') END, NULL,
		CASE WHEN c.type <> 'test' THEN nullif(btrim(w.settings ->> 'number_checks'), '') END
	INTO v_terms
	FROM voiceagent.campaigns c
	-- Fetch and unpack the settings once: each ->> of a stored value would repeat both.
	CROSS JOIN LATERAL (SELECT v.version, v.assistant_version, v.max_concurrent_calls, v.retry_attempts,
			v.require_consent, v.lawful, v.call_interval, v.retry_delay, v.ring_timeout, v.max_call_duration,
			v.settings || '{}' AS settings
		FROM voiceagent.campaign_versions v
		WHERE v.tenant_id = v_tenant AND v.campaign_id = c.campaign_id AND v.version = campaign_terms.version
		OFFSET 0) w
	LEFT JOIN LATERAL (SELECT a.variables, a.language, coalesce(a.settings ->> 'discloses', '') = 'true' AS discloses
		FROM voiceagent.assistant_versions a
		WHERE a.tenant_id = v_tenant AND a.assistant_id = c.assistant_id AND a.version = w.assistant_version
		OFFSET 0) s ON true
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_terms.campaign_id;
	RETURN v_terms;
END
$$;
COMMENT ON FUNCTION voiceagent_private.campaign_terms(bigint, integer) IS
	'The terms of a version of a campaign of the current tenant that are the same for every claim, for '
	'recall_campaign(); the others are NULL.';

CREATE FUNCTION voiceagent_private.recall_campaign(campaign_id bigint, version integer)
	RETURNS voiceagent_private.due_campaign
	LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_recall_checked_campaign';
COMMENT ON FUNCTION voiceagent_private.recall_campaign(bigint, integer) IS
	'campaign_terms(), remembered by the session until one of the tables that say them changes.';
CREATE TRIGGER changed_for_claims
	AFTER UPDATE OF type, version, assistant_id, provider_account_id, experiment OR DELETE OR TRUNCATE
	ON voiceagent.campaigns FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();
CREATE TRIGGER changed_for_claims AFTER UPDATE OF standing, braked ON voiceagent.tenants
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();
CREATE TRIGGER changed_for_claims AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent.campaign_versions
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();
CREATE TRIGGER changed_for_claims AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent.campaign_accounts
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();
CREATE TRIGGER changed_for_claims AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent.campaign_numbers
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();
CREATE TRIGGER changed_for_claims AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent.assistant_versions
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();
CREATE TRIGGER changed_for_claims AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent.playbooks
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();
CREATE TRIGGER changed_for_claims AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent.script_templates
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();

CREATE FUNCTION voiceagent_private.settings_of_version(campaign_id bigint, version integer) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN coalesce((SELECT w.settings || '{}' FROM voiceagent.campaign_versions w
		WHERE w.tenant_id = voiceagent.current_tenant() AND w.campaign_id = settings_of_version.campaign_id
			AND w.version = settings_of_version.version), '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.settings_of_version(bigint, integer) IS
	'The settings of a version of a campaign of the current tenant, for recall_settings().';

CREATE FUNCTION voiceagent_private.recall_settings(campaign_id bigint, version integer) RETURNS jsonb
	LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_recall_settings';
COMMENT ON FUNCTION voiceagent_private.recall_settings(bigint, integer) IS
	'settings_of_version(), remembered by the session until one of the tables that say them changes.';

CREATE FUNCTION voiceagent_private.due_campaigns(ready bigint[], live_campaigns bigint[], live integer[],
	at timestamptz) RETURNS voiceagent_private.due_campaign[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
	v_c voiceagent_private.due_campaign;
	v_due voiceagent_private.due_campaign[] := '{}';
	v_shared bigint[] := '{}';
	v_ids bigint[] := ARRAY(SELECT p.campaign_id FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = ANY (ready) AND p.next_dial_at <= at
			AND coalesce(p.expires_at > at, true)
		ORDER BY p.campaign_id FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
	-- Adding leads, perhaps all day long, does not stop a campaign from dialling. But its pacing row is then locked,
	-- so it dials only if that row need not change.
	IF cardinality(v_ids) < cardinality(ready) THEN
		v_shared := ARRAY(SELECT p.campaign_id FROM voiceagent_private.pacing p
			WHERE p.tenant_id = v_tenant AND p.campaign_id = ANY (ready) AND p.campaign_id <> ALL (v_ids)
				AND p.next_dial_at <= at
				AND coalesce(p.expires_at > at, true)
			ORDER BY p.campaign_id FOR KEY SHARE SKIP LOCKED);
	END IF;
	-- A transaction that pauses, stops or changes a campaign locks its pacing row first: it has committed, or it
	-- waits for us.
	FOR v IN SELECT c.campaign_id AS id, c.status_reason, p.next_dial_at, p.suspended, p.slow_until,
			p.rests_until, p.rest_reason,
			voiceagent_private.recall_campaign(c.campaign_id, c.version) AS terms
		FROM voiceagent.campaigns c
		JOIN voiceagent_private.pacing p ON p.tenant_id = v_tenant AND p.campaign_id = c.campaign_id
		WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (v_ids || v_shared) AND c.status = 'running'
		ORDER BY c.campaign_id
	LOOP
		-- The dates beside it are moved by whoever changes a setting, pauses or adds; the rest is the law's.
		IF v.rests_until > at THEN
			IF v.id <> ALL (v_shared) THEN
				PERFORM voiceagent_private.suspend_from_claim(v.id, v.rest_reason, at, v.rests_until);
			END IF;
			CONTINUE;
		END IF;
		v_c := v.terms;
		v_c.hold := voiceagent_private.hold_amount(v_c.max_call_duration, at);
		v_c.next_dial_at := v.next_dial_at;
		v_c.suspended := v.suspended;
		IF v.slow_until > at THEN
			v_c.call_interval := greatest(v_c.call_interval, interval '10 seconds');
		END IF;
		v_c.shared := v.id = ANY (v_shared);
		v_c.excused := voiceagent_private.passes_by_itself(v.status_reason);
		v_c.live := 0;
		FOR i IN 1 .. coalesce(cardinality(live_campaigns), 0) LOOP
			IF live_campaigns[i] = v.id THEN
				v_c.live := v_c.live + live[i];
			END IF;
		END LOOP;
		v_due := v_due || v_c;
	END LOOP;
	RETURN v_due;
END
$$;
COMMENT ON FUNCTION voiceagent_private.due_campaigns(bigint[], bigint[], integer[], timestamptz) IS
	'Locks those of these campaigns of the current tenant that may dial at that time; gives those that run, in the '
	'order of their ids; live_campaigns and live: live calls by campaign.';

CREATE FUNCTION voiceagent_private.lock_free_lines(OUT real_lines integer, OUT sandbox_lines integer)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_set voiceagent_private.dial_settings := voiceagent_private.read_dial_settings();
	-- As platform_free_lines() has them where no count is needed.
	v_most bigint := pg_relation_size('voiceagent_private.live_calls') / 128;
	v_lines record;
	c_far CONSTANT integer := 16 * 1000;
BEGIN
	real_lines := v_set.platform_limit - v_most;
	sandbox_lines := v_set.sandbox_limit - v_most;
	IF least(real_lines, sandbox_lines) >= c_far THEN
		RETURN;
	END IF;
	IF NOT voiceagent_private.simulating() THEN
		PERFORM FROM voiceagent_private.claim_turns c WHERE c.tenant_id = 0 FOR UPDATE;
		IF NOT FOUND THEN
			INSERT INTO voiceagent_private.claim_turns (tenant_id) VALUES (0) ON CONFLICT DO NOTHING;
			PERFORM FROM voiceagent_private.claim_turns c WHERE c.tenant_id = 0 FOR UPDATE;
		END IF;
	END IF;
	v_lines := voiceagent_private.platform_free_lines(c_far);
	real_lines := v_lines.real_lines;
	sandbox_lines := v_lines.sandbox_lines;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_free_lines() IS
	'platform_free_lines() for a claim: one transaction counts at a time, until its end, unless the caps are too far '
	'away to matter.';

CREATE FUNCTION voiceagent_private.begin_turn(campaign voiceagent_private.due_campaign,
	account voiceagent_private.account_turn, settings voiceagent_private.dial_settings)
	RETURNS voiceagent_private.claim_turn
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_begin_turn';
COMMENT ON FUNCTION voiceagent_private.begin_turn(voiceagent_private.due_campaign, voiceagent_private.account_turn,
	voiceagent_private.dial_settings) IS
	'The turn of a campaign through this account: everything but how many calls it may start.';

-- A campaign dials through the first account of its list that may dial and has a number to call with. One that has
-- no such account waits until time lets one dial.
CREATE FUNCTION voiceagent_private.plan_claim(max_calls integer, real_carriers boolean,
	settings voiceagent_private.dial_settings, at timestamptz)
	RETURNS voiceagent_private.claim_turn[] LANGUAGE plpgsql VOLATILE
	SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- A shifted clock never dials a real telephone; a simulation has none.
	v_real boolean := real_carriers AND (voiceagent_private.simulating()
		OR coalesce(current_setting('voiceagent.clock_offset', true), '0') IN ('0', '0s'));
	v_caps integer;
	v_free_lines integer;
	v_lines record;
	v_live record;
	v_ready bigint[];
	v_wallet record;
	v_due voiceagent_private.due_campaign[];
	v_ids bigint[] := '{}';
	v_c voiceagent_private.due_campaign;
	v_t voiceagent_private.claim_turn;
	v_turns voiceagent_private.claim_turn[] := '{}';
	v_poor voiceagent_private.claim_turn[] := '{}';
	v_accounts voiceagent_private.account_turn[];
	v_choice record;
	v_account voiceagent_private.account_turn;
	v_left record;
	-- The rest of the tenant's daily cap, for all campaigns together.
	v_tenant_spend numeric;
	v_spend numeric;
	-- Dials that a tenant which is not verified has left today; NULL: any.
	v_rest integer;
	v_dials integer;
	-- Shorter intervals (the scaled sandbox) may catch up on missed dials; longer ones are kept dial by dial.
	c_burst CONSTANT interval := interval '100 milliseconds';
	c_backlog CONSTANT interval := interval '1 second';
BEGIN
	v_ready := ARRAY(SELECT DISTINCT n.campaign_id FROM voiceagent_private.lanes n
		WHERE n.tenant_id = v_tenant AND n.running AND greatest(n.next_due, n.opens_at) <= at AND n.closes_at > at);
	IF cardinality(v_ready) = 0 THEN
		RETURN '{}';
	END IF;
	v_lines := voiceagent_private.lock_free_lines();
	SELECT array_agg(l.campaign_id) AS campaigns, array_agg(l.provider_account_id) AS accounts,
		array_agg(l.live) AS live, coalesce(sum(l.live), 0) AS calls INTO v_live
	FROM (SELECT l.campaign_id, l.provider_account_id, count(*)::integer AS live FROM voiceagent_private.live_calls l
		WHERE l.tenant_id = v_tenant GROUP BY l.campaign_id, l.provider_account_id) l;
	v_caps := settings.tenant_limit - v_live.calls;
	v_free_lines := least(max_calls, v_caps, greatest(v_lines.real_lines, v_lines.sandbox_lines));
	IF v_free_lines <= 0 THEN
		RETURN '{}';
	END IF;

	v_due := voiceagent_private.due_campaigns(v_ready, v_live.campaigns, v_live.live, at);
	v_wallet := voiceagent_private.wallet(at);
	FOREACH v_c IN ARRAY v_due LOOP
		v_ids := v_ids || v_c.accounts;
	END LOOP;
	v_accounts := voiceagent_private.account_turns(v_ids, v_real, coalesce(v_live.accounts, '{}'),
		coalesce(v_live.live, '{}'), settings.inbound_reserve, at);
	FOREACH v_c IN ARRAY v_due LOOP
		CONTINUE WHEN v_c.shared
			AND (v_c.call_interval > interval '0' OR v_c.hold > v_wallet.one_call OR v_c.suspended LIKE 'spend cap%');
		v_choice := voiceagent_private.choose_account(v_accounts, v_c.accounts, v_c.campaign_id, v_c.has_pool,
			v_c.caller_cap, at);
		v_account := v_choice.chosen;
		IF v_account.provider_account_id IS NULL THEN
			IF v_choice.free_at IS NOT NULL AND NOT v_c.shared THEN
				UPDATE voiceagent_private.pacing p SET next_dial_at = v_choice.free_at
				WHERE p.tenant_id = v_tenant AND p.campaign_id = v_c.campaign_id;
			END IF;
			CONTINUE;
		END IF;
		v_t := voiceagent_private.begin_turn(v_c, v_account, settings);
		v_rest := CASE WHEN v_c.spends_within IS NULL
			THEN voiceagent_private.ration_dials(v_c.campaign_id, v_account.provider, v_c.shared, at) END;
		CONTINUE WHEN v_rest < 0;
		v_dials := least(v_dials, v_rest);
		v_t.rationed := v_rest IS NOT NULL;
		IF v_c.hold > v_wallet.one_call THEN
			-- Certainty needs the ledger's lock, which comes last: suspend_unaffordable() takes it at the end of the
			-- claim.
			v_t.budget := 0;
			v_poor := v_poor || v_t;
			CONTINUE;
		END IF;
		v_spend := NULL;
		IF v_c.spends_within IS DISTINCT FROM false THEN
			v_left := voiceagent_private.spend_left_by_cap(v_c.campaign_id, at);
			v_spend := least(v_left.campaign_day, v_left.campaign_total, v_left.tenant_day);
			v_tenant_spend := v_left.tenant_day;
		END IF;
		IF v_c.hold > v_spend THEN
			CONTINUE WHEN v_c.shared;
			PERFORM voiceagent_private.cap_campaign(v_c.campaign_id, v_c.hold, at);
			CONTINUE;
		END IF;
		IF voiceagent_private.passes_by_itself(v_c.suspended) AND NOT v_c.shared THEN
			UPDATE voiceagent_private.pacing p SET suspended = NULL
			WHERE p.tenant_id = v_tenant AND p.campaign_id = v_c.campaign_id;
		END IF;
		v_t.free_lines := least(v_c.max_concurrent_calls - v_c.live, v_account.spare, v_caps,
			CASE v_account.provider WHEN 'sandbox' THEN v_lines.sandbox_lines ELSE v_lines.real_lines END);
		v_t.budget := least(v_t.free_lines, v_free_lines, v_account.free_lines,
			CASE WHEN v_t.pooled THEN v_account.callers END, CASE WHEN v_t.rationed THEN v_dials END,
			CASE WHEN v_c.hold > 0 THEN floor(least(v_wallet.all_calls, v_spend) / v_c.hold) END);
		IF v_t.call_interval >= c_burst THEN
			v_t.budget := least(v_t.budget, 1);
			v_t.paced_from := at;
		ELSIF v_t.call_interval > interval '0' THEN
			v_t.paced_from := CASE WHEN isfinite(v_c.next_dial_at) THEN greatest(v_c.next_dial_at, at - c_backlog)
				ELSE at END;
			v_t.budget := least(v_t.budget, 1 + floor(extract(epoch FROM at - v_t.paced_from)
				/ extract(epoch FROM v_t.call_interval))::integer);
		END IF;
		IF v_t.budget > 0 THEN
			v_dials := v_dials - CASE WHEN v_t.rationed THEN v_t.budget ELSE 0 END;
			v_turns := v_turns || v_t;
		END IF;
	END LOOP;

	IF cardinality(v_turns) > 1 THEN
		v_turns := voiceagent_private.share_budgets(v_turns, v_accounts, v_free_lines,
			ARRAY[v_lines.real_lines, v_lines.sandbox_lines], v_tenant_spend, at);
	END IF;
	RETURN v_turns || v_poor;
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_claim(integer, boolean, voiceagent_private.dial_settings, timestamptz) IS
	E'Locks the current tenant''s campaigns that may dial now and gives each its budget of calls and the account that '
	'dials.\n'
	'The budget is the least of the caps of campaign, account, tenant and platform less the live calls, pace, '
	'credits, and a fair share of max_calls. It is 0 for a campaign that seems to lack credits '
	'(suspend_unaffordable()).';
