-- Prepaid minutes: a call takes from one bundle and goes on in credits from the second on at which that was empty; what it does not use returns to the same bundle, and is lost when that is over.
\set VERBOSITY default
\set SHOW_CONTEXT never
\set ECHO none
\i lib/turns.inc
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.bundles() RETURNS TABLE (name text, rest numeric, held numeric, used numeric, lost numeric, rolled numeric, state text) LANGUAGE sql AS $$
	SELECT regexp_replace(reason, '[0-9]+', 'N'), trim_scale(rest), trim_scale(held), trim_scale(used), trim_scale(lost), trim_scale(rolled), state FROM voiceagent.list_grants(true) WHERE unit = 'minutes' $$;
CREATE FUNCTION pg_temp.wallet() RETURNS text LANGUAGE sql AS $$
	SELECT format('credits %s, held %s, posted %s; minutes %s, held %s, used %s', trim_scale(available), trim_scale(held), trim_scale(posted), trim_scale(minutes), trim_scale(minutes_held), trim_scale(minutes_used)) FROM voiceagent.credit_balance $$;
CREATE FUNCTION pg_temp.wrong() RETURNS SETOF text LANGUAGE sql AS $$ SELECT DISTINCT invariant || ': ' || regexp_replace(detail, 'hold [0-9]+', 'hold N') FROM voiceagent_private.check_tenant() ORDER BY 1 $$;
CREATE FUNCTION pg_temp.holds() RETURNS TABLE (number text, state text, credits numeric, charged numeric, minutes numeric, minutes_used numeric, of text, noted numeric) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), h.state, trim_scale(h.amount), trim_scale(h.charged), trim_scale(h.minutes), trim_scale(h.minutes_used), (SELECT string_agg(g.reason, ', ') FROM voiceagent.credit_hold_parts p JOIN voiceagent.credit_grants g USING (tenant_id, grant_id)
		WHERE p.tenant_id = h.tenant_id AND p.hold_id = h.hold_id), trim_scale(c.credits)
	FROM voiceagent.calls c JOIN voiceagent.credit_holds h USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1 $$;
SET client_min_messages = warning;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('r30 minutes', ARRAY['2001', '2002', '2003', '2004', '2005'], '{"max_call_duration": "10 minutes"}') AS tenant \gset
SELECT pg_temp.wallet();
SELECT voiceagent.adjust_credits(:tenant, -1000, 'none left');
SAVEPOINT s;
SELECT voiceagent.grant_credits(:tenant, 5, 'of what', unit => 'hours');
ROLLBACK TO s;
-- Only minutes: two calls can be held, each of one bundle. What is left of the bundles is enough for none.
SELECT voiceagent.grant_credits(:tenant, 25, 'bundle of 25', priority => 10, unit => 'minutes') AS a, voiceagent.grant_credits(:tenant, 4, 'bundle of 4', priority => 5, unit => 'minutes') AS b \gset
SELECT trim_scale(one_call) AS one_call, trim_scale(all_calls) AS all_calls FROM voiceagent_private.wallet(voiceagent.clock());
SELECT pg_temp.dial();
SELECT pg_temp.dial();
SELECT status, status_reason FROM voiceagent.campaigns WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.holds();
SELECT * FROM pg_temp.bundles();
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();
-- With a few credits the first bundle has its turn: four minutes of it and six in credits.
SELECT voiceagent.adjust_credits(:tenant, 2.1, 'six minutes');
SELECT pg_temp.dial();
SELECT * FROM pg_temp.holds();
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();
-- 90 seconds: of the bundle. Nobody answered: all of it comes back. Five minutes: four of the bundle, and one in credits.
SELECT pg_temp.take(pg_temp.webhook('2001', 'report', 'customer-ended-call', 90), pg_temp.webhook('2002', 'report', 'customer-did-not-answer'), pg_temp.webhook('2003', 'report', 'customer-ended-call', 300)), voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.holds();
SELECT * FROM pg_temp.bundles();
SELECT pg_temp.wallet();
SELECT account, trim_scale(balance) AS balance FROM voiceagent.credit_accounts WHERE tenant_id = :tenant ORDER BY 1;
SELECT * FROM pg_temp.wrong();
-- The campaign goes on by itself: minutes have come back.
SELECT status_reason FROM voiceagent.campaigns WHERE tenant_id = :tenant;
SELECT kind, duration_seconds, trim_scale(amount) AS amount, trim_scale(balance) AS balance, trim_scale(minutes) AS minutes, trim_scale(minutes_balance) AS minutes_balance
FROM voiceagent.statement((voiceagent.clock() AT TIME ZONE 'America/New_York')::date);
SELECT activity, trim_scale(change) AS change, trim_scale(minutes) AS minutes FROM voiceagent.credit_statement WHERE call_id IS NOT NULL ORDER BY transaction_id;
SELECT operation, from_account, to_account, trim_scale(amount) AS amount, unit FROM voiceagent.credit_transactions WHERE call_id = pg_temp.call_of('2003') ORDER BY transaction_id;
SELECT o ->> 'minutes_available' AS minutes, o ->> 'credits_available' AS credits FROM (SELECT voiceagent.preview_campaign(campaign_id) AS o FROM voiceagent.campaigns WHERE tenant_id = :tenant) x;
-- A call whose dial is lost gives them back, and takes them again when its carrier speaks of it after all.
SELECT pg_temp.dial('unknown');
SELECT voiceagent_private.lookup_found_nothing(l.call_id, true) IS NULL AS looked FROM (SELECT * FROM voiceagent_private.live_calls WHERE tenant_id = :tenant ORDER BY call_id) l, generate_series(1, 5) n \g /dev/null
SELECT * FROM pg_temp.holds() WHERE number > '2003';
SELECT pg_temp.wallet();
SELECT pg_temp.take(convert_to(jsonb_set(convert_from(pg_temp.webhook('2004', 'in-progress'), 'UTF8')::jsonb, '{message,call,id}', '"theirs"')::text, 'UTF8')), voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.holds() WHERE number > '2003';
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();
SELECT pg_temp.take(convert_to(jsonb_set(convert_from(pg_temp.webhook('2004', 'report', 'customer-ended-call', 30), 'UTF8')::jsonb, '{message,call,id}', '"theirs"')::text, 'UTF8')), voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.holds() WHERE number > '2003';
SELECT * FROM pg_temp.bundles();
SELECT * FROM pg_temp.wrong();
ROLLBACK;

-- Expiry, rollover and void, as of credits; what a call holds of them is lost at its return.
BEGIN;
SELECT voiceagent.create_tenant('r30 bundles', 'UTC', 1) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.grant_credits(:tenant, 10, 'a day', expires_at => voiceagent.clock() + interval '1 day', rollover => 3, rollover_for => '2 days', unit => 'minutes', idempotency_key => 'k') AS a, voiceagent.grant_credits(:tenant, 10, 'will be voided', unit => 'minutes') AS b \gset
SELECT voiceagent.grant_credits(:tenant, 10, 'a day', idempotency_key => 'k', unit => 'minutes') = :a AS same;
SAVEPOINT s;
SELECT voiceagent.grant_credits(:tenant, 10, 'a day', idempotency_key => 'k');
ROLLBACK TO s;
SELECT voiceagent_private.hold_minutes('{1,2,3}', array_agg(hold_id ORDER BY call_id), '{4,5,NULL}', ARRAY[:a, :b, NULL]::bigint[]) FROM voiceagent_private.hold_credits('{1,2,3}', '{0,0,1}');
-- More than there is.
SELECT voiceagent_private.hold_minutes('{1}', '{1}', '{6.1}', ARRAY[:a]::bigint[]);
SELECT voiceagent.void_grant(:tenant, :b, 'by mistake');
SELECT set_config('voiceagent.clock_offset', '90000 s', true) \g /dev/null
SELECT pg_temp.serve('expire_grants') > voiceagent.clock() AS later;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT * FROM pg_temp.bundles();
SELECT pg_temp.wallet();
-- 2 minutes, then nothing: what was not used of a bundle that is over is lost, and the credits of the third are its own.
SELECT call_id, trim_scale(charged) AS charged FROM voiceagent_private.settle_holds('{1,2,3}', '{0.7,0,0.5}') ORDER BY 1;
SELECT * FROM pg_temp.bundles();
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong() w WHERE w !~ 'live';
SELECT operation, from_account, to_account, trim_scale(amount) AS amount FROM voiceagent.credit_transactions WHERE unit = 'minutes' ORDER BY transaction_id;
-- What the invariants find.
SAVEPOINT s;
UPDATE voiceagent.ledgers SET minutes = minutes + 1 WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.wrong();
ROLLBACK TO s;
UPDATE voiceagent.credit_holds SET minutes_used = 1 WHERE tenant_id = :tenant AND minutes_used = 2;
SELECT * FROM pg_temp.wrong();
ROLLBACK TO s;
-- No unit becomes the other one, and none goes below 0.
\set VERBOSITY terse
SELECT voiceagent_private.post(ARRAY[ROW('adjust', 'minutes', 'available', 1, NULL, NULL, NULL, 'x', NULL)::voiceagent_private.transfer]);
ROLLBACK TO s;
SELECT voiceagent_private.post(ARRAY[ROW('adjust', 'minutes', 'minutes_funding', 100, NULL, NULL, NULL, 'x', NULL)::voiceagent_private.transfer]);
ROLLBACK;
