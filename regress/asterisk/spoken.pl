# Calls that we hold ourselves through a real Asterisk: its WebSocket channel brings the audio, a bridge joins it with the
# telephone. The person hears the robot and answers, both ways; who hangs up ends the call, and nothing is left behind; when
# the process media ends, or Asterisk's channel to it, the talk goes on.
#
# VOICEAGENT_ASTERISK is the root that `asterisk build` has made.
use strict;
use warnings;
use feature "state";

use HTTP::Tiny;
use JSON::PP qw(decode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use VoiceAgent;
use VoiceAgentFaults;

my $tree = $ENV{VOICEAGENT_ASTERISK} or die 'VOICEAGENT_ASTERISK is not set';
my $script = 'regress/asterisk/asterisk';
my $dir = PostgreSQL::Test::Utils::tempdir_short();
my ($ari, $sip, $peer, $port) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 4;
my $asked = HTTP::Tiny->new(timeout => 10);

END
{
	my $status = $?;
	system($script, 'stop', $dir, 'KILL') if -e "$dir/pid";
	$? = $status;
}

sub ari
{
	my ($method, $path) = @_;
	my $reply = $asked->request($method, "http://voiceagent:secret-of-the-test\@127.0.0.1:$ari/ari$path");
	return wantarray ? ($reply->{status}, $reply->{content}) : $reply->{content};
}

# ---- the server, and an Asterisk that knows where it listens ----

my $node = new_real_node('main', 'voiceagent.media_port' => $port, 'voiceagent.public_base_url' => "http://127.0.0.1:$port");
my $speech = need_speech($node);
my $tenant = create_tenant($node, 'va', 'Acme', credits => 1000);
wait_for_sql($node, 'va', "SELECT state LIKE 'espeak-ng % speaks%' FROM voiceagent.status() WHERE component = 'speech'", 't', 'the process media speaks', 60);
real_settings($node, [ {port => $ari}, {port => $port} ]);
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('asterisk', 'PBX',
	'{"username": "voiceagent", "password": "secret-of-the-test"}',
	'{"base_url": "http://127.0.0.1:$ari/ari", "endpoint": "Local/{digits}\@people", "caller_id": "+12025550100", "max_concurrent_calls": 10}')});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
my $url = as_tenant($node, 'va', $tenant, "SELECT voiceagent.media_url($account)");
like($url, qr{^ws://127\.0\.0\.1:$port/media/asterisk/[\w-]{43}$}, 'an account has an address for its sockets');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_provider_account($account, settings => jsonb_build_object('stream_url', '$url'))");
mkdir("$dir/own");
append_to_file("$dir/own/websocket_client.conf", readme_block('spoken') =~ s{wss://calls\.example\.com/media/asterisk/TOKEN}{$url}r =~ s/^tls_enabled = yes$/tls_enabled = no/mr);
$ENV{ASTERISK_ETC} = "$dir/own";
is(system($script, 'start', $tree, $dir, $ari, $sip, $peer), 0, 'Asterisk starts') or BAIL_OUT(slurp_file("$dir/console.log"));
is(system('python3', 'regress/fakes/caller.py', 'say', $speech, "$dir/spool/say-$_->[0].wav", $_->[1]), 0, "a person is to say: $_->[1]")
	foreach [ 1, 'yes speaking' ], [ 2, 'no thank you i am not interested' ], [ 3, 'thank you bye' ];
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'PBX')");
wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'well', 'its events are heard', 180);

sub turns { my ($call) = @_; return $node->safe_psql('va', "SELECT string_agg(speaker || ': ' || text, E'\\n' ORDER BY turn) FROM voiceagent.call_turns WHERE call_id = $call") }

# A call to somebody, placed; its id.
sub dial
{
	my ($number) = @_;
	start_leads($node, $tenant, [ $number ], account => $account, itself => 0, settings => {max_call_duration => '3 minutes', retry_attempts => 0});
	ok(wait_until(sub { $node->safe_psql('va', "SELECT count(*) FROM voiceagent.calls WHERE phone = '$number'") eq '1' }, 20), "$number is dialled");
	return $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE phone = '$number'");
}

sub is_over
{
	my ($call, $name) = @_;
	wait_for_sql($node, 'va', "SELECT status, outcome IS NOT NULL FROM voiceagent.calls WHERE call_id = $call", 'completed|t', $name, 120);
	ok(wait_until(sub { ari('GET', '/bridges') eq '[]' && ari('GET', '/channels') eq '[]' }, 20), '... and nothing of it is left at Asterisk') or diag(ari('GET', '/bridges'), ari('GET', '/channels'));
	is_sql($node, 'va', "SELECT count(*), count(*) FILTER (WHERE state = 'posted') FROM voiceagent.credit_holds WHERE call_id = $call", "1|1", '... and it is charged once');
	return;
}

# How much of a recording is louder than noise, in seconds.
sub loud
{
	my ($file) = @_;
	my @samples = unpack('s<*', substr(slurp_file($file), 44));
	my $seconds = 0;
	for (my $at = 0; $at + 160 <= @samples; $at += 160)
	{
		$seconds += 0.02 if grep { abs($_) > 500 } @samples[ $at .. $at + 159 ];
	}
	return $seconds;
}

# ---- we call ----

my $call = dial('+12126000801');
is_over($call, 'a person talks with us, and we hang up');
my $said = turns($call);
note($said);
like($said, qr/^assistant: .*stop calling.* Hello Lead/, '... the law\'s words and the greeting are ours');
# On a loaded machine a filler may be a turn of its own.
like($said, qr/\ncustomer: .+\n(?:assistant: .+\n)+customer: no thank you i am not interested\nassistant: /, '... what both said is kept');
cmp_ok(loud("$dir/spool/robot-801.wav"), '>', 5, '... and the person heard us');
is_sql($node, 'va', "SELECT event_data ->> 'why', event_data -> 'hung_up' FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_ended'", 'we have hung up|true', '... to the end');
note($node->safe_psql('va', "SELECT event_type, event_data FROM voiceagent.events WHERE call_id = $call ORDER BY event_id"));

# ---- the person hangs up ----

$call = dial('+12126000803');
is_over($call, 'a person hangs up on us');
# After what the ear still had to understand.
wait_for_sql($node, 'va', "SELECT event_data -> 'hung_up' FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_ended'", 'false', '... which ends the talk', 30);

# ---- it breaks, in either hand ----

foreach my $break ('Asterisk\'s channel', 'the process media')
{
	state $n = 0;
	my $number = '+1212' . (601 + $n++) . '0802';
	$call = dial($number);
	ok(wait_until(sub { turns($call) =~ /customer: / }, 60), '... who answers');
	my $at = time;
	if ($break =~ /Asterisk/)
	{
		my ($channel) = grep { /\.media-/ } map { $_->{id} } @{decode_json(scalar ari('GET', '/channels'))};
		like($channel // '', qr/^va-\d+-\d+-[0-9a-f]{8}\.media-/, '... its audio has a channel');
		ari('DELETE', "/channels/$channel");
	}
	else { $node->safe_psql('va', "SELECT pg_terminate_backend(pid) FROM voiceagent.status() WHERE component = 'media'") }
	ok(wait_until(sub { $node->safe_psql('va', "SELECT count(*) FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_opened'") eq '2' }, 20), "$break ends: it is connected again");
	note(sprintf('after %.2f s', time - $at));
	ok(wait_until(sub { turns($call) =~ /Sorry, the line broke off\. Are you still there\?|customer: .+\nassistant: .+\nassistant: / }, 60), '... and the talk goes on') or diag(turns($call));
	unlike(turns($call), qr/Hello Lead.*Hello Lead/s, '... where it was');
	is_over($call, '... to its end');
	note(turns($call));
}

# ---- somebody calls ----

my $assistant = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Reception', 'Good day, this is Acme. How can I help you?', 'Be kind.')});
my $number = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_phone_number('+12125550166', $account, '{"ai_assistant_id": $assistant}')});
system($script, 'cli', $tree, $dir, 'channel originate Local/801@people extension 12125550166@inbound');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE direction = 'inbound'", 'completed', 'somebody calls us, and is talked to', 120);
$call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE direction = 'inbound'");
$said = turns($call);
note($said);
like($said, qr/^assistant: .*Good day, this is Acme\. How can I help you\?\ncustomer: .+\nassistant: /, '... by the assistant of the number');
ok(wait_until(sub { ari('GET', '/bridges') eq '[]' && ari('GET', '/channels') eq '[]' }, 20), '... and nothing of it is left at Asterisk');

done_testing();
