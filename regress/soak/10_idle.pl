# A database with nothing to do: its workers run no statement, take no processor time and hardly ever wake up.
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

seed();
# No autovacuum: its transactions are counted with those of an idle database.
my $node = new_node('main', autovacuum => 'off', log_statement => 'none');
my $tenant = create_tenant($node, 'va', 'Idle', credits => 1000);
wait_workers($node, 'the workers run');
# It has been at work before, and has campaigns: one that is done, one that is paused.
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
start_leads($node, $tenant, [ numbers(5) ]);
wait_completed($node, 'a campaign is done');
my $paused = start_leads($node, $tenant, [ numbers(5) ]);
as_tenant($node, 'va', $tenant, "SELECT voiceagent.pause_campaign($paused)");
wait_for_sql($node, 'va', 'SELECT (SELECT count(*) FROM voiceagent_private.live_calls) + (SELECT count(*) FROM voiceagent_private.inbox)', 0, 'every call comes to its end');
# What a worker did last reaches pg_stat_database up to ten seconds later, so that the short form looks at the workers' own
# counts alone.
sleep(long() ? 15 : 3);

my @pids = worker_pids($node, 'voiceagent%');

sub commits { return join ' ', split /\n/, $node->safe_psql('va', 'SELECT kind || commits FROM voiceagent_private.worker_status() ORDER BY kind') }
sub transactions { return $node->safe_psql('postgres', q{SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'va'}) }

# User and system time in seconds, and how often it went to sleep of its own accord.
sub spent
{
	my ($pid) = @_;
	my @fields = split / /, slurp_file("/proc/$pid/stat") =~ s/^.*\) //sr;
	my ($switches) = slurp_file("/proc/$pid/status") =~ /^voluntary_ctxt_switches:\s+(\d+)/m;
	return (($fields[11] + $fields[12]) / POSIX::sysconf(POSIX::_SC_CLK_TCK()), $switches);
}

# The maintenance jobs that a start wishes, the sandbox's last webhooks, and the deadlines that a worker keeps of calls that are over
# by now: each is looked at once more, so that the silence is measured from where nothing has happened for a while.
my $commits = commits();
my ($quiet_since, $patience) = (time, time + 120);
while (time - $quiet_since < 6 && time < $patience)
{
	sleep 1;
	my $now = commits();
	($commits, $quiet_since) = ($now, time) if $now ne $commits;
}
my ($seconds, $more, $percent, $most, $committed);
# The short form looks for seconds, into which what a slow machine does late may fall, or what comes once a minute: not into each of them.
for my $try (1 .. (long() ? 1 : 5))
{
	$commits = commits() if $try > 1;
	my $transactions = transactions();
	my %before = map { $_ => [ spent($_) ] } @pids;
	my $start = time;
	my $wanted = long() ? 3600 : 5;
	sleep 1 while time - $start < $wanted && time_left();
	$seconds = time - $start;
	# Before anything else asks the database.
	$more = long() ? transactions() - $transactions : 0;
	(my $cpu, $most) = (0, 0);
	foreach my $pid (@pids)
	{
		my @now = spent($pid);
		$cpu += $now[0] - $before{$pid}[0];
		my $wakes = ($now[1] - $before{$pid}[1]) / $seconds * 60;
		$most = $wakes if $wakes > $most;
	}
	$percent = 100 * $cpu / $seconds;
	$committed = commits();
	last if $committed eq $commits && $percent < 1 && $most <= 60;
}
is($more, 0, 'no transaction in ' . int($seconds) . ' s') if long();
is($committed, $commits, 'no commit of a worker');
cmp_ok($percent, '<', long() ? 0.1 : 1, 'hardly any processor time, of all of them together');
cmp_ok($most, '<=', long() ? 10 : 60, 'hardly a wake-up of any of them');
figure(name => 'idle: transactions', value => $more, unit => 'in ' . int($seconds) . ' s', goal => '= 0', count => int($seconds));
figure(name => 'idle: processor time of all workers', value => sprintf('%.3f', $percent), unit => '%', goal => '< 0.1', count => int($seconds));
figure(name => 'idle: wake-ups of the worker that wakes most', value => sprintf('%.1f', $most), unit => 'a minute', goal => '<= 10', count => int($seconds));
# And awake when it matters.
as_tenant($node, 'va', $tenant, "SELECT voiceagent.resume_campaign($paused)");
wait_completed($node, 'the paused campaign goes on');
well($node, 'in the end');
$node->stop('fast');
done_testing();
