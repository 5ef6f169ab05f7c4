# A dump that is taken in the middle of a campaign, restored into a server that runs: no worker looks at half a
# database, and when the restore is over the campaign goes on, on its own.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'Restored', credits => 100000);
as_tenant($node, 'va', $tenant, q{
SELECT count(voiceagent.add_lead('+1' || a || '55501' || e))
FROM unnest('{212,305,415,512,602,713,818,917,206,404,312,303,617,702,503}'::text[]) a, unnest('{00,01,02,05,06,07,09,19,20}'::text[]) e;
SELECT voiceagent.create_assistant('A', 'Hello', 'Be kind.') AS a \gset
SELECT voiceagent.create_campaign('C', :a, settings => '{"call_interval": 0, "max_concurrent_calls": 2, "retry_attempts": 1, "retry_delay": 1, "retry_delay_busy": 1, "retry_delay_no_answer": 1}') AS c \gset
SELECT voiceagent.add_leads(:c);
SELECT voiceagent.start_campaign(:c)});
wait_for_sql($node, 'va', 'SELECT count(*) > 20 FROM voiceagent.calls', 't', 'the campaign calls');
my $dump = $node->basedir . '/va.dump';
my $plain = $node->basedir . '/va.sql';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, '-d', $node->connstr('va') ], 'dumped while it calls');
$node->command_ok([ 'pg_dump', '-f', $plain, '-d', $node->connstr('va') ], 'dumped as a script');

# Restored by a session that stays: everything waits for its end, and says so.
$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE template0 ENCODING 'UTF8'") foreach 'script', 'custom';
my ($in, $out, $err) = ('', '', '');
my $session = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('script') ], '<', \$in, '>', \$out, '2>', \$err, IPC::Run::timeout(400));
$in .= "\\i $plain\n\\echo restored\n";
$session->pump until $out =~ /restored/;
my $calls = $node->safe_psql('script', 'SELECT count(*) FROM voiceagent.calls');
cmp_ok($calls, '>', 20, 'the calls are there');
is_sql($node, 'script', q{SELECT string_agg(state, ' ') FROM voiceagent.status() WHERE component NOT IN ('real carriers', 'invariants')}, join(' ', map { 'held' } @worker_kinds, 'guest', 'exporter'),
	'while the session that restores is there the workers are held');
is_sql($node, 'script', 'SELECT count(*) FROM voiceagent.calls', $calls, 'and call nobody');
$in .= "\\q\n";
$session->finish;

$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('custom'), $dump ], 'restored by pg_restore');
foreach my $database ('script', 'custom')
{
	wait_for_sql($node, $database, q{SELECT status FROM voiceagent.campaigns}, 'completed', "$database: the campaign goes on to its end", 300);
	is_sql($node, $database, 'SELECT * FROM voiceagent.invariants()', '', "$database: nothing is wrong");
	is_sql($node, $database, q{SELECT count(*) FROM (SELECT FROM voiceagent.calls WHERE outcome <> 'canceled' GROUP BY lead_id HAVING count(*) > 2) x},
		0, "$database: nobody is dialled too often");
}
$node->stop;
done_testing();
