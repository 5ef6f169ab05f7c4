# Processor instructions of a call, as callgrind counts them: alone, and as one of sixteen that share their commits.
# They do not depend on how busy the machine is, so a change that makes a call dearer is seen at once.
#
# A server in single-user mode sends the statements of the workers, in their role and with their settings: the claim,
# the carrier's answer, what it tells of the call's course, its report. The plans are those of earlier calls of the
# session. The figures are %most below. More than 3 % above one of them fails: then make the call cheaper, or raise the
# figure in a commit that says what the instructions are for. 3 % below is said, so that the figure can be lowered.
# Beside them stand statements and bytes of WAL: with CELL=3 (lib/check) those of a call in a cell of several.
use strict;
use warnings;

use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

# Millions of instructions for a call alone, and for one of sixteen, with PostgreSQL 15 on x86_64.
my %most = (1 => 10.00, 16 => 3.95);
my $tolerance = 0.03;

plan skip_all => 'valgrind is not installed' if system('valgrind --version > /dev/null 2>&1') != 0;

my @parts = qw(claim answer ringing in-progress ended report);
my %cycles = (1 => {warm => 2, counted => 5}, 16 => {warm => 1, counted => 3});
my $leads = 0;
$leads += $_ * ($cycles{$_}{warm} + $cycles{$_}{counted}) foreach keys %cycles;

# ---- a campaign of 28 lanes in which 2,800 leads wait for tomorrow, and those that will be called ----

my $node = new_real_node('main', autovacuum => 'off', 'voiceagent.sandbox' => 'off');
my $tenant = create_tenant($node, 'va', 'Counted', credits => 1000000);
my $account = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_provider_account('vapi', 'Counted', '{"api_key": "k", "webhook_secret": "s"}',
	'{"phone_number_id": "p1", "base_url": "https://carrier.example", "max_concurrent_calls": 100}')});
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'Counted')");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'the server may ask a real carrier') or die;
$node->append_conf('postgresql.conf', 'voiceagent.launcher = off');
$node->restart;
my $jobs = 2800 + $leads;
system_or_bail('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('va'), '-o', '/dev/null', '-v', "jobs=$jobs", '-v', "tenant=$tenant", '-v', "account=$account", '-f', 'regress/bench/campaign.sql');

# The statements that we send are those of the workers: each is in their sources.
my %statements = (
	'bgworkers/outbound/dialer.c' => 'SELECT * FROM voiceagent_private.claim_calls($1, $2)',
	'bgworkers/outbound/dial.c' => 'SELECT a FROM unnest((voiceagent_private.record_answers($1, $2, $3, $4, $5, $6, $7)).put_off) AS a',
	'bgworkers/inbound/store.c' => 'SELECT p AS place FROM unnest(voiceagent_private.take_progress($1, $2, $3::jsonb[], $4, $5)) AS p',
	'bgworkers/inbound/inbox.c' => 'SELECT voiceagent_private.apply_inbox($1, $2)');
foreach my $file (sort keys %statements)
{
	cmp_ok(index(slurp_file($file), $statements{$file}), '>=', 0, "$file sends what is counted here");
}
cmp_ok(index(slurp_file('bgworkers/inbound/store.c'), 'SELECT voiceagent_private.take_webhooks($1, $2, $3::jsonb[], $4, $5)'), '>=', 0, '... also of a report');
cmp_ok(index(slurp_file('bgworkers/inbound/store.c'), q{SELECT voiceagent_private.store_webhooks($1, $2, $3::jsonb[], $4, 'http', $5)}), '>=', 0, '... and of many of them');

$node->safe_psql('va', qq{
	UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() + interval '1 day' WHERE tenant_id = $tenant;
	UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() + interval '1 day' WHERE tenant_id = $tenant AND next_due < 'infinity';

	CREATE SCHEMA counted;
	GRANT USAGE ON SCHEMA counted TO voiceagent_worker;
	GRANT EXECUTE ON FUNCTION voiceagent_private.has_vault_key() TO voiceagent_worker;
	CREATE TABLE counted.leads AS SELECT lead_id, row_number() OVER (ORDER BY lead_id) AS nth, false AS called FROM voiceagent.leads WHERE tenant_id = $tenant;
	CREATE TABLE counted.calls (n bigint, attempt_id bigint, reference text, phone text, placed_at timestamptz);
	GRANT ALL ON ALL TABLES IN SCHEMA counted TO voiceagent_worker;
	} . q{
	-- A webhook of the carrier: a call's course, or its report (2 KB).
	CREATE FUNCTION counted.webhook(kind text, k counted.calls) RETURNS bytea LANGUAGE sql AS $$
		SELECT convert_to(jsonb_build_object('message', jsonb_strip_nulls(CASE WHEN kind <> 'report' THEN
			jsonb_build_object('type', 'status-update', 'status', kind,
				'timestamp', (extract(epoch FROM k.placed_at + CASE kind WHEN 'ringing' THEN '0.1 s' WHEN 'in-progress' THEN '6 s' ELSE '61.5 s' END::interval) * 1000)::bigint,
				'endedReason', CASE kind WHEN 'ended' THEN 'customer-ended-call' END,
				'call', jsonb_build_object('id', 'call-' || k.attempt_id, 'name', k.reference, 'status', kind, 'type', 'outboundPhoneCall', 'phoneNumberId', 'p1'),
				'customer', jsonb_build_object('number', k.phone))
			ELSE jsonb_build_object('type', 'end-of-call-report', 'timestamp', (extract(epoch FROM k.placed_at + interval '65 s') * 1000)::bigint,
				'endedReason', 'customer-ended-call', 'durationSeconds', 61.5, 'cost', 0.0842,
				'startedAt', to_char(k.placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
				'endedAt', to_char((k.placed_at + interval '61.5 seconds') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
				'analysis', jsonb_build_object('summary', 'They spoke of the offer; the customer would like to hear more of it next week.',
					'structuredData', jsonb_build_object('interest', 'high', 'qualified', true), 'successEvaluation', 'true'),
				'artifact', jsonb_build_object('recordingUrl', 'https://carrier.example/' || k.attempt_id || '.wav',
					'transcript', E'AI: Hello, this is Ann. Do you have a minute?\nUser: Yes, what is it about?\n' || repeat(E'AI: It is about your request of last week. \nUser: Go on, please. ', 5),
					'messages', (SELECT jsonb_agg(jsonb_build_object('role', CASE g % 2 WHEN 0 THEN 'user' ELSE 'bot' END, 'message',
						'What is said in turn ' || g || ' of the talk with somebody.', 'secondsFromStart', g * 5)) FROM generate_series(1, 8) g)),
				'call', jsonb_build_object('id', 'call-' || k.attempt_id, 'name', k.reference)) END))::text, 'UTF8') $$;

	-- What is counted lies between two calls of has_vault_key(), at each of which callgrind writes down what it has.
	CREATE PROCEDURE counted.calls_of(n integer) LANGUAGE plpgsql AS $$
	DECLARE
		c_tenant CONSTANT bigint := } . $tenant . q{;
		v_leads bigint[] := ARRAY(SELECT l.lead_id FROM counted.leads l WHERE NOT l.called ORDER BY l.nth LIMIT n);
		v_endpoint bigint;
		v_kind text;
		v_ids bigint[];
		v_keys text[];
		v_calls counted.calls[];
		v_texts text[];
		v_headers text[];
		v_bodies bytea[];
		v_events voiceagent_private.read_event[];
		v_counted bigint;
		v_wal pg_lsn;
	BEGIN
		-- They are due.
		PERFORM voiceagent_private.set_tenant(c_tenant);
		UPDATE counted.leads l SET called = true WHERE l.lead_id = ANY (v_leads);
		WITH due AS (UPDATE voiceagent_private.call_queue q SET not_before = voiceagent.clock() WHERE q.tenant_id = c_tenant AND q.lead_id = ANY (v_leads) RETURNING q.lane_id)
		UPDATE voiceagent_private.lanes l SET next_due = voiceagent.clock() FROM due d WHERE l.tenant_id = c_tenant AND l.lane_id = d.lane_id;
		SELECT e.endpoint_id INTO STRICT v_endpoint FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = c_tenant AND e.provider_account_id = } . $account . q{;
		DELETE FROM counted.calls;
		COMMIT;
		v_wal := pg_current_wal_insert_lsn();

		PERFORM voiceagent_private.set_tenant(c_tenant);
		SET LOCAL ROLE voiceagent_worker;
		PERFORM voiceagent_private.has_vault_key();
		v_calls := ARRAY(SELECT ROW(n, c.attempt_id, c.reference, c.phone, voiceagent.clock())::counted.calls FROM (SELECT * FROM voiceagent_private.claim_calls(100, true)) c);
		COMMIT;
		PERFORM voiceagent_private.has_vault_key();
		IF cardinality(v_calls) <> n THEN
			RAISE EXCEPTION '% calls were claimed, not %', cardinality(v_calls), n;
		END IF;
		v_ids := ARRAY(SELECT c.attempt_id FROM unnest(v_calls) c);
		v_texts := ARRAY(SELECT 'call-' || c.attempt_id FROM unnest(v_calls) c);

		PERFORM voiceagent_private.set_tenant(c_tenant);
		SET LOCAL ROLE voiceagent_worker;
		PERFORM voiceagent_private.has_vault_key();
		PERFORM a FROM unnest((voiceagent_private.record_answers(v_ids, array_fill(text 'accepted', ARRAY[n]), v_texts, array_fill(NULL::text, ARRAY[n]),
			array_fill(201, ARRAY[n]), array_fill(NULL::text, ARRAY[n]), array_fill(0, ARRAY[n]))).put_off) AS a;
		COMMIT;
		PERFORM voiceagent_private.has_vault_key();

		FOREACH v_kind IN ARRAY '{ringing,in-progress,ended,report}'::text[] LOOP
			v_keys := ARRAY(SELECT v_kind || ' ' || c.attempt_id FROM unnest(v_calls) c);
			v_headers := array_fill(text '{}', ARRAY[n]);
			v_bodies := ARRAY(SELECT counted.webhook(v_kind, c) FROM unnest(v_calls) c);
			v_events := voiceagent_private.read_stored_webhooks(ARRAY(SELECT generate_series(1, n)::bigint), array_fill(v_endpoint, ARRAY[n]), array_fill(text 'vapi', ARRAY[n]),
				array_fill(false, ARRAY[n]), array_fill(jsonb '{}', ARRAY[n]), v_bodies, array_fill(NULL::jsonb, ARRAY[n]));
			PERFORM voiceagent_private.set_tenant(c_tenant);
			SET LOCAL ROLE voiceagent_worker;
			PERFORM voiceagent_private.has_vault_key();
			IF v_kind <> 'report' THEN
				v_counted := count(*) FROM unnest(voiceagent_private.take_progress(array_fill(v_endpoint, ARRAY[n]), v_keys, v_headers::jsonb[], v_bodies, v_events)) AS p;
				COMMIT;
			ELSIF n = 1 THEN
				v_counted := voiceagent_private.take_webhooks(array_fill(v_endpoint, ARRAY[n]), v_keys, v_headers::jsonb[], v_bodies, v_events);
				COMMIT;
			ELSE
				PERFORM voiceagent_private.store_webhooks(array_fill(v_endpoint, ARRAY[n]), v_keys, v_headers::jsonb[], v_bodies, 'http', v_texts);
				COMMIT;
				PERFORM voiceagent_private.set_tenant(c_tenant);
				SET LOCAL ROLE voiceagent_worker;
				v_counted := voiceagent_private.apply_inbox(128, 33554432);
				COMMIT;
			END IF;
			PERFORM voiceagent_private.has_vault_key();
			IF v_counted IS DISTINCT FROM n THEN
				RAISE EXCEPTION '% of % webhooks (%) had an effect', v_counted, n, v_kind;
			END IF;
		END LOOP;
		PERFORM voiceagent_private.set_tenant(c_tenant);
		IF EXISTS (SELECT FROM voiceagent_private.live_calls l WHERE l.tenant_id = c_tenant) THEN
			RAISE EXCEPTION 'a call is not over';
		END IF;
		RAISE LOG 'bytes of WAL of % calls: %', n, pg_current_wal_insert_lsn() - v_wal;
		COMMIT;
	END $$;
	VACUUM ANALYZE});
$node->stop;

# ---- counted ----

my $dir = PostgreSQL::Test::Utils::tempdir();
append_to_file("$dir/script", join('', map { "$_\n" } map({ "SET $_" } "search_path = pg_catalog, pg_temp", 'lock_timeout = 250', 'plan_cache_mode = force_generic_plan', 'random_page_cost = 0', 'cpu_operator_cost = 0', 'jit = off'),
	map { my $n = $_; ("CALL counted.calls_of($n)") x ($cycles{$n}{warm} + $cycles{$n}{counted}) } 1, 16));
my $status = system("valgrind -q --tool=callgrind --callgrind-out-file=$dir/out --dump-before=va_sql_has_vault_key postgres --single -D '" . $node->data_dir . "' va < $dir/script > $dir/log 2>&1");
my $log = slurp_file("$dir/log");
is($status, 0, 'the session ends well') or diag(substr($log, -3000));
is_deeply([ $log =~ /^.*(?:ERROR|FATAL|PANIC):.*$/mg ], [], '... without an error');

# How often the executor was begun in a part of callgrind's output.
sub statements
{
	my ($text) = @_;
	my ($id, $n) = ($text =~ /\bc?fn=\((\d+)\) standard_ExecutorStart$/m, 0);
	return 0 unless defined $id;
	$n += $1 while $text =~ /^cfn=\($id\)[^\n]*\n(?:c[a-z]+=[^\n]*\n)*?calls=(\d+)/mg;
	return $n;
}

# The middle one: a page is added to a table now and then.
sub median
{
	my @sorted = sort { $a <=> $b } @_;
	return $sorted[ $#sorted / 2 ];
}

my ($major) = `postgres --version` =~ /(\d+)/;
my $machine = (POSIX::uname())[4];
my $here = $major == 15 && $machine eq 'x86_64';
my $dump = 1;
foreach my $n (1, 16)
{
	my %counts;
	foreach my $cycle (1 .. $cycles{$n}{warm} + $cycles{$n}{counted})
	{
		foreach my $part (@parts)
		{
			# The dump at the first mark is of what was before it.
			$dump += 2;
			my $out = slurp_file("$dir/out." . ($dump - 1));
			my ($count) = $out =~ /^(?:summary|totals): (\d+)/m;
			next if $cycle <= $cycles{$n}{warm};
			push @{ $counts{$part} }, $count / $n / 1e6;
			$counts{all}[ $cycle - $cycles{$n}{warm} - 1 ] += $count / $n / 1e6;
			$counts{statements}[ $cycle - $cycles{$n}{warm} - 1 ] += statements($out) / $n;
		}
	}
	my $who = $n == 1 ? 'a call alone' : "one of $n calls";
	my $all = median(@{ $counts{all} });
	diag(sprintf('%s, millions of instructions: %.2f (%s)', $who, $all, join(', ', map { sprintf('%s %.2f', $_, median(@{ $counts{$_} })) } @parts)));
	my @wal = map { $_ / $n } $log =~ /bytes of WAL of $n calls: (\d+)/g;
	diag(sprintf('%s: %.1f statements, %.0f bytes of WAL', $who, median(@{ $counts{statements} }), median(@wal[ $cycles{$n}{warm} .. $#wal ])));
  SKIP:
	{
		skip "the figures are those of PostgreSQL 15 on x86_64, and this is $major on $machine", 1 unless $here;
		cmp_ok($all, '<=', $most{$n} * (1 + $tolerance), "$who: at most 3 % above its figure");
		diag(sprintf('%s needs fewer than its figure, %.2f: write the new one into %s', $who, $most{$n}, $0)) if $all < $most{$n} * (1 - $tolerance);
	}
}
ok(!-e "$dir/out." . ($dump + 1), 'every count is of the part that it is said to be of');
done_testing();
