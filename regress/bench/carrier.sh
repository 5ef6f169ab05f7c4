# For benches of the whole way: a carrier that only answers (server.c), an armed server, and what its webhooks say.
# Source it after lib.sh, with voiceagent.sandbox=off among its settings; "delay" (0) is what the carrier takes for an answer, in ms.
secret=bench-secret
cc -O2 -Wall -D_GNU_SOURCE -o "$build/bench/server" regress/bench/server.c -luv
cc -O2 -Wall -D_GNU_SOURCE -o "$build/bench/client" regress/bench/client.c -luv -lsodium
make -s --no-print-directory bench-people >&2
mkdir -m 777 "$dir/out"
"$build/bench/server" "$dir/port" "${delay:-0}" "$dir/answers" &
server_pids+=($!)
until [ -s "$dir/port" ]; do sleep 0.05; done
carrier=127.0.0.1:$(cat "$dir/port")

# A real account: its secrets are sealed, and it is armed.  The gateway's port must be known to the carrier.
gateway_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$dir/out/vault"
if [ "$(id -u)" = 0 ]; then chown "$("$lib/plain-user" --name)" "$dir/out/vault"; fi
chmod 600 "$dir/out/vault"
for one in "vault_key_file=$dir/out/vault" "arming_file=$dir/out/arming" "gateway_port=$gateway_port" "public_base_url=http://127.0.0.1:$gateway_port"; do
	printf "voiceagent.%s = '%s'\n" "${one%%=*}" "${one#*=}" >> "$dir/data/postgresql.conf"
done
"$lib/server" restart "$dir"
psql -d bench -c "SELECT voiceagent.set_setting('platform_max_concurrent_calls', '1000000'), voiceagent.set_setting('account_max_concurrent_calls', '100000'), voiceagent.set_setting('allowed_private_hosts', '$carrier')" > /dev/null
wait_for 30 "SELECT count(*) >= 3 FROM voiceagent_private.worker_status() WHERE state = 'running'"

# The workers of the way out, and those of the way back.
dialling='outbound|dialer|requests|keeper' receiving='inbound|gateway|applier'
# worker_cpu KINDS: microseconds on a processor so far, of all workers of these kinds together
worker_cpu() {
	psql -d bench -c "SELECT '/proc/' || pid || '/schedstat' FROM pg_stat_activity WHERE datname = 'bench' AND backend_type ~ 'voiceagent ($1)'" |
		xargs cat | awk '{ us += $1 / 1000 } END { printf "%.0f\n", us }'
}

# new_tenant NAME: a tenant with an armed account: sets tenant, account and webhook_path
new_tenant() {
	tenant=$(psql -d bench -c "SELECT voiceagent.create_tenant('$1', 'UTC', 10000000)")
	account=$(psql -d bench << SQL
BEGIN;
SELECT voiceagent_private.set_tenant($tenant) AS before \\gset
SELECT voiceagent.create_provider_account('vapi', 'Bench', '{"api_key": "k", "webhook_secret": "$secret"}',
	'{"phone_number_id": "p1", "base_url": "http://$carrier", "max_concurrent_calls": 100000}');
COMMIT;
SQL
	)
	psql -d bench -c "SELECT voiceagent.arm($account, 'Bench')" > /dev/null
	wait_for 20 "SELECT voiceagent_private.arming() = 'armed'"
	webhook_path=/webhooks/$(psql -d bench -c "SELECT token FROM voiceagent_private.endpoint_routes WHERE provider_account_id = $account")
}

# people TENANT [REPORTS]: what the sandbox's people did in a tenant's calls, every kind of them: requests one a line (people.c)
people() {
	psql -d bench -F $'\t' -c "SELECT a.provider_call_id, a.reference, k.phone, (extract(epoch FROM a.created_at) * 1000)::bigint, l.first_name
		FROM voiceagent.attempts a JOIN voiceagent.calls k USING (tenant_id, call_id) JOIN voiceagent.leads l USING (tenant_id, lead_id)
		WHERE a.tenant_id = $1 ORDER BY a.attempt_id" | "$build/bench/people" "$webhook_path" ${2-}
}

# The plain call is answered, lasts a minute, and leaves its lead interested.
# statuses TENANT STATUS: requests that tell it of every call of the tenant, one a line
statuses() {
	psql -d bench << SQL
SELECT '$webhook_path' || E'\t' || jsonb_build_object('message', jsonb_strip_nulls(jsonb_build_object('type', 'status-update', 'status', '$2',
	'timestamp', (extract(epoch FROM a.created_at + CASE '$2' WHEN 'ringing' THEN '0.1 s' WHEN 'in-progress' THEN '6 s' ELSE '61.5 s' END::interval) * 1000)::bigint,
	'endedReason', CASE '$2' WHEN 'ended' THEN 'customer-ended-call' END,
	'call', jsonb_build_object('id', a.provider_call_id, 'name', a.reference, 'status', '$2', 'type', 'outboundPhoneCall', 'phoneNumberId', 'p1'),
	'customer', jsonb_build_object('number', k.phone))))::text
FROM voiceagent.attempts a JOIN voiceagent.calls k USING (tenant_id, call_id) WHERE a.tenant_id = $1 ORDER BY a.attempt_id
SQL
}

# reports TENANT [CONDITION]: the end-of-call reports (2 KB) of a tenant's calls, one a line
reports() {
	psql -d bench << SQL
SELECT '$webhook_path' || E'\t' || replace(jsonb_build_object('message', jsonb_build_object('type', 'end-of-call-report', 'timestamp', (extract(epoch FROM a.created_at + interval '65 seconds') * 1000)::bigint,
	'endedReason', 'customer-ended-call', 'durationSeconds', 61.5, 'cost', 0.0842,
	'startedAt', to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
	'endedAt', to_char((a.created_at + interval '61.5 seconds') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
	'analysis', jsonb_build_object('summary', 'They spoke of the offer; the customer would like to hear more of it next week.',
		'structuredData', jsonb_build_object('interest', 'high', 'qualified', true), 'successEvaluation', 'true'),
	'artifact', jsonb_build_object('recordingUrl', 'https://carrier.example/' || a.attempt_id || '.wav',
		'transcript', 'AI: Hello, this is Ann. Do you have a minute?\nUser: Yes, what is it about?\n' || repeat('AI: It is about your request of last week. \nUser: Go on, please. ', 5),
		'messages', (SELECT jsonb_agg(jsonb_build_object('role', CASE g % 2 WHEN 0 THEN 'user' ELSE 'bot' END, 'message',
			'What is said in turn ' || g || ' of the talk with somebody.', 'secondsFromStart', g * 5)) FROM generate_series(1, 8) g)),
	'call', jsonb_build_object('id', a.provider_call_id, 'name', a.reference)))::text, E'\n', ' ')
FROM voiceagent.attempts a WHERE a.tenant_id = $1 ${2-} ORDER BY a.attempt_id
SQL
}

# send REQUESTS CONNECTIONS RATE [LOG]: "sent microseconds errors p50_ms p99_ms" (client.c)
send() { "$build/bench/client" "$gateway_port" "$secret" "$2" "$3" ${4:+"$4"} < "$1"; }
# launch [-v paused=1] [-v lanes=N] [-v retries=N]: a running campaign of "jobs" leads, of the tenant and the account of new_tenant
launch() { psql -d bench -v jobs="$jobs" -v tenant="$tenant" -v account="$account" "$@" < regress/bench/campaign.sql > /dev/null; }
# What a plain campaign has, beside a mixed one (which is what launch makes): one lane, and no retries.
plain=(-v lanes=1 -v retries=0)
# settled TENANTS: waits until everything that was told of their calls is applied, and none is live any more
settled() { wait_for 300 "SELECT NOT EXISTS (SELECT FROM voiceagent_private.inbox) AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls WHERE tenant_id IN ($1))"; }
# others FROM TO: tenants that wait: every second one for its pace, the others have an account that may not dial
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
