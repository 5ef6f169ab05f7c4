# Places of calls that we hold: a tenant that was never armed has few, one that is has its share, and the next always finds some.  A call
# whose carrier cannot be asked is over when its audio is.
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
my $of_trial = "FROM voiceagent.calls c LEFT JOIN voiceagent_private.live_incoming l USING (tenant_id, call_id) WHERE c.tenant_id = $trial->{tenant}";
is_sql($node, 'va', "SELECT c.status, c.answered_at IS NOT NULL, l.ends_by - c.started_at >= interval '14 minutes', count(*) $of_trial GROUP BY 1, 2, 3 ORDER BY 1", "in_progress|t|t|5\nringing|f|t|55",
	'a call that is held is under way, whether its carrier tells that or not');
is($crowd->()->{closed}, 12, 'those that had a place have kept it');
is($trials->()->{closed}, 55, '... those of the trial, too');
wait_for_sql($node, 'va', "SELECT count(*) $of_trial AND l.ends_by <= voiceagent.clock() + interval '1 minute' AND l.ends_by > c.answered_at + interval '1 minute'", 5, 'a minute after its audio a call is over, unless somebody tells more of it', 30);
is_sql($node, 'va', "SELECT count(*) $of_trial AND c.status = 'in_progress'", 5, '... and not before');
$node->safe_psql('va', 'UPDATE voiceagent_private.live_incoming SET ends_by = voiceagent.clock(); SELECT voiceagent_private.request_job(\'end_lost_incoming\', voiceagent.clock())');
wait_for_sql($node, 'va', "SELECT c.outcome, c.cause, c.ended_at > c.answered_at AND c.duration_seconds = round(extract(epoch FROM c.ended_at - c.answered_at), 3), count(*) $of_trial GROUP BY 1, 2, 3 ORDER BY 1",
	"completed|its end was never told|t|5\nno_answer|its end was never told||55", 'what was said was answered, and lasted as long as its audio; what rang was not', 60);
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE tenant_id = $trial->{tenant} AND event_type = 'call_ended'", 60, '... which is told, once', 10);

done_testing();
