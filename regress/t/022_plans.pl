# The plans of a worker follow its tables: they are made anew, at rest, when one has grown, and not otherwise.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main', log_min_messages => 'debug1', log_line_prefix => '%b ');
my $tenant = create_tenant($node, 'va', 'Plans');
wait_workers($node, 'the workers run');

# How often the dialer has made its plans anew.
sub renewed
{
	return scalar(() = slurp_server_log($node) =~ /voiceagent dialer.*DEBUG:\s+plans are made anew/g);
}

# The dialer works, and rests.
sub work
{
	$node->safe_psql('va', "SELECT voiceagent_private.poke('dialer')");
	sleep 0.5;
	return renewed();
}

work() foreach 1 .. 6;
my $before = renewed();
work() foreach 1 .. 6;
is(renewed(), $before, 'plans stay while no table grows');
$node->safe_psql('va', "INSERT INTO voiceagent.leads (tenant_id, phone, timezones, created_at) SELECT $tenant, '+1' || 2120000000 + i, '{America/New_York}', now() FROM generate_series(1, 5000) i");
ok(wait_until(sub { work() > $before }), 'when one has grown they are made anew');
$before = renewed();
work() foreach 1 .. 6;
is(renewed(), $before, '... once');

$node->stop;
done_testing();
