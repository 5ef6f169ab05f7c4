# Sockets of strangers at the process media, who have no token, or say nothing, or half of something: they take no place of a call's.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSpoken;

my $on = spoken_server();
my ($node, $media) = @$on{qw(node media)};
my $theirs = receiver($on, spoken_tenant($on, 'Theirs'));

sub told { return $node->safe_psql('va', "SELECT refused, lag_ms FROM voiceagent_private.media_state; SELECT event_type, event_data ->> 'why', count(*) FROM voiceagent.events WHERE event_type LIKE 'media%' GROUP BY 1, 2") }

# By the kernel's own list: 0A is a listener.
my $listens = sprintf('%04X', $media);
my ($of_setting, $of_all) = map { scalar(grep { /:$listens [0-9A-F]+:0000 0A / } split /\n/, -e $_ ? slurp_file($_) : '') } '/proc/net/tcp', '/proc/net/tcp6';
is("$of_setting $of_all", '1 0', 'sockets of calls are listened for on voiceagent.media_host alone');

my $alone = crowd_of(calls => $theirs->{url}, 'heard', '', incoming($on, $theirs, 20));
is($alone->{held}, 20, 'alone, all of 20 calls are held') or diag(explain($alone), told());

my $strangers = crowd(strangers => $media, 150);
my $beside = crowd_of(calls => $theirs->{url}, 'heard', '', incoming($on, $theirs, 20));
is($beside->{held}, 20, '... and all of 20 beside 750 sockets that prove nothing') or diag(explain($beside), told());
my $saw = $strangers->();
ok($saw->{opened} > 750, '... which come again when they are closed') or diag(explain($saw));
diag("first sound (p95): $alone->{p95_ms} ms alone, $beside->{p95_ms} ms beside strangers ($saw->{opened} sockets)");

# ---- why sockets were refused ----

wait_for_sql($node, 'va', "SELECT state ~ 'refused: [0-9]+ strangers' FROM voiceagent.status() WHERE component = 'sockets of calls'", 't', 'status() says how many were refused, and why', 20);
like($node->safe_psql('va', 'SELECT voiceagent.metrics()'), qr/^voiceagent_media_refused_total\{reason="token"\} [1-9]/m, '... and so do the metrics');

done_testing();
