-- 55_call: what the answers to provider requests say of the pace of the account they went
-- through: as those to dials do.

CREATE FUNCTION voiceagent_private.adapt_dial_rate(account bigint, kind text, sent_at timestamptz, error text,
	retry_after_s integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_counter voiceagent_private.dial_counts;
BEGIN
	v_counter.provider_account_id := account;
	v_counter.dials := 0;
	v_counter.failed := 0;
	v_counter.limited_calls := false;
	v_counter.bad := false;
	v_counter.wait_s := 0;
	v_counter.failures := '[]';
	IF kind = 'rate_limited' THEN
		v_counter.limited := 1;
		v_counter.limited_at := coalesce(sent_at, v_now);
		v_counter.wait_s := coalesce(retry_after_s, 0);
		v_counter.error := error;
	-- A breaker is for dials to close.
	ELSIF kind = 'accepted' AND EXISTS (SELECT FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = account AND a.trouble IS NOT NULL
			AND a.opened_at IS NULL
			AND a.resumes_at <= v_now) THEN
		v_counter.well_at := coalesce(sent_at, v_now);
	ELSE
		RETURN;
	END IF;
	PERFORM voiceagent_private.record_account_answers(v_counter, v_now);
END
$$;
COMMENT ON FUNCTION voiceagent_private.adapt_dial_rate(bigint, text, timestamptz, text, integer) IS
	E'Adapts the pace of an account of the current tenant to the answer to a provider request: asked too often, the '
	'account rests as long as the carrier says (retry_after_s), and a dial too many is counted; after the rest, an '
	'accepted provider request ends the trouble.\n'
	'sent_at: when the provider request was sent; others of that moment met the same limit.';
