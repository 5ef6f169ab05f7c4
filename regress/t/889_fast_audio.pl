# Sockets that bring audio as fast as they can: it is taken at the pace of speech, then they end; other calls notice nothing.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSpoken;

my $on = spoken_server();
my $node = $on->{node};
my $theirs = receiver($on, spoken_tenant($on, 'Theirs'));
my $fast = receiver($on, spoken_tenant($on, 'Fast'));

crowd_of(calls => $theirs->{url}, 'heard', '', incoming($on, $theirs, 2)); # what is said in every call is kept from then on
my $alone = crowd_of(calls => $theirs->{url}, 'heard', '', incoming($on, $theirs, 10));
is($alone->{held}, 10, 'alone, all of 10 calls are held');
my $crowd = crowd(calls => $fast->{url}, 'fast', '', incoming($on, $fast, 12));
my $beside = crowd_of(calls => $theirs->{url}, 'heard', '', incoming($on, $theirs, 10));
is($beside->{held}, 10, '... and all of 10 beside sockets that bring audio as fast as it is taken');
diag("first sound (p95): $alone->{p95_ms} ms alone, $beside->{p95_ms} ms beside");
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE tenant_id = $fast->{tenant} AND event_type = 'media_ended' AND event_data ->> 'why' = 'the carrier sends audio faster than it is spoken'", 12, 'such a call ends, and its events say why', 90);
$crowd->();
wait_for_sql($node, 'va', q{SELECT voiceagent.metrics() ~ 'media_refused_total\{reason="fast"\} 12'}, 't', '... and so do the metrics', 20);
like(slurp_file($node->logfile), qr/a call of tenant $fast->{tenant} has ended: the carrier sends audio faster/, '... and the log');
# Of an opened session; it has had its burst, and up to five seconds for its start, before.
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.events o JOIN voiceagent.events e USING (tenant_id, call_id) WHERE o.tenant_id = $fast->{tenant} AND o.event_type = 'media_opened' AND e.event_type = 'media_ended' AND (e.event_data ->> 'frames_in')::int * 0.02 > 2 + 2 + 1.2 * (5 + extract(epoch FROM e.at - o.at))", 0, '... until when it was heard at the pace of speech');

done_testing();
