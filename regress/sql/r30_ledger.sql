-- 30_credit: double entry, holds, prices, adjustments.
\set VERBOSITY terse
SELECT voiceagent.create_tenant('Ledger test', 'UTC', 100) AS tenant \gset
SELECT voiceagent.create_tenant('Ledger test, the other', 'UTC', 5) AS other \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT available, held, posted, granted FROM voiceagent.credit_balance;

-- A minute costs 0.35, counted by the second and exact to a millionth
SELECT s AS seconds, voiceagent_private.call_cost(s, '2030-01-01') FROM (VALUES (0), (1), (60), (61.5), (600), (-3), (NULL)) AS v(s);
SELECT voiceagent_private.hold_amount('10 minutes', '2030-01-01');

-- Holds serve the array from its start as far as the credits reach
CREATE TEMP TABLE held AS SELECT * FROM voiceagent_private.hold_credits('{101,102,103,104}', '{40,40,30,1}');
SELECT call_id FROM held ORDER BY hold_id;
SELECT available, held, posted FROM voiceagent.credit_balance;
-- the same call twice is a fault, and leaves nothing behind
SAVEPOINT s;
SELECT count(*) FROM voiceagent_private.hold_credits('{101}', '{1}');
ROLLBACK TO s;
-- 101 cost less than its hold, 102 more: what is available goes before anything is given away
SELECT * FROM voiceagent_private.settle_holds('{101,102,999}', '{2.5,60,1}') ORDER BY 1;
SELECT available, held, posted FROM voiceagent.credit_balance;
-- again: no effect
SELECT * FROM voiceagent_private.settle_holds('{101,102}', '{2.5,60}');
-- more than there is: all that there is
SELECT call_id FROM voiceagent_private.hold_credits('{105}', '{10}');
SELECT * FROM voiceagent_private.settle_holds('{105}', '{1000}');
SELECT available, held, posted FROM voiceagent.credit_balance;
SELECT call_id FROM voiceagent_private.hold_credits('{106}', '{0.000001}');
-- what is held cannot be added to what is there
SAVEPOINT negative;
SELECT call_id FROM voiceagent_private.hold_credits('{108,109}', '{0,-1}');
ROLLBACK TO negative;
-- a price of 0 needs a hold, but no transfer
SELECT call_id FROM voiceagent_private.hold_credits('{107}', '{0}');
SELECT * FROM voiceagent_private.settle_holds('{107}', '{0}');

SELECT row_number() OVER (ORDER BY transaction_id) AS n, operation, before, after, amount, from_account, to_account, activity, call_id
FROM voiceagent.credit_transactions ORDER BY transaction_id;
-- one row for each charge, without what is only set aside
SELECT activity, change, available, call_id FROM voiceagent.credit_statement ORDER BY transaction_id;
SELECT call_id, amount, charged, state FROM voiceagent.credit_holds WHERE tenant_id = :tenant ORDER BY hold_id;
SELECT * FROM voiceagent_private.check_credit();

-- Append-only, also for their owner; and no account goes below zero
SAVEPOINT s;
UPDATE voiceagent.credit_transfers SET amount = 1;
ROLLBACK TO s;
DELETE FROM voiceagent.credit_transfers;
ROLLBACK TO s;
TRUNCATE voiceagent.credit_transfers;
ROLLBACK TO s;
SELECT voiceagent_private.post(ARRAY[ROW('x', 'held', 'spent', 1, NULL, NULL, NULL, NULL, NULL)::voiceagent_private.transfer]);
ROLLBACK TO s;
-- what check_credit() finds
UPDATE voiceagent.ledgers SET held = held + 1 WHERE tenant_id = :tenant;
SELECT invariant, detail FROM voiceagent_private.check_credit();
ROLLBACK TO s;
SELECT call_id FROM voiceagent_private.hold_credits('{108}', '{0}');
SELECT invariant FROM voiceagent_private.check_credit();
ROLLBACK TO s;
COMMIT;

-- The platform adjusts
SELECT voiceagent.adjust_credits(:tenant, 50, 'a present', 'key 1');
SELECT voiceagent.adjust_credits(:tenant, 50, 'a present', 'key 1');
SELECT voiceagent.adjust_credits(:tenant, 51, 'a present', 'key 1');
SELECT voiceagent.adjust_credits(:tenant, 50, 'another present', 'key 1');
SELECT voiceagent.adjust_credits(:other, 50, 'a present', 'key 1');
SELECT voiceagent.adjust_credits(:tenant, -50.000001, 'too much');
SELECT voiceagent.adjust_credits(:tenant, -10, 'a correction');
SELECT voiceagent.adjust_credits(:tenant, 0, 'nothing');
SELECT voiceagent.adjust_credits(:tenant, 'NaN', 'nothing');
SELECT voiceagent.adjust_credits(:tenant, 'Infinity', 'everything');
SELECT voiceagent.adjust_credits(:tenant, 0.0000001, 'too fine');
SELECT voiceagent.adjust_credits(:tenant, 1, '  ');
SELECT voiceagent.adjust_credits(:tenant, 1, 'x', '');
SELECT voiceagent.adjust_credits(NULL, 1, 'x');
SELECT voiceagent.adjust_credits(9000000000000, 1, 'nobody');
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT available, held, posted, granted FROM voiceagent.credit_balance;
SELECT action, new_value - 'reason' AS new_value FROM voiceagent.audit_log WHERE tenant_id = :tenant AND action = 'adjust_credits' ORDER BY audit_id;
SELECT * FROM voiceagent_private.check_credit();
COMMIT;

-- A member sees the own ledger, and adjusts nothing
CREATE ROLE r30_member LOGIN;
SELECT voiceagent.map_role('r30_member', :other);
SET SESSION AUTHORIZATION r30_member;
SELECT available, held, posted, granted FROM voiceagent.credit_balance;
SELECT operation, before, after, amount FROM voiceagent.credit_transactions ORDER BY transaction_id;
SELECT activity, change, available, call_id FROM voiceagent.credit_statement ORDER BY transaction_id;
SELECT voiceagent.adjust_credits(:other, 1, 'for me');
SELECT voiceagent.set_price('call', 0);
UPDATE voiceagent.ledgers SET available = 1000;
RESET SESSION AUTHORIZATION;

-- Prices: from a time on; the past stays
BEGIN;
SELECT voiceagent.set_price('call', 0.5, '2040-01-01') > 1000 AS own;
SELECT voiceagent.set_price('call', 0.6, '2041-01-01') > 1000 AS own;
SELECT voiceagent.set_price('call', 0.55, '2040-07-01') > 1000 AS own;
SELECT at, voiceagent_private.call_cost(60, at::timestamptz) FROM (VALUES ('2039-12-31'), ('2040-01-01'), ('2040-06-30'), ('2040-07-01'), ('2050-01-01')) AS t(at);
SAVEPOINT s;
SELECT voiceagent.set_price('call', 1, '2040-01-01');
ROLLBACK TO s;
SELECT voiceagent.set_price('call', 1, '2001-01-01');
ROLLBACK TO s;
SELECT voiceagent.set_price('call', -1);
ROLLBACK TO s;
SELECT voiceagent.set_price('teleport', 1);
ROLLBACK TO s;
ROLLBACK;
DROP OWNED BY r30_member;
SELECT voiceagent.unmap_role('r30_member');
DROP ROLE r30_member;
