# A standby runs nothing; promotion starts the workers.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

my $primary = new_node('primary', allows_streaming => 1);
my $workers = q{SELECT count(*) FROM pg_stat_activity WHERE datname = 'va' AND backend_type LIKE 'voiceagent%'};
wait_for_sql($primary, 'postgres', $workers, scalar @worker_kinds, 'the primary has its workers', 30);

$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));

sleep 2;
is_sql($standby, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'voiceagent%'}, 0,
	'a standby runs no worker, not even the launcher');
is_sql($standby, 'va', 'SELECT voiceagent_private.arming()', 'standby', '... and uses no real carrier');
is_sql($standby, 'va', q{SELECT string_agg(state, ' ') FROM voiceagent_private.worker_status()}, join(' ', map { 'stopped' } @worker_kinds, 'guest', 'exporter'),
	'... and says so');

$standby->promote;
wait_for_sql($standby, 'postgres', $workers, scalar @worker_kinds, 'promotion starts the workers', 30);
create_database($standby, 'later');
wait_for_sql($standby, 'postgres', $workers =~ s/'va'/'later'/r, scalar @worker_kinds, '... and it is a server like any other', 30);
wait_for_sql($primary, 'postgres', $workers, scalar @worker_kinds, 'the old primary goes on', 30);

# Promotion while the base backup's database is being dropped must not hang.
my $start = time;
drop_database($standby, 'va');
ok(time - $start < 30, 'DROP DATABASE on the promoted server');
$standby->stop;
$primary->stop;
done_testing();
