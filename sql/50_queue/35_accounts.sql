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
	'What the rows of an account and its numbers say to every claim, as account_turn has it.';

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
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
	v_k voiceagent_private.account_terms;
	v_a voiceagent_private.account_turn;
	v_turns voiceagent_private.account_turn[] := '{}';
	v_probing boolean;
	v_backlog interval;
	-- Unused dials of this time may go out at once as a burst, older ones are lost. Slow accounts have no burst.
	c_backlog CONSTANT interval := interval '250 milliseconds';
BEGIN
	FOR v IN SELECT a.provider_account_id AS id, a.active, a.armed_at, a.resumes_at, a.opened_at, d.avoid_until,
			d.lowered_to, d.lowered_from, d.lowered_at, d.slowed_to, d.slowed_from, d.slowed_at, d.slowed_for,
			p.next_dial_at, voiceagent_private.recall_account(a.provider_account_id) AS terms
		FROM voiceagent.provider_accounts a
		LEFT JOIN voiceagent_private.account_dials d
			ON d.tenant_id = v_tenant AND d.provider_account_id = a.provider_account_id
		LEFT JOIN voiceagent_private.account_pacing p
			ON p.tenant_id = v_tenant AND p.provider_account_id = a.provider_account_id
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = ANY (accounts)
	LOOP
		v_k := v.terms;
		v_a := NULL;
		v_a.provider_account_id := v.id;
		v_a.provider := v_k.provider;
		v_a.avoided := coalesce(v.avoid_until > at, false);
		v_a.has_caller := v_k.has_caller;
		v_a.own_number := v_k.own_number;
		v_a.from_number := v_k.from_number;
		v_a.from_number_id := v_k.from_number_id;
		v_a.heard := v_k.heard;
		v_a.speaks := v_k.speaks;
		IF v_k.streams THEN
			SELECT voiceagent_private.opt_out_channels(a), f.converses OR f.speaks OR voiceagent_private.own_stream(a)
			INTO v_a.heard, v_a.speaks
			FROM voiceagent.provider_accounts a CROSS JOIN LATERAL voiceagent_private.driver_facts(a.provider) f
			WHERE a.tenant_id = v_tenant AND a.provider_account_id = v.id;
		END IF;
		v_a.pace := voiceagent_private.dial_rate_now(v_k.pace, v.slowed_to, v.slowed_from, v.slowed_at, v.slowed_for,
			at);
		v_a.spare := voiceagent_private.limit_now(voiceagent_private.outbound_slots(v.id, v_k, reserve, at),
			v.lowered_to, v.lowered_from, v.lowered_at, at);
		FOR i IN 1 .. coalesce(cardinality(live_accounts), 0) LOOP
			IF live_accounts[i] = v.id THEN
				v_a.spare := v_a.spare - live[i];
			END IF;
		END LOOP;
		-- A time that was set before the clock was set back would block the account for as long.
		IF v.next_dial_at IS NULL OR v.next_dial_at >= at + interval '1 minute' THEN
			v.next_dial_at := at;
		END IF;
		v_backlog := CASE WHEN v_a.pace >= 8 THEN c_backlog ELSE '0' END;
		v_a.paced_from := greatest(v.next_dial_at, at - v_backlog);
		-- One dial at a time probes the account until it is answered; dials that were on their way before do not count.
		v_probing := false;
		IF v.opened_at IS NOT NULL THEN
			v_probing := EXISTS (SELECT FROM voiceagent_private.live_calls l
				WHERE l.tenant_id = v_tenant AND l.provider_account_id = v.id AND l.dialled_at >= v.resumes_at
					AND (l.state = 'sending' OR l.state = 'unknown' AND l.dialled_at > at - interval '1 minute'));
		END IF;
		v_a.free_lines := 0;
		IF NOT (v.active AND (v_k.provider = 'sandbox' OR real_carriers AND v.armed_at IS NOT NULL
				AND NOT voiceagent_private.lacks_public_url(v_k.provider))) THEN
			v_a.free_at := NULL;
		ELSIF v.resumes_at > at THEN
			v_a.free_at := v.resumes_at;
		ELSIF v_a.spare <= 0 THEN
			v_a.free_at := NULL;
		ELSIF v.opened_at IS NOT NULL THEN
			v_a.free_lines := CASE WHEN v_probing THEN 0 ELSE 1 END;
		ELSIF v_a.pace IS NULL THEN
			v_a.free_lines := v_a.spare;
		ELSE
			v_a.free_at := greatest(v.next_dial_at, at + interval '1 millisecond');
			IF v.next_dial_at <= at THEN
				v_a.free_lines := least(v_a.spare,
					1 + floor(extract(epoch FROM at - v_a.paced_from) * v_a.pace)::integer);
			END IF;
		END IF;
		IF v_probing THEN
			v_a.spare := 0;
		END IF;
		v_turns := v_turns || v_a;
	END LOOP;
	RETURN v_turns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.account_turns(bigint[], boolean, bigint[], integer[], integer, timestamptz) IS
	E'These carrier accounts of the current tenant, and what each may do at that time; live_accounts and live: live '
	'calls by account (an account may come several times); reserve: what is kept of each for incoming calls, in '
	'percent.\n'
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
