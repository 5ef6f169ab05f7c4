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
my $address = q{SELECT coalesce(address, 'none') FROM voiceagent.status() WHERE component = 'inbound'};
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
wait_for_sql($node, 'va', $address, "http://0.0.0.0:$port", 'status() says that the gateway listens on every address', 10);
is_sql($node, 'va', $reached, "http://127.0.0.1:$port", '... and is reached by the loopback');
is(opens('127.0.0.2', $port), 'open', '... as it is by any other');
my ($pid) = worker_pids($node, 'voiceagent inbound', 'va');

# ---- a reload ----

my $slow = client('127.0.0.2', $port);
print $slow "POST /webhooks/x HTTP/1.1\r\n";
set_guc('gateway_host', '127.0.0.1');
wait_for_sql($node, 'va', $address, "http://127.0.0.1:$port", 'a reload narrows it', 10);
is(opens('127.0.0.2', $port), 'closed', '... and nobody else gets in');
is(opens('127.0.0.1', $port), 'open', '... but who may');
is(sysread($slow, my $rest, 1), 0, '... not even who was half in already');
is((worker_pids($node, 'voiceagent inbound', 'va'))[0], $pid, '... in the same process');

my $taken = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) or die $!;
my $next = $taken->sockport;
set_guc('gateway_port', $next);
wait_for_sql($node, 'va', q{SELECT state FROM voiceagent.status() WHERE component = 'inbound'}, 'failing', 'a port that somebody else has', 10);
is_sql($node, 'va', $address, 'none', '... is no address of ours');
is(opens('127.0.0.1', $port), 'closed', '... and the one before is left');
close $taken;
wait_for_sql($node, 'va', $address, "http://127.0.0.1:$next", '... until it is free', 40);
is(opens('127.0.0.1', $next), 'open', '... and open');

# ---- an address that is not 127.0.0.1 ----

set_guc('gateway_host', '127.0.0.2');
wait_for_sql($node, 'va', $address, "http://127.0.0.2:$next", 'another address', 10);
my $tenant = create_tenant($node, 'va', 'Elsewhere', credits => 1000);
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_time_scale', '3600')});
start_leads($node, $tenant, [ numbers(3) ]);
wait_completed($node, 'calls of the embedded carrier end');
is_sql($node, 'va', "SELECT count(*) >= 3, string_agg(DISTINCT source, ' ') FROM voiceagent.webhooks WHERE tenant_id = $tenant", 't|http',
	'... which were told by webhooks, not found out by look-ups');

$node->stop;
done_testing();
