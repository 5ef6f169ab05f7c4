# Commands that take the ground from under workers that are dialling: DROP EXTENSION, DROP DATABASE, RENAME, the promotion of
# a standby, pg_terminate_backend of each worker. None of them hangs, none fails, and what is left goes on and is well.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

seed();
my $rounds = rounds(short => 1, long => 100);
my $node = new_node('main', allows_streaming => 1, max_wal_senders => 10, max_worker_processes => 24,
	# As operations.md has it: DROP EXTENSION locks each object.
	max_locks_per_transaction => 128);
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
my $tenant = create_tenant($node, 'va', 'Commands', credits => 1000000);

# A campaign that is under way: it is what each copy begins with.
sub feed { return start_leads($node, $tenant, [ numbers(200) ], settings => {max_concurrent_calls => 5, retry_attempts => 3}) }
feed();
wait_for_sql($node, 'va', 'SELECT count(*) > 20 FROM voiceagent.calls', 't', 'a campaign calls');
$node->safe_psql('postgres', 'CREATE DATABASE load TEMPLATE va');
$node->safe_psql('postgres', 'ALTER DATABASE load ALLOW_CONNECTIONS false');

# The command, under load, and how long it took; undef if it failed or hung. Alone on a machine it takes ten seconds at most;
# what waits for a worker that does not let go never ends.
my $limit = long() ? 10 : 90;
my %took;

sub timed
{
	my ($what, $database, $sql) = @_;
	my $start = time;
	my ($status, $out, $err, $timed_out);
	($status, $out, $err) = $node->psql($database, $sql, timeout => 150, timed_out => \$timed_out);
	my $seconds = time - $start;
	push @{ $took{$what} }, $seconds;
	return 1 if !$timed_out && $status == 0 && $seconds < $limit;
	diag("$what: " . ($timed_out ? 'hangs' : "status $status") . " after $seconds s\n$err");
	return 0;
}

# Its own workers dial in it: calls that were not there a moment ago.
sub calling
{
	my ($server, $database) = @_;
	my $last = "SELECT coalesce(max(call_id), 0) FROM voiceagent.calls";
	my $before = $server->safe_psql($database, $last);
	return wait_until(sub { my ($status, $now) = $server->psql($database, $last); $status == 0 && $now > $before });
}

sub copy_of_load
{
	my ($name) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name TEMPLATE load");
	return calling($node, $name);
}

my %failed;
my $done = 0;
for (my $round = 1; $round <= $rounds && time_left(); $round++)
{
	restart_choices($round);
	foreach my $what (shuffled('DROP EXTENSION', 'DROP DATABASE', 'RENAME DATABASE'))
	{
		my $name = 'copy';
		my $fine = copy_of_load($name);
		diag("round $round: the copy does not dial") if !$fine;
		sleep(between(0, 300) / 1000);
		if ($what eq 'DROP EXTENSION')
		{
			$fine &&= timed($what, $name, 'SET voiceagent.allow_drop_with_data = on; DROP EXTENSION voiceagent');
		}
		elsif ($what eq 'RENAME DATABASE')
		{
			$fine &&= timed($what, 'postgres', 'ALTER DATABASE copy RENAME TO renamed');
			$name = 'renamed' if $fine;
			$fine &&= calling($node, $name);
			well($node, "round $round, renamed", database => $name) or $fine = 0 if $fine;
		}
		$fine &&= timed('DROP DATABASE', 'postgres', "DROP DATABASE $name");
		$failed{$what}++ if !$fine;
		$node->psql('postgres', "DROP DATABASE IF EXISTS $name WITH (FORCE)") if !$fine;
		$done++;
	}
	foreach my $kind (shuffled(@worker_kinds, 'launcher'))
	{
		my ($pid) = worker_pids($node, "voiceagent $kind", $kind eq 'launcher' ? undef : 'va');
		my $fine = defined $pid;
		my $start = time;
		$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)") if $fine;
		my $database = $kind eq 'launcher' ? 'datname IS NULL' : "datname = 'va'";
		$fine &&= wait_until(sub {
			$node->safe_psql('postgres', "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'voiceagent $kind' AND $database AND pid <> $pid") == 1 }, $limit);
		push @{ $took{'pg_terminate_backend to its successor'} }, time - $start;
		$failed{"the $kind comes back"}++ if !$fine;
	}
}
# The short form of this is 012_standby.pl.
for (my $round = 1; long() && $round <= $rounds && time_left(); $round++)
{
	feed();
	$node->backup("base$round");
	my $standby = PostgreSQL::Test::Cluster->new("standby$round");
	$standby->init_from_backup($node, "base$round", has_streaming => 1);
	$standby->start;
	my $start = time;
	$standby->promote;
	my $fine = wait_until(sub { $standby->safe_psql('postgres', q{SELECT count(*) FROM pg_stat_activity WHERE datname = 'va' AND backend_type LIKE 'voiceagent%'}) == @worker_kinds }, 60);
	push @{ $took{'promotion to workers'} }, time - $start;
	$fine &&= calling($standby, 'va');
	well($standby, "promoted $round") or $fine = 0;
	$failed{promote}++ if !$fine;
	$start = time;
	$standby->stop('fast');
	push @{ $took{'fast stop'} }, time - $start;
	$standby->clean_node;
	system('rm', '-rf', $node->backup_dir . "/base$round");
}
is(join(', ', map { "$_: $failed{$_}" } sort keys %failed), '', 'nothing hung, nothing failed');
foreach my $what (sort keys %took)
{
	my @seconds = @{ $took{$what} };
	figure(name => "$what under load, longest", value => sprintf('%.2f', percentile(100, @seconds)), unit => 's', goal => '<= 10', count => scalar @seconds);
	cmp_ok(percentile(100, @seconds), '<', $limit, "$what under load: at most $limit s");
}

# The database in which it all began has called all the while.
feed();
ok(calling($node, 'va'), 'it calls on');
well($node, 'in the end');
unlike(slurp_server_log($node), qr/have not stopped in time|PANIC|TRAP/, 'no worker had to be left behind');
$node->stop('fast');
done_testing();
