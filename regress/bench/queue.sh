#!/usr/bin/env bash
# queue.sh   G2: a queue drained by two commits a batch, lease and finish, in two honest pairs; and RULES: ours with every rule of
# the law on, beside ours without them
#
#   alone   rows go from our queue to the live calls, and leave these; beside graphile-worker and pg-boss with jobs that do
#           nothing, and the limit, a bare SKIP LOCKED queue
#   whole   our two commits are the claim (hours, caps, do-not-call, consent; hold, proof, call, attempt, event) and the record
#           of the carrier's answer, for leads of 28 lanes, and again for plain ones, of one; beside graphile-worker whose jobs do as much by one SQL function each (peers/whole.sql)
# JOBS (10000) jobs, RUNS (5) rounds.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-10000}
settings=(voiceagent.launcher=off)
source regress/bench/lib.sh
psql -d bench -f - < regress/bench/drain.sql

psql -d peer << 'SQL'
CREATE TABLE job (id bigserial PRIMARY KEY, due timestamptz NOT NULL DEFAULT now(), leased timestamptz, payload jsonb NOT NULL) WITH (fillfactor = 70);
CREATE INDEX ON job (due, id) WHERE leased IS NULL;
CREATE TABLE done (id bigint PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), payload jsonb NOT NULL);
CREATE PROCEDURE drain(batch integer) LANGUAGE plpgsql AS $$
DECLARE
	v_ids bigint[];
BEGIN
	LOOP
		WITH due AS (SELECT id FROM job WHERE leased IS NULL AND due <= now() ORDER BY due, id LIMIT batch FOR UPDATE SKIP LOCKED),
		taken AS (UPDATE job SET leased = now() FROM due WHERE job.id = due.id RETURNING job.id)
		SELECT array_agg(id) INTO v_ids FROM taken;
		EXIT WHEN v_ids IS NULL;
		COMMIT;
		WITH gone AS (DELETE FROM job WHERE id = ANY (v_ids) RETURNING id, payload) INSERT INTO done (id, payload) SELECT * FROM gone;
		COMMIT;
	END LOOP;
END
$$;
SQL
psql -d bench << 'SQL'
SELECT voiceagent.set_setting('platform_max_concurrent_calls', '1000000');
-- Every kind of rule for the leads of campaign.sql, and a national list of a million numbers, none of them theirs.
INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date) VALUES
	('US-DC', 'calls_per_day', '3', 'bench', '2026-01-01'), ('US-DC', 'calls_per_24h', '3', 'bench', '2026-01-01'),
	('US-DC', 'calls_lifetime', '100', 'bench', '2026-01-01'), ('US-DC', 'min_ring', '20', 'bench', '2026-01-01'),
	('US-DC', 'require_consent', 'true', 'bench', '2026-01-01'), ('US-DC', 'disclose_ai', 'true', 'bench', '2026-01-01'),
	('US-DC', 'disclose_caller', 'true', 'bench', '2026-01-01'), ('US-DC', 'disclose_recording', 'true', 'bench', '2026-01-01'),
	('US-DC', 'list_max_age', '"31 days"', 'bench', '2026-01-01'), ('US-DC', 'opt_out_text', '"Say stop to be left alone."', 'bench', '2026-01-01')
ON CONFLICT (jurisdiction, rule, effective_from) DO UPDATE SET value = excluded.value;
INSERT INTO voiceagent_private.dnc_list_blocks SELECT 1303000 + g, -1, decode(repeat('ff', 1250), 'hex') FROM generate_series(1, 100) g;
INSERT INTO voiceagent.national_dnc_lists (name, country, edition, published_at, in_force_since, numbers) VALUES ('bench', 'US', -1, now(), now(), 1000000);
ANALYZE voiceagent_private.dnc_list_blocks;
SQL

# drain_ours off|on FIGURE SIDE [PSQL OPTION...]: with "on" the campaign, a rehearsal all the same, obeys the law: terms of the
# jurisdiction, consent, caps of the number, the national list, disclosures.
drain_ours() {
	local tenant
	tenant=$(psql -d bench -v jobs="$jobs" -v obeys_law="$1" "${@:4}" < regress/bench/campaign.sql)
	psql -d bench -c CHECKPOINT
	# As a worker runs: its role, its planner settings.
	costs "$2" "$3" "$jobs" psql -d bench -c "SET plan_cache_mode = force_generic_plan" \
		-c "SET random_page_cost = 0" -c "SET cpu_operator_cost = 0" -c "SET jit = off" -c "CALL public.drain($tenant, 500)"
	[ "$(psql -d bench -c "SELECT count(*) FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'")" = "$jobs" ] ||
		{ echo "bench: not everybody was dialled" >&2; exit 1; }
}
psql -d bench << 'SQL'
CREATE PROCEDURE public.drain_bare(tenant bigint, batch integer) LANGUAGE plpgsql AS $$
DECLARE
	v_ids bigint[];
BEGIN
	LOOP
		WITH due AS MATERIALIZED (
			SELECT q.ctid AS at, q.lead_id, q.campaign_id FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = tenant AND q.lane_id = 1 AND q.priority = 5 AND q.not_before <= voiceagent.clock()
			ORDER BY q.not_before, q.lead_id LIMIT batch FOR UPDATE SKIP LOCKED
		), gone AS (
			DELETE FROM voiceagent_private.call_queue q USING due WHERE q.ctid = due.at RETURNING due.*
		), live AS (
			INSERT INTO voiceagent_private.live_calls (tenant_id, call_id, attempt_id, campaign_id, lead_id, provider_account_id, provider, lease_until,
				reference, dialled_at, ends_by)
			SELECT tenant, g.lead_id, g.lead_id, g.campaign_id, g.lead_id, 1, 'vapi', now(), g.lead_id, now(), now() FROM gone g RETURNING call_id
		)
		SELECT array_agg(call_id) INTO v_ids FROM live;
		EXIT WHEN v_ids IS NULL;
		COMMIT;
		DELETE FROM voiceagent_private.live_calls v WHERE v.tenant_id = tenant AND v.call_id = ANY (v_ids);
		COMMIT;
	END LOOP;
END
$$;
SQL
drain_bare() {
	psql -d bench -c "INSERT INTO voiceagent_private.call_queue (tenant_id, lane_id, not_before, campaign_id, lead_id) SELECT 0, 1, now(), 1, g FROM generate_series(1, $jobs) g" \
		-c 'VACUUM ANALYZE voiceagent_private.call_queue' -c CHECKPOINT
	costs G2 bare "$jobs" psql -d bench -c 'SET plan_cache_mode = force_generic_plan' -c 'SET enable_seqscan = off' -c 'SET enable_bitmapscan = off' -c 'SET jit = off' -c 'CALL public.drain_bare(0, 500)'
}
drain_limit() {
	psql -d peer -c 'TRUNCATE job, done' -c "INSERT INTO job (payload) SELECT jsonb_build_object('id', g) FROM generate_series(1, $jobs) g" \
		-c 'VACUUM ANALYZE job' -c CHECKPOINT
	costs G2 limit "$jobs" psql -d peer -c 'SET enable_seqscan = off' -c 'CALL drain(500)'
}
psql -d peer -f - < regress/bench/peers/whole.sql
for _ in $(seq "$runs"); do
	drain_bare
	if have graphile-worker; then costs G2 graphile "$jobs" peer graphile.js drain "$jobs" noop; fi
	drain_limit
	if have pg-boss; then costs G2 pgboss "$jobs" peer pgboss.js drain "$jobs"; fi
	# Once for both: beside the peer, and beside ours under the law.
	drain_ours off G2 ours > "$dir/one"
	cat "$dir/one"
	sed 's/\tG2\tours/\tRULES\toff/' "$dir/one"
	drain_ours off G2 plain -v lanes=1 -v retries=0
	if have graphile-worker; then
		psql -d peer -c "CALL whole.fill($jobs)" -c 'VACUUM ANALYZE' -c CHECKPOINT
		costs G2 'graphile whole' "$jobs" peer graphile.js drain "$jobs" whole
	fi
	drain_ours on RULES on
done
