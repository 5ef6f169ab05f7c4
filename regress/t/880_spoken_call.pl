# Calls that we hold ourselves, over Exotel's socket: the law's words and a greeting, turns as they were heard, kept while the call
# lasts; barge-in; an opt-out at once; silence; and who may open a socket.
use strict;
use warnings;

use IPC::Run qw(run start finish);
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my $n = 0;
my $port = fake_exotel();

my $node = new_real_node('main', 'voiceagent.media_port' => 0);
my $speech = need_speech($node);
my $tenant = create_tenant($node, 'va', 'Spoken', credits => 1000);
wait_for_sql($node, 'va', "SELECT state = 'running' AND address ~ ':[0-9]' FROM voiceagent.status() WHERE component = 'media'", 't', 'the process media runs, and listens', 30);
my ($media) = $node->safe_psql('va', "SELECT address FROM voiceagent.status() WHERE component = 'media'") =~ /:(\d+)$/;
# The proxy in front of it, as the documents show.
my $front = PostgreSQL::Test::Cluster::get_free_port();
my $dir = PostgreSQL::Test::Utils::tempdir();
my ($nginx) = grep { -x $_ } map { "$_/nginx" } split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/local/sbin';
plan skip_all => 'no nginx' unless defined $nginx;
my ($zone, $conf) = split /\n\n/, readme_block('880_spoken_call') =~ s/127\.0\.0\.1:8089/127.0.0.1:$media/r;
append_to_file("$dir/nginx.conf", "daemon off;\npid $dir/pid;\nworker_processes 1;\nevents {}\nhttp {\naccess_log off;\n$zone\n"
	. join('', map { "${_}_temp_path $dir/$_;\n" } qw(client_body proxy fastcgi uwsgi scgi)) . "server {\nlisten 127.0.0.1:$front;\n$conf}\n}\n");
my $proxy = start([ $nginx, '-p', $dir, '-c', "$dir/nginx.conf", '-e', "$dir/error.log" ], '>', \my $proxied, '2>&1');
END { my $status = $?; eval { $proxy->signal("TERM"); $proxy->kill_kill(grace => 5) } if defined $proxy; $? = $status; }
real_settings($node, [ {port => $port}, {port => $front} ]);
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('exotel', 'exotel', '{"api_key": "k", "api_token": "t"}',
	'{"account_sid": "acme1", "caller_id": "+14155550101", "flow_id": "9", "webhook_peers": "127.0.0.1", "base_url": "http://127.0.0.1:$port"}')});
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'exotel')");
as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);
my $activity = -e $node->config_data('--sharedir') . '/voiceagent/voice/silero_vad.onnx' ? "Silero''s network" : 'energy';
wait_for_sql($node, 'va', "SELECT state LIKE 'espeak-ng % speaks, pocketsphinx listens (en); speech is told from silence by $activity' FROM voiceagent.status() WHERE component = 'speech'", 't', '... and says what speaks, what listens, and how', 60);
my $url = as_tenant($node, 'va', $tenant, "SELECT voiceagent.media_url($account)");
like($url, qr{^ws://127\.0\.0\.1:\d+/media/exotel/[\w-]{43}$}, 'an account has an address for its sockets that nobody guesses');
$url =~ s/:\d+/:$front/;
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account, settings => jsonb_build_object('stream_url', '$url'))});

# A call to a number, dialled; returns the address of its socket, its id at the carrier and ours.
sub dial
{
	my ($number) = @_;
	my @before = came('POST', qr{/connect\.json$});
	start_leads($node, $tenant, [ $number ], account => $account, settings => {max_call_duration => '5 minutes'});
	ok(wait_until(sub { scalar(came('POST', qr{/connect\.json$})) > @before }, 40), "$number is dialled");
	my $dial = (came('POST', qr{/connect\.json$}))[-1];
	my ($stream) = $dial->{body} =~ /StreamUrl=([^&]+)/;
	$stream =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	my ($ref) = $stream =~ /attempt=([\w-]+)/;
	my $call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE phone = '$number'");
	return ($stream, "sid-$ref", $call);
}

sub talk
{
	my ($stream, $sid, @lines) = @_;
	my $wav = PostgreSQL::Test::Utils::tempdir() . '/call-' . ++$n . '.wav';
	my ($out, $err) = ('', '');
	run([ 'python3', 'regress/fakes/caller.py', 'exotel', $stream, $sid, $speech, $wav, @lines ], '>', \$out, '2>', \$err);
	note("$out$err");
	return ($json->decode($out || '{}'), $wav);
}

sub turns { my ($call) = @_; return "SELECT string_agg(speaker || ': ' || text, E'\\n' ORDER BY turn) FROM voiceagent.call_turns WHERE call_id = $call"; }

# ---- a whole call ----

my ($stream, $sid, $call) = dial('+12125550141');
my ($came, $wav) = talk($stream, $sid, 'yes speaking', 'no thank you i am not interested', 'bye', 'goodbye');
is($came->{status}, 'closed', 'we hang up when the talk is over');
ok($came->{first_sound_ms} < 3000, "... the person hears us soon ($came->{first_sound_ms} ms)");
ok(-s $wav > 100_000, '... and the sound of it is left behind');
my $said = $node->safe_psql('va', turns($call));
note($said);
like($said, qr/^assistant: .+\ncustomer: yes speaking\nassistant: .+[.?!]$/m, '... a turn of ours that nobody cut short is whole');
# On a loaded machine a filler may be a turn of its own.
like($said, qr/^(?:assistant: .+\n)+customer: yes speaking\n(?:assistant: .+\n)+customer: no thank you i am not interested\nassistant: /, 'what both said is kept, though the carrier has not reported the end');
is_sql($node, 'va', "SELECT event_type FROM voiceagent.events WHERE call_id = $call AND event_type LIKE 'media%' ORDER BY event_id", "media_opened\nmedia_ended", '... and the call\'s events tell of the socket');

is_sql($node, 'va', "SELECT bool_and(CASE speaker WHEN 'customer' THEN confidence BETWEEN 0.25 AND 1 ELSE confidence IS NULL END) FROM voiceagent.call_turns WHERE call_id = $call", 't', '... and how sure the ear was of the person\'s words');

# ---- barge-in, and an opt-out by word ----

($stream, $sid, $call) = dial('+12125550142');
my ($second) = talk($stream =~ s/attempt=va-[^&]+/attempt=va-1-1-00000000/r, $sid, '~');
is($second->{status}, 'closed', 'a socket with another reference is closed');
($second) = talk($stream =~ s{exotel/[^?]+}{exotel/nobody}r, $sid, '~');
is($second->{status}, 'closed', '... and so is one with another token');
($second) = talk($stream, 'sid-of-another', '~');
is($second->{status}, 'closed', '... and one of another call of the carrier');
is_sql($node, 'va', "SELECT event_data ->> 'why' FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_refused'", 'the socket is of another call', '... which its events say');
($came) = talk($stream, $sid, 'yes speaking', '!600 stop calling me', '~');
is($came->{status}, 'closed', 'who wants no calls hears that, and the call ends');
is($came->{clears}, 1, '... we stopped when the person spoke over us');
$said = $node->safe_psql('va', turns($call));
note($said);
like($said, qr/\ncustomer: yes speaking\n(?:assistant: .+\n)*assistant: .*[\w,]$/m, '... our turn ends with the last word that was heard');
like($said, qr/\ncustomer: stop calling me\nassistant: /, '... the person\'s words are a turn, and we confirm');
is_sql($node, 'va', "SELECT source FROM voiceagent.do_not_call_list WHERE phone = '+12125550142'", 'call', '... and the lead is on the list while the carrier still thinks that the call goes on');
is_sql($node, 'va', "SELECT outcome IS NULL FROM voiceagent.calls WHERE call_id = $call", 't', '... whose report is waited for');

# ---- a cough is no word ----

SKIP:
{
	skip 'the network was not fetched', 2 if $activity eq 'energy';
	($stream, $sid, $call) = dial('+12125550159');
	($came) = talk($stream, $sid, 'yes speaking', '!700 ^300', 'goodbye', 'goodbye');
	is($came->{clears}, 0, 'when the person coughs, the network knows that it is no voice, and we speak on');
	is_sql($node, 'va', "SELECT event_data -> 'resumed', event_data -> 'barge_ins' FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_ended'", '0|0', '... as the call\'s events say');
}
$node->append_conf('postgresql.conf', "voiceagent.voice_activity = energy\n");
$node->reload;
wait_for_sql($node, 'va', "SELECT state LIKE '%by energy' FROM voiceagent.status() WHERE component = 'speech'", 't', 'by energy, when the settings say so', 60);
($stream, $sid, $call) = dial('+12125550144');
($came) = talk($stream, $sid, 'yes speaking', '!700 ^300', 'goodbye', 'goodbye');
is($came->{clears}, 1, '... when the person coughs, we fall silent');
$said = $node->safe_psql('va', turns($call));
note($said);
like($said, qr/\ncustomer: yes speaking\n(?:assistant: [^\n]+[.?!]\n)+customer: goodbye\nassistant: /, '... and say the rest of it then, for it was no word');
is_sql($node, 'va', "SELECT event_data -> 'resumed', event_data -> 'barge_ins', (event_data -> 'longest_verdict_ms')::integer > 0 FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_ended'", '1|0|t', '... which the call\'s events count and time');
$node->append_conf('postgresql.conf', "voiceagent.voice_activity = auto\n");
$node->reload;

# ---- keys ----

($stream, $sid, $call) = dial('+12125550146');
($came) = talk($stream, $sid, 'yes speaking', '#5', 'goodbye', 'goodbye');
$said = $node->safe_psql('va', turns($call));
note($said);
like($said, qr/\ncustomer: yes speaking\n(?:assistant: [^\n]+\n)+customer: 5\n(?:assistant: [^\n]+\n)+customer: goodbye\n/, 'a key is what a person has said, and is answered');

# ---- silence; a second socket ----

($stream, $sid, $call) = dial('+12125550143');
my $silent = start([ 'python3', 'regress/fakes/caller.py', 'exotel', $stream, $sid, $speech, PostgreSQL::Test::Utils::tempdir() . '/silent.wav', '~' ], '>', \my $out, '2>', \my $err);
ok(wait_until(sub { $node->safe_psql('va', "SELECT count(*) FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_opened'") eq '1' }, 20), 'a person says nothing');
($second) = talk($stream, $sid, '~');
ok($second->{status} eq 'closed' && $second->{seconds} < 5, 'while a socket brings audio, a second one for its call is closed');
finish($silent);
is($json->decode($out)->{status}, 'closed', 'who says nothing is asked, and then we hang up');
like($node->safe_psql('va', turns($call)), qr/(?:\nassistant: Are you still there\?){2}\nassistant: Thank you, goodbye\.$/, '... twice');

# ---- several at once ----

my @numbers = map { sprintf('+12125550%03d', 160 + $_) } 1 .. 10;
my @asked = came('POST', qr{/connect\.json$});
start_leads($node, $tenant, \@numbers, account => $account, settings => {max_call_duration => '5 minutes'});
ok(wait_until(sub { scalar(came('POST', qr{/connect\.json$})) == @asked + @numbers }, 60), 'ten more are dialled');
my $media_pid = $node->safe_psql('va', "SELECT pid FROM voiceagent.status() WHERE component = 'media'");
sub processor { my @stat = split ' ', (slurp_file("/proc/$media_pid/stat") =~ s/^.*\) //sr); return ($stat[11] + $stat[12]) / 100; }
my ($cpu, @people) = (processor());
my @all = came('POST', qr{/connect\.json$});
foreach my $dial (@all[ @asked .. $#all ])
{
	my ($each) = $dial->{body} =~ /StreamUrl=([^&]+)/;
	$each =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	my ($ref) = $each =~ /attempt=([\w-]+)/;
	my %person = (out => '', err => '');
	$person{run} = start([ 'python3', 'regress/fakes/caller.py', 'exotel', $each, "sid-$ref", $speech, "$dir/$ref.wav", '~' ], '>', \$person{out}, '2>', \$person{err});
	push @people, \%person;
}
finish($_->{run}) foreach @people;
my @heard = map { $json->decode($_->{out} || '{}') } @people;
is(scalar(grep { ($_->{status} // '') eq 'closed' && $_->{first_sound_ms} < 5000 } @heard), 10, '... and each of them is greeted, asked twice and said goodbye to');
my $seconds = 0;
$seconds += $_->{seconds} foreach @heard;
note(sprintf('the process media: %.2f %% of a core a call; first sound after %s ms', 100 * (processor() - $cpu) / $seconds, join(' ', map { $_->{first_sound_ms} } @heard)));
is_sql($node, 'va', "SELECT count(DISTINCT t.call_id) FROM voiceagent.call_turns t JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.phone = ANY ('{@{[join(',', @numbers)]}}') AND t.text = 'Thank you, goodbye.'", 10, '... which is kept of each');

wait_for_sql($node, 'va', "SELECT calls, opened >= 3, (SELECT sum(r.value::int) >= 4 FROM jsonb_each_text(refused) r), frames_late < 50 FROM voiceagent_private.media_state", '0|t|t|t', 'the state of the process counts them, and no second of frames was late');
like($node->safe_psql('va', 'SELECT voiceagent.metrics()'), qr/^voiceagent_media_frames_heard_total [1-9]/m, '... and so do the metrics');

# ---- ears that hang hold up nobody's voice; the voice dies ----

my %part;
push @{ $part{(split /\0/, slurp_file("/proc/$_/cmdline"))[1]} }, $_ foreach split ' ', `pgrep -P $media_pid`;
is(join(' ', map { "$_ " . @{ $part{$_} } } sort keys %part), 'ear 2 voice 1', 'a voice and two ears are processes of their own');
kill 'STOP', @{ $part{ear} };
($stream, $sid, $call) = dial('+12125550145');
($came) = talk($stream, $sid, 'yes speaking', '~');
kill 'CONT', @{ $part{ear} };
$said = $node->safe_psql('va', turns($call));
note($said);
ok($came->{status} eq 'closed' && $came->{first_sound_ms} < 5000, 'while the ears hang, a call is greeted');
like($said, qr/\nassistant: Thank you, goodbye\.$/, '... and heard to its end');

kill 'KILL', @{ $part{voice} };
wait_for_sql($node, 'va', "SELECT state LIKE 'voiceagent-speech has ended%' OR state LIKE 'espeak-ng%' FROM voiceagent.status() WHERE component = 'speech'", 't', 'when the program dies, the status says so', 10);
wait_for_sql($node, 'va', "SELECT state LIKE 'espeak-ng%' FROM voiceagent.status() WHERE component = 'speech'", 't', '... and it is started again', 60);
is_sql($node, 'va', "SELECT state FROM voiceagent.status() WHERE component = 'media'", 'running', '... by the same process');

done_testing();
