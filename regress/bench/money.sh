#!/usr/bin/env bash
# money.sh   MONEY: a month of TENANTS (1000; with FULL=1 10000) tenants in simulated time: a plan, a pack, 100 calls, one in fifty a dispute
#
# By two sessions, each with half of the tenants, twenty of them a commit, as a turn of a worker has: the plan is chosen, ten
# calls are held and then settled every third day, a pack is bought on the tenth day, disputes are lost or won by turns, plans
# are charged again after a month, and every payment gets its invoice.  Then every invariant of every tenant, and the numbers
# of invoices.  DETAIL=1 prints the time of each step.
set -euo pipefail
cd "$(dirname "$0")/../.."
settings=(voiceagent.launcher=off)
source regress/bench/lib.sh
tenants=${TENANTS:-$([ "${FULL-}" = 1 ] && echo 10000 || echo 1000)}
psql -d bench -v tenants="$tenants" << 'SQL' > /dev/null
SELECT voiceagent.set_seller('Seller', 'A street 1', 'CH', 'M', '{embedded}', 'CHE-123.456.788'), voiceagent.set_tax_rate('CH', 8.1, 'VAT', '2020-01-01', 'a bench');
SELECT voiceagent.create_plan('Basic', 1, 40, '{"EUR": 49.00}'), voiceagent.create_credit_pack('Pack', 30, '{"EUR": 25.00}');
CREATE SEQUENCE public.calls;
CREATE TABLE public.tenants AS SELECT g AS n, voiceagent.create_tenant('money ' || g, 'Europe/Berlin', 0) AS tenant_id FROM generate_series(0, :tenants - 1) g;
ALTER TABLE public.tenants ADD PRIMARY KEY (n);
CREATE FUNCTION public.on_day(day numeric) RETURNS void LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2040-01-01 12:00+00' + day * interval '1 day' - clock_timestamp()) || ' s', false) $$;
CREATE FUNCTION public.subscribe(n bigint) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent.choose_plan((SELECT plan_id FROM voiceagent.plans), 'EUR') $$;
CREATE FUNCTION public.buy_pack(n bigint) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent.pay_embedded(b.order_id, CASE WHEN n % 50 = n % 100 / 50 THEN 'is_disputed' ELSE 'succeeds' END)
	FROM voiceagent.buy((SELECT pack_id FROM voiceagent.credit_packs)) b $$;
CREATE PROCEDURE public.for_each(half integer, what text) LANGUAGE plpgsql AS $$
DECLARE
	t record;
BEGIN
	FOR t IN SELECT * FROM public.tenants WHERE n % 2 = half ORDER BY n LOOP
		PERFORM voiceagent_private.set_tenant(t.tenant_id);
		EXECUTE format('SELECT public.%I($1)', what) USING t.n::bigint;
		IF t.n % 40 >= 38 THEN COMMIT; END IF;
	END LOOP;
END
$$;
CREATE PROCEDURE public.call_all(half integer) LANGUAGE plpgsql AS $$
DECLARE
	v_part bigint[];
BEGIN
	FOR v_part IN SELECT array_agg(t.tenant_id ORDER BY t.tenant_id) FROM public.tenants t WHERE t.n % 2 = half GROUP BY t.n / 40 ORDER BY t.n / 40 LOOP
		FOR i IN 1 .. cardinality(v_part) LOOP
			PERFORM voiceagent_private.set_tenant(v_part[i]);
			PERFORM voiceagent_private.hold_credits(ARRAY(SELECT nextval('public.calls') FROM generate_series(1, 10)), array_fill(0.9::numeric, ARRAY[10]));
		END LOOP;
		COMMIT;
		FOR i IN 1 .. cardinality(v_part) LOOP
			PERFORM voiceagent_private.set_tenant(v_part[i]);
			PERFORM voiceagent_private.settle_holds(array_agg(h.call_id), array_agg(0.333333333)) FROM voiceagent.credit_holds h WHERE h.tenant_id = v_part[i] AND h.state = 'held';
		END LOOP;
		COMMIT;
	END LOOP;
END
$$;
-- A job of the keeper, its turns each in a transaction of its own, until nothing is due.
CREATE PROCEDURE public.keep(job text, most integer) LANGUAGE plpgsql AS $$
DECLARE
	v_next timestamptz;
BEGIN
	LOOP
		IF EXISTS (SELECT FROM voiceagent_private.tenant_jobs t WHERE t.job = keep.job) THEN
			v_next := voiceagent_private.run_turn(t, most) FROM voiceagent_private.tenant_jobs t WHERE t.job = keep.job;
		ELSE
			EXECUTE format('SELECT voiceagent_private.%I(%s)', job, most) INTO v_next;
		END IF;
		COMMIT;
		EXIT WHEN coalesce(v_next, 'infinity') > voiceagent.clock();
	END LOOP;
END
$$;
CREATE FUNCTION public.wrong(tenant_id bigint) RETURNS TABLE (invariant text, detail text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant_id);
	RETURN QUERY SELECT * FROM voiceagent_private.check_tenant();
END
$$;
CREATE PROCEDURE public.settle_disputes(half integer) LANGUAGE plpgsql AS $$
DECLARE
	o record;
BEGIN
	FOR o IN SELECT e.tenant_id, e.order_id FROM voiceagent_private.embedded_payments e JOIN public.tenants t USING (tenant_id) WHERE e.dispute = 'open' AND t.n % 2 = half LOOP
		PERFORM voiceagent.settle_embedded_dispute(o.tenant_id, o.order_id, o.order_id % 2 = 0);
		COMMIT;
	END LOOP;
END
$$;
SQL
psql -d bench -c 'VACUUM ANALYZE'

# both DAY STATEMENT: on that day, by both sessions; {} is the session's half
both() {
	local half waits=() from
	from=$(now)
	for half in 0 1; do
		PGOPTIONS='-c plan_cache_mode=force_generic_plan -c random_page_cost=0 -c cpu_operator_cost=0' psql -d bench -c "SELECT public.on_day($1)" -c "${2//\{\}/$half}" > /dev/null &
		waits+=($!)
	done
	wait "${waits[0]}" && wait "${waits[1]}"
	[ -z "${DETAIL-}" ] || awk -v from="$from" -v to="$(now)" -v what="$2" 'BEGIN { printf "%8.2f s  %s\n", to - from, what }' >&2
}
month() {
	local day
	both 0 "CALL public.for_each({}, 'subscribe')"
	for day in 1 4 7; do both "$day" 'CALL public.call_all({})'; done
	both 10 "CALL public.for_each({}, 'buy_pack')"
	both 10.01 "DO \$\$BEGIN IF {} = 0 THEN CALL public.keep('look_at_payments', 100); END IF; END\$\$"
	for day in 11 13 16 18 21; do both "$day" 'CALL public.call_all({})'; done
	both 22 'CALL public.settle_disputes({})'
	for day in 25 28; do both "$day" 'CALL public.call_all({})'; done
	both 31.1 "DO \$\$BEGIN IF {} = 0 THEN CALL public.keep('look_at_plans', 50); END IF; END\$\$"
	# Numbers have no gaps, so one issues them, as the keeper does.
	both 31.2 "DO \$\$BEGIN IF {} = 0 THEN CALL public.keep('issue_invoices', 50); END IF; END\$\$"
}
costs MONEY 'months of a tenant a second' "$tenants" month
psql -d bench << 'SQL' > "$dir/checked"
CREATE TABLE public.checked AS SELECT t.tenant_id, w.* FROM public.tenants t,
	LATERAL public.wrong(t.tenant_id) w;
INSERT INTO public.checked SELECT 0, * FROM voiceagent_private.check_invoice_numbers();
SELECT count(*), (SELECT count(*) FROM voiceagent.payment_orders WHERE state = 'paid' AND contract_id IS NULL), (SELECT count(*) FROM voiceagent.plan_periods WHERE state = 'paid') FROM public.checked;
SQL
IFS='|' read -r wrong orders periods < "$dir/checked"
result MONEY 'what is wrong' "$wrong"
[ "$wrong" = 0 ] || { psql -d bench -c 'SELECT invariant, count(*), min(detail) FROM public.checked GROUP BY 1' >&2; exit 1; }
[ "$orders" = "$tenants" ] && [ "$periods" -ge $((2 * tenants)) ] || { echo "bench: $orders orders and $periods periods were paid" >&2; exit 1; }
