#!/usr/bin/env bash
# ledger.sh   G8: credits held and settled, beside a ledger in twenty lines of PL/pgSQL and a set-based one without rules
#
# SECONDS_EACH (3) seconds of each, RUNS (3) rounds; counted in transfers of the double entry, of which a call has three
# (hold, settle, release the rest).  Hot: one account.  Spread: 1,000 accounts, a tenant's batch in each commit.  Batches
# have 100 calls, as a claim or a turn of the gateway has; "single" is one call a commit, by eight sessions.  Ours keeps
# holds, running balances of four accounts, and what each campaign has spent; the others keep entries and balances.
# The same of tenants with one, and with five, live grants that each call takes from.
set -euo pipefail
cd "$(dirname "$0")/../.."
settings=(voiceagent.launcher=off)
source regress/bench/lib.sh
seconds=${SECONDS_EACH:-3}

psql -d peer << 'SQL'
CREATE TABLE account (id bigint PRIMARY KEY, balance numeric NOT NULL DEFAULT 0) WITH (fillfactor = 50);
CREATE TABLE transfer (id bigserial PRIMARY KEY, debit bigint NOT NULL, credit bigint NOT NULL, amount numeric NOT NULL CHECK (amount > 0),
	at timestamptz NOT NULL DEFAULT now());
CREATE TABLE entry (id bigserial PRIMARY KEY, transfer_id bigint NOT NULL, account_id bigint NOT NULL, amount numeric NOT NULL, balance_after numeric NOT NULL);
CREATE INDEX ON entry (account_id, id);
INSERT INTO account SELECT 3 * g + k FROM generate_series(0, 999) g, generate_series(0, 2) k;
CREATE FUNCTION move(d bigint, c bigint, a numeric) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_id bigint;
	v_d numeric;
	v_c numeric;
BEGIN
	IF d < c THEN
		UPDATE account SET balance = balance - a WHERE id = d RETURNING balance INTO v_d;
		UPDATE account SET balance = balance + a WHERE id = c RETURNING balance INTO v_c;
	ELSE
		UPDATE account SET balance = balance + a WHERE id = c RETURNING balance INTO v_c;
		UPDATE account SET balance = balance - a WHERE id = d RETURNING balance INTO v_d;
	END IF;
	INSERT INTO transfer (debit, credit, amount) VALUES (d, c, a) RETURNING id INTO v_id;
	INSERT INTO entry (transfer_id, account_id, amount, balance_after) VALUES (v_id, d, -a, v_d), (v_id, c, a, v_c);
END
$$;
-- Available, held and spent of a customer are three accounts in a row.
CREATE PROCEDURE hold_and_settle(customer bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM move(3 * customer, 3 * customer + 1, 5);
	COMMIT;
	-- The lower account first, or two of them deadlock.
	PERFORM move(3 * customer + 1, 3 * customer, 3), move(3 * customer + 1, 3 * customer + 2, 2);
	COMMIT;
END
$$;
CREATE FUNCTION move_many(ds bigint[], cs bigint[], amounts numeric[]) RETURNS bigint LANGUAGE sql AS $$
	WITH r AS (SELECT nextval('transfer_id_seq') AS id, u.* FROM unnest(ds, cs, amounts) AS u(d, c, a)),
	legs AS (SELECT id, d AS account, -a AS amount FROM r UNION ALL SELECT id, c, a FROM r),
	locked AS (SELECT id, balance FROM account WHERE id IN (SELECT account FROM legs) ORDER BY id FOR UPDATE),
	moved AS (INSERT INTO transfer (id, debit, credit, amount) SELECT * FROM r RETURNING 1),
	changed AS (UPDATE account x SET balance = x.balance + s.change FROM (SELECT account, sum(amount) AS change FROM legs GROUP BY 1) s
		WHERE x.id = s.account AND EXISTS (SELECT FROM locked) RETURNING 1),
	kept AS (INSERT INTO entry (transfer_id, account_id, amount, balance_after)
		SELECT l.id, l.account, l.amount, k.balance + sum(l.amount) OVER (PARTITION BY l.account ORDER BY l.id)
		FROM legs l JOIN locked k ON k.id = l.account RETURNING 1)
	SELECT count(*) FROM kept $$;
CREATE PROCEDURE hold_and_settle_many(customer bigint, n integer) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM move_many(array_fill(3 * customer, ARRAY[n]), array_fill(3 * customer + 1, ARRAY[n]), array_fill(5::numeric, ARRAY[n]));
	COMMIT;
	PERFORM move_many(array_fill(3 * customer + 1, ARRAY[2 * n]), array_fill(3 * customer + 2, ARRAY[n]) || array_fill(3 * customer, ARRAY[n]),
		array_fill(2::numeric, ARRAY[n]) || array_fill(3::numeric, ARRAY[n]));
	COMMIT;
END
$$;
SQL
psql -d bench << 'SQL' > /dev/null
SELECT count(voiceagent.create_tenant('ledger ' || g, 'UTC', 1000000000)) FROM generate_series(1, 1030) g;
CREATE SEQUENCE public.calls;
CREATE TABLE public.tenants AS SELECT row_number() OVER (ORDER BY tenant_id) - 1 AS n, tenant_id FROM voiceagent.tenants;
ALTER TABLE public.tenants ADD PRIMARY KEY (n);
CREATE PROCEDURE public.hold_and_settle(customer bigint, calls integer) LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := (SELECT t.tenant_id FROM public.tenants t WHERE t.n = customer);
	v_calls bigint[] := ARRAY(SELECT nextval('public.calls') FROM generate_series(1, calls));
BEGIN
	PERFORM voiceagent_private.set_tenant(v_tenant);
	PERFORM voiceagent_private.hold_credits(v_calls, array_fill(5::numeric, ARRAY[calls]));
	COMMIT;
	PERFORM voiceagent_private.set_tenant(v_tenant);
	PERFORM voiceagent_private.settle_holds(v_calls, array_fill(2::numeric, ARRAY[calls]));
	COMMIT;
END
$$;
-- Beside the 1,000: ten tenants without grants, ten with one, ten with five, of which a call takes from the first.
SELECT count(voiceagent.grant_credits(t.tenant_id, 100000000, 'bench', priority => 10 * g, expires_at => voiceagent.clock() + interval '1 year'))
FROM public.tenants t, generate_series(1, 5) g WHERE t.n BETWEEN 1010 AND 1019 AND g = 1 OR t.n >= 1020;
SQL
# Nobody's plans are of an empty ledger.
for _ in 1 2 3 4 5; do psql -d bench -c 'CALL public.hold_and_settle(0, 100)'; psql -d peer -c 'CALL hold_and_settle_many(0, 100)'; done
psql -d bench -c 'VACUUM ANALYZE'
psql -d peer -c 'VACUUM ANALYZE'

# run_for DATABASE CLIENTS CALLS SCRIPT: transfers a second; as a worker plans
run_for() {
	printf '%s\n' "$4" > "$dir/script"
	PGOPTIONS='-c plan_cache_mode=force_generic_plan -c random_page_cost=0 -c cpu_operator_cost=0 -c jit=off' PGHOST=$dir/sock PGPORT=54321 PGUSER=postgres \
		"$bench_bin/pgbench" -n -c "$2" -j "$2" -T "$seconds" -f "$dir/script" "$1" 2> "$dir/pgbench.log" |
		awk -v n="$3" '/^tps/ { printf "%.0f", $3 * 3 * n }'
}
bench_bin=$(echo "$dir"/usr/lib/postgresql/*/bin)
spread='\set c random(0, 999)'
for _ in $(seq "$runs"); do
	psql -c CHECKPOINT
	result G8 'hot, batches' "$(run_for bench 1 100 'CALL public.hold_and_settle(0, 100);')"
	result G8 'hot, plpgsql' "$(run_for peer 8 1 'CALL hold_and_settle(0);')"
	result G8 'hot, limit' "$(run_for peer 1 100 'CALL hold_and_settle_many(0, 100);')"
	result G8 'spread, batches' "$(run_for bench 1 100 "$spread"$'\nCALL public.hold_and_settle(:c, 100);')"
	result G8 'spread, plpgsql' "$(run_for peer 8 1 "$spread"$'\nCALL hold_and_settle(:c);')"
	result G8 'spread, limit' "$(run_for peer 1 100 "$spread"$'\nCALL hold_and_settle_many(:c, 100);')"
	result G8 'hot, single' "$(run_for bench 8 1 'CALL public.hold_and_settle(0, 1);')"
	for grants in 0 1 5; do
		first=$((grants == 0 ? 1000 : grants == 1 ? 1010 : 1020))
		result G8 "$grants live grants, batches" "$(run_for bench 1 100 "\\set c random($first, $((first + 9)))"$'\nCALL public.hold_and_settle(:c, 100);')"
	done
	result G8 'spread, single' "$(run_for bench 8 1 "$spread"$'\nCALL public.hold_and_settle(:c, 1);')"
done
[ "$(psql -d bench -c "SELECT count(*) FROM voiceagent.credit_holds WHERE state = 'held'")" = 0 ] || { echo "bench: holds are left" >&2; exit 1; }
