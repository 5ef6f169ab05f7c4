-- 50_queue: which carrier accounts may dial now, and how much.

-- spare: live calls that the account's limit leaves (0 also while a dial probes it). free_lines: how many it may start
-- now (0: none). free_at: when time alone lets it dial again. avoided: campaigns that have another account had better
-- use that one. paced_from: where the next dial has its place. own_number: the number that it calls with where no
-- pool does, as from_number and from_number_id where its settings do not say it. has_caller: whether that number may
-- be used. heard: what is heard in its calls (opt_out_channels()). speaks: whether words of ours are said in them.
-- pooled: whether the campaign calls with numbers of its pool. callers: how many of these are free.
CREATE TYPE voiceagent_private.account_turn AS (
	provider_account_id bigint,
	provider text,
	spare integer,
	free_lines integer,
	free_at timestamptz,
	avoided boolean,
	pace double precision,
	paced_from timestamptz,
	has_caller boolean,
	pooled boolean,
	callers integer,
	own_number bigint,
	from_number text,
	from_number_id text,
	heard text,
	speaks boolean
);
COMMENT ON TYPE voiceagent_private.account_turn IS
	E'A carrier account in a claim: how many calls it may take, when, how fast and with which number.\n'
	'spare and free_lines: calls that it may have and may start now; free_at: NULL where an event must free it; '
	'pace: dials per second (NULL: any). pooled and callers hold for one campaign (accounts_of_turn()).';

CREATE FUNCTION voiceagent_private.account_turns(campaign_ids bigint[], real_carriers boolean, live_accounts bigint[],
	live integer[], reserve integer, at timestamptz) RETURNS voiceagent_private.account_turn[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_turns voiceagent_private.account_turn[];
	-- Unused dials of this time may go out at once as a burst, older ones are lost. Slow accounts have no burst.
	c_backlog CONSTANT interval := interval '250 milliseconds';
BEGIN
	SELECT array_agg(ROW(n.*)::voiceagent_private.account_turn) INTO v_turns
	FROM (SELECT x.provider_account_id, x.provider, CASE WHEN x.probing THEN 0 ELSE x.spare END AS spare,
			CASE WHEN NOT x.may_dial THEN 0
				WHEN x.resumes_at > at OR x.spare <= 0 THEN 0
				WHEN x.opened_at IS NOT NULL THEN CASE WHEN x.probing THEN 0 ELSE 1 END
				WHEN x.next_dial_at > at AND x.pace IS NOT NULL THEN 0
				WHEN x.pace IS NOT NULL THEN least(x.spare,
					1 + floor(extract(epoch FROM at - greatest(x.next_dial_at, at - x.backlog)) * x.pace)::integer)
				ELSE x.spare END AS free_lines,
			CASE WHEN NOT x.may_dial THEN NULL
				WHEN x.resumes_at > at THEN x.resumes_at
				WHEN x.spare <= 0 OR x.opened_at IS NOT NULL THEN NULL
				WHEN x.pace IS NOT NULL THEN greatest(x.next_dial_at, at + interval '1 millisecond') END AS free_at,
			coalesce(x.avoid_until > at, false) AS avoided, x.pace,
			greatest(x.next_dial_at, at - x.backlog) AS paced_from, x.has_caller, NULL AS pooled, NULL AS callers,
			x.own_number, x.from_number, x.from_number_id, x.heard, x.speaks
	FROM (SELECT y.*, CASE WHEN y.pace >= 8 THEN c_backlog ELSE '0' END AS backlog
	FROM (
		SELECT a.provider_account_id, a.provider, a.resumes_at, a.opened_at, d.avoid_until,
			-- One dial at a time probes the account until it is answered; dials that were on their way before do not
			-- count.
			a.opened_at IS NOT NULL AND EXISTS (SELECT FROM voiceagent_private.live_calls l
				WHERE l.tenant_id = v_tenant AND l.provider_account_id = a.provider_account_id
					AND l.dialled_at >= a.resumes_at
					AND (l.state = 'sending'
						OR l.state = 'unknown' AND l.dialled_at > at - interval '1 minute')) AS probing,
			a.active AND (a.provider = 'sandbox' OR real_carriers AND a.armed_at IS NOT NULL
				AND NOT voiceagent_private.lacks_public_url(a.provider)) AS may_dial,
			voiceagent_private.limit_now(r.calls, d.lowered_to, d.lowered_from, d.lowered_at, at)
				- coalesce((SELECT sum(l.live) FROM unnest(live_accounts, account_turns.live) AS l(id, live)
					WHERE l.id = a.provider_account_id), 0)::integer AS spare,
			voiceagent_private.dial_rate_now(voiceagent_private.own_dial_rate(a.provider, a.settings), d.slowed_to,
				d.slowed_from, d.slowed_at, d.slowed_for, at) AS pace,
			-- A time that was set before the clock was set back would block the account for as long.
			CASE WHEN p.next_dial_at < at + interval '1 minute' THEN p.next_dial_at ELSE at END AS next_dial_at,
				coalesce(o.usable, true) AS has_caller, o.phone_number_id AS own_number, o.from_number,
				o.from_number_id, voiceagent_private.opt_out_channels(a) AS heard, f.converses
					OR f.speaks OR voiceagent_private.own_stream(a) AS speaks
		FROM voiceagent.provider_accounts a
		CROSS JOIN LATERAL voiceagent_private.driver_facts(a.provider) f
		LEFT JOIN LATERAL (SELECT d.* FROM voiceagent_private.account_dials d
			WHERE d.tenant_id = v_tenant AND d.provider_account_id = a.provider_account_id OFFSET 0) d ON true
		CROSS JOIN LATERAL voiceagent_private.outbound_slots(v_tenant, a.provider_account_id, a.max_concurrent_calls,
			reserve, at) r
		LEFT JOIN LATERAL voiceagent_private.own_caller(v_tenant, a.provider_account_id, a.settings) o ON true
		LEFT JOIN LATERAL (SELECT p.next_dial_at FROM voiceagent_private.account_pacing p
			WHERE p.tenant_id = v_tenant AND p.provider_account_id = a.provider_account_id OFFSET 0) p ON true
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = ANY (ARRAY(
			SELECT c.provider_account_id FROM voiceagent.campaigns c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = ANY (campaign_ids)
			UNION
			SELECT b.provider_account_id FROM voiceagent.campaign_accounts b
			WHERE b.tenant_id = v_tenant AND b.campaign_id = ANY (campaign_ids)))
		OFFSET 0 /* computed once */) y) x) n;
	RETURN coalesce(v_turns, '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.account_turns(bigint[], boolean, bigint[], integer[], integer, timestamptz) IS
	E'The carrier accounts of these campaigns of the current tenant, those they fall back on with them, and what each '
	'may do at that time; live_accounts and live: live calls by account (an account may come several times); reserve: '
	'what is kept of each for incoming calls, in percent.\n'
	'real_carriers: whether real ones may dial at all.';

CREATE FUNCTION voiceagent_private.choose_account(accounts voiceagent_private.account_turn[], ids bigint[],
	OUT place integer, OUT free_at timestamptz)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_id bigint;
	v_a voiceagent_private.account_turn;
	v_event boolean := false;
BEGIN
	FOREACH v_id IN ARRAY ids LOOP
		FOR i IN 1 .. coalesce(cardinality(accounts), 0) LOOP
			v_a := accounts[i];
			CONTINUE WHEN v_a.provider_account_id <> v_id;
			IF v_a.free_lines > 0 AND NOT v_a.avoided THEN
				place := i;
				free_at := NULL;
				RETURN;
			ELSIF v_a.free_lines > 0 THEN
				place := coalesce(place, i);
			ELSIF v_a.free_at IS NOT NULL THEN
				free_at := least(free_at, v_a.free_at);
			ELSE
				v_event := v_event OR v_a.spare <= 0;
			END IF;
		END LOOP;
	END LOOP;
	-- The end of a call may free a slot before that.
	IF v_event OR place IS NOT NULL THEN
		free_at := NULL;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.choose_account(voiceagent_private.account_turn[], bigint[]) IS
	'Where among the accounts the first of these ids, in this order, stands that may dial now (one that has '
	'just failed only when no other may); or, place NULL, when none may, since when time alone will let one '
	'(free_at; NULL: an event must).';

CREATE FUNCTION voiceagent_private.schedule_account_dials(accounts bigint[], paces double precision[],
	paced_from timestamptz[], dials bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	INSERT INTO voiceagent_private.account_pacing AS p (tenant_id, provider_account_id, next_dial_at)
	SELECT v_tenant, i.account, min(i.paced_from) + make_interval(secs => sum(i.dials) / min(i.pace))
	FROM unnest(accounts, paces, paced_from, dials) AS i(account, pace, paced_from, dials) GROUP BY i.account
	ON CONFLICT ON CONSTRAINT account_pacing_pkey DO UPDATE SET next_dial_at = excluded.next_dial_at;
END
$$;
COMMENT ON FUNCTION voiceagent_private.schedule_account_dials(bigint[], double precision[], timestamptz[], bigint[]) IS
	'For the tenant''s claimer: notes dials of accounts that have a pace, one element a campaign.';
