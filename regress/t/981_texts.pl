# Texts, through a carrier that signs (a fake Twilio) and through the sandbox: what may go leaves once, in hours, with consent,
# from a registered number, and is paid for; reports go forward; who asks to be left alone, in whatever words, is.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha1_base64);
use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my $token = 'the auth token';
my $sent = 0;
my $port = fake_carrier(sub {
	my ($asked) = @_;
	return (403, {errors => [{code => '40300', title => 'Blocked due to STOP message'}]}) if $asked->{path} eq '/messages' && $asked->{body} =~ /5550888/;
	return (200, {data => {id => 'telnyx-' . ++$sent, to => [{status => 'queued'}]}}) if $asked->{path} eq '/messages';
	return (404, {}) if $asked->{path} !~ m{/Messages\.json$};
	return (400, {code => 21610, message => 'Attempt to send to unsubscribed recipient'}) if $asked->{body} =~ /To=%2B12125550666/;
	# This one's answer comes when nobody is there to hear it.
	sleep 3 if $asked->{body} =~ /To=%2B12125550999/;
	# Nothing is heard of this one.
	return if $asked->{body} =~ /To=%2B12125550777/;
	return (201, {sid => 'SM' . ++$sent, status => 'queued'});
});
my $node = new_real_node('main');
my ($tenant, $other) = map { create_tenant($node, 'va', $_, credits => 10) } qw(Texts Other);
real_settings($node, {port => $port});
$node->safe_psql('va', q{SELECT voiceagent.set_setting('calling_hours', '{"start": "00:00", "end": "24:00"}'), voiceagent.set_setting('contacts_per_day', '20')});
wait_workers($node, 'the workers run');

sub own { return as_tenant($node, 'va', $tenant, $_[0]) }
my $base = $node->safe_psql('va', 'SHOW voiceagent.public_base_url');
sub sid { return sprintf("AC%032x", $_[0]) }
my (%account, %endpoint, %number);
foreach my $of ($tenant, $other)
{
	$account{$of} = as_tenant($node, 'va', $of, qq{SELECT voiceagent.create_provider_account('twilio', 'T', '{"account_sid": "@{[ sid($of) ]}", "auth_token": "$token"}', '{"from_number": "+1213555010$of", "base_url": "http://127.0.0.1:$port"}')});
	$node->safe_psql('va', "SELECT voiceagent.arm($account{$of}, 'T')");
	$endpoint{$of} = as_tenant($node, 'va', $of, "SELECT voiceagent.create_endpoint($account{$of})");
	$number{$of} = as_tenant($node, 'va', $of, qq{INSERT INTO voiceagent.phone_numbers (tenant_id, phone_number, provider_account_id, state, proof, country, timezone, is_primary, created_at)
		VALUES ($of, '+1213555010$of', $account{$of}, 'ready', 'tenant', 'US', 'UTC', true, voiceagent.clock()) RETURNING phone_number_id});
}
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);

sub webhook
{
	my ($of, $query, $form, $key) = @_;
	my $url = "$endpoint{$of}?$query";
	my $signature = hmac_sha1_base64($url . join('', map { $_ . $form->{$_} } sort keys %$form), $key // $token) . '=';
	return HTTP::Tiny->new(timeout => 20)->post_form($url, $form, {headers => {'x-twilio-signature' => $signature}});
}
my $wrote = 0;
sub writes
{
	my ($of, $from, $body, %more) = @_;
	return webhook($of, 'as=text', {MessageSid => 'SMin' . ++$wrote, SmsStatus => 'received', From => $from, To => "+1213555010$of", Body => $body, AccountSid => sid($of), %more})->{status};
}
my $zone = VoiceAgentFaults::awake_zone();
sub lead
{
	my ($phone, $consents) = @_;
	my $lead = own("SELECT voiceagent.add_lead('$phone', timezone := '$zone', region := 'US-DC')");
	own("SELECT voiceagent.record_consent($lead, 'text', 'form', 'Acme may text me.')") if $consents;
	return $lead;
}
sub text { my ($lead, $body, $key) = @_; return own("SELECT voiceagent.send_text($lead, '$body'" . ($key ? ", key := '$key'" : '') . ')') }
sub is_text { my ($text, $expected, $name) = @_; local $Test::Builder::Level = $Test::Builder::Level + 1; return wait_for_sql($node, 'va', "SELECT concat_ws(': ', status, reason) FROM voiceagent.texts WHERE text_id = $text", $expected, $name, 20) }

# ---- the gate ----

my $ada = lead('+12125550101', 1);
is_text(text(lead('+12125550109', 0), 'Hello'), 'refused: no recorded consent to get texts', 'without a consent nothing leaves');
is_text(text($ada, 'Hello'), 'refused: the number that it would come from is not in use', '... nor without a number');
own("SELECT voiceagent.set_text_sender($number{$tenant}, '10dlc', 'pending')");
is_text(own("SELECT voiceagent.send_text($ada, 'Hello', phone_number_id := $number{$tenant})"), 'refused: the number that it would come from is not registered for texts', '... nor from one that is not registered');
own("SELECT voiceagent.set_text_sender($number{$tenant}, '10dlc', 'registered', 'C123')");
as_tenant($node, 'va', $other, "SELECT voiceagent.set_text_sender($number{$other}, '10dlc')");
own(q{SELECT voiceagent.set_setting('calling_hours', '{"start": "09:00", "end": "09:01"}')});
my $later = text($ada, 'In hours');
is_text($later, 'waiting: the hours of the person are over', 'out of hours a text waits');
own("SELECT voiceagent.revoke_consent($ada, 'text')");
own(q{SELECT voiceagent.set_setting('calling_hours', '{"start": "00:00", "end": "24:00"}')});
own("UPDATE voiceagent_private.text_turns SET next_at = voiceagent.clock(); SELECT voiceagent_private.request_job('send_texts', voiceagent.clock())");
is_text($later, 'refused: no recorded consent to get texts', '... and is judged whole when they begin');
own("SELECT voiceagent.record_consent($ada, 'text', 'form', 'Acme may text me.')");
foreach my $case ([ q{+ interval '1 day'}, 'one that is dated ahead' ], [ q{- interval '11 days'}, 'one that has ended where consents last ten days' ])
{
	$node->safe_psql('va', q{INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date) VALUES ('US-DC', 'consent_valid', '10', 'test', '2026-01-01') ON CONFLICT DO NOTHING;
		DELETE FROM voiceagent_private.jurisdiction_terms});
	own("UPDATE voiceagent.consents SET granted_at = voiceagent.clock() $case->[0] WHERE lead_id = $ada AND kind = 'text' AND revoked_at IS NULL");
	is_text(text($ada, 'Hello'), 'refused: no recorded consent to get texts', "... and $case->[1] is none");
}
$node->safe_psql('va', q{DELETE FROM voiceagent_private.law_rules WHERE source = 'test'; DELETE FROM voiceagent_private.jurisdiction_terms});
own("UPDATE voiceagent.consents SET granted_at = voiceagent.clock() WHERE lead_id = $ada AND kind = 'text' AND revoked_at IS NULL");

# ---- sent, reported, paid ----

my $hello = text($ada, 'Hello Ada', 'hello');
is(text($ada, 'Hello Ada', 'hello'), $hello, 'the same key is the same text');
is_text($hello, 'sent', 'a text is sent');
my @asked = came('POST', qr{Messages\.json});
is(scalar @asked, 1, '... once');
like($asked[0]{body}, qr/To=%2B12125550101&From=%2B1213555010$tenant&Body=Hello(?:%20|\+)Ada&StatusCallback=/, '... as the carrier wants it');
is($node->safe_psql('va', "SELECT sum(amount) FROM voiceagent.credit_transfers WHERE tenant_id = $tenant AND operation = 'settle'"), '0.010000', '... and a segment is paid');
my $report = {MessageSid => 'SM1', MessageStatus => 'delivered', From => "+1213555010$tenant", To => '+12125550101'};
is(webhook($tenant, "as=text&attempt=text-$hello", $report, 'another')->{status}, 401, 'a report that is not signed is refused');
is(webhook($tenant, "as=text&attempt=text-$hello", $report)->{status}, 200, 'one that is, is taken');
is_text($hello, 'delivered', '... and moves the text');
webhook($tenant, "as=text&attempt=text-$hello", $report);
webhook($tenant, "as=text&attempt=text-$hello", {%$report, MessageStatus => 'sent'});
webhook($other, "as=text&attempt=text-$hello", {%$report, MessageStatus => 'failed'});
sleep 0.5;
is_text($hello, 'delivered', 'nothing moves it back, nor does another tenant');
is_text(text(lead('+12125550666', 1), 'Blocked'), 'failed: the carrier blocks texts to this number', 'who is blocked by the carrier');
is($node->safe_psql('va', "SELECT source FROM voiceagent.text_stops WHERE tenant_id = $tenant AND phone = '+12125550666'"), 'carrier', '... is stopped here');

# ---- an answer that is lost ----

my $lost = text(lead('+12125550777', 1), 'Lost');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.provider_requests WHERE kind = 'send_text' AND request_data ->> 'text_id' = '$lost'", 1, 'a text is on its way');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.texts WHERE text_id = $lost", 'unknown', '... and its answer lost');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.unresolved_provider_requests"), 0, '... which nobody need look into');
is(webhook($tenant, "as=text&attempt=text-$lost", {MessageSid => 'SM777', MessageStatus => 'delivered', From => "+1213555010$tenant", To => '+12125550777'})->{status}, 200, 'its report comes');
is_text($lost, 'delivered', '... and tells');
is(scalar(grep { $_->{body} =~ /Lost/ } came('POST', qr{Messages\.json})), 1, '... of a text that left once');

my $killed = text(lead('+12125550999', 1), 'Killed');
my $until = time + 20;
sleep 0.02 while time < $until && !grep { $_->{body} =~ /Killed/ } came('POST', qr{Messages\.json});
kill9(worker_pids($node, 'voiceagent requests'));
is_text($killed, 'unknown: the carrier\'s answer was lost', 'who is killed while a text is on its way leaves one that nobody can tell');
sleep 1;
is(scalar(grep { $_->{body} =~ /Killed/ } came('POST', qr{Messages\.json})), 1, '... and that is not sent again');
is(webhook($tenant, "as=text&attempt=text-$killed", {MessageSid => 'SM999', MessageStatus => 'delivered', From => "+1213555010$tenant", To => '+12125550999'})->{status}, 200, '... until its report');
is_text($killed, 'delivered', '... tells');

# ---- kill -9 in each step of a text ----

my $step = 0;
foreach my $at (qw(mid_claim before_send after_send before_record mid_record after_record))
{
	my $to = lead('+1212555093' . $step++, 1);
	crash_at($node, "provider_requests_$at");
	my $one = text($to, "Step $at");
	ok(wait_crash($node, "provider_requests_$at", 60), "$at: the process dies");
	wait_for_sql($node, 'va', 'SELECT true', 't', '... and the server is back', 90);
	wait_for_sql($node, 'va', "SELECT status IN ('sent', 'unknown') FROM voiceagent.texts WHERE text_id = $one", 't', '... and what came of the text is known, or that nobody knows it', 90);
	my $left = grep { $_->{body} =~ /Step(?:%20|\+)$at&/ } came('POST', qr{Messages\.json});
	my $state = $node->safe_psql('va', "SELECT status FROM voiceagent.texts WHERE text_id = $one");
	ok($left == 1 || $left == 0 && $state eq 'unknown', "... it left once, or nobody says that it did ($left, $state)");
}
$node->safe_psql('postgres', 'ALTER SYSTEM RESET voiceagent.crash_points');
$node->reload;

# ---- opt-outs ----

is(writes($tenant, '+12125550101', 'We have got to stop this leak, can you come on Monday?'), 200, 'somebody writes');
wait_for_sql($node, 'va', "SELECT kind FROM voiceagent.texts WHERE inbound ORDER BY text_id DESC LIMIT 1", 'message', '... of a leak, which is no opt-out');
writes($other, '+12125550101', 'hello there');
is(writes($tenant, '+12125550101', 'Please do not call or text me any more'), 200, 'somebody asks to be left alone in words of her own');
wait_for_sql($node, 'va', "SELECT source FROM voiceagent.do_not_call_list WHERE tenant_id = $tenant AND phone = '+12125550101'", 'text', '... and is on the list');
is($node->safe_psql('va', "SELECT status FROM voiceagent.leads WHERE lead_id = $ada"), 'do_not_call', '... as a lead');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.do_not_call_list WHERE tenant_id = $other"), 0, '... of the tenant that she wrote to');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.texts WHERE kind = 'opted_out'", 'sent', '... and gets one confirmation');
is_text(text($ada, 'Again'), 'refused: the person wrote to get no texts', 'she gets no more');
writes($tenant, '+12125550101', 'STOP');
writes($tenant, '+12125550101', 'STOP', OptOutType => 'STOP');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.texts WHERE inbound AND kind = 'stop'", 3, 'STOP again');
sleep 0.5;
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.texts WHERE kind = 'opted_out'"), 1, '... is confirmed no more');
writes($tenant, '+12125550101', 'START');
wait_for_sql($node, 'va', "SELECT lifted_at IS NOT NULL FROM voiceagent.text_stops WHERE tenant_id = $tenant AND phone = '+12125550101'", 't', 'START lifts the stop of texts');
is_text(text($ada, 'Welcome back'), 'sent', '... so that she gets them');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.do_not_call_list WHERE tenant_id = $tenant AND phone = '+12125550101'"), 1, '... and no call');
is(writes($tenant, '+12125550102', 'x' x 10_000), 200, 'a reply of 10 kB is taken');
wait_for_sql($node, 'va', "SELECT length(body) FROM voiceagent.texts WHERE inbound AND phone = '+12125550102'", 1600, '... as far as a text goes');

# ---- a missed call, the sandbox, erasure ----

my $sandbox = own("SELECT min(provider_account_id) FROM voiceagent.provider_accounts WHERE provider = 'sandbox'");
my $trial = own(qq{INSERT INTO voiceagent.phone_numbers (tenant_id, phone_number, provider_account_id, state, proof, country, timezone, created_at)
	VALUES ($tenant, '+13125550100', $sandbox, 'ready', 'tenant', 'US', 'UTC', voiceagent.clock()) RETURNING phone_number_id});
own("SELECT voiceagent.set_text_sender($trial, '10dlc')");
my $cy = lead('+12125550103', 1);
is_text(own("SELECT voiceagent.send_text($cy, 'Try', phone_number_id := $trial)"), 'sent', 'the sandbox takes a text, and reports nothing');
own("SELECT voiceagent.sandbox_text($trial, '+12125550103', 'stop')");
is($node->safe_psql('va', "SELECT kind FROM voiceagent.texts WHERE inbound ORDER BY text_id DESC LIMIT 1"), 'stop', '... and somebody answers');
own("SELECT voiceagent.erase_lead($cy)");
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.texts WHERE phone = '+12125550103'"), 0, 'who is erased leaves no text');
# ---- appointments ----

my $dee = lead('+12125550104', 1);
own(q{SELECT voiceagent.set_setting('appointment_text', 'We meet at {{when}}.'), voiceagent.set_setting('appointment_reminder', 'Tomorrow: {{when}}.')});
my $visit = own("SELECT voiceagent.add_appointment(date_trunc('day', voiceagent.clock()) + interval '6 days 15 hours', lead_id => $dee)");
$visit = $node->safe_psql('va', "SELECT max(appointment_id) FROM voiceagent.appointments WHERE tenant_id = $tenant");
wait_for_sql($node, 'va', "SELECT string_agg(kind || ' ' || status || ' ' || regexp_replace(body, '[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:00', 'WHEN'), '; ' ORDER BY text_id) FROM voiceagent.texts WHERE lead_id = $dee",
	'appointment_text sent We meet at WHEN.; appointment_reminder waiting Tomorrow: WHEN.', 'an appointment is confirmed by text, and a reminder waits', 20);
own("SELECT voiceagent.cancel_appointment($visit, 'ill')");
is($node->safe_psql('va', "SELECT concat_ws(': ', status, reason) FROM voiceagent.texts WHERE lead_id = $dee AND kind = 'appointment_reminder'"), 'refused: the appointment has changed', '... that goes when it is cancelled');

# ---- Telnyx ----

my $telnyx = own(qq{SELECT voiceagent.create_provider_account('telnyx', 'X', '{"api_key": "KEY-1", "public_key": "@{[ 'A' x 43 ]}="}', '{"connection_id": "7267", "from_number": "+14155550100", "base_url": "http://127.0.0.1:$port"}')});
$node->safe_psql('va', "SELECT voiceagent.arm($telnyx, 'X')");
my $line = own(qq{INSERT INTO voiceagent.phone_numbers (tenant_id, phone_number, provider_account_id, state, proof, country, timezone, created_at)
	VALUES ($tenant, '+14155550100', $telnyx, 'ready', 'tenant', 'US', 'UTC', voiceagent.clock()) RETURNING phone_number_id});
own("SELECT voiceagent.set_text_sender($line, 'toll_free')");
is_text(own("SELECT voiceagent.send_text(@{[ lead('+12125550801', 1) ]}, 'By Telnyx', phone_number_id := $line)"), 'sent', 'Telnyx takes a text');
my ($told) = map { $json->decode($_->{body}) } came('POST', qr{^/messages$});
is(join(' ', @$told{qw(from to text)}), '+14155550100 +12125550801 By Telnyx', '... as it wants it');
is_text(own("SELECT voiceagent.send_text(@{[ lead('+12125550888', 1) ]}, 'Stopped', phone_number_id := $line)"), 'failed: the carrier blocks texts to this number', '... and says whom it blocks');
foreach my $read (['message.received', {text => 'STOP', to => [{phone_number => '+14155550100'}]}, 'text|received|m1|STOP'],
	['message.finalized', {to => [{phone_number => '+12125550801', status => 'delivery_failed'}], errors => [{code => '40001'}]}, 'text|undelivered|m1||40001'])
{
	my $body = $json->encode({data => {event_type => $read->[0], id => 'e', occurred_at => '2026-11-28T00:00:00Z', payload => {id => 'm1', from => {phone_number => '+12125550801'}, %{$read->[1]}}}});
	is(is_read('telnyx', $body), $read->[2], "$read->[0] is read");
}

# ---- Plivo and Vonage ----

sub is_read { my ($provider, $body) = @_; return $node->safe_psql('va', "SELECT kind, status, provider_call_id, transcript, cause FROM voiceagent.read_webhook('$provider', NULL, convert_to('$body', 'UTF8'))") =~ s/\|+$//r }
is(is_read('plivo', 'MessageUUID=m2&From=12125550801&To=14155550100&Text=STOP&Type=sms'), 'text|received|m2|STOP', 'what somebody writes by Plivo is read');
is(is_read('plivo', 'MessageUUID=m2&Status=undelivered&ErrorCode=200&From=14155550100&To=12125550801'), 'text|undelivered|m2||blocked', '... and whom it blocks');
is(is_read('vonage', '{"message_uuid": "m3", "from": "12125550801", "to": "14155550100", "text": "STOP", "channel": "sms", "message_type": "text"}'), 'text|received|m3|STOP', 'what somebody writes by Vonage is read');
is(is_read('vonage', '{"message_uuid": "m3", "status": "undeliverable", "error": {"title": "1320"}}'), 'text|undelivered|m3||1320', '... and what came of a text');
is($node->safe_psql('va', "SELECT string_agg(i::text, '; ') FROM voiceagent.invariants() i"), '', 'all invariants hold');
done_testing();
