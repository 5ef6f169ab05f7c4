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
my $dir = PostgreSQL::Test::Utils::tempdir();
sub set_machine_clock
{
	my ($offset) = @_;
	open(my $file, '+<', "$dir/clock") or die $!;
	syswrite($file, pack('q', $offset)) == 8 or die $!;
	close($file);
	return;
}

# Where the clock is set by and by.  At last it goes forward again: what was to come at a time of its own waits for that.
my @offsets = (3600, 0, -3600, 0);
my $carrier = start_carrier(seed => between(1, 1e6), 'drop-after-accept-percent' => 3);
my $node;
{
	# Holds for what is started from here on: the server.
	local %ENV = %ENV;
	append_to_file("$dir/clock", pack('q', 0));
	system('cc', '-O2', '-shared', '-fPIC', '-o', "$dir/clock.so", 'regress/fakes/clock.c') == 0 or die 'the clock does not build';
	@ENV{qw(LD_PRELOAD VOICEAGENT_CLOCK)} = ("$dir/clock.so", "$dir/clock");
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
	my $seconds = wait_until(sub { return dials() > $dials }, 120) ? time - $at : undef;
	ok(defined $seconds, "$what: dialling goes on");
	push @{ $recoveries{$kind} }, $seconds if defined $seconds;
	# Leases that an hour has ended at once: the carrier is being asked.
	wait_until(sub { $node->safe_psql('va', q{SELECT count(*) FROM voiceagent_private.live_calls WHERE lease_until < voiceagent.clock() - interval '60 s'}) == 0 });
	return well($node, $what, carrier => $carrier, lease_seconds => 60);
}

# ---- a worker that is frozen, longer than a request's lease in the long form ----

for (my $round = 1; $round <= rounds(short => 2, long => 12) && time_left(); $round++)
{
	restart_choices("freeze $round");
	keep_streaming($node, $tenant, $account, \@streams);
	my $kind = pick(@worker_kinds);
	my ($pid) = worker_pids($node, "voiceagent $kind");
	my $seconds = long() ? pick(7, 20, 60) : 1;
	sleep between(0, 300) / 1000;
	kill 'STOP', $pid or die $!;
	sleep $seconds;
	# A backend of any kind that is stopped within a lock of PostgreSQL's own (of a page, of the log) stops others.
	my $dials = eval {
		local $SIG{ALRM} = sub { die "everybody waits\n" };
		alarm 20;
		keep_streaming($node, $tenant, $account, \@streams);
		my $so_far = dials();
		alarm 0;
		$so_far;
	};
	alarm 0;
	kill 'CONT', $pid;
	die $@ if !defined $dials && $@ !~ /everybody waits/;
	note("$kind was stopped within a lock that everybody needs") unless defined $dials;
	$dials //= dials();
	goes_on('a frozen worker', "$kind stood still for $seconds s", $dials);
}

# ---- the machine's clock ----

{
	my $offset = 0;
	for (my $round = 1; $round <= rounds(short => 2, long => 24) && time_left(); $round++)
	{
		restart_choices("machine $round");
		keep_streaming($node, $tenant, $account, \@streams);
		sleep between(0, 300) / 1000;
		# The short form begins with the way back, after which nothing has to wait for an hour.
		my $to = $offsets[($round - 1 + (long() ? 0 : 2)) % @offsets];
		set_machine_clock($to);
		goes_on('the machine\'s clock is set', "the machine's clock goes from $offset to $to s", dials());
		$offset = $to;
	}
	set_machine_clock(3600) if long();
	# A worker that sleeps notices within a minute; this wakes them all.
	$node->reload;
}
wait_completed($node, 'every campaign completes by itself');
is_well($node, 'after all that');
is_witnessed($node, $carrier, 'the real carrier');
is_witnessed($node, undef, 'the sandbox');

# ---- the product's: only the sandbox dials ----

@streams = ();
my $offset = 0;
for (my $round = 1; $round <= rounds(short => 2, long => 24) && time_left(); $round++)
{
	restart_choices("product $round");
	keep_streaming($node, $tenant, undef, \@streams);
	sleep between(0, 300) / 1000;
	my $to = $offsets[($round - 1) % @offsets];
	$node->safe_psql('postgres', "ALTER SYSTEM SET voiceagent.clock_offset = '$to s'");
	$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
	keep_streaming($node, $tenant, undef, \@streams);
	goes_on('the product\'s clock is set', "the product's clock goes from $offset to $to s", dials());
	$offset = $to;
}
$node->safe_psql('postgres', q{ALTER SYSTEM SET voiceagent.clock_offset = '3600 s'});
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
