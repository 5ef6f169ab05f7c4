# A disk that is full, under the tables or under the log: nobody is dialled whose attempt is not written, and when there is
# room again dialling goes on, after a restart of the server if it has gone down.
use strict;
use warnings;

use VoiceAgentMemory;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

my $small = $ENV{VOICEAGENT_SMALL};
plan skip_all => 'no mount namespace of our own for a small file system' unless defined $small;

seed();
my ($node, $carrier, $tenant, $account, @streams, @recoveries);
my $ballast = "$small/ballast";

sub fill
{
	open(my $file, '>', $ballast) or die $!;
	foreach my $size (1 << 20, 1 << 12)
	{
		while (defined(my $n = syswrite($file, "\0" x $size))) { last if $n < $size }
	}
	close($file);
	return;
}

sub prepare
{
	my ($where, %of) = @_;
	mkdir "$small/$where";
	$carrier = start_carrier(seed => between(1, 1e6), 'drop-after-accept-percent' => 3);
	$node = new_real_node($where, %of);
	$tenant = create_tenant($node, 'va', 'Disk', credits => 1000000);
	real_settings($node, $carrier);
	@streams = ();
	return;
}

sub one_round
{
	my ($what, $when_full) = @_;
	keep_streaming($node, $tenant, $account, \@streams);
	my ($postmaster) = split /\n/, slurp_file($node->data_dir . '/postmaster.pid');
	sleep between(0, 500) / 1000;
	fill();
	$when_full->();
	sleep between(0, 1000) / 1000;
	my $at = time;
	unlink $ballast or die $!;
	# A server whose log cannot be written goes down, and stays down when its recovery cannot write either.
	my $down = !wait_until(sub { my ($status) = try_psql($node, 'SELECT 1'); return defined $status && $status == 0 || !kill(0, $postmaster) }, 60) || !kill(0, $postmaster);
	ok(!$down || start_again($node), "$what: the server" . ($down ? ' starts again' : ' is up'));
	my $seconds = recovery($node, $tenant, $at, 0);
	ok(defined $seconds, '... dialling goes on');
	push @recoveries, $seconds if defined $seconds;
	well($node, $what, carrier => $carrier, lease_seconds => 60);
	return;
}

sub finish
{
	my ($what) = @_;
	wait_completed($node, "$what: every campaign completes by itself");
	is_well($node, $what);
	is_witnessed($node, $carrier, 'the real carrier');
	is_witnessed($node, undef, 'the sandbox');
	unlike(slurp_server_log($node), qr/signal 11|signal 6|TRAP/, 'nothing worse has happened') if $what =~ /tables/;
	# A worker that goes is kept waiting the longer, the more often it does. (A client may be sent away: what PostgreSQL keeps
	# of its catalogs for new sessions, it may not be able to write.)
	unlike(slurp_server_log($node), qr/UTC \[\d+\] FATAL:  (?!the database system|terminating|57P)/, '... and no worker has gone for it') if $what =~ /tables/;
	$node->stop;
	stop_carrier($carrier);
	system('rm', '-rf', glob("$small/*"));
	return;
}

# ---- under the tables ----

prepare('tables');
$node->safe_psql('postgres', "CREATE TABLESPACE small LOCATION '$small/tables'");
$node->safe_psql('postgres', 'ALTER DATABASE va SET TABLESPACE small');
$account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');
for (my $round = 1; $round <= rounds(short => 1, long => 20) && ($round == 1 || time_left()); $round++)
{
	restart_choices("tables $round");
	one_round("full tables $round", sub {
		# Rows still fit into pages that are there: until one has had to do without.
		$node->psql('va', q{CREATE TABLE public.filler AS SELECT repeat('x', 1000) FROM generate_series(1, 1000)});
		wait_until(sub { my ($status, $out) = try_psql($node, q{SELECT count(*) FROM voiceagent_private.worker_status() WHERE error_state = '53100'}); return ($out // 0) > 0 }, 10);
		is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.status() WHERE component = 'disk' AND state ~ '^pg_tblspc/.* left$' AND since IS NOT NULL AND remedy <> ''}, 1, "full tables $round: status() names the disk");
		is_sql($node, 'va', q{SELECT voiceagent.health() ->> 'problems' ~ 'disk: pg_tblspc/'}, 't', '... health(), too');
	});
	wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.worker_status() WHERE state NOT IN ('running', 'resting')}, 0, '... and every worker runs');
}
finish('full tables');

# ---- under the log ----

prepare('wal', extra => [ '--waldir', "$small/wal/pg_wal", '--wal-segsize=1' ], min_wal_size => '2MB', max_wal_size => '16MB');
$account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');
for (my $round = 1; $round <= rounds(short => 1, long => 20) && ($round == 1 || time_left()); $round++)
{
	restart_choices("log $round");
	one_round("full log $round", sub {
		# Until it has come to the end of the segments that it has.
		wait_until(sub { my ($status) = try_psql($node, q{SELECT count(pg_logical_emit_message(false, 'fill', repeat('x', 100000))) FROM generate_series(1, 100)}); return !defined $status || $status != 0 }, 30)
		  or diag('the log found room');
	});
}
finish('full log');
figure(name => 'full disk: room to the first new dial, worst', value => sprintf('%.2f', percentile(100, @recoveries)), unit => 's', count => scalar @recoveries);
done_testing();
