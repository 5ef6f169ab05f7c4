# Twilio and Plivo, whose webhooks are forms: they sign the URL with its query and the fields.  Whole calls through the
# gateway, each with its own signature, and what strangers send in between; what an incoming call is told by the hour.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha1_base64 hmac_sha256_base64);
use HTTP::Tiny;
use JSON::PP;
use POSIX qw(strftime);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my ($sid, $auth_id) = ('AC' . '0a' x 16, 'MA' . 'A0' x 9);
my $streamed = 'CA' . '0c' x 16;
my %call = (twilio => 'CA' . '01' x 16, plivo => '97ceeb52-58b6-11e1-86da-77300b68f8bb');
# For the calls in which a key is pressed.
my %keyed = (twilio => 'CA' . '03' x 16, plivo => '97ceeb52-58b6-11e1-86da-77300b68f803');
my %token = (twilio => 'token-of-twilio', plivo => 'token-of-plivo');

# ---- the carriers ----

my $port = fake_carrier(sub {
	my ($asked) = @_;
	my ($method, $path) = @$asked{qw(method path)};
	return (201, {sid => $asked->{body} =~ /1214555/ ? $keyed{twilio} : $asked->{body} =~ /Stream/ ? $streamed : $call{twilio}, status => 'queued'}) if $method eq 'POST' && $path =~ m{/Calls\.json$};
	return (200, {sid => $streamed, status => 'completed', price => '-0.01000', price_unit => 'USD'}) if $method eq 'GET' && $path =~ m{/Calls/$streamed\.json$};
	return (201, {request_uuid => $asked->{body} =~ /1214555/ ? $keyed{plivo} : $call{plivo}, message => 'call fired'}) if $method eq 'POST' && $path =~ m{/Call/$};
	if ($method eq 'GET' && $path =~ m{/Calls/$call{twilio}\.json$})
	{
		# Priced when it is asked for the third time; the second time it cannot say.
		my $times = came('GET', qr{^\Q$path\E$});
		return $times == 2 ? (503, {}) : (200, {sid => $call{twilio}, status => 'completed', price => $times > 2 ? '-0.01300' : undef, price_unit => 'USD'});
	}
	# Incoming calls: one goes on, one is over, and Twilio knows no other.
	return (200, {sid => $1, status => $1 =~ /^CA12/ ? 'in-progress' : 'completed', duration => $1 =~ /^CA12/ ? undef : '33', direction => 'inbound'}) if $path =~ m{/Calls/(CA(?:12|21)\w+)\.json$};
	return (200, {call_uuid => $1, call_state => 'ANSWER', call_duration => 33, bill_duration => 60, call_direction => 'inbound', end_time => '2027-06-18 15:00:33+00:00'}) if $path =~ m{/Call/(in-21)/$};
	return (200, {incoming_phone_numbers => [{sid => 'PN' . '02' x 16, phone_number => '+12125550177'}], next_page_uri => undef}) if $path =~ m{/IncomingPhoneNumbers};
	return (200, {objects => [{number => '12125550188', voice_enabled => JSON::PP::true}], meta => {next => undef, total_count => 1}}) if $path =~ m{/Number/};
	return (404, {code => 20404, message => 'The requested resource was not found', status => 404});
});

sub unescape { my ($text) = @_; $text =~ tr/+/ /; $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge; return $text }
sub fields { my ($form) = @_; return map { my ($name, $value) = split /=/, $_, 2; [ unescape($name), unescape($value // '') ] } split /&/, $form }

# ---- the server ----

# The slash at the end is no part of what carriers are told and sign.
my $gateway = PostgreSQL::Test::Cluster::get_free_port();
my $node = new_real_node('main', 'voiceagent.gateway_port' => $gateway, 'voiceagent.public_base_url' => "http://127.0.0.1:$gateway/");
my $tenant = create_tenant($node, 'va', 'Formal', credits => 1000);
real_settings($node, {port => $port}, lookup_interval => '1 minute', cost_delay => '1 second');
wait_workers($node, 'the workers run');
my %account = (
	twilio => as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('twilio', 'twilio', '{"account_sid": "$sid", "auth_token": "$token{twilio}"}',
		'{"from_number": "+14155550101", "base_url": "http://127.0.0.1:$port", "voice": "Polly.Joanna"}')}),
	plivo => as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('plivo', 'plivo', '{"auth_id": "$auth_id", "auth_token": "$token{plivo}"}',
		'{"from_number": "+14155550101", "base_url": "http://127.0.0.1:$port"}')}));
my %endpoint;
foreach my $provider (sort keys %account)
{
	$node->safe_psql('va', "SELECT voiceagent.arm($account{$provider}, '$provider')");
	$endpoint{$provider} = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account{$provider})");
}
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);

# Another tenant, with accounts of its own at both carriers.
my $stranger = create_tenant($node, 'va', 'Stranger', credits => 1000);
my $their_sid = 'AC' . '0d' x 16;
my %their = (
	twilio => as_tenant($node, 'va', $stranger, qq{SELECT voiceagent.create_endpoint(voiceagent.create_provider_account('twilio', 'theirs', '{"account_sid": "$their_sid", "auth_token": "their token"}',
		'{"from_number": "+14155550101", "base_url": "http://127.0.0.1:$port"}'))}),
	plivo => as_tenant($node, 'va', $stranger, qq{SELECT voiceagent.create_endpoint(voiceagent.create_provider_account('plivo', 'their plivo', '{"auth_id": "MAA1A1A1A1A1A1A1A1A1", "auth_token": "their token"}',
		'{"from_number": "+14155550101", "base_url": "http://127.0.0.1:$port"}'))}));

# ---- signatures ----

my %sign = (
	twilio => sub {
		my ($url, $form, $key) = @_;
		my $text = join '', $url, map { $_->[0] . $_->[1] } sort { $a->[0] cmp $b->[0] } fields($form);
		return {'x-twilio-signature' => hmac_sha1_base64($text, $key) . '='};
	},
	plivo => sub {
		my ($url, $form, $key) = @_;
		my ($path, $query) = split /\?/, $url, 2;
		my @query = map { "$_->[0]=$_->[1]" } sort { $a->[0] cmp $b->[0] } fields($query // '');
		my @form = map { $_->[0] . $_->[1] } sort { $a->[0] cmp $b->[0] } fields($form);
		my $nonce = int(rand 1e9);
		my $text = $path . (@query || @form ? '?' : '') . join('&', @query) . (@query && @form ? '.' : '') . join('', @form) . ".$nonce";
		return {'x-plivo-signature-v3' => hmac_sha256_base64($text, $key) . '=', 'x-plivo-signature-v3-nonce' => $nonce};
	});

sub post
{
	my ($url, $form, $headers) = @_;
	return HTTP::Tiny->new(timeout => 20)->post($url, {content => $form, headers => {'content-type' => 'application/x-www-form-urlencoded', %$headers}});
}

sub signed
{
	my ($provider, $url, $form) = @_;
	return post($url, $form, $sign{$provider}->($url, $form, $token{$provider}));
}

# A request in one spelling, without what is secret, and without the attempt's own reference.
sub nameless
{
	my ($provider, $request) = @_;
	my ($method, $url, $body) = split / /, $request, 3;
	my $text = join "\n", $method, $url, $provider eq 'twilio' ? map { "$_->[0]: $_->[1]" } fields($body) : $json->encode($json->decode($body));
	$text =~ s/va-\d+-\d+-[0-9a-f]{8}/REFERENCE/g;
	$text =~ s{/webhooks/[^?"]+}{/webhooks/****}g;
	$text =~ s/$sid|$auth_id|(?:%2A){4}/****/g;
	return $text;
}

# ---- whole calls ----

my %dialled = (twilio => qr{/Calls\.json$}, plivo => qr{/Call/$});
my %number = (twilio => '+12125550101', plivo => '+12135550102');
foreach my $provider (sort keys %account)
{
	my $other = $provider eq 'twilio' ? 'plivo' : 'twilio';
	my $state = "SELECT status, outcome IS NOT NULL, duration_seconds FROM voiceagent.calls WHERE provider_account_id = $account{$provider}";
	my $campaign = start_leads($node, $tenant, [ $number{$provider} ], account => $account{$provider},
		settings => {max_call_duration => '1 minute', machine_detection => 'detect'});
	ok(wait_until(sub { came('POST', $dialled{$provider}) }, 30), "$provider: the lead is dialled");
	my ($dial) = came('POST', $dialled{$provider});
	my %asked = $provider eq 'twilio' ? map { @$_ } fields($dial->{body}) : %{ $json->decode($dial->{body}) };
	is($asked{To} // '+' . $asked{to}, $number{$provider}, '... at its number');
	my $url = $asked{StatusCallback} // $asked{hangup_url};
	$url =~ s/#.*//;
	like($url, qr/^\Q$endpoint{$provider}\E\?attempt=va-/, '... and events come to our endpoint with our reference');
	# Its own words may name the key that stops the calls.
	like($asked{Twiml}, qr{<Response><Gather [^>]*as=key"><Say[^>]*>Hello Lead</Say></Gather><Hangup/></Response>}, '... which knows what to say') if $provider eq 'twilio';
	my $shown = $json->decode(as_tenant($node, 'va', $tenant, "SELECT voiceagent.preview_request($campaign, lead_id) FROM voiceagent.leads WHERE phone = '$number{$provider}'"));
	is(nameless($provider, "$shown->{method} $shown->{url} " . (ref $shown->{body} ? $json->encode($shown->{body}) : $shown->{body})),
		nameless($provider, "POST http://127.0.0.1:$port$dial->{path} $dial->{body}"), '... and preview_request() shows what was sent');

	# The events of a whole call, as the carrier sends them.
	my @events = @{ $json->decode(slurp_file("regress/contracts/fixtures/$provider/completed.json")) };
	my $last = 0;
	foreach my $i (0 .. $#events)
	{
		my ($query, $form) = @{$events[$i]}{qw(query body)};
		$form =~ s/CA0{31}1/$call{twilio}/g;
		$form =~ s/AC0{31}1/$sid/g;
		$form =~ s/MA0{17}1/$auth_id/g;
		my $to = $number{$provider} =~ s/\+/$provider eq 'twilio' ? '%2B' : ''/er;
		$form =~ s/(?:%2B)?14155550100/$to/g;
		my $as = $query =~ /(&as=\w+)/ ? $1 : '';
		my $at = "$url$as";
		# A tenant with an account can sign what it likes, this call's names and our reference too: at its own endpoint.
		my $from_them = $at =~ s/\Q$endpoint{$provider}\E/$their{$provider}/r;
		my $theirs = $form =~ s/$sid/$their_sid/gr;
		# What our own last event does is done by then.
		wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.inbox', 0, '... and nothing waits');
		my $before = $node->safe_psql('va', $state);
		is(post($from_them, $theirs, $sign{$provider}->($from_them, $theirs, 'their token'))->{status}, 200, "event $i of another tenant, signed rightly, is taken");
		is(post($at, $theirs, $sign{$provider}->($at, $theirs, 'their token'))->{status}, 401, '... and refused at our endpoint');
		wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.inbox WHERE tenant_id = $stranger", 0, '... it is applied');
		is($node->safe_psql('va', $state), $before, '... and changes nothing of our call');
		if ($i == 1)
		{
			is(post($at, $form, {})->{status}, 401, 'a webhook without a signature is refused');
			is(post($at, $form, $sign{$provider}->($at, $form, 'another-token'))->{status}, 401, '... one with another\'s token');
			is(post($at, "$form&X=1", $sign{$provider}->($at, $form, $token{$provider}))->{status}, 401, '... one with a field more');
			is(post("$at&x=1", $form, $sign{$provider}->($at, $form, $token{$provider}))->{status}, 401, '... one with more in its query');
			my $stolen = $at =~ s/attempt=va-(\d+)/"attempt=va-" . ($1 + 1)/er;
			is(post($stolen, $form, $sign{$provider}->($at, $form, $token{$provider}))->{status}, 401, '... one that names another attempt');
			is(post($at, $form, $sign{$other}->($at, $form, $token{$other}))->{status}, 401, '... one that another carrier has signed');
			# Plivo's events name the parent of a subaccount, which proves nothing; whose token it is does.
			my $of_another = $form =~ s/$sid/'AC' . '0b' x 16/er;
			is(signed($provider, $at, $of_another)->{status}, 401, '... and one about another account, though it is signed') if $provider eq 'twilio';
		}
		my $reply = signed($provider, $at, $form);
		is($reply->{status}, 200, "event $i is taken");
		like($reply->{content}, qr{<Speak[^>]*>[^<]+</Speak>.*<Hangup}s, '... and answered with what to say') if $as eq '&as=answer';
		my $again = signed($provider, $at, $form);
		is("$again->{status} $again->{content}", "200 $reply->{content}", '... again, in the same way');
	}
	wait_for_sql($node, 'va', $state, 'completed|t|40.000', 'the call has its outcome and its time', 30);
	wait_for_sql($node, 'va', "SELECT recording_url IS NOT NULL, provider_call_id FROM voiceagent.calls WHERE provider_account_id = $account{$provider}", "t|$call{$provider}", '... its recording, and the carrier\'s name of it');
	is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.provider_account_id = $account{$provider} AND e.event_type = 'call_ended'"), 1, '... and has ended once');
	is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.calls WHERE provider_account_id = $account{$provider}"), 1, '... and nobody was dialled again');
}
is($node->safe_psql('va', "SELECT cost, cost_currency FROM voiceagent.calls WHERE provider_account_id = $account{plivo}"), '0.008500|USD', 'Plivo says the price with the end');
wait_for_sql($node, 'va', "SELECT cost, cost_currency, cost_source FROM voiceagent.calls WHERE provider_account_id = $account{twilio}", '0.013000|USD|carrier', 'Twilio says the price when it is asked for, later', 40);
is($node->safe_psql('va', "SELECT (SELECT count(*) FROM voiceagent.provider_requests WHERE kind = 'fetch_cost') + (SELECT count(*) FROM voiceagent_private.provider_request_queue)"), 0, '... of which nothing is left but the price');
is(scalar(came('GET', qr{/Calls/$call{twilio}\.json$})), 3, '... and it is not asked for any more');

# ---- a bot on the socket ----

# It talks, the carrier does not listen: what came of the call it says itself, by the reference that its socket is given.
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account{twilio}, settings => '{"stream_url": "wss://bot.example/socket"}')});
start_leads($node, $tenant, ['+12025550103'], account => $account{twilio}, settings => {max_call_duration => '1 minute'});
ok(wait_until(sub { came('POST', $dialled{twilio}) > 1 }, 30), 'a lead is dialled for the bot');
my %asked = map { @$_ } fields((came('POST', $dialled{twilio}))[1]{body});
my ($reference) = $asked{Twiml} =~ m{<Stream url="wss://bot.example/socket"[^>]*><Parameter name="attempt" value="([^"]+)"};
like($reference, qr/^va-\d+-\d+-[0-9a-f]{8}$/, 'its socket is given the reference');
my $events_url = $asked{StatusCallback} =~ s/#.*//r;
my $course = sub {
	my ($status, $number, $more) = @_;
	my $form = "To=%2B12025550103&From=%2B14155550101&CallSid=$streamed&AccountSid=$sid&Direction=outbound-api&CallbackSource=call-progress-events&CallStatus=$status"
		. "&SequenceNumber=$number&Timestamp=" . strftime('%a%%2C+%d+%b+%Y+%H%%3A%M%%3A%S+%%2B0000', gmtime) . ($more // '');
	return is(signed('twilio', $events_url, $form)->{status}, 200, "Twilio says $status");
};
my $report = sub {
	my ($said) = @_;
	return as_tenant($node, 'va', $tenant, "SELECT voiceagent.report_call(call_reference => '$reference', $said) ->> 'report'");
};
my $stands = sub {
	my ($columns) = @_;
	return $node->safe_psql('va', "SELECT $columns FROM voiceagent.calls c WHERE provider_call_id = '$streamed'");
};
$course->('in-progress', 1);
my $booked = q{structured_data => '{"appointment": {"booked": true, "phrase": "tomorrow at 3 pm"}, "qualified": true}', summary => 'Booked.',
	turns => '[{"speaker": "assistant", "text": "When shall we come?"}, {"speaker": "customer", "text": "Tomorrow at 3 pm."},
	{"speaker": "assistant", "text": "I have put you down for tomorrow at 3 pm."}]'};
is($report->($booked), 'kept', 'the bot reports while the call is live');
is($report->($booked), 'known', '... the same once more');
wait_for_sql($node, 'va', "SELECT status = 'in_progress' AND outcome IS NULL FROM voiceagent.calls WHERE provider_call_id = '$streamed'", 't', '... which does not end it');
$course->('completed', 2, '&CallDuration=40&Duration=1&SipResponseCode=200');
$course->('completed', 2, '&CallDuration=40&Duration=1&SipResponseCode=200');
wait_until(sub { $stands->('outcome IS NOT NULL') eq 't' }, 30);
is($stands->('status, outcome, duration_seconds, summary, transcript'), "completed|scheduled|40.000|Booked.|AI: When shall we come?\nUser: Tomorrow at 3 pm.\nAI: I have put you down for tomorrow at 3 pm.",
	'the end is the carrier\'s, and what came of it is the bot\'s');
is($node->safe_psql('va', "SELECT count(*) FILTER (WHERE a.status = 'pending') FROM voiceagent.appointments a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.provider_call_id = '$streamed'"),
	1, '... with its appointment');
my $charged = "(SELECT count(*) FROM voiceagent.credit_transfers t WHERE t.tenant_id = c.tenant_id AND t.call_id = c.call_id), credits";
my $before = $stands->($charged);
is($report->($booked), 'known', 'told again after the end it changes nothing');
is($report->(q{structured_data => '{"do_not_call": true}'}), 'late', '... but an opt-out is heard');
is($stands->("outcome, (SELECT count(*) FROM voiceagent.do_not_call_list d WHERE d.tenant_id = c.tenant_id AND d.phone = c.phone)"), 'scheduled|1', '... and listed; the outcome stays');
is($stands->($charged), $before, '... and the charge');
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account{twilio}, settings => '{"stream_url": null}')});

# ---- a key that stops the calls ----

my %said = (twilio => qr{<Gather input="dtmf" numDigits="1" finishOnKey="" method="POST" timeout="5" action="([^"]+)"><Say[^>]*>[^<]*press 9 at any time\. [^<]*Hello Lead</Say></Gather><Hangup/>},
	plivo => qr{<GetInput inputType="dtmf" numDigits="1" finishOnKey="none" method="POST" executionTimeout="5" action="([^"]+)"><Speak[^>]*>[^<]*press 9 at any time\. [^<]*Hello Lead</Speak></GetInput><Hangup/>});
foreach my $provider (sort keys %keyed)
{
	my $phone = {twilio => '+12145550103', plivo => '+12145550104'}->{$provider};
	my $id = $provider eq 'twilio' ? "CallSid=$keyed{twilio}&AccountSid=$sid" : "CallUUID=$keyed{plivo}&ParentAuthID=$auth_id&From=14155550101&To=12145550104&Direction=outbound";
	start_leads($node, $tenant, [$phone], account => $account{$provider}, itself => 0, settings => {max_call_duration => '1 minute', record_calls => 'off'});
	my $dials = sub { return grep { $_->{body} =~ /1214555/ } came('POST', $dialled{$provider}) };
	ok(wait_until(sub { scalar $dials->() }, 30), "$provider: one is dialled to whom the law wants said how to stop the calls");
	my ($dial) = $dials->();
	# Twilio is told with the dial, Plivo asks.
	my $document = {map { @$_ } fields($dial->{body})}->{Twiml};
	$document //= signed('plivo', $json->decode($dial->{body})->{answer_url}, "$id&Event=StartApp&CallStatus=in-progress")->{content};
	like($document, $said{$provider}, '... which names a key, and listens for it');
	my ($action) = $document =~ $said{$provider};
	$action =~ s/&amp;/&/g;
	like($action, qr/^\Q$endpoint{$provider}\E\?attempt=va-\d+-\d+-\w+&as=key$/, '... at our endpoint');
	my $pressed = sub { "$id&CallStatus=in-progress&InputType=dtmf&Digits=$_[0]" };
	my $known = "SELECT c.status, c.outcome, (SELECT count(*) FROM voiceagent.do_not_call_list d WHERE d.phone = c.phone), (SELECT count(*) FROM voiceagent.events e
		WHERE e.call_id = c.call_id AND e.event_type = 'lead_opted_out'), (SELECT count(*) FROM voiceagent.calls o WHERE o.phone = c.phone) FROM voiceagent.calls c WHERE c.phone = '$phone'";
	my $ringing = (split /&as=/, $action)[0];
	is(signed($provider, $ringing, "$id&CallStatus=in-progress&SequenceNumber=2")->{status}, 200, 'somebody answers');
	is(post($action, $pressed->(9), {})->{status}, 401, 'a key that nobody has signed is refused');
	is(signed($provider, $action, $pressed->(9) =~ s/03(?=&)/04/r)->{status}, 200, '... one in another call than the address names is nobody\'s');
	my $reply = signed($provider, $action, $pressed->(5));
	like("$reply->{status} $reply->{content}", qr/^200 .*$said{$provider}/, 'with another key the text is said again');
	is($node->safe_psql('va', $known), 'in_progress||0|0|1', '... and nothing has happened');
	$reply = signed($provider, $action, $pressed->(9));
	like("$reply->{status} $reply->{content}", qr{^200 .*<Response><(?:Say|Speak)[^>]*>You will not be called again\. Goodbye\.</(?:Say|Speak)><Hangup/></Response>}s, 'the key is confirmed, and the call ends');
	is($node->safe_psql('va', $known), 'in_progress||1|1|1', '... and has stopped the calls at once');
	is(signed($provider, $action, $pressed->(9))->{content}, $reply->{content}, '... told again it is confirmed again');
	is(signed($provider, $ringing, "$id&Event=Hangup&CallStatus=completed&CallDuration=9&Duration=9&SequenceNumber=3")->{status}, 200, 'the call is over');
	wait_for_sql($node, 'va', $known, 'completed|do_not_call|1|1|1', '... as an opt-out', 30);
}

# ---- somebody calls us ----

my $hour = (gmtime)[2];
my $closed = sprintf('"business_hours_start": "%02d:00", "business_hours_end": "%02d:00"', ($hour + 6) % 24, ($hour + 8) % 24);
foreach my $of (['twilio', '+12125550177'], ['plivo', '+12125550188'])
{
	my ($provider, $ours) = @$of;
	my $number = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_phone_number('$ours', $account{$provider},
		'{"greeting_message": "Good day & welcome.", "after_hours_message": "We sleep.", "timezone": "Etc/UTC"}')});
	wait_for_sql($node, 'va', "SELECT state FROM voiceagent.phone_numbers WHERE phone_number_id = $number", 'ready', "the number is found in the account at $provider", 30);
	my $incoming = sub {
		my ($id) = @_;
		return $provider eq 'twilio'
		  ? 'CallSid=CA' . $id x 16 . "&AccountSid=$sid&CallStatus=ringing&Direction=inbound&From=%2B13055550100&To=" . $ours =~ s/\+/%2B/r
		  : "CallUUID=in-$id&From=13055550100&To=" . $ours =~ s/\+//r . "&Direction=inbound&Event=StartApp&CallStatus=ringing&ParentAuthID=$auth_id";
	};
	my $form = $incoming->('11');
	is(post($endpoint{$provider}, $form, {})->{status}, 401, "who is not $provider is told nothing");
	my $reply = signed($provider, $endpoint{$provider}, $form);
	is($reply->{status}, 200, "somebody calls our number at $provider");
	like($reply->{content}, qr{>Good day &amp; welcome\.<}, '... and is greeted');
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_phone_number($number, '{$closed}')});
	$reply = signed($provider, $endpoint{$provider}, $incoming->('12'));
	like("$reply->{status} $reply->{content}", qr{^200 .*>We sleep\.<}s, '... and outside business hours told so');
	like(signed($provider, $endpoint{$provider}, $form)->{content}, qr{>Good day &amp; welcome\.<}, '... but who asks again is told what it was told');
	$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 3 WHERE provider_account_id = $account{$provider}");
	like(signed($provider, $endpoint{$provider}, $incoming->($_))->{content}, $_ == 21 ? qr{>We sleep\.<} : qr{reject}i,
		"three calls at a time are taken: call $_") foreach 21 .. 25;
	is($node->safe_psql('va', "SELECT string_agg(answer, ' ' ORDER BY call_id) FROM voiceagent.call_inbound WHERE provider_account_id = $account{$provider}"),
		'say say say reject reject reject reject', '... and kept as they were told');
	# Nobody has told of an answer or an end: within a minute the carrier is asked; Plivo's not knowing says that it goes on.
	is($node->safe_psql('va', "SELECT count(*) FROM voiceagent_private.live_incoming WHERE provider_account_id = $account{$provider} AND ask_at <= started_at + interval '1 minute'"), 3,
		'those who were taken are asked about within a minute');
	# One such answer is enough here: see r60_incoming.
	$node->safe_psql('va', "SELECT voiceagent.set_setting('lookup_limit', '1')");
	$node->safe_psql('va', "UPDATE voiceagent_private.live_incoming SET ask_at = voiceagent.clock() WHERE provider_account_id = $account{$provider}; SELECT voiceagent_private.poke('lookups')");
	wait_for_sql($node, 'va', "SELECT string_agg(concat_ws(' ', substr(provider_call_id, 3, 3), outcome, duration_seconds), ', ' ORDER BY call_id) FROM voiceagent.calls
		WHERE direction = 'inbound' AND provider_account_id = $account{$provider} AND ended_at IS NOT NULL AND status <> 'busy'",
		$provider eq 'twilio' ? '111 no_answer, 212 completed 33.000' : '-21 completed 33.000', "... and whose end $provider tells, or whom it does not know, takes no line any more", 30);
	unlike(signed($provider, $endpoint{$provider}, $incoming->('31'))->{content}, qr{reject}i, '... but somebody else does');

	# The line that stops: whoever rings it presses a key, and is listed when that is taken in.
	$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 100 WHERE provider_account_id = $account{$provider}");
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_phone_number($number, '{"in_hours": "stop_line", "known_callers_only": true}')});
	my $theirs = $provider eq 'twilio' ? '13055550141' : '13055550142';
	my $listed = "SELECT count(*) FROM voiceagent.do_not_call_list WHERE phone = '+$theirs'";
	my $ring = $incoming->('41') =~ s/13055550100/$theirs/r;
	$reply = signed($provider, $endpoint{$provider}, $ring);
	my ($action) = $reply->{content} =~ qr{(?:Gather|GetInput) [^>]*action="([^"]+)"><\w+[^>]*>This is the line on which you stop our calls\. To stop these calls, press 9 at any time\.</\w+></\w+><Hangup/>};
	like($action, qr/^\Q$endpoint{$provider}\E\?as=key$/, "$provider: who rings the line that stops hears the key, at any hour, and it is listened for");
	my $pressed = sub { ($ring =~ s/CallStatus=ringing/CallStatus=in-progress/r =~ s/&Event=StartApp//r) . "&InputType=dtmf&Digits=$_[0]" };
	is(post($action, $pressed->(9), {})->{status}, 401, '... a key that nobody has signed is refused');
	like(signed($provider, $action, $pressed->(5))->{content}, qr{press 9 at any time}, '... upon another key it is said again');
	is($node->safe_psql('va', $listed), 0, '... and nobody is listed');
	my $told = signed($provider, $action, $pressed->(9))->{content};
	like($told, qr{<Response><(?:Say|Speak)[^>]*>You will not be called again\. Goodbye\.</(?:Say|Speak)><Hangup/></Response>}s, '... the key is confirmed');
	is($node->safe_psql('va', $listed), 1, '... and the number is listed at once');
	is(signed($provider, $action, $pressed->(9))->{content}, $told, '... told again it is confirmed again');
	is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.phone = '+$theirs' AND e.event_type = 'lead_opted_out'"), 1, '... and counts once');
	# Bounded: a telephone that presses keys all day is hung up on.
	$node->safe_psql('va', "UPDATE voiceagent.calls SET started_at = started_at - interval '121 seconds' WHERE phone = '+$theirs'");
	unlike(signed($provider, $action, $pressed->(6))->{content}, qr{press 9}, '... and a wrong key after two minutes ends the call');
	$node->safe_psql('va', "UPDATE voiceagent.calls SET started_at = started_at + interval '121 seconds' WHERE phone = '+$theirs'");
	# Who hides the number is told that it cannot be listed: Twilio writes ANONYMOUS in the digits of a keypad.
	my $hidden = $incoming->('42') =~ s/(From=(?:%2B)?)13055550100/$1266696687/r;
	$reply = signed($provider, $endpoint{$provider}, $hidden)->{content};
	like($reply, qr{We cannot see your number}, "$provider: a caller whose number is withheld is told so");
	unlike($reply, qr{Gather|GetInput}, '... and no key is listened for');
}

# ---- from where ----

my $ring = "CallSid=CA" . '13' x 16 . "&AccountSid=$sid&CallStatus=ringing&Direction=inbound&From=%2B13055550100&To=%2B12125550177";
foreach my $of (['192.0.2.0/24', 401], ['127.0.0.1', 200])
{
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account{twilio}, settings => '{"webhook_peers": "$of->[0]"}')});
	ok(wait_until(sub { signed('twilio', $endpoint{twilio}, $ring)->{status} == $of->[1] }, 20), "what is signed but not sent from $of->[0]: $of->[1]");
}

is_well($node, 'after all');
done_testing();
