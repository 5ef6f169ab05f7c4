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

# Calls that are refused because this machine is too late for its own turns come again; any other refusal stands.
sub late { return $node->safe_psql('va', "SELECT coalesce(sum((refused ->> 'late')::bigint), 0) FROM voiceagent_private.media_state") }
sub holds_all
{
	my ($name) = @_;
	my $came;
	for (1 .. 10)
	{
		my $late = late();
		$came = crowd_of(calls => $theirs->{url}, 'heard', '', incoming($on, $theirs, 20));
		last if $came->{held} == 20 || !wait_until(sub { late() > $late }, 5);
		diag("the machine is late: $came->{held} of 20 calls are held, and all come again");
	}
	is($came->{held}, 20, $name) or diag(explain($came), told());
	return $came;
}

my $alone = holds_all('alone, all of 20 calls are held');
my $strangers = crowd(strangers => $media, 150);
my $beside = holds_all('... and all of 20 beside 750 sockets that prove nothing');
my $saw = $strangers->();
ok($saw->{opened} > 750, '... which come again when they are closed') or diag(explain($saw));
diag("first sound (p95): $alone->{p95_ms} ms alone, $beside->{p95_ms} ms beside strangers ($saw->{opened} sockets)");

# ---- why sockets were refused ----

wait_for_sql($node, 'va', "SELECT state ~ 'refused: .*[0-9]+ strangers' FROM voiceagent.status() WHERE component = 'sockets of calls'", 't', 'status() says how many were refused, and why', 20);
like($node->safe_psql('va', 'SELECT voiceagent.metrics()'), qr/^voiceagent_media_refused_total\{reason="token"\} [1-9]/m, '... and so do the metrics');

done_testing();
