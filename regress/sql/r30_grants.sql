-- Grants: used by priority, expiry and age; a hold takes from them and returns to the same ones; what is over is lost, or carried over.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\i lib/turns.inc
BEGIN;
SELECT voiceagent.create_tenant('r30 grants', 'UTC', 10) AS tenant, voiceagent.create_tenant('r30 grants, the other', 'UTC') AS other \gset
CREATE FUNCTION pg_temp.days_later(n numeric) RETURNS void LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', round(n * 86400) || 's', true) $$;
CREATE FUNCTION pg_temp.grants() RETURNS TABLE (name text, rest numeric, held numeric, used numeric, lost numeric, rolled numeric, state text) LANGUAGE sql AS $$
	SELECT regexp_replace(reason, '[0-9]+', 'N'), trim_scale(rest), trim_scale(held), trim_scale(used), trim_scale(lost), trim_scale(rolled), state FROM voiceagent.list_grants(true) $$;
CREATE FUNCTION pg_temp.wallet() RETURNS text LANGUAGE sql AS $$
	SELECT format('available %s, held %s, posted %s, granted %s', trim_scale(available), trim_scale(held), trim_scale(posted), trim_scale(granted)) FROM voiceagent.credit_balance $$;
CREATE FUNCTION pg_temp.wrong() RETURNS TABLE (invariant text, detail text) LANGUAGE sql AS $$
	SELECT * FROM voiceagent_private.check_credit() WHERE invariant !~ 'live' UNION ALL SELECT * FROM voiceagent_private.check_grants() $$;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
-- What is no grant.
SAVEPOINT s;
SELECT voiceagent.grant_credits(:tenant, 0, 'nothing');
ROLLBACK TO s;
SELECT voiceagent.grant_credits(:tenant, 1e18, 'too much');
ROLLBACK TO s;
SELECT voiceagent.grant_credits(:tenant, 1, ' ');
ROLLBACK TO s;
SELECT voiceagent.grant_credits(:tenant, 1, 'x', source => 'allocation');
ROLLBACK TO s;
SELECT voiceagent.grant_credits(:tenant, 1, 'x', priority => 101);
ROLLBACK TO s;
SELECT voiceagent.grant_credits(:tenant, 1, 'x', expires_at => '2001-01-01');
ROLLBACK TO s;
SELECT voiceagent.grant_credits(:tenant, 1, 'x', rollover => 1, rollover_for => '1 day');
ROLLBACK TO s;
SELECT voiceagent.grant_credits(9000000000000, 1, 'nobody');
ROLLBACK TO s;
-- Without grants a ledger knows of none.
SELECT grants_until FROM voiceagent.ledgers WHERE tenant_id = :tenant;

SELECT voiceagent.grant_credits(:tenant, 5, 'old, never ends') AS a \gset
SELECT voiceagent.grant_credits(:tenant, 4, 'new, never ends') AS b \gset
SELECT voiceagent.grant_credits(:tenant, 3, 'ten days', expires_at => voiceagent.clock() + interval '10 days', rollover => 1, rollover_for => '5 days') AS c \gset
SELECT voiceagent.grant_credits(:tenant, 2, 'first of all', priority => 1, expires_at => voiceagent.clock() + interval '20 days') AS d \gset
-- Again with the key: the same; with another amount: refused.
SELECT voiceagent.grant_credits(:tenant, 1, 'keyed', priority => 99, idempotency_key => 'k') AS e \gset
SELECT voiceagent.grant_credits(:tenant, 1, 'keyed', priority => 99, idempotency_key => 'k') = :e AS same;
SAVEPOINT s;
SELECT voiceagent.grant_credits(:tenant, 2, 'keyed', priority => 99, idempotency_key => 'k');
ROLLBACK TO s;
SELECT * FROM pg_temp.grants();
SELECT pg_temp.wallet();

-- Two holds take in order; the charge takes from what was taken first, and the rest goes back where it came from.
SELECT call_id FROM voiceagent_private.hold_credits('{1,2}', '{3,6.5}');
SELECT * FROM pg_temp.grants();
SELECT h.call_id, g.reason, trim_scale(p.amount) AS amount FROM voiceagent.credit_hold_parts p JOIN voiceagent.credit_holds h USING (tenant_id, hold_id)
	JOIN voiceagent.credit_grants g USING (tenant_id, grant_id) WHERE p.tenant_id = :tenant ORDER BY h.call_id, g.priority, g.expires_at, g.grant_id;
SELECT * FROM pg_temp.wrong();
SELECT * FROM voiceagent_private.settle_holds('{1,2}', '{2.25,6.25}') ORDER BY 1;
SELECT * FROM pg_temp.grants();
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();
-- More than the hold, and more than the grants have: the rest is of no grant.
SELECT call_id FROM voiceagent_private.hold_credits('{3}', '{1}');
SELECT * FROM voiceagent_private.settle_holds('{3}', '{9}');
SELECT * FROM pg_temp.grants();
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();

-- A hold of a grant that expires meanwhile, and of one that is voided: what is not charged is lost at its return.
SELECT voiceagent.grant_credits(:tenant, 6, 'ends soon', priority => 0, expires_at => voiceagent.clock() + interval '1 day') AS f,
	voiceagent.grant_credits(:tenant, 6, 'will be voided', priority => 0, expires_at => voiceagent.clock() + interval '2 days') AS g \gset
SELECT call_id FROM voiceagent_private.hold_credits('{4}', '{10}');
SELECT voiceagent.void_grant(:tenant, :g, 'by mistake');
SELECT pg_temp.days_later(1.5);
SELECT pg_temp.serve('expire_grants') > voiceagent.clock() AS later;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT * FROM pg_temp.grants() WHERE name IN ('ends soon', 'will be voided');
SELECT * FROM pg_temp.wrong();
SELECT * FROM voiceagent_private.settle_holds('{4}', '{2}');
SELECT * FROM pg_temp.grants() WHERE name IN ('ends soon', 'will be voided');
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();
SAVEPOINT s;
SELECT voiceagent.void_grant(:tenant, :g, 'again');
ROLLBACK TO s;
SELECT voiceagent.void_grant(:other, :g, 'of another tenant');
ROLLBACK TO s;

-- Nobody has swept, and yet nothing is spent that has expired: the hold sees it. What is left of it at most goes over.
SELECT voiceagent.grant_credits(:tenant, 3, 'with rollover', priority => 0, expires_at => voiceagent.clock() + interval '1 day', rollover => 1, rollover_for => '5 days') AS h \gset
SELECT available FROM voiceagent.credit_balance;
SELECT pg_temp.days_later(3);
SELECT call_id FROM voiceagent_private.hold_credits('{5,6}', ARRAY[(SELECT available - 1 FROM voiceagent.credit_balance), 1]);
SELECT call_id FROM voiceagent_private.hold_credits('{5}', ARRAY[(SELECT available FROM voiceagent.credit_balance)]);
SELECT * FROM voiceagent_private.settle_holds('{5}', '{0}');
SELECT * FROM pg_temp.grants() WHERE state = 'open' OR name = 'with rollover';
SELECT pg_temp.wallet();
SELECT * FROM pg_temp.wrong();
-- A hold that was released whole has no parts left, and takes anew when its call is reopened.
SELECT count(*) FROM voiceagent.credit_hold_parts p JOIN voiceagent.credit_holds h USING (tenant_id, hold_id) WHERE h.state = 'voided' AND h.tenant_id = :tenant;

-- What the platform takes away comes out of what is of no grant first; a model request holds and pays from grants, too.
SELECT voiceagent.grant_credits(:tenant, 2, 'for a model', priority => 0) AS i \gset
SELECT voiceagent.adjust_credits(:tenant, 1, 'of no grant');
SELECT voiceagent.adjust_credits(:tenant, -1, 'and away');
SELECT * FROM pg_temp.grants() WHERE name = 'for a model';
SELECT voiceagent_private.hold_model_credits(1.5, 'x') AS hold \gset
SELECT voiceagent_private.settle_model_hold(:hold, 1.25, 'x');
SELECT * FROM pg_temp.grants() WHERE state = 'open';
SELECT voiceagent.adjust_credits(:tenant, -available, 'all') FROM voiceagent.ledgers WHERE tenant_id = :tenant;
SELECT count(*) FROM voiceagent.list_grants();
SELECT grants_until FROM voiceagent.ledgers WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.wrong();
SELECT row_number() OVER (ORDER BY transaction_id) AS n, activity, change, reference LIKE 'grant %' AS of_grant FROM voiceagent.credit_statement WHERE activity IN ('Credits expired', 'Grant voided') ORDER BY transaction_id;
-- What check_grants() finds.
SAVEPOINT s;
SELECT voiceagent.grant_credits(:tenant, 2, 'broken') AS j \gset
UPDATE voiceagent.credit_grants SET rest = 3, credits = 3 WHERE tenant_id = :tenant AND grant_id = :j;
SELECT * FROM voiceagent_private.check_grants();
ROLLBACK TO s;
SELECT voiceagent.grant_credits(:tenant, 2, 'broken') AS j \gset
SELECT call_id FROM voiceagent_private.hold_credits('{7}', '{1}');
DELETE FROM voiceagent.credit_hold_parts WHERE tenant_id = :tenant AND grant_id = :j;
UPDATE voiceagent.ledgers SET grants_until = NULL WHERE tenant_id = :tenant;
SELECT invariant FROM voiceagent_private.check_grants();
ROLLBACK TO s;

-- A member sees its grants, and gives none.
CREATE ROLE r30_grants_member LOGIN;
SELECT voiceagent.map_role('r30_grants_member', :other);
SELECT voiceagent.grant_credits(:other, 7, 'of the other') > 0 AS given;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SET SESSION AUTHORIZATION r30_grants_member;
SELECT source, reason, credits, rest, priority, expires_at, state FROM voiceagent.list_grants();
SAVEPOINT s;
SELECT voiceagent.grant_credits(:other, 1, 'for me');
ROLLBACK TO s;
SELECT voiceagent.void_grant(:other, 1, 'for me');
ROLLBACK TO s;
RESET SESSION AUTHORIZATION;
ROLLBACK;

-- The forecast: at the pace of the last days, what expires and when all is used up.
BEGIN;
SELECT voiceagent.create_tenant('r30 forecast', 'UTC', 100) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT * FROM voiceagent.credit_forecast();
SELECT set_config('voiceagent.clock_offset', '864000s', true) \g /dev/null
-- 70 credits in the last 7 days: 10 a day.
SELECT voiceagent_private.post(ARRAY[ROW('assistant', 'available', 'spent', 70, NULL, NULL, NULL, NULL, NULL)::voiceagent_private.transfer]);
SELECT voiceagent.grant_credits(:tenant, 25, 'two days', expires_at => voiceagent.clock() + interval '2 days') > 0 AS a, voiceagent.grant_credits(:tenant, 40, 'four days', expires_at => voiceagent.clock() + interval '4 days', rollover => 5, rollover_for => '1 day') > 0 AS b,
	voiceagent.grant_credits(:tenant, 5, 'never', priority => 1) > 0 AS c;
-- Day 2: 5 of never and 15 of two days are gone, 10 expire; day 4: 20 of four days, 15 expire, 5 go over; then 30 of no grant: 7.5 days.
SELECT event, round(credits, 3) AS credits, days, reason FROM voiceagent.credit_forecast();
ROLLBACK;
