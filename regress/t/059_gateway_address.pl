# Where the gateway listens: what is set holds in the running workers, status() says where the socket is, and the embedded
# carrier finds it there.
use strict;
use warnings;

use IO::Socket::INET;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $port = PostgreSQL::Test::Cluster::get_free_port();
my $node = new_node('main', 'voiceagent.gateway_host' => '0.0.0.0', 'voiceagent.gateway_port' => $port);
my $address = q{SELECT coalesce(address, 'none') FROM voiceagent.status() WHERE component = 'gateway'};
my $reached = q{SELECT voiceagent_private.gateway_address()};

sub set_guc
{
	my ($name, $value) = @_;
	$node->safe_psql('postgres', "ALTER SYSTEM SET voiceagent.$name = '$value'");
	$node->reload;
	return;
}

sub client { my ($host, $to) = @_; return IO::Socket::INET->new(PeerAddr => $host, PeerPort => $to, Timeout => 5) }
sub opens { return defined client(@_) ? 'open' : 'closed' }

wait_workers($node, 'the workers run');
wait_for_sql($node, 'va', $address, "http://0.0.0.0:$port", 'status() says that the gateway listens on every address', 30);
is_sql($node, 'va', $reached, "http://127.0.0.1:$port", '... and is reached by the loopback');
is(opens('127.0.0.2', $port), 'open', '... as it is by any other');
my ($pid) = worker_pids($node, 'voiceagent gateway', 'va');

# ---- a reload ----

my $slow = client('127.0.0.2', $port);
print $slow "POST /webhooks/x HTTP/1.1\r\n";
set_guc('gateway_host', '127.0.0.1');
wait_for_sql($node, 'va', $address, "http://127.0.0.1:$port", 'a reload narrows it', 30);
is(opens('127.0.0.2', $port), 'closed', '... and nobody else gets in');
is(opens('127.0.0.1', $port), 'open', '... but who may');
is(sysread($slow, my $rest, 1), 0, '... not even who was half in already');
is((worker_pids($node, 'voiceagent gateway', 'va'))[0], $pid, '... in the same process');

my $taken = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) or die $!;
my $next = $taken->sockport;
set_guc('gateway_port', $next);
wait_for_sql($node, 'va', q{SELECT state FROM voiceagent.status() WHERE component = 'gateway'}, 'failing', 'a port that somebody else has', 30);
is_sql($node, 'va', $address, 'none', '... is no address of ours');
is(opens('127.0.0.1', $port), 'closed', '... and the one before is left');
close $taken;
wait_for_sql($node, 'va', $address, "http://127.0.0.1:$next", '... until it is free', 90);
is(opens('127.0.0.1', $next), 'open', '... and open');

# ---- an address that is not 127.0.0.1 ----

set_guc('gateway_host', '127.0.0.2');
wait_for_sql($node, 'va', $address, "http://127.0.0.2:$next", 'another address', 30);
my $tenant = create_tenant($node, 'va', 'Elsewhere', credits => 1000);
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_time_scale', '3600')});
start_leads($node, $tenant, [ numbers(3) ]);
wait_completed($node, 'calls of the embedded carrier end');
is_sql($node, 'va', "SELECT count(*) >= 3, string_agg(DISTINCT source, ' ') FROM voiceagent.webhooks WHERE tenant_id = $tenant", 't|http',
	'... which were told by webhooks, not found out by look-ups');

# ---- settings of a database ----

my %pid;
sub note_workers { $pid{$_} = join(' ', worker_pids($node, 'voiceagent%', $_)) foreach qw(va other); return }
sub ended { my ($was, $database) = @_; my %now = map { $_ => 1 } worker_pids($node, 'voiceagent%', $database); return !grep { $now{$_} } split / /, $was }

create_database($node, 'other');
set_guc('gateway_port', 0);
wait_for_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE datname = 'other' AND backend_type LIKE 'voiceagent%'}, scalar @worker_kinds, 'another database', 30);
note_workers();
my $own = PostgreSQL::Test::Cluster::get_free_port();
$node->safe_psql('postgres', "BEGIN; ALTER DATABASE va SET voiceagent.gateway_port = $own; ROLLBACK");
$node->safe_psql('postgres', q{ALTER DATABASE va SET work_mem = '5MB'});
sleep 0.5;
is(join(' ', worker_pids($node, 'voiceagent%', 'va')), $pid{va}, 'a change that is rolled back, or of another setting, ends no worker');
$node->safe_psql('postgres', "ALTER DATABASE va SET voiceagent.gateway_port = $own");
wait_for_sql($node, 'va', $address, "http://127.0.0.2:$own", 'a setting of the database holds in its workers', 30);
ok(wait_until(sub { ended($pid{va}, 'va') }, 10), '... which are others');
is(join(' ', worker_pids($node, 'voiceagent%', 'other')), $pid{other}, '... those of another database stay');
wait_workers($node, '... and all are there');
$node->safe_psql('postgres', 'ALTER DATABASE va RESET ALL');
wait_for_sql($node, 'va', "SELECT address LIKE 'http://127.0.0.2:%' AND address NOT LIKE '%:$own' FROM voiceagent.status() WHERE component = 'gateway'", 't',
	'RESET ALL takes it back', 30);

# ---- processes that only a database asks for ----

foreach my $kind (qw(web media))
{
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	$node->safe_psql('postgres', "ALTER DATABASE va SET voiceagent.${kind}_port = $port");
	wait_for_sql($node, 'va', "SELECT address FROM voiceagent_private.worker_status() WHERE kind = '$kind'", "http://127.0.0.1:$port", "$kind listens where its database says, and the server says nothing", 30);
}
is_sql($node, 'other', q{SELECT count(*) FROM voiceagent_private.worker_status() WHERE kind ~ '^(web|media|api)'}, 0, '... nobody does in another database');
$node->safe_psql('postgres', 'ALTER DATABASE va RESET ALL');
ok(wait_until(sub { $node->safe_psql('postgres', q{SELECT count(*) FROM pg_stat_activity WHERE datname = 'va' AND backend_type ~ 'voiceagent (web|media|api|tools)'}) eq '0' }, 30), 'RESET ALL ends them');
$node->stop;
done_testing();
