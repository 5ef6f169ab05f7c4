/*
 * 55_call: what the answers to dials say of the account they went through.
 * Once for a batch of answers and an account of it, never for each dial.
 *
 *	answer			the lead							the account							counts for the breaker
 *	accepted		is being called						well; a probe closes the breaker	as a dial
 *	refused_permanent	failed (wrong_number, or refused:	well, if the carrier said so	as a dial
 *					the campaign's breaker stops what is
 *					refused to all, see 45_campaign)
 *	refused_retry	back after a second, not counted:	passed over for two seconds where	as a failure
 *					the next account's, if there is one	there is another; Retry-After rests it
 *	... not-sent-in-time	back after a second, not counted	nothing: it was not asked		not at all
 *	rate_limited	back, not counted: after a wait of	lone: rests only if the carrier		not at all
 *					its own (1 s, doubled each time it	named a time (Retry-After). A share
 *					is told so) where the account goes	of dials: rests (Retry-After, or a
 *					on; at once, for the next account,	second), and dials as fast as the
 *					where the account rests				carrier took calls in the last
 *														second; too many calls at once: as
 *														many as it has
 *	bad_account		back at once, not counted: the next	breaker opens, for ten minutes		as a failure
 *					account's, if there is one
 *	unknown			stays with this call and account	passed over as for refused_retry	as a failure
 *					until the carrier says what became
 *					of it: never dialled meanwhile, by
 *					this account or another
 *
 * The breaker opens when of the dials of the window, if they are enough, too large a share has failed.  Then it
 * does not dial for a while that doubles each time; after it one dial at a time probes the carrier.  A dial on
 * its way when the breaker opened neither closes nor opens it.
 */

CREATE TYPE voiceagent_private.dial_counts AS (
	provider_account_id bigint,
	dials integer,
	failed integer,
	well_at timestamptz,
	failed_at timestamptz,
	limited integer,
	limited_at timestamptz,
	limited_calls boolean,
	bad boolean,
	wait_s integer,
	error text,
	failures jsonb
);
COMMENT ON TYPE voiceagent_private.dial_counts IS
	'A batch of answers of one carrier account: dials that count, those of them that failed, when the latest was '
	'dialled that went well, that failed, that was one too many (limited_at, how many: limited; limited_calls: '
	'too many at once), whether the account itself is bad, the longest Retry-After in seconds, the carrier''s '
	'words, the newest failures.';

CREATE FUNCTION voiceagent_private.count_answers(INOUT d voiceagent_private.account_dials, taken integer,
	limited integer, at timestamptz)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_number bigint := floor(extract(epoch FROM at) * 10);
	-- Another tenth of a second, or a clock that was set back: what is older than a second is forgotten.
	v_moved integer := CASE WHEN v_number < d.tenth THEN 10 ELSE least(v_number - d.tenth, 10) END;
	-- How far the share follows an answer: a lone 429 makes it 1.6 %, four in a row 6 %.
	c_weight CONSTANT double precision := 1 / 64.0;
	c_forget_s CONSTANT double precision := 60;
	v_kept double precision;
BEGIN
	d.taken := array_fill(0, ARRAY[v_moved]) || d.taken[1 : 10 - v_moved];
	d.taken[1] := d.taken[1] + taken;
	d.tenth := v_number;
	IF limited = 0 AND d.limited_share = 0 THEN
		RETURN;
	END IF;
	-- Bounded, as nothing is left of it by then: less would be no double precision any more.
	v_kept := (1 - c_weight) ^ least(taken + limited, 500);
	d.limited_share := d.limited_share * exp(greatest(-200,
		-extract(epoch FROM coalesce(greatest(at - d.answered_at, '0'), '0')) / c_forget_s)::double precision) * v_kept
		+ (1 - v_kept) * limited / greatest(taken + limited, 1);
	IF d.limited_share < 0.0001 THEN
		d.limited_share := 0;
	END IF;
	d.answered_at := at;
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_answers(voiceagent_private.account_dials, integer, integer, timestamptz) IS
	E'Adds a batch of answers to the recent ones of an account.\n'
	'taken: calls that the carrier took, or refused for another reason than their rate; limited: those that were too '
	'many a second. Changes taken (the last second, by tenths) and limited_share (recent answers weigh more, and a '
	'minute without any forgets them).';

CREATE FUNCTION voiceagent_private.reduce_account_limits(INOUT d voiceagent_private.account_dials,
	counter voiceagent_private.dial_counts, account voiceagent.provider_accounts, at timestamptz)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_own double precision;
	v_now double precision;
	v_rate double precision := (SELECT sum(i) FROM unnest(d.taken) i);
	v_from double precision;
	v_live integer;
	v_limit integer;
	v_settled boolean;
	c_slowest CONSTANT double precision := 0.1;
	-- The first guess is kept for so long before more is tried; one that proves right again is kept twice as long.
	c_hold CONSTANT interval := interval '10 seconds';
	c_longest_hold CONSTANT interval := interval '10 minutes';
BEGIN
	IF counter.limited_calls THEN
		-- The others of that moment met the same limit.
		IF counter.limited_at > coalesce(d.lowered_at, '-infinity') THEN
			v_live := (SELECT count(*) FROM voiceagent_private.live_calls l
				WHERE l.tenant_id = v_tenant AND l.provider_account_id = counter.provider_account_id
					AND l.state = 'accepted');
			v_limit := voiceagent_private.limit_now(account.max_concurrent_calls, d.lowered_to, d.lowered_from,
				d.lowered_at, at);
			d.lowered_from := CASE WHEN v_limit < account.max_concurrent_calls THEN greatest(d.lowered_from, v_limit)
				ELSE v_limit END;
			d.lowered_to := greatest(least(v_live, v_limit), 1);
			d.lowered_at := at;
			d.lowered_why := left(counter.error, 200);
		END IF;
		RETURN;
	END IF;
	v_own := voiceagent_private.own_dial_rate(account.provider, account.settings);
	v_now := voiceagent_private.dial_rate_now(v_own, d.slowed_to, d.slowed_from, d.slowed_at, d.slowed_for, at);
	-- The pace that was asked for, if there is one.
	v_from := coalesce(v_now, v_rate + counter.limited, 1);
	v_settled := v_now IS NOT NULL AND v_now IS DISTINCT FROM v_own AND at > d.slowed_at + d.slowed_for;
	d.slowed_for := CASE
		WHEN v_settled THEN least(d.slowed_for * 2, voiceagent_private.carrier_time(account.provider, c_longest_hold,
				(voiceagent_private.read_dial_settings()).time_scale, interval '10 milliseconds'))
		WHEN v_now IS NOT NULL AND v_now IS DISTINCT FROM v_own THEN d.slowed_for
		ELSE voiceagent_private.carrier_time(account.provider, c_hold,
			(voiceagent_private.read_dial_settings()).time_scale, interval '10 milliseconds') END;
	d.slowed_from := CASE WHEN v_now IS DISTINCT FROM v_own THEN greatest(d.slowed_from, v_from) ELSE v_from END;
	-- The rate that the carrier does take. A second is too short to count few dials, and tells
	-- nothing if none was taken.
	d.slowed_to := greatest(CASE WHEN v_from < 4 THEN v_from / 2 WHEN v_rate = 0 THEN v_from / 4
		ELSE least(v_rate, v_from * 0.95) END, c_slowest);
	d.slowed_at := at;
	d.limited_share := 0;
END
$$;
COMMENT ON FUNCTION voiceagent_private.reduce_account_limits(voiceagent_private.account_dials,
	voiceagent_private.dial_counts, voiceagent.provider_accounts, timestamptz) IS
	E'Slows an account down after its carrier refused a share of its dials as too many a second, or lowers its live '
	'calls to what it has.\n'
	'The pace becomes the rate at which the carrier took calls in the last second, not below one dial in ten seconds. '
	'dial_rate_now() and limit_now() bring both back.';

CREATE FUNCTION voiceagent_private.count_in_window(dials voiceagent_private.account_dials,
	counter voiceagent_private.dial_counts, at timestamptz) RETURNS voiceagent_private.account_dials
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_part interval;
	v_number bigint;
	v_moved integer;
BEGIN
	v_part := CASE WHEN counter.failed > 0 THEN voiceagent_private.setting_interval('account_breaker_window') / 6
		ELSE dials.part END;
	v_number := floor(extract(epoch FROM at) / extract(epoch FROM v_part));
	-- Another window, or a clock that was set back: counted anew.
	v_moved := CASE WHEN v_part <> dials.part OR v_number < dials.part_number THEN 6
		ELSE least(v_number - dials.part_number, 6) END;
	dials.dials := array_fill(0, ARRAY[v_moved]) || dials.dials[1 : 6 - v_moved];
	dials.failed := array_fill(0, ARRAY[v_moved]) || dials.failed[1 : 6 - v_moved];
	dials.dials[1] := dials.dials[1] + counter.dials;
	dials.failed[1] := dials.failed[1] + counter.failed;
	dials.part := v_part;
	dials.part_number := v_number;
	RETURN dials;
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_in_window(voiceagent_private.account_dials,
	voiceagent_private.dial_counts, timestamptz) IS
	'The row of an account with these dials counted in its breaker''s window, of which each of six parts has a count '
	'of dials and one of failed ones, the newest first.';

CREATE FUNCTION voiceagent_private.record_account_answers(counter voiceagent_private.dial_counts, at timestamptz)
	RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_d voiceagent_private.account_dials;
	v_a voiceagent.provider_accounts;
	v_dials bigint;
	v_failed bigint;
	v_rate numeric;
	v_tripped boolean := false;
	v_slow boolean;
	v_until timestamptz;
	-- A share of the recent dials; less is chance: a number, a server, a moment.
	c_share CONSTANT double precision := 0.05;
	-- A bad account is not mended in seconds.
	c_bad CONSTANT interval := interval '10 minutes';
	c_first CONSTANT double precision := 5;
	c_longest CONSTANT double precision := 600;
BEGIN
	SELECT d.* INTO v_d FROM voiceagent_private.account_dials d
	WHERE d.tenant_id = v_tenant AND d.provider_account_id = counter.provider_account_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		INSERT INTO voiceagent_private.account_dials (tenant_id, provider_account_id)
		VALUES (v_tenant, counter.provider_account_id)
		ON CONFLICT DO NOTHING;
		SELECT d.* INTO v_d FROM voiceagent_private.account_dials d
		WHERE d.tenant_id = v_tenant AND d.provider_account_id = counter.provider_account_id FOR NO KEY UPDATE;
	END IF;
	SELECT a.* INTO v_a FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = counter.provider_account_id;
	v_d := voiceagent_private.count_in_window(v_d, counter, at);
	IF counter.failed > 0 THEN
		v_d.avoid_until := at + voiceagent_private.carrier_time(v_a.provider, interval '2 seconds',
			(voiceagent_private.read_dial_settings()).time_scale, interval '10 milliseconds');
		v_d.failures := jsonb_path_query_array(counter.failures || v_d.failures, '$[0 to 4]');
		v_dials := (SELECT sum(i) FROM unnest(v_d.dials) i);
		v_failed := (SELECT sum(i) FROM unnest(v_d.failed) i);
		v_rate := voiceagent_private.setting_number('account_breaker_failure_rate');
		v_tripped := counter.bad
			OR v_rate > 0 AND v_dials >= voiceagent_private.setting_integer('account_breaker_min_dials')
			AND v_failed >= v_dials * v_rate;
	END IF;
	v_d := voiceagent_private.count_answers(v_d, counter.dials,
		CASE WHEN counter.limited_calls THEN 0 ELSE coalesce(counter.limited, 0) END, at);
	-- Dials that had left before the account was slowed down met the limit that is known.
	v_slow := coalesce(counter.limited_calls, false)
		OR counter.limited_at > coalesce(v_d.slowed_at, '-infinity') AND v_d.limited_share >= c_share;
	IF v_slow THEN
		v_d := voiceagent_private.reduce_account_limits(v_d, counter, v_a, at);
	END IF;
	-- A time that the carrier named is the account's, however few it named it to.
	IF v_slow OR counter.wait_s > 0 THEN
		v_until :=
			at + voiceagent_private.carrier_time(v_a.provider, make_interval(secs => greatest(counter.wait_s, 1)),
				(voiceagent_private.read_dial_settings()).time_scale, interval '10 milliseconds');
	END IF;

	IF v_a.opened_at IS NULL AND v_tripped
		OR v_a.opened_at IS NOT NULL AND counter.failed_at >= v_a.resumes_at THEN
		v_until := greatest(v_until, at + CASE WHEN NOT counter.bad THEN interval '0'
			-- Our key file is missing, and no request was sent.
			WHEN counter.failures -> 0 ->> 'cause' LIKE 'account-unusable%' THEN interval '1 minute' ELSE c_bad END,
			at + make_interval(secs => least(c_longest, c_first * 2 ^ least(v_a.trips, 10))));
		UPDATE voiceagent.provider_accounts a
		SET opened_at = coalesce(a.opened_at, at), trips = a.trips + 1, resumes_at = greatest(a.resumes_at, v_until),
			trouble = left(coalesce(counter.error, 'no answer'), 500)
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = counter.provider_account_id;
		IF v_a.opened_at IS NULL THEN
			PERFORM voiceagent_private.log_event('carrier_failing', NULL, NULL, NULL, jsonb_build_object(
				'provider_account_id', v_a.provider_account_id, 'provider', v_a.provider, 'name', v_a.name,
				'trouble', left(coalesce(counter.error, 'no answer'), 500), 'resumes_at', v_until, 'failed', v_failed,
				'dials', v_dials, 'window_s', extract(epoch FROM v_d.part * 6)::integer, 'failures', v_d.failures));
		END IF;
	ELSIF v_a.opened_at IS NOT NULL AND counter.well_at >= v_a.resumes_at AND v_a.resumes_at <= at THEN
		UPDATE voiceagent.provider_accounts a SET opened_at = NULL, trips = 0, resumes_at = v_until, trouble = NULL
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = counter.provider_account_id;
		v_d.dials := ARRAY[counter.dials, 0, 0, 0, 0, 0];
		v_d.failed := ARRAY[counter.failed, 0, 0, 0, 0, 0];
		v_d.avoid_until := '-infinity';
		PERFORM voiceagent_private.log_event('carrier_recovered', NULL, NULL, NULL, jsonb_build_object(
			'provider_account_id', v_a.provider_account_id, 'provider', v_a.provider, 'name', v_a.name,
			'since', v_a.opened_at));
	ELSIF v_until IS NOT NULL THEN
		UPDATE voiceagent.provider_accounts a
		SET resumes_at = greatest(a.resumes_at, v_until), trouble = left(counter.error, 500)
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = counter.provider_account_id;
	ELSIF v_a.opened_at IS NULL AND v_a.trouble IS NOT NULL AND counter.well_at IS NOT NULL
		AND coalesce(v_a.resumes_at <= at, true) THEN
		-- An answer to a request from before the rest does not end it.
		UPDATE voiceagent.provider_accounts a SET resumes_at = NULL, trouble = NULL
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = counter.provider_account_id;
	END IF;
	UPDATE voiceagent_private.account_dials d
	SET part = v_d.part, part_number = v_d.part_number, dials = v_d.dials, failed = v_d.failed, failures = v_d.failures,
		avoid_until = v_d.avoid_until, tenth = v_d.tenth, taken = v_d.taken, limited_share = v_d.limited_share,
		answered_at = v_d.answered_at, slowed_at = v_d.slowed_at, slowed_to = v_d.slowed_to,
		slowed_from = v_d.slowed_from, slowed_for = v_d.slowed_for, lowered_at = v_d.lowered_at,
		lowered_to = v_d.lowered_to, lowered_from = v_d.lowered_from, lowered_why = v_d.lowered_why
	WHERE d.tenant_id = v_tenant AND d.provider_account_id = counter.provider_account_id;
	RETURN CASE WHEN counter.bad THEN 'bad'
		WHEN v_a.trouble IS NOT NULL AND counter.well_at IS NOT NULL THEN 'well' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_account_answers(voiceagent_private.dial_counts, timestamptz) IS
	E'Counts a batch of answers for its carrier account, and judges that: opens the breaker (event carrier_failing, '
	'with the newest failing calls), closes it (carrier_recovered), slows it down or has it rest.\n'
	'Gives bad (the account itself is refused), well (it had trouble and has taken a dial), or NULL. '
	'Takes the row of account_dials, then, if it changes, that of the account.';

CREATE FUNCTION voiceagent_private.update_campaign_reasons(accounts bigint[], verdicts text[], errors text[])
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	IF 'bad' = ANY (verdicts) THEN
		UPDATE voiceagent.campaigns c SET status_reason = left('carrier account: ' || coalesce(i.error, ''), 500)
		FROM unnest(accounts, verdicts, errors) AS i(account, verdict, error)
		WHERE i.verdict = 'bad' AND c.tenant_id = v_tenant AND c.status = 'running'
			AND c.campaign_id = ANY (voiceagent_private.campaigns_of_account(i.account))
			-- As long as another account of its list is well, the campaign is.
			AND NOT EXISTS (SELECT FROM unnest(voiceagent_private.accounts_of_campaign(c.campaign_id)) AS o(id)
				JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = o.id
				WHERE a.active AND a.opened_at IS NULL AND (a.provider = 'sandbox' OR a.armed_at IS NOT NULL));
	END IF;
	IF 'well' = ANY (verdicts) THEN
		PERFORM voiceagent_private.forget_account_trouble(voiceagent_private.campaigns_of_account(i.account))
		FROM unnest(accounts, verdicts) AS i(account, verdict) WHERE i.verdict = 'well';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.update_campaign_reasons(bigint[], text[], text[]) IS
	'The status_reason of campaigns whose accounts are all refused (bad), or of which one is well again; '
	'record_account_answers()''s verdicts.';

-- A carrier's name for it holds one of these words, whose language model, voice or transcriber it is.
CREATE FUNCTION voiceagent_private.names_limit(cause text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(cause ~* '(concurrency.?limit|rate.?limit|too.?many.?requests|overloaded|\m429\M)', false);
COMMENT ON FUNCTION voiceagent_private.names_limit(text) IS
	'Whether the cause of a call''s end is that the carrier, or the language model, voice or transcriber behind it, '
	'had too many calls at once.';

-- A spent quota lasts, but ends unseen: dials of other calls find out, few of them.
CREATE FUNCTION voiceagent_private.limit_rest(cause text) RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN cause ~* 'quota' THEN interval '1 minute' ELSE interval '5 seconds' END;
COMMENT ON FUNCTION voiceagent_private.limit_rest(text) IS
	'How long an account rests after a call that a limit behind its carrier cut (names_limit()): a minute if its quota '
	'is used up, else five seconds.';

-- A refused dial opens a breaker likewise: record_account_answers(), whose verdicts are for
-- update_campaign_reasons() when the leads are decided about.
CREATE FUNCTION voiceagent_private.update_account_breakers(call_ids bigint[], OUT accounts bigint[],
	OUT verdicts text[], OUT errors text[])
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v record;
	v_counts voiceagent_private.dial_counts;
	v_d voiceagent_private.account_dials;
	v_limit integer;
	v_live integer;
BEGIN
	v_counts.dials := 0;
	v_counts.limited := 0;
	v_counts.bad := true;
	v_counts.wait_s := 0;
	FOR v IN
		SELECT c.provider_account_id, max(c.started_at) FILTER (WHERE c.limited) AS limited_at,
			max(c.cause) FILTER (WHERE c.limited) AS limit_named,
			max(c.started_at) FILTER (WHERE c.bad) AS bad_at, max(c.cause) FILTER (WHERE c.bad) AS error,
			count(*) FILTER (WHERE c.bad)::integer AS bad,
			jsonb_path_query_array(jsonb_agg(jsonb_build_object('call_id', c.call_id, 'cause', left(c.cause, 100))
				ORDER BY c.call_id DESC)
				FILTER (WHERE c.bad), '$[0 to 4]') AS failures
		FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.call_id, o.provider_account_id, o.started_at, o.cause,
			o.cause_class = 'account' AND o.outcome = 'failed' AS bad,
				voiceagent_private.names_limit(o.cause) AS limited
			FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND o.outcome IS NOT NULL OFFSET 0) c
		WHERE c.bad OR c.limited
		GROUP BY c.provider_account_id ORDER BY c.provider_account_id
	LOOP
		IF v.bad > 0 THEN
			-- Its dial was counted when it was taken.
			accounts := accounts || v.provider_account_id;
			v_counts.provider_account_id := v.provider_account_id;
			v_counts.failed := v.bad;
			v_counts.failed_at := v.bad_at;
			v_counts.error := v.error;
			v_counts.failures := v.failures;
			verdicts := verdicts || voiceagent_private.record_account_answers(v_counts, v_now);
			errors := errors || v.error;
		END IF;
		CONTINUE WHEN v.limited_at IS NULL;
		INSERT INTO voiceagent_private.account_dials (tenant_id, provider_account_id)
		VALUES (v_tenant, v.provider_account_id)
		ON CONFLICT DO NOTHING;
		SELECT d.* INTO v_d FROM voiceagent_private.account_dials d
		WHERE d.tenant_id = v_tenant AND d.provider_account_id = v.provider_account_id FOR NO KEY UPDATE;
		-- Calls of one moment fail together.
		CONTINUE WHEN v.limited_at <= v_d.lowered_at;
		v_limit := voiceagent_private.limit_now((SELECT a.max_concurrent_calls FROM voiceagent.provider_accounts a
			WHERE a.tenant_id = v_tenant AND a.provider_account_id = v.provider_account_id), v_d.lowered_to,
				v_d.lowered_from, v_d.lowered_at, v_now);
		v_live := (SELECT count(*) FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.provider_account_id = v.provider_account_id);
		UPDATE voiceagent_private.account_dials d
		SET lowered_to = greatest(least(v_live, v_limit) * 4 / 5, 1), lowered_from = v_limit, lowered_at = v_now,
			lowered_why = left(v.limit_named, 200)
		WHERE d.tenant_id = v_tenant AND d.provider_account_id = v.provider_account_id;
		-- The next dial that goes well forgets it. An open breaker, or a socket that is not there, says more.
		UPDATE voiceagent.provider_accounts a
		SET resumes_at = greatest(a.resumes_at, v_now + voiceagent_private.carrier_time(a.provider,
				voiceagent_private.limit_rest(v.limit_named), (voiceagent_private.read_dial_settings()).time_scale,
				interval '10 milliseconds')),
			trouble = left(v.limit_named, 500)
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = v.provider_account_id AND a.opened_at IS NULL
			AND a.resumes_at IS DISTINCT FROM 'infinity';
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.update_account_breakers(bigint[]) IS
	E'After calls have ended, opens the breakers of the accounts whose fault made calls fail (key, money, rights).\n'
	'Where the carrier, or the language model behind it, had too many calls (names_limit()), the account rests '
	'(limit_rest()) and its live calls are lowered by a fifth, which limit_now() brings back. The caller has locked '
	'the calls, and nothing else that has an order of locks.';
