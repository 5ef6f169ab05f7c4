# Too few worker slots: said once, clearly; what can run, runs; and it heals by itself.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

# The launcher and logical replication's take two of them; with so few a database has four processes.
my $node = new_node('main', max_worker_processes => 7);
my $workers = "SELECT count(*) FROM pg_stat_activity WHERE backend_type ~ '^voiceagent (@{[ join '|', @worker_kinds ]})'";
my $running = q{SELECT count(*) FROM voiceagent_private.worker_status() WHERE state = 'running'};
wait_for_sql($node, 'postgres', $workers, 4, 'one database fits', 30);
create_database($node, 'second');
wait_for_sql($node, 'postgres', $workers, 5, 'of the second one worker fits', 30);
wait_for_sql($node, 'second', q{SELECT string_agg(kind || ' ' || state, ', ' ORDER BY kind) FROM voiceagent_private.worker_status()},
	join(', ', map { $_ . ($_ eq 'dialer' ? ' running' : /^(guest|exporter)$/ ? ' resting' : ' out_of_worker_slots') } sort 'guest', 'exporter', @worker_kinds), '... which dials, and status says what is missing', 30);
sleep 5;
my @said = slurp_server_log($node) =~ /WARNING: .*out of background worker slots: some workers of voiceagent cannot start/g;
is(scalar @said, 1, 'the log says it once, however often it is tried');
like(slurp_server_log($node), qr/DETAIL:  2 databases have the extension and need 4 each/, '... with the arithmetic');
like(slurp_server_log($node), qr/HINT:  Raise max_worker_processes \(now 7\) to at least 11/, '... and with what to do');
my $slots = q{SELECT max_worker_processes, databases, per_database, needed, left_for_others, running, waiting FROM voiceagent.worker_slots()};
is_sql($node, 'second', $slots, '7|2|4|11|-4|5|3', 'worker_slots() counts over all databases');
is_sql($node, 'second', q{SELECT advice ~ 'raise max_worker_processes to at least 11' FROM voiceagent.worker_slots()}, 't', '... and says what is missing');

drop_database($node, 'va');
wait_for_sql($node, 'second', $running, scalar @worker_kinds, 'when slots become free the others start', 30);
is_sql($node, 'second', $slots, '7|1|4|7|0|4|0', '... and worker_slots() agrees');
$node->stop;

# More databases than the registry holds.
$node->append_conf('postgresql.conf', "voiceagent.max_databases = 1\nmax_worker_processes = 16");
$node->start;
wait_for_sql($node, 'second', $running, scalar @worker_kinds, 'a registry of one database', 30);
sub said_full { my @said = slurp_server_log($node) =~ /more databases have voiceagent than voiceagent\.max_databases \(1\) allows/g; return scalar @said }
$node->safe_psql('postgres', 'CREATE DATABASE plain');
drop_database($node, 'plain');
sleep 1;
is(said_full(), 0, '... and a database without the extension that goes wants no room');
create_database($node, 'third');
wait_for_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE datname = 'third' AND backend_type LIKE 'voiceagent%'}, 0,
	'it has no room for another', 2);
ok(wait_until(sub { said_full() > 0 }), '... and says so');
sleep 2;
is(said_full(), 1, '... once');
drop_database($node, 'second');
wait_for_sql($node, 'third', $running, scalar @worker_kinds, 'when there is room again it has its workers', 30);
create_database($node, 'fourth');
wait_until(sub { said_full() > 1 });
is(said_full(), 2, '... and the next that has none is worth another word');
drop_database($node, 'third');
wait_for_sql($node, 'fourth', $running, scalar @worker_kinds, '... and comes in, too', 30);
$node->stop;

# The launcher is watched, too: it is woken because a process has ended, and does not look.
$node->append_conf('postgresql.conf', "voiceagent.standstill_after = 2");
$node->start;
wait_for_sql($node, 'fourth', $running, scalar @worker_kinds, 'all run', 30);
my $launcher_row = q{SELECT state || ' ' || (pid IS NOT NULL) FROM voiceagent.status() WHERE component = 'launcher'};
is_sql($node, 'fourth', $launcher_row, '', 'status() has no row of a launcher that works');
my ($launcher) = worker_pids($node, 'voiceagent launcher');
kill 'STOP', $launcher;
$node->safe_psql('fourth', q{SELECT pg_terminate_backend(pid) FROM voiceagent.status() WHERE component = 'keeper'});
wait_for_sql($node, 'fourth', $launcher_row, 'standing_still true', 'a launcher that stands still has one', 30);
is_sql($node, 'fourth', q{SELECT voiceagent.health() ->> 'problems' LIKE '%process launcher is standing_still%'}, 't', '... and health() says so');
kill 'CONT', $launcher;
wait_for_sql($node, 'fourth', $launcher_row, '', '... until it goes on', 30);
wait_for_sql($node, 'fourth', $running, scalar @worker_kinds, '... and starts what had ended', 30);
$node->stop;

# Room for the launcher alone: not even a look into the databases.
$node->append_conf('postgresql.conf', "max_worker_processes = 2");
$node->start;
wait_for_sql($node, 'fourth', q{SELECT string_agg(DISTINCT state, ' ') FROM voiceagent_private.worker_status() WHERE kind NOT IN ('guest', 'exporter')}, 'out_of_worker_slots',
	'status() says what is missing', 60);
is_sql($node, 'fourth', q{SELECT needed, advice ~ 'raise max_worker_processes to at least 7 ' AND advice ~ 'max_worker_processes = 16 ' FROM voiceagent.worker_slots()}, '7|t',
	'... and worker_slots() what to raise, at once');
$node->stop;

# Without preloading: clear errors, nothing else breaks.
$node->adjust_conf('postgresql.conf', 'shared_preload_libraries', "''");
$node->start;
my (undef, undef, $err) = $node->psql('fourth', q{SELECT voiceagent_private.poke('gateway')});
like($err, qr/voiceagent must be loaded by shared_preload_libraries/, 'without preloading a function that needs workers says so');
like($err, qr/HINT:  Add voiceagent to shared_preload_libraries/, '... and what to do');
is_sql($node, 'fourth', 'SELECT voiceagent.clock() IS NOT NULL', 't', '... others work');
is_sql($node, 'fourth', 'SELECT voiceagent_private.arming()', 'launcher_not_running', '... real carriers are not used');
is($node->psql('fourth', 'DROP EXTENSION voiceagent'), 0, '... and the extension can be dropped');
# As the library of 0.1 is known: by its settings.
(undef, undef, $err) = $node->psql('fourth', 'SET voiceagent.launcher = on; CREATE EXTENSION voiceagent');
like($err, qr/the server runs an older library.*\nHINT:  Restart the server/, 'new files beside an old library that runs: a restart comes first');
$node->stop;
done_testing();
