#!/usr/bin/env bash
# queue.sh   G2: a queue drained by two commits a batch, beside graphile-worker and a bare SKIP LOCKED queue; and RULES:
# ours with every rule of the law on, beside ours without them
#
# JOBS (10000) jobs, RUNS (3) rounds.  Ours is no bare queue: its two commits are the claim (window, caps, do-not-call
# list, consent; hold, proof, call, attempt, event) and the record of the carrier's answer.
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
ON CONFLICT (jurisdiction, rule) DO UPDATE SET value = excluded.value;
INSERT INTO voiceagent_private.national_blocks SELECT 1303000 + g, -1, decode(repeat('ff', 1250), 'hex') FROM generate_series(1, 100) g;
INSERT INTO voiceagent.national_lists (name, country, edition, published_at, in_force_since, numbers) VALUES ('bench', 'US', -1, now(), now(), 1000000);
ANALYZE voiceagent_private.national_blocks;
SQL

# With "on" the campaign, a rehearsal all the same, obeys the law: terms of the jurisdiction, consent, caps of the number,
# the national list, disclosures.
drain_ours() {
	local tenant rate
	tenant=$(psql -d bench -v jobs="$jobs" -v obeys_law="$1" < regress/bench/campaign.sql)
	psql -d bench -c CHECKPOINT
	local from to
	from=$(now)
	# As a worker runs: its role, its planner settings.
	psql -d bench -c "SET plan_cache_mode = force_generic_plan" \
		-c "SET random_page_cost = 0" -c "SET cpu_operator_cost = 0" -c "SET jit = off" -c "CALL public.drain($tenant, 500)"
	to=$(now)
	rate=$(rate "$jobs" "$from" "$to")
	result RULES "$1" "$rate"
	if [ "$1" = off ]; then result G2 ours "$rate"; fi
	[ "$(psql -d bench -c "SELECT count(*) FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'")" = "$jobs" ] ||
		{ echo "bench: not everybody was dialled" >&2; exit 1; }
}
drain_limit() {
	psql -d peer -c 'TRUNCATE job, done' -c "INSERT INTO job (payload) SELECT jsonb_build_object('id', g) FROM generate_series(1, $jobs) g" \
		-c 'VACUUM ANALYZE job' -c CHECKPOINT
	local from to
	from=$(now)
	psql -d peer -c 'SET enable_seqscan = off' -c 'CALL drain(500)'
	to=$(now)
	result G2 limit "$(rate "$jobs" "$from" "$to")"
}
for _ in $(seq "$runs"); do
	drain_ours off
	drain_ours on
	if have_peers; then result G2 graphile-worker "$(peer queue.js "$jobs")"; fi
	drain_limit
done
