# Time that is not what it was: a worker that stands still for a while, and a clock that is set by an hour either way, the
# product's (voiceagent.clock_offset) and the machine's.  Nobody is dialled twice, and dialling goes on at once.
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
my $faketime = (glob('/usr/lib/*/faketime/libfaketime.so.1'))[0];
my $clock = PostgreSQL::Test::Utils::tempdir() . '/clock';
sub set_machine_clock
{
	my ($offset) = @_;
	append_to_file("$clock.new", sprintf("%+d\n", $offset));
	rename "$clock.new", $clock or die $!;
	return;
}

my $carrier = start_carrier(seed => between(1, 1e6), 'drop-after-accept-percent' => 3);
my $node;
{
	# Of what is started from here on: the server.
	local %ENV = %ENV;
	if (defined $faketime)
	{
		set_machine_clock(0);
		@ENV{qw(LD_PRELOAD FAKETIME_TIMESTAMP_FILE FAKETIME_NO_CACHE DONT_FAKE_MONOTONIC)} = ($faketime, $clock, 1, 1);
	}
	$node = new_real_node('main');
}
my $tenant = create_tenant($node, 'va', 'Time', credits => 1000000);
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');
my (@streams, %recoveries);

# Counted, not timed: the clock that dates the dials is the one that is set.
sub dials { return $node->safe_psql('va', 'SELECT coalesce(max(call_id), 0) FROM voiceagent.calls') }

sub goes_on
{
	my ($kind, $what, $dials) = @_;
	my $at = time;
	my $seconds = wait_until(sub { return dials() > $dials }, 60) ? time - $at : undef;
	ok(defined $seconds, "$what: dialling goes on");
	push @{ $recoveries{$kind} }, $seconds if defined $seconds;
	return well($node, $what, carrier => $carrier, lease_seconds => 60);
}

# ---- a worker that is frozen, longer than a request's lease in the long form ----

for (my $round = 1; $round <= rounds(short => 2, long => 12) && time_left(); $round++)
{
	restart_choices("freeze $round");
	keep_streaming($node, $tenant, $account, \@streams);
	my $kind = pick(qw(outbound inbound sandbox));
	my ($pid) = worker_pids($node, "voiceagent $kind");
	my $seconds = long() ? pick(7, 20, 60) : 1;
	sleep between(0, 300) / 1000;
	kill 'STOP', $pid or die $!;
	sleep $seconds;
	keep_streaming($node, $tenant, $account, \@streams);
	my $dials = dials();
	kill 'CONT', $pid;
	goes_on('a frozen worker', "$kind stood still for $seconds s", $dials);
}

# ---- the machine's clock ----

SKIP:
{
	skip 'no libfaketime', 1 unless defined $faketime;
	my $offset = 0;
	for (my $round = 1; $round <= rounds(short => 2, long => 20) && time_left(); $round++)
	{
		restart_choices("machine $round");
		keep_streaming($node, $tenant, $account, \@streams);
		sleep between(0, 300) / 1000;
		# An hour away from, or back to, where it was.
		my $to = $offset == 0 ? pick(3600, -3600) : 0;
		set_machine_clock($to);
		goes_on('the machine\'s clock is set', "the machine's clock goes from $offset to $to s", dials());
		$offset = $to;
	}
	set_machine_clock(0);
}
wait_completed($node, 'every campaign completes by itself');
is_well($node, 'after all that');
is_witnessed($node, $carrier, 'the real carrier');
is_witnessed($node, undef, 'the sandbox');

# ---- the product's: only the sandbox dials ----

@streams = ();
my $offset = 0;
for (my $round = 1; $round <= rounds(short => 2, long => 20) && time_left(); $round++)
{
	restart_choices("product $round");
	keep_streaming($node, $tenant, undef, \@streams);
	sleep between(0, 300) / 1000;
	my $to = $offset == 0 ? pick(3600, -3600) : 0;
	$node->safe_psql('postgres', "ALTER SYSTEM SET voiceagent.clock_offset = '$to s'");
	$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
	keep_streaming($node, $tenant, undef, \@streams);
	goes_on('the product\'s clock is set', "the product's clock goes from $offset to $to s", dials());
	$offset = $to;
}
$node->safe_psql('postgres', 'ALTER SYSTEM RESET voiceagent.clock_offset');
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
wait_completed($node, 'every campaign completes by itself');
is_well($node, 'after the product\'s clock was set');
is_witnessed($node, $carrier, 'the real carrier');
is_witnessed($node, undef, 'the sandbox');
foreach my $kind (sort keys %recoveries)
{
	figure(name => "$kind: to the first new dial, worst", value => sprintf('%.2f', percentile(100, @{ $recoveries{$kind} })), unit => 's', count => scalar @{ $recoveries{$kind} });
}
$node->stop;
done_testing();
