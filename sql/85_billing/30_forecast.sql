-- 85_billing: how long the credits last.

CREATE FUNCTION voiceagent_private.daily_pace(unit text) RETURNS numeric
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_first timestamptz;
	v_since timestamptz;
BEGIN
	IF unit = 'minutes' THEN
		SELECT t.at INTO v_first FROM voiceagent.credit_transfers t
		WHERE t.tenant_id = v_tenant AND t.from_account LIKE 'minutes%' ORDER BY t.transfer_id LIMIT 1;
	ELSE
		SELECT t.at INTO v_first FROM voiceagent.credit_transfers t
		WHERE t.tenant_id = v_tenant ORDER BY t.transfer_id LIMIT 1;
	END IF;
	-- A week has every weekday; a younger account is judged by its own days, and by one at least.
	v_since := greatest(v_now - interval '7 days', least(v_first, v_now - interval '1 day'));
	RETURN (voiceagent_private.spent_after(unit, 9223372036854775807)
		- voiceagent_private.spent_after(unit, voiceagent_private.transfers_before(v_since)))
		* 86400 / extract(epoch FROM v_now - v_since);
END
$$;
COMMENT ON FUNCTION voiceagent_private.daily_pace(text) IS
	'Credits or minutes that the current tenant has used a day in the last seven days, or since it has any.';

CREATE FUNCTION voiceagent.credit_forecast(unit text DEFAULT 'credits')
	RETURNS TABLE (at timestamptz, event text, credits numeric, days numeric, grant_id bigint, reason text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_pace numeric;
	v_at timestamptz := v_now;
	v_free numeric;
	v_grants voiceagent.credit_grants[] := ARRAY(SELECT g FROM voiceagent.credit_grants g
		WHERE g.tenant_id = v_tenant AND g.state = 'open' AND g.unit = credit_forecast.unit
		ORDER BY g.priority, g.expires_at, g.grant_id);
	v_next integer;
	v_left numeric;
	v_burnt numeric;
	v_part numeric;
	i integer;
BEGIN
	PERFORM voiceagent_private.fail_if(unit IS NULL OR unit NOT IN ('credits', 'minutes'), 'PT422',
		'a forecast is of credits or of minutes');
	v_pace := voiceagent_private.daily_pace(unit);
	-- All minutes are of bundles.
	v_free := CASE unit WHEN 'minutes' THEN 0 ELSE (SELECT l.available FROM voiceagent.ledgers l
		WHERE l.tenant_id = v_tenant) - (SELECT coalesce(sum(g.rest), 0) FROM unnest(v_grants) g) END;
	LOOP
		SELECT p, v_grants[p].expires_at INTO v_next, at FROM generate_subscripts(v_grants, 1) p
		WHERE v_grants[p].rest > 0 AND v_grants[p].expires_at < 'infinity'
		ORDER BY v_grants[p].expires_at, p LIMIT 1;
		v_left := v_free + (SELECT coalesce(sum(g.rest), 0) FROM unnest(v_grants) g);
		IF v_pace > 0 AND (v_next IS NULL OR v_pace * extract(epoch FROM at - v_at) / 86400 >= v_left) THEN
			at := v_at + least(v_left / v_pace, 36500) * interval '1 day';
			days := round(extract(epoch FROM at - v_now) / 86400, 1);
			event := 'used up';
			credits := 0;
			grant_id := NULL;
			reason := NULL;
			RETURN NEXT;
			RETURN;
		END IF;
		EXIT WHEN v_next IS NULL;
		v_burnt := v_pace * extract(epoch FROM at - v_at) / 86400;
		FOR i IN 1 .. cardinality(v_grants) LOOP
			v_part := least(v_burnt, v_grants[i].rest);
			v_grants[i].rest := v_grants[i].rest - v_part;
			v_burnt := v_burnt - v_part;
		END LOOP;
		v_free := v_free - v_burnt;
		v_at := at;
		credits := round(greatest(v_grants[v_next].rest - v_grants[v_next].rollover, 0), 6);
		IF credits > 0 THEN
			days := round(extract(epoch FROM at - v_now) / 86400, 1);
			event := 'expires';
			grant_id := v_grants[v_next].grant_id;
			reason := v_grants[v_next].reason;
			RETURN NEXT;
		END IF;
		-- Credits carried over are used at the same place, until their own end.
		v_grants[v_next].rest := least(v_grants[v_next].rest, v_grants[v_next].rollover);
		v_grants[v_next].expires_at := coalesce(at + v_grants[v_next].rollover_for, 'infinity');
		v_grants[v_next].rollover := 0;
		v_grants[v_next].rollover_for := NULL;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent.credit_forecast(text) IS
	E'Forecasts the tenant''s available credits (or minutes: unit) at the pace of the last seven days: a row for each '
	'grant of which some will expire (credits: how many), and last when all are used up (days from now).\n'
	'Nothing was used: no last row. Holds of live calls are left out. PT422.';
