# Calls that we hold, seen while they last: what is being said before it is a turn, how long answers take, which engine failed, and the
# sockets that were refused. The sockets come to /voice/stream/CALL.
use strict;
use warnings;

use IPC::Run qw(run start finish);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSpoken;

my $on = spoken_server();
my ($node, $dir, $speech, $vendor_port) = @$on{qw(node dir speech vendors)};
my $of = spoken_tenant($on, 'Seen');
my $tenant = $of->{tenant};
my $other = create_tenant($node, 'va', 'Others', credits => 1000);
my $ear = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_model_account('deepgram', 'ear', 'key-ear', 'nova-3', 'http://127.0.0.1:$vendor_port', '{"in_calls": 1}')});
wait_for_sql($node, 'va', "SELECT test_result FROM voiceagent.model_accounts WHERE model_account_id = $ear", 'ok', 'there is an ear that tells what it hears', 30);

# A call to the next number: the address of its socket below /voice/stream/, the carrier's id of it and ours.
my $n = 0;
sub dial
{
	my ($is) = dialled($on, $of, [ sprintf('+12125550%03d', 140 + ++$n) ]);
	my ($host, $token, $ref) = $is->{stream} =~ m{^(ws://[^/]+)/media/exotel/([^?/]+)\?attempt=([\w-]+)} or die $is->{stream};
	return ("$host/voice/stream/$ref?token=$token&carrier=exotel", $is->{sid}, $is->{call});
}

sub live { my ($call, $column) = @_; return as_tenant($node, 'va', $tenant, "SELECT $column FROM voiceagent.live_words($call)"); }
sub metric { my ($name) = @_; return $node->safe_psql('va', 'SELECT voiceagent.metrics()') =~ /^voiceagent_\Q$name\E (\S+)$/m ? $1 : undef; }
sub closed { my ($stream) = @_; run([ 'python3', 'regress/fakes/caller.py', 'exotel', $stream, 'sid-none', $speech, "$dir/none.wav", '~' ], '>', \my $out, '2>', \my $err); return $out; }

# ---- what is being said ----

my @lines = ('I would like a heat pump for the house of my mother and another one for the garage behind it please', 'bye now');
my ($stream, $sid, $call) = dial();
is(live($call, 'num_nulls(speaking, words, saying, level_db)'), '4', 'nothing is said in a call that we do not hold yet');
vendors_do($on, lines => [ @lines ]);
my ($out, $err) = ('', '');
my $person = start([ 'python3', 'regress/fakes/caller.py', 'exotel', $stream, $sid, $speech, "$dir/1.wav", @lines ], '>', \$out, '2>', \$err);
ok(wait_until(sub { live($call, "speaking = 'assistant' AND length(saying) > 5 AND level_db < 0") eq 't' }, 60), 'what the assistant is saying is seen while it says it');
is(as_tenant($node, 'va', $tenant, "SELECT count(*) FROM voiceagent.call_turns WHERE call_id = $call AND speaker = 'customer'"), '0', '... before there is a turn of the person');
ok(wait_until(sub { live($call, "speaking = 'customer' AND words = 'I would li'") eq 't' }, 60), '... and what the person says, as far as the ear knows');
my ($code, $stdout, $stderr) = $node->psql("va", VoiceAgent::acting_for($other, "SELECT * FROM voiceagent.live_words($call)"));
like($stderr, qr/there is no such call/, '... and no other tenant does');
closed($stream);
finish($person);
like($out, qr/"status": "closed"/, "the call below /voice/stream/ goes to its end: $out$err");
ok(wait_until(sub { live($call, 'num_nulls(speaking, words, saying, level_db)') eq '4' }, 30), '... and leaves nothing there');
wait_for_sql($node, 'va', "SELECT event_data ->> 'sockets_refused' FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_ended'", '1', '... nor does a socket that another had, which is counted', 30);

# ---- how long it took ----

is_sql($node, 'va', "SELECT count(*) FROM voiceagent.turn_times WHERE call_id = $call AND ear = 'deepgram'", metric('turn_first_sound_seconds_count'), 'each answer is in the histograms');
cmp_ok(metric('turn_recognised_seconds_sum'), '<=', metric('turn_first_sound_seconds_sum'), '... which tell words from sounds');
is(metric('errors_total{name="stt_timeout"}'), '0', 'no ear was late');

# ---- an account that takes one request at a time ----

as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($ear, max_concurrent_requests => 1)");
my ($first, $first_sid, $first_call) = dial();
($stream, $sid, $call) = dial();
vendors_do($on, lines => ['yes speaking']);
$person = start([ 'python3', 'regress/fakes/caller.py', 'exotel', $first, $first_sid, $speech, "$dir/2.wav", 'yes speaking', '~' ], '>', \$out, '2>', \$err);
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.call_turns WHERE call_id = $first_call AND text = 'yes speaking'", 1, 'a call has the only place of the ear', 90);
my $heard = () = slurp_file("$dir/vendors") =~ /"heard"/g;
run([ 'python3', 'regress/fakes/caller.py', 'exotel', $stream, $sid, $speech, "$dir/3.wav", 'yes speaking', 'no thank you i am not interested' ], '>', \my $second, '2>', \my $second_err);
like($second, qr/"unsaid": [01]\b/, 'another call speaks meanwhile');
is(scalar(() = slurp_file("$dir/vendors") =~ /"heard"/g), $heard, '... and is not heard by that ear');
finish($person);
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_engine_failed'", 0, '... and the first has not failed');

# ---- an ear that is kept alive, and one that is late; sockets that are refused ----

($stream, $sid, $call) = dial();
like(closed($stream =~ s/token=[^&]+/token=x/r), qr/closed/, 'another token opens no socket');
like(closed($stream =~ s/&carrier=exotel//r), qr/closed/, '... nor does one whose carrier is not told');
closed($stream) foreach 1 .. 25;
is_sql($node, 'va', "SELECT count(*), count(*) FILTER (WHERE event_data ? 'last') FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_refused'", '20|1', 'twenty sockets that were refused are told of, and no more');
vendors_do($on, lines => [ 'yes' ], faults => {ear => 'silent'});
my $program = <<"PYTHON";
import subprocess, sys, time
sys.path.insert(0, 'regress/fakes')
from caller import Exotel, Socket, Speech
exotel, line = Exotel('$sid'), Socket('$stream')
for message in exotel.begin():
    line.send(message)
def play(sound):
    for at in range(0, len(sound), 1600):
        line.send(exotel.audio(sound[at:at + 1600].ljust(1600, b'\\0')))
        until = time.time() + 0.1
        while time.time() < until:
            list(line.messages(0.02))
play(bytes(16000))
# Nothing for nine seconds: a carrier that sends no silence.
until = time.time() + 9.3
while time.time() < until:
    list(line.messages(0.1))
play(bytes(160000))
play(Speech('$speech').say('yes speaking') + bytes(80000))
line.socket.close()
PYTHON
run([ 'python3', '-c', $program ], '>', \$out, '2>', \$err);
note("$out$err");
closed($stream) foreach 1 .. 2;
like(slurp_file("$dir/vendors"), qr/"kept_alive": true/, 'an ear that hears nothing for eight seconds is kept alive');
wait_for_sql($node, 'va', "SELECT event_data ->> 'error' FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_engine_failed'", 'stt_timeout', 'an ear that is late has a name for it', 60);
is(metric('errors_total{name="stt_timeout"}'), '1', '... and is counted');

done_testing();
