# What an armed carrier is asked to ring: never a number that the platform or the tenant has listed, nor a premium one, by transfers,
# agents, forwarding or the office; the caller hears somebody else, or words.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha1_base64);
use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my ($sid, $token) = ('AC' . '0a' x 16, 'token-of-twilio');
my ($open, $forwards, $office) = map { "+1212555017$_" } 1 .. 3;
# Of the platform's list, of the tenant's, of a prefix of the platform's, premium; and one that may be rung.
my @barred = ('+12125550201', '+12125550202', '+13125550203', '+19002345678');
my $free = '+12125550209';

my $port = fake_carrier(sub {
	my ($asked) = @_;
	return (200, {incoming_phone_numbers => [ map { {sid => 'PN' . substr($_, -2) x 16, phone_number => $_} } $open, $forwards, $office ], next_page_uri => undef}) if $asked->{path} =~ m{/IncomingPhoneNumbers};
	return (200, {sid => $1, status => 'in-progress', direction => 'inbound'}) if $asked->{path} =~ m{/Calls/(CA\w+)\.json};
	return (404, {code => 20404, message => 'The requested resource was not found', status => 404});
});
my $gateway = PostgreSQL::Test::Cluster::get_free_port();
my $node = new_real_node('main', 'voiceagent.gateway_port' => $gateway, 'voiceagent.public_base_url' => "http://127.0.0.1:$gateway/");
my $tenant = create_tenant($node, 'va', 'Rings', credits => 1000);
real_settings($node, {port => $port});
wait_workers($node, 'the workers run');
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('twilio', 'twilio', '{"account_sid": "$sid", "auth_token": "$token"}',
	'{"from_number": "+14155550101", "base_url": "http://127.0.0.1:$port", "stream_url": "wss://bot.example.com/x"}')});
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'twilio')");
my $endpoint = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);
my $assistant = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Desk', 'Hello, how can I help?', 'Be kind.')});
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_assistant($assistant, '{"settings": {"tools": ["transfer"]}}')});

my $calls = 0;
sub call_in
{
	my ($called) = @_;
	my $id = sprintf 'CA%032d', ++$calls;
	my %form = (CallSid => $id, AccountSid => $sid, CallStatus => 'ringing', Direction => 'inbound', From => '+13055550100', To => $called);
	my $text = join '', $endpoint, map { $_ . $form{$_} } sort keys %form;
	my $reply = HTTP::Tiny->new(timeout => 20)->post_form($endpoint, \%form, {headers => {'x-twilio-signature' => hmac_sha1_base64($text, $token) . '='}});
	is($reply->{status}, 200, "call $calls to $called is answered");
	return ($id, $reply->{content});
}

# What is set while it may be rung.
sub number { my ($phone, $details) = @_; return as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_phone_number('$phone', $account, '$details')") }
my %number = ($open => number($open, qq({"ai_assistant_id": $assistant})),
	$forwards => number($forwards, qq({"forward_to_number": "$free", "after_hours_message": "We sleep."})),
	$office => number($office, qq({"forward_to_number": "$free", "ai_assistant_id": $assistant, "ring_office_seconds": 20})));
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.phone_numbers WHERE state = \'ready\'', 3, 'the numbers are found in the account', 30);
# A premium number cannot be set any more; one that was set by an earlier version still stands there.
sub set_all
{
	my ($phone) = @_;
	$node->safe_psql('va', qq{SELECT voiceagent_private.set_tenant($tenant);
		UPDATE voiceagent.phone_numbers SET forward_to_number = '$phone' WHERE forward_to_number IS NOT NULL;
		DELETE FROM voiceagent.agents; INSERT INTO voiceagent.agents (tenant_id, name, phones, timezone, tier, skills, wrap_up, created_at)
		VALUES ($tenant, 'Ann', '{$phone}', 'UTC', 1, '{}', '0', voiceagent.clock())});
	return;
}
$node->safe_psql('va', q{SELECT voiceagent.platform_do_not_call('+1 (212) 555-0201', 'fraud'), voiceagent.platform_block_prefix('+1312', 'none of ours')});
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.do_not_call('212.555.0202', 'asked')});

my @words;
sub is_rung { my ($number) = @_; return scalar(grep { $_->{body} =~ /\Q$number\E/ || $_->{body} =~ /%2B\Q@{[ substr($number, 1) ]}\E/ } came('POST', qr{/Calls/})) }
my ($rung, $lost) = (0, 0);
foreach my $phone (@barred)
{
	set_all($phone);
	my (undef, $told) = call_in($forwards);
	push @words, $told;
	$lost++ unless $told =~ /We sleep\./;
	(undef, my $first) = call_in($office);
	push @words, $first;
	$lost++ unless $first =~ /<Stream/;
	my ($id) = call_in($open);
	my $call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.call_inbound WHERE provider_call_id = '$id'");
	is(as_tenant($node, 'va', $tenant, "SELECT voiceagent.call_tool($call, 'transfer', '{}') ->> 'result'"),
		'That telephone must not be rung. Say that nobody can be reached, and offer to take a message.', '... the assistant is told what to say');
	my ($status, undef, $error) = $node->psql('va', VoiceAgent::acting_for($tenant, "SELECT voiceagent.transfer_call($call, '$phone')"));
	like($error, qr/\Q$phone\E is .*HINT:/s, '... and a person why');
}
$rung += grep { my $number = $_; is_rung($number) || grep { /\Q$number\E/ } @words } @barred;
is($rung, 0, 'of ' . @barred . ' numbers none is rung');
is($lost, 0, '... and no caller is lost');

# Listed after the wish, while the request waits.
set_all($free);
my ($id, $told) = call_in($forwards);
like($told, qr/<Dial.*\Q$free\E/s, 'what may be rung is rung');
(undef, $told) = call_in($office);
like($told, qr/<Dial.*\Q$free\E/s, '... also the office');
($id) = call_in($open);
my $call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.call_inbound WHERE provider_call_id = '$id'");
like(as_tenant($node, 'va', $tenant, "SELECT voiceagent.transfer_call($call, '$free'); SELECT voiceagent.do_not_call('$free', 'asked')"), qr/^\d+/, 'a transfer to a number that is listed in the same commit');
wait_for_sql($node, 'va', "SELECT state, error FROM voiceagent.provider_requests WHERE kind = 'transfer'", "failed|$free is on the do-not-call list", '... is not sent', 30);
is(is_rung($free), 0, '... and nobody is rung');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.webhook_failures', 0, 'nothing was set aside');
is_well($node, 'after all');
done_testing();
