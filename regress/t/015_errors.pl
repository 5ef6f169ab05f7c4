# The error barrier: a room that fails backs off alone, says so without personal data, and recovers.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

my $node = new_node('main');
my $function = 'voiceagent_private.inbox_tenants(bigint, integer)';
my $running = q{SELECT count(*) FROM voiceagent_private.worker_status() WHERE state = 'running'};
my $applier = q{FROM voiceagent_private.worker_status() WHERE kind = 'applier'};
my $poke = q{SELECT voiceagent_private.poke('applier')};

wait_for_sql($node, 'va', $running, scalar @worker_kinds, 'workers run', 30);
wait_for_sql($node, 'va', 'SELECT voiceagent_private.gateway_address() IS NOT NULL', 't', 'the gateway listens', 30);
my ($pid) = worker_pids($node, 'voiceagent applier');

# A function that a room calls is not there.
$node->safe_psql('va', "ALTER FUNCTION $function RENAME TO elsewhere");
$node->safe_psql('va', $poke);
wait_for_sql($node, 'va', "SELECT state || ' ' || error_state $applier", 'failing 42883', 'a room fails', 30);
is_sql($node, 'va', "SELECT error_text $applier", 'function voiceagent_private.inbox_tenants(bigint, integer) does not exist',
	'... and says why');
is_sql($node, 'va', $running, $#worker_kinds, '... alone: the other workers run');
my ($host, $port) = $node->safe_psql('va', 'SELECT voiceagent_private.gateway_address()') =~ m{http://([\d.]+):(\d+)};
like(get($host, $port, '/health'), qr{^HTTP/1\.1 }, '... and the gateway answers');
my $errors = $node->safe_psql('va', "SELECT errors $applier");
my $began = time;
$node->safe_psql('va', $poke) foreach 1 .. 20;
$errors = $node->safe_psql('va', "SELECT errors $applier") - $errors;
# It waits half a second at least, and twice as long each time.
cmp_ok($errors, '<=', 1 + int(log(2 * (time - $began) + 1) / log(2)), 'many pokes do not make it fail faster');

# Personal data in a message is not shown.
$node->safe_psql('va', "CREATE FUNCTION $function RETURNS SETOF bigint LANGUAGE plpgsql AS \$\$ BEGIN RETURN NEXT '+15550142 Ann'::bigint; END \$\$");
wait_for_sql($node, 'va', "SELECT error_state || ' ' || error_text $applier", '22P02 invalid input syntax for type bigint: ...',
	'what a message quotes of the data is left out');
$node->safe_psql('va', "DROP FUNCTION $function");

$node->safe_psql('va', 'ALTER FUNCTION voiceagent_private.elsewhere(bigint, integer) RENAME TO inbox_tenants');
wait_for_sql($node, 'va', $running, scalar @worker_kinds, 'when its cause is gone the room recovers by itself', 120);
is((worker_pids($node, 'voiceagent applier'))[0], $pid, '... in the same process');

# A NOTIFY that cannot be sent costs the news alone: what it tells of is committed, and read by the cursor.
my $tenant = create_tenant($node, 'va', 'News');
as_tenant($node, 'va', $tenant, 'SELECT voiceagent.subscribe()');
$node->safe_psql('va', 'ALTER FUNCTION voiceagent_private.announce_news(bigint[], boolean) RENAME TO kept_news');
$node->safe_psql('va', q{CREATE FUNCTION voiceagent_private.announce_news(bigint[], boolean) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'too many notifications in the NOTIFY queue' USING ERRCODE = '54000'; END $$});
as_tenant($node, 'va', $tenant, q{SELECT voiceagent_private.log_event('untold')});
wait_for_sql($node, 'va', q{SELECT error_state FROM voiceagent_private.worker_status() WHERE kind = 'keeper'}, '54000', 'news that cannot be announced are shown', 30);
is(as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.activity(0) WHERE event_type = 'untold'}), 1, '... and what they tell of is read by the cursor');
$node->safe_psql('va', 'DROP FUNCTION voiceagent_private.announce_news(bigint[], boolean)');
$node->safe_psql('va', 'ALTER FUNCTION voiceagent_private.kept_news(bigint[], boolean) RENAME TO announce_news');
wait_for_sql($node, 'va', $running, scalar @worker_kinds, '... until they can be', 120);

# A cancelled statement is an error like any other; a worker is not ended by it.
is_sql($node, 'va', "SELECT pg_cancel_backend($pid)", 't', 'pg_cancel_backend');
sleep 1;
$node->safe_psql('va', $poke);
wait_for_sql($node, 'va', $running, scalar @worker_kinds, '... does not end a worker', 30);
is((worker_pids($node, 'voiceagent applier'))[0], $pid, '... which is the same process');

my ($launcher) = worker_pids($node, 'voiceagent launcher');
is_sql($node, 'va', "SELECT pg_cancel_backend($launcher)", 't', 'pg_cancel_backend of the launcher');
sleep 0.5;
is((worker_pids($node, 'voiceagent launcher'))[0], $launcher, '... changes nothing');

# What an administrator sets for everybody does not make workers careless.
$node->safe_psql('postgres', q{ALTER DATABASE va SET synchronous_commit = off});
$node->safe_psql('postgres', q{ALTER DATABASE va SET default_transaction_read_only = on});
$node->safe_psql('postgres', q{ALTER DATABASE va SET statement_timeout = '1ms'});
$node->safe_psql('postgres', q{ALTER SYSTEM SET synchronous_commit = off});
# Known from PostgreSQL 17 on.
my $limits_transactions = $node->safe_psql('postgres', q{SELECT count(*) FROM pg_settings WHERE name = 'transaction_timeout'});
$node->safe_psql('postgres', q{ALTER DATABASE va SET transaction_timeout = '1ms'}) if $limits_transactions;
$node->restart;
{
	# Ours are not careless from their first statement on: a slow machine takes a millisecond for less.
	local $ENV{PGOPTIONS} = '-c default_transaction_read_only=off -c statement_timeout=0' . ($limits_transactions ? ' -c transaction_timeout=0' : '');
	wait_for_sql($node, 'va', $running, scalar @worker_kinds, 'with careless defaults of the database the workers run', 30);
	$node->safe_psql('va', $poke);
	sleep 1;
	is_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.worker_status() WHERE errors > 0}, 0, '... without an error');
}
$node->safe_psql('postgres', 'ALTER DATABASE va RESET ALL');

# ALTER EXTENSION UPDATE restarts them.
my @before = worker_pids($node, 'voiceagent %', 'va');
$node->safe_psql('va', 'ALTER EXTENSION voiceagent UPDATE');
wait_for_sql($node, 'va', $running, scalar @worker_kinds, 'after ALTER EXTENSION UPDATE the workers run', 30);
my %old = map { $_ => 1 } @before;
is(scalar(grep { $old{$_} } worker_pids($node, 'voiceagent %', 'va')), 0, '... as new processes');

# Raw HTTP, as the test must not need a client's package.
sub get
{
	my ($to, $on, $path) = @_;
	require IO::Socket::INET;
	my $socket = IO::Socket::INET->new(PeerAddr => $to, PeerPort => $on, Timeout => 5) or return "no connection: $@";
	print $socket "GET $path HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
	local $/;
	my $answer = <$socket>;
	return $answer // '';
}

$node->stop;
done_testing();
