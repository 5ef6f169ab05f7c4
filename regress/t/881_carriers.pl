# One spoken call, both ways, over the socket of each carrier whose protocol we speak: how its document or its command opens the
# socket, that the law's words and the greeting are ours, a barge-in, what is kept, and that the carrier is told of the end.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha1_base64 hmac_sha256 hmac_sha256_base64 sha256_hex);
use HTTP::Tiny;
use IPC::Run qw(run);
use JSON::PP;
use MIME::Base64 qw(encode_base64 encode_base64url);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my $dir = PostgreSQL::Test::Utils::tempdir();
my ($sid, $auth_id) = ('AC' . '0a' x 16, 'MA' . 'A0' x 9);
my %ours = (twilio => '+12125550177', plivo => '+12125550188', telnyx => '+12125550166', vonage => '+12125550155');

sub unescape { my ($text) = @_; $text =~ tr/+/ /; $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge; return $text }
sub fields { my ($form) = @_; return map { my ($name, $value) = split /=/, $_, 2; [ unescape($name), unescape($value // '') ] } split /&/, $form }
sub xml { my ($text) = @_; $text =~ s/&amp;/&/g; return $text }
# The carrier's id of the call to a number ...4101.
sub id_of { my ($provider, $last) = @_; return $provider eq 'twilio' ? 'CA' . '0' x 28 . $last : "$provider-$last" }

# ---- the carriers ----

my $port = fake_carrier(sub {
	my ($asked) = @_;
	my ($method, $path) = @$asked{qw(method path)};
	my ($last) = unescape($asked->{body}) =~ /\+?12125554(\d{3})/;
	$last = "4$last" if defined $last;
	return (201, {sid => id_of('twilio', $last), status => 'queued'}) if $method eq 'POST' && $path =~ m{/Calls\.json$};
	return (200, {sid => $1, status => 'completed'}) if $method eq 'POST' && $path =~ m{/Calls/(CA\w+)\.json$};
	return (201, {request_uuid => id_of('plivo', $last), message => 'call fired'}) if $method eq 'POST' && $path =~ m{/Call/$};
	return (202, {message => 'call transferred', call_uuids => [$1]}) if $method eq 'POST' && $path =~ m{/Call/(plivo-\d+)/$};
	return (204, '') if $method eq 'DELETE' || $method eq 'PUT';
	return (200, {data => {call_control_id => id_of('telnyx', $last), is_alive => JSON::PP::false}}) if $path eq '/calls';
	return (200, {data => {result => 'ok'}}) if $path =~ m{/actions/};
	return (201, {uuid => id_of('vonage', $last), status => 'started'}) if $path eq '/v1/calls';
	return (200, {incoming_phone_numbers => [{sid => 'PN' . '02' x 16, phone_number => $ours{twilio}}], next_page_uri => undef}) if $path =~ m{/IncomingPhoneNumbers};
	return (200, {objects => [{number => substr($ours{plivo}, 1), voice_enabled => JSON::PP::true}], meta => {next => undef, total_count => 1}}) if $path =~ m{/Number/};
	return (200, {data => [{id => '129', phone_number => $ours{telnyx}, status => 'active'}], meta => {page_number => 1, total_pages => 1}}) if $path =~ m{^/phone_numbers\?};
	return (200, {count => 1, numbers => [{country => 'US', msisdn => substr($ours{vonage}, 1), features => ['VOICE']}]}) if $path =~ m{^/account/numbers\?};
	return (404, {});
});

# ---- the server, behind a proxy that ends TLS, which the test plays ----

my ($front, $gateway) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 2;
my $node = new_real_node('main', 'voiceagent.media_port' => 0, 'voiceagent.gateway_port' => $gateway, 'voiceagent.public_base_url' => "https://127.0.0.1:$front");
my $speech = need_speech($node);
system("openssl genpkey -algorithm ed25519 -out $dir/ed.pem && openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out $dir/rsa.pem 2>$dir/err") == 0
	or plan(skip_all => 'openssl makes no keys');
sub openssl { my (@arguments) = @_; open(my $pipe, '-|:raw', 'openssl', @arguments) or die $!; local $/; return scalar <$pipe> }
my $public_key = encode_base64(substr(openssl('pkey', '-in', "$dir/ed.pem", '-pubout', '-outform', 'DER'), -32), '');
my $tenant = create_tenant($node, 'va', 'Carried', credits => 1000);
real_settings($node, [ {port => $port}, {port => $front} ], lookup_interval => '1 minute');
wait_for_sql($node, 'va', "SELECT state = 'running' AND address ~ ':[0-9]' FROM voiceagent.status() WHERE component = 'media'", 't', 'the process media runs, and listens', 30);
wait_for_sql($node, 'va', "SELECT state LIKE 'espeak-ng % speaks%' FROM voiceagent.status() WHERE component = 'speech'", 't', '... and speaks', 60);
my ($media) = $node->safe_psql('va', "SELECT address FROM voiceagent.status() WHERE component = 'media'") =~ /:(\d+)$/;
my %parts = (
	twilio => [{account_sid => $sid, auth_token => 'token-of-twilio'}, {from_number => '+14155550101'}],
	plivo => [{auth_id => $auth_id, auth_token => 'token-of-plivo'}, {from_number => '+14155550101'}],
	telnyx => [{api_key => 'KEY-1', public_key => $public_key}, {connection_id => '7267', from_number => '+14155550101'}],
	vonage => [{application_id => 'app-1', private_key => slurp_file("$dir/rsa.pem"), signature_secret => 'a-signature-secret', api_key => 'abcd1234', api_secret => 'secret-secret'}, {from_number => '+14155550101'}]);
my (%account, %endpoint);
foreach my $provider (sort keys %parts)
{
	my ($credentials, $settings) = @{$parts{$provider}};
	$account{$provider} = as_tenant($node, 'va', $tenant, sprintf("SELECT voiceagent.create_provider_account('$provider', '$provider', '%s', '%s')",
		$json->encode($credentials), $json->encode({%$settings, base_url => "http://127.0.0.1:$port"})));
	$node->safe_psql('va', "SELECT voiceagent.arm($account{$provider}, '$provider')");
	$endpoint{$provider} = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account{$provider})");
	my $url = as_tenant($node, 'va', $tenant, "SELECT voiceagent.media_url($account{$provider})");
	like($url, qr{^wss://127\.0\.0\.1:$front/media/$provider/[\w-]{43}$}, "$provider: its account has an address for its sockets");
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account{$provider}, settings => jsonb_build_object('stream_url', '$url'))});
}
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);

# ---- webhooks, signed as each carrier does, by the address that it knows ----

my %sign = (
	twilio => sub {
		my ($url, $form) = @_;
		return {'x-twilio-signature' => hmac_sha1_base64(join('', $url, map { $_->[0] . $_->[1] } sort { $a->[0] cmp $b->[0] } fields($form)), 'token-of-twilio') . '='};
	},
	plivo => sub {
		my ($url, $form) = @_;
		my ($path, $query) = split /\?/, $url, 2;
		my @query = map { "$_->[0]=$_->[1]" } sort { $a->[0] cmp $b->[0] } fields($query // '');
		my @form = map { $_->[0] . $_->[1] } sort { $a->[0] cmp $b->[0] } fields($form);
		my $text = $path . (@query || @form ? '?' : '') . join('&', @query) . (@query && @form ? '.' : '') . join('', @form) . '.12345';
		return {'x-plivo-signature-v3' => hmac_sha256_base64($text, 'token-of-plivo') . '=', 'x-plivo-signature-v3-nonce' => '12345'};
	},
	telnyx => sub {
		my ($url, $body) = @_;
		my $at = int(time);
		open(my $file, '>:raw', "$dir/text") or die $!;
		print $file "$at|$body";
		close $file;
		return {'telnyx-timestamp' => $at, 'telnyx-signature-ed25519' => encode_base64(openssl('pkeyutl', '-sign', '-rawin', '-inkey', "$dir/ed.pem", '-in', "$dir/text"), '')};
	},
	vonage => sub {
		my ($url, $body) = @_;
		my $text = encode_base64url($json->encode({alg => 'HS256', typ => 'JWT'})) . '.' . encode_base64url($json->encode({iat => int(time), iss => 'Vonage', payload_hash => sha256_hex($body), api_key => 'abcd1234'}));
		return {authorization => "Bearer $text." . encode_base64url(hmac_sha256($text, 'a-signature-secret'))};
	});

sub webhook
{
	my ($provider, $url, $body) = @_;
	my $type = $provider =~ /twilio|plivo/ ? 'application/x-www-form-urlencoded' : 'application/json';
	my $reply = HTTP::Tiny->new(timeout => 20)->post($url =~ s{^https://[^/]+}{http://127.0.0.1:$gateway}r, {content => $body, headers => {'content-type' => $type, %{$sign{$provider}->($url, $body)}}});
	is($reply->{status}, 200, "$provider sends an event") or diag($reply->{content});
	return $reply->{content};
}

# Where a document opens a socket; nothing is said before it.
my %opens = (
	twilio => qr{<Response><Connect><Stream url="([^"]+)"},
	plivo => qr{<Response>(?:<Record [^>]*/>)?<Stream bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000"[^>]*>([^<]+)</Stream>(?:<Wait length="1"/>)?<Redirect method="POST">},
	vonage => qr{\{"action":"connect","endpoint":\[\{.*?"uri":"([^"]+)"});

# ---- how a call of ours is dialled, and where its socket is ----

my %stream_of = (
	twilio => sub { my ($dial) = @_; return xml({map { @$_ } fields($dial->{body})}->{Twiml}) =~ $opens{twilio} },
	plivo => sub {
		my ($dial, $id) = @_;
		my $url = $json->decode($dial->{body})->{answer_url};
		return xml(webhook('plivo', $url, "CallUUID=$id&ParentAuthID=$auth_id&From=14155550101&To=12125554102&Direction=outbound&Event=StartApp&CallStatus=in-progress")) =~ $opens{plivo};
	},
	telnyx => sub {
		my ($dial) = @_;
		my $asked = $json->decode($dial->{body});
		is("$asked->{stream_bidirectional_mode} $asked->{stream_bidirectional_codec} $asked->{stream_track}", 'rtp PCMU inbound_track', '... in mu-law, both ways');
		return $asked->{stream_url};
	},
	vonage => sub { my ($dial) = @_; return $json->encode($json->decode($dial->{body})->{ncco}) =~ $opens{vonage} });
my %dialled = (twilio => qr{/Calls\.json$}, plivo => qr{/Call/$}, telnyx => qr{^/calls$}, vonage => qr{^/v1/calls$});
my %hung_up = (
	twilio => sub { came('POST', qr{/Calls/$_[0]\.json$}) }, plivo => sub { came('DELETE', qr{/Call/$_[0]/}) },
	telnyx => sub { came('POST', qr{^/calls/$_[0]/actions/hangup$}) }, vonage => sub { came('PUT', qr{^/v1/calls/$_[0]$}) });

my $n = 0;
sub talk
{
	my ($provider, $stream, $id, @lines) = @_;
	my ($out, $err) = ('', '');
	run([ 'python3', 'regress/fakes/caller.py', $provider, $stream =~ s{^wss://127\.0\.0\.1:$front/}{ws://127.0.0.1:$media/}r, $id, $speech, "$dir/" . ++$n . '.wav', @lines ], '>', \$out, '2>', \$err);
	note("$out$err");
	return $json->decode($out || '{}');
}

sub turns { my ($call) = @_; return $node->safe_psql('va', "SELECT string_agg(speaker || ': ' || text, E'\\n' ORDER BY turn) FROM voiceagent.call_turns WHERE call_id = $call"); }

# ---- the same call over each ----

my $last = 4100;
foreach my $provider (sort keys %parts)
{
	my $number = '+1212555' . ++$last;
	my $id = id_of($provider, $last);
	start_leads($node, $tenant, [ $number ], account => $account{$provider}, itself => 0, settings => {max_call_duration => '5 minutes', record_calls => 'off'});
	ok(wait_until(sub { came('POST', $dialled{$provider}) }, 40), "$provider: $number is dialled");
	my ($stream) = $stream_of{$provider}->((came('POST', $dialled{$provider}))[0], $id);
	like($stream // '', qr{^wss://127\.0\.0\.1:$front/media/$provider/[\w-]{43}/va-\d+-\d+-[0-9a-f]{8}$}, '... and connected to us, with nothing said before') or next;
	my $call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE phone = '$number'");
	my $other = talk($provider, $stream =~ s/-[0-9a-f]{8}$/-00000000/r, $id, '~');
	is($other->{status}, 'closed', '... a socket that names another call is closed');
	if ($provider ne 'vonage')
	{
		is(talk($provider, $stream, 'another', '~')->{status}, 'closed', '... and so is one whose carrier names another');
		is_sql($node, 'va', "SELECT event_data ->> 'why' FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_refused'", 'the socket is of another call', '... which its events say');
	}
	my $came = talk($provider, $stream, $id, 'yes speaking', '!900 no thank you i am not interested', 'bye', 'goodbye');
	is($came->{status}, 'closed', '... the person talks with us, and we hang up');
	ok($came->{first_sound_ms} < 3000, "... who is heard soon ($came->{first_sound_ms} ms)");
	my $said = turns($call);
	note($said);
	# On a slow machine a filler comes before the answer, and the person may speak over both.
	my $filled = $said =~ /\nassistant: One moment/;
	ok($came->{clears} == 1 || ($filled && $came->{clears} > 1), "... and stops when the person speaks over it ($came->{clears})");
	like($said, qr/^assistant: .*stop calling.* Hello Lead/, '... the law\'s words and the greeting are ours');
	my ($parts, $times) = split /\|/, $node->safe_psql('va', "SELECT array_to_string(disclosures, ','), array_to_string(opening_ms, ',', 'never') FROM voiceagent.attempts WHERE call_id = $call");
	is("$parts " . ($times =~ tr/0-9,//cdr), "caller,opt_out,number $times", "... and the proof has when each part of the opening was said ($times ms)");
	my @times = split /,/, $times;
	ok($times[0] < $times[1] && $times[1] < $times[2] && $times[2] < 30_000, '... the way out right behind the name');
	my $next = $filled ? qr/(?:customer: bye\n)?assistant: / : qr/assistant: /;
	like($said, qr/\ncustomer: yes speaking\n(?:assistant: .+\n)+customer: no thank you i am not interested\n$next/, '... and what both said is kept');
	ok(wait_until(sub { $hung_up{$provider}->($id) }, 20), '... and the carrier is told of the end');
	is_sql($node, 'va', "SELECT event_data ->> 'why', (event_data ->> 'frames_late')::integer < 50 FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_ended'", 'we have hung up|t', '... which is ours, and no second of frames was late');
}

# ---- the socket breaks, and the carrier comes back ----

# Where the carrier is told to connect it again, as each learns that it has gone.
my %again = (
	twilio => sub { my ($url, $id) = @_; return xml(webhook('twilio', $url, "CallSid=$id&AccountSid=$sid&CallStatus=in-progress&Direction=outbound-api")) },
	plivo => sub { my ($url, $id) = @_; return xml(webhook('plivo', $url, "CallUUID=$id&ParentAuthID=$auth_id&Event=Redirect&CallStatus=in-progress&Direction=outbound")) },
	telnyx => sub {
		my ($url, $id) = @_;
		my @before = came('POST', qr{/actions/streaming_start$});
		webhook('telnyx', $endpoint{telnyx}, $json->encode({data => {record_type => 'event', event_type => 'streaming.stopped', id => "s-$id", occurred_at => '2026-11-20T15:00:00.000Z',
			payload => {call_control_id => $id, connection_id => '7267', stream_id => 'x'}}}));
		wait_until(sub { came('POST', qr{/actions/streaming_start$}) > @before }, 30);
		return $json->decode((came('POST', qr{/actions/streaming_start$}))[-1]{body})->{stream_url} // '';
	},
	vonage => sub {
		my ($url, $id, $ref) = @_;
		my $to = $url =~ s{/va-[^/]*$}{}r;
		webhook('vonage', "$endpoint{vonage}?attempt=$ref&as=leg", $json->encode({to => $to, from => 'x', uuid => "ws-$id", conversation_uuid => 'CON-3', status => 'disconnected', timestamp => '2026-11-20T15:00:00.000Z'}));
		wait_until(sub { came('PUT', qr{^/v1/calls/$id$}) }, 30);
		my $asked = (came('PUT', qr{^/v1/calls/$id$}))[-1] or return '';
		return $json->encode($json->decode($asked->{body})->{destination}{ncco});
	});
# The document's redirection, where it has one.
sub redirect { my ($document) = @_; return $document =~ m{<Redirect method="POST">([^<]+)</Redirect>} ? $1 : undef }

# One more call by a carrier: (number, the carrier's id, what it was asked)
sub dials
{
	my ($provider) = @_;
	my $number = '+1212555' . ++$last;
	my $id = id_of($provider, $last);
	my @dials = came('POST', $dialled{$provider});
	start_leads($node, $tenant, [ $number ], account => $account{$provider}, itself => 0, settings => {max_call_duration => '5 minutes', record_calls => 'off'});
	ok(wait_until(sub { came('POST', $dialled{$provider}) > @dials }, 40), "$provider: $number is dialled");
	return ($number, $id, (came('POST', $dialled{$provider}))[-1]);
}

foreach my $provider (sort keys %parts)
{
	my ($number, $id, $dial) = dials($provider);
	my ($stream) = $stream_of{$provider}->($dial, $id);
	my ($ref) = $stream =~ m{/(va-[^/]+)$};
	my $call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE phone = '$number'");
	my $where = $provider eq 'twilio' ? redirect(xml({map { @$_ } fields($dial->{body})}->{Twiml}))
		: $provider eq 'plivo' ? $json->decode($dial->{body})->{answer_url} =~ s/as=answer/as=again&times=1/r : $stream;
	# Longer than what fills the silence while a slow ear listens: the answer is being said.
	is(talk($provider, $stream, $id, 'yes speaking', '%2500')->{status}, 'closed', '... and its socket breaks while we speak');
	my $at = time;
	my $told = $again{$provider}->($where, $id, $ref);
	my ($second) = $provider eq 'telnyx' ? $told : $told =~ $opens{$provider};
	is($second // $told, $stream, sprintf('... the carrier is told to connect it again (%.2f s)', time - $at));
	my $third = redirect($told);
	like($third // '', qr/as=again&times=2$/, '... and then to come back once more') if $provider =~ /twilio|plivo/;
	talk($provider, $second // '', $id, 'no thank you i am not interested', 'bye', 'goodbye');
	# At once: nothing is awaited before.
	like($again{$provider}->($third, $id), qr/<Hangup/, '... after which a carrier that asks what follows hangs up') if $provider =~ /twilio|plivo/;
	my $said = turns($call);
	note($said);
	like($said, qr/ Hello Lead\n(?:assistant: One moment.*\n)?customer: yes speaking\n(?:assistant: .+\n)+?assistant: Sorry, the line broke off\. .+\n(?:assistant: One moment.*\n)?customer: no thank you i am not interested\nassistant: /, '... and the talk goes on where it was');
	unlike($said, qr/Hello Lead.*Hello Lead/s, '... without a second greeting');
	ok(wait_until(sub { $hung_up{$provider}->($id) }, 20), '... to its end');
	is(talk($provider, $stream, $id, '~')->{status}, 'closed', '... and a socket is closed');
}

# ---- the call is put through, and nobody takes it: the talk goes on ----

# How each asks a number, for so long; and what it is told when nobody takes it, by the request or the document that says where.
my %put_through = (
	twilio => sub { my ($id) = @_; return xml({map { @$_ } fields((came('POST', qr{/Calls/$id\.json$}))[-1]{body})}->{Twiml}) },
	plivo => sub { my ($id) = @_; return xml(webhook('plivo', $json->decode((came('POST', qr{/Call/$id/$}))[-1]{body})->{aleg_url}, "CallUUID=$id&ParentAuthID=$auth_id&Event=Redirect&CallStatus=in-progress&Direction=outbound")) },
	telnyx => sub { my ($id) = @_; return (came('POST', qr{^/calls/$id/actions/transfer$}))[-1]{body} },
	vonage => sub { my ($id) = @_; return (came('PUT', qr{^/v1/calls/$id$}))[-1]{body} });
my %rings = (twilio => qr{<Dial [^>]*timeout="25"}, plivo => qr{<Dial [^>]*timeout="25"}, telnyx => qr{"timeout_secs":25}, vonage => qr{"timeout":25});
my %untaken = (
	twilio => sub { my ($told, $id, $status) = @_; return xml(webhook('twilio', $told =~ /action="([^"]+)"/ ? $1 : '', "CallSid=$id&AccountSid=$sid&CallStatus=in-progress&Direction=outbound-api&DialCallStatus=$status")) },
	plivo => sub { my ($told, $id, $status) = @_; return xml(webhook('plivo', $told =~ /action="([^"]+)"/ ? $1 : '', "CallUUID=$id&ParentAuthID=$auth_id&DialStatus=$status&DialBLegUUID=leg&CallStatus=in-progress&Direction=outbound")) },
	telnyx => sub {
		my ($told, $id) = @_;
		my @before = came('POST', qr{^/calls/$id/actions/streaming_start$});
		webhook('telnyx', $endpoint{telnyx}, $json->encode({data => {record_type => 'event', event_type => 'call.hangup', id => "u-$id", occurred_at => '2026-11-20T15:00:00.000Z',
			payload => {call_control_id => 'leg', connection_id => '7267', hangup_cause => 'timeout', client_state => $json->decode($told)->{target_leg_client_state}}}}));
		wait_until(sub { came('POST', qr{^/calls/$id/actions/streaming_start$}) > @before }, 30);
		return $json->decode((came('POST', qr{^/calls/$id/actions/streaming_start$}))[-1]{body})->{stream_url} // '';
	},
	vonage => sub {
		my ($told, $id) = @_;
		my ($url) = @{$json->decode($told)->{destination}{ncco}[0]{eventUrl}};
		return webhook('vonage', $url, $json->encode({to => '12125550201', from => 'x', uuid => "leg-$id", conversation_uuid => 'CON-4', status => 'unanswered', timestamp => '2026-11-20T15:00:00.000Z'}));
	});
foreach my $provider (sort keys %parts)
{
	my ($number, $id, $dial) = dials($provider);
	my ($stream) = $stream_of{$provider}->($dial, $id);
	my $call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE phone = '$number'");
	talk($provider, $stream, $id, 'yes speaking', '%2500');
	my $asked = as_tenant($node, 'va', $tenant, "SELECT voiceagent.transfer_call($call, '+12125550201')");
	wait_for_sql($node, 'va', "SELECT state FROM voiceagent.provider_requests WHERE provider_request_id = $asked", 'done', "$provider: the call is put through", 30);
	my $told = $put_through{$provider}->($id);
	like($told, $rings{$provider}, '... which rings for a while');
	my $again = $untaken{$provider}->($told, $id, 'no-answer');
	my ($second) = $provider eq 'telnyx' ? $again : $again =~ $opens{$provider};
	is($second // $again, $stream, '... and nobody takes it: the carrier is told to connect it to us again');
	is_sql($node, 'va', "SELECT unanswered_at IS NOT NULL, way FROM voiceagent.transfers WHERE call_id = $call", 't|blind', '... which is kept');
	talk($provider, $second // '', $id, 'no thank you i am not interested', 'bye', 'goodbye');
	like(turns($call), qr/assistant: Sorry, nobody can come to the telephone now\. .+\n(?:assistant: One moment.*\n)?customer: no thank you i am not interested\nassistant: /, '... and the talk goes on');
	# After a talk with whoever took it there is nothing left to say.
	like($untaken{$provider}->($told, $id, 'completed'), qr/<Hangup|<\/Response>/, '... after one that was taken it ends') if $provider =~ /twilio|plivo/;
	ok(wait_until(sub { $hung_up{$provider}->($id) }, 20), '... to its end');
}

# ---- the person wants no more calls, and hangs up as soon as that is said ----

foreach my $provider (sort keys %parts)
{
	my ($number, $id, $dial) = dials($provider);
	my ($stream) = $stream_of{$provider}->($dial, $id);
	is(talk($provider, $stream, $id, 'stop calling me', '/100')->{status}, 'closed', '... and is gone before an ear can have understood');
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.do_not_call_list WHERE phone = '$number'", 1, '... and is called no more', 30);
	like(turns($node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE phone = '$number'")), qr/\ncustomer: stop calling me$/, '... because the last words are kept');
}

# ---- ... or says so into the law's words ----

{
	my ($provider) = sort keys %parts;
	my ($number, $id, $dial) = dials($provider);
	my ($stream) = $stream_of{$provider}->($dial, $id);
	is(talk($provider, $stream, $id, '!300 stop calling me', '~')->{status}, 'closed', '... and speaks while the law is told');
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.do_not_call_list WHERE phone = '$number'", 1, '... and is called no more', 30);
	my $said = turns($node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE phone = '$number'"));
	like($said, qr/customer: stop calling me/, '... because it is heard') or diag($said);
	like($said, qr/say "stop calling" at any time/, '... and the law is told to its end');
}

# ---- somebody calls ----

my $assistant = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Reception', 'Good day, this is Acme. How can I help you?', 'Be kind.')});
my %incoming = (
	twilio => sub { return xml(webhook('twilio', $endpoint{twilio}, "CallSid=$_[0]&AccountSid=$sid&CallStatus=ringing&Direction=inbound&From=%2B13055550100&To=%2B" . substr($ours{twilio}, 1))) =~ $opens{twilio} },
	plivo => sub { return xml(webhook('plivo', $endpoint{plivo}, "CallUUID=$_[0]&From=13055550100&To=" . substr($ours{plivo}, 1) . "&Direction=inbound&Event=StartApp&CallStatus=ringing&ParentAuthID=$auth_id")) =~ $opens{plivo} },
	telnyx => sub {
		webhook('telnyx', $endpoint{telnyx}, $json->encode({data => {record_type => 'event', event_type => 'call.initiated', id => 'e-1', occurred_at => '2026-11-20T15:00:00.000Z',
			payload => {call_control_id => $_[0], connection_id => '7267', direction => 'incoming', from => '+13055550100', to => $ours{telnyx}}}}));
		wait_until(sub { came('POST', qr{/actions/answer$}) }, 30);
		return $json->decode((came('POST', qr{/actions/answer$}))[0]{body})->{stream_url};
	},
	vonage => sub {
		my $hashed = sprintf('{"to":"%s","from":"13055550100","uuid":"%s","conversation_uuid":"CON-2"}', substr($ours{vonage}, 1), $_[0]);
		my $query = 'to=' . substr($ours{vonage}, 1) . "&from=13055550100&uuid=$_[0]&conversation_uuid=CON-2";
		my $reply = HTTP::Tiny->new(timeout => 20)->get($endpoint{vonage} =~ s{^https://[^/]+}{http://127.0.0.1:$gateway}r . "?$query", {headers => $sign{vonage}->('', $hashed)});
		is($reply->{status}, 200, 'vonage asks what to do');
		return $reply->{content} =~ $opens{vonage} ? $1 : diag($reply->{content});
	});
foreach my $provider (sort keys %incoming)
{
	my $number = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_phone_number('$ours{$provider}', $account{$provider}, '{"ai_assistant_id": $assistant}')});
	wait_for_sql($node, 'va', "SELECT state FROM voiceagent.phone_numbers WHERE phone_number_id = $number", 'ready', "$provider: the number is found", 30);
	my $id = id_of($provider, '5555');
	my ($stream) = $incoming{$provider}->($id);
	like($stream // '', qr{^wss://127\.0\.0\.1:$front/media/$provider/[\w-]{43}/\Q$id\E$}, '... and who calls it is connected to us') or next;
	is(talk($provider, $stream =~ s/5555$/5556/r, $id =~ s/5555$/5556/r, '~')->{status}, 'closed', '... a call that did not come in is not held');
	is(talk($provider, $stream, $id, 'stop calling me', '~')->{status}, 'closed', '... the caller talks with us');
	my $call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.call_inbound WHERE provider_call_id = '$id'");
	my $said = turns($call);
	note($said);
	like($said, qr/^assistant: .*Good day, this is Acme\. How can I help you\?\ncustomer: stop calling me\nassistant: /, '... is greeted, and heard');
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.do_not_call_list WHERE phone = '+13055550100'", 1, '... and called no more', 30);
	ok(wait_until(sub { $hung_up{$provider}->($id) }, 20), '... and the carrier is told of the end');
	$node->safe_psql('va', "DELETE FROM voiceagent.do_not_call_list WHERE phone = '+13055550100'");
}

# ---- the line that stops ----

# Whoever rings it says so in words, or presses a key; nothing is asked of a model.
foreach my $of (['plivo', '6661', 'please do not call me again', qr/customer: please do not call me again/], ['twilio', '6662', '#9', qr/customer: 9$/m])
{
	my ($provider, $last, $says, $heard) = @$of;
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_phone_number(phone_number_id, '{"in_hours": "stop_line"}') FROM voiceagent.phone_numbers WHERE phone_number = '$ours{$provider}'});
	my $id = id_of($provider, $last);
	my ($stream) = $incoming{$provider}->($id);
	is(talk($provider, $stream, $id, $says, '~')->{status}, 'closed', "$provider: somebody rings the line that stops, and we hang up");
	my $said = turns($node->safe_psql('va', "SELECT call_id FROM voiceagent.call_inbound WHERE provider_call_id = '$id'"));
	like($said, qr/^assistant: This is the line on which you stop our calls\. To stop these calls, press 9 at any time\. Just say: do not call me again\./, '... it says how') or diag($said);
	like($said, $heard, '... it hears');
	like($said, qr/assistant: (?:One moment, please\. )?You will not be called again\. Goodbye\.\z/, '... and confirms') or diag($said);
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.do_not_call_list WHERE phone = '+13055550100'", 1, '... the number is listed', 30);
	$node->safe_psql('va', "DELETE FROM voiceagent.do_not_call_list WHERE phone = '+13055550100'");
}

done_testing();
