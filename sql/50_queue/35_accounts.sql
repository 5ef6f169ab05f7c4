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
	'pace: dials per second (NULL: any). pooled and callers hold for one campaign (choose_account()).';

-- lines: what its limit is set to. answers: it has numbers that take calls. streams: whether we hold its calls depends
-- on where our media are, so heard and speaks are asked for anew.
CREATE TYPE voiceagent_private.account_terms AS (
	provider text,
	lines integer,
	answers boolean,
	streams boolean,
	pace double precision,
	has_caller boolean,
	own_number bigint,
	from_number text,
	from_number_id text,
	heard text,
	speaks boolean
);
COMMENT ON TYPE voiceagent_private.account_terms IS
	'The terms of an account and its numbers that are the same for every claim, as account_turn has them.';

CREATE FUNCTION voiceagent_private.account_terms(provider_account_id bigint) RETURNS voiceagent_private.account_terms
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_terms voiceagent_private.account_terms;
BEGIN
	SELECT a.provider, a.max_concurrent_calls, EXISTS (SELECT FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = v_tenant AND n.provider_account_id = a.provider_account_id AND n.is_active
				AND n.state = 'ready' AND (n.greeting_message IS NOT NULL OR n.ai_assistant_id IS NOT NULL
					OR n.forward_to_number IS NOT NULL)),
		coalesce(a.settings ->> 'stream_url' LIKE '%/media/%', false),
		voiceagent_private.own_dial_rate(a.provider, a.settings), coalesce(o.usable, true), o.phone_number_id,
		o.from_number, o.from_number_id, voiceagent_private.opt_out_channels(a),
		f.converses OR f.speaks OR voiceagent_private.own_stream(a)
	INTO v_terms
	FROM voiceagent.provider_accounts a
	CROSS JOIN LATERAL voiceagent_private.driver_facts(a.provider) f
	LEFT JOIN LATERAL voiceagent_private.own_caller(v_tenant, a.provider_account_id, a.settings) o ON true
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = account_terms.provider_account_id;
	RETURN v_terms;
END
$$;
COMMENT ON FUNCTION voiceagent_private.account_terms(bigint) IS
	'The terms of an account of the current tenant, for recall_account().';

CREATE FUNCTION voiceagent_private.recall_account(provider_account_id bigint) RETURNS voiceagent_private.account_terms
	LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_recall_account';
COMMENT ON FUNCTION voiceagent_private.recall_account(bigint) IS
	'account_terms(), remembered by the session until one of the tables that say them changes.';
CREATE TRIGGER changed_for_claims AFTER UPDATE OF provider, settings, max_concurrent_calls OR DELETE OR TRUNCATE
	ON voiceagent.provider_accounts FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();
CREATE TRIGGER changed_for_claims AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent.phone_numbers
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();

CREATE FUNCTION voiceagent_private.account_turns(accounts bigint[], real_carriers boolean, live_accounts bigint[],
	live integer[], reserve integer, at timestamptz) RETURNS voiceagent_private.account_turn[]
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_account_turns';
COMMENT ON FUNCTION voiceagent_private.account_turns(bigint[], boolean, bigint[], integer[], integer, timestamptz) IS
	E'These carrier accounts of the current tenant, and what each may do at that time; live_accounts and live: live '
	'calls by account (an account may come several times); reserve: what is kept of each for incoming calls, in '
	'percent.\n'
	'real_carriers: whether real ones may dial at all.';
