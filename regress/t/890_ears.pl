# The ears of calls are common to all tenants: callers of one tenant who talk without an end do not deafen another's assistants.
use strict;
use warnings;

use JSON::PP;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSpoken;

my $on = spoken_server();
my ($node, $dir) = @$on{qw(node dir)};
my $theirs = spoken_tenant($on, 'Theirs');
my $many = receiver($on, spoken_tenant($on, 'Many'));
my $desk = receiver($on, $theirs);
# Sixteen seconds of speech in one piece.
IPC::Run::run([ 'python3', '-c', q{
import sys
sys.path.insert(0, 'regress/fakes')
from caller import Speech
one = Speech(sys.argv[1]).say('yes that works for me')
open(sys.argv[2], 'wb').write((one * 40)[:16 * 16000])
}, $on->{speech}, "$dir/long" ], '2>', \my $err) or die $err;

sub answers
{
	my @calls;
	foreach my $n (1 .. 3)
	{
		my ($id) = incoming($on, $desk, 1);
		my ($out, $e) = ('', '');
		IPC::Run::run([ 'python3', 'regress/fakes/caller.py', 'exotel', "$desk->{url}/$id", $id, $on->{speech}, "$dir/$id.wav", 'yes speaking', 'goodbye' ], '>', \$out, '2>', \$e);
		note("$out$e");
		push @calls, decode_json($out || '{}')->{longest_wait_ms};
	}
	return join ' ', map { $_ // '-' } @calls;
}
sub missed { return $node->safe_psql('va', "SELECT count(*) FROM voiceagent.call_turns WHERE tenant_id = $theirs->{tenant} AND text LIKE 'Sorry%'") }

my $alone = answers();
my $crowd = crowd(calls => $many->{url}, 'talk', "$dir/long", incoming($on, $many, 24));
sleep 25;
my $first = crowd_of(calls => $desk->{url}, 'heard', '', incoming($on, $desk, 10));
my $beside = answers();
is(missed(), 0, 'beside 24 callers who talk in turns of 16 seconds each word of another tenant\'s callers is understood');
is($first->{held}, 10, '... and all of 10 calls are held');
diag("longest wait for an answer: $alone ms alone, $beside ms beside; first sound (p95) $first->{p95_ms} ms beside");
diag($node->safe_psql('va', "SELECT tenant_id, speaker, left(text, 50), count(*) FROM voiceagent.call_turns GROUP BY 1, 2, 3 ORDER BY 1, 2, 4 DESC LIMIT 30"));
$crowd->();

done_testing();
