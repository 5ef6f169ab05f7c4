# Whole calls at carriers that sign in ways of their own, Telnyx (Ed25519) and Vonage (JWT both ways), against a fake of
# each: what is dialled and with which proof, what is told to the call, whose webhooks are believed.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256 sha256_hex);
use HTTP::Tiny;
use JSON::PP;
use MIME::Base64 qw(encode_base64 encode_base64url decode_base64url);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $dir = PostgreSQL::Test::Utils::tempdir();
my $json = JSON::PP->new->canonical;

sub openssl
{
	my (@arguments) = @_;
	open(my $pipe, '-|:raw', 'openssl', @arguments) or die $!;
	local $/;
	return scalar <$pipe>;
}

system("openssl genpkey -algorithm ed25519 -out $dir/ed.pem && openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out $dir/rsa.pem 2>$dir/err && openssl pkey -in $dir/rsa.pem -pubout -out $dir/rsa.pub") == 0
	or plan(skip_all => 'openssl makes no keys');
my $public_key = encode_base64(substr(openssl('pkey', '-in', "$dir/ed.pem", '-pubout', '-outform', 'DER'), -32), '');
my $signature_secret = 'a-signature-secret';

# ---- the carriers ----

my $calls = 0;
my $port = fake_carrier(sub {
	my ($asked) = @_;
	my $path = $asked->{path};
	return (200, {data => {call_control_id => 'v3:' . ++$calls, is_alive => JSON::PP::false}}) if $path eq '/calls';
	return (201, {uuid => 'u-' . ++$calls, status => 'started'}) if $path eq '/v1/calls';
	return (200, {data => [{id => '129', phone_number => '+12125550177', status => 'active'}], meta => {page_number => 1, total_pages => 1}}) if $path =~ m{^/phone_numbers\?};
	return (200, {count => 1, numbers => [{country => 'US', msisdn => '12125550188', features => ['VOICE']}]}) if $path =~ m{^/account/numbers\?.*api_key=abcd1234&api_secret=secret-secret};
	return (200, {data => {result => 'ok'}}) if $path =~ m{/actions/};
	return (404, {});
});

# What came there: {body, as JSON; proof, its bearer token}.
sub told
{
	my ($method, $path) = @_;
	return map { +{body => $_->{body} ne '' ? decode_json($_->{body}) : undef, proof => $_->{head} =~ /^authorization: Bearer (\S+)/mi ? $1 : undef} } came($method, qr{^\Q$path\E$});
}

# ---- the server ----

my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Signed', credits => 1000);
real_settings($node, {port => $port}, report_grace => '2 seconds', lookup_interval => '1 minute');
wait_workers($node, 'the workers run');
my $rsa = slurp_file("$dir/rsa.pem");
my %account = (
	telnyx => as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('telnyx', 'T', '{"api_key": "KEY-1", "public_key": "$public_key"}',
		'{"connection_id": "7267", "from_number": "+12125550100", "base_url": "http://127.0.0.1:$port"}')}),
	vonage => as_tenant($node, 'va', $tenant, sprintf(q{SELECT voiceagent.create_provider_account('vonage', 'V', '%s', '{"from_number": "+12125550100", "base_url": "http://127.0.0.1:%d"}')},
		$json->encode({application_id => 'app-1', private_key => $rsa, signature_secret => $signature_secret, api_key => 'abcd1234', api_secret => 'secret-secret'}), $port)));
my %endpoint;
foreach my $provider (sort keys %account)
{
	$node->safe_psql('va', sprintf("SELECT voiceagent.arm($account{$provider}, '%s')", $provider eq 'telnyx' ? 'T' : 'V'));
	$endpoint{$provider} = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account{$provider})");
}
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);

# ---- webhooks ----

sub telnyx_headers
{
	my ($body, $at) = @_;
	$at //= int(time);
	open(my $file, '>:raw', "$dir/text") or die $!;
	print $file "$at|$body";
	close $file;
	return {'telnyx-timestamp' => $at, 'telnyx-signature-ed25519' => encode_base64(openssl('pkeyutl', '-sign', '-rawin', '-inkey', "$dir/ed.pem", '-in', "$dir/text"), '')};
}

sub vonage_headers
{
	my ($body, %claims) = @_;
	my $text = encode_base64url($json->encode({alg => 'HS256', typ => 'JWT'})) . '.'
		. encode_base64url($json->encode({iat => int(time), iss => 'Vonage', payload_hash => sha256_hex($body), api_key => 'abcd1234', %claims}));
	return {authorization => "Bearer $text." . encode_base64url(hmac_sha256($text, $signature_secret))};
}

sub reply_to
{
	my ($url, $body, $headers) = @_;
	return HTTP::Tiny->new(timeout => 20)->post($url, {content => $body, headers => {'content-type' => 'application/json', %$headers}});
}

sub post
{
	return reply_to(@_)->{status};
}

my $events = 0;
sub telnyx_body
{
	my ($type, $call, $state, %payload) = @_;
	my $now = time;
	my @at = gmtime $now;
	return $json->encode({data => {record_type => 'event', event_type => $type, id => sprintf('e-%d', ++$events),
		occurred_at => sprintf('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', $at[5] + 1900, $at[4] + 1, @at[3, 2, 1, 0], 1000 * ($now - int $now)),
		payload => {call_control_id => $call, connection_id => '7267', client_state => $state, from => '+12125550100', to => '+12125550101', %payload}}});
}

sub call_of
{
	my ($provider) = @_;
	return $node->safe_psql('va', "SELECT status, coalesce(outcome, ''), duration_seconds > 0, cost, cost_currency, recording_url IS NOT NULL FROM voiceagent.calls WHERE provider_account_id = $account{$provider}");
}

# ---- Telnyx: a call that is told what to say when it is answered ----

start_leads($node, $tenant, ['+12125550101'], account => $account{telnyx}, settings => {max_call_duration => '1 minute'});
wait_until(sub { told('POST', '/calls') }) or diag(seen());
my ($dial) = told('POST', '/calls');
is($dial->{proof}, 'KEY-1', 'Telnyx is asked with the key');
is($dial->{body}{to}, '+12125550101', '... to call the lead');
is($dial->{body}{connection_id}, '7267', '... by the application');
is($dial->{body}{webhook_url}, $endpoint{telnyx}, '... and to tell us at our endpoint');
my $state = $dial->{body}{client_state};
is(MIME::Base64::decode_base64($state), $dial->{body}{command_id}, '... with our reference, under which it dials once');

my $body = telnyx_body('call.answered', 'v3:1', $state);
is(post($endpoint{telnyx}, $body, {}), 401, 'a webhook without a signature is refused');
is(post($endpoint{telnyx}, "$body ", telnyx_headers($body)), 401, 'one whose body was changed');
is(post($endpoint{telnyx}, $body, telnyx_headers($body, int(time) - 400)), 401, 'a stale one');
is(post($endpoint{telnyx}, $body, vonage_headers($body)), 401, 'one that another carrier has signed');
my $stranger = telnyx_body('call.answered', 'v3:1', $state, connection_id => '9999');
is(post($endpoint{telnyx}, $stranger, telnyx_headers($stranger)), 401, 'one about another application');
# Another tenant may have the same Telnyx' key and application, so that whatever Telnyx signs for the one is right for the other.
my $stranger_tenant = create_tenant($node, 'va', 'Stranger', credits => 1000);
my $their_endpoint = as_tenant($node, 'va', $stranger_tenant, qq{SELECT voiceagent.create_endpoint(voiceagent.create_provider_account('telnyx', 'Theirs', '{"api_key": "KEY-2", "public_key": "$public_key"}',
	'{"connection_id": "7267", "from_number": "+12125550100", "base_url": "http://127.0.0.1:$port"}'))});
my $before = call_of('telnyx');
foreach my $type ('call.answered', 'call.hangup')
{
	my $theirs = telnyx_body($type, 'v3:1', $state, hangup_cause => 'normal_clearing', hangup_source => 'caller');
	is(post($their_endpoint, $theirs, telnyx_headers($theirs)), 200, "$type of our call at another tenant's endpoint, signed rightly, is taken");
}
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.inbox WHERE tenant_id = $stranger_tenant", 0, '... applied');
is(call_of('telnyx'), $before, '... and changes nothing of the call');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $stranger_tenant", 0, '... nor makes one of its own');
is(scalar told('POST', '/calls/v3%3A1/actions/gather_using_speak'), 0, '... nor is anything said in it');
is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, 'a genuine one is taken');
is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, 'and again');
# Its own words may name the key that stops the calls, so one is listened for.
wait_until(sub { told('POST', '/calls/v3%3A1/actions/gather_using_speak') }) or diag(seen());
my @spoken = told('POST', '/calls/v3%3A1/actions/gather_using_speak');
is(scalar @spoken, 1, 'whoever answers is spoken to, once');
like($spoken[0]{body}{payload}, qr/Acme|Hi|Hello/, '... with the first message');
$body = telnyx_body('call.gather.ended', 'v3:1', $state, status => 'timeout', digits => '');
is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, 'it has been said, and nobody has pressed one');
wait_until(sub { told('POST', '/calls/v3%3A1/actions/hangup') }) or diag(seen());
ok(scalar told('POST', '/calls/v3%3A1/actions/hangup'), 'then the call is hung up');
sleep 0.1;
$body = telnyx_body('call.hangup', 'v3:1', $state, hangup_cause => 'normal_clearing', hangup_source => 'caller');
is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, 'it is over');
my $cost = telnyx_body('call.cost', 'v3:1', $state, status => 'success', total_cost => '0.0106', cost_parts => [{cost => '0.0106', currency => 'USD'}]);
is(post($endpoint{telnyx}, $cost, telnyx_headers($cost)), 200, 'and has its price');
wait_for_sql($node, 'va', "SELECT cost FROM voiceagent.calls WHERE provider_account_id = $account{telnyx}", '0.010600', 'the price is known', 30);
is(call_of('telnyx'), 'completed|completed|t|0.010600|USD|f', '... of a call that took its time, and was enough: what it had to say has been said');

# ---- Telnyx: a call that a bot talks in, by its socket ----

as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account{telnyx}, settings => '{"stream_url": "wss://bot.example.com/s"}')});
start_leads($node, $tenant, ['+12125550103'], account => $account{telnyx}, settings => {max_call_duration => '1 minute'});
wait_until(sub { told('POST', '/calls') == 2 }) or diag(seen());
$dial = (told('POST', '/calls'))[1];
is($dial->{body}{stream_url}, 'wss://bot.example.com/s', 'the dial connects the socket');
$state = $dial->{body}{client_state};
$body = telnyx_body('call.answered', 'v3:2', $state);
is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, 'somebody answers');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE provider_account_id = $account{telnyx} AND status = 'in_progress'", '1', 'and talks with the bot', 30);
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.say_in_call(call_id, 'One moment.') FROM voiceagent.calls WHERE provider_account_id = $account{telnyx} AND outcome IS NULL});
wait_until(sub { told('POST', '/calls/v3%3A2/actions/speak') }) or diag(seen());
is((told('POST', '/calls/v3%3A2/actions/speak'))[0]{body}{payload}, 'One moment.', 'a colleague has something said into it');
$body = telnyx_body('call.speak.ended', 'v3:2', $state, status => 'completed');
is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, 'which is over');
$body = telnyx_body('streaming.failed', 'v3:2', $state, failure_reason => 'connection_failed');
is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, 'the bot is gone');
wait_until(sub { told('POST', '/calls/v3%3A2/actions/hangup') }) or diag(seen());
ok(scalar told('POST', '/calls/v3%3A2/actions/hangup'), '... and nobody is left to a silent line');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.provider_requests WHERE kind = 'hangup' AND call_id = (SELECT max(call_id) FROM voiceagent.calls WHERE provider_account_id = $account{telnyx})"), '1', '... which alone has ended the talk');
$body = telnyx_body('call.hangup', 'v3:2', $state, hangup_cause => 'normal_clearing', hangup_source => 'caller');
is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, 'it is over');
my $latest = "(SELECT max(call_id) FROM voiceagent.calls WHERE provider_account_id = $account{telnyx})";
wait_for_sql($node, 'va', "SELECT outcome, cause FROM voiceagent.calls WHERE call_id = $latest", 'failed|stream_url: streaming.failed, connection_failed', '... for the bot\'s fault', 30);
is_sql($node, 'va', "SELECT g.status_reason, m.status FROM voiceagent.calls c JOIN voiceagent.campaigns g USING (tenant_id, campaign_id) JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id, lead_id)
	WHERE c.call_id = $latest", 'the carrier cannot hold its calls: stream_url: streaming.failed, connection_failed|retry', '... which holds the campaign back, and the lead is called again');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.remove_leads(campaign_id, ARRAY[lead_id]) FROM voiceagent.calls WHERE call_id = $latest");

# One that had begun has only broken off.
start_leads($node, $tenant, ['+12125550104'], account => $account{telnyx}, settings => {max_call_duration => '1 minute'});
wait_until(sub { told('POST', '/calls') == 3 }) or diag(seen());
$state = (told('POST', '/calls'))[2]{body}{client_state};
foreach my $event (['call.answered'], ['streaming.started'], ['streaming.failed', failure_reason => 'connection_failed'], ['call.hangup', hangup_cause => 'normal_clearing', hangup_source => 'caller'])
{
	my ($type, %more) = @$event;
	$body = telnyx_body($type, 'v3:3', $state, %more);
	is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, "another call: $type");
}
wait_for_sql($node, 'va', "SELECT c.outcome, c.cause, g.status_reason IS NULL FROM voiceagent.calls c JOIN voiceagent.campaigns g USING (tenant_id, campaign_id) WHERE c.call_id = $latest",
	'completed|normal_clearing|t', 'a bot that breaks off a conversation has had one, and holds nothing back', 30);

# ---- Vonage: a call that knows from the start what to say ----

start_leads($node, $tenant, ['+12135550102'], account => $account{vonage}, settings => {max_call_duration => '1 minute'});
wait_until(sub { told('POST', '/v1/calls') }) or diag(seen());
($dial) = told('POST', '/v1/calls');
my ($head, $claims, $signature) = split /\./, $dial->{proof};
my $claimed = decode_json(decode_base64url($claims));
is($claimed->{application_id}, 'app-1', "Vonage is asked with a token of the application");
cmp_ok($claimed->{exp} - $claimed->{iat}, '==', 900, '... for a quarter of an hour');
like($claimed->{jti}, qr/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, '... with an id of its own');
foreach my $part (["$dir/signed", "$head.$claims"], ["$dir/signature", decode_base64url($signature)])
{
	open(my $file, '>:raw', $part->[0]) or die $!;
	print $file $part->[1];
	close $file;
}
like(openssl('dgst', '-sha256', '-verify', "$dir/rsa.pub", '-signature', "$dir/signature", "$dir/signed"), qr/Verified OK/, '... that its key has signed');
is($dial->{body}{to}[0]{number}, '12135550102', '... to call the lead');
is(join(' ', map { $_->{action} } @{$dial->{body}{ncco}}), 'record talk input', '... and talk, and listen for a key, which its own words may name');
my ($url) = @{$dial->{body}{event_url}};
like($url, qr/^\Q$endpoint{vonage}\E\?attempt=va-/, 'events come to our endpoint with our reference');

my %of_call = (uuid => "u-4", conversation_uuid => 'CON-1', direction => 'outbound', from => '12125550100', to => '12135550102');
$body = $json->encode({%of_call, status => 'answered', timestamp => '2026-11-20T15:00:00.000Z'});
is(post($url, $body, {}), 401, 'a webhook without a signature is refused');
is(post($url, "$body ", vonage_headers($body)), 401, 'one whose body was changed');
is(post($url, $body, vonage_headers($body, iat => int(time) - 400)), 401, 'a stale one');
is(post($url, $body, vonage_headers($body, iss => 'Somebody')), 401, 'one of another issuer');
is(post($url, $body, vonage_headers($body, api_key => 'another1')), 401, 'one of another account');
is(post($url, $body, telnyx_headers($body)), 401, 'one that another carrier has signed');
is(post($url, $body, vonage_headers($body)), 200, 'a genuine one is taken');
is($node->safe_psql('va', "SELECT status FROM voiceagent.calls WHERE provider_account_id = $account{vonage}"), 'in_progress', '... and moves the call');
# Nobody signs the query: it cannot move an event to another call.
my $other = $json->encode({%of_call, uuid => 'u-99', status => 'completed', duration => '99', price => '9.99', timestamp => '2026-11-20T15:00:09.000Z'});
post($url, $other, vonage_headers($other));
$body = $json->encode({%of_call, status => 'completed', duration => '30', price => '0.0036', rate => '0.0072', start_time => '2026-11-20T15:00:00.000Z', end_time => '2026-11-20T15:00:30.000Z', timestamp => '2026-11-20T15:00:31.000Z'});
is(post($url, $body, vonage_headers($body)), 200, 'it is over') foreach 1 .. 2;
wait_for_sql($node, 'va', "SELECT outcome IS NOT NULL FROM voiceagent.calls WHERE provider_account_id = $account{vonage}", 't', 'the call has its outcome', 30);
like(call_of('vonage'), qr/^completed\|\w+\|t\|0\.003600\|EUR\|f$/, '... with its time and price');
is($node->safe_psql('va', "SELECT duration_seconds FROM voiceagent.calls WHERE provider_account_id = $account{vonage}"), '30.000', '... which are its own');

# ---- Vonage: a key that stops the calls ----

foreach my $press (1, 0)
{
	my $phone = $press ? '+12145550103' : '+12145550104';
	start_leads($node, $tenant, [$phone], account => $account{vonage}, itself => 0, settings => {max_call_duration => '1 minute', record_calls => 'off'});
	my $dials = sub { return grep { $_->{body}{to}[0]{number} eq substr($phone, 1) } told('POST', '/v1/calls') };
	ok(wait_until(sub { scalar $dials->() }, 30), 'one is dialled to whom the law wants said how to stop the calls') or diag(seen());
	($dial) = $dials->();
	my ($talk, $input) = @{$dial->{body}{ncco}};
	like($talk->{text}, qr/press 9 at any time\. /, '... which names a key');
	ok($talk->{bargeIn}, '... that ends what is said');
	my ($action) = @{delete $input->{eventUrl}};
	is($json->encode($input), '{"action":"input","dtmf":{"maxDigits":1,"submitOnHash":false,"timeOut":5},"eventMethod":"POST","type":["dtmf"]}', '... and listens for it');
	($url) = @{$dial->{body}{event_url}};
	is($action, "$url&as=key", '... at our endpoint');
	my $named = "SELECT a.provider_call_id FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.phone = '$phone'";
	wait_for_sql($node, 'va', "SELECT ($named) IS NOT NULL", 't', '... the call has its name', 30);
	%of_call = (uuid => $node->safe_psql('va', $named), conversation_uuid => 'CON-3', direction => 'outbound', from => '12125550100', to => substr($phone, 1));
	my $known = "SELECT c.status, c.outcome, (SELECT count(*) FROM voiceagent.do_not_call_list d WHERE d.phone = c.phone), (SELECT count(*) FROM voiceagent.events e
		WHERE e.call_id = c.call_id AND e.event_type = 'lead_opted_out'), (SELECT count(*) FROM voiceagent.calls o WHERE o.phone = c.phone) FROM voiceagent.calls c WHERE c.phone = '$phone'";
	my $pressed = sub {
		my ($digits, %more) = @_;
		return $json->encode({uuid => $of_call{uuid}, conversation_uuid => 'CON-3', timestamp => '2026-11-20T15:00:05.000Z', dtmf => {digits => "$digits", timed_out => $digits eq '' ? JSON::PP::true : JSON::PP::false}, %more});
	};
	my $answer = sub { my $reply = reply_to($action, $_[0], vonage_headers($_[0])); return "$reply->{status} $reply->{content}" };
	$body = $json->encode({%of_call, status => 'answered', timestamp => '2026-11-20T15:00:00.000Z'});
	is(post($url, $body, vonage_headers($body)), 200, 'somebody answers');
	if ($press)
	{
		is(post($action, $pressed->(9), {}), 401, 'a key that nobody has signed is refused');
		$answer->($pressed->(9, uuid => 'u-99'));
		my $again = $json->decode($answer->($pressed->(5)) =~ s/^200 //r);
		is_deeply([@{$again->[0]}{qw(action text bargeIn)}, $again->[1]{action}, $again->[1]{eventUrl}[0]], ['talk', $talk->{text}, JSON::PP::true, 'input', $action], 'with another key the text is said again');
		is($node->safe_psql('va', $known), 'in_progress||0|0|1', '... and nothing has happened, nor by one in another call than the address names');
		my $confirmed = '200 [{"action":"talk","language":"en-US","text":"You will not be called again. Goodbye."}]';
		is($answer->($pressed->(9)), $confirmed, 'the key is confirmed, and the call ends');
		is($node->safe_psql('va', $known), 'in_progress||1|1|1', '... and has stopped the calls at once');
		is($answer->($pressed->(9)), $confirmed, '... told again it is confirmed again');
	}
	else
	{
		is($answer->($pressed->('')), '200 []', 'when nobody presses one the call ends');
		is($node->safe_psql('va', $known), 'in_progress||0|0|1', '... and nothing has happened');
	}
	$body = $json->encode({%of_call, status => 'completed', duration => '9', price => '0.0036', rate => '0.0072', start_time => '2026-11-20T15:00:00.000Z', end_time => '2026-11-20T15:00:09.000Z', timestamp => '2026-11-20T15:00:10.000Z'});
	is(post($url, $body, vonage_headers($body)), 200, 'the call is over');
	wait_for_sql($node, 'va', $known, $press ? 'completed|do_not_call|1|1|1' : 'completed|completed|0|0|1', $press ? '... as an opt-out' : '... as any other', 30);
}

# ---- somebody calls us ----

foreach my $of (['telnyx', '+12125550177', '129'], ['vonage', '+12125550188', 'US-12125550188'])
{
	my $number = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_phone_number('$of->[1]', $account{$of->[0]}, '{"greeting_message": "Good day."}')});
	wait_for_sql($node, 'va', "SELECT state, provider_number_id FROM voiceagent.phone_numbers WHERE phone_number_id = $number", "ready|$of->[2]", "the number is found in the account at $of->[0]", 30);
}
$body = telnyx_body('call.initiated', 'v3:in', undef, direction => 'incoming', from => '+13055550100', to => '+12125550177');
is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, 'somebody calls our number at Telnyx');
wait_until(sub { told('POST', '/calls/v3%3Ain/actions/answer') }, 30);
ok(scalar told('POST', '/calls/v3%3Ain/actions/answer'), '... and is taken');
$body = telnyx_body('call.answered', 'v3:in', undef, from => '+13055550100', to => '+12125550177');
is(post($endpoint{telnyx}, $body, telnyx_headers($body)), 200, '... the call stands');
wait_until(sub { told('POST', '/calls/v3%3Ain/actions/speak') }, 30);
is((told('POST', '/calls/v3%3Ain/actions/speak'))[0]{body}{payload}, 'Good day.', '... and is greeted');

my %asked = (to => '12125550188', from => '13055550100', uuid => 'u-in', conversation_uuid => 'CON-2');
my $query = 'to=12125550188&from=13055550100&uuid=u-in&conversation_uuid=CON-2';
my $hashed = '{"to":"12125550188","from":"13055550100","uuid":"u-in","conversation_uuid":"CON-2"}';
my $reply = HTTP::Tiny->new(timeout => 20)->get("$endpoint{vonage}?$query", {headers => vonage_headers($hashed)});
is("$reply->{status} $reply->{content}", '200 [{"action":"talk","text":"Good day."}]', 'somebody calls our number at Vonage, which asks by GET');
$reply = HTTP::Tiny->new(timeout => 20)->get("$endpoint{vonage}?$query&x=1", {headers => vonage_headers($hashed)});
is($reply->{status}, 401, '... and has signed what it asks');
$body = $json->encode({%asked, uuid => 'u-in2'});
$reply = reply_to($endpoint{vonage}, $body, vonage_headers($body));
is("$reply->{status} $reply->{content}", '200 [{"action":"talk","text":"Good day."}]', '... or by POST');

is_well($node, 'after all');
done_testing();
