-- Rules of the tenant's numbers that no other test would miss: what counts as use, as a free line, as an account's own number.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
\set ECHO all
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
BEGIN
	EXECUTE statement;
	RAISE EXCEPTION USING ERRCODE = 'P0098';
EXCEPTION WHEN SQLSTATE 'P0098' THEN
	RETURN 'allowed';
WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN regexp_replace(SQLERRM || ': ' || v_detail, '\d+', 'N');
END
$$;
CREATE FUNCTION pg_temp.dial(n integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
	SET LOCAL ROLE voiceagent_worker;
	RETURN QUERY SELECT coalesce(c.from_number, 'its own') || ' by ' || a.name FROM voiceagent_private.claim_calls(n) c
		JOIN voiceagent.provider_accounts a ON a.tenant_id = c.tenant_id AND a.provider_account_id = c.provider_account_id;
	RESET ROLE;
END
$$;
CREATE FUNCTION pg_temp.finish() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_calls bigint[] := ARRAY(SELECT l.call_id FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant());
BEGIN
	UPDATE voiceagent.calls c SET status = 'completed', outcome = 'completed', duration_seconds = 1, credits = 0, ended_at = voiceagent.clock()
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = ANY (v_calls);
	RETURN voiceagent_private.end_calls(v_calls);
END
$$;
-- What keeps a number from being deleted.
BEGIN;
SELECT pg_temp.tenant('r60 rules') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
SELECT voiceagent.create_provider_account('sandbox', 'B', '{}') AS b \gset
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
SELECT voiceagent.create_phone_number('+12125550002', :account) AS n2 \gset
SELECT format('SELECT voiceagent.delete_phone_number(%s)', :n) AS delete \gset
SELECT pg_temp.start('rules', pg_temp.leads('+12025556', 40)) AS c \gset
SELECT pg_temp.refused(:'delete') AS unused;
-- a call that the account makes with it, in no pool
SELECT pg_temp.dial(1) AS primary_number;
SELECT pg_temp.refused(:'delete') AS live_call, pg_temp.refused('SELECT voiceagent.delete_phone_number(' || :n2 || ')') AS not_on_the_other;
SELECT pg_temp.finish() AS ended, pg_temp.refused(:'delete') AS over;
-- a campaign that is to start
SELECT voiceagent.set_campaign_numbers(:c, ARRAY[:n]);
SELECT status, pg_temp.refused(format('UPDATE voiceagent.campaigns SET status = %L, ended_at = CASE %1$L WHEN ''completed'' THEN voiceagent.clock() END WHERE campaign_id = %s; %s', status, :c, :'delete'))
FROM unnest('{draft,scheduled,running,paused,stopped,completed}'::text[]) status;
SELECT voiceagent.set_campaign_numbers(:c, '{}');
-- an account that calls with it, while it is active
UPDATE voiceagent.provider_accounts SET settings = '{"from_number": "+12125550001"}' WHERE provider_account_id = :account;
SELECT pg_temp.refused(:'delete') AS account;
UPDATE voiceagent.provider_accounts SET active = false WHERE provider_account_id = :account;
SELECT pg_temp.refused(:'delete') AS switched_off;
UPDATE voiceagent.provider_accounts SET active = true, settings = '{}' WHERE provider_account_id = :account;
-- an incoming call of which we have not heard for hours is none
INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, phone_number_id, started_at)
VALUES (:tenant, :account, 'in', :n, voiceagent.clock() - interval '119 minutes');
SELECT pg_temp.refused(:'delete') AS incoming;
UPDATE pg_temp.incoming_calls SET started_at = voiceagent.clock() - interval '121 minutes' WHERE tenant_id = :tenant;
SELECT pg_temp.refused(:'delete') AS forgotten;

-- A line is taken by a call that came in, or by one that went out, until it ends or nobody has told us for hours.
CREATE FUNCTION pg_temp.answer(account bigint, call text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.answer_incoming(account, '+13055550100', '+12125550001', call) ->> 'kind'
$$;
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": "Hello"}');
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 1 WHERE provider_account_id = :account;
INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, phone_number_id, started_at)
SELECT tenant_id, provider_account_id, 'forgotten', phone_number_id, started_at FROM pg_temp.incoming_calls WHERE tenant_id = :tenant;
SELECT pg_temp.answer(:account) AS forgotten_take_no_line;
DELETE FROM pg_temp.incoming_calls WHERE tenant_id = :tenant AND provider_call_id = 'forgotten';
UPDATE pg_temp.incoming_calls SET started_at = voiceagent.clock() WHERE tenant_id = :tenant;
SELECT pg_temp.answer(:account, 'in') AS itself, pg_temp.answer(:account) AS another, count(*) FROM pg_temp.dial(1);
INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, phone_number_id, started_at) VALUES (:tenant, :account, 'second', :n, voiceagent.clock());
SELECT pg_temp.answer(:account, 'second') AS second_of_two;
DELETE FROM pg_temp.incoming_calls WHERE tenant_id = :tenant;
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 2 WHERE provider_account_id = :account;
SELECT count(*) AS out FROM pg_temp.dial(2);
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 1 WHERE provider_account_id = :account;
SELECT (SELECT count(*) FROM voiceagent_private.live_calls WHERE tenant_id = :tenant) AS live, pg_temp.answer(:account) AS outbound_too;
SELECT pg_temp.finish() AS ended;
SELECT pg_temp.answer(:account) AS free;
-- a tenant that may not dial takes no calls; the account that has the number answers for the one that uses it
UPDATE voiceagent.tenants SET active = false WHERE tenant_id = :tenant;
SELECT pg_temp.answer(:account) AS tenant_off;
UPDATE voiceagent.tenants SET active = true WHERE tenant_id = :tenant;
UPDATE voiceagent.phone_numbers SET provider_account_id = :b, origin_account_id = :account WHERE phone_number_id = :n;
SELECT pg_temp.answer(:account) AS its_origin, pg_temp.answer(:b) AS its_user;
UPDATE voiceagent.phone_numbers SET provider_account_id = :account, origin_account_id = NULL WHERE phone_number_id = :n;

-- Lines are kept where a number of that account takes calls, by whatever it answers.
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 10 WHERE tenant_id = :tenant;
CREATE FUNCTION pg_temp.slots(account bigint) RETURNS integer LANGUAGE sql AS $$ SELECT voiceagent_private.outbound_slots(account, voiceagent_private.recall_account(account), 30, voiceagent.clock()) $$;
SELECT pg_temp.slots(:account) AS account, pg_temp.slots(:b) AS other;
SELECT voiceagent.update_phone_number(:n, '{"greeting_message": null, "forward_to_number": "+13055550100"}');
SELECT pg_temp.slots(:account) AS forwards;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('forward_to_number', NULL, 'ai_assistant_id', (SELECT min(assistant_id) FROM voiceagent.assistants WHERE tenant_id = :tenant)));
SELECT pg_temp.slots(:account) AS talks;
SELECT voiceagent.update_phone_number(:n, '{"ai_assistant_id": null}');
SELECT pg_temp.slots(:account) AS neither;
-- A claim reads as many calls that no carrier has ended as the account has lines, and no more.
INSERT INTO pg_temp.incoming_calls (tenant_id, provider_account_id, provider_call_id, phone_number_id, started_at)
SELECT :tenant, :account, 'flood ' || i, :n, voiceagent.clock() FROM generate_series(1, 40) i;
SELECT pg_stat_get_xact_tuples_fetched('voiceagent.call_inbound_live'::regclass) AS before \gset
SELECT pg_temp.slots(:account) AS flooded;
SELECT pg_stat_get_xact_tuples_fetched('voiceagent.call_inbound_live'::regclass) - :before AS read;
DELETE FROM pg_temp.incoming_calls WHERE tenant_id = :tenant AND provider_call_id LIKE 'flood %';

-- The number that an account's settings name: by the carrier's id, too; one that stands at another account is not its own.
UPDATE voiceagent.phone_numbers SET provider_number_id = 'PN1' WHERE phone_number_id = :n;
SELECT s, o.phone_number_id = :n AS ours, o.usable, o.from_number FROM unnest(ARRAY['{"phone_number_id": "PN1"}', '{"phone_number_id": "PN2"}', '{"from_number": "+12125550001"}', '{"from_number": "+12125550009"}', '{}']::jsonb[]) s
LEFT JOIN LATERAL voiceagent_private.own_caller(:tenant, :account, s) o ON true;
SELECT s, o.phone_number_id FROM unnest(ARRAY['{"phone_number_id": "PN1"}', '{"from_number": "+12125550001"}', '{}']::jsonb[]) s
LEFT JOIN LATERAL voiceagent_private.own_caller(:tenant, :b, s) o ON true;
ROLLBACK;

-- Without a pool a call counts for the number that the account calls with, and for no other: its setting goes before the primary one,
-- whatever the carrier calls that setting.
BEGIN;
SELECT pg_temp.tenant('r60 counted') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n, voiceagent.create_phone_number('+12125550002', :account) AS n2 \gset
SELECT pg_temp.start('counted', pg_temp.leads('+12025556', 40)) AS c \gset
CREATE FUNCTION pg_temp.counted() RETURNS TABLE (number text, calls bigint) LANGUAGE sql AS $$
	SELECT right(n.phone_number, 1), t.outbound_calls FROM voiceagent.phone_number_totals t JOIN voiceagent.phone_numbers n USING (tenant_id, phone_number_id)
	WHERE t.tenant_id = voiceagent.current_tenant() ORDER BY 1 $$;
SELECT * FROM pg_temp.dial(1) AS the_primary_one;
SELECT * FROM pg_temp.counted();
SELECT pg_temp.finish() AS ended;
UPDATE voiceagent.provider_accounts SET settings = '{"caller_id": "+12125550002"}' WHERE provider_account_id = :account;
SELECT * FROM pg_temp.dial(2) AS caller_id;
SELECT * FROM pg_temp.counted();
SELECT pg_temp.refused(format('SELECT voiceagent.delete_phone_number(%s)', :n2)) AS live;
SELECT pg_temp.finish() AS ended;
SELECT pg_temp.refused(format('SELECT voiceagent.delete_phone_number(%s)', :n2)) AS setting;
UPDATE voiceagent.provider_accounts SET settings = '{"caller_id": "+12125550009"}' WHERE provider_account_id = :account;
SELECT * FROM pg_temp.dial(1) AS nobodys;
SELECT * FROM pg_temp.counted();
SELECT pg_temp.finish() AS ended;
UPDATE voiceagent.provider_accounts SET settings = '{"from_number": "+12125550002"}' WHERE provider_account_id = :account;
SELECT * FROM pg_temp.dial(1) AS from_number;
SELECT * FROM pg_temp.counted();
SELECT pg_temp.finish() AS ended;
-- the pool goes before both
SELECT voiceagent.set_campaign_numbers(:c, ARRAY[:n]);
SELECT * FROM pg_temp.dial(1) AS pool;
SELECT * FROM pg_temp.counted();
SELECT * FROM voiceagent_private.check_numbers();
ROLLBACK;

-- An account that has just failed is passed over even where it has a free number, taken when no other has one, and waited for by nobody.
BEGIN;
SELECT pg_temp.tenant('r60 rules') AS tenant \gset
SELECT min(provider_account_id) AS a FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
SELECT voiceagent.create_provider_account('sandbox', 'B', '{}') AS b \gset
SELECT voiceagent.create_phone_number('+12125550001', :a) AS a1, voiceagent.create_phone_number('+12125550002', :b) AS b1 \gset
SELECT pg_temp.start('rules', pg_temp.leads('+12025556', 9)) AS c \gset
UPDATE voiceagent.campaigns SET settings = '{"max_concurrent_calls": 100, "call_interval": 0}' WHERE campaign_id = :c;
SELECT voiceagent.set_campaign_accounts(:c, ARRAY[:a, :b]), voiceagent.set_campaign_numbers(:c, ARRAY[:a1, :b1]);
INSERT INTO voiceagent_private.account_dials (tenant_id, provider_account_id, avoid_until) VALUES (:tenant, :a, voiceagent.clock() + interval '1 hour')
ON CONFLICT (tenant_id, provider_account_id) DO UPDATE SET avoid_until = excluded.avoid_until;
SELECT pg_temp.dial(9) AS the_other;
SELECT pg_temp.dial(9) AS none_but_it;
SELECT pg_temp.finish() AS ended;
SELECT voiceagent.set_campaign_numbers(:c, ARRAY[:a1]);
INSERT INTO voiceagent_private.live_calls (tenant_id, call_id, attempt_id, campaign_id, lead_id, provider_account_id, provider, lease_until, reference, dialled_at, ends_by, phone_number_id)
SELECT tenant_id, 0, 0, campaign_id, 0, :a, 'sandbox', voiceagent.clock(), 'x', voiceagent.clock(), voiceagent.clock(), :a1 FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT count(*) > 0 AS own_number_dials, min(d) FROM pg_temp.dial(1) d;
ROLLBACK;
