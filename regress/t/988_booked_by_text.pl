# As somebody new would live it, through a carrier that signs and a language model (both fakes): a missed call is texted back, answered, booked
# by text, and moved by the link in the text. Each webhook comes twice, and the worker dies while it books: there is one of each.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha1_base64);
use HTTP::Tiny;
use JSON::PP;
use POSIX qw(strftime);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my ($sid, $token, $ours, $ann) = ('AC' . '0a' x 16, 'token-of-twilio', '+12125550171', '+13055550100');

# ---- the carrier, and a model that reads no more than the last message ----

my $sent = 0;
sub thinks
{
	my (@said) = map { $_->{content} } @_;
	my $last = $said[-1];
	# Not the first, which the notice of the calendar forbids as soon as the hour is over.
	my $offered = $last =~ /^TOOL free_slots: / ? ($last =~ /\((\d{4}-\d\d-\d\dT\d\d:\d\d)\)/g)[2] : undef;
	return {say => '', tool => 'free_slots', words => ''} if $last =~ /roof/;
	if ($offered)
	{
		my ($y, $m, $d, $h) = $offered =~ /(\d+)-(\d+)-(\d+)T(\d+)/;
		my $day = strftime('%A, %B %e', 0, 0, 12, $d, $m - 1, $y - 1900) =~ s/  / /r;
		return {say => "We can come on $day at " . ($h % 12 || 12) . ($h < 12 ? ' am' : ' pm') . ". Shall I book it?", tool => 'none', words => ''};
	}
	return {say => '', tool => 'book', words => slot_of(@said)} if $last =~ /^MESSAGE: Yes/;
	return {say => 'You are booked. Until then!', tool => 'none', words => ''} if $last =~ /^TOOL book: Booked/;
	return {say => 'Somebody will answer you.', tool => 'person', words => 'could not be booked'};
}
# "We can come on Monday, November 30 at 9 am."
sub slot_of
{
	my ($offer) = grep { /We can come/ } reverse @_;
	my ($month, $day, $hour, $half) = $offer =~ /, (\w+) (\d+) at (\d+) (am|pm)/;
	my %months = map { $_->[1] => $_->[0] } map { [ $_, strftime('%B', 0, 0, 12, 1, $_ - 1, 126) ] } 1 .. 12;
	my ($year, $now) = ((gmtime)[5] + 1900, (gmtime)[4] + 1);
	return sprintf '%d-%02d-%02dT%02d:00', $year + ($months{$month} < $now ? 1 : 0), $months{$month}, $day, $hour % 12 + ($half eq 'pm' ? 12 : 0);
}
my $port = fake_carrier(sub {
	my ($asked) = @_;
	my ($method, $path) = @$asked{qw(method path)};
	return (200, {data => [ {id => 'a-model'} ]}) if $path =~ m{/v1/models};
	return (200, {choices => [ {message => {role => 'assistant', content => $json->encode(thinks(@{ decode_json($asked->{body})->{messages} }))}, finish_reason => 'stop'} ], usage => {prompt_tokens => 9, completion_tokens => 9}})
		if $path =~ m{/chat/completions$};
	return (200, {incoming_phone_numbers => [ {sid => 'PN' . '1' x 32, phone_number => $ours} ], next_page_uri => undef}) if $path =~ m{/IncomingPhoneNumbers};
	return (201, {sid => 'SM' . ++$sent, status => 'queued'}) if $method eq 'POST' && $path =~ m{/Messages\.json$};
	return (200, {sid => $1, status => 'completed', direction => 'inbound', duration => '3'}) if $path =~ m{/Calls/(CA\w+)\.json};
	return (404, {});
});

# ---- what the business sets up ----

my $keys = PostgreSQL::Test::Utils::tempdir();
append_to_file("$keys/jwt", 'a secret of more than thirty-two bytes');
chmod 0600, "$keys/jwt";
my $node = new_real_node('main', 'voiceagent.web_port' => 0, 'voiceagent.jwt_secret_file' => "$keys/jwt");
my $tenant = create_tenant($node, 'va', 'Acme roofs', credits => 100);
real_settings($node, {port => $port}, model_private_hosts => "127.0.0.1:$port", mail_links => 'https://calls.example.com/');
wait_workers($node, 'the workers run');
wait_for_sql($node, 'va', q{SELECT voiceagent_private.worker_address('web') IS NOT NULL}, 't', 'the console is there', 30);
my $zone = VoiceAgentFaults::awake_zone();
sub own { return as_tenant($node, 'va', $tenant, $_[0]) }
my $account = own(qq{SELECT voiceagent.create_provider_account('twilio', 'twilio', '{"account_sid": "$sid", "auth_token": "$token"}', '{"from_number": "$ours", "base_url": "http://127.0.0.1:$port"}')});
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'twilio')");
my $endpoint = own("SELECT voiceagent.create_endpoint($account)");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'Twilio is armed', 60);
my $number = own(qq{SELECT voiceagent.create_phone_number('$ours', $account, '{"after_hours_message": "We are on a roof.", "greeting_message": "We are on a roof."}')});
wait_for_sql($node, 'va', "SELECT state FROM voiceagent.phone_numbers WHERE phone_number_id = $number", 'ready', 'its number is found', 60);
own(qq{SELECT voiceagent.set_text_sender($number, '10dlc', 'registered', 'C1'),
	voiceagent.set_setting('calling_hours', '{"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}'),
	voiceagent.set_setting('missed_call_text', 'Acme roofs here, sorry that we missed you. How can we help?'),
	voiceagent.set_setting('appointment_text', 'Acme roofs: {{when}}. To change it: {{link}}')});
own(qq{SELECT voiceagent.update_calendar(calendar_id, '{"timezone": "$zone", "hours": {"start": "08:00", "end": "18:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "slot_length": "1 hour", "notice": "20 hours", "booking_confirms": "at_once"}')
	FROM voiceagent.calendars WHERE is_default});
my $assistant = own(q{SELECT voiceagent.create_assistant('Desk', 'Hello', 'You answer for Acme roofs.', settings => '{"discloses": true, "tools": ["free_slots", "book", "call_back"]}')});
own("SELECT voiceagent.answer_texts($number, $assistant)");
my $model = own(qq{SELECT voiceagent.create_model_account('compatible', 'Own', 'sk-key', 'a-model', 'http://127.0.0.1:$port/v1')});
wait_for_sql($node, 'va', "SELECT test_result FROM voiceagent.model_accounts WHERE model_account_id = $model", 'ok', 'the model is there', 60);

# She is where it is day now: elsewhere the law may keep the text with the link until the morning.
own("SELECT voiceagent.add_lead('$ann', timezone := '$zone', region := 'US-DC')");

# ---- the carrier's webhooks, each twice ----

sub webhook
{
	my ($query, %form) = @_;
	my $url = $endpoint . ($query ? "?$query" : '');
	my $signature = hmac_sha1_base64(join('', $url, map { $_ . $form{$_} } sort keys %form), $token) . '=';
	my @answers = map { HTTP::Tiny->new(timeout => 20)->post_form($url, \%form, {headers => {'x-twilio-signature' => $signature}})->{status} } 1, 2;
	return "@answers";
}
my $wrote = 0;
sub writes { my ($body) = @_; return webhook('as=text', MessageSid => 'SMin' . ++$wrote, SmsStatus => 'received', From => $ann, To => $ours, Body => $body, AccountSid => $sid) }
# All that reaches her telephone, in order, as the carrier was asked.
sub reads { return map { my ($body) = $_->{body} =~ /(?:^|&)Body=([^&]*)/; $body =~ tr/+/ /r =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ger } grep { $_->{body} =~ /To=%2B13055550100/ } came('POST', qr{/Messages\.json$}) }
sub got { my ($n, $pattern, $name) = @_; VoiceAgentFaults::wait_until(sub { (reads())[ $n - 1 ] }, 60); like((reads())[ $n - 1 ] // '', $pattern, $name) or diag explain [ reads() ]; return }

my %call = (CallSid => 'CA' . '0' x 32, AccountSid => $sid, Direction => 'inbound', From => $ann, To => $ours);
is(webhook('', %call, CallStatus => 'ringing'), '200 200', 'somebody calls, and nobody is there');
is(webhook('', %call, CallStatus => 'completed', CallDuration => 3), '200 200', '... and the call is over');
got(1, qr/^Acme roofs here, sorry that we missed you/, 'the missed call is texted back');
is(writes('My roof leaks. When can you come?'), '200 200', 'she answers');
got(2, qr/^We can come on \w+, \w+ \d+ at \d+ [ap]m\. Shall I book it\?$/, 'an assistant has looked up a time, and asks');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent.appointments'), 0, '... and nothing is booked yet');
crash_at($node, 'model_requests_mid_record');
is(writes('Yes please'), '200 200', 'she says yes');
ok(wait_crash($node, 'model_requests_mid_record', 60), 'the worker dies while the model\'s answer is taken');
wait_for_sql($node, 'va', 'SELECT true', 't', '... and the server is back', 90);
VoiceAgentFaults::wait_until(sub { (reads())[3] }, 90);
my @more = sort { ($a =~ /change it/) <=> ($b =~ /change it/) } (reads())[ 2, 3 ];
like($more[0] // '', qr/^You are booked/, 'the assistant tells her that she is booked') or diag explain [ reads() ];
like($more[1] // '', qr{^Acme roofs: \d{4}-\d\d-\d\d \d\d:00\. To change it: https://calls\.example\.com/a/\S+$}, '... and a text has the time and a link');
is($node->safe_psql('va', q{SELECT string_agg(concat_ws(' ', a.status, a.said, a.detected_by, l.phone), '; ') FROM voiceagent.appointments a JOIN voiceagent.leads l USING (tenant_id, lead_id)}), "confirmed Yes please {tool} $ann", 'there is one appointment, of a lead that she has become');
is((($more[1] // '') =~ /: (\d{4}-\d\d-\d\d \d\d:00)/)[0], own("SELECT to_char(starts_at AT TIME ZONE timezone, 'YYYY-MM-DD HH24:MI') FROM voiceagent.appointments"), '... at the time that the text has');

# ---- the link ----

my $web = $node->safe_psql('va', q{SELECT voiceagent_private.worker_address('web')});
my ($link) = ($more[1] // '') =~ m{example\.com(/a/\S+)};
my $page = HTTP::Tiny->new(timeout => 60)->get("$web$link");
like($page->{content}, qr/<h1>Acme roofs<\/h1>/, 'the link shows her appointment');
my ($free) = reverse $page->{content} =~ /name="at" value="(\d+)"/g;
is(HTTP::Tiny->new(timeout => 60, max_redirect => 0)->post_form("$web$link", {at => $free})->{status}, 200, '... and moves it');
is(own('SELECT extract(epoch FROM starts_at)::bigint FROM voiceagent.appointments'), $free, '... to the time that she chose');
got(5, qr{^Acme roofs: .* To change it: https://calls\.example\.com/a/}, 'a text confirms it, with another link');
unlike((reads())[4] // '', qr/\Q$link\E/, '... for the first one is used up');
HTTP::Tiny->new(timeout => 60)->post_form("$web$link", {at => 'cancel'});
is(own('SELECT status FROM voiceagent.appointments'), 'confirmed', '... and does nothing more');

is(scalar(reads()), 5, 'each text left once');
is(own(q{SELECT count(*) FROM voiceagent.tasks}), 0, 'no person had to do anything');
note('as she reads it: ', $_) foreach reads();
is(own(q{SELECT string_agg(i::text, '; ') FROM voiceagent.invariants() i}), '', 'all that must hold holds');
$node->stop('fast');
done_testing();
