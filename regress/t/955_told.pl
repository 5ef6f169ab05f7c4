# What does not go is told: each breakage stands in status() and health() of the platform, with whose it is, the cause, since when
# and what mends it, and goes when it is mended.  Nothing else is looked at here, and no verdict is by speed.
use strict;
use warnings;

use HTTP::Tiny;
use IO::Socket::INET;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPsql;

my @children;
# Our own authority, whose certificate is over.
my $certificate = PostgreSQL::Test::Utils::tempdir() . '/expired.pem';
system("(openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout $certificate.key -subj /CN=127.0.0.1 -out $certificate.csr &&
	printf 'subjectAltName=IP:127.0.0.1\nbasicConstraints=critical,CA:true\n' > $certificate.ext && openssl x509 -req -in $certificate.csr -signkey $certificate.key -days 0 -extfile $certificate.ext -out $certificate &&
	gcc -shared -fPIC -o $certificate.so regress/fakes/authority.c -lcurl -ldl && gcc -shared -fPIC -o $certificate.clock.so regress/fakes/clock.c) > $certificate.log 2>&1") == 0 or die slurp_file("$certificate.log");
local $ENV{LD_PRELOAD} = "$certificate.so $certificate.clock.so";
local $ENV{VA_AUTHORITY} = $certificate;

my ($carrier, $silent) = map { start_carrier(seed => seeded()) } 1, 2;
my $limited = start_carrier(seed => seeded(), '429-percent' => 60);
# The server alone has the clock that is set; its file is written over, since those who have mapped it must not find it empty.
append_to_file("$certificate.clock", pack('q', 0));
local $ENV{VOICEAGENT_CLOCK} = "$certificate.clock";
my $node = new_real_node('main', 'voiceagent.standstill_after' => '5s', max_prepared_transactions => 5, max_connections => 30, wal_level => 'replica', 'voiceagent.http_timeout_ms' => 2000);
my $tenant = create_tenant($node, 'va', 'Told', credits => 100000);
real_settings($node, [ $carrier, $silent, $limited ], account_breaker_window => '6 seconds');
my $account = real_account($node, $tenant, $carrier, name => 'Broken');
wait_workers($node, 'the workers run');

# Both tell it, in the row of this component, with a cause and a remedy; and both are silent once $mend is done.
sub is_told
{
	my ($name, $component, $words, $mend, %of) = @_;
	wait_for_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent.status() WHERE component ~ '$component' AND concat_ws(' ', state, last_error) ~ '$words' AND remedy <> ''",
		't', "$name: status() names it", 180);
	wait_for_sql($node, 'va', "SELECT count(*) > 0 FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p ~ '$component' AND p ~ '$words'",
		't', '... health(), too', 180);
	is_sql($node, 'va', q{SELECT (regexp_match(voiceagent.metrics(), '\nvoiceagent_problems ([0-9]+)'))[1]::integer > 0}, 't', '... and metrics() counts it');
	return unless $mend;
	$mend->();
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.status() WHERE component ~ '$component' AND concat_ws(' ', state, last_error) ~ '$words'", 0, '... and not when it is mended', 240)
		unless $of{stays};
	return;
}

sub session
{
	my $session = $node->background_psql('va');
	$session->query_safe($_[0]);
	return ($session, $session->query_safe('SELECT pg_backend_pid()') =~ s/\s//gr);
}

# ---- the server ----

my ($locker, $pid) = session('BEGIN; LOCK TABLE voiceagent_private.live_calls');
is_told('a lock', 'lock', "live_calls.* is locked by pid $pid", sub { $locker->quit });
my ($reader, $reading) = session('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM voiceagent.tenants');
is_told('a transaction that is idle', 'old snapshot', "pid $reading", sub { $reader->quit });
# Who waits for a lock keeps all others away.
my ($holder, $holding) = session('BEGIN; SELECT count(*) FROM voiceagent.leads');
my $waiter = IPC::Run::start([ 'psql', '-X', '-d', $node->connstr('va'), '-c', 'BEGIN; LOCK TABLE voiceagent.leads; COMMIT' ], '>', \my $said, '2>', \my $failed);
is_told('a lock that is waited for', 'lock', "leads is locked by pid $holding", sub { $holder->quit; $waiter->finish });
$node->safe_psql('va', q{BEGIN; CREATE TABLE public.prepared (); PREPARE TRANSACTION 'left behind'});
is_told('a prepared transaction', 'prepared transaction', 'left behind', sub { $node->safe_psql('va', q{ROLLBACK PREPARED 'left behind'}) });
foreach my $name (qw(autovacuum track_counts track_activities))
{
	$node->safe_psql('va', $_) foreach ("ALTER SYSTEM SET $name = off", 'SELECT pg_reload_conf()');
	is_told("$name off", 'vacuum|sessions', "$name is off", sub { $node->safe_psql('va', $_) foreach ("ALTER SYSTEM RESET $name", 'SELECT pg_reload_conf()') });
}
$node->safe_psql('va', 'ALTER TABLE voiceagent_private.call_queue SET (autovacuum_enabled = off)');
is_told('autovacuum off for a table', 'vacuum', 'off for voiceagent_private.call_queue', sub { $node->safe_psql('va', 'ALTER TABLE voiceagent_private.call_queue RESET (autovacuum_enabled)') });
$node->safe_psql('va', q{SELECT pg_create_physical_replication_slot('nobody', true)});
$node->safe_psql('va', 'SELECT txid_current(); SELECT pg_switch_wal()') foreach 1 .. 6;
is_told('a slot that nobody reads', 'replication slot', 'nobody is used by nobody', sub { $node->safe_psql('va', q{SELECT pg_drop_replication_slot('nobody')}) });
$node->safe_psql('va', "CREATE ROLE told LOGIN; SELECT voiceagent.map_role('told', $tenant)");
my $member = $node->background_psql('va', extra_params => [ '-U', 'told' ]);
$member->query_safe('BEGIN; SELECT count(*) FROM voiceagent.leads');
is_told("a tenant's transaction that is idle", 'tenant session', 'told, .* idle in transaction. has a transaction open', sub { $member->quit });
my @crowd = map { VoiceAgentPsql->connect($node, 'va') } 1 .. 27;
is_told('connections that are all taken', 'connections', 'all 27 are taken, .* by', sub { @crowd = () });
my $conf = slurp_file($node->data_dir . '/postgresql.conf');
$node->append_conf('postgresql.conf', "voiceagent.http_timeout_ms = soon\nvoiceagent.misspelt = 5\nwork_mem = wide");
$node->reload;
is_told('settings that the server does not take', 'settings', $_) foreach ('http_timeout_ms in .*from 100 to', 'misspelt in .*no such setting');
is_told('... of the server', 'settings', 'work_mem in .*from 64 to', sub { open(my $file, '>', $node->data_dir . '/postgresql.conf') or die $!; print $file $conf; close($file); $node->reload });
is_sql($node, 'va', q{SET vacuum_failsafe_age = 0; SELECT count(*) > 0 FROM voiceagent.status() WHERE component = 'vacuum' AND state ~ '^database va: [0-9]+ transactions until' AND remedy <> ''}, 't', 'transactions that run out are told');
is_sql($node, 'va', q{SELECT voiceagent.health() -> 'problems'}, '[]', 'then all is well');

# What is over is told for a while.
sub set_clock { open(my $file, '+<', "$certificate.clock") or die $!; syswrite($file, pack('q', $_[0])); return close($file) }
set_clock(-1800);
is_told('a clock that is set back', 'clock', 'was set back by (1800|1799|1801) s');
set_clock(0);
is_told('a clock that is set forward', 'clock', 'was set forward by');
$node->safe_psql('va', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'voiceagent keeper'});
wait_for_sql($node, 'va', q{SELECT last_error ~ 'ended by pg_terminate_backend' AND state = 'running' FROM voiceagent.status() WHERE component = 'keeper'}, 't', 'a process that somebody ended runs again, and says so');
is_sql($node, 'va', q{SELECT voiceagent.health() ->> 'problems' ~ 'process keeper is running: it was ended by'}, 't', '... in health(), too');
kill9((worker_pids($node, 'voiceagent applier', 'va'))[0]);
is_told('a server that crashed', 'server', 'began without having been shut down');
wait_workers($node, 'the workers run again');
wait_for_sql($node, 'va', q{SELECT voiceagent.health() -> 'problems'}, '[]', 'all is well after a while', 120);

# ---- carriers ----

# Few lines, all of which are soon held.
sub campaign
{
	my ($account) = @_;
	return start_leads($node, $tenant, [ numbers(200) ], account => $account, settings => { max_concurrent_calls => 4, max_call_duration => '20 seconds', retry_attempts => 0 });
}
sub named { return "carrier account $_[0] of tenant $tenant" }

my $good = campaign($account);
wait_for_sql($node, 'va', "SELECT count(*) > 3 FROM voiceagent.calls WHERE campaign_id = $good AND outcome IS NOT NULL", 't', 'calls are made', 120);
# Forged ones of strangers are no alarm while good ones come.
HTTP::Tiny->new->post($node->safe_psql('va', 'SELECT voiceagent_private.gateway_address()') . '/webhooks/' . $node->safe_psql('va', "SELECT token FROM voiceagent_private.endpoint_routes WHERE provider_account_id = $account"), { content => '{}' });
wait_for_sql($node, 'va', "SELECT refused_why FROM voiceagent_private.endpoint_routes WHERE provider_account_id = $account", 'the signature is missing', 'a forged webhook is noted', 120);
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.status() WHERE state ~ 'none of its webhooks'}, 0, '... and no alarm');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.rotate_webhook_secret($account, 'another secret of many letters', '0')");
is_told('a webhook secret that does not fit', named($account), 'none of its webhooks is good.*does not match');

my $slow = real_account($node, $tenant, $limited, name => 'Limited');
campaign($slow);
is_told('a carrier that asks to slow down', named($slow), 'slowed to .*http-429');

# It takes connections, and answers nothing at all.
my $hanging = real_account($node, $tenant, $silent, name => 'Hanging');
my $held = campaign($hanging);
wait_for_sql($node, 'va', "SELECT count(*) > 3 FROM voiceagent.calls WHERE campaign_id = $held AND outcome IS NOT NULL", 't', 'calls are made there', 120);
kill 'STOP', $silent->{pid};
is_told('a carrier that hangs', named($hanging), 'cannot be asked');
my $reason;
ok(wait_until(sub { ($reason = as_tenant($node, 'va', $tenant, "SELECT status_reason FROM voiceagent.campaign_progress WHERE campaign_id = $held")) =~ /^(all 4 lines wait for the carrier, which cannot be asked since|carrier fails)/ }, 120), '... and the campaign says so')
	or diag $reason;
kill 'CONT', $silent->{pid};
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.status() WHERE component ~ \'' . named($hanging) . '\' AND state ~ \'cannot be asked\'', 0, '... and nothing is said once it answers', 240);

# Answers all requests alike, for ever.
sub constant
{
	my ($status, $body) = @_;
	my $listen = IO::Socket::INET->new(Listen => 50, LocalAddr => '127.0.0.1') or die $!;
	my $pid = fork();
	if ($pid == 0)
	{
		while (my $client = $listen->accept)
		{
			my $request = '';
			sysread($client, $request, 65536);
			print $client "HTTP/1.1 $status\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
			close $client;
		}
		POSIX::_exit(0);
	}
	push @children, $pid;
	return $listen->sockport;
}
my $dir = PostgreSQL::Test::Utils::tempdir();
my $failing = constant('500 Internal Server Error', '{}');
my $refusing = constant('401 Unauthorized', '{"message": "Invalid Key"}');
my $tls = PostgreSQL::Test::Cluster::get_free_port();
push @children, fork() // die $!;
if ($children[-1] == 0)
{
	open(STDOUT, '>', '/dev/null');
	open(STDERR, '>', '/dev/null');
	open(STDIN, '<', '/dev/zero');
	exec('openssl', 's_server', '-quiet', '-accept', "127.0.0.1:$tls", '-cert', $certificate, '-key', "$certificate.key") or die $!;
}
real_settings($node, [ $carrier, $silent, map { { port => $_ } } ($failing, $refusing, $tls) ], account_breaker_window => '6 seconds');
my %broken = map { $_->[0] => real_account($node, $tenant, { %$carrier, url => $_->[1] }, name => $_->[0]) } ([ Failing => "http://127.0.0.1:$failing" ], [ Refusing => "http://127.0.0.1:$refusing" ], [ Expired => "https://127.0.0.1:$tls" ]);
campaign($_) foreach values %broken;
is_told('a carrier that answers 500', named($broken{Failing}), 'cannot be asked.*http-500');
wait_for_sql($node, 'va', q{SELECT (regexp_match(voiceagent.metrics(), '\nvoiceagent_unknown_calls ([0-9]+)'))[1]::integer > 0}, 't', '... and metrics() counts the calls in doubt');
is_told('a carrier that refuses the key', named($broken{Refusing}), 'breaker.*http-401: Invalid Key');
is_told('a certificate that has expired', named($broken{Expired}), 'breaker.*certificate has expired');
is_sql($node, 'va', q{SET ROLE pg_monitor; SELECT count(*) FROM voiceagent.status() WHERE last_error ~ 'Invalid Key|certificate has expired'}, 2, 'pg_monitor sees them, too');
kill 'KILL', @children;
$node->stop;
done_testing();
