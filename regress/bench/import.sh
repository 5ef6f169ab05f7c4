#!/usr/bin/env bash
# import.sh   G1: import of dirty leads beside a tuned SQL pipeline, a usual Node program and the limit
#
# ROWS (100000) rows of regress/lib/dirty-leads --bench; RUNS (5) rounds, one of each per round:
#   ours    append_import() of pieces of 4 MB: number plans, zones, duplicates, do-not-call, a report for every bad row
#   sql     COPY into a staging table, numbers judged by regular expressions, INSERT ... ON CONFLICT in order
#   node    papaparse, libphonenumber-js, COPY into a staging table, INSERT ... ON CONFLICT (peers/import.js)
#   limit   COPY of rows that are ready, sorted by number in chunks of 50,000, into the same kind of table
# All end in a table with primary key and unique (tenant, number), beside 100,000 do-not-call numbers (not for the limit).
# rows/s counts rows of the file.  Memory is what the importing backend had of its own at its most, seen every 10 ms, in an import
# of ten times as many rows.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${ROWS:-100000}
settings=(shared_buffers=1GB autovacuum=off voiceagent.launcher=off)
source regress/bench/lib.sh
mkdir -m 777 "$dir/out"
"$lib/dirty-leads" --bench "$rows" 42 > "$dir/leads.csv"
chmod 644 "$dir/leads.csv"
tables='
CREATE TABLE stop (phone text COLLATE "C" PRIMARY KEY);
INSERT INTO stop SELECT '"'+1212'"' || lpad((g * 37 % 10000000)::text, 7, '"'0'"') FROM generate_series(1, 100000) g ON CONFLICT DO NOTHING;
CREATE UNLOGGED TABLE stage (line bigserial, first_name text, last_name text, phone text, email text, company text, property_type text, location text, budget text);
CREATE TABLE peer (id bigserial PRIMARY KEY, tenant_id bigint NOT NULL, first_name text, last_name text, phone text COLLATE "C" NOT NULL,
	email text, company text, extra jsonb, status text NOT NULL DEFAULT '"'new'"', created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (tenant_id, phone));
CREATE TABLE peer_error (line bigint, reason text, raw text);'
psql -d peer -c "$tables" -c 'CREATE TABLE ready (LIKE peer INCLUDING ALL)' -c 'VACUUM ANALYZE'
psql -d bench -c "$tables" -c "SELECT voiceagent.create_tenant('bench')" -c "INSERT INTO voiceagent.do_not_call_list SELECT t.tenant_id, phone, 'bench', 'manual', NULL, now()
	FROM stop, voiceagent.tenants t WHERE phone ~ '^\+[1-9][0-9]{5,14}\$'" -c 'VACUUM ANALYZE' > /dev/null
# importing FILE: the statements that import it
importing() {
	cat << SQL
BEGIN;
SELECT voiceagent_private.set_tenant((SELECT tenant_id FROM voiceagent.tenants)) AS before \gset
SELECT voiceagent.begin_import() AS batch \gset
SELECT count(voiceagent.append_import(:batch, pg_read_binary_file('$1', n * 4194304, 4194304)))
FROM generate_series(0, (SELECT (size - 1) / 4194304 FROM pg_stat_file('$1'))) n;
SELECT rows_imported FROM voiceagent.finish_import(:batch);
COMMIT;
SQL
}
importing "$dir/leads.csv" > "$dir/ours.sql"
cat > "$dir/sql.sql" << SQL
BEGIN;
COPY stage (first_name, last_name, phone, email, company, property_type, location, budget) FROM '$dir/leads.csv' (FORMAT csv, HEADER);
CREATE TEMP TABLE judged ON COMMIT DROP AS SELECT *, CASE WHEN left(phone, 1) = '+' THEN '+' || d WHEN length(d) = 10 THEN '+1' || d
	WHEN length(d) = 11 AND left(d, 1) = '1' THEN '+' || d END COLLATE "C" AS e164
FROM (SELECT *, translate(phone, '+ ()-.', '') AS d FROM stage OFFSET 0) n;
INSERT INTO peer_error SELECT line, 'bad phone', phone FROM judged WHERE e164 IS NULL OR e164 !~ '^\+([2-9]\d{7,14}|1[2-9]\d{2}[2-9]\d{6})\$';
INSERT INTO peer (tenant_id, first_name, last_name, phone, email, company, extra)
SELECT 1, first_name, last_name, e164, nullif(j.email, ''), company,
	jsonb_build_object('property_type', property_type, 'location', location, 'budget', budget)
FROM judged j LEFT JOIN stop s ON s.phone = j.e164
WHERE s.phone IS NULL AND e164 ~ '^\+([2-9]\d{7,14}|1[2-9]\d{2}[2-9]\d{6})\$' ORDER BY e164 ON CONFLICT DO NOTHING;
COMMIT;
SQL
echo "COPY ready (tenant_id, first_name, last_name, phone, email, company, extra) FROM '$dir/out/ready.copy';" > "$dir/limit.sql"

quietly() { psql -v ON_ERROR_STOP=1 "$@" > /dev/null; }
empty() {
	psql -d bench -c 'SET client_min_messages = warning' -c 'TRUNCATE voiceagent.leads, voiceagent.import_reports CASCADE'
	psql -d peer -c 'TRUNCATE stage, peer, peer_error, ready' -c CHECKPOINT
}
empty
quietly -d bench -f "$dir/ours.sql"
# What the limit loads is what we have made of the file.
psql -d bench -c "COPY (SELECT tenant_id, first_name, last_name, phone, email, company, context FROM voiceagent.leads
	ORDER BY (lead_id - (SELECT min(lead_id) FROM voiceagent.leads)) / 50000, phone) TO '$dir/out/ready.copy'"
for _ in $(seq "$runs"); do
	empty
	costs G1 ours "$rows" quietly -d bench -f "$dir/ours.sql"
	costs G1 sql "$rows" quietly -d peer -f "$dir/sql.sql"
	psql -d peer -c 'TRUNCATE peer'
	if have papaparse; then costs G1 node "$rows" peer import.js "$dir/leads.csv"; fi
	costs G1 limit "$rows" quietly -d peer -f "$dir/limit.sql"
done

empty
"$lib/dirty-leads" --bench "$((rows * 10))" 43 > "$dir/leads.csv"
{ echo "SELECT pg_backend_pid() \\g $dir/out/pid"; cat "$dir/ours.sql"; } > "$dir/large.sql"
quietly -d bench -f "$dir/large.sql" &
until [ -s "$dir/out/pid" ]; do sleep 0.01; done
pid=$(< "$dir/out/pid") most=0
while read -r _ own _ <<< "$(grep RssAnon "/proc/$pid/status" 2> /dev/null)" && [ -n "$own" ]; do
	if [ "$own" -gt "$most" ]; then most=$own; fi
	sleep 0.01
done
wait
result G1 memory "$(awk -v kb="$most" 'BEGIN { printf "%.1f", kb / 1024 }')"
