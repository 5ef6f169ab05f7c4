# A tenant's weight is a row that the platform changes: of the requests for calls on their way it has as many times the share.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

# The carrier answers nobody as long as this takes, so what is on its way is what the shares allow, however busy the machine is:
# of 20 requests, and as many that wait for them, half of what the others leave, or four of five.
my $carrier = start_carrier('delay-ms' => 600000);
my $node = new_real_node('main', 'voiceagent.http_max_in_flight' => 20, 'voiceagent.http_timeout_ms' => 600000);
real_settings($node, $carrier, send_lease => '5 minutes');
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 10000) } qw(Heavy Light);
my %account = map { $_ => real_account($node, $tenant{$_}, $carrier) } sort keys %tenant;
sub on_their_way { my ($whose, $count, $name) = @_; return wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.attempts WHERE tenant_id = $tenant{$whose} AND state = 'sending'", $count, $name) }

start_leads($node, $tenant{Heavy}, [ numbers(50) ], account => $account{Heavy}, settings => {retry_attempts => 0});
on_their_way('Heavy', 20, 'of weight 1 a tenant has half of what there is');
$node->safe_psql('va', "SELECT voiceagent.set_tenant_weight($tenant{Heavy}, 4)");
on_their_way('Heavy', 32, '... of weight 4 four of five');
start_leads($node, $tenant{Light}, [ numbers(50) ], account => $account{Light}, settings => {retry_attempts => 0});
on_their_way('Light', 4, '... and of what is left the next one has half');
on_their_way('Heavy', 32, '... which takes nothing away from it');
is_sql($node, 'va', qq{SELECT action, old_value, new_value FROM voiceagent.audit_log WHERE tenant_id = $tenant{Heavy} AND action = 'set_tenant_weight'},
	'set_tenant_weight|1|4', 'it is on the record');
my ($status, $out, $err) = $node->psql('va', "SELECT voiceagent.set_tenant_weight($tenant{Heavy}, 101)");
like($err, qr/weight lies between 1 and 100/, 'a weight is bounded');
$node->stop('immediate');
done_testing();
