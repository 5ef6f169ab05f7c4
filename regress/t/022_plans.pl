# The plans of a worker follow its tables: those that read one that has grown are made anew, at rest, and no others.
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

# What the dialer has said of its plans, and in how many turns that look at the tables.
sub said
{
	return scalar(() = slurp_server_log($node) =~ /voiceagent dialer.*DEBUG:\s+plans over $_[0] tables that have grown are made anew/g);
}
sub look
{
	my ($tables) = @_;
	$node->safe_psql('va', "SELECT voiceagent_private.poke('dialer')");
	sleep 0.5;
	return said($tables);
}

look(1) foreach 1 .. 6;
my $before = said('\d+');
look(1) foreach 1 .. 6;
is(said('\d+'), $before, 'plans stay while no table grows');
my $one = said(1);
$node->safe_psql('va', "INSERT INTO voiceagent.leads (tenant_id, phone, timezones, created_at) SELECT $tenant, '+1' || 2120000000 + i, '{America/New_York}', now() FROM generate_series(1, 5000) i");
ok(wait_until(sub { look(1) > $one }), 'of a table that has grown they are made anew');
$before = said('\d+');
look(1) foreach 1 .. 6;
is(said('\d+'), $before, '... once');

$node->stop;
done_testing();
