-- The health of the numbers of a pool: what falls behind rests, says so, and may be woken; a good one goes on.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
-- n rounds of calls, the same at each run: each number that does not rest calls once, and a person answers with the
-- number's likelihood.  -> after how many of its calls a number first rested.
CREATE FUNCTION pg_temp.rounds(n integer, chances double precision[], campaign bigint, seed bigint DEFAULT 1, cause text DEFAULT 'no_answer') RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ids bigint[] := ARRAY(SELECT m.phone_number_id FROM voiceagent.campaign_numbers m WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign ORDER BY 1);
	v_rested integer[] := array_fill(NULL::integer, ARRAY[cardinality(chances)]);
	v_now timestamptz := voiceagent.clock();
BEGIN
	FOR r IN 1 .. n LOOP
		-- The last call of each number is one row, which happens again.
		UPDATE voiceagent.calls c SET cause = rounds.cause, answered_at = CASE WHEN (hashint8extended(r * 100 + array_position(v_ids, u.phone_number_id), seed) & 1048575)
			< 1048576 * chances[array_position(v_ids, u.phone_number_id)] THEN c.ended_at END
		FROM voiceagent_private.number_use u WHERE u.tenant_id = v_tenant AND c.tenant_id = v_tenant AND c.call_id = u.last_call_id;
		PERFORM voiceagent_private.assess_callers(ARRAY(SELECT u.phone_number_id FROM voiceagent_private.number_use u
			WHERE u.tenant_id = v_tenant AND (u.rests_until > v_now) IS NOT TRUE), v_now);
		SELECT array_agg(coalesce(v_rested[i], CASE WHEN u.rests_until > v_now THEN r END) ORDER BY i) INTO v_rested
		FROM generate_subscripts(v_ids, 1) i JOIN voiceagent_private.number_use u ON u.tenant_id = v_tenant AND u.phone_number_id = v_ids[i];
	END LOOP;
	RETURN v_rested;
END
$$;
CREATE FUNCTION pg_temp.forget() RETURNS void LANGUAGE sql AS $$
	UPDATE voiceagent_private.number_use SET score = 0, judged = 0, reached = 0, rests_until = NULL, spam_marks = 0 WHERE tenant_id = voiceagent.current_tenant();
	DELETE FROM voiceagent_private.caller_answers WHERE tenant_id = voiceagent.current_tenant();
$$;
-- A tenant with a pool of so many numbers, each of which has made a call that has ended.
CREATE FUNCTION pg_temp.pool(n integer, base bigint DEFAULT 12125550000) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign bigint := pg_temp.start('pool', pg_temp.leads('+1202', n));
BEGIN
	PERFORM voiceagent.set_campaign_numbers(v_campaign, ARRAY(SELECT voiceagent.create_phone_number('+' || base + i, (SELECT min(a.provider_account_id)
		FROM voiceagent.provider_accounts a WHERE a.tenant_id = v_tenant)) FROM generate_series(1, n) i));
	PERFORM pg_temp.claim(n);
	WITH ended AS (
		UPDATE voiceagent.calls c SET status = 'no_answer', outcome = 'no_answer', credits = 0, ended_at = voiceagent.clock()
		WHERE c.tenant_id = v_tenant RETURNING c.call_id)
	SELECT 1 FROM voiceagent_private.end_calls(ARRAY(SELECT call_id FROM ended)) INTO STRICT n;
	RETURN v_campaign;
END
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r50 health') > 0 AS made;
SELECT pg_temp.pool(10) AS c \gset
SELECT count(*) AS numbers FROM voiceagent_private.number_use WHERE tenant_id = voiceagent.current_tenant();
-- Nine numbers of which three calls in ten reach a person, and one that falls to a third of that: it rests before 150
-- dials, and no good one does.
SELECT s AS seed, x[10] <= 150 AS "rests before 150 dials", array_remove(x[:9], NULL) AS "good ones that rest"
FROM generate_series(1, 5) s CROSS JOIN LATERAL (SELECT pg_temp.forget() OFFSET 0) f
CROSS JOIN LATERAL (SELECT pg_temp.rounds(150, '{0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.3,0.1}', :c, s + (f IS NULL)::integer) AS x OFFSET 0) x;
-- It says so where one looks, and no pool takes it.
SELECT kind, regexp_replace(what, 'until .*: p', 'until ...: p') AS what, settle ~ '^SELECT voiceagent.end_number_rest\(\d+\);$' AS settled FROM voiceagent.waiting WHERE kind = 'number';
SELECT phone_number_id AS bad FROM voiceagent.phone_numbers WHERE tenant_id = voiceagent.current_tenant() AND phone_number = '+12125550010' \gset
SELECT h ->> 'rests_until' IS NOT NULL AS rests, h ->> 'rest_reason' LIKE 'persons answered%' AS reason FROM jsonb_path_query(voiceagent.get_phone_number(:bad), '$.health') h;
SELECT count(*) FILTER (WHERE c.capped_until IS NULL) AS usable, bool_and(c.phone_number_id = :bad) FILTER (WHERE c.capped_until > now() + interval '6 days') AS "the other rests"
FROM voiceagent.campaigns k CROSS JOIN unnest(voiceagent_private.list_callers(:c, k.provider_account_id, 0, voiceagent.clock())) c WHERE k.campaign_id = :c;
-- A tenant may end it; it is judged anew.
SELECT voiceagent.end_number_rest(:bad);
SELECT count(*) AS waiting FROM voiceagent.waiting WHERE kind = 'number';
SAVEPOINT s;
SELECT voiceagent.end_number_rest(:bad);
ROLLBACK TO s;
-- Three calls that networks turn away as unwanted, whatever else is known.
SELECT pg_temp.forget();
SELECT pg_temp.rounds(3, array_fill(0::float8, ARRAY[10]), :c, cause => 'failed-sip-608') AS rested_after;
SELECT DISTINCT rest_reason, spam_marks FROM voiceagent_private.number_use WHERE tenant_id = voiceagent.current_tenant();
-- All of them rest: the campaign waits, and says until when.
SELECT regexp_replace(voiceagent_private.describe_callers(:c, ARRAY[min(provider_account_id)], 0, voiceagent.clock()), 'before .*: ', 'before ...: ') AS why
FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant();
SELECT key, state, regexp_replace(says, 'before .*: ', 'before ...: ') AS says, voiceagent.explain_reason(lower(left(says, 1)) || rtrim(substr(says, 2), '.')) ->> 'key' AS words FROM voiceagent_private.preview_warnings(:c) WHERE key = 'numbers';
-- One that may call again has the campaign look at once.
UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() + interval '15 minutes' WHERE campaign_id = :c;
SELECT voiceagent.end_number_rest(:bad);
SELECT next_dial_at <= voiceagent.clock() AS looks FROM voiceagent_private.pacing WHERE campaign_id = :c;
-- A tenant that wants no rests has none.
SELECT pg_temp.forget();
SELECT voiceagent.set_setting('caller_rest', '0');
SELECT pg_temp.rounds(5, array_fill(0::float8, ARRAY[10]), :c, cause => 'failed-sip-608') AS rested_after;
-- A pool that nobody answers has no number that is worse than the others.
SELECT voiceagent.set_setting('caller_rest', '1 day'), pg_temp.forget();
SELECT array_remove(pg_temp.rounds(150, array_fill(0::float8, ARRAY[10]), :c), NULL) AS rested;
-- Calls of others tell nothing of a tenant's numbers.
SELECT count(*) AS counted FROM voiceagent_private.caller_answers WHERE campaign_id = :c \gset
SELECT pg_temp.tenant('r50 health of others') > 0 AS made;
SELECT pg_temp.pool(2, 14155550000) AS other \gset
SELECT pg_temp.rounds(40, '{0,0}', :other) AS rested;
SELECT count(DISTINCT tenant_id) AS tenants, count(*) = :counted + 3 AS apart FROM voiceagent_private.caller_answers WHERE campaign_id IN (:c, :other);
-- What a carrier says of a call's signature is kept by the number that called.
SELECT provider, voiceagent_private.attested(d) FROM (VALUES ('twilio', '{"stirStatus": "B"}'::jsonb), ('telnyx', '{"shaken_stir_attestation": "A"}'), ('plivo', '{"stirVerification": "Verified"}'),
	('plivo', '{"stirVerification": "Not Verified"}'), ('plivo', '{"stirVerification": "Not Applicable"}'), ('twilio', '{"stirVerstat": "TN-Validation-Passed-C"}'), ('x', '{}')) v(provider, d);
UPDATE voiceagent.calls SET provider_call_id = 'v3:x' || call_id WHERE campaign_id = :other;
INSERT INTO voiceagent.webhook_endpoints (tenant_id, provider_account_id, created_at)
SELECT tenant_id, provider_account_id, created_at FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant() RETURNING endpoint_id AS endpoint \gset
WITH w AS (INSERT INTO voiceagent.webhooks (tenant_id, month_slot, endpoint_id, provider, received_at, body)
	SELECT c.tenant_id, voiceagent_private.month_slot(now()), :endpoint, 'telnyx', now(), convert_to(format('{"data": {"event_type": "call.initiated", "id": "e1", "occurred_at": "2026-11-28T00:00:00Z",
		"payload": {"call_control_id": "%s", "from": "+14155550001", "to": "+12025000001", "direction": "outgoing", "shaken_stir_attestation": "B"}}}', c.provider_call_id), 'UTF8')
	FROM voiceagent.calls c WHERE c.campaign_id = :other ORDER BY c.call_id LIMIT 1 RETURNING tenant_id, webhook_id)
INSERT INTO voiceagent_private.webhook_keys (tenant_id, endpoint_id, event_key, webhook_id, received_at)
SELECT w.tenant_id, :endpoint, (SELECT min(c.provider_call_id) FROM voiceagent.calls c WHERE c.campaign_id = :other) || ':e1', w.webhook_id, now() FROM w;
UPDATE voiceagent_private.number_use SET attested_at = NULL WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.rounds(2, '{0,0}', :other) AS rested;
SELECT n.phone_number, h ->> 'attestation' AS attestation, h ->> 'attested_at' IS NOT NULL AS looked FROM voiceagent.phone_numbers n CROSS JOIN LATERAL jsonb_path_query(voiceagent.get_phone_number(n.phone_number_id), '$.health') h
WHERE n.tenant_id = voiceagent.current_tenant() ORDER BY 1;
ROLLBACK;
