#!/usr/bin/env bash
# import.sh   G1: import of dirty leads beside a tuned SQL pipeline and the limit, in rounds, medians and ratios
#
# ROWS (200000) rows of regress/lib/dirty-leads --bench; RUNS (5) rounds, one of each per round:
#   ours    voiceagent.import_leads(): number plans, zones, duplicates, do-not-call, a report for every bad row
#   sql     COPY into a staging table, numbers judged by regular expressions, INSERT ... ON CONFLICT in order
#   limit   COPY of rows that are ready, sorted by number in chunks of 50,000, into the same kind of table
# All three end in a table with primary key and unique (tenant, number), beside 100,000 do-not-call numbers
# (not for the limit).  rows/s counts rows of the file.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${ROWS:-200000} runs=${RUNS:-5}
lib=regress/lib
dir=$(mktemp -d "${TMPDIR:-/tmp}/va-bench-XXXXXX")
trap '$lib/server remove "$dir"' EXIT
$lib/server start "$dir" shared_buffers=1GB max_wal_size=8GB checkpoint_timeout=1h autovacuum=off voiceagent.launcher=off
$lib/dirty-leads --bench "$rows" 42 > "$dir/leads.csv"
chmod 644 "$dir/leads.csv"
mkdir -m 777 "$dir/out"
psql() { $lib/server psql "$dir" -q "$@"; }

psql << 'SQL' > /dev/null 2>&1
CREATE EXTENSION voiceagent CASCADE;
SELECT voiceagent.create_tenant('bench');
CREATE TABLE stop (phone text COLLATE "C" PRIMARY KEY);
INSERT INTO stop SELECT '+1212' || lpad((g * 37 % 10000000)::text, 7, '0') FROM generate_series(1, 100000) g ON CONFLICT DO NOTHING;
INSERT INTO voiceagent.do_not_call_list SELECT t.tenant_id, phone, 'bench', 'manual', NULL, now() FROM stop, voiceagent.tenants t
WHERE phone ~ '^\+[1-9][0-9]{5,14}$';
CREATE UNLOGGED TABLE stage (line bigserial, first_name text, last_name text, phone text, email text, company text, property_type text, location text, budget text);
CREATE TABLE peer (id bigserial PRIMARY KEY, tenant_id bigint NOT NULL, first_name text, last_name text, phone text COLLATE "C" NOT NULL,
	email text, company text, extra jsonb, status text NOT NULL DEFAULT 'new', created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (tenant_id, phone));
CREATE TABLE peer_error (line bigint, reason text, raw text);
CREATE TABLE ready (id bigserial PRIMARY KEY, tenant_id bigint NOT NULL, first_name text, last_name text, phone text COLLATE "C" NOT NULL,
	email text, company text, extra jsonb, status text NOT NULL DEFAULT 'new', created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (tenant_id, phone));
VACUUM ANALYZE;
SQL

cat > "$dir/ours.sql" << SQL
BEGIN;
SELECT voiceagent_private.act_for((SELECT tenant_id FROM voiceagent.tenants)) AS before \gset
\timing on
SELECT rows_imported FROM voiceagent.import_leads(pg_read_file('$dir/leads.csv'));
COMMIT;
\timing off
SELECT 'private memory kB: ' || (regexp_match(pg_read_file('/proc/self/status'), 'RssAnon:\s+(\d+)'))[1];
SQL
cat > "$dir/sql.sql" << SQL
BEGIN;
\timing on
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
\timing off
SQL
cat > "$dir/limit.sql" << SQL
\timing on
COPY ready (tenant_id, first_name, last_name, phone, email, company, extra) FROM '$dir/out/ready.copy';
\timing off
SQL

# Seconds that a script's timed statements took.
seconds() { psql -At -f "$dir/$1.sql" | tee "$dir/$1.out" | awk '/^Time:/ { s += $2 } END { printf "%.3f\n", s / 1000 }'; }
median() { sort -g | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }
spread() { sort -g | awk '{ a[NR] = $1 } END { printf "%d..%d k", a[1] / 1000, a[NR] / 1000 }'; }

for round in $(seq 0 "$runs"); do
	psql -c "SET client_min_messages = warning" -c 'TRUNCATE voiceagent.leads, voiceagent.import_errors, stage, peer, peer_error, ready CASCADE' -c 'CHECKPOINT'
	ours=$(seconds ours)
	if [ "$round" = 0 ]; then
		# What the limit loads is what we have made of the file.
		psql -c "COPY (SELECT tenant_id, first_name, last_name, phone, email, company, context FROM voiceagent.leads
			ORDER BY (lead_id - (SELECT min(lead_id) FROM voiceagent.leads)) / 50000, phone) TO '$dir/out/ready.copy'"
		continue
	fi
	sql=$(seconds sql)
	limit=$(seconds limit)
	for one in ours sql limit; do awk -v r="$rows" -v s="${!one}" 'BEGIN { print r / s }' >> "$dir/$one.rate"; done
	echo "round $round: ours $ours s, sql $sql s, limit $limit s"
done
for one in ours sql limit; do
	declare "m_$one=$(median < "$dir/$one.rate")"
	m="m_$one"
	printf '%-6s %8.0f rows/s  (%s, n=%d)\n' "$one" "${!m}" "$(spread < "$dir/$one.rate")" "$runs"
done
grep memory "$dir/ours.out"
awk -v o="$m_ours" -v s="$m_sql" -v l="$m_limit" 'BEGIN { printf "G1 import: %.2f x the tuned SQL pipeline (goal 2), %.2f of the limit (goal 0.65)\n", o / s, o / l }'
