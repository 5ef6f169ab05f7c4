# A dial whose answer was lost, at a carrier that promises that the same request dials once: it is sent again, the same,
# in time and not for ever; and not when the person has opted out meanwhile, for the first request may never have arrived.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

# How many requests for a number end without an answer; the last one's when the person has opted out.
my %lost = ('+12125550101' => 1, '+12125550102' => 9, '+12125550103' => 1);
my $opted_out = PostgreSQL::Test::Utils::tempdir() . '/opted_out';
my %times;
my $port = fake_carrier(sub {
	my ($asked) = @_;
	return (200, '{"data": [], "meta": {"total_pages": 1}}') if "$asked->{method} $asked->{path}" ne 'POST /calls';
	my $to = decode_json($asked->{body})->{to};
	if ($times{$to}++ < $lost{$to})
	{
		sleep 0.05 while $to eq '+12125550103' && !-e $opted_out;
		return;
	}
	return (200, '{"data": {"call_control_id": "v3:1", "is_alive": true}}');
});
sub dials { my ($to) = @_; return grep { $_->{to} eq $to } map { decode_json($_->{body}) } came('POST', qr{^/calls$}); }

my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 30000);
my $tenant = create_tenant($node, 'va', 'Again', credits => 1000);
real_settings($node, {port => $port}, lookup_interval => '1 hour');
wait_workers($node, 'the workers run');
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('telnyx', 'T', '{"api_key": "KEY-1"}',
	'{"connection_id": "7267", "from_number": "+12125550100", "base_url": "http://127.0.0.1:$port", "calls_per_second": 100}')});
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'T')");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);
sub attempt { my ($to) = @_; return "SELECT a.state FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.phone = '$to'"; }

start_leads($node, $tenant, ['+12125550101'], account => $account, settings => {});
wait_for_sql($node, 'va', attempt('+12125550101'), 'accepted', 'a dial whose answer was lost is taken after all');
my @dials = dials('+12125550101');
is(scalar @dials, 2, '... by a second request');
is(JSON::PP->new->canonical->encode($dials[1]), JSON::PP->new->canonical->encode($dials[0]), '... that says the same, so that the carrier dials once');

start_leads($node, $tenant, ['+12125550102'], account => $account, settings => {});
wait_for_sql($node, 'va', attempt('+12125550102'), 'unknown', 'one whose answers are all lost is unknown');
sleep 0.5;
is(scalar(dials('+12125550102')), 3, '... after three requests');

start_leads($node, $tenant, ['+12125550103'], account => $account, settings => {});
wait_until(sub { dials('+12125550103') });
as_tenant($node, 'va', $tenant, "SELECT voiceagent.do_not_call('+12125550103', 'asked')");
append_to_file($opted_out, '');
wait_for_sql($node, 'va', attempt('+12125550103'), 'unknown', 'one whose person has opted out meanwhile is unknown');
is(scalar(dials('+12125550103')), 1, '... and not sent again');

is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
