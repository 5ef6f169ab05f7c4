#!/usr/bin/env bash
# growth.sh   G10: does anything cost more when there is more?  Processor time of a dial, of a report and its effects, and of what
# people look at, first in a small database and then as tenants, turns and leads are added to it
#
# Small: one tenant whose running campaign has 20,000 leads, and had 20,000 calls.  Then TENANTS (500; FULL=1: 10000) others with ten leads each, TURNS
# (500000; 20000000) turns of the tenant, and LEADS (300000; 10000000) more leads in its campaign.  RUNS (5) rounds of CHUNK (400)
# calls in each state: the campaign is resumed until as many are live, paused, looked at, told of, and goes on.  A dial is what
# the workers that dial need for it, a report what those for webhooks do; a look is a statement of the tenant, repeated in one session.
set -euo pipefail
cd "$(dirname "$0")/../.."
chunk=${CHUNK:-400}
if [ "${FULL-}" = 1 ]; then sizes=(10000 20000000 10000000); else sizes=(500 500000 300000); fi
tenants=${TENANTS:-${sizes[0]}} turns=${TURNS:-${sizes[1]}} leads=${LEADS:-${sizes[2]}}
settings=(voiceagent.sandbox=off shared_buffers=1GB)
source regress/bench/lib.sh
source regress/bench/carrier.sh
jobs=$((chunk * runs * 4 > 20000 ? chunk * runs * 4 : 20000))
new_tenant growth
launch -v paused=1
# 20,000 calls that have ended, so that those of the rounds do not matter.
psql -d bench -c "INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id,
	attempt_number, status, outcome, duration_seconds, started_at, ended_at, lawful)
	SELECT c.tenant_id, c.campaign_id, l.lead_id, '+13030000000', c.assistant_id, 1, 1, c.provider_account_id, 1, 'completed', 'completed', 60, now() - interval '40 days', now() - interval '40 days', true
	FROM voiceagent.campaigns c, (SELECT lead_id FROM voiceagent.leads WHERE tenant_id = $tenant ORDER BY lead_id DESC LIMIT 20000) l WHERE c.tenant_id = $tenant"
campaign=$(psql -d bench -c "SELECT campaign_id FROM voiceagent.campaigns WHERE tenant_id = $tenant")
as_tenant() { psql -d bench -c BEGIN -c "SELECT voiceagent_private.set_tenant($tenant)" -c "$1" -c COMMIT > /dev/null; }
as_tenant "SELECT voiceagent.set_setting('max_concurrent_calls', '$chunk', campaign_id := $campaign)"
psql -d bench << 'SQL'
-- Microseconds of the session on a processor.
CREATE FUNCTION public.cpu() RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER AS $$ SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::bigint / 1000 $$;
-- As psql would send it, so often that it can be measured.
CREATE FUNCTION public.look(statement text, times integer) RETURNS numeric LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_from bigint;
BEGIN
	EXECUTE statement;
	v_from := public.cpu();
	FOR i IN 1..times LOOP
		EXECUTE statement;
	END LOOP;
	RETURN round((public.cpu() - v_from)::numeric / times, 1);
END
$$;
SQL
done_calls=0
# measure "few tenants"...: the sides of the results
measure() {
	local side kind took cpu
	for _ in $(seq "$runs"); do
		done_calls=$((done_calls + chunk))
		cpu=$(worker_cpu "$dialling")
		as_tenant "SELECT voiceagent.resume_campaign($campaign)"
		wait_for 120 "SELECT count(*) >= $done_calls FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
		took=$(awk -v a="$cpu" -v b="$(worker_cpu "$dialling")" -v n="$chunk" 'BEGIN { printf "%.1f", (b - a) / n }')
		for side; do result G10 "dial of a call, $side" "$took"; done
		as_tenant "SELECT voiceagent.pause_campaign($campaign)"
		psql -d bench > "$dir/looks" << SQL
BEGIN;
SELECT voiceagent_private.set_tenant($tenant) AS was \gset
SELECT coalesce(max(e.xid), 0) AS last FROM voiceagent.events e WHERE e.tenant_id = $tenant \gset
SET LOCAL ROLE voiceagent_user;
SELECT 'balance|' || public.look('SELECT * FROM voiceagent.credit_balance', 3000);
SELECT 'active_calls|' || public.look('SELECT * FROM voiceagent.active_calls', 100);
SELECT 'campaign_progress|' || public.look('SELECT * FROM voiceagent.campaign_progress', 300);
SELECT 'activity|' || public.look(format('SELECT * FROM voiceagent.activity(after := %s)', :last - 20), 300);
SELECT 'lead by its number|' || public.look('SELECT * FROM voiceagent.leads WHERE phone = ''+12122000077''', 5000);
COMMIT;
SQL
		while IFS='|' read -r kind took; do for side; do result G10 "$kind, $side" "$took"; done; done < "$dir/looks"
		reports "$tenant" "AND state = 'accepted' AND EXISTS (SELECT FROM voiceagent_private.live_calls l WHERE l.tenant_id = a.tenant_id AND l.call_id = a.call_id)" > "$dir/requests"
		cpu=$(worker_cpu "$receiving")
		send "$dir/requests" 32 0 > /dev/null
		wait_for 120 "SELECT count(*) = 0 FROM voiceagent_private.live_calls WHERE tenant_id = $tenant"
		took=$(awk -v a="$cpu" -v b="$(worker_cpu "$receiving")" -v n="$chunk" 'BEGIN { printf "%.1f", (b - a) / n }')
		for side; do result G10 "report of a call, $side" "$took"; done
	done
}
settle() { psql -d bench -c 'VACUUM ANALYZE' -c CHECKPOINT; }
settle
measure 'few leads' 'few tenants' 'few turns'

psql -d bench -v tenants="$tenants" << 'SQL' > /dev/null
CREATE PROCEDURE public.others(n integer) LANGUAGE plpgsql AS $$
DECLARE
	t bigint;
	c bigint;
	-- An hour in which nobody is called now.
	h integer := (extract(hour FROM clock_timestamp() AT TIME ZONE 'UTC')::integer + 12) % 24;
BEGIN
	FOR i IN 1..n LOOP
		t := voiceagent.create_tenant('other ' || i, 'UTC', 1000);
		PERFORM voiceagent_private.set_tenant(t);
		INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, created_at)
		SELECT t, '+1212' || (2000000 + g), 'Ann', 'US', 'US-DC', '{Etc/GMT}', now() FROM generate_series(1, 10) g;
		c := voiceagent.create_campaign('other', voiceagent.create_assistant('Ann', 'Hello', 'Be brief.'), settings => jsonb_build_object(
			'calling_hours', jsonb_build_object('start', to_char(h, 'FM00') || ':00', 'end', to_char(h, 'FM00') || ':30', 'days', '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'::jsonb)));
		PERFORM voiceagent.add_leads(c);
		PERFORM voiceagent.start_campaign(c);
		COMMIT;
	END LOOP;
END
$$;
CALL public.others(:tenants);
SQL
settle
measure 'many tenants'

psql -d bench -c "INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns)
	SELECT $tenant, 1000000000 + i, voiceagent_private.month_slot(voiceagent.clock()), t.turns FROM generate_series(1, $turns / 10) i,
		(SELECT jsonb_agg(jsonb_build_object('turn', g, 'speaker', 'customer', 'text', 'What a customer says in a turn, in a sentence or two, as people do.')) AS turns
		 FROM generate_series(1, 10) g) t"
settle
measure 'many turns'

for ((from = 1; from <= leads; from += 250000)); do
	psql -d bench << SQL > /dev/null
BEGIN;
SELECT voiceagent_private.set_tenant($tenant);
WITH added AS (
	INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, created_at)
	SELECT $tenant, '+1' || (3050000000 + g), 'Lead ' || g, 'US', 'US-DC', l.timezones, now()
	FROM generate_series($from, least($from + 249999, $leads)) g, (SELECT timezones FROM voiceagent.leads WHERE tenant_id = $tenant LIMIT 1) l RETURNING lead_id, phone
), agreed AS (
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at) SELECT $tenant, lead_id, phone, 'call', 'bench', now() FROM added
)
SELECT array_agg(lead_id) AS ids FROM added \gset
SELECT voiceagent.add_leads($campaign, :'ids');
COMMIT;
SQL
done
as_tenant "SELECT voiceagent.confirm_campaign($campaign, 'bench')"
settle
measure 'many leads'
