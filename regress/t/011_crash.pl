# Crashes: a server that crashes again and again is slowed down, one that crashes now and then is not; the sandbox keeps its
# secret; crash points are for superusers.  That nothing is lost: soak/51_crash.pl.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main', restart_after_crash => 'on', 'voiceagent.crash_restart_delay_max' => 30);
wait_workers($node, 'workers run');

my $key = $node->data_dir . '/voiceagent/sandbox.key';
is(-s $key, 32, 'the sandbox has a secret of its own');
is(sprintf('%o', (stat($key))[2] & 0777), '600', '... that nobody else reads');
my $secret = slurp_file($key);

# From the fifth crash within a minute on the workers wait, not the server.  (On a machine so slow that four take a minute
# there is nothing to be seen.)
my $began = time;
my $crashes = 0;
foreach my $kind ('dialer', 'requests', 'keeper', 'gateway', 'launcher')
{
	my ($pid) = worker_pids($node, "voiceagent $kind");
	kill9($pid);
	wait_for_sql($node, 'postgres', qq{SELECT count(*) FROM pg_stat_activity WHERE pid = $pid}, 0, "kill -9 of $kind: the server is back");
	unlike(slurp_server_log($node), qr/voiceagent waits \d+ s before/, '... and the workers do not wait') if ++$crashes < 5;
	wait_workers($node, '... with its workers', 60);
}
SKIP:
{
	skip 'too slow a machine', 1 if time - $began > 55;
	like(slurp_server_log($node), qr/voiceagent waits \d+ s before it starts workers/, 'a fifth crash within a minute: the workers have waited');
}
is(slurp_file($key), $secret, 'the secret survives crashes');
$node->append_conf('postgresql.conf', 'voiceagent.crash_restart_delay_max = 0');
$node->reload;

# A backend at a named point.
append_to_file(crash_file($node, 'poke'), '');
my ($status) = $node->psql('va', q{SELECT voiceagent_private.poke('gateway')});
is($status, 0, 'a crash point, while crash points are off');
my $checkpointer = checkpointer($node);
($status) = $node->psql('va', q{SET voiceagent.crash_points = on; SELECT voiceagent_private.poke('gateway')});
isnt($status, 0, '... while they are on it kills the process');
ok(!-e crash_file($node, 'poke'), '... and is gone with it');
ok(wait_noticed($checkpointer, 60), '... which the server notices');
wait_workers($node, '... it recovers', 60);
($status) = $node->psql('va', q{SET voiceagent.crash_points = on; SELECT voiceagent_private.poke('gateway')});
is($status, 0, '... and the next one lives');
(undef, undef, my $err) = $node->psql('va', q{SET ROLE pg_monitor; SET voiceagent.crash_points = on});
like($err, qr/permission denied to set parameter/, 'not everybody may set it');

# kill -9 of the postmaster: without the old processes, which hold the old shared memory, a new one can start.
my @pids = split /\n/, $node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
my ($postmaster) = split /\n/, slurp_file($node->data_dir . '/postmaster.pid');
kill 'KILL', $postmaster;
end_processes($node, $postmaster, @pids);
pass('every process leaves with its postmaster');
ok(start_again($node), 'the server starts again');
wait_workers($node, '... with its workers', 60);
is(slurp_file($key), $secret, '... and the same secret');

$node->stop;
done_testing();
