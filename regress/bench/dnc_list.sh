#!/usr/bin/env bash
# dnc_list.sh   a national do-not-call list of ROWS (10000000) numbers in no order: time to load, private memory, size,
#              and what a question costs: index probes and microseconds a number
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${ROWS:-10000000}
lib=regress/lib
dir=$(mktemp -d "${TMPDIR:-/tmp}/va-bench-XXXXXX")
trap '$lib/server remove "$dir"' EXIT
$lib/server start "$dir" shared_buffers=512MB max_wal_size=4GB voiceagent.launcher=off
# Numbers of 330 area codes, scattered: a step that shares no factor with how many there are.
awk -v n="$rows" 'BEGIN { for (i = 0; i < n; i++) { x = (i * 1000003) % 2640000000; \
	printf "%d,%d%06d\r\n", 201 + int(x / 8000000), 2 + int(x / 1000000) % 8, x % 1000000 } }' > "$dir/list.txt"
chmod 644 "$dir/list.txt"
$lib/server psql "$dir" -q -c 'CREATE EXTENSION voiceagent CASCADE' 2> /dev/null
cat > "$dir/load.sql" << SQL
\pset format unaligned
\pset tuples_only on
SELECT clock_timestamp() AS began \gset
SELECT voiceagent.begin_dnc_list('bench', 'US', now()) AS list \gset
SELECT count(voiceagent.append_dnc_list(:list, pg_read_binary_file('$dir/list.txt', n * 8388608, 8388608))) AS pieces
FROM generate_series(0, (SELECT (size - 1) / 8388608 FROM pg_stat_file('$dir/list.txt'))) n \gset
SELECT clock_timestamp() AS appended \gset
SELECT voiceagent.finish_dnc_list(:list) ->> 'numbers' AS numbers \gset
SELECT format('%s numbers: read in %s s, in force after %s s more; private memory %s MB, after a peak (with shared buffers) of %s MB', :numbers,
	round(extract(epoch FROM :'appended'::timestamptz - :'began'), 1), round(extract(epoch FROM clock_timestamp() - :'appended'), 1),
	(regexp_match(pg_read_file('/proc/self/status'), 'RssAnon:\s+(\d+)'))[1]::int / 1024,
	(regexp_match(pg_read_file('/proc/self/status'), 'VmHWM:\s+(\d+)'))[1]::int / 1024);
VACUUM ANALYZE voiceagent_private.dnc_list_blocks;
SELECT format('%s blocks, %s', count(*), pg_size_pretty(pg_total_relation_size('voiceagent_private.dnc_list_blocks'))) FROM voiceagent_private.dnc_list_blocks;
SELECT voiceagent.create_tenant('bench') AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS was \gset
SELECT clock_timestamp() AS began \gset
SELECT format('%s of 100000 numbers are listed; all layers asked in %s us a number', count(y.layer),
	round(extract(epoch FROM clock_timestamp() - :'began') * 10, 1))
FROM (SELECT '+1' || 2012000000 + (i::bigint * 7919) % 7000000000 AS phone FROM generate_series(1, 100000) i OFFSET 0) p
LEFT JOIN LATERAL (SELECT y.layer FROM voiceagent_private.do_not_call_layers(:tenant, p.phone, NULL, true) y LIMIT 1) y ON true;
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF)
SELECT FROM voiceagent_private.dnc_list_blocks b WHERE b.block = voiceagent_private.block_of('+12025550143') AND voiceagent_private.block_has(b.bits, '+12025550143');
COMMIT;
SQL
$lib/server psql "$dir" -X -v ON_ERROR_STOP=1 -f "$dir/load.sql"
