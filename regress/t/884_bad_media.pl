# Sockets for calls that we hold which bring what they must not: each is closed, the call's events say why, and other calls go on.
use strict;
use warnings;

use HTTP::Tiny;
use IPC::Run qw(run start finish);
use JSON::PP qw(encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $dir = PostgreSQL::Test::Utils::tempdir();
my $port = fake_exotel();
my $node = new_real_node('main', 'voiceagent.media_port' => 0);
my $speech = need_speech($node);
wait_for_sql($node, 'va', "SELECT state = 'running' AND address ~ ':[0-9]' FROM voiceagent.status() WHERE component = 'media'", 't', 'the process media runs, and listens', 60);
my ($media) = $node->safe_psql('va', "SELECT address FROM voiceagent.status() WHERE component = 'media'") =~ /:(\d+)$/;
real_settings($node, [ {port => $port}, {port => $media} ]);
wait_for_sql($node, 'va', "SELECT state LIKE 'espeak-ng % speaks%' FROM voiceagent.status() WHERE component = 'speech'", 't', 'the embedded chain runs', 90);

my %account;
sub tenant
{
	my ($name) = @_;
	my $tenant = create_tenant($node, 'va', $name, credits => 1000);
	$account{$tenant} = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('exotel', '$name', '{"api_key": "k", "api_token": "t"}',
		'{"account_sid": "acme1", "caller_id": "+14155550101", "flow_id": "9", "webhook_peers": "127.0.0.1", "base_url": "http://127.0.0.1:$port"}')});
	$node->safe_psql('va', "SELECT voiceagent.arm($account{$tenant}, '$name')");
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account{$tenant})");
	wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', "$name is armed", 30);
	my $url = as_tenant($node, 'va', $tenant, "SELECT voiceagent.media_url($account{$tenant})") =~ s/:\d+/:$media/r;
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account{$tenant}, settings => jsonb_build_object('stream_url', '$url'))});
	return $tenant;
}

my ($n, $dialled) = (0, 0);
sub dial
{
	my ($tenant) = @_;
	my $number = sprintf('+12125550%03d', 140 + ++$n);
	start_leads($node, $tenant, [ $number ], account => $account{$tenant}, settings => {max_call_duration => '5 minutes'});
	wait_until(sub { my @dials = came('POST', qr{/connect\.json$}); @dials > $dialled }, 60) or die 'not dialled';
	my $dial = (came('POST', qr{/connect\.json$}))[ $dialled++ ];
	my ($stream) = $dial->{body} =~ /StreamUrl=([^&]+)/;
	$stream =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	my ($ref) = $dial->{body} =~ /CustomField=([^&]+)/;
	return ($stream, "sid-$ref", $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE phone = '$number'"));
}

# Sends what Python makes of the expression, a list of messages, and waits until the socket is closed: "closed", or "still open".
sub send_bad
{
	my ($stream, $sid, $messages) = @_;
	my $program = <<"PYTHON";
import sys, time
sys.path.insert(0, 'regress/fakes')
from caller import Exotel, Socket
exotel, line, begun = Exotel('$sid'), Socket('$stream'), time.time()
begin, audio = exotel.begin(), exotel.audio(bytes(1600))
for message in $messages:
    line.send(message)
while not line.closed and time.time() - begun < 20:
    list(line.messages(0.1))
print('closed' if line.closed else 'still open')
PYTHON
	my ($out, $err) = ('', '');
	run([ 'python3', '-c', $program ], '>', \$out, '2>', \$err);
	note($err) if $err ne '';
	chomp $out;
	return $out;
}

my $tenant = tenant('Ours');
my $other = tenant('Theirs');
my ($stream, $sid, $call) = dial($tenant);
my ($their_stream, $their_sid, $their_call) = dial($other);

sub refused_ok
{
	my ($name, $messages, $why, %at) = @_;
	my $of = $at{call} // $call;
	my $before = $node->safe_psql('va', "SELECT count(*) FROM voiceagent.events WHERE call_id = $of AND event_type IN ('media_refused', 'media_ended')");
	is(send_bad($at{stream} // $stream, $at{sid} // $sid, $messages), 'closed', "$name: the socket is closed");
	wait_for_sql($node, 'va', "SELECT event_data ->> 'why' FROM voiceagent.events WHERE call_id = $of AND event_type IN ('media_refused', 'media_ended') ORDER BY event_id OFFSET $before", $why, '... which the events of the call say', 20);
	return;
}

# Another call is held meanwhile, and is to hear nothing of it.
my ($good_stream, $good_sid, $good_call) = dial($tenant);
my ($out, $err) = ('', '');
my $good = start([ 'python3', 'regress/fakes/caller.py', 'exotel', $good_stream, $good_sid, $speech, "$dir/good.wav", '~' ], '>', \$out, '2>', \$err);

refused_ok('audio before the start', '[begin[0], audio]', 'there was a message before the stream was started');
refused_ok('sound of 48 kHz', q([dict(begin[1], start=dict(begin[1]['start'], media_format={'encoding': 'audio/x-raw', 'sample_rate': '48000'}))]),
	'the audio is neither mu-law nor A-law of 8000 samples a second, nor 16-bit samples at 8000, 16000 or 24000');
refused_ok('the carrier\'s id of another call', q(begin[:1] + [dict(begin[1], start=dict(begin[1]['start'], call_sid='sid-of-another'))]), 'the socket is of another call');
refused_ok('base64 that is none', q(begin + [dict(audio, media=dict(audio['media'], payload='%%%'))]), 'the audio is not base64');
refused_ok('ten megabytes of text', q(begin + ['x' * 10000000]), 'a message was too large');
refused_ok('text that is no JSON', q(begin + ['{"event": ']), 'not valid JSON at line 1, byte 10: unexpected token');

# The token is of the other tenant's account: neither tenant's call has a session.
my $swapped = $stream =~ s{exotel/[^?/]+}{($their_stream =~ m|(exotel/[^?/]+)|)[0]}er;
is(send_bad($swapped, $sid, 'begin'), 'closed', 'another tenant\'s token with our call: the socket is closed');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE call_id = $their_call AND event_type LIKE 'media%'", 0, '... and their call knows nothing of it');

finish($good);
like($out, qr/"status": "closed"/, 'the call that was held meanwhile went on to its end');
is_sql($node, 'va', "SELECT event_data ->> 'why' FROM voiceagent.events WHERE call_id = $good_call AND event_type = 'media_ended'", 'we have hung up', '... which is ours');

# ---- a call that has ended ----

my ($dial) = grep { $_->{body} =~ /\Q$sid\E|@{[$sid =~ s{^sid-}{}r]}/ } came('POST', qr{/connect\.json$});
my ($tell) = $dial->{body} =~ /StatusCallback=([^&]+)/;
$tell =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
my $ended = encode_json({CallSid => $sid, Status => 'completed', EventType => 'terminal', ConversationDuration => 5, CustomField => $sid =~ s{^sid-}{}r});
ok(wait_until(sub { HTTP::Tiny->new(timeout => 20)->post($tell, {content => $ended, headers => {'content-type' => 'application/json'}})->{success} }, 20), 'the carrier tells the end of the call');
wait_for_sql($node, 'va', "SELECT outcome IS NOT NULL FROM voiceagent.calls WHERE call_id = $call", 't', '... which is over', 30);
refused_ok('a call that is over', 'begin', 'the call is over');

done_testing();
