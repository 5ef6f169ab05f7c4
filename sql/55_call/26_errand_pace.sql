-- 55_call: what the answers to errands say of the pace of the account they went through: as those to dials do.

CREATE FUNCTION voiceagent_private.errand_paces(account bigint, kind text, sent_at timestamptz, error text, retry_after_s integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_tally voiceagent_private.dial_tally;
BEGIN
	v_tally.provider_account_id := account;
	v_tally.dials := 0;
	v_tally.failed := 0;
	v_tally.limited_calls := false;
	v_tally.bad := false;
	v_tally.wait_s := 0;
	v_tally.failures := '[]';
	IF kind = 'rate_limited' THEN
		v_tally.limited := 1;
		v_tally.limited_at := coalesce(sent_at, v_now);
		v_tally.wait_s := coalesce(retry_after_s, 0);
		v_tally.error := error;
	-- A breaker is for dials to close.
	ELSIF kind = 'accepted' AND EXISTS (SELECT FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = account AND a.trouble IS NOT NULL AND a.opened_at IS NULL
			AND a.resumes_at <= v_now) THEN
		v_tally.well_at := coalesce(sent_at, v_now);
	ELSE
		RETURN;
	END IF;
	PERFORM voiceagent_private.note_account(v_tally, v_now);
END
$$;
COMMENT ON FUNCTION voiceagent_private.errand_paces(bigint, text, timestamptz, text, integer) IS
	'What the answer to an errand says of the pace of an account of the acting tenant: asked too often, it rests as long as the carrier says (retry_after_s), and counts as a dial that was too many; once it rests no more, an accepted errand takes the trouble from it. sent_at: when the errand was sent; others of that moment met the same limit.';
