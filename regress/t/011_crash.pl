# Crashes: the server comes back with its workers, at once; one that crashes again and again is slowed down.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

my $node = new_node('main', restart_after_crash => 'on', 'voiceagent.crash_restart_delay_max' => 30);
my $workers = q{SELECT count(*) FROM pg_stat_activity WHERE datname = 'va' AND backend_type LIKE 'voiceagent%'};
wait_for_sql($node, 'postgres', $workers, 3, 'workers run', 20);

my $key = $node->data_dir . '/voiceagent/sandbox.key';
is(-s $key, 32, 'the sandbox has a secret of its own');
is(sprintf('%o', (stat($key))[2] & 0777), '600', '... that nobody else reads');
my $secret = slurp_file($key);

foreach my $kind ('outbound', 'inbound', 'sandbox', 'launcher')
{
	my ($pid) = worker_pids($node, "voiceagent $kind");
	my $start = time;
	kill9($pid);
	wait_for_sql($node, 'postgres', $workers . q{ AND backend_start > pg_postmaster_start_time()}, 3,
		"kill -9 of $kind: the workers are back", 5);
	ok(time - $start < 5, '... within 5 s');
}
is(slurp_file($key), $secret, 'the secret survives a crash');

# From the fifth crash within a minute on the workers wait, not the server.
my ($pid) = worker_pids($node, 'voiceagent inbound');
kill9($pid);
wait_for_sql($node, 'postgres', $workers, 3, 'a fifth crash: the workers are back', 10);
ok(slurp_server_log($node) =~ /voiceagent waits \d+ s before it starts workers/, '... and the log says that they have waited');
$node->safe_psql('postgres', q{ALTER SYSTEM SET voiceagent.crash_restart_delay_max = 0});
$node->safe_psql('postgres', q{SELECT pg_reload_conf()});

# A backend at a named point; the setting's "once" lets the restarted server live.
my ($status) = $node->psql('va', q{SET voiceagent.crash_point = 'after_something_else'; SELECT voiceagent_private.poke('inbound')});
is($status, 0, 'a crash point that is not reached');
my $once = $node->data_dir . '/voiceagent/crash.once';
append_to_file($once, '');
($status) = $node->psql('va', q{SET voiceagent.crash_point = 'poke:once'; SELECT voiceagent_private.poke('inbound')});
isnt($status, 0, 'one that is reached kills the process');
ok(!-e $once, '... and takes its permission away');
wait_for_sql($node, 'postgres', $workers, 3, '... the server recovers', 10);
($status) = $node->psql('va', q{SET voiceagent.crash_point = 'poke:once'; SELECT voiceagent_private.poke('inbound')});
is($status, 0, '... and it is not reached again');
(undef, undef, my $err) = $node->psql('va', q{SET ROLE pg_monitor; SET voiceagent.crash_point = 'poke'});
like($err, qr/permission denied to set parameter/, 'not everybody may set it');

# kill -9 of the postmaster.
my @ours = worker_pids($node);
# The others, too, hold the old shared memory, without which a new postmaster does not start.
my @others = split /\n/, $node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
my ($postmaster) = split /\n/, slurp_file($node->data_dir . '/postmaster.pid');
$node->kill9;
is(scalar(grep { wait_gone($_, 5) } @ours), scalar @ours, 'every process of ours leaves with its postmaster');
wait_gone($_, 10) foreach @others;
# Nor may the old postmaster be left as a zombie: its pid stands in the lock file.
my $until = time + 30;
sleep 0.1 while kill(0, $postmaster) && time < $until;
$node->start;
wait_for_sql($node, 'postgres', $workers, 3, 'after kill -9 of the postmaster the workers are back', 5);
is(slurp_file($key), $secret, '... with the same secret');

$node->stop;
done_testing();
