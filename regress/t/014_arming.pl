# Arming: only this cluster, in this place, with its file, uses real carriers.
use strict;
use warnings;

use File::Copy;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

my $outside = PostgreSQL::Test::Utils::tempdir;
my $file = "$outside/arming";
my $node = new_node('main', fsync => 'on', allows_streaming => 1);
my $armed = 'SELECT voiceagent_private.arming()';

sub set_file
{
	my ($server, $name) = @_;
	$server->safe_psql('postgres', "ALTER SYSTEM SET voiceagent.arming_file = '$name'");
	$server->safe_psql('postgres', 'SELECT pg_reload_conf()');
	return;
}

wait_for_sql($node, 'va', $armed, 'no_arming_file_configured', 'a new server is not armed', 30);
my (undef, undef, $err) = $node->psql('va', 'SELECT voiceagent_private.write_arming()');
like($err, qr/voiceagent\.arming_file is not set/, '... and cannot be, without a file');

set_file($node, $node->data_dir . '/arming');
wait_for_sql($node, 'va', $armed, 'arming_file_inside_data_directory', 'a file in the data directory does not count', 30);
(undef, undef, $err) = $node->psql('va', 'SELECT voiceagent_private.write_arming()');
like($err, qr/must lie outside of the data directory/, '... and is not written');

set_file($node, $file);
wait_for_sql($node, 'va', $armed, 'arming_file_missing', 'a file that is not there', 30);
$node->safe_psql('va', 'SELECT voiceagent_private.write_arming()');
wait_for_sql($node, 'va', $armed, 'armed', 'armed', 30);
is(sprintf('%o', (stat($file))[2] & 0777), '600', '... by a file that nobody else reads');
create_database($node, 'other');
is_sql($node, 'other', $armed, 'database_not_armed', 'another database is not');
$node->safe_psql('other', 'SELECT voiceagent_private.write_arming()');
wait_for_sql($node, 'other', $armed, 'armed', '... until it is, too', 30);
is_sql($node, 'va', $armed, 'armed', '... and the first stays');
$node->safe_psql('other', 'SELECT voiceagent_private.remove_arming()');
wait_for_sql($node, 'other', $armed, 'database_not_armed', '... and is not any more', 30);

# The dialer may have looked before the launcher has read the file: it is told afterwards, and not only in the first database.
my $commits = q{(SELECT commits FROM voiceagent_private.worker_status() WHERE kind = 'dialer')};
my ($launcher) = worker_pids($node, 'voiceagent launcher');
foreach my $change ('write_arming', 'remove_arming')
{
	kill 'STOP', $launcher;
	$node->safe_psql('other', "SELECT voiceagent_private.$change()");
	sleep 2;
	my $before = $node->safe_psql('other', "SELECT $commits");
	kill 'CONT', $launcher;
	wait_for_sql($node, 'other', "SELECT $commits > $before", 't',
		"$change() in another database wakes its worker when the launcher has read the file", 15);
}
wait_for_sql($node, 'other', $armed, 'database_not_armed', '... which then knows');
$node->restart;
wait_for_sql($node, 'va', $armed, 'armed', 'a restart keeps it', 30);
$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'voiceagent launcher'});
wait_for_sql($node, 'va', $armed, 'armed', 'a new launcher, too', 30);

# A server that may forget a committed dial must not make one.
$node->safe_psql('postgres', 'ALTER SYSTEM SET fsync = off');
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
wait_for_sql($node, 'va', $armed, 'fsync_off', 'no real call without fsync', 30);
is_sql($node, 'va', 'SELECT voiceagent_private.real_carriers_wait()', 'fsync is off', '... which is said in words');
$node->safe_psql('postgres', 'ALTER SYSTEM RESET fsync');
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
wait_for_sql($node, 'va', $armed, 'armed', '... and again with it', 30);

# A copy that runs beside it, with the same setting.
$node->backup('base');
my $copy = PostgreSQL::Test::Cluster->new('copy');
$copy->init_from_backup($node, 'base');
$copy->start;
wait_for_sql($copy, 'va', $armed, 'arming_file_used_by_another_server', 'a copy that runs beside the original is not armed', 30);
(undef, undef, $err) = $copy->psql('va', 'SELECT voiceagent_private.write_arming()');
like($err, qr/cannot be used: armed_for_another_data_directory/, '... and cannot take the file over');
is_sql($node, 'va', $armed, 'armed', '... the original is');
$node->stop;
$copy->restart;
wait_for_sql($copy, 'va', $armed, 'armed_for_another_data_directory', 'a copy after the original has ended is not armed', 30);
$copy->stop;
$node->start;
wait_for_sql($node, 'va', $armed, 'armed', 'the original is again', 30);

# What is wrong with a file counts as no permission.
chmod 0644, $file;
set_file($node, $file);
wait_for_sql($node, 'va', $armed, 'arming_file_permissions', 'a file that others read', 30);
chmod 0600, $file;
truncate $file, (-s $file) - 4;
set_file($node, $file);
wait_for_sql($node, 'va', $armed, 'arming_file_malformed', 'a file that was cut off', 30);
$node->safe_psql('va', 'SELECT voiceagent_private.write_arming()');
wait_for_sql($node, 'va', $armed, 'armed', '... is written anew', 30);
my $text = slurp_file($file) =~ s/^system_identifier \d/system_identifier 9/mr;
open(my $handle, '>', $file) or die;
print $handle $text;
close $handle;
set_file($node, $file);
wait_for_sql($node, 'va', $armed, 'armed_for_another_cluster', 'the file of another cluster', 30);
(undef, undef, $err) = $node->psql('va', 'SELECT voiceagent_private.write_arming()');
like($err, qr/HINT:.*remove the file first/, '... is not overwritten');
unlink $file;
symlink '/dev/null', $file;
set_file($node, $file);
wait_for_sql($node, 'va', $armed, 'arming_file_permissions', 'a link is not followed', 30);
$node->stop;
done_testing();
