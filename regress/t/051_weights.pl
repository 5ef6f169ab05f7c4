# A tenant's weight is a row that the platform changes: where two want more than there is, it has as many times the share.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

# Twenty requests are on their way at most, and each takes far longer than a claim: the shares are all that counts.
my $carrier = start_carrier('delay-ms' => 3000);
my $node = new_real_node('main', 'voiceagent.http_max_in_flight' => 20);
real_settings($node, $carrier, absence_wait => '1 hour');
my @tenants = map { create_tenant($node, 'va', $_, credits => 10000) } qw(Heavy Light);
my @accounts = map { real_account($node, $_, $carrier) } @tenants;
my %whose;
foreach my $i (0, 1)
{
	my @numbers = numbers(200);
	$whose{$_} = $i foreach @numbers;
	start_leads($node, $tenants[$i], \@numbers, account => $accounts[$i], settings => {retry_attempts => 0});
}

# Of so many dials, from this one on, each tenant's.
sub dials
{
	my ($from, $count) = @_;
	my @taken;
	wait_until(sub { @taken = slurp_file($carrier->{witness}) =~ /^\S+ \S+ (\S+).*\n/mg; @taken >= $from + $count }) or die 'nobody is dialled';
	my @of = (0, 0);
	$of[$whose{$_}]++ foreach @taken[ $from .. $from + $count - 1 ];
	return @of;
}

my @equal = dials(40, 40);
cmp_ok($equal[0] / $equal[1], '<', 1.6, "of one weight, the first has no more (@equal)");
cmp_ok($equal[1] / $equal[0], '<', 1.6, '... nor the second');
$node->safe_psql('va', "SELECT voiceagent.set_tenant_weight($tenants[0], 4)");
my @weighted = dials(120, 80);
cmp_ok($weighted[0] / ($weighted[1] || 1), '>', 2, "of four times the weight it has a multiple (@weighted)");
cmp_ok($weighted[1], '>', 5, '... and the other one has its share');
is_sql($node, 'va', qq{SELECT action, old_value, new_value FROM voiceagent.audit_log WHERE tenant_id = $tenants[0] AND action = 'set_tenant_weight'},
	'set_tenant_weight|1|4', '... which is on the record');
my ($status, $out, $err) = $node->psql('va', "SELECT voiceagent.set_tenant_weight($tenants[0], 101)");
like($err, qr/weight lies between 1 and 100/, 'a weight is bounded');
$node->stop('immediate');
done_testing();
