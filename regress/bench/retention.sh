#!/usr/bin/env bash
# retention.sh   RETENTION: a queue drained while retention removes old turns beside it, and alone
#
# TURNS (2000000) turns in a month that nobody keeps any longer, a tenth of them of a tenant whose rows go one by one;
# JOBS (10000) calls, RUNS (3) rounds.  Retention takes its steps without the rest that the worker takes between them.
# Waits for locks of more than 10 ms are counted from the server's log.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-10000}
turns=${TURNS:-2000000}
settings=(voiceagent.launcher=off log_lock_waits=on deadlock_timeout=10ms)
source regress/bench/lib.sh
psql -d bench -f - < regress/bench/drain.sql
psql -d bench -f - < regress/bench/retain.sql
psql -d bench << 'SQL'
SELECT voiceagent.set_setting('platform_max_concurrent_calls', '1000000');
SELECT voiceagent.set_setting('retention_transcripts', '60 days');
SQL
fill() {
	psql -d bench -v turns="$turns" << 'SQL' > /dev/null
SELECT voiceagent_private.month_slot(voiceagent.clock() - interval '5 months') AS slot, voiceagent.create_tenant('short ' || clock_timestamp()) AS short,
	voiceagent.create_tenant('long ' || clock_timestamp()) AS long \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:short);
SELECT voiceagent.set_setting('retention_transcripts', '30 days');
SET LOCAL session_replication_role = replica;
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id,
	attempt_number, status, outcome, transcript, credits, started_at, ended_at)
SELECT :short, 1, 1, '+12125550100', 1, 1, 1, 1, 1, 'completed', 'completed', 'Old words', 0, now() - interval '5 months', now() - interval '5 months'
FROM generate_series(1, :turns / 100);
CREATE FUNCTION pg_temp.talk() RETURNS jsonb LANGUAGE sql AS $f$
	SELECT jsonb_agg(jsonb_build_object('turn', t, 'speaker', 'customer', 'text', 'What a customer says in a turn, in a sentence or two, as people do.'))
	FROM generate_series(1, 10) t $f$;
INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns)
SELECT :short, c.call_id, :slot, pg_temp.talk() FROM voiceagent.calls c WHERE c.tenant_id = :short;
COMMIT;
INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns)
SELECT :long, i, :slot, pg_temp.talk() FROM generate_series(1, :turns * 9 / 100) i;
CHECKPOINT;
SQL
}
drain() {
	local tenant from to
	tenant=$(psql -d bench -v jobs="$jobs" < regress/bench/campaign.sql)
	psql -d bench -c CHECKPOINT
	if [ "$1" = beside ]; then psql -d bench -c 'CALL public.retain()' & fi
	from=$(now)
	psql -d bench -c "SET plan_cache_mode = force_generic_plan" -c "SET random_page_cost = 0" -c "SET cpu_operator_cost = 0" -c "SET jit = off" \
		-c "CALL public.drain($tenant, 500)"
	to=$(now)
	result RETENTION "$1" "$(rate "$jobs" "$from" "$to")"
	wait
}
for _ in $(seq "$runs"); do
	drain alone
	fill
	waits=$(grep -c 'still waiting for' "$dir/data/server.log" || true)
	drain beside
	result RETENTION 'lock waits' "$(($(grep -c 'still waiting for' "$dir/data/server.log" || true) - waits))"
	[ "$(psql -d bench -c 'SELECT count(*) FROM voiceagent.call_turns')" = 0 ] || { echo "bench: old turns are left" >&2; exit 1; }
done
