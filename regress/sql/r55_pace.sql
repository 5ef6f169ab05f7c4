-- A carrier that refuses dials as too many a second: a lone refusal slows nobody down, a true limit is found and kept to.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.account(name text, provider text DEFAULT 'vapi') RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, armed_at, created_at, settings)
	VALUES (voiceagent.current_tenant(), provider, name, 1000, CASE WHEN provider <> 'sandbox' THEN voiceagent.clock() END, voiceagent.clock(),
		'{"calls_per_second": 0}')
	RETURNING provider_account_id $$;
CREATE FUNCTION pg_temp.later(seconds numeric) RETURNS void LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', (round(extract(epoch FROM voiceagent.clock() - clock_timestamp()), 3) + seconds)::text, true) $$;
/*
 * What the claim would do with so many leads due, second by second: dials at the account's pace, at most `most` a second,
 * of which the carrier takes per_second in each second of its own, and answers the rest as said.  Steps of a tenth of a second.
 */
CREATE FUNCTION pg_temp.dial(account bigint, seconds integer, most integer, per_second integer, wait_s integer DEFAULT 0)
	RETURNS TABLE (second integer, dialled integer, taken integer, refused integer) LANGUAGE plpgsql AS $$
DECLARE
	v_from timestamptz := voiceagent.clock();
	v_at timestamptz;
	v_a voiceagent.provider_accounts;
	v_d voiceagent_private.account_dials;
	v_due double precision := 0;
	v_n integer;
	v_ok integer;
	v_left integer;
BEGIN
	FOR i IN 0 .. seconds * 10 - 1 LOOP
		v_at := v_from + make_interval(secs => i / 10.0);
		IF i % 10 = 0 THEN
			second := i / 10;
			dialled := 0; taken := 0; refused := 0; v_left := per_second;
		END IF;
		SELECT a.* INTO v_a FROM voiceagent.provider_accounts a WHERE a.provider_account_id = account;
		SELECT d.* INTO v_d FROM voiceagent_private.account_dials d WHERE d.provider_account_id = account;
		v_due := least(v_due, 1) + least(most, coalesce(voiceagent_private.dial_rate_now(voiceagent_private.own_dial_rate(v_a.provider, v_a.settings), v_d.slowed_to,
			v_d.slowed_from, v_d.slowed_at, v_d.slowed_for, v_at), most)) / 10;
		IF v_a.resumes_at > v_at THEN
			v_due := 0;
		END IF;
		v_n := floor(v_due);
		IF v_n > 0 THEN
			v_due := v_due - v_n;
			v_ok := least(v_n, v_left);
			v_left := v_left - v_ok;
			dialled := dialled + v_n; taken := taken + v_ok; refused := refused + v_n - v_ok;
			PERFORM voiceagent_private.record_account_answers(ROW(account, v_ok, 0, CASE WHEN v_ok > 0 THEN v_at END, NULL, v_n - v_ok,
				CASE WHEN v_ok < v_n THEN v_at END, CASE WHEN v_ok < v_n THEN false END, false, CASE WHEN v_ok < v_n THEN wait_s ELSE 0 END,
				CASE WHEN v_ok < v_n THEN 'http-429' END, '[]')::voiceagent_private.dial_counts, v_at);
		END IF;
		IF i % 10 = 9 THEN
			RETURN NEXT;
		END IF;
	END LOOP;
END $$;

-- A true limit of 25 a second is found within a second or two, and kept to: of the next minute's dials few are refused.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 limit') > 0 AS made, pg_temp.account('A') AS a \gset
CREATE TEMP TABLE seen ON COMMIT DROP AS SELECT * FROM pg_temp.dial(:a, 60, 200, 25);
SELECT sum(refused) FILTER (WHERE second < 3) <= 60 AS found_soon, round(100.0 * sum(refused) FILTER (WHERE second >= 3) / sum(dialled) FILTER (WHERE second >= 3)) < 4 AS few_refused,
	sum(taken) FILTER (WHERE second >= 3) >= 0.8 * 25 * 57 AS used FROM seen;
-- It is tried less often whether there is more.
SELECT count(*) FILTER (WHERE refused > 0 AND second < 30) > count(*) FILTER (WHERE refused > 0 AND second >= 30) AS less_often FROM seen;
-- A limit that goes up is found, too, and one that goes away is forgotten.
SELECT pg_temp.later(60);
SELECT sum(taken) FILTER (WHERE second >= 120) > 20 * 80 AS follows FROM pg_temp.dial(:a, 140, 200, 100);
SELECT pg_temp.later(140);
SELECT min(taken) = 200 AS as_ever, sum(refused) AS refused FROM pg_temp.dial(:a, 120, 200, 1000) WHERE second > 110;
ROLLBACK;

-- A lone refusal among many dials, also now and then, slows nobody down; the account rests only if the carrier names a time.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 lone') > 0 AS made, pg_temp.account('A') AS a \gset
SELECT sum(dialled) FROM pg_temp.dial(:a, 3, 200, 1000);
CREATE FUNCTION pg_temp.refuse(account bigint, taken integer, refused integer, wait_s integer DEFAULT 0) RETURNS TABLE (rest_s numeric, pace double precision)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.record_account_answers(ROW(account, taken, 0, voiceagent.clock(), NULL, refused, voiceagent.clock(), false, false, wait_s, 'http-429', '[]')::voiceagent_private.dial_counts,
		voiceagent.clock());
	RETURN QUERY SELECT round(extract(epoch FROM a.resumes_at - voiceagent.clock())), voiceagent_private.dial_rate_now(NULL, d.slowed_to, d.slowed_from, d.slowed_at, d.slowed_for, voiceagent.clock())
	FROM voiceagent.provider_accounts a JOIN voiceagent_private.account_dials d USING (tenant_id, provider_account_id) WHERE a.provider_account_id = account;
END $$;
SELECT pg_temp.later(3);
SELECT * FROM pg_temp.refuse(:a, 20, 1);
SELECT max(r.pace) AS slowed_at_3_percent FROM generate_series(1, 50) i, LATERAL pg_temp.refuse(:a, 32, 1) r;
SELECT * FROM pg_temp.refuse(:a, 20, 1, 30) AS told_to_wait;
SELECT pg_temp.later(40);
-- A share of the dials does: at the rate of those that were taken in the last second.
SELECT * FROM pg_temp.refuse(:a, 50, 20);
-- An account that dials seldom is not slowed down for the night by what it heard in the evening.
DELETE FROM voiceagent_private.account_dials WHERE provider_account_id = :a;
SELECT r.pace FROM generate_series(1, 3) i, LATERAL pg_temp.refuse(:a, 0, 1) r;
SELECT pg_temp.later(600);
SELECT r.pace FROM generate_series(1, 3) i, LATERAL pg_temp.refuse(:a, 0, 1) r;
SELECT r.pace FROM pg_temp.refuse(:a, 0, 1) r;
-- A carrier that takes none at all: slower each time.
SELECT pg_temp.later(1.5), round(r.pace::numeric, 1) AS pace FROM pg_temp.refuse(:a, 0, 300) r;
SELECT pg_temp.later(1.5), round(r.pace::numeric, 1) AS pace FROM pg_temp.refuse(:a, 0, 75) r;
SELECT pg_temp.later(1.5), round(r.pace::numeric, 1) AS pace FROM pg_temp.refuse(:a, 0, 30) r;
ROLLBACK;

-- The leads: none loses an attempt; a lone one waits by itself, longer each time; where the account rests it is the account that waits.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 waits') > 0 AS made, pg_temp.account('A', 'sandbox') AS a \gset
SELECT voiceagent.set_setting('sandbox_time_scale', '1') \g /dev/null
SELECT pg_temp.start('waits', pg_temp.leads('+12025550', 9)) AS campaign \gset
UPDATE voiceagent.campaigns SET provider_account_id = :a, settings = '{"max_concurrent_calls": 100, "call_interval": 0, "breaker_failure_rate": 0}' WHERE campaign_id = :campaign;
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE campaign_id = :campaign;
CREATE FUNCTION pg_temp.answer(lead integer, kind text, wait integer DEFAULT NULL) RETURNS TABLE (recorded integer, again_s numeric, attempts integer, status text)
LANGUAGE plpgsql AS $$
BEGIN
	SELECT voiceagent_private.record_dials(ARRAY[a.attempt_id], ARRAY[kind], ARRAY[CASE WHEN kind = 'accepted' THEN 'theirs-' || a.attempt_id END],
		ARRAY[NULL::text], ARRAY[429], ARRAY['http-429'], ARRAY[wait]) INTO recorded
	FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id)
	WHERE a.tenant_id = voiceagent.current_tenant() AND right(c.phone, 1) = lead::text AND a.state = 'sending'
	ORDER BY a.attempt_id DESC LIMIT 1;
	RETURN QUERY SELECT answer.recorded, ceil(extract(epoch FROM q.not_before - voiceagent.clock()) - 0.1), m.attempts::integer, m.status::text
	FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
	WHERE m.tenant_id = voiceagent.current_tenant() AND right(l.phone, 1) = lead::text;
END $$;
SELECT pg_temp.claim(9);
SELECT * FROM pg_temp.answer(2, 'accepted');
SELECT * FROM pg_temp.answer(1, 'rate_limited');
SELECT pg_temp.claim(9) AS not_yet, pg_temp.later(1.1), pg_temp.claim(9) AS after_a_second;
SELECT * FROM pg_temp.answer(1, 'rate_limited');
SELECT pg_temp.later(2.1), pg_temp.claim(9);
SELECT * FROM pg_temp.answer(1, 'accepted');
SELECT * FROM pg_temp.answer(3, 'rate_limited', 30);
SELECT pg_temp.claim(9) AS account_rests;
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE '%lease%';
ROLLBACK;

-- The sandbox waits by its own clock: two refusals in a rehearsal cost nothing.
BEGIN;
SET LOCAL voiceagent.clock_offset = 0;
SELECT pg_temp.tenant('r55 rehearsal') > 0 AS made \gset
SELECT min(a.provider_account_id) AS a FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent_private.record_account_answers(ROW(:a, 9, 0, voiceagent.clock(), NULL, 9, voiceagent.clock(), false, false, 1, 'http-429', '[]')::voiceagent_private.dial_counts, voiceagent.clock());
SELECT resumes_at - voiceagent.clock() < '0.02 seconds' AS rests_shortly FROM voiceagent.provider_accounts WHERE provider_account_id = :a;
SELECT voiceagent_private.dial_rate_now(NULL, slowed_to, slowed_from, slowed_at, slowed_for, voiceagent.clock() + '0.1 seconds') AS pace FROM voiceagent_private.account_dials WHERE provider_account_id = :a;
ROLLBACK;
