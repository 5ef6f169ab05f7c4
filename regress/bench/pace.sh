#!/usr/bin/env bash
# pace.sh   PACE: what a lone call costs the dialer beside 0, 30 and 1,000 tenants that wait for the default pace of their campaigns
#
# JOBS (200) calls, one at a time, 20 a second, RUNS (5) rounds.  Each of the others has a campaign of default settings on the
# sandbox's account, which has just dialled: its next lead is due, its pace (an hour here, so that the round is quiet) is not.
# As many again have an account that is not active, so that their leads are due and nothing lets them dial.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-200}
settings=(voiceagent.sandbox=off)
source regress/bench/lib.sh
source regress/bench/carrier.sh
source regress/bench/enqueue.sh

# others FROM TO: tenants that wait
others() {
	psql -d bench > /dev/null << SQL
DO \$\$
DECLARE
	t bigint;
	c bigint;
BEGIN
	FOR i IN $1 .. $2 LOOP
		t := voiceagent.create_tenant('waits ' || i, 'UTC', 1000);
		PERFORM voiceagent_private.set_tenant(t);
		INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, created_at)
		SELECT t, '+1212' || (2000000 + n), 'Lead', 'US', 'US-DC', ARRAY['UTC'], now() FROM generate_series(1, 20) n;
		c := voiceagent.create_campaign('waits', voiceagent.create_assistant('Ann', 'Hello.', 'Be kind.'),
			settings => '{"sandbox_obeys_law": "off", "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}');
		PERFORM voiceagent.add_leads(c, ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = t));
		IF i % 2 = 0 THEN
			PERFORM voiceagent.start_campaign(c);
			UPDATE voiceagent_private.pacing p SET next_dial_at = now() + interval '1 hour' WHERE p.tenant_id = t;
		ELSE
			PERFORM voiceagent.start_campaign(c);
			UPDATE voiceagent.provider_accounts a SET active = false WHERE a.tenant_id = t;
		END IF;
		PERFORM voiceagent_private.set_tenant(0);
	END LOOP;
END
\$\$;
SQL
}
lone() {
	local before
	open_campaign "pace $1 $round" $((jobs + 10)) "${plain[@]}"
	sleep 2
	before=$(worker_cpu dialer)
	enqueue bench 1 20 "$jobs" <<< "$script"
	wait_for 60 "SELECT count(*) = $jobs + 1 FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
	result PACE "beside $1" "$(per_item "$before" "$(worker_cpu dialer)" "$jobs")"
}
per_item() { awk -v a="$1" -v b="$2" -v n="$3" 'BEGIN { printf "%.1f", (b - a) / n }'; }
made=0
for n in 0 30 1000; do
	[ "$n" = 0 ] || others $((made + 1)) $((2 * n))
	made=$((2 * n))
	psql -d bench -c 'VACUUM ANALYZE'
	for round in $(seq "$runs"); do lone "$n"; done
done
