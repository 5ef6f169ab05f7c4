# Places of calls that we hold: a tenant that was never armed has few, one that is has its share, and the next always finds some.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSpoken;

my $on = spoken_server(conf => {'voiceagent.media_max_calls' => 40});
my $node = $on->{node};
my $theirs = receiver($on, spoken_tenant($on, 'Theirs'));
my $many = receiver($on, spoken_tenant($on, 'Many'));
my $trial = receiver($on, spoken_tenant($on, 'Trial', unarmed => 1));
my $why = 'its tenant has its share of the calls that are held';

sub refused_ok
{
	my ($of, $n, $name) = @_;
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE tenant_id = $of->{tenant} AND event_type = 'media_refused' AND event_data ->> 'why' = '$why'", $n, $name, 30);
	return;
}

my $alone = crowd_of(calls => $theirs->{url}, 'heard', '', incoming($on, $theirs, 8));
is($alone->{held}, 8, 'alone, all of 8 calls are held');

my $trials = crowd(calls => $trial->{url}, 'held', '', incoming($on, $trial, 60));
refused_ok($trial, 55, 'of 60 calls of a tenant that was never armed all but five are refused, as their events say');
my $crowd = crowd(calls => $many->{url}, 'held', '', incoming($on, $many, 30));
refused_ok($many, 12, '... and of 30 of one that is all but half of what is free');
my $beside = crowd_of(calls => $theirs->{url}, 'heard', '', incoming($on, $theirs, 8));
is($beside->{held}, 8, '... and all of 8 of another are held beside them');
diag("first sound (p95): $alone->{p95_ms} ms alone, $beside->{p95_ms} ms beside");
is($crowd->()->{closed}, 12, 'those that had a place have kept it');
is($trials->()->{closed}, 55, '... those of the trial, too');

done_testing();
