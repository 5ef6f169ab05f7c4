# A carrier that takes seconds for every answer: no worker holds a transaction, or a snapshot, while it waits; the server
# stops at once with hundreds of requests on their way, and when it starts again each is found out about, none placed twice.
use strict;
use warnings;

use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

my $seed = seed();
my $calls = long() ? 10000 : 100;
my $flying = long() ? 500 : 120;
# After so many seconds; who waits for that in a transaction has it for longer than this, however slow the machine is.
my ($answers, $at_most) = long() ? (3, 1) : (10, 8);
my $carrier = start_carrier(seed => $seed % 1000, 'delay-ms' => 1000 * $answers);
my $node = new_real_node('main', log_statement => 'none', max_connections => 30, 'voiceagent.http_max_in_flight' => 1000);
my $tenant = create_tenant($node, 'va', 'Slow', credits => 1000000);
real_settings($node, $carrier, send_lease => '30 seconds', platform_max_concurrent_calls => 2000, tenant_max_concurrent_calls => 2000, account_max_concurrent_calls => 2000);
my $account = real_account($node, $tenant, $carrier);
my %settings = (max_concurrent_calls => 500, retry_attempts => 0);
wait_workers($node, 'the workers run');

# Every 20 ms: since when has each worker had its transaction, and since when the same xmin?  One line at the end.
sub watch
{
	my ($what, $seconds) = @_;
	my $file = $node->basedir . "/watch_" . ($what =~ /voiceagent/ ? 'workers' : 'control');
	unlink($file);
	my $pid = fork() // die "fork: $!";
	if ($pid == 0)
	{
		open(STDOUT, '>', "$file.tmp");
		open(STDERR, '>', "$file.err");
		my $sql = qq{
			DO \$\$
			DECLARE
				v_until timestamptz := clock_timestamp() + interval '$seconds s';
				v_xact interval := '0'; v_xmin interval := '0'; v_samples integer := 0; v_worst text;
				v_seen jsonb := '{}'; v_now jsonb; v record;
			BEGIN
				WHILE clock_timestamp() < v_until AND NOT EXISTS (SELECT FROM pg_stat_file('watch.stop', true) f WHERE f.size IS NOT NULL) LOOP
					PERFORM pg_stat_clear_snapshot();
					v_now := '{}';
					FOR v IN SELECT a.pid, a.backend_type, a.query, a.xact_start, a.backend_xmin FROM pg_stat_activity a
						WHERE a.pid <> pg_backend_pid() AND $what AND (a.xact_start IS NOT NULL OR a.backend_xmin IS NOT NULL)
					LOOP
						IF v.xact_start IS NOT NULL AND clock_timestamp() - v.xact_start > v_xact THEN
							v_xact := clock_timestamp() - v.xact_start;
							v_worst := v.backend_type || ': ' || v.query;
						END IF;
						IF v.backend_xmin IS NOT NULL THEN
							v_now := v_now || jsonb_build_object(v.pid || ' ' || v.backend_xmin, coalesce(v_seen ->> (v.pid || ' ' || v.backend_xmin), clock_timestamp()::text));
							v_xmin := greatest(v_xmin, clock_timestamp() - (v_now ->> (v.pid || ' ' || v.backend_xmin))::timestamptz);
						END IF;
					END LOOP;
					v_seen := v_now;
					v_samples := v_samples + 1;
					PERFORM pg_sleep(0.02);
				END LOOP;
				RAISE NOTICE 'watched % % % %', extract(epoch FROM v_xact), extract(epoch FROM v_xmin), v_samples, v_worst;
			END \$\$};
		exec('psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', $sql) or POSIX::_exit(127);
	}
	wait_until(sub { $node->safe_psql('postgres', q{SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%v_samples%' AND pid <> pg_backend_pid()}) > 0 }) or die 'nobody watches';
	return sub {
		append_to_file($node->data_dir . '/watch.stop', 'x');
		waitpid($pid, 0);
		unlink($node->data_dir . '/watch.stop');
		my ($xact, $xmin, $samples, $worst) = slurp_file("$file.err") =~ /watched ([\d.]+) ([\d.]+) (\d+) (.*)/ or diag(slurp_file("$file.err"));
		return ($xact, $xmin, $samples, $worst);
	};
}

# What watches sees a transaction that is held.
my $control = watch("a.application_name = 'control'", 900);
$node->psql('postgres', q{SET application_name = 'control'; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1; SELECT pg_sleep(1.0); COMMIT});
my @control = $control->();
ok($control[0] > 0.8 && $control[1] > 0.8, "a client's transaction of a second is seen") or diag("@control");

my $end = watch(q{a.backend_type LIKE 'voiceagent%'}, 900);
my $done = 0;
while ($done < $calls && time_left())
{
	my $piece = $calls - $done > 2500 ? 2500 : $calls - $done;
	start_leads($node, $tenant, [ numbers($piece) ], account => $account, settings => \%settings);
	$done += $piece;
	wait_completed($node, "$done slow calls", 600);
}
my ($xact, $xmin, $samples, $worst) = $end->();
cmp_ok($samples, '>', 50, "$samples looks at the workers");
cmp_ok($xact, '<', $at_most, "no worker had a transaction for $at_most s") or diag($worst);
cmp_ok($xmin, '<', $at_most, '... nor held back a horizon');
figure(name => 'oldest transaction of a worker during slow calls', value => sprintf('%.3f', $xact), unit => 's', goal => '< 1', count => $done);
figure(name => 'oldest xmin of a worker during slow calls', value => sprintf('%.3f', $xmin), unit => 's', goal => '< 1', count => $done);

# ---- a clean stop with as many requests on their way as the campaign may have ----

my $rounds = rounds(short => 1, long => 20);
my $sleepy = start_carrier(seed => $seed % 1000, 'delay-ms' => 120000);
real_settings($node, [ $carrier, $sleepy ], send_lease => '2 minutes');
my $other = real_account($node, $tenant, $sleepy, name => 'Sleepy');
my @stops;
for (my $round = 1; $round <= $rounds && time_left(); $round++)
{
	restart_choices("stop $round");
	start_leads($node, $tenant, [ numbers($flying) ], account => $other, settings => \%settings);
	ok(wait_until(sub { $node->safe_psql('va', q{SELECT count(*) FROM voiceagent_private.live_calls WHERE state = 'sending'}) >= 0.9 * $flying }), "round $round: hundreds of requests are on their way");
	my $live = $node->safe_psql('va', q{SELECT count(*) FROM voiceagent_private.live_calls});
	my $start = time;
	$node->stop('fast');
	push @stops, time - $start;
	# Beside other tests it only must not wait for the carrier, which takes two minutes.
	my $limit = long() ? 3 : 60;
	cmp_ok($stops[-1], '<', $limit, "round $round: stopped with $live calls in flight in less than $limit s");
	$node->start;
	wait_completed($node, '... after a start each comes to its end', 300);
	well($node, "round $round", carrier => [ $carrier, $sleepy ]);
}
is_witnessed($node, [ $carrier, $sleepy ], 'the carriers');
is_well($node, 'in the end');
figure(name => 'pg_ctl stop -m fast with ' . $flying . ' calls in flight, longest', value => sprintf('%.2f', percentile(100, @stops)), unit => 's', goal => '< 3', count => scalar @stops);
$node->stop('fast');
done_testing();
