# For benches of latencies: calls that are enqueued one by one by pgbench.  Source it after carrier.sh.
#
# Enqueueing is add_leads() of one lead to a running campaign; the clock is read in a last statement before the COMMIT, and by
# the carrier when it answers.
bench=$(pg_config --bindir)/pgbench
for database in bench peer; do
	psql -d $database -c 'CREATE TABLE public.enqueued (phone text, at timestamptz)' -c 'CREATE TABLE public.answered (us bigint, phone text)' -c 'CREATE SEQUENCE public.turn'
done
# open_campaign NAME LEADS [PSQL OPTION...]: a new tenant whose campaign runs and has dialled one lead; so many others may be enqueued by "script"
open_campaign() {
	local whole=$jobs
	jobs=$2
	new_tenant "$1"
	launch -v paused=1 "${@:3}"
	jobs=$whole
	psql -d bench > "$dir/ids" << SQL
BEGIN;
SELECT voiceagent_private.set_tenant($tenant) AS was \gset
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = $tenant AND lead_id > (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = $tenant);
DELETE FROM voiceagent.campaign_leads WHERE tenant_id = $tenant AND lead_id > (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = $tenant);
SELECT voiceagent.resume_campaign(campaign_id) AS status, campaign_id FROM voiceagent.campaigns WHERE tenant_id = $tenant \gset
COMMIT;
SELECT setval('public.turn', (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = $tenant)) AS first \gset
SELECT :campaign_id;
VACUUM ANALYZE;
SQL
	campaign=$(head -1 "$dir/ids")
	wait_for 30 "SELECT count(*) = 1 FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
	script="BEGIN;
SELECT voiceagent_private.set_tenant($tenant);
SELECT nextval('public.turn') AS lead \gset
SELECT voiceagent.add_leads($campaign, ARRAY[:lead::bigint]);
INSERT INTO public.enqueued SELECT phone, clock_timestamp() FROM voiceagent.leads WHERE tenant_id = $tenant AND lead_id = :lead::bigint;
COMMIT;"
}
# enqueue DATABASE CLIENTS RATE N: the script on standard input
enqueue() {
	cat > "$dir/out/script"
	PGHOST=$dir/sock PGPORT=54321 PGUSER=postgres "$lib/plain-user" "$bench" -n -M prepared -f "$dir/out/script" -c "$2" -j 1 -R "$3" -t "$(($4 / $2))" "$1" > "$dir/out/pgbench" 2>&1 || { cat "$dir/out/pgbench" >&2; exit 1; }
}
# percentiles DATABASE FIGURE SIDE [CONDITION]: of the calls that were enqueued since the last time
percentiles() {
	local p50 p99
	curl -s "http://$carrier/" > /dev/null
	psql -d "$1" -c 'TRUNCATE answered' -c 'COPY answered FROM STDIN' < "$dir/answers"
	read -r p50 p99 <<< "$(psql -d "$1" -F ' ' -c "SELECT round((1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY took))::numeric, 3), round((1000 * percentile_cont(0.99) WITHIN GROUP (ORDER BY took))::numeric, 3)
		FROM (SELECT min(a.us) / 1e6 - extract(epoch FROM e.at) AS took FROM enqueued e JOIN answered a ON a.phone = e.phone AND a.us / 1e6 >= extract(epoch FROM e.at)
			WHERE ${4-true} GROUP BY e.phone, e.at) x")"
	result "$2" "$3p50" "$p50"
	result "$2" "$3p99" "$p99"
	psql -d "$1" -c 'TRUNCATE enqueued'
}
