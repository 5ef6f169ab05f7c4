# Databases that cannot be looked into cost little, and keep nobody else from its workers.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

my $node = new_node('main');
create_database($node, 'other');

sub wait_for_workers
{
	my ($database, $seconds, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return wait_for_sql($node, 'postgres', "SELECT count(*) FROM pg_stat_activity WHERE datname = '$database' AND backend_type LIKE 'voiceagent%'",
		scalar @worker_kinds, $name, $seconds);
}

# Two whose locale the system does not have, and one whose DROP DATABASE was cut off.
$node->safe_psql('postgres', "CREATE DATABASE $_") foreach ('broken_1', 'broken_2', 'half_dropped');
$node->safe_psql('postgres', "UPDATE pg_database SET datctype = 'of $_' WHERE datname = '$_'") foreach ('broken_1', 'broken_2');
$node->safe_psql('postgres', q{UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'half_dropped'});
my $offset = -s $node->logfile;
my $restarted = time;
$node->restart;
wait_for_workers($_, 60, "beside broken databases $_ has its workers") foreach ('va', 'other');

# Somebody has locked what a probe reads, for longer than a probe may take.
sub look_again
{
	my ($database) = @_;
	$node->safe_psql('postgres', "ALTER DATABASE $database ALLOW_CONNECTIONS false");
	wait_for_sql($node, 'postgres', "SELECT count(*) FROM pg_stat_activity WHERE datname = '$database' AND backend_type LIKE 'voiceagent%'", 0,
		"$database takes no connections: its workers end", 30);
	$node->safe_psql('postgres', "ALTER DATABASE $database ALLOW_CONNECTIONS true");
	return;
}
my $holder = $node->background_psql('va');
$holder->query_safe('BEGIN; LOCK TABLE pg_extension IN ACCESS EXCLUSIVE MODE');
look_again('va');
wait_for_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'voiceagent probe' AND datname = 'va' AND wait_event_type = 'Lock'}, 1,
	'a probe waits for a lock', 30);
my $start = time;
look_again('other');
wait_for_workers('other', 60, 'a probe that takes too long does not keep the next one waiting');
# Until it was ended at least once.
sleep 0.1 while time - $start < 32;
$holder->query_safe('COMMIT');
wait_for_workers('va', 60, '... and is not forgotten: when the lock is gone the database has its workers');
$holder->quit;

my $log = slurp_server_log($node, $offset);
my $lasted = time - $restarted;
foreach my $broken ('broken_1', 'broken_2')
{
	my @tries = $log =~ /DETAIL: .*"of $broken"/g;
	# A second after the first time, each time twice as long, a minute at most: two more than come of that.
	my $most = 2 + log(1 + $lasted) / log(2) + $lasted / 60;
	ok(@tries >= 2 && @tries <= $most, "$broken was tried again, but not without end") or diag(scalar(@tries) . " times in $lasted s");
}
unlike($log, qr/invalid database/, 'one that is half dropped is not tried');
$node->stop;
done_testing();
