#!/usr/bin/env bash
# talks.sh   TALKS: 1,000 talks of ten scripted callers with an assistant that the wizard made, played by the embedded model, from
#            test_assistant() to the verdict: seconds of one backend, and of two that have half of them each
#
# Each is a call as any other: claimed, dialled, reported, with its outcome and its appointment, and rolled back.  SEED (1) repeats
# it; the same seed must give the same report, which both rounds and both kinds say by their digests.
set -euo pipefail
cd "$(dirname "$0")/../.."
settings=(voiceagent.launcher=off autovacuum=off)
source regress/bench/lib.sh
seed=${SEED:-1}
psql -d bench << 'SQL' > /dev/null
SELECT voiceagent.create_tenant('Talks', 'UTC', 10) AS tenant \gset
CREATE ROLE owner LOGIN;
SELECT voiceagent.map_role('owner', :tenant);
SET SESSION AUTHORIZATION owner;
SELECT voiceagent.wizard_start('lead_qualification') AS w \gset
SELECT voiceagent.wizard_answer(:w, 1, '{"business_name": "Acme Solar", "business_type": "solar"}'), voiceagent.wizard_answer(:w, 2, '{"offer": "a free visit about {{product}}"}'),
	voiceagent.wizard_answer(:w, 3, '{"audience": "homeowners who asked about {{product}}"}');
SELECT voiceagent.wizard_finish(:w);
SQL
# talk K SEED: ten callers, K times each; prints the digest of the report
talk() {
	psql -d bench -U owner -c "SELECT r.digest FROM (SELECT voiceagent.test_assistant(1, callers := ARRAY(SELECT c.name FROM voiceagent.standard_callers() c ORDER BY c.name LIMIT 10),
		k := $1, seed := $2) AS run OFFSET 0) t CROSS JOIN LATERAL voiceagent.test_report(t.run) r WHERE r.caller IS NULL"
}
first=
for ((round = 1; round <= runs; round++)); do
	from=$(now)
	talk 100 "$seed" > "$dir/one"
	result TALKS one "$(awk -v a="$from" -v b="$(now)" 'BEGIN { printf "%.2f", b - a }')"
	from=$(now)
	talk 50 "$seed" > "$dir/left" & left=$!
	talk 50 "$seed" > "$dir/right"
	wait "$left"
	result TALKS two "$(awk -v a="$from" -v b="$(now)" 'BEGIN { printf "%.2f", b - a }')"
	first=${first:-$(< "$dir/one")}
	result TALKS differ "$(($([ "$first" = "$(< "$dir/one")" ] && echo 0 || echo 1) + $(cmp -s "$dir/left" "$dir/right" && echo 0 || echo 1)))"
done
result TALKS turns "$(psql -d bench -c 'SELECT min(jsonb_array_length(t.turns)) FROM voiceagent.test_talks t')"
